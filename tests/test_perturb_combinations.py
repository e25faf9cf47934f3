"""Places, doses, compositions, factorials and matched controls: what an audit makes of the perturbations it selects."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from judgeaudit import catalog
from judgeaudit.errors import PerturbationError
from judgeaudit.judges.base import Completion
from judgeaudit.perturb import (
    Composition,
    MatchedPlacebo,
    Perturbation,
    Rewrite,
    Selection,
    Status,
    TextContext,
    from_config,
    perturb_all,
    select,
)
from judgeaudit.perturb.validity import check
from judgeaudit.records import Pair, Turn

PHRASINGS = ["One.", "Two.", "Three.", "Four."]


def declared(name: str, **change: Any) -> dict[str, Any]:
    return {
        "name": name, "version": 1, "description": f"the {name}", "family": "style", "source": "own",
        "place": "prefix", "phrases": f"{name}!", **change,
    }  # fmt: skip


def dosed(name: str, **change: Any) -> dict[str, Any]:
    doses = {"levels": [1, 3], "min": 0, "max": 4, "unit": "phrases"}
    return declared(name, **{"phrases": PHRASINGS, "dose": 1, "doses": doses, **change})


def pair(a: str = "A reply.", b: str = "Another.", id: str = "p") -> Pair:
    return Pair(id, (Turn("user", "q"),), a, b)


def text_of(selection: Selection, name: str, one: Pair | None = None) -> str | None:
    texts = perturb_all(selection.changes, [one or pair()])
    return next(text.text for text in texts if text.perturbation == name and text.side == "a")


def chosen(*declarations: dict[str, Any], placebos: bool = False, **design: Any) -> Selection:
    nodes = {one["name"]: one for one in declarations}
    return select(nodes, seed=0, with_placebos=placebos, **design)


def placed(place: str, text: str, **change: Any) -> str | None:
    made = from_config(dosed("x", place=place, draw="first", **change), seed=0)
    assert isinstance(made, Perturbation)
    return made.apply(pair(text), "a").text


TWO_PARAGRAPHS = "First. Still first.\n\nSecond."


@pytest.mark.parametrize(
    ("place", "dose", "expected"),
    [
        ("prefix", 1, "One.\n\nFirst. Still first.\n\nSecond."),
        ("prefix", 3, "One. Two. Three.\n\nFirst. Still first.\n\nSecond."),
        ("suffix", 2, "First. Still first.\n\nSecond.\n\nOne. Two."),
        ("around", 1, "One.\n\nFirst. Still first.\n\nSecond.\n\nTwo."),
        ("around", 3, "One. Three. One.\n\nFirst. Still first.\n\nSecond.\n\nTwo. Four. Two."),
        ("inline", 1, "First. Still first.\n\nOne.\n\nSecond."),
        ("rewrite", 1, "One."),
    ],
)
def test_a_phrase_stands_in_its_place_as_often_as_its_dose(place: str, dose: int, expected: str) -> None:
    assert placed(place, TWO_PARAGRAPHS, dose=dose) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Only one sentence here.", None),
        ("Here is one. Here is two.", "Here is one. One. Here is two."),
        ("", None),
        ("Add 3.5 ml e.g. in `a. B` now.", None),
        ("这是第一句。这是第二句。", "这是第一句。One.这是第二句。"),
    ],
)
def test_inside_a_text_a_phrase_stands_between_sentences_or_nowhere(text: str, expected: str | None) -> None:
    assert placed("inline", text) == expected


@given(st.text(), st.sampled_from(["prefix", "suffix", "around", "inline"]), st.integers(1, 4))
def test_a_phrase_leaves_every_byte_of_the_text_in_its_order(text: str, place: str, dose: int) -> None:
    result = placed(place, text, dose=dose)
    if result is None:
        return
    kept = iter(result)
    assert all(character in kept for character in text)  # the text is a subsequence
    if place != "inline":
        assert text in result


def test_more_phrases_begin_with_the_fewer_that_the_same_seed_draws() -> None:
    for index in range(20):
        texts = [text_of(chosen(dosed("x", dose=dose)), "x", pair(id=f"p{index}")) for dose in (1, 2, 3)]
        stems = [str(text).removesuffix("\n\nA reply.") for text in texts]
        assert stems[2].startswith(stems[1])
        assert stems[1].startswith(stems[0])


def test_several_doses_of_one_file_are_several_perturbations_named_after_their_dose() -> None:
    selection = chosen(dosed("x", dose=[1, 3], draw="first"))
    assert [change.name for change in selection.changes] == ["x@1", "x@3"]
    assert [change.declaration.dose for change in selection.changes] == [1, 3]
    assert {change.declaration.base for change in selection.changes} == {"x"}
    assert text_of(selection, "x@3") == "One. Two. Three.\n\nA reply."


@pytest.mark.parametrize("doses", [[], [1, 1], [1, 9]])
def test_a_list_of_doses_that_makes_no_sense_is_refused(doses: list[int]) -> None:
    with pytest.raises(PerturbationError, match="perturbation 'x': dose: found"):
        chosen(dosed("x", dose=doses))


def test_a_composition_puts_its_parts_into_one_text_in_order() -> None:
    selection = chosen(declared("x"), declared("y"), compose=[["x", "y"], ["y", "x"]])
    assert [change.name for change in selection.changes] == ["x", "y", "x+y", "y+x"]
    assert text_of(selection, "x+y") == "y!\n\nx!\n\nA reply."
    assert text_of(selection, "y+x") == "x!\n\ny!\n\nA reply."


def test_a_part_makes_the_choices_in_a_composition_that_it_makes_alone() -> None:
    for index in range(20):
        selection = chosen(dosed("x"), declared("y", place="suffix"), compose=[["x", "y"]])
        one = pair(id=f"p{index}")
        assert text_of(selection, "x+y", one) == f"{text_of(selection, 'x', one)}\n\ny!"


def test_a_factorial_has_every_combination_and_needs_none_selected_before() -> None:
    parts = [declared("x"), declared("y"), declared("z")]
    selection = chosen(*parts, factorial=[["x", "y", "z"]])
    assert {change.name for change in selection.changes} == {"x", "y", "z", "x+y", "x+z", "y+z", "x+y+z"}
    catalogued = select({}, seed=0, factorial=[["halo", "apology"]], with_placebos=False)
    assert [change.name for change in catalogued.changes] == ["halo", "apology", "halo+apology"]


def test_a_part_may_name_a_dose_and_must_where_there_are_several() -> None:
    selection = chosen(dosed("x", dose=[1, 2], draw="first"), declared("y"), compose=[["x@2", "y"]])
    assert text_of(selection, "x@2+y") == "y!\n\nOne. Two.\n\nA reply."
    with pytest.raises(PerturbationError, match="several doses; expected one of them, such as x@1"):
        chosen(dosed("x", dose=[1, 2]), declared("y"), compose=[["x", "y"]])


def test_half_of_a_composition_is_no_text() -> None:
    absent = declared("y", place="inline", replace=[{"pattern": "zzz", "with": "y"}])
    del absent["phrases"]
    selection = chosen(declared("x"), absent, compose=[["x", "y"]])
    results = [text for text in perturb_all(selection.changes, [pair()]) if text.perturbation == "x+y"]
    assert {(text.status, text.text) for text in results} == {(Status.UNCHANGED, None)}
    assert {text.reason for text in results} == {"y: nothing in the text to change"}


def test_an_unknown_perturbation_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        PerturbationError, match=r"found the perturbation 'apolgy', expected one of: .*apology"
    ):
        chosen(declared("x"), compose=[["x", "apolgy"]])
    with pytest.raises(
        PerturbationError, match=r"x names the placebo 'nothing', which is not in the catalogue"
    ):
        chosen(declared("x", placebo="nothing"), placebos=True)


def test_a_fixed_placebo_is_shared_and_stands_behind_the_artifacts() -> None:
    neutral = declared("neutral", family="control")
    selection = chosen(
        neutral, declared("x", placebo="neutral"), declared("y", placebo="neutral"), placebos=True
    )
    assert [change.name for change in selection.changes] == ["x", "y", "neutral"]
    assert selection.placebos == {"neutral"}
    assert selection.placebo_of(selection.changes[0]) == "neutral"
    assert selection.placebo_of(selection.changes[2]) is None


def same_size(text: str, context: TextContext, rng: random.Random) -> str | None:
    """A control of the artifact's size, before the text."""
    assert context.artifact is not None
    return "n" * (len(context.artifact) - len(text)) + text


