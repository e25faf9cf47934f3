"""Do the intervals of the attribution model hold their level, what do tie arms do to it, and how long does it take?

    OMP_NUM_THREADS=1 python benchmarks/attribution.py --audits 2000

An audit has the baseline and two artifacts on each side, in both orders, one verdict a trial. Verdicts of a pair are
strongly dependent: how far one response is ahead (beyond what the label says), position, tie propensity and what each
artifact is worth differ from pair to pair. The true odds ratios of the average over pairs are those of 300,000 pairs
with known probabilities; the true coefficients of the mixed model are those that the pairs were drawn with, in audits
whose artifacts and position are worth the same in every pair. ``--part methods`` holds the intervals of the average
over pairs against simpler ones: the plain sandwich with normal quantiles, and the delta method for label steps.
"""

from __future__ import annotations

import argparse
import resource
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log, sqrt
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from judgeaudit.metrics.attribution import Model, attribution
from judgeaudit.metrics.choices import Choices, Covariates, terms_of
from judgeaudit.metrics.findings import Estimated
from judgeaudit.metrics.observations import Cells, JudgeVerdicts
from judgeaudit.metrics.reference import Reference
from judgeaudit.metrics.shown_texts import ShownTexts
from judgeaudit.metrics.verdict_rows import Place
from judgeaudit.records import SIDES, Arm
from judgeaudit.stats import LogitFit, clustered_logit

Floats = NDArray[np.float64]

TRUTH_PAIRS, TRUTHS = 60_000, 5
WORTH = {"apology": 1.0, "halo": 0.0}
LABEL, POSITION, LENGTH = 1.2, 0.4, 0.3


@dataclass(frozen=True)
class World:
    """How pairs differ: standard deviations of log-odds, and the share of pairs that take the apology.

    Attributes:
        unsaid: of how far one response is ahead, beyond the label.
        artifact: of what each artifact is worth. position: of what standing first is worth.
        applies: the share of pairs whose responses can carry the apology.
        exact: whether the judge's probabilities are known.
        sharpness: what all log-odds are multiplied by; the larger, the fewer exceptions from a rule.
    """

    unsaid: float = 1.5
    artifact: float = 0.7
    position: float = 0.5
    applies: float = 1.0
    exact: bool = False
    sharpness: float = 1.0


@dataclass(frozen=True)
class Audit:
    """One judge's verdicts and what the model takes beside them."""

    judge: JudgeVerdicts
    reference: Reference
    covariates: Covariates

    def estimates(self, model: Model = "gee") -> list[Estimated]:
        """What the attribution says."""
        return list(attribution(self.judge, self.reference, self.covariates, model, 0.95))


def draw(world: World, n: int, rng: np.random.Generator, artifacts: Mapping[str, float] = WORTH) -> Audit:
    """An audit of n pairs, tie arms included."""
    lead = rng.choice([1.0, -1.0, 0.0], n, p=[0.45, 0.45, 0.1])
    unsaid = rng.normal(0, world.unsaid, n)
    position = POSITION + rng.normal(0, world.position, n)
    propensity = np.exp(rng.normal(0, 0.5, n))
    characters = np.exp2(rng.normal(9, 0.6, (n, 2)))
    perturbed = {(name, side): characters[:, k] + 50 for name in artifacts for k, side in enumerate(SIDES)}
    covariates = Covariates(ShownTexts(characters, perturbed), rng.integers(0, 3, n), ("d1", "d2", "d3"))
    worth = {name: mean + rng.normal(0, world.artifact, n) for name, mean in artifacts.items()}
    applies = rng.random(n) < world.applies

    def cells(ahead: Floats, asked: NDArray[np.bool_]) -> Cells:
        """Verdicts where text a is this far ahead."""
        log_odds = world.sharpness * (ahead[:, None] + position[:, None] * np.array([1.0, -1.0]))
        odds = np.stack(
            [np.exp(log_odds / 2), np.exp(-log_odds / 2), np.repeat(propensity[:, None], 2, 1)], -1
        )
        share = odds / odds.sum(-1, keepdims=True)
        if not world.exact:
            draws = (rng.random((n, 2, 1)) > np.cumsum(share, -1)).sum(-1)
            share = np.eye(3)[np.minimum(draws, 2)]
        count = np.repeat(asked[:, None].astype(np.int64), 2, 1)
        return Cells(np.where(count[..., None] > 0, share, np.nan), count, count, 0 * count, world.exact)

    better = LABEL * lead + unsaid
    everywhere = np.ones(n, dtype=bool)
    places: dict[Place, Cells] = {}
    places[Arm.BASELINE, None, None] = cells(
        better + LENGTH * covariates.longer(Arm.BASELINE, None, None), everywhere
    )
    for name, value in worth.items():
        asked = applies if name == "apology" else everywhere
        for k, side in enumerate(SIDES):
            sign = 1.0 if side == "a" else -1.0
            longer = covariates.longer(Arm.INJECTED, name, side)
            places[Arm.INJECTED, name, side] = cells(better + sign * value + LENGTH * longer, asked)
            added = np.log2((characters[:, k] + 51) / (characters[:, k] + 1))
            places[Arm.TIE, name, side] = cells(value + LENGTH * added, asked)
    label = np.eye(3)[np.where(lead > 0, 0, np.where(lead < 0, 1, 2))]
    none = np.zeros((n, 3))
    reference = Reference(label, label, np.full((n, 0), -1), none)
    return Audit(JudgeVerdicts("j", world.exact, places, np.zeros((1, n, 2)), {}), reference, covariates)


