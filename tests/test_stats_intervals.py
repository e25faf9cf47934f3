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
    Interval,
    bootstrap,
    coefficient_interval,
    cohen_kappa,
    gwet_ac1,
    intervals,
    mean_interval,
    resampling_counts,
    sd_interval,
)
from judgeaudit.stats.intervals import differing_pairs

values_in_unit = st.lists(st.floats(0, 1), min_size=2, max_size=60)


def of_mean(
    values: np.ndarray, low: float = -1.0, level: float = 0.95, weights: np.ndarray | None = None
) -> Interval:
    found = mean_interval(values, low, 1.0, level, weights)
    assert found is not None
    return found


def test_the_interval_of_a_mean_is_the_normal_one_of_the_pairs_and_two_more_like_the_farthest() -> None:
    values = np.random.default_rng(0).uniform(-0.6, 0.9, 25)
    found = of_mean(values)
    augmented = DescrStatsW(np.concatenate([values, [values.min(), values.max()]]))
    assert (found.low, found.high) == pytest.approx(augmented.zconfint_mean(0.05), abs=1e-9)
    assert found.caution is None


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(np.repeat([0.0, 0.5, -0.25], [26, 3, 1]), id="hardly any pair differs"),
        pytest.param(0.3 + 1e-3 * np.arange(30), id="all pairs are nearly equal"),
    ],
)
def test_pairs_that_do_not_show_how_far_pairs_can_differ_get_two_more_at_the_ends_of_the_scale(
    values: np.ndarray,
) -> None:
    found = of_mean(values)
    augmented = DescrStatsW(np.concatenate([values, [-1.0, 1.0]]))
    assert (found.low, found.high) == pytest.approx(augmented.zconfint_mean(0.05), abs=1e-9)
    assert found.caution is not None
    assert "wider than its level" in found.caution


def test_pairs_are_nearly_equal_where_unseen_ones_could_outweigh_their_spread() -> None:
    """With 30 pairs a share of 1 - .025 ** (1 / 30) of pairs could be of a kind that none of them is."""
    unseen = 2 * (1 - 0.025 ** (1 / 30))
    below, above = (of_mean(np.linspace(0, factor * unseen, 30)) for factor in (0.99, 1.01))
    assert below.caution is not None
    assert "nearly equal" in below.caution
    assert above.caution is None
    assert above.high - above.low < 0.5 * (below.high - below.low)


def test_an_interval_follows_the_unit_of_the_values_and_not_the_length_of_the_scale() -> None:
    """What a noisy judge shows is as uncertain on a scale from -1 to 1 as on one from -.5 to .5."""
    values = np.random.default_rng(1).uniform(-0.3, 0.4, 40)
    narrow = mean_interval(values, -0.5, 0.5, 0.95)
    assert narrow is not None
    assert (narrow.low, narrow.high) == pytest.approx((of_mean(values).low, of_mean(values).high), abs=1e-12)


def test_bonett_and_price_by_hand() -> None:
    """40 pairs, 6 with +1, 2 with -1: mean (6 - 2) / 42, squares 10, minus 42 means squared."""
    found = of_mean(np.repeat([1.0, -1.0, 0.0], [6, 2, 32]))
    mean = 4 / 42
    error = sqrt((10 - 42 * mean**2) / 41 / 42)
    assert found.low == pytest.approx(mean - 1.959963984540054 * error, abs=1e-12)
    assert found.high == pytest.approx(mean + 1.959963984540054 * error, abs=1e-12)


def test_bonett_and_price_as_published() -> None:
    """Cells 12, 4, 26 and 6 of a paired table: .44, from .2548067 to .6251933 (ci.prop.ps of R's statpsych).

    Theirs divides the variance of the 50 values by 50 and not by 49.
    """
    found = of_mean(np.repeat([1.0, -1.0, 0.0], [26, 4, 18]))
    half = (0.6251933 - 0.2548067) / 2 * sqrt(50 / 49)
    assert (found.low, found.high) == pytest.approx((0.44 - half, 0.44 + half), abs=1e-7)


@pytest.mark.parametrize(("ones", "words"), [(3, "hardly any pair differs (about 3 of 60)"),
                                             (7, "few pairs differ much (about 7 of 60)"), (10, None)])  # fmt: skip
def test_a_caution_counts_the_pairs_that_differ(ones: int, words: str | None) -> None:
    """Whichever value is the commoner one, and in any unit."""
    values = np.repeat([1.0, 0.0], [ones, 60 - ones])
    for found in (of_mean(values, 0.0), of_mean(1 - values, 0.0), of_mean(values, 0.0).scaled(100)):
        assert (found.caution or "").startswith(words or "")
        assert (found.caution is None) == (words is None)


