"""judgeaudit's command line: run, plan, perturb, import, report, verify, list. Thin: a command calls one function."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from judgeaudit import __version__

if TYPE_CHECKING:
    from omegaconf import DictConfig
    from rich.console import Console

USER_ERROR = 2
INTERRUPTED = 130

DESCRIPTION = """\
judgeaudit finds out how far an LLM judge can be trusted, and what sways it that should not.

  judgeaudit run                      the default audit: no key, no GPU, no network
  judgeaudit run judge=gpt-4o ...     any audit, configured with Hydra (judgeaudit run --help)
  judgeaudit plan ...                 what an audit takes and what it can find, before anything is bought
  judgeaudit perturb ...              what the perturbations make of the texts, before any judge sees them
  judgeaudit import NAME SRC OUT      a published dataset, and the verdicts that came with it, as files
"""

HYDRA_APPLICATIONS = ("run", "plan", "perturb")
"""Commands that take Hydra overrides."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the ``judgeaudit`` command."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _dispatch(given)
    except KeyboardInterrupt:
        print(
            "Interrupted. What was bought is in the ledger: the same command goes on where this one stopped.",
            file=sys.stderr,
        )
        code = INTERRUPTED
    raise SystemExit(code)


def _dispatch(given: list[str]) -> int:
    if given[:1] == ["run"]:
        return _run(given[1:])
    if given[:1] == ["perturb"]:
        from judgeaudit.perturb_command import perturb

        return perturb(given[1:], _through_hydra)
    if given[:1] == ["plan"]:
        from judgeaudit.plan_command import plan

        return plan(given[1:], _through_hydra)
    if given[:1] == ["import"]:
        from judgeaudit.import_command import import_data

        return import_data(given[1:])
    if given and given[0] in ("-sc", "--shell-completion"):
        return _complete(given)
    parser = _parser()
    options = parser.parse_args(given)
    if options.command is None:
        parser.print_help()
        return 0
    from judgeaudit.errors import JudgeAuditError

    try:
        return int(options.call(options))
    except JudgeAuditError as error:
        print(f"judgeaudit {options.command}: {error}", file=sys.stderr)
        return USER_ERROR


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="judgeaudit", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"judgeaudit {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser(
        "run", help="run an audit; takes Hydra overrides (judgeaudit run --help)", add_help=False
    )
    commands.add_parser(
        "plan",
        help="say what an audit takes before anything is bought; takes Hydra overrides (judgeaudit plan --help)",
        add_help=False,
    )
    commands.add_parser(
        "perturb",
        help="show what the perturbations make of the texts; takes Hydra overrides (judgeaudit perturb --help)",
        add_help=False,
    )
    commands.add_parser(
        "import",
        help="write a dataset as files of pairs, verdicts and ratings (judgeaudit import --help lists them)",
        add_help=False,
    )
    report = commands.add_parser("report", help="render a run's report again, or compare the jobs of a sweep")
    report.add_argument(
        "path", type=Path, nargs="+", help="a run's folder, several, or a folder of a multirun"
    )
    report.add_argument(
        "--reviewed", type=Path, action="append", metavar="FILE",
        help="a rater's sheet (judgeaudit perturb --review) to store with the run; again for every further rater",
    )  # fmt: skip
    report.set_defaults(call=_report)
    verify = commands.add_parser("verify", help="recompute every published number of a run from its verdicts")
    verify.add_argument("path", type=Path, help="a run's folder")
    verify.set_defaults(call=_verify)
    listing = commands.add_parser(
        "list", help="show the catalogue: judges, perturbations, juries, prompts, data"
    )
    listing.add_argument("group", nargs="?", help="one group only, such as judge")
    listing.add_argument(
        "--markdown", action="store_true", help="of perturbations, the page of the documentation"
    )
    listing.set_defaults(call=_list)
    return parser


def _run(arguments: list[str]) -> int:
    return _through_hydra("run", arguments, _audit)


def _through_hydra(command: str, arguments: list[str], task: Callable[[DictConfig], None]) -> int:
    """Compose the configuration from the catalogue and the overrides, and call the task with it."""
    import hydra

    from judgeaudit import catalog
    from judgeaudit.judges.api_errors import looks_secret

    catalog.register()
    if any(looks_secret(argument) for argument in arguments):
        # Before Hydra starts, since it writes its overrides down.
        print(
            f"judgeaudit {command}: an override looks like a key. Keys stay in the environment: name the variable "
            "(api_key_env=MY_KEY) and set it there.",
            file=sys.stderr,
        )
        return USER_ERROR
    sys.argv = ["judgeaudit", *arguments]
    hydra.main(version_base="1.3", config_path=None, config_name="config")(task)()
    return 0


