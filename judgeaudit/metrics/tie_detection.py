"""Does the judge see that two texts are equally good? A response against its own perturbed copy, or itself.

Tie detection is the mean of p(target) - p(other) in points, where the target is the copy with the artifact; for
position, two identical texts, where it is the text shown first. An ideal judge scores 0. A score near 0 can also
come from biases that cancel, so the share of decisive verdicts stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from judgeaudit.metrics.cases import Term, linear
from judgeaudit.metrics.findings import Floats, PairValues, mean_of_sides, verdicts_used
from judgeaudit.metrics.observations import Cells, JudgeVerdicts
from judgeaudit.metrics.record import POSITION
from judgeaudit.metrics.verdict_rows import A, B
from judgeaudit.records import Arm

FIRST_IS_A = np.array([1.0, -1.0])
"""By order: text a is shown first in ``ab``, text b in ``ba``."""


def tie_detection(judge: JudgeVerdicts) -> Iterator[PairValues]:
    """``tie_detection`` and ``decisive_share`` of every perturbation in tie arms, and of position."""
    for perturbation in judge.perturbations(Arm.TIE):
        yield from _of_arm(judge, Arm.TIE, perturbation)
    if judge.sides(Arm.IDENTICAL, None):
        yield from _of_arm(judge, Arm.IDENTICAL, None)


def lead(cells: Cells) -> Floats:
    """(pairs, 2): how much more often a wins than b, by order."""
    ahead: Floats = cells.share[..., A] - cells.share[..., B]
    return ahead


def lead_of_first(cells: Cells) -> Floats:
    """(pairs, 2): how much more often the text wins that is shown first, by order."""
    ahead: Floats = lead(cells) * FIRST_IS_A
    return ahead


def decisive(cells: Cells) -> Floats:
    """(pairs, 2): how often either wins, by order."""
    either: Floats = cells.share[..., A] + cells.share[..., B]
    return either


def _of_arm(judge: JudgeVerdicts, arm: Arm, perturbation: str | None) -> Iterator[PairValues]:
    sides = [cells for _, cells in judge.sides(arm, perturbation)]
    target_leads = lead_of_first if arm is Arm.IDENTICAL else lead
    leads = [cells.mean(target_leads(cells)) for cells in sides]
    name = POSITION if arm is Arm.IDENTICAL else perturbation
    used = verdicts_used(leads, [[cells] for cells in sides])
    yield PairValues(
        "tie_detection", judge.name, name, None, "points", mean_of_sides(leads), used, low=-1.0, sliced=True,
        cases=linear([[Term(cells, target_leads)] for cells in sides]),
    )  # fmt: skip
    shares = mean_of_sides([cells.mean(decisive(cells)) for cells in sides])
    yield PairValues(
        "decisive_share", judge.name, name, None, "proportion", shares, used,
        cases=linear([[Term(cells, decisive)] for cells in sides]),
    )  # fmt: skip
