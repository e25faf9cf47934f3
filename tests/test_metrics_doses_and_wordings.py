"""Slopes over the dose, flips between prompts, slices and the confirmatory family."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from judgeaudit.metrics import Measure, Settings, Subjects, is_confirmatory, measure
from judgeaudit.metrics.subjects import Dose, Wording
from judgeaudit.stats import mean_interval
from judgeaudit.stats.thresholds import SMALL_SLICE

OUTCOMES = np.array(["first", "second", "tie"])
FAST = Settings(resamples=100, slices=())


def rows(
    judge: str,
    pair: str,
    arm: str,
    by_order: dict[str, list[str]],
    perturbation: str | None = None,
    side: str | None = None,
) -> list[dict[str, object]]:
    return [
        {
            "judge": judge, "pair_id": pair, "arm": arm, "perturbation": perturbation, "side": side, "order": order,
            "replicate": replicate, "outcome": outcome, "p_first": np.nan, "p_second": np.nan, "p_tie": np.nan,
            "exact": False,
        }
        for order, outcomes in by_order.items()
        for replicate, outcome in enumerate(outcomes)
    ]  # fmt: skip


def said(content: str) -> dict[str, list[str]]:
    """One verdict in each order that says the content: a, b or tie."""
    first, second = {"a": ("first", "second"), "b": ("second", "first"), "tie": ("tie", "tie")}[content]
    return {"ab": [first], "ba": [second]}


def pairs_of(names: list[str], **columns: object) -> pd.DataFrame:
    table = {
        "pair_id": names,
        "label": ["a"] * len(names),
        "votes": [()] * len(names),
        "length_a": 10,
        "length_b": 10,
    }
    return pd.DataFrame({**table, **columns})


def one(
    found: list[Measure], name: str, perturbation: str | None = None, judge: str = "j", part: str = "all"
) -> Measure:
    [match] = [
        m
        for m in found
        if (m.measure, m.perturbation, m.judge, m.side, m.slice) == (name, perturbation, judge, None, part)
    ]
    return match


def dosed(baseline: str, by_dose: dict[float, str], pair: str = "p") -> list[dict[str, object]]:
    """Verdicts on one pair at baseline and with each dose on side a."""
    table = rows("j", pair, "baseline", said(baseline))
    for amount, content in by_dose.items():
        table += rows("j", pair, "injected", said(content), f"x@{amount:g}", "a")
    return table


DOSES = {"x@1": Dose("x", 1.0), "x@3": Dose("x", 3.0)}


def test_the_slope_is_that_of_least_squares_through_baseline_and_doses() -> None:
    table = dosed("b", {1.0: "tie", 3.0: "a"}, "p") + dosed("tie", {1.0: "tie", 3.0: "a"}, "q")
    found = one(
        measure(pd.DataFrame(table), pairs_of(["p", "q"]), FAST, Subjects(doses=DOSES)), "dose_slope", "x"
    )
    slopes = [np.polyfit([0, 1, 3], winrates, 1)[0] for winrates in ([0, 0.5, 1], [0.5, 0.5, 1])]
    assert found.estimate == pytest.approx(100 * np.mean(slopes), abs=1e-12)
    assert (found.unit, found.n_pairs, found.n_verdicts) == ("points", 2, 12)
    assert found.p is not None
    assert found.p_adjusted is not None
    assert (found.reading, found.margin) == (None, None), "no margin is in points for one unit of dose"


def test_the_interval_of_a_slope_holds_slopes_beyond_100_points_for_a_unit() -> None:
    doses = {"x@0.1": Dose("x", 0.1), "x@0.2": Dose("x", 0.2)}
    table = [row for k in range(12) for row in dosed("b", {0.1: "tie", 0.2: "a"}, f"p{k}")]
    found = one(
        measure(pd.DataFrame(table), pairs_of([f"p{k}" for k in range(12)]), FAST, Subjects(doses=doses)),
        "dose_slope",
        "x",
    )
    assert found.estimate == pytest.approx(500.0)
    assert found.ci_high is not None
    assert found.ci_high >= 500.0 - 1e-9


def test_a_slope_is_at_most_that_of_winrates_of_0_below_the_mean_dose_and_1_above() -> None:
    """Doses 0, 1, 3 have contrasts -4, -1, 5 over 14: of winrates in [0, 1] a slope is within 5 / 14."""
    names = [f"p{k}" for k in range(40)]
    table = [row for name in names for row in dosed("tie", {1.0: "tie", 3.0: "tie"}, name)]
    found = one(measure(pd.DataFrame(table), pairs_of(names), FAST, Subjects(doses=DOSES)), "dose_slope", "x")
    expected = mean_interval(np.zeros(40), -5 / 14, 5 / 14, 0.95)
    assert expected is not None
    assert (found.ci_low, found.ci_high) == pytest.approx((100 * expected.low, 100 * expected.high))


def test_doses_that_no_side_has_all_of_have_no_slope() -> None:
    table = rows("j", "p", "baseline", said("b"))
    for amount, side in ((1.0, "a"), (3.0, "b")):
        name = next(name for name, dose in DOSES.items() if dose.amount == amount)
        table += rows("j", "p", "injected", said("a"), name, side)
    found = one(measure(pd.DataFrame(table), pairs_of(["p"]), FAST, Subjects(doses=DOSES)), "dose_slope", "x")
    assert (found.estimate, found.n_pairs, found.n_verdicts) == (None, 0, 0)


def test_a_pair_without_one_of_the_doses_is_not_counted() -> None:
    table = dosed("b", {1.0: "tie", 3.0: "a"}, "p") + dosed("b", {1.0: "tie"}, "q")
    found = one(
        measure(pd.DataFrame(table), pairs_of(["p", "q"]), FAST, Subjects(doses=DOSES)), "dose_slope", "x"
    )
    assert found.n_pairs == 1


def test_one_dose_has_no_slope() -> None:
    table = pd.DataFrame(dosed("b", {1.0: "tie"}))
    found = measure(table, pairs_of(["p"]), FAST, Subjects(doses=DOSES))
    assert "dose_slope" not in {m.measure for m in found}


ASKED = {"j": Wording("j", "plain"), "j~other": Wording("j", "other"), "k": Wording("k", "plain")}


def test_flips_between_prompts_stand_beside_the_mean_of_their_noise_floors() -> None:
    table = rows("j", "p", "baseline", {"ab": ["first", "first"], "ba": ["second", "second"]})
    table += rows("j~other", "p", "baseline", {"ab": ["first", "tie"], "ba": ["first", "first"]})
    found = measure(pd.DataFrame(table), pairs_of(["p"]), FAST, Subjects(wordings=ASKED))
    # ab: a against half a, half tie: 1/2. ba: a against b: 1. Floors: 0 and 0; 1 and 0.
    assert one(found, "flip_wording").estimate == pytest.approx(0.75)
    assert one(found, "noise_floor_wording").estimate == pytest.approx((0 + (1 + 0) / 2) / 2)
    assert one(found, "noise_adjusted_flip_wording").estimate == pytest.approx(0.75 - 0.25)
    assert one(found, "flip_wording").n_verdicts == 8


def test_prompts_that_are_only_as_far_apart_as_one_from_itself_flip_no_more_than_their_floor() -> None:
    rng = np.random.default_rng(5)
    names = [f"p{k}" for k in range(300)]
    table = []
    for name in names:
        chance = rng.dirichlet([1.0, 1.0, 1.0])
        for judge in ("j", "j~other", "j~third"):
            drawn = {order: list(rng.choice(OUTCOMES, 2, p=chance)) for order in ("ab", "ba")}
            table += rows(judge, name, "baseline", drawn)
    asked = {**ASKED, "j~third": Wording("j", "third")}
    found = measure(pd.DataFrame(table), pairs_of(names), FAST, Subjects(wordings=asked))
    adjusted = one(found, "noise_adjusted_flip_wording")
    assert adjusted.ci_low is not None
    assert adjusted.ci_high is not None
    assert adjusted.ci_low < 0 < adjusted.ci_high
    flip = one(found, "flip_wording").estimate
    assert flip is not None
    assert flip > 0.4


def test_the_floor_between_prompts_is_each_pairs_own_and_a_pair_that_one_prompt_lacks_has_none() -> None:
    """p always answers alike, q never does and r was asked by one prompt alone."""
    table = []
    for judge in ("j", "j~other"):
        table += rows(judge, "p", "baseline", {"ab": ["first", "first"], "ba": ["first", "first"]})
        table += rows(judge, "q", "baseline", {"ab": ["first", "tie"], "ba": ["first", "second"]})
    table += rows("j", "r", "baseline", {"ab": ["first", "first"], "ba": ["first", "first"]})
    found = measure(pd.DataFrame(table), pairs_of(["p", "q", "r"]), FAST, Subjects(wordings=ASKED))
    for name, values, low in (
        ("flip_wording", [0.0, 0.5], 0.0), ("noise_floor_wording", [0.0, 1.0], 0.0),
        ("noise_adjusted_flip_wording", [0.0, -0.5], -1.0),
    ):  # fmt: skip
        expected = mean_interval(np.array(values), low, 1.0, 0.95)
        assert expected is not None
        measured = one(found, name)
        assert (measured.estimate, measured.n_pairs) == (np.mean(values), 2)
        assert (measured.ci_low, measured.ci_high) == pytest.approx((expected.low, expected.high))


def test_a_judge_asked_in_one_way_has_no_flips_between_prompts() -> None:
    table = pd.DataFrame(rows("k", "p", "baseline", said("a")))
    found = measure(table, pairs_of(["p"]), FAST, Subjects(wordings=ASKED))
    assert "flip_wording" not in {m.measure for m in found}


def test_slices_by_length_are_quartiles_of_the_mean_length_and_leave_out_unknown_lengths() -> None:
    names = [f"p{k}" for k in range(9)]
    table = pd.DataFrame(
        [row for name in names for row in rows("j", name, "identical", {"ab": ["tie"]}, None, "a")]
    )
    pairs = pairs_of(
        names, length_a=[1.0, 2, 3, 4, 5, 6, 7, 8, np.nan], length_b=[1.0, 2, 3, 4, 5, 6, 7, 8, 9]
    )
    found = measure(table, pairs, Settings(resamples=100, slices=("length",)))
    assert [one(found, "tie_detection", "position", part=f"length={k}").n_pairs for k in (1, 2, 3, 4)] == [
        2,
        2,
        2,
        2,
    ]


def test_slices_by_label_are_estimated() -> None:
    table = pd.DataFrame(
        [row for name in "pqr" for row in rows("j", name, "identical", {"ab": ["tie"]}, None, "a")]
    )
    pairs = pairs_of(list("pqr"), label=["a", "b", "tie"])
    found = measure(table, pairs, Settings(resamples=100, slices=("label",)))
    assert one(found, "tie_detection", "position", part="label=tie").n_pairs == 1


def test_small_slices_are_marked_and_large_ones_are_not() -> None:
    names = [f"p{k}" for k in range(SMALL_SLICE + 5)]
    table = pd.DataFrame(
        [row for name in names for row in rows("j", name, "identical", {"ab": ["tie"]}, None, "a")]
    )
    pairs = pairs_of(names, domain=["large"] * SMALL_SLICE + ["small"] * 5)
    found = measure(table, pairs, Settings(resamples=100, slices=("domain",)))
    small = one(found, "tie_detection", "position", part="domain=small").caution
    large = one(found, "tie_detection", "position", part="domain=large").caution
    assert small is not None
    assert "slice" in small
    assert "slice" not in (large or "")


def test_the_confirmatory_family_holds_no_control_judges_and_no_neutral_controls() -> None:
    names = [f"p{k}" for k in range(12)]
    table = []
    for name in names:
        for judge in ("j", "rule"):
            table += rows(judge, name, "tie", said("a"), "x", "a")
            table += rows(judge, name, "tie", said("a"), "calm", "a")
    subjects = Subjects(placebos={"x": "calm"}, controls=frozenset({"rule"}))
    found = measure(pd.DataFrame(table), pairs_of(names), FAST, subjects)
    cells = [m for m in found if m.measure == "tie_detection"]
    family = [m for m in cells if is_confirmatory(m, FAST.confirmatory, subjects)]
    assert [(m.judge, m.perturbation) for m in family] == [("j", "x")]
    assert family[0].p_adjusted == family[0].p, "one cell is no many tests at once"
    apart = measure(pd.DataFrame(table), pairs_of(names), FAST, Subjects())
    assert one(apart, "tie_detection", "x").p_adjusted == pytest.approx(4 * (family[0].p or 0))
