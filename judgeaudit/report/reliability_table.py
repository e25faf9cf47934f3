"""How many judges, orders and replicates make a verdict reliable? The decision study as a table."""

from __future__ import annotations

import re
from typing import NamedTuple

from judgeaudit.metrics import Measure
from judgeaudit.report import wording
from judgeaudit.report.recipe import TableSpec
from judgeaudit.report.run import Run
from judgeaudit.report.table import Cell, Head, Notes, Panel, Row, Table, cell, measure_rows
from judgeaudit.stats.thresholds import RELIABILITY_WANTED

DESIGN = re.compile(r"orders=(\d+),replicates=(\d+)(?:,judges=(\d+))?(?:,prompts=(\d+))?")


class Design(NamedTuple):
    """How many of each a mean verdict is over; 0 where there is no such facet."""

    prompts: int
    judges: int
    orders: int
    replicates: int


def reliability_table(run: Run, spec: TableSpec) -> Table:
    """A row for each judge, or number of judges and prompts, a column for each number of orders and replicates."""
    found = [one for one in run.measures if one.measure in spec.measures]
    by_place = {(one.judge, design): one for one in found if (design := _design(one)) is not None}
    columns = sorted({(design.orders, design.replicates) for _, design in by_place})
    notes = Notes()
    rows = tuple(
        Row(
            (judge, _panel(prompts, judges)),
            tuple(
                _cell(run, notes, by_place.get((judge, Design(prompts, judges, *column))))
                for column in columns
            ),
        )
        for judge, prompts, judges in sorted(
            {(judge, design.prompts, design.judges) for judge, design in by_place},
            key=lambda place: (place[1:] == (0, 0), *place),
        )
    )
    heads = tuple(
        Head(wording.counted(replicates, "replicate"), wording.counted(orders, "order"))
        for orders, replicates in columns
    )
    return Table(
        spec.name, spec.title, spec.caption, spec.how_to_read, ("Judge", "Number"), heads, (Panel(None, rows),),
        measure_rows(found), notes.listed, tuple(_needed(run)),
    )  # fmt: skip


def _design(one: Measure) -> Design | None:
    match = DESIGN.fullmatch(one.slice)
    if one.measure != "reliability" or match is None:
        return None
    orders, replicates, judges, prompts = (int(n or 0) for n in match.groups())
    return Design(prompts, judges, orders, replicates)


def _panel(prompts: int, judges: int) -> str:
    parts = [wording.counted(judges, "judge")] if judges else []
    parts += [wording.counted(prompts, "prompt")] if prompts else []
    return ", ".join(parts) or "alone"


def _cell(run: Run, notes: Notes, one: Measure | None) -> Cell:
    if one is None:
        return Cell(wording.ABSENT)
    return cell(run, notes, one.measure, one.judge, one.perturbation, one.slice)


def _needed(run: Run) -> list[str]:
    """The numbers of judges that reach the wanted reliability, in words."""
    told: list[str] = []
    for one in run.measures:
        match = DESIGN.fullmatch(one.slice)
        if one.measure == "judges_needed" and one.estimate is not None and match is not None:
            judges = wording.counted(round(one.estimate), "judge")
            orders, replicates = (int(n) for n in match.group(1, 2))
            doubt = "" if one.caution is None else f" ({wording.caution(one.caution)})"
            told.append(
                f"{judges} would reach a reliability of {RELIABILITY_WANTED:g} with {wording.counted(orders, 'order')} "
                f"and {wording.counted(replicates, 'replicate')} of each{doubt}."
            )
    return told
