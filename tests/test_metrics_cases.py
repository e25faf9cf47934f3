"""Worst and best cases over failed verdicts, against everything that the failed verdicts could have said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from judgeaudit.metrics import Measure, Settings, Subjects, measure
from judgeaudit.metrics.above_placebo import above_placebo
from judgeaudit.metrics.both_sides import both_sides
from judgeaudit.metrics.factorial import factorial_effects
from judgeaudit.metrics.findings import PairValues
from judgeaudit.metrics.flips import flips, noise_floor
from judgeaudit.metrics.human_agreement import human_agreement
from judgeaudit.metrics.observations import JudgeVerdicts, observe
from judgeaudit.metrics.reference import Reference
from judgeaudit.metrics.self_consistency import self_consistency
from judgeaudit.metrics.subjects import Dose
from judgeaudit.metrics.tie_detection import tie_detection
from judgeaudit.metrics.verdict_rows import Unparsed
from judgeaudit.metrics.winrate_shift import winrate_shift
from tests.test_metrics import Audit, find, pairs_of, random_audit

FAST = Settings(resamples=100, slices=())
CONTROLS = {"x": "n"}

LINEAR = {
    "tie_detection", "decisive_share", "winrate_shift", "shift_above_placebo", "main_effect", "interaction",
    "accuracy", "accuracy_decisive",
}  # fmt: skip
RATES_OF_FLIPS = {"flip", "flip_both", "position_consistency"}
AGREEMENTS = {"self_consistency", "all_identical", "modal_share", "noise_floor", "noise_floor_both"}
ADJUSTED = {"noise_adjusted_flip", "noise_adjusted_flip_both"}
HEADLINE = LINEAR | RATES_OF_FLIPS | AGREEMENTS | ADJUSTED

FAILURES = ("refused", "unparsed", "error")
SAID = ("a", "b", "tie")
SHOWN = {("a", "ab"): "first", ("a", "ba"): "second", ("b", "ab"): "second", ("b", "ba"): "first"}

INJECTED = [("injected", name, side) for name in ("x", "y", "x+y") for side in ("a", "b")]
PLACES = [
    ("baseline", None, None), *INJECTED, ("placebo", "n", "a"), ("placebo", "n", "b"), ("tie", "x", "a"),
    ("tie", "x", "b"), ("identical", None, "a"), ("both", "x", None),
]  # fmt: skip
TOGETHER: list[Callable[[tuple[str, str | None, str | None]], bool]] = [
    lambda place: place[0] == "baseline",
    lambda place: place[0] == "baseline" or place[1] == "x",
    lambda place: place[0] in ("baseline", "injected"),
    lambda place: place[0] in ("tie", "identical"),
    lambda place: place[0] in ("injected", "placebo") and place[1] in ("x", "n"),
]
"""Places whose verdicts meet in one figure: failures of one pair fall there."""

Key = tuple[str, str | None, str | None, str | None]


def audit_with_failures(
    seed: int, n: int, replicates: int, *, exact: bool = False, most: int = 4
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pairs of which each has up to ``most`` failed verdicts; some lack a side, an order, or both."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for k in range(n):
        meets = TOGETHER[rng.integers(len(TOGETHER))]
        left_out = {place for place in PLACES if place[0] == "injected" and rng.random() < 0.1}
        one_order = {
            place for place in PLACES if place[0] in ("injected", "baseline") and rng.random() < 0.15
        }
        trials = [
            (place, order, replicate)
            for place in PLACES
            for order in ("ab", "ba")
            for replicate in range(replicates)
            if place not in left_out and not (place in one_order and order == "ba")
        ]
        open_to = [index for index, (place, _, _) in enumerate(trials) if meets(place)]
        number = min(int(rng.integers(most + 1)), len(open_to))
        failed = set(rng.choice(open_to, number, replace=False).tolist()) if number else set()
        for index, (place, order, replicate) in enumerate(trials):
            p = rng.dirichlet([1, 1, 1]) if exact else np.full(3, np.nan)
            said = SAID[int(np.argmax(p))] if exact else str(rng.choice(SAID))
            rows.append(row(f"p{k:03d}", place, order, replicate, said, p, exact=exact))
            if index in failed:
                rows[-1] |= {"outcome": str(rng.choice(FAILURES)), **dict.fromkeys(P, np.nan)}
    names = [f"p{k:03d}" for k in range(n)]
    return pd.DataFrame(rows), pairs_of(*names, label=rng.choice([*SAID, None], n).tolist())


P = ("p_first", "p_second", "p_tie")


def row(
    pair: str,
    place: tuple[str, str | None, str | None],
    order: str,
    replicate: int,
    said: str,
    p: Sequence[float],
    *,
    exact: bool,
) -> dict[str, object]:
    """A row of the table of verdicts; ``p`` in terms of what is shown."""
    shown = SHOWN.get((said, order), said)
    keys = dict(zip(("arm", "perturbation", "side"), place, strict=True))
    return keys | {
        "judge": "j", "pair_id": pair, "order": order, "replicate": replicate, "outcome": shown, "exact": exact,
    } | dict(zip(P, p, strict=True))  # fmt: skip


def completions(table: pd.DataFrame, free: Sequence[str] = FAILURES) -> pd.DataFrame:
    """Every way in which each pair's failed verdicts could have been a, b and tie, each way as a judge of its own.

    The pairs are independent: all are completed at once, each in its own ways.
    """
    failed = table[table["outcome"].isin(free)]
    number = failed.groupby("pair_id").cumcount().to_numpy()
    ways = 3 ** (int(number.max(initial=-1)) + 1)
    copies = []
    for way in range(ways):
        said = np.array(SAID)[way // 3**number % 3]
        shown = [
            SHOWN.get((one, order), one) for one, order in zip(said.tolist(), failed["order"], strict=True)
        ]
        copy = table.assign(judge=f"way{way:04d}")
        copy.loc[failed.index, "outcome"] = shown
        exact = failed.index[failed["exact"]]
        for column, outcome in zip(P, ("first", "second", "tie"), strict=True):
            copy.loc[exact, column] = (copy.loc[exact, "outcome"] == outcome).astype(float)
        copies.append(copy)
    return pd.concat(copies, ignore_index=True)


def headlines(judge: JudgeVerdicts, pairs: pd.DataFrame) -> dict[Key, PairValues]:
    """The pairs' values of every headline figure."""
    reference = Reference.of(pairs)
    found = [
        *tie_detection(judge), *winrate_shift(judge, reference), *above_placebo(judge, CONTROLS),
        *factorial_effects(judge), *flips(judge), *both_sides(judge), *noise_floor(judge),
        *self_consistency(judge, 0.95), *human_agreement(judge, reference),
    ]  # fmt: skip
    return {
        (one.measure, one.perturbation, one.side, one.within): one
        for one in found
        if isinstance(one, PairValues) and one.measure in HEADLINE
    }


