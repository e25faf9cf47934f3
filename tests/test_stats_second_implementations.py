"""Statistics against other libraries, published figures, and their definitions written out value by value.

Only what the tests of each module do not hold already.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import permutation_test
from statsmodels.regression.linear_model import WLS
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar
from statsmodels.stats.inter_rater import fleiss_kappa
from statsmodels.stats.power import TTestPower

from judgeaudit.stats import (
    benjamini_hochberg,
    cohen_kappa,
    coincidences,
    gwet_ac1,
    holm,
    krippendorff_alpha,
    mean_interval,
    pairs_needed,
    sign_flip,
)

ABSTRACTORS = np.array([[13.0, 0.0, 0.0], [0.0, 20.0, 7.0], [0.0, 4.0, 56.0]])
"""100 abstracts classed by two abstractors (Gwet 2014, Handbook of Inter-Rater Reliability): the example of the
overview of the R package irrCAC, which prints the three figures below."""

p_values = st.lists(st.floats(1e-6, 1), min_size=1, max_size=12)


def test_three_coefficients_of_one_table_as_published() -> None:
    assert cohen_kappa(ABSTRACTORS) == pytest.approx(0.7964094, abs=5e-8)
    assert gwet_ac1(ABSTRACTORS) == pytest.approx(0.8493305, abs=5e-8)
    assert krippendorff_alpha(ABSTRACTORS + ABSTRACTORS.T) == pytest.approx(0.7972585, abs=5e-8)


def ac1_by_definition(one: Sequence[int], two: Sequence[int]) -> float:
    """Gwet (2008) from the ratings: by chance raters agree where one guesses, in 1 / K of guesses.

    The chance of a guess is that of Gwet's equation 4: the categories' sum of pi (1 - pi) over its most, 1 - 1 / K.
    """
    ratings = [*one, *two]
    categories = sorted(set(ratings))
    n, k = len(one), len(categories)
    agreement = Fraction(sum(a == b for a, b in zip(one, two, strict=True)), n)
    spread = sum(
        Fraction(ratings.count(c), 2 * n) * (1 - Fraction(ratings.count(c), 2 * n)) for c in categories
    )
    chance = spread / (1 - Fraction(1, k)) * Fraction(1, k)
    return float((agreement - chance) / (1 - chance))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=4, max_size=30))
def test_ac1_is_its_definition_rating_by_rating(ratings: list[tuple[int, int]]) -> None:
    one, two = zip(*ratings, strict=True)
    in_use = sorted({*one, *two})
    if len(in_use) < 2:
        return
    table = np.zeros((len(in_use), len(in_use)))
    for a, b in ratings:
        table[in_use.index(a), in_use.index(b)] += 1
    assert gwet_ac1(table) == pytest.approx(ac1_by_definition(one, two), abs=1e-9)


@pytest.mark.parametrize("raters", [2, 3, 5])
def test_alpha_of_complete_ratings_is_fleiss_kappa_of_statsmodels_for_finite_samples(raters: int) -> None:
    """Krippendorff's expected disagreement is Fleiss's with n / (n - 1), for n values in all."""
    rng = np.random.default_rng(raters)
    counts = rng.multinomial(raters, [0.5, 0.3, 0.2], 40).astype(np.float64)
    n = counts.sum()
    expected = 1 - (1 - fleiss_kappa(counts)) * (n - 1) / n
    assert krippendorff_alpha(coincidences(counts).sum(0)) == pytest.approx(expected, abs=1e-9)
    endless = krippendorff_alpha(coincidences(counts).sum(0), finite=False)
    assert endless == pytest.approx(fleiss_kappa(counts), abs=1e-9)


def alpha_by_definition(units: Sequence[Sequence[int]]) -> float:
    """1 - observed / expected disagreement, over all ordered pairs of values, units with one value left out."""
    paired = [unit for unit in units if len(unit) > 1]
    values = [value for unit in paired for value in unit]
    observed = sum(
        Fraction(sum(a != b for a, b in permutations(unit, 2)), len(unit) - 1) for unit in paired
    ) / len(values)
    expected = Fraction(sum(a != b for a, b in permutations(values, 2)), len(values) * (len(values) - 1))
    return float(1 - observed / expected)


@given(st.lists(st.lists(st.integers(0, 2), max_size=4), min_size=3, max_size=10))
def test_alpha_with_missing_values_is_its_definition_value_by_value(units: list[list[int]]) -> None:
    if len({value for unit in units if len(unit) > 1 for value in unit}) < 2:
        return
    counts = np.array([[unit.count(category) for category in range(3)] for unit in units], dtype=np.float64)
    assert krippendorff_alpha(coincidences(counts).sum(0)) == pytest.approx(
        alpha_by_definition(units), abs=1e-9
    )


@given(p_values)
def test_holm_is_its_definition_step_by_step(p: list[float]) -> None:
    """The smallest of m is worth m times itself, the next (m - 1) times, and none less than the one before."""
    expected, largest = np.ones(len(p)), 0.0
    for step, index in enumerate(np.argsort(p)):
        largest = max(largest, min(1.0, (len(p) - step) * p[index]))
        expected[index] = largest
    assert holm(p) == pytest.approx(expected, abs=1e-9)


@given(p_values, st.floats(0.01, 0.3))
def test_what_benjamini_and_hochberg_find_is_what_their_step_up_rule_finds(p: list[float], q: float) -> None:
    """All up to the largest rank k whose p is at most q k / m."""
    ordered = np.sort(p)
    passed = np.flatnonzero(ordered <= q * np.arange(1, len(p) + 1) / len(p))
    found = int((benjamini_hochberg(p) <= q).sum())
    cut = ordered[passed[-1]] if passed.size else -1.0
    if np.abs(ordered - q * np.arange(1, len(p) + 1) / len(p)).min() > 1e-9:
        assert found == int((np.array(p) <= cut).sum())


def test_the_interval_of_a_ratio_is_that_of_a_robust_weighted_regression() -> None:
    """statsmodels' HC1 standard error of a weighted mean, over the pairs and two pseudo-pairs."""
    rng = np.random.default_rng(0)
    values, weights = rng.uniform(size=40), rng.integers(1, 6, 40).astype(np.float64)
    found = mean_interval(values, 0.0, 1.0, 0.95, weights)
    w = np.concatenate([weights, [weights @ weights / weights.sum()] * 2])
    fit = WLS(np.concatenate([values, [values.min(), values.max()]]), np.ones(42), weights=w).fit(
        cov_type="HC1"
    )
    assert found is not None
    assert (found.low, found.high) == pytest.approx(tuple(fit.conf_int(0.05)[0]), abs=1e-9)


