"""How often does an audit that stops early err, and how much does it save? And which bets make the narrowest sequence?

``--widths`` compares confidence sequences: the diversified bets of ``stats.confidence_sequence``, the hedged capital
and the empirical Bernstein sequence of Waudby-Smith and Ramdas (2024), by how many pairs they need. Without it, audits
of ten cells go through the rule itself (``metrics.decisions``), stage by stage, and beside it stands the ordinary
reading of all pairs. Run with OMP_NUM_THREADS=1.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from judgeaudit.metrics import Settings
from judgeaudit.metrics.decisions import decide
from judgeaudit.metrics.findings import PairValues
from judgeaudit.stats import Reading, holm, mean_interval, read, sign_flip
from judgeaudit.stats.thresholds import BET_FRACTIONS
from judgeaudit.stopping import stage_ends

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, float, tuple[int, ...]], Floats]
"""Pair values in [-1, 1] with a given mean."""

CELLS = 10
MARGIN = 0.05


def few_moved(rng: np.random.Generator, mean: float, shape: tuple[int, ...]) -> Floats:
    """One pair in ten is moved fully, in one direction or the other; more where the mean needs it."""
    share = max(0.1, abs(mean))
    u = rng.random(shape)
    return np.where(u < (share + mean) / 2, 1.0, np.where(u < share, -1.0, 0.0))


def noisy(rng: np.random.Generator, mean: float, shape: tuple[int, ...]) -> Floats:
    """The mean of four independent verdicts, half of them ties."""
    u = rng.random((*shape, 4))
    return np.where(u < (0.5 + mean) / 2, 1.0, np.where(u < 0.5, -1.0, 0.0)).mean(-1)


def exact(rng: np.random.Generator, mean: float, shape: tuple[int, ...]) -> Floats:
    """A judge's own probabilities: a beta distribution with a standard deviation of about 0.14."""
    return np.asarray(2 * rng.beta(25 * (1 + mean), 25 * (1 - mean), shape) - 1, dtype=np.float64)


POPULATIONS: dict[str, Draw] = {"one in ten moved": few_moved, "noisy": noisy, "exact": exact}


def stopped(values: Floats, settings: Settings) -> tuple[list[Reading], Floats]:
    """The readings of an audit of some cells (cells, pairs) that stops, and the share of each cell's pairs it took."""
    n = values.shape[1]
    stage = np.searchsorted(stage_ends(n), np.arange(n), side="right").astype(np.int64)
    cells = [
        PairValues(
            "tie_detection", f"judge {i}", "artifact", None, "points", row, np.ones(n, np.int64), low=-1.0
        )
        for i, row in enumerate(values)
    ]
    found = decide(cells, [], stage, settings)
    return [one.reading for one in found], np.array([one.n_pairs / n for one in found])


def ordinary(values: Floats, settings: Settings) -> list[Reading]:
    """The readings of an audit that buys everything."""
    adjusted = holm([sign_flip(row) for row in values])
    return [
        read(
            float(row.mean()),
            float(p),
            mean_interval(row, -1.0, 1.0, 1 - 2 * settings.alpha),
            MARGIN,
            settings.alpha,
        )
        for row, p in zip(values, adjusted, strict=True)
    ]


