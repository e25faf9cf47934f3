"""Why these intervals? Coverage and width of the package's intervals beside the usual ones.

    OMP_NUM_THREADS=1 python benchmarks/interval_methods.py --audits 4000

Prints two tables: means of per-pair values (t, effective-sample Wilson after Korn and Graubard 1998, and
``stats.mean_interval``), and coefficients (percentile and BCa bootstrap of pairs, and
``stats.coefficient_interval``). The means' tables treat samples whose pairs are all equal as the package does.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtrit

from judgeaudit.stats import (
    coefficient_interval,
    cohen_kappa,
    gwet_ac1,
    mean_interval,
    resampling_counts,
)

Floats = NDArray[np.float64]
Bounds = tuple[float, float]
LEVEL = 0.95
Z = float(ndtri((1 + LEVEL) / 2))


def moved(share: float, noise: float) -> Callable[[np.random.Generator, int], Floats]:
    """Tie detection on 0..1: a share of pairs is swayed in nine of ten of its four verdicts, the rest is noise."""

    def draw(rng: np.random.Generator, n: int) -> Floats:
        u = rng.random((n, 4))
        other = np.where(u < noise / 2, 1, np.where(u < noise, -1, 0))
        lead = np.where(rng.random((n, 1)) < share, u < 0.9, other)
        return np.asarray((lead.mean(1) + 1) / 2, dtype=np.float64)

    return draw


def rate(mean: float, verdicts: int, likeness: float) -> Callable[[np.random.Generator, int], Floats]:
    """A proportion whose verdicts on a pair share a beta-distributed chance; likeness 0.5 is strong."""

    def draw(rng: np.random.Generator, n: int) -> Floats:
        chance = rng.beta(mean / likeness, (1 - mean) / likeness, n)
        return np.asarray(rng.binomial(verdicts, chance) / verdicts, dtype=np.float64)

    return draw


def tail(rng: np.random.Generator, n: int) -> Floats:
    """Exact probabilities near 0 with a long tail."""
    return np.asarray(1 - np.exp(-np.exp(-4 + 1.5 * rng.normal(size=n))), dtype=np.float64)


MEANS: Mapping[str, tuple[int, float | None, Callable[[np.random.Generator, int], Floats]]] = {
    "tie detection, 5 % of pairs moved; 10": (10, 0.5225, moved(0.05, 0.02)),
    "tie detection, 5 % of pairs moved; 30": (30, 0.5225, moved(0.05, 0.02)),
    "tie detection, 2 % of pairs moved; 200": (200, 0.509, moved(0.02, 0.0)),
    "tie detection, 50 % of pairs moved; 30": (30, 0.725, moved(0.5, 0.1)),
    "flips at 5 %, verdicts of a pair alike; 30": (30, 0.05, rate(0.05, 4, 1.0)),
    "flips at 15 %, verdicts of a pair alike; 200": (200, 0.15, rate(0.15, 4, 1.0)),
    "exact probabilities near 0, long tail; 30": (30, None, tail),
    "accuracy of 90 %, verdicts of a pair alike; 30": (30, 0.9, rate(0.9, 4, 1.0)),
    "accuracy of 70 %, one verdict a pair; 30": (30, 0.7, rate(0.7, 1, 1.0)),
}
"""Pairs, mean (None: by simulation) and how values are drawn."""


def t_interval(x: Floats) -> Bounds:
    """Student's interval of the pairs' mean."""
    half = float(stdtrit(x.size - 1, (1 + LEVEL) / 2)) * float(x.std(ddof=1)) / sqrt(x.size)
    return float(x.mean()) - half, float(x.mean()) + half


def wilson(x: Floats) -> Bounds:
    """Wilson's interval for the sample size that would have this variance, with Korn and Graubard's t factor."""
    m, variance = float(x.mean()), float(x.var(ddof=1)) / x.size
    n = m * (1 - m) / variance * (Z / float(stdtrit(x.size - 1, (1 + LEVEL) / 2))) ** 2
    centre = (m + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * sqrt(m * (1 - m) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return centre - half, centre + half


def package(x: Floats) -> Bounds:
    """What reports print."""
    found = mean_interval(x, 0.0, 1.0, LEVEL)
    assert found is not None
    return found.low, found.high


def means(audits: int) -> None:
    """Print the first table."""
    print(
        "| pair values; pairs | t | effective-sample Wilson | two pseudo-pairs |\n| --- | --- | --- | --- |"
    )
    for name, (n, known, draw) in MEANS.items():
        true = float(draw(np.random.default_rng(1), 4_000_000).mean()) if known is None else known
        rng = np.random.default_rng(0)
        samples = [draw(rng, n) for _ in range(audits)]
        cells = []
        for method in (t_interval, wilson, package):
            bounds = np.array([(package if np.ptp(x) < 1e-12 else method)(x) for x in samples]).clip(0, 1)
            held = (bounds[:, 0] <= true + 1e-12) & (bounds[:, 1] >= true - 1e-12)
            cells.append(f"{held.mean():.3f}, width {np.diff(bounds).mean():.3f}")
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def verdict_tables(rng: np.random.Generator, n: int, accuracy: float, labels: Floats) -> Floats:
    """(n, 3, 3): a label against four verdicts that share the pair's own chances."""
    label = rng.choice(3, n, p=labels)
    chance = np.full((n, 3), (1 - accuracy) / 2)
    chance[np.arange(n), label] = accuracy
    own = rng.gamma(1.5 * chance)
    tables = np.zeros((n, 3, 3))
    tables[np.arange(n), label] = rng.multinomial(4, own / own.sum(1, keepdims=True)) / 4
    return tables


