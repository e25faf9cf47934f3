"""Would another system be on top if one system's responses carried the artifact?

A judge's verdicts on pairs of two systems are a tournament. Davidson's model (``stats.davidson``) gives every system a
log strength from the baseline verdicts, and another one with the artifact in the responses of one system S: where a
response of S was also shown with the artifact, the verdict with it replaces the baseline's, in the same orders. Every
other verdict is the same in both fits, so that only the artifact differs. This is done for each system S that carries
the artifact on some pair, and the measures are means over these systems.

Pairs are resampled, and the two fits of a resample have the same pairs. What other pairs would do to the top without
any artifact stands beside the measures as ``top_noise``: where that is large, nobody was surely on top to begin with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array

from judgeaudit.metrics.findings import Estimated, Floats, Ints, verdicts_used
from judgeaudit.metrics.observations import Cells, JudgeVerdicts, in_shared_orders
from judgeaudit.metrics.record import Settings
from judgeaudit.metrics.verdict_rows import TIE, A, B
from judgeaudit.records import SIDES, Arm
from judgeaudit.stats import Interval, fit_davidson, kendall_tau, resampling_counts, thresholds

Bools = NDArray[np.bool_]

METHOD = "percentile bootstrap of pairs"


@dataclass(frozen=True, slots=True)
class Systems:
    """Who wrote the responses.

    Attributes:
        names: the systems that some pair compares with another one, by name.
        writers: (pairs, 2), the places in ``names`` of who wrote response a and b; -1 for both where one is unknown
            or both are the same.
    """

    names: tuple[str, ...]
    writers: Ints

    @classmethod
    def of(cls, pairs: pd.DataFrame) -> Systems:
        """Read them from the columns system_a and system_b; no systems where there are no such columns."""
        writers = np.full((len(pairs), 2), -1, dtype=np.int64)
        if not {"system_a", "system_b"} <= set(pairs.columns):
            return cls((), writers)
        written = pairs[["system_a", "system_b"]].to_numpy(dtype=object)
        compared = ~pd.isna(written).any(1) & (written[:, 0] != written[:, 1])
        places, names = pd.factorize(written[compared].ravel(), sort=True)
        writers[compared] = places.reshape(-1, 2)
        return cls(tuple(str(name) for name in names), writers)


@dataclass(frozen=True, slots=True)
class _Tournament:
    """One judge's verdicts on its systems at baseline.

    Attributes:
        names: the S systems that it compared.
        pair: (n,), the pairs that count.
        writers: (n, 2), places in ``names``.
        said: (n, 3), the verdict on a, b, tie.
        drawn: (n, 1 + resamples), how often each pair counts: once, then as often as it was drawn.
        tables: (1 + resamples, 2, S, S), wins and ties.
        strength: (1 + resamples, S), log strengths; NaN where the pairs do not link all systems.
    """

    names: tuple[str, ...]
    pair: Ints
    writers: Ints
    said: Floats
    drawn: Floats
    tables: Floats
    strength: Floats


@dataclass(frozen=True, slots=True)
class _Shown:
    """The verdicts with the artifact on one side.

    Attributes:
        known: (n,), the tournament's pairs that have a verdict with it and one without it.
        writer: (n,), the system that carries it.
        injected, baseline: (n, 3), the verdicts with it and, in the same orders, without it.
        cells: what both come from.
    """

    known: Bools
    writer: Ints
    injected: Floats
    baseline: Floats
    cells: tuple[Cells, Cells]


@dataclass(frozen=True, slots=True)
class _Carrier:
    """One system with the artifact in its responses.

    Attributes:
        system: its place in the names.
        without, carrying: (1 + resamples, S), log strengths without the artifact and with it.
        n_pairs, n_verdicts: of the pairs that show the system with the artifact.
        cautions: what makes the fits doubtful.
    """

    system: int
    without: Floats
    carrying: Floats
    n_pairs: int
    n_verdicts: int
    cautions: tuple[str, ...]

    @property
    def gain(self) -> Floats:
        """(1 + resamples,): how much log strength the system gains on the mean of the others."""
        systems = self.without.shape[1]
        moved = self.carrying[:, self.system] - self.without[:, self.system]
        # Log strengths have mean 0, so that the others' mean moves by -1 / (systems - 1) of it.
        gain: Floats = moved * systems / (systems - 1)
        return gain


def ranking(judge: JudgeVerdicts, systems: Systems, settings: Settings) -> Iterator[Estimated]:
    """``top_noise``, and of every injected perturbation ``ranking_tau``, ``top_change`` and ``strength_gain``.

    Nothing where the judge compared no two systems at baseline, nor of a perturbation that no system carries. No
    estimate, and a caution, where the comparisons do not link all systems.

    Args:
        judge: its verdicts.
        systems: who wrote the responses.
        settings: level, seed and resamples, of which at most ``thresholds.RANKING_RESAMPLES`` are used.
    """
    baseline = judge.baseline
    tournament = None if baseline is None else _tournament(baseline, systems, settings)
    if baseline is None or tournament is None:
        return
    yield _top_noise(judge.name, baseline, tournament)
    for perturbation in judge.perturbations(Arm.INJECTED):
        shown = [
            _shown(cells, baseline, tournament, SIDES.index(side))
            for side, cells in judge.sides(Arm.INJECTED, perturbation)
        ]
        found = (_carrier(tournament, shown, place) for place in range(len(tournament.names)))
        carriers = [one for one in found if one is not None]
        if carriers:
            yield from _measures(judge.name, perturbation, tournament, shown, carriers, settings.ci_level)


def _tournament(baseline: Cells, systems: Systems, settings: Settings) -> _Tournament | None:
    said = _verdict(baseline)
    pair = np.flatnonzero((systems.writers[:, 0] >= 0) & ~np.isnan(said[:, 0]))
    if pair.size == 0:
        return None
    compared, places = np.unique(systems.writers[pair], return_inverse=True)
    names = tuple(systems.names[place] for place in compared)
    drawn = np.ones((pair.size, 1))
    if pair.size >= thresholds.MIN_PAIRS and len(names) <= thresholds.MOST_RANKED:
        resamples = min(settings.resamples, thresholds.RANKING_RESAMPLES)
        drawn = np.hstack([drawn, resampling_counts(pair.size, resamples, settings.seed).T])
    writers, said = places.reshape(-1, 2), said[pair]
    tables = _tables(writers, said, drawn, len(names))
    return _Tournament(names, pair, writers, said, drawn, tables, _strength(tables))


def _verdict(cells: Cells) -> Floats:
    """(pairs, 3): the mean verdict over orders, or NaN. A reply without preference is a tie, as in a winrate."""
    share = cells.share
    contents = (share[..., A], share[..., B], share[..., TIE:].sum(-1))
    return np.stack([cells.mean(content) for content in contents], axis=-1)


def _tables(writers: Ints, said: Floats, drawn: Floats, systems: int) -> Floats:
    """(1 + resamples, 2, S, S): wins and ties of the pairs, each as often as it was drawn."""
    a, b = writers.T
    ties = systems * systems
    cells = np.concatenate([a * systems + b, b * systems + a, ties + a * systems + b, ties + b * systems + a])
    weights = np.concatenate([said[:, 0], said[:, 1], said[:, 2], said[:, 2]])
    pairs = np.tile(np.arange(len(said)), 4)
    by_cell = coo_array((weights, (cells, pairs)), shape=(2 * ties, len(said))).tocsr()
    sums: Floats = by_cell @ drawn
    return np.ascontiguousarray(sums.T).reshape(-1, 2, systems, systems)


def _strength(tables: Floats) -> Floats:
    return fit_davidson(tables[:, 0], tables[:, 1]).log_strength


def _shown(injected: Cells, baseline: Cells, tournament: _Tournament, side: int) -> _Shown:
    cells = in_shared_orders(injected, baseline)
    with_artifact, without = (_verdict(one)[tournament.pair] for one in cells)
    known = ~np.isnan(with_artifact[:, 0]) & ~np.isnan(without[:, 0])
    return _Shown(known, tournament.writers[:, side], with_artifact, without, (cells[0], cells[1]))


def _carrier(tournament: _Tournament, shown: Sequence[_Shown], system: int) -> _Carrier | None:
    """The fits with the artifact in one system's responses; None where no pair shows it there."""
    injected, baseline = tournament.said.copy(), tournament.said.copy()
    carried = [side.known & (side.writer == system) for side in shown]
    for side, rows in zip(shown, carried, strict=True):
        injected[rows], baseline[rows] = side.injected[rows], side.baseline[rows]
    n_pairs = int(np.sum(carried))
    if n_pairs == 0:
        return None
    own = (tournament.writers == system).any(1)
    tables = _with_verdicts(tournament, own, system, injected)
    without = tournament.strength
    if not np.array_equal(baseline, tournament.said):  # the artifact was not shown in all orders of a pair
        without = _strength(_with_verdicts(tournament, own, system, baseline))
    cautions = list(_cautions(tournament, tables[0]))
    if 2 * n_pairs < own.sum():
        cautions.append("the artifact is on less than half of the pairs of a system")
    if np.abs(injected - baseline).max() <= thresholds.SAME:
        cautions.append("no verdict on a system changed")
    n_verdicts = _n_verdicts(tournament, shown, carried)
    return _Carrier(system, without, _strength(tables), n_pairs, n_verdicts, tuple(cautions))


