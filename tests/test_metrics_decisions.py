"""After which stage a cell is decided, what is published of it, and what is said of the rest of its judge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.stats import binomtest

from judgeaudit import stopping
from judgeaudit.metrics import CellName, Decision, Settings, Subjects, decisions, measure
from judgeaudit.metrics.decisions import (
    LAST_LOOK_METHOD,
    STOPPED_CELL,
    STOPPED_JUDGE,
    decide,
    name_of,
    settled,
    warned,
)
from judgeaudit.metrics.findings import PairValues
from judgeaudit.stats import (
    Reading,
    anytime_equivalence_p,
    anytime_p,
    confidence_sequence,
    holm,
    mean_interval,
    sign_flip,
)
from judgeaudit.stats.confidence_sequence import SEQUENCE_METHOD
from judgeaudit.stats.thresholds import EARLY_SHARE
from tests.test_metrics import Audit, find, pairs_of
from tests.test_metrics_ratings import Scores, pairs_with, trial_rows

Floats = NDArray[np.float64]


def cell(values: Floats, name: str = "artifact", judge: str = "j") -> PairValues:
    counts = np.ones(values.size, dtype=np.int64)
    return PairValues("tie_detection", judge, name, None, "points", values, counts, low=-1.0)


def stage_of(n: int) -> NDArray[np.int64]:
    return np.searchsorted(stopping.stage_ends(n), np.arange(n), side="right").astype(np.int64)


def test_a_strong_effect_is_decided_in_the_first_stage_and_the_rest_of_its_pairs_changes_nothing() -> None:
    values = np.ones(200)
    [found] = decide([cell(values)], [], stage_of(200), Settings())
    assert (found.stage, found.reading, found.n_pairs) == (0, Reading.SENSITIVE, 20)
    values[20:] = -1.0
    assert decide([cell(values)], [], stage_of(200), Settings()) == [found]


def test_what_later_stages_say_does_not_change_what_earlier_ones_decided() -> None:
    rng = np.random.default_rng(2)
    stage = stage_of(300)
    effects = (0.0, 0.1, 0.3, 0.6)
    values = [
        rng.choice([-1.0, 0.0, 1.0], 300, p=[0.2, 0.8 - 0.2 - e, 0.2 + e]) for e in effects for _ in range(3)
    ]
    whole = decide([cell(v, str(i)) for i, v in enumerate(values)], [], stage, Settings())
    assert len({one.stage for one in whole}) > 2
    for last in range(int(stage.max())):
        so_far = [cell(np.where(stage <= last, v, np.nan), str(i)) for i, v in enumerate(values)]
        for early, late in zip(decide(so_far, [], stage, Settings()), whole, strict=True):
            decided = late.stage is not None and late.stage <= last
            assert early.stage == (late.stage if decided else None)
            assert early.reading == (late.reading if decided else Reading.INCONCLUSIVE)


def test_the_family_is_the_whole_design_also_where_nothing_was_said_yet() -> None:
    rng = np.random.default_rng(3)
    values = rng.choice([0.0, 1.0], 200, p=[0.8, 0.2])
    unseen = [CellName("tie_detection", "j", f"other {i}") for i in range(40)]
    [alone] = decide([cell(values)], [], stage_of(200), Settings())
    among, *others = decide([cell(values)], unseen, stage_of(200), Settings())
    assert alone.stage is not None
    assert among.stage is None or among.stage > alone.stage
    assert [one.cell for one in others] == unseen
    assert {(one.reading, one.n_pairs, one.p) for one in others} == {(Reading.INCONCLUSIVE, 0, 1.0)}


def test_p_is_twice_the_lesser_of_the_sequence_and_of_the_last_look_and_holm_adjusts_it() -> None:
    rng = np.random.default_rng(4)
    settings, stage = Settings(), stage_of(100)
    cells = [cell(rng.choice([-1.0, 0.0, 1.0], 100, p=[0.2, 0.5, 0.3]), str(i)) for i in range(5)]
    found = decide(cells, [], stage, settings)
    p = [
        min(
            1.0,
            anytime_p(one.values, -1, 1, 0, np.array(stopping.stage_ends(100)))[-1] / EARLY_SHARE,
            sign_flip(one.values) / (1 - EARLY_SHARE),
        )
        for one in cells
    ]
    assert {one.stage for one in found} <= {None, int(stage.max())}
    assert [one.p for one in found] == pytest.approx(p)
    assert [one.p_adjusted for one in found] == pytest.approx(holm(p))


def test_a_judge_that_shows_nothing_is_robust_after_the_first_stage_whose_sequence_is_inside_the_margin() -> (
    None
):
    values, ends = np.zeros(400), np.array(stopping.stage_ends(400))
    [found] = decide([cell(values)], [], stage_of(400), Settings())
    inside = anytime_equivalence_p(values, -1.0, 1.0, 0.05, ends) < 0.05 * EARLY_SHARE
    assert (found.stage, found.reading) == (int(np.argmax(inside)), Reading.ROBUST)
    assert found.n_pairs == 101


def test_the_last_look_is_only_taken_after_the_last_pair() -> None:
    values = np.zeros(200)
    values[:20] = 0.3
    stage = stage_of(200)
    part = np.where(stage < stage.max(), values, np.nan)
    assert sign_flip(part[stage < stage.max()]) < 0.01
    [before], [after] = (decide([cell(v)], [], stage, Settings(margin_points=1)) for v in (part, values))
    assert (before.reading, after.reading) == (Reading.INCONCLUSIVE, Reading.SENSITIVE)


def audits(mean: float, n_audits: int, n: int, n_cells: int, seed: int) -> list[list[Decision]]:
    """Audits of judges whose pairs are the mean of two noisy verdicts."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(n_audits):
        u = rng.random((n_cells, n, 2))
        values = np.where(u < (0.3 + mean) / 2, 1.0, np.where(u < 0.3, -1.0, 0.0)).mean(-1)
        found.append(decide([cell(v, str(i)) for i, v in enumerate(values)], [], stage_of(n), Settings()))
    return found


