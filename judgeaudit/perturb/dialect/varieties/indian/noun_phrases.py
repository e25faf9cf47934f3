"""Which noun phrases of Indian English can a rule put in place with certainty? Articles, number, comparison."""

from __future__ import annotations

from judgeaudit.perturb.dialect.across_varieties.places import looked_up, may_be
from judgeaudit.perturb.dialect.conditions import (
    among,
    begins_sentence,
    inside_sentence,
    next_is_not,
    next_word,
    not_among,
    not_next_word,
    not_previous_word,
    not_within,
    previous_is_not,
    previous_word,
)
from judgeaudit.perturb.dialect.rules import DialectRule, Feature, respelled, rule
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.varieties.indian.words import (
    ANALYTIC,
    ANALYTIC_BEST,
    COMPOUND_PLURALS,
    COUNTED_MASS,
    DOUBLED,
    FLAT_ADVERBS,
    GENERIC,
    IRREGULAR_PLURALS,
    NOT_BARE,
    NOT_BARE_ADJECTIVES,
    OWN,
    PHRASE_ENDS,
    QUANTIFIER,
    REGULAR_F,
    ROLES,
    TAKING,
    UNIQUE_PLACES,
    UNIQUE_SUBJECTS,
)

REFLEXIVES = Feature(14, "No number distinction in reflexives", "B")
YOU_PLURAL = Feature(34, "Forms or phrases for the second person plural pronoun other than you", "B")
IRREGULAR = Feature(48, "Regularization of plural formation: extension of -s to StE irregular plurals", "A")
PHONOLOGICAL = Feature(49, "Regularization of plural formation: phonological regularization", "A")
GROUP_PLURALS = Feature(54, "Group plurals", "A")
COUNT_NOUNS = Feature(
    55, "Different count/mass noun distinctions resulting in use of plural for StE singular", "A"
)
AFTER_QUANTIFIER = Feature(56, "Absence of plural marking only after quantifiers", "B")
DOUBLE_DETERMINERS = Feature(59, "Double determiners", "A")
DEFINITE_FOR_INDEFINITE = Feature(60, "Use of definite article where StE has indefinite article", "A")
ZERO_FOR_DEFINITE = Feature(62, "Use of zero article where StE has definite article", "A")
ZERO_FOR_INDEFINITE = Feature(63, "Use of zero article where StE has indefinite article", "A")
DEFINITE_FOR_ZERO = Feature(64, "Use of definite article where StE favours zero", "A")
ONE = Feature(66, "Indefinite article one/wan", "B")
DEMONSTRATIVES = Feature(71, "No number distinction in demonstratives", "B")
DOUBLE_COMPARATIVES = Feature(78, "Double comparatives and superlatives", "B")
ANALYTIC_COMPARISON = Feature(80, "Regularized comparison strategies: extension of analytic marking", "B")
THAN_WHAT = Feature(204, "As what / than what in comparative clauses", "C")
FLAT_ADVERB = Feature(221, "Other adverbs have the same form as adjectives", "C")
VERY_MUCH = Feature(222, "Too; too much; very much 'very' as qualifier", "A")

ILLNESS = "headache|cold|fever|toothache|stomachache|cough|sore throat|backache|runny nose|stomach ache"
IS_SINGULAR = "is was has does 's"
PREDICATE_ENDS = r"(?=[.,;:!?)]|\Z|\n| (?:than|to|for|and|or|but|if|when|in|with|on|at|because|that)\b)"
BEFORE_PREDICATE = (
    "is are was were be been 's 're 'm am feel feels felt seem seems look looks sound sounds stay"
)


def counted(site: Site) -> str:
    """``information`` becomes ``informations``, ``research`` ``researches``."""
    return f"{site[1]}{'es' if site[1].lower().endswith('ch') else 's'}"


def singular_demonstrative(site: Site) -> str:
    """``these steps`` becomes ``this steps``."""
    return f"{'this' if site[1] else 'that'} {site[2]}"


def owned(site: Site) -> str | None:
    """``this house of mine`` becomes ``my this house``; of ``I know that friends of mine`` nothing does."""
    if site.surely(2, "NNS") != (site[1].lower() in ("these", "those")):
        return None
    return f"{OWN[site[3].lower()]} {site[1].lower()} {site[2]}"


