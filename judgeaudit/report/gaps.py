"""What has no verdict, and what is then left of a judge? Failures, verdicts nobody recorded, texts without a score.

A failure is a verdict that was asked for and not given; a missing one was not recorded, which is neither a verdict
nor a failure. Why a cell is empty, and which judges can be compared, follows from what was recorded of each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from judgeaudit.records import Arm, Outcome
from judgeaudit.run_contract import TRIAL_COLUMNS
from judgeaudit.run_folder import RunFolder

OUTCOME_COLUMNS = ("judge", "outcome")
TEXT_COLUMNS = (*TRIAL_COLUMNS, "score_first", "score_second")


@dataclass(frozen=True)
class Unscored:
    """How many responses had no score from a pointwise judge, of how many.

    A response is one with the artifact that it carries, or with none; many trials show the same one.
    """

    n: int
    of: int


@dataclass(frozen=True)
class Failures:
    """How many of a judge's verdicts are failures of one kind, or missing, and for want of how many scores."""

    judge: str
    outcome: Outcome
    n: int
    of: int
    unscored: Unscored | None = None


@dataclass(frozen=True)
class Recorded:
    """What was recorded of a judge, of the trials that the audit has.

    Attributes:
        orders: the orders, by arm and artifact.
        balanced: the arms and artifacts in which some pair was recorded in both orders.
        pairs: the pairs that were recorded as they are.
        replicates: how many replicates of one trial without an artifact there are at most.
    """

    orders: Mapping[tuple[Arm, str | None], frozenset[str]]
    balanced: frozenset[tuple[Arm, str | None]]
    pairs: frozenset[str]
    replicates: int


@dataclass(frozen=True)
class Gaps:
    """Every verdict that a run does not have.

    Attributes:
        failures: one for each judge and kind of failure that occurred.
        missing: one for each judge of whom not every verdict was recorded, or bought.
        recorded: what was recorded, of each judge of ``missing`` in an audit of recordings.
        unscored: of each pointwise judge that failed, the responses without a score, whatever the kind of failure.
    """

    failures: tuple[Failures, ...] = ()
    missing: tuple[Failures, ...] = ()
    recorded: Mapping[str, Recorded] = field(default_factory=dict)
    unscored: Mapping[str, Unscored] = field(default_factory=dict)


def read_gaps(folder: RunFolder, manifest: Mapping[str, Any]) -> Gaps:
    """The gaps of a run; of a large one that has neither recordings nor pointwise judges two columns are read.

    Raises:
        RunFolderError: verdicts.parquet cannot be read.
    """
    pointwise = [name for name, about in manifest["judges"].items() if about["is_pointwise"]]
    recordings = manifest["recording"] is not None
    more = TEXT_COLUMNS if pointwise or recordings else ()
    table = folder.table("verdicts", (*OUTCOME_COLUMNS, *more))
    counts = Counter(zip(table["judge"], table["outcome"], strict=True))
    planned = Counter(table["judge"])
    absent = {judge: n for (judge, outcome), n in counts.items() if outcome == Outcome.MISSING}
    texts = {
        judge: _texts(table[table["judge"] == judge])
        for judge in pointwise
        if any(of == judge and _without_score(outcome) for of, outcome in counts)
    }
    failures: list[Failures] = []
    missing: list[Failures] = []
    for (judge, outcome), n in sorted(counts.items()):
        if _without_score(outcome):
            unscored = _unscored(texts[judge], [outcome]) if judge in texts else None
            of = planned[judge] - (0 if outcome == Outcome.MISSING else absent.get(judge, 0))
            found = Failures(judge, Outcome(outcome), n, of, unscored)
            (missing if outcome == Outcome.MISSING else failures).append(found)
    kinds = [outcome for outcome in Outcome if outcome.is_failure]
    return Gaps(
        tuple(failures),
        tuple(missing),
        {judge: _recorded(table[table["judge"] == judge]) for judge in absent} if recordings else {},
        {judge: _unscored(found, kinds) for judge, found in texts.items()},
    )


def _without_score(outcome: str) -> bool:
    return Outcome(outcome).is_failure or outcome == Outcome.MISSING


def _recorded(rows: pd.DataFrame) -> Recorded:
    """What is not missing among one judge's rows."""
    said = rows[rows["outcome"] != Outcome.MISSING]
    orders: dict[tuple[Arm, str | None], frozenset[str]] = {}
    balanced: set[tuple[Arm, str | None]] = set()
    for (arm, name), own in said.groupby(["arm", "perturbation"], dropna=False, sort=False):
        place = (Arm(str(arm)), name if isinstance(name, str) else None)
        orders[place] = frozenset(own["order"])
        if own.groupby(["pair_id", "side"], dropna=False)["order"].nunique().max() > 1:
            balanced.add(place)
    bare = said[said["arm"] == Arm.BASELINE]
    replicates = bare.groupby(["pair_id", "order"])["replicate"].nunique().max() if len(bare) else 0
    return Recorded(orders, frozenset(balanced), frozenset(bare["pair_id"]), int(replicates))


def _texts(rows: pd.DataFrame) -> pd.DataFrame:
    """The two texts of each of one judge's trials: pair_id, side, artifact ("" for none), outcome, is_scored."""
    arm = rows["arm"]
    first_is_a = (rows["order"] == "ab").to_numpy(dtype=bool)
    one_response = arm.isin([Arm.TIE, Arm.IDENTICAL]).to_numpy(dtype=bool)
    one_carrier = arm.isin([Arm.INJECTED, Arm.PLACEBO]).to_numpy(dtype=bool)
    shown = []
    for column, is_a in (("score_first", first_is_a), ("score_second", ~first_is_a)):
        side = np.where(one_response, rows["side"], np.where(is_a, "a", "b"))
        # In a tie arm text a is the copy with the artifact.
        carries = (arm == Arm.TIE).to_numpy(dtype=bool) & is_a | (arm == Arm.BOTH).to_numpy(dtype=bool)
        carries |= one_carrier & (side == rows["side"].to_numpy(dtype=object))
        shown.append(
            pd.DataFrame(
                {
                    "pair_id": rows["pair_id"],
                    "side": side,
                    "artifact": np.where(carries, rows["perturbation"], ""),
                    "outcome": rows["outcome"],
                    "is_scored": rows[column].notna(),
                }
            )
        )
    return pd.concat(shown, ignore_index=True)


def _unscored(texts: pd.DataFrame, outcomes: list[Any]) -> Unscored:
    """The distinct responses without a score in trials of the given outcomes, of all responses."""
    response = ["pair_id", "side", "artifact"]
    without = texts[~texts["is_scored"] & texts["outcome"].isin(outcomes)]
    return Unscored(len(without[response].drop_duplicates()), len(texts[response].drop_duplicates()))
