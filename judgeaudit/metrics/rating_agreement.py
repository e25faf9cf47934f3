"""Does a pointwise judge class responses as people do? With their majority, with each alone, and beside each other.

Agreement with a majority can hide that annotators disagree, and which of them is taken for the truth can move a
published figure by more than a better judge would. Each figure therefore stands beside that of every annotator, and
beside the ceiling: each annotator held against the majority of the others.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from judgeaudit.metrics.findings import Finding, PairTables
from judgeaudit.metrics.human_ratings import HumanRatings, Truth
from judgeaudit.metrics.rating_errors import rate, rate_cases
from judgeaudit.metrics.ratings import Floats, Ints, JudgeRatings, unsafe_or_not
from judgeaudit.metrics.record import ALL
from judgeaudit.metrics.yardsticks import LEAVE_ONE_OUT
from judgeaudit.stats import cohen_kappa

MOST_ANNOTATORS = 20
"""With more annotators than this (a crowd) none of them stands alone: only what all of them say is reported."""

Part = tuple[str, Finding]
"""A finding, and the slice that it is of: ``all``, or one annotator's."""


def annotator_slice(name: str) -> str:
    """The slice of agreement with one annotator."""
    return f"annotator={name}"


def rating_agreement(judge: JudgeRatings, people: HumanRatings, truth: Truth) -> Iterator[Part]:
    """``rating_accuracy`` with the truth, also under each artifact, and ``rating_kappa``; both with each annotator.

    Where a judge has as many classes as the human ratings have, a response agrees where the class is the same; else
    where both call it unsafe or neither does.
    """
    for artifact in (None, *judge.artifacts):
        if artifact in judge.classes:
            yield from _against(judge, artifact, truth, ALL)
    if None in judge.classes:
        for name in _alone(people):
            alone = Truth.of(people.counts(people.given_by(name)))
            yield from _against(judge, None, alone, annotator_slice(name))


def rating_yardsticks(people: HumanRatings) -> Iterator[Part]:
    """``rating_accuracy`` and ``rating_kappa`` of each annotator against the majority of the others.

    On responses that two or more people rated: of two, each is held against the other. Where the others are split
    evenly, their majority is shared among the classes that they are split over. A declared answer is no annotator.
    """
    tables, response, rater = _left_out(people)
    if response.size == 0:
        return
    yield from _of_ratings(tables, response, people, ALL)
    for name in _alone(people):
        own = rater == people.raters.index(name)
        yield from _of_ratings(tables[own], response[own], people, annotator_slice(name))


def _alone(people: HumanRatings) -> tuple[str, ...]:
    return people.people if len(people.people) <= MOST_ANNOTATORS else ()


def _against(judge: JudgeRatings, artifact: str | None, truth: Truth, part: str) -> Iterator[Part]:
    rated = judge.classes[artifact]
    label = truth.in_classes(rated.share.shape[-1])
    share = rated.share if label.shape[-1] == rated.share.shape[-1] else unsafe_or_not(rated.share)
    labelled = label.sum(-1) > 0
    counted = labelled & (rated.scored > 0)
    agrees = (label * share).sum(-1)
    accuracy = rate(
        "rating_accuracy", judge.name, artifact, agrees, counted, rated.scored, sliced=part == ALL,
        cases=rate_cases(rated, agrees, labelled),
    )  # fmt: skip
    yield part, accuracy
    if artifact is None:
        tables = np.where(counted[..., None, None], label[..., :, None] * share[..., None, :], 0.0).sum(1)
        tables[~counted.any(1)] = np.nan
        yield part, PairTables("rating_kappa", judge.name, None, tables, accuracy.verdicts, cohen_kappa)


def _left_out(people: HumanRatings) -> tuple[Floats, Ints, Ints]:
    """For each rating of a response that others rated too: its table, its response and its rater.

    A table (classes, classes) has the majority of the others in rows and the rating in columns, total 1.
    """
    chosen = people.given_by(*people.people)
    counts = people.counts(chosen).reshape(-1, people.n_classes)
    chosen &= counts.sum(1)[people.response] > 1
    said = np.eye(people.n_classes)[people.label[chosen]]
    others = counts[people.response[chosen]] - said
    leading = (others == others.max(1, keepdims=True, initial=0)).astype(np.float64)
    leading /= leading.sum(1, keepdims=True)
    return leading[:, :, None] * said[:, None, :], people.response[chosen], people.rater[chosen]


def _of_ratings(tables: Floats, response: Ints, people: HumanRatings, part: str) -> Iterator[Part]:
    """Agreement over ratings: each response weighs the same, however many rated it."""
    responses, classes = 2 * people.n_pairs, people.n_classes
    given = np.bincount(response, minlength=responses)
    flat = tables.reshape(-1, classes * classes)
    sums = np.stack([np.bincount(response, flat[:, k], responses) for k in range(classes * classes)], axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = (sums / given[:, None]).reshape(-1, 2, classes, classes)
    given = given.reshape(-1, 2)
    counted = given > 0
    agrees = np.trace(means, axis1=-2, axis2=-1)
    accuracy = rate("rating_accuracy", LEAVE_ONE_OUT, None, agrees, counted, given, sliced=part == ALL)
    yield part, accuracy
    by_pair = np.where(counted[..., None, None], means, 0.0).sum(1)
    by_pair[~counted.any(1)] = np.nan
    yield part, PairTables("rating_kappa", LEAVE_ONE_OUT, None, by_pair, accuracy.verdicts, cohen_kappa)
