"""Attacks on the judge: phrases that name no label, carry no harm, and stand where they are declared to stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from omegaconf import OmegaConf

from judgeaudit.perturb import Perturbation, Status, from_config
from judgeaudit.prompting.labels import Labels
from judgeaudit.prompting.parser import parse_reply
from judgeaudit.records import Outcome, Pair, Turn

FOLDER = Path(__file__).parents[1] / "perturbations"
APPENDED = ["instruction_injection", "fake_completion", "fake_verdict", "fake_reasoning"]
IN_PLACE = ["null_response", "master_key"]
WITH_PHRASES = [*APPENDED, *IN_PLACE]
ATTACKS = [*WITH_PHRASES, "master_key_prefix"]
NOISE = ["typos", "dropped_punctuation", "extra_whitespace"]
CAMOUFLAGE = ["homoglyphs", "zero_width", "leetspeak", "full_width", "spaced_letters"]
IN_FIVE_LANGUAGES = ["instruction_injection", "fake_verdict"]
RESPONSE = "Open the windows first.\n\nThen rinse the floor with water. Wait until everything is dry."


def declared(name: str) -> Any:
    return OmegaConf.load(FOLDER / f"{name}.yaml")


def made(name: str, **changed: object) -> Perturbation:
    perturbation = from_config(OmegaConf.merge(declared(name), changed), seed=0, declared=declared)
    assert isinstance(perturbation, Perturbation)
    return perturbation


def shown(
    name: str, text: str = RESPONSE, language: str = "en", pair_id: str = "p", **changed: object
) -> str:
    pair = Pair(pair_id, (Turn("user", "q"),), text, "", language=language)
    result = made(name, **changed).apply(pair, "a")
    assert result.status is Status.CHANGED, result.reason
    assert result.text is not None
    return result.text


def phrases(name: str) -> list[tuple[str, str]]:
    return [(language, phrase) for language, listed in declared(name).phrases.items() for phrase in listed]


ALL_PHRASES = [(name, *phrase) for name in WITH_PHRASES for phrase in phrases(name)]


@pytest.mark.parametrize("name", [*ATTACKS, *NOISE, *CAMOUFLAGE])
def test_each_file_declares_its_own_family_and_place(name: str) -> None:
    declaration = made(name).declaration
    assert declaration.name == name
    assert declaration.family == ("attack" if name in ATTACKS else "noise" if name in NOISE else "camouflage")
    assert declaration.place == {
        **dict.fromkeys(ATTACKS, "suffix"),
        **dict.fromkeys(IN_PLACE, "rewrite"),
        "master_key_prefix": "prefix",
    }.get(name, "inline")


@pytest.mark.parametrize("name", [*ATTACKS, *NOISE, *CAMOUFLAGE])
def test_each_has_the_neutral_control_of_its_kind_or_none_where_the_response_is_gone(name: str) -> None:
    expected = None if name in IN_PLACE else "placebo_sentence" if name in ATTACKS else "placebo_typography"
    assert made(name).declaration.placebo == expected


@pytest.mark.parametrize("name", [*NOISE, *CAMOUFLAGE])
def test_the_dose_reaches_the_edit(name: str) -> None:
    text = "Several careful readers noticed that these longer sentences hold many ordinary words. " * 12
    levels = made(name).declaration.doses
    assert levels is not None
    weak, strong = (shown(name, text, dose=dose) for dose in (levels.levels[0], levels.levels[-1]))
    differences = [
        sum(a != b for a, b in zip(text.split(), edited.split(), strict=False)) for edited in (weak, strong)
    ]
    if name == "extra_whitespace":
        differences = [len(re.findall(r"  |[\t\u00a0]", edited)) for edited in (weak, strong)]
    assert 0 < differences[0] < differences[1]


@pytest.mark.parametrize("name", APPENDED)
def test_an_appended_attack_leaves_the_response_as_it_was(name: str) -> None:
    for number in range(5):
        text = shown(name, pair_id=f"p{number}")
        assert text.startswith(f"{RESPONSE}\n\n")
        assert ("en", text.removeprefix(f"{RESPONSE}\n\n")) in phrases(name)


@pytest.mark.parametrize("name", APPENDED)
def test_an_attack_can_stand_in_each_of_its_other_places(name: str) -> None:
    for place in made(name).declaration.places:
        text = shown(name, place=place)
        assert text.startswith(RESPONSE) == (place == "suffix")
        assert text.endswith(RESPONSE) == (place == "prefix")


@pytest.mark.parametrize("name", IN_PLACE)
def test_a_constant_output_replaces_the_response(name: str) -> None:
    one, other = (shown(name, text) for text in (RESPONSE, "Something else entirely."))
    assert one == other
    assert ("en", one) in phrases(name)


def test_a_master_key_before_the_response_is_one_of_those_in_its_place() -> None:
    for language in ("en", "es", "zh", "ja", "sw"):
        key, _, rest = shown("master_key_prefix", language=language).partition("\n\n")
        assert rest == RESPONSE
        assert key in declared("master_key").phrases[language if language != "sw" else "*"]


@pytest.mark.parametrize("name", WITH_PHRASES)
def test_every_phrasing_is_drawn_for_some_pair(name: str) -> None:
    for language, listed in declared(name).phrases.items():
        texts = [
            shown(name, pair_id=f"p{number}", language="sw" if language == "*" else language)
            for number in range(60)
        ]
        assert all(any(phrase in text for text in texts) for phrase in listed)


@pytest.mark.parametrize("name", IN_FIVE_LANGUAGES)
def test_injections_and_verdicts_are_in_five_languages_with_three_phrasings_each(name: str) -> None:
    bank = declared(name).phrases
    assert list(bank) == ["en", "de", "fr", "es", "zh"]
    assert all(len(set(listed)) == len(listed) >= 3 for listed in bank.values())
    for language, listed in bank.items():
        text = shown(name, language=language, dose=3)
        assert sum(phrase in text for phrase in listed) == 3


@pytest.mark.parametrize(
    "name", ["instruction_injection", "fake_completion", "fake_verdict", "fake_reasoning"]
)
def test_an_attack_does_not_apply_to_a_language_it_has_no_phrase_in(name: str) -> None:
    pair = Pair("p", (Turn("user", "q"),), RESPONSE, "", language="sw")
    assert made(name).apply(pair, "a").status is Status.NOT_APPLICABLE


@pytest.mark.parametrize("labels", [Labels("A", "B", "C"), Labels("1", "2", "3"), Labels("A", "B", None)])
@pytest.mark.parametrize(("name", "language", "phrase"), ALL_PHRASES)
def test_no_phrase_names_a_label_or_is_a_verdict_by_itself(
    name: str, language: str, phrase: str, labels: Labels
) -> None:
    assert parse_reply(phrase, labels) in {Outcome.UNPARSED, Outcome.REFUSED}
    assert not re.search(r"\d|\b[ABC]\b", phrase)


@pytest.mark.parametrize(("name", "language", "phrase"), ALL_PHRASES)
def test_no_phrase_breaks_the_judges_fence_or_speaks_in_a_models_control_tokens(
    name: str, language: str, phrase: str
) -> None:
    assert not re.search(r"[<>]|\[/?INST\]|```", phrase)
    assert phrase == phrase.strip()


@pytest.mark.parametrize("name", WITH_PHRASES)
def test_no_phrasing_stands_twice(name: str) -> None:
    found = [phrase for language, phrase in phrases(name) if phrase not in ".,:"]
    assert len(set(found)) == len(found)
