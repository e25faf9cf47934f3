"""Why these intervals? Coverage and width of the package's intervals beside the usual ones, and of its cautions.

    OMP_NUM_THREADS=1 python benchmarks/interval_methods.py --audits 2000

Pairs are drawn from the populations of ``benchmarks/coverage.py`` and a few more, and become values by formulas of
this file's own: judges of one and of three replicates, and judges whose probabilities are known. The truth is the mean
over 1,000,000 pairs. A *cell* is one measure of one population, kind of judge and number of pairs.

    --part cells          all cells: how many cover between .935 and .965, with and without a caution (an hour)
    --part examples       single distributions, with the bootstraps and the empirical likelihood
    --part weighted       ratios of means whose pairs weigh very unequally
    --part coefficients   kappa, AC1 and alpha

Samples whose pairs are all equal are treated by all methods as the package does.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri, ndtr, ndtri, stdtrit

from judgeaudit.stats import (
    coefficient_interval,
    cohen_kappa,
    coincidences,
    gwet_ac1,
    krippendorff_alpha,
    mean_interval,
    resampling_counts,
)
from judgeaudit.stats.intervals import OBSERVED_METHOD

sys.path.insert(0, str(Path(__file__).parent))
from coverage import WORLDS, Population, World

Floats = NDArray[np.float64]
Bounds = tuple[Floats, Floats]
Method = Callable[[Floats, float], Bounds]
"""Intervals of many samples at once: values (audits, pairs) in [low, 1], and low."""

LEVEL = 0.95
TRUTH = 1_000_000
Z = float(ndtri((1 + LEVEL) / 2))
ALLOWED = (0.935, 0.965)
KINDS: Mapping[str, int | None] = {"1 replicate": 1, "3 replicates": 3, "exact": None}
POPULATIONS: Mapping[str, World] = {
    **WORLDS,
    "every pair slightly": World(moved=(1.0, 0.05), position=0.05, sharpness=8.0, gap=1.5),
    "2 % moved": World(moved=(0.02, 3.0), sharpness=6.0, tie=(0.5, 1.0)),
    "a third moved": World(gap=2.0, tie=(-1.0, 1.0), moved=(0.3, 1.0), sharpness=3.0, position=0.3, label_noise=0.5),
    "nearly all ties": World(gap=0.3, tie=(2.0, 1.0), sharpness=3.0, moved=(0.1, 1.5)),
    "good judge": World(gap=4.0, tie=(-1.0, 1.0), moved=(0.1, 2.0), sharpness=10.0, label_noise=0.3, position=0.1),
}  # fmt: skip
FEW_LABELS: Mapping[str, World] = {
    "9 of 10 labels ties": World(gap=0.15, label_noise=0.15, tie=(0.3, 0.3), sharpness=8.0, position=0.05),
    "nearly all labels ties": World(gap=0.2, label_noise=0.05, tie=(0.45, 0.1), sharpness=20.0),
}
LABELLED: Mapping[str, World] = {**POPULATIONS, **FEW_LABELS}


def shares(p: Population, replicates: int | None, rng: np.random.Generator) -> dict[str, Floats]:
    """The distributions that an audit sees, by part: the probabilities, or the shares of ``replicates`` draws."""
    parts: dict[str, Floats] = {
        name: getattr(p, name)
        for name in ("baseline", "injected_a", "injected_b", "tie_a", "tie_b", "identical")
    }
    if replicates is None:
        return parts
    return {
        name: rng.multinomial(replicates, one / one.sum(-1, keepdims=True)) / replicates
        for name, one in parts.items()
    }


def pair_values(
    p: Population, replicates: int | None, rng: np.random.Generator
) -> dict[str, tuple[Floats, float]]:
    """Each measure's values, one a pair that counts, and the least that a value can be."""
    seen = shares(p, replicates, rng)
    base, right = seen["baseline"], seen["baseline"].mean(1)[np.arange(len(p.label)), p.label]
    tie, win = np.stack([seen["tie_a"], seen["tie_b"]]), base[..., 0] + base[..., 2] / 2
    moved = seen["injected_a"], seen["injected_b"]
    shift = [one[..., k] - base[..., k] + (one[..., 2] - base[..., 2]) / 2 for k, one in enumerate(moved)]
    flip = 1 - sum((base * one).sum(-1).mean(1) for one in moved) / 2
    between = 1 - (base[:, 0] * base[:, 1]).sum(-1)
    values = {
        "tie_detection": ((tie[..., 0] - tie[..., 1]).mean((0, 2)), -1.0),
        "decisive_share": (1 - tie[..., 2].mean((0, 2)), 0.0),
        "winrate_shift": ((shift[0] + shift[1]).mean(1) / 2, -1.0),
        "winrate_shift, position": (win[:, 0] - win[:, 1], -1.0),
        "tie_detection, position": (seen["identical"][:, 0, 0] - seen["identical"][:, 0, 1], -1.0),
        "flip": (flip, 0.0),
        "position_consistency": (1 - between, 0.0),
        "accuracy": (right, 0.0),
        "accuracy_decisive": ((right + base.mean(1)[:, 2] / 2)[p.label < 2], 0.0),
    }
    if replicates != 1:
        if replicates is None:
            agree = np.square(base).sum(-1)
        else:
            agree = (base * (base * replicates - 1)).sum(-1) / (replicates - 1)
        floor = (1 - agree).mean(1)
        values["self_consistency"] = (1 - floor, 0.0)
        values["noise_adjusted_flip"] = (flip - floor, -1.0)
        values["noise_adjusted_flip, position"] = (between - floor, -1.0)
    return values


