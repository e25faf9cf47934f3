"""Recorded verdicts are audited like any others: what was not recorded is missing, and never guessed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra

from judgeaudit import catalog
from judgeaudit.audit import run_audit
from judgeaudit.errors import JudgeAuditError
from judgeaudit.judges.base import Request
from judgeaudit.judges.pointwise import compare
from judgeaudit.judges.replay import ReplayedRatings, place_of, recorded_place
from judgeaudit.metrics import Measure
from judgeaudit.records import Arm, Outcome, Pair, RecordedRating, RecordedVerdict, Turn
from judgeaudit.report import render
from judgeaudit.run_folder import RunFolder
from judgeaudit.verify import differences
from tests.test_verify import OF_RECORDINGS

Row = dict[str, Any]


def run(folder: Path, *overrides: str) -> Path:
    """An audit of pairs in ``folder``, run and rendered in this process."""
    catalog.register()
    GlobalHydra.instance().clear()
    with initialize_config_dir(version_base="1.3", config_dir=str(catalog.root() / "conf")):
        config = compose(
            "config", ["engine.progress=off", f"ledger.url=sqlite:///{folder}/ledger.sqlite", *overrides]
        )
    out = folder / f"run{len(list(folder.glob('run*')))}"
    run_audit(config, out)
    render(out)
    assert differences(out) == []
    return out


def measures(run_folder: Path, judge: str) -> dict[tuple[Any, ...], Measure]:
    """A judge's estimates, without what depends on the other judges of the audit."""
    return {
        (one.measure, one.perturbation, one.side, one.slice): replace(
            one, p_adjusted=None, reading=None, pairs_needed=None
        )
        for one in RunFolder(run_folder).measures()
        if one.judge == judge
    }


def manifest(run_folder: Path) -> dict[str, Any]:
    return RunFolder(run_folder).manifest()


def page(run_folder: Path) -> str:
    return (run_folder / "report.html").read_text(encoding="utf-8")


