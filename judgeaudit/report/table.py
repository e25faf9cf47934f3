"""What is a table before it has a format? Cells as they are read, and the records behind them in long form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields

from judgeaudit.metrics import Measure
from judgeaudit.metrics.record import ALL, POSITION
from judgeaudit.report import wording
from judgeaudit.report.absence import why_absent
from judgeaudit.report.run import Run
from judgeaudit.stats import Reading

Value = str | int | float | bool | None

MEASURE_COLUMNS = tuple(one.name for one in fields(Measure))


@dataclass(frozen=True)
class Cell:
    """One cell. ``note`` is the letter of the note that says why it is empty, or what to mind; ``below`` a last line:
    how many pairs would decide an inconclusive cell (``n 410``), or ``outside`` where an interval misses a truth."""

    text: str
    interval: str | None = None
    reading: Reading | None = None
    note: str | None = None
    below: str | None = None


@dataclass(frozen=True)
class Row:
    """``stub`` names the row, in one or more columns."""

    stub: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Panel:
    """Rows under a title of their own."""

    title: str | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Head:
    """A column's heading; neighbours of one ``group`` stand under it."""

    name: str
    group: str | None = None


@dataclass(frozen=True)
class Long:
    """Records behind a table, one a row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class Table:
    """One table, ready to be written in any format. ``notes`` are (letter, text); a ``folded`` one waits on the page
    to be opened."""

    name: str
    title: str
    caption: str
    how_to_read: str
    stubs: tuple[str, ...]
    heads: tuple[Head, ...]
    panels: tuple[Panel, ...]
    long: Long
    notes: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    folded: bool = False

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, whatever their panel."""
        return tuple(row for panel in self.panels for row in panel.rows)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The readings that occur, for a legend."""
        found = {cell.reading for row in self.rows for cell in row.cells}
        return tuple(reading for reading in wording.MARKS if reading in found)


@dataclass
class Notes:
    """Gathers why cells of a table are empty, and what to mind about others, and gives each reason a letter."""

    letters: dict[str, str] = field(default_factory=dict)

    def letter(self, reason: str) -> str:
        """The reason's letter: a, b, ... z, aa, ab, ..."""
        if reason not in self.letters:
            n, text = len(self.letters), ""
            while n >= 0:
                n, text = n // 26 - 1, chr(ord("a") + n % 26) + text
            self.letters[reason] = text
        return self.letters[reason]

    @property
    def listed(self) -> tuple[tuple[str, str], ...]:
        """(letter, reason) in the order of appearance."""
        return tuple((letter, reason) for reason, letter in self.letters.items())


def cell(
    run: Run, notes: Notes, measure: str, judge: str, perturbation: str | None, slice_: str = ALL
) -> Cell:
    """The cell of one estimate, with its interval and reading, or a dash with its reason."""
    found = run.cell(measure, judge, perturbation, slice_)
    if found is None or found.estimate is None:
        told = None if found is None else found.caution
        reason = told or why_absent(run, measure, judge, perturbation, found, slice_)
        return Cell(wording.ABSENT, note=notes.letter(reason))
    below = None if found.pairs_needed is None else f"n {found.pairs_needed:,}"
    note = None if found.caution is None else notes.letter(wording.caution(found.caution))
    return Cell(wording.estimate(found), wording.interval(found), found.reading, note, below)


def heading(run: Run, measure: str, title: str) -> str:
    """A measure's heading with its unit, as its estimates have it."""
    unit = next((one.unit for one in run.measures if one.measure == measure), None)
    return (
        title if unit in (None, "coefficient", "ratio", "count") else f"{title} ({wording.UNIT_WORDS[unit]})"
    )


def measure_rows(measures: Iterable[Measure]) -> Long:
    """Measures in long form: one row each, all fields."""
    return Long(MEASURE_COLUMNS, tuple(tuple(one.to_dict().values()) for one in measures))


def artifact_heads(run: Run, columns: Sequence[str]) -> tuple[Head, ...]:
    """Artifacts, position and neutral controls, each group under its own heading."""
    return tuple(
        Head(wording.control_name(name), "Neutral controls")
        if name in run.placebos
        else Head(name, "Order" if name == POSITION else "Artifacts")
        for name in columns
    )
