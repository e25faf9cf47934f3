"""Which of a word's possible tags do its neighbours rule out? Constraints of English word order, each of them sure.

Each constraint looks at most a few words back or one ahead and returns tags to strike out. One that would leave no
tag is passed over: the word's form knows better.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, Protocol

from judgeaudit.perturb.dialect.word_classes import ADJECTIVE, FINITE, NO_TAGS, NOUN, VERB
from judgeaudit.perturb.dialect.word_lists import words

Tags = frozenset[str]


class Neighbours(Protocol):
    """A sentence, as far as a constraint needs it."""

    begins: bool

    def word(self, index: int) -> str: ...
    def possible(self, index: int) -> Tags: ...
    def tags(self, index: int) -> Tags: ...


class Place(NamedTuple):
    """A word in its sentence: its index, that of the word before past adverbs, and the tags it may still have."""

    sentence: Neighbours
    here: int
    before: int
    tags: Tags


DETERMINERS = words("a an the my your our their its every no another")
PREPOSITIONS = words(
    "of at for with from into onto during without between among through against toward towards upon via despite in on "
    "about across under behind near within"
)
SINGULAR_SUBJECTS = frozenset({"he", "she"})
PLURAL_SUBJECTS = frozenset({"i", "we", "they"})
SUBJECT_OR_OBJECT = frozenset({"you", "it"})
SUBJECTS = SINGULAR_SUBJECTS | PLURAL_SUBJECTS | SUBJECT_OR_OBJECT
OBJECTS = words("me him them us")
MODALS = words("can could will would shall should may might must cannot 'll ca wo")
DO = frozenset({"do", "does", "did"})
HAVE = frozenset({"have", "has", "had", "having", "'ve"})
BE = words("am is are was were be been being 'm 're")
NEGATORS = frozenset({"not", "n't"})
PLURAL_QUANTIFIERS = words(
    "these those many few several both two three four five six seven eight nine ten twelve twenty thirty"
)
QUANTIFIERS = words("some any more most other such various different")
CLAUSE_STARTERS = words(
    "and or but because if when while although though unless whether whenever since until that as what where how why "
    ", ; : ( -"
)
VERBS_BEFORE_TO = words(
    "want wants wanted need needs needed try tries tried trying able how used going have has had like likes plan plans "
    "planned hope hopes important hard easy difficult way ways ask asks asked best better likely ready willing "
    "possible order learn learned decide decided start started begin began help helps helped what where"
)
TAKE_BASE_FORM = words(
    "help helps helped helping let lets letting make makes made making see sees saw seeing watch watches watched "
    "watching hear hears heard hearing have has had having"
)
"""Verbs of ``help older adults stay healthy``."""
TAKE_NO_OBJECT = words(
    "began decreased died dropped finished increased lived passed sat started stood stopped walked worked"
)
"""Pasts that stand before ``by`` as active verbs (``died by``)."""
PLURALS_BEFORE_NOUNS = words(
    "arms awards customs earnings futures goods operations options resources rights sales savings services "
    "solutions sports statistics substances systems"
)
"""Plurals that go before a noun (``sales work``)."""
VERB_FORMS = FINITE | {"VB"}
OPENS_NOUN_PHRASE = words("a an the my your our their its his these those this")
OPENS_OBJECT = (
    OPENS_NOUN_PHRASE | OBJECTS | {"it", "her", "himself", "herself", "themselves", "everyone", "every"}
)
GOES_ON_NOUN_PHRASE = NOUN | ADJECTIVE | {"VBG", "VBN", "CD"}
"""A word with one of these possible tags may go on a noun phrase."""


def decided(sentence: Neighbours, index: int) -> Tags:
    """The tags that a word may have, given its neighbours."""
    remaining = sentence.possible(index)
    if len(remaining) < 2:
        return remaining
    before = _governor(sentence, index)
    word = sentence.word(before) if before == index - 1 else None
    at = Place(sentence, index, before, remaining)
    for constraint in _constraints_after(word if word is None or word in TRIGGERS else "", remaining):
        struck = constraint(at)
        if not struck:
            continue
        left = remaining - struck
        if left and len(left) < len(remaining):
            remaining = left
            if len(remaining) < 2:
                break
            at = Place(sentence, index, before, remaining)
    return remaining


def _governor(sentence: Neighbours, index: int) -> int:
    """The index of the word before, past up to three adverbs and negators."""
    before = index - 1
    for _ in range(3):
        word = sentence.word(before)
        if not word or not (word in NEGATORS or sentence.possible(before) == {"RB"}):
            break
        before -= 1
    return before


def _noun_may_follow(sentence: Neighbours, index: int) -> bool:
    following = sentence.possible(index + 1)
    if sentence.word(index + 1)[:1].isalpha() and not following:
        return True  # an unknown word
    return not following.isdisjoint(GOES_ON_NOUN_PHRASE)


def _after_modal(at: Place) -> Tags:
    """``can help``, ``did not work``, ``can you help``, ``let's talk``: the base form."""
    word = at.sentence.word(at.before)
    if word in SUBJECTS and at.sentence.word(at.before - 1) in NEGATORS:
        helper, inverted = at.sentence.word(at.before - 2), True
    elif word in SUBJECTS:
        helper, inverted = at.sentence.word(at.before - 1), True
    else:
        helper, inverted = word, False
    negated = at.before < at.here - 1 and any(
        at.sentence.word(i) in NEGATORS for i in range(at.before + 1, at.here)
    )
    if "VB" in at.tags and (helper in MODALS or (helper in DO and (negated or inverted))):
        return at.tags - {"VB"}
    if helper in DO and not inverted:
        return FINITE
    return NO_TAGS