MATCHED = declared(
    "neutral",
    family="control",
    place="as_artifact",
    matched=True,
    edit={"_target_": f"{__name__}.same_size", "_partial_": True},
)
del MATCHED["phrases"]


def test_a_matched_placebo_is_made_for_each_artifact_and_sees_its_text() -> None:
    selection = chosen(
        declared("x", placebo="neutral"), dosed("y", placebo="neutral", dose=[1, 2]), MATCHED, placebos=True
    )
    assert [change.name for change in selection.changes] == [
        "x", "y@1", "y@2", "placebo_of_x", "placebo_of_y@1", "placebo_of_y@2",
    ]  # fmt: skip
    assert selection.placebos == {"placebo_of_x", "placebo_of_y@1", "placebo_of_y@2"}
    for artifact in ("x", "y@1", "y@2"):
        own, control = text_of(selection, artifact), text_of(selection, f"placebo_of_{artifact}")
        assert own is not None
        assert control is not None
        assert len(own) == len(control)
        assert control.startswith("nn")
    assert isinstance(selection.changes[3], MatchedPlacebo)
    assert selection.changes[3].declaration.place == "prefix"


def test_a_matched_placebo_cannot_stand_alone() -> None:
    with pytest.raises(PerturbationError, match="'neutral' takes place and size from an artifact"):
        chosen(MATCHED)


