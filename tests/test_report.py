"""A report is the same for the same run, shows what was estimated, and lets no text out of its cell."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import fields
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from judgeaudit.errors import RunFolderError
from judgeaudit.metrics import Measure
from judgeaudit.planted_truth import Truth
from judgeaudit.report import findings, render
from judgeaudit.report.latex import tex
from judgeaudit.report.matrix import combined
from judgeaudit.report.run import read_run
from judgeaudit.report.wording import number, short_names
from judgeaudit.stats import Reading
from tests.test_report_run import a_manifest, a_measure, a_recipe, full_measures, write_run

NAMES = ("alice", "bob")
HOSTILE = (
    "<script>alert(1)</script>",
    "{{7*7}}{% raw %}",
    r"$\alpha_{x}$ \input{/etc/passwd} & % # ^ ~",
    "[a](javascript:x) | `b` *c* _d_",
    "法官 قاضٍ 🧑‍⚖️ \u202eevil",
    "* leading star",
    "<!-- x -->]]>",
)
"""Judges' names that would mean something to HTML, Jinja, LaTeX, mathtext or Markdown."""


def a_run(folder: Path, **manifest: Any) -> Path:
    """A run with two judges, a jury, a baseline, planted truths, an exclusion and a failure."""
    about = a_manifest(
        NAMES,
        ("apology", "halo"),
        controls=("coin",),
        juries={"both": NAMES},
        placebos=("neutral",),
        **manifest,
    )
    about["exclusions"] = [
        {
            "perturbation": "halo",
            "status": "unchanged",
            "reason": "nothing in the text to change",
            "n_texts": 3,
        }
    ]
    judges = (*NAMES, "both", "coin")
    truths = [
        Truth("alice", "tie_detection", "apology", "points", -25.0),
        Truth("alice", "tie_detection", "halo", "points", 50.0),
    ]
    outcomes = {name: ["first"] * 99 + ["refused"] for name in judges}
    measures = full_measures(judges, ("apology", "halo", "neutral"))
    return write_run(folder, measures, about, truths=truths, outcomes=outcomes)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = a_run(tmp_path_factory.mktemp("report") / "run")
    assert render(folder).path == folder / "report.html"
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose names, descriptions and notices are all attacks."""
    text = "<img src=x onerror=alert(1)> {{7*7}} <script>alert(2)</script>"
    manifest = a_manifest(
        {name: {"description": text} for name in HOSTILE},
        (HOSTILE[0], HOSTILE[2]),
        juries={"{{8*8}}": HOSTILE[:2]},
    )
    manifest |= {"description": text}
    manifest["corpus"] |= {
        "name": "<script>{{7*7}}",
        "source": text,
        "skipped": [text],
        "left_out": {text: 1},
    }
    measures = full_measures((*HOSTILE, "{{8*8}}"), (HOSTILE[0], HOSTILE[2]))
    recipe = a_recipe()
    recipe["figures"] = recipe["figures"][:1]
    folder = write_run(tmp_path_factory.mktemp("hostile") / "run", measures, manifest, report=recipe)
    render(folder)
    return folder


class Page(HTMLParser):
    """What a browser would make of a page: its elements, their attributes and its text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        style = next(word for word in self.words if ":root" in word)
        return " ".join(word for word in self.words if word is not style)


def without_figures() -> dict[str, Any]:
    """The shipped recipe, for tests that look at tables alone."""
    return a_recipe() | {"figures": []}


def digests(folder: Path) -> dict[str, str]:
    files = [
        folder / "report.html",
        *sorted((folder / "tables").iterdir()),
        *sorted((folder / "figures").iterdir()),
    ]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_the_same_run_gives_the_same_bytes_wherever_and_whenever_it_ran(
    rendered: Path, tmp_path: Path
) -> None:
    later = {
        "started": "2031-12-31T00:00:00+00:00",
        "seconds": 99.0,
        "ledger": "elsewhere.sqlite",
        "bought": {},
    }
    again = a_run(tmp_path / "another place", this_run=later)
    render(again)
    assert digests(again) == digests(rendered)


