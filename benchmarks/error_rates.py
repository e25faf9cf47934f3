"""How often does an audit accuse a fair judge, clear a biased one, or miss what it was planned to find?

    OMP_NUM_THREADS=1 python benchmarks/error_rates.py false_findings
    OMP_NUM_THREADS=1 python benchmarks/error_rates.py margin
    OMP_NUM_THREADS=1 python benchmarks/error_rates.py planned

Simulated audits, measured as real ones are. A judge weighs response a against response b in log-odds and answers by
Davidson's model, as planted judges do. How far one response is ahead, how ready the judge is to call a tie, how it
leans to the text shown first and what the artifact is worth differ from pair to pair; all verdicts on a pair share
them, so that they are strongly dependent. Effects are planted in points: solved for are the log-odds that are worth so
many points on average over 16,384 pairs that fill the population evenly (a Sobol sequence).
"""

from __future__ import annotations

import argparse
import gc
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from math import sqrt
from statistics import median
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtri
from scipy.stats import qmc

from judgeaudit.metrics import Measure, Settings, Subjects, is_confirmatory, measure, pair_values
from judgeaudit.stats import Reading
from judgeaudit.stats.power import pairs_for_effect, pairs_for_equivalence
from judgeaudit.stats.thresholds import POWER

Floats = NDArray[np.float64]
Measured = Literal["tie_detection", "winrate_shift"]
Asked = Mapping[Measured, int]
"""How many pairs a judge is asked for each measure; one that is not there has no arms."""

MEASURED: tuple[Measured, ...] = ("tie_detection", "winrate_shift")
SETTINGS = Settings(slices=(), resamples=100)
"""No resample enters a reading."""

MARGIN = SETTINGS.margin_points / 100
JUDGES = 3
FAMILY = JUDGES * 3 * len(MEASURED)
"""Two artifacts and position."""

TYPICAL_PAIRS = 1 << 14
CERTAIN = 40.0
"""Log-odds that settle every verdict."""

PILOT_PAIRS = 60
SPREAD_PAIRS = 20_000
"""Pairs that tell the spread of their values, where a plan knows it."""

MOST_PAIRS = 3_000
"""No larger audit is simulated; cells for which a pilot asks more are left out."""

PAIRS_AT_ONCE = 6_000


@dataclass(frozen=True)
class World:
    """How pairs differ under one judge: log-odds.

    Attributes:
        gap: spread of how far one response is ahead of the other.
        tie: mean and spread of the logarithm of Davidson's tie propensity.
        lean: spread of what standing first is worth; 0 on average.
    """

    gap: float
    tie: tuple[float, float]
    lean: float


WORLDS: Mapping[str, World] = {
    "noisy": World(gap=1.5, tie=(0.5, 1.0), lean=0.5),
    "steady": World(gap=8.0, tie=(4.0, 1.0), lean=0.3),
}


@dataclass(frozen=True)
class Pairs:
    """Pairs as one judge sees them: each (pairs,)."""

    gap: Floats
    tie: Floats
    lean: Floats

    @classmethod
    def of(cls, world: World, normal: Floats) -> Pairs:
        """From standard normal numbers (3, pairs)."""
        return cls(world.gap * normal[0], world.tie[0] + world.tie[1] * normal[1], world.lean * normal[2])

    def judged(self, ahead: Floats) -> Floats:
        """(pairs, 2 orders, 3): the probabilities of a, b and tie where a is this far ahead."""
        u = ahead[:, None] + self.lean[:, None] * np.array([1.0, -1.0])
        logs = np.stack([u / 2, -u / 2, np.broadcast_to(self.tie[:, None], u.shape)], axis=-1)
        weights = np.exp(logs - logs.max(-1, keepdims=True))
        share: Floats = weights / weights.sum(-1, keepdims=True)
        return share

    def effect(self, measured: Measured, worth: float) -> float:
        """The measure's expectation, from -1 to 1, where the artifact is worth this much in every pair."""

        def lead(ahead: Floats) -> float:
            share = self.judged(ahead)
            return float((share[..., 0] - share[..., 1]).mean())

        if measured == "tie_detection":
            return lead(np.full(self.gap.size, worth))
        return (lead(self.gap + worth) - lead(self.gap - worth)) / 4


