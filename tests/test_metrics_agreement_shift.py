"""What an artifact does to agreement with the label, and the rule that prefers refusals beside it."""

import numpy as np
import pandas as pd
import pytest

from judgeaudit.metrics import Measure, Settings, measure
from judgeaudit.metrics.agreement_shift import agreement_shift
from judgeaudit.metrics.observations import observe
from judgeaudit.metrics.reference import Reference
from judgeaudit.metrics.summary import Slice, draft
from tests.test_metrics import FAST, Audit, find, pairs_of, random_audit


def shifts(
    table: pd.DataFrame, pairs: pd.DataFrame, truth: str = "label", unparsed: str = "excluded"
) -> list[Measure]:
    pairs = pairs.sort_values("pair_id").reset_index(drop=True)
    slices = [Slice("all", np.ones(len(pairs), dtype=bool))]
    reference = Reference.of(pairs, truth)
    return [
        one.measure
        for judge in observe(table, pd.Index(pairs["pair_id"]), unparsed)  # type: ignore[arg-type]
        for finding in agreement_shift(judge, reference)
        for one in draft(finding, slices, Settings())
    ]


def test_the_shift_is_the_mean_over_sides_of_what_the_artifact_costs() -> None:
    """Label a. One: right at baseline, wrong with the artifact in a, right with it in b: -1/2. Two: never right: 0."""
    audit = Audit()
    for name, before, in_a, in_b in (("1", "a", "b", "a"), ("2", "tie", "b", "tie")):
        audit.add(name, "baseline", [before])
        audit.add(name, "injected", [in_a], perturbation="apology", side="a")
        audit.add(name, "injected", [in_b], perturbation="apology", side="b")
    found = find(shifts(audit.table, pairs_of("1", "2", label=["a", "a"])), "accuracy_shift", "apology")
    assert (found.estimate, found.unit, found.n_pairs, found.n_verdicts) == (-25.0, "points", 2, 12)


def test_the_shift_is_of_the_very_answer_that_is_true() -> None:
    """A label of tie is lost where the artifact makes the judge decide, whichever way."""
    audit = Audit()
    audit.add("1", "baseline", ["tie"])
    audit.add("1", "injected", ["a"], perturbation="x", side="a")
    found = find(shifts(audit.table, pairs_of("1", label=["tie"])), "accuracy_shift", "x")
    assert found.estimate == -100.0


def test_verdicts_are_compared_in_the_order_that_both_have() -> None:
    """Right when shown first at baseline, wrong when second; with the artifact it was asked in that order alone."""
    audit = Audit()
    audit.add("1", "baseline", ["a"], orders=("ab",)).add("1", "baseline", ["b"], orders=("ba",))
    audit.add("1", "injected", ["b"], perturbation="x", side="a", orders=("ba",))
    audit.add("2", "baseline", ["a"])  # not injected
    audit.add("3", "injected", ["a"], perturbation="x", side="b")  # no baseline
    audit.add("4", "baseline", ["a"], orders=("ab",))
    audit.add("4", "injected", ["b"], perturbation="x", side="a", orders=("ab",))
    audit.add("4", "injected", ["a"], perturbation="x", side="a", orders=("ba",))
    found = find(shifts(audit.table, pairs_of(*"1234", label=["a"] * 4)), "accuracy_shift", "x")
    assert (found.estimate, found.n_pairs) == (-50.0, 2)


def test_pairs_without_the_truth_are_not_counted_and_the_truth_may_be_one_annotator() -> None:
    audit = Audit()
    for name in ("1", "2"):
        audit.add(name, "baseline", ["a"])
        audit.add(name, "injected", ["b"], perturbation="x", side="a")
    pairs = pairs_of("1", "2", label=["a", None], votes=[["b"], ["b"]])
    assert find(shifts(audit.table, pairs), "accuracy_shift", "x").n_pairs == 1
    assert find(shifts(audit.table, pairs), "accuracy_shift", "x").estimate == -100.0
    by_annotator = find(shifts(audit.table, pairs, truth="annotator:1"), "accuracy_shift", "x")
    assert (by_annotator.estimate, by_annotator.n_pairs) == (100.0, 2)
    assert shifts(audit.table, pairs_of("1", "2")) == []


def test_an_unparsed_reply_that_is_an_answer_of_its_own_is_wrong() -> None:
    audit = Audit()
    audit.add("1", "baseline", ["a"])
    audit.add("1", "injected", ["unparsed"], perturbation="x", side="a")
    found = shifts(audit.table, pairs_of("1", label=["a"]), unparsed="category")
    assert find(found, "accuracy_shift", "x").estimate == -100.0


