"""Camouflage: look-alikes, invisible characters and leet; in prose only, never in a cluster, more at a higher dose."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb import TextContext
from judgeaudit.perturb.edits.camouflage import (
    CONFUSABLE,
    LEET,
    LOOK_ALIKES,
    ZERO_WIDTH,
    full_width,
    homoglyphs,
    leetspeak,
    spaced_letters,
    zero_width,
)
from judgeaudit.records import Pair, Turn

CONTEXT = TextContext(Pair("p", (Turn("user", "q"),), "", ""), "a")
EDITS = [homoglyphs, zero_width, leetspeak, full_width, spaced_letters]
BY_WORD = [leetspeak, full_width, spaced_letters]

PROSE = (
    "Ventilate the kitchen before cleaning, because several cleaners should never meet. Always read the labels first; "
    "whoever ignores them risks dangerous fumes! Could somebody perhaps explain which containers belong together?"
)
NOT_PROSE = [
    "```python\nprint('hello world')\n```",
    "`some code here`",
    "https://example.org/path.html?query=words",
    "first-name.surname@mail-server.example.org",
    "“a quotation that stays”",
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
    "👩‍👩‍👧",
    "👍🏽",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "مرحبا بالعالم",
    "שלום עולם",
    "नमस्ते दुनिया",
    "สวัสดีชาวโลก",
    "e\u0301te\u0301",
    "soft\u00adly",
    "a\u200db",
]
UNSEEN = re.compile(f"[{''.join(ZERO_WIDTH)}]")


def edited(edit: Callable[..., str], text: str, seed: int = 0, **arguments: object) -> str:
    return edit(text, CONTEXT, random.Random(seed), **arguments)


def test_the_table_of_look_alikes_names_each_letter_as_unicode_does() -> None:
    for latin, other, name in CONFUSABLE:
        assert re.fullmatch("[A-Za-z]", latin)
        assert unicodedata.name(other) == name
        assert name.startswith(("CYRILLIC ", "GREEK "))
        assert other.isupper() == latin.isupper()
        assert unicodedata.normalize("NFKC", other) == other
    assert len({other for _, other, _ in CONFUSABLE}) == len(CONFUSABLE)
    assert [latin for latin, _, _ in CONFUSABLE] == sorted(latin for latin, _, _ in CONFUSABLE)


def test_look_alikes_lead_back() -> None:
    for latin, other, _ in CONFUSABLE:
        assert other in LOOK_ALIKES[latin]
        assert LOOK_ALIKES[other] == (latin,)


def test_the_invisible_characters_are_named_as_unicode_does() -> None:
    assert all(unicodedata.name(character) == name for character, name in ZERO_WIDTH.items())
    assert all(unicodedata.category(character) == "Cf" for character in ZERO_WIDTH)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ace", "\u0430\u0441\u0435"),
        ("fun", "fun"),
        ("\u0430\u0441\u0435", "ace"),
        ("\u03bf\u03c1", "op"),
        ("m\u0430th", "m\u0430th"),
        ("caf\u00e9", "\u0441\u0430f\u00e9"),
        ("cafe\u0301", "cafe\u0301"),
        ("a1 1a", "a1 1a"),
        ("\u8a00a", "\u8a00a"),
    ],
    ids=["latin", "none", "cyrillic", "greek", "mixed", "composed", "mark", "digits", "han"],
)
def test_letters_of_words_of_one_script_become_look_alikes(text: str, expected: str) -> None:
    assert edited(homoglyphs, text, share=1.0) == expected


def test_look_alikes_keep_length_case_and_every_other_character() -> None:
    result = edited(homoglyphs, PROSE, share=1.0)
    back = {other: latin for latin, other, _ in CONFUSABLE}
    assert "".join(back.get(char, char) for char in result) == PROSE
    assert {latin for latin, _, _ in CONFUSABLE} & set(result) == set()


def test_letters_with_two_look_alikes_get_both() -> None:
    result = edited(homoglyphs, "ooooo ooooo ooooo ooooo", share=1.0)
    assert set(result) == {"\u043e", "\u03bf", " "}


def test_without_its_invisible_characters_the_text_is_the_original() -> None:
    result = edited(zero_width, PROSE, share=1.0)
    assert UNSEEN.sub("", result) == PROSE
    assert set(UNSEEN.findall(result)) == set(ZERO_WIDTH)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("word", "w|o|r|d"),
        ("a I", "a I"),
        ("don't", "d|o|n't"),
        ("кот και", "к|о|т κ|α|ι"),
        ("caf\u00e9", "c|a|f|\u00e9"),
        ("今天, 한국, かな", "今|天, 한|국, か|な"),
        ("か\u3099き", "か\u3099き"),
        ("e\u0301te", "e\u0301te"),
        ("co\u00adop", "co\u00adop"),
        ("مرحبا שלום", "مرحبا שלום"),
        ("नमस्ते", "नमस्ते"),
        ("👩‍👩‍👧 🇫🇷 1️⃣", "👩‍👩‍👧 🇫🇷 1️⃣"),
    ],
)
def test_invisible_characters_stand_between_unjoined_letters_only(text: str, marked: str) -> None:
    assert UNSEEN.sub("|", edited(zero_width, text, share=1.0)) == marked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("elephant", "3l3ph4n7"),
        ("ELEPHANT", "3L3PH4N7"),
        ("don't", "d0n'7"),
        ("Größe", "Größ3"),
        ("so it is toast", "so it is toast"),
        ("why", "why"),
        ("кот", "кот"),
        ("room4 4room", "room4 4room"),
    ],
)
def test_a_word_in_leetspeak_still_shows_a_letter(text: str, expected: str) -> None:
    assert edited(leetspeak, text, share=1.0) == expected


@given(st.lists(st.text(alphabet="abeiostxyzAEIOST'é", max_size=8)))
def test_leetspeak_makes_no_word_of_digits_alone(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for word in edited(leetspeak, text, share=1.0).split():
        assert not re.fullmatch(f"[{''.join(LEET.values())}]+", word)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("word", "ｗｏｒｄ"),
        ("B12", "Ｂ１２"),
        ("It's 42", "Ｉｔ'ｓ 42"),
        ("naïve", "naïve"),
        ("кот", "кот"),
    ],
)
def test_words_of_ascii_letters_become_full_width(text: str, expected: str) -> None:
    assert edited(full_width, text, share=1.0) == expected


def test_full_width_words_fold_back_under_nfkc() -> None:
    result = edited(full_width, PROSE, share=1.0)
    assert unicodedata.normalize("NFKC", result) == PROSE
    assert not re.search("[A-Za-z]", result)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("word", "w o r d"),
        ("to be I'm", "to be I'm"),
        ("don't", "d o n ' t"),
        ("кот και", "к о т κ α ι"),
        ("naïve, well-known", "n a ï v e, w e l l-k n o w n"),
        ("cafe\u0301s", "cafe\u0301s"),
        ("مرحبا 今天天气", "مرحبا 今天天气"),
    ],
)
def test_letters_of_words_of_three_or_more_are_spaced(text: str, expected: str) -> None:
    assert edited(spaced_letters, text, share=1.0) == expected


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("untouched", NOT_PROSE)
def test_what_is_not_prose_or_joins_its_letters_stays_as_it_is(
    edit: Callable[..., str], untouched: str
) -> None:
    result = edited(edit, f"Consider these words and {untouched} before reading further.", share=1.0)
    assert untouched in result
    assert not result.startswith("Consider these words and")


def letters_changed(edit: Callable[..., str], seed: int, share: float) -> set[tuple[int, str]]:
    """What was done where, in places of the original."""
    result = edited(edit, PROSE, seed, share=share)
    if edit is zero_width:
        return {(found.start() - number, found[0]) for number, found in enumerate(UNSEEN.finditer(result))}
    assert len(result) == len(PROSE)
    return {
        (site, after)
        for site, (before, after) in enumerate(zip(PROSE, result, strict=True))
        if before != after
    }


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("edit", [homoglyphs, zero_width, leetspeak, full_width])
def test_a_lower_dose_edits_a_subset_of_the_sites_in_the_same_way(
    edit: Callable[..., str], seed: int
) -> None:
    levels = [letters_changed(edit, seed, share) for share in (0.1, 0.25, 0.5, 1.0)]
    assert all(lower < higher for lower, higher in pairwise(levels))


@pytest.mark.parametrize("seed", range(10))
def test_a_lower_dose_spaces_a_subset_of_the_words(seed: int) -> None:
    def whole(share: float) -> list[str]:
        return re.findall(r"\w{3,}", edited(spaced_letters, PROSE, seed, share=share))

    levels = [whole(share) for share in (0.1, 0.25, 0.5, 1.0)]
    assert levels[-1] == []
    for lower, higher in pairwise(levels):
        assert len(higher) < len(lower)
        remaining = iter(lower)
        assert all(word in remaining for word in higher)


@pytest.mark.parametrize("edit", EDITS)
def test_the_share_of_sites_edited_is_the_share_asked_for(edit: Callable[..., str]) -> None:
    def size(share: float, seed: int) -> int:
        result = edited(edit, PROSE, seed, share=share)
        same_length = len(result) == len(PROSE)
        return (
            sum(a != b for a, b in zip(PROSE, result, strict=True))
            if same_length
            else len(result) - len(PROSE)
        )

    at_full_dose = size(1.0, 0)
    at_a_quarter = sum(size(0.25, seed) for seed in range(300)) / 300
    assert abs(at_a_quarter / at_full_dose - 0.25) < 0.03


@pytest.mark.parametrize("edit", EDITS)
def test_the_same_seed_gives_the_same_text_and_others_another(edit: Callable[..., str]) -> None:
    assert edited(edit, PROSE, 3, share=0.5) == edited(edit, PROSE, 3, share=0.5)
    assert len({edited(edit, PROSE, seed, share=0.5) for seed in range(10)}) == 10


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("share", [0, -0.1, 1.01, True, "0.5", None, float("nan")])
def test_a_share_that_is_none_is_refused_whatever_the_text(edit: Callable[..., str], share: object) -> None:
    with pytest.raises(PerturbationError, match=r"share: found .*, expected a number above 0 and at most 1"):
        edited(edit, "", share=share)


@pytest.mark.parametrize("edit", EDITS)
@given(text=st.text(), seed=st.integers(0, 3))
def test_any_text_keeps_its_emoji_marks_and_joined_scripts(
    edit: Callable[..., str], text: str, seed: int
) -> None:
    def kept(of: str) -> list[str]:
        of = UNSEEN.sub("", of)
        joined = {"Mn", "Mc", "Me", "So", "Sk", "Cf"}
        return [
            char
            for char in of
            if unicodedata.category(char) in joined or unicodedata.bidirectional(char) in {"R", "AL", "AN"}
        ]

    assert kept(edited(edit, text, seed, share=1.0)) == kept(text)


@given(
    st.lists(
        st.sampled_from(
            ["word", "кот", "今天", "a\u0308", "\u0301", "👩\u200d👧", "👍🏽", " ", "1", "ب", "."]
        )
    )
)
def test_no_invisible_character_stands_beside_a_mark_or_an_emoji(pieces: list[str]) -> None:
    result = edited(zero_width, "".join(pieces), share=1.0)
    for found in UNSEEN.finditer(result):
        assert result[found.start() - 1].isalpha()
        assert result[found.end()].isalpha()
        assert found.end() + 1 == len(result) or unicodedata.category(result[found.end() + 1])[0] != "M"


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("text", ["", " ", "\n\n", "12 345", "\u0301", "((((", "👩‍👩‍👧", "مرحبا", "?!"])
def test_a_text_with_nothing_to_edit_comes_back_as_it_was(edit: Callable[..., str], text: str) -> None:
    assert edited(edit, text, share=1.0) == text


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize(
    "unit", ["'a", "(", "a", "a. ", "a.b", "a\u0301", "你，", "word ", "`", "-", "x'", "𝒳"]
)
def test_a_very_long_text_is_edited_to_its_end(edit: Callable[..., str], unit: str) -> None:
    text = unit * (200_000 // len(unit)) + " final words here"
    result = edited(edit, text, share=1.0)
    assert len(result) >= len(text)
    assert unit in ("`", "'a") or not result.endswith("final words here")


def test_text_outside_the_edited_words_is_untouched_to_the_byte() -> None:
    text = "\ufeff\r\n  One  two,\tthree ... \u00a0four\r\n\r\n> quoted words\n\n\tindented words\nfive-six\u2028end "
    frame = re.sub("[A-Za-z]+", "", text.replace("> quoted words", "").replace("\tindented words", ""))
    for edit in (homoglyphs, full_width):
        result = edited(edit, text, share=1.0)
        assert "> quoted words\n\n\tindented words\n" in result
        result = result.replace("> quoted words", "").replace("\tindented words", "")
        assert "".join(char for char in result if not char.isalpha()) == frame
