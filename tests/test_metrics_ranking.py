"""Rankings of systems, with and without an artifact, against fits by hand and a loop over resamples."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import log
from typing import Any

import numpy as np
import pandas as pd
import pytest

from judgeaudit.metrics import Settings
from judgeaudit.metrics.findings import Estimated
from judgeaudit.metrics.observations import observe
from judgeaudit.metrics.ranking import Systems, ranking
from judgeaudit.metrics.verdict_rows import Unparsed
from judgeaudit.stats import fit_davidson, kendall_tau, resampling_counts, thresholds

FAST = Settings(resamples=100)
SHOWN = {"a": {"ab": "first", "ba": "second"}, "b": {"ab": "second", "ba": "first"}}

Said = str | tuple[float, float, float]
"""What the judge said in terms of content: a, b, tie, a failure's name, or the chances of a, b and tie."""


class Judge:
    """Verdict rows on pairs of systems, written in terms of content."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.written: list[tuple[str | None, str | None]] = []

    def pair(
        self, writers: tuple[str | None, str | None], baseline: Said, **injected: Said | None
    ) -> "Judge":
        """One more pair and its verdicts in both orders: ``x_a`` with artifact x on a, and so on; None is not asked."""
        self.written.append(writers)
        self._rows("baseline", None, None, baseline, ("ab", "ba"))
        for key, said in injected.items():
            if said is not None:
                self._rows("injected", key[:-2], key[-1], said, ("ab", "ba"))
        return self

    def _rows(
        self, arm: str, perturbation: str | None, side: str | None, said: Said, orders: Sequence[str]
    ) -> None:
        for order in orders:
            chances = (np.nan,) * 3
            outcome = SHOWN.get(said, {}).get(order, said) if isinstance(said, str) else "tie"
            if not isinstance(said, str):
                chances = said if order == "ab" else (said[1], said[0], said[2])
            self.rows.append(
                {
                    "judge": "j", "pair_id": f"p{len(self.written):03}", "arm": arm, "perturbation": perturbation,
                    "side": side, "order": order, "replicate": 0, "outcome": outcome, "p_first": chances[0],
                    "p_second": chances[1], "p_tie": chances[2], "exact": not isinstance(said, str),
                }
            )  # fmt: skip

    @property
    def pairs(self) -> pd.DataFrame:
        return pd.DataFrame(self.written, columns=["system_a", "system_b"])

    def ranked(self, settings: Settings = FAST, unparsed: Unparsed = "excluded") -> list[Estimated]:
        ids = pd.Index([f"p{k + 1:03}" for k in range(len(self.written))])
        (judge,) = observe(pd.DataFrame(self.rows), ids, unparsed)
        return list(ranking(judge, Systems.of(self.pairs), settings))


def find(
    found: Sequence[Estimated], measure: str, perturbation: str | None = "x", within: str | None = None
) -> Estimated:
    hits = [
        one for one in found if (one.measure, one.perturbation, one.within) == (measure, perturbation, within)
    ]
    assert len(hits) == 1, [(one.measure, one.perturbation, one.within) for one in found]
    return hits[0]


def estimate(found: Sequence[Estimated], measure: str, within: str | None = None) -> float:
    value = find(found, measure, within=within).estimate
    assert value is not None
    return value


def gain(baseline: tuple[Any, Any], injected: tuple[Any, Any], system: int) -> float:
    """The system's strength against the others' mean, in the injected tables (wins, ties) less the baseline's."""
    leads = []
    for wins, ties in (injected, baseline):
        strength = fit_davidson(np.array(wins, dtype=float), np.array(ties, dtype=float)).log_strength
        leads.append(strength[system] - np.delete(strength, system).mean())
    return float(leads[0] - leads[1])


TEAMS = ("A", "B", "C", "D")


