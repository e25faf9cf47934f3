"""How much more does a stronger dose of an artifact move the winrate? The least-squares slope over the dose.

On each pair and side that has every dose, with dose 0 the pair as it is, the slope of the side's winrate W over the
dose d is the linear contrast sum(c W) with c = (d - mean(d)) / sum((d - mean(d))^2). A straight line is a summary: a
curve that saturates has a slope too, and the figure of the doses shows its shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np

from judgeaudit.metrics.cases import Term, linear
from judgeaudit.metrics.findings import Floats, PairValues, mean_of_sides, verdicts_used
from judgeaudit.metrics.observations import Cells, JudgeVerdicts, in_shared_orders
from judgeaudit.metrics.subjects import Dose
from judgeaudit.metrics.winrate_shift import winrate
from judgeaudit.records import SIDES, Arm


def dose_slope(judge: JudgeVerdicts, doses: Mapping[str, Dose]) -> Iterator[PairValues]:
    """``dose_slope`` of every perturbation at several doses, in points for one unit of its dose.

    Args:
        judge: the verdicts.
        doses: the perturbations that are a dose of another.
    """
    baseline = judge.baseline
    if baseline is None:
        return
    by_base: dict[str, dict[float, str]] = {}
    for name in judge.perturbations(Arm.INJECTED):
        if name in doses:
            by_base.setdefault(doses[name].base, {})[doses[name].amount] = name
    for base, levels in by_base.items():
        if len(levels) > 1:
            yield _slope(judge, baseline, base, levels)


def _slope(judge: JudgeVerdicts, baseline: Cells, base: str, levels: Mapping[float, str]) -> PairValues:
    amounts = np.array([0.0, *sorted(levels)])
    centred = amounts - amounts.mean()
    contrast = centred / np.square(centred).sum()
    slopes: list[Floats] = []
    used: list[tuple[Cells, ...]] = []
    terms: list[list[Term]] = []
    for side in SIDES:
        found = [judge.places.get((Arm.INJECTED, levels[amount], side)) for amount in sorted(levels)]
        dosed = [cells for cells in found if cells is not None]
        if len(dosed) == len(found):
            of_side = in_shared_orders(baseline, *dosed)
            own = partial(winrate, side=side)
            factors = contrast.tolist()
            terms.append([Term(cells, own, factor) for cells, factor in zip(of_side, factors, strict=True)])
            slopes.append(np.sum([factor * cells.mean(own(cells)) for cells, _, factor in terms[-1]], axis=0))
            used.append(of_side)
    missing = np.full(len(baseline.share), np.nan)
    values = mean_of_sides(slopes) if slopes else missing
    counts = verdicts_used(slopes, used) if slopes else np.zeros(len(missing), dtype=np.int64)
    # Winrates lie in [0, 1], so that a contrast lies within half the sum of its sizes.
    most = float(np.abs(contrast).sum() / 2)
    return PairValues(
        "dose_slope", judge.name, base, None, "points", values, counts, low=-most, high=most, cases=linear(terms)
    )  # fmt: skip
