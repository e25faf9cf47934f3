"""Which part of speech does a word surely have in its sentence? What it can be, less what its neighbours rule out.

No tagger's guess is taken. A word starts with every tag that its form can bear, and constraints of the neighbouring
words strike tags out (the approach of Constraint Grammar: Karlsson 1990). What is left is an answer only where it is
all of the wanted kind: a rule asks ``surely(tags, wanted)``, and does not apply where two kinds are left.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import compress
from operator import add, ne

from judgeaudit.perturb.dialect.constraints import decided
from judgeaudit.perturb.dialect.word_classes import CLOSED, NO_TAGS, possible_tags

SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?!\s)){1,600}+(?:[.!?]++|\n++|\Z)?|[.!?\n]++")
"""A sentence, or as much of one as 600 characters hold: a limit on what one site can cost."""

TOKEN = re.compile(r"[^\W\d_]++(?:-[^\W\d_]++){0,3}+|['’](?i:s|re|ve|ll|d|m|t)\b|\d[\d.,]*+|\w|[^\w\s]")
"""Words, the ends of contractions, numbers and single marks."""

ASCII_TOKEN = re.compile(
    r"[A-Za-z]++(?:-[A-Za-z]++){0,3}+|'(?i:s|re|ve|ll|d|m|t)\b|[0-9][0-9.,]*+|[^ \t\n\r\f\v\x1c-\x1f]",
    re.ASCII,
)
"""The same for a text in ASCII, where a letter is told faster."""

APOSTROPHES = "'’"

ADVERB_ONLY = frozenset({"RB"})

LIST_MARK = re.compile(r"\s*+(?:[-*•+]\s++|\d{1,3}[.)]\s++)?+[*_]{0,3}+")


@dataclass(slots=True)
class Sentence:
    """The words, numbers and marks of one sentence in an open stretch of text, and their tags as they are asked for.

    Attributes:
        words: in lower case, with ``'`` for any apostrophe, and contractions taken apart (``do``, ``n't``).
        starts, ends: their places in the text.
        capitals: which of them have a capital that neither the sentence's beginning nor capitals throughout account
            for, so that they may be names.
        begins: whether the first word begins a sentence: not where a quotation or code stands before it.
    """

    words: list[str]
    starts: list[int]
    ends: list[int]
    capitals: list[bool]
    begins: bool
    _tags: dict[int, frozenset[str]] = field(default_factory=dict)
    _possible: list[frozenset[str]] | None = None

    def at(self, position: int) -> int:
        """The index of the word that begins at a place in the text, or the next one."""
        return bisect_left(self.starts, position)

    def word(self, index: int) -> str:
        """The word at an index; empty beyond the ends."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def possible(self, index: int) -> frozenset[str]:
        """The tags that the word's form can bear."""
        possible = self._possible
        if possible is None:
            possible = self._possible = list(map(possible_tags, self.words))
            for place, capital in enumerate(self.capitals):
                if capital and self.words[place] not in CLOSED:
                    possible[place] = NO_TAGS
        return possible[index] if 0 <= index < len(possible) else NO_TAGS

    def tags(self, index: int) -> frozenset[str]:
        """The tags that the word may have here: more than one where its neighbours do not decide."""
        found = self._tags.get(index)
        if found is None:
            # A word's tags may depend on those of the words before it: decided from left to right, none recurses far.
            known = self._tags
            first = index
            while first > 0 and first - 1 not in known:
                possible = self.possible(first - 1)
                if len(possible) < 2 and possible != ADVERB_ONLY:
                    break
                first -= 1
            for each in range(first, index + 1):
                found = known[each] = decided(self, each)
        return found or NO_TAGS


def sentence_of(text: str, start: int, end: int, begins: bool) -> Sentence:
    """The sentence between two places of a text, without the mark of a list item at its beginning."""
    opening = LIST_MARK.match(text, start, end)
    first = opening.end() if opening else start
    shouted = text[start:end].isupper()
    # Lists are made whole, by functions that loop in C: this is the dearest step of a shift.
    tokens = list((ASCII_TOKEN if text.isascii() else TOKEN).finditer(text, first, end))
    written = [token[0] for token in tokens]
    words = list(map(str.lower, written))
    starts = [token.start() for token in tokens]
    ends = list(map(add, starts, map(len, written)))
    capitals = [False] * len(words) if shouted else list(map(ne, words, written))
    for index in compress(range(len(words)), capitals):
        capitals[index] = starts[index] > first and written[index][0].isupper()
    if any(text.find(apostrophe, first, end) >= 0 for apostrophe in APOSTROPHES):
        _take_contractions_apart(words, starts, ends)
    return Sentence(words, starts, ends, capitals, begins)


def _take_contractions_apart(words: list[str], starts: list[int], ends: list[int]) -> None:
    """Write the ends of contractions with ``'``, and move the n of ``don't`` to its second part."""
    for index, word in enumerate(words):
        if word[0] in APOSTROPHES and len(word) > 1:
            words[index] = f"'{word[1:]}"
            here = starts[index]
            if words[index] == "'t" and index and ends[index - 1] == here and words[index - 1].endswith("n"):
                words[index - 1], ends[index - 1] = words[index - 1][:-1], here - 1
                words[index], starts[index] = "n't", here - 1
