"""Which English wordings can take each other's place? Pairs of equal meaning, register and about equal length.

A pair is here only where a regular expression can tell that it fits: ``hard`` becomes ``difficult`` after a form
of *be* and before ``to``, never in ``work hard``. Nothing here holds a digit, a name, a negation or a contraction,
and nothing moves how polite, certain or formal a sentence is.
"""

from __future__ import annotations

from judgeaudit.perturb.edits.wordier import CLAUSE_START, SENTENCE_START
from judgeaudit.perturb.wording import Rule, RuleBook, rule

VOWELS = frozenset("aeiou")

VERB = r"(?:to|can|could|will|would|should|may|might|must|please) "
"""What a verb follows."""

BE = r"(?:is|are|was|were|be|been|very|quite|really|too|so|often|always|it|them) "
SUBJECT = r"(?:i|you|he|she|it|we|they|who|which|people) "
THE = r"(?:the|your|my|our|their|its|this|that) "
IN_SOME = r"in (?:many|some|most|such|these|those|certain|rare|other|several|all) "
BEFORE_NOUN = r"(?= (?:the|a|an|your|their|its|this|these|that|his|her|our|my|it|them)\b)"
BEFORE_QUESTION = r"(?= (?:the|your|a|an|their|its|this|these|how|what|which|where|who|whether)\b)"
BEFORE_CLAUSE = r"(?= (?:you|it|he|she|we|they|there|i)\b)"
BEFORE_PREDICATE = (
    r"(?= (?:you|he|she|we|they|it|there)"
    r"(?:'re|'s|'ll|'d| (?:is|are|was|were|should|can|could|would|will|might|may|has|had|need|must))\b)"
)
CLAUSE = r"(?:(?:if|when|because|and|but|so|then) |(?<=, )|(?<=[.!?] )|(?<=\n)|\A)"
CLAUSE_SUBJECT = rf"{CLAUSE}(?:i|you|we|they) "
STATING = rf"{CLAUSE}(?:i|we|they|i'm|we're|i am|we are|some people|many people) "
"""What a statement begins with, not a question or a relative clause (``what you have to say``)."""

STOP = r"(?=[.,;!])"
FULL_STOP = r"(?=[.;!])"

PLURAL_NOUN = (
    "ways|types|kinds|reasons|methods|approaches|factors|aspects|parts|sources|groups|topics|options|cultures|"
    "countries|areas|fields|forms|levels|languages|materials|techniques|strategies|situations|perspectives"
)
THING = (
    "house|houses|city|cities|room|rooms|box|boxes|bowl|bowls|dog|dogs|tree|trees|building|buildings|bag|bags|"
    "company|companies|family|families|table|tables|window|windows|garden|crowd|screen|country|countries|store|"
    "stores|kitchen|pot|pan|plate|piece|pieces|file|files|bottle|container|rock|rocks|truck|ship|animal|animals"
)
NEVER_ENTIRE = "of|point|lot|bunch|grain|grains|number|numbers|milk"
EASILY_DONE = "use|understand|follow|learn|make|explain|install|prepare"
ON_A_SUBJECT = "information|advice|guidance|details|research|data|articles|books"
COMPARED = (
    "more|less|better|worse|easier|harder|larger|smaller|faster|slower|higher|lower|longer|shorter|greater"
)
STAGE = "step|stage|part|chapter|line|paragraph|section|scene|round|phase"
OCCASION = "day|week|month|year|night|morning|evening|time|person|individual|situation|case|student|member"
INFORMATION = (
    "information|details|help|support|assistance|questions|guidance|reading|resources|steps|examples|"
    "explanation|clarification|advice|research|context|material|materials"
)
GROWING = (
    "grow|grows|growing|grew|change|changes|changing|spread|spreads|spreading|evolving|expanding|becoming"
)


