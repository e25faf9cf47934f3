"""What do the reported token probabilities say of a verdict? The labels' share where the label is generated."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from judgeaudit.records import Outcome

MIN_LABEL_MASS = 0.5
"""Below it the model was about to say something else than a label: its text is parsed instead. A convention."""


@dataclass(frozen=True, slots=True)
class TokenChoice:
    """One generated position: the token sampled, and the likeliest tokens with their log probabilities."""

    token: str
    alternatives: tuple[tuple[str, float], ...]


def label_probabilities(
    positions: Sequence[TokenChoice],
    labels: Mapping[Outcome, str],
    parsed: Outcome,
    temperature: float | None,
) -> dict[Outcome, float] | None:
    """Probabilities of first, second and tie at the judge's temperature, or None where the labels do not say.

    The label is looked for at the first generated token that is not blank. The probabilities of all tokens
    that are a label but for blanks are summed by label, divided by their sum and tempered: p^(1/T) over its
    sum; at T = 0 the likeliest labels share it all. Providers report log probabilities at temperature 1; a
    label outside the tokens reported counts as 0. A temperature of None is taken as 1.

    None is returned where no token is reported, where the labels' mass is below MIN_LABEL_MASS, and where the
    sampled token is a label that the whole text does not bear out (the article "A").
    """
    position = next((choice for choice in positions if choice.token.strip()), None)
    if position is None:
        return None
    outcome_of = {text: outcome for outcome, text in labels.items()}
    mass = dict.fromkeys((Outcome.FIRST, Outcome.SECOND, Outcome.TIE), 0.0)
    for token, logprob in position.alternatives:
        if (outcome := outcome_of.get(token.strip())) is not None and not math.isnan(logprob):
            mass[outcome] += math.exp(min(logprob, 0.0))
    total = math.fsum(mass.values())
    if total < MIN_LABEL_MASS or outcome_of.get(position.token.strip(), parsed) is not parsed:
        return None
    top = max(mass.values())
    if temperature == 0:
        tempered = {outcome: float(value == top) for outcome, value in mass.items()}
    else:
        tempered = {outcome: (value / top) ** (1 / (temperature or 1.0)) for outcome, value in mass.items()}
    norm = math.fsum(tempered.values())
    return {outcome: value / norm for outcome, value in tempered.items()}


def likeliest(weights: Mapping[Outcome, float], parsed: Outcome) -> Outcome:
    """The likeliest outcome; where several are equally likely the one that the text says, else none."""
    top = [outcome for outcome, weight in weights.items() if weight == max(weights.values())]
    if len(top) == 1:
        return top[0]
    return parsed if parsed in top else Outcome.UNPARSED
