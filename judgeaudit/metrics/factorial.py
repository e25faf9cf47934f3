"""What does each artifact add when several are crossed, and do they add up? Margins of a factorial design.

Over all 2^k combinations S of k artifacts put into one side, with W(S) that side's winrate and W of none the
baseline's, the effect of a set T of artifacts is the classical contrast

    effect(T) = 2^(1 - k) * sum over S of (-1)^(number of T's artifacts not in S) * W(S),

(Box, Hunter and Hunter, Statistics for Experimenters, chapter 5). For one artifact it is its main effect: how far
it moves the winrate on average over the others' absence and presence. For several it is their interaction: half
the difference between one's effect with the other and without it, 0 where effects add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations

import numpy as np

from judgeaudit.metrics.cases import Term, linear
from judgeaudit.metrics.findings import Floats, PairValues, mean_of_sides, verdicts_used
from judgeaudit.metrics.observations import Cells, JudgeVerdicts, in_shared_orders
from judgeaudit.metrics.winrate_shift import winrate
from judgeaudit.perturb.declaration import PART_SEPARATOR, parts_of
from judgeaudit.records import SIDES, Arm, Side

OF = " of "
"""``apology of apology+authority``: the main effect of the apology in that design."""


def factorial_effects(judge: JudgeVerdicts) -> Iterator[PairValues]:
    """``main_effect`` and ``interaction`` in points, for every composition whose every combination was injected.

    A pair counts on a side where it has all combinations.
    """
    baseline = judge.baseline
    if baseline is None:
        return
    injected = set(judge.perturbations(Arm.INJECTED))
    for name in sorted(injected):
        factors = parts_of(name)
        cells = [names for size in range(1, len(factors) + 1) for names in combinations(factors, size)]
        if len(factors) < 2 or any(PART_SEPARATOR.join(names) not in injected for names in cells):
            continue
        for effect in cells:
            yield _effect(judge, baseline, factors, effect, [(), *cells])


def _effect(
    judge: JudgeVerdicts,
    baseline: Cells,
    factors: tuple[str, ...],
    effect: tuple[str, ...],
    combined: list[tuple[str, ...]],
) -> PairValues:
    contrasts: list[Floats] = []
    used: list[Sequence[Cells]] = []
    terms: list[list[Term]] = []
    for side in SIDES:
        found = [_cells(judge, baseline, names, side) for names in combined]
        of_side = in_shared_orders(*(cells for cells in found if cells is not None))
        if len(of_side) < len(combined):
            continue
        scale = 2.0 ** (1 - len(factors))
        signs = [-1 if len(set(effect) - set(names)) % 2 else 1 for names in combined]
        rates = [sign * cells.mean(winrate(cells, side)) for sign, cells in zip(signs, of_side, strict=True)]
        contrasts.append(np.sum(rates, axis=0) * scale)
        used.append(of_side)
        own = partial(winrate, side=side)
        terms.append([Term(cells, own, sign * scale) for sign, cells in zip(signs, of_side, strict=True)])
    values = mean_of_sides(contrasts) if contrasts else np.full(len(baseline.share), np.nan)
    counts = verdicts_used(contrasts, used) if contrasts else np.zeros(len(values), dtype=np.int64)
    composition, name = PART_SEPARATOR.join(factors), PART_SEPARATOR.join(effect)
    return PairValues(
        "main_effect" if len(effect) == 1 else "interaction",
        judge.name,
        name if name == composition else f"{name}{OF}{composition}",
        None,
        "points",
        values,
        counts,
        low=-1.0,
        cases=linear(terms),
    )


def _cells(judge: JudgeVerdicts, baseline: Cells, names: tuple[str, ...], side: Side) -> Cells | None:
    if not names:
        return baseline
    return judge.places.get((Arm.INJECTED, PART_SEPARATOR.join(names), side))