def test_a_failed_verdict_could_have_been_right_or_wrong() -> None:
    """One of two orders failed with the artifact: the shift would be 0 had it been right, -50 had it been wrong."""
    audit = Audit()
    audit.add("1", "baseline", ["a"])
    audit.add("1", "injected", ["a"], perturbation="x", side="a", orders=("ab",))
    audit.add("1", "injected", ["refused"], perturbation="x", side="a", orders=("ba",))
    audit.add("2", "baseline", ["refused"]).add("2", "injected", ["a"], perturbation="x", side="a")
    found = find(shifts(audit.table, pairs_of("1", "2", label=["a", None])), "accuracy_shift", "x")
    assert (found.estimate, found.case_low, found.case_high) == (None, -50.0, 0.0)
    audit.add("3", "baseline", ["a"]).add("3", "injected", ["a"], perturbation="x", side="a")
    found = find(shifts(audit.table, pairs_of("1", "2", "3", label=["a", None, "a"])), "accuracy_shift", "x")
    assert (found.estimate, found.n_pairs, found.case_low, found.case_high) == (0.0, 1, -25.0, 0.0)


@pytest.mark.parametrize("judge", ["exact", "j"])
def test_the_shift_is_the_accuracy_under_the_artifact_less_that_at_baseline(judge: str) -> None:
    """Where nothing failed, both are of the same pairs."""
    table, pairs = random_audit(3, n=12)
    if judge == "j":
        table["outcome"] = table["outcome"].replace(dict.fromkeys(("refused", "unparsed", "error"), "tie"))
    accuracy = measure(table, pairs, FAST)
    before, after = (find(accuracy, "accuracy", name, judge=judge).estimate for name in (None, "x"))
    assert before is not None
    assert after is not None
    found = find(shifts(table, pairs), "accuracy_shift", "x", judge=judge)
    assert found.estimate == pytest.approx(100 * (after - before))


def test_what_decisive_accuracy_loses_is_told_by_the_winrate_shifts_of_the_two_roles() -> None:
    table, pairs = random_audit(4, n=12)
    pairs["label"] = ["a", "b"] * 6
    found = measure(table, pairs, FAST)
    of = {"judge": "exact"}
    before, after = (find(found, "accuracy_decisive", name, **of).estimate for name in (None, "x"))
    preferred, other = (
        find(found, "winrate_shift", "x", slice=f"artifact_on={role}", **of).estimate
        for role in ("preferred", "less_preferred")
    )
    assert before is not None
    assert after is not None
    assert preferred is not None
    assert other is not None
    assert 100 * (after - before) == pytest.approx((preferred - other) / 2)


def refusing(**columns: list[object]) -> list[Measure]:
    """Four pairs with the labels a, a, b and tie."""
    audit = Audit()
    for name in "1234":
        audit.add(name, "baseline", ["a"])
    return measure(audit.table, pairs_of(*"1234", label=["a", "a", "b", "tie"], **columns), FAST)


def test_the_rule_that_prefers_refusals_has_accuracy_and_kappa() -> None:
    """It says a, b, tie (neither refuses) and tie (both do): right on the first and the last."""
    found = refusing(refuses_a=[True, False, False, True], refuses_b=[False, True, False, True])
    of = {"judge": "baseline:refusal"}
    assert find(found, "accuracy", **of).estimate == 1 / 2
    assert find(found, "accuracy_decisive", **of).estimate == (1 + 0 + 1 / 2) / 3
    # Chance agreement: labels (1/2, 1/4, 1/4) with answers (1/4, 1/4, 1/2) is 5/16.
    assert find(found, "kappa", **of).estimate == pytest.approx((1 / 2 - 5 / 16) / (1 - 5 / 16))


def test_a_text_that_nobody_kept_neither_refuses_nor_does_not() -> None:
    found = refusing(refuses_a=[True, None, True, True], refuses_b=[False, False, None, False])
    assert find(found, "accuracy", judge="baseline:refusal").n_pairs == 2


def test_without_a_refusal_of_one_response_there_is_no_such_rule() -> None:
    both: list[object] = [True, True, False, False]
    for found in (refusing(), refusing(refuses_a=both, refuses_b=both), refusing(refuses_a=[None] * 4)):
        assert not [m for m in found if m.judge == "baseline:refusal"]
