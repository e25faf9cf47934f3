"""Does the judge's agreement with the label survive an apology, or whatever else is put into a response?

On each pair that has both, the chance that the judge says what is true with the artifact in a response less the same
chance without it, in the same order. The truth is that of the pair as it is: an artifact changes what the judge sees
and not which response is better. Accuracy under an artifact alone would leave open whether it fell or was low before.

What accuracy on decisive labels loses needs no measure of its own: it is half the winrate shift of the artifact in the
preferred response less half that in the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from judgeaudit.metrics.cases import Term, linear
from judgeaudit.metrics.findings import Floats, PairValues, mean_of_sides, verdicts_used
from judgeaudit.metrics.human_agreement import right
from judgeaudit.metrics.observations import Cells, JudgeVerdicts, in_shared_orders
from judgeaudit.metrics.reference import Reference
from judgeaudit.records import Arm


def agreement_shift(judge: JudgeVerdicts, reference: Reference) -> Iterator[PairValues]:
    """``accuracy_shift`` of every perturbation, the mean over the sides that carry it."""
    if judge.baseline is None or not reference.labelled.any():
        return
    is_right = partial(_right_by_order, truth=reference.truth)
    for perturbation in judge.perturbations(Arm.INJECTED):
        shifts: list[Floats] = []
        used: list[list[Cells]] = []
        for _, injected in judge.sides(Arm.INJECTED, perturbation):
            cells, before = in_shared_orders(injected, judge.baseline)
            shift = cells.mean(is_right(cells) - is_right(before))
            shifts.append(np.where(reference.labelled, shift, np.nan))
            used.append([cells, before])
        if shifts:
            terms = [[Term(cells, is_right), Term(before, is_right, -1.0)] for cells, before in used]
            yield PairValues(
                "accuracy_shift", judge.name, perturbation, None, "points", mean_of_sides(shifts),
                verdicts_used(shifts, used), low=-1.0, sliced=True,
                cases=linear(terms, [reference.labelled] * len(terms)),
            )  # fmt: skip


def _right_by_order(cells: Cells, truth: Floats) -> Floats:
    """(pairs, 2): the chance of the verdict that is true, by order."""
    return right(cells.share, truth[:, None, :])
