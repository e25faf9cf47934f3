"""A run is read as it is: who was judged, what failed, what was left out. Makes the runs of the report's tests."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from omegaconf import OmegaConf

from judgeaudit import catalog
from judgeaudit.errors import ConfigurationError, RunFolderError
from judgeaudit.metrics import Measure
from judgeaudit.planted_truth import Truth
from judgeaudit.report.left_out import left_out_rows
from judgeaudit.report.recipe import recipe
from judgeaudit.report.run import CONTROLS, JUDGES, JURIES, REFERENCES, read_run
from judgeaudit.run_folder import text_table, write_json, write_metrics
from judgeaudit.stats import Reading

VERDICT_COLUMNS = [
    "judge", "outcome", "pair_id", "arm", "perturbation", "side", "order", "replicate", "score_first", "score_second",
]  # fmt: skip
UNITS = {"tie_detection": "points", "winrate_shift": "points", "kappa": "coefficient", "alpha": "coefficient"}
EFFECTS = ("tie_detection", "winrate_shift")


def a_measure(
    measure: str, judge: str, perturbation: str | None = None, estimate: float | None = 0.0, **fields: Any
) -> Measure:
    """An estimate with an interval around it; a tested one has a reading that follows from its size."""
    unit = UNITS.get(measure, "proportion")
    width = 4.0 if unit == "points" else 0.04
    values: dict[str, Any] = {"side": None, "slice": "all", "unit": unit, "n_pairs": 120, "n_verdicts": 960}
    if estimate is not None:
        values |= {
            "ci_low": estimate - width,
            "ci_high": estimate + width,
            "ci_level": 0.95,
            "ci_method": "wild",
        }
    if measure in EFFECTS and estimate is not None:
        reading = Reading.SENSITIVE if abs(estimate) > 9 else Reading.ROBUST if abs(estimate) < 1 else None
        values |= {"p": 0.01, "p_adjusted": 0.03, "margin": 5.0, "reading": reading or Reading.INCONCLUSIVE}
    return Measure(
        measure=measure, judge=judge, perturbation=perturbation, estimate=estimate, **(values | fields)
    )


def a_manifest(
    judges: Mapping[str, Mapping[str, Any]] | Sequence[str] = ("alice",),
    artifacts: Sequence[str] = ("apology",),
    *,
    juries: Mapping[str, Sequence[str]] | None = None,
    labels: Sequence[str] = ("constructed",),
    controls: Sequence[str] = (),
    placebos: Sequence[str] = (),
    **fields: Any,
) -> dict[str, Any]:
    """A manifest with the fields that ``judgeaudit.manifest`` writes."""
    about = {name: {} for name in judges} if not isinstance(judges, Mapping) else judges
    return {
        "description": "An audit for the tests",
        "seed": 0,
        "versions": {"python": "3.11.0", "judgeaudit": "0.1.0"},
        "corpus": {
            "name": "tiny", "source": "tiny.jsonl", "sha256": "0" * 64, "revision": None, "n_pairs": 120,
            "pairs_digest": "1" * 64, "label_sources": list(labels), "skipped": [], "notices": [], "left_out": {},
        },
        "perturbations": {
            name: {
                "description": f"puts {name} in", "family": "refusal", "source": "a paper", "placebo": None,
                "place": "prefix", "base": name, "dose": None, "dose_unit": None, "keeps": [], "by_model": False,
                "is_placebo": name in placebos, "identity": {}, "digest": "2" * 64,
            }
            for name in (*artifacts, *placebos)
        },
        "exclusions": [],
        "writer": None,
        "recording": None,
        "design": {
            "arms": ["baseline", "injected", "tie", "identical"], "orders": ["ab", "ba"], "targets": ["a", "b"],
            "replicates": 2, "compose": [], "factorial": [], "stop": None,
        },
        "n_trials": 4800,
        "analysis": {
            "margin_points": 5.0, "alpha": 0.05, "ci_level": 0.95, "resamples": 2000, "seed": 0,
            "slices": [], "confirmatory": list(EFFECTS), "unparsed": "excluded", "truth": "label",
            "tie_verdicts": "half", "rating_cuts": [0.5], "annotator_epsilon": 0.2, "attribution": "gee",
        },
        "judges": {
            name: {
                "description": f"{name}, a judge", "is_control": name in controls, "exact_probabilities": False,
                "identity": {}, "digest": "3" * 64, "n_keys": 9, "is_pointwise": False, "cuts": None, "wording": None,
                **about.get(name, {}),
            }
            for name in (*about, *controls)
        },
        "juries_not_seated": [], "stopping": None,
        "juries": {
            name: {
                "members": list(members), "rule": "majority", "ties": "tie", "failures": "abstain", "weights": {},
            }
            for name, members in (juries or {}).items()
        },
        "this_run": {"started": "2025-01-01T00:00:00+00:00", "seconds": 1.0, "ledger": "", "bought": {}},
        **fields,
    }  # fmt: skip


def a_recipe() -> dict[str, Any]:
    """The recipe that comes with the package, as plain data."""
    found = OmegaConf.to_container(OmegaConf.load(catalog.root() / "reports" / "safer_or_luckier.yaml"))
    assert isinstance(found, dict)
    return {str(key): value for key, value in found.items()}


def write_run(
    folder: Path,
    measures: Iterable[Measure],
    manifest: Mapping[str, Any],
    *,
    truths: Sequence[Truth] = (),
    outcomes: Mapping[str, Sequence[str]] | None = None,
    verdicts: pd.DataFrame | None = None,
    report: Mapping[str, Any] | None = None,
) -> Path:
    """Write a finished run's folder with the given estimates; ``verdicts`` takes the place of ``outcomes``."""
    folder.mkdir(parents=True, exist_ok=True)
    OmegaConf.save(OmegaConf.create({"report": dict(report or a_recipe())}), folder / "config.yaml")
    said = outcomes or {judge: ["first", "second", "tie"] for judge in manifest["judges"]}
    rows = [
        (judge, outcome, f"p{k}", "baseline", None, None, "ab", 0, None, None)
        for judge, found in said.items()
        for k, outcome in enumerate(found)
    ]
    table = pd.DataFrame(rows, columns=VERDICT_COLUMNS) if verdicts is None else verdicts
    table.to_parquet(folder / "verdicts.parquet", index=False)
    text_table([]).to_parquet(folder / "texts.parquet", index=False)
    write_metrics(folder, list(measures), truths)
    write_json(folder / "manifest.json", manifest)
    return folder


