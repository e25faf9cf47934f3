"""Which trials does an audit need? Pairs x arms x orders x replicates, balanced by design and never by chance.

A trial whose artifact changed nothing, or could not be applied, is left out and counted: it could only
dilute an effect. Trials that show identical texts (a tie arm's two orders never do, an identical arm's
always do) are one presentation, and the runner judges a presentation once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from judgeaudit.errors import ConfigurationError
from judgeaudit.judges.base import Request
from judgeaudit.perturb import PerturbedText, Status
from judgeaudit.records import ORDERS, SIDES, Arm, Order, Pair, Side, Trial


@dataclass(frozen=True)
class Design:
    """What is crossed with the pairs.

    Attributes:
        arms: the arms to build. ``placebo`` adds, for each perturbation that names one, its neutral control.
        orders: which of the two orders baseline, injected and placebo arms are shown in. Tie arms always
            come in both: in one order alone a leaning to the first text would look like one to the artifact.
        sides: which responses take the artifact.
        replicates: how often each presentation is judged; at least 2 for a noise floor of a random judge.
    """

    arms: Sequence[str] = ("baseline", "injected", "tie", "identical", "placebo")
    orders: Sequence[str] = ("ab", "ba")
    sides: Sequence[str] = ("a", "b")
    replicates: int = 1

    def __post_init__(self) -> None:
        for field, found, known in (
            ("arms", self.arms, tuple(Arm)),
            ("orders", self.orders, ORDERS),
            ("sides", self.sides, SIDES),
        ):
            wrong = [value for value in found if value not in known]
            if wrong or not found or len(set(found)) < len(found):
                raise ConfigurationError(
                    f"design.{field}: found {list(found)}, expected one or more of {[str(k) for k in known]}, "
                    f"each once."
                )
        if self.replicates < 1:
            raise ConfigurationError(f"design.replicates: found {self.replicates}, expected at least 1.")
        if Arm.BASELINE not in self.arms and {Arm.INJECTED, Arm.PLACEBO} & set(self.arms):
            raise ConfigurationError(
                "design.arms: injected and placebo arms are compared with the baseline arm; add baseline."
            )


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Perturbed texts that no trial uses, counted by perturbation and reason."""

    perturbation: str
    status: Status
    reason: str
    n_texts: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The trials of an audit, in a fixed order, and what was left out of them."""

    trials: tuple[Trial, ...]
    exclusions: tuple[Exclusion, ...]


def plan(
    design: Design,
    pairs: Sequence[Pair],
    texts: Sequence[PerturbedText],
    perturbations: Sequence[str],
    placebos: frozenset[str],
) -> Plan:
    """Build every trial.

    Args:
        design: what is crossed.
        pairs: the pairs under audit.
        texts: every perturbed text, of both sides.
        perturbations: names of the perturbations, placebos among them, in report order.
        placebos: those of the names that stand as another's neutral control.
    """
    by_place = {(text.pair_id, text.perturbation, text.side): text for text in texts}
    trials: list[Trial] = []
    for pair in pairs:
        for arm, name, side, text_a, text_b in _contents(design, pair, by_place, perturbations, placebos):
            for order in _orders(arm, design):
                first, second = (text_a, text_b) if order == "ab" else (text_b, text_a)
                trials.extend(
                    Trial(pair.id, arm, name, side, order, replicate, first, second)
                    for replicate in range(design.replicates)
                )
    return Plan(tuple(trials), _exclusions(texts))


def _contents(
    design: Design,
    pair: Pair,
    by_place: Mapping[tuple[str, str, Side], PerturbedText],
    perturbations: Sequence[str],
    placebos: frozenset[str],
) -> Iterator[tuple[Arm, str | None, Side | None, str, str]]:
    """The arms of one pair as (arm, perturbation, side, text a, text b)."""
    sides = [side for side in SIDES if side in design.sides]
    if Arm.BASELINE in design.arms:
        yield Arm.BASELINE, None, None, pair.response_a, pair.response_b
    if Arm.IDENTICAL in design.arms:
        for side in sides:
            yield Arm.IDENTICAL, None, side, pair.response(side), pair.response(side)
    for name in perturbations:
        changed: dict[Side, str] = {}
        for side in SIDES:
            found = by_place.get((pair.id, name, side))
            if found is not None and found.text is not None:
                changed[side] = found.text
        injected = Arm.PLACEBO if name in placebos else Arm.INJECTED
        if injected in design.arms:
            if "a" in sides and "a" in changed:
                yield injected, name, "a", changed["a"], pair.response_b
            if "b" in sides and "b" in changed:
                yield injected, name, "b", pair.response_a, changed["b"]
        if Arm.TIE in design.arms:
            for side in sides:
                if side in changed:
                    yield Arm.TIE, name, side, changed[side], pair.response(side)


def _orders(arm: Arm, design: Design) -> Sequence[Order]:
    if arm is Arm.IDENTICAL:
        return ("ab",)  # both orders of identical texts are one presentation
    return ORDERS if arm is Arm.TIE else [order for order in ORDERS if order in design.orders]


def _exclusions(texts: Sequence[PerturbedText]) -> tuple[Exclusion, ...]:
    counts: dict[tuple[str, Status, str], int] = {}
    for text in texts:
        if text.status is not Status.CHANGED:
            key = (text.perturbation, text.status, text.reason or "")
            counts[key] = counts.get(key, 0) + 1
    return tuple(Exclusion(*key, n_texts=n) for key, n in sorted(counts.items()))


def request_of(trial: Trial, pair: Pair) -> Request:
    """What a judge is asked in a trial: the texts in their order, with where each came from."""
    artifact = (trial.perturbation,) if trial.perturbation is not None else ()
    side_a: Side = "a"
    side_b: Side = "b"
    if trial.arm in (Arm.TIE, Arm.IDENTICAL):
        assert trial.side is not None
        side_a = side_b = trial.side
    in_a = trial.arm is Arm.TIE or trial.side == "a"
    a = (side_a, artifact if in_a else ())
    b = (side_b, () if in_a else artifact)
    (first_side, first_artifacts), (second_side, second_artifacts) = (a, b) if trial.order == "ab" else (b, a)
    return Request(
        pair,
        trial.first,
        trial.second,
        trial.replicate,
        first_side=first_side,
        second_side=second_side,
        first_artifacts=first_artifacts,
        second_artifacts=second_artifacts,
    )
