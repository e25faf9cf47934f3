"""Which estimates does an audit's table of verdicts support? All of them, in one fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from judgeaudit.errors import ConfigurationError
from judgeaudit.metrics.above_placebo import above_placebo
from judgeaudit.metrics.both_sides import both_sides
from judgeaudit.metrics.factorial import factorial_effects
from judgeaudit.metrics.failures import failure_rates
from judgeaudit.metrics.findings import Finding
from judgeaudit.metrics.flips import flips, noise_floor
from judgeaudit.metrics.human_agreement import Reference, human_agreement, yardsticks
from judgeaudit.metrics.observations import JudgeVerdicts, observe
from judgeaudit.metrics.record import ALL, Measure, Settings
from judgeaudit.metrics.self_consistency import self_consistency
from judgeaudit.metrics.summary import Draft, Slice, conclude, draft
from judgeaudit.metrics.tie_detection import tie_detection
from judgeaudit.metrics.winrate_shift import winrate_shift


def measure(
    verdicts: pd.DataFrame,
    pairs: pd.DataFrame,
    settings: Settings | None = None,
    placebos: Mapping[str, str] | None = None,
) -> list[Measure]:
    """Estimate everything that the verdicts support, judge by judge.

    The result depends on the rows and not on their order. Judges come by name, yardsticks last.

    Args:
        verdicts: one row per judge (or jury) and trial: judge, pair_id, arm, perturbation, side, order,
            replicate, outcome, p_first, p_second, p_tie, exact. Trials whose artifact changed nothing have
            been left out.
        pairs: one row per pair: pair_id, label, votes, length_a, length_b and the columns to slice by.
        settings: the declared analysis; the defaults where None.
        placebos: each artifact's neutral control, by name; None where there is none.

    Raises:
        ConfigurationError: a slice names a column that the pairs do not have.
        ValueError: a table breaks its contract.
    """
    settings = settings or Settings()
    pairs = pairs.sort_values("pair_id", kind="stable").reset_index(drop=True)
    pair_ids = pd.Index(pairs["pair_id"])
    if not pair_ids.is_unique:
        raise ValueError(
            f"pairs: found {pair_ids[pair_ids.duplicated()][0]!r} twice, expected each pair once"
        )
    slices = [Slice(ALL, np.ones(len(pairs), dtype=bool)), *_slices(pairs, settings)]
    reference = Reference.of(pairs)
    drafts: list[Draft] = []
    for judge in observe(verdicts, pair_ids):
        for finding in _findings(judge, reference, settings, placebos or {}):
            drafts.extend(draft(finding, slices, settings))
    for finding in yardsticks(reference):
        drafts.extend(draft(finding, slices, settings))
    return conclude(drafts, settings)


def _findings(
    judge: JudgeVerdicts, reference: Reference, settings: Settings, placebos: Mapping[str, str]
) -> Iterator[Finding]:
    yield from tie_detection(judge)
    yield from winrate_shift(judge, reference)
    yield from above_placebo(judge, placebos)
    yield from factorial_effects(judge)
    yield from flips(judge)
    yield from both_sides(judge)
    yield from noise_floor(judge)
    yield from self_consistency(judge, settings.ci_level)
    yield from human_agreement(judge, reference)
    yield from failure_rates(judge)


def _slices(pairs: pd.DataFrame, settings: Settings) -> Iterator[Slice]:
    """One slice for each value of each column that has several; pairs without a value are in none."""
    for column in settings.slices:
        if column not in pairs.columns:
            raise ConfigurationError(
                f"analysis.slices: found {column!r}, expected columns of the pairs: {sorted(pairs.columns)}."
            )
        values = pairs[column]
        distinct = sorted(values.dropna().unique().tolist())
        if len(distinct) > 1:
            for value in distinct:
                yield Slice(f"{column}={value}", (values == value).to_numpy(dtype=bool, na_value=False))
