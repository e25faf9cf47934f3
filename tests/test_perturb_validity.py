"""A perturbed text is compared with its original, and left out where it breaks a claim or a threshold."""

from __future__ import annotations

import json
import math
import random
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu.metrics.chrf import CHRF

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb import preserved, validity
from judgeaudit.perturb.chrf import chrf
from judgeaudit.perturb.validity import BOUNDED, OPEN, Checks, Thresholds, check

CORPUS = Path(validity.__file__).parents[1] / "corpora" / "builtin"
SACREBLEU = CHRF()
ORIGINAL = "Give 5 mg to Anna, not more: run `dose --max 5` or ask Dr. Okafor."


def by_sacrebleu(hypothesis: str, reference: str) -> float:
    return float(SACREBLEU.sentence_score(hypothesis, [reference]).score)


# chrF


ALPHABETS = (
    "ab",
    "the quick brown fox jumps",
    "äöüß éà ЖЩя ",
    "不知道 没有\u3000ก็",
    "👩‍👩‍👧🏽 \u200d\u0301\ud800\t\n\u00a0",
    "0123 .,-",
)


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_chrf_is_what_sacrebleu_computes(alphabet: str) -> None:
    rng = random.Random(0)
    for _ in range(300):
        one = "".join(rng.choices(alphabet, k=rng.randrange(40)))
        other = list(one)
        for _ in range(rng.randrange(6) if one else 0):
            other[rng.randrange(len(other))] = rng.choice(alphabet)
            other.insert(rng.randrange(len(other)), rng.choice(alphabet))
        for hypothesis in ("".join(other), "".join(rng.choices(alphabet, k=rng.randrange(40)))):
            assert chrf(hypothesis, one) == pytest.approx(by_sacrebleu(hypothesis, one), abs=1e-9)


@given(st.text(), st.text())
def test_chrf_of_any_two_texts_is_what_sacrebleu_computes(hypothesis: str, reference: str) -> None:
    assert chrf(hypothesis, reference) == pytest.approx(by_sacrebleu(hypothesis, reference), abs=1e-9)


@given(st.text(), st.text(), st.text())
def test_chrf_of_an_insertion_is_what_sacrebleu_computes(before: str, text: str, after: str) -> None:
    longer = before + text + after
    assert chrf(longer, text) == pytest.approx(by_sacrebleu(longer, text), abs=1e-9)
    assert chrf(text, longer) == pytest.approx(by_sacrebleu(text, longer), abs=1e-9)


def test_chrf_holds_where_n_grams_outgrow_64_bits() -> None:
    characters = "".join(chr(0x4E00 + n) for n in range(4096))  # 4096 ** 6 is 2 ** 72
    tail = characters[:5]
    one, other = f"{characters[8]}{tail}{characters}", f"{characters[16]}{tail}{characters[::-1]}"
    assert chrf(other, one) == pytest.approx(by_sacrebleu(other, one), abs=1e-9)


def test_chrf_weighs_recall_twice() -> None:
    assert chrf("ab", "abcd") < chrf("abcd", "ab")
    assert chrf("ab", "a b") == 100
    assert chrf("ab", "") == chrf(" ", " ") == chrf("x", "y") == 0


# the checks


def test_an_unchanged_text_keeps_everything() -> None:
    assert check(ORIGINAL, ORIGINAL, "en") == Checks(1, 0, 100, 1, 1, 1, 1, True, True)


@pytest.mark.parametrize(
    "inserted", ["I'm sorry.\n\n{}", "{}\n\nAnything else?", "```\n{}\n```", "No. {} Yes."]
)
def test_what_is_put_before_and_after_a_text_takes_nothing_from_it(inserted: str) -> None:
    perturbed = inserted.format(ORIGINAL)
    found = check(ORIGINAL, perturbed, "en")
    assert (found.numbers_kept, found.names_kept, found.negations_kept, found.code_kept) == (1, 1, 1, 1)
    assert found.text_kept
    assert found.wording_kept
    assert found.length_ratio == len(perturbed) / len(ORIGINAL)
    assert found.edit_distance == pytest.approx((len(perturbed) - len(ORIGINAL)) / len(perturbed))
    assert found.chrf == pytest.approx(by_sacrebleu(perturbed, ORIGINAL))


