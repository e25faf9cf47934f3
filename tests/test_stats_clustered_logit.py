"""The clustered and the mixed logit against statsmodels, numerical integration, closed forms and simulated truths."""

from importlib import import_module
from itertools import count
from math import log, sqrt
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.special import expit
from scipy.stats import norm, t

from judgeaudit.stats import LogitFit, clustered_logit, mixed_logit

Floats = NDArray[np.float64]
TRUE = np.array([0.3, 1.0, -0.5, 0.8])


def data(seed: int, n: int, spread: float = 1.0) -> tuple[Floats, Floats, NDArray[np.int64], Floats]:
    """Design (an intercept, two numbers, a sign), outcomes, clusters and slopes of n clusters of 2 to 8 rows."""
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(n), rng.integers(2, 9, n))
    rows = cluster.size
    sign = rng.choice([-1.0, 0.0, 1.0], rows)
    design = np.column_stack([np.ones(rows), rng.normal(size=(rows, 2)), sign])
    slope = rng.choice([-1.0, 1.0], rows)
    chance = expit(design @ TRUE + spread * slope * rng.normal(size=n)[cluster])
    return design, (rng.random(rows) < chance).astype(float), cluster, slope


def unit(j: int, size: int = 4) -> Floats:
    return np.eye(size)[j]


@pytest.mark.parametrize("seed", range(3))
def test_it_is_statsmodels_gee_with_independence_and_the_bias_reduced_covariance(seed: int) -> None:
    design, y, cluster, _ = data(seed, 40)
    found = clustered_logit(design, y, np.ones(y.size), cluster)
    model = sm.GEE(y, design, groups=cluster, family=sm.families.Binomial())
    second = model.fit(cov_type="bias_reduced", ctol=1e-10, maxiter=200)
    assert found.coefficients == pytest.approx(second.params, abs=1e-9)
    assert found.covariance == pytest.approx(second.cov_params(), abs=1e-9)
    assert found.clusters.tolist() == [40, 40, 40, len(np.unique(cluster[design[:, 3] != 0]))]
    assert found.used.all()


def test_shares_and_weights_are_the_choices_that_they_stand_for() -> None:
    """Three choices in a row, two of them for the outcome, are three rows; the order of rows leaves no trace."""
    rng = np.random.default_rng(5)
    design, _, cluster, _ = data(5, 30)
    count = rng.integers(0, 4, cluster.size)
    wins = rng.binomial(count, expit(design @ TRUE))
    share = wins / np.maximum(count, 1)
    order = rng.permutation(cluster.size)
    found = clustered_logit(
        csr_array(design[order]), share[order], count[order].astype(float), cluster[order]
    )
    rows = np.repeat(np.arange(cluster.size), count)
    outcome = np.concatenate([np.arange(k) < won for k, won in zip(count, wins, strict=True)]).astype(float)
    expanded = clustered_logit(design[rows], outcome, np.ones(rows.size), cluster[rows])
    assert found.coefficients == pytest.approx(expanded.coefficients, abs=1e-10)
    assert found.covariance == pytest.approx(expanded.covariance, abs=1e-10)
    assert (found.used == (count[order] > 0)).all()


