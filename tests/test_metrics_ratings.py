"""False negatives and positives of pointwise judges, and their agreement with people, worked out by hand and twice."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from judgeaudit.judges.pointwise import compare
from judgeaudit.metrics import Measure, Settings, Subjects, measure
from judgeaudit.metrics.human_ratings import HumanRatings
from judgeaudit.metrics.rating_agreement import MOST_ANNOTATORS, rating_agreement
from judgeaudit.metrics.rating_errors import rating_errors
from judgeaudit.metrics.ratings import judge_ratings
from judgeaudit.metrics.summary import Slice, draft
from judgeaudit.records import Outcome
from judgeaudit.stats import Reading

XSTEST = Path(__file__).parent.parent.parent / "shared" / "data" / "xstest_mistral" / "pairs.jsonl"
FAST = Settings(resamples=100, slices=())
LEFT_OUT = "human:leave_one_out"

Text = tuple[str, str, str | None]
"""Pair, side, and the artifact that the response carries."""

Scores = Mapping[Text, float | Sequence[float]]
"""One score a text, or one a replicate. A text that is not there got no score."""

EVERY_ARM = ("baseline", "injected", "both", "tie", "identical")


def trial_rows(
    scores: Scores, arms: Sequence[str] = EVERY_ARM, *, judge: str = "guard", controls: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """The verdict rows of every trial that the arms need: both orders, a row even where a text got no score."""
    replicates = max((len(np.atleast_1d(one)) for one in scores.values()), default=1)
    artifacts = sorted({carried for _, _, carried in scores if carried is not None})
    rows: list[dict[str, Any]] = []
    arm: str
    name: str | None
    side: str | None
    for pair in dict.fromkeys(pair for pair, _, _ in scores):
        places: list[tuple[str, str | None, str | None, Text, Text]] = []
        if "baseline" in arms:
            places.append(("baseline", None, None, (pair, "a", None), (pair, "b", None)))
        if "identical" in arms:
            places += [("identical", None, side, (pair, side, None), (pair, side, None)) for side in "ab"]
        for name in artifacts:
            a, b, with_a, with_b = ((pair, side, what) for what in (None, name) for side in "ab")
            if "injected" in arms:
                arm = "placebo" if name in controls else "injected"
                places += [(arm, name, "a", with_a, b), (arm, name, "b", a, with_b)]
            if "both" in arms:
                places.append(("both", name, None, with_a, with_b))
            if "tie" in arms:
                places += [("tie", name, "a", with_a, a), ("tie", name, "b", with_b, b)]
        for arm, name, side, text_a, text_b in places:
            for order in ("ab", "ba"):
                for replicate in range(replicates):
                    first, second = (
                        one_of(scores, text, replicate)
                        for text in ((text_a, text_b) if order == "ab" else (text_b, text_a))
                    )
                    rows.append(a_row(judge, pair, arm, name, side, order, replicate, first, second))
    return rows


def one_of(scores: Scores, text: Text, replicate: int) -> float:
    found = np.atleast_1d(scores.get(text, np.nan))
    return float(found[min(replicate, len(found) - 1)])


def a_row(*values: Any) -> dict[str, Any]:
    judge, pair, arm, name, side, order, replicate, first, second = values
    failed = np.isnan(first) or np.isnan(second)
    outcome = Outcome.UNPARSED if failed else compare(first, second, 0.0).outcome
    return {
        "judge": judge, "pair_id": pair, "arm": arm, "perturbation": name, "side": side, "order": order,
        "replicate": replicate, "outcome": outcome.value, "p_first": np.nan, "p_second": np.nan, "p_tie": np.nan,
        "exact": False, "score_first": first, "score_second": second,
    }  # fmt: skip


Ratings = Mapping[str, Mapping[str, float]]
"""What each annotator said of each response, as in {"p0a": {"ann": 1.0}}."""


def pairs_with(ratings: Ratings, pairs: Sequence[str]) -> pd.DataFrame:
    cells = {side: [ratings.get(pair + side) for pair in pairs] for side in "ab"}
    return pd.DataFrame(
        {
            "pair_id": list(pairs), "domain": None, "language": None, "label": None,
            "votes": [[] for _ in pairs], "length_a": 1, "length_b": 1,
            **{
                f"ratings_{side}": [None if one is None else json.dumps(dict(one)) for one in found]
                for side, found in cells.items()
            },
        }
    )  # fmt: skip


def measured(
    scores: Scores,
    ratings: Ratings,
    options: Settings = FAST,
    *,
    cuts: Sequence[float] = (0.5,),
    arms: Sequence[str] = EVERY_ARM,
    placebos: Mapping[str, str] | None = None,
) -> list[Measure]:
    names = sorted({pair for pair, _, _ in scores})
    rows = trial_rows(scores, arms, controls=list((placebos or {}).values()))
    return measure(
        pd.DataFrame(rows), pairs_with(ratings, names), options, Subjects(placebos or {}, {"guard": cuts})
    )


def one(
    found: Sequence[Measure],
    name: str,
    artifact: str | None = None,
    *,
    judge: str = "guard",
    part: str = "all",
) -> Measure:
    hits = [
        m for m in found if (m.measure, m.judge, m.perturbation, m.slice) == (name, judge, artifact, part)
    ]
    assert len(hits) == 1, (name, judge, artifact, part, hits)
    return hits[0]


def of_ratings(found: Sequence[Measure]) -> list[Measure]:
    return [m for m in found if "false_" in m.measure or "rating_" in m.measure or m.measure == "unsafe_rate"]


def figures(m: Measure) -> tuple[Any, ...]:
    """What an estimate is but for its family's adjustment, which hangs on what else there is."""
    return (
        m.measure,
        m.judge,
        m.perturbation,
        m.slice,
        m.n_pairs,
        m.n_verdicts,
        m.estimate,
        m.ci_low,
        m.ci_high,
        m.p,
    )


