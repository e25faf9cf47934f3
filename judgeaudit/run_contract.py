"""What must the files of a run's folder hold, so that they can be read? Shapes, and one check for all of them.

A folder may be damaged, edited, or written by another version; what does not fit is named by its place.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Literal, TypedDict, Union, get_args, get_origin, get_type_hints, is_typeddict

from judgeaudit.corpora.corpus import shown
from judgeaudit.design import Design
from judgeaudit.juries import FailurePolicy, Rule, TiePolicy
from judgeaudit.metrics import Measure, Settings
from judgeaudit.perturb import Status
from judgeaudit.perturb.validity import Checks
from judgeaudit.planted_truth import Truth
from judgeaudit.records import ORDERS, SIDES, Arm, LabelSource, Outcome
from judgeaudit.stats import Reading

TRIAL_COLUMNS = ("pair_id", "arm", "perturbation", "side", "order", "replicate")
"""What names a trial among the rows of one judge."""

COLUMNS = {
    "pairs": (
        "pair_id", "prompt", "response_a", "response_b", "label", "label_source", "votes", "length_a", "length_b",
        "system_a", "system_b", "language", "refuses_a", "refuses_b", "ratings_a", "ratings_b",
    ),
    "texts": (
        "pair_id", "perturbation", "side", "status", "text", "reason", "writer",
        *(field.name for field in fields(Checks)),
    ),
    "verdicts": (
        *TRIAL_COLUMNS, "outcome", "p_first", "p_second", "p_tie", "score_first", "score_second",
        "error", "judge", "is_jury", "exact", "key",
        "failed_jurors",
    ),
}  # fmt: skip
"""The columns of each table that reports and checks read."""

VOCABULARY: Mapping[str, tuple[str, ...]] = {
    "outcome": tuple(Outcome),
    "arm": tuple(Arm),
    "order": ORDERS,
    "side": SIDES,
    "status": tuple(Status),
    "label": (*SIDES, "tie"),
    "label_source": tuple(LabelSource),
}
"""The words that may stand in a column; ``side`` and ``label`` may also be missing."""

MAY_BE_MISSING = ("side", "label")


class NoticeEntry(TypedDict):
    """Something worth knowing about the pairs."""

    kind: str
    text: str


class CorpusEntry(TypedDict):
    """The pairs under audit."""

    name: str
    sha256: str | None
    n_pairs: int
    pairs_digest: str
    label_sources: list[LabelSource]
    skipped: list[str]
    notices: list[NoticeEntry]
    left_out: dict[str, int]


class PerturbationEntry(TypedDict):
    """A perturbation, or a neutral control."""

    description: str
    family: str
    source: str
    place: str
    base: str
    dose: float | None
    dose_unit: str | None
    keeps: list[str]
    is_placebo: bool
    placebo: str | None
    by_model: bool
    digest: str


class WriterEntry(TypedDict):
    """The model that rewrote texts."""

    name: str
    models: list[str]
    judges_of_its_family: list[str]


class ExclusionEntry(TypedDict):
    """Perturbed texts that no trial uses."""

    perturbation: str
    status: str
    reason: str
    n_texts: int


class WordingEntry(TypedDict):
    """Whose verdicts these are, and by which of several prompts it was asked."""

    judge: str
    prompt: str


class JudgeEntry(TypedDict):
    """A judge of the audit."""

    description: str
    is_control: bool
    exact_probabilities: bool
    identity: dict[str, Any]
    digest: str
    n_keys: int
    is_pointwise: bool
    cuts: list[float] | None
    wording: WordingEntry | None


class RecordingEntry(TypedDict):
    """Where replayed judges come from, and what of it the audit does not use."""

    source: str
    sha256: str | None
    judges: list[str]
    others: list[str]
    skipped: list[str]
    notices: list[NoticeEntry]
    n_elsewhere: int
    n_pairs_elsewhere: int
    losses: list[str]
    unused: dict[str, int]


class DecisionEntry(TypedDict):
    """A confirmatory cell of an audit that stops: after which stage, from 1, it was decided, and what it then says."""

    measure: str
    judge: str
    perturbation: str | None
    stage: int | None
    reading: Reading
    n_pairs: int


class StoppingEntry(TypedDict):
    """How verdicts were bought in stages: how many pairs there are up to the end of each, and what was decided."""

    stage_ends: list[int]
    cells: list[DecisionEntry]


class JuryEntry(TypedDict):
    """A jury that sat: its panel, and the declaration by which it deliberated."""

    members: list[str]
    rule: Rule
    ties: TiePolicy
    failures: FailurePolicy
    weights: dict[str, float]


class Manifest(TypedDict):
    """manifest.json, as far as reports and checks read it."""

    description: str
    seed: int
    versions: dict[str, str]
    corpus: CorpusEntry
    perturbations: dict[str, PerturbationEntry]
    exclusions: list[ExclusionEntry]
    writer: WriterEntry | None
    design: Design
    n_trials: int
    analysis: Settings
    judges: dict[str, JudgeEntry]
    juries: dict[str, JuryEntry]
    juries_not_seated: list[str]
    recording: RecordingEntry | None
    stopping: StoppingEntry | None


class Metrics(TypedDict):
    """metrics.json."""

    measures: list[Measure]
    truth: list[Truth]


class PlantedIdentity(TypedDict):
    """The identity of a planted judge, from which it can be made again."""

    quality: float
    position: float
    length: float
    artifacts: dict[str, float]
    tie: float
    noise: float
    seed: int
    reveal: bool


def misfit(value: object, kind: Any, place: str = "") -> str | None:
    """Where and how a value read from JSON is not of a kind; None where it fits.

    Args:
        value: plain data.
        kind: a type, a union, a ``Literal``, an enum, ``list`` or ``dict`` of kinds, a TypedDict (which may have
            further fields) or a dataclass (which may not).
        place: the value's own, as in ``measures[3].estimate``.
    """
    if kind is Any:
        return None
    if is_typeddict(kind) or is_dataclass(kind):
        return _misfit_of_fields(value, kind, place)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        kinds = get_args(kind)
        if any(misfit(value, one, place) is None for one in kinds):
            return None
        return _said(place, value, " or ".join(_word(one) for one in kinds))
    if origin is Literal:
        return None if value in get_args(kind) else _said(place, value, _word(kind))
    if origin in (list, Sequence):
        if not isinstance(value, list):
            return _said(place, value, "a list")
        (item,) = get_args(kind)
        found = (misfit(one, item, f"{place}[{index}]") for index, one in enumerate(value))
    elif origin is dict:
        if not isinstance(value, dict):
            return _said(place, value, "an object")
        found = (misfit(one, get_args(kind)[1], _below(place, name)) for name, one in value.items())
    else:
        return None if _is_plain(value, kind) else _said(place, value, _word(kind))
    return next((one for one in found if one is not None), None)


def _misfit_of_fields(value: object, kind: Any, place: str) -> str | None:
    if not isinstance(value, dict):
        return _said(place, value, "an object")
    hints = _hints(kind)
    where = f"{place}: " if place else ""
    for name in hints:
        if name not in value:
            return f"{where}found no field {name!r} (the fields are {shown(list(value))}), expected one"
    if is_dataclass(kind) and (unknown := [name for name in value if name not in hints]):
        return f"{where}found an unknown field {shown(unknown[0])}, expected only {', '.join(hints)}"
    found = (misfit(value[name], hint, _below(place, name)) for name, hint in hints.items())
    return next((one for one in found if one is not None), None)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _is_plain(value: object, kind: Any) -> bool:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return value in [one.value for one in kind]
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def _word(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return f"one of {', '.join(str(one) for one in get_args(kind))}"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f"one of {', '.join(str(one.value) for one in kind)}"
    words = {
        str: "text",
        int: "a whole number",
        float: "a number",
        bool: "true or false",
        types.NoneType: "null",
    }
    return words[kind]


def _said(place: str, value: object, expected: str) -> str:
    return f"{place}: found {shown(value)}, expected {expected}".removeprefix(": ")


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
