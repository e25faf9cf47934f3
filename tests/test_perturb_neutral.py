"""Matched placebos change a text where the artifact changed it and as much, say nothing, and touch nothing else."""

from __future__ import annotations

import json
import random
import re
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb import Perturbation, Status, TextContext, from_config
from judgeaudit.perturb.combine import MatchedPlacebo
from judgeaudit.perturb.edits.alternations import ALTERNATIONS
from judgeaudit.perturb.edits.insertions import Insertion, insertions
from judgeaudit.perturb.edits.neutral import (
    NeutralSentences,
    changed_stretches,
    neutral_typography,
    neutral_wording,
)
from judgeaudit.perturb.phrases import joined
from judgeaudit.perturb.preserved import same_words
from judgeaudit.perturb.validity import check
from judgeaudit.records import Pair, Turn

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "perturbations"
BUILTIN = sorted((ROOT / "judgeaudit" / "corpora" / "builtin").glob("en_*.jsonl"))
XSTEST = ROOT.parent / "shared" / "data" / "xstest_mistral" / "pairs.jsonl"

TEXT = "Use a ladder.\n\nThen climb it slowly."
APOLOGY = "I'm sorry, as a chatbot I cannot respond to this."


def content(name: str) -> dict[str, Any]:
    loaded: Any = OmegaConf.to_container(OmegaConf.load(FOLDER / f"{name}.yaml"))
    return dict(loaded)


def banks(placebo: str) -> dict[str, dict[str, list[str]]]:
    """The phrases of every perturbation that names this placebo and has phrases by language."""
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        declared = content(path.stem)
        phrases = declared.get("phrases")
        if declared.get("placebo") == placebo and isinstance(phrases, dict):
            found[path.stem] = {
                tag: [texts] if isinstance(texts, str) else texts for tag, texts in phrases.items()
            }
    return found


PHRASES = banks("placebo_sentence")
NEUTRAL: dict[str, dict[str, list[str]]] = content("placebo_sentence")["edit"]["phrases"]
OWN = NeutralSentences(bank="placebo_sentence")
MISMATCHED_ARGUMENTS = {
    key: value for key, value in content("placebo_sentence_mismatched")["edit"].items() if key[0] != "_"
}
MISMATCHED = NeutralSentences(**MISMATCHED_ARGUMENTS)
SMALL = NeutralSentences(
    {"en": {"before": ["Here.", "It follows now."], "after": ["There.", "It stood there."]}}
)


def beside(artifact: str | None, language: str | None = "en") -> TextContext:
    return TextContext(Pair("p", (Turn("user", "q"),), TEXT, "", language=language), "a", artifact)


def sentences(text: str, artifact: str, seed: int = 0, language: str = "en") -> str | None:
    return OWN(text, beside(artifact, language), random.Random(seed))


def reworded(
    text: str, artifact: str = "completely other words", seed: int = 0, language: str = "en"
) -> str | None:
    return neutral_wording(text, beside(artifact, language), random.Random(seed))


def reset(text: str, artifact: str = "~", seed: int = 0, language: str = "en") -> str | None:
    return neutral_typography(text, beside(artifact, language), random.Random(seed))


def fully_reset(text: str, language: str = "en") -> str | None:
    """Every place of a text set otherwise: the artifact differs in more places than the text has."""
    return reset(text, "~".join(text) + "~", language=language)


def fully_reworded(text: str) -> str | None:
    return reworded(text, " ".join(f"{word} ~" for word in text.split()))


def replies(*paths: Path) -> list[str]:
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return [row[side] for row in rows for side in ("response_a", "response_b")]


