"""A dialect rule applies where its grammatical condition surely holds, and nowhere else."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeaudit.perturb import TextContext
from judgeaudit.perturb.dialect_aae import ING, RULES, african_american_english
from judgeaudit.perturb.wording import RuleBook, rule
from judgeaudit.records import Pair, Turn

EWAVE = Path(__file__).parents[2] / "shared" / "data" / "dialect" / "ewave_cldf"
URBAN_AAVE = "15"

POSITIVE = {
    "habitual be after a pronoun": [
        ("He is always talking.", "He always be talking."),
        ("they're usually working late", "they usually be working late"),
        ("I’m constantly losing it", "I constantly be losing it"),
    ],
    "habitual be after a plural noun": [
        ("People are always asking.", "People always be asking."),
        ("The kids are usually playing outside.", "The kids usually be playing outside."),
        ("Some users are often complaining.", "Some users often be complaining."),
    ],
    "ain't for have not": [
        ("He hasn't called.", "He ain't called."),
        ("We have not yet seen it.", "We ain't yet seen it."),
        ("The study has not been done.", "The study ain't been done."),
        ("They haven’t gone.", "They ain't gone."),
    ],
    "ain't for am not": [
        ("I'm not sure.", "I ain't sure."),
        ("I am not a doctor.", "I ain't a doctor."),
        ("and i’m not", "and I ain't"),
    ],
    "ain't for is not after a contraction": [
        ("You're not alone.", "You ain't alone."),
        ("It's not safe.", "It ain't safe."),
        ("That’s not right.", "That ain't right."),
    ],
    "ain't for is not": [
        ("This isn't safe.", "This ain't safe."),
        ("They are not allowed.", "They ain't allowed."),
        ("Isn’t it nice?", "Ain't it nice?"),
        ("IT IS NOT SAFE", "IT AIN'T SAFE"),
    ],
    "don't for doesn't": [
        ("He doesn't know.", "He don't know."),
        ("It does not matter.", "It don't matter."),
        ("Doesn’t she work here?", "Don't she work here?"),
    ],
    "nobody for anyone under negation": [
        ("I don't know anyone here.", "I don't know nobody here."),
        ("They didn't tell anybody.", "They didn't tell nobody."),
        ("It should not be used to harm anyone.", "It should not be used to harm nobody."),
    ],
    "nothing for anything under negation": [
        ("She can't see anything.", "She can't see nothing."),
        ("You won't find it anywhere.", "You won't find it nowhere."),
        ("We did not say anything.", "We did not say nothing."),
    ],
    "none for any under negation": [
        ("I don't want any of it.", "I don't want none of it."),
        ("They didn't have any.", "They didn't have none."),
        ("We can't take any, sorry.", "We can't take none, sorry."),
    ],
    "no for any under negation": [
        ("I don't have any money.", "I don't have no money."),
        ("You can't give them any reason.", "You can't give them no reason."),
        ("They will not take any risks.", "They will not take no risks."),
        ("There weren't any seats.", "There weren't no seats."),
    ],
    "no auxiliary before a progressive": [
        ("He is going home.", "He going home."),
        ("You're doing well.", "You doing well."),
        ("They are looking into it.", "They looking into it."),
        ("what she’s saying", "what she saying"),
    ],
    "no copula before an adjective": [
        ("He is ready.", "He ready."),
        ("They're very happy about it.", "They very happy about it."),
        ("if you are sure that it works", "if you sure that it works"),
    ],
    "was for were": [
        ("We were late.", "We was late."),
        ("They were taken home.", "They was taken home."),
        ("when you were young", "when you was young"),
    ],
    "wasn't for weren't": [
        ("We weren't late.", "We wasn't late."),
        ("They weren’t told.", "They wasn't told."),
        ("You weren't there.", "You wasn't there."),
    ],
    "existential it": [
        ("There is a problem.", "It's a problem."),
        ("and there are many ways", "and it's many ways"),
        ("There’s no time.", "It's no time."),
    ],
    "existential it in the past": [
        ("There was a fire.", "It was a fire."),
        ("There were two of them.", "It was two of them."),
        ("because there were no seats", "because it was no seats"),
    ],
    "y'all": [
        ("You guys know.", "Y'all know."),
        ("If you all have time", "If y'all have time"),
        ("Thank you all.", "Thank y'all."),
    ],
    "them for those before a noun": [
        ("Those books are old.", "Them books are old."),
        ("one of those things", "one of them things"),
        ("those people", "them people"),
    ],
    "hisself": [
        ("He hurt himself.", "He hurt hisself."),
        ("He himself said it.", "He hisself said it."),
        ("Himself", "Hisself"),
    ],
    "theirselves": [
        ("They ask themselves why.", "They ask theirselves why."),
        ("people who hurt themselves", "people who hurt theirselves"),
        ("Themselves", "Theirselves"),
    ],
    "no third person singular -s": [
        ("He works here.", "He work here."),
        ("She always says so.", "She always say so."),
        ("what he needs", "what he need"),
    ],
    "no third person singular -es": [
        ("He goes home.", "He go home."),
        ("She teaches.", "She teach."),
        ("She never does it.", "She never do it."),
    ],
}

NEGATIVE = {
    "habitual be after a pronoun": [
        "He is always happy.",
        "It is always something.",
        "He was always talking.",
    ],
    "habitual be after a plural noun": ["People are always right.", "There are usually meetings."],
    "ain't for have not": ["We haven't a clue.", "You should have not gone.", "I have not."],
    "ain't for am not": ["am not", "I am nothing."],
    "ain't for is not after a contraction": ["It's been not long.", "He's not been seen.", "It's nothing."],
    "ain't for is not": ["The island is nothing.", "Isn’ t", "is notable"],
    "don't for doesn't": ["He did not.", "does nothing", "She does notice it."],
    "nobody for anyone under negation": [
        "Ask anyone.",
        "Don't hesitate to ask anyone.",
        "I don't know if anyone is here.",
        "I don't know. Anyone can.",
    ],
    "nothing for anything under negation": [
        "Anything goes.",
        "I can't, but anything helps.",
        "Don't forget anything.",
    ],
    "none for any under negation": ["Any of them can.", "I don't know whether any of it is true."],
    "no for any under negation": [
        "Take any seat.",
        "You can't just take any seat.",
        "I don't see it at any time.",
        "Do not act on any advice.",
        "He didn't say when any train leaves.",
    ],
    "no auxiliary before a progressive": [
        "He is king.",
        "They are everything.",
        "Is he going?",
        "He was going.",
        "I am going.",
        "He is going to leave.",
        "he/she is going",
    ],
    "no copula before an adjective": [
        "He is a good man.",
        "They are good people.",
        "I know how happy they are.",
        "It is good.",
        "He was good.",
    ],
    "was for were": [
        "If you were rich",
        "people like you were",
        "Were you there?",
        "the dogs were",
        "I wish they were",
    ],
    "wasn't for weren't": ["If we weren't late", "The dogs weren't.", "all of you weren't"],
    "existential it": [
        "Over there is a house.",
        "There is the house.",
        "Is there a house?",
        "up there are many",
    ],
    "existential it in the past": ["Out there was a house.", "There was the house.", "He was there."],
    "y'all": ["I'll tell you all about it.", "It gives you all the time.", "you alone"],
    "them for those before a noun": [
        "those who know",
        "Those of us",
        "those is",
        "those famous for it",
        "those affected",
        "those always late",
    ],
    "hisself": ["him", "herself", "himself@example.org"],
    "theirselves": ["them", "ourselves", "/usr/themselves"],
    "no third person singular -s": ["They works.", "it makes", "He is.", "He pass", "He needs-based"],
    "no third person singular -es": ["it does", "Does he go?", "It goes."],
}


def shifted(text: str, dose: float = 1.0, seed: int = 0) -> str:
    context = TextContext(Pair("p", (Turn("user", "q"),), text, ""), "a")
    return african_american_english(dose)(text, context, random.Random(seed))


def only(name: str) -> RuleBook:
    return RuleBook([each for each in RULES.rules if each.name == name])


def test_what_one_rule_reworded_no_other_rewords_again() -> None:
    book = RuleBook([rule("longer", "one two", "1 2", "one"), rule("shorter", "two", "zwei", "two")])
    assert book.reword("one two two", lambda: True) == "1 2 zwei"
    assert book.reword("one two two", lambda: False) == "one two two"


def test_every_rule_has_its_examples() -> None:
    names = [each.name for each in RULES.rules]
    assert len(set(names)) == len(names)
    assert set(POSITIVE) == set(NEGATIVE) == set(names)
    assert all(len(examples) >= 3 for examples in POSITIVE.values())
    assert all(len(examples) >= 2 for examples in NEGATIVE.values())


@pytest.mark.parametrize(("name", "text", "expected"), [(n, *e) for n, es in POSITIVE.items() for e in es])
def test_a_rule_applies_where_its_condition_holds(name: str, text: str, expected: str) -> None:
    assert only(name).reword(text, lambda: True) == expected


@pytest.mark.parametrize(("name", "text"), [(n, text) for n, texts in NEGATIVE.items() for text in texts])
def test_a_rule_leaves_alone_what_only_looks_like_its_site(name: str, text: str) -> None:
    assert only(name).reword(text, lambda: True) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He doesn't have any money.", "He don't have no money."),
        ("There isn't any time, and they aren't coming.", "There ain't no time, and they ain't coming."),
        ("He is always going there.", "He always be going there."),
        ("She isn't telling anyone that he is working.", "She ain't telling nobody that he working."),
    ],
)
def test_the_rules_work_together(text: str, expected: str) -> None:
    assert shifted(text) == expected


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
        "",
    ],
)
def test_code_quotations_and_addresses_are_left_alone(text: str) -> None:
    assert shifted(text) == text


LONG = (
    "There is a man. He doesn't know any of them. They are working. He himself says those books aren't his. "
    * 50
)


def test_the_dose_is_the_share_of_sites_that_are_reworded() -> None:
    full = changed_words(LONG, shifted(LONG))
    half = changed_words(LONG, shifted(LONG, dose=0.5))
    assert 0.35 < half / full < 0.65
    assert shifted(LONG, dose=0.5) == shifted(LONG, dose=0.5)
    assert shifted(LONG, dose=0.5, seed=1) != shifted(LONG, dose=0.5)


def changed_words(before: str, after: str) -> int:
    marks = ("it's", "don't", "they working", "hisself", "he say", "them books", "ain't")
    return sum(len(re.findall(mark, after.lower())) - len(re.findall(mark, before.lower())) for mark in marks)


@given(st.text())
def test_a_text_without_english_words_is_left_alone(text: str) -> None:
    assert shifted(re.sub("[a-zA-ZıİſK]", "", text)) == re.sub("[a-zA-ZıİſK]", "", text)


def test_ratings_are_those_of_ewave_for_urban_african_american_english() -> None:
    if not EWAVE.is_dir():
        pytest.skip(f"eWAVE's data are not in {EWAVE}")
    with (EWAVE / "values.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["Language_ID"] == URBAN_AAVE]
    ratings = {int(row["Parameter_ID"]): row["Value"] for row in rows}
    assert {each.feature: each.rating for each in RULES.rules} == {
        each.feature: ratings[each.feature or 0] for each in RULES.rules
    }
    assert {each.rating for each in RULES.rules} <= {"A", "B"}


def test_habitual_be_agrees_with_the_pairs_of_hofmann_and_others() -> None:
    path = EWAVE.parent / "habitual_be" / "habitual.txt"
    if not path.is_file():
        pytest.skip(f"the pairs are not in {path}")
    pairs = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    missed = {
        standard.split()[-1]
        for dialect, standard in pairs
        if shifted(standard).replace("usually ", "") != dialect
    }
    assert len(pairs) > 600
    assert all(
        re.fullmatch(ING, word, re.IGNORECASE) is None for word in missed
    )  # nouns in -ing, left out on purpose
    assert len(missed) < 10
