"""The wheel: everything a user needs travels in it and is found from anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CATALOGUE = ("conf", "perturbations", "juries", "reports")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    [built] = folder.glob("*.whl")
    return built


def test_the_wheel_holds_every_file_of_the_four_catalogue_folders(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    for folder in CATALOGUE:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file():
                assert f"judgeaudit/_catalog/{path.relative_to(ROOT).as_posix()}" in held
    assert any(name.endswith("corpora/builtin/multilingual.jsonl") for name in held)
    assert not any(name.startswith(("tests/", "benchmarks/", ".ci/")) for name in held)


def test_an_installed_wheel_audits_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """A fresh environment that borrows the dependencies, but not judgeaudit, from this one."""
    fresh = tmp_path / "fresh"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(fresh)], check=True)
    [site] = (fresh / "lib").glob("python*/site-packages")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(fresh),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    borrowed = tmp_path / "borrowed"
    borrowed.mkdir()
    [here] = [Path(path) for path in sys.path if path.endswith("site-packages")][:1]
    for path in here.iterdir():
        if "judgeaudit" not in path.name and not path.name.endswith(".pth"):
            (borrowed / path.name).symlink_to(path)
    (site / "borrowed.pth").write_text(f"{borrowed}\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}

    def run(program: str, *arguments: str) -> str:
        done = subprocess.run(
            [fresh / "bin" / program, *arguments],
            capture_output=True,
            text=True,
            cwd=elsewhere,
            env=environment,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    found = run("python", "-c", "from judgeaudit import catalog; print(catalog.root())").strip()
    assert Path(found) == (site / "judgeaudit" / "_catalog").resolve()
    run("judgeaudit", "run", "experiment=smoke", "engine.progress=off")
    assert list(elsewhere.glob("outputs/*/*/report.html"))