@pytest.mark.parametrize("seed", range(5))
def test_what_rounding_loses_of_a_large_likelihood_keeps_no_fit_from_its_end(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a million rows and more the sum may come out a little lower after each of the last steps."""
    design, y, cluster, _ = data(seed, 40)
    expected = clustered_logit(design, y, np.ones(y.size), cluster)
    module = import_module("judgeaudit.stats.clustered_logit")
    exactly, calls = module._log_likelihood, count()

    def rounded(log_odds: Floats, y: Floats, w: Floats) -> float:
        return float(exactly(log_odds, y, w)) * (1 + next(calls) * 1e-15)

    monkeypatch.setattr(module, "_log_likelihood", rounded)
    found = clustered_logit(design, y, np.full(y.size, 1e9), cluster)
    assert found.coefficients == pytest.approx(expected.coefficients, abs=1e-9)


def test_known_probabilities_give_back_the_log_odds_that_made_them() -> None:
    design, _, cluster, _ = data(1, 30)
    found = clustered_logit(design, expit(design @ TRUE), np.ones(cluster.size), cluster)
    assert found.coefficients == pytest.approx(TRUE, abs=1e-9)
    estimate = found.estimate(unit(1))
    assert estimate is not None
    assert estimate.error < 1e-9
    assert estimate.p < 1e-9
    nothing = clustered_logit(design, np.full(cluster.size, 0.5), np.ones(cluster.size), cluster).estimate(
        unit(1)
    )
    assert nothing is not None
    assert (nothing.error, nothing.p) == (0, 1)


def test_one_term_is_the_log_odds_of_the_share_with_the_jackknife_to_first_order() -> None:
    """An intercept alone over clusters of equal size m: d_i = (T - A)^-1 s_i with T = n m v, A = m v."""
    rng = np.random.default_rng(2)
    n, m = 25, 4
    y = (rng.random((n, m)) < rng.random((n, 1))).astype(float)
    found = clustered_logit(np.ones((n * m, 1)), y.ravel(), np.ones(n * m), np.repeat(np.arange(n), m))
    p = y.mean()
    v = p * (1 - p)
    variance = float(np.square((y - p).sum(1) / ((n - 1) * m * v)).sum())
    estimate = found.estimate(np.ones(1))
    assert estimate is not None
    assert estimate.value == pytest.approx(log(p / (1 - p)))
    assert estimate.error == pytest.approx(sqrt(variance))
    margin = t.ppf(0.95, n - 1) * sqrt(variance)
    assert estimate.interval(0.9) == pytest.approx((estimate.value - margin, estimate.value + margin))
    assert estimate.p == pytest.approx(2 * t.sf(abs(estimate.value) / sqrt(variance), n - 1))


def test_a_contrast_has_the_variance_of_its_terms_together_and_the_rarest_ones_freedom() -> None:
    design, y, cluster, _ = data(3, 60)
    design[cluster >= 12, 3] = 0
    found = clustered_logit(design, y, np.ones(y.size), cluster)
    weights = np.array([0.0, 1.0, 0.0, -2.0])
    estimate = found.estimate(weights)
    assert estimate is not None
    assert estimate.value == pytest.approx(weights @ found.coefficients)
    assert estimate.error == pytest.approx(sqrt(weights @ found.covariance @ weights))
    assert estimate.df == found.clusters[3] - 1 <= 11


def fit_of(
    coefficients: list[float], covariance: list[list[float]], clusters: int | list[int] = 10_000
) -> LogitFit:
    k = len(coefficients)
    none = np.zeros(k)
    return LogitFit(
        np.array(coefficients),
        np.array(covariance),
        np.full(k, clusters),
        {},
        none.astype(bool),
        none,
        none > 0,
    )


def test_fiellers_interval_holds_the_ratios_that_a_test_does_not_reject() -> None:
    fit = fit_of([1.2, 0.8], [[0.04, 0.01], [0.01, 0.03]])
    found = fit.ratio(0, 1, 0.95)
    assert found is not None
    assert found[0] == pytest.approx(1.5)
    for end in found[1:]:  # at the ends a test of numerator - ratio * denominator = 0 is just at the level
        contrast = fit.estimate(np.array([1.0, -end]))
        assert contrast is not None
        assert contrast.p == pytest.approx(0.05, abs=1e-9)
    assert found[1] < 1.5 < found[2]


def test_fiellers_interval_by_hand() -> None:
    """10 with variance 1, divided by 5 with variance 1/4: (25 - z^2 / 4) r^2 - 100 r + 100 - z^2 = 0."""
    z = float(norm.ppf(0.975))
    a, c = 25 - z**2 / 4, 100 - z**2
    ends = [(50 - sqrt(2500 - a * c)) / a, (50 + sqrt(2500 - a * c)) / a]
    found = fit_of([10, 5], [[1, 0], [0, 0.25]], clusters=10**9).ratio(0, 1, 0.95)
    assert found is not None
    assert list(found[1:]) == pytest.approx(ends, rel=1e-6)


@pytest.mark.parametrize("clusters", [[9, 40], [40, 9]])
def test_a_ratio_has_the_freedom_of_the_rarer_of_its_terms(clusters: list[int]) -> None:
    covariance = [[0.04, 0.01], [0.01, 0.03]]
    found, rarer = fit_of([1.2, 0.8], covariance, clusters), fit_of([1.2, 0.8], covariance, 9)
    assert found.ratio(0, 1, 0.95) == rarer.ratio(0, 1, 0.95)


def test_what_has_no_estimate_or_one_cluster_alone_has_no_ratio() -> None:
    covariance = [[0.04, 0.01], [0.01, 0.03]]
    assert fit_of([np.nan, 0.8], covariance).ratio(0, 1, 0.95) is None
    assert fit_of([1.2, np.nan], covariance).ratio(0, 1, 0.95) is None
    assert fit_of([1.2, 0.8], [[np.nan, 0.0], [0.0, 0.03]]).estimate(np.array([1.0, 0.0])) is None
    assert fit_of([1.2, 0.8], [[-0.04, 0.0], [0.0, 0.03]]).estimate(np.array([1.0, 0.0])) is None
    assert fit_of([1.2, 0.8], covariance, [1, 2]).ratio(0, 1, 0.5) is None
    of_two = fit_of([1.2, 0.8], covariance, [1, 2]).estimate(np.array([0.0, 1.0]))
    assert of_two is not None
    assert of_two.df == 1


def test_a_ratio_to_what_may_be_0_has_no_interval() -> None:
    assert fit_of([1.2, 0.8], [[0.04, 0.0], [0.0, 0.2]]).ratio(0, 1, 0.95) is None
    assert fit_of([1.2, 0.8], [[0.04, 0.0], [0.0, 0.1]]).ratio(0, 1, 0.95) is not None


def test_a_term_that_decides_without_exception_has_no_estimate_and_the_others_keep_theirs() -> None:
    """Where the sign is not 0 it decides; what is left of the data is all that the others are estimated from."""
    design, y, cluster, _ = data(4, 40)
    decided = design[:, 3] != 0
    y = np.where(decided, design[:, 3] > 0, y)
    found = clustered_logit(design, y, np.ones(y.size), cluster)
    assert found.separated.tolist() == [False, False, False, True]
    assert found.toward.tolist() == [0, 0, 0, 1]
    assert (found.used == ~decided).all()
    rest = clustered_logit(design[~decided, :3], y[~decided], np.ones((~decided).sum()), cluster[~decided])
    assert found.coefficients[:3] == pytest.approx(rest.coefficients, abs=1e-9)
    assert found.covariance[:3, :3] == pytest.approx(rest.covariance, abs=1e-9)
    assert found.estimate(unit(3)) is None
    assert clustered_logit(design, 1 - y, np.ones(y.size), cluster).toward.tolist() == [0, 0, 0, -1]


@pytest.mark.parametrize("outcome", ["always", "by a term", "by a sum"])
def test_outcomes_that_all_follow_from_the_terms_leave_nothing_to_estimate(outcome: str) -> None:
    design, _, cluster, _ = data(6, 30)
    y = {
        "always": np.ones(cluster.size),
        "by a term": (design[:, 1] > 0).astype(float),
        "by a sum": (design @ TRUE > 0).astype(float),
    }[outcome]
    found = clustered_logit(design, y, np.ones(y.size), cluster)
    assert found.separated.all()
    assert np.isnan(found.coefficients).all()
    assert not found.used.any()
    assert (
        found.toward.tolist()
        == {"always": [1, 0, 0, 0], "by a term": [0, 1, 0, 0], "by a sum": [0] * 4}[outcome]
    )


def test_known_probabilities_near_certainty_are_large_coefficients_and_no_separation() -> None:
    design, _, cluster, _ = data(7, 30)
    found = clustered_logit(design, expit(design @ (12 * TRUE)), np.ones(cluster.size), cluster)
    assert not found.separated.any()
    assert found.coefficients == pytest.approx(12 * TRUE, rel=1e-5)


def test_rows_with_both_outcomes_stand_against_separation() -> None:
    """The sign decides every row but one, whose choices went both ways; but for that row it would have no estimate."""
    rng = np.random.default_rng(1)
    sign = rng.choice([-1.0, 1.0], 60)
    design, cluster = np.column_stack([np.ones(60), sign]), np.repeat(np.arange(20), 3)
    share = (sign > 0).astype(float)
    assert clustered_logit(design, share, np.ones(60), cluster).separated.all()
    share[np.argmax(sign > 0)] = 0.5
    found = clustered_logit(design, share, np.ones(60), cluster)
    # The other sign's rows are still certain: only the sum of both terms is known.
    assert found.separated.all()
    assert (found.used == (sign > 0)).all()
    assert not found.toward.any()
    share[np.argmax(sign < 0)] = 0.5
    found = clustered_logit(design, share, np.ones(60), cluster)
    assert not found.separated.any()
    chance = [share[sign == one].mean() for one in (-1, 1)]
    ends = [log(p / (1 - p)) for p in chance]
    assert found.coefficients == pytest.approx([(ends[1] + ends[0]) / 2, (ends[1] - ends[0]) / 2])


def two_that_decide() -> tuple[Floats, Floats, NDArray[np.int64]]:
    """An intercept and two terms of disjoint rows, 11 and 9, in all of which the outcome holds; 40 rows are mixed."""
    kind = np.repeat([0, 1, 2], [40, 11, 9])
    design = np.column_stack([np.ones(60), kind == 1, kind == 2]).astype(float)
    share = np.where(kind == 0, np.arange(60) % 4 == 0, 1.0)
    return design, share, np.arange(60) // 3


def test_one_row_with_both_outcomes_keeps_its_term_where_another_has_no_estimate() -> None:
    design, share, cluster = two_that_decide()
    share[40] = 0.5
    found = clustered_logit(design, share, np.ones(60), cluster)
    assert found.separated.tolist() == [False, False, True]
    assert found.toward.tolist() == [0, 0, 1]
    assert found.used.tolist() == [True] * 51 + [False] * 9
    assert found.coefficients[:2] == pytest.approx([log(1 / 3), log(10.5 / 0.5) - log(1 / 3)])


def test_a_term_may_decide_alone_once_the_rows_of_another_are_set_aside() -> None:
    """The outcome holds in the second term's rows but for one, in which the third is there too and decides."""
    design, share, cluster = two_that_decide()
    design[40, 2] = -1.0
    share[40] = 0.0
    for outcome, sign in ((share, 1), (1 - share, -1)):
        found = clustered_logit(design, outcome, np.ones(60), cluster)
        assert found.separated.tolist() == [False, True, True]
        assert found.toward.tolist() == [0, sign, sign]
        assert found.coefficients[0] == pytest.approx(-sign * log(3))


@pytest.mark.parametrize("scale", [1e-8, 1e5])
def test_separation_by_a_sum_does_not_depend_on_the_units_of_the_terms(scale: float) -> None:
    design, _, cluster, _ = data(6, 30)
    y = (design @ TRUE > 0).astype(float)
    found = clustered_logit(design * [1.0, scale, scale, 1.0], y, np.ones(y.size), cluster)
    assert found.separated.all()


def test_of_collinear_terms_the_later_is_left_out_and_says_of_what_it_is() -> None:
    design, y, cluster, _ = data(8, 40)
    extended = np.column_stack([design, design[:, 1] - 2 * design[:, 3]])
    found = clustered_logit(extended, y, np.ones(y.size), cluster)
    plain = clustered_logit(design, y, np.ones(y.size), cluster)
    assert found.aliases == {4: (1, 3)}
    assert found.coefficients[:4] == pytest.approx(plain.coefficients, abs=1e-9)
    assert found.estimate(unit(4, 5)) is None
    assert clustered_logit(design * [1, 1, 0, 1], y, np.ones(y.size), cluster).aliases == {2: ()}


@pytest.mark.parametrize("scale", [1e-8, 1e5])
def test_estimates_do_not_depend_on_the_units_of_the_terms(scale: float) -> None:
    design, y, cluster, _ = data(8, 40)
    plain = clustered_logit(design, y, np.ones(y.size), cluster)
    extended = np.column_stack([design[:, :2], scale * design[:, 2:], scale * (design[:, 1] - design[:, 3])])
    found = clustered_logit(extended, y, np.ones(y.size), cluster)
    assert found.aliases == {4: (1, 3)}
    units = np.array([1.0, 1.0, scale, scale])
    assert found.coefficients[:4] * units == pytest.approx(plain.coefficients, abs=1e-8)
    assert np.sqrt(np.diag(found.covariance))[:4] * units == pytest.approx(np.sqrt(np.diag(plain.covariance)))


def test_a_step_that_overshoots_is_shortened() -> None:
    """A term and weights that differ by powers of ten: full steps of Newton's method lead away from the maximum."""
    term = np.array([273.0, 11.0, 40.0, -4767.0, -64.0, -19.0, -104.0])
    share = np.array([1.0, 1.0, 0.0, 0.98, 0.5, 1.0, 0.5])
    weight = np.array([0.006, 0.138, 5912.5, 1.075, 0.011, 32.896, 7.01])
    design = np.column_stack([np.ones(7), term])
    found = clustered_logit(design, share, weight, np.arange(7))
    residual = weight * (share - expit(design @ found.coefficients))
    assert design.T @ residual == pytest.approx([0.0, 0.0], abs=1e-6)


def test_a_term_that_one_cluster_alone_carries_has_no_standard_error_worth_the_name() -> None:
    design, y, cluster, _ = data(9, 20)
    design[:, 3] = np.where(cluster == 0, np.resize([1.0, -1.0], cluster.size), 0.0)
    found = clustered_logit(design, y, np.ones(y.size), cluster)
    assert found.clusters[3] == 1
    assert found.estimate(unit(3)) is None


@pytest.mark.parametrize("block", [1, 3 * 16, 7 * 16])
def test_how_many_clusters_are_summed_at_a_time_changes_nothing(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    design, y, cluster, _ = data(10, 20)
    at_once = clustered_logit(design, y, np.ones(y.size), cluster)
    monkeypatch.setattr(import_module("judgeaudit.stats.clustered_logit"), "BLOCK", block)
    found = clustered_logit(design, y, np.ones(y.size), cluster)
    assert found.covariance == pytest.approx(at_once.covariance, rel=1e-12)


def test_no_rows_give_no_estimates() -> None:
    found = clustered_logit(np.zeros((0, 2)), np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64))
    assert np.isnan(found.coefficients).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"share": np.array([0.5, 1.5])}, "from 0 to 1"),
        ({"share": np.array([0.5, np.nan])}, "from 0 to 1"),
        ({"weight": np.array([1.0, -1.0])}, "at least 0"),
        ({"design": np.array([[1.0], [np.inf]])}, "finite"),
        ({"cluster": np.array([1])}, "entry a row"),
    ],
)
def test_arrays_that_cannot_be_meant_are_refused(change: dict[str, Any], message: str) -> None:
    given = {
        "design": np.ones((2, 1)),
        "share": np.ones(2),
        "weight": np.ones(2),
        "cluster": np.arange(2),
    } | change
    with pytest.raises(ValueError, match=message):
        clustered_logit(**given)


