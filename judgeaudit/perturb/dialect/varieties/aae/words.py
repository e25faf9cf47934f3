"""Which words do several rules for African American English ask for?"""

from __future__ import annotations

from judgeaudit.perturb.dialect.rules import Condition
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.word_classes import NOUN, possible_tags
from judgeaudit.perturb.dialect.word_lists import words

SINGULAR = "he|she"
PLURAL = "we|you|they"
BE_STARTS = "he she he's she's we you they we're you're they're"
"""First words of a pronoun with *is* or *are*: *I am*, *it is*, *that is* keep the verb in African American English."""

CLAUSE_STARTS = words(
    "and but or so because since if when while although though unless until as where that , ; : - – —"
)
"""What stands before the first word of a clause, where that is not the first of its sentence."""

MODALS = "can ca could will wo would should may might must shall 'll 'd do does did"

ADVERB = "always|usually|often|never|ever|really|just|also|still|already|only|even|probably|likely|finally|now|then"

NO_PARTICIPLES = words(
    "king thing nothing something anything everything sibling darling evening morning offspring during according "
    "regarding concerning"
)
"""Words in *-ing* that are no participle."""


def is_participle(word: str) -> bool:
    """Whether a word in lower case is a present participle as far as its form can tell; unknown words in *-ing* are."""
    tags = possible_tags(word)
    return (
        len(word) > 4
        and word.endswith("ing")
        and word not in NO_PARTICIPLES
        and (not tags or "VBG" in tags or tags == {"JJ"})
    )


def before_participle(site: Site) -> bool:
    """A present participle, or *going* without *to*, stands right behind the match."""
    word = site.behind
    if word == "going":
        return site.sentence.word(site.sentence.at(site.match.end()) + 1) != "to"
    return is_participle(word)


def begins_clause(site: Site) -> bool:
    """The match is the first of its sentence, or a conjunction or mark that begins a clause stands before it."""
    return site.begins_sentence or site.before in CLAUSE_STARTS


def behind_noun(site: Site) -> bool:
    """The word before the match is surely a noun or a pronoun that can be a subject."""
    return (bool(site.before_tags) and site.before_tags <= NOUN) or site.before in SUBJECT_WORDS


SUBJECT_WORDS = words(
    "this that these those which who it everyone everybody someone somebody nobody everything something nothing"
)


def no_modal_before(count: int) -> Condition:
    """No modal, *do* or *to* is among the last words before the match: the verb would not be finite."""
    unwanted = frozenset(MODALS.split()) | {"to"}

    def holds(site: Site) -> bool:
        return unwanted.isdisjoint(site.words_before(count))

    holds.__qualname__ = f"no_modal_before {count}"
    return holds
