"""Variance components against published examples, statsmodels, enumeration, and populations whose truth is known."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from judgeaudit.stats import resampling_counts
from judgeaudit.stats.generalizability import (
    METHOD,
    REPLICATE,
    Facet,
    contributions,
    effects,
    in_universe,
    levels_needed,
    percentile_interval,
    reliability,
    variance_components,
    variance_shares,
)

Floats = NDArray[np.float64]

ITEMS_BY_OCCASION = np.array(
    [
        [[2, 4, 5, 5, 4, 4, 2, 3, 0, 6], [6, 5, 5, 9, 3, 4, 6, 4, 5, 8],
         [7, 6, 4, 8, 5, 4, 6, 4, 4, 7], [5, 7, 6, 6, 6, 7, 5, 5, 5, 6]],
        [[2, 6, 5, 5, 4, 6, 2, 6, 5, 6], [5, 7, 4, 7, 5, 4, 7, 6, 5, 8],
         [5, 5, 5, 7, 6, 7, 7, 6, 5, 8], [5, 7, 5, 6, 4, 8, 5, 4, 3, 6]],
    ],
    dtype=np.float64,
)  # fmt: skip
BRENNAN = ITEMS_BY_OCCASION.transpose(2, 1, 0)
"""Synthetic data set 3 of Brennan (2001, Generalizability Theory, table 3.1): 10 persons, 4 items, 2 occasions."""

SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=np.float64
)
"""Shrout and Fleiss (1979, Psychological Bulletin 86:420), table 2: 6 targets, 4 judges."""


def facets_of(values: Floats, *names: str) -> list[Facet]:
    """Random facets with these names, one for each axis after the first."""
    return [Facet(name, levels) for name, levels in zip(names, values.shape[1:], strict=True)]


def by_effect(values: Floats, facets: list[Facet]) -> dict[tuple[str, ...], float]:
    return dict(zip(effects(facets), values.tolist(), strict=True))


def test_brennans_synthetic_data_have_his_components_and_coefficients() -> None:
    facets = facets_of(BRENNAN, "item", "occasion")
    found = by_effect(variance_components(BRENNAN, facets), facets)
    published = {
        ("pair",): 0.5528, ("item",): 0.4417, ("occasion",): 0.0074, ("pair", "item"): 0.5750,
        ("pair", "occasion"): 0.1009, ("item", "occasion"): 0.1565, (REPLICATE,): 0.9352,
        ("pair", "item", "occasion"): 0.0,
    }  # fmt: skip
    assert found == pytest.approx(published, abs=5e-5)
    components = variance_components(BRENNAN, facets)
    numbers = {"item": 4, "occasion": 2}
    assert reliability(components, facets, numbers, absolute=False) == pytest.approx(0.64, abs=0.005)
    assert reliability(components, facets, numbers) == pytest.approx(0.55, abs=0.005)


def test_brennans_items_as_a_fixed_facet_have_his_coefficients() -> None:
    facets = [Facet("item", 4, universe=4), Facet("occasion", 2)]
    components = variance_components(BRENNAN, facets, np.zeros_like(BRENNAN), np.full_like(BRENNAN, np.inf))
    numbers = {"item": 4, "occasion": 2}
    assert reliability(components, facets, numbers, absolute=False) == pytest.approx(0.81, abs=0.005)
    assert reliability(components, facets, numbers) == pytest.approx(0.79, abs=0.006)


def test_with_one_facet_the_coefficients_are_the_intraclass_correlations() -> None:
    facets = facets_of(SHROUT_FLEISS, "judge")
    components = variance_components(SHROUT_FLEISS, facets)
    found = [
        float(reliability(components, facets, {"judge": judges}, absolute))
        for absolute, judges in product((True, False), (1, 4))
    ]
    assert found == pytest.approx([0.29, 0.62, 0.71, 0.91], abs=0.005)
    target, judge, error = 11.24, 32.49, 1.02  # the published mean squares
    assert found[0] == pytest.approx(
        (target - error) / (target + 3 * error + 4 * (judge - error) / 6), abs=0.002
    )


def long_table(values: Floats, *names: str) -> pd.DataFrame:
    """One row for each score."""
    axes = np.meshgrid(*(np.arange(size) for size in values.shape), indexing="ij")
    columns = {name: axis.ravel() for name, axis in zip(names, axes, strict=True)}
    return pd.DataFrame(columns | {"score": values.ravel()})


def test_three_facets_agree_with_the_mean_squares_of_statsmodels() -> None:
    from statsmodels.formula.api import ols
    from statsmodels.stats.anova import anova_lm

    values = np.random.default_rng(0).normal(size=(5, 3, 2, 4))
    table = long_table(values, "p", "a", "b", "c")
    # Three-way and lower interactions are fitted; the four-way one is what is left.
    fitted = anova_lm(ols("score ~ (C(p) + C(a) + C(b) + C(c)) ** 3", table).fit())
    squares = {
        frozenset(name[2] for name in row.split(":")): mean
        for row, mean in fitted["mean_sq"].items()
        if row != "Residual"
    }
    squares[frozenset("pabc")] = float(fitted.loc["Residual", "mean_sq"])
    sizes = dict(zip("pabc", values.shape, strict=True))
    facets = facets_of(values, "a", "b", "c")
    found = by_effect(variance_components(values, facets), facets)
    for effect in effects(facets)[:-2]:
        held = {"p" if name == "pair" else name for name in effect}
        signed = sum((-1) ** len(other - held) * mean for other, mean in squares.items() if held <= other)
        times = np.prod([size for name, size in sizes.items() if name not in held])
        assert found[effect] == pytest.approx(signed / times, abs=1e-10)
    assert found[REPLICATE,] == pytest.approx(squares[frozenset("pabc")], abs=1e-10)


def test_replicates_agree_with_the_residual_mean_square_of_statsmodels() -> None:
    from statsmodels.formula.api import ols
    from statsmodels.stats.anova import anova_lm

    rng = np.random.default_rng(1)
    scores = rng.normal(size=(6, 3, 1)) + rng.normal(size=(6, 3, 4))
    fitted = anova_lm(ols("score ~ C(p) * C(a)", long_table(scores, "p", "a", "r")).fit())["mean_sq"]
    facets = [Facet("a", 3)]
    found = by_effect(
        variance_components(scores.mean(-1), facets, scores.var(-1, ddof=1), np.full((6, 3), 4.0)), facets
    )
    assert found[REPLICATE,] == pytest.approx(fitted["Residual"])
    assert found["pair", "a"] == pytest.approx((fitted["C(p):C(a)"] - fitted["Residual"]) / 4)
    assert found["pair",] == pytest.approx((fitted["C(p)"] - fitted["C(p):C(a)"]) / 12)
    assert found["a",] == pytest.approx((fitted["C(a)"] - fitted["C(p):C(a)"]) / 24)


def test_where_no_estimate_is_negative_they_are_those_of_restricted_likelihood() -> None:
    from statsmodels.regression.mixed_linear_model import MixedLM

    table = long_table(SHROUT_FLEISS, "p", "a")
    model = MixedLM.from_formula(
        "score ~ 1", table, groups=np.ones(len(table)), vc_formula={"p": "0 + C(p)", "a": "0 + C(a)"}
    )
    fitted = model.fit(reml=True)
    facets = [Facet("a", 4)]
    found = by_effect(variance_components(SHROUT_FLEISS, facets), facets)
    by_name = dict(zip(model.exog_vc.names, fitted.vcomp, strict=True))
    assert found["pair",] == pytest.approx(by_name["p"], rel=1e-3)
    assert found["a",] == pytest.approx(by_name["a"], rel=1e-3)
    assert found[REPLICATE,] == pytest.approx(fitted.scale, rel=1e-3)


def draw_scores(
    rng: np.random.Generator, truth: dict[tuple[str, ...], float], sizes: dict[str, int]
) -> Floats:
    """Normal effects of these variances, one for each level of what they hold, over the whole design."""
    scores = np.zeros(tuple(sizes.values()))
    for effect, variance in truth.items():
        scores += rng.normal(0, np.sqrt(variance), [n if name in effect else 1 for name, n in sizes.items()])
    return scores


TRUTH = {
    ("pair",): 2.0, ("judge",): 0.5, ("order",): 0.3, ("pair", "judge"): 1.0, ("pair", "order"): 0.6,
    ("judge", "order"): 0.2, ("pair", "judge", "order"): 0.4,
}  # fmt: skip


def test_known_components_are_recovered_whatever_the_number_of_replicates_in_a_cell() -> None:
    """A third of the judges is exact, one has 2 replicates and one 5, whose noise differs too."""
    rng = np.random.default_rng(2)
    sizes = {"pair": 12, "judge": 3, "order": 2}
    facets = [Facet("judge", 3), Facet("order", 2)]
    number = np.broadcast_to(np.array([np.inf, 2.0, 5.0])[:, None], (12, 3, 2))
    noise = np.broadcast_to(np.array([0.3, 4.0, 1.0])[:, None], (12, 3, 2))
    found = []
    for _ in range(4000):
        scores = draw_scores(rng, TRUTH, sizes)
        degrees = np.where(np.isinf(number), 1.0, number - 1)
        variance = np.where(np.isinf(number), noise, noise * rng.chisquare(degrees) / degrees)
        means = scores + rng.normal(0, np.sqrt(noise / number))
        found.append(variance_components(means, facets, variance, number))
    mean, error = np.mean(found, 0), np.std(found, 0) / np.sqrt(len(found))
    expected = np.array([*TRUTH.values(), noise.mean()])
    assert np.abs(mean - expected) == pytest.approx(0, abs=float(4 * error.max()))
    assert (np.abs(mean - expected) < 4 * error + 1e-12).all()


def test_the_mean_over_all_resamples_is_the_estimate_itself() -> None:
    """Unbiased resampling, by enumeration of all 4^4 resamples of four pairs; some hold one pair only."""
    rng = np.random.default_rng(3)
    means, variance = rng.normal(size=(4, 3, 2)), rng.uniform(size=(4, 3, 2))
    facets = facets_of(means, "judge", "order")
    draws = np.array(
        [np.bincount(drawn, minlength=4) for drawn in product(range(4), repeat=4)], dtype=np.float64
    )
    number = np.full_like(means, 3.0)
    for within in ((variance, number), (None, None)):
        resampled = variance_components(means, facets, *within, draws)
        assert resampled.mean(0) == pytest.approx(variance_components(means, facets, *within), abs=1e-12)


def test_a_resample_is_what_its_pairs_in_full_would_show() -> None:
    rng = np.random.default_rng(4)
    means = rng.normal(size=(9, 3, 2))
    facets = facets_of(means, "judge", "order")
    draws = resampling_counts(9, 100, 0)
    resampled = variance_components(means, facets, draws=draws)
    for k in range(100):
        plain = by_effect(
            variance_components(means[np.repeat(np.arange(9), draws[k].astype(int))], facets), facets
        )
        found = by_effect(resampled[k], facets)
        assert found["pair", "judge"] == pytest.approx(plain["pair", "judge"] * 9 / 8)
        assert found["judge",] == pytest.approx(plain["judge",] - plain["pair", "judge"] / 8)
        assert found["judge", "order"] == pytest.approx(plain["judge", "order"] - plain[REPLICATE,] / 8)


def test_a_pair_without_a_score_somewhere_is_not_counted() -> None:
    rng = np.random.default_rng(5)
    means = rng.normal(size=(8, 3, 2))
    facets = facets_of(means, "judge", "order")
    number, variance = np.full_like(means, 2.0), rng.uniform(size=means.shape)
    lacking = means.copy()
    lacking[[1, 6], [0, 2], [1, 0]] = np.nan
    kept = np.array([0, 2, 3, 4, 5, 7])
    assert variance_components(lacking, facets, variance, number) == pytest.approx(
        variance_components(means[kept], facets, variance[kept], number[kept])
    )
    draws = resampling_counts(8, 100, 0)
    found = variance_components(lacking, facets, variance, number, draws)
    enough = draws[:, kept].sum(1) >= 2
    assert enough.all()
    assert found == pytest.approx(
        variance_components(means[kept], facets, variance[kept], number[kept], draws[:, kept])
    )


def test_fewer_than_two_pairs_have_no_components() -> None:
    means = np.full((5, 2), np.nan)
    means[0] = 1.0
    facets = [Facet("judge", 2)]
    nothing = variance_components(means, facets)
    assert nothing.shape == (4,)
    assert np.isnan(nothing).all()
    draws = resampling_counts(5, 100, 0)
    resampled = variance_components(means, facets, draws=draws)
    assert resampled.shape == (100, 4)
    assert np.isnan(resampled).all()
    means[1] = 2.0
    drawn = variance_components(means, facets, np.ones((5, 2)), np.full((5, 2), 2.0), draws)
    few = draws[:, :2].sum(1) < 2
    assert np.isnan(drawn[few]).all()
    assert not np.isnan(drawn[~few]).any()


def test_a_number_added_to_all_scores_costs_the_components_no_digits() -> None:
    facets = facets_of(BRENNAN, "item", "occasion")
    assert variance_components(BRENNAN + 1e7, facets) == pytest.approx(
        variance_components(BRENNAN, facets), abs=1e-8
    )


def test_a_negative_estimate_is_kept_and_floored_where_it_is_used() -> None:
    """Judges that contradict each other on every pair: the pairs' own component is minus the interaction's half."""
    means = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    facets = [Facet("judge", 2)]
    components = by_effect(variance_components(means, facets), facets)
    assert components["pair",] == pytest.approx(-1 / 3)
    assert components[REPLICATE,] == pytest.approx(2 / 3)
    raw = variance_components(means, facets)
    assert in_universe(raw, facets)[0] == 0.0
    assert reliability(raw, facets, {"judge": 100}) == 0.0


def test_what_one_order_gives_and_the_other_takes_is_interaction_and_never_negative() -> None:
    """Both orders are all there are, so that a pair's mean over them is what it is, here always 1/2."""
    sway = np.random.default_rng(6).uniform(-0.5, 0.5, 50)
    means = 0.5 + np.stack([sway, -sway], axis=1)
    facets = [Facet("order", 2, universe=2)]
    exact = (np.zeros_like(means), np.full_like(means, np.inf))
    components = variance_components(means, facets, *exact)
    assert components[0] < 0
    shares = by_effect(variance_shares(components, facets), facets)
    # Swaying on average is the order's own effect, here next to nothing.
    assert shares["pair",] == pytest.approx(0, abs=1e-12)
    assert shares["pair", "order"] > 0.95
    total = contributions(components, facets, {}).sum()
    assert total == pytest.approx(np.mean((means[:, 0] - means[:, 1]) ** 2) / 4, rel=0.05)


