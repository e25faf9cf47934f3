"""Declared conventions: what an unparsed reply counts as, what agreement is measured against, what a tie is worth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from judgeaudit.errors import ConfigurationError
from judgeaudit.metrics import Measure, Settings, measure
from judgeaudit.stats import mean_interval
from tests.test_metrics import FAST, Audit, find, labelled, pairs_of, random_audit
from tests.test_metrics_real_data import lines, row, unlabelled

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
CATEGORY, TIE = Settings(unparsed="category", resamples=100), Settings(unparsed="tie", resamples=100)


def but_rates(found: list[Measure]) -> list[Measure]:
    return [m for m in found if not m.measure.endswith("_rate")]


def alike(some: list[Measure], others: list[Measure]) -> bool:
    """The same but for rounding: a category that nobody uses adds zeros to a sum."""
    records, expected = ([m.to_dict() for m in found] for found in (some, others))
    return len(some) == len(others) and all(
        one == pytest.approx(other, abs=1e-12) for one, other in zip(records, expected, strict=True)
    )


def with_unparsed_exact(table: pd.DataFrame) -> pd.DataFrame:
    """The exact judge's every seventh reply is unparsed, and carries no probabilities."""
    lost = (table["judge"] == "exact").to_numpy() & (np.arange(len(table)) % 7 == 0)
    blank = {"outcome": "unparsed", "p_first": np.nan, "p_second": np.nan, "p_tie": np.nan}
    return table.assign(**{name: table[name].mask(lost, value) for name, value in blank.items()})


@pytest.mark.parametrize("seed", range(4))
def test_an_unparsed_reply_that_counts_as_a_tie_is_a_tie_everywhere_and_still_a_failure(seed: int) -> None:
    table, pairs = random_audit(seed, n=6)
    table = with_unparsed_exact(table)
    tie = {"outcome": "tie", "p_first": 0.0, "p_second": 0.0, "p_tie": 1.0}
    unparsed = table["outcome"] == "unparsed"
    said_tie = table.assign(**{name: table[name].mask(unparsed, value) for name, value in tie.items()})
    found = measure(table, pairs, TIE)
    assert but_rates(found) == but_rates(measure(said_tie, pairs, TIE))
    rates = [m for m in found if m.measure.endswith("_rate")]
    assert rates == [m for m in measure(table, pairs, FAST) if m.measure.endswith("_rate")]
    assert any((m.estimate or 0) > 0 for m in rates if m.measure == "unparsed_rate" and m.judge == "exact")


@pytest.mark.parametrize("convention", [CATEGORY, TIE])
def test_refused_and_error_are_no_verdicts_under_any_convention(convention: Settings) -> None:
    table, pairs = random_audit(1, n=6)
    readable = table[table["outcome"] != "unparsed"]
    assert alike(measure(readable, pairs, convention), measure(readable, pairs, FAST))
    audit = Audit().add("p", "baseline", ["refused", "error"]).add("q", "baseline", ["a", "a"])
    assert find(measure(audit.table, pairs_of("p", "q"), convention), "self_consistency").n_pairs == 1


def test_as_a_category_an_unparsed_reply_is_wrong_whatever_the_label() -> None:
    found = measure(
        *labelled(["a", "b", "tie", "a", None], ["a", "unparsed", "unparsed", "tie", "a"]), CATEGORY
    )
    three_way, decisive = find(found, "accuracy"), find(found, "accuracy_decisive")
    assert (three_way.estimate, three_way.n_pairs, three_way.n_verdicts) == (0.25, 4, 8)
    assert (decisive.estimate, decisive.n_pairs) == (0.5, 3)  # right, wrong, half
    excluded = find(measure(*labelled(["a", "b"], ["a", "unparsed"])), "accuracy")
    assert (excluded.estimate, excluded.n_pairs) == (1, 1)


