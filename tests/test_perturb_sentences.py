"""Sentences are found by their marks, line breaks and list marks, and never inside of what is protected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeaudit.perturb.sentences import MASK, masked, sentences
from judgeaudit.perturb.spans import open_stretches


def split(text: str) -> list[str]:
    return [text[each.start : each.end] for each in sentences(text)]


def marks(text: str) -> list[str]:
    return [each.mark for each in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is late. We go home.", ["It is late.", "We go home."]),
        ("Is it late? Yes! It is… We go.", ["Is it late?", "Yes!", "It is…", "We go."]),
        ("(It is late.) We go.", ["(It is late.)", "We go."]),
        ("**It is late.** We go.", ["**It is late.**", "We go."]),
        ("Dr. Who met Mrs. May at No. 10. They left.", ["Dr. Who met Mrs. May at No. 10.", "They left."]),
        ("J. R. Doe wrote it. It sold.", ["J. R. Doe wrote it.", "It sold."]),
        ("Take fruit, e.g. apples. It helps.", ["Take fruit, e.g. apples.", "It helps."]),
        ("Pi is 3.14 or so. It goes on.", ["Pi is 3.14 or so.", "It goes on."]),
        ("It ends here. the rest is small.", ["It ends here. the rest is small."]),
        (
            "One.\n\nTwo.\n- Three\n- Four.\n1. Five\n 2) Six.",
            ["One.", "Two.", "Three", "Four.", "Five", "Six."],
        ),
        ("A line that is merely\nWrapped here. Next.", ["A line that is merely\nWrapped here.", "Next."]),
        ("A heading\n\nThe first.", ["A heading", "The first."]),
        ("A list:\nThe first.", ["A list:", "The first."]),
        ("\n\n  - It is late. ", ["It is late."]),
        ("It is late.\r\n\r\nWe go.\r\n", ["It is late.", "We go."]),
        ("", []),
        (" \n\n  \n", []),
    ],
)
def test_a_text_falls_into_its_sentences(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_nothing_ends_inside_a_quotation_code_or_an_address() -> None:
    text = 'He says "No. Never. Go." too. Run `a. B. c` now. See https://example.org/a.B. It is there.'
    assert split(text) == [
        'He says "No. Never. Go." too.',
        "Run `a. B. c` now.",
        "See https://example.org/a.B.",
        "It is there.",
    ]


def test_a_quotation_that_ends_with_a_mark_ends_its_sentence() -> None:
    assert split('She said "Stop it." Then she left. Was it “Why?” He knew.') == [
        'She said "Stop it."',
        "Then she left.",
        "Was it “Why?”",
        "He knew.",
    ]


def test_each_sentence_says_which_mark_ended_it() -> None:
    text = 'It is late. Is it?! Wait... A heading\n\n- an item\n- He said "no." \n- (It ends.)'
    assert marks(text) == [".", "?!", "...", "", "", ".", "."]


def test_code_blocks_headings_and_table_rows_hold_no_words() -> None:
    text = "# The title. It is big.\n\n| It is. | So is it. |\n\n```\nIt is code. It is.\n```\nIt is prose."
    found = list(sentences(text))
    assert [each.wording for each in found if MASK not in each.wording] == ["It is prose."]


def test_what_is_masked_has_the_text_s_length_and_line_breaks() -> None:
    text = "See `x\ty` and\n```\na. b.\n```\n# End"
    assert len(masked(text)) == len(text)
    assert [i for i, c in enumerate(masked(text)) if c == "\n"] == [
        i for i, c in enumerate(text) if c == "\n"
    ]
    assert masked(text) == f"See {MASK * 5} and\n{MASK * 3}\n{MASK * 5}\n{MASK * 3}\n{MASK * 5}"


@given(
    st.text(alphabet=st.sampled_from("Ab .!?\n\r\t-1()\"'`#|*_:é中😀\u202e" + MASK), max_size=200) | st.text()
)
def test_sentences_are_in_order_apart_and_hold_all_that_can_be_read(text: str) -> None:
    position = 0
    seen = masked(text)
    assert len(seen) == len(text)
    for each in sentences(text):
        assert position <= each.start < each.end <= len(text)
        assert each.wording == seen[each.start : each.end]
        assert not each.wording[0].isspace()
        assert not each.wording[-1].isspace()
        assert not any(character.isalpha() for character in seen[position : each.start])
        position = each.end
    assert not any(character.isalpha() for character in seen[position:])


@given(st.text(alphabet=st.sampled_from("Ab .\n\"`|#'"), max_size=100))
def test_no_protected_letter_is_left_to_be_read(text: str) -> None:
    stretches = list(open_stretches(text))
    for index, character in enumerate(masked(text)):
        if character.isalpha():
            assert any(start <= index < end for start, end in stretches)


@pytest.mark.parametrize(
    "hostile",
    ["'" + "a" * 999_999, "(" * 10**6, ")" * 10**6, "." * 10**6, ". " * 500_000, " " * 10**6, " \n" * 500_000,
     "#\n" * 500_000, "- " * 500_000, '."' * 500_000, "1. " * 300_000, "Dr. " * 250_000, '"' * 10**6],
    ids=lambda text: repr(text[:4]),
)  # fmt: skip
def test_a_hostile_megabyte_is_read_to_its_end(hostile: str) -> None:
    for each in sentences(hostile):
        assert each.end <= len(hostile)
