"""Is a perturbed text still a perturbation of its original? It is compared with it, and held to what was declared.

A text that breaks a claim of its perturbation (numbers are kept, say) or one of its thresholds is left out by rule,
with a reason that does not depend on the text, so that reasons can be counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import Levenshtein

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb import preserved
from judgeaudit.perturb.chrf import chrf

Bounds = tuple[float | None, float | None]
"""The least and the most that is valid; None for no bound."""

OPEN: Bounds = (None, None)

RANGES: Mapping[str, Bounds] = {
    "length_ratio": (0, None),
    "edit_distance": (0, 1),
    "chrf": (0, 100),
    "similarity": (-1, 1),
    "numbers": (0, 1),
    "names": (0, 1),
    "negations": (0, 1),
    "code": (0, 1),
}
BOUNDED = tuple(RANGES)
"""What can be given bounds, and the values that each can have."""

KEPT_LENGTH: Bounds = (0.9, 1.1)
"""What a claim to keep the length means: within 10 %, a convention of this project."""

MAX_COMPARISONS = 10**10
"""Edit distance is not computed where the product of the two lengths is above it (two texts of 100,000 characters,
0.4 s): time grows with the product, and two texts of a megabyte would take half a minute."""


@dataclass(frozen=True, slots=True)
class Checks:
    """A perturbed text compared with its original.

    Attributes:
        length_ratio: characters over the original's; None where the original is empty.
        edit_distance: Levenshtein distance over the longer length, 0 to 1; None where the texts are too long.
        chrf: chrF2 of the perturbed text against the original, 0 to 100.
        numbers_kept, code_kept: the share of the original's numbers, or code and addresses, that it has, as often;
            None where the original has none.
        names_kept: the share of the original's distinct names that it has; None where the original has none.
        negations_kept: as for numbers; None also where the language's negations cannot be told.
        text_kept: whether the original stands in it to the byte.
        wording_kept: whether the original's words are all in it in the same order, but for case and punctuation.
        similarity: of meaning: cosine of embeddings, -1 to 1, or a model's 0 or 1; None where it was not asked or
            not answered.
    """

    length_ratio: float | None
    edit_distance: float | None
    chrf: float
    numbers_kept: float | None
    names_kept: float | None
    negations_kept: float | None
    code_kept: float | None
    text_kept: bool
    wording_kept: bool
    similarity: float | None = None


def check(original: str, perturbed: str, language: str) -> Checks:
    """Compare a perturbed text with its original; ``language`` is a tag in lower case.

    Where the original stands in the perturbed text to the byte, with white space or nothing at both its ends, all it
    has is kept, whatever stands around it. Takes time linear in the texts, but for the edit distance.
    """
    place = perturbed.find(original)
    if place >= 0 and _stands_apart(original, perturbed, place):
        numbers, code = preserved.numbers(original), preserved.code(original)
        names, negations = preserved.names(original, language), preserved.negations(original, language)
        return Checks(
            length_ratio=len(perturbed) / len(original) if original else None,
            edit_distance=_edit_distance(original, perturbed),
            chrf=chrf(perturbed, original),
            numbers_kept=1.0 if numbers else None,
            names_kept=1.0 if names else None,
            negations_kept=1.0 if negations else None,
            code_kept=1.0 if code else None,
            text_kept=True,
            wording_kept=True,
        )
    return Checks(
        length_ratio=len(perturbed) / len(original) if original else None,
        edit_distance=_edit_distance(original, perturbed),
        chrf=chrf(perturbed, original),
        numbers_kept=preserved.share_kept(preserved.numbers(original), preserved.numbers(perturbed)),
        names_kept=preserved.names_kept(preserved.names(original, language), perturbed),
        negations_kept=_negations_kept(original, perturbed, language),
        code_kept=preserved.share_kept(preserved.code(original), preserved.code(perturbed)),
        text_kept=place >= 0,
        wording_kept=preserved.same_words(original, perturbed),
    )


def _stands_apart(original: str, perturbed: str, place: int) -> bool:
    end = place + len(original)
    before, after = perturbed[place - 1 : place] if place else "", perturbed[end : end + 1]
    return not original or (
        (not before or before.isspace() or original[0].isspace())
        and (not after or after.isspace() or original[-1].isspace())
    )


def _edit_distance(original: str, perturbed: str) -> float | None:
    if original in perturbed:
        return (len(perturbed) - len(original)) / max(len(perturbed), 1)
    if len(original) * len(perturbed) > MAX_COMPARISONS:
        return None
    return Levenshtein.normalized_distance(original, perturbed)


def _negations_kept(original: str, perturbed: str, language: str) -> float | None:
    before, after = preserved.negations(original, language), preserved.negations(perturbed, language)
    return preserved.share_kept(before or Counter(), after or Counter())


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a perturbed text must satisfy. Bounds belong to the value that they hold; see :class:`Checks`.

    Attributes:
        text: the original must stand in it to the byte.
        wording: the original's words must be in it, in order.
        meaning_asked: a similarity within bounds must have been told; otherwise one not told is no failure.
    """

    text: bool = False
    wording: bool = False
    length_ratio: Bounds = OPEN
    edit_distance: Bounds = OPEN
    chrf: Bounds = OPEN
    similarity: Bounds = OPEN
    numbers: Bounds = OPEN
    names: Bounds = OPEN
    negations: Bounds = OPEN
    code: Bounds = OPEN
    meaning_asked: bool = False

    def __post_init__(self) -> None:
        for key, (lowest, highest) in RANGES.items():
            bounds: Bounds = getattr(self, key)
            for bound in bounds:
                below = bound is not None and lowest is not None and bound < lowest
                above = bound is not None and highest is not None and bound > highest
                if bound != bound or below or above:
                    most = "up" if highest is None else f"to {highest:g}"
                    raise PerturbationError(
                        f"validity.{key}: found {bound:g}, expected bounds from {lowest:g} {most}."
                    )

    @classmethod
    def from_declaration(cls, keeps: Sequence[str], validity: Mapping[str, Bounds]) -> Thresholds:
        """The thresholds of what a perturbation claims to keep and of the bounds that it declares.

        Claims of text, wording, numbers, names, negations, code and length are held to; where a bound is declared
        for the same, the stricter holds. Claims of meaning are held to where a check of meaning is asked for
        (:meth:`MeaningCheck.applied_to <judgeaudit.perturb.meaning.MeaningCheck.applied_to>`), those of formatting
        and language are not.

        Raises:
            PerturbationError: a bound that no value can reach.
        """
        bounds: dict[str, Any] = {key: validity.get(key, OPEN) for key in BOUNDED}
        for claim in ("numbers", "names", "negations", "code"):
            if claim in keeps:
                bounds[claim] = _stricter(bounds[claim], (1.0, None))
        if "length" in keeps:
            bounds["length_ratio"] = _stricter(bounds["length_ratio"], KEPT_LENGTH)
        return cls(text="text" in keeps, wording="wording" in keeps, **bounds)

    def failure(self, checks: Checks) -> str | None:
        """The first threshold that a text breaks, as a reason that does not depend on the text; None for none.

        What the original does not have cannot be lost. A length ratio or an edit distance that cannot be told
        breaks a bound on it.
        """
        if self.text and not checks.text_kept:
            return "validity: the original does not stand in it to the byte"
        if self.wording and not checks.wording_kept:
            return "validity: a word was lost, changed or moved"
        return (
            _outside("length ratio", checks.length_ratio, self.length_ratio, must_be_told=True)
            or _outside("edit distance", checks.edit_distance, self.edit_distance, must_be_told=True)
            or _outside("chrf", checks.chrf, self.chrf)
            or _lost("a number", "numbers", checks.numbers_kept, self.numbers)
            or _lost("a name", "names", checks.names_kept, self.names)
            or _lost("a negation", "negations", checks.negations_kept, self.negations)
            or _lost("code or an address", "code", checks.code_kept, self.code)
            or _outside("similarity", checks.similarity, self.similarity, must_be_told=self.meaning_asked)
        )


def _stricter(one: Bounds, other: Bounds) -> Bounds:
    least = [bounds[0] for bounds in (one, other) if bounds[0] is not None]
    most = [bounds[1] for bounds in (one, other) if bounds[1] is not None]
    return max(least, default=None), min(most, default=None)


def _lost(what: str, plural: str, share: float | None, bounds: Bounds) -> str | None:
    if bounds[0] == 1 and share is not None and share < 1:
        return f"validity: {what} was lost"
    return _outside(f"share of {plural} kept", share, bounds)


def _outside(what: str, value: float | None, bounds: Bounds, *, must_be_told: bool = False) -> str | None:
    least, most = bounds
    if bounds == OPEN:
        return None
    if value is None:
        return f"validity: {what} cannot be told" if must_be_told else None
    if least is not None and value < least:
        return f"validity: {what} below {least:g}"
    if most is not None and value > most:
        return f"validity: {what} above {most:g}"
    return None