def _with_verdicts(tournament: _Tournament, own: Bools, system: int, said: Floats) -> Floats:
    """The tournament's tables with one system's rows and columns made anew from other verdicts on its own pairs."""
    tables = tournament.tables.copy()
    tables[..., system, :] = tables[..., :, system] = 0.0
    return tables + _tables(tournament.writers[own], said[own], tournament.drawn[own], len(tournament.names))


def _n_verdicts(tournament: _Tournament, shown: Sequence[_Shown], carried: Sequence[Bools]) -> int:
    counted = []
    for side, rows in zip(shown, carried, strict=True):
        values = np.full(len(side.cells[0].share), np.nan)
        values[tournament.pair[rows]] = 0.0
        counted.append(values)
    return int(verdicts_used(counted, [side.cells for side in shown]).sum())


def _top(strength: Floats) -> Bools:
    """(1 + resamples, S): which systems are on top, alone or level with others."""
    top: Bools = strength >= strength.max(1, keepdims=True) - thresholds.SAME_STRENGTH
    return top


def _top_noise(judge: str, baseline: Cells, tournament: _Tournament) -> Estimated:
    """The chance that a resample has another top than all pairs have."""
    top = _top(tournament.strength)
    linked = ~np.isnan(tournament.strength[1:, 0])
    differs = (top[1:] != top[0]).any(1)[linked]
    known = differs.size > 0 and not np.isnan(tournament.strength[0, 0])
    return Estimated(
        "top_noise", judge, None, "proportion", float(differs.mean()) if known else None, None,
        len(tournament.pair), int(baseline.scored[tournament.pair].sum()),
        caution=_together(_cautions(tournament, tournament.tables[0])),
    )  # fmt: skip


