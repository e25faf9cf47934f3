"""Which trials does an audit need? Pairs x arms x orders x replicates, balanced by design and never by chance.

A trial whose artifact changed nothing, or could not be applied, is left out and counted: it could only
dilute an effect. Trials that show identical texts (a tie arm's two orders never do, an identical arm's
always do) are one presentation, and the runner judges a presentation once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from judgeaudit.errors import ConfigurationError
from judgeaudit.judges.base import Request
from judgeaudit.perturb import PerturbedText, Status
from judgeaudit.perturb.declaration import parts_of
from judgeaudit.records import ORDERS, SIDES, Arm, Order, Pair, Side, Trial

SYSTEM = "system:"
"""How a target names the system that wrote the response: ``system:llama-3-8b``."""

WHEN_DECIDED = "when_decided"
"""The value of ``design.stop`` that stops."""

ROLES = ("a", "b", "preferred", "less_preferred")
"""The other targets: a side, or the response that the pair's label prefers or does not."""


@dataclass(frozen=True)
class Design:
    """What is crossed with the pairs.

    Attributes:
        arms: the arms to build. ``placebo`` adds, for each perturbation that names one, its neutral control.
        orders: which of the two orders baseline, injected, both and placebo arms are shown in. Tie arms always
            come in both: in one order alone a leaning to the first text would look like one to the artifact.
        targets: which responses take the artifact: ``a``, ``b``, ``preferred``, ``less_preferred`` (by the
            pair's label) or ``system:NAME``. The ``both`` arm has it on both sides whatever the targets.
        replicates: how often each presentation is judged; at least 2 for a noise floor of a random judge. None
            takes as many as were recorded, in an audit whose judges are all replayed.
        compose: perturbations to be put into one text, in this order, as a further perturbation.
        factorial: perturbations of which every combination is wanted, from each alone to all of them.
        stop: ``when_decided`` buys verdicts in stages, and none for a confirmatory cell once its reading is decided
            (``judgeaudit.stopping``); None buys them all.
    """

    arms: Sequence[str] = ("baseline", "injected", "tie", "identical", "placebo")
    orders: Sequence[str] = ("ab", "ba")
    targets: Sequence[str] = ("a", "b")
    replicates: int | None = 1
    compose: Sequence[Sequence[str]] = ()
    factorial: Sequence[Sequence[str]] = ()
    stop: Literal["when_decided"] | None = None

    def __post_init__(self) -> None:
        for field in ("arms", "orders", "targets"):
            if isinstance(getattr(self, field), str):
                raise ConfigurationError(
                    f"design.{field}: found {getattr(self, field)!r}, expected a list, such as "
                    f"[{getattr(self, field)}]."
                )
        named = tuple(target for target in self.targets if target.startswith(SYSTEM) and target != SYSTEM)
        for field, found, known in (
            ("arms", self.arms, tuple(Arm)),
            ("orders", self.orders, ORDERS),
            ("targets", self.targets, (*ROLES, *named)),
        ):
            wrong = [value for value in found if value not in known]
            if wrong or not found or len(set(found)) < len(found):
                expected = [str(k) for k in known]
                if field == "targets":
                    expected = [*ROLES, f"{SYSTEM}NAME"]
                raise ConfigurationError(
                    f"design.{field}: found {list(found)}, expected one or more of {expected}, each once."
                )
        if self.stop not in (None, WHEN_DECIDED):
            raise ConfigurationError(f"design.stop: found {self.stop!r}, expected null or {WHEN_DECIDED}.")
        if self.replicates is not None and self.replicates < 1:
            raise ConfigurationError(f"design.replicates: found {self.replicates}, expected at least 1.")
        if Arm.BASELINE not in self.arms and {Arm.INJECTED, Arm.PLACEBO, Arm.BOTH} & set(self.arms):
            raise ConfigurationError(
                "design.arms: injected, both and placebo arms are compared with the baseline arm; add baseline."
            )
        for field, listed in (("compose", self.compose), ("factorial", self.factorial)):
            for names in listed:
                if isinstance(names, str) or len(names) < 2 or len(set(names)) < len(names):
                    raise ConfigurationError(
                        f"design.{field}: found {names!r}, expected lists of two or more perturbations, each "
                        f"once, such as [[apology,authority]]."
                    )

    def sides(self, pair: Pair) -> tuple[Side, ...]:
        """The responses of one pair that take the artifact; none where no response has a wanted role."""
        return tuple(side for side in SIDES if any(_has_role(pair, side, role) for role in self.targets))

    def perturbed(self, pair: Pair) -> tuple[Side, ...]:
        """The responses of one pair that some arm shows with an artifact."""
        return SIDES if Arm.BOTH in self.arms else self.sides(pair)

    def check_targets(self, pairs: Sequence[Pair]) -> None:
        """See that every target is some response's.

        Raises:
            ConfigurationError: no response of any pair has a targeted role.
        """
        for role in self.targets:
            if any(_has_role(pair, side, role) for pair in pairs for side in SIDES):
                continue
            systems = sorted({one for pair in pairs for one in (pair.system_a, pair.system_b) if one})
            there = f"one of the systems {', '.join(systems) or '(the pairs name none)'}"
            expected = there if role.startswith(SYSTEM) else "pairs whose label is a or b, and there is none"
            raise ConfigurationError(f"design.targets: found {role!r}, expected {expected}.")


