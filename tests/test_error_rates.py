"""How often is a fair judge accused, a biased one cleared, a planned audit decided? As benchmarks/error_rates.py."""

from math import sqrt
from types import ModuleType
from typing import Any

import pytest

from judgeaudit.metrics import measure
from judgeaudit.stats import Reading
from tests.benchmark_scripts import benchmark_script

ONE_REPLICATE, THREE_REPLICATES, EXACT = range(3)


@pytest.fixture(scope="module")
def simulation() -> ModuleType:
    return benchmark_script("error_rates")


def test_an_audit_of_fair_judges_calls_one_of_them_sensitive_in_at_most_5_of_100(
    simulation: ModuleType,
) -> None:
    """Without Holm's adjustment one in three would."""
    found = simulation.fair_audits(
        simulation.WORLDS["noisy"], "either way", simulation.READOUTS[THREE_REPLICATES], 30, 120, 0, ["tie_detection"]
    )  # fmt: skip
    assert found.audits == 120
    assert found.raw / found.audits > 0.2
    assert found.sensitive / found.audits <= 0.05 + 2 * sqrt(0.05 * 0.95 / found.audits)


@pytest.mark.parametrize(
    ("measured", "world", "readout", "n", "judges"),
    [("tie_detection", "noisy", EXACT, 100, 120), ("winrate_shift", "steady", ONE_REPLICATE, 100, 60)],
)
def test_a_judge_on_the_margin_is_called_robust_in_at_most_5_of_100_however_it_came_there(
    simulation: ModuleType, measured: str, world: str, readout: int, n: int, judges: int
) -> None:
    planted = {label: (way, 0.05) for label, way in simulation.WAYS.items()}
    robust = simulation.called_robust(
        simulation.WORLDS[world], planted, [{measured: n}] * judges, simulation.READOUTS[readout],
        simulation.stream(1, n, simulation.READOUTS[readout]),
    )  # fmt: skip
    by_way = {label: robust[measured, label] / judges for label in planted}
    cells = judges * len(planted)
    assert sum(by_way.values()) / len(planted) <= 0.05 + 2 * sqrt(0.05 * 0.95 / cells), by_way
    assert max(by_way.values()) <= 0.05 + 3 * sqrt(0.05 * 0.95 / judges), by_way


def test_a_clear_effect_inside_the_margin_is_robust_and_not_sensitive(simulation: ModuleType) -> None:
    readout = simulation.READOUTS[EXACT]
    moved = {"small": (simulation.WAYS["all pairs a little"], 0.03)}
    asked = dict.fromkeys(simulation.MEASURED, 300)
    table, n = simulation.audit(
        simulation.WORLDS["noisy"], dict.fromkeys(("one", "other"), moved), dict.fromkeys(("one", "other"), asked),
        readout, simulation.stream(2, 300, readout),
    )  # fmt: skip
    cells = simulation.headline(measure(table, simulation.pair_table(n), simulation.SETTINGS))
    assert len(cells) == 4
    for m in cells.values():
        assert m.p_adjusted < 0.001
        assert 2 < m.estimate < 4
        assert m.reading is Reading.ROBUST


def decided(found: dict[tuple[str, str, str], Any]) -> tuple[int, int]:
    """How many of how many cells were decided as wanted."""
    return sum(one.wanted for one in found.values()), sum(len(one.pairs) for one in found.values())


@pytest.mark.parametrize(
    ("measured", "world", "audits"), [("tie_detection", "noisy", 30), ("winrate_shift", "steady", 15)]
)
def test_twice_the_margin_is_found_in_80_of_100_audits_of_the_planned_size(
    simulation: ModuleType, measured: str, world: str, audits: int
) -> None:
    readout = simulation.READOUTS[ONE_REPLICATE]
    found = simulation.planned_effects(
        simulation.WORLDS[world], readout, audits, simulation.stream(3, 0, readout), [measured], pilots=False
    )
    wanted, cells = decided(found)
    assert cells == 3 * audits
    assert wanted / cells >= 0.8 - 2 * sqrt(0.8 * 0.2 / cells)


@pytest.mark.parametrize(
    ("measured", "world", "null", "judges"),
    [("tie_detection", "noisy", "nothing is moved", 60), ("winrate_shift", "noisy", "either way", 40)],
)
def test_a_fair_judge_is_called_robust_in_80_of_100_audits_of_the_planned_size(
    simulation: ModuleType, measured: str, world: str, null: str, judges: int
) -> None:
    readout = simulation.READOUTS[ONE_REPLICATE]
    found = simulation.planned_robustness(
        simulation.WORLDS[world], null, readout, judges, simulation.stream(4, 0, readout), [measured], pilots=False
    )  # fmt: skip
    wanted, cells = decided(found)
    assert cells == judges
    assert wanted / cells >= 0.8 - 2 * sqrt(0.8 * 0.2 / cells)
