"""What becomes of verdicts that nobody recorded: the design shrinks to what there is, and the gaps are counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.metrics import Measure, Subjects, measure
from tests.test_metrics import FAST, Audit, find, pairs_of, random_audit

FAILURE_RATES = {"refused_rate", "unparsed_rate", "error_rate"}


def without(found: list[Measure], *names: str) -> list[Measure]:
    """The others, without what failed verdicts could have said: a missing one was not asked for."""
    return [replace(m, case_low=None, case_high=None) for m in found if m.measure not in names]


def recorded(table: pd.DataFrame, keep: np.ndarray) -> pd.DataFrame:
    """The table with nothing recorded where ``keep`` is false."""
    blank = {"outcome": "missing", "p_first": np.nan, "p_second": np.nan, "p_tie": np.nan}
    return table.assign(**{name: table[name].where(keep, value) for name, value in blank.items()})


def strata(table: pd.DataFrame) -> list[tuple[object, ...]]:
    """Each row's place, order and replicate."""
    places = zip(table["arm"], table["perturbation"], table["side"], strict=True)
    return [
        (*place, order, replicate)
        for place, order, replicate in zip(places, table["order"], table["replicate"], strict=True)
    ]


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_a_stratum_without_any_recorded_verdict_was_not_part_of_the_design(seed: int) -> None:
    """Whole arms, orders and replicates are blanked for one judge; tie arms keep both orders or lose both."""
    table, pairs = random_audit(seed, n=6, replicates=2)
    rng = np.random.default_rng(seed)
    lost = {stratum for stratum in sorted(set(strata(table)), key=str) if rng.random() < 0.4}
    lost |= {(*s[:3], order, s[4]) for s in lost for order in ("ab", "ba") if s[0] == "tie"}
    blank = np.array([s in lost for s in strata(table)]) & (table["judge"] == "j").to_numpy()
    found = measure(recorded(table, ~blank), pairs, FAST)
    planned_without = measure(table[~blank], pairs, FAST)
    assert without(found, "missing_rate") == without(planned_without)
    assert {m.judge for m in found if m.measure == "missing_rate"} == ({"j"} if blank.any() else set())


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000))
def test_what_was_not_recorded_of_a_pair_was_not_asked_of_it(seed: int) -> None:
    table, pairs = random_audit(seed, n=6, replicates=2)
    rng = np.random.default_rng(seed)
    blank = (rng.random(len(table)) < 0.15) & (table["arm"] != "tie").to_numpy()
    rates = (*FAILURE_RATES, "missing_rate")
    gaps, unasked = (measure(one, pairs, FAST) for one in (recorded(table, ~blank), table[~blank]))
    assert without(gaps, *rates) == without(unasked, *rates)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000))
def test_a_gap_in_a_tie_arm_takes_its_pair_out_as_a_failure_would(seed: int) -> None:
    table, pairs = random_audit(seed, n=6, replicates=1)
    rng = np.random.default_rng(seed)
    blank = (rng.random(len(table)) < 0.3) & (table["arm"] == "tie").to_numpy()
    failed = recorded(table, ~blank)
    failed["outcome"] = failed["outcome"].replace("missing", "error")
    gaps, failures = (measure(one, pairs, FAST) for one in (recorded(table, ~blank), failed))
    rates = (*FAILURE_RATES, "missing_rate")
    assert without(gaps, *rates) == without(failures, *rates)


def test_verdicts_are_compared_in_the_orders_that_were_recorded_of_both() -> None:
    audit = Audit()
    for name, last in (("p", "missing"), ("q", "b")):
        audit.add(name, "baseline", ["a"], orders=("ab",)).add(name, "baseline", [last], orders=("ba",))
        audit.add(name, "injected", ["a"], perturbation="x", side="a")
    found = measure(audit.table, pairs_of("p", "q"))
    shift = find(found, "winrate_shift", "x")
    assert (shift.estimate, shift.n_pairs, shift.n_verdicts) == (
        25,
        2,
        6,
    )  # of p only what was said in order ab
    assert find(found, "position_consistency", "position").n_pairs == 1


