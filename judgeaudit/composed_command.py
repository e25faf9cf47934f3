"""How does a command beside ``judgeaudit run`` take the same overrides? Hydra composes, and leaves nothing behind.

No folder, no log, no sweep: the command alone decides what is written.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omegaconf import DictConfig
    from rich.console import Console

USER_ERROR = 2

WIDTH_OF_FILES = 120
"""Characters of a line where the output is no terminal."""

LEAVES_NOTHING = (
    "hydra.output_subdir=null", "hydra.run.dir=.", "hydra.job.chdir=false",
    "hydra/job_logging=none", "hydra/hydra_logging=none", "hydra.mode=RUN",
)  # fmt: skip
"""Overrides with which Hydra makes no folder, changes none and writes no log."""

ThroughHydra = Callable[[str, list[str], Callable[["DictConfig"], None]], int]
"""Composes a command's configuration from arguments, calls a task with it, and returns an exit code."""


def composed(
    command: str, overrides: list[str], through_hydra: ThroughHydra, work: Callable[[DictConfig], None]
) -> int:
    """Compose the configuration and do the command's work with it.

    Args:
        command: its name, for what it tells.
        overrides: Hydra's options and overrides.
        through_hydra: as ``judgeaudit run`` uses it.
        work: what is to be done; a ``JudgeAuditError`` that it raises is the user's to mend.

    Returns:
        An exit code: 0, or 2 for a user's mistake, which was told on stderr.
    """
    if {"-m", "--multirun"} & set(overrides):
        print(
            f"judgeaudit {command}: takes no sweep (-m); run it once for each configuration.", file=sys.stderr
        )
        return USER_ERROR
    told: list[str] = []

    def task(config: DictConfig) -> None:
        from hydra.core.hydra_config import HydraConfig
        from omegaconf.errors import OmegaConfBaseException

        from judgeaudit import catalog
        from judgeaudit.errors import JudgeAuditError

        try:
            catalog.check_selection(HydraConfig.get().overrides.task, config)
            work(config)
        except (JudgeAuditError, OmegaConfBaseException) as error:
            told.append(str(error))

    try:
        code = through_hydra(command, [*overrides, *LEAVES_NOTHING], task)
    except SystemExit as stopped:
        if not stopped.code:
            return 0
        # Hydra has told what is wrong with the overrides, but of a list's names not which there are.
        for line in _unknown_perturbations(overrides):
            print(f"judgeaudit {command}: {line}", file=sys.stderr)
        return USER_ERROR
    for line in told:
        print(f"judgeaudit {command}: {line}", file=sys.stderr)
    return USER_ERROR if told else code


def table_console() -> Console:
    """Standard output for tables: as wide as the terminal, or wide enough for them in a file or a pipe."""
    from rich.console import Console

    wide = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH_OF_FILES
    return Console(highlight=False, markup=False, emoji=False, width=wide)


def _unknown_perturbations(arguments: Sequence[str]) -> Iterator[str]:
    """A line for each selected perturbation that is neither in the catalogue nor in the user's own folder."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import OverrideParseException

    from judgeaudit import catalog

    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--config-dir", "-cd")
    own, overrides = parser.parse_known_args(arguments)
    if any("hydra.searchpath" in override for override in overrides):
        return
    known = [entry.name for entry in catalog.entries("perturbation")]
    if own.config_dir is not None:
        known += sorted(path.stem for path in Path(own.config_dir, "perturbation").glob("*.yaml"))
    for override in overrides:
        try:
            [parsed] = OverridesParser.create().parse_overrides([override])
            value = parsed.value()
        except (OverrideParseException, ValueError):
            continue
        if parsed.key_or_group == "perturbation":
            names = value if isinstance(value, list) else [value]
            for name in names:
                if name not in known:
                    yield f"perturbation: found {str(name)!r}, expected some of: {', '.join(known)}."
