"""How is a text made longer without saying more? By rules, offline: wordier wording, empty lead-ins and connectives.

English only. The parts that carry the answer (numbers, code, addresses, quotations) are not touched.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass

from judgeaudit.errors import PerturbationError
from judgeaudit.judges.base import Json
from judgeaudit.perturb.base import TextContext
from judgeaudit.perturb.spans import open_stretches
from judgeaudit.perturb.wordier import WORDIER_ENGLISH

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

OPENER_WORDS = """
The This That These Those It You We They He She There A An Your My Our Their Its His Her Some Most All Each
Every Any Many One Both Such People If When While Whether Because Although Once As By Please Do Make Try Use
Keep Take Avoid Consider Remember Check Seek Look Start Find Add Get Give Talk Speak Reach Ask Be Always Never
Another Other Several Using Having Due In On At With Even Only Let Place Put Set Turn Move Remove Choose Follow
Learn Read Write Run Stay Practice Understand
"""
OPENERS = frozenset(OPENER_WORDS.split())
"""Words that begin a sentence in lower case just as well; names are none of them."""

OPENER = re.compile(
    r"(?:I(?= (?:am|have|would|can|cannot|will|do|must|think|believe|hope|recommend|suggest)\b)"
    r"|(?P<word>[A-Z][a-z]*)(?=,? (?:[a-z]|I )))(?=[^\n.!?:]{25})"
)
"""A first word that a connective can go before, and enough of a sentence after it."""

SENTENCE_BREAK = re.compile(
    r"[.!?\n](?:(?<=\n) {0,3}(?:(?:[-*+•]|\d{1,3}[.)]) {1,3})?|(?<=[.!?]) {1,2})(?=[A-Z])"
)
"""What comes between two sentences: spaces, or a new line with or without the mark of a list."""

ABBREVIATION = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|St|vs|No|Fig|e\.g|i\.e|cf|approx|[A-Z])\. {1,2}\Z")
LONGEST_ABBREVIATION_CHARS = 10

PARAGRAPH = "\n\n"


@dataclass(frozen=True, slots=True)
class Verbosity:
    """Lengthens an English text to about ``target_ratio`` times its characters, with the same meaning.

    First every contraction is written out and every wordier equivalent put in; then come a lead-in and a
    closing sentence as long as the target allows; then empty connectives at the starts of sentences drawn
    by the seeded random numbers, until the target is reached or there is no place left. The text is never
    lengthened past ``max_ratio`` except by wordier wording alone; a text too short for any of it stays.

    Raises:
        PerturbationError: not 1 < target_ratio <= max_ratio.
    """

    target_ratio: float = 1.45
    max_ratio: float = 1.6

    def __post_init__(self) -> None:
        if not 1 < self.target_ratio <= self.max_ratio:
            raise PerturbationError(
                f"target_ratio, max_ratio: found {self.target_ratio!r}, {self.max_ratio!r}, "
                "expected 1 < target_ratio <= max_ratio."
            )

    def __call__(self, text: str, context: TextContext, rng: random.Random) -> str | None:  # noqa: ARG002 - an Edit's form
        if not text.strip():
            return None
        worded = WORDIER_ENGLISH.reword(text, _always)
        target, ceiling = int(self.target_ratio * len(text)), int(self.max_ratio * len(text))
        before = _fitting(LEAD_INS, (target - len(worded)) // 2 - len(PARAGRAPH), rng)
        before += PARAGRAPH if before else ""
        after = _fitting(CLOSINGS, target - len(worded) - len(before) - len(PARAGRAPH), rng)
        after = PARAGRAPH + after if after else ""
        budget = target - len(worded) - len(before) - len(after)
        return f"{before}{_with_connectives(worded, budget, ceiling - target, rng)}{after}"

    def identity(self) -> Mapping[str, Json]:
        """The ratios, every wording, and everything that may be put in."""
        return {
            "target_ratio": self.target_ratio,
            "max_ratio": self.max_ratio,
            "rules": WORDIER_ENGLISH.identity(),
            "lead_ins": LEAD_INS,
            "closings": CLOSINGS,
            "connectives": CONNECTIVES,
            "openers": [OPENER.pattern, *sorted(OPENERS)],
        }


def _always() -> bool:
    return True


def _fitting(sentences: tuple[str, ...], room: int, rng: random.Random) -> str:
    """One of the longest sentences that fit into ``room`` characters, or nothing."""
    lengths = [len(sentence) for sentence in sentences if len(sentence) <= room]
    if not lengths:
        return ""
    return rng.choice(
        [sentence for sentence in sentences if 0.8 * max(lengths) <= len(sentence) <= max(lengths)]
    )


def _with_connectives(text: str, budget: int, slack: int, rng: random.Random) -> str:
    """The text with connectives before sentences drawn at random, ``budget`` characters of them.

    The budget is passed by at most ``slack`` characters.
    """
    sites = _sentence_starts(text) if budget > 0 else []
    rng.shuffle(sites)
    connectives = rng.sample(CONNECTIVES, len(CONNECTIVES))
    chosen: dict[int, str] = {}
    for site in sites:
        connective = connectives[len(chosen) % len(connectives)]
        cost = len(connective) + len(", ")
        if cost > budget + slack:
            break
        chosen[site] = connective
        budget -= cost
        if budget <= 0:
            break
    parts: list[str] = []
    position = 0
    for site in sorted(chosen):
        keeps_capital = text.startswith("I ", site)
        first = text[site] if keeps_capital else text[site].lower()
        parts += (text[position:site], chosen[site], ", ", first)
        position = site + 1
    parts.append(text[position:])
    return "".join(parts)


def _sentence_starts(text: str) -> list[int]:
    """Where sentences begin, outside protected spans, that a connective can go before."""
    starts: list[int] = []
    for start, end in open_stretches(text):
        sites = [0] if start == 0 else []
        sites += [between.end() for between in SENTENCE_BREAK.finditer(text, start, end)]
        for site in sites:
            opener = OPENER.match(text, site, end)
            if opener is None or (opener["word"] is not None and opener["word"] not in OPENERS):
                continue
            if not ABBREVIATION.search(text[max(site - LONGEST_ABBREVIATION_CHARS, 0) : site]):
                starts.append(site)
    return starts
