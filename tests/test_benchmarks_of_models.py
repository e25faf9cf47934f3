"""Do the simulations behind docs/models.md run, and are their truths true? As benchmarks/variance_components.py,
ranking.py and attribution.py."""

from math import sqrt
from types import ModuleType

import numpy as np
import pytest

from judgeaudit.metrics import Settings
from tests.benchmark_scripts import benchmark_script

FAST = Settings(resamples=100)


@pytest.fixture(scope="module")
def components() -> ModuleType:
    return benchmark_script("variance_components")


@pytest.fixture(scope="module")
def rankings() -> ModuleType:
    return benchmark_script("ranking")


def test_true_components_are_what_many_pairs_of_known_probabilities_have(components: ModuleType) -> None:
    world = components.WORLDS["noisy, position biased"]
    rng = np.random.default_rng(4)
    panel = components.judges_of(world, 3, rng)
    parts = components.true_contributions(world, panel)
    many = components.panel_estimates(components.verdicts(world, panel, 20_000, 1, rng, exact=True), FAST)
    assert many.pop(components.NEEDED).estimate == pytest.approx(components.judges_needed(parts), abs=3)
    assert len(many) == 8 + 2 * 2 * 3
    for name, one in many.items():
        assert one.estimate == pytest.approx(components.true_value(parts, name), abs=0.01), name


def test_true_components_of_a_kind_are_those_of_many_of_its_judges(components: ModuleType) -> None:
    rng = np.random.default_rng(5)
    judges = components.judges_of(components.KIND, 200, rng)
    parts = components.true_contributions(components.KIND)
    many = components.panel_estimates(
        components.verdicts(components.KIND, judges, 1_000, 1, rng, exact=True), FAST
    )
    for name in parts:
        assert many[name].estimate == pytest.approx(components.true_value(parts, name), abs=0.03), name
    assert many[components.NEEDED].estimate == pytest.approx(components.judges_needed(parts), abs=1)


def test_components_of_few_judges_hold_their_truth_about_as_often_as_they_say(components: ModuleType) -> None:
    world, audits = components.WORLDS["nearly decided"], 40
    panel = components.judges_of(world, 3, np.random.default_rng(1))
    found = components.simulate(world, panel, 60, 2, audits, 200)
    for name in ("pair", "pair x judge", components.BOTH_ORDERS):
        assert len(found[name].estimates) == audits
        assert found[name].coverage > 0.95 - 3 * sqrt(0.95 * 0.05 / audits) - 0.03, name
        assert abs(found[name].bias) < 0.05, name


def test_gains_hold_their_truth_and_an_artifact_without_effect_gains_nothing(rankings: ModuleType) -> None:
    rankings.TRUTH_PAIRS, rankings.TRUTHS = 20_000, 2
    truth = rankings.true_gains(rankings.World())
    assert (
        0.4 < truth[rankings.GAIN] < 0.7
    )  # of log-odds of .7 within a pair; pairs that differ bring them nearer to 0
    assert len(truth) == 6
    audits = 30
    for held, with_interval, bias in rankings.coverage(rankings.World(), truth, 100, audits).values():
        assert with_interval == 1
        assert held > 0.95 - 3 * sqrt(0.95 * 0.05 / audits) - 0.03
        assert abs(bias) < 0.15
    noise = rankings.noise(200, 10)
    assert abs(noise[rankings.GAIN]) < 0.05
    assert 0 < noise["top_change"] < 0.5
    assert 0.7 < noise["ranking_tau"] <= 1


def test_both_intervals_of_label_steps_are_held_against_the_same_truth() -> None:
    attribution = benchmark_script("attribution")
    attribution.TRUTH_PAIRS, attribution.TRUTHS = 20_000, 1
    world = attribution.World()
    found = attribution.interval_methods(world, attribution.average_truth(world), 60, 20)
    assert {method for _, method in found} == {
        "corrected, t", "plain, normal", "delta", "delta where Fieller has one", "Fieller",
    }  # fmt: skip
    for (measured, method), held in found.items():
        assert np.mean(held) > 0.7, (measured, method)
