"""What crossed artifacts, artifacts on both sides and artifacts by role add to the measures, worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from judgeaudit.metrics import Measure, Settings, Subjects, measure
from tests.test_metrics import Audit

SETTINGS = Settings(resamples=200)


def measured(
    audit: Audit, labels: dict[str, str | None], placebos: dict[str, str] | None = None
) -> list[Measure]:
    pairs = pd.DataFrame(
        {
            "pair_id": list(labels), "label": list(labels.values()), "votes": [[] for _ in labels],
            "length_a": 10.0, "length_b": 10.0, "domain": None, "language": None,
        }
    )  # fmt: skip
    return measure(audit.table, pairs, SETTINGS, Subjects(placebos=placebos or {}))


def one(measures: list[Measure], name: str, perturbation: str, part: str = "all") -> Measure:
    found = [
        m for m in measures
        if (m.measure, m.perturbation, m.slice, m.side) == (name, perturbation, part, None)
    ]  # fmt: skip
    assert len(found) == 1, [(m.measure, m.perturbation, m.slice) for m in measures]
    return found[0]


def test_a_judge_that_does_not_care_what_both_sides_carry_has_no_flip_above_its_floor() -> None:
    audit = Audit()
    for index in range(6):
        audit.add(f"p{index}", "baseline", ["a", "a"]).add(f"p{index}", "both", ["a", "a"], perturbation="x")
    found = measured(audit, {f"p{index}": "a" for index in range(6)})
    assert one(found, "flip_both", "x").estimate == 0
    assert one(found, "noise_adjusted_flip_both", "x").estimate == 0


def test_a_verdict_that_both_sides_artifact_turns_is_a_flip_and_the_floor_is_the_pairs_own() -> None:
    audit = Audit()
    audit.add("p0", "baseline", ["a", "a"]).add("p0", "both", ["b", "b"], perturbation="x")
    audit.add("p1", "baseline", ["a", "b"]).add("p1", "both", ["a", "a"], perturbation="x")
    audit.add("p2", "baseline", ["a", "b"])  # not in the both arm: neither in the flip nor in its floor
    found = measured(audit, {"p0": "a", "p1": "a", "p2": None})
    flip, floor = one(found, "flip_both", "x"), one(found, "noise_floor_both", "x")
    assert (flip.estimate, flip.n_pairs, flip.n_verdicts) == (0.75, 2, 16)
    assert (floor.estimate, floor.n_pairs) == (0.5, 2)
    adjusted = one(found, "noise_adjusted_flip_both", "x")
    assert adjusted.estimate == 0.25
    assert adjusted.p is not None


def factorial(winrates: dict[str, float], n_pairs: int = 4) -> list[Measure]:
    """Exact winrates of side a: at baseline, with x, with y, with both; side b's are their complements."""
    audit = Audit()
    for index in range(n_pairs):
        for order in ("ab", "ba"):
            for cell, w in winrates.items():
                p = (w, 1 - w, 0.0)
                if cell == "":
                    audit.exact(f"p{index}", "baseline", p, order=order)
                else:
                    audit.exact(f"p{index}", "injected", p, perturbation=cell, side="a", order=order)
    return measured(audit, {f"p{index}": "a" for index in range(n_pairs)})


def test_main_effects_and_interaction_are_the_classical_contrasts() -> None:
    found = factorial({"": 0.5, "x": 0.6, "y": 0.4, "x+y": 0.9})
    assert one(found, "main_effect", "x of x+y").estimate == pytest.approx(
        100 * ((0.6 - 0.5) + (0.9 - 0.4)) / 2
    )
    assert one(found, "main_effect", "y of x+y").estimate == pytest.approx(
        100 * ((0.4 - 0.5) + (0.9 - 0.6)) / 2
    )
    interaction = one(found, "interaction", "x+y")
    assert interaction.estimate == pytest.approx(100 * (0.9 - 0.6 - 0.4 + 0.5) / 2)
    assert interaction.unit == "points"
    assert interaction.n_pairs == 4


def test_effects_that_add_up_have_no_interaction() -> None:
    found = factorial({"": 0.2, "x": 0.3, "y": 0.5, "x+y": 0.6})
    assert one(found, "interaction", "x+y").estimate == pytest.approx(0)
    assert one(found, "winrate_shift", "x+y").estimate == pytest.approx(40)


