"""What stands in a rater's sheet, and what did the rater say? A CSV file for a spreadsheet, there and back.

A text under audit may begin like a formula. Such a cell gets an apostrophe in front, and loses it on reading.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Literal, cast

from judgeaudit.corpora.corpus import Problem, shown
from judgeaudit.errors import ReviewError
from judgeaudit.records import Side
from judgeaudit.review.sample import Shown

SameMeaning = Literal["yes", "no", "unsure"]
SAME_MEANING: tuple[SameMeaning, ...] = ("yes", "no", "unsure")
FLUENCY = ("1", "2", "3", "4", "5")
"""1: not fluent at all; 5: as fluent as a good writer's."""

COLUMNS = (
    "item", "prompt", "text_1", "text_2", "same_meaning", "fluent_1", "fluent_2", "comment",
)  # fmt: skip
DELIMITERS = ",;\t"
"""Spreadsheets save CSV with the separator of their country."""

FORMULA = "=+-@\t\r\n＝＋－＠"
"""What a cell that a spreadsheet computes begins with (OWASP, CSV injection), spaces aside."""

MOST_TOLD = 20
"""Problems of a sheet that a message lists."""

COMPARED_CHARACTERS = 200
"""Start of a text by which a row is recognised: spreadsheets cut long cells, at 32,767 characters for one."""


