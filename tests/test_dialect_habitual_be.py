"""Habitual *be* is put where standard English has *usually* and a progressive, nowhere else, and is read back there."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from judgeaudit.perturb.dialect import DialectShift, dialect

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "habitual_be.py"


def _benchmark() -> ModuleType | None:
    if not SCRIPT.is_file():
        return None
    spec = importlib.util.spec_from_file_location("habitual_be", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["habitual_be"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


BENCHMARK = _benchmark()
pytestmark = pytest.mark.skipif(
    BENCHMARK is None, reason="benchmarks/habitual_be.py is not in this installation"
)


@pytest.fixture
def benchmark() -> ModuleType:
    assert BENCHMARK is not None
    return BENCHMARK


@pytest.fixture
def pairs(benchmark: ModuleType) -> list[tuple[str, str]]:
    if not benchmark.PAIRS.is_file():
        pytest.skip(f"the pairs are not in {benchmark.PAIRS}")
    found: list[tuple[str, str]] = benchmark.pairs()
    return found


@pytest.fixture
def shift() -> DialectShift:
    return dialect("aae", features=[90])


NO_PARTICIPLES = {"everything", "nothing", "something", "anything", "darling", "morning", "evening", "f’ing"}


def test_standard_sentences_become_the_published_ones_but_for_words_that_are_no_participles(
    benchmark: ModuleType, pairs: list[tuple[str, str]], shift: DialectShift
) -> None:
    missed = {
        standard.split()[-1] for spoken, standard in pairs if benchmark.reworded(shift, standard) != spoken
    }
    assert missed == NO_PARTICIPLES


def test_the_published_sentences_become_the_standard_ones_but_for_the_same_words(
    benchmark: ModuleType, pairs: list[tuple[str, str]]
) -> None:
    missed = {
        spoken.split()[-1]
        for spoken, standard in pairs
        if benchmark.reworded(benchmark.READ_BACK, spoken) != standard
    }
    assert missed == NO_PARTICIPLES


def test_precision_and_recall_are_those_that_are_published(
    benchmark: ModuleType, pairs: list[tuple[str, str]], shift: DialectShift
) -> None:
    into = benchmark.score(
        shift, [(standard, spoken) for spoken, standard in pairs], [spoken for spoken, _ in pairs]
    )
    back = benchmark.score(benchmark.READ_BACK, pairs, [standard for _, standard in pairs])
    for each in (into, back):
        assert each.with_site == len(pairs) == 699
        assert each.exact == 675
        assert each.false == 0
        assert each.precision == 1
        assert each.recall == pytest.approx(675 / 699)


def test_a_false_site_lowers_precision_and_a_wrong_rewording_lowers_both(benchmark: ModuleType) -> None:
    score = benchmark.Score(with_site=10, fired=8, exact=6, without_site=5, false=2)
    assert score.recall == 0.6
    assert score.precision == 0.6


def test_there_are_sixty_near_misses_and_no_two_alike(benchmark: ModuleType) -> None:
    assert len(set(benchmark.INTO_AAE)) == 60
    assert len(set(benchmark.OUT_OF_AAE)) == 25


NEAR_MISSES = () if BENCHMARK is None else BENCHMARK.INTO_AAE
OTHER_BE = () if BENCHMARK is None else BENCHMARK.OUT_OF_AAE


@pytest.mark.parametrize("sentence", NEAR_MISSES)
def test_a_near_miss_gets_no_habitual_be(sentence: str, shift: DialectShift) -> None:
    assert shift.sites(sentence) == []


@pytest.mark.parametrize("sentence", OTHER_BE)
def test_an_infinitive_a_subjunctive_or_an_order_is_not_read_as_habitual(
    sentence: str, benchmark: ModuleType
) -> None:
    assert benchmark.READ_BACK.sites(sentence) == []


def test_standard_prose_has_no_habitual_be_to_read_back(benchmark: ModuleType) -> None:
    sentences = benchmark.prose()
    assert len(sentences) > 1000
    assert [each for each in sentences if benchmark.READ_BACK.sites(each)] == []


@pytest.mark.parametrize(
    "sentence",
    [
        "He is always talking.",
        "They're often working late.",
        "I'm constantly losing it.",
        "We're usually asking.",
    ],
)
def test_what_is_put_in_is_read_back(sentence: str, benchmark: ModuleType, shift: DialectShift) -> None:
    there = benchmark.reworded(shift, sentence)
    assert there != sentence
    back = benchmark.reworded(benchmark.READ_BACK, there)
    assert back == sentence.replace("He is", "He's")
