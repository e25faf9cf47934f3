"""Do the intervals hold what they promise? Simulated audits with a known truth, measured as real ones are.

    OMP_NUM_THREADS=1 python benchmarks/coverage.py --audits 2000

Each audit draws its pairs from a population, and each pair its own way of being judged: how far one response is
ahead, how ready the judge is to call a tie, whether the artifact moves it. Verdicts on the same pair (orders,
sides, replicates) share all of that, so they are strongly dependent; pairs are independent. The truth of each
measure is its mean over 400,000 pairs of the population, from probabilities and by formulas of this file's own.
Prints, for each world, measure, kind of verdict and number of pairs: the share of 95 % intervals that held the truth,
how often they missed it on either side, their mean width, how often a true null was rejected at 5 %, and how often the
interval carried a caution; at the end, by measure, the least and the largest coverage, and the entries without a
caution whose coverage lies outside .935 to .965.
"""

from __future__ import annotations

import argparse
import gc
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from judgeaudit.metrics import Measure, Settings, measure

Floats = NDArray[np.float64]

TRUTH_PAIRS = 400_000
ALLOWED = (0.935, 0.965)
"""What nominal 95 % intervals without a caution are to cover."""

PREFERENCES = np.array(["a", "b", "tie"])


@dataclass(frozen=True)
class World:
    """A population of pairs under one judge; logits unless said otherwise.

    Attributes:
        gap: spread of how far one response is ahead of the other.
        tie: how ready the judge is to call a tie, and its spread between pairs.
        position: advantage of the text shown first.
        moved: share of pairs that the artifact moves (0 to 1), and by how much.
        sharpness: what all logits are multiplied by: 1 answers at random, 30 almost always the same.
        label_noise: spread of the annotators' disagreement with the judge about the gap.
    """

    gap: float = 1.0
    tie: tuple[float, float] = (0.0, 1.0)
    position: float = 0.0
    moved: tuple[float, float] = (0.0, 0.0)
    sharpness: float = 4.0
    label_noise: float = 1.0


WORLDS: Mapping[str, World] = {
    "fair and noisy": World(sharpness=1.0),
    "fair and steady": World(sharpness=30.0, tie=(1.5, 0.7)),
    "few pairs moved": World(moved=(0.05, 4.0), sharpness=30.0, tie=(1.5, 0.5)),
    "many pairs moved": World(moved=(0.5, 2.0), position=0.5),
    "every pair a little": World(moved=(1.0, 0.2), sharpness=2.0),
    "nearly every pair moved": World(moved=(0.98, 4.0), sharpness=30.0, position=2.0),
    "agrees with people": World(sharpness=30.0, gap=3.0, label_noise=0.3, position=0.2),
}


@dataclass(frozen=True)
class Population:
    """Pairs drawn from a world: probabilities (pairs, 2 orders, 3 contents) by arm, and labels (pairs,)."""

    baseline: Floats
    injected_a: Floats
    injected_b: Floats
    tie_a: Floats
    tie_b: Floats
    identical: Floats
    label: NDArray[np.int64]

    @classmethod
    def draw(cls, world: World, n: int, rng: np.random.Generator) -> Population:
        """n independent pairs."""
        gap = rng.normal(0.0, world.gap, n)
        tie = rng.normal(world.tie[0], world.tie[1], n)
        effect = np.where(rng.random(n) < world.moved[0], world.moved[1], 0.0)

        def judged(lead: Floats) -> Floats:
            by_order = lead[:, None] + world.position * np.array([1.0, -1.0])
            logits = np.stack([by_order, -by_order, np.broadcast_to(tie[:, None], by_order.shape)], axis=-1)
            weights = np.exp(world.sharpness * (logits - logits.max(-1, keepdims=True)))
            share: Floats = weights / weights.sum(-1, keepdims=True)
            return share

        seen = gap + rng.normal(0.0, world.label_noise, n)
        label = np.where(np.abs(seen) < 0.4, 2, np.where(seen > 0, 0, 1))
        none = np.zeros(n)
        return cls(
            judged(gap), judged(gap + effect), judged(gap - effect), judged(effect), judged(effect), judged(none), label
        )  # fmt: skip


