"""Where does African American English have another form of *be*, or none? Habitual, zero, existential, past."""

from __future__ import annotations

from judgeaudit.perturb.dialect.conditions import (
    next_is,
    not_among,
    not_next_word,
    not_previous_word,
    not_within,
    previous_is,
)
from judgeaudit.perturb.dialect.rules import DialectRule, Feature, rule
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.varieties.aae.words import (
    ADVERB,
    BE_STARTS,
    PLURAL,
    SINGULAR,
    before_participle,
    begins_clause,
    no_modal_before,
)
from judgeaudit.perturb.dialect.word_lists import STATIVE_VERBS, words

HABITUAL_BE = Feature(90, "Invariant be as habitual marker", "A")
CONDITIONAL_WAS = Feature(147, "Was for conditional were", "A")
PLURAL_THERES = Feature(
    172, "Existential / presentational there's/there is/there was with plural subjects", "A"
)
EXISTENTIAL_IT = Feature(173, "Variant forms of dummy subject there in existential clauses", "A")
NO_AUXILIARY_BE = Feature(174, "Deletion of auxiliary be: before progressive", "A")
NO_COPULA_NP = Feature(176, "Deletion of copula be: before NPs", "A")
NO_COPULA_ADJECTIVE = Feature(177, "Deletion of copula be: before AdjPs", "A")
NO_COPULA_LOCATIVE = Feature(178, "Deletion of copula be: before locatives", "A")
WAS_FOR_WERE = Feature(180, "Was/were generalization", "B")

FREQUENCY = "always|often|constantly"

SUBJECT_BE = rf"(?:(i)(?:'m| am)|({SINGULAR})(?:'s| is)|({PLURAL})(?:'re| are))"
THIRD_OR_PLURAL_BE = rf"(?:({SINGULAR})(?:'s| is)|({PLURAL})(?:'re| are))"

ADJECTIVE = (
    "able|afraid|alone|angry|available|aware|bad|busy|careful|cold|comfortable|dangerous|different|effective|"
    "familiar|free|glad|good|guilty|happy|healthy|helpful|hungry|important|late|likely|lonely|mad|nervous|old|polite|"
    "poor|proud|ready|responsible|rich|right|sad|safe|sick|smart|strong|sure|true|unable|unaware|unhappy|unsafe|"
    "unsure|useful|vulnerable|weak|welcome|willing|worried|wrong|young|unlikely|uncomfortable|legal|illegal"
)

AFTER_ADJECTIVE = (
    r"(?=[.,;:!?)]| (?:to|and|or|but|about|for|with|when|because|if|that|in|at|of|enough|now|today|on|as)\b)"
)
"""What shows that the adjective is the predicate and no noun follows it."""

PLACE = (
    "at (?!least|most|best|worst|times|once|first|last)|in (?!fact|turn|addition|general|effect|theory|practice|"
    "reality|other|particular|part)|on (?!average|occasion|the (?:other|whole|contrary))|inside|outside|under|near|"
    "behind|upstairs|downstairs|here|there|home"
)
"""How a locative predicate begins; not *at least*, *in fact* and the like, which stand between verb and predicate."""

DETERMINER = "a|an|the|my|your|our|his|her|their|one of|part of"

QUANTITY = "a|an|no|some|many|several|lots|plenty|one|two|three|four|five|various|numerous|different|people"

NOT_A_PLACE = (
    r"(?<!\bover )(?<!\bup )(?<!\bdown )(?<!\bout )(?<!\bin )(?<!\bright )(?<!\bback )(?<!\bare )(?<!\bis )"
)
"""Words before *there* that show it to be a place."""

BEFORE_OBJECT = (
    r"(?<!\bof )(?<!\bto )(?<!\bfor )(?<!\bwith )(?<!\blike )(?<!\bfrom )(?<!\bby )(?<!\babout )(?<!\bthan )"
)
UNREAL = r"(?<!\bif )(?<!\bwish )(?<!\bthough )(?<!\bsuppose )(?<!\bimagine )"

NOT_MOVED = not_previous_word("what who whom whose which whatever whoever how where wherever however than")
"""The predicate stands behind the verb: before the place from which it was taken, *be* is not left out."""

NOT_HABITS = STATIVE_VERBS | words("be do have get can will remain seem appear tend keep mean stay")
"""Verbs whose simple present with *always* or *usually* is a state, or which make a poor progressive."""


def _habitual(site: Site) -> str:
    """*he's usually talking*: *he be talking*; the other adverbs say more than *be* does and are kept."""
    adverb = site[4]
    kept = "" if adverb.lower() == "usually" else f"{adverb} "
    return f"{site[1]}{site[2]}{site[3]} {kept}be"


def _not_between_clauses(site: Site) -> bool:
    """*there* does not follow a noun that it would locate (*the people there are*)."""
    return begins_clause(site) or site.before in {"that", "sure", "know", "think", "means", "say"}


