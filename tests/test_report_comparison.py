"""Several runs are compared in one table that names what differs between them."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from judgeaudit.errors import RunFolderError
from judgeaudit.report import render_any
from tests.test_report_run import a_manifest, a_measure, a_recipe, full_measures, write_run

COMMAND = Path(sys.executable).with_name("judgeaudit")


def a_job(
    folder: Path, judge: str, overrides: list[str] | None, artifacts: tuple[str, ...] = ("apology",)
) -> Path:
    recipe = a_recipe() | {"figures": []}
    write_run(folder, full_measures((judge,), artifacts), a_manifest((judge,), artifacts), report=recipe)
    if overrides is not None:
        (folder / ".hydra").mkdir()
        (folder / ".hydra" / "config.yaml").write_text("{}\n", encoding="utf-8")
        lines = "".join(f"- {line}\n" for line in overrides)
        (folder / ".hydra" / "overrides.yaml").write_text(lines, encoding="utf-8")
    return folder


def test_one_run_is_rendered_again_without_a_comparison(tmp_path: Path) -> None:
    folder = a_job(tmp_path / "run", "alice", None)
    assert render_any([folder]) == [folder / "report.html"]
    assert not (tmp_path / "comparison").exists()


def test_a_sweep_is_compared_by_the_overrides_that_differ(tmp_path: Path) -> None:
    for n in (0, 1, 2, 10):
        a_job(tmp_path / str(n), "alice", [f"design.replicates={n}", "judge=alice", "data.limit=20"])
    pages = render_any([tmp_path])
    assert pages == [tmp_path / n / "report.html" for n in ("0", "1", "2", "10")] + [
        tmp_path / "comparison" / "report.html"
    ]
    text = (tmp_path / "comparison" / "tables" / "comparison.md").read_text(encoding="utf-8")
    assert "the jobs differ in design.replicates." in text
    assert "data.limit" not in text
    rows = [line.split(" | ")[:3] for line in text.splitlines() if " | alice | " in line]
    assert "| Tie detection (points): apology |" in text
    assert rows == [[f"| {n}", "alice", n] for n in ("0", "1", "2", "10")]
    page = pages[-1].read_text(encoding="utf-8")
    assert 'href="../10/report.html"' in page
    assert (tmp_path / "comparison" / "tables" / "comparison.tex").is_file()


def test_the_comparison_holds_each_jobs_estimates(tmp_path: Path) -> None:
    a_job(tmp_path / "one", "alice", None)
    a_job(tmp_path / "two", "bob", None, ("apology", "halo"))
    render_any([tmp_path / "one", tmp_path / "two"])
    with (tmp_path / "comparison" / "tables" / "comparison.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {(row["job"], row["judge"]) for row in rows} == {
        ("one", "alice"), ("two", "bob"), ("one", "baseline:longer"), ("two", "baseline:longer"),
    }  # fmt: skip
    text = (tmp_path / "comparison" / "tables" / "comparison.md").read_text(encoding="utf-8")
    assert "this job does not audit the artifact" in text


def test_a_job_that_did_not_finish_is_named(tmp_path: Path) -> None:
    for n in (0, 1):
        a_job(tmp_path / str(n), "alice", [f"seed={n}"])
    failed = a_job(tmp_path / "2", "alice", ["seed=2"])
    (failed / "manifest.json").unlink()
    *_, page = render_any([tmp_path])
    assert "2 holds no finished run and is not compared." in page.read_text(encoding="utf-8")


def test_comparing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    for n in (0, 1):
        a_job(tmp_path / str(n), "alice", [f"seed={n}"])
    first = render_any([tmp_path])[-1].read_bytes()
    assert render_any([tmp_path])[-1].read_bytes() == first


def test_overrides_are_hostile_text_too(tmp_path: Path) -> None:
    for n in (0, 1):
        a_job(tmp_path / str(n), "alice", [f"'description=<script>{n}</script>'"])
    page = render_any([tmp_path])[-1].read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;1&lt;/script&gt;" in page


def test_a_folder_without_runs_says_where_runs_are(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="outputs/DATE/TIME"):
        render_any([tmp_path])
    with pytest.raises(RunFolderError, match="nowhere"):
        render_any([tmp_path / "nowhere"])


def test_an_estimate_missing_in_one_job_is_a_dash(tmp_path: Path) -> None:
    recipe = a_recipe() | {"figures": []}
    for name, estimate in (("one", 3.0), ("two", None)):
        measures = [a_measure("tie_detection", "alice", "apology", estimate, n_pairs=0)]
        write_run(tmp_path / name, measures, a_manifest(), report=recipe)
    render_any([tmp_path])
    text = (tmp_path / "comparison" / "tables" / "comparison.md").read_text(encoding="utf-8")
    assert "+3.0" in text
    assert "no pair has all the verdicts" in text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("manifest.json", "{}", "manifest.json: found no field"),
        ("metrics.json", '{"measures": [', "metrics.json:1: found no valid JSON"),
        ("verdicts.parquet", "PAR1", "verdicts.parquet: found what cannot be read"),
        (
            "config.yaml",
            "report: {matrix: [], tables: [], figures: [], colour: red}",
            "config.yaml: report.colour: found an",
        ),
    ],
)
def test_a_run_that_cannot_be_read_is_named_and_the_others_are_compared(
    name: str, content: str, said: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for n in (0, 1, 2):
        a_job(tmp_path / str(n), "alice", [f"seed={n}"])
    (tmp_path / "1" / name).write_text(content, encoding="utf-8")
    pages = render_any([tmp_path])
    assert [page.parent.name for page in pages] == ["0", "2", "comparison"]
    [warning] = [record.getMessage() for record in caplog.records]
    assert warning.startswith(f"1 cannot be read and is not compared: {said}")
    page = pages[-1].read_text(encoding="utf-8")
    assert f"1 cannot be read and is not compared: {said}" in page
    assert str(tmp_path) not in page


def test_a_run_that_cannot_be_read_is_told_on_stderr(tmp_path: Path) -> None:
    for n in (0, 1, 2):
        a_job(tmp_path / str(n), "alice", [f"seed={n}"])
    (tmp_path / "1" / "manifest.json").write_text("[1]", encoding="utf-8")
    done = subprocess.run([COMMAND, "report", str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stderr.startswith("1 cannot be read and is not compared: manifest.json: found [1]")
    assert done.stdout.count("Report: ") == 3


def test_where_not_one_run_can_be_read_all_are_named(tmp_path: Path) -> None:
    for n in (0, 1):
        a_job(tmp_path / str(n), "alice", None)
        (tmp_path / str(n) / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RunFolderError, match=r"0 cannot be read .* 1 cannot be read"):
        render_any([tmp_path])
    with pytest.raises(RunFolderError, match=r"0/manifest\.json: found no field"):
        render_any([tmp_path / "0"])