def league(
    answer: Callable[[str, str], Said], rounds: int = 6, **injected: Callable[[str, str], Said]
) -> Judge:
    """Every system of four against every other, ``rounds`` times, each as often on side a as on b."""
    judge = Judge()
    for a in TEAMS:
        for b in TEAMS:
            if a != b:
                for _ in range(rounds // 2):
                    judge.pair((a, b), answer(a, b), **{name: said(a, b) for name, said in injected.items()})
    return judge


def by_name(a: str, b: str) -> Said:
    """A before B before C before D, by a chance that grows with their distance."""
    lead = (TEAMS.index(b) - TEAMS.index(a)) / 8
    return (0.4 + lead, 0.4 - lead, 0.2)


def test_strength_gain_is_the_difference_of_two_fits_by_hand() -> None:
    """B carries the artifact on side b of its pair with A, on side a of that with C: a tie and a loss become wins."""
    judge = Judge()
    judge.pair(("A", "B"), "tie", x_b="b").pair(("A", "B"), "a").pair(("A", "C"), "a").pair(("C", "A"), "a")
    judge.pair(("B", "C"), "b", x_a="a").pair(("B", "C"), "a")
    ties = [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    before = ([[0, 1, 1], [0, 0, 1], [1, 1, 0]], ties)
    after = ([[0, 1, 1], [1, 0, 2], [1, 0, 0]], np.zeros((3, 3)))
    found = judge.ranked()
    whole, own = find(found, "strength_gain"), find(found, "strength_gain", within="system=B")
    assert own.estimate == pytest.approx(gain(before, after, 1), abs=1e-9)
    assert whole.estimate == own.estimate
    assert (whole.n_pairs, whole.n_verdicts) == (own.n_pairs, own.n_verdicts) == (2, 8)
    assert find(found, "top_noise", None).n_pairs == 6
    assert find(found, "top_noise", None).n_verdicts == 12


def test_only_the_carriers_own_pairs_take_the_artifact() -> None:
    """With A carrying it, what the artifact does to the pair of B and C is not in the fit."""
    judge = Judge()
    for _ in range(3):
        judge.pair(("A", "B"), "a", x_a="tie", x_b="a").pair(("B", "C"), "a", x_a="b", x_b="b")
        judge.pair(("C", "A"), "tie", x_a="tie", x_b="b").pair(("A", "B"), "b").pair(("C", "B"), "a")
    before = ([[0, 3, 0], [3, 0, 3], [0, 3, 0]], [[0, 0, 3], [0, 0, 0], [3, 0, 0]])
    with_a = ([[0, 0, 3], [3, 0, 3], [0, 3, 0]], [[0, 3, 0], [3, 0, 0], [0, 0, 0]])
    with_b = ([[0, 3, 0], [3, 0, 0], [0, 6, 0]], [[0, 0, 3], [0, 0, 0], [3, 0, 0]])
    with_c = ([[0, 3, 0], [3, 0, 0], [0, 6, 0]], [[0, 0, 3], [0, 0, 0], [3, 0, 0]])
    found = judge.ranked()
    gains = [gain(before, tables, place) for place, tables in enumerate((with_a, with_b, with_c))]
    shown = [estimate(found, "strength_gain", f"system={name}") for name in "ABC"]
    assert shown == pytest.approx(gains, abs=1e-9)
    assert estimate(found, "strength_gain") == pytest.approx(np.mean(gains), abs=1e-9)


def test_an_artifact_that_changes_no_verdict_changes_no_rank_and_says_so() -> None:
    found = league(by_name, x_a=by_name, x_b=by_name).ranked()
    assert estimate(found, "ranking_tau") == 1
    assert estimate(found, "top_change") == 0
    assert estimate(found, "strength_gain") == 0
    assert "no verdict on a system changed" in (find(found, "strength_gain").caution or "")


def test_a_judge_that_falls_for_the_artifact_puts_any_system_on_top() -> None:
    """Whoever carries it wins everything: D then stands before A, B, C, which is half of six comparisons turned."""
    found = league(by_name, x_a=lambda a, b: (1, 0, 0), x_b=lambda a, b: (0, 1, 0)).ranked()
    assert estimate(found, "top_change", "carrier=others") == 1
    assert estimate(found, "top_change", "carrier=top") == 0
    top_change = find(found, "top_change")
    assert top_change.estimate == pytest.approx(3 / 4)
    assert estimate(found, "ranking_tau") == pytest.approx(np.mean([1, 4 / 6, 2 / 6, 0]))
    assert "never won or never lost" in (top_change.caution or "")
    assert all(estimate(found, "strength_gain", f"system={name}") > 1 for name in TEAMS)


def test_a_judge_that_detests_the_artifact_topples_the_leader_alone() -> None:
    found = league(by_name, x_a=lambda a, b: (0, 1, 0), x_b=lambda a, b: (1, 0, 0)).ranked()
    assert estimate(found, "top_change", "carrier=top") == 1
    assert estimate(found, "top_change", "carrier=others") == 0
    assert estimate(found, "top_change") == pytest.approx(1 / 4)
    assert estimate(found, "strength_gain") < -1


def noisy(seed: int, rounds: int = 6) -> Judge:
    """Four close systems and an artifact that turns some verdicts."""
    rng = np.random.default_rng(seed)

    def said(a: str, b: str) -> Said:
        return str(rng.choice(["a", "b", "tie"], p=[0.5, 0.3, 0.2] if a < b else [0.3, 0.5, 0.2]))

    return league(said, rounds, x_a=said, x_b=said)


def in_a_loop(judge: Judge, settings: Settings) -> dict[str, float]:
    """The measures with every resample fitted by itself, from pairs that are really repeated."""
    rows = pd.DataFrame(judge.rows)
    rows = rows[rows["order"] == "ab"]
    content = rows["outcome"].map({"first": "a", "second": "b", "tie": "tie"})
    baseline = dict(
        zip(rows["pair_id"][rows["arm"] == "baseline"], content[rows["arm"] == "baseline"], strict=True)
    )
    injected = {
        (pair, side): said
        for pair, side, arm, said in zip(rows["pair_id"], rows["side"], rows["arm"], content, strict=True)
        if arm == "injected"
    }

    def fit(pairs: Sequence[int], carrier: str | None) -> np.ndarray:
        wins, ties = np.zeros((4, 4)), np.zeros((4, 4))
        for k in pairs:
            a, b = (TEAMS.index(str(name)) for name in judge.written[k])
            pair = f"p{k + 1:03}"
            side = None if carrier not in judge.written[k] else "ab"[judge.written[k].index(carrier)]
            said = baseline[pair] if side is None else injected[pair, side]
            if said == "tie":
                ties[a, b] += 1
                ties[b, a] += 1
            else:
                wins[(a, b) if said == "a" else (b, a)] += 1
        return fit_davidson(wins, ties).log_strength

    def top(strength: np.ndarray) -> set[int]:
        return set(np.flatnonzero(strength > strength.max() - 1e-6).tolist())

    n = len(judge.written)
    everything = fit(range(n), None)
    noise, change, of_top, of_others, gains = [], [], [], [], []
    for counts in resampling_counts(n, settings.resamples, settings.seed):
        pairs = np.repeat(np.arange(n), counts.astype(int)).tolist()
        without = fit(pairs, None)
        carrying = [fit(pairs, name) for name in TEAMS]
        changed = [float(top(one) != top(without)) for one in carrying]
        noise.append(top(without) != top(everything))
        change.append(np.mean(changed))
        of_top.append(np.mean([changed[k] for k in top(without)]))
        others = [changed[k] for k in range(4) if k not in top(without)]
        of_others.extend([np.mean(others)] if others else [])
        gains.append(np.mean([(one - without)[k] * 4 / 3 for k, one in enumerate(carrying)]))
    tau = [kendall_tau(everything, fit(range(n), name), 1e-6) for name in TEAMS]
    return {
        "top_noise": np.mean(noise), "top_change": np.mean(change), "carrier=top": np.mean(of_top),
        "carrier=others": np.mean(of_others), "ranking_tau": float(np.mean(tau)),
        "gain_low": np.quantile(gains, 0.025), "gain_high": np.quantile(gains, 0.975),
    }  # fmt: skip


@pytest.mark.parametrize("seed", [0, 3])
def test_the_measures_are_those_of_a_loop_over_repeated_pairs(seed: int) -> None:
    judge = noisy(seed)
    expected, found = in_a_loop(judge, FAST), judge.ranked()
    assert find(found, "top_noise", None).estimate == pytest.approx(expected["top_noise"])
    assert 0 < expected["top_noise"] < 1
    assert estimate(found, "top_change") == pytest.approx(expected["top_change"])
    assert {one.interval for one in found if one.measure in ("top_noise", "top_change")} == {None}
    for within in ("carrier=top", "carrier=others"):
        assert estimate(found, "top_change", within) == pytest.approx(expected[within])
    assert estimate(found, "ranking_tau") == pytest.approx(expected["ranking_tau"])
    interval = find(found, "strength_gain").interval
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx(
        (expected["gain_low"], expected["gain_high"]), abs=1e-7
    )
    assert interval.level == 0.95


def test_which_response_is_called_a_does_not_matter() -> None:
    judge, turned = noisy(1), noisy(1)
    turned.written = [(b, a) for a, b in judge.written]
    swap = {"a": "b", "b": "a", None: None, "ab": "ba", "ba": "ab"}
    turned.rows = [row | {"side": swap[row["side"]], "order": swap[row["order"]]} for row in judge.rows]
    for one, other in zip(judge.ranked(), turned.ranked(), strict=True):
        assert one.estimate == pytest.approx(other.estimate, abs=1e-9)
        assert replace(one, estimate=None, interval=None) == replace(other, estimate=None, interval=None)


def test_pairs_of_one_system_or_of_an_unknown_one_are_left_out() -> None:
    judge = noisy(2)
    found = judge.ranked()
    judge.pair(("A", "A"), "a", x_a="b").pair((None, "B"), "a", x_b="b").pair((None, None), "a").pair(
        ("Z", None), "b"
    )
    assert judge.ranked() == found
    assert Systems.of(judge.pairs).names == TEAMS


def test_fewer_than_two_systems_have_no_ranking() -> None:
    assert Judge().pair(("A", "A"), "a", x_a="b").pair(("A", None), "a").ranked() == []
    unnamed = pd.DataFrame({"pair_id": ["p"]})
    assert Systems.of(unnamed).names == ()
    assert Systems.of(unnamed).writers.tolist() == [[-1, -1]]


def test_a_failure_with_the_artifact_leaves_the_baseline_verdict_and_one_at_baseline_the_pair_out() -> None:
    judge, shorter = noisy(4), noisy(4)
    for one in (judge, shorter):
        one.pair(("A", "B"), "a", x_a="refused" if one is judge else None)
    judge.pair(("C", "B"), "unparsed", x_a="a", x_b="b")
    assert judge.ranked() == shorter.ranked()
    assert find(judge.ranked(), "top_noise", None).n_pairs == 37
    as_tie = judge.ranked(unparsed="tie")
    assert find(as_tie, "top_noise", None).n_pairs == 38
    assert judge.ranked(unparsed="category") == as_tie


def test_the_fits_differ_by_the_artifact_and_not_by_position() -> None:
    """Whatever is shown first is preferred; the artifact was shown with a first alone. Nothing is gained by it."""
    judge = Judge()
    for a, b in (("A", "B"), ("B", "C"), ("C", "A")) * 4:
        judge.written.append((a, b))
        for arm, perturbation, side in (("baseline", None, None), ("injected", "x", "a")):
            for order, content in (("ab", "a"), ("ba", "b")):
                if arm == "baseline" or order == "ab":
                    judge._rows(arm, perturbation, side, content, (order,))
    found = judge.ranked()
    assert estimate(found, "strength_gain") == 0
    assert estimate(found, "ranking_tau") == 1
    assert find(found, "strength_gain").n_verdicts == 24


def test_an_artifact_on_few_pairs_of_its_system_is_marked() -> None:
    judge = Judge()
    for k in range(12):
        judge.pair(("A", "B"), "ab"[k % 2], x_a="a" if k < 5 else None, y_a="a" if k < 6 else None)
    marked, unmarked = (find(judge.ranked(), "strength_gain", name).caution or "" for name in ("x", "y"))
    assert "less than half of the pairs" in marked
    assert "less than half of the pairs" not in unmarked


def test_two_systems_gain_twice_the_log_odds() -> None:
    """30 wins, 10 losses become 20 and 20. The prior is out of the way with many pairs."""
    judge = Judge()
    for k in range(400):
        judge.pair(("A", "B"), "b" if k % 4 == 0 else "a", x_a="ab"[k % 2])
    found = find(judge.ranked(), "strength_gain")
    assert found.estimate == pytest.approx(-log(3), abs=0.02)
    assert found.caution is None


def test_systems_that_no_comparison_links_get_no_estimate_but_a_word() -> None:
    judge = Judge()
    for _ in range(30):
        judge.pair(("A", "B"), "a", x_a="b").pair(("B", "A"), "a").pair(("C", "D"), "b").pair(("D", "C"), "b")
    found = judge.ranked()
    assert {one.measure for one in found} == {"top_noise", "ranking_tau", "top_change", "strength_gain"}
    assert all(one.estimate is None and one.interval is None for one in found)
    assert all("do not link all systems" in (one.caution or "") for one in found)


def test_resamples_that_do_not_link_all_systems_are_left_out_and_counted() -> None:
    """D hangs on two of 32 pairs, which a resample misses with chance (30/32)^32 = .13."""
    judge = Judge()
    for k in range(15):
        judge.pair(("A", "B"), "ab"[k % 2], x_a="a").pair(("B", "C"), "ab"[k % 2], x_b="tie")
    judge.pair(("D", "C"), "a", x_a="b").pair(("C", "D"), "a", x_b="b")
    found = find(judge.ranked(replace(FAST, resamples=400)), "strength_gain")
    counts = resampling_counts(32, 400, 0)
    lost = int((counts[:, -2:].sum(1) == 0).sum())
    assert found.estimate is not None
    assert found.interval is not None
    assert 20 < lost < 90
    assert f"{lost} of 400 resamples do not link all systems" in (found.caution or "")


def test_few_pairs_a_system_are_marked() -> None:
    assert "fewer than 20 pairs" in (find(noisy(0, rounds=6).ranked(), "top_noise", None).caution or "")
    assert find(noisy(0, rounds=8).ranked(), "top_noise", None).caution is None


def test_many_systems_are_ranked_but_not_resampled(monkeypatch: pytest.MonkeyPatch) -> None:
    before = noisy(0).ranked()
    monkeypatch.setattr(thresholds, "MOST_RANKED", 3)
    found = noisy(0).ranked()
    assert estimate(found, "ranking_tau") == estimate(before, "ranking_tau")
    assert estimate(found, "strength_gain") == pytest.approx(estimate(before, "strength_gain"))
    assert all(one.interval is None for one in found)
    assert find(found, "top_change").estimate is None
    assert find(found, "top_noise", None).estimate is None
    assert all("more than 3 systems are not resampled" in (one.caution or "") for one in found)


def test_each_system_has_a_slice_where_there_are_not_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    def slices() -> list[str]:
        return [one.within for one in noisy(0).ranked() if (one.within or "").startswith("system=")]

    assert slices() == [f"system={name}" for name in TEAMS]
    monkeypatch.setattr(thresholds, "MOST_SYSTEMS_SHOWN", 3)
    assert slices() == []


def test_no_more_resamples_are_fitted_than_the_chances_need(monkeypatch: pytest.MonkeyPatch) -> None:
    hundred = noisy(0).ranked()
    monkeypatch.setattr(thresholds, "RANKING_RESAMPLES", 100)
    assert noisy(0).ranked(Settings()) == hundred


def test_systems_that_are_level_on_top_share_it() -> None:
    """A and B are level before C. An artifact that takes A down leaves B alone there: another top."""
    judge = Judge()
    for a, b in (("A", "B"), ("B", "A")) * 5:
        judge.pair((a, b), "tie", x_a="b" if a == "A" else None, x_b="a" if b == "A" else None)
    for system in "AB" * 5:
        judge.pair((system, "C"), "a").pair(("C", system), "a").pair((system, "C"), "a")
    found = judge.ranked()
    change = find(found, "top_change", within="carrier=top")
    assert change.estimate is not None
    assert change.estimate > 0.9
    assert estimate(found, "ranking_tau") == pytest.approx(2 / 6**0.5)  # one of three pairs was level before
    assert find(found, "top_change", within="carrier=others").estimate is None


@pytest.mark.parametrize("seed", [0, 1, 5, 6])
def test_what_rounding_leaves_of_level_systems_ranks_none_of_them(seed: int) -> None:
    """Each of five stands before the two after it, in a ring, by the same chances: all are on top, and level."""
    win, lose, tie = np.random.default_rng(seed).dirichlet([2, 1, 1]).tolist()
    judge, ring = Judge(), "VWXYZ" * 2
    for k in range(5):
        for ahead in (1, 2):
            judge.pair(
                (ring[k], ring[k + ahead]), (win, lose, tie), x_a=(win, lose, tie), x_b=(win, lose, tie)
            )
    found = judge.ranked()
    assert find(found, "top_change", within="carrier=others").estimate is None
    assert find(found, "ranking_tau").estimate is None
    assert estimate(found, "top_change", "carrier=top") == 0


def test_an_artifact_that_no_system_carries_has_no_measures() -> None:
    judge = noisy(0).pair(("A", None), "a", y_a="b")
    assert {one.perturbation for one in judge.ranked()} == {None, "x"}


def test_the_interval_of_a_gain_covers_it() -> None:
    """Four systems, 40 pairs each, an artifact worth 0.7 of log strength, a judge that draws from its chances."""
    truth, worth, nu = np.array([0.6, 0.2, -0.2, -0.6]), 0.7, 0.6
    rng = np.random.default_rng(8)
    covered = []
    for seed in range(80):

        def said(a: str, b: str, more: float = 0.0) -> str:
            d = truth[TEAMS.index(a)] - truth[TEAMS.index(b)] + more
            chances = np.array([np.exp(d / 2), np.exp(-d / 2), nu])
            return str(rng.choice(["a", "b", "tie"], p=chances / chances.sum()))

        judge = league(said, 14, x_a=lambda a, b: said(a, b, worth), x_b=lambda a, b: said(a, b, -worth))
        interval = find(judge.ranked(replace(FAST, seed=seed)), "strength_gain").interval
        assert interval is not None
        covered.append(interval.low <= worth <= interval.high)
    assert np.mean(covered) > 0.87  # .95 less three standard errors, less what 100 resamples cost
