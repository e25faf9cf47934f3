"""Which parts of speech can a word form have, before its sentence is looked at?

Tags are those of the Penn Treebank (Marcus, Santorini and Marcinkiewicz 1993). Words of the closed classes are
listed here; those of the open classes are looked up in lemminflect's inflection tables, which come from the NIH
SPECIALIST lexicon. A word in neither has no tags, and a rule that asks for one does not apply.
"""

from __future__ import annotations

from functools import lru_cache

from judgeaudit.perturb.dialect.inflection import READABLE, readings
from judgeaudit.perturb.dialect.word_lists import words as words  # writers of varieties know it from here

VERB = frozenset({"VB", "VBP", "VBZ", "VBD", "VBN", "VBG"})
FINITE = frozenset({"VBP", "VBZ", "VBD"})
NOUN = frozenset({"NN", "NNS"})
ADJECTIVE = frozenset({"JJ", "JJR", "JJS"})
ADVERB = frozenset({"RB", "RBR", "RBS"})

CLASSES = {"NOUN": NOUN, "VERB": VERB, "FINITE": FINITE, "ADJ": ADJECTIVE, "ADV": ADVERB}
"""Names that rules may use beside Penn tags."""

TAGS = words(
    "CC CD DT EX IN JJ JJR JJS MD NN NNS POS PRP PRP$ RB RBR RBS RP TO UH VB VBD VBG VBN VBP VBZ WDT WP WP$ WRB"
)

_CLOSED = {
    "DT": "a an the every no another",
    "PRP$": "my your our their its his",
    "PRP PRP$": "her",
    "PRP": "i he she we they it you me him them us myself yourself himself herself itself ourselves themselves "
    "mine yours hers ours theirs everyone everybody everything someone somebody something anyone anybody anything "
    "nobody nothing none",
    "DT PRP": "this these those all some any both each either neither several few many much enough most",
    "DT WDT IN": "that",
    "WP": "who whom what whoever whatever",
    "WDT": "which whichever",
    "WP$": "whose",
    "WRB": "when where why how whenever wherever",
    "MD": "can could will would shall should may might must cannot 'll ca wo",
    "MD VBD": "'d",
    "VBZ POS": "'s",
    "VB": "be",
    "VBP": "am are 'm 're",
    "VBZ": "is does has",
    "VBD": "was were did",
    "VB VBP": "do have 've",
    "VBD VBN": "had",
    "VBG": "having",
    "VBG NN": "being doing",
    "VBN": "been done",
    "TO": "to",
    "IN": "of at for with from into onto during without between among against toward towards upon via despite "
    "except than if because although though unless whether while since until as by",
    "IN RP": "in on off out up over down away through about around along across under below above behind near "
    "within beyond besides inside outside after before",
    "CC": "and or but nor yet &",
    "EX RB": "there",
    "RB": "not n't never always often sometimes usually also just only even really very too so quite still already "
    "now then here again perhaps maybe rather almost ever soon later however therefore thus instead together "
    "else today tomorrow yesterday tonight",
    "CD": "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred "
    "thousand million",
    "UH": "yes please oh okay",
    "JJ": "other such own same",
    "VB VBP IN JJ": "like",
    "JJR RBR DT": "more less",
}
CLOSED = {word: words(tags) for tags, listed in _CLOSED.items() for word in words(listed)}
"""Words of the closed classes; open readings that they also have (a can, the why) are too rare to count."""

_MAINLY = {
    "JJ": "able alone angry aware bad beautiful big bitter brave bright broad cheap common correct "
    "crazy curious cute dangerous dark deep different eager essential exact expensive "
    "fair false familiar famous fresh full funny general gentle glad great guilty happy healthy heavy helpful honest "
    "hot huge hungry important large lazy likely local lonely loose loud low lucky mad major minor modern "
    "national natural nervous new nice normal old perfect personal plain polite poor popular positive possible "
    "private proud pure quick quiet rare ready real recent regular responsible rich rough rude sad safe "
    "serious sharp short sick silent similar simple single slim small smart soft sorry special strange strict strong "
    "stupid sure sweet tall tasty thick thin tiny tired tough true ugly unique unsafe useful valid vital weak "
    "wealthy weird wide wild wise wonderful worth wrong young",
    "JJ RB": "daily early far fast hard high late long straight tight weekly monthly yearly",
    "JJR RBR": "better worse",
    "JJS RBS": "best worst least",
    "JJ RB NN": "good well first next",
    "JJR": "older younger larger bigger smaller",
    "RB": "away forward",
    "NN": "news physics mathematics economics politics baggage clothing crockery cutlery furniture garbage hardware "
    "homework housework jewellery jewelry luggage merchandise music paperwork rubbish stationery traffic underwear "
    "weather",
    "NN VB VBP": "progress research stuff",
    "NNS": "people police",
    "NN RB": "home",
}
"""Common words whose other readings (``to sharp``, ``a wise``) are too rare to count."""
MAINLY = {word: words(tags) for tags, listed in _MAINLY.items() for word in words(listed)}

NO_TAGS: frozenset[str] = frozenset()


@lru_cache(maxsize=1_000)
def tags_named(names: str) -> frozenset[str]:
    """The tags of names separated by spaces, where a class stands for all of its tags.

    Raises:
        ValueError: a name is neither a tag nor a class.
    """
    tags: set[str] = set()
    for name in names.split():
        if name not in CLASSES and name not in TAGS:
            raise ValueError(f"{name!r}: neither a Penn tag nor one of {', '.join(CLASSES)}")
        tags |= CLASSES.get(name, {name})
    return frozenset(tags)


@lru_cache(maxsize=50_000)
def possible_tags(word: str) -> frozenset[str]:
    """Every tag that a word form in lower case, with ``'``, can bear; empty for a word that is not known."""
    closed = CLOSED.get(word) or MAINLY.get(word)
    if closed is not None:
        return closed
    if word[:1].isdecimal():
        return frozenset({"CD"})
    if not READABLE.fullmatch(word):
        return NO_TAGS
    return readings(word)
