"""Safety, authority, social and identity phrases: enough phrasings, nothing real, and controls of their size."""

from __future__ import annotations

import re
import statistics
from pathlib import Path
from typing import Any

import pytest
from omegaconf import OmegaConf

from judgeaudit.perturb import Perturbation, Status, from_config
from judgeaudit.records import Pair, Turn

FOLDER = Path(__file__).parents[1] / "perturbations"

SAFETY = ["hotline_referral", "policy_citation", "moralizing"]
CITATIONS = ["book_citation", "quote_citation", "url_citation"]
SOCIAL = ["bandwagon", "refinement_claim", "model_name", "credential_claim"]
BLOCKS = ["benign_block", "benign_before", "benign_around"]
IDENTITIES = [
    f"identity_{attribute}"
    for attribute in ("gender", "religion", "ethnicity", "age", "disability", "orientation", "nationality")
]
NAMES = ["names_black", "names_white", "names_hispanic", "names_asian"]
CONTROLS = ["identity_control", "names_control"]
BANKS = [*SAFETY, *CITATIONS, *SOCIAL, "benign_block", *IDENTITIES, *NAMES, *CONTROLS]
ALL = [*BANKS, "benign_before", "benign_around"]

FIVE = {"en", "de", "fr", "es", "zh"}
NINE = FIVE | {"it", "pt", "ja", "ar"}
TRADITIONAL_CHINESE = {"zh-hant", "zh-tw", "zh-hk"}
WITHOUT_SPACES = {"zh", "ja", *TRADITIONAL_CHINESE}

MADE_UP = re.compile(
    r"Oskelund|Tavrinet|Belquist|Quillander|Harvale|奥斯克伦德|塔夫里内特|奎兰德|奧斯克倫德|塔夫里內特|奎蘭德"
)
REAL_AUTHORITIES = re.compile(
    r"(?i:wikipedia|harvard|oxford|cambridge|stanford|springer|elsevier|penguin|routledge|unesco|einstein)"
    r"|\b(?:Nature|WHO|NHS|CDC|MIT)\b"
)
HOST = re.compile(r"https?://([^/\s]+)")
RESERVED_HOST = re.compile(r"(?:[a-z]+\.)*(?:example|example\.(?:org|com|net))")
"""The names that RFC 2606 keeps for examples."""

IN_TWO_FORMS = (r"As someone who (.+), here is my answer\.", r"This is written by someone who (.+)\.")


def content(name: str) -> Any:
    return OmegaConf.to_container(OmegaConf.load(FOLDER / f"{name}.yaml"), resolve=True)


def bank(name: str) -> dict[str, list[str]]:
    phrases: dict[str, list[str]] = content(name)["phrases"]
    return phrases


def every_phrase(name: str) -> list[str]:
    return [phrase for phrases in bank(name).values() for phrase in phrases]


def applied(name: str, text: str, language: str = "en", pair_id: str = "p", **changed: object) -> str:
    made = from_config({**content(name), **changed}, seed=0, declared=content)
    assert isinstance(made, Perturbation)
    result = made.apply(Pair(pair_id, (Turn("user", "q"),), text, "", language=language), "a")
    assert result.status is Status.CHANGED
    assert result.text is not None
    return result.text


@pytest.mark.parametrize("name", ALL)
def test_a_file_is_read_and_leaves_the_response_in_its_text(name: str) -> None:
    text = "Use a ladder.\n\n- And a friend. "
    edited = applied(name, text)
    match content(name)["place"]:
        case "prefix":
            assert edited.endswith(f"\n\n{text}")
        case "suffix":
            assert edited.startswith(f"{text}\n\n")
        case "around":
            assert f"\n\n{text}\n\n" in edited
    assert "text" in content(name)["keeps"]


@pytest.mark.parametrize("name", BANKS)
def test_there_are_three_phrasings_or_more_in_a_language_and_no_two_are_alike(name: str) -> None:
    for phrases in bank(name).values():
        assert len(phrases) >= 3
        assert len(set(phrases)) == len(phrases)
        assert all(phrase == phrase.strip() and "\n" not in phrase for phrase in phrases)


@pytest.mark.parametrize(
    ("names", "languages"),
    [
        (SAFETY, NINE | TRADITIONAL_CHINESE),
        (
            [*CITATIONS, "bandwagon", "refinement_claim", "credential_claim", "benign_block"],
            FIVE | TRADITIONAL_CHINESE,
        ),
        (["model_name"], FIVE),  # whose Chinese is written alike in both scripts
        ([*IDENTITIES, *NAMES, *CONTROLS], {"en"}),
    ],
)
def test_each_speaks_the_languages_that_it_can_be_said_in(names: list[str], languages: set[str]) -> None:
    for name in names:
        assert bank(name).keys() == languages
        assert not set(bank(name).get("zh", ())) & set(bank(name).get("zh-hant", ()))


@pytest.mark.parametrize("name", ["hotline_referral", *SOCIAL, "benign_block"])
def test_translations_have_about_the_size_of_the_english_phrases(name: str) -> None:
    english = statistics.mean(map(len, bank(name)["en"]))
    for language, phrases in bank(name).items():
        low, high = (0.2, 0.75) if language in WITHOUT_SPACES else (0.75, 1.3)
        assert low <= statistics.mean(map(len, phrases)) / english <= high, language


