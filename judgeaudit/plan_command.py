"""How is ``judgeaudit plan`` told what to do? By options of its own, and by overrides as in ``judgeaudit run``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from judgeaudit.composed_command import ThroughHydra, composed, table_console

if TYPE_CHECKING:
    from omegaconf import DictConfig

USAGE = "judgeaudit plan [OVERRIDE ...] [--pilot RUN] [--json FILE]"
DESCRIPTION = """\
Say what an audit takes before anything is bought: calls, tokens, dollars and time, and what it will be able to find.
No judge is asked, no key is needed, and nothing is written but --json FILE.

  judgeaudit plan data=jsonl data.path=my.jsonl 'judge=[gpt-4o,llama-3-8b]' 'perturbation=[apology,halo]'
  judgeaudit plan judge=gpt-4o --pilot outputs/DATE/TIME      spreads and paces from a run on a few pairs

Overrides are those of judgeaudit run, and so are its options (--config-dir, --cfg job, --info); judgeaudit run --help
shows the groups.
"""


def plan(arguments: list[str], through_hydra: ThroughHydra) -> int:
    """Run the command.

    Args:
        arguments: its own options, Hydra's, and overrides, in any order.
        through_hydra: as ``judgeaudit run`` uses it.

    Returns:
        An exit code: 0, or 2 for a user's mistake, which was told on stderr.
    """
    options, overrides = _parser().parse_known_args(arguments)

    def work(config: DictConfig) -> None:
        from judgeaudit.plan_tables import tables
        from judgeaudit.planning import planned, write

        found = planned(config, options.pilot)
        if options.json is not None:
            write(found, options.json)
        console = table_console()
        for renderable in tables(found):
            console.print(renderable)

    return composed("plan", overrides, through_hydra, work)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="judgeaudit plan",
        usage=USAGE,
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--pilot", type=Path, metavar="RUN",
        help="the folder of a finished run, from whose verdicts spreads and paces are taken",
    )  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the same as JSON")
    return parser
