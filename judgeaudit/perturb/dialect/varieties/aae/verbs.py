"""How does African American English mark tense and aspect? *Done*, *gon*, *finna*, past forms, verbs without *-s*."""

from __future__ import annotations

from judgeaudit.perturb.dialect.across_varieties.places import looked_up, may_be
from judgeaudit.perturb.dialect.conditions import (
    among,
    begins_sentence,
    not_among,
    not_next_word,
    not_previous_word,
)
from judgeaudit.perturb.dialect.rules import DialectRule, Feature, rule
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.varieties.aae.words import (
    PLURAL,
    SINGULAR,
    behind_noun,
    no_modal_before,
)
from judgeaudit.perturb.dialect.word_classes import ADJECTIVE
from judgeaudit.perturb.dialect.word_lists import words

PERSONAL_DATIVE = Feature(9, "Benefactive “personal dative” construction", "B")
COMPLETIVE_DONE = Feature(104, "Completive/perfect done", "B")
GO_FUTURE = Feature(114, "Go-based future markers", "A")
QUASI_MODALS = Feature(126, "New quasi-modals: aspectual meanings", "A")
REGULAR_PAST = Feature(
    128, "Levelling of past tense/past participle verb forms: regularization of irregular verb paradigms", "B"
)
UNMARKED_PAST = Feature(129, "Levelling of past tense/past participle verb forms: unmarked forms", "B")
PAST_FOR_PARTICIPLE = Feature(
    130, "Levelling of past tense/past participle verb forms: past tense replacing the past participle", "A"
)
NO_THIRD_PERSON_S = Feature(
    170, "Invariant present tense forms due to zero marking for the third person singular", "A"
)
NO_HAVE = Feature(179, "Deletion of auxiliary have", "B")

HAVE_OF_PRONOUN = r"(?:(i|you|we|they)(?:'ve| have)|(he|she|it) has)"
HAVE_STARTS = "i i've you you've we we've they they've he she it"

FINISHED = words(
    "finished lost forgotten eaten told spent used sold sent bought paid won read heard tried changed swallowed "
    "decided agreed said started stopped"
)
"""Participles of verbs with an end, which *done* says is reached."""

LEVELLED = words(
    "gone seen written taken given eaten spoken broken driven chosen fallen begun stolen worn shaken ridden frozen "
    "torn drunk"
)
"""Participles for which the past is attested: *had went*, *have saw*."""

REGULAR = {
    "knew": "knowed",
    "grew": "growed",
    "threw": "throwed",
    "blew": "blowed",
    "drew": "drawed",
    "caught": "catched",
}
UNMARKED = {"came": "come", "gave": "give", "ran": "run", "became": "become"}

DATIVE = {"i": "me", "you": "you", "he": "him", "she": "her", "we": "us", "they": "them"}

NO_GAIN = (
    "sense|feel|feeling|hold|grip|look|chance|cold|job|fight|point|handle|bit|lot|few|little|while|fright|reaction|"
    "response|reply|way|balance|solution|number|match|child|kid"
)
"""What one gets or finds without the benefit that a dative names."""

FOR_ANOTHER = (
    r"(?! (?:a|an|some)(?: [a-z-]+){1,6} (?:for|to) (?:your|the|my|his|her|their|him|them|me|us|someone)\b)"
)
"""Nobody else is named for whom it is."""

GAIN = rf"(?= (?:a|an|some) (?:[a-z-]+ )?(?!(?:{NO_GAIN})\b)[a-z]){FOR_ANOTHER}"

BREAK = (
    r"(?= (?:a|an) (?:(?:short|quick|long|deep|few|hot|warm|small) )?"
    r"(?:break|nap|walk|seat|shower|bath|breath|rest)\b)"
)
PLAN = (
    r"(?= (?:a|an) (?:(?:short|quick|simple|written|new|good) )?"
    r"(?:list|plan|note|schedule|budget|sandwich|copy|cup|pot)\b)"
)

NOT_A_PLACE = not_next_word(
    "school church work bed town court college class jail prison market war camp therapy"
)
"""These could be verbs: *he is going to school*."""

FUTURE_ADVERB = (
    "also|always|likely|probably|just|still|soon|then|never|definitely|only|certainly|often|usually|both"
)

ONGOING = words("be have do")
"""Verbs whose third person singular has rules of its own, or none."""


def _subject_may_precede(site: Site) -> bool:
    """No word stands before that begins a noun phrase or may go on one (*the likes*, *organic mulches*); nor *as*."""
    tags = site.before_tags
    return site.before != "as" and tags.isdisjoint(ADJECTIVE) and not (tags and tags <= GOES_BEFORE_NOUN)


def _gon(site: Site) -> str:
    """*will gladly*: *gladly gon*."""
    return f"{site[1].lstrip()} gon".lstrip()


def _with_you(site: Site) -> str:
    """*get*, as an order: *get you*."""
    return f"{site.match[0]} you"


def _with_dative(site: Site) -> str:
    """*you can buy*: *you can buy you*."""
    return f"{site.match[0]} {DATIVE[site[1].lower()]}"


GOES_BEFORE_NOUN = frozenset({"DT", "PRP$", "POS", "CD", "IN"})