def full_measures(judges: Sequence[str], artifacts: Sequence[str], labels: bool = True) -> list[Measure]:
    """Every measure that the shipped recipe shows, different in each cell."""
    found: list[Measure] = []
    for row, judge in enumerate(judges):
        for column, name in enumerate((*artifacts, "position")):
            size = (7 * row + 13 * column) % 60 - 25.0
            found += [
                a_measure("tie_detection", judge, name, size),
                a_measure("winrate_shift", judge, name, size / 3),
            ]
            share = 0.05 + abs(size) / 100
            found += [a_measure("flip", judge, name, share), a_measure("noise_floor", judge, name, 0.05)]
            found.append(a_measure("noise_adjusted_flip", judge, name, share - 0.05, margin=0.05))
            if name != "position":
                found += [
                    a_measure(kind, judge, name, share / 2)
                    for kind in ("flip_toward", "flip_away", "reversal")
                ]
        found.append(a_measure("self_consistency", judge, None, 0.8 + row / 100))
        found.append(a_measure("position_consistency", judge, "position", 0.7))
        if labels:
            found += [
                a_measure(kind, judge, None, 0.5 + row / 50) for kind in ("accuracy", "accuracy_decisive")
            ]
            found += [a_measure("accuracy", judge, name, 0.4) for name in artifacts]
            found += [a_measure(kind, judge, None, 0.3) for kind in ("kappa", "ac1", "alpha")]
        found += [
            a_measure(kind, judge, None, 0.0) for kind in ("refused_rate", "unparsed_rate", "error_rate")
        ]
    if labels:
        found += [
            a_measure("accuracy", "baseline:longer", None, 0.45),
            a_measure("kappa", "baseline:longer", None, 0.02),
        ]
    return found


def test_judges_juries_baselines_and_references_stand_apart(tmp_path: Path) -> None:
    manifest = a_manifest(("alice", "bob"), controls=("coin",), juries={"both": ["alice", "bob"]})
    run = read_run(
        write_run(tmp_path, full_measures(("alice", "bob", "coin", "both"), ("apology",)), manifest)
    )
    assert {group.title: group.judges for group in run.groups} == {
        JUDGES: ("alice", "bob"),
        JURIES: ("both",),
        CONTROLS: ("coin",),
        REFERENCES: ("baseline:longer",),
    }