def truth(p: Population) -> dict[tuple[str, str | None], float]:
    """The measures' values in the population, by measure and perturbation."""
    base = p.baseline
    lead = {"a": p.injected_a, "b": p.injected_b}

    def win(share: Floats, side: int) -> Floats:
        wins: Floats = share[..., side] + share[..., 2] / 2
        return wins

    agree = np.square(base).sum(-1)
    flip = 1 - (base * p.injected_a).sum(-1) / 2 - (base * p.injected_b).sum(-1) / 2
    between = 1 - (base[:, 0] * base[:, 1]).sum(-1)
    shift = [win(lead[side], k) - win(base, k) for k, side in enumerate("ab")]
    mean = base.mean(1)
    right = mean[np.arange(len(mean)), p.label]
    decisive = p.label < 2
    confusion = np.array([mean[p.label == k].sum(0) for k in range(3)]) / len(mean)
    rows, columns = confusion.sum(1), confusion.sum(0)
    pi = (rows + columns) / 2
    observed, by_kappa, by_ac1 = np.trace(confusion), float(rows @ columns), float((pi * (1 - pi)).sum() / 2)
    overall = base.mean((0, 1))
    return {
        ("tie_detection", "x"): 100 * float((p.tie_a[..., 0] - p.tie_a[..., 1]).mean()),
        ("decisive_share", "x"): float(1 - p.tie_a[..., 2].mean()),
        ("winrate_shift", "x"): 100 * float((shift[0] + shift[1]).mean() / 2),
        ("winrate_shift", "position"): 100 * float((win(base, 0)[:, 0] - win(base, 0)[:, 1]).mean()),
        ("tie_detection", "position"): 100 * float((p.identical[:, 0, 0] - p.identical[:, 0, 1]).mean()),
        ("flip", "x"): float(flip.mean()),
        ("flip", "position"): float(between.mean()),
        ("noise_floor", "x"): float(1 - agree.mean()),
        ("noise_adjusted_flip", "x"): float((flip - (1 - agree)).mean()),
        ("noise_adjusted_flip", "position"): float((between - (1 - agree).mean(1)).mean()),
        ("self_consistency", None): float(agree.mean()),
        ("replicate_alpha", None): float(1 - (1 - agree.mean()) / (1 - np.square(overall).sum())),
        ("accuracy", None): float(right.mean()),
        ("accuracy_decisive", None): float((right + mean[:, 2] / 2)[decisive].mean()),
        ("kappa", None): float((observed - by_kappa) / (1 - by_kappa)),
        ("ac1", None): float((observed - by_ac1) / (1 - by_ac1)),
        ("alpha", None): float(1 - (1 - observed) / (1 - np.square(pi).sum())),
    }


PLACES: tuple[tuple[str, str, str | None, str | None, tuple[str, ...]], ...] = (
    ("baseline", "baseline", None, None, ("ab", "ba")),
    ("injected_a", "injected", "x", "a", ("ab", "ba")),
    ("injected_b", "injected", "x", "b", ("ab", "ba")),
    ("tie_a", "tie", "x", "a", ("ab", "ba")),
    ("tie_b", "tie", "x", "b", ("ab", "ba")),
    ("identical", "identical", None, "a", ("ab",)),
)
"""The population's field, arm, perturbation, side and orders of every part of an audit."""


def axes(n_pairs: int, n_orders: int, replicates: int) -> NDArray[np.int64]:
    """Pair, order and replicate of every trial of one part: (3, trials)."""
    return np.indices((n_pairs, n_orders, replicates)).reshape(3, -1)


