"""How do varieties mark aspect, tense, person and negation otherwise than standard English?"""

from __future__ import annotations

from judgeaudit.perturb.dialect.across_varieties.places import looked_up, may_be
from judgeaudit.perturb.dialect.conditions import (
    among,
    begins_sentence,
    in_statement,
    inside_sentence,
    not_among,
    not_next_word,
    not_previous_word,
)
from judgeaudit.perturb.dialect.inflection import ing
from judgeaudit.perturb.dialect.rules import DialectRule, Feature, Rating, rule
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.word_classes import words

PERSONAL = "i|you|we|they|he|she|it"
BE_OF = {"i": "am", "you": "are", "we": "are", "they": "are", "he": "is", "she": "is", "it": "is"}

STATES = words(
    "agree believe deserve doubt fear hate hear know like love need own prefer realise realize recognise recognize "
    "remember suspect trust understand want"
)
"""Verbs of states that take the progressive in second-language varieties. Not ``see``, ``mean`` (``I see``), nor
``think`` and ``hope``, which have it in standard English too."""

AUXILIARIES = words("be have do")
POSSESSED = (
    r"(?= (?:an?|any|some|many|several|two|three|four|five|enough|more|trouble|questions|problems|doubts)\b)"
)
"""What shows that ``have`` is the full verb."""

HABIT = "usually|often|always|normally|sometimes|regularly|frequently|generally|typically"

HAVE = r"(?:i|you|we|they)'ve|(?:have|has|had)"
HAVE_STARTS = "i've you've we've they've have has had"

PAST_FOR_PARTICIPLE = words(
    "begun gone taken written broken chosen spoken forgotten eaten drunk driven fallen given worn torn stolen sung"
)

REGULAR_FORMS = {
    "threw": "throwed", "thrown": "throwed", "caught": "catched", "taught": "teached", "sought": "seeked",
    "shook": "shaked", "shaken": "shaked", "dug": "digged",
}  # fmt: skip

WILL_OF = {"could": "can", "would": "will", "might": "may"}

SINGULAR = "he|she|it|this|that|which|who"


def stative_progressive(rating: Rating) -> tuple[DialectRule, ...]:
    """``I am liking it``; ``you are having a question``."""
    feature = Feature(
        88, "Wider range of uses of progressive be + V-ing than in StE: extension to stative verbs", rating
    )
    apart = (not_previous_word("and or nor"), not_next_word(", ."))
    return (
        rule(
            feature,
            "progressive of a state after a pronoun",
            rf"({PERSONAL}) {{VBP|VBZ}}",
            _progressive,
            where=(among(2, STATES, "base"), *apart),
        ),
        rule(
            feature,
            "progressive of a state after a plural noun",
            "{NNS} {VBP|NNS}",
            "{1} are {2:ing}",
            where=(among(2, STATES), *apart),
        ),
        rule(
            feature,
            "progressive of a state after who",
            "who {VBP|VBZ}",
            _progressive_after_who,
            where=(among(1, STATES, "base"), inside_sentence),
        ),
        rule(
            feature,
            "progressive of a negated state",
            r"(i|you|we|they|he|she|it) (?:do|does)(?:n't| not) {VB}",
            _negated_progressive,
            where=(among(2, STATES), in_statement, *apart),
        ),
        rule(
            feature,
            "progressive of have after a pronoun",
            rf"({PERSONAL}) {{VBP|VBZ}}{POSSESSED}",
            _progressive,
            where=(among(2, {"have", "has"}), not_previous_word("and or nor")),
        ),
        rule(
            feature,
            "progressive of negated have",
            rf"({PERSONAL}) (?:do|does)(?:n't| not) {{VB}}{POSSESSED}",
            _negated_progressive,
            where=(among(2, {"have"}), in_statement),
        ),
    )


def _progressive(site: Site) -> str | None:
    verb = ing(site[2])
    return None if verb is None else f"{site[1]} {BE_OF[site[1].lower()]} {verb}"


def _negated_progressive(site: Site) -> str | None:
    verb = ing(site[2])
    return None if verb is None else f"{site[1]} {BE_OF[site[1].lower()]} not {verb}"


def _progressive_after_who(site: Site) -> str | None:
    verb = ing(site[1])
    be = "is" if site.surely(1, "VBZ") else "are"
    return None if verb is None else f"who {be} {verb}"


def habitual_progressive(rating: Rating) -> tuple[DialectRule, ...]:
    """``I am usually going there``."""
    feature = Feature(
        89,
        "Wider range of uses of progressive be + V-ing than in StE: extension to habitual contexts",
        rating,
    )
    return (
        rule(
            feature,
            "progressive of a habit after a pronoun",
            rf"({PERSONAL}) ({HABIT}) {{VBP|VBZ}}",
            _habitual_progressive,
            where=(not_among(3, AUXILIARIES, "base"), not_previous_word("and or nor")),
        ),
        rule(
            feature,
            "progressive of a habit after a plural noun",
            rf"{{NNS}} ({HABIT}) {{VBP}}",
            "{1} are {2} {3:ing}",
            where=(not_among(3, AUXILIARIES, "base"),),
        ),
    )


