"""A perturbation declared wrongly is refused: the message names it, the key, what was found and what was expected."""

from __future__ import annotations

from typing import Any

import pytest
from omegaconf import OmegaConf

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb import Perturbation, Rewrite, Status, from_config
from judgeaudit.records import Pair, Turn

DECLARED: dict[str, Any] = {
    "name": "mine",
    "version": 1,
    "description": "a test",
    "family": "style",
    "source": "own",
    "place": "prefix",
}
PAIR = Pair("p", (Turn("user", "q"),), "a reply", "another")
REWRITE = {"instruction": "Make it rhyme.", "min_length_ratio": 0.5, "max_length_ratio": 2}
DOSES = {"levels": [1, 2], "min": 0, "max": 2, "unit": "phrases"}
VERBOSITY = "judgeaudit.perturb.edits.verbosity.Verbosity"


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({}, ["found none", "phrases, phrases_of, replace, rewrite, edit"]),
        ({"phrases": "P", "replace": []}, ["phrases and replace", "exactly one"]),
        ({"phrases": "P", "phrazes": "P"}, ["'phrazes'", "unknown key", "phrases"]),
        ({"phrases": ""}, ["phrases", "''"]),
        ({"phrases": "  "}, ["phrases"]),
        ({"phrases": 3}, ["phrases", "3"]),
        ({"phrases": []}, ["phrases", "[]"]),
        ({"phrases": {}}, ["phrases", "{}"]),
        ({"phrases": {"en": ["P", None]}}, ["phrases.en", "None"]),
        ({"phrases": {False: "Nei."}}, ["phrases", "False", "'no' in quotes"]),
        ({"phrases": {"en": "P"}, "languages": ["en", "ko"]}, ["languages", "'ko'", "no phrase"]),
        ({"phrases": "P", "languages": "en"}, ["languages", "'en'", "list"]),
        ({"phrases": "P", "languages": []}, ["languages", "[]"]),
        ({"phrases": "P", "languages": [False]}, ["languages", "False"]),
        ({"phrases": "P", "separator": 1}, ["separator", "1", "text"]),
        ({"replace": [{"pattern": "a", "with": "b"}], "separator": " "}, ["separator", "replace"]),
        ({"phrases": "P", "version": 0}, ["version", "0", "from 1 up"]),
        ({"phrases": "P", "version": "1"}, ["version", "'1'"]),
        ({"phrases": "P", "version": True}, ["version", "True"]),
        ({"phrases": "P", "description": ""}, ["description"]),
        ({"phrases": "P", "placebo": 3}, ["placebo", "3"]),
        ({"replace": []}, ["replace", "[]"]),
        ({"replace": [{"pattern": "("}]}, ["replace[0]", "pattern and with"]),
        ({"replace": [{"pattern": "(", "with": "x"}]}, ["replace[0].pattern", "'('", "unterminated"]),
        ({"replace": [{"pattern": "", "with": "x"}]}, ["replace[0].pattern", "''"]),
        (
            {"replace": [{"pattern": "a", "with": "b"}, {"pattern": "a", "with": r"\2"}]},
            ["replace[1].with", "group"],
        ),
        ({"replace": [{"pattern": "a", "with": None}]}, ["replace[0].with", "None"]),
        ({"rewrite": REWRITE}, ["place", "'prefix'", "rewrite"]),
        ({"place": "rewrite", "rewrite": "Make it rhyme."}, ["rewrite", "instruction"]),
        ({"place": "rewrite", "rewrite": {"instruction": "x"}}, ["rewrite.min_length_ratio", "not there"]),
        ({"place": "rewrite", "rewrite": {**REWRITE, "tone": "x"}}, ["rewrite", "'tone'", "unknown key"]),
        (
            {"place": "rewrite", "rewrite": {**REWRITE, "min_length_ratio": 2}},
            ["rewrite.max_length_ratio", "more than"],
        ),
        (
            {"place": "rewrite", "rewrite": {**REWRITE, "min_length_ratio": float("nan")}},
            ["rewrite.min_length_ratio", "nan"],
        ),
        (
            {"place": "rewrite", "rewrite": {**REWRITE, "max_length_ratio": "2"}},
            ["rewrite.max_length_ratio", "'2'"],
        ),
        ({"edit": {}}, ["edit._target_", "not there"]),
        ({"edit": {"_target_": "nowhere.at.all"}}, ["edit._target_", "'nowhere.at.all'"]),
        ({"edit": {"_target_": "judgeaudit.perturb.nothing"}}, ["edit._target_", "nothing"]),
        ({"edit": {"_target_": VERBOSITY, "speed": 3}}, ["speed"]),
        ({"edit": {"_target_": VERBOSITY, "target_ratio": 0.5}}, ["0.5", "1 < target_ratio"]),
        (
            {"edit": {"_target_": "judgeaudit.perturb.dialect.dialect", "variety": "aae", "dose": 0}},
            ["dose", "0"],
        ),
        ({"edit": {"_target_": "builtins.dict"}}, ["dict", "(text, context, rng)"]),
        ({"edit": {"_target_": "os.path.basename", "_partial_": True}}, ["os.path.basename", "argument"]),
        (
            {"edit": {"_target_": "judgeaudit.perturb.edits.noise.typos", "_partial_": True, "share": 3}},
            ["edit: share: found 3"],
        ),
        ({"phrases": "P", "family": "kindness"}, ["family", "'kindness'", "refusal, disclaimer"]),
        ({"phrases": "P", "place": "middle"}, ["place", "'middle'", "prefix, suffix"]),
        ({"phrases": "P", "places": ["suffix"]}, ["place", "'prefix'", "one of its places: suffix"]),
        ({"phrases": "P", "keeps": ["tone"]}, ["keeps", "'tone'", "text, wording"]),
        ({"phrases": "P", "matched": "yes"}, ["matched", "'yes'"]),
        ({"phrases": "P", "draw": "last"}, ["draw", "'last'", "first or random"]),
        ({"phrases": "P", "language": "any"}, ["language", "'any'", "own or mismatched"]),
        ({"phrases": "P", "dose": 1}, ["doses: not there"]),
        ({"phrases": "P", "doses": DOSES}, ["dose: not there"]),
        (
            {"phrases": ["P", "Q"], "dose": 3, "doses": DOSES},
            ["dose: found 3", "at most 2 (phrases)", "such as 1, 2"],
        ),
        ({"phrases": ["P", "Q"], "dose": 0, "doses": DOSES}, ["dose: found 0", "more than 0"]),
        ({"phrases": ["P", "Q"], "dose": 1.5, "doses": DOSES}, ["dose", "1.5", "whole number of phrases"]),
        ({"phrases": "P", "dose": 1, "doses": DOSES}, ["doses.max", "2", "at most 1", "phrasings in *"]),
        ({"phrases": "P", "dose": 1, "doses": {**DOSES, "levels": [2, 1]}}, ["doses.levels", "rising"]),
        ({"phrases": "P", "dose": 1, "doses": {**DOSES, "levels": [1, 9]}}, ["doses.levels", "9"]),
        ({"phrases": "P", "dose": 1, "doses": {"levels": [1]}}, ["doses", "levels, min, max, unit"]),
        ({"phrases": "P", "validity": {"rouge": [1, 2]}}, ["validity", "'rouge'", "chrf"]),
        ({"phrases": "P", "validity": {"chrf": 40}}, ["validity.chrf", "40", "[least, most]"]),
        ({"phrases": "P", "validity": {"chrf": [90, 40]}}, ["validity.chrf", "the least before the most"]),
        ({"phrases": "P", "validity": {"chrf": [40, 400]}}, ["validity.chrf", "400", "from 0 to 100"]),
        ({"phrases_of": "other"}, ["phrases_of", "'other'"]),
        (
            {"place": "rewrite", "rewrite": {**REWRITE, "instruction": "In {language}."}},
            ["rewrite.instruction", "language"],
        ),
        (
            {"place": "rewrite", "rewrite": {**REWRITE, "length_ratios_times_dose": True}},
            ["length_ratios_times_dose", "beside a dose"],
        ),
    ],
)
def test_a_wrong_declaration_is_refused_with_what_was_found_and_expected(
    change: dict[str, Any], names: list[str]
) -> None:
    with pytest.raises(PerturbationError) as caught:
        from_config({**DECLARED, **change}, seed=0)
    message = str(caught.value)
    assert message.startswith("perturbation 'mine'")
    for name in names:
        assert name in message