@pytest.mark.parametrize(
    ("perturbed", "numbers_kept", "names_kept"),
    [("15 mg for Anna", 0, 1), ("5 mg for Annabel", 1, 0), ("15 mg for Annabel", 0, 0)],
)
def test_what_is_joined_to_an_end_of_a_text_may_change_it(
    perturbed: str, numbers_kept: float, names_kept: float
) -> None:
    found = check("5 mg for Anna", perturbed, "en")
    assert found.text_kept
    assert not found.wording_kept
    assert (found.numbers_kept, found.names_kept) == (numbers_kept, names_kept)
    assert found.edit_distance == pytest.approx((len(perturbed) - 13) / len(perturbed))


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("5 mg", "50 mg", "numbers_kept"),
        ("Anna", "someone", "names_kept"),
        (", not more", ", more", "negations_kept"),
        ("dose --max 5", "dose  --max 5", "code_kept"),
    ],
)
def test_what_is_lost_is_found_and_nothing_else(old: str, new: str, lost: str) -> None:
    found = check(ORIGINAL, ORIGINAL.replace(old, new), "en")
    shares = {
        name: getattr(found, name) for name in ("numbers_kept", "names_kept", "negations_kept", "code_kept")
    }
    assert {name for name, share in shares.items() if share != 1} == {lost}
    assert not found.text_kept


def test_an_edit_inside_keeps_the_wording_where_it_only_inserts() -> None:
    found = check("Wear a helmet, always.", "WEAR a really good helmet - always", "en")
    assert found.wording_kept
    assert not found.text_kept
    assert found.edit_distance == pytest.approx(17 / 34)


def test_what_cannot_be_told_is_none() -> None:
    found = check("plain words", "other words", "xx")
    assert found.numbers_kept is found.names_kept is found.negations_kept is found.code_kept is None
    assert found.similarity is None
    assert check("", "x", "en").length_ratio is None
    assert check("Je ne sais pas", "Je sais", "fr").negations_kept == 0
    assert check("Nevím, ne", "Vím", "cs").negations_kept is None


def test_an_empty_text_is_compared() -> None:
    assert check("", "", "en") == Checks(None, 0, 0, None, None, None, None, True, True)
    assert check("", "x", "en") == Checks(None, 1, 0, None, None, None, None, True, True)
    assert check("x", "", "en") == Checks(0, 1, 0, None, None, None, None, False, False)


def test_the_edit_distance_of_very_long_texts_is_told_only_for_insertions() -> None:
    long = "ab" * 100_000
    assert check(long, "ba" * 99_000 + "c", "en").edit_distance is None
    assert check(long, f"New. {long}", "en").edit_distance == pytest.approx(5 / 200_005)


@given(st.text(), st.text(), st.sampled_from(("en", "de", "zh", "ar", "tr")))
def test_any_two_texts_are_compared(original: str, perturbed: str, language: str) -> None:
    found = check(original, perturbed, language)
    for field in fields(Checks):
        value = getattr(found, field.name)
        assert value is None or isinstance(value, bool) or math.isfinite(value)
    assert found.edit_distance is not None
    assert 0 <= found.edit_distance <= 1
    assert 0 <= found.chrf <= 100 + 1e-9
    assert found.text_kept == (original in perturbed)