HABITUAL: tuple[DialectRule, ...] = (
    rule(
        HABITUAL_BE,
        "habitual be after a pronoun",
        rf"{SUBJECT_BE} (usually|{FREQUENCY})(?= [a-z])",
        _habitual,
        starts=f"i i'm {BE_STARTS}",
        where=(before_participle,),
    ),
    rule(
        HABITUAL_BE,
        "habitual be after a plural noun",
        rf"{{NNS}} are (usually|{FREQUENCY})(?= [a-z])",
        "{1} {2} be",
        where=(before_participle,),
    ),
    rule(
        HABITUAL_BE,
        "habitual be before an adjective",
        rf"{SUBJECT_BE} (usually|{FREQUENCY}) ((?:{ADJECTIVE}){AFTER_ADJECTIVE})",
        "{1}{2}{3} {4} be {5}",
        starts=f"i i'm {BE_STARTS}",
        where=(NOT_MOVED,),
    ),
    rule(
        HABITUAL_BE,
        "habitual be for a simple present",
        rf"(i|it|{SINGULAR}|{PLURAL}) (usually|{FREQUENCY}) {{VBP|VBZ}}(?! to\b)",
        "{1} {2} be {3:ing}",
        where=(not_among(3, NOT_HABITS, "base"), no_modal_before(1)),
    ),
    rule(
        HABITUAL_BE,
        "habitual be for a plural noun's simple present",
        rf"{{NNS}} (usually|{FREQUENCY}) {{VBP}}(?! to\b)",
        "{1} {2} be {3:ing}",
        where=(not_among(3, NOT_HABITS, "base"), no_modal_before(2)),
    ),
)

NO_BE: tuple[DialectRule, ...] = (
    rule(
        NO_AUXILIARY_BE,
        "no auxiliary before a progressive",
        rf"{THIRD_OR_PLURAL_BE}(?= [a-z]{{2,}}ing\b)",
        "{1}{2}",
        starts=BE_STARTS,
        where=(before_participle,),
    ),
    rule(
        NO_AUXILIARY_BE,
        "no auxiliary before an adverb and a progressive",
        rf"{THIRD_OR_PLURAL_BE} ((?:{ADVERB}))(?= [a-z]{{2,}}ing\b)",
        "{1}{2} {3}",
        starts=BE_STARTS,
        where=(before_participle,),
    ),
    rule(
        NO_COPULA_ADJECTIVE,
        "no copula before an adjective",
        rf"{THIRD_OR_PLURAL_BE} ((?:very |really |so |too |still |already )?(?:{ADJECTIVE})){AFTER_ADJECTIVE}",
        "{1}{2} {3}",
        starts=BE_STARTS,
        where=(NOT_MOVED,),
    ),
    rule(
        NO_COPULA_NP,
        "no copula before a noun phrase",
        rf"{THIRD_OR_PLURAL_BE}(?= (?:(?:just|only|still|also|already) )?(?:{DETERMINER}) [a-z])",
        "{1}{2}",
        starts=BE_STARTS,
        where=(NOT_MOVED,),
    ),
    rule(
        NO_COPULA_LOCATIVE,
        "no copula before a place",
        rf"{THIRD_OR_PLURAL_BE}(?= (?:{PLACE}))",
        "{1}{2}",
        starts=BE_STARTS,
        where=(NOT_MOVED, not_within(4, "where wherever how however what whatever")),
    ),
)

EXISTENTIALS: tuple[DialectRule, ...] = (
    rule(
        EXISTENTIAL_IT,
        "existential it",
        rf"{NOT_A_PLACE}there(?:'s| is| are)(?= (?:{QUANTITY})\b)",
        "it's",
        starts="there there's",
    ),
    rule(
        EXISTENTIAL_IT,
        "existential it in the past",
        rf"{NOT_A_PLACE}there (?:was|were)(?= (?:{QUANTITY})\b)",
        "it was",
        starts="there",
    ),
    rule(
        PLURAL_THERES,
        "there's with a plural",
        rf"{NOT_A_PLACE}there are(?= [a-z])",
        "there's",
        starts="there",
        where=(
            next_is("NNS ADJ RB CD"),
            not_next_word("not n't"),
            _not_between_clauses,
        ),
    ),
    rule(
        PLURAL_THERES,
        "there was with a plural",
        rf"{NOT_A_PLACE}there were(?= [a-z])",
        "there was",
        starts="there",
        where=(next_is("NNS ADJ RB CD"), not_next_word("not n't"), _not_between_clauses),
    ),
)

PAST_BE: tuple[DialectRule, ...] = (
    rule(
        CONDITIONAL_WAS,
        "was for conditional were",
        r"(i|he|she|it|we|you|they) were",
        "{1} was",
        after="(?:if|though|wish|suppose|imagine) ",
    ),
    rule(
        WAS_FOR_WERE,
        "was for were",
        rf"{BEFORE_OBJECT}{UNREAL}(we|you|they) were(?! to\b)",
        "{1} was",
        starts="we you they",
    ),
    rule(
        WAS_FOR_WERE,
        "was for were after a plural noun",
        r"were",
        "was",
        where=(previous_is("NNS"), not_within(6, "if wish though suppose imagine")),
    ),
    rule(
        WAS_FOR_WERE,
        "wasn't for weren't",
        rf"{BEFORE_OBJECT}{UNREAL}(we|you|they) weren't",
        "{1} wasn't",
        starts="we you they",
    ),
)