# The mixed logit.


GRID = np.linspace(-10, 10, 2001)


def integrated(
    parameters: Floats, design: Floats, y: Floats, w: Floats, cluster: Any, slope: Floats
) -> Floats:
    """(clusters,): the log-likelihood of the mixed logit by the trapezium rule, whose error is below rounding here."""
    fixed, sigma = design @ parameters[:-1], parameters[-1]
    log_odds = fixed[:, None] + sigma * slope[:, None] * GRID
    of_rows = w[:, None] * (y[:, None] * log_odds - np.logaddexp(0, log_odds))
    of_clusters = np.stack([of_rows[cluster == one].sum(0) for one in np.unique(cluster)])
    integral: Floats = (np.exp(of_clusters) * norm.pdf(GRID)).sum(1) * (GRID[1] - GRID[0])
    return np.log(integral)


@pytest.mark.parametrize(
    ("seed", "spread", "least", "most", "slopes"),
    [
        pytest.param(11, 1.5, 0.5, 2.0, [1.0], id="weighted"),
        pytest.param(6, 0.3, 1.0, 1.0, [1.0], id="not concave where it starts"),
        pytest.param(11, 1.5, 1.0, 1.0, [1.0, 0.0, 2.0, 0.5], id="slopes of several sizes"),
    ],
)
def test_the_mixed_logit_is_where_the_integrated_likelihood_is_largest_with_its_sandwich(
    seed: int, spread: float, least: float, most: float, slopes: list[float]
) -> None:
    design, y, cluster, slope = data(seed, 25, spread=spread)
    slope = slope * np.resize(slopes, slope.size)
    terms = design[:, [0, 3]] * [1.0, -1.0]  # one coefficient above 0 and one below
    w = np.random.default_rng(1).uniform(least, most, y.size)
    found = mixed_logit(terms, y, w, cluster, slope)

    def by_cluster(parameters: Floats) -> Floats:
        return integrated(parameters, terms, y, w, cluster, slope)

    best = minimize(lambda x: -by_cluster(x).sum(), [0.0, 0.0, 1.0], tol=1e-8).x
    assert found.coefficients == pytest.approx(best[:2], abs=2e-5)
    h = 1e-3 * np.eye(3)
    scores = np.stack([(by_cluster(best + step) - by_cluster(best - step)) / 2e-3 for step in h], axis=1)
    second = [
        [
            (
                by_cluster(best + a + b)
                - by_cluster(best + a - b)
                - by_cluster(best - a + b)
                + by_cluster(best - a - b)
            ).sum()
            for b in h
        ]
        for a in h
    ]
    inverse = np.linalg.inv(-np.array(second) / 4e-6)
    sandwich = inverse @ scores.T @ scores @ inverse * 25 / 24
    assert found.covariance == pytest.approx(sandwich[:2, :2], rel=0.01)


