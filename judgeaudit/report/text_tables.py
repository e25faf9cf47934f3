"""What stands in the tables about the perturbed texts? Checks of each perturbation's texts, and people's ratings."""

from __future__ import annotations

from judgeaudit.perturb import Status
from judgeaudit.report import wording
from judgeaudit.report.recipe import TableSpec
from judgeaudit.report.run import Run
from judgeaudit.report.table import Cell, Head, Long, Panel, Row, Table, Value
from judgeaudit.review import Agreement, agreement, summaries
from judgeaudit.stats import Interval
from judgeaudit.text_summary import KEPT, MEDIANS, TextSummary

VALIDITY_HEADS = (
    Head("Changed", "Texts"), Head("Invalid", "Texts"),
    Head("Length ratio", "Median"), Head("Edit distance", "Median"), Head("chrF", "Median"),
    *(Head(one.capitalize(), "All kept (%)") for one in KEPT),
)  # fmt: skip
SIMILARITY_HEAD = Head("Similarity", "Mean")

VALIDITY_COLUMNS = (
    "perturbation", *(status.value for status in Status), *(f"median_{check}" for check in MEDIANS),
    *(f"{one}_{part}" for one in KEPT for part in ("all_kept", "texts_with_any")), "mean_similarity",
)  # fmt: skip

REVIEW_HEADS = (
    Head("Texts", "Rated"), Head("Ratings", "Rated"), Head("Blank", "Rated"),
    Head("Same (%)", "Meaning"),
    Head("Original", "Fluency"), Head("Perturbed", "Fluency"), Head("Difference", "Fluency"),
    Head("Agree (%)", "Raters"), Head("Alpha", "Raters"),
    Head("Comments"),
)  # fmt: skip

REVIEW_COLUMNS = (
    "perturbation", "n_texts", "n_ratings", "n_not_rated", "meaning_yes", "meaning_no", "meaning_unsure",
    "same_meaning", "same_meaning_low", "same_meaning_high", "same_meaning_method",
    "fluency_original", "fluency_perturbed", "fluency_difference", "fluency_low", "fluency_high", "fluency_method",
    "ci_level", "n_texts_shared", "raters_agree", "alpha", "n_comments",
)  # fmt: skip


def validity_table(run: Run, spec: TableSpec) -> Table:
    """A row for each perturbation and neutral control; similarity only where an audit checked the meaning."""
    asked = any(one.similarity is not None for one in run.texts)
    heads = (*VALIDITY_HEADS, *((SIMILARITY_HEAD,) if asked else ()))
    rows = tuple(Row((one.perturbation,), _validity_cells(one)[: len(heads)]) for one in run.texts)
    long = Long(VALIDITY_COLUMNS, tuple(_validity_record(one) for one in run.texts))
    panels = (Panel(None, rows),) if rows else ()
    return Table(
        spec.name, spec.title, spec.caption, spec.how_to_read, ("Perturbation",), heads, panels, long
    )


def _validity_cells(one: TextSummary) -> tuple[Cell, ...]:
    medians = [(one.medians["length_ratio"], 2), (one.medians["edit_distance"], 2), (one.medians["chrf"], 1)]
    return (
        Cell(f"{one.counts[Status.CHANGED]:,}"),
        Cell(f"{one.counts[Status.INVALID]:,}"),
        *(_cell(value, digits) for value, digits in medians),
        *(_cell(kept.share, 1, factor=100) for kept in one.kept.values()),
        _cell(one.similarity, 2),
    )


def _validity_record(one: TextSummary) -> tuple[Value, ...]:
    kept = [value for part in one.kept.values() for value in (part.n, part.of)]
    return (one.perturbation, *one.counts.values(), *one.medians.values(), *kept, one.similarity)


def review_table(run: Run, spec: TableSpec) -> Table:
    """A row for each perturbation with a text in the sample that people rated."""
    assert run.review is not None, "built only where there are ratings"
    level = run.manifest["analysis"]["ci_level"]
    found = summaries(run.review.ratings, list(run.manifest["perturbations"]), level)
    rows: list[Row] = []
    long: list[tuple[Value, ...]] = []
    for one in found:
        agreed = one.agreement
        counts = (one.n_texts, one.n_ratings, one.n_not_rated)
        cells = (
            *(Cell(f"{n:,}") for n in counts),
            _cell(one.same_meaning, 1, one.same_meaning_interval, factor=100),
            _cell(one.fluency_original, 2),
            _cell(one.fluency_perturbed, 2),
            _cell(one.fluency_difference, 2, one.fluency_interval, signed=True),
            _cell(agreed.share, 1, factor=100),
            _cell(agreed.alpha, 2),
            Cell(f"{one.n_comments:,}"),
        )
        rows.append(Row((one.perturbation,), cells))
        long.append(
            (
                one.perturbation, *counts, *one.meaning.values(),
                one.same_meaning, *_ends(one.same_meaning_interval),
                one.fluency_original, one.fluency_perturbed, one.fluency_difference, *_ends(one.fluency_interval),
                level, agreed.n_texts, agreed.share, agreed.alpha, one.n_comments,
            )
        )  # fmt: skip
    return Table(
        spec.name,
        spec.title,
        spec.caption,
        spec.how_to_read,
        ("Perturbation",),
        REVIEW_HEADS,
        (Panel(None, tuple(rows)),) if rows else (),
        Long(REVIEW_COLUMNS, tuple(long)),
        remarks=(_of_raters(run.review.n_raters, agreement(run.review.ratings)),),
    )


def _of_raters(n: int, over_all: Agreement) -> str:
    raters = wording.counted(n, "rater")
    if over_all.share is None:
        return f"{raters}; no text has more than one rating."
    alpha = "undefined" if over_all.alpha is None else _number(over_all.alpha, 2)
    return (
        f"{raters}. On the {wording.counted(over_all.n_texts, 'text')} that several rated, "
        f"{_number(100 * over_all.share, 1)} % of the pairs of ratings agree whether the meaning is the same; "
        f"Krippendorff's alpha is {alpha}."
    )


def _cell(
    value: float | None,
    digits: int,
    interval: Interval | None = None,
    *,
    factor: float = 1.0,
    signed: bool = False,
) -> Cell:
    """A figure, blank where there is none."""
    if value is None:
        return Cell(wording.ABSENT)
    text = _number(factor * value, digits, signed=signed)
    if interval is None:
        return Cell(text)
    low, high = (_number(factor * end, digits, signed=signed) for end in (interval.low, interval.high))
    return Cell(text, f"[{low}, {high}]")


def _number(value: float, digits: int, *, signed: bool = False) -> str:
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0:
        return text
    return (wording.MINUS if value < 0 else "+" if signed else "") + text


def _ends(interval: Interval | None) -> tuple[Value, Value, Value]:
    return (None, None, None) if interval is None else (interval.low, interval.high, interval.method)
