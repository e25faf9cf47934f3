"""Bold, lists, emoji, exclamation marks and case change how a text looks, at the declared share, and no word of it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb import TextContext
from judgeaudit.perturb.edits.formatting import (
    HEADINGS,
    NEUTRAL_EMOJI,
    TOPICAL_EMOJI,
    bullets,
    casing,
    emoji,
    exclamation,
    markdown,
    paragraphs,
)
from judgeaudit.perturb.sentences import sentences
from judgeaudit.records import Pair, Turn

LONG = (
    "Start with the two screws on the left, since they hold the panel. If you can't find them, look under the sticker. "
    "The panel comes off easily then. Put it on a towel, so that nothing gets scratched while you work."
)
CODE = "```python\nprint('Done. Really.')\n\nx = 3.5. Yes.\n```"
REPLY = (
    f"{LONG}\n\n## Steps\n\n1. Take a photo of the wires, because they look alike. It helps later.\n"
    f"2. Unplug the red one. Wait for 10 seconds.\n\n{CODE}\n\n"
    'The manual says: "Don\'t pull. They break." Dr. Okafor at example.org agrees. Call before 5 p.m. on weekdays.\n\n'
    "| a. b | c. d |\n| --- | --- |\n\n> Quoted. Twice.\n\nThat is all. Good luck"
)

Format = Callable[..., str | None]
WITH_SHARE: dict[str, tuple[Format, dict[str, object]]] = {
    "markdown": (markdown, {}),
    "bullets": (bullets, {}),
    "emoji": (emoji, {}),
    "topical emoji": (emoji, {"choice": "topical"}),
    "exclamation": (exclamation, {}),
    "upper": (casing, {"mode": "upper"}),
    "lower": (casing, {"mode": "lower"}),
    "title": (casing, {"mode": "title"}),
}


def edited(
    name: str, text: str, share: float = 1.0, seed: int = 0, language: str | None = "en"
) -> str | None:
    edit, arguments = WITH_SHARE[name]
    context = TextContext(Pair("p", (Turn("user", "q"),), text, "", language=language), "a")
    return edit(text, context, random.Random(seed), share=share, **arguments)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def test_key_words_are_bold_at_the_start_of_paragraphs_and_items() -> None:
    assert edited(
        "markdown", "If you ride, wear a helmet. It helps.\n\n- Water: drink some\n- Read the whole book"
    ) == ("**If you ride**, wear a helmet. It helps.\n\n- **Water**: drink some\n- **Read the whole** book")


def test_long_paragraphs_get_headings_that_fit_over_anything() -> None:
    result = edited("markdown", "\n\n".join([LONG] * 4))
    assert result is not None
    assert re.findall(r"^## (.*)\n\n\*\*Start with", result, re.MULTILINE) == [
        *HEADINGS["en"],
        HEADINGS["en"][-1],
    ]
    assert "## Einzelheiten\n\n" in (edited("markdown", f"{LONG}\n\n{LONG}", language="de-AT") or "")


def test_a_language_without_headings_gets_bold_alone() -> None:
    assert edited("markdown", LONG, language="fi") == LONG.replace("Start with the", "**Start with the**", 1)


def test_headings_come_in_the_same_order_at_every_share() -> None:
    text = "\n\n".join([LONG] * 12)
    low, high = (edited("markdown", text, share, seed=4) or "" for share in (0.3, 1.0))
    blocks = [(share, re.split(r"\n\n(?=##|Start|\*\*Start)", share)) for share in (low, high)]
    assert "## More on this" in low
    for heading in re.findall(r"## .*", low):
        assert heading in high
    assert len(blocks[0][1]) <= len(blocks[1][1])


def test_what_is_marked_up_already_is_not_marked_up_again() -> None:
    text = "**Bold** it is.\n\n# Heading\n\n_Slanted_ it is.\n\n`code first` it is, and so on."
    assert edited("markdown", text) == text


def test_each_sentence_of_a_paragraph_becomes_an_item() -> None:
    assert edited("bullets", "Stay calm. Call Dr. Okafor! Why wait?\n\nOne alone.\n\nRest\nwell. Eat.") == (
        "- Stay calm.\n- Call Dr. Okafor!\n- Why wait?\n\nOne alone.\n\n- Rest\nwell.\n- Eat."
    )


@pytest.mark.parametrize(
    "text",
    [
        "1. Stay calm. Call.\n2. Wait. Rest.",
        "Stay calm. Do this:\n\n- one\n- two",
        "Stay calm. Do these.\n- one\n- two",
        "# Stay calm. Rest.",
        "| Stay. | Rest. Now. |",
        CODE,
        "    indented. Code. Here.",
        "> Quoted. Twice. Here.",
        '"Stay calm. Rest well." "Yes. No."',
        "One sentence",
    ],
)
def test_what_is_no_paragraph_of_sentences_becomes_no_list(text: str) -> None:
    assert edited("bullets", text) == text


@pytest.mark.parametrize("name", ["bullets", "exclamation", "upper", "lower", "title", "emoji"])
def test_the_words_stay_in_their_order(name: str) -> None:
    result = edited(name, REPLY)
    assert result is not None
    assert result != REPLY
    assert words(result) == words(REPLY)


@pytest.mark.parametrize("name", [*WITH_SHARE])
def test_code_quotations_and_quoted_blocks_stay(name: str) -> None:
    result = edited(name, REPLY)
    assert result is not None
    for kept in (
        CODE,
        '"Don\'t pull. They break."',
        "\n> Quoted. Twice.\n",
        "example.org",
    ):
        assert kept in result


@pytest.mark.parametrize("name", ["markdown", "bullets", "emoji", "exclamation"])
def test_the_cells_of_a_table_are_no_sentences(name: str) -> None:
    assert "| a. b | c. d |" in (edited(name, REPLY) or "")


def test_an_emoji_follows_each_sentence_and_nothing_else() -> None:
    result = edited("emoji", "Stay calm. Why wait?\n\n- Rest!\n- no mark\n\n# Heading.")
    assert result is not None
    pattern = "|".join(NEUTRAL_EMOJI)
    assert re.fullmatch(
        rf"Stay calm\. (?:{pattern}) Why wait\? (?:{pattern})\n\n- Rest! (?:{pattern})\n- no mark\n\n# Heading\.",
        result,
    )


def test_a_topical_emoji_goes_with_a_word_of_its_sentence_in_english_only() -> None:
    assert edited("topical emoji", "The dog sleeps. Your money is safe.") == (
        f"The dog sleeps. {TOPICAL_EMOJI['dog']} Your money is safe. {TOPICAL_EMOJI['money']}"
    )
    assert TOPICAL_EMOJI["dog"] not in (edited("topical emoji", "Le dog dort.", language="fr") or "")


def test_chinese_sentences_get_emoji_and_full_width_exclamation_marks() -> None:
    assert re.fullmatch(
        rf"你好。({'|'.join(NEUTRAL_EMOJI)})走吧？({'|'.join(NEUTRAL_EMOJI)})",
        edited("emoji", "你好。走吧？") or "",
    )
    assert edited("exclamation", "你好。走吧？「他说。」好。") == "你好！走吧？「他说。」好！"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Stay calm. Rest.", "Stay calm! Rest!"),
        ("Why? Because.", "Why? Because!"),
        ("Call Dr. Okafor.", "Call Dr. Okafor!"),
        ("Come at 5 p.m. Then rest", "Come at 5 p.m. Then rest"),
        ("Bring pens, paper, etc.\n\nGo.", "Bring pens, paper, etc.\n\nGo!"),
        ("It costs 3.50. Pay.", "It costs 3.50. Pay!"),
        ("Wait... Go.", "Wait... Go!"),
        ("Wait… Go.", "Wait… Go!"),
        ("1. Go.\n2. Stay", "1. Go!\n2. Stay"),
        ("(Go there.)", "(Go there!)"),
        ('He said: "Go."', 'He said: "Go."'),
        ("See https://x.org/a. Go.", "See https://x.org/a. Go!"),
        ("Run `a.b`. Go.", "Run `a.b`! Go!"),
        ("Version 2.0 is out!", "Version 2.0 is out!"),
        ("1.", "1."),
        ("## A heading.", "## A heading."),
    ],
)
def test_full_stops_of_statements_alone_become_exclamation_marks(text: str, expected: str) -> None:
    assert edited("exclamation", text) == expected


@pytest.mark.parametrize(
    ("mode", "text", "expected"),
    [
        ("upper", "Straße, don't café", "STRASSE, DON'T CAFÉ"),
        ("lower", "NASA Is Here, ΟΔΟΣ", "nasa is here, οδος"),
        ("title", "o'neill don't élan", "O'neill Don't Élan"),
        ("upper", "my_var file.txt a@b.org ok", "my_var file.txt a@b.org OK"),
        ("upper", "ılık İş ok", "ılık İş OK"),
        ("upper", "你好 שלום ok", "你好 שלום OK"),
    ],
)
def test_case_changes_word_by_word(mode: str, text: str, expected: str) -> None:
    assert edited(mode, text) == expected


@pytest.mark.parametrize(
    ("mode", "language"),
    [("upper", "tr"), ("lower", "tr-TR"), ("title", "nl"), ("upper", "el"), ("lower", "az")],
)
def test_a_language_with_case_rules_of_its_own_is_not_applicable(mode: str, language: str) -> None:
    assert edited(mode, "izmir iyi", language=language) is None


def test_case_is_applicable_where_unicode_has_the_languages_rules() -> None:
    assert edited("lower", "IJS", language="nl") == "ijs"
    assert edited("lower", "ΟΔΟΣ", language="el") == "οδος"
    assert edited("upper", "straße", language="de") == "STRASSE"


TEXT = "\n\n".join(f"{LONG} Number {i} is Here. And More of it is There." for i in range(30))


@pytest.mark.parametrize("name", [*WITH_SHARE])
@pytest.mark.parametrize("seed", range(3))
def test_a_lower_dose_edits_a_subset_of_the_places(name: str, seed: int) -> None:
    sites = [places_edited(name, TEXT, share, seed) for share in (0.2, 0.5, 1.0)]
    assert sites[0] < sites[1] < sites[2]


def places_edited(name: str, text: str, share: float, seed: int) -> set[object]:
    result = edited(name, text, share, seed)
    assert result is not None
    if name in ("upper", "lower", "title"):
        changed = re.findall(r"\S+", result)
        return {
            (i, new)
            for i, (old, new) in enumerate(zip(re.findall(r"\S+", text), changed, strict=True))
            if old != new
        }
    # What stands after each word, or before it where it opens a paragraph.
    pieces, originals = re.split(r"(\w+)", result), re.split(r"(\w+)", text)
    if name != "markdown":
        assert len(pieces) == len(originals)
        return {(i, new) for i, (old, new) in enumerate(zip(originals, pieces, strict=True)) if old != new}
    blocks = re.split(r"\n\n(?=## |\*\*Start|Start)", re.sub(r"(## [^\n]*)\n\n", r"\1 ", result))
    return {(i, block) for i, block in enumerate(blocks) if "**" in block}


@pytest.mark.parametrize("name", [*WITH_SHARE])
def test_the_same_random_numbers_give_the_same_text(name: str) -> None:
    assert edited(name, TEXT, 0.5, 7) == edited(name, TEXT, 0.5, 7) != edited(name, TEXT, 0.5, 8)


def test_about_the_share_of_the_sentences_is_edited() -> None:
    n = len([one for one in sentences(TEXT) if one.mark == "."])
    found = (edited("exclamation", TEXT, 0.25) or "").count("!")
    assert 0.15 * n < found < 0.35 * n


@pytest.mark.parametrize("name", [*WITH_SHARE])
@pytest.mark.parametrize("share", [0, -1, 1.01, True, "half"])
def test_a_share_out_of_range_is_refused(name: str, share: float) -> None:
    with pytest.raises(PerturbationError, match=r"share: found .* expected a number above 0 and at most 1"):
        edited(name, "It is.", share)


def test_a_wrong_choice_or_mode_is_refused_with_those_there_are() -> None:
    context = TextContext(Pair("p", (Turn("user", "q"),), "", ""), "a")
    with pytest.raises(PerturbationError, match="choice: found 'loud', expected neutral or topical"):
        emoji("x", context, random.Random(0), choice="loud")  # type: ignore[arg-type]
    with pytest.raises(PerturbationError, match="mode: found 'loud', expected one of: upper, lower, title"):
        casing("x", context, random.Random(0), mode="loud")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [*WITH_SHARE])
@pytest.mark.parametrize("text", ["", " \n\t", "```\ncode. Here.", "\r\n\r\n", "...", "🙂🙂", "`x`"])
def test_a_text_without_places_stays_as_it_is(name: str, text: str) -> None:
    assert edited(name, text) == text


@given(
    text=st.text(st.sampled_from("ab AB.!?:;,\n\n-*#>|`\"'1é你。🙂\r\t ")) | st.text(), seed=st.integers(0, 3)
)
@pytest.mark.parametrize("name", [*WITH_SHARE])
def test_any_text_keeps_its_digits_and_line_breaks(name: str, text: str, seed: int) -> None:
    result = edited(name, text, 0.5, seed)
    assert result is not None
    assert re.findall(r"\d", result) == re.findall(r"\d", text)
    if name not in ("markdown", "bullets"):
        assert result.count("\n") == text.count("\n")
    if name == "bullets":
        assert words(result) == words(text)


@given(st.text(st.sampled_from('ab A.!?:\n\n-#>|`"1。 ')))
def test_paragraphs_hold_sentences_in_order_and_only_once(text: str) -> None:
    places = [(one.start, one.end) for group in paragraphs(text) for one in group]
    assert places == sorted(set(places))
    assert all(start < end for start, end in places)


@pytest.mark.parametrize("name", [*WITH_SHARE])
@pytest.mark.parametrize(
    "unit", ["a. ", "A.\n \n", "- A b, ", "**", "a ", "A", "。", '"A. ', "1. ", "A.\n\n", "p.m. "]
)
def test_a_hostile_text_takes_time_in_line_with_its_length(name: str, unit: str) -> None:
    # Quadratic time would take hours here.
    assert edited(name, unit * (300_000 // len(unit))) is not None
