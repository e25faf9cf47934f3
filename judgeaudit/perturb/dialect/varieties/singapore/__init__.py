"""Which features of Colloquial Singapore English can a rule apply with certainty, and where?

Numbers and ratings are eWAVE's for Colloquial Singapore English (variety 57). Rules are written for this project;
precision goes before recall: what may be left out nearly anywhere in this variety (subjects, articles, plural marking,
be) is left out here only where the rest of the text still says what it said.
"""

from __future__ import annotations

from judgeaudit.perturb.dialect.across_varieties import clauses, noun_phrases, questions, verb_phrases
from judgeaudit.perturb.dialect.rules import Variety
from judgeaudit.perturb.dialect.varieties.singapore.pronouns_and_plurals import (
    DROPPED_SUBJECTS,
    PLURALS,
    PRONOUNS,
)
from judgeaudit.perturb.dialect.varieties.singapore.verbs import (
    CAN_OR_NOT_BEHIND,
    EXISTENTIALS,
    NO_BE,
    NO_TO_BEHIND,
    TENSE,
)

VARIETY = Variety(
    "singapore",
    "Colloquial Singapore English",
    ewave=57,
    rules=(
        *CAN_OR_NOT_BEHIND,
        *DROPPED_SUBJECTS,
        *EXISTENTIALS,
        *PRONOUNS,
        *PLURALS,
        *TENSE,
        *NO_BE,
        *NO_TO_BEHIND,
        *questions.polar_questions_without_inversion("A"),
        *questions.wh_questions_without_inversion("A"),
        *questions.invariant_tag("A", "is it"),
        *questions.dropped_object("A"),
        *noun_phrases.zero_definite_article("A"),
        *noun_phrases.zero_indefinite_article("A", "as|is|was|be|become|need|needs|have|has|had|use|get|got"),
        *noun_phrases.counted_mass_nouns("B"),
        *noun_phrases.unvoiced_plurals("A"),
        *noun_phrases.double_comparison("B"),
        *noun_phrases.analytic_comparison("B"),
        *clauses.bare_infinitives("B"),
        *clauses.correlative_conjunctions("B"),
        *clauses.omitted_prepositions("A"),
        *clauses.adverbs_like_adjectives("C"),
        *questions.inverted_indirect_questions("A"),
        *verb_phrases.preverbal_never("B", marked=False),
        *verb_phrases.was_in_conditions("B"),
        *verb_phrases.present_modals_after_wish("B"),
        *verb_phrases.invariant_dont("B"),
        *verb_phrases.zero_third_person("B"),
        *verb_phrases.stative_progressive("C"),
    ),
    minimum=40,
)
