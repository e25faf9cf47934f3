"""Published figures of other studies, recomputed from their recorded verdicts."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from judgeaudit.metrics import Settings, measure

DATA = Path(__file__).parent.parent.parent / "shared" / "data"


def lines(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        pytest.skip(f"the recorded verdicts {path.name} are not on this machine")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def row(judge: str, pair: str, order: str, replicate: int, outcome: str) -> dict[str, Any]:
    return {
        "judge": judge, "pair_id": pair, "arm": "baseline", "perturbation": None, "side": None, "order": order,
        "replicate": replicate, "outcome": outcome, "p_first": np.nan, "p_second": np.nan, "p_tie": np.nan,
        "exact": False,
    }  # fmt: skip


def unlabelled(names: list[str], **columns: list[Any]) -> pd.DataFrame:
    base: dict[str, Any] = {"pair_id": names, "votes": [[]] * len(names), "length_a": 1, "length_b": 1}
    return pd.DataFrame(base | {"label": [None] * len(names)} | columns)


@pytest.mark.parametrize(
    ("bench", "judge", "modal_share", "all_identical"),
    [
        ("MTBench", "gpt-4-0613", 0.967, None),
        ("MTBench", "claude-3-opus", 0.953, None),
        ("MTBench", "claude-3-haiku", 0.894, 0.682),
        ("DevBench", "gemini-pro", 0.847, 0.542),
    ],
)
def test_repetition_stability_as_published_by_shi_et_al(
    bench: str, judge: str, modal_share: float, all_identical: float | None
) -> None:
    rows, names = [], set()
    for line in lines(DATA / "position_repetitions" / "verdicts.jsonl"):
        if line["bench"] != bench or not line["judge"].startswith(judge) or line["set"] != "repetition":
            continue
        item, first, second = line["cmp_index"].split(";")
        pair = ";".join([item, *sorted([first, second])])
        names.add(pair)
        outcome = {"A": "first", "B": "second", "C": "tie", None: "unparsed"}[line["verdict"]]
        rows.append(row(line["judge"], pair, "ab" if first < second else "ba", line["sample"], outcome))
    found = {m.measure: m for m in measure(pd.DataFrame(rows), unlabelled(sorted(names)), Settings(slices=()))
             if m.perturbation is None}  # fmt: skip
    # They count an unparsed reply as a verdict of its own; here it is no verdict. The figures can differ by the
    # share of presentations that have one, and agree where none has.
    presentations = {(r["pair_id"], r["order"]) for r in rows}
    unparsed = {(r["pair_id"], r["order"]) for r in rows if r["outcome"] == "unparsed"}
    tolerance = 5e-4 + len(unparsed) / len(presentations)
    assert found["modal_share"].estimate == pytest.approx(modal_share, abs=tolerance)
    if all_identical is not None:
        assert found["all_identical"].estimate == pytest.approx(all_identical, abs=tolerance)


def test_accuracy_on_llmbar_as_published() -> None:
    """Average accuracy over both orders, for every judge and strategy without an unparsed verdict."""
    folder = DATA / "llmbar_slice"
    gold = {item["id"]: item["human_preference"].lower() for item in lines(folder / "items.jsonl")}
    runs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines(folder / "verdicts.jsonl"):
        runs[f"{line['item'].split('#')[0]}/evaluators/{line['judge']}/{line['prompt']}"].append(line)
    published = json.loads((folder / "published_statistics.json").read_text(encoding="utf-8"))
    rows, expected = [], {}
    for name, run in runs.items():
        if name not in published or any(line[order] is None for line in run for order in ("AB", "BA")):
            continue
        expected[name] = float(published[name]["correct_average"].rstrip("%"))
        for line in run:
            said = {"A": "a", "B": "b"}
            rows.append(row(name, line["item"], "ab", 0, {"a": "first", "b": "second"}[said[line["AB"]]]))
            rows.append(row(name, line["item"], "ba", 0, {"a": "second", "b": "first"}[said[line["BA"]]]))
    names = sorted(gold)
    pairs = unlabelled(names, label=[gold[name] for name in names])
    found = measure(pd.DataFrame(rows), pairs, Settings(slices=(), resamples=100))
    accuracy = {m.judge: m.estimate for m in found if m.measure == "accuracy" and m.judge in expected}
    assert len(accuracy) == len(expected) >= 30
    for name, value in expected.items():
        assert 100 * (accuracy[name] or 0) == pytest.approx(value, abs=1e-6), name
