"""Does the audit find what is there? Planted judges have biases that are known exactly.

A planted judge weighs the first text against the second by a utility difference in log-odds,

    u = quality * (q_first - q_second) + position + length * log2((chars_first + 1) / (chars_second + 1))
        + sum of artifact biases in the first text - the same sum for the second,

where q is 1 for the response that the pair's label prefers and 0 otherwise, and answers by the model of
Davidson (1970), "On extending the Bradley-Terry model to accommodate ties": with noise T and tie propensity v,

    p_first : p_second : p_tie  =  exp(u / 2T) : exp(-u / 2T) : v.

The probabilities of every trial are therefore known, and with them the expected value of each measure
(``judgeaudit.planted_truth``).
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import NamedTuple

from judgeaudit.errors import ConfigurationError
from judgeaudit.judges.base import Json, Judge, Request
from judgeaudit.judges.control import uniform
from judgeaudit.perturb.declaration import base_of
from judgeaudit.records import Outcome, Side, Verdict


class Probabilities(NamedTuple):
    """A judge's distribution over its three verdicts."""

    first: float
    second: float
    tie: float


class PlantedJudge(Judge):
    """A judge with stated biases.

    Args:
        name: what reports call it.
        quality: log-odds that the label's preference is worth.
        position: log-odds for the text shown first.
        length: log-odds for each doubling of a text's characters over the other's.
        artifacts: log-odds for each perturbation that a text carries, by its name. A dose (``apology@3``)
            without log-odds of its own has those of its perturbation.
        tie: Davidson's tie propensity, at least 0; at u = 0 a tie has probability tie / (2 + tie).
        noise: the temperature, above 0; 1 leaves the log-odds as stated.
        seed: decides which verdicts are drawn.
        reveal: whether verdicts carry the probabilities (as label probabilities of a model would).
    """

    in_process = True

    def __init__(
        self,
        name: str,
        *,
        quality: float = 2.0,
        position: float = 0.0,
        length: float = 0.0,
        artifacts: Mapping[str, float] | None = None,
        tie: float = 1.0,
        noise: float = 1.0,
        seed: int = 0,
        reveal: bool = False,
        description: str = "",
    ) -> None:
        if noise <= 0 or tie < 0:
            raise ConfigurationError(
                f"judge {name}: found noise={noise}, tie={tie}; expected noise above 0 and tie at least 0."
            )
        self.name = name
        self.description = description
        self.quality = quality
        self.position = position
        self.length = length
        self.artifacts = dict(artifacts or {})
        self.tie = tie
        self.noise = noise
        self.seed = seed
        self.stochastic = not reveal
        self.exact_probabilities = reveal

    def identity(self) -> Mapping[str, Json]:
        return {
            "backend": "planted",
            "version": 1,
            "quality": self.quality,
            "position": self.position,
            "length": self.length,
            "artifacts": self.artifacts,
            "tie": self.tie,
            "noise": self.noise,
            "seed": self.seed,
            "reveal": self.exact_probabilities,
        }

    def material(self, request: Request) -> Json:
        return {
            "pair": request.pair.id,
            "label": request.pair.label,
            "first": [request.first, request.first_side, list(request.first_artifacts)],
            "second": [request.second, request.second_side, list(request.second_artifacts)],
        }

    def probabilities(self, request: Request) -> Probabilities:
        """The exact distribution from which the verdict on this request is drawn."""
        label = request.pair.label
        u = (
            self.quality * (_quality(label, request.first_side) - _quality(label, request.second_side))
            + self.position
            + self.length * math.log2((len(request.first) + 1) / (len(request.second) + 1))
            + sum(self._bias(name) for name in request.first_artifacts)
            - sum(self._bias(name) for name in request.second_artifacts)
        )
        half = u / (2 * self.noise)
        top = abs(half)  # factored out, so that no bias is too large to exponentiate
        first, second, tie = math.exp(half - top), math.exp(-half - top), self.tie * math.exp(-top)
        total = first + second + tie
        return Probabilities(first / total, second / total, tie / total)

    def _bias(self, artifact: str) -> float:
        return self.artifacts.get(artifact, self.artifacts.get(base_of(artifact), 0.0))

    async def verdicts(self, requests: Sequence[Request]) -> AsyncIterator[tuple[int, Verdict]]:
        for index, request in enumerate(requests):
            p = self.probabilities(request)
            if self.exact_probabilities:
                likeliest = max(range(3), key=lambda i: p[i])
                outcome = (Outcome.FIRST, Outcome.SECOND, Outcome.TIE)[likeliest]
                yield index, Verdict(outcome, p.first, p.second, p.tie)
                continue
            draw = uniform(self, request)
            if draw < p.first:
                yield index, Verdict(Outcome.FIRST)
            elif draw < p.first + p.second:
                yield index, Verdict(Outcome.SECOND)
            else:
                yield index, Verdict(Outcome.TIE)


def _quality(label: str | None, side: Side | None) -> float:
    return 1.0 if side is not None and label == side else 0.0