def range_by_pair(
    table: pd.DataFrame,
    pairs: pd.DataFrame,
    unparsed: Unparsed = "excluded",
    free: Sequence[str] = FAILURES,
) -> tuple[dict[Key, PairValues], dict[Key, np.ndarray]]:
    """The findings of the table, and of each (2, pairs): the least and the most over all completions."""
    ids = pd.Index(pairs["pair_id"])
    (judge,) = observe(table, ids, unparsed)
    ways: dict[Key, list[np.ndarray]] = {}
    for way in observe(completions(table, free), ids, unparsed):
        for key, one in headlines(way, pairs).items():
            ways.setdefault(key, []).append(one.values)
    ends = {key: np.array([np.min(values, 0), np.max(values, 0)]) for key, values in ways.items()}
    return headlines(judge, pairs), ends


def assert_attained(
    found: dict[Key, PairValues], ends: dict[Key, np.ndarray], measures: set[str] = HEADLINE
) -> None:
    """The cases of each pair are its ends over all completions, also of pairs that the figure itself leaves out."""
    assert {key[0] for key in found} >= measures
    for key, one in found.items():
        if one.measure in measures:
            assert one.cases is not None, key
            np.testing.assert_allclose(
                [one.cases.least, one.cases.most], ends[key], rtol=0, atol=1e-12, err_msg=str(key)
            )


