"""Which findings an audit's table has, of whom, and what is known before anything is bought."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from judgeaudit.errors import ConfigurationError
from judgeaudit.metrics import Settings, Subjects, check, measure, pair_values
from tests.test_metrics import FAST, Audit, find, pairs_of, random_audit


def test_the_values_of_pairs_are_those_whose_means_are_the_measures_over_all_pairs_and_both_sides() -> None:
    table, pairs = random_audit(n=12)
    measures = [
        m
        for m in measure(table, pairs, Settings(resamples=100, slices=("domain",)))
        if m.slice == "all" and m.side is None
    ]
    found = list(pair_values(table, pairs.iloc[::-1], FAST, Subjects()))
    assert len(found) > 30
    assert len({(one.measure, one.judge, one.perturbation) for one in found}) == len(found)
    for one in found:
        said = find(measures, one.measure, one.perturbation, judge=one.judge)
        counted = ~np.isnan(one.values)
        if counted.any():
            mean = np.average(
                one.values[counted], weights=None if one.weights is None else one.weights[counted]
            )
            assert said.estimate == pytest.approx(mean * (100 if one.unit == "points" else 1))
        assert said.n_pairs == counted.sum()


def test_what_an_artifact_is_worth_is_told_from_its_length_where_lengths_are_known() -> None:
    """The judge takes the longer text, and the artifact makes texts longer: odds are those of words beside it."""
    rng = np.random.default_rng(1)
    names = [f"p{k:02d}" for k in range(60)]
    length_a, length_b = rng.integers(50, 400, 60), rng.integers(50, 400, 60)
    audit, rows = Audit(), []
    for name, a, b in zip(names, length_a, length_b, strict=True):
        for side in (None, "a", "b"):
            longer = np.log2((a + 150 * (side == "a")) / (b + 150 * (side == "b")))
            said = rng.choice(["a", "b"], 2, p=[1 / (1 + np.exp(-longer)), 1 / (1 + np.exp(longer))]).tolist()
            place = {"perturbation": "x", "side": side} if side else {}
            audit.add(name, "injected" if side else "baseline", said, **place)
            if side:
                characters = int((a if side == "a" else b) + 150)
                rows.append(
                    {"pair_id": name, "perturbation": "x", "side": side, "length": characters, "refuses": 0.0}
                )
    pairs = pairs_of(*names, length_a=length_a.tolist(), length_b=length_b.tolist())
    with_lengths, without = (
        find(measure(audit.table, pairs, FAST, texts=lengths), "odds_ratio", "x")
        for lengths in (pd.DataFrame(rows), None)
    )
    assert with_lengths.ci_low is not None
    assert with_lengths.ci_high is not None
    assert with_lengths.ci_low < 1 < with_lengths.ci_high
    assert without.ci_low is not None
    assert without.ci_low > 1


def test_models_are_fitted_unless_they_are_not_wanted() -> None:
    table, pairs = random_audit(n=20)
    systems = pairs.assign(system_a=["s", "t"] * 10, system_b=["t", "s"] * 10)
    models = {"odds_ratio", "strength_gain", "variance_share"}
    all_of_them, without_attribution, none = (
        {m.measure for m in measure(table, systems, settings, models=wanted)}
        for settings, wanted in (
            (FAST, True),
            (Settings(resamples=100, attribution="off"), True),
            (FAST, False),
        )
    )
    assert all_of_them >= models
    assert all_of_them - without_attribution == {"odds_ratio", "preference_steps"} & all_of_them
    assert not none & models


def test_only_a_judge_of_single_responses_has_their_annotators_beside_it() -> None:
    pairs = pairs_of("p", ratings_a=['{"x": 1, "y": 1, "z": 0}'], ratings_b=['{"x": 0, "y": 0, "z": 0}'])
    table = Audit().add("p", "baseline", ["a"]).table.assign(score_first=[1.0, 0.0], score_second=[0.0, 1.0])
    of_people = [
        {m.measure for m in measure(table, pairs, FAST, Subjects(cuts=cuts)) if m.judge.startswith("human:")}
        for cuts in ({}, {"j": (0.5,)})
    ]
    assert of_people == [set(), {"rating_accuracy", "rating_kappa"}]


@pytest.mark.parametrize(
    ("settings", "named"),
    [(Settings(slices=("topic",)), "'topic'"), (Settings(truth="annotator:nobody", slices=()), "nobody")],
)
def test_what_the_pairs_do_not_have_is_named_before_anything_is_bought(
    settings: Settings, named: str
) -> None:
    rated = {"ratings_a": ['{"ann": 1}'], "ratings_b": [None]}
    with pytest.raises(ConfigurationError, match=named):
        check(pairs_of("p", **rated), settings)
    check(pairs_of("p", **rated), Settings(truth="annotator:ann", slices=("domain", "length")))