def with_pseudo_pairs(x: Floats, ends: tuple[float | Floats, float | Floats], quantile: float = Z) -> Bounds:
    """The normal interval, or t where another quantile is given, of the pairs and one more at each end."""
    first, last = (np.broadcast_to(end, len(x))[:, None] for end in ends)
    more = np.concatenate([x, first, last], axis=1)
    half = quantile * more.std(1, ddof=1) / sqrt(more.shape[1])
    return more.mean(1) - half, more.mean(1) + half


def ends_of_scale(x: Floats, low: float) -> Bounds:
    """Pseudo-pairs at the ends of the scale."""
    return with_pseudo_pairs(x, (low, 1.0))


def farthest_either_way(x: Floats, low: float) -> Bounds:
    """Pseudo-pairs at plus and minus the largest absolute value for signed measures, else at the farthest values."""
    reach = np.abs(x).max(1)
    return with_pseudo_pairs(x, (-reach, reach)) if low < 0 else observed(x, low)


def observed(x: Floats, _low: float) -> Bounds:
    """Pseudo-pairs at the farthest values."""
    return with_pseudo_pairs(x, (x.min(1), x.max(1)))


def observed_t(x: Floats, _low: float) -> Bounds:
    """The same with Student's quantile."""
    return with_pseudo_pairs(x, (x.min(1), x.max(1)), float(stdtrit(x.shape[1] + 1, (1 + LEVEL) / 2)))


def t_interval(x: Floats, _low: float) -> Bounds:
    """Student's interval of the pairs' mean."""
    half = float(stdtrit(x.shape[1] - 1, (1 + LEVEL) / 2)) * x.std(1, ddof=1) / sqrt(x.shape[1])
    return x.mean(1) - half, x.mean(1) + half


