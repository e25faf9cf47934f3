"""How does a text look in British or in American spelling? The same words, each written as the other side writes it.

The table is judgeaudit's own: families of words by the letters in which they differ, each a closed list, so that
``exercise``, ``size``, ``four`` or ``advise`` are never touched. A word that the other side writes in the same way in
another sense (``check``, ``story``, ``curb``) goes one way only; one whose spelling depends on its part of speech or
its sense (``license``, ``practice``, ``program``, ``meter``, ``tire``) changes only where its neighbours decide.
British is the spelling with -ise; forms that both sides use (``dialogue``, ``glamour``) are left out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb.base import TextContext
from judgeaudit.perturb.dialect.spelling_tables import Side as Side  # users of the edit know both from here
from judgeaudit.perturb.dialect.spelling_tables import spellings as spellings
from judgeaudit.perturb.edits.sites import NOT_PROSE
from judgeaudit.perturb.preserved import LOOK_BACK_CHARS, SENTENCE_START, TITLE
from judgeaudit.perturb.spans import open_stretches
from judgeaudit.perturb.wording import in_case_of

PREFIXES = ("un", "re", "de", "dis", "over", "under", "mis", "multi", "pre")
"""Before a word of the table they leave its spelling as it is: ``unauthorised``, ``multicoloured``."""

# ---------------------------------------------------------------------------- where the neighbours decide

COUNTED = (
    r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|hundred|"
    r"thousand|million|few|several|many|per|square|cubic|half a))[ -]\Z"
)
"""Behind these a metre is a length, not that of a verse or a device."""

THING = (
    r"\b(?:a|the|your|my|his|their|our|its|this|no|valid|driver['’]s|drivers|driving|marriage|fishing|hunting|liquor|"
    r"business|software|medical|professional) \Z"
)
DONE = (
    r"(?:\b(?:can|could|will|would|should|must|may|might|do not|did not|please|i|we|they|let['’]s|help you|let you|"
    r"let them)|n['’]t|['’]ll) \Z"
)
HELD = (
    r"\b(?:exercise|training|fitness|television|tv|radio|school|degree|loyalty|treatment|rehabilitation|rehab|study|"
    r"support|education|educational|mentoring|exchange|government|space|recovery|wellness|relief|vaccination|nuclear|"
    r"after-school|outreach|assistance) \Z"
)
ROLLING = (
    r"\b(?:flat|spare|car|bike|bicycle|truck|tractor|front|rear|back|winter|summer|snow|rubber|worn|new) \Z"
)

Decided = Mapping[str, tuple[str, re.Pattern[str]]]


def _decided(*listed: tuple[str, str, str]) -> Decided:
    return {
        word: (other, re.compile(before, re.IGNORECASE))
        for words, others, before in listed
        for word, other in zip(words.split(), others.split(), strict=True)
    }


WHERE_DECIDED: Mapping[Side, Decided] = {
    "american": _decided(("metre metres", "meter meters", COUNTED)),
    "british": _decided(
        ("meter meters", "metre metres", COUNTED),
        ("license licenses", "licence licences", THING),
        ("practice", "practise", DONE),
        ("practices", "practises", r"\b(?:he|she|who) \Z"),
        ("program programs", "programme programmes", HELD),
        ("tire tires", "tyre tyres", ROLLING),
    ),
}
"""Words by side that change only behind what the pattern says: what they become there, and the pattern."""

KEPT_BEFORE = {"rigor": " mortis"}
"""Latin in both spellings."""

BEFORE_CHARS = 24
"""How much of the text before a word is looked at: more than the longest phrase above."""

# ----------------------------------------------------------------------------------------------- the edit


@lru_cache(maxsize=2)
def may_change(to: Side) -> frozenset[str]:
    """Every word in lower case that ``_other`` has a spelling for somewhere: one look-up tells all others."""
    table = spellings()[to]
    return frozenset((*WHERE_DECIDED[to], *(prefix + word for prefix in ("", *PREFIXES) for word in table)))


WORD = re.compile(r"[^\W\d_]++")
BLANK = re.compile(r"\s")
CAPITALISED = re.compile(r"\b[A-Z][A-Za-z]++")
CAPITAL_FOLLOWS = re.compile(r"[ -](?!I\b)[A-Z]")


@dataclass(slots=True)
class _Capitals:
    """Which capitalised words of a text are surely no names."""

    text: str
    _inside: frozenset[str] | None = field(default=None)

    def no_name(self, start: int, end: int) -> bool:
        """Whether a word begins a sentence, no capitalised word follows it, and nowhere else is it capitalised."""
        if not self._begins_sentence(start) or CAPITAL_FOLLOWS.match(self.text, end):
            return False
        if self._inside is None:
            found = CAPITALISED.finditer(self.text)
            self._inside = frozenset(
                each.group() for each in found if not self._begins_sentence(each.start())
            )
        return self.text[start:end] not in self._inside

    def _begins_sentence(self, start: int) -> bool:
        before = (
            self.text[start - LOOK_BACK_CHARS : start]
            if start > LOOK_BACK_CHARS
            else f"\n{self.text[:start]}"
        )
        return SENTENCE_START.search(before) is not None and TITLE.search(before) is None


def sites(text: str, to: Side) -> list[tuple[int, int, str]]:
    """The words that a side writes otherwise: start, end, and what stands there in its spelling, in order.

    Left alone are code, quotations and addresses, and words with a capital that may be names.
    """
    capitals = _Capitals(text)
    known = may_change(to)
    found: list[tuple[int, int, str]] = []
    for stretch_start, stretch_end in open_stretches(text):
        # Most stretches hold no such word, and this look is several times as fast as one at each word's place.
        if known.isdisjoint(map(str.lower, WORD.findall(text, stretch_start, stretch_end))):
            continue
        token_end, prose = stretch_start, False
        for word in WORD.finditer(text, stretch_start, stretch_end):
            lower = word.group().lower()
            if lower not in known:
                continue
            start, end = word.span()
            if start >= token_end:
                token_start = _token_start(text, start, token_end)
                token_end = _token_end(text, end, stretch_end)
                prose = NOT_PROSE.search(text[token_start:token_end]) is None
            if not prose:
                continue
            new = _other(lower, text[max(stretch_start, start - BEFORE_CHARS) : start], to)
            if new is None or (lower in KEPT_BEFORE and text.startswith(KEPT_BEFORE[lower], end)):
                continue
            if word.group().islower() or capitals.no_name(start, end):
                found.append((start, end, in_case_of(word.group(), new)))
    return found


def _token_start(text: str, start: int, not_before: int) -> int:
    """Where what stands between blanks begins; looked for no further back than the last token's end."""
    while start > not_before and not text[start - 1].isspace():
        start -= 1
    return start


