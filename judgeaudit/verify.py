"""Does what a run publishes follow from its verdicts? Make everything again that can be made again, and compare.

Bought are the verdicts, and given are the pairs and their perturbed texts; from them follow the trials, what was
left out, the juries' verdicts, every estimate, planted judges' truths, and from those the tables and the page.
Figures are not drawn again: their files differ between versions of the library that draws them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from judgeaudit import __version__, metrics
from judgeaudit.corpora.corpus import shown
from judgeaudit.design import Exclusion
from judgeaudit.errors import ConfigurationError, RunFolderError
from judgeaudit.metrics import Measure, Settings
from judgeaudit.metrics.yardsticks import LONGER, REFUSAL
from judgeaudit.planted_truth import Truth
from judgeaudit.report import render_undrawn, wording
from judgeaudit.report.charts import FORMATS
from judgeaudit.run_again import (
    juries_again,
    plan_again,
    same,
    stages_again,
    stopping_again,
    trials_of,
    truths_again,
)
from judgeaudit.run_folder import RunFolder, subjects_of, text_facts

SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
TABLE_SUFFIXES = (".csv", ".md", ".tex")
SHOWN_BEFORE, SHOWN_AFTER = 15, 45
"""Characters around the first difference of two lines that a message shows."""


OF_LENGTHS = ("odds_ratio", "preference_steps")
"""Measures that rest on how long the perturbed texts are."""


def differences(path: Path) -> list[str]:
    """One line for each thing that the run publishes and that does not follow, naming its file; empty for none.

    Raises:
        RunFolderError: ``path`` is no folder of a finished run, or its manifest, pairs, verdicts or metrics
            cannot be read.
    """
    folder = RunFolder(path)
    manifest = folder.manifest()
    pairs, verdicts = folder.table("pairs"), folder.table("verdicts")
    measures, truths = folder.measures(), folder.truths()

    def planned() -> Iterator[str]:
        plan = plan_again(manifest, pairs, folder.table("texts"))
        yield from _of_counts(manifest, pairs, verdicts, len(plan.trials))
        yield from _of_exclusions(manifest, [_record(one) for one in plan.exclusions])
        yield from _of_trials(manifest, verdicts, trials_of(plan.trials))
        fresh = {
            (one.judge, one.measure, one.perturbation): one for one in truths_again(manifest, plan, pairs)
        }
        old = {(one.judge, one.measure, one.perturbation): one for one in truths}
        yield from _compared("metrics.json: truth of ", "the planted judges", old, fresh, _record)

    lines = [
        *_of_measures(measures, manifest, pairs, _texts(folder), verdicts, path),
        *_unless_unreadable(lambda: juries_again(manifest, verdicts)),
        *_unless_unreadable(lambda: stopping_again(manifest, pairs, verdicts)),
        *_unless_unreadable(planned),
        *_unless_unreadable(lambda: _of_report(folder, manifest)),
    ]
    return [wording.clean(line) for line in lines]


def _texts(folder: RunFolder) -> pd.DataFrame | None:
    """The perturbed texts; None where they cannot be read, which another check says."""
    try:
        return folder.table("texts")
    except RunFolderError:
        return None


def _record(one: Truth | Exclusion) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in fields(one)}


def _unless_unreadable(check: Callable[[], Iterator[str]]) -> list[str]:
    """A check's lines; where a file that only this check needs cannot be read, that is its line."""
    try:
        return list(check())
    except (RunFolderError, ConfigurationError) as error:
        return [str(error)]


def _of_measures(
    published: tuple[Measure, ...],
    manifest: dict[str, Any],
    pairs: pd.DataFrame,
    texts: pd.DataFrame | None,
    verdicts: pd.DataFrame,
    path: Path,
) -> list[str]:
    """The estimates; without the texts' lengths those that need none."""
    try:
        settings = Settings(**manifest["analysis"])
        recomputed = metrics.measure(
            verdicts,
            pairs,
            settings,
            subjects_of(manifest),
            stages_again(manifest, pairs),
            None if texts is None else text_facts(texts),
        )
    except (ValueError, ConfigurationError) as error:
        raise RunFolderError(
            f"{path}: pairs.parquet, verdicts.parquet and manifest.json do not fit together: {error}"
        ) from error
    old, fresh = (
        {_place(one): one for one in measures if texts is not None or not _rests_on_texts(one)}
        for measures in (published, recomputed)
    )
    return list(_compared("metrics.json: ", "the verdicts", old, fresh, Measure.to_dict))


def _rests_on_texts(one: Measure) -> bool:
    """Whether it depends on how long the perturbed texts are, or how they open."""
    is_rule = one.judge in (LONGER, REFUSAL) and one.perturbation is not None
    return one.measure in OF_LENGTHS or is_rule