def test_shares_add_up_to_one_and_that_of_the_pair_is_the_dependability_of_one_score() -> None:
    rng = np.random.default_rng(7)
    facets = [Facet("judge", 4), Facet("order", 2, universe=2)]
    means = draw_scores(rng, TRUTH, {"pair": 40, "judge": 4, "order": 2})
    variance, number = np.full_like(means, 0.7), np.full_like(means, 2.0)
    components = variance_components(means, facets, variance, number, resampling_counts(40, 200, 0))
    shares = variance_shares(components, facets)
    assert shares.sum(-1) == pytest.approx(np.ones(200))
    assert (shares >= 0).all()
    assert shares[:, 0] == pytest.approx(reliability(components, facets, {}))


@pytest.mark.parametrize("numbers", [{}, {"judge": 3}, {"judge": 3, "order": 2, REPLICATE: 2}, {"order": 2}])
def test_reliability_is_the_squared_correlation_with_the_mean_over_all_there_are(
    numbers: dict[str, int],
) -> None:
    """Every pair gets judges of its own, so that what judges share is error, and both orders are all there are."""
    rng = np.random.default_rng(8)
    n, noise = 400_000, 0.8
    judges, orders, replicates = (numbers.get(name, 1) for name in ("judge", "order", REPLICATE))
    own = rng.normal(0, np.sqrt(TRUTH["pair",]), n)
    by_order = rng.normal(0, np.sqrt(TRUTH["pair", "order"]), (n, 2))
    truth = own + by_order.mean(1)

    def effect(name: tuple[str, ...], *size: int) -> Floats:
        return rng.normal(0, np.sqrt(TRUTH[name]), (n, *size))

    score = own[:, None, None] + by_order[:, None, :] + effect(("pair", "judge"), judges, 1)
    score = score + effect(("judge",), judges, 1) + effect(("judge", "order"), judges, 2)
    score = score + effect(("pair", "judge", "order"), judges, 2)
    score = score + rng.normal(0, np.sqrt(noise / replicates), (n, judges, 2))
    observed = score[..., :orders].mean((1, 2))
    facets = [Facet("judge", 3), Facet("order", 2, universe=2)]
    # The main effect of the order is one number for all pairs and no part of a correlation.
    components = np.array(
        [TRUTH[name] if name != ("order",) else 0.0 for name in effects(facets)[:-1]] + [noise]
    )
    assert reliability(components, facets, numbers) == pytest.approx(
        np.corrcoef(observed, truth)[0, 1] ** 2, abs=0.006
    )


