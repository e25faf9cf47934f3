"""How do counts of texts, and ratings of them, stand in a terminal? Tables for ``judgeaudit perturb``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from judgeaudit.perturb import Status
from judgeaudit.review import Agreement, ReviewSummary
from judgeaudit.side_by_side import visible
from judgeaudit.stats import Interval
from judgeaudit.text_summary import TextSummary


def text_counts(found: Sequence[TextSummary]) -> Iterator[Table | Text]:
    """A table of counts and medians, then a line for each reason why a text has no valid copy."""
    table = Table(title="Perturbed texts", title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("perturbation", overflow="fold")
    headings = ("changed", "unchanged", "n/a", "failed", "invalid", "length", "edit", "chrF")
    for heading in headings:
        table.add_column(heading, justify="right")
    for one in found:
        medians = [
            (one.medians["length_ratio"], 2),
            (one.medians["edit_distance"], 2),
            (one.medians["chrf"], 1),
        ]
        table.add_row(
            Text(visible(one.perturbation)),
            *(f"{one.counts[status]:,}" for status in Status),
            *(_figure(value, digits) for value, digits in medians),
        )
    yield table
    yield Text(
        "n/a: not applicable. Medians of the changed texts: length, a ratio of characters; edit, Levenshtein distance "
        "over the longer text; chrF, 0 to 100.",
        "dim",
    )
    for one in found:
        for (status, reason), n in one.reasons.items():
            words = status.value.replace("_", " ")
            yield Text(f"{visible(one.perturbation)}: {n:,} {words}: {visible(reason)}")


def ratings_table(
    found: Sequence[ReviewSummary], over_all: Agreement, n_raters: int
) -> Iterator[Table | Text]:
    """A table of what raters said of each perturbation, then how far they agree over all of them."""
    table = Table(title=f"Human review, {n_raters} raters" if n_raters > 1 else "Human review, 1 rater")
    table.title_justify, table.box, table.padding = "left", SIMPLE_HEAD, (0, 1, 0, 0)
    table.add_column("perturbation", overflow="fold")
    headings = (
        "texts", "ratings", "blank", "same meaning %", "fluent, original", "perturbed", "difference",
        "raters agree %", "alpha", "comments",
    )  # fmt: skip
    for heading in headings:
        table.add_column(heading, justify="right")
    for one in found:
        table.add_row(
            Text(visible(one.perturbation)),
            *(f"{n:,}" for n in (one.n_texts, one.n_ratings, one.n_not_rated)),
            _figure(one.same_meaning, 1, one.same_meaning_interval, 100),
            _figure(one.fluency_original, 2),
            _figure(one.fluency_perturbed, 2),
            _figure(one.fluency_difference, 2, one.fluency_interval),
            _figure(one.agreement.share, 1, None, 100),
            _figure(one.agreement.alpha, 2),
            f"{one.n_comments:,}",
        )
    yield table
    if over_all.n_texts:
        share, alpha = _figure(over_all.share, 1, None, 100), _figure(over_all.alpha, 2)
        yield Text(
            f"On the {over_all.n_texts:,} texts that several rated, {share} % of the pairs of ratings agree whether "
            f"the meaning is the same (Krippendorff's alpha {alpha})."
        )


def _figure(value: float | None, digits: int, interval: Interval | None = None, factor: float = 1) -> str:
    if value is None:
        return "—"
    text = f"{factor * value:.{digits}f}"
    if interval is not None:
        text += f"\n[{factor * interval.low:.{digits}f}, {factor * interval.high:.{digits}f}]"
    return text
