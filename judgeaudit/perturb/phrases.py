"""How is a phrase put into a text? Phrases of the text's language before, after, around or in it, and no byte more."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Literal

from judgeaudit.judges.base import Json
from judgeaudit.perturb.base import TextContext, primary_language
from judgeaudit.perturb.declaration import Place
from judgeaudit.perturb.spans import open_stretches

DEFAULT_SEPARATOR = "\n\n"
"""A phrase is a paragraph of its own. On the text's own line it would break a list, a heading or a code block
that begins or ends there, which is a second artifact."""

ANY_LANGUAGE = "*"
"""The key of phrases that go with a text in any language."""

FULL_WIDTH_ENDS = "。！？」』）…"
"""After these the next sentence follows without a space."""

BLANKS = re.compile(r"\s++")
SENTENCE_END = re.compile(r"[.!?…؟।][\"”’)]?(?P<gap> ++)(?=[^\sa-z])|[。！？](?P<none>)(?=[^\s」』）])")


@dataclass(frozen=True, slots=True)
class Phrases:
    """Puts phrases into a text and leaves the text as it is.

    Attributes:
        place: before, after, around (as many on either side), between two paragraphs or sentences of the
            text drawn at random (``inline``), or in its stead (``rewrite``). An empty text becomes the phrases.
        bank: the phrasings by language tag (or ``*``).
        count: how many phrasings are put in; a language with fewer is not applicable.
        separator: between the phrases and the text.
        draw: ``first`` takes phrasings in their order, ``random`` draws them.
        language: ``own``, or ``mismatched`` for phrases of another language than the pair's, drawn at random.
    """

    place: Place
    bank: Mapping[str, tuple[str, ...]]
    count: int = 1
    separator: str = DEFAULT_SEPARATOR
    draw: Literal["first", "random"] = "random"
    language: Literal["own", "mismatched"] = "own"

    def __call__(self, text: str, context: TextContext, rng: random.Random) -> str | None:
        phrasings = self._phrasings(context.language, rng)
        if phrasings is None or len(phrasings) < self.count:
            return None
        # The whole order is drawn whatever the count, so that three phrases begin with the one phrase.
        ordered = rng.sample(phrasings, len(phrasings)) if self.draw == "random" else phrasings
        phrase = joined(ordered[: self.count])
        if self.place == "around" and text:
            return self._around(text, ordered)
        if self.place == "inline":
            return _between(text, phrase, rng)
        if self.place == "rewrite" or not text:
            return phrase
        if self.place == "prefix":
            return f"{phrase}{self.separator}{text}"
        return f"{text}{self.separator}{phrase}"

    def _around(self, text: str, ordered: Sequence[str]) -> str:
        """Every other phrasing before and behind the text, so that what a lower dose puts there stays; the same
        again where there are not enough."""
        before, after = (
            joined(tuple(islice(cycle(own or ordered), self.count))) for own in (ordered[::2], ordered[1::2])
        )
        return f"{before}{self.separator}{text}{self.separator}{after}"

    def identity(self) -> Mapping[str, Json]:
        """Everything that decides what is put where."""
        return {
            "form": "phrases",
            "place": self.place,
            "phrases": {language: list(texts) for language, texts in self.bank.items()},
            "count": self.count,
            "separator": self.separator,
            "draw": self.draw,
            "language": self.language,
        }

    def _phrasings(self, tag: str, rng: random.Random) -> tuple[str, ...] | None:
        if self.language == "mismatched":
            own = primary_language(tag)
            # Each bank once, however many tags it stands under.
            others = {
                bank: None
                for key, bank in sorted(self.bank.items())
                if primary_language(key) not in (own, ANY_LANGUAGE)
            }
            return rng.choice(list(others)) if others else None
        while tag:
            if tag in self.bank:
                return self.bank[tag]
            tag = tag.rpartition("-")[0]
        return self.bank.get(ANY_LANGUAGE)


def joined(phrases: tuple[str, ...] | list[str]) -> str:
    """Phrases one after the other, with a space between them where their script has one."""
    text = ""
    for phrase in phrases:
        text += phrase if not text or text[-1] in FULL_WIDTH_ENDS else f" {phrase}"
    return text


def _between(text: str, phrase: str, rng: random.Random) -> str | None:
    """The text with the phrase between two of its paragraphs, else of its sentences; None where it has one only."""
    stretches = tuple(open_stretches(text))
    gaps = [
        (blanks.end(), blanks.group())
        for start, end in stretches
        for blanks in BLANKS.finditer(text, start, end)
        if blanks.group().count("\n") > 1 and blanks.start() > 0 and blanks.end() < len(text)
    ] or [
        (sentence.end(), sentence["gap"] or "")
        for start, end in stretches
        for sentence in SENTENCE_END.finditer(text, start, end)
    ]
    if not gaps:
        return None
    position, gap = rng.choice(gaps)
    return f"{text[:position]}{phrase}{gap}{text[position:]}"