@pytest.mark.parametrize("key", DECLARED)
def test_every_required_key_is_asked_for(key: str) -> None:
    declared = {name: value for name, value in DECLARED.items() if name != key}
    with pytest.raises(PerturbationError, match=f"{key}: not there"):
        from_config({**declared, "phrases": "P"}, seed=0)


@pytest.mark.parametrize("content", [["phrases"], None, "prefix"])
def test_a_file_that_is_no_mapping_is_refused(content: Any) -> None:
    with pytest.raises(PerturbationError, match="expected a mapping"):
        from_config(content, seed=0)


def test_a_configuration_from_hydra_is_read_with_its_references_resolved() -> None:
    config = OmegaConf.create({**DECLARED, "phrases": "It is ${name}.", "separator": " "})
    made = from_config(config, seed=0)
    assert isinstance(made, Perturbation)
    assert made.apply(PAIR, "a").text == "It is mine. a reply"


def test_a_broken_reference_is_a_perturbation_error() -> None:
    with pytest.raises(PerturbationError, match="nowhere"):
        from_config(OmegaConf.create({**DECLARED, "phrases": "${nowhere}"}), seed=0)


def test_each_form_gives_its_kind_and_keeps_the_declared_fields() -> None:
    made = from_config({**DECLARED, "phrases": "P", "placebo": "other", "languages": ["EN", "pt_BR"]}, seed=5)
    assert isinstance(made, Perturbation)
    declared = made.declaration
    assert (made.name, declared.version, declared.family, declared.placebo, made.seed) == (
        "mine", 1, "style", "other", 5,
    )  # fmt: skip
    assert declared.languages == ("en", "pt-br")
    rewrite = from_config({**DECLARED, "place": "rewrite", "rewrite": REWRITE}, seed=5)
    assert isinstance(rewrite, Rewrite)
    assert (rewrite.instruction, rewrite.min_length_ratio, rewrite.max_length_ratio) == (
        "Make it rhyme.",
        0.5,
        2,
    )


