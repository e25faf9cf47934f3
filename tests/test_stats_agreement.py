"""Agreement coefficients against worked examples and a second library."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from statsmodels.stats.inter_rater import cohens_kappa

from judgeaudit.stats import cohen_kappa, coincidences, gwet_ac1, krippendorff_alpha

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


def test_a_stack_of_tables_is_computed_table_by_table() -> None:
    stack = np.random.default_rng(0).uniform(0.1, 1, (5, 3, 3))
    assert cohen_kappa(stack) == pytest.approx([float(cohen_kappa(table)) for table in stack])
