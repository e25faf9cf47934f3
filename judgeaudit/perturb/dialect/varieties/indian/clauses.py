"""Which clauses of Indian English can a rule put in place with certainty? Relatives, conjunctions, missing pronouns."""

from __future__ import annotations

from judgeaudit.perturb.dialect.across_varieties.places import may_be
from judgeaudit.perturb.dialect.conditions import (
    among,
    begins_sentence,
    behind_mark,
    in_statement,
    not_among,
    previous_is,
    previous_word,
)
from judgeaudit.perturb.dialect.rules import DialectRule, Feature, rule
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.varieties.indian.words import CLAUSE_ENDS, SUBJECT
from judgeaudit.perturb.dialect.word_classes import words

NO_OBJECT_PRONOUN = Feature(42, "Object pronoun drop", "A")
NO_SUBJECT_PRONOUN = Feature(43, "Subject pronoun drop: referential pronouns", "A")
NO_DUMMY_PRONOUN = Feature(44, "Subject pronoun drop: dummy pronouns", "A")
INSERTED_IT = Feature(45, "Insertion of it where StE favours zero", "A")
NO_IT = Feature(47, "Deletion of it in non-referential it is-constructions", "B")
RESUMPTIVE = Feature(194, "Resumptive/shadow pronouns", "A")
CHOPPING = Feature(198, 'Deletion of stranded prepositions in relative clauses ("preposition chopping")', "A")
DOUBLED_CONJUNCTION = Feature(214, "Conjunction doubling: clause + conj. + conj. + clause", "B")
CORRELATIVES = Feature(215, "Conjunction doubling: correlative conj.s", "B")

TRANSITIVE = words(
    "need use want make choose love like trust buy own get take send mention describe find enjoy prefer value read "
    "write see watch know hate receive build create share design wear hear order carry cook plan meet"
)
"""Verbs that need an object: where none follows in a relative clause, the clause's own head is it."""

NOT_AN_OBJECT = words(
    "time times way ways day days year years moment moments place places reason reasons person man woman child friend "
    "parent mother father brother sister doctor teacher partner boy girl baby neighbor neighbour boss colleague fact "
    "idea belief feeling claim hope extent degree point boyfriend girlfriend husband wife son daughter manager"
)

CHOPPED = (
    "(?:live|lives|lived|stay|stays|stayed) (?:in|at|with)|(?:work|works|worked) (?:in|at|with|for)|"
    "(?:talk|talks|talked|speak|speaks|spoke) (?:to|with|about)|(?:deal|deals|dealt) with|(?:rely|relies|relied) on|"
    "(?:depend|depends|depended) on|(?:belong|belongs|belonged) to|(?:listen|listens|listened) to|"
    "(?:apply|applies|applied) (?:for|to)|(?:wait|waits|waited) for|(?:pay|pays|paid) for|"
    "(?:worry|worries|worried) about|(?:care|cares|cared) about|(?:believe|believes|believed) in|"
    "(?:disagree|disagrees|disagreed|agree|agrees|agreed) with"
)

IT_IS = (
    "important|best|better|hard|easy|good|possible|impossible|normal|natural|safe|wise|useful|common|fair|fine|"
    "difficult|illegal|helpful|necessary|essential|crucial|vital|true|clear|likely|unlikely|okay|ok|understandable|tempting|"
    "reasonable|rude|nice|great|kind|easier|safer|worth"
)
MAIN_CLAUSE_BEGINS = (
    "you|he|she|it|we|they|this|that|these|those|there|the|a|an|your|my|our|their|his|her|most|many|some|people|"
    "children|nobody|everyone"
)
"""Not ``I``, whose capital would go to the conjunction."""

CONJUNCTIONS = words("if when once after before while unless because since as")
CONCESSIVE = words("although though even")
CAUSAL = words("because since")
NOMINATIVES = words("i you he she it we they")
LONGEST_CLAUSE_WORDS = 40
MARKS = frozenset(".,;:!?()-–—")


def _clause_before(site: Site, conjunctions: frozenset[str]) -> tuple[str, ...]:
    """The words before the match, where they are one clause that begins the sentence with a conjunction; or none."""
    if site.before != "," or site.sentence.word(0) not in conjunctions or not site.sentence.begins:
        return ()
    *clause, _ = site.words_before(LONGEST_CLAUSE_WORDS + 1)
    return tuple(clause) if len(clause) < LONGEST_CLAUSE_WORDS and MARKS.isdisjoint(clause) else ()


@behind_mark(",")
def same_subject(site: Site) -> bool:
    """A subordinate clause with the same pronoun for its subject, and no other one, stands before the match."""
    clause = _clause_before(site, CONJUNCTIONS)
    return len(clause) > 2 and clause[1] == site[1].lower() and NOMINATIVES.isdisjoint(clause[2:])


@behind_mark(",")
def after_concession(site: Site) -> bool:
    """The match stands behind a clause with ``although`` that begins the sentence."""
    clause = _clause_before(site, CONCESSIVE)
    return len(clause) > 2 and (clause[0] != "even" or clause[1] == "though")


@behind_mark(",")
def after_reason(site: Site) -> bool:
    """The match stands behind a clause with ``because`` or ``since`` that begins the sentence."""
    clause = _clause_before(site, CAUSAL)
    return len(clause) > 2 and clause[1] != "of"


def named_before(site: Site) -> bool:
    """The same object pronoun stands shortly before the match."""
    return site[2].lower() in site.words_before(9)


def written_out(site: Site) -> str:
    """``you'll`` becomes ``will``."""
    return "will" if site[2] else "are" if site[3] else "have"


def same_object(site: Site) -> bool:
    """Both verbs have the same pronoun for their object."""
    return site[1].split()[0].lower() == site[3].lower()


