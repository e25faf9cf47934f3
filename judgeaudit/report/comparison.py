"""What differs between several runs? One table: a row a judge and job, the headline measures side by side."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from judgeaudit.metrics.record import POSITION
from judgeaudit.report.page import comparison_page
from judgeaudit.report.run import BESIDE, Run
from judgeaudit.report.table import Cell, Head, Long, Notes, Panel, Row, Table, cell, heading, measure_rows
from judgeaudit.report.write import write_table

BY_ARTIFACT = {"tie_detection": "Tie detection", "winrate_shift": "Winrate shift"}
BARE = {"accuracy": "Accuracy", "self_consistency": "Self-consistency"}

NOT_SET = "(default)"
"""What a job that does not override a value has in its place."""

HOW_TO_READ = (
    "Tie detection and winrate shift are in points and 0 is unbiased; above 0 the judge favours the artifact, "
    "or what is shown first. Accuracy is agreement with the labels. A difference between two rows is a "
    "difference between jobs only where their pairs are the same; overlapping intervals do not show that two "
    "jobs are equal."
)


@dataclass(frozen=True)
class Job:
    """One run of several: its folder, what it is called, and the overrides it was started with."""

    path: Path
    name: str
    overrides: dict[str, str]
    run: Run


def overrides_of(folder: Path) -> dict[str, str]:
    """``{key: value}`` from Hydra's record of a job; empty where there is none or it cannot be read."""
    file = folder / ".hydra" / "overrides.yaml"
    try:
        found = OmegaConf.to_container(OmegaConf.load(file))
    except (OSError, UnicodeDecodeError, OmegaConfBaseException, YAMLError):
        return {}
    items = [str(item).partition("=") for item in found] if isinstance(found, list) else []
    return {key: value for key, _, value in items}


def differing(jobs: Sequence[Job]) -> tuple[str, ...]:
    """The overrides that are not the same in every job, in order of appearance."""
    keys = dict.fromkeys(key for job in jobs for key in job.overrides)
    return tuple(key for key in keys if len({job.overrides.get(key) for job in jobs}) > 1)


def write_comparison(jobs: Sequence[Job], not_compared: Sequence[str], folder: Path) -> Path:
    """Write ``comparison/report.html`` and ``comparison/tables/comparison.{csv,md,tex}`` below ``folder``.

    Args:
        jobs: two or more runs.
        not_compared: a sentence for each job that left no run that can be read; they are named, not passed over.
        folder: the folder that holds all of them.
    """
    table = _table(jobs)
    home = folder / "comparison"
    write_table(table, home / "tables")
    links = [
        (_called(job, differing(jobs)), Path(os.path.relpath(job.path / "report.html", home)).as_posix())
        for job in jobs
    ]
    page = home / "report.html"
    page.write_text(
        comparison_page(f"Comparison of {len(jobs)} audits", links, table, list(not_compared)),
        encoding="utf-8",
        newline="\n",
    )
    return page


def _called(job: Job, keys: Sequence[str]) -> str:
    parts = [f"{key}={job.overrides.get(key, NOT_SET)}" for key in keys]
    return f"{job.name}: {', '.join(parts)}" if parts else job.name


def _table(jobs: Sequence[Job]) -> Table:
    keys = differing(jobs)
    shown = [key for key in keys if key != "judge"]  # the rows name the judges
    artifacts = _union(job.run.artifacts for job in jobs)
    position = any(job.run.has_position(tuple(BY_ARTIFACT)) for job in jobs)
    causes = (*artifacts, *((POSITION,) if position else ()))
    bare = [measure for measure in BARE if any(measure in job.run.names for job in jobs)]
    heads = [
        Head(cause, heading(jobs[0].run, measure, BY_ARTIFACT[measure]))
        for measure in BY_ARTIFACT
        for cause in causes
    ]
    heads += [Head(heading(jobs[0].run, measure, BARE[measure]), "No artifact") for measure in bare]
    notes, rows = Notes(), []
    for job in jobs:
        for group in job.run.groups:
            if group.title in BESIDE:
                continue
            for judge in group.judges:
                cells = [
                    _cell(job.run, notes, measure, judge, cause)
                    for measure in BY_ARTIFACT
                    for cause in causes
                ]
                cells += [cell(job.run, notes, measure, judge, None) for measure in bare]
                values = (job.overrides.get(key, NOT_SET) for key in shown)
                rows.append(Row((job.name, judge, *values), tuple(cells)))
    caption = "Each job's judges"
    caption += (
        f"; the jobs differ in {', '.join(keys)}." if keys else "; no override differs between the jobs."
    )
    return Table(
        "comparison",
        f"Comparison of {len(jobs)} audits",
        caption,
        HOW_TO_READ,
        ("Job", "Judge", *shown),
        tuple(heads),
        (Panel(None, tuple(rows)),),
        _long(jobs, keys),
        notes.listed,
    )


def _cell(run: Run, notes: Notes, measure: str, judge: str, cause: str) -> Cell:
    if cause != POSITION and cause not in run.artifacts:
        return Cell("—", note=notes.letter("this job does not audit the artifact"))
    return cell(run, notes, measure, judge, cause)


def _long(jobs: Sequence[Job], keys: Sequence[str]) -> Long:
    rows = []
    columns: tuple[str, ...] = ()
    for job in jobs:
        names = (*BY_ARTIFACT, *BARE)
        records = measure_rows(one for one in job.run.measures if one.measure in names)
        columns = records.columns
        values = [job.overrides.get(key) for key in keys]
        rows += [(job.name, *values, *record) for record in records.rows]
    return Long(("job", *keys, *columns), tuple(rows))


def _union(groups: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))