def gold(**labels: float) -> Ratings:
    return {response: {"gold": value} for response, value in labels.items()}


EXAMPLE_SCORES: dict[Text, float] = {
    ("p0", "a", None): 0.9, ("p0", "b", None): 0.1,
    ("p1", "a", None): 0.2, ("p1", "b", None): 0.7,
    ("p2", "a", None): 0.6, ("p2", "b", None): 0.4,
    ("p0", "a", "x"): 0.9, ("p0", "b", "x"): 0.8,
    ("p1", "a", "x"): 0.9, ("p1", "b", "x"): 0.3,
    ("p2", "a", "x"): 0.6, ("p2", "b", "x"): 0.4,
}  # fmt: skip
EXAMPLE: Scores = EXAMPLE_SCORES
EXAMPLE_LABELS = gold(p0a=0, p0b=0, p1a=0, p1b=1, p2a=1, p2b=1)


def test_error_rates_count_responses_and_not_pairs() -> None:
    """Unsafe are p0a (called safe), p0b and p1a (called unsafe); safe are p1b and p2a (safe), p2b (called unsafe)."""
    found = measured(EXAMPLE, EXAMPLE_LABELS)
    missed, alarms = one(found, "false_negative_rate"), one(found, "false_positive_rate")
    assert [missed.estimate, missed.n_pairs, missed.n_verdicts] == pytest.approx([1 / 3, 2, 3])
    assert [alarms.estimate, alarms.n_pairs, alarms.n_verdicts] == pytest.approx([1 / 3, 2, 3])
    assert one(found, "unsafe_rate").estimate == pytest.approx(1 / 2)
    assert one(found, "rating_accuracy").estimate == pytest.approx(4 / 6)
    assert missed.unit == "proportion"
    assert missed.ci_low is not None


def test_under_an_artifact_the_rates_are_of_the_responses_that_carry_it() -> None:
    found = measured(EXAMPLE, EXAMPLE_LABELS)
    assert one(found, "false_negative_rate", "x").estimate == 1  # p0a, p0b and p1a: all three pass
    assert one(found, "false_positive_rate", "x").estimate == pytest.approx(2 / 3)  # p1b and p2b
    assert one(found, "unsafe_rate", "x").estimate == pytest.approx(2 / 6)
    assert one(found, "rating_accuracy", "x").estimate == pytest.approx(1 / 6)


def test_a_shift_is_the_change_on_the_same_responses_and_each_pair_weighs_the_same() -> None:
    found = measured(EXAMPLE, EXAMPLE_LABELS)
    shift = one(found, "false_negative_shift", "x")
    # p0: a was missed before, b is missed now, 1/2; p1: a is missed now, 1.
    assert (shift.estimate, shift.unit, shift.n_pairs, shift.n_verdicts) == (75.0, "points", 2, 6)
    # p1: b is called unsafe now, 1; p2: nothing changed.
    assert one(found, "false_positive_shift", "x").estimate == 50.0


def test_a_response_that_has_no_score_with_the_artifact_is_not_in_the_shift() -> None:
    scores = {text: score for text, score in EXAMPLE.items() if text != ("p1", "a", "x")}
    found = measured(scores, EXAMPLE_LABELS)
    assert one(found, "false_negative_rate").n_verdicts == 3
    assert one(found, "false_negative_shift", "x").n_pairs == 1
    assert one(found, "false_negative_shift", "x").estimate == 50.0


def test_shifts_are_tested_read_and_exploratory_unless_declared() -> None:
    scores: dict[Text, float] = {}
    for k in range(60):
        scores |= {(f"p{k}", "a", None): 0.1, (f"p{k}", "a", "x"): 0.9, (f"p{k}", "a", "y"): 0.1}
        scores |= {(f"p{k}", "b", what): 0.9 for what in (None, "x", "y")}
    labels = {f"p{k}{side}": {"gold": float(side == "b")} for k in range(60) for side in "ab"}
    found = measured(scores, labels)
    moved, still = (one(found, "false_negative_shift", name) for name in "xy")
    assert (moved.reading, moved.margin) == (Reading.SENSITIVE, 5.0)
    assert still.reading is Reading.ROBUST
    tested = [m for m in found if m.p is not None and m.measure not in FAST.confirmatory]
    assert moved in tested
    alone = Settings(resamples=100, slices=(), confirmatory=("false_negative_shift",))
    again = one(measured(scores, labels, alone), "false_negative_shift", "x")
    assert again.p == moved.p
    assert again.p_adjusted == pytest.approx(2 * (moved.p or 0))  # Holm over the two artifacts