def error_rates(audits: int, seed: int) -> None:
    """Print, by population, effect and number of pairs, what audits that stop and ordinary ones say."""
    settings = Settings(margin_points=100 * MARGIN)
    print(f"{audits} audits of {CELLS} cells a row; ordinary audits in brackets")
    print("| pair values | effect | pairs | any cell sensitive | cells sensitive | cells robust | bought |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, draw in POPULATIONS.items():
        for mean in (0.0, MARGIN, 2 * MARGIN, 6 * MARGIN):
            for n in (60, 120, 200, 500):
                rng = np.random.default_rng([seed, n])
                said: dict[str, list[list[Reading]]] = {"stopped": [], "ordinary": []}
                share = []
                for _ in range(audits):
                    values = draw(rng, mean, (CELLS, n))
                    readings, took = stopped(values, settings)
                    said["stopped"].append(readings)
                    said["ordinary"].append(ordinary(values, settings))
                    share.append(took.mean())
                is_sensitive = {key: np.array(one) == Reading.SENSITIVE for key, one in said.items()}
                is_robust = {key: np.mean(np.array(one) == Reading.ROBUST) for key, one in said.items()}
                columns = (
                    {key: one.any(1).mean() for key, one in is_sensitive.items()},
                    {key: one.mean() for key, one in is_sensitive.items()},
                    is_robust,
                )
                shown = " | ".join(f"{one['stopped']:.3f} ({one['ordinary']:.3f})" for one in columns)
                print(f"| {name} | {100 * mean:.0f} | {n} | {shown} | {np.mean(share):.2f} |", flush=True)


def diversified(x: Floats, m: float, _alpha: float) -> tuple[Floats, Floats]:
    """(series, times): the log capital of bets on means above and below m; values in [0, 1]."""
    with np.errstate(divide="ignore"):
        above = [np.cumsum(np.log1p(f * (x / m - 1)), axis=-1) for f in BET_FRACTIONS]
        below = [np.cumsum(np.log1p(f * ((1 - x) / (1 - m) - 1)), axis=-1) for f in BET_FRACTIONS]
    n = np.log(len(BET_FRACTIONS))
    return np.logaddexp.reduce(above) - n, np.logaddexp.reduce(below) - n


def predictable_bets(x: Floats, alpha: float) -> Floats:
    """Waudby-Smith and Ramdas' predictable plug-in bets (their equation 15), with their prior variance of 1/4."""
    t = np.arange(1, x.shape[-1] + 1)
    mean = (0.5 + np.cumsum(x, -1)) / (t + 1)
    variance = (0.25 + np.cumsum((x - mean) ** 2, -1)) / (t + 1)
    before = np.concatenate([np.full((*x.shape[:-1], 1), 0.25), variance[..., :-1]], -1)
    return np.asarray(np.sqrt(2 * np.log(1 / alpha) / (t * np.log(1 + t) * before)), dtype=np.float64)


def hedged(share: float) -> Callable[[Floats, float, float], tuple[Floats, Floats]]:
    """Their hedged capital, whose bets are cut at a share of the largest."""

    def capital(x: Floats, m: float, alpha: float) -> tuple[Floats, Floats]:
        bets = predictable_bets(x, alpha)
        above = np.log1p(np.minimum(bets, share / m) * (x - m))
        below = np.log1p(-np.minimum(bets, share / (1 - m)) * (x - m))
        return np.cumsum(above, -1), np.cumsum(below, -1)

    return capital


def empirical_bernstein(x: Floats, m: float, alpha: float) -> tuple[Floats, Floats]:
    """Their predictable plug-in empirical Bernstein sequence, as the log of its supermartingales."""
    bets = np.minimum(predictable_bets(x, alpha / 2), 0.5)
    t = np.arange(1, x.shape[-1] + 1)
    mean = np.cumsum(x, -1) / t
    before = np.concatenate([np.zeros((*x.shape[:-1], 1)), mean[..., :-1]], -1)
    gains = []
    for values, centre, null in ((x, before, m), (1 - x, 1 - before, 1 - m)):
        cost = (values - centre) ** 2 * (-np.log1p(-bets) - bets)
        gains.append(np.cumsum(bets * (values - null) - cost, -1))
    return gains[0], gains[1]


def widths(audits: int, seed: int) -> None:
    """Print how many pairs each sequence needs to exclude 0 in a family of ten, and to lie inside the margin."""
    methods = {
        "diversified": diversified,
        "hedged, 1/2": hedged(0.5),
        "hedged, 0.9": hedged(0.9),
        "empirical Bernstein": empirical_bernstein,
    }
    n, alpha = 1000, 0.05
    print(f"median pairs of {audits} series, of at most {n}, until decided by")
    print(f"| pair values | effect | decided as | {' | '.join(methods)} |")
    print(f"| --- | --- | --- |{' --- |' * len(methods)}")
    for name, draw in POPULATIONS.items():
        for mean in (0.0, 2 * MARGIN, 6 * MARGIN):
            x = (1 + draw(np.random.default_rng(seed), mean, (audits, n))) / 2
            shown = []
            for capital in methods.values():
                if mean:
                    reached = np.maximum(*capital(x, 0.5, alpha / CELLS)) >= np.log(2 * CELLS / alpha)
                else:
                    above = capital(x, (1 - MARGIN) / 2, 2 * alpha)[0] >= np.log(1 / alpha)
                    below = capital(x, (1 + MARGIN) / 2, 2 * alpha)[1] >= np.log(1 / alpha)
                    reached = np.logical_or.accumulate(above, 1) & np.logical_or.accumulate(below, 1)
                first = np.where(reached.any(1), reached.argmax(1) + 1, n + 1)
                median = int(np.median(first))
                shown.append(f"over {n}" if median > n else str(median))
            print(
                f"| {name} | {100 * mean:.0f} | {'sensitive' if mean else 'robust'} | {' | '.join(shown)} |"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--audits", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--widths", action="store_true")
    arguments = parser.parse_args()
    (widths if arguments.widths else error_rates)(arguments.audits, arguments.seed)


if __name__ == "__main__":
    main()