def key(found: Estimated) -> str:
    """One estimate's name."""
    return f"{found.measure} of {found.perturbation or found.within}"


def average_truth(world: World) -> dict[str, float]:
    """The values of the average over pairs: from known probabilities of many pairs."""
    values = defaultdict[str, list[float]](list)
    for seed in range(TRUTHS):
        audit = draw(replace(world, exact=True), TRUTH_PAIRS, np.random.default_rng([7, seed]))
        for found in audit.estimates():
            if found.estimate is not None:
                values[key(found)].append(log(found.estimate) if found.unit == "ratio" else found.estimate)
    return {name: float(np.mean(each)) for name, each in values.items()}


def planted_truth() -> dict[str, float]:
    """The coefficients that pairs are drawn with."""
    coefficients = {"position": POSITION, "term=length": LENGTH, **WORTH}
    steps = {f"preference_steps of {name}": value / LABEL for name, value in coefficients.items()}
    return {
        f"odds_ratio of {name}": value for name, value in {**coefficients, "term=label": LABEL}.items()
    } | steps


def coverage(world: World, truth: Mapping[str, float], n: int, audits: int, model: Model) -> None:
    """Print how often intervals held the truth, how often there was none, and how often a true null was rejected."""
    held, widths, rejected = (defaultdict[str, list[float]](list) for _ in range(3))
    for seed in range(audits):
        for found in draw(world, n, np.random.default_rng([n, seed])).estimates(model):
            name = key(found)
            if name not in truth:
                continue
            if found.interval is None:
                held[name].append(np.nan)
                continue
            low, high = found.interval.low, found.interval.high
            if found.unit == "ratio":
                low, high = log(low), log(high)
            held[name].append(float(low <= truth[name] <= high))
            widths[name].append(high - low)
            if found.p is not None:
                rejected[name].append(float(found.p < 0.05))
    for name, each in held.items():
        share = f"{np.nanmean(each):.3f}, median width {np.median(widths[name]):.2f}" if widths[name] else "-"
        null = f", rejected {np.mean(rejected[name]):.3f}" if name == "odds_ratio of halo" else ""
        print(f"| {model} | {n} | `{name}` | {share} | {np.isnan(each).mean():.3f}{null} |")


def plain_covariance(fit: LogitFit, design: Floats, choices: Choices) -> Floats:
    """(terms, terms): the sandwich over pairs without a correction."""
    chance = expit(design @ fit.coefficients)
    scores = np.zeros((choices.pair.max() + 1, design.shape[1]))
    np.add.at(scores, choices.pair, design * (choices.weight * (choices.first - chance))[:, None])
    bread = np.linalg.inv((design.T * (choices.weight * chance * (1 - chance))) @ design)
    covariance: Floats = bread @ scores.T @ scores @ bread
    return covariance


def interval_methods(
    world: World, truth: Mapping[str, float], n: int, audits: int
) -> dict[tuple[str, str], list[float]]:
    """Whether each interval held the truth, by estimate and method; an audit without a finite fit has none."""
    held = defaultdict[tuple[str, str], list[float]](list)
    for seed in range(audits):
        audit = draw(world, n, np.random.default_rng([n, seed]))
        choices = Choices.of(audit.judge, audit.reference, audit.covariates)
        terms = list(terms_of(choices))
        names = [term.perturbation or term.within for term in terms]
        design = np.zeros((choices.pair.size, len(terms)))
        for place, term in enumerate(terms):
            design[term.rows, place] = term.values
        fit = clustered_logit(design, choices.first, choices.weight, choices.pair)
        estimates = [fit.estimate(row) for row in np.eye(len(terms))]
        if None in estimates:
            continue
        plain, label = plain_covariance(fit, design, choices), names.index("term=label")
        for place, name in enumerate(names):
            found, true = estimates[place], truth[f"odds_ratio of {name}"]
            assert found is not None
            low, high = found.interval(0.95)
            held[f"odds_ratio of {name}", "corrected, t"].append(float(low <= true <= high))
            off = abs(found.value - true)
            held[f"odds_ratio of {name}", "plain, normal"].append(
                float(off <= 1.96 * sqrt(plain[place, place]))
            )
            if place == label:
                continue
            steps, true = f"preference_steps of {name}", truth[f"preference_steps of {name}"]
            of_label = fit.coefficients[label]
            slope = np.zeros(len(terms))
            slope[[place, label]] = 1 / of_label, -found.value / of_label**2
            reach = found.quantile(0.95) * sqrt(slope @ fit.covariance @ slope)
            delta = float(abs(found.value / of_label - true) <= reach)
            held[steps, "delta"].append(delta)
            if (ratio := fit.ratio(place, label, 0.95)) is not None and of_label > 0:
                held[steps, "Fieller"].append(float(ratio[1] <= true <= ratio[2]))
                held[steps, "delta where Fieller has one"].append(delta)
    return held


