"""What do the ratings say of each perturbation? Shares and means over pairs, and how far raters agree.

A pair's value is the mean over its rated texts, a text's the mean over its raters, so that a text that many rated
weighs no more than one that one rated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.proportion import proportion_confint

from judgeaudit.review.sheet import SAME_MEANING, Rating
from judgeaudit.stats import Interval, coincidences, krippendorff_alpha, mean_interval

WILSON = "Wilson over pairs"
WIDEST_DIFFERENCE = 4.0
"""Between fluency 1 and fluency 5."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far raters agree whether texts mean the same.

    Attributes:
        n_texts: texts that two or more rated.
        share: of the pairs of ratings of one text that are the same; None without such texts.
        alpha: Krippendorff's, nominal; None where it is undefined, as when all ratings are the same.
    """

    n_texts: int
    share: float | None
    alpha: float | None


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """What raters said of one perturbation's texts.

    Attributes:
        perturbation: its name.
        n_texts: texts with at least one rating.
        n_ratings: ratings, over all raters.
        n_not_rated: rows that raters left blank.
        meaning: ratings of the meaning by answer.
        same_meaning: the share that mean the same, ``unsure`` not among them; None without ratings.
        same_meaning_interval: Wilson's, with one unit a pair: where several ratings of a pair are averaged it is
            wider than it need be.
        fluency_original, fluency_perturbed: means from 1 to 5 over the ratings that have both.
        fluency_difference: perturbed less original.
        fluency_interval: of the difference, over pairs.
        agreement: of the raters.
        n_comments: comments.
    """

    perturbation: str
    n_texts: int
    n_ratings: int
    n_not_rated: int
    meaning: Mapping[str, int]
    same_meaning: float | None
    same_meaning_interval: Interval | None
    fluency_original: float | None
    fluency_perturbed: float | None
    fluency_difference: float | None
    fluency_interval: Interval | None
    agreement: Agreement
    n_comments: int


def summaries(ratings: Iterable[Rating], names: Sequence[str], level: float) -> tuple[ReviewSummary, ...]:
    """A summary for each perturbation with a row in a sheet, in the order of ``names``, at a confidence level."""
    by_name: dict[str, list[Rating]] = defaultdict(list)
    for rating in ratings:
        by_name[rating.perturbation].append(rating)
    return tuple(_summary(name, by_name[name], level) for name in names if name in by_name)


def agreement(ratings: Iterable[Rating]) -> Agreement:
    """How far raters agree whether texts mean the same."""
    by_text: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for rating in ratings:
        if rating.same_meaning is not None:
            by_text[rating.perturbation, rating.pair_id, rating.side].append(rating.same_meaning)
    shared = [answers for answers in by_text.values() if len(answers) > 1]
    if not shared:
        return Agreement(0, None, None)
    counts = np.array([[answers.count(one) for one in SAME_MEANING] for answers in shared], dtype=np.float64)
    table = coincidences(counts).sum(0)
    alpha = float(krippendorff_alpha(table))
    return Agreement(len(shared), float(np.trace(table) / table.sum()), None if np.isnan(alpha) else alpha)


def _summary(name: str, ratings: Sequence[Rating], level: float) -> ReviewSummary:
    rated = [rating for rating in ratings if rating.rated]
    same = _by_pair(rated, lambda one: None if one.same_meaning is None else float(one.same_meaning == "yes"))
    original = _by_pair(rated, lambda one: None if one.fluent_perturbed is None else one.fluent_original)
    perturbed = _by_pair(rated, lambda one: None if one.fluent_original is None else one.fluent_perturbed)
    difference = perturbed - original
    return ReviewSummary(
        perturbation=name,
        n_texts=len({(one.pair_id, one.side) for one in rated}),
        n_ratings=len(rated),
        n_not_rated=len(ratings) - len(rated),
        meaning={answer: sum(one.same_meaning == answer for one in rated) for answer in SAME_MEANING},
        same_meaning=_mean(same),
        same_meaning_interval=_wilson(same, level),
        fluency_original=_mean(original),
        fluency_perturbed=_mean(perturbed),
        fluency_difference=_mean(difference),
        fluency_interval=mean_interval(difference, -WIDEST_DIFFERENCE, WIDEST_DIFFERENCE, level),
        agreement=agreement(rated),
        n_comments=sum(one.comment is not None for one in ratings),
    )


def _by_pair(ratings: Iterable[Rating], value: Callable[[Rating], float | None]) -> NDArray[np.float64]:
    """One value a pair: the mean over its texts of the mean over their raters."""
    pairs: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for rating in ratings:
        found = value(rating)
        if found is not None:
            pairs[rating.pair_id][rating.side].append(found)
    return np.array([fmean(map(fmean, sides.values())) for sides in pairs.values()], dtype=np.float64)


def _mean(values: NDArray[np.float64]) -> float | None:
    return float(values.mean()) if values.size else None


def _wilson(shares: NDArray[np.float64], level: float) -> Interval | None:
    """Wilson's interval (1927) of a mean share, by statsmodels."""
    if not shares.size:
        return None
    low, high = proportion_confint(float(shares.sum()), shares.size, alpha=1 - level, method="wilson")
    return Interval(float(low), float(high), level, WILSON)
