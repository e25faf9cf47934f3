"""Where did a perturbation put something into a text that it left as it was? Before, after, around or inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from judgeaudit.perturb.phrases import FULL_WIDTH_ENDS

MOST_OCCURRENCES = 20
MOST_STEPS = 1000
"""How many readings are weighed where a repetitive text allows many."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """Something put into a text.

    Attributes:
        offset: in the original text.
        inserted: with the blanks that part it from the text.
        before: whether the whole text follows it.
    """

    offset: int
    inserted: str
    before: bool


def insertions(text: str, changed: str) -> tuple[Insertion, ...] | None:
    """What must be put into the text to get the changed one: before it, after it, both, or in one place inside.

    A reading with blanks between text and insertion is preferred where there are several. None where the
    changed text is no such insertion, or only blanks were inserted.
    """
    if not changed[len(text) :]:
        return None
    found = _at_the_ends(text, changed) or _inside(text, changed)
    return found if found and all(one.inserted.strip() for one in found) else None


def _at_the_ends(text: str, changed: str) -> tuple[Insertion, ...] | None:
    grown = len(changed) - len(text)
    before, after = changed.endswith(text), changed.startswith(text)
    if before and after and text:
        before = changed[grown - 1].isspace() or not changed[len(text)].isspace()
    if before:
        return (Insertion(0, changed[:grown], True),)
    if after:
        return (Insertion(len(text), changed[len(text) :], False),)
    first = place = changed.find(text)
    for _ in range(MOST_OCCURRENCES):
        if place < 0 or (changed[place - 1].isspace() and changed[place + len(text)].isspace()):
            break
        place = changed.find(text, place + 1)
    else:
        place = -1
    place = first if place < 0 else place
    if place < 0:
        return None
    return (
        Insertion(0, changed[:place], True),
        Insertion(len(text), changed[place + len(text) :], False),
    )


def _inside(text: str, changed: str) -> tuple[Insertion, ...] | None:
    grown = len(changed) - len(text)
    start = common_start(text, changed)
    if changed[start + grown :] != text[start:]:
        return None
    # ``a b`` inserted into ``a c`` reads as ``a b`` before or ``b a`` behind the ``a``: it begins where a word does.
    for step in range(min(start, MOST_STEPS) + 1):
        place = start - step
        if step and changed[place] != changed[place + grown]:
            break
        if changed[place].isspace() or (place and _ends_a_word(changed[place - 1])):
            start = place
            break
    return (Insertion(start, changed[start : start + grown], False),)


def _ends_a_word(character: str) -> bool:
    return character.isspace() or character in FULL_WIDTH_ENDS


def common_start(first: Sequence[object], second: Sequence[object]) -> int:
    """How many items two texts or lists begin with in common, in linear time."""
    least, most = 0, min(len(first), len(second))
    while least < most:
        middle = (least + most + 1) // 2
        if first[least:middle] == second[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least
