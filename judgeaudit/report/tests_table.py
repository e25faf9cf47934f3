"""What does each reading rest on? Every tested cell with its raw and adjusted p, and its range over failed verdicts."""

from __future__ import annotations

from judgeaudit.metrics import Measure
from judgeaudit.metrics.record import ALL
from judgeaudit.report import wording
from judgeaudit.report.recipe import TableSpec
from judgeaudit.report.run import Run
from judgeaudit.report.table import Cell, Head, Notes, Panel, Row, Table, cell, heading, measure_rows

CONFIRMATORY, EXPLORATORY = "Holm", "BH"
"""What the columns call the two families."""


def tests_table(run: Run, spec: TableSpec) -> Table:
    """A panel for each measure, a row for each judge and artifact, over all pairs and both sides."""
    notes, panels, records = Notes(), [], []
    any_failed = any(one.case_low is not None for one in run.measures if one.measure in spec.measures)
    for measure, title in spec.measures.items():
        found = [
            one
            for one in run.measures
            if one.measure == measure and one.slice == ALL and one.side is None and one.p is not None
        ]
        records += found
        by_judge = {
            name: [one for one in found if one.judge == name] for group in run.groups for name in group.judges
        }
        rows = tuple(
            Row((judge, _artifact(one)), _cells(run, notes, one, any_failed))
            for judge, of_judge in by_judge.items()
            for one in of_judge
        )
        if rows:
            panels.append(Panel(heading(run, measure, title), rows))
    heads = [
        Head("Estimate"),
        *(Head(name, "Pairs") for name in ("above 0", "below 0")),
        *(Head(name, "Test of 0") for name in ("p", "adjusted", "by")),
    ]
    if any_failed:
        heads.append(Head("Whatever failures had said"))
    n = sum(one.p is not None and run.is_confirmatory(one) for one in run.measures)
    confirmed = wording.counted(n, "confirmatory cell")
    remarks = (
        f"Holm over {confirmed}; BH: Benjamini and Hochberg, over the other cells of all pairs, those of slices and "
        f"those of controls apart, times the number of families.",
    )
    return Table(
        spec.name, spec.title, spec.caption, spec.how_to_read, ("Judge", "Artifact"), tuple(heads), tuple(panels),
        measure_rows(records), notes.listed, remarks,
    )  # fmt: skip


def _artifact(one: Measure) -> str:
    return wording.ABSENT if one.perturbation is None else wording.control_name(one.perturbation)


def _cells(run: Run, notes: Notes, one: Measure, any_failed: bool) -> tuple[Cell, ...]:
    family = CONFIRMATORY if run.is_confirmatory(one) else EXPLORATORY
    cells = (
        cell(run, notes, one.measure, one.judge, one.perturbation),
        Cell(wording.ABSENT if one.n_above is None else f"{one.n_above:,}"),
        Cell(wording.ABSENT if one.n_below is None else f"{one.n_below:,}"),
        Cell(wording.p_value(one.p)),
        Cell(wording.p_value(one.p_adjusted)),
        Cell(family),
    )
    return (*cells, Cell(wording.cases(one) or "")) if any_failed else cells
