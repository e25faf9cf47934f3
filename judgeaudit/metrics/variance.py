"""What makes verdicts differ: the pair, the judge, the prompt, the order, the artifact, or nothing but chance?

The score of a verdict is side a's winrate: 1 for a win, 1/2 for a tie, 0 for a loss, expected where label probabilities
are exact. (Side b's is 1 less it and varies alike.) Its variance is taken apart over a fully crossed design:

* at baseline, over pair x judge x order x replicate, and prompt where all models were asked by the same several;
  for each judge alone over pair x order x replicate;
* with artifacts in one side, over the artifact too, one of its levels being the side as it is: mean of both sides.

Judges and prompts stand for more of their kind. Both orders are all there are, and artifacts are those that were tried.
A pair is counted where it has a verdict at every combination, and two where replicates are told from the rest.

``reliability`` is how well a pair's mean score tells what all such judges would say of it in both orders: the index of
dependability, phi. The other coefficient, for ranking pairs by the same judges, forgives a judge that leans to one side
throughout. A verdict is held against a tie, though, the same fixed point for every pair, and such a leaning turns it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from judgeaudit.metrics.findings import Estimated, Floats, verdicts_used
from judgeaudit.metrics.observations import Cells, JudgeVerdicts
from judgeaudit.metrics.record import Settings, Unit
from judgeaudit.metrics.subjects import Subjects
from judgeaudit.metrics.verdict_rows import TIE, A, Place
from judgeaudit.metrics.winrate_shift import winrate
from judgeaudit.records import ORDERS, SIDES, Arm, Side
from judgeaudit.stats import Facet, generalizability, resampling_counts
from judgeaudit.stats.generalizability import REPLICATE, Effect
from judgeaudit.stats.thresholds import FEW_LEVELS, FEW_PAIRS, MIN_PAIRS, MOST_JUDGES, RELIABILITY_WANTED

PANEL = "panel:all"
"""The judge of what is said of all models at once."""

ARTIFACTS = "artifacts:"
"""Slices of the study with artifacts begin with it."""

JUDGE, PROMPT, ARTIFACT, ORDER = "judge", "prompt", "artifact", "order"
ORDER_FACET = Facet(ORDER, len(ORDERS), universe=len(ORDERS))
REPLICATES = (1, 3)
"""Replicates whose mean's reliability is told: one, and what an audit can afford."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores with the artifacts in one side, or without any: each array (pairs, levels of each facet).

    Attributes:
        means: a cell's mean score; all of a pair is NaN where any cell lacks what is needed.
        variance: of one verdict, within the cell.
        number: the replicates that the mean is over; infinite where it is the expectation.
    """

    means: Floats
    variance: Floats
    number: Floats

    @property
    def counted(self) -> NDArray[np.bool_]:
        """(pairs,)."""
        found: NDArray[np.bool_] = ~np.isnan(self.means.reshape(len(self.means), -1).sum(1))
        return found


@dataclass(frozen=True, slots=True)
class Study:
    """Components of one crossed design.

    Attributes:
        judge: whose they are.
        facets: of the design.
        replicated: whether replicates are told from the highest interaction.
        components: (effects,).
        resampled: (resamples, effects).
        n_pairs, n_verdicts: how many they rest on.
        caution: why they may not hold; None where nothing is known.
    """

    judge: str
    facets: tuple[Facet, ...]
    replicated: bool
    components: Floats
    resampled: Floats
    n_pairs: int
    n_verdicts: int
    caution: str | None


def variance_components(
    judges: Sequence[JudgeVerdicts], subjects: Subjects, settings: Settings
) -> Iterator[Estimated]:
    """``variance_share``, ``reliability`` and ``judges_needed`` of all models together and of each alone.

    Args:
        judges: all judges of the audit; controls, juries and judges without baseline verdicts take no part.
        subjects: which judges are controls, juries and wordings, and which artifacts placebos.
        settings: level, resamples and seed of the intervals.
    """
    models = [
        judge
        for judge in judges
        if judge.name not in subjects.controls | subjects.juries and judge.baseline is not None
    ]
    if len(models) > 1:
        panel, facets, caution = _arranged(models, subjects)
        baselines = [judge.baseline for judge in panel if judge.baseline is not None]
        study = _study(PANEL, (*facets, ORDER_FACET), [baselines], settings, caution)
        yield from _shares(study, settings)
        yield from _reliabilities(study, settings)
        yield from _judges_needed(study)
        if sides := _with_artifacts(panel, subjects):
            conditions = len(sides[0]) // len(panel)
            artifact = Facet(ARTIFACT, conditions, universe=conditions)
            study = _study(PANEL, (*facets, artifact, ORDER_FACET), sides, settings, caution)
            yield from _shares(study, settings, ARTIFACTS)
    for judge in models:
        assert judge.baseline is not None
        study = _study(judge.name, (ORDER_FACET,), [[judge.baseline]], settings)
        yield from _shares(study, settings)
        yield from _reliabilities(study, settings)


def _arranged(
    models: Sequence[JudgeVerdicts], subjects: Subjects
) -> tuple[list[JudgeVerdicts], tuple[Facet, ...], str | None]:
    """The judges in the order of the facets' levels, the facets, and why they are not what they seem.

    A judge is a model together with its prompt. The two are told apart only where all have the same several prompts.
    """
    worded = {subjects.wordings[model.name]: model for model in models if model.name in subjects.wordings}
    names = sorted({wording.judge for wording in worded})
    prompts = sorted({wording.prompt for wording in worded})
    if len(prompts) > 1 and len(worded) == len(models) == len(names) * len(prompts):
        by_prompt = [worded[wording] for wording in sorted(worded)]
        facets = (Facet(PROMPT, len(prompts)),)
        return by_prompt, (Facet(JUDGE, len(names)), *facets) if len(names) > 1 else facets, None
    same = len(worded) > len(names)
    caution = "some judges are one model asked by several prompts" if same else None
    return list(models), (Facet(JUDGE, len(models)),), caution


def _with_artifacts(panel: Sequence[JudgeVerdicts], subjects: Subjects) -> list[list[Cells]] | None:
    """For each side, judge by judge, the cells at baseline and with each artifact in that side; None without any.

    The artifacts are those that every judge saw on every side that has any for all of them.
    """
    placebos = set(subjects.placebos.values())
    by_side: dict[Side, set[str]] = {}
    for side in SIDES:
        seen = [
            {
                name
                for arm, name, of in judge.places
                if arm == Arm.INJECTED and of == side and name is not None
            }
            for judge in panel
        ]
        if shared := set.intersection(*seen) - placebos:
            by_side[side] = shared
    artifacts = sorted(set.intersection(*by_side.values())) if by_side else []
    if not artifacts:
        return None
    baseline: Place = (Arm.BASELINE, None, None)
    places = {side: [baseline, *((Arm.INJECTED, name, side) for name in artifacts)] for side in by_side}
    return [[judge.places[place] for judge in panel for place in places[side]] for side in by_side]


def _study(
    judge: str,
    facets: tuple[Facet, ...],
    sides: Sequence[Sequence[Cells]],
    settings: Settings,
    caution: str | None = None,
) -> Study:
    """The mean of the sides' components; the same pairs are drawn on all sides.

    Args:
        judge: whose study it is.
        facets: of the design, the order last.
        sides: of each the cells, in the order of the levels of all facets but the order; one at baseline.
        settings: resamples and their seed.
        caution: what is wrong with the design as such.
    """
    every = [one for cells in sides for one in cells]
    replicated = all(_is_repeated(one) for one in every)
    scores = [_scores(cells, facets, replicated) for cells in sides]
    kept = [one for one in scores if int(one.counted.sum()) >= MIN_PAIRS]
    counted = np.logical_or.reduce([one.counted for one in scores])
    n_pairs = int(counted.sum())
    n_verdicts = int(verdicts_used([np.where(one.counted, 0.0, np.nan) for one in scores], sides).sum())
    asked = int(np.logical_or.reduce([(one.asked > 0).any(1) for one in every]).sum())
    told = [caution, *_cautions(facets, n_pairs, asked, replicated)]
    cautions = "; ".join(one for one in told if one is not None) or None
    components = np.full(len(generalizability.effects(facets)), np.nan)
    resampled = components[None]
    if kept:
        draws = resampling_counts(len(counted), settings.resamples, settings.seed)
        components = np.mean([_components(one, facets, replicated) for one in kept], axis=0)
        resampled = np.mean([_components(one, facets, replicated, draws) for one in kept], axis=0)
    return Study(judge, facets, replicated, components, resampled, n_pairs, n_verdicts, cautions)


def _cautions(facets: Sequence[Facet], n_pairs: int, asked: int, replicated: bool) -> Iterator[str]:
    for facet in facets:
        if facet.universe is None and facet.levels < FEW_LEVELS:
            kind = f"{facet.name}s"
            yield f"{facet.levels} {kind}: fewer than {FEW_LEVELS} hardly tell how far {kind} differ"
    if n_pairs < FEW_PAIRS:
        yield f"fewer than {FEW_PAIRS} pairs"
    if 2 * n_pairs < asked:
        yield f"only {n_pairs:,} of {asked:,} pairs have every verdict that is needed"
    if not replicated:
        yield "without replicates the highest interaction is counted with theirs"


def _components(
    scores: Scores, facets: Sequence[Facet], replicated: bool, draws: Floats | None = None
) -> Floats:
    variance, number = (scores.variance, scores.number) if replicated else (None, None)
    return generalizability.variance_components(scores.means, facets, variance, number, draws)


def _is_repeated(cells: Cells) -> bool:
    """Whether most trials that have a verdict have two, or their expectation is known."""
    given = cells.scored[cells.scored > 0]
    return cells.exact or bool((given >= 2).mean() > 0.5 if given.size else False)


def _scores(cells: Sequence[Cells], facets: Sequence[Facet], replicated: bool) -> Scores:
    """The scores, arranged by the facets' levels."""
    by_cell = [_of_cells(one, replicated) for one in cells]
    levels = [facet.levels for facet in facets[:-1]]

    def arranged(values: Sequence[Floats]) -> Floats:
        stacked = np.stack(values, axis=1)
        return stacked.reshape(len(stacked), *levels, len(ORDERS))

    means, variance, number = (arranged([one[k] for one in by_cell]) for k in range(3))
    return Scores(means, variance, number)