def test_the_number_needed_is_the_smallest_that_reaches_what_is_wanted() -> None:
    facets = [Facet("judge", 5), Facet("order", 2, universe=2)]
    components = np.array([*TRUTH.values(), 0.8])
    for orders, replicates, absolute, wanted in product((1, 2), (1, 3), (True, False), (0.5, 0.7, 0.8, 0.9)):
        others = {"order": orders, REPLICATE: replicates}
        reached = [
            judges
            for judges in range(1, 301)
            if reliability(components, facets, {**others, "judge": judges}, absolute) >= wanted - 1e-12
        ]
        found = levels_needed(components, facets, others, "judge", wanted, 300, absolute)
        assert found == (reached[0] if reached else None)


def test_what_is_exhausted_adds_nothing_but_what_is_noise_does() -> None:
    """Two of two orders leave no error of the order's own; judges differ in both, and replicates in everything."""
    facets = [Facet("judge", 5), Facet("order", 2, universe=2)]
    components = np.array([*TRUTH.values(), 0.8])
    one, both = (by_effect(contributions(components, facets, {"order": n}), facets) for n in (1, 2))
    assert (one["order",], both["order",]) == pytest.approx((0.3 / 2, 0.0))
    assert (one["pair", "order"], both["pair", "order"]) == pytest.approx((0.6 / 2, 0.0))
    assert (one["pair",], both["pair",]) == pytest.approx((2.3, 2.3))
    assert (one["pair", "judge"], both["pair", "judge"]) == pytest.approx((1.2, 1.2))
    assert (one["judge", "order"], both["judge", "order"]) == pytest.approx((0.1, 0.0))
    assert (one[REPLICATE,], both[REPLICATE,]) == pytest.approx((0.8, 0.4))
    many = by_effect(contributions(components, facets, {"judge": 3, "order": 2, REPLICATE: 4}), facets)
    assert many[REPLICATE,] == pytest.approx(0.8 / 24)


