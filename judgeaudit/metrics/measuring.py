"""Which estimates does an audit's table of verdicts support? All of them, in one fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from judgeaudit.errors import ConfigurationError
from judgeaudit.metrics.above_placebo import above_placebo
from judgeaudit.metrics.agreement_shift import agreement_shift
from judgeaudit.metrics.annotator_test import annotator_test
from judgeaudit.metrics.attribution import attribution
from judgeaudit.metrics.both_sides import both_sides
from judgeaudit.metrics.choices import Covariates
from judgeaudit.metrics.decisions import CellName, Decision, decide, in_family, name_of, settled, warned
from judgeaudit.metrics.dose_slope import dose_slope
from judgeaudit.metrics.factorial import factorial_effects
from judgeaudit.metrics.failures import failure_rates, missing_rate
from judgeaudit.metrics.findings import Finding, Ints, PairValues
from judgeaudit.metrics.flips import flips, lenient_consistency, noise_floor
from judgeaudit.metrics.human_agreement import human_agreement
from judgeaudit.metrics.human_ratings import HumanRatings, Truth
from judgeaudit.metrics.observations import JudgeVerdicts, observe
from judgeaudit.metrics.ranking import Systems, ranking
from judgeaudit.metrics.rating_agreement import Part, rating_agreement, rating_yardsticks
from judgeaudit.metrics.rating_errors import rating_errors, unsafe_rates
from judgeaudit.metrics.ratings import JudgeRatings, judge_ratings
from judgeaudit.metrics.record import ALL, Measure, Settings
from judgeaudit.metrics.reference import Reference
from judgeaudit.metrics.self_consistency import self_consistency
from judgeaudit.metrics.shown_texts import ShownTexts
from judgeaudit.metrics.subjects import Subjects
from judgeaudit.metrics.summary import Draft, Slice, conclude, draft
from judgeaudit.metrics.tie_detection import tie_detection
from judgeaudit.metrics.variance import variance_components
from judgeaudit.metrics.verdict_rows import Unparsed
from judgeaudit.metrics.winrate_shift import winrate_shift
from judgeaudit.metrics.wordings import wording_flips
from judgeaudit.metrics.yardsticks import yardsticks
from judgeaudit.records import Outcome

LENGTH = "length"
"""The slices by the quartile of the pairs' mean length."""


def measure(
    verdicts: pd.DataFrame,
    pairs: pd.DataFrame,
    settings: Settings | None = None,
    subjects: Subjects | None = None,
    stages: Mapping[str, int] | None = None,
    texts: pd.DataFrame | None = None,
    *,
    models: bool = True,
) -> list[Measure]:
    """Estimate everything that the verdicts support, judge by judge.

    The result depends on the rows and not on their order. Judges come by name, then what
    compares judges, yardsticks last.

    Args:
        verdicts: one row per judge (or jury) and trial: judge, pair_id, arm, perturbation, side, order,
            replicate, outcome, p_first, p_second, p_tie, exact, and for pointwise judges score_first and
            score_second. Trials whose artifact changed nothing have been left out; those of which nobody
            recorded a verdict have the outcome ``missing``.
        pairs: one row per pair: pair_id, label, votes, length_a, length_b and the columns to slice by;
            ratings_a and ratings_b where people rated single responses.
        settings: the declared analysis; the defaults where None.
        subjects: what the judges and artifacts are; None where they are what their names say and no more.
        stages: the stage of each pair, from 0, where verdicts were bought in stages until each confirmatory cell was
            decided; what was not bought is ``missing``. None where everything was bought.
        texts: one row a perturbed text: pair_id, perturbation, side, length (characters) and refuses (whether it opens
            by refusing, 1 or 0), both missing where there is no text. None where texts with an artifact count as
            long as without it, so that what an artifact does holds what its length does.
        models: whether models of all verdicts are fitted too: attribution, ranking and variance components.

    Raises:
        ConfigurationError: a slice names a column that the pairs do not have, or the truth is one that no pair has.
        ValueError: a table breaks its contract.
    """
    settings, subjects = settings or Settings(), subjects or Subjects()
    pairs = _by_id(pairs)
    slices = [Slice(ALL, np.ones(len(pairs), dtype=bool)), *_slices(pairs, settings)]
    known = (
        {}
        if stages is None
        else {one.cell: one for one in decisions(verdicts, pairs, settings, subjects, stages)}
    )
    drafts: list[Draft] = []
    for part, finding in _every_finding(verdicts, pairs, settings, subjects, texts, models=models):
        if stages is not None and finding.measure == "missing_rate":
            continue  # what was not bought is no gap in what was recorded
        of_finding = _in_slice(draft(finding, slices, settings), part)
        if isinstance(finding, PairValues) and in_family(finding, settings, subjects) and stages is not None:
            cell = settled(finding, known[name_of(finding)], _stage_of(pairs, stages), settings)
            drafts.extend([cell if one.measure.slice == ALL else one for one in of_finding])
        else:
            drafts.extend(of_finding)
    measures = conclude(drafts, settings, subjects)
    if stages is None:
        return measures
    stopped = frozenset(verdicts.loc[verdicts["outcome"] == Outcome.MISSING, "judge"])
    return [warned(measure, stopped, known.keys()) for measure in measures]


