"""The alternative annotator test against hand, its published rules, other libraries and simulation."""

from collections.abc import Iterable, Sequence
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multinomial, ttest_1samp
from statsmodels.stats.multitest import multipletests

from judgeaudit.stats import Advantages, advantages, annotator_test
from judgeaudit.stats.annotator_test import shorter_lead

NONE = -1


def one_hot(answers: Iterable[int], categories: int = 3) -> np.ndarray:
    return np.eye(categories)[list(answers)]


def with_leads(leads: np.ndarray) -> Advantages:
    """Advantages in which each annotator is ahead of the judge by the lead."""
    return Advantages(np.minimum(1 - leads, 1), np.minimum(1 + leads, 1))


def published_rules(
    answers: np.ndarray, judge: np.ndarray, annotator: int
) -> tuple[list[float], list[float], list[int]]:
    """One annotator left out, item by item as the authors' code goes: who is at least as good, and on which items."""
    for_judge, for_annotator, items = [], [], []
    for item, said in enumerate(answers):
        others = [one for k, one in enumerate(said) if k != annotator and one != NONE]
        if said[annotator] == NONE or not others:
            continue
        score = {who: sum(one == own for one in others) / len(others) for who, own in enumerate(said)}
        judge_score = sum(one == judge[item] for one in others) / len(others)
        for_judge.append(float(judge_score >= score[annotator]))
        for_annotator.append(float(score[annotator] >= judge_score))
        items.append(item)
    return for_judge, for_annotator, items


