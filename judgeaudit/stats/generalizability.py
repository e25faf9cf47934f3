"""How much of a score's variance is due to what, and how many of each would make it reliable? Variance components.

Every pair is scored at every combination of the levels of some facets (judges, orders, prompts and the like). A score
is then a sum of uncorrelated effects, one for every set of pair and facets, and its variance the sum of theirs:

    Var(x) = s2(pair) + s2(judge) + s2(order) + s2(pair x judge) + ... + s2(pair x judge x order) + s2(replicate)

(Cronbach, Gleser, Nanda and Rajaratnam 1972, The Dependability of Behavioral Measurements; Brennan 2001,
Generalizability Theory). The components are estimated by equating the mean squares of the analysis of variance with
their expectations, which is unbiased for balanced data whatever their distribution. An estimate may therefore come
out below 0. It is kept as it is, and floored where it is used.

A decision study asks what the mean over n' levels of each facet would be worth. Of a facet that has N levels and no
more, n' of them leave 1 - n'/N of the error, and all of them none: both orders of two texts are all there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import ceil, prod

import numpy as np
from numpy.typing import NDArray

from judgeaudit.stats.intervals import Interval
from judgeaudit.stats.thresholds import MIN_PAIRS, SAME

Floats = NDArray[np.float64]

Effect = tuple[str, ...]
"""What varies together: ``("pair",)``, ``("pair", "judge")``, ``("replicate",)``."""

PAIR = "pair"
"""The object of measurement: the first axis of every array."""

REPLICATE = "replicate"
"""What differs between two scores of the same pair at the same level of every facet."""

METHOD = "percentile bootstrap of pairs, bias-adjusted"


@dataclass(frozen=True, slots=True)
class Facet:
    """What a score is repeated over, fully crossed with the pairs and with every other facet.

    Attributes:
        name: e.g. ``judge``.
        levels: how many were observed, at least 2.
        universe: how many there are; None where the observed are a sample of endlessly many.
    """

    name: str
    levels: int
    universe: int | None = None


def effects(facets: Sequence[Facet]) -> tuple[Effect, ...]:
    """Every effect in the order of all arrays of components: single ones first, replicates last."""
    names = (PAIR, *(facet.name for facet in facets))
    sets = (one for size in range(1, len(names) + 1) for one in combinations(names, size))
    return (*sets, (REPLICATE,))


def variance_components(
    means: Floats,
    facets: Sequence[Facet],
    variance: Floats | None = None,
    number: Floats | None = None,
    draws: Floats | None = None,
) -> Floats:
    """The components of a balanced crossed random design by its mean squares, below 0 where they come out there.

    In a resample of pairs some are there twice, which biases the components: those with the pair by (n - 1) / n, and
    those without it by a share of their interaction with pairs. Both are undone (``boot-p`` of Wiley 2000 and of Tong
    and Brennan 2007, Educational and Psychological Measurement 67:804).

    Args:
        means: (pairs, levels of each facet), a cell's mean score over its replicates. A pair with a NaN is not counted.
        facets: one for each axis but the first.
        variance: as ``means``, the unbiased variance of a single replicate in the cell. None where cells have one
            replicate: the highest interaction cannot be told from replicates then and is counted with theirs.
        number: as ``means``, how many replicates the mean is over; infinite where it is the expectation itself.
        draws: (resamples, pairs), how often each pair is drawn. None for the data as they are.

    Returns:
        (effects,), or (resamples, effects), in the order of ``effects``; NaN with fewer than two pairs.

    Raises:
        ValueError: the axes are not those of the facets, or a facet has fewer than two levels.
    """
    levels = tuple(facet.levels for facet in facets)
    if means.shape[1:] != levels or min(levels) < 2:
        raise ValueError(
            f"means: found axes {means.shape[1:]}, expected {levels}, each of two levels or more"
        )
    every = effects(facets)
    counted = ~np.isnan(means.reshape(len(means), -1).sum(1))
    drawn = np.ones((1, len(means))) if draws is None else draws
    size = drawn @ counted.astype(np.float64)
    if counted.sum() < MIN_PAIRS:
        nothing = np.full((len(drawn), len(every)), np.nan)
        return nothing[0] if draws is None else nothing
    with np.errstate(divide="ignore", invalid="ignore"):
        found = _components(_mean_squares(means, counted, drawn, size, levels), size, levels)
        if draws is not None:
            found[0] -= found[1] / (size - 1)
            found[1] *= size / (size - 1)
        highest = found[(1,) * (1 + len(levels))]
        if variance is None or number is None:
            replicate = highest.copy()
            highest[...] = 0.0
        else:
            within = np.stack([variance, variance / number]).reshape(2, len(means), -1).mean(-1)
            replicate, of_mean = (drawn @ np.where(counted, within, 0.0).T).T / size
            highest -= of_mean
    names = (PAIR, *(facet.name for facet in facets))
    places = [tuple(int(name in effect) for name in names) for effect in every[:-1]]
    components = np.stack([*(found[place] for place in places), replicate], axis=-1)
    components[size < MIN_PAIRS] = np.nan
    return components[0] if draws is None else components


def _mean_squares(
    means: Floats, counted: NDArray[np.bool_], drawn: Floats, size: Floats, levels: Sequence[int]
) -> Floats:
    """(2, 2, ..., resamples): by effect, with an axis for the pair and for each facet: 1 where the effect holds it.

    Uncorrected sums of squares (the T terms of Brennan 2001) are linear in the pairs' own squares or, for effects
    without the pair, squares of what is linear in the pairs: all resamples are one product with the draws. The sum of
    squares of an effect is its uncorrected one less the sums of squares of all effects within it.
    """
    n, axes = len(means), tuple(range(1, means.ndim))
    # The grand mean is in no effect; without it the differences below lose no digits.
    centred = np.where(counted.reshape(-1, *(1 for _ in axes)), means - means[counted].mean(), 0.0)
    over_pairs = (drawn @ centred.reshape(n, -1) / size[:, None]).reshape(-1, *levels)
    places = list(product((0, 1), repeat=len(axes)))
    own = np.empty((n, len(places)))
    squares = np.empty((*(2 for _ in range(means.ndim)), len(drawn)))
    for column, place in enumerate(places):
        absent = tuple(axis for axis, there in zip(axes, place, strict=True) if not there)
        times = prod(levels[axis - 1] for axis in absent)
        own[:, column] = times * np.square(centred.mean(absent, keepdims=True)).sum(axes)
        squares[(0, *place)] = times * size * np.square(over_pairs.mean(absent, keepdims=True)).sum(axes)
    with_pair = drawn @ own
    for column, place in enumerate(places):
        squares[(1, *place)] = with_pair[:, column]
    freedom = np.ones_like(squares)
    counts: list[Floats | int] = [size, *levels]
    for axis, count in enumerate(counts):
        without, within = np.moveaxis(squares, axis, 0)
        within -= without
        np.moveaxis(freedom, axis, 0)[1] *= count - 1
    mean_squares: Floats = squares / freedom
    return mean_squares


def _components(mean_squares: Floats, size: Floats, levels: Sequence[int]) -> Floats:
    """From mean squares to components, in place; that of the grand mean, at [0, 0, ...], means nothing.

    A mean square is expected to be the sum over all effects that hold this one, each component times the levels of
    everything that its effect does not hold (Brennan 2001). This is the inverse.
    """
    counts: list[Floats | int] = [size, *levels]
    for axis, count in enumerate(counts):
        without, within = np.moveaxis(mean_squares, axis, 0)
        without -= within
        without /= count
    return mean_squares


def in_universe(components: Floats, facets: Sequence[Facet]) -> Floats:
    """The components where some facets have no more than ``universe`` levels, floored at 0.

    An effect then also holds what is left of its interactions with such facets in the mean over all their levels:
    s2(a | universe) = sum over b of s2(a x b) / (levels of b in the universe), b running over the sets of finite
    facets outside a (Cornfield and Tukey 1956, Annals of Mathematical Statistics 27:907; Brennan 2001).
    Nothing is floored before that: where what one order gives the other takes, the component of pairs is negative for
    orders at random, and their interaction with both orders makes up for it.

    Args:
        components: (..., effects), from ``variance_components``.
        facets: as there.
    """
    every = effects(facets)
    limits = {facet.name: facet.universe for facet in facets if facet.universe is not None}
    share = np.zeros((len(every), len(every)))
    for row, effect in enumerate(every):
        for column, other in enumerate(every):
            beyond = set(other) - set(effect)
            if set(effect) <= set(other) and beyond <= set(limits):
                share[row, column] = 1 / prod(limits[name] for name in beyond)
    floored: Floats = np.maximum(components @ share.T, 0.0)
    return floored


def contributions(components: Floats, facets: Sequence[Facet], numbers: Mapping[str, int]) -> Floats:
    """What each effect adds to the variance of a pair's mean score over so many levels of each facet.

    An effect's component is divided by n' for each of its facets, and for a facet of N levels multiplied by 1 - n'/N,
    the finite universe correction (Brennan 2001). With n' = 1 throughout they add up to the variance of one score.

    Args:
        components: (..., effects), from ``variance_components``.
        facets: as there.
        numbers: n' of each facet and of replicates; 1 where a name is missing.

    Raises:
        ValueError: a number is below 1, or above the levels that there are.
    """
    limits = {facet.name: facet.universe for facet in facets}
    for name, number in numbers.items():
        limit = limits.get(name)
        if number < 1 or (limit is not None and number > limit):
            raise ValueError(
                f"numbers.{name}: found {number}, expected 1 or more, and at most {limit or 'any'}"
            )
    in_mean = {facet.name: numbers.get(facet.name, 1) for facet in facets}
    left = {
        name: 1 / number - (1 / limit if (limit := limits[name]) else 0.0) for name, number in in_mean.items()
    }
    factors = [prod(left[name] for name in effect if name != PAIR) for effect in effects(facets)[:-1]]
    # A replicate is one at one level of every facet, and there are endlessly many of them.
    replicates = prod(in_mean.values()) * numbers.get(REPLICATE, 1)
    added: Floats = in_universe(components, facets) * np.array([*factors, 1 / replicates])
    return added


def variance_shares(components: Floats, facets: Sequence[Facet]) -> Floats:
    """(..., effects): each effect's share of the variance of one score; NaN where nothing varies."""
    added = contributions(components, facets, {})
    total = added.sum(-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares: Floats = np.where(total > SAME, added / total, np.nan)
    return shares


def reliability(
    components: Floats, facets: Sequence[Facet], numbers: Mapping[str, int], absolute: bool = True
) -> Floats:
    """What a pair's mean score over so many levels tells of its mean over all that there are, from 0 to 1.

    The variance of the latter over the variance of the former. Absolute: the index of dependability, phi, in which
    everything but the pair is error, as it is where scores are held against a fixed point. Relative: the
    generalizability coefficient, whose only errors are interactions with pairs and replicates, as where pairs are
    ranked by the same levels (Brennan 2001). With one facet they are ICC(2, n') and ICC(3, n') of
    Shrout and Fleiss (1979).

    Args:
        components, facets, numbers: as for ``contributions``.
        absolute: which of both.

    Returns:
        (...,); NaN where nothing varies.
    """
    score, error = _score_and_error(contributions(components, facets, numbers), facets, absolute)
    total = score + error.sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        coefficient: Floats = np.where(total > SAME, score / total, np.nan)
    return coefficient


def levels_needed(
    components: Floats,
    facets: Sequence[Facet],
    numbers: Mapping[str, int],
    facet: str,
    wanted: float,
    most: int,
    absolute: bool = True,
) -> int | None:
    """The smallest number of levels of one facet whose mean reaches a reliability; None where ``most`` do not.

    Args:
        components: (effects,).
        facets: as there.
        numbers: of the other facets and of replicates.
        facet: the one in question, whose universe is endless.
        wanted: the reliability, between 0 and 1.
        most: the largest number that is of interest.
        absolute: as for ``reliability``.
    """
    added = contributions(components, facets, {**numbers, facet: 1})
    score, error = _score_and_error(added, facets, absolute)
    divided = np.array([facet in effect or effect == (REPLICATE,) for effect in effects(facets)])
    # score / (score + fixed + shrinking / n) reaches what is wanted where shrinking / n is at most ``room``.
    fixed, shrinking = float(error[~divided].sum()), float(error[divided].sum())
    room = float(score) * (1 - wanted) / wanted - fixed
    if room <= SAME:
        return None
    needed = max(1, ceil(shrinking / room - SAME))  # a whole number but for rounding is that number
    return needed if needed <= most else None


def _score_and_error(added: Floats, facets: Sequence[Facet], absolute: bool) -> tuple[Floats, Floats]:
    """The pair's own part (...,) and the errors (..., effects), 0 where an effect is none."""
    counts = [
        effect != (PAIR,) and (absolute or effect[0] in (PAIR, REPLICATE)) for effect in effects(facets)
    ]
    return added[..., 0], np.where(counts, added, 0.0)


def percentile_interval(resampled: Floats, estimate: float, level: float) -> Interval | None:
    """The percentile interval of what resamples of pairs came to: (resamples,), NaN where undefined.

    None where all came to the same: what none of the pairs shows, no resample does.
    """
    known = resampled[np.isfinite(resampled)]
    if known.size == 0 or float(np.ptp(known)) <= SAME:
        return None
    alpha = (1 - level) / 2
    low, high = (float(q) for q in np.quantile(known, [alpha, 1 - alpha]))
    return Interval(min(low, estimate), max(high, estimate), level, METHOD)
