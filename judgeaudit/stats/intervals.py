"""How uncertain is a mean over pairs? Intervals whose coverage has been simulated, also for 10 pairs.

A value per pair, known to lie in [low, high], may be anything from a coin to the mean of a hundred dependent
verdicts; only pairs are independent. Coverage and widths against the alternatives stand in docs/statistics.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, chdtri, ndtri

from judgeaudit.stats.thresholds import MIN_PAIRS, SAME

Floats = NDArray[np.float64]

PSEUDO_PAIR_METHOD = "normal over pairs, one pseudo-pair at each end"
ALL_AT_END_METHOD = "Clopper-Pearson over pairs, all at one end"
ALL_EQUAL_METHOD = "Clopper-Pearson share of unseen different pairs, all equal"
CHI_SQUARE_METHOD = "chi-square over replicates"


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided interval: ``low`` <= estimate <= ``high`` at confidence ``level``, by ``method``."""

    low: float
    high: float
    level: float
    method: str

    def scaled(self, factor: float) -> Interval:
        """The same interval in another unit (``factor`` > 0)."""
        return Interval(self.low * factor, self.high * factor, self.level, self.method)

    def inside(self, margin: float) -> bool:
        """Whether the whole interval lies strictly within plus or minus ``margin``."""
        return -margin < self.low and self.high < margin


def mean_interval(
    values: Floats, low: float, high: float, level: float, weights: Floats | None = None
) -> Interval | None:
    """The interval of a mean over independent pairs whose values are bounded.

    The normal interval of the n pairs together with two pseudo-pairs, one at ``low`` and one at ``high``: for
    values -1, 0, 1 that of Bonett and Price (2012, Statistics in Medicine 31:2151) for a difference of paired
    proportions, for 0 and 1 a small-sample adjustment in the manner of Agresti and Coull (1998). It needs no
    assumption on how the verdicts inside a pair depend on one another.

    Where all pairs have the same value there is no variance to use: at an end of the scale the interval is
    Clopper-Pearson with n pairs; in the interior its bound u on the share of pairs that would differ (the exact
    form of the rule of three) times the farthest that they could differ.

    Args:
        values: shape (n,), one finite value a pair.
        low, high: what a value can be at least and at most.
        level: confidence, e.g. 0.95.
        weights: shape (n,), positive: the mean is then sum(w x) / sum(w), a ratio whose variance is linearised
            and whose pseudo-pairs have the mean weight. None weighs each pair the same.

    Returns:
        None with fewer than two pairs.
    """
    n = values.size
    if n < MIN_PAIRS:
        return None
    w = np.ones(n) if weights is None else weights
    x = (values - low) / (high - low)
    mean = float(w @ x / w.sum())
    if float(np.ptp(x)) <= SAME:
        lower, upper = _unanimous(mean, n, level)
        at_end = mean <= SAME or mean >= 1 - SAME
        method = ALL_AT_END_METHOD if at_end else ALL_EQUAL_METHOD
    else:
        centre, error = _with_pseudo_pairs(x, w)
        z = float(ndtri((1 + level) / 2))
        lower, upper = centre - z * error, centre + z * error
        method = PSEUDO_PAIR_METHOD
    # The pseudo-pairs pull towards the middle of the scale: the interval still holds its own estimate.
    lower, upper = max(0.0, min(lower, mean)), min(1.0, max(upper, mean))
    span = high - low
    return Interval(low + span * lower, low + span * upper, level, method)


def _with_pseudo_pairs(x: Floats, w: Floats) -> tuple[float, float]:
    """Mean and standard error of the pairs and a pseudo-pair of mean weight at 0 and at 1 (unit scale)."""
    pseudo = float(w.mean())
    x = np.concatenate([x, [0.0, 1.0]])
    w = np.concatenate([w, [pseudo, pseudo]])
    total, n = float(w.sum()), x.size
    mean = float(w @ x / total)
    variance = n / (n - 1) * float(np.square(w * (x - mean)).sum()) / total**2
    return mean, sqrt(variance)


def _unanimous(mean: float, n: int, level: float) -> tuple[float, float]:
    unseen = unseen_share(n, (1 - level) / 2)
    return mean - unseen * mean, mean + unseen * (1 - mean)


def unseen_share(n: int, alpha: float) -> float:
    """Upper bound, at error ``alpha``, on the share of pairs of a kind of which n pairs held none."""
    return 1.0 - float(alpha ** (1.0 / n))


def clopper_pearson(successes: int, n: int, level: float) -> Interval:
    """The exact interval of a proportion of n independent pairs (Clopper and Pearson 1934)."""
    alpha = (1 - level) / 2
    low = 0.0 if successes == 0 else float(betaincinv(successes, n - successes + 1, alpha))
    high = 1.0 if successes == n else float(betaincinv(successes + 1, n - successes, 1 - alpha))
    return Interval(low, high, level, "Clopper-Pearson")


def sd_interval(sd: float, n: int, level: float) -> Interval | None:
    """The interval of a standard deviation of n independent normal values (chi-square); None below two values.

    With the three to five replicates that an audit can afford it is wide: that is how little they say.
    """
    if n < MIN_PAIRS:
        return None
    alpha = (1 - level) / 2
    # chdtri is the inverse of the upper tail.
    low = sd * sqrt((n - 1) / float(chdtri(n - 1, alpha)))
    high = sd * sqrt((n - 1) / float(chdtri(n - 1, 1 - alpha)))
    return Interval(low, high, level, CHI_SQUARE_METHOD)
