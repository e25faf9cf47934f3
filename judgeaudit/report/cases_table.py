"""What could each figure have been, whatever its failed verdicts had said? Its worst and its best case."""

from __future__ import annotations

from judgeaudit.metrics.record import ALL
from judgeaudit.report import wording
from judgeaudit.report.recipe import TableSpec
from judgeaudit.report.run import Run
from judgeaudit.report.table import Cell, Head, Notes, Panel, Row, Table, cell, heading, measure_rows


def cases_table(run: Run, spec: TableSpec) -> Table | None:
    """A panel for each measure, a row for each judge and artifact whose figure hangs on failures; None without any."""
    notes, panels, records = Notes(), [], []
    places = {
        judge: place for place, judge in enumerate(name for group in run.groups for name in group.judges)
    }
    for measure, title in spec.measures.items():
        found = [
            one
            for one in run.measures
            if one.measure == measure and one.slice == ALL and one.side is None and one.case_low is not None
        ]
        found.sort(key=lambda one: places[one.judge])
        records += found
        rows = tuple(
            Row(
                (
                    one.judge,
                    wording.ABSENT if one.perturbation is None else wording.control_name(one.perturbation),
                ),
                (
                    cell(run, notes, one.measure, one.judge, one.perturbation),
                    Cell(wording.cases(one) or ""),
                    Cell(f"{one.n_pairs:,}"),
                ),
            )
            for one in found
        )
        if rows:
            panels.append(Panel(heading(run, measure, title), rows))
    if not panels:
        return None
    heads = (Head("Estimate"), Head("Worst and best case"), Head("Pairs in the estimate"))
    return Table(
        spec.name, spec.title, spec.caption, spec.how_to_read, ("Judge", "Artifact"), heads, tuple(panels),
        measure_rows(records), notes.listed,
    )  # fmt: skip
