"""The command line: an ordinary Hydra application, with a catalogue."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from omegaconf import OmegaConf

from judgeaudit import catalog

COMMAND = Path(sys.executable).with_name("judgeaudit")
SMALL = [
    "data.limit=6",
    "judge=[planted_fair,control_longer]",
    "perturbation=[apology]",
    "design.replicates=1",
    "analysis.resamples=100",
    "engine.progress=off",
    "report.figures=[]",
]


def judgeaudit(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments], capture_output=True, text=True, cwd=cwd, env={**os.environ, **environment}
    )


def configured(*overrides: str, cwd: Path) -> dict[str, object]:
    done = judgeaudit("run", "--cfg", "job", *overrides, cwd=cwd)
    assert done.returncode == 0, done.stderr
    found = OmegaConf.to_container(OmegaConf.create(done.stdout))
    assert isinstance(found, dict)
    return found  # type: ignore[return-value]


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = "import sys, judgeaudit.cli; print([m for m in ('pandas', 'torch', 'litellm', 'hydra') if m in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed == "[]\n"
    assert "run" in judgeaudit("--help", cwd=tmp_path).stdout


def test_the_list_shows_every_entry_of_every_group_with_its_line(tmp_path: Path) -> None:
    printed = judgeaudit("list", cwd=tmp_path, COLUMNS="200").stdout
    for group in ("judge", "perturbation", "jury", "prompt", "data"):
        for entry in catalog.entries(group):
            assert entry.description, f"{entry.path} has no description"
            assert any(entry.name in line and entry.description[:40] in line for line in printed.splitlines())


def test_one_group_can_be_listed_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    assert "gpt-4o" not in judgeaudit("list", "jury", cwd=tmp_path).stdout
    refused = judgeaudit("list", "jurors", cwd=tmp_path)
    assert refused.returncode == 2
    assert "jurors" in refused.stderr


def test_several_judges_perturbations_and_one_jury_are_selected_by_name(tmp_path: Path) -> None:
    found = configured(
        "judge=[gpt-4o,llama-3-8b]", "perturbation=[apology,halo,authority]", "jury=majority", cwd=tmp_path
    )
    assert list(found["judges"]) == ["gpt-4o", "llama-3-8b"]  # type: ignore[call-overload]
    assert list(found["perturbations"]) == ["apology", "halo", "authority"]  # type: ignore[call-overload]
    assert list(found["juries"]) == ["majority"]  # type: ignore[call-overload]


@pytest.mark.parametrize("group", ["judge", "perturbation", "jury"])
def test_every_catalogue_file_lands_under_its_own_name(group: str, tmp_path: Path) -> None:
    names = [entry.name for entry in catalog.entries(group) if entry.name not in RECORDED]
    found = configured(f"{group}=[{','.join(names)}]", cwd=tmp_path)
    plural = {"judge": "judges", "perturbation": "perturbations", "jury": "juries"}[group]
    assert list(found[plural]) == names  # type: ignore[call-overload]
    assert [node["name"] for node in found[plural].values()] == names  # type: ignore[attr-defined]


RECORDED = ("replay", "replay_ratings")
"""Recorded judges: one file makes many, so that they stand under the group's own name."""


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_judges_stand_under_the_group_s_own_name(name: str, tmp_path: Path) -> None:
    found = configured(f"judge={name}", "judge.path=v.jsonl", "judge.only=[gpt-4]", cwd=tmp_path)
    assert found["judge"] | {"name": name, "path": "v.jsonl", "only": ["gpt-4"]} == found["judge"]  # type: ignore[operator]
    assert "judges" not in found


def test_two_recordings_in_one_audit_are_refused_with_the_reason(tmp_path: Path) -> None:
    done = judgeaudit("run", *SMALL, "judge=[replay,replay_ratings]", cwd=tmp_path)
    assert done.returncode != 0
    assert "an audit has one recording, found both replay and replay_ratings; audit them apart" in done.stderr


@pytest.mark.parametrize("name", [entry.name for entry in catalog.entries("experiment")])
def test_every_experiment_composes(name: str, tmp_path: Path) -> None:
    assert configured(f"experiment={name}", cwd=tmp_path)["judges"]