def _of_cells(cells: Cells, replicated: bool) -> tuple[Floats, Floats, Floats]:
    """(pairs, 2) each: mean, variance of one verdict, and number of verdicts; a mean of too few is NaN."""
    mean = winrate(cells, "a")
    squared = cells.share[..., A] + cells.share[..., TIE:].sum(-1) / 4
    spread = np.maximum(squared - np.square(mean), 0.0)
    if cells.exact:
        return mean, spread, np.full(mean.shape, np.inf)
    n = cells.scored.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = spread * n / (n - 1)
    return np.where(n >= (2 if replicated else 1), mean, np.nan), variance, n


def _shares(study: Study, settings: Settings, study_name: str = "") -> Iterator[Estimated]:
    every = generalizability.effects(study.facets)
    highest = every[-2]
    shares = generalizability.variance_shares(study.components, study.facets)
    resampled = generalizability.variance_shares(study.resampled, study.facets)
    for index, effect in enumerate(every):
        name = _name(effect)
        if not study.replicated:
            if effect == highest:
                continue
            if effect == (REPLICATE,):
                name = f"{_name(highest)} + {REPLICATE}"
        within = f"{study_name}component={name}"
        yield _estimated(
            "variance_share", study, "proportion", within, float(shares[index]), resampled[:, index], settings
        )


