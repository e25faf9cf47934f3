"""What counts as a text's numbers, names, negations, code and words, and what counts as keeping them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeaudit.perturb.preserved import (
    code,
    names,
    names_kept,
    negations,
    numbers,
    same_words,
    share_kept,
    words,
)

ANY_LANGUAGE = st.sampled_from(
    (
        "en",
        "de",
        "fr",
        "it",
        "nl",
        "pl",
        "ru",
        "ro",
        "el",
        "ar",
        "he",
        "hi",
        "vi",
        "zh-hant",
        "ja",
        "xx",
        "pt-br",
    )
)


# numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Take 5 mg, twice in 24 hours.", ["5", "24"]),
        ("3.5 or 3,5 litres", ["3.5", "3.5"]),
        ("1,250 and 1250 and 1'250 and 1’250", ["1250"] * 4),
        ("1,250,000.75 and 1.250.000,75", ["1250000.75"] * 2),
        ("0,125 and 0.125", ["0.125"] * 2),
        ("1.250 is one and a quarter", ["1.250"]),
        ("It was -5 degrees, or −5, or –5.", ["-5"] * 3),
        ("pages 10-20 and 10–20", ["10", "20", "10", "20"]),
        ("on 2024-05-12 or 12/05/2024 or 12.05.2024", ["2024-05-12", "12/05/2024", "12.05.2024"]),
        ("at 10:30, call 555-123-4567, odds 2/3", ["10:30", "555-123-4567", "2/3"]),
        ("a typographic 2024‑05‑12", ["2024-05-12"]),
        ("50% of $5, 5kg, 1990s, 2nd", ["50", "5", "5", "1990", "2"]),
        ("choose 1,2,3", ["1", "2", "3"]),
        ("٢٥٠ und २५० and ２５０", ["250"] * 3),
        ("١٬٢٥٠٫٥", ["1250.5"]),
        ("共有25人", ["25"]),
        ("10² and ½ and ①", ["10", "2", "1⁄2", "1"]),
        ("COVID-19 in 2020.", ["19", "2020"]),
        ("vitamin B12, mp3, h3llo, a_1", []),
        ("three of them", []),
        ("1. Wash it.\n2) Dry it.\n > 3. Wear it.", []),
        ("1. Wait 5 minutes.\n42", ["5", "42"]),
    ],
)
def test_numbers_are_found_in_every_notation(text: str, found: list[str]) -> None:
    assert numbers(text) == Counter(found)


def test_a_number_that_changed_its_value_is_another_number() -> None:
    assert share_kept(numbers("5 of 50"), numbers("5 of 500")) == 0.5
    assert share_kept(numbers("It is -5."), numbers("It is 5.")) == 0
    assert share_kept(numbers("2 and 2"), numbers("only 2")) == 0.5


def test_of_nothing_no_share_is_kept() -> None:
    assert share_kept(numbers("none"), numbers("5")) is None


# names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We met Anna Smith in New York.", ["Anna", "Smith", "New", "York"]),
        ("New York is large. London too. But Paris is smaller: Rome as well.", ["York", "Paris"]),
        ("I think I'm right, and I’ve asked.", []),
        ("Ask the WHO or the EU; the iPhone and OpenAI.", ["WHO", "EU", "iPhone", "OpenAI"]),
        ("It is Anna's, O'Brien’s and Jean-Paul's.", ["Anna", "OBrien", "Jean", "Paul"]),
        ("Please DO NOT SHARE this.", []),
        ("Will you? He said that Will may, and he will.", []),
        ("Write to @anna_k or a@example.org.", ["@anna_k"]),
        ("- Start here\n* Then here\n1. Then There\n> Quoted", ["There"]),
        ('She said, "Are you there?"', []),
        ("Ask Dr. Okafor or J. Banks.", ["Dr", "Okafor", "Banks"]),
        ("Wir fuhren mit dem Zug.", ["Zug"]),
        ("Он живёт в Москве. Она тоже.", ["Москве"]),
        ("El libro de Ana. ¿Qué tal? ¡Claro!", ["Ana"]),
        ("使用Python编写，由OpenAI开发", ["Python", "OpenAI"]),
        ("مرحبا بكم", []),
    ],
)
def test_names_are_capitalised_words_that_no_sentence_begins_with(text: str, found: list[str]) -> None:
    assert list(names(text, "en")) == found


def test_where_nouns_have_capitals_only_acronyms_and_inner_capitals_are_names() -> None:
    assert names("Der Zug nach Köln, ein ICE mit dem iPhone.", "de-ch") == ("ICE", "iPhone")


@pytest.mark.parametrize(
    ("perturbed", "share"),
    [
        ("Anna lives near Bonn.", 1.0),
        ("Near Bonn lives Anna.", 1.0),
        ("It is Annas house, and Bonn's.", 1.0),
        ("anna lives near Bonn.", 0.5),
        ("Ana lives near Bonn.", 0.5),
        ("She lives there.", 0.0),
    ],
)
def test_a_name_is_kept_wherever_in_the_sentence_it_stands(perturbed: str, share: float) -> None:
    assert names_kept(names("That is Anna of Bonn.", "en"), perturbed) == share


def test_without_names_no_share_of_them_is_kept() -> None:
    assert names_kept((), "Anna") is None


# negations


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "I do not, don't, don’t, DON'T, dont, cannot and can't.", {"not": 7}),
        ("en-gb", "Never say no to nobody; _not_ without Nora, nor in Nottingham.",
         {"never": 1, "no": 1, "nobody": 1, "not": 1, "without": 1, "nor": 1}),
        ("en", "That is a knot, a note and a cannon; it isn'tt.", {}),
        ("de", "Nicht ohne keinen Grund, niemandem, nie.", {"nicht": 1, "ohne": 1, "kein": 1, "niemand": 1, "nie": 1}),
        ("fr", "Je n'ai pas, il ne faut jamais, aucune, n’est-ce pas", {"ne": 3, "pas": 2, "jamais": 1, "aucun": 1}),
        ("es", "No hay ninguna, ni nunca", {"no": 1, "ningun": 1, "ni": 1, "nunca": 1}),
        ("it", "Non ho nessuna voglia", {"non": 1, "nessun": 1}),
        ("pt-br", "Não, nem nenhuma", {"não": 1, "nem": 1, "nenhum": 1}),
        ("nl", "Niet zonder geen", {"niet": 1, "zonder": 1, "geen": 1}),
        ("pl", "Nie ma żadnego, nigdy", {"nie": 1, "żadn": 1, "nigdy": 1}),
        ("ro", "Nu, n-am nimic fără", {"nu": 2, "nimic": 1, "fără": 1}),
        ("ru", "Не надо, нет, никогда", {"не": 1, "нет": 1, "никогда": 1}),
        ("uk", "Не треба, немає, п'ять", {"не": 1, "немає": 1}),
        ("el", "Δεν ξέρω, μην πας", {"δε": 1, "μη": 1}),
        ("ar", "لا أعرف ولا أريد، فليس", {"لا": 2, "ليس": 1}),
        ("he", "אני לא יודע ושלא, בלי, ואין", {"לא": 2, "בלי": 1, "אין": 1}),
        ("hi", "यह नहीं है, मत करो", {"नहीं": 1, "मत": 1}),
        ("id", "Jangan, saya tidak bisa", {"jangan": 1, "tidak": 1}),
        ("vi", "Tôi không biết, đừng", {"không": 1, "đừng": 1}),
        ("vi", "Tôi kho\u0302ng bie\u0302\u0301t", {"không": 1}),
        ("zh", "我不知道，没有", {"不": 1, "没": 1}),
        ("zh-hant", "我不知道，沒有", {"不": 1, "没": 1}),
    ],
)  # fmt: skip
def test_negations_are_found_by_language(language: str, text: str, found: dict[str, int]) -> None:
    assert negations(text, language) == Counter(found)


@pytest.mark.parametrize("language", ["cs", "ja", "ko", "fa", "sw", "tr", "xx", ""])
def test_where_no_list_tells_negations_cannot_be_told(language: str) -> None:
    assert negations("no, not never", language) is None


# code


def test_code_and_addresses_are_found_to_the_byte() -> None:
    text = (
        "Run `ls  -l` or ``b c``:\n```sh\nls `x`\n```\nSee https://example.org/a?b=1, (www.example.org/x). "
        "Write to a.b+c@mail.example.org. And\n~~~\nx\n~~~\nfor 5 @ 3, not`closed"
    )
    assert code(text) == Counter(
        [
            "`ls  -l`",
            "``b c``",
            "```sh\nls `x`\n```",
            "https://example.org/a?b=1",
            "www.example.org/x",
            "a.b+c@mail.example.org",
            "~~~\nx\n~~~",
        ]
    )


def test_an_open_code_block_goes_on_to_the_end() -> None:
    assert code("So:\n```\nls\n\nand `x`") == Counter(["```\nls\n\nand `x`"])


def test_code_is_another_when_a_byte_of_it_changes() -> None:
    assert share_kept(code("`ls -l` and `pwd`"), code("`ls  -l` and `pwd`")) == 0.5


# words


@pytest.mark.parametrize(
    "perturbed",
    [
        "Don't go, Anna-Lena: it is 5 o'clock!",
        "DON’T GO ANNA LENA IT IS 5 O’CLOCK",
        "dont  go\nanna lena. it is... 5 oclock",
        "Well, don't you go, Anna-Lena! It really is 5 o'clock. Honestly.",
        "_Don't_ **go**, Anna-Lena: it i\u200bs 5 o'clock",
    ],
)
def test_words_are_kept_through_case_spaces_marks_and_insertions(perturbed: str) -> None:
    assert same_words("Don't go, Anna-Lena: it is 5 o'clock!", perturbed)


@pytest.mark.parametrize(
    "perturbed",
    ["Go don't", "Don't", "Do not go", "Don't goo", "Don't g o", "Don't gо", ""],
)
def test_words_are_not_kept_where_one_is_lost_changed_or_moved(perturbed: str) -> None:
    assert not same_words("Don't go", perturbed)


def test_a_word_said_twice_is_not_kept_once() -> None:
    assert not same_words("very very good", "very good")


def test_scripts_without_spaces_are_compared_character_by_character() -> None:
    assert same_words("我不知道。", "我，真的 不知道")
    assert not same_words("我不知道。", "我知道")
    assert same_words("ไม่รู้", "ไม่ รู้")
    assert words("使用Python、テスト・カ") == ["使", "用", "python", "テ", "ス", "ト", "カ"]


def test_composed_and_decomposed_accents_are_one_word() -> None:
    assert words("Café") == words("Cafe\u0301") == ["café"]


def test_an_indic_word_is_one_word_with_its_vowel_signs() -> None:
    assert words("यह नहीं है।") == ["यह", "नहीं", "है"]


# anything


@given(st.text(), ANY_LANGUAGE)
def test_every_text_keeps_all_that_it_has(text: str, language: str) -> None:
    keeps_all_that_it_has(text, language)


def keeps_all_that_it_has(text: str, language: str) -> None:
    assert share_kept(numbers(text), numbers(text)) in (None, 1)
    assert share_kept(code(text), code(text)) in (None, 1)
    assert names_kept(names(text, language), text) in (None, 1)
    found = negations(text, language)
    assert found is None or share_kept(found, found) in (None, 1)
    assert same_words(text, text)


MARKS_AND_DIGITS = (
    "'", "-", ".", ",", "/", ":", "1", "11", "111", "a", "A", "`", "```", "@", "www.", "https://", "\n", " ", "’",
    "\u0301", "不", "٣", "²", "_", "#", "*", "(", '"', "I", "n't",
)  # fmt: skip


@given(st.lists(st.sampled_from(MARKS_AND_DIGITS)).map("".join), ANY_LANGUAGE)
def test_every_order_of_marks_and_digits_keeps_all_that_it_has(text: str, language: str) -> None:
    keeps_all_that_it_has(text, language)


@pytest.mark.parametrize(
    "part",
    ["'a", "(", "1", "1,", "111,", "1.", "-1", "`", "`a", "a@", "a.", "A", "Ab ", "AB ", "a'", "\n ", "不",
     "\u0301\u0323", "ก็", "\u200b", "²", "www.", "http", "\n1. ", "٣٫", "\ud800"],
)  # fmt: skip
def test_a_very_long_text_of_one_kind_is_read(part: str) -> None:
    text = part * (200_000 // len(part))
    assert share_kept(numbers(text), numbers(f"{text} ")) in (None, 1)
    assert names_kept(names(text, "en"), text) in (None, 1)
    assert code(text) == code(text)
    negations(text, "vi")
    assert same_words(text, text)
