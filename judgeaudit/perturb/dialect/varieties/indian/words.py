"""Which words do the rules for Indian English ask for by name?"""

from __future__ import annotations

from judgeaudit.perturb.dialect.word_classes import words


def either(listed: str) -> str:
    """A pattern for any of the words of a list that is written as a text."""
    return "|".join(listed.split())


def paired(listed: str) -> dict[str, str]:
    """The pairs of a list that is written as a text: ``mine=my yours=your``."""
    return dict(pair.split("=") for pair in listed.split())


SUBJECT = "i|you|he|she|it|we|they"
PLURAL_SUBJECT = "i|you|we|they"
SINGULAR_SUBJECT = "he|she|it"
POSSESSIVE = "the|your|my|our|their|his|her"

PHRASE_ENDS = (
    r"(?=[.,;:!?)]|\Z|\n| (?:and|or|but|if|when|while|because|so|before|after|until|unless|to|as|at|from|is|are|was|"
    r"were|can|will|may|should|could|might)\b)"
)
"""What shows that a noun is the last word of its phrase, and that nothing behind it tells which one is meant."""

CLAUSE_ENDS = r"(?=[.,;:!?)]|\Z|\n)"

# ------------------------------------------------------------------------------------------------- verbs

STATIVE = words(
    "agree believe belong consist contain cost depend deserve doubt hate hear hope include know lack like love need "
    "own prefer remember require resemble see seem think trust understand want wish"
)
"""Verbs whose progressive changes nothing but the aspect: not ``have``, ``mean``, ``look``, ``feel``."""

NOT_AUXILIARY = words("be have do")

HABITUAL = "always|usually|often|normally|generally|sometimes|regularly|frequently|mostly|typically|rarely|seldom|never"

NUMBER_WORD = "a|an|one|two|three|four|five|six|seven|eight|nine|ten|many|several|few|some"
MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
WEEKDAY = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
PAST_TIME = (
    r"(?=[^.,;:!?\n]{0,60}? (?:yesterday|"
    rf"last (?:night|week|weekend|month|year|summer|winter|spring|autumn|fall|time|{WEEKDAY})|"
    r"(?:minutes?|hours?|days?|weeks?|months?|years?|while|long time|decades?|centur(?:y|ies)) ago|long ago|"
    rf"in (?:1[0-9]|20)\d\d|on (?:{MONTH}) \d{{1,2}}|this morning)\b)"
)
"""A time that is over, named in the same clause."""

SINCE_OR_FOR = (
    r"(?=[^.,;:!?\n]{1,50}? (?:since|for (?:(?:about|over|almost|nearly|more than|at least) )?"
    rf"(?:{NUMBER_WORD}|\d{{1,3}}|years|months|weeks|days|hours|ages|centuries|decades|quite|so|too|the (?:past|last))"
    r"\b(?! (?:reason|cause|purpose)))\b)"
)

LATER_WORDS = (
    r"\b(?:tomorrow|later|eventually|someday|one day|forever|over time|from now|by then|sooner or later|"
    r"next (?:time|week|weekend|month|year|summer|winter|spring|autumn|fall|day|morning)|"
    r"in the (?:future|end|long run|long term|years|months|weeks)|"
    r"(?:in|within|for|after) (?:a few|a couple of|some|many|several|two|three|four|five|ten|the next) "
    r"(?:days|weeks|months|years|decades)|for years|years from now|in time)\b"
)
"""What shows that something lies in the distant future."""

BARE_AFTER_MAKE = either(
    "feel do go think look laugh cry understand stop want work see say wait eat believe pay learn sound seem lose "
    "leave forget regret worry wonder smile sit stand walk run sleep stay choose give take keep start come stick last "
    "happen fail grow behave act appear realize realise speak talk share change reconsider hesitate suffer"
)
NOT_A_VERB_AFTER_LET = either("in out down off up on alone loose all both")

BACKSHIFT = {"would": "will", "could": "can", "was": "is", "were": "are"}
REPORTED = (
    r"(?:said|says|thought|knew|explained|promised|mentioned|realized|realised|believed|assumed|heard|noticed|"
    r"(?:told|warned|promised|assured) (?:me|you|him|her|us|them|people|everyone))(?: that)? "
)

NOMINATIVE = {
    "me": "I",
    "you": "you",
    "him": "he",
    "her": "she",
    "it": "it",
    "us": "we",
    "them": "they",
    "someone": "someone",
    "people": "people",
    "others": "others",
}

# ------------------------------------------------------------------------------------------ noun phrases

UNIQUE_PLACES = either(
    "kitchen bathroom bedroom living-room office station market store shop hospital clinic pharmacy bank court "
    "library gym park beach airport playground pool garden yard street road sidewalk pavement building car bus train "
    "phone internet computer tv radio screen door floor wall window fridge freezer oven stove sink hotel city town "
    "village countryside sun sea ocean classroom hallway basement attic garage police government army council public "
    "media doctor dentist landlord manager boss teacher principal school company morning afternoon evening weekend "
    "past future meantime end beginning middle background spot table office workplace neighborhood neighbourhood "
    "crib cupboard closet fire sky ground mirror mailbox paper post mail"
)
"""Nouns whose referent the situation gives: one does not ask which kitchen, which police."""