def responses() -> list[str]:
    lines = [
        line for path in sorted(CORPUS.glob("en_*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]
    return [json.loads(line)["response_a"] for line in lines]


def test_for_a_phrase_before_a_response_the_short_way_says_what_the_long_way_says() -> None:
    for text in responses():
        perturbed = f"I'm sorry, as a chatbot I cannot respond to this.\n\n{text}"
        found = check(text, perturbed, "en")
        before, after = preserved.negations(text, "en"), preserved.negations(perturbed, "en")
        assert before is not None
        assert after is not None
        assert found.numbers_kept == preserved.share_kept(
            preserved.numbers(text), preserved.numbers(perturbed)
        )
        assert found.names_kept == preserved.names_kept(preserved.names(text, "en"), perturbed)
        assert found.negations_kept == preserved.share_kept(before, after)
        assert found.code_kept == preserved.share_kept(preserved.code(text), preserved.code(perturbed))
        assert found.wording_kept == preserved.same_words(text, perturbed)


# the thresholds


GOOD = Checks(1.0, 0.1, 90.0, 1.0, 1.0, 1.0, 1.0, True, True, 0.9)


def declared(*keeps: str, **bounds: tuple[float | None, float | None]) -> Thresholds:
    return Thresholds.from_declaration(keeps, bounds)


def test_without_claims_and_bounds_every_text_passes() -> None:
    worst = Checks(None, None, 0.0, 0.0, 0.0, 0.0, 0.0, False, False, None)
    assert declared().failure(worst) is None
    assert declared("meaning", "formatting", "language").failure(worst) is None


@pytest.mark.parametrize(
    ("claim", "broken", "reason"),
    [
        ("text", {"text_kept": False}, "validity: the original does not stand in it to the byte"),
        ("wording", {"wording_kept": False}, "validity: a word was lost, changed or moved"),
        ("numbers", {"numbers_kept": 0.9}, "validity: a number was lost"),
        ("names", {"names_kept": 0.9}, "validity: a name was lost"),
        ("negations", {"negations_kept": 0.0}, "validity: a negation was lost"),
        ("code", {"code_kept": 0.5}, "validity: code or an address was lost"),
        ("length", {"length_ratio": 1.11}, "validity: length ratio above 1.1"),
        ("length", {"length_ratio": 0.89}, "validity: length ratio below 0.9"),
        ("length", {"length_ratio": None}, "validity: length ratio cannot be told"),
    ],
)
def test_a_broken_claim_is_told(claim: str, broken: dict[str, float | None], reason: str) -> None:
    checks = replace(GOOD, **broken)  # type: ignore[arg-type]
    assert declared(claim).failure(checks) == reason
    assert declared(claim).failure(GOOD) is None
    others = {"text", "wording", "numbers", "names", "negations", "code", "length"} - {claim}
    assert declared(*others).failure(checks) is None


@pytest.mark.parametrize(
    ("bounds", "value", "reason"),
    [
        ({"chrf": (40, None)}, {"chrf": 39.9}, "validity: chrf below 40"),
        ({"chrf": (None, 99.5)}, {"chrf": 99.6}, "validity: chrf above 99.5"),
        ({"edit_distance": (None, 0.3)}, {"edit_distance": 0.31}, "validity: edit distance above 0.3"),
        ({"edit_distance": (None, 0.3)}, {"edit_distance": None}, "validity: edit distance cannot be told"),
        ({"length_ratio": (0.5, 2)}, {"length_ratio": 2.1}, "validity: length ratio above 2"),
        ({"similarity": (0.7, None)}, {"similarity": 0.69}, "validity: similarity below 0.7"),
        ({"numbers": (0.8, None)}, {"numbers_kept": 0.7}, "validity: share of numbers kept below 0.8"),
        ({"names": (None, 0.5)}, {"names_kept": 0.7}, "validity: share of names kept above 0.5"),
        ({"negations": (1.0, None)}, {"negations_kept": 0.7}, "validity: a negation was lost"),
        ({"code": (0.1, None)}, {"code_kept": 0.0}, "validity: share of code kept below 0.1"),
    ],
)
def test_a_value_out_of_bounds_is_told(
    bounds: dict[str, tuple[float | None, float | None]], value: dict[str, float | None], reason: str
) -> None:
    assert declared(**bounds).failure(replace(GOOD, **value)) == reason  # type: ignore[arg-type]


def test_a_value_on_a_bound_passes() -> None:
    on = replace(GOOD, length_ratio=1.1, chrf=40.0, edit_distance=0.3)
    assert declared("length", chrf=(40, None), edit_distance=(None, 0.3)).failure(on) is None
    assert declared("length").failure(replace(GOOD, length_ratio=0.9)) is None


def test_what_the_original_does_not_have_cannot_be_lost() -> None:
    nothing = replace(GOOD, numbers_kept=None, names_kept=None, negations_kept=None, code_kept=None)
    assert declared("numbers", "names", "negations", "code").failure(nothing) is None


def test_a_similarity_not_told_fails_only_where_it_was_asked() -> None:
    bounds = declared(similarity=(0.7, None))
    unasked = replace(GOOD, similarity=None)
    assert bounds.failure(unasked) is None
    assert replace(bounds, meaning_asked=True).failure(unasked) == "validity: similarity cannot be told"
    assert replace(declared(), meaning_asked=True).failure(unasked) is None


def test_of_a_claim_and_a_bound_the_stricter_holds() -> None:
    assert declared("length", length_ratio=(0.5, 1.05)).length_ratio == (0.9, 1.05)
    assert declared("numbers", numbers=(0.5, None)).numbers == (1.0, None)
    assert declared("code").numbers == OPEN


@pytest.mark.parametrize(
    ("key", "bounds"),
    [
        ("edit_distance", (None, 30)),
        ("chrf", (-1, None)),
        ("chrf", (None, 101)),
        ("length_ratio", (-0.1, None)),
        ("similarity", (None, 1.5)),
        ("numbers", (90, None)),
        ("names", (math.nan, None)),
    ],
)
def test_a_bound_that_no_value_reaches_is_refused(
    key: str, bounds: tuple[float | None, float | None]
) -> None:
    with pytest.raises(PerturbationError, match=rf"validity\.{key}: found .* expected bounds from"):
        declared(**{key: bounds})


def test_every_bound_has_a_field_of_its_name() -> None:
    assert set(BOUNDED) <= {field.name for field in fields(Thresholds)}
