"""What could a coefficient of agreement have been, whatever the failed verdicts had said? Its least and its most.

In the sum of the pairs' tables the rows, what is true, are known. Of each row a part is open: the failed verdicts',
which could be in any column. So the sum depends on at most nine numbers, how much of each open part is in which column.
Kappa, AC1 and alpha are 1 - A / B with a disagreement A that is linear in them, and a disagreement by chance B that is
linear (kappa), convex (AC1) or concave (alpha). Both ends of kappa, the most of AC1 and the least of alpha therefore
are where each part is in one column. So is the most of alpha: where all failed verdicts are right. (Moving one from
column c to its right one, l, takes 1 from A and at most 2 (n_l - n_c) from n^2 - sum n_k^2, to which B is proportional
with n_k the margins of table and transpose together; that is at least 2 n_l (n - n_l), and A at most n - n_l.) Some
verdicts attain these. The least of AC1 is where parts are shared out; single verdicts only come near it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product

import numpy as np
from scipy.optimize import LinearConstraint, minimize

from judgeaudit.metrics.cases import OPEN, n_answers, order_weights, sums_said
from judgeaudit.metrics.findings import Floats, Range
from judgeaudit.metrics.observations import Cells

Coefficient = Callable[[Floats], Floats]
"""Of tables (..., categories, categories): rows what is true, columns the verdict."""


STEP = 1e-6
"""How far a part is moved to see how the coefficient changes."""


def coefficient_cases(
    sides: Sequence[Cells], truth: Floats, coefficient: Coefficient, *, least_between: bool = False
) -> Range | None:
    """The least and the most of a coefficient of the tables of all pairs that were asked and have a truth.

    Args:
        sides: a judge's verdicts, by the side with the artifact; a pair's table is the mean over them and over orders.
        truth: (pairs, 3) one-hot, zeros where there is none.
        coefficient: of such tables.
        least_between: whether it is least where parts are shared out, as AC1 is.

    Returns:
        None where no verdict on such a pair failed, or where the coefficient has no value, whatever they had said.
    """
    if not any(cells.failed.any() for cells in sides):
        return None
    known, free = _known_and_free(sides, truth)
    if not free.any():
        return None
    within = [one for one in _categories(known, free) if len(one) > 1]
    ends = [_ends(known, free, one, coefficient, least_between) for one in within]
    found = np.concatenate([[np.nan], *ends])
    found = found[np.isfinite(found)]
    return Range(float(found.min()), float(found.max())) if found.size else None


def _known_and_free(sides: Sequence[Cells], truth: Floats) -> tuple[Floats, Floats]:
    """The sum of the tables (contents, contents) without the failed verdicts, and their part of each row (3,)."""
    asked = [cells.asked > 0 for cells in sides]
    answered = [n_answers(cells) > 0 for cells in sides]
    said = np.zeros((len(truth), sides[0].share.shape[-1]))
    free = np.zeros(len(truth))
    for cells, weights in zip(sides, order_weights(asked, answered), strict=True):
        each = weights / np.maximum(n_answers(cells), 1)
        said += (each[..., None] * sums_said(cells, np.arange(each.size)).reshape(cells.share.shape)).sum(1)
        free += (each * cells.failed).sum(1)
    known = np.zeros((said.shape[1], said.shape[1]))
    known[: len(OPEN)] = truth.T @ said
    return known, truth.T @ free


def _categories(known: Floats, free: Floats) -> Iterator[list[int]]:
    """The categories there could be in the end: AC1 depends on how many verdicts and labels use."""
    used = sorted({*np.flatnonzero(known.sum(0) + known.sum(1)).tolist(), *np.flatnonzero(free).tolist()})
    unused = [column for column in OPEN if column not in used]
    for n in range(len(unused) + 1):
        for taken in combinations(unused, n):
            yield [*used, *taken]


def _ends(
    known: Floats, free: Floats, within: Sequence[int], coefficient: Coefficient, least_between: bool
) -> Floats:
    """The coefficient at all corners, then at the least between them; NaN where it has no value."""
    rows, columns = np.flatnonzero(free), [column for column in within if column in OPEN]

    def of(parts: Floats) -> Floats:
        """Of parts (..., rows, columns) that add up to 1 over columns."""
        tables = np.broadcast_to(known, (*parts.shape[:-2], *known.shape)).copy()
        tables[..., rows[:, None], columns] += free[rows][:, None] * parts
        return coefficient(tables[..., np.array(within)[:, None], within])

    corners = np.array(list(product(np.eye(len(columns)), repeat=len(rows))))
    found = of(corners)
    return np.append(found, of(_between(of, corners, found))) if least_between else found


def _between(value: Coefficient, corners: Floats, at_corners: Floats) -> Floats:
    """(rows, columns): the parts at which a quasi-convex value is least."""
    shape, middle = corners.shape[1:], corners.mean(0)
    best = corners[np.nanargmin(at_corners)] if np.isfinite(at_corners).any() else middle
    start = ((best + middle) / 2).ravel()
    moved = STEP * np.eye(start.size)

    def of_flat(parts: Floats) -> float:
        return float(value(parts.reshape(shape)))

    def slope(parts: Floats) -> Floats:
        up, down = (value((parts + by).reshape(-1, *shape)) for by in (moved, -moved))
        gradient: Floats = (up - down) / (2 * STEP)
        return gradient

    found = minimize(
        of_flat, start, jac=slope, method="SLSQP", bounds=[(0.0, 1.0)] * start.size,
        constraints=LinearConstraint(np.kron(np.eye(shape[0]), np.ones(shape[1])), 1.0, 1.0),
        options={"ftol": 1e-12, "maxiter": 200},
    )  # fmt: skip
    parts: Floats = np.clip(found.x.reshape(shape), 0.0, 1.0)
    parts /= parts.sum(1, keepdims=True)
    return parts
