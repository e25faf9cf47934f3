"""Perturbations: named, versioned, seeded transformations of one text, and how they are declared."""

from judgeaudit.perturb.base import (
    DEFAULT_LANGUAGE,
    Edit,
    Perturbation,
    PerturbedText,
    Status,
    TextContext,
    perturb_all,
)
from judgeaudit.perturb.config import from_config
from judgeaudit.perturb.rewrite import Rewrite

__all__ = [
    "DEFAULT_LANGUAGE",
    "Edit",
    "Perturbation",
    "PerturbedText",
    "Rewrite",
    "Status",
    "TextContext",
    "from_config",
    "perturb_all",
]