def test_as_a_category_an_unparsed_reply_has_its_own_row_in_kappa_and_ac1() -> None:
    rng = np.random.default_rng(0)
    label = rng.choice(["a", "b", "tie"], 60).tolist()
    said = [x if rng.random() < 0.6 else "unparsed" for x in label]
    found = measure(*labelled(label, said), CATEGORY)
    order = ["a", "b", "tie", "unparsed"]
    table = pd.crosstab(pd.Series(label), pd.Series(said)).reindex(index=order, columns=order, fill_value=0)
    second = cohens_kappa(table.to_numpy(), return_results=False)
    assert find(found, "kappa").estimate == pytest.approx(second, abs=1e-9)
    # Two categories in use by the label and three by both: agreement 1/2, pi = (3/8, 3/8, 1/4), chance
    # (2 * 15/64 + 3/16) / 2 = 21/64.
    found = measure(*labelled(["a", "b"] * 4, ["a", "b", "unparsed", "unparsed"] * 2), CATEGORY)
    assert find(found, "ac1").estimate == pytest.approx((1 / 2 - 21 / 64) / (43 / 64))
    # Of 16 values 6, 6 and 4: expected disagreement 1 - (6 * 5 + 6 * 5 + 4 * 3) / (16 * 15), observed 1/2. An order's
    # verdicts are averaged within a pair, so that the total is one label and one verdict a pair.
    assert find(found, "alpha").estimate == pytest.approx(1 - 0.5 / (1 - 72 / 240))


def test_as_a_category_two_unparsed_replies_are_the_same_and_one_differs_from_everything() -> None:
    audit = Audit().add("p", "baseline", ["unparsed"])
    audit.add("q", "baseline", ["a"], orders=("ab",)).add("q", "baseline", ["unparsed"], orders=("ba",))
    audit.add("r", "baseline", ["unparsed"], orders=("ab",)).add("r", "baseline", ["tie"], orders=("ba",))
    found = measure(audit.table, pairs_of("p", "q", "r"), CATEGORY)
    consistency = find(found, "position_consistency", "position")
    assert (consistency.estimate, consistency.n_pairs, consistency.n_verdicts) == (pytest.approx(1 / 3), 3, 6)
    assert find(found, "flip", "position").estimate == pytest.approx(2 / 3)
    assert (
        find(measure(audit.table, pairs_of("p", "q", "r")), "position_consistency", "position").n_pairs == 0
    )


def test_a_flip_to_an_unparsed_reply_has_no_kind_and_no_direction() -> None:
    audit = Audit().add("p", "baseline", ["a", "a"]).add("q", "baseline", ["unparsed", "unparsed"])
    audit.add("p", "injected", ["unparsed", "b"], perturbation="x", side="b")
    audit.add("q", "injected", ["unparsed", "tie"], perturbation="x", side="b")
    found = measure(audit.table, pairs_of("p", "q"), CATEGORY)
    expected = {
        "flip": (1 + 0.5) / 2, "reversal": 0.25, "softening": 0, "hardening": 0, "flip_toward": 0.25, "flip_away": 0,
        "noise_floor": 0, "noise_adjusted_flip": 0.75,
    }  # fmt: skip
    assert {name: find(found, name, "x").estimate for name in expected} == pytest.approx(expected)


def test_as_a_category_an_unparsed_reply_is_an_answer_that_can_be_repeated() -> None:
    """p: unparsed, unparsed, a in both orders; q: a, a, a. Six values of a presentation's three in two."""
    audit = Audit().add("p", "baseline", ["unparsed", "unparsed", "a"]).add("q", "baseline", ["a", "a", "a"])
    found = measure(audit.table, pairs_of("p", "q"), CATEGORY)
    assert find(found, "self_consistency").estimate == pytest.approx((1 / 3 + 1) / 2)
    assert find(found, "all_identical").estimate == 0.5
    assert find(found, "modal_share").estimate == pytest.approx((2 / 3 + 1) / 2)
    # 12 values, 4 unparsed and 8 a: disagreement 2 presentations x 2/3 pairs x 3 values / 12, expected 64 / 132.
    assert find(found, "replicate_alpha").estimate == pytest.approx(1 - (2 * 2 / 3 * 3 / 12) / (64 / 132))
    # Runs score side a (1/2 + 1)/2, (1/2 + 1)/2, (1 + 1)/2.
    assert find(found, "winrate_spread").estimate == pytest.approx(np.std([75, 75, 100], ddof=1))


