"""How does a text look in British or in American spelling? The same words, each written as the other side writes it.

The table is judgeaudit's own: families of words by the letters in which they differ, each a closed list, so that
``exercise``, ``size``, ``four`` or ``advise`` are never touched. A word that the other side writes in the same way in
another sense (``check``, ``story``, ``curb``) goes one way only; one whose spelling depends on its part of speech or
its sense (``license``, ``practice``, ``program``, ``meter``, ``tire``) changes only where its neighbours decide.
British is the spelling with -ise; forms that both sides use (``dialogue``, ``glamour``) are left out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb.base import TextContext
from judgeaudit.perturb.edits.sites import NOT_PROSE
from judgeaudit.perturb.preserved import LOOK_BACK_CHARS, SENTENCE_START, TITLE
from judgeaudit.perturb.spans import open_stretches
from judgeaudit.perturb.wording import in_case_of

Side = Literal["british", "american"]

# ------------------------------------------------------------------------------------------------ families
# Each line of a family: what the british and the american forms begin with, and what both go on with.

OUR = (
    "ardour armour behaviour belabour candour clamour colour demeanour discolour dishonour enamour endeavour favour "
    "fervour flavour harbour honour humour labour misbehaviour neighbour odour parlour rancour rigour rumour saviour "
    "savour splendour succour tricolour tumour valour vapour vigour watercolour"
)
OUR_ENDINGS = (
    " s ed ing ings er ers able ably ful fully less ite ites itism hood hoods ly liness y ies ee ees"
)

RE = (
    "amphitheatre calibre centilitre centimetre centre decilitre epicentre fibre goitre kilometre lacklustre litre "
    "louvre lustre meagre microfibre millilitre millimetre mitre nanometre ochre reconnoitre sabre "
    "saltpetre sceptre sepulchre sombre spectre theatre"
)
RE_ENDINGS = {"re": "er", "res": "ers", "red": "ered", "ring": "ering", "rings": "erings", "rely": "erly"}

ISE = (
    "acclimatise actualise aggrandise agonise alphabetise amortise antagonise apologise atomise authorise baptise "
    "brutalise bureaucratise canonise capitalise caramelise categorise cauterise centralise characterise civilise "
    "colonise commercialise compartmentalise computerise conceptualise contextualise criminalise criticise "
    "crystallise customise dehumanise democratise demonise demoralise deodorise deputise digitise dramatise economise "
    "editorialise empathise emphasise energise epitomise equalise eulogise externalise familiarise fantasise "
    "fertilise fictionalise finalise formalise fossilise fraternise galvanise generalise glamorise globalise "
    "harmonise homogenise hospitalise humanise hybridise hypnotise hypothesise idealise idolise immobilise "
    "immortalise immunise incentivise individualise industrialise initialise institutionalise internalise "
    "internationalise ionise italicise itemise jeopardise legalise legitimise liberalise liquidise localise magnetise "
    "marginalise materialise maximise mechanise memorise mesmerise metabolise metastasise militarise miniaturise "
    "minimise mobilise modernise moisturise monetise monopolise moralise motorise nationalise naturalise neutralise "
    "normalise notarise optimise organise ostracise oxidise pasteurise patronise penalise personalise philosophise "
    "plagiarise polarise politicise popularise pressurise prioritise privatise professionalise proselytise publicise "
    "pulverise radicalise randomise rationalise realise recognise regularise revitalise revolutionise romanticise "
    "sanitise satirise scandalise scrutinise secularise sensationalise sensitise serialise socialise solemnise "
    "specialise stabilise standardise sterilise stigmatise strategise stylise subsidise summarise symbolise "
    "sympathise synchronise synthesise systematise tantalise tenderise terrorise theorise traumatise trivialise "
    "tyrannise unionise urbanise utilise vandalise vaporise verbalise victimise visualise vocalise weaponise "
    "westernise winterise"
)
ISE_ENDINGS = "e es ed ing ingly er ers able ation ations ational"

YSE = "analyse breathalyse catalyse dialyse electrolyse hydrolyse paralyse psychoanalyse"
YSE_ENDINGS = "e ed ing er ers"
"""Not ``analyses``, which is a plural as well."""

DOUBLED_L = (
    "apparel barrel bevel cancel channel chisel counsel dial dishevel duel enamel equal fuel funnel gravel grovel "
    "initial jewel label level libel marvel model panel parcel pedal pencil quarrel refuel revel rival shrivel signal "
    "snorkel spiral squirrel stencil swivel total towel travel tunnel unravel yodel"
)
DOUBLED_L_ENDINGS = "ed ing ings"
DOUBLED_L_PEOPLE = "cancel duel grovel jewel label level libel model quarrel revel signal travel tunnel yodel"

OTHERS = """
    acknowledgement=acknowledgment - s|aeroplane=airplane - s|aetiolog=etiolog y ies ical|ageing=aging -
    aluminium=aluminum -|anaem=anem ia ic|anaesthe=anesthe sia tic tics tist tists
    anaesthesiolog=anesthesiolog y ist ists|anaesthetis=anesthetiz e es ed ing|analogue=analog - s|apnoe=apne a as
    appetis=appetiz er ers ing|artefact=artifact - s|behaviour=behavior al ally|caesar=cesar ean eans
    carburett=carburet or ors|catalogue=catalog - s|catalogued=cataloged -|cataloguing=cataloging -
    centrefold=centerfold - s|centrepiece=centerpiece - s|chill=chil i ies|coeliac=celiac -
    colour=color ist ists ism ant ants|colourblind=colorblind -|cos=coz y ier iest ily iness|councill=council or ors
    counsell=counsel or ors|crueller=crueler -|cruellest=cruelest -|defenc=defens e es eless|diarrhoe=diarrhe a al
    distil=distill - s|enrol=enroll - s ment ments|enthral=enthrall - s|faec=fec es al|fibreboard=fiberboard -
    fibreglass=fiberglass -|foet=fet us uses al|fulfil=fulfill - s ment ments|gonorrhoea=gonorrhea -
    grey=gray - s ed ing ish er est ness|greyscale=grayscale -|gynaec=gynec ology ologist ologists ological
    haemat=hemat ology ologist oma|haemo=hemo globin philia philiac rrhage rrhages rrhaged rrhaging rrhoid rrhoids
    hyperglycaem=hyperglycem ia ic|hypoglycaem=hypoglycem ia ic|instalm=installm ent ents|instil=instill - s
    ischaem=ischem ia ic|jewelle=jewel ry|judgement=judgment - s al|leukaem=leukem ia ias|libell=libel ous
    liquorice=licorice -|manoeuvre=maneuver - s|manoeuvred=maneuvered -
    manoeuvring=maneuvering - s|manoeuvra=maneuvera ble bility|marvell=marvel ous ously|medall=medal ist ists
    mollusc=mollusk - s|mould=mold - s ed ing y ier ings|moult=molt - s ed ing|moustach=mustach e es ed
    oedem=edem a as|oesoph=esoph agus ageal|oestr=estr ogen ogens|offenc=offens e es|orthopaed=orthoped ic ics
    paed=ped iatric iatrics iatrician iatricians|palaeo=paleo ntology ntologist ntologists lithic
    panellist=panelist - s|phoney=phony -|plough=plow - s ed ing|practis=practic ed ing|pretenc=pretens e es
    pyjama=pajama - s|rouble=ruble - s|sceptic=skeptic - s al ally ism|septicaem=septicem ia ic|skilf=skillf ul ully
    smoulder=smolder - s ed ing|sulph=sulf ur uric ate ates ide ides urous|theatrego=theatergo er ers ing
    toxaem=toxem ia ic|tranquill=tranquil ity|tranquillis=tranquiliz e es ed er ers ing|wilf=willf ul ully ulness
    wooll=wool en ens
