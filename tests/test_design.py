"""The design: which trials an audit puts to its judges."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeaudit.design import Design, plan, request_of
from judgeaudit.errors import ConfigurationError
from judgeaudit.perturb import PerturbedText, Status
from judgeaudit.records import SIDES, Arm, Pair, Trial, Turn


def pair(pair_id: str = "p1") -> Pair:
    return Pair(pair_id, (Turn("user", "How?"),), f"{pair_id} answer a", f"{pair_id} answer b", label="a")


def changed(pair_id: str, name: str, side: str) -> PerturbedText:
    text = f"{name}! {pair_id} answer {side}"
    return PerturbedText(pair_id, name, side, Status.CHANGED, text, None)  # type: ignore[arg-type]


def everything(design: Design, n_pairs: int = 2) -> tuple[Trial, ...]:
    pairs = [pair(f"p{i}") for i in range(n_pairs)]
    names = ["apology", "placebo"]
    texts = [changed(one.id, name, side) for one in pairs for name in names for side in SIDES]
    return plan(design, pairs, texts, names, frozenset({"placebo"})).trials


ALL_ARMS = Design(arms=[str(arm) for arm in Arm], replicates=2)


def test_every_arm_is_crossed_with_both_orders_and_all_replicates() -> None:
    counts = Counter((trial.arm, trial.perturbation) for trial in everything(ALL_ARMS, n_pairs=1))
    assert counts == {
        (Arm.BASELINE, None): 2 * 2,
        (Arm.IDENTICAL, None): 2 * 2,  # two sides; both orders of identical texts are one presentation
        (Arm.INJECTED, "apology"): 2 * 2 * 2,
        (Arm.BOTH, "apology"): 2 * 2,
        (Arm.TIE, "apology"): 2 * 2 * 2,
        (Arm.PLACEBO, "placebo"): 2 * 2 * 2,
        (Arm.TIE, "placebo"): 2 * 2 * 2,
    }


def test_tie_arms_come_in_both_orders_even_where_the_others_come_in_one() -> None:
    trials = everything(Design(orders=["ab"], replicates=1))
    assert {trial.order for trial in trials if trial.arm is Arm.TIE} == {"ab", "ba"}
    assert {trial.order for trial in trials if trial.arm is Arm.INJECTED} == {"ab"}


@given(
    arms=st.sets(st.sampled_from([str(arm) for arm in Arm])),
    replicates=st.integers(min_value=1, max_value=3),
    n_pairs=st.integers(min_value=1, max_value=3),
)
def test_orders_are_balanced_in_every_arm_and_no_trial_comes_twice(
    arms: set[str], replicates: int, n_pairs: int
) -> None:
    trials = everything(Design(arms=sorted(arms | {"baseline"}), replicates=replicates), n_pairs)
    assert len(set(trials)) == len(trials)
    orders = Counter((t.arm, t.perturbation, t.side, t.order) for t in trials if t.arm is not Arm.IDENTICAL)
    for (arm, name, side, order), count in orders.items():
        assert orders[arm, name, side, "ba" if order == "ab" else "ab"] == count


def test_the_artifact_stands_on_its_side_in_both_orders() -> None:
    for trial in everything(ALL_ARMS):
        request = request_of(trial, pair(trial.pair_id))
        for text, side, artifacts in (
            (request.first, request.first_side, request.first_artifacts),
            (request.second, request.second_side, request.second_artifacts),
        ):
            assert text.endswith(f"answer {side}")
            assert text.startswith(tuple(f"{name}!" for name in artifacts) or trial.pair_id)
            assert bool(artifacts) == ("!" in text)


def test_in_a_tie_arm_the_copy_is_text_a_and_the_original_text_b() -> None:
    ties = [trial for trial in everything(ALL_ARMS) if trial.arm is Arm.TIE]
    for trial in ties:
        copy, original = (trial.first, trial.second) if trial.order == "ab" else (trial.second, trial.first)
        assert copy == f"{trial.perturbation}! {original}"


def test_a_text_that_did_not_change_makes_no_trial_and_is_counted() -> None:
    texts = [
        changed("p1", "dialect", "a"),
        PerturbedText("p1", "dialect", "b", Status.UNCHANGED, None, "no site"),
    ]
    planned = plan(Design(replicates=1), [pair()], texts, ["dialect"], frozenset())
    assert {t.side for t in planned.trials if t.perturbation == "dialect"} == {"a"}
    assert [(e.perturbation, e.status, e.reason, e.n_texts) for e in planned.exclusions] == [
        ("dialect", Status.UNCHANGED, "no site", 1)
    ]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"arms": ["baseline", "injcted"]}, "design.arms"),
        ({"arms": []}, "design.arms"),
        ({"arms": ["injected"]}, "baseline"),
        ({"orders": ["ab", "ab"]}, "design.orders"),
        ({"targets": ["c"]}, "design.targets.*system:NAME"),
        ({"targets": ["system:"]}, "design.targets"),
        ({"targets": "preferred"}, r"design.targets: found 'preferred', expected a list"),
        ({"compose": ["apology"]}, "design.compose"),
        ({"factorial": [["apology", "apology"]]}, "design.factorial"),
        ({"replicates": 0}, "design.replicates"),
    ],
)
def test_a_design_that_cannot_be_run_is_refused_by_name(wrong: dict[str, object], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        Design(**wrong)  # type: ignore[arg-type]


def target_pair(label: str | None = "b") -> Pair:
    turns = (Turn("user", "How?"),)
    return Pair("p1", turns, "p1 answer a", "p1 answer b", label=label, system_a="old", system_b="new")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("targets", "sides"),
    [
        (["a"], {"a"}),
        (["preferred"], {"b"}),
        (["less_preferred"], {"a"}),
        (["preferred", "less_preferred"], {"a", "b"}),
        (["system:new"], {"b"}),
        (["system:old", "b"], {"a", "b"}),
    ],
)
def test_the_artifact_is_put_into_the_responses_of_the_targeted_roles(
    targets: list[str], sides: set[str]
) -> None:
    texts = [changed("p1", "apology", side) for side in SIDES]
    planned = plan(Design(targets=targets), [target_pair()], texts, ["apology"], frozenset())
    for arm in (Arm.INJECTED, Arm.TIE, Arm.IDENTICAL):
        assert {trial.side for trial in planned.trials if trial.arm is arm} == sides
    assert not planned.exclusions


@pytest.mark.parametrize(
    ("label", "target"), [("tie", "preferred"), (None, "less_preferred"), ("a", "system:x")]
)
def test_a_pair_without_a_targeted_role_has_its_baseline_only_and_its_texts_are_counted(
    label: str | None, target: str
) -> None:
    texts = [changed("p1", "apology", side) for side in SIDES]
    planned = plan(Design(targets=[target]), [target_pair(label)], texts, ["apology"], frozenset())
    assert {trial.arm for trial in planned.trials} == {Arm.BASELINE}
    assert [(one.perturbation, one.reason, one.n_texts) for one in planned.exclusions] == [
        ("apology", "no response of the pair has a targeted role", 2)
    ]


def test_an_artifact_on_both_sides_needs_both_texts_and_is_not_made_of_a_placebo() -> None:
    texts = [changed("p1", name, side) for name in ("apology", "placebo") for side in SIDES]
    design = Design(arms=["baseline", "both"], targets=["a"])
    trials = plan(design, [pair()], texts, ["apology", "placebo"], frozenset({"placebo"})).trials
    both = [trial for trial in trials if trial.arm is Arm.BOTH]
    assert {(trial.first, trial.second) for trial in both} == {
        ("apology! p1 answer a", "apology! p1 answer b"),
        ("apology! p1 answer b", "apology! p1 answer a"),
    }
    request = request_of(both[0], pair())
    assert request.first_artifacts == request.second_artifacts == ("apology",)
    assert Arm.BOTH not in {t.arm for t in plan(design, [pair()], texts[:1], ["apology"], frozenset()).trials}


def test_a_composed_artifact_is_known_by_its_parts() -> None:
    texts = [changed("p1", "apology+halo@2", side) for side in SIDES]
    trials = plan(Design(), [pair()], texts, ["apology+halo@2"], frozenset()).trials
    injected = next(trial for trial in trials if trial.arm is Arm.INJECTED and trial.side == "a")
    assert request_of(injected, pair()).first_artifacts == ("apology", "halo@2")


def test_a_text_that_breaks_a_threshold_makes_no_trial() -> None:
    broken = PerturbedText("p1", "noise", "a", Status.INVALID, "n0ise", "validity: chrf below 40")
    planned = plan(Design(), [pair()], [broken], ["noise"], frozenset())
    assert {trial.perturbation for trial in planned.trials} == {None}
    assert [one.reason for one in planned.exclusions] == ["validity: chrf below 40"]


def test_a_target_that_no_response_is_names_what_there_is() -> None:
    one = target_pair("tie")
    with pytest.raises(ConfigurationError, match="found 'system:x', expected one of the systems new, old"):
        Design(targets=["system:x"]).check_targets([one])
    with pytest.raises(ConfigurationError, match="found 'preferred', expected pairs whose label is a or b"):
        Design(targets=["a", "preferred"]).check_targets([one])
    Design(targets=["a", "system:old"]).check_targets([one])


def test_both_responses_are_perturbed_where_an_arm_shows_both() -> None:
    assert Design(targets=["preferred"]).perturbed(target_pair()) == ("b",)
    assert Design(arms=["baseline", "both"], targets=["preferred"]).perturbed(target_pair()) == SIDES
