"""What do the verdicts say about the judges? ``measure`` turns a table of verdicts into every estimate of an audit."""

from judgeaudit.metrics.decisions import CellName, Decision
from judgeaudit.metrics.measuring import check, decisions, measure, pair_values
from judgeaudit.metrics.record import Measure, Settings
from judgeaudit.metrics.subjects import Subjects
from judgeaudit.metrics.summary import is_confirmatory

__all__ = [
    "CellName",
    "Decision",
    "Measure",
    "Settings",
    "Subjects",
    "check",
    "decisions",
    "is_confirmatory",
    "measure",
    "pair_values",
]