def _token_end(text: str, end: int, not_behind: int) -> int:
    """Where what stands between blanks ends."""
    blank = BLANK.search(text, end, not_behind)
    return not_behind if blank is None else blank.start()


def _other(word: str, before: str, to: Side) -> str | None:
    """How a side writes a word in lower case, where it does so otherwise."""
    table = spellings()[to]
    new = table.get(word)
    if new is not None:
        return new
    decided = WHERE_DECIDED[to].get(word)
    if decided is not None:
        return decided[0] if decided[1].search(before) else None
    for prefix in PREFIXES:
        if word.startswith(prefix) and (new := table.get(word[len(prefix) :])) is not None:
            return prefix + new
    return None


def spelling(
    text: str,
    context: TextContext,  # noqa: ARG001 - an Edit's form
    rng: random.Random,
    *,
    to: Side = "british",
    share: float = 1.0,
) -> str:
    """The text with a share of the words that the other side writes otherwise in one side's spelling.

    Each word is drawn on its own, in order: with the same seed a lower share changes a subset of a higher one's words.

    Args:
        to: whose spelling.
        share: above 0, at most 1.

    Raises:
        PerturbationError: an argument is none of these.
    """
    if to not in WHERE_DECIDED:
        raise PerturbationError(f"to: found {to!r}, expected british or american.")
    if not 0 < share <= 1:
        raise PerturbationError(f"share: found {share!r}, expected a share above 0 and at most 1.")
    parts: list[str] = []
    position = 0
    for start, end, new in sites(text, to):
        if rng.random() < share:
            parts += (text[position:start], new)
            position = end
    parts.append(text[position:])
    return "".join(parts)
