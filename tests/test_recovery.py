"""Are biases planted in judges of real pairs found, as large as they are, and no others? As benchmarks/recovery.py."""

from collections.abc import Mapping
from math import log, sqrt
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from judgeaudit.metrics import Measure, measure
from judgeaudit.planted_truth import Truth
from judgeaudit.stats import Reading
from tests.benchmark_scripts import benchmark_script

AUDITS = 2
ASKED = ("noisy", "length", "all")
HEADLINE = ("tie_detection", "winrate_shift")
LEVEL = 0.95

Found = Mapping[tuple[str, str, str | None], Measure]


@pytest.fixture(scope="module")
def recovery() -> ModuleType:
    return benchmark_script("recovery")


@pytest.fixture(scope="module")
def corpus(recovery: ModuleType) -> Any:
    """The built-in pairs and their perturbed texts."""
    return recovery.Material.of_corpus()


@pytest.fixture(scope="module")
def tallies(recovery: ModuleType, corpus: Any) -> Any:
    """A few audits whose verdicts are drawn, of pairs that are drawn too."""
    planted = {name: recovery.JUDGES[name] for name in ASKED}
    found = recovery.expected(corpus, planted)
    for seed in range(AUDITS):
        recovery.audit(corpus.drawn(np.random.default_rng(seed)), planted, 100 * seed, found)
    return found


@pytest.fixture(scope="module")
def known(recovery: ModuleType, corpus: Any) -> tuple[pd.DataFrame, Found]:
    """One audit of judges whose probabilities are known: only the measures can err."""
    judges = [one.judge(name, 0, reveal=True) for name, one in recovery.JUDGES.items()]
    table = recovery.verdicts(corpus, judges)
    measures = measure(table, corpus.table(), recovery.SETTINGS, texts=corpus.facts())
    return table, {
        (m.measure, m.judge, m.perturbation or m.slice): m
        for m in measures
        if m.side is None and (m.slice == "all" or m.measure == "odds_ratio")
    }


def test_with_known_probabilities_every_estimate_is_the_planted_truth(
    recovery: ModuleType, corpus: Any, known: tuple[pd.DataFrame, Found]
) -> None:
    truths: list[Truth] = corpus.truths(recovery.JUDGES)
    assert len(truths) == len(recovery.JUDGES) * 18  # 4 measures of 4 artifacts, and 2 of position
    for truth in truths:
        found = known[1][truth.measure, truth.judge, truth.perturbation]
        assert found.estimate == pytest.approx(truth.value, abs=1e-9), truth


def test_with_known_probabilities_the_model_recovers_every_planted_log_odds(
    recovery: ModuleType, known: tuple[pd.DataFrame, Found]
) -> None:
    """Alone and together, on texts that artifacts make longer; also of the halo phrase, which nobody minds."""
    for name, one in recovery.JUDGES.items():
        for term, worth in one.log_odds.items():
            found = known[1]["odds_ratio", name, term]
            assert found.estimate is not None
            assert log(found.estimate) == pytest.approx(worth, abs=1e-6), (name, term)


def test_without_lengths_an_artifact_seems_to_be_worth_what_its_words_are(
    recovery: ModuleType, corpus: Any, known: tuple[pd.DataFrame, Found]
) -> None:
    table = known[0]
    of_length = table[table["judge"] == "length"]
    blind = {term: one for _, term, one in recovery.blind_odds_ratios(of_length, corpus.table())}
    for artifact in ("apology", "authority", "halo"):
        assert log(blind[artifact].estimate) > 0.1
        assert "words" in blind[artifact].caution


def test_intervals_hold_the_planted_truth_in_about_95_of_100_cells(tallies: Any) -> None:
    held = np.array([one.held for (model, _, _), one in tallies.items() if model != "without lengths"], float)
    assert held.shape[1] == AUDITS
    # Cells of one audit share verdicts; the simulation error is that of a fifth as many independent ones.
    error = sqrt(LEVEL * (1 - LEVEL) / (held.size / 5))
    assert held.mean() > LEVEL - 2 * error
    assert held.mean() < 0.999


def test_estimates_are_off_by_no_more_than_their_errors_and_to_neither_side(tallies: Any) -> None:
    """In units of the interval's half width, about 1.96 standard errors."""
    off = [
        (one.bias / half, cell)
        for cell, one in tallies.items()
        if cell[0] != "without lengths" and (half := np.mean(one.half_widths) / sqrt(AUDITS)) > 0
    ]
    assert len(off) > 60
    assert max(off)[0] < 2
    assert min(off)[0] > -2
    assert abs(np.mean([each for each, _ in off])) < 0.25


def test_sensitive_is_what_was_planted_and_nothing_else(tallies: Any) -> None:
    """A length-biased judge is moved by what artifacts add: true, and told by the truth of its cells."""
    cells = {cell: one for cell, one in tallies.items() if cell[0] in HEADLINE}
    assert len(cells) == 2 * len(ASKED) * 5
    for cell, one in cells.items():
        if abs(one.true) > 10:
            assert all(one.sensitive), cell
        elif abs(one.true) < 2:
            assert not any(one.sensitive), cell
    clear = {(judge, term) for (_, judge, term), one in cells.items() if abs(one.true) > 10}
    assert clear == {("all", term) for term in ("apology", "authority", "dialect_aae", "position")} | {
        ("length", "authority")
    }


def test_a_noisy_judge_without_a_bias_is_not_accused(tallies: Any) -> None:
    """Its order flips, two in three, are its noise floor."""
    flip, floor, above = (
        tallies[name, "noisy", "position"] for name in ("flip", "noise_floor", "noise_adjusted_flip")
    )
    assert np.mean(floor.estimates) > 0.6
    assert np.mean(flip.estimates) > 0.6
    assert above.true == 0
    assert abs(above.bias) < 2 * np.mean(above.half_widths) / sqrt(AUDITS)
    assert any(above.held)
    family = [one for (name, judge, _), one in tallies.items() if name in HEADLINE and judge == "noisy"]
    assert len(family) == 10
    assert not any(any(one.sensitive) for one in family)


def test_an_audit_of_judges_that_are_moved_accuses_none_that_is_not(
    known: tuple[pd.DataFrame, Found],
) -> None:
    """Each judge with one bias is sensitive to that alone, and the fair ones to nothing."""
    planted = {
        "position": "position",
        "apology": "apology",
        "authority": "authority",
        "dialect": "dialect_aae",
    }
    for name in ("fair", "noisy", *planted):
        sensitive = {
            term
            for (measured, judge, term), m in known[1].items()
            if measured in HEADLINE and judge == name and m.reading is Reading.SENSITIVE
        }
        assert sensitive == ({planted[name]} if name in planted else set()), name
