"""Do the intervals of a ranking hold, what does a judge's own noise do to the order, and how long does it take?

    OMP_NUM_THREADS=1 python benchmarks/ranking.py --audits 1000

Every two systems meet equally often. How far one response is ahead of the other differs from pair to pair, and so does
what the artifact is worth; the text shown first has an advantage. A judge gives one verdict in each order at baseline
and with the artifact on either response, drawn from Davidson's probabilities. The true gains are those of pairs
without number, whose verdicts are the probabilities themselves: the mean of five times 100,000 pairs.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from time import process_time

import numpy as np
from numpy.typing import NDArray

from judgeaudit.metrics import Settings
from judgeaudit.metrics.findings import Estimated
from judgeaudit.metrics.observations import Cells, JudgeVerdicts
from judgeaudit.metrics.ranking import Systems, ranking
from judgeaudit.metrics.verdict_rows import Place
from judgeaudit.records import SIDES, Arm

Floats = NDArray[np.float64]

TRUTH_PAIRS, TRUTHS = 100_000, 5
STRENGTHS = (0.6, 0.3, 0.0, -0.3, -0.6)
ARTIFACT = "apology"
GAIN = "strength_gain"


@dataclass(frozen=True)
class World:
    """Log-odds by which pairs and verdicts differ.

    Attributes:
        strengths: of the systems.
        spread: standard deviation over pairs of how far one response is ahead, beyond its system.
        worth: of the artifact, and its standard deviation over pairs.
        position: what standing first is worth.
        ties: how much of a verdict goes to a tie where nothing is ahead, against a win.
    """

    strengths: tuple[float, ...] = STRENGTHS
    spread: float = 1.0
    worth: tuple[float, float] = (0.7, 0.5)
    position: float = 0.4
    ties: float = 0.6


WORLDS: Mapping[str, World] = {
    "close": World(),
    "apart": World(strengths=(1.2, 0.6, 0.0, -0.6, -1.2), spread=0.5, worth=(2.0, 0.5)),
}
NOTHING = World(worth=(0.0, 0.0))
"""The artifact does nothing: with it the judge merely answers anew."""


@dataclass(frozen=True)
class Audit:
    """One judge's verdicts and who wrote the responses."""

    judge: JudgeVerdicts
    systems: Systems

    def estimates(self, settings: Settings) -> dict[str, Estimated]:
        """What the ranking says, by measure and slice."""
        found = ranking(self.judge, self.systems, settings)
        return {one.measure + (f" {one.within}" if one.within else ""): one for one in found}


def draw(world: World, n: int, rng: np.random.Generator, *, exact: bool = False) -> Audit:
    """An audit of n pairs; with the judge's own probabilities where exact."""
    strengths = np.array(world.strengths)
    meetings = np.array(list(combinations(range(len(strengths)), 2)))
    writers = np.resize(meetings, (n, 2))
    turned = rng.random(n) < 0.5
    writers[turned] = writers[turned, ::-1]
    ahead = strengths[writers[:, 0]] - strengths[writers[:, 1]] + rng.normal(0, world.spread, n)
    worth = world.worth[0] + rng.normal(0, world.worth[1], n)
    once = np.ones((n, 2), dtype=np.int64)

    def cells(lead: Floats) -> Cells:
        """Verdicts where response a is this far ahead."""
        log_odds = lead[:, None] + world.position * np.array([1.0, -1.0])
        odds = np.stack(
            [np.exp(log_odds / 2), np.exp(-log_odds / 2), np.full(log_odds.shape, world.ties)], axis=-1
        )
        share = odds / odds.sum(-1, keepdims=True)
        if not exact:
            share = rng.multinomial(1, share).astype(np.float64)
        return Cells(share, once, once, 0 * once, exact)

    places: dict[Place, Cells] = {(Arm.BASELINE, None, None): cells(ahead)}
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        places[Arm.INJECTED, ARTIFACT, side] = cells(ahead + sign * worth)
    names = tuple(f"{place:02}" for place in range(len(strengths)))
    return Audit(JudgeVerdicts("j", exact, places, np.zeros((1, n, 2)), {}), Systems(names, writers))