def percentile_and_bca(
    tables: Floats, coefficient: Callable[[Floats], Floats], resamples: int
) -> list[Bounds]:
    """The two usual bootstrap intervals (Efron 1987), without pseudo-pairs."""
    n = len(tables)
    total = tables.sum(0)
    sums = (resampling_counts(n, resamples, 0) @ tables.reshape(n, 9)).reshape(-1, 3, 3)
    values = coefficient(sums)
    values = values[np.isfinite(values)]
    left_out = coefficient(total - tables)
    d = left_out.mean() - left_out
    acceleration = (d**3).sum() / max(6 * (d**2).sum() ** 1.5, 1e-300)
    estimate = float(coefficient(total))
    below = ((values < estimate).mean() + (values <= estimate).mean()) / 2
    bias = ndtri(np.clip(below, 1 / resamples, 1 - 1 / resamples))
    levels = [ndtr(bias + (bias + z) / (1 - acceleration * (bias + z))) for z in (-Z, Z)]
    plain, corrected = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]), np.quantile(values, levels)
    return [(float(low), float(high)) for low, high in (plain, corrected)]


def coefficients(audits: int, resamples: int) -> None:
    """Print the second table."""
    print(
        "| coefficient; pairs | percentile | BCa | percentile with two pseudo-pairs |\n| --- | --- | --- | --- |"
    )
    for name, coefficient in (("kappa", cohen_kappa), ("AC1", gwet_ac1)):
        for n in (30, 200):
            for accuracy, labels in ((0.99, (0.5, 0.5, 0)), (0.95, (0.45, 0.45, 0.1)), (0.75, (0.4, 0.4, 0.2)),
                                     (0.8, (0.05, 0.05, 0.9))):  # fmt: skip
                share = np.array(labels, dtype=np.float64)
                population = verdict_tables(np.random.default_rng(1), 400_000, accuracy, share)
                true = float(coefficient(population.sum(0)))
                rng = np.random.default_rng(0)
                found: list[list[Bounds]] = []
                for _ in range(audits):
                    tables = verdict_tables(rng, n, accuracy, share)
                    own = coefficient_interval(tables, coefficient, LEVEL, resamples, 0)
                    if own is not None and np.isfinite(coefficient(tables.sum(0) - tables)).all():
                        found.append(
                            [*percentile_and_bca(tables, coefficient, resamples), (own.low, own.high)]
                        )
                bounds = np.array(found)
                held = ((bounds[..., 0] <= true) & (true <= bounds[..., 1])).mean(0)
                width = (bounds[..., 1] - bounds[..., 0]).mean(0)
                cells = [f"{h:.3f}, width {w:.3f}" for h, w in zip(held, width, strict=True)]
                print(f"| {name} {true:.2f}, labels {labels}; {n} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Print both tables as Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--audits", type=int, default=4000, help="simulated audits for each row of the first table"
    )
    parser.add_argument("--resamples", type=int, default=1000)
    arguments = parser.parse_args()
    means(arguments.audits)
    print()
    coefficients(max(arguments.audits // 4, 1), arguments.resamples)


if __name__ == "__main__":
    main()
