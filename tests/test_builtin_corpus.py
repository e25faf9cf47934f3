"""Is the built-in corpus what its card says: balanced, mild, and free of clues that give the labels away?"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

import judgeaudit
from judgeaudit.records import SIDES

FOLDER = Path(judgeaudit.__file__).parent / "corpora" / "builtin"
Row = dict[str, str]

FIELDS = {
    "id",
    "prompt",
    "response_a",
    "response_b",
    "domain",
    "language",
    "system_a",
    "system_b",
    "label",
    "label_source",
    "construction",
}
DOMAINS = {
    "self-harm",
    "toxicity and hate",
    "misinformation",
    "sexual content",
    "violence and illegal activity",
    "child safety",
}
OTHER_LANGUAGES = {"de", "fr", "es", "it", "pt", "zh", "ja", "ar"}

APOLOGY = re.compile(
    r"\bsorry\b|\bapolog|entschuldig|tut mir leid|désolé|excusez|pardon|lo siento|perdona|disculp"
    r"|mi dispiace|scus[ai]|desculp|sinto muito|抱歉|对不起|道歉|申し訳|すみません|ごめん|آسف|أعتذر|عذر[اً]",
    re.IGNORECASE,
)
LINK = re.compile(
    r"https?:|www\.|\b[\w.-]+@[\w-]+\.\w+|\b[\w-]+\.(?:com|org|net|gov|edu|info|io)\b", re.IGNORECASE
)
ENCYCLOPEDIA = re.compile(r"wikip|维基|維基|ウィキ|ويكيبيديا", re.IGNORECASE)
DOSE = re.compile(r"\d\s*(?:mg|ml|milligram|grams?|pills?|tablets?)\b", re.IGNORECASE)
SCRIPT = {
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
}
FUNCTION_WORDS = {
    "en": "the and is it you that of to in your not",
    "de": "der die das und ist nicht du ich ein sich auch",
    "fr": "le les des et est vous une pas dans qui il",
    "es": "el los y que es una lo del con por se",
    "it": "il di che è gli della un con ti del non",
    "pt": "o os e é um uma não para você com do",
}


def read_rows() -> list[Row]:
    """Every row of every file, with the file's name under ``file``."""
    rows: list[Row] = []
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            rows.append(json.loads(line) | {"file": path.name})
    return rows


ROWS = read_rows()
DECISIVE = [row for row in ROWS if row["label"] != "tie"]
ENGLISH = [row for row in ROWS if row["language"] == "en"]


def texts(row: Row) -> tuple[str, str, str]:
    return row["prompt"], row["response_a"], row["response_b"]


def careful_side(row: Row) -> str:
    return "a" if row["system_a"] == "careful" else "b"


def share_where_the_label_is_longer(rows: Iterable[Row]) -> float:
    """Share of decisive pairs of unequal length in which the longer response (characters) is the label."""
    longer = [
        row["label"] == ("a" if len(row["response_a"]) > len(row["response_b"]) else "b")
        for row in rows
        if len(row["response_a"]) != len(row["response_b"])
    ]
    return sum(longer) / len(longer)


def length_ratio(row: Row) -> float:
    """How many times as long (characters) the longer response is: 1.0 where both are equally long."""
    short, long = sorted((len(row["response_a"]), len(row["response_b"])))
    return long / short


def share_told_apart_by_length_ratio(rows: Sequence[Row]) -> float:
    """Share of pairs that the best single cut on the length ratio sorts into tie and decisive.

    Either side of the cut may be called the tie, and the cut may leave one side empty.
    """
    ratios = [length_ratio(row) for row in rows]
    ties = [row["label"] == "tie" for row in rows]
    best = 0.0
    for cut in (0.0, *ratios):
        right = sum((ratio <= cut) == tie for ratio, tie in zip(ratios, ties, strict=True)) / len(rows)
        best = max(best, right, 1 - right)
    return best


def share_decisive(rows: Sequence[Row]) -> float:
    return sum(row["label"] != "tie" for row in rows) / len(rows)


def apologies() -> Counter[str]:
    """How many responses of each system hold an apologetic word."""
    found: Counter[str] = Counter()
    for row in ROWS:
        for side in SIDES:
            found[row[f"system_{side}"]] += bool(APOLOGY.search(row[f"response_{side}"]))
    return found


def grouped(rows: Iterable[Row], field: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[field]].append(row)
    return groups


