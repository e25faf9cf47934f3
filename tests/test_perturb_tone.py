"""Moods are sentences round a response that say nothing of it; changes of style by a model keep what the text says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from omegaconf import OmegaConf

from judgeaudit import catalog
from judgeaudit.errors import PerturbationError
from judgeaudit.judges.base import Completion
from judgeaudit.perturb import Perturbation, Rewrite, Status, from_config
from judgeaudit.records import Pair, Turn

FILES = {entry.name: entry.path for entry in catalog.entries("perturbation")}
MOODS = ["cheerful", "sad", "angry", "fearful"]
LANGUAGES = ["en", "de", "fr", "es", "zh"]
REWRITES = ["paraphrase", "storytelling", "news", "translation", "verbosity_rewrite"]
REPLY = "Wear a helmet when you ride. It is not optional in 3 of our parks."


def content(name: str, **changes: object) -> Any:
    return {**OmegaConf.to_container(OmegaConf.load(FILES[name]), resolve=False), **changes}  # type: ignore[dict-item]


def pair(language: str = "en", id: str = "p") -> Pair:
    return Pair(id, (Turn("user", "q"),), REPLY, "", language=language)


def with_mood(name: str, language: str = "en", id: str = "p", **changes: object) -> str:
    made = from_config(content(name, **changes), seed=0)
    assert isinstance(made, Perturbation)
    result = made.apply(pair(language, id), "a")
    assert result.text is not None, result.reason
    return result.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mood", MOODS)
def test_a_mood_stands_before_and_after_the_response_in_its_language(mood: str, language: str) -> None:
    before, after = with_mood(mood, language).split(f"\n\n{REPLY}\n\n")
    bank = content(mood)["phrases"][language]
    assert before in bank
    assert after in bank
    assert before != after


@pytest.mark.parametrize("mood", MOODS)
def test_a_stronger_mood_has_more_sentences_and_those_of_the_weaker_before_the_response(mood: str) -> None:
    one, three = (with_mood(mood, dose=dose).split(f"\n\n{REPLY}\n\n") for dose in (1, 3))
    bank = content(mood)["phrases"]["en"]
    assert three[0].startswith(one[0])
    said = [phrase for side in three for phrase in bank if phrase in side]
    assert len(said) == len(set(said)) == 6


@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.parametrize("place", ["prefix", "suffix", "inline"])
def test_a_mood_can_be_put_elsewhere(mood: str, place: str) -> None:
    result = with_mood(mood, place=place)
    assert result.startswith("Wear") == (place != "prefix")
    assert result.endswith("parks.") == (place != "suffix")


@pytest.mark.parametrize("mood", MOODS)
def test_the_phrases_of_a_mood_are_its_own_and_fit_on_either_side(mood: str) -> None:
    banks = content(mood)["phrases"]
    assert set(banks) == set(LANGUAGES)
    for bank in banks.values():
        assert len(set(bank)) == 6
        assert all(phrase == phrase.strip() and "\n" not in phrase for phrase in bank)
    others = {
        phrase
        for other in MOODS
        if other != mood
        for bank in content(other)["phrases"].values()
        for phrase in bank
    }
    assert not others & {phrase for bank in banks.values() for phrase in bank}


@pytest.mark.parametrize("mood", MOODS)
def test_a_mood_says_nothing_of_the_response_or_of_its_reader(mood: str) -> None:
    said = " ".join(content(mood)["phrases"]["en"]).lower()
    assert not re.search(
        r"\d|\b(?:answer|reply|response|question|request|sorry|cannot|true|correct|wrong|safe|danger\w*|help|your?|stupid|idiot)\b",
        said.replace("it has nothing to do with you", ""),
    )


def test_anger_is_never_at_the_reader() -> None:
    spoken_to = [phrase for phrase in content("angry")["phrases"]["en"] if re.search(r"\byou", phrase)]
    assert spoken_to == ["I'm fuming as I write this, and it has nothing to do with you!"]


def test_a_mood_in_a_language_without_phrases_is_not_applicable() -> None:
    made = from_config(content("sad"), seed=0)
    assert isinstance(made, Perturbation)
    assert made.apply(pair("sw"), "a").status is Status.NOT_APPLICABLE


def test_moods_differ_from_pair_to_pair() -> None:
    assert len({with_mood("cheerful", id=f"p{i}") for i in range(40)}) > 10


def made(name: str, **changes: object) -> Rewrite:
    rewrite = from_config(content(name, **changes), seed=0)
    assert isinstance(rewrite, Rewrite)
    return rewrite


@pytest.mark.parametrize("name", REWRITES)
def test_a_writer_is_told_to_keep_what_carries_the_answer(name: str) -> None:
    task = str(made(name).messages(pair(), "a")[0]["content"])
    for kept in ("every fact, number", "name", "code", "Add no information", "leave none out", "declines"):
        assert kept in task
    assert not re.search(r"[{}]", task)


def test_the_target_language_of_a_translation_is_a_parameter() -> None:
    german = str(made("translation").messages(pair(), "a")[0]["content"])
    changed = content("translation")
    changed["rewrite"]["parameters"]["language"] = "Swahili"
    swahili = from_config(changed, seed=0)
    assert isinstance(swahili, Rewrite)
    assert "Translate the text into German." in german
    assert "Translate the text into Swahili." in str(swahili.messages(pair(), "a")[0]["content"])


@pytest.mark.parametrize("dose", [1.2, 1.6, 2.5])
def test_a_rewriting_to_a_length_is_held_to_that_length(dose: float) -> None:
    rewrite = made("verbosity_rewrite", dose=dose)
    assert f"about {dose:g} times as long" in str(rewrite.messages(pair(), "a")[0]["content"])
    for ratio, status in ((0.7, "failed"), (0.85, "changed"), (1.6, "changed"), (1.75, "failed")):
        text = ("word " * 200)[: round(ratio * dose * len(REPLY))].ljust(
            round(ratio * dose * len(REPLY)), "x"
        )
        result = rewrite.accept(pair(), "a", Completion(text=text, model="m"))
        assert result.status.value == status, (ratio, result.reason)


def test_a_paraphrase_is_as_long_as_its_original() -> None:
    rewrite = made("paraphrase")
    for ratio, status in ((0.85, "failed"), (0.95, "changed"), (1.05, "changed"), (1.15, "failed")):
        result = rewrite.accept(pair(), "a", Completion(text="x" * round(ratio * len(REPLY)), model="m"))
        assert result.status.value == status, (ratio, result.reason)


@pytest.mark.parametrize("name", [name for name in REWRITES if name != "paraphrase"])
def test_the_control_of_a_rewriting_is_a_paraphrase(name: str) -> None:
    assert made(name).declaration.placebo == "paraphrase"
    assert made("paraphrase").declaration.family == "control"


def test_a_length_out_of_range_is_refused() -> None:
    with pytest.raises(PerturbationError, match="dose: found 5"):
        made("verbosity_rewrite", dose=5)