def _name(effect: Effect) -> str:
    return " x ".join(effect)


def _reliabilities(study: Study, settings: Settings) -> Iterator[Estimated]:
    """For a few numbers of everything that a verdict can be repeated over."""
    if np.isnan(study.components).any():
        return
    facets = {facet.name: facet.levels for facet in study.facets}
    grid = {name: sorted({1, 2, levels}) if name == JUDGE else [1, levels] for name, levels in facets.items()}
    for numbers in _grid(study, grid):
        found = generalizability.reliability(study.components, study.facets, numbers)
        resampled = generalizability.reliability(study.resampled, study.facets, numbers)
        yield _estimated(
            "reliability", study, "coefficient", _slice(numbers), float(found), resampled, settings
        )


def _judges_needed(study: Study) -> Iterator[Estimated]:
    """The smallest panels of judges like these that reach the reliability wanted; nothing where none does."""
    levels = {facet.name: facet.levels for facet in study.facets}
    if JUDGE not in levels or np.isnan(study.components).any():
        return
    grid = {name: [1, count] for name, count in levels.items() if name != JUDGE}
    for numbers in _grid(study, grid):
        needed = generalizability.levels_needed(
            study.components, study.facets, numbers, JUDGE, RELIABILITY_WANTED, MOST_JUDGES
        )
        if needed is not None:
            yield Estimated(
                "judges_needed", study.judge, None, "count", float(needed), None, study.n_pairs,
                study.n_verdicts, within=_slice(numbers), caution=study.caution,
            )  # fmt: skip


def _grid(study: Study, facets: Mapping[str, Sequence[int]]) -> Iterator[dict[str, int]]:
    """Every combination, orders and replicates before all others."""
    numbers = {
        ORDER: facets[ORDER],
        REPLICATE: REPLICATES if study.replicated else REPLICATES[:1],
        **{name: of for name, of in facets.items() if name != ORDER},
    }
    for combination in product(*numbers.values()):
        yield dict(zip(numbers, combination, strict=True))


def _slice(numbers: Mapping[str, int]) -> str:
    return ",".join(f"{name}s={number}" for name, number in numbers.items())


def _estimated(
    measure: str, study: Study, unit: Unit, within: str, found: float, resampled: Floats, settings: Settings
) -> Estimated:
    estimate = None if np.isnan(found) else found
    interval = None
    if estimate is not None:
        interval = generalizability.percentile_interval(resampled, estimate, settings.ci_level)
    return Estimated(
        measure, study.judge, None, unit, estimate, interval, study.n_pairs, study.n_verdicts,
        within=within, caution=study.caution,
    )  # fmt: skip
