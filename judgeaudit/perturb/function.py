"""How does a YAML file name an edit written in Python? By Hydra's ``_target_``: a class, a factory or a function."""

from __future__ import annotations

import functools
import inspect
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from judgeaudit.errors import PerturbationError
from judgeaudit.judges.base import Json
from judgeaudit.perturb.base import Edit, TextContext
from judgeaudit.records import Pair, Turn

Transformation = Callable[[str, TextContext, random.Random], str | None]


@dataclass(frozen=True)
class TargetEdit:
    """An edit together with the declaration it was built from, which is part of its identity.

    The code of the edit is not: whoever changes it raises the perturbation's version.
    """

    declaration: Mapping[str, Any]
    transformation: Transformation

    def __call__(self, text: str, context: TextContext, rng: random.Random) -> str | None:
        return self.transformation(text, context, rng)

    def identity(self) -> Mapping[str, Json]:
        """The declaration, and whatever the edit says of itself."""
        own = getattr(self.transformation, "identity", None)
        return {"form": "edit", "declaration": self.declaration, "own": own() if callable(own) else None}


def edit_from_target(declaration: object, where: str) -> Edit:
    """Build the edit that a declaration names with ``_target_``.

    The target is a class or factory whose call with the declared arguments gives an edit, or, with
    ``_partial_: true``, a function ``(text, context, rng, **arguments)`` that is the edit itself.

    Raises:
        PerturbationError: there is no such target, it does not take these arguments, or what it gives
            cannot be called as an edit.
    """
    from hydra.errors import InstantiationException  # deferred: Hydra is slow to import
    from hydra.utils import instantiate

    if not isinstance(declaration, Mapping) or not isinstance(declaration.get("_target_"), str):
        raise PerturbationError(f"{where}: edit._target_: not there. Expected the dotted path of an edit.")
    target = declaration["_target_"]
    try:
        edit = instantiate(dict(declaration), _convert_="all")
    except InstantiationException as error:
        reason = " ".join(str(error.__cause__ or error).split())
        raise PerturbationError(
            f"{where}: edit._target_: found {target!r}, expected the dotted path of a class or function that takes "
            f"the arguments beside it ({reason})."
        ) from error
    if not callable(edit):
        raise PerturbationError(
            f"{where}: edit._target_: {target} gives {type(edit).__name__}, expected something to be called with "
            "(text, context, rng)."
        )
    if isinstance(edit, functools.partial):
        _check_signature(edit, target, where)
        _try_arguments(edit, where)
    return TargetEdit(dict(declaration), edit)


def _check_signature(edit: functools.partial[str | None], target: str, where: str) -> None:
    try:
        inspect.signature(edit).bind("", None, None)
    except (TypeError, ValueError) as error:
        raise PerturbationError(
            f"{where}: edit: {target} cannot be called with (text, context, rng) and the arguments beside it: {error}."
        ) from error


def _try_arguments(edit: functools.partial[str | None], where: str) -> None:
    """See that a function takes the values of its arguments: they come to it only with the first text.

    Raises:
        PerturbationError: the edit refuses them.
    """
    pair = Pair("none", (Turn("user", ""),), "", "")
    try:
        edit("", TextContext(pair, "a"), random.Random(0))
    except PerturbationError as error:
        raise PerturbationError(f"{where}: edit: {error}") from error
    except Exception:  # noqa: BLE001, S110 - what an edit cannot do with a text is told of that text, as its status
        pass
