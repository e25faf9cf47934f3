"""British and American spelling: nothing changes but the words of the table, and only where they surely are those."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from judgeaudit import catalog
from judgeaudit.corpora import read_builtin
from judgeaudit.errors import PerturbationError
from judgeaudit.perturb import Perturbation, Status, TextContext, from_config
from judgeaudit.perturb.dialect import spelling_tables as module
from judgeaudit.perturb.dialect.spelling import WHERE_DECIDED, Side, sites, spelling, spellings
from judgeaudit.perturb.preserved import code, names, names_kept, negations, numbers
from judgeaudit.records import Pair, Turn

CONTEXT = TextContext(Pair("p", (Turn("user", "q"),), "", ""), "a")
SIDES: tuple[Side, Side] = ("british", "american")

BOTH_WAYS = {
    american: british
    for american, british in spellings()["british"].items()
    if british in spellings()["american"]
}
"""Words whose spelling on the other side means nothing else there."""


def spelled(text: str, to: Side, share: float = 1.0, seed: int = 0) -> str:
    return spelling(text, CONTEXT, random.Random(seed), to=to, share=share)


# ---------------------------------------------------------------------------------------------- the table


def test_every_entry_that_goes_both_ways_comes_back_as_it_was() -> None:
    assert {spelled(american, "british") for american in BOTH_WAYS} == set(BOTH_WAYS.values())
    lost = {
        american
        for american, british in BOTH_WAYS.items()
        if spelled(british, "american") != american
        or spelled(spelled(american, "british"), "american") != american
        or spelled(spelled(british, "american"), "british") != british
    }
    assert not lost
    assert len(BOTH_WAYS) > 3000


def test_the_table_holds_at_least_250_families_of_words() -> None:
    lists = (module.OUR, module.RE, module.ISE, module.YSE, module.DOUBLED_L)
    bases = {word for listed in lists for word in listed.split()}
    bases |= {entry.split("=")[0].strip() for entry in re.split(r"[|\n]", module.OTHERS) if "=" in entry}
    assert len(bases) >= 250


@pytest.mark.parametrize("to", SIDES)
def test_no_target_is_itself_a_word_that_the_same_side_would_spell_otherwise(to: Side) -> None:
    table = spellings()[to]
    assert not set(table.values()) & (set(table) | set(WHERE_DECIDED[to]))


@pytest.mark.parametrize("to", SIDES)
def test_no_two_words_become_the_same_word(to: Side) -> None:
    targets = list(spellings()[to].values())
    assert len(set(targets)) == len(targets)


def test_no_word_of_the_table_is_spelled_alike_on_both_sides() -> None:
    for to in SIDES:
        assert all(
            word != other and word.islower() and other.isalpha() for word, other in spellings()[to].items()
        )


@pytest.mark.parametrize(
    ("american", "british"),
    [
        (
            "They organized a colorful party for the neighbors.",
            "They organised a colourful party for the neighbours.",
        ),
        ("He traveled to the center and canceled it.", "He travelled to the centre and cancelled it."),
        ("a gray defense of skeptical behavior", "a grey defence of sceptical behaviour"),
        (
            "Analyzing the catalog paralyzed the counselor.",
            "Analysing the catalogue paralysed the counsellor.",
        ),
        ("Anemia and diarrhea need a pediatrician.", "Anaemia and diarrhoea need a paediatrician."),
        (
            "an unauthorized, disorganized and unfavorable move",
            "an unauthorised, disorganised and unfavourable move",
        ),
        ("Fulfill it, enroll, and be skillful.", "Fulfil it, enrol, and be skilful."),
        ("a multicolored, well-organized airplane", "a multicoloured, well-organised aeroplane"),
        ("the neighbor's favorite theater", "the neighbour's favourite theatre"),
        ("(Jewelry) *molds* cozily; aging, plowed", "(Jewellery) *moulds* cosily; ageing, ploughed"),
        ("kilometers of fiber, liters of sulfur", "kilometres of fibre, litres of sulphur"),
        ("Practicing what she practiced", "Practising what she practised"),
        ("maneuvered, hemorrhaging, tranquilizer", "manoeuvred, haemorrhaging, tranquilliser"),
    ],
)
def test_sentences_are_written_in_either_spelling(american: str, british: str) -> None:
    assert spelled(american, "british") == british
    assert spelled(british, "american") == american
    assert spelled(american, "american") == american
    assert spelled(british, "british") == british


STAY = """
    exercise advise advice size prize seize capsize four hour pour tour sour flour your court source course
    surprise promise compromise supervise revise televise franchise merchandise disguise despise devise device
    excise expertise enterprise otherwise likewise noise raise praise rise wise arise concise precise paradise
    premise franchised advertise advertisement improvise comprise apprise chastise circumcise incise analysis
    analyses basis crisis emphasis metre meter metering barometer parameter diameter thermometer perimeter verse
    acre massacre ogre mediocre lucre timbre cadre genre macabre chapter master minister sister filter shelter
    error terror horror mirror doctor actor author tutor motor minor major factor tailor sailor humorous
    vigorous glamorous rigorous honorary laborious deodorant coloration glamour contour detour troubadour velour
    paramour controlled rebelled compelled propelled expelled excelled installed rolled filled called selling
    telling spelling parallel paralleled appealed revealed healed sealed failed mailed cooled sense license
    practice defensive offensive immense expense suspense fence hence since pence check story stories curb draft
    tire tires program dialogue monologue prologue travelogue vogue rogue dog log aesthetic archaeology phoenix
    canoe shoe oboe poem goes does aerial aerobic install enrolled fulfilled programmed inquiry