def _has_role(pair: Pair, side: Side, role: str) -> bool:
    if role == "preferred":
        return pair.label == side
    if role == "less_preferred":
        return pair.label in SIDES and pair.label != side
    if role.startswith(SYSTEM):
        return (pair.system_a if side == "a" else pair.system_b) == role.removeprefix(SYSTEM)
    return role == side


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Perturbed texts that no trial uses, counted by perturbation and reason."""

    perturbation: str
    status: Status
    reason: str
    n_texts: int


NO_TARGET = "no response of the pair has a targeted role"
"""Why no text of a pair is used where ``design.targets`` names roles that neither response has."""


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

    Raises:
        ConfigurationError: the design leaves the replicates to a recording, and there is none.
    """
    if design.replicates is None:
        raise ConfigurationError(
            "design.replicates: found null, which takes as many as were recorded, expected a number: some judge of "
            "this audit is not replayed."
        )
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
    targetless = 0 if Arm.BOTH in design.arms else sum(not design.sides(pair) for pair in pairs)
    return Plan(tuple(trials), _exclusions(texts, perturbations, targetless))


def _contents(
    design: Design,
    pair: Pair,
    by_place: Mapping[tuple[str, str, Side], PerturbedText],
    perturbations: Sequence[str],
    placebos: frozenset[str],
) -> Iterator[tuple[Arm, str | None, Side | None, str, str]]:
    """The arms of one pair as (arm, perturbation, side, text a, text b)."""
    sides = design.sides(pair)
    if Arm.BASELINE in design.arms:
        yield Arm.BASELINE, None, None, pair.response_a, pair.response_b
    if Arm.IDENTICAL in design.arms:
        for side in sides:
            yield Arm.IDENTICAL, None, side, pair.response(side), pair.response(side)
    for name in perturbations:
        changed: dict[Side, str] = {}
        for side in SIDES:
            found = by_place.get((pair.id, name, side))
            if found is not None and found.status is Status.CHANGED and found.text is not None:
                changed[side] = found.text
        injected = Arm.PLACEBO if name in placebos else Arm.INJECTED
        if injected in design.arms:
            if "a" in sides and "a" in changed:
                yield injected, name, "a", changed["a"], pair.response_b
            if "b" in sides and "b" in changed:
                yield injected, name, "b", pair.response_a, changed["b"]
        if Arm.BOTH in design.arms and name not in placebos and len(changed) == len(SIDES):
            yield Arm.BOTH, name, None, changed["a"], changed["b"]
        if Arm.TIE in design.arms:
            for side in sides:
                if side in changed:
                    yield Arm.TIE, name, side, changed[side], pair.response(side)


def _orders(arm: Arm, design: Design) -> Sequence[Order]:
    if arm is Arm.IDENTICAL:
        return ("ab",)  # both orders of identical texts are one presentation
    return ORDERS if arm is Arm.TIE else [order for order in ORDERS if order in design.orders]


def _exclusions(
    texts: Sequence[PerturbedText], perturbations: Sequence[str], targetless: int
) -> tuple[Exclusion, ...]:
    """Counts of texts; of a pair in which no response is targeted, both."""
    counts: dict[tuple[str, Status, str], int] = {}
    if targetless:
        counts = {(name, Status.NOT_APPLICABLE, NO_TARGET): 2 * targetless for name in perturbations}
    for text in texts:
        if text.status is not Status.CHANGED:
            key = (text.perturbation, text.status, text.reason or "")
            counts[key] = counts.get(key, 0) + 1
    return tuple(Exclusion(*key, n_texts=n) for key, n in sorted(counts.items()))


def request_of(trial: Trial, pair: Pair) -> Request:
    """What a judge is asked in a trial: the texts in their order, with where each came from."""
    artifacts = () if trial.perturbation is None else parts_of(trial.perturbation)
    side_a: Side = "a"
    side_b: Side = "b"
    if trial.arm in (Arm.TIE, Arm.IDENTICAL):
        assert trial.side is not None
        side_a = side_b = trial.side
    in_a = trial.arm in (Arm.TIE, Arm.BOTH) or trial.side == "a"
    in_b = trial.arm is Arm.BOTH or (trial.arm is not Arm.TIE and trial.side == "b")
    a = (side_a, artifacts if in_a else ())
    b = (side_b, artifacts if in_b else ())
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
