"""Typing errors, dropped punctuation and odd blanks: in prose only, as declared, more of the same at higher doses."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from difflib import SequenceMatcher
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb import TextContext
from judgeaudit.perturb.edits.noise import (
    BLANKS,
    LAYOUTS,
    NEIGHBOURS,
    dropped_punctuation,
    typos,
    whitespace,
)
from judgeaudit.perturb.edits.sites import words
from judgeaudit.records import Pair, Turn

CONTEXT = TextContext(Pair("p", (Turn("user", "q"),), "", ""), "a")
EDITS = [typos, dropped_punctuation, whitespace]

PROSE = (
    "Ventilate the kitchen before cleaning, because several cleaners should never meet. Always read the labels first; "
    "whoever ignores them risks dangerous fumes! Could somebody perhaps explain which containers belong together?\n\n"
    "Afterwards, rinse everything thoroughly, wait until surfaces are completely dry, and store the bottles upright."
)
NOT_PROSE = [
    "```python\nprint('hello, world. again')\n```",
    "`some, inline code; here`",
    "https://example.org/some,path.html?query=words",
    "first-name.surname@mail-server.example.org",
    "“a quotation, that stays.”",
    "$$alpha , beta$$",
    "/usr/local/share/words",
    "name@localhost",
    "and/or",
    "C:\\Windows\\words",
    "total=amount+rest",
    "<tag",
    "{placeholder}",
    "$variable",
    "#heading",
    "100%sure",
    "AT&T",
    "snake_case_name",
    "camelCaseName",
    "function(argument)",
    "example.org",
    "--verbose",
    "3.14159",
    "10:30",
    "12,345.67",
    "e.g.",
    "👩‍👩‍👧",
    "👍🏽",
    ":-)",
    "\u200fمرحبا\u200f",
    "cafe\u0301s",
]


def edited(edit: Callable[..., str], text: str, seed: int = 0, **arguments: object) -> str:
    return edit(text, CONTEXT, random.Random(seed), **arguments)


def changed_spans(original: str, result: str) -> list[str]:
    """The characters of the original that an edit touched."""
    steps = SequenceMatcher(None, original, result, autojunk=False).get_opcodes()
    return [original[start:end] for tag, start, end, _, _ in steps if tag != "equal"]


def errors(text: str, result: str) -> list[tuple[int, str]]:
    """The words that changed, by their place."""
    pairs = zip(re.findall(r"\w+", text), re.findall(r"\w+", result), strict=True)
    return [(place, after) for place, (before, after) in enumerate(pairs) if before != after]


def test_at_full_dose_every_word_of_four_letters_has_one_typing_error() -> None:
    for seed in range(30):
        result = edited(typos, PROSE, seed, share=1.0)
        for before, after in zip(re.findall(r"\w+", PROSE), re.findall(r"\w+", result), strict=True):
            assert (before != after) == (len(before) >= 4)
            assert kind_of_error(before, after) is not None or before == after


def kind_of_error(before: str, after: str) -> str | None:
    """Which single typing error behind the first letter makes the one word of the other."""
    kinds = {
        "drop": {before[:i] + before[i + 1 :] for i in range(1, len(before))},
        "double": {before[:i] + before[i] + before[i:] for i in range(1, len(before))},
        "swap": {before[:i] + before[i + 1] + before[i] + before[i + 2 :] for i in range(1, len(before) - 1)},
        "neighbour": {
            before[:i] + key + before[i + 1 :]
            for i in range(1, len(before))
            for key in NEIGHBOURS["qwerty"].get(before[i].lower(), "")
        },
    }
    return next((kind for kind, words in kinds.items() if after in words), None)


def test_the_four_kinds_of_typing_error_are_about_as_frequent() -> None:
    kinds: Counter[str | None] = Counter()
    for seed in range(200):
        result = edited(typos, PROSE, seed, share=1.0)
        pairs = zip(re.findall(r"\w+", PROSE), re.findall(r"\w+", result), strict=True)
        kinds.update(kind_of_error(before, after) for before, after in pairs if before != after)
    assert set(kinds) == {"drop", "double", "swap", "neighbour"}
    assert all(0.2 < count / kinds.total() < 0.3 for count in kinds.values())


@pytest.mark.parametrize(
    ("layout", "letter", "expected"),
    [
        ("qwerty", "g", "tyfhvb"),
        ("qwerty", "q", "wa"),
        ("qwerty", "p", "ol"),
        ("qwertz", "g", "tzfhvb"),
        ("qwertz", "ü", "ßpöä"),
        ("qwertz", "y", "asx"),
        ("azerty", "a", "ézq"),
        ("azerty", "m", "pùl"),
    ],
)
def test_neighbours_are_the_keys_around_a_letter(layout: str, letter: str, expected: str) -> None:
    assert set(NEIGHBOURS[layout][letter]) == set(expected)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_being_a_neighbour_is_mutual_and_no_key_is_alone(layout: str) -> None:
    near = NEIGHBOURS[layout]
    assert all(letter in near[other] for letter, others in near.items() for other in others)
    assert all(1 <= len(others) <= 7 and letter not in others for letter, others in near.items())
    assert set("abcdefghijklmnopqrstuvwxyz") <= set(near)


@pytest.mark.parametrize(
    ("layout", "text", "eligible"),
    [
        ("qwerty", "Größe straße élève naïve", False),
        ("qwertz", "Größe straße übermütig", True),
        ("azerty", "élève leçon voilà", True),
        ("qwerty", "The cat sat on a mat", False),
        ("qwerty", "Мама мыла раму, καλημέρα, 今天天气很好", False),
        ("qwerty", "שלום עולם مرحبا بالعالم", False),
    ],
)
def test_only_words_of_four_letters_of_the_layouts_alphabet_are_mistyped(
    layout: str, text: str, eligible: bool
) -> None:
    assert (edited(typos, text, share=1.0, layout=layout) != text) is eligible


def test_capitals_stay_where_they_are() -> None:
    for seed in range(50):
        assert edited(typos, "NEVER AGAIN", seed, share=1.0).replace(" ", "").isupper()
        assert re.fullmatch("L[a-z]+", edited(typos, "London", seed, share=1.0))


def test_a_word_without_two_different_letters_is_mistyped_too() -> None:
    assert all(edited(typos, "hmmm aaaa", seed, share=1.0).split() != ["hmmm", "aaaa"] for seed in range(40))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Well, yes; no: stop! Why?", "Well yes no stop Why"),
        ("Really?! Well... fine…", "Really Well fine"),
        ("(See above.) “x” *Note:* go.", "(See above) “x” *Note* go"),
        ("At 10:30, 3.5 litres, or 1,000. End.", "At 10:30, 3.5 litres or 1,000. End"),
        ("1. First.\n2) Second.", "1. First\n2) Second"),
        ("a. First, by J. S. Bach.", "a. First by J. S. Bach"),
        ("It's so, don’t ask.", "It's so don’t ask"),
        ("¿Qué? ¡No!", "Qué No"),
        ("你好，世界。很好！", "你好 世界 很好"),
        ("12：30，好。", "12：30，好"),
        ("مرحبا، كيف؟", "مرحبا كيف"),
        ("यह है। वह है।", "यह है वह है"),
        ("Great:) and fine ;) or :-(", "Great:) and fine ;) or :-("),
        ("| :--- | ---: |", "| :--- | ---: |"),
        ("See e.g. https://example.org/a,b. `a, b.`", "See e.g. https://example.org/a,b. `a, b.`"),
        ("...and so on", "...and so on"),
        ("x - y -- z, w", "x - y -- z, w"),
    ],
)
def test_marks_at_the_end_of_clauses_are_dropped_and_no_others(text: str, expected: str) -> None:
    assert edited(dropped_punctuation, text, share=1.0) == expected


def test_dropping_marks_keeps_every_word() -> None:
    for text in (PROSE, "你好，世界。很好！", "¿Qué tal?¡Bien!"):
        assert re.findall(r"\w+", edited(dropped_punctuation, text, share=1.0)) == re.findall(r"\w+", text)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["double"], "one  two  three"),
        (["tab"], "one\ttwo\tthree"),
        (["no_break"], "one\u00a0two\u00a0three"),
        (["thin"], "one\u2009two\u2009three"),
        (["em"], "one\u2003two\u2003three"),
    ],
)
def test_a_space_between_words_becomes_the_blank_asked_for(kinds: list[str], expected: str) -> None:
    assert edited(whitespace, "one two three", share=1.0, kinds=kinds) == expected


def test_every_kind_of_blank_asked_for_is_put_in() -> None:
    result = edited(whitespace, PROSE, share=1.0, kinds=list(BLANKS))
    assert {blank for blank in BLANKS.values() if blank in result} == set(BLANKS.values())


@pytest.mark.parametrize(
    "text",
    [
        "  indented",
        "trailing  \nbreak",
        "- item",
        "* item",
        "1. item",
        "2) item",
        "# Heading",
        "| cell | cell |",
        "- [ ] task",
        "10 000",
        "one  two",
        "one\ntwo",
        "`two words`",
        "今天天气很好",
    ],
)
def test_spaces_that_are_not_between_two_words_stay(text: str) -> None:
    assert edited(whitespace, text, share=1.0) == text


@given(st.text(), st.integers(0, 3))
def test_odd_blanks_change_no_word_and_no_line(text: str, seed: int) -> None:
    result = edited(whitespace, text, seed, share=1.0, kinds=list(BLANKS))
    assert result.split() == text.split()
    assert [line.strip(" ") == "" for line in result.split("\n")] == [
        line.strip(" ") == "" for line in text.split("\n")
    ]


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("untouched", NOT_PROSE)
def test_what_is_not_prose_stays_as_it_is(edit: Callable[..., str], untouched: str) -> None:
    result = edited(edit, f"Consider these words and {untouched} before reading further.", share=1.0)
    assert untouched in result
    assert "Consider these words" not in result or edit is dropped_punctuation


@pytest.mark.parametrize("edit", EDITS)
def test_the_same_seed_gives_the_same_text_and_others_another(edit: Callable[..., str]) -> None:
    assert edited(edit, PROSE, 3, share=0.5) == edited(edit, PROSE, 3, share=0.5)
    assert len({edited(edit, PROSE, seed, share=0.5) for seed in range(10)}) > 5


@pytest.mark.parametrize("seed", range(5))
def test_a_lower_dose_mistypes_a_subset_of_the_words_in_the_same_way(seed: int) -> None:
    levels = [errors(PROSE, edited(typos, PROSE, seed, share=share)) for share in (0.1, 0.25, 0.5, 1.0)]
    for lower, higher in pairwise(levels):
        assert set(lower) < set(higher)


@pytest.mark.parametrize("seed", range(5))
def test_a_lower_dose_drops_a_subset_of_the_marks(seed: int) -> None:
    marks = [match.start() for match in re.finditer(r"[.,;!?]", PROSE)]

    def dropped(share: float) -> set[int]:
        gone, result = set(), edited(dropped_punctuation, PROSE, seed, share=share)
        for number, mark in enumerate(marks):
            if mark - len(gone) >= len(result) or result[mark - len(gone)] != PROSE[mark]:
                gone.add(number)
        assert len(result) == len(PROSE) - len(gone)
        return gone

    levels = [dropped(share) for share in (0.2, 0.6, 1.0)]
    assert levels[0] < levels[1] < levels[2]


@pytest.mark.parametrize("seed", range(5))
def test_a_lower_dose_changes_a_subset_of_the_spaces_in_the_same_way(seed: int) -> None:
    def blanks(share: float) -> set[tuple[int, str]]:
        found = re.findall(r"(?<=\S)[^\S\n]+(?=\S)", edited(whitespace, PROSE, seed, share=share))
        return {(number, blank) for number, blank in enumerate(found) if blank != " "}

    levels = [blanks(share) for share in (0.1, 0.25, 0.5, 1.0)]
    assert levels[0] < levels[1] < levels[2] < levels[3]


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_the_share_of_words_mistyped_is_the_share_asked_for(share: float) -> None:
    eligible = sum(len(word) >= 4 for word in re.findall(r"\w+", PROSE))
    mistyped = sum(len(errors(PROSE, edited(typos, PROSE, seed, share=share))) for seed in range(300))
    assert abs(mistyped / (300 * eligible) - share) < 0.03


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("share", [0, -0.1, 1.01, True, "0.5", None, float("nan")])
def test_a_share_that_is_none_is_refused_whatever_the_text(edit: Callable[..., str], share: object) -> None:
    with pytest.raises(PerturbationError, match=r"share: found .*, expected a number above 0 and at most 1"):
        edited(edit, "", share=share)


def test_an_unknown_layout_or_blank_is_refused() -> None:
    with pytest.raises(PerturbationError, match="layout: found 'dvorak', expected one of: qwerty"):
        edited(typos, "", layout="dvorak")
    for kinds in (["newline"], []):
        with pytest.raises(PerturbationError, match=r"kinds: found .*, expected some of: double"):
            edited(whitespace, "", kinds=kinds)


@pytest.mark.parametrize("edit", EDITS)
@given(text=st.text(), seed=st.integers(0, 3))
def test_any_text_keeps_its_digits_emoji_and_marks_on_letters(
    edit: Callable[..., str], text: str, seed: int
) -> None:
    def kept(of: str) -> list[str]:
        return [
            char for char in of if unicodedata.category(char) in {"Nd", "Mn", "Mc", "Me", "So", "Sk", "Cf"}
        ]

    assert kept(edited(edit, text, seed, share=1.0)) == kept(text)


@given(
    st.lists(
        st.sampled_from(["word", "longer", "a\u0308", "\u0301", "👩\u200d👧", " ", "\n\n", "1", "ب", "."])
    )
)
def test_words_are_never_cut_from_a_mark_a_digit_or_a_letter_beside_them(pieces: list[str]) -> None:
    text = "".join(pieces)
    for word in words(text):
        beside = text[max(word.start() - 1, 0) : word.start()] + text[word.end() : word.end() + 1]
        assert not any(char.isalnum() or unicodedata.category(char)[0] == "M" for char in beside)


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "...", "?!", "12 345", "'", "\u0301", "`", "((((", "a"])
def test_a_text_with_nothing_to_edit_comes_back_as_it_was(edit: Callable[..., str], text: str) -> None:
    assert edited(edit, text, share=1.0) == text


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize(
    "unit", ["'a", "(", "a", "a. ", "a.b", ". ", "a\u0301", "你，", "word ", "`", "-", "1 1 "]
)
def test_a_very_long_text_is_edited_to_its_end(edit: Callable[..., str], unit: str) -> None:
    text = unit * (200_000 // len(unit)) + " final words, here"
    result = edited(edit, text, share=1.0)
    assert len(result) > len(text) // 3
    assert result.startswith(unit[0])


def test_text_outside_the_edited_words_is_untouched_to_the_byte() -> None:
    text = "\ufeff\r\n  One  two,\tthree ... \u00a0four\r\n\r\n> quoted words\n\n\tindented words\nfive-six\u2028end "
    for seed in range(20):
        assert all(
            re.fullmatch(r"[A-Za-z]*", span)
            for span in changed_spans(text, edited(typos, text, seed, share=1.0))
        )
        assert "> quoted words\n\n\tindented words\n" in edited(typos, text, seed, share=1.0)