# --- where the artifact is ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "changed", "expected"),
    [
        ("x y", "No.\n\nx y", (Insertion(0, "No.\n\n", True),)),
        ("x y", "x y\n\nNo.", (Insertion(3, "\n\nNo.", False),)),
        ("x y", "No.\n\nx y\n\nOh.", (Insertion(0, "No.\n\n", True), Insertion(3, "\n\nOh.", False))),
        ("A. B.", "A. No. B.", (Insertion(3, "No. ", False),)),
        ("A. Pay.", "A. Please wait. Pay.", (Insertion(3, "Please wait. ", False),)),
        ("一。二。", "一。不行。二。", (Insertion(2, "不行。", False),)),
        ("", "No.", (Insertion(0, "No.", True),)),
        ("No.", "No.\n\nNever: No.No.", (Insertion(3, "\n\nNever: No.No.", False),)),
        ("No.", "No. Never.\n\nNo.", (Insertion(0, "No. Never.\n\n", True),)),
        ("a", "a bad day\n\na\n\nthat", (Insertion(1, " bad day\n\na\n\nthat", False),)),
        (
            "a",
            "Bad apple\n\na\n\nthat",
            (Insertion(0, "Bad apple\n\n", True), Insertion(1, "\n\nthat", False)),
        ),
        ("x y", "x z", None),
        ("x y", "x", None),
        ("x y", "x y", None),
        ("x y", "x y\n\n", None),
        ("x y", "x  y", None),
        ("one two", "one 2 two three", None),
    ],
)
def test_the_place_of_an_insertion_is_found(
    text: str, changed: str, expected: tuple[Insertion, ...] | None
) -> None:
    assert insertions(text, changed) == expected


@given(st.text(max_size=60), st.text(min_size=1, max_size=30), st.integers(0, 60))
def test_what_is_found_put_into_the_text_gives_the_changed_text(text: str, inserted: str, at: int) -> None:
    changed = text[:at] + inserted + text[at:]
    found = insertions(text, changed)
    if found is None:
        assert not inserted.strip() or changed.startswith(text) or changed.endswith(text) or at < len(text)
        return
    built, position = "", 0
    for one in found:
        built += text[position : one.offset] + one.inserted
        position = one.offset
    assert built + text[position:] == changed


# --- sentences ---------------------------------------------------------------------------------------------------


def test_an_apology_before_the_text_is_matched_before_the_text() -> None:
    result = sentences(TEXT, f"{APOLOGY}\n\n{TEXT}")
    assert result == f"What follows is the reply to the message above.\n\n{TEXT}"


def test_an_artifact_after_the_text_is_matched_after_the_text() -> None:
    result = sentences(TEXT, f"{TEXT}\n\nIs there anything else I can help you with?")
    assert result is not None
    assert result.startswith(f"{TEXT}\n\n")
    assert any(sentence in result for sentence in NEUTRAL["en"]["after"])


def test_an_artifact_around_the_text_is_matched_around_it_by_length_on_either_side() -> None:
    result = sentences(TEXT, f"No.\n\n{TEXT}\n\n{APOLOGY}")
    assert result is not None
    before, after = result.split(TEXT)
    assert before == "Here is the reply.\n\n"
    assert abs(len(after) - len(APOLOGY) - 2) <= 6


def test_an_artifact_inside_the_text_is_matched_at_the_same_offset() -> None:
    result = sentences(TEXT, f"Use a ladder.\n\n{APOLOGY}\n\nThen climb it slowly.")
    assert result is not None
    assert result.startswith("Use a ladder.\n\n")
    assert result.endswith("\n\nThen climb it slowly.")
    assert result.split("\n\n")[1] in {"The text above was written in reply to the message."}


@pytest.mark.parametrize("separator", [" ", "\n", "\n\n", "\n\n\n", "\t"])
def test_the_artifacts_own_separator_is_used(separator: str) -> None:
    result = sentences(TEXT, f"{APOLOGY}{separator}{TEXT}")
    assert result is not None
    assert re.fullmatch(rf"[^\s].*\S{separator}{re.escape(TEXT)}", result)


def test_each_paragraph_of_the_artifact_has_a_counterpart_of_its_length() -> None:
    first, second = "It is said that this is so, and it may well be so.", "Nothing else is said of it."
    result = sentences(TEXT, f"{TEXT}\n\n{first}\n\n{second}")
    assert result is not None
    paragraphs = result[len(TEXT) :].strip().split("\n\n")
    assert [
        abs(len(paragraph) - len(phrase)) <= 6
        for paragraph, phrase in zip(paragraphs, (first, second), strict=True)
    ]
    assert len(paragraphs) == 2


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize(
    ("name", "tag"), [(name, tag) for name in PHRASES for tag in PHRASES[name] if tag in NEUTRAL]
)
def test_the_placebo_of_every_phrase_is_as_long_as_the_phrase_and_in_its_place(
    name: str, tag: str, side: str
) -> None:
    phrases = PHRASES[name][tag]
    for phrase in (*phrases, joined(phrases[:3])):
        artifact = f"{phrase}\n\n{TEXT}" if side == "before" else f"{TEXT}\n\n{phrase}"
        for seed in range(3):
            result = sentences(TEXT, artifact, seed, tag)
            assert result is not None
            assert result.endswith(f"\n\n{TEXT}") if side == "before" else result.startswith(f"{TEXT}\n\n")
            added, wanted = len(result) - len(TEXT), len(artifact) - len(TEXT)
            assert abs(added - wanted) <= max(0.15 * wanted, 6), (phrase, result)


