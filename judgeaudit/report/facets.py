"""Which dots does a figure have, and where? A facet for each artifact or measure, a line for each judge."""

from __future__ import annotations

from dataclasses import dataclass

from judgeaudit.metrics import Measure
from judgeaudit.report import wording
from judgeaudit.report.palette import COLOURS, INK, MARKERS, NEUTRAL
from judgeaudit.report.recipe import FigureSpec
from judgeaudit.report.run import JUDGES, JURIES, Run

GAP = 0.55
"""Lines between groups of judges."""


@dataclass(frozen=True)
class Line:
    """One judge's place in a figure: its height ``y`` and how it is drawn."""

    judge: str
    y: float
    colour: str
    marker: str


@dataclass(frozen=True)
class Facet:
    """One small plot: its title and, for each judge, the estimates by measure; ``neutral`` for a control."""

    title: str
    estimates: dict[str, list[Measure | None]]
    neutral: bool = False


def facets_of(run: Run, spec: FigureSpec) -> list[Facet]:
    judges = [name for group in run.groups for name in group.judges]
    if spec.kind == "agreement":
        found = [
            Facet(title, {judge: [_known(run.cell(measure, judge, None))] for judge in judges})
            for measure, title in spec.measures.items()
        ]
    else:
        measures = tuple(spec.measures)
        found = [
            Facet(
                wording.control_name(name),
                {judge: [_known(run.cell(measure, judge, name)) for measure in measures] for judge in judges},
                neutral=name in run.placebos,
            )
            for name in run.columns(measures)
        ]
    return [facet for facet in found if any(any(values) for values in facet.estimates.values())]


def _known(measure: Measure | None) -> Measure | None:
    return measure if measure is not None and measure.estimate is not None else None


def lines_of(run: Run, shown: set[str]) -> list[Line]:
    """Judges from top to bottom in their groups. Juries are ink, baselines and references grey."""
    lines: list[Line] = []
    y = 0.0
    for group in run.groups:
        members = [judge for judge in group.judges if judge in shown]
        for index, judge in enumerate(members):
            # Seven colours and eight markers: 56 judges before two look the same.
            hue = COLOURS[index % len(COLOURS)]
            colour = hue if group.title == JUDGES else INK if group.title == JURIES else NEUTRAL
            marker = MARKERS[index % len(MARKERS)]
            lines.append(Line(judge, y, colour, marker))
            y += 1
        y += GAP if members else 0
    return lines
