"""What follows from a run's pairs, texts and jurors' verdicts? Its trials, juries and planted truths, made again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from judgeaudit.design import Design, Plan, plan
from judgeaudit.errors import RunFolderError
from judgeaudit.judges.planted import PlantedJudge
from judgeaudit.juries import Jury, deliberate
from judgeaudit.metrics import CellName, Settings, decisions
from judgeaudit.perturb import PerturbedText, Status
from judgeaudit.planted_truth import Truth, expected_measures
from judgeaudit.records import Arm, LabelSource, Outcome, Pair, Trial, Turn
from judgeaudit.run_contract import TRIAL_COLUMNS, JuryEntry, PlantedIdentity, misfit
from judgeaudit.run_folder import ADVICE, ballots, jury_table, subjects_of, trial_table
from judgeaudit.stopping import decision_entry, kinds_wanted, stages

TOLERANCE = 1e-9
"""Sums may be added up in another order by another library version; nothing more may differ."""

COMPARED = ("outcome", "p_first", "p_second", "p_tie", "error", "is_jury", "exact", "failed_jurors")


def same(old: object, new: object) -> bool:
    """Whether two published values are the same but for rounding."""
    if isinstance(old, (int, float)) and isinstance(new, (int, float)):
        return old == new or math.isclose(old, new, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return old == new


def plan_again(manifest: Mapping[str, Any], pairs: pd.DataFrame, texts: pd.DataFrame) -> Plan:
    """The audit's trials, and the texts that no trial uses.

    Raises:
        ConfigurationError: the manifest's design is not one.
    """
    rows = zip(
        *(texts[name] for name in ("pair_id", "perturbation", "side", "status", "text", "reason")),
        strict=True,
    )
    perturbed = [
        PerturbedText(pair_id, name, side, Status(status), _or_none(text), _or_none(reason))
        for pair_id, name, side, status, text, reason in rows
    ]
    about = manifest["perturbations"]
    placebos = frozenset(name for name in about if about[name]["is_placebo"])
    return plan(Design(**manifest["design"]), list(_pairs(pairs).values()), perturbed, list(about), placebos)


def truths_again(manifest: Mapping[str, Any], planned: Plan, pairs: pd.DataFrame) -> Iterator[Truth]:
    """What the planted judges should have been found to do.

    Raises:
        RunFolderError: a planted judge's identity is not one.
        ConfigurationError: its values are outside their range.
    """
    by_id = _pairs(pairs)
    for name, one in manifest["judges"].items():
        identity = one["identity"]
        if identity.get("backend") != "planted":
            continue
        if problem := misfit(identity, PlantedIdentity, f"judges.{name}.identity"):
            raise RunFolderError(f"manifest.json: {problem}. {ADVICE}")
        biases = {field: identity[field] for field in PlantedIdentity.__annotations__}
        yield from expected_measures(PlantedJudge(name, **biases), planned.trials, by_id)


def juries_again(manifest: Mapping[str, Any], verdicts: pd.DataFrame) -> Iterator[str]:
    """One line for each column of a jury's rows that its jurors' rows do not give.

    Raises:
        ConfigurationError: a jury's declaration is not one.
    """
    by_judge = {str(name): _in_order(rows) for name, rows in verdicts.groupby("judge", sort=False)}
    for name, about in manifest["juries"].items():
        jury = Jury(name, **{field: about[field] for field in JuryEntry.__annotations__})
        panel = tuple(about["members"])
        if absent := [member for member in (*panel, name) if member not in by_judge]:
            yield f"verdicts.parquet: jury {name}: found no rows of {', '.join(absent)}"
            continue
        published = by_judge[name]
        trials = published[list(TRIAL_COLUMNS)]
        tables = [by_judge[member] for member in panel]
        if any(not trials_of(table).equals(trials_of(trials)) for table in tables):
            yield f"verdicts.parquet: jury {name}: its rows and its jurors' are not of the same trials"
            continue
        fresh = jury_table(trials, name, deliberate(jury, panel, ballots(tables)))
        for column in COMPARED:
            yield from _of_column(name, column, published, fresh)


def stages_again(manifest: Mapping[str, Any], pairs: pd.DataFrame) -> dict[str, int] | None:
    """The stage of each pair; None for a run that bought everything."""
    return None if manifest["stopping"] is None else stages(pairs["pair_id"], manifest["seed"])


def stopping_again(manifest: Mapping[str, Any], pairs: pd.DataFrame, verdicts: pd.DataFrame) -> Iterator[str]:
    """One line for each cell that was not decided when the manifest says, and each judge asked other than it follows.

    Raises:
        ConfigurationError: the manifest's analysis is none.
    """
    stage_of = stages_again(manifest, pairs)
    if stage_of is None:
        return
    subjects = subjects_of(manifest)
    decided = decisions(verdicts, pairs, Settings(**manifest["analysis"]), subjects, stage_of)
    fresh = {one.cell: decision_entry(one) for one in decided}
    old = {
        CellName(one["measure"], one["judge"], one["perturbation"]): one
        for one in manifest["stopping"]["cells"]
    }
    for cell in sorted(fresh.keys() | old.keys(), key=str):
        if fresh.get(cell) != old.get(cell):
            yield (
                f"manifest.json: stopping of {' / '.join(filter(None, cell))} is published as {old.get(cell)}, the "
                f"verdicts give {fresh.get(cell)}"
            )
    stage = np.array([stage_of[pair_id] for pair_id in verdicts["pair_id"]], dtype=np.int64)
    kind = list(zip(verdicts["arm"].map(Arm), verdicts["perturbation"].map(_or_none), strict=True))
    panels = {name: about["members"] for name, about in manifest["juries"].items()}
    is_missing = (verdicts["outcome"] == Outcome.MISSING).to_numpy(dtype=bool)
    for judge in manifest["judges"]:
        own = (verdicts["judge"] == judge).to_numpy(dtype=bool)
        wanted = {
            at: kinds_wanted(judge, at, set(kind), decided, panels, subjects.placebos)
            for at in set(stage.tolist())
        }
        wrong = [at for at in np.flatnonzero(own) if (kind[at] in wanted[int(stage[at])]) == is_missing[at]]
        if wrong:
            yield (
                f"verdicts.parquet: {judge}: {len(wrong):,} of {own.sum():,} trials were asked though their cells were "
                f"decided, or not asked though they were not"
            )


def trials_of(rows: pd.DataFrame | Sequence[Trial]) -> pd.Index[Any]:
    """What names the trial of each row."""
    table = rows if isinstance(rows, pd.DataFrame) else trial_table(rows)
    return pd.MultiIndex.from_frame(table[list(TRIAL_COLUMNS)].fillna({"perturbation": "", "side": ""}))


def _of_column(jury: str, column: str, published: pd.DataFrame, fresh: pd.DataFrame) -> Iterator[str]:
    old, new = published[column], fresh[column]
    if pd.api.types.is_float_dtype(new):
        differs = (old.astype(float) - new).abs().fillna(0.0).gt(TOLERANCE) | (old.isna() != new.isna())
    else:
        differs = old.astype(object).where(old.notna(), None) != new.astype(object).where(new.notna(), None)
        differs &= old.notna() | new.notna()
    if differs.any():
        at = int(differs.to_numpy().argmax())  # _in_order numbers the rows from 0
        trial = " / ".join(str(published.at[at, name]) for name in TRIAL_COLUMNS)
        yield (
            f"verdicts.parquet: jury {jury}: {column} differs from what its jurors give in {differs.sum():,} of "
            f"{len(differs):,} rows; first at {trial}: published {old.iloc[at]}, the jurors give {new.iloc[at]}"
        )


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """By trial: the order of a table's rows carries nothing."""
    return rows.sort_values(list(TRIAL_COLUMNS), kind="stable").reset_index(drop=True)


def _pairs(table: pd.DataFrame) -> dict[str, Pair]:
    """The pairs as far as trials and planted judges see them: of the conversation only its last turn."""
    columns = (
        "pair_id", "prompt", "response_a", "response_b", "label", "label_source", "system_a", "system_b",
    )  # fmt: skip
    rows = zip(*(table[name] for name in columns), strict=True)
    return {
        pair_id: Pair(
            pair_id,
            (Turn("user", prompt),),
            a,
            b,
            system_a=_or_none(system_a),
            system_b=_or_none(system_b),
            label=_or_none(label),
            label_source=LabelSource(source),
        )
        for pair_id, prompt, a, b, label, source, system_a, system_b in rows
    }


def _or_none(value: Any) -> Any:
    return None if pd.isna(value) else value