def test_sentences_follow_each_other_with_a_space_only_where_the_script_has_one() -> None:
    chinese = sentences(
        "你好。", f"{'很抱歉，这个请求超出了聊天机器人能够回应的范围。' * 3}\n\n你好。", language="zh"
    )
    korean = sentences("네.", f"{'죄송하지만 답변드릴 수 없습니다. ' * 4}\n\n네.", language="ko")
    assert chinese is not None
    assert korean is not None
    assert "。 " not in chinese
    assert re.search(r"[.] \w", korean)


def test_no_sentence_stands_twice_unless_all_of_them_stand_once() -> None:
    for length in range(20, 480, 7):
        result = sentences(TEXT, f"{'x' * length}\n\n{TEXT}")
        assert result is not None
        for sentence in NEUTRAL["en"]["before"]:
            assert f" {result}".count(f" {sentence}") <= 1


def test_of_combinations_about_as_long_one_with_the_fewest_sentences_is_put_in() -> None:
    pair = "Here is the reply. The reply is given below."
    assert {sentences(TEXT, f"{pair}\n\n{TEXT}", seed) for seed in range(30)} == {
        f"What follows is the reply to the message above.\n\n{TEXT}"
    }


def test_a_second_paragraph_has_other_sentences_than_the_first() -> None:
    for seed in range(10):
        result = sentences(TEXT, f"{TEXT}\n\n{APOLOGY}\n\n{APOLOGY}", seed)
        assert result is not None
        first, second = result[len(TEXT) :].strip().split("\n\n")
        assert not set(first.split(". ")) & set(second.split(". "))


def test_a_little_more_than_all_sentences_are_all_sentences() -> None:
    everything = " ".join(NEUTRAL["en"]["before"])
    for more in range(1, 8):
        assert sentences(TEXT, f"{'x' * (len(everything) + more)}\n\n{TEXT}") == f"{everything}\n\n{TEXT}"


def test_an_artifact_longer_than_all_sentences_is_matched_by_all_of_them_several_times() -> None:
    artifact = f"{'No. ' * 500}\n\n{TEXT}"
    result = sentences(TEXT, artifact)
    assert result is not None
    assert abs(len(result) - len(artifact)) <= 6


def test_of_sentences_about_as_long_one_is_drawn() -> None:
    edit = NeutralSentences({"en": {"before": ["It is here.", "Here it is."], "after": ["There it is."]}})
    drawn = {edit("x", beside("I am sorry\n\nx"), random.Random(seed)) for seed in range(20)}
    assert drawn == {"It is here.\n\nx", "Here it is.\n\nx"}


def test_a_region_uses_its_languages_sentences_and_another_language_none() -> None:
    assert SMALL("x", beside("Sorry.\n\nx", "en-gb"), random.Random(0)) == "Here.\n\nx"
    assert SMALL("x", beside("Sorry.\n\nx", None), random.Random(0)) == "Here.\n\nx"
    assert SMALL("x", beside("Lo siento.\n\nx", "es"), random.Random(0)) is None


@pytest.mark.parametrize("artifact", ["Use the ladder.", TEXT, f"{TEXT} ", TEXT.upper()])
def test_an_artifact_that_put_nothing_into_the_text_has_no_such_placebo(artifact: str) -> None:
    assert sentences(TEXT, artifact) is None