def annotated(rng: np.random.Generator, n: int, right: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Truths of three kinds, and the answers of annotators who know them with these chances and else guess."""
    truth = rng.integers(0, 3, n)
    knows = rng.uniform(size=(n, len(right))) < np.array(right)
    return truth, np.where(knows, truth[:, None], rng.integers(0, 3, knows.shape))


def test_advantages_by_hand() -> None:
    """Categories a, b, tie. The first annotator is left out of each item; what is left is scored by share.

    Item 1: others a, a; annotator a (1), judge b (0): the annotator alone. Item 2: others a, b; annotator a (1/2),
    judge b (1/2): both. Item 3: others tie, tie; annotator b (0), judge tie (1): the judge alone. Item 4: annotator b
    and judge a, others tie, tie: 0 and 0, both. Item 5: nobody else annotated it. Item 6: the annotator did not.
    """
    answers = np.array([[0, 0, 0], [0, 0, 1], [1, 2, 2], [1, 2, 2], [0, NONE, NONE], [NONE, 0, 0]])
    found = advantages(answers, one_hot([1, 1, 2, 0, 0, 0]))
    assert found.judge[:, 0].tolist() == pytest.approx([0, 1, 1, 1, np.nan, np.nan], nan_ok=True)
    assert found.annotator[:, 0].tolist() == pytest.approx([1, 1, 0, 1, np.nan, np.nan], nan_ok=True)
    assert found.n_items.tolist() == [4, 5, 5]
    assert found.probability[0] == 3 / 4


@given(st.integers(0, 10_000), st.integers(2, 5))
def test_advantages_follow_the_published_rules_answer_by_answer(seed: int, n_annotators: int) -> None:
    rng = np.random.default_rng(seed)
    answers = rng.integers(NONE, 3, (12, n_annotators))
    judge = rng.integers(0, 3, 12)
    found = advantages(answers, one_hot(judge))
    for k in range(n_annotators):
        for_judge, for_annotator, items = published_rules(answers, judge, k)
        assert np.flatnonzero(~np.isnan(found.judge[:, k])).tolist() == items
        assert found.judge[items, k].tolist() == for_judge
        assert found.annotator[items, k].tolist() == for_annotator


def test_a_judge_that_gives_probabilities_has_the_mean_advantage_of_its_answers() -> None:
    rng = np.random.default_rng(0)
    answers = rng.integers(0, 3, (20, 3))
    share = rng.dirichlet([1, 1, 1], 20)
    found = advantages(answers, share)
    by_answer = [advantages(answers, one_hot([said] * 20)) for said in range(3)]
    for side in ("judge", "annotator"):
        mean = sum(share[:, [said]] * getattr(by_answer[said], side) for said in range(3))
        assert getattr(found, side) == pytest.approx(mean, abs=1e-12)


def test_a_judge_that_is_nearly_sure_is_nearly_as_good_as_one_that_is() -> None:
    """Comparing expected scores instead would let the annotator win every item that both get right."""
    answers = np.zeros((40, 3), dtype=np.int64)
    found = advantages(answers, np.tile([0.99, 0.01, 0.0], (40, 1)))
    assert found.probability == pytest.approx([0.99] * 3)


def test_an_answer_that_people_do_not_use_agrees_with_nobody() -> None:
    found = advantages(np.array([[0, 0, 1], [0, 1, 2]]), one_hot([3, 3], 4))
    assert found.judge[0].tolist() == [0, 0, 1]
    assert found.judge[1].tolist() == [1, 1, 1]
    assert found.annotator.tolist() == [[1, 1, 1], [1, 1, 1]]


def test_items_that_the_judge_did_not_answer_are_not_compared() -> None:
    judge = one_hot([0, 1])
    judge[1] = np.nan
    assert advantages(np.zeros((2, 3), dtype=np.int64), judge).n_items.tolist() == [1, 1, 1]


@pytest.mark.parametrize("epsilon", [0.1, 0.2])
def test_p_is_student_s_t_over_the_items_and_two_more(epsilon: float) -> None:
    """40 items, 6 with lead 1 and 4 with lead -1: mean 2 / 42, squares 12, 41 degrees of freedom."""
    from scipy.stats import t

    lead = np.array([1.0] * 6 + [-1.0] * 4 + [0.0] * 30)
    error = np.sqrt((12 - 42 * (2 / 42) ** 2) / 41 / 42)
    assert shorter_lead(lead, epsilon) == pytest.approx(t.cdf((2 / 42 - epsilon) / error, 41), abs=1e-12)


@pytest.mark.parametrize(("constant", "epsilon"), [(0.0, 0.2), (-1.0, 0.1), (0.1, 0.15), (-0.5, 0.0)])
def test_where_all_items_have_the_same_lead_p_is_exact(constant: float, epsilon: float) -> None:
    """The least favourable truth has leads of ``constant`` and 1 alone; p is the chance to see none of the latter."""
    share_of_ones = (epsilon - constant) / (1 - constant)
    expected = comb(30, 0) * (1 - share_of_ones) ** 30
    assert shorter_lead(np.full(30, constant), epsilon) == pytest.approx(max(expected, 1e-12), rel=1e-9)


def test_of_one_item_p_is_the_chance_not_to_see_what_makes_up_for_it_and_of_many_it_is_never_below_the_least() -> (
    None
):
    assert shorter_lead(np.zeros(1), 0.2) == pytest.approx(0.8)
    assert shorter_lead(np.full(80, -1.0), 0.1) == 1e-12


def test_a_lead_as_long_as_epsilon_throughout_is_no_reason_to_reject() -> None:
    assert shorter_lead(np.full(30, 0.2), 0.2) == 1.0
    assert shorter_lead(np.ones(30), 0.2) == 1.0
    assert shorter_lead(np.ones(30), 1.0) == 1.0


def size(n: int, epsilon: float, ahead: float, level: float, *, published: bool) -> float:
    """The exact chance of a p of ``level`` or less where leads are 1, -1, 0 and their mean is epsilon."""
    rejected = 0.0
    for plus in range(n + 1):
        for minus in range(n + 1 - plus):
            lead = np.repeat([1.0, -1.0, 0.0], [plus, minus, n - plus - minus])
            if published:
                with np.errstate(all="ignore"):
                    p = ttest_1samp(lead, epsilon, alternative="less").pvalue if np.ptp(lead) else 0.0
            else:
                p = shorter_lead(lead, epsilon)
            if p <= level:
                rates = [epsilon + ahead, ahead, 1 - epsilon - 2 * ahead]
                rejected += multinomial.pmf([plus, minus, n - plus - minus], n, rates)
    return rejected


def test_the_error_rate_holds_where_that_of_the_published_test_does_not() -> None:
    """Thirty items on which the judge is never the better one, and the worse one in a tenth."""
    assert size(30, 0.1, 0.0, 0.05, published=True) == pytest.approx(0.184, abs=5e-4)
    assert size(30, 0.1, 0.0, 0.05, published=False) == pytest.approx(0.042, abs=5e-4)


@pytest.mark.parametrize(("epsilon", "ahead"), [(0.2, 0.05), (0.15, 0.15)])
def test_the_error_rate_is_the_nominal_one_where_both_may_be_the_better(epsilon: float, ahead: float) -> None:
    assert 0.03 <= size(30, epsilon, ahead, 0.05, published=False) <= 0.053


def test_winners_are_those_of_benjamini_and_yekutieli() -> None:
    """Rates of winning that a plain 5 % would call won for more annotators than the adjustment does."""
    rng = np.random.default_rng(3)
    split = 0
    for _ in range(20):
        lead = np.clip(rng.normal(np.linspace(-0.02, 0.25, 5), 0.45, (60, 5)), -1, 1)
        found = annotator_test(with_leads(lead), 0.2)
        adjusted = multipletests(found.p, 0.05, "fdr_by")
        assert found.won.tolist() == adjusted[0].tolist()
        assert found.p_adjusted == pytest.approx(adjusted[1], abs=1e-12)
        assert found.winning_rate == adjusted[0].mean()
        split += found.won.sum() < (found.p <= 0.05).sum()
    assert split > 0


def test_an_annotator_with_too_few_items_is_not_tested_and_in_no_rate() -> None:
    answers = np.zeros((40, 4), dtype=np.int64)
    answers[29:, 3] = NONE
    found = advantages(answers, one_hot([0] * 40))
    tested = annotator_test(found, 0.2)
    assert found.comparable.tolist() == [True, True, True, False]
    assert np.isnan(tested.p).tolist() == [False, False, False, True]
    assert np.isnan(tested.p_adjusted).tolist() == [False, False, False, True]
    assert (tested.won.tolist(), tested.winning_rate) == ([True, True, True, False], 1.0)
    with pytest.raises(ValueError, match="no annotator with 30 items"):
        annotator_test(advantages(answers[:20], one_hot([0] * 20)), 0.2)


def test_half_of_the_annotators_are_enough_to_pass() -> None:
    leads = np.tile([-0.5, -0.5, 1.0, 1.0], (50, 1))
    tested = annotator_test(with_leads(leads), 0.2)
    assert (tested.winning_rate, tested.passed) == (0.5, True)
    fewer = annotator_test(with_leads(leads[:, 1:]), 0.2)
    assert fewer.winning_rate == pytest.approx(1 / 3)
    assert not fewer.passed


def passes(judge_knows: float, epsilon: float = 0.2, n: int = 100, audits: int = 200) -> float:
    """How often a judge passes beside three people who know the answer with a chance of .8."""
    rng = np.random.default_rng(5)
    passed = 0
    for _ in range(audits):
        truth, answers = annotated(rng, n, [0.8, 0.8, 0.8])
        knows = rng.uniform(size=n) < judge_knows
        judge = np.where(knows, truth, rng.integers(0, 3, n))
        passed += annotator_test(advantages(answers, one_hot(judge)), epsilon).passed
    return passed / audits


def test_a_judge_as_good_as_people_passes_and_one_that_guesses_does_not() -> None:
    assert passes(0.8) > 0.85
    assert passes(0.0) == 0.0


def test_a_judge_that_is_worse_by_epsilon_seldom_passes() -> None:
    """The lead of such an annotator is found by simulation of many items; epsilon is then set to it."""
    rng = np.random.default_rng(6)
    truth, answers = annotated(rng, 200_000, [0.8, 0.8, 0.8])
    judge = np.where(rng.uniform(size=truth.size) < 0.6, truth, rng.integers(0, 3, truth.size))
    found = advantages(answers, one_hot(judge))
    lead = float((found.annotator - found.judge).mean())
    assert 0.1 < lead < 0.2
    # To pass takes two of three wins, each false, at an expected share of false wins of .05.
    assert passes(0.6, lead, audits=400) <= 0.05
