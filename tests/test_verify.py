"""A run is verified by making again what it publishes: whatever was changed afterwards is named with its file."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from judgeaudit import metrics
from judgeaudit.cli import main
from judgeaudit.metrics import Settings
from judgeaudit.report import render_undrawn
from judgeaudit.report.recipe import MEASURES
from judgeaudit.run_folder import RunFolder, subjects_of, text_facts, write_metrics
from judgeaudit.verify import differences

COMMAND = Path(sys.executable).with_name("judgeaudit")
MY_JURY = "+juries.weighty={_target_: judgeaudit.juries.Jury, name: weighty, rule: weighted, \
members: [planted_fair, planted_apology], weights: {planted_fair: 1, planted_apology: 3}, ties: fail}"


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An audit with two juries, one by weights, and crossed artifacts; some texts cannot carry the artifact."""
    here = tmp_path_factory.mktemp("honest")
    done = subprocess.run(
        [
            COMMAND, "run", "hydra.run.dir=run", "engine.progress=off", "data.limit=8", "analysis.slices=[]",
            "judge=[planted_fair,planted_apology,planted_position,control_coin]", "jury=[majority]", MY_JURY,
            "perturbation=[apology,dialect_aae,typos]", "perturbations.typos.dose=[0.1,0.5]", "design.replicates=2",
            "analysis.resamples=100",
            "design.arms=[baseline,injected,both,tie,identical,placebo]", "design.factorial=[[apology,halo]]",
            "design.targets=[preferred,system:careless]",
        ],
        capture_output=True, text=True, cwd=here,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return here / "run"


@pytest.fixture
def run(honest: Path, tmp_path: Path) -> Path:
    """A copy of the audit, to be tampered with."""
    return shutil.copytree(honest, tmp_path / "copy")


def edit_json(file: Path, change: Callable[[Any], None]) -> None:
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content)
    file.write_text(json.dumps(content), encoding="utf-8")


