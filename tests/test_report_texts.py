"""A report says what the perturbations did to the texts, and what people said of them."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from judgeaudit.cli import main
from judgeaudit.errors import ReviewError, RunFolderError
from judgeaudit.report import render
from judgeaudit.report.recipe import TableSpec
from judgeaudit.report.run import Run, read_run
from judgeaudit.report.table import Table
from judgeaudit.report.tables import build
from judgeaudit.review import ReviewText, sample, store, write_sheet
from judgeaudit.run_folder import RunFolder
from judgeaudit.verify import differences

COMMAND = Path(sys.executable).with_name("judgeaudit")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small audit of two perturbations; some texts have nothing in them for one of the two."""
    here = tmp_path_factory.mktemp("texts")
    done = subprocess.run(
        [
            COMMAND, "run", "hydra.run.dir=run", "engine.progress=off", "data.limit=8", "analysis.slices=[]",
            "judge=[planted_fair]", "jury=[]", "perturbation=[apology,typos]", "design.replicates=1",
            "design.arms=[baseline,injected]", "analysis.resamples=100", "report.figures=[]",
        ],
        capture_output=True, text=True, cwd=here,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return here / "run"


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished, tmp_path / "run")


def review_texts(run: Path) -> list[ReviewText]:
    folder = RunFolder(run)
    pairs = folder.table("pairs").set_index("pair_id")
    texts = folder.table("texts")
    changed = texts[texts["status"] == "changed"]
    return [
        ReviewText(one.pair_id, one.perturbation, one.side, pairs.at[one.pair_id, "prompt"],
                   pairs.at[one.pair_id, f"response_{one.side}"], one.text)
        for one in changed.itertuples()
    ]  # fmt: skip


def a_sheet(run: Path, path: Path, answers: Callable[[int, dict[str, str]], dict[str, str]]) -> Path:
    """A rater's sheet of twelve texts of the run, filled in."""
    write_sheet(path, sample(review_texts(run), 0, 12))
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | answers(place, row) for place, row in enumerate(rows))
    return path


def content(place: int, row: dict[str, str]) -> dict[str, str]:
    return {"same_meaning": "yes", "fluent_1": "4", "fluent_2": "4"}


def grumbling(place: int, row: dict[str, str]) -> dict[str, str]:
    return {} if place == 0 else {"same_meaning": "no", "fluent_1": "3", "fluent_2": "3", "comment": "hm"}


def table(run: Run, kind: str) -> Table | None:
    [spec] = [one for one in run.recipe.tables if one.kind == kind]
    assert isinstance(spec, TableSpec)
    return build(run, spec)


def long_rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["perturbation"]: row for row in csv.DictReader(file)}


