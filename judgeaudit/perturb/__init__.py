"""Perturbations: named, versioned, seeded transformations of one text, and how they are declared."""

from judgeaudit.perturb.base import (
    DEFAULT_LANGUAGE,
    Edit,
    Perturbation,
    PerturbedText,
    Status,
    TextContext,
)
from judgeaudit.perturb.combine import Change, Composition, MatchedPlacebo, perturb_all
from judgeaudit.perturb.config import from_config
from judgeaudit.perturb.declaration import Declaration
from judgeaudit.perturb.rewrite import Rewrite
from judgeaudit.perturb.select import Selection, select
from judgeaudit.perturb.validity import Checks, Thresholds

__all__ = [
    "DEFAULT_LANGUAGE",
    "Change",
    "Checks",
    "Composition",
    "Declaration",
    "Edit",
    "MatchedPlacebo",
    "Perturbation",
    "PerturbedText",
    "Rewrite",
    "Selection",
    "Status",
    "TextContext",
    "Thresholds",
    "from_config",
    "perturb_all",
    "select",
]
