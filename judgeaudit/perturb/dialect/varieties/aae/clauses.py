"""Which clauses of African American English can a rule put in place? Questions, direct and indirect, and relatives."""

from __future__ import annotations

from judgeaudit.perturb.dialect.conditions import begins_sentence, in_question
from judgeaudit.perturb.dialect.inflection import base_form
from judgeaudit.perturb.dialect.rules import DialectRule, Feature, rule
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.varieties.aae.words import before_participle, begins_clause
from judgeaudit.perturb.dialect.word_classes import FINITE

ZERO_SUBJECT_RELATIVE = Feature(193, "Gapping/zero-relativization in subject position", "B")
THAN_WHAT = Feature(204, "As what / than what in comparative clauses", "B")
INDIRECT_QUESTIONS = Feature(227, "Inverted word order in indirect questions", "B")
WH_QUESTIONS = Feature(228, "No inversion/no auxiliaries in wh-questions", "B")
POLAR_QUESTIONS = Feature(229, "No inversion/no auxiliaries in main clause yes/no questions", "B")

PRONOUN = "i|you|he|she|it|we|they"
THIRD_PERSON = "he|she|it|they"

ASKED = (
    r"(?:ask|asks|asked|asking|wonder|wonders|wondered|wondering|see|check|know|knows|decide|find out|figure out|"
    r"tell|say)(?: (?:me|us|him|her|them|yourself|myself|someone|somebody|your [a-z]+))? "
)
"""A verb, and perhaps its object, that an indirect question follows."""
ASKED_IF = (
    r"(?:ask|asks|asked|asking|wonder|wonders|wondered|wondering|see|find out|figure out)"
    r"(?: (?:him|her|them|yourself|someone|somebody|your [a-z]+))? "
)
"""The same where *if* can hardly begin a condition instead (*let me know if*, *tell me if*)."""

AUXILIARY = "is|are|was|were|can|could|will|would|should"
CONTRACTED = {"s": "is", "re": "are", "ll": "will"}
IS_HAS = r"(?! (?:been|had|got|gotten|gone|done|become|taken|come)\b)"


def _fronted(site: Site) -> str:
    return f"{site[2].lower()} {site[1]}"


def _fronted_contraction(site: Site) -> str:
    return f"{CONTRACTED[site[2].lower()]} {site[1]}"


def _fronted_do(site: Site) -> str | None:
    """*whether he gives*: *do he give*; *whether it worked*: *did it work*."""
    base = base_form(site[2])
    if base is None or base in ("be", "have", "do"):
        return None
    return f"{'did' if site.surely(2, 'VBD') else 'do'} {site[1]} {base}"


def _verb_follows(site: Site) -> bool:
    """The word behind *than* and a pronoun can be a finite verb, and there nothing else is likely."""
    return not site.tags(1).isdisjoint(FINITE | {"MD"})


CLAUSES: tuple[DialectRule, ...] = (
    rule(
        INDIRECT_QUESTIONS,
        "auxiliary before the subject for whether",
        rf"whether ({PRONOUN}) ({AUXILIARY})(?= [a-z])",
        _fronted,
        after=ASKED,
    ),
    rule(
        INDIRECT_QUESTIONS,
        "contracted auxiliary before the subject for whether",
        rf"whether ({PRONOUN})'(s{IS_HAS}|re|ll)(?= [a-z])",
        _fronted_contraction,
        starts="whether",
        after=ASKED,
    ),
    rule(
        INDIRECT_QUESTIONS,
        "do before the subject for whether",
        rf"whether ({PRONOUN}) {{VBZ|VBP|VBD}}",
        _fronted_do,
        after=ASKED,
    ),
    rule(
        INDIRECT_QUESTIONS,
        "auxiliary before the subject for if",
        rf"if ({THIRD_PERSON}) ({AUXILIARY})(?= [a-z])",
        _fronted,
        after=ASKED_IF,
    ),
    rule(
        INDIRECT_QUESTIONS,
        "contracted auxiliary before the subject for if",
        rf"if ({THIRD_PERSON})'(s{IS_HAS}|re|ll)(?= [a-z])",
        _fronted_contraction,
        starts="if",
        after=ASKED_IF,
    ),
    rule(
        INDIRECT_QUESTIONS,
        "do before the subject for if",
        rf"if ({THIRD_PERSON}) {{VBZ|VBP|VBD}}",
        _fronted_do,
        after=ASKED_IF,
    ),
    rule(
        WH_QUESTIONS,
        "no do in a wh-question",
        rf"(what|where|why|how|when|who) (?:do|does) ({PRONOUN})(?= (?:really |actually |usually )?{{VB}})",
        "{1} {2}",
        where=(begins_clause, in_question),
    ),
    rule(
        WH_QUESTIONS,
        "no be in a wh-question",
        r"(what|where|why|how|when|who) (?:are|is) (you|he|she|we|they)(?= [a-z]{2,}ing\b)",
        "{1} {2}",
        where=(begins_clause, in_question, before_participle),
    ),
    rule(
        POLAR_QUESTIONS,
        "no do in a yes/no question",
        rf"(?:do|does) ({PRONOUN})(?= (?:really |actually |usually |ever |still |also )?{{VB}})",
        "{1}",
        where=(begins_sentence, in_question),
    ),
    rule(
        POLAR_QUESTIONS,
        "no be in a yes/no question",
        r"(?:are|is) (you|he|she|we|they)(?= [a-z]{2,}ing\b)",
        "{1}",
        where=(begins_sentence, in_question, before_participle),
    ),
    rule(
        POLAR_QUESTIONS,
        "no have in a yes/no question",
        r"(?:have|has) (you|he|she|we|they)(?= (?:ever|been|already|tried|noticed|thought|talked|told|had)\b)",
        "{1}",
        where=(begins_sentence, in_question),
    ),
    rule(
        ZERO_SUBJECT_RELATIVE,
        "no who after an existential",
        r"who {FINITE|MD}",
        "{1}",
        after=r"(?:there(?:'s| is| are)|have|has|know) (?:also |always )?(?:a lot of |many |some |plenty of )?"
        r"(?:people|folks|someone|somebody|nobody|no one|one person) ",
    ),
    rule(
        THAN_WHAT,
        "what after than",
        rf"than(?= (?:{PRONOUN}) ([a-z]+))",
        "than what",
        where=(_verb_follows,),
    ),
    rule(
        THAN_WHAT,
        "what after than before a contraction",
        rf"than(?= (?:{PRONOUN})'(?:s|re|ve|ll|d)\b)",
        "than what",
        starts="than",
    ),
)
