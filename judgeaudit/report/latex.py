"""How does a table become LaTeX that compiles whatever its judges are called?

Needs the packages booktabs and longtable and nothing else. Names, captions and reasons are hostile text: every
character is either safe, escaped, or written as its code point.
"""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Sequence

from judgeaudit.report import wording
from judgeaudit.report.table import Cell, Head, Row, Table
from judgeaudit.stats import Reading

ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
    "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\(<\)", ">": r"\(>\)",
    "|": r"\(|\)", '"': r"''", "-": "{-}", "`": r"\textquoteleft{}", "'": r"\textquoteright{}",
    "—": r"---", "–": r"--", "−": r"\(-\)", "…": r"\ldots{}", "·": r"\(\cdot\)", "±": r"\(\pm\)",
    "×": r"\(\times\)", "‘": r"\textquoteleft{}", "’": r"\textquoteright{}", "“": "``", "”": "''",
    "≈": r"\(\approx\)", "●": r"\(\bullet\)", "○": r"\(\circ\)", "\u00a0": "~", "[": "{[}", "]": "{]}", "*": "{*}",
}  # fmt: skip
"""Brackets and stars are braced: at the start of a row they would be read as an option of the row before."""

PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;!?()/+=@")
ACCENTED = frozenset("ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿØøßÆæ")
"""What a LaTeX of any age prints in its default encodings."""

MOST_COLUMNS = 7
"""More than this many columns do not fit a page: the table goes on below with the others."""

MOST_ROWS = 22
"""More than this many rows do not fit a float: the table may then break across pages."""

LEGEND = {
    Reading.SENSITIVE: "sensitive",
    Reading.ROBUST: "robust (equivalent to no effect within the margin)",
    Reading.INCONCLUSIVE: "inconclusive",
}


def tex(text: str) -> str:
    """A text as LaTeX prints it. A character that LaTeX may lack is shown as its code point, [U+4E2D]."""
    return "".join(_character(one) for one in unicodedata.normalize("NFC", wording.clean(text)))


def _character(one: str) -> str:
    if one in PLAIN or one in ACCENTED:
        return one
    return ESCAPES.get(one) or f"{{[}}U+{ord(one):04X}{{]}}"


def latex(table: Table) -> str:
    """The table in booktabs style: intervals under their estimates, marks for readings, notes below."""
    lines = ["% Needs \\usepackage{booktabs,longtable}."]
    chunks = _chunks(len(table.heads))
    text_table = not any(cell.reading or cell.interval for row in table.rows for cell in row.cells)
    breaks = len(table.rows) > MOST_ROWS or (text_table and len(table.stubs) > 1)
    caption = f"\\caption{{{tex(table.title)}. {tex(table.caption)}}}\\label{{tab:{table.name}}}"
    columns = _columns(table, text_table)
    if breaks:
        lines.append("{\\small\\setlength{\\tabcolsep}{4pt}")
        for index, chunk in enumerate(chunks):
            lines.append(f"\\begin{{longtable}}{{{columns}{'r' * len(table.heads[chunk])}}}")
            lines += [f"{caption}\\\\"] if index == 0 else []
            lines += [*_body(table, chunk), "\\end{longtable}"]
        lines += [*_notes(table), "}"]
    else:
        lines += ["\\begin{table}[tbp]", "\\centering\\small\\setlength{\\tabcolsep}{4pt}", caption]
        for chunk in chunks:
            lines += ["\\par\\medskip", f"\\begin{{tabular}}{{{columns}{'r' * len(table.heads[chunk])}}}"]
            lines += [*_body(table, chunk), "\\end{tabular}"]
        lines += [*_notes(table), "\\end{table}"]
    return "\n".join(lines) + "\n"


def _chunks(n: int) -> list[slice]:
    """As few equal parts of n columns as fit a page: 8 are 4 and 4, not 7 and 1."""
    parts = max(1, math.ceil(n / MOST_COLUMNS))
    size = max(1, math.ceil(n / parts))
    return [slice(start, start + size) for start in range(0, max(n, 1), size)]


def _columns(table: Table, text_table: bool) -> str:
    if text_table and len(table.stubs) == 3 and len(table.heads) == 1:
        return "lp{0.28\\linewidth}p{0.42\\linewidth}"  # a column of sentences
    return "l" * len(table.stubs)


def _body(table: Table, chunk: slice) -> list[str]:
    heads = table.heads[chunk]
    lines = ["\\toprule", *_groups(table, heads)]
    lines.append(_line([*(tex(stub) for stub in table.stubs), *(_head(head) for head in heads)]))
    lines.append("\\midrule")
    width = len(table.stubs) + len(heads)
    for index, panel in enumerate(table.panels):
        if index:
            lines.append("\\addlinespace")
        if panel.title is not None and len(table.panels) > 1:
            lines.append(f"\\multicolumn{{{width}}}{{l}}{{\\textit{{{tex(panel.title)}}}}} \\\\")
        for row in panel.rows:
            lines += _rows(row, chunk)
    if not table.rows:
        lines.append(f"\\multicolumn{{{width}}}{{l}}{{Nothing to show.}} \\\\")
    lines.append("\\bottomrule")
    return lines


def _groups(table: Table, heads: Sequence[Head]) -> list[str]:
    """The row of groups over the headings, with a rule under each."""
    if not any(head.group for head in heads):
        return []
    cells, rules, at = [""] * len(table.stubs), [], len(table.stubs) + 1
    for group, members in itertools.groupby(heads, key=lambda head: head.group):
        n = len(list(members))
        cells.append(f"\\multicolumn{{{n}}}{{c}}{{{tex(group or '')}}}")
        if group:
            rules.append(f"\\cmidrule(lr){{{at}-{at + n - 1}}}")
        at += n
    return [_line(cells), "".join(rules)]


def _head(head: Head) -> str:
    return f"\\multicolumn{{1}}{{c}}{{{tex(head.name)}}}"


def _rows(row: Row, chunk: slice) -> list[str]:
    cells = row.cells[chunk]
    lines = [_line([*(tex(part) for part in row.stub), *(_estimate(cell) for cell in cells)])]
    if any(cell.interval for cell in cells):
        below = [_below(cell) for cell in cells]
        lines = [lines[0] + "*", _line([*([""] * len(row.stub)), *below])]
    return lines


def _estimate(cell: Cell) -> str:
    text = tex(cell.text)
    if cell.reading is not None:
        text += f"\\,{tex(wording.MARKS[cell.reading])}"
    if cell.note is not None:
        text += f"\\textsuperscript{{{cell.note}}}"
    return text


def _below(cell: Cell) -> str:
    """The second line: the interval, and the word for one that misses a truth."""
    missed = " outside" if cell.below == "outside" else ""
    return f"{{\\scriptsize {tex(cell.interval)}{missed}}}" if cell.interval else ""


def _notes(table: Table) -> list[str]:
    parts = [f"{tex(wording.MARKS[one])}~{LEGEND[one]}." for one in table.readings]
    parts += [f"\\textsuperscript{{{letter}}}~{tex(text)}." for letter, text in table.notes]
    parts += [tex(remark) for remark in table.remarks]
    return ["\\par\\smallskip", "{\\footnotesize\\raggedright", *parts, "\\par}"] if parts else []


def _line(cells: Sequence[str]) -> str:
    return " & ".join(cells) + " \\\\"