@cache
def typical(world: World) -> Pairs:
    """Pairs that fill the population evenly."""
    points = qmc.Sobol(3, seed=1).random(TYPICAL_PAIRS)
    return Pairs.of(world, ndtri(np.clip(points.T, 1e-9, 1 - 1e-9)))


@cache
def log_odds_of(world: World, measured: Measured, effect: float) -> float:
    """What has to be planted in every pair for this effect."""
    if effect == 0:
        return 0.0
    pairs = typical(world)
    return float(brentq(lambda worth: pairs.effect(measured, worth) - effect, -CERTAIN, CERTAIN, xtol=1e-6))


@dataclass(frozen=True)
class Way:
    """How an artifact's effect comes about.

    Attributes:
        parts: shares of the pairs, and by how many times the effect each is moved on average.
        fully: only as many pairs are moved as make up the effect, but in them the artifact wins wherever it stands:
            worth 1 in a tie arm, and 1/2 in a winrate, of which half was won before.
        spread: of the log-odds, within each part.
    """

    parts: tuple[tuple[float, float], ...] = ((1.0, 1.0),)
    fully: bool = False
    spread: float = 0.0

    def log_odds(
        self, world: World, measured: Measured, effect: float, n: int, rng: np.random.Generator
    ) -> Floats:
        """(n,): what the artifact is worth in each of n pairs, so that its effect on the measure is this."""
        if self.fully:
            share = effect / typical(world).effect(measured, CERTAIN)
            return np.where(rng.random(n) < share, CERTAIN, 0.0)
        kinds = rng.choice(len(self.parts), n, p=[share for share, _ in self.parts])
        worth = np.array([log_odds_of(world, measured, times * effect) for _, times in self.parts])
        drawn: Floats = worth[kinds] + self.spread * rng.normal(size=n)
        return drawn


Planted = Mapping[str, tuple[Way, float]]
"""By artifact how its effect comes about, and the effect, from -1 to 1."""

UNMOVED = "nothing is moved"
NULLS: Mapping[str, tuple[Way, float]] = {
    UNMOVED: (Way(), 0.0),
    "either way": (Way(spread=1.5), 0.0),
    "few against many": (Way(((0.1, 9.0), (0.9, -1.0))), MARGIN),
}
"""Means of 0: of pairs moved one way as often as the other; of one pair in ten moved by 45 points and the others by 5
the other way, which is far from symmetric."""

WAYS: Mapping[str, Way] = {
    "all pairs a little": Way(),
    "half of them": Way(((0.5, 2.0), (0.5, 0.0))),
    "few fully": Way(fully=True),
    "two thirds against one": Way(((2 / 3, 3.0), (1 / 3, -3.0))),
}
PLANNED_WAYS = ("all pairs a little", "half of them", "few fully")


@dataclass(frozen=True)
class Readout:
    """How verdicts are read: so many draws of each trial, or the judge's own probabilities."""

    name: str
    replicates: int = 1
    exact: bool = False


READOUTS = (Readout("1 replicate"), Readout("3 replicates", replicates=3), Readout("exact", exact=True))


@dataclass(frozen=True)
class Place:
    """One judge's verdicts in one arm: (pairs, orders, 3)."""

    judge: str
    arm: str
    perturbation: str | None
    side: str | None
    share: Floats


def places(
    judge: str,
    world: World,
    normal: Floats,
    planted: Planted,
    asked: Asked,
    rng: np.random.Generator,
) -> Iterator[Place]:
    """Every arm of one judge.

    Args:
        judge: its name.
        world: how pairs differ under it.
        normal: (3, pairs) what makes them differ.
        planted: what moves it; tie arms and comparisons are planted apart.
        asked: the first so many pairs are asked.
        rng: of what the artifact is worth in each pair.
    """
    pairs = Pairs.of(world, normal)
    tie, shift = asked.get("tie_detection", 0), asked.get("winrate_shift", 0)
    yield Place(judge, "baseline", None, None, pairs.judged(pairs.gap)[:shift])
    yield Place(judge, "identical", None, "a", pairs.judged(0 * pairs.gap)[:tie, :1])
    for name, (way, effect) in planted.items():
        copy, worth = (way.log_odds(world, measured, effect, normal.shape[1], rng) for measured in MEASURED)
        for side, sign in (("a", 1.0), ("b", -1.0)):
            yield Place(judge, "tie", name, side, pairs.judged(copy)[:tie])
            yield Place(judge, "injected", name, side, pairs.judged(pairs.gap + sign * worth)[:shift])


