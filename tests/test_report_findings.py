"""The three findings are three true sentences, for any run."""

from __future__ import annotations

from typing import Any

import pytest

from judgeaudit.metrics import Measure
from judgeaudit.report import findings
from judgeaudit.stats import Reading
from tests.test_report_run import a_manifest, a_measure, full_measures


def test_the_largest_sensitive_artifact_effect_of_a_judge_comes_first() -> None:
    measures = [
        a_measure("tie_detection", "alice", "apology", 40.0),
        a_measure("tie_detection", "bob", "apology", 62.0),
        a_measure("tie_detection", "coin", "apology", 99.0),
        a_measure("tie_detection", "both", "apology", 98.0),
        a_measure("tie_detection", "alice", "neutral", 97.0),
        a_measure("tie_detection", "alice", "position", 96.0),
    ]
    manifest = a_manifest(
        ("alice", "bob"), placebos=("neutral",), controls=("coin",), juries={"both": ["alice", "bob"]}
    )
    first, second, third = findings(measures, manifest)
    assert first == (
        "bob favours the artifact apology: shown a response beside its own copy with it, it prefers the copy by a "
        "net 62.0 points (95 % interval 58.0 to 66.0, 120 pairs)."
    )
    assert second == (
        "Shown the same text twice, alice prefers the one shown first by a net 96.0 points "
        "(95 % interval 92.0 to 100.0, 120 pairs)."
    )
    assert third == (
        "On apology the jury both stands no better than its worst member: tie detection +98.0 "
        "(95 % interval 94.0 to 102.0, 120 pairs), alice +40.0, bob +62.0."
    )


def test_an_effect_against_the_artifact_is_told_in_its_own_direction() -> None:
    measures = [a_measure("winrate_shift", "alice", "apology", -20.0)]
    first, *_ = findings(measures, a_manifest())
    assert first == (
        "The artifact apology lowers the winrate of the response that carries it by 20.0 points with alice "
        "(95 % interval 16.0 to 24.0, 120 pairs)."
    )


def test_a_large_estimate_that_is_not_sensitive_is_no_finding() -> None:
    wide = a_measure("tie_detection", "alice", "apology", 30.0, reading=Reading.INCONCLUSIVE)
    sure = a_measure("tie_detection", "alice", "authority", 12.0)
    first, *_ = findings([wide, sure], a_manifest(artifacts=("apology", "authority")))
    assert "authority" in first


def test_nothing_sensitive_is_not_called_robust() -> None:
    measures = [
        a_measure("tie_detection", "alice", "apology", 3.0),
        a_measure("winrate_shift", "alice", "apology", 0.5),
    ]
    first, *_ = findings(measures, a_manifest())
    assert first == (
        "No effect beyond the margin of 5 points was established: of 2 tested cells, 1 robust and 1 inconclusive, "
        "which is no evidence of robustness."
    )


def test_all_robust_is_said_only_where_every_reading_is_robust() -> None:
    measures = [a_measure(name, "alice", "apology", 0.5) for name in ("tie_detection", "winrate_shift")]
    first, *_ = findings(measures, a_manifest())
    assert first == "Every tested cell (2 of 2) is robust: shown to lie within the margin of 5 points."


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("constructed", "constructed labels"),
        ("gold", "gold labels"),
        ("side_by_side_votes", "human labels (side-by-side votes)"),
    ],
)
def test_labels_are_human_only_where_people_gave_them(source: str, words: str) -> None:
    sentences = findings(full_measures(("alice",), ("apology",)), a_manifest(labels=(source,)))
    agreement = next(sentence for sentence in sentences if "agrees" in sentence)
    assert words in agreement
    assert ("human" in " ".join(sentences)) == (source == "side_by_side_votes")
    assert "always preferring the longer response agrees in 45.0 %" in agreement


def test_baselines_that_stand_alone_are_called_baselines() -> None:
    measures = [a_measure("tie_detection", "coin", "apology", 50.0)]
    first, *_ = findings(measures, a_manifest((), controls=("coin",)))
    assert first.startswith("coin, a baseline without a model, favours the artifact apology")


EDGES: dict[str, tuple[list[Measure], dict[str, Any]]] = {
    "no measure at all": ([], a_manifest(labels=("none",))),
    "no judge succeeded": ([a_measure("error_rate", "alice", None, 1.0)], a_manifest()),
    "one judge, no labels": (
        full_measures(("alice",), ("apology",), labels=False),
        a_manifest(labels=("none",)),
    ),
    "no artifact": (full_measures(("alice",), ()), a_manifest(artifacts=())),
    "only baselines": (full_measures(("coin",), ("apology",)), a_manifest((), controls=("coin",))),
    "no pairs": ([], a_manifest(labels=())),
    "one estimate": ([a_measure("tie_detection", "alice", "apology", 50.0)], a_manifest()),
    "no interval": (
        [a_measure("tie_detection", "alice", "apology", 50.0, ci_low=None, ci_high=None)],
        a_manifest(),
    ),
    "hostile names": (full_measures(("a\nb\u202e",), ("<b>",)), a_manifest(("a\nb\u202e",), ("<b>",))),
}


@pytest.mark.parametrize("edge", EDGES)
def test_there_are_always_three_different_sentences(edge: str) -> None:
    sentences = findings(*EDGES[edge])
    assert len(set(sentences)) == 3
    for sentence in sentences:
        assert sentence.endswith(".")
        assert not any(word in sentence for word in ("None", "nan", "inf ", "\n", "\u202e", "  "))


def test_findings_do_not_depend_on_the_order_of_the_measures() -> None:
    measures = full_measures(("alice", "bob"), ("apology", "authority"))
    manifest = a_manifest(("alice", "bob"), ("apology", "authority"))
    assert findings(measures, manifest) == findings(measures[::-1], manifest)