"""


@pytest.mark.parametrize("word", STAY.split())
def test_words_that_only_look_like_the_others_stay(word: str) -> None:
    assert [spelled(f"It is about {word} here.", to) for to in SIDES] == [f"It is about {word} here."] * 2


# ---------------------------------------------------------------------- where part of speech or sense decides


@pytest.mark.parametrize(
    ("american", "british"),
    [
        ("You need a license.", "You need a licence."),
        ("Show your driver's license here.", "Show your driver's licence here."),
        ("They license software.", "They license software."),
        ("It is licensed.", "It is licensed."),
        ("You should practice daily.", "You should practise daily."),
        ("We don't practice law.", "We don't practise law."),
        ("He practices at home.", "He practises at home."),
        ("In practice, best practices help.", "In practice, best practices help."),
        ("The practice is closed.", "The practice is closed."),
        ("Keep 2 meters away.", "Keep 2 metres away."),
        ("It is a few meters wide.", "It is a few metres wide."),
        ("Read the meter; pay the parking meter.", "Read the meter; pay the parking meter."),
        ("The poem has a strict meter.", "The poem has a strict meter."),
        ("Join an exercise program.", "Join an exercise programme."),
        ("Start the computer program.", "Start the computer program."),
        ("You have a flat tire.", "You have a flat tyre."),
        ("You will tire of it.", "You will tire of it."),
        ("He analyzes it.", "He analyses it."),
        ("Check the story and the draft.", "Check the story and the draft."),
        ("After rigor mortis, rigor.", "After rigor mortis, rigour."),
    ],
)
def test_in_british_spelling_a_word_with_two_senses_changes_where_its_neighbours_decide(
    american: str, british: str
) -> None:
    assert spelled(american, "british") == british


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("You need a licence.", "You need a license."),
        ("They practise; he practises.", "They practice; he practices."),
        ("The practice is closed.", "The practice is closed."),
        ("Keep 2 metres away.", "Keep 2 meters away."),
        ("The poem has a strict metre.", "The poem has a strict metre."),
        ("Write a cheque at the kerb.", "Write a check at the curb."),
        ("Watch the programme on the third storey.", "Watch the program on the third story."),
        ("The analyses are done.", "The analyses are done."),
        ("Tyres, draughts and enquiries", "Tires, drafts and inquiries"),
    ],
)
def test_in_american_spelling_words_change_even_where_the_way_back_is_not_decided(
    british: str, american: str
) -> None:
    assert spelled(british, "american") == american


# ------------------------------------------------------------------------------------------ names, capitals


@pytest.mark.parametrize(
    "text",
    [
        "We meet on Labor Day.",
        "He lives in Pearl Harbor now.",
        "Labor Day is in September.",
        "Ask the Center for help.",
        "THE COLOR IS GRAY",
        "Dr. Gray knows.",
        "We saw Gray. Gray left.",
        "the iPhoneColor and colorOf it",
    ],
)
def test_words_that_may_be_names_stay(text: str) -> None:
    assert spelled(text, "british") == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Color matters.", "Colour matters."),
        ("It is late. Organize it!", "It is late. Organise it!"),
        ("- Organize it\n2. Analyze it\n**Color:** red", "- Organise it\n2. Analyse it\n**Colour:** red"),
        ("COLOR.", "COLOUR."),
        ("Recognizing I was late, I left.", "Recognising I was late, I left."),
    ],
)
def test_a_capital_at_the_beginning_of_a_sentence_is_carried_over(text: str, expected: str) -> None:
    assert spelled(text, "british") == expected


@pytest.mark.parametrize(
    "kept",
    [
        "`color: gray`",
        "```css\ncolor: gray;\n```",
        "“the color gray”",
        '"the color gray"',
        "https://example.org/color/gray",
        "color@example.org",
        "color/gray",
        "color_gray",
        "--color",
        "color=gray",
        "color()",
        "$color$",
        "$$color$$",
        "(color.html)",
        "color.gray",
        "#color",
    ],
)
def test_code_quotations_addresses_and_identifiers_stay(kept: str) -> None:
    assert spelled(f"the color {kept} gray", "british") == f"the colour {kept} grey"


# --------------------------------------------------------------------------------------------- doses, seeds

PROSE = (
    "Organize the colorful theater, travel to the center, analyze your behavior and recognize the gray neighbor. "
    "Favorite flavors, skeptical counselors, canceled programs and jewelry fulfill the catalog.\n" * 3
)


@given(st.integers(0, 10_000))
def test_a_lower_dose_changes_a_subset_of_the_words(seed: int) -> None:
    found = sites(PROSE, "british")
    changed: list[set[int]] = []
    for share in (0.25, 0.5, 1.0):
        rng = random.Random(seed)
        expected = [site for site in found if rng.random() < share]
        text = PROSE
        for start, end, new in reversed(expected):
            text = text[:start] + new + text[end:]
        assert spelled(PROSE, "british", share, seed) == text
        changed.append({start for start, _, _ in expected})
    assert changed[0] <= changed[1] <= changed[2] == {start for start, _, _ in found}


def test_the_share_of_changed_words_is_about_the_dose() -> None:
    count = len(sites(PROSE, "british"))
    rng = random.Random(1)
    changed = 0
    for _ in range(200):
        words = zip(
            PROSE.split(), spelling(PROSE, CONTEXT, rng, to="british", share=0.25).split(), strict=True
        )
        changed += sum(before != after for before, after in words)
    assert count > 50
    assert 0.22 < changed / (200 * count) < 0.28


def test_the_same_seed_gives_the_same_text_and_another_seed_another() -> None:
    assert spelled(PROSE, "british", 0.5, 3) == spelled(PROSE, "british", 0.5, 3)
    assert len({spelled(PROSE, "british", 0.5, seed) for seed in range(5)}) == 5


@pytest.mark.parametrize("wrong", [{"to": "australian"}, {"share": 0.0}, {"share": 1.1}, {"share": -1.0}])
def test_an_argument_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(PerturbationError, match="found"):
        spelling("color", CONTEXT, random.Random(0), **wrong)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------ any text

PIECES = """
    colour color Gray grey LABOR metres 2 licence practice can `code` "said" ' ( … שלום 👩‍👩‍👧 é e\u0301 \u200d . , -
    ’s _ /
