"""What the perturbation engine promises: the same text for the same seed, and not a byte changed outside the edit."""

from __future__ import annotations

import json
import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeaudit.perturb import Perturbation, Status, TextContext, from_config, perturb_all
from judgeaudit.perturb.spans import open_stretches
from judgeaudit.records import Pair, Turn

DECLARED = {
    "name": "mine", "version": 1, "description": "a test", "family": "style", "source": "own", "place": "inline",
}  # fmt: skip
PHRASINGS = ["One way.", "Another way.", "A third way.", "A fourth way."]


def pair(a: str, b: str = "another reply", *, id: str = "p1", language: str | None = None) -> Pair:
    return Pair(id, (Turn("user", "a question"),), a, b, language=language)


def made(seed: int = 0, **form: object) -> Perturbation:
    for place in ("prefix", "suffix"):
        if place in form:
            form = {**form, "place": place, "phrases": form[place]}
            del form[place]
    perturbation = from_config({**DECLARED, **form}, seed=seed)
    assert isinstance(perturbation, Perturbation)
    return perturbation


texts = st.one_of(
    st.text(),
    st.text(alphabet=st.characters()),  # surrogates too
    st.sampled_from(
        [
            "```python\nprint('x')\n```",
            "a\n\n\n\nb\n",
            "שלום עולם، مرحبا",
            "👩‍👩‍👧‍👦 \u200d\u200b",
            "x" * 50_000,
            "\ud800 lone",
            "\r\n\t ",
        ]
    ),
)


@given(texts)
def test_a_prefix_leaves_the_text_after_it_as_it_was(text: str) -> None:
    result = made(prefix="Before.", separator=" | ").apply(pair(text), "a")
    assert result.status is Status.CHANGED
    assert result.text == (f"Before. | {text}" if text else "Before.")


@given(texts)
def test_a_suffix_leaves_the_text_before_it_as_it_was(text: str) -> None:
    result = made(suffix="After.").apply(pair(text), "a")
    assert result.status is Status.CHANGED
    assert result.text == (f"{text}\n\nAfter." if text else "After.")


@given(texts)
def test_a_replacement_that_matches_nothing_leaves_the_text_unchanged(text: str) -> None:
    result = made(replace=[{"pattern": "\ue000{3}", "with": "no"}]).apply(
        pair(text.replace("\ue000", "")), "a"
    )
    assert result.status is Status.UNCHANGED
    assert result.text is None
    assert result.reason


def test_replacements_are_made_in_order_and_may_name_groups() -> None:
    perturbation = made(replace=[{"pattern": r"(\w+)!", "with": r"\1."}, {"pattern": r"\.", "with": "?"}])
    assert perturbation.apply(pair("Stop! Now."), "a").text == "Stop? Now?"


def test_the_side_that_is_asked_for_is_the_side_that_is_perturbed() -> None:
    perturbation = made(prefix="P", separator=" ")
    assert perturbation.apply(pair("left", "right"), "a").text == "P left"
    result = perturbation.apply(pair("left", "right"), "b")
    assert (result.text, result.side, result.pair_id, result.perturbation) == ("P right", "b", "p1", "mine")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", "Vorher. x"),
        ("de-AT", "Vorher. x"),
        ("pt_BR", "Do Brasil. x"),
        ("pt", "Antes. x"),
        ("EN", "Before. x"),
        (None, "Before. x"),
    ],
)
def test_the_phrase_is_in_the_language_of_the_pair(language: str | None, expected: str) -> None:
    phrases = {"en": "Before.", "de": "Vorher.", "pt": "Antes.", "pt-BR": "Do Brasil."}
    assert made(prefix=phrases, separator=" ").apply(pair("x", language=language), "a").text == expected


@pytest.mark.parametrize(
    "declared", [{"prefix": {"en": "Before."}}, {"prefix": "Before.", "languages": ["en"]}]
)
def test_a_pair_in_another_language_is_not_applicable_and_says_so(declared: dict[str, object]) -> None:
    result = made(**declared).apply(pair("x", language="ko"), "a")
    assert result.status is Status.NOT_APPLICABLE
    assert result.text is None
    assert result.reason is not None
    assert "ko" in result.reason


def test_the_same_seed_gives_the_same_texts_whatever_the_order_of_the_pairs() -> None:
    pairs = [pair("x", "y", id=f"p{i}") for i in range(40)]
    perturbation = made(prefix=PHRASINGS)
    forward = {(t.pair_id, t.side): t.text for t in perturb_all([perturbation], pairs)}
    backward = {(t.pair_id, t.side): t.text for t in perturb_all([made(prefix=PHRASINGS)], pairs[::-1])}
    assert forward == backward
    assert len({text and text.split("\n")[0] for text in forward.values()}) == len(PHRASINGS)


def test_seed_version_name_pair_and_side_each_draw_anew() -> None:
    pairs = [pair("x", "x", id=f"p{i}") for i in range(40)]

    def drawn(perturbation: Perturbation, side: str = "a") -> list[str | None]:
        return [t.text for t in perturb_all([perturbation], pairs) if t.side == side]

    first = drawn(made(prefix=PHRASINGS))
    assert drawn(made(seed=1, prefix=PHRASINGS)) != first
    assert drawn(made(prefix=PHRASINGS, version=2)) != first
    assert drawn(made(prefix=PHRASINGS, name="other")) != first
    assert drawn(made(prefix=PHRASINGS), "b") != first


