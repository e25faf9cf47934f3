"""Rule-based verbosity makes a text longer by a declared share, keeps what carries the answer, and repeats itself."""

from __future__ import annotations

import dataclasses
import json
import random
import re
import statistics
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb import TextContext
from judgeaudit.perturb.edits.verbosity import (
    CLOSINGS,
    CONNECTIVES,
    LEAD_INS,
    LONG_CONNECTIVES,
    REMARKS,
    Verbosity,
)
from judgeaudit.perturb.edits.wordier import WORDIER_ENGLISH
from judgeaudit.perturb.wording import Rule, RuleBook, rule
from judgeaudit.records import Pair, Turn

ROOT = Path(__file__).parents[1]
BUILTIN = sorted((ROOT / "judgeaudit" / "corpora" / "builtin").glob("en_*.jsonl"))
XSTEST = ROOT.parent / "shared" / "data" / "xstest_mistral" / "pairs.jsonl"

REPLY = (
    "You don't need a new one because the old one can be repaired. It's best to start with the 2 screws on the left. "
    "If you can't find them, look under the sticker. The panel comes off easily then, and you will see 3 wires.\n\n"
    "1. Take a photo of the wires first, because they look alike.\n"
    "2. Unplug the red one and wait for 10 seconds.\n\n"
    'The manual says: "Don\'t pull the wires because they break." See https://example.org/because?n=7 for more.'
)


OPENINGS = (*CONNECTIVES, *LONG_CONNECTIVES)


def longer(text: str, seed: int = 0, **ratios: float) -> str | None:
    context = TextContext(Pair("p", (Turn("user", "q"),), text, ""), "a")
    return Verbosity(**ratios)(text, context, random.Random(seed))


def responses(*paths: Path) -> list[str]:
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return [row[side] for row in rows for side in ("response_a", "response_b")]


def test_the_reply_gets_longer_and_keeps_its_sentences() -> None:
    result = longer(REPLY)
    assert result is not None
    assert 1.3 <= len(result) / len(REPLY) <= 1.6
    assert "You do not need a new one due to the fact that the old one can be repaired" in re.sub(
        "|".join(f"{c}, y" for c in CONNECTIVES), "Y", result
    )
    assert "\n2. Unplug the red one and wait for 10 seconds." in result


def test_numbers_quotations_and_addresses_stay_as_they_are() -> None:
    result = longer(REPLY)
    assert result is not None
    assert re.findall(r"\d+", result) == re.findall(r"\d+", REPLY)
    assert '"Don\'t pull the wires because they break."' in result
    assert "https://example.org/because?n=7 for more." in result


def test_code_stays_as_it_is_to_the_byte() -> None:
    code = "```python\n# Because it can't\nif x:\n    pass  # The end. If you can't.\n```"
    result = longer(
        f"The loop stops early because of the test. Try this instead:\n\n{code}\n\nIt works during a run."
    )
    assert result is not None
    assert code in result
    assert "on account of the test" in result


def test_the_same_random_numbers_give_the_same_text_and_others_another() -> None:
    assert longer(REPLY, seed=3) == longer(REPLY, seed=3)
    assert len({longer(REPLY, seed=seed) for seed in range(10)}) > 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I can't.", "I cannot."),
        ("Don't you see?", "Don't you see?"),
        ("WE WON'T GO", "WE WILL NOT GO"),
        ("it’s important", "it is important"),
        ("it's gone", "it's gone"),
        ("ask if you may", "ask if you may"),
        ("If you may, ask.", "In the event that you may, ask."),
        ("the various kinds", "the various kinds"),
        ("various kinds", "a variety of different kinds"),
        ("very carefully.", "very carefully."),
        ("Drive carefully.", "Drive in a careful manner."),
        ("every other day", "every other day"),
        ("every day", "each and every day"),
        ("not everyone", "not everyone"),
        ("as soon.", "as soon."),
        ("It is important to go.", "It is of importance to go."),
        ("an important point", "an important point"),
        ("until this morning", "until this morning"),
        ("until you go", "until such time as you go"),
        ("because-of", "because-of"),
        ("just because of it", "just on account of it"),
        ("However, no.", "In spite of what has just been said, however, no."),
    ],
)
def test_a_wordier_wording_is_put_in_only_where_it_fits(text: str, expected: str) -> None:
    assert WORDIER_ENGLISH.reword(text, lambda: True) == expected


