"""A confidence sequence holds at every number of pairs at once, and its bounds are those of the published code."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binomtest

from judgeaudit.stats import anytime_equivalence_p, anytime_p, confidence_sequence, mean_interval
from judgeaudit.stats.thresholds import BET_FRACTIONS

Floats = NDArray[np.float64]

DRAWS: dict[str, Callable[[np.random.Generator, int], Floats]] = {
    "one in twenty moved": lambda rng, n: rng.choice([0.0, 1.0], n, p=[0.95, 0.05]),
    "moved either way": lambda rng, n: rng.choice([-1.0, 0.0, 1.0], n, p=[0.1, 0.8, 0.1]),
    "coins": lambda rng, n: rng.choice([-1.0, 1.0], n, p=[0.3, 0.7]),
    "four noisy verdicts": lambda rng, n: rng.binomial(4, 0.5, n) / 2 - 1.0,
    "rarely far down": lambda rng, n: rng.choice([-1.0, 0.25], n, p=[0.02, 0.98]),
    "probabilities": lambda rng, n: np.round(2 * rng.beta(6, 4, n) - 1, 1),
}
MEANS = {
    "one in twenty moved": 0.05,
    "moved either way": 0.0,
    "coins": 0.4,
    "four noisy verdicts": 0.0,
    "rarely far down": 0.225,
}


@pytest.mark.parametrize("name", MEANS)
def test_the_mean_is_missed_at_any_of_400_looks_no_more_often_than_the_level_allows(name: str) -> None:
    rng = np.random.default_rng(11)
    audits, alpha = 800, 0.1
    missed = sum(anytime_p(DRAWS[name](rng, 400), -1.0, 1.0, MEANS[name])[-1] < alpha for _ in range(audits))
    # A valid level is rejected here once in a thousand.
    assert binomtest(missed, audits, alpha, alternative="greater").pvalue > 0.001
    assert missed > 0


def test_an_ordinary_interval_would_be_missed_far_more_often() -> None:
    rng = np.random.default_rng(12)
    looks = np.arange(20, 401)
    missed = 0
    for _ in range(100):
        values = DRAWS["four noisy verdicts"](rng, 400)
        ordinary = [mean_interval(values[:n], -1.0, 1.0, 0.9) for n in looks[::10]]
        missed += any(one is not None and not one.low <= 0 <= one.high for one in ordinary)
    assert missed > 25


def test_a_mean_on_the_margin_is_called_equivalent_no_more_often_than_the_level_allows() -> None:
    rng = np.random.default_rng(13)
    audits, alpha = 800, 0.1
    called = 0
    for _ in range(audits):
        values = rng.choice([0.0, 1.0], 300, p=[0.95, 0.05])
        called += anytime_equivalence_p(values, -1.0, 1.0, 0.05)[-1] < alpha
    assert binomtest(called, audits, alpha, alternative="greater").pvalue > 0.001
    assert called > 0


def published(x: Floats, alpha: float, breaks: int) -> tuple[Floats, Floats]:
    """The grid method of the authors' code: one capital process a bet and mean, kept where the larger mean is small.

    ``betting_mart`` and ``cs_from_martingale`` of the package confseq, with constant bets f / m and f / (1 - m).
    """
    grid = np.arange(1, breaks) / breaks
    kept = np.zeros((grid.size, x.size), dtype=bool)
    for row, m in enumerate(grid):
        positive = np.mean([np.cumprod(1 + f / m * (x - m)) for f in BET_FRACTIONS], axis=0)
        negative = np.mean([np.cumprod(1 - f / (1 - m) * (x - m)) for f in BET_FRACTIONS], axis=0)
        kept[row] = np.maximum(positive / 2, negative / 2) <= 1 / alpha
    lower = np.array([grid[column.argmax()] for column in kept.T])
    upper = np.array([grid[column.size - 1 - column[::-1].argmax()] for column in kept.T])
    return np.maximum.accumulate(lower), np.minimum.accumulate(upper)


@pytest.mark.parametrize("name", DRAWS)
def test_the_bounds_are_those_of_the_authors_grid_method(name: str) -> None:
    values = DRAWS[name](np.random.default_rng(5), 150)
    breaks = 500
    lower, upper = confidence_sequence(values, -1.0, 1.0, 0.95)
    grid_lower, grid_upper = published((values + 1) / 2, 0.05, breaks)
    # A root lies within one step of the grid outside the last mean that is kept.
    assert np.all(np.abs((lower + 1) / 2 - grid_lower) <= 1 / breaks + 1e-9)
    assert np.all(np.abs((upper + 1) / 2 - grid_upper) <= 1 / breaks + 1e-9)
    assert np.all((lower + 1) / 2 <= grid_lower + 1e-9)
    assert np.all((upper + 1) / 2 >= grid_upper - 1e-9)


def test_the_bound_of_pairs_that_all_say_the_same_has_a_closed_form() -> None:
    n, alpha = 30, 0.05
    lower, upper = confidence_sequence(np.ones(n), 0.0, 1.0, 1 - alpha)
    capital = np.mean([(1 + f * (1 / lower[-1] - 1)) ** n for f in BET_FRACTIONS])
    assert capital == pytest.approx(2 / alpha, rel=1e-6)
    assert upper[-1] == pytest.approx(1.0)


def test_one_verdict_a_pair_at_a_fair_mean_multiplies_the_capital_by_one_plus_or_minus_the_fraction() -> None:
    p = anytime_p(np.array([1.0, 1.0, -1.0, 1.0]), -1.0, 1.0, 0.0)
    capital = np.array([np.mean([(1 + f) ** 3 * (1 - f) for f in BET_FRACTIONS])])
    two = np.mean([(1 + f) ** 2 for f in BET_FRACTIONS])
    assert p[1] == pytest.approx(min(1.0, 2 / two))
    assert p[3] == pytest.approx(2 / max(two, capital[0], 2.0))


def test_pairs_that_show_nothing_are_inside_a_margin_of_5_points_after_83() -> None:
    p = anytime_equivalence_p(np.zeros(100), -1.0, 1.0, 0.05)
    assert int(np.argmax(p < 0.05)) + 1 == 83


@pytest.mark.parametrize("name", DRAWS)
def test_p_is_below_a_where_the_sequence_excludes_the_mean(name: str) -> None:
    values = DRAWS[name](np.random.default_rng(6), 200)
    p = anytime_p(values, -1.0, 1.0, 0.1)
    lower, upper = confidence_sequence(values, -1.0, 1.0, 0.9)
    assert np.array_equal(p < 0.1, (lower > 0.1) | (upper < 0.1))


@pytest.mark.parametrize("name", DRAWS)
def test_the_equivalence_p_is_below_a_where_the_sequence_lies_inside_the_margin(name: str) -> None:
    values = DRAWS[name](np.random.default_rng(7), 400)
    p = anytime_equivalence_p(values, -1.0, 1.0, 0.2)
    lower, upper = confidence_sequence(values, -1.0, 1.0, 0.9)
    assert np.array_equal(p < 0.05, (lower > -0.2) & (upper < 0.2))


def test_bounds_only_come_closer_and_p_only_falls() -> None:
    values = DRAWS["probabilities"](np.random.default_rng(8), 300)
    lower, upper = confidence_sequence(values, -1.0, 1.0, 0.95)
    assert np.all(np.diff(lower) >= 0)
    assert np.all(np.diff(upper) <= 0)
    assert np.all(np.diff(anytime_p(values, -1.0, 1.0, 0.0)) <= 0)
    assert np.all(np.diff(anytime_equivalence_p(values, -1.0, 1.0, 0.5)) <= 0)


def test_another_scale_and_another_sign_change_nothing_else() -> None:
    values = DRAWS["probabilities"](np.random.default_rng(9), 120)
    lower, upper = confidence_sequence(values, -1.0, 1.0, 0.95)
    points = confidence_sequence(100 * values + 7, -93.0, 107.0, 0.95)
    assert points[0] == pytest.approx(100 * lower + 7)
    assert points[1] == pytest.approx(100 * upper + 7)
    mirrored = confidence_sequence(-values, -1.0, 1.0, 0.95)
    assert mirrored[0] == pytest.approx(-upper)
    assert mirrored[1] == pytest.approx(-lower)


def test_looks_see_the_pairs_up_to_them_in_whatever_order_they_came() -> None:
    rng = np.random.default_rng(10)
    values = DRAWS["four noisy verdicts"](rng, 90)
    looks = np.array([30, 60, 90])
    lower, upper = confidence_sequence(values, -1.0, 1.0, 0.95, looks)
    shuffled = np.concatenate([rng.permutation(values[n - 30 : n]) for n in looks])
    again = confidence_sequence(shuffled, -1.0, 1.0, 0.95, looks)
    assert np.array_equal(lower, again[0])
    assert np.array_equal(upper, again[1])
    first = confidence_sequence(values[:30], -1.0, 1.0, 0.95, looks[:1])
    assert (lower[0], upper[0]) == (first[0][0], first[1][0])
    # What came after the last look is not seen.
    early = confidence_sequence(values, -1.0, 1.0, 0.95, looks[:2])
    assert np.array_equal(np.stack(early), np.stack([lower[:2], upper[:2]]))


def test_before_the_first_pair_nothing_is_known() -> None:
    lower, upper = confidence_sequence(np.array([1.0]), -1.0, 1.0, 0.95, np.array([0, 1]))
    assert (lower[0], upper[0]) == (-1.0, 1.0)
    assert lower[1] > -1.0
    assert anytime_p(np.zeros(0), -1.0, 1.0, 0.0, np.array([0])).tolist() == [1.0]
    assert anytime_equivalence_p(np.zeros(0), -1.0, 1.0, 0.05, np.array([0])).tolist() == [1.0]
