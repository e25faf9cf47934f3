"""From pairs to an estimate, its interval, its test and its reading: the same way for every measure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from judgeaudit.metrics.findings import Finding, PairTables, PairValues, Spread
from judgeaudit.metrics.record import ALL, TESTED, Measure, Settings
from judgeaudit.stats import (
    Interval,
    Reading,
    benjamini_hochberg,
    coefficient_interval,
    holm,
    mean_interval,
    pairs_needed,
    read,
    sign_flip,
)
from judgeaudit.stats.thresholds import SMALLEST_P

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Slice:
    """A named subset of the pairs: ``all``, or a value of a column."""

    name: str
    member: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Draft:
    """A measure before its family is known, and what its reading will rest on.

    Attributes:
        measure: complete up to p.
        values: the counted pairs' values in [low, 1], for a tested cell; None where nothing is tested.
        low: the least that a value can be.
        scale: from values to the measure's unit.
        equivalence: the (1 - 2 alpha) interval, in the measure's unit.
    """

    measure: Measure
    values: Floats | None = None
    low: float = 0.0
    scale: float = 1.0
    equivalence: Interval | None = None


def draft(finding: Finding, slices: Sequence[Slice], settings: Settings) -> Iterator[Draft]:
    """Estimate one finding, over all pairs and, where it is reported by slice, in each slice."""
    if isinstance(finding, PairTables):
        yield Draft(_coefficient(finding, settings))
    elif isinstance(finding, Spread):
        measure = Measure(
            finding.measure, finding.judge, None, None, ALL, "points", finding.n_pairs, finding.n_verdicts,
            finding.estimate,
        )  # fmt: skip
        yield Draft(_with_interval(measure, finding.interval))
    else:
        for part in slices if finding.sliced else slices[:1]:
            yield _mean(finding, part, settings)


def conclude(drafts: Sequence[Draft], settings: Settings) -> list[Measure]:
    """Adjust p-values within their families and read every tested cell.

    The confirmatory family (``settings.confirmatory``, all pairs, both sides) is adjusted by Holm, all other
    tested cells together by Benjamini and Hochberg.
    """
    families: dict[bool, list[int]] = defaultdict(list)
    for index, cell in enumerate(drafts):
        if cell.measure.p is not None:
            families[_is_confirmatory(cell.measure, settings)].append(index)
    adjusted: dict[int, float] = {}
    for confirmatory, members in families.items():
        p_values = [drafts[index].measure.p or SMALLEST_P for index in members]
        adjust = holm if confirmatory else benjamini_hochberg
        adjusted.update(zip(members, adjust(p_values).tolist(), strict=True))
    return [
        _read(cell, adjusted[index], settings) if index in adjusted else cell.measure
        for index, cell in enumerate(drafts)
    ]


def _mean(finding: PairValues, part: Slice, settings: Settings) -> Draft:
    counted = part.member & ~np.isnan(finding.values)
    values = finding.values[counted]
    weights = None if finding.weights is None else finding.weights[counted]
    scale = 100.0 if finding.unit == "points" else 1.0
    measure = Measure(
        finding.measure, finding.judge, finding.perturbation, finding.side, finding.within or part.name, finding.unit,
        n_pairs=int(values.size), n_verdicts=int(finding.verdicts[counted].sum()),
    )  # fmt: skip
    if values.size == 0:
        return Draft(measure)
    estimate = scale * float(np.average(values, weights=weights))
    measure = replace(measure, estimate=estimate + 0.0)  # + 0.0 turns -0.0 into 0.0
    interval = mean_interval(values, finding.low, 1.0, settings.ci_level, weights)
    measure = _with_interval(measure, interval and interval.scaled(scale))
    if finding.measure not in TESTED:
        return Draft(measure)
    equivalence = mean_interval(values, finding.low, 1.0, 1 - 2 * settings.alpha)
    return Draft(
        replace(measure, p=sign_flip(values)),
        values,
        finding.low,
        scale,
        equivalence and equivalence.scaled(scale),
    )


def _coefficient(finding: PairTables, settings: Settings) -> Measure:
    counted = ~np.isnan(finding.tables).any((1, 2))
    tables = finding.tables[counted]
    measure = Measure(
        finding.measure, finding.judge, finding.perturbation, None, ALL, "coefficient",
        n_pairs=len(tables), n_verdicts=int(finding.verdicts[counted].sum()),
    )  # fmt: skip
    if len(tables) == 0 or tables.shape[1] < 2:
        return measure
    estimate = float(finding.coefficient(tables.sum(0)))
    if not np.isfinite(estimate):
        return measure
    interval = coefficient_interval(
        tables, finding.coefficient, settings.ci_level, settings.resamples, settings.seed
    )
    return _with_interval(replace(measure, estimate=estimate), interval)


def _with_interval(measure: Measure, interval: Interval | None) -> Measure:
    if interval is None:
        return measure
    return replace(
        measure,
        ci_low=interval.low,
        ci_high=interval.high,
        ci_level=interval.level,
        ci_method=interval.method,
    )


def _is_confirmatory(measure: Measure, settings: Settings) -> bool:
    return measure.measure in settings.confirmatory and measure.slice == ALL and measure.side is None


def _read(cell: Draft, p_adjusted: float, settings: Settings) -> Measure:
    measure = cell.measure
    if cell.values is None or measure.estimate is None or measure.p is None:
        return measure
    margin = settings.margin_points * cell.scale / 100
    reading = read(measure.estimate, p_adjusted, cell.equivalence, margin, settings.alpha)
    needed = None
    if reading is Reading.INCONCLUSIVE:
        # What the raw p had to be below for this cell to pass its family's adjustment.
        alpha_adjusted = settings.alpha * measure.p / p_adjusted
        needed = pairs_needed(
            cell.values, cell.low, 1.0, settings.margin_points / 100, settings.alpha, alpha_adjusted
        )
    return replace(measure, p_adjusted=p_adjusted, margin=margin, reading=reading, pairs_needed=needed)