def test_audits_of_fair_judges_call_any_cell_sensitive_no_more_often_than_alpha() -> None:
    found = audits(0.0, 250, 150, 6, seed=5)
    wrong = sum(any(one.reading is Reading.SENSITIVE for one in audit) for audit in found)
    assert binomtest(wrong, len(found), 0.05, alternative="greater").pvalue > 0.001


def test_judges_on_the_margin_are_called_robust_no_more_often_than_alpha() -> None:
    cells = [one for audit in audits(0.05, 120, 300, 6, seed=6) for one in audit]
    wrong = sum(one.reading is Reading.ROBUST for one in cells)
    assert binomtest(wrong, len(cells), 0.05, alternative="greater").pvalue > 0.001


def test_strongly_swayed_judges_are_found_and_most_of_their_pairs_not_bought() -> None:
    cells = [one for audit in audits(0.25, 40, 300, 6, seed=7) for one in audit]
    assert np.mean([one.reading is Reading.SENSITIVE for one in cells]) > 0.98
    assert np.mean([one.n_pairs for one in cells]) < 150


# What is known of each cell.


def test_what_nobody_has_judged_yet_is_undecided() -> None:
    unseen = [CellName("tie_detection", "j", name) for name in ("x", "y")]
    undecided = [Decision(name, None, Reading.INCONCLUSIVE, 0, 1.0, 1.0) for name in unseen]
    assert decide([], unseen, stage_of(50), Settings()) == undecided
    assert decide([cell(np.ones(50))], unseen, stage_of(50), Settings())[1:] == undecided


def test_a_corpus_of_one_stage_has_its_last_look_at_once() -> None:
    values = np.tile([0.5, 0.2, -0.1], 6)
    assert sign_flip(values) < anytime_p(values, -1, 1, 0, np.array([18]))[0]
    [found] = decide([cell(values)], [], stage_of(18), Settings())
    assert (found.stage, found.reading) == (0, Reading.SENSITIVE)
    assert found.p == 2 * sign_flip(values)


