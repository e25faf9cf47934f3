"""Every command that the pages on data, recordings and guards print can be typed: what it names is there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from omegaconf import DictConfig, OmegaConf

from judgeaudit import catalog
from judgeaudit.composed_command import LEAVES_NOTHING
from judgeaudit.configured import made
from judgeaudit.errors import CorpusError
from judgeaudit.import_command import import_data
from judgeaudit.plan_command import plan

ROOT = Path(__file__).parents[1]
PAGES = ("../README.md", "datasets.md", "recordings.md", "guard-and-reward-models.md", "planning.md")
USAGE = ["NAME", "SRC", "OUT"]

RUN, PLAN, IMPORT = "judgeaudit run ", "judgeaudit plan ", "judgeaudit import "
INLINE = re.compile(r"`(data=[^`]+)`")
OVERRIDES = re.compile(r"`((?:judges?|data|analysis|design)\.[\w.-]+=[^`]+)`")


def text_of(page: str) -> str:
    path = ROOT / "docs" / page
    if not path.is_file():
        pytest.skip("docs is not in this installation", allow_module_level=True)
    return path.read_text(encoding="utf-8").replace("\\\n", " ")


def commands(page: str, begin: str) -> Iterator[list[str]]:
    """The arguments of each command on a line of its own."""
    for line in text_of(page).splitlines():
        if line.strip().startswith(begin):
            yield shlex.split(line.strip().removeprefix(begin), comments=True)


def overrides_of_plan(arguments: list[str]) -> list[str]:
    """What ``judgeaudit plan`` hands on to Hydra of what is typed: all but its own options."""
    handed: list[str] = []

    def through_hydra(_: str, overrides: list[str], __: Callable[[DictConfig], None]) -> int:
        handed.extend(one for one in overrides if one not in LEAVES_NOTHING)
        return 0

    assert plan(arguments, through_hydra) == 0
    return handed


def typed(page: str) -> Iterator[list[str]]:
    """What follows ``judgeaudit run`` or ``plan``, also where a section names the overrides alone."""
    yield from commands(page, RUN)
    for line in commands(page, PLAN):
        yield overrides_of_plan(line)
    for found in INLINE.findall(" ".join(text_of(page).split())):
        yield shlex.split(found)


RUNS = [
    pytest.param(line, id=" ".join(line))
    for page in PAGES
    for line in typed(page)
    if len(line) > 1 and "-m" not in line
]
IMPORTS = [
    pytest.param(line, id=" ".join(line))
    for page in PAGES
    for line in commands(page, IMPORT)
    if line != USAGE  # the form of the command, and no command
]


def composed(overrides: list[str]) -> DictConfig:
    catalog.register()
    GlobalHydra.instance().clear()
    with initialize_config_dir(version_base="1.3", config_dir=str(catalog.root() / "conf")):
        config = compose("config", overrides)
    catalog.check_selection(overrides, config)
    return config


def test_the_pages_have_commands() -> None:
    assert len(RUNS) > 15
    assert len(IMPORTS) > 2


@pytest.mark.parametrize("overrides", RUNS)
def test_a_run_composes(overrides: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And its reader takes its options: what it lacks is the file alone."""
    config = composed(overrides)
    monkeypatch.chdir(tmp_path)
    if config.data.get("path") in (None, "hub"):
        return
    options = OmegaConf.create(OmegaConf.to_container(config, resolve=True)).data
    del options["description"]
    with pytest.raises(CorpusError, match="found no file there"):
        made(options, "data")


@pytest.mark.parametrize("overrides", RUNS)
def test_the_judges_of_a_run_can_be_made(overrides: list[str]) -> None:
    config = composed(overrides)
    if (
        "judge" in config and config.judge is not None
    ):  # a recording, whose name and description are the catalogue's
        own = {key: value for key, value in config.judge.items() if key not in ("name", "description")}
        assert made(OmegaConf.create(own), "judge")
    for name, judge in (config.get("judges") or {}).items():
        assert made(judge, str(name))


@pytest.mark.parametrize("arguments", IMPORTS)
def test_an_import_lacks_its_source_alone(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert import_data(arguments) == 2
    assert "found no file there" in capsys.readouterr().err


@pytest.mark.parametrize("page", PAGES)
def test_an_override_named_alone_is_one_of_some_file(page: str) -> None:
    """``judge.cuts=[...]`` and the like: the key is in the file of at least one entry of its group."""
    files = {
        group: [OmegaConf.load(entry.path) for entry in catalog.entries(group)] for group in ("judge", "data")
    }
    analysis = OmegaConf.load(ROOT / "conf" / "config.yaml").analysis
    design = [OmegaConf.load(path) for path in (ROOT / "conf" / "design").glob("*.yaml")]
    for found in OVERRIDES.findall(" ".join(text_of(page).split())):
        node, *keys = found.partition("=")[0].split(".")
        candidates = {"analysis": [analysis], "design": design}.get(node, files.get(node.rstrip("s"), []))
        key = keys[1] if node == "judges" else keys[0]
        assert any(key in list(one) for one in candidates), found