def test_every_row_has_the_same_fields_and_no_empty_one() -> None:
    for row in ROWS:
        assert set(row) - {"file"} == FIELDS, row["id"]
        assert all(isinstance(row[field], str) and row[field].strip() for field in FIELDS), row["id"]


def test_there_are_at_least_160_english_pairs_in_six_domains() -> None:
    assert len(ENGLISH) >= 160
    assert {row["domain"] for row in ENGLISH} == DOMAINS
    assert min(Counter(row["domain"] for row in ENGLISH).values()) >= 25


def test_there_are_at_least_40_pairs_in_eight_other_languages_each_covering_every_domain() -> None:
    others = [row for row in ROWS if row["language"] != "en"]
    assert len(others) >= 40
    assert {row["language"] for row in others} == OTHER_LANGUAGES
    for language, rows in grouped(others, "language").items():
        assert {row["domain"] for row in rows} == DOMAINS, language


def test_no_id_and_no_text_occurs_twice() -> None:
    assert [id_ for id_, n in Counter(row["id"] for row in ROWS).items() if n > 1] == []
    seen = Counter(" ".join(text.casefold().split()) for row in ROWS for text in texts(row))
    assert [text for text, n in seen.items() if n > 1] == []


def test_every_pair_sets_the_careful_system_against_the_careless_one() -> None:
    for row in ROWS:
        assert {row["system_a"], row["system_b"]} == {"careful", "careless"}, row["id"]


def test_the_label_follows_from_the_construction_and_is_never_called_human() -> None:
    for row in ROWS:
        assert row["label_source"] == "constructed", row["id"]
        if row["construction"] == "careful_is_safer":
            assert row["label"] == careful_side(row), row["id"]
        else:
            assert (row["construction"], row["label"]) == ("both_safe", "tie"), row["id"]


@pytest.mark.parametrize("domain", sorted(DOMAINS))
def test_each_english_domain_has_as_many_labels_a_as_b_and_some_ties(domain: str) -> None:
    labels = Counter(row["label"] for row in ENGLISH if row["domain"] == domain)
    assert labels["a"] == labels["b"] > labels["tie"] > 0


@pytest.mark.parametrize("language", sorted(OTHER_LANGUAGES))
def test_each_other_language_has_as_many_labels_a_as_b_as_ties(language: str) -> None:
    labels = Counter(row["label"] for row in ROWS if row["language"] == language)
    assert labels["a"] == labels["b"] == labels["tie"] > 0


def test_the_careful_system_stands_on_side_a_about_half_the_time_in_ties_too() -> None:
    for rows in (ROWS, DECISIVE, [row for row in ROWS if row["label"] == "tie"]):
        share = sum(careful_side(row) == "a" for row in rows) / len(rows)
        assert 0.4 <= share <= 0.6


def test_the_order_of_the_rows_does_not_repeat_one_label_for_long() -> None:
    for file, rows in grouped(ROWS, "file").items():
        run = longest = 1
        for before, after in pairwise(rows):
            run = run + 1 if before["label"] == after["label"] else 1
            longest = max(longest, run)
        assert longest <= 6, file


def test_length_does_not_give_the_label_away() -> None:
    assert 0.35 <= share_where_the_label_is_longer(DECISIVE) <= 0.65
    for field in ("domain", "language"):
        for value, rows in grouped(DECISIVE, field).items():
            assert 0.35 <= share_where_the_label_is_longer(rows) <= 0.65, value


@pytest.mark.parametrize("domain", sorted(DOMAINS))
def test_in_each_english_domain_the_longer_response_is_right_about_half_the_time_on_either_side(
    domain: str,
) -> None:
    rows = [row for row in ENGLISH if row["domain"] == domain and row["label"] != "tie"]
    assert 0.45 <= share_where_the_label_is_longer(rows) <= 0.55
    for label, group in grouped(rows, "label").items():
        assert 0.4 <= share_where_the_label_is_longer(group) <= 0.6, label


def test_the_ratio_of_the_two_lengths_does_not_give_ties_away() -> None:
    others = [row for row in ROWS if row["language"] != "en"]
    for rows in (ROWS, ENGLISH, others):
        gain = share_told_apart_by_length_ratio(rows) - share_decisive(rows)
        assert 0 <= gain <= 0.03, rows[0]["language"]


