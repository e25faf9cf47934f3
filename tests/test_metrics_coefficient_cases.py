"""Worst and best cases of kappa, AC1 and alpha, against everything that the failed verdicts could have said."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from judgeaudit.metrics import Measure, Settings, measure
from judgeaudit.stats import cohen_kappa, gwet_ac1, krippendorff_alpha
from tests.test_metrics import Audit, find, pairs_of
from tests.test_metrics_cases import completions

FAST = Settings(resamples=100, slices=(), attribution="off")
Floats = NDArray[np.float64]

COEFFICIENTS = ("kappa", "ac1", "alpha")
ROWS = ["a", "b", "tie"]
LABELS = ["a", "a", "b", "b", "tie", "tie", "a", "b"]


def with_failures(seed: int, replicates: int, n_failed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Eight labelled pairs at baseline and with an artifact on either side; so many verdicts failed in each arm.

    With three replicates half of the pairs have one.
    """
    rng = np.random.default_rng(seed)
    audit, names = Audit(), [f"p{k}" for k in range(len(LABELS))]
    for k, (name, label) in enumerate(zip(names, LABELS, strict=True)):
        p = np.where(np.array(["a", "b", "tie"]) == label, 0.6, 0.2)
        n = 1 if replicates == 3 and k % 2 else replicates
        audit.add(name, "baseline", rng.choice(["a", "b", "tie"], n, p=p).tolist())
        for side in ("a", "b"):
            said = rng.choice(["a", "b", "tie"], n, p=p).tolist()
            audit.add(name, "injected", said, perturbation="x", side=side)
    table = audit.table
    for arm in ("baseline", "injected"):
        failed = rng.choice(table.index[table["arm"] == arm], n_failed, replace=False)
        table.loc[failed, "outcome"] = rng.choice(["refused", "unparsed", "error"], n_failed)
    return table, pairs_of(*names, label=LABELS)


def completed(table: pd.DataFrame, pairs: pd.DataFrame) -> list[Measure]:
    """The coefficients of every way in which the failed verdicts of an arm could have gone, all pairs together."""
    ways = []
    for arm in ("baseline", "injected"):
        own = table[table["arm"] == arm]
        joint = completions(own.assign(whose=own["pair_id"], pair_id="all"))
        ways.append(joint.assign(pair_id=joint["whose"]).drop(columns="whose"))
    return [m for m in measure(pd.concat(ways), pairs, FAST, models=False) if m.measure in COEFFICIENTS]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("replicates", "n_failed"), [(1, 4), (2, 4), (3, 4)])
def test_cases_hold_whatever_the_failed_verdicts_could_have_said(
    seed: int, replicates: int, n_failed: int
) -> None:
    table, pairs = with_failures(seed, replicates, n_failed)
    found = measure(table, pairs, FAST)
    ways = completed(table, pairs)
    for name in COEFFICIENTS:
        for perturbation in (None, "x"):
            one = find(found, name, perturbation)
            values = [m.estimate for m in ways if (m.measure, m.perturbation) == (name, perturbation)]
            assert len(values) == 3**n_failed
            least, most = min(v for v in values if v is not None), max(v for v in values if v is not None)
            assert one.case_low is not None
            assert one.case_high is not None
            # The least AC1 shares verdicts out, which a few whole ones only come near.
            assert least - (0.02 if name == "ac1" else 0) - 1e-9 <= one.case_low <= least + 1e-9, name
            assert one.case_high == pytest.approx(most, abs=1e-9), name


def ranges_of_exact(labels: list[str], failed: int, rng: np.random.Generator) -> tuple[list[Measure], Floats]:
    """An exact judge of which the first so many pairs failed, and the sum of the others' tables."""
    audit, known = Audit(), np.zeros((3, 3))
    for k, label in enumerate(labels):
        p = rng.dirichlet([0.4, 0.4, 0.4])
        for order in ("ab", "ba"):
            audit.exact(f"p{k:02d}", "baseline", tuple(p.tolist()), order=order)
        if k >= failed:
            known[ROWS.index(label)] += p
    table = audit.table
    outcome = table["outcome"].mask(table["pair_id"] < f"p{failed:02d}", "error")
    return measure(
        table.assign(outcome=outcome), pairs_of(*sorted(set(table["pair_id"])), label=labels), FAST
    ), known


GRID = np.array([(a, b, 24 - a - b) for a in range(25) for b in range(25) if a + b <= 24]) / 24
COEFFICIENT_OF: dict[str, Callable[[Floats], Floats]] = {
    "kappa": cohen_kappa,
    "ac1": gwet_ac1,
    "alpha": lambda tables: krippendorff_alpha(tables + tables.swapaxes(-1, -2)),
}


