"""How strong is each system, when all that is known is who was preferred to whom, and who tied?

Davidson's (1970, Journal of the American Statistical Association 65:317) extension of the Bradley-Terry model to ties.
System i has a strength pi_i, and of a comparison of i and j

    P(i preferred) : P(j preferred) : P(tie) = pi_i : pi_j : nu sqrt(pi_i pi_j),

so that ties are the likelier the closer two systems are, and equally strong systems tie with chance nu / (2 + nu).
Only ratios of strengths mean anything: log strengths are given with mean 0.

A system that was always preferred, or never, has no largest likelihood at any finite strength. Every system is
therefore also compared with an imagined opponent of log strength 0, which it beats half a time and to which it loses
half a time (``thresholds.PRIOR_WINS``); these comparisons know no tie. R's PlackettLuce does the same (Turner, van
Etten, Firth and Kosmidis 2020, Computational Statistics 35:1027). A system that won all its k comparisons with
opponents of log strength 0 then has log(2k + 1). The pull towards 0 is that of one comparison among all of a system's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from judgeaudit.stats.thresholds import PRIOR_WINS, SAME

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LAST_STEP = 1e-6
"""A Newton step below this is the last: the error after it is of the order of its square."""

MOST_STEPS = 200
"""Newton steps, halvings included. Fits of audits take 4 to 8; counts that differ by a factor of 1e8 can take 100."""

LONGEST_STEP = 5.0
"""Longer steps in a log strength or log nu are shortened to this: where the likelihood is flat they would overshoot."""

CELLS_AT_ONCE = 24_000
"""Fits are done in batches of tables with about this many cells, which stay in a processor's cache."""


@dataclass(frozen=True, slots=True)
class Strengths:
    """A fitted model, or a stack of them.

    Attributes:
        log_strength: (..., systems) with mean 0; NaN where the comparisons do not link all systems, or no finite
            maximum is certain to exist, or none was reached.
        log_tie: (...), log nu; -inf without ties, inf where all comparisons are ties, NaN as above.
    """

    log_strength: Floats
    log_tie: Floats


