"""How do varieties mark number, articles, demonstratives, reflexives and comparison otherwise than standard English?"""

from __future__ import annotations

from judgeaudit.perturb.dialect.across_varieties.places import (
    capitalised,
    in_lower_case,
    looked_up,
    may_be,
)
from judgeaudit.perturb.dialect.conditions import (
    begins_sentence,
    inside_sentence,
    next_is,
    not_among,
    not_next_word,
    not_previous_word,
    not_within,
)
from judgeaudit.perturb.dialect.rules import DialectRule, Feature, Rating, rule
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.word_classes import words

POSSESSIVE = {"my": "my", "your": "your", "him": "his", "her": "her", "our": "our", "them": "their"}
"""Of ``myself``, ``himself`` and so on."""

MORE_THAN_ONE = "two|three|four|five|six|seven|eight|nine|ten|many|several|few|these|those|both"

VOICED_PLURALS = "wives knives lives leaves halves shelves thieves wolves loaves calves"

COUNTED_MASS_NOUNS = (
    "advice clothing correspondence cutlery equipment evidence feedback furniture homework information jewellery "
    "jewelry legislation luggage machinery research slang software staff stationery stuff training underwear"
)
"""Mass nouns with plurals in -s that are attested in second-language varieties."""

NO_PLURAL_AFTER = (
    "a an this that each every another much little less one piece pieces bit amount deal member members its"
)
PLURAL_MAY_STAND_BEFORE = words(
    ". , ; : ! ? ) of for from about on in at with to and or that which you we they i when if because as are were can "
    "will may might should must could would have before after while"
)

GENERIC_WITHOUT_ARTICLE = words(
    "water money food air life time love work school music law society nature death art language education health "
    "history power man woman sex religion science technology information advice evidence research blood light space "
    "sleep trust pressure pain fear anger violence truth alcohol medicine speech information internet heat rest"
)
"""Without ``the`` these would be taken in general."""

MORE_BEFORE_SHORT = "better worse stronger cheaper faster harder bigger warmer tougher kinder slower sharper"
COMPARATIVES = {
    "easier": "easy", "safer": "safe", "healthier": "healthy", "happier": "happy", "simpler": "simple",
    "clearer": "clear", "calmer": "calm", "friendlier": "friendly", "scarier": "scary", "riskier": "risky",
    "busier": "busy", "heavier": "heavy", "lonelier": "lonely", "angrier": "angry", "funnier": "funny",
    "prettier": "pretty", "quieter": "quiet", "braver": "brave", "gentler": "gentle", "freer": "free",
    "fairer": "fair", "wiser": "wise", "milder": "mild",
}  # fmt: skip
SUPERLATIVES = {f"{comparative[:-1]}st": adjective for comparative, adjective in COMPARATIVES.items()}

NOT_BEFORE_ZERO_ARTICLE = words(
    "lot little bit few couple number variety result rule whole matter while great deal last way hint paper glass "
    "light room time work chicken fish iron stone cake coffee few dozen hundred thousand million third half quarter "
    "shame joke must given favor favour"
)
"""Nouns and numerals that need their ``a``, or mean a substance without it."""


def irregular_plurals(rating: Rating) -> tuple[DialectRule, ...]:
    """``childrens``."""
    feature = Feature(
        48, "Regularization of plural formation: extension of -s to StE irregular plurals", rating
    )
    return (
        rule(feature, "-s on an irregular plural", r"(children|oxen|alumni|criteria|phenomena)", "{1}s"),
        rule(
            feature,
            "-s on a plural without -s",
            rf"({MORE_THAN_ONE}) (sheep|deer|aircraft|fish|salmon)",
            "{1} {2}s",
            where=(not_next_word("pond tank tanks oil soup market"),),
        ),
    )


def unvoiced_plurals(rating: Rating) -> tuple[DialectRule, ...]:
    """``knifes``."""
    feature = Feature(49, "Regularization of plural formation: phonological regularization", rating)
    return (rule(feature, "-fs for -ves", "{NNS}", _unvoiced, starts=VOICED_PLURALS),)


def _unvoiced(site: Site) -> str:
    word = site[1].lower()
    return f"{word[:-3]}{'fes' if word in ('wives', 'knives', 'lives') else 'fs'}"


def counted_mass_nouns(rating: Rating) -> tuple[DialectRule, ...]:
    """``furnitures``."""
    feature = Feature(
        55, "Different count/mass noun distinctions resulting in use of plural for StE singular", rating
    )
    return (
        rule(
            feature,
            "plural of a mass noun",
            "{NOUN}",
            _counted,
            starts=COUNTED_MASS_NOUNS,
            where=(not_within(4, NO_PLURAL_AFTER), _plural_may_stand),
        ),
    )


def _counted(site: Site) -> str:
    noun = site[1]
    if noun.lower().endswith("y"):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.lower().endswith("ch") else f"{noun}s"


def _plural_may_stand(site: Site) -> bool:
    return not site.behind or site.behind in PLURAL_MAY_STAND_BEFORE


def demonstratives_without_number(rating: Rating) -> tuple[DialectRule, ...]:
    """``this people``."""
    feature = Feature(71, "No number distinction in demonstratives", rating)
    return (
        rule(feature, "this for these before a noun", "these {NNS}", "this {1}"),
        rule(feature, "this for these before an adjective", "these {ADJ} {NNS}", "this {1} {2}"),
        rule(feature, "that for those before a noun", "those {NNS}", "that {1}"),
    )


