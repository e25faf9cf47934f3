"""What is a perturbation? A named, versioned, seeded transformation of one response, whose outcome is a record.

The random choices of a perturbation depend on its name, version and seed and on the pair's id and side,
and on nothing else: the same seed gives the same text in any process and in any order of the pairs.
"""

from __future__ import annotations

import random
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from judgeaudit.judges.base import Json, digest
from judgeaudit.records import SIDES, Pair, Side

DEFAULT_LANGUAGE = "en"
"""What a pair without a language counts as."""


class Status(StrEnum):
    """What became of one text. The last two leave no perturbed text, and are counted, never dropped."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    """The perturbation applies to the text but found nothing in it to change."""
    NOT_APPLICABLE = "not_applicable"
    """The perturbation does not apply to the text at all: for one, it has no phrase in its language."""
    FAILED = "failed"
    """The edit or the writer did not deliver a text that can be used."""


@dataclass(frozen=True, slots=True)
class PerturbedText:
    """The outcome of one perturbation of one side of a pair.

    ``text`` is the perturbed text where ``status`` is ``changed`` and None otherwise; ``reason`` says why it
    is None, in words that do not depend on the text, so that reasons can be counted. ``writer`` is the model
    that wrote it, where one did.
    """

    pair_id: str
    perturbation: str
    side: Side
    status: Status
    text: str | None
    reason: str | None = None
    writer: str | None = None


@dataclass(frozen=True, slots=True)
class TextContext:
    """Which text is being edited."""

    pair: Pair
    side: Side

    @property
    def language(self) -> str:
        """The pair's language tag in lower case (``pt-br``); ``en`` where the pair names none."""
        return language_tag(self.pair.language)


class Edit(Protocol):
    """A transformation of one text. It draws every random choice from ``rng`` and reads nothing else."""

    def __call__(self, text: str, context: TextContext, rng: random.Random) -> str | None:
        """The edited text; the same text where there was nothing to edit; None where it does not apply."""
        ...

    def identity(self) -> Mapping[str, Json]:
        """Everything in the edit that could change the text it returns."""
        ...


@dataclass(frozen=True)
class Perturbation:
    """An edit with its name, its version and its seed.

    Attributes:
        name: as in its file; reports show it.
        version: to be raised whenever the edit changes, for it seeds the random choices.
        description: one line.
        family: the kind of artifact (``refusal``, ``authority``, ``length``, ``dialect``, ...).
        source: the paper or attestation it follows, one line.
        placebo: the perturbation that controls for it: the same place and size, without the content.
        languages: the language tags it applies to; None for any.
        seed: of the random choices.
        edit: the transformation.
    """

    name: str
    version: int
    description: str
    family: str
    source: str
    placebo: str | None
    languages: tuple[str, ...] | None
    seed: int
    edit: Edit

    def apply(self, pair: Pair, side: Side) -> PerturbedText:
        """Perturb one side of a pair. Never raises for what is in the text: that becomes a status."""
        context = TextContext(pair, side)
        if not speaks(self.languages, context.language):
            return self._without_text(context, Status.NOT_APPLICABLE, no_language(context.language))
        text = pair.response(side)
        rng = seeded(self.name, self.version, self.seed, pair.id, side)
        try:
            edited: object = self.edit(text, context, rng)
        except Exception as error:  # noqa: BLE001 - the boundary where a user's edit that fails becomes an outcome
            return self._without_text(context, Status.FAILED, f"the edit raised {_kind_and_place(error)}")
        if edited is None:
            reason = f"the edit does not apply to this text (language {context.language})"
            return self._without_text(context, Status.NOT_APPLICABLE, reason)
        if not isinstance(edited, str):
            reason = f"the edit returned {type(edited).__name__}, expected a text or None"
            return self._without_text(context, Status.FAILED, reason)
        if edited == text:
            return self._without_text(context, Status.UNCHANGED, "nothing in the text to change")
        return PerturbedText(pair.id, self.name, side, Status.CHANGED, edited)

    def identity(self) -> Mapping[str, Json]:
        """Everything that could change a perturbed text; for the manifest."""
        return {
            "kind": "edit",
            "name": self.name,
            "version": self.version,
            "seed": self.seed,
            "languages": None if self.languages is None else list(self.languages),
            "edit": self.edit.identity(),
        }

    def _without_text(self, context: TextContext, status: Status, reason: str) -> PerturbedText:
        return PerturbedText(context.pair.id, self.name, context.side, status, None, reason)


def perturb_all(perturbations: Iterable[Perturbation], pairs: Iterable[Pair]) -> list[PerturbedText]:
    """Every perturbation of both sides of every pair: by perturbation, then pair, then side a before b."""
    pairs = tuple(pairs)
    return [
        perturbation.apply(pair, side) for perturbation in perturbations for pair in pairs for side in SIDES
    ]


def seeded(name: str, version: int, seed: int, pair_id: str, side: Side) -> random.Random:
    """The random numbers of one perturbation of one text, the same in every process."""
    return random.Random(int(digest([name, version, seed, pair_id, side]), 16))


def _kind_and_place(error: Exception) -> str:
    """An exception's kind and where it was raised. Not its message, which may quote the text under audit."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {place.name} ({Path(place.filename).name}, line {place.lineno})"


def language_tag(language: str | None) -> str:
    """A language tag in one form: lower case, hyphens; ``en`` where there is none."""
    return (language or DEFAULT_LANGUAGE).strip().lower().replace("_", "-")


def primary_language(tag: str) -> str:
    """The language of a tag without its region or script: ``pt-br`` is ``pt``."""
    return tag.partition("-")[0]


def speaks(languages: tuple[str, ...] | None, tag: str) -> bool:
    """Whether a perturbation declared for these languages applies to a text in the language ``tag``."""
    return languages is None or tag in languages or primary_language(tag) in languages


def no_language(tag: str) -> str:
    """Why a text in an undeclared language is left alone."""
    return f"the perturbation is not declared for the language {tag}"
