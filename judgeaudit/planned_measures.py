"""What will the audit be able to say? Of each measure the pairs that count, the effects found, the pairs it needs.

Pairs are counted by the measures themselves, on the verdicts that the audit would have if every judge answered every
trial. What they cannot tell beforehand is how much the pairs' values differ: their standard deviation comes from an
earlier audit (``Spreads.of_pilot``) or is assumed, for three kinds of judge (``thresholds.PLANNED_SD_SIGNED``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal

import numpy as np
import pandas as pd

from judgeaudit.audit import Audit, subjects
from judgeaudit.corpora import corpus_table
from judgeaudit.design import request_of
from judgeaudit.judges.replay import ReplayJudge
from judgeaudit.juries import deliberate
from judgeaudit.metrics import Settings, pair_values
from judgeaudit.metrics.decisions import in_family
from judgeaudit.metrics.findings import PairValues
from judgeaudit.metrics.record import TESTED, Unit
from judgeaudit.records import POSITION, Outcome
from judgeaudit.run_folder import RunFolder, ballots, jury_table, subjects_of, trial_table
from judgeaudit.stats import (
    chance_of_robust,
    detectable_effect,
    fewest_pairs_for_robust,
    half_width,
    pairs_for_effect,
    pairs_for_equivalence,
)
from judgeaudit.stats.thresholds import MIN_PAIRS, PLANNED_SD_SHARE, PLANNED_SD_SIGNED, POWER

PLANNED = (*TESTED, "flip", "self_consistency", "position_consistency", "accuracy", "accuracy_decisive")
"""The measures that are planned for: those that are tested, and rates whose intervals are wanted."""

Source = Literal["pilot", "pilot median", "steady", "usual", "noisy"]
"""Whence a standard deviation: this very cell of the pilot; the median of the pilot's cells of the same measure, for a
judge or an artifact that it does not have; or the assumption for one of three kinds of judge."""

Cell = tuple[str, str, str | None]
"""Measure, judge or jury, and perturbation."""


@dataclass(frozen=True, slots=True)
class Spreads:
    """Standard deviations of the pairs' values in an earlier audit.

    Attributes:
        by_cell: of each of its cells that has pairs to differ.
        by_kind: their median by measure, of position and of artifacts apart: order moves judges otherwise.
    """

    by_cell: Mapping[Cell, float]
    by_kind: Mapping[tuple[str, bool], float]

    @classmethod
    def of_pilot(cls, folder: RunFolder) -> Spreads:
        """Compute them anew from the run's verdicts.

        Raises:
            RunFolderError: the folder is none of a finished run, or what it holds cannot be read.
        """
        manifest = folder.manifest()
        known = subjects_of(manifest)
        settings = Settings(**manifest["analysis"])
        by_cell: dict[Cell, float] = {}
        by_kind: dict[tuple[str, bool], list[float]] = defaultdict(list)
        for found in pair_values(folder.table("verdicts"), folder.table("pairs"), settings, known):
            values = found.values[~np.isnan(found.values)]
            if found.measure not in PLANNED or values.size < MIN_PAIRS:
                continue
            sd = float(values.std(ddof=1))
            by_cell[found.measure, found.judge, found.perturbation] = sd
            if known.is_hypothesis(found.judge, found.perturbation):
                by_kind[found.measure, found.perturbation == POSITION].append(sd)
        return cls(by_cell, {kind: median(sds) for kind, sds in by_kind.items()})

    def known_of(self, judges: Collection[str]) -> Spreads:
        """The same, where cells of other judges and juries than these tell only of their kind."""
        return replace(self, by_cell={cell: sd for cell, sd in self.by_cell.items() if cell[1] in judges})

    def of(self, found: PairValues) -> tuple[float, Source] | None:
        """The standard deviation to expect of a cell, and whence; None where the pilot has nothing like it."""
        cell = self.by_cell.get((found.measure, found.judge, found.perturbation))
        if cell is not None:
            return cell, "pilot"
        kind = self.by_kind.get((found.measure, found.perturbation == POSITION))
        return None if kind is None else (kind, "pilot median")


@dataclass(frozen=True, slots=True)
class MeasurePlan:
    """What cells with the same pairs and the same spread will be able to say. Figures are in the measure's unit.

    Attributes:
        measure, unit: what is measured.
        judges, perturbations: whose and of what.
        is_confirmatory: whether the cells are in the family that Holm adjusts.
        n_pairs: the pairs that count if every trial is answered.
        sd, sd_source: of the pairs' values, and whence.
        half_width: of the interval at ``ci_level``, for a mean in the middle of the scale.
        detectable: the smallest effect found with 80 % probability at alpha; None where there is none, or no test.
        detectable_adjusted: the same at the smallest level that Holm asks for; None outside of its family.
        margin: of the readings; None of a measure without one.
        n_for_robust: pairs with which no effect at all reads robust with 80 % probability.
        chance_of_robust: that probability with the pairs that there are.
        can_be_robust: whether there is anything that the pairs could show that reads robust.
        n_for_sensitive: pairs with which an effect of twice the margin reads sensitive with 80 % probability.
    """

    measure: str
    unit: Unit
    judges: tuple[str, ...]
    perturbations: tuple[str | None, ...]
    is_confirmatory: bool
    n_pairs: int
    sd: float
    sd_source: Source
    half_width: float | None
    detectable: float | None = None
    detectable_adjusted: float | None = None
    margin: float | None = None
    n_for_robust: int | None = None
    chance_of_robust: float | None = None
    can_be_robust: bool | None = None
    n_for_sensitive: int | None = None


@dataclass(frozen=True, slots=True)
class Measures:
    """What the audit will be able to say.

    Attributes:
        plans: by measure, in the order of ``PLANNED``.
        family_size: cells in the confirmatory family: judges and juries that are no control, by artifacts and position.
        alpha_adjusted: the smallest level at which Holm tests one of them; None of an empty family.
        not_measured: measures of which no pair counts, and why, where it is known.
    """

    plans: tuple[MeasurePlan, ...]
    family_size: int
    alpha_adjusted: float | None
    not_measured: tuple[str, ...]


def planned_measures(audit: Audit, pilot: Spreads | None) -> Measures:
    """Plan every measure that the design supports, of judges and artifacts that are hypotheses.

    Args:
        audit: prepared without buying.
        pilot: standard deviations of an earlier audit; assumed where None, and where it has none of a measure.
    """
    known, settings = subjects(audit), audit.settings
    names = {judge.name for judge in audit.judges} | audit.panels.keys()  # and no yardstick
    found = [
        one
        for one in pair_values(_answered(audit), corpus_table(audit.prepared.corpus), settings, known)
        if one.measure in PLANNED and one.judge in names and known.is_hypothesis(one.judge, one.perturbation)
    ]
    counted = [(one, int((~np.isnan(one.values)).sum())) for one in found]
    family = sum(n > 0 and in_family(one, settings, known) for one, n in counted)
    alpha_adjusted = settings.alpha / family if family else None
    cells: dict[tuple[str, bool, int, float, Source], list[PairValues]] = defaultdict(list)
    for one, n in counted:
        if n:
            for sd, source in _spreads(one, pilot):
                cells[one.measure, in_family(one, settings, known), n, sd, source].append(one)
    plans = [
        _plan(members, confirmatory, n, sd, source, settings, alpha_adjusted)
        for (_, confirmatory, n, sd, source), members in cells.items()
    ]
    plans.sort(key=lambda one: PLANNED.index(one.measure))  # stable: cells of a measure stay in their order
    return Measures(tuple(plans), family, alpha_adjusted, tuple(_not_measured(counted)))


def _spreads(found: PairValues, pilot: Spreads | None) -> list[tuple[float, Source]]:
    from_pilot = None if pilot is None else pilot.of(found)
    if from_pilot is not None:
        return [from_pilot]
    assumed = PLANNED_SD_SIGNED if found.low < 0 else PLANNED_SD_SHARE
    return [(assumed["steady"], "steady"), (assumed["usual"], "usual"), (assumed["noisy"], "noisy")]


def _plan(
    cells: Sequence[PairValues],
    is_confirmatory: bool,
    n: int,
    sd: float,
    source: Source,
    settings: Settings,
    alpha_adjusted: float | None,
) -> MeasurePlan:
    one = cells[0]
    low, high, alpha = one.low, one.high, settings.alpha
    scale = 100.0 if one.unit == "points" else 1.0
    width = half_width(n, sd, settings.ci_level, low, high)
    plan = MeasurePlan(
        one.measure, one.unit, tuple(dict.fromkeys(cell.judge for cell in cells)),
        tuple(dict.fromkeys(cell.perturbation for cell in cells)), is_confirmatory, n, sd * scale, source,
        _scaled(width, scale),
    )  # fmt: skip
    if one.measure not in TESTED:
        return plan
    margin = settings.margin_points / 100
    strictest = alpha_adjusted if is_confirmatory and alpha_adjusted is not None else None
    least = fewest_pairs_for_robust(margin, alpha, low, high)
    return replace(
        plan,
        detectable=_scaled(detectable_effect(n, sd, alpha, POWER), scale),
        detectable_adjusted=None
        if strictest is None
        else _scaled(detectable_effect(n, sd, strictest, POWER), scale),
        margin=margin * scale,
        n_for_robust=pairs_for_equivalence(sd, margin, alpha, POWER, low, high),
        chance_of_robust=chance_of_robust(n, sd, margin, alpha, low, high),
        can_be_robust=least is not None and n >= least,
        n_for_sensitive=pairs_for_effect(2 * margin, sd, strictest or alpha, POWER, beyond=margin),
    )


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale


def _not_measured(counted: Iterable[tuple[PairValues, int]]) -> Iterable[str]:
    """A sentence for each measure of which some judge has not one pair."""
    empty: dict[str, list[str]] = defaultdict(list)
    for one, n in counted:
        if n == 0 and one.judge not in empty[one.measure]:
            empty[one.measure].append(one.judge)
    for measure, judges in empty.items():
        why = ""
        if measure.startswith("noise_adjusted_flip"):
            why = ": a judge that answers at random needs design.replicates of at least 2 for its noise to be known"
        elif measure.startswith("accuracy"):
            why = ": no pair has a label"
        yield f"{measure} of {', '.join(judges)}: no pair counts{why}"


def _answered(audit: Audit) -> pd.DataFrame:
    """The verdicts of the audit as if every judge answered every trial; a recorded one answers what was recorded."""
    trials = trial_table(audit.plan.trials).assign(
        outcome=Outcome.TIE.value, p_first=0.0, p_second=0.0, p_tie=1.0, score_first=0.0, score_second=0.0
    )
    pairs = {pair.id: pair for pair in audit.prepared.corpus.pairs}
    tables: dict[str, pd.DataFrame] = {}
    for judge in audit.judges:
        rows = trials.assign(judge=judge.name, exact=judge.exact_probabilities)
        if isinstance(judge, ReplayJudge):
            missing = [
                judge.recorded(request_of(trial, pairs[trial.pair_id])).outcome is Outcome.MISSING
                for trial in audit.plan.trials
            ]
            rows.loc[missing, "outcome"] = Outcome.MISSING.value
        tables[judge.name] = rows
    juries = []
    for jury in audit.juries:
        if jury.name in audit.panels:
            panel = audit.panels[jury.name]
            said = deliberate(jury, panel, ballots([tables[name] for name in panel]))
            juries.append(jury_table(trials, jury.name, said))
    return pd.concat([*tables.values(), *juries], ignore_index=True)