def test_another_process_draws_the_same_texts() -> None:
    pairs = [pair("x", "y", id=f"p{i}") for i in range(10)]
    here = [t.text for t in perturb_all([made(seed=7, prefix=PHRASINGS)], pairs)]
    program = (
        "import json\n"
        "from judgeaudit.perturb import from_config, perturb_all\n"
        "from judgeaudit.records import Pair, Turn\n"
        f"made = from_config({ ({**DECLARED, 'place': 'prefix', 'phrases': PHRASINGS})!r}, seed=7)\n"
        "pairs = [Pair(f'p{i}', (Turn('user', 'q'),), 'x', 'y') for i in range(10)]\n"
        "print(json.dumps([t.text for t in perturb_all([made], pairs)]))\n"
    )
    env = {"PYTHONHASHSEED": "12345"}
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=env)
    assert json.loads(out.stdout) == here


def test_perturb_all_goes_by_perturbation_then_pair_then_side() -> None:
    first, second = made(prefix="P"), made(suffix="S", name="other")
    pairs = [pair("x", "y", id="p1"), pair("x", "y", id="p2")]
    places = [(t.perturbation, t.pair_id, t.side) for t in perturb_all([first, second], pairs)]
    assert places == [(n, p, s) for n in ("mine", "other") for p in ("p1", "p2") for s in ("a", "b")]


def explode(text: str, context: TextContext, rng: random.Random) -> str | None:
    raise ValueError(f"secret: {text}")


def count(text: str, context: TextContext, rng: random.Random) -> int:
    return len(text)


def test_an_edit_that_raises_is_a_failed_text_and_its_reason_does_not_quote_the_text() -> None:
    result = made(edit={"_target_": f"{__name__}.explode", "_partial_": True}).apply(pair("hostile"), "a")
    assert result.status is Status.FAILED
    assert result.text is None
    assert result.reason is not None
    assert "ValueError in explode (test_perturb.py" in result.reason
    assert "hostile" not in result.reason


def test_an_edit_that_returns_no_text_is_a_failed_text() -> None:
    result = made(edit={"_target_": f"{__name__}.count", "_partial_": True}).apply(pair("x"), "a")
    assert result.status is Status.FAILED
    assert "int" in str(result.reason)


def test_identity_changes_with_everything_that_could_change_the_text() -> None:
    variants = [
        made(prefix="P"),
        made(prefix="Q"),
        made(suffix="P"),
        made(prefix="P", separator=" "),
        made(prefix="P", languages=["en"]),
        made(prefix={"en": "P"}),
        made(prefix="P", version=2),
        made(prefix="P", name="other"),
        made(prefix="P", seed=1),
        made(replace=[{"pattern": "a", "with": "b"}]),
        made(replace=[{"pattern": "a", "with": "c"}]),
        made(edit={"_target_": f"{__name__}.count", "_partial_": True}),
        made(edit={"_target_": "judgeaudit.perturb.edits.verbosity.Verbosity", "target_ratio": 1.4}),
        made(edit={"_target_": "judgeaudit.perturb.edits.verbosity.Verbosity", "target_ratio": 1.5}),
        made(edit={"_target_": "judgeaudit.perturb.dialect.dialect", "variety": "aae", "dose": 0.5}),
        made(edit={"_target_": "judgeaudit.perturb.dialect.dialect", "variety": "aae", "dose": 1.0}),
        made(prefix=["P", "Q"], draw="first"),
        made(prefix=["P", "Q"], draw="random"),
        made(prefix={"en": "P", "de": "Q"}, language="mismatched"),
        made(prefix="P", keeps=["text"]),
        made(prefix="P", validity={"chrf": [10, None]}),
    ]
    assert len({json.dumps(variant.identity(), sort_keys=True) for variant in variants}) == len(variants)


def test_identity_does_not_change_with_what_is_only_told_to_people() -> None:
    assert made(prefix="P").identity() == made(prefix="P", description="other", source="other").identity()


PROTECTED = [
    "```\nthere is a\n```",
    "``` unclosed there is a",
    "`there is a`",
    '"there is a"',
    "“there is a”",
    "«there is a»",
    "'there isn't a'",
    "‘there isn’t a’",
    "https://x.org/there-is",
    "](there is a)",
    "<b there is a>",
    "$$there is a$$",
    "\\(there is a\\)",
    "\\[there is a\\]",
    "\n    there is a",
    "\n> there is a",
]


@pytest.mark.parametrize("span", PROTECTED)
def test_code_quotations_and_addresses_are_protected(span: str) -> None:
    text = f"before{'' if span.startswith((']', chr(10))) else ' '}{span}"
    assert "".join(text[start:end] for start, end in open_stretches(text)) == text.replace(span, "")


def test_the_first_line_can_be_a_quotation_too() -> None:
    assert [(s, e) for s, e in open_stretches("> quoted\nopen")] == [(8, 13)]


def test_apostrophes_do_not_make_quotations() -> None:
    text = "The users' data isn't the parents' or the kids' business."
    assert list(open_stretches(text)) == [(0, len(text))]


@given(st.text(alphabet="`'\"“”‘’«»<>$\\()[] ab\n\t~>"))
def test_stretches_are_in_order_and_inside_the_text(text: str) -> None:
    position = 0
    for start, end in open_stretches(text):
        assert position <= start < end <= len(text)
        position = end