def test_the_number_needed_in_closed_form() -> None:
    """Of one facet: 1 / (1 + 2 / n) reaches .8 at n = 8, and without the judges' own .5 at 6. With one prompt .05 stay
    however many judges there are, .03 of them in the ranking: (.1 + .3 + .2 + .4 + .5) / (.25 - .05) is 7.5, and
    (.3 + .4 + .5) / (.25 - .03) is 5.5."""
    facets, components = [Facet("judge", 5)], np.array([1.0, 0.5, 0.5, 1.0])
    assert levels_needed(components, facets, {}, "judge", 0.8, 8) == 8
    assert levels_needed(components, facets, {}, "judge", 0.8, 7) is None
    assert levels_needed(components, facets, {}, "judge", 0.8, 8, absolute=False) == 6
    assert levels_needed(components, facets, {}, "judge", 0.2, 8) == 1
    facets = [Facet("judge", 5), Facet("prompt", 4)]
    components = np.array([1.0, 0.1, 0.02, 0.3, 0.03, 0.2, 0.4, 0.5])
    assert levels_needed(components, facets, {}, "judge", 0.8, 100) == 8
    assert levels_needed(components, facets, {}, "judge", 0.8, 100, absolute=False) == 6


def test_no_number_of_judges_mends_an_order() -> None:
    """With one order, its interaction with pairs stays however many judges there are."""
    facets = [Facet("judge", 5), Facet("order", 2, universe=2)]
    components = np.array([1.0, 0.0, 0.0, 0.5, 2.0, 0.0, 0.0, 0.5])
    assert levels_needed(components, facets, {"order": 1}, "judge", 0.8, 1000) is None
    assert levels_needed(components, facets, {"order": 2}, "judge", 0.8, 1000) == 2
    nothing = np.zeros(8)
    assert levels_needed(nothing, facets, {"order": 2}, "judge", 0.8, 1000) is None
    assert np.isnan(reliability(nothing, facets, {}))
    assert np.isnan(variance_shares(nothing, facets)).all()