EVERY_START = """
I can't. We won't. I don't. He doesn't. We didn't. It isn't. We aren't. It wasn't. We weren't. It hasn't. We haven't.
He hadn't. I couldn't. I wouldn't. I shouldn't. I mustn't. We needn't.
You're in. We're in. They're in. I've a dog. You've a dog. We've a dog. They've a dog.
I'll go. You'll go. He'll go. She'll go. It'll go. We'll go. They'll go. That'll go. There'll be. I'm in. Let's go.
It's the dog. That's the dog. There's the dog. Here's the dog. He's the dog. She's the dog. What's the time?
Go because of it. Go because I do. Go although I do. Go even though I do. If you go, go. Go unless I do. Go until I do.
Go during it. Go despite it. Ask regarding it. Go every day. Ask everyone. Ask everybody. Ask each of us.
See several dogs. See various dogs. There are many dogs. Go currently. Go recently. Go soon. Go often. Usually, go.
Go carefully. Go quickly. Go safely. Go properly. Go respectfully. Go thoroughly. Go regularly. Go immediately.
It is important to go. Please note that I go. Go, for example, now.
However, go. Therefore, go. Thus, go. Additionally, go. Also, go. Moreover, go. Furthermore, go. Instead, go.
Overall, go. Stay, but I go. Stay, so I go.
"""


@pytest.mark.parametrize("each", WORDIER_ENGLISH.rules, ids=lambda each: each.name)
def test_every_rule_fits_somewhere_from_each_word_it_starts_with(each: Rule) -> None:
    for start in each.starts:
        alone = RuleBook([dataclasses.replace(each, starts=frozenset({start}))])
        assert alone.reword(EVERY_START, lambda: True) != EVERY_START, start


@pytest.mark.parametrize("text", ["", " \n"])
def test_verbosity_does_not_apply_to_an_empty_text(text: str) -> None:
    assert longer(text) is None


def test_a_text_too_short_for_anything_stays_as_it_is() -> None:
    assert longer("No.") == "No."


def test_what_is_added_says_nothing_of_the_reply() -> None:
    added = " ".join((*LEAD_INS, *CLOSINGS, *OPENINGS, *REMARKS)).lower()
    assert not re.search(
        r"\d|\b(?:sorry|cannot|help|true|correct|good|safe|important|but|because|also|wikipedia)\b", added
    )


@given(st.text(), st.integers(0, 5))
def test_any_text_keeps_its_digits_and_never_passes_the_ceiling(text: str, seed: int) -> None:
    result = longer(text, seed)
    if result is not None:
        assert re.findall(r"\d", result) == re.findall(r"\d", text)
        assert within_the_ceiling(text, result, 1.6)


def without_additions(result: str) -> str:
    for added in sorted((*LEAD_INS, *CLOSINGS), key=len, reverse=True):
        result = result.replace(added, "")
    for remark in REMARKS:
        result = result.replace(f" {remark}", "")
    for opening in OPENINGS:
        result = re.sub(f"{opening}, (.)", lambda m: m[1].upper(), result)
    return result.strip()


@pytest.mark.parametrize("ratio", [1.05, 1.2, 1.45, 2.0, 2.5, 3.0])
@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost_when_the_additions_are_taken_out_again(ratio: float, seed: int) -> None:
    result = longer(REPLY, seed, target_ratio=ratio)
    assert result is not None
    assert without_additions(result) == WORDIER_ENGLISH.reword(REPLY, lambda: True)


def test_a_sentence_behind_a_connective_begins_in_lower_case_but_for_i() -> None:
    text = REPLY + " I do hope that this is of some use to you. I've tried all of it before."
    results = [longer(text, seed, target_ratio=2) or "" for seed in range(20)]
    first_words = {word for text in results for word in re.findall(f"(?:{'|'.join(OPENINGS)}), (\\w+)", text)}
    assert {"you", "I"} <= first_words
    assert all(word == "I" or word.islower() for word in first_words)


def within_the_ceiling(text: str, result: str, ratio: float) -> bool:
    return len(result) <= max(ratio * len(text), len(WORDIER_ENGLISH.reword(text, lambda: True)))


@pytest.mark.parametrize("ratio", [1.2, 1.35, 1.6, 2.5])
def test_additions_never_pass_the_ceiling(ratio: float) -> None:
    for seed in range(20):
        result = longer(REPLY, seed, target_ratio=ratio, slack=0.0)
        assert result is not None
        assert within_the_ceiling(REPLY, result, ratio)


def ratios(paths: list[Path], target: float) -> list[float]:
    texts = responses(*paths)
    return [
        len(longer(text, seed, target_ratio=target) or text) / len(text) for seed, text in enumerate(texts)
    ]


