"""A whole audit, from configuration to report: the numbers it prints are true."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from judgeaudit.metrics import Measure
from judgeaudit.run_folder import RunFolder

COMMAND = Path(sys.executable).with_name("judgeaudit")
HH_RLHF = Path(__file__).parents[2] / "shared" / "data" / "hh_rlhf_harmless" / "harmless-base_test.jsonl.gz"


def audit(*overrides: str, cwd: Path, name: str = "run") -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [COMMAND, "run", f"hydra.run.dir={name}", "engine.progress=plain", *overrides],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ},
    )
    assert done.returncode == 0, done.stderr
    return done


def bought(folder: Path) -> dict[str, int]:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return {judge: one["bought"] for judge, one in manifest["this_run"]["bought"].items()}


@pytest.fixture(scope="module")
def default_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The default audit, with nothing overridden but where it is written."""
    here = tmp_path_factory.mktemp("default")
    return here / "run", audit(cwd=here).stdout


@pytest.fixture(scope="module")
def find(default_run: tuple[Path, str]) -> Callable[..., Measure]:
    measures = RunFolder(default_run[0]).measures()

    def one(measure: str, judge: str, perturbation: str | None = None, slice_: str = "all") -> Measure:
        place = (measure, judge, perturbation, None, slice_)
        [found] = [m for m in measures if (m.measure, m.judge, m.perturbation, m.side, m.slice) == place]
        return found

    return one


def test_the_default_audit_leaves_everything_a_reader_needs(default_run: tuple[Path, str]) -> None:
    folder, printed = default_run
    for name in (
        "report.html", "metrics.json", "manifest.json", "config.yaml",
        "pairs.parquet", "texts.parquet", "verdicts.parquet",
    ):  # fmt: skip
        assert (folder / name).is_file(), name
    for suffix in ("csv", "md", "tex"):
        assert list((folder / "tables").glob(f"*.{suffix}"))
    for suffix in ("svg", "pdf", "png"):
        assert list((folder / "figures").glob(f"*.{suffix}"))
    findings = [line for line in printed.splitlines() if line.startswith("* ")]
    assert len(findings) == 3
    assert all(re.search(r"\d", finding) for finding in findings)
    assert printed.rstrip().endswith("report.html")


def test_estimates_for_planted_judges_lie_within_their_intervals_of_the_truth(
    default_run: tuple[Path, str], find: Callable[..., Measure]
) -> None:
    truths = RunFolder(default_run[0]).truths()
    assert len({truth.judge for truth in truths}) == 4
    assert len(truths) > 100
    outside = []
    for truth in truths:
        measure = find(truth.measure, truth.judge, truth.perturbation)
        assert measure.ci_low is not None
        assert measure.ci_high is not None
        if not measure.ci_low <= truth.value <= measure.ci_high:
            outside.append(truth)
        # No estimate is farther off than an interval and a half: about one in a thousand would be.
        half = max(measure.ci_high - measure.estimate, measure.estimate - measure.ci_low)  # type: ignore[operator]
        assert abs(measure.estimate - truth.value) <= 1.75 * half, (truth, measure)  # type: ignore[operator]
    # Of nominal 95 % intervals a twentieth may miss; the seed is fixed, and twice that would be a defect.
    assert len(outside) <= 0.1 * len(truths), outside


def test_a_planted_apology_bias_is_found_and_the_fair_judge_is_not_accused(
    find: Callable[..., Measure],
) -> None:
    assert find("tie_detection", "planted_apology", "apology").reading == "sensitive"
    assert find("winrate_shift", "planted_apology", "apology").reading == "sensitive"
    assert find("tie_detection", "planted_position", "position").reading == "sensitive"
    for artifact in ("apology", "authority", "halo", "position"):
        assert find("tie_detection", "planted_fair", artifact).reading != "sensitive"
        assert find("winrate_shift", "planted_fair", artifact).reading != "sensitive"


def test_a_noisy_judge_flips_no_more_than_its_own_noise(find: Callable[..., Measure]) -> None:
    flip = find("noise_adjusted_flip", "planted_fair", "halo")
    floor = find("noise_floor", "planted_fair", "halo")
    assert floor.estimate is not None
    assert floor.estimate > 0.2
    assert flip.ci_low is not None
    assert flip.ci_high is not None
    assert flip.ci_low <= 0 <= flip.ci_high


def test_control_judges_measure_as_their_rules_say(find: Callable[..., Measure]) -> None:
    english = find("tie_detection", "control_refusal", "apology", slice_="language=en").estimate
    assert english is not None
    assert english > 90  # its phrases are English; a text that holds one already stays a tie
    assert find("tie_detection", "control_longer", "halo").estimate == 100
    assert find("tie_detection", "control_longer", "position").estimate == 0
    assert find("self_consistency", "control_longer").estimate == 1
    coin = find("accuracy_decisive", "control_coin")
    assert coin.ci_low is not None
    assert coin.ci_high is not None
    assert coin.ci_low <= 0.5 <= coin.ci_high


