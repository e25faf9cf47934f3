"""How does a report become one page of HTML that needs nothing else? Templates of ``reports/``, everything escaped."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from judgeaudit import catalog
from judgeaudit.report import wording
from judgeaudit.report.cautions import cautions
from judgeaudit.report.charts import Chart
from judgeaudit.report.inline_svg import inline
from judgeaudit.report.matrix import matrix
from judgeaudit.report.run import Run
from judgeaudit.report.table import Head, Table
from judgeaudit.report.write import LEGEND

WORDS_OF_ORDERS = {"ab": "a first", "ba": "b first"}
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class Section:
    """A part of the report: a table with the figures that show it, or a figure alone."""

    table: Table | None
    charts: tuple[Chart, ...]

    @property
    def name(self) -> str:
        """What the section's anchor is made of."""
        return self.table.name if self.table is not None else self.charts[0].name

    @property
    def title(self) -> str:
        """The section's heading."""
        return self.table.title if self.table is not None else self.charts[0].title


def report_page(run: Run, findings: tuple[str, ...], sections: Sequence[Section]) -> str:
    """The report of one run as HTML. It depends on the run's inputs and verdicts and on nothing else."""
    about = run.manifest
    methods = sorted({one.ci_method for one in run.measures if one.ci_method})
    return _render(
        "report.html.j2",
        title=about["description"],
        about=about,
        run=run,
        findings=findings,
        cautions=cautions(run),
        matrix=matrix(run),
        sections=sections,
        labels=wording.label_words(about["corpus"]["label_sources"]),
        margin=wording.plain_number(about["analysis"]["margin_points"]),
        orders=wording.listed([WORDS_OF_ORDERS.get(one, one) for one in about["design"]["orders"]]),
        methods=wording.listed(methods),
    )


def comparison_page(title: str, jobs: list[tuple[str, str]], table: Table, remarks: list[str]) -> str:
    """The comparison of several runs as HTML; ``jobs`` are (name, path of its report from here)."""
    return _render("comparison.html.j2", title=title, jobs=jobs, table=table, remarks=remarks)


def _render(template: str, **values: Any) -> str:
    environment = _environment()
    style = CSS_COMMENT.sub("", (catalog.root() / "reports" / "report.css").read_text(encoding="utf-8"))
    css = Markup("\n".join(line.rstrip() for line in style.splitlines() if line.strip()))  # noqa: S704 - ours
    text = environment.get_template(template).render(style=css, **values)
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(catalog.root() / "reports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "listed": lambda words: wording.listed(list(words)),
        "percent": wording.percent,
        "plain": wording.plain_number,
        "count": lambda n: f"{n:,}",
        "counted": wording.counted,
        "json": lambda value: json.dumps(value, indent=1, ensure_ascii=False),
        "figure": lambda chart: inline(chart.svg, chart.name, chart.alt),
        "head_groups": head_groups,
        "anchor": lambda text: re.sub(r"[^a-z0-9]+", "-", str(text).lower()).strip("-"),
    }
    environment.globals |= {"marks": wording.MARKS, "legend": LEGEND, "absent": wording.ABSENT}
    return environment


def _finalized(value: object) -> object:
    """What an expression of a template may print: text is cleaned, and what does not exist is a dash."""
    if isinstance(value, Markup):
        return value
    if value is None or (isinstance(value, float) and value != value):
        return wording.ABSENT
    return wording.clean(value) if isinstance(value, str) else value


def head_groups(heads: tuple[Head, ...]) -> list[tuple[str, int]]:
    """(group, how many neighbouring columns it spans); empty where no heading has a group."""
    if not any(head.group for head in heads):
        return []
    spans: list[tuple[str, int]] = []
    for head in heads:
        if spans and spans[-1][0] == (head.group or ""):
            spans[-1] = (spans[-1][0], spans[-1][1] + 1)
        else:
            spans.append((head.group or "", 1))
    return spans
