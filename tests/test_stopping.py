"""An audit that stops buys no more for what is decided, errs no more often than it says, and can be checked."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from judgeaudit import runner, stopping
from judgeaudit.design import Design, plan
from judgeaudit.errors import ConfigurationError
from judgeaudit.judges.base import Request
from judgeaudit.judges.planted import PlantedJudge
from judgeaudit.ledger import Ledger
from judgeaudit.metrics import CellName, Decision, Measure
from judgeaudit.metrics.decisions import STOPPED_CELL, STOPPED_JUDGE
from judgeaudit.records import Arm, Pair, Turn, Verdict
from judgeaudit.run_folder import RunFolder
from judgeaudit.stats import Reading
from judgeaudit.verify import differences

COMMAND = Path(sys.executable).with_name("judgeaudit")


# Stages.


def test_stages_are_nested_seeded_and_cover_every_pair_once() -> None:
    names = [f"pair-{i}" for i in range(200)]
    found = stopping.stages(names, seed=3)
    assert sorted(found) == sorted(names)
    sizes = np.bincount(list(found.values()))
    assert np.cumsum(sizes).tolist() == stopping.stage_ends(200) == [20, 30, 45, 67, 101, 151, 200]
    assert stopping.stages(names[::-1], seed=3) == found
    assert stopping.stages(names, seed=4) != found


def test_a_corpus_within_the_first_stage_is_one_stage() -> None:
    assert set(stopping.stages(["x", "y"], seed=0).values()) == {0}
    assert stopping.stage_ends(20) == [20]


# What is asked of whom.

KINDS = frozenset(
    {
        (Arm.BASELINE, None), (Arm.IDENTICAL, None),
        (Arm.TIE, "apology"), (Arm.TIE, "control"), (Arm.TIE, "halo"),
        (Arm.INJECTED, "apology"), (Arm.PLACEBO, "control"), (Arm.INJECTED, "halo"), (Arm.BOTH, "apology"),
    }
)  # fmt: skip
CELLS = [
    ("tie_detection", "apology"), ("tie_detection", "halo"), ("tie_detection", "position"),
    ("winrate_shift", "apology"), ("winrate_shift", "halo"), ("winrate_shift", "position"),
]  # fmt: skip


def wanted(
    decided: dict[tuple[str, str], int], judge: str = "j", stage: int = 1
) -> set[tuple[Arm, str | None]]:
    """What is asked in a stage where some cells of judge j were decided after a given one."""
    decisions = [
        Decision(
            CellName(measure, "j", name), decided.get((measure, name)), Reading.INCONCLUSIVE, 20, 1.0, 1.0
        )
        for measure, name in CELLS
    ]
    return set(
        stopping.kinds_wanted(judge, stage, KINDS, decisions, {"j": ("member",)}, {"apology": "control"})
    )


def test_everything_is_asked_while_nothing_is_decided_and_nothing_when_all_is() -> None:
    assert wanted({}) == KINDS
    assert wanted(dict.fromkeys(CELLS, 0)) == set()


def test_a_decided_cell_ends_its_own_trials_and_those_of_its_control() -> None:
    assert KINDS - wanted({("tie_detection", "apology"): 0}) == {(Arm.TIE, "apology"), (Arm.TIE, "control")}
    assert KINDS - wanted({("tie_detection", "position"): 0}) == {(Arm.IDENTICAL, None)}
    assert KINDS - wanted({("winrate_shift", "apology"): 0}) == {
        (Arm.INJECTED, "apology"),
        (Arm.PLACEBO, "control"),
    }


def test_the_baseline_goes_on_while_any_cell_compares_with_it() -> None:
    ties = {cell: 0 for cell in CELLS if cell[0] == "tie_detection"}
    for still_open in ("apology", "halo", "position"):
        shifts = {
            ("winrate_shift", name): 0 for name in ("apology", "halo", "position") if name != still_open
        }
        assert (Arm.BASELINE, None) in wanted({**ties, **shifts})
    assert (Arm.BASELINE, None) not in wanted({cell: 0 for cell in CELLS if cell[0] == "winrate_shift"})


def test_an_arm_that_no_cell_needs_goes_on_while_its_judge_has_an_open_cell() -> None:
    most = dict.fromkeys(CELLS[1:], 0)
    assert wanted(most) == {(Arm.TIE, "apology"), (Arm.TIE, "control"), (Arm.BOTH, "apology")}


def test_what_is_decided_in_a_stage_ends_nothing_in_that_stage() -> None:
    assert wanted(dict.fromkeys(CELLS, 1), stage=1) == KINDS
    assert wanted(dict.fromkeys(CELLS, 1), stage=2) == set()


def test_a_juror_is_asked_what_its_jury_needs_and_a_judge_without_a_cell_everything() -> None:
    assert wanted(dict.fromkeys(CELLS[:3], 0), judge="member") == wanted(dict.fromkeys(CELLS[:3], 0))
    assert wanted(dict.fromkeys(CELLS, 0), judge="control_coin") == KINDS


def test_a_factorial_effect_needs_every_combination_and_the_baseline() -> None:
    cell = CellName("main_effect", "j", "apology of apology+halo")
    found = set(stopping._needs(cell, {}))
    assert {name for arm, name in found if arm is Arm.INJECTED} == {"apology", "halo", "apology+halo"}
    assert (Arm.BASELINE, None) in found


# The engine.

PAIRS = {f"p{i}": Pair(f"p{i}", (Turn("user", "?"),), f"yes {i}", f"no {i}", label="a") for i in range(60)}
TRIALS = plan(Design(arms=["baseline", "identical"]), list(PAIRS.values()), [], [], frozenset()).trials


class Interrupted(PlantedJudge):
    """A planted judge that is interrupted after so many verdicts."""

    def __init__(self, name: str, after: int | None = None) -> None:
        super().__init__(name, position=3.0)
        self.after = after
        self.asked: list[str] = []

    async def verdicts(self, requests: Sequence[Request]) -> AsyncIterator[tuple[int, Verdict]]:
        async for item in super().verdicts(requests):
            if self.after is not None and len(self.asked) >= self.after:
                raise KeyboardInterrupt
            self.asked.append(requests[item[0]].pair.id)
            yield item


def in_stages(judge: PlantedJudge, ledger: Ledger, decided_after: int) -> runner.Judged:
    """All cells are decided after a given stage."""
    name = CellName("winrate_shift", judge.name, "position")
    tie = CellName("tie_detection", judge.name, "position")

    def decide(said: Sequence[runner.Judged]) -> list[Decision]:
        counted = {key for key in said[0].keys if key is not None}
        assert counted <= said[0].verdicts.keys()
        return [Decision(one, decided_after, Reading.SENSITIVE, 20, 0.0, 0.0) for one in (name, tie)]

    rule = stopping.Stopping(stopping.stages(PAIRS, 0), {}, {}, decide)
    [judged] = stopping.run_in_stages([judge], TRIALS, PAIRS, ledger, runner.Engine(progress="off"), rule)
    return judged


def test_only_the_trials_of_stages_before_the_decision_are_bought(tmp_path: Path) -> None:
    judge = Interrupted("j")
    with Ledger(f"sqlite:///{tmp_path}/ledger.sqlite") as ledger:
        judged = in_stages(judge, ledger, decided_after=1)
    stages = stopping.stages(PAIRS, 0)
    for trial, key in zip(TRIALS, judged.keys, strict=True):
        assert (key is not None) == (stages[trial.pair_id] <= 1)
        assert key is None or key in judged.verdicts
    assert judged.n_bought == len(judge.asked) == len(judged.verdicts)
    assert set(judge.asked[: 20 * 4]) == {name for name, stage in stages.items() if stage == 0}


def test_an_interrupted_audit_goes_on_where_it_was_and_ends_the_same(tmp_path: Path) -> None:
    with Ledger(f"sqlite:///{tmp_path}/whole.sqlite") as ledger:
        whole = in_stages(Interrupted("j"), ledger, decided_after=2)
    with Ledger(f"sqlite:///{tmp_path}/parts.sqlite") as ledger:
        with pytest.raises(KeyboardInterrupt):
            in_stages(Interrupted("j", after=100), ledger, decided_after=2)
        rest = Interrupted("j")
        resumed = in_stages(rest, ledger, decided_after=2)
        again = in_stages(Interrupted("j"), ledger, decided_after=2)
    assert resumed.keys == whole.keys
    assert resumed.n_known == 100
    assert resumed.n_bought == len(rest.asked) == whole.n_bought - 100
    assert (again.n_bought, again.n_known) == (0, whole.n_bought)


# A whole audit.


def audit(*overrides: str, cwd: Path, name: str) -> Path:
    done = subprocess.run(
        [
            COMMAND, "run", f"hydra.run.dir={name}", "engine.progress=off", "judge=[planted_fair,planted_apology]",
            "jury=[]", "perturbation=[apology]", "design.replicates=1", "design.arms=[baseline,injected,tie,identical]",
            "analysis.resamples=100", "report.figures=[]", *overrides,
        ],
        capture_output=True, text=True, cwd=cwd,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return cwd / name


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return audit("design.stop=when_decided", cwd=tmp_path_factory.mktemp("stopped"), name="run")


def manifest_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def find(folder: Path, measure: str, judge: str, perturbation: str | None, slice_: str = "all") -> Measure:
    [found] = [
        one
        for one in RunFolder(folder).measures()
        if (one.measure, one.judge, one.perturbation, one.side, one.slice)
        == (measure, judge, perturbation, None, slice_)
    ]
    return found


def test_a_strongly_biased_judge_is_decided_in_the_first_stage_and_asked_less(stopped: Path) -> None:
    manifest = manifest_of(stopped)
    cells = {
        (one["judge"], one["measure"], one["perturbation"]): one for one in manifest["stopping"]["cells"]
    }
    assert len(cells) == 8
    of_apology = cells["planted_apology", "tie_detection", "apology"]
    assert (of_apology["stage"], of_apology["n_pairs"], of_apology["reading"]) == (1, 20, "sensitive")
    verdicts = RunFolder(stopped).table("verdicts")
    own = verdicts[(verdicts["judge"] == "planted_apology") & (verdicts["arm"] == "tie")]
    asked = own[own["outcome"] != "missing"]
    assert asked["pair_id"].nunique() == 20
    assert own["pair_id"].nunique() == manifest["corpus"]["n_pairs"]
    assert manifest["this_run"]["bought"]["planted_apology"]["bought"] < manifest["n_trials"] / 2


def test_the_cell_is_published_as_it_was_decided_and_says_so(stopped: Path) -> None:
    found = find(stopped, "tie_detection", "planted_apology", "apology")
    assert found.n_pairs == 20
    assert found.reading is Reading.SENSITIVE
    assert found.ci_method == "betting confidence sequence over pairs"
    assert found.caution == STOPPED_CELL
    assert found.p is not None
    assert found.p_adjusted is not None
    assert found.p <= found.p_adjusted < 0.05
    assert found.ci_low is not None
    assert found.estimate is not None
    assert found.ci_low > 0
    accuracy = find(stopped, "accuracy", "planted_apology", None)
    assert accuracy.caution == STOPPED_JUDGE
    assert not [one for one in RunFolder(stopped).measures() if one.measure == "missing_rate"]


def test_the_report_says_what_was_not_bought_and_why(stopped: Path) -> None:
    page = (stopped / "report.html").read_text(encoding="utf-8")
    assert "Verdicts were bought in stages" in page
    assert "verdicts not bought" in page
    assert "had been decided" in page
    assert "recorded" not in page.split("<body", 1)[1].replace("not recorded]", "")


def test_the_run_is_verified_and_whatever_was_changed_is_named(stopped: Path, tmp_path: Path) -> None:
    assert differences(stopped) == []
    copy = shutil.copytree(stopped, tmp_path / "copy")
    manifest = manifest_of(copy)
    [cell] = [one for one in manifest["stopping"]["cells"] if one["n_pairs"] == 20][:1]
    cell["stage"] = 2
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert any(f"stopping of {cell['measure']}" in line for line in differences(copy))


def test_verdicts_that_were_bought_or_dropped_against_the_rule_are_named(
    stopped: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(stopped, tmp_path / "copy")
    verdicts = pd.read_parquet(copy / "verdicts.parquet")
    kept = (verdicts["judge"] == "planted_fair") & (verdicts["arm"] == "baseline")
    [last] = verdicts.index[kept & (verdicts["outcome"] != "missing")][-1:]
    verdicts.loc[last, ["outcome", "key"]] = ["missing", None]
    verdicts.to_parquet(copy / "verdicts.parquet", index=False)
    assert any("planted_fair" in line and "were asked though" in line for line in differences(copy))


def test_a_rerun_buys_nothing_and_reports_the_same(stopped: Path) -> None:
    again = audit("design.stop=when_decided", cwd=stopped.parent, name="again")
    assert {one["bought"] for one in manifest_of(again)["this_run"]["bought"].values()} == {0}
    for name in ("report.html", "metrics.json", "verdicts.parquet"):
        assert (stopped / name).read_bytes() == (again / name).read_bytes(), name


def test_a_ledger_that_knows_more_changes_nothing_and_without_stopping_all_is_bought(
    stopped: Path, tmp_path: Path
) -> None:
    whole = audit(cwd=tmp_path, name="whole")
    bought, fewer = (
        {judge: one["bought"] for judge, one in manifest_of(folder)["this_run"]["bought"].items()}
        for folder in (whole, stopped)
    )
    assert fewer["planted_apology"] < bought["planted_apology"] / 2
    assert fewer["planted_fair"] <= bought["planted_fair"]
    assert manifest_of(whole)["stopping"] is None
    again = audit("design.stop=when_decided", cwd=tmp_path, name="again")
    assert (again / "metrics.json").read_bytes() == (stopped / "metrics.json").read_bytes()


def test_an_unknown_way_to_stop_is_named() -> None:
    with pytest.raises(
        ConfigurationError, match=r"design\.stop: found 'soon', expected null or when_decided"
    ):
        Design(stop="soon")  # type: ignore[arg-type]


def test_recorded_judges_cannot_be_stopped(stopped: Path, tmp_path: Path) -> None:
    name = RunFolder(stopped).table("pairs")["pair_id"].iloc[0]
    recorded = tmp_path / "verdicts.jsonl"
    row = {"pair_id": name, "judge": "j", "verdict": "first", "order": "ab"}
    recorded.write_text(json.dumps(row) + "\n", encoding="utf-8")
    done = subprocess.run(
        [
            COMMAND, "run", "hydra.run.dir=run", "judge=replay", f"judge.path={recorded}", "jury=[]",
            "perturbation=[]", "design=recorded", "design.stop=when_decided",
        ],
        capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode != 0
    assert "design.stop: found 'when_decided' with the recorded judges ['j']" in done.stderr
    assert "design.stop=null" in done.stderr
