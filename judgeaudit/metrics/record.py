"""What does an estimate look like, and what was declared before it was made? Measure and Settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Literal

from judgeaudit.errors import ConfigurationError
from judgeaudit.records import POSITION as POSITION
from judgeaudit.records import Side
from judgeaudit.stats import Reading, thresholds

Unit = Literal["points", "proportion", "coefficient", "ratio", "count"]
"""``points`` run from -100 to 100 (a spread from 0), ``proportion`` from 0 to 1 (a difference from -1), a ``ratio``
from 0 without end, 1 being no effect; a ``count`` is a whole number."""

ALL = "all"
"""The slice of all pairs."""

TESTED = (
    "tie_detection", "winrate_shift", "shift_above_placebo", "noise_adjusted_flip", "noise_adjusted_flip_both",
    "noise_adjusted_flip_wording", "accuracy_shift",
    "main_effect", "interaction", "false_negative_shift", "false_positive_shift", "false_negative_above_placebo",
    "false_positive_above_placebo",
)  # fmt: skip
"""Measures with a null hypothesis of 0: they are tested and get a reading."""

TESTED_WITHOUT_MARGIN = ("dose_slope",)
"""Means over pairs with a null hypothesis of 0 whose unit has no margin: they are tested and get no reading."""


UNPARSED = ("excluded", "tie", "category", "consistent")
TIE_VERDICTS = ("half", "dropped")
ATTRIBUTIONS = ("gee", "mixed", "off")
ANNOTATOR = "annotator:"
"""How a truth names one annotator: ``annotator:2``."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How an audit's verdicts are analysed; declared before the run.

    Attributes:
        margin_points: an effect within this many points is robust, beyond it sensitive. For a proportion the
            margin is a hundredth of it.
        alpha: error rate of the adjusted tests, and of each one-sided equivalence test.
        ci_level: level of the intervals.
        resamples: bootstrap resamples for coefficients.
        seed: seed of the resamples.
        slices: columns of the pairs by which the headline measures are also reported; ``length`` is the quartile of
            the pairs' mean length.
        confirmatory: measures whose cells (all pairs, both sides) form the family that Holm adjusts; every
            other tested cell is exploratory, and so are those of control judges and of neutral controls.
        unparsed: what a reply without a readable verdict counts as: ``excluded`` (no value), ``tie``, or
            ``category`` (an answer of its own: wrong against every label, the same as another such reply). Or
            ``consistent``: no value, but a verdict whose counterpart in the other order cannot be read counts as
            consistent in ``position_consistency``, where verdicts then weigh the same.
        truth: what agreement is measured against: ``label`` (the pair's), ``majority`` (of the votes), or
            ``annotator:K`` (the K-th vote from 1). Of ratings of one response: ``label`` and ``majority`` are the
            annotators' majority, ``annotator:NAME`` is one of them.
        tie_verdicts: what a verdict of tie on a decisive label is worth in ``accuracy_decisive``: ``half``, or
            ``dropped`` (left out).
        rating_cuts: where human ratings of one response fall into classes; the lowest class is unsafe.
        annotator_epsilon: by how much worse than an annotator a judge may be in the alternative annotator test.
        attribution: the model of all verdicts at once: ``gee`` (coefficients of the population of pairs), ``mixed``
            (within pairs, by a random preference of each) or ``off``.

    Raises:
        ConfigurationError: a value is outside its range.
    """

    margin_points: float = thresholds.MARGIN_POINTS
    alpha: float = thresholds.ALPHA
    ci_level: float = thresholds.CI_LEVEL
    resamples: int = thresholds.RESAMPLES
    seed: int = 0
    slices: Sequence[str] = ("domain", "language", "label", "length")
    confirmatory: Sequence[str] = ("tie_detection", "winrate_shift")
    unparsed: Literal["excluded", "tie", "category", "consistent"] = "excluded"
    truth: str = "label"
    tie_verdicts: Literal["half", "dropped"] = "half"
    rating_cuts: Sequence[float] = (0.5,)
    annotator_epsilon: float = thresholds.ANNOTATOR_EPSILON
    attribution: Literal["gee", "mixed", "off"] = "gee"

    def __post_init__(self) -> None:
        # Hydra passes its own list type; tuples hash, compare and serialise.
        object.__setattr__(self, "slices", tuple(self.slices))
        object.__setattr__(self, "confirmatory", tuple(self.confirmatory))
        object.__setattr__(self, "rating_cuts", tuple(self.rating_cuts))
        for name, holds, expected in (
            ("margin_points", 0 < self.margin_points < 100, "more than 0 and less than 100"),
            ("alpha", 0 < self.alpha < 0.5, "more than 0 and less than 0.5"),
            ("ci_level", 0 < self.ci_level < 1, "more than 0 and less than 1"),
            ("resamples", self.resamples >= 100, "at least 100"),
            ("seed", self.seed >= 0, "0 or more"),
            ("unparsed", self.unparsed in UNPARSED, f"one of {list(UNPARSED)}"),
            ("truth", _names_a_truth(self.truth), "label, majority or annotator:NAME"),
            ("tie_verdicts", self.tie_verdicts in TIE_VERDICTS, f"one of {list(TIE_VERDICTS)}"),
            ("rating_cuts", _ascending(self.rating_cuts), "one or more numbers, ascending"),
            ("annotator_epsilon", 0 <= self.annotator_epsilon < 1, "0 or more and less than 1"),
            ("attribution", self.attribution in ATTRIBUTIONS, f"one of {list(ATTRIBUTIONS)}"),
            ("confirmatory", set(self.confirmatory) <= set(TESTED), f"some of {list(TESTED)}"),
        ):
            if not holds:
                raise ConfigurationError(
                    f"analysis.{name}: found {getattr(self, name)!r}, expected {expected}."
                )


def _names_a_truth(truth: str) -> bool:
    return truth in ("label", "majority") or (truth.startswith(ANNOTATOR) and truth != ANNOTATOR)


def _ascending(cuts: Sequence[float]) -> bool:
    return len(cuts) > 0 and all(low < high for low, high in pairwise(cuts))


@dataclass(frozen=True, slots=True)
class Measure:
    """One estimate. A field without a value is None, never 0 or NaN.

    Attributes:
        measure: the quantity's name, e.g. ``tie_detection``; docs/statistics.md defines each.
        judge: a judge's or jury's name, or ``baseline:...`` and ``human:...`` for what stands beside them.
        perturbation: None where none; ``position`` for the order of presentation.
        side: the side that carries the artifact; None for both.
        slice: ``all``, or a column's value such as ``domain=self-harm``.
        unit: of estimate, interval and margin.
        n_pairs, n_verdicts: how many enter the estimate.
        ci_low, ci_high, ci_level, ci_method: the interval.
        p, p_adjusted: of a two-sided test of 0, and after the adjustment of its family.
        n_above, n_below: pairs whose value is above and below 0: what a test of a mean over pairs rests on.
        margin: what the reading is held against.
        reading: ``sensitive``, ``robust`` or ``inconclusive``.
        pairs_needed: how many pairs would decide an inconclusive cell; None where no number of pairs would.
        case_low, case_high: the least and the most that the estimate would be, whatever the failed verdicts had
            said, over all pairs that were asked; None where none failed.
        caution: why the interval may not hold its level, or the estimate may not hold; None where neither is known.
    """

    measure: str
    judge: str
    perturbation: str | None
    side: Side | None
    slice: str
    unit: Unit
    n_pairs: int
    n_verdicts: int
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    ci_level: float | None = None
    ci_method: str | None = None
    p: float | None = None
    p_adjusted: float | None = None
    n_above: int | None = None
    n_below: int | None = None
    margin: float | None = None
    reading: Reading | None = None
    pairs_needed: int | None = None
    case_low: float | None = None
    case_high: float | None = None
    caution: str | None = None

    def __post_init__(self) -> None:
        if self.reading is not None:  # plain text when read back from JSON
            object.__setattr__(self, "reading", Reading(self.reading))

    def to_dict(self) -> dict[str, str | int | float | None]:
        """The record as it stands in metrics.json and in every table."""
        record: dict[str, str | int | float | None] = asdict(self)
        record["reading"] = None if self.reading is None else self.reading.value
        return record