@pytest.mark.parametrize("edit", [OWN, MISMATCHED, neutral_wording, neutral_typography])
def test_without_an_artifact_there_is_nothing_to_match(edit: Any) -> None:
    with pytest.raises(ValueError, match="from an artifact, and here is none"):
        edit(TEXT, beside(None), random.Random(0))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "exactly one of"),
        (
            {"phrases": {"en": {"before": ["x"], "after": ["y"]}}, "bank": "placebo_sentence"},
            "exactly one of",
        ),
        ({"phrases": {}}, "expected lists by language"),
        ({"phrases": {"en": ["x"]}}, r"edit.phrases.en: expected the two lists"),
        ({"phrases": {"en": {"before": ["x"]}}}, r"edit.phrases.en: expected the two lists"),
        (
            {"phrases": {"en": {"before": ["x"], "after": []}}},
            r"edit.phrases.en.after: expected a list of 1 to",
        ),
        (
            {"phrases": {"en": {"before": ["x"] * 11, "after": ["y"]}}},
            r"edit.phrases.en.before: expected a list",
        ),
        ({"phrases": {"en": {"before": [" "], "after": ["y"]}}}, r"edit.phrases.en.before: expected a list"),
        ({"bank": "no_such_file"}, "found 'no_such_file', expected a perturbation"),
        ({"bank": "apology"}, "found 'apology', expected a perturbation"),
        ({"bank": "placebo_sentence", "language": "any"}, "found 'any', expected own or mismatched"),
    ],
)
def test_a_wrong_declaration_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(PerturbationError, match=message):
        NeutralSentences(**arguments)


@pytest.mark.parametrize("name", MISMATCHED_ARGUMENTS["samples"])
def test_a_mismatched_placebo_is_in_the_language_of_the_artifact(name: str) -> None:
    for tag, phrases in PHRASES[name].items():
        other = "de" if tag == "en" else "en"
        for phrase in (*phrases, joined(phrases)):
            artifact = f"{phrase}\n\n{TEXT}"
            result = MISMATCHED(TEXT, beside(artifact, other), random.Random(0))
            assert result == sentences(TEXT, artifact, 0, tag), (tag, phrase)


def test_a_mismatched_placebo_is_never_in_the_texts_own_language() -> None:
    result = MISMATCHED(TEXT, beside(f"{APOLOGY}\n\n{TEXT}", "en-gb"), random.Random(0))
    assert result is not None
    assert result.split("\n\n")[0] not in " ".join(NEUTRAL["en"]["before"])
    edit = NeutralSentences({"en": {"before": ["Here."], "after": ["There."]}}, language="mismatched")
    assert edit("x", beside("Perdón.\n\nx", "en"), random.Random(0)) is None


def test_the_identity_holds_the_sentences_wherever_they_are_declared() -> None:
    assert "Here is the reply." in json.dumps(OWN.identity())
    assert OWN.identity() != MISMATCHED.identity()
    assert "Je suis désolé" in json.dumps(MISMATCHED.identity(), ensure_ascii=False)


# --- how much the artifact changed ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("a b c", "a b c", 0),
        ("a b c", "a x c", 1),
        ("a b c", "x y c", 1),
        ("a b c", "x b y", 2),
        ("a b c", "a b c d", 1),
        ("", "a", 1),
        ("a", "", 1),
        ("", "", 0),
        ("a b c d e", "b c x e f", 3),
    ],
)
def test_neighbouring_changes_count_once(one: str, other: str, count: int) -> None:
    assert changed_stretches(one.split(), other.split()) == count


def test_changes_are_counted_all_through_a_long_text() -> None:
    words = [f"w{n % 977}" for n in range(20_000)]
    changed = [f"x{n}" if n % 100 == 50 else word for n, word in enumerate(words)]
    assert changed_stretches(words, changed) == 200
    without = [word for n, word in enumerate(words) if n % 100 != 50]
    assert changed_stretches(words, without) == changed_stretches(without, words) == 200


def test_texts_with_nothing_in_common_count_once_a_window() -> None:
    assert 1 <= changed_stretches("a" * 10_000, "b" * 10_000) <= 10


@given(st.lists(st.integers(0, 5), max_size=40), st.lists(st.integers(0, 5), max_size=40))
def test_there_are_changes_exactly_where_two_sequences_differ(one: list[int], other: list[int]) -> None:
    assert (changed_stretches(one, other) == 0) == (one == other)
    assert changed_stretches(one, other) <= max(len(one), len(other))


