"""What comes out of reading a file of pairs? A corpus: the pairs, and what was noticed on the way.

Nothing is dropped silently: a row that cannot be a pair is a ``Problem``, a pair that is worth a second
look is named in a ``Notice``, and a pair that the user asked to leave out is counted in ``left_out``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from judgeaudit.records import Pair, RecordedRating, RecordedVerdict

NoticeKind = Literal[
    "unknown_fields",
    "empty_response",
    "identical_responses",
    "duplicate_pair",
    "repeated_responses",
    "repeated_prompts",
    "no_majority",
    "label_disagrees_with_votes",
    "differing_context",
    "unpinned_revision",
    "texts_not_recorded",
    "identical_in_order_ba",
    "verdict_disagrees_with_probabilities",
    "unpaired_response",
    "unread_files",
    "order_not_recorded",
    "verdicts_left_out",
]
"""Things that are kept and worth knowing; docs/data.md says what each means."""

SHOWN_CHARACTERS = 80
"""How much of an offending value a message shows: enough to find it, too little to flood a terminal."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a row, or a whole file, cannot be read.

    ``line`` is the 1-based line of a text file (the line on which the record starts) or the 1-based row of
    a table; it is None where the problem is the whole file's. ``field`` is the column as the file calls it.
    """

    file: str
    line: int | None
    field: str | None
    found: str
    expected: str
    advice: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        field = "" if self.field is None else f"field {shown(self.field)}: "
        return f"{place}: {field}found {self.found}, expected {self.expected}; {self.advice}"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was kept and is worth knowing. ``pair_ids`` is empty where it concerns no pair alone."""

    kind: NoticeKind
    pair_ids: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """Pairs under audit, in the order of their source.

    ``source`` is the path or hub name as given. ``sha256`` is that of the file's bytes as stored (of several
    files' bytes one after the other); it is None for a hub dataset, whose content ``revision`` fixes.
    ``left_out`` counts the pairs that were read and then left out, by reason: domain, language, limit.
    ``verdicts`` and ``ratings`` are what judges said of these pairs, where the source records it.
    """

    name: str
    source: str
    sha256: str | None
    pairs: tuple[Pair, ...]
    skipped: tuple[Problem, ...]
    notices: tuple[Notice, ...]
    left_out: Mapping[str, int]
    revision: str | None = None
    verdicts: tuple[RecordedVerdict, ...] = ()
    ratings: tuple[RecordedRating, ...] = ()

    @property
    def has_texts(self) -> bool:
        """Whether the responses are there, and not only what was recorded of them."""
        return all(notice.kind != "texts_not_recorded" for notice in self.notices)


def shown(value: object) -> str:
    """A value as one short, printable line: escapes control characters and cuts at ``SHOWN_CHARACTERS``."""
    try:
        text = repr(value[: SHOWN_CHARACTERS + 1] if isinstance(value, str) else value)
    except RecursionError:
        text = f"a {type(value).__name__} nested too deeply to show"
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 3] + "..."
