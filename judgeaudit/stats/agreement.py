"""How far do two sets of verdicts agree beyond chance? Chance-corrected coefficients from tables of weights.

Tables need not hold whole counts: a judge that gives probabilities adds its probabilities. All functions take
a stack of tables (..., K, K) at once and return (...); a coefficient that is undefined there (chance agreement
is 1) is NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from judgeaudit.stats.thresholds import SAME

Floats = NDArray[np.float64]


def cohen_kappa(tables: Floats) -> Floats:
    """Cohen's kappa (1960): chance agreement is the product of the two raters' own margins.

    Args:
        tables: (..., K, K), rows one rater and columns the other, nominal categories, any positive total.
    """
    shares = _shares(tables)
    chance = (shares.sum(-1) * shares.sum(-2)).sum(-1)
    return _beyond_chance(_agreement(shares), chance)


def gwet_ac1(tables: Floats) -> Floats:
    """Gwet's AC1 (2008, British Journal of Mathematical and Statistical Psychology 61:29).

    Chance agreement is sum(pi (1 - pi)) / (K - 1) with pi the mean of both margins, which stays small where
    nearly all verdicts fall into one category. K is the size of the table: give it the categories in use.

    Args:
        tables: (..., K, K), K >= 2.
    """
    shares = _shares(tables)
    pi = (shares.sum(-1) + shares.sum(-2)) / 2
    chance = (pi * (1 - pi)).sum(-1) / (tables.shape[-1] - 1)
    return _beyond_chance(_agreement(shares), chance)


def krippendorff_alpha(coincidence_tables: Floats, *, finite: bool = True) -> Floats:
    """Krippendorff's alpha for nominal data (Content Analysis, chapter 11): 1 - observed / expected disagreement.

    Args:
        coincidence_tables: (..., K, K), symmetric sums of ``coincidences`` over units; the total is the number
            of values that can be paired.
        finite: whether the total is a number of values, so that a value is never paired with itself. False
            where the tables come from whole distributions.
    """
    n = coincidence_tables.sum((-1, -2))
    margins = coincidence_tables.sum(-1)
    differ = n - _agreement(coincidence_tables)
    by_chance = np.square(n) - np.square(margins).sum(-1)
    lost = n - 1 if finite else n
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = 1 - lost * differ / by_chance
    return np.where(by_chance > SAME * np.square(n), alpha, np.nan)


def coincidences(counts: Floats) -> Floats:
    """The coincidence table of each unit: all ordered pairs of its values, weighted by 1 / (m - 1).

    Args:
        counts: (..., K), how many of a unit's m values fall into each category. Missing values are not counted;
            a unit with fewer than two values has nothing to compare and adds zeros.

    Returns:
        (..., K, K), each table with total m.
    """
    m = counts.sum(-1)[..., None, None]
    products = counts[..., :, None] * counts[..., None, :]
    diagonal = counts[..., :, None] * np.eye(counts.shape[-1])
    with np.errstate(divide="ignore", invalid="ignore"):
        tables = (products - diagonal) / (m - 1)
    return np.where(m >= 2, tables, 0.0)


def _shares(tables: Floats) -> Floats:
    shares: Floats = tables / tables.sum((-1, -2), keepdims=True)
    return shares


def _agreement(tables: Floats) -> Floats:
    agreement: Floats = np.trace(tables, axis1=-2, axis2=-1)
    return agreement


def _beyond_chance(observed: Floats, chance: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        coefficient = (observed - chance) / (1 - chance)
    return np.where(chance < 1 - SAME, coefficient, np.nan)