def _compared(
    lead: str,
    source: str,
    old: dict[Any, Any],
    fresh: dict[Any, Any],
    record: Callable[[Any], dict[str, Any]],
) -> Iterator[str]:
    """One line for each record, and field of a record, that is not the same."""
    for place in sorted(old.keys() | fresh.keys(), key=_words):
        if place not in fresh:
            yield f"{lead}{_words(place)}: published, but does not follow from {source}"
        elif place not in old:
            yield f"{lead}{_words(place)}: follows from {source}, but is not published"
        else:
            was, now = record(old[place]), record(fresh[place])
            yield from (
                f"{lead}{_words(place)}: {field} is published as {was[field]}, {source} give {now[field]}"
                for field in was
                if not same(was[field], now[field])
            )


def _place(measure: Measure) -> tuple[str | None, ...]:
    return (measure.measure, measure.judge, measure.perturbation, measure.side, measure.slice)


def _words(place: tuple[str | None, ...]) -> str:
    return " / ".join(str(part) for part in place if part is not None)


def _of_counts(
    manifest: dict[str, Any], pairs: pd.DataFrame, verdicts: pd.DataFrame, n_trials: int
) -> Iterator[str]:
    keys = verdicts.groupby("judge")["key"].nunique()
    expected = {
        "n_trials": (manifest["n_trials"], n_trials),
        "corpus.n_pairs": (manifest["corpus"]["n_pairs"], len(pairs)),
        "corpus.label_sources": (manifest["corpus"]["label_sources"], sorted(set(pairs["label_source"]))),
        **{
            f"judges.{name}.n_keys": (one["n_keys"], int(keys.get(name, 0)))
            for name, one in manifest["judges"].items()
        },
    }
    for place, (found, counted) in expected.items():
        if found != counted:
            yield f"manifest.json: {place} is published as {found}, the tables give {counted}"


def _of_exclusions(manifest: dict[str, Any], fresh: list[dict[str, Any]]) -> Iterator[str]:
    def by_cause(records: list[dict[str, Any]]) -> dict[tuple[str, ...], dict[str, Any]]:
        return {(one["perturbation"], str(one["status"]), one["reason"]): one for one in records}

    yield from _compared(
        "manifest.json: exclusion ", "the texts", by_cause(manifest["exclusions"]), by_cause(fresh), dict
    )


def _of_trials(manifest: dict[str, Any], verdicts: pd.DataFrame, planned: pd.Index[Any]) -> Iterator[str]:
    """Every judge and jury has one row for each trial of the design, and nobody else has any."""
    by_judge = {str(name): rows for name, rows in verdicts.groupby("judge", sort=False)}
    for name in (*manifest["judges"], *manifest["juries"]):
        rows = by_judge.pop(name, None)
        found = planned[:0] if rows is None else trials_of(rows)
        missing, further = len(planned.difference(found)), len(found.difference(planned))
        if missing or further or len(found) != len(planned):
            yield (
                f"verdicts.parquet: {name}: {len(found):,} rows for the design's {len(planned):,} trials; "
                f"{missing:,} trials have no row, {further:,} rows are of no trial"
            )
    for name in by_judge:
        yield f"verdicts.parquet: {name}: has rows, but manifest.json has no such judge or jury"


def _of_report(folder: RunFolder, manifest: dict[str, Any]) -> Iterator[str]:
    """What is rendered again, byte for byte but for the figures inside the page."""
    written_by = manifest["versions"].get("judgeaudit")
    other = (
        "" if written_by == __version__ else f" (written by judgeaudit {written_by}, this is {__version__})"
    )
    with TemporaryDirectory() as name:
        again = Path(name)
        rendered = render_undrawn(folder.path, again)
        fresh = {file.relative_to(again) for file in again.rglob("*") if file.is_file()}
        tables = (folder.path / "tables").glob("*")
        published = {file.relative_to(folder.path) for file in tables if file.suffix in TABLE_SUFFIXES}
        for file in sorted(fresh | published):
            if file not in fresh:
                yield f"{file.as_posix()}: published, but the report has no such table{other}"
            elif not (folder.path / file).is_file():
                yield f"{file.as_posix()}: missing; judgeaudit report writes it again"
            elif where := _first_difference(_text(folder.path / file), _text(again / file)):
                yield f"{file.as_posix()}: {where}{other}"
    for figure in rendered.figures:
        for suffix in FORMATS:
            if not (folder.path / "figures" / f"{figure}.{suffix}").is_file():
                yield f"figures/{figure}.{suffix}: missing; judgeaudit report draws it again"


def _text(file: Path) -> list[str]:
    text = file.read_bytes().decode("utf-8", errors="backslashreplace")
    if file.suffix != ".html":
        return text.split("\n")
    return [line for line in SVG.sub("", text).split("\n") if line.strip()]


def _first_difference(old: list[str], fresh: list[str]) -> str | None:
    for number, (was, now) in enumerate(zip_longest(old, fresh), start=1):
        if was == now:
            continue
        if was is None or now is None:
            return f"{len(old):,} lines published, {len(fresh):,} rendered again"
        at = next(
            (i for i, (one, two) in enumerate(zip(was, now, strict=False)) if one != two),
            min(len(was), len(now)),
        )
        start, end = max(0, at - SHOWN_BEFORE), at + SHOWN_AFTER
        return f"line {number:,}: published {shown(was[start:end])}, rendered again {shown(now[start:end])}"
    return None