def chopped(site: Site) -> str:
    """``that she lives in`` becomes ``that she lives``."""
    return f"{site[1]} {site[2].split()[0]}"


def shadow(site: Site) -> str:
    """``the tools which you need`` becomes ``the tools which you need them``."""
    return f"{site.match.group()} {'them' if site.surely(1, 'NNS') else 'it'}"


CLAUSES: tuple[DialectRule, ...] = (
    rule(
        NO_SUBJECT_PRONOUN,
        "no second subject pronoun",
        "(you|we|they) {MD|VBP|VBD}",
        "{2}",
        where=(same_subject, in_statement),
    ),
    rule(
        NO_SUBJECT_PRONOUN,
        "no second subject pronoun with a contraction",
        "(you|we|they)'(?:(ll)|(re)|ve)",
        written_out,
        starts="you'll you're you've we'll we're we've they'll they're they've",
        where=(same_subject, in_statement),
    ),
    rule(
        NO_SUBJECT_PRONOUN,
        "no I at the beginning",
        r"i (hope|wish|guess|suppose|apologize|apologise)(?= (?!to\b)[a-z])",
        "{1}",
        where=(begins_sentence,),
    ),
    rule(
        NO_DUMMY_PRONOUN,
        "no dummy it at the beginning",
        r"it (seems|appears|looks|sounds|takes|happens|turns out|helps|hurts|feels|costs|rains|snows)"
        r"(?= (?:that|like|as|to|a|an|all|about|often|when|if|some|two|very|more|less|as though)\b)",
        "{1}",
        where=(begins_sentence, in_statement),
    ),
    rule(
        NO_IT,
        "no it before is",
        rf"it(?:'s| is) ((?:(?:also|always|usually|often|very|quite|so|not|perfectly|generally) )?(?:{IT_IS}))"
        r"(?= (?:to|that|if|when|for)\b)",
        "is {1}",
        starts="it it's",
        where=(begins_sentence, in_statement),
    ),
    rule(
        INSERTED_IT,
        "as it is",
        "as (is|was) "
        "(the case|common|usual|customary|typical|known|expected|required|shown|explained|mentioned|stated)",
        "as it {1} {2}",
    ),
    rule(
        INSERTED_IT,
        "as it is mentioned",
        "as (mentioned|stated|noted|explained|described|discussed|shown|said) (above|below|before|earlier|previously)",
        "as it is {1} {2}",
    ),
    rule(
        INSERTED_IT,
        "make it sure",
        r"(make|makes|made|making) (sure|clear|certain)"
        r"(?= (?:that|to|you|they|we|the|your|everyone|he|she|nobody|no one)\b)",
        "{1} it {2}",
    ),
    rule(
        NO_OBJECT_PRONOUN,
        "no second object pronoun",
        r"((?:it|them) and) (?!(?:let|make|help|have|see|watch|get|give)\b)([a-z]{2,15}) (it|them)"
        r"(?=[.,;:!?)]|\Z|\n| (?:in|on|at|to|with|for|when|and|or|before|after|again|well|together|now)\b)",
        "{1} {2}",
        starts="it them",
        where=(same_object, may_be(2, "VB")),
    ),
    rule(
        NO_OBJECT_PRONOUN,
        "no object pronoun with a verb of giving",
        r"(send|bring|return|give|show|report|mail|explain|sell|hand|forward|submit|read|share|offer|deliver|pass) "
        r"(it|them)(?= (?:to|with)\b)",
        "{1}",
        where=(named_before,),
    ),
    rule(
        RESUMPTIVE,
        "shadow object",
        rf"{{NN|NNS}} (?:that|which) (?:{SUBJECT}) (?:(?:really|already|never|just|also) )?{{VBD|VBP|VBZ}}"
        rf"{CLAUSE_ENDS}",
        shadow,
        where=(not_among(1, NOT_AN_OBJECT), among(2, TRANSITIVE, "base")),
    ),
    rule(
        CHOPPING,
        "no stranded preposition after a relative pronoun",
        rf"((?:that|which|who|whom) (?:{SUBJECT})) ({CHOPPED}){CLAUSE_ENDS}",
        chopped,
        starts="that which who whom",
        where=(previous_is("NOUN PRP"),),
    ),
    rule(
        CHOPPING,
        "no stranded preposition",
        rf"({SUBJECT}) ({CHOPPED}){CLAUSE_ENDS}",
        chopped,
        where=(previous_is("NOUN"),),
    ),
    rule(
        DOUBLED_CONJUNCTION,
        "but yet",
        r"yet(?= (?:i|you|he|she|it|we|they|this|that|there|people|the|many|most|nobody|everyone)\b)",
        "but yet",
        where=(previous_word(","),),
    ),
    rule(
        DOUBLED_CONJUNCTION,
        "so therefore",
        r"so(?= (?:i|you|he|she|it|we|they|this|there|people|the|nobody|everyone|your|my)\b)"
        r"(?! (?:i|you|he|she|it|we|they) (?:can|could|will|would|may|might|do|does|have|wo)(?:n't|not)?\b)",
        "so therefore",
        where=(previous_word(","),),
    ),
    rule(
        CORRELATIVES,
        "although and but",
        f"({MAIN_CLAUSE_BEGINS})",
        "but {1}",
        starts=MAIN_CLAUSE_BEGINS.replace("|", " "),
        where=(after_concession,),
    ),
    rule(
        CORRELATIVES,
        "because and so",
        f"({MAIN_CLAUSE_BEGINS})",
        "so {1}",
        starts=MAIN_CLAUSE_BEGINS.replace("|", " "),
        where=(after_reason,),
    ),
)
