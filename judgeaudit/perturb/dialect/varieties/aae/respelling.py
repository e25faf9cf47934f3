"""How are words of African American English spelled as they sound? Off by default: these spellings are no grammar.

They write down a pronunciation, part of which every speaker of English has, and they caricature: readers take more of
an accent, and less education, from them than from the same speech. They are here to tell the effect of spelling from
that of grammar (``respelling: true`` against ``false``), never to stand for the variety. Numbers from 901 on and
ratings are judgeaudit's own: A for contractions that speakers of most varieties have, B for *-in'*, C for *d* in the
place of *th*, which varies most by word and speaker.
"""

from __future__ import annotations

from judgeaudit.perturb.dialect.across_varieties.places import may_be
from judgeaudit.perturb.dialect.rules import DialectRule, Feature, respelled, rule
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.varieties.aae.verbs import NOT_A_PLACE

CONTRACTED = Feature(901, "Contracted forms written as they sound", "A")
ALVEOLAR_NASAL = Feature(902, "Alveolar nasal in -ing", "B")
TH_STOPPING = Feature(903, "Stop for the voiced dental fricative", "C")


def _in(site: Site) -> str:
    return f"{site[1][:-1]}'"


RESPELLINGS: tuple[DialectRule, ...] = (
    rule(CONTRACTED, "gonna", r"going to(?= {VB})", "gonna", where=(NOT_A_PLACE,)),
    rule(CONTRACTED, "wanna", r"want to(?= {VB})", "wanna"),
    rule(CONTRACTED, "tryna", r"trying to(?= {VB})", "tryna"),
    rule(CONTRACTED, "gotta", r"(?:have|has) got to(?= ([a-z]+))", "gotta", where=(may_be(1, "VB"),)),
    respelled(CONTRACTED, "'cause", {"because": "'cause"}),
    rule(ALVEOLAR_NASAL, "-in' in a verb", "{VBG}", _in),
    respelled(
        ALVEOLAR_NASAL,
        "-in' in an indefinite pronoun",
        {"nothing": "nothin'", "something": "somethin'", "anything": "anythin'"},
    ),
    respelled(
        TH_STOPPING,
        "d for th",
        {"them": "dem", "that": "dat", "this": "dis", "these": "dese", "those": "dose"},
    ),
)
