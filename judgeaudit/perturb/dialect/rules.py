"""What is a dialect rule? A pattern of words and parts of speech, what stands in its place, and its feature.

How to write one is said in the package's docstring.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from judgeaudit.judges.base import Json
from judgeaudit.perturb.dialect.first_word import TAGGED_WORD, first_words, marks_at_end
from judgeaudit.perturb.dialect.inflection import FORMS
from judgeaudit.perturb.dialect.second_word import SecondWord, second_word
from judgeaudit.perturb.dialect.site import Sentences, Site
from judgeaudit.perturb.dialect.word_classes import possible_tags, tags_named
from judgeaudit.perturb.wording import (
    APOSTROPHE,
    LEFT_EDGE,
    LOOK_BACK_CHARS,
    RIGHT_EDGE,
    STRAIGHT,
    in_case_of,
)

Rating = Literal["A", "B", "C"]

WEIGHTS: Mapping[Rating, float] = {"A": 1.0, "B": 0.6, "C": 0.3}
"""How often a feature of each rating is applied where it could be: A is pervasive or obligatory, B neither pervasive
nor extremely rare, C exists but extremely rare. eWAVE computes a feature's pervasiveness with the same weights."""

TAG_RULED_OUT = re.compile(r"\(\?<?!(?:[^()]|\([^()]*\))*\{[A-Z]")
SLOT = re.compile(r"\{(\d)(?::([a-z]+))?\}")

Condition = Callable[[Site], bool]
ASKED_FIRST = "asked_first"
"""The attribute of a condition that mostly needs no sentence for its answer."""
MARK_BEFORE = "mark_before"
"""The attribute of a condition that holds only behind a certain mark."""

Replacement = str | Callable[[Site], str | None]


@dataclass(frozen=True, slots=True)
class Feature:
    """A grammatical feature.

    Attributes:
        number: eWAVE's, or the variety's own where eWAVE does not describe it.
        name: eWAVE's, or shorter.
        rating: how established it is in the variety.
    """

    number: int
    name: str
    rating: Rating

    def __post_init__(self) -> None:
        if self.rating not in WEIGHTS:
            raise ValueError(f"feature {self.number}: found rating {self.rating!r}, expected A, B or C")


@dataclass(frozen=True, slots=True)
class DialectRule:
    """One rewording, which realises a feature; made by ``rule``.

    Attributes:
        tagged: groups of the pattern whose word must surely bear one of some tags.
        starts, start_suffixes, start_tags: what the first word of a match can be.
        second, second_of_contracted: what its second word can be behind a first one without and with an apostrophe;
            None where it may be any or there may be none.
        after_ends: the marks with which all that ``after`` matches ends.
    """

    feature: Feature
    name: str
    pattern: re.Pattern[str]
    replacement: Replacement
    tagged: tuple[tuple[int, frozenset[str]], ...]
    starts: frozenset[str]
    start_suffixes: tuple[str, ...]
    start_tags: frozenset[str]
    after: re.Pattern[str] | None
    where: tuple[Condition, ...]
    second: SecondWord | None = None
    second_of_contracted: SecondWord | None = None
    after_ends: str = ""
    where_first: tuple[Condition, ...] = field(init=False, repr=False, compare=False)
    where_then: tuple[Condition, ...] = field(init=False, repr=False, compare=False)
    mark_before: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Conditions have no effect but their answer: those that need no sentence are asked before one is cut up.
        first = tuple(each for each in self.where if getattr(each, ASKED_FIRST, False))
        object.__setattr__(self, "where_first", first)
        object.__setattr__(self, "where_then", tuple(each for each in self.where if each not in first))
        marks = (str(getattr(each, MARK_BEFORE, "")) for each in self.where)
        object.__setattr__(self, "mark_before", next(filter(None, marks), ""))

    def may_start_with(self, word: str) -> bool:
        """Whether a match can begin with this word, in lower case and with ``'``."""
        return (
            word in self.starts
            or (bool(self.start_suffixes) and word.endswith(self.start_suffixes))
            or (bool(self.start_tags) and not self.start_tags.isdisjoint(possible_tags(word)))
        )

    def may_go_on_with(self, word: str | None, possible: frozenset[str], *, contracted: bool) -> bool:
        """Whether the second word of a match can be this one (None: a blank and a letter do not follow the first)."""
        asked = self.second_of_contracted if contracted else self.second
        return asked is None or word in asked.words or not asked.tags.isdisjoint(possible)

    def fit(
        self, text: str, position: int, stretch: tuple[int, int], sentences: Sentences
    ) -> tuple[int, str] | None:
        """Where the match at a place ends and what stands in for it, or None where the rule does not apply."""
        if self.after_ends and not text.endswith(self.after_ends, stretch[0], position):
            return None
        if self.mark_before:
            shortly_before = text[max(position - 2, 0) : position].rstrip()
            if shortly_before and shortly_before[-1] != self.mark_before:
                return None
        match = self.pattern.match(text, position, stretch[1])
        if match is None:
            return None
        if self.after and not self.after.search(text[max(stretch[0], position - LOOK_BACK_CHARS) : position]):
            return None
        # What a word's form rules out needs no look at its sentence.
        for group, tags in self.tagged:
            word = match[group]
            if word is not None and tags.isdisjoint(possible_tags(word.lower())):
                return None
        site = Site(match, stretch, sentences)
        for holds in self.where_first:
            if not holds(site):
                return None
        for group, tags in self.tagged:
            if match.start(group) >= 0:
                left = site.tags(group)
                if not left or not left <= tags:
                    return None
        for holds in self.where_then:
            if not holds(site):
                return None
        new = self.replacement(site) if callable(self.replacement) else _filled(self.replacement, site)
        old = match.group()
        if new is None or new == old:
            return None
        return match.end(), in_case_of(old, new)

    def identity(self) -> Json:
        """Everything in the rule that decides what it does; of a function, its name."""
        return {
            "feature": self.feature.number,
            "rating": self.feature.rating,
            "name": self.name,
            "pattern": self.pattern.pattern,
            "tagged": [[group, *sorted(tags)] for group, tags in self.tagged],
            "replacement": self.replacement if isinstance(self.replacement, str) else _name(self.replacement),
            "starts": [*sorted(self.starts), *self.start_suffixes, *sorted(self.start_tags)],
            "after": None if self.after is None else self.after.pattern,
            "where": [_name(each) for each in self.where],
        }