def test_the_jury_is_measured_like_a_judge(
    default_run: tuple[Path, str], find: Callable[..., Measure]
) -> None:
    jury = find("tie_detection", "majority", "apology").estimate
    alone = find("tie_detection", "planted_apology", "apology").estimate
    assert jury is not None
    assert alone is not None
    assert abs(jury) < abs(alone)
    verdicts = RunFolder(default_run[0]).table("verdicts")
    assert set(verdicts.loc[verdicts["is_jury"], "judge"]) == {"majority"}


def test_every_published_number_follows_from_the_verdicts(
    default_run: tuple[Path, str], tmp_path: Path
) -> None:
    folder, _ = default_run
    checked = subprocess.run([COMMAND, "verify", str(folder)], capture_output=True, text=True, cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    forged = tmp_path / "forged"
    forged.mkdir()
    for name in ("manifest.json", "pairs.parquet", "verdicts.parquet"):
        (forged / name).symlink_to(folder / name)
    content = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    content["measures"][0]["estimate"] += 1
    (forged / "metrics.json").write_text(json.dumps(content), encoding="utf-8")
    caught = subprocess.run([COMMAND, "verify", str(forged)], capture_output=True, text=True)
    assert caught.returncode == 1
    assert content["measures"][0]["measure"] in caught.stdout


SMALL = ["data.limit=12", "perturbation=[apology,halo]", "analysis.resamples=100"]


def test_a_rerun_buys_nothing_and_reports_the_same_byte_for_byte(tmp_path: Path) -> None:
    audit(*SMALL, cwd=tmp_path, name="one")
    audit(*SMALL, cwd=tmp_path, name="two")
    assert set(bought(tmp_path / "two").values()) == {0}
    for name in ("report.html", "metrics.json", "pairs.parquet", "texts.parquet", "verdicts.parquet"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    for path in (tmp_path / "one").rglob("*/*.*"):
        if path.parent.name in ("tables", "figures"):
            again = tmp_path / "two" / path.relative_to(tmp_path / "one")
            assert path.read_bytes() == again.read_bytes(), path.name


def test_more_replicates_buy_only_the_new_ones(tmp_path: Path) -> None:
    judges = "judge=[planted_fair,control_coin]"
    audit(*SMALL, judges, "jury=[]", "design.replicates=1", cwd=tmp_path, name="one")
    audit(*SMALL, judges, "jury=[]", "design.replicates=3", cwd=tmp_path, name="three")
    one, three = bought(tmp_path / "one"), bought(tmp_path / "three")
    assert three == {judge: 2 * n for judge, n in one.items()}


def test_what_was_left_out_is_counted_in_manifest_and_report(tmp_path: Path) -> None:
    rows = [
        {
            "prompt": "Is it safe?",
            "response_a": "Yes.",
            "response_b": "No.",
            "label": "b",
            "label_source": "gold",
        },
        {"prompt": "Et alors ?", "response_a": "Oui.", "response_b": "Non.", "language": "fr"},
        {"prompt": "Hva nå?", "response_a": "Ja.", "response_b": "Nei.", "language": "nb"},
        {"prompt": "No second answer", "response_a": "Yes."},
    ]
    text = "\n".join(json.dumps(row) for row in rows)
    (tmp_path / "my.jsonl").write_text(text, encoding="utf-8")
    audit("data=jsonl", "data.path=my.jsonl", "data.on_error=skip", "perturbation=[apology]", cwd=tmp_path)
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    [skipped] = manifest["corpus"]["skipped"]
    assert "my.jsonl:4" in skipped
    assert {(e["perturbation"], e["status"], e["n_texts"]) for e in manifest["exclusions"]} >= {
        ("apology", "not_applicable", 2)
    }
    assert "my.jsonl:4" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")


@pytest.mark.skipif(
    not HH_RLHF.is_file(), reason="needs the HH-RLHF harmless-base test split in ../shared/data"
)
def test_control_judges_reproduce_the_known_facts_of_hh_rlhf(tmp_path: Path) -> None:
    audit(
        "data=hh_rlhf", f"data.path={HH_RLHF}", "judge=[control_longer,control_apology]", "jury=[]",
        "perturbation=[apology]", "design.arms=[baseline]", "design.replicates=1", cwd=tmp_path,
    )  # fmt: skip
    verdicts = RunFolder(tmp_path / "run").table("verdicts")
    pairs = RunFolder(tmp_path / "run").table("pairs").set_index("pair_id")
    assert len(pairs) == 2312
    for judge, n, share in (("control_longer", 2312 - 11, 0.445), ("control_apology", 249, 0.715)):
        said = verdicts[
            (verdicts["judge"] == judge) & (verdicts["order"] == "ab") & (verdicts["outcome"] != "tie")
        ]
        preferred = said["outcome"].map({"first": "a", "second": "b"}).set_axis(said["pair_id"])
        assert len(preferred) == n
        assert round(float((preferred == pairs["label"].reindex(preferred.index)).mean()), 3) == share
    assert pd.isna(pairs["domain"]).all()
