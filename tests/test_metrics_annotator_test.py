"""Which judge could stand in for an annotator: the measures of the alternative annotator test."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from judgeaudit.metrics import Measure, Settings
from judgeaudit.metrics.annotator_test import LEFT_OUT, annotator_test
from judgeaudit.metrics.findings import Estimated, Finding
from judgeaudit.metrics.observations import observe
from judgeaudit.metrics.reference import Reference
from judgeaudit.metrics.summary import Slice, draft
from judgeaudit.stats import advantages, mean_interval
from judgeaudit.stats import annotator_test as settle
from tests.test_metrics import Audit, find, pairs_of

CODES = {"a": 0, "b": 1, "tie": 2}


def findings(audit: Audit, pairs: pd.DataFrame, epsilon: float = 0.2) -> list[Finding]:
    pairs = pairs.sort_values("pair_id").reset_index(drop=True)
    [judge] = observe(audit.table, pd.Index(pairs["pair_id"]))
    return list(annotator_test(judge, Reference.of(pairs), epsilon, 0.95))


def measured(audit: Audit, pairs: pd.DataFrame, epsilon: float = 0.2) -> list[Measure]:
    everything = [Slice("all", np.ones(len(pairs), dtype=bool))]
    found = findings(audit, pairs, epsilon)
    return [one.measure for finding in found for one in draft(finding, everything, Settings())]


def alone(found: list[Finding]) -> list[Estimated]:
    """What is said of one annotator."""
    return [one for one in found if isinstance(one, Estimated) and one.within is not None]


def names(n: int) -> list[str]:
    return [f"p{k:03}" for k in range(n)]


def voted(votes: Sequence[Sequence[str]]) -> pd.DataFrame:
    return pairs_of(*names(len(votes)), votes=[list(one) for one in votes])


def random_votes(n: int, annotators: int = 3, seed: int = 0) -> list[list[str]]:
    drawn: list[list[str]] = (
        np.random.default_rng(seed).choice(["a", "b", "tie"], (n, annotators), p=[0.6, 0.2, 0.2]).tolist()
    )
    return drawn


def test_a_judge_that_says_what_everybody_says_wins_against_all() -> None:
    votes = [["a"] * 3, ["b"] * 3, ["tie"] * 3] * 12
    audit = Audit()
    for name, (said, *_) in zip(names(36), votes, strict=True):
        audit.add(name, "baseline", [said])
    found = measured(audit, voted(votes))
    winning = find(found, "annotator_winning_rate")
    assert (winning.estimate, winning.n_pairs, winning.n_verdicts) == (1.0, 36, 72)
    assert (winning.ci_low, winning.p, winning.unit) == (None, None, "proportion")
    assert find(found, "annotator_advantage").estimate == 1.0
    for k in (1, 2, 3):
        # All leads are 0: none of 36 pairs is of the kind that a fifth of them would have to be.
        assert find(found, "annotator_advantage", slice=f"annotator={k}").p == pytest.approx(0.8**36)


def test_a_judge_that_says_what_nobody_says_wins_against_none() -> None:
    audit = Audit()
    for name in names(40):
        audit.add(name, "baseline", ["tie"])
    found = measured(audit, voted([["a", "a", "a"]] * 40))
    assert find(found, "annotator_winning_rate").estimate == 0.0
    assert find(found, "annotator_advantage").estimate == 0.0


def test_the_measures_are_the_test_of_the_votes_and_verdicts() -> None:
    votes = random_votes(50)
    said = [one[0] for one in random_votes(50, 1, seed=1)]
    audit = Audit()
    for name, verdict in zip(names(50), said, strict=True):
        audit.add(name, "baseline", [verdict])
    found = measured(audit, voted(votes), epsilon=0.15)
    codes = np.array([[CODES[vote] for vote in one] for one in votes])
    expected = advantages(codes, np.eye(3)[[CODES[one] for one in said]])
    outcome = settle(expected, 0.15)
    assert 0 < outcome.winning_rate < 1  # the case tells winners from losers
    assert find(found, "annotator_winning_rate").estimate == outcome.winning_rate
    assert find(found, "annotator_advantage").estimate == pytest.approx(expected.judge.mean(), abs=1e-12)
    for k in range(3):
        one = find(found, "annotator_advantage", slice=f"annotator={k + 1}")
        interval = mean_interval(expected.judge[:, k], 0.0, 1.0, 0.95)
        assert interval is not None
        assert (one.estimate, one.ci_low, one.ci_high, one.p, one.p_adjusted) == pytest.approx(
            (expected.probability[k], interval.low, interval.high, outcome.p[k], outcome.p_adjusted[k])
        )
        assert one.p_adjusted != one.p


def test_replicates_and_orders_count_as_often_as_each_was_said() -> None:
    """Against votes of a, a verdict of a has the advantage and one of b has not: 2 of 4, twice a."""
    audit, exact = Audit(), Audit()
    for name in names(30):
        audit.add(name, "baseline", ["a", "a", "b"], orders=("ab",))
        audit.add(name, "baseline", ["b", "b", "a"], orders=("ba",))
        exact.exact(name, "baseline", (0.9, 0.1, 0.0), order="ab")
        exact.exact(name, "baseline", (0.5, 0.3, 0.2), order="ba")
    pairs = voted([["a", "a", "a"]] * 30)
    assert find(measured(audit, pairs), "annotator_advantage").estimate == pytest.approx(1 / 2)
    assert find(measured(exact, pairs), "annotator_advantage").estimate == pytest.approx(0.7)


def test_the_average_weighs_annotators_alike_however_many_pairs_each_has() -> None:
    """Annotators 1 and 2 vote a on 60 pairs, 3 on the first 30 of them; the judge says a on those and b elsewhere.

    Advantage over 1 and 2: 30 of 60; over 3: 30 of 30. Mean of annotators: (1/2 + 1/2 + 1) / 3.
    """
    audit = Audit()
    for k, name in enumerate(names(60)):
        audit.add(name, "baseline", ["a" if k < 30 else "b"])
    found = measured(audit, voted([["a"] * 3] * 30 + [["a"] * 2] * 30))
    assert find(found, "annotator_advantage").estimate == pytest.approx(2 / 3, abs=1e-12)
    assert find(found, "annotator_advantage", slice="annotator=3").n_pairs == 30


def test_an_annotator_with_few_pairs_is_listed_and_left_out() -> None:
    audit = Audit()
    for name in names(40):
        audit.add(name, "baseline", ["a"])
    votes = [["a", "a", "a", "b"]] * 5 + [["a", "a", "a"]] * 35
    found = measured(audit, voted(votes))
    few = find(found, "annotator_advantage", slice="annotator=4")
    assert (few.n_pairs, few.estimate, few.p) == (5, 1.0, None)
    assert (few.caution or "").startswith(LEFT_OUT)
    assert find(found, "annotator_winning_rate").estimate == 1.0
    assert LEFT_OUT not in (find(found, "annotator_advantage", slice="annotator=1").caution or "")


def test_there_is_no_test_without_three_annotators_with_thirty_pairs() -> None:
    audit = Audit()
    for name in names(40):
        audit.add(name, "baseline", ["a"])
    assert findings(audit, voted([["a", "a"]] * 40)) == []
    assert findings(audit, voted([["a", "a", "a"]] * 29 + [["a", "a"]] * 11)) == []
    assert findings(audit, voted([["a", "a", "a"]] * 30 + [["a", "a"]] * 10)) != []
    assert findings(audit, voted([[]] * 40)) == []


def test_pairs_that_the_judge_failed_on_are_not_compared() -> None:
    audit = Audit()
    for k, name in enumerate(names(40)):
        audit.add(name, "baseline", ["a" if k else "refused"])
    found = measured(audit, voted([["a", "a", "a"]] * 40))
    assert find(found, "annotator_winning_rate").n_pairs == 39
    assert find(found, "annotator_advantage", slice="annotator=2").n_pairs == 39


def test_an_artifact_has_its_own_rates_and_annotators_alone_stand_at_baseline() -> None:
    audit = Audit()
    for name in names(40):
        audit.add(name, "baseline", ["a"])
        audit.add(name, "injected", ["b"], perturbation="apology", side="a")
        audit.add(name, "injected", ["a"], perturbation="apology", side="b")
    found = findings(audit, voted([["a", "a", "a"]] * 40))
    at = {one.perturbation: one.estimate for one in found if one.measure == "annotator_winning_rate"
          and isinstance(one, Estimated)}  # fmt: skip
    # With the artifact half of the verdicts are wrong, and a fifth is what the judge may be worse.
    assert at == {None: 1.0, "apology": 0.0}
    assert [one.within for one in alone(found)] == ["annotator=1", "annotator=2", "annotator=3"]
    advantage = find(measured(audit, voted([["a"] * 3] * 40)), "annotator_advantage", "apology")
    assert advantage.estimate == pytest.approx(1 / 2)


def test_a_crowd_of_annotators_is_told_in_sum_alone() -> None:
    audit = Audit()
    for name in names(30):
        audit.add(name, "baseline", ["a"])
    for annotators, told in ((20, 20), (21, 0)):
        found = findings(audit, voted([["a"] * annotators] * 30))
        assert len(alone(found)) == told
