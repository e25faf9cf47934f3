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
    "family": "test",
    "source": "own",
}
PAIR = Pair("p", (Turn("user", "q"),), "a reply", "another")
REWRITE = {"instruction": "Make it rhyme.", "min_length_ratio": 0.5, "max_length_ratio": 2}
VERBOSITY = "judgeaudit.perturb.verbosity.Verbosity"


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({}, ["found none", "prefix, suffix, replace, rewrite, edit"]),
        ({"prefix": "P", "suffix": "S"}, ["prefix and suffix", "exactly one"]),
        ({"prefix": "P", "prefx": "P"}, ["'prefx'", "unknown key", "prefix"]),
        ({"prefix": ""}, ["prefix", "''"]),
        ({"prefix": "  "}, ["prefix"]),
        ({"prefix": 3}, ["prefix", "3"]),
        ({"prefix": []}, ["prefix", "[]"]),
        ({"prefix": {}}, ["prefix", "{}"]),
        ({"prefix": {"en": ["P", None]}}, ["prefix.en", "None"]),
        ({"prefix": {False: "Nei."}}, ["prefix", "False", "'no' in quotes"]),
        ({"prefix": {"en": "P"}, "languages": ["en", "ko"]}, ["languages", "'ko'", "no phrase"]),
        ({"prefix": "P", "languages": "en"}, ["languages", "'en'", "list"]),
        ({"prefix": "P", "languages": []}, ["languages", "[]"]),
        ({"prefix": "P", "languages": [False]}, ["languages", "False"]),
        ({"prefix": "P", "separator": 1}, ["separator", "1", "text"]),
        ({"replace": [{"pattern": "a", "with": "b"}], "separator": " "}, ["separator", "replace"]),
        ({"prefix": "P", "version": 0}, ["version", "0", "from 1 up"]),
        ({"prefix": "P", "version": "1"}, ["version", "'1'"]),
        ({"prefix": "P", "version": True}, ["version", "True"]),
        ({"prefix": "P", "description": ""}, ["description"]),
        ({"prefix": "P", "placebo": 3}, ["placebo", "3"]),
        ({"replace": []}, ["replace", "[]"]),
        ({"replace": [{"pattern": "("}]}, ["replace[0]", "pattern and with"]),
        ({"replace": [{"pattern": "(", "with": "x"}]}, ["replace[0].pattern", "'('", "unterminated"]),
        ({"replace": [{"pattern": "", "with": "x"}]}, ["replace[0].pattern", "''"]),
        (
            {"replace": [{"pattern": "a", "with": "b"}, {"pattern": "a", "with": r"\2"}]},
            ["replace[1].with", "group"],
        ),
        ({"replace": [{"pattern": "a", "with": None}]}, ["replace[0].with", "None"]),
        ({"rewrite": "Make it rhyme."}, ["rewrite", "instruction"]),
        ({"rewrite": {"instruction": "x"}}, ["rewrite.min_length_ratio", "not there"]),
        ({"rewrite": {**REWRITE, "tone": "x"}}, ["rewrite", "'tone'", "unknown key"]),
        ({"rewrite": {**REWRITE, "min_length_ratio": 2}}, ["rewrite.max_length_ratio", "more than"]),
        ({"rewrite": {**REWRITE, "min_length_ratio": float("nan")}}, ["rewrite.min_length_ratio", "nan"]),
        ({"rewrite": {**REWRITE, "max_length_ratio": "2"}}, ["rewrite.max_length_ratio", "'2'"]),
        ({"edit": {}}, ["edit._target_", "not there"]),
        ({"edit": {"_target_": "nowhere.at.all"}}, ["edit._target_", "'nowhere.at.all'"]),
        ({"edit": {"_target_": "judgeaudit.perturb.nothing"}}, ["edit._target_", "nothing"]),
        ({"edit": {"_target_": VERBOSITY, "speed": 3}}, ["speed"]),
        ({"edit": {"_target_": VERBOSITY, "target_ratio": 0.5}}, ["0.5", "1 < target_ratio"]),
        (
            {"edit": {"_target_": "judgeaudit.perturb.dialect_aae.african_american_english", "dose": 0}},
            ["dose", "0"],
        ),
        ({"edit": {"_target_": "builtins.dict"}}, ["dict", "(text, context, rng)"]),
        ({"edit": {"_target_": "os.path.basename", "_partial_": True}}, ["os.path.basename", "argument"]),
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
        from_config({**declared, "prefix": "P"}, seed=0)


@pytest.mark.parametrize("content", [["prefix"], None, "prefix"])
def test_a_file_that_is_no_mapping_is_refused(content: Any) -> None:
    with pytest.raises(PerturbationError, match="expected a mapping"):
        from_config(content, seed=0)


def test_a_configuration_from_hydra_is_read_with_its_references_resolved() -> None:
    config = OmegaConf.create({**DECLARED, "prefix": "It is ${name}.", "separator": " "})
    made = from_config(config, seed=0)
    assert isinstance(made, Perturbation)
    assert made.apply(PAIR, "a").text == "It is mine. a reply"


def test_a_broken_reference_is_a_perturbation_error() -> None:
    with pytest.raises(PerturbationError, match="nowhere"):
        from_config(OmegaConf.create({**DECLARED, "prefix": "${nowhere}"}), seed=0)


def test_each_form_gives_its_kind_and_keeps_the_declared_fields() -> None:
    made = from_config({**DECLARED, "prefix": "P", "placebo": "other", "languages": ["EN", "pt_BR"]}, seed=5)
    assert isinstance(made, Perturbation)
    assert (made.name, made.version, made.family, made.placebo, made.seed) == ("mine", 1, "test", "other", 5)
    assert made.languages == ("en", "pt-br")
    rewrite = from_config({**DECLARED, "rewrite": REWRITE}, seed=5)
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