def one_way(
    old: str, new: str, *, behind: str = "", ahead: str = "", after: str | None = None, article: bool = True
) -> Rule:
    """A rule that puts one wording in another's place, where the context fits; not where ``a`` would become ``an``."""
    changes_article = article and (old[0] in VOWELS) != (new[0] in VOWELS)
    free = r"(?<!\ba )(?<!\ban )" if changes_article else ""
    return rule(f"{old} > {new}", f"{behind}{free}{old}{ahead}", new, old.split()[0], after=after)


def either(
    one: str, other: str, *, behind: str = "", ahead: str = "", after: str | None = None
) -> tuple[Rule, Rule]:
    """The rules for both directions, in the same context."""
    return (
        one_way(one, other, behind=behind, ahead=ahead, after=after),
        one_way(other, one, behind=behind, ahead=ahead, after=after),
    )


def opening(one: str, other: str) -> tuple[Rule, Rule]:
    """Both directions of two wordings that open a sentence, with a comma behind them."""
    return either(one, other, behind=SENTENCE_START, ahead="(?=, )")


OPENINGS: tuple[Rule, ...] = (
    *opening("moreover", "furthermore"),
    *opening("additionally", "in addition"),
    *opening("consequently", "as a result"),
    *opening("therefore", "thus"),
    *opening("nevertheless", "nonetheless"),
    *opening("similarly", "likewise"),
    *opening("finally", "lastly"),
    *opening("in conclusion", "to conclude"),
    *opening("in summary", "to sum up"),
    *opening("in general", "generally"),
    *opening("in short", "in brief"),
    *opening("in other words", "put differently"),
    *opening("at first", "initially"),
    *opening("nowadays", "these days"),
    *opening("ultimately", "in the end"),
    *opening("in contrast", "by contrast"),
    *opening("in this way", "this way"),
    *opening("on the whole", "overall"),
    *either("maybe", "perhaps", behind=SENTENCE_START, ahead=BEFORE_CLAUSE),
    *either("this is why", "that is why", behind=SENTENCE_START),
)
"""What links a sentence to the one before it."""

PRONOUNS: tuple[Rule, ...] = (
    *either("everyone", "everybody"),
    *either("someone", "somebody"),
    *either("anyone", "anybody"),
    *either("each other", "one another"),
    *either(
        "each", "every", ahead=rf"(?= (?:{OCCASION})\b)",
        behind=r"(?<!\bof )(?<!\balmost )(?<!\bnearly )(?<!\bnot )(?<!\bvirtually )(?<!\bpractically )",
    ),
)  # fmt: skip