PERFECT: tuple[DialectRule, ...] = (
    rule(
        COMPLETIVE_DONE,
        "done for a pronoun's have already",
        rf"{HAVE_OF_PRONOUN} (already|just) {{VBN}}",
        "{1}{2} {3} done {4:past}",
        starts=HAVE_STARTS,
        where=(no_modal_before(1),),
    ),
    rule(
        COMPLETIVE_DONE,
        "done for a noun's have already",
        r"(?:have|has) (already|just) {VBN}",
        "{1} done {2:past}",
        where=(behind_noun, no_modal_before(3)),
    ),
    rule(
        COMPLETIVE_DONE,
        "done for a pronoun's have before a verb with an end",
        rf"{HAVE_OF_PRONOUN} {{VBN}}",
        "{1}{2} done {3:past}",
        starts=HAVE_STARTS,
        where=(among(3, FINISHED), no_modal_before(1)),
    ),
    rule(
        PAST_FOR_PARTICIPLE,
        "past for the participle after have",
        r"((?:have|has|had|(?:i|you|we|they)'ve) (?:(?:already|just|never|always|ever|not|also|really|now) )?){VBN}",
        "{1}{2:past}",
        starts="have has had i've you've we've they've",
        where=(among(2, LEVELLED),),
    ),
    rule(
        NO_HAVE,
        "no have before been and got",
        r"(?:(i|you|we|they)(?:'ve| have)|(he|she|it)(?:'s| has))"
        r"(?= (?:got|(?:(?:already|ever|always|never|really|just) )?been)\b)",
        "{1}{2}",
        starts=f"{HAVE_STARTS} he's she's it's",
        where=(no_modal_before(1), not_previous_word("what")),
    ),
)

VERBS: tuple[DialectRule, ...] = (
    rule(
        QUASI_MODALS,
        "finna for about to after a pronoun",
        rf"(?:({SINGULAR})(?:'s| is)|({PLURAL})(?:'re| are)) about to(?= ([a-z]+))",
        "{1}{2} finna",
        starts="he she he's she's we you they we're you're they're",
        where=(may_be(3, "VB"),),
    ),
    rule(
        QUASI_MODALS,
        "finna for about to",
        r"(i'm|i am|is|was|were|are) about to(?= ([a-z]+))",
        "{1} finna",
        starts="i'm i is was were are",
        where=(may_be(2, "VB"),),
    ),
    rule(
        GO_FUTURE,
        "gon for will after a pronoun",
        rf"(he|she|it|we|you|they)(?:'ll| will)((?: (?:{FUTURE_ADVERB}))?)(?= {{VB}})",
        "{1}{2} gon",
        starts="he she it we you they he'll she'll it'll we'll you'll they'll",
    ),
    rule(
        GO_FUTURE,
        "gon for will after I",
        rf"i(?:'ll| will)((?: (?:{FUTURE_ADVERB}))?)(?= {{VB}})",
        "I'm{1} gon",
        starts="i i'll",
    ),
    rule(
        GO_FUTURE,
        "gon for will after a noun",
        rf"will((?: (?:{FUTURE_ADVERB}))?)(?= {{VB}})",
        _gon,
        starts="will",
        where=(behind_noun,),
    ),
    rule(
        GO_FUTURE,
        "gon for going to after a pronoun",
        rf"(?:({SINGULAR}|it|that|this)(?:'s| is)|({PLURAL})(?:'re| are)) going to(?= {{VB}})",
        "{1}{2} gon",
        starts="he she he's she's it it's that that's this we you they we're you're they're",
        where=(NOT_A_PLACE,),
    ),
    rule(
        GO_FUTURE,
        "gon for going to after am, was and were",
        r"(i'm|i am|was|were) going to(?= {VB})",
        "{1} gon",
        starts="i'm i was were",
        where=(NOT_A_PLACE,),
    ),
    rule(
        PERSONAL_DATIVE,
        "dative of the one told to get",
        rf"(?:get|buy|find|grab|order){GAIN}|make{PLAN}|take{BREAK}",
        _with_you,
        starts="get buy find grab make order take",
        where=(begins_sentence,),
    ),
    rule(
        PERSONAL_DATIVE,
        "dative of the subject",
        rf"(i|you|he|she|we|they) (?:(?:can|could|should|will|might|may|would|need to|want to|have to) )?"
        rf"(?:(?:get|gets|got|buy|buys|bought|grab|grabbed){GAIN}|(?:make|makes|made){PLAN}|(?:take|took){BREAK})",
        _with_dative,
    ),
    rule(REGULAR_PAST, "regular past", rf"({'|'.join(REGULAR)})", looked_up(1, REGULAR)),
    rule(UNMARKED_PAST, "unmarked past", rf"({'|'.join(UNMARKED)})", looked_up(1, UNMARKED)),
    rule(
        NO_THIRD_PERSON_S,
        "no third person singular -s",
        "{VBZ}",
        "{1:base}",
        where=(not_among(1, ONGOING, "base"), _subject_may_precede),
    ),
    rule(
        NO_THIRD_PERSON_S,
        "have for has",
        r"has(?= (?:a|an|the|no|to|some|any|one|two|its|his|her|already been)\b)",
        "have",
    ),
)