def one_order(judge_says: str = "a") -> Audit:
    """Recorded in order ab alone, planned in both."""
    audit = Audit()
    for name in ("p", "q", "r"):
        for place in ({"arm": "baseline"}, {"arm": "injected", "perturbation": "x", "side": "a"}):
            arm = place.pop("arm")
            said = judge_says if arm == "injected" else "tie"
            audit.add(name, arm, [said], orders=("ab",), **place)
            audit.add(name, arm, ["missing"], orders=("ba",), **place)
    return audit


def test_a_judge_recorded_in_one_order_is_measured_in_it_and_says_nothing_of_position() -> None:
    found = measure(one_order().table, pairs_of("p", "q", "r", label=["a", "a", "b"]))
    assert find(found, "winrate_shift", "x").estimate == 50
    assert find(found, "flip", "x").estimate == 1
    assert find(found, "accuracy", "x").estimate == pytest.approx(2 / 3)
    assert find(found, "winrate_shift", "x").n_verdicts == 6
    assert not [m.measure for m in found if m.perturbation == "position"]


def test_a_tie_arm_needs_both_orders() -> None:
    """A judge that takes the first text would look like one that loves the artifact, were order ab enough."""
    audit = Audit()
    for name in ("p", "q"):
        audit.add(name, "tie", ["a", "a"], perturbation="x", side="a", orders=("ab",))
        audit.add(name, "tie", ["missing", "missing"], perturbation="x", side="a", orders=("ba",))
    found = measure(audit.table, pairs_of("p", "q"))
    for name in ("tie_detection", "decisive_share"):
        assert (find(found, name, "x").estimate, find(found, name, "x").n_pairs) == (None, 0)
    assert find(found, "missing_rate", "x").estimate == 0.5


def test_a_tie_arm_of_which_one_order_lacks_a_replicate_has_the_other_replicate() -> None:
    audit = Audit()
    for name in ("p", "q"):
        audit.add(name, "tie", ["a", "a"], perturbation="x", side="a", orders=("ab",))
        audit.add(name, "tie", ["b", "missing"], perturbation="x", side="a", orders=("ba",))
    lead = find(measure(audit.table, pairs_of("p", "q")), "tie_detection", "x")
    assert (lead.estimate, lead.n_pairs, lead.n_verdicts) == (0, 2, 6)


def test_a_tie_side_that_nobody_recorded_leaves_the_other_side_alone() -> None:
    audit = Audit()
    for name in ("p", "q"):
        audit.add(name, "tie", ["a"], perturbation="x", side="a")
        audit.add(name, "tie", ["missing"], perturbation="x", side="b")
    lead = find(measure(audit.table, pairs_of("p", "q")), "tie_detection", "x")
    assert (lead.estimate, lead.n_pairs, lead.n_verdicts) == (100, 2, 4)


def test_missing_is_never_a_failure_and_failures_are_rates_of_what_was_asked() -> None:
    """Of p's four verdicts two are missing, one is refused; q's are all given. Asked: 2 + 4."""
    audit = Audit().add("p", "baseline", ["a", "missing"], orders=("ab",))
    audit.add("p", "baseline", ["refused", "missing"], orders=("ba",)).add("q", "baseline", ["a", "a"])
    found = measure(audit.table, pairs_of("p", "q"))
    refused = find(found, "refused_rate")
    assert (refused.estimate, refused.n_pairs, refused.n_verdicts) == (pytest.approx(1 / 6), 2, 6)
    rate = find(found, "missing_rate")
    assert (rate.estimate, rate.n_pairs, rate.n_verdicts) == (pytest.approx(2 / 8), 2, 8)


def test_the_missing_rate_counts_everything_that_was_planned() -> None:
    """The whole injected arm is missing for r, and the whole of order ba for every pair."""
    found = measure(one_order().table, pairs_of("p", "q", "r"))
    assert find(found, "missing_rate").estimate == 0.5
    assert find(found, "missing_rate", "x").estimate == 0.5
    audit = one_order()
    audit.add("p", "injected", ["missing"], perturbation="y", side="a")
    found = measure(audit.table, pairs_of("p", "q", "r"))
    assert find(found, "missing_rate").estimate == pytest.approx(8 / 14)
    assert find(found, "missing_rate", "y").estimate == 1
    assert {m.measure for m in found if m.perturbation == "y"} == {"missing_rate"}  # and no rate of failures


