"""Readings, and the number of pairs that would decide, against a second library and simulation."""

from math import ceil, log, sqrt

import numpy as np
import pytest
from scipy.stats import norm
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
from judgeaudit.stats.equivalence import _effect_power, _equivalence_power
from judgeaudit.stats.intervals import differing_pairs

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


def test_on_the_margin_or_at_the_level_itself_nothing_is_found() -> None:
    assert read(5.0, 0.001, WIDE, 5.0, 0.05) is Reading.INCONCLUSIVE
    assert read(12.0, 0.05, WIDE, 5.0, 0.05) is Reading.INCONCLUSIVE
    assert read(0.0, 1.0, Interval(-5.0, 4.0, 0.9, ""), 5.0, 0.05) is Reading.INCONCLUSIVE
    assert read(0.0, 1.0, Interval(-4.0, 5.0, 0.9, ""), 5.0, 0.05) is Reading.INCONCLUSIVE


@pytest.mark.parametrize("shift", [0.0, 0.02, 0.04, 0.06])
@pytest.mark.parametrize("n", [60, 150, 600])
def test_robust_is_what_two_one_sided_tests_say(shift: float, n: int) -> None:
    values = np.clip(np.random.default_rng(n).normal(shift, 0.25, n), -1, 1)
    found = equivalence_interval(values, -1.0, 1.0, 0.05, 0.05)
    second = DescrStatsW(np.concatenate([values, [values.min(), values.max()]]))
    assert found is not None
    assert (found.low, found.high) == pytest.approx(second.zconfint_mean(0.1), abs=1e-9)
    assert found.inside(0.05) == (second.ztost_mean(-0.05, 0.05)[0] < 0.05)


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


def chance_to_decide(
    n: int, pilot: np.ndarray, low: float, high: float, margin: float, alpha_adjusted: float
) -> float:
    """By definition, from the sums of n pairs like the pilot's: of *robust*, or beyond the margin of *sensitive*."""
    mean, sd = float(pilot.mean()), float(pilot.std(ddof=1))
    if abs(mean) > margin:
        z = norm.isf(alpha_adjusted / 2)
        if n <= z**2 or 2.0 ** (1 - n) > alpha_adjusted:
            return 0.0
        threshold = max(margin, z * sqrt((n - 1) / (n - z**2)) * sd / sqrt(n))
        return float(norm.sf(threshold, abs(mean), sd / sqrt(n)))
    spread, differing = float(np.ptp(pilot)), differing_pairs(pilot) * n / pilot.size
    alike = differing < 4.5 or spread / (high - low) < 1 - 0.025 ** (1 / n)
    ends = np.array([low, high]) if alike else np.array([pilot.min(), pilot.max()])
    total, squares = n * mean + ends.sum(), n * (mean**2 + sd**2) + (ends**2).sum()
    centre, variance = total / (n + 2), (squares - total**2 / (n + 2)) / (n + 1)
    room = margin - norm.isf(0.05) * sqrt(variance / (n + 2))
    if room <= 0 or n < (fewest_pairs_for_robust(margin, 0.05, low, high) or n + 1):
        return 0.0
    of_centre = norm(centre, sd * sqrt(n) / (n + 2))
    return float(of_centre.cdf(room) - of_centre.cdf(-room))


UNEVEN = np.repeat([0.9, 0.3, -0.1, -0.2], [2, 5, 10, 23])


@pytest.mark.parametrize(
    ("pilot", "low", "high", "margin", "alpha_adjusted"),
    [
        pytest.param(UNEVEN, -1.0, 1.0, 0.05, 0.05, id="inside the margin"),
        pytest.param(-UNEVEN, -2.0, 1.0, 0.08, 0.05, id="inside, on a lopsided scale"),
        pytest.param(UNEVEN[5:25] - 0.03, -0.5, 1.0, 0.2, 0.05, id="few pairs, large margin"),
        pytest.param(np.repeat([1.0, -0.8, 0.0], [2, 1, 17]), -1.0, 1.0, 0.2, 0.05, id="hardly any differs"),
        pytest.param(np.repeat([0.3, -0.3, 0.0], [1, 1, 18]), -1.0, 1.0, 0.08, 0.05, id="till more differ"),
        pytest.param(np.repeat([0.3, 0.0], [1, 9]), -3.0, 1.0, 1.0, 0.05, id="hardly any, lopsided"),
        pytest.param(0.02 + np.tile([-0.01, 0.02], 5), -1.0, 2.0, 0.1, 0.05, id="nearly equal"),
        pytest.param(UNEVEN + 0.15, -1.0, 2.0, 0.05, 0.05, id="beyond the margin"),
        pytest.param(-0.15 - UNEVEN, -2.0, 1.0, 0.05, 0.001, id="beyond it, at a strict level"),
        pytest.param(np.array([0.1, 0.4]), -1.0, 1.0, 0.05, 0.01, id="two pairs"),
        pytest.param(np.resize(UNEVEN, 4000), -1.0, 1.0, 0.05, 0.05, id="decided already"),
    ],
)
def test_the_pairs_that_are_named_are_the_fewest_beyond_those_seen_by_definition(
    pilot: np.ndarray, low: float, high: float, margin: float, alpha_adjusted: float
) -> None:
    n = pilot.size + 1
    while chance_to_decide(n, pilot, low, high, margin, alpha_adjusted) < 0.8:
        n += 1
    assert pairs_needed(pilot, low, high, margin, 0.05, alpha_adjusted) == n
    several = np.array([pilot.size + 1, n, 2 * n, 10 * n], dtype=np.float64)
    if abs(pilot.mean()) < margin:
        found = _equivalence_power(several, pilot, low, high, margin, 0.05)
    else:
        found = _effect_power(several, float(pilot.mean()), float(pilot.std(ddof=1)), margin, alpha_adjusted)
    expected = [chance_to_decide(int(k), pilot, low, high, margin, alpha_adjusted) for k in several]
    assert found == pytest.approx(expected, abs=1e-9)


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


