"""Intervals against closed forms, a second library, and the truth of simulated audits."""

from collections.abc import Callable
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from judgeaudit.stats import (
    clopper_pearson,
    coefficient_interval,
    cohen_kappa,
    mean_interval,
    resampling_counts,
    sd_interval,
)

values_in_unit = st.lists(st.floats(0, 1), min_size=2, max_size=60)


@pytest.mark.parametrize(("successes", "n"), [(0, 7), (3, 10), (10, 10), (57, 200)])
def test_clopper_pearson_agrees_with_statsmodels(successes: int, n: int) -> None:
    found = clopper_pearson(successes, n, 0.9)
    assert (found.low, found.high) == pytest.approx(proportion_confint(successes, n, 0.1, "beta"), abs=1e-9)


def test_the_interval_of_a_mean_is_the_normal_one_of_the_pairs_and_two_more() -> None:
    values = np.random.default_rng(0).uniform(-1, 1, 25) ** 3
    found = mean_interval(values, -1.0, 1.0, 0.95)
    augmented = DescrStatsW(np.concatenate([values, [-1.0, 1.0]]))
    assert found is not None
    assert (found.low, found.high) == pytest.approx(augmented.zconfint_mean(0.05), abs=1e-9)


def test_bonett_and_price_by_hand() -> None:
    """40 pairs, 6 with +1, 2 with -1: mean (6 - 2) / 42, squares 10, minus 42 means squared."""
    values = np.array([1.0] * 6 + [-1.0] * 2 + [0.0] * 32)
    found = mean_interval(values, -1.0, 1.0, 0.95)
    mean = 4 / 42
    error = sqrt((10 - 42 * mean**2) / 41 / 42)
    assert found is not None
    assert found.low == pytest.approx(mean - 1.959963984540054 * error, abs=1e-12)
    assert found.high == pytest.approx(mean + 1.959963984540054 * error, abs=1e-12)


def test_pairs_that_all_sit_at_one_end_get_clopper_pearson() -> None:
    found = mean_interval(np.ones(30), 0.0, 1.0, 0.95)
    exact = clopper_pearson(30, 30, 0.95)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=1e-12)
    assert "Clopper-Pearson" in found.method


def test_pairs_that_are_all_equal_in_the_middle_still_leave_room_for_unseen_ones() -> None:
    """With 30 pairs all at 0 on -1..1, a share of 1 - .025 ** (1 / 30) of pairs could still be at an end."""
    found = mean_interval(np.zeros(30), -1.0, 1.0, 0.95)
    unseen = 1 - 0.025 ** (1 / 30)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((-unseen, unseen), abs=1e-12)


@pytest.mark.parametrize("n", [0, 1])
def test_fewer_than_two_pairs_have_no_interval(n: int) -> None:
    assert mean_interval(np.full(n, 0.5), 0.0, 1.0, 0.95) is None
    assert sd_interval(1.0, n, 0.95) is None
    assert coefficient_interval(np.ones((n, 3, 3)), cohen_kappa, 0.95, 100, 0) is None


@given(values_in_unit, st.sampled_from([0.8, 0.9, 0.95]))
def test_an_interval_is_bounded_holds_its_estimate_and_mirrors(values: list[float], level: float) -> None:
    x = np.array(values)
    found, mirrored = mean_interval(x, 0.0, 1.0, level), mean_interval(1 - x, 0.0, 1.0, level)
    assert found is not None
    assert mirrored is not None
    assert 0 <= found.low <= x.mean() + 1e-12
    assert x.mean() - 1e-12 <= found.high <= 1
    assert (1 - mirrored.high, 1 - mirrored.low) == pytest.approx((found.low, found.high), abs=1e-6)


@given(values_in_unit)
def test_equal_weights_change_nothing(values: list[float]) -> None:
    x = np.array(values)
    plain, weighted = mean_interval(x, 0.0, 1.0, 0.95), mean_interval(x, 0.0, 1.0, 0.95, np.full(x.size, 7.0))
    assert plain is not None
    assert weighted is not None
    assert (weighted.low, weighted.high) == pytest.approx((plain.low, plain.high), abs=1e-9)