def test_an_artifact_beside_its_control_shows_what_it_does_beyond_any_edit() -> None:
    scores: Scores = {
        **EXAMPLE,
        ("p0", "a", "calm"): 0.9, ("p0", "b", "calm"): 0.9, ("p1", "a", "calm"): 0.1, ("p1", "b", "calm"): 0.9,
    }  # fmt: skip
    found = measured(scores, EXAMPLE_LABELS, placebos={"x": "calm", "y": "still"})
    beyond = one(found, "false_negative_above_placebo", "x")
    assert (beyond.estimate, beyond.n_pairs) == (
        50.0,
        2,
    )  # p0: both passed with the control too; p1: a did not
    assert one(found, "false_positive_above_placebo", "x").estimate == 100.0
    assert one(found, "false_negative_shift", "calm").estimate == 25.0
    assert not [m for m in found if m.measure == "false_negative_above_placebo" and m.perturbation == "calm"]


def test_a_score_on_the_cut_is_safe() -> None:
    found = measured({("p", "a", None): 0.5, ("p", "b", None): np.nextafter(0.5, 0)}, gold(pa=0.5, pb=0.49))
    assert one(found, "rating_accuracy").estimate == 1
    assert one(found, "false_negative_rate").n_verdicts == 1
    assert one(found, "unsafe_rate").estimate == 0.5


@pytest.mark.parametrize(
    "arms", [("baseline", "injected"), ("baseline", "both"), ("tie",), ("identical", "both")]
)
def test_every_arm_tells_the_score_of_the_texts_that_it_shows(arms: tuple[str, ...]) -> None:
    whole, some = (
        [figures(m) for m in of_ratings(measured(EXAMPLE, EXAMPLE_LABELS, arms=chosen))]
        for chosen in (EVERY_ARM, arms)
    )
    assert some == whole


def test_a_rating_that_failed_is_in_no_class_and_the_other_texts_score_stands() -> None:
    scores = {text: score for text, score in EXAMPLE.items() if text[1:] != ("b", None)}
    found = measured(scores, EXAMPLE_LABELS, arms=("baseline",))
    assert one(found, "unsafe_rate").n_verdicts == 3
    assert one(found, "false_negative_rate").estimate == 0.5
    assert one(found, "unparsed_rate").estimate == 1
    assert one(found, "false_positive_rate").estimate == 0


def test_a_judge_whose_every_rating_failed_has_empty_estimates() -> None:
    table = pd.DataFrame(trial_rows(EXAMPLE)).assign(
        score_first=np.nan, score_second=np.nan, outcome="refused"
    )
    found = measure(
        table, pairs_with(EXAMPLE_LABELS, ["p0", "p1", "p2"]), FAST, Subjects(cuts={"guard": [0.5]})
    )
    assert one(found, "refused_rate").estimate == 1
    mine = of_ratings(found)
    assert {m.measure for m in mine} >= {
        "unsafe_rate",
        "false_negative_rate",
        "rating_accuracy",
        "rating_kappa",
    }
    assert {(m.estimate, m.n_pairs, m.n_verdicts) for m in mine} == {(None, 0, 0)}


def test_replicates_of_a_response_are_averaged() -> None:
    scores: Scores = {("p", "a", None): [0.1, 0.1, 0.9, 0.9], ("p", "b", None): [0.9, 0.9, 0.9, 0.1]}
    found = measured(scores, gold(pa=0, pb=1))
    assert one(found, "false_negative_rate").estimate == 0.5
    assert one(found, "false_positive_rate").estimate == 0.25
    assert one(found, "rating_accuracy").estimate == 0.625
    assert one(found, "rating_accuracy").n_verdicts == 8


def with_score(rows: list[dict[str, Any]], score: float) -> pd.DataFrame:
    """The rows with another score of p0a in one trial alone."""
    place = next(k for k, row in enumerate(rows) if row["arm"] == "injected" and row["side"] == "b")
    assert rows[place]["order"] == "ab"
    rows[place] = rows[place] | {"score_first": score}
    return pd.DataFrame(rows)


def test_scores_of_one_text_that_contradict_each_other_are_an_error_and_rounding_is_not() -> None:
    pairs = pairs_with(EXAMPLE_LABELS, ["p0", "p1", "p2"])
    table = with_score(trial_rows(EXAMPLE), 0.9 + 0.02)
    assert of_ratings(measure(table, pairs, FAST, Subjects(cuts={"guard": [0.5]}))) == of_ratings(
        measured(EXAMPLE, EXAMPLE_LABELS)
    )
    between = measure(table, pairs, FAST, Subjects(cuts={"guard": [0.905]}))  # midway between 0.9 and 0.92
    assert one(between, "false_negative_rate").estimate == pytest.approx(1 / 3)
    # 0.91 is below the cut, 0.92 and more are not.
    above = measure(table, pairs, FAST, Subjects(cuts={"guard": [0.915]}))
    assert one(above, "false_negative_rate").estimate == 0
    with pytest.raises(ValueError, match=r"guard.*scores one text 0.2 and 0.9"):
        measure(with_score(trial_rows(EXAMPLE), 0.2), pairs, FAST, Subjects(cuts={"guard": [0.5]}))


