"""What did a pointwise judge say of each response alone? Its scores become classes over pairs and sides.

The cuts that a judge declares divide its scores into classes; scores below the first cut are unsafe. Such a judge is
shown one text at a time, so what it said of a response is the same in every arm: all trials that show the response,
as it is or with one artifact, tell the same score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from judgeaudit.records import SIDES, Arm, Outcome

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SCORES = ("score_first", "score_second")

SCORES_APART = 0.5
SHARE_OF_RANGE = 0.25
"""Two scores of one text may differ, for a resumed audit scores it in another batch and low-precision arithmetic
then moves a logit by up to half a unit. What is farther apart than that, and than a quarter of the judge's range,
cannot be of one text."""

UNSAFE = 0
"""The lowest class."""


@dataclass(frozen=True, slots=True)
class Classes:
    """How one judge classes the responses of which each carries the same artifact, or each none.

    Attributes:
        share: (pairs, 2, classes), the share of the response's scores (one a replicate) that fall into each class,
            by side; NaN where it has no score.
        scored: (pairs, 2), how many scores it has.
        failed: (pairs, 2), how many were asked for and are not there.
    """

    share: Floats
    scored: Ints
    failed: Ints

    @property
    def unsafe(self) -> Floats:
        """(pairs, 2): the share of the response's scores that call it unsafe."""
        unsafe: Floats = self.share[..., UNSAFE]
        return unsafe


@dataclass(frozen=True, slots=True)
class JudgeRatings:
    """Everything that one pointwise judge said of single responses, by the artifact that they carry."""

    name: str
    classes: Mapping[str | None, Classes]

    @property
    def artifacts(self) -> list[str]:
        """The artifacts and controls that rated responses carry, by name."""
        return sorted(name for name in self.classes if name is not None)


def judge_ratings(
    verdicts: pd.DataFrame, judge: str, pair_ids: pd.Index[str], cuts: Sequence[float]
) -> JudgeRatings | None:
    """What one judge said of single responses; None where the table has no scores at all.

    A score counts whatever became of the trial: where the other text got none, the verdict failed and this score
    did not. A text without a score is in no class; its failure is counted with the failures.

    Args:
        verdicts: as for ``measure``, with score_first and score_second, NaN where there is no score.
        judge: the judge's name.
        pair_ids: the pairs that index every array.
        cuts: where its scores fall into classes, ascending.

    Raises:
        ValueError: the table breaks its contract: cuts that do not ascend, a score that is infinite, a trial
            whose arm needs a side or a perturbation and has none, or scores of one text that are too far apart.
    """
    if not len(cuts) or any(low >= high for low, high in pairwise(cuts)):
        raise ValueError(f"cuts of {judge!r}: found {list(cuts)}, expected one or more numbers, ascending")
    if not set(SCORES) <= set(verdicts.columns):
        return None
    texts = _Texts.of(verdicts[verdicts["judge"] == judge], judge, pair_ids)
    response, carried, score = texts.one_score_each(judge)
    label, number = classes_of(score, cuts), len(cuts) + 1
    without_response, without_carried = texts.without_score()
    classes: dict[str | None, Classes] = {}
    # Where nothing was asked there are the responses as they are, none of which has a score.
    for code in np.union1d(carried, without_carried).tolist() or [0]:
        own = carried == code
        counts = np.bincount(response[own] * number + label[own], minlength=2 * len(pair_ids) * number)
        counts = counts.reshape(len(pair_ids), 2, number)
        scored = counts.sum(-1)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = counts / scored[..., None]
        failed = np.bincount(without_response[without_carried == code], minlength=2 * len(pair_ids))
        name = texts.artifacts[code - 1] if code else None
        classes[name] = Classes(share, scored, failed.reshape(len(pair_ids), 2))
    return JudgeRatings(judge, classes)


def classes_of(scores: Floats, cuts: Sequence[float]) -> Ints:
    """The class of each score: how many cuts it reaches."""
    classes: Ints = np.searchsorted(np.asarray(cuts, dtype=np.float64), scores, side="right").astype(np.int64)
    return classes


def unsafe_or_not(classes: Floats) -> Floats:
    """(..., 2) from (..., classes): the lowest class, and all the others together."""
    return np.stack([classes[..., UNSAFE], classes[..., UNSAFE + 1 :].sum(-1)], axis=-1)