@pytest.mark.parametrize(("replicates", "most"), [(1, 4), (2, 3), (3, 3)])
def test_the_cases_of_a_pair_are_the_ends_over_everything_its_failed_verdicts_could_have_said(
    replicates: int, most: int
) -> None:
    found, ends = range_by_pair(*audit_with_failures(replicates, 80, replicates, most=most))
    assert_attained(found, ends)


@pytest.mark.parametrize("place", [("baseline", None, None), ("injected", "x", "a"), ("tie", "x", "b")])
def test_a_pair_that_failed_as_a_whole_is_in_the_cases(place: tuple[str, str | None, str | None]) -> None:
    """Both orders of two replicates failed: no value of the pair enters the figure, and all it could be the cases."""
    rng = np.random.default_rng(5)
    table, pairs = audit_with_failures(2, 3, 2, most=0)
    here = (table["arm"] == place[0]) & (table["pair_id"] == "p000")
    if place[1]:
        here &= (table["perturbation"] == place[1]) & (table["side"] == place[2])
    table.loc[here, "outcome"] = rng.choice(FAILURES, int(here.sum()))
    found, ends = range_by_pair(table, pairs)
    assert_attained({key: one for key, one in found.items() if one.cases is not None}, ends, set())
    moved = "tie_detection" if place[0] == "tie" else "winrate_shift"
    one = found[moved, "x", None, None]
    assert one.cases is not None
    assert np.isnan(one.values[0]) == (place[0] == "baseline")
    assert not np.isnan(one.cases.least).any()


def test_more_failures_than_a_few_are_no_bound_but_the_ends() -> None:
    """Six replicates a trial, of which up to five failed in each order of the baseline."""
    rng = np.random.default_rng(0)
    audit = Audit()
    lost = [(5, 0), (0, 5), (3, 2), (2, 3), (4, 1), (5, 0)]
    for name, failed in zip("pqrstu", lost, strict=True):
        for order, number in zip(("ab", "ba"), failed, strict=True):
            said = [*rng.choice(SAID, 6 - number).tolist(), *["error"] * number]
            audit.add(name, "baseline", said, orders=(order,))
            audit.add(name, "injected", ["a", "b"], perturbation="x", side="a", orders=(order,))
            audit.add(name, "injected", ["tie", "b"], perturbation="x", side="b", orders=(order,))
    found, ends = range_by_pair(audit.table, pairs_of(*"pqrstu"))
    assert_attained(found, ends, RATES_OF_FLIPS - {"flip_both"} | {"noise_adjusted_flip", "noise_floor"})


def test_a_side_without_a_floor_is_in_no_case_of_it() -> None:
    """Of two baseline replicates in one order and one in the other, only the side shown in the first has a floor."""
    audit = (
        Audit()
        .add("p", "baseline", ["a", "error"], orders=("ab",))
        .add("p", "baseline", ["b"], orders=("ba",))
    )
    audit.add("p", "injected", ["error"], perturbation="x", side="a", orders=("ab",))
    audit.add("p", "injected", ["b"], perturbation="x", side="b")
    found, ends = range_by_pair(audit.table, pairs_of("p"))
    assert_attained(
        {
            key: one
            for key, one in found.items()
            if key[:2] in {("flip", "x"), ("noise_floor", "x"), ("noise_adjusted_flip", "x")}
        },
        ends,
        {"flip", "noise_floor", "noise_adjusted_flip"},
    )
    assert not np.isnan(ends["noise_adjusted_flip", "x", None, None]).any()


def test_the_cases_of_a_measure_are_the_ends_of_its_estimate() -> None:
    """Through the front door: the least and the largest estimate over all completed tables."""
    table, pairs = audit_with_failures(1, 3, 2, most=0)
    for name, arm in (("p000", "baseline"), ("p000", "injected"), ("p001", "tie")):
        table.loc[table.index[(table["pair_id"] == name) & (table["arm"] == arm)][0], "outcome"] = "error"
    as_of_one = table.assign(whose=table["pair_id"], pair_id="all")  # completed jointly, not pair by pair
    joint = completions(as_of_one).assign(pair_id=lambda all_: all_["whose"]).drop(columns="whose")
    subjects = Subjects(placebos=CONTROLS)
    ways: dict[Key, list[float]] = {}
    for m in measure(joint, pairs, FAST, subjects):
        if m.measure in HEADLINE and m.estimate is not None:
            ways.setdefault((m.measure, m.perturbation, m.side, m.slice), []).append(m.estimate)
    found = [m for m in measure(table, pairs, FAST, subjects) if m.judge == "j"]
    with_cases = [m for m in ranges(found) if m.measure in HEADLINE]
    assert len(with_cases) > 10
    for m in with_cases:
        estimates = ways[m.measure, m.perturbation, m.side, m.slice]
        ends = (min(estimates), max(estimates))
        assert (m.case_low, m.case_high) == pytest.approx(ends, abs=1e-10), m


