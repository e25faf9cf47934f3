"""How does African American English negate? *Ain't*, invariant *don't*, and negation on more than one word."""

from __future__ import annotations

from judgeaudit.perturb.dialect.inflection import base_form
from judgeaudit.perturb.dialect.rules import DialectRule, Feature, rule
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.varieties.aae.words import begins_clause
from judgeaudit.perturb.dialect.word_lists import words

NEGATIVE_CONCORD = Feature(154, "Multiple negation / negative concord", "A")
AINT_BE = Feature(155, "Ain't as the negated form of be", "A")
AINT_HAVE = Feature(156, "Ain't as the negated form of have", "A")
AINT_GENERIC = Feature(157, "Ain't as generic negator before a main verb", "A")
INVARIANT_DONT = Feature(158, "Invariant don't for all persons in the present tense", "A")
NEGATIVE_INVERSION = Feature(226, '"Negative inversion"', "B")

PARTICIPLE = (
    r"(?:(?:really|ever|yet|already|always|just|only|even) )?"
    r"(?:been|become|begun|broken|brought|built|caught|chosen|come|done|eaten|fallen|felt|forgotten|found|given|"
    r"gone|gotten|grown|had|heard|held|kept|known|learned|left|lost|made|met|paid|read|run|said|seen|sent|shown|"
    r"slept|spent|spoken|started|stopped|taken|taught|thought|told|tried|understood|used|won|worn|written|"
    r"(?!need\b|feed\b|seed\b|speed\b|indeed\b|exceed\b|proceed\b|succeed\b|bleed\b|breed\b)[a-z]{2,}ed)\b"
)

CLAUSE_WORD = (
    r"if|whether|that|who|whom|which|what|where|when|why|how|because|and|or|but|so|than|unless|until|while|as|"
    r"only|just|hesitate|forget|fail|refuse|stop|avoid|mind|doubt|deny|prevent|at|by|under|in|on"
)
"""Between a negator and ``any`` these words end the clause, negate again, or make ``any`` mean 'whichever'."""

NEGATED = (
    r"(?:(?:do|does|did|ca|wo|could|would|should|ai|is|are|was|were|have|has|had)n't|cannot|"
    r"(?:do|does|did|will|would|could|should|can) not)"
    rf"(?: (?!(?:{CLAUSE_WORD}|any\w*)\b)[a-z]+){{1,4}} |there (?:is|are|was|were|ai)n't "
)
"""A negator and one to four words of the same clause, or a negated ``there is``."""

NEGATED_MODAL = {
    "can": "can't",
    "could": "couldn't",
    "will": "won't",
    "would": "wouldn't",
    "should": "shouldn't",
}

OBJECTS = words("me you him her it us them a an the my your his our their this that")
"""What shows that *nobody asked* is a past and no participle."""

INDEFINITE = "nobody|no one|nothing"


def _negated_modal(site: Site) -> str:
    return f"{NEGATED_MODAL[site[2].lower()]} {site[1].lower()}"


def _negated_verb(site: Site) -> str | None:
    """*nobody knows*: *don't nobody know*; *nobody knew*: *didn't nobody know*."""
    tags = site.tags(2)
    base = base_form(site[2])
    if base is None or base in ("be", "have", "do"):
        return None
    if "VBZ" in tags:
        return f"don't {site[1].lower()} {base}"
    if "VBD" in tags and ("VBN" not in tags or site.behind in OBJECTS):
        return f"didn't {site[1].lower()} {base}"
    return None


def _aint_first(site: Site) -> str:
    return f"ain't {site[1].lower()}"


NEGATORS: tuple[DialectRule, ...] = (
    rule(
        AINT_HAVE,
        "ain't for have not",
        rf"(?:hasn't|haven't|has not|(?<=\bi )have not|(?<=\bwe )have not|(?<=\byou )have not|(?<=\bthey )have not)"
        rf"(?= {PARTICIPLE})",
        "ain't",
        starts="hasn't haven't has have",
    ),
    rule(AINT_BE, "ain't for am not", r"i(?:'m| am) not", "I ain't", starts="i i'm"),
    rule(
        AINT_BE,
        "ain't for is not after a contraction",
        r"(you|we|they)'re not|(he|she|it|that|there|what|who)'s not(?! (?:been|had)\b)",
        "{1}{2} ain't",
        starts="you're we're they're he's she's it's that's there's what's who's",
    ),
    rule(AINT_BE, "ain't for is not", r"isn't|aren't|is not|are not", "ain't", starts="isn't aren't is are"),
    rule(
        AINT_GENERIC,
        "ain't for didn't",
        r"(?:didn't|did not)(?= (?:(?:really|even|just|ever|always|actually) )?{VB})",
        "ain't",
        starts="didn't did",
    ),
    rule(INVARIANT_DONT, "don't for doesn't", r"doesn't|does not", "don't", starts="doesn't does"),
)

CONCORD: tuple[DialectRule, ...] = (
    rule(
        NEGATIVE_CONCORD,
        "no more for anymore under negation",
        r"(?:anymore|any more)(?=[.,;:!?)]| (?:and|but|because|if|when)\b)",
        "no more",
        starts="anymore any",
        after=NEGATED,
    ),
    rule(
        NEGATIVE_CONCORD,
        "nobody for anyone under negation",
        "any(?:one|body)",
        "nobody",
        starts="anyone anybody",
        after=NEGATED,
    ),
    rule(
        NEGATIVE_CONCORD,
        "nothing for anything under negation",
        "any(thing|where)",
        "no{1}",
        starts="anything anywhere",
        after=NEGATED,
    ),
    rule(
        NEGATIVE_CONCORD,
        "none for any under negation",
        r"any(?= of\b|[.,;:!?)])",
        "none",
        starts="any",
        after=NEGATED,
    ),
    rule(NEGATIVE_CONCORD, "no for any under negation", "any(?= )", "no", starts="any", after=NEGATED),
    rule(
        NEGATIVE_CONCORD,
        "never for ever under negation",
        "ever",
        "never",
        after="(?:(?:do|does|did|wo|ca|would|should|could|have|has|had)n't|(?:do|does|did|will|would|should) not) ",
    ),
    rule(
        NEGATIVE_INVERSION,
        "negated modal before nobody",
        rf"({INDEFINITE}) (can|could|will|would|should)",
        _negated_modal,
        starts="nobody no nothing",
        where=(begins_clause,),
    ),
    rule(
        NEGATIVE_INVERSION,
        "ain't before nobody",
        rf"({INDEFINITE}) is",
        _aint_first,
        starts="nobody no nothing",
        where=(begins_clause,),
    ),
    rule(
        NEGATIVE_INVERSION,
        "don't before nobody",
        rf"({INDEFINITE}) ([a-z]+)",
        _negated_verb,
        starts="nobody no nothing",
        where=(begins_clause,),
    ),
)
