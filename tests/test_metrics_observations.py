"""How verdict rows become arrays over pairs and orders."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from judgeaudit.metrics.observations import Cells, JudgeVerdicts, in_shared_orders, observe
from judgeaudit.metrics.verdict_rows import OUTCOMES, Rows
from judgeaudit.records import Arm
from tests.test_metrics import Audit, random_audit

A, B, TIE = np.eye(3)


def observed(table: pd.DataFrame, names: str) -> JudgeVerdicts:
    [judge] = observe(table, pd.Index(list(names)))
    return judge


def same(one: Cells, other: Cells) -> None:
    for name in ("scored", "asked", "failed"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist(), name
    np.testing.assert_array_equal(np.where(one.scored[..., None], one.share, 0), np.nan_to_num(other.share))


def test_judges_perturbations_and_replicates_stand_in_their_own_order_whatever_that_of_the_rows() -> None:
    table, pairs = random_audit(n=3)
    rows = pd.concat(
        [table.assign(judge=name, replicate=table["replicate"] * 2 + 1) for name in ("z", "e", "m")]
    )
    rows = rows.sample(frac=1, random_state=1).sort_values(
        ["judge", "replicate"], ascending=False, kind="stable"
    )
    rows = rows[~rows.duplicated(["judge", "pair_id", "arm", "perturbation", "side", "order", "replicate"])]
    rows["exact"], rows["outcome"] = False, np.where(rows["replicate"] == 1, "tie", "first")
    found = list(observe(rows, pd.Index(pairs["pair_id"])))
    assert [judge.name for judge in found] == ["e", "m", "z"]
    assert Rows.of(rows, pd.Index(pairs["pair_id"]), "excluded").perturbations == ["none", "x"]
    for judge in found:
        assert judge.runs[0].tolist() == [[0.5, 0.5]] * 3
        assert judge.runs[1].tolist() == [[1.0, 0.0]] * 3


def test_a_failure_of_a_judge_with_known_probabilities_has_none_and_says_nothing_of_its_kind() -> None:
    audit = Audit().exact("p", "baseline", (0.5, 0.25, 0.25), order="ab")
    for name, exact in (("p", True), ("q", False)):
        audit.row("j", name, "baseline", None, None, "ba", 0, "refused", (np.nan,) * 3, exact)
    judge = observed(audit.table, "pq")
    cells = judge.baseline
    assert cells is not None
    assert (judge.exact, cells.exact) == (True, True)
    assert cells.share[0, 0].tolist() == [0.5, 0.25, 0.25]
    assert cells.failed.tolist() == [[0, 1], [0, 1]]


@pytest.mark.parametrize("exact", [True, False])
def test_a_judge_that_only_failed_is_of_the_kind_that_its_rows_say(exact: bool) -> None:
    audit = Audit()
    audit.row("j", "p", "baseline", None, None, "ab", 0, "error", (np.nan,) * 3, exact)
    assert observed(audit.table, "p").exact == exact


def test_known_probabilities_that_rounding_keeps_from_adding_up_to_1_are_made_to() -> None:
    table = Audit().exact("p", "baseline", (0.5, 0.25, 0.2506), order="ab").table
    cells = observed(table, "p").baseline
    assert cells is not None
    assert cells.share[0, 0] == pytest.approx(np.array([0.5, 0.25, 0.2506]) / 1.0006, abs=1e-12)


def test_outcomes_are_counted_by_pair_and_perturbation() -> None:
    audit = (
        Audit()
        .add("p", "baseline", ["a", "error"])
        .add("q", "baseline", ["refused"])
        .add("r", "baseline", ["tie"])
    )
    audit.add("r", "injected", ["unparsed"], perturbation="x", side="b", orders=("ba",))
    totals = observed(audit.table, "pqr").totals
    of = {name: OUTCOMES.index(name) for name in OUTCOMES}
    expected = np.zeros((3, len(OUTCOMES)), dtype=int)
    expected[2, of["unparsed"]] = 1
    assert totals["x"].tolist() == expected.tolist()
    expected[0, [of["first"], of["second"], of["error"]]] = 1, 1, 2
    expected[1, of["refused"]] = expected[2, of["tie"]] = 2
    assert totals[None].tolist() == expected.tolist()


def test_in_shared_orders_is_as_if_only_those_had_been_asked() -> None:
    """p: shared is order ab only; q: both; r: none. What was said or failed in the others is gone."""
    place = {"perturbation": "x", "side": "a"}
    whole = Audit()
    for order, first in (("ab", "a"), ("ba", "error")):
        whole.add("p", "baseline", [first, "b"], orders=(order,))
    whole.add("q", "baseline", ["a", "error"]).add("r", "baseline", ["tie", "refused"], orders=("ab",))
    whole.add("p", "injected", ["b", "error"], orders=("ab",), **place).add(
        "q", "injected", ["a", "tie"], **place
    )
    whole.add("r", "injected", ["error", "a"], orders=("ba",), **place)
    table = whole.table
    gone = (table["pair_id"] == "r") | ((table["pair_id"] == "p") & (table["order"] == "ba"))
    both = ((Arm.BASELINE, None, None), (Arm.INJECTED, "x", "a"))
    found, expected = observed(table, "pqr").places, observed(table[~gone], "pqr").places
    for key, one in zip(both, in_shared_orders(*(found[key] for key in both)), strict=True):
        same(one, expected[key])


@pytest.mark.parametrize("n", [3, 4, 7])
@pytest.mark.parametrize("seed", range(3))
def test_a_pair_of_which_nothing_was_recorded_in_a_tie_place_was_not_asked_there(n: int, seed: int) -> None:
    """Both orders of a pair are there or missing together, and one place says nothing of another."""
    rng = np.random.default_rng([n, seed])
    audit, names = Audit(), "pqrstuv"[:n]
    for name in names:
        audit.add(name, "baseline", rng.choice(["a", "b", "tie"], 2).tolist())
        for artifact in ("w", "x", "y", "z"):
            for side in ("a", "b"):
                said = rng.choice(["a", "b", "tie"], 2).tolist()
                audit.add(name, "tie", said, perturbation=artifact, side=side)
                audit.add(name, "injected", said, perturbation=artifact, side=side)
    table = audit.table
    kept = {(name, x, side): rng.random() < 0.5 for name in names for x in "wxyz" for side in "ab"}
    gone = np.array(
        [
            arm == "tie" and not kept[name, artifact, side]
            for name, arm, artifact, side in zip(
                table["pair_id"], table["arm"], table["perturbation"], table["side"], strict=True
            )
        ]
    )
    with_gaps = observed(table.assign(outcome=table["outcome"].mask(gone, "missing")), names)
    without = observed(table[~gone], names)
    assert with_gaps.places.keys() == without.places.keys()
    for place, cells in without.places.items():
        same(with_gaps.places[place], cells)
    assert with_gaps.runs.tolist() == without.runs.tolist()