def test_a_reply_that_counts_as_something_is_not_free() -> None:
    table, pairs = audit_with_failures(6, 40, 2, most=3)
    for unparsed in ("tie", "category"):
        found, ends = range_by_pair(table, pairs, unparsed, free=("refused", "error"))
        assert_attained(found, ends)
    only = table.assign(outcome=table["outcome"].where(~table["outcome"].isin(FAILURES), "unparsed"))
    for counts in ("tie", "category"):
        assert not ranges(measure(only, pairs, Settings(resamples=100, slices=(), unparsed=counts)))
    assert ranges(measure(only, pairs, FAST))


def ranges(found: list[Measure]) -> list[Measure]:
    return [m for m in found if m.case_low is not None or m.case_high is not None]


def test_where_nothing_failed_there_are_no_cases() -> None:
    table, pairs = audit_with_failures(7, 6, 2, most=0)
    assert not ranges(measure(table, pairs, FAST, Subjects(placebos=CONTROLS)))
    (judge,) = observe(table, pd.Index(pairs["pair_id"]))
    assert all(one.cases is None for one in headlines(judge, pairs).values())


def test_only_the_judge_that_failed_has_cases() -> None:
    audit = Audit().add("p", "tie", ["a", "error"], perturbation="x", side="a")
    audit.add("p", "tie", ["a", "a"], perturbation="x", side="a", judge="whole")
    assert {m.judge for m in ranges(measure(audit.table, pairs_of("p"), FAST))} == {"j"}


def test_a_missing_verdict_is_not_free() -> None:
    """Neither one that was not asked for, nor one of a tie arm, whose pair is in no case as it is in no figure."""
    audit = Audit()
    for name, last in (("p", "missing"), ("q", "a")):
        audit.add(name, "baseline", ["a", last])
        audit.add(name, "tie", ["a"], perturbation="x", side="a", orders=("ab",))
        audit.add(name, "tie", [last], perturbation="x", side="a", orders=("ba",))
    audit.add("r", "tie", ["error", "missing"], perturbation="x", side="a", orders=("ab",))
    audit.add("r", "tie", ["a", "b"], perturbation="x", side="a", orders=("ba",))
    found = measure(audit.table, pairs_of("p", "q", "r"), FAST)
    assert {m.measure for m in ranges(found)} == {"tie_detection", "decisive_share"}
    lead = find(found, "tie_detection", "x")
    # q scores 100; r's first order anything, its second 0; p is not counted.
    assert (lead.n_pairs, lead.estimate) == (1, 100)
    assert (lead.case_low, lead.case_high) == ((100 - 50) / 2, (100 + 50) / 2)


def test_cases_by_hand() -> None:
    """p: a win and a failure in favour of the artifact or not; q is known. Tie detection 100, of q alone."""
    audit = Audit().add("p", "tie", ["a"], perturbation="x", side="a", orders=("ab",))
    audit.add("p", "tie", ["refused"], perturbation="x", side="a", orders=("ba",))
    audit.add("q", "tie", ["a"], perturbation="x", side="a")
    lead = find(measure(audit.table, pairs_of("p", "q"), FAST), "tie_detection", "x")
    assert (lead.estimate, lead.n_pairs, lead.case_low, lead.case_high) == (100, 1, 50, 100)