def double_determiners(rating: Rating) -> tuple[DialectRule, ...]:
    """``this your question``: of what the reader has just spoken of."""
    feature = Feature(59, "Double determiners", rating)
    return (
        rule(
            feature,
            "this before your",
            r"your (question|request|problem|situation|idea|issue|concern|matter|decision|plan)",
            "this your {1}",
            where=(not_previous_word("this that these those all both any of half"),),
        ),
        rule(
            feature,
            "possessive behind a demonstrative",
            r"(this|that|these|those) ([a-z]+) of (mine|yours|his|hers|ours|theirs)",
            _possessive_in_front,
            where=(_may_be_noun,),
        ),
    )


def _may_be_noun(site: Site) -> bool:
    return not site.tags(2).isdisjoint({"NN", "NNS"})


def _possessive_in_front(site: Site) -> str:
    owner = site[3].lower()
    possessive = {"mine": "my", "his": "his"}.get(owner, owner[:-1])
    return f"{site[1]} {possessive} {site[2]}"


def zero_definite_article(rating: Rating) -> tuple[DialectRule, ...]:
    """``Deadline is next month``; ``majority of people``."""
    feature = Feature(62, "Use of zero article where StE has definite article", rating)
    return (
        rule(feature, "no article before majority", r"the (majority|rest)(?= of\b)", "{1}"),
        rule(
            feature,
            "no article before a subject",
            "the {NN}",
            "{1}",
            where=(
                begins_sentence,
                capitalised,
                in_lower_case(1),
                not_among(1, GENERIC_WITHOUT_ARTICLE),
            ),
        ),
        rule(
            feature,
            "no article before the adjective of a subject",
            "the ([a-z]+) ([a-z]+)",
            "{1} {2}",
            where=(
                may_be(1, "JJ"),
                may_be(2, "NN"),
                next_is("VBZ VBD MD IN"),
                begins_sentence,
                capitalised,
                in_lower_case(1),
                in_lower_case(2),
                not_among(2, GENERIC_WITHOUT_ARTICLE),
            ),
        ),
        rule(
            feature,
            "no article before first and the like",
            r"the (first|second|third|main|same|best|whole) ([a-z]+)",
            "{1} {2}",
            where=(inside_sentence, may_be(2, "NN")),
        ),
    )


def zero_indefinite_article(rating: Rating, before: str) -> tuple[DialectRule, ...]:
    """``as trade union``. ``before`` are the words behind which the article is left out, as a pattern."""
    feature = Feature(63, "Use of zero article where StE has indefinite article", rating)
    allowed = (in_lower_case(2), not_among(2, NOT_BEFORE_ZERO_ARTICLE))
    return (
        rule(
            feature,
            "no article before an adjective",
            rf"({before}) (?:a|an) {{ADJ}} {{NN}}",
            "{1} {2} {3}",
            where=(*allowed, not_among(3, NOT_BEFORE_ZERO_ARTICLE), not_next_word("of")),
        ),
        rule(feature, "no article before a noun", rf"({before}) (?:a|an) {{NN}}", "{1} {2}", where=allowed),
    )


def reflexives_with_own(rating: Rating) -> tuple[DialectRule, ...]:
    """``by their own self``."""
    feature = Feature(16, "Emphatic reflexives with own", rating)
    return (
        rule(
            feature,
            "own self behind a preposition",
            r"(by|for|of|to|with|about|at) (my|your|him|her|our|them)sel(?:f|ves)",
            _with_own,
        ),
    )


def _with_own(site: Site) -> str:
    return f"{site[1]} {POSSESSIVE[site[2].lower()]} own self"


def double_comparison(rating: Rating) -> tuple[DialectRule, ...]:
    """``more better``."""
    feature = Feature(78, "Double comparatives and superlatives", rating)
    return (
        rule(
            feature,
            "more before a comparative",
            "{JJR|RBR}",
            "more {1}",
            starts=MORE_BEFORE_SHORT,
            where=(
                inside_sentence,
                not_previous_word("more less no the had 'd for or"),
                not_next_word("or off not yet ,"),
            ),
        ),
        rule(
            feature,
            "most before a superlative",
            r"the (strongest|cheapest|fastest|hardest|biggest|smallest|warmest|toughest|kindest|greatest|nearest|"
            r"closest|youngest|oldest)(?= [a-z])",
            "the most {1}",
            where=(not_next_word("of"),),
        ),
    )


def analytic_comparison(rating: Rating) -> tuple[DialectRule, ...]:
    """``more easy``."""
    feature = Feature(80, "Regularized comparison strategies: extension of analytic marking", rating)
    return (
        rule(
            feature,
            "more for -er",
            rf"({'|'.join(COMPARATIVES)})",
            looked_up(1, COMPARATIVES, "more {}"),
            where=(not_previous_word("the more"), not_next_word("said")),
        ),
        rule(
            feature,
            "most for -est",
            rf"the ({'|'.join(SUPERLATIVES)})",
            looked_up(1, SUPERLATIVES, "the most {}"),
        ),
    )


def much_as_comparative(rating: Rating) -> tuple[DialectRule, ...]:
    """``much severe than``."""
    feature = Feature(81, "Much as comparative marker", rating)
    return (
        rule(
            feature,
            "much for more",
            r"more {JJ}(?= than\b)",
            "much {1}",
            where=(not_previous_word("much far even no any little bit lot many once"),),
        ),
    )
