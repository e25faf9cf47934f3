"""Where can a text be set otherwise and mean the same? At quotation marks, apostrophes, dots, dashes and blanks.

Code, addresses and what stands inside quotations are never touched; of a quotation only its two marks are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from judgeaudit.perturb.spans import open_stretches

Spot = tuple[int, int, str]
"""Start and end in the text, and what may stand there in its stead."""

LETTER = r"[^\W\d_]"

SITE = re.compile(
    rf"""
      (?P<apostrophe>(?<={LETTER})['’](?={LETTER}))
    | (?P<dots>(?<=\w)(?:\.\.\.(?![.\w/])|…(?![…\w])))
    | (?P<dash>(?<={LETTER}\ )[-–—](?=\ {LETTER}))
    | (?P<range>(?<![\w.,/:–+-])(?:\d{{1,3}}[-–]\d{{1,3}}|\d{{4}}[-–]\d{{4}})(?![\w/:–-]|[.,]\d))
    | (?P<space>(?<=[^\s\d.!?]{{2}}[.!?؟।])(?<!\b(?:Mr|Ms|Dr|St|vs|No)\.)(?<!\bMrs\.)(?<!\bProf\.)\ {{1,2}}(?=\w))
    | (?P<line_end>(?<=[^\s\\])\ ?(?=\n))
    """,
    re.VERBOSE,
)

OTHER = {"'": "’", "’": "'", "...": "…", "…": "...", "-": "–", "–": "-", "—": "–", " ": "  ", "  ": " "}
"""What takes a setting's place."""

LINE_END = {"": " ", " ": ""}
"""At a line's end one blank means nothing; two are a line break in Markdown."""

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "yi"})
"""Here a hyphen and a dash between two numbers change the order in which they are shown."""

STRAIGHT_QUOTATION = re.compile(r'"[^"“”„`\n]{1,1000}+"')
CURLY_QUOTATION = re.compile(r'“[^"“”„`\n]{1,1000}+”')
LONGEST_QUOTATION_CHARS = 1002

OPENS_AFTER = re.compile(r"(?:\A|\s|\s\()\Z")
CLOSES_BEFORE = re.compile(r"[.,;:!?)]?(?:\s|\Z)")
"""What stands beside a quotation in prose; in code that nothing marks as code, brackets and equals signs do."""


def sites(text: str, language: str) -> list[tuple[Spot, ...]]:
    """The places in order: of each, the spots that change together. No two overlap.

    Args:
        text: any text.
        language: its primary language tag.
    """
    found: list[tuple[Spot, ...]] = []
    position = 0
    for start, end in (*open_stretches(text), (len(text), len(text))):
        found.extend(_quotation(text, position, start))
        for site in SITE.finditer(text, start, end):
            # An edge of code is not to be touched either; lookbehinds see past it.
            if site.start() > start or start == 0:
                found.extend(_spot(site, language))
        position = end
    return found


def _spot(site: re.Match[str], language: str) -> Iterator[tuple[Spot]]:
    setting, start = site.group(), site.start()
    if site.lastgroup == "line_end":
        yield ((start, site.end(), LINE_END[setting]),)
    elif site.lastgroup == "range":
        if language not in RIGHT_TO_LEFT:
            mark = "-" if "-" in setting else "–"
            place = start + setting.index(mark)
            yield ((place, place + 1, OTHER[mark]),)
    else:
        yield ((start, site.end(), OTHER[setting]),)


def _quotation(text: str, start: int, end: int) -> Iterator[tuple[Spot, Spot]]:
    """The marks of the quotation that is the protected span from start to end, if it is one."""
    if not 2 < end - start <= LONGEST_QUOTATION_CHARS:
        return
    straight = STRAIGHT_QUOTATION.fullmatch(text, start, end) is not None
    if straight:
        in_prose = OPENS_AFTER.search(text[max(start - 2, 0) : start]) and CLOSES_BEFORE.match(text, end)
        if not in_prose:
            return
    elif CURLY_QUOTATION.fullmatch(text, start, end) is None:
        return
    opening, closing = "“”" if straight else '""'
    yield (start, start + 1, opening), (end - 1, end, closing)
