"""What is read off a rule's patterns to find its places fast: it leaves out no place where the rule fits."""

from __future__ import annotations

import dataclasses
import random

import pytest

from judgeaudit.corpora import read_builtin
from judgeaudit.perturb.dialect import DialectShift, Feature, Variety, dialect, rule, varieties
from judgeaudit.perturb.dialect.constraints import CONSTRAINTS, Place, _governor
from judgeaudit.perturb.dialect.first_word import marks_at_end
from judgeaudit.perturb.dialect.second_word import SecondWord, second_word
from judgeaudit.perturb.dialect.sentence import SENTENCE, sentence_of

FEATURE = Feature(1, "a feature", "A")


def asked(words: str, tags: str = "") -> SecondWord:
    return SecondWord(frozenset(words.split()), frozenset(tags.split()))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("(he|she) {VBZ|VBP}", asked("", "VBZ VBP")),
        ("there is(?= (?:a|no)\\b)", asked("is")),
        ("the (first|same) ([a-z]+)", asked("first same")),
        ("did (?:not |never )?{VB}", asked("not never", "VB")),
        ("as an? {NN}", asked("a an")),
        ("two(?= {NNS})", asked("", "NNS")),
        ("[a-z]{2,12}er than (i|you)", asked("than")),
        ("(?<!\\bover )there (?:was|were)", asked("was were")),
        ("he is[.,]", asked("is")),
        ("i do(?:n't| not) {VB}", asked("do don")),
        ("they(?:'re| are) {VBG}", asked("are")),
        ("i'm here", asked("")),
        ("there(?= i) is", asked("is")),
        ("{NNS}", None),
        ("(very )?big", None),
        ("any(?= )", None),
        ("the [a-z]+", None),
        ("the thing[a-z]?", None),
        ("even so,|even", None),
        ("dogs' {NN}", None),
        ("one(?:, two| three)", None),
        ("(the (?:red )?){1,2}dog", None),
    ],
)
def test_the_second_word_is_read_off_a_pattern_that_says_what_it_is(
    pattern: str, expected: SecondWord | None
) -> None:
    assert second_word(pattern, contracted=False) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("they(?:'re| are) {VBG}", asked("are", "VBG")),
        ("i'm (here|there)", asked("here there")),
        ("it(?:'s| is)", None),
    ],
)
def test_behind_a_contraction_another_second_word_may_be_asked_for(
    pattern: str, expected: SecondWord | None
) -> None:
    assert second_word(pattern, contracted=True) == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("(?:although|though) [^,.;()]{3,65}, ", ", "),
        ("(?:if|as) ", " "),
        ("if |as,", ""),
        ("to (?:me |us,)", ""),
        (r"a \(b|c\) ", ""),
        ("a[|(] ", " "),
        ("not ?", ""),
        (None, ""),
    ],
)
def test_the_marks_that_end_all_that_a_pattern_matches_are_read_off_it(
    after: str | None, expected: str
) -> None:
    assert marks_at_end(after) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the same dog, The SAME dog", "X dog, X dog"),
        ("the same-day dog, the  same dog, the same", "the same-day dog, the  same dog, X"),
        ("the ſame dog, the sameé", "X dog, the sameé"),
        ("the same's dog, the same’s", "the same's dog, the same’s"),
    ],
)
def test_a_second_word_is_a_whole_word_in_any_case_behind_one_blank(text: str, expected: str) -> None:
    shift = DialectShift(Variety("test", "Test", None, (rule(FEATURE, "same", "the same", "x"),)))
    made = text
    for site in reversed(shift.sites(text)):
        made = f"{made[: site.start]}X{made[site.end :]}"
    assert made == expected


def words_in_disorder(seed: int) -> str:
    """Words of the built-in corpus in short runs, with marks, capitals and either apostrophe between them."""
    rng = random.Random(seed)
    english = [pair for pair in read_builtin().pairs if pair.language == "en"]
    words = " ".join(pair.response_a for pair in english).split()
    runs: list[str] = []
    for _ in range(400):
        start, change = rng.randrange(len(words) - 4), rng.random()
        run = " ".join(words[start : start + rng.randrange(1, 5)])
        run = run.upper() if change < 0.05 else run.replace("'", "’") if change < 0.3 else run
        runs += (run, rng.choice((" ", " ", " ", ", ", ". ", "\n", "  ", "-", " ſ")))
    return "".join(runs)


@pytest.mark.parametrize("seed", range(3))
def test_no_constraint_is_passed_over_that_would_strike_a_tag_out(seed: int) -> None:
    text = words_in_disorder(seed)
    for found in SENTENCE.finditer(text):
        sentence = sentence_of(text, *found.span(), begins=True)
        for index in range(len(sentence.words)):
            tags = sentence.possible(index)
            before = _governor(sentence, index)
            for constraint, _, _ in CONSTRAINTS:
                if len(tags) > 1:
                    tags = tags - constraint(Place(sentence, index, before, tags)) or tags
            assert sentence.tags(index) == tags


@pytest.mark.parametrize("name", varieties())
@pytest.mark.parametrize("seed", range(3))
def test_a_variety_finds_the_places_that_it_finds_by_trying_every_rule(name: str, seed: int) -> None:
    known = dialect(name).variety
    slow = tuple(
        dataclasses.replace(each, second=None, second_of_contracted=None, after_ends="")
        for each in known.rules
    )
    for each in slow:
        object.__setattr__(each, "mark_before", "")
        object.__setattr__(each, "where_first", ())
        object.__setattr__(each, "where_then", each.where)
    text = words_in_disorder(seed)
    found, expected = (
        [(site.start, site.end, site.new, site.rule.name) for site in DialectShift(variety).sites(text)]
        for variety in (known, dataclasses.replace(known, rules=slow))
    )
    assert found == expected
    assert found
