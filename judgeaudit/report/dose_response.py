"""How does an effect grow with the dose? One facet for each perturbation at several doses, one line for each judge."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from judgeaudit.metrics import Measure
from judgeaudit.report.facets import Line
from judgeaudit.report.palette import BAND, INK, MUTED, PAPER
from judgeaudit.report.recipe import FigureSpec
from judgeaudit.report.run import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 3
FACET_HEIGHT = 1.9
"""Inches."""

LEGEND_COLUMNS = 4
LEGEND_LINE = 0.19
"""Inches for one line of the legend."""

SPREAD = 0.012
"""Of the axis: how far neighbouring judges' markers stand apart, so that their intervals do not cover each other."""


@dataclass(frozen=True)
class DoseFacet:
    """One perturbation: its doses' unit, and each judge's estimates as (dose, estimate), rising."""

    base: str
    unit: str
    estimates: dict[str, list[tuple[float, Measure]]]


def dose_facets(run: Run, spec: FigureSpec) -> list[DoseFacet]:
    """The perturbations that the run has at two doses or more; none where it has no such."""
    (measure,) = spec.measures
    about = run.manifest["perturbations"]
    doses: dict[str, list[tuple[float, str]]] = {}
    for name in run.artifacts:
        if about[name]["dose"] is not None and name != about[name]["base"]:
            doses.setdefault(about[name]["base"], []).append((about[name]["dose"], name))
    facets = []
    for base, levels in doses.items():
        estimates: dict[str, list[tuple[float, Measure]]] = {}
        for group in run.groups:
            for judge in group.judges:
                for dose, name in sorted(levels):
                    found = run.cell(measure, judge, name)
                    if found is not None and found.estimate is not None:
                        estimates.setdefault(judge, []).append((dose, found))
        if len(levels) > 1 and estimates:
            facets.append(DoseFacet(base, about[levels[0][1]]["dose_unit"] or "dose", estimates))
    return facets


def dose_figure(
    facets: list[DoseFacet], lines: list[Line], names: dict[str, str], label: str, margin: float, width: float
) -> Figure:
    """The figure; ``width`` in inches, ``names`` what each judge is called in the legend."""
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    columns = min(COLUMNS, len(facets))
    rows = math.ceil(len(facets) / columns)
    legend_rows = math.ceil(len(lines) / LEGEND_COLUMNS)
    bottom, top = 0.55 + LEGEND_LINE * legend_rows, 0.3
    height = top + rows * FACET_HEIGHT + (rows - 1) * 0.75 + bottom
    figure = Figure(figsize=(width, height))
    grid = figure.add_gridspec(
        rows, columns, left=0.62 / width, right=1 - 0.12 / width, top=1 - top / height, bottom=bottom / height,
        hspace=0.75 / FACET_HEIGHT, wspace=0.22,
    )  # fmt: skip
    low, high = _limits(facets, margin)
    for index, facet in enumerate(facets):
        axes = figure.add_subplot(grid[index // columns, index % columns])
        axes.set_title(facet.base, fontsize=9, loc="left", pad=5, color=INK)
        axes.set_ylim(low, high)
        axes.axhspan(-margin, margin, color=BAND, linewidth=0, zorder=-2)
        axes.axhline(0, color=MUTED, linewidth=0.6, zorder=-1)
        axes.set_xlabel(facet.unit, fontsize=7)
        if index % columns == 0:
            axes.set_ylabel(label, fontsize=7)
        _draw(axes, facet, lines)
    handles = [
        Line2D([], [], color=line.colour, marker=line.marker, markersize=4.6, linewidth=1.1,
               markerfacecolor=line.colour, label=names[line.judge])
        for line in lines
    ]  # fmt: skip
    figure.legend(
        handles=handles, loc="lower left", ncols=LEGEND_COLUMNS, fontsize=7, frameon=False,
        bbox_to_anchor=(0.03, 0.0), handlelength=1.6, columnspacing=1.4,
    )  # fmt: skip
    return figure


def _draw(axes: Axes, facet: DoseFacet, lines: list[Line]) -> None:
    doses = sorted({dose for found in facet.estimates.values() for dose, _ in found})
    span = doses[-1] - doses[0]
    shown = [line for line in lines if line.judge in facet.estimates]
    for place, line in enumerate(shown):
        found = facet.estimates[line.judge]
        shift = span * SPREAD * (place - (len(shown) - 1) / 2)
        x = [dose + shift for dose, _ in found]
        y = [one.estimate or 0.0 for _, one in found]
        axes.plot(x, y, color=line.colour, linewidth=1.1, marker=line.marker, markersize=4.6,
                  markerfacecolor=line.colour, markeredgecolor=PAPER, markeredgewidth=0.4, zorder=3)  # fmt: skip
        for at, (_, one) in zip(x, found, strict=True):
            if one.ci_low is not None and one.ci_high is not None:
                axes.plot([at, at], [one.ci_low, one.ci_high], color=line.colour, linewidth=0.9, zorder=2)
    axes.set_xlim(doses[0] - 0.12 * span, doses[-1] + 0.12 * span)
    axes.set_xticks(doses, [f"{dose:g}" for dose in doses])


def _limits(facets: list[DoseFacet], margin: float) -> tuple[float, float]:
    """The same range in every facet, so that facets can be compared."""
    ends = [
        end
        for facet in facets
        for found in facet.estimates.values()
        for _, one in found
        for end in (one.estimate, one.ci_low, one.ci_high)
        if end is not None
    ]
    low, high = min(*ends, -2 * margin), max(*ends, 2 * margin)
    pad = 0.05 * (high - low)
    return low - pad, high + pad
