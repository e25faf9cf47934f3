"""Which features of Kenyan English can a rule apply with certainty, and where?

Numbers and ratings are eWAVE's for Kenyan English (variety 46). Rules are written for this project; precision goes
before recall. ``Ain't`` (155), though rated B, is left out: it would be most of the profile and says little of Kenya.
"""

from __future__ import annotations

from judgeaudit.perturb.dialect.across_varieties import clauses, noun_phrases, questions, verb_phrases
from judgeaudit.perturb.dialect.across_varieties.places import CLAUSE_END, capitalised
from judgeaudit.perturb.dialect.conditions import (
    among,
    begins_sentence,
    in_statement,
    not_previous_word,
    previous_is,
)
from judgeaudit.perturb.dialect.rules import Feature, Variety, rule
from judgeaudit.perturb.dialect.word_classes import words

YOU_PLURAL = Feature(34, "Forms or phrases for the second person plural pronoun other than you", "B")
WOULD_IN_CONDITIONS = Feature(120, "Would in if-clauses", "A")
THERES = Feature(172, "Existential / presentational there’s/there is/there was with plural subjects", "C")
RESUMPTIVE = Feature(194, "Resumptive/shadow pronouns", "B")
PREPOSITION_CHOPPING = Feature(
    198, "Deletion of stranded prepositions in relative clauses (“preposition chopping”)", "B"
)

PERSONAL = "i|you|we|they|he|she|it"
QUANTITY = (
    "many|several|some|few|lots|plenty|two|three|four|five|six|various|numerous|different|people|other|no"
)

TAKES_OBJECT = words(
    "make take need want like love find buy read write choose create use share send receive mention describe prepare "
    "cook eat wear carry keep build sell paint draw play visit know remember own enjoy prefer recommend"
)
NO_OBJECT_BEHIND = (
    "way ways time times day days place places reason reasons moment extent fact idea feeling degree person people "
    "man woman men women child children friend friends someone anyone everyone one ones"
)
"""Nouns whose relative clause lacks no object, and persons, whom ``it`` does not fit."""

PERSONS = (
    "people children parents students teachers doctors women men adults teenagers kids boys girls drivers users "
    "readers scientists experts farmers workers customers employees researchers friends neighbours neighbors families"
)

RELATED = (
    r"(?:someone|somebody|anyone|anybody|person|people|friend|friends|adult|adults|professional|place|places|house|"
    r"thing|things|something|anything|issue|issues|problem|problems|area) (?:that |who |whom |which )?"
)

VARIETY = Variety(
    "kenyan",
    "Kenyan English",
    ewave=46,
    rules=(
        rule(
            YOU_PLURAL,
            "you guys",
            r"you all(?= (?:are|have|can|will|should|need|know|do|must|would|could|want)\b|[.,!?])|all of you",
            "you guys",
            starts="you all",
            where=(not_previous_word("tell give gives ask show"),),
        ),
        *verb_phrases.was_in_conditions("A"),
        rule(
            WOULD_IN_CONDITIONS,
            "would have in an if-clause",
            rf"if ({PERSONAL}) had {{VBN}}",
            "if {1} would have {2}",
            where=(not_previous_word("as"),),
        ),
        rule(
            WOULD_IN_CONDITIONS,
            "would in an if-clause",
            rf"if ({PERSONAL}) {{VBD}}(?=[^.?!;:\n]{{1,120}}\b(?:would|could)\b)",
            "if {1} would {2:base}",
        ),
        rule(
            THERES,
            "there's before a plural",
            rf"there are(?= (?:{QUANTITY})\b)",
            "there's",
            where=(not_previous_word("over up down out in right back"),),
        ),
        rule(
            RESUMPTIVE,
            "pronoun at the gap of a relative clause",
            rf"(that|which) (i|you|we|they) {{VBP|VBD}}{CLAUSE_END}",
            "{1} {2} {3} it",
            where=(
                previous_is("NN"),
                not_previous_word(NO_OBJECT_BEHIND),
                among(3, TAKES_OBJECT, "base"),
            ),
        ),
        rule(
            RESUMPTIVE,
            "pronoun at the gap of a relative clause on a plural",
            rf"(that|which) (i|you|we|they) {{VBP|VBD}}{CLAUSE_END}",
            "{1} {2} {3} them",
            where=(
                previous_is("NNS"),
                not_previous_word(NO_OBJECT_BEHIND),
                among(3, TAKES_OBJECT, "base"),
            ),
        ),
        rule(
            RESUMPTIVE,
            "pronoun behind a plural subject",
            r"(the|these|those|some|many|most|all|your|our|my) {NNS}(?= {VBP|MD})",
            "{1} {2} they",
            where=(begins_sentence, capitalised, in_statement),
        ),
        rule(
            RESUMPTIVE,
            "pronoun behind a subject of persons",
            r"{NNS}(?= {VBP|MD})",
            "{1} they",
            starts=PERSONS,
            where=(begins_sentence, capitalised, in_statement),
        ),
        rule(
            PREPOSITION_CHOPPING,
            "no preposition at the end of a relative clause",
            rf"((?:{PERSONAL}) (?:can |could |should |will |would |might )?(?:talk|speak|turn|live|work|stay|go|deal|"
            rf"play|rely|depend|listen|trust|confide)s?) (?:to|in|with|at|on|for){CLAUSE_END}",
            "{1}",
            starts=PERSONAL.replace("|", " "),
            after=RELATED,
        ),
        *questions.polar_questions_without_inversion("A"),
        *questions.wh_questions_without_inversion("A"),
        *questions.invariant_tag("A", "isn't it"),
        *questions.dropped_object("A"),
        *noun_phrases.zero_definite_article("A"),
        *noun_phrases.zero_indefinite_article("B", "as"),
        *noun_phrases.double_determiners("C"),
        *noun_phrases.counted_mass_nouns("B"),
        *noun_phrases.irregular_plurals("B"),
        *noun_phrases.unvoiced_plurals("C"),
        *noun_phrases.demonstratives_without_number("B"),
        *noun_phrases.reflexives_with_own("C"),
        *noun_phrases.double_comparison("B"),
        *noun_phrases.analytic_comparison("B"),
        *noun_phrases.much_as_comparative("C"),
        *clauses.inserted_it("B"),
        *clauses.than_what("A"),
        *clauses.bare_infinitives("C"),
        *clauses.added_to("B"),
        *clauses.doubled_conjunctions("C", "but yet"),
        *clauses.omitted_prepositions("B"),
        *clauses.adverbs_like_adjectives("C"),
        *clauses.too_for_very("B"),
        *questions.inverted_indirect_questions("B"),
        *verb_phrases.preverbal_never("A", marked=True),
        *verb_phrases.gotten("A"),
        *verb_phrases.habitual_progressive("B"),
        *verb_phrases.stative_progressive("A"),
        *verb_phrases.past_for_perfect("B"),
        *verb_phrases.past_participles_like_the_past("C"),
        *verb_phrases.regular_verbs("C"),
        *verb_phrases.present_modals_after_wish("C"),
        *verb_phrases.invariant_dont("C"),
        *verb_phrases.zero_third_person("C"),
    ),
    minimum=40,
)
