"""Which questions of Indian English can a rule put in place with certainty? Direct and indirect ones, and tags."""

from __future__ import annotations

from judgeaudit.perturb.dialect.conditions import (
    begins_sentence,
    in_question,
    next_is,
    not_among,
    previous_word,
)
from judgeaudit.perturb.dialect.rules import DialectRule, Feature, rule
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.varieties.indian.words import (
    NOT_AUXILIARY,
    PLURAL_SUBJECT,
    POSSESSIVE,
    SUBJECT,
)
from judgeaudit.perturb.dialect.word_lists import words

INVARIANT_TAGS = Feature(165, "Invariant non-concord tags", "A")
INDIRECT_QUESTIONS = Feature(227, "Inverted word order in indirect questions", "A")
WH_QUESTIONS = Feature(228, "No inversion/no auxiliaries in wh-questions", "A")
POLAR_QUESTIONS = Feature(229, "No inversion/no auxiliaries in main clause yes/no questions", "A")

ASKING = words(
    "know knows knew known knowing ask asks asked asking wonder wonders wondered wondering understand understands "
    "understood understanding explain explains explained explaining decide decides decided see seeing check sure clear"
)
TELLING = words("tell tells told telling show shows showed")
ASKING_SOMEONE = TELLING | {"ask", "asks", "asked", "asking"}
SOMEONE = words("me you him her us them someone people")
FINDING = words("find figure work")
"""What an indirect question depends on: ``know``, ``tell me``, ``find out``."""

WH = "what|where|why|how|who|how (?:much|many|long|often|far|soon)"
WH_STARTS = "what where when why how who"
AUX = "is|are|was|were|can|could|will|would|should|might|must"


def negated_before(site: Site) -> bool:
    """The statement before a tag is negated."""
    return not {"n't", "not", "never", "no", "nobody", "nothing"}.isdisjoint(site.words_before(40))


def asked(site: Site) -> bool:
    """What stands before the match takes an indirect question."""
    if site.before in ASKING:
        return True
    verb = site.words_before(2)[0] if site.before else ""
    return (site.before in SOMEONE and verb in ASKING_SOMEONE) or (site.before == "out" and verb in FINDING)


def not_told(site: Site) -> bool:
    """The question does not depend on telling or showing: ``tell her what you saw`` may name a thing, not ask."""
    return TELLING.isdisjoint(site.words_before(2))


def not_inverted_condition(site: Site) -> bool:
    """The question is not ``Should you need help, can you ...?``."""
    return site[1].lower() != "should" or "," not in site.sentence.words


def asks(site: Site) -> bool:
    """The match begins a question, or a part of one."""
    return site.in_question and (
        site.begins_sentence or site.before in {",", ";", ":", "and", "but", "so", "then"}
    )


