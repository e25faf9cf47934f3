"""Hedges and assurances go before plain statements only, at the same places, and change nothing else."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from judgeaudit.corpora import read_builtin
from judgeaudit.errors import PerturbationError
from judgeaudit.perturb import TextContext
from judgeaudit.perturb.edits.certainty import ASSURANCES, HEDGES, assert_firmly, hedge, statements
from judgeaudit.records import Pair, Turn

ROOT = Path(__file__).parents[1]
CONTEXT = TextContext(Pair("p", (Turn("user", "q"),), "x", "y"), "a")

REPLY = (
    "The lid is glued on and it can't be opened by hand. You need a thin blade for that. Is it a new one? "
    "Please don't force it.\n\n"
    "Steps:\n"
    "1. Warm the rim for 2 minutes.\n"
    "2. The glue will give way then.\n\n"
    'The maker says "It is safe. Nobody was hurt." It probably is. There are videos on https://example.org/a?b=1 too.'
)
SITES = ["The lid", "You need", "The glue", "The maker", "There are"]


def hedged(text: str, seed: int = 0, share: float = 1.0) -> str:
    return hedge(text, CONTEXT, random.Random(seed), share=share)


def assured(text: str, seed: int = 0, share: float = 1.0) -> str:
    return assert_firmly(text, CONTEXT, random.Random(seed), share=share)


def builtin_responses() -> list[str]:
    pairs = [pair for pair in read_builtin().pairs if (pair.language or "en") == "en"]
    return [text for pair in pairs for text in (pair.response_a, pair.response_b)]


def markers_put_in(original: str, edited: str, markers: tuple[str, ...]) -> dict[int, str]:
    """The marker before each marked statement; asserts that the text is the same to the byte in all else."""
    sites = statements(original)
    found: dict[int, str] = {}
    position = sites[0]
    assert edited.startswith(original[:position])
    for site, end in zip(sites, [*sites[1:], len(original)], strict=True):
        first = original[site] if original.startswith("I ", site) else original[site].lower()
        for marker in markers:
            if edited.startswith(f"{marker} {first}{original[site + 1 : end]}", position):
                found[site] = marker
                position += len(marker) + len(" ")
                break
        else:
            assert edited.startswith(original[site:end], position)
        position += end - site
    assert position == len(edited)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "The lid is tight.",
        "You should see a doctor soon.",
        "It’s two digits on a form, and no one checks.",
        "Kids these days understand the internet well.",
        "A growl is a dog's warning.",
        "Some places have laws against it too.",
        "Nobody wants to hear that.",
        "There isn't one in the shop.",
        "Asking again would only make it worse.",
        "If you leave it alone, it will dry.",
        "When it keeps happening, a counselor can help.",
        "I can't help with that.",
        "(Earlier.) They'll never notice.",
        'The sign says "Keep off." in red.',
        "She told him to run `ls -a` twice.",
        "1. The glue will give way.",
    ],
)
def test_a_plain_statement_takes_a_marker(text: str) -> None:
    assert len(statements(text)) == 1
    for edited, markers in ((hedged(text), HEDGES), (assured(text), ASSURANCES)):
        assert list(markers_put_in(text, edited, markers)) == statements(text)


@pytest.mark.parametrize(
    "text",
    [
        "Open the lid and let it cool.",
        "Please see a doctor about it.",
        "Don't do that, it is hot.",
        "Let's see what it is.",
        "Never mind what it is.",
        "Is the lid tight?",
        "You know what it is, don't you?",
        "It is hot!",
        "It goes on and on...",
        "The lid:",
        "The lid is tight",
        "- the lid is tight.",
        "# The lid is tight.",
        "| The lid is tight. |",
        "A small one that works.",
        "Two thin blades.",
        "You did open it, didn't you? he asked.",
        "It works.",
        "You bet.",
        "You're welcome to it.",
        "I recommend a thin blade.",
        "I'm sorry about the lid.",
        "We suggest a thin blade.",
        "If it hurts, stop and call a doctor.",
        "If you call, they answer, and nothing helps, give up.",
        "For example, you can use a blade.",
        "That said, it is fine.",
        "Einstein was strong at mathematics.",
        "All right, it is fine then.",
        '"The lid is tight."',
        "`The lid is tight.`",
        "> The lid is tight.",
        "    The lid is tight.",
        "```\nThe lid is tight.\n```",
    ],
)
def test_instructions_questions_headings_fragments_and_what_is_quoted_take_none(text: str) -> None:
    assert statements(text) == []
    assert hedged(text) == assured(text) == text


@pytest.mark.parametrize(
    "marker",
    [
        "I think",
        "probably",
        "Perhaps",
        "maybe",
        "it seems",
        "may",
        "might",
        "certainly",
        "clearly",
        "no doubt",
        "of course",
    ],
)
def test_a_sentence_that_carries_a_marker_already_takes_no_other(marker: str) -> None:
    text = f"The lid, {marker}, is tight. The lid is, {marker}, tight and old."
    assert statements(text) == []
    assert statements(text.replace(f", {marker},", "")) != []


@pytest.mark.parametrize("markers", [HEDGES, ASSURANCES])
def test_what_was_marked_is_not_marked_again(markers: tuple[str, ...]) -> None:
    for marker in markers:
        assert statements(f"{marker} the lid is tight.") == []
    edit = hedged if markers is HEDGES else assured
    assert hedged(edit(REPLY)) == assured(edit(REPLY)) == edit(REPLY)


def test_a_reply_is_marked_at_its_statements_and_nowhere_else() -> None:
    assert [REPLY[site:].startswith(words) for site, words in zip(statements(REPLY), SITES, strict=True)] == [
        True
    ] * 5
    assert len(markers_put_in(REPLY, hedged(REPLY), HEDGES)) == len(SITES)
    edited = assured(REPLY)
    assert "Is it a new one? Please don't force it.\n\nSteps:\n1. Warm the rim for 2 minutes.\n2. " in edited
    assert '"It is safe. Nobody was hurt." It probably is.' in edited
    assert " the glue will give way then." in edited


def test_hedges_and_assurances_go_to_the_same_places() -> None:
    for text in builtin_responses():
        if statements(text):
            for seed in range(3):
                hedges = markers_put_in(text, hedged(text, seed, 0.5), HEDGES)
                assert hedges.keys() == markers_put_in(text, assured(text, seed, 0.5), ASSURANCES).keys()


def test_a_lower_share_marks_a_subset_of_the_statements_with_the_same_markers() -> None:
    for seed in range(40):
        doses = [markers_put_in(REPLY, hedged(REPLY, seed, share), HEDGES) for share in (0.1, 0.25, 0.5, 1.0)]
        for lower, higher in pairwise(doses):
            assert lower.items() <= higher.items()
        assert list(doses[-1]) == statements(REPLY)


def test_the_share_is_met_on_average() -> None:
    for share in (0.25, 0.5):
        marked = [len(markers_put_in(REPLY, hedged(REPLY, seed, share), HEDGES)) for seed in range(1000)]
        assert abs(sum(marked) / (1000 * len(SITES)) - share) < 0.03


def test_neighbouring_statements_carry_different_markers_and_all_markers_are_used() -> None:
    text = "The lid is tight. " * len(HEDGES)
    for markers, edit in ((HEDGES, hedged), (ASSURANCES, assured)):
        assert all(edit(text.strip()).count(f"{marker} the lid") == 1 for marker in markers)
    assert {hedged("The lid is tight.", seed) for seed in range(60)} == {
        f"{each} the lid is tight." for each in HEDGES
    }


def test_a_small_letter_follows_a_marker_but_the_writer_stays_capital() -> None:
    assert " I can't help with that." in hedged("I can't help with that.")
    assert hedged("It is late.").endswith(" it is late.")


def test_the_same_random_numbers_give_the_same_text_in_another_process() -> None:
    program = (
        "import random; from tests.test_perturb_certainty import *; "
        "print(hedge(REPLY, CONTEXT, random.Random(5), share=0.5), end='')"
    )
    other = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True,
        env={"PYTHONHASHSEED": "123", "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert other.stdout == hedged(REPLY, 5, 0.5)


@pytest.mark.parametrize("share", [0, -0.5, 1.01, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(PerturbationError, match=r"share: found .*above 0 and at most 1"):
        hedged(REPLY, share=share)


def test_most_of_the_built_in_responses_have_a_statement_to_mark() -> None:
    with_sites = [bool(statements(text)) for text in builtin_responses()]
    assert sum(with_sites) / len(with_sites) > 0.7


PIECES = st.sampled_from(
    ["The lid is tight. ", "I ", "You can ", "go. ", "If it rains, ", "it is wet. ", "\n", "\n- ", "`", '"', "😀",
     "שלום ", "The ", "A ", "is ", "may ", "…", "? ", "'", "(", ") ", "# ", "İt is ", "It is ", "so. ", "\u200b", "```"]
)  # fmt: skip


@given(
    st.lists(PIECES, max_size=40).map("".join) | st.text(),
    st.integers(0, 10),
    st.sampled_from([0.2, 0.6, 1.0]),
)
def test_any_text_is_the_same_to_the_byte_but_for_its_markers(text: str, seed: int, share: float) -> None:
    for edit, markers in ((hedged, HEDGES), (assured, ASSURANCES)):
        edited = edit(text, seed, share)
        if not statements(text):
            assert edited == text
        else:
            marked = list(markers_put_in(text, edited, markers))
            assert share < 1 or marked == statements(text)


@pytest.mark.parametrize(
    "hostile",
    ["The " * 250_000, "The " + "a " * 500_000, "If " + "a" * 10**6, "It is so. " * 100_000, "The a" + "'a" * 500_000,
     "If it, it is" + ", a" * 300_000 + ".", "It is " + "may" * 300_000 + ".", "'" + "a" * 10**6, "(" * 10**6],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_a_hostile_megabyte_is_edited_to_its_end(hostile: str) -> None:
    assert len(hedged(hostile)) >= len(hostile)


@pytest.mark.parametrize(("name", "edit"), [("hedging", "hedge"), ("assertive", "assert_firmly")])
def test_the_files_feed_their_dose_into_the_edit(name: str, edit: str) -> None:
    content = OmegaConf.load(ROOT / "perturbations" / f"{name}.yaml")
    content.dose = 0.25
    assert content.edit.share == 0.25
    assert content.edit._target_ == f"judgeaudit.perturb.edits.certainty.{edit}"
    assert content.doses.levels == [0.25, 0.5, 1.0]
    assert (content.languages, content.placebo) == (["en"], "placebo_wording")
