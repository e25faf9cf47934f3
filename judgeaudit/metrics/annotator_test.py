"""Could the judge stand in for one of the annotators? The alternative annotator test over pairs with several votes.

Annotator K is whoever cast the K-th vote of a pair, as in the truth ``annotator:K``: in corpora whose votes come in the
annotators' order that is one person, in others it is a seat that many sat on. A judge's answer to a pair is its mean
distribution over orders, sides and replicates, and a vote of tie is an answer like the others.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from judgeaudit import stats
from judgeaudit.metrics.findings import Estimated, Finding, Ints, PairValues
from judgeaudit.metrics.human_agreement import Answers, answers
from judgeaudit.metrics.observations import JudgeVerdicts
from judgeaudit.metrics.rating_agreement import MOST_ANNOTATORS, annotator_slice
from judgeaudit.metrics.reference import Reference
from judgeaudit.stats import Advantages, AnnotatorTest, advantages, mean_interval
from judgeaudit.stats.thresholds import MIN_ANNOTATORS, MIN_ITEMS_PER_ANNOTATOR

LEFT_OUT = (
    f"fewer than {MIN_ITEMS_PER_ANNOTATOR} pairs on which others voted too: not tested, and in no average"
)


def annotator_test(
    judge: JudgeVerdicts, reference: Reference, epsilon: float, ci_level: float
) -> Iterator[Finding]:
    """``annotator_winning_rate`` and ``annotator_advantage`` at baseline and under each artifact.

    At baseline the advantage is also given over each annotator alone, with the p-value of the test against that one.
    Nothing where fewer than three annotators have enough pairs.

    Args:
        judge: the verdicts.
        reference: the votes.
        epsilon: by how much worse than an annotator the judge may be.
        ci_level: level of the intervals.
    """
    for said in answers(judge):
        found = advantages(reference.ballots, said.share)
        if int(found.comparable.sum()) < MIN_ANNOTATORS:
            continue
        tested = stats.annotator_test(found, epsilon)
        average = _average(judge.name, said, found)
        counted = ~np.isnan(average.values)
        yield Estimated(
            "annotator_winning_rate", judge.name, said.perturbation, "proportion", tested.winning_rate, None,
            n_pairs=int(counted.sum()), n_verdicts=int(average.verdicts[counted].sum()),
        )  # fmt: skip
        yield average
        if said.perturbation is None and found.n_items.size <= MOST_ANNOTATORS:
            yield from _each(judge.name, found, tested, said.used, ci_level)


def _average(judge: str, said: Answers, found: Advantages) -> PairValues:
    """The mean over the tested annotators of the advantage over each, as one weighted mean over pairs.

    A pair weighs as much as it has in those means, that is equally where all annotated all pairs.
    """
    part = found.judge[:, found.comparable]
    in_mean = np.where(np.isnan(part), 0.0, 1 / found.n_items[found.comparable])
    weights = in_mean.sum(1)
    with np.errstate(invalid="ignore"):
        values = (np.nan_to_num(part) * in_mean).sum(1) / weights
    return PairValues(
        "annotator_advantage",
        judge,
        said.perturbation,
        None,
        "proportion",
        values,
        said.used,
        weights=weights,
    )


def _each(
    judge: str, found: Advantages, tested: AnnotatorTest, used: Ints, ci_level: float
) -> Iterator[Estimated]:
    """The advantage over each annotator; one with too few pairs is listed without a test."""
    for k, n_items in enumerate(found.n_items.tolist()):
        compared = ~np.isnan(found.judge[:, k])
        enough = bool(found.comparable[k])
        yield Estimated(
            "annotator_advantage", judge, None, "proportion",
            estimate=float(found.probability[k]) if n_items else None,
            interval=mean_interval(found.judge[compared, k], 0.0, 1.0, ci_level),
            n_pairs=n_items, n_verdicts=int(used[compared].sum()), p=float(tested.p[k]) if enough else None,
            p_adjusted=float(tested.p_adjusted[k]) if enough else None,
            within=annotator_slice(str(k + 1)), caution=None if enough else LEFT_OUT,
        )  # fmt: skip
