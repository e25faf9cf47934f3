"""What is a rule that rewords a text? A pattern of whole words, what stands in its place, and its first words.

Rules are data, so that a perturbation's identity can list all of them. They are applied in one pass: every
rule sees the text as it was, never what another rule made of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, compress, count, groupby

from judgeaudit.judges.base import Json
from judgeaudit.perturb.spans import Stretch, open_stretches

STRAIGHT = "'"
CURLY = "’"
APOSTROPHE = f"[{STRAIGHT}{CURLY}]"

GROUP = re.compile(r"\\(\d)")

LEFT_EDGE = r"(?<![\w/@.'’-])"
RIGHT_EDGE = r"(?![\w/@-]|['’]\w|\.\w)"
"""Words end where a path, an address, a compound or a decimal does not go on."""

LOOK_BACK_CHARS = 80
"""How far back ``after`` sees: further than four long words."""

LONGEST_KEPT_CHARS, MOST_KEPT = 40, 50_000
"""Which tokens are remembered, and how many: hostile texts must not fill the memory."""


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
    """

    name: str
    pattern: re.Pattern[str]
    replacement: str
    starts: frozenset[str]
    after: re.Pattern[str] | None = None

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
    )


Site = tuple[int, int, str]
"""Where a rule fits: start, end, and the text that takes the place of what stands between them."""


@dataclass(frozen=True)
class RuleBook:
    """Rules in the order in which they are tried on a word, indexed by the words that they begin with."""

    rules: Sequence[Rule]
    beginnings: _Beginnings = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index: dict[str, tuple[Rule, ...]] = {}
        for each in self.rules:
            for start in each.starts:
                for written in {start, start.capitalize(), start.upper()}:
                    for spelling in {written, written.replace(STRAIGHT, CURLY)}:
                        index[spelling] = (*index.get(spelling, ()), each)
        object.__setattr__(self, "beginnings", _Beginnings(index))

    def sites(self, text: str, stretches: Iterable[Stretch] | None = None) -> list[Site]:
        """Every place outside protected spans where a rule fits, in order; the first rule that fits a word has it.

        No site reaches into another: whether one is reworded changes no other. ``stretches`` are the text's open
        stretches, where they are known already.
        """
        tokens = text.split(" ")
        beginnings = self.beginnings
        hits = list(compress(count(), map(beginnings.__getitem__, tokens)))
        if not hits:
            return []
        ends = list(accumulate(map(len, tokens)))
        remaining = iter(open_stretches(text) if stretches is None else stretches)
        start = end = position = 0
        found: list[Site] = []
        for index in hits:
            token = tokens[index]
            # As many spaces as tokens stand before it, for each was split off with one.
            token_start = ends[index] - len(token) + index
            for offset, rules in beginnings[token]:
                site = token_start + offset
                if site < position:
                    continue
                while end <= site:
                    start, end = next(remaining, (len(text), len(text) + 1))
                if site < start:
                    continue
                for each in rules:
                    match = each.pattern.match(text, site, end)
                    if match and (
                        each.after is None
                        or each.after.search(text[max(start, site - LOOK_BACK_CHARS) : site])
                    ):
                        position = match.end()
                        new = in_case_of(match.group(), _filled(each.replacement, match))
                        found.append((site, position, new))
                        break
        return found

    def reword(self, text: str, chosen: Callable[[], bool]) -> str:
        """The text with each site reworded for which ``chosen``, asked once a site and in order, says yes."""
        parts: list[str] = []
        position = 0
        for start, end, new in self.sites(text):
            if chosen():
                parts += (text[position:start], new)
                position = end
        parts.append(text[position:])
        return "".join(parts)

    def identity(self) -> Json:
        """Every rule, in order."""
        return [each.identity() for each in self.rules]


def in_case_of(original: str, text: str) -> str:
    """A text with the capitals of the one whose place it takes: throughout, on its first letter, or none."""
    if original[:1].islower():
        return text
    if len(original) > 1 and original.isupper():
        return text.upper()
    if original[:1].isupper() and text[:1].islower():
        return text[:1].upper() + text[1:]
    return text


class _Beginnings(dict[str, tuple[tuple[int, tuple[Rule, ...]], ...]]):
    """Where in a token (what stands between two spaces) rules may begin, and which.

    Texts repeat their tokens, and a look-up is several times as fast as a scan: each token is scanned once.
    """

    def __init__(self, index: Mapping[str, tuple[Rule, ...]]) -> None:
        super().__init__()
        self.index = dict(index)
        self.word = re.compile(rf"\b(?:{words_by_letter(index)})\b(?!['’]\w)")

    def __missing__(self, token: str) -> tuple[tuple[int, tuple[Rule, ...]], ...]:
        found: tuple[tuple[int, tuple[Rule, ...]], ...]
        if token.isalpha():
            rules = self.index.get(token)
            found = ((0, rules),) if rules else ()
        else:
            found = tuple([(word.start(), self.index[word.group()]) for word in self.word.finditer(token)])
        if len(token) <= LONGEST_KEPT_CHARS:
            if len(self) >= MOST_KEPT:
                self.clear()
            self[token] = found
        return found


def _filled(replacement: str, match: re.Match[str]) -> str:
    # Match.expand would parse the replacement anew each time.
    if "\\" not in replacement:
        return replacement
    return GROUP.sub(lambda group: match[int(group[1])] or "", replacement)


def words_by_letter(words: Iterable[str]) -> str:
    """A pattern for any of these words, by first letter: several times as fast as a flat alternation."""
    longest_first = sorted(words, reverse=True)
    return "|".join(
        f"{letter}(?:{'|'.join(re.escape(word[1:]) for word in group)})"
        for letter, group in groupby(longest_first, key=lambda word: word[0])
    )


def _any_apostrophe(pattern: str) -> str:
    return pattern.replace(STRAIGHT, APOSTROPHE)


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)
