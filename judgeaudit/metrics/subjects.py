"""Who and what is audited? As much of the judges and the artifacts as measures have to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Dose(NamedTuple):
    """One of several amounts of a perturbation: ``apology@3`` is 3 of ``apology``."""

    base: str
    amount: float


class Wording(NamedTuple):
    """A judge that is asked in several ways: the judge's own name, and the prompt by which it is asked."""

    judge: str
    prompt: str


@dataclass(frozen=True)
class Subjects:
    """The judges and artifacts of an audit.

    Attributes:
        placebos: each artifact's neutral control, by name; nothing for an artifact without one.
        cuts: where each pointwise judge's scores fall into classes, the lowest being unsafe; a judge that is not
            here has no measure of single responses.
        controls: judges without a model. They show what a rule would say and are no hypothesis.
        juries: the juries among the judges.
        doses: the perturbations that are a dose of another.
        wordings: judges that are asked by several prompts.
    """

    placebos: Mapping[str, str] = field(default_factory=dict)
    cuts: Mapping[str, Sequence[float]] = field(default_factory=dict)
    controls: frozenset[str] = frozenset()
    juries: frozenset[str] = frozenset()
    doses: Mapping[str, Dose] = field(default_factory=dict)
    wordings: Mapping[str, Wording] = field(default_factory=dict)

    def is_hypothesis(self, judge: str, perturbation: str | None) -> bool:
        """Whether a cell asks something of a judge, rather than showing what a control does."""
        return judge not in self.controls and perturbation not in self.placebos.values()