# --- wording -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("For example, use a rope.", "For instance, use a rope."),
        ("FOR EXAMPLE, USE A ROPE.", "FOR INSTANCE, USE A ROPE."),
        ("It often rains.", "It frequently rains."),
        ("Everyone saw it, and nobody told anyone.", "Everybody saw it, and nobody told anybody."),
        ("They live in a large house.", "They live in a big house."),
        ("It is hard to tell.", "It is difficult to tell."),
        ("It is easy to use.", "It is simple to use."),
        ("You can start by reading it.", "You can begin by reading it."),
        ("She began to sing.", "She started to sing."),
        ("I can help you with that.", "I can assist you with that."),
        ("I'm happy to hear it.", "I'm glad to hear it."),
        ("This kind of wood burns well.", "This type of wood burns well."),
        ("Paint the whole wall.", "Paint the entire wall."),
        ("Moreover, it rains.", "Furthermore, it rains."),
        ("Keep in mind that it rains.", "Bear in mind that it rains."),
        ("Look left each day.", "Look left every day."),
        ("So you need to rest.", "So you have to rest."),
        ("I think it is wet.", "I think that it is wet."),
        ("Here are some tips.", "Here are a few tips."),
        ("We have advice on how it works.", "We have advice about how it works."),
        ("They help each other.", "They help one another."),
        ("It failed because of the rain.", "It failed due to the rain."),
        ("Walk instead of driving.", "Walk rather than driving."),
        ("It seems to be wet.", "It appears to be wet."),
        ("They want to talk to him.", "They want to speak to him."),
        ("It is much better.", "It is far better."),
        ("He came too.", "He came as well."),
        ("He came as well.", "He came too."),
        ("Handle it with care.", "Handle it carefully."),
        ("They sell nails, screws, and so on.", "They sell nails, screws, and so forth."),
        ("This can help to save water.", "This can help save water."),
        ("In some cases it works.", "In some instances it works."),
        ("Put it on the last line.", "Put it on the final line."),
        ("It sold 5 percent more.", "It sold 5 per cent more."),
    ],
)  # fmt: skip
def test_a_word_is_replaced_by_one_of_equal_meaning(text: str, expected: str) -> None:
    assert fully_reworded(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "They work hard to win.",
        "More often than not it rains.",
        "The frequently asked questions are there.",
        "A large part of it is gone.",
        "At large, they hid.",
        "The start of it was fine.",
        "Get started with it.",
        "Help is on the way.",
        "The help of a friend counts.",
        "This is kind of odd.",
        "The art sets you apart from others.",
        "They get along with him.",
        "Think outside the box.",
        "It is not nearly done.",
        "It is so much better.",
        "It might as well rain.",
        "Hear what you have to say.",
        "It is all you need to win.",
        "What do they think it is?",
        "It was therefore closed.",
        "It is in general use, they say.",
        "Act with care, respect and truth.",
        "They act such as if it were so.",
        "Twice as long as you said.",
        "He has a subject to study.",
        "The subject to tax is that.",
        "In this case it works.",
        "An even number is not odd.",
        "What happens when it rains?",
        "By all means it is right.",
        "They met in Vital Records and at the Healthcare Fund.",
        "Use `everyone` and https://example.org/for/example here.",
        'He wrote "for example" there.',
        "```\nfor example\n```",
        "Cake is better-looking for-example.",
    ],
)
def test_a_word_in_another_sense_a_name_code_and_quotations_stay(text: str) -> None:
    assert fully_reworded(text) == text


def test_an_article_is_never_left_before_the_wrong_sound() -> None:
    for book_rule in ALTERNATIONS.rules:
        old, _, new = book_rule.name.partition(" > ")
        if (old[0] in "aeiou") != (new[0] in "aeiou") and old.isalpha():
            for text in (f"It is a {old} day.", f"It is an {old} day."):
                result = fully_reworded(text)
                assert result is not None
                assert not re.search(rf"\ban? {new}\b", result), result


def test_there_are_at_least_120_alternations_of_about_equal_length_without_negation_digit_or_contraction() -> (
    None
):
    assert len(ALTERNATIONS.rules) >= 120
    names = [book_rule.name.partition(" > ") for book_rule in ALTERNATIONS.rules]
    assert all(abs(len(old) - len(new)) <= 6 for old, _, new in names)
    assert abs(sum(len(new) - len(old) for old, _, new in names)) <= len(names)
    assert not [
        new for _, _, new in names if re.search(r"\d|['’]|\b(?:not?|never|none|nothing|nobody)\b", new)
    ]
    assert len({*ALTERNATIONS.rules}) == len(ALTERNATIONS.rules)


SITES = (
    "Everyone there often saw how someone said for example that everybody and anyone can frequently come too."
)


@pytest.mark.parametrize("wanted", range(9))
def test_as_many_places_are_reworded_as_the_artifact_changed(wanted: int) -> None:
    artifact = " ".join(
        f"~{word}" if n % 2 and n < 2 * wanted else word for n, word in enumerate(SITES.split())
    )
    for seed in range(5):
        result = reworded(SITES, artifact, seed)
        assert result is not None
        assert changed_stretches(SITES.split(), result.split()) == min(wanted, 8)


