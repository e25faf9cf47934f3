"""How is a text made longer without saying more? By rules, offline: wordier wording, empty lead-ins, openings, remarks.

English only. The parts that carry the answer (numbers, code, addresses, quotations) are not touched.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from judgeaudit.errors import PerturbationError
from judgeaudit.judges.base import Json
from judgeaudit.perturb.base import TextContext
from judgeaudit.perturb.edits.wordier import WORDIER_ENGLISH
from judgeaudit.perturb.spans import Stretch, open_stretches
from judgeaudit.perturb.wording import Site, words_by_letter

LEAD_INS = (
    "What follows below is the reply to the message above, written out in full sentences, one after the other.",
    "In reply to the message above, what there is to be said is set out below, from beginning to end.",
    "Here, in the lines that follow, is what there is to be said in reply to the message above.",
    "The reply to the message above reads as follows.",
    "The reply is as follows.",
)

CLOSINGS = (
    "With that, what there was to be said in reply to the message above has been said, and the reply ends here.",
    "That, as it stands in the lines above, is the reply to the message, and it comes to its end at this point.",
    "This is where the reply to the message above, as set out here, comes to its end.",
    "That is the whole of the reply.",
    "That is the reply.",
)
"""Sentences true of any reply, be it an answer or a refusal; of falling length, to fit a short text too."""

CONNECTIVES = (
    "As far as this point is concerned",
    "On this particular point",
    "To put it into so many words",
    "To spell it out in full",
    "To be explicit about it",
    "In this connection",
    "In this regard",
    "With this in mind",
    "In point of fact",
    "To be clear about it",
)
"""Openings that add neither contrast, nor cause, nor order, and that fit statements and instructions alike."""

LONG_CONNECTIVES = (
    "As far as the point that is to be made in this part of the reply is concerned",
    "To put the point that comes next into so many words, and to put it in full",
    "On the particular point that the reply comes to here, in this very sentence",
    "To spell out in full what there is to be said at this place in the reply",
    "In connection with the matter that is under discussion here in this reply",
    "With all that stands in the message above in mind, as it is being replied to",
    "To be as explicit as can be about what is to be said on this point",
    "In regard to the matter at hand, which is the matter of the message above",
)
"""The same at greater length, for doses that the short ones cannot reach."""

REMARKS = (
    "That is what there is to be said on this particular point, and it has now been said in full.",
    "This, put into so many words, is the point that is being made in this part of the reply.",
    "So much for this one point, which stands here just as it is meant to stand in the reply.",
    "With that, this point has been put into words, and the words are those that stand here.",
    "That, in so many words, is the point, and it is one of the points that the reply makes.",
    "This much is what the reply has to say at this place, and this is the place where it says it.",
    "What has just been said is said here in so many words, so that it stands in the reply.",
    "Those are the words in which this point is put here, and the point is put here in full.",
)
"""Sentences that may follow any statement or instruction, and say nothing but that it was made."""

OPENER_WORDS = """
The This That These Those It You We They He She There A An Your My Our Their Its His Her Some Most All Each
Every Any Many One Both Such People If When While Whether Because Although Once As By Please Do Don Make Try Use
Keep Take Avoid Consider Remember Check Seek Look Start Find Add Get Give Talk Speak Reach Ask Be Always Never
Another Other Several Various Using Having Due In On At With Even Only Let Place Put Set Turn Move Remove Choose Follow
Learn Read Write Run Stay Practice Understand
"""
OPENERS = frozenset(OPENER_WORDS.split())
"""Words that begin a sentence in lower case just as well, some with a contraction; names are none of them."""

FIRST_WORD = (
    r"I(?:['’](?:m|d|ll|ve)(?= )"
    r"|(?= (?:am|have|would|can|cannot|will|do|must|think|believe|hope|recommend|suggest)\b))"
    rf"|(?:{words_by_letter(OPENERS)})(?:['’](?:s|t|d|re|ve|ll))?(?=,? (?:[a-z]|I ))"
)
OPENER = rf"(?:{FIRST_WORD})(?=[^\n.!?:]{{25}})"
"""A first word that an opening can go before, and enough of a sentence after it."""

FIRST_OPENER = re.compile(OPENER)

NO_ABBREVIATION = (
    r"(?<!\b(?:Dr|Mr|Ms|St|vs|No|cf)\.)(?<!\b(?:Mrs|Fig|e\.g|i\.e)\.)(?<!\bapprox\.)(?<!\b[A-Z]\.)"
)
BREAK = re.compile(
    rf"[.!?\n]{NO_ABBREVIATION}(?:"
    rf"(?<=[a-z][a-z][.!])(?<!\betc\.)()(?: {{1,2}}(?=[A-Z])(?:(?={OPENER})())?| {{0,3}}(?=\n|\Z))"
    rf"|(?:(?<=[.!?]) {{1,2}}|(?<=\n) {{0,3}}(?:(?:[-*+•]|\d{{1,3}}[.)]) {{1,3}})?)(?=[A-Z])(?={OPENER})()"
    r")"
)
"""What comes between two sentences: spaces, or a new line with or without the mark of a list. Its last group is
the first behind the full stop of a statement or an instruction (surely: not of a number, an initial, a title), the
second where an opener follows besides, and the third where an opener follows alone."""

STATEMENT, STATEMENT_AND_OPENER, OPENER_ALONE = 1, 2, 3

PRONOUN_I = ("I ", "I'", "I’")

PARAGRAPH = "\n\n"

Choices = tuple[tuple[int, tuple[str, ...]], ...]


def _choices(paragraphs: Sequence[str]) -> Choices:
    """For each paragraph, longest first: the room it needs, and it with those that are nearly as long."""
    return tuple(
        (len(longest), tuple(each for each in paragraphs if 0.8 * len(longest) <= len(each) <= len(longest)))
        for longest in sorted(paragraphs, key=len, reverse=True)
    )


def _fitting(choices: Choices, room: int, rng: random.Random) -> str:
    """One of the longest paragraphs that fit into ``room`` characters, or nothing."""
    for length, nearly_as_long in choices:
        if length <= room:
            return nearly_as_long[int(rng.random() * len(nearly_as_long))]
    return ""


LEAD_INS_FOR = _choices([sentence + PARAGRAPH for sentence in LEAD_INS])
CLOSINGS_FOR = _choices([PARAGRAPH + sentence for sentence in CLOSINGS])

OPENING_CHARS = sum(map(len, CONNECTIVES)) / len(CONNECTIVES) + len(", ")
LONG_OPENING_CHARS = sum(map(len, LONG_CONNECTIVES)) / len(LONG_CONNECTIVES) + len(", ")
REMARK_CHARS = sum(map(len, REMARKS)) / len(REMARKS) + len(" ")

LONGEST_RATIO = 3.0
"""Beyond it hardly any text has the places."""


@dataclass(frozen=True, slots=True)
class Verbosity:
    """Lengthens an English text to about ``target_ratio`` times its characters, with the same meaning.

    First every contraction is written out and every wordier equivalent put in; then come a lead-in and a
    closing sentence as long as the target allows; then empty openings at the starts of sentences drawn by the
    seeded random numbers; and, where that is not enough, long openings and empty remarks after sentences,
    until the target is reached or there is no place left. A text that offers too few places falls short of
    the target, and one too short for any addition stays. The text is never lengthened past ``target_ratio +
    slack`` except by wordier wording alone.

    Raises:
        PerturbationError: ``target_ratio`` is not above 1 and at most 3, or ``slack`` is negative.
    """

    target_ratio: float = 1.45
    slack: float = 0.15

    def __post_init__(self) -> None:
        if not 1 < self.target_ratio <= LONGEST_RATIO:
            raise PerturbationError(
                f"target_ratio: found {self.target_ratio!r}, expected 1 < target_ratio <= {LONGEST_RATIO:g}."
            )
        if not self.slack >= 0:
            raise PerturbationError(f"slack: found {self.slack!r}, expected a ratio of 0 or more.")

    def __call__(self, text: str, context: TextContext, rng: random.Random) -> str | None:  # noqa: ARG002 - an Edit's form
        if not text.strip():
            return None
        stretches = tuple(open_stretches(text))
        changes = WORDIER_ENGLISH.sites(text, stretches)
        room = int(self.target_ratio * len(text)) - len(text)
        for start, end, new in changes:
            room -= len(new) - end + start
        before = _fitting(LEAD_INS_FOR, room // 2, rng)
        after = _fitting(CLOSINGS_FOR, room - len(before), rng)
        room -= len(before) + len(after)
        if room > 0:
            changes = _padded(text, stretches, changes, room, int(self.slack * len(text)), rng)
        parts = [before]
        position = 0
        for start, end, new in changes:
            parts += (text[position:start], new)
            position = end
        parts += (text[position:], after)
        return "".join(parts)

    def identity(self) -> Mapping[str, Json]:
        """The ratios, every wording, and everything that may be put in."""
        return {
            "target_ratio": self.target_ratio,
            "slack": self.slack,
            "rules": WORDIER_ENGLISH.identity(),
            "lead_ins": LEAD_INS,
            "closings": CLOSINGS,
            "connectives": [CONNECTIVES, LONG_CONNECTIVES],
            "remarks": REMARKS,
            "places": BREAK.pattern,
        }


def _padded(
    text: str, stretches: Sequence[Stretch], changes: list[Site], room: int, slack: int, rng: random.Random
) -> list[Site]:
    """The changes together with openings and remarks, about ``room`` characters of them and at most ``slack`` more."""
    starts, ends = _places(text, stretches)
    starts = _shuffled(starts, rng)
    first = int(rng.random() * len(CONNECTIVES))
    openings: Sequence[str] = CONNECTIVES
    remarks: dict[int, str] = {}
    left = room - int(OPENING_CHARS * len(starts))
    if left > 0:
        if left > REMARK_CHARS * len(ends):
            openings = LONG_CONNECTIVES
            left = room - int(LONG_OPENING_CHARS * len(starts))
        # The openings have the first claim on the room; the remarks take what is left.
        remarks, used = _up_to(left, slack, _shuffled(ends, rng), REMARKS, first, len(" "))
        room -= used
    opened, _ = _up_to(room, slack, starts, openings, first, len(", "))
    merged = [(end, end, f" {remark}") for end, remark in remarks.items()]
    for start, end, new in changes:
        opening = opened.pop(start, None)
        merged.append((start, end, new if opening is None else f"{opening}, {_uncapitalized(new)}"))
    for start, opening in opened.items():
        first_letter = text[start] if text.startswith(PRONOUN_I, start) else text[start].lower()
        merged.append((start, start + 1, f"{opening}, {first_letter}"))
    merged.sort()
    return merged


def _shuffled(places: Sequence[int], rng: random.Random) -> list[int]:
    draw = rng.random
    return [place for _, place in sorted([(draw(), place) for place in places])]


def _up_to(
    room: int, slack: int, places: Sequence[int], wordings: Sequence[str], first: int, joint: int
) -> tuple[dict[int, str], int]:
    """Wordings by place, in turn, until the room is filled, and what they take: at most ``slack`` more than it."""
    chosen: dict[int, str] = {}
    used = 0
    for turn, place in enumerate(places, first):
        wording = wordings[turn % len(wordings)]
        cost = len(wording) + joint
        if used >= room or used + cost > room + slack:
            break
        chosen[place] = wording
        used += cost
    return chosen, used


def _uncapitalized(wording: str) -> str:
    return wording if wording.startswith(PRONOUN_I) else wording[:1].lower() + wording[1:]


def _places(text: str, stretches: Sequence[Stretch]) -> tuple[list[int], list[int]]:
    """Outside protected spans, where sentences begin that an opening can go before, and where a remark can follow."""
    starts = (
        [0] if stretches and stretches[0][0] == 0 and FIRST_OPENER.match(text, 0, stretches[0][1]) else []
    )
    ends: list[int] = []
    for start, end in stretches:
        for between in BREAK.finditer(text, start, end):
            kind = between.lastindex
            if kind != OPENER_ALONE:
                ends.append(between.start() + 1)
            if kind != STATEMENT:
                starts.append(between.end())
    return starts, ends
