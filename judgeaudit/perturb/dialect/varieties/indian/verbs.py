"""Which verb forms of Indian English can a rule put in place with certainty? Tense, aspect, agreement, complements."""

from __future__ import annotations

import re

from judgeaudit.perturb.dialect.across_varieties.places import may_be
from judgeaudit.perturb.dialect.conditions import (
    among,
    in_statement,
    next_is,
    not_among,
    not_next_word,
    not_previous_word,
    not_within,
)
from judgeaudit.perturb.dialect.inflection import ing, participle
from judgeaudit.perturb.dialect.rules import DialectRule, Feature, rule
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.varieties.indian.words import (
    BACKSHIFT,
    BARE_AFTER_MAKE,
    HABITUAL,
    LATER_WORDS,
    NOMINATIVE,
    NOT_A_VERB_AFTER_LET,
    NOT_AUXILIARY,
    PAST_TIME,
    PLURAL_SUBJECT,
    REPORTED,
    SINCE_OR_FOR,
    SINGULAR_SUBJECT,
    STATIVE,
    SUBJECT,
)

STATIVE_PROGRESSIVE = Feature(
    88, "Wider range of uses of progressive be + V-ing than in StE: extension to stative verbs", "A"
)
HABITUAL_PROGRESSIVE = Feature(
    89, "Wider range of uses of progressive be + V-ing than in StE: extension to habitual contexts", "A"
)
PERFECT_FOR_PAST = Feature(
    100,
    "Levelling of the difference between present perfect and simple past: present perfect for StE simple past",
    "A",
)
PRESENT_FOR_PERFECT = Feature(101, "Simple present for continuative or experiential perfect", "B")
LOOSE_TENSES = Feature(113, "Loosening of sequence of tenses rule", "A")
WOULD = Feature(119, "Would for (distant) future in contrast to will (immediate future)", "A")
CONDITIONAL_WAS = Feature(147, "Was for conditional were", "A")
SINGULAR_EXISTENTIAL = Feature(
    172, "Existential / presentational there's/there is/there was with plural subjects", "B"
)
NO_AUXILIARY_BE = Feature(174, "Deletion of auxiliary be: before progressive", "B")
THAT_CLAUSE = Feature(207, "Substitution of that-clause for infinitival subclause", "B")
ADDED_TO = Feature(209, "Addition of to where StE has bare infinitive", "B")

ADVERB = "(?:(?:really|also|still|just|already|probably|clearly) )?"
OBJECT = "me|you|him|her|it|us|them|people|someone"
QUANTITY = "many|several|some|plenty|lots|two|three|four|five|ten|few|various|no|different|other|people"
LATER = re.compile(LATER_WORDS, re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?\n]")
REACH_CHARS = 80
HAS_AN_OBJECT = (
    r"(?= (?:a|an|no|some|any|many|several|enough|two|three|your|my|our|their|his|her|questions|doubts)\b)"
)
AFTER_HELPER = not_previous_word(
    "do does did n't can could would should will may might must let lets make makes made help helps to of for with "
    "than watch see hear have has had and or not"
)


def be_for(subject: str) -> str:
    """The form of ``be`` that agrees with a pronoun, or with a plural noun."""
    word = subject.lower()
    return "am" if word == "i" else "is" if word in ("he", "she", "it", "this", "that") else "are"


def progressive(site: Site) -> str | None:
    """Subject, adverb with its space, verb: ``you really need`` becomes ``you are really needing``."""
    form = ing(site[3])
    return None if form is None else f"{site[1]} {be_for(site[1])} {site[2]}{form}"


def having(site: Site) -> str:
    """``you have`` becomes ``you are having``."""
    return f"{site[1]} {be_for(site[1])} having"


def perfect(site: Site) -> str | None:
    """Subject, adverb with its space, past: ``he called`` becomes ``he has called``."""
    form = participle(site[3])
    have = "has" if site[1].lower() in SINGULAR_SUBJECT.split("|") else "have"
    return None if form is None else f"{site[1]} {have} {site[2]}{form}"


def present(site: Site) -> str:
    """``I've been`` becomes ``I am``."""
    return f"{site[1]} {be_for(site[1])}"


