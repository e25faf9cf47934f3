"""Reading pairs: the built-in example, JSON Lines, CSV, Parquet, HH-RLHF as published, the Hugging Face Hub."""

from judgeaudit.corpora.corpus import Corpus, Notice, NoticeKind, Problem
from judgeaudit.corpora.delimited import read_csv
from judgeaudit.corpora.hh_rlhf import read_hh_rlhf
from judgeaudit.corpora.hub import read_hub
from judgeaudit.corpora.jsonl import read_builtin, read_jsonl
from judgeaudit.corpora.parquet import read_parquet
from judgeaudit.corpora.table import corpus_table

__all__ = [
    "Corpus",
    "Notice",
    "NoticeKind",
    "Problem",
    "corpus_table",
    "read_builtin",
    "read_csv",
    "read_hh_rlhf",
    "read_hub",
    "read_jsonl",
    "read_parquet",
]