def decisions(
    verdicts: pd.DataFrame,
    pairs: pd.DataFrame,
    settings: Settings,
    subjects: Subjects,
    stages: Mapping[str, int],
) -> list[Decision]:
    """What is decided of the confirmatory family, from the verdicts so far.

    Args:
        verdicts, pairs, settings, subjects: as for ``measure``; verdicts not bought, or not yet, are ``missing``.
        stages: the stage of each pair, from 0.
    """
    pairs = _by_id(pairs)
    # A cell is in the family where it would be if every planned verdict had been given.
    planned = verdicts.assign(
        outcome=Outcome.TIE.value, p_first=0.0, p_second=0.0, p_tie=1.0, score_first=0.0, score_second=0.0
    )
    family = _family(planned, pairs, settings, subjects)
    found = _family(verdicts, pairs, settings, subjects)
    unseen = [cell for cell in family if cell not in found]
    return decide(list(found.values()), unseen, _stage_of(pairs, stages), settings)


def _family(
    verdicts: pd.DataFrame, pairs: pd.DataFrame, settings: Settings, subjects: Subjects
) -> dict[CellName, PairValues]:
    return {
        name_of(finding): finding
        for part, finding in _every_finding(verdicts, pairs, settings, subjects, models=False)
        if part == ALL and isinstance(finding, PairValues) and in_family(finding, settings, subjects)
    }


def _stage_of(pairs: pd.DataFrame, stages: Mapping[str, int]) -> Ints:
    return np.array([stages[pair_id] for pair_id in pairs["pair_id"]], dtype=np.int64)


def _by_id(pairs: pd.DataFrame) -> pd.DataFrame:
    pairs = pairs.sort_values("pair_id", kind="stable").reset_index(drop=True)
    pair_ids = pd.Index(pairs["pair_id"])
    if not pair_ids.is_unique:
        raise ValueError(
            f"pairs: found {pair_ids[pair_ids.duplicated()][0]!r} twice, expected each pair once"
        )
    return pairs


def _every_finding(
    verdicts: pd.DataFrame,
    pairs: pd.DataFrame,
    settings: Settings,
    subjects: Subjects,
    texts: pd.DataFrame | None = None,
    *,
    models: bool,
) -> Iterator[Part]:
    """Everything that the verdicts show, each with the annotator's slice that it is of, or ``all``.

    Without ``models`` only what needs no model to be fitted: everything that is a mean over pairs.
    """
    pair_ids = pd.Index(pairs["pair_id"])
    cuts, any_rates = subjects.cuts, False
    people = HumanRatings.of(pairs, settings.rating_cuts)
    reference = Reference.of(pairs, settings.truth, people.raters)
    truth = people.truth(settings.truth)
    unparsed: Unparsed = "excluded"
    lenient: dict[str, PairValues | None] = {}
    if settings.unparsed == "consistent":
        lenient = {
            judge.name: lenient_consistency(judge) for judge in observe(verdicts, pair_ids, "category")
        }
    else:
        unparsed = settings.unparsed
    length, refuses = ShownTexts.of(pairs, texts, "length"), ShownTexts.of(pairs, texts, "refuses")
    systems, covariates = Systems.of(pairs), Covariates.of(pairs, length)
    judges = list(observe(verdicts, pair_ids, unparsed))
    for judge in judges:
        for finding in _findings(judge, reference, settings, subjects):
            if finding.measure == "position_consistency":
                finding = lenient.get(judge.name) or finding
            yield ALL, finding
        if models:
            for estimate in ranking(judge, systems, settings):
                yield ALL, estimate
            if settings.attribution != "off":
                for estimate in attribution(
                    judge, reference, covariates, settings.attribution, settings.ci_level
                ):
                    yield ALL, estimate
        if judge.name in cuts and (rated := judge_ratings(verdicts, judge.name, pair_ids, cuts[judge.name])):
            any_rates = True
            yield from _rating_findings(rated, people, truth, subjects.placebos)
    for finding in wording_flips(judges, subjects.wordings):
        yield ALL, finding
    for finding in yardsticks(judges, reference, length, refuses, settings.tie_verdicts):
        yield ALL, finding
    if models:
        for estimate in variance_components(judges, subjects, settings):
            yield ALL, estimate
    if any_rates:
        yield from rating_yardsticks(people)


