"""Readings, and the number of pairs that would decide, against a second library and simulation."""

from math import ceil, log

import numpy as np
import pytest
from statsmodels.stats.weightstats import DescrStatsW

from judgeaudit.stats import (
    Interval,
    Reading,
    equivalence_interval,
    fewest_pairs_for_robust,
    pairs_needed,
    read,
    sign_flip,
)

WIDE = Interval(-8.0, 9.0, 0.9, "")
NARROW = Interval(-2.0, 3.0, 0.9, "")


def test_an_effect_beyond_the_margin_that_the_test_finds_is_sensitive() -> None:
    assert read(12.0, 0.001, WIDE, 5.0, 0.05) is Reading.SENSITIVE


def test_no_significant_effect_is_not_called_robust() -> None:
    assert read(0.5, 0.9, WIDE, 5.0, 0.05) is Reading.INCONCLUSIVE


def test_a_tiny_significant_effect_inside_the_margin_is_robust() -> None:
    assert read(0.5, 0.0001, NARROW, 5.0, 0.05) is Reading.ROBUST


def test_a_large_effect_that_chance_explains_is_inconclusive() -> None:
    assert read(12.0, 0.2, Interval(-4.0, 28.0, 0.9, ""), 5.0, 0.05) is Reading.INCONCLUSIVE


def test_without_an_interval_nothing_is_robust() -> None:
    assert read(0.0, 1.0, None, 5.0, 0.05) is Reading.INCONCLUSIVE


@pytest.mark.parametrize("shift", [0.0, 0.02, 0.04, 0.06])
@pytest.mark.parametrize("n", [60, 150, 600])
def test_robust_is_what_two_one_sided_tests_say(shift: float, n: int) -> None:
    values = np.clip(np.random.default_rng(n).normal(shift, 0.25, n), -1, 1)
    found = equivalence_interval(values, -1.0, 1.0, 0.05, 0.05)
    p = DescrStatsW(np.concatenate([values, [values.min(), values.max()]])).ztost_mean(-0.05, 0.05)[0]
    assert found is not None
    assert found.inside(0.05) == (p < 0.05)


def test_fewer_pairs_than_show_a_rare_kind_that_makes_up_the_margin_are_never_robust() -> None:
    """A judge swayed entirely in 5 % of pairs is on the margin; .95^58 = .051 of samples hold none of them."""
    assert fewest_pairs_for_robust(0.05, 0.05, -1.0, 1.0) == 59
    close = 0.01 * np.tile([-1.0, 1.0], 30)
    assert equivalence_interval(close[:58], -1.0, 1.0, 0.05, 0.05) is None
    found = equivalence_interval(close[:59], -1.0, 1.0, 0.05, 0.05)
    assert found is not None
    assert found.level == pytest.approx(0.9)
    assert found.inside(0.05)


@pytest.mark.parametrize(
    ("margin", "alpha", "low", "high", "fewest"),
    [
        (0.1, 0.05, -1.0, 1.0, 29),  # .9^28 = .052, .9^29 = .047
        (0.05, 0.01, -1.0, 1.0, 90),  # .95^89 = .0104, .95^90 = .0099
        (0.05, 0.05, -0.25, 0.5, 29),  # a tenth of the farther end
        (0.05, 0.05, -0.5, 0.25, 29),
        (1.0, 0.05, -1.0, 1.0, 2),
        (1e-6, 0.05, -1.0, 1.0, None),
    ],
)
def test_how_many_pairs_that_takes(
    margin: float, alpha: float, low: float, high: float, fewest: int | None
) -> None:
    assert fewest_pairs_for_robust(margin, alpha, low, high) == fewest


def decided(values: np.ndarray, margin: float) -> bool:
    interval = equivalence_interval(values, -1.0, 1.0, margin, 0.05)
    return read(float(values.mean()), sign_flip(values), interval, margin, 0.05) is not Reading.INCONCLUSIVE


@pytest.mark.parametrize(("mean", "sd"), [(0.0, 0.3), (0.02, 0.2), (0.12, 0.5)])
def test_the_pairs_that_are_named_decide_in_four_of_five_audits(mean: float, sd: float) -> None:
    rng = np.random.default_rng(7)
    noise = rng.normal(size=40)
    pilot = mean + sd * (noise - noise.mean()) / noise.std(ddof=1)
    needed = pairs_needed(pilot, -1.0, 1.0, 0.05, 0.05, 0.05)
    assert needed is not None
    assert needed > 40
    rate = np.mean([decided(rng.normal(mean, sd, needed), 0.05) for _ in range(250)])
    assert rate == pytest.approx(0.8, abs=0.08)


def test_where_hardly_any_pair_differs_the_pairs_that_are_named_show_more_that_do() -> None:
    """Of 60 pairs two are swayed either way: with so few the interval is wide, with as many more it no longer is."""
    pilot = np.repeat([1.0, -1.0, 0.0], [2, 2, 56])
    needed = pairs_needed(pilot, -1.0, 1.0, 0.05, 0.05, 0.05)
    assert needed is not None
    rng = np.random.default_rng(8)
    rate = np.mean([decided(rng.choice(pilot, needed), 0.05) for _ in range(400)])
    assert rate == pytest.approx(0.8, abs=0.08)


def test_pairs_that_are_nearly_equal_need_as_many_as_equal_ones() -> None:
    nearly = np.tile([-1e-4, 1e-4], 10)
    assert pairs_needed(nearly, -1.0, 1.0, 0.05, 0.05, 0.05) == 59
    assert not decided(np.resize(nearly, 58), 0.05)
    assert decided(np.resize(nearly, 59), 0.05)


def test_on_a_lopsided_scale_equal_pairs_need_what_either_bound_asks_for() -> None:
    """At .02 on [-3, 1] the exact bound asks for 128 pairs, the rare kind at -3 for log .05 / log(1 - .05 / 3)."""
    assert pairs_needed(np.full(20, 0.02), -3.0, 1.0, 0.05, 0.05, 0.05) == ceil(log(0.05) / log(1 - 0.05 / 3))


def test_where_the_margin_takes_more_than_a_million_pairs_no_number_is_named() -> None:
    assert pairs_needed(np.zeros(20), -1.0, 1.0, 1e-6, 0.05, 0.05) is None
    assert pairs_needed(np.tile([-0.5, 0.5], 10), -1.0, 1.0, 1e-6, 0.05, 0.05) is None


def test_equal_pairs_need_as_many_as_the_exact_bound_asks_for() -> None:
    """All pairs at 0: 1 - .05 ** (1 / n) falls below .05 at n = 59."""
    assert pairs_needed(np.zeros(20), -1.0, 1.0, 0.05, 0.05, 0.05) == 59
    assert not decided(np.zeros(58), 0.05)
    assert decided(np.zeros(59), 0.05)


def test_pairs_that_all_point_one_way_need_as_many_as_the_smallest_p_asks_for() -> None:
    """n equal pairs have p = 2 ** (1 - n), below .05 / 10 from n = 9."""
    assert pairs_needed(np.ones(4), -1.0, 1.0, 0.05, 0.05, 0.005) == 9


def test_an_effect_on_the_margin_is_never_decided() -> None:
    values = np.array([0.05 - 0.2, 0.05 + 0.2] * 20)
    assert pairs_needed(values, -1.0, 1.0, 0.05, 0.05, 0.05) is None


def test_one_pair_says_nothing_about_how_many_are_needed() -> None:
    assert pairs_needed(np.array([0.3]), -1.0, 1.0, 0.05, 0.05, 0.05) is None
