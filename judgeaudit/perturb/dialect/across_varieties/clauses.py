"""How do varieties join clauses, complements and adverbs otherwise than standard English?"""

from __future__ import annotations

from judgeaudit.perturb.dialect.across_varieties.places import (
    first_word_of_sentence,
    in_lower_case,
    may_be,
)
from judgeaudit.perturb.dialect.conditions import (
    inside_sentence,
    not_previous_word,
    previous_word,
)
from judgeaudit.perturb.dialect.rules import DialectRule, Feature, Rating, rule
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.word_classes import words

PERSONAL = "i|you|we|they|he|she|it"
DETERMINER = "the|your|my|his|her|its|their|our"
OBJECT = "me|him|her|us|them|you|it|people|users|students|children|parents|others|someone|anyone|everyone"

MAIN_CLAUSE_STARTS = (
    f"{PERSONAL}|there|this|that|these|those|{DETERMINER}|"
    "a|an|many|most|some|people|no|nobody|nothing|every|everyone"
)

ALLOW = (
    "allow|allows|allowed|allowing|enable|enables|enabled|enabling|permit|permits|permitted|help|helps|helped"
)
MAKE = "make|makes|made|making|let|lets|letting"
MADE_TO = (
    "feel|look|work|think|seem|sound|wait|stop|go|do|believe|happen|pay|come|stay|appear|understand|laugh|cry|sleep|"
    "know|play|eat|choose|decide|use|have|take|keep|speak|talk|try|learn|become|stand|sit|grow|lose|get|see|move"
)

ADVERBS_IN_LY = (
    "quickly slowly quietly safely properly easily regularly clearly calmly honestly directly gently badly nicely "
    "seriously loudly carefully openly politely privately firmly briefly thoroughly differently correctly softly "
    "smoothly patiently"
)
ADVERB_ENDS = words(
    ". , ; : ! ? ) and or when if to with in at on about before because for until after as from while"
)
NOT_BEFORE_BARE_ADVERB = (
    "is are was were be been being am 's 're 'm very so as too more less how most quite , ; : ( -"
)

GOOD = (
    "happy|glad|good|nice|kind|helpful|useful|interesting|proud|grateful|thankful|exciting|beautiful|pleased|popular|"
    "impressive|excited|brave|friendly|lovely|tasty|delicious|comfortable|rewarding|effective"
)
"""Adjectives of praise: ``too`` before them cannot be taken for a complaint."""


def inserted_it(rating: Rating) -> tuple[DialectRule, ...]:
    """``as it is the case``."""
    feature = Feature(45, "Insertion of it where StE favours zero", rating)
    said = "explained|shown|seen|noted|mentioned|expected|stated|described|discussed"
    return (
        rule(
            feature,
            "it between as and be",
            rf"as (is|was|has been|can be)(?= (?:often |usually |sometimes )?(?:the case|common|usual|true|{said})\b)",
            "as it {1}",
            where=(not_previous_word("such same"),),
        ),
        rule(
            feature,
            "it between as and a participle",
            rf"as ({said})(?= (?:above|earlier|below|before|previously|by|in)\b)",
            "as it was {1}",
            where=(not_previous_word("same such are is was were be been"),),
        ),
    )


def than_what(rating: Rating) -> tuple[DialectRule, ...]:
    """``harder than what you think``."""
    feature = Feature(204, "As what / than what in comparative clauses", rating)
    return (
        rule(
            feature,
            "than what before a pronoun",
            rf"than ({PERSONAL}|people|others) ([a-z]+)",
            "than what {1} {2}",
            where=(_is_verb_behind_than,),
        ),
        rule(
            feature,
            "than what before a noun",
            rf"than ({DETERMINER}) {{NOUN}} {{VBP|VBZ|VBD|MD}}",
            "than what {1} {2} {3}",
        ),
    )


def _is_verb_behind_than(site: Site) -> bool:
    return not site.tags(2).isdisjoint({"VBP", "VBZ", "VBD", "MD"})


def bare_infinitives(rating: Rating) -> tuple[DialectRule, ...]:
    """``allow him go``."""
    feature = Feature(208, "Deletion of to before infinitives", rating)
    return (
        rule(
            feature,
            "no to behind a pronoun",
            rf"({ALLOW}) ({OBJECT}) to ([a-z]+)",
            "{1} {2} {3}",
            where=(may_be(3, "VB"),),
        ),
        rule(
            feature,
            "no to behind a noun",
            rf"({ALLOW}) ({DETERMINER}|a|an|other|some|more) {{NOUN}} to ([a-z]+)",
            "{1} {2} {3} {4}",
            where=(may_be(4, "VB"),),
        ),
    )


