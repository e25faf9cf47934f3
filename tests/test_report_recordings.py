"""What a report says of recorded verdicts is so: missing is told, every empty cell has its own judge's reason."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from judgeaudit.corpora import read_builtin, read_jsonl
from judgeaudit.corpora.recorded import read_recorded
from judgeaudit.metrics import Measure
from judgeaudit.records import NOT_RECORDED, Outcome
from judgeaudit.report import findings
from judgeaudit.report.absence import column_absent, why_absent
from judgeaudit.report.cautions import cautions
from judgeaudit.report.gaps import Failures, Gaps, Recorded, Unscored
from judgeaudit.report.left_out import left_out_rows
from judgeaudit.report.run import Run, read_run
from judgeaudit.report.table import Long
from judgeaudit.report.write import long_csv
from tests.test_replay import page, recording_of, run, write
from tests.test_report_run import a_manifest, a_measure, write_run

FOREIGN = "=1+1"
"""A judge's name that a spreadsheet would compute."""


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of one judge one order and replicate is recorded, of one each pair in one order, of one no authority."""
    here = tmp_path_factory.mktemp("replayed")
    original = run(
        here, "judge=[planted_apology,control_coin,control_longer]", "perturbation=[apology,authority]",
        "data.limit=12", "jury=[]",
    )  # fmt: skip
    rows = recording_of(original, "planted_apology", "control_coin", "control_longer")
    ids = sorted({row["pair_id"] for row in rows})
    kept = []
    for row in rows:
        if row["judge"] == "control_longer" and (row["order"] != "ab" or row["replicate"]):
            continue
        own_order = ("ab", "ba")[ids.index(row["pair_id"]) % 2]
        if row["judge"] == "control_coin" and row["arm"] != "identical" and row["order"] != own_order:
            continue
        if row["judge"] == "planted_apology" and row.get("perturbation") == "authority":
            continue
        if row["judge"] != "planted_apology":
            row = {key: value for key, value in row.items() if not key.startswith("p_")}
        kept.append({**row, "judge": FOREIGN if row["judge"] == "control_coin" else row["judge"]})
    return run(
        here, "perturbation=[apology,authority]", "data.limit=12", "jury=[majority]", "judge=replay",
        f"judge.path={write(here / 'verdicts.jsonl', kept)}",
    )  # fmt: skip


@pytest.fixture(scope="module")
def read(replayed: Path) -> Run:
    return read_run(replayed)


BOTH = "no pair was recorded in both orders"
TIE = "tie detection needs both orders of a pair, and"


@pytest.mark.parametrize(
    ("measure", "judge", "cause", "why"),
    [
        ("winrate_shift", "control_longer", "position", f"of this judge {BOTH}"),
        ("flip", FOREIGN, "position", f"of this judge {BOTH}"),
        ("position_consistency", FOREIGN, "position", f"of this judge {BOTH}"),
        ("winrate_shift", "majority", "position", f"of all its jurors together {BOTH}"),
        ("tie_detection", "control_longer", "apology", f"{TIE} only ab was recorded of this judge"),
        ("tie_detection", FOREIGN, "apology", f"{TIE} of this judge none was recorded in both"),
        ("winrate_shift", "planted_apology", "authority", "nothing with this artifact was recorded of this judge"),
        ("accuracy", "planted_apology", "authority", "nothing with this artifact was recorded of this judge"),
        ("tie_detection", "majority", "authority",
         "nothing with this artifact was recorded of all its jurors together"),
        ("self_consistency", "control_longer", None, "no replicates were recorded of this judge"),
        ("noise_floor", "control_longer", "apology", "no replicates were recorded of this judge"),
    ],
)  # fmt: skip
def test_an_empty_cell_says_what_was_not_recorded_of_its_own_judge(
    read: Run, measure: str, judge: str, cause: str | None, why: str
) -> None:
    found = read.cell(measure, judge, cause)
    assert found is None or found.estimate is None
    assert why_absent(read, measure, judge, cause, found, "all") == why


def test_a_judge_recorded_in_both_orders_has_its_effect_of_position_beside_the_others(read: Run) -> None:
    found = read.cell("winrate_shift", "planted_apology", "position")
    assert found is not None
    assert found.estimate is not None


def test_no_table_says_not_defined_of_what_was_not_recorded(replayed: Path) -> None:
    for name in ("winrate_shift", "juries", "agreement"):
        text = (replayed / "tables" / f"{name}.md").read_text(encoding="utf-8")
        assert "not defined for position" not in text
        assert "not defined here" not in text
        assert f"of this judge {BOTH}" in text


def a_replay(folder: Path, arms: Mapping[str, list[str]], design: Mapping[str, Any]) -> Run:
    """A run of recordings: the verdicts of each judge, ``arm order outcome`` each, on one pair."""
    import pandas as pd

    rows = [
        {
            "judge": judge, "outcome": outcome, "pair_id": "p", "arm": arm, "order": order, "replicate": 0,
            "perturbation": None if arm in ("baseline", "identical") else "apology", "side": None,
            "score_first": None, "score_second": None,
        }
        for judge, said in arms.items()
        for arm, order, outcome in map(str.split, said)
    ]  # fmt: skip
    manifest = a_manifest(tuple(arms), recording=a_recording(tuple(arms)))
    manifest["design"] |= design
    return read_run(write_run(folder, [], manifest, verdicts=pd.DataFrame(rows)))


def a_recording(judges: tuple[str, ...]) -> dict[str, Any]:
    return {
        "source": "v.jsonl", "sha256": None, "judges": list(judges), "others": [], "skipped": [], "notices": [],
        "n_elsewhere": 0, "n_pairs_elsewhere": 0, "losses": [], "unused": {},
    }  # fmt: skip


def test_an_arm_of_which_nothing_was_recorded_is_named(tmp_path: Path) -> None:
    said = ["baseline ab first", "baseline ba missing", "injected ab missing", "tie ab first", "tie ba tie",
            "identical ab missing"]  # fmt: skip
    found = a_replay(tmp_path, {"alice": said, "bob": ["baseline ab missing"]}, {})

    def why(measure: str, judge: str, cause: str | None) -> str:
        return why_absent(found, measure, judge, cause, None, "all")

    assert why("flip", "alice", "apology") == (
        "nothing of the injected arm with this artifact was recorded of this judge"
    )
    assert why("tie_detection", "alice", "position") == (
        "nothing of the identical arm was recorded of this judge"
    )
    assert why("accuracy", "bob", None) == "nothing was recorded of this judge"


def test_both_orders_of_another_arm_tell_nothing_of_position(tmp_path: Path) -> None:
    said = ["baseline ab first", "baseline ba missing", "injected ab first", "injected ba second"]
    found = a_replay(tmp_path, {"alice": said}, {})
    assert why_absent(found, "winrate_shift", "alice", "position", None, "all") == f"of this judge {BOTH}"


def test_a_column_without_a_value_is_told_of_all_judges(tmp_path: Path) -> None:
    one_order = ["baseline ab first", "baseline ba missing"]
    found = a_replay(tmp_path, {"alice": one_order, "bob": one_order}, {})
    assert column_absent(found, "position_consistency") == BOTH


def test_a_design_of_one_order_says_so(tmp_path: Path) -> None:
    found = a_replay(tmp_path, {"alice": ["baseline ab first"]}, {"orders": ["ab"]})
    assert why_absent(found, "winrate_shift", "alice", "position", None, "all") == (
        "the design has the order ab alone"
    )


RATES = [a_measure(name, "alice", None, 0.0) for name in ("refused_rate", "unparsed_rate", "error_rate")]


def one_of(measures: list[Measure], manifest: dict[str, Any], gaps: Gaps, word: str) -> str:
    return next((one for one in findings(measures, manifest, gaps) if word in one), "")


def test_missing_verdicts_are_neither_verdicts_nor_failures() -> None:
    manifest = a_manifest(("alice", "bob"), labels=("none",))
    gaps = Gaps(
        missing=(Failures("alice", Outcome.MISSING, 3, 40), Failures("bob", Outcome.MISSING, 40, 40)),
    )
    assert one_of(RATES, manifest, gaps, "missing") == (
        "Nothing was refused, unparsed or in error, but not every verdict was recorded: missing are 40 of 40 of bob "
        "and 3 of 40 of alice, which are neither verdicts nor failures."
    )
    assert one_of([], manifest, gaps, "missing").startswith("Not one verdict was recorded: missing are ")
    assert one_of(RATES, manifest, Gaps(), "Every judge gave a verdict in every trial")


def test_failures_stand_beside_what_is_missing() -> None:
    failed = [*RATES[:2], a_measure("error_rate", "alice", None, 0.25)]
    gaps = Gaps(missing=(Failures("alice", Outcome.MISSING, 3, 40),))
    told = one_of(failed, a_manifest(labels=("none",)), gaps, "gave no verdict")
    assert told == (
        "alice gave no verdict in 25.0 % of its recorded trials; these are counted and never scored. Not every verdict "
        "was recorded: missing are 3 of 40 of alice, which are neither verdicts nor failures."
    )


def test_nothing_is_put_to_a_judge_that_was_recorded() -> None:
    manifest = a_manifest(labels=("none",), recording=a_recording(("alice",)))
    assert not one_of([], manifest, Gaps(), "It puts")
    assert one_of([], manifest, Gaps(), "It has 4,800 trials for every judge.")


def accuracies(**pairs: int) -> list[Measure]:
    shares = {"alice": 0.8, "bob": 0.6, "both": 0.7}
    return [a_measure("accuracy", name, None, shares[name], n_pairs=n) for name, n in pairs.items()]


def test_no_judge_agrees_best_on_other_pairs_than_the_others() -> None:
    manifest = a_manifest(("alice", "bob"))
    assert not one_of(accuracies(alice=17, bob=40), manifest, Gaps(), "agrees")
    assert not one_of(accuracies(alice=35, bob=40), manifest, Gaps(), "agrees")
    assert one_of(accuracies(alice=36, bob=40), manifest, Gaps(), "agrees") == (
        "Of the judges alice agrees best with the constructed labels, in 80.0 % of pairs (95 % interval 76.0 to 84.0, "
        "36 pairs), each judge on 36 to 40 pairs."
    )
    assert one_of(accuracies(alice=40, bob=40), manifest, Gaps(), "agrees") == (
        "Of the judges alice agrees best with the constructed labels, in 80.0 % of pairs (95 % interval 76.0 to 84.0, "
        "40 pairs)."
    )


def test_as_many_pairs_are_not_the_same_pairs() -> None:
    def recorded(start: int) -> Recorded:
        pairs = frozenset(f"p{k}" for k in range(start, start + 20))
        return Recorded({}, frozenset(), pairs, 1)

    manifest, measures = a_manifest(("alice", "bob")), accuracies(alice=20, bob=20)
    apart, near = (Gaps(recorded={"alice": recorded(0), "bob": recorded(start)}) for start in (20, 2))
    assert not one_of(measures, manifest, apart, "agrees")
    assert one_of(measures, manifest, near, "agrees best")


def test_the_rule_of_length_has_its_own_number_of_pairs() -> None:
    measures = [*accuracies(alice=17), a_measure("accuracy", "baseline:longer", None, 0.5, n_pairs=40)]
    told = one_of(measures, a_manifest(), Gaps(), "agrees")
    assert told.endswith("17 pairs); always preferring the longer response agrees in 50.0 % (40 pairs).")


def test_a_jury_is_not_held_against_members_on_other_pairs() -> None:
    manifest = a_manifest(("alice", "bob"), juries={"both": ["alice", "bob"]})

    def measures(n: int) -> list[Measure]:
        sizes = {"alice": n, "bob": 40, "both": n}
        return [a_measure("tie_detection", name, "apology", 3.0, n_pairs=k) for name, k in sizes.items()]

    assert not one_of(measures(17), manifest, Gaps(), "the jury")
    assert "bob +3.0 (40 pairs)" in one_of(measures(38), manifest, Gaps(), "the jury")


def test_a_caution_lists_five_names_and_how_many_more(tmp_path: Path) -> None:
    names = tuple(f"j{k}" for k in range(9))
    outcomes = {name: ["first"] * (9 - k) + ["missing"] * (k + 1) for k, name in enumerate(names)}
    recording = a_recording(names) | {"losses": [f"lost {k}" for k in range(7)]}
    manifest = a_manifest(names, recording=recording)
    (told,) = cautions(read_run(write_run(tmp_path, [], manifest, outcomes=outcomes)))
    assert told == (
        "The verdicts of j0, j1, j2, j3, j4 and 4 more were recorded in v.jsonl, not asked for. "
        "What could not be measured for not being recorded: lost 0; lost 1; lost 2; lost 3; lost 4; and 2 more. "
        "Missing verdicts: "
        "j8 (9 of 10), j7 (8 of 10), j6 (7 of 10), j5 (6 of 10), j4 (5 of 10) and 4 more."
    )


SHARED = [
    {"id": f"p{k}", "prompt": "Which?", "response_a": "The same answer.", "response_b": f"Answer {k}."}
    for k in range(6)
] + [{"id": "other", "prompt": "How?", "response_a": "The same answer.", "response_b": "Another."}]


def test_responses_in_several_pairs_are_told_by_every_reader_and_on_the_first_screen(tmp_path: Path) -> None:
    file = write(tmp_path / "pairs.jsonl", SHARED)
    (notice,) = read_jsonl(file).notices
    told = (
        "1 of 9 responses stands in several pairs; pairs are then not independent and the intervals are narrower than "
        "they should be"
    )
    assert (notice.kind, notice.text) == ("repeated_responses", told)
    assert notice.pair_ids == tuple(
        f"p{k}" for k in range(6)
    )  # the same words to another prompt are no repetition
    folder = run(
        tmp_path, "data=jsonl", f"data.path={file}", "judge=control_longer", "jury=[]", "perturbation=[authority]",
        "design.arms=[baseline]",
    )  # fmt: skip
    screen = page(folder).split('aria-labelledby="readings"')[0].split("<nav")[0]
    assert f"<li>{told}: what reads sensitive or robust is less sure than it looks.</li>" in screen


def test_a_duplicate_pair_alone_repeats_no_response(tmp_path: Path) -> None:
    pair = SHARED[0]
    turned = {**pair, "id": "d", "response_a": pair["response_b"], "response_b": pair["response_a"]}
    corpus = read_jsonl(write(tmp_path / "pairs.jsonl", [pair, turned, SHARED[-1]]))
    assert [notice.kind for notice in corpus.notices] == ["duplicate_pair"]
    corpus = read_jsonl(write(tmp_path / "more.jsonl", [pair, turned, *SHARED[1:]]))
    assert {notice.kind: notice.pair_ids for notice in corpus.notices} == {
        "repeated_responses": ("p0", "d", "p1", "p2", "p3", "p4", "p5"),
        "duplicate_pair": ("p0", "d"),
    }
    assert "1 of 9 responses" in corpus.notices[0].text


def test_pairs_that_share_nothing_known_have_no_such_notice(tmp_path: Path) -> None:
    rows = [{"pair_id": f"p{k}", "judge": "j", "order": "ab", "verdict": "first"} for k in range(3)]
    assert "repeated_responses" not in {
        notice.kind for notice in read_recorded(write(tmp_path / "v.jsonl", rows)).notices
    }
    stand_ins = [
        SHARED[0] | {"id": str(k), "response_a": NOT_RECORDED, "response_b": f"{k}"} for k in range(3)
    ]
    (notice,) = read_jsonl(write(tmp_path / "pairs.jsonl", stand_ins)).notices
    assert notice.kind == "repeated_prompts"  # the prompt is known, whatever the responses were


def test_pairs_that_share_a_prompt_are_told_in_data_and_report(tmp_path: Path) -> None:
    rows = [
        SHARED[0] | {"id": str(k), "response_a": f"One {k}.", "response_b": f"Two {k}."} for k in range(3)
    ]
    file = write(tmp_path / "pairs.jsonl", [*rows, SHARED[-1]])
    (notice,) = read_jsonl(file).notices
    told = (
        "3 of 4 pairs share their prompt with others; where a judge treats such pairs alike they are not independent "
        "and the intervals are narrower than they should be"
    )
    assert (notice.kind, notice.text, notice.pair_ids) == ("repeated_prompts", told, ("0", "1", "2"))
    manifest = a_manifest(("judge",))
    manifest["corpus"]["notices"] = [{"kind": "repeated_prompts", "text": told}]
    found = cautions(read_run(write_run(tmp_path / "run", [], manifest)))
    assert found == (f"{told}: what reads sensitive or robust is less sure than it looks.",)
    assert read_builtin().notices == ()


def test_failures_of_a_pointwise_judge_count_responses_beside_trials(tmp_path: Path) -> None:
    pairs, ratings = [], []
    for k in range(8):
        said = {side: "safe" if (k + (side == "a")) % 2 else "unsafe" for side in "ab"}
        people = {f"ratings_{side}": {"ann": word} for side, word in said.items()}
        pairs.append(
            {"id": f"p{k}", "prompt": "?", "response_a": f"one {k}", "response_b": f"two {k}", **people}
        )
        for side, word in said.items():
            for artifact in ({}, {"perturbation": "authority"}):
                row = {"pair_id": f"p{k}", "judge": "guard", "side": side, "rating": word}
                ratings.append(row | artifact)
    ratings[0]["rating"] = "refused"  # p0's a as it is
    ratings[7]["rating"] = "unparsed"  # p1's b with the artifact
    lost = ratings.pop(8)  # p2's a as it is
    folder = run(
        tmp_path, "data=jsonl", f"data.path={write(tmp_path / 'pairs.jsonl', pairs)}", "judge=replay_ratings",
        f"judge.path={write(tmp_path / 'ratings.jsonl', ratings)}", "perturbation=[authority]", "jury=[]",
        "design.arms=[baseline,injected,tie,identical]", "design.replicates=1",
    )  # fmt: skip
    assert (lost["pair_id"], lost["side"]) == ("p2", "a")
    found = read_run(folder)
    assert found.gaps.unscored == {"guard": Unscored(2, 32)}
    by_outcome = {one.outcome: (one.n, one.unscored) for one in (*found.failures, *found.missing)}
    # As it is a response stands in the baseline, in both orders of its own tie, and beside the other's artifact.
    assert by_outcome[Outcome.REFUSED][1] == Unscored(1, 32)
    assert by_outcome[Outcome.REFUSED][0] == 4
    assert by_outcome[Outcome.UNPARSED] == (3, Unscored(1, 32))
    assert by_outcome[Outcome.MISSING][1] == Unscored(1, 32)
    why = {row.what: row.why for row in left_out_rows(found)}
    assert "for 1 of 32 responses had no score" in why["guard: verdicts refused"]
    assert "for 1 of 32 responses had no score" in why["guard: verdicts missing"]
    measures = [one for one in found.measures if one.measure.endswith("_rate") and one.perturbation is None]
    told = one_of(list(measures), dict(found.manifest), found.gaps, "gave no verdict")
    assert "of its recorded trials, for 2 of 32 responses had no score;" in told
    assert "Responses without a score are left out" in page(folder)


def test_a_judge_that_compares_has_no_responses_to_count(tmp_path: Path) -> None:
    found = read_run(write_run(tmp_path, [], a_manifest(), outcomes={"alice": ["first", "refused"]}))
    assert found.failures == (Failures("alice", Outcome.REFUSED, 1, 2),)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "'"])
def test_a_spreadsheet_computes_no_name(start: str) -> None:
    name = f'{start}HYPERLINK("x")'
    text = long_csv(Long(("judge",), ((name,),)))
    (_, (cell,)) = csv.reader(text.splitlines(keepends=True))
    assert cell == f"'{name}"


def test_numbers_in_a_csv_stay_numbers() -> None:
    values = (-1.5, -3, None, True, "-0.25", "+1e-3", "12", "a=b", "")
    ((*_,), row) = csv.reader(long_csv(Long(tuple("abcdefghi"), (values,))).splitlines(keepends=True))
    assert row == ["-1.5", "-3", "", "True", "-0.25", "+1e-3", "12", "a=b", ""]
    assert long_csv(Long(("x",), (("-1+cmd",),))) == "x\n'-1+cmd\n"


def test_a_recorded_judge_with_a_formula_for_a_name_is_text_in_tables_and_itself_on_the_page(
    replayed: Path,
) -> None:
    """The run was verified when it was made: the tables are rendered again the same."""
    with (replayed / "tables" / "winrate_shift.csv").open(encoding="utf-8", newline="") as file:
        judges = {row["judge"] for row in csv.DictReader(file)}
    assert f"'{FOREIGN}" in judges
    assert FOREIGN not in judges
    assert f">{FOREIGN}<" in page(replayed)