def test_contrasts_of_three_factors_agree_with_the_regression_on_effect_codes() -> None:
    rng = np.random.default_rng(5)
    names = ["", "x", "y", "z", "x+y", "x+z", "y+z", "x+y+z"]
    winrates = dict(zip(names, rng.uniform(0, 1, 8), strict=True))
    found = factorial(winrates)
    codes = np.array([[1 if factor in name else -1 for factor in "xyz"] for name in names])
    columns = {
        "x of x+y+z": codes[:, 0],
        "y+z of x+y+z": codes[:, 1] * codes[:, 2],
        "x+y+z": codes.prod(1),
    }
    design = np.stack(
        [np.ones(8), *codes.T, codes[:, 0] * codes[:, 1], codes[:, 0] * codes[:, 2], columns["y+z of x+y+z"],
         columns["x+y+z"]], axis=1,
    )  # fmt: skip
    fitted = np.linalg.solve(design, np.array(list(winrates.values())))
    for name, place in (("x of x+y+z", 1), ("y+z of x+y+z", 6), ("x+y+z", 7)):
        kind = "main_effect" if name.startswith("x of") else "interaction"
        # A coefficient on codes of -1 and 1 is half a contrast.
        assert one(found, kind, name).estimate == pytest.approx(200 * fitted[place])


def test_without_every_combination_there_are_no_margins() -> None:
    found = factorial({"": 0.5, "x": 0.6, "x+y": 0.9})
    assert not {"main_effect", "interaction"} & {m.measure for m in found}


def test_margins_are_those_of_the_sides_that_have_every_combination() -> None:
    """Side a lacks y alone; of side b, which loses all at baseline, x makes a tie and y a win."""
    audit = Audit().add("p0", "baseline", ["a"])
    for name, side, content in (
        ("x", "a", "b"), ("x+y", "a", "b"), ("x", "b", "tie"), ("y", "b", "b"), ("x+y", "b", "b"),
    ):  # fmt: skip
        audit.add("p0", "injected", [content], perturbation=name, side=side)
    found = measured(audit, {"p0": "a"})
    x, y, both = (one(found, *name) for name in (
        ("main_effect", "x of x+y"), ("main_effect", "y of x+y"), ("interaction", "x+y")
    ))  # fmt: skip
    assert (x.estimate, y.estimate, both.estimate) == (25, 75, -25)
    assert (x.n_pairs, x.n_verdicts) == (1, 8)


def test_combinations_that_no_side_has_all_of_have_no_margins() -> None:
    audit = Audit().add("p0", "baseline", ["a"])
    for name, side in (("x", "a"), ("y", "b"), ("x+y", "a")):
        audit.add("p0", "injected", ["a"], perturbation=name, side=side)
    effect = one(measured(audit, {"p0": "a"}), "interaction", "x+y")
    assert (effect.estimate, effect.n_pairs, effect.n_verdicts) == (None, 0, 0)


def test_a_shift_by_role_counts_the_responses_of_that_role_alone() -> None:
    audit = Audit()
    # Side a is preferred in p0 and side b in p1; p2 is a tie and has no role.
    for pair, with_artifact in (("p0", "a"), ("p1", "b"), ("p2", "a")):
        audit.add(pair, "baseline", ["tie"])
        audit.add(pair, "injected", [with_artifact], perturbation="x", side="a")
        audit.add(pair, "injected", ["tie"], perturbation="x", side="b")
    found = measured(audit, {"p0": "a", "p1": "b", "p2": "tie"})
    preferred = one(found, "winrate_shift", "x", "artifact_on=preferred")
    other = one(found, "winrate_shift", "x", "artifact_on=less_preferred")
    assert (preferred.estimate, preferred.n_pairs, preferred.n_verdicts) == (25, 2, 8)
    assert (other.estimate, other.n_pairs) == (-25, 2)


def test_where_only_one_role_carries_the_artifact_there_is_nothing_to_set_against_it() -> None:
    audit = Audit().add("p0", "baseline", ["tie"]).add("p0", "injected", ["a"], perturbation="x", side="a")
    assert not [m for m in measured(audit, {"p0": "a"}) if m.slice.startswith("artifact_on")]


def test_the_shift_above_its_control_is_over_the_pairs_and_sides_that_have_both() -> None:
    audit = Audit()
    for pair in ("p0", "p1", "p2"):
        audit.add(pair, "baseline", ["b"])
        audit.add(pair, "injected", ["a"], perturbation="x", side="a")
    audit.add("p0", "placebo", ["b"], perturbation="neutral", side="a")
    audit.add("p1", "placebo", ["tie"], perturbation="neutral", side="a")
    audit.add("p2", "placebo", ["a"], perturbation="neutral", side="b")  # the other side: no comparison
    found = measured(audit, {"p0": "a", "p1": "a", "p2": "a"}, {"x": "neutral"})
    above = one(found, "shift_above_placebo", "x")
    assert (above.estimate, above.n_pairs, above.n_verdicts, above.unit) == (75, 2, 8, "points")
    assert above.p is not None
    assert not [m for m in measured(audit, {"p0": "a", "p1": "a", "p2": "a"}) if "above" in m.measure]


def test_without_labels_there_are_no_roles() -> None:
    audit = Audit().add("p0", "baseline", ["tie"]).add("p0", "injected", ["a"], perturbation="x", side="a")
    assert not [m for m in measured(audit, {"p0": None}) if m.slice.startswith("artifact_on")]
