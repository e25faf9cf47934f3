"""How uncertain is a mean over pairs? Intervals whose coverage has been simulated, and a caution where they fail.

A value per pair, known to lie in [low, high], may be anything from a coin to the mean of a hundred dependent
verdicts; only pairs are independent. Coverage and widths against the alternatives stand in docs/statistics.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri, ndtri

from judgeaudit.stats.thresholds import CI_LEVEL, FEW_DIFFER, HARDLY_ANY_DIFFER, MIN_PAIRS, SAME

Floats = NDArray[np.float64]

OBSERVED_METHOD = "normal over pairs, one pseudo-pair at each farthest value"
ENDS_METHOD = "normal over pairs, one pseudo-pair at each end of the scale"
ALL_AT_END_METHOD = "Clopper-Pearson over pairs, all at one end"
ALL_EQUAL_METHOD = "Clopper-Pearson share of unseen different pairs, all equal"
CHI_SQUARE_METHOD = "chi-square over replicates"


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided interval: ``low`` <= estimate <= ``high`` at confidence ``level``, by ``method``.

    ``caution`` says in a clause why it may not hold its level; None where simulations say that it does.
    """

    low: float
    high: float
    level: float
    method: str
    caution: str | None = None

    def scaled(self, factor: float) -> Interval:
        """The same interval in another unit (``factor`` > 0)."""
        return Interval(self.low * factor, self.high * factor, self.level, self.method, self.caution)

    def inside(self, margin: float) -> bool:
        """Whether the whole interval lies strictly within plus or minus ``margin``."""
        return -margin < self.low and self.high < margin


def mean_interval(
    values: Floats, low: float, high: float, level: float, weights: Floats | None = None
) -> Interval | None:
    """The interval of a mean over independent pairs whose values are bounded.

    The normal interval of the n pairs together with two pseudo-pairs, one at the least and one at the largest value
    that a pair showed: two more pairs like the most different ones make up for what a sample of a skewed or mostly
    constant population misses, in the population's own unit. For values of 0 and 1 this is a small-sample adjustment
    in the manner of Agresti and Coull (1998), for -1, 0 and 1 that of Bonett and Price (2012) for a difference of
    paired proportions. It needs no assumption on how the verdicts inside a pair depend on one another.

    Where hardly any pair differs (``too_alike``) the sample does not say how far pairs can differ: the pseudo-pairs
    stand at ``low`` and ``high``. Where all pairs have the same value there is no variance to use: at an end of the
    scale the interval is Clopper-Pearson with n pairs; in the interior its bound u on the share of pairs that would
    differ (the exact form of the rule of three) times the farthest that they could differ. Both are wider than their
    level, and the caution says so.

    Args:
        values: shape (n,), one finite value a pair.
        low, high: what a value can be at least and at most.
        level: confidence, e.g. 0.95.
        weights: shape (n,), positive: the mean is then sum(w x) / sum(w), a ratio whose variance is linearised.
            A pseudo-pair weighs sum(w^2) / sum(w), the weight of the pair that an average unit of weight is in.
            None weighs each pair the same.

    Returns:
        None with fewer than two pairs.
    """
    n = values.size
    if n < MIN_PAIRS:
        return None
    w = np.ones(n) if weights is None else weights
    x = (values - low) / (high - low)
    total, squares = float(w.sum()), float(w @ w)
    mean, least, most = float(w @ x) / total, float(x.min()), float(x.max())
    pairs = total**2 / squares  # Kish's effective number: n where all weigh the same
    if most - least <= SAME:
        lower, upper = _unanimous(mean, pairs, level)
        at_end = mean <= SAME or mean >= 1 - SAME
        method = ALL_AT_END_METHOD if at_end else ALL_EQUAL_METHOD
        caution: str | None = f"all {n:,} pairs are equal: the interval is wider than its level"
    else:
        differing = differing_pairs(x, w)
        alike = bool(too_alike(pairs, differing, most - least))
        ends = (0.0, 1.0) if alike else (least, most)
        centre, error = _with_pseudo_pairs(x, w, ends, squares / total)
        z = float(ndtri((1 + level) / 2))
        lower, upper = centre - z * error, centre + z * error
        method = ENDS_METHOD if alike else OBSERVED_METHOD
        caution = few_pairs_caution(n, differing, alike=alike)
    # The pseudo-pairs pull towards the middle between them: the interval still holds its own estimate.
    lower, upper = max(0.0, min(lower, mean)), min(1.0, max(upper, mean))
    span = high - low
    return Interval(low + span * lower, low + span * upper, level, method, caution)