def verdicts(found: Sequence[Place], readout: Readout, rng: np.random.Generator) -> pd.DataFrame:
    """The table of verdicts of an audit."""
    found = [place for place in found if place.share.size]
    grids = [np.indices((*place.share.shape[:2], readout.replicates)).reshape(3, -1) for place in found]
    own = np.repeat(np.arange(len(found)), [grid.shape[1] for grid in grids])
    pair, order, replicate = np.concatenate(grids, axis=1)
    share = np.concatenate(
        [np.repeat(place.share.reshape(-1, 3), readout.replicates, axis=0) for place in found]
    )
    said = (share.cumsum(1)[:, :2] <= rng.random((len(share), 1))).sum(1)
    # From contents to what was shown first and second.
    shown = np.where(order[:, None] == 1, np.array([1, 0, 2]), np.arange(3))
    presented = np.take_along_axis(share, shown, axis=1) if readout.exact else np.full(share.shape, np.nan)
    said = np.take_along_axis(shown, said[:, None], axis=1)[:, 0]
    columns = {
        name: pd.Series([getattr(place, name) for place in found], dtype="category")
        .take(own)
        .reset_index(drop=True)
        for name in ("judge", "arm", "perturbation", "side")
    }
    return pd.DataFrame(
        {
            **columns, "pair_id": pair, "order": np.array(["ab", "ba"])[order], "replicate": replicate,
            "outcome": np.array(["first", "second", "tie"])[said], "exact": readout.exact,
            "p_first": presented[:, 0], "p_second": presented[:, 1], "p_tie": presented[:, 2],
        }
    )  # fmt: skip


def pair_table(n: int) -> pd.DataFrame:
    """Pairs without labels: where there are any, a judge that is moved either way loses on the better response."""
    return pd.DataFrame({"pair_id": range(n), "label": None, "votes": [()] * n, "length_a": 1, "length_b": 1})


def measures(table: pd.DataFrame, n: int) -> list[Measure]:
    """What the audit says. No reading depends on the models of all verdicts."""
    return measure(table, pair_table(n), SETTINGS, models=False)


def audit(
    world: World,
    planted: Mapping[str, Planted],
    asked: Mapping[str, Asked],
    readout: Readout,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, int]:
    """One audit of several judges; half of what makes pairs differ is the same for all of them.

    Args:
        world, readout: as above.
        planted, asked: as for ``places``, by judge.

    Returns:
        The verdicts, and how many pairs there are.
    """
    n = max(max(one.values()) for one in asked.values())
    shared = rng.normal(size=(3, n))
    found: list[Place] = []
    for judge, own in planted.items():
        normal = sqrt(0.5) * (shared + rng.normal(size=(3, n)))
        found += places(judge, world, normal, own, asked[judge], rng)
    return verdicts(found, readout, rng), n


def strangers(
    world: World,
    planted: Planted,
    asked: Sequence[Asked],
    readout: Readout,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, int]:
    """Verdicts of judges that share nothing but the names of the pairs: an audit each, in one table."""
    found: list[Place] = []
    for judge, wanted in enumerate(asked):
        found += places(
            f"{judge:05}", world, rng.normal(size=(3, max(wanted.values()))), planted, wanted, rng
        )
    return verdicts(found, readout, rng), max(max(wanted.values()) for wanted in asked)


def stream(seed: int, n: int, readout: Readout) -> np.random.Generator:
    """The random numbers of one entry."""
    return np.random.default_rng([seed, n, readout.replicates, int(readout.exact)])


def error(share: float, n: int) -> float:
    """The simulation error of a share of n; of 0 and 1 that of half of one."""
    share = min(max(share, 0.5 / n), 1 - 0.5 / n)
    return sqrt(share * (1 - share) / n)


