"""What a plan says of n pairs is what audits of n pairs then do: closed forms, a second implementation, simulation."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from statsmodels.stats.power import TTestPower

from judgeaudit.stats import Reading, mean_interval, pairs_needed, read, sign_flip
from judgeaudit.stats.power import (
    _farthest_lead,
    chance_of_robust,
    detectable_effect,
    half_width,
    pairs_for_effect,
    pairs_for_equivalence,
)
from judgeaudit.stats.thresholds import PLANNED_SD_SHARE, PLANNED_SD_SIGNED

Floats = NDArray[np.float64]

DATA = Path(__file__).parents[2] / "shared" / "data"
MARGIN, ALPHA, POWER = 0.05, 0.05, 0.8
AUDITS = 600
ERROR = 3 * (POWER * (1 - POWER) / AUDITS) ** 0.5
"""Three standard errors of a share of simulated audits."""


def test_with_many_pairs_the_smallest_effect_is_the_textbook_one() -> None:
    textbook = (1.959964 + 0.841621) * 0.3 / 10_000**0.5
    assert detectable_effect(10_000, 0.3, ALPHA, POWER) == pytest.approx(textbook, rel=1e-3)


def test_with_few_pairs_the_smallest_effect_by_hand() -> None:
    """z = 1.959964, z^2 = 3.841459: (z sqrt(19 / (20 - z^2)) + .841621) .1 / sqrt(20)."""
    by_hand = (1.959964 * sqrt(19 / (20 - 3.841459)) + 0.841621) * 0.1 / sqrt(20)
    assert detectable_effect(20, 0.1, ALPHA, POWER) == pytest.approx(by_hand, rel=1e-6)
    assert detectable_effect(2, 0.1, 0.5, POWER) is not None
    assert pairs_for_effect(by_hand * (1 + 1e-6), 0.1, ALPHA, POWER) == 20
    assert detectable_effect(10, 0.0, ALPHA, POWER, beyond=1.0) == 1.0


@pytest.mark.parametrize("n", [30, 100, 400])
@pytest.mark.parametrize("alpha", [0.05, 0.005])
def test_the_smallest_effect_is_that_of_a_t_test_as_statsmodels_has_it(n: int, alpha: float) -> None:
    standardised = TTestPower().solve_power(nobs=n, alpha=alpha, power=POWER)
    assert detectable_effect(n, 0.2, alpha, POWER) == pytest.approx(0.2 * standardised, rel=0.05)


def test_an_effect_that_must_also_be_beyond_the_margin_is_larger_than_the_margin() -> None:
    found = detectable_effect(1_000_000, 0.3, ALPHA, POWER, beyond=MARGIN)
    assert found == pytest.approx(MARGIN + 0.841621 * 0.3 / 1000)


def test_no_effect_is_found_at_a_level_that_the_sign_flip_test_of_so_few_pairs_cannot_reach() -> None:
    assert sign_flip(np.full(9, 0.5)) > 0.0027
    assert detectable_effect(9, 0.1, 0.0026, POWER) is None
    assert detectable_effect(1, 0.1, ALPHA, POWER) is None
    assert detectable_effect(6, 0.9, ALPHA, POWER) is None  # it would be larger than 1


@pytest.mark.parametrize("beyond", [0.0, MARGIN])
@pytest.mark.parametrize("sd", [0.0, 0.1, 0.37])
def test_the_pairs_for_an_effect_are_the_fewest_that_find_it(sd: float, beyond: float) -> None:
    n = pairs_for_effect(0.1, sd, 0.01, POWER, beyond=beyond)
    assert n is not None
    at = detectable_effect(n, sd, 0.01, POWER, beyond=beyond)
    assert at is not None
    assert at <= 0.1
    before = detectable_effect(n - 1, sd, 0.01, POWER, beyond=beyond)
    assert before is None or before > 0.1


def test_an_effect_on_the_margin_is_never_told_from_it() -> None:
    assert pairs_for_effect(MARGIN, 0.3, ALPHA, POWER, beyond=MARGIN) is None


def moved(n: int, k: int) -> Floats:
    """n pairs of which k are moved all the way, half of them to each side."""
    values = np.zeros(n)
    values[:k] = np.where(np.arange(k) % 2, -1.0, 1.0)
    return values


@pytest.mark.parametrize(("n", "k"), [(7, 2), (50, 6), (211, 30), (211, 210)])
def test_the_half_width_is_that_of_the_interval_of_such_pairs(n: int, k: int) -> None:
    values = moved(n, k)
    sd = float(values.std(ddof=1))
    found = mean_interval(values, -1.0, 1.0, 0.95)
    assert found is not None
    assert half_width(n, sd, 0.95, -1.0, 1.0) == pytest.approx((found.high - found.low) / 2, rel=0.02)


@pytest.mark.parametrize(("low", "high"), [(-1.0, 1.0), (0.0, 1.0)])
@pytest.mark.parametrize(("n", "squares", "moved"), [(50, 6.04, 8), (60, 20, 20), (7, 48 / 7, 6), (8, 8, 8)])
def test_the_half_width_is_that_of_an_even_number_of_pairs_as_far_from_the_middle_as_their_spread_asks_for(
    n: int, squares: float, moved: int, low: float, high: float
) -> None:
    """Squares are those about the middle in units of half the scale, of which each moved pair has at most 1; there
    are no more than an even number of all pairs."""
    reach = (high - low) / 2
    values = np.full(n, (low + high) / 2)
    values[:moved] += reach * sqrt(squares / moved) * np.resize([1.0, -1.0], moved)
    found = mean_interval(values, low, high, 0.95)
    assert found is not None
    sd = reach * sqrt(squares / (n - 1))
    assert half_width(n, sd, 0.95, low, high) == pytest.approx((found.high - found.low) / 2, rel=1e-9)


@pytest.mark.parametrize("n", [60, 400])
def test_the_half_width_of_values_moved_by_all_sorts_of_amounts_is_hardly_another(n: int) -> None:
    values = np.random.default_rng(n).choice(np.arange(-8, 9) / 8, n)
    found = mean_interval(values, -1.0, 1.0, 0.95)
    assert found is not None
    assert half_width(n, float(values.std(ddof=1)), 0.95, -1.0, 1.0) == pytest.approx(
        (found.high - found.low) / 2, rel=0.03
    )
    assert half_width(1, 0.2, 0.95, -1.0, 1.0) is None


@pytest.mark.parametrize("k", [2, 6, 12, 32])
def test_the_pairs_for_equivalence_agree_with_what_is_said_of_pairs_that_were_seen(k: int) -> None:
    seen = moved(50, k)
    n = pairs_for_equivalence(float(seen.std(ddof=1)), MARGIN, ALPHA, POWER, -1.0, 1.0)
    assert n == pytest.approx(pairs_needed(seen, -1.0, 1.0, MARGIN, ALPHA, ALPHA), rel=0.06)


def test_the_chance_of_robust_grows_with_pairs_and_falls_with_their_spread() -> None:
    def chance(n: int, sd: float) -> float:
        return chance_of_robust(n, sd, MARGIN, ALPHA, -1.0, 1.0)

    assert [chance(n, 0.0) for n in (1, 58, 59)] == [0.0, 0.0, 1.0]
    by_n = [chance(n, 0.3) for n in (50, 150, 250, 400, 800)]
    assert by_n == sorted(by_n)
    assert by_n[0] == 0.0
    assert by_n[-1] > 0.99
    by_sd = [chance(300, sd) for sd in (0.2, 0.3, 0.5, 1.0)]
    assert by_sd == sorted(by_sd, reverse=True)


@pytest.mark.parametrize(("low", "high"), [(-1.0, 1.0), (-2.0, 1.0), (-1.0, 2.0)])
@pytest.mark.parametrize("moved", [0, 1, 6, 9, 30])
def test_the_farthest_lead_is_where_the_interval_leaves_the_margin(
    moved: int, low: float, high: float
) -> None:
    """By trying every lead in turn: straight between the last that is inside the margin and the next, 2 further."""
    n, margin = 80, 0.25

    def room(lead: int) -> float:
        values = np.repeat([1.0, -1.0, 0.0], [(moved + lead) // 2, (moved - lead) // 2, n - moved])
        found = mean_interval(values, low, high, 1 - 2 * ALPHA)
        assert found is not None
        return min(margin - found.high, margin + found.low)

    leads = list(range(moved % 2, moved + 1, 2))
    inside = [lead for lead in leads if room(lead) > 0]
    found = _farthest_lead(n, moved, 1.0, margin, ALPHA, low, high)
    if not inside:
        assert found == -1.0
    elif inside == leads:
        assert found == moved
    else:
        here, there = room(inside[-1]), room(inside[-1] + 2)
        assert found == pytest.approx(inside[-1] + 2 * here / (here - there))
        assert len(inside) > 1
    assert _farthest_lead(1, 0, 1.0, margin, ALPHA, low, high) == -1.0


def test_no_number_of_pairs_is_named_beyond_a_million() -> None:
    assert pairs_for_effect(0.0001, 0.5, ALPHA, POWER) is None


def drawn(rng: np.random.Generator, n: int, sd: float, mean: float, sizes: Floats) -> Floats:
    """Pairs of which some are moved, by one of the sizes, more often to one side where the mean asks for it."""
    moved = (sd**2 + mean**2) / np.square(sizes).mean()
    ahead = 0.5 + mean / (2 * moved * sizes.mean())
    assert moved <= 1
    assert ahead <= 1
    sign = np.where(rng.random(n) < ahead, 1.0, -1.0)
    values: Floats = (rng.random(n) < moved) * rng.choice(sizes, n) * sign
    return values


def reading_of(values: Floats, family: int) -> Reading:
    """As an audit reads a cell, where Bonferroni stands in for the first step of Holm."""
    adjusted = min(1.0, family * sign_flip(values))
    equivalence = mean_interval(values, -1.0, 1.0, 1 - 2 * ALPHA)
    return read(float(values.mean()), adjusted, equivalence, MARGIN, ALPHA)


SIZES = {
    "all the way": np.array([1.0]),
    "in eighths": np.arange(1, 9) / 8,
    "mixed": np.array([0.25, 0.5, 1.0]),
}


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("sd", [0.12, 0.2, 0.37])
def test_with_the_planned_pairs_an_unbiased_judge_reads_robust_in_four_of_five_audits(
    sd: float, sizes: Floats
) -> None:
    n = pairs_for_equivalence(sd, MARGIN, ALPHA, POWER, -1.0, 1.0)
    assert n is not None
    rng = np.random.default_rng(3)
    robust = [reading_of(drawn(rng, n, sd, 0.0, sizes), 1) is Reading.ROBUST for _ in range(AUDITS)]
    assert np.mean(robust) >= POWER - ERROR
    if (
        sd > 0.3
    ):  # with a smaller spread there are more pairs than it takes where all sorts of amounts are moved
        assert np.mean(robust) <= chance_of_robust(n, sd, MARGIN, ALPHA, -1.0, 1.0) + ERROR


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("family", [1, 20])
def test_with_the_planned_pairs_a_judge_at_twice_the_margin_reads_sensitive_in_four_of_five_audits(
    family: int, sizes: Floats
) -> None:
    rng = np.random.default_rng(4)
    for sd in (0.3, 0.37):
        n = pairs_for_effect(2 * MARGIN, sd, ALPHA / family, POWER, beyond=MARGIN)
        assert n is not None
        found = [
            reading_of(drawn(rng, n, sd, 2 * MARGIN, sizes), family) is Reading.SENSITIVE
            for _ in range(AUDITS)
        ]
        assert np.mean(found) >= POWER - ERROR


def test_with_the_pairs_for_both_a_swayed_judge_is_all_but_always_called_sensitive() -> None:
    n = pairs_for_equivalence(0.37, MARGIN, ALPHA, POWER, -1.0, 1.0)
    assert n is not None
    rng = np.random.default_rng(5)
    found = [
        reading_of(drawn(rng, n, 0.37, 2 * MARGIN, SIZES["mixed"]), 20) is Reading.SENSITIVE
        for _ in range(300)
    ]
    assert np.mean(found) > 0.95


@pytest.mark.parametrize(("n", "sd", "family"), [(20, 0.3, 1), (60, 0.3, 1), (100, 0.37, 20)])
def test_the_smallest_effect_is_found_in_four_of_five_audits(n: int, sd: float, family: int) -> None:
    effect = detectable_effect(n, sd, ALPHA / family, POWER)
    assert effect is not None
    rng = np.random.default_rng(6)
    found = [family * sign_flip(np.clip(rng.normal(effect, sd, n), -1.0, 1.0)) < ALPHA for _ in range(AUDITS)]
    assert POWER - ERROR <= np.mean(found) <= POWER + ERROR + 0.05


def lines(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        pytest.skip(f"the recorded verdicts {path.name} are not on this machine")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def quantiles(sds: list[float]) -> dict[str, float]:
    return dict(zip(("steady", "usual", "noisy"), np.quantile(sds, [0.1, 0.5, 0.9]), strict=True))


def test_the_assumed_spreads_of_signed_values_are_those_of_recorded_verdicts() -> None:
    """The position shift of each judge on each benchmark, by hand from the verdicts of Shi et al."""
    score = {"A": 1.0, "B": 0.0, "C": 0.5}
    first_wins: dict[tuple[str, str], dict[tuple[str, ...], dict[str, dict[int, float]]]]
    first_wins = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
    for line in lines(DATA / "position_repetitions" / "verdicts.jsonl"):
        if line["verdict"] is None:
            continue
        item, first, second = line["cmp_index"].rsplit(";", 2)
        pair = (line["bench"], line["task"], item, *sorted((first, second)))
        of_judge = first_wins[line["bench"], line["judge"]]
        of_judge[pair][first][line["sample"]] = score[line["verdict"]]
    sds = []
    for pairs in first_wins.values():
        of_two = []
        for two in itertools.combinations((1, 2, 3), 2):
            shifts = []
            for by_first in pairs.values():
                orders = [[wins[sample] for sample in two if sample in wins] for wins in by_first.values()]
                if len(orders) == 2 and all(orders):
                    # The winrate of a text when shown first, less that of the same text when shown second.
                    shifts.append(float(np.mean(orders[0])) - (1 - float(np.mean(orders[1]))))
            of_two.append(np.std(shifts, ddof=1))
        sds.append(float(np.mean(of_two)))
    assert len(sds) == 18
    assert quantiles(sds) == pytest.approx(PLANNED_SD_SIGNED, abs=0.006)


def test_the_assumed_spreads_of_shares_are_those_of_recorded_verdicts() -> None:
    """The accuracy over both orders of each judge and prompt, by hand from the verdicts of LLMBar."""
    gold = {
        line["id"]: line["human_preference"].upper() for line in lines(DATA / "llmbar_slice" / "items.jsonl")
    }
    right: dict[tuple[str, str], list[float]] = defaultdict(list)
    for line in lines(DATA / "llmbar_slice" / "verdicts.jsonl"):
        if line["AB"] and line["BA"]:
            said = (line["AB"].upper(), line["BA"].upper())
            right[line["judge"], line["prompt"]].append(sum(one == gold[line["item"]] for one in said) / 2)
    sds = [float(np.std(values, ddof=1)) for values in right.values()]
    assert len(sds) == 65
    assert quantiles(sds) == pytest.approx(PLANNED_SD_SHARE, abs=0.006)