@pytest.mark.parametrize("denominator", [1, 4, 12])
@pytest.mark.parametrize("seed", range(3))
def test_the_sign_flip_test_is_scipy_s_over_all_permutations(denominator: int, seed: int) -> None:
    values = np.random.default_rng(seed).integers(-denominator, denominator + 1, 12) / denominator
    second = permutation_test(
        (values,), np.sum, permutation_type="samples", n_resamples=2**12, alternative="two-sided"
    )
    assert sign_flip(values) == pytest.approx(second.pvalue, abs=1e-9)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 5))
def test_of_one_yes_or_no_answer_a_pair_the_sign_flip_test_is_mcnemar_s(
    gained: int, lost: int, same: int
) -> None:
    """Sums of signs are symmetric binomials: McNemar's exact test adds nothing to the p-value."""
    values = np.repeat([1.0, -1.0, 0.0], [gained, lost, same])
    second = statsmodels_mcnemar([[same, gained], [lost, same]], exact=True).pvalue
    assert sign_flip(values) == pytest.approx(min(1.0, second), abs=1e-9)


@pytest.mark.parametrize(("mean", "sd", "alpha"), [(0.12, 0.5, 0.05), (0.2, 0.9, 0.01)])
def test_the_pairs_that_find_an_effect_are_those_of_statsmodels(mean: float, sd: float, alpha: float) -> None:
    """Two-sided at alpha, where the margin is too small to matter: a t test's number, give or take a pair."""
    noise = np.random.default_rng(1).normal(size=20)
    pilot = mean + sd * (noise - noise.mean()) / noise.std(ddof=1)
    n = TTestPower().solve_power(mean / sd, power=0.8, alpha=alpha)
    assert pairs_needed(pilot, -9.0, 9.0, 1e-6, 0.05, alpha) == pytest.approx(np.ceil(n), abs=1)
