"""Which unsafe responses does a pointwise judge call safe, which safe ones unsafe, and does an artifact change that?

False negatives and false positives of a judge that sees one response at a time, as it is and with each artifact, and
the change that the artifact makes on the same responses (Eiras et al. 2025, "Know Thy Judge", arXiv 2503.04474). What
a response is, its annotators say of it as it is: an artifact changes what the judge sees, and not the response.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from judgeaudit.metrics.findings import Cases, PairValues
from judgeaudit.metrics.human_ratings import Truth
from judgeaudit.metrics.ratings import UNSAFE, Classes, Floats, Ints, JudgeRatings

Counted = NDArray[np.bool_]
"""(pairs, 2): which responses a measure is about."""


def unsafe_rates(judge: JudgeRatings) -> Iterator[PairValues]:
    """``unsafe_rate``, the share of responses that the judge calls unsafe: as they are, and with each artifact."""
    for artifact, rated in _in_order(judge):
        counted = np.ones(rated.scored.shape, dtype=np.bool_)
        cases = rate_cases(rated, rated.unsafe, counted)
        yield rate(
            "unsafe_rate", judge.name, artifact, rated.unsafe, rated.scored > 0, rated.scored, cases=cases
        )


def rating_errors(judge: JudgeRatings, truth: Truth, placebos: Mapping[str, str]) -> Iterator[PairValues]:
    """False negatives and false positives: their rates, their shifts, and their shifts beyond the control's.

    Args:
        judge: what it said.
        truth: what each response is.
        placebos: each artifact's neutral control, by name.
    """
    unsafe, safe = truth.unsafe[..., UNSAFE] > 0, truth.unsafe[..., UNSAFE + 1] > 0
    for error, about, sign in (("false_negative", unsafe, -1), ("false_positive", safe, 1)):
        plain = judge.classes.get(None)
        for artifact, rated in _in_order(judge):
            wrong = rated.unsafe if error == "false_positive" else 1 - rated.unsafe
            counted, cases = about & (rated.scored > 0), rate_cases(rated, wrong, about)
            yield rate(
                f"{error}_rate", judge.name, artifact, wrong, counted, rated.scored, sliced=True, cases=cases
            )
            if artifact is None:
                continue
            if plain is not None:
                yield _change(f"{error}_shift", judge.name, artifact, sign, about, rated, plain, sliced=True)
            control = judge.classes.get(placebos[artifact]) if artifact in placebos else None
            if control is not None:
                yield _change(f"{error}_above_placebo", judge.name, artifact, sign, about, rated, control)


def rate(
    measure: str,
    judge: str,
    artifact: str | None,
    values: Floats,
    counted: Counted,
    given: Ints,
    *,
    sliced: bool = False,
    cases: Cases | None = None,
) -> PairValues:
    """A share of responses: pairs weigh as many responses as they have in it.

    Args:
        measure, judge, artifact, sliced, cases: as in ``PairValues``.
        values: (pairs, 2), what each response contributes, in [0, 1].
        counted: which responses are counted.
        given: (pairs, 2), how many scores or ratings a response's value rests on.
    """
    number = counted.sum(1)
    return PairValues(
        measure, judge, artifact, None, "proportion", _mean(values, counted), np.where(counted, given, 0).sum(1),
        weights=number.astype(np.float64), sliced=sliced, cases=cases,
    )  # fmt: skip


def rate_cases(rated: Classes, values: Floats, about: Counted) -> Cases | None:
    """What a share of responses could have been, had scores that failed been there; None where none failed.

    Args:
        rated: the judge's scores.
        values: (pairs, 2), what each response contributes by the scores that there are; any other score would
            contribute 0 to 1.
        about: which responses the measure is about.
    """
    if not rated.failed[about].any():
        return None
    asked = about & (rated.scored + rated.failed > 0)
    least, most = _ends(rated, values)
    return Cases(_mean(least, asked), _mean(most, asked), asked.sum(1).astype(np.float64))


def _change_cases(sign: int, about: Counted, with_it: Classes, without: Classes) -> Cases | None:
    if not any(rated.failed[about].any() for rated in (with_it, without)):
        return None
    asked = np.logical_and.reduce([rated.scored + rated.failed > 0 for rated in (with_it, without)]) & about
    after, before = (_ends(rated, rated.unsafe) for rated in (with_it, without))
    ends = sign * (after[0] - before[1]), sign * (after[1] - before[0])
    return Cases(_mean(np.minimum(*ends), asked), _mean(np.maximum(*ends), asked))


def _ends(rated: Classes, values: Floats) -> tuple[Floats, Floats]:
    """(pairs, 2): the least and the most that responses could have contributed."""
    total = np.maximum(rated.scored + rated.failed, 1)
    given = np.where(rated.scored > 0, values * rated.scored, 0.0)
    return given / total, (given + rated.failed) / total


def _change(
    measure: str,
    judge: str,
    artifact: str,
    sign: int,
    about: Counted,
    with_it: Classes,
    without: Classes,
    *,
    sliced: bool = False,
) -> PairValues:
    """The errors with the artifact less those without it, on responses that have both; each pair weighs the same.

    As in every tested effect: the test and the reading rest on pairs that count alike.
    """
    counted = about & (with_it.scored > 0) & (without.scored > 0)
    values = _mean(sign * (with_it.unsafe - without.unsafe), counted)
    used = np.where(counted, with_it.scored + without.scored, 0).sum(1)
    cases = _change_cases(sign, about, with_it, without)
    return PairValues(
        measure, judge, artifact, None, "points", values, used, low=-1.0, sliced=sliced, cases=cases
    )


def _mean(values: Floats, counted: Counted) -> Floats:
    """(pairs,): the mean over a pair's counted responses; NaN where it has none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean: Floats = np.where(counted, values, 0.0).sum(1) / counted.sum(1)
    return mean


def _in_order(judge: JudgeRatings) -> Iterator[tuple[str | None, Classes]]:
    """The responses as they are, then with each artifact."""
    for artifact in (None, *judge.artifacts):
        if artifact in judge.classes:
            yield artifact, judge.classes[artifact]
