"""The measures on small audits whose right answers are worked out by hand."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from judgeaudit.errors import ConfigurationError
from judgeaudit.metrics import Measure, Settings, Subjects, measure
from judgeaudit.metrics.record import TESTED
from judgeaudit.stats import (
    Reading,
    holm,
    mean_interval,
    pairs_needed,
    sd_interval,
)

SWAP = {"a": {"ab": "first", "ba": "second"}, "b": {"ab": "second", "ba": "first"}}


@dataclass
class Audit:
    """Verdict rows, written in terms of content."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self,
        pair: str,
        arm: str,
        said: Iterable[str],
        *,
        perturbation: str | None = None,
        side: str | None = None,
        orders: tuple[str, ...] = ("ab", "ba"),
        judge: str = "j",
    ) -> "Audit":
        """One verdict a replicate, the same in each order: a, b, tie, or a failure's name."""
        for order in orders:
            for replicate, content in enumerate(said):
                outcome = SWAP.get(content, {}).get(order, content)
                self.row(
                    judge, pair, arm, perturbation, side, order, replicate, outcome, (np.nan,) * 3, False
                )
        return self

    def exact(
        self,
        pair: str,
        arm: str,
        p: tuple[float, float, float],
        *,
        perturbation: str | None = None,
        side: str | None = None,
        order: str,
        judge: str = "j",
        replicates: int = 1,
    ) -> "Audit":
        """Probabilities of text a, text b and tie."""
        shown = p if order == "ab" else (p[1], p[0], p[2])
        outcome = ("first", "second", "tie")[int(np.argmax(shown))]
        for replicate in range(replicates):
            self.row(judge, pair, arm, perturbation, side, order, replicate, outcome, shown, True)
        return self

    def row(self, *values: Any) -> None:
        judge, pair, arm, perturbation, side, order, replicate, outcome, p, exact = values
        self.rows.append(
            {
                "judge": judge, "pair_id": pair, "arm": arm, "perturbation": perturbation, "side": side,
                "order": order, "replicate": replicate, "outcome": outcome, "p_first": p[0], "p_second": p[1],
                "p_tie": p[2], "exact": exact,
            }
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        return pd.DataFrame(self.rows)


def pairs_of(*names: str, **columns: list[Any]) -> pd.DataFrame:
    """Pairs without labels unless columns say otherwise."""
    n = len(names)
    base: dict[str, list[Any]] = {
        "pair_id": list(names), "domain": [None] * n, "language": [None] * n, "label": [None] * n,
        "votes": [[] for _ in names], "length_a": [1] * n, "length_b": [1] * n,
    }  # fmt: skip
    return pd.DataFrame(base | columns)


def find(found: list[Measure], name: str, perturbation: str | None = None, **where: Any) -> Measure:
    """The one measure of that name."""
    wanted = {
        "measure": name,
        "perturbation": perturbation,
        "side": None,
        "slice": "all",
        "judge": "j",
    } | where
    hits = [m for m in found if all(getattr(m, key) == value for key, value in wanted.items())]
    assert len(hits) == 1, (wanted, hits)
    return hits[0]


def random_audit(seed: int = 0, n: int = 8, replicates: int = 2) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two judges, one exact, with failures, labels, votes and slices."""
    rng = np.random.default_rng(seed)
    audit = Audit()
    names = [f"p{k}" for k in range(n)]
    places = [
        ("baseline", None, None),
        ("injected", "x", "a"),
        ("injected", "x", "b"),
        ("placebo", "none", "a"),
    ]
    places += [("tie", "x", "a"), ("identical", None, "a")]
    for name in names:
        for arm, perturbation, side in places:
            said = rng.choice(
                ["a", "b", "tie", "refused", "unparsed", "error"],
                replicates,
                p=[0.3, 0.3, 0.3, *[0.1 / 3] * 3],
            )
            audit.add(name, arm, said.tolist(), perturbation=perturbation, side=side)
            for order in ("ab", "ba"):
                p = tuple(rng.dirichlet([1, 1, 1]).tolist())
                audit.exact(name, arm, p, perturbation=perturbation, side=side, order=order, judge="exact")
    pairs = pairs_of(
        *names,
        domain=rng.choice(["self-harm", "toxicity"], n).tolist(),
        label=rng.choice(["a", "b", "tie"], n).tolist(),
        votes=[rng.choice(["a", "b", "tie"], 3).tolist() for _ in names],
        length_a=rng.integers(1, 9, n).tolist(),
        length_b=rng.integers(1, 9, n).tolist(),
    )
    return audit.table, pairs


FAST = Settings(resamples=100)


def test_a_judge_that_always_prefers_the_artifact_scores_100_and_a_fair_one_0() -> None:
    audit = Audit()
    for name in ("p", "q"):
        for side in ("a", "b"):
            audit.add(name, "tie", ["a"], perturbation="x", side=side, judge="swayed")
            audit.add(name, "tie", ["tie"], perturbation="x", side=side, judge="fair")
    found = measure(audit.table, pairs_of("p", "q"))
    assert find(found, "tie_detection", "x", judge="swayed").estimate == 100
    assert find(found, "decisive_share", "x", judge="swayed").estimate == 1
    assert find(found, "tie_detection", "x", judge="fair").estimate == 0
    assert find(found, "decisive_share", "x", judge="fair").estimate == 0


def test_a_judge_that_takes_the_first_text_is_position_biased_and_nothing_else() -> None:
    audit = Audit()
    for name in ("p", "q"):
        for arm, perturbation, side in (("tie", "x", "a"), ("baseline", None, None), ("injected", "x", "a")):
            audit.add(name, arm, ["a"], perturbation=perturbation, side=side, orders=("ab",))
            audit.add(name, arm, ["b"], perturbation=perturbation, side=side, orders=("ba",))
        audit.add(name, "identical", ["a"], side="a", orders=("ab",))
    found = measure(audit.table, pairs_of("p", "q"))
    assert find(found, "tie_detection", "x").estimate == 0
    assert find(found, "winrate_shift", "x").estimate == 0
    assert find(found, "tie_detection", "position").estimate == 100
    assert find(found, "winrate_shift", "position").estimate == 100
    assert find(found, "position_consistency", "position").estimate == 0
    assert find(found, "flip", "position").estimate == 1


def test_position_on_identical_texts_is_about_what_is_shown_first_in_either_order() -> None:
    audit = Audit()
    for order, first in (("ab", "a"), ("ba", "b")):
        audit.add("p", "identical", [first], side="a", orders=(order,))
    assert find(measure(audit.table, pairs_of("p")), "tie_detection", "position").estimate == 100


def test_exact_probabilities_count_as_they_are() -> None:
    audit = Audit().exact("p", "tie", (0.5, 0.2, 0.3), perturbation="x", side="a", order="ab")
    audit.exact("p", "tie", (0.1, 0.6, 0.3), perturbation="x", side="a", order="ba")
    found = measure(audit.table, pairs_of("p"))
    assert find(found, "tie_detection", "x").estimate == pytest.approx(100 * (0.3 - 0.5) / 2)
    assert find(found, "decisive_share", "x").estimate == pytest.approx(0.7)


def test_winrate_shift_by_hand() -> None:
    """Pair p: side a goes from tie to win (+1/2), side b from tie to loss (-1/2). Pair q, side a: loss to win."""
    audit = Audit().add("p", "baseline", ["tie"]).add("q", "baseline", ["b"])
    audit.add("p", "injected", ["a"], perturbation="x", side="a")
    audit.add("p", "injected", ["a"], perturbation="x", side="b")
    audit.add("q", "injected", ["a"], perturbation="x", side="a")
    found = measure(audit.table, pairs_of("p", "q"))
    side_a, side_b, both = (find(found, "winrate_shift", "x", side=side) for side in ("a", "b", None))
    assert (side_a.estimate, side_a.n_pairs, side_a.n_verdicts) == (75, 2, 8)
    assert (side_b.estimate, side_b.n_pairs, side_b.n_verdicts) == (-50, 1, 4)
    assert (both.estimate, both.n_pairs, both.n_verdicts) == (50, 2, 10)


def test_flips_of_replicates_by_hand() -> None:
    """Baseline a, tie against injected b, b on side b: all four combinations differ, all toward the artifact."""
    audit = (
        Audit()
        .add("p", "baseline", ["a", "tie"])
        .add("p", "injected", ["b", "b"], perturbation="x", side="b")
    )
    found = measure(audit.table, pairs_of("p"))
    expected = {
        "flip": 1, "reversal": 0.5, "softening": 0, "hardening": 0.5, "flip_toward": 1, "flip_away": 0,
        "noise_floor": 1, "noise_adjusted_flip": 0,
    }  # fmt: skip
    assert {name: find(found, name, "x").estimate for name in expected} == expected
    softer = Audit().add("p", "baseline", ["a"]).add("p", "injected", ["tie"], perturbation="x", side="a")
    found = measure(softer.table, pairs_of("p"))
    assert (find(found, "softening", "x").estimate, find(found, "flip_away", "x").estimate) == (1, 1)


def test_exact_flips_and_floors_are_products_of_probabilities() -> None:
    p, q = (0.5, 0.3, 0.2), (0.2, 0.2, 0.6)
    audit = Audit()
    for order in ("ab", "ba"):
        audit.exact("p", "baseline", p, order=order)
        audit.exact("p", "injected", q, perturbation="x", side="a", order=order)
    found = measure(audit.table, pairs_of("p"))
    flip, floor = 1 - np.dot(p, q), 1 - np.dot(p, p)
    assert find(found, "flip", "x").estimate == pytest.approx(flip)
    assert find(found, "noise_floor", "x").estimate == pytest.approx(floor)
    assert find(found, "noise_adjusted_flip", "x").estimate == pytest.approx(flip - floor)
    assert find(found, "noise_floor").estimate == pytest.approx(floor)
    assert find(found, "self_consistency").estimate == pytest.approx(1 - floor)
    # With a, b, tie before and after: a change in favour of side a, then one against it.
    by_kind = {
        "reversal": (p[1] * q[0], p[0] * q[1]), "softening": (p[1] * q[2], p[0] * q[2]), "hardening":
        (p[2] * q[0], p[2] * q[1]),
    }  # fmt: skip
    for kind, both in by_kind.items():
        assert find(found, kind, "x").estimate == pytest.approx(sum(both))
    for place, kind in enumerate(("flip_toward", "flip_away")):
        assert find(found, kind, "x").estimate == pytest.approx(sum(both[place] for both in by_kind.values()))


def test_without_a_pair_in_both_orders_no_order_is_compared_with_the_other() -> None:
    audit = Audit().add("p", "baseline", ["a"], orders=("ab",)).add("q", "baseline", ["a"], orders=("ba",))
    found = measure(audit.table, pairs_of("p", "q"))
    compared = {"flip", "noise_floor", "position_consistency", "order_kappa", "winrate_shift"}
    assert not compared & {m.measure for m in found if m.perturbation == "position"}


def test_exact_flips_between_orders_are_products_of_probabilities() -> None:
    """Text a wins with .5 when shown first and with .1 when second; ties count half."""
    p, q = (0.5, 0.3, 0.2), (0.1, 0.6, 0.3)
    audit = Audit().exact("p", "baseline", p, order="ab").exact("p", "baseline", q, order="ba")
    found = measure(audit.table, pairs_of("p"))
    flip, floor = 1 - np.dot(p, q), 1 - (np.dot(p, p) + np.dot(q, q)) / 2
    expected = {
        "flip": flip, "position_consistency": 1 - flip, "noise_floor": floor, "noise_adjusted_flip": flip - floor,
        "winrate_shift": 100 * ((0.5 + 0.1) - (0.1 + 0.15)),
    }  # fmt: skip
    for name, estimate in expected.items():
        assert find(found, name, "position").estimate == pytest.approx(estimate), name


SIGNED = {
    "tie_detection", "winrate_shift", "noise_adjusted_flip", "noise_adjusted_flip_both", "accuracy_shift",
    "shift_above_placebo", "main_effect", "interaction",
}  # fmt: skip
SHARES = {
    "decisive_share", "flip", "reversal", "softening", "hardening", "flip_toward", "flip_away", "noise_floor",
    "flip_both", "noise_floor_both", "position_consistency", "self_consistency", "all_identical", "modal_share",
    "accuracy", "accuracy_decisive",
}  # fmt: skip


def test_what_a_mean_can_be_at_least_and_at_most_is_in_its_interval() -> None:
    """Where all pairs are alike an interval follows from the scale: from -1 for what has a sign, from 0 for a share."""
    audit, names = Audit(), [f"p{k}" for k in range(30)]
    for name in names:
        audit.add(name, "baseline", ["tie", "tie"]).add(name, "identical", ["tie"], side="a")
        audit.add(name, "both", ["tie"], perturbation="x").add(
            name, "tie", ["tie"], perturbation="x", side="a"
        )
        for side in ("a", "b"):
            for artifact in ("x", "y", "x+y"):
                audit.add(name, "injected", ["tie"], perturbation=artifact, side=side)
            audit.add(name, "placebo", ["tie"], perturbation="none", side=side)
    pairs = pairs_of(*names, label=["a", "b"] * 15)
    found = measure(audit.table, pairs, FAST, Subjects(placebos={"x": "none"}))
    seen = [m for m in found if m.measure in SIGNED | SHARES]
    for m in seen:
        scale, low = {"points": 100, "proportion": 1}[m.unit], -1.0 if m.measure in SIGNED else 0.0
        assert m.estimate is not None
        expected = mean_interval(np.full(m.n_pairs, m.estimate / scale), low, 1.0, 0.95)
        assert expected is not None
        assert (m.ci_low, m.ci_high) == pytest.approx((scale * expected.low, scale * expected.high)), m
    assert {m.measure for m in seen} == SIGNED | SHARES
    of_shift = {(m.perturbation, m.side, m.slice) for m in seen if m.measure == "winrate_shift"}
    assert of_shift >= {
        ("x", "a", "all"), ("x", "b", "all"), ("x", None, "all"), ("position", None, "all"),
        ("x", None, "artifact_on=preferred"), ("x", None, "artifact_on=less_preferred"),
    }  # fmt: skip


def test_without_replicates_a_sampled_judge_has_no_noise_floor_and_no_consistency() -> None:
    audit = Audit().add("p", "baseline", ["a"]).add("p", "injected", ["b"], perturbation="x", side="a")
    found = measure(audit.table, pairs_of("p"))
    assert find(found, "flip", "x").estimate == 1
    for name, perturbation in (
        ("noise_floor", "x"), ("noise_adjusted_flip", "x"), ("noise_floor", "position"), ("self_consistency", None),
        ("all_identical", None), ("modal_share", None), ("replicate_alpha", None), ("winrate_spread", None),
    ):  # fmt: skip
        missing = find(found, name, perturbation)
        assert (missing.estimate, missing.n_pairs, missing.n_verdicts, missing.reading) == (None, 0, 0, None)


def test_every_flip_has_its_floor_beside_it() -> None:
    table, pairs = random_audit()
    found = measure(table, pairs, FAST)
    flips = {(m.judge, m.perturbation) for m in found if m.measure == "flip"}
    assert flips
    assert flips <= {(m.judge, m.perturbation) for m in found if m.measure == "noise_floor"}


def test_an_unbiased_noisy_judge_is_not_accused() -> None:
    """It answers at random, the same way in both orders: its order flips are its noise floor and nothing more."""
    rng = np.random.default_rng(5)
    exact, sampled, names = Audit(), Audit(), [f"p{k}" for k in range(200)]
    for name in names:
        p = rng.dirichlet([1, 1, 1])
        for place in ({"arm": "baseline"}, {"arm": "injected", "perturbation": "x", "side": "a"}):
            for order in ("ab", "ba"):
                exact.exact(name, p=tuple(p.tolist()), order=order, **place)
                said = rng.choice(["a", "b", "tie"], 3, p=p).tolist()
                sampled.add(name, said=said, orders=(order,), **place)
    found = measure(exact.table, pairs_of(*names))
    for perturbation in ("x", "position"):
        flip, floor = (find(found, name, perturbation).estimate for name in ("flip", "noise_floor"))
        assert flip == pytest.approx(floor, abs=1e-12)
        assert find(found, "noise_adjusted_flip", perturbation).reading is Reading.ROBUST
    found = measure(sampled.table, pairs_of(*names))
    for perturbation in ("x", "position"):
        adjusted = find(found, "noise_adjusted_flip", perturbation)
        assert find(found, "flip", perturbation).estimate > 0.3
        assert adjusted.ci_low < 0 < adjusted.ci_high
        assert adjusted.reading is not Reading.SENSITIVE
        assert find(found, "winrate_shift", perturbation).reading is not Reading.SENSITIVE


def test_two_errors_never_count_as_consistent() -> None:
    audit = Audit().add("p", "baseline", ["error", "error"]).add("q", "baseline", ["refused", "unparsed"])
    found = measure(audit.table, pairs_of("p", "q"))
    for name in ("self_consistency", "all_identical", "modal_share", "noise_floor", "replicate_alpha"):
        assert find(found, name).estimate is None
    assert find(found, "position_consistency", "position").estimate is None
    rates = [find(found, f"{name}_rate").estimate for name in ("error", "refused", "unparsed")]
    assert rates == [0.5, 0.25, 0.25]


def test_a_failure_is_counted_and_never_scored() -> None:
    audit = Audit().add("p", "tie", ["a", "refused"], perturbation="x", side="a")
    found = measure(audit.table, pairs_of("p"))
    lead = find(found, "tie_detection", "x")
    assert (lead.estimate, lead.n_verdicts) == (100, 2)
    rate = find(found, "refused_rate", "x")
    assert (rate.estimate, rate.n_verdicts) == (0.5, 4)


def test_a_pair_that_lost_one_order_is_left_out_rather_than_measuring_position() -> None:
    audit = Audit()
    for name, last in (("p", "refused"), ("q", "b")):
        audit.add(name, "tie", ["a"], perturbation="x", side="a", orders=("ab",))
        audit.add(name, "tie", [last], perturbation="x", side="a", orders=("ba",))
    found = find(measure(audit.table, pairs_of("p", "q")), "tie_detection", "x")
    assert (found.estimate, found.n_pairs, found.n_verdicts) == (0, 1, 2)


def test_failure_rates_weigh_pairs_by_what_they_were_asked() -> None:
    audit = (
        Audit()
        .add("p", "baseline", ["error"], orders=("ab",))
        .add("q", "baseline", ["a", "a", "a"], orders=("ab",))
    )
    found = measure(audit.table, pairs_of("p", "q"))
    assert find(found, "error_rate").estimate == pytest.approx(1 / 4)


def test_self_consistency_by_hand() -> None:
    """p says a, a, tie in both orders: 1 of 3 pairs of replicates agree; q is unanimous."""
    audit = Audit().add("p", "baseline", ["a", "a", "tie"]).add("q", "baseline", ["b", "b", "b"])
    found = measure(audit.table, pairs_of("p", "q"))
    assert find(found, "self_consistency").estimate == pytest.approx((1 / 3 + 1) / 2)
    assert find(found, "all_identical").estimate == 0.5
    assert find(found, "modal_share").estimate == pytest.approx((2 / 3 + 1) / 2)
    # Runs score (1 + 0)/2, (1 + 0)/2, (1/2 + 0)/2 for side a: sd of 50, 50, 25.
    spread, interval = find(found, "winrate_spread"), sd_interval(np.std([50, 50, 25], ddof=1), 3, 0.95)
    assert interval is not None
    assert spread.estimate == pytest.approx(np.std([50, 50, 25], ddof=1))
    assert (spread.ci_low, spread.ci_high) == pytest.approx((interval.low, interval.high))
    assert (spread.n_pairs, spread.n_verdicts, spread.unit) == (2, 12, "points")


def test_consistency_of_two_replicates_by_hand() -> None:
    """p and r repeat themselves in both orders, q contradicts itself; alpha by all values: 6 of a, 6 of b.

    2 of 6 units disagree: 1 - (11 * 4) / (2 * 6 * 6) = 7 / 18.
    """
    audit = Audit().add("p", "baseline", ["a", "a"]).add("q", "baseline", ["a", "b"])
    audit.add("r", "baseline", ["b", "b"]).add("s", "baseline", ["a"])
    found = measure(audit.table, pairs_of(*"pqrs"))
    expected = {
        "self_consistency": 2 / 3, "all_identical": 2 / 3, "modal_share": 2.5 / 3, "noise_floor": 1 / 3,
        "replicate_alpha": 7 / 18,
    }  # fmt: skip
    for name, estimate in expected.items():
        m = find(found, name)
        assert (m.estimate, m.n_pairs, m.n_verdicts) == (pytest.approx(estimate), 3, 12), name


def test_consistency_of_an_exact_judge_by_hand() -> None:
    """Disagreement within a trial 1 - .5 = .5 and 1 - .82 = .18, of all values 1 - (.7 ** 2 + .3 ** 2) = .42."""
    audit = Audit()
    for name, p in (("p", (0.5, 0.5, 0.0)), ("q", (0.9, 0.1, 0.0))):
        for order in ("ab", "ba"):
            audit.exact(name, "baseline", p, order=order)
    found = measure(audit.table, pairs_of("p", "q"))
    assert find(found, "modal_share").estimate == pytest.approx(0.7)
    assert find(found, "self_consistency").estimate == pytest.approx((0.5 + 0.82) / 2)
    assert find(found, "replicate_alpha").estimate == pytest.approx(1 - 0.34 / 0.42)
    # Four independent verdicts, two on each pair: variances .25 and .09, mean over both orders and pairs.
    assert find(found, "winrate_spread").estimate == pytest.approx(100 * np.sqrt((0.25 + 0.09) / 2 / 2 / 2))


def test_the_spread_of_an_exact_judges_runs_has_the_interval_of_its_mean_variance() -> None:
    """Of one verdict on p the variance is .25, of each of both on q .09: by pair .25 and .045, their mean's over 2."""
    audit = Audit().exact("p", "baseline", (0.5, 0.5, 0.0), order="ab")
    for order in ("ab", "ba"):
        audit.exact("q", "baseline", (0.9, 0.1, 0.0), order=order)
    spread = find(measure(audit.table, pairs_of("p", "q")), "winrate_spread")
    assert spread.estimate == pytest.approx(100 * np.sqrt((0.25 + 0.045) / 2 / 2))
    assert (spread.n_pairs, spread.n_verdicts, spread.unit) == (2, 3, "points")
    of_variance = mean_interval(np.array([0.25, 0.045]), 0.0, 0.25, 0.95)
    assert of_variance is not None
    assert spread.ci_low == pytest.approx(100 * np.sqrt(of_variance.low / 2))
    assert spread.ci_high == pytest.approx(100 * np.sqrt(of_variance.high / 2))


def test_runs_are_compared_in_the_orders_that_were_asked() -> None:
    """p was asked in one order; q lacks its second run in one; of r both runs are whole."""
    audit = Audit().add("p", "baseline", ["a", "b"], orders=("ab",)).add("r", "baseline", ["a", "tie"])
    audit.add("q", "baseline", ["a", "a"], orders=("ab",)).add("q", "baseline", ["a"], orders=("ba",))
    spread = find(measure(audit.table, pairs_of(*"pqr")), "winrate_spread")
    assert (spread.estimate, spread.n_pairs) == (pytest.approx(100 * np.std([1, 0.25], ddof=1)), 2)


def test_runs_are_compared_on_the_pairs_that_all_of_them_judged() -> None:
    """p lost a verdict in the second run; q alone is compared, and it scores 100 in both."""
    audit = Audit().add("p", "baseline", ["b", "error"]).add("q", "baseline", ["a", "a"])
    spread = find(measure(audit.table, pairs_of("p", "q")), "winrate_spread")
    assert (spread.estimate, spread.n_pairs, spread.n_verdicts) == (0, 1, 4)


def test_an_exact_judge_has_the_spread_that_its_runs_would_show() -> None:
    rng = np.random.default_rng(0)
    audit, names, shares = Audit(), [f"p{k}" for k in range(30)], rng.dirichlet([1, 1, 1], (30, 2))
    for k, name in enumerate(names):
        for o, order in enumerate(("ab", "ba")):
            audit.exact(name, "baseline", tuple(shares[k, o].tolist()), order=order)
    said = (shares.cumsum(-1)[None] > rng.random((20_000, 30, 2, 1))).argmax(-1)
    runs = np.array([1, 0, 0.5])[said].mean((1, 2))
    spread = find(measure(audit.table, pairs_of(*names)), "winrate_spread")
    assert spread.estimate == pytest.approx(100 * runs.std(), rel=0.02)


def test_replicates_of_one_item_are_not_independent() -> None:
    """Doubling every row as a further replicate buys no certainty about pairs."""
    table, pairs = random_audit(n=12)
    doubled = pd.concat([table, table.assign(replicate=table["replicate"] + 2)])
    before, after = measure(table, pairs, FAST), measure(doubled, pairs, FAST)
    names = {
        "tie_detection",
        "winrate_shift",
        "flip",
        "reversal",
        "accuracy",
        "accuracy_decisive",
        "decisive_share",
    }
    compared = 0
    for old, new in zip(before, after, strict=True):
        if old.measure in names and old.estimate is not None:
            assert (new.estimate, new.ci_low, new.ci_high) == pytest.approx(
                (old.estimate, old.ci_low, old.ci_high)
            )
            compared += 1
    assert compared > 30


def test_the_order_of_rows_and_pairs_leaves_no_trace() -> None:
    table, pairs = random_audit()
    shuffled = measure(table.sample(frac=1, random_state=1), pairs.sample(frac=1, random_state=2), FAST)
    assert shuffled == measure(table, pairs, FAST)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 3))
