"""Does the verdict stay the same when both responses carry the artifact? It should: neither gains by it.

The flip and its noise floor are those of ``flips``; there is no direction, since both sides are targets.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from judgeaudit.metrics.findings import PairValues, verdicts_used
from judgeaudit.metrics.flip_cases import flip_cases
from judgeaudit.metrics.flips import flip_rates
from judgeaudit.metrics.observations import JudgeVerdicts, in_shared_orders
from judgeaudit.records import Arm


def both_sides(judge: JudgeVerdicts) -> Iterator[PairValues]:
    """``flip_both``, ``noise_floor_both`` and ``noise_adjusted_flip_both`` of every perturbation in the both arm."""
    if judge.baseline is None:
        return
    for name in judge.perturbations(Arm.BOTH):
        cells, baseline = in_shared_orders(judge.places[Arm.BOTH, name, None], judge.baseline)
        flip = cells.mean(flip_rates(baseline.share, cells.share, "a")["flip"])
        floor = np.where(np.isnan(flip), np.nan, cells.mean(1 - baseline.agreement()))
        found = flip_cases(judge.baseline, [cells])
        for measure, values, used, low, cases in (
            ("flip_both", flip, [cells, baseline], 0.0, found.flip),
            ("noise_floor_both", floor, [baseline], 0.0, found.floor),
            ("noise_adjusted_flip_both", flip - floor, [cells, baseline], -1.0, found.adjusted),
        ):
            counts = verdicts_used([values], [used])
            yield PairValues(
                measure, judge.name, name, None, "proportion", values, counts, low=low, cases=cases
            )