def test_a_spread_over_three_runs_is_as_uncertain_as_chi_square_says() -> None:
    found = sd_interval(2.0, 3, 0.95)
    assert found is not None
    assert found.low == pytest.approx(2 * sqrt(2 / chi2.ppf(0.975, 2)), abs=1e-9)
    assert found.high == pytest.approx(2 * sqrt(2 / chi2.ppf(0.025, 2)), abs=1e-9)


def test_a_bootstrap_by_weights_is_a_bootstrap_of_rows() -> None:
    rng = np.random.default_rng(3)
    tables = rng.dirichlet(np.ones(9), 20).reshape(20, 3, 3)
    counts = resampling_counts(20, 300, seed=5)
    assert (counts.sum(1) == 20).all()
    by_weights = (counts @ tables.reshape(20, 9)).reshape(-1, 3, 3)
    by_rows = np.stack([tables[np.repeat(np.arange(20), row.astype(int))].sum(0) for row in counts])
    assert cohen_kappa(by_weights) == pytest.approx(cohen_kappa(by_rows), abs=1e-12)


def test_perfect_agreement_is_not_certain_with_few_pairs() -> None:
    tables = np.zeros((30, 3, 3))
    tables[np.arange(30), np.arange(30) % 3, np.arange(30) % 3] = 1
    found = coefficient_interval(tables, cohen_kappa, 0.95, 2000, 0)
    assert found is not None
    assert found.high == 1.0
    assert 0.7 < found.low < 0.95


def test_a_coefficient_without_variation_has_no_interval() -> None:
    tables = np.zeros((10, 2, 2))
    tables[:, 0, 0] = 1
    assert coefficient_interval(tables, cohen_kappa, 0.95, 200, 0) is None


def zero_inflated(rng: np.random.Generator, n: int) -> np.ndarray:
    """Tie detection where an artifact moves 5 % of the pairs and the rest is noise; mean .045."""
    moved = rng.random((n, 1)) < 0.05
    draw = rng.random((n, 4))
    return np.where(moved, draw < 0.9, np.where(draw < 0.01, 1, np.where(draw < 0.02, -1, 0))).mean(1)


def overdispersed(rng: np.random.Generator, n: int) -> np.ndarray:
    """A flip rate of .1 whose four verdicts on a pair nearly always agree."""
    return rng.binomial(4, rng.beta(0.1, 0.9, n)) / 4


def skewed(rng: np.random.Generator, n: int) -> np.ndarray:
    """Exact probabilities, mostly near 0, with a long tail; mean .0463."""
    return 1 - np.exp(-np.exp(-4 + 1.5 * rng.normal(size=n)))


@pytest.mark.parametrize("n", [30, 200])
@pytest.mark.parametrize(
    ("draw", "low", "mean"), [(zero_inflated, -1.0, 0.045), (overdispersed, 0.0, 0.1), (skewed, 0.0, None)]
)
def test_intervals_hold_their_level_where_the_plain_t_interval_does_not(
    draw: Callable[[np.random.Generator, int], np.ndarray], low: float, mean: float | None, n: int
) -> None:
    rng = np.random.default_rng(11)
    true = float(skewed(np.random.default_rng(0), 2_000_000).mean()) if mean is None else mean
    found = [mean_interval(draw(rng, n), low, 1.0, 0.95) for _ in range(1000)]
    coverage = np.mean([i is not None and i.low <= true <= i.high for i in found])
    assert coverage >= 0.95 - 3 * sqrt(0.95 * 0.05 / 1000)


@pytest.mark.parametrize("n", [30, 200])
def test_the_interval_of_a_high_kappa_holds_its_level(n: int) -> None:
    """A judge that is right on 97 % of pairs and consistent within a pair; kappa .955 on balanced labels."""
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(400):
        label = rng.integers(0, 3, n)
        said = np.where(rng.random(n) < 0.97, label, (label + rng.integers(1, 3, n)) % 3)
        found = coefficient_interval(
            np.eye(3)[label][:, :, None] * np.eye(3)[said][:, None], cohen_kappa, 0.95, 500, 0
        )
        held += found is not None and found.low <= 0.955 <= found.high
    assert held / 400 >= 0.95 - 3 * sqrt(0.95 * 0.05 / 400)