def written(folder: Path, group: str, name: str, text: str) -> None:
    path = folder / group / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_user_s_own_folder_adds_judges_perturbations_and_juries_and_comes_first(tmp_path: Path) -> None:
    mine = tmp_path / "my"
    judge = "_target_: judgeaudit.judges.planted.PlantedJudge\nname: mine\nposition: 3.0\n"
    written(mine, "judge", "mine", f"# @package judges.mine\n{judge}")
    declared = "description: d\nfamily: control\nsource: s\nplace: prefix\n"
    grovel = "name: grovel\nversion: 1\nplacebo: placebo\nphrases: {en: [I beg your pardon.]}\n"
    written(mine, "perturbation", "grovel", f"# @package perturbations.grovel\n{declared}{grovel}")
    placebo = "name: placebo\nversion: 7\nphrases: {en: [Here is a reply.]}\n"
    written(mine, "perturbation", "placebo", f"# @package perturbations.placebo\n{declared}{placebo}")
    jury = "_target_: judgeaudit.juries.Jury\nname: two\nrule: unanimous\nmembers: [mine, planted_fair]\n"
    written(mine, "jury", "two", f"# @package juries.two\n{jury}")
    done = judgeaudit(
        "run", "--config-dir", "my", *SMALL, "judge=[mine,planted_fair]", "perturbation=[grovel]", "jury=two",
        "hydra.run.dir=out", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest["judges"]) == ["mine", "planted_fair"]
    assert {name: one["identity"]["version"] for name, one in manifest["perturbations"].items()} == {
        "grovel": 1,
        "placebo": 7,
    }
    assert manifest["juries"]["two"]["members"] == ["mine", "planted_fair"]


@pytest.mark.parametrize(
    ("group", "node", "text"),
    [
        ("judge", "judges", "_target_: judgeaudit.judges.control.LongerJudge\nname: stray\n"),
        ("perturbation", "perturbations", "name: stray\nprefix: Hello.\n"),
        ("jury", "juries", "# @package juries.other\nname: stray\n"),
    ],
)
def test_a_file_that_does_not_say_where_it_goes_is_refused_and_not_left_out(
    group: str, node: str, text: str, tmp_path: Path
) -> None:
    written(tmp_path / "my", group, "stray", text)
    done = judgeaudit("run", "--config-dir", "my", *SMALL, f"{group}=[stray]", cwd=tmp_path)
    assert done.returncode != 0
    assert f"# @package {node}.stray" in done.stderr