def test_where_the_artifact_has_no_text_neither_has_its_matched_placebo() -> None:
    absent = declared("x", placebo="neutral", phrases={"de": "Hallo."})
    selection = chosen(absent, MATCHED, placebos=True)
    results = {text.perturbation: text for text in perturb_all(selection.changes, [pair()])}
    assert results["placebo_of_x"].status is Status.NOT_APPLICABLE
    assert results["placebo_of_x"].reason == "there is no text with the artifact to match"
    same = declared("x", placebo="neutral", place="inline", replace=[{"pattern": "zzz", "with": "y"}])
    del same["phrases"]
    results = {
        text.perturbation: text
        for text in perturb_all(chosen(same, MATCHED, placebos=True).changes, [pair()])
    }
    assert results["placebo_of_x"].status is results["x"].status is Status.UNCHANGED


def rewriting(name: str, **change: Any) -> dict[str, Any]:
    rewrite = {"instruction": "Make it rhyme.", "min_length_ratio": 0.1, "max_length_ratio": 9}
    made = declared(name, place="rewrite", rewrite=rewrite, **change)
    del made["phrases"]
    return made


def test_a_model_may_write_the_first_part_of_a_composition_and_no_later_one() -> None:
    selection = chosen(declared("x"), rewriting("rhyme"), compose=[["rhyme", "x"]])
    rewrite = selection.rewrites[0]
    assert [one.name for one in selection.rewrites] == ["rhyme"]
    one = pair()
    written = [
        rewrite.accept(one, "a", Completion("A rhyme.", model="writer-1")),
        rewrite.accept(one, "b", Completion(None, error="HTTP 500")),
    ]
    results = {
        (text.perturbation, text.side): text for text in perturb_all(selection.changes, [one], written)
    }
    made = results["rhyme+x", "a"]
    assert (made.status, made.text, made.writer) == (Status.CHANGED, "x!\n\nA rhyme.", "writer-1")
    failed = results["rhyme+x", "b"]
    assert (failed.status, failed.text) == (Status.FAILED, None)
    assert failed.reason == "rhyme: the writer failed: HTTP 500"
    with pytest.raises(PerturbationError, match=r"composition x\+rhyme: found rhyme after another part"):
        chosen(declared("x"), rewriting("rhyme"), compose=[["x", "rhyme"]])


