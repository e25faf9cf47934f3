"""Which words may a judge answer with? One label for each response and, unless the choice is forced, one for a tie."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from judgeaudit.errors import ConfigurationError
from judgeaudit.records import Outcome

MAX_LABEL_CHARS = 20
"""Longer labels are sentences, which neither a label's probability nor the parser can deal with."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels offered: ``first`` and ``second`` for the texts as shown, ``tie`` None where the choice is forced.

    Raises:
        ConfigurationError: a label is empty, too long, not made of letters and digits, or two are alike.
    """

    first: str
    second: str
    tie: str | None = None

    def __post_init__(self) -> None:
        offered = list(self.by_outcome().values())
        for label in offered:
            if not label.isalnum() or len(label) > MAX_LABEL_CHARS:
                raise ConfigurationError(
                    f"prompt labels: found {label!r}, expected 1 to {MAX_LABEL_CHARS} letters or digits, "
                    "such as A, B and C."
                )
        if len({unicodedata.normalize("NFKC", label).casefold() for label in offered}) < len(offered):
            raise ConfigurationError(
                f"prompt labels: found {offered}, expected labels that differ in more than their case."
            )

    def by_outcome(self) -> dict[Outcome, str]:
        """The labels by the outcome they stand for; no TIE in a forced choice."""
        labels = {Outcome.FIRST: self.first, Outcome.SECOND: self.second}
        if self.tie is not None:
            labels[Outcome.TIE] = self.tie
        return labels


def read_labels(given: Labels | Mapping[str, object]) -> Labels:
    """Labels from a configuration's mapping with the keys first, second and tie (tie may be absent or null).

    Raises:
        ConfigurationError: a key is unknown or missing, or a label is neither text nor a whole number.
    """
    if isinstance(given, Labels):
        return given
    found = {str(key): value for key, value in given.items()}
    if unknown := sorted(set(found) - {"first", "second", "tie"}):
        raise ConfigurationError(f"prompt labels: unknown keys {unknown}; expected first, second and tie.")
    texts: dict[str, str] = {}
    for key, value in found.items():
        if value is None and key == "tie":
            continue
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ConfigurationError(
                f"prompt labels: {key} is {value!r}, expected a letter or a number. "
                'Quote labels that YAML reads otherwise: "Y", "N", "1".'
            )
        texts[key] = str(value)
    if missing := sorted({"first", "second"} - set(texts)):
        raise ConfigurationError(f"prompt labels: {' and '.join(missing)} missing.")
    return Labels(first=texts["first"], second=texts["second"], tie=texts.get("tie"))
