"""The page on dialects shows the features that the varieties have now, and how strong a shift is can be counted."""

from __future__ import annotations

from pathlib import Path
from random import Random
from types import ModuleType

import pytest

from judgeaudit.perturb import TextContext
from judgeaudit.perturb.dialect import DialectShift, Feature, Variety, dialect, page, rule, varieties
from judgeaudit.perturb.dialect.page import MARK, feature_tables, put_between
from judgeaudit.records import Pair, Turn
from tests.benchmark_scripts import benchmark_script

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "dialects.md"


def test_the_page_holds_the_tables_as_the_rules_are_now() -> None:
    if not PAGE.is_file():
        pytest.skip("docs/dialects.md is not in this installation")
    text = PAGE.read_text(encoding="utf-8")
    message = "write them anew: python -m judgeaudit.perturb.dialect.page docs/dialects.md"
    assert put_between(text, MARK, feature_tables()) == text, message


def test_the_examples_on_the_page_are_what_the_rules_make() -> None:
    if not PAGE.is_file():
        pytest.skip("docs/dialects.md is not in this installation")
    rows = (
        PAGE.read_text(encoding="utf-8")
        .partition("| before | after `dialect_aae` |\n")[2]
        .partition("\n\n")[0]
    )
    examples = [row.strip("| ").split(" | ") for row in rows.splitlines()[1:]]
    assert len(examples) >= 3
    every = dialect("aae", features=[each.number for each in dialect("aae").variety.features])
    for before, after in examples:
        assert (
            every(before, TextContext(Pair("p", (Turn("user", "q"),), before, ""), "a"), Random(0)) == after
        )


@pytest.mark.parametrize("name", varieties())
def test_every_feature_of_every_variety_has_a_row_with_its_rules(name: str) -> None:
    variety = dialect(name).variety
    table = feature_tables().partition(f"### {variety.title}\n")[2].partition("\n### ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][2:]
    assert len(rows) == len(variety.features)
    for row, feature in zip(rows, variety.features, strict=True):
        assert row.startswith(f"| {feature.number} | {feature.rating} | ")
    assert sum(row.split(" | ")[3].count("; ") + 1 for row in rows) == len(variety.rules)


def test_marks_of_markdown_in_a_name_are_shown_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = Variety("odd", "Odd", None, (rule(Feature(1, "a|b *c*", "A"), "x_y", "one", "two"),))
    monkeypatch.setattr(page, "varieties", lambda: ("odd",))
    monkeypatch.setattr(page, "dialect", lambda name: DialectShift(odd))
    assert r"| 1 | A | a\|b \*c\* | x\_y |" in feature_tables()


def test_text_outside_the_marks_stays_and_what_was_between_them_goes() -> None:
    new = put_between("before\n<!-- x -->\nold\n<!-- /x -->\nafter\n", "x", "new")
    assert new == "before\n<!-- x -->\n\nnew\n\n<!-- /x -->\nafter\n"
    assert put_between(new, "x", "new") == new


@pytest.mark.parametrize(
    "text", ["", "<!-- x -->", "<!-- /x -->", "<!-- /x --> <!-- x -->", "<!-- y --><!-- /y -->"]
)
def test_a_page_without_both_marks_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="<!-- x -->"):
        put_between(text, "x", "new")


def test_the_command_prints_the_tables_or_writes_them_into_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page.main([])
    assert capsys.readouterr().out == feature_tables() + "\n"
    path = tmp_path / "page.md"
    path.write_text("<!-- features --><!-- /features -->", encoding="utf-8")
    page.main([str(path)])
    assert feature_tables() in path.read_text(encoding="utf-8")


@pytest.fixture
def benchmark() -> ModuleType:
    return benchmark_script("dialects")


def shift(rating: str) -> DialectShift:
    return DialectShift(Variety("v", "V", None, (rule(Feature(1, "f", rating), "r", "ax", "b"),)))  # type: ignore[arg-type]


def test_strength_counts_sites_per_hundred_words_and_responses(benchmark: ModuleType) -> None:
    found = benchmark.strength(shift("A"), ["ax ax one two", "one two three four five six"])
    assert (found.sites, found.reworded, found.eligible, found.changed) == (20.0, 20.0, 0.5, 0.5)


def test_a_rare_feature_rewords_fewer_sites_than_it_has(benchmark: ModuleType) -> None:
    found = benchmark.strength(shift("C"), ["ax one"] * 1000)
    assert found.sites == 50.0
    assert found.eligible == 1.0
    assert found.changed == pytest.approx(0.3, abs=0.03)
    assert found.reworded == pytest.approx(100 * found.changed / 2)


def test_the_page_has_a_row_for_the_strength_of_every_variety(benchmark: ModuleType) -> None:
    if not PAGE.is_file():
        pytest.skip("docs/dialects.md is not in this installation")
    between = (
        PAGE.read_text(encoding="utf-8").partition("<!-- strength -->")[2].partition("<!-- /strength -->")[0]
    )
    for name in varieties():
        assert f"| `{name}` | built-in corpus ({len(benchmark.corpora()['built-in corpus'])}) |" in between


def test_the_table_has_a_row_for_each_shift_and_corpus(benchmark: ModuleType) -> None:
    table = benchmark.table({"v": shift("A")}, {"one": ["ax"], "other": ["b"]})
    assert table.splitlines()[2:] == [
        "| `v` | one (1) | 100.0 | 100.0 | 100 % | 100 % |",
        "| `v` | other (1) | 0.0 | 0.0 | 0 % | 0 % |",
    ]
