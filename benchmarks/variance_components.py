"""Do variance components and reliabilities hold their truth, for these judges and for all judges of their kind?

    OMP_NUM_THREADS=1 python benchmarks/variance_components.py --audits 1000

The log-odds that response a is preferred are a sum of normal effects of pair, judge and order and of their
interactions; a verdict is drawn from Davidson's probabilities. Truths are integrals over these effects, by formulas of
this file's own. ``same``: an audit has other pairs of a panel that stays the same, and two replicates. ``all``: it has
judges of its own as well, and three replicates.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from judgeaudit.metrics import Settings
from judgeaudit.metrics.findings import Estimated
from judgeaudit.metrics.observations import Cells, JudgeVerdicts
from judgeaudit.metrics.subjects import Subjects
from judgeaudit.metrics.variance import PANEL, variance_components
from judgeaudit.records import Arm

Floats = NDArray[np.float64]

SIGNS = np.array([1.0, -1.0])
"""What the order adds to the log-odds of response a: shown first, shown second."""

NODES = np.arange(-8.0, 8.01, 0.1)
"""Standard deviations at which integrals over a normal effect are summed; for smooth scores that is exact."""

WANTED = 0.8
NEEDED = "judges needed"
BOTH_ORDERS = "orders=2,replicates=1,judges=1"


@dataclass(frozen=True)
class World:
    """Standard deviations of the effects on log-odds; ``order`` itself is what standing first is worth on average."""

    pair: float
    judge: float
    order: float
    pair_judge: float
    pair_order: float
    judge_order: float
    pair_judge_order: float
    ties: float = 0.5


WORLDS: Mapping[str, World] = {
    "quiet": World(4.0, 0.5, 0.2, 1.0, 0.3, 0.3, 0.5),
    "noisy, position biased": World(0.5, 0.4, 1.0, 0.6, 0.3, 0.8, 0.5),
    "nearly decided": World(10.0, 2.0, 1.0, 6.0, 1.5, 1.5, 4.0, 0.2),
}
KIND = World(2.4, 0.7, 0.5, 1.6, 0.5, 0.8, 1.2)
"""The judges of which an audit has some."""


def judges_of(world: World, n: int, rng: np.random.Generator) -> Floats:
    """(n, 2): the log-odds that each judge adds in each order, whatever the pair."""
    leaning, position = rng.normal(0, world.judge, n), world.order + rng.normal(0, world.judge_order, n)
    leanings: Floats = leaning[:, None] + position[:, None] * SIGNS
    return leanings


def verdicts(
    world: World,
    judges: Floats,
    pairs: int,
    replicates: int,
    rng: np.random.Generator,
    *,
    exact: bool = False,
) -> list[JudgeVerdicts]:
    """What the judges (judges, 2) say at baseline of pairs that are drawn; their own probabilities where exact."""
    n = len(judges)

    def normal(of_pair: float, of_order: float, shape: tuple[int, ...]) -> Floats:
        """(..., 2): an effect, and what it differs by between orders."""
        drawn: Floats = (
            rng.normal(0, of_pair, shape)[..., None] + rng.normal(0, of_order, shape)[..., None] * SIGNS
        )
        return drawn

    log_odds = normal(world.pair, world.pair_order, (pairs, 1)) + judges
    log_odds += normal(world.pair_judge, world.pair_judge_order, (pairs, n))
    shares = np.stack([*parts(world, log_odds)], axis=-1)
    scored = np.full((pairs, 2), 1 if exact else replicates)
    found = []
    for k in range(n):
        share = shares[:, k] if exact else rng.multinomial(replicates, shares[:, k]) / replicates
        cells = Cells(share, scored, scored, 0 * scored, exact)
        runs = np.zeros((1, pairs, 2))
        found.append(JudgeVerdicts(f"judge {k}", exact, {(Arm.BASELINE, None, None): cells}, runs, {}))
    return found


def parts(world: World, log_odds: Floats) -> tuple[Floats, Floats, Floats]:
    """The probabilities of a, b and tie."""
    a, b = np.exp(log_odds / 2), np.exp(-log_odds / 2)
    total = a + b + world.ties
    return a / total, b / total, world.ties / total


def integral(world: World, means: tuple[float, float], variance: float, covariance: float) -> float:
    """The mean product of two scores whose log-odds have these means, one variance, and this covariance."""
    weight = np.exp(-np.square(NODES) / 2)
    share = covariance / variance
    of_one, of_other = sqrt(variance) * NODES, sqrt(variance * max(1 - share**2, 0.0)) * NODES
    first, second = (
        prefer_a + tie / 2
        for prefer_a, _, tie in (
            parts(world, means[0] + of_one),
            parts(world, means[1] + share * of_one[:, None] + of_other),
        )
    )
    return float((weight * first) @ second @ weight / weight.sum() ** 2)


def true_contributions(world: World, judges: Floats | None = None) -> dict[str, float]:
    """What each effect adds to the variance of one verdict: of a panel (judges, 2), or of all judges of the kind."""
    pair = (world.pair**2, world.pair_order**2)
    own_pair = (world.pair_judge**2, world.pair_judge_order**2)
    own = (0.0, 0.0) if judges is not None else (world.judge**2, world.judge_order**2)
    means = np.tile(world.order * SIGNS, (2, 1)) if judges is None else judges
    variance = sum(pair) + sum(own_pair) + sum(own)

    def products(shared: Sequence[tuple[float, float]], *, one_judge: bool) -> Floats:
        """(2, 2): the mean product of scores in two orders, of pairs of verdicts that share these effects."""
        places = [(j, k) for j in range(len(means)) for k in range(len(means)) if (j == k) is one_judge]
        found = np.zeros((2, 2))
        for o in (0, 1):
            for p in (0, 1):
                covariance = sum(same + SIGNS[o] * SIGNS[p] * by_order for same, by_order in shared)
                found[o, p] = np.mean(
                    [integral(world, (means[j, o], means[k, p]), variance, covariance) for j, k in places]
                )
        return found

    together, others = products([pair, own_pair, own], one_judge=True), products([pair], one_judge=False)
    apart_own, apart = products([own], one_judge=True), products([], one_judge=False)
    effects = {
        "pair": others - apart, "judge": apart_own - apart, "pair x judge": together - others - apart_own + apart
    }  # fmt: skip
    found = {name: float(values.mean()) for name, values in effects.items()}
    difference = np.outer(SIGNS, SIGNS)
    found["order"] = float((apart * difference).mean())
    found |= {f"{name} x order": float((values * difference).mean()) for name, values in effects.items()}
    weight = np.exp(-np.square(NODES) / 2)
    square = 0.0
    for mean in means.ravel():
        prefer_a, _, tie = parts(world, mean + sqrt(variance) * NODES)
        square += float(weight @ (prefer_a + tie / 4) / weight.sum() / means.size)
    found["replicate"] = square - float(np.trace(together)) / 2
    return {name: max(value, 0.0) for name, value in found.items()}


def true_reliability(parts: Mapping[str, float], orders: int, replicates: int, judges: int) -> float:
    """Of the mean over so many of each; nothing of the orders is left in the mean over both."""
    error = 0.0
    for name, value in parts.items():
        if name == "replicate":
            error += value / (orders * replicates * judges)
        elif name != "pair" and not (orders == 2 and "order" in name):
            error += value / (judges if "judge" in name else 1)
    return parts["pair"] / (parts["pair"] + error)


def true_value(parts: Mapping[str, float], name: str) -> float:
    """The truth of what an estimate is called."""
    if name in parts:
        return parts[name] / sum(parts.values())
    orders, replicates, judges = (int(part.split("=")[1]) for part in name.split(","))
    return true_reliability(parts, orders, replicates, judges)


def judges_needed(parts: Mapping[str, float]) -> int:
    """In both orders."""
    one = true_reliability(parts, 2, 1, 1)
    return ceil(WANTED / (1 - WANTED) * (1 - one) / one)


def panel_estimates(judges: Sequence[JudgeVerdicts], settings: Settings) -> dict[str, Estimated]:
    """What is said of all judges at once, by component, by numbers, and how many are needed in both orders."""
    found: dict[str, Estimated] = {}
    for one in variance_components(judges, Subjects(), settings):
        if one.judge != PANEL:
            break
        within = (one.within or "").removeprefix("component=")
        if one.measure != "judges_needed":
            found[within] = one
        elif within == "orders=2,replicates=1":
            found[NEEDED] = one
    return found


@dataclass
class Tally:
    """What the audits said of one quantity."""

    true: float
    held: list[bool]
    estimates: list[float]

    @property
    def coverage(self) -> float:
        """The share of the intervals that held the truth; NaN where there was none."""
        return float(np.mean(self.held)) if self.held else np.nan

    @property
    def bias(self) -> float:
        """How far the mean estimate is above the truth."""
        return float(np.mean(self.estimates)) - self.true


def simulate(
    world: World, panel: Floats | int, pairs: int, replicates: int, audits: int, resamples: int
) -> dict[str, Tally]:
    """Audits of one panel (judges, 2), or each of so many judges of its own; a tally for everything that is said."""
    parts = true_contributions(world, None if isinstance(panel, int) else panel)
    tallies: dict[str, Tally] = {}
    for seed in range(audits):
        rng = np.random.default_rng([pairs, replicates, seed])
        judges = judges_of(world, panel, rng) if isinstance(panel, int) else panel
        drawn = verdicts(world, judges, pairs, replicates, rng)
        for name, one in panel_estimates(drawn, Settings(resamples=resamples, seed=seed)).items():
            if one.estimate is None:
                continue
            true = float(judges_needed(parts)) if name == NEEDED else true_value(parts, name)
            tally = tallies.setdefault(name, Tally(true, [], []))
            tally.estimates.append(one.estimate)
            if one.interval is not None:
                tally.held.append(one.interval.low - 1e-12 <= true <= one.interval.high + 1e-12)
    return tallies


def same_judges(sizes: Sequence[int], audits: int, resamples: int, *, each: bool) -> None:
    """Print the coverage for the same judges and other pairs, over all worlds and panels of three and of five."""
    rows = []
    for pairs in sizes:
        found: dict[str, list[tuple[Tally, str]]] = defaultdict(list)
        for world_name, world in WORLDS.items():
            for n in (3, 5):
                panel = judges_of(world, n, np.random.default_rng([1, n]))
                for name, tally in simulate(world, panel, pairs, 2, audits, resamples).items():
                    if name != NEEDED:
                        kind = "reliability" if "=" in name else "share"
                        found[kind].append((tally, f"{world_name}, {n} judges, {name}"))
        cells = []
        for tallies in (found["share"], found["reliability"]):
            shares = [tally.coverage for tally, _ in tallies if tally.held]
            worst, where = max(tallies, key=lambda one: abs(one[0].bias))
            cells += [
                f"{min(shares):.2f} to {max(shares):.2f}", f"{worst.bias:+.3f} at {worst.true:.2f} ({where})"
            ]  # fmt: skip
        rows.append(f"| {pairs} | {' | '.join(cells)} |")
        for tally, where in [one for tallies in found.values() for one in tallies] if each else []:
            print(
                f"{pairs} pairs: {where}: true {tally.true:.3f}, bias {tally.bias:+.3f}, {tally.coverage:.3f}"
            )
    print("\n| pairs | shares | largest bias | reliability | largest bias |\n| --- | --- | --- | --- | --- |")
    print("\n".join(rows))


def all_judges(panels: Sequence[int], audits: int, resamples: int) -> None:
    """Print the coverage of the truth for all judges of the kind, 200 pairs and three replicates."""
    parts = true_contributions(KIND)
    true = {name: true_value(parts, name) for name in ("pair", "judge", BOTH_ORDERS)}
    print("\ntrue " + ", ".join(f"{name} {value:.3f}" for name, value in true.items()))
    print(f"true judges needed {judges_needed(parts)}\n")
    print("| judges | pair | judge | reliability | 90 % of judges needed | none |\n" + "| --- " * 6 + "|")
    for n in panels:
        found = simulate(KIND, n, 200, 3, audits, resamples)
        cells = [f"{found[name].coverage:.3f}" for name in true]
        low, high = np.quantile(found[NEEDED].estimates, [0.05, 0.95])
        none = 1 - len(found[NEEDED].estimates) / audits
        print(f"| {n} | {' | '.join(cells)} | {low:.0f} to {high:.0f} | {none:.3f} |", flush=True)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--audits", type=int, default=200, help="simulated audits for each row")
    parser.add_argument("--part", choices=("same", "all"), help="one table only")
    parser.add_argument("--resamples", type=int, default=2000)
    parser.add_argument("--each", action="store_true", help="print every quantity's truth, bias and coverage")
    options = parser.parse_args()
    for name, world in {**WORLDS, "all judges": KIND}.items():
        effects = ", ".join(f"{field.name} {getattr(world, field.name)}" for field in fields(world))
        parts = true_contributions(world)
        shares = ", ".join(f"{effect} {value / sum(parts.values()):.3f}" for effect, value in parts.items())
        print(f"{name}: {effects}\n  shares for all judges: {shares}")
    if options.part in (None, "same"):
        same_judges((20, 30, 60, 200), options.audits, options.resamples, each=options.each)
    if options.part in (None, "all"):
        all_judges((2, 3, 5, 7, 15), options.audits, options.resamples)


if __name__ == "__main__":
    main()
