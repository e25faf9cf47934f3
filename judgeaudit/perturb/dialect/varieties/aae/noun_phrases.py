"""Which pronouns, nouns, adjectives and adverbs have another form in African American English?"""

from __future__ import annotations

from judgeaudit.perturb.dialect.across_varieties.places import looked_up
from judgeaudit.perturb.dialect.conditions import (
    inside_sentence,
    not_next_word,
    not_previous_word,
    previous_is_not,
    previous_word,
)
from judgeaudit.perturb.dialect.rules import DialectRule, Feature, rule
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.word_lists import words

REFLEXIVES = Feature(11, "Regularized reflexives paradigm", "A")
THEY_POSSESSIVE = Feature(
    21, "Subject pronoun forms as (modifying) possessive pronouns: third person plural", "C"
)
YOU_PLURAL = Feature(34, "Forms or phrases for the second person plural pronoun other than you", "A")
UNMARKED_MEASURE = Feature(56, "Absence of plural marking only after quantifiers", "C")
THEM = Feature(68, "Them instead of demonstrative those", "A")
NO_GENITIVE = Feature(
    77, "Omission of genitive suffix; possession expressed through bare juxtaposition of nouns", "B"
)
DOUBLE_COMPARISON = Feature(78, "Double comparatives and superlatives", "A")
DEGREE_ADVERBS = Feature(220, "Degree modifier adverbs have the same form as adjectives", "B")
OTHER_ADVERBS = Feature(221, "Other adverbs have the same form as adjectives", "B")

NOT_PLURAL = (
    r"is|was|has|does|as|this|us|plus|versus|always|sometimes|perhaps|besides|towards|afterwards|across|"
    r"themselves|ourselves|yourselves|yours|ours|theirs|hers|his|overseas|indoors|outdoors|upstairs|downstairs|"
    r"nowadays|thus|less|unless|[a-z]*(?:ss|ous|less)"
)

MEASURES = {
    "minutes": "minute",
    "hours": "hour",
    "days": "day",
    "weeks": "week",
    "months": "month",
    "years": "year",
    "dollars": "dollar",
    "cents": "cent",
    "miles": "mile",
    "feet": "foot",
    "pounds": "pound",
    "inches": "inch",
}
NUMBER = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|hundred|"
    r"\d{1,6}) "
)

COMPARATIVES = (
    "easier|harder|safer|faster|slower|stronger|weaker|louder|quieter|cheaper|healthier|happier|sadder|angrier|calmer|"
    "kinder|nicer|clearer|smarter|tougher|rougher|sicker|tighter|warmer|colder|hotter|quicker|simpler|heavier|"
    "bigger|smaller|younger|worse"
)
SUPERLATIVES = (
    "easiest|hardest|safest|fastest|slowest|strongest|weakest|loudest|cheapest|healthiest|happiest|kindest|nicest|"
    "cleanest|clearest|smartest|toughest|quickest|simplest|biggest|smallest|largest"
)

ADJECTIVE_OF = {
    "quickly": "quick",
    "slowly": "slow",
    "quietly": "quiet",
    "safely": "safe",
    "carefully": "careful",
    "badly": "bad",
    "easily": "easy",
    "loudly": "loud",
    "properly": "proper",
    "seriously": "serious",
    "differently": "different",
    "calmly": "calm",
    "clearly": "clear",
    "gently": "gentle",
    "plainly": "plain",
    "nicely": "nice",
    "softly": "soft",
    "smoothly": "smooth",
    "tightly": "tight",
    "correctly": "correct",
    "thoroughly": "thorough",
    "steadily": "steady",
    "regularly": "regular",
}
"""Adverbs of manner; not those that mean something else without *-ly* (*hardly*, *directly*, *fairly*, *justly*)."""

ADVERB_ENDS = (
    r"(?=[.,;:!?)]| (?:and|or|but|to|in|at|on|with|when|if|for|from|before|after|because|until|while|enough|"
    r"than|without|during)\b)"
)
"""What shows that the adverb stands behind what it describes."""


def _doubled(site: Site) -> str:
    """*safer*: *more safer*, and *an easier way*: *a more easier way*."""
    return f"{'a ' if site[1] else ''}more {site[2]}"


def _predicate_or_after_article(site: Site) -> bool:
    """No noun follows that *more* could count (*more older people*), unless an article stands before."""
    if site[1] or site.before == "a":
        return True
    return site.behind in AFTER_PREDICATE


AFTER_PREDICATE = words(
    "than to for if when and or but because in at on with by as that now then after since without while so "
    "again still . ; : ! ? )"
)


NOUN_PHRASES: tuple[DialectRule, ...] = (
    rule(
        YOU_PLURAL,
        "y'all",
        r"you (?:guys|all(?= (?:are|have|can|will|should|need|know|do|were|might|must|would|could|want)\b|[.,!?]))",
        "y'all",
        starts="you",
    ),
    rule(
        THEM,
        "them for those before a noun",
        rf"those(?= (?!(?:{NOT_PLURAL})\b)(?:[a-z]{{3,}}s|people|children|men|women)\b)",
        "them",
        starts="those",
    ),
    rule(REFLEXIVES, "hisself", "himself", "hisself", starts="himself"),
    rule(REFLEXIVES, "theirselves", "themselves", "theirselves", starts="themselves"),
    rule(
        THEY_POSSESSIVE,
        "they for their",
        r"their(?= [a-z])",
        "they",
        where=(not_next_word("and or"),),
    ),
    rule(
        UNMARKED_MEASURE,
        "no plural of a measure after a number",
        rf"({'|'.join(MEASURES)})",
        looked_up(1, MEASURES),
        after=NUMBER,
    ),
    rule(
        NO_GENITIVE,
        "no genitive -s before a noun",
        r"{NN}'s(?= {NOUN})",
        "{1}",
        starts="*'s",
        where=(previous_word("a the my your his her our their this that each every another"),),
    ),
    rule(
        DOUBLE_COMPARISON,
        "double comparative",
        rf"(an )?({COMPARATIVES})",
        _doubled,
        starts=f"an {COMPARATIVES.replace('|', ' ')}",
        where=(
            not_previous_word("more the no any than not less"),
            not_next_word("said off"),
            _predicate_or_after_article,
        ),
    ),
    rule(
        DOUBLE_COMPARISON,
        "double superlative",
        rf"(the|your|my|its|their|his|her|our) ({SUPERLATIVES})",
        "{1} most {2}",
        where=(not_next_word("of"),),
    ),
    rule(
        DEGREE_ADVERBS,
        "real for really",
        r"really(?= (?:good|well|close|nice|open|kind|mean|right|light|cool|fun)\b| {ADJ|ADV})",
        "real",
    ),
    rule(
        OTHER_ADVERBS,
        "adverb of manner without -ly",
        rf"({'|'.join(ADJECTIVE_OF)}){ADVERB_ENDS}",
        looked_up(1, ADJECTIVE_OF),
        starts=" ".join(ADJECTIVE_OF),
        where=(inside_sentence, previous_is_not("CC TO MD IN DT RB"), not_previous_word(", ; :")),
    ),
)