@pytest.mark.parametrize(
    ("effect", "reading"), [(0.249, Reading.INCONCLUSIVE), (0.25, Reading.INCONCLUSIVE), (0.251, Reading.SENSITIVE)]
)  # fmt: skip
def test_only_an_estimate_beyond_the_margin_is_sensitive(effect: float, reading: Reading) -> None:
    [found] = decide([cell(np.full(20, effect))], [], stage_of(20), Settings(margin_points=25))
    assert (found.p < 0.001, found.reading) == (True, reading)


def test_a_cell_without_a_pair_in_the_first_stages_is_decided_by_the_others() -> None:
    """Of each stage but the last one nothing was recorded; nothing is divided by the 0 pairs that they have."""
    stage = stage_of(200)
    values = np.where(stage < stage.max(), np.nan, 1.0)
    with np.errstate(divide="raise", invalid="raise"):
        [found] = decide([cell(values)], [], stage, Settings())
    assert (found.stage, found.reading, found.n_pairs) == (stage.max(), Reading.SENSITIVE, 49)


def test_robust_after_the_last_pair_is_decided_in_the_last_stage() -> None:
    stage = stage_of(90)
    [found] = decide([cell(np.zeros(90))], [], stage, Settings())
    assert (found.stage, found.reading, found.n_pairs) == (stage.max(), Reading.ROBUST, 90)


def test_what_the_sequence_found_early_stands_also_where_the_last_look_does_not_find_it() -> None:
    """An effect below the margin that begins after 30 pairs of noise and is taken back by the last 49."""
    values = np.concatenate([[1.0, -1.0] * 15, [0.5] * 121, [-0.5] * 49])
    settings = Settings(margin_points=45)
    ends = np.array(stopping.stage_ends(200))
    p = anytime_p(values, -1, 1, 0, ends)
    assert p[-1] == p[-2] < min(p[1], sign_flip(values))
    [found] = decide([cell(values)], [], stage_of(200), settings)
    assert (found.stage, found.p) == (6, pytest.approx(p[-1] / EARLY_SHARE))


# What is published.


def a_decision(finding: PairValues, stage: int | None, reading: Reading = Reading.SENSITIVE) -> Decision:
    return Decision(name_of(finding), stage, reading, 0, 0.001, 0.002)


def test_a_cell_is_published_on_the_pairs_up_to_its_stage_whatever_is_known_of_later_ones() -> None:
    values = np.random.default_rng(8).choice([-1.0, 0.0, 1.0], 200, p=[0.1, 0.5, 0.4])
    stage, ends = stage_of(200), np.array(stopping.stage_ends(200))
    for last in (0, 3):
        found = settled(cell(values), a_decision(cell(values), last), stage, Settings()).measure
        seen = values[: ends[last]]
        lower, upper = confidence_sequence(seen, -1.0, 1.0, 0.975, ends[: last + 1])
        assert (found.n_pairs, found.estimate) == (seen.size, pytest.approx(100 * seen.mean()))
        assert (found.ci_low, found.ci_high) == pytest.approx((100 * lower[-1], 100 * upper[-1]))
        assert (found.ci_level, found.ci_method, found.caution) == (0.95, SEQUENCE_METHOD, STOPPED_CELL)
        assert (found.p, found.p_adjusted, found.reading) == (0.001, 0.002, Reading.SENSITIVE)


@pytest.mark.parametrize(("n", "at_the_end"), [(200, None), (200, 6), (18, None), (18, 0)])
def test_a_cell_that_was_asked_to_the_end_has_the_ordinary_interval_of_all_pairs_too(
    n: int, at_the_end: int | None
) -> None:
    values = np.random.default_rng(9).choice([-1.0, 0.0, 1.0], n, p=[0.2, 0.5, 0.3])
    ends = np.array(stopping.stage_ends(n))
    found = settled(cell(values), a_decision(cell(values), at_the_end), stage_of(n), Settings()).measure
    lower, upper = confidence_sequence(values, -1.0, 1.0, 0.975, ends)
    ordinary = mean_interval(values, -1.0, 1.0, 0.975)
    assert ordinary is not None
    assert lower[-1] < ordinary.low < ordinary.high < upper[-1]
    assert (found.ci_low, found.ci_high) == pytest.approx((100 * ordinary.low, 100 * ordinary.high))
    assert (found.n_pairs, found.ci_method, found.caution) == (n, LAST_LOOK_METHOD, None)