def test_in_signed_measures_an_unparsed_reply_prefers_neither() -> None:
    audit = Audit()
    for name in ("p", "q"):
        audit.add(name, "baseline", ["a"]).add(name, "injected", ["unparsed"], perturbation="x", side="a")
        audit.add(name, "tie", ["unparsed" if name == "p" else "a"], perturbation="x", side="a")
    found = measure(audit.table, pairs_of("p", "q"), CATEGORY)
    assert find(found, "winrate_shift", "x").estimate == -50
    assert find(found, "tie_detection", "x").estimate == 50
    assert find(found, "decisive_share", "x").estimate == 0.5


def test_an_exact_judges_unparsed_reply_follows_the_same_rule() -> None:
    audit = Audit()
    for order in ("ab", "ba"):
        audit.exact("p", "baseline", (0.6, 0.3, 0.1), order=order).exact(
            "q", "baseline", (1.0, 0.0, 0.0), order=order
        )
    table = audit.table
    lost = table["pair_id"] == "q"
    table.loc[lost, ["outcome", "p_first", "p_second", "p_tie", "exact"]] = ["unparsed", *[np.nan] * 3, False]
    pairs = pairs_of("p", "q", label=["a", "a"])
    expected = {"excluded": (0.6, 1), "tie": (0.3, 2), "category": (0.3, 2)}
    for convention, (estimate, n) in expected.items():
        accuracy = find(measure(table, pairs, Settings(unparsed=convention)), "accuracy")
        assert (accuracy.estimate, accuracy.n_pairs) == (pytest.approx(estimate), n)
    found = measure(table, pairs, CATEGORY)
    assert find(found, "self_consistency").estimate == pytest.approx((0.46 + 1) / 2)
    assert find(found, "position_consistency", "position").estimate == pytest.approx((0.46 + 1) / 2)
    assert find(found, "winrate_spread").estimate == pytest.approx(
        100 * np.sqrt((0.6 + 0.1 / 4 - 0.65**2) / 2) / 2
    )


def test_an_exact_judges_reply_that_is_unparsed_half_the_time_spreads_its_winrate() -> None:
    audit = Audit()
    for order in ("ab", "ba"):
        audit.exact("p", "baseline", (0.6, 0.3, 0.1), order=order, replicates=2)
    table = audit.table
    lost = table["replicate"] == 1
    table.loc[lost, ["outcome", "p_first", "p_second", "p_tie"]] = ["unparsed", *[np.nan] * 3]
    found = measure(table, pairs_of("p"), CATEGORY)
    win, neither = 0.3, 0.05 + 0.5
    variance = win + neither / 4 - (win + neither / 2) ** 2
    assert find(found, "winrate_spread").estimate == pytest.approx(100 * np.sqrt(variance / 2))


def test_a_judge_that_never_parses_is_steady_and_useless() -> None:
    audit = Audit().add("p", "baseline", ["unparsed"] * 2).add("q", "baseline", ["unparsed"] * 2)
    found = measure(audit.table, pairs_of("p", "q", label=["a", "tie"]), CATEGORY)
    assert find(found, "self_consistency").estimate == 1
    assert find(found, "accuracy").estimate == 0
    assert find(found, "unparsed_rate").estimate == 1


