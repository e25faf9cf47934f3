"""A damaged run's folder is refused with the file's name, what it holds, what it should hold, and what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from judgeaudit.errors import RunFolderError
from judgeaudit.report import render
from judgeaudit.report.run import read_run
from judgeaudit.run_folder import RunFolder
from judgeaudit.verify import differences
from tests.test_report_run import a_manifest, a_measure, a_recipe, write_run


@pytest.fixture
def run(tmp_path: Path) -> Path:
    measures = [a_measure("tie_detection", "alice", "apology", 50.0)]
    return write_run(tmp_path / "run", measures, a_manifest(), report=a_recipe() | {"figures": []})


def truncate(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def edit(change: Callable[[Any], None]) -> Callable[[Path], None]:
    def apply(file: Path) -> None:
        content = json.loads(file.read_text(encoding="utf-8"))
        change(content)
        file.write_text(json.dumps(content), encoding="utf-8")

    return apply


def write(text: str) -> Callable[[Path], None]:
    def apply(file: Path) -> None:
        file.write_bytes(text.encode("utf-8", errors="surrogateescape"))

    return apply


def rename_field(content: Any) -> None:
    content["measures"][0]["value"] = content["measures"][0].pop("estimate")


DAMAGES: list[tuple[str, Callable[[Path], None], str]] = [
    ("verdicts.parquet", truncate, "expected a Parquet table"),
    ("verdicts.parquet", write(""), "expected a Parquet table"),
    ("verdicts.parquet", write("judge,outcome\n"), "expected a Parquet table"),
    (
        "verdicts.parquet",
        lambda file: pd.DataFrame({"judge": ["a"], "verdict": ["first"]}).to_parquet(file),
        "found the columns judge, verdict, expected",
    ),
    (
        "verdicts.parquet",
        lambda file: pd.DataFrame({"judge": ["a"], "outcome": ["won"]}).to_parquet(file),
        "column outcome, row 0: found 'won', expected one of first, second, tie",
    ),
    ("metrics.json", truncate, "found no valid JSON"),
    ("metrics.json", write("\udcff\udcfe{}"), "expected JSON in UTF-8"),
    ("metrics.json", write("{}"), "found no field 'measures'"),
    ("metrics.json", write("[]"), "found [], expected an object"),
    ("metrics.json", edit(rename_field), "measures[0]: found no field 'estimate'"),
    (
        "metrics.json",
        edit(lambda found: found["measures"][0].update(confidence=1)),
        "measures[0]: found an unknown field 'confidence'",
    ),
    (
        "metrics.json",
        edit(lambda found: found["measures"][0].update(estimate="high")),
        "measures[0].estimate: found 'high', expected a number or null",
    ),
    (
        "metrics.json",
        edit(lambda found: found["measures"][0].update(reading="bad")),
        "measures[0].reading: found 'bad', expected one of sensitive, robust, inconclusive or null",
    ),
    (
        "metrics.json",
        edit(lambda found: found["measures"][0].update(n_pairs=True)),
        "measures[0].n_pairs: found True, expected a whole number",
    ),
    ("metrics.json", edit(lambda found: found.update(truth=[{}])), "truth[0]: found no field 'judge'"),
    ("manifest.json", write("{}"), "found no field"),
    ("manifest.json", write("[1]"), "found [1], expected an object"),
    ("manifest.json", truncate, "found no valid JSON"),
    ("manifest.json", edit(lambda found: found.update(corpus=None)), "corpus: found None, expected an object"),
    (
        "manifest.json",
        edit(lambda found: found.update(juries={"panel": ["alice", "bob"]})),
        "juries.panel: found ['alice', 'bob'], expected an object",
    ),
    (
        "manifest.json",
        edit(lambda found: found["judges"]["alice"].pop("is_control")),
        "judges.alice: found no field 'is_control'",
    ),
    ("config.yaml", write("report: [unclosed"), "expected YAML in UTF-8"),
    ("config.yaml", write("report: ${nowhere}"), "expected YAML in UTF-8"),
    ("config.yaml", write("\udcff\udcfe"), "expected YAML in UTF-8"),
    ("config.yaml", write("- 1\n"), "found no report"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "damage", "said"), DAMAGES, ids=[f"{one[0]}-{one[2]}" for one in DAMAGES])
def test_a_damaged_file_is_named_with_what_was_found_and_what_to_do(
    name: str, damage: Callable[[Path], None], said: str, run: Path
) -> None:
    render(run)
    damage(run / name)
    with pytest.raises(RunFolderError) as refused:
        render(run)
    message = str(refused.value)
    assert message.startswith(f"{run / name}")
    assert said in message
    assert "un the audit again" in message
    assert "\n" not in message


@pytest.mark.parametrize("name", ["pairs", "verdicts"])
def test_verify_refuses_a_damaged_table_too(name: str, run: Path) -> None:
    (run / "pairs.parquet").write_bytes(b"PAR1")
    (run / "verdicts.parquet").write_bytes(b"PAR1")
    with pytest.raises(RunFolderError, match=r"\.parquet: found what cannot be read"):
        differences(run)
    with pytest.raises(RunFolderError, match=rf"{name}\.parquet"):
        RunFolder(run).table(name)


@pytest.mark.parametrize("name", ["verdicts.parquet", "metrics.json", "config.yaml"])
def test_a_missing_file_is_named(name: str, run: Path) -> None:
    (run / name).unlink()
    with pytest.raises(RunFolderError, match=f"found no {name}"):
        read_run(run)
