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
from judgeaudit.metrics.verdict_rows import TIE, A, B

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
    known = [np.logical_and.reduce([n_answers(term.cells) > 0 for term in terms]) for terms in sides]
    if counted is not None:
        known = [has & own[:, None] for has, own in zip(known, counted, strict=True)]
    weights = order_weights(asked, known)
    by_verdicts: dict[int, Floats] = {}
    for weight, terms in zip(weights, sides, strict=True):
        for cells, value, factor in terms:
            # By what the failed verdicts said: (1 or 3, pairs, 2).
            found = np.array([times(weight * factor, value(one)) for one in ends(cells)])
            # Cells of the same verdicts have the same shares, also where they were reduced to shared orders.
            key = id(cells.share)
            by_verdicts[key] = by_verdicts.get(key, 0.0) + found
    least = np.sum([found.min(0) for found in by_verdicts.values()], axis=0)
    most = np.sum([found.max(0) for found in by_verdicts.values()], axis=0)
    return by_pair(least, most, weights)


def convex(cells: Cells, value: ByOrder) -> Cases | None:
    """Cases of the mean over orders of a convex value to which all contents are alike; None where no verdict failed."""
    if not cells.failed.any():
        return None
    most = np.max([value(one) for one in ends(cells)], axis=0)
    return Cases(cells.mean(value(spread(cells))), cells.mean(most))


def of_complement(cases: Cases | None) -> Cases | None:
    """Cases of 1 - value."""
    return None if cases is None else Cases(1 - cases.most, 1 - cases.least)


def ends(cells: Cells) -> list[Cells]:
    """The cells as if all failed verdicts had said the same, for each such content; as they are where none failed."""
    at = np.flatnonzero(cells.failed)
    if not at.size:
        return [cells]
    failed = cells.failed.ravel()[at][:, None]
    return with_answers(cells, at, [failed * one for one in np.eye(len(OPEN))])


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
    n, failed = n_answers(cells).ravel()[at][:, None], cells.failed.ravel()[at]
    given = sums_said(cells, at)[:, : len(OPEN)]
    drawn = np.zeros_like(given)
    if pull is not None:
        drawn = pull.reshape(-1, pull.shape[-1])[at][:, : len(OPEN)]
    if cells.exact:
        height = given / n - drawn / 2
        raised = np.maximum(level_lifted(height, failed / n[:, 0])[:, None] - height, 0.0)
        return with_answers(cells, at, [raised * n])[0]
    counts, left = given.copy(), failed.copy()
    while left.any():
        # A trial with one verdict has no agreement; its one verdict follows the pull.
        adds = 2 * counts / (n * np.maximum(n - 1, 1)) - drawn / n
        counts[np.arange(len(left)), adds.argmin(1)] += left > 0
        left -= left > 0
    return with_answers(cells, at, [counts - given])[0]


def level_lifted(heights: Floats, amount: Floats) -> Floats:
    """(rows,): the level to which an amount poured over heights (rows, columns) lifts the lowest of them."""
    columns = np.arange(1, heights.shape[1] + 1)
    level: Floats = ((np.sort(heights, axis=1).cumsum(1) + amount[:, None]) / columns).min(1)
    return level


def n_answers(cells: Cells) -> Ints:
    """(pairs, 2): how many verdicts there would be, had none failed."""
    return cells.scored + cells.failed


def sums_said(cells: Cells, at: Ints) -> Floats:
    """(trials, contents): the distributions of the scored verdicts, added up."""
    scored = cells.scored.ravel()[at][:, None]
    sums: Floats = np.where(scored > 0, cells.share.reshape(-1, cells.share.shape[-1])[at] * scored, 0.0)
    return sums if cells.exact else sums.round()


def with_answers(cells: Cells, at: Ints, answers: Iterable[Floats]) -> list[Cells]:
    """The cells with the failed verdicts given, in each of several ways.

    Args:
        cells: the verdicts at one place.
        at: (trials,), which of the flattened pairs and orders have a failure.
        answers: each (trials, 3), or (3,) for all trials, how many of the failed verdicts said each content.
    """
    n, sums = n_answers(cells), sums_said(cells, at)
    none, of_trials = np.zeros_like(n), n.ravel()[at][:, None]
    found = []
    for added in answers:
        share, own = cells.share.copy(), sums.copy()
        own[:, : len(OPEN)] += added
        share.reshape(-1, share.shape[-1])[at] = own / of_trials
        found.append(replace(cells, share=share, scored=n, failed=none))
    return found


def order_weights(asked: Sequence[Bools], known: Sequence[Bools]) -> list[Floats]:
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


def times(weight: Floats, values: Floats) -> Floats:
    """The product, 0 where the weight is: there may be no value."""
    return np.where(weight != 0, weight * values, 0.0)


def by_pair(least: Floats, most: Floats, weights: Sequence[Floats]) -> Cases:
    total = np.sum(weights, axis=0)
    counted = total[:, 0] + total[:, 1] > 0
    low, high = (np.where(counted, end[:, 0] + end[:, 1], np.nan) for end in (least, most))
    return Cases(low, high)