def test_only_a_judge_with_missing_verdicts_has_a_missing_rate() -> None:
    audit = Audit().add("p", "baseline", ["a"], judge="whole").add("p", "baseline", ["a", "missing"])
    found = measure(audit.table, pairs_of("p"))
    assert {m.judge for m in found if m.measure == "missing_rate"} == {"j"}


def test_a_judge_of_which_nothing_was_recorded_is_missing_and_nothing_else() -> None:
    audit = Audit().add("p", "baseline", ["missing"]).add("p", "tie", ["missing"], perturbation="x", side="a")
    found = measure(audit.table, pairs_of("p", label=["a"]))
    own = [m for m in found if m.judge == "j"]
    assert {(m.measure, m.perturbation) for m in own} == {("missing_rate", None), ("missing_rate", "x")}
    assert all(m.estimate == 1 for m in own)


def test_places_recorded_in_different_orders_are_compared_in_the_order_that_they_share() -> None:
    """A judge that takes the first text. Baseline in ab alone, the injected and placebo arms in ab and ba."""
    audit, names = Audit(), ("p", "q")
    for name in names:
        audit.add(name, "baseline", ["a"], orders=("ab",)).add(name, "baseline", ["missing"], orders=("ba",))
        for arm, perturbation, orders in (
            ("injected", "x", "both"),
            ("placebo", "n", "ab"),
            ("both", "x", "both"),
        ):
            sides = (None,) if arm == "both" else ("a", "b")
            for side in sides:
                audit.add(name, arm, ["a"], perturbation=perturbation, side=side, orders=("ab",))
                last = "b" if orders == "both" else "missing"
                audit.add(name, arm, [last], perturbation=perturbation, side=side, orders=("ba",))
    found = measure(audit.table, pairs_of(*names), subjects=Subjects(placebos={"x": "n"}))
    for name, perturbation in (
        ("winrate_shift", "x"), ("winrate_shift", "n"), ("flip", "x"), ("flip_both", "x"), ("shift_above_placebo", "x"),
    ):  # fmt: skip
        one = find(found, name, perturbation)
        assert (one.estimate, one.n_pairs) == (0, 2), name
    # In order ab: one baseline verdict a pair, one injected on either side; the baseline's is counted once.
    assert find(found, "winrate_shift", "x").n_verdicts == 6
    assert find(found, "flip_both", "x").n_verdicts == 4
    assert find(found, "shift_above_placebo", "x").n_verdicts == 8


def test_crossed_artifacts_are_compared_in_the_order_that_all_combinations_share() -> None:
    audit = Audit()
    for name in ("p", "q"):
        audit.add(name, "baseline", ["a"], orders=("ab",)).add(name, "baseline", ["missing"], orders=("ba",))
        for names in ("x", "y", "x+y"):
            audit.add(name, "injected", ["a"], perturbation=names, side="a", orders=("ab",))
            audit.add(name, "injected", ["b"], perturbation=names, side="a", orders=("ba",))
    found = measure(audit.table, pairs_of("p", "q"))
    interaction = find(found, "interaction", "x+y")
    assert (interaction.estimate, interaction.n_pairs, interaction.n_verdicts) == (0, 2, 8)


def test_a_run_that_was_recorded_for_some_pairs_is_compared_on_those() -> None:
    audit = Audit().add("p", "baseline", ["a", "missing"]).add("q", "baseline", ["a", "b"])
    found = measure(audit.table, pairs_of("p", "q"))
    spread = find(found, "winrate_spread")
    assert (spread.estimate, spread.n_pairs) == (pytest.approx(100 * np.std([1, 0], ddof=1)), 1)
    assert find(found, "self_consistency").n_pairs == 1