def not_an_adjective(site: Site) -> bool:
    """No comma with an adjective stands behind the match: the last word of ``a flat, hard surface`` is no noun."""
    behind = site.sentence.at(site.match.end())
    return site.behind != "," or "JJ" not in site.sentence.possible(behind + 1)


NOUN_PHRASES: tuple[DialectRule, ...] = (
    rule(
        REFLEXIVES,
        "plural in -self",
        "(them|our|your)selves",
        "{1}self",
        starts="themselves ourselves yourselves",
    ),
    rule(
        YOU_PLURAL,
        "you people",
        r"(?:you guys|all of you|both of you)(?! \w+ of\b)",
        "you people",
        starts="you all both",
    ),
    rule(
        IRREGULAR,
        "irregular plural with -s",
        f"({'|'.join(IRREGULAR_PLURALS)})",
        looked_up(1, IRREGULAR_PLURALS),
        where=(previous_is_not("CD"),),
    ),
    rule(
        PHONOLOGICAL,
        "plural in -fs",
        "{NNS}",
        looked_up(1, REGULAR_F),
        starts=" ".join(REGULAR_F),
        where=(among(1, REGULAR_F),),
    ),
    respelled(GROUP_PLURALS, "plural at the end of a compound", COMPOUND_PLURALS),
    rule(
        COUNT_NOUNS,
        "plural of a mass noun",
        "{NN|NNS}",
        counted,
        starts=" ".join(sorted(COUNTED_MASS)),
        where=(
            among(1, COUNTED_MASS),
            not_within(3, "a an this that much little each every piece pieces bit item set"),
            next_is_not("NN NNS VBZ VBG"),
            not_next_word(IS_SINGULAR),
        ),
    ),
    rule(
        AFTER_QUANTIFIER,
        "one of the with a singular",
        r"(one of (?:the|your|my|our|their|these|those) "
        r"(?:(?:most [a-z]{3,15}|[a-z]{2,12}est|best|worst|common|main) )?){NNS}",
        "{1}{2:singular}",
        starts="one",
        where=(next_is_not("NN NNS"),),
    ),
    rule(
        DEMONSTRATIVES,
        "singular demonstrative before a plural",
        "(?:(these)|those) {NNS}",
        singular_demonstrative,
        starts="these those",
        where=(next_is_not("NN NNS"),),
    ),
    rule(
        AFTER_QUANTIFIER,
        "no plural after a quantifier",
        rf"({QUANTIFIER}) {{NNS}}",
        "{1} {2:singular}",
        where=(next_is_not("NN NNS VBP VBZ VBD MD"), not_next_word("of who that which whom whose")),
    ),
    rule(
        DOUBLE_DETERMINERS,
        "demonstrative and possessive together",
        rf"(this|that|these|those) {{NN|NNS}} of ({'|'.join(OWN)})",
        owned,
    ),
    rule(
        DEFINITE_FOR_INDEFINITE,
        "the before an illness",
        rf"(have|has|had|having|get|gets|got|getting|catch|catches|caught|catching|with) a ({ILLNESS})",
        "{1} the {2}",
        where=(next_is_not("NN NNS"),),
    ),
    rule(
        ZERO_FOR_DEFINITE,
        "no article with what the situation gives",
        rf"(in|at|to|from|on|into|for|by|with|near|inside|outside|off|call|tell|ask|visit|contact|leave|reach) "
        rf"the ({UNIQUE_PLACES}){PHRASE_ENDS}",
        "{1} {2}",
    ),
    rule(
        ZERO_FOR_DEFINITE,
        "no article at the beginning",
        rf"the ({UNIQUE_SUBJECTS})"
        r"(?= (?:is|are|was|were|can|could|may|might|will|would|should|must|has|have|often|also|usually)\b)",
        "{1}",
        where=(begins_sentence,),
    ),
    rule(
        ZERO_FOR_DEFINITE,
        "no article before same",
        r"the same(?=[.,;:!?)]|\Z|\n| (?:thing|time|way|day|place|goes|applies|as)\b)",
        "same",
        where=(not_previous_word("all just"),),
    ),
    rule(
        ZERO_FOR_INDEFINITE,
        "no article with an object",
        rf"({TAKING}) an? {{NN}}{PHRASE_ENDS}",
        "{1} {2}",
        where=(not_among(2, NOT_BARE), not_an_adjective),
    ),
    rule(
        ZERO_FOR_INDEFINITE,
        "no article with an object and its adjective",
        rf"({TAKING}) an? ([a-z]{{3,15}}) {{NN}}{PHRASE_ENDS}",
        "{1} {2} {3}",
        where=(may_be(2, "JJ"), not_among(2, NOT_BARE_ADJECTIVES), not_among(3, NOT_BARE), not_an_adjective),
    ),
    rule(
        ZERO_FOR_INDEFINITE,
        "no article with a way of doing something",
        r"(in|on|at|for|with) an? ([a-z]{3,15}) "
        rf"(way|manner|basis|voice|tone|place|pace|level|mood|distance|smile|temperature){PHRASE_ENDS}",
        "{1} {2} {3}",
        where=(may_be(2, "JJ"), not_among(2, NOT_BARE_ADJECTIVES)),
    ),
    rule(ZERO_FOR_INDEFINITE, "no article with a role", rf"as an? ({ROLES}){PHRASE_ENDS}", "as {1}"),
    rule(ZERO_FOR_INDEFINITE, "lot of", "an? (lot|couple) of", "{1} of", starts="a"),
    rule(
        DEFINITE_FOR_ZERO,
        "the before what is meant in general",
        rf"(in|about|of|with|for|on|from|against) ({GENERIC})"
        r"(?=[.,;:!?)]|\Z|\n| (?:and|or|but|if|when|because|is|are|was|can|will|may)\b)",
        "{1} the {2}",
    ),
    rule(
        DEFINITE_FOR_ZERO,
        "most of the",
        "most {NNS}",
        "most of the {1}",
        where=(not_previous_word("the at these those your my his her our their its"), next_is_not("NN NNS")),
    ),
    rule(
        ONE,
        "one for a new thing",
        "(there(?: is| was|'s)) an? {NN}",
        "{1} one {2}",
        starts="there there's",
        where=(not_among(2, NOT_BARE), next_is_not("NN NNS")),
    ),
    rule(
        DOUBLE_COMPARATIVES,
        "more before a comparative",
        rf"({DOUBLED}){PREDICATE_ENDS}",
        "more {1}",
        where=(
            not_previous_word("more no any the for 'd had your my his her our their or less"),
            inside_sentence,
            not_next_word("or"),
            previous_is_not("DT"),
        ),
    ),
    rule(
        ANALYTIC_COMPARISON,
        "more with a short adjective",
        f"({'|'.join(ANALYTIC)})",
        looked_up(1, ANALYTIC, "more {}"),
        where=(not_previous_word("more no any the"), next_is_not("NN NNS"), inside_sentence),
    ),
    rule(
        ANALYTIC_COMPARISON,
        "most with a short adjective",
        rf"({'|'.join(ANALYTIC_BEST)})(?= {{NN|NNS}})",
        looked_up(1, ANALYTIC_BEST, "most {}"),
        where=(previous_word("the your my our their his her"),),
    ),
    rule(
        THAN_WHAT,
        "than what",
        r"((?:more|less|better|worse|[a-z]{2,12}er) than) (i|you|he|she|it|we|they)"
        r"(?= (?:think|thinks|thought|expect|expects|expected|want|wants|wanted|need|needs|needed|know|knows|knew|"
        r"imagine|imagined|believe|believes|do|does|did|say|says|said|show|shows|look|looks|seem|seems)\b)",
        "{1} what {2}",
        starts="more less better worse *er",
        where=(not_previous_word("no"),),
    ),
    rule(
        FLAT_ADVERB,
        "adverb without -ly",
        f"({'|'.join(FLAT_ADVERBS)})",
        looked_up(1, FLAT_ADVERBS),
        where=(
            inside_sentence,
            next_word(". , ; : ! ? )"),
            not_previous_word(BEFORE_PREDICATE + " , and or"),
        ),
    ),
    rule(
        VERY_MUCH,
        "very much before a predicate",
        "very {JJ}",
        "very much {1}",
        where=(previous_word(BEFORE_PREDICATE), next_is_not("NN NNS JJ")),
    ),
)