def test_what_a_wide_scale_makes_of_low_precision_is_no_contradiction() -> None:
    scores = {text: 40 * score - 20 for text, score in EXAMPLE_SCORES.items()}
    table = with_score(trial_rows(scores), 40 * 0.9 - 20 + 1)
    pairs = pairs_with(EXAMPLE_LABELS, ["p0", "p1", "p2"])
    found = measure(table, pairs, FAST, Subjects(cuts={"guard": [0.0]}))
    assert one(found, "false_negative_rate").estimate == pytest.approx(1 / 3)


THREE = {"ann": 1.0, "bo": 1.0, "cy": 0.0}


@pytest.mark.parametrize(
    ("truth", "ratings", "unsafe"),
    [
        ("label", THREE, False),
        ("majority", THREE, False),
        ("annotator:cy", THREE, True),
        ("label", {**THREE, "final": 0.0}, True),
        ("label", {"final": 0.0, "gold": 1.0}, False),
        ("majority", {**THREE, "final": 0.0, "gold": 0.0}, False),
        ("label", {"ann": 0.0}, True),
        ("label", {"ann": 0.0, "bo": 1.0}, None),
        ("annotator:final", {**THREE, "final": 0.0}, True),
        ("majority", {"gold": 0.0}, None),
    ],
)
def test_what_a_response_is_follows_from_the_declared_truth(
    truth: str, ratings: dict[str, float], unsafe: bool | None
) -> None:
    """Of response a; response b is only there so that every truth is somebody's."""
    everyone = dict.fromkeys(("ann", "bo", "cy", "final"), 1.0)
    scores: Scores = {("p", "a", None): 0.0, ("q", "b", None): 1.0}
    options = Settings(resamples=100, slices=(), truth=truth)
    found = measured(scores, {"pa": ratings, "qb": everyone}, options)
    assert one(found, "false_positive_rate").n_pairs == 1 + (unsafe is False)
    assert one(found, "false_negative_rate").n_pairs == (1 if unsafe else 0)
    assert one(found, "rating_accuracy").n_verdicts == 1 + (unsafe is not None)


def test_a_truth_that_no_response_has_leaves_the_estimate_empty_and_never_zero() -> None:
    found = measured({("p", "a", None): 0.0, ("p", "b", None): 1.0}, gold(pa=1, pb=1))
    missed = one(found, "false_negative_rate")
    assert (missed.estimate, missed.ci_low, missed.n_pairs) == (None, None, 0)


def test_with_as_many_classes_as_people_agreement_is_class_by_class_and_else_unsafe_or_not() -> None:
    scores: Scores = {
        ("p", "a", None): 1.0,
        ("p", "b", None): 2.0,
        ("q", "a", None): 3.0,
        ("q", "b", None): 3.0,
    }
    ratings = gold(pa=1, pb=3, qa=3, qb=2)
    options = Settings(resamples=100, slices=(), rating_cuts=(1.5, 2.5))
    alike = measured(scores, ratings, options, cuts=(1.5, 2.5))
    assert one(alike, "rating_accuracy").estimate == 0.5
    other = measured(scores, ratings, options, cuts=(1.5,))
    assert one(other, "rating_accuracy").estimate == 1.0
    for name in ("false_negative_rate", "false_positive_rate", "unsafe_rate"):
        assert one(alike, name) == one(other, name)
    finer = measured(scores, ratings, Settings(resamples=100, slices=(), rating_cuts=(1.5,)), cuts=(1.5, 2.5))
    assert figures(one(finer, "rating_kappa")) == figures(one(other, "rating_kappa"))


def test_annotators_who_differ_on_how_safe_agree_that_it_is_not_unsafe() -> None:
    scores: Scores = {("p", "a", None): 1.0, ("p", "b", None): 3.0}
    ratings = {"pa": {"ann": 2.0, "bo": 3.0}, "pb": {"ann": 3.0, "bo": 3.0}}
    found = measured(
        scores, ratings, Settings(resamples=100, slices=(), rating_cuts=(1.5, 2.5)), cuts=(1.5, 2.5)
    )
    assert one(found, "false_positive_rate").n_verdicts == 2
    assert one(found, "rating_accuracy").n_verdicts == 1


def test_each_annotator_alone_and_the_ceiling_stand_beside_the_majority() -> None:
    """The judge says safe of pa and qa, unsafe of the others."""
    scores: Scores = {
        ("p", "a", None): 1.0,
        ("p", "b", None): 0.0,
        ("q", "a", None): 1.0,
        ("q", "b", None): 0.0,
    }
    ratings = {
        "pa": {"ann": 1.0, "bo": 1.0, "cy": 0.0},
        "pb": {"ann": 0.0, "bo": 0.0, "cy": 0.0},
        "qa": {"ann": 1.0, "bo": 0.0, "cy": 0.0},
        "qb": {"ann": 1.0, "bo": 0.0},
    }
    found = measured(scores, ratings)
    assert one(found, "rating_accuracy").estimate == pytest.approx(2 / 3)  # of qb there is no majority
    for name, expected in (("ann", 3 / 4), ("bo", 3 / 4), ("cy", 1 / 3)):
        agreement = one(found, "rating_accuracy", part=f"annotator={name}")
        assert agreement.estimate == pytest.approx(expected), name
    # Against the others: pa 1/2, 1/2 (split), 0; pb all; qa 0 (others unsafe), 1/2, 1/2; qb 0, 0.
    ceiling = one(found, "rating_accuracy", judge=LEFT_OUT)
    assert ceiling.estimate == pytest.approx((1 / 3 + 1 + 1 / 3 + 0) / 4)
    assert (ceiling.n_pairs, ceiling.n_verdicts) == (2, 11)
    of_ann = one(found, "rating_accuracy", judge=LEFT_OUT, part="annotator=ann")
    assert of_ann.estimate == pytest.approx((1 / 2 + 1 + 0 + 0) / 4)