def true_gains(world: World) -> dict[str, float]:
    """The gain of all systems and of each, by the name of the estimate."""
    values = defaultdict[str, list[float]](list)
    for seed in range(TRUTHS):
        audit = draw(world, TRUTH_PAIRS, np.random.default_rng([7, seed]), exact=True)
        for name, one in audit.estimates(Settings(resamples=100)).items():
            if one.measure == GAIN and one.estimate is not None:
                values[name].append(one.estimate)
    return {name: float(np.mean(each)) for name, each in values.items()}


def coverage(
    world: World, truth: Mapping[str, float], n: int, audits: int
) -> dict[str, tuple[float, float, float]]:
    """Of every gain: how often intervals held the truth, their share of audits that had one, and the bias."""
    held, off = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    for seed in range(audits):
        found = draw(world, n, np.random.default_rng([n, seed])).estimates(Settings(seed=seed))
        for name, true in truth.items():
            one = found[name]
            if one.estimate is not None:
                off[name].append(one.estimate - true)
            if one.interval is not None:
                held[name].append(float(one.interval.low <= true <= one.interval.high))
    return {
        name: (float(np.mean(held[name])), len(held[name]) / audits, float(np.mean(off[name])))
        for name in truth
    }


def print_coverage(name: str, world: World, audits: int) -> None:
    """By the number of pairs that each of the five systems has."""
    print(f"\n{name}: {world}")
    truth = true_gains(world)
    print("true gains: " + ", ".join(f"{name} {value:.3f}" for name, value in truth.items()))
    print("\n| pairs a system | pairs | all systems | bias | one system | least with an interval |")
    print("| --- " * 6 + "|")
    for of_system in (8, 16, 40, 100):
        n = of_system * len(world.strengths) // 2
        found = coverage(world, truth, n, audits)
        held, _, bias = found.pop(GAIN)
        shares = [one[0] for one in found.values()]
        least = min(one[1] for one in found.values())
        one_system = f"{min(shares):.3f} to {max(shares):.3f}"
        print(f"| {of_system} | {n} | {held:.3f} | {bias:+.3f} | {one_system} | {least:.3f} |", flush=True)


def noise(n: int, audits: int) -> dict[str, float]:
    """The mean of every measure where the artifact does nothing and every verdict is drawn anew."""
    values = defaultdict[str, list[float]](list)
    for seed in range(audits):
        for name, one in (
            draw(NOTHING, n, np.random.default_rng([n, seed])).estimates(Settings(seed=seed)).items()
        ):
            if one.estimate is not None:
                values[name].append(one.estimate)
    return {name: float(np.mean(each)) for name, each in values.items()}


def print_noise(audits: int) -> None:
    """By the number of pairs."""
    measures = ("top_noise", "top_change", "ranking_tau", GAIN)
    print(f"\n| pairs | {' | '.join(measures)} |\n" + "| --- " * 5 + "|")
    for n in (200, 1_000):
        found = noise(n, audits)
        print(f"| {n:,} | " + " | ".join(f"{found[name]:.3f}" for name in measures) + " |", flush=True)


def print_seconds() -> None:
    """How long one core takes for a judge and an artifact."""
    print("\n| systems | pairs | seconds |\n| --- | --- | --- |")
    for systems, n in ((8, 1_000), (20, 4_000), (40, 4_000)):
        world = World(strengths=tuple(np.linspace(1, -1, systems).tolist()))
        audit = draw(world, n, np.random.default_rng(1))
        start = process_time()
        audit.estimates(Settings())
        print(f"| {systems} | {n:,} | {process_time() - start:.1f} |", flush=True)


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--audits", type=int, default=200, help="simulated audits for each row")
    parser.add_argument("--part", choices=("coverage", "noise", "seconds"), help="one table only")
    options = parser.parse_args()
    if options.part in (None, "coverage"):
        for name, world in WORLDS.items():
            print_coverage(name, world, options.audits)
    if options.part in (None, "noise"):
        print_noise(options.audits)
    if options.part in (None, "seconds"):
        print_seconds()


if __name__ == "__main__":
    main()