def shout(text: str, context: object, rng: object, mark: str = "!") -> str:
    return text.upper() + mark


def test_a_plain_function_is_an_edit_with_its_arguments() -> None:
    declared = {"_target_": f"{__name__}.shout", "_partial_": True, "mark": "?"}
    made = from_config({**DECLARED, "edit": declared}, seed=0)
    assert isinstance(made, Perturbation)
    result = made.apply(PAIR, "a")
    assert (result.status, result.text) == (Status.CHANGED, "A REPLY?")
    assert made.identity()["edit"]["declaration"] == declared


def test_the_dose_reaches_the_arguments_that_refer_to_it() -> None:
    edit = {"_target_": f"{__name__}.shout", "_partial_": True, "mark": "${..dose}"}
    content = {**DECLARED, "dose": 2, "doses": DOSES, "edit": edit}
    made = from_config(content, seed=0)
    assert made.identity()["edit"]["declaration"]["mark"] == 2  # type: ignore[index, call-overload]


def test_a_rewriting_s_dose_stands_in_its_instruction_and_bounds_its_length() -> None:
    doses = {"levels": [1.5, 2], "min": 1, "max": 4, "unit": "times the length"}
    rewrite = {
        "instruction": "Make it {dose} times as long, in {language}.",
        "parameters": {"language": "German"},
        "min_length_ratio": 0.8,
        "max_length_ratio": 1.5,
        "length_ratios_times_dose": True,
    }
    made = from_config(
        {**DECLARED, "place": "rewrite", "dose": 1.5, "doses": doses, "rewrite": rewrite}, seed=0
    )
    assert isinstance(made, Rewrite)
    assert made.instruction == "Make it 1.5 times as long, in German."
    assert (made.min_length_ratio, made.max_length_ratio) == pytest.approx((1.2, 2.25))


def test_phrases_of_another_file_are_read_from_it() -> None:
    other = {**DECLARED, "name": "other", "phrases": {"en": "Hello.", "de": "Hallo."}}
    content = {**DECLARED, "phrases_of": "other", "language": "mismatched"}
    made = from_config(content, seed=0, declared=lambda name: {"other": other}[name])
    assert isinstance(made, Perturbation)
    assert made.apply(PAIR, "a").text == "Hallo.\n\na reply"


def test_a_phrase_between_sentences_does_not_claim_to_leave_the_text_in_one_piece() -> None:
    keeps = {"keeps": ["text", "wording"], "places": ["prefix", "inline"], "phrases": "P"}
    assert from_config({**DECLARED, **keeps}, seed=0).declaration.keeps == ("text", "wording")
    assert from_config({**DECLARED, **keeps, "place": "inline"}, seed=0).declaration.keeps == ("wording",)


@pytest.mark.parametrize("name", ["a+b", "a@3", "a/b"])
def test_a_name_holds_no_sign_that_compositions_doses_and_paths_are_written_with(name: str) -> None:
    with pytest.raises(PerturbationError, match=r"name: found .*, expected a name without \+, @ and slashes"):
        from_config({**DECLARED, "name": name, "phrases": "P"}, seed=0)