@pytest.mark.parametrize(
    ("edit", "text"),
    [(reworded, SITES), (reset, "It's how he'd said what she'd and they'd put. It... is - so - there")],
)
def test_fewer_places_are_some_of_more_with_the_same_random_numbers(edit: Any, text: str) -> None:
    def places(wanted: int) -> set[int]:
        words = text.split(" ")
        artifact = " ".join(f"{word}~" if n % 2 and n < 2 * wanted else word for n, word in enumerate(words))
        stretches = SequenceMatcher(None, text, edit(text, artifact, 3), autojunk=False).get_opcodes()
        return {start for tag, start, *_ in stretches if tag != "equal"}

    for wanted in range(6):
        assert places(wanted) < places(wanted + 1)


def test_a_few_of_many_places_are_some_of_most_of_them() -> None:
    text = "It's " * 257

    def places(wanted: int, seed: int) -> set[int]:
        result = reset(text, text.replace("t", "~", wanted), seed)
        assert result is not None
        return {n for n, word in enumerate(result.split(" ")) if "’" in word}

    for seed in range(10):
        assert len(places(5, seed)) == 5
        assert places(5, seed) < places(200, seed)


def test_a_text_that_is_not_english_is_not_reworded() -> None:
    assert reworded("Everyone saw it.", language="de") is None
    assert reworded("Everyone saw it.", language="en-us") == "Everybody saw it."


# --- typography --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It's fine", "It’s fine"),
        ("It’s fine", "It's fine"),
        ("Well...", "Well…"),
        ("Well… now", "Well... now"),
        ("This - that", "This – that"),
        ("This – that", "This - that"),
        ("This — that", "This – that"),
        ("Take 5-10 or 1990–1995", "Take 5–10 or 1990-1995"),
        ("Done. Next", "Done.  Next"),
        ("Done!  Next", "Done! Next"),
        ("One\ntwo \nthree", "One \ntwo\nthree"),
        ('He said "no" there', "He said “no” there"),
        ("He said “no” there", 'He said "no" there'),
        ("他说“不行”", '他说"不行"'),
        ("यह है। वह है", "यह है।  वह है"),
        ("п'ять", "п’ять"),
    ],
)
def test_a_setting_becomes_its_counterpart(text: str, expected: str) -> None:
    assert fully_reset(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "`it's` and https://example.org/it's/1-2...x",
        "```\nit's done. Next - that\n```",
        "    it's code. Yes",
        "\tcode\n```\ncode\n```",
        '{"a": "b"} and print("x")',
        "- a list",
        "1. Item and e.g. This",
        "2024-01-15 and 555-123-4567 and -5",
        "The U. S. and J. Smith and Dr. Who",
        "A hard break  ",
        "x = 5 - 3",
        "'twas",
        "....",
        "f(...) and a...b",
        "\\",
        "$$it's. No$$",
        "",
    ],
)
def test_code_addresses_dates_and_what_means_something_stay(text: str) -> None:
    assert fully_reset(text) == text


def test_two_blanks_at_a_lines_end_are_a_line_break_in_markdown_and_are_neither_made_nor_unmade() -> None:
    text = "One  \ntwo \nthree\nfour"
    result = fully_reset(text)
    assert result is not None
    assert [re.findall(r"  $", line) for line in result.split("\n")] == [["  "], [], [], []]


def test_the_words_inside_a_quotation_stay_while_its_marks_change() -> None:
    assert fully_reset('She said "it\'s ... - here. Now" to me') == "She said “it's ... - here. Now” to me"


def test_ranges_of_numbers_stay_in_languages_written_from_right_to_left() -> None:
    assert fully_reset("من 5-10 أيام", "ar") == "من 5-10 أيام"
    assert fully_reset("Vom 5-10 Tage", "de") == "Vom 5–10 Tage"


@pytest.mark.parametrize("wanted", range(6))
def test_as_many_places_are_reset_as_the_artifact_changed(wanted: int) -> None:
    text = "It's a. Bb's cc. Dd's ee. Ff's gg. Hh. Ii"
    artifact = "".join(f"{character}~" if n < wanted else character for n, character in enumerate(text))
    for seed in range(5):
        result = reset(text, artifact, seed)
        assert result is not None
        assert changed_stretches(text, result) == wanted