def test_every_table_and_figure_of_the_recipe_is_written_in_every_format(rendered: Path) -> None:
    recipe = a_recipe()
    # The run has no human review, no failure, of the optional tables' measures accuracy alone, and no second dose.
    shown = [
        one
        for one in recipe["tables"]
        if one["kind"] not in ("review", "cases")
        and (not one.get("optional") or "accuracy" in one["measures"])
    ]
    tables = {f"{one['name']}.{suffix}" for one in shown for suffix in ("csv", "md", "tex")}
    drawn = [one["name"] for one in recipe["figures"] if one["kind"] != "doses"]
    figures = {f"{name}.{suffix}" for name in drawn for suffix in ("svg", "pdf", "png")}
    assert {file.name for file in (rendered / "tables").iterdir()} == tables
    assert {file.name for file in (rendered / "figures").iterdir()} == figures


def test_the_first_screen_says_what_was_audited_and_found(rendered: Path) -> None:
    text = " ".join(Page(rendered / "report.html").text.split())
    start = text[: text.index("Contents") if "Contents" in text else text.index("Methods")]
    for words in ("120 pairs", "constructed labels", "3 judges", "1 jury", "2 artifacts", "margin ±5 points"):
        assert words in start
    run = read_run(rendered)
    assert all(finding in start for finding in findings(run.measures, run.manifest))
    assert {"sensitive", "robust", "inconclusive"} & set(start.split())


def test_no_raw_number_or_missing_value_is_printed(rendered: Path) -> None:
    text = Page(rendered / "report.html").text
    assert not re.search(r"\b(None|nan|NaN|null|undefined)\b", text)
    assert not re.search(r"\d\.\d{3,}", re.sub(r"\d+\.\d+\.\d+|2503\.09347", "", text))
    for file in (rendered / "tables").glob("*.md"):
        assert not re.search(r"\b(None|nan)\b|\d\.\d{3,}", file.read_text(encoding="utf-8"))


def test_tables_have_scoped_headings_and_figures_have_words(rendered: Path) -> None:
    page = Page(rendered / "report.html")
    assert all(attributes.get("scope") for tag, attributes in page.elements if tag == "th")
    figures = [attributes for tag, attributes in page.elements if tag == "svg"]
    assert len(figures) == len([one for one in a_recipe()["figures"] if one["kind"] != "doses"])
    assert all(one["role"] == "img" and one["aria-label"] for one in figures)
    ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    assert len(ids) == len(set(ids))


def test_texts_are_shown_and_never_run(hostile: Path) -> None:
    page = Page(hostile / "report.html")
    assert not [tag for tag, _ in page.elements if tag in ("script", "img", "b-", "iframe", "object")]
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    for words in ("<script>alert(2)</script>", "{{7*7}}", "{{8*8}}", HOSTILE[2]):
        assert words in page.text
    assert "\u202e" not in page.text


def test_figures_of_hostile_names_are_well_formed_and_hold_the_names_as_they_are(hostile: Path) -> None:
    for file in (hostile / "figures").glob("*.svg"):
        words = {element.text for element in ET.parse(file).iter() if element.text}
        assert "<script>alert(1)</script>" in words
        assert "{{7*7}}{% raw %}" in words


def test_a_dollar_sign_in_a_name_is_no_formula(tmp_path: Path) -> None:
    name = r"$\frac{x}{0$"
    recipe = a_recipe()
    recipe["figures"] = recipe["figures"][:1]
    folder = write_run(tmp_path, full_measures((name,), ("apology",)), a_manifest((name,)), report=recipe)
    render(folder)
    words = {element.text for element in ET.parse(folder / "figures" / "tie_detection.svg").iter()}
    assert name in words


def test_markdown_shows_names_as_they_are(hostile: Path) -> None:
    for file in (hostile / "tables").glob("*.md"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"(?<!\\)<", text)
        assert not re.search(r"(?<!\\)\]\(", text)
        tables = [line for line in text.splitlines() if line.startswith("| ")]
        pipes = {len(re.findall(r"(?<!\\)\|", line)) for line in tables}
        assert len(pipes) <= 1


