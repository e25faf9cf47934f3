"""Agreement coefficients against worked examples and a second library, and their intervals against simulated truth."""

from collections.abc import Callable
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from statsmodels.stats.inter_rater import cohens_kappa

from judgeaudit.stats import (
    Interval,
    coefficient_interval,
    cohen_kappa,
    coincidences,
    gwet_ac1,
    krippendorff_alpha,
    resampling_counts,
)

tables = arrays(np.float64, (3, 3), elements=st.integers(1, 50).map(float))


def test_cohen_kappa_by_hand() -> None:
    """Agreement 35/50; margins 25, 25 and 30, 20 agree by chance in half: (.7 - .5) / (1 - .5)."""
    assert cohen_kappa(np.array([[20.0, 5.0], [10.0, 15.0]])) == pytest.approx(0.4, abs=1e-12)


@given(tables)
def test_cohen_kappa_agrees_with_statsmodels(table: np.ndarray) -> None:
    assert cohen_kappa(table) == pytest.approx(cohens_kappa(table, return_results=False), abs=1e-9)


def test_ac1_by_hand() -> None:
    """118, 5, 2, 0: agreement 118/125 = .944; pi = .972 and .028, so chance 2 x .972 x .028 = .054432.

    Kappa is below 0 here although the raters nearly always agree, which is what AC1 was made for.
    """
    table = np.array([[118.0, 5.0], [2.0, 0.0]])
    assert gwet_ac1(table) == pytest.approx((0.944 - 0.054432) / (1 - 0.054432), abs=1e-12)
    assert cohen_kappa(table) < 0


def test_krippendorff_alpha_of_two_observers_as_published() -> None:
    """Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example A: alpha = .095."""
    one = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    two = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    counts = np.eye(2)[one] + np.eye(2)[two]
    assert krippendorff_alpha(coincidences(counts).sum(0)) == pytest.approx(0.095, abs=5e-4)


def test_krippendorff_alpha_with_missing_values_as_published() -> None:
    """The same paper, example C (nominal, four observers, twelve units, missing values): alpha = .743."""
    observers = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
    counts = np.eye(6)[np.array(observers)].sum(0)[:, 1:]  # 0 stands for a missing value
    assert krippendorff_alpha(coincidences(counts).sum(0)) == pytest.approx(0.743, abs=5e-4)


def test_units_with_one_value_say_nothing_about_agreement() -> None:
    assert coincidences(np.array([[1.0, 0.0], [0.0, 0.0]])).sum() == 0


@given(tables)
def test_coefficients_do_not_depend_on_the_number_or_the_order_of_raters(table: np.ndarray) -> None:
    for coefficient in (cohen_kappa, gwet_ac1):
        assert coefficient(table) == pytest.approx(coefficient(table.T), abs=1e-9)
        assert coefficient(table) == pytest.approx(coefficient(7 * table), abs=1e-9)
        assert coefficient(table) <= 1
    assert krippendorff_alpha(table + table.T, finite=False) == pytest.approx(
        krippendorff_alpha(1e9 * (table + table.T)), abs=1e-6
    )


@pytest.mark.parametrize("coefficient", [cohen_kappa, krippendorff_alpha])
def test_agreement_without_variation_is_undefined(coefficient: Callable[[np.ndarray], np.ndarray]) -> None:
    assert np.isnan(coefficient(np.diag([10.0, 0.0])))


def test_agreement_that_varies_by_rounding_alone_is_undefined_too() -> None:
    assert np.isnan(cohen_kappa(np.diag([1.0, 1e-14])))
    assert np.isnan(krippendorff_alpha(np.diag([1000.0, 1e-11])))


@pytest.mark.parametrize("coefficient", [cohen_kappa, gwet_ac1, krippendorff_alpha])
def test_a_stack_of_tables_is_computed_table_by_table(
    coefficient: Callable[[np.ndarray], np.ndarray],
) -> None:
    stack = np.random.default_rng(0).uniform(1, 9, (2, 5, 4, 4))
    found = coefficient(stack + stack.swapaxes(-1, -2))
    assert found.shape == (2, 5)
    for i, j in np.ndindex(2, 5):
        assert found[i, j] == pytest.approx(float(coefficient(stack[i, j] + stack[i, j].T)), abs=1e-12)


def test_a_stack_of_units_is_counted_unit_by_unit() -> None:
    counts = np.random.default_rng(0).integers(0, 4, (2, 5, 3)).astype(float)
    found = coincidences(counts)
    assert found.shape == (2, 5, 3, 3)
    for i, j in np.ndindex(2, 5):
        assert found[i, j] == pytest.approx(coincidences(counts[i, j]), abs=1e-12)
        assert found[i, j].sum() == pytest.approx(counts[i, j].sum() if counts[i, j].sum() > 1 else 0)