def wilson(x: Floats, low: float) -> Bounds:
    """Wilson's interval for the sample size with this variance, with the t factor of Korn and Graubard (1998)."""
    m, variance = (x.mean(1) - low) / (1 - low), x.var(1, ddof=1) / (1 - low) ** 2 / x.shape[1]
    n = m * (1 - m) / variance * (Z / float(stdtrit(x.shape[1] - 1, (1 + LEVEL) / 2))) ** 2
    centre = (m + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * np.sqrt(m * (1 - m) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return low + (1 - low) * (centre - half), low + (1 - low) * (centre + half)


def skewness_corrected(x: Floats, _low: float) -> Bounds:
    """Student's interval of the pairs' mean after the monotone transformation of Hall (1992, JRSS B 54:221)."""
    n, centred = x.shape[1], x - x.mean(1, keepdims=True)
    a = (centred**3).mean(1) / x.std(1) ** 3 / sqrt(n)
    a = np.where(np.abs(a) < 1e-8, 1e-8, a)
    t, error = float(stdtrit(n - 1, (1 + LEVEL) / 2)), x.std(1, ddof=1) / sqrt(n)
    upper, lower = (3 / a * (np.cbrt(1 + a * (y - a / 6)) - 1) for y in (t, -t))
    return x.mean(1) - upper * error, x.mean(1) - lower * error


def bootstrap_t(x: Floats, _low: float, resamples: int = 1000) -> Bounds:
    """The studentised bootstrap; resamples without variance count for nothing."""
    n = x.shape[1]
    counts = resampling_counts(n, resamples, 0)
    means = counts @ x.T / n
    variances = np.maximum(counts @ np.square(x).T / n - means**2, 0) / (n - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(variances > 1e-15, (means - x.mean(1)) / np.sqrt(variances), 0.0)
    first, last = np.quantile(t, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    error = x.std(1, ddof=1) / sqrt(n)
    return x.mean(1) - last * error, x.mean(1) - first * error


def bca(x: Floats, _low: float, resamples: int = 1000) -> Bounds:
    """The bias-corrected and accelerated bootstrap (Efron 1987)."""
    n, mean = x.shape[1], x.mean(1)
    means = resampling_counts(n, resamples, 0) @ x.T / n
    centred = x - mean[:, None]
    acceleration = (centred**3).sum(1) / (6 * (centred**2).sum(1) ** 1.5)
    below = ((means < mean - 1e-12).mean(0) + (means <= mean + 1e-12).mean(0)) / 2
    bias = ndtri(np.clip(below, 1 / resamples, 1 - 1 / resamples))
    first, last = (ndtr(bias + (bias + z) / (1 - acceleration * (bias + z))) for z in (-Z, Z))
    found = [np.quantile(m, (q, r)) for m, q, r in zip(means.T, first, last, strict=True)]
    return np.array(found)[:, 0], np.array(found)[:, 1]


def empirical_likelihood(x: Floats, _low: float) -> Bounds:
    """Owen's (1988) interval, calibrated by chi-square."""
    limit, mean = float(chdtri(1, 1 - LEVEL)), x.mean(1)
    found = []
    for end in (x.min(1), x.max(1)):
        inside, outside = mean, end
        for _ in range(30):
            middle = (inside + outside) / 2
            held = _log_ratio(x - middle[:, None]) <= limit
            inside, outside = np.where(held, middle, inside), np.where(held, outside, middle)
        found.append(inside)
    return found[0], found[1]


def _log_ratio(d: Floats) -> Floats:
    """2 sum log(1 + l d) at the l where sum d / (1 + l d) is 0, by bisection."""
    lower, upper = (-1 / d.max(1)) * (1 - 1e-9), (-1 / d.min(1)) * (1 - 1e-9)
    for _ in range(40):
        middle = (lower + upper) / 2
        rising = (d / (1 + middle[:, None] * d)).sum(1) > 0
        lower, upper = np.where(rising, middle, lower), np.where(rising, upper, middle)
    ratio: Floats = 2 * np.log1p(lower[:, None] * d).sum(1)
    return ratio


FAST: Mapping[str, Method] = {
    "t": t_interval,
    "Wilson": wilson,
    "Hall": skewness_corrected,
    "ends of scale": ends_of_scale,
    "farthest, both ways": farthest_either_way,
    "farthest, t": observed_t,
    "farthest": observed,
}
SLOW: Mapping[str, Method] = {
    "bootstrap-t": bootstrap_t,
    "BCa": bca,
    "empirical likelihood": empirical_likelihood,
}
PACKAGE = "package"


@dataclass(frozen=True)
class Cell:
    """Coverage and mean width of each method over many samples of one kind, and how often there was a caution."""

    coverage: dict[str, float]
    width: dict[str, float]
    cautions: float


def cell(x: Floats, low: float, true: float, methods: Mapping[str, Method]) -> Cell:
    """Compare the methods on samples (audits, pairs)."""
    found = [mean_interval(one, low, 1.0, LEVEL) for one in x]
    own = np.array([(one.low, one.high) for one in found if one is not None])
    differ = np.ptp(x, axis=1) > 1e-12
    coverage, width = {}, {}
    for name in (*methods, PACKAGE):
        bounds = own.copy()
        if name != PACKAGE and differ.any():
            bounds[differ] = np.stack(methods[name](x[differ], low), axis=1).clip(low, 1)
        coverage[name] = float(((bounds[:, 0] <= true + 1e-9) & (true - 1e-9 <= bounds[:, 1])).mean())
        width[name] = float(np.diff(bounds).mean())
    return Cell(
        coverage, width, float(np.mean([one is not None and one.caution is not None for one in found]))
    )


def all_cells(audits: int, sizes: list[int]) -> Iterator[tuple[str, int, Cell]]:
    """Every cell that has something to estimate: in at least a third of its samples pairs differ."""
    for number, (name, world) in enumerate(POPULATIONS.items()):
        whole = pair_values(
            Population.draw(world, TRUTH, np.random.default_rng(number)), None, np.random.default_rng()
        )
        for kind, replicates in KINDS.items():
            for n in sizes:
                rng = np.random.default_rng([number, n, replicates or 0])
                drawn = pair_values(Population.draw(world, n * audits, rng), replicates, rng)
                for measure, (x, low) in drawn.items():
                    samples = x[: len(x) // n * n].reshape(-1, n)
                    if np.mean(np.ptp(samples, axis=1) > 1e-12) > 1 / 3:
                        true = float(whole[measure][0].mean())
                        yield f"{measure}; {name}; {kind}; true {true:.3f}", n, cell(samples, low, true, FAST)


def cells(audits: int, sizes: list[int]) -> None:
    """Print the table of all cells, and below it the cells without a caution that are outside."""
    found = list(all_cells(audits, sizes))
    print(f"| pairs; cells | {' | '.join((*FAST, PACKAGE))} |\n|{' --- |' * (len(FAST) + 2)}")
    for n in sizes:
        for told, several in (("without", False), ("with", True)):
            chosen = [one for _, size, one in found if size == n and (one.cautions >= 0.5) == several]
            if not chosen:
                continue
            row = []
            for method in (*FAST, PACKAGE):
                covered = np.array([one.coverage[method] for one in chosen])
                held = np.mean((covered >= ALLOWED[0]) & (covered <= ALLOWED[1]))
                wide = np.mean([one.width[method] / one.width[PACKAGE] for one in chosen])
                row.append(f"{covered.min():.3f} to {covered.max():.3f}, {held:.0%}, width {wide:.2f}")
            print(f"| {n}; {len(chosen)} {told} a caution | {' | '.join(row)} |", flush=True)
    print()
    for name, n, one in found:
        share, few = one.coverage[PACKAGE], one.cautions < 0.5
        if few and not ALLOWED[0] <= share <= ALLOWED[1]:
            print(f"outside: {name}; {n} pairs; coverage {share:.3f}; cautions {one.cautions:.0%}; "
                  f"farthest {one.coverage['farthest']:.3f}; ends {one.coverage['ends of scale']:.3f}")  # fmt: skip


def moved(share: float, noise: float) -> Callable[[np.random.Generator, int], Floats]:
    """Tie detection on -1..1: a share of pairs is swayed in nine of ten of its four verdicts, the rest is noise."""

    def draw(rng: np.random.Generator, n: int) -> Floats:
        u = rng.random((n, 4))
        other = np.where(u < noise / 2, 1, np.where(u < noise, -1, 0))
        return np.asarray(np.where(rng.random((n, 1)) < share, u < 0.9, other).mean(1), dtype=np.float64)

    return draw


def rate(mean: float, verdicts: int) -> Callable[[np.random.Generator, int], Floats]:
    """A proportion whose verdicts on a pair share a beta-distributed chance and are strongly alike."""
    return lambda rng, n: rng.binomial(verdicts, rng.beta(mean, 1 - mean, n), n) / verdicts


def tail(rng: np.random.Generator, n: int) -> Floats:
    """Exact probabilities near 0 with a long tail."""
    return np.asarray(1 - np.exp(-np.exp(-4 + 1.5 * rng.normal(size=n))), dtype=np.float64)


def small_noise(rng: np.random.Generator, n: int) -> Floats:
    """A signed shift of exact probabilities: normal, of 10 points."""
    return np.clip(rng.normal(0, 0.1, n), -1, 1)


EXAMPLES: tuple[tuple[str, float, int, Callable[[np.random.Generator, int], Floats]], ...] = (
    ("tie detection, 5 % of pairs moved", -1.0, 30, moved(0.05, 0.02)),
    ("tie detection, 5 % of pairs moved", -1.0, 500, moved(0.05, 0.02)),
    ("tie detection, 50 % of pairs moved", -1.0, 30, moved(0.5, 0.1)),
    ("shift of 10 points either way", -1.0, 30, small_noise),
    ("flips at 5 %, verdicts of a pair alike", 0.0, 30, rate(0.05, 4)),
    ("flips at 15 %, verdicts of a pair alike", 0.0, 100, rate(0.15, 4)),
    ("exact probabilities near 0, long tail", 0.0, 30, tail),
    ("exact probabilities near 0, long tail", 0.0, 500, tail),
    ("accuracy of 90 %, verdicts of a pair alike", 0.0, 100, rate(0.9, 4)),
    ("accuracy of 70 %, one verdict a pair", 0.0, 30, rate(0.7, 1)),
    ("accuracy of 70 %, one verdict a pair", 0.0, 10, rate(0.7, 1)),
)  # fmt: skip


def examples(audits: int) -> None:
    """Print the table of single distributions with every method."""
    methods = {**FAST, **SLOW}
    print(
        f"| pair values; pairs | {' | '.join((*methods, PACKAGE))} | cautions |\n|{' --- |' * (len(methods) + 3)}"
    )
    for name, low, n, draw in EXAMPLES:
        true = float(draw(np.random.default_rng(1), 8_000_000).mean())
        one = cell(draw(np.random.default_rng(0), n * audits).reshape(audits, n), low, true, methods)
        row = [f"{one.coverage[method]:.3f}, width {one.width[method]:.3f}" for method in (*methods, PACKAGE)]
        print(f"| {name}; {n} | {' | '.join(row)} | {one.cautions:.0%} |", flush=True)


def without_ties(p: Population, replicates: int | None, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Right / (right + wrong) and the weight right + wrong, of the pairs that have any and a decisive label."""
    share = shares(p, replicates, rng)["baseline"].mean(1)
    decided = share[:, :2].sum(1)
    counted = (p.label < 2) & (decided > 0)
    return share[np.arange(len(share)), p.label][counted] / decided[counted], decided[counted]


def with_mean_weight(x: Floats, w: Floats, ends: tuple[float, float]) -> tuple[float, float]:
    """The interval of a ratio whose pseudo-pairs weigh as much as the mean pair."""
    pseudo, total = w.mean(), w.sum() + 2 * w.mean()
    mean = (w @ x + pseudo * sum(ends)) / total
    parts = np.append(w * (x - mean), [pseudo * (end - mean) for end in ends])
    half = Z * sqrt(len(parts) / (len(parts) - 1) * (parts @ parts)) / total
    return mean - half, mean + half


def weighted(audits: int, sizes: list[int]) -> None:
    """Print the coverage of accuracy without ties, in which a pair weighs what is left of it."""
    print(
        "| population; judge; pairs | mean weight | sum(w^2) / sum(w) | cautions |\n| --- | --- | --- | --- |"
    )
    for number, (name, world) in enumerate(POPULATIONS.items()):
        x, w = without_ties(
            Population.draw(world, TRUTH, np.random.default_rng(number)), None, np.random.default_rng()
        )
        true = float(w @ x / w.sum())
        for (kind, replicates), n in product(KINDS.items(), sizes):
            rng = np.random.default_rng([number, n, replicates or 0])
            held = []
            for _ in range(audits):
                x, w = without_ties(Population.draw(world, n, rng), replicates, rng)
                found = mean_interval(x, 0.0, 1.0, LEVEL, w)
                if found is None:
                    continue
                other = found.low, found.high
                if np.ptp(x) > 1e-12:
                    ends = (x.min(), x.max()) if found.method == OBSERVED_METHOD else (0.0, 1.0)
                    other = with_mean_weight(x, w, ends)
                held.append(
                    (other[0] <= true <= other[1], found.low <= true <= found.high, found.caution is not None)
                )
            share = np.array(held).mean(0)
            print(f"| {name}; {kind}; {n} | {share[0]:.3f} | {share[1]:.3f} | {share[2]:.0%} |", flush=True)


def tables(
    p: Population, replicates: int | None, rng: np.random.Generator
) -> dict[str, tuple[Floats, Callable[[Floats], Floats]]]:
    """Each coefficient's tables, one a pair, and the coefficient."""
    base = shares(p, replicates, rng)["baseline"]
    said = np.eye(3)[p.label][:, :, None] * base.mean(1)[:, None, :]
    found: dict[str, tuple[Floats, Callable[[Floats], Floats]]] = {
        "kappa": (said, cohen_kappa),
        "ac1": (said, gwet_ac1),
        "alpha": (said + said.swapaxes(1, 2), krippendorff_alpha),
    }
    if replicates is None:
        again = (base[..., :, None] * base[..., None, :]).sum(1)
        found["replicate_alpha"] = again, partial(krippendorff_alpha, finite=False)
    elif replicates > 1:
        found["replicate_alpha"] = coincidences(np.round(base * replicates)).sum(1), krippendorff_alpha
    return found


def in_use(one: Floats) -> Floats:
    """The tables without the categories that none of them uses."""
    used = np.flatnonzero(one.sum((0, 1)) + one.sum((0, 2)) > 0)
    return one[:, used][:, :, used]


def percentile_and_bca(
    x: Floats, coefficient: Callable[[Floats], Floats], resamples: int
) -> list[list[float]]:
    """The two usual bootstrap intervals (Efron 1987), without pseudo-pairs."""
    n, total = len(x), x.sum(0)
    values = coefficient((resampling_counts(n, resamples, 0) @ x.reshape(n, -1)).reshape(-1, *total.shape))
    values = values[np.isfinite(values)]
    left_out = coefficient(total - x)
    d = np.nan_to_num(np.nanmean(left_out) - left_out)
    acceleration = (d**3).sum() / max(6 * (d**2).sum() ** 1.5, 1e-300)
    estimate = float(coefficient(total))
    below = ((values < estimate - 1e-12).mean() + (values <= estimate + 1e-12).mean()) / 2
    bias = ndtri(np.clip(below, 1 / resamples, 1 - 1 / resamples))
    levels = [ndtr(bias + (bias + z) / (1 - acceleration * (bias + z))) for z in (-Z, Z)]
    return [
        np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]).tolist(),
        np.quantile(values, levels).tolist(),
    ]


def coefficients(audits: int, sizes: list[int], populations: list[str], resamples: int = 500) -> None:
    """Print coverage and width of every coefficient's intervals that exist in two thirds of the audits."""
    print(
        "| coefficient; population; judge; pairs | percentile | BCa | package | cautions |\n|" + " --- |" * 5
    )
    for number, (name, world) in enumerate(LABELLED.items()):
        if name not in populations:
            continue
        whole = tables(
            Population.draw(world, TRUTH, np.random.default_rng(number)), None, np.random.default_rng()
        )
        for (kind, replicates), n in product(KINDS.items(), sizes):
            rng = np.random.default_rng([number, n, replicates or 0])
            for measure, (drawn, coefficient) in tables(
                Population.draw(world, n * audits, rng), replicates, rng
            ).items():
                exact, of = whole.get(measure, (drawn, coefficient))
                true, bounds, cautions = float(of(exact.sum(0))), [], 0
                for one in map(in_use, drawn.reshape(audits, n, 3, 3)):
                    own = coefficient_interval(one, coefficient, LEVEL, resamples, 0)
                    if own is not None:
                        bounds.append([*percentile_and_bca(one, coefficient, resamples), [own.low, own.high]])
                        cautions += own.caution is not None
                if len(bounds) < 2 / 3 * audits:
                    continue
                b = np.array(bounds)
                held = ((b[..., 0] <= true + 1e-9) & (true - 1e-9 <= b[..., 1])).mean(0)
                row = [f"{h:.3f}, width {w:.3f}" for h, w in zip(held, np.diff(b).mean((0, 2)), strict=True)]
                label = f"{measure} {true:.2f}; {name}; {kind}; {n}"
                print(f"| {label} | {' | '.join(row)} | {cautions / len(bounds):.0%} |", flush=True)


PARTS = ("cells", "examples", "weighted", "coefficients")


def main() -> None:
    """Print the tables as Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--audits", type=int, default=2000, help="simulated audits for each cell")
    parser.add_argument("--pairs", type=int, nargs="+", default=[30, 100, 500])
    parser.add_argument("--part", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--populations", nargs="+", default=list(LABELLED), help="of the coefficients")
    arguments = parser.parse_args()
    audits, sizes = arguments.audits, arguments.pairs
    for part in arguments.part:
        if part == "cells":
            cells(audits, sizes)
        elif part == "examples":
            examples(audits)
        elif part == "weighted":
            weighted(audits, sizes)
        else:
            coefficients(audits, sizes, arguments.populations)
        print()


if __name__ == "__main__":
    main()
