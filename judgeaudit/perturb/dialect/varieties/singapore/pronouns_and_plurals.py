"""Which pronouns and plural endings does Colloquial Singapore English do without?"""

from __future__ import annotations

import re

from judgeaudit.perturb.dialect.across_varieties.places import capitalised, may_be
from judgeaudit.perturb.dialect.conditions import (
    among,
    asked_first,
    begins_sentence,
    in_statement,
    not_among,
    not_next_word,
    not_previous_word,
)
from judgeaudit.perturb.dialect.rules import Feature, rule
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.word_classes import words

REFLEXIVES = Feature(14, "No number distinction in reflexives", "A")
YOU_PLURAL = Feature(34, "Forms or phrases for the second person plural pronoun other than you", "B")
SUBJECT_DROP = Feature(43, "Subject pronoun drop: referential pronouns", "A")
DUMMY_DROP = Feature(44, "Subject pronoun drop: dummy pronouns", "A")
REFERENTIAL_IS = Feature(46, "Deletion of it in referential it is-constructions", "B")
NON_REFERENTIAL_IS = Feature(47, "Deletion of it in non-referential it is-constructions", "B")
HUMAN_PLURAL = Feature(57, "Plural marking generally optional: for nouns with human referents", "A")
OTHER_PLURAL = Feature(58, "Plural marking generally optional: for nouns with non-human referents", "A")

QUANTIFIERS = words(
    "two three four five six seven eight nine ten twelve twenty thirty forty fifty hundred many several few both "
    "various different"
)
HUMAN = words(
    "adult boy child colleague customer doctor employee expert friend girl guest kid lawyer member nurse parent "
    "participant patient person player professional reader researcher scientist sibling stranger student teacher "
    "teenager therapist toddler user visitor volunteer woman worker writer"
)
NO_SINGULAR = words(
    "clothes contents earnings glasses goods headphones jeans kids means pants people savings scissors series shorts "
    "species surroundings thanks times trousers thousands hundreds millions"
)

BEFORE_NUMBER = words(
    ", ( : ; the these those your my our for in about at least every with of to and or take takes have has than only "
    "after within over under last first next another up by are is"
)
"""Words behind which a figure counts something: ``for 3 days``, but not ``Windows 10 users``."""


QUANTITY = re.compile(rf"\d|{'|'.join(sorted(QUANTIFIERS))}", re.IGNORECASE)
LOOK_BACK_CHARS = 60


@asked_first
def follows_quantity(site: Site) -> bool:
    """A quantifier or a small number stands before the noun, alone or with one adjective, and no name before that."""
    # A look at the text rules out most nouns before their sentence is cut up.
    start = site.match.start()
    shortly_before = site.match.string[max(start - LOOK_BACK_CHARS, 0) : start].split()
    if len(shortly_before) > 2:
        *_, one, other = shortly_before
        if one.isalpha() and other.isalpha():
            if QUANTIFIERS.isdisjoint((one.lower(), other.lower())):
                return False
        elif not QUANTITY.search(f"{one} {other}"):
            return False
    before = site.words_before(3)
    if not before:
        return False
    at = len(before) - 1
    if before[at] not in QUANTIFIERS and not _is_small_number(before[at]):
        if at == 0 or "JJ" not in site.before_tags:
            return False
        at -= 1
    if before[at] in QUANTIFIERS:
        return True
    return _is_small_number(before[at]) and (at == 0 or before[at - 1] in BEFORE_NUMBER)


def _is_small_number(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) < 4


def _ends_in_s(site: Site) -> bool:
    return site[1].lower().endswith("s")


DROPPED_SUBJECTS = (
    rule(
        DUMMY_DROP,
        "no dummy subject",
        r"it (seems|appears|depends|looks like|sounds like)",
        "{1}",
        where=(begins_sentence, capitalised, in_statement),
    ),
    rule(
        NON_REFERENTIAL_IS,
        "is without a dummy subject",
        r"it(?:'s| is) (very |so |also |really |quite |not |always )?([a-z]+)(?= (?:to|that|for|if|when)\b)",
        "is {1}{2}",
        starts="it it's",
        where=(may_be(2, "JJ"), begins_sentence, capitalised, in_statement),
    ),
    rule(
        REFERENTIAL_IS,
        "is without a subject",
        r"it(?:'s| is)(?= (?:an?|the|your|our|one|very|so|really|quite|too|also|like|just|only) )",
        "is",
        starts="it it's",
        where=(begins_sentence, capitalised, in_statement),
    ),
    rule(
        SUBJECT_DROP,
        "no it before a verb",
        "it {VBZ}",
        "{1}",
        where=(begins_sentence, capitalised, in_statement, not_among(1, words("is has does was"))),
    ),
    rule(
        SUBJECT_DROP,
        "no I before a verb of thought",
        r"i (hope|think|guess|wish)(?= (?:i|he|she|it|they|we|you|this|that|these|the|there|your|my|everyone) )",
        "{1}",
        where=(begins_sentence, in_statement),
    ),
    rule(
        SUBJECT_DROP,
        "no you before a modal",
        r"you (can|could|should|must|may|might|need(?= (?:to|an?|some)\b))",
        "{1}",
        where=(begins_sentence, capitalised, in_statement),
    ),
)

PRONOUNS = (
    rule(
        YOU_PLURAL,
        "you all",
        r"you guys|all of you",
        "you all",
        starts="you all",
        where=(not_previous_word("tell give gives ask show"),),
    ),
    rule(
        REFLEXIVES,
        "-self for -selves",
        r"(our|your|them)selves",
        "{1}self",
        starts="ourselves yourselves themselves",
    ),
)

PLURALS = (
    rule(
        HUMAN_PLURAL,
        "no plural of persons after a quantity",
        "{NNS}",
        "{1:singular}",
        where=(_ends_in_s, among(1, HUMAN, "singular"), follows_quantity, not_next_word("' and")),
    ),
    rule(
        OTHER_PLURAL,
        "no plural of things after a quantity",
        "{NNS}",
        "{1:singular}",
        where=(
            _ends_in_s,
            not_among(1, HUMAN, "singular"),
            not_among(1, NO_SINGULAR),
            follows_quantity,
            not_next_word("' and"),
        ),
    ),
)