def test_cases_of_position_by_hand() -> None:
    """p: anything first, a tie second; q: known; r was shown in one order alone and is in no comparison of orders."""
    audit = (
        Audit()
        .add("p", "baseline", ["refused"], orders=("ab",))
        .add("p", "baseline", ["tie"], orders=("ba",))
    )
    audit.add("q", "baseline", ["a"]).add("r", "baseline", ["refused"], orders=("ab",))
    found = measure(audit.table, pairs_of("p", "q", "r"), FAST)
    expected = {
        "winrate_shift": (-25, 25), "flip": (0, 0.5), "position_consistency": (0.5, 1),
    }  # fmt: skip
    for name, ends in expected.items():
        m = find(found, name, "position")
        assert (m.case_low, m.case_high) == ends, name


def test_cases_of_a_slope_over_doses_by_hand() -> None:
    """Doses 0, 1 and 3 weigh -4/14, -1/14 and 5/14 (of q), in points; the failed verdicts weigh half of that each."""
    audit, names = Audit(), ("p", "q")
    for name in names:
        audit.add(name, "baseline", ["tie"])
        audit.add(name, "injected", ["tie"], perturbation="x@1", side="a")
        audit.add(name, "injected", ["tie"], perturbation="x@3", side="a")
    table = audit.table
    of_q = table["pair_id"] == "q"
    for perturbation in (None, "x@3"):
        own = table["perturbation"].isna() if perturbation is None else table["perturbation"] == perturbation
        table.loc[table.index[of_q & own][0], "outcome"] = "refused"
    doses = {"x@1": Dose("x", 1), "x@3": Dose("x", 3)}
    found = find(measure(table, pairs_of(*names), FAST, Subjects(doses=doses)), "dose_slope", "x")
    assert (found.estimate, found.n_pairs) == (pytest.approx(0, abs=1e-12), 1)
    # Each failed verdict moves the winrate by 1/2 of an order, 1/4 of the pair; p is certain and counts half.
    most = 100 * (4 / 14 + 5 / 14) / 4 / 2
    assert (found.case_low, found.case_high) == (pytest.approx(-most), pytest.approx(most))


def test_kinds_of_flips_have_no_cases() -> None:
    audit = Audit().add("p", "baseline", ["a"]).add("q", "baseline", ["a"])
    audit.add("p", "injected", ["error"], perturbation="x", side="a").add(
        "q", "injected", ["b"], perturbation="x", side="a"
    )
    found = measure(audit.table, pairs_of("p", "q"), FAST)
    with_cases = {m.measure for m in ranges(found) if m.perturbation == "x"}
    assert "flip" in with_cases
    assert not with_cases & {"reversal", "softening", "hardening", "flip_toward", "flip_away"}


def test_a_baseline_that_both_sides_share_says_the_same_to_both() -> None:
    """What it adds to one side's shift it takes from the other's: their mean is known, whatever it would have been."""
    audit = Audit().add("p", "baseline", ["error"]).add("q", "baseline", ["tie"])
    for name in ("p", "q"):
        audit.add(name, "injected", ["a"], perturbation="x", side="a")
        audit.add(name, "injected", ["tie"], perturbation="x", side="b")
    found = measure(audit.table, pairs_of("p", "q"), FAST)
    for side, ends in (("a", (25, 75)), ("b", (-25, 25))):
        shift = find(found, "winrate_shift", "x", side=side)
        assert (shift.case_low, shift.case_high) == ends
    (judge,) = observe(audit.table, pd.Index(["p", "q"]))
    both = headlines(judge, pairs_of("p", "q"))["winrate_shift", "x", None, None]
    assert both.cases is not None
    assert both.cases.least.tolist() == both.cases.most.tolist() == [0.25, 0.25]
    assert both.values.tolist() == pytest.approx([np.nan, 0.25], nan_ok=True)


def test_each_slice_has_the_cases_of_its_own_pairs() -> None:
    audit = Audit()
    for name, said in (("p", "error"), ("q", "a"), ("r", "refused"), ("s", "b")):
        audit.add(name, "tie", [said], perturbation="x", side="a", orders=("ab",))
        audit.add(name, "tie", ["tie"], perturbation="x", side="a", orders=("ba",))
    pairs = pairs_of("p", "q", "r", "s", domain=["one", "two", "three", "three"])
    found = measure(audit.table, pairs, Settings(resamples=100))
    ends = {
        m.slice: (m.case_low, m.case_high)
        for m in found
        if m.measure == "tie_detection" and m.estimate is not None
    }
    assert ends == {
        "all": (pytest.approx((-50 + 50 - 50 - 50) / 4), pytest.approx((50 + 50 + 50 - 50) / 4)),
        "domain=two": (None, None),
        "domain=three": (-50, 0),
    }


