"""What does a measure hand over before anything is estimated? One value, or one table, for each pair.

Measures say what a pair shows; how certain that is, and what may be said about it, is settled in one place
(``summary``) for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from judgeaudit.metrics.observations import Cells
from judgeaudit.metrics.record import Unit
from judgeaudit.records import Side
from judgeaudit.stats import Interval

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cases:
    """What each pair's value could have been, whatever its failed verdicts had said: least and most, (pairs,).

    NaN for a pair that was not asked; a pair without a failure has its value twice. With weights, (pairs,), a pair
    weighs as much as it would had nothing failed.
    """

    least: Floats
    most: Floats
    weights: Floats | None = None


class Range(NamedTuple):
    """The least and the most of one figure."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PairValues:
    """A measure that is a mean over pairs.

    Attributes:
        measure, judge, perturbation, side, unit: as in ``Measure``.
        values: (pairs,) in [low, high], also where the unit is points; NaN for a pair that is not counted.
        verdicts: (pairs,), how many verdicts the pair's value rests on.
        low, high: the least and the most that a value can be: 0 and 1, or -1 and 1 for a signed value.
        weights: (pairs,) positive where a value is; None weighs each pair the same.
        sliced: whether it is also reported by domain, language and the like.
        within: the slice that the values are of; None for all pairs.
        cases: the pairs' values over all that failed verdicts could have said; None where that is not asked for.
    """

    measure: str
    judge: str
    perturbation: str | None
    side: Side | None
    unit: Unit
    values: Floats
    verdicts: Ints
    low: float = 0.0
    high: float = 1.0
    weights: Floats | None = None
    sliced: bool = False
    within: str | None = None
    cases: Cases | None = None


@dataclass(frozen=True, slots=True)
class PairTables:
    """A measure that is a coefficient of the pairs' summed tables: (pairs, K, K), NaN for a pair not counted.

    ``cases`` is what the coefficient could have been, whatever the failed verdicts had said; None where that is not
    asked for, or none failed.
    """

    measure: str
    judge: str
    perturbation: str | None
    tables: Floats
    verdicts: Ints
    coefficient: Callable[[Floats], Floats]
    cases: Range | None = None


@dataclass(frozen=True, slots=True)
class Estimated:
    """A measure that brings its own interval, and p where it is tested. It has no reading: no margin is in its unit.

    Attributes:
        measure, judge, perturbation, side, unit: as in ``Measure``.
        estimate, interval: in the unit; None where there is none.
        p: of a test of no effect; None where nothing is tested.
        p_adjusted: where the measure adjusts its own family; None where it joins the exploratory cells.
        within: what of the measure it is, as a slice's name; None for all pairs.
        caution: why the interval may not hold its level; None where it does.
    """

    measure: str
    judge: str
    perturbation: str | None
    unit: Unit
    estimate: float | None
    interval: Interval | None
    n_pairs: int
    n_verdicts: int
    p: float | None = None
    p_adjusted: float | None = None
    side: Side | None = None
    within: str | None = None
    caution: str | None = None


Finding = PairValues | PairTables | Estimated


def mean_of_sides(values: Sequence[Floats]) -> Floats:
    """(pairs,): the mean over the sides that have a value; NaN where none has.

    A perturbation may apply to one response of a pair and not to the other.
    """
    stacked = np.stack(values)
    known = ~np.isnan(stacked)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean: Floats = np.where(known, stacked, 0.0).sum(0) / known.sum(0)
    return mean


def in_use(tables: Floats) -> Floats:
    """The tables (pairs, K, K) without the categories that neither rater ever uses: AC1 depends on their number."""
    total = np.nansum(tables, axis=0)
    used = np.flatnonzero(total.sum(0) + total.sum(1) > 0)
    if not used.size:  # no pair is counted: tables without a category could not say so
        return tables
    kept: Floats = tables[:, used][:, :, used]
    return kept


def verdicts_used(values: Sequence[Floats], cells: Sequence[Sequence[Cells]]) -> Ints:
    """(pairs,): the scored verdicts behind each pair's values.

    Args:
        values: one array (pairs,) a side.
        cells: for each side the cells that its values were computed from. Verdicts that several sides share (the
            baseline's) are counted once.
    """
    used: dict[int, Ints] = {}
    for side_values, side_cells in zip(values, cells, strict=True):
        known = ~np.isnan(side_values)
        for cell in side_cells:
            # Cells of the same verdicts have the same shares, also where they were reduced to shared orders.
            counts = np.where(known[:, None], cell.scored, 0)
            used[id(cell.share)] = np.maximum(used.get(id(cell.share), 0), counts)
    used_by_pair: Ints = np.stack([counts.sum(1) for counts in used.values()]).sum(0)
    return used_by_pair