def test_every_measure_is_within_its_bounds_and_holds_no_nan(seed: int, replicates: int) -> None:
    found = measure(*random_audit(seed, n=5, replicates=replicates), FAST)
    limits = {
        "points": (-100.0, 100.0), "proportion": (-1.0, 1.0), "coefficient": (-1e3, 1.0), "ratio": (0.0, 1e9),
        "count": (1.0, 1000.0),
    }  # fmt: skip
    for m in found:
        text = json.dumps(m.to_dict(), allow_nan=False)
        assert Measure(**json.loads(text)) == m
        if m.estimate is not None:
            low, high = limits[m.unit]
            assert low - 1e-9 <= m.estimate <= high + 1e-9
            assert m.n_pairs > 0
            if m.ci_low is not None:
                assert m.ci_low - 1e-9 <= m.estimate <= m.ci_high + 1e-9
        assert (m.p is None) == (m.p_adjusted is None)
        assert (m.reading is None) == (m.margin is None) == (m.p is None or m.measure not in TESTED)
        assert (m.pairs_needed is None) or (m.reading is Reading.INCONCLUSIVE and m.pairs_needed > m.n_pairs)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_swapping_what_is_preferred_turns_every_signed_measure_around(seed: int) -> None:
    table, pairs = random_audit(seed, n=5)
    other = table["outcome"].map({"first": "second", "second": "first"}).fillna(table["outcome"])
    turned = table.assign(outcome=other, p_first=table["p_second"], p_second=table["p_first"])
    for old, new in zip(measure(table, pairs, FAST), measure(turned, pairs, FAST), strict=True):
        if old.measure in ("tie_detection", "winrate_shift") and old.estimate is not None:
            assert new.estimate == pytest.approx(-old.estimate)
            assert new.p == pytest.approx(old.p)
            if old.ci_low is not None:
                assert (new.ci_low, new.ci_high) == pytest.approx((-old.ci_high, -old.ci_low))
        elif old.measure in (
            "flip",
            "noise_floor",
            "self_consistency",
            "decisive_share",
            "noise_adjusted_flip",
        ):
            assert new.estimate == pytest.approx(old.estimate)