def test_without_differences_between_clusters_the_mixed_logit_is_the_average_one() -> None:
    design, _, cluster, slope = data(12, 40)
    chance = expit(design @ TRUE)
    average = clustered_logit(design, chance, np.ones(cluster.size), cluster)
    found = mixed_logit(design, chance, np.ones(cluster.size), cluster, slope)
    assert found.coefficients == pytest.approx(average.coefficients, abs=1e-9)


def test_known_probabilities_give_back_the_coefficients_within_clusters() -> None:
    """Many choices a row: each cluster's slope is known, and the terms that change inside clusters are exact."""
    design, _, cluster, slope = data(13, 60)
    b = np.random.default_rng(1).normal(0, 1.5, 60)
    chance = expit(design @ TRUE + slope * b[cluster])
    found = mixed_logit(design, chance, np.full(cluster.size, 1000.0), cluster, slope)
    assert found.coefficients == pytest.approx(TRUE, abs=2e-3)
    average = clustered_logit(design, chance, np.ones(cluster.size), cluster)
    # The average over clusters is nearer to 0.
    assert np.linalg.norm(average.coefficients) < 0.85 * np.linalg.norm(TRUE)


def test_the_mixed_logit_leaves_out_what_the_average_one_does() -> None:
    design, y, cluster, slope = data(14, 40)
    y = np.where(design[:, 3] != 0, design[:, 3] > 0, y)
    found = mixed_logit(np.column_stack([design, design[:, 1]]), y, np.ones(y.size), cluster, slope)
    assert found.separated.tolist() == [False, False, False, True, False]
    assert found.aliases == {4: (1,)}
    assert np.isfinite(found.coefficients[:3]).all()
    assert np.isnan(found.coefficients[3:]).all()
    everything = mixed_logit(design, np.ones(y.size), np.ones(y.size), cluster, slope)
    assert np.isnan(everything.coefficients).all()


