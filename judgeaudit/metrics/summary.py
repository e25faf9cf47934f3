"""From pairs to an estimate, its interval, its test and its reading: the same way for every measure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from judgeaudit.metrics.findings import Cases, Estimated, Finding, PairTables, PairValues
from judgeaudit.metrics.record import ALL, TESTED, TESTED_WITHOUT_MARGIN, Measure, Settings
from judgeaudit.metrics.subjects import Subjects
from judgeaudit.stats import (
    Interval,
    Reading,
    benjamini_hochberg,
    coefficient_interval,
    equivalence_interval,
    holm,
    mean_interval,
    pairs_needed,
    read,
    sign_flip,
    smallest_p,
)
from judgeaudit.stats.thresholds import SAME, SMALL_SLICE, SMALLEST_P

Floats = NDArray[np.float64]

FAILURES_DECIDE = "what failed verdicts could have said would change the reading"


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
        values: the counted pairs' values in [low, high], for a cell that gets a reading; None elsewhere.
        low, high: the least and the most that a value can be.
        scale: from values to the measure's unit.
        equivalence: its interval for *robust*, in the measure's unit; None of too few pairs.
        smallest_p: the least p that pairs of these sizes could have had; 0 where the test is of another kind.
    """

    measure: Measure
    values: Floats | None = None
    low: float = 0.0
    high: float = 1.0
    scale: float = 1.0
    equivalence: Interval | None = None
    smallest_p: float = 0.0


def draft(finding: Finding, slices: Sequence[Slice], settings: Settings) -> Iterator[Draft]:
    """Estimate one finding, over all pairs and, where it is reported by slice, in each slice."""
    if isinstance(finding, PairTables):
        yield Draft(_coefficient(finding, settings))
    elif isinstance(finding, Estimated):
        measure = Measure(
            finding.measure, finding.judge, finding.perturbation, finding.side, finding.within or ALL, finding.unit,
            finding.n_pairs, finding.n_verdicts, finding.estimate, p=finding.p, p_adjusted=finding.p_adjusted,
            caution=finding.caution,
        )  # fmt: skip
        yield Draft(_with_interval(measure, finding.interval))
    else:
        for part in slices if finding.sliced else slices[:1]:
            yield _mean(finding, part, settings)


def conclude(drafts: Sequence[Draft], settings: Settings, subjects: Subjects) -> list[Measure]:
    """Adjust p-values within their families and read every tested cell that a margin applies to.

    What comes adjusted and read stays as it is.
    """
    families: dict[Family, list[int]] = defaultdict(list)
    for index, cell in enumerate(drafts):
        if cell.measure.p is not None and cell.measure.p_adjusted is None:
            families[family_of(cell, settings, subjects)].append(index)
    tested: dict[int, _Adjusted] = {}
    for family, members in families.items():
        adjusted = _adjust(family, [drafts[index] for index in members], settings.alpha, len(families))
        tested.update(zip(members, adjusted, strict=True))
    return [
        _read(cell, tested[index], settings) if index in tested else cell.measure
        for index, cell in enumerate(drafts)
    ]


class Family(Enum):
    """Cells whose p-values are adjusted together."""

    CONFIRMATORY = "confirmatory"
    """``settings.confirmatory``, all pairs, both sides, of judges that are no control and artifacts that are none."""
    EXPLORATORY = "exploratory"
    """The other cells of such judges and artifacts over all pairs: other measures, single sides."""
    SLICES = "slices"
    """Their cells over some of the pairs."""
    INSTRUMENTS = "instruments"
    """The cells of control judges and neutral controls, of which nobody asks whether they are swayed."""


def family_of(cell: Draft, settings: Settings, subjects: Subjects) -> Family:
    """Which of the families a tested cell is in."""
    measure = cell.measure
    if is_confirmatory(measure, settings.confirmatory, subjects):
        return Family.CONFIRMATORY
    if not subjects.is_hypothesis(measure.judge, measure.perturbation):
        return Family.INSTRUMENTS
    return Family.EXPLORATORY if measure.slice == ALL else Family.SLICES


class _Adjusted(NamedTuple):
    """An adjusted p, and the level that the raw one had to be below, the family's other cells being as they are."""

    p: float
    level: float


def _adjust(family: Family, cells: Sequence[Draft], alpha: float, n_families: int) -> list[_Adjusted]:
    """Adjust by Holm in the confirmatory family, as it was declared; by Benjamini and Hochberg in the others.

    The others also pay for how many families the audit has (Bonferroni), so that whoever reads all of its tables finds
    something in few audits of fair judges. In them a cell in which so few pairs differ from 0 that no signs of theirs
    would be significant is no test and costs the others nothing; its adjusted p is 1. Sizes say nothing of signs, so
    that the others' errors stay what they are.
    """
    p = np.array([cell.measure.p or SMALLEST_P for cell in cells])
    holms = family is Family.CONFIRMATORY
    counts = np.array([holms or cell.smallest_p <= alpha for cell in cells])
    adjusted = np.ones(len(cells))
    adjusted[counts] = holm(p[counts]) if holms else np.minimum(n_families * benjamini_hochberg(p[counts]), 1)
    rejected = adjusted < alpha
    others, n = rejected.sum() - rejected, counts.sum() + ~counts
    levels = alpha / (n - others) if holms else alpha / n_families * (others + 1) / n
    return [_Adjusted(*pair) for pair in zip(adjusted.tolist(), levels.tolist(), strict=True)]