def voted() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Labels say a, a, b, none; the judge says a, b, b, a."""
    table, pairs = labelled(["a", "a", "b", None], ["a", "b", "b", "a"])
    votes = [["b", "b", "a"], ["a", "b"], ["b"], ["a", "b", "tie"]]
    return table, pairs.assign(votes=votes)


def test_agreement_is_with_what_was_declared_to_be_true() -> None:
    table, pairs = voted()
    expected = {
        "label": (2 / 3, 3),  # a a, a b, b b
        "majority": (1 / 2, 2),  # b of two thirds; split; b alone; no majority
        "annotator:1": (1 / 2, 4),  # b, a, b, a
        "annotator:2": (1 / 3, 3),  # b, b, none, b
        "annotator:3": (1 / 2, 2),  # a, none, none, tie
    }
    for truth, (estimate, n) in expected.items():
        found = find(measure(table, pairs, Settings(truth=truth)), "accuracy")
        assert (found.estimate, found.n_pairs) == (pytest.approx(estimate), n), truth


def test_coefficients_and_the_longer_response_are_held_against_the_declared_truth() -> None:
    table, pairs = labelled(["b", "b", "a", "a"], ["a", "a", "b", "b"])
    pairs = pairs.assign(votes=[["a"], ["a"], ["b"], ["b"]], length_a=[9, 9, 1, 1], length_b=[1, 1, 9, 9])
    for truth, value in (("label", -1), ("annotator:1", 1), ("majority", 1)):
        found = measure(table, pairs, Settings(truth=truth))
        assert find(found, "kappa").estimate == pytest.approx(value)
        assert find(found, "accuracy", judge="baseline:longer").estimate == (value + 1) / 2
        assert find(found, "accuracy_decisive").estimate == (value + 1) / 2


def test_the_human_ceiling_and_the_roles_are_the_same_whatever_the_truth() -> None:
    table, pairs = voted()
    audit = Audit(table.to_dict("records"))
    for name in pairs["pair_id"]:
        audit.add(name, "injected", ["a"], perturbation="x", side="a")
        audit.add(name, "injected", ["tie"], perturbation="x", side="b")

    def same(truth: str) -> list[Measure]:
        found = measure(audit.table, pairs, Settings(truth=truth, slices=()))
        return [m for m in found if m.judge == "human:leave_one_out" or m.slice.startswith("artifact_on")]

    assert len(same("label")) == 4
    assert same("label") == same("annotator:2") == same("majority")


@pytest.mark.parametrize(
    "truth", ["annotator:4", "annotator:alice", "annotator:0", "annotator:-1", "annotator:1.0"]
)
def test_a_truth_that_nobody_said_is_refused_and_the_votes_that_there_are_named(truth: str) -> None:
    with pytest.raises(ConfigurationError, match=r"annotator:1 to annotator:3"):
        measure(*voted(), Settings(truth=truth))


@pytest.mark.parametrize("truth", ["annotator:1", "annotator:alice", "majority"])
def test_without_votes_and_ratings_no_person_can_be_the_truth(truth: str) -> None:
    with pytest.raises(ConfigurationError, match="no votes and no ratings"):
        measure(*labelled(["a"], ["a"]), Settings(truth=truth))


def test_a_truth_that_only_ratings_know_leaves_verdicts_without_one() -> None:
    """Who rated single responses may have voted on no pair."""
    table, pairs = labelled(["a", "b"], ["a", "b"])
    ratings = json.dumps({"alice": 1.0, "2": 0.0})
    pairs = pairs.assign(ratings_a=[ratings, None], ratings_b=[None, None])
    for truth in ("annotator:alice", "annotator:2", "majority"):
        assert not [m for m in measure(table, pairs, Settings(truth=truth)) if m.measure == "accuracy"]
    with pytest.raises(ConfigurationError, match="alice"):
        measure(table, pairs, Settings(truth="annotator:bob"))


DROPPED = Settings(tie_verdicts="dropped", resamples=100)


def test_dropped_ties_leave_right_over_right_and_wrong() -> None:
    """p: a, a, tie against a; q: b, tie, tie against a; r: all tie; s has no decisive label."""
    audit = Audit().add("p", "baseline", ["a", "a", "tie"]).add("q", "baseline", ["b", "tie", "tie"])
    audit.add("r", "baseline", ["tie"] * 3).add("s", "baseline", ["a"] * 3)
    pairs = pairs_of("p", "q", "r", "s", label=["a", "a", "a", "tie"])
    found = find(measure(audit.table, pairs, DROPPED), "accuracy_decisive")
    assert found.estimate == pytest.approx(4 / 6)  # of both orders
    assert (found.n_pairs, found.n_verdicts) == (2, 6)
    expected = mean_interval(np.array([1.0, 0.0]), 0.0, 1.0, 0.95, np.array([2 / 3, 1 / 3]))
    assert expected is not None
    assert (found.ci_low, found.ci_high) == pytest.approx((expected.low, expected.high))
    assert find(measure(audit.table, pairs, DROPPED), "accuracy") == find(
        measure(audit.table, pairs, FAST), "accuracy"
    )


def test_dropped_ties_agree_with_the_count_of_decided_verdicts() -> None:
    rng = np.random.default_rng(4)
    label = rng.choice(["a", "b", "tie"], 80).tolist()
    said = rng.choice(["a", "b", "tie"], 80, p=[0.3, 0.3, 0.4]).tolist()
    found = find(measure(*labelled(label, said), DROPPED), "accuracy_decisive")
    decided = [(x, y) for x, y in zip(label, said, strict=True) if x != "tie" and y != "tie"]
    right = sum(x == y for x, y in decided)
    assert found.estimate == pytest.approx(right / len(decided))
    assert (found.n_pairs, found.n_verdicts) == (len(decided), 2 * len(decided))


def test_dropped_ties_of_an_exact_judge_are_its_probability_of_a_tie() -> None:
    audit = Audit()
    for order in ("ab", "ba"):
        audit.exact("p", "baseline", (0.5, 0.3, 0.2), order=order).exact(
            "q", "baseline", (0.1, 0.1, 0.8), order=order
        )
    found = find(measure(audit.table, pairs_of("p", "q", label=["a", "b"]), DROPPED), "accuracy_decisive")
    assert found.estimate == pytest.approx((0.5 + 0.1) / (0.8 + 0.2))
    assert (found.n_pairs, found.n_verdicts) == (2, 4)


def test_an_unparsed_reply_of_its_own_category_is_decided_and_wrong() -> None:
    both = Settings(unparsed="category", tie_verdicts="dropped")
    found = measure(*labelled(["a", "a", "b"], ["a", "unparsed", "tie"]), both)
    assert (find(found, "accuracy_decisive").estimate, find(found, "accuracy_decisive").n_pairs) == (0.5, 2)


def test_equal_lengths_are_dropped_with_the_ties() -> None:
    table, pairs = labelled(["a", "a", "b"], ["a", "a", "a"])
    pairs = pairs.assign(length_a=[9, 5, 9], length_b=[1, 5, 1])
    found = find(measure(table, pairs, DROPPED), "accuracy_decisive", judge="baseline:longer")
    assert (found.estimate, found.n_pairs, found.n_verdicts) == (0.5, 2, 2)
    half = find(measure(table, pairs, FAST), "accuracy_decisive", judge="baseline:longer")
    assert (half.estimate, half.n_pairs) == (0.5, 3)  # right, half, wrong
    in_favour = measure(table, pairs.assign(label=["a", "a", "a"]), FAST)
    assert find(in_favour, "accuracy_decisive", judge="baseline:longer").estimate == pytest.approx(5 / 6)


def test_the_kappa_between_orders_agrees_with_statsmodels() -> None:
    rng = np.random.default_rng(2)
    audit, said = Audit(), rng.choice(["a", "b", "tie"], (50, 2))
    for k, (ab, ba) in enumerate(said.tolist()):
        audit.add(f"p{k}", "baseline", [ab], orders=("ab",)).add(f"p{k}", "baseline", [ba], orders=("ba",))
    kappa = find(measure(audit.table, pairs_of(*[f"p{k}" for k in range(50)])), "order_kappa", "position")
    second = cohens_kappa(pd.crosstab(said[:, 0], said[:, 1]).to_numpy(), return_results=False)
    assert (kappa.estimate, kappa.n_pairs, kappa.n_verdicts) == (pytest.approx(second), 50, 100)
    assert kappa.ci_low is not None
    assert kappa.unit == "coefficient"


def llmbar(unreadable: str) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    """The slice's verdicts, pairs and published statistics; null stands as ``unreadable``: a, b or an outcome."""
    folder = DATA / "llmbar_slice"
    gold = {item["id"]: item["human_preference"].lower() for item in lines(folder / "items.jsonl")}
    rows, runs = [], set()
    for line in lines(folder / "verdicts.jsonl"):
        name = f"{line['item'].split('#')[0]}/evaluators/{line['judge']}/{line['prompt']}"
        runs.add(name)
        for order in ("ab", "ba"):
            content = (line[order.upper()] or unreadable).lower()
            shown = {"a": {"ab": "first", "ba": "second"}, "b": {"ab": "second", "ba": "first"}}
            rows.append(row(name, line["item"], order, 0, shown.get(content, {}).get(order, content)))
    published = json.loads((folder / "published_statistics.json").read_text(encoding="utf-8"))
    pairs = unlabelled(sorted(gold), label=[gold[name] for name in sorted(gold)])
    return pd.DataFrame(rows), pairs, {name: published[name] for name in runs}


