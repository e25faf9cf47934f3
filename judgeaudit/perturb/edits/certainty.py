"""How sure does a text sound? Epistemic markers put before its plain statements: hedges, or assurances.

English only. A marker goes before a sentence of which a rule can tell that it states something: it ends with a
full stop, opens with a subject of a closed list of words (or with a clause like ``If it rains`` and then such a
subject), has a finite verb where one is due, and carries no marker yet. Questions, instructions, headings, list
items without a full stop, thanks and apologies are none of these; precision goes before recall. Hedges and
assurances go to the same places.

After Lee et al. 2025, "Are LLM-Judges Robust to Expressions of Uncertainty?" (EMBER, arXiv 2410.20774), whose
strengtheners and weakeners these stand for; the wording and the rules are judgeaudit's.
"""

from __future__ import annotations

import random
import re

from judgeaudit.perturb.base import TextContext
from judgeaudit.perturb.edits.sites import check_share
from judgeaudit.perturb.sentences import sentences

HEDGES = ("I think", "It seems that", "Perhaps", "I believe", "Probably", "I would guess that")
ASSURANCES = (
    "Certainly,",
    "It is clear that",
    "Without a doubt,",
    "I am certain that",
    "Clearly,",
    "I am sure that",
)
"""Both go before statements that begin with a subject or with a clause, and take a small letter after them."""

FEWEST_WORDS = 3
"""A shorter sentence (``You bet.``) is more often a formula than a statement."""

WORD = r"[a-z]++(?:['’-][a-z]++)*+"

FINITE = (
    r"(?:(?:is|are|was|were|has|have|had|does|do|did|could|would|should)(?:n['’]t)?|can(?:['’]t|not)?"
    r"|will|won['’]t|must)"
)
"""Verb forms of a closed class; ``may`` and ``might`` are markers themselves."""

LEXICAL_STEMS = """
add allow belong bring build cause come contain cost deserve depend feel find get give go happen hear help hold
include keep know last lead learn leave let like live look lose love lower make matter mean need offer prefer
prevent protect provide put raise reduce remain require say show sleep sound stand start stay stop take talk teach
tell tend think travel treat turn understand use want warm wear work
"""
LEXICAL = "|".join(
    [
        *(f"{stem}s?" for stem in LEXICAL_STEMS.split()),
        "began|became|came|found|gave|goes|got|kept|knew|left|lost|made|meant|said|taught|told|took|went",
    ]
)
VERB = rf"(?:{FINITE}|{LEXICAL})(?![\w'’-])"
"""Only what begins as a subject is looked at, so that a noun of the same form (``the look``) does no harm."""

DETERMINERS = (
    "A|All|An|Another|Any|Both|Each|Every|Few|Her|His|Its|Many|Most|My|One|Other|Our|Several|Some|The|Their|"
    "These|This|Those|Two|Three|Your"
)
ADJECTIVES = (
    "Bad|Big|Common|Different|Early|Good|Healthy|Large|Late|Little|Long|Modern|New|Old|Older|Ordinary|Real|"
    "Regular|Short|Simple|Small|Strong|Young|Younger"
)
COMMON_NOUNS = (
    "Adults|Alcohol|Animals|Anxiety|Babies|Boys|Bullies|Cats|Children|Depression|Doctors|Dogs|Drivers|Employers|"
    "Engineers|Evidence|Experts|Families|Feelings|Friends|Girls|Grief|Historians|Jokes|Kids|Laws|Lawyers|Loneliness|"
    "Medicines|Men|Money|Neighbours|Neighbors|Nurses|Parents|People|Pharmacies|Pharmacists|Plants|Police|"
    "Researchers|Rules|Sadness|Schools|Scientists|Shame|Students|Studies|Symptoms|Teachers|Teenagers|Teens|"
    "Therapists|Vaccines|Women|Words|Workers"
)
INDEFINITES = (
    "Anybody|Anyone|Anything|Either|Everybody|Everyone|Everything|Neither|No one|Nobody|None|Nothing|Plenty|"
    "Somebody|Someone|Something"
)
GERUNDS = (
    "Asking|Avoiding|Being|Calling|Changing|Checking|Choosing|Cutting|Doing|Drinking|Driving|Eating|Finding|"
    "Getting|Giving|Going|Having|Helping|Ignoring|Keeping|Knowing|Leaving|Listening|Living|Looking|Losing|Making|"
    "Mixing|Moving|Paying|Putting|Reading|Removing|Running|Saying|Sharing|Showing|Sleeping|Speaking|Staying|"
    "Stopping|Taking|Talking|Telling|Trying|Using|Waiting|Walking|Watching|Working|Writing"
)
"""First words that are written small inside a sentence: no name is among them."""

NOT_RELATIVE = r"(?<!\bthat )(?<!\bwhich )(?<!\bwho )"
"""A verb right after these belongs to the noun before them, and may be the only one (``One that works.``)."""

NOT_SUBJECTS = r"(?!All right\b|Most (?:importantly|of all)\b|Any(?:way| ideas?)\b)"

NOUN_PHRASE = (
    rf"{NOT_SUBJECTS}(?:{DETERMINERS}|{ADJECTIVES}|{COMMON_NOUNS}|{INDEFINITES}|{GERUNDS})\b"
    rf"(?: {WORD}){{0,8}}? {NOT_RELATIVE}{VERB}"
)