"""

TO_AMERICAN_ONLY = """
    cheque=check - s|chequebook=checkbook - s|kerb=curb - s|kerbside=curbside -|storey=story -|storeys=stories -
    draught=draft - s y|tyre=tire - s|enquir=inquir e es ed ing y ies er ers|encyclopaedia=encyclopedia - s
    yoghurt=yogurt - s|programme=program - s|licence=license - s|practis=practic e es
"""
"""What they become is another word of British English too, or British English has both."""

TO_BRITISH_ONLY = "analyze=analyse s|catalyze=catalyse s|paralyze=paralyse s"
"""What they become is a plural noun of American English too."""

PREFIXES = ("un", "re", "de", "dis", "over", "under", "mis", "multi", "pre")
"""Before a word of the table they leave its spelling as it is: ``unauthorised``, ``multicoloured``."""

# ---------------------------------------------------------------------------- where the neighbours decide

COUNTED = (
    r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|hundred|"
    r"thousand|million|few|several|many|per|square|cubic|half a))[ -]\Z"
)
"""Behind these a metre is a length, not that of a verse or a device."""

THING = (
    r"\b(?:a|the|your|my|his|their|our|its|this|no|valid|driver['’]s|drivers|driving|marriage|fishing|hunting|liquor|"
    r"business|software|medical|professional) \Z"
)
DONE = (
    r"(?:\b(?:can|could|will|would|should|must|may|might|do not|did not|please|i|we|they|let['’]s|help you|let you|"
    r"let them)|n['’]t|['’]ll) \Z"
)
HELD = (
    r"\b(?:exercise|training|fitness|television|tv|radio|school|degree|loyalty|treatment|rehabilitation|rehab|study|"
    r"support|education|educational|mentoring|exchange|government|space|recovery|wellness|relief|vaccination|nuclear|"
    r"after-school|outreach|assistance) \Z"
)
ROLLING = (
    r"\b(?:flat|spare|car|bike|bicycle|truck|tractor|front|rear|back|winter|summer|snow|rubber|worn|new) \Z"
)

Decided = Mapping[str, tuple[str, re.Pattern[str]]]


def _decided(*listed: tuple[str, str, str]) -> Decided:
    return {
        word: (other, re.compile(before, re.IGNORECASE))
        for words, others, before in listed
        for word, other in zip(words.split(), others.split(), strict=True)
    }


WHERE_DECIDED: Mapping[Side, Decided] = {
    "american": _decided(("metre metres", "meter meters", COUNTED)),
    "british": _decided(
        ("meter meters", "metre metres", COUNTED),
        ("license licenses", "licence licences", THING),
        ("practice", "practise", DONE),
        ("practices", "practises", r"\b(?:he|she|who) \Z"),
        ("program programs", "programme programmes", HELD),
        ("tire tires", "tyre tyres", ROLLING),
    ),
}
"""Words by side that change only behind what the pattern says: what they become there, and the pattern."""

KEPT_BEFORE = {"rigor": " mortis"}
"""Latin in both spellings."""

BEFORE_CHARS = 24
"""How much of the text before a word is looked at: more than the longest phrase above."""

# ----------------------------------------------------------------------------------------------- the edit


def _listed(table: str) -> Iterator[tuple[str, str]]:
    """The words of a table in the form ``these=those ending ending``, in pairs; ``-`` is no ending."""
    for entry in re.split(r"[|\n]", table.strip()):
        stems, *endings = entry.split()
        these, _, those = stems.partition("=")
        for ending in endings:
            yield these + ending.strip("-"), those + ending.strip("-")


def _families() -> Iterator[tuple[str, str]]:
    """British and american words that stand for each other wherever they occur."""
    for stem in OUR.split():
        for ending in OUR_ENDINGS.split(" "):
            yield stem + ending, f"{stem[:-3]}or{ending}"
    for stem in RE.split():
        for british, american in RE_ENDINGS.items():
            yield stem[:-2] + british, stem[:-2] + american
    for verbs, endings in ((ISE, ISE_ENDINGS), (YSE, YSE_ENDINGS)):
        for verb in verbs.split():
            for ending in endings.split():
                yield verb[:-1] + ending, f"{verb[:-2]}z{ending}"
    for stem in DOUBLED_L.split():
        people = " er ers" if stem in DOUBLED_L_PEOPLE.split() else ""
        for ending in f"{DOUBLED_L_ENDINGS}{people}".split():
            yield f"{stem}l{ending}", stem + ending
    yield from _listed(OTHERS)


@lru_cache(maxsize=1)
def spellings() -> Mapping[Side, Mapping[str, str]]:
    """For each side the words that it writes otherwise, in lower case, with its own spelling of them."""
    both = list(_families())
    return {
        "american": {**dict(both), **dict(_listed(TO_AMERICAN_ONLY))},
        "british": {
            **{american: british for british, american in both},
            **dict(_listed(TO_BRITISH_ONLY)),
        },
    }


TOKEN = re.compile(r"\S++")
WORD = re.compile(r"[^\W\d_]++")
CAPITALISED = re.compile(r"\b[A-Z][A-Za-z]++")
CAPITAL_FOLLOWS = re.compile(r"[ -](?!I\b)[A-Z]")


@dataclass(slots=True)
class _Capitals:
    """Which capitalised words of a text are surely no names."""

    text: str
    _inside: frozenset[str] | None = field(default=None)

    def no_name(self, start: int, end: int) -> bool:
        """Whether a word begins a sentence, no capitalised word follows it, and nowhere else is it capitalised."""
        if not self._begins_sentence(start) or CAPITAL_FOLLOWS.match(self.text, end):
            return False
        if self._inside is None:
            found = CAPITALISED.finditer(self.text)
            self._inside = frozenset(
                each.group() for each in found if not self._begins_sentence(each.start())
            )
        return self.text[start:end] not in self._inside

    def _begins_sentence(self, start: int) -> bool:
        before = (
            self.text[start - LOOK_BACK_CHARS : start]
            if start > LOOK_BACK_CHARS
            else f"\n{self.text[:start]}"
        )
        return SENTENCE_START.search(before) is not None and TITLE.search(before) is None


def sites(text: str, to: Side) -> list[tuple[int, int, str]]:
    """The words that a side writes otherwise: start, end, and what stands there in its spelling, in order.

    Left alone are code, quotations and addresses, and words with a capital that may be names.
    """
    capitals = _Capitals(text)
    found: list[tuple[int, int, str]] = []
    for stretch_start, stretch_end in open_stretches(text):
        for token in TOKEN.finditer(text, stretch_start, stretch_end):
            if NOT_PROSE.search(token.group()):
                continue
            for word in WORD.finditer(text, token.start(), token.end()):
                start, end = word.span()
                lower = word.group().lower()
                new = _other(lower, text[max(stretch_start, start - BEFORE_CHARS) : start], to)
                if new is None or (lower in KEPT_BEFORE and text.startswith(KEPT_BEFORE[lower], end)):
                    continue
                if word.group().islower() or capitals.no_name(start, end):
                    found.append((start, end, in_case_of(word.group(), new)))
    return found


def _other(word: str, before: str, to: Side) -> str | None:
    """How a side writes a word in lower case, where it does so otherwise."""
    table = spellings()[to]
    new = table.get(word)
    if new is not None:
        return new
    decided = WHERE_DECIDED[to].get(word)
    if decided is not None:
        return decided[0] if decided[1].search(before) else None
    for prefix in PREFIXES:
        if word.startswith(prefix) and (new := table.get(word[len(prefix) :])) is not None:
            return prefix + new
    return None


def spelling(
    text: str,
    context: TextContext,  # noqa: ARG001 - an Edit's form
    rng: random.Random,
    *,
    to: Side = "british",
    share: float = 1.0,
) -> str:
    """The text with a share of the words that the other side writes otherwise in one side's spelling.

    Each word is drawn on its own, in order: with the same seed a lower share changes a subset of a higher one's words.

    Args:
        to: whose spelling.
        share: above 0, at most 1.

    Raises:
        PerturbationError: an argument is none of these.
    """
    if to not in WHERE_DECIDED:
        raise PerturbationError(f"to: found {to!r}, expected british or american.")
    if not 0 < share <= 1:
        raise PerturbationError(f"share: found {share!r}, expected a share above 0 and at most 1.")
    parts: list[str] = []
    position = 0
    for start, end, new in sites(text, to):
        if rng.random() < share:
            parts += (text[position:start], new)
            position = end
    parts.append(text[position:])
    return "".join(parts)
