"""What could flips, their noise floor and the difference of both have been, whatever the failed verdicts had said?

Between verdicts p and q a flip is linear in each, and its floor, 1 - agreement(p), concave in p (``cases``). Their
difference, agreement(p) - p q, is convex in p: it is least where p comes as near to q as its failed verdicts let it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from judgeaudit.metrics.cases import (
    OPEN,
    by_pair,
    ends,
    level_lifted,
    n_answers,
    order_weights,
    spread,
    times,
    with_answers,
)
from judgeaudit.metrics.findings import Cases, Floats
from judgeaudit.metrics.observations import Cells
from judgeaudit.metrics.verdict_rows import UNREADABLE


class FlipCases(NamedTuple):
    """Cases of a rate of flips, of its noise floor and of their difference; all None where no verdict failed."""

    flip: Cases | None = None
    floor: Cases | None = None
    adjusted: Cases | None = None


def flip_cases(baseline: Cells, changed: Sequence[Cells]) -> FlipCases:
    """Cases of the flips between the baseline and each side, meaned over orders and sides.

    Of the baseline's p and the sides' q, weighed w, an order adds sum w (1 - p q) to the flip, sum w (1 - agreement(p))
    to the floor and sum w (agreement(p) - p q) to the difference: linear in q, linear or convex in p.

    Args:
        baseline: its verdicts.
        changed: each side's, as if only those orders had been asked that the baseline has too.
    """
    if not any(cells.failed.any() for cells in (baseline, *changed)):
        return FlipCases()
    before, after = ends(baseline), [ends(cells) for cells in changed]
    same = [np.array([[_product(p, q) for q in of_side] for p in before]) for of_side in after]
    asked = [cells.asked > 0 for cells in changed]
    known = [(n_answers(cells) > 0) & (n_answers(baseline) > 0) for cells in changed]
    weights = order_weights(asked, known)
    fewest = np.sum([times(w, 1 - one.max(1)) for w, one in zip(weights, same, strict=True)], 0).min(0)
    largest = np.sum([times(w, 1 - one.min(1)) for w, one in zip(weights, same, strict=True)], 0).max(0)
    flip = by_pair(fewest, largest, weights)

    repeated = n_answers(baseline) >= (1 if baseline.exact else 2)
    weights = order_weights(asked, [one & repeated for one in known])
    total = np.sum(weights, axis=0)
    agreement = np.array([p.agreement() for p in before])
    evenly = spread(baseline).agreement()
    floor = by_pair(times(total, 1 - agreement.max(0)), times(total, 1 - evenly), weights)
    stays = np.sum([times(w, one.min(1)) for w, one in zip(weights, same, strict=True)], 0)
    largest = (times(total, agreement) - stays).max(0)
    adjusted = by_pair(_least_adjusted(baseline, after, weights), largest, weights)
    return FlipCases(flip, floor, adjusted)


def order_flip_cases(baseline: Cells) -> FlipCases:
    """Cases of the flips between the two orders at baseline, p and q: 1 - p q, and the mean of the two floors."""
    if not baseline.failed.any():
        return FlipCases()
    either = ends(baseline)
    same = np.array([[_between_orders(p, q) for q in either] for p in either])
    agreement = np.array([one.agreement() for one in either])
    flip = Cases(1 - same.max((0, 1)), 1 - same.min((0, 1)))
    floor = Cases((1 - agreement.max(0)).mean(1), (1 - spread(baseline).agreement()).mean(1))
    difference = (agreement[:, None, :, 0] + agreement[None, :, :, 1]) / 2 - same
    least = _least_apart(baseline) if baseline.exact else _least_apart_counted(baseline)
    return FlipCases(flip, floor, Cases(least, difference.max((0, 1))))


def _least_adjusted(baseline: Cells, after: Sequence[Sequence[Cells]], weights: Sequence[Floats]) -> Floats:
    """(pairs, 2): the least of sum w (agreement(p) - p q), with the best p for each choice of q on the sides."""
    total = np.sum(weights, axis=0)
    means = [np.zeros_like(baseline.share)]
    for weight, of_side in zip(weights, after, strict=True):
        part = (weight / np.where(total > 0, total, 1.0))[..., None]
        means = [mean + times(part, q.share) for mean in means for q in of_side]
    # (agreement(p) - p q), weighed and summed over sides, is agreement(p) - p (weighed mean of q), times sum w.
    answers = [(spread(baseline, mean), mean) for mean in means]
    found = [times(total, p.agreement() - (p.share * mean).sum(-1)) for p, mean in answers]
    least: Floats = np.min(found, axis=0)
    return least


def _least_apart_counted(baseline: Cells) -> Floats:
    """(pairs,): the least of (agreement(p) + agreement(q)) / 2 - p q, with the best q for every p there could be."""
    least = np.full(len(baseline.share), np.inf)
    in_first = np.array([True, False])
    for failed in np.unique(baseline.failed[:, 0]).tolist():
        pairs = np.flatnonzero(baseline.failed[:, 0] == failed)
        own = replace(
            baseline, share=baseline.share[pairs], scored=baseline.scored[pairs], asked=baseline.asked[pairs],
            failed=np.where(in_first, baseline.failed[pairs], 0),
        )  # fmt: skip
        second = np.where(in_first, 0, baseline.failed[pairs])
        splits = [(a, b, failed - a - b) for a in range(failed + 1) for b in range(failed + 1 - a)]
        for first in with_answers(own, np.flatnonzero(own.failed), np.array(splits, dtype=np.float64)):
            both = spread(replace(first, failed=second), 2 * np.repeat(first.share[:, :1], 2, axis=1))
            found = both.agreement().mean(1) - _between_orders(both, both)
            least[pairs] = np.minimum(least[pairs], found)
    return least


def _least_apart(baseline: Cells) -> Floats:
    """(pairs,): the least of |p - q|^2 / 2, where p and q are exact.

    With d the difference of what was said, failed verdicts raise d by so much in all where they are p's and lower it by
    so much where they are q's. They lift the lowest to one level and cut the highest to another, or all to one.
    """
    n = np.maximum(n_answers(baseline), 1)[..., None]
    said = np.where(baseline.scored[..., None] > 0, baseline.share * baseline.scored[..., None], 0.0) / n
    raised, lowered = (baseline.failed / n[..., 0]).T
    d = said[:, 0] - said[:, 1]
    apart, fixed = d[:, :UNREADABLE], d[:, UNREADABLE:]
    middle = (apart.sum(1) + raised - lowered) / len(OPEN)
    floor, ceiling = (
        np.minimum(level_lifted(apart, raised), middle),
        np.maximum(-level_lifted(-apart, lowered), middle),
    )
    apart = np.clip(apart, floor[:, None], ceiling[:, None])
    least: Floats = (np.square(apart).sum(1) + np.square(fixed).sum(1)) / 2
    return np.where((n_answers(baseline) > 0).all(1), least, np.nan)


def _product(p: Cells, q: Cells) -> Floats:
    """(pairs, 2): the chance that a verdict of one is that of the other, in the same order."""
    same: Floats = np.einsum("ijk,ijk->ij", p.share, q.share)
    return same


def _between_orders(p: Cells, q: Cells) -> Floats:
    """(pairs,): the chance that p's verdict in the first order is q's in the second."""
    same: Floats = (p.share[:, 0] * q.share[:, 1]).sum(-1)
    return same