def labelled(label: list[str | None], said: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    audit = Audit()
    names = [f"p{k}" for k in range(len(label))]
    for name, verdict in zip(names, said, strict=True):
        audit.add(name, "baseline", [verdict])
    return audit.table, pairs_of(*names, label=label)


def test_accuracy_by_hand() -> None:
    table, pairs = labelled(["a", "b", "tie", "a", None], ["a", "tie", "tie", "b", "a"])
    found = measure(table, pairs)
    three_way, decisive = find(found, "accuracy"), find(found, "accuracy_decisive")
    assert (three_way.estimate, three_way.n_pairs, three_way.n_verdicts) == (0.5, 4, 8)
    assert (decisive.estimate, decisive.n_pairs) == (0.5, 3)  # right, half, wrong


def test_kappa_agrees_with_statsmodels_and_ac1_counts_the_categories_in_use() -> None:
    rng = np.random.default_rng(0)
    label, said = rng.choice(["a", "b", "tie"], 40).tolist(), rng.choice(["a", "b", "tie"], 40).tolist()
    found = measure(*labelled(label, said))
    second = cohens_kappa(pd.crosstab(pd.Series(label), pd.Series(said)).to_numpy(), return_results=False)
    assert find(found, "kappa").estimate == pytest.approx(second, abs=1e-9)
    # Two categories in use, agreement .75, pi = 1/2 each: (.75 - .5) / (1 - .5).
    found = measure(*labelled(["a", "a", "b", "b"] * 2, ["a", "a", "b", "a", "a", "b", "b", "b"]))
    assert find(found, "ac1").estimate == pytest.approx(0.5)


def test_agreement_is_also_measured_under_the_artifact() -> None:
    table, pairs = labelled(["a", "b"], ["a", "b"])
    audit = Audit(table.to_dict("records"))
    for name in ("p0", "p1"):
        for side in ("a", "b"):
            audit.add(name, "injected", ["a"], perturbation="x", side=side)
    found = measure(audit.table, pairs)
    assert find(found, "accuracy").estimate == 1
    assert find(found, "accuracy", "x").estimate == 0.5
    assert find(found, "kappa", "x").estimate == 0


def test_without_labels_nothing_is_said_about_people() -> None:
    found = measure(Audit().add("p", "baseline", ["a"]).table, pairs_of("p"))
    assert not {m.measure for m in found} & {"accuracy", "accuracy_decisive", "kappa", "ac1", "alpha"}


def test_the_longer_response_is_a_judge_of_its_own() -> None:
    table, pairs = labelled(["a", "a", "tie", "b"], ["a", "a", "a", "a"])
    pairs = pairs.assign(length_a=[9, 1, 5, 2], length_b=[1, 9, 5, 3])
    found = measure(table, pairs)
    longer = find(found, "accuracy", judge="baseline:longer")
    assert (longer.estimate, longer.n_pairs) == (0.75, 4)
    assert find(found, "accuracy_decisive", judge="baseline:longer").estimate == pytest.approx(2 / 3)
    assert find(found, "kappa", judge="baseline:longer").estimate is not None


def test_the_human_ceiling_leaves_one_annotator_out() -> None:
    """a, a, b: each a faces a split (1/2), b faces two a (0). a, a, a: always right. Two votes are too few."""
    table, pairs = labelled(["a", "a", "b"], ["a", "a", "a"])
    pairs = pairs.assign(votes=[["a", "a", "b"], ["a", "a", "a"], ["b", "b"]])
    ceiling = find(measure(table, pairs), "accuracy", judge="human:leave_one_out")
    assert ceiling.estimate == pytest.approx((1 / 3 + 1) / 2)
    assert (ceiling.n_pairs, ceiling.n_verdicts) == (2, 6)
    sliced = measure(table, pairs.assign(domain=["one", "two", "two"]), FAST)
    assert find(sliced, "accuracy", judge="human:leave_one_out", slice="domain=two").estimate == 1


def test_placebo_trials_are_measured_as_injected_ones() -> None:
    audit = Audit().add("p", "baseline", ["b"]).add("p", "placebo", ["a"], perturbation="placebo", side="a")
    assert find(measure(audit.table, pairs_of("p")), "winrate_shift", "placebo").estimate == 100


def test_slices_split_the_headline_measures() -> None:
    table, pairs = random_audit(n=20)
    found = measure(table, pairs, FAST)
    sliced = {m.measure for m in found if m.slice == "domain=toxicity"}
    assert sliced == {"tie_detection", "winrate_shift", "accuracy", "accuracy_shift"}
    assert {(m.measure, m.perturbation) for m in found if m.slice == "domain=toxicity" and m.judge == "j"} == {
        ("tie_detection", "x"), ("tie_detection", "position"), ("winrate_shift", "x"), ("winrate_shift", "none"),
        ("winrate_shift", "position"), ("accuracy", None), ("accuracy", "x"), ("accuracy", "none"),
        ("accuracy_shift", "x"), ("accuracy_shift", "none"),
    }  # fmt: skip
    assert not any(m.slice.startswith("language") for m in found)  # a single value is no slice
    parts = [find(found, "tie_detection", "x", slice=f"domain={d}") for d in ("self-harm", "toxicity")]
    whole = find(found, "tie_detection", "x")
    assert sum(m.n_pairs for m in parts) == whole.n_pairs
    assert sum(m.n_pairs * (m.estimate or 0) for m in parts) == pytest.approx(
        whole.n_pairs * (whole.estimate or 0)
    )


def test_holm_holds_the_confirmatory_family_and_the_rest_is_exploratory() -> None:
    found = measure(*random_audit(n=20), FAST)
    family = [
        m for m in found
        if m.measure in ("tie_detection", "winrate_shift") and m.slice == "all" and m.side is None and m.p is not None
    ]  # fmt: skip
    assert {m.perturbation for m in family} == {"x", "position", "none"}
    assert [m.p_adjusted for m in family] == pytest.approx(holm([m.p or 0 for m in family]).tolist())
    rest = [m for m in found if m.p is not None and m not in family]
    assert {m.measure for m in rest} == {
        "tie_detection",
        "winrate_shift",
        "noise_adjusted_flip",
        "accuracy_shift",
        "odds_ratio",
    }
    assert all(m.p_adjusted >= m.p - 1e-12 for m in rest)


def test_readings_follow_the_declared_margin() -> None:
    audit, names = Audit(), [f"p{k}" for k in range(100)]
    for k, name in enumerate(names):
        audit.add(name, "tie", ["a" if k < 30 else "tie"], perturbation="strong", side="a")
        audit.add(name, "tie", ["tie"], perturbation="none", side="a")
        audit.add(name, "tie", ["a" if k < 4 else "b" if k < 8 else "tie"], perturbation="unclear", side="a")
    found = measure(audit.table, pairs_of(*names))
    readings = {name: find(found, "tie_detection", name) for name in ("strong", "none", "unclear")}
    assert {name: m.reading for name, m in readings.items()} == {
        "strong": Reading.SENSITIVE, "none": Reading.ROBUST, "unclear": Reading.INCONCLUSIVE,
    }  # fmt: skip
    unclear = readings["unclear"]
    assert unclear.p is not None
    assert unclear.p_adjusted is not None
    assert unclear.pairs_needed == pairs_needed(
        np.repeat([1.0, -1.0, 0.0], [4, 4, 92]), -1.0, 1.0, 0.05, 0.05, 0.05 * unclear.p / unclear.p_adjusted
    )
    assert [(m.n_above, m.n_below) for m in readings.values()] == [(30, 0), (0, 0), (4, 4)]
    assert {m.margin for m in readings.values()} == {5.0}
    wide = measure(audit.table, pairs_of(*names), Settings(margin_points=40))
    assert find(wide, "tie_detection", "strong").reading is Reading.ROBUST


def test_a_judge_is_measured_at_its_own_places_whatever_those_of_others_are() -> None:
    places = {
        "baseline": ("baseline", None, None), "injected": ("injected", "x", "a"), "tie": ("tie", "x", "b"),
        "identical": ("identical", None, "a"),
    }  # fmt: skip
    audits = {}
    for judge, names in (
        ("all", list(places)), ("first", ["baseline", "injected"]), ("last", ["tie", "identical"]), ("one", ["tie"]),
        ("none", ["baseline"]),
    ):  # fmt: skip
        audits[judge] = Audit()
        for name in names:
            arm, perturbation, side = places[name]
            for pair, said in (("p", ["a", "b"]), ("q", ["a", "tie"]), ("r", ["b", "error"])):
                audits[judge].add(pair, arm, said, perturbation=perturbation, side=side, judge=judge)
    together = measure(pd.concat([audit.table for audit in audits.values()]), pairs_of("p", "q", "r"), FAST)
    for judge, audit in audits.items():
        alone = measure(audit.table, pairs_of("p", "q", "r"), FAST)
        own = [m for m in together if m.judge == judge]
        assert [(m.measure, m.estimate, m.n_pairs, m.n_verdicts, m.p) for m in own] == [
            (m.measure, m.estimate, m.n_pairs, m.n_verdicts, m.p) for m in alone
        ]


@pytest.mark.parametrize(("n", "reading"), [(58, Reading.INCONCLUSIVE), (59, Reading.ROBUST)])
def test_robust_takes_as_many_pairs_as_the_declared_margin_asks_for(n: int, reading: Reading) -> None:
    audit, names = Audit(), [f"p{k}" for k in range(n)]
    for name in names:
        audit.add(name, "tie", ["tie"], perturbation="x", side="a")
    found = find(measure(audit.table, pairs_of(*names), FAST), "tie_detection", "x")
    assert (found.reading, found.ci_level) == (reading, 0.95)
    assert found.ci_method == "Clopper-Pearson share of unseen different pairs, all equal"
    assert found.caution == f"all {n} pairs are equal: the interval is wider than its level"
    assert found.pairs_needed == (None if reading is Reading.ROBUST else 59)


def broken(**columns: Any) -> pd.DataFrame:
    return Audit().add("p", "baseline", ["a"]).table.assign(**columns)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (broken(outcome="maybe"), "maybe"),
        (broken(arm="both_sides"), "both_sides"),
        (broken(pair_id="elsewhere"), "elsewhere"),
        (broken(exact=True), "probabilities"),
        (broken(exact=True, p_first=0.9, p_second=0.9, p_tie=0.0), "probabilities"),
        (broken(perturbation="position"), "position"),
        (pd.concat([broken(), broken()]), "two rows"),
        (broken().drop(columns="order"), "order"),
        (
            Audit()
            .add("p", "baseline", ["a"], orders=("ab",))
            .exact("p", "baseline", (0.5, 0.3, 0.2), order="ba")
            .table,
            "one kind",
        ),
        (
            pd.concat([broken(arm="placebo", perturbation="x"), broken(arm="injected", perturbation="x")]),
            "placebo",
        ),
    ],
)
def test_a_table_that_breaks_its_contract_is_refused(table: pd.DataFrame, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        measure(table, pairs_of("p"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"margin_points": 0.0},
        {"alpha": 0.7},
        {"ci_level": 95.0},
        {"resamples": 3},
        {"confirmatory": ["accuracy"]},
    ],
)
def test_settings_outside_their_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(wrong))):
        Settings(**wrong)


