"""What a report shows of single responses: errors, agreement with each annotator, and why a cell is empty."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from judgeaudit.errors import ConfigurationError
from judgeaudit.metrics import Measure, Settings
from judgeaudit.report import render
from judgeaudit.report.absence import column_absent, why_absent
from judgeaudit.report.recipe import recipe
from judgeaudit.report.run import read_run
from tests.test_report_run import a_manifest, a_measure, a_recipe, write_run

COMMAND = Path(sys.executable).with_name("judgeaudit")
TABLES = ("rating_errors", "rating_errors_by_artifact", "rating_agreement", "rating_errors_above_placebo")


def audited(here: Path, *overrides: str) -> Path:
    done = subprocess.run(
        [COMMAND, "run", "hydra.run.dir=run", "jury=[]", "perturbation=apology", "engine.progress=off",
         "analysis.resamples=100", "analysis.slices=[]", *overrides],
        capture_output=True, text=True, cwd=here,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return here / "run"


def json_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A guard that calls every unsafe response unsafe, and only each second one behind an apology."""
    here = tmp_path_factory.mktemp("rated")
    pairs, ratings = [], []
    for k in range(12):
        said = {side: {"ann": side != "a", "bo": side != "a" or k % 3 == 0} for side in "ab"}
        pairs.append(
            {
                "id": f"p{k}", "prompt": f"What is {k} plus one?", "response_a": f"A wrong answer about {k}.",
                "response_b": f"One more than {k} is {k + 1}, which is what you asked for.",
                **{
                    f"ratings_{side}": {name: "safe" if safe else "unsafe" for name, safe in found.items()}
                    for side, found in said.items()
                },
            }
        )  # fmt: skip
        for side in "ab":
            row = {"pair_id": f"p{k}", "judge": "guard", "side": side}
            seen = side == "a" and k % 3 > 0
            ratings.append(row | {"rating": "unsafe" if seen else "safe"})
            hidden = row | {"perturbation": "apology"}
            ratings.append(hidden | {"rating": "unsafe" if seen and k % 2 else "safe"})
    json_lines(here / "pairs.jsonl", pairs)
    json_lines(here / "ratings.jsonl", ratings)
    return audited(
        here, "data=jsonl", "data.path=pairs.jsonl", "judge=replay_ratings", "judge.path=ratings.jsonl"
    )


def test_errors_against_the_labels_stand_beside_the_ceiling(folder: Path) -> None:
    text = (folder / "tables" / "rating_errors.md").read_text(encoding="utf-8")
    heads = "| Judge | Called unsafe (%) | False negatives (%) | False positives (%) | Accuracy (%) | Kappa |"
    assert heads in text
    assert "| guard | 33.3 " in text
    # On a side of each third pair the two disagree: there the one held against the other is wrong.
    [ceiling] = [line for line in text.splitlines() if line.startswith("| human:leave")]
    assert ceiling.count("—") == 3
    assert "| 83.3 " in ceiling
    assert ") not defined for a reference" in text


def test_errors_under_an_artifact_stand_beside_their_shift(folder: Path) -> None:
    text = (folder / "tables" / "rating_errors_by_artifact.md").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("| guard | apology |"))
    missed, shift, alarms, alarm_shift, accuracy = row.split("|")[3:8]
    assert missed.strip().startswith("50.0 [")
    assert shift.strip().startswith("+50.0 [")
    assert alarms.strip().startswith("0.0 [")
    assert alarm_shift.strip().startswith("0.0 [")
    assert accuracy.strip().startswith("80.0 [")  # 4 of 20 labelled responses are missed


def test_agreement_has_a_column_for_each_annotator(folder: Path) -> None:
    text = (folder / "tables" / "rating_agreement.md").read_text(encoding="utf-8")
    assert "| Judge | Against the labels (%) | ann | bo |" in text
    row = next(line for line in text.splitlines() if line.startswith("| guard |"))
    assert [part.split()[0] for part in row.split("|")[2:5]] == ["100.0", "83.3", "100.0"]


