"""How is ``judgeaudit perturb`` told what to do? By options of its own, and by overrides as in ``judgeaudit run``.

Hydra composes the configuration and leaves nothing behind: no folder, no log, no sweep.
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

USAGE = "judgeaudit perturb [OVERRIDE ...] [--out FILE] [--show N] [--review FILE] [--reviewed FILE]"
DESCRIPTION = """\
Perturb the pairs as an audit would, show what changes, and write every text to a file. No judge is asked.

  judgeaudit perturb data=jsonl data.path=my.jsonl 'perturbation=[apology,typos]' --show 5
  judgeaudit perturb 'perturbation=[typos]' --review sheet.csv       a blinded sample for human raters
  judgeaudit perturb 'perturbation=[typos]' --reviewed sheet.csv     what they said

Overrides are those of judgeaudit run, and so are its options (--config-dir, --cfg job, --info); judgeaudit run --help
shows the groups.
"""
WIDTH_OF_FILES = 120
"""Characters of a line where the output is no terminal."""

LEAVES_NOTHING = (
    "hydra.output_subdir=null", "hydra.run.dir=.", "hydra.job.chdir=false",
    "hydra/job_logging=none", "hydra/hydra_logging=none", "hydra.mode=RUN",
)  # fmt: skip
"""Overrides with which Hydra makes no folder, changes none and writes no log."""

ThroughHydra = Callable[[str, list[str], Callable[["DictConfig"], None]], int]
"""Composes a command's configuration from arguments, calls a task with it, and returns an exit code."""


def perturb(arguments: list[str], through_hydra: ThroughHydra) -> int:
    """Run the command.

    Args:
        arguments: its own options, Hydra's, and overrides, in any order.
        through_hydra: as ``judgeaudit run`` uses it.

    Returns:
        An exit code: 0, or 2 for a user's mistake, which was told on stderr.
    """
    options, overrides = _parser().parse_known_args(arguments)
    if {"-m", "--multirun"} & set(overrides):
        print("judgeaudit perturb: takes no sweep (-m); run it once for each configuration.", file=sys.stderr)
        return USER_ERROR
    told: list[str] = []

    def task(config: DictConfig) -> None:
        from hydra.core.hydra_config import HydraConfig
        from omegaconf.errors import OmegaConfBaseException

        from judgeaudit import catalog
        from judgeaudit.errors import JudgeAuditError

        try:
            catalog.check_selection(HydraConfig.get().overrides.task, config)
            from judgeaudit.preview import Wishes, preview

            given = {name: value for name, value in vars(options).items() if value is not None}
            preview(config, Wishes(**given), _console())
        except (JudgeAuditError, OmegaConfBaseException) as error:
            told.append(str(error))

    try:
        code = through_hydra("perturb", [*overrides, *LEAVES_NOTHING], task)
    except SystemExit as stopped:
        if not stopped.code:
            return 0
        # Hydra has told what is wrong with the overrides, but of a list's names not which there are.
        for line in _unknown_perturbations(overrides):
            print(f"judgeaudit perturb: {line}", file=sys.stderr)
        return USER_ERROR
    for line in told:
        print(f"judgeaudit perturb: {line}", file=sys.stderr)
    return USER_ERROR if told else code


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


def _console() -> Console:
    """Standard output for tables: as wide as the terminal, or wide enough for them in a file or a pipe."""
    from rich.console import Console

    wide = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH_OF_FILES
    return Console(highlight=False, markup=False, emoji=False, width=wide)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="judgeaudit perturb",
        usage=USAGE,
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        argument_default=None,
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="where every text is written as JSON Lines (perturbed.jsonl)"
    )
    parser.add_argument(
        "--show", type=int, metavar="N", help="changed texts of each perturbation to show side by side (3)"
    )
    parser.add_argument(
        "--review",
        type=Path,
        metavar="FILE",
        help="write a blinded sheet for human raters: CSV for a spreadsheet",
    )
    parser.add_argument("--review-size", type=int, metavar="N", help="texts in that sheet (50)")
    parser.add_argument(
        "--reviewed", type=Path, action="append", metavar="FILE",
        help="summarise a sheet that a rater filled in; again for every further rater",
    )  # fmt: skip
    return parser
