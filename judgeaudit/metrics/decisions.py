"""After which stage was each cell of the confirmatory family decided, where pairs were bought in stages?

A cell is decided as in any audit: *sensitive* where the adjusted test finds an effect and the estimate is beyond the
margin, *robust* where the equivalence tests reject effects as large as the margin. It then stays as it was decided,
also where its judge goes on for another cell: its figures are those of the pairs up to that stage.

Half of every error rate is spent on tests that hold at every number of pairs (``stats.confidence_sequence``), after
each stage, and half on one look with the ordinary tests, after the last pair. The chance that either errs is at most
the sum, so a p-value is twice the lesser of the two. What cannot be decided early then loses less: the ordinary tests
of all pairs at half their level miss fewer cells than the sequence at its full one.

Holm's adjustment holds here too. Let p_i be the least that cell i's p-value ever is: under a true null hypothesis it
is below a with probability at most a. A stage at which Holm rejects a true hypothesis, one of m, is one at which some
true p_i is at most alpha / m, by Holm's own argument; over all stages together, by the union of m such events, that
has a probability of at most alpha. The family's size is that of the whole design, not of the cells measured so far.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from judgeaudit.metrics.findings import Floats, Ints, PairValues
from judgeaudit.metrics.record import ALL, Measure, Settings
from judgeaudit.metrics.subjects import Subjects
from judgeaudit.metrics.summary import Draft, Slice, draft
from judgeaudit.stats import (
    SEQUENCE_METHOD,
    Interval,
    Reading,
    anytime_equivalence_p,
    anytime_p,
    confidence_sequence,
    equivalence_interval,
    holm,
    mean_interval,
    sign_flip,
)
from judgeaudit.stats.thresholds import EARLY_SHARE


class CellName(NamedTuple):
    """What names a cell of the confirmatory family: it is over all pairs and both sides."""

    measure: str
    judge: str
    perturbation: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What is known of one cell.

    Attributes:
        cell: its name.
        stage: the stage, from 0, after which it was decided; None where it is not.
        reading: ``inconclusive`` where it is not decided.
        n_pairs: how many pairs it rests on.
        p, p_adjusted: valid at all stages together, and after Holm's adjustment.
    """

    cell: CellName
    stage: int | None
    reading: Reading
    n_pairs: int
    p: float
    p_adjusted: float


LAST_LOOK_METHOD = f"{SEQUENCE_METHOD}, cut to the ordinary interval of all pairs"

STOPPED_CELL = "stopped when it was decided: such an estimate is on average a little larger than the effect"
"""Of a cell that was decided before the last pair."""

STOPPED_JUDGE = (
    "how many pairs were judged depended on the verdicts (design.stop=when_decided), of which interval and p know "
    "nothing"
)
"""Of every other measure of a judge that was not asked everything."""


def name_of(finding: PairValues) -> CellName:
    """The name of the cell that a finding is of."""
    return CellName(finding.measure, finding.judge, finding.perturbation)


def in_family(finding: object, settings: Settings, subjects: Subjects) -> bool:
    """Whether a finding is one of the cells that the family consists of."""
    return (
        isinstance(finding, PairValues)
        and finding.measure in settings.confirmatory
        and finding.side is None
        and finding.within is None
        and subjects.is_hypothesis(finding.judge, finding.perturbation)
    )


def decide(
    cells: Sequence[PairValues], unseen: Sequence[CellName], stage: Ints, settings: Settings
) -> list[Decision]:
    """Decide every cell, stage after stage, from the verdicts that there are so far.

    Args:
        cells: the family, as far as there is a verdict of it.
        unseen: the rest of the family, of which there is none yet.
        stage: (pairs,) the stage of each pair, from 0.
        settings: margin and error rate.
    """
    unjudged = [Decision(cell, None, Reading.INCONCLUSIVE, 0, 1.0, 1.0) for cell in unseen]
    if not cells:
        return unjudged
    n_stages = int(stage.max(initial=0)) + 1
    margin = settings.margin_points / 100
    followed = [_follow(cell, stage, n_stages, margin, settings.alpha) for cell in cells]
    p, equivalent, estimates = (np.stack(part) for part in zip(*followed, strict=True))
    at = np.full(len(cells), n_stages - 1)  # the stage that counts for each cell
    readings = [Reading.INCONCLUSIVE] * len(cells)
    adjusted = np.ones(len(cells))
    for now in range(n_stages):
        current = p[np.arange(len(cells)), np.minimum(at, now)]
        adjusted = holm([*current, *[1.0] * len(unseen)])[: len(cells)]
        size = np.abs(estimates[:, now])
        sensitive = (adjusted < settings.alpha) & (size > margin)
        robust = equivalent[:, now] & (size < margin)
        for index in np.flatnonzero(sensitive | robust).tolist():
            if readings[index] is Reading.INCONCLUSIVE:
                readings[index] = Reading.SENSITIVE if sensitive[index] else Reading.ROBUST
                at[index] = now
    return [
        Decision(
            name_of(cell),
            None if reading is Reading.INCONCLUSIVE else int(last),
            reading,
            int((~np.isnan(cell.values) & (stage <= last)).sum()),
            float(p[index, last]),
            float(adjusted[index]),
        )
        for index, (cell, reading, last) in enumerate(zip(cells, readings, at, strict=True))
    ] + unjudged


