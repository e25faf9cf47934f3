"""What is a dialect rule? A pattern of words and parts of speech, what stands in its place, and its feature.

How to write one is said in the package's docstring.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from judgeaudit.judges.base import Json
from judgeaudit.perturb.dialect.inflection import FORMS
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

TAGGED_WORD = re.compile(r"\{([A-Z$]+(?:\|[A-Z$]+)*)\}")
TAG_RULED_OUT = re.compile(r"\(\?<?!(?:[^()]|\([^()]*\))*\{[A-Z]")
SLOT = re.compile(r"\{(\d)(?::([a-z]+))?\}")
PLAIN_START = re.compile(
    r"\(?(?:\?:)?(?P<words>[a-z']+(?: [a-z']+)*(?:\|[a-z']+(?: [a-z']+)*)*)(?P<rest>.*)", re.DOTALL
)

Condition = Callable[[Site], bool]
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

    def may_start_with(self, word: str) -> bool:
        """Whether a match can begin with this word, in lower case and with ``'``."""
        return (
            word in self.starts
            or (bool(self.start_suffixes) and word.endswith(self.start_suffixes))
            or (bool(self.start_tags) and not self.start_tags.isdisjoint(possible_tags(word)))
        )

    def fit(
        self, text: str, position: int, stretch: tuple[int, int], sentences: Sentences
    ) -> tuple[int, str] | None:
        """Where the match at a place ends and what stands in for it, or None where the rule does not apply."""
        match = self.pattern.match(text, position, stretch[1])
        if match is None:
            return None
        if self.after and not self.after.search(text[max(stretch[0], position - LOOK_BACK_CHARS) : position]):
            return None
        # What a word's form rules out needs no look at its sentence.
        for group, tags in self.tagged:
            if match.start(group) >= 0 and tags.isdisjoint(possible_tags(match[group].lower())):
                return None
        site = Site(match, stretch, sentences)
        for group, tags in self.tagged:
            if match.start(group) >= 0:
                left = site.tags(group)
                if not left or not left <= tags:
                    return None
        if not all(holds(site) for holds in self.where):
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
    words, suffixes, tag_starts = _starts(name, pattern if starts is None else None, starts)
    behind = None if after is None else _compiled(after, r"\Z")
    return DialectRule(
        feature, name, compiled, replacement, tagged, words, suffixes, tag_starts, behind, tuple(where)
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


def _starts(
    name: str, pattern: str | None, starts: str | None
) -> tuple[frozenset[str], tuple[str, ...], frozenset[str]]:
    if starts is None and pattern is not None:
        tag = TAGGED_WORD.match(pattern)
        plain = PLAIN_START.match(pattern)
        if tag is not None:
            starts = f"{tag[0]}"
        elif plain is not None and _ends_word(pattern, plain):
            starts = " ".join(each.split()[0] for each in plain["words"].split("|"))
        else:
            raise ValueError(f"rule {name!r}: say in `starts` with which words a match can begin")
    words: set[str] = set()
    suffixes: list[str] = []
    tags: set[str] = set()
    for each in (starts or "").split():
        tag = TAGGED_WORD.fullmatch(each)
        if tag is not None:
            tags |= tags_named(tag[1].replace("|", " "))
        elif each.startswith("*"):
            suffixes.append(each[1:])
        else:
            words.add(each)
    return frozenset(words), tuple(suffixes), frozenset(tags)


def _ends_word(pattern: str, plain: re.Match[str]) -> bool:
    """Whether what follows the plain words that begin a pattern leaves its first words whole."""
    rest = plain["rest"]
    opened = pattern.startswith("(")
    if opened and not pattern.startswith("(?:") and pattern.startswith("(?"):
        return False
    if opened:
        return rest.startswith(")") and (len(rest) == 1 or rest[1] == " " or rest.startswith(")(?="))
    if "|" in plain["words"]:
        return rest == "" or rest.startswith("(?= ")
    return rest == "" or rest.startswith((" ", "(?=")) or " " in plain["words"]


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
