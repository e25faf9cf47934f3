"""Does the judge say what the label says? At baseline, under each artifact, and beside two yardsticks.

The yardsticks are a judge that prefers the longer response, computed from the pairs alone, and, where a pair has
three or more votes, each annotator held against the majority of the others. Whether a label is human, gold or
constructed is the caller's to say; the arithmetic is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from judgeaudit.metrics.findings import (
    Finding,
    Floats,
    Ints,
    PairTables,
    PairValues,
    mean_of_sides,
    verdicts_used,
)
from judgeaudit.metrics.observations import TIE, Cells, JudgeVerdicts
from judgeaudit.records import PREFERENCES, Arm
from judgeaudit.stats import cohen_kappa, gwet_ac1, krippendorff_alpha

LONGER = "baseline:longer"
LEAVE_ONE_OUT = "human:leave_one_out"

MIN_VOTES = 3
"""Fewer votes than this leave no majority of the others to be held against."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What people, or whoever made the labels, said of each pair.

    Attributes:
        label: (pairs, 3) one-hot over a, b, tie; zeros where there is no label.
        votes: (pairs, 3) how many annotators said each.
        longer: (pairs, 3) one-hot: the longer response, a tie where equal; zeros where a length is missing.
    """

    label: Floats
    votes: Floats
    longer: Floats

    @classmethod
    def of(cls, pairs: pd.DataFrame) -> Reference:
        """Read it from the columns label, votes, length_a and length_b.

        Raises:
            ValueError: a label or vote is none of a, b, tie.
        """
        label = _one_hot(_preferences(pairs["label"].to_numpy(dtype=object)))
        given = [() if _is_missing(votes) else tuple(votes) for votes in pairs["votes"]]
        row = np.repeat(np.arange(len(pairs)), [len(votes) for votes in given])
        said = _preferences(np.array([vote for votes in given for vote in votes], dtype=object))
        votes = np.zeros((len(pairs), 3))
        np.add.at(votes, (row[said >= 0], said[said >= 0]), 1)
        a, b = (
            pairs[column].to_numpy(dtype=np.float64, na_value=np.nan) for column in ("length_a", "length_b")
        )
        longer = np.where(a > b, 0, np.where(b > a, 1, TIE))
        return cls(label, votes, _one_hot(np.where(np.isnan(a) | np.isnan(b), -1, longer)))

    @property
    def labelled(self) -> NDArray[np.bool_]:
        """(pairs,): which pairs have a label."""
        labelled: NDArray[np.bool_] = self.label.sum(1) > 0
        return labelled


def human_agreement(judge: JudgeVerdicts, reference: Reference) -> Iterator[Finding]:
    """Agreement with the label at baseline (perturbation None) and under each artifact."""
    if not reference.labelled.any():
        return
    settings: list[tuple[str | None, list[Cells]]] = []
    if judge.baseline is not None:
        settings.append((None, [judge.baseline]))
    for name in judge.perturbations(Arm.INJECTED):
        settings.append((name, [cells for _, cells in judge.sides(Arm.INJECTED, name)]))
    for perturbation, cells in settings:
        if not cells:
            continue
        shares = [_mean_share(side) for side in cells]
        used = verdicts_used([share[:, 0] for share in shares], [[side] for side in cells])
        share = np.stack([mean_of_sides([side[:, k] for side in shares]) for k in range(3)], axis=-1)
        yield from _against_label(judge.name, perturbation, share, used, reference)
        yield from _coefficients(judge.name, perturbation, share, used, reference)


def yardsticks(reference: Reference) -> Iterator[Finding]:
    """Accuracy and kappa of the longer response and of each annotator against the others, where they exist."""
    if reference.labelled.any() and reference.longer.any():
        share = np.where(reference.longer.sum(1, keepdims=True) > 0, reference.longer, np.nan)
        ones = np.ones(len(share), dtype=np.int64)
        yield from _against_label(LONGER, None, share, ones, reference)
        yield _kappa(LONGER, None, _tables(reference.label, share), ones)
    n_votes = reference.votes.sum(1)
    enough: NDArray[np.bool_] = np.greater_equal(n_votes, MIN_VOTES)
    if enough.any():
        tables = leave_one_out(reference.votes)
        tables[~enough] = np.nan
        used = np.where(enough, n_votes, 0).astype(np.int64)
        values = np.trace(tables, axis1=1, axis2=2)
        yield PairValues("accuracy", LEAVE_ONE_OUT, None, None, "proportion", values, used, sliced=True)
        yield _kappa(LEAVE_ONE_OUT, None, tables, used)


def leave_one_out(votes: Floats) -> Floats:
    """(pairs, 3, 3): rows the majority of the other annotators, columns the annotator left out; total 1.

    Where the others are split evenly their majority is shared among the verdicts they are split over: leaving
    such pairs out would keep only the easy ones.

    Args:
        votes: (pairs, 3) counts, two or more a pair.
    """
    tables = np.zeros((len(votes), 3, 3))
    total = np.maximum(votes.sum(1), 1)
    for said in range(3):
        others = votes - np.eye(3)[said]
        leading = (others == others.max(1, keepdims=True)).astype(np.float64)
        leading /= leading.sum(1, keepdims=True)
        tables[:, :, said] = leading * (votes[:, said] / total)[:, None]
    return tables


def _against_label(
    judge: str, perturbation: str | None, share: Floats, used: Ints, reference: Reference
) -> Iterator[PairValues]:
    """Three-way accuracy, and accuracy on decisive labels with a tie verdict worth 1/2."""
    accuracy = np.where(reference.labelled, (share * reference.label).sum(1), np.nan)
    yield PairValues("accuracy", judge, perturbation, None, "proportion", accuracy, used, sliced=True)
    decisive = reference.label[:, :2].any(1)
    halved = np.where(decisive, (share * reference.label).sum(1) + share[:, TIE] / 2, np.nan)
    yield PairValues("accuracy_decisive", judge, perturbation, None, "proportion", halved, used)


def _coefficients(
    judge: str, perturbation: str | None, share: Floats, used: Ints, reference: Reference
) -> Iterator[PairTables]:
    tables = _tables(reference.label, share)
    yield _kappa(judge, perturbation, tables, used)
    yield PairTables("ac1", judge, perturbation, _in_use(tables), used, gwet_ac1)
    # Two raters, two values a unit: the coincidences are the table and its transpose.
    yield PairTables("alpha", judge, perturbation, tables + tables.swapaxes(1, 2), used, krippendorff_alpha)


def _kappa(judge: str, perturbation: str | None, tables: Floats, used: Ints) -> PairTables:
    return PairTables("kappa", judge, perturbation, _in_use(tables), used, cohen_kappa)


def _tables(label: Floats, share: Floats) -> Floats:
    """(pairs, 3, 3): rows the label, columns the verdict; NaN where either is missing."""
    tables = label[:, :, None] * share[:, None, :]
    tables[~label.any(1)] = np.nan
    return tables


def _in_use(tables: Floats) -> Floats:
    """The tables without the categories that neither rater ever uses: AC1 depends on how many there are."""
    total = np.nansum(tables, axis=0)
    used = np.flatnonzero(total.sum(0) + total.sum(1) > 0)
    kept: Floats = tables[:, used][:, :, used]
    return kept


def _mean_share(cells: Cells) -> Floats:
    """(pairs, 3): the mean distribution over the asked orders."""
    return np.stack([cells.mean(cells.share[..., k]) for k in range(3)], axis=-1)


def _is_missing(votes: object) -> bool:
    return votes is None or (isinstance(votes, float) and np.isnan(votes))


def _preferences(words: NDArray[Any]) -> Ints:
    """Codes of a, b, tie; -1 for a missing value."""
    codes: Ints = pd.Index(PREFERENCES).get_indexer(pd.Index(words, dtype=object)).astype(np.int64)
    unknown = (codes < 0) & ~pd.isna(words)
    if unknown.any():
        raise ValueError(
            f"pairs: found label or vote {words[unknown][0]!r}, expected one of {list(PREFERENCES)}"
        )
    return codes


def _one_hot(codes: Ints) -> Floats:
    """(n, 3); zeros for code -1."""
    return np.vstack([np.eye(3), np.zeros(3)])[codes]
