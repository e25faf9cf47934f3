"""Where do the sentences of a text begin and end? By punctuation, line breaks and list marks, outside protected spans.

A sentence may run through a quotation, a piece of code or an address: what stands there is masked, so that
its punctuation ends nothing. A line that is merely wrapped ends no sentence either. Where a break is in doubt
(after an abbreviation, before a small letter) there is none. The rules are those of scripts with capitals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from judgeaudit.perturb.spans import open_stretches

MASK = "\ufffc"
"""What stands for each protected character: Unicode's object replacement character."""

CLOSERS = r"[\"'”’»)\]*_]{0,4}+"
"""What may stand between a sentence's end mark and the space after it."""

BREAK = re.compile(
    rf"(?P<marks>[.!?…]{{1,4}}+){CLOSERS}(?P<gap>[ \t]{{1,8}}+)(?=[^\sa-z])"
    r"|\n\s*+(?P<item>(?:[-*+•–]|\d{1,3}[.)])[ \t]{1,4}+)?"
)
"""An end mark with blanks after it, or a line break with the blank lines, the indent and the list mark after it."""

FIRST = re.compile(r"\s*+(?:(?:[-*+•–]|\d{1,3}[.)])[ \t]{1,4}+)?")
"""What may stand before the first sentence."""

LINE_END = re.compile(rf"[.!?…:{MASK}]{CLOSERS}[ \t\r]{{0,8}}+\Z")
LONGEST_LINE_END_CHARS = 13
"""A line that ends so is not merely wrapped. Its end is looked for in no more characters than it can have."""

ABBREVIATION = re.compile(
    r"(?<![^\W_])(?:Dr|Mr|Mrs|Ms|Prof|Sr|Jr|St|Mt|vs|No|Fig|Eq|Vol|pp|e\.g|i\.e|cf|ca|al|approx|[A-Z])\.\Z"
)
LONGEST_ABBREVIATION_CHARS = 8

END = re.compile(rf"([.!?…]{{1,4}}+){CLOSERS}\Z")
LONGEST_END_CHARS = 8

KEPT = re.compile(r"[.!?…]{1,3}+[\"'”’»]?\Z")
"""The end of a protected span that also ends a sentence: a quotation's, or the full stop behind an address."""
LONGEST_KEPT_CHARS = 4

HEADING_OR_ROW = re.compile(r"^[ ]{0,3}[#|][^\n]*+", re.MULTILINE)
NOT_A_LINE_BREAK = re.compile(r"[^\n]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's place in its text.

    Attributes:
        start: of its first character.
        end: behind its last, a closing bracket or quotation mark included; blanks are not.
        wording: the sentence, each protected character of it a ``MASK``.
    """

    start: int
    end: int
    wording: str

    @property
    def mark(self) -> str:
        """The marks that end it (``.``, ``?!``, ``…``); empty for a heading or a list item without any."""
        end = END.search(self.wording[-LONGEST_END_CHARS:])
        return end[1] if end else ""


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text in order, in time linear in its length; headings, table rows and items too."""
    seen = masked(text)
    first = FIRST.match(seen)
    assert first is not None, "it matches the empty text"
    start = first.end()
    for stop, following in chain(_breaks(seen, start), [(len(seen), len(seen))]):
        wording = seen[start:stop].rstrip()
        if wording:
            yield Sentence(start, start + len(wording), wording)
        start = following


def _breaks(seen: str, start: int) -> Iterator[tuple[int, int]]:
    """Where a sentence ends and the next begins."""
    for found in BREAK.finditer(seen, start):
        if found["marks"]:
            if found["marks"] != "." or not _abbreviated(seen, found.start()):
                yield found.start("gap"), found.end()
        elif found["item"] or found.group().count("\n") > 1 or _ended(seen, found.start()):
            yield found.start(), found.end()


def masked(text: str) -> str:
    """The text with protected characters, headings and table rows masked; its length and its line breaks stay."""
    parts: list[str] = []
    position = 0
    for start, end in (*open_stretches(text), (len(text), len(text))):
        if position < start:
            parts.append(_masked_span(text[position:start]))
        parts.append(text[start:end])
        position = end
    return HEADING_OR_ROW.sub(lambda line: MASK * len(line.group()), "".join(parts))


def _masked_span(span: str) -> str:
    kept = KEPT.search(span[-LONGEST_KEPT_CHARS:])
    tail = kept.group() if kept else ""
    return NOT_A_LINE_BREAK.sub(MASK, span[: len(span) - len(tail)]) + tail


def _abbreviated(seen: str, mark: int) -> bool:
    return ABBREVIATION.search(seen[max(mark - LONGEST_ABBREVIATION_CHARS, 0) : mark + 1]) is not None


def _ended(seen: str, line_break: int) -> bool:
    return LINE_END.search(seen[max(line_break - LONGEST_LINE_END_CHARS, 0) : line_break]) is not None