def test_the_tables_stand_on_the_page_and_follow_from_the_verdicts(folder: Path) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    for name in TABLES[:3]:
        assert f'id="section-{name.replace("_", "-")}"' in page
    assert not (folder / "tables" / f"{TABLES[3]}.csv").exists()
    done = subprocess.run([COMMAND, "verify", str(folder)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"{folder}: every number follows from the verdicts.\n")


ABOUT: dict[str, dict[str, Any]] = {
    "chat": {"is_pointwise": False, "cuts": None},
    "reward": {"is_pointwise": True, "cuts": None},
    "guard": {"is_pointwise": True, "cuts": [0.5]},
}
RATED = [
    a_measure("unsafe_rate", "guard", None, 0.5),
    a_measure("false_negative_rate", "guard", None, None, n_pairs=0),
    a_measure("false_positive_shift", "guard", "apology", None, n_pairs=0, unit="points"),
    a_measure("rating_kappa", "guard", None, None, unit="coefficient"),
]


def a_run(
    folder: Path,
    measures: list[Measure],
    judges: Sequence[str] = tuple(ABOUT),
    outcomes: dict[str, list[str]] | None = None,
) -> Path:
    juries = {"panel": ["guard", "chat"]} if len(judges) > 1 else {}
    about = {name: ABOUT[name] for name in judges}
    manifest = a_manifest(about, juries=juries, recording=None, analysis=asdict(Settings()))
    return write_run(folder, measures, manifest, outcomes=outcomes, report=a_recipe() | {"figures": []})


def test_an_audit_of_judges_that_compare_has_no_table_of_single_responses(tmp_path: Path) -> None:
    folder = a_run(tmp_path, [a_measure("accuracy", "chat", None, 0.5)], ["chat"])
    render(folder)
    assert "Single responses" not in (folder / "report.html").read_text(encoding="utf-8")
    assert not [name for name in TABLES if (folder / "tables" / f"{name}.csv").exists()]


@pytest.mark.parametrize(
    ("measure", "judge", "artifact", "why"),
    [
        ("false_negative_rate", "chat", None, "the judge compares two responses and rates none alone"),
        ("false_negative_rate", "reward", None, "the judge's scores have no cut below which a response is unsafe"),
        ("rating_kappa", "panel", None, "a jury decides between two responses and rates none"),
        ("unsafe_rate", "baseline:longer", None, "not defined for a reference"),
        ("false_negative_rate", "guard", None, "no response that is unsafe by the labels has a score"),
        ("false_negative_rate", "guard", "apology",
         "no response that is unsafe by the labels has a score with the artifact"),
        ("false_positive_shift", "guard", "apology",
         "no response that is safe by the labels has a score with the artifact and one without it"),
        ("false_positive_above_placebo", "guard", "apology",
         "no response that is safe by the labels has a score with the artifact and one with its neutral control"),
        ("rating_accuracy", "guard", None, "no response of which the labels say what it is has a score"),
        ("rating_kappa", "guard", None,
         "the estimate is undefined on these verdicts, for example because all of them are the same"),
    ],
)  # fmt: skip
def test_an_empty_cell_says_why(
    tmp_path: Path, measure: str, judge: str, artifact: str | None, why: str
) -> None:
    run = read_run(a_run(tmp_path, RATED))
    assert why_absent(run, measure, judge, artifact, run.cell(measure, judge, artifact), "all") == why


def test_without_ratings_by_people_the_columns_say_so_whatever_the_first_judge_is(tmp_path: Path) -> None:
    run = read_run(a_run(tmp_path, RATED[:1]))
    assert column_absent(run, "false_negative_rate") == "no response has a human rating or a gold label"
    assert column_absent(run, "rating_kappa") == "no response has a human rating or a gold label"
    other = read_run(a_run(tmp_path / "other", [], ["chat"]))
    assert column_absent(other, "rating_kappa") == "the judge compares two responses and rates none alone"


def test_a_guard_whose_every_rating_failed_is_said_to_have_failed(tmp_path: Path) -> None:
    measures = [*RATED[1:2], a_measure("false_positive_rate", "guard", None, None, n_pairs=0)]
    run = read_run(a_run(tmp_path, measures, ["guard"], {"guard": ["refused"] * 4}))
    found = run.cell("false_negative_rate", "guard", None)
    assert "every one failed" in why_absent(run, "false_negative_rate", "guard", None, found, "all")


def test_a_reference_without_a_value_is_no_row(tmp_path: Path) -> None:
    longer = [a_measure("accuracy", "baseline:longer", None, 0.5), a_measure("accuracy", "chat", None, 0.6)]
    folder = a_run(tmp_path, [*RATED, *longer])
    render(folder)
    assert "baseline:longer" not in (folder / "tables" / "rating_errors.md").read_text(encoding="utf-8")
    assert "baseline:longer" in (folder / "tables" / "agreement.md").read_text(encoding="utf-8")


def test_annotators_names_are_hostile_text_and_long_ones_are_cut(tmp_path: Path) -> None:
    names = ("<b>x</b>|\u202ey", f"worker-{'7' * 200}", f"worker-{'7' * 199}8")
    measures = [a_measure("rating_accuracy", "guard", None, 0.7)]
    measures += [
        a_measure("rating_accuracy", "guard", None, 0.6, slice=f"annotator={name}") for name in names
    ]
    folder = a_run(tmp_path, measures)
    render(folder)
    page = (folder / "report.html").read_text(encoding="utf-8")
    text = (folder / "tables" / "rating_agreement.md").read_text(encoding="utf-8")
    heads = next(line for line in text.splitlines() if line.startswith("| Judge |"))
    assert "<b>x" not in page + text
    assert "\u202e" not in page + text
    assert len(heads) < 200
    assert len(set(heads.split(" | "))) == 5
    assert f"annotator=worker-{'7' * 200}" in (folder / "tables" / "rating_agreement.csv").read_text(
        encoding="utf-8"
    )


def test_a_slice_by_belongs_to_tables_of_artifacts_and_of_judges() -> None:
    node = a_recipe()
    node["tables"][0] |= {"kind": "cells", "slice_by": "annotator"}
    with pytest.raises(
        ConfigurationError, match="belongs to the kinds 'artifacts' and 'judges', found the kind"
    ):
        recipe(node, "report")
