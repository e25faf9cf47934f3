"""Which words of a text may an edit of words touch, and what share of them? Prose only, and each word by itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TypeVar

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb.spans import open_stretches

T = TypeVar("T")

LETTERS = re.compile(r"[^\W\d_]++")
"""A word as a run of letters: of ``don't``, ``don`` and ``t``."""

TOKEN = re.compile(r"[^\s、。，！？；：（）「」]++")
NOT_PROSE = re.compile(
    r"[@/\\_=<>{}|#$^~+&%`]"  # e-mail addresses, paths, formulas, place-holders
    r"|\w[.:(\[]\w|\(\)"  # domains, file names, abbreviations with dots, calls
    r"|(?<!\S)-{1,2}\w"  # options
    r"|[a-z][A-Z]"  # identifiers, and names such as JavaScript
)
"""What, anywhere in a token, says that its letters are not words that a writer may mistype."""

ATTACHING = frozenset({"Mn", "Mc", "Me", "Cf", "Sk"})
"""Categories of characters that belong to their neighbour: combining marks, joiners, emoji modifiers."""

COMMON_NEIGHBOURS = frozenset(before + behind for before in " \n-(" for behind in " \n-).,;:!?")
"""What most words stand between: a short cut past the categories."""


def words(text: str, run: re.Pattern[str] = LETTERS) -> Iterator[re.Match[str]]:
    """The words of a text, in order: each match of ``run`` in prose that no letter, digit or mark is attached to.

    Not prose are protected spans (code, quotations, addresses, mathematics) and every token that holds ``NOT_PROSE``.
    A word with a combining mark or an invisible character beside it is left out, so that no grapheme cluster is cut.
    """
    for start, end in open_stretches(text):
        if not NOT_PROSE.search(text, start, end):
            yield from _unattached(run.finditer(text, start, end), text)
            continue
        for token in TOKEN.finditer(text, start, end):
            if not NOT_PROSE.search(text, token.start(), token.end()):
                yield from _unattached(run.finditer(text, token.start(), token.end()), text)


def _unattached(found: Iterator[re.Match[str]], text: str) -> Iterator[re.Match[str]]:
    for word in found:
        beside = text[max(word.start() - 1, 0) : word.start()] + text[word.end() : word.end() + 1]
        if beside in COMMON_NEIGHBOURS or not any(map(_attaches, beside)):
            yield word


def _attaches(beside: str) -> bool:
    """Whether a character goes on with the word beside it."""
    return beside.isalnum() or (not beside.isascii() and unicodedata.category(beside) in ATTACHING)


def check_share(share: float) -> None:
    """See that a share is above 0 and at most 1.

    Raises:
        PerturbationError: it is not.
    """
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 1:
        raise PerturbationError(f"share: found {share!r}, expected a number above 0 and at most 1.")


def pick(options: Sequence[T], drawn: float) -> T:
    """The option that a random number in [0, 1) falls on."""
    return options[int(drawn * len(options))]
