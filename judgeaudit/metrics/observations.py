"""What did each judge say of each pair, in terms of content? Verdict rows become arrays over pairs and orders.

A failure is counted and scored only where it was declared what it is worth. A missing verdict, of which nobody
recorded what the judge said, is neither given nor failed. Where a judge has no recorded verdict at all at one place,
in one order and replicate, its design is taken to be without it; elsewhere a missing verdict was asked for and has
no value, so that a pair that needs it is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from judgeaudit.metrics.verdict_rows import MISSING, OUTCOMES, TIE, A, Floats, Ints, Place, Rows, Unparsed
from judgeaudit.records import PREFERENCES, SIDES, Arm, Side


@dataclass(frozen=True, slots=True)
class Cells:
    """One judge's verdicts at one place, by pair and order.

    Attributes:
        share: (pairs, 2, 3), the mean distribution over a, b, tie of the scored replicates; NaN where none. A
            fourth content is there where unparsed replies are answers of their own.
        scored: (pairs, 2), how many replicates were scored.
        asked: (pairs, 2), how many were asked, failures and those without a recorded verdict included.
        failed: (pairs, 2), how many of them failed and were not declared to count as anything.
        exact: whether the distributions are the judge's own rather than counted outcomes.
    """

    share: Floats
    scored: Ints
    asked: Ints
    failed: Ints
    exact: bool

    def agreement(self) -> Floats:
        """(pairs, 2): the chance that two replicates give the same verdict; NaN where it cannot be known.

        Exactly sum(p^2) where p is known; else the share of agreeing pairs of replicates, which is unbiased
        for it, and needs two.
        """
        if self.exact:
            exact: Floats = np.square(self.share).sum(-1)
            return exact
        counts, n = self.counts(), self.scored
        with np.errstate(divide="ignore", invalid="ignore"):
            same = (counts * (counts - 1)).sum(-1) / (n * (n - 1))
        return np.where(n >= 2, same, np.nan)

    def counts(self) -> Floats:
        """(pairs, 2, contents): how many of the scored replicates said each; for a judge with counted outcomes."""
        return np.round(self.share * self.scored[..., None])

    def mean(self, values: Floats) -> Floats:
        """(pairs,): the mean of per-order values over the orders that were asked.

        NaN for a pair of which any asked order has no value: half of a balanced pair would measure position
        along with everything else.
        """
        return balanced_mean(values, self.asked > 0)


@dataclass(frozen=True, slots=True)
class JudgeVerdicts:
    """Everything that one judge said.

    Attributes:
        name: the judge.
        exact: whether its distributions are its own.
        places: its verdicts by arm, perturbation and side; without places of which nothing was recorded.
        runs: (replicates, pairs, 2), side a's score at baseline (1, 1/2 or 0; expected where exact), NaN
            where there is no verdict.
        totals: (pairs, outcomes) planned verdicts by outcome, by perturbation, and under None over all arms.
    """

    name: str
    exact: bool
    places: Mapping[Place, Cells]
    runs: Floats
    totals: Mapping[str | None, Ints]

    def perturbations(self, arm: Arm) -> list[str]:
        """The perturbations in one arm, by name."""
        return sorted({name for place, name, _ in self.places if place == arm and name is not None})

    def sides(self, arm: Arm, perturbation: str | None) -> list[tuple[Side, Cells]]:
        """The sides that one arm of a perturbation has, a before b."""
        found = ((side, self.places.get((arm, perturbation, side))) for side in SIDES)
        return [(side, cells) for side, cells in found if cells is not None]

    @property
    def baseline(self) -> Cells | None:
        """The verdicts on the pairs as they are."""
        return self.places.get((Arm.BASELINE, None, None))


def balanced_mean(values: Floats, asked: NDArray[np.bool_]) -> Floats:
    """(pairs,): mean of values (pairs, 2) over the asked orders; NaN where none was asked or one is missing."""
    count = asked.sum(1)
    total = np.where(asked, values, 0.0).sum(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean: Floats = total / count
    return mean


def in_shared_orders(*cells: Cells) -> tuple[Cells, ...]:
    """The cells as if only those orders of a pair had been asked that were asked in all of them.

    Verdicts of several places are compared in the same order, or position would be part of the difference.
    """
    shared = np.logical_and.reduce([one.asked > 0 for one in cells])
    return tuple(
        replace(
            one,
            scored=np.where(shared, one.scored, 0),
            asked=np.where(shared, one.asked, 0),
            failed=np.where(shared, one.failed, 0),
        )
        for one in cells
    )


def observe(
    verdicts: pd.DataFrame, pair_ids: pd.Index[Any], unparsed: Unparsed = "excluded"
) -> Iterator[JudgeVerdicts]:
    """Arrange the verdicts, one judge after the other by name.

    Args:
        verdicts: one row per judge and trial, as in a run folder's verdicts.parquet.
        pair_ids: the pairs that index every array.
        unparsed: what an unparsed reply counts as.

    Raises:
        ValueError: the table breaks its contract: an unknown word, a pair that is not in ``pair_ids``, the
            same trial twice, exact verdicts without probabilities, or a perturbation that is both an artifact
            and a placebo.
    """
    rows = Rows.of(verdicts, pair_ids, unparsed)
    bounds = np.searchsorted(rows.judge, np.arange(len(rows.judges) + 1))
    for code, name in enumerate(rows.judges):
        yield _judge(rows, slice(int(bounds[code]), int(bounds[code + 1])), name, len(pair_ids))


def _judge(rows: Rows, part: slice, name: str, n_pairs: int) -> JudgeVerdicts:
    place, cell, outcome = rows.place[part], rows.cell[part], rows.outcome[part]
    content = rows.content[part]
    scored = ~np.isnan(content[:, A])
    exact = rows.exact[part]
    given = outcome < len(PREFERENCES)
    if np.unique(exact[given]).size > 1:
        raise ValueError(f"verdicts: judge {name!r} has both exact and counted verdicts, expected one kind")
    is_exact = bool(exact[given].all() if given.any() else exact.all())
    asked = _asked(rows, part)
    bounds = np.flatnonzero(np.diff(place, prepend=-1, append=-1))
    places: dict[Place, Cells] = {}
    totals: dict[str | None, Ints] = {None: np.zeros((n_pairs, len(OUTCOMES)), dtype=np.int64)}
    for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        found = rows.place_of(int(place[start]))
        own = slice(start, stop)
        tally = np.bincount(cell[own] // 2 * len(OUTCOMES) + outcome[own], minlength=n_pairs * len(OUTCOMES))
        for key in {None, found[1]}:
            totals[key] = totals.get(key, 0) + tally.reshape(n_pairs, len(OUTCOMES))
        kept = own if asked is None else start + np.flatnonzero(asked[own])
        if asked is None or asked[own].any():
            failed = ~scored[kept] & (outcome[kept] != MISSING)
            places[found] = _cells(cell[kept], content[kept], scored[kept], failed, n_pairs, is_exact)
    return JudgeVerdicts(name, is_exact, places, _runs(rows, part, asked, n_pairs), totals)


def _asked(rows: Rows, part: slice) -> NDArray[np.bool_] | None:
    """(rows of the part,): which rows were asked as far as anybody recorded; None where all were.

    What was recorded of a pair is its design: a missing row was not asked. Only in a tie place is the other order of a
    pair still asked that was recorded in one: a leaning to the first text would pass for one to the artifact.
    """
    missing = rows.outcome[part] == MISSING
    if not missing.any():
        return None
    place, cell = rows.place[part], rows.cell[part]
    pair = place * (int(cell.max()) // 2 + 1) + cell // 2
    recorded = np.unique(pair[~missing])
    asked: NDArray[np.bool_] = ~missing | (rows.in_arm(place, Arm.TIE) & np.isin(pair, recorded))
    return asked


def _cells(
    cell: Ints,
    content: Floats,
    scored: NDArray[np.bool_],
    failed: NDArray[np.bool_],
    n_pairs: int,
    exact: bool,
) -> Cells:
    size = 2 * n_pairs
    asked = np.bincount(cell, minlength=size)
    counted = np.bincount(cell, weights=scored, minlength=size)
    filled = np.where(scored[:, None], content, 0.0)
    sums = np.stack([np.bincount(cell, column, size) for column in filled.T], axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (sums / counted[:, None]).reshape(n_pairs, 2, -1)
    return Cells(
        share,
        counted.astype(np.int64).reshape(n_pairs, 2),
        asked.reshape(n_pairs, 2),
        np.bincount(cell[failed], minlength=size).reshape(n_pairs, 2),
        exact,
    )


def _runs(rows: Rows, part: slice, asked: NDArray[np.bool_] | None, n_pairs: int) -> Floats:
    """Side a's score at baseline by replicate: (replicates, pairs, 2)."""
    baseline = rows.in_arm(rows.place[part], Arm.BASELINE)
    if asked is not None:
        baseline &= asked
    used, run = np.unique(rows.replicate[part][baseline], return_inverse=True)
    runs = np.full((used.size, n_pairs * 2), np.nan)
    content = rows.content[part][baseline]
    runs[run, rows.cell[part][baseline]] = content[:, A] + content[:, TIE:].sum(1) / 2
    return runs.reshape(used.size, n_pairs, 2)
