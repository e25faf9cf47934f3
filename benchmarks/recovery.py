"""Does an audit of real pairs find the biases that were planted, as large as they are, and no others?

    OMP_NUM_THREADS=1 python benchmarks/recovery.py
    OMP_NUM_THREADS=1 python benchmarks/recovery.py --same-pairs

The built-in pairs are perturbed once. Each audit then goes the whole way in this process: trials are planned, planted
judges are asked by the runner, verdicts are measured. Judges lean to the text shown first, to length, to apologies, to
citations, away from a dialect, to one of these each or to all at once; nobody leans to the halo phrase, which makes
texts longer all the same. Each audit draws as many pairs from the corpus as it has, with replacement, so that intervals
are held against what they are about, a population of pairs, which is here the corpus; with --same-pairs only the
verdicts are drawn anew. The truth is ``judgeaudit.planted_truth`` of the corpus, and of the model the planted log-odds.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log, sqrt

import numpy as np
import pandas as pd
from hydra import compose, initialize_config_module
from hydra.core.global_hydra import GlobalHydra

from judgeaudit import catalog, runner
from judgeaudit.corpora import Corpus, corpus_table
from judgeaudit.design import Design, plan
from judgeaudit.judges.planted import PlantedJudge
from judgeaudit.ledger import Ledger
from judgeaudit.metrics import Measure, Settings, measure
from judgeaudit.metrics.attribution import attribution
from judgeaudit.metrics.choices import Covariates
from judgeaudit.metrics.findings import Estimated
from judgeaudit.metrics.observations import observe
from judgeaudit.metrics.reference import Reference
from judgeaudit.metrics.shown_texts import ShownTexts
from judgeaudit.perturb import PerturbedText
from judgeaudit.planted_truth import Truth, expected_measures
from judgeaudit.records import POSITION, Pair, Trial
from judgeaudit.run_folder import judge_table, text_facts, text_table, trial_table
from judgeaudit.stats import Reading
from judgeaudit.texts import prepare_texts, read_corpus

ARTIFACTS = ("apology", "authority", "halo", "dialect_aae")
DESIGN = Design(arms=("baseline", "injected", "tie", "identical"), replicates=2)
SETTINGS = Settings(slices=(), resamples=100)
QUIET = runner.Engine(progress="off")


@dataclass(frozen=True)
class Planted:
    """What a judge is made of: log-odds, as ``PlantedJudge`` has them."""

    quality: float = 1.5
    position: float = 0.0
    length: float = 0.0
    apology: float = 0.0
    authority: float = 0.0
    dialect_aae: float = 0.0
    halo: float = 0.0

    def judge(self, name: str, seed: int, *, reveal: bool = False) -> PlantedJudge:
        """The judge itself."""
        return PlantedJudge(
            name, quality=self.quality, position=self.position, length=self.length, seed=seed, reveal=reveal,
            artifacts={artifact: getattr(self, artifact) for artifact in ARTIFACTS},
        )  # fmt: skip

    @property
    def log_odds(self) -> dict[str, float]:
        """By term of the attribution model: perturbation or slice."""
        terms = {POSITION: self.position, "term=label": self.quality, "term=length": self.length}
        return terms | {artifact: getattr(self, artifact) for artifact in ARTIFACTS}


JUDGES: Mapping[str, Planted] = {
    "fair": Planted(),
    "noisy": Planted(quality=0.5),
    "position": Planted(position=0.8),
    "length": Planted(length=0.8),
    "apology": Planted(apology=1.0),
    "authority": Planted(authority=0.8),
    "dialect": Planted(dialect_aae=-0.8),
    "all": Planted(quality=2.0, position=0.6, length=0.6, apology=1.0, authority=0.7, dialect_aae=-0.7),
}


@dataclass(frozen=True)
class Material:
    """Pairs and their perturbed texts."""

    corpus: Corpus
    texts: Sequence[PerturbedText]

    @property
    def pairs(self) -> Mapping[str, Pair]:
        """By id."""
        return {pair.id: pair for pair in self.corpus.pairs}

    @classmethod
    def of_corpus(cls, *overrides: str) -> Material:
        """The built-in pairs, perturbed and checked as ``judgeaudit run`` does it."""
        catalog.register()
        GlobalHydra.instance().clear()
        with initialize_config_module("judgeaudit", version_base="1.3"):
            config = compose("config", ["judge=[]", f"perturbation=[{','.join(ARTIFACTS)}]", *overrides])
        corpus = read_corpus(config.data)
        with tempfile.TemporaryDirectory() as folder, Ledger(f"sqlite:///{folder}/ledger.sqlite") as ledger:
            prepared = prepare_texts(config, corpus, DESIGN, ledger, QUIET)
        return cls(corpus, prepared.texts)

    def drawn(self, rng: np.random.Generator) -> Material:
        """As many pairs, drawn with replacement; each is a pair of its own, on which verdicts are drawn anew."""
        texts: dict[str, list[PerturbedText]] = defaultdict(list)
        for text in self.texts:
            texts[text.pair_id].append(text)
        own, pairs, perturbed = self.corpus.pairs, [], []
        for index, chosen in enumerate(rng.integers(len(own), size=len(own)).tolist()):
            name = f"{index:04}"
            pairs.append(replace(own[chosen], id=name))
            perturbed += [replace(text, pair_id=name) for text in texts[own[chosen].id]]
        return Material(replace(self.corpus, pairs=tuple(pairs)), perturbed)

    def trials(self) -> tuple[Trial, ...]:
        """Everything that a judge is asked."""
        return plan(DESIGN, self.corpus.pairs, self.texts, ARTIFACTS, frozenset()).trials

    def truths(self, planted: Mapping[str, Planted]) -> list[Truth]:
        """The expected measures of each judge."""
        trials, pairs = self.trials(), self.pairs
        return [
            truth
            for name, one in planted.items()
            for truth in expected_measures(one.judge(name, 0), trials, pairs)
        ]

    def table(self) -> pd.DataFrame:
        """One row a pair, by id."""
        return corpus_table(self.corpus).sort_values("pair_id").reset_index(drop=True)

    def facts(self) -> pd.DataFrame:
        """How long each perturbed text is, and whether it opens by refusing."""
        return text_facts(text_table(self.texts))


def verdicts(material: Material, judges: Sequence[PlantedJudge]) -> pd.DataFrame:
    """What the judges say, asked by the runner."""
    trials = material.trials()
    with tempfile.TemporaryDirectory() as folder, Ledger(f"sqlite:///{folder}/ledger.sqlite") as ledger:
        said = runner.run(judges, trials, material.pairs, ledger, QUIET)
    asked = trial_table(trials)
    tables = [
        judge_table(asked, one, exact=judge.exact_probabilities)
        for judge, one in zip(judges, said, strict=True)
    ]
    return pd.concat(tables, ignore_index=True)


def blind_odds_ratios(table: pd.DataFrame, pairs: pd.DataFrame) -> Iterator[tuple[str, str, Estimated]]:
    """Judge, term and odds ratio where nobody knows how long texts with an artifact are."""
    covariates = Covariates.of(pairs, ShownTexts.of(pairs, None, "length"))
    for judge in observe(table, pd.Index(pairs["pair_id"])):
        for found in attribution(judge, Reference.of(pairs), covariates, "gee", SETTINGS.ci_level):
            if found.measure == "odds_ratio":
                yield judge.name, found.perturbation or found.within or "", found


@dataclass
class Tally:
    """Estimates of one quantity over the audits, in its unit; log-odds for odds ratios.

    Attributes:
        true: what was planted.
        estimates: one an audit. half_widths: of their intervals. held: whether these hold the truth.
        sensitive: whether it reads so.
    """

    true: float
    estimates: list[float] = field(default_factory=list)
    half_widths: list[float] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)
    sensitive: list[bool] = field(default_factory=list)

    def add(self, estimate: float, low: float, high: float, reading: Reading | None = None) -> None:
        """Count one audit."""
        self.estimates.append(estimate)
        self.half_widths.append((high - low) / 2)
        self.held.append(low - 1e-9 <= self.true <= high + 1e-9)
        self.sensitive.append(reading is Reading.SENSITIVE)

    @property
    def bias(self) -> float:
        """Mean estimate less the truth."""
        return float(np.mean(self.estimates)) - self.true

    @property
    def error(self) -> float:
        """Simulation error of the bias."""
        return float(np.std(self.estimates, ddof=1)) / sqrt(len(self.estimates))


Cell = tuple[str, str, str]
"""Measure or model, judge, and perturbation or term."""

MODEL, BLIND = "with lengths", "without lengths"


def expected(corpus: Material, planted: Mapping[str, Planted]) -> dict[Cell, Tally]:
    """The truth of every quantity, and no audit yet."""
    found = {(one.measure, one.judge, one.perturbation): one.value for one in corpus.truths(planted)}
    for name, one in planted.items():
        for artifact in ARTIFACTS:
            flip, floor = found["flip", name, artifact], found["noise_floor", name, artifact]
            found["noise_adjusted_flip", name, artifact] = flip - floor
        if one.position == 0:
            # Between orders only chance is left; every pair can carry the phrase of the apology.
            for measured in ("flip", "noise_floor"):
                found[measured, name, POSITION] = found["noise_floor", name, "apology"]
            found["noise_adjusted_flip", name, POSITION] = 0.0
        for model in (MODEL, BLIND):
            found |= {(model, name, term): worth for term, worth in one.log_odds.items()}
    return {cell: Tally(value) for cell, value in found.items()}


def audit(
    material: Material, planted: Mapping[str, Planted], seed: int, tallies: Mapping[Cell, Tally]
) -> list[Measure]:
    """One audit: its estimates are added to the tallies."""
    judges = [one.judge(name, seed + place) for place, (name, one) in enumerate(planted.items())]
    table, pairs = verdicts(material, judges), material.table()
    measures = measure(table, pairs, SETTINGS, texts=material.facts())
    for m in measures:
        is_ratio = m.measure == "odds_ratio"
        term = m.perturbation or (m.slice if is_ratio else "")
        tally = tallies.get((MODEL if is_ratio else m.measure, m.judge, term))
        if tally is None or m.side is not None or (m.slice != "all" and not is_ratio):
            continue
        assert m.estimate is not None
        assert m.ci_low is not None
        assert m.ci_high is not None
        if is_ratio:
            tally.add(log(m.estimate), log(m.ci_low), log(m.ci_high))
        else:
            tally.add(m.estimate, m.ci_low, m.ci_high, m.reading)
    for name, term, blind in blind_odds_ratios(table, pairs):
        if (BLIND, name, term) in tallies and blind.estimate is not None and blind.interval is not None:
            ends = log(blind.interval.low), log(blind.interval.high)
            tallies[BLIND, name, term].add(log(blind.estimate), *ends)
    return measures


def print_coverage(tallies: Mapping[Cell, Tally]) -> None:
    """How often intervals hold the truth, by measure."""
    print(
        "\n| measure | of | judges x perturbations | intervals that hold the truth | largest bias / its error |"
    )
    print("| --- | --- | --- | --- | --- |")
    groups: dict[tuple[str, str], list[Tally]] = defaultdict(list)
    for (measured, _, term), tally in tallies.items():
        if measured != BLIND:
            of = "log-odds" if measured == MODEL else "position" if term == POSITION else "artifacts"
            groups["attribution" if measured == MODEL else measured, of].append(tally)
    for (measured, of), members in sorted(groups.items()):
        by_audit = np.array([one.held for one in members]).mean(0)
        error = by_audit.std(ddof=1) / sqrt(by_audit.size)
        worst = max(abs(one.bias) / one.error for one in members if one.error > 0)
        print(f"| `{measured}` | {of} | {len(members)} | {by_audit.mean():.3f} ± {error:.3f} | {worst:.1f} |")


def print_readings(tallies: Mapping[Cell, Tally]) -> None:
    """The truth in points and the share of audits that call it sensitive."""
    perturbations = (*ARTIFACTS, POSITION)
    print("\n| judge | measure | " + " | ".join(perturbations) + " |")
    print("| --- | --- " + "| --- " * len(perturbations) + "|")
    for name in JUDGES:
        for measured in ("tie_detection", "winrate_shift"):
            found = [tallies[measured, name, one] for one in perturbations]
            line = " | ".join(f"{one.true:+.1f}: {np.mean(one.sensitive):.2f}" for one in found)
            print(f"| {name} | `{measured}` | {line} |")


def print_attribution(tallies: Mapping[Cell, Tally]) -> None:
    """Planted and recovered log-odds."""
    print(
        "\n| judge | term | planted | mean | bias | half width | intervals that hold it | mean without lengths |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in ("fair", "length", "all"):
        for (model, judge, term), one in tallies.items():
            if model == MODEL and judge == name:
                blind = np.mean(tallies[BLIND, name, term].estimates)
                line = f"{one.true:.2f} | {one.true + one.bias:.3f} | {one.bias:+.3f} ± {one.error:.3f}"
                held = f"{np.mean(one.half_widths):.2f} | {np.mean(one.held):.3f}"
                print(f"| {name} | {term} | {line} | {held} | {blind:.3f} |")


def print_noise(tallies: Mapping[Cell, Tally]) -> None:
    """Flips of judges without a bias, beside their noise floor."""
    print("\n| judge | between | flips | noise floor | difference | intervals that hold 0 |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in ("fair", "noisy"):
        for term in (POSITION, *ARTIFACTS):
            flip, floor, above = (
                tallies[measured, name, term] for measured in ("flip", "noise_floor", "noise_adjusted_flip")
            )
            rates = f"{np.mean(flip.estimates):.3f} | {np.mean(floor.estimates):.3f}"
            held = f"{above.bias:+.4f} ± {above.error:.4f} | {np.mean(above.held):.3f}"
            print(f"| {name} | {term} | {rates} | {held} |")


def main() -> None:
    """Print the tables as Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--audits", type=int, default=40)
    parser.add_argument("--same-pairs", action="store_true", help="every audit has the corpus itself")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    corpus = Material.of_corpus()
    tallies = expected(corpus, JUDGES)
    accused = 0
    gc.freeze()  # statsmodels collects garbage on every call
    for index in range(options.audits):
        rng = np.random.default_rng([options.seed, index])
        material = corpus if options.same_pairs else corpus.drawn(rng)
        found = audit(material, JUDGES, int(rng.integers(1 << 31)), tallies)
        accused += any(m.judge in ("fair", "noisy") and m.reading is Reading.SENSITIVE for m in found)
    drawn = "the same pairs" if options.same_pairs else "pairs drawn anew"
    print(
        f"{options.audits} audits of {len(JUDGES)} judges on {len(corpus.pairs)} pairs, {drawn}, seed {options.seed}"
    )
    print_coverage(tallies)
    print_readings(tallies)
    print_attribution(tallies)
    print_noise(tallies)
    print(f"\nAudits that call anything of an unbiased judge sensitive, in any cell: {accused}")


if __name__ == "__main__":
    main()
