"""What could an estimate have been, whatever the failed verdicts had said? Its least and its most.

A verdict that was asked for and failed could have been a, b or tie; of a judge with exact probabilities, any
distribution over them. The worst and the best case of a pair are the least and the most of its value over everything
that its failed verdicts could have said: bounds that assume nothing of why verdicts fail (Manski 1989, "Anatomy of the
Selection Problem", Journal of Human Resources 24), and that some verdicts attain. A verdict that two sides share says
the same to both.

A value that is linear in each verdict is at its ends where all failed verdicts of a trial say the same. How far
replicates agree is convex: it is most there too, and least where they are spread as evenly as can be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from judgeaudit.metrics.findings import Cases, Floats, Ints
from judgeaudit.metrics.observations import Cells
from judgeaudit.metrics.verdict_rows import TIE, UNREADABLE, A, B

OPEN = (A, B, TIE)
"""What a failed verdict could have been. A reply that counts as an answer of its own did not fail."""

Bools = NDArray[np.bool_]

ByOrder = Callable[[Cells], Floats]
"""(pairs, 2): a value by order, of the verdicts at one place."""


class Term(NamedTuple):
    """``factor`` times a value by order that is linear in the distributions of the cells."""

    cells: Cells
    value: ByOrder
    factor: float = 1.0


def linear(sides: Sequence[Sequence[Term]], counted: Sequence[Bools] | None = None) -> Cases | None:
    """Cases of the mean over sides of the mean over orders of a sum of terms; None where no verdict failed.

    Args:
        sides: the terms of each side, over cells in shared orders. Cells of the same verdicts may be in several
            terms and sides.
        counted: (pairs,) for each side, which pairs are counted in it; None where all are.
    """
    if not any(term.cells.failed.any() for terms in sides for term in terms):
        return None
    asked = [terms[0].cells.asked > 0 for terms in sides]
    known = [np.logical_and.reduce([_answers(term.cells) > 0 for term in terms]) for terms in sides]
    if counted is not None:
        known = [has & own[:, None] for has, own in zip(known, counted, strict=True)]
    weights = _weights(asked, known)
    by_verdicts: dict[int, Floats] = {}
    for weight, terms in zip(weights, sides, strict=True):
        for cells, value, factor in terms:
            # By what the failed verdicts said: (1 or 3, pairs, 2).
            found = np.array([_times(weight * factor, value(one)) for one in ends(cells)])
            # Cells of the same verdicts have the same shares, also where they were reduced to shared orders.
            key = id(cells.share)
            by_verdicts[key] = by_verdicts.get(key, 0.0) + found
    least = np.sum([found.min(0) for found in by_verdicts.values()], axis=0)
    most = np.sum([found.max(0) for found in by_verdicts.values()], axis=0)
    return _by_pair(least, most, weights)


def convex(cells: Cells, value: ByOrder) -> Cases | None:
    """Cases of the mean over orders of a convex value to which all contents are alike; None where no verdict failed."""
    if not cells.failed.any():
        return None
    most = np.max([value(one) for one in ends(cells)], axis=0)
    return Cases(cells.mean(value(spread(cells))), cells.mean(most))


def of_complement(cases: Cases | None) -> Cases | None:
    """Cases of 1 - value."""
    return None if cases is None else Cases(1 - cases.most, 1 - cases.least)


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
    known = [(_answers(cells) > 0) & (_answers(baseline) > 0) for cells in changed]
    weights = _weights(asked, known)
    fewest = np.sum([_times(w, 1 - one.max(1)) for w, one in zip(weights, same, strict=True)], 0).min(0)
    largest = np.sum([_times(w, 1 - one.min(1)) for w, one in zip(weights, same, strict=True)], 0).max(0)
    flip = _by_pair(fewest, largest, weights)

    repeated = _answers(baseline) >= (1 if baseline.exact else 2)
    weights = _weights(asked, [one & repeated for one in known])
    total = np.sum(weights, axis=0)
    agreement = np.array([p.agreement() for p in before])
    evenly = spread(baseline).agreement()
    floor = _by_pair(_times(total, 1 - agreement.max(0)), _times(total, 1 - evenly), weights)
    stays = np.sum([_times(w, one.min(1)) for w, one in zip(weights, same, strict=True)], 0)
    largest = (_times(total, agreement) - stays).max(0)
    adjusted = _by_pair(_least_adjusted(baseline, after, weights), largest, weights)
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


def ends(cells: Cells) -> list[Cells]:
    """The cells as if all failed verdicts had said the same, for each such content; as they are where none failed."""
    at = np.flatnonzero(cells.failed)
    if not at.size:
        return [cells]
    failed = cells.failed.ravel()[at][:, None]
    return _with_answers(cells, at, [failed * one for one in np.eye(len(OPEN))])


def spread(cells: Cells, pull: Floats | None = None) -> Cells:
    """The cells as if failed verdicts had said what makes agreement(p) - p pull least; without a pull, the agreement.

    Counted verdicts go one by one to the content where the next adds least, which is exact for a sum of convex
    functions (Gross 1956; Ibaraki and Katoh 1988, "Resource Allocation Problems"). Exact ones project pull / 2 onto
    what p can be, a simplex (Duchi et al. 2008, "Efficient projections onto the l1-ball", ICML).

    Args:
        cells: the verdicts at one place.
        pull: (pairs, 2, contents).
    """
    at = np.flatnonzero(cells.failed)
    if not at.size:
        return cells
    n, failed = _answers(cells).ravel()[at][:, None], cells.failed.ravel()[at]
    given = _sums(cells, at)[:, : len(OPEN)]
    drawn = np.zeros_like(given)
    if pull is not None:
        drawn = pull.reshape(-1, pull.shape[-1])[at][:, : len(OPEN)]
    if cells.exact:
        height = given / n - drawn / 2
        raised = np.maximum(_level(height, failed / n[:, 0])[:, None] - height, 0.0)
        return _with_answers(cells, at, [raised * n])[0]
    counts, left = given.copy(), failed.copy()
    while left.any():
        # A trial with one verdict has no agreement; its one verdict follows the pull.
        adds = 2 * counts / (n * np.maximum(n - 1, 1)) - drawn / n
        counts[np.arange(len(left)), adds.argmin(1)] += left > 0
        left -= left > 0
    return _with_answers(cells, at, [counts - given])[0]


def _least_adjusted(baseline: Cells, after: Sequence[Sequence[Cells]], weights: Sequence[Floats]) -> Floats:
    """(pairs, 2): the least of sum w (agreement(p) - p q), with the best p for each choice of q on the sides."""
    total = np.sum(weights, axis=0)
    means = [np.zeros_like(baseline.share)]
    for weight, of_side in zip(weights, after, strict=True):
        part = (weight / np.where(total > 0, total, 1.0))[..., None]
        means = [mean + _times(part, q.share) for mean in means for q in of_side]
    # (agreement(p) - p q), weighed and summed over sides, is agreement(p) - p (weighed mean of q), times sum w.
    answers = [(spread(baseline, mean), mean) for mean in means]
    found = [_times(total, p.agreement() - (p.share * mean).sum(-1)) for p, mean in answers]
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
        for first in _with_answers(own, np.flatnonzero(own.failed), np.array(splits, dtype=np.float64)):
            both = spread(replace(first, failed=second), 2 * np.repeat(first.share[:, :1], 2, axis=1))
            found = both.agreement().mean(1) - _between_orders(both, both)
            least[pairs] = np.minimum(least[pairs], found)
    return least


def _least_apart(baseline: Cells) -> Floats:
    """(pairs,): the least of |p - q|^2 / 2, where p and q are exact.

    With d the difference of what was said, failed verdicts raise d by so much in all where they are p's and lower it by
    so much where they are q's. They lift the lowest to one level and cut the highest to another, or all to one.
    """
    n = np.maximum(_answers(baseline), 1)[..., None]
    said = np.where(baseline.scored[..., None] > 0, baseline.share * baseline.scored[..., None], 0.0) / n
    raised, lowered = (baseline.failed / n[..., 0]).T
    d = said[:, 0] - said[:, 1]
    apart, fixed = d[:, :UNREADABLE], d[:, UNREADABLE:]
    middle = (apart.sum(1) + raised - lowered) / len(OPEN)
    floor, ceiling = np.minimum(_level(apart, raised), middle), np.maximum(-_level(-apart, lowered), middle)
    apart = np.clip(apart, floor[:, None], ceiling[:, None])
    least: Floats = (np.square(apart).sum(1) + np.square(fixed).sum(1)) / 2
    return np.where((_answers(baseline) > 0).all(1), least, np.nan)


def _level(heights: Floats, amount: Floats) -> Floats:
    """(rows,): the level to which an amount poured over heights (rows, columns) lifts the lowest of them."""
    columns = np.arange(1, heights.shape[1] + 1)
    level: Floats = ((np.sort(heights, axis=1).cumsum(1) + amount[:, None]) / columns).min(1)
    return level


def _answers(cells: Cells) -> Ints:
    """(pairs, 2): how many verdicts there would be, had none failed."""
    return cells.scored + cells.failed


def _sums(cells: Cells, at: Ints) -> Floats:
    """(trials, contents): the distributions of the scored verdicts, added up."""
    scored = cells.scored.ravel()[at][:, None]
    sums: Floats = np.where(scored > 0, cells.share.reshape(-1, cells.share.shape[-1])[at] * scored, 0.0)
    return sums if cells.exact else sums.round()


def _with_answers(cells: Cells, at: Ints, answers: Iterable[Floats]) -> list[Cells]:
    """The cells with the failed verdicts given, in each of several ways.

    Args:
        cells: the verdicts at one place.
        at: (trials,), which of the flattened pairs and orders have a failure.
        answers: each (trials, 3), or (3,) for all trials, how many of the failed verdicts said each content.
    """
    n, sums = _answers(cells), _sums(cells, at)
    none, of_trials = np.zeros_like(n), n.ravel()[at][:, None]
    found = []
    for added in answers:
        share, own = cells.share.copy(), sums.copy()
        own[:, : len(OPEN)] += added
        share.reshape(-1, share.shape[-1])[at] = own / of_trials
        found.append(replace(cells, share=share, scored=n, failed=none))
    return found


def _product(p: Cells, q: Cells) -> Floats:
    """(pairs, 2): the chance that a verdict of one is that of the other, in the same order."""
    same: Floats = np.einsum("ijk,ijk->ij", p.share, q.share)
    return same


def _between_orders(p: Cells, q: Cells) -> Floats:
    """(pairs,): the chance that p's verdict in the first order is q's in the second."""
    same: Floats = (p.share[:, 0] * q.share[:, 1]).sum(-1)
    return same


def _weights(asked: Sequence[Bools], known: Sequence[Bools]) -> list[Floats]:
    """(pairs, 2) for each side: what an order weighs in the mean over sides of the mean over orders.

    Args:
        asked: (pairs, 2) for each side, which orders were asked.
        known: (pairs, 2) for each side, which orders would have a value. A side counts where all its orders have one.
    """
    # The two orders by name: a reduction over an axis of two is slow.
    orders = [(one[:, 0], one[:, 1], one & ~has) for one, has in zip(asked, known, strict=True)]
    counted = [(ab | ba) & ~(lacks[:, 0] | lacks[:, 1]) for ab, ba, lacks in orders]
    sides = np.maximum(np.sum(counted, axis=0), 1)
    weights = []
    for one, (ab, ba, _), own in zip(asked, orders, counted, strict=True):
        share = own / (sides * np.maximum(ab.astype(np.int64) + ba, 1))
        weights.append(one * share[:, None])
    return weights


def _times(weight: Floats, values: Floats) -> Floats:
    """The product, 0 where the weight is: there may be no value."""
    return np.where(weight != 0, weight * values, 0.0)


def _by_pair(least: Floats, most: Floats, weights: Sequence[Floats]) -> Cases:
    total = np.sum(weights, axis=0)
    counted = total[:, 0] + total[:, 1] > 0
    low, high = (np.where(counted, end[:, 0] + end[:, 1], np.nan) for end in (least, most))
    return Cases(low, high)
