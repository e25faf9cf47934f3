"""How is ``judgeaudit perturb`` told what to do? By options of its own, and by overrides as in ``judgeaudit run``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from judgeaudit.composed_command import ThroughHydra, composed, table_console

if TYPE_CHECKING:
    from omegaconf import DictConfig

USAGE = "judgeaudit perturb [OVERRIDE ...] [--out FILE] [--show N] [--review FILE] [--reviewed FILE]"
DESCRIPTION = """\
Perturb the pairs as an audit would, show what changes, and write every text to a file. No judge is asked.

  judgeaudit perturb data=jsonl data.path=my.jsonl 'perturbation=[apology,typos]' --show 5
  judgeaudit perturb 'perturbation=[typos]' --review sheet.csv       a blinded sample for human raters
  judgeaudit perturb 'perturbation=[typos]' --reviewed sheet.csv     what they said

Overrides are those of judgeaudit run, and so are its options (--config-dir, --cfg job, --info); judgeaudit run --help
shows the groups.
"""


def perturb(arguments: list[str], through_hydra: ThroughHydra) -> int:
    """Run the command.

    Args:
        arguments: its own options, Hydra's, and overrides, in any order.
        through_hydra: as ``judgeaudit run`` uses it.

    Returns:
        An exit code: 0, or 2 for a user's mistake, which was told on stderr.
    """
    options, overrides = _parser().parse_known_args(arguments)

    def work(config: DictConfig) -> None:
        from judgeaudit.preview import Wishes, preview

        given = {name: value for name, value in vars(options).items() if value is not None}
        preview(config, Wishes(**given), table_console())

    return composed("perturb", overrides, through_hydra, work)


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
