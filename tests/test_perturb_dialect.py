"""Every rule of every variety applies where its grammatical condition surely holds, and nowhere else.

The examples of a variety stand in ``dialect_examples_VARIETY.py``: by feature number and rule name, pairs of texts
before and after, and texts that stay as they are.
"""

from __future__ import annotations

import contextlib
import csv
import importlib
import importlib.util
import random
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from judgeaudit.perturb import TextContext
from judgeaudit.perturb.dialect import DialectShift, Feature, Variety, dialect, varieties
from judgeaudit.records import Pair, Turn

EWAVE = Path(__file__).parents[2] / "shared" / "data" / "dialect" / "ewave_cldf"

Examples = dict[tuple[int, str], tuple[list[tuple[str, str]], list[str]]]


def loaded() -> Iterator[tuple[str, Variety]]:
    """The varieties that can be loaded; that this is all of them is a test of its own."""
    for name in varieties():
        with contextlib.suppress(Exception):
            yield name, dialect(name).variety


def examples_of(name: str) -> Examples:
    module = f"tests.dialect_examples_{name}"
    if importlib.util.find_spec(module) is None:
        return {}
    examples: Examples = importlib.import_module(module).EXAMPLES
    return examples


VARIETIES = dict(loaded())
EXAMPLES = {name: examples_of(name) for name in VARIETIES}
POSITIVE = [
    (name, *rule, before, after)
    for name, examples in EXAMPLES.items()
    for rule, (positive, _) in examples.items()
    for before, after in positive
]
NEGATIVE = [
    (name, *rule, text)
    for name, examples in EXAMPLES.items()
    for rule, (_, negative) in examples.items()
    for text in negative
]


def shifted(shift: DialectShift, text: str, seed: int = 0) -> str:
    context = TextContext(Pair("p", (Turn("user", "q"),), text, ""), "a")
    return shift(text, context, random.Random(seed))


def every_feature(variety: Variety) -> set[Feature]:
    return {each.feature for each in chain(variety.rules, variety.respellings)}


def with_only(variety: str, feature: int, rule: str) -> DialectShift:
    """The shift with one feature at weight 1; with a respelling, that one alone."""
    shift = dialect(variety)
    spelled = [each for each in shift.variety.respellings if each.name == rule]
    if spelled:
        alone = Variety(variety, shift.variety.title, shift.variety.ewave, tuple(spelled))
        return DialectShift(alone, features=frozenset({feature}))
    return dialect(variety, features=[feature])


@pytest.mark.parametrize("name", varieties())
def test_every_variety_can_be_loaded(name: str) -> None:
    assert dialect(name).variety.name == name


@pytest.mark.parametrize("name", VARIETIES)
def test_every_rule_has_at_least_five_positive_and_three_negative_examples(name: str) -> None:
    variety = VARIETIES[name]
    rules = {(each.feature.number, each.name) for each in chain(variety.rules, variety.respellings)}
    assert set(EXAMPLES[name]) == rules
    short = {
        rule
        for rule, (positive, negative) in EXAMPLES[name].items()
        if len(set(positive)) < 5 or len(set(negative)) < 3
    }
    assert not short


@pytest.mark.parametrize(("variety", "feature", "rule", "before", "after"), POSITIVE)
def test_a_rule_applies_where_its_condition_holds(
    variety: str, feature: int, rule: str, before: str, after: str
) -> None:
    shift = with_only(variety, feature, rule)
    assert shifted(shift, before) == after
    assert rule in {site.rule.name for site in shift.sites(before)}


@pytest.mark.parametrize(("variety", "feature", "rule", "text"), NEGATIVE)
def test_a_rule_leaves_alone_what_only_looks_like_its_site(
    variety: str, feature: int, rule: str, text: str
) -> None:
    sites = with_only(variety, feature, rule).sites(text)
    assert rule not in {site.rule.name for site in sites}


@pytest.mark.parametrize("name", VARIETIES)
def test_a_variety_has_the_features_it_promises(name: str) -> None:
    variety = VARIETIES[name]
    assert len(variety.features) >= variety.minimum


@pytest.mark.parametrize("name", VARIETIES)
def test_ratings_are_those_of_ewave(name: str) -> None:
    if not EWAVE.is_dir():
        pytest.skip(f"eWAVE's data are not in {EWAVE}")
    variety = VARIETIES[name]
    if variety.ewave is None:
        pytest.skip(f"eWAVE does not describe {variety.title}")
    with (EWAVE / "values.csv").open(encoding="utf-8") as file:
        ratings = {
            int(row["Parameter_ID"]): row["Value"]
            for row in csv.DictReader(file)
            if row["Language_ID"] == str(variety.ewave)
        }
    declared = {each.number: each.rating for each in variety.features}
    assert declared == {number: ratings[number] for number in declared}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He doesn't have any money.", "He don't have no money."),
        ("There isn't any time, and they aren't coming.", "There ain't no time, and they ain't coming."),
        ("He is always going there.", "He always be going there."),
        ("She isn't telling anyone that he is working.", "She ain't telling nobody that he working."),
    ],
)
def test_the_rules_for_african_american_english_work_together(text: str, expected: str) -> None:
    features = [11, 34, 68, 90, 154, 155, 156, 158, 170, 173, 174, 177, 180]
    assert shifted(dialect("aae", features=features), text) == expected


def test_habitual_be_agrees_with_the_pairs_of_hofmann_and_others() -> None:
    path = EWAVE.parent / "habitual_be" / "habitual.txt"
    if not path.is_file():
        pytest.skip(f"the pairs are not in {path}")
    pairs = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    shift = dialect("aae", features=[90])
    missed = {
        standard.split()[-1]
        for spoken, standard in pairs
        if shifted(shift, standard).replace("usually ", "") != spoken
    }
    assert len(pairs) > 600
    no_participles = {
        "anything",
        "being",
        "everything",
        "nothing",
        "something",
        "darling",
        "evening",
        "morning",
    }
    assert {word for word in missed if word.isalpha()} <= no_participles
    assert len(missed) < 10
