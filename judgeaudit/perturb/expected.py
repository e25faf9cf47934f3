"""What does a declaration hold where something else was expected? One value after the other, told in one form."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from judgeaudit.errors import PerturbationError

LONGEST_SHOWN_CHARS = 80


def check_keys(config: Mapping[Any, Any], known: tuple[str, ...], where: str) -> None:
    """See that a mapping has no other keys than these."""
    for key in config:
        if key not in known:
            raise PerturbationError(f"{where}: {key!r}: unknown key. Expected one of: {', '.join(known)}.")


def text_of(value: object, where: str, key: str) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise unexpected(where, key, value, "a text that is not empty")
    return value


def whole(value: object, where: str, key: str) -> int:
    """A whole number from 1 up."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise unexpected(where, key, value, "a whole number from 1 up")
    return value


def number(value: object, where: str, key: str) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise unexpected(where, key, value, "a number")
    return float(value)


def unexpected(where: str, key: str, found: object, expected: str) -> PerturbationError:
    """The error for a value that is not what it should be."""
    shown = repr(found)
    if len(shown) > LONGEST_SHOWN_CHARS:
        shown = f"{shown[: LONGEST_SHOWN_CHARS - 3]}..."
    return PerturbationError(f"{where}: {key}: found {shown}, expected {expected}.")
