"""Davidson's model against a published example, closed forms and a log-linear fit; tau against scipy."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import kendalltau
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from judgeaudit.stats import fit_davidson, kendall_tau
from judgeaudit.stats.davidson import _comparisons, _point
from judgeaudit.stats.thresholds import SAME_STRENGTH

PUDDING = (
    (1, 2, 19, 22, 16), (1, 3, 16, 19, 12), (2, 3, 19, 19, 10), (1, 4, 18, 23, 13), (2, 4, 23, 19, 9),
    (3, 4, 19, 20, 15), (1, 5, 13, 19, 18), (2, 5, 16, 20, 12), (3, 5, 16, 15, 17), (4, 5, 17, 14, 16),
    (1, 6, 18, 21, 12), (2, 6, 22, 20, 12), (3, 6, 13, 18, 10), (4, 6, 14, 19, 18), (5, 6, 11, 21, 12),
)  # fmt: skip
"""Davidson (1970), example 2: two brands of chocolate pudding, how often each was preferred, and neither."""


def pudding() -> tuple[np.ndarray, np.ndarray]:
    wins, ties = np.zeros((6, 6)), np.zeros((6, 6))
    for i, j, first, second, neither in PUDDING:
        wins[i - 1, j - 1], wins[j - 1, i - 1] = first, second
        ties[i - 1, j - 1] = ties[j - 1, i - 1] = neither
    return wins, ties


def random_tables(seed: int, systems: int = 5, whole: bool = True) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    wins = rng.integers(1, 20, (systems, systems)).astype(float)
    ties = rng.integers(0, 9, (systems, systems)).astype(float)
    if not whole:
        wins, ties = wins * rng.uniform(size=wins.shape), ties * rng.uniform(size=ties.shape)
    return wins * (1 - np.eye(systems)), (ties + ties.T) * (1 - np.eye(systems))


def log_linear(wins: np.ndarray, ties: np.ndarray) -> tuple[np.ndarray, float]:
    """The same model as Poisson counts of outcomes, with a parameter for each pair of systems."""
    systems = len(wins)
    pairs = [(i, j) for i in range(systems) for j in range(i)]
    rows, counts = [], []
    for k, (i, j) in enumerate(pairs):
        for count, weight_i, weight_j, tie in (
            (wins[i, j], 1, 0, 0), (wins[j, i], 0, 1, 0), (ties[i, j], 0.5, 0.5, 1)
        ):  # fmt: skip
            row = np.zeros(systems + 1 + len(pairs))
            row[i], row[j], row[systems], row[systems + 1 + k] = weight_i, weight_j, tie, 1
            rows.append(row)
            counts.append(count)
    design = np.delete(np.array(rows), 0, axis=1)  # the first system is the reference
    found = GLM(np.array(counts), design, family=Poisson()).fit(tol=1e-14, maxiter=200).params
    strength = np.concatenate([[0.0], found[: systems - 1]])
    return strength - strength.mean(), float(found[systems - 1])


def test_the_published_fit_of_davidsons_chocolate_pudding() -> None:
    """Worths and nu after the paper's seven iterations as R's PlackettLuce prints them; not converged to more."""
    found = fit_davidson(*pudding(), prior_wins=0)
    worth = np.exp(found.log_strength) / np.exp(found.log_strength).sum()
    assert worth == pytest.approx(
        [0.1388005, 0.1729985, 0.1617420, 0.1653930, 0.1586805, 0.2023855], abs=3e-5
    )
    assert exp(float(found.log_tie)) == pytest.approx(0.7468147, abs=3e-5)


def test_the_published_fit_with_half_a_win_and_half_a_loss_a_system() -> None:
    """The example of PlackettLuce's vignette in which D only ever lost, with its default prior."""
    wins = np.zeros((4, 4))
    for winner, loser in ("AB", "CA", "AD", "BA", "BC"):
        wins["ABCD".index(winner), "ABCD".index(loser)] += 1
    found = fit_davidson(wins, np.zeros((4, 4))).log_strength
    assert found - found[0] == pytest.approx([0, 0.5184185, 0.1354707, -1.1537565], abs=1e-7)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_plain_maximum_likelihood_is_the_log_linear_fit_of_statsmodels(seed: int, whole: bool) -> None:
    wins, ties = random_tables(seed, whole=whole)
    found = fit_davidson(wins, ties, prior_wins=0)
    strength, log_tie = log_linear(wins, ties)
    assert found.log_strength == pytest.approx(strength, abs=1e-7)
    assert float(found.log_tie) == pytest.approx(log_tie, abs=1e-7)