@pytest.mark.parametrize(
    ("name", "within", "outside"),
    [
        ("margin_points", [0.5, 99.5], [0.0, 100.0]),
        ("alpha", [0.01, 0.49], [0.0, 0.5]),
        ("ci_level", [0.01, 0.99], [0.0, 1.0, 1.5]),
        ("resamples", [100], [99]),
        ("seed", [0], [-1]),
        ("annotator_epsilon", [0.0, 0.99], [-0.01, 1.0, 1.5]),
        ("rating_cuts", [(0.5,), (0.25, 0.75)], [(), (0.5, 0.5), (0.75, 0.25)]),
        ("truth", ["label", "majority", "annotator:1"], ["annotator:", "annotator", "labels"]),
        ("confirmatory", [(), tuple(TESTED)], [(*TESTED, "kappa")]),
    ],
)
def test_settings_end_where_they_are_said_to_end(name: str, within: list[Any], outside: list[Any]) -> None:
    for value in within:
        assert getattr(Settings(**{name: value}), name) == value
    for value in outside:
        with pytest.raises(ConfigurationError, match=name):
            Settings(**{name: value})


def test_a_record_gives_its_reading_as_a_word() -> None:
    record = Measure("flip", "j", "x", None, "all", "proportion", 1, 1, reading=Reading.ROBUST).to_dict()
    assert (record["reading"], type(record["reading"])) == ("robust", str)
    assert Measure("flip", "j", "x", None, "all", "proportion", 1, 1).to_dict()["reading"] is None