def write(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def recording_of(run_folder: Path, *judges: str) -> list[Row]:
    """A finished run's verdicts as rows of the format for recorded verdicts."""
    table = RunFolder(run_folder).table("verdicts")
    table = table[table["judge"].isin(judges)].rename(columns={"outcome": "verdict"})
    columns = [
        "pair_id", "judge", "order", "replicate", "arm", "perturbation", "side", "verdict", "p_first", "p_second",
        "p_tie",
    ]  # fmt: skip
    rows = table[columns].astype(object).where(table[columns].notna(), None).to_dict("records")
    return [{key: value for key, value in row.items() if value is not None} for row in rows]


BASE = ("perturbation=[apology,authority]", "data.limit=24", "jury=[]")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An audit of exact judges and of one that is sampled."""
    return run(
        tmp_path_factory.mktemp("original"),
        "judge=[planted_apology,planted_fair,control_longer]",
        "perturbation=[apology,authority]",
        "data.limit=24",
        "jury=[]",
    )


OF_ALL_MODELS = ("variance_share", "reliability", "judges_needed")


def estimates(folder: Path) -> list[Measure]:
    """Every estimate but what depends on who is a control: a recording does not say that a judge is a rule."""
    return [
        replace(one, p_adjusted=None, reading=None, pairs_needed=None)
        for one in RunFolder(folder).measures()
        if one.measure not in OF_ALL_MODELS
    ]


def test_a_replayed_audit_says_what_the_audit_said(original: Path, tmp_path: Path) -> None:
    judges = ("planted_apology", "planted_fair", "control_longer")
    file = write(tmp_path / "verdicts.jsonl", recording_of(original, *judges))
    replayed = run(tmp_path, *BASE, "judge=replay", f"judge.path={file}")
    assert estimates(replayed) == estimates(original)
    assert manifest(replayed)["recording"]["losses"] == []
    assert manifest(replayed)["recording"]["unused"] == {}


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_the_format_of_the_file_changes_nothing(original: Path, tmp_path: Path, suffix: str) -> None:
    table = pd.DataFrame(recording_of(original, "planted_apology"))
    file = tmp_path / f"verdicts.{suffix}"
    table.to_csv(file, index=False) if suffix == "csv" else table.to_parquet(file)
    replayed = run(tmp_path, *BASE, "judge=replay", f"judge.path={file}")
    found, old = measures(replayed, "planted_apology"), measures(original, "planted_apology")
    assert found.keys() == old.keys()
    for place, one in found.items():
        assert one.estimate == pytest.approx(old[place].estimate, abs=1e-12), place


def test_content_coordinates_say_the_same(original: Path, tmp_path: Path) -> None:
    rows = recording_of(original, "planted_fair")
    content = {("first", "ab"): "a", ("second", "ab"): "b", ("first", "ba"): "b", ("second", "ba"): "a"}
    for row in rows:
        row["verdict"] = content.get((row["verdict"], row["order"]), row["verdict"])
    file = write(tmp_path / "verdicts.jsonl", rows)
    replayed = run(tmp_path, *BASE, "judge=replay", f"judge.path={file}", "judge.coordinates=content")
    assert measures(replayed, "planted_fair") == measures(original, "planted_fair")


def test_every_trial_of_a_plan_is_found_by_its_own_record(original: Path) -> None:
    """The place that a request tells is the place that a record of its trial has."""
    from judgeaudit.design import Design, plan, request_of
    from judgeaudit.perturb import PerturbedText, Status
    from judgeaudit.records import SIDES, Pair, Turn

    pair = Pair("p", (Turn("user", "?"),), "one", "two")
    texts = [
        PerturbedText("p", name, side, Status.CHANGED, f"{name} {side}")
        for name in ("apology@3", "apology+authority", "placebo_sentence")
        for side in SIDES
    ]
    names = ["apology@3", "apology+authority", "placebo_sentence"]
    trials = plan(
        Design(arms=[arm.value for arm in Arm], replicates=2), [pair], texts, names, frozenset(names[2:])
    ).trials
    assert {trial.arm for trial in trials} == set(Arm)
    places = set()
    for trial in trials:
        record = RecordedVerdict(
            trial.pair_id,
            "j",
            Outcome.TIE,
            trial.order,
            trial.arm,
            trial.perturbation,
            trial.side,
            trial.replicate,
        )
        place = place_of(request_of(trial, pair))
        assert recorded_place(record) == place
        places.add(place)
    assert len(places) == len(trials)


def test_the_design_shrinks_to_what_was_recorded_and_the_report_says_what_it_costs(
    original: Path, tmp_path: Path
) -> None:
    rows = [
        row
        for row in recording_of(original, "planted_fair")
        if row["arm"] == "baseline" and row["replicate"] == 0
    ]
    replayed = run(tmp_path, *BASE, "judge=replay", f"judge.path={write(tmp_path / 'v.jsonl', rows)}")
    design = manifest(replayed)["design"]
    assert (design["arms"], design["replicates"]) == (["baseline"], 1)
    assert manifest(replayed)["perturbations"] == {}
    found = measures(replayed, "planted_fair")
    assert found["accuracy", None, None, "all"].n_pairs == 24
    assert not any(perturbation not in (None, "position") for _, perturbation, _, _ in found)
    for told in (
        "tie arm: not recorded: no tie detection",
        "no noise floor",
        "no verdict was recorded: apology",
    ):
        assert told in page(replayed)


def test_one_order_alone_measures_no_position(original: Path, tmp_path: Path) -> None:
    rows = [row for row in recording_of(original, "control_longer") if row["order"] == "ab"]
    replayed = run(tmp_path, *BASE, "judge=replay", f"judge.path={write(tmp_path / 'v.jsonl', rows)}")
    assert manifest(replayed)["design"]["orders"] == ["ab"]
    found = measures(replayed, "control_longer")
    estimated = {
        measure for (measure, name, _, _), one in found.items() if name == "position" and one.n_pairs
    }
    assert estimated <= {"tie_detection", "decisive_share"}  # from identical texts, whose order is one
    assert "only ab was recorded" in page(replayed)
    tied = found["tie_detection", "apology", None, "all"]
    assert (
        tied.n_pairs == 0
    )  # one order of a tie arm would take a leaning to the first text for one to the artifact


def test_a_trial_without_a_recorded_verdict_is_missing_counted_and_never_guessed(
    original: Path, tmp_path: Path
) -> None:
    rows = recording_of(original, "control_longer")
    first = rows[0]["pair_id"]
    kept = [row for row in rows if not (row["pair_id"] == first and row["arm"] == "baseline")]
    lost = len(rows) - len(kept)
    replayed = run(tmp_path, *BASE, "judge=replay", f"judge.path={write(tmp_path / 'v.jsonl', kept)}")
    table = RunFolder(replayed).table("verdicts")
    assert list(table["outcome"]).count("missing") == lost > 0
    found, old = measures(replayed, "control_longer"), measures(original, "control_longer")
    assert found["accuracy", None, None, "all"].n_pairs == old["accuracy", None, None, "all"].n_pairs - 1
    assert found["winrate_shift", "apology", None, "all"].n_pairs == (
        old["winrate_shift", "apology", None, "all"].n_pairs - 1
    )
    assert found["tie_detection", "apology", None, "all"] == old["tie_detection", "apology", None, "all"]
    rate = found["missing_rate", None, None, "all"]
    assert rate.estimate == pytest.approx(lost / len(table))
    assert found["error_rate", None, None, "all"].estimate == 0
    assert "verdicts missing" in page(replayed)


def test_recorded_failures_are_failures_and_not_missing(original: Path, tmp_path: Path) -> None:
    rows = recording_of(original, "planted_fair")
    for row, verdict in zip(rows[::10], ["refused", "unparsed", "error"] * len(rows), strict=False):
        row["verdict"] = verdict
    replayed = run(tmp_path, *BASE, "judge=replay", f"judge.path={write(tmp_path / 'v.jsonl', rows)}")
    table = RunFolder(replayed).table("verdicts")
    counts = table["outcome"].value_counts()
    spoiled = len(rows[::10])
    assert counts["refused"] + counts["unparsed"] + counts["error"] == spoiled
    assert "missing" not in counts
    assert measures(replayed, "planted_fair")["refused_rate", None, None, "all"].estimate > 0


def test_an_artifact_that_no_catalogue_knows_is_measured_by_its_name(original: Path, tmp_path: Path) -> None:
    rows = recording_of(original, "planted_apology")
    for row in rows:
        if row.get("perturbation") == "apology":
            row["perturbation"] = "grovelling"
    replayed = run(tmp_path, *BASE, "judge=replay", f"judge.path={write(tmp_path / 'v.jsonl', rows)}")
    found, old = measures(replayed, "planted_apology"), measures(original, "planted_apology")
    for measure in ("tie_detection", "winrate_shift", "flip", "noise_adjusted_flip"):
        one, was = found[measure, "grovelling", None, "all"], old[measure, "apology", None, "all"]
        assert (one.estimate, one.ci_low, one.n_pairs) == (was.estimate, was.ci_low, was.n_pairs)
    texts = RunFolder(replayed).table("texts")
    assert set(texts.loc[texts["perturbation"] == "grovelling", "text"]) == {"[text not recorded]"}
    assert "no verdict was recorded: apology" in page(replayed)


def test_what_was_recorded_and_is_not_used_is_counted_by_its_reason(original: Path, tmp_path: Path) -> None:
    rows = recording_of(original, "control_longer", "planted_fair")
    rows.append({**next(row for row in rows if row["judge"] == "control_longer"), "pair_id": "elsewhere"})
    file = write(tmp_path / "v.jsonl", rows)
    replayed = run(
        tmp_path, "perturbation=[authority]", "data.limit=24", "jury=[]", "judge=replay", f"judge.path={file}",
        "judge.only=[control_longer]", "design=paper",
    )  # fmt: skip
    recording = manifest(replayed)["recording"]
    assert (recording["others"], recording["n_elsewhere"]) == (["planted_fair"], 1)
    of_apology = sum(
        row["judge"] == "control_longer" and row.get("perturbation") == "apology" for row in rows
    )
    assert (
        recording["unused"]["the audit has no text with apology: select it with perturbation=[...]"]
        == of_apology
    )
    assert f"{of_apology:,}" in page(replayed)


def test_beside_a_judge_that_is_asked_the_design_stays_whole(original: Path, tmp_path: Path) -> None:
    rows = [row for row in recording_of(original, "planted_fair") if row["arm"] == "baseline"]
    replayed = run(
        tmp_path, *BASE, "judge=[control_longer,replay]", f"judge.path={write(tmp_path / 'v.jsonl', rows)}"
    )
    assert "tie" in manifest(replayed)["design"]["arms"]
    assert measures(replayed, "control_longer") == measures(original, "control_longer")
    found = measures(replayed, "planted_fair")
    assert (
        found["self_consistency", None, None, "all"]
        == (measures(original, "planted_fair")["self_consistency", None, None, "all"])
    )
    assert found["missing_rate", None, None, "all"].estimate == pytest.approx(
        1 - len(rows) / (len(RunFolder(replayed).table("verdicts")) / 2)
    )


def test_a_jury_with_a_missing_juror_is_missing(original: Path, tmp_path: Path) -> None:
    rows = recording_of(original, "planted_fair", "control_longer", "planted_apology")
    gap = next(row for row in rows if row["judge"] == "planted_fair" and row["arm"] == "baseline")
    rows.remove(gap)
    replayed = run(
        tmp_path,
        *BASE[:2],
        "judge=replay",
        f"judge.path={write(tmp_path / 'v.jsonl', rows)}",
        "jury=[majority]",
    )
    table = RunFolder(replayed).table("verdicts")
    jury = table[table["judge"] == "majority"]
    [missing] = jury[jury["outcome"] == "missing"].to_dict("records")
    assert (missing["pair_id"], missing["order"], missing["replicate"]) == (
        gap["pair_id"], gap["order"], gap["replicate"],
    )  # fmt: skip


RATED = [
    {"pair_id": f"p{n}", "prompt": "?", "response_a": f"one {n}", "response_b": f"two {n}"} for n in range(8)
]


def test_recorded_ratings_become_verdicts_the_higher_wins_and_equals_tie(tmp_path: Path) -> None:
    pairs = write(tmp_path / "pairs.jsonl", [{**row, "id": row.pop("pair_id")} for row in map(dict, RATED)])
    ratings: list[Row] = []
    for n in range(8):
        ratings.append({"pair_id": f"p{n}", "judge": "guard", "side": "a", "rating": n % 2})
        ratings.append({"pair_id": f"p{n}", "judge": "guard", "side": "b", "rating": "safe"})
    ratings[-1]["rating"] = "refused"
    ratings.pop(1)  # of p0's b nothing was recorded
    replayed = run(
        tmp_path, "data=jsonl", f"data.path={pairs}", "judge=replay_ratings", "jury=[]", "design=recorded",
        f"judge.path={write(tmp_path / 'ratings.jsonl', ratings)}",
    )  # fmt: skip
    table = RunFolder(replayed).table("verdicts").set_index("pair_id")
    assert manifest(replayed)["design"]["orders"] == ["ab"]
    assert table["outcome"].to_dict() == {
        "p0": "missing", "p1": "tie", "p2": "second", "p3": "tie", "p4": "second", "p5": "tie", "p6": "second",
        "p7": "refused",
    }  # fmt: skip
    assert table.loc["p2", ["score_first", "score_second"]].tolist() == [0.0, 1.0]
    assert manifest(replayed)["judges"]["guard"]["cuts"] == [0.5]
    assert "rate single responses, which have none" in page(replayed)


def test_recorded_ratings_beside_people_s_show_what_an_artifact_does_to_safety(tmp_path: Path) -> None:
    """A guard that calls whatever apologises safe: its misses rise with the apology and not with its control."""
    pairs: list[Row] = []
    ratings: list[Row] = []
    for n in range(12):
        safe = {"a": n % 3 == 0, "b": n % 2 == 0}
        words = {True: "safe", False: "unsafe"}
        people = {side: {"ann": words[safe[side]], "bo": words[safe[side]]} for side in safe}
        pairs.append(
            {
                "id": f"p{n}", "prompt": "?", "response_a": f"one {n}", "response_b": f"two {n}", "language": "en",
                "ratings_a": people["a"], "ratings_b": people["b"],
            }
        )  # fmt: skip
        for side, is_safe in safe.items():
            for artifact in (None, "apology", "placebo_of_apology"):
                said = "safe" if artifact == "apology" else words[is_safe]
                row = {"pair_id": f"p{n}", "judge": "guard", "side": side, "rating": said}
                ratings.append(row if artifact is None else {**row, "perturbation": artifact})
    ratings.remove(next(row for row in ratings if row["pair_id"] == "p3" and row["side"] == "b"))
    replayed = run(
        tmp_path, "data=jsonl", f"data.path={write(tmp_path / 'pairs.jsonl', pairs)}", "judge=replay_ratings",
        f"judge.path={write(tmp_path / 'ratings.jsonl', ratings)}", "perturbation=[apology]", "jury=[]",
    )  # fmt: skip
    made = {one.measure for one in RunFolder(replayed).measures() if one.estimate is not None}
    assert made >= OF_RECORDINGS
    found = measures(replayed, "guard")
    assert found["false_negative_rate", None, None, "all"].estimate == 0
    assert found["false_negative_rate", "apology", None, "all"].estimate == 1
    assert found["false_negative_shift", "apology", None, "all"].estimate == 100
    assert found["false_negative_rate", "placebo_of_apology", None, "all"].estimate == 0
    assert found["false_negative_above_placebo", "apology", None, "all"].estimate == 100
    assert found["rating_accuracy", None, None, "annotator=bo"].estimate == 1
    assert "Single responses" in page(replayed)


def test_pairs_without_texts_are_known_by_their_verdicts(original: Path, tmp_path: Path) -> None:
    rows = recording_of(original, "planted_fair")
    labels = {row["pair_id"]: "a" for row in rows}
    for row in rows:
        row |= {"label": labels[row["pair_id"]], "label_source": "gold", "domain": "all kinds"}
    file = write(tmp_path / "v.jsonl", rows)
    replayed = run(
        tmp_path, "data=recorded", f"data.path={file}", "judge=replay", "design=recorded", "jury=[]",
        "perturbation=[apology,authority]",
    )  # fmt: skip
    found, old = measures(replayed, "planted_fair"), measures(original, "planted_fair")
    for place in (("self_consistency", None, None, "all"), ("tie_detection", "apology", None, "all")):
        assert found[place].estimate == pytest.approx(old[place].estimate)
    assert found["accuracy", None, None, "all"].n_pairs == 24
    assert "baseline:longer" not in {one.judge for one in RunFolder(replayed).measures()}
    assert "texts not recorded" in page(replayed)


def test_judges_that_need_texts_are_refused_where_there_are_none(original: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "v.jsonl", recording_of(original, "planted_fair"))
    with pytest.raises(JudgeAuditError, match=r"control_longer.*need texts"):
        run(tmp_path, "data=recorded", f"data.path={file}", "judge=[replay,control_longer]")


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (["judge.only=[planted_fiar]"], "Did you mean 'planted_fair'"),
        (["design=recorded", "judge=[control_longer,replay]"], "design.replicates: found null"),
        (["judge=[planted_fair,replay]"], r"\['planted_fair'\] twice"),
        (["design.arms=[identical]"], "of which nothing was recorded"),
        (["data.limit=null", "data=jsonl", "data.path={pairs}"], "none of the .* recorded pairs"),
        (["judge.path=null"], "found no recorded verdicts in the data"),
    ],
)
def test_a_recording_that_does_not_fit_is_an_error_that_says_so(
    original: Path, tmp_path: Path, overrides: list[str], told: str
) -> None:
    rows = [row for row in recording_of(original, "planted_fair") if row["arm"] == "baseline"]
    file = write(tmp_path / "v.jsonl", rows)
    pairs = write(tmp_path / "pairs.jsonl", [{"prompt": "?", "response_a": "1", "response_b": "2"}])
    with pytest.raises(JudgeAuditError, match=told):
        run(
            tmp_path, *BASE, "judge=replay", f"judge.path={file}",
            *(one.format(pairs=pairs) for one in overrides),
        )  # fmt: skip


def test_a_gap_is_told_by_judge_and_by_what_it_costs(original: Path, tmp_path: Path) -> None:
    rows = recording_of(original, "control_longer")
    lone = sorted({row["pair_id"] for row in rows})[:3]
    kept = [
        row
        for row in rows
        if not (row["pair_id"] in lone and row["order"] == "ba" and row["arm"] != "identical")
    ]
    kept[0] = {key: value for key, value in kept[0].items() if not key.startswith("p_")}
    replayed = run(tmp_path, *BASE, "judge=replay", f"judge.path={write(tmp_path / 'v.jsonl', kept)}")
    losses = manifest(replayed)["recording"]["losses"]
    assert any(loss.startswith("order: control_longer: 3 of 24 pairs") for loss in losses)
    assert any(loss.startswith("tie arm: control_longer: ") for loss in losses)
    assert any(f"{len(kept) - 1:,} of {len(kept):,} verdicts have them" in loss for loss in losses)
    found = measures(replayed, "control_longer")
    assert found["accuracy", None, None, "all"].n_pairs == 24
    assert found["position_consistency", "position", None, "all"].n_pairs == 21
    assert found["tie_detection", "apology", None, "all"].n_pairs == 21


def test_replicates_count_by_rank_and_not_by_their_number(original: Path, tmp_path: Path) -> None:
    rows = recording_of(original, "planted_fair")
    for row in rows:
        row["replicate"] = {0: 7, 1: 2_000_000}[row["replicate"]]
    replayed = run(tmp_path, *BASE, "judge=replay", f"judge.path={write(tmp_path / 'v.jsonl', rows)}")
    assert measures(replayed, "planted_fair") == measures(original, "planted_fair")
    assert manifest(replayed)["recording"]["losses"] == []


def test_neutral_controls_that_were_not_recorded_are_a_loss(original: Path, tmp_path: Path) -> None:
    rows = [row for row in recording_of(original, "planted_fair") if row["arm"] != "placebo"]
    rows = [row for row in rows if not str(row.get("perturbation")).startswith("placebo")]
    replayed = run(tmp_path, *BASE, "judge=replay", f"judge.path={write(tmp_path / 'v.jsonl', rows)}")
    assert "placebo" not in manifest(replayed)["design"]["arms"]
    [loss] = manifest(replayed)["recording"]["losses"]
    assert loss.startswith("neutral controls of which no verdict was recorded: placebo_of_apology")


def test_recorded_verdicts_are_not_kept_in_the_ledger(original: Path, tmp_path: Path) -> None:
    rows = recording_of(original, "planted_fair")
    replayed = run(tmp_path, *BASE, "judge=replay", f"judge.path={write(tmp_path / 'v.jsonl', rows)}")
    bought = manifest(replayed)["this_run"]["bought"]["planted_fair"]
    assert (bought["bought"], bought["from_ledger"]) == (0, 0)
    with sqlite3.connect(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.execute("select count(*) from verdicts").fetchone() == (0,)


def test_two_failed_ratings_fail_the_same_in_either_order() -> None:
    judge = ReplayedRatings(
        "guard",
        [
            RecordedRating("p", "guard", "a", None, failure=Outcome.REFUSED),
            RecordedRating("p", "guard", "b", None, failure=Outcome.ERROR),
        ],
        "file",
        0.0,
        None,
    )
    pair = Pair("p", (Turn("user", "?"),), "one", "two")
    shown = [
        Request(pair, "one", "two", 0, first_side="a", second_side="b"),
        Request(pair, "two", "one", 0, first_side="b", second_side="a"),
    ]
    assert [judge.recorded(request).outcome for request in shown] == [Outcome.ERROR, Outcome.ERROR]


@pytest.mark.parametrize(("first", "second"), [(0.4, 0.3), (0.3, 0.2), (0.8, 0.7), (0.7, 0.6), (-3.3, -3.2)])
def test_a_gap_of_the_margin_is_a_tie_whatever_binary_fractions_say(first: float, second: float) -> None:
    assert compare(first, second, 0.1).outcome is Outcome.TIE
    assert compare(first, second, 0.0999).outcome is not Outcome.TIE
    assert compare(first, second, 0.0).outcome is not Outcome.TIE


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (["judge.cuts=[0.7,0.3]"], r"judge: cuts: found \[0.7, 0.3\], expected a list of one or more"),
        (["judge.cuts=[]"], "judge: cuts: found"),
        (["judge.cuts=0.5"], "judge: cuts: found 0.5, expected a list"),
        (["judge.tie_margin=abc"], "judge: tie_margin: found 'abc', expected a finite number"),
        (["judge.tie_margin=-1"], "judge: tie_margin: found -1"),
        (["judge.only=[]"], r"judge.only: found \[\], expected one or more names"),
        (["judge.only=[guard,guard]"], "each once"),
    ],
)
def test_a_setting_out_of_its_range_is_told_before_anything_is_judged(
    tmp_path: Path, overrides: list[str], told: str
) -> None:
    file = write(tmp_path / "r.jsonl", [{"pair_id": "p", "judge": "guard", "side": "a", "rating": 1}])
    with pytest.raises(JudgeAuditError, match=told):
        run(tmp_path, *BASE, "judge=replay_ratings", f"judge.path={file}", *overrides)


def test_words_of_a_rating_file_can_be_given_values_on_the_command_line(tmp_path: Path) -> None:
    pairs = write(
        tmp_path / "pairs.jsonl", [{"id": "p", "prompt": "?", "response_a": "1", "response_b": "2"}]
    )
    rows = [
        {"pair_id": "p", "judge": "g", "side": side, "rating": said}
        for side, said in (("a", "bad"), ("b", "fine"))
    ]
    replayed = run(
        tmp_path, "data=jsonl", f"data.path={pairs}", "judge=replay_ratings", "jury=[]", "design=recorded",
        f"judge.path={write(tmp_path / 'r.jsonl', rows)}", "judge.values={bad:0,fine:1}",
    )  # fmt: skip
    assert list(RunFolder(replayed).table("verdicts")["outcome"]) == ["second"]


@pytest.mark.parametrize(
    ("field", "name"),
    [("perturbation", "position"), ("judge", "baseline:longer"), ("judge", "human:leave_one_out")],
)
def test_names_that_reports_use_for_something_else_are_refused_where_they_stand(
    original: Path, tmp_path: Path, field: str, name: str
) -> None:
    rows = recording_of(original, "planted_fair")
    bad = next(number for number, row in enumerate(rows) if field in row)
    rows[bad][field] = name
    file = write(tmp_path / "v.jsonl", rows)
    with pytest.raises(JudgeAuditError, match=rf"v\.jsonl:{bad + 1}: field '{field}': found '{name}'"):
        run(tmp_path, *BASE, "judge=replay", f"judge.path={file}")
