"""What is a perturbation? A named, versioned, seeded transformation of one response, whose outcome is a record.

The random choices of a perturbation depend on its name, version and seed and on the pair's id and side,
and on nothing else: the same seed gives the same text in any process and in any order of the pairs, and a
stronger dose makes the choices of a weaker one, and more.
"""

from __future__ import annotations

import random
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from judgeaudit.judges.base import Json
from judgeaudit.perturb.declaration import Declaration
from judgeaudit.perturb.validity import Checks
from judgeaudit.records import Pair, Side

DEFAULT_LANGUAGE = "en"
"""What a pair without a language counts as."""


class Status(StrEnum):
    """What became of one text. All but the first leave no text to show, and are counted, never dropped."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    """The perturbation applies to the text but found nothing in it to change."""
    NOT_APPLICABLE = "not_applicable"
    """The perturbation does not apply to the text at all: for one, it has no phrase in its language."""
    FAILED = "failed"
    """The edit or the writer did not deliver a text that can be used."""
    INVALID = "invalid"
    """The text was changed in a way that breaks what the perturbation claims to keep, or another threshold."""


@dataclass(frozen=True, slots=True)
class PerturbedText:
    """The outcome of one perturbation of one side of a pair.

    ``text`` is the perturbed text where ``status`` is ``changed`` or ``invalid`` and None otherwise. ``reason``
    says what is wrong, in words that do not depend on the text, so that reasons can be counted; a changed text
    has one where it breaks a threshold and is kept all the same. ``writer`` is the model that wrote it, where
    one did; ``checks`` compare it with the original.
    """

    pair_id: str
    perturbation: str
    side: Side
    status: Status
    text: str | None
    reason: str | None = None
    writer: str | None = None
    checks: Checks | None = None


@dataclass(frozen=True, slots=True)
class TextContext:
    """Which text is being edited. ``artifact`` is, for a matched placebo, the text with the artifact."""

    pair: Pair
    side: Side
    artifact: str | None = None

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
    """An edit with its declaration and its seed."""

    declaration: Declaration
    seed: int
    edit: Edit

    @property
    def name(self) -> str:
        """What reports call it."""
        return self.declaration.name

    def apply(
        self, pair: Pair, side: Side, text: str | None = None, artifact: str | None = None
    ) -> PerturbedText:
        """Perturb one side of a pair. Never raises for what is in the text: that becomes a status.

        Args:
            pair, side: which response.
            text: what to edit in its place, where another perturbation came before this one.
            artifact: for a matched placebo, the text with the artifact that it controls for.
        """
        declared = self.declaration
        context = TextContext(pair, side, artifact)
        if not speaks(declared.languages, context.language):
            return self._without_text(context, Status.NOT_APPLICABLE, no_language(context.language))
        text = pair.response(side) if text is None else text
        rng = seeded(declared.base, declared.version, self.seed, pair.id, side)
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
            **self.declaration.identity(),
            "seed": self.seed,
            "edit": self.edit.identity(),
        }

    def _without_text(self, context: TextContext, status: Status, reason: str) -> PerturbedText:
        return PerturbedText(context.pair.id, self.name, context.side, status, None, reason)


def seeded(name: str, version: int, seed: int, pair_id: str, side: Side) -> random.Random:
    """The random numbers of one perturbation of one text, the same in every process and on every platform."""
    place = f"{len(name)}:{name}{version}:{seed}:{side}{pair_id}"
    return random.Random(int.from_bytes(sha256(place.encode("utf-8", "surrogatepass")).digest()[:16], "big"))


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