def test_llmbar_as_published_where_unparsed_replies_are_a_category() -> None:
    """Accuracy over both orders and the count of equal verdicts, for all judges and prompting strategies."""
    table, pairs, published = llmbar("unparsed")
    found = measure(table, pairs, Settings(slices=(), unparsed="category", resamples=100))
    by_name = {m.judge: m for m in found if m.measure == "accuracy"}
    consistent = {m.judge: m for m in found if m.measure == "position_consistency"}
    kappas = {m.judge: m for m in found if m.measure == "order_kappa"}
    unparsed = {m.judge: m.estimate for m in found if m.measure == "unparsed_rate"}
    assert len(published) == 130
    same_kappa = 0
    for name, expected in published.items():
        assert 100 * (by_name[name].estimate or 0) == pytest.approx(
            float(expected["correct_average"].rstrip("%")), abs=1e-9
        ), name
        equal, of = (int(part) for part in expected["equal"].split(" = ")[0].split(" / "))
        assert consistent[name].n_pairs == of, name
        assert (consistent[name].estimate or 0) * of == pytest.approx(equal, abs=1e-9), name
        agrees = kappas[name].estimate == pytest.approx(expected["kappa_agreement"], abs=1e-9)
        assert agrees or (unparsed[name] or 0) > 0, name
        same_kappa += agrees
    assert same_kappa == 103


