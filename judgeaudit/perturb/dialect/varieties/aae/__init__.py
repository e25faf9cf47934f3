"""Which features of African American English can a rule apply with certainty, and where?

Numbers and ratings are eWAVE's for Urban African American Vernacular English (variety 15). Rules are written for
this project; precision goes before recall.
"""

from __future__ import annotations

from judgeaudit.perturb.dialect.rules import Variety
from judgeaudit.perturb.dialect.varieties.aae.be import EXISTENTIALS, HABITUAL, NO_BE, PAST_BE
from judgeaudit.perturb.dialect.varieties.aae.clauses import CLAUSES
from judgeaudit.perturb.dialect.varieties.aae.negation import CONCORD, NEGATORS
from judgeaudit.perturb.dialect.varieties.aae.noun_phrases import NOUN_PHRASES
from judgeaudit.perturb.dialect.varieties.aae.respelling import RESPELLINGS
from judgeaudit.perturb.dialect.varieties.aae.verbs import PERFECT, VERBS

VARIETY = Variety(
    "aae",
    "African American English",
    ewave=15,
    rules=(
        *HABITUAL,
        *CLAUSES,
        *PERFECT,
        *NEGATORS,
        *CONCORD,
        *EXISTENTIALS,
        *NO_BE,
        *PAST_BE,
        *NOUN_PHRASES,
        *VERBS,
    ),
    respellings=RESPELLINGS,
    minimum=35,
)