@pytest.mark.parametrize("name", ALL)
def test_a_dose_is_a_number_of_phrases_that_every_language_has(name: str) -> None:
    declared = content(name)
    if "dose" in declared:
        phrases = bank(declared.get("phrases_of", name))
        assert declared["doses"]["max"] <= min(map(len, phrases.values()))
        one, three = applied(name, "x"), applied(name, "x", dose=3)
        assert len(three) > 2 * len(one)


@pytest.mark.parametrize("name", [*SAFETY, *SOCIAL, *IDENTITIES, "benign_block", "identity_control"])
def test_there_is_no_link_address_or_telephone_number(name: str) -> None:
    for phrase in every_phrase(name):
        assert not re.search(r"://|www\.|@|\d{3}|(?:\d[ ./()-]+){2}\d", phrase), phrase


def test_links_lead_to_domains_reserved_for_examples() -> None:
    for phrase in every_phrase("url_citation"):
        assert len(HOST.findall(phrase)) == 1
        assert RESERVED_HOST.fullmatch(HOST.findall(phrase)[0])


@pytest.mark.parametrize("name", ["book_citation", "quote_citation"])
def test_those_cited_are_made_up(name: str) -> None:
    for phrase in every_phrase(name):
        assert MADE_UP.search(phrase)
        assert not REAL_AUTHORITIES.search(phrase)
    for other in ("policy_citation", "credential_claim", "url_citation"):
        assert not any(REAL_AUTHORITIES.search(phrase) for phrase in every_phrase(other))


def test_every_policy_citation_cites_the_same_section() -> None:
    assert all("4.2" in phrase for phrase in every_phrase("policy_citation"))
    assert all(
        "Section 4.2 of the Responsible Use Policy" in phrase for phrase in bank("policy_citation")["en"]
    )


def test_the_same_models_are_named_in_every_language() -> None:
    models = [phrase.removeprefix("Answer by ").removesuffix(":") for phrase in bank("model_name")["en"]]
    for phrases in bank("model_name").values():
        assert [model in phrase for model, phrase in zip(models, phrases, strict=True)] == [True] * len(
            models
        )


def test_a_benign_block_is_a_paragraph_of_some_forty_to_sixty_words() -> None:
    for language, blocks in bank("benign_block").items():
        for block in blocks:
            assert 80 <= len(block) <= 110 if language in WITHOUT_SPACES else 40 <= len(block.split()) <= 65


def test_a_benign_block_stands_after_before_or_on_both_sides_under_three_names() -> None:
    text = "Use a ladder."
    blocks = set(bank("benign_block")["en"])
    assert applied("benign_block", text).removeprefix(f"{text}\n\n") in blocks
    assert applied("benign_before", text).removesuffix(f"\n\n{text}") in blocks
    before, after = applied("benign_around", text).split(f"\n\n{text}\n\n")
    assert {before, after} <= blocks
    assert before != after
    assert applied("benign_block", text, place="prefix").endswith(f"\n\n{text}")


@pytest.mark.parametrize("name", [*IDENTITIES, *NAMES])
def test_identities_have_a_control_of_their_place_and_size_and_languages(name: str) -> None:
    control = content(name)["placebo"]
    assert control == ("identity_control" if name in IDENTITIES else "names_control")
    assert content(control)["family"] == "control"
    for key in ("place", "separator", "languages", "keeps"):
        assert content(name).get(key) == content(control).get(key)
    assert "places" not in content(name)  # elsewhere the control would not stand in the same place
    size, expected = (statistics.mean(map(len, bank(each)["en"])) for each in (name, control))
    assert abs(size / expected - 1) <= 0.2


@pytest.mark.parametrize("name", [*IDENTITIES, "identity_control"])
def test_each_identity_is_stated_in_the_same_two_forms(name: str) -> None:
    phrases = bank(name)["en"]
    said = [
        [match[1] for phrase in phrases if (match := re.fullmatch(form, phrase))] for form in IN_TWO_FORMS
    ]
    assert said[0] == said[1]
    assert len(said[0]) + len(said[1]) == len(phrases)


@pytest.mark.parametrize("name", [*NAMES, "names_control"])
def test_a_signature_is_a_name_and_no_more(name: str) -> None:
    form = (
        r"Written by user [a-z-]+-\d+\."
        if name == "names_control"
        else r"Written by [A-Z][a-z]+ [A-Z][A-Za-z]+\."
    )
    assert all(re.fullmatch(form, phrase) for phrase in bank(name)["en"])
    assert len(bank(name)["en"]) == 8


def test_no_name_is_in_two_lists() -> None:
    words = [{word for phrase in bank(name)["en"] for word in phrase.split()[2:]} for name in NAMES]
    assert sum(map(len, words)) == len(set().union(*words))


@pytest.mark.parametrize("name", ["benign_block", "hotline_referral", "identity_age", "names_asian"])
def test_which_phrase_is_drawn_depends_on_the_pair(name: str) -> None:
    assert len({applied(name, "x", pair_id=str(index)) for index in range(60)}) == len(bank(name)["en"])
