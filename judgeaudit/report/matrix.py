"""Which judge is swayed by what, at a glance? One reading for each judge and artifact, from several measures."""

from __future__ import annotations

from dataclasses import dataclass

from judgeaudit.metrics.record import POSITION
from judgeaudit.report import wording
from judgeaudit.report.run import BESIDE, Run
from judgeaudit.stats import Reading


@dataclass(frozen=True)
class MatrixCell:
    """``word`` is a reading, or ``no estimate``; ``figures`` are the measures' estimates, in their order."""

    word: str
    figures: tuple[str, ...]


@dataclass(frozen=True)
class MatrixRow:
    """A judge's cells, one for each column."""

    judge: str
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True)
class Matrix:
    """``groups`` are (title, rows)."""

    columns: tuple[str, ...]
    groups: tuple[tuple[str, tuple[MatrixRow, ...]], ...]


def matrix(run: Run) -> Matrix:
    """The matrix over artifacts and position, by the measures that the recipe names."""
    columns = (*run.artifacts, *((POSITION,) if run.has_position(run.recipe.matrix) else ()))
    groups = tuple(
        (
            group.title,
            tuple(
                MatrixRow(judge, tuple(_cell(run, judge, name) for name in columns)) for judge in group.judges
            ),
        )
        for group in run.groups
        if group.title not in BESIDE
    )
    return Matrix(columns, groups)


def combined(readings: list[Reading]) -> Reading | None:
    """Sensitive where one measure is, robust only where all are, else inconclusive; None for none."""
    if not readings:
        return None
    if Reading.SENSITIVE in readings:
        return Reading.SENSITIVE
    return Reading.ROBUST if set(readings) == {Reading.ROBUST} else Reading.INCONCLUSIVE


def _cell(run: Run, judge: str, name: str) -> MatrixCell:
    found = [run.cell(measure, judge, name) for measure in run.recipe.matrix]
    known = [one for one in found if one is not None and one.estimate is not None]
    reading = combined([one.reading for one in known if one.reading is not None])
    # A measure that could not be made leaves a robust cell open.
    if reading is Reading.ROBUST and len(known) < len(found):
        reading = Reading.INCONCLUSIVE
    figures = tuple(wording.ABSENT if one is None else wording.estimate(one) for one in found)
    return MatrixCell("no estimate" if reading is None else reading.value, figures if known else ())