def _measures(
    judge: str,
    perturbation: str,
    tournament: _Tournament,
    shown: Sequence[_Shown],
    carriers: Sequence[_Carrier],
    level: float,
) -> Iterator[Estimated]:
    everywhere = [side.known for side in shown]
    n_pairs = int(np.logical_or.reduce(everywhere).sum())
    n_verdicts = _n_verdicts(tournament, shown, everywhere)
    caution = _together([one for carrier in carriers for one in carrier.cautions])

    tau = np.stack([kendall_tau(one.without, one.carrying, thresholds.SAME_STRENGTH) for one in carriers])
    gain = np.stack([one.gain for one in carriers])
    tops = [(_top(one.without), _top(one.carrying)) for one in carriers]
    changed = np.stack([(before != after).any(1) for before, after in tops]).astype(np.float64)
    led = np.stack([before[:, one.system] for (before, _), one in zip(tops, carriers, strict=True)])
    linked = ~np.isnan(gain)
    blank = Estimated(
        "ranking_tau", judge, perturbation, "coefficient", None, None, n_pairs, n_verdicts, caution=caution
    )
    yield _estimated(blank, _mean(tau, ~np.isnan(tau)), level)
    change = replace(blank, measure="top_change", unit="proportion")
    yield _estimated(change, _mean(changed, linked), level)
    yield _estimated(replace(change, within="carrier=top"), _mean(changed, linked & led), level)
    yield _estimated(replace(change, within="carrier=others"), _mean(changed, linked & ~led), level)
    yield _estimated(replace(blank, measure="strength_gain"), _mean(gain, linked), level)
    for one in carriers if len(tournament.names) <= thresholds.MOST_SYSTEMS_SHOWN else ():
        of_one = Estimated(
            "strength_gain", judge, perturbation, "coefficient", None, None, one.n_pairs, one.n_verdicts,
            within=f"system={tournament.names[one.system]}", caution=_together(one.cautions),
        )  # fmt: skip
        yield _estimated(of_one, one.gain, level)


