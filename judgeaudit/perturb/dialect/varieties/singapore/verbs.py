"""Which verbs and verb endings does Colloquial Singapore English do without, and what stands for them?"""

from __future__ import annotations

from judgeaudit.perturb.dialect.across_varieties.places import CLAUSE_END, WH_WORDS, capitalised, may_be
from judgeaudit.perturb.dialect.conditions import begins_sentence, in_statement, not_among, not_previous_word
from judgeaudit.perturb.dialect.inflection import base_form
from judgeaudit.perturb.dialect.rules import Feature, rule
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.word_classes import possible_tags, words

ALREADY = Feature(109, "Perfect marker already", "A")
PRESENT_FOR_FUTURE = Feature(117, "Present tense forms for neutral future reference", "B")
ZERO_PAST = Feature(132, "Zero past tense forms of regular verbs", "A")
CAN_OR_NOT = Feature(166, "Invariant tag can or not?", "A")
NO_AUXILIARY_BE = Feature(174, "Deletion of auxiliary be: before progressive", "A")
GONNA = Feature(175, "Deletion of auxiliary be: before gonna", "B")
NO_COPULA_NOUN = Feature(176, "Deletion of copula be: before NPs", "A")
NO_COPULA_ADJECTIVE = Feature(177, "Deletion of copula be: before AdjPs", "A")
NO_COPULA_PLACE = Feature(178, "Deletion of copula be: before locatives", "A")
NO_AUXILIARY_HAVE = Feature(179, "Deletion of auxiliary have", "A")
GOT = Feature(205, "Existentials with forms of get", "A")
NO_TO = Feature(208, "Deletion of to before infinitives", "B")

BE = r"(?:(he|she)(?:'s| is)|(i)(?:'m| am)|(we|you|they)(?:'re| are))"
BE_STARTS = "i i'm he he's she she's we we're you you're they they're"

AFTER_ADJECTIVE = (
    r"(?=[.,;:!?)]| (?:to|and|or|but|about|for|with|when|because|if|that|in|at|of|enough|now|today)\b)"
)
"""What shows that the adjective is the predicate and no noun follows it."""

QUANTITY = (
    "a|an|no|some|many|several|lots|plenty|one|two|three|four|five|various|numerous|different|people|other"
)

SELDOM_NOUNS = words("go see know say take make get give find buy keep do tell eat learn win")
"""Verbs that could be nouns, but not behind ``want``."""


def _is_no_noun(site: Site) -> bool:
    """The verb could not be taken for the thing wanted: ``want sleep``."""
    verb = site[2].lower()
    if "VB" not in site.tags(2) or verb in ("be", "have"):
        return False
    return "NN" not in possible_tags(verb) or verb in SELDOM_NOUNS


def _is_past(site: Site) -> bool:
    return base_form(site[3]) is not None and "VBD" in site.tags(3)


CAN_OR_NOT_BEHIND = (
    rule(
        CAN_OR_NOT,
        "can or not behind a request",
        r"(?:can|could) you (please )?({VB}[^.?!\n]{0,120})(?=\?)",
        "{1}{2}, can or not",
        where=(begins_sentence, capitalised),
    ),
    rule(
        CAN_OR_NOT,
        "can or not behind an offer",
        r"(?:can|could|may) (i|we) ({VB}[^.?!\n]{0,120})(?=\?)",
        "{1} {2}, can or not",
        where=(begins_sentence, capitalised),
    ),
)

EXISTENTIALS = (
    rule(
        GOT,
        "got for there is",
        rf"there(?:'s| is| are)(?= (?:{QUANTITY})\b)",
        "got",
        starts="there there's",
        where=(in_statement, not_previous_word("over up down out in right back is are")),
    ),
)

TENSE = (
    rule(
        ALREADY,
        "already for the perfect",
        r"(?:(i|you|we|they)(?: have|'ve)|(he|she|it) has) (?:already |just )?{VBN}"
        rf"( (?:it|them|him|her|this|that|(?:the|your|my|his|her|their|our|an?) [a-z]{{1,20}}))?{CLAUSE_END}",
        "{1}{2} {3:past}{4} already",
        starts="i i've you you've we we've they they've he she it",
        where=(in_statement,),
    ),
    rule(
        NO_AUXILIARY_HAVE,
        "no auxiliary have",
        r"(?:(i|you|we|they)(?: have|'ve)|(he|she|it) has) (already |just |never |always )?{VBN}",
        "{1}{2} {3}{4}",
        starts="i i've you you've we we've they they've he she it",
        where=(in_statement, not_previous_word("and or")),
    ),
    rule(
        PRESENT_FOR_FUTURE,
        "present for the future",
        r"(i|we|you|they)(?:'ll| will) {VB}(?=[^.?!,;\n]{0,60} (?:tomorrow|tonight|later|soon|"
        r"next (?:week|month|year|time|monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b)",
        "{1} {2}",
        starts="i i'll we we'll you you'll they they'll",
    ),
    rule(
        ZERO_PAST,
        "no past marking beside a time in the past",
        r"(i|you|we|they|he|she|it) (also |then |just |first )?([a-z]{2,20}ed)"
        r"(?=[^.?!,;\n]{0,60} (?:yesterday|ago|last (?:night|week|month|year|summer|time))\b)",
        "{1} {2}{3:base}",
        where=(_is_past,),
    ),
)

NO_BE = (
    rule(
        GONNA,
        "no be before gonna",
        rf"{BE} going to ([a-z]+)",
        "{1}{2}{3} gonna {4}",
        starts=BE_STARTS,
        where=(may_be(4, "VB"), in_statement, not_previous_word(WH_WORDS)),
    ),
    rule(
        NO_AUXILIARY_BE,
        "no be before a progressive",
        rf"{BE} ([a-z]+ing)",
        "{1}{2}{3} {4}",
        starts=BE_STARTS,
        where=(in_statement, may_be(4, "VBG"), not_among(4, {"going", "being"}), not_previous_word("and or")),
    ),
    rule(
        NO_COPULA_ADJECTIVE,
        "no be before an adjective",
        rf"(?:{BE}|(this)(?: is)) (very |really |so |too |quite |also |still |always )?{{JJ}}{AFTER_ADJECTIVE}",
        "{1}{2}{3}{4} {5}{6}",
        starts=f"{BE_STARTS} this",
        where=(in_statement, not_among(6, {"sorry", "afraid"}), not_previous_word(f"{WH_WORDS} and or")),
    ),
    rule(
        NO_COPULA_NOUN,
        "no be before a noun",
        rf"(?:{BE}|(this)(?: is)) (an?|the|my|your|his|her|our|their)(?= [a-z])",
        "{1}{2}{3}{4} {5}",
        starts=f"{BE_STARTS} this",
        where=(in_statement, not_previous_word(f"{WH_WORDS} and or")),
    ),
    rule(
        NO_COPULA_PLACE,
        "no be before a place",
        rf"{BE} (at (?:home|work|school)|here|there|near|inside|outside|"
        r"(?:in|on) (?:the|an?|my|your|his|her|their|our)(?= )|"
        r"in(?= (?:bed|class|court|danger|hospital|pain|school|town|trouble)\b))",
        "{1}{2}{3} {4}",
        starts=BE_STARTS,
        where=(in_statement, not_previous_word(f"{WH_WORDS} and or")),
    ),
)

NO_TO_BEHIND = (
    rule(
        NO_TO,
        "no to behind want and need",
        r"(want|wants|need|needs) to ([a-z]+)",
        "{1} {2}",
        where=(_is_no_noun, not_previous_word("a the no any to")),
    ),
)
