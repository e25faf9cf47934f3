"""Could a judge stand in for one of the annotators? The alternative annotator test, annotator by annotator.

Each annotator in turn is left out. On every item that others annotated too, the judge and the one left out are scored
by the share of the others who gave the same answer, and the better score has the advantage; equal scores give it to
both. Let W_judge and W_annotator say who has it. The null hypothesis is that the judge is worse by ``epsilon`` or more,
E[W_annotator - W_judge] >= epsilon: what a judge costs less it may be worse. The judge wins against those annotators
for whom it is rejected, the p-values adjusted by Benjamini and Yekutieli (2001), since they share items. It passes
where it wins against half of the annotators or more.

Source: Calderon, Reichart and Dror (2025, arXiv 2501.10970) and their code. Two departures:

* A judge may answer with a distribution. W is then its expectation over one answer drawn from it, so that a judge that
  is sure of its answer is scored as in the paper, and one that is not as its replicates would be on average.
* Their test is Student's t over the differences. Where an annotator is hardly ever the worse one, that rejects a true
  null in up to 18 % of samples of 30 at a nominal 5 %. Here two pseudo-items join the differences, one at each end of
  the scale; docs/statistics.md has the error rates of both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judgeaudit.stats.thresholds import (
    ANNOTATOR_FDR,
    MIN_ITEMS_PER_ANNOTATOR,
    PASSING_WINNING_RATE,
    SAME,
    SMALLEST_P,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Advantages:
    """Who represents the other annotators at least as well: the judge, or the annotator left out?

    Attributes:
        judge: (items, annotators), the chance in [0, 1] that the judge's score is at least the annotator's; NaN where
            the annotator or the judge gave no answer, or nobody else did.
        annotator: (items, annotators), the chance that the annotator's score is at least the judge's.
    """

    judge: Floats
    annotator: Floats

    @property
    def n_items(self) -> Ints:
        """(annotators,): on how many items the judge is compared with each."""
        n_items: Ints = (~np.isnan(self.judge)).sum(0).astype(np.int64)
        return n_items

    @property
    def comparable(self) -> Bools:
        """(annotators,): who has items enough to be tested."""
        comparable: Bools = self.n_items >= MIN_ITEMS_PER_ANNOTATOR
        return comparable

    @property
    def probability(self) -> Floats:
        """(annotators,): the judge's advantage probability over each, its mean over items; NaN without items."""
        with np.errstate(invalid="ignore"):
            probability: Floats = np.nansum(self.judge, axis=0) / self.n_items
        return probability


@dataclass(frozen=True, slots=True)
class AnnotatorTest:
    """The outcome of the test.

    Attributes:
        p: (annotators,), one-sided and unadjusted; NaN for an annotator who was not tested.
        p_adjusted: (annotators,), by Benjamini and Yekutieli over the tested ones; NaN for the others.
        won: (annotators,), against whom the judge wins.
        winning_rate: the share of the tested annotators against whom it wins.
    """

    p: Floats
    p_adjusted: Floats
    won: Bools
    winning_rate: float

    @property
    def passed(self) -> bool:
        """Whether the judge may stand in for an annotator."""
        return self.winning_rate >= PASSING_WINNING_RATE


def advantages(answers: Ints, judge: Floats) -> Advantages:
    """Score the judge and each annotator against the remaining annotators, item by item.

    Args:
        answers: (items, annotators), which category each annotator chose; negative where none.
        judge: (items, categories), the chance of each of the judge's answers; NaN for an item without one. It may
            have more categories than people use: they agree with nobody.
    """
    chosen = np.equal(answers[:, :, None], np.arange(judge.shape[1])).astype(np.float64)
    # Counts of the remaining annotators, not shares: who agrees with more of them is then free of rounding.
    others = chosen.sum(1, keepdims=True) - chosen
    of_annotator = (others * chosen).sum(-1, keepdims=True)
    judged = ~np.isnan(judge).any(1, keepdims=True)
    compared = (answers >= 0) & (others.sum(-1) > 0) & judged
    weights = np.nan_to_num(judge)[:, None, :]
    by_judge = np.where(compared, (weights * (others >= of_annotator)).sum(-1), np.nan)
    by_annotator = np.where(compared, (weights * (others <= of_annotator)).sum(-1), np.nan)
    return Advantages(by_judge, by_annotator)


def annotator_test(found: Advantages, epsilon: float) -> AnnotatorTest:
    """Test the judge against every annotator with enough items.

    Args:
        found: the advantages.
        epsilon: by how much worse than an annotator the judge may be, in [0, 1].

    Raises:
        ValueError: no annotator has enough items.
    """
    from scipy.stats import false_discovery_control

    tested = np.flatnonzero(found.comparable)
    if tested.size == 0:
        raise ValueError(
            f"annotator test: found no annotator with {MIN_ITEMS_PER_ANNOTATOR} items, expected one or more"
        )
    lead = found.annotator - found.judge
    p = np.full(lead.shape[1], np.nan)
    p[tested] = [shorter_lead(lead[~np.isnan(lead[:, k]), k], epsilon) for k in tested]
    adjusted = np.full(lead.shape[1], np.nan)
    adjusted[tested] = false_discovery_control(p[tested], method="by")
    won = np.zeros(lead.shape[1], dtype=np.bool_)
    won[tested] = adjusted[tested] <= ANNOTATOR_FDR
    return AnnotatorTest(p, adjusted, won, float(won[tested].mean()))


def shorter_lead(lead: Floats, epsilon: float) -> float:
    """The one-sided p-value of a mean lead of ``epsilon`` or more, against a shorter one.

    Student's t over the items and one pseudo-item at each end of the scale. Where all items have the same lead c there
    is no variance to use, and p is exact: for the mean to be epsilon a share of (epsilon - c) / (1 - c) items or more
    would have to be of a kind of which none was seen.

    Args:
        lead: (n,), one value in [-1, 1] an item, n >= 1.
        epsilon: in [0, 1].

    Returns:
        p in [1e-12, 1].
    """
    from scipy.stats import ttest_1samp

    if float(np.ptp(lead)) <= SAME:
        constant = float(lead[0])
        p = 1.0 if constant >= epsilon else ((1 - epsilon) / (1 - constant)) ** lead.size
    else:
        p = float(ttest_1samp(np.append(lead, [-1.0, 1.0]), epsilon, alternative="less").pvalue)
    return float(np.clip(p, SMALLEST_P, 1.0))
