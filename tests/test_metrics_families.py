"""Which cells share an adjustment, what is left to the others, and what failures may do to a reading."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from judgeaudit.metrics.findings import Cases, PairTables, PairValues, in_use
from judgeaudit.metrics.record import ALL, TESTED_WITHOUT_MARGIN, Measure, Settings
from judgeaudit.metrics.subjects import Subjects
from judgeaudit.metrics.summary import FAILURES_DECIDE, Slice, conclude, draft
from judgeaudit.stats import Reading, benjamini_hochberg, cohen_kappa, mean_interval, pairs_needed, sign_flip

SETTINGS = Settings(slices=())
SUBJECTS = Subjects(placebos={"apology": "calm"}, controls=frozenset({"control_coin"}))


def values(mean: float, n: int = 40, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=n)
    return np.clip(mean + 0.2 * (noise - noise.mean()) / noise.std(ddof=1), -1, 1)


def a_cell(
    pairs: np.ndarray,
    measure: str = "winrate_shift",
    judge: str = "judge",
    perturbation: str = "apology",
    *,
    side: str | None = None,
    within: str | None = None,
    cases: Cases | None = None,
) -> PairValues:
    return PairValues(
        measure, judge, perturbation, side, "points", pairs, np.ones(pairs.size, np.int64), low=-1.0, within=within,
        cases=cases,
    )  # fmt: skip


def concluded(*cells: PairValues) -> list[Measure]:
    """The cells' measures, as one audit concludes them; each over all its pairs."""
    drafts = [
        one
        for cell in cells
        for one in draft(cell, [Slice(ALL, np.ones(cell.values.size, np.bool_))], SETTINGS)
    ]
    return conclude(drafts, SETTINGS, SUBJECTS)


def test_families_are_adjusted_apart_and_the_exploratory_ones_for_how_many_there_are() -> None:
    """Single sides, slices, and controls: three families; the confirmatory cell is a fourth, and pays for none."""
    sides = [a_cell(values(0.05 * k, seed=k), side="a", perturbation=f"x{k}") for k in range(3)]
    slices = [a_cell(values(0.04 * k, seed=9 + k), within=f"domain=d{k}") for k in range(4)]
    controls = [
        a_cell(values(0.1), judge="control_coin"),
        a_cell(values(0.02), perturbation="calm"),
        a_cell(values(0.03), perturbation="calm", within="domain=d0"),
    ]
    found = concluded(a_cell(values(0.08)), *sides, *slices, *controls)
    for start, family in ((1, sides), (4, slices), (8, controls)):
        expected = np.minimum(4 * benjamini_hochberg([sign_flip(one.values) for one in family]), 1.0)
        told = [one.p_adjusted for one in found[start : start + len(family)]]
        assert told == pytest.approx(expected.tolist())
    assert min(one.p_adjusted or 1.0 for one in found[1:]) < 0.05
    assert found[0].p_adjusted == found[0].p


def test_cells_of_too_few_pairs_to_be_significant_cost_the_others_nothing() -> None:
    """Five pairs of one sign have p = 2 ** -4; of ten pairs of which five are at 0 the same."""
    few = [a_cell(np.full(5, 0.5), within=f"domain=d{k}") for k in range(30)]
    still = a_cell(np.repeat([0.0, 0.5], [5, 5]), within="domain=still")
    [enough, *others] = concluded(a_cell(np.full(6, 0.5), within="domain=e"), *few, still)
    assert enough.p_adjusted == enough.p == pytest.approx(2**-5)
    assert [one.p_adjusted for one in others] == [1.0] * 31
    assert [one.p for one in others] == pytest.approx([2**-4] * 31)
    assert all(one.reading is Reading.INCONCLUSIVE for one in others)


def test_the_pairs_that_are_needed_are_for_the_level_that_the_family_leaves() -> None:
    """Holm: of five cells one is significant, so that the others have to be below alpha / 4, however large p is."""
    clear = a_cell(values(0.3))
    vague = [a_cell(values(0.08, seed=k), perturbation=f"x{k}") for k in range(1, 5)]
    found = concluded(clear, *vague)
    assert found[0].reading is Reading.SENSITIVE
    for one, cell in zip(found[1:], vague, strict=True):
        assert one.reading is Reading.INCONCLUSIVE
        assert one.pairs_needed == pairs_needed(cell.values, -1, 1, 0.05, 0.05, 0.05 / 4)


def test_in_an_exploratory_family_the_level_left_grows_with_what_was_found() -> None:
    """Benjamini and Hochberg: of five cells one is significant, so that a second has to be below alpha * 2 / 5."""
    vague = a_cell(values(0.07, seed=1), side="a")
    clear = a_cell(values(0.3), perturbation="y", side="a")
    others = [a_cell(values(0.01, seed=k), perturbation=f"x{k}", side="a") for k in range(3)]
    found = concluded(vague, clear, *others)
    assert found[1].reading is Reading.SENSITIVE
    assert found[0].pairs_needed == pairs_needed(vague.values, -1, 1, 0.05, 0.05, 0.05 * 2 / 5)
    assert found[0].pairs_needed != pairs_needed(vague.values, -1, 1, 0.05, 0.05, 0.05 / 4)