def differing_pairs(values: Floats, weights: Floats | None = None) -> float:
    """How many pairs differ, in effect: k where k of many have one value and the rest another.

    The smaller of two effective numbers. Kish's, (sum d)^2 / sum(d^2) of the distances d from the median pair, counts a
    long tail for the few pairs that make up most of it. The other is the k of such a sample of two values that is as
    skewed, (sum c^2)^3 / (sum c^3)^2 of the deviations c from the mean; it sees few far pairs among many near ones.
    Of normal values it is 0.64 n.

    Args:
        values: (n,), not all the same.
        weights: (n,), by which distances and deviations are multiplied.
    """
    n = values.size
    w = np.ones(n) if weights is None else weights
    middle = (n - 1) // 2, n // 2
    halves = np.partition(values, middle)
    distances = w * np.abs(values - (halves[middle[0]] + halves[middle[1]]) / 2)
    deviations = w * (values - float(w @ values) / float(w.sum()))
    squares = deviations * deviations
    cubes = float(squares @ deviations)
    kish = float(distances.sum()) ** 2 / float(distances @ distances)
    return min(kish, float(squares.sum()) ** 3 / cubes**2) if cubes else kish


def too_alike(n: float | Floats, differing: float | Floats, spread: float) -> np.bool_ | NDArray[np.bool_]:
    """Whether n pairs say too little of how far pairs can differ.

    Fewer than ``HARDLY_ANY_DIFFER`` of them differ; or all lie so close together, relative to the scale, that pairs too
    rare to be among n could move the mean by more than the pairs' whole spread.

    Args:
        n: pairs.
        differing: as ``differing_pairs`` has it.
        spread: largest less least value, as a share of the scale.
    """
    return np.logical_or(differing < HARDLY_ANY_DIFFER, spread < unseen_share(n, (1 - CI_LEVEL) / 2))


def few_pairs_caution(n: int, differing: float, *, alike: bool) -> str | None:
    """What to know of an interval over n pairs of which few differ, or all are ``alike``; None where neither is so."""
    if differing < HARDLY_ANY_DIFFER:
        return (
            f"hardly any pair differs (about {differing:.0f} of {n:,}): the interval is wider than its level"
        )
    if alike:
        return f"all {n:,} pairs are nearly equal: the interval is wider than its level"
    if differing < FEW_DIFFER:
        return f"few pairs differ much (about {differing:.0f} of {n:,}): the interval may miss its level"
    return None


def _with_pseudo_pairs(x: Floats, w: Floats, ends: tuple[float, float], pseudo: float) -> tuple[float, float]:
    """Mean and standard error of the pairs and a pseudo-pair of weight ``pseudo`` at each of two ``ends``."""
    n, total = x.size + 2, float(w.sum()) + 2 * pseudo
    mean = (float(w @ x) + pseudo * sum(ends)) / total
    residuals = w * (x - mean)
    squares = float(residuals @ residuals) + pseudo**2 * sum((end - mean) ** 2 for end in ends)
    return mean, sqrt(n / (n - 1) * squares) / total


def _unanimous(mean: float, n: float, level: float) -> tuple[float, float]:
    unseen = float(unseen_share(n, (1 - level) / 2))
    return mean - unseen * mean, mean + unseen * (1 - mean)


def unseen_share(n: float | Floats, alpha: float) -> float | Floats:
    """Upper bound, at error ``alpha``, on the share of pairs of a kind of which n pairs held none."""
    return 1.0 - np.power(alpha, 1.0 / n)


def sd_interval(sd: float, n: int, level: float) -> Interval | None:
    """The interval of a standard deviation of n independent normal values (chi-square).

    With the three to five replicates that an audit can afford it is wide: that is how little they say.

    Returns:
        None below two values, and where all are the same: nothing then says how far they could differ.
    """
    if n < MIN_PAIRS or sd <= SAME:
        return None
    alpha = (1 - level) / 2
    # chdtri is the inverse of the upper tail.
    low = sd * sqrt((n - 1) / float(chdtri(n - 1, alpha)))
    high = sd * sqrt((n - 1) / float(chdtri(n - 1, 1 - alpha)))
    return Interval(low, high, level, CHI_SQUARE_METHOD)
