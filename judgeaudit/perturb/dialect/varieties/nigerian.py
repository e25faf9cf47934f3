"""Which features of Nigerian English can a rule apply with certainty, and where?

Numbers and ratings are eWAVE's for Nigerian English (variety 41). Rules are written for this project; precision goes
before recall. Deletion of auxiliary be (174), though rated A, is left out: what eWAVE attests there is ``suppose to``.
"""

from __future__ import annotations

from judgeaudit.perturb.dialect.across_varieties import clauses, noun_phrases, questions, verb_phrases
from judgeaudit.perturb.dialect.across_varieties.places import CLAUSE_END, may_be
from judgeaudit.perturb.dialect.conditions import (
    in_statement,
    inside_sentence,
    not_next_word,
    not_previous_word,
    previous_is_not,
    previous_word,
)
from judgeaudit.perturb.dialect.rules import Feature, Variety, rule
from judgeaudit.perturb.dialect.site import Site

YOU_PLURAL = Feature(34, "Forms or phrases for the second person plural pronoun other than you", "B")
ALREADY = Feature(109, "Perfect marker already", "B")
COME_FUTURE = Feature(116, "Come-based future/ingressive markers", "A")
GOTTEN_DYNAMIC = Feature(144, "Use of gotten and got with distinct meanings (dynamic vs. static)", "A")
RELATIVE_THAT = Feature(185, "Relativizer that or what in non-restrictive contexts", "B")
WHICH_FOR_WHO = Feature(186, "Which for ‘who’", "C")
POSTPOSITIONS = Feature(217, "Use of postpositions", "A")

NUMBER = "a|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|few|several|many|some"
SPAN = "second|minute|hour|day|week|month|year|decade"

PERSON = (
    "people person persons someone somebody anyone anybody everyone everybody man woman men women child children boy "
    "girl friend friends adult adults parent parents teacher teachers student students doctor doctors those others"
)


def _begins_predicate(site: Site) -> bool:
    """Behind ``, which`` a word that can be a finite verb is one, unless it can only be so of a plural."""
    return not site.tags(1).isdisjoint({"VBZ", "VBD", "MD"}) or site.surely(1, "VBP")


VARIETY = Variety(
    "nigerian",
    "Nigerian English",
    ewave=41,
    rules=(
        rule(
            YOU_PLURAL,
            "you people",
            r"you (?:guys|all(?= (?:are|have|can|will|should|need|know|do|must|would|could|want)\b|[.,!?]))|"
            r"all of you",
            "you people",
            starts="you all",
            where=(not_previous_word("tell give gives ask show"),),
        ),
        rule(
            ALREADY,
            "already for ago",
            rf"({NUMBER}) ((?:short |long |whole )?(?:{SPAN})s?) ago{CLAUSE_END}",
            "{1} {2} already",
            where=(inside_sentence,),
        ),
        rule(
            ALREADY,
            "already for ago behind a figure",
            rf"({SPAN}|{SPAN.replace('|', 's|')}s) ago{CLAUSE_END}",
            "{1} already",
            after=r"\d{1,4} ",
        ),
        rule(
            COME_FUTURE,
            "coming to for about to",
            r"(am|is|are|was|were) (?:just )?about to ([a-z]+)",
            "{1} coming to {2}",
            where=(may_be(2, "VB"),),
        ),
        rule(
            COME_FUTURE,
            "coming to for going to",
            r"(i'm|i am|he's|he is|she's|she is|we're|we are|you're|you are|they're|they are) "
            r"(?:going|about) to ([a-z]+)",
            "{1} coming to {2}",
            where=(may_be(2, "VB"), not_next_word("?")),
        ),
        rule(
            GOTTEN_DYNAMIC,
            "gotten for received",
            r"((?:i|you|we|they)'ve|(?:have|has|had)) (?:received|obtained)",
            "{1} gotten",
            starts=verb_phrases.HAVE_STARTS,
        ),
        *verb_phrases.gotten("A"),
        rule(
            RELATIVE_THAT,
            "that for which behind a comma",
            "which ([a-z]+)",
            "that {1}",
            where=(previous_word(","), _begins_predicate, in_statement, not_next_word(",")),
        ),
        rule(
            RELATIVE_THAT,
            "that for who behind a comma",
            "who {VBZ|VBP|VBD|MD}",
            "that {1}",
            where=(previous_word(","),),
        ),
        rule(
            WHICH_FOR_WHO,
            "which for who",
            "who {VBZ|VBP|VBD|MD}",
            "which {1}",
            where=(previous_word(PERSON),),
        ),
        rule(
            POSTPOSITIONS,
            "time behind a time of the day",
            r"in the (morning|evening|afternoon)",
            "in the {1} time",
            where=(not_next_word("of sun light rush hours air session sessions"), previous_is_not("CD")),
        ),
        rule(
            POSTPOSITIONS,
            "night time",
            "at night",
            "in the night time",
            where=(not_next_word("or and time"), not_previous_word("late day")),
        ),
        *noun_phrases.double_determiners("A"),
        *noun_phrases.zero_definite_article("A"),
        *noun_phrases.counted_mass_nouns("A"),
        *noun_phrases.irregular_plurals("B"),
        *noun_phrases.unvoiced_plurals("B"),
        *noun_phrases.demonstratives_without_number("B"),
        *noun_phrases.reflexives_with_own("C"),
        *noun_phrases.double_comparison("C"),
        *noun_phrases.much_as_comparative("C"),
        *clauses.inserted_it("C"),
        *clauses.than_what("A"),
        *clauses.bare_infinitives("A"),
        *clauses.added_to("A"),
        *clauses.doubled_conjunctions("B", "still yet"),
        *clauses.correlative_conjunctions("C"),
        *clauses.omitted_prepositions("B"),
        *clauses.adverbs_like_adjectives("A"),
        *clauses.too_for_very("A"),
        *questions.inverted_indirect_questions("B"),
        *verb_phrases.habitual_progressive("B"),
        *verb_phrases.stative_progressive("B"),
        *verb_phrases.past_participles_like_the_past("B"),
        *verb_phrases.regular_verbs("B"),
        *verb_phrases.invariant_dont("C"),
        *verb_phrases.zero_third_person("C"),
    ),
    minimum=33,
)
