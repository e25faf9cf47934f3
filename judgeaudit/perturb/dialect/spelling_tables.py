"""Which words do British and American English spell in two ways, wherever they occur? Families, each a closed list.

The tables are judgeaudit's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal

Side = Literal["british", "american"]

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