def test_a_role_has_the_cases_of_the_side_that_plays_it() -> None:
    audit = Audit()
    for name in ("p", "q"):
        audit.add(name, "baseline", ["tie"])
        audit.add(name, "injected", ["error"], perturbation="x", side="a")
        audit.add(name, "injected", ["b"], perturbation="x", side="b")
    for name in ("r", "s"):
        audit.add(name, "baseline", ["tie"])
        audit.add(name, "injected", ["a"], perturbation="x", side="a")
        audit.add(name, "injected", ["b"], perturbation="x", side="b")
    pairs = pairs_of("p", "q", "r", "s", label=["a", "b", "a", "b"])
    found = measure(audit.table, pairs, FAST)
    for role in ("preferred", "less_preferred"):
        shift = find(found, "winrate_shift", "x", slice=f"artifact_on={role}")
        assert shift.estimate == 50
        assert (shift.case_low, shift.case_high) == (25, 50)


def test_accuracy_of_decided_verdicts_has_no_cases() -> None:
    """Its pairs weigh what they decide, which the failed verdicts would have changed too."""
    audit = Audit().add("p", "baseline", ["a", "error"])
    found = measure(audit.table, pairs_of("p", label=["a"]), Settings(resamples=100, tie_verdicts="dropped"))
    assert not [m for m in ranges(found) if m.measure == "accuracy_decisive"]
    found = measure(audit.table, pairs_of("p", label=["a"]), FAST)
    assert find(found, "accuracy_decisive").case_low == 0.5


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 3))
def test_the_estimate_is_within_the_cases_where_each_trial_kept_a_verdict(seed: int, replicates: int) -> None:
    """Of linear figures and flips: failed replicates could have been, on average, as the others were."""
    table, pairs = random_audit(seed, n=5, replicates=replicates)
    table = table[table["judge"] == "j"]
    kept = (table["replicate"] == 0) & table["outcome"].isin(FAILURES)
    table = table.assign(outcome=table["outcome"].mask(kept, "second"))
    table.loc[table.index[table["replicate"] == 1][0], "outcome"] = "refused"  # one failure at the least
    found = of_judge(table, pairs)
    assert any(one.cases is not None for one in found.values())
    for name, one in found.items():
        if one.cases is not None and name[0] in LINEAR | RATES_OF_FLIPS:
            asked = ~np.isnan(one.cases.least)
            assert (asked == ~np.isnan(one.values)).all()
            assert (one.cases.least[asked] <= one.values[asked] + 1e-12).all(), name
            assert (one.values[asked] <= one.cases.most[asked] + 1e-12).all(), name


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_the_least_is_never_above_the_most_and_both_are_on_the_scale(seed: int) -> None:
    table, pairs = random_audit(seed, n=5)
    for name in ("j", "exact"):
        own = table[table["judge"] == name].assign(
            outcome=lambda t: t["outcome"].where(np.random.default_rng(seed).random(len(t)) > 0.2, "refused")
        )
        for one in of_judge(own, pairs).values():
            if one.cases is not None:
                asked = ~np.isnan(one.cases.least)
                assert (asked == ~np.isnan(one.cases.most)).all()
                assert (asked >= ~np.isnan(one.values)).all()
                least, most = one.cases.least[asked], one.cases.most[asked]
                assert (one.low - 1e-12 <= least).all()
                assert (least <= most + 1e-12).all()
                assert (most <= one.high + 1e-12).all()


def of_judge(table: pd.DataFrame, pairs: pd.DataFrame) -> dict[Key, PairValues]:
    judge = next(iter(observe(table, pd.Index(pairs["pair_id"]))))
    return headlines(judge, pairs)


