"""What did people, or whoever made the labels, say of each pair, and which of it is the truth for a judge?"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from judgeaudit.errors import ConfigurationError
from judgeaudit.metrics.record import ANNOTATOR
from judgeaudit.metrics.verdict_rows import Floats, Ints
from judgeaudit.records import PREFERENCES

MOST_NAMED = 20
"""Annotators that an error names."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What people, or whoever made the labels, said of each pair.

    Attributes:
        label: (pairs, 3) one-hot over a, b, tie; zeros where there is no label.
        truth: (pairs, 3) what agreement is measured against, in the same form.
        ballots: (pairs, annotators) which content the K-th vote of each pair says; -1 where there is none.
        votes: (pairs, 3) how many annotators said each.
    """

    label: Floats
    truth: Floats
    ballots: Ints
    votes: Floats

    @classmethod
    def of(cls, pairs: pd.DataFrame, truth: str = "label", raters: Collection[str] = ()) -> Reference:
        """Read it from the columns label and votes.

        Args:
            pairs: one row a pair.
            truth: ``label``, ``majority`` (of a pair's votes, more than half of them) or ``annotator:K`` (the K-th
                vote, from 1). A pair without it is not counted.
            raters: who rated single responses; a truth may be meant for their ratings.

        Raises:
            ValueError: a label or vote is none of a, b, tie.
            ConfigurationError: not one pair has the vote that the truth names, and it is no rater's either.
        """
        label = _one_hot(_preferences(pairs["label"].to_numpy(dtype=object)))
        ballots = _ballots(pairs)
        votes: Floats = (ballots[:, :, None] == np.arange(3)).sum(1).astype(np.float64)
        chosen = label
        if truth != "label":
            _must_be_known(truth, ballots.shape[1], raters)
            chosen = _majority(votes) if truth == "majority" else _one_hot(_vote(truth, ballots))
        return cls(label, chosen, ballots, votes)

    @property
    def labelled(self) -> NDArray[np.bool_]:
        """(pairs,): which pairs have a truth to be held against."""
        labelled: NDArray[np.bool_] = self.truth.sum(1) > 0
        return labelled


def _majority(votes: Floats) -> Floats:
    """(pairs, 3): what more than half of a pair's votes say; zeros where there is no such answer."""
    most: NDArray[np.bool_] = np.greater(2 * votes, votes.sum(1, keepdims=True))
    return most.astype(np.float64)


def _ballots(pairs: pd.DataFrame) -> Ints:
    """(pairs, most votes of a pair): the codes of each pair's votes in their order; -1 where there are no more."""
    given = [() if _is_missing(votes) else tuple(votes) for votes in pairs["votes"]]
    n_votes = np.array([len(votes) for votes in given], dtype=np.int64)
    cast = np.arange(n_votes.max(initial=0)) < n_votes[:, None]
    ballots = np.full(cast.shape, -1, dtype=np.int64)
    ballots[cast] = _preferences(np.array([vote for votes in given for vote in votes], dtype=object))
    return ballots


def _vote(truth: str, ballots: Ints) -> Ints:
    """(pairs,): the code of each pair's vote that ``annotator:K`` names; -1 where there is none."""
    place = _place_of_vote(truth)
    return ballots[:, place - 1] if 0 < place <= ballots.shape[1] else np.full(len(ballots), -1)


def _place_of_vote(truth: str) -> int:
    """Which vote ``annotator:K`` names, from 1; 0 where K is no such number."""
    name = truth.removeprefix(ANNOTATOR)
    return int(name) if re.fullmatch(r"[1-9][0-9]{0,8}", name) else 0


def _must_be_known(truth: str, most_votes: int, raters: Collection[str]) -> None:
    """A truth that no vote and no rating knows would leave nothing to measure, without a word."""
    if truth == "majority":
        known = most_votes > 0 or len(raters) > 0
    else:
        known = 0 < _place_of_vote(truth) <= most_votes or truth.removeprefix(ANNOTATOR) in raters
    if not known:
        votes = f"have up to {most_votes} votes each ({ANNOTATOR}1 to {ANNOTATOR}{most_votes})"
        ratings = f"ratings by {', '.join(list(raters)[:MOST_NAMED])}"
        raise ConfigurationError(
            f"analysis.truth: found {truth!r}, which nobody said: the pairs {votes if most_votes else 'have no votes'} "
            f"and {ratings if raters else 'no ratings of single responses'}. Expected label, or what there is."
        )


def _is_missing(votes: object) -> bool:
    return votes is None or (isinstance(votes, float) and np.isnan(votes))


def _preferences(words: NDArray[Any]) -> Ints:
    """Codes of a, b, tie; -1 for a missing value."""
    codes: Ints = pd.Index(PREFERENCES).get_indexer(pd.Index(words, dtype=object)).astype(np.int64)
    unknown = (codes < 0) & ~pd.isna(words)
    if unknown.any():
        raise ValueError(
            f"pairs: found label or vote {words[unknown][0]!r}, expected one of {list(PREFERENCES)}"
        )
    return codes


def _one_hot(codes: Ints) -> Floats:
    """(n, 3); zeros for code -1."""
    return np.vstack([np.eye(3), np.zeros(3)])[codes]
