"""The vocabulary of an audit as types: what is judged (Pair), how it is shown (Trial), what came back (Verdict).

Every other module speaks these words and no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Side = Literal["a", "b"]
"""Which of a pair's two responses."""

Order = Literal["ab", "ba"]
"""Which text is shown first."""

Preference = Literal["a", "b", "tie"]
"""A preference in terms of content, as in votes and labels."""

SIDES: tuple[Side, Side] = ("a", "b")
ORDERS: tuple[Order, Order] = ("ab", "ba")
PREFERENCES: tuple[Preference, Preference, Preference] = ("a", "b", "tie")


POSITION = "position"
"""The perturbation that changes nothing but which text is shown first; no other may have its name."""

REFERENCES = ("baseline:", "human:", "panel:")
"""What the names of what stands beside the judges begin with; no judge's name does."""


class LabelSource(StrEnum):
    """Where a pair's label comes from. A constructed label is never called human."""

    SIDE_BY_SIDE_VOTES = "side_by_side_votes"
    DERIVED_FROM_RATINGS = "derived_from_ratings"
    GOLD = "gold"
    CONSTRUCTED = "constructed"
    NONE = "none"


class Outcome(StrEnum):
    """What a judge said of a trial, in presentation terms.

    Refused, unparsed and error are failures, never scores. Missing is neither: nobody recorded what the judge
    said, and nobody asks it again.
    """

    FIRST = "first"
    SECOND = "second"
    TIE = "tie"
    REFUSED = "refused"
    UNPARSED = "unparsed"
    ERROR = "error"
    MISSING = "missing"

    @property
    def is_failure(self) -> bool:
        """Whether the judge was asked and gave no verdict."""
        return self in (Outcome.REFUSED, Outcome.UNPARSED, Outcome.ERROR)


class Arm(StrEnum):
    """How the two texts of a trial are built from a pair."""

    BASELINE = "baseline"
    """The two responses as they are."""
    INJECTED = "injected"
    """The artifact on one side (the trial's ``side``), the other side as it is."""
    BOTH = "both"
    """The artifact on both sides; ``side`` is None."""
    TIE = "tie"
    """A response (the trial's ``side``) against its own perturbed copy: text a is the copy, text b the original."""
    IDENTICAL = "identical"
    """A response (the trial's ``side``) against itself."""
    PLACEBO = "placebo"
    """As ``injected``, with the neutral edit that a perturbation names as its placebo."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the conversation that both responses answer."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Rating:
    """What one person, or a gold standard, said of one response alone; higher is better or safer.

    A label of two values is 1 for safe and 0 for unsafe. ``annotator`` tells raters of one corpus apart.
    """

    annotator: str
    side: Side
    score: float


@dataclass(frozen=True, slots=True)
class Pair:
    """A prompt with two responses.

    ``turns`` is the conversation up to the responses; a single-turn prompt is one user turn.
    ``votes`` are individual human verdicts; ``label`` is their majority or a gold or constructed label.
    ``ratings`` are human verdicts on one response alone.
    """

    id: str
    turns: tuple[Turn, ...]
    response_a: str
    response_b: str
    domain: str | None = None
    language: str | None = None
    system_a: str | None = None
    system_b: str | None = None
    votes: tuple[Preference, ...] = ()
    label: Preference | None = None
    label_source: LabelSource = LabelSource.NONE
    ratings: tuple[Rating, ...] = ()

    @property
    def prompt(self) -> str:
        """The last user turn: what the two responses answer."""
        return self.turns[-1].text

    def response(self, side: Side) -> str:
        """The response of one side."""
        return self.response_a if side == "a" else self.response_b


@dataclass(frozen=True, slots=True)
class Trial:
    """A pair in one arm, order and replicate: one question that an audit puts to every judge.

    ``side`` says which response carries the artifact (injected, placebo), is copied (tie) or doubled
    (identical); it is None where the arm has no such side. ``first`` and ``second`` are the texts in
    the order in which they are shown.
    """

    pair_id: str
    arm: Arm
    perturbation: str | None
    side: Side | None
    order: Order
    replicate: int
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge said of a trial.

    ``p_first``, ``p_second``, ``p_tie`` are the judge's own label probabilities at its own temperature
    (they sum to 1), or all None. ``score_first`` and ``score_second`` are what a pointwise judge gave each
    text alone, higher for better or safer; None for a judge that compares. ``raw`` is the reply as it came,
    kept beside what the parser made of it. ``error`` says why a verdict is an error, free of keys and tokens.
    """

    outcome: Outcome
    p_first: float | None = None
    p_second: float | None = None
    p_tie: float | None = None
    score_first: float | None = None
    score_second: float | None = None
    raw: str | None = None
    error: str | None = None
    model: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost_usd: float | None = None
    latency_s: float | None = None


NOT_RECORDED = "[text not recorded]"
"""What stands where a text would be that nobody kept."""


@dataclass(frozen=True, slots=True)
class RecordedVerdict:
    """One judge's verdict on one trial, in presentation terms.

    ``arm``, ``perturbation``, ``side``, ``order`` and ``replicate`` are those of ``records.Trial``: in a tie arm
    text a is the perturbed copy of the response ``side`` and text b its original. ``p_first``, ``p_second`` and
    ``p_tie`` sum to 1, or are all None.
    """

    pair_id: str
    judge: str
    outcome: Outcome
    order: Order
    arm: Arm = Arm.BASELINE
    perturbation: str | None = None
    side: Side | None = None
    replicate: int = 0
    p_first: float | None = None
    p_second: float | None = None
    p_tie: float | None = None
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class RecordedRating:
    """One judge's rating of one response alone, higher for better or safer.

    ``perturbation`` is the artifact that the response carries, None for the response as it is. ``score`` is None
    where the judge gave none, and ``failure`` then says how it failed.
    """

    pair_id: str
    judge: str
    side: Side
    score: float | None
    perturbation: str | None = None
    replicate: int = 0
    failure: Outcome | None = None
    raw: str | None = None
