"""What do all reproductions share? An audit of recorded verdicts in this process, figures beside published ones, pages.

A page is written by hand but for what stands between the marks ``<!-- NAME -->`` and ``<!-- /NAME -->``: that is what
its script writes there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pandas as pd
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from omegaconf import OmegaConf

from judgeaudit import catalog
from judgeaudit.audit import run_audit
from judgeaudit.errors import JudgeAuditError, RunFolderError
from judgeaudit.metrics import Measure, Settings, Subjects, measure
from judgeaudit.run_folder import RunFolder

HERE = Path(__file__).parent
INDEX = HERE / "README.md"
SUMMARY = "summary"
"""The section that says how many published figures were hit; it stands on the page and in the index."""

ROUNDING = 1e-9
"""Sums of the same numbers in another order differ by less than this."""

FEW = 100
"""Resamples where no bootstrap interval is shown."""

Place = tuple[str, str, str | None, str]
"""Measure, judge, perturbation and slice."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure and what judgeaudit finds.

    Attributes:
        unit: of both; ``%``, or a coefficient between -1 and 1.
        published, reproduced: the two.
        digits: decimals of the published figure; None where it is given in full.
    """

    unit: Literal["%", "coefficient"]
    published: float
    reproduced: float
    digits: int | None = None

    @property
    def difference(self) -> float:
        """Reproduced less published; 0.0 where they differ by rounding alone."""
        difference = self.reproduced - self.published
        return 0.0 if abs(difference) < ROUNDING else difference

    @property
    def hit(self) -> bool:
        """Whether the reproduced figure is the published one, to the digits that were published."""
        half_a_unit = 0.0 if self.digits is None else 0.5 * 10.0**-self.digits
        return abs(self.difference) <= half_a_unit + ROUNDING


def audited(path: Path, *overrides: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The verdicts and the pairs of an audit of what is recorded in ``path``, as its folder keeps them.

    The overrides are those of ``judgeaudit run``. The audit's own estimates are not used: the page's come from its
    verdicts, under the settings that the page declares.

    Raises:
        JudgeAuditError: the data or the configuration is wrong.
    """
    catalog.register()
    GlobalHydra.instance().clear()
    quiet = ("engine.progress=off", "perturbation=[]", "jury=[]", "design=recorded", "analysis.slices=[]")
    with (
        TemporaryDirectory() as folder,
        initialize_config_dir(version_base="1.3", config_dir=str(catalog.root() / "conf")),
    ):
        config = compose("config", [*quiet, f"analysis.resamples={FEW}", *overrides])
        OmegaConf.update(config, "data.path", str(path))
        OmegaConf.update(config, "ledger.url", f"sqlite:///{folder}/ledger.sqlite")
        run_audit(config, Path(folder) / "run")
        run = RunFolder(Path(folder) / "run")
        return run.table("verdicts"), run.table("pairs")


def estimates(
    verdicts: pd.DataFrame,
    pairs: pd.DataFrame,
    settings: Settings,
    cuts: Mapping[str, Sequence[float]] | None = None,
) -> dict[Place, Measure]:
    """Every estimate over both sides, by its place."""
    found = measure(verdicts, pairs, settings, Subjects(cuts=cuts or {}))
    return {(one.measure, one.judge, one.perturbation, one.slice): one for one in found if one.side is None}


def estimate(one: Measure) -> float:
    """The estimate of a measure that has one.

    Raises:
        RunFolderError: it has none, so that there is nothing to set beside a published figure.
    """
    if one.estimate is None:
        raise RunFolderError(
            f"{one.measure} of {one.judge}: found no estimate from {one.n_pairs} pairs, expected one to set "
            f"beside a published figure."
        )
    return one.estimate


def number(value: float | None, digits: int) -> str:
    """A number as the tables show it; a dash where there is none, and no negative zero."""
    if value is None:
        return "-"
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text


def difference(figure: Figure | None, digits: int) -> str:
    """How far a figure is off; a dash where nothing was published."""
    return number(None if figure is None else figure.difference, digits)


def interval(one: Measure, digits: int, scale: float = 1.0) -> str:
    """The interval of an estimate, in brackets."""
    if one.ci_low is None or one.ci_high is None:
        return "[-]"
    return f"[{number(scale * one.ci_low, digits)}, {number(scale * one.ci_high, digits)}]"


def with_interval(one: Measure, digits: int, scale: float = 1.0) -> str:
    """An estimate with its interval."""
    value = None if one.estimate is None else scale * one.estimate
    return f"{number(value, digits)} {interval(one, digits, scale)}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; a name may hold the bar that parts columns."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in lines)


def summary(figures: Sequence[Figure]) -> str:
    """How many published figures were hit, and how far the farthest is off."""
    hits = sum(figure.hit for figure in figures)
    farthest = []
    for unit, name in (("%", "percentages"), ("coefficient", "coefficients")):
        off = [abs(figure.difference) for figure in figures if figure.unit == unit]
        if off:
            farthest.append(f"{max(off):.2g} ({name})")
    off_by = f"; largest difference {', '.join(farthest)}" if farthest else ""
    return f"{hits:,} of {len(figures):,}{off_by}"


def command(about: str | None, data: str) -> argparse.ArgumentParser:
    """The command line of a script: the data, and whether the page is to be written."""
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("data", type=Path, metavar="DATA", help=data)
    parser.add_argument(
        "--write", action="store_true", help="write the tables into the page; else they are printed"
    )
    return parser


def publish(page: Path, sections: Callable[[], Mapping[str, str]], *, write: bool) -> int:
    """Print the sections, or write them into the page and the summary into the index too.

    Returns:
        the command's exit status: 0, or 2 where the data is wrong; standard error then says how.
    """
    try:
        found = sections()
    except JudgeAuditError as error:
        print(error, file=sys.stderr)
        return 2
    if not write:
        print("\n\n".join(found.values()))
        return 0
    text = page.read_text(encoding="utf-8")
    for name, content in found.items():
        text = between(text, name, f"\n{content}\n")
    page.write_text(text, encoding="utf-8")
    index = page.parent / INDEX.name
    index.write_text(between(index.read_text(encoding="utf-8"), page.stem, found[SUMMARY]), encoding="utf-8")
    return 0


def between(text: str, name: str, content: str) -> str:
    """The text with other content between the marks of ``name``.

    Raises:
        ValueError: it does not have each mark once.
    """
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    if text.count(start) != 1 or text.count(end) != 1:
        raise ValueError(f"expected {start} and {end} once each")
    head, _, rest = text.partition(start)
    _, _, tail = rest.partition(end)
    return f"{head}{start}{content}{end}{tail}"