def off_the_maximum(wins: np.ndarray, ties: np.ndarray, prior_wins: float) -> float:
    """How far expected points (win 1, tie 1/2, the imagined opponent too) and ties are from the observed ones."""
    found = fit_davidson(wins, ties, prior_wins)
    lead = found.log_strength[:, None] - found.log_strength
    total = np.exp(lead / 2) + np.exp(-lead / 2) + np.exp(found.log_tie)
    n = (wins + wins.T + ties) * (1 - np.eye(len(wins)))
    tied = n * np.exp(found.log_tie) / total
    short = (wins + ties / 2).sum(1) - (n * np.exp(lead / 2) / total + tied / 2).sum(1)
    if prior_wins:  # log strengths have mean 0, which is not quite the opponent's
        shift = brentq(lambda c: np.tanh((found.log_strength + c) / 2).sum(), -9, 9, xtol=1e-14)
        short -= prior_wins * np.tanh((found.log_strength + shift) / 2)
    return max(float(np.abs(short).max()), abs(float((tied - ties).sum()))) / float(n.sum())


@pytest.mark.parametrize("prior_wins", [0, 0.5, 3])
def test_a_fit_meets_the_likelihood_equations_to_ten_digits(prior_wins: float) -> None:
    assert off_the_maximum(*pudding(), prior_wins) < 1e-12
    assert off_the_maximum(*random_tables(3, whole=False), prior_wins) < 1e-12


@pytest.mark.parametrize("prior_wins", [0, 0.5, 3])
def test_what_newtons_method_is_told_are_the_derivatives_of_the_likelihood(prior_wins: float) -> None:
    """By differences at a random point; without a prior with the 1 that holds the sum of strengths."""
    wins, ties = random_tables(4)
    data = _comparisons(wins[None], ties[None], prior_wins)
    x = np.random.default_rng(4).normal(size=(1, 6))
    steps = 1e-5 * np.eye(6)
    up, down = ([_point(data, x + sign * step) for step in steps] for sign in (1, -1))
    slopes = [(a.value - b.value).item() / 2e-5 for a, b in zip(up, down, strict=True)]
    assert _point(data, x).gradient[0] == pytest.approx(slopes, rel=1e-6, abs=1e-6)
    curvature = -np.stack([(a.gradient - b.gradient)[0] / 2e-5 for a, b in zip(up, down, strict=True)])
    curvature[:-1, :-1] += prior_wins == 0
    assert _point(data, x).information[0] == pytest.approx(curvature, rel=1e-6, abs=1e-6)


def test_a_step_that_overshoots_is_taken_back() -> None:
    """Counts from 1e-4 to 2e5, hardly ever decided both ways: the likelihood is all but flat far out."""
    wins = np.array([[0, 0, 2e5, 0.01], [1e-4, 0, 0, 0], [0, 1e-4, 0, 0], [0, 1e3, 0, 0]])
    ties = np.array([[0, 0.1001, 0, 0.01], [0.1001, 0, 1e4, 0], [0, 1e4, 0, 0.01], [0.01, 0, 0.01, 0]])
    assert off_the_maximum(wins, ties, 0.5) < 1e-10


def test_what_rounding_left_of_no_ties_is_none() -> None:
    wins, ties = random_tables(6)
    found, without = fit_davidson(wins, 1e-17 * ties), fit_davidson(wins, 0 * ties)
    assert found.log_tie == without.log_tie == -np.inf
    assert found.log_strength == pytest.approx(without.log_strength, abs=1e-12)
    assert fit_davidson(1e-17 * wins, ties + 1).log_tie == np.inf


def test_two_systems_in_closed_form() -> None:
    """7 wins, 3 losses, 5 ties: the odds of a win are 7 to 3, and nu is 5 over the geometric mean of both."""
    found = fit_davidson(np.array([[0, 7.0], [3, 0]]), np.array([[0, 5.0], [5, 0]]), prior_wins=0)
    assert found.log_strength == pytest.approx([log(7 / 3) / 2, -log(7 / 3) / 2], abs=1e-12)
    assert float(found.log_tie) == pytest.approx(log(5 / 21**0.5), abs=1e-12)