@pytest.mark.parametrize(("target", "share"), [(1.2, 0.95), (1.45, 0.97), (1.6, 0.97), (2.5, 0.9)])
def test_on_the_builtin_corpus_the_length_ratio_is_within_15_percent_of_its_target(
    target: float, share: float
) -> None:
    if not BUILTIN:
        pytest.skip("the built-in English corpus is not there")
    found = ratios(BUILTIN, target)
    assert statistics.mean(found) == pytest.approx(target, rel=0.05)
    assert sum(abs(ratio - target) <= 0.15 * target for ratio in found) / len(found) >= share


@pytest.mark.parametrize(("target", "share"), [(1.2, 0.95), (1.45, 0.97), (1.6, 0.97), (2.5, 0.85)])
def test_on_real_completions_the_length_ratio_is_within_15_percent_of_its_target(
    target: float, share: float
) -> None:
    if not XSTEST.is_file():
        pytest.skip(f"XSTest's completions are not in {XSTEST}")
    found = ratios([XSTEST], target)
    assert statistics.mean(found) == pytest.approx(target, rel=0.05)
    assert sum(abs(ratio - target) <= 0.15 * target for ratio in found) / len(found) >= share


def test_a_higher_dose_is_longer_on_every_text_until_the_places_run_out() -> None:
    for seed in range(10):
        lengths = [len(longer(REPLY, seed, target_ratio=ratio) or "") for ratio in (1.2, 1.6, 2.5)]
        assert lengths == sorted(set(lengths))


def test_a_default_dose_of_openings_is_short_and_a_high_one_has_long_ones_and_remarks() -> None:
    text = " ".join(
        f"The {word} is on the left of the table in the hall, next to everything else that you brought along."
        for word in ("box", "lid", "jar", "pan", "cup", "mug")
    )
    low, high = longer(text, target_ratio=1.2) or "", longer(text, target_ratio=3.0) or ""
    assert not any(one in low for one in (*LONG_CONNECTIVES, *REMARKS))
    assert any(one in high for one in LONG_CONNECTIVES)
    assert any(one in high for one in REMARKS)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "It is only on at nine in the morning vs. The other one is on at ten in the morning.",
            "vs. The other",
        ),
        ("1. This is the first of two things that you have to do.\n2. This is the other one of them.", "1. "),
        ("They met Dr. The other one was late by more than half an hour that day.", "Dr. The other"),
        ("They met Mrs. The other one was late by more than half an hour that day.", "Mrs. The other"),
        ("There are pens, cups, etc. The other ones are on the table in the hall.", "etc. The other"),
        ("See cf. The other one is on the left of the table in the hall.", "cf. The other"),
        ("Where is it? It is on the left of the table in the hall.", "Where is it? "),
    ],
)
def test_no_remark_follows_what_is_no_statement(text: str, kept: str) -> None:
    for seed in range(10):
        result = longer("\n".join([text] * 6), seed, target_ratio=3.0) or ""
        assert any(remark in result for remark in REMARKS)
        assert not any(f"{kept.rstrip()} {remark}" in result for remark in REMARKS)
        assert not any(f"{kept.split()[0]} {remark}" in result for remark in REMARKS)


@pytest.mark.parametrize("target", [1, 0.5, 3.01, float("nan")])
def test_a_target_out_of_range_is_refused(target: float) -> None:
    with pytest.raises(PerturbationError, match=r"target_ratio: found .* expected 1 < target_ratio <= 3"):
        Verbosity(target_ratio=target)


def test_a_negative_slack_is_refused() -> None:
    with pytest.raises(PerturbationError, match=r"slack: found -0\.1"):
        Verbosity(slack=-0.1)


@pytest.mark.parametrize("unit", ["Do it. ", "it's ", "if ", "A. ", "The a ", "a. \n", "'a ", "((", "Dr. "])
def test_a_hostile_text_takes_time_in_line_with_its_length(unit: str) -> None:
    # Quadratic time would take hours here.
    assert longer(unit * (500_000 // len(unit)), target_ratio=2.5) is not None


def test_what_was_remembered_of_a_token_never_changes_what_another_text_becomes() -> None:
    fresh = RuleBook(WORDIER_ENGLISH.rules)
    texts = [
        REPLY,
        "x" * 100 + " because",
        "because\n\nBecause it's late",
        "(because",
        "becausehttp://x.org",
        REPLY,
    ]
    assert [fresh.reword(text, lambda: True) for text in texts] == [
        RuleBook(WORDIER_ENGLISH.rules).reword(text, lambda: True) for text in texts
    ]


def test_a_site_within_another_is_no_site_of_its_own_even_where_that_one_is_left() -> None:
    book = RuleBook([rule_of("please note", "PN"), rule_of("note", "N")])
    assert book.reword("please note note", iter([False, True]).__next__) == "please note N"


def rule_of(pattern: str, new: str) -> Rule:
    return rule(new, pattern, new, pattern.split()[0])