def test_pairs_that_differ_are_counted_by_how_much_they_differ() -> None:
    """Two far ones either way, eight a quarter as far: (4 + 8 / 4) ** 2 / (4 + 8 / 16) = 8; n normal ones: 2 n / pi."""
    values = np.repeat([0.0, 1.0, -1.0, 0.25, -0.25], [48, 2, 2, 4, 4])
    assert differing_pairs(values) == pytest.approx(8.0, abs=1e-12)
    assert differing_pairs(values, np.full(60, 3.0)) == pytest.approx(8.0, abs=1e-12)
    assert differing_pairs(values, np.where(np.abs(values) == 1.0, 1e-9, 1.0)) == pytest.approx(8.0, abs=1e-6)
    normal = np.random.default_rng(2).normal(size=100_000)
    assert differing_pairs(normal) / 100_000 == pytest.approx(2 / np.pi, abs=0.01)


def test_few_far_pairs_among_many_near_ones_count_by_their_skewness() -> None:
    """Two at 1, eight at -1/4: squares 2.5, cubes 2 - 8 / 64, so 2.5 ** 3 / 1.875 ** 2 = 4.44; Kish has 6.4."""
    values = np.repeat([0.0, 1.0, -0.25], [50, 2, 8])
    assert differing_pairs(values) == pytest.approx(2.5**3 / 1.875**2, abs=1e-9)
    assert differing_pairs(1 - values) == pytest.approx(2.5**3 / 1.875**2, abs=1e-9)


def test_an_even_number_of_pairs_is_measured_from_between_its_middle_two_and_an_odd_one_from_its_middle() -> (
    None
):
    assert differing_pairs(np.array([0.0, 0.0, 1.0, 1.0])) == pytest.approx(4.0)
    for zeros, ones in ((2, 1), (1, 2), (2, 4), (4, 2)):
        assert differing_pairs(np.repeat([0.0, 1.0], [zeros, ones])) == pytest.approx(min(zeros, ones))


def test_a_caution_counts_pairs_by_what_they_weigh() -> None:
    """Of twelve that differ three have nearly all the weight."""
    values = np.repeat([1.0, 0.0], [12, 60])
    assert of_mean(values, 0.0).caution is None
    weights = np.repeat([1.0, 1e-6, 1.0], [3, 9, 60])
    assert "about 3 of 72" in (of_mean(values, 0.0, weights=weights).caution or "")


@pytest.mark.parametrize(
    ("values", "method"),
    [
        (np.zeros(9), intervals.ALL_AT_END_METHOD),
        (np.ones(9), intervals.ALL_AT_END_METHOD),
        (np.full(9, 0.5), intervals.ALL_EQUAL_METHOD),
        (np.repeat([0.0, 1.0], [9, 2]), intervals.ENDS_METHOD),
        (np.repeat([0.0, 1.0], [9, 6]), intervals.OBSERVED_METHOD),
    ],
)
def test_an_interval_says_by_which_method_it_was_made(values: np.ndarray, method: str) -> None:
    assert of_mean(values, 0.0).method == method


def test_another_unit_multiplies_both_ends_and_keeps_the_rest() -> None:
    found = Interval(-0.25, 0.5, 0.9, "of a kind", "with care")
    assert found.scaled(100) == Interval(-25.0, 50.0, 0.9, "of a kind", "with care")


@pytest.mark.parametrize(("successes", "n"), [(0, 7), (0, 200), (10, 10), (57, 57)])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_pairs_that_all_sit_at_one_end_get_the_clopper_pearson_interval_of_statsmodels(
    successes: int, n: int, level: float
) -> None:
    found = mean_interval(np.full(n, successes / n), 0.0, 1.0, level)
    exact = proportion_confint(successes, n, 1 - level, "beta")
    assert found is not None
    assert (found.low, found.high) == pytest.approx(exact, abs=1e-9)
    assert "Clopper-Pearson" in found.method
    assert found.caution == f"all {n} pairs are equal: the interval is wider than its level"


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
    assert sd_interval(2.0, 2, 0.95) is not None
    assert sd_interval(0.0, 3, 0.95) is None  # runs that are all the same do not say how far others could be


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


def pseudo_pairs_of(table: np.ndarray, n: int) -> np.ndarray:
    """The two tables that join n pairs which all have this one, from what the bootstrap hands to its coefficient."""
    handed: list[np.ndarray] = []

    def first_cell(tables: np.ndarray) -> np.ndarray:
        handed.append(tables)
        share: np.ndarray = tables[..., 0, 0] / tables.sum((-1, -2))
        return share

    found = coefficient_interval(np.stack([table] * n), first_cell, 0.9, 50, 0)
    assert found is not None
    assert found.method == bootstrap.ENDS_METHOD
    counts, k = resampling_counts(n + 2, 50, 0), table.size
    # Resamples are sums over pairs: n times the same table, and the two that are looked for.
    unknown = handed[-1].reshape(50, k) - counts[:, :n].sum(1, keepdims=True) * table.ravel()
    solved = np.linalg.lstsq(counts[:, n:], unknown, rcond=None)[0]
    return np.asarray(solved.reshape(2, *table.shape))