@dataclass(frozen=True, slots=True)
class Rating:
    """One rater's answers about one text; None where there is none.

    Attributes:
        rater: 1, 2, ... in the order of the sheets.
        item: the item's name in the sheet.
        pair_id, perturbation, side: which text.
        same_meaning: whether the two texts mean the same.
        fluent_original, fluent_perturbed: 1 to 5.
        comment: in the rater's words.
    """

    rater: int
    item: str
    pair_id: str
    perturbation: str
    side: Side
    same_meaning: SameMeaning | None
    fluent_original: int | None
    fluent_perturbed: int | None
    comment: str | None

    @property
    def rated(self) -> bool:
        """Whether anything was asked and answered; a comment alone is no rating."""
        return not (
            self.same_meaning is None and self.fluent_original is None and self.fluent_perturbed is None
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one rater returned."""

    file: str
    ratings: tuple[Rating, ...]


def write_sheet(path: Path, sample: Sequence[Shown]) -> None:
    """Write the sheet that raters fill in: CSV in UTF-8 with a byte order mark, by which spreadsheets know it.

    Raises:
        ReviewError: the file exists, for it may hold somebody's ratings; or it cannot be written.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in sample:
        writer.writerow(
            [one.item, *(guarded(text) for text in (one.text.prompt, *one.texts)), "", "", "", ""]
        )
    try:
        with path.open("xb") as file:
            file.write(out.getvalue().encode("utf-8-sig", "replace"))
    except FileExistsError as error:
        raise ReviewError(
            f"{path}: found a file, which may hold a rater's work, expected none; name another or move it."
        ) from error
    except OSError as error:
        raise ReviewError(f"{path}: cannot be written: {error.strerror}.") from error


def guarded(text: str) -> str:
    """A text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _risky(text) else text


def restored(cell: str) -> str:
    """The text of a cell that ``guarded`` made."""
    return cell[1:] if cell.startswith("'") and _risky(cell[1:]) else cell


def _risky(text: str) -> bool:
    return text.startswith("'") or text.lstrip(" ")[:1] in tuple(FORMULA)


def read_sheets(paths: Sequence[Path], items: Mapping[str, Shown]) -> tuple[Sheet, ...]:
    """Read what raters filled in, one sheet a rater.

    Args:
        paths: the files, in UTF-8, separated by commas, semicolons or tabs.
        items: every item that there can be (``sample.items``).

    Raises:
        ReviewError: a file cannot be read, a field is wrong, or an item is not among ``items``; the message
            names file, line and column of each.
    """
    if len({path.resolve() for path in paths}) < len(paths):
        raise ReviewError(f"found one of {', '.join(map(str, paths))} twice, expected one file a rater.")
    return tuple(_read(path, rater, items) for rater, path in enumerate(paths, start=1))


def _read(path: Path, rater: int, items: Mapping[str, Shown]) -> Sheet:
    ratings: list[Rating] = []
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    unknown: list[str] = []
    for line, row in _rows(path):
        item = row["item"].strip()
        one = items.get(item)
        if one is None:
            unknown.append(f"{shown(item)} (line {line})")
            continue
        if item in lines:
            problems.append(
                Problem(str(path), line, "item", f"{item} again (first in line {lines[item]})", "each item once",
                        "keep one of the two rows")
            )  # fmt: skip
        lines[item] = line
        problems += _of_texts(path, line, row, one)
        same = _one_of(path, line, row, "same_meaning", SAME_MEANING, problems)
        fluent = [_one_of(path, line, row, name, FLUENCY, problems) for name in ("fluent_1", "fluent_2")]
        scores = [None if score is None else int(score) for score in fluent]
        original, perturbed = scores if one.original_first else scores[::-1]
        text, comment = one.text, restored(row["comment"]).strip()
        ratings.append(
            Rating(rater, item, text.pair_id, text.perturbation, text.side, cast("SameMeaning | None", same),
                   original, perturbed, comment or None)
        )  # fmt: skip
    if unknown:
        raise ReviewError(
            f"{path}: found {len(unknown)} of {len(unknown) + len(lines)} items that are not of these texts: "
            f"{', '.join(unknown[:MOST_TOLD])}{_and_more(len(unknown))}. Expected a sheet of the same pairs, "
            f"perturbations, seed and version of judgeaudit."
        )
    if problems:
        told = "\n  ".join(map(str, problems[:MOST_TOLD]))
        raise ReviewError(f"{told}{_and_more(len(problems))}")
    return Sheet(str(path), tuple(ratings))


def _and_more(n: int) -> str:
    return f" and {n - MOST_TOLD} more" if n > MOST_TOLD else ""


def _of_texts(path: Path, line: int, row: Mapping[str, str], one: Shown) -> Iterator[Problem]:
    """See that the row still shows the item's texts: a sheet sorted by one column alone gives others' ratings."""
    columns = ("text_1", "text_2")
    if not any(
        _start(row[name]) == _start(guarded(text)) for name, text in zip(columns, one.texts, strict=True)
    ):
        yield Problem(
            str(path), line, "text_1", shown(restored(row["text_1"])), shown(one.texts[0]),
            "the texts of this row are not its item's; were cells moved or sorted alone?",
        )  # fmt: skip


def _start(cell: str) -> str:
    # Spreadsheets change line breaks and trim; what no file can hold was replaced on writing.
    text = restored(cell).encode("utf-8", "replace").decode("utf-8")
    return "".join(text.split())[:COMPARED_CHARACTERS]


def _one_of(
    path: Path,
    line: int,
    row: Mapping[str, str],
    column: str,
    known: tuple[str, ...],
    problems: list[Problem],
) -> str | None:
    found = row[column].strip().lower().removesuffix(".0")  # spreadsheets write 4 as 4.0
    if found and found not in known:
        problems.append(
            Problem(str(path), line, column, shown(row[column]), f"{', '.join(known)} or nothing",
                    "correct the cell, or empty it")
        )  # fmt: skip
    return found if found in known else None


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Each row's line in the file, and its cells by column; empty rows are passed over."""
    text = _text(path)
    first = text.partition("\n")[0]
    headers = {mark: [name.strip(' "\r') for name in first.split(mark)] for mark in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda mark: sum(name in COLUMNS for name in headers[mark]))
    header = headers[delimiter]
    _check_header(path, header)
    found: list[tuple[int, dict[str, str]]] = []
    limit = csv.field_size_limit(sys.maxsize)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if line > 1 and any(cells):
                if any(cells[len(header) :]):
                    raise ReviewError(
                        str(Problem(str(path), line, None, f"{len(cells)} cells", f"{len(header)}, as in the header",
                                    "put cells that hold a separator, a quote or a line break in double quotes"))
                    )  # fmt: skip
                # Some programs leave out empty cells at the end of a row.
                found.append((line, dict(zip_longest(header, cells[: len(header)], fillvalue=""))))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ReviewError(
            str(Problem(str(path), line, None, f"broken quoting in the row that starts here ({error})",
                        "every quote closed, and a quote inside a quoted cell written twice", "mend the row"))
        ) from error  # fmt: skip
    finally:
        csv.field_size_limit(limit)
    return found


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ReviewError(f"{path}: found no file there, expected a rater's sheet.") from error
    except OSError as error:
        raise ReviewError(f"{path}: cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ReviewError(
            f"{path}: found bytes that are no UTF-8, expected UTF-8; save the sheet as “CSV UTF-8”."
        ) from error


def _check_header(path: Path, header: Sequence[str]) -> None:
    for name in COLUMNS:
        if header.count(name) != 1:
            raise ReviewError(
                str(Problem(str(path), 1, name, f"the columns {', '.join(map(shown, header))}", "this column, once",
                            "bring back the sheet's own header"))
            )  # fmt: skip
    for name in header:
        if name and name not in COLUMNS:
            raise ReviewError(
                str(Problem(str(path), 1, name, "a column of its own", f"only {', '.join(COLUMNS)}",
                            "put remarks into comment"))
            )  # fmt: skip