@pytest.mark.parametrize("which", ["rendered", "hostile"])
def test_latex_compiles(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if shutil.which("pdflatex") is None:
        pytest.skip("no pdflatex on PATH")
    folder: Path = request.getfixturevalue(which)
    names = sorted(file.stem for file in (folder / "tables").glob("*.tex"))
    for name in names:
        shutil.copy(folder / "tables" / f"{name}.tex", tmp_path)
    body = "\n".join(f"\\input{{{name}}}\\clearpage" for name in names)
    (tmp_path / "all.tex").write_text(
        "\\documentclass{article}\\usepackage{booktabs,longtable}\\begin{document}\n"
        + body
        + "\n\\end{document}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "all.tex"],
        cwd=tmp_path, capture_output=True, text=True, errors="replace",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-1500:]
    assert "root:" not in done.stdout


def test_latex_keeps_what_it_can_print_and_names_what_it_cannot() -> None:
    assert tex("a&b_c 50 % {x}") == r"a\&b\_c 50 \% \{x\}"
    assert tex("é [1] 中") == "é {[}1{]} {[}U+4E2D{]}"


def read_measures(file: Path) -> Iterator[Measure]:
    """Measures back from a table's CSV."""
    numbers = {"n_pairs": int, "n_verdicts": int, "pairs_needed": int}
    words = {"measure", "judge", "perturbation", "side", "slice", "unit", "ci_method", "reading"}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            values: dict[str, Any] = {}
            for field in fields(Measure):
                text = row[field.name]
                values[field.name] = (
                    None
                    if text == ""
                    else text
                    if field.name in words
                    else numbers.get(field.name, float)(text)
                )
            yield Measure(**values)


def test_a_table_csv_gives_the_estimates_back_digit_for_digit(tmp_path: Path) -> None:
    third = a_measure("tie_detection", 'a,"b"', "apology", 100 / 3, pairs_needed=12345)
    sides = [
        a_measure("tie_detection", 'a,"b"', "apology", 0.1 + 0.2, side="a"),
        a_measure("tie_detection", "c", None),
    ]
    folder = write_run(tmp_path, [third, *sides], a_manifest(('a,"b"', "c")), report=without_figures())
    render(folder)
    assert list(read_measures(folder / "tables" / "tie_detection.csv")) == [third, *sides]


def test_an_empty_cell_is_a_dash_with_its_reason(tmp_path: Path) -> None:
    manifest = a_manifest(artifacts=("apology", "dialect", "halo"), labels=("none",))
    manifest["design"]["arms"] = ["baseline", "injected"]
    manifest["exclusions"] = [
        {"perturbation": "dialect", "status": "not_applicable", "reason": "no such language", "n_texts": 240}
    ]
    empty = a_measure("winrate_shift", "alice", "halo", None, n_pairs=0, n_verdicts=0)
    folder = write_run(
        tmp_path,
        [a_measure("winrate_shift", "alice", "apology", 1.0), empty],
        manifest,
        report=without_figures(),
    )
    render(folder)
    ties = (folder / "tables" / "tie_detection.md").read_text(encoding="utf-8")
    shifts = (folder / "tables" / "winrate_shift.md").read_text(encoding="utf-8")
    agreement = (folder / "tables" / "agreement.md").read_text(encoding="utf-8")
    assert "| alice | — (a) | — (b) | — (a) |" in ties
    assert "(a) the design has no tie arm" in ties
    assert "(b) no text carries this artifact: no such language" in ties
    assert "(b) no pair has all the verdicts that it needs" in shifts
    assert "the pairs carry no labels" in agreement


def test_a_judge_whose_every_verdict_failed_is_in_the_report(tmp_path: Path) -> None:
    measures = [
        a_measure("tie_detection", "alice", "apology", None, n_pairs=0),
        a_measure("error_rate", "alice", None, 1.0),
    ]
    folder = write_run(
        tmp_path, measures, a_manifest(), outcomes={"alice": ["error"] * 8}, report=without_figures()
    )
    render(folder)
    assert "every one failed" in (folder / "tables" / "tie_detection.md").read_text(encoding="utf-8")
    assert "| judging | alice: verdicts error |" in (folder / "tables" / "left_out.md").read_text(
        encoding="utf-8"
    )
    assert "no estimate" in Page(folder / "report.html").text


def test_planted_truths_stand_beside_estimates(rendered: Path) -> None:
    with (rendered / "tables" / "planted.csv").open(encoding="utf-8", newline="") as lines:
        rows = [(row["truth"], row["estimate"], row["truth_inside"]) for row in csv.DictReader(lines)]
    assert rows == [("-25.0", "-25.0", "True"), ("50.0", "-12.0", "False")]
    text = (rendered / "tables" / "planted.md").read_text(encoding="utf-8")
    assert "1 of 2 intervals hold the truth" in text
    assert text.count("(outside)") == 1


def test_a_run_without_juries_or_planted_judges_has_no_such_tables(tmp_path: Path) -> None:
    folder = write_run(
        tmp_path, full_measures(("alice",), ("apology",)), a_manifest(), report=without_figures()
    )
    render(folder)
    assert not {"juries.csv", "planted.csv"} & {file.name for file in (folder / "tables").iterdir()}


def test_a_recipe_can_ask_for_a_panel_for_each_domain(tmp_path: Path) -> None:
    recipe = a_recipe()
    recipe["tables"] = [recipe["tables"][0] | {"name": "by_domain", "slice_by": "domain"}]
    recipe["figures"] = []
    measures = [
        a_measure("tie_detection", "alice", "apology", value, slice=f"domain={name}")
        for name, value in (("toxicity", 3.0), ("<b>|x", -4.0))
    ]
    folder = write_run(tmp_path, measures, a_manifest(), report=recipe)
    render(folder)
    text = (folder / "tables" / "by_domain.md").read_text(encoding="utf-8")
    assert (
        text.index("domain=toxicity")
        < text.index("+3.0")
        < text.index("domain=&lt;b&gt;\\|x")
        < text.index("−4.0")
    )


@pytest.mark.parametrize(("n_judges", "n_artifacts"), [(1, 1), (12, 7)])
def test_a_figure_grows_with_what_it_shows(n_judges: int, n_artifacts: int, tmp_path: Path) -> None:
    judges = [f"a-judge-with-a-long-name-{n}-instruct" for n in range(n_judges)]
    artifacts = [f"artifact_{n}" for n in range(n_artifacts)]
    recipe = a_recipe()
    recipe["figures"] = recipe["figures"][:1]
    folder = write_run(
        tmp_path, full_measures(judges, artifacts), a_manifest(judges, artifacts), report=recipe
    )
    render(folder)
    root = ET.parse(folder / "figures" / "tie_detection.svg").getroot()
    width, height = (float(value) for value in root.attrib["viewBox"].split()[2:])
    assert width < 560
    assert height > 11 * n_judges * (1 if n_artifacts == 1 else 2)
    words = [element.text or "" for element in root.iter() if element.tag.endswith("text")]
    assert {"apology", "artifact_0"} & set(words) or "artifact_0" in words
    assert len([word for word in words if word.startswith("a-judge")]) >= n_judges


def test_a_report_of_no_run_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match=r"found no manifest\.json"):
        render(tmp_path)


