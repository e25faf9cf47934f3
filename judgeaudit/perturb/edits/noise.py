"""How does a text look that was typed carelessly? Mistyped words, punctuation left out, odd blanks between words.

Nothing is edited outside of prose: see ``sites``. Every site draws the same number of random numbers whether or
not it is edited, so that with the same seed a lower share edits a subset of the sites of a higher one.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb.base import TextContext
from judgeaudit.perturb.edits.sites import check_share, pick, words
from judgeaudit.perturb.spans import open_stretches

FEWEST_LETTERS = 4
"""In a shorter word one typo leaves too little to tell which word it was."""

TYPOS = ("neighbour", "swap", "drop", "double")

LAYOUTS: dict[str, tuple[tuple[float, str], ...]] = {
    "qwerty": ((1.5, "qwertyuiop"), (1.75, "asdfghjkl"), (2.25, "zxcvbnm")),
    "qwertz": ((1.0, "          ß"), (1.5, "qwertzuiopü"), (1.75, "asdfghjklöä"), (2.25, "yxcvbnm")),
    "azerty": ((1.0, " é    è çà"), (1.5, "azertyuiop"), (1.75, "qsdfghjklmù"), (2.25, "wxcvbn")),
}
"""The rows of keys, top to bottom, each with the place of its first key, in key widths, as keyboards are staggered.
A space is a key without a letter."""

REACH_KEYS = 1.3
"""Keys whose centres are no further apart are neighbours: the two beside a key and the four above and below it."""

BLANKS = {"double": "  ", "tab": "\t", "no_break": "\u00a0", "thin": "\u2009", "em": "\u2003"}
"""What a space between words is turned into. None of them ends a line."""

SPACE = re.compile(r"(?<=[^\s#>*+|\[\]-]) (?=[^\s|\]])")
"""A single space between words: no indentation, no part of a table, not behind the mark of a list or heading."""

NUMBERED = re.compile(r"\d[.)]\Z")

MARKS = re.compile(r"[¿¡]|[.,;:!?…؟،؛۔।॥]++|[、。，！？；：]++")
OPENING = frozenset("([{<|/\\=+&#@$^~-")
CLOSING = frozenset(")]}»”’\"'*_」』）")
"""Behind the first a mark is no end of a clause; before the second it still is."""


def typos(
    text: str,
    context: TextContext,  # noqa: ARG001 - an Edit's form
    rng: random.Random,
    *,
    share: float = 0.25,
    layout: str = "qwerty",
) -> str:
    """The text with one typing error in a share of its words of at least four letters of the layout's alphabet.

    An error is a neighbouring key, two letters swapped, a letter dropped or a letter doubled, each as likely. The
    first letter stays, and capitals stay where they are (the kinds are those of Belinkov and Bisk 2018, arXiv
    1711.02173, and Pruthi et al. 2019, arXiv 1905.11268).

    Args:
        share: of the eligible words, above 0 and at most 1.
        layout: ``qwerty``, ``qwertz`` or ``azerty``.

    Raises:
        PerturbationError: the share or the layout is none of these.
    """
    check_share(share)
    if layout not in NEIGHBOURS:
        raise PerturbationError(f"layout: found {layout!r}, expected one of: {', '.join(NEIGHBOURS)}.")
    neighbours, typeable = NEIGHBOURS[layout], TYPEABLE[layout]
    parts: list[str] = []
    position = 0
    for word in words(text):
        if not typeable.fullmatch(word.group()):
            continue
        chosen, kind, place, key = (rng.random() for _ in range(4))
        if chosen < share:
            parts += (text[position : word.start()], _mistyped(word.group(), neighbours, kind, place, key))
            position = word.end()
    parts.append(text[position:])
    return "".join(parts)


def dropped_punctuation(
    text: str,
    context: TextContext,  # noqa: ARG001 - an Edit's form
    rng: random.Random,
    *,
    share: float = 0.5,
) -> str:
    """The text without a share of the marks that end its clauses and sentences, and of ``¿`` and ``¡``.

    Marks inside of words and numbers stay, and so do those right behind a digit or a single letter (list numbers,
    ordinals, initials). Where no space follows, as in Chinese, one takes the mark's place, so that no two words join.

    Args:
        share: of the marks (of ``?!`` and ``...`` as one), above 0 and at most 1.

    Raises:
        PerturbationError: the share is not.
    """
    check_share(share)
    parts: list[str] = []
    position = 0
    for start, end in open_stretches(text):
        for mark in MARKS.finditer(text, start, end):
            if _may_be_dropped(text, mark.start(), mark.end()) and rng.random() < share:
                parts.append(text[position : mark.start()])
                position = mark.end()
                if mark.start() > 0 and text[position : position + 1].isalnum() and mark.group() not in "¿¡":
                    parts.append(" ")
    parts.append(text[position:])
    return "".join(parts)


def whitespace(
    text: str,
    context: TextContext,  # noqa: ARG001 - an Edit's form
    rng: random.Random,
    *,
    share: float = 0.25,
    kinds: Sequence[str] = ("double", "tab", "no_break"),
) -> str:
    """The text with a share of the spaces between its words doubled or turned into another blank.

    Lines stay lines, and no word is broken. Spaces between two numbers, at the edges of a line and behind the marks
    of lists, headings and tables stay.

    Args:
        share: of the single spaces between words, above 0 and at most 1.
        kinds: of ``BLANKS``, each as likely.

    Raises:
        PerturbationError: the share or a kind is none of these.
    """
    check_share(share)
    if not kinds or any(kind not in BLANKS for kind in kinds):
        raise PerturbationError(f"kinds: found {kinds!r}, expected some of: {', '.join(BLANKS)}.")
    parts: list[str] = []
    position = 0
    for start, end in open_stretches(text):
        for space in SPACE.finditer(text, start, end):
            site = space.start()
            numbers = text[site - 1].isdigit() and text[site + 1].isdigit()
            if numbers or NUMBERED.search(text[max(site - 2, 0) : site]):
                continue
            chosen, kind = rng.random(), pick(kinds, rng.random())
            if chosen < share:
                parts += (text[position:site], BLANKS[kind])
                position = site + 1
    parts.append(text[position:])
    return "".join(parts)


def _neighbours(rows: tuple[tuple[float, str], ...]) -> dict[str, str]:
    """The letters on the keys around each letter's."""
    keys = {
        letter: (first + column, row)
        for row, (first, letters) in enumerate(rows)
        for column, letter in enumerate(letters)
        if letter != " "
    }
    return {
        letter: "".join(
            other
            for other, (x, y) in keys.items()
            if other != letter and (x - column) ** 2 + (y - row) ** 2 <= REACH_KEYS**2
        )
        for letter, (column, row) in keys.items()
    }


