"""What can n pairs show, asked before anything is bought? The smallest effect found, and the pairs for *robust*.

Everything here is known of an audit's design but one thing: the standard deviation of the pairs' values. It comes
from an earlier audit, or is an assumption (``thresholds.PLANNED_SD_SIGNED``). Means of pairs are taken to be normal.
Interval and reading are the audit's own, called and not copied, so that a plan follows whatever they are.

Detection. The sign-flip test rejects a mean that is farther from 0 than ``tests.sign_flip_errors`` standard errors, so
that the smallest effect found with probability P is

    d = (z(1 - alpha/2) sqrt((n - 1) / (n - z^2)) + z(P)) s / sqrt(n),

with many pairs the textbook's (z + z) s / sqrt(n).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import ceil, sqrt

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import binom

from judgeaudit.stats.equivalence import equivalence_interval
from judgeaudit.stats.intervals import mean_interval
from judgeaudit.stats.tests import sign_flip_errors
from judgeaudit.stats.thresholds import MIN_PAIRS, MOST_PAIRS_NEEDED, SAME

NEGLIGIBLE = 1e-6
"""Numbers of moved pairs that are less likely than this, below or above, add nothing to a probability."""

LOOKED_AT = 33
"""At how many numbers of moved pairs the interval is computed; between them it is all but straight."""


def detectable_effect(
    n: int, sd: float, alpha: float, power: float, *, beyond: float = 0.0, most: float = 1.0
) -> float | None:
    """The smallest effect that the two-sided sign-flip test finds.

    Args:
        n: pairs.
        sd: standard deviation of the pairs' values, in their unit.
        alpha: level of the test; under an adjustment, what the raw p-value has to be below.
        power: probability of finding it.
        beyond: what the estimate has to exceed as well; the margin, for a reading of *sensitive*.
        most: the largest effect that there can be.

    Returns:
        in the unit of the values; None where no effect up to ``most`` is found with that probability.
    """
    if n < MIN_PAIRS:
        return None
    errors = float(sign_flip_errors(np.array(float(n)), alpha))
    if errors == np.inf:
        return None
    error = sd / sqrt(n)
    effect = max(errors * error, beyond) + float(ndtri(power)) * error
    return effect if effect <= most else None


def pairs_for_effect(
    effect: float, sd: float, alpha: float, power: float, *, beyond: float = 0.0
) -> int | None:
    """The fewest pairs with which an effect is found; arguments as for ``detectable_effect``.

    Returns:
        None where it takes more than a million, as where the effect is no larger than ``beyond``.
    """

    def enough(n: int) -> bool:
        found = detectable_effect(n, sd, alpha, power, beyond=beyond, most=effect)
        return found is not None

    return _fewest(enough)


def half_width(n: int, sd: float, level: float, low: float, high: float) -> float | None:
    """Half the length of the interval that n pairs of this standard deviation give a mean in the middle of the scale.

    The pairs are those of ``chance_of_robust``: for values between 0 and 1 right, wrong, or half right.

    Returns:
        in the unit of the values; None with fewer pairs than have an interval.
    """
    reach = (high - low) / 2
    moved = min(2 * ceil((n - 1) * (sd / reach) ** 2 / 2 - SAME), n - n % 2)
    values = np.full(n, (low + high) / 2)
    if moved:
        apart = sd * sqrt((n - 1) / moved)
        values[: moved // 2] += apart
        values[moved // 2 : moved] -= apart
    found = mean_interval(values, low, high, level)
    return None if found is None else (found.high - found.low) / 2


@lru_cache(maxsize=4096)
def chance_of_robust(n: int, sd: float, margin: float, alpha: float, low: float, high: float) -> float:
    """The probability that a judge without any effect reads *robust*.

    Of all pairs with this standard deviation those are taken whose samples differ most in theirs, and so in the width
    of the interval: each pair is moved all the way to one side or to the other, or not at all. How many of n are
    moved is binomial, and by how much one side is ahead is taken to be normal, as it is for pairs moved by all sorts
    of amounts.

    Args:
        n, sd: as for ``detectable_effect``.
        margin: in the unit of the values.
        alpha: error rate of each one-sided equivalence test.
        low, high: the least and the most that a value can be, below and above 0.
    """
    if n < MIN_PAIRS:
        return 0.0
    reach = min(-low, high)
    share = min((sd / reach) ** 2, 1.0)
    first, last = (int(binom.ppf(tail, n, share)) for tail in (NEGLIGIBLE, 1 - NEGLIGIBLE))
    moved = np.arange(first, last + 1)
    looked_at = np.unique(np.linspace(first, last, LOOKED_AT).astype(np.int64))
    leads = [_farthest_lead(n, int(k), reach, margin, alpha, low, high) for k in looked_at]
    farthest = np.interp(moved, looked_at, leads)
    robust = np.where(farthest < 0, 0.0, 2 * ndtr(farthest / np.sqrt(np.maximum(moved, 1))) - 1)
    if first == 0:
        robust[0] = float(farthest[0] >= 0)
    return float(np.dot(binom.pmf(moved, n, share), robust))


def _farthest_lead(
    n: int, moved: int, reach: float, margin: float, alpha: float, low: float, high: float
) -> float:
    """By how many pairs one side may be ahead, of ``moved`` of n, in a sample that reads *robust*; -1 for by none.

    Between two leads that there can be, which are 2 apart, the end of the interval is taken to be straight.
    """

    def room(lead: int) -> float:
        """How far inside the margin the equivalence interval lies; negative outside."""
        values = np.zeros(n)
        ahead = (moved + lead) // 2
        values[:ahead], values[ahead:moved] = reach, -reach
        found = equivalence_interval(values, low, high, margin, alpha)
        return -margin if found is None else margin - max(found.high, -found.low)

    inside, outside = moved % 2, moved + 2  # an odd number of pairs cannot be split evenly
    if room(inside) <= 0:
        return -1.0
    while outside - inside > 2:
        middle = inside + 2 * ((outside - inside) // 4)
        inside, outside = (middle, outside) if room(middle) > 0 else (inside, middle)
    if inside == moved:
        return float(moved)
    here, there = room(inside), room(outside)
    return inside + 2 * here / (here - there)


def pairs_for_equivalence(
    sd: float, margin: float, alpha: float, power: float, low: float, high: float
) -> int | None:
    """The fewest pairs with which a judge without any effect reads *robust* with probability ``power``.

    Arguments are those of ``chance_of_robust``; with its default power ``equivalence.pairs_needed`` says the same of
    pairs that were seen.

    Returns:
        None where it takes more than a million.
    """
    return _fewest(lambda n: chance_of_robust(n, sd, margin, alpha, low, high) >= power)


def _fewest(enough: Callable[[int], bool]) -> int | None:
    """The least n up to a million for which ``enough`` holds, if it then goes on to hold; None for none."""
    above = MIN_PAIRS
    while not enough(above):
        if above >= MOST_PAIRS_NEEDED:
            return None
        above = min(2 * above, MOST_PAIRS_NEEDED)
    below = ceil(above / 2)
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (below, middle) if enough(middle) else (middle, above)
    return above
