"""What did each judge say of each pair, in terms of content? Verdict rows become arrays over pairs and orders.

Every verdict is a distribution over (a, b, tie): the judge's own label probabilities where they are exactly
known, else all of it on the outcome. A failure (refused, unparsed, error) is no distribution: it is counted
and never scored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from judgeaudit.metrics.record import POSITION
from judgeaudit.records import ORDERS, SIDES, Arm, Outcome, Side

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

A, B, TIE = 0, 1, 2
"""Places of the three contents in the last axis of every distribution."""

OUTCOMES = tuple(outcome.value for outcome in Outcome)
"""first, second, tie, then the failures refused, unparsed, error."""

FAILURES = tuple(outcome.value for outcome in Outcome if outcome.is_failure)

ARMS = tuple(arm.value for arm in Arm)
COLUMNS = (
    "judge", "pair_id", "arm", "perturbation", "side", "order", "replicate", "outcome", "p_first", "p_second",
    "p_tie", "exact",
)  # fmt: skip

SUM_TOLERANCE = 1e-3
"""How far label probabilities may be from adding up to 1; low-precision arithmetic stays well within it."""

Place = tuple[str, str | None, Side | None]
"""Arm, perturbation and side. Placebo trials stand under ``injected`` with their perturbation's name."""


@dataclass(frozen=True, slots=True)
class Cells:
    """One judge's verdicts at one place, by pair and order.

    Attributes:
        share: (pairs, 2, 3), the mean distribution over a, b, tie of the scored replicates; NaN where none.
        scored: (pairs, 2), how many replicates were scored.
        asked: (pairs, 2), how many were asked, failures included.
        exact: whether the distributions are the judge's own rather than counted outcomes.
    """

    share: Floats
    scored: Ints
    asked: Ints
    exact: bool

    def agreement(self) -> Floats:
        """(pairs, 2): the chance that two replicates give the same verdict; NaN where it cannot be known.

        Exactly sum(p^2) where p is known; else the share of agreeing pairs of replicates, which is unbiased
        for it, and needs two.
        """
        if self.exact:
            exact: Floats = np.square(self.share).sum(-1)
            return exact
        counts, n = self.counts(), self.scored
        with np.errstate(divide="ignore", invalid="ignore"):
            same = (counts * (counts - 1)).sum(-1) / (n * (n - 1))
        return np.where(n >= 2, same, np.nan)

    def counts(self) -> Floats:
        """(pairs, 2, 3): how many of the scored replicates said a, b, tie; for a judge with counted outcomes."""
        return np.round(self.share * self.scored[..., None])

    def mean(self, values: Floats) -> Floats:
        """(pairs,): the mean of per-order values over the orders that were asked.

        NaN for a pair of which any asked order has no value: half of a balanced pair would measure position
        along with everything else.
        """
        return balanced_mean(values, self.asked > 0)


@dataclass(frozen=True, slots=True)
class JudgeVerdicts:
    """Everything that one judge said.

    Attributes:
        name: the judge.
        exact: whether its distributions are its own.
        places: its verdicts by arm, perturbation and side.
        runs: (replicates, pairs, 2), side a's score at baseline (1, 1/2 or 0; expected where exact), NaN
            where there is no verdict.
        totals: (pairs, 6) verdicts by outcome, by perturbation, and under None over all arms.
    """

    name: str
    exact: bool
    places: Mapping[Place, Cells]
    runs: Floats
    totals: Mapping[str | None, Ints]

    def perturbations(self, arm: Arm) -> list[str]:
        """The perturbations in one arm, by name."""
        return sorted({name for place, name, _ in self.places if place == arm and name is not None})

    def sides(self, arm: Arm, perturbation: str | None) -> list[tuple[Side, Cells]]:
        """The sides that one arm of a perturbation has, a before b."""
        found = ((side, self.places.get((arm, perturbation, side))) for side in SIDES)
        return [(side, cells) for side, cells in found if cells is not None]

    @property
    def baseline(self) -> Cells | None:
        """The verdicts on the pairs as they are."""
        return self.places.get((Arm.BASELINE, None, None))