def test_a_rewriting_needs_a_control_that_a_model_writes() -> None:
    with pytest.raises(PerturbationError, match="expected a rewriting by a model, such as paraphrase"):
        chosen(rewriting("rhyme", placebo="neutral"), MATCHED, placebos=True)
    selection = chosen(
        rewriting("rhyme", placebo="plain"), rewriting("plain", family="control"), placebos=True
    )
    assert selection.placebos == {"plain"}
    assert all(isinstance(change, Rewrite) for change in selection.changes)


def test_identity_of_a_combination_names_every_part() -> None:
    selection = chosen(declared("x"), declared("y"), compose=[["x", "y"]])
    composition = selection.changes[2]
    assert isinstance(composition, Composition)
    parts = composition.identity()["parts"]
    assert parts == [change.identity() for change in selection.changes[:2]]


def test_a_matched_placebo_is_no_part_of_a_combination() -> None:
    with pytest.raises(PerturbationError, match="'neutral' in a combination, which takes place and size"):
        chosen(declared("x", placebo="neutral"), MATCHED, compose=[["x", "neutral"]])


@pytest.mark.parametrize("named", ["x", "y"])
def test_only_a_neutral_control_can_be_a_placebo(named: str) -> None:
    with pytest.raises(
        PerturbationError, match=rf"'x': placebo: found '{named}' of the family style, expected"
    ):
        chosen(declared("x", placebo=named), declared("y"), placebos=True)


def test_doses_that_would_have_one_name_are_refused() -> None:
    doses = {"levels": [1], "min": 0, "max": 4, "unit": "times"}
    share = declared(
        "x", replace=[{"pattern": "a", "with": "b"}], place="inline", dose=[0.1, 0.10000001], doses=doses
    )
    del share["phrases"]
    with pytest.raises(PerturbationError, match="expected doses that differ in six digits"):
        chosen(share)


def test_a_combination_is_held_to_what_each_part_claims_on_the_text_it_was_given() -> None:
    shout = declared(
        "shout", place="inline", keeps=["numbers"], replace=[{"pattern": "[0-9]", "with": "many"}]
    )
    del shout["phrases"]
    one = pair("Take 2 pills.")
    results = perturb_all(chosen(declared("x"), shout, compose=[["x", "shout"]]).changes, [one])
    combined = next(text for text in results if text.perturbation == "x+shout" and text.side == "a")
    assert (combined.status, combined.reason) == (Status.INVALID, "shout: validity: a number was lost")
    assert combined.text == "x!\n\nTake many pills."


def test_only_the_wanted_sides_are_perturbed() -> None:
    results = perturb_all(chosen(declared("x")).changes, [pair()], sides=lambda one: ("b",))
    assert [(text.side, text.text) for text in results] == [("b", "x!\n\nAnother.")]


def test_a_placebo_between_sentences_does_not_claim_to_leave_the_text_in_one_piece() -> None:
    apology = {**OmegaConf.load(catalog.root() / "perturbations" / "apology.yaml"), "place": "inline"}
    selection = select({"apology": apology}, seed=0, with_placebos=True)
    assert [change.declaration.place for change in selection.changes] == ["inline", "inline"]
    assert all("text" not in change.declaration.keeps for change in selection.changes)
    one = pair(TWO_PARAGRAPHS)
    for text in perturb_all(selection.changes, [one]):
        if text.side == "a":
            assert text.text is not None
            thresholds = next(
                c for c in selection.changes if c.name == text.perturbation
            ).declaration.thresholds
            assert thresholds.failure(check(one.response_a, text.text, "en")) is None