@pytest.mark.parametrize("domain", sorted(DOMAINS))
def test_each_english_domain_has_ties_and_decisive_pairs_of_like_and_of_unlike_length(domain: str) -> None:
    rows = [row for row in ENGLISH if row["domain"] == domain]
    for group in ([row for row in rows if row["label"] == "tie"], [r for r in rows if r["label"] != "tie"]):
        alike = sum(length_ratio(row) <= 1.15 for row in group) / len(group)
        assert 0.2 <= alike <= 0.4
        assert max(length_ratio(row) for row in group) >= 1.6


def test_no_response_is_far_longer_than_its_counterpart() -> None:
    assert max(length_ratio(row) for row in ENGLISH) < 2
    assert max(length_ratio(row) for row in ROWS) < 2.2


def test_english_responses_have_30_to_95_words() -> None:
    for row in ENGLISH:
        for side in SIDES:
            assert 30 <= len(row[f"response_{side}"].split()) <= 95, (row["id"], side)


def test_apologies_are_rare_and_belong_to_neither_system() -> None:
    apologetic = apologies()
    assert sum(apologetic.values()) <= 0.05 * 2 * len(ROWS)
    assert abs(apologetic["careful"] - apologetic["careless"]) <= 0.02 * len(ROWS)


def test_no_text_holds_a_link_an_address_or_an_encyclopedia() -> None:
    for row in ROWS:
        for text in texts(row):
            assert not LINK.search(text), row["id"]
            assert not ENCYCLOPEDIA.search(text), row["id"]


def test_no_text_names_a_dose() -> None:
    for row in ROWS:
        assert not any(DOSE.search(text) for text in texts(row)), row["id"]


def test_texts_are_short_and_hold_no_markup_and_no_invisible_character() -> None:
    for row in ROWS:
        assert len(row["prompt"]) <= 400, row["id"]
        for text in texts(row):
            assert len(text) <= 1000, row["id"]
            assert text == text.strip(), row["id"]
            assert text == unicodedata.normalize("NFC", text), row["id"]
            assert not re.search(r"<[a-z/!]|```|\{\{", text), row["id"]
            unseen = [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn")]
            assert unseen == [], row["id"]


def test_each_pair_is_written_in_the_language_it_names() -> None:
    for row in ROWS:
        for name, script in SCRIPT.items():
            found = all(script.search(text) for text in texts(row))
            expected = name == row["language"] or (name == "zh" and row["language"] == "ja")
            assert found == expected, (row["id"], name)
        if row["language"] in FUNCTION_WORDS:
            words = Counter(re.findall(r"\w+", " ".join(texts(row)).casefold()))
            hits = {
                name: sum(words[word] for word in known.split()) for name, known in FUNCTION_WORDS.items()
            }
            assert max(hits, key=lambda name: hits[name]) == row["language"], (row["id"], hits)


def test_the_card_gives_the_counts_of_the_files() -> None:
    card = (FOLDER / "CARD.md").read_text(encoding="utf-8")
    for field in ("domain", "language"):
        for value, rows in grouped(ROWS, field).items():
            labels = Counter(row["label"] for row in rows)
            counts = [len(rows), labels["a"], labels["b"], labels["tie"]]
            line = rf"^\| {re.escape(value)}(?: \([^|]*\))? \| " + r" \| ".join(map(str, counts)) + r" \|$"
            assert re.search(line, card, re.MULTILINE), (value, counts)


def test_the_card_gives_the_balance_that_the_files_have() -> None:
    card = " ".join((FOLDER / "CARD.md").read_text(encoding="utf-8").split())
    n, decisive = len(ROWS), len(DECISIVE)
    on_a = sum(careful_side(row) == "a" for row in ROWS)
    longer = round(share_where_the_label_is_longer(DECISIVE) * decisive)
    careful, careless = apologies()["careful"], apologies()["careless"]
    assert f"The careful system is side a in {on_a} of the {n} pairs" in card
    assert f"is the label in {longer} of the {decisive} decisive pairs" in card
    assert f"{careful} of the {n} responses of the careful system and {careless} of the {n} of the" in card
    for kind, rows in (("English pairs", ENGLISH), ("pairs in all", ROWS)):
        told_apart, always = share_told_apart_by_length_ratio(rows), share_decisive(rows)
        stated = f"{told_apart:.1%} of the {len(rows)} {kind}, where always answering"
        assert stated.replace("%", " %") in card, kind
        assert f'always answering "decisive" is right in {always:.1%}'.replace("%", " %") in card, kind
    for kind, tie in (("ties", True), ("decisive pairs", False)):
        middle = median(length_ratio(row) for row in ENGLISH if (row["label"] == "tie") == tie)
        assert f"{middle:.2f} in the English {kind}" in card
