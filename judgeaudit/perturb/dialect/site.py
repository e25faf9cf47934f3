"""Where does a rule fit? A site: a match in its sentence, whose words a rule can ask for their parts of speech."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from judgeaudit.perturb.dialect.sentence import SENTENCE, Sentence, sentence_of
from judgeaudit.perturb.dialect.word_classes import NO_TAGS, tags_named


@dataclass(slots=True)
class Sentences:
    """The sentences of one text, cut up only where a rule asks for them."""

    text: str
    _spans: dict[tuple[int, int], list[tuple[int, int]]] = field(default_factory=dict)
    _sentences: dict[int, Sentence] = field(default_factory=dict)
    _last: tuple[int, int, Sentence] | None = None

    def around(self, position: int, stretch: tuple[int, int]) -> Sentence:
        """The sentence that holds a place of an open stretch of the text."""
        if self._last is not None and self._last[0] <= position < self._last[1]:
            return self._last[2]
        spans = self._spans.get(stretch)
        if spans is None:
            spans = [found.span() for found in SENTENCE.finditer(self.text, *stretch)]
            self._spans[stretch] = spans
        start, end = spans[bisect_right(spans, position, key=lambda span: span[0]) - 1]
        sentence = self._sentences.get(start)
        if sentence is None:
            begins = start == 0 or self.text[start - 1] in ".!?\n"
            sentence = self._sentences[start] = sentence_of(self.text, start, end, begins)
        self._last = (start, end, sentence)
        return sentence


UNSEEN = -1
"""Stands for an index that nothing has asked for yet."""


@dataclass(slots=True, eq=False)
class Site:
    """A match of a rule's pattern and what stands around it. Groups and words are counted as a reader would.

    ``site[2]`` is the text of the pattern's second group, empty where it took no part.
    """

    match: re.Match[str]
    stretch: tuple[int, int]
    sentences: Sentences
    _sentence: Sentence | None = None
    _first_seen: int = UNSEEN
    _behind_seen: int = UNSEEN

    def __getitem__(self, group: int) -> str:
        return self.match[group] or ""

    @property
    def sentence(self) -> Sentence:
        """The sentence of the match's first word."""
        found = self._sentence
        if found is None:
            found = self._sentence = self.sentences.around(self.match.start(), self.stretch)
        return found

    @property
    def _first(self) -> int:
        if self._first_seen == UNSEEN:
            self._first_seen = self.sentence.at(self.match.start())
        return self._first_seen

    @property
    def _behind(self) -> int:
        if self._behind_seen == UNSEEN:
            self._behind_seen = self.sentence.at(self.match.end())
        return self._behind_seen

    @property
    def before(self) -> str:
        """The word or mark before the match, in lower case; empty at the sentence's start."""
        return self.sentence.word(self._first - 1)

    @property
    def behind(self) -> str:
        """The word or mark behind the match, in lower case; empty at the sentence's end."""
        return self.sentence.word(self._behind)

    @property
    def before_tags(self) -> frozenset[str]:
        """What the word before the match may be; empty where it is unknown or no word."""
        return self.sentence.tags(self._first - 1)

    @property
    def behind_tags(self) -> frozenset[str]:
        """What the word behind the match may be; empty where it is unknown or no word."""
        return self.sentence.tags(self._behind)

    @property
    def begins_sentence(self) -> bool:
        """Whether the match is the first of its sentence."""
        return self._first == 0 and self.sentence.begins

    @property
    def in_question(self) -> bool:
        """Whether the sentence ends in a question mark."""
        return self.sentence.word(len(self.sentence.words) - 1) == "?"

    def words_before(self, count: int) -> tuple[str, ...]:
        """The last words and marks before the match in the same sentence, at most so many, in lower case."""
        return tuple(self.sentence.word(at) for at in range(max(self._first - count, 0), self._first))

    def tags(self, group: int) -> frozenset[str]:
        """What the one word in a group may be here; empty where it is unknown or not one whole word."""
        start, end = self.match.span(group)
        if start < 0:
            return NO_TAGS
        sentence = self.sentences.around(start, self.stretch)
        index = sentence.at(start)
        if index == len(sentence.starts) or sentence.starts[index] != start or sentence.ends[index] != end:
            return NO_TAGS
        return sentence.tags(index)

    def surely(self, group: int, wanted: str) -> bool:
        """Whether the word in a group is surely one of the wanted tags or classes, separated by spaces."""
        tags = self.tags(group)
        return bool(tags) and tags <= tags_named(wanted)

    def surely_not(self, group: int, unwanted: str) -> bool:
        """Whether the word in a group is known and surely none of these tags or classes."""
        tags = self.tags(group)
        return bool(tags) and tags.isdisjoint(tags_named(unwanted))
