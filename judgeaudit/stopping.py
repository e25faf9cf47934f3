"""When has a judge said enough? Verdicts are bought in stages, and no more for a cell once its reading is decided.

Pairs are taken in an order that the seed decides, a first stage and then ever more. After each stage every cell of the
confirmatory family is read by tests that hold however often one looks (``metrics.decisions``). A verdict is bought as
long as a cell that is not decided needs it: of the judge, or of a jury on which it sits. So baseline and neutral
control go on while any cell of the judge compares with them. An arm that no cell of the family needs goes on as long as
the judge has a cell that is not decided; a judge without a cell, a control, is asked everything.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from judgeaudit import runner
from judgeaudit.judges.base import Judge
from judgeaudit.ledger import Ledger
from judgeaudit.metrics import CellName, Decision
from judgeaudit.metrics.factorial import OF
from judgeaudit.metrics.record import POSITION
from judgeaudit.perturb.declaration import PART_SEPARATOR, parts_of
from judgeaudit.records import Arm, Pair, Trial
from judgeaudit.stats.thresholds import FIRST_STAGE_PAIRS, STAGE_GROWTH

Kind = tuple[Arm, str | None]
"""Arm and perturbation of a trial."""

COMPARED = (Arm.BASELINE, Arm.INJECTED, Arm.PLACEBO)
NEEDED = {
    "tie_detection": (Arm.TIE,),
    "noise_adjusted_flip_both": (Arm.BASELINE, Arm.BOTH),
}
"""The arms that a cell of a perturbation rests on; all others rest on ``COMPARED``."""

NEEDED_FOR_POSITION = {"tie_detection": (Arm.IDENTICAL,)}
"""The same for position, where all others rest on the baseline."""


def stages(pair_ids: Collection[str], seed: int) -> dict[str, int]:
    """The stage of each pair, from 0, in an order that seed and names alone decide."""
    order = sorted(pair_ids, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).digest())
    ends = stage_ends(len(order))
    which = np.searchsorted(ends, np.arange(len(order)), side="right")
    return dict(zip(order, which.tolist(), strict=True))


def stage_ends(n_pairs: int) -> list[int]:
    """How many pairs there are up to the end of each stage."""
    ends: list[int] = []
    end = float(FIRST_STAGE_PAIRS)
    while end < n_pairs:
        ends.append(int(end))
        end *= STAGE_GROWTH
    return [*ends, n_pairs]


def kinds_wanted(
    judge: str,
    stage: int,
    kinds: Collection[Kind],
    decisions: Sequence[Decision],
    panels: Mapping[str, Collection[str]],
    placebos: Mapping[str, str],
) -> frozenset[Kind]:
    """What a judge is asked of the pairs of one stage.

    Args:
        judge: its name.
        stage: from 0.
        kinds: all kinds of trial that the audit has.
        decisions: what was decided up to the stage before; a later decision counts for nothing yet.
        panels: the members of each jury that sits.
        placebos: each artifact's neutral control, by name.
    """
    own = [one for one in decisions if judge == one.cell.judge or judge in panels.get(one.cell.judge, ())]
    if not own or stage == 0:
        return frozenset(kinds)
    undecided = [one for one in own if one.stage is None or one.stage >= stage]
    needed = {kind for one in undecided for kind in _needs(one.cell, placebos)}
    ever = {kind for one in own for kind in _needs(one.cell, placebos)}
    return frozenset(kind for kind in kinds if kind in needed or (undecided and kind not in ever))


def decision_entry(decision: Decision) -> dict[str, Any]:
    """What the manifest says of a cell; stages count from 1 there."""
    return {
        **decision.cell._asdict(),
        "stage": None if decision.stage is None else decision.stage + 1,
        "reading": decision.reading.value,
        "n_pairs": decision.n_pairs,
    }


def _needs(cell: CellName, placebos: Mapping[str, str]) -> Iterator[Kind]:
    """The kinds of trial that a cell rests on, and those of the control that stands beside it."""
    if cell.perturbation in (None, POSITION):
        for arm in NEEDED_FOR_POSITION.get(cell.measure, (Arm.BASELINE,)):
            yield arm, None
        return
    assert cell.perturbation is not None
    # A factorial effect is named "apology of apology+authority" and rests on every combination.
    composition = cell.perturbation.rsplit(OF, 1)[-1]
    names = [composition]
    if cell.measure in ("main_effect", "interaction"):
        parts = parts_of(composition)
        names = [
            PART_SEPARATOR.join(part for place, part in enumerate(parts) if chosen >> place & 1)
            for chosen in range(1, 2 ** len(parts))
        ]
    for name in names:
        for shown in filter(None, (name, placebos.get(name))):
            for arm in NEEDED.get(cell.measure, COMPARED):
                yield arm, None if arm is Arm.BASELINE else shown


@dataclass(frozen=True)
class Stopping:
    """What decides when no more verdicts are bought.

    Attributes:
        stage_of: the stage of each pair, from 0.
        panels, placebos: as for ``kinds_wanted``.
        decide: reads every cell of the family from what was said so far.
    """

    stage_of: Mapping[str, int]
    panels: Mapping[str, Collection[str]]
    placebos: Mapping[str, str]
    decide: Callable[[Sequence[runner.Judged]], Sequence[Decision]]


def run_in_stages(
    judges: Sequence[Judge],
    trials: Sequence[Trial],
    pairs: Mapping[str, Pair],
    ledger: Ledger,
    engine: runner.Engine,
    stopping: Stopping,
) -> list[runner.Judged]:
    """Put to each judge, stage after stage, the trials that are still wanted of it.

    Args:
        judges, trials, pairs, ledger, engine: as for ``runner.run``.
        stopping: when to stop.

    Returns:
        One ``Judged`` a judge; a trial that was not put to it has no key.
    """
    by_stage: dict[int, list[int]] = defaultdict(list)
    for index, trial in enumerate(trials):
        by_stage[stopping.stage_of[trial.pair_id]].append(index)
    kinds = {(trial.arm, trial.perturbation) for trial in trials}
    judged = [runner.Judged(judge.name, (None,) * len(trials), {}, 0, 0, None, 0.0) for judge in judges]
    for stage, indices in sorted(by_stage.items()):
        decisions = stopping.decide(judged) if stage else ()
        asked: dict[int, list[int]] = {}
        for place, judge in enumerate(judges):
            wanted = kinds_wanted(judge.name, stage, kinds, decisions, stopping.panels, stopping.placebos)
            if own := [at for at in indices if (trials[at].arm, trials[at].perturbation) in wanted]:
                asked[place] = own
        said = runner.run_each(
            [judges[place] for place in asked],
            [[trials[at] for at in own] for own in asked.values()],
            pairs,
            ledger,
            engine,
        )
        for (place, own), one in zip(asked.items(), said, strict=True):
            judged[place] = _with_stage(judged[place], own, one)
    return judged


def _with_stage(before: runner.Judged, at: Sequence[int], stage: runner.Judged) -> runner.Judged:
    """What a judge has said with one more stage, whose trials are at these places."""
    keys = list(before.keys)
    for place, key in zip(at, stage.keys, strict=True):
        keys[place] = key
    costs = [cost for cost in (before.cost_usd, stage.cost_usd) if cost is not None]
    known_again = sum(key in before.verdicts for key in stage.verdicts)
    return replace(
        before,
        keys=tuple(keys),
        # What was decided on stands, also where a later stage asked an error again.
        verdicts={**stage.verdicts, **before.verdicts},
        n_bought=before.n_bought + stage.n_bought,
        n_known=before.n_known + stage.n_known - known_again,
        cost_usd=sum(costs) if costs else None,
        seconds=before.seconds + stage.seconds,
    )