def test_llmbar_kappa_between_orders_as_published_takes_an_unparsed_reply_for_the_second_response() -> None:
    table, pairs, published = llmbar("b")
    found = measure(table, pairs, Settings(slices=(), resamples=100))
    kappas = {m.judge: m.estimate for m in found if m.measure == "order_kappa"}
    assert len(kappas) == len(published) == 130
    for name, expected in published.items():
        assert kappas[name] == pytest.approx(expected["kappa_agreement"], abs=1e-9), name


def test_xstest_agreement_depends_on_whose_labels_are_the_truth() -> None:
    """What follows from GPT-4's labels of two responses, recorded once a pair and planned in both orders."""
    rows, votes, label = [], [], []
    items = lines(DATA / "xstest_mistral" / "pairs.jsonl")
    shown = {"A": "first", "B": "second", "tie": "tie", None: "unparsed"}
    for item in items:
        verdict = item["derived_pairwise_verdicts"]["gpt-4"]
        rows.append(row("gpt-4", item["id"], "ab", 0, shown[verdict]))
        rows.append(row("gpt-4", item["id"], "ba", 0, "missing"))
        votes.append([vote.lower() for vote in item["per_annotator_preference"]])
        label.append(item["human_preference"].lower())
    pairs = unlabelled([item["id"] for item in items], label=label).assign(votes=votes)
    expected = {"label": (342, 439), "annotator:1": (346, 439), "annotator:2": (318, 439)}
    for truth, (right, of) in expected.items():
        found = measure(pd.DataFrame(rows), pairs, Settings(slices=(), truth=truth, resamples=100))
        accuracy = next(m for m in found if m.measure == "accuracy" and m.judge == "gpt-4")
        assert (accuracy.estimate, accuracy.n_pairs) == (pytest.approx(right / of), of), truth
        assert not [m for m in found if m.perturbation == "position"]