def test_the_level_left_to_an_exploratory_cell_is_its_family_s_part_of_alpha() -> None:
    """Two families: of four single sides one is significant, so that a second has to be below alpha / 2 * 2 / 4."""
    vague = a_cell(values(0.07, seed=1), side="a")
    clear = a_cell(values(0.3), perturbation="y", side="a")
    others = [a_cell(values(0.01, seed=k), perturbation=f"x{k}", side="a") for k in range(2)]
    found = concluded(vague, clear, *others, a_cell(values(0.08)))
    assert found[1].reading is Reading.SENSITIVE
    assert found[0].pairs_needed == pairs_needed(vague.values, -1, 1, 0.05, 0.05, 0.05 / 4)
    assert found[0].pairs_needed != pairs_needed(vague.values, -1, 1, 0.05, 0.05, 0.05 / 3)


@pytest.mark.parametrize("measure", ["winrate_shift", *TESTED_WITHOUT_MARGIN])
def test_a_cell_of_too_few_pairs_for_any_finding_costs_the_others_nothing(measure: str) -> None:
    few = a_cell(np.array([0.5, 0.25, 0.5]), measure, side="a")
    sides = [a_cell(values(0.05 * k, seed=k), side="a", perturbation=f"x{k}") for k in range(3)]
    found = concluded(few, *sides)
    assert found[0].p_adjusted == 1
    expected = benjamini_hochberg([sign_flip(one.values) for one in sides])
    assert [one.p_adjusted for one in found[1:]] == pytest.approx(expected.tolist())


def test_a_cell_that_cannot_be_significant_needs_what_it_would_in_its_family() -> None:
    few = a_cell(np.array([0.5, 0.25, 0.5]), within="domain=few")
    found = concluded(few, *(a_cell(values(0.0, seed=k), within=f"domain=d{k}") for k in range(3)))
    assert found[0].pairs_needed == pairs_needed(few.values, -1, 1, 0.05, 0.05, 0.05 / 4)


@pytest.mark.parametrize(
    ("mean", "lost_low", "lost_high", "reading", "told"),
    [
        (0.3, 0.2, 0.4, Reading.SENSITIVE, False),
        (0.3, -0.4, 0.4, Reading.SENSITIVE, True),
        (0.3, -0.28, 0.4, Reading.SENSITIVE, True),
        (-0.3, -0.4, -0.2, Reading.SENSITIVE, False),
        (-0.3, -0.4, 0.4, Reading.SENSITIVE, True),
        (-0.3, -0.4, 0.28, Reading.SENSITIVE, True),
        (0.0, -0.04, 0.04, Reading.ROBUST, False),
        (0.0, -0.04, 0.3, Reading.ROBUST, True),
        (0.0, -0.3, 0.04, Reading.ROBUST, True),
    ],
)
def test_a_reading_that_failed_verdicts_could_have_changed_says_so(
    mean: float, lost_low: float, lost_high: float, reading: Reading, told: bool
) -> None:
    pairs = values(mean, n=400)
    pairs[200:] = np.nan  # half of the pairs failed, and each could have been anything between the two
    pairs[:200] += mean - pairs[:200].mean()
    lost = np.isnan(pairs)
    cases = Cases(np.where(lost, lost_low, pairs), np.where(lost, lost_high, pairs))
    [found] = concluded(a_cell(pairs, cases=cases))
    assert found.reading is reading
    assert (found.caution is not None and FAILURES_DECIDE in found.caution) is told


def test_a_proportion_that_stays_beyond_the_margin_whatever_failed_needs_no_word() -> None:
    pairs = values(0.3, n=100)
    flips = replace(
        a_cell(pairs, "noise_adjusted_flip"), unit="proportion", cases=Cases(pairs - 0.1, pairs + 0.1)
    )
    [found] = concluded(flips)
    assert (found.reading, found.caution) == (Reading.SENSITIVE, None)
    assert (found.case_low, found.case_high) == (pytest.approx(0.2), pytest.approx(0.4))


def test_an_inconclusive_reading_has_nothing_to_lose() -> None:
    pairs = values(0.0, n=30)
    cases = Cases(pairs - 0.5, pairs + 0.5)
    [found] = concluded(replace(a_cell(pairs), cases=cases))
    assert found.reading is Reading.INCONCLUSIVE
    assert found.caution is None


def test_few_pairs_are_not_robust_however_little_they_move() -> None:
    """The interval of 40 pairs that moved by some 10 points is inside the margin, but a reading takes 59 pairs."""
    few, enough = (a_cell(0.5 * values(0.0, n=n), perturbation=f"x{n}") for n in (40, 60))
    interval = mean_interval(few.values, -1.0, 1.0, 0.9)
    assert interval is not None
    assert interval.inside(0.05)
    assert [one.reading for one in concluded(few, enough)] == [Reading.INCONCLUSIVE, Reading.ROBUST]


def test_a_single_pair_has_a_coefficient() -> None:
    tables = np.array([[[0.5, 0.25], [0.0, 0.25]]])
    [one] = draft(PairTables("kappa", "judge", None, tables, np.ones(1, np.int64), cohen_kappa), [], SETTINGS)
    assert (one.measure.estimate, one.measure.n_pairs) == (pytest.approx(0.5), 1)


def test_a_coefficient_of_pairs_that_all_failed_has_no_pairs() -> None:
    tables = in_use(np.full((5, 3, 3), np.nan))
    finding = PairTables("kappa", "judge", None, tables, np.zeros(5, np.int64), cohen_kappa)
    [one] = draft(finding, [], SETTINGS)
    assert (one.measure.n_pairs, one.measure.n_verdicts, one.measure.estimate) == (0, 0, None)