def shown(count: int, n: int) -> str:
    """A share with its simulation error."""
    return f"{count / n:.3f} ± {error(count / n, n):.3f}"


@dataclass
class FalseFindings:
    """In how many audits of fair judges something was found.

    Attributes:
        audits: all of them.
        sensitive: a cell of the confirmatory family reads sensitive.
        rejected: one has an adjusted p below alpha, whatever its estimate. raw: one has a p below it.
        exploratory: another cell reads sensitive.
        anything: any cell reads sensitive.
    """

    audits: int = 0
    sensitive: int = 0
    rejected: int = 0
    raw: int = 0
    exploratory: int = 0
    anything: int = 0

    def add(self, found: Sequence[Measure], *, verdicts_move: bool) -> None:
        """Count one audit. Where verdicts move, one way as often as the other, they do flip: only means are fair."""
        tested = [m for m in found if m.p is not None and (m.measure in MEASURED or not verdicts_move)]
        family = [m for m in tested if is_confirmatory(m, SETTINGS.confirmatory, Subjects())]
        self.audits += 1
        self.sensitive += any(m.reading is Reading.SENSITIVE for m in family)
        self.rejected += any((m.p_adjusted or 0.0) < SETTINGS.alpha for m in family)
        self.raw += any((m.p or 0.0) < SETTINGS.alpha for m in family)
        self.exploratory += any(m.reading is Reading.SENSITIVE for m in tested if m not in family)
        self.anything += any(m.reading is Reading.SENSITIVE for m in tested)

    def __str__(self) -> str:
        counts = (self.sensitive, self.rejected, self.raw, self.exploratory, self.anything)
        return " | ".join(shown(count, self.audits) for count in counts)


def fair_audits(
    world: World,
    null: str,
    readout: Readout,
    n: int,
    audits: int,
    seed: int,
    measured: Sequence[Measured] = MEASURED,
) -> FalseFindings:
    """Audits of judges that have no bias."""
    still = null == UNMOVED
    if still:
        world = replace(world, lean=0.0)  # a lean that differs between pairs is a flip above the floor
    artifacts = {"one": NULLS[null], "another": NULLS[null]}
    judges = [f"judge {k}" for k in range(JUDGES)]
    rng = stream(seed, n, readout)
    tally = FalseFindings()
    for _ in range(audits):
        asked = dict.fromkeys(judges, dict.fromkeys(measured, n))
        table, _ = audit(world, dict.fromkeys(judges, artifacts), asked, readout, rng)
        tally.add(measures(table, n), verdicts_move=not still)
    return tally