def not_backshifted(site: Site) -> str:
    """``he would`` becomes ``he will``, ``I was`` ``I am``."""
    verb = BACKSHIFT[site[2].lower()]
    return f"{site[1]} {'am' if site[1].lower() == 'i' else verb}"


def that_should(site: Site) -> str:
    """``want him to`` becomes ``want that he should``."""
    return f"{site[1]} that {NOMINATIVE[site[2].lower()]} should"


def not_her_noun(site: Site) -> bool:
    """What stands behind ``her`` is surely no noun that is hers (``let her mother know``)."""
    return not site[1].lower().endswith("her") or site.surely_not(2, "NOUN")


def in_distant_future(site: Site) -> bool:
    """A few words before or behind the match say that the sentence is about a later time."""
    text, end = site.match.string, site.match.end()
    sentence_end = SENTENCE_END.search(text, end, min(site.stretch[1], end + REACH_CHARS))
    behind = LATER.search(
        text, end, sentence_end.start() if sentence_end else min(site.stretch[1], end + REACH_CHARS)
    )
    return behind is not None or LATER.search(" ".join(site.words_before(12))) is not None


NOT_IN_UNREAL = not_within(8, "if wish wishes wished unless though")

VERBS: tuple[DialectRule, ...] = (
    rule(
        HABITUAL_PROGRESSIVE,
        "progressive with an adverb of frequency",
        rf"({PLURAL_SUBJECT}) ((?:{HABITUAL}) ){{VBP}}",
        progressive,
        where=(not_among(3, NOT_AUXILIARY, "base"),),
    ),
    rule(
        HABITUAL_PROGRESSIVE,
        "progressive with an adverb of frequency in the third person",
        rf"({SINGULAR_SUBJECT}) ((?:{HABITUAL}) ){{VBZ}}",
        progressive,
        where=(not_among(3, NOT_AUXILIARY, "base"),),
    ),
    rule(
        HABITUAL_PROGRESSIVE,
        "progressive with an adverb of frequency after a plural noun",
        rf"{{NNS}} ((?:{HABITUAL}) ){{VBP}}",
        progressive,
        where=(not_among(3, NOT_AUXILIARY, "base"), not_within(6, "or nor help helps")),
    ),
    rule(
        HABITUAL_PROGRESSIVE,
        "progressive with every day",
        rf"({PLURAL_SUBJECT}) ({ADVERB}){{VBP}}(?=[^.,;:!?\n]{{0,60}}? (?:every (?:single )?"
        r"(?:day|night|morning|evening|week|month|year|weekend|hour|time)|each (?:day|night|morning|evening|week))\b)",
        progressive,
        where=(not_among(3, NOT_AUXILIARY, "base"),),
    ),
    rule(
        STATIVE_PROGRESSIVE,
        "progressive of a stative verb",
        rf"({PLURAL_SUBJECT}) ({ADVERB}){{VBP}}",
        progressive,
        where=(among(3, STATIVE, "base"),),
    ),
    rule(
        STATIVE_PROGRESSIVE,
        "progressive of a stative verb in the third person",
        rf"({SINGULAR_SUBJECT}|this|that) ({ADVERB}){{VBZ}}",
        progressive,
        where=(among(3, STATIVE, "base"),),
    ),
    rule(
        STATIVE_PROGRESSIVE,
        "progressive of a stative verb after a plural noun",
        rf"{{NNS}} ({ADVERB}){{VBP}}",
        progressive,
        where=(among(3, STATIVE, "base"), not_within(6, "or nor help helps let lets make makes one")),
    ),
    rule(
        STATIVE_PROGRESSIVE,
        "progressive of have",
        rf"({PLURAL_SUBJECT}) have{HAS_AN_OBJECT}",
        having,
        where=(AFTER_HELPER, in_statement),
    ),
    rule(
        STATIVE_PROGRESSIVE,
        "progressive of has",
        rf"(he|she|it) has{HAS_AN_OBJECT}",
        "{1} is having",
    ),
    rule(
        PERFECT_FOR_PAST,
        "perfect with a time that is over",
        rf"({SUBJECT}) ({ADVERB}){{VBD}}{PAST_TIME}",
        perfect,
        where=(not_among(3, NOT_AUXILIARY, "base"), NOT_IN_UNREAL),
    ),
    rule(
        PRESENT_FOR_PERFECT,
        "present of be with since and for",
        rf"(i|you|we|they)(?:'ve| have) been{SINCE_OR_FOR}",
        present,
        starts="i you we they i've you've we've they've",
    ),
    rule(
        PRESENT_FOR_PERFECT,
        "present of be with since and for in the third person",
        rf"(he|she|it)(?:'s| has) been{SINCE_OR_FOR}",
        "{1} is",
        starts="he she it he's she's it's",
    ),
    rule(
        PRESENT_FOR_PERFECT,
        "present of other verbs with since and for",
        rf"(i|you|we|they)(?:'ve| have) (known|had|lived|worked|owned|wanted|loved|felt|used|taken){SINCE_OR_FOR}",
        "{1} {2:base}",
        starts="i you we they i've you've we've they've",
    ),
    rule(
        LOOSE_TENSES,
        "no shift of tense in reported speech",
        rf"({SUBJECT}) (would|could|was|were)(?! (?:have|rather|like|be able|going)\b)",
        not_backshifted,
        after=REPORTED,
        where=(NOT_IN_UNREAL,),
    ),
    rule(
        WOULD,
        "would of the distant future",
        rf"({SUBJECT}|this|that)(?: will|'ll)",
        "{1} would",
        starts="i you he she it we they this that i'll you'll he'll she'll it'll we'll they'll that'll",
        where=(in_distant_future, in_statement, not_previous_word("if")),
    ),
    rule(
        WOULD,
        "would of the distant future after a noun",
        "{NN|NNS} will",
        "{1} would",
        where=(in_distant_future, in_statement),
    ),
    rule(
        CONDITIONAL_WAS,
        "was for conditional were",
        r"(i|he|she|it|this|that) were(?! to\b)",
        "{1} was",
        after=r"(?:if|though|wish|wishes|wished|suppose|imagine)(?: that| only)? ",
    ),
    rule(
        CONDITIONAL_WAS,
        "was for conditional were after a noun",
        r"{NN} were(?! to\b)",
        "{1} was",
        after=r"(?:if|though|wish|wishes|wished) (?:the|a|an|my|your|his|her|their|our|this|that) ",
    ),
    rule(
        SINGULAR_EXISTENTIAL,
        "there is with a plural",
        rf"there are(?= (?:{QUANTITY})\b)",
        "there is",
    ),
    rule(
        SINGULAR_EXISTENTIAL,
        "there is before a plural noun",
        "there are",
        "there is",
        where=(next_is("NNS"),),
    ),
    rule(
        SINGULAR_EXISTENTIAL,
        "there was with a plural",
        rf"there were(?= (?:{QUANTITY})\b)",
        "there was",
    ),
    rule(
        NO_AUXILIARY_BE,
        "no auxiliary before a progressive",
        r"(you|we|they)(?: are|'re) (?!going to\b|(?:willing|interesting|amazing|caring|loving|missing|boring)\b){VBG}",
        "{1} {2}",
        starts="you we they you're we're they're",
    ),
    rule(
        THAT_CLAUSE,
        "want that someone should",
        rf"(want|wants|wanted|wanting|expect|expects|expected) ({'|'.join(NOMINATIVE)}) to(?= (?!and\b|or\b)[a-z])",
        that_should,
    ),
    rule(
        ADDED_TO,
        "let someone to do",
        rf"((?:let|lets|letting) (?:{OBJECT})) (?!(?:{NOT_A_VERB_AFTER_LET})\b)([a-z]{{2,15}})",
        "{1} to {2}",
        starts="let lets letting",
        where=(may_be(2, "VB"), not_her_noun),
    ),
    rule(
        ADDED_TO,
        "make someone to do",
        rf"((?:make|makes|made|making) (?:{OBJECT})) ({BARE_AFTER_MAKE})",
        "{1} to {2}",
        starts="make makes made making",
        where=(not_next_word("of"),),
    ),
)