def test_a_declared_answer_is_no_annotator() -> None:
    scores: Scores = {("p", "a", None): 1.0, ("p", "b", None): 0.0}
    ratings = {"pa": {"ann": 1.0, "gold": 1.0}, "pb": {"ann": 0.0, "final": 0.0}}
    found = of_ratings(measured(scores, ratings))
    assert {m.slice for m in found} == {"all", "annotator=ann"}
    assert LEFT_OUT not in {m.judge for m in found}


def test_a_crowd_of_annotators_has_a_ceiling_and_no_slice_for_each() -> None:
    scores: Scores = {("p", "a", None): 1.0, ("p", "b", None): 0.0}
    for number, alone in ((MOST_ANNOTATORS, True), (MOST_ANNOTATORS + 1, False)):
        said = {str(k): 1.0 for k in range(number)}
        found = of_ratings(measured(scores, {"pa": said, "pb": said}))
        assert any(m.slice.startswith("annotator=") for m in found) == alone
        assert one(found, "rating_accuracy", judge=LEFT_OUT).estimate == 1


def test_a_judge_without_cuts_and_an_audit_without_scores_have_no_measure_of_single_responses() -> None:
    pairs = pairs_with(EXAMPLE_LABELS, ["p0", "p1", "p2"])
    table = pd.DataFrame(trial_rows(EXAMPLE))
    without = measure(table, pairs, FAST)
    assert not of_ratings(without)
    plain = table.drop(columns=["score_first", "score_second"])
    bare = pairs.drop(columns=["ratings_a", "ratings_b"])
    assert measure(plain, bare, FAST, Subjects(cuts={"guard": [0.5]})) == without


def test_a_text_that_was_scored_twice_has_the_class_of_the_score_midway() -> None:
    """Response a of p0 scored .40 in one order and .66 in the other: .53, which is unsafe from .5 on."""
    rows = pd.DataFrame(trial_rows({("p0", "a", None): 0.4, ("p0", "b", None): 0.1}, ["baseline"]))
    rows.loc[rows["order"] == "ba", "score_second"] = 0.66
    pairs = pairs_with({"p0a": {"ann": 1.0}, "p0b": {"ann": 0.0}}, ["p0"])
    found = measure(rows, pairs, FAST, Subjects(cuts={"guard": (0.5,)}))
    assert one(found, "unsafe_rate").estimate == 0.5
    assert one(found, "rating_accuracy").estimate == 1


def test_errors_shifts_and_accuracy_are_sliced_and_what_is_of_one_annotator_or_above_a_control_is_not() -> (
    None
):
    rng = np.random.default_rng(0)
    names = [f"p{k}" for k in range(8)]
    scores = {(p, s, w): float(rng.random()) for p in names for s in "ab" for w in (None, "x", "n")}
    labels = {p + s: {one: float(rng.integers(2)) for one in "uvw"} for p in names for s in "ab"}
    pairs = pairs_with(labels, names).assign(domain=["d", "e"] * 4)
    sliced = Settings(resamples=100, slices=("domain",), attribution="off")
    table = pd.DataFrame(trial_rows(scores, controls=["n"]))
    found = of_ratings(measure(table, pairs, sliced, Subjects({"x": "n"}, {"guard": (0.5,)})))
    by_artifact = {"false_negative_rate", "false_positive_rate", "rating_accuracy"}
    shifts = {"false_negative_shift", "false_positive_shift"}
    assert {(m.measure, m.judge, m.perturbation) for m in found if m.slice == "domain=d"} == {
        *((name, "guard", artifact) for name in by_artifact for artifact in (None, "x", "n")),
        *((name, "guard", artifact) for name in shifts for artifact in ("x", "n")),
        ("rating_accuracy", LEFT_OUT, None),
    }
    for name in by_artifact:
        whole, *parts = (one(found, name, "x", part=part) for part in ("all", "domain=d", "domain=e"))
        assert sum(m.n_pairs for m in parts) == whole.n_pairs
    assert {m.measure for m in found if m.slice.startswith("annotator=")} == {
        "rating_accuracy",
        "rating_kappa",
    }


def test_what_is_said_of_pairs_is_the_same_whether_or_not_people_rated_responses() -> None:
    with_people, without = (
        {
            (m.measure, m.perturbation, m.side): figures(m)
            for m in measured(EXAMPLE, labels)
            if not of_ratings([m])
        }
        for labels in (EXAMPLE_LABELS, {})
    )
    assert with_people == without


def test_without_human_ratings_there_is_the_share_called_unsafe_and_nothing_else() -> None:
    found = of_ratings(measured(EXAMPLE, {}))
    assert {(m.measure, m.perturbation) for m in found} == {("unsafe_rate", None), ("unsafe_rate", "x")}


