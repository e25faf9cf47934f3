"""Which longer wordings mean the same? English contractions written out, and wordier equivalents.

A wording is here only where a regular expression can tell that it fits: ``if`` becomes ``in the event that``
at the start of a sentence and not after ``ask``; ``'s`` is written out only before words that ``has`` cannot
precede. Nothing here holds a digit.
"""

from __future__ import annotations

from judgeaudit.perturb.wording import Rule, RuleBook, rule

SUBJECT = "i|you|he|she|it|we|they|that|this|there|these|those|people"
NOT_INVERTED = rf"(?! (?:{SUBJECT})\b)"
"""``Don't you`` is a question whose word order the full form would break."""

AFTER_IS = (
    "a|an|the|important|best|possible|very|your|my|our|their|because|essential|okay|ok|good|great|hard|"
    "difficult|common|crucial|worth|recommended|illegal|wrong|vital|necessary"
)

CLAUSE_START = r"(?:(?<=\A)|(?<=\n)|(?<=[.!?] )|(?<=[,;:] ))"
SENTENCE_START = r"(?:(?<=\A)|(?<=\n)|(?<=[.!?] ))"
CLAUSE_END = r"(?=[.,;:!?)]|\Z| and\b| but\b)"

NOMINATIVE = "i|you|he|she|it|we|they|there"
PRONOUN = f"{NOMINATIVE}|this|that|these|those|your|my|our|their"

UNQUALIFIED = r"(?<!\bnot )(?<!\balmost )(?<!\bnearly )"
UNGRADED = r"(?<!\bas )(?<!\bmore )(?<!\btoo )(?<!\bvery )(?<!\bso )(?<!\bmost )(?<!\bhow )(?<!\bless )"
UNDETERMINED = (
    r"(?<!\bthe )(?<!\bthese )(?<!\bthose )(?<!\bits )(?<!\btheir )(?<!\bhis )(?<!\bher )(?<!\bour )"
    r"(?<!\byour )(?<!\bmy )(?<!\ball )(?<!\bother )"
)
"""What may not stand before a word for its longer form to fit."""

CONTRACTIONS: tuple[Rule, ...] = (
    rule("cannot", f"can't{NOT_INVERTED}", "cannot", "can't"),
    rule("will not", f"won't{NOT_INVERTED}", "will not", "won't"),
    rule(
        "not",
        f"(do|does|did|is|are|was|were|has|have|had|could|would|should|must|need)n't{NOT_INVERTED}",
        r"\1 not",
        "don't doesn't didn't isn't aren't wasn't weren't hasn't haven't hadn't couldn't wouldn't shouldn't "
        "mustn't needn't",
    ),
    rule("are", "(you|we|they)'re", r"\1 are", "you're we're they're"),
    rule("have", "(i|you|we|they)'ve", r"\1 have", "i've you've we've they've"),
    rule(
        "will",
        "(i|you|he|she|it|we|they|that|there)'ll",
        r"\1 will",
        "i'll you'll he'll she'll it'll we'll they'll that'll there'll",
    ),
    rule("am", "(i)'m", r"\1 am", "i'm"),
    rule("let us", "let's", "let us", "let's"),
    rule(
        "is",
        rf"(it|that|there|here|he|she|what)'s(?= (?:{AFTER_IS})\b)",
        r"\1 is",
        "it's that's there's here's he's she's what's",
    ),
)

WORDIER: tuple[Rule, ...] = (
    rule("because of", "because of", "on account of", "because"),
    rule("because", r"because(?! of\b)", "due to the fact that", "because"),
    rule("although", rf"although(?= (?:the|{NOMINATIVE})\b)", "in spite of the fact that", "although"),
    rule("even though", "even though", "in spite of the fact that", "even"),
    rule("if", rf"{CLAUSE_START}if(?= (?:{PRONOUN})\b)", "in the event that", "if"),
    rule("unless", rf"unless(?= (?:{NOMINATIVE})\b)", "except in the event that", "unless"),
    rule("until", rf"until(?= (?:{NOMINATIVE})\b)", "until such time as", "until"),
    rule("during", "during", "in the course of", "during"),
    rule("despite", "despite", "in spite of", "despite"),
    rule("regarding", "regarding(?= [a-z])", "with regard to", "regarding"),
    rule(
        "every",
        rf"{UNQUALIFIED}every(?= (?!(?:other|now|so|once|bit|few|last|inch)\b)[a-z])",
        "each and every",
        "every",
    ),
    rule(
        "everyone",
        rf"{UNQUALIFIED}every(?:one|body)(?! (?:else|of)\b)",
        "each and every person",
        "everyone everybody",
    ),
    rule("each of", "each of", "each and every one of", "each"),
    rule("several", rf"{UNDETERMINED}several(?= [a-z])(?! of\b)", "a number of", "several"),
    rule("various", rf"{UNDETERMINED}various(?= [a-z]+s\b)", "a variety of different", "various"),
    rule(
        "many",
        r"(?<=\bare |\bfor )many(?= (?!(?:is|was|has|does|this|as|us|across|less)\b)[a-z]+s\b)",
        "a large number of",
        "many",
    ),
    rule("currently", "currently", "at the present time", "currently"),
    rule("recently", rf"(?<!until ){UNGRADED}recently", "in recent times", "recently"),
    rule("soon", rf"{UNGRADED}soon(?=[.,;!])", "in the near future", "soon"),
    rule("often", rf"{UNGRADED}often{CLAUSE_END}", "on many occasions", "often"),
    rule("usually", rf"{SENTENCE_START}usually(?=, )", "in the usual course of things", "usually"),
    rule(
        "in a manner",
        rf"{UNGRADED}(careful|quick|safe|proper|respectful|thorough)ly{CLAUSE_END}",
        r"in a \1 manner",
        "carefully quickly safely properly respectfully thoroughly",
    ),
    rule("regularly", rf"{UNGRADED}regularly{CLAUSE_END}", "on a regular basis", "regularly"),
    rule("immediately", r"immediately(?=[.,;!])", "at once and without any delay", "immediately"),
    rule(
        "important",
        "important(?= (?:to|that|for)\\b|[.,;!])",
        "of importance",
        "important",
        after=r"(?:is|are) ",
    ),
    rule("please note", "please note that", "please be so kind as to take note of the fact that", "please"),
    rule("for example", "for example(?=[, ])", "by way of giving an example", "for"),
    rule(
        "however",
        rf"{SENTENCE_START}however(?=, )",
        "in spite of what has just been said, however",
        "however",
    ),
    rule(
        "therefore",
        rf"{SENTENCE_START}(?:therefore|thus)(?=, )",
        "for the reason that has just been given",
        "therefore thus",
    ),
    rule(
        "also",
        rf"{SENTENCE_START}(?:additionally|also|moreover|furthermore)(?=, )",
        "in addition to what has just been said",
        "additionally also moreover furthermore",
    ),
    rule("instead", rf"{SENTENCE_START}instead(?=, )", "in place of that", "instead"),
    rule(
        "overall",
        rf"{SENTENCE_START}overall(?=, )",
        "to sum up what has been said here",
        "overall",
    ),
    rule("but", rf"(?<=, )but(?= (?:{PRONOUN})\b)", "but at the same time", "but"),
    rule("so", rf"(?<=, )so(?= (?:{PRONOUN})\b)(?! that\b)", "and for this reason", "so"),
)

WORDIER_ENGLISH = RuleBook(CONTRACTIONS + WORDIER)
"""All of it: no word begins both a contraction and an equivalent."""
