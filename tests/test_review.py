"""People's ratings of perturbed texts: a blinded sample, a sheet there and back, and what it adds up to."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from judgeaudit.errors import ReviewError
from judgeaudit.records import SIDES, Side
from judgeaudit.review import (
    Rating,
    ReviewText,
    Shown,
    agreement,
    items,
    read_sheets,
    sample,
    summaries,
    write_sheet,
)
from judgeaudit.review.sample import LEAST_EACH
from judgeaudit.review.sheet import COLUMNS, FORMULA, guarded, restored


def texts(names: Sequence[str] = ("apology", "typos"), n_pairs: int = 30) -> list[ReviewText]:
    return [
        ReviewText(f"p{n}", name, side, f"question {n}", f"answer {n} {side}", f"{name} of answer {n} {side}")
        for name in names
        for n in range(n_pairs)
        for side in SIDES
    ]


def test_a_sample_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert sample(texts(), 0) == sample(texts(), 0)
    assert {one.item for one in sample(texts(), 0)} != {one.item for one in sample(texts(), 1)}


@pytest.mark.parametrize(("size", "each"), [(50, 25), (10, 5), (1, LEAST_EACH)])
def test_every_perturbation_has_the_same_share_and_a_few_at_least(size: int, each: int) -> None:
    found = Counter(one.text.perturbation for one in sample(texts(), 0, size))
    assert found == {"apology": each, "typos": each}


def test_what_one_perturbation_has_too_few_of_the_others_make_up() -> None:
    few = texts(("typos",), n_pairs=2)
    found = Counter(one.text.perturbation for one in sample([*few, *texts(("apology",))], 0, 20))
    assert found == {"typos": 4, "apology": 16}


def test_all_texts_are_the_sample_where_there_are_fewer() -> None:
    assert len(sample(texts(n_pairs=3), 0, 50)) == 12
    assert sample([], 0, 50) == []


def test_no_response_comes_back_while_another_pair_is_left() -> None:
    found = sample(texts(("a", "b", "c"), n_pairs=60), 3, 60)
    assert len({one.text.pair_id for one in found}) == 60


def test_each_response_is_shown_once_while_there_is_one_that_was_not() -> None:
    found = sample(texts(("a", "b"), n_pairs=20), 3, 40)
    assert len({(one.text.pair_id, one.text.side) for one in found}) == 40


def test_both_orders_and_both_sides_and_all_places_of_a_sheet_occur() -> None:
    found = sample(texts(n_pairs=100), 0, 100)
    assert 30 < sum(one.original_first for one in found) < 70
    assert 30 < sum(one.text.side == "a" for one in found) < 70
    by_turns = sum(one.text.perturbation != two.text.perturbation for one, two in pairwise(found))
    assert 30 < by_turns < 70


ONE = ReviewText("p", "apology", "a", "?", "yes", "sorry, yes")


@pytest.mark.parametrize(
    "other",
    [
        Shown(ReviewText("q", "apology", "a", "?", "yes", "sorry, yes"), True),
        Shown(ReviewText("p", "halo", "a", "?", "yes", "sorry, yes"), True),
        Shown(ReviewText("p", "apology", "b", "?", "yes", "sorry, yes"), True),
        Shown(ReviewText("p", "apology", "a", "?", "no", "sorry, yes"), True),
        Shown(ReviewText("p", "apology", "a", "?", "yes", "sorry, no"), True),
        Shown(ONE, False),
    ],
)
def test_an_item_names_one_text_in_one_order(other: Shown) -> None:
    assert Shown(ONE, True).item != other.item
    assert (
        Shown(ONE, True).item
        == Shown(ReviewText("p", "apology", "a", "else", "yes", "sorry, yes"), True).item
    )


def test_an_item_is_nothing_that_a_spreadsheet_takes_for_a_number() -> None:
    assert all(one.startswith("text-") for one in items(texts()))
    assert len(items(texts())) == 2 * len(texts())


@given(st.text(max_size=30))
def test_a_guarded_cell_gives_its_text_back_and_is_no_formula(text: str) -> None:
    assert restored(guarded(text)) == text
    assert guarded(text).lstrip(" ")[:1] not in tuple(FORMULA)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r\n=1", "  =1", "'=1", "''", "＝1"])
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "1-2", "“quoted”", "{=1}", "it's", " a"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def filled(path: Path, answer: Callable[[int, dict[str, str]], dict[str, str]], **dialect: str) -> Path:
    """The sheet as a rater returns it: the answers put into each row."""
    rows = rows_of(path)
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n", **dialect)  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(row | answer(place, row) for place, row in enumerate(rows))
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    return path


FORMULAS = [
    ReviewText("p", "apology", "a", "=1+1", '-yes,\n"so"; it is', "+sorry\r\n=2"),
    ReviewText("q", "typos", "b", "@x", "\tplain", "'quoted"),
]


def test_a_sheet_tells_neither_perturbation_nor_side_nor_which_text_is_which(tmp_path: Path) -> None:
    write_sheet(tmp_path / "s.csv", sample(texts(("secret",), n_pairs=2), 0))
    found = rows_of(tmp_path / "s.csv")
    assert tuple(found[0]) == COLUMNS
    for row in found:
        assert not any(row[name] for name in ("same_meaning", "fluent_1", "fluent_2", "comment"))
        assert "secret" not in row["item"] + row["prompt"]
        assert {row["text_1"], row["text_2"]} in [{one.original, one.perturbed} for one in texts(("secret",))]


def test_a_sheet_survives_being_written_and_read(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    write_sheet(path, [Shown(FORMULAS[0], True), Shown(FORMULAS[1], False)])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    first, second = rows_of(path)
    assert (first["prompt"], first["text_1"], first["text_2"]) == (
        "'=1+1", "'-yes,\n\"so\"; it is", "'+sorry\r\n=2",
    )  # fmt: skip
    assert (second["text_1"], second["text_2"]) == ("''quoted", "'\tplain")
    [sheet] = read_sheets([path], items(FORMULAS))
    assert [(one.pair_id, one.rated) for one in sheet.ratings] == [("p", False), ("q", False)]


def test_a_rater_s_work_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("hours of work", encoding="utf-8")
    with pytest.raises(ReviewError, match="may hold a rater's work"):
        write_sheet(path, sample(texts(), 0))
    assert path.read_text(encoding="utf-8") == "hours of work"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.csv"
    write_sheet(path, sample(texts(n_pairs=5), 0, 6))
    return path


KNOWN = items(texts(n_pairs=5))


def test_fluency_goes_to_the_text_that_it_was_given_to(sheet: Path) -> None:
    def answer(place: int, row: dict[str, str]) -> dict[str, str]:
        first = KNOWN[row["item"]].original_first
        return {"same_meaning": " Yes ", "fluent_1": "5" if first else "2.0", "fluent_2": "2" if first else "5",
                "comment": "'=odd" if place == 0 else " "}  # fmt: skip

    [found] = read_sheets([filled(sheet, answer)], KNOWN)
    assert {(one.same_meaning, one.fluent_original, one.fluent_perturbed) for one in found.ratings} == {
        ("yes", 5, 2)
    }
    assert [one.comment for one in found.ratings] == ["=odd"] + [None] * 5


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_sheets_saved_in_any_country_are_read(delimiter: str, sheet: Path) -> None:
    path = filled(sheet, lambda *_: {"same_meaning": "no"}, delimiter=delimiter)
    [found] = read_sheets([path], KNOWN)
    assert [one.same_meaning for one in found.ratings] == ["no"] * 6


def test_columns_may_be_in_another_order_and_rows_in_any(sheet: Path) -> None:
    rows = rows_of(sheet)[::-1]
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS[::-1])
    writer.writeheader()
    writer.writerows(row | {"same_meaning": "unsure"} for row in rows)
    sheet.write_text(out.getvalue() + ",,,,,,,\r\n\r\n", encoding="utf-8", newline="")
    [found] = read_sheets([sheet], KNOWN)
    assert [one.item for one in found.ratings] == [row["item"] for row in rows]
    assert {one.same_meaning for one in found.ratings} == {"unsure"}


def test_blank_rows_are_counted_as_not_rated_and_a_comment_is_no_rating(sheet: Path) -> None:
    path = filled(sheet, lambda place, _: {"comment": "?"} if place == 0 else {})
    [found] = read_sheets([path], KNOWN)
    assert not any(one.rated for one in found.ratings)
    assert sum(one.n_not_rated for one in summaries(found.ratings, ("apology", "typos"), 0.95)) == 6


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"same_meaning": "maybe"}, r"sheet\.csv:2: field 'same_meaning': found 'maybe', expected yes, no, unsure or"),
        ({"fluent_1": "6"}, r"sheet\.csv:2: field 'fluent_1': found '6', expected 1, 2, 3, 4, 5 or nothing"),
        ({"fluent_2": "2.5"}, r"sheet\.csv:2: field 'fluent_2': found '2\.5'"),
        ({"same_meaning": "1.0"}, r"sheet\.csv:2: field 'same_meaning'"),
        ({"text_1": "moved", "text_2": "cells"}, r"sheet\.csv:2: field 'text_1': found 'moved', .* sorted alone"),
        ({"item": "text-0"}, r"found 1 of 6 items that are not of these texts: 'text-0' \(line 2\)"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_with_file_line_and_column(
    answer: dict[str, str], said: str, sheet: Path
) -> None:
    path = filled(sheet, lambda place, _: answer if place == 0 else {})
    with pytest.raises(ReviewError, match=said):
        read_sheets([path], KNOWN)


def test_all_wrong_fields_are_told_at_once(sheet: Path) -> None:
    with pytest.raises(ReviewError) as refused:
        read_sheets([filled(sheet, lambda *_: {"fluent_1": "9", "fluent_2": "x"})], KNOWN)
    assert len(str(refused.value).splitlines()) == 12


def test_one_text_that_a_spreadsheet_changed_is_forgiven(sheet: Path) -> None:
    path = filled(sheet, lambda *_: {"text_1": "2. Jan", "same_meaning": "no"})
    [found] = read_sheets([path], KNOWN)
    assert len(found.ratings) == 6


def test_line_breaks_and_long_ends_that_a_spreadsheet_changed_are_forgiven(tmp_path: Path) -> None:
    long = ReviewText("p", "apology", "a", "?", "yes\nand\n" + "more " * 9_000, "sorry\n\n" + "more " * 9_000)
    path = tmp_path / "s.csv"
    write_sheet(path, [Shown(long, True)])
    cut = filled(
        path, lambda _, row: {name: row[name][:32_767].replace("\n", "\r\n") for name in ("text_1", "text_2")}
    )
    [found] = read_sheets([cut], items([long]))
    assert len(found.ratings) == 1


def test_an_item_that_comes_twice_is_named(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    sheet.write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    with pytest.raises(ReviewError, match=r"again \(first in line 2\)"):
        read_sheets([sheet], KNOWN)


def test_texts_of_another_seed_or_version_are_not_these(sheet: Path) -> None:
    other = [
        ReviewText(t.pair_id, t.perturbation, t.side, t.prompt, t.original, f"{t.perturbed}!")
        for t in texts()
    ]
    with pytest.raises(ReviewError, match=r"found 6 of 6 items .* Expected a sheet of the same pairs"):
        read_sheets([sheet], items(other))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "field 'item': found the columns ''"),
        (b"item,prompt\n", "field 'text_1'"),
        ((",".join((*COLUMNS, "mine")) + "\n").encode(), "field 'mine': .* put remarks into comment"),
        ((",".join((*COLUMNS, "item")) + "\n").encode(), "field 'item'"),
        ((",".join(COLUMNS) + "\n").encode("utf-16"), "CSV UTF-8"),
        ((",".join(COLUMNS) + "\ncaf\xe9").encode("latin-1"), "CSV UTF-8"),
        ((",".join(COLUMNS) + '\n"x').encode(), r":2: found broken quoting"),
        ((",".join(COLUMNS) + "\n" + "x," * 9 + "x\n").encode(), r":2: found 10 cells, expected 8"),
    ],
)
def test_a_file_that_is_no_sheet_is_told_so(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(content)
    with pytest.raises(ReviewError, match=said):
        read_sheets([path], KNOWN)


def test_a_missing_file_and_one_given_twice_are_told(sheet: Path) -> None:
    with pytest.raises(ReviewError, match="found no file there"):
        read_sheets([sheet.with_name("absent.csv")], KNOWN)
    with pytest.raises(ReviewError, match="expected one file a rater"):
        read_sheets([sheet, sheet.parent / "." / sheet.name], KNOWN)


def rating(
    pair: str,
    same: str | None,
    scores: tuple[int | None, int | None] = (None, None),
    *,
    rater: int = 1,
    side: Side = "a",
) -> Rating:
    return Rating(rater, f"text-{pair}", pair, "apology", side, same, *scores, None)  # type: ignore[arg-type]


def test_the_share_of_the_same_meaning_has_wilson_s_interval() -> None:
    ratings = [rating(str(n), "yes" if n < 8 else "unsure" if n < 9 else "no") for n in range(10)]
    [found] = summaries(ratings, ["apology"], 0.95)
    assert found.same_meaning == 0.8
    assert found.meaning == {"yes": 8, "no": 1, "unsure": 1}
    z, n, p = float(norm.ppf(0.975)), 10, 0.8
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    assert found.same_meaning_interval is not None
    assert (found.same_meaning_interval.low, found.same_meaning_interval.high) == pytest.approx(
        (centre - half, centre + half)
    )


def test_many_raters_of_one_text_weigh_no_more_than_one_rater_of_another() -> None:
    ratings = [rating("p", "no", (5, 1), rater=n) for n in range(1, 9)] + [rating("q", "yes", (4, 4))]
    [found] = summaries(ratings, ["apology"], 0.95)
    assert (found.n_texts, found.n_ratings) == (2, 9)
    assert found.same_meaning == 0.5
    assert found.fluency_difference == -2.0
    few = summaries([rating("p", "no"), rating("q", "yes")], ["apology"], 0.95)[0]
    assert found.same_meaning_interval == few.same_meaning_interval


def test_both_sides_of_a_pair_are_one_unit() -> None:
    ratings = [rating("p", "no"), rating("p", "yes", side="b"), rating("q", "yes")]
    [found] = summaries(ratings, ["apology"], 0.95)
    assert found.same_meaning == 0.75
    more = summaries([*ratings, rating("p", "no", rater=2), rating("p", "no", rater=3)], ["apology"], 0.95)
    assert more[0].same_meaning == 0.75


def test_fluency_is_compared_only_where_both_texts_were_rated() -> None:
    ratings = [rating("p", None, (5, 4)), rating("q", None, (3, 3)), rating("r", None, (1, None))]
    [found] = summaries(ratings, ["apology"], 0.95)
    assert (found.fluency_original, found.fluency_perturbed, found.fluency_difference) == (4.0, 3.5, -0.5)
    assert found.fluency_interval is not None
    assert found.fluency_interval.low < -0.5 < found.fluency_interval.high
    assert found.same_meaning is None
    assert found.same_meaning_interval is None
    assert found.n_texts == 3


def test_a_perturbation_without_a_row_has_no_summary_and_one_rating_no_interval_of_a_mean() -> None:
    found = summaries([rating("p", "yes", (5, 4))], ["halo", "apology"], 0.95)
    assert [one.perturbation for one in found] == ["apology"]
    assert found[0].fluency_interval is None
    assert found[0].same_meaning == 1.0


def test_raters_agree_as_krippendorff_counts_it() -> None:
    # Two raters, four texts, one disagreement; a fifth text has one rating and says nothing about agreement.
    said = [("yes", "yes"), ("yes", "yes"), ("no", "no"), ("yes", "no")]
    ratings = [
        rating(str(n), answer, rater=r)
        for n, pair in enumerate(said)
        for r, answer in enumerate(pair, start=1)
    ]
    found = agreement([*ratings, rating("alone", "unsure")])
    assert found.n_texts == 4
    assert found.share == 0.75
    # alpha = 1 - (n - 1) * (observed disagreements) / (product of margins), over n = 8 values: 5 yes, 3 no.
    assert found.alpha == pytest.approx(1 - 7 * 2 / (2 * 5 * 3))


def test_agreement_is_undefined_where_nobody_could_disagree() -> None:
    same = agreement([rating("p", "yes"), rating("p", "yes", rater=2)])
    assert (same.n_texts, same.share, same.alpha) == (1, 1.0, None)
    assert agreement([rating("p", "yes")]).share is None