@pytest.mark.parametrize("seed", range(8))
def test_cases_of_exact_judges_are_the_ends_over_all_distributions(seed: int) -> None:
    """Three pairs labelled a and two labelled b failed; every distribution on a grid is tried for either label."""
    rng = np.random.default_rng(seed)
    found, known = ranges_of_exact([*"aaabb", *rng.choice(ROWS, 6).tolist()], 5, rng)
    tables = np.broadcast_to(known, (len(GRID), len(GRID), 3, 3)).copy()
    tables[:, :, 0] += 3 * GRID[:, None]
    tables[:, :, 1] += 2 * GRID
    for name, coefficient in COEFFICIENT_OF.items():
        one, values = find(found, name), coefficient(tables)
        assert one.case_low is not None
        assert one.case_high is not None
        assert -1e-9 <= values.min() - one.case_low < 0.002, name
        assert -1e-9 <= one.case_high - values.max() < 1e-9, name


def test_the_least_ac1_shares_the_failed_verdicts_out() -> None:
    """Of ten pairs the eight labelled tie failed: AC1 is least where half of them were a and half b."""
    found, known = ranges_of_exact([*["tie"] * 8, "a", "b"], 8, np.random.default_rng(1))
    tables = np.broadcast_to(known, (len(GRID), 3, 3)).copy()
    tables[:, 2] += 8 * GRID
    values, corners = gwet_ac1(tables), (GRID == 1).any(1)
    low = find(found, "ac1").case_low
    assert low is not None
    assert values[corners].min() - low > 0.04
    assert -1e-9 <= values.min() - low < 0.002


def test_a_verdict_of_a_kind_that_no_label_is_counts_as_a_category() -> None:
    """The judge said tie once, which no label is; one verdict failed."""
    audit, labels = Audit(), [*"aabbab"]
    for name, said in zip("pqrstu", ("a", "b", "b", "tie", "a", "refused"), strict=True):
        audit.add(name, "baseline", [said], orders=("ab",))
    pairs = pairs_of(*"pqrstu", label=labels)
    found = measure(audit.table, pairs, FAST)
    ways = measure(completions(audit.table), pairs, FAST, models=False)
    for name in COEFFICIENTS:
        values = [m.estimate for m in ways if m.measure == name and m.estimate is not None]
        one = find(found, name)
        assert len(values) == 3
        assert (one.case_low, one.case_high) == (pytest.approx(min(values)), pytest.approx(max(values))), name


def test_by_hand() -> None:
    """Of four decided pairs one failed: right, kappa is 1; else po = .75 of pe = .5, or of .375 if it was a tie."""
    audit = Audit()
    for name, said in zip("pqrs", ("a", "a", "b", "error"), strict=True):
        audit.add(name, "baseline", [said])
    found = measure(audit.table, pairs_of(*"pqrs", label=["a", "a", "b", "b"]), FAST)
    kappa = find(found, "kappa")
    assert (kappa.estimate, kappa.n_pairs) == (pytest.approx(1), 3)
    assert (kappa.case_low, kappa.case_high) == (pytest.approx(0.5), pytest.approx(1))


def test_a_verdict_that_could_have_been_the_only_tie_changes_how_many_categories_there_are() -> None:
    audit = Audit()
    labels = ["a", "b"] * 6
    names = [f"p{k:02d}" for k in range(12)]
    for name, label in zip(names[:-1], labels, strict=False):
        audit.add(name, "baseline", [label])
    audit.add(names[-1], "baseline", ["error"])
    ac1 = find(measure(audit.table, pairs_of(*names, label=labels), FAST), "ac1")
    with_a_tie = audit.table.assign(outcome=lambda t: t["outcome"].replace("error", "tie"))
    one_way = find(measure(with_a_tie, pairs_of(*names, label=labels), FAST), "ac1").estimate
    assert one_way is not None
    assert ac1.case_low is not None
    assert ac1.case_high == pytest.approx(1)
    assert ac1.case_low < one_way


def test_only_failures_of_labelled_pairs_give_a_coefficient_cases_and_a_judge_that_never_answered_has_them_too() -> (
    None
):
    audit = Audit().add("p", "baseline", ["a"]).add("q", "baseline", ["b"]).add("r", "baseline", ["error"])
    never = Audit().add("p", "baseline", ["refused"], judge="k").add("q", "baseline", ["refused"], judge="k")
    found = measure(
        pd.concat([audit.table, never.table]), pairs_of("p", "q", "r", label=["a", "b", None]), FAST
    )
    for name in COEFFICIENTS:
        assert (find(found, name).case_low, find(found, name).case_high) == (None, None)
        silent = find(found, name, judge="k")
        assert (silent.estimate, silent.case_high) == (None, pytest.approx(1))
        assert silent.case_low is not None
        assert silent.case_low < 0
