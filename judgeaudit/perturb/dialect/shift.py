"""How are a variety's rules applied to a text? All sites are found, then each is drawn by its weight and the dose."""

from __future__ import annotations

import importlib
import pkgutil
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from itertools import pairwise
from typing import Any

from judgeaudit.errors import PerturbationError
from judgeaudit.judges.base import Json
from judgeaudit.perturb.base import TextContext
from judgeaudit.perturb.dialect import varieties as varieties_package
from judgeaudit.perturb.dialect.rules import WEIGHTS, DialectRule, Rating, Variety
from judgeaudit.perturb.dialect.site import Sentences
from judgeaudit.perturb.dialect.word_classes import NO_TAGS, possible_tags
from judgeaudit.perturb.spans import open_stretches
from judgeaudit.perturb.wording import CURLY, STRAIGHT

WORD = re.compile(r"([^\W\d_]++(?:['’][^\W\d_]++)*+)(?= ([^\W\d_]++))?")
"""A word, and the next one up to an apostrophe where only a blank stands between them."""

ASCII_WORD = re.compile(r"([A-Za-z]++(?:'[A-Za-z]++)*+)(?= ([A-Za-z]++))?")
"""The same for a text in ASCII, where a letter is told faster."""

REMEMBERED = 100_000
"""How many spellings, and how many twos of them, a shift remembers the rules of: a bound for hostile texts."""

LONGEST_WORD = 30
"""In letters: what stands in a pattern for a word with a tag takes no more."""

CURLY_TO_STRAIGHT = {ord(CURLY): STRAIGHT}


@dataclass(frozen=True, slots=True)
class Rewording:
    """A site of a rule: from where to where, and the text that stands in for it."""

    start: int
    end: int
    new: str
    rule: DialectRule


Ordered = tuple[tuple[int, DialectRule], ...]
"""Rules, each with its place in the variety."""


