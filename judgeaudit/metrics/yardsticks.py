"""What is a judge's agreement to be held against? Two rules that need no judge, and people among themselves.

One rule prefers the longer response and one the response that opens by refusing. They see the texts that judges saw:
under an artifact those with it in one response, on the pairs and sides of which a judge was asked. How well a rule does
there follows from the artifact (an apology in front may open as a refusal does), and a judge that does no better may be
following it too. Where a pair has three or more votes, each annotator is held against the majority of the others,
whatever the declared truth is; people saw the pairs as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from judgeaudit.metrics.findings import Finding, Floats, PairTables, PairValues, in_use, mean_of_sides
from judgeaudit.metrics.human_agreement import (
    TieVerdicts,
    accuracy,
    accuracy_decisive,
    accuracy_of_decided,
    tables_of,
)
from judgeaudit.metrics.observations import JudgeVerdicts
from judgeaudit.metrics.reference import Reference
from judgeaudit.metrics.shown_texts import ShownTexts
from judgeaudit.metrics.verdict_rows import TIE
from judgeaudit.records import SIDES, Arm
from judgeaudit.stats import cohen_kappa

LONGER = "baseline:longer"
REFUSAL = "baseline:refusal"
LEAVE_ONE_OUT = "human:leave_one_out"

MIN_VOTES = 3
"""Fewer votes than this leave no majority of the others to be held against."""

Bools = NDArray[np.bool_]


def yardsticks(
    judges: Sequence[JudgeVerdicts],
    reference: Reference,
    length: ShownTexts,
    refuses: ShownTexts,
    tie_verdicts: TieVerdicts = "half",
) -> Iterator[Finding]:
    """Accuracy and kappa of each rule, also under each artifact, and of each annotator against the others.

    A rule that prefers no response of any pair is left out, and so is a pair whose texts are not known.

    Args:
        judges: all judges of the audit; rules are told of the texts that any of them was shown.
        reference: the truth and the votes.
        length, refuses: what the rules look at.
        tie_verdicts: as for a judge.
    """
    shown = _shown(judges)
    for name, texts in ((LONGER, length), (REFUSAL, refuses)):
        if reference.labelled.any():
            yield from _rule(name, None, [preferring_more(*texts.plain.T)], reference, tie_verdicts)
            for artifact, sides in shown.items():
                preferred = [
                    np.where(asked[:, None], preferring_more(*texts.at(Arm.INJECTED, artifact, side)), 0.0)
                    for side, asked in zip(SIDES, sides, strict=True)
                ]
                yield from _rule(name, artifact, preferred, reference, tie_verdicts)
    yield from _annotators(reference)


def preferring_more(a: Floats, b: Floats) -> Floats:
    """(pairs, 3) one-hot: the text with the larger value, a tie where equal; zeros where one is unknown."""
    more = np.where(a > b, 0, np.where(b > a, 1, TIE))
    return np.vstack([np.eye(3), np.zeros(3)])[np.where(np.isnan(a) | np.isnan(b), -1, more)]


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


def _shown(judges: Sequence[JudgeVerdicts]) -> Mapping[str, tuple[Bools, Bools]]:
    """Of each artifact by name (pairs,) whether any judge was asked about it in text a, and in text b."""
    shown: dict[str, tuple[Bools, Bools]] = {}
    for judge in judges:
        for artifact in judge.perturbations(Arm.INJECTED):
            for side, cells in judge.sides(Arm.INJECTED, artifact):
                none = np.zeros(len(cells.asked), dtype=bool)
                of_sides = shown.setdefault(artifact, (none, none.copy()))
                of_sides[SIDES.index(side)][:] |= cells.asked.any(1)
    return dict(sorted(shown.items()))


def _rule(
    name: str,
    artifact: str | None,
    preferred: Sequence[Floats],
    reference: Reference,
    tie_verdicts: TieVerdicts,
) -> Iterator[Finding]:
    """What a rule is worth that prefers this (pairs, 3) on each side; zeros for a pair that it knows nothing of."""
    if not any(side[:, :TIE].any() for side in preferred):
        return
    known = [side.sum(1) > 0 for side in preferred]
    sides = [np.where(has[:, None], side, np.nan) for has, side in zip(known, preferred, strict=True)]
    share = np.stack([mean_of_sides([side[:, k] for side in sides]) for k in range(TIE + 1)], axis=-1)
    used = np.sum(known, axis=0)
    decisive = accuracy_decisive if tie_verdicts == "half" else accuracy_of_decided
    three_way = accuracy(name, artifact, share, used, reference)
    yield replace(three_way, sliced=artifact is None)
    yield decisive(name, artifact, share, used, reference)
    yield PairTables("kappa", name, artifact, in_use(tables_of(reference.truth, share)), used, cohen_kappa)


def _annotators(reference: Reference) -> Iterator[Finding]:
    n_votes = reference.votes.sum(1)
    enough: Bools = np.greater_equal(n_votes, MIN_VOTES)
    if enough.any():
        by_pair = leave_one_out(reference.votes)
        by_pair[~enough] = np.nan
        used = np.where(enough, n_votes, 0).astype(np.int64)
        values = np.trace(by_pair, axis1=1, axis2=2)
        yield PairValues("accuracy", LEAVE_ONE_OUT, None, None, "proportion", values, used, sliced=True)
        yield PairTables("kappa", LEAVE_ONE_OUT, None, in_use(by_pair), used, cohen_kappa)
