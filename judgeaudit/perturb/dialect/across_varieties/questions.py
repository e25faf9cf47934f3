"""How do varieties ask, directly and indirectly, and when do they leave out an object?"""

from __future__ import annotations

from judgeaudit.perturb.dialect.across_varieties.places import CLAUSE_END, begins_clause, capitalised, may_be
from judgeaudit.perturb.dialect.conditions import begins_sentence, in_question, not_among, previous_word
from judgeaudit.perturb.dialect.inflection import past, third_person
from judgeaudit.perturb.dialect.rules import DialectRule, Feature, Rating, rule
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.word_classes import words

PERSONAL = "i|you|we|they|he|she|it"
WH = "what|where|when|why|how|who"
MODAL = "can|could|should|will|would"

DETERMINER = "the|your|my|his|her|its|their|our"
WH_IN_CLAUSE = "what|where|who|why|how|when"
MODAL_OR_BE = "is|are|was|were|am|can|could|will|would|should|might|must"

ASKING = (
    r"(?:know|knows|knew|knowing|wonder|wonders|wondered|wondering|understand|understands|understanding|decide|"
    r"figure out|find out|found out|see|learn|learns|sure|remember|discuss|consider|check|say|says|guess|"
    r"(?:ask|asks|asked|asking|tell|tells|told|telling|show|shows|teach|explain|describe|explains|explaining|"
    r"describing)(?: (?:me|him|her|us|them|you|yourself|people|someone|to (?:me|him|her|us|them)|"
    r"(?:the|your|a|an|his|her|their) [a-z]{1,20}))?) "
)
"""What asks or tells, right before an indirect question."""

TAG = (
    r"(?:(?:is|are|was|were|do|does|did|have|has|ca|could|wo|would|should)n't (?:i|you|we|they|he|she|it|there)|"
    r"(?:is|are|was|were|do|does|did|have|has|can|could|will|would) (?:i|you|we|they|he|she|it|there)|right)"
)
TAG_STARTS = (
    "isn't aren't wasn't weren't don't doesn't didn't haven't hasn't can't couldn't won't wouldn't shouldn't "
    "is are was were do does did have has can could will would right"
)

TAKES_DROPPED_OBJECT = (
    "bring buy check clean close cook cover delete drain fix freeze keep lock open print read record refrigerate "
    "remove repair replace report return review rinse save sell send serve share store test try use wash"
).replace(" ", "|")
"""What is done to a thing just named: the object is understood."""


def invariant_tag(rating: Rating, tag: str) -> tuple[DialectRule, ...]:
    """``We are late, isn't it?``"""
    feature = Feature(165, "Invariant non-concord tags", rating)
    return (
        rule(
            feature,
            "invariant tag",
            rf"{TAG}(?=\?)",
            tag,
            starts=TAG_STARTS,
            where=(previous_word(","),),
        ),
    )


def wh_questions_without_inversion(rating: Rating) -> tuple[DialectRule, ...]:
    """``What you want?``; ``Where I can find it?``"""
    feature = Feature(228, "No inversion/no auxiliaries in wh-questions", rating)
    asked = (in_question, begins_clause)
    return (
        rule(
            feature,
            "no do in a wh-question",
            rf"({WH}) (do|does|did) ({PERSONAL}) {{VB}}",
            _without_do_behind_wh,
            where=asked,
        ),
        rule(
            feature,
            "subject before be in a wh-question",
            rf"({WH}) (are|is|was|were|am) ({PERSONAL}) ([a-z]+ing)",
            "{1} {3} {2} {4}",
            where=(may_be(4, "VBG"), *asked),
        ),
        rule(
            feature,
            "subject before a modal in a wh-question",
            rf"({WH}) ({MODAL}) ({PERSONAL}) {{VB}}",
            "{1} {3} {2} {4}",
            where=asked,
        ),
    )


def _without_do(do: str, verb: str) -> str | None:
    """The verb with the tense and person that ``do`` showed."""
    return verb if do == "do" else past(verb) if do == "did" else third_person(verb)


def _without_do_behind_wh(site: Site) -> str | None:
    verb = _without_do(site[2].lower(), site[4])
    return None if verb is None else f"{site[1]} {site[3]} {verb}"


def polar_questions_without_inversion(rating: Rating) -> tuple[DialectRule, ...]:
    """``You get the point?``; ``You would like to hear more?``"""
    feature = Feature(229, "No inversion/no auxiliaries in main clause yes/no questions", rating)
    asked = (in_question, begins_sentence, capitalised)
    return (
        rule(
            feature,
            "no do in a yes/no question",
            rf"(do|does|did) ({PERSONAL}) {{VB}}",
            _without_do_at_start,
            where=asked,
        ),
        rule(
            feature,
            "subject before the auxiliary in a yes/no question",
            rf"(are|is|was|were|am|have|has|{MODAL}) ({PERSONAL}|this|that)(?= [a-z])",
            "{2} {1:lower}",
            where=asked,
        ),
    )


def _without_do_at_start(site: Site) -> str | None:
    verb = _without_do(site[1].lower(), site[3])
    return None if verb is None else f"{site[2]} {verb}"


def dropped_object(rating: Rating) -> tuple[DialectRule, ...]:
    """``Wash the rice and drain.``"""
    feature = Feature(42, "Object pronoun drop", rating)
    return (
        rule(
            feature,
            "no object of what is done to a thing just named",
            rf"(and|then|or) ({TAKES_DROPPED_OBJECT}) (?:it|them){CLAUSE_END}",
            "{1} {2}",
        ),
    )


def inverted_indirect_questions(rating: Rating) -> tuple[DialectRule, ...]:
    """``She wanted to know what was his name``."""
    feature = Feature(227, "Inverted word order in indirect questions", rating)
    main = (not_among(3, words("be have do"), "base"),)
    how = "how (?:much|often|long|far)"
    return (
        rule(
            feature,
            "inversion of be or a modal and a pronoun",
            rf"({WH_IN_CLAUSE}) ({PERSONAL}|this) ({MODAL_OR_BE})",
            "{1} {3} {2}",
            after=ASKING,
        ),
        rule(
            feature,
            "inversion of be and a noun",
            rf"(what|where|who|how) ((?:{DETERMINER}|this|that)(?: [a-z]{{1,20}}){{1,2}}) (is|are|was|were)"
            rf"{CLAUSE_END}",
            "{1} {3} {2}",
            after=ASKING,
        ),
        rule(
            feature,
            "do in an indirect question",
            rf"(what|where|why|how|when|{how}) (i|you|we|they) ([a-z]+)",
            "{1} do {2} {3}",
            after=ASKING,
            starts="what where why how when",
            where=(may_be(3, "VBP"), _is_no_past, *main),
        ),
        rule(
            feature,
            "does in an indirect question",
            rf"(what|where|why|how|when|{how}) (he|she|it) ([a-z]+)",
            "{1} does {2} {3:base}",
            after=ASKING,
            starts="what where why how when",
            where=(may_be(3, "VBZ"), *main),
        ),
        rule(
            feature,
            "did in an indirect question",
            rf"(what|where|why|how|when|{how}) ({PERSONAL}) {{VBD}}",
            "{1} did {2} {3:base}",
            after=ASKING,
            starts="what where why how when",
            where=main,
        ),
    )


def _is_no_past(site: Site) -> bool:
    return "VBD" not in site.tags(3)
