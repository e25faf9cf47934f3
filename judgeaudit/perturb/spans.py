"""Which parts of a text may a rule-based edit not touch? Code, quotations, addresses, mathematics and mark-up.

Every pattern is linear in the text: what repeats is possessive or bounded, so that a hostile text of a
megabyte takes no longer than an innocent one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

PROTECTED = re.compile(
    r"""
      ```(?:(?!```).)*+(?:```|\Z)              # a code block, to the end of the text where it is not closed
    | ~~~(?:(?!~~~).)*+(?:~~~|\Z)
    | ``[^`\n]++``                             # code in a line
    | `[^`\n]++`
    | "(?<!\w")(?:[^"\n]|\n(?!\n))++"(?!\w)    # quotations, each inside one paragraph
    | “(?:[^“”\n]|\n(?!\n))++”
    | «(?:[^«»\n]|\n(?!\n))++»
    | '(?<!\w')(?:[^'\n]|(?<=\w)'(?=\w)){1,300}+'(?!\w)
    | ‘(?:[^‘’\n]|(?<=\w)’(?=\w)){1,300}+’(?!\w)
    | https?://[^\s<>"]++                      # addresses
    | www\.[^\s<>"]++
    | \]\([^()\n]{1,500}+\)                    # the target of a Markdown link
    | <[^<>\n]{1,500}+>                        # a tag
    | \$\$[^$]++\$\$                           # mathematics
    | \\\((?:(?!\\[()]|\n\n).)++\\\)
    | \\\[(?:(?!\\[\[\]]|\n\n).)++\\\]
    | \n(?:\ {4}|\t|>)[^\n]*+                  # an indented code line or a block quotation
    """,
    re.VERBOSE | re.DOTALL,
)


def open_stretches(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each stretch of the text between protected spans, in order; none is empty."""
    position = 0
    # The first line begins a line as the others do: it is seen behind a line break that is counted off again.
    for span in PROTECTED.finditer(f"\n{text}"):
        start = max(span.start() - 1, 0)
        if start > position:
            yield position, start
        position = span.end() - 1
    if position < len(text):
        yield position, len(text)
