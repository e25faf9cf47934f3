"""What failed verdicts could have said stands beside the figures, in every format."""

from __future__ import annotations

from pathlib import Path

from judgeaudit.metrics import Measure
from judgeaudit.report.run import Run, read_run
from judgeaudit.report.table import Table
from judgeaudit.report.tables import build
from tests.test_report_run import a_manifest, a_measure, write_run

FAILED = [
    a_measure("tie_detection", "gpt", "apology", 37.5, case_low=10.0, case_high=30.0),
    a_measure("accuracy", "gpt", None, 0.8, case_low=0.7, case_high=0.9),
    a_measure("accuracy", "gpt", None, 0.6, slice="domain=x", case_low=0.1, case_high=0.9),
]
WHOLE = [a_measure("tie_detection", "llama", "apology", 2.0), a_measure("accuracy", "llama", None, 0.7)]


def a_run(folder: Path, measures: list[Measure]) -> Run:
    return read_run(write_run(folder, measures, a_manifest(("gpt", "llama"), ("apology",))))


def cases(run: Run) -> Table | None:
    [spec] = [one for one in run.recipe.tables if one.kind == "cases"]
    return build(run, spec)


def test_every_figure_that_hangs_on_failures_has_a_row_with_its_range(tmp_path: Path) -> None:
    table = cases(a_run(tmp_path, [*FAILED, *WHOLE]))
    assert table is not None
    found = {
        (panel.title, *row.stub): [cell.text for cell in row.cells]
        for panel in table.panels
        for row in panel.rows
    }
    assert found == {
        ("Tie detection (points)", "gpt", "apology"): ["+37.5", "[+10.0, +30.0]", "120"],
        ("Accuracy (%)", "gpt", "—"): ["80.0", "[70.0, 90.0]", "120"],
    }
    assert len(table.long.rows) == 2


def test_where_nothing_failed_there_is_no_such_table(tmp_path: Path) -> None:
    assert cases(a_run(tmp_path, WHOLE)) is None