def test_pairs_that_are_alike_are_joined_by_one_in_full_agreement_and_one_in_full_disagreement() -> None:
    """Margins .5, .3, .2 and .6, .3, .1: in agreement their means, in disagreement their products off the diagonal."""
    table = np.array([[0.4, 0.1, 0.0], [0.1, 0.15, 0.05], [0.1, 0.05, 0.05]])
    agree, differ = pseudo_pairs_of(table, 20)
    assert agree == pytest.approx(np.diag([0.55, 0.3, 0.15]), abs=1e-9)
    products = np.array([[0.0, 0.15, 0.05], [0.18, 0.0, 0.03], [0.12, 0.06, 0.0]])
    assert differ == pytest.approx(products / 0.59, abs=1e-9)


def test_where_all_fall_into_one_category_full_disagreement_is_any_other_cell() -> None:
    agree, differ = pseudo_pairs_of(np.diag([2.0, 0.0]), 20)
    assert agree == pytest.approx(np.diag([2.0, 0.0]), abs=1e-9)
    assert differ == pytest.approx(np.array([[0.0, 1.0], [1.0, 0.0]]), abs=1e-9)


def test_two_pairs_have_the_interval_of_a_coefficient_and_it_names_its_method() -> None:
    two = np.array([[[1.0, 0.0], [0.0, 0.0]], [[0.0, 1.0], [0.0, 0.0]]])
    assert coefficient_interval(two, gwet_ac1, 0.95, 100, 0) is not None
    differing = np.eye(4).reshape(4, 2, 2)[np.arange(60) % 4]
    found = coefficient_interval(differing, gwet_ac1, 0.95, 100, 0)
    assert found is not None
    assert (found.method, found.caution) == (bootstrap.OBSERVED_METHOD, None)


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


ERROR = sqrt(0.95 * 0.05 / 1000)
"""Standard error of the coverage in 1,000 simulated audits."""


def simulated(
    draw: Callable[[np.random.Generator, int], np.ndarray], low: float, mean: float, n: int
) -> tuple[float, float]:
    """The coverage in 1,000 audits, and the share of them with a caution."""
    rng = np.random.default_rng(11)
    found = [of_mean(draw(rng, n), low) for _ in range(1000)]
    held = [one.low <= mean <= one.high for one in found]
    return float(np.mean(held)), float(np.mean([one.caution is not None for one in found]))


SKEWED_MEAN = float(skewed(np.random.default_rng(0), 2_000_000).mean())


@pytest.mark.parametrize("n", [30, 200])
@pytest.mark.parametrize(
    ("draw", "low", "mean"),
    [(zero_inflated, -1.0, 0.045), (overdispersed, 0.0, 0.1), (skewed, 0.0, SKEWED_MEAN)],
)
def test_intervals_hold_their_level_where_the_plain_t_interval_does_not(
    draw: Callable[[np.random.Generator, int], np.ndarray], low: float, mean: float, n: int
) -> None:
    """With 30 pairs, of which 1.5 are moved, 3 show a flip or a few make up the tail, they say that they may not."""
    coverage, cautions = simulated(draw, low, mean, n)
    assert coverage >= 0.95 - 3 * ERROR
    assert (cautions > 0.5) == (n == 30)


def noisy(rng: np.random.Generator, n: int) -> np.ndarray:
    """The winrate shift of a judge that answers at random: four verdicts a pair with the artifact, four without."""
    return rng.integers(-1, 2, (n, 8)).mean(1)


def sharp(rng: np.random.Generator, n: int) -> np.ndarray:
    """Three of four pairs are swayed all the way, in all their verdicts."""
    return (rng.random(n) < 0.75).astype(float)


@pytest.mark.parametrize(
    ("draw", "mean", "n"),
    [(noisy, 0.0, 30), (noisy, 0.0, 100), (noisy, 0.0, 500), (sharp, 0.75, 100), (sharp, 0.75, 500)],
)
def test_an_interval_without_a_caution_covers_no_more_than_its_level_either(
    draw: Callable[[np.random.Generator, int], np.ndarray], mean: float, n: int
) -> None:
    coverage, cautions = simulated(draw, -1.0, mean, n)
    assert 0.935 - 2 * ERROR <= coverage <= 0.965 + 2 * ERROR
    assert cautions < 0.05


def test_pairs_that_weigh_most_may_be_few() -> None:
    """One pair in twelve has nine tenths of the weight: a pseudo-pair that weighed the mean would count for nothing."""
    rng = np.random.default_rng(12)
    held = []
    for _ in range(1000):
        weights = np.where(rng.random(150) < 1 / 12, 1.0, 0.01)
        values = (rng.random(150) < 0.9).astype(float)
        found = of_mean(values, 0.0, weights=weights)
        held.append(found.low <= 0.9 <= found.high)
    assert np.mean(held) >= 0.95 - 3 * ERROR


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