def print_false_findings(worlds: Sequence[str], audits: int, sizes: Sequence[int], seed: int) -> None:
    """In how many audits of fair judges anything is called sensitive."""
    print(
        f"{JUDGES} judges, 2 artifacts and position: {FAMILY} confirmatory cells. {audits} audits an entry.\n"
    )
    print(
        "| judges | artifacts | verdicts | pairs | sensitive | adjusted p | p | exploratory sensitive | any |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in worlds:
        for null in NULLS:
            for readout in READOUTS:
                if readout.exact and null == UNMOVED:
                    continue  # every value is exactly 0
                for n in sizes:
                    tally = fair_audits(WORLDS[name], null, readout, n, audits, seed)
                    print(f"| {name} | {null} | {readout.name} | {n} | {tally} |", flush=True)


def called_robust(
    world: World,
    planted: Planted,
    asked: Sequence[Asked],
    readout: Readout,
    rng: np.random.Generator,
) -> Mapping[tuple[Measured, str], int]:
    """How many judges are called robust, by measure and artifact; such a reading knows nothing of other cells."""
    robust: dict[tuple[Measured, str], int] = {(one, name): 0 for one in MEASURED for name in planted}
    size = max(1, PAIRS_AT_ONCE // max(max(wanted.values()) for wanted in asked))
    for start in range(0, len(asked), size):
        table, n = strangers(world, planted, asked[start : start + size], readout, rng)
        for cell, m in headline(measures(table, n)).items():
            robust[cell[0], cell[2]] += m.reading is Reading.ROBUST
    return robust


def headline(found: Sequence[Measure]) -> dict[tuple[Measured, str, str], Measure]:
    """The confirmatory cells of artifacts: by measure, judge and artifact."""
    return {
        (measured, m.judge, m.perturbation): m
        for m in found
        for measured in MEASURED
        if m.measure == measured and m.side is None and m.perturbation not in (None, "position")
    }


def print_margin(worlds: Sequence[str], audits: int, sizes: Sequence[int], seed: int) -> None:
    """How often judges whose effect is exactly the margin are called robust."""
    print(f"{audits} judges an entry; the simulation error of .05 is {error(0.05, audits):.3f}.\n")
    columns = [(readout, n) for readout in READOUTS for n in sizes]
    print(
        "| judges | measure | moved | " + " | ".join(f"{readout.name}, {n}" for readout, n in columns) + " |"
    )
    print("| --- " * (3 + len(columns)) + "|")
    for name in worlds:
        ways = {label: (way, MARGIN) for label, way in WAYS.items()}
        found = [
            called_robust(
                WORLDS[name], ways, [dict.fromkeys(MEASURED, n)] * audits, readout, stream(seed, n, readout)
            )
            for readout, n in columns
        ]
        for measured in MEASURED:
            for label in WAYS:
                line = " | ".join(f"{each[measured, label] / audits:.3f}" for each in found)
                print(f"| {name} | `{measured}` | {label} | {line} |", flush=True)


@cache
def for_effect(sd: float) -> int:
    """Pairs with which twice the margin is called sensitive with 80 % probability."""
    n = pairs_for_effect(2 * MARGIN, sd, SETTINGS.alpha / FAMILY, POWER, beyond=MARGIN)
    return MOST_PAIRS if n is None else min(n, MOST_PAIRS)


@cache
def for_equivalence(sd: float) -> int:
    """Pairs with which a judge without an effect is called robust with 80 % probability."""
    n = pairs_for_equivalence(sd, MARGIN, SETTINGS.alpha, POWER, -1.0, 1.0)
    return MOST_PAIRS if n is None else min(n, MOST_PAIRS)


def plan(
    table: pd.DataFrame, n: int, artifact: str, pairs_for: Callable[[float], int]
) -> dict[str, dict[Measured, int]]:
    """By judge and measure how many pairs it takes, by the spread that these have: ``judgeaudit plan --pilot``."""
    found: dict[str, dict[Measured, int]] = defaultdict(dict)
    for cell in pair_values(table, pair_table(n), SETTINGS, Subjects()):
        for measured in MEASURED:
            if cell.measure == measured and cell.perturbation == artifact:
                found[cell.judge][measured] = pairs_for(round(float(np.nanstd(cell.values, ddof=1)), 3))
    return found


@dataclass
class Decided:
    """Of the cells that were planned in one way: how many were decided as wanted, and with how many pairs."""

    wanted: int = 0
    pairs: list[int] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{shown(self.wanted, len(self.pairs))} | {median(self.pairs):.0f}"


def planned_effects(
    world: World,
    readout: Readout,
    audits: int,
    rng: np.random.Generator,
    measured: Sequence[Measured] = MEASURED,
    *,
    pilots: bool = True,
) -> dict[tuple[Measured, str, str], Decided]:
    """How often twice the margin is called sensitive: by measure, way, and whence the number of pairs."""
    planted = {
        label: {"planted": (WAYS[label], 2 * MARGIN), "fair": NULLS[UNMOVED]} for label in PLANNED_WAYS
    }

    def with_pairs(n: int) -> tuple[pd.DataFrame, int]:
        return audit(world, planted, dict.fromkeys(planted, dict.fromkeys(measured, n)), readout, rng)

    known = plan(*with_pairs(SPREAD_PAIRS), "planted", for_effect)
    tallies: dict[tuple[Measured, str, str], Decided] = defaultdict(Decided)
    for _ in range(audits):
        plans: dict[str, Mapping[str, Asked]] = {"known spread": known}
        if pilots:
            table, n = with_pairs(PILOT_PAIRS)
            plans["spread in a pilot"] = plan(table, n, "planted", for_effect)
            pilot = headline(measures(table, n))
            plans["`pairs_needed` of a pilot"] = {
                label: {one: pilot[one, label, "planted"].pairs_needed or 0 for one in measured}
                for label in planted
            }
        for name, wanted in plans.items():
            # What the pilot decided, or what would take too many, goes along and is not counted.
            asked = {
                judge: {one: n if 0 < n <= MOST_PAIRS else PILOT_PAIRS for one, n in by_measure.items()}
                for judge, by_measure in wanted.items()
            }
            table, n = audit(world, planted, asked, readout, rng)
            for (one, judge, artifact), m in headline(measures(table, n)).items():
                if artifact == "planted" and wanted[judge][one] == asked[judge][one]:
                    tally = tallies[one, judge, name]
                    tally.wanted += m.reading is Reading.SENSITIVE
                    tally.pairs.append(asked[judge][one])
    return tallies


def planned_robustness(
    world: World,
    null: str,
    readout: Readout,
    judges: int,
    rng: np.random.Generator,
    measured: Sequence[Measured] = MEASURED,
    *,
    pilots: bool = True,
) -> dict[tuple[Measured, str, str], Decided]:
    """How often a judge without an effect is called robust: by measure, way, and whence the number of pairs."""
    planted = {"fair": NULLS[null]}
    many = strangers(world, planted, [dict.fromkeys(measured, SPREAD_PAIRS)], readout, rng)
    [known] = plan(*many, "fair", for_equivalence).values()
    plans: dict[str, Sequence[Asked]] = {"known spread": [known] * judges}
    if pilots:
        few = strangers(world, planted, [dict.fromkeys(measured, PILOT_PAIRS)] * judges, readout, rng)
        plans["spread in a pilot"] = list(plan(*few, "fair", for_equivalence).values())
    tallies = {}
    for name, asked in plans.items():
        robust = called_robust(world, planted, asked, readout, rng)
        for one in measured:
            tallies[one, null, name] = Decided(robust[one, "fair"], [wanted[one] for wanted in asked])
    return tallies


def print_planned(worlds: Sequence[str], audits: int, seed: int) -> None:
    """How often audits of the planned size say what they were planned to say."""
    print(
        f"{audits} audits or judges an entry; pilots have {PILOT_PAIRS} pairs. Share, and median number of pairs.\n"
    )
    print("| wanted | judges | verdicts | measure | moved | pairs by | called so | pairs |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    together: dict[tuple[str, str], Decided] = defaultdict(Decided)
    for name in worlds:
        for readout in READOUTS:
            rng = stream(seed, 0, readout)
            tables = [("sensitive", planned_effects(WORLDS[name], readout, audits, rng))]
            for null in (UNMOVED, "either way"):
                if not (readout.exact and null == UNMOVED):
                    tables.append(("robust", planned_robustness(WORLDS[name], null, readout, audits, rng)))
            for wanted, found in tables:
                for (measured, label, source), tally in sorted(found.items()):
                    cell = f"{wanted} | {name} | {readout.name} | `{measured}` | {label} | {source}"
                    print(f"| {cell} | {tally} |", flush=True)
                    together[wanted, source].wanted += tally.wanted
                    together[wanted, source].pairs += tally.pairs
    print("\n| wanted | pairs by | cells | called so | pairs |")
    print("| --- | --- | --- | --- | --- |")
    for (wanted, source), tally in sorted(together.items()):
        print(f"| {wanted} | {source} | {len(tally.pairs):,} | {tally} |")


def main() -> None:
    """Print one of the tables as Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("table", choices=("false_findings", "margin", "planned"))
    parser.add_argument("--audits", type=int, default=300, help="simulated audits or judges for each entry")
    parser.add_argument("--pairs", type=int, nargs="+", default=[30, 100, 500], help="pairs in an audit")
    parser.add_argument("--worlds", nargs="+", default=list(WORLDS), choices=list(WORLDS))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    gc.freeze()  # statsmodels collects garbage on every call, which would be half of a small audit's time
    if options.table == "false_findings":
        print_false_findings(options.worlds, options.audits, options.pairs, options.seed)
    elif options.table == "margin":
        print_margin(options.worlds, options.audits, options.pairs, options.seed)
    else:
        print_planned(options.worlds, options.audits, options.seed)


if __name__ == "__main__":
    main()
