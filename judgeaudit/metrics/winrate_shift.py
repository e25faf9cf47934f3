"""How far does a side's winrate move when the artifact is put into it, and everything else stays as it is?

A win counts 1, a tie 1/2, and so does an unparsed reply that was declared an answer of its own: it prefers neither.
The shift compares injected and baseline verdicts on the same pair in the same order, so neither position nor the
responses' quality enters. For position it is the winrate of a response when shown first minus that of the same
response when shown second, over baseline verdicts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from judgeaudit.metrics.cases import Term, linear
from judgeaudit.metrics.findings import Floats, PairValues, mean_of_sides, verdicts_used
from judgeaudit.metrics.observations import Cells, JudgeVerdicts, in_shared_orders
from judgeaudit.metrics.record import POSITION
from judgeaudit.metrics.reference import Reference
from judgeaudit.metrics.tie_detection import FIRST_IS_A
from judgeaudit.metrics.verdict_rows import TIE, A, B
from judgeaudit.records import Arm, Side


def winrate(cells: Cells, side: Side) -> Floats:
    """(pairs, 2): the winrate of one side by order."""
    wins: Floats = cells.share[..., A if side == "a" else B] + cells.share[..., TIE:].sum(-1) / 2
    return wins


def gain_of_first(cells: Cells) -> Floats:
    """(pairs, 2): what adds up, in the mean of both orders, to a's winrate when shown first less that when second."""
    return 2 * FIRST_IS_A * winrate(cells, "a")


def shift_terms(cells: Cells, before: Cells, side: Side) -> list[Term]:
    """One side's winrate less the one before."""
    own = partial(winrate, side=side)
    return [Term(cells, own), Term(before, own, -1.0)]


ROLES = {"preferred": (A, B), "less_preferred": (B, A)}
"""Whose winrate a role's is, by the label: of the response that it prefers, or of the other."""


def winrate_shift(judge: JudgeVerdicts, reference: Reference) -> Iterator[PairValues]:
    """``winrate_shift`` of every perturbation for side a, side b and both, by the label's roles, and of position."""
    baseline = judge.baseline
    if baseline is None:
        return
    for perturbation in judge.perturbations(Arm.INJECTED):
        shifts: list[Floats] = []
        used: list[list[Cells]] = []
        terms: list[list[Term]] = []
        by_side: dict[Side, Floats] = {}
        for side, injected in judge.sides(Arm.INJECTED, perturbation):
            cells, before = in_shared_orders(injected, baseline)
            shift = cells.mean(winrate(cells, side) - winrate(before, side))
            shifts.append(shift)
            used.append([cells, before])
            terms.append(shift_terms(cells, before, side))
            by_side[side] = shift
            counts = verdicts_used([shift], used[-1:])
            yield PairValues(
                "winrate_shift", judge.name, perturbation, side, "points", shift, counts, low=-1.0,
                cases=linear(terms[-1:]),
            )  # fmt: skip
        if shifts:
            both, counts = mean_of_sides(shifts), verdicts_used(shifts, used)
            yield PairValues(
                "winrate_shift", judge.name, perturbation, None, "points", both, counts, low=-1.0, sliced=True,
                cases=linear(terms),
            )  # fmt: skip
            yield from _by_role(judge, perturbation, by_side, used, terms, reference)
    if (baseline.asked > 0).all(1).any():
        wins = winrate(baseline, "a")
        shift = wins[:, 0] - wins[:, 1]
        counts = verdicts_used([shift], [[baseline]])
        yield PairValues(
            "winrate_shift", judge.name, POSITION, None, "points", shift, counts, low=-1.0, sliced=True,
            cases=linear([[Term(baseline, gain_of_first)]], [baseline.asked.min(1) > 0]),
        )  # fmt: skip


def _by_role(
    judge: JudgeVerdicts,
    perturbation: str,
    by_side: Mapping[Side, Floats],
    used: Sequence[Sequence[Cells]],
    terms: Sequence[Sequence[Term]],
    reference: Reference,
) -> Iterator[PairValues]:
    """The shift of the response that the label prefers and of the other, where some pairs show each."""
    plays = {
        role: [reference.label[:, columns[0 if side == "a" else 1]] > 0 for side in by_side]
        for role, columns in ROLES.items()
    }
    found = {
        role: [np.where(own, shift, np.nan) for own, shift in zip(plays[role], by_side.values(), strict=True)]
        for role in ROLES
    }
    means = {role: mean_of_sides(values) for role, values in found.items()}
    if any(np.isnan(values).all() for values in means.values()):
        return
    for role, values in means.items():
        yield PairValues(
            "winrate_shift", judge.name, perturbation, None, "points", values,
            verdicts_used(found[role], used), low=-1.0, within=f"artifact_on={role}",
            cases=linear(terms, plays[role]),
        )  # fmt: skip