@pytest.mark.parametrize(
    "cell", ["[1]", "{", '{"ann": "safe"}', '{"ann": true}', '{"ann": NaN}', '{"ann": null}', "[" * 100_000]
)
def test_a_cell_of_ratings_that_is_none_is_named(cell: str) -> None:
    pairs = pairs_with({}, ["p0", "p1", "p2"])
    pairs["ratings_b"] = pd.Series([None, cell, None], dtype=object)
    with pytest.raises(
        ValueError, match=r"pairs.ratings_b: pair 'p1': found .{1,100}, expected an object"
    ) as error:
        measure(pd.DataFrame(trial_rows(EXAMPLE)), pairs, FAST, Subjects(cuts={"guard": [0.5]}))
    assert len(str(error.value)) < 300


@pytest.mark.parametrize("cuts", [[], [0.5, 0.5], [0.7, 0.2]])
def test_cuts_that_do_not_ascend_are_an_error(cuts: list[float]) -> None:
    pairs = pairs_with({}, ["p0", "p1", "p2"])
    with pytest.raises(ValueError, match="ascending"):
        measure(pd.DataFrame(trial_rows(EXAMPLE)), pairs, FAST, Subjects(cuts={"guard": cuts}))


@pytest.mark.parametrize(
    ("column", "value"), [("side", None), ("perturbation", None), ("score_first", np.inf)]
)
def test_a_trial_that_does_not_say_which_texts_it_shows_is_an_error(column: str, value: Any) -> None:
    rows = trial_rows(EXAMPLE, ("injected",))
    rows[0] |= {column: value}
    with pytest.raises(ValueError, match="guard"):
        measure(pd.DataFrame(rows), pairs_with({}, ["p0", "p1", "p2"]), FAST, Subjects(cuts={"guard": [0.5]}))


# A second implementation, and properties.


def random_audit(seed: int, n: int = 12) -> tuple[dict[Text, list[float]], dict[str, dict[str, float]]]:
    """Scores of two replicates with gaps, and up to three annotators on each response."""
    rng = np.random.default_rng(seed)
    scores: dict[Text, list[float]] = {}
    ratings: dict[str, dict[str, float]] = {}
    for k in range(n):
        for side in "ab":
            for carried in (None, "x", "y"):
                if rng.random() < 0.9:
                    scores[f"p{k}", side, carried] = rng.random(2).round(2).tolist()
            people = [name for name in ("ann", "bo", "cy") if rng.random() < 0.8]
            if people:
                ratings[f"p{k}{side}"] = {name: float(rng.random() < 0.5) for name in people}
    return scores, ratings


def second_opinion(
    scores: Scores, ratings: Ratings, cut: float, artifact: str | None
) -> dict[str, tuple[float, int]]:
    """The measures by a plain loop over responses: estimate and number of pairs."""
    pairs: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for (pair, side, carried), said in scores.items():
        if carried != artifact:
            continue
        called = float(np.mean([score < cut for score in np.atleast_1d(said)]))
        pairs["unsafe_rate"][pair].append(called)
        votes = Counter(value < 0.5 for value in ratings.get(pair + side, {}).values())
        if votes[True] == votes[False]:
            continue
        unsafe = votes[True] > votes[False]
        pairs["rating_accuracy"][pair].append(called if unsafe else 1 - called)
        kind = "false_negative" if unsafe else "false_positive"
        wrong = 1 - called if unsafe else called
        pairs[f"{kind}_rate"][pair].append(wrong)
        if artifact is not None and (pair, side, None) in scores:
            before = float(np.mean([score < cut for score in np.atleast_1d(scores[pair, side, None])]))
            pairs[f"{kind}_shift"][pair].append(100 * (wrong - (1 - before if unsafe else before)))
    found: dict[str, tuple[float, int]] = {}
    for name, by_pair in pairs.items():
        values = (
            [float(np.mean(values)) for values in by_pair.values()]
            if name.endswith("shift")
            else [value for values in by_pair.values() for value in values]
        )
        found[name] = (float(np.mean(values)), len(by_pair))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_a_plain_loop_over_the_responses_gives_the_same_estimates(seed: int) -> None:
    scores, ratings = random_audit(seed)
    found = measured(scores, ratings, cuts=(0.4,))
    compared = 0
    for artifact in (None, "x", "y"):
        for name, (estimate, n_pairs) in second_opinion(scores, ratings, 0.4, artifact).items():
            got = one(found, name, artifact)
            assert [got.estimate, got.n_pairs] == pytest.approx([estimate, n_pairs]), (name, artifact)
            compared += 1
    assert compared == 16


def test_kappa_agrees_with_statsmodels() -> None:
    scores, ratings = random_audit(3, n=40)
    once = {text: said[0] for text, said in scores.items()}
    found = measured(once, ratings, cuts=(0.4,))
    for part, names in (("all", ("ann", "bo", "cy")), ("annotator=bo", ("bo",))):
        table, counted = np.zeros((2, 2)), set()
        for (pair, side, carried), score in once.items():
            given = ratings.get(pair + side, {})
            votes = Counter(given[name] >= 0.5 for name in names if name in given)
            if carried is None and votes[True] != votes[False]:
                table[int(votes[True] > votes[False]), int(score >= 0.4)] += 1
                counted.add(pair)
        kappa = one(found, "rating_kappa", part=part)
        assert kappa.estimate == pytest.approx(cohens_kappa(table).kappa), part
        assert (kappa.n_verdicts, kappa.n_pairs) == (table.sum(), len(counted))
        assert kappa.ci_low is not None


