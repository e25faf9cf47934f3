"""Tests and adjustments against enumeration, a second library and worked examples."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, norm, permutation_test

from judgeaudit.stats import benjamini_hochberg, holm, sign_flip


def enumerated(values: np.ndarray) -> float:
    """The sign-flip p-value by trying all sign patterns."""
    signs = np.array(list(product([-1, 1], repeat=values.size)))
    return float((np.abs(signs @ values) >= abs(values.sum()) - 1e-9).mean())


@given(st.lists(st.integers(-12, 12), min_size=1, max_size=10), st.sampled_from([1, 4, 12, 24]))
def test_sign_flip_is_exact_on_fractions(numerators: list[int], denominator: int) -> None:
    values = np.array(numerators) / denominator
    assert sign_flip(values) == pytest.approx(enumerated(values), abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_sign_flip_agrees_with_enumeration_on_probabilities(seed: int) -> None:
    values = np.random.default_rng(seed).normal(0.3, 1, 14)
    second = permutation_test(
        (values,), np.mean, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
    )
    assert sign_flip(values) == pytest.approx(second.pvalue, abs=2e-3)


@pytest.mark.parametrize("n", [5, 12, 30])
def test_pairs_that_all_point_one_way_have_the_smallest_p_there_is(n: int) -> None:
    assert sign_flip(np.full(n, -0.25)) == pytest.approx(2.0 ** (1 - n), rel=1e-4, abs=1e-13)


def test_pairs_without_any_effect_have_p_one() -> None:
    assert sign_flip(np.zeros(40)) == 1.0


def test_sign_flip_is_normal_with_many_pairs() -> None:
    for seed in range(5):
        values = np.random.default_rng(seed).normal(0.03, 1, 3000)
        z = values.sum() / np.sqrt(np.square(values).sum())
        assert sign_flip(values) == pytest.approx(2 * norm.sf(abs(z)), rel=0.1, abs=5e-3)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=40))
def test_sign_flip_does_not_care_about_sign_order_or_pairs_at_zero(values: list[float]) -> None:
    x = np.array(values)
    p = sign_flip(x)
    assert 0 < p <= 1
    assert sign_flip(-x[::-1]) == pytest.approx(p, abs=1e-9)
    assert sign_flip(np.append(x, [0.0, 0.0])) == pytest.approx(p, abs=1e-9)


def test_sign_flip_rejects_a_true_null_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    for draw in (
        lambda: rng.choice([-1.0, -0.5, 0.0, 0.0, 0.5, 1.0], 30),
        lambda: rng.normal(size=30) * rng.exponential(size=30),
    ):
        rejected = np.mean([sign_flip(draw()) < 0.05 for _ in range(800)])
        assert rejected <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 800)
        assert rejected >= 0.025


def test_of_gained_and_lost_answers_sign_flip_is_mcnemar_by_hand() -> None:
    """1 of 9 discordant pairs gained: 2 (1 + 9) / 2 ** 9."""
    assert sign_flip(np.array([1.0] + [-1.0] * 8 + [0.0] * 5)) == pytest.approx(20 / 512, abs=1e-12)


def test_holm_by_hand() -> None:
    """Sorted .01, .03, .04 become 3 x .01, 2 x .03, and no less than the one before."""
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06], abs=1e-12)


def test_benjamini_hochberg_by_hand_and_by_scipy() -> None:
    """Sorted .01, .03, .04 become 3/1 x .01, min(3/2 x .03, 3/3 x .04), .04."""
    assert benjamini_hochberg([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.04, 0.04], abs=1e-12)
    p = np.random.default_rng(0).uniform(size=50)
    assert benjamini_hochberg(p.tolist()) == pytest.approx(false_discovery_control(p), abs=1e-9)


def test_an_empty_family_needs_no_adjustment() -> None:
    assert holm([]).size == 0
    assert benjamini_hochberg([]).size == 0
