"""How are words replaced in a text? By an ordered list of regular expressions, each over the whole text."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass

from judgeaudit.judges.base import Json
from judgeaudit.perturb.base import TextContext


@dataclass(frozen=True, slots=True)
class Replace:
    """Replaces every match of each pattern in turn. ``with`` texts may name groups, as in ``re.sub``."""

    replacements: tuple[tuple[re.Pattern[str], str], ...]

    def __call__(self, text: str, context: TextContext, rng: random.Random) -> str:  # noqa: ARG002 - an Edit's form
        for pattern, replacement in self.replacements:
            text = pattern.sub(replacement, text)
        return text

    def identity(self) -> Mapping[str, Json]:
        """The patterns and what replaces them, in order."""
        listed = [{"pattern": pattern.pattern, "with": text} for pattern, text in self.replacements]
        return {"form": "replace", "replacements": listed}