def fit_davidson(wins: Floats, ties: Floats, prior_wins: float = PRIOR_WINS) -> Strengths:
    """Fit Davidson's model by maximum likelihood, to many tables at once.

    Newton's method with step halving on the concave log-likelihood of log pi and log nu.

    Args:
        wins: (..., S, S), S >= 2: how often the system of the row was preferred to that of the column, in whole
            numbers or fractions. The diagonal is not looked at.
        ties: (..., S, S), symmetric: how often the two tied.
        prior_wins: how often each system beats the imagined opponent, and loses to it. With 0 it is plain maximum
            likelihood; a fit whose wins do not lead from every system to every other is then NaN, since its maximum
            may lie at infinity.

    Raises:
        ValueError: the tables are no square tables of one shape, ``ties`` is not symmetric, a number is negative or
            not finite, or ``prior_wins`` is negative.
    """
    _must_be_tables(wins, ties, prior_wins)
    shape, systems = wins.shape[:-2], wins.shape[-1]
    won = wins.reshape(-1, systems, systems) * (1 - np.eye(systems))
    tied = ties.reshape(-1, systems, systems) * (1 - np.eye(systems))
    fitted = _linked(won + won.swapaxes(1, 2) + tied)
    if prior_wins == 0:
        fitted &= _linked(won) & _linked(won.swapaxes(1, 2))
    found = np.full((len(won), systems + 1), np.nan)
    at_once = max(1, CELLS_AT_ONCE // (systems * systems))
    rows = np.flatnonzero(fitted)
    for start in range(0, len(rows), at_once):
        batch = rows[start : start + at_once]
        found[batch] = _maximum(_comparisons(won[batch], tied[batch], prior_wins))
    strength = found[:, :-1]
    centred = strength - strength.mean(1, keepdims=True)
    return Strengths(centred.reshape(*shape, systems), found[:, -1].reshape(shape))


def kendall_tau(first: Floats, second: Floats, same: float) -> Floats:
    """Kendall's tau-b between two orders of the same systems, over a stack of both: (..., S) to (...).

    1 for the same order, -1 for the reverse. Two systems are level where they differ by at most ``same``, or what
    rounding left of equal strengths would count as an order. NaN where all are level in one of the two.
    """
    a, b = _order(first, same), _order(second, same)
    with np.errstate(divide="ignore", invalid="ignore"):
        tau: Floats = (a * b).sum((-1, -2)) / np.sqrt(np.square(a).sum((-1, -2)) * np.square(b).sum((-1, -2)))
    return tau


def _order(values: Floats, same: float) -> Floats:
    """(..., S, S): the sign of each difference, 0 within ``same``; NaN stays NaN."""
    difference = values[..., :, None] - values[..., None, :]
    signs: Floats = np.where(np.abs(difference) <= same, 0.0, np.sign(difference))
    return signs


class _Comparisons(NamedTuple):
    """The data of a stack of B fits, by pair of systems that some of them compare.

    Fields: first, second (E,), the two systems; n (B, E), their comparisons; lead (B, S), half of each system's wins
    minus losses; tied (B,), how many comparisons were ties; log_nu (B,), the best one if all are equally strong (where
    it is infinite it is the best whatever the strengths).
    """

    first: Ints
    second: Ints
    n: Floats
    lead: Floats
    tied: Floats
    log_nu: Floats
    prior_wins: float

    def of(self, fits: Bools) -> _Comparisons:
        return self._replace(
            n=self.n[fits], lead=self.lead[fits], tied=self.tied[fits], log_nu=self.log_nu[fits]
        )


class _Point(NamedTuple):
    """The log-likelihood (B,), its gradient (B, S + 1) and minus its second derivatives (B, S + 1, S + 1)."""

    value: Floats
    gradient: Floats
    information: Floats


def _must_be_tables(wins: Floats, ties: Floats, prior_wins: float) -> None:
    if wins.shape != ties.shape or wins.ndim < 2 or wins.shape[-1] != wins.shape[-2] or wins.shape[-1] < 2:
        raise ValueError(
            f"fit_davidson: found shapes {wins.shape} and {ties.shape}, expected (..., S, S) twice, S at least 2"
        )
    if not (np.isfinite(wins).all() and np.isfinite(ties).all() and (wins >= 0).all() and (ties >= 0).all()):
        raise ValueError("fit_davidson: found a negative or missing number, expected counts")
    if not np.allclose(ties, ties.swapaxes(-1, -2), rtol=1e-9, atol=1e-12):
        raise ValueError("fit_davidson: found ties[i, j] other than ties[j, i], expected a symmetric table")
    if prior_wins < 0:
        raise ValueError(f"fit_davidson.prior_wins: found {prior_wins}, expected 0 or more")


def _linked(table: Floats) -> Bools:
    """(B,): whether the positive cells of (B, S, S) lead from the first system to every other."""
    systems = table.shape[-1]
    reached = np.arange(systems) == np.zeros((len(table), 1))
    for _ in range(systems - 1):
        if reached.all():
            break
        reached = reached | (reached[:, :, None] & (table > 0)).any(1)
    linked: Bools = reached.all(1)
    return linked


def _comparisons(won: Floats, tied: Floats, prior_wins: float) -> _Comparisons:
    first, second = np.triu_indices(won.shape[-1], 1)
    n = won[:, first, second] + won[:, second, first] + tied[:, first, second]
    some = (n > 0).any(0)
    first, second = first[some], second[some]
    lead = (won.sum(2) - won.sum(1)) / 2
    ties, decided = tied[:, first, second].sum(1), won.sum((1, 2))
    # What rounding left of no ties, or of nothing but ties, is not taken for some.
    some_ties, some_wins = ties > SAME * decided, decided > SAME * ties
    log_nu = np.log(np.where(some_ties, 2 * ties, 1.0) / np.where(some_wins, decided, 1.0))
    log_nu[~some_ties], log_nu[~some_wins] = -np.inf, np.inf
    return _Comparisons(first, second, n[:, some], lead, ties, log_nu, prior_wins)


def _maximum(data: _Comparisons) -> Floats:
    """(B, S + 1): log strengths and log nu of the largest likelihood; NaN where it was not reached."""
    x = np.hstack([np.zeros_like(data.lead), data.log_nu[:, None]])
    at = _point(data, x)
    best, step = at.value, _newton(at.gradient, at.information)
    left = np.arange(len(x))
    for _ in range(MOST_STEPS):
        last = np.abs(step).max(1) < LAST_STEP
        x[left[last]] += step[last]
        left, step, best, data = left[~last], step[~last], best[~last], data.of(~last)
        if left.size == 0:
            return x
        at = _point(data, x[left] + step)
        # A step that overshoots is halved; the slack is what rounding does to the sum of many logarithms.
        better = at.value >= best - 1e-12 * np.abs(best)
        x[left[better]] += step[better]
        best[better] = at.value[better]
        step[better] = _newton(at.gradient[better], at.information[better])
        step[~better] /= 2
    x[left] = np.nan
    return x


def _newton(gradient: Floats, information: Floats) -> Floats:
    step = np.asarray(np.linalg.solve(information, gradient[..., None])[..., 0], dtype=np.float64)
    too_long = np.maximum(np.abs(step).max(1, keepdims=True) / LONGEST_STEP, 1.0)
    shortened: Floats = step / too_long
    return shortened


def _point(data: _Comparisons, x: Floats) -> _Point:
    """The log-likelihood and its derivatives at log strengths and log nu (B, S + 1).

    With d the difference of two log strengths, the three chances are exp(d/2), exp(-d/2) and nu over their sum.
    """
    strength, first, second = x[:, :-1], data.first, data.second
    free = np.isfinite(data.log_nu)
    # Where all are ties the systems are level at any nu, so that 1 will do.
    log_nu = np.where(free, x[:, -1], np.minimum(data.log_nu, 0.0))
    d = strength[:, first] - strength[:, second]
    shrunk = np.exp(-np.abs(d) / 2)  # of both exponentials, so that the larger is 1
    tie = np.exp(log_nu)[:, None] * shrunk
    decided = 1 + np.square(shrunk)
    total = decided + tie
    p_tie, p_decided = tie / total, decided / total
    p_lead: Floats = np.sign(d) * (1 - np.square(shrunk)) / total
    n, prior = data.n, data.prior_wins
    prior_lead = np.tanh(strength / 2)

    value = (data.lead * strength).sum(1) - (n * (np.abs(d) / 2 + np.log(total))).sum(1)
    value += data.tied * np.where(free, log_nu, 0.0)
    value -= 2 * prior * (np.abs(strength) / 2 + np.log1p(np.exp(-np.abs(strength)))).sum(1)

    systems = strength.shape[1]
    sides = np.zeros((len(first), systems))
    sides[np.arange(len(first)), first], sides[np.arange(len(first)), second] = 1.0, -1.0
    gradient = np.zeros_like(x)
    gradient[:, :-1] = data.lead - (n * p_lead / 2) @ sides - prior * prior_lead
    gradient[:, -1] = np.where(free, data.tied - (n * p_tie).sum(1), 0.0)

    weight = (
        n * (4 * np.square(shrunk) + tie * decided) / np.square(2 * total)
    )  # n (p_decided - p_lead^2) / 4
    information = np.zeros((len(x), systems + 1, systems + 1))
    information[:, first, second] = information[:, second, first] = -weight
    own = np.arange(systems)
    information[:, own, own] = weight @ np.abs(sides) + prior * (1 - np.square(prior_lead)) / 2
    if prior == 0:  # a constant added to all strengths changes nothing: of these steps the one with sum 0
        information[:, :-1, :-1] += 1.0
    cross = np.where(free[:, None], -(n * p_lead * p_tie / 2) @ sides, 0.0)
    information[:, -1, :-1] = information[:, :-1, -1] = cross
    information[:, -1, -1] = np.where(free, (n * p_tie * p_decided).sum(1), 1.0)
    return _Point(value, gradient, information)