@cache
def trials(n_pairs: int, replicates: int) -> pd.DataFrame:
    """The trials of an audit."""
    tables = []
    for _, arm, perturbation, side, orders in PLACES:
        pair, order, replicate = axes(n_pairs, len(orders), replicates)
        shown = np.array(orders)[order]
        tables.append(
            pd.DataFrame(
                {
                    "pair_id": pair,
                    "arm": arm,
                    "perturbation": perturbation,
                    "side": side,
                    "order": shown,
                    "replicate": replicate,
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def contents(p: Population, replicates: int) -> Floats:
    """The probabilities of a, b, tie, for each of the trials."""
    parts = []
    for name, *_, orders in PLACES:
        share: Floats = getattr(p, name)
        pair, order, _ = axes(len(share), len(orders), replicates)
        parts.append(share[pair, order])
    return np.concatenate(parts)


def verdicts(
    p: Population, judge: str, *, exact: bool, rng: np.random.Generator, replicates: int = 2
) -> pd.DataFrame:
    """One judge's verdicts: its own probabilities where exact, else one draw a trial."""
    table, content = trials(len(p.label), replicates), contents(p, replicates)
    said = (content.cumsum(1) > rng.random((len(content), 1))).argmax(1)
    swapped = (table["order"] == "ba").to_numpy()
    presented = np.where(swapped[:, None], content[:, [1, 0, 2]], content)
    shown = np.where(swapped, np.array([1, 0, 2])[said], said)
    columns = {
        name: presented[:, k] if exact else np.nan for k, name in enumerate(("p_first", "p_second", "p_tie"))
    }
    return table.assign(
        judge=judge, outcome=np.array(["first", "second", "tie"])[shown], exact=exact, **columns
    )


def pairs_table(label: NDArray[np.int64], *, labelled: bool = True) -> pd.DataFrame:
    """The pairs of an audit, with the columns that measures read."""
    n = len(label)
    return pd.DataFrame(
        {
            "pair_id": np.arange(n),
            "label": PREFERENCES[label] if labelled else [None] * n,
            "votes": [()] * n,
            "length_a": 1,
            "length_b": 1,
        }
    )


@dataclass
class Tally:
    """What happened to one measure over the audits."""

    held: int = 0
    below: int = 0
    above: int = 0
    width: float = 0.0
    rejected: int = 0
    cautions: int = 0
    audits: int = 0

    def add(self, found: Measure, true: float) -> None:
        """Count one audit's interval and test; an interval wholly below the truth counts as ``below``."""
        if found.ci_low is None or found.ci_high is None:
            return
        self.audits += 1
        self.below += found.ci_high < true - 1e-9
        self.above += found.ci_low > true + 1e-9
        self.held += found.ci_low - 1e-9 <= true <= found.ci_high + 1e-9
        self.width += found.ci_high - found.ci_low
        self.rejected += found.p is not None and found.p < 0.05
        self.cautions += found.caution is not None

    @property
    def coverage(self) -> float:
        """The share of the intervals that held the truth."""
        return self.held / self.audits

    @property
    def is_cautioned(self) -> bool:
        """Whether most intervals carry a caution."""
        return self.cautions >= self.audits / 2

    @property
    def is_out(self) -> bool:
        """Whether most intervals carry no caution and yet cover more or less than is allowed."""
        return not self.is_cautioned and not ALLOWED[0] <= self.coverage <= ALLOWED[1]


Key = tuple[str, str | None]


def simulate(
    world: World, n_pairs: int, audits: int, *, exact: bool, replicates: int, seed: int
) -> dict[Key, tuple[float, Tally]]:
    """Run the audits; the truth and the tally by measure and perturbation."""
    rng = np.random.default_rng([seed, n_pairs, int(exact), replicates])
    true = truth(Population.draw(world, TRUTH_PAIRS, np.random.default_rng(seed)))
    tallies = {key: Tally() for key in true}
    settings = Settings(slices=())
    for _ in range(audits):
        population = Population.draw(world, n_pairs, rng)
        table = verdicts(population, "judge", exact=exact, rng=rng, replicates=replicates)
        for found in measure(table, pairs_table(population.label), settings, models=False):
            key = (found.measure, found.perturbation)
            if key in tallies and found.side is None and found.judge == "judge" and found.slice == "all":
                tallies[key].add(found, true[key])
    return {key: (true[key], tally) for key, tally in tallies.items()}


def print_by_measure(entries: Mapping[tuple[str, int], list[Tally]]) -> None:
    """Least and largest coverage of the entries without and with a caution, by measure and number of pairs."""
    sizes = sorted({n_pairs for _, n_pairs in entries})
    print("\n| measure | " + " | ".join(f"{n} pairs | cautioned" for n in sizes) + " |")
    print("| --- |" + " --- | --- |" * len(sizes))
    for quantity in dict.fromkeys(quantity for quantity, _ in entries):
        cells = [f"`{quantity}`"]
        for n_pairs in sizes:
            found = entries.get((quantity, n_pairs), [])
            for cautioned in (False, True):
                shares = [t.coverage for t in found if t.is_cautioned == cautioned]
                cells.append(f"{min(shares):.3f} to {max(shares):.3f} ({len(shares)})" if shares else "")
        print("| " + " | ".join(cells) + " |")


def main() -> None:
    """Print the coverage table as Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--audits", type=int, default=2000, help="simulated audits for each world and size")
    parser.add_argument("--pairs", type=int, nargs="+", default=[30, 100, 500], help="pairs in an audit")
    parser.add_argument(
        "--replicates", type=int, nargs="+", default=[1, 3], help="of judges whose verdicts are drawn"
    )
    parser.add_argument("--worlds", nargs="+", default=list(WORLDS), help="some of them")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    gc.freeze()  # statsmodels collects garbage on every call, which would be half of a small audit's time
    print(f"{options.audits} audits an entry, seed {options.seed}")
    out: list[str] = []
    entries: dict[tuple[str, int], list[Tally]] = defaultdict(list)
    kinds = [("exact", True, 1), *((f"{n} drawn", False, n) for n in options.replicates)]
    for name in options.worlds:
        world = WORLDS[name]
        described = ", ".join(f"{field.name} {getattr(world, field.name)}" for field in fields(world))
        print(f"\n### {name} ({described})\n")
        print(
            "| measure | artifact | verdicts | pairs | truth | coverage | below | above | width | rejected | cautions |"
        )
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        for kind, exact, replicates in kinds:
            for n_pairs in options.pairs:
                found = simulate(
                    world, n_pairs, options.audits, exact=exact, replicates=replicates, seed=options.seed
                )
                for (quantity, artifact), (true, t) in found.items():
                    if not t.audits:
                        continue
                    shares = (t.held, t.below, t.above, t.width, t.rejected, t.cautions)
                    line = f"| {quantity} | {artifact or ''} | {kind} | {n_pairs} | {true:.3f} | "
                    line += " | ".join(f"{share / t.audits:.3f}" for share in shares) + " |"
                    print(line, flush=True)
                    entries[quantity, n_pairs].append(t)
                    out += [f"{name}: {line}"] * t.is_out
    print_by_measure(entries)
    without = [t for several in entries.values() for t in several if not t.is_cautioned]
    print(f"\n{len(out)} of {len(without)} entries without a caution in most audits are outside {ALLOWED}:\n")
    print("\n".join(out))


if __name__ == "__main__":
    main()