# --- all of them -------------------------------------------------------------------------------------------------


@given(st.text(max_size=300), st.text(min_size=1, max_size=80), st.integers(0, 5))
def test_any_text_and_artifact_give_the_same_text_again_with_the_same_seed(
    text: str, put: str, seed: int
) -> None:
    for edit in (OWN, MISMATCHED, neutral_wording, neutral_typography):
        for artifact in (f"{put}\n\n{text}", f"{text}{put}", put):
            first, second = (edit(text, beside(artifact), random.Random(seed)) for _ in range(2))
            assert first == second


@given(st.text(max_size=200), st.text(min_size=1, max_size=80).filter(lambda put: bool(put.strip())))
def test_neutral_sentences_leave_any_text_as_it_is_to_the_byte(text: str, put: str) -> None:
    result = OWN(text, beside(f"{put}\n\n{text}"), random.Random(0))
    assert result is not None
    assert text in result


PROSE = st.text(alphabet="ab'’\"“”.…-–— \n5,!?(`«»é和।", max_size=300)


@given(PROSE)
def test_typography_keeps_the_words_of_any_text(text: str) -> None:
    result = fully_reset(text)
    assert result is not None
    assert same_words(text, result)
    assert len(re.findall(r"`", text)) == len(re.findall(r"`", result))
    assert re.findall(r"\n", text) == re.findall(r"\n", result)


@pytest.mark.parametrize(
    "unit", ["'a", "a'", "a ", "aa. ", "\n", "a\n", '"', "“", "...", "…", "a - ", "1-", '"a b" ']
)
def test_a_long_hostile_text_is_done_in_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    middle = len(text) // 2
    for artifact in (
        f"{APOLOGY}\n\n{text}",
        f"{text[:middle]}Zz zz. {text[middle:]}",
        text[::-1].replace("a", "b"),
    ):
        OWN(text, beside(artifact), random.Random(0))
        reworded(text, artifact)
        reset(text, artifact)


def test_a_hostile_text_around_which_the_artifact_stands_is_found() -> None:
    text = "a" * 300_000
    result = sentences(text, f"{'a' * 200_000}b\n\n{text}\n\nb{'a' * 200_000}")
    assert result is not None
    assert text in result


@pytest.mark.parametrize("name", ["placebo_wording", "placebo_typography"])
@pytest.mark.parametrize("path", [*BUILTIN, XSTEST], ids=lambda path: path.stem)
def test_what_the_files_claim_to_keep_is_kept_in_real_replies(name: str, path: Path) -> None:
    if not path.exists():
        pytest.skip("the corpus is not in this checkout")
    made = from_config(content(name), seed=0)
    assert isinstance(made, Perturbation)
    changed = 0
    texts = replies(path)
    for number, text in enumerate(texts):
        done = made.apply(
            Pair(str(number), (Turn("user", "q"),), text, ""), "a", artifact="~".join(text.split(" "))
        )
        assert done.status in (Status.CHANGED, Status.UNCHANGED)
        if done.text is not None:
            changed += 1
            assert made.declaration.thresholds.failure(check(text, done.text, "en")) is None, done.text
    assert changed > 0.25 * len(texts)


def test_a_matched_placebo_stands_beside_its_artifact_in_the_catalogue() -> None:
    control = from_config(content("placebo_sentence"), seed=0)
    artifact = from_config(content("authority"), seed=0)
    assert isinstance(control, Perturbation)
    assert isinstance(artifact, Perturbation)
    placebo = MatchedPlacebo(control, artifact)
    pair = Pair("p", (Turn("user", "q"),), TEXT, "", language="de")
    done = placebo.apply(pair, "a", artifact.apply(pair, "a"))
    assert done.status is Status.CHANGED
    assert done.text is not None
    assert done.text.startswith(f"{TEXT}\n\n")
    assert abs(len(done.text) - len(TEXT) - 100) < 12


@pytest.mark.parametrize(
    "name", ["placebo_sentence", "placebo_sentence_mismatched", "placebo_wording", "placebo_typography"]
)
def test_the_four_are_declared_as_matched_controls(name: str) -> None:
    made = from_config(content(name), seed=0)
    assert isinstance(made, Perturbation)
    assert made.declaration.matched
    assert made.declaration.family == "control"
    assert made.declaration.place == "as_artifact"
    alone = made.apply(Pair("p", (Turn("user", "q"),), "x", "y"), "a")
    assert alone.status is Status.FAILED
