"""How far does an artifact move a verdict beyond what any edit of its place and size does?

On each pair and side that has both, the winrate with the artifact less the winrate with its neutral control, in the
same order. The baseline drops out of the difference of the two shifts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from judgeaudit.metrics.cases import Term, linear
from judgeaudit.metrics.findings import Floats, PairValues, mean_of_sides, verdicts_used
from judgeaudit.metrics.observations import Cells, JudgeVerdicts, in_shared_orders
from judgeaudit.metrics.winrate_shift import shift_terms, winrate
from judgeaudit.records import Arm


def above_placebo(judge: JudgeVerdicts, placebos: Mapping[str, str]) -> Iterator[PairValues]:
    """``shift_above_placebo`` of every artifact whose control was shown too.

    Args:
        judge: the verdicts.
        placebos: each artifact's neutral control, by name.
    """
    for artifact, control in placebos.items():
        controls = dict(judge.sides(Arm.INJECTED, control))
        differences: list[Floats] = []
        used: list[list[Cells]] = []
        terms: list[list[Term]] = []
        for side, carrier in judge.sides(Arm.INJECTED, artifact):
            if side in controls:
                cells, other = in_shared_orders(carrier, controls[side])
                terms.append(shift_terms(cells, other, side))
                differences.append(cells.mean(winrate(cells, side)) - other.mean(winrate(other, side)))
                used.append([cells, other])
        if differences:
            yield PairValues(
                "shift_above_placebo", judge.name, artifact, None, "points", mean_of_sides(differences),
                verdicts_used(differences, used), low=-1.0, cases=linear(terms),
            )  # fmt: skip