def added_to(rating: Rating) -> tuple[DialectRule, ...]:
    """``made me to do it``."""
    feature = Feature(209, "Addition of to where StE has bare infinitive", rating)
    return (
        rule(
            feature,
            "to behind a pronoun",
            rf"({MAKE}) ({OBJECT}) ({MADE_TO})",
            "{1} {2} to {3}",
            where=(_is_no_offer,),
        ),
        rule(
            feature,
            "to behind a noun",
            rf"({MAKE}) ({DETERMINER}|a) {{NOUN}} ({MADE_TO})",
            "{1} {2} {3} to {4}",
        ),
    )


def _is_no_offer(site: Site) -> bool:
    """Neither ``let me know`` nor ``let us know``, which are fixed."""
    return not (site[1].lower() == "let" and site[2].lower() in ("me", "us"))


def doubled_conjunctions(rating: Rating, double: str) -> tuple[DialectRule, ...]:
    """``still yet``; ``double`` is the doubled conjunction."""
    feature = Feature(214, "Conjunction doubling: clause + conj. + conj. + clause", rating)
    return (
        rule(
            feature,
            "two conjunctions for yet",
            rf"yet(?= (?:{MAIN_CLAUSE_STARTS})\b)",
            double,
            where=(_opens_clause,),
        ),
        rule(
            feature,
            "two conjunctions for nevertheless",
            r"(?:nevertheless|nonetheless|even so),(?= )",
            double,
            starts="nevertheless nonetheless even",
            where=(_opens_clause,),
        ),
    )


def _opens_clause(site: Site) -> bool:
    return site.begins_sentence or site.before in (",", ";", "–", "—")


def correlative_conjunctions(rating: Rating) -> tuple[DialectRule, ...]:
    """``Although he tried, but he failed``; ``because it rained, so we stayed``."""
    feature = Feature(215, "Conjunction doubling: correlative conj.s", rating)
    return (
        rule(
            feature,
            "but behind an although clause",
            rf"({MAIN_CLAUSE_STARTS})",
            "but {1}",
            after=r"(?:although|even though|though) [^,.;:!?()]{3,65}, ",
            where=(_begins_with_although, in_lower_case(1)),
        ),
        rule(
            feature,
            "so behind a because clause",
            rf"({MAIN_CLAUSE_STARTS})",
            "so {1}",
            after=r"because [^,.;:!?()]{3,65}, ",
            where=(_begins_with_because, in_lower_case(1)),
        ),
    )


def _begins_with_although(site: Site) -> bool:
    return first_word_of_sentence(site) in ("although", "though", "even")


def _begins_with_because(site: Site) -> bool:
    return first_word_of_sentence(site) == "because"


def omitted_prepositions(rating: Rating) -> tuple[DialectRule, ...]:
    """``We go there Tuesday``; ``reply me``; ``provide you information``."""
    feature = Feature(216, "Omission of StE prepositions", rating)
    return (
        rule(
            feature,
            "no on before a day",
            r"on ((?:mon|tues|wednes|thurs|fri|satur|sun)days?)",
            "{1}",
            where=(not_previous_word("depend depends based focus go goes going and or"),),
        ),
        rule(
            feature,
            "no preposition behind a verb",
            r"(?:(reply|replies|replied|replying|respond|responds|responded|responding) to|"
            r"(dispose|disposes|disposed|disposing) of)"
            r"(?= (?:me|him|us|you|it|them|the|your|his|her|their|any|every)\b)",
            "{1}{2}",
            starts="reply replies replied replying respond responds responded responding dispose disposes disposed "
            "disposing",
        ),
        rule(
            feature,
            "no with behind provide and a pronoun",
            r"(provide|provides|provided|providing) (you|me|us|him|her|them|people|users|others) with",
            "{1} {2}",
        ),
    )


def adverbs_like_adjectives(rating: Rating) -> tuple[DialectRule, ...]:
    """``run quick``."""
    feature = Feature(221, "Other adverbs have the same form as adjectives", rating)
    return (
        rule(
            feature,
            "adverb without -ly",
            r"([a-z]{3,12})ly",
            _without_ly,
            starts=ADVERBS_IN_LY,
            where=(inside_sentence, not_previous_word(NOT_BEFORE_BARE_ADVERB), _is_behind_verb),
        ),
    )


def _without_ly(site: Site) -> str:
    stem = site[1]
    return f"{stem[:-1]}y" if stem.lower() == "easi" else stem


def _is_behind_verb(site: Site) -> bool:
    """Neither before a verb or an adjective, nor about the whole sentence."""
    return not site.behind or site.behind in ADVERB_ENDS


def too_for_very(rating: Rating) -> tuple[DialectRule, ...]:
    """``I am too happy``: very happy."""
    feature = Feature(222, "Too; too much; very much ‘very’ as qualifier", rating)
    return (
        rule(
            feature,
            "too for very",
            rf"very ({GOOD})(?=[.,;:!?)]| (?:and|but|because|when|that|about|at|of)\b)",
            "too {1}",
            where=(previous_word("is are am was were be been 's 're 'm feel feels felt look looks"),),
        ),
    )