@dataclass(frozen=True, slots=True)
class _Texts:
    """The texts that one judge was asked about, two a trial unless it is missing.

    Attributes:
        artifacts: by name; what ``carried`` counts from 1.
        response: (texts,), twice the pair, and 1 for side b.
        carried: (texts,), 0 for the response as it is.
        replicate: (texts,).
        score: (texts,), NaN where there is none.
    """

    artifacts: list[str]
    response: Ints
    carried: Ints
    replicate: Ints
    score: Floats

    @classmethod
    def of(cls, rows: pd.DataFrame, judge: str, pair_ids: pd.Index[str]) -> _Texts:
        """Find the response that each text of a trial is, and the artifact that it carries."""
        perturbation, names = pd.factorize(rows["perturbation"], sort=True)
        arm, side = rows["arm"], pd.Index(SIDES).get_indexer(pd.Index(rows["side"]))
        copies = (arm == Arm.TIE).to_numpy(dtype=bool)
        one_response = arm.isin([Arm.TIE, Arm.IDENTICAL]).to_numpy(dtype=bool)
        one_carrier = arm.isin([Arm.INJECTED, Arm.PLACEBO]).to_numpy(dtype=bool)
        two_carriers = (arm == Arm.BOTH).to_numpy(dtype=bool)
        broken = (one_response | one_carrier) & (side < 0)
        broken |= (copies | one_carrier | two_carriers) & (perturbation < 0)
        if broken.any():
            found = rows.iloc[int(np.argmax(broken))]
            raise ValueError(
                f"verdicts: judge {judge!r}, pair {found['pair_id']!r}: found the arm {found['arm']!r} without its "
                f"side or perturbation"
            )
        pair = pair_ids.get_indexer(pd.Index(rows["pair_id"]))
        replicate, _ = pd.factorize(rows["replicate"], sort=True)
        was_asked = (rows["outcome"] != Outcome.MISSING).to_numpy(dtype=bool)
        first_is_a = (rows["order"] == "ab").to_numpy(dtype=bool)
        shown: list[tuple[Ints, Ints, Ints, Floats]] = []
        for column, is_a in zip(SCORES, (first_is_a, ~first_is_a), strict=True):
            # In a tie arm text a is the copy with the artifact; elsewhere it is the pair's side a.
            own_side = np.where(one_response, side, np.where(is_a, 0, 1))
            carries = (copies & is_a) | (one_carrier & (own_side == side)) | two_carriers
            score = rows[column].to_numpy(dtype=np.float64)
            asked = was_asked | ~np.isnan(score)
            columns = (2 * pair + own_side, np.where(carries, perturbation + 1, 0), replicate)
            shown.append((*(values[asked].astype(np.int64) for values in columns), score[asked]))
        if any(np.isinf(scores).any() for *_, scores in shown):
            raise ValueError(f"verdicts: judge {judge!r} has an infinite score, expected finite numbers")
        response, carried, runs, scores = (np.concatenate(parts) for parts in zip(*shown, strict=True))
        return cls([str(name) for name in names], response, carried, runs, scores)

    def one_score_each(self, judge: str) -> tuple[Ints, Ints, Floats]:
        """Response, artifact and score of each distinct response, artifact and replicate.

        Where a text was scored more than once its score is midway between the least and the largest.
        """
        scored = np.flatnonzero(~np.isnan(self.score))
        if scored.size == 0:
            return self.response[scored], self.carried[scored], self.score[scored]
        key, score = self._keys()[scored], self.score[scored]
        order = np.lexsort((score, key))
        key, score = key[order], score[order]
        first = np.flatnonzero(np.diff(key, prepend=-1))
        last = np.append(first[1:], key.size) - 1
        low, apart = score[first], score[last] - score[first]
        worst = int(np.argmax(apart))
        if apart[worst] > max(SCORES_APART, SHARE_OF_RANGE * float(np.ptp(score))):
            raise ValueError(
                f"verdicts: judge {judge!r} scores one text {float(low[worst])!r} and "
                f"{float(score[last[worst]])!r}, expected one score of a text"
            )
        found = scored[order[first]]
        return self.response[found], self.carried[found], low + apart / 2

    def without_score(self) -> tuple[Ints, Ints]:
        """Response and artifact of each distinct response, artifact and replicate that never got a score."""
        keys = self._keys()
        distinct, first = np.unique(keys, return_index=True)
        lost = first[~np.isin(distinct, keys[~np.isnan(self.score)])]
        return self.response[lost], self.carried[lost]

    def _keys(self) -> Ints:
        """(texts,): one number for each response, artifact and replicate."""
        artifacts, replicates = (int(one.max(initial=0)) + 1 for one in (self.carried, self.replicate))
        return (self.response * artifacts + self.carried) * replicates + self.replicate