def pair_values(
    verdicts: pd.DataFrame, pairs: pd.DataFrame, settings: Settings, subjects: Subjects
) -> Iterator[PairValues]:
    """What each pair shows, for every measure that is a mean over pairs: over all pairs and both sides.

    Args:
        verdicts, pairs, settings, subjects: as for ``measure``.
    """
    for part, finding in _every_finding(verdicts, _by_id(pairs), settings, subjects, models=False):
        if (
            part == ALL
            and isinstance(finding, PairValues)
            and finding.side is None
            and finding.within is None
        ):
            yield finding


def check(pairs: pd.DataFrame, settings: Settings) -> None:
    """See before anything is bought that the pairs have what the analysis names.

    Raises:
        ConfigurationError: a slice names a column that the pairs do not have, or the truth is one that no pair has.
    """
    list(_slices(pairs, settings))
    Reference.of(pairs, settings.truth, HumanRatings.of(pairs, settings.rating_cuts).raters)


def _findings(
    judge: JudgeVerdicts, reference: Reference, settings: Settings, subjects: Subjects
) -> Iterator[Finding]:
    yield from tie_detection(judge)
    yield from winrate_shift(judge, reference)
    yield from above_placebo(judge, subjects.placebos)
    yield from factorial_effects(judge)
    yield from dose_slope(judge, subjects.doses)
    yield from flips(judge)
    yield from both_sides(judge)
    yield from noise_floor(judge)
    yield from self_consistency(judge, settings.ci_level)
    yield from human_agreement(judge, reference, settings.tie_verdicts)
    yield from agreement_shift(judge, reference)
    yield from annotator_test(judge, reference, settings.annotator_epsilon, settings.ci_level)
    yield from failure_rates(judge)
    yield from missing_rate(judge)


def _rating_findings(
    judge: JudgeRatings, people: HumanRatings, truth: Truth, placebos: Mapping[str, str]
) -> Iterator[Part]:
    for finding in unsafe_rates(judge):
        yield ALL, finding
    if people.raters:
        for finding in rating_errors(judge, truth, placebos):
            yield ALL, finding
        yield from rating_agreement(judge, people, truth)


def _in_slice(drafts: Iterator[Draft], name: str) -> Iterator[Draft]:
    """The drafts of a finding that is about one annotator's ratings alone stand in that annotator's slice."""
    for one in drafts:
        yield one if name == ALL else replace(one, measure=replace(one.measure, slice=name))


def _slices(pairs: pd.DataFrame, settings: Settings) -> Iterator[Slice]:
    """One slice for each value of each column that has several; pairs without a value are in none."""
    for column in settings.slices:
        if column == LENGTH:
            values = _length_quartiles(pairs)
        elif column in pairs.columns:
            values = pairs[column]
        else:
            raise ConfigurationError(
                f"analysis.slices: found {column!r}, expected {LENGTH} or columns of the pairs: "
                f"{sorted(pairs.columns)}."
            )
        distinct = sorted(values.dropna().unique().tolist())
        if len(distinct) > 1:
            for value in distinct:
                yield Slice(f"{column}={value}", (values == value).to_numpy(dtype=bool, na_value=False))


def _length_quartiles(pairs: pd.DataFrame) -> pd.Series[Any]:
    """The quartile, 1 to 4, of each pair's mean length in characters; missing where a length is.

    Equal lengths share a quartile, so that quartiles need not be of one size.
    """
    lengths = (pairs["length_a"].astype("float64") + pairs["length_b"].astype("float64")) / 2
    cuts = np.nanquantile(lengths, [0.25, 0.5, 0.75]) if lengths.notna().any() else np.zeros(3)
    quartile = pd.Series(1 + np.searchsorted(cuts, lengths, side="left"), index=pairs.index, dtype="Int64")
    return quartile.where(lengths.notna())