def test_a_jury_of_all_judges_does_not_sit_where_there_is_only_one(tmp_path: Path) -> None:
    done = judgeaudit("run", *SMALL, "judge=planted_fair", "hydra.run.dir=out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["juries_not_seated"] == ["majority"]
    assert "majority" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_a_second_run_into_the_same_folder_leaves_nothing_of_the_first(tmp_path: Path) -> None:
    for judges in ("judge=[planted_fair,planted_apology]", "judge=[control_longer]"):
        done = judgeaudit("run", *SMALL, judges, "hydra.run.dir=out", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    for path in (tmp_path / "out" / "tables").iterdir():
        assert "planted_fair" not in path.read_text(encoding="utf-8"), path.name


KEY = "sk-proj-abcdefghij0123456789abcdefghij"


def test_a_key_typed_as_an_override_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    done = judgeaudit("run", *SMALL, f"+judges.planted_fair.api_key={KEY}", cwd=tmp_path)
    assert done.returncode == 2
    assert KEY not in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("harmless", ["description=hf-internal-testing/tiny", "description=key_facts.jsonl"])
def test_a_name_that_only_begins_like_a_key_is_taken(harmless: str, tmp_path: Path) -> None:
    assert configured(harmless, cwd=tmp_path)["description"] == harmless.removeprefix("description=")


def test_what_comes_from_the_environment_is_not_written_down(tmp_path: Path) -> None:
    done = judgeaudit(
        "run",
        *SMALL,
        "description=${oc.env:PRIVATE}",
        "hydra.run.dir=out",
        cwd=tmp_path,
        PRIVATE="a private matter",
    )
    assert done.returncode == 0, done.stderr
    assert "a private matter" not in (tmp_path / "out" / "config.yaml").read_text(encoding="utf-8")


def test_help_info_and_search_path_answer_as_in_any_hydra_application(tmp_path: Path) -> None:
    helped = judgeaudit("run", "--help", cwd=tmp_path).stdout
    assert "== Configuration groups ==" in helped
    assert "judge: " in helped
    assert "perturbation: " in helped
    assert "judgeaudit://" in judgeaudit("run", "--info", "searchpath", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("judgeaudit run perturbation=apol", "perturbation=apology"),
        ("judgeaudit run jury=maj", "jury=majority"),
        ("judgeaudit run judge=control_f", "judge=control_first"),
        ("judgeaudit run design=", "design=standard"),
        ("judgeaudit perturb perturbation=apol", "perturbation=apology"),
    ],
)
def test_the_shell_completes_overrides_after_the_command(line: str, offered: str, tmp_path: Path) -> None:
    done = judgeaudit("-sc", "query=bash", cwd=tmp_path, COMP_LINE=line, COMP_POINT=str(len(line)))
    assert offered in done.stdout.split()


def test_the_completion_script_is_for_the_command(tmp_path: Path) -> None:
    assert judgeaudit("-sc", "install=bash", cwd=tmp_path).stdout.rstrip().endswith("judgeaudit")


def test_a_multirun_makes_one_job_for_each_combination_and_a_report_compares_them(tmp_path: Path) -> None:
    swept = judgeaudit(
        "run", "-m", *SMALL, "judge=planted_fair,planted_apology", "design.replicates=1,2",
        "hydra.sweep.dir=sweep", cwd=tmp_path,
    )  # fmt: skip
    assert swept.returncode == 0, swept.stderr
    jobs = sorted(path.parent.name for path in (tmp_path / "sweep").glob("*/report.html"))
    assert jobs == ["0", "1", "2", "3"]
    compared = judgeaudit("report", "sweep", cwd=tmp_path)
    assert compared.returncode == 0, compared.stderr
    comparison = (tmp_path / "sweep" / "comparison" / "report.html").read_text(encoding="utf-8")
    assert "design.replicates" in comparison
    assert "planted_apology" in comparison


def test_a_failed_job_does_not_stop_a_sweep(tmp_path: Path) -> None:
    swept = judgeaudit("run", "-m", *SMALL, "data.limit=0,6,-1", "hydra.sweep.dir=sweep", cwd=tmp_path)
    assert swept.returncode == 1
    for job in ("0", "2"):
        assert "Error: " in (tmp_path / "sweep" / job / "judgeaudit.log").read_text(encoding="utf-8")
    assert (tmp_path / "sweep" / "1" / "report.html").is_file()


def test_ctrl_c_says_how_to_go_on(tmp_path: Path, heeding_ctrl_c: Callable[[], object]) -> None:
    with subprocess.Popen(
        [COMMAND, "run", "report.figures=[]"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        preexec_fn=heeding_ctrl_c,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("planted_fair: ")  # the first judge is done
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "the same command goes on" in errors
    assert "Traceback" not in errors
    resumed = judgeaudit(
        "run", "judge=planted_fair", "report.figures=[]", "analysis.resamples=100", cwd=tmp_path
    )
    assert "planted_fair: nothing to buy" in resumed.stderr


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (["data=jsonl", "data.path=absent.jsonl"], "CorpusError: absent.jsonl: found no file there"),
        (["data=jsonl"], "Missing mandatory value: data.path"),
        (["design.replicates=0"], "ConfigurationError: design.replicates: found 0, expected at least 1"),
        (["+design.replicas=3"], "ConfigurationError: design: "),
        (["judge=[]"], "ConfigurationError: judge: found none"),
        (["jury=[opposite_biases]"], "ConfigurationError: jury opposite_biases: members"),
        (["ledger.url=nonsense"], "LedgerError: ledger.url: expected sqlite:///FILE"),
        (["perturbation=[verbosity_rewrite]"], "add judge@writer=NAME"),
        (["perturbation=[verbosity_rewrite]", "judge@writer=control_longer"], "expected a model judge"),
        (["analysis.slices=[nope]"], "ConfigurationError: analysis.slices: found 'nope'"),
        (["+report.nope=1"], "ConfigurationError: report.nope: "),
        (["judge=openai_compatible"], "Missing mandatory value: judges.openai_compatible.model"),
        (["judge=gtp-4o"], "Could not find 'judge/gtp-4o'"),
    ],
)
def test_a_user_s_mistake_is_told_in_words_and_without_a_stack(
    overrides: list[str], said: str, tmp_path: Path
) -> None:
    done = judgeaudit("run", *SMALL, *overrides, cwd=tmp_path)
    assert done.returncode != 0
    told = [line for line in done.stderr.splitlines() if not line.startswith("Error executing job")]
    assert said in "\n".join(told)
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_no_run_is_refused_with_advice(tmp_path: Path) -> None:
    for command in ("report", "verify"):
        done = judgeaudit(command, ".", cwd=tmp_path)
        assert done.returncode == 2
        assert "manifest.json" in done.stderr
        assert "Traceback" not in done.stderr


TWO = ["data.limit=6", "perturbation=[apology,typos]"]


def test_perturb_shows_counts_and_writes_the_texts_and_leaves_nothing_else(tmp_path: Path) -> None:
    done = judgeaudit("perturb", *TWO, "--show", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for shown in ("6 pairs of builtin", "apology · ", "typos · ", "{+I'm sorry", "Perturbed texts", "chrF"):
        assert shown in done.stdout
    assert "\x1b" not in done.stdout
    rows = [
        json.loads(line) for line in (tmp_path / "perturbed.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert {"apology", "typos", "placebo_of_apology"} <= {row["perturbation"] for row in rows}
    assert [path.name for path in tmp_path.iterdir()] == ["perturbed.jsonl"]


def test_perturb_writes_the_texts_that_an_audit_judges(tmp_path: Path) -> None:
    for arguments in (("perturb", *TWO, "--out", "texts.jsonl"), ("run", *SMALL, *TWO, "hydra.run.dir=out")):
        done = judgeaudit(*arguments, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    audited = pd.read_parquet(tmp_path / "out" / "texts.parquet")
    rows = [json.loads(line) for line in (tmp_path / "texts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["text"] for row in rows] == [None if pd.isna(text) else text for text in audited["text"]]


def test_perturb_takes_a_user_s_own_folder_and_prints_its_configuration(tmp_path: Path) -> None:
    found = OmegaConf.create(judgeaudit("perturb", "--cfg", "job", *TWO, cwd=tmp_path).stdout)
    assert list(found.perturbations) == ["apology", "typos"]
    source = next(entry.path for entry in catalog.entries("perturbation") if entry.name == "apology")
    text = source.read_text(encoding="utf-8").replace("perturbations.apology", "perturbations.mine")
    written(tmp_path / "my", "perturbation", "mine", text.replace("name: apology", "name: mine"))
    done = judgeaudit(
        "perturb", "--config-dir", "my", "perturbation=[mine]", "data.limit=2", "--show", "0", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "mine" in done.stdout


def test_a_sheet_goes_out_and_comes_back_to_perturb_and_to_the_report(tmp_path: Path) -> None:
    sent = judgeaudit(
        "perturb", *TWO, "--show", "0", "--review", "sheet.csv", "--review-size", "12", cwd=tmp_path
    )
    assert sent.returncode == 0, sent.stderr
    assert "Sheet for raters: sheet.csv (12 texts)" in sent.stdout
    again = judgeaudit("perturb", *TWO, "--review", "sheet.csv", cwd=tmp_path)
    assert again.returncode == 2
    assert "may hold a rater's work" in again.stderr
    sheet = tmp_path / "sheet.csv"
    text = sheet.read_text(encoding="utf-8-sig")
    sheet.write_text(text.replace(",,,,", ",yes,4,5,"), encoding="utf-8")
    (tmp_path / "second.csv").write_text(text.replace(",,,,", ",no,4,5,fine"), encoding="utf-8")
    both = ("--reviewed", "sheet.csv", "--reviewed", "second.csv")
    back = judgeaudit("perturb", *both, *TWO, "--show", "0", cwd=tmp_path)
    assert back.returncode == 0, back.stderr
    assert "Human review, 2 raters" in back.stdout
    assert "On the 12 texts that several rated, 0.0 % of the pairs of ratings agree" in back.stdout
    assert judgeaudit("run", *SMALL, *TWO, "hydra.run.dir=out", cwd=tmp_path).returncode == 0
    reported = judgeaudit("report", "out", *both, cwd=tmp_path)
    assert reported.returncode == 0, reported.stderr
    assert "Ratings: out/review.json (24 of 24 rows are rated)" in reported.stdout
    assert judgeaudit("verify", "out", cwd=tmp_path).returncode == 0
    strange = judgeaudit("perturb", *TWO, "seed=1", "--show", "0", "--reviewed", "sheet.csv", cwd=tmp_path)
    assert strange.returncode == 2
    assert "items that are not of these texts: 'text-" in strange.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["perturbation=[apologia,typos]"], "found 'apologia', expected some of: "),
        (["perturbation=apologia"], "found 'apologia', expected some of: "),
        (["perturbation=[]"], "judgeaudit perturb: perturbation: found none"),
        (["data=csv", "data.path=absent.csv"], "judgeaudit perturb: absent.csv: found no file there"),
        (["perturbation=[verbosity_rewrite]", "design.arms=[baseline,injected]"], "add judge@writer=NAME"),
        (["nope=1"], "Could not override 'nope'"),
        (["--show", "many"], "argument --show: invalid int value"),
        (["--out", "absent/texts.jsonl"], "--out: absent/texts.jsonl cannot be written"),
        (["--reviewed", "absent.csv"], "judgeaudit perturb: absent.csv: found no file there"),
        (["-m"], "takes no sweep"),
        ([f"+perturbations.apology.api_key={KEY}"], "judgeaudit perturb: an override looks like a key"),
    ],
)
def test_a_mistake_in_perturb_is_told_in_words_with_exit_code_2(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    done = judgeaudit("perturb", *TWO, "--show", "0", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert KEY not in done.stderr


def test_perturb_makes_no_folder_even_where_it_is_told_to(tmp_path: Path) -> None:
    done = judgeaudit(
        "perturb", *TWO, "--show", "0", "hydra.mode=MULTIRUN", "hydra.run.dir=elsewhere", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["perturbed.jsonl"]


def test_the_help_of_perturb_names_its_options(tmp_path: Path) -> None:
    helped = judgeaudit("perturb", "--help", cwd=tmp_path).stdout
    for option in ("--out", "--show", "--review ", "--review-size", "--reviewed", "judgeaudit run --help"):
        assert option in helped
