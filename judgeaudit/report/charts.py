"""What do the estimates look like? Dots with their intervals, one facet an artifact or measure, one line a judge.

Nothing is told by colour alone: every judge has its line, its colour and its marker. Filled markers are
sensitive or carry no reading; hollow ones are not sensitive.
"""

from __future__ import annotations

import logging
import math
import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judgeaudit.metrics import Measure
from judgeaudit.report import wording
from judgeaudit.report.dose_response import dose_facets, dose_figure
from judgeaudit.report.facets import Facet, Line, facets_of, lines_of
from judgeaudit.report.palette import BAND, INK, MUTED, NEUTRAL, PAPER, RULE
from judgeaudit.report.recipe import FigureSpec
from judgeaudit.report.run import BESIDE, Run
from judgeaudit.stats import Reading

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 7.4
"""Inches; a page's text width, and close to the reading width of the HTML."""

LINE = 0.205
"""Inches for one judge: room for a name of 8 points."""

NAME_POINTS = 8

LABEL_CHARACTER = 0.063
"""Inches that a character of the note below a figure takes."""

TITLE_CHARACTER = 0.078
"""Inches that a character of a facet's title takes."""

FACET_WIDTH = 1.3
"""Inches that a facet needs for three readable ticks."""

FORMATS = ("svg", "pdf", "png")
DATED = {
    ".svg": ("Date", "Creator"),
    ".pdf": ("CreationDate", "Creator", "Producer"),
    ".png": ("Software",),
}
"""What matplotlib writes into a file of each format that would make every writing differ."""

PNG_DPI = 200

STYLE = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": NAME_POINTS,
    "axes.edgecolor": RULE,
    "axes.linewidth": 0.6,
    "axes.labelcolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "xtick.color": MUTED,
    "xtick.labelsize": 7,
    "xtick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "ytick.major.size": 0,
    "ytick.color": INK,
    "text.color": INK,
    "text.parse_math": False,
    "text.usetex": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": PAPER,
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}
"""``parse_math`` is off: a dollar sign in a judge's name is a dollar sign."""


@dataclass(frozen=True)
class Chart:
    """A figure: ``alt`` says in a sentence what it shows; ``svg`` is empty where it was not drawn."""

    name: str
    title: str
    caption: str
    how_to_read: str
    alt: str
    svg: str


def chart(run: Run, spec: FigureSpec, folder: Path | None) -> Chart | None:
    """A figure, drawn and written as SVG, PDF and PNG into ``folder``; None where it would show nothing.

    Without a folder nothing is drawn.
    """
    if spec.kind == "doses":
        return _dose_chart(run, spec, folder)
    facets = facets_of(run, spec)
    shown = {judge for facet in facets for judge, found in facet.estimates.items() if any(found)}
    lines = lines_of(run, shown)
    if not facets or not lines:
        return None
    svg = "" if folder is None else _draw(spec, lambda: _figure(run, spec, facets, lines), folder)
    alt = _alt(spec, "Dot plot", [facet.title for facet in facets], lines)
    return Chart(spec.name, spec.title, spec.caption, spec.how_to_read, alt, svg)


def _dose_chart(run: Run, spec: FigureSpec, folder: Path | None) -> Chart | None:
    facets = dose_facets(run, spec)
    lines = lines_of(run, {judge for facet in facets for judge in facet.estimates})
    if not facets or not lines:
        return None
    names = wording.short_names(tuple(line.judge for line in lines))
    label = f"{next(iter(spec.measures.values()))}, points"
    svg = ""
    if folder is not None:
        svg = _draw(spec, lambda: dose_figure(facets, lines, names, label, _margin(run), WIDTH), folder)
    alt = _alt(spec, "Line plot over the dose", [facet.base for facet in facets], lines)
    return Chart(spec.name, spec.title, spec.caption, spec.how_to_read, alt, svg)


def _draw(spec: FigureSpec, figured: Callable[[], Figure], folder: Path) -> str:
    """Write the figure's files; its SVG."""
    folder.mkdir(parents=True, exist_ok=True)
    with _drawing(spec.name):
        figure = figured()
        for suffix in FORMATS:
            _save(figure, folder / f"{spec.name}.{suffix}")
    return (folder / f"{spec.name}.svg").read_text(encoding="utf-8")