def test_a_replicate_that_nobody_recorded_is_no_replicate() -> None:
    """Two runs were recorded of three planned: consistency and the spread are of the two."""
    audit = Audit().add("p", "baseline", ["a", "b", "missing"]).add("q", "baseline", ["a", "a", "missing"])
    planned_two = Audit().add("p", "baseline", ["a", "b"]).add("q", "baseline", ["a", "a"])
    found, expected = (measure(one.table, pairs_of("p", "q")) for one in (audit, planned_two))
    assert without(found, "missing_rate") == expected
    assert find(found, "winrate_spread").estimate is not None


def test_exact_judges_have_gaps_too() -> None:
    audit = Audit()
    for name in ("p", "q"):
        for order in ("ab", "ba"):
            audit.exact(name, "tie", (0.5, 0.2, 0.3), perturbation="x", side="a", order=order)
    table = recorded(audit.table, np.array([True, True, True, False]))
    lead = find(measure(table, pairs_of("p", "q")), "tie_detection", "x")
    assert (lead.estimate, lead.n_pairs) == (pytest.approx(30), 1)


def test_the_order_of_rows_leaves_no_trace_where_verdicts_are_missing() -> None:
    table, pairs = random_audit(3)
    gaps = recorded(table, np.random.default_rng(0).random(len(table)) > 0.3)
    assert measure(gaps.sample(frac=1, random_state=1), pairs, FAST) == measure(gaps, pairs, FAST)


def test_a_missing_rate_has_an_interval_over_pairs() -> None:
    audit = Audit()
    for k in range(20):
        audit.add(f"p{k}", "baseline", ["a", "missing" if k % 4 == 0 else "a"])
    rate = find(measure(audit.table, pairs_of(*[f"p{k}" for k in range(20)])), "missing_rate")
    assert rate.estimate == pytest.approx(5 / 40)
    assert rate.ci_low is not None
    assert rate.ci_high is not None
    assert 0 < rate.ci_low < 5 / 40 < rate.ci_high < 0.5
    assert rate.unit == "proportion"


def test_where_each_pair_was_recorded_in_one_order_that_order_is_what_was_asked() -> None:
    """As published sets do that draw the order of every pair: otherwise nothing could be estimated of them."""
    audit = Audit()
    for name, order, other in (("p", "ab", "ba"), ("q", "ba", "ab"), ("r", "ab", "ba")):
        audit.add(name, "baseline", ["a"], orders=(order,)).add(
            name, "baseline", ["missing"], orders=(other,)
        )
        audit.add(name, "injected", ["b"], perturbation="x", side="b", orders=(order,))
        audit.add(name, "injected", ["missing"], perturbation="x", side="b", orders=(other,))
    found = measure(audit.table, pairs_of("p", "q", "r", label=["a", "a", "a"]))
    shift = find(found, "winrate_shift", "x")
    assert (shift.estimate, shift.n_pairs, shift.n_verdicts) == (100, 3, 6)
    assert find(found, "accuracy", judge="j").n_pairs == 3
    assert not any(one.perturbation == "position" and one.n_pairs for one in found)
    assert find(found, "missing_rate").estimate == 0.5


def test_one_pair_in_both_orders_changes_nothing_for_the_others() -> None:
    """No row of a recording may decide what the other pairs are worth."""
    audit = Audit()
    audit.add("p", "baseline", ["a"])
    audit.add("q", "baseline", ["a"], orders=("ab",)).add("q", "baseline", ["missing"], orders=("ba",))
    found = measure(audit.table, pairs_of("p", "q", label=["a", "a"]))
    assert find(found, "accuracy", judge="j").n_pairs == 2
    assert find(found, "position_consistency", "position").n_pairs == 1


def test_a_pair_of_which_nothing_was_recorded_is_not_counted_where_others_have_one_order() -> None:
    audit = Audit()
    for name, order, other in (("p", "ab", "ba"), ("q", "ba", "ab")):
        audit.add(name, "baseline", ["a"], orders=(order,)).add(
            name, "baseline", ["missing"], orders=(other,)
        )
    audit.add("r", "baseline", ["missing"])
    found = measure(audit.table, pairs_of("p", "q", "r", label=["a", "a", "a"]))
    assert find(found, "accuracy", judge="j").n_pairs == 2