QUESTIONS: tuple[DialectRule, ...] = (
    rule(
        INVARIANT_TAGS,
        "isn't it after a statement",
        rf"(?:do|does|did|is|are|was|were|have|has|had|ca|can|could|wo|would|should)n't (?:{SUBJECT})(?=\?)",
        "isn't it",
        starts="don't doesn't didn't isn't aren't wasn't weren't haven't hasn't hadn't can't couldn't won't wouldn't "
        "shouldn't",
        where=(previous_word(","),),
    ),
    rule(
        INVARIANT_TAGS,
        "is it after a negated statement",
        rf"(?:do|does|did|is|are|was|were|have|has|had|can|could|will|would|should) (?:{SUBJECT})(?=\?)",
        "is it",
        where=(previous_word(","), negated_before),
    ),
    rule(
        INDIRECT_QUESTIONS,
        "verb first in an indirect question",
        rf"({WH}) ({SUBJECT}) ({AUX})(?! not\b)",
        "{1} {3} {2}",
        starts=WH_STARTS,
        where=(asked,),
    ),
    rule(
        INDIRECT_QUESTIONS,
        "verb first in an indirect question with a contraction",
        rf"({WH}) (you|we|they)'re",
        "{1} are {2}",
        starts=WH_STARTS,
        where=(asked,),
    ),
    rule(
        INDIRECT_QUESTIONS,
        "verb first in an indirect question with a noun",
        rf"({WH}) ((?:{POSSESSIVE}) {{NN}}) (is|was|will|can|should)(?=[.,;:!?)]|\Z|\n| [a-z])",
        "{1} {4} {2}",
        starts=WH_STARTS,
        where=(asked,),
    ),
    rule(
        INDIRECT_QUESTIONS,
        "does in an indirect question",
        rf"({WH}) (he|she|it|this|that|(?:{POSSESSIVE}) {{NN}}) {{VBZ}}",
        "{1} does {2} {4:base}",
        starts=WH_STARTS,
        where=(
            asked,
            not_among(4, NOT_AUXILIARY, "base"),
        ),
    ),
    rule(
        INDIRECT_QUESTIONS,
        "do in an indirect question",
        rf"({WH}) (i|you|we|they|(?:{POSSESSIVE}) {{NNS}}) {{VBP}}",
        "{1} do {2} {4:base}",
        starts=WH_STARTS,
        where=(asked, not_among(4, NOT_AUXILIARY | {"want", "like", "need"}, "base"), not_told),
    ),
    rule(
        INDIRECT_QUESTIONS,
        "did in an indirect question",
        rf"({WH}) ({SUBJECT}) {{VBD}}",
        "{1} did {2} {3:base}",
        starts=WH_STARTS,
        where=(asked, not_among(3, NOT_AUXILIARY, "base"), not_told),
    ),
    rule(
        WH_QUESTIONS,
        "subject first in a question",
        rf"({WH}|(?:what|which) [a-z]{{3,15}}s?) ({AUX}|have|has) ({SUBJECT}|there)(?= [a-z])",
        "{1} {3} {2}",
        starts=f"{WH_STARTS} which",
        where=(asks,),
    ),
    rule(
        WH_QUESTIONS,
        "subject first in a short question",
        rf"({WH}) (is|are|was|were) ({SUBJECT}|this|that|these|those|(?:{POSSESSIVE}) {{NOUN}})(?=\?)",
        "{1} {3} {2}",
        starts=WH_STARTS,
        where=(asks,),
    ),
    rule(
        WH_QUESTIONS,
        "no do in a question",
        rf"({WH}|(?:what|which) [a-z]{{3,15}}) do ({PLURAL_SUBJECT}) {{VB}}",
        "{1} {2} {3}",
        starts=f"{WH_STARTS} which",
        where=(asks,),
    ),
    rule(
        WH_QUESTIONS,
        "no does in a question",
        rf"({WH}|(?:what|which) [a-z]{{3,15}}) does (he|she|it|this|that|(?:{POSSESSIVE}) [a-z]{{2,20}}) {{VB}}",
        "{1} {2} {3:third}",
        starts=f"{WH_STARTS} which",
        where=(asks,),
    ),
    rule(
        WH_QUESTIONS,
        "no did in a question",
        rf"({WH}|(?:what|which) [a-z]{{3,15}}) did ({SUBJECT}|this|that|(?:{POSSESSIVE}) [a-z]{{2,20}}) {{VB}}",
        "{1} {2} {3:past}",
        starts=f"{WH_STARTS} which",
        where=(asks,),
    ),
    rule(
        POLAR_QUESTIONS,
        "subject first in a yes or no question",
        rf"(is|are|was|were|can|could|will|would|has|have|should|must) ({SUBJECT}|there)(?= [a-z])",
        "{2} {1:lower}",
        where=(begins_sentence, in_question, not_inverted_condition),
    ),
    rule(
        POLAR_QUESTIONS,
        "noun first in a yes or no question",
        rf"(is|was) ((?:{POSSESSIVE}|this|that) {{NN}})(?= [a-z])",
        "{2} {1:lower}",
        where=(begins_sentence, in_question, next_is("VBN VBD VBG JJ IN RB")),
    ),
    rule(
        POLAR_QUESTIONS,
        "no do",
        rf"do ({PLURAL_SUBJECT}) {{VB}}",
        "{1} {2}",
        where=(begins_sentence, in_question),
    ),
    rule(
        POLAR_QUESTIONS,
        "no does",
        rf"does (he|she|it|this|that|(?:{POSSESSIVE}) {{NN}}) {{VB}}",
        "{1} {3:third}",
        where=(begins_sentence, in_question),
    ),
    rule(
        POLAR_QUESTIONS,
        "no did",
        rf"did ({SUBJECT}|this|that|(?:{POSSESSIVE}) {{NOUN}}) {{VB}}",
        "{1} {3:past}",
        where=(begins_sentence, in_question),
    ),
)
