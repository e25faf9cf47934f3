"""How uncertain is a coefficient that is not a mean? A pair bootstrap as one matrix product.

A resample is how often each pair is drawn, so all resamples of a sum over pairs are one product of a matrix
of counts with the pairs' own tables; no rows are ever copied.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from judgeaudit.stats.intervals import Interval, differing_pairs, few_pairs_caution
from judgeaudit.stats.thresholds import (
    FEW_DIFFER,
    FEW_RESAMPLED,
    HARDLY_ANY_DIFFER,
    MIN_PAIRS,
    PSEUDO_PAIRS,
    SAME,
)

Floats = NDArray[np.float64]

OBSERVED_METHOD = "percentile bootstrap of pairs, two pseudo-pairs like the farthest"
ENDS_METHOD = "percentile bootstrap of pairs, pseudo-pairs in full agreement and disagreement"


@lru_cache(maxsize=4)
def resampling_counts(n: int, resamples: int, seed: int) -> Floats:
    """How often each of n pairs is drawn in each resample of n: (resamples, n), rows adding up to n.

    The same arguments give the same matrix, so that all measures on n pairs see the same resamples.
    """
    rng = np.random.default_rng([seed, n])
    drawn = rng.integers(0, n, size=(resamples, n)) + n * np.arange(resamples)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=resamples * n).reshape(resamples, n).astype(np.float64)
    counts.setflags(write=False)
    return counts


def coefficient_interval(
    tables: Floats,
    coefficient: Callable[[Floats], Floats],
    level: float,
    resamples: int,
    seed: int,
) -> Interval | None:
    """The percentile interval of a coefficient of the pairs' summed tables.

    Two pseudo-pairs join the data, as in ``intervals.mean_interval``: one like the pair that raises the coefficient
    most, one like the pair that lowers it most. Where hardly any pair differs in what it does to the coefficient,
    they are one in full agreement and one in full disagreement, both spread over the categories as the data's
    margins are. Without them a coefficient near 1 is undercovered (a true kappa of .98 with 30 pairs: .52).

    What no resample can show are categories that hardly any pair is in: there the interval is too narrow, and its
    caution says so. It may also be with few pairs, whatever they are.

    Args:
        tables: (n, K, K), one table a pair.
        coefficient: maps tables (..., K, K) to (...), NaN where undefined.
        level: confidence.
        resamples: number of bootstrap resamples.
        seed: seed of the resamples.

    Returns:
        None with fewer than two pairs, one category, or where the coefficient is undefined.
    """
    n, categories = tables.shape[0], tables.shape[1]
    if n < MIN_PAIRS or categories < 2:
        return None
    total = tables.sum(0)
    estimate = float(coefficient(total))
    if not np.isfinite(estimate):
        return None
    without = coefficient(total - tables)
    without = np.where(np.isfinite(without), without, estimate)
    differing = differing_pairs(without) if float(np.ptp(without)) > SAME else 0.0
    alike = differing < HARDLY_ANY_DIFFER
    pseudo = _pseudo_pairs(total) / n if alike else tables[[without.argmin(), without.argmax()]]
    pairs = np.concatenate([tables, pseudo])
    counts = resampling_counts(n + PSEUDO_PAIRS, resamples, seed)
    sums = (counts @ pairs.reshape(n + PSEUDO_PAIRS, -1)).reshape(-1, categories, categories)
    values = coefficient(sums)
    values = values[np.isfinite(values)]
    if values.size == 0:
        return None
    alpha = (1 - level) / 2
    low, high = (float(q) for q in np.quantile(values, [alpha, 1 - alpha]))
    return Interval(
        min(low, estimate),
        max(high, estimate),
        level,
        ENDS_METHOD if alike else OBSERVED_METHOD,
        _one_category(total, n) or few_pairs_caution(n, differing, alike=alike) or _few_resampled(n),
    )


def _one_category(total: Floats, n: int) -> str | None:
    """The caution of n pairs of which one rater or the other puts nearly all into one category."""
    elsewhere = n * (1 - max(float((total.sum(axis) / total.sum()).max()) for axis in (0, 1)))
    if elsewhere >= FEW_DIFFER:
        return None
    return (
        f"all but about {elsewhere:.0f} of {n:,} pairs fall into one category: the interval may be too narrow"
    )


def _few_resampled(n: int) -> str | None:
    if n >= FEW_RESAMPLED:
        return None
    return f"a coefficient of fewer than {FEW_RESAMPLED} pairs: the interval may be too narrow"


def _pseudo_pairs(total: Floats) -> Floats:
    """Full agreement and full disagreement with the margins of ``total`` and its weight: (2, K, K)."""
    rows, columns = total.sum(1), total.sum(0)
    agree = np.diag((rows + columns) / 2)
    off_diagonal = 1 - np.eye(len(total))
    differ = np.outer(rows, columns) * off_diagonal
    if differ.sum() == 0:
        differ = off_diagonal
    return np.stack([agree, differ * (total.sum() / differ.sum())])
