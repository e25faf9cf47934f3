"""Could this effect be chance? Exact tests over pairs, and what many tests at once do to their p-values."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft
from scipy.special import ndtri

from judgeaudit.stats.thresholds import SAME, SMALLEST_P

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DENOMINATORS = (
    1,
    2,
    4,
    8,
    12,
    16,
    24,
    32,
    36,
    40,
    48,
    60,
    72,
    80,
    96,
    100,
    120,
    144,
    160,
    200,
    240,
    400,
    720,
)
"""Means of verdicts over sides, orders and a few replicates are whole multiples of one of these fractions."""

EXACT_STEPS = 1 << 14
"""Longest sum of whole steps that is not coarsened; what a test may cost (2 ms)."""

COARSE_STEPS = 1 << 13
STEPS_PER_PAIR = 16
"""A grid of at least 8,192 steps in all and 16 a pair: rounding moves the sum by 1 to 2 % of its standard
deviation with thousands of pairs, and by less with fewer."""

NEGLIGIBLE = 1e-20
"""A characteristic function below this adds nothing to a probability of 1e-12."""

FACTORS_AT_ONCE = 16
"""How many pairs' cosines are multiplied between two looks at which frequencies are negligible by now."""


def sign_flip(values: Floats) -> float:
    """The two-sided p-value of the sign-flip permutation test of a mean of 0 over independent pairs.

    Under the null hypothesis each pair's value is as likely as its negative, so all 2**n sign patterns are
    equally likely; p is the share of patterns whose absolute sum is at least the one observed. The whole
    distribution is computed, not sampled: the sum's characteristic function is the product of cos(t x) over
    pairs, inverted by one FFT. Hence p has no Monte Carlo floor, which a Holm correction over hundreds of
    tests would hit.

    Values that are multiples of a simple fraction (one-hot verdicts) are treated exactly; others are first
    rounded to a grid. Rounding is symmetric, so the test on the rounded values is itself exact; the grid is
    fine enough (``STEPS_PER_PAIR``) that its power is the same.

    Of values 1, 0 and -1, an answer that was gained, kept or lost, it is McNemar's exact test (1947, Psychometrika
    12:153): the binomial test of the two discordant counts.

    Args:
        values: (n,), one finite value a pair.

    Returns:
        p in [1e-12, 1]; 1 where no pair differs from 0.
    """
    steps, observed = _signed_steps(values)
    if steps.size == 0:
        return 1.0
    distribution = _subset_sums(steps)
    total = int(steps.sum())
    # The signed sum is (sum of the pairs kept positive) - (the rest) = 2 * subset - total.
    reached = np.abs(2 * np.arange(total + 1) - total) >= observed
    return float(np.clip(distribution[: total + 1][reached].sum(), SMALLEST_P, 1.0))


def sign_flip_errors(n: Floats, alpha: float) -> Floats:
    """How many standard errors a mean of n pairs has to be away from 0 for ``sign_flip`` to reject it at level alpha.

    To first order the test rejects where |sum x| exceeds z sqrt(sum x^2) (Lehmann and Romano 2005, Testing
    Statistical Hypotheses, section 15.2). With mean m and standard deviation s of the pairs, sum x^2 is
    n m^2 + (n - 1) s^2, so that it rejects where sqrt(n) |m| / s exceeds z sqrt((n - 1) / (n - z^2)). Its smallest p
    is 2^(1 - n).

    Args:
        n: any shape, numbers of pairs.
        alpha: level of the two-sided test.

    Returns:
        of n's shape; infinite where no mean of so few pairs is rejected.
    """
    z = -float(ndtri(alpha / 2))
    rejects = (n > z * z) & (n >= 1 - log2(alpha))
    room = np.where(rejects, n - z * z, 1.0)
    return np.where(rejects, z * np.sqrt((n - 1) / room), np.inf)


def smallest_p(values: Floats) -> float:
    """The least p that ``sign_flip`` could give pairs of these sizes, whatever their signs: 2^(1 - pairs not at 0)."""
    differ = int(np.count_nonzero(np.abs(values) > SAME))
    return min(1.0, max(2.0 ** (1 - differ), SMALLEST_P))


def _signed_steps(values: Floats) -> tuple[Ints, int]:
    """The values' sizes as positive whole numbers, and the absolute observed sum in the same steps."""
    nonzero = values[np.abs(values) > SAME]
    if nonzero.size == 0:
        return np.zeros(0, dtype=np.int64), 0
    size = np.abs(nonzero)
    steps = np.round(size * _steps_per_unit(size)).astype(np.int64)
    observed = abs(int((np.sign(nonzero).astype(np.int64) * steps).sum()))
    return steps[steps > 0], observed


def _steps_per_unit(size: Floats) -> float:
    total = float(size.sum())
    for denominator in DENOMINATORS:
        if total * denominator > EXACT_STEPS:
            break
        steps = size * denominator
        if np.all(np.abs(steps - np.round(steps)) < 1e-9 * denominator):
            return float(denominator)
    return max(COARSE_STEPS, STEPS_PER_PAIR * size.size) / total


def _subset_sums(steps: Ints) -> Floats:
    """P(sum of a random half of the steps = t) for t = 0 .. sum(steps); each step is in with probability 1/2."""
    total = int(steps.sum())
    length = 1 << total.bit_length()  # a power of two above the largest sum: angles wrap by a bit mask
    mask = 2 * length - 1
    cosine = np.cos(np.pi * np.arange(2 * length) / length)
    sizes, counts = np.unique(steps, return_counts=True)
    sizes, counts = sizes[np.argsort(-counts, kind="stable")], np.sort(counts)[::-1]
    frequency = np.arange(length // 2 + 1)
    product = np.ones(frequency.size)
    group = np.cumsum(counts) // FACTORS_AT_ONCE
    for part in np.split(np.arange(sizes.size), np.flatnonzero(np.diff(group)) + 1):
        product *= _powers(cosine[np.outer(sizes[part], frequency) & mask], counts[part])
        alive = np.abs(product) > NEGLIGIBLE
        frequency, product = frequency[alive], product[alive]
    transform = np.zeros(length // 2 + 1, dtype=np.complex128)
    transform[frequency] = product * np.exp(-1j * np.pi * ((total * frequency) & mask) / length)
    sums: Floats = irfft(transform, n=length)
    return np.maximum(sums, 0.0)


def _powers(factors: Floats, counts: Ints) -> Floats:
    """The product over rows of factors ** counts, by repeated squaring."""
    product = np.ones(factors.shape[1])
    for bit in reversed(range(int(counts.max()).bit_length())):
        product *= product
        product *= factors[(counts >> bit) & 1 == 1].prod(0)
    return product


def holm(p_values: Sequence[float]) -> Floats:
    """Holm's (1979) step-down adjustment: the family's chance of any false finding is held, whatever the dependence."""
    # By hand: statsmodels collects garbage at every call, and an audit that stops adjusts after every stage.
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1)), 1.0)
    return adjusted


def benjamini_hochberg(p_values: Sequence[float]) -> Floats:
    """Benjamini and Hochberg's (1995) adjustment: the expected share of false findings among the findings is held."""
    return _adjusted(p_values, "fdr_bh")


def _adjusted(p_values: Sequence[float], method: str) -> Floats:
    from statsmodels.stats.multitest import multipletests  # slow to import

    if len(p_values) == 0:
        return np.zeros(0)
    adjusted: Floats = multipletests(np.asarray(p_values, dtype=np.float64), method=method)[1]
    return adjusted