def _typeable(letters: str) -> re.Pattern[str]:
    both = sorted({*letters, *(letter.upper() for letter in letters if len(letter.upper()) == 1)})
    return re.compile(f"[{''.join(both)}]{{{FEWEST_LETTERS},}}")


NEIGHBOURS = {layout: _neighbours(rows) for layout, rows in LAYOUTS.items()}
TYPEABLE = {layout: _typeable("".join(keys)) for layout, keys in NEIGHBOURS.items()}


def _mistyped(word: str, neighbours: dict[str, str], kind: float, place: float, key: float) -> str:
    """The word with one typo behind its first letter, chosen by three random numbers."""
    typo = pick(TYPOS, kind)
    swappable = [site for site in range(1, len(word) - 1) if word[site] != word[site + 1]]
    if typo == "swap" and swappable:
        site = pick(swappable, place)
        return f"{word[:site]}{word[site + 1]}{word[site]}{word[site + 2 :]}"
    site = pick(range(1, len(word)), place)
    before, letter, behind = word[:site], word[site], word[site + 1 :]
    if typo == "drop":
        return f"{before}{behind}"
    if typo == "neighbour":
        typed = pick(neighbours[letter.lower()], key)
        # The capital of ß is two letters.
        return f"{before}{typed.upper() if letter.isupper() and typed != 'ß' else typed}{behind}"
    return f"{before}{letter}{letter}{behind}"


def _may_be_dropped(text: str, start: int, end: int) -> bool:
    before, behind = text[max(start - 1, 0) : start], text[end : end + 1]
    if text[start] in "¿¡":
        return behind.isalpha()
    if not before or before.isspace() or before.isdigit() or before in OPENING:
        return False
    if before.isascii() and before.isalpha() and not (start > 1 and text[start - 2].isalnum()):
        return False  # an initial, the letter of a list, a variable
    if text[end - 1] in ":;" and behind == ")":
        return False  # a face
    return not behind or behind.isspace() or behind in CLOSING or text[start] in "、。，！？；："