def _mean(finding: PairValues, part: Slice, settings: Settings) -> Draft:
    counted = part.member & ~np.isnan(finding.values)
    values = finding.values[counted]
    weights = None if finding.weights is None else finding.weights[counted]
    scale = 100.0 if finding.unit == "points" else 1.0
    measure = Measure(
        finding.measure, finding.judge, finding.perturbation, finding.side, finding.within or part.name, finding.unit,
        n_pairs=int(values.size), n_verdicts=int(finding.verdicts[counted].sum()),
    )  # fmt: skip
    if finding.cases is not None:
        measure = _with_cases(measure, finding.values, finding.cases, part, scale)
    if values.size == 0:
        return Draft(measure)
    estimate = scale * float(np.average(values, weights=weights))
    small = measure.slice != ALL and values.size < SMALL_SLICE
    measure = replace(
        measure,
        estimate=estimate + 0.0,  # + 0.0 turns -0.0 into 0.0
        caution=f"a slice of fewer than {SMALL_SLICE} pairs" if small else None,
    )
    low, high = finding.low, finding.high
    interval = mean_interval(values, low, high, settings.ci_level, weights)
    measure = _with_interval(measure, interval and interval.scaled(scale))
    if finding.measure not in (*TESTED, *TESTED_WITHOUT_MARGIN):
        return Draft(measure)
    above, below = (int((sign * values > SAME).sum()) for sign in (1, -1))
    measure = replace(measure, p=sign_flip(values), n_above=above, n_below=below)
    if finding.measure in TESTED_WITHOUT_MARGIN:
        return Draft(measure, smallest_p=smallest_p(values))
    equivalence = equivalence_interval(values, low, high, settings.margin_points / 100, settings.alpha)
    equivalence = equivalence and equivalence.scaled(scale)
    return Draft(measure, values, low, high, scale, equivalence, smallest_p(values))


def _with_cases(measure: Measure, values: Floats, cases: Cases, part: Slice, scale: float) -> Measure:
    """The estimate's range over what failed verdicts could have said; as it is where none failed."""
    least, most, values = cases.least[part.member], cases.most[part.member], values[part.member]
    asked = ~np.isnan(least)
    lost = asked & np.isnan(values)
    if not lost.any() and not (most - least > SAME).any():
        return measure
    weights = None if cases.weights is None else cases.weights[part.member][asked]
    low, high = (scale * float(np.average(end[asked], weights=weights)) for end in (least, most))
    return replace(measure, case_low=low + 0.0, case_high=high + 0.0)


def _coefficient(finding: PairTables, settings: Settings) -> Measure:
    counted = ~np.isnan(finding.tables).any((1, 2))
    tables = finding.tables[counted]
    measure = Measure(
        finding.measure, finding.judge, finding.perturbation, None, ALL, "coefficient",
        n_pairs=len(tables), n_verdicts=int(finding.verdicts[counted].sum()),
    )  # fmt: skip
    if finding.cases is not None:
        measure = replace(measure, case_low=finding.cases.low, case_high=finding.cases.high)
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
        caution="; ".join(filter(None, (measure.caution, interval.caution))) or None,
    )


def is_confirmatory(measure: Measure, declared: Sequence[str], subjects: Subjects) -> bool:
    """Whether a tested cell is of the family that Holm adjusts.

    Args:
        measure: the cell.
        declared: the confirmatory measures.
        subjects: the judges and artifacts of the audit.
    """
    headline = measure.measure in declared and measure.slice == ALL and measure.side is None
    return headline and subjects.is_hypothesis(measure.judge, measure.perturbation)


def _read(cell: Draft, adjusted: _Adjusted, settings: Settings) -> Measure:
    measure = replace(cell.measure, p_adjusted=adjusted.p)
    if cell.values is None or measure.estimate is None:
        return measure
    margin = settings.margin_points * cell.scale / 100
    reading = read(measure.estimate, adjusted.p, cell.equivalence, margin, settings.alpha)
    needed = None
    if reading is Reading.INCONCLUSIVE:
        needed = pairs_needed(
            cell.values, cell.low, cell.high, settings.margin_points / 100, settings.alpha, adjusted.level
        )
    measure = replace(measure, margin=margin, reading=reading, pairs_needed=needed)
    if not _holds_whatever_failed(measure, margin):
        measure = replace(measure, caution="; ".join(filter(None, (measure.caution, FAILURES_DECIDE))))
    return measure


def _holds_whatever_failed(measure: Measure, margin: float) -> bool:
    """Whether an estimate that reads robust or sensitive stays on its side of the margin in worst and best case."""
    low, high = measure.case_low, measure.case_high
    if low is None or high is None or measure.reading is Reading.INCONCLUSIVE:
        return True
    if measure.reading is Reading.ROBUST:
        return -margin < low and high < margin
    return low > margin if (measure.estimate or 0.0) > 0 else high < -margin