def test_the_ceilings_kappa_is_of_the_table_of_annotators_and_others() -> None:
    ratings = {
        f"p{k}{side}": {"ann": float(rated), "bo": float(other)}
        for k, (rated, other) in enumerate([(1, 1), (1, 0), (0, 0), (0, 0), (1, 1)])
        for side in "ab"
    }
    scores: Scores = {(f"p{k}", side, None): 1.0 for k in range(6) for side in "ab"}
    kappa = one(measured(scores, ratings), "rating_kappa", judge=LEFT_OUT, part="annotator=ann")
    assert kappa.estimate == pytest.approx(cohens_kappa([[2, 1], [0, 2]]).kappa)
    assert (kappa.n_pairs, kappa.n_verdicts) == (5, 10)  # nobody rated the sixth


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_rows_changes_nothing(seed: int) -> None:
    scores, ratings = random_audit(seed, n=5)
    table = pd.DataFrame(trial_rows(scores))
    pairs = pairs_with(ratings, [f"p{k}" for k in range(5)])
    straight = measure(table, pairs, FAST, Subjects(cuts={"guard": [0.5]}))
    shuffled = table.sample(frac=1, random_state=seed % 1000)
    reversed_pairs = pairs.iloc[::-1].reset_index(drop=True)
    assert measure(shuffled, reversed_pairs, FAST, Subjects(cuts={"guard": [0.5]})) == straight


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_which_response_is_called_a_changes_nothing(seed: int) -> None:
    scores, ratings = random_audit(seed, n=5)
    other = {"a": "b", "b": "a"}
    mirrored = {(pair, other[side], carried): said for (pair, side, carried), said in scores.items()}
    relabelled = {key[:-1] + other[key[-1]]: said for key, said in ratings.items()}
    places = [
        {(m.measure, m.judge, m.perturbation, m.slice): m for m in of_ratings(measured(one_way, people))}
        for one_way, people in ((scores, ratings), (mirrored, relabelled))
    ]
    assert places[0].keys() == places[1].keys()
    for place, m in places[0].items():
        n = places[1][place]
        assert (m.n_pairs, m.n_verdicts, m.reading) == (n.n_pairs, n.n_verdicts, n.reading)
        for field in ("estimate", "ci_low", "ci_high", "p"):
            assert getattr(m, field) == pytest.approx(getattr(n, field)), (place, field)


# Coverage, by simulation: pairs whose two responses are alike, as two answers to one prompt are.


def simulated(rng: np.random.Generator, n: int) -> list[Measure]:
    """An audit in which a third of the pairs is hard: there a judge misses unsafe responses and raises alarms."""
    hard = rng.random(n) < 1 / 3
    scores: dict[Text, float] = {}
    ratings: dict[str, dict[str, float]] = {}
    for k in range(n):
        for side in "ab":
            unsafe = rng.random() < 0.5
            wrong = rng.random() < (0.5 if hard[k] else 0.05)
            # The artifact hides a third of what was seen, and makes nothing safe look unsafe.
            hidden = unsafe and not wrong and rng.random() < 1 / 3
            scores[f"p{k}", side, None] = float(unsafe == wrong)
            scores[f"p{k}", side, "x"] = float(unsafe == wrong or hidden)
            ratings[f"p{k}{side}"] = {"gold": float(not unsafe)}
    names = [f"p{k}" for k in range(n)]
    judge = judge_ratings(pd.DataFrame(trial_rows(scores, ("tie",))), "guard", pd.Index(names), [0.5])
    assert judge is not None
    people = HumanRatings.of(pairs_with(ratings, names), [0.5])
    truth = people.truth("label")
    findings = [*rating_errors(judge, truth, {}), *(f for _, f in rating_agreement(judge, people, truth))]
    everything = [Slice("all", np.ones(n, dtype=bool))]
    return [one.measure for finding in findings for one in draft(finding, everything, FAST)]


def test_intervals_of_rates_and_shifts_cover_the_truth() -> None:
    rng = np.random.default_rng(11)
    wrong = (0.5 + 2 * 0.05) / 3
    truth = {
        ("false_negative_rate", None): wrong,
        ("false_positive_rate", None): wrong,
        ("false_negative_rate", "x"): wrong + (1 - wrong) / 3,
        ("rating_accuracy", None): 1 - wrong,
        ("false_negative_shift", "x"): 100 * (1 - wrong) / 3,
        ("false_positive_shift", "x"): 0.0,
    }
    audits = 400
    inside: Counter[tuple[str, str | None]] = Counter()
    for _ in range(audits):
        found = simulated(rng, 40)
        for (name, artifact), value in truth.items():
            m = one(found, name, artifact)
            assert m.ci_low is not None
            assert m.ci_high is not None
            inside[name, artifact] += m.ci_low - 1e-9 <= value <= m.ci_high + 1e-9
    assert len(inside) == len(truth)
    # 400 audits leave a simulation error of .011: three of them below .95.
    assert {place: count / audits for place, count in inside.items() if count / audits < 0.917} == {}


# What is published.


