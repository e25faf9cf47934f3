"""How formal does a text sound, and how much like a language model's? By the words it takes where it has a choice.

English only. Every rule says the same in other words, and applies only where a regular expression can tell that it
fits; nothing inside code, quotations and addresses changes. Sites never overlap and each is drawn on its own, so that
with the same seed a lower share rewords a subset of the sites of a higher one.
"""

from __future__ import annotations

import random

from judgeaudit.perturb.base import TextContext
from judgeaudit.perturb.edits.ai_vocabulary import AI_VOCABULARY_ENGLISH
from judgeaudit.perturb.edits.formal import FORMAL_ENGLISH
from judgeaudit.perturb.edits.informal import INFORMAL_ENGLISH
from judgeaudit.perturb.edits.sites import check_share
from judgeaudit.perturb.wording import RuleBook


def formal(text: str, context: TextContext, rng: random.Random, *, share: float = 1.0) -> str:  # noqa: ARG001 - an Edit's form
    """The text with a ``share`` (0 to 1) of its contractions and casual wordings in formal ones.

    Raises:
        PerturbationError: the share is not above 0 and at most 1.
    """
    return _reworded(text, FORMAL_ENGLISH, rng, share)


def informal(text: str, context: TextContext, rng: random.Random, *, share: float = 1.0) -> str:  # noqa: ARG001 - an Edit's form
    """The text with contractions and casual wordings for a ``share`` (0 to 1) of its formal ones.

    Raises:
        PerturbationError: the share is not above 0 and at most 1.
    """
    return _reworded(text, INFORMAL_ENGLISH, rng, share)


def ai_vocabulary(text: str, context: TextContext, rng: random.Random, *, share: float = 1.0) -> str:  # noqa: ARG001 - an Edit's form
    """The text with words typical of language models for a ``share`` (0 to 1) of the plain ones that have such a word.

    Raises:
        PerturbationError: the share is not above 0 and at most 1.
    """
    return _reworded(text, AI_VOCABULARY_ENGLISH, rng, share)


def _reworded(text: str, book: RuleBook, rng: random.Random, share: float) -> str:
    check_share(share)
    return book.reword(text, lambda: rng.random() < share)
