"""Which English wordings mean the same in a more formal or a more casual register? Pairs, with where they fit.

A pair is here only where a regular expression can tell that it fits: ``get`` becomes ``obtain`` before ``permission``
and not before ``well``; ``children`` stays where it is part of a name. What fits in one direction only has its rule
there only. Nothing here holds a digit, and nothing insults, swears or misspells.
"""

from __future__ import annotations

from judgeaudit.perturb.edits.wordier import PRONOUN
from judgeaudit.perturb.wording import Rule, rule

BE = r"(?:is|are|was|were|be|been|being|it's|that's|they're) "
VERB = r"(?:to|can|could|should|must|will|would|may|might|please|not|cannot|don't|didn't|can't|you'll|i'll|we'll) "
"""What the plain form of a verb follows."""

OBJECT = r"(?= (?:a|an|the|your|his|her|its|our|their|my|this|that|these|those|any|some|it|them|him|us|me)\b)"
QUESTION = r"(?= (?:what|which|who|whom|where|when|why|how|whether|if)\b)"
SUBJECT_NEXT = rf"(?= (?:{PRONOUN}|the|a|an|all|every|everyone|no|any)\b)"
MASS = (
    "time|money|work|water|effort|help|information|pressure|pain|trouble|attention|practice|energy|space|sense|"
    "stress|support|food|damage|harm|patience|sleep|fun|experience|research|evidence|advice|light|room|rest"
)
ADJECTIVE = (
    "important|good|hard|easy|common|useful|helpful|difficult|different|big|small|bad|simple|strong|clear|long|short|"
    "serious|dangerous|risky|safe|expensive|cheap|sad|happy|angry|tired|busy|strange|old|new|high|low|likely|rare|"
    "close|confusing|upset|worried|stressful|painful|effective|complicated|painless|popular|straightforward"
)
PLURAL = (
    "people|children|men|women|things|ways|reasons|places|kinds|types|options|countries|parents|sites|steps"
)
OBTAINED = "help|information|more information|advice|support|permission|access|approval|evidence|consent"
REQUESTED = "help|advice|permission|support|a|an|the|more|your|their"
BOUGHT = "a|an|the|your|some|it|them|new|one|food|things|more"
MATTER = "problem|mistake|challenge|concern|decision|issue|change|changes|part|impact|step|role"
NEEDED = "a|an|the|more|some|help|your|immediate|careful"
SOMEONE = "you|me|him|her|them|us|someone|anyone|everyone|people"
NOT_PART_OF_A_NAME = r"(?<!\bsave the )"
NOT_AFTER_QUESTION_VERB = r"(?<!\bdo )(?<!\bdid )(?<!\bwill )(?<!\bwould )(?<!\bmight )(?<!\bmay )(?<!\bcan )"
NOT_RELATIVE = "".join(
    rf"(?<!\b{word} )" for word in ("what", "where", "how", "who", "as", "than", "which", "that", "if")
)


def plain(
    old: str, new: str, *, behind: str = "", ahead: str = "", after: str | None = None, starts: str = ""
) -> Rule:
    """A rule that puts one wording in the place of another, or of any of several (``one|two``), in its context.

    ``starts`` are the words it begins with, to be given where ``old`` is a pattern of another kind.
    """
    first_words = starts or " ".join(wording.split()[0].rstrip(",") for wording in old.split("|"))
    return rule(f"{old} > {new}", f"{behind}(?:{old}){ahead}", new, first_words, after=after)


def each(pairs: str, *, behind: str = "", ahead: str = "", after: str | None = None) -> list[Rule]:
    """Rules for pairs in lines of ``old > new; old > new``."""
    return [
        plain(*pair.strip().split(" > "), behind=behind, ahead=ahead, after=after)
        for pair in pairs.replace("\n", " ").split(";")
    ]


def turned(pairs: str) -> str:
    """The pairs, the other way round."""
    return "; ".join(
        " > ".join(reversed(pair.strip().split(" > "))) for pair in pairs.replace("\n", " ").split(";")
    )


NOUNS = """
kids > children; mom > mother; dad > father; moms > mothers; dads > fathers; grandma > grandmother;
grandpa > grandfather; photo > photograph; photos > photographs; fridge > refrigerator; ads > advertisements;
info > information; lab > laboratory; labs > laboratories; flu > influenza; dorm > dormitory; teens > adolescents
"""
PHRASES = """
find out > discover; finds out > discovers; finding out > discovering;
come up with > devise; comes up with > devises; coming up with > devising;
put up with > tolerate; putting up with > tolerating; get rid of > dispose of; getting rid of > disposing of;
throw away > discard; throwing away > discarding;
trying to > attempting to; tried to > attempted to; ask about > inquire about;
asking about > inquiring about; cut down on > reduce; cutting down on > reducing
"""
"""What means the same wherever it stands."""

ENDINGS = """
right away > immediately; once in a while > occasionally; all the time > constantly; over and over > repeatedly;
in a row > consecutively; these days > at present; right now > at present
"""
