"""Which parts of a text may a rule-based edit not touch? Code, quotations, addresses, mathematics and mark-up.

Every pattern is linear in the text: what repeats is possessive or bounded, so that a hostile text of a
megabyte takes no longer than an innocent one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

Stretch = tuple[int, int]
"""Start and end of a part of a text."""

ALTERNATIVES: tuple[tuple[str, str], ...] = (
    ("`", r"```(?:(?!```).)*+(?:```|\Z)"),  # a code block, to the end of the text where it is not closed
    ("~", r"~~~(?:(?!~~~).)*+(?:~~~|\Z)"),
    ("`", r"``[^`\n]++``"),  # code in a line
    ("`", r"`[^`\n]++`"),
    ('"', r""""(?<!\w")(?:[^"\n]|\n(?!\n))++"(?!\w)"""),  # quotations, each inside one paragraph
    ("“", r"“(?:[^“”\n]|\n(?!\n))++”"),
    ("«", r"«(?:[^«»\n]|\n(?!\n))++»"),
    ("'", r"'(?<!\w')(?:[^'\n]|(?<=\w)'(?=\w)){1,300}+'(?!\w)"),
    ("‘", r"‘(?:[^‘’\n]|(?<=\w)’(?=\w)){1,300}+’(?!\w)"),
    ("/", r'https?://[^\s<>"]++'),  # addresses
    ("www.", r'www\.[^\s<>"]++'),
    ("]", r"\]\([^()\n]{1,500}+\)"),  # the target of a Markdown link
    ("<", r"<[^<>\n]{1,500}+>"),  # a tag
    ("$", r"\$\$[^$]++\$\$"),  # mathematics
    ("\\", r"\\\((?:(?!\\[()]|\n\n).)++\\\)"),
    ("\\", r"\\\[(?:(?!\\[\[\]]|\n\n).)++\\\]"),
    ("\n    ", r"\n\ {4}[^\n]*+"),  # an indented code line
    ("\t", r"\n\t[^\n]*+"),
    (">", r"\n>[^\n]*+"),  # a block quotation
)
"""Something that each protected span surely holds (one character where there is one that is rare, for that is found
fastest), and its pattern. The first that fits has the place."""

QUOTE_MARK = re.compile(r"'(?<!\w')")
"""An apostrophe that no letter stands before: the sign of a quotation. Most apostrophes are in contractions."""

APOSTROPHE = next(place for place, (sign, _) in enumerate(ALTERNATIVES) if sign == "'")


@lru_cache(maxsize=256)
def _protected(present: tuple[bool, ...]) -> re.Pattern[str]:
    """The spans that can occur in a text, given what of ``ALTERNATIVES`` is there.

    Most texts hold hardly any of them, and a scan for a quotation mark alone is many times as fast as one for
    everything. What is left out could not have matched.
    """
    patterns = (pattern for (_, pattern), there in zip(ALTERNATIVES, present, strict=True) if there)
    return re.compile("|".join(patterns), re.DOTALL)


def open_stretches(text: str) -> Iterator[Stretch]:
    """Start and end of each stretch of the text between protected spans, in order; none is empty."""
    # The first line begins a line as the others do: it is seen behind a line break that is counted off again.
    seen = f"\n{text}"
    present = [sign in seen for sign, _ in ALTERNATIVES]
    present[APOSTROPHE] = present[APOSTROPHE] and QUOTE_MARK.search(seen) is not None
    position = 0
    for span in _protected(tuple(present)).finditer(seen) if True in present else ():
        start = max(span.start() - 1, 0)
        if start > position:
            yield position, start
        position = span.end() - 1
    if position < len(text):
        yield position, len(text)
