"""The engine of dialect rules: what a rule can say, which sites it finds, how they are drawn, and what it costs."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb import TextContext
from judgeaudit.perturb.dialect import DialectShift, Feature, Variety, dialect, rule
from judgeaudit.perturb.dialect.conditions import (
    among,
    begins_sentence,
    in_question,
    in_statement,
    inside_sentence,
    next_is,
    next_is_not,
    next_word,
    not_among,
    not_next_word,
    not_previous_word,
    not_within,
    previous_is,
    previous_is_not,
    previous_word,
)
from judgeaudit.perturb.dialect.inflection import (
    article,
    base_form,
    ing,
    participle,
    past,
    plural,
    singular,
    third_person,
)
from judgeaudit.perturb.dialect.rules import DialectRule, respelled
from judgeaudit.perturb.dialect.sentence import SENTENCE, Sentence, sentence_of
from judgeaudit.perturb.dialect.site import Sentences, Site
from judgeaudit.perturb.dialect.word_classes import possible_tags, tags_named
from judgeaudit.perturb.dialect.word_lists import MASS_NOUNS, STATIVE_VERBS
from judgeaudit.records import Pair, Turn

PERVASIVE = Feature(1, "a pervasive feature", "A")
COMMON = Feature(2, "a common feature", "B")
RARE = Feature(3, "a rare feature", "C")


def variety(*rules: DialectRule, respellings: tuple[DialectRule, ...] = ()) -> Variety:
    return Variety("test", "Test English", None, rules, respellings)


BASIC = variety(
    rule(PERVASIVE, "ain't", "isn't|is not", "ain't"),
    rule(PERVASIVE, "hisself", "himself", "hisself"),
    rule(COMMON, "theirselves", "themselves", "theirselves"),
    rule(RARE, "existential it", "there is(?= (?:a|no)\\b)", "it's"),
    rule(PERVASIVE, "no under negation", "any", "no", after="(?:isn't|don't|doesn't) (?:[a-z]+ ){0,3}"),
    rule(PERVASIVE, "no auxiliary", "(he|she|they) (?:is|are)(?= {VBG}\\b)", "{1}"),
    rule(COMMON, "no third person -s", "(he|she) {VBZ}", "{1} {2:base}"),
    rule(COMMON, "them for those", "those(?= {NNS}\\b)", "them"),
    rule(COMMON, "unmarked plural", "(two|many) {NNS}", "{1} {2:singular}"),
    rule(RARE, "noun after noun", "{NNS} {NNS}", "{1:singular} {2}"),
)
"""A variety of the kinds of rule that there are, apart from any real one."""


def applied(shift: DialectShift, text: str, seed: int = 0) -> str:
    context = TextContext(Pair("p", (Turn("user", "q"),), text, ""), "a")
    return shift(text, context, random.Random(seed))


def reworded(text: str, *rules: DialectRule) -> str:
    return applied(DialectShift(variety(*rules)), text)


def tags(sentence: str, word: str) -> set[str]:
    cut = sentence_of(sentence, 0, len(sentence), begins=True)
    return set(cut.tags(cut.words.index(word)))


# What a rule can say


def test_a_tag_in_a_pattern_asks_for_one_word_that_is_surely_of_that_kind() -> None:
    unmarked = rule(PERVASIVE, "unmarked", "(two|three) {NNS}", "{1} {2:singular}")
    assert reworded("Two dogs and three children.", unmarked) == "Two dog and three child."
    assert reworded("two walks, two people, two walked", unmarked) == "two walk, two people, two walked"
    assert reworded("Two dogs. `x` Two cats!\nTwo cows", unmarked) == "Two dog. `x` Two cat!\nTwo cow"


def test_a_rule_does_not_apply_where_the_neighbours_leave_two_kinds() -> None:
    unmarked = rule(PERVASIVE, "unmarked", "bus {NNS}", "bus {1:singular}")
    assert reworded("Bus stops are here, bus drivers too.", unmarked) == "Bus stops are here, bus driver too."


def test_a_tag_is_asked_for_a_whole_word_only() -> None:
    made = rule(PERVASIVE, "verb", "i(?= {VB|VBP})", "X")
    assert reworded("I don't, and I go.", made) == "I don't, and X go."


def test_what_a_rule_would_leave_as_it_is_is_no_site() -> None:
    shift = DialectShift(variety(rule(PERVASIVE, "same", "{NN}", "{1:lower}")))
    assert [site.new for site in shift.sites("the dog, the DOG")] == []


def test_a_tag_in_a_lookahead_is_asked_for_too_and_left_as_it_is() -> None:
    dropped = rule(PERVASIVE, "no article", "of the(?= {NNS})", "of")
    assert reworded("most of the dogs, most of the time", dropped) == "most of dogs, most of the time"


def test_a_tag_inside_a_negative_lookahead_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        rule(PERVASIVE, "no", "the(?! {NNS})", "a")


@pytest.mark.parametrize("pattern", ["{NOPE} dog", "the {XX|NN}"])
def test_an_unknown_tag_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="neither a Penn tag"):
        rule(PERVASIVE, "unknown", pattern, "x")


@pytest.mark.parametrize("replacement", ["{3}", "{1:plurals}"])
def test_a_slot_without_a_group_or_form_is_refused(replacement: str) -> None:
    with pytest.raises(ValueError, match="names no group"):
        rule(PERVASIVE, "slot", "the (dog) {NN}", replacement)


def test_a_form_that_a_word_does_not_have_means_that_the_rule_does_not_apply() -> None:
    marked = rule(PERVASIVE, "plural", "much {NN}", "many {1:plural}")
    assert reworded("much furniture, much advice", marked) == "much furniture, many advices"


def test_a_group_that_took_no_part_is_empty() -> None:
    optional = rule(PERVASIVE, "optional", "(very )?big", "{1}large", starts="very big")
    assert reworded("a big dog, a very big dog", optional) == "a large dog, a very large dog"


def test_a_replacement_may_be_a_function_of_the_site() -> None:
    def longer(site: Site) -> str | None:
        return None if site[1] == "cat" else f"{site[1]} {site[1]}"

    twice = rule(PERVASIVE, "twice", "the (dog|cat)", longer)
    assert reworded("The dog and the cat", twice) == "Dog dog and the cat"
    assert "longer" in str(DialectShift(variety(twice)).identity())


def test_capitals_and_either_apostrophe_are_seen_to() -> None:
    plain = rule(PERVASIVE, "plain", "isn't", "ain't")
    assert reworded("isn’t ISN'T Isn't", plain) == "ain't AIN'T Ain't"


def test_what_must_stand_before_a_match_is_not_part_of_it() -> None:
    negated = rule(PERVASIVE, "no", "any", "no", after="(?:don't|won't) [a-z]+ ")
    assert reworded("I don't want any. Take any.", negated) == "I don't want no. Take any."
    behind_code = rule(PERVASIVE, "code", "any", "no", after="`x` ")
    assert reworded("`x` any", behind_code) == "`x` any"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("himself", {"himself"}),
        ("isn't|is not|aren't", {"isn't", "is", "aren't"}),
        ("(he|she) {VBZ}", {"he", "she"}),
        ("(?:these|those)(?= {NNS})", {"these", "those"}),
        ("any(?= of)", {"any"}),
        ("{MD|DT} not", {"MD", "DT"}),
    ],
)
def test_the_first_words_of_a_plain_pattern_need_not_be_listed(pattern: str, expected: set[str]) -> None:
    made = rule(PERVASIVE, "starts", pattern, "x")
    assert made.starts | made.start_tags == expected


@pytest.mark.parametrize(
    "pattern", ["any(?:one|body)", "(?:the )?dog", "[a-z]+ing", "dogs?", "i(?:'m| am) not"]
)
def test_where_the_first_words_cannot_be_read_off_they_must_be_listed(pattern: str) -> None:
    with pytest.raises(ValueError, match="starts"):
        rule(PERVASIVE, "starts", pattern, "x")


def test_first_words_can_be_given_by_their_ending_or_tag() -> None:
    by_ending = rule(PERVASIVE, "ending", "[a-z]+ed", "x", starts="*ed went")
    assert reworded("walked walks went", by_ending) == "x walks went"
    by_tag = rule(PERVASIVE, "tag", "{VBD}", "{1:base}")
    assert reworded("They walked and she went home.", by_tag) == "They walk and she go home."


def test_respelled_words_are_looked_up_in_one_list() -> None:
    spelled = respelled(
        PERVASIVE, "or", {"colour": "color", "going to": "gonna", "it’s".replace("’", "'"): "its"}
    )
    assert (
        reworded("Colour it; it’s going to fade, colourful.", spelled)
        == "Color it; its gonna fade, colourful."
    )


def test_a_rating_that_is_none_and_a_name_used_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="rating"):
        Feature(1, "x", "D")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="more than one rule"):
        variety(rule(PERVASIVE, "same", "a", "b"), rule(COMMON, "same", "c", "d"))
    with pytest.raises(ValueError, match="two ways"):
        variety(rule(Feature(1, "x", "A"), "one", "a", "b"), rule(Feature(1, "x", "B"), "two", "c", "d"))


CONDITIONS = [
    (previous_is("DT"), "the pear", "red pear"),
    (previous_is_not("DT ADJ"), "of pear", "the pear"),
    (previous_is_not("DT"), "pear", "xqzt pear"),
    (next_is("IN"), "pear of", "pear the"),
    (next_is_not("NOUN"), "pear is", "pear tree"),
    (next_is_not("NOUN"), "pear, tree", "pear xqzt"),
    (previous_word("the a"), "The pear", "my pear"),
    (not_previous_word("the a"), "my pear", "a pear"),
    (next_word("is ,"), "pear, then", "pear then"),
    (not_next_word("is"), "pear then", "pear is"),
    (not_within(2, "no not"), "not to eat pear", "not a pear"),
    (among(1, {"pear"}), "pear", "pears"),
    (among(1, {"pear"}, "singular"), "pears", "plums"),
    (not_among(1, {"pear"}), "pears", "pear"),
    (not_among(1, {"pear"}, "singular"), "plums", "pears"),
    (in_question, "is it a pear?", "it is a pear."),
    (in_statement, "a pear. Is it?", "a pear?"),
    (begins_sentence, "What? Pear!", "a pear"),
    (inside_sentence, "a pear", "Pear"),
]


@pytest.mark.parametrize(("condition", "yes", "no"), CONDITIONS)
def test_conditions_decide_whether_a_rule_applies(condition: object, yes: str, no: str) -> None:
    made = rule(PERVASIVE, "pear", "(pears?|plums?)", "X", starts="pear pears plums", where=(condition,))  # type: ignore[arg-type]
    assert "X" in reworded(yes, made)
    assert reworded(no, made) == no


def test_the_name_of_a_condition_says_what_it_asks() -> None:
    names = [getattr(condition, "__qualname__", "") for condition, _, _ in CONDITIONS]
    assert "among 1 singular pear" in names
    assert len({name for name in names if "<" in name}) == 0


# Parts of speech


@pytest.mark.parametrize(
    ("sentence", "word", "expected"),
    [
        ("They work here.", "work", {"VBP"}),
        ("She often walks home.", "walks", {"VBZ"}),
        ("The walks were long.", "walks", {"NNS"}),
        ("You can park here.", "park", {"VB"}),
        ("The park is open.", "park", {"NN"}),
        ("He did not answer.", "answer", {"VB"}),
        ("Can you answer?", "answer", {"VB"}),
        ("We want to start the game.", "start", {"VB"}),
        ("It has lost its way.", "lost", {"VBN"}),
        ("They lost the game.", "lost", {"VBD"}),
        ("The letter was written by him.", "written", {"VBN"}),
        ("The bank approved the loan.", "approved", {"VBD"}),
        ("The loan approved by the bank.", "approved", {"VBN"}),
        ("These changes matter.", "changes", {"NNS"}),
        ("This changes everything.", "changes", {"VBZ"}),
        ("Most children learn.", "learn", {"VBP"}),
        ("The company claims a refund.", "claims", {"VBZ"}),
        ("The company claims that it works.", "claims", {"VBZ", "NNS"}),
        ("Set a timer.", "set", {"VB"}),
        ("Please note it.", "note", {"VB"}),
        ("He's working.", "working", {"VBG", "NN"}),
        ("You're working.", "working", {"VBG"}),
        ("Small changes help.", "changes", {"NNS"}),
        ("She don't care.", "care", {"VB"}),
        ("someone who uses it", "uses", {"VBZ"}),
        ("We saw the Park.", "park", set()),
        ("WE SAW THE PARK.", "park", {"NN"}),
        ("- Set a timer.", "set", {"VB"}),
        ("3. **Set** a timer.", "set", {"NN", "JJ", "VB", "VBP", "VBD", "VBN"}),
        ("He died by the road.", "died", {"VBD"}),
        ("A man died by the road.", "died", {"VBD", "VBN"}),
        ("That helps adults stay well.", "stay", {"VB", "VBP"}),
        ("the top and the acts", "top", {"NN"}),
        ("some acts", "acts", {"NNS"}),
        ("Happiness matters.", "happiness", {"NN"}),
        ("qwzx", "qwzx", set()),
        ("12 dogs", "12", {"CD"}),
    ],
)
def test_a_word_keeps_the_tags_that_its_neighbours_leave(
    sentence: str, word: str, expected: set[str]
) -> None:
    assert tags(sentence, word) == expected


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("Bus stops are here.", "stops"),
        ("Children raised in cities", "raised"),
        ("It's her work.", "work"),
        ("The idea of building", "building"),
    ],
)
def test_a_word_that_could_be_two_kinds_stays_undecided(sentence: str, word: str) -> None:
    assert len(tags(sentence, word)) > 1


def test_classes_stand_for_their_tags() -> None:
    assert tags_named("NOUN DT") == {"NN", "NNS", "DT"}
    assert possible_tags("walks") == {"NNS", "VBZ"}
    assert possible_tags("the") == {"DT"}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Don't can’t he's", ["do", "n't", "ca", "n't", "he", "'s"]),
        ("well-known 'tis 3,000.5 t'", ["well-known", "'", "tis", "3,000.5", "t", "'"]),
        ("1. **Set** it", ["set", "*", "*", "it"]),
    ],
)
def test_contractions_are_taken_apart(sentence: str, expected: list[str]) -> None:
    cut = sentence_of(sentence, 0, len(sentence), begins=True)
    assert cut.words == expected
    pieces = zip(cut.starts, cut.ends, strict=True)
    assert [sentence[start:end].lower().replace("’", "'") for start, end in pieces] == expected


@given(st.text(alphabet="ab.!? \n'-1é"))
def test_sentences_leave_no_character_out(text: str) -> None:
    assert "".join(found.group() for found in SENTENCE.finditer(text)) == text


def test_a_long_row_of_undecided_words_does_not_exhaust_the_stack() -> None:
    sentence = " ".join(["ax", "not"] * 5_000)
    cut = sentence_of(sentence, 0, len(sentence), begins=True)
    assert len(cut.tags(9_998)) > 1
    last = rule(PERVASIVE, "last", "you {VBP}(?= now)", "you did {1}")
    assert reworded("ax you " * 5_000 + "- you walk now", last).endswith("- you did walk now")
    assert "did" not in reworded("ax you " * 5_000 + "walk now", last)


def test_a_sentence_is_cut_up_once_and_only_where_a_rule_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: Counter[int] = Counter()
    whole = Sentences.around

    def counted(self: Sentences, position: int, stretch: tuple[int, int]) -> Sentence:
        sentence = whole(self, position, stretch)
        seen[id(sentence)] += 1
        return sentence

    monkeypatch.setattr(Sentences, "around", counted)
    unmarked = rule(PERVASIVE, "unmarked", "(two|three) {NNS}", "{1} {2:singular}")
    assert reworded("A dog barks. He has two dogs and three cats. It rains.", unmarked).count("dog") == 2
    assert len(seen) == 1


# Inflection


def test_forms_of_verbs_and_nouns() -> None:
    assert [base_form(w) for w in ("went", "tried", "found", "taking", "bore", "qwzx")] == [
        "go", "try", "find", "take", None, None
    ]  # fmt: skip
    assert (third_person("go"), past("be"), past("goes"), participle("took"), ing("lie")) == (
        "goes", None, "went", "taken", "lying"
    )  # fmt: skip
    assert participle("quit") == "quit"
    assert [singular(w) for w in ("wives", "dogs", "dog", "news", "people", "children")] == [
        "wife", "dog", None, None, None, "child"
    ]  # fmt: skip
    assert [plural(w) for w in ("wife", "sheep", "dogs", "information", "qwzx")] == [
        "wives", None, None, "informations", None
    ]  # fmt: skip
    assert {article(w) for w in ("user", "unit", "unique", "one", "dog", "European", "useful")} == {"a"}
    assert {article(w) for w in ("hour", "apple", "uninvited", "onerous", "umbrella", "honest")} == {"an"}


def test_lists_of_words_hold_words_of_their_kind() -> None:
    assert all("NN" in possible_tags(word) and "NNS" not in possible_tags(word) for word in MASS_NOUNS)
    assert all(base_form(word) == word for word in STATIVE_VERBS)


# Which sites there are


def test_rules_see_the_text_as_it_was() -> None:
    first, second = rule(PERVASIVE, "first", "one", "two"), rule(COMMON, "second", "two", "three")
    shift = DialectShift(variety(first, second), features=frozenset({1, 2}))
    assert applied(shift, "one two") == "two three"


def test_of_overlapping_matches_the_first_rule_has_the_place_wherever_they_begin() -> None:
    late = rule(PERVASIVE, "late", "three four", "B")
    early = rule(PERVASIVE, "early", "two three", "A")
    short = rule(PERVASIVE, "short", "two", "S")
    assert reworded("one two three four", early, late) == "one A four"
    assert reworded("one two three four", late, early) == "one two B"
    assert reworded("one two three four", late, early, short) == "one S B"
    assert reworded("two three four two three", late, early) == "two B A"


def test_a_place_is_its_first_rules_whether_or_not_the_dice_choose_it() -> None:
    rare, general = rule(RARE, "special", "big dog", "A"), rule(PERVASIVE, "general", "dog", "B")
    texts = {applied(DialectShift(variety(rare, general)), "big dog", seed) for seed in range(50)}
    assert texts == {"A", "big dog"}


@pytest.mark.parametrize(
    "text",
    [
        "`there is a`",
        '"He doesn\'t have any," he said.',
        "```\n# there is a bug, he doesn't care\n```",
        "https://x.org/?q=himself",
        "> There is a quotation.",
        "Él doesn`t.",
        "there_is_a himself_x",
        "himself@example.org /usr/himself himself.org himself-made",
        "",
    ],
)
def test_code_quotations_and_addresses_are_left_alone(text: str) -> None:
    assert applied(DialectShift(BASIC), text) == text


def test_no_match_reaches_into_a_protected_span() -> None:
    made = rule(PERVASIVE, "pair", "big +`?dog", "X", starts="big")
    assert reworded("big `dog` big dog", made) == "big `dog` X"


@given(st.text())
def test_a_text_without_english_words_is_left_alone(text: str) -> None:
    bare = "".join(each for each in text if not each.isalpha())
    assert applied(DialectShift(BASIC), bare) == bare


WORDS = st.sampled_from(
    [
        *(
            "he",
            "she",
            "they",
            "is",
            "are",
            "isn't",
            "doesn't",
            "any",
            "nobody",
            "there",
            "the",
            "those",
            "two",
        ),
        *("dogs", "talking", "himself", "you", "were"),
        *'.?`"\n👍א',
    ]
)


@given(st.lists(WORDS, max_size=40).map(" ".join), st.integers(0, 5))
def test_sites_are_in_order_without_overlap_and_all_else_stays(text: str, seed: int) -> None:
    shift = DialectShift(BASIC)
    sites = shift.sites(text)
    assert all(one.end <= other.start for one, other in pairwise(sites))
    changed = applied(shift, text, seed)
    outside = text
    for site in reversed(sites):
        outside = f"{outside[: site.start]}\0{outside[site.end :]}"
    position = 0
    for piece in outside.split("\0"):
        position = changed.index(piece, position) + len(piece)


# How sites are drawn

SITES = "himself themselves isn't there is a " * 40


def chosen(shift: DialectShift, seed: int) -> set[int]:
    """The numbers of the sites reworded, told by drawing again as the shift does."""
    sites = shift.sites(SITES)
    text = applied(shift, SITES, seed)
    found: set[int] = set()
    position, behind = 0, 0
    for number, site in enumerate(sites):
        behind += site.start - position
        if text.startswith(site.new, behind) and site.new != SITES[site.start : site.end]:
            found.add(number)
            behind += len(site.new)
        else:
            behind += site.end - site.start
        position = site.end
    return found


@pytest.mark.parametrize("seed", range(5))
def test_a_lower_dose_rewords_a_subset_of_the_sites(seed: int) -> None:
    doses = [chosen(DialectShift(BASIC, dose), seed) for dose in (0.1, 0.25, 0.5, 1.0)]
    assert doses[0] < doses[1] < doses[2] < doses[3]


def test_a_lower_dose_rewords_a_subset_where_matches_overlap_too() -> None:
    overlapping = variety(
        rule(RARE, "long", "a b c", "X"),
        rule(COMMON, "middle", "b c", "Y"),
        rule(PERVASIVE, "short", "a", "Z"),
    )
    text = "a b c d b c a " * 30
    for seed in range(10):
        low, high = (applied(DialectShift(overlapping, dose), text, seed) for dose in (0.3, 0.9))
        assert all(low.count(mark) <= high.count(mark) for mark in "XYZ")
        pieces = [DialectShift(overlapping, dose) for dose in (0.3, 0.9)]
        draws = random.Random(seed)
        numbers = [draws.random() for _ in pieces[0].sites(text)]
        weights = {"A": 1.0, "B": 0.6, "C": 0.3}
        for shift, result in zip(pieces, (low, high), strict=True):
            expected, position = "", 0
            for number, site in zip(numbers, shift.sites(text), strict=True):
                if number < weights[site.rule.feature.rating] * shift.dose:
                    expected += text[position : site.start] + site.new
                    position = site.end
            assert result == expected + text[position:]


def test_features_are_applied_in_proportion_to_their_rating() -> None:
    rated = variety(
        rule(PERVASIVE, "a", "alpha", "A"), rule(COMMON, "b", "beta", "B"), rule(RARE, "c", "gamma", "C")
    )
    text = "alpha beta gamma " * 50
    n = 50 * 40
    for dose in (1.0, 0.5):
        counts: Counter[str] = Counter()
        for seed in range(40):
            result = applied(DialectShift(rated, dose), text, seed)
            counts.update(letter for letter in result if letter in "ABC")
        for letter, weight in (("A", 1.0), ("B", 0.6), ("C", 0.3)):
            p = weight * dose
            assert abs(counts[letter] - n * p) <= 4 * (n * p * (1 - p)) ** 0.5


def test_a_selected_feature_has_weight_one_and_no_other_is_applied() -> None:
    rated = variety(rule(COMMON, "b", "beta", "B"), rule(RARE, "c", "gamma", "C"))
    shift = DialectShift(rated, features=frozenset({3}))
    assert applied(shift, "beta gamma " * 20) == "beta C " * 20


def test_respellings_are_applied_only_on_demand() -> None:
    spelled = variety(
        rule(PERVASIVE, "grammar", "isn't", "ain't"),
        respellings=(respelled(Feature(900, "as it sounds", "A"), "sounds", {"going to": "gonna"}),),
    )
    text = "It isn't going to rain."
    assert applied(DialectShift(spelled), text) == "It ain't going to rain."
    assert applied(DialectShift(spelled, respelling=True), text) == "It ain't gonna rain."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"variety": "klingon"}, "variety: found 'klingon', expected one of: .*aae"),
        ({"variety": "aae", "dose": 0}, "dose"),
        ({"variety": "aae", "dose": 1.5}, "dose"),
        ({"variety": "aae", "features": [90, 999]}, "999"),
        ({"variety": "aae", "features": []}, "features"),
    ],
)
def test_a_wrong_argument_is_named(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(PerturbationError, match=message):
        dialect(**arguments)  # type: ignore[arg-type]


def test_the_identity_lists_everything_that_decides_the_text() -> None:
    whole = dialect("aae").identity()
    assert len(json.dumps(whole)) > 1000
    assert whole["weights"] == {"A": 1.0, "B": 0.6, "C": 0.3}
    assert whole["lemminflect"]
    others = [
        dialect("aae", dose=0.5).identity(),
        dialect("aae", respelling=True).identity(),
        dialect("aae", features=[90]).identity(),
    ]
    assert all(other != whole for other in others)
    one, other = (
        DialectShift(variety(rule(PERVASIVE, "x", "a {NN}", "b", where=(among(1, {word}),)))).identity()
        for word in ("dog", "cat")
    )
    assert one != other


# What it costs


def in_a_new_process(code: str, **environment: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    ).stdout


def test_the_tables_are_loaded_when_the_first_rule_asks_for_a_word_and_not_before() -> None:
    code = (
        "import random, sys\n"
        "import judgeaudit.perturb\n"
        "from judgeaudit.perturb.dialect import DialectShift, Feature, Variety, dialect, rule\n"
        "dialect('aae')\n"
        "made = rule(Feature(1, 'x', 'A'), 'x', '(two|three) {NNS}', '{1}')\n"
        "shift = DialectShift(Variety('v', 'V', None, (made,)))\n"
        "for text in ('One dog', 'Two dogs'):\n"
        "    shift(text, None, random.Random(0))\n"
        "    print('lemminflect' in sys.modules)\n"
    )
    assert in_a_new_process(code).split() == ["False", "True"]


def test_the_same_seed_gives_the_same_text_in_any_process() -> None:
    code = (
        "import random\n"
        "from judgeaudit.perturb.dialect import dialect\n"
        f"print(dialect('aae', dose=0.5)({SITES!r} + 'He is ready. They were talking.', None, random.Random(7)))"
    )
    assert len({in_a_new_process(code, PYTHONHASHSEED=seed) for seed in ("0", "1", "42")}) == 1


def test_threads_agree_with_one_another() -> None:
    shift = DialectShift(BASIC, 0.5)
    with ThreadPoolExecutor(8) as pool:
        results = set(pool.map(lambda _: applied(shift, SITES, 3), range(32)))
    assert len(results) == 1


HOSTILE = [
    "'" + "a" * 1_000_000,
    "(" * 1_000_000,
    "he is walking " * 40_000,
    "two dogs " * 60_000,
    "isn't any " * 60_000,
    "there is a. " * 80_000,
    "he walks those dogs " * 30_000,
    "a" * 500_000 + "ing " + "x" * 500_000,
    "he's\n" * 200_000,
    "1. " * 300_000,
    "walks " * 100_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_a_hostile_text_costs_about_as_much_as_its_length(text: str) -> None:
    shift = DialectShift(BASIC)

    def work(size: int) -> int:
        calls = 0

        def count(*_: object) -> None:
            nonlocal calls
            calls += 1

        sys.setprofile(count)
        try:
            shift.sites(text[:size])
        finally:
            sys.setprofile(None)
        return calls

    small, large = work(10_000), work(40_000)
    assert large <= 4.6 * small + 2_000
    shift.sites(text)