UNIQUE_SUBJECTS = either(
    "police government company manager landlord teacher doctor school council media public weather court bank "
    "hospital office store shop economy law system market situation problem"
)

TAKING = either(
    "have has had having get gets got getting find finds found finding buy buys bought buying take takes took taking "
    "need needs needed make makes made making want wants wanted rent rented call called book booked open opened join "
    "joined start started send sent sending use used using ask asked bring brought hire hired choose chose pick "
    "write wrote writing keep kept keeping set give gave leave left carry carries carrying offer plan include"
)

NOT_BARE = words(
    "lot bit little few couple dozen number hundred thousand million deal half minute moment while second day week "
    "month year hour night time paper glass iron chicken fish room light word hand break way thing one look kind "
    "sort type piece part point cup pair set line variety range person man woman child baby boy girl good life "
    "look go try shot turn miss"
)
"""Nouns that mean something else, or nothing, without their article."""

NOT_BARE_ADJECTIVES = words(
    "few little certain single whole half great good second third fourth last next other same such particular given "
    "specific different"
)

ROLES = either(
    "teacher parent doctor nurse student member guest friend neighbor neighbour colleague citizen customer victim "
    "volunteer manager beginner adult result gift precaution reminder whole rule family team group company lawyer "
    "driver tourist tenant employee patient writer scientist backup hobby habit warning sign joke compliment favor "
    "favour decoration shortcut"
)

GENERIC = either(
    "nature society life history education politics science technology democracy religion culture marriage childhood "
    "poverty crime violence inflation unemployment pollution alcohol nutrition friendship art music literature "
    "law justice freedom equality privacy security medicine depression anxiety addiction war peace climate"
)

COUNTED_MASS = words(
    "accommodation advice apparel baggage clothing crockery cutlery equipment evidence feedback furniture hardware "
    "homework housework information legislation luggage paperwork research slang software "
    "underwear transportation"
)
"""Mass nouns that Indian English counts and that mean the same in the plural (not ``damages``)."""

QUANTIFIER = either(
    "many several various two three four five six seven eight nine ten twelve fifteen twenty thirty forty "
    "fifty hundred both few"
)

COMPOUND_PLURALS = {
    f"{many} {rest}": f"{one} {rest}s"
    for many, one, rest in (
        ("points", "point", "of view"),
        ("ways", "way", "of life"),
        ("rules", "rule", "of thumb"),
        ("works", "work", "of art"),
        ("sources", "source", "of income"),
        ("modes", "mode", "of transport"),
        ("pieces", "piece", "of paper"),
        ("cups", "cup", "of tea"),
        ("states", "state", "of mind"),
        ("heads", "head", "of state"),
        ("courses", "course", "of action"),
        ("codes", "code", "of conduct"),
        ("letters", "letter", "of recommendation"),
        ("dates", "date", "of birth"),
        ("lines", "line", "of work"),
    )
} | {"attorneys general": "attorney generals"}

IRREGULAR_PLURALS = paired(
    "children=childrens grandchildren=grandchildrens schoolchildren=schoolchildrens women=womans feet=feets "
    "teeth=teeths mice=mices geese=geeses oxen=oxens criteria=criterias phenomena=phenomenas alumni=alumnis"
)

REGULAR_F = paired(
    "lives=lifes leaves=leafs wives=wifes knives=knifes shelves=shelfs halves=halfs wolves=wolfs loaves=loafs "
    "thieves=thiefs calves=calfs housewives=housewifes midwives=midwifes bookshelves=bookshelfs"
)

OWN = paired("mine=my yours=your his=his hers=her ours=our theirs=their")

DOUBLED = either(
    "easier better safer faster cheaper harder stronger healthier happier quieter simpler clearer closer calmer "
    "longer bigger smaller louder cleaner"
)

ANALYTIC = paired(
    "sturdier=sturdy kinder=kind wiser=wise gentler=gentle milder=mild warmer=warm cooler=cool thicker=thick "
    "thinner=thin softer=soft sharper=sharp brighter=bright darker=dark heavier=heavy slower=slow "
    "quicker=quick richer=rich poorer=poor smarter=smart braver=brave fresher=fresh weaker=weak riskier=risky "
    "trickier=tricky friendlier=friendly lighter=light larger=large deeper=deep tougher=tough busier=busy"
)

ANALYTIC_BEST = paired(
    "biggest=big easiest=easy safest=safe simplest=simple cheapest=cheap hardest=hard strongest=strong "
    "fastest=fast kindest=kind wisest=wise smallest=small largest=large quickest=quick healthiest=healthy "
    "clearest=clear quietest=quiet smartest=smart gentlest=gentle loudest=loud richest=rich busiest=busy "
    "weakest=weak warmest=warm funniest=funny"
)

FLAT_ADVERBS = {
    f"{word}ly": word
    for word in (
        "slow",
        "quick",
        "safe",
        "clear",
        "quiet",
        "calm",
        "soft",
        "careful",
        "loud",
        "bad",
        "strong",
        "proper",
    )
}