def _figure(run: Run, spec: FigureSpec, facets: Sequence[Facet], lines: Sequence[Line]) -> Figure:
    from matplotlib.figure import Figure

    names = wording.short_names(tuple(line.judge for line in lines))
    label_width = 0.12 + max(_inches(name) for name in names.values())
    columns = min(len(facets), max(1, int((WIDTH - label_width) / FACET_WIDTH)))
    rows = math.ceil(len(facets) / columns)
    columns = math.ceil(len(facets) / rows)
    width = WIDTH if columns > 2 else label_width + 2.6 * columns
    plot = LINE * (lines[-1].y + 1.2)
    label = textwrap.wrap(_axis_label(run, spec, facets), int((width - label_width) / LABEL_CHARACTER))
    top, bottom, between = 0.3, 0.37 + 0.13 * len(label), 0.55
    height = top + rows * plot + (rows - 1) * between + bottom
    figure = Figure(figsize=(width, height))
    grid = figure.add_gridspec(
        rows,
        columns,
        left=label_width / width,
        right=1 - 0.12 / width,
        top=1 - top / height,
        bottom=bottom / height,
        hspace=between / plot,
        wspace=0.13,
    )
    limits = _limits(run, spec, facets)
    for index, facet in enumerate(facets):
        axes = figure.add_subplot(grid[index // columns, index % columns])
        last = index + columns >= len(facets)
        inches = (width - label_width) / columns
        _set_up(axes, facet, inches, lines, names if index % columns == 0 else None, limits)
        if spec.kind == "effects":
            _effects(axes, run, facet, lines)
        elif spec.kind == "flips":
            _flips(axes, facet, lines)
        else:
            _agreement(axes, facet, lines, run)
        if last and index % columns == 0:
            axes.annotate(
                "\n".join(label), (0, 0), xycoords="axes fraction", xytext=(0, -22),
                textcoords="offset points", fontsize=7, color=MUTED, va="top",
            )  # fmt: skip
    return figure


def _inches(name: str) -> float:
    """How wide a judge's name is."""
    from matplotlib.textpath import TextPath

    width = float(TextPath((0, 0), name, size=NAME_POINTS).get_extents().width) / 72
    return min(max(width, 0.0), WIDTH / 3)


def _set_up(
    axes: Axes,
    facet: Facet,
    inches: float,
    lines: Sequence[Line],
    names: dict[str, str] | None,
    limits: tuple[float, float],
) -> None:
    title = wording.short_names((facet.title,), int(inches / TITLE_CHARACTER))[facet.title]
    # One weight and style: every further font makes a PDF half a second slower to write.
    axes.set_title(title, fontsize=9, loc="left", pad=5, color=MUTED if facet.neutral else INK)
    axes.set_ylim(lines[-1].y + 0.6, -0.6)
    axes.set_xlim(*limits)
    axes.set_yticks([line.y for line in lines], [names[line.judge] for line in lines] if names else [])
    axes.tick_params(axis="y", pad=4)
    axes.locator_params(axis="x", nbins=4)
    axes.hlines([line.y for line in lines], *limits, color=RULE, linewidth=0.4, zorder=0)


def _limits(run: Run, spec: FigureSpec, facets: Sequence[Facet]) -> tuple[float, float]:
    """The same range in every facet, so that facets can be compared."""
    found = [one for facet in facets for values in facet.estimates.values() for one in values if one]
    ends = [
        end * _scale(one)
        for one in found
        for end in (one.estimate, one.ci_low, one.ci_high)
        if end is not None
    ]
    if spec.kind == "effects":
        margin = _margin(run)
        low, high = min(*ends, -2 * margin), max(*ends, 2 * margin)
        pad = 0.04 * (high - low)
        return low - pad, high + pad
    low, high = min(0.0, *ends), max(*ends, 5.0) if spec.kind == "flips" else max(100.0, *ends)
    pad = 0.03 * (high - low)
    return low - pad, high + pad


def _scale(measure: Measure) -> float:
    """Proportions are drawn in percent; coefficients as hundredths, so that 1 stands where 100 % does."""
    return 1.0 if measure.unit == "points" else 100.0


def _margin(run: Run) -> float:
    return float(run.manifest["analysis"]["margin_points"])


def _effects(axes: Axes, run: Run, facet: Facet, lines: Sequence[Line]) -> None:
    margin = _margin(run)
    axes.axvspan(-margin, margin, color=BAND, linewidth=0, zorder=-2)
    axes.axvline(0, color=MUTED, linewidth=0.6, zorder=-1)
    for line in lines:
        (found,) = facet.estimates[line.judge]
        if found is not None:
            _dot(axes, line, found, filled=found.reading in (Reading.SENSITIVE, None))


def _flips(axes: Axes, facet: Facet, lines: Sequence[Line]) -> None:
    for line in lines:
        flip, floor = facet.estimates[line.judge]
        if floor is not None and floor.estimate is not None:
            at = 100 * floor.estimate
            _stroke(axes, [at, at], [line.y - 0.34, line.y + 0.34], color=INK, linewidth=1.1, zorder=2)
            if flip is not None and flip.estimate is not None:
                ends = [at, 100 * flip.estimate]
                _stroke(axes, ends, [line.y] * 2, color=line.colour, linewidth=2.6, alpha=0.3, zorder=1)
        if flip is not None:
            _dot(axes, line, flip, filled=True)


def _agreement(axes: Axes, facet: Facet, lines: Sequence[Line], run: Run) -> None:
    references = {name for group in run.groups if group.title in BESIDE for name in group.judges}
    for line in lines:
        (found,) = facet.estimates[line.judge]
        if found is None or found.estimate is None:
            continue
        if line.judge in references:
            axes.axvline(
                _scale(found) * found.estimate, color=NEUTRAL, linewidth=0.8, dashes=(3, 2), zorder=-1
            )
        _dot(axes, line, found, filled=True)


def _dot(axes: Axes, line: Line, measure: Measure, *, filled: bool) -> None:
    """An estimate with its interval, as one line that has its marker in the middle."""
    scale, at = _scale(measure), measure.estimate or 0.0
    low = at if measure.ci_low is None else measure.ci_low
    high = at if measure.ci_high is None else measure.ci_high
    _stroke(
        axes,
        [scale * low, scale * at, scale * high],
        [line.y] * 3,
        color=line.colour,
        linewidth=1.1,
        marker=line.marker,
        markevery=[1],
        markersize=4.6,
        markerfacecolor=line.colour if filled else PAPER,
        markeredgewidth=1.0,
        zorder=3,
    )


def _stroke(axes: Axes, x: Sequence[float], y: Sequence[float], **style: Any) -> None:
    """A line as it is: ``Axes.plot`` and its kind also work out limits, which are set already."""
    from matplotlib.lines import Line2D

    axes.add_line(Line2D(x, y, **style))


def _axis_label(run: Run, spec: FigureSpec, facets: Sequence[Facet]) -> str:
    neutral = " Grey titles: neutral controls." if any(facet.neutral for facet in facets) else ""
    return _axis_words(run, spec) + neutral


def _axis_words(run: Run, spec: FigureSpec) -> str:
    margin = wording.plain_number(_margin(run))
    if spec.kind == "effects":
        return (
            f"{next(iter(spec.measures.values()))}, points, with intervals. Shaded: within the margin of "
            f"±{margin}. Filled: sensitive; hollow: robust or inconclusive."
        )
    if spec.kind == "flips":
        flip, floor = spec.measures.values()
        return f"%. Marker: {flip.lower()}, with its interval. Upright bar: {floor.lower()}."
    return "%, or hundredths of a coefficient, with intervals. Dashed: references."


def _alt(spec: FigureSpec, kind: str, facets: Sequence[str], lines: Sequence[Line]) -> str:
    return (
        f"{spec.title}. {kind} of {wording.counted(len(lines), 'judge')} in "
        f"{wording.counted(len(facets), 'facet')}: {wording.listed(list(facets))}. "
        f"The figures are in the tables of this report."
    )


@contextmanager
def _drawing(name: str) -> Iterator[None]:
    """Matplotlib's settings for a figure that comes out the same byte for byte."""
    from matplotlib import rc_context

    logging.getLogger("fontTools.subset").setLevel(logging.WARNING)  # its steps are nobody's concern
    settings: Any = {**STYLE, "svg.hashsalt": name}  # its stub wants every key as a literal
    with rc_context(settings), warnings.catch_warnings():
        # A name in a script that the font lacks is drawn as boxes in PNG and PDF; the SVG has the text itself.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def _save(figure: Figure, path: Path) -> None:
    """Write one format without the date and the version."""
    metadata = dict.fromkeys(DATED[path.suffix])
    figure.savefig(path, metadata=metadata, dpi=PNG_DPI)