@pytest.mark.parametrize(
    ("value", "unit", "signed", "text"),
    [
        (54.249, "points", True, "+54.2"),
        (-54.25, "points", True, "−54.2"),
        (-0.04, "points", True, "0.0"),
        (0.8125, "proportion", False, "81.2"),
        (1 / 3, "coefficient", False, "0.33"),
        (-0.001, "coefficient", False, "0.00"),
    ],
)
def test_numbers_are_short_signed_where_0_is_the_ideal_and_never_minus_0(
    value: float, unit: str, signed: bool, text: str
) -> None:
    assert number(value, unit, signed=signed) == text


def test_long_names_are_cut_in_the_middle_and_stay_distinct() -> None:
    names = ("vendor/model-70b-instruct-2024-01-01", "vendor/model-70b-instruct-2024-99-01", "short")
    short = short_names(names, 20)
    assert short["short"] == "short"
    assert len(set(short.values())) == 3
    assert short[names[0]].startswith("vendor/mo")


def test_a_cell_of_the_matrix_is_robust_only_where_every_measure_is() -> None:
    assert combined([Reading.ROBUST, Reading.ROBUST]) is Reading.ROBUST
    assert combined([Reading.ROBUST, Reading.INCONCLUSIVE]) is Reading.INCONCLUSIVE
    assert combined([Reading.ROBUST, Reading.SENSITIVE]) is Reading.SENSITIVE
    assert combined([]) is None


@pytest.mark.parametrize("which", ["rendered", "hostile"])
def test_a_browser_asks_for_nothing_and_reports_nothing(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    browser = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    if browser is None:
        pytest.skip("no chromium on PATH")
    page: Path = request.getfixturevalue(which) / "report.html"
    log = tmp_path / "net.json"
    done = subprocess.run(
        [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
            "--disable-component-update", "--no-first-run", f"--user-data-dir={tmp_path / 'profile'}",
            "--enable-logging=stderr", "--log-level=0", f"--log-net-log={log}", "--dump-dom", page.as_uri(),
        ],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert "<h1>" in done.stdout
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []
    events = json.loads(log.read_text(encoding="utf-8"))["events"]
    asked = [one["params"] for one in events if "initiator" in one.get("params", {})]
    # The browser's own requests have no page for an initiator.
    assert [one["url"] for one in asked if one["initiator"] != "not an origin"] == []
