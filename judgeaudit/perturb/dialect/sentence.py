"""Which part of speech does a word surely have in its sentence? What it can be, less what its neighbours rule out.

No tagger's guess is taken. A word starts with every tag that its form can bear, and constraints of the neighbouring
words strike tags out (the approach of Constraint Grammar: Karlsson 1990). What is left is an answer only where it is
all of the wanted kind: a rule asks ``surely(tags, wanted)``, and does not apply where two kinds are left.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from judgeaudit.perturb.dialect.constraints import decided
from judgeaudit.perturb.dialect.word_classes import CLOSED, NO_TAGS, possible_tags

SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?!\s)){1,600}+(?:[.!?]++|\n++|\Z)?|[.!?\n]++")
"""A sentence, or as much of one as 600 characters hold: a limit on what one site can cost."""

TOKEN = re.compile(
    r"[^\W\d_]++(?:-[^\W\d_]++){0,3}+|['’](?:s|re|ve|ll|d|m|t)\b|\d[\d.,]*+|\w|[^\w\s]", re.IGNORECASE
)
"""Words, the ends of contractions, numbers and single marks."""

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

    def at(self, position: int) -> int:
        """The index of the word that begins at a place in the text, or the next one."""
        return bisect_left(self.starts, position)

    def word(self, index: int) -> str:
        """The word at an index; empty beyond the ends."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def possible(self, index: int) -> frozenset[str]:
        """The tags that the word's form can bear."""
        if not 0 <= index < len(self.words):
            return NO_TAGS
        word = self.words[index]
        return NO_TAGS if self.capitals[index] and word not in CLOSED else possible_tags(word)

    def tags(self, index: int) -> frozenset[str]:
        """The tags that the word may have here: more than one where its neighbours do not decide."""
        found = self._tags.get(index)
        if found is None:
            # A word's tags may depend on those of the words before it: decided from left to right, none recurses far.
            first = index
            while first > 0 and first - 1 not in self._tags and self._may_depend_on_the_left(first - 1):
                first -= 1
            for each in range(first, index + 1):
                found = self._tags[each] = decided(self, each)
        return found or NO_TAGS

    def _may_depend_on_the_left(self, index: int) -> bool:
        possible = self.possible(index)
        return len(possible) > 1 or possible == {"RB"}


def sentence_of(text: str, start: int, end: int, begins: bool) -> Sentence:
    """The sentence between two places of a text, without the mark of a list item at its beginning."""
    opening = LIST_MARK.match(text, start, end)
    first = opening.end() if opening else start
    shouted = text[start:end].isupper()
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    capitals: list[bool] = []
    for found in TOKEN.finditer(text, first, end):
        written = found.group()
        word = written.lower()
        here, behind = found.span()
        if written[0] in "'’" and len(written) > 1:
            word = f"'{word[1:]}"
            if word == "'t" and words and ends[-1] == here and words[-1].endswith("n"):
                words[-1], ends[-1] = words[-1][:-1], here - 1
                word, here = "n't", here - 1
        words.append(word)
        starts.append(here)
        ends.append(behind)
        capitals.append(word != written and not shouted and here > first and written[0].isupper())
    return Sentence(words, starts, ends, capitals, begins)
