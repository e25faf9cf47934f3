"""What is a rule that rewords a text? A pattern of whole words, what stands in its place, and its first words.

Rules are data, so that a perturbation's identity can list all of them. They are applied in one pass: every
rule sees the text as it was, never what another rule made of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from judgeaudit.judges.base import Json
from judgeaudit.perturb.spans import open_stretches

STRAIGHT = "'"
CURLY = "’"
APOSTROPHE = f"[{STRAIGHT}{CURLY}]"

GROUP = re.compile(r"\\(\d)")

LEFT_EDGE = r"(?<![\w/@.'’-])"
RIGHT_EDGE = r"(?![\w/@-]|['’]\w|\.\w)"
"""Words end where a path, an address, a compound or a decimal does not go on."""

LOOK_BACK_CHARS = 80
"""How far back ``after`` sees: further than four long words."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rewording.

    Attributes:
        name: what it does.
        pattern: whole words, in any case.
        replacement: a text in which ``\\1`` to ``\\9`` stand for the pattern's groups, empty where a group took no
            part. It takes over a capital first letter, or capitals throughout.
        starts: the words, in lower case, that a match can begin with.
        after: what must stand right before a match, in the same stretch of text.
        feature: the number of the eWAVE feature that a dialect rule realises.
        rating: that feature's rating for the variety.
    """

    name: str
    pattern: re.Pattern[str]
    replacement: str
    starts: frozenset[str]
    after: re.Pattern[str] | None = None
    feature: int | None = None
    rating: str | None = None

    def identity(self) -> Json:
        """Everything in the rule that decides what it does."""
        after = None if self.after is None else self.after.pattern
        return [self.pattern.pattern, self.replacement, sorted(self.starts), after]


def rule(
    name: str,
    pattern: str,
    replacement: str,
    starts: str,
    *,
    after: str | None = None,
    feature: int | None = None,
    rating: str | None = None,
) -> Rule:
    """A rule from patterns in which ``'`` stands for either apostrophe, without word edges.

    ``starts`` are separated by spaces and written with ``'``. Of ``after``, groups go uncaptured.
    """
    return Rule(
        name,
        _pattern(f"{LEFT_EDGE}(?:{_any_apostrophe(pattern)}){RIGHT_EDGE}"),
        replacement,
        frozenset(starts.split()),
        None if after is None else _pattern(rf"{LEFT_EDGE}(?:{_any_apostrophe(after)})\Z"),
        feature,
        rating,
    )


@dataclass(frozen=True)
class RuleBook:
    """Rules in the order in which they are tried on a word, indexed by the words that they begin with."""

    rules: Sequence[Rule]
    by_start: dict[str, tuple[Rule, ...]] = field(init=False, repr=False, compare=False)
    start: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index: dict[str, tuple[Rule, ...]] = {}
        for each in self.rules:
            for start in each.starts:
                for written in {start, start.capitalize(), start.upper()}:
                    for spelling in {written, written.replace(STRAIGHT, CURLY)}:
                        index[spelling] = (*index.get(spelling, ()), each)
        object.__setattr__(self, "by_start", index)
        object.__setattr__(self, "start", _any_word_of(index))

    def reword(self, text: str, chosen: Callable[[], bool]) -> str:
        """The text with each site reworded for which ``chosen`` says yes.

        A site is a place outside protected spans where a rule fits; the first rule that fits a word has it.
        """
        parts: list[str] = []
        position = 0
        for start, end in open_stretches(text):
            for word in self.start.finditer(text, start, end):
                site = word.start()
                if site < position:
                    continue
                fitting = _first_fitting(self.by_start[word.group()], text, site, start, end)
                if fitting is not None and chosen():
                    match, replacement = fitting
                    parts += (text[position:site], in_case_of(match.group(), _filled(replacement, match)))
                    position = match.end()
        parts.append(text[position:])
        return "".join(parts)

    def identity(self) -> Json:
        """Every rule, in order."""
        return [each.identity() for each in self.rules]


def in_case_of(original: str, text: str) -> str:
    """A text with the capitals of the one whose place it takes: throughout, on its first letter, or none."""
    if len(original) > 1 and original.isupper():
        return text.upper()
    if original[:1].isupper() and text[:1].islower():
        return text[:1].upper() + text[1:]
    return text


def _first_fitting(
    rules: Sequence[Rule], text: str, site: int, start: int, end: int
) -> tuple[re.Match[str], str] | None:
    for each in rules:
        match = each.pattern.match(text, site, end)
        if match is None:
            continue
        if each.after is None or each.after.search(text[max(start, site - LOOK_BACK_CHARS) : site]):
            return match, each.replacement
    return None


def _filled(replacement: str, match: re.Match[str]) -> str:
    # Match.expand would parse the replacement anew each time.
    if "\\" not in replacement:
        return replacement
    return GROUP.sub(lambda group: match[int(group[1])] or "", replacement)


def _any_word_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for these words as whole words, by first letter: several times as fast as a flat alternation."""
    longest_first = sorted(words, reverse=True)
    by_letter = (
        f"{letter}(?:{'|'.join(re.escape(word[1:]) for word in group)})"
        for letter, group in groupby(longest_first, key=lambda word: word[0])
    )
    return re.compile(rf"\b(?:{'|'.join(by_letter)})\b(?!['’]\w)")


def _any_apostrophe(pattern: str) -> str:
    return pattern.replace(STRAIGHT, APOSTROPHE)


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)