def test_an_estimate_can_be_outside_the_cases() -> None:
    """One pair is whole and swayed; nine lost an order, and in the other resist: they pull the whole range down."""
    audit = Audit().add("p0", "tie", ["a"], perturbation="x", side="a")
    names = [f"p{k}" for k in range(10)]
    for name in names[1:]:
        audit.add(name, "tie", ["b"], perturbation="x", side="a", orders=("ab",))
        audit.add(name, "tie", ["refused"], perturbation="x", side="a", orders=("ba",))
    lead = find(measure(audit.table, pairs_of(*names), FAST), "tie_detection", "x")
    assert (lead.estimate, lead.n_pairs) == (100, 1)
    assert (lead.case_low, lead.case_high) == (pytest.approx(-80), pytest.approx(10))


def test_agreement_of_replicates_can_be_outside_the_cases_too() -> None:
    """a, b and tie never agree; a fourth verdict must agree with one of them."""
    audit = Audit().add("p", "baseline", ["a", "b", "tie", "error"])
    same = of_judge(audit.table, pairs_of("p"))["self_consistency", None, None, None]
    assert same.cases is not None
    assert (same.values[0], same.cases.least[0], same.cases.most[0]) == (0, *[pytest.approx(1 / 6)] * 2)


# Exact probabilities: a failed verdict could have been any distribution.


def test_linear_figures_and_flips_of_an_exact_judge_have_their_ends_at_certain_verdicts() -> None:
    for replicates in (1, 2):
        found, ends = range_by_pair(*audit_with_failures(8, 60, replicates, exact=True, most=3))
        assert_attained(found, ends, LINEAR | RATES_OF_FLIPS)


def test_the_floor_of_an_exact_judge_is_widest_where_the_failed_verdict_knows_nothing() -> None:
    """1 - sum p^2 is between 0 (certain) and 2/3 (a third each)."""
    audit = Audit().exact("p", "baseline", (0.5, 0.5, 0), order="ab")
    audit.exact("p", "baseline", (1, 0, 0), order="ba")
    table = audit.table
    table.loc[1, ["outcome", *P]] = ["error", np.nan, np.nan, np.nan]
    found = measure(table, pairs_of("p"), FAST)
    (judge,) = observe(table, pd.Index(["p"]))
    floor = headlines(judge, pairs_of("p"))["noise_floor", None, None, None]
    assert floor.cases is not None
    assert (floor.cases.least[0], floor.cases.most[0]) == pytest.approx(((0.5 + 0) / 2, (0.5 + 2 / 3) / 2))
    assert find(found, "noise_floor").n_pairs == 0


def dirichlet_table(seed: int, failed: Sequence[int], replicates: int) -> pd.DataFrame:
    """One pair of an exact judge: baseline, then x on a and on b; the rows named have failed."""
    rng = np.random.default_rng(seed)
    audit = Audit()
    for place in (("baseline", None, None), ("injected", "x", "a"), ("injected", "x", "b")):
        for order in ("ab", "ba"):
            for replicate in range(replicates):
                p = tuple(rng.dirichlet([0.5, 0.5, 0.5]).tolist())
                audit.rows.append(row("p", place, order, replicate, "a", p, exact=True))
    table = audit.table
    table.loc[list(failed), "outcome"] = "refused"
    table.loc[list(failed), list(P)] = np.nan
    return table


def ends_by_search(
    table: pd.DataFrame, value: Callable[[np.ndarray], float], seed: int
) -> tuple[float, float]:
    """The least and the most of a value of (place, order, 3) over all distributions of the failed verdicts."""
    p = table[list(P)].to_numpy(dtype=float, copy=True)
    swapped = (table["order"] == "ba").to_numpy()
    p[swapped] = p[swapped][:, [1, 0, 2]]
    failed = np.flatnonzero(np.isnan(p[:, 0]))

    def objective(free: np.ndarray, sign: float) -> float:
        whole = p.copy()
        whole[failed] = free.reshape(-1, 3)
        return sign * value(whole.reshape(3, 2, -1, 3).mean(2))

    sums = {"type": "eq", "fun": lambda free: free.reshape(-1, 3).sum(1) - 1}
    rng = np.random.default_rng(seed)
    starts = [rng.dirichlet([0.3] * 3, len(failed)).ravel() for _ in range(8)]
    starts += [np.eye(3)[list(corner)].ravel() for corner in product(range(3), repeat=len(failed))]
    ends = []
    for sign in (1.0, -1.0):
        tried = [
            minimize(
                objective, start, args=(sign,), method="SLSQP", bounds=[(0, 1)] * start.size,
                constraints=[sums], options={"ftol": 1e-14, "maxiter": 300},
            ).fun
            for start in starts
        ]  # fmt: skip
        ends.append(sign * min(tried))
    return ends[0], ends[1]