def test_pairs_are_sliced_by_the_quartile_of_their_mean_length() -> None:
    """Means of 1 to 8, the quartiles of which are 2.75, 4.5 and 6.25; i has no length and is in none of them."""
    names = list("abcdefghi")
    audit = Audit()
    for k, name in enumerate(names):
        audit.add(name, "tie", ["a" if k in (0, 1, 2) else "tie"], perturbation="x", side="a")
    other = [0, 4, 6, 0, 10, 2, 14, 1, 0]
    pairs = pairs_of(
        *names, length_a=[*(2 * k - b for k, b in enumerate(other[:8], 1)), None], length_b=other
    )
    found = measure(audit.table, pairs, FAST)
    parts = {
        m.slice: (m.n_pairs, m.estimate) for m in found if m.measure == "tie_detection" and m.slice != "all"
    }
    assert parts == {"length=1": (2, 100), "length=2": (2, 50), "length=3": (2, 0), "length=4": (2, 0)}
    unknown = measure(audit.table, pairs.assign(length_a=[None] * 9), FAST)
    assert {m.slice for m in unknown} == {"all"}


def test_equal_lengths_share_a_quartile_and_a_pair_without_a_value_is_in_no_slice() -> None:
    audit = Audit()
    for name in "abcd":
        audit.add(name, "tie", ["a"], perturbation="x", side="a")
    pairs = pairs_of(*"abcd", length_a=[1, 1, 1, 5], domain=["one", "two", None, "two"])
    found = [m for m in measure(audit.table, pairs, FAST) if m.measure == "tie_detection"]
    assert {m.slice: m.n_pairs for m in found} == {
        "all": 4, "domain=one": 1, "domain=two": 2, "length=1": 3, "length=4": 1,
    }  # fmt: skip


def test_an_unknown_slice_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="topic"):
        measure(Audit().add("p", "baseline", ["a"]).table, pairs_of("p"), Settings(slices=("topic",)))


def test_the_record_has_the_fields_that_every_table_has() -> None:
    named = "measure judge perturbation side slice unit n_pairs n_verdicts estimate ci_low ci_high ci_level ci_method"
    assert (
        " ".join(f.name for f in fields(Measure))
        == f"{named} p p_adjusted n_above n_below margin reading pairs_needed case_low case_high caution"
    )


def test_label_probabilities_that_low_precision_left_short_of_1_count_by_their_shares() -> None:
    p = (0.6, 0.2, 0.1995)
    audit = Audit().exact("p", "baseline", p, order="ab").exact("p", "baseline", p, order="ba")
    found = find(measure(audit.table, pairs_of("p"), Settings(slices=(), resamples=100)), "self_consistency")
    assert found.estimate == pytest.approx(sum(x * x for x in p) / sum(p) ** 2, abs=1e-12)
