"""Does the judge say what the label says? At baseline, under each artifact, and beside three yardsticks.

What it is held against is the declared truth: the label, the majority of the votes, or one annotator's votes. The
yardsticks are two rules computed from the pairs alone, of which one prefers the longer response and one the response
that opens by refusing, and, where a pair has three or more votes, each annotator held against the majority of the
others, whatever the truth. The rules are told of the pairs as they are: what they would say of a text with an artifact
in it follows from the artifact (an apology in front opens as a refusal does), not from the judge. Whether a label is
human, gold or constructed is the caller's to say; the arithmetic is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from judgeaudit.metrics.cases import ByOrder, Term, linear
from judgeaudit.metrics.coefficient_cases import Coefficient, coefficient_cases
from judgeaudit.metrics.findings import (
    Cases,
    Finding,
    Floats,
    Ints,
    PairTables,
    PairValues,
    in_use,
    mean_of_sides,
    verdicts_used,
)
from judgeaudit.metrics.observations import Cells, JudgeVerdicts
from judgeaudit.metrics.reference import Reference
from judgeaudit.metrics.verdict_rows import TIE
from judgeaudit.records import Arm
from judgeaudit.stats import cohen_kappa, gwet_ac1, krippendorff_alpha

LONGER = "baseline:longer"
REFUSAL = "baseline:refusal"
LEAVE_ONE_OUT = "human:leave_one_out"

MIN_VOTES = 3
"""Fewer votes than this leave no majority of the others to be held against."""

TieVerdicts = Literal["half", "dropped"]
"""What a verdict of tie on a decisive label is worth: half a right one, or nothing at all."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a judge says of each pair, all told.

    Attributes:
        perturbation: the artifact in one of the two responses; None at baseline.
        share: (pairs, contents), the mean distribution over sides and orders; NaN where there is none.
        sides: the verdicts that it comes from, by the side with the artifact.
        known: for each side (pairs,), NaN where that side has no distribution.
    """

    perturbation: str | None
    share: Floats
    sides: Sequence[Cells]
    known: Sequence[Floats]

    @property
    def used(self) -> Ints:
        """(pairs,): the scored verdicts."""
        return verdicts_used(self.known, [[side] for side in self.sides])

    @property
    def used_without_ties(self) -> Ints:
        """(pairs,): the scored verdicts that are no tie."""
        return verdicts_used(self.known, [[_without_ties(side)] for side in self.sides])

    def cases(self, by_order: ByOrder, counted: NDArray[np.bool_]) -> Cases | None:
        """Cases, on the pairs that are counted, of the mean over sides and orders of a value that is linear in them."""
        return linear([[Term(side, by_order)] for side in self.sides], [counted] * len(self.sides))


def answers(judge: JudgeVerdicts) -> Iterator[Answers]:
    """The judge's answers at baseline and under each artifact, where there are any."""
    if judge.baseline is not None:
        yield _answers(None, [judge.baseline])
    for name in judge.perturbations(Arm.INJECTED):
        if sides := [cells for _, cells in judge.sides(Arm.INJECTED, name)]:
            yield _answers(name, sides)


def human_agreement(
    judge: JudgeVerdicts, reference: Reference, tie_verdicts: TieVerdicts = "half"
) -> Iterator[Finding]:
    """Agreement with the truth at baseline (perturbation None) and under each artifact."""
    if not reference.labelled.any():
        return
    truth = reference.truth[:, None]  # the same in both orders
    for said in answers(judge):
        perturbation, share, used = said.perturbation, said.share, said.used
        cases = said.cases(lambda cells: right(cells.share, truth), reference.labelled)
        yield replace(_accuracy(judge.name, perturbation, share, used, reference), cases=cases)
        if tie_verdicts == "half":
            cases = said.cases(lambda cells: right_or_half(cells.share, truth), _is_decisive(reference))
            accuracy = _accuracy_decisive(judge.name, perturbation, share, used, reference)
            yield replace(accuracy, cases=cases)
        else:
            decided = said.used_without_ties
            yield _accuracy_of_decided(judge.name, perturbation, share, decided, reference)
        yield from _coefficients(judge.name, said, reference)


def yardsticks(reference: Reference, tie_verdicts: TieVerdicts = "half") -> Iterator[Finding]:
    """Accuracy and kappa of each rule and of each annotator against the others, where they exist.

    A rule that prefers no response of any pair is left out.
    """
    for name, preferred in ((LONGER, reference.longer), (REFUSAL, reference.refusing)):
        if reference.labelled.any() and preferred[:, :TIE].any():
            share = np.where(preferred.sum(1, keepdims=True) > 0, preferred, np.nan)
            ones = np.ones(len(share), dtype=np.int64)
            yield _accuracy(name, None, share, ones, reference)
            decisive = _accuracy_decisive if tie_verdicts == "half" else _accuracy_of_decided
            yield decisive(name, None, share, ones, reference)
            yield _kappa(name, None, _tables(reference.truth, share), ones)
    n_votes = reference.votes.sum(1)
    enough: NDArray[np.bool_] = np.greater_equal(n_votes, MIN_VOTES)
    if enough.any():
        tables = leave_one_out(reference.votes)
        tables[~enough] = np.nan
        used = np.where(enough, n_votes, 0).astype(np.int64)
        values = np.trace(tables, axis1=1, axis2=2)
        yield PairValues("accuracy", LEAVE_ONE_OUT, None, None, "proportion", values, used, sliced=True)
        yield _kappa(LEAVE_ONE_OUT, None, tables, used)


