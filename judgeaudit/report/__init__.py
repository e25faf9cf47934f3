"""What does a reader get to see of a run? Tables, figures and one page, and a comparison where there are several runs.

Everything here follows from a run's folder: the same inputs and verdicts give the same bytes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from judgeaudit.errors import RunFolderError
from judgeaudit.report.charts import Chart, draw
from judgeaudit.report.comparison import Job, overrides_of, write_comparison
from judgeaudit.report.findings import findings
from judgeaudit.report.page import Section, report_page
from judgeaudit.report.run import Run, read_run
from judgeaudit.report.table import Table
from judgeaudit.report.tables import build
from judgeaudit.report.write import write_table

__all__ = ["Rendered", "findings", "render", "render_any"]


@dataclass(frozen=True)
class Rendered:
    """A rendered report: the path of its page, and its three findings in a sentence each."""

    path: Path
    findings: tuple[str, ...]


def render(folder: Path) -> Rendered:
    """Write ``tables/``, ``figures/`` and ``report.html`` of a finished run into its folder.

    Raises:
        RunFolderError: the folder holds no finished run, or a file of it cannot be read.
        ConfigurationError: the run's recipe is not one.
    """
    return _render(read_run(folder), folder)


def render_any(paths: Sequence[Path]) -> list[Path]:
    """Render every run at or below the paths again, and compare them where there are several.

    Args:
        paths: run folders, or folders that hold some, such as Hydra's multirun folder.

    Returns:
        The pages written: each run's report, then the comparison. It lies in ``comparison/`` of the folder
        given, or of the runs' common parent.

    Raises:
        RunFolderError: there is no finished run at or below a path.
    """
    folders: dict[Path, None] = {}
    unfinished: list[str] = []
    for path in paths:
        found = list(_runs(path))
        if not found:
            raise RunFolderError(
                f"{path}: found no finished run (a folder with manifest.json) here or below, expected the "
                f"folder of a run or of a multirun. judgeaudit run prints it; Hydra's defaults are "
                f"outputs/DATE/TIME and multirun/DATE/TIME."
            )
        folders.update(dict.fromkeys(one.resolve() for one in found))
        unfinished += _unfinished(path, found)
    runs = {folder: read_run(folder) for folder in folders}
    pages = [_render(run, folder).path for folder, run in runs.items()]
    if len(runs) > 1:
        home = paths[0].resolve() if len(paths) == 1 else Path(os.path.commonpath(folders))
        jobs = [
            Job(folder, folder.relative_to(home).as_posix(), overrides_of(folder), run)
            for folder, run in runs.items()
        ]
        pages.append(write_comparison(jobs, unfinished, home))
    return pages


def _render(run: Run, folder: Path) -> Rendered:
    tables: dict[str, Table] = {}
    for spec in run.recipe.tables:
        table = build(run, spec)
        if table is not None:
            write_table(table, folder / "tables")
            tables[spec.name] = table
    charts: dict[str | None, list[Chart]] = {}
    for figure in run.recipe.figures:
        chart = draw(run, figure, folder / "figures")
        if chart is not None:
            charts.setdefault(figure.beside if figure.beside in tables else None, []).append(chart)
    sections = [Section(table, tuple(charts.get(name, ()))) for name, table in tables.items()]
    sections += [Section(None, (chart,)) for chart in charts.get(None, ())]
    found = findings(run.measures, run.manifest)
    page = folder / "report.html"
    page.write_text(report_page(run, found, sections), encoding="utf-8", newline="\n")
    return Rendered(page, found)


def _runs(path: Path) -> Iterator[Path]:
    """The folders of finished runs at or below a path; 10 comes after 9."""
    if (path / "manifest.json").is_file():
        yield path
    elif path.is_dir():
        yield from sorted((file.parent for file in path.rglob("manifest.json")), key=_natural)


def _unfinished(path: Path, runs: Sequence[Path]) -> list[str]:
    """Jobs of a multirun that Hydra started and that left no manifest."""
    jobs = {file.parent.parent for file in path.rglob(".hydra/config.yaml")} - set(runs) - {path}
    return [job.relative_to(path).as_posix() for job in sorted(jobs, key=_natural)]


def _natural(path: Path) -> list[tuple[int, int, str]]:
    return [
        (0, int(part), "") if part.isdigit() else (1, 0, part)
        for part in re.findall(r"\d+|\D+", path.as_posix())
    ]
