"""What stands in each of the tables that a recipe asks for?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from judgeaudit.metrics import Measure
from judgeaudit.metrics.record import ALL, POSITION
from judgeaudit.planted_truth import Truth
from judgeaudit.report import wording
from judgeaudit.report.absence import column_absent
from judgeaudit.report.cases_table import cases_table
from judgeaudit.report.left_out import left_out_rows
from judgeaudit.report.recipe import TableSpec
from judgeaudit.report.reliability_table import reliability_table
from judgeaudit.report.run import BESIDE, Run
from judgeaudit.report.table import (
    MEASURE_COLUMNS,
    Cell,
    Head,
    Long,
    Notes,
    Panel,
    Row,
    Table,
    Value,
    artifact_heads,
    cell,
    heading,
    measure_rows,
)
from judgeaudit.report.tests_table import tests_table
from judgeaudit.report.text_tables import review_table, validity_table

PLANTED_COLUMNS = ("truth_judge", "truth_perturbation", "truth_measure", "truth", "truth_inside")

INSIDE_TOLERANCE = 1e-9
"""How far a truth may lie outside an interval of width 0 and still be it: rounding."""

SHOWN_LEFT_OUT = 40
"""Rows of the table of what was left out that a page shows; its CSV has them all."""


def build(run: Run, spec: TableSpec) -> Table | None:
    """The table that a recipe asks for, or None where the run has nothing that it is about (no jury, no planted judge,
    no human review, no failure). A table about measures that were not made stays, with its reasons."""
    if spec.kind == "juries" and not run.panels:
        return None
    if spec.kind == "planted" and not run.truths:
        return None
    if spec.kind == "review" and run.review is None:
        return None
    if spec.optional and not any(
        one.measure in spec.measures and one.slice.startswith(f"{spec.slice_by}=" if spec.slice_by else "")
        for one in run.measures
    ):
        return None
    builders = {
        "artifacts": _artifacts,
        "judges": _judges,
        "cells": _cells,
        "juries": _juries,
        "planted": _planted,
        "validity": validity_table,
        "review": review_table,
        "left_out": _left_out,
        "tests": tests_table,
        "cases": cases_table,
        "reliability": reliability_table,
    }
    table = builders[spec.kind](run, spec)
    return None if table is None else replace(table, folded=spec.folded)


def _artifacts(run: Run, spec: TableSpec) -> Table:
    columns = run.columns(tuple(spec.measures))
    notes, panels = Notes(), []
    slices = [ALL] if spec.slice_by is None else _slices(run, spec)
    shown = {one.judge for one in run.measures if one.measure in spec.measures and one.perturbation}
    for measure, title in spec.measures.items():
        for slice_ in slices:
            for group in run.groups:
                rows = tuple(
                    Row(
                        (judge,),
                        tuple(cell(run, notes, measure, judge, name, slice_) for name in columns),
                    )
                    for judge in group.judges
                    if judge in shown or judge in run.manifest["judges"] or judge in run.panels
                )
                parts = [heading(run, measure, title)] if len(spec.measures) > 1 else []
                parts += [slice_] if slice_ != ALL else []
                if rows:
                    panels.append(Panel(" · ".join([*parts, group.title]), rows))
    records = [one for one in run.measures if one.measure in spec.measures]
    return _table(spec, ("Judge",), artifact_heads(run, columns), panels, measure_rows(records), notes)


def _slices(run: Run, spec: TableSpec) -> list[str]:
    return list(dict.fromkeys(one.slice for one in run.measures if one.slice.startswith(f"{spec.slice_by}=")))


def _judges(run: Run, spec: TableSpec) -> Table:
    if spec.slice_by is not None:
        return _judges_by_slice(run, spec)
    records = [
        one
        for one in run.measures
        if one.measure in spec.measures and one.perturbation == _without_artifact(run, one.measure)
    ]
    kept = {
        measure: title
        for measure, title in spec.measures.items()
        if any(one.measure == measure and one.estimate is not None for one in records)
    }
    shown = {one.judge for one in records}
    notes, panels = Notes(), []
    for group in run.groups:
        rows = tuple(
            Row(
                (judge,),
                tuple(cell(run, notes, measure, judge, _without_artifact(run, measure)) for measure in kept),
            )
            for judge in group.judges
            if judge in shown or group.title not in BESIDE
        )
        if rows:
            panels.append(Panel(group.title, rows))
    dropped = {measure: title for measure, title in spec.measures.items() if measure not in kept}
    remarks = [
        f"{wording.listed(list(titles))}: no column, for {reason}."
        for reason, titles in _by_reason(run, dropped).items()
    ]
    heads = tuple(Head(heading(run, measure, title)) for measure, title in kept.items())
    return _table(spec, ("Judge",), heads, panels if kept else [], measure_rows(records), notes, remarks)


def _judges_by_slice(run: Run, spec: TableSpec) -> Table:
    """One measure: a column for all pairs where it has such, then one for each slice, such as each annotator."""
    ((measure, title),) = spec.measures.items()
    prefix = f"{spec.slice_by}="
    slices = _slices(run, spec)
    if any(one.measure == measure and one.perturbation is None and one.slice == ALL for one in run.measures):
        slices = [ALL, *slices]
    records = [
        one
        for one in run.measures
        if one.measure == measure and one.perturbation is None and one.slice in slices
    ]
    shown = {one.judge for one in records}
    notes, panels = Notes(), []
    for group in run.groups:
        rows = tuple(
            Row((judge,), tuple(cell(run, notes, measure, judge, None, part) for part in slices))
            for judge in group.judges
            if judge in shown
        )
        if rows:
            panels.append(Panel(group.title, rows))
    names = wording.short_names(tuple(part.removeprefix(prefix) for part in slices))
    unit = heading(run, measure, title)
    heads = tuple(
        Head(unit)
        if part == ALL
        else Head(names[part.removeprefix(prefix)], prefix.removesuffix("=").capitalize())
        for part in slices
    )
    return _table(spec, ("Judge",), heads, panels, measure_rows(records), notes)


def _without_artifact(run: Run, measure: str) -> str | None:
    """Where a measure without an artifact stands: under ``position`` where it compares the two orders."""
    found = {one.perturbation for one in run.measures if one.measure == measure}
    return POSITION if found == {POSITION} else None


def _by_reason(run: Run, dropped: Mapping[str, str]) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for measure, title in dropped.items():
        reasons.setdefault(column_absent(run, measure), []).append(title)
    return reasons


def _cells(run: Run, spec: TableSpec) -> Table:
    # The margins of a factorial design are of no one perturbation.
    others = (one.perturbation for one in run.measures if one.measure in spec.measures and one.perturbation)
    columns = tuple(dict.fromkeys((*run.columns(tuple(spec.measures)), *others)))
    heads = tuple(Head(heading(run, measure, title)) for measure, title in spec.measures.items())
    bare = {measure for measure in spec.measures if _is_bare(run, measure)}
    notes, panels = Notes(), []
    for group in run.groups:
        rows = tuple(
            Row(
                (judge, name),
                tuple(
                    cell(run, notes, measure, judge, None if measure in bare else name)
                    for measure in spec.measures
                ),
            )
            for judge in group.judges
            for name in columns
            if any(run.cell(measure, judge, name) is not None for measure in spec.measures)
        )
        if rows:
            panels.append(Panel(group.title, rows))
    records = [one for one in run.measures if one.measure in spec.measures and one.perturbation is not None]
    return _table(spec, ("Judge", "Artifact"), heads, panels, measure_rows(records), notes)


def _is_bare(run: Run, measure: str) -> bool:
    """Whether a measure is of the judge without an artifact: beside every artifact stands the same figure."""
    return {one.perturbation for one in run.measures if one.measure == measure} == {None}


def _juries(run: Run, spec: TableSpec) -> Table:
    """A panel for each jury and measure: the jury's row, then its members'. ``none`` is the baseline arm."""
    columns: tuple[str | None, ...] = (*run.artifacts, POSITION)
    seated = {*run.panels, *(name for members in run.panels.values() for name in members)}
    bare = any(
        one.perturbation is None and one.measure in spec.measures and one.judge in seated
        for one in run.measures
    )
    columns = ((None,) if bare else ()) + columns
    notes, panels = Notes(), []
    for jury, members in run.panels.items():
        for measure, title in spec.measures.items():
            rows = tuple(
                Row((name,), tuple(_jury_cell(run, notes, measure, name, column) for column in columns))
                for name in (jury, *members)
            )
            panels.append(Panel(f"{jury}: {heading(run, measure, title)}", rows))
    heads = tuple(
        Head("none", "No artifact")
        if name is None
        else Head(name, "Order" if name == POSITION else "Artifacts")
        for name in columns
    )
    records = [one for one in run.measures if one.measure in spec.measures and one.judge in seated]
    return _table(spec, ("Jury, then its members",), heads, panels, measure_rows(records), notes)


def _jury_cell(run: Run, notes: Notes, measure: str, judge: str, column: str | None) -> Cell:
    """Blank, without a reason, where the measure has nothing to do with the column: accuracy and position."""
    if column in (None, POSITION) and not any(
        one.measure == measure and one.perturbation == column for one in run.measures
    ):
        return Cell("")
    return cell(run, notes, measure, judge, column)


def _planted(run: Run, spec: TableSpec) -> Table:
    """A row for each planted judge and artifact; for each measure the truth, then the estimate."""
    measures = tuple(dict.fromkeys(truth.measure for truth in run.truths))
    truths = {(truth.judge, truth.perturbation, truth.measure): truth for truth in run.truths}
    rows: list[Row] = []
    long: list[tuple[Value, ...]] = []
    for judge, name in dict.fromkeys((truth.judge, truth.perturbation) for truth in run.truths):
        cells: list[Cell] = []
        for measure in measures:
            truth = truths.get((judge, name, measure))
            if truth is None:
                cells += [Cell(""), Cell("")]
                continue
            found = run.cell(measure, judge, name)
            holds = None if found is None else _holds(truth, found)
            known = wording.number(
                truth.value, truth.unit, signed=found is not None and found.margin is not None
            )
            cells += [Cell(known), _beside_truth(found, holds)]
            record = (None,) * len(MEASURE_COLUMNS) if found is None else tuple(found.to_dict().values())
            long.append((*record, truth.judge, truth.perturbation, truth.measure, truth.value, holds))
        rows.append(Row((judge, name), tuple(cells)))
    inside, outside = (sum(row[-1] is value for row in long) for value in (True, False))
    of_all = wording.counted(inside + outside, "interval")
    remark = f"{inside} of {of_all} hold the truth; one that misses it says “outside”."
    heads = tuple(
        Head(part, heading(run, measure, measure.replace("_", " ").capitalize()))
        for measure in measures
        for part in ("Truth", "Estimate")
    )
    columns = (*MEASURE_COLUMNS, *PLANTED_COLUMNS)
    return _table(
        spec,
        ("Judge", "Artifact"),
        heads,
        [Panel(None, tuple(rows))],
        Long(columns, tuple(long)),
        Notes(),
        [remark],
    )


def _holds(truth: Truth, found: Measure) -> bool | None:
    """Whether the interval holds the truth; None where there is no interval."""
    if found.ci_low is None or found.ci_high is None:
        return None
    slack = INSIDE_TOLERANCE * max(1.0, abs(truth.value))
    return found.ci_low - slack <= truth.value <= found.ci_high + slack


def _beside_truth(found: Measure | None, holds: bool | None) -> Cell:
    if found is None or found.estimate is None:
        return Cell(wording.ABSENT)
    return Cell(wording.estimate(found), wording.interval(found), below="outside" if holds is False else None)


def _left_out(run: Run, spec: TableSpec) -> Table:
    found = left_out_rows(run)
    rows = tuple(
        Row((one.stage, one.what, one.why), (Cell(wording.ABSENT if one.n is None else f"{one.n:,}"),))
        for one in found
    )
    remarks = [] if found else ["Nothing was left out, and no verdict failed."]
    if len(rows) > SHOWN_LEFT_OUT:
        remarks.append(f"{len(rows) - SHOWN_LEFT_OUT:,} more rows are in tables/{spec.name}.csv.")
    long = Long(
        ("stage", "what", "why", "number", "of"),
        tuple((one.stage, one.what, one.why, one.n, one.of) for one in found),
    )
    panels = [Panel(None, rows[:SHOWN_LEFT_OUT])] if rows else []
    return _table(spec, ("Stage", "What", "Why"), (Head("Number"),), panels, long, Notes(), remarks)


def _table(
    spec: TableSpec,
    stubs: tuple[str, ...],
    heads: tuple[Head, ...],
    panels: Sequence[Panel],
    long: Long,
    notes: Notes,
    remarks: Sequence[str] = (),
) -> Table:
    return Table(
        spec.name,
        spec.title,
        spec.caption,
        spec.how_to_read,
        stubs,
        heads,
        tuple(panels),
        long,
        notes.listed,
        tuple(remarks),
    )
