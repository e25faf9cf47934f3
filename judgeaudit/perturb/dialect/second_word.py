"""What must the second word of a rule's match be? Read off the pattern, so that few rules are tried on a place.

Most patterns fix their second word: ``(he|she) {VBZ}`` asks for a verb, ``there(?:'s| is)`` for ``is`` or nothing. A
look-up of two words then rules out nine of ten rules before any pattern is tried. What is read off may ask for less
than the pattern does, never for more: where it cannot be said, any second word is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from judgeaudit.perturb.dialect.word_classes import tags_named

PIECE = re.compile(
    r"(?P<tag>\{[A-Z$]+(?:\|[A-Z$]+)*\})|(?P<number>\{\d+(?:,\d*)?\}[+?]?|[*+][+?]?)|(?P<optional>\?)"
    r"|(?P<unseen>\(\?<?!|\(\?<=)|(?P<ahead>\(\?=)|(?P<group>\((?:\?:)?)|(?P<close>\))|(?P<either>\|)"
    r"|(?P<letters>\[a-z\])|(?P<edge>\\b)|(?P<mark>[ ,.;:!-]|\\[?.)(nZ]|\[[] .,;:!?)(]+\])|(?P<apostrophe>')"
    r"|(?P<letter>[a-z])|(?P<other>\[\^?\]?(?:\\.|[^\]\\])*\]|\\.|.)",
    re.DOTALL,
)
"""The pieces of a pattern. A mark is what no letter can be: the word before it ends there."""

IN_FIRST, AFTER_APOSTROPHE, IN_CONTRACTION, UNKNOWN = "first", "first'", "first's", "unknown"
"""How far a way through the pattern has come: in the first word, at an apostrophe in it, behind one, or where nothing
can be said any more. Otherwise a blank and the letters of the second word so far, or the finished word."""

Way = str | frozenset[str]
"""A frozenset of tags is a second word that is asked for by its tags; a word that ends in a full stop is finished."""


@dataclass(frozen=True, slots=True)
class SecondWord:
    """The second word of a match, up to an apostrophe: one of some words, in lower case, or one that may have a tag."""

    words: frozenset[str]
    tags: frozenset[str]


def second_word(pattern: str, *, contracted: bool) -> SecondWord | None:
    """What a pattern, as a rule has it, asks of the second word; None where that may be any or there may be none.

    ``contracted`` says whether the first word holds an apostrophe: ``they(?:'re| are) {VBG}`` asks for
    ``are`` behind ``they``, for a participle behind ``they're``.
    """
    pieces = [(str(found.lastgroup), found.group()) for found in PIECE.finditer(pattern)]
    ways, _ = _alternatives(pieces, 0, frozenset({IN_FIRST}), contracted)
    words: set[str] = set()
    tags: set[str] = set()
    for way in map(_finished, ways):
        if isinstance(way, frozenset):
            tags |= way
        elif way.endswith("."):
            words.add(way[1:-1])
        else:
            return None
    return SecondWord(frozenset(words), frozenset(tags))


Pieces = list[tuple[str, str]]


def _alternatives(
    pieces: Pieces, at: int, before: frozenset[Way], contracted: bool
) -> tuple[frozenset[Way], int]:
    """The ways through alternatives, and the place of what closes them."""
    ended: set[Way] = set()
    ways = before
    while at < len(pieces):
        kind, piece = pieces[at]
        if kind == "close":
            break
        if kind == "either":
            ended |= ways
            ways, at = before, at + 1
            continue
        if kind in ("group", "ahead", "unseen"):
            inside, closed = _alternatives(pieces, at + 1, ways, contracted)
            taken, at = _behind_group(kind, ways, inside), closed + 1
        else:
            taken, at = frozenset(_behind(way, kind, piece) for way in ways), at + 1
            taken = taken if contracted else taken - {IN_CONTRACTION}
        if at < len(pieces) and pieces[at][0] == "optional":
            ways, at = ways | taken, at + 1
        elif at < len(pieces) and pieces[at][0] == "number":
            ways = frozenset(_repeated(kind, ways | taken))
            at += 1
        else:
            ways = taken
    return frozenset(ended | ways), at


def _behind_group(kind: str, before: frozenset[Way], inside: frozenset[Way]) -> frozenset[Way]:
    """The ways behind a group. What a lookahead saw is read again by what follows it; of what must not stand there,
    nothing is said."""
    if kind == "group":
        return inside
    if kind == "unseen":
        return before
    decided = frozenset(way for way in inside if _is_decided(way))
    return decided if decided == inside else decided | before


def _repeated(kind: str, ways: frozenset[Way]) -> Iterator[Way]:
    """The ways behind something that is repeated: letters of the first word leave us in it."""
    for way in ways:
        yield (
            way if _is_decided(way) or (kind == "letters" and way in (IN_FIRST, IN_CONTRACTION)) else UNKNOWN
        )


def _behind(way: Way, kind: str, piece: str) -> Way:
    """A way that goes on by one piece of the pattern."""
    if isinstance(way, frozenset) or way == UNKNOWN or way.endswith("."):
        return way
    if way in (IN_FIRST, AFTER_APOSTROPHE, IN_CONTRACTION):
        if kind in ("letter", "letters", "tag"):
            return IN_CONTRACTION if way != IN_FIRST else IN_FIRST
        if way == AFTER_APOSTROPHE:
            return UNKNOWN
        if kind == "apostrophe":
            return AFTER_APOSTROPHE
        if kind == "edge":
            return way
        return " " if piece == " " else UNKNOWN
    if way == " ":
        if kind == "tag":
            return tags_named(piece[1:-1].replace("|", " "))
        return f" {piece}" if kind == "letter" else " " if kind == "edge" else UNKNOWN
    if kind == "letter":
        return way + piece
    return f"{way}." if kind in ("mark", "apostrophe", "edge") else UNKNOWN


def _is_decided(way: Way) -> bool:
    return isinstance(way, frozenset) or way == UNKNOWN or way.endswith(".")


def _finished(way: Way) -> Way:
    """A way at the pattern's end, where a word ends too."""
    return f"{way}." if isinstance(way, str) and way[:1] == " " and way != " " and way[-1] != "." else way
