"""Rules that need no judge, told of the texts that judges saw: as they are, and with each artifact."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from judgeaudit.metrics import Measure, Settings, measure
from judgeaudit.metrics.shown_texts import ShownTexts
from judgeaudit.perturb import PerturbedText, Status
from judgeaudit.records import NOT_RECORDED
from judgeaudit.run_folder import text_facts, text_table
from tests.test_metrics import Audit, find, pairs_of

FAST = Settings(resamples=100, slices=("domain",), attribution="off")
NAMES = ("p", "q", "r", "s")
PAIRS = pairs_of(
    *NAMES, label=["a", "a", "b", None], length_a=[9, 5, 5, 5], length_b=[5, 9, 5, 1],
    refuses_a=[True, False, True, False], refuses_b=[False, False, True, False], domain=["d", "e", "d", "e"],
)  # fmt: skip


def shown(*places: tuple[str, str], arm: str = "injected") -> pd.DataFrame:
    """A judge that is asked about the artifact in these sides of pairs, and about every pair as it is."""
    audit = Audit()
    for name in NAMES:
        audit.add(name, "baseline", ["a"])
    for name, side in places:
        audit.add(name, arm, ["a"], perturbation="x", side=side)
    return audit.table


def texts(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    """Pair, side, length, and whether it opens by refusing."""
    return pd.DataFrame(
        [(pair, "x", side, length, refuses) for pair, side, length, refuses in rows],
        columns=["pair_id", "perturbation", "side", "length", "refuses"],
    )


def of_rules(table: pd.DataFrame, of_texts: pd.DataFrame | None, **options: Any) -> list[Measure]:
    return [
        m for m in measure(table, PAIRS, FAST, texts=of_texts, **options) if m.judge.startswith("baseline:")
    ]


EVERYWHERE = [(name, side) for name in NAMES for side in ("a", "b")]
LONG_AND_SORRY = texts(*((name, side, 8.0, 1.0) for name, side in EVERYWHERE))


def test_the_longer_text_is_the_one_with_the_artifact_in_it_where_that_makes_it_longer() -> None:
    """With 8 characters in a: a, b, a of three labels a, a, b; in b: a, b, b. Right: 1 + 2 of 6, in pairs 1, 0, 1/2."""
    found = of_rules(shown(*EVERYWHERE), LONG_AND_SORRY)
    longer = find(found, "accuracy", "x", judge="baseline:longer")
    assert (longer.estimate, longer.n_pairs, longer.n_verdicts) == (pytest.approx(1.5 / 3), 3, 6)
    assert find(found, "accuracy_decisive", "x", judge="baseline:longer").estimate == pytest.approx(1.5 / 3)
    assert find(found, "accuracy", judge="baseline:longer").estimate == pytest.approx(1 / 3)
    # Labels .67 and .33, the rule's verdicts a (1 + 1/2 of 3), b (1 + 1/2): by chance .5 are the same.
    assert find(found, "kappa", "x", judge="baseline:longer").estimate == pytest.approx(0, abs=1e-12)


def test_an_artifact_that_opens_as_a_refusal_does_is_what_the_refusal_rule_prefers() -> None:
    """In a it prefers a, a and neither, in b neither, b and neither. Labels a, a, b: half right of p and of q."""
    found = of_rules(shown(*EVERYWHERE), LONG_AND_SORRY)
    refusal = find(found, "accuracy", "x", judge="baseline:refusal")
    assert (refusal.estimate, refusal.n_pairs) == (pytest.approx(1 / 3), 3)
    assert find(found, "accuracy_decisive", "x", judge="baseline:refusal").estimate == pytest.approx(1.75 / 3)


def test_rules_see_what_some_judge_was_shown_and_know_what_is_known_of_it() -> None:
    table = shown(("p", "b"), ("q", "a"), ("q", "b"))
    table = pd.concat([table, shown(("r", "a")).assign(judge="k")])
    told = texts(("p", "a", 1, 0), ("p", "b", 99, 0), ("q", "a", 99, 0), ("r", "a", 99, 0), ("s", "a", 99, 0))
    longer = find(of_rules(table, told), "accuracy", "x", judge="baseline:longer")
    # p: b on its only side. q: a on the side that is known. r, which judge k was shown: a. s was shown to nobody.
    assert (longer.estimate, longer.n_pairs, longer.n_verdicts) == (pytest.approx(1 / 3), 3, 3)


def test_a_rule_that_was_shown_no_artifact_or_knows_no_text_of_it_is_not_held_against_labels_there() -> None:
    for table, told in (
        (shown(*EVERYWHERE), None),
        (shown(*EVERYWHERE, arm="tie"), LONG_AND_SORRY),
        (shown(*EVERYWHERE), LONG_AND_SORRY.assign(length=float("nan"), refuses=float("nan"))),
    ):
        assert {m.perturbation for m in of_rules(table, told)} == {None}
    assert not [
        m for m in measure(shown(*EVERYWHERE), PAIRS.assign(label=None), FAST) if "baseline:" in m.judge
    ]


def test_rules_under_an_artifact_are_neither_tested_nor_sliced() -> None:
    found = of_rules(shown(*EVERYWHERE), LONG_AND_SORRY)
    assert {m.slice for m in found if m.perturbation == "x"} == {"all"}
    assert {m.slice for m in found if m.perturbation is None} == {"all", "domain=d", "domain=e"}
    assert {m.p for m in found} == {None}


def test_what_is_known_of_perturbed_texts() -> None:
    of = {"p": "I'm sorry, but I can't help with that.", "q": "Use a ladder.", "r": NOT_RECORDED, "s": None}
    made = [PerturbedText(name, "x", "a", Status.CHANGED, text) for name, text in of.items()]
    facts = text_facts(text_table(made)).set_index("pair_id")
    assert facts["length"].tolist() == pytest.approx([38, 13, float("nan"), float("nan")], nan_ok=True)
    assert facts["refuses"].tolist() == pytest.approx([1, 0, float("nan"), float("nan")], nan_ok=True)
    assert facts[["perturbation", "side"]].drop_duplicates().to_numpy().tolist() == [["x", "a"]]


def test_facts_of_texts_that_the_pairs_do_not_tell_are_unknown() -> None:
    told = ShownTexts.of(pd.DataFrame({"pair_id": ["p", "q"]}, index=[3, 4]), None, "length")
    assert np.isnan(told.plain).all()
    assert told.plain.shape == (2, 2)
    assert not told.knows("x")
    pairs = pairs_of(
        "p", "q", refuses_a=pd.array([True, pd.NA], "boolean"), refuses_b=pd.array([pd.NA, 0], "Int64")
    )
    refuses = ShownTexts.of(pairs, None, "refuses")
    assert refuses.plain.tolist() == pytest.approx(np.array([[1, np.nan], [np.nan, 0]]), nan_ok=True)


def test_a_text_of_no_pair_and_a_pair_without_a_text_leave_the_others_alone() -> None:
    rows = texts(("nobody", "a", 7, 0), ("q", "a", 5, 1), ("p", "a", float("nan"), 0))
    told = ShownTexts.of(pairs_of("p", "q", "r"), rows, "length")
    assert told.perturbed["x", "a"].tolist() == pytest.approx([np.nan, 5, np.nan], nan_ok=True)
    assert ("x", "b") not in told.perturbed