def leave_one_out(votes: Floats) -> Floats:
    """(pairs, 3, 3): rows the majority of the other annotators, columns the annotator left out; total 1.

    Where the others are split evenly their majority is shared among the verdicts they are split over: leaving
    such pairs out would keep only the easy ones.

    Args:
        votes: (pairs, 3) counts, two or more a pair.
    """
    tables = np.zeros((len(votes), 3, 3))
    total = np.maximum(votes.sum(1), 1)
    for said in range(3):
        others = votes - np.eye(3)[said]
        leading = (others == others.max(1, keepdims=True)).astype(np.float64)
        leading /= leading.sum(1, keepdims=True)
        tables[:, :, said] = leading * (votes[:, said] / total)[:, None]
    return tables


def _accuracy(
    judge: str, perturbation: str | None, share: Floats, used: Ints, reference: Reference
) -> PairValues:
    """Three-way accuracy: the chance of the very answer that is true."""
    values = np.where(reference.labelled, right(share, reference.truth), np.nan)
    return PairValues("accuracy", judge, perturbation, None, "proportion", values, used, sliced=True)


def _accuracy_decisive(
    judge: str, perturbation: str | None, share: Floats, used: Ints, reference: Reference
) -> PairValues:
    """Accuracy where the truth is a or b, with a verdict of tie worth 1/2."""
    values = np.where(_is_decisive(reference), right_or_half(share, reference.truth), np.nan)
    return PairValues("accuracy_decisive", judge, perturbation, None, "proportion", values, used)


def _accuracy_of_decided(
    judge: str, perturbation: str | None, share: Floats, used: Ints, reference: Reference
) -> PairValues:
    """Right / (right + wrong) where the truth is a or b: pairs weigh as much as their verdicts are not ties."""
    decided = np.delete(share, TIE, axis=1).sum(1)
    counted = _is_decisive(reference) & (decided > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(counted, right(share, reference.truth) / decided, np.nan)
    return PairValues(
        "accuracy_decisive", judge, perturbation, None, "proportion", values, used, weights=decided
    )


def right(share: Floats, truth: Floats) -> Floats:
    """The chance of the verdict that is true; an unparsed reply that is an answer of its own never is.

    Args:
        share: (..., contents), three contents or four.
        truth: (..., 3), one-hot, zeros where there is no truth.
    """
    chance: Floats = (share[..., : TIE + 1] * truth).sum(-1)
    return chance


def right_or_half(share: Floats, truth: Floats) -> Floats:
    """The same where a verdict of tie is worth 1/2."""
    worth: Floats = right(share, truth) + share[..., TIE] / 2
    return worth


def _is_decisive(reference: Reference) -> NDArray[np.bool_]:
    """(pairs,): where the truth is a or b."""
    decisive: NDArray[np.bool_] = reference.truth[:, :TIE].sum(1) > 0
    return decisive


def _without_ties(cells: Cells) -> Cells:
    """The cells with the tie verdicts no longer counted; probabilities are no verdicts of tie."""
    if cells.exact:
        return cells
    ties = np.nan_to_num(cells.counts()[..., TIE]).astype(np.int64)
    return replace(cells, scored=cells.scored - ties)


def _coefficients(judge: str, said: Answers, reference: Reference) -> Iterator[PairTables]:
    tables = _tables(reference.truth, said.share)
    plain = in_use(tables)
    # Two raters, two values a unit: the coincidences are the table and its transpose.
    kinds: tuple[tuple[str, Floats, Coefficient, Coefficient], ...] = (
        ("kappa", plain, cohen_kappa, cohen_kappa),
        ("ac1", plain, gwet_ac1, gwet_ac1),
        (
            "alpha",
            _both_ways(tables),
            krippendorff_alpha,
            lambda table: krippendorff_alpha(_both_ways(table)),
        ),
    )
    for name, of_pairs, coefficient, of_table in kinds:
        cases = coefficient_cases(said.sides, reference.truth, of_table)
        yield PairTables(name, judge, said.perturbation, of_pairs, said.used, coefficient, cases)


def _both_ways(tables: Floats) -> Floats:
    """(..., contents, contents): each table and its transpose."""
    both: Floats = tables + tables.swapaxes(-1, -2)
    return both


def _kappa(judge: str, perturbation: str | None, tables: Floats, used: Ints) -> PairTables:
    return PairTables("kappa", judge, perturbation, in_use(tables), used, cohen_kappa)


def _tables(truth: Floats, share: Floats) -> Floats:
    """(pairs, contents, contents): rows the truth, columns the verdict; NaN where either is missing."""
    rows = np.pad(truth, ((0, 0), (0, share.shape[1] - truth.shape[1])))
    tables = rows[:, :, None] * share[:, None, :]
    tables[~truth.any(1)] = np.nan
    return tables


def _answers(perturbation: str | None, sides: Sequence[Cells]) -> Answers:
    shares = [_mean_share(side) for side in sides]
    contents = range(shares[0].shape[1])
    share = np.stack([mean_of_sides([side[:, k] for side in shares]) for k in contents], axis=-1)
    return Answers(perturbation, share, sides, [side[:, 0] for side in shares])


def _mean_share(cells: Cells) -> Floats:
    """(pairs, contents): the mean distribution over the asked orders."""
    return np.stack([cells.mean(cells.share[..., k]) for k in range(cells.share.shape[-1])], axis=-1)