def balanced_mean(values: Floats, asked: NDArray[np.bool_]) -> Floats:
    """(pairs,): mean of values (pairs, 2) over the asked orders; NaN where none was asked or one is missing."""
    count = asked.sum(1)
    total = np.where(asked, values, 0.0).sum(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean: Floats = total / count
    return mean


def observe(verdicts: pd.DataFrame, pair_ids: pd.Index[Any]) -> Iterator[JudgeVerdicts]:
    """Arrange the verdicts, one judge after the other by name.

    Args:
        verdicts: one row per judge and trial, as in a run folder's verdicts.parquet.
        pair_ids: the pairs that index every array.

    Raises:
        ValueError: the table breaks its contract: an unknown word, a pair that is not in ``pair_ids``, the
            same trial twice, exact verdicts without probabilities, or a perturbation that is both an artifact
            and a placebo.
    """
    rows = _Rows.of(verdicts, pair_ids)
    bounds = np.searchsorted(rows.judge, np.arange(len(rows.judges) + 1))
    for code, name in enumerate(rows.judges):
        yield _judge(rows, slice(int(bounds[code]), int(bounds[code + 1])), name, len(pair_ids))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The verdict table as sorted integer codes; the order of the input's rows leaves no trace."""

    judges: list[str]
    perturbations: list[str]
    judge: Ints
    place: Ints  # arm, perturbation + 1 and side (0 none, 1 a, 2 b), mixed radix
    cell: Ints  # pair and order, mixed radix
    replicate: Ints
    outcome: Ints
    content: Floats  # (rows, 3) over a, b, tie; NaN for a failure
    exact: NDArray[np.bool_]

    @classmethod
    def of(cls, table: pd.DataFrame, pair_ids: pd.Index[Any]) -> _Rows:
        missing = [name for name in COLUMNS if name not in table.columns]
        if missing:
            raise ValueError(f"verdicts: found no column {missing}, expected {list(COLUMNS)}")
        judge, judges = pd.factorize(table["judge"], sort=True)
        perturbation, perturbations = pd.factorize(table["perturbation"], sort=True)
        if POSITION in set(perturbations):
            raise ValueError(
                f"verdicts: found a perturbation named {POSITION!r}, which is the order's own name"
            )
        arm = _codes(table, "arm", ARMS)
        arm = np.where(
            arm == ARMS.index(Arm.PLACEBO), _injected_if_apart(arm, perturbation, perturbations), arm
        )
        side = _positions(table["side"], pd.Index(SIDES)) + 1
        order = _codes(table, "order", ORDERS)
        outcome = _codes(table, "outcome", OUTCOMES)
        pair = _positions(table["pair_id"], pair_ids)
        if (pair < 0).any():
            raise ValueError(
                f"verdicts: found pair {table['pair_id'].iloc[int(np.argmin(pair))]!r}, not in the pairs"
            )
        replicate, _ = pd.factorize(table["replicate"], sort=True)
        place = (arm * (len(perturbations) + 1) + perturbation + 1) * 3 + side
        cell = pair * 2 + order
        sizes = (int(place.max(initial=0)) + 1, 2 * len(pair_ids), int(replicate.max(initial=0)) + 1)
        key = ((judge * sizes[0] + place) * sizes[1] + cell) * sizes[2] + replicate
        by_key = np.argsort(key, kind="stable")
        if (np.diff(key[by_key]) == 0).any():
            twice = table.iloc[int(by_key[int(np.argmin(np.diff(key[by_key])))])]
            raise ValueError(
                f"verdicts: judge {twice['judge']!r} has two rows for one trial of {twice['pair_id']!r}"
            )
        content, exact = _content(table, outcome, order)
        return cls(
            [str(name) for name in judges],
            [str(name) for name in perturbations],
            judge[by_key],
            place[by_key],
            cell[by_key],
            replicate[by_key],
            outcome[by_key],
            content[by_key],
            exact[by_key],
        )

    def place_of(self, code: int) -> Place:
        rest, side = divmod(code, 3)
        arm, perturbation = divmod(rest, len(self.perturbations) + 1)
        name = self.perturbations[perturbation - 1] if perturbation else None
        return ARMS[arm], name, SIDES[side - 1] if side else None


def _codes(table: pd.DataFrame, column: str, words: tuple[str, ...]) -> Ints:
    codes = _positions(table[column], pd.Index(words))
    if (codes < 0).any():
        found = table[column].iloc[int(np.argmin(codes))]
        raise ValueError(f"verdicts.{column}: found {found!r}, expected one of {list(words)}")
    return codes


def _positions(values: pd.Series[Any], words: pd.Index[Any]) -> Ints:
    """Where each value stands among the words; -1 where it does not. Looks up each distinct value once."""
    codes, distinct = pd.factorize(values)
    known: Ints = np.append(words.get_indexer(pd.Index(distinct)), -1).astype(np.int64)
    return known[codes]


def _injected_if_apart(arm: Ints, perturbation: Ints, names: pd.Index[Any]) -> int:
    """The code of ``injected``, under which placebo trials stand, unless that would mix them with artifacts."""
    injected = ARMS.index(Arm.INJECTED)
    both = set(perturbation[arm == injected]) & set(perturbation[arm == ARMS.index(Arm.PLACEBO)])
    if both:
        found = sorted(str(names[code]) for code in both)
        raise ValueError(
            f"verdicts: found {found} in the injected and in the placebo arm; name the placebo's own"
        )
    return injected


def _content(table: pd.DataFrame, outcome: Ints, order: Ints) -> tuple[Floats, NDArray[np.bool_]]:
    """Distributions over a, b, tie, and which of them are the judge's own."""
    exact = table["exact"].to_numpy(dtype=bool)
    scored = outcome < 3
    presented = np.eye(len(OUTCOMES))[outcome][:, :3]
    rows = exact & scored
    known = table[["p_first", "p_second", "p_tie"]].to_numpy(dtype=np.float64)[rows]
    total = known.sum(1)
    bad = ~(np.abs(total - 1) <= SUM_TOLERANCE) | (known < 0).any(1)  # NaN is bad
    if bad.any():
        judge = table["judge"].to_numpy()[rows][int(np.argmax(bad))]
        raise ValueError(
            f"verdicts: {int(bad.sum())} exact verdicts (judge {judge!r} first) have no label probabilities "
            f"that add up to 1"
        )
    presented[rows] = known / total[:, None]
    presented[~scored] = np.nan
    swapped = order == ORDERS.index("ba")
    presented[swapped] = presented[swapped][:, [1, 0, 2]]
    return presented, exact


def _judge(rows: _Rows, part: slice, name: str, n_pairs: int) -> JudgeVerdicts:
    place, cell, outcome, content = (
        values[part] for values in (rows.place, rows.cell, rows.outcome, rows.content)
    )
    scored = outcome < 3
    exact = rows.exact[part]
    if np.unique(exact[scored]).size > 1:
        raise ValueError(f"verdicts: judge {name!r} has both exact and counted verdicts, expected one kind")
    is_exact = bool(exact[scored].all())
    bounds = np.flatnonzero(np.diff(place, prepend=-1, append=-1))
    places: dict[Place, Cells] = {}
    totals: dict[str | None, Ints] = {None: np.zeros((n_pairs, len(OUTCOMES)), dtype=np.int64)}
    for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        found = rows.place_of(int(place[start]))
        own = slice(start, stop)
        asked = np.bincount(cell[own], minlength=2 * n_pairs)
        counted = np.bincount(cell[own], weights=scored[own], minlength=2 * n_pairs)
        filled = np.where(scored[own, None], content[own], 0.0)
        sums = np.stack([np.bincount(cell[own], filled[:, k], 2 * n_pairs) for k in (A, B, TIE)], axis=-1)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (sums / counted[:, None]).reshape(n_pairs, 2, 3)
        places[found] = Cells(
            share, counted.astype(np.int64).reshape(n_pairs, 2), asked.reshape(n_pairs, 2), is_exact
        )
        tally = np.bincount(cell[own] // 2 * len(OUTCOMES) + outcome[own], minlength=n_pairs * len(OUTCOMES))
        for key in {None, found[1]}:
            totals[key] = totals.get(key, 0) + tally.reshape(n_pairs, len(OUTCOMES))
    return JudgeVerdicts(name, is_exact, places, _runs(rows, part, n_pairs), totals)


def _runs(rows: _Rows, part: slice, n_pairs: int) -> Floats:
    """Side a's score at baseline by replicate: (replicates, pairs, 2)."""
    baseline = rows.place[part] // 3 // (len(rows.perturbations) + 1) == ARMS.index(Arm.BASELINE)
    used, run = np.unique(rows.replicate[part][baseline], return_inverse=True)
    runs = np.full((used.size, n_pairs * 2), np.nan)
    content = rows.content[part][baseline]
    runs[run, rows.cell[part][baseline]] = content[:, A] + content[:, TIE] / 2
    return runs.reshape(used.size, n_pairs, 2)