def test_the_headline_estimate_is_over_both_sides_and_all_pairs(tmp_path: Path) -> None:
    measures = [
        a_measure("winrate_shift", "alice", "apology", 1.0, side="a"),
        a_measure("winrate_shift", "alice", "apology", 2.0),
        a_measure("winrate_shift", "alice", "apology", 3.0, slice="domain=x"),
        a_measure("winrate_shift", "alice", "apology", 4.0, side="b"),
    ]
    run = read_run(write_run(tmp_path, measures, a_manifest()))
    found = run.cell("winrate_shift", "alice", "apology")
    assert found is not None
    assert found.estimate == 2.0


def test_everything_left_out_is_listed_with_its_count(tmp_path: Path) -> None:
    manifest = a_manifest()
    manifest["corpus"] |= {
        "skipped": ["tiny.jsonl:3: field 'a': found nothing"],
        "notices": [{"kind": "duplicate_pair", "text": "2 pairs have the same prompt"}],
        "left_out": {"limit": 80},
    }
    exclusion = {
        "perturbation": "apology",
        "status": "not_applicable",
        "reason": "no phrase in sw",
        "n_texts": 7,
    }
    manifest["exclusions"] = [exclusion]
    outcomes = {"alice": ["first"] * 6 + ["refused"] * 3 + ["error"]}
    run = read_run(write_run(tmp_path, [], manifest, outcomes=outcomes))
    assert [(row.stage, row.n, row.of) for row in left_out_rows(run)] == [
        ("reading", 1, None),
        ("reading", 80, None),
        ("reading", None, None),
        ("perturbing", 7, 240),
        ("judging", 1, 10),
        ("judging", 3, 10),
    ]


def test_a_folder_without_a_recipe_says_what_to_do(tmp_path: Path) -> None:
    write_run(tmp_path, [], a_manifest())
    (tmp_path / "config.yaml").write_text("seed: 0\n", encoding="utf-8")
    with pytest.raises(RunFolderError, match="report=safer_or_luckier"):
        read_run(tmp_path)


def _without(field: str) -> dict[str, Any]:
    node = a_recipe()
    del node["tables"][0][field]
    return node


def _with(group: str, field: str, value: object) -> dict[str, Any]:
    node = copy.deepcopy(a_recipe())
    node[group][0][field] = value
    return node


@pytest.mark.parametrize(
    ("node", "message"),
    [
        ("text", "report: found 'text', expected a mapping"),
        (_without("title"), r"report.tables\[0\]: found no title"),
        (_with("tables", "kind", "pie"), r"report.tables\[0\].kind: found 'pie', expected one of artifacts"),
        (_with("tables", "colour", "red"), r"report.tables\[0\].colour: found an unknown field"),
        (_with("tables", "name", "../up"), r"report.tables\[0\].name: found '../up'"),
        (_with("tables", "name", "winrate_shift"), r"report.tables: found \['winrate_shift'\] twice"),
        (_with("tables", "measures", {}), r"report.tables\[0\].measures: found \{\}"),
        (_with("figures", "measures", ["flip", "noise_floor"]), r"expected 1 for the kind 'effects'"),
        (_with("figures", "beside", "nothing"), r"report.figures\[0\].beside: found 'nothing'"),
        (_with("tables", "measures", None), r"report.tables\[0\].measures: found None"),
        (
            _with("tables", "measures", ["nope"]),
            r"report.tables\[0\].measures: found 'nope', expected measures",
        ),
        (_with("figures", "measures", {"nope": "No"}), r"report.figures\[0\].measures: found 'nope'"),
        (
            a_recipe() | {"matrix": ["nope"]},
            r"report.matrix: found 'nope', expected measures that have a reading",
        ),
        (a_recipe() | {"matrix": ["accuracy"]}, r"report.matrix: found 'accuracy'"),
    ],
)
def test_a_wrong_recipe_names_the_field(node: object, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as refused:
        recipe(node, "report")
    assert str(refused.value).startswith("report")  # the configuration is to blame, not a run's folder


def test_a_recipe_may_give_measures_as_a_list() -> None:
    found = recipe(_with("tables", "measures", ["tie_detection", "decisive_share"]), "report")
    assert dict(found.tables[0].measures) == {
        "tie_detection": "Tie detection",
        "decisive_share": "Decisive share",
    }
