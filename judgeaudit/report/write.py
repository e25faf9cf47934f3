"""How does a table become files? ``NAME.csv`` for programs, ``NAME.md`` for people, ``NAME.tex`` for papers."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from judgeaudit.report import wording
from judgeaudit.report.latex import latex
from judgeaudit.report.table import Cell, Head, Long, Table, Value
from judgeaudit.stats import Reading

MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠", "'")
"""What makes a spreadsheet read a cell as a formula, in either width, and the apostrophe that says it is none."""

NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")

LEGEND = {
    Reading.SENSITIVE: "sensitive: the adjusted test finds an effect and the estimate is beyond the margin",
    Reading.ROBUST: "robust: shown to lie inside the margin (equivalence)",
    Reading.INCONCLUSIVE: "inconclusive: neither; n, where given, is how many pairs would decide it",
}


def write_table(table: Table, folder: Path) -> None:
    """Write the table's three files into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, text in (("csv", long_csv(table.long)), ("md", markdown(table)), ("tex", latex(table))):
        (folder / f"{table.name}.{suffix}").write_text(text, encoding="utf-8", newline="\n")


def long_csv(long: Long) -> str:
    """RFC 4180 CSV. None is an empty field; floats have all their digits, so that reading gives them back.

    Names come from users' files. One that a spreadsheet would take for a formula, or that begins with an apostrophe,
    gets an apostrophe in front (OWASP ASVS 5.0, 1.2.10); taking one off gives every name back.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(long.columns)
    writer.writerows([_inert(value) for value in row] for row in long.rows)
    return out.getvalue()


def _inert(value: Value) -> Value:
    """A value that a spreadsheet shows and does not compute; numbers stay, also those that are text."""
    risky = isinstance(value, str) and value.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(value)
    return f"'{value}" if risky else value


def markdown(table: Table) -> str:
    """The table as read, in GitHub's Markdown: estimate, interval and mark in one cell."""
    names = [head.name for head in table.heads]
    heads = [*table.stubs, *(_heading(head, names) for head in table.heads)]
    lines = [f"# {escaped(table.title)}", "", escaped(table.caption), ""]
    if not table.rows:
        lines += ["Nothing to show.", ""]
    for panel in table.panels:
        if panel.title is not None:
            lines += [f"**{escaped(panel.title)}**", ""]
        lines.append(_line([escaped(head) for head in heads]))
        lines.append(_line(["---"] * len(table.stubs) + ["---:"] * len(table.heads)))
        lines += [
            _line([*(escaped(part) for part in row.stub), *(_cell(one) for one in row.cells)])
            for row in panel.rows
        ]
        lines.append("")
    lines += [f"- {wording.MARKS[reading]} {LEGEND[reading]}" for reading in table.readings]
    lines += [f"- ({letter}) {escaped(text)}" for letter, text in table.notes]
    lines += [f"- {escaped(remark)}" for remark in table.remarks]
    return "\n".join(lines).rstrip() + "\n"


def escaped(text: str) -> str:
    """A text that Markdown shows as it is: no markup, no HTML, no new column, no new line."""
    return MARKDOWN_SPECIAL.sub(r"\\\1", wording.clean(text)).replace("\\<", "&lt;").replace("\\>", "&gt;")


def _heading(head: Head, names: list[str]) -> str:
    """A column's name, with its group where another column has the same name: Markdown has no spanning heads."""
    return f"{head.group}: {head.name}" if head.group and names.count(head.name) > 1 else head.name


def _cell(one: Cell) -> str:
    parts = [escaped(one.text)]
    if one.interval is not None:
        parts.append(one.interval)
    if one.reading is not None:
        parts.append(wording.MARKS[one.reading])
    if one.below is not None:
        parts.append(f"({one.below})")
    if one.note is not None:
        parts.append(f"({one.note})")
    return " ".join(parts)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
