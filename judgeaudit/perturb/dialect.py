"""How is a text shifted toward a dialect? By rules for single grammatical features, applied only where they surely fit.

A rule-based shift changes some morphosyntax of a text and nothing else of its style: it is not a speaker's
language. docs/perturbations.md says what may and may not be concluded from it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from judgeaudit.errors import PerturbationError
from judgeaudit.judges.base import Json
from judgeaudit.perturb.base import TextContext
from judgeaudit.perturb.wording import RuleBook


@dataclass(frozen=True, slots=True)
class DialectShift:
    """Applies the rules of one variety outside code, quotations and addresses.

    ``dose`` is the share of the sites where a rule fits that are reworded, each drawn on its own.

    Raises:
        PerturbationError: the dose is not above 0 and at most 1.
    """

    variety: str
    rules: RuleBook
    dose: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.dose <= 1:
            raise PerturbationError(f"dose: found {self.dose!r}, expected a share above 0 and at most 1.")

    def __call__(self, text: str, context: TextContext, rng: random.Random) -> str:  # noqa: ARG002 - an Edit's form
        def chosen() -> bool:
            return self.dose >= 1 or rng.random() < self.dose

        return self.rules.reword(text, chosen)

    def identity(self) -> Mapping[str, Json]:
        """The variety, the dose and every rule."""
        return {"variety": self.variety, "dose": self.dose, "rules": self.rules.identity()}