@dataclass(frozen=True)
class DialectShift:
    """Applies the rules of a variety outside code, quotations and addresses.

    Attributes:
        variety: whose rules.
        dose: above 0, at most 1. A site is reworded with the chance of its feature's weight times the dose.
        respelling: whether words are also spelled as they sound.
        features: the numbers of the only features to apply, each with weight 1; None for the variety's profile.

    Raises:
        PerturbationError: the dose is out of range, or the variety does not have a feature.
    """

    variety: Variety
    dose: float = 1.0
    respelling: bool = False
    features: frozenset[int] | None = None
    _by_word: dict[str | Any, Ordered] = field(init=False, repr=False, compare=False, default_factory=dict)
    _by_two_words: dict[tuple[str | Any, ...], Ordered] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        if not 0 < self.dose <= 1:
            raise PerturbationError(f"dose: found {self.dose!r}, expected a share above 0 and at most 1.")
        known = {each.number for each in self.variety.features}
        missing = sorted((self.features or set()) - known)
        if missing or (self.features is not None and not self.features):
            raise PerturbationError(
                f"features: found {missing or 'none'}, expected some of the {self.variety.name} features: "
                f"{', '.join(map(str, sorted(known)))}."
            )

    @cached_property
    def rules(self) -> tuple[DialectRule, ...]:
        """The rules that are applied, in the order in which they have a place that several fit."""
        chosen = (
            each
            for each in self.variety.rules
            if self.features is None or each.feature.number in self.features
        )
        return (*(self.variety.respellings if self.respelling else ()), *chosen)

    @cached_property
    def _indexed(self) -> tuple[Mapping[str, Ordered], Ordered]:
        """The rules by the words that they list for a match to begin with, and those that go by its form or tags."""
        by_start: dict[str, Ordered] = {}
        for place in enumerate(self.rules):
            for word in place[1].starts:
                by_start[word] = (*by_start.get(word, ()), place)
        by_form = (each for each in enumerate(self.rules) if each[1].start_suffixes or each[1].start_tags)
        return by_start, tuple(by_form)

    def __call__(self, text: str, context: TextContext, rng: random.Random) -> str:  # noqa: ARG002 - an Edit's form
        parts: list[str] = []
        position = 0
        for site in self.sites(text):
            if rng.random() < self.weight_of(site.rule.feature.rating) * self.dose:
                parts += (text[position : site.start], site.new)
                position = site.end
        parts.append(text[position:])
        return "".join(parts)

    def weight_of(self, rating: Rating) -> float:
        """The chance with which a site of a feature with this rating is reworded at dose 1."""
        return 1.0 if self.features is not None else WEIGHTS[rating]

    def sites(self, text: str) -> list[Rewording]:
        """Every place where a rule fits, in order, without overlaps; of rules that overlap the first has the place."""
        found = list(self._fitting(text))
        if any(one.end > other.start for (_, one), (_, other) in pairwise(found)):
            return _without_overlaps(found, len(text))
        return [site for _, site in found]

    def _fitting(self, text: str) -> Iterator[tuple[int, Rewording]]:
        sentences = Sentences(text)
        by_word, by_two_words = self._by_word, self._by_two_words
        words = ASCII_WORD if text.isascii() else WORD
        for stretch in open_stretches(text):
            for word in words.finditer(text, *stretch):
                first, second = two_words = word.groups()
                starting = by_word.get(first)
                if starting is None:
                    starting = self._starting_with(first)
                if not starting:
                    continue
                rules = by_two_words.get(two_words)
                if rules is None:
                    rules = self._going_on_with(first, second, starting)
                if rules:
                    position = word.start()
                    for order, rule in rules:
                        fit = rule.fit(text, position, stretch, sentences)
                        if fit is not None:
                            yield order, Rewording(position, fit[0], fit[1], rule)

    def _starting_with(self, spelling: str) -> Ordered:
        word = spelling.lower().translate(CURLY_TO_STRAIGHT)
        by_start, by_form = self._indexed
        found = dict(by_start.get(word, ()))
        found.update(each for each in by_form if each[1].may_start_with(word))
        rules = tuple(sorted(found.items(), key=lambda each: each[0]))
        if len(self._by_word) < REMEMBERED:
            self._by_word[spelling] = rules
        return rules

    def _going_on_with(self, first: str, second: str | None, starting: Ordered) -> Ordered:
        """Of the rules that may start with a word, those whose match may have this second one."""
        rules = starting
        # Patterns fold case beyond ASCII in their own way (`ſ` is an `s`): such words are left to them.
        if second is None or (second.isascii() and len(second) <= LONGEST_WORD):
            word = second and second.lower()
            possible = possible_tags(word) if word else NO_TAGS
            contracted = STRAIGHT in first or CURLY in first
            rules = tuple(
                each for each in starting if each[1].may_go_on_with(word, possible, contracted=contracted)
            )
        if len(self._by_two_words) < REMEMBERED:
            self._by_two_words[first, second] = rules
        return rules

    def identity(self) -> Mapping[str, Json]:
        """The variety, the switches, every rule, the weights, and the version of the inflection tables."""
        return {
            "variety": self.variety.name,
            "dose": self.dose,
            "respelling": self.respelling,
            "features": None if self.features is None else sorted(self.features),
            "weights": {rating: self.weight_of(rating) for rating in WEIGHTS},
            "rules": [each.identity() for each in self.rules],
            "lemminflect": version("lemminflect"),
        }


def _without_overlaps(found: Sequence[tuple[int, Rewording]], length: int) -> list[Rewording]:
    """The sites that are left when the rule that comes first has the place wherever several overlap, in text order."""
    taken = bytearray(length)
    kept: list[Rewording] = []
    for _, site in sorted(found, key=lambda each: (each[0], each[1].start)):
        if taken.find(1, site.start, site.end) < 0:
            taken[site.start : site.end] = b"\x01" * (site.end - site.start)
            kept.append(site)
    return sorted(kept, key=lambda site: site.start)


def varieties() -> tuple[str, ...]:
    """The names of the varieties there are."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(varieties_package.__path__)))


def dialect(
    variety: str, dose: float = 1.0, respelling: bool = False, features: Sequence[int] | None = None
) -> DialectShift:
    """A shift toward a variety of English, for a perturbation's YAML.

    Args:
        variety: one of ``varieties()``.
        dose, respelling, features: as for ``DialectShift``.

    Raises:
        PerturbationError: there is no such variety, or an argument is wrong.
    """
    if variety not in varieties():
        raise PerturbationError(f"variety: found {variety!r}, expected one of: {', '.join(varieties())}.")
    module = importlib.import_module(f"{varieties_package.__name__}.{variety}")
    if not isinstance(getattr(module, "VARIETY", None), Variety):
        raise PerturbationError(f"variety: {module.__name__}: found no VARIETY, expected one.")
    return DialectShift(
        module.VARIETY, float(dose), respelling, None if features is None else frozenset(features)
    )
