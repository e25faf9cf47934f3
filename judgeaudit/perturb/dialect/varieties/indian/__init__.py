"""Which features of Indian English can a rule apply with certainty, and where?

Numbers and ratings are eWAVE's for Indian English (variety 52). Rules are written for this project; precision goes
before recall.
"""

from __future__ import annotations

from judgeaudit.perturb.dialect.rules import Variety
from judgeaudit.perturb.dialect.varieties.indian.clauses import CLAUSES
from judgeaudit.perturb.dialect.varieties.indian.noun_phrases import NOUN_PHRASES
from judgeaudit.perturb.dialect.varieties.indian.questions import QUESTIONS
from judgeaudit.perturb.dialect.varieties.indian.verbs import VERBS

VARIETY = Variety(
    "indian",
    "Indian English",
    ewave=52,
    rules=(*CLAUSES, *QUESTIONS, *VERBS, *NOUN_PHRASES),
    minimum=40,
)
