"""How does a perturbed text differ from its original, for someone at a terminal? Two columns, changes marked by word.

Texts under audit are hostile. Nothing in them is markup, and control characters, which could command the terminal,
are written out as ``⟨U+001B⟩`` and the like; in changed words so is whatever else nobody could see: invisible
characters, and letters that look like those they replaced.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel
from rich.table import Table
from rich.text import Text

from judgeaudit.perturb.edits.camouflage import LOOK_ALIKES

TOKEN = re.compile(r"\w++|\s++|[^\w\s]")

MOST_TOKENS = 5_000
"""Words compared between the first and the last change; comparing takes memory with the square of it (3 MB)."""

SHOWN_CHARACTERS = 3_000
"""Characters of one text that are shown at most."""

SAME_SHOWN = 240
"""Characters of an unchanged stretch that are shown before and after its middle is left out."""

DELETED, INSERTED, LEFT_OUT = "red strike", "green underline", "dim"
DELETED_MARKS, INSERTED_MARKS = ("[-", "-]"), ("{+", "+}")
"""What stands around changes where there are no colours, as in git's word diff."""

TURNING = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))
"""Unicode's classes of the characters that turn the direction of what follows (UAX 9)."""

SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC")
"""Scripts with letters that look alike; a word that mixes two of them is suspicious."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of both texts. ``left`` and ``right`` are the same text exactly where nothing changed."""

    left: str
    right: str

    @property
    def same(self) -> bool:
        """Whether nothing changed here."""
        return self.left == self.right


def parts(original: str, perturbed: str) -> list[Part]:
    """Both texts cut at the words that changed, in order; joined again they give the two texts.

    Where more than ``MOST_TOKENS`` words lie between the first and the last change, those beyond are one part.
    """
    left, right = TOKEN.findall(original), TOKEN.findall(perturbed)
    start = _common(left, right)
    end = _common(left[start:][::-1], right[start:][::-1])
    head, tail = left[:start], left[len(left) - end :]
    left, right = left[start : len(left) - end], right[start : len(right) - end]
    found: list[Part] = []
    for same, one, two in _hunks(left[:MOST_TOKENS], right[:MOST_TOKENS]):
        found.append(Part(one, one) if same else Part(one, two))
    beyond = Part("".join(left[MOST_TOKENS:]), "".join(right[MOST_TOKENS:]))
    outer = [Part("".join(head), "".join(head)), *found, beyond, Part("".join(tail), "".join(tail))]
    return [part for part in outer if part.left or part.right]


def marked(original: str, perturbed: str, *, plain: bool = False) -> tuple[Text, Text]:
    """Both texts with their differences marked: what was deleted on the left, what was inserted on the right.

    Args:
        original, perturbed: the texts.
        plain: whether marks of characters stand around the changes, for output without colours.
    """
    left, right = (
        _Column(DELETED, DELETED_MARKS if plain else None),
        _Column(INSERTED, INSERTED_MARKS if plain else None),
    )
    for part in parts(original, perturbed):
        if part.same:
            left.same(part.left)
            right.same(part.right)
        else:
            left.changed(part.left, set())
            right.changed(part.right, _disguised(part.left, part.right))
    return left.finished(), right.finished()


def side_by_side(title: str, original: str, perturbed: str, *, plain: bool = False) -> Table:
    """A table of one row: the original on the left, the perturbed text on the right."""
    table = Table(title=Text(visible(title)), title_justify="left", expand=True, show_lines=False)
    for heading in ("original", "perturbed"):
        table.add_column(heading, ratio=1, overflow="fold")
    table.add_row(*marked(original, perturbed, plain=plain))
    return table


def visible(text: str, *, hidden: bool = False, disguised: frozenset[int] | set[int] = frozenset()) -> str:
    """A text that can be printed.

    Args:
        text: any text.
        hidden: whether everything that cannot be seen is written out, as in changed words, not only what
            commands a terminal or turns the direction of writing.
        disguised: places of letters behind which their code is written.
    """
    return "".join(
        f"{character}{_code(character)}" if place in disguised else _visible(character, hidden)
        for place, character in enumerate(text)
    )