def test_a_cell_of_one_pair_has_the_interval_of_the_sequence_alone() -> None:
    values = np.ones(1)
    assert mean_interval(values, -1.0, 1.0, 0.975) is None
    found = settled(
        cell(values), a_decision(cell(values), None), np.zeros(1, dtype=np.int64), Settings()
    ).measure
    assert (found.ci_low, found.ci_high) == (pytest.approx(-98.617, abs=1e-3), 100)
    assert (found.ci_level, found.ci_method) == (0.95, SEQUENCE_METHOD)


def test_only_the_cells_themselves_are_free_of_the_warning_of_a_judge_that_was_stopped() -> None:
    table = Audit().add("p", "tie", ["a"], perturbation="x", side="a").table
    one = find(measure(table, pairs_of("p"), Settings(slices=())), "tie_detection", "x")
    known = {CellName("tie_detection", "j", "x")}
    free = (one, replace(one, judge="other", slice="domain=d"), replace(one, judge="other", measure="flip"))
    assert [warned(m, frozenset("j"), known) for m in free] == list(free)
    for m in (replace(one, slice="domain=d"), replace(one, side="a"), replace(one, perturbation="y")):
        assert warned(replace(m, caution=None), frozenset("j"), known).caution == STOPPED_JUDGE
        assert warned(replace(m, caution="few"), frozenset("j"), known).caution == f"few; {STOPPED_JUDGE}"


# A table of verdicts, bought in stages.

ONLY = Settings(resamples=100, slices=("domain",), confirmatory=("tie_detection",))


