"""The command line: an ordinary Hydra application, with a catalogue."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from judgeaudit import catalog

COMMAND = Path(sys.executable).with_name("judgeaudit")
SMALL = [
    "data.limit=6",
    "judge=[planted_fair,control_longer]",
    "perturbation=[apology]",
    "jury=[]",
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


def test_help_answers_within_a_second_and_imports_nothing_heavy(tmp_path: Path) -> None:
    code = "import sys, judgeaudit.cli; print([m for m in ('pandas', 'torch', 'litellm', 'hydra') if m in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed == "[]\n"
    fastest = min(_seconds("--help", cwd=tmp_path) for _ in range(3))
    assert fastest < 1.0


def _seconds(*arguments: str, cwd: Path) -> float:
    start = time.monotonic()
    assert judgeaudit(*arguments, cwd=cwd).returncode == 0
    return time.monotonic() - start


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
    names = [entry.name for entry in catalog.entries(group)]
    found = configured(f"{group}=[{','.join(names)}]", cwd=tmp_path)
    plural = {"judge": "judges", "perturbation": "perturbations", "jury": "juries"}[group]
    assert list(found[plural]) == names  # type: ignore[call-overload]
    assert [node["name"] for node in found[plural].values()] == names  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", [entry.name for entry in catalog.entries("experiment")])
def test_every_experiment_composes(name: str, tmp_path: Path) -> None:
    assert configured(f"experiment={name}", cwd=tmp_path)["judges"]


def test_a_user_s_own_folder_adds_judges_and_perturbations(tmp_path: Path) -> None:
    for group, name in (("judge", "mine"), ("perturbation", "grovel")):
        (tmp_path / "my" / group).mkdir(parents=True)
        plural = f"{group}s"
        (tmp_path / "my" / group / f"{name}.yaml").write_text(f"# @package {plural}.{name}\nname: {name}\n")
    found = configured("--config-dir", "my", "judge=mine", "perturbation=[grovel,apology]", cwd=tmp_path)
    assert list(found["judges"]) == ["mine"]  # type: ignore[call-overload]
    assert list(found["perturbations"]) == ["grovel", "apology"]  # type: ignore[call-overload]


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
    ],
)
def test_the_shell_completes_overrides_after_the_word_run(line: str, offered: str, tmp_path: Path) -> None:
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
    swept = judgeaudit("run", "-m", *SMALL, "data.limit=0,6", "hydra.sweep.dir=sweep", cwd=tmp_path)
    assert swept.returncode == 1
    assert (tmp_path / "sweep" / "1" / "report.html").is_file()


@pytest.mark.parametrize(
    ("overrides", "named"),
    [
        (["data=jsonl", "data.path=absent.jsonl"], "absent.jsonl"),
        (["design.replicates=0"], "design.replicates"),
        (["design.replicas=3"], "replicas"),
        (["judge=[]"], "judge"),
        (["jury=[opposite_biases]"], "opposite_biases"),
        (["ledger.url=nonsense"], "ledger.url"),
        (["perturbation=[verbosity_rewrite]"], "judge@writer"),
        (["perturbation=[verbosity_rewrite]", "judge@writer=control_longer"], "expected a model judge"),
        (["judge=gtp-4o"], "gtp-4o"),
    ],
)
def test_a_user_s_mistake_is_told_in_words_and_without_a_stack(
    overrides: list[str], named: str, tmp_path: Path
) -> None:
    done = judgeaudit("run", *SMALL, *overrides, cwd=tmp_path)
    assert done.returncode != 0
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_no_run_is_refused_with_advice(tmp_path: Path) -> None:
    for command in ("report", "verify"):
        done = judgeaudit(command, ".", cwd=tmp_path)
        assert done.returncode == 2
        assert "run" in done.stderr
        assert "Traceback" not in done.stderr