def _after_to(at: Place) -> Tags:
    """``to open``: the base form where a word stands before that takes one, or an object follows."""
    if at.sentence.word(at.here - 1) != "to":
        return NO_TAGS
    if "VB" not in at.tags:
        return FINITE
    following, taker = at.sentence.word(at.here + 1), at.sentence.word(at.here - 2)
    if following in OPENS_OBJECT or taker in VERBS_BEFORE_TO:
        return at.tags - {"VB"}
    return at.tags - {"VB"} - NOUN - {"VBG"}


def _after_have(at: Place) -> Tags:
    """``has lost``: a participle, unless a noun follows that it may describe."""
    if at.sentence.word(at.before) not in HAVE:
        return NO_TAGS
    if "VBN" in at.tags and not (at.tags & ADJECTIVE and _noun_may_follow(at.sentence, at.here)):
        return at.tags - {"VBN"}
    return VERB_FORMS


def _after_be(at: Place) -> Tags:
    """``is closed``, ``are waiting``: no finite verb and no base form."""
    if at.sentence.word(at.before) not in BE:
        return NO_TAGS
    if "VBN" in at.tags and at.sentence.word(at.here + 1) == "by":
        return at.tags - {"VBN"}
    if "VBG" in at.tags and at.sentence.word(at.before - 1) in SUBJECTS - {"it"}:
        return at.tags - {"VBG"}
    return VERB_FORMS


def _after_subject(at: Place) -> Tags:
    """``they work``, ``she often walks``, ``who uses``: a finite verb."""
    word = at.sentence.word(at.before)
    if not at.tags & FINITE:
        return NO_TAGS
    if word == "who":
        return at.tags - FINITE
    if word in SUBJECT_OR_OBJECT:
        outer = at.sentence.word(at.before - 1)
        begins = at.sentence.begins if not outer else outer in CLAUSE_STARTERS
        outer_tags = at.sentence.tags(at.before - 1) if outer and not begins else NO_TAGS
        if not (begins or (outer_tags and outer_tags <= NOUN)):
            return NO_TAGS
    elif word not in SINGULAR_SUBJECTS | PLURAL_SUBJECTS:
        return NO_TAGS
    finite = {"VBD", "VBZ"} if word in SINGULAR_SUBJECTS or word == "it" else {"VBD", "VBP"}
    return at.tags - finite


def _after_determiner(at: Place) -> Tags:
    """``the park``, ``her work``, ``of use``, ``in need``: no finite verb; a noun where none follows."""
    word = at.sentence.word(at.here - 1)
    if word in DETERMINERS or word == "his":
        struck = VERB_FORMS
        if word in ("a", "an", "every", "another"):
            struck |= {"NNS"}
        if at.tags & NOUN and not _noun_may_follow(at.sentence, at.here):
            struck |= at.tags - NOUN
        return struck
    if word in PREPOSITIONS:
        if at.tags & NOUN and "VBG" not in at.tags and not _noun_may_follow(at.sentence, at.here):
            return at.tags - NOUN
        return VERB_FORMS
    return FINITE if word == "her" else NO_TAGS


def _after_quantifier(at: Place) -> Tags:
    """``these changes`` is a plural noun, ``this changes`` a verb."""
    word = at.sentence.word(at.here - 1)
    if word in PLURAL_QUANTIFIERS or at.sentence.possible(at.here - 1) == {"CD"}:
        return frozenset({"VBZ"})
    if word in QUANTIFIERS and "NNS" in at.tags:
        return frozenset({"VBZ"})
    if word in ("this", "each"):
        return frozenset({"NNS", "VBP"})
    return NO_TAGS