def settled(finding: PairValues, decision: Decision, stage: Ints, settings: Settings) -> Draft:
    """The cell as it was decided, or as it stands after the last stage; nothing is left to be adjusted or read."""
    n_stages = int(stage.max(initial=0)) + 1
    last = n_stages - 1 if decision.stage is None else decision.stage
    found = next(draft(finding, [Slice(ALL, stage <= last)], settings))
    measure = found.measure
    if measure.estimate is None:
        return Draft(measure)
    values, ends = _by_stage(finding, stage, last + 1)
    interval = _interval(finding, values, ends, last == n_stages - 1, settings.ci_level).scaled(found.scale)
    return Draft(
        replace(
            measure,
            ci_low=interval.low,
            ci_high=interval.high,
            ci_level=interval.level,
            ci_method=interval.method,
            p=decision.p,
            p_adjusted=decision.p_adjusted,
            margin=settings.margin_points * found.scale / 100,
            reading=decision.reading,
            caution=STOPPED_CELL if last < n_stages - 1 else None,
        )
    )


def warned(measure: Measure, stopped: frozenset[str], decisions: Collection[CellName]) -> Measure:
    """The measure with a caution where its judge was not asked everything and it is no cell of the family.

    Args:
        measure: as concluded.
        stopped: the judges that were not asked everything.
        decisions: the cells of the family.
    """
    is_cell = measure.slice == ALL and measure.side is None
    if measure.judge not in stopped or (
        is_cell and CellName(measure.measure, measure.judge, measure.perturbation) in decisions
    ):
        return measure
    return replace(measure, caution="; ".join(filter(None, (measure.caution, STOPPED_JUDGE))))


def _follow(
    cell: PairValues, stage: Ints, n_stages: int, margin: float, alpha: float
) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """After each stage (stages,): the p of no effect, whether effects as large as the margin are rejected, the mean.

    Before the first pair of a cell its mean is 0, and nothing is found or rejected.
    """
    values, ends = _by_stage(cell, stage, n_stages)
    sums = np.concatenate([[0.0], np.cumsum(values)])[ends]
    means = sums / np.maximum(ends, 1)
    p = anytime_p(values, cell.low, cell.high, 0.0, ends) / EARLY_SHARE
    equivalent = anytime_equivalence_p(values, cell.low, cell.high, margin, ends) < alpha * EARLY_SHARE
    if np.count_nonzero(~np.isnan(cell.values) & (stage == n_stages - 1)):  # it was asked to the end
        p[-1] = min(p[-1], sign_flip(values) / (1 - EARLY_SHARE))
        interval = equivalence_interval(values, cell.low, cell.high, margin, alpha * (1 - EARLY_SHARE))
        equivalent[-1] |= interval is not None and interval.inside(margin)
    return np.minimum(p, 1.0), equivalent, means


def _interval(cell: PairValues, values: Floats, ends: Ints, is_last: bool, level: float) -> Interval:
    """What the sequence leaves after the last stage of a cell, and after the last pair the ordinary interval too."""
    lower, upper = confidence_sequence(values, cell.low, cell.high, 1 - (1 - level) * EARLY_SHARE, ends)
    low, high, method = float(lower[-1]), float(upper[-1]), SEQUENCE_METHOD
    last_look = mean_interval(values, cell.low, cell.high, 1 - (1 - level) * (1 - EARLY_SHARE))
    if is_last and last_look is not None:
        low, high, method = max(low, last_look.low), min(high, last_look.high), LAST_LOOK_METHOD
    mean = float(values.mean())
    # Earlier stages may have said otherwise: the interval still holds its own estimate.
    return Interval(min(low, mean), max(high, mean), level, method)


def _by_stage(cell: PairValues, stage: Ints, n_stages: int) -> tuple[Floats, Ints]:
    """The counted pairs' values in the order of their stages, and how many there are up to the end of each."""
    counted = ~np.isnan(cell.values) & (stage < n_stages)
    order = np.argsort(stage[counted], kind="stable")
    ends = np.cumsum(np.bincount(stage[counted], minlength=n_stages))
    return cell.values[counted][order], ends.astype(np.int64)