ADVERBS: tuple[Rule, ...] = (
    *either("for example", "for instance"),
    *either("often", "frequently", behind=r"(?<!\bso )", ahead=r"(?! than not\b| times\b| asked\b)"),
    one_way("usually", "normally"),
    one_way("typically", "usually"),
    one_way("normally", "usually", after=r"(?:is|are|would|will|can|you|it|they|we|should) "),
    *either("sometimes", "at times", ahead=r"(?! of\b| like\b| such\b)"),
    *either("especially", "particularly"),
    *either("mainly", "mostly"),
    *either("completely", "entirely"),
    *either("constantly", "continually"),
    *either("exactly", "precisely", ahead=r"(?= (?:what|how|why|when|where|the|as|that)\b)"),
    *either("quickly", "rapidly", ahead=rf"(?= (?:{GROWING})\b)"),
    *either("relatively", "comparatively"),
    *either("virtually", "practically", ahead=r"(?= (?:all|any|every|everyone|impossible|always|identical)\b)"),
    *either("nearly", "almost", behind=r"(?<!\bnot )", ahead=r"(?= (?:all|every|always|half|everyone|impossible)\b)"),
    *either("slightly", "a little", ahead=rf"(?= (?!more\b|less\b)(?:{COMPARED}|different)\b)"),
    *either(
        "much", "far", ahead=rf"(?= (?:{COMPARED})\b)",
        behind=r"(?<!\bso )(?<!\bas )(?<!\bhow )(?<!\btoo )(?<!\bvery )(?<!\bby )(?<!\bnot )(?<!\bthus )(?<!\bthat )",
    ),
    one_way("too", "as well", behind=r"(?<!\ball )(?<!\bmuch )(?<!\bnot )", ahead=FULL_STOP),
    one_way(
        "as well", "too", ahead=FULL_STOP,
        behind=r"(?<!\bmight )(?<!\bmay )(?<!\bjust )(?<!\bdo )(?<!\bbe )(?<!\bwork )(?<!\bworks )(?<!\bnot )",
    ),
    *either("carefully", "with care", ahead=FULL_STOP),
    *either("easily", "with ease", ahead=FULL_STOP),
    *either("in advance", "beforehand", ahead=STOP),
    *either("on your own", "by yourself", ahead=STOP),
    *either("approximately", "roughly", ahead=r"(?= (?:\d|half\b|the same\b|equal\b))"),
    *either("once again", "once more", ahead=r"(?! than\b)"),
    *either("again and again", "over and over", ahead=r"(?! again\b)"),
    *either("little by little", "bit by bit"),
    *either("from time to time", "every now and then"),
    *either("in the long run", "in the long term"),
    *either("by doing so", "in doing so"),
    *either("and so on", "and so forth"),
    *either("earlier", "before", after=r"(?:mentioned|stated|described|discussed) ", ahead=STOP),
)  # fmt: skip

SPELLINGS: tuple[Rule, ...] = (
    *either("afterward", "afterwards"),
    *either("among", "amongst", ahead=r"(?= [a-z])"),
    *either("amid", "amidst", ahead=r"(?= [a-z])"),
    *either("adviser", "advisor"),
    *either("advisers", "advisors"),
    *either("acknowledgment", "acknowledgement"),
    *either("email", "e-mail"),
    *either("emails", "e-mails"),
    *either("healthcare", "health care"),
    *either("percent", "per cent", after=r"\d "),
)
"""Two accepted spellings of one word; those that tell British from American English are left out."""

ADJECTIVES: tuple[Rule, ...] = (
    *either("whole", "entire", after=THE, ahead=rf"(?= (?!(?:{NEVER_ENTIRE})\b)[a-z])"),
    *either("large", "big", ahead=rf"(?= (?:{THING})\b)"),
    *either("difficult", "hard", after=BE, ahead=r"(?= (?:to|for)\b)"),
    *either("easy", "simple", after=BE, ahead=rf"(?= to (?:{EASILY_DONE})\b)"),
    *either("happy", "glad", after=r"(?:i'm|am|be|are|is|was|were) ", ahead=r"(?= to\b)"),
    *either("crucial", "vital", ahead=r"(?! (?:signs?|organs?|statistics|functions?|force|capacity)\b)"),
    *either("additional", "further", ahead=rf"(?= (?:{INFORMATION})\b)"),
    *either("last", "final", after=THE, ahead=rf"(?= (?:{STAGE})\b)"),
    *either("enormous", "huge", ahead=r"(?= [a-z])"),
    one_way("strange", "odd", ahead=r"(?= [a-z])"),
    *either("suitable", "appropriate", ahead=r"(?= for\b)"),
    one_way("different", "various", after=r"(?:in|of|are|through|for|by|from|with|use|using|across) ",
            ahead=rf"(?= (?:{PLURAL_NOUN})\b)"),
    one_way("various", "different", ahead=rf"(?= (?:{PLURAL_NOUN})\b)"),
    *either("wide", "broad", after=r"a ", ahead=r"(?= range of\b)"),
    *either("great", "good", after=r"a ", ahead=r"(?= deal of\b)"),
)  # fmt: skip