def _habitual_progressive(site: Site) -> str | None:
    verb = ing(site[3])
    return None if verb is None else f"{site[1]} {BE_OF[site[1].lower()]} {site[2]} {verb}"


def past_for_perfect(rating: Rating) -> tuple[DialectRule, ...]:
    """``I already told you``; ``she never went``."""
    feature = Feature(
        99,
        "Levelling of the difference between present perfect and simple past: simple past for StE present perfect",
        rating,
    )
    return (
        rule(
            feature,
            "simple past with already and the like",
            r"(?:(i|you|we|they)(?:'ve| have)|(he|she|it) has) (already|just|never|ever) {VBN}",
            "{1}{2} {3} {4:past}",
            starts="i i've you you've we we've they they've he she it",
            where=(in_statement,),
        ),
    )


def past_participles_like_the_past(rating: Rating) -> tuple[DialectRule, ...]:
    """``has went``."""
    feature = Feature(
        130,
        "Levelling of past tense/past participle verb forms: past tense replacing the past participle",
        rating,
    )
    return (
        rule(
            feature,
            "past tense for a participle",
            rf"({HAVE}) (already |just |never |also |since |not )?([a-z]+)",
            "{1} {2}{3:past}",
            starts=HAVE_STARTS,
            where=(among(3, PAST_FOR_PARTICIPLE),),
        ),
    )


def regular_verbs(rating: Rating) -> tuple[DialectRule, ...]:
    """``catched``."""
    feature = Feature(
        128,
        "Levelling of past tense/past participle verb forms: regularization of irregular verb paradigms",
        rating,
    )
    return (
        rule(
            feature,
            "regular form of an irregular verb",
            rf"({'|'.join(REGULAR_FORMS)})",
            looked_up(1, REGULAR_FORMS),
        ),
    )


def present_modals_after_wish(rating: Rating) -> tuple[DialectRule, ...]:
    """``I wish I can help``."""
    feature = Feature(123, "Present tense forms of modals used where StE has past tense forms", rating)
    return (
        rule(
            feature,
            "present modal after wish",
            rf"(wish|wishes) (that )?({PERSONAL}) (could|would|might)(?! have\b)",
            _present_modal,
        ),
    )


def _present_modal(site: Site) -> str:
    return f"{site[1]} {site[2]}{site[3]} {WILL_OF[site[4].lower()]}"


def gotten(rating: Rating) -> tuple[DialectRule, ...]:
    """``has gotten``."""
    feature = Feature(145, "Use of gotten instead of got", rating)
    return (
        rule(
            feature,
            "gotten for got",
            r"((?:i|you|we|they)'ve|(?:he|she|it)'s|(?:have|has|had)) got(?! to\b)",
            "{1} gotten",
            starts=f"{HAVE_STARTS} he's she's it's",
        ),
    )


def was_in_conditions(rating: Rating) -> tuple[DialectRule, ...]:
    """``If I was you``."""
    feature = Feature(147, "Was for conditional were", rating)
    return (
        rule(
            feature,
            "was for were in a condition",
            r"(if|though|wish|wishes|unless) (i|he|she|it|this|that) were",
            "{1} {2} was",
        ),
        rule(
            feature,
            "was for were after a noun in a condition",
            r"(if|though|wish|wishes|unless) (the|a|an|your|my|his|her|their) {NN} were",
            "{1} {2} {3} was",
        ),
    )


def invariant_dont(rating: Rating) -> tuple[DialectRule, ...]:
    """``She don't like it``."""
    feature = Feature(158, "Invariant don't for all persons in the present tense", rating)
    return (rule(feature, "don't for doesn't", r"doesn't|does not", "don't", starts="doesn't does"),)


def preverbal_never(rating: Rating, *, marked: bool) -> tuple[DialectRule, ...]:
    """``It never rained that day``, or unmarked for tense ``it never rain``."""
    feature = Feature(159, "Never as preverbal past tense negator", rating)
    return (
        rule(
            feature,
            "never for did not",
            r"did(?:n't| not) {VB}",
            "never {1:past}" if marked else "never {1}",
            starts="did didn't",
            where=(in_statement, not_next_word("or and")),
        ),
    )


def zero_third_person(rating: Rating) -> tuple[DialectRule, ...]:
    """``It depend``."""
    feature = Feature(
        170, "Invariant present tense forms due to zero marking for the third person singular", rating
    )
    where = (not_among(2, AUXILIARIES, "base"),)
    return (
        rule(feature, "no -s after a pronoun", rf"({SINGULAR}) {{VBZ}}", "{1} {2:base}", where=where),
        rule(
            feature,
            "no -s after that at the beginning",
            r"that ([a-z]+)",
            "that {1:base}",
            where=(begins_sentence, may_be(1, "VBZ"), not_among(1, AUXILIARIES, "base")),
        ),
        rule(
            feature,
            "no -s after a singular noun",
            "{NN} {VBZ}",
            "{1} {2:base}",
            where=(*where, not_next_word("every each")),  # `door handles every day`
        ),
    )
