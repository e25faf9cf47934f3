"""What does a corpus look like as a table? One row a pair: what a run's folder keeps as pairs.parquet."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from judgeaudit.corpora.corpus import Corpus, shown
from judgeaudit.errors import CorpusError
from judgeaudit.prompting.refusals import is_refusal
from judgeaudit.records import NOT_RECORDED, Pair, Side

if TYPE_CHECKING:
    import pandas as pd


def corpus_table(corpus: Corpus) -> pd.DataFrame:
    """The pairs as a table, in the corpus's order.

    Columns: pair_id, prompt (the last user turn), n_turns (turns before the responses), response_a,
    response_b, domain, language, system_a, system_b, label, label_source, votes (a list, empty where there
    are none), length_a, length_b (characters), refuses_a, refuses_b (whether the response opens by refusing),
    ratings_a, ratings_b (people's ratings of one response: the JSON text of {annotator: score}, annotators in the
    pair's order). Absent values are missing, never empty text.

    Raises:
        CorpusError: one annotator rated a response twice, or a score is no finite number.
    """
    import pandas as pd

    pairs = corpus.pairs
    return pd.DataFrame(
        {
            "pair_id": [pair.id for pair in pairs],
            "prompt": [pair.prompt for pair in pairs],
            "n_turns": [len(pair.turns) for pair in pairs],
            "response_a": [pair.response_a for pair in pairs],
            "response_b": [pair.response_b for pair in pairs],
            "domain": [pair.domain for pair in pairs],
            "language": [pair.language for pair in pairs],
            "system_a": [pair.system_a for pair in pairs],
            "system_b": [pair.system_b for pair in pairs],
            "label": [pair.label for pair in pairs],
            "label_source": [pair.label_source.value for pair in pairs],
            "votes": [list(pair.votes) for pair in pairs],
            "length_a": [length_of(pair.response_a) for pair in pairs],
            "length_b": [length_of(pair.response_b) for pair in pairs],
            "refuses_a": [refuses(pair.response_a) for pair in pairs],
            "refuses_b": [refuses(pair.response_b) for pair in pairs],
            "ratings_a": [_json(ratings_object(pair, "a")) for pair in pairs],
            "ratings_b": [_json(ratings_object(pair, "b")) for pair in pairs],
        }
    )


def ratings_object(pair: Pair, side: Side) -> dict[str, float]:
    """People's ratings of one response by annotator, in the pair's order.

    Raises:
        CorpusError: one annotator rated the response twice, or a score is no finite number.
    """
    found: dict[str, float] = {}
    for rating in pair.ratings:
        if rating.side != side:
            continue
        if rating.annotator in found or not math.isfinite(rating.score):
            wrong = "a second rating" if rating.annotator in found else f"the rating {rating.score}"
            raise CorpusError(
                f"pair {shown(pair.id)}: found {wrong} of response {side} by {shown(rating.annotator)}, "
                f"expected one finite number."
            )
        found[rating.annotator] = rating.score
    return found


def _json(ratings: dict[str, float]) -> str | None:
    return json.dumps(ratings, ensure_ascii=False) if ratings else None


def length_of(text: str) -> float:
    """Characters; NaN for a text that nobody kept."""
    return math.nan if text == NOT_RECORDED else len(text)


def refuses(text: str) -> bool | None:
    """Whether a text opens by refusing; None for one that nobody kept."""
    return None if text == NOT_RECORDED else is_refusal(text)