def _after_adjective(at: Place) -> Tags:
    """``small changes``: a noun, where the adjective is not a predicate."""
    if not (at.tags & NOUN and at.sentence.tags(at.here - 1) <= ADJECTIVE and at.sentence.tags(at.here - 1)):
        return NO_TAGS
    verb = _governor(at.sentence, at.here - 1)
    if at.sentence.word(verb) in BE or at.sentence.possible(verb) & FINITE:
        return NO_TAGS if "VBZ" in at.tags or at.sentence.tags(verb) <= NOUN else FINITE
    return VERB_FORMS


def _after_plural_noun(at: Place) -> Tags:
    """``children learn``: no noun, and the verb of a plural."""
    if at.sentence.tags(at.before) != {"NNS"} or not at.tags & {"VBP", "VBD"}:
        return NO_TAGS
    if at.sentence.word(at.before) in PLURALS_BEFORE_NOUNS:
        return frozenset({"VBZ"})
    words_before = {at.sentence.word(i) for i in range(max(at.here - 5, 0), at.here)}
    if words_before.isdisjoint(TAKE_BASE_FORM):
        return frozenset({"NN", "VBZ", "VB"})
    return frozenset({"NN", "VBZ"})


def _after_singular_noun(at: Place) -> Tags:
    """``the company sells the``: a verb before an object, or past an adverb; never the verb of a plural."""
    if at.sentence.tags(at.before) != {"NN"}:
        return NO_TAGS
    if "VBZ" in at.tags and (at.before < at.here - 1 or at.sentence.word(at.here + 1) in OPENS_OBJECT):
        return at.tags - {"VBZ"}
    return frozenset({"VBP"})


def _imperative(at: Place) -> Tags:
    """``Set a timer``, ``please note``: the base form."""
    if "VB" not in at.tags:
        return NO_TAGS
    if at.sentence.word(at.here - 1) == "please":
        return at.tags - {"VB"}
    if at.here == 0 and at.sentence.begins and at.sentence.word(1) in OPENS_OBJECT:
        return at.tags - {"VB"}
    return NO_TAGS


def _past_or_participle(at: Place) -> Tags:
    """``the bank approved the loan``: the past; ``a letter written by``: the participle."""
    if not {"VBD", "VBN"} <= at.tags:
        return NO_TAGS
    following = at.sentence.word(at.here + 1)
    if following == "by" and at.sentence.word(at.here) not in TAKE_NO_OBJECT:
        return at.tags - {"VBN"}
    if following in OPENS_OBJECT and (
        at.sentence.tags(at.before) and at.sentence.tags(at.before) <= NOUN | {"WDT", "WP"}
    ):
        return at.tags - {"VBD"}
    return NO_TAGS


Constraint = Callable[[Place], Tags]

ANY_WORD: Tags = frozenset()

CONSTRAINTS: tuple[tuple[Constraint, frozenset[str], Tags], ...] = (
    (_after_modal, MODALS | DO | SUBJECTS, VERB),
    (_after_to, frozenset({"to"}), VERB | NOUN),
    (_after_have, HAVE, VERB),
    (_after_be, BE, VERB),
    (_after_subject, SUBJECTS | {"who"}, FINITE),
    (_after_determiner, DETERMINERS | PREPOSITIONS | {"his", "her"}, VERB | NOUN),
    (_after_quantifier, ANY_WORD, frozenset({"VBZ", "NNS", "VBP"})),
    (_after_adjective, ANY_WORD, NOUN),
    (_after_plural_noun, ANY_WORD, frozenset({"VBP", "VBD"})),
    (_after_singular_noun, ANY_WORD, frozenset({"VBP", "VBZ"})),
    (_imperative, ANY_WORD, frozenset({"VB"})),
    (_past_or_participle, ANY_WORD, frozenset({"VBD", "VBN"})),
)
"""The constraints in the order in which they are applied, each with the words that it asks for right before the word or
before its adverbs, where it asks for some, and tags: where a word can bear none of them, it strikes nothing out."""

TRIGGERS: frozenset[str] = frozenset().union(*(asked for _, asked, _ in CONSTRAINTS))
"""The words that some constraint asks for."""


@lru_cache(maxsize=10_000)
def _constraints_after(word: str | None, tags: Tags) -> tuple[Constraint, ...]:
    """The constraints that can strike some of the tags out behind a word; None where adverbs stand between."""
    return tuple(
        constraint
        for constraint, asked, struck in CONSTRAINTS
        if (word is None or not asked or word in asked) and not struck.isdisjoint(tags)
    )