@dataclass(frozen=True)
class Variety:
    """A variety of English as rules.

    Attributes:
        name: the module's name.
        title: in reports.
        ewave: eWAVE's number of the variety; None where it has none.
        rules: in the order in which they have a place that several of them fit.
        respellings: words spelled as they sound; applied only on demand, before all rules.
        minimum: how many features the rules have at least.
    """

    name: str
    title: str
    ewave: int | None
    rules: tuple[DialectRule, ...]
    respellings: tuple[DialectRule, ...] = ()
    minimum: int = 1

    def __post_init__(self) -> None:
        every = (*self.rules, *self.respellings)
        names = [each.name for each in every]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"variety {self.name!r}: more than one rule has the name {twice[0]!r}")
        known: dict[int, Feature] = {}
        for each in every:
            if known.setdefault(each.feature.number, each.feature) != each.feature:
                raise ValueError(
                    f"variety {self.name!r}: feature {each.feature.number} is declared in two ways"
                )

    @property
    def features(self) -> tuple[Feature, ...]:
        """The features that the rules realise, by number; those of respellings left out."""
        return tuple(sorted({each.feature for each in self.rules}, key=lambda feature: feature.number))


def rule(
    feature: Feature,
    name: str,
    pattern: str,
    replacement: Replacement,
    *,
    starts: str | None = None,
    after: str | None = None,
    where: Sequence[Condition] = (),
) -> DialectRule:
    """A rule, as the package's docstring describes.

    Raises:
        ValueError: the pattern or replacement is wrong, or ``starts`` is needed and not there.
    """
    if TAG_RULED_OUT.search(pattern):
        raise ValueError(
            f"rule {name!r}: a tag stands inside a negative lookahead, where it cannot be asked for"
        )
    expanded, wanted = _with_tagged_words(pattern)
    compiled = _compiled(expanded)
    tagged = tuple((compiled.groupindex[group], tags) for group, tags in wanted)
    if isinstance(replacement, str):
        for group, form in SLOT.findall(replacement):
            if int(group) > compiled.groups or (form and form not in FORMS):
                raise ValueError(
                    f"rule {name!r}: {{{group}:{form}}} names no group of the pattern, or no form"
                )
    words, suffixes, tag_starts = first_words(name, pattern if starts is None else None, starts)
    behind = None if after is None else _compiled(after, r"\Z")
    return DialectRule(
        feature,
        name,
        compiled,
        replacement,
        tagged,
        words,
        suffixes,
        tag_starts,
        behind,
        tuple(where),
        second_word(pattern, contracted=False),
        second_word(pattern, contracted=True),
        marks_at_end(after),
    )


def respelled(feature: Feature, name: str, spellings: Mapping[str, str]) -> DialectRule:
    """A rule that writes words in another way: ``{"colour": "color"}``. For long lists: each site costs one look-up."""
    longest_first = sorted(spellings, reverse=True)

    def spelled(site: Site) -> str | None:
        return spellings[site.match.group().lower().replace("’", STRAIGHT)]

    spelled.__qualname__ = f"spelled {dict(sorted(spellings.items()))}"
    starts = frozenset(each.split()[0] for each in spellings)
    return DialectRule(
        feature,
        name,
        _compiled("|".join(re.escape(each) for each in longest_first)),
        spelled,
        (),
        starts,
        (),
        frozenset(),
        None,
        (),
    )


def _with_tagged_words(pattern: str) -> tuple[str, list[tuple[str, frozenset[str]]]]:
    wanted: list[tuple[str, frozenset[str]]] = []

    def group(found: re.Match[str]) -> str:
        wanted.append((f"tagged{len(wanted)}", tags_named(found[1].replace("|", " "))))
        return rf"(?P<{wanted[-1][0]}>[a-z]{{1,30}}+)"

    return TAGGED_WORD.sub(group, pattern), wanted


def _filled(replacement: str, site: Site) -> str | None:
    """The replacement with its slots filled; None where a word does not have the form that is asked for."""
    if "{" not in replacement:
        return replacement
    parts: list[str] = []
    position = 0
    for slot in SLOT.finditer(replacement):
        word = site[int(slot[1])]
        form = word if slot[2] is None else FORMS[slot[2]](word)
        if form is None:
            return None
        parts += (replacement[position : slot.start()], form)
        position = slot.end()
    return "".join((*parts, replacement[position:]))


def _compiled(words: str, right_edge: str = RIGHT_EDGE) -> re.Pattern[str]:
    """A pattern of whole words, in any case and with either apostrophe."""
    return re.compile(f"{LEFT_EDGE}(?:{words.replace(STRAIGHT, APOSTROPHE)}){right_edge}", re.IGNORECASE)


def _name(function: Callable[..., object]) -> str:
    return getattr(function, "__qualname__", None) or repr(function)
