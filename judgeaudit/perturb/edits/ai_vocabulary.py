"""Which words show that a text was written with a language model's help? Those whose frequency rose with it.

Kobak, Gonzalez-Marquez, Horvat and Lause, "Delving into ChatGPT usage in academic writing through excess vocabulary"
(arXiv 2406.07016), list the words that abstracts hold more often since 2023 than before: *delve*, *underscore*,
*showcase*, *crucial*, *pivotal*, *intricate*, *meticulous*, *realm*, *notably*, *enhance*, *comprehensive*, and others
of their kind; *tapestry* and *testament* are commonly named beside them. The plain equivalents, and where each
fits, are judgeaudit's. Nothing here holds a digit.
"""

from __future__ import annotations

from judgeaudit.perturb.edits.register import BE, OBJECT, VERB, plain
from judgeaudit.perturb.edits.wordier import SENTENCE_START, UNGRADED
from judgeaudit.perturb.wording import Rule, RuleBook

WHAT_IS_SHOWN = r"(?= (?:that|how|why|the|just)\b)"
IMPROVABLE = r"(?= (?:the|your|their|our|his|her|its|my|this|a|an|overall|public|mental|academic)\b)"
ROLE = "role|part|factor|moment|step|question|issue|point|component|element|feature|difference|decision"
EFFECT = "difference|impact|effect|changes?|challenges?|increase|decrease|problems?|risks?|influence|improvement|amount"
SURVEY = (
    "guide|list|plan|review|overview|understanding|answer|explanation|picture|assessment|approach|analysis"
)
CARE = "read|check|review|consider|plan|examine|follow|choose|select|research|document|prepare"
SOCIAL = (
    "trust|respect|understanding|dialogue|discussion|communication|collaboration|inclusivity|equality|creativity|"
    "growth|empathy|cooperation|relationships?|connections?|learning|curiosity|tolerance|peace|a (?:sense|culture)"
)
UNDERTAKING = "journey|career|project|business|path|process|adventure|new [a-z]+"
TOPIC = r"(?= (?:the|a|an|your|this|these|how|what|different|other|new)\b)"
TRIAL = (
    r"(?= (?:the|this|these|your|such|difficult) (?:[a-z]+ )?(?:situation|conversation|challenge|issue)s?\b)"
)
STRENGTHS = (
    r"(?= (?:your|their|his|her|our|its) (?:[a-z]+ )?"
    r"(?:skills?|work|talents?|abilit(?:y|ies)|knowledge|strengths?|products?|best|experience|support|creativity)\b)"
)
NOT_DEATH = r"(?! (?:suicide|death|dying|killing|ending|hurting|harming)\b)"
HARD = "hard|difficult|tough|tricky"
INTENSE = (
    "important|good|hard|easy|common|different|strong|clear|rare|effective|calm|kind|quiet|brave|patient|warm"
)
SOLID = "evidence|foundation|system|framework|support|plan|defen[cs]e|argument|case|process"