def repetitions(bench: str, judge: str, convention: Settings) -> dict[str, float | None]:
    rows: list[dict[str, Any]] = []
    for line in lines(DATA / "position_repetitions" / "verdicts.jsonl"):
        if line["bench"] != bench or not line["judge"].startswith(judge):
            continue
        item, first, second = line["cmp_index"].split(";")
        pair = ";".join([item, *sorted([first, second])])
        outcome = {"A": "first", "B": "second", "C": "tie", None: "unparsed"}[line["verdict"]]
        rows.append(row(judge, pair, "ab" if first < second else "ba", line["sample"], outcome))
    names = sorted({one["pair_id"] for one in rows})
    found = measure(pd.DataFrame(rows), unlabelled(names), convention)
    return {m.measure: m.estimate for m in found if m.perturbation is None}


@pytest.mark.parametrize(
    ("bench", "judge", "modal_share", "all_identical"),
    [
        ("MTBench", "gpt-4-0613", 0.967, None),
        ("MTBench", "claude-3-opus", 0.953, None),
        ("MTBench", "claude-3-haiku", 0.894, 0.682),
        ("DevBench", "gemini-pro", 0.847, 0.542),
    ],
)
def test_repetition_stability_as_published_where_unparsed_replies_are_a_category(
    bench: str, judge: str, modal_share: float, all_identical: float | None
) -> None:
    found = repetitions(bench, judge, Settings(slices=(), unparsed="category", resamples=100))
    assert found["modal_share"] == pytest.approx(modal_share, abs=5e-4)
    if all_identical is not None:
        assert found["all_identical"] == pytest.approx(all_identical, abs=5e-4)
        excluded = repetitions(bench, judge, Settings(slices=(), resamples=100))
        assert excluded["all_identical"] != pytest.approx(all_identical, abs=5e-4)


def test_where_the_label_is_what_the_votes_say_the_truth_changes_nothing() -> None:
    table, pairs = random_audit(5, n=6)
    pairs = pairs.assign(votes=[["b", "a", "a"]] * len(pairs), label="a")
    for truth in ("majority", "annotator:2"):
        assert measure(table, pairs, Settings(truth=truth, resamples=100)) == measure(table, pairs, FAST)


def test_where_unparsed_is_consistent_a_verdict_alone_agrees_and_verdicts_weigh_the_same() -> None:
    """p agrees in both orders, q does not, r and t were read in one, s in none: 1 + 1 + 0 + 0 + 1 + 1 of 6 verdicts.

    u was read half the time in either order, always the same: one verdict's worth of agreement.
    """
    audit = Audit()
    for name, ab, ba in (
        ("p", ["a"], ["a"]),
        ("q", ["a"], ["b"]),
        ("r", ["b"], ["unparsed"]),
        ("s", ["unparsed"], ["unparsed"]),
        ("t", ["unparsed"], ["tie"]),
        ("u", ["a", "unparsed"], ["a", "unparsed"]),
    ):
        audit.add(name, "baseline", ab, orders=("ab",)).add(name, "baseline", ba, orders=("ba",))
    audit.add("p", "tie", ["a"], perturbation="x", side="a", judge="without baseline")
    pairs = pairs_of(*"pqrstu", label=["a"] * 6)
    found = measure(audit.table, pairs, Settings(unparsed="consistent", resamples=100))
    one = find(found, "position_consistency", "position")
    assert (one.estimate, one.n_pairs) == (pytest.approx(5 / 7), 5)
    usual = measure(audit.table, pairs, FAST)
    assert [m for m in found if m.measure != "position_consistency"] == [
        m for m in usual if m.measure != "position_consistency"
    ]


def test_where_every_reply_is_read_consistent_is_the_usual_consistency() -> None:
    table, pairs = random_audit(3, n=6)
    table["outcome"] = table["outcome"].replace({"unparsed": "tie", "refused": "tie", "error": "tie"})
    found, usual = (
        find(
            measure(table, pairs, Settings(unparsed=how, resamples=100)),
            "position_consistency",
            "position",
            judge="j",
        )
        for how in ("consistent", "excluded")
    )
    assert found.estimate == pytest.approx(usual.estimate)
