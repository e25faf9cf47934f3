"""What should an audit of a planted judge find? The expected value of its measures on the trials themselves.

Computed from the judge's exact probabilities, trial by trial, by the definitions of the measures and without
``judgeaudit.metrics``: a report can so be held against a truth that its own code did not produce.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from judgeaudit.design import request_of
from judgeaudit.judges.planted import PlantedJudge
from judgeaudit.records import Arm, Pair, Side, Trial


@dataclass(frozen=True, slots=True)
class Truth:
    """The exact expectation of one measure of one planted judge.

    ``unit`` is ``points`` (-100..100) or ``proportion``; ``perturbation`` is ``position`` for the two orders.
    """

    judge: str
    measure: str
    perturbation: str
    unit: str
    value: float


@dataclass(frozen=True, slots=True)
class _Content:
    """A distribution in terms of content: text a, text b, tie."""

    a: float
    b: float
    tie: float

    def lead(self, side: Side) -> float:
        """p(side) - p(other)."""
        return self.a - self.b if side == "a" else self.b - self.a

    def winrate(self, side: Side) -> float:
        """1 for a win, 1/2 for a tie."""
        return (self.a if side == "a" else self.b) + self.tie / 2

    def differs(self, other: _Content) -> float:
        """The probability that independent verdicts from the two distributions differ."""
        return 1 - self.a * other.a - self.b * other.b - self.tie * other.tie


def expected_measures(
    judge: PlantedJudge, trials: Sequence[Trial], pairs: Mapping[str, Pair]
) -> tuple[Truth, ...]:
    """The expected tie detection, winrate shift, flip and noise floor of every perturbation in the trials."""
    places: dict[tuple[str, Arm, str | None, Side | None, str], _Content] = {}
    for trial in trials:
        if trial.replicate == 0:
            p = judge.probabilities(request_of(trial, pairs[trial.pair_id]))
            a, b = (p.first, p.second) if trial.order == "ab" else (p.second, p.first)
            place = (trial.pair_id, trial.arm, trial.perturbation, trial.side, trial.order)
            places[place] = _Content(a, b, p.tie)
    truths: list[Truth] = []

    def add(measure: str, perturbation: str, unit: str, by_pair: Mapping[str, Sequence[float]]) -> None:
        if by_pair:
            mean = fmean(fmean(values) for values in by_pair.values())
            value = 100 * mean if unit == "points" else mean
            truths.append(Truth(judge.name, measure, perturbation, unit, value))

    names = dict.fromkeys(trial.perturbation for trial in trials if trial.perturbation is not None)
    for name in names:
        leads = _by_pair(
            (pair_id, content.lead("a"))
            for (pair_id, arm, perturbation, _, _), content in places.items()
            if arm is Arm.TIE and perturbation == name
        )
        add("tie_detection", name, "points", leads)
        shifts, flips, floors = [], [], []
        for (pair_id, arm, perturbation, side, order), content in places.items():
            if perturbation != name or arm not in (Arm.INJECTED, Arm.PLACEBO) or side is None:
                continue
            baseline = places[pair_id, Arm.BASELINE, None, None, order]
            shifts.append((pair_id, content.winrate(side) - baseline.winrate(side)))
            flips.append((pair_id, baseline.differs(content)))
            floors.append((pair_id, baseline.differs(baseline)))
        add("winrate_shift", name, "points", _by_pair(shifts))
        add("flip", name, "proportion", _by_pair(flips))
        add("noise_floor", name, "proportion", _by_pair(floors))
        both = [
            (pair_id, places[pair_id, Arm.BASELINE, None, None, order].differs(content))
            for (pair_id, arm, perturbation, _, order), content in places.items()
            if arm is Arm.BOTH and perturbation == name
        ]
        add("flip_both", name, "proportion", _by_pair(both))
    identical = _by_pair((key[0], c.lead("a")) for key, c in places.items() if key[1] is Arm.IDENTICAL)
    add("tie_detection", "position", "points", identical)
    orders = []
    for (pair_id, arm, _, _, order), content in places.items():
        if arm is Arm.BASELINE:
            first: Side = "a" if order == "ab" else "b"
            orders.append((pair_id, content.lead(first)))
    add("winrate_shift", "position", "points", _by_pair(orders))
    return tuple(truths)


def _by_pair(values: Iterable[tuple[str, float]]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for pair_id, value in values:
        found.setdefault(pair_id, []).append(value)
    return found