@pytest.mark.parametrize("k", [1, 4, 30])
def test_a_system_that_won_everything_stays_finite(k: int) -> None:
    """Two systems with strengths x and -x, k wins to none and half a win and half a loss to an opponent at 0:
    k (1 - s(2x)) = s(x) - 1/2 with s the logistic function."""
    found = float(fit_davidson(np.array([[0.0, k], [0, 0]]), np.zeros((2, 2))).log_strength[0])
    assert k / (1 + exp(2 * found)) == pytest.approx(1 / (1 + exp(-found)) - 0.5, abs=1e-10)
    assert np.isnan(fit_davidson(np.array([[0.0, k], [0, 0]]), np.zeros((2, 2)), 0).log_strength).all()


def test_the_prior_is_worth_one_comparison() -> None:
    """12 wins of 12 over many opponents, which others hold near 0, give log(2 * 12 + 1)."""
    wins = np.full((101, 101), 1e6)
    wins[0, :] = wins[:, 0] = 0
    wins[0, 1:] = 12 / 100
    found = fit_davidson(wins, np.zeros((101, 101))).log_strength
    assert found[0] - found[1] == pytest.approx(log(25), abs=2e-3)


def test_without_ties_nu_is_0_and_with_ties_alone_it_is_infinite() -> None:
    wins, ties = random_tables(1)
    never, always = fit_davidson(wins, 0 * ties), fit_davidson(0 * wins, ties + 1 - np.eye(5))
    assert never.log_tie == -np.inf
    assert always.log_tie == np.inf
    assert always.log_strength == pytest.approx(np.zeros(5), abs=1e-12)
    rare = fit_davidson(wins, 1e-9 * ties)
    assert never.log_strength == pytest.approx(rare.log_strength, abs=1e-6)


def test_how_often_a_system_was_compared_with_itself_is_not_looked_at() -> None:
    wins, ties = random_tables(1)
    found, plain = fit_davidson(wins + 7 * np.eye(5), ties + 3 * np.eye(5)), fit_davidson(wins, ties)
    assert found.log_strength == pytest.approx(plain.log_strength, abs=1e-9)
    assert found.log_tie == pytest.approx(plain.log_tie, abs=1e-9)
    assert fit_davidson(7 * np.eye(5), ties + 1 - np.eye(5)).log_tie == np.inf
    assert fit_davidson(wins, 3 * np.eye(5)).log_tie == -np.inf


def test_unlinked_systems_have_no_strengths_and_leave_the_rest_of_the_stack_alone() -> None:
    wins, ties = random_tables(2, systems=4)
    apart = wins * np.kron(np.eye(2), np.ones((2, 2)))
    found = fit_davidson(np.stack([wins, apart, wins]), np.stack([ties, 0 * ties, ties]))
    assert np.isnan(found.log_strength[1]).all()
    assert np.isnan(found.log_tie[1])
    assert found.log_strength[[0, 2]] == pytest.approx(np.stack([fit_davidson(wins, ties).log_strength] * 2))


def test_a_tie_links_two_systems() -> None:
    ties = np.array([[0, 3.0], [3, 0]])
    assert fit_davidson(np.zeros((2, 2)), ties).log_strength == pytest.approx([0, 0])


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.sampled_from([0.1, 1.0, 1000.0]))
def test_a_stack_of_sparse_tables_is_fitted_as_each_alone(seed: int, systems: int, size: float) -> None:
    rng = np.random.default_rng(seed)
    wins = rng.poisson(0.7, (9, systems, systems)) * size
    ties = rng.poisson(0.3, (9, systems, systems)) * size * rng.uniform(size=(9, 1, 1)) ** 20
    ties = ties + ties.swapaxes(1, 2)
    stacked = fit_davidson(wins.reshape(3, 3, systems, systems), ties.reshape(3, 3, systems, systems))
    assert stacked.log_strength.shape == (3, 3, systems)
    for k in range(9):
        alone = fit_davidson(wins[k], ties[k])
        found = stacked.log_strength[k // 3, k % 3]
        assert found == pytest.approx(alone.log_strength, abs=1e-8, nan_ok=True)
        linked = not np.isnan(alone.log_strength).any()
        assert linked == _linked_by_hand(wins[k] + wins[k].T + ties[k])


def _linked_by_hand(compared: np.ndarray) -> bool:
    steps = np.linalg.matrix_power(
        (compared > 0).astype(int) + np.eye(len(compared), dtype=int), len(compared)
    )
    return bool((steps > 0).all())


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=20)
def test_strengths_follow_the_systems_when_they_are_renamed_and_turn_when_all_outcomes_turn(
    seed: int,
) -> None:
    wins, ties = random_tables(seed)
    order = np.random.default_rng(seed).permutation(5)
    found = fit_davidson(wins, ties).log_strength
    renamed = fit_davidson(wins[order][:, order], ties[order][:, order]).log_strength
    assert renamed == pytest.approx(found[order], abs=1e-9)
    assert fit_davidson(wins.T, ties).log_strength == pytest.approx(-found, abs=1e-9)
    assert found.sum() == pytest.approx(0, abs=1e-12)


