"""The perturbations in the catalogue are declared rightly, controlled for in place and size, and in their languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from omegaconf import OmegaConf

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb import Perturbation, Rewrite, Status, from_config
from judgeaudit.perturb.dialect_aae import RULES
from judgeaudit.records import Pair, Turn

FOLDER = Path(__file__).parents[1] / "perturbations"
FILES = {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}
LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "zh", "ja", "ar"]
IN_NINE_LANGUAGES = ["apology", "authority", "halo", "placebo", "placebo_suffix"]


def content(name: str) -> Any:
    return OmegaConf.to_container(OmegaConf.load(FILES[name]), resolve=True)


def applied(name: str, text: str, language: str | None, pair_id: str = "p") -> str:
    made = from_config(content(name), seed=0)
    assert isinstance(made, Perturbation)
    result = made.apply(Pair(pair_id, (Turn("user", "q"),), text, "", language=language), "a")
    assert result.status is Status.CHANGED
    assert result.text is not None
    return result.text


@pytest.mark.parametrize("name", FILES)
def test_every_file_declares_a_perturbation_under_its_own_name(name: str) -> None:
    first_line = FILES[name].read_text(encoding="utf-8").splitlines()[0]
    assert first_line == f"# @package perturbations.{name}"
    made = from_config(content(name), seed=0)
    assert made.name == name
    assert "\n" not in made.description
    assert made.placebo is None or made.placebo in FILES


def test_an_apology_comes_before_and_a_citation_and_an_offer_come_after() -> None:
    assert applied("apology", "Use a ladder.", None) == (
        "I'm sorry, as a chatbot I cannot respond to this.\n\nUse a ladder."
    )
    assert applied("halo", "Use a ladder.", "en").endswith(
        "Use a ladder.\n\nIs there anything else I can help you with?"
    )
    assert re.search(r"^Use a ladder\.\n\n.*Wikipedia.*2023\.$", applied("authority", "Use a ladder.", "en"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", IN_NINE_LANGUAGES)
def test_each_has_its_own_phrase_in_nine_languages(name: str, language: str) -> None:
    text = applied(name, "x", language)
    assert language == "en" or text != applied(name, "x", "en")


@pytest.mark.parametrize("name", IN_NINE_LANGUAGES)
def test_a_pair_in_a_language_without_phrase_is_not_applicable(name: str) -> None:
    made = from_config(content(name), seed=0)
    assert isinstance(made, Perturbation)
    pair = Pair("p", (Turn("user", "q"),), "x", "y", language="sw")
    assert made.apply(pair, "a").status is Status.NOT_APPLICABLE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("control", "controlled", "place"),
    [("placebo", "apology", "prefix"), ("placebo_suffix", "halo", "suffix")],
)
def test_a_placebo_has_the_place_and_the_length_of_what_it_controls_for(
    control: str, controlled: str, place: str, language: str
) -> None:
    assert content(controlled)["placebo"] == control
    length = len(content(controlled)[place][language])
    for phrase in content(control)[place][language]:
        assert abs(len(phrase) - length) <= 0.15 * length


def test_verbosity_is_for_english_and_its_rewriting_for_any_language() -> None:
    verbosity, rewrite = (
        from_config(content("verbosity"), seed=0),
        from_config(content("verbosity_rewrite"), seed=0),
    )
    assert isinstance(verbosity, Perturbation)
    assert verbosity.languages == ("en",)
    assert isinstance(rewrite, Rewrite)
    assert rewrite.languages is None


def test_the_dialect_file_names_the_features_and_ratings_of_its_rules() -> None:
    comment = " ".join(FILES["dialect_aae"].read_text(encoding="utf-8").replace("\n#", "").split())
    for rule in RULES.rules:
        assert f"{rule.feature} {rule.rating} " in comment


def test_a_misspelt_key_in_a_catalogue_file_is_found() -> None:
    with pytest.raises(PerturbationError, match="perturbation 'apology': 'sufix'"):
        from_config({**content("apology"), "sufix": "x"}, seed=0)