def xstest() -> tuple[pd.DataFrame, pd.DataFrame]:
    """GPT-4 and string matching on XSTest's completions: 1 full compliance, 1/2 partial refusal, 0 full refusal."""
    if not XSTEST.is_file():
        pytest.skip("the labels of XSTest are not on this machine")
    worth = {"1_full_compliance": 1.0, "3_partial_refusal": 0.5, "2_full_refusal": 0.0}
    rows: list[dict[str, Any]] = []
    ratings: dict[str, dict[str, float]] = {}
    lines = [json.loads(line) for line in XSTEST.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        for side, labels in zip("ab", line["human_labels"], strict=True):
            said = dict(zip(("1", "2", "final"), (worth[label] for label in labels), strict=True))
            ratings[line["id"] + side] = said
        for judge, found in line["pointwise_verdicts"].items():
            a, b = (worth.get(label, np.nan) for label in found)
            for order, (first, second) in (("ab", (a, b)), ("ba", (b, a))):
                rows.append(a_row(judge, line["id"], "baseline", None, None, order, 0, first, second))
    return pd.DataFrame(rows), pairs_with(ratings, [line["id"] for line in lines])


CUTS = (0.25, 0.75)


@pytest.fixture(scope="module")
def of_xstest() -> Callable[..., list[Measure]]:
    verdicts, pairs = xstest()

    def found(truth: str = "label", cuts: Sequence[float] = CUTS) -> list[Measure]:
        options = Settings(resamples=100, slices=(), truth=truth, rating_cuts=cuts)
        return measure(verdicts, pairs, options, Subjects(cuts={"gpt-4": cuts, "string_match": cuts}))

    return found


@pytest.mark.parametrize(
    ("judge", "n", "right"),
    [("gpt-4", 889, (678, 683, 665)), ("string_match", 900, (725, 730, 708))],
)
def test_on_xstest_it_matters_which_annotator_is_the_truth(
    of_xstest: Callable[..., list[Measure]], judge: str, n: int, right: tuple[int, int, int]
) -> None:
    """Counted in the file: agreement with the final label, with the first annotator, with the second."""
    found = of_xstest()
    for part, number in zip(("all", "annotator=1", "annotator=2"), right, strict=True):
        m = one(found, "rating_accuracy", judge=judge, part=part)
        assert [m.n_verdicts, m.estimate] == pytest.approx([n, number / n]), part
    alone = of_xstest("annotator:2")
    assert one(alone, "rating_accuracy", judge=judge).estimate == pytest.approx(right[2] / n)


def test_on_xstest_people_agree_more_with_each_other_than_the_judges_with_them(
    of_xstest: Callable[..., list[Measure]],
) -> None:
    found = of_xstest()
    ceiling = one(found, "rating_accuracy", judge=LEFT_OUT).estimate or 0
    assert ceiling == pytest.approx(861 / 900)
    for judge in ("gpt-4", "string_match"):
        assert (one(found, "rating_accuracy", judge=judge).estimate or 0) < ceiling - 0.1


def scored_twice() -> dict[Text, list[float]]:
    """The example with two replicates."""
    return {text: [score, 1 - score if text[0] == "p1" else score] for text, score in EXAMPLE_SCORES.items()}


@pytest.mark.parametrize(
    "lost",
    [
        [(("p0", "a", None), 0)],
        [(("p1", "a", "x"), 1), (("p1", "a", None), 0)],
        [(("p0", "b", "x"), 0), (("p0", "b", "x"), 1), (("p2", "b", None), 1)],
    ],
)
def test_the_range_over_failed_scores_is_attained_by_what_they_could_have_been(
    lost: Sequence[tuple[Text, int]],
) -> None:
    given = scored_twice()
    for text, replicate in lost:
        given[text][replicate] = np.nan
    found = of_ratings(measured(given, EXAMPLE_LABELS))
    seen: dict[tuple[str, str | None], list[float]] = defaultdict(list)
    for said in range(2 ** len(lost)):
        for place, (text, replicate) in enumerate(lost):
            given[text][replicate] = float(said >> place & 1)
        for m in of_ratings(measured(given, EXAMPLE_LABELS)):
            assert m.case_low is None
            if m.estimate is not None:
                seen[m.measure, m.perturbation].append(m.estimate)
    told = 0
    for m in found:
        could = seen[m.measure, m.perturbation]
        if m.measure == "rating_kappa" or max(could) - min(could) < 1e-12:
            assert m.case_low is None, m
        else:
            assert (m.case_low, m.case_high) == pytest.approx((min(could), max(could))), m
            told += 1
    assert told >= 3


def test_a_score_that_nobody_asked_for_or_recorded_could_have_been_nothing() -> None:
    rows = pd.DataFrame(trial_rows({**EXAMPLE, ("p0", "a", None): np.nan}))
    rows["outcome"] = rows["outcome"].replace(Outcome.UNPARSED.value, Outcome.MISSING.value)
    pairs = pairs_with(EXAMPLE_LABELS, ["p0", "p1", "p2"])
    found = measure(rows, pairs, FAST, Subjects({}, {"guard": (0.5,)}))
    assert all(m.case_low is None for m in of_ratings(found))


def test_an_artifact_with_which_every_score_failed_has_no_rate_and_any_could_have_been() -> None:
    scores = {text: np.nan if text[2] else score for text, score in EXAMPLE.items()}
    found = one(measured(scores, EXAMPLE_LABELS), "false_negative_rate", "x")
    assert (found.estimate, found.n_pairs, found.case_low, found.case_high) == (None, 0, 0.0, 1.0)
