"""Which features of African American English can a rule apply with certainty, and where?

Features are numbered as in eWAVE (Kortmann, Lunkenheimer and Ehret 2020, CC-BY-3.0), whose rating of each for
Urban African American Vernacular English (variety 15) stands beside it: A pervasive or obligatory, B neither
pervasive nor extremely rare. Rules are written for this project; precision goes before recall. Pronoun
spellings of sounds (``gonna``, ``dem``) are left out: they caricature and are no grammar.
"""

from __future__ import annotations

from judgeaudit.perturb.dialect import DialectShift
from judgeaudit.perturb.wording import RuleBook, rule

SINGULAR = "he|she"
PLURAL = "we|you|they"

ING = (
    r"(?!(?:king|thing|nothing|something|anything|everything|sibling|darling|evening|morning|offspring|"
    r"during|according|regarding|concerning)\b)(?!going to\b)[a-z]{2,}ing\b"
)
"""A present participle, or an adjective of that form. ``going to`` is out: deletion before it is rated D."""

ADJECTIVE = (
    "able|afraid|alone|angry|available|aware|bad|busy|careful|cold|comfortable|dangerous|different|effective|"
    "familiar|free|glad|good|guilty|happy|healthy|helpful|hungry|important|likely|lonely|mad|nervous|old|polite|"
    "poor|proud|ready|responsible|rich|right|sad|safe|sick|smart|strong|sure|true|unable|unaware|unhappy|unsafe|"
    "unsure|useful|vulnerable|weak|welcome|wrong|young"
)

AFTER_ADJECTIVE = (
    r"(?=[.,;:!?)]| (?:to|and|or|but|about|for|with|when|because|if|that|in|at|of|enough|now|today)\b)"
)
"""What shows that the adjective is the predicate and no noun follows it."""

PARTICIPLE = (
    r"(?:(?:really|ever|yet|already|always|just|only|even) )?"
    r"(?:been|become|begun|broken|brought|built|caught|chosen|come|done|eaten|fallen|felt|forgotten|found|given|"
    r"gone|gotten|grown|had|heard|held|kept|known|learned|left|lost|made|met|paid|read|run|said|seen|sent|shown|"
    r"slept|spent|spoken|started|stopped|taken|taught|thought|told|tried|understood|used|won|worn|written|"
    r"(?!need\b|feed\b|seed\b|speed\b|indeed\b|exceed\b|proceed\b|succeed\b|bleed\b|breed\b)[a-z]{2,}ed)\b"
)

CLAUSE_WORD = (
    r"if|whether|that|who|whom|which|what|where|when|why|how|because|and|or|but|so|than|unless|until|while|as|"
    r"only|just|hesitate|forget|fail|refuse|stop|avoid|mind|doubt|deny|prevent|at|by|under|in|on"
)
"""Between a negator and ``any`` these words end the clause, negate again, or make ``any`` mean 'whichever'."""

NEGATED = (
    r"(?:(?:do|does|did|ca|wo|could|would|should|ai|is|are|was|were|have|has|had)n't|cannot|"
    r"(?:do|does|did|will|would|could|should|can) not)"
    rf"(?: (?!(?:{CLAUSE_WORD}|any\w*)\b)[a-z]+){{1,4}} |there (?:is|are|was|were|ai)n't "
)
"""A negator and one to four words of the same clause, or a negated ``there is``."""

QUANTITY = "a|an|no|some|many|several|lots|plenty|one|two|three|four|five|various|numerous|different|people"

THIRD_PERSON = (
    "ask|believe|call|come|eat|enjoy|feel|find|get|give|hear|help|keep|know|lead|learn|leave|like|live|look|lose|"
    "love|make|mean|need|play|prefer|put|read|run|say|see|seem|show|sing|sleep|speak|stand|start|stay|stop|take|"
    "talk|tell|think|treat|turn|understand|use|wait|walk|want|win|wonder|work|write"
)

NOT_PLURAL = (
    r"is|was|has|does|as|this|us|plus|versus|always|sometimes|perhaps|besides|towards|afterwards|across|"
    r"themselves|ourselves|yourselves|yours|ours|theirs|hers|his|overseas|indoors|outdoors|upstairs|downstairs|"
    r"nowadays|thus|less|unless|[a-z]*(?:ss|ous|less)"
)

BEFORE_OBJECT = (
    r"(?<!\bof )(?<!\bto )(?<!\bfor )(?<!\bwith )(?<!\blike )(?<!\bfrom )(?<!\bby )(?<!\babout )(?<!\bthan )"
)
UNREAL = r"(?<!\bif )(?<!\bwish )(?<!\bthough )(?<!\bsuppose )(?<!\bimagine )"


