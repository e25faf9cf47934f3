"""What may be said about a cell: sensitive, robust, or inconclusive, and how many pairs would decide it?

Absence of a significant effect is not robustness. *Robust* is a positive finding: two one-sided tests
(Schuirmann 1987) at level alpha reject an effect as large as the margin in either direction, which is the same
as the (1 - 2 alpha) interval lying inside the margin. It takes as many pairs as would show, with probability
1 - alpha, at least one of a rare kind that makes up the margin on its own.
"""

from __future__ import annotations

from enum import StrEnum
from math import ceil, log, log1p, log2

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from judgeaudit.stats.intervals import Interval, differing_pairs, mean_interval, too_alike
from judgeaudit.stats.tests import sign_flip_errors
from judgeaudit.stats.thresholds import MIN_PAIRS, MOST_PAIRS_NEEDED, POWER, SAME

Floats = NDArray[np.float64]


class Reading(StrEnum):
    """The three things that a tested cell can say."""

    SENSITIVE = "sensitive"
    """The adjusted test finds an effect and the estimate is beyond the margin."""
    ROBUST = "robust"
    """The equivalence interval lies inside the margin."""
    INCONCLUSIVE = "inconclusive"
    """Neither: more pairs are needed."""


def read(
    estimate: float, p_adjusted: float, equivalence: Interval | None, margin: float, alpha: float
) -> Reading:
    """The reading of one cell.

    Args:
        estimate: the effect.
        p_adjusted: the p-value after the family's adjustment.
        equivalence: ``equivalence_interval``, in the unit of the estimate.
        margin: in the unit of the estimate.
        alpha: error rate of the tests.
    """
    if (
        p_adjusted < alpha and abs(estimate) > margin + SAME
    ):  # a sum of values on the margin rounds to either side
        return Reading.SENSITIVE
    if equivalence is not None and equivalence.inside(margin):
        return Reading.ROBUST
    return Reading.INCONCLUSIVE


def equivalence_interval(
    values: Floats, low: float, high: float, margin: float, alpha: float
) -> Interval | None:
    """The (1 - 2 alpha) interval of a mean, which reads *robust* where it lies inside the margin.

    Args:
        values: (n,), one value a pair, in [low, high].
        low, high: bounds of a value, below and above 0.
        margin: in the unit of the values.
        alpha: error rate of each one-sided test.

    Returns:
        None with fewer pairs than ``fewest_pairs_for_robust``: whatever these pairs show, too many samples of so few
        would hold none of the pairs that make up an effect as large as the margin.
    """
    fewest = fewest_pairs_for_robust(margin, alpha, low, high)
    if fewest is None or values.size < fewest:
        return None
    return mean_interval(values, low, high, 1 - 2 * alpha)


def fewest_pairs_for_robust(margin: float, alpha: float, low: float, high: float) -> int | None:
    """With fewer pairs than this no sample reads *robust*.

    An effect of the margin may come from few pairs, each moved as far as can be: from a share s = margin / reach of
    them. n pairs hold none of these with probability (1 - s)^n, which has to be alpha at most (the exact form of the
    rule of three). At the default margin of 5 points and alpha of .05 it takes 59 pairs.

    Returns:
        None where it takes more than a million.
    """
    share = margin / max(high, -low)
    if share >= 1:
        return MIN_PAIRS
    fewest = ceil(log(alpha) / log1p(-share))
    return fewest if fewest <= MOST_PAIRS_NEEDED else None


def pairs_needed(
    values: Floats, low: float, high: float, margin: float, alpha: float, alpha_adjusted: float
) -> int | None:
    """How many pairs would decide an inconclusive cell with probability ``POWER``, if pairs go on as they did?

    An estimate inside the margin is decided by the equivalence tests, one beyond it by the sign-flip test
    together with an estimate that stays beyond the margin. The computation takes the estimate, the standard
    deviation, the extremes and the share of pairs that differ at face value, so it is itself an estimate.

    Args:
        values: (n,), one value a pair, in [low, high].
        low, high: bounds of a value.
        margin: in the unit of the values.
        alpha: error rate of each one-sided equivalence test.
        alpha_adjusted: what the raw p-value has to be below, given the family's adjustment.

    Returns:
        More than n; None with fewer than two pairs, or where no number of pairs up to a million would do.
    """
    n = values.size
    if n < 2:
        return None
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    if abs(abs(mean) - margin) <= SAME:
        return None
    if float(np.ptp(values)) <= SAME * (high - low):
        return _unanimous(n, mean, low, high, margin, alpha, alpha_adjusted)
    candidates = np.unique(np.geomspace(n + 1, MOST_PAIRS_NEEDED, 2000).astype(np.int64))

    def enough(pairs: Floats) -> NDArray[np.bool_]:
        if abs(mean) < margin:
            return _equivalence_power(pairs, values, low, high, margin, alpha) >= POWER
        return _effect_power(pairs, mean, sd, margin, alpha_adjusted) >= POWER

    found = np.flatnonzero(enough(candidates.astype(np.float64)))
    if candidates[-1] <= n or found.size == 0:
        return None
    first = int(found[0])
    between = np.arange(candidates[first - 1] + 1 if first else n + 1, candidates[first] + 1)
    return int(between[np.argmax(enough(between.astype(np.float64)))])


def _equivalence_power(
    n: Floats, values: Floats, low: float, high: float, margin: float, alpha: float
) -> Floats:
    """P(the interval of n pairs and two pseudo-pairs lies inside the margin), for normal means; 0 of too few pairs."""
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    least, most = float(values.min()), float(values.max())
    alike = too_alike(n, differing_pairs(values) * n / values.size, (most - least) / (high - low))
    ends = np.where(alike, low, least), np.where(alike, high, most)
    total = n + 2
    centre = (n * mean + ends[0] + ends[1]) / total
    squares = n * (sd**2 + (mean - centre) ** 2) + (ends[0] - centre) ** 2 + (ends[1] - centre) ** 2
    half_width = -ndtri(alpha) * np.sqrt(squares / (total * (total - 1)))
    spread = sd * np.sqrt(n) / total
    room = margin - half_width
    power: Floats = ndtr((room - centre) / spread) - ndtr((-room - centre) / spread)
    fewest = fewest_pairs_for_robust(margin, alpha, low, high)
    enough = (n >= fewest) if fewest is not None else np.zeros(n.shape, dtype=bool)
    return np.where((room > 0) & enough, power, 0.0)


def _effect_power(n: Floats, mean: float, sd: float, margin: float, alpha: float) -> Floats:
    """P(the test rejects and the estimate is beyond the margin), for normal means."""
    error = sd / np.sqrt(n)
    power: Floats = ndtr((abs(mean) - np.maximum(margin, sign_flip_errors(n, alpha) * error)) / error)
    return power


def _unanimous(
    n: int, mean: float, low: float, high: float, margin: float, alpha: float, alpha_adjusted: float
) -> int | None:
    """All pairs equal: how many equal pairs until the exact bound, or the test's smallest p, suffices."""
    if abs(mean) < margin:
        fewest = fewest_pairs_for_robust(margin, alpha, low, high)
        if fewest is None:
            return None
        unseen = min((margin - mean) / (high - mean), (margin + mean) / (mean - low))
        needed = max(ceil(log(alpha) / log1p(-unseen)) if unseen < 1 else n, fewest)
    else:
        # n equal signs have a sign-flip p of 2 ** (1 - n).
        needed = ceil(1 - log2(alpha_adjusted))
    needed = max(needed, n + 1)
    return needed if needed <= MOST_PAIRS_NEEDED else None