def edit_table(file: Path, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    change(pd.read_parquet(file)).to_parquet(file, index=False)


def replace_in(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def publish_again(run: Path) -> None:
    """Make metrics, tables and page follow from the verdicts as they now stand: a thorough forger would."""
    folder = RunFolder(run)
    settings, subjects = Settings(**folder.manifest()["analysis"]), subjects_of(folder.manifest())
    measures = metrics.measure(
        folder.table("verdicts"),
        folder.table("pairs"),
        settings,
        subjects,
        None,
        text_facts(folder.table("texts")),
    )
    write_metrics(run, measures, folder.truths())
    render_undrawn(run, run)


def test_an_honest_run_has_no_differences(honest: Path) -> None:
    assert differences(honest) == []


OF_RECORDINGS = {
    "missing_rate", "unsafe_rate", "false_negative_rate", "false_positive_rate", "false_negative_shift",
    "false_positive_shift", "false_negative_above_placebo", "false_positive_above_placebo", "rating_accuracy",
    "rating_kappa",
}  # fmt: skip
"""Measures of missing verdicts and of single responses; tests/test_replay.py makes and verifies them."""

OF_PEOPLE_AND_PROMPTS = {
    "annotator_winning_rate", "annotator_advantage", "flip_wording", "noise_floor_wording",
    "noise_adjusted_flip_wording", "preference_steps",
}  # fmt: skip
"""Measures that need votes of several people, judges that take prompts (no planted judge does), or more pairs."""


def test_the_audit_makes_every_measure_that_a_recipe_may_name(honest: Path) -> None:
    assert {one.measure for one in RunFolder(honest).measures()} == set(
        MEASURES
    ) - OF_RECORDINGS - OF_PEOPLE_AND_PROMPTS


@pytest.mark.parametrize(("jury", "column"), [("majority", "outcome"), ("weighty", "outcome")])
def test_a_jury_s_verdict_that_its_jurors_do_not_give_is_found_whatever_else_was_adapted(
    jury: str, column: str, run: Path
) -> None:
    def turn(table: pd.DataFrame) -> pd.DataFrame:
        rows = table.index[(table["judge"] == jury) & (table["outcome"] == "first")][:3]
        table.loc[rows, column] = "second"
        return table

    edit_table(run / "verdicts.parquet", turn)
    publish_again(run)
    [line] = differences(run)
    assert line.startswith(
        f"verdicts.parquet: jury {jury}: {column} differs from what its jurors give in 3 of "
    )
    assert "published second, the jurors give first" in line


@pytest.mark.parametrize(
    ("jury", "field", "value"),
    [
        ("weighty", "weights", {"planted_fair": 3, "planted_apology": 1}),
        ("majority", "rule", "unanimous"),
        ("majority", "ties", "fail"),
        ("majority", "members", ["planted_fair", "planted_apology"]),
    ],
)
def test_a_jury_declared_otherwise_than_it_deliberated_is_found(
    jury: str, field: str, value: object, run: Path
) -> None:
    edit_json(run / "manifest.json", lambda about: about["juries"][jury].update({field: value}))
    assert any(line.startswith(f"verdicts.parquet: jury {jury}: outcome ") for line in differences(run))


def test_an_impossible_jury_is_said_to_be_one(run: Path) -> None:
    edit_json(run / "manifest.json", lambda about: about["juries"]["weighty"].update(weights={}))
    assert any("jury weighty: weights belong to the rule 'weighted'" in line for line in differences(run))


def test_a_verdict_taken_away_is_missed(run: Path) -> None:
    edit_table(
        run / "verdicts.parquet", lambda table: table.drop(table.index[table["judge"] == "control_coin"][0])
    )
    publish_again(run)
    found = differences(run)
    assert any(
        "verdicts.parquet: control_coin: " in line and "1 trials have no row" in line for line in found
    )


def test_a_judge_that_nobody_declared_is_named(run: Path) -> None:
    edit_table(
        run / "verdicts.parquet",
        lambda table: pd.concat([table, table[table["judge"] == "control_coin"].assign(judge="stranger")]),
    )
    assert any("verdicts.parquet: stranger: has rows" in line for line in differences(run))


def _first_number_of(name: str) -> Callable[[Any], None]:
    def change(content: Any) -> None:
        content[name][0]["value" if name == "truth" else "estimate"] += 1

    return change


@pytest.mark.parametrize(
    ("file", "change", "named"),
    [
        ("metrics.json", _first_number_of("measures"), "estimate is published as"),
        ("metrics.json", _first_number_of("truth"), "metrics.json: truth of planted_fair"),
        ("metrics.json", lambda found: found["truth"].pop(), "follows from the planted judges, but is not"),
        ("metrics.json", lambda found: found["measures"].pop(), "follows from the verdicts, but is not published"),
        ("manifest.json", lambda found: found.update(n_trials=1), "manifest.json: n_trials is published as 1"),
        ("manifest.json", lambda found: found["corpus"].update(n_pairs=999), "corpus.n_pairs is published as 999"),
        ("manifest.json", lambda found: found["corpus"].update(label_sources=["gold"]), "corpus.label_sources"),
        ("manifest.json", lambda found: found["judges"]["control_coin"].update(n_keys=0), "control_coin.n_keys"),
        ("manifest.json", lambda found: found["exclusions"][0].update(n_texts=0), "manifest.json: exclusion "),
        ("manifest.json", lambda found: found["exclusions"].pop(), "follows from the texts, but is not published"),
    ],
)  # fmt: skip
def test_a_published_number_that_does_not_follow_is_named(
    file: str, change: Callable[[Any], None], named: str, run: Path
) -> None:
    edit_json(run / file, change)
    found = differences(run)
    assert any(line.startswith(file) and named in line for line in found), found


@pytest.mark.parametrize("suffix", ["csv", "md", "tex"])
def test_an_edited_table_is_named_with_its_line(suffix: str, run: Path) -> None:
    file = run / "tables" / f"winrate_shift.{suffix}"
    replace_in(file, "apology", "forgery")
    [line] = differences(run)
    assert line.startswith(f"tables/winrate_shift.{suffix}: line ")
    assert "forgery" in line


def test_an_edited_page_is_named_with_its_line_and_figures_in_it_are_not_compared(run: Path) -> None:
    page = run / "report.html"
    replace_in(page, 'd="M', 'd="M 7')
    assert differences(run) == []
    replace_in(page, "<b>8 pairs</b>", "<b>800 pairs</b>")
    [line] = differences(run)
    assert line.startswith("report.html: line ")
    assert "800 pairs" in line


def test_what_is_missing_or_too_much_is_named(run: Path) -> None:
    (run / "tables" / "flips.md").unlink()
    (run / "figures" / "flips.pdf").unlink()
    (run / "tables" / "wishes.csv").write_text("accuracy\n100\n", encoding="utf-8")
    assert [line.partition(":")[0] for line in differences(run)] == [
        "tables/flips.md", "tables/wishes.csv", "figures/flips.pdf",
    ]  # fmt: skip


def test_what_needs_a_removed_file_is_said_and_the_rest_is_checked(run: Path) -> None:
    for name in ("config.yaml", "texts.parquet"):
        (run / name).unlink()
    edit_json(run / "metrics.json", _first_number_of("measures"))
    found = differences(run)
    for words in ("found no config.yaml", "found no texts.parquet", "estimate is published as"):
        assert any(words in line for line in found)
    assert not any("baseline:" in line or "odds_ratio" in line for line in found)  # they rest on the texts


def test_verifying_changes_nothing_in_the_folder(run: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in run.rglob("*")}
    differences(run)
    assert {file: file.stat().st_mtime_ns for file in run.rglob("*")} == before


def test_the_command_exits_0_where_all_is_the_same_1_where_not_and_2_where_there_is_no_run(
    honest: Path, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit_json(run / "metrics.json", _first_number_of("measures"))
    for path, code in ((honest, 0), (run, 1), (tmp_path, 2)):
        with pytest.raises(SystemExit) as stopped:
            main(["verify", str(path)])
        assert stopped.value.code == code
    assert "metrics.json: " in capsys.readouterr().out