@pytest.mark.parametrize("mean", [0.02, -0.02])
def test_equal_pairs_off_the_middle_need_more(mean: float) -> None:
    """A share of .03 / .98 at the nearer end would move the mean to the margin: .05 ** (1 / n) from n = 97."""
    assert (
        pairs_needed(np.full(20, mean), -1.0, 1.0, 0.05, 0.05, 0.05)
        == ceil(log(0.05) / log(0.95 / 0.98))
        == 97
    )
    assert not decided(np.full(96, mean), 0.05)
    assert decided(np.full(97, mean), 0.05)


def test_equal_pairs_that_are_enough_need_one_more_and_those_on_the_margin_are_never_decided() -> None:
    assert pairs_needed(np.zeros(100), -1.0, 1.0, 0.05, 0.05, 0.05) == 101
    assert pairs_needed(np.ones(30), -1.0, 1.0, 0.05, 0.05, 0.005) == 31
    assert pairs_needed(np.full(20, 0.25), -1.0, 1.0, 0.25, 0.05, 0.05) is None
    assert pairs_needed(np.full(20, 0.05 - 1e-8), -1.0, 1.0, 0.05, 0.05, 0.05) is None


@pytest.mark.parametrize("end", [1.0, 0.8])
def test_no_pairs_could_leave_a_margin_that_holds_the_whole_scale(end: float) -> None:
    assert pairs_needed(np.zeros(20), -end, end, 1.0, 0.05, 0.05) == 21


def test_pairs_that_all_point_one_way_need_as_many_as_the_smallest_p_asks_for() -> None:
    """n equal pairs have p = 2 ** (1 - n), below .05 / 10 from n = 9."""
    assert pairs_needed(np.ones(4), -1.0, 1.0, 0.05, 0.05, 0.005) == 9


@pytest.mark.parametrize(("level", "least"), [(0.05, 6), (0.01, 8), (0.001, 13)])
def test_no_number_is_named_with_which_the_test_cannot_reject(level: float, least: int) -> None:
    """The smallest p of 5 pairs is 2 ** -4 = .0625, of 7 .0156, of 10 .0020; 11 (.00098), hardly ever."""
    assert pairs_needed(np.array([0.5, 0.25, 0.5]), -1.0, 1.0, 0.05, 0.05, level) == least


@pytest.mark.parametrize("level", [0.05, 0.01])
def test_of_few_pairs_too_the_number_that_is_named_decides(level: float) -> None:
    pilot = np.array([0.6, 0.1, 0.5, 0.4, -0.2, 0.5])
    needed = pairs_needed(pilot, -1.0, 1.0, 0.05, 0.05, level)
    assert needed is not None
    rng = np.random.default_rng(9)
    mean, sd = pilot.mean(), pilot.std(ddof=1)
    found = [rng.normal(mean, sd, needed) for _ in range(400)]
    rate = np.mean([sign_flip(x) < level and x.mean() > 0.05 for x in found])
    assert rate == pytest.approx(0.8, abs=0.08)


def test_values_that_add_up_to_the_margin_but_for_rounding_are_on_it() -> None:
    values = np.full(20, 0.05)
    assert values.mean() > 0.05
    assert pairs_needed(values, -1.0, 1.0, 0.05, 0.05, 0.05) is None
    assert read(100 * float(values.mean()), 1e-6, None, 5.0, 0.05) is Reading.INCONCLUSIVE


def test_an_effect_on_the_margin_is_never_decided() -> None:
    values = np.array([0.05 - 0.2, 0.05 + 0.2] * 20)
    assert pairs_needed(values, -1.0, 1.0, 0.05, 0.05, 0.05) is None


def test_one_pair_says_nothing_about_how_many_are_needed() -> None:
    assert pairs_needed(np.array([0.3]), -1.0, 1.0, 0.05, 0.05, 0.05) is None