def test_simulated_strengths_are_found_again() -> None:
    rng = np.random.default_rng(5)
    truth, log_nu = np.array([0.9, 0.3, -0.2, -1.0]), log(0.8)
    wins, ties = np.zeros((300, 4, 4)), np.zeros((300, 4, 4))
    for i in range(4):
        for j in range(i):
            lead = (truth[i] - truth[j]) / 2
            chances = np.array([exp(lead), exp(-lead), exp(log_nu)])
            drawn = rng.multinomial(80, chances / chances.sum(), 300)
            wins[:, i, j], wins[:, j, i] = drawn[:, 0], drawn[:, 1]
            ties[:, i, j] = ties[:, j, i] = drawn[:, 2]
    found = fit_davidson(wins, ties)
    assert found.log_strength.mean(0) == pytest.approx(truth, abs=0.03)
    assert found.log_tie.mean() == pytest.approx(log_nu, abs=0.03)


@pytest.mark.parametrize(
    ("wins", "ties", "prior", "what"),
    [
        (np.zeros((2, 3)), np.zeros((2, 3)), 0.5, "found shapes"),
        (np.zeros((5, 2, 3)), np.zeros((5, 2, 3)), 0.5, "found shapes"),
        (np.zeros(2), np.zeros(2), 0.5, "found shapes"),
        (np.zeros((1, 1)), np.zeros((1, 1)), 0.5, "at least 2"),
        (np.zeros((2, 2)), np.zeros((3, 3)), 0.5, "shapes"),
        (np.array([[0, -1.0], [1, 0]]), np.zeros((2, 2)), 0.5, "negative"),
        (np.array([[0, np.nan], [1, 0]]), np.zeros((2, 2)), 0.5, "missing"),
        (np.zeros((2, 2)), np.array([[0, 2.0], [1, 0]]), 0.5, "symmetric"),
        (np.zeros((2, 2)), np.zeros((2, 2)), -1, "prior_wins"),
    ],
)
def test_tables_that_are_none_are_refused(
    wins: np.ndarray, ties: np.ndarray, prior: float, what: str
) -> None:
    with pytest.raises(ValueError, match=what):
        fit_davidson(wins, ties, prior)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=8))
def test_tau_is_scipys_tau_b(values: list[tuple[int, int]]) -> None:
    first, second = np.array(values, dtype=float).T
    found = kendall_tau(np.stack([first] * 2), np.stack([second, -second]), SAME_STRENGTH)
    expected = kendalltau(first, second).statistic
    assert found == pytest.approx([expected, -expected], nan_ok=True)


def test_tau_takes_what_rounding_left_of_equal_strengths_for_level() -> None:
    level, apart = np.array([1.0, 1.0 + 1e-12, 2.0]), np.array([1.0, 1.0 - 1e-12, 2.0])
    assert kendall_tau(level, apart, SAME_STRENGTH) == 1
    assert np.isnan(kendall_tau(np.array([0.0, 1.0]), np.array([0.0, 2.0]), 1.0))
    assert np.isnan(kendall_tau(level, np.array([0.0, 1e-12, 0.0]), SAME_STRENGTH))
    assert np.isnan(kendall_tau(level, np.array([0.0, np.nan, 1.0]), SAME_STRENGTH))