def adjusted_of_artifact(p: np.ndarray) -> float:
    before = p[0]
    return float(np.mean([(before**2).sum(-1) - (before * after).sum(-1) for after in p[1:]]))


def adjusted_of_position(p: np.ndarray) -> float:
    first, second = p[0]
    return float(((first - second) ** 2).sum() / 2)


def floor_of(p: np.ndarray) -> float:
    return float(1 - (p[0] ** 2).sum(-1).mean())


@pytest.mark.parametrize(
    ("seed", "replicates", "failed"),
    [
        (0, 1, (0,)),
        (1, 1, (0, 1)),
        (2, 1, (0, 2)),
        (3, 1, (0, 2, 4)),
        (4, 2, (0, 2)),
        (5, 2, (0, 1, 2)),
        (6, 3, (1, 4)),
        (7, 3, (1, 5, 8)),
        (8, 4, (0, 6)),
    ],
)
def test_exact_agreement_is_searched_over_all_distributions(
    seed: int, replicates: int, failed: tuple[int, ...]
) -> None:
    """Against a general optimiser from many starts."""
    table = dirichlet_table(seed, failed, replicates)
    (judge,) = observe(table, pd.Index(["p"]))
    found = headlines(judge, pairs_of("p"))
    for key, value in (
        (("noise_adjusted_flip", "x", None, None), adjusted_of_artifact),
        (("noise_adjusted_flip", "position", None, None), adjusted_of_position),
        (("noise_floor", None, None, None), floor_of),
    ):
        cases = found[key].cases
        if cases is not None:
            low, high = ends_by_search(table, value, seed)
            assert (cases.least[0], cases.most[0]) == pytest.approx((low, high), abs=1e-5), key


def test_two_orders_that_both_failed_meet_half_way_beside_a_reply_that_no_order_can_follow() -> None:
    """In order ab an unparsed reply, an answer of its own, and an error; in ba (.5, .1, .4) and an error.

    Whatever the errors were, ab has half of its verdicts where ba has none. The other three contents of ab are together
    one half less than those of ba, and nearest to them where each is 1/6 less: (3 / 36 + 1 / 4) / 2 = 1/6.
    """
    audit = Audit().exact("p", "baseline", (0.5, 0.1, 0.4), order="ba")
    table = pd.concat([audit.table.loc[[0] * 4]], ignore_index=True).assign(
        order=["ab", "ab", "ba", "ba"],
        replicate=[0, 1, 0, 1],
        outcome=["unparsed", "error", "second", "error"],
    )
    (judge,) = observe(table, pd.Index(["p"]), "category")
    adjusted = headlines(judge, pairs_of("p"))["noise_adjusted_flip", "position", None, None]
    assert adjusted.cases is not None
    assert adjusted.cases.least[0] == pytest.approx(1 / 6)


def test_a_judge_that_never_answered_could_be_anything() -> None:
    """Its pairs' cases are all that the figures can be; none of them rests on probabilities that nobody gave."""
    audit = Audit()
    for name in ("p", "q"):
        for place in PLACES:
            arm, perturbation, side = place
            audit.add(name, arm, ["refused"], perturbation=perturbation, side=side)
    (judge,) = observe(audit.table, pd.Index(["p", "q"]))
    assert not judge.exact
    found = headlines(judge, pairs_of("p", "q"))
    for name, side, ends in (
        ("tie_detection", None, (-1, 1)), ("flip", None, (0, 1)), ("winrate_shift", "a", (-1, 1)),
        ("winrate_shift", None, (-0.5, 0.5)),  # the baseline cannot be lost to both sides
    ):  # fmt: skip
        cases = found[name, "x", side, None].cases
        assert cases is not None
        assert (cases.least.tolist(), cases.most.tolist()) == ([ends[0]] * 2, [ends[1]] * 2)
    floor = found["noise_floor", None, None, None].cases
    assert floor is not None
    assert np.isnan(floor.least).all()  # one replicate, counted: there would be no floor