# Coverage.


@pytest.mark.parametrize(("n", "at_least"), [(30, 0.90), (100, 0.91)])
def test_intervals_cover_with_strong_dependence(n: int, at_least: float) -> None:
    """300 samples: 0.91 is three standard errors below .95. What is covered is the average over 40,000 clusters."""
    rng = np.random.default_rng(n)

    def draw(n: int) -> tuple[Floats, Floats, NDArray[np.int64]]:
        side = np.tile([1.0, -1.0], (n, 4)).ravel()
        label = np.repeat(rng.choice([-1.0, 1.0], n), 8) * side
        artifact = np.tile([0.0, 0, 1, 1, -1, -1, 0, 0], n) * side
        chance = expit(0.4 + label + artifact + 2.0 * np.repeat(rng.normal(size=n), 8) * side)
        return np.column_stack([np.ones(8 * n), label, artifact]), chance, np.repeat(np.arange(n), 8)

    design, chance, cluster = draw(40_000)
    truth = clustered_logit(design, chance, np.ones(chance.size), cluster)
    held = []
    for _ in range(300):
        design, chance, cluster = draw(n)
        y = (rng.random(chance.size) < chance).astype(float)
        found = clustered_logit(design, y, np.ones(y.size), cluster)
        ends = [found.estimate(unit(j, 3)) for j in range(3)]
        held.append(
            [
                e is not None and e.interval(0.95)[0] <= c <= e.interval(0.95)[1]
                for e, c in zip(ends, truth.coefficients, strict=True)
            ]
        )
    assert np.mean(held, axis=0).min() > at_least
    assert np.mean(held, axis=0).max() < 0.99
