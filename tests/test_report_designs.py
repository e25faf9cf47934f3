"""What a report shows of doses, crossed artifacts and artifacts on both sides, and only where an audit has them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from judgeaudit.report.dose_response import dose_facets
from judgeaudit.report.run import Run, read_run

COMMAND = Path(sys.executable).with_name("judgeaudit")
SMALL = [
    "data.limit=12",
    "analysis.resamples=100",
    "engine.progress=off",
    "design.replicates=1",
    "analysis.slices=[]",
]


def audited(here: Path, *overrides: str) -> Path:
    done = subprocess.run(
        [COMMAND, "run", "hydra.run.dir=run", *SMALL, *overrides], capture_output=True, text=True, cwd=here
    )
    assert done.returncode == 0, done.stderr
    return here / "run"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return audited(
        tmp_path_factory.mktemp("designs"),
        "judge=[planted_apology,control_longer]", "jury=[]", "perturbation=[apology,halo,typos]",
        "perturbations.apology.dose=[1,3]", "perturbations.typos.dose=[0.1,0.5]",
        "design.factorial=[[apology@1,halo]]", "design.arms=[baseline,injected,both,tie,placebo]",
    )  # fmt: skip


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    return read_run(folder)


def test_each_dose_stands_in_the_manifest_with_its_unit(run: Run) -> None:
    about = run.manifest["perturbations"]
    assert {name: (one["base"], one["dose"]) for name, one in about.items() if not one["is_placebo"]} == {
        "apology@1": ("apology", 1),
        "apology@3": ("apology", 3),
        "halo": ("halo", 1),
        "typos@0.1": ("typos", 0.1),
        "typos@0.5": ("typos", 0.5),
        "apology@1+halo": ("apology@1+halo", None),
    }
    assert about["apology@1"]["dose_unit"] == "phrases"
    assert about["apology@1"]["placebo"] == "placebo_of_apology@1"


def test_the_dose_figure_has_a_facet_for_each_perturbation_at_several_doses(run: Run) -> None:
    spec = next(one for one in run.recipe.figures if one.kind == "doses")
    facets = {facet.base: facet for facet in dose_facets(run, spec)}
    assert set(facets) == {"apology", "typos"}
    assert facets["apology"].unit == "phrases"
    longer = facets["apology"].estimates["control_longer"]
    assert [dose for dose, _ in longer] == [1, 3]
    assert longer[1][1] == run.cell("winrate_shift", "control_longer", "apology@3")


def test_the_figure_and_the_tables_stand_in_the_report(folder: Path) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    for name in ("both_sides", "main_effects", "interactions"):
        assert (folder / "tables" / f"{name}.csv").is_file()
        assert f'id="section-{name.replace("_", "-")}"' in page
    assert (folder / "figures" / "dose_response.pdf").stat().st_size > 1000
    assert re.search(r"Line plot over the dose of 2 judges in 2 facets: apology and typos", page)


def test_the_margins_of_a_factorial_are_rows_of_their_tables(folder: Path) -> None:
    main = (folder / "tables" / "main_effects.md").read_text(encoding="utf-8")
    assert "apology@1 of apology@1+halo" in main
    assert "halo of apology@1+halo" in main
    assert "| planted\\_apology | apology@1+halo |" in (folder / "tables" / "interactions.md").read_text(
        encoding="utf-8"
    )


def test_an_audit_without_such_designs_has_no_such_tables_or_figures(tmp_path: Path) -> None:
    folder = audited(tmp_path, "judge=control_longer", "jury=[]", "perturbation=[halo]")
    for name in ("both_sides", "main_effects", "interactions"):
        assert not (folder / "tables" / f"{name}.csv").exists()
    assert not (folder / "figures" / "dose_response.pdf").exists()
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["writer"] is None