NOUNS: tuple[Rule, ...] = (
    *either("kind", "type", after=r"(?:this|that|what|any|some|each|every|same) ", ahead=r"(?= of\b)"),
    *either("kinds", "types", after=r"(?:all|different|various|these|those|many|other|the|some|several|most|what) ",
            ahead=r"(?= of\b)"),
    *either("goal", "aim", after=r"(?:the|main|your|our|their|its|primary|overall) ", ahead=r"(?= (?:is|was|of)\b)"),
    *either("benefits", "advantages", ahead=r"(?= of\b)",
            after=r"(?:the|many|several|some|potential|possible|main|key|other) "),
    *either("drawbacks", "disadvantages"),
    one_way("topic", "subject", after=r"(?:this|that|sensitive|important|complex|broad|any|another) ",
            ahead=r"(?! sentences?\b| to\b)"),
    *either("subject", "topic", after=r"on the ", ahead=r"(?= of\b)"),
    *either("circumstances", "conditions", after=r"under (?:certain|some|normal|these|such|other) "),
    *either("cases", "instances", after=IN_SOME),
    *either("extent", "degree", after=r"to (?:some|a certain|a large|a lesser|a greater) "),
    *either("start", "beginning", after=r"(?:at|from) the ", ahead=r"(?= of\b|[.,;])"),
    *either("a variety of", "a range of"),
    *either("several", "a number of", after=r"there (?:are|were) "),
    *either("some", "a few", after=r"here are ", ahead=r"(?= [a-z]{2,20}s\b)"),
    *either("a lot of", "lots of", behind=r"(?<!\bquite )(?<!\bsuch )(?<!\bparking )"),
    *either("half of the", "half the", ahead=r"(?! fun\b| battle\b)"),
    *either("all of the", "all the", ahead=r"(?= (?!times\b|ways\b|others\b|less\b)[a-z]+s\b)"),
)  # fmt: skip

PREPOSITIONS: tuple[Rule, ...] = (
    *either("because of", "due to", ahead=BEFORE_NOUN),
    *either("instead of", "rather than", ahead=r"(?= [a-z]{2,20}ing\b)"),
    *either("in spite of", "despite", ahead=BEFORE_NOUN),
    *either("apart from", "aside from", behind=CLAUSE_START),
    *either("with regard to", "with respect to"),
    *either("regarding", "concerning", ahead=BEFORE_QUESTION,
            behind=r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bbe )(?<!\bvery )"),
    *either("about", "on", after=rf"(?:{ON_A_SUBJECT}) ", ahead=BEFORE_QUESTION),
    *either("in order to", "so as to"),
    *either("over time", "with time", ahead=STOP),
    *either("around the world", "across the world"),
    *either("beneath", "underneath", ahead=BEFORE_NOUN),
    *either("outside", "outside of", behind=r"(?<!\bthe )", ahead=r"(?= (?:the(?! box\b)|your|a)\b)"),
    *either("based on", "based upon", ahead=BEFORE_QUESTION),
    *either("depend on", "depend upon", ahead=BEFORE_QUESTION),
    *either("depends on", "depends upon", ahead=BEFORE_QUESTION),
    *either("depending on", "depending upon", ahead=BEFORE_QUESTION),
    *either("together with", "along with", behind=r"(?<=, )"),
    *either("right after", "just after", behind=r"(?<!\bthe )(?<!\bnot )(?<!\bonly )", ahead=BEFORE_CLAUSE),
    *either("right before", "just before", behind=r"(?<!\bthe )(?<!\bnot )(?<!\bonly )", ahead=BEFORE_CLAUSE),
    *either("as though", "as if", behind=r"(?<!\beven )(?<!\bsuch )"),
    *either(
        "as long as", "so long as", ahead=BEFORE_CLAUSE,
        behind=r"(?<!\btwice )(?<!\bis )(?<!\bare )(?<!\bjust )(?<!\bbe )(?<!\btimes )(?<!\bfor )(?<!\btake )"
        r"(?<!\btakes )(?<!\blast )(?<!\blasts )(?<!\bnot )(?<!\bwas )(?<!\balmost )(?<!\bnearly )",
    ),
    one_way("whereas", "while", behind=r"(?<=, )"),
)  # fmt: skip