def judged(truth: np.ndarray, said: np.ndarray, categories: int = 3) -> np.ndarray:
    """(pairs, K, K): one verdict a pair against its label."""
    eye = np.eye(categories)
    return eye[truth][:, :, None] * eye[said][:, None]


def of_kappa(tables: np.ndarray, resamples: int = 500) -> Interval:
    found = coefficient_interval(tables, cohen_kappa, 0.95, resamples, 0)
    assert found is not None
    return found


def test_two_more_pairs_like_the_most_and_the_least_agreeing_ones_join_the_bootstrap() -> None:
    truth, said = (
        np.repeat([0, 0, 1, 1, 0, 1], [22, 8, 6, 24, 3, 2]),
        np.repeat([0, 1, 0, 1, 0, 1], [22, 8, 6, 24, 3, 2]),
    )
    tables = judged(truth, said, 2)
    found = of_kappa(tables, 400)
    total = tables.sum(0)
    without = np.array([float(cohen_kappa(total - one)) for one in tables])
    more = np.concatenate([tables, tables[[without.argmin(), without.argmax()]]])
    drawn = resampling_counts(len(more), 400, 0)
    values = [float(cohen_kappa(np.repeat(more, row.astype(int), axis=0).sum(0))) for row in drawn]
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(values, [0.025, 0.975])), abs=1e-12)
    assert found.caution is None


def test_where_hardly_any_pair_disagrees_two_more_pairs_agree_and_disagree_in_full() -> None:
    """29 of 30 right on balanced labels: with a pair like the one that is wrong the interval would end above .7."""
    truth = np.arange(30) % 2
    said = truth.copy()
    said[0] = 1 - said[0]
    found = of_kappa(judged(truth, said, 2), 2000)
    assert found.caution == "hardly any pair differs (about 1 of 30): the interval is wider than its level"
    assert found.low < 0.7
    perfect = of_kappa(judged(truth, truth, 2))
    assert perfect.caution is not None
    assert perfect.low < 1


@pytest.mark.parametrize(("n", "told"), [(59, True), (60, False)])
def test_a_coefficient_of_few_pairs_says_that_its_interval_may_be_too_narrow(n: int, told: bool) -> None:
    truth, pairs = np.arange(n) % 2, np.arange(n)
    found = of_kappa(judged(truth, np.where(pairs % 3 == 0, 1 - truth, truth), 2))
    expected = "a coefficient of fewer than 60 pairs: the interval may be too narrow"
    assert found.caution == (expected if told else None)


@pytest.mark.parametrize(("rare", "told"), [(6, True), (40, False)])
def test_labels_that_are_nearly_all_the_same_are_told(rare: int, told: bool) -> None:
    """Of 100 pairs; whether the label or the judge is the one that hardly differs."""
    truth = np.repeat([0, 1], [100 - rare, rare])
    said = np.where(np.arange(100) % 3 == 0, 1 - truth, truth)
    for tables in (judged(truth, said, 2), judged(said, truth, 2)):
        found = of_kappa(tables)
        expected = "all but about 6 of 100 pairs fall into one category: the interval may be too narrow"
        assert found.caution == (expected if told else None)


def covered(labels: tuple[float, ...], right: float, n: int, audits: int = 500) -> tuple[float, float]:
    """The coverage of kappa's interval where a judge is right on a share of pairs, else says anything; cautions."""
    p = np.array(labels)
    said_too = right * p + (1 - right) / 3
    agreement = right + (1 - right) / 3
    true = (agreement - p @ said_too) / (1 - p @ said_too)
    rng = np.random.default_rng(5)
    found = []
    for _ in range(audits):
        truth = rng.choice(3, n, p=p)
        said = np.where(rng.random(n) < right, truth, rng.integers(0, 3, n))
        one = coefficient_interval(judged(truth, said), cohen_kappa, 0.95, 500, 0)
        if one is not None:  # not all in one category
            found.append(one)
    held = np.mean([one.low <= true <= one.high for one in found])
    return float(held), float(np.mean([one.caution is not None for one in found]))


@pytest.mark.parametrize(("right", "n"), [(0.6, 60), (0.5, 100), (0.8, 100)])
def test_an_interval_of_kappa_without_a_caution_holds_its_level(right: float, n: int) -> None:
    coverage, cautions = covered((0.4, 0.4, 0.2), right, n)
    assert coverage == pytest.approx(0.95, abs=0.015 + 3 * sqrt(0.95 * 0.05 / 500))
    assert cautions < 0.1


def test_an_interval_of_kappa_that_misses_its_level_says_so() -> None:
    """One label in twenty is not a tie: too many samples of 30 hardly hold one."""
    coverage, cautions = covered((0.025, 0.025, 0.95), 0.9, 30)
    assert coverage < 0.92
    assert cautions > 0.95
