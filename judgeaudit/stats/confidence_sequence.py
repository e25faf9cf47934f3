"""How uncertain is a mean over pairs, where one may look after every pair and stop when it is certain enough?

An interval for a fixed number of pairs does not hold its level there: looked at often enough it misses the mean in the
end. A confidence sequence misses it at *any* number of pairs with probability at most 1 - level (Waudby-Smith and
Ramdas 2024, JRSS B 86:1, "Estimating means of bounded random variables by betting").

On the scale from 0 to 1, a gambler who bets the fraction f of what can be lost on the values x being larger than m has
after t pairs the capital

    K_f(m) = product over i of (1 + f (x_i / m - 1)),

which is a martingale where m is their mean, so that by Ville's inequality the chance that it ever reaches 1 / a is at
most a. The same holds for the mean of several gamblers' capital, here of evenly spaced fractions (the authors'
"diversified Kelly"), so that nothing has to be guessed of the values' spread. Bets of constant fractions have three
properties that an audit needs: the capital does not depend on the order of the pairs, it falls in m, so that the means
that are not rejected are an interval, and its bounds are the roots of one equation. A second gambler bets on 1 - x.
"""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, xlog1py

from judgeaudit.stats.thresholds import BET_FRACTIONS, SAME, SMALLEST_P

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SEQUENCE_METHOD = "betting confidence sequence over pairs"

HALVINGS = 40
"""A bound is found to 1e-12 of the scale, and rounded outwards."""


def confidence_sequence(
    values: Floats, low: float, high: float, level: float, times: Ints | None = None
) -> tuple[Floats, Floats]:
    """The bounds of a mean of independent bounded values, which hold at all times together.

    Args:
        values: (n,), finite, in [low, high], in the order in which they came.
        low, high: what a value can be at least and at most.
        level: confidence; each bound alone has half of 1 - level.
        times: (T,) ascending, after how many values the bounds are wanted; after each one where None. The chance
            of a miss is held over all times, wanted or not.

    Returns:
        Lower and upper bounds, (T,) each: the intersection of all that were wanted up to then, so that they only
        come closer. After 0 values they are ``low`` and ``high``. Bounds that cross say that a value came from
        elsewhere, or that this is one of the 1 - level.
    """
    drawn = _Drawn.of(values, low, high, times)
    span, threshold = high - low, log(2 / (1 - level))
    lower = low + span * np.maximum.accumulate(drawn.lower_bounds(threshold))
    upper = high - span * np.maximum.accumulate(drawn.mirrored().lower_bounds(threshold))
    return lower, upper


def anytime_p(values: Floats, low: float, high: float, null: float, times: Ints | None = None) -> Floats:
    """The p-values of a two-sided test of one mean, valid at all times together: the least up to each time, (T,).

    The chance under the null hypothesis that any of them is ever below a is at most a, and p is below a exactly where
    the (1 - a) confidence sequence excludes ``null``.

    Args:
        values, low, high, times: as for ``confidence_sequence``.
        null: the mean that is tested, between low and high.
    """
    drawn = _Drawn.of(values, low, high, times)
    m = (null - low) / (high - low)
    best = np.maximum(drawn.log_capital(m), drawn.mirrored().log_capital(1 - m))
    return _running_p(best - log(2))


def anytime_equivalence_p(
    values: Floats, low: float, high: float, margin: float, times: Ints | None = None
) -> Floats:
    """The p-values of two one-sided tests of a mean as far from 0 as the margin, valid at all times together: (T,).

    p is below a exactly where the (1 - 2 a) confidence sequence lies inside the margin; the chance that a mean at or
    beyond the margin is ever called equivalent at level a is at most a.

    Args:
        values, low, high, times: as for ``confidence_sequence``.
        margin: in the unit of the values, within ``low`` and ``high``.
    """
    drawn = _Drawn.of(values, low, high, times)
    span = high - low
    above = _running_p(drawn.log_capital((-margin - low) / span))
    below = _running_p(drawn.mirrored().log_capital((high - margin) / span))
    return np.maximum(above, below)


def _running_p(log_capital: Floats) -> Floats:
    p: Floats = np.exp(-np.maximum.accumulate(log_capital))
    return np.clip(p, SMALLEST_P, 1.0)


class _Drawn:
    """Values on the scale from 0 to 1, and how many of each distinct one were drawn up to each time.

    The capital depends on nothing else; verdicts have a handful of distinct values however many pairs there are.
    """

    def __init__(self, distinct: Floats, counts: Floats) -> None:
        self.distinct = distinct
        self.counts = counts

    @classmethod
    def of(cls, values: Floats, low: float, high: float, times: Ints | None) -> _Drawn:
        times = np.arange(1, values.size + 1) if times is None else times
        scaled = np.clip((values - low) / (high - low), 0.0, 1.0)
        # Values that differ by rounding alone are one.
        distinct, which = np.unique(np.clip(np.round(scaled / SAME) * SAME, 0.0, 1.0), return_inverse=True)
        counts = np.zeros((times.size, distinct.size))
        stage = np.searchsorted(times, np.arange(values.size), side="right")
        np.add.at(counts, (stage[stage < times.size], which[stage < times.size]), 1.0)
        return cls(distinct, np.cumsum(counts, axis=0))

    def mirrored(self) -> _Drawn:
        """The values seen from the other end of the scale."""
        return _Drawn(1 - self.distinct, self.counts)

    def log_capital(self, means: Floats | float) -> Floats:
        """(T,): the log of the mean capital of those who bet on values above a mean in (0, 1), one or one a time."""
        ratio = self.distinct / np.broadcast_to(means, len(self.counts))[:, None]
        # A bet of everything that is lost once has a log of minus infinity for good; 0 times it is 0.
        gains = xlog1py(self.counts[..., None], (ratio[..., None] - 1) * BET_FRACTIONS)
        logs: Floats = logsumexp(gains.sum(axis=1), axis=1) - log(len(BET_FRACTIONS))
        return logs

    def lower_bounds(self, threshold: float) -> Floats:
        """(T,): the largest mean at which the log capital reaches the threshold; 0 where none does.

        By Jensen's inequality the capital is at most 1 at the values' own mean, and it falls in the mean.
        """
        total = self.counts.sum(axis=1)
        rejected = np.zeros(len(total))
        kept = np.divide(self.counts @ self.distinct, total, out=np.zeros(len(total)), where=total > 0)
        open_ = kept > 0
        for _ in range(HALVINGS):
            middle = np.where(open_, (rejected + kept) / 2, 0.5)
            reached = self.log_capital(middle) >= threshold
            rejected = np.where(open_ & reached, middle, rejected)
            kept = np.where(open_ & ~reached, middle, kept)
        return rejected
