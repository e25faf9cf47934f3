"""How is a phrase put before or after a text? The phrase of the text's language, a separator, and no byte more."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from judgeaudit.judges.base import Json
from judgeaudit.perturb.base import TextContext, primary_language

DEFAULT_SEPARATOR = "\n\n"
"""A phrase is a paragraph of its own. On the text's own line it would break a list, a heading or a code block
that begins or ends there, which is a second artifact."""

ANY_LANGUAGE = "*"
"""The key of phrases that go with a text in any language."""


@dataclass(frozen=True, slots=True)
class Affix:
    """Puts a phrase before or after a text and leaves the text as it is.

    ``phrases`` maps a language tag (or ``*``) to its candidate phrasings, of which the seeded random numbers
    choose one. An empty text becomes the phrase alone.
    """

    where: Literal["prefix", "suffix"]
    phrases: Mapping[str, tuple[str, ...]]
    separator: str = DEFAULT_SEPARATOR

    def __call__(self, text: str, context: TextContext, rng: random.Random) -> str | None:
        phrases = self._phrases(context.language)
        if phrases is None:
            return None
        phrase = phrases[0] if len(phrases) == 1 else rng.choice(phrases)
        if not text:
            return phrase
        if self.where == "prefix":
            return f"{phrase}{self.separator}{text}"
        return f"{text}{self.separator}{phrase}"

    def identity(self) -> Mapping[str, Json]:
        """Place, phrases and separator."""
        phrases = {language: list(texts) for language, texts in self.phrases.items()}
        return {"form": self.where, "phrases": phrases, "separator": self.separator}

    def _phrases(self, tag: str) -> tuple[str, ...] | None:
        for key in (tag, primary_language(tag), ANY_LANGUAGE):
            if key in self.phrases:
                return self.phrases[key]
        return None
