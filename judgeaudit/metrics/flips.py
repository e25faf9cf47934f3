"""How often does the artifact change the verdict, and how often would the verdict have changed anyway?

A flip is a verdict on the injected trial that differs, in terms of content, from the one at baseline in the same
order. Between distributions p and q it has probability 1 - sum(p q); counted verdicts give the same number as the
share of all (baseline replicate, injected replicate) combinations that differ, which is unbiased. The noise floor
is the same rate between two baseline replicates; a judge that merely answers at random flips as often as that.
Between the two orders Cohen's kappa stands beside the rate.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from judgeaudit.metrics.cases import convex, of_complement
from judgeaudit.metrics.findings import (
    Finding,
    Floats,
    PairTables,
    PairValues,
    in_use,
    mean_of_sides,
    verdicts_used,
)
from judgeaudit.metrics.flip_cases import flip_cases, order_flip_cases
from judgeaudit.metrics.observations import Cells, JudgeVerdicts, in_shared_orders
from judgeaudit.metrics.record import POSITION
from judgeaudit.metrics.verdict_rows import TIE, UNREADABLE, A, B
from judgeaudit.records import Arm, Side
from judgeaudit.stats import cohen_kappa

KINDS = ("flip", "reversal", "softening", "hardening", "flip_toward", "flip_away")


def flips(judge: JudgeVerdicts) -> Iterator[Finding]:
    """Flips of every perturbation by kind and direction, each with its noise floor; and those between orders."""
    baseline = judge.baseline
    if baseline is None:
        return
    for perturbation in judge.perturbations(Arm.INJECTED):
        sides = judge.sides(Arm.INJECTED, perturbation)
        if sides:
            yield from _of_perturbation(judge, baseline, perturbation, sides)
    if (baseline.asked > 0).all(1).any():
        yield from _between_orders(judge, baseline)


def noise_floor(judge: JudgeVerdicts) -> Iterator[PairValues]:
    """``noise_floor`` of the judge as such: over all its baseline verdicts."""
    if judge.baseline is not None:
        floor = judge.baseline.mean(1 - judge.baseline.agreement())
        used = verdicts_used([floor], [[judge.baseline]])
        cases = of_complement(convex(judge.baseline, Cells.agreement))
        yield PairValues("noise_floor", judge.name, None, None, "proportion", floor, used, cases=cases)


def flip_rates(before: Floats, after: Floats, target: Side) -> dict[str, Floats]:
    """The chance of each kind of flip between two distributions (..., contents).

    A change to or from an unparsed reply, where that is an answer of its own, is a flip without kind or direction.

    Args:
        before, after: independent verdicts' distributions.
        target: the side that carries the artifact; toward means a change in its favour.
    """
    own, other = (A, B) if target == "a" else (B, A)

    def move(source: int, goal: int) -> Floats:
        moved: Floats = before[..., source] * after[..., goal]
        return moved

    reversal_toward, reversal_away = move(other, own), move(own, other)
    softening_toward, softening_away = move(other, TIE), move(own, TIE)
    hardening_toward, hardening_away = move(TIE, own), move(TIE, other)
    toward = reversal_toward + softening_toward + hardening_toward
    away = reversal_away + softening_away + hardening_away
    flip = toward + away
    if before.shape[-1] > UNREADABLE:
        lost, found = before[..., UNREADABLE], after[..., UNREADABLE]
        flip = flip + lost * (1 - found) + (1 - lost) * found
    return {
        "flip": flip,
        "reversal": reversal_toward + reversal_away,
        "softening": softening_toward + softening_away,
        "hardening": hardening_toward + hardening_away,
        "flip_toward": toward,
        "flip_away": away,
    }


def _of_perturbation(
    judge: JudgeVerdicts, baseline: Cells, perturbation: str, sides: list[tuple[Side, Cells]]
) -> Iterator[PairValues]:
    disagreement = 1 - baseline.agreement()
    by_kind: dict[str, list[Floats]] = {kind: [] for kind in KINDS}
    floors: list[Floats] = []
    cells_used = [in_shared_orders(cells, baseline) for _, cells in sides]
    for (side, _), (cells, _) in zip(sides, cells_used, strict=True):
        for kind, rates in flip_rates(baseline.share, cells.share, side).items():
            by_kind[kind].append(cells.mean(rates))
        # The floor of the very pairs, sides and orders that the flips come from.
        floors.append(np.where(np.isnan(by_kind["flip"][-1]), np.nan, cells.mean(disagreement)))
    used = verdicts_used(by_kind["flip"], cells_used)
    cases = flip_cases(baseline, [cells for cells, _ in cells_used])
    for kind in KINDS:
        yield PairValues(
            kind, judge.name, perturbation, None, "proportion", mean_of_sides(by_kind[kind]), used,
            cases=cases.flip if kind == "flip" else None,
        )  # fmt: skip
    floor = mean_of_sides(floors)
    floor_used = verdicts_used(floors, [[before] for _, before in cells_used])
    yield PairValues(
        "noise_floor", judge.name, perturbation, None, "proportion", floor, floor_used, cases=cases.floor
    )
    adjusted = mean_of_sides([flip - own for flip, own in zip(by_kind["flip"], floors, strict=True)])
    both_used = verdicts_used(floors, cells_used)
    yield PairValues(
        "noise_adjusted_flip", judge.name, perturbation, None, "proportion", adjusted, both_used, low=-1.0,
        cases=cases.adjusted,
    )  # fmt: skip


def _between_orders(judge: JudgeVerdicts, baseline: Cells) -> Iterator[Finding]:
    """The two orders as baseline and injection: what changes is the position alone."""
    flip = flip_rates(baseline.share[:, 0], baseline.share[:, 1], "a")["flip"]
    floor = np.where(np.isnan(flip), np.nan, (1 - baseline.agreement()).mean(1))
    used, floor_used = (verdicts_used([values], [[baseline]]) for values in (flip, floor))
    found = order_flip_cases(baseline)
    for measure, values, counts, low, cases in (
        ("position_consistency", 1 - flip, used, 0.0, of_complement(found.flip)),
        ("flip", flip, used, 0.0, found.flip),
        ("noise_floor", floor, floor_used, 0.0, found.floor),
        ("noise_adjusted_flip", flip - floor, floor_used, -1.0, found.adjusted),
    ):
        yield PairValues(
            measure, judge.name, POSITION, None, "proportion", values, counts, low=low, cases=cases
        )
    tables = baseline.share[:, 0, :, None] * baseline.share[:, 1, None, :]
    yield PairTables("order_kappa", judge.name, POSITION, in_use(tables), used, cohen_kappa)


def lenient_consistency(judge: JudgeVerdicts) -> PairValues | None:
    """``position_consistency`` where a verdict whose counterpart cannot be read counts as consistent (Shi et al. 2024).

    Args:
        judge: its verdicts, with unparsed replies as a category. Its readable verdicts weigh the same; a pair of which
            none can be read is not counted.
    """
    baseline = judge.baseline
    if baseline is None or not (baseline.asked > 0).all(1).any():
        return None
    first, second = baseline.share[:, 0], baseline.share[:, 1]
    lost_first, lost_second = first[:, UNREADABLE], second[:, UNREADABLE]
    readable = 2 - lost_first - lost_second
    same = (first * second)[:, :UNREADABLE].sum(1)
    consistent = (1 - lost_first) * lost_second + (1 - lost_second) * lost_first + 2 * same
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(readable > 0, consistent / readable, np.nan)
    used = verdicts_used([values], [[baseline]])
    return PairValues(
        "position_consistency", judge.name, POSITION, None, "proportion", values, used, weights=readable
    )
