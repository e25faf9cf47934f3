"""The documentation's page of perturbations is what the catalogue's files declare."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from judgeaudit import catalog
from judgeaudit.perturb.catalogue import page

ROOT = Path(__file__).parents[1]
COMMAND = Path(sys.executable).with_name("judgeaudit")


def listed(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, "list", *arguments], capture_output=True, text=True)


def test_the_page_is_what_the_command_prints() -> None:
    written = (ROOT / "docs" / "perturbation-catalogue.md").read_text(encoding="utf-8")
    assert written == page() == listed("perturbation", "--markdown").stdout


def test_every_perturbation_is_listed_with_its_place_doses_and_languages() -> None:
    shown = listed("perturbation").stdout
    for entry in catalog.entries("perturbation"):
        assert f" {entry.name} " in shown
    assert "refusal: apologies and refusals" in shown
    assert "dose 1*, 3 phrases" in " ".join(shown.split())


def test_only_perturbations_have_a_page() -> None:
    done = listed("judge", "--markdown")
    assert done.returncode == 2
    assert "--markdown: found the group 'judge', expected perturbation" in done.stderr


def test_the_readme_counts_the_perturbations() -> None:
    n = len(list(catalog.entries("perturbation")))
    assert f"{n} perturbations, each one YAML file" in (ROOT / "README.md").read_text(encoding="utf-8")