def edit_texts(run: Path, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    change(pd.read_parquet(run / "texts.parquet")).to_parquet(run / "texts.parquet", index=False)


def edit_review(run: Path, change: Callable[[Any], None]) -> None:
    found = json.loads((run / "review.json").read_text(encoding="utf-8"))
    change(found)
    (run / "review.json").write_text(json.dumps(found), encoding="utf-8")


def test_every_report_says_what_became_of_the_texts(finished: Path) -> None:
    texts = pd.read_parquet(finished / "texts.parquet")
    found = long_rows(finished / "tables" / "validity.csv")
    assert list(found) == ["apology", "typos"]
    for name, row in found.items():
        own = texts[texts["perturbation"] == name]
        for status in ("changed", "unchanged", "not_applicable", "failed", "invalid"):
            assert int(row[status]) == (own["status"] == status).sum()
        changed = own[own["status"] == "changed"]
        assert float(row["median_length_ratio"]) == changed["length_ratio"].median()
        assert float(row["median_chrf"]) == changed["chrf"].median()
        assert int(row["negations_texts_with_any"]) == changed["negations_kept"].notna().sum()
        assert row["mean_similarity"] == ""
    assert "Validity of the perturbed texts" in (finished / "report.html").read_text(encoding="utf-8")


def test_similarity_has_a_column_where_the_meaning_was_checked(run: Path) -> None:
    without = table(read_run(run), "validity")
    edit_texts(run, lambda texts: texts.assign(similarity=0.9))
    found = table(read_run(run), "validity")
    assert found is not None
    assert without is not None
    assert [head.name for head in found.heads][len(without.heads) :] == ["Similarity"]
    assert {row.cells[-1].text for row in found.rows} == {"0.90"}
    assert all(len(row.cells) == len(found.heads) for row in (*found.rows,))
    assert all(len(row.cells) == len(without.heads) for row in (*without.rows,))


def test_an_invalid_text_is_counted_and_moves_no_median(run: Path) -> None:
    before = long_rows(run / "tables" / "validity.csv")["apology"]

    def spoil(texts: pd.DataFrame) -> pd.DataFrame:
        row = texts.index[texts["perturbation"] == "apology"][0]
        texts.loc[row, ["status", "length_ratio"]] = ["invalid", 99.0]
        return texts

    edit_texts(run, spoil)
    render(run)
    after = long_rows(run / "tables" / "validity.csv")["apology"]
    assert (int(after["invalid"]), int(after["changed"])) == (1, int(before["changed"]) - 1)
    assert float(after["median_length_ratio"]) < 2


def test_a_run_without_ratings_has_no_table_of_them(finished: Path) -> None:
    assert table(read_run(finished), "review") is None
    assert not (finished / "tables" / "review.csv").exists()
    assert "Human review" not in (finished / "report.html").read_text(encoding="utf-8")


def test_ratings_are_stored_with_the_run_and_shown_in_its_report(run: Path, tmp_path: Path) -> None:
    sheets = [a_sheet(run, tmp_path / "one.csv", content), a_sheet(run, tmp_path / "two.csv", grumbling)]
    with pytest.raises(SystemExit) as stopped:
        main(["report", str(run), *(word for sheet in sheets for word in ("--reviewed", str(sheet)))])
    assert stopped.value.code == 0
    found = long_rows(run / "tables" / "review.csv")
    assert list(found) == ["apology", "typos"]
    assert sum(int(row["n_ratings"]) for row in found.values()) == 23
    assert sum(int(row["n_not_rated"]) for row in found.values()) == 1
    assert sum(int(row["n_comments"]) for row in found.values()) == 11
    assert sum(int(row["n_texts_shared"]) for row in found.values()) == 11
    assert {row["raters_agree"] for row in found.values()} == {"0.0"}
    whole = next(row for row in found.values() if row["n_not_rated"] == "0")
    assert float(whole["same_meaning"]) == 0.5
    assert (float(whole["fluency_original"]), float(whole["fluency_difference"])) == (3.5, 0.0)
    page = (run / "report.html").read_text(encoding="utf-8")
    assert "Human review of the perturbed texts" in page
    assert "2 raters. On the 11 texts that several rated, 0.0 % of the pairs of ratings agree" in page


def test_a_run_with_ratings_verifies_and_one_with_edited_ratings_does_not(run: Path, tmp_path: Path) -> None:
    store(run, [a_sheet(run, tmp_path / "one.csv", content)])
    render(run)
    assert differences(run) == []
    edit_review(run, lambda found: found["perturbations"]["apology"][0].update(same_meaning="no"))
    lines = differences(run)
    assert any(line.startswith("tables/review.csv: line 2") for line in lines)
    (run / "review.json").unlink()
    assert any(
        line.startswith("tables/review.csv: published, but the report has no such")
        for line in differences(run)
    )


def test_later_sheets_take_the_place_of_earlier_ones(run: Path, tmp_path: Path) -> None:
    store(run, [a_sheet(run, tmp_path / "one.csv", content), a_sheet(run, tmp_path / "two.csv", grumbling)])
    store(run, [tmp_path / "one.csv"])
    review = read_run(run).review
    assert review is not None
    assert review.n_raters == 1
    assert {one.same_meaning for one in review.ratings} == {"yes"}


def test_ratings_of_other_texts_are_refused_and_nothing_is_stored(run: Path, tmp_path: Path) -> None:
    sheet = a_sheet(run, tmp_path / "one.csv", content)
    edit_texts(run, lambda texts: texts.assign(text=texts["text"] + "!"))
    with pytest.raises(ReviewError, match="found 12 of 12 items that are not of these texts"):
        store(run, [sheet])
    assert not (run / "review.json").exists()


def test_a_text_that_is_not_judged_is_not_reviewed(run: Path, tmp_path: Path) -> None:
    sheet = a_sheet(run, tmp_path / "one.csv", content)
    edit_texts(run, lambda texts: texts.assign(status="invalid"))
    with pytest.raises(ReviewError, match="found 12 of 12 items"):
        store(run, [sheet])


@pytest.mark.parametrize("field", ["item", "pair_id", "side"])
def test_a_stored_rating_that_is_of_no_text_of_the_run_is_told(field: str, run: Path, tmp_path: Path) -> None:
    store(run, [a_sheet(run, tmp_path / "one.csv", content)])

    def forge(found: Any) -> None:
        entry = found["perturbations"]["apology"][0]
        entry[field] = ("b" if entry["side"] == "a" else "a") if field == "side" else "another"

    edit_review(run, forge)
    with pytest.raises(
        RunFolderError, match=r"review\.json: found a rating of .* expected only ratings of the texts"
    ):
        read_run(run)


def test_a_text_changed_after_it_was_rated_is_found(run: Path, tmp_path: Path) -> None:
    store(run, [a_sheet(run, tmp_path / "one.csv", content)])
    edit_texts(run, lambda texts: texts.assign(text=texts["text"] + "!"))
    with pytest.raises(RunFolderError, match="a text was changed"):
        read_run(run)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("no json", "found what cannot be read"),
        ("[]", "expected an object"),
        ('{"n_raters": 1, "perturbations": {"apology": [{"rater": 1}]}}', r"perturbations\.apology\[0\]: found no"),
    ],
)  # fmt: skip
def test_a_damaged_file_of_ratings_is_told_with_its_place(content: str, said: str, run: Path) -> None:
    (run / "review.json").write_text(content, encoding="utf-8")
    with pytest.raises(RunFolderError, match=rf"review\.json: .*{said}"):
        read_run(run)


@pytest.mark.parametrize(
    ("field", "value"),
    [("same_meaning", "maybe"), ("fluent_original", 6), ("fluent_perturbed", "5"), ("side", "c")],
)
def test_a_stored_answer_that_cannot_be_given_is_told(
    field: str, value: object, run: Path, tmp_path: Path
) -> None:
    store(run, [a_sheet(run, tmp_path / "one.csv", content)])
    edit_review(run, lambda found: found["perturbations"]["apology"][0].update({field: value}))
    with pytest.raises(RunFolderError, match=field):
        read_run(run)


def test_sheets_are_of_one_run(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["report", str(run), str(run), "--reviewed", "sheet.csv"])
    assert stopped.value.code == 2
    assert "expected that of one run" in capsys.readouterr().err


def test_a_hostile_comment_reaches_no_page(run: Path, tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>"
    store(run, [a_sheet(run, tmp_path / "one.csv", lambda *_: {"same_meaning": "no", "comment": hostile})])
    render(run)
    assert hostile not in (run / "report.html").read_text(encoding="utf-8")
