"""What became of the texts, perturbation by perturbation? Counts by status, and how far the changed ones moved.

One table of texts (``run_folder.text_table``) gives both the summary of ``judgeaudit perturb`` and the report's
table of validity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from judgeaudit.perturb import Status

MEDIANS = ("length_ratio", "edit_distance", "chrf")
"""Checks of which the median is told: ratio of characters, Levenshtein distance over the longer text (0 to 1), chrF
(0 to 100)."""

KEPT = ("numbers", "names", "negations", "code")
"""What a text may hold and keep; the check of each is the share of them that is kept in one text."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of the ``of`` changed texts whose original holds such things hold all of them still."""

    n: int
    of: int

    @property
    def share(self) -> float | None:
        """A proportion; None where no text has any."""
        return self.n / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class TextSummary:
    """One perturbation's texts.

    Attributes:
        perturbation: its name.
        counts: texts by status, every status.
        reasons: texts by status and reason, the most frequent first.
        medians: of each of ``MEDIANS`` over the changed texts; None where there are none.
        kept: of each of ``KEPT``.
        similarity: mean similarity of meaning over the changed texts; None where it was not asked for.
    """

    perturbation: str
    counts: Mapping[Status, int]
    reasons: Mapping[tuple[Status, str], int]
    medians: Mapping[str, float | None]
    kept: Mapping[str, Kept]
    similarity: float | None

    @property
    def n_texts(self) -> int:
        """All texts, whatever became of them."""
        return sum(self.counts.values())


def summaries(texts: pd.DataFrame, names: Sequence[str]) -> tuple[TextSummary, ...]:
    """A summary for each perturbation, in the order of ``names``.

    Args:
        texts: the columns of texts.parquet.
        names: the perturbations; one without a text has counts of 0.
    """
    by_name = {str(name): rows for name, rows in texts.groupby("perturbation", sort=False)}
    return tuple(_summary(name, by_name.get(name, texts[:0])) for name in names)


def _summary(name: str, rows: pd.DataFrame) -> TextSummary:
    statuses = rows["status"].value_counts()
    reasons = Counter(
        (Status(status), str(reason))
        for status, reason in zip(rows["status"], rows["reason"], strict=True)
        if not pd.isna(reason)
    )
    changed = rows[rows["status"] == Status.CHANGED]
    return TextSummary(
        perturbation=name,
        counts={status: int(statuses.get(status.value, 0)) for status in Status},
        reasons=dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        medians={check: _or_none(changed[check].median()) for check in MEDIANS},
        kept={one: _kept(changed[f"{one}_kept"]) for one in KEPT},
        similarity=_or_none(changed["similarity"].mean()),
    )


def _kept(shares: pd.Series[float]) -> Kept:
    held = shares.dropna()
    return Kept(int((held >= 1.0).sum()), len(held))


def _or_none(value: float) -> float | None:
    return None if pd.isna(value) else float(value)