VERBS: tuple[Rule, ...] = (
    *either("begin", "start", after=VERB, ahead=r"(?= (?:by|with|to|when|at)\b)"),
    *either("begin", "start", behind=SENTENCE_START, ahead=r"(?= (?:by|with)\b)"),
    *either("begins", "starts", ahead=r"(?= (?:by|with|to|at|in|when)\b)"),
    *either("began", "started", after=SUBJECT, ahead=r"(?= (?:by|with|to|at|in|when)\b)"),
    *either("help", "assist", ahead=r"(?= (?:you|him|them|us|me|people|users|others) (?:with|in)\b)"),
    *either("help", "assist", after=r"(?:to|can|could|will|would|should|can't|cannot|not) ", ahead=r"(?= with\b)"),
    *either("make sure", "be sure", behind=SENTENCE_START, ahead=r"(?= to\b)"),
    *either("keep in mind", "bear in mind"),
    *either("talk", "speak", after=VERB, ahead=r"(?= (?:to|with|about)\b)"),
    *either("talking", "speaking", ahead=r"(?= (?:to|with|about)\b)"),
    *either("choose", "select", ahead=r"(?= (?:a|an|the|one|your)\b)"),
    *either("happens", "occurs", behind=r"(?<!\bwhat )(?<!\bit )(?<!\bso )(?<!\bas )",
            ahead=r"(?= (?:when|because|in|during|after|before|due)\b)"),
    *either("happened", "occurred", behind=r"(?<!\bwhat )(?<!\bit )(?<!\bas )",
            ahead=r"(?= (?:when|because|in|during|after|before|due)\b)"),
    *either("seem", "appear", behind=r"(?<!'t )(?<!\bnot )(?<!\bcannot )", ahead=r"(?= to (?:be|have)\b)"),
    *either("seems", "appears", ahead=r"(?= to (?:be|have)\b)"),
    *either("seemed", "appeared", ahead=r"(?= to (?:be|have)\b)"),
    *either("seems", "appears", after=r"it ", ahead=r"(?= that\b)"),
    *either("look for", "search for", after=VERB),
    *either("looking for", "searching for"),
    *either("lower", "reduce", after=VERB, ahead=r"(?= (?:the|your|their|its|my|our)\b)"),
    *either("take part in", "participate in"),
    *either("taking part in", "participating in"),
    one_way("helps to", "helps", ahead=r"(?= [a-z])"),
    one_way("help to", "help", after=r"(?:can|will|may|could|might|also) ", ahead=r"(?= [a-z])"),
    one_way("means that", "means", ahead=BEFORE_CLAUSE),
    one_way("means", "means that", ahead=BEFORE_CLAUSE,
            behind=r"(?<!\ba )(?<!\bby )(?<!\bany )(?<!\bthe )(?<!\bother )(?<!\bwhat )(?<!\bno )(?<!\ball )"),
    *either("need to", "have to", after=CLAUSE_SUBJECT, ahead=r"(?= [a-z])"),
    one_way("remember that", "keep in mind that", after=r"to "),
    *(
        found
        for verb in ("think", "believe", "know", "hope", "feel", "say", "sure")
        for found in either(f"{verb} that", verb, after=STATING, ahead=BEFORE_PREDICATE)
    ),
    *either("located", "situated", ahead=r"(?= (?:in|on|at|near)\b)"),
)  # fmt: skip

ALTERNATIONS = RuleBook(OPENINGS + PRONOUNS + ADVERBS + SPELLINGS + ADJECTIVES + NOUNS + PREPOSITIONS + VERBS)
"""All of them. Of two that begin with the same word, the first that fits has the place."""