def _mean(values: Floats, of_these: Bools) -> Floats:
    """(1 + resamples,): the mean over some of the systems (systems, 1 + resamples); NaN where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean: Floats = np.where(of_these, values, 0.0).sum(0) / of_these.sum(0)
    return mean


def _estimated(blank: Estimated, values: Floats, level: float) -> Estimated:
    """The estimate from all pairs, for a chance the mean over resamples.

    The interval is that of the resamples. A chance has none, being what the resamples say itself, nor has what is the
    same in nearly all of them: they do not say how far it could be off.
    """
    resampled = values[1:][~np.isnan(values[1:])]
    estimate = float(values[0])
    if blank.unit == "proportion" and not np.isnan(estimate):
        estimate = float(resampled.mean()) if resampled.size else np.nan
    if np.isnan(estimate):
        return blank
    if resampled.size == 0:
        return replace(blank, estimate=estimate)
    low, high = (float(q) for q in np.quantile(resampled, [(1 - level) / 2, (1 + level) / 2]))
    if blank.unit == "proportion" or high - low <= thresholds.SAME:
        return replace(blank, estimate=estimate)
    interval = Interval(min(low, estimate), max(high, estimate), level, METHOD)
    return replace(blank, estimate=estimate, interval=interval)


def _cautions(tournament: _Tournament, tables: Floats) -> Iterator[str]:
    """What makes a fit of these tables (2, S, S) doubtful."""
    wins, ties = tables
    unlinked = np.isnan(tournament.strength[:, 0])
    if unlinked[0]:
        yield "the comparisons do not link all systems"
        return
    if np.bincount(tournament.writers.ravel()).min() < thresholds.FEW_PAIRS_A_SYSTEM:
        yield f"a system with fewer than {thresholds.FEW_PAIRS_A_SYSTEM} pairs"
    if min(wins.sum(0).min(), wins.sum(1).min()) <= thresholds.SAME * (wins.sum() + ties.sum()):
        yield "a system that never won or never lost, whose strength rests on the prior"
    if unlinked.any():
        yield f"{unlinked.sum()} of {len(unlinked) - 1} resamples do not link all systems and are left out"
    if len(tournament.names) > thresholds.MOST_RANKED:
        yield f"more than {thresholds.MOST_RANKED} systems are not resampled"


def _together(cautions: Iterable[str]) -> str | None:
    """Each caution once, in a line; None where there is none."""
    return "; ".join(dict.fromkeys(cautions)) or None