def in_two_stages() -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int]]:
    """Judge a is asked the first of two stages only, and was always swayed; b is asked everything, and is fair."""
    names = [f"p{k:02d}" for k in range(40)]
    audit = Audit()
    for k, name in enumerate(names):
        audit.add(name, "tie", ["a" if k < 20 else "missing"], perturbation="x", side="a", judge="a")
        audit.add(name, "tie", ["tie"], perturbation="x", side="a", judge="b")
    pairs = pairs_of(*names, domain=["even", "odd"] * 20)
    return audit.table, pairs, {name: k // 20 for k, name in enumerate(names)}


def test_the_judges_after_one_that_was_stopped_are_measured_too_and_slices_stay_slices() -> None:
    table, pairs, stages = in_two_stages()
    found = measure(table, pairs, ONLY, stages=stages)
    for judge, estimate, n in (("a", 100, 10), ("b", 0, 20)):
        parts = [find(found, "tie_detection", "x", judge=judge, slice=f"domain={d}") for d in ("even", "odd")]
        assert [(one.estimate, one.n_pairs) for one in parts] == [(estimate, n)] * 2
    assert find(found, "tie_detection", "x", judge="b").n_pairs == 40


@pytest.mark.parametrize("exact", [False, True])
def test_the_family_holds_cells_of_which_no_verdict_was_bought_yet(exact: bool) -> None:
    table, pairs, stages = in_two_stages()
    blank = table["judge"] == "a"
    table.loc[blank, "outcome"] = "missing"
    table.loc[blank, "exact"] = exact
    a, b = (CellName("tie_detection", judge, "x") for judge in "ab")
    found = {one.cell: one for one in decisions(table, pairs, ONLY, Subjects(), stages)}
    assert found[a] == Decision(a, None, Reading.INCONCLUSIVE, 0, 1.0, 1.0)
    assert found[b].n_pairs == 40
    assert len(found) == 2


def test_the_family_holds_cells_of_judges_that_rate_single_responses() -> None:
    scores: Scores = {(pair, side, what): np.nan for pair in "pq" for side in "ab" for what in (None, "x")}
    table = pd.DataFrame(trial_rows(scores)).assign(outcome="missing")
    pairs = pairs_with({name: {"ann": 1.0} for name in ("pa", "pb", "qa", "qb")}, "pq")
    settings = Settings(slices=(), confirmatory=("false_negative_shift",))
    cell = CellName("false_negative_shift", "guard", "x")
    found = decisions(table, pairs, settings, Subjects(cuts={"guard": (0.5,)}), {"p": 0, "q": 0})
    assert found == [Decision(cell, None, Reading.INCONCLUSIVE, 0, 1.0, 1.0)]


def test_a_cell_is_given_as_it_was_decided_and_the_rest_of_a_stopped_judge_with_a_warning() -> None:
    """Of two stages of 20 pairs the swayed judge is asked the first, on which its cell rests, and the fair one both."""
    names = [f"p{k:02d}" for k in range(40)]
    stages = {name: k // 20 for k, name in enumerate(names)}
    audit = Audit()
    for name in names:
        said = "a" if stages[name] == 0 else "missing"
        audit.add(name, "tie", [said], perturbation="x", side="a", judge="swayed")
        audit.add(name, "tie", ["tie"], perturbation="x", side="a", judge="fair")
    only = Settings(resamples=100, slices=(), confirmatory=("tie_detection",))
    found = measure(audit.table, pairs_of(*names), only, stages=stages)
    swayed, fair = (find(found, "tie_detection", "x", judge=judge) for judge in ("swayed", "fair"))
    level = 1 - 0.05 / 2  # half of each error rate is for stopping early
    p = float(anytime_p(np.ones(20), -1.0, 1.0, 0.0, np.array([20]))[0]) * 2
    lower, upper = confidence_sequence(np.ones(20), -1.0, 1.0, level, np.array([20]))
    assert (swayed.estimate, swayed.n_pairs, swayed.n_verdicts, swayed.margin) == (100, 20, 40, 5.0)
    assert (swayed.ci_low, swayed.ci_high) == pytest.approx((100 * lower[0], 100 * upper[0]))
    assert (swayed.p, swayed.p_adjusted) == pytest.approx((p, 2 * p))
    assert (swayed.reading, swayed.caution) == (Reading.SENSITIVE, STOPPED_CELL)
    assert (swayed.ci_level, swayed.ci_method) == (0.95, SEQUENCE_METHOD)
    lower, upper = confidence_sequence(np.zeros(40), -1.0, 1.0, level, np.array([20, 40]))
    ordinary = mean_interval(np.zeros(40), -1.0, 1.0, level)
    assert ordinary is not None
    ends = (100 * max(lower[1], ordinary.low), 100 * min(upper[1], ordinary.high))
    assert (fair.ci_low, fair.ci_high) == pytest.approx(ends)
    assert (fair.n_pairs, fair.p, fair.p_adjusted, fair.reading) == (40, 1.0, 1.0, Reading.INCONCLUSIVE)
    assert (fair.caution, fair.ci_method) == (None, LAST_LOOK_METHOD)
    decisive = {m.judge: m.caution or "" for m in found if m.measure == "decisive_share"}
    assert decisive["swayed"].endswith(STOPPED_JUDGE)
    assert STOPPED_JUDGE not in decisive["fair"]
    assert "missing_rate" not in {m.measure for m in found}


@pytest.mark.parametrize(("n", "reading"), [(71, Reading.INCONCLUSIVE), (72, Reading.ROBUST)])
def test_the_last_look_of_a_stopping_audit_has_half_of_the_error_rate(n: int, reading: Reading) -> None:
    """Pairs that all show nothing are robust at a level of .025 from log(.025) / log(.95) = 71.9 of them."""
    names = [f"p{k:02d}" for k in range(n)]
    audit = Audit()
    for name in names:
        audit.add(name, "tie", ["tie"], perturbation="x", side="a")
    only = Settings(resamples=100, slices=(), confirmatory=("tie_detection",))
    stages = {name: int(k >= 40) for k, name in enumerate(names)}
    assert (
        find(measure(audit.table, pairs_of(*names), only, stages=stages), "tie_detection", "x").reading
        is reading
    )