def _visible(character: str, hidden: bool) -> str:
    if character in ("\n", " "):
        return character
    if character == "\t":
        return "→   "
    category = unicodedata.category(character)
    if category in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(character) in TURNING:
        return _code(character)
    unseen = category in ("Cf", "Zs", "Co", "Cn") or unicodedata.name(character, "").startswith("VARIATION")
    return _code(character) if hidden and unseen else character


def _code(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"


def _disguised(left: str, right: str) -> set[int]:
    """Places in ``right`` of letters that only look like what the words seem to say."""
    if len(left) == len(right):
        differ = {place for place, (one, two) in enumerate(zip(left, right, strict=True)) if one != two}
        if all(right[place] in LOOK_ALIKES.get(left[place], ()) for place in differ):
            return differ
    found: set[int] = set()
    for word in re.finditer(r"\w++", right):
        scripts = [_script(character) for character in word.group()]
        main = next((script for script in scripts if script is not None), None)
        if len(set(scripts) - {None}) > 1:
            main = "LATIN" if "LATIN" in scripts else main
            found.update(
                word.start() + place for place, script in enumerate(scripts) if script not in (None, main)
            )
    return found


def _script(letter: str) -> str | None:
    """One of ``SCRIPTS``, or None."""
    name = unicodedata.name(letter, "").partition(" ")[0]
    return name if name in SCRIPTS else None


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """How many tokens at the start are the same."""
    n = 0
    for one, two in zip(left, right, strict=False):
        if one != two:
            break
        n += 1
    return n


def _hunks(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[bool, str, str]]:
    """(whether the same, left, right) by turns."""
    one: list[str] = []
    two: list[str] = []
    for step in Indel.opcodes(left, right):
        start, end, from_, to = step.src_start, step.src_end, step.dest_start, step.dest_end
        if step.tag == "equal":
            if one or two:
                yield False, "".join(one), "".join(two)
                one, two = [], []
            yield True, "".join(left[start:end]), "".join(right[from_:to])
        else:
            one += left[start:end]
            two += right[from_:to]
    if one or two:
        yield False, "".join(one), "".join(two)


class _Column:
    """One side, filled part by part up to ``SHOWN_CHARACTERS``."""

    def __init__(self, style: str, marks: tuple[str, str] | None) -> None:
        self.style, self.marks = style, marks
        self.text, self.room, self.left_out = Text(), SHOWN_CHARACTERS, 0

    def same(self, text: str) -> None:
        if len(text) > 3 * SAME_SHOWN:
            between = len(text) - 2 * SAME_SHOWN
            self._add(text[:SAME_SHOWN])
            if self.room:
                self.text.append(f"⟨… {between:,} characters …⟩", LEFT_OUT)
            else:
                self.left_out += between
            self._add(text[-SAME_SHOWN:])
        else:
            self._add(text)

    def changed(self, text: str, disguised: set[int]) -> None:
        if not text:
            return
        opening, closing = self.marks or ("", "")
        shown = self._cut(text)
        if not shown:
            return
        written = visible(shown, hidden=True, disguised=disguised)
        if shown.isspace():  # colours alone do not show what stands on no letter
            written = written.replace(" ", "·").replace("\n", "↵\n")
        self.text.append(f"{opening}{written}{closing}", self.style)

    def finished(self) -> Text:
        if self.left_out:
            self.text.append(f"\n⟨… {self.left_out:,} more characters⟩", LEFT_OUT)
        return self.text

    def _add(self, text: str) -> None:
        self.text.append(visible(self._cut(text)))

    def _cut(self, text: str) -> str:
        shown = text[: self.room]
        self.room -= len(shown)
        self.left_out += len(text) - len(shown)
        return shown