RULES = RuleBook(
    (
        rule(
            "habitual be after a pronoun",
            rf"(?:(i)(?:'m| am)|({SINGULAR})(?:'s| is)|({PLURAL})(?:'re| are)) "
            rf"(always|usually|often|constantly)(?= {ING})",
            r"\1\2\3 \4 be",
            "i i'm he she he's she's we you they we're you're they're",
            feature=90,
            rating="A",
        ),
        rule(
            "habitual be after a plural noun",
            rf"(people|folks|users|kids|children|men|women|students|parents) are "
            rf"(always|usually|often|constantly)(?= {ING})",
            r"\1 \2 be",
            "people folks users kids children men women students parents",
            feature=90,
            rating="A",
        ),
        rule(
            "ain't for have not",
            rf"(?:hasn't|haven't|has not|(?<=\bi )have not|(?<=\bwe )have not|(?<=\byou )have not|(?<=\bthey )have not)"
            rf"(?= {PARTICIPLE})",
            "ain't",
            "hasn't haven't has have",
            feature=156,
            rating="A",
        ),
        rule(
            "ain't for am not",
            r"i(?:'m| am) not",
            "I ain't",
            "i i'm",
            feature=155,
            rating="A",
        ),
        rule(
            "ain't for is not after a contraction",
            r"(you|we|they)'re not|(he|she|it|that|there|what|who)'s not(?! (?:been|had)\b)",
            r"\1\2 ain't",
            "you're we're they're he's she's it's that's there's what's who's",
            feature=155,
            rating="A",
        ),
        rule(
            "ain't for is not",
            r"isn't|aren't|is not|are not",
            "ain't",
            "isn't aren't is are",
            feature=155,
            rating="A",
        ),
        rule("don't for doesn't", r"doesn't|does not", "don't", "doesn't does", feature=158, rating="A"),
        rule(
            "nobody for anyone under negation",
            "any(?:one|body)",
            "nobody",
            "anyone anybody",
            after=NEGATED,
            feature=154,
            rating="A",
        ),
        rule(
            "nothing for anything under negation",
            "any(thing|where)",
            r"no\1",
            "anything anywhere",
            after=NEGATED,
            feature=154,
            rating="A",
        ),
        rule(
            "none for any under negation",
            r"any(?= of\b|[.,;:!?)])",
            "none",
            "any",
            after=NEGATED,
            feature=154,
            rating="A",
        ),
        rule("no for any under negation", "any(?= )", "no", "any", after=NEGATED, feature=154, rating="A"),
        rule(
            "no auxiliary before a progressive",
            rf"(?:({SINGULAR})(?:'s| is)|({PLURAL})(?:'re| are))(?= {ING})",
            r"\1\2",
            "he she he's she's we you they we're you're they're",
            feature=174,
            rating="A",
        ),
        rule(
            "no copula before an adjective",
            rf"(?:({SINGULAR})(?:'s| is)|({PLURAL})(?:'re| are)) ((?:very |really |so |too )?(?:{ADJECTIVE}))"
            rf"{AFTER_ADJECTIVE}",
            r"\1\2 \3",
            "he she he's she's we you they we're you're they're",
            feature=177,
            rating="A",
        ),
        rule(
            "was for were",
            rf"{BEFORE_OBJECT}{UNREAL}(we|you|they) were(?! to\b)",
            r"\1 was",
            "we you they",
            feature=180,
            rating="B",
        ),
        rule(
            "wasn't for weren't",
            rf"{BEFORE_OBJECT}{UNREAL}(we|you|they) weren't",
            r"\1 wasn't",
            "we you they",
            feature=180,
            rating="B",
        ),
        rule(
            "existential it",
            rf"(?<!\bover )(?<!\bup )(?<!\bdown )(?<!\bout )(?<!\bin )(?<!\bright )(?<!\bback )"
            rf"there(?:'s| is| are)(?= (?:{QUANTITY})\b)",
            "it's",
            "there there's",
            feature=173,
            rating="A",
        ),
        rule(
            "existential it in the past",
            rf"(?<!\bover )(?<!\bup )(?<!\bdown )(?<!\bout )(?<!\bin )(?<!\bright )(?<!\bback )"
            rf"there (?:was|were)(?= (?:{QUANTITY})\b)",
            "it was",
            "there",
            feature=173,
            rating="A",
        ),
        rule(
            "y'all",
            r"you (?:guys|all(?= (?:are|have|can|will|should|need|know|do|were|might|must|would|could|want)\b|[.,!?]))",
            "y'all",
            "you",
            feature=34,
            rating="A",
        ),
        rule(
            "them for those before a noun",
            rf"those(?= (?!(?:{NOT_PLURAL})\b)(?:[a-z]{{3,}}s|people|children|men|women)\b)",
            "them",
            "those",
            feature=68,
            rating="A",
        ),
        rule("hisself", "himself", "hisself", "himself", feature=11, rating="A"),
        rule("theirselves", "themselves", "theirselves", "themselves", feature=11, rating="A"),
        rule(
            "no third person singular -s",
            rf"((?:{SINGULAR}) (?:(?:always|usually|often|never|really|just|also|still) )?)({THIRD_PERSON})s",
            r"\1\2",
            "he she",
            feature=170,
            rating="A",
        ),
        rule(
            "no third person singular -es",
            rf"((?:{SINGULAR}) (?:(?:always|usually|often|never|really|just|also|still) )?)(do|go|teach|watch|wish)es",
            r"\1\2",
            "he she",
            feature=170,
            rating="A",
        ),
    )
)


def african_american_english(dose: float = 1.0) -> DialectShift:
    """A first shift toward African American English; ``dose`` is the share of eligible sites reworded."""
    return DialectShift("aae", RULES, dose)