"""
PIECE = st.sampled_from([*PIECES.split(), " ", "\n", "\n\n", ". "])
ANY_TEXT = st.one_of(st.text(max_size=200), st.lists(PIECE, max_size=40).map("".join))


@given(ANY_TEXT, st.sampled_from(SIDES), st.floats(0.01, 1.0), st.integers(0, 99))
def test_of_any_text_only_words_of_the_table_change(text: str, to: Side, share: float, seed: int) -> None:
    found = sites(text, to)
    outside: list[str] = []
    position = 0
    for start, end, new in found:
        assert start >= position
        assert text[start:end].isalpha()
        assert new[0].isupper() == text[start].isupper()
        outside.append(text[position:start])
        position = end
    outside.append(text[position:])
    edited = spelled(text, to, share, seed)
    pattern = "".join(
        re.escape(before) + (f"(?:{re.escape(text[start:end])}|{re.escape(new)})")
        for before, (start, end, new) in zip(outside, found, strict=False)
    )
    assert re.fullmatch(pattern + re.escape(outside[-1]), edited, re.DOTALL)


@given(ANY_TEXT, st.sampled_from(SIDES))
def test_what_is_spelled_in_one_way_has_nothing_left_to_change(text: str, to: Side) -> None:
    once = spelled(text, to)
    assert spelled(once, to) == once


@given(ANY_TEXT, st.sampled_from(SIDES))
def test_of_any_text_numbers_names_negations_and_code_are_kept(text: str, to: Side) -> None:
    edited = spelled(text, to)
    assert numbers(edited) == numbers(text)
    assert negations(edited, "en") == negations(text, "en")
    assert code(edited) == code(text)
    # A word in capitals alone (COLOR.) counts as an acronym there; such a text is left out as invalid, and counted.
    others = tuple(name for name in names(text, "en") if not name.isupper())
    assert names_kept(others, edited) in (None, 1.0)


@pytest.mark.parametrize(
    "piece", ["'", "(", "a", "Color ", "color", "color. ", "Gray. ", "\n", "2 meters ", "-"]
)
def test_a_very_long_text_of_one_piece_is_edited(piece: str) -> None:
    text = piece * (300_000 // len(piece))
    edited = spelled(text, "british")
    assert (edited == text) == (piece in ("'", "(", "a", "color", "\n", "-", "Color "))


# -------------------------------------------------------------------------------------------- the YAML files


@pytest.mark.parametrize("side", SIDES)
def test_the_perturbation_reads_and_keeps_its_claims_on_the_built_in_corpus(side: Side) -> None:
    files = {entry.name: entry.path for entry in catalog.entries("perturbation")}
    made = from_config(OmegaConf.load(files[f"spelling_{side}"]), seed=0)
    assert isinstance(made, Perturbation)
    assert made.declaration.dose == 1.0
    changed = 0
    for pair in read_builtin().pairs:
        if pair.language != "en":
            continue
        outcome = made.apply(pair, "a")
        assert outcome.status in (Status.CHANGED, Status.UNCHANGED)
        changed += outcome.status is Status.CHANGED
        text, edited = pair.response("a"), outcome.text or pair.response("a")
        assert names_kept(names(text, "en"), edited) in (None, 1.0)
        assert numbers(edited) == numbers(text)
        assert code(edited) == code(text)
    assert changed > 5
