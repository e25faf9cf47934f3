"""What does a corpus look like as a table? One row a pair: what a run's folder keeps as pairs.parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judgeaudit.corpora.corpus import Corpus

if TYPE_CHECKING:
    import pandas as pd


def corpus_table(corpus: Corpus) -> pd.DataFrame:
    """The pairs as a table, in the corpus's order.

    Columns: pair_id, prompt (the last user turn), n_turns (turns before the responses), response_a,
    response_b, domain, language, system_a, system_b, label, label_source, votes (a list, empty where there
    are none), length_a, length_b (characters). Absent values are missing, never empty text.
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
            "length_a": [len(pair.response_a) for pair in pairs],
            "length_b": [len(pair.response_b) for pair in pairs],
        }
    )
