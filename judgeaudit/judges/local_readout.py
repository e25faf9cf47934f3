"""What verdict do a model's logits at the answer's first token give? The logits readout of a local judge."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

from judgeaudit.judges.local_model import LabelScores
from judgeaudit.records import Outcome, Verdict


def read_scores(
    scores: LabelScores, labels: Mapping[Outcome, str], temperature: float, *, settle: int, top: str
) -> Verdict:
    """The verdict that a model's logits give.

    Args:
        scores: the logits, label by label in the order of ``labels``.
        labels: the text of each outcome's label.
        temperature: of the label probabilities.
        settle: decides between labels that are exactly as likely; a hash of the request.
        top: the text of the likeliest token of all.

    Returns:
        An error where a logit is not finite: overflow in the model's arithmetic says nothing of its preference.
    """
    if not all(map(math.isfinite, [scores.log_total, *(z for label in scores.logits for z in label)])):
        return Verdict(
            Outcome.ERROR, error="the model's logits are not finite; use dtype bfloat16 or float32"
        )
    shares = label_shares(scores.logits, temperature)
    by_outcome = dict(zip(labels, shares, strict=True))
    likeliest = [outcome for outcome, share in by_outcome.items() if share == max(shares)]
    joint = [log_sum_exp(label) for label in scores.logits]
    raw = {
        "label_mass": round(math.exp(log_sum_exp(joint) - scores.log_total), 6),
        "logits": {text: round(z, 5) for text, z in zip(labels.values(), joint, strict=True)},
        "top": top,
        "top_p": round(math.exp(scores.top_logit - scores.log_total), 6),
    }
    return Verdict(
        # Exactly equal labels (common in bfloat16) are settled by a hash: by no label's place in a list.
        likeliest[settle % len(likeliest)],
        p_first=by_outcome[Outcome.FIRST],
        p_second=by_outcome[Outcome.SECOND],
        p_tie=by_outcome.get(Outcome.TIE, 0.0),
        raw=json.dumps(raw, ensure_ascii=False, separators=(",", ":")),
        completion_tokens=0,
    )


def label_shares(logits: Sequence[Sequence[float]], temperature: float) -> list[float]:
    """Each label's share of the probability of all labels' tokens; ``logits[k]`` are those of label k's tokens.

    At temperature 0 the label of the likeliest token has all of it, shared equally where several are as likely.
    """
    best = max(max(label) for label in logits)
    if temperature == 0:
        weights = [float(max(label) == best) for label in logits]
    else:
        weights = [math.fsum(math.exp((z - best) / temperature) for z in label) for label in logits]
    return [weight / math.fsum(weights) for weight in weights]


def log_sum_exp(values: Sequence[float]) -> float:
    """log of the sum of exp(value), without overflow."""
    largest = max(values)
    return largest + math.log(math.fsum(math.exp(value - largest) for value in values))