def test_numbers_and_axes_outside_the_design_are_refused() -> None:
    facets = [Facet("judge", 3), Facet("order", 2, universe=2)]
    with pytest.raises(ValueError, match=r"numbers.order: found 3"):
        contributions(np.zeros(8), facets, {"order": 3})
    with pytest.raises(ValueError, match=r"numbers.judge: found 0"):
        contributions(np.zeros(8), facets, {"judge": 0})
    with pytest.raises(ValueError, match="found axes"):
        variance_components(np.zeros((4, 2, 3)), facets)
    with pytest.raises(ValueError, match="two levels or more"):
        variance_components(np.zeros((4, 1)), [Facet("judge", 1)])


def test_what_never_differs_between_resamples_has_no_interval() -> None:
    assert percentile_interval(np.zeros(500), 0.0, 0.95) is None
    assert percentile_interval(np.full(500, np.nan), 0.5, 0.95) is None
    values = np.append(np.linspace(0, 1, 1001), np.nan)
    found = percentile_interval(values, 0.5, 0.9)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.05, 0.95))
    assert (found.level, found.method) == (0.9, METHOD)
    outside = percentile_interval(values, 1.5, 0.9)
    assert outside is not None
    assert outside.high == 1.5


def test_intervals_cover_what_endless_pairs_would_show_of_these_judges() -> None:
    """Verdicts of three noisy judges on 60 pairs; 300 audits leave a simulation error of .013."""
    rng = np.random.default_rng(9)
    leaning, first = rng.normal(0, 0.4, 3), rng.normal(0.3, 0.3, 3)
    facets = [Facet("judge", 3), Facet("order", 2, universe=2)]

    def chances(n: int) -> Floats:
        quality, taste = rng.normal(0, 2, (n, 1, 1)), rng.normal(0, 1, (n, 3, 1))
        position = first[:, None] * np.array([1, -1]) * (1 + rng.normal(0, 0.5, (n, 1, 1)))
        chance: Floats = 1 / (1 + np.exp(-(quality + leaning[:, None] + taste + position)))
        return chance

    endless = chances(200_000)
    truth = variance_components(endless, facets, endless * (1 - endless), np.full_like(endless, np.inf))
    draws = resampling_counts(60, 500, 0)
    numbers = {"judge": 3, "order": 2}
    hits = np.zeros(3)
    for _ in range(300):
        share = rng.binomial(2, chances(60)) / 2
        within = (share * (1 - share) * 2, np.full_like(share, 2.0))
        estimate = variance_components(share, facets, *within)
        resampled = variance_components(share, facets, *within, draws)
        for k, figure in enumerate(
            (
                lambda found: variance_shares(found, facets)[..., 0],
                lambda found: variance_shares(found, facets)[..., -1],
                lambda found: reliability(found, facets, numbers),
            )
        ):
            interval = percentile_interval(figure(resampled), float(figure(estimate)), 0.95)
            assert interval is not None
            hits[k] += interval.low <= figure(truth) <= interval.high
    assert (hits / 300 > 0.9).all()
    assert (hits / 300 < 0.99).all()
