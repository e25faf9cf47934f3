"""Does the verdict depend on how the judge is asked? Flips between the prompts by which one judge is asked.

At baseline and in the same order, the chance that a verdict by one prompt and one by another differ, less what two
verdicts by one prompt differ anyway: the mean of the two prompts' own noise floors. Means are over pairs of prompts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from judgeaudit.metrics.findings import Floats, PairValues, verdicts_used
from judgeaudit.metrics.flips import flip_rates
from judgeaudit.metrics.observations import Cells, JudgeVerdicts, in_shared_orders
from judgeaudit.metrics.subjects import Wording


def wording_flips(judges: Sequence[JudgeVerdicts], wordings: Mapping[str, Wording]) -> Iterator[PairValues]:
    """``flip_wording``, ``noise_floor_wording`` and ``noise_adjusted_flip_wording`` of judges asked in several ways.

    Args:
        judges: all judges of the audit.
        wordings: whose wording each of them is.
    """
    by_judge: dict[str, list[Cells]] = {}
    for judge in judges:
        if judge.name in wordings and judge.baseline is not None:
            by_judge.setdefault(wordings[judge.name].judge, []).append(judge.baseline)
    for name, baselines in by_judge.items():
        if len(baselines) > 1:
            yield from _of_judge(name, baselines)


def _of_judge(name: str, baselines: Sequence[Cells]) -> Iterator[PairValues]:
    flips: list[Floats] = []
    floors: list[Floats] = []
    used: list[tuple[Cells, ...]] = []
    for one, other in combinations(baselines, 2):
        shared = in_shared_orders(one, other)
        flips.append(shared[0].mean(flip_rates(one.share, other.share, "a")["flip"]))
        floors.append(shared[0].mean(1 - (one.agreement() + other.agreement()) / 2))
        used.append(shared)
    # A pair counts where every prompt got a verdict on it: another set of prompts would be another question.
    flip = np.mean(flips, axis=0)
    floor = np.where(np.isnan(flip), np.nan, np.mean(floors, axis=0))
    for measure, values, low in (
        ("flip_wording", flip, 0.0),
        ("noise_floor_wording", floor, 0.0),
        ("noise_adjusted_flip_wording", flip - floor, -1.0),
    ):
        counts = verdicts_used([values] * len(used), used)
        yield PairValues(measure, name, None, None, "proportion", values, counts, low=low)