AI_VOCABULARY: tuple[Rule, ...] = (
    plain("an important", "a crucial"),
    plain(
        "important", "crucial", behind=UNGRADED, ahead=r"(?= (?:to|that|for|when|because)\b|[.,;])", after=BE
    ),
    plain("important", "crucial", behind=rf"{UNGRADED}(?<!\ban )", ahead=rf"(?= (?:{ROLE})s?\b)"),
    plain("very important|extremely important|really important", "crucial", behind=r"(?<!\ban )"),
    plain("key", "pivotal", ahead=rf"(?= (?:{ROLE})s?\b)"),
    plain("main|central", "pivotal", ahead=r"(?= (?:role|part|question|issue|figure)\b)"),
    plain("essential|necessary", "paramount", behind=UNGRADED, ahead="(?= (?:to|that|for)\\b)", after=BE),
    plain("a complex|a complicated", "an intricate", ahead="(?= [a-z])"),
    plain(
        "complex|complicated",
        "intricate",
        behind=UNGRADED,
        ahead=r"(?=[.,;!]| (?:and|but|process|system|issue|topic)s?\b)",
    ),
    plain("use", "leverage", ahead=OBJECT, after=VERB),
    plain(
        "using",
        "leveraging",
        ahead=OBJECT,
        behind=r"(?<!\bstart )(?<!\bstop )(?<!\bbe )(?<!\bare )(?<!\bis )",
    ),
    plain("look into", "delve into", ahead=r"(?! (?:[a-z]+ )?(?:mirror|eyes?|camera|light|sun)\b)"),
    plain("looking into", "delving into"),
    plain("explore|examine|investigate", "delve into", ahead=TOPIC),
    plain("exploring|examining|investigating", "delving into", ahead=TOPIC),
    plain("discuss", "delve into", after=VERB, ahead=r"(?= (?:the|your|this|these|how|what|any)\b)"),
    plain("shows|highlights|stresses|emphasizes|emphasises", "underscores", ahead=WHAT_IS_SHOWN),
    plain("highlight|stress|emphasize|emphasise", "underscore", ahead=WHAT_IS_SHOWN, after=VERB),
    plain("highlighting|stressing|emphasizing|emphasising", "underscoring", ahead=WHAT_IS_SHOWN),
    plain("show", "showcase", ahead=STRENGTHS, after=VERB),
    plain("showing", "showcasing", ahead=STRENGTHS),
    plain("improve", "enhance", ahead=IMPROVABLE),
    plain("improves", "enhances", ahead=IMPROVABLE),
    plain("improving", "enhancing", ahead=IMPROVABLE),
    plain("improved", "enhanced", ahead=IMPROVABLE),
    plain("boost|strengthen", "bolster", ahead=IMPROVABLE),
    plain("encourage|promote|build|create", "foster", ahead=rf"(?= (?:{SOCIAL})\b)"),
    plain("encouraging|promoting|building|creating", "fostering", ahead=rf"(?= (?:{SOCIAL})\b)"),
    plain("encourages|promotes|builds|creates", "fosters", ahead=rf"(?= (?:{SOCIAL})\b)"),
    plain("deal with|cope with", "navigate", after=rf"(?:{VERB}|you )"),
    plain("dealing with|coping with", "navigating"),
    plain("handle", "navigate", ahead=TRIAL),
    plain("handling", "navigating", ahead=TRIAL),
    plain("make sure", "ensure", ahead=r"(?= (?:that|the|you|your|it|they|all|everyone)\b)"),
    plain("making sure", "ensuring", ahead=r"(?= (?:that|the|you|your|it|they|all|everyone)\b)"),
    plain(
        "start|begin",
        "embark on",
        ahead=rf"(?= (?:a|an|your|this|the) (?:[a-z]+ )?(?:{UNDERTAKING})\b)",
        after=VERB,
    ),
    plain(
        "field of|area of|world of",
        "realm of",
        ahead=r"(?= (?!(?:view|vision|the|your|my|his|her|their|a|an)\b)[a-z])",
    ),
    plain("a mix of|a mixture of|a blend of|a combination of", "a rich tapestry of"),
    plain("a sign of|a proof of", "a testament to"),
    plain("proof of", "a testament to", after=BE),
    plain("basis of|foundation of", "cornerstone of"),
    plain("big|large|major|great", "significant", ahead=rf"(?= (?:{EFFECT})\b)"),
    plain("complete|full|thorough|detailed", "comprehensive", ahead=rf"(?= (?:{SURVEY})s?\b)"),
    plain(
        "careful",
        "meticulous",
        behind=UNGRADED,
        ahead=r"(?= (?:planning|attention|research|work|review|consideration|preparation)\b)",
    ),
    plain("carefully", "meticulously", behind=UNGRADED, ahead=rf"(?= (?:{CARE})\w*)"),
    plain("a (?:very|really|extremely) (?:useful|helpful|valuable)", "an invaluable", starts="a"),
    plain(
        "(?:very|really|extremely) (?:useful|helpful|valuable)", "invaluable", starts="very really extremely"
    ),
    plain("strong|solid", "robust", behind=UNGRADED, ahead=rf"(?= (?:{SOLID})s?\b)"),
    plain("smoothly", "seamlessly", behind=UNGRADED),
    plain(
        "smooth", "seamless", behind=UNGRADED, ahead=r"(?= (?:transition|experience|process|integration)\b)"
    ),
    plain(
        "subtle",
        "nuanced",
        behind=UNGRADED,
        ahead=r"(?= (?:differences?|meanings?|distinctions?|points?|view|views)\b)",
    ),
    plain(
        "(political|legal|media|digital|cultural) (?:situation|environment|scene|climate)",
        r"\1 landscape",
        starts="political legal media digital cultural",
    ),
    plain("useful information|helpful information", "valuable insights"),
    plain("a changing", "an ever-evolving", ahead=r"(?= [a-z])"),
    plain(
        "changing",
        "ever-evolving",
        ahead=r"(?= (?:world|landscape|times|environment|society)\b)",
        after=r"(?:the|this|our|in|rapidly|quickly) ",
    ),
    plain("in today's world", "in today's fast-paced world"),
    plain("also|furthermore|moreover|plus", "additionally", behind=SENTENCE_START, ahead="(?=, )"),
    plain("in particular", "notably", behind=SENTENCE_START, ahead="(?=, )"),
    plain(
        "in short|to sum up|overall|all in all",
        "ultimately",
        behind=SENTENCE_START,
        ahead="(?=, )",
    ),
    plain("remember that|note that|keep in mind that", "it is worth noting that", behind=SENTENCE_START),
    plain(
        "many",
        "a myriad of",
        ahead=r"(?= (?:ways|reasons|factors|options|challenges|benefits|possibilities)\b)",
        after=r"(?:are|have|has|for|in|offers?|with) ",
    ),
    plain("numerous|countless", "myriad", ahead="(?= [a-z]+s\\b)"),
    plain(
        "aim to", "strive to", behind=r"(?<!\byour )(?<!\bthe )(?<!\bhis )(?<!\bher )(?<!\btheir )(?<!\ban )"
    ),
    plain("has", "boasts", ahead=r"(?= (?:a (?:rich|long|large|wide|strong|diverse)|many|an extensive)\b)"),
    plain(
        "lively|busy",
        "vibrant",
        behind=UNGRADED,
        ahead=r"(?= (?:city|community|culture|market|neighbou?rhood|scene)\b)",
    ),
    plain(
        "many-sided|varied", "multifaceted", ahead=r"(?= (?:problem|issue|topic|subject|role|question)s?\b)"
    ),
    plain(
        HARD,
        "challenging",
        behind=UNGRADED,
        ahead=r"(?=[.,;!]| (?:to|for|but|and|when)\b)",
        after=BE,
    ),
    plain(
        HARD,
        "challenging",
        behind=UNGRADED,
        ahead=r"(?= (?:time|day|situation|choice|decision|conversation|question|topic|task|period)s?\b)",
    ),
    plain(
        "real",
        "genuine",
        after=r"(?:a|the|no|any|your|their|of|some) ",
        ahead=r"(?= (?!(?:time|estate|life|world|name|person|people|money|wages?|numbers?)\b)[a-z])",
    ),
    plain(
        "very|really",
        "remarkably",
        ahead=rf"(?= (?:{INTENSE})\b)",
        behind=r"(?<!\bnot )(?<!n't )(?<!\bthe )(?<!\bso )",
    ),
    plain("mostly|mainly", "primarily"),
    plain("think about", "reflect on", ahead=NOT_DEATH, after=rf"(?:{VERB}|and |or )"),
    plain("thinking about", "reflecting on", ahead=NOT_DEATH),
    plain("talk about|learn about", "delve into", ahead=TOPIC, after=VERB),
    plain("go through", "navigate", ahead=r"(?= (?:a|this|something|difficult|hard|such)\b)"),
    plain("going through", "navigating", ahead=r"(?= (?:a|this|something|difficult|hard|such)\b)"),
    plain("struggling with", "grappling with"),
    plain(
        "story|account",
        "narrative",
        after=r"(?:the|a|his|her|their|your|this|whole) ",
        ahead="(?=[.,;]| (?:of|that|about|is|was)\\b)",
    ),
    plain("plenty of", "a plethora of", ahead=r"(?= (?:[a-z]+ )?[a-z]{2,}[^s\W]s\b)", behind=r"(?<!\bthe )"),
    plain(
        "a lot",
        "significantly",
        after=r"(?:helps?|improves?|improved|changes?|changed|matters?|helped|varies|vary) ",
    ),
    plain("is like", "is akin to", ahead=r"(?= (?:a|an)\b)"),
    plain("inside", "within", ahead=r"(?= (?:the|a|your|this|our|their|it)\b)"),
    plain("throughout", "across", ahead=r"(?= (?:the (?:world|country|region|industry)|different|many)\b)"),
    plain(
        "urgent",
        "pressing",
        behind=r"(?<!\ban )",
        ahead=r"(?= (?:need|issue|problem|question|matter|concern)s?\b)",
    ),
    plain(
        "possible",
        "potential",
        behind=rf"{UNGRADED}(?<!\bif )(?<!\bbest )(?<!\bis )",
        ahead=r"(?= (?:risk|problem|solution|consequence|effect|cause|reason|danger|benefit|outcome|side)s?\b)",
    ),
    plain(
        "giving",
        "offering",
        ahead=r"(?= (?:you|people|them|us|everyone|advice|support|help)\b)",
        behind=r"(?<!\bby )",
    ),
    plain("useful", "invaluable", behind=UNGRADED, ahead=r"(?=[.,;]| (?:for|to|when|in)\b)", after=BE),
    plain(
        "part of|side of",
        "facet of",
        after=r"(?:every|each|another|one|this) ",
        ahead=r"(?= (?:life|your|our|it|society)\b)",
    ),
    plain("that is why|this is why", "this underscores why", behind=SENTENCE_START),
    plain("that's why", "this underscores why", behind=SENTENCE_START),
    plain("more and more", "increasingly", ahead=rf"(?= (?:{INTENSE}|difficult|useful|popular)\b)"),
)

AI_VOCABULARY_ENGLISH = RuleBook(AI_VOCABULARY)