def _audit(config: DictConfig) -> None:
    """The task that Hydra runs once for each job."""
    from hydra.core.hydra_config import HydraConfig
    from hydra.errors import CompactHydraException
    from hydra.types import RunMode
    from omegaconf.errors import OmegaConfBaseException

    from judgeaudit import catalog
    from judgeaudit.errors import JudgeAuditError

    hydra = HydraConfig.get()
    folder = Path(hydra.runtime.output_dir)
    try:
        catalog.check_selection(hydra.overrides.task, config)
        from judgeaudit.audit import run_audit
        from judgeaudit.report import render

        run_audit(config, folder)
        rendered = render(folder)
    except (JudgeAuditError, OmegaConfBaseException) as error:
        told = f"{type(error).__name__}: {error}"
        if hydra.mode == RunMode.MULTIRUN:
            # At the end of a sweep Hydra tells of the first job that failed; each says so itself.
            logging.getLogger(__name__).error(told)
        # Hydra prints a compact exception without its stack, and lets a sweep's other jobs run.
        raise CompactHydraException(told) from None
    for finding in rendered.findings:
        print(f"* {finding}")
    print(f"Report: {_shown(rendered.path)}")


def _shown(path: Path) -> str:
    """A path as the user would type it: relative where it lies below the working directory."""
    absolute = path.resolve()
    here = Path.cwd()
    return str(absolute.relative_to(here) if absolute.is_relative_to(here) else absolute)


def _complete(arguments: list[str]) -> int:
    """Answer Hydra's shell completion for ``judgeaudit run ...``, whose line holds the command's name too."""
    line = os.environ.get("COMP_LINE")
    if line is not None:
        words = line.split(" ", 2)
        if len(words) < 3 or words[1] not in HYDRA_APPLICATIONS:
            return 0
        os.environ["COMP_LINE"] = f"{words[0]} {words[2]}"
        os.environ["COMP_POINT"] = str(len(os.environ["COMP_LINE"]))
    return _run(arguments)


def _report(options: argparse.Namespace) -> int:
    from judgeaudit.errors import ReviewError
    from judgeaudit.report import render_any

    if options.reviewed:
        from judgeaudit.review.stored import FILE, store

        if len(options.path) != 1:
            raise ReviewError(
                f"found {len(options.path)} folders beside --reviewed, expected that of one run."
            )
        review = store(options.path[0], options.reviewed)
        rated = sum(rating.rated for rating in review.ratings)
        print(
            f"Ratings: {_shown(options.path[0] / FILE)} ({rated:,} of {len(review.ratings):,} rows are rated)"
        )
    for path in render_any(options.path):
        print(f"Report: {_shown(path)}")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from judgeaudit.verify import differences

    found = differences(options.path)
    for line in found:
        print(line)
    if not found:
        print(f"{_shown(options.path)}: every number follows from the verdicts.")
    return int(bool(found))


def _list(options: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.table import Table

    from judgeaudit import catalog
    from judgeaudit.errors import ConfigurationError

    groups = catalog.LISTED_GROUPS if options.group is None else (options.group,)
    if options.group is not None and options.group not in catalog.LISTED_GROUPS:
        raise ConfigurationError(
            f"found the group {options.group!r}, expected one of {', '.join(catalog.LISTED_GROUPS)}."
        )
    if options.markdown:
        from judgeaudit.perturb.catalogue import page

        if options.group != "perturbation":
            raise ConfigurationError(f"--markdown: found the group {options.group!r}, expected perturbation.")
        print(page(), end="")
        return 0
    console = Console(highlight=False, markup=False)
    if options.group == "perturbation":
        _list_perturbations(console)
        return 0
    for group in groups:
        console.print(group, style="bold")
        table = Table(show_header=False, box=None, padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column()
        for entry in catalog.entries(group):
            table.add_row(entry.name, entry.description)
        console.print(table)
        console.print()
    return 0


def _list_perturbations(console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    from judgeaudit.perturb.catalogue import families

    for title, rows in families():
        console.print(title, style="bold")
        table = Table(show_header=False, box=None, padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column()
        for name, description, *facts in rows:
            about = Text(f"{description}\n").append("; ".join(fact for fact in facts if fact), style="dim")
            table.add_row(name, about)
        console.print(table)
        console.print()