def print_interval_methods(name: str, world: World, n: int, audits: int) -> None:
    """Print how often the intervals of each method held the truth, and how many there were."""
    for (measured, method), each in interval_methods(world, average_truth(world), n, audits).items():
        print(f"| {name} | {n} | `{measured}` | {method} | {np.mean(each):.3f} | {len(each)} |")


def tie_arms(spreads: Sequence[float]) -> None:
    """Print what an apology seems to be worth in label steps without and with tie arms; its worth is 1 / 1.2 = .833."""
    rng = np.random.default_rng(3)
    n = TRUTH_PAIRS
    for spread in spreads:
        lead, unsaid = rng.choice([1.0, -1.0], n), rng.normal(0, spread, n)
        parts: list[tuple[NDArray[Any], ...]] = []
        for ahead in (1.0, -1.0):
            for artifact, differ in ((0.0, 1.0), (1.0, 1.0), (-1.0, 1.0), (1.0, 0.0), (1.0, 0.0)):
                log_odds = POSITION + ahead * (differ * (LABEL * lead + unsaid) + WORTH["apology"] * artifact)
                terms = np.stack([np.ones(n), ahead * differ * lead, np.full(n, ahead * artifact)], axis=1)
                parts.append((terms, expit(log_odds), np.ones(n), np.arange(n), np.full(n, differ)))
        design, share, weight, pair, compared = (
            np.concatenate(column) for column in zip(*parts, strict=True)
        )
        fits = [
            clustered_logit(design[rows], share[rows], weight[rows], pair[rows]).coefficients
            for rows in (compared > 0, compared >= 0)
        ]
        print(f"| {spread} | " + " | ".join(f"{found[2] / found[1]:.3f}" for found in fits) + " |")


def seconds(n_pairs: int, artifacts: int, model: Model, world: World | None = None) -> None:
    """Print how long one core takes for a judge, and for how many verdicts (those of tie arms not counted)."""
    world = world or World()
    audit = draw(
        world, n_pairs, np.random.default_rng(1), {f"artifact {k}": 0.1 * (k % 7) for k in range(artifacts)}
    )
    verdicts = sum(
        cells.scored.sum() for (arm, _, _), cells in audit.judge.places.items() if arm is not Arm.TIE
    )
    start = process_time()
    audit.estimates(model)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    took = process_time() - start
    kind = f"{model}, sharpness {world.sharpness:.0f}"
    print(f"| {kind} | {n_pairs:,} | {artifacts} | {verdicts:,} | {took:.1f} | {peak:.1f} |")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--audits", type=int, default=200)
    parts = ("coverage", "few", "exact", "mixed", "methods", "tie", "seconds")
    parser.add_argument("--part", choices=parts)
    args = parser.parse_args()
    wanted = [args.part] if args.part else parts
    worlds = {"coverage": World(), "few": World(applies=0.25), "exact": World(exact=True)}
    for name, world in worlds.items():
        if name in wanted:
            print(f"\n{name}: {world}")
            truth = average_truth(world)
            for n in (30, 100, 500):
                coverage(world, truth, n, args.audits if n < 500 else args.audits // 2, "gee")
    if "mixed" in wanted:
        print("\nmixed")
        for n in (30, 100, 500):
            coverage(World(artifact=0.0, position=0.0), planted_truth(), n, args.audits // 4, "mixed")
    if "methods" in wanted:
        print("\nmethods: world, pairs, estimate, interval, coverage, audits")
        for name in ("coverage", "few"):
            print_interval_methods(name, worlds[name], 30, args.audits)
    if "tie" in wanted:
        print("\nspread beyond the label, steps without and with tie arms")
        tie_arms((0.0, 0.5, 1.0, 1.5, 2.0, 3.0))
    if "seconds" in wanted:
        print("\nmodel, pairs, artifacts, verdicts, seconds, most memory so far (GB)")
        seconds(2_500, 20, "gee")
        seconds(2_500, 40, "gee")
        seconds(2_500, 100, "gee")
        seconds(25_000, 10, "gee")
        seconds(2_500, 20, "mixed")
        for sharpness in (5.0, 20.0):
            seconds(2_500, 40, "gee", World(unsaid=0.0, artifact=0.0, position=0.0, sharpness=sharpness))


if __name__ == "__main__":
    main()