CONTRACTED = r"(?:['’](?:re|s|ve|ll|d))?"

PRONOUN = (
    rf"(?:He|She|It|They)\b{CONTRACTED} (?!being\b|too\b|all\b)[a-z]"
    rf"|You{CONTRACTED} (?!(?:welcome|bet|too|guys|see|know)\b)[a-z]"
    rf"|We{CONTRACTED} (?!(?:advise|apologi[sz]e|ask|hope|recommend|regret|suggest|thank|urge|wish)\b)[a-z]"
    r"|I (?:can(?:['’]t|not| not)|won['’]t|will not|was|didn['’]t) (?!(?:say|tell|see|wait|recommend|stress)\b)[a-z]"
    rf"|There(?:['’]s| {FINITE}(?![\w'’-])) "
)
"""Of ``I``, what reports a state or an ability. The rest says what the writer does by saying it (``I recommend``)."""

CONNECTIVE = (
    r"(?:As (?:a result|always|a rule|I said)|At (?:any rate|least)|For (?:example|instance|one)"
    r"|In (?:addition|conclusion|fact|other words|short|summary)|On the other hand|On top of that)"
)
ADVERBIAL = (
    rf"(?!{CONNECTIVE}\b)(?:After|Although|As|At|Because|Before|Even if|For|If|In|On|Once|Since|Unless|Until|"
    r"When|Whenever|While|With|Without) [^,;:!?\n()]{2,120}+, "
    rf"(?:(?:he|she|it|they|we|you){CONTRACTED} (?!being\b)[a-z]|there(?:['’]s| {FINITE}(?![\w'’-])) "
    rf"|(?:a|all|an|his|her|its|many|most|my|our|some|the|their|these|this|those|your)\b"
    rf"(?: {WORD}){{0,6}}? {FINITE}(?![\w'’-]))"
)
"""What follows the comma must be a subject with its verb, for it might be an instruction (``If it hurts, stop.``)."""

STATEMENT = re.compile(rf"(?P<direct>{PRONOUN}|{NOUN_PHRASE})|{ADVERBIAL}")

COMMA_LIST = re.compile(r", (?!(?:and|because|but|especially|even|or|since|so|though|which|who)\b)")
"""A comma after which the main clause may be yet to come."""

MARKED = re.compile(
    r"\b(?:absolutely|appears?|apparently|arguably|assume|believe|bet|certain(?:ly|ty)?|clear(?:ly)?|confident"
    r"|convinced|definitely|doubt(?:s|less|ful)?|evident(?:ly)?|frankly|guess|honestly?|i['’]d say|if you ask me"
    r"|imagine|in fact|in my (?:view|opinion|experience)|indeed|likely|may|maybe|might|no question|obvious(?:ly)?"
    r"|of course|perhaps|personally|possibl[ey]|potentially|presumably|probabl[ey]|seem(?:s|ed|ingly)?"
    r"|suppose(?:d|dly)?|sure(?:ly)?|suspect|think|thinks|thought|uncertain|undoubtedly|unlikely|unquestionably"
    r"|unsure)\b",
    re.IGNORECASE,
)
"""What already says how sure the writer is, as hedge or as assurance."""


def hedge(text: str, context: TextContext, rng: random.Random, *, share: float = 1.0) -> str:  # noqa: ARG001 - an Edit's form
    """The text with a hedge before a ``share`` (0 to 1) of its plain statements.

    Raises:
        PerturbationError: ``share`` is not above 0 and at most 1.
    """
    return _marked(text, HEDGES, rng, share)


def assert_firmly(text: str, context: TextContext, rng: random.Random, *, share: float = 1.0) -> str:  # noqa: ARG001 - an Edit's form
    """The text with an assurance before a ``share`` (0 to 1) of its plain statements.

    Raises:
        PerturbationError: ``share`` is not above 0 and at most 1.
    """
    return _marked(text, ASSURANCES, rng, share)


def statements(text: str) -> list[int]:
    """Where the plain statements begin that carry no marker yet, in order."""
    return [
        sentence.start
        for sentence in sentences(text)
        if sentence.mark == "." and _is_plain_statement(sentence.wording)
    ]


def _is_plain_statement(wording: str) -> bool:
    opening = STATEMENT.match(wording)
    if opening is None or "?" in wording or wording.count(" ") < FEWEST_WORDS - 1:
        return False
    if opening["direct"] is None and COMMA_LIST.search(wording, opening.end()):
        return False
    return MARKED.search(wording) is None


def _marked(text: str, markers: tuple[str, ...], rng: random.Random, share: float) -> str:
    check_share(share)
    # A statement's marker and whether it is put in are drawn apart, so that a higher share adds to a lower one.
    order = rng.sample(markers, len(markers))
    parts: list[str] = []
    position = 0
    for index, site in enumerate(statements(text)):
        if rng.random() < share:
            first = text[site] if text.startswith("I ", site) else text[site].lower()
            parts += (text[position:site], order[index % len(order)], " ", first)
            position = site + 1
    parts.append(text[position:])
    return "".join(parts)
