"""Which ratings belong to a run? Those in its review.json, each of a text that the run's own tables hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypedDict

import pandas as pd

from judgeaudit.corpora.corpus import shown
from judgeaudit.errors import RunFolderError
from judgeaudit.perturb import Status
from judgeaudit.records import Side
from judgeaudit.review.sample import ReviewText, Shown, items
from judgeaudit.review.sheet import Rating, SameMeaning, read_sheets
from judgeaudit.run_contract import misfit
from judgeaudit.run_folder import RunFolder, unreadable, write_json

FILE = "review.json"
ADVICE = "Store the ratings again (judgeaudit report RUN --reviewed SHEET), or remove the file."


class RatingEntry(TypedDict):
    """A rating as review.json has it, below its perturbation."""

    rater: int
    item: str
    pair_id: str
    side: Side
    same_meaning: SameMeaning | None
    fluent_original: Literal[1, 2, 3, 4, 5] | None
    fluent_perturbed: Literal[1, 2, 3, 4, 5] | None
    comment: str | None


FIELDS = tuple(RatingEntry.__annotations__)


class ReviewFile(TypedDict):
    """review.json: how many people rated, and their ratings by perturbation."""

    n_raters: int
    perturbations: dict[str, list[RatingEntry]]


@dataclass(frozen=True, slots=True)
class Review:
    """The human ratings of a run's texts."""

    n_raters: int
    ratings: tuple[Rating, ...]


def store(folder: Path, sheets: Sequence[Path]) -> Review:
    """Put raters' sheets into a finished run's folder, in place of those that it has.

    Raises:
        RunFolderError: the folder holds no finished run, or its tables cannot be read.
        ReviewError: a sheet is wrong, or of other texts than the run's.
    """
    read = read_sheets(sheets, _items(RunFolder(folder)))
    review = Review(len(read), tuple(rating for sheet in read for rating in sheet.ratings))
    by_name: dict[str, list[dict[str, Any]]] = {}
    for rating in review.ratings:
        by_name.setdefault(rating.perturbation, []).append({name: getattr(rating, name) for name in FIELDS})
    write_json(folder / FILE, {"n_raters": review.n_raters, "perturbations": by_name})
    return review


def stored(folder: RunFolder) -> Review | None:
    """The ratings in a run's folder; None where it has none.

    Raises:
        RunFolderError: review.json cannot be read, or rates a text that the run does not have.
    """
    path = folder.path / FILE
    if not path.exists():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise RunFolderError(
            f"{path}: found {unreadable(error)}, expected JSON in UTF-8. {ADVICE}"
        ) from error
    if problem := misfit(found, ReviewFile):
        raise RunFolderError(f"{path}: {problem}. {ADVICE}")
    ratings = tuple(
        Rating(perturbation=name, **{field: entry[field] for field in FIELDS})
        for name, entries in found["perturbations"].items()
        for entry in entries
    )
    known = _items(folder)
    for rating in ratings:
        place = (rating.perturbation, rating.pair_id, rating.side)
        one = known.get(rating.item)
        if one is None or (one.text.perturbation, one.text.pair_id, one.text.side) != place:
            raise RunFolderError(
                f"{path}: found a rating of {shown(' / '.join(place))} ({shown(rating.item)}), expected "
                f"only ratings of the texts in texts.parquet: it is another run's, or a text was changed. {ADVICE}"
            )
    return Review(found["n_raters"], ratings)


def _items(folder: RunFolder) -> dict[str, Shown]:
    pairs = folder.table("pairs", ("pair_id", "prompt", "response_a", "response_b"))
    texts = folder.table("texts", ("pair_id", "perturbation", "side", "status", "text"))
    return items(_texts(pairs, texts[texts["status"] == Status.CHANGED]))


def _texts(pairs: pd.DataFrame, texts: pd.DataFrame) -> Iterator[ReviewText]:
    by_id = pairs.set_index("pair_id").to_dict("index")
    for pair_id, perturbation, side, text in zip(
        *(texts[name] for name in ("pair_id", "perturbation", "side", "text")), strict=True
    ):
        pair = by_id.get(pair_id)
        if pair is None:
            raise RunFolderError(
                f"texts.parquet: found a text of the pair {pair_id!r}, which pairs.parquet lacks."
            )
        yield ReviewText(pair_id, perturbation, side, pair["prompt"], pair[f"response_{side}"], text)
