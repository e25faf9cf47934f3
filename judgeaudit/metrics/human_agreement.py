"""Does the judge say what the label says? At baseline and under each artifact.

What it is held against is the declared truth: the label, the majority of the votes, or one annotator's votes. Whether
a label is human, gold or constructed is the caller's to say; the arithmetic is the same.
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
        yield replace(accuracy(judge.name, perturbation, share, used, reference), cases=cases)
        if tie_verdicts == "half":
            cases = said.cases(lambda cells: right_or_half(cells.share, truth), _is_decisive(reference))
            decisive = accuracy_decisive(judge.name, perturbation, share, used, reference)
            yield replace(decisive, cases=cases)
        else:
            decided = said.used_without_ties
            yield accuracy_of_decided(judge.name, perturbation, share, decided, reference)
        yield from _coefficients(judge.name, said, reference)


def accuracy(
    judge: str, perturbation: str | None, share: Floats, used: Ints, reference: Reference
) -> PairValues:
    """Three-way accuracy: the chance of the very answer that is true."""
    values = np.where(reference.labelled, right(share, reference.truth), np.nan)
    return PairValues("accuracy", judge, perturbation, None, "proportion", values, used, sliced=True)


def accuracy_decisive(
    judge: str, perturbation: str | None, share: Floats, used: Ints, reference: Reference
) -> PairValues:
    """Accuracy where the truth is a or b, with a verdict of tie worth 1/2."""
    values = np.where(_is_decisive(reference), right_or_half(share, reference.truth), np.nan)
    return PairValues("accuracy_decisive", judge, perturbation, None, "proportion", values, used)


def accuracy_of_decided(
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
    tables = tables_of(reference.truth, said.share)
    plain = in_use(tables)
    # Two raters, two values a unit: the coincidences are the table and its transpose.
    kinds: tuple[tuple[str, Floats, Coefficient, Coefficient], ...] = (
        ("kappa", plain, cohen_kappa, cohen_kappa),
        ("ac1", plain, gwet_ac1, gwet_ac1),
        ("alpha", _both_ways(tables), krippendorff_alpha, _alpha),
    )
    for name, of_pairs, coefficient, of_table in kinds:
        cases = coefficient_cases(said.sides, reference.truth, of_table, least_between=name == "ac1")
        yield PairTables(name, judge, said.perturbation, of_pairs, said.used, coefficient, cases)


def _alpha(tables: Floats) -> Floats:
    return krippendorff_alpha(_both_ways(tables))


def _both_ways(tables: Floats) -> Floats:
    """(..., contents, contents): each table and its transpose."""
    both: Floats = tables + tables.swapaxes(-1, -2)
    return both


def tables_of(truth: Floats, share: Floats) -> Floats:
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
