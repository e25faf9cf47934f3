"""The attribution of a judge's choices against planted judges, whose log-odds are known."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import exp, log

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from judgeaudit.design import Design, plan, request_of
from judgeaudit.judges.planted import PlantedJudge
from judgeaudit.metrics.attribution import Model, attribution
from judgeaudit.metrics.choices import Choices, Covariates, terms_of
from judgeaudit.metrics.findings import Estimated
from judgeaudit.metrics.observations import observe
from judgeaudit.metrics.reference import Reference
from judgeaudit.metrics.shown_texts import ShownTexts
from judgeaudit.perturb import PerturbedText, Status
from judgeaudit.records import Pair, Preference, Turn
from judgeaudit.stats import mixed_logit
from judgeaudit.stats.thresholds import ATTRIBUTION_PAIRS, LARGEST_ODDS_RATIO

WORDS = {"apology": 40, "authority": 90}
"""Characters that each artifact adds."""

ARMS = ("baseline", "injected", "both", "tie", "identical")
DOMAINS = ("self-harm", "toxicity", "misinformation")


def corpus(
    n: int, seed: int = 0, labels: Iterable[Preference | None] = ("a", "b", "a", "b", "tie")
) -> list[Pair]:
    rng = np.random.default_rng(seed)
    options = list(labels)
    return [
        Pair(
            f"p{k:04d}",
            (Turn("user", "q"),),
            "a" * int(rng.integers(20, 400)),
            "b" * int(rng.integers(20, 400)),
            domain=DOMAINS[k % 3],
            label=options[int(rng.integers(len(options)))],
        )
        for k in range(n)
    ]


def texts_of(pairs: Iterable[Pair], words: Mapping[str, int]) -> list[PerturbedText]:
    return [
        PerturbedText(pair.id, name, side, Status.CHANGED, pair.response(side) + "x" * added)
        for pair in pairs
        for name, added in words.items()
        for side in ("a", "b")
    ]


def verdicts(
    judge: PlantedJudge, pairs: list[Pair], texts: list[PerturbedText], arms: Iterable[str], draws: int
) -> pd.DataFrame:
    """The judge's own probabilities, or where draws are asked for as many replicates of drawn outcomes."""
    by_id, words = {pair.id: pair for pair in pairs}, ("first", "second", "tie")
    rng = np.random.default_rng(12)
    rows = []
    design = Design(arms=tuple(arms), replicates=max(1, draws))
    for trial in plan(
        design, pairs, texts, sorted({text.perturbation for text in texts}), frozenset()
    ).trials:
        p = judge.probabilities(request_of(trial, by_id[trial.pair_id]))
        said = int(rng.choice(3, p=p)) if draws else int(np.argmax(p))
        rows.append(
            (judge.name, trial.pair_id, str(trial.arm), trial.perturbation, trial.side, trial.order,
             trial.replicate, words[said], *((np.nan,) * 3 if draws else p), not draws)
        )  # fmt: skip
    names = "judge pair_id arm perturbation side order replicate outcome p_first p_second p_tie exact"
    return pd.DataFrame(rows, columns=names.split())


def pair_table(pairs: list[Pair]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "pair_id": [pair.id for pair in pairs],
            "label": [pair.label for pair in pairs],
            "votes": [[] for _ in pairs],
            "domain": [pair.domain for pair in pairs],
            "length_a": [float(len(pair.response_a)) for pair in pairs],
            "length_b": [float(len(pair.response_b)) for pair in pairs],
        }
    )


def lengths_of(texts: list[PerturbedText]) -> pd.DataFrame:
    rows = [(text.pair_id, text.perturbation, text.side, len(text.text or "")) for text in texts]
    return pd.DataFrame(rows, columns=["pair_id", "perturbation", "side", "length"])


def covariates(pairs: pd.DataFrame, texts: pd.DataFrame | None) -> Covariates:
    return Covariates.of(pairs, ShownTexts.of(pairs, texts, "length"))


def audited(
    judge: PlantedJudge,
    pairs: list[Pair],
    *,
    model: Model = "gee",
    arms: Iterable[str] = ARMS,
    draws: int = 0,
    words: Mapping[str, int] = WORDS,
    lengths: bool = True,
) -> list[Estimated]:
    texts = texts_of(pairs, words)
    table = verdicts(judge, pairs, texts, arms, draws)
    return estimates(table, pair_table(pairs), lengths_of(texts) if lengths else None, model)


def estimates(
    table: pd.DataFrame, pairs: pd.DataFrame, lengths: pd.DataFrame | None = None, model: Model = "gee"
) -> list[Estimated]:
    [judge] = observe(table, pd.Index(pairs["pair_id"]))
    return list(
        attribution(
            judge,
            Reference.of(pairs),
            covariates(pairs, lengths),
            model,
            0.95,
        )
    )


def find(found: list[Estimated], measure: str, term: str) -> Estimated:
    """The one estimate of an artifact or position by name, or of another term by slice."""
    hits = [one for one in found if one.measure == measure and term in (one.perturbation, one.within)]
    assert len(hits) == 1, (measure, term, hits)
    return hits[0]


def log_odds(found: list[Estimated], term: str) -> float:
    estimate = find(found, "odds_ratio", term).estimate
    assert estimate is not None
    return log(estimate)


def biased(**changes: float) -> PlantedJudge:
    values = {"quality": 1.5, "position": 0.6, "length": 0.4, "tie": 0.7, "noise": 1.3} | changes
    return PlantedJudge("j", artifacts={"apology": 1.2, "authority": -0.5}, **values)


PLANTED = {"position": 0.6, "term=label": 1.5, "term=length": 0.4, "apology": 1.2, "authority": -0.5}


@pytest.mark.parametrize("model", ["gee", "mixed"])
def test_the_planted_log_odds_come_back_from_known_probabilities(model: Model) -> None:
    found = audited(biased(), corpus(40), model=model)
    for term, planted in PLANTED.items():
        assert log_odds(found, term) == pytest.approx(planted / 1.3, abs=1e-6)
        if term != "term=label":
            assert find(found, "preference_steps", term).estimate == pytest.approx(planted / 1.5, abs=1e-6)
    for domain in DOMAINS:
        assert log_odds(found, f"label_in_domain={domain}") == pytest.approx(1.5 / 1.3, abs=1e-6)
        against = find(found, "odds_ratio", f"label_against_others={domain}")
        assert against.estimate == pytest.approx(1, abs=1e-6)
        assert against.p == 1
    assert all(one.caution is None for one in found)
    assert {one.unit for one in found if one.measure == "preference_steps"} == {"coefficient"}


def test_only_what_may_have_no_effect_is_tested() -> None:
    """That a judge follows the label is no hypothesis; a ratio's test would be that of its numerator again."""
    found = audited(biased(), corpus(60), draws=2)
    for one in found:
        of_label = one.within is not None and one.within.startswith(("term=label", "label_in_domain="))
        assert (one.p is None) == (one.measure == "preference_steps" or of_label)
    assert len({(one.measure, one.perturbation, one.within) for one in found}) == len(found) == 15


@pytest.mark.parametrize("model", ["gee", "mixed"])
def test_drawn_verdicts_hold_the_planted_values_in_their_intervals(model: Model) -> None:
    found = audited(biased(), corpus(150), model=model, draws=2)
    for term, planted in PLANTED.items():
        interval = find(found, "odds_ratio", term).interval
        assert interval is not None
        assert interval.low < exp(planted / 1.3) < interval.high
        assert log(interval.high / interval.low) < 1
        if term != "term=label":
            steps = find(found, "preference_steps", term)
            assert steps.interval is not None
            assert steps.estimate is not None
            assert steps.interval.low < planted / 1.5 < steps.interval.high
            assert steps.interval.low < steps.estimate < steps.interval.high
    apology = find(found, "odds_ratio", "apology")
    assert apology.p is not None
    assert apology.p < 1e-6


def test_what_is_counted_are_the_decisive_verdicts_that_carry_the_term() -> None:
    pairs = corpus(30)
    texts = texts_of(pairs, WORDS)
    table = verdicts(biased(), pairs, texts, ARMS, 3)
    shown = table[
        table["arm"].isin(["baseline", "injected", "both"]) & table["outcome"].isin(["first", "second"])
    ]
    found = estimates(table, pair_table(pairs), lengths_of(texts))
    position, apology = find(found, "odds_ratio", "position"), find(found, "odds_ratio", "apology")
    assert (position.n_pairs, position.n_verdicts) == (30, len(shown))
    carried = shown[(shown["arm"] == "injected") & (shown["perturbation"] == "apology")]
    assert (apology.n_pairs, apology.n_verdicts) == (carried["pair_id"].nunique(), len(carried))
    decided = {pair.id for pair in pairs if pair.label != "tie"}
    label = find(found, "odds_ratio", "term=label")
    assert (label.n_pairs, label.n_verdicts) == (len(decided), int(shown["pair_id"].isin(decided).sum()))


def test_failures_ties_and_unparsed_replies_do_not_enter() -> None:
    pairs = corpus(40)
    texts = texts_of(pairs, WORDS)
    table = verdicts(biased(), pairs, texts, ARMS, 2)
    decisive = table[table["outcome"] != "tie"].reset_index(drop=True)
    spoilt = table.assign(outcome=table["outcome"].replace("tie", "unparsed"))
    frame, lengths = pair_table(pairs), lengths_of(texts)
    expected = estimates(decisive, frame, lengths)
    assert same(estimates(table, frame, lengths), expected)
    assert same(estimates(spoilt, frame, lengths), expected)
    [judge] = observe(spoilt, pd.Index(frame["pair_id"]), "category")
    as_category = attribution(judge, Reference.of(frame), covariates(frame, lengths), "gee", 0.95)
    assert same(list(as_category), expected)


def same(some: list[Estimated], others: list[Estimated]) -> bool:
    """The same records, with estimates the same but for rounding."""
    plain = [
        [replace(one, estimate=None, interval=None, p=None) for one in found] for found in (some, others)
    ]
    numbers = [[0.0 if one.estimate is None else one.estimate for one in found] for found in (some, others)]
    return plain[0] == plain[1] and numbers[0] == pytest.approx(numbers[1], rel=1e-9)


def test_tie_and_identical_arms_change_nothing() -> None:
    pairs = corpus(40)
    assert same(audited(biased(), pairs), audited(biased(), pairs, arms=("baseline", "injected", "both")))


def test_a_judge_of_lengths_is_told_from_one_of_artifacts() -> None:
    pairs = corpus(80)
    for_length = audited(biased(length=2.0), pairs, words={"verbosity": 200}, draws=2)
    for_artifact = PlantedJudge("j", quality=1.5, artifacts={"verbosity": 1.5})
    by_artifact = audited(for_artifact, pairs, words={"verbosity": 200}, draws=2)
    for found, moved, unmoved in (
        (for_length, "term=length", "verbosity"),
        (by_artifact, "verbosity", "term=length"),
    ):
        assert log_odds(found, moved) > 1
        interval = find(found, "odds_ratio", unmoved).interval
        assert interval is not None
        assert interval.low < 1 < interval.high


def test_without_the_lengths_of_perturbed_texts_an_artifact_holds_its_words_and_says_so() -> None:
    """Every response has 99 characters, and the artifact makes them 199: log2(200 / 100) is one doubling."""
    pairs = [replace(pair, response_a="a" * 99, response_b="b" * 99) for pair in corpus(30)]
    judge = PlantedJudge("j", quality=1.5, length=0.8, artifacts={"verbosity": 0.5})
    found = audited(judge, pairs, words={"verbosity": 100}, lengths=False)
    assert log_odds(found, "verbosity") == pytest.approx(0.8 + 0.5, abs=1e-6)
    for measure in ("odds_ratio", "preference_steps"):
        assert "words" in (find(found, measure, "verbosity").caution or "")
    known = audited(judge, pairs, words={"verbosity": 100})
    assert log_odds(known, "verbosity") == pytest.approx(0.8 + 0.5, abs=1e-6)
    verbosity, length = find(known, "odds_ratio", "verbosity"), find(known, "odds_ratio", "term=length")
    assert "length too" in (verbosity.caution or "")
    assert length.estimate is None
    assert "cannot be told from verbosity" in (length.caution or "")
    assert find(known, "preference_steps", "term=length").caution == length.caution


def test_a_perturbation_without_lengths_beside_others_that_have_them_keeps_its_rows() -> None:
    pairs = corpus(40)
    texts = texts_of(pairs, WORDS)
    table = verdicts(biased(length=0.0), pairs, texts, ARMS, 0)
    lengths = lengths_of(texts)
    found = estimates(table, pair_table(pairs), lengths[lengths["perturbation"] == "apology"])
    assert log_odds(found, "authority") == pytest.approx(-0.5 / 1.3, abs=1e-6)
    assert find(found, "odds_ratio", "apology").caution is None
    assert "words" in (find(found, "odds_ratio", "authority").caution or "")


def test_pairs_without_a_length_are_left_out_of_a_model_with_lengths() -> None:
    pairs = corpus(40)
    frame, texts = pair_table(pairs), texts_of(pairs, WORDS)
    table = verdicts(biased(), pairs, texts, ARMS, 0)
    frame.loc[:9, "length_a"] = np.nan
    found = estimates(table, frame, lengths_of(texts))
    assert find(found, "odds_ratio", "position").n_pairs == 40  # both arms show perturbed texts alone
    frame.loc[:, ["length_a", "length_b"]] = np.nan
    nothing = estimates(table, frame, None)
    assert not any(one.within == "term=length" for one in nothing)
    assert "words" in (find(nothing, "odds_ratio", "apology").caution or "")


def test_pairs_without_a_label_are_left_out_where_others_have_one() -> None:
    pairs = corpus(60)
    some = [replace(pair, label=None) if k % 2 else pair for k, pair in enumerate(pairs)]
    found = audited(biased(), some)
    assert find(found, "odds_ratio", "position").n_pairs == 30
    assert log_odds(found, "term=label") == pytest.approx(1.5 / 1.3, abs=1e-6)
    none = audited(biased(quality=0.0), [replace(pair, label=None) for pair in pairs])
    assert log_odds(none, "apology") == pytest.approx(1.2 / 1.3, abs=1e-6)
    assert not any("label" in (one.within or "") or one.measure == "preference_steps" for one in none)


def test_a_label_that_moves_nothing_is_no_step_to_measure_in() -> None:
    found = audited(biased(quality=0.0), corpus(60), draws=1)
    steps = [one for one in found if one.measure == "preference_steps"]
    assert len(steps) == 4
    assert {(one.estimate, one.interval, one.caution) for one in steps} == {
        (None, None, "the label's odds ratio is not clearly above 1")
    }


def test_a_judge_against_the_label_has_no_steps_either() -> None:
    found = audited(biased(quality=-2.0), corpus(60), draws=1)
    assert log_odds(found, "term=label") < -1
    assert find(found, "preference_steps", "apology").estimate is None


def test_a_domain_in_which_the_label_counts_for_more_is_found() -> None:
    pairs = corpus(120)
    keen, lax = biased(quality=4.0), biased(quality=1.0)
    texts = texts_of(pairs, WORDS)
    frames = [verdicts(judge, pairs, texts, ARMS, 1) for judge in (keen, lax)]
    in_domain = frames[0]["pair_id"].isin([pair.id for pair in pairs if pair.domain == "toxicity"])
    table = pd.concat([frames[0][in_domain], frames[1][~in_domain]])
    found = estimates(table, pair_table(pairs), lengths_of(texts))
    here = find(found, "odds_ratio", "label_in_domain=toxicity")
    assert here.estimate is not None
    assert log(here.estimate) == pytest.approx(4 / 1.3, abs=0.8)
    against = find(found, "odds_ratio", "label_against_others=toxicity")
    assert against.estimate is not None
    assert log(against.estimate) == pytest.approx(3 / 1.3, abs=0.8)
    assert against.p is not None
    assert against.p < 1e-4
    other = find(found, "odds_ratio", "label_in_domain=self-harm")
    assert other.estimate is not None
    assert log(other.estimate) == pytest.approx(1 / 1.3, abs=0.5)


def test_a_domain_is_held_against_all_others_by_how_many_pairs_they_have() -> None:
    pairs = corpus(121)
    texts = texts_of(pairs, WORDS)
    worth = dict(zip(DOMAINS, (4.0, 2.0, 1.0), strict=True))
    of = {pair.id: pair.domain for pair in pairs}
    frames = []
    for domain, quality in worth.items():
        table = verdicts(biased(quality=quality), pairs, texts, ARMS, 0)
        frames.append(table[table["pair_id"].map(of) == domain])
    found = estimates(pd.concat(frames), pair_table(pairs), lengths_of(texts))
    decisive = Counter(pair.domain for pair in pairs if pair.label != "tie")
    for domain, quality in worth.items():
        n_others = {name: decisive[name] for name in DOMAINS if name != domain}
        others = sum(n * worth[name] for name, n in n_others.items()) / sum(n_others.values())
        against = log_odds(found, f"label_against_others={domain}")
        assert against == pytest.approx((quality - others) / 1.3, abs=1e-6)


def test_a_domain_in_which_every_verdict_follows_the_label_says_so_and_is_held_against_none() -> None:
    pairs = corpus(120, labels=("a", "b"))
    texts = texts_of(pairs, WORDS)
    table = verdicts(biased(), pairs, texts, ARMS, 1)
    label, domain = ({pair.id: getattr(pair, name) for pair in pairs} for name in ("label", "domain"))
    followed = np.where((table["pair_id"].map(label) == "a") == (table["order"] == "ab"), "first", "second")
    table["outcome"] = table["outcome"].where(table["pair_id"].map(domain) != "misinformation", followed)
    found = estimates(table, pair_table(pairs), lengths_of(texts))
    sure = find(found, "odds_ratio", "label_in_domain=misinformation")
    assert sure.estimate is None
    assert sure.caution is not None
    assert "the label in misinformation" in sure.caution
    assert {one.within for one in found if "against" in (one.within or "")} == {
        "label_against_others=self-harm",
        "label_against_others=toxicity",
    }
    assert log_odds(found, "label_in_domain=self-harm") == pytest.approx(1.5 / 1.3, abs=0.5)


def test_small_domains_are_taken_together_and_left_out_where_they_are_too_few_even_so() -> None:
    pairs = corpus(60, labels=("a", "b"))
    few = ATTRIBUTION_PAIRS - 3
    named = [replace(pair, domain="rare" if k < few else pair.domain) for k, pair in enumerate(pairs)]
    within = {one.within for one in audited(biased(), named)}
    assert {f"label_in_domain={name}" for name in DOMAINS} <= within
    assert not {"label_in_domain=rare", "label_in_domain=other"} & within
    scattered = [
        replace(pair, domain=f"rare {k % 2}" if k < 2 * few else None if k < 20 else "d")
        for k, pair in enumerate(pairs)
    ]
    within = {one.within for one in audited(biased(), scattered)}
    assert {"label_in_domain=d", "label_in_domain=other"} <= within
    assert not any("rare" in (name or "") for name in within)
    alone = audited(biased(), [replace(pair, domain="d") for pair in pairs])
    assert not any("domain" in (one.within or "") for one in alone)


def test_a_judge_that_always_prefers_the_first_has_no_finite_odds() -> None:
    pairs = corpus(30)
    texts = texts_of(pairs, WORDS)
    table = verdicts(biased(), pairs, texts, ARMS, 1).assign(outcome="first")
    found = estimates(table, pair_table(pairs), lengths_of(texts))
    assert found
    for one in found:
        assert (one.estimate, one.interval, one.p) == (None, None, None)
        assert one.caution is not None
    assert (
        find(found, "odds_ratio", "position").caution == "every verdict that position can decide goes with it"
    )
    for term in ("term=label", "apology"):
        assert (
            find(found, "odds_ratio", term).caution
            == "too many verdicts follow without exception from position"
        )


def test_a_judge_that_decides_every_pair_by_the_label_keeps_what_the_tied_labels_tell() -> None:
    pairs = corpus(120)
    texts = texts_of(pairs, WORDS)
    table = verdicts(biased(), pairs, texts, ARMS, 1)
    label = table["pair_id"].map({pair.id: pair.label for pair in pairs})
    by_label = np.where((label == "a") == (table["order"] == "ab"), "first", "second")
    table["outcome"] = np.where(label == "tie", table["outcome"], by_label)
    found = estimates(table, pair_table(pairs), lengths_of(texts))
    of_label = find(found, "odds_ratio", "term=label")
    assert of_label.estimate is None
    assert of_label.caution == "every verdict that the label can decide goes with it"
    assert log_odds(found, "apology") > 0
    assert find(found, "preference_steps", "apology").caution == of_label.caution


def test_verdicts_that_the_label_does_not_decide_must_be_of_enough_pairs() -> None:
    pairs = corpus(40, labels=("a", "b"))
    pairs = [
        replace(pair, label="tie") if k < ATTRIBUTION_PAIRS - 1 else pair for k, pair in enumerate(pairs)
    ]
    texts = texts_of(pairs, WORDS)
    table = verdicts(biased(quality=0.0), pairs, texts, ARMS, 2)
    label = table["pair_id"].map({pair.id: pair.label for pair in pairs})
    by_label = np.where((label == "a") == (table["order"] == "ab"), "first", "second")
    found = estimates(
        table.assign(outcome=np.where(label == "tie", table["outcome"], by_label)),
        pair_table(pairs),
        lengths_of(texts),
    )
    apology = find(found, "odds_ratio", "apology")
    assert (apology.estimate, apology.caution) == (None, f"fewer than {ATTRIBUTION_PAIRS} pairs")


def test_an_artifact_that_always_loses_is_named_and_the_rest_is_estimated() -> None:
    pairs = corpus(60)
    texts = texts_of(pairs, WORDS)
    table = verdicts(biased(), pairs, texts, ARMS, 1)
    carried = (table["arm"] == "injected") & (table["perturbation"] == "apology")
    loses = np.where((table["side"] == "a") == (table["order"] == "ab"), "second", "first")
    table["outcome"] = np.where(carried, loses, table["outcome"])
    found = estimates(table, pair_table(pairs), lengths_of(texts))
    apology = find(found, "odds_ratio", "apology")
    assert (apology.estimate, apology.p) == (None, None)
    assert apology.caution == "every verdict that apology can decide goes against it"
    without = estimates(table[table["perturbation"] != "apology"], pair_table(pairs), lengths_of(texts))
    assert log_odds(found, "authority") == pytest.approx(log_odds(without, "authority"), abs=0.2)


def test_odds_beyond_a_million_are_not_printed() -> None:
    beyond = 1.3 * log(LARGEST_ODDS_RATIO) + 1
    judge = PlantedJudge("j", quality=1.5, noise=1.3, artifacts={"apology": beyond})
    found = audited(judge, corpus(30), words={"apology": 40})
    apology = find(found, "odds_ratio", "apology")
    assert (apology.estimate, apology.interval) == (None, None)
    assert "1,000,000" in (apology.caution or "")
    assert log_odds(found, "term=label") == pytest.approx(1.5 / 1.3, abs=1e-6)


def test_an_artifact_on_few_pairs_is_named_and_left_out() -> None:
    pairs = corpus(40)
    few = {pair.id for pair in pairs[: ATTRIBUTION_PAIRS - 1]}
    texts = [text for text in texts_of(pairs, WORDS) if text.perturbation != "apology" or text.pair_id in few]
    table = verdicts(biased(), pairs, texts, ARMS, 0)
    found = estimates(table, pair_table(pairs), lengths_of(texts))
    apology = find(found, "odds_ratio", "apology")
    assert (apology.estimate, apology.n_pairs) == (None, ATTRIBUTION_PAIRS - 1)
    assert apology.caution == f"fewer than {ATTRIBUTION_PAIRS} pairs"
    assert log_odds(found, "authority") == pytest.approx(-0.5 / 1.3, abs=1e-6)


def test_an_audit_of_few_pairs_has_no_estimates_and_says_why() -> None:
    found = audited(biased(), corpus(ATTRIBUTION_PAIRS - 1))
    assert {one.within or one.perturbation for one in found} == set(PLANTED)
    assert {(one.estimate, one.caution) for one in found} == {(None, f"fewer than {ATTRIBUTION_PAIRS} pairs")}


def test_a_judge_without_decisive_verdicts_has_no_attribution() -> None:
    pairs = corpus(20)
    texts = texts_of(pairs, WORDS)
    table = verdicts(biased(), pairs, texts, ARMS, 1).assign(outcome="tie")
    assert estimates(table, pair_table(pairs), lengths_of(texts)) == []
    tie_arms = verdicts(biased(), pairs, texts, ("tie",), 1)
    assert estimates(tie_arms, pair_table(pairs), lengths_of(texts)) == []


def test_a_composition_is_an_artifact_of_its_own() -> None:
    found = audited(biased(), corpus(40), words={"apology": 40, "apology+authority": 130})
    assert log_odds(found, "apology+authority") == pytest.approx((1.2 - 0.5) / 1.3, abs=1e-6)


def test_the_mixed_model_finds_the_log_odds_within_a_pair() -> None:
    """Each pair's judge leans to response a or b: half of them far, half of them the other way."""
    pairs = corpus(60, labels=("a", "b", "tie"))
    texts = texts_of(pairs, WORDS)
    rng = np.random.default_rng(0)
    lean = dict(zip([pair.id for pair in pairs], rng.normal(0, 3, 60), strict=True))
    table = verdicts(biased(), pairs, texts, ARMS, 0)
    ahead = np.where(table["order"] == "ab", 1.0, -1.0) * table["pair_id"].map(lean)
    odds = table["p_first"] / table["p_second"] * np.exp(ahead)
    decisive = 1 - table["p_tie"]
    table["p_first"], table["p_second"] = decisive * odds / (1 + odds), decisive / (1 + odds)
    within = estimates(table, pair_table(pairs), lengths_of(texts), "mixed")
    average = estimates(table, pair_table(pairs), lengths_of(texts), "gee")
    for term in ("position", "apology", "authority"):
        planted = PLANTED[term] / 1.3
        assert log_odds(within, term) == pytest.approx(planted, abs=0.02)
        assert abs(log_odds(average, term)) < 0.75 * abs(planted)
    interval = find(within, "odds_ratio", "apology").interval
    assert interval is not None
    assert "mixed" in interval.method


def test_a_label_that_counts_for_little_is_a_step_too() -> None:
    found = audited(biased(quality=0.5), corpus(60))
    assert log_odds(found, "term=label") == pytest.approx(0.5 / 1.3, abs=1e-6)
    assert find(found, "preference_steps", "apology").estimate == pytest.approx(1.2 / 0.5, abs=1e-6)


def test_in_the_mixed_model_a_counted_verdict_is_one_choice() -> None:
    pairs = corpus(60, labels=("a", "b"))
    texts = texts_of(pairs, WORDS)
    table = verdicts(biased(), pairs, texts, ARMS, 1)
    frame = pair_table(pairs)
    [judge] = observe(table, pd.Index(frame["pair_id"]))
    choices = Choices.of(judge, Reference.of(frame), covariates(frame, lengths_of(texts)))
    terms = list(terms_of(choices))
    design = np.zeros((choices.pair.size, len(terms)))
    for place, term in enumerate(terms):
        design[term.rows, place] = term.values
    fit = mixed_logit(csr_array(design), choices.first, choices.weight, choices.pair, choices.ahead)
    found = estimates(table, frame, lengths_of(texts), "mixed")
    for place, term in enumerate(terms):
        of_term = fit.estimate(np.eye(len(terms))[place])
        assert of_term is not None
        assert log_odds(found, term.perturbation or term.within or "") == pytest.approx(
            of_term.value, abs=1e-6
        )


def test_choices_are_in_terms_of_what_is_shown_first() -> None:
    """One pair, labelled a, with the artifact in b; shown first is 7, then 3 characters, with 4 more in b."""
    pair = Pair("p", (Turn("user", "q"),), "aaaaaaa", "bbb", label="a")
    texts = [PerturbedText("p", "x", "b", Status.CHANGED, "bbb" + "xxxx")]
    table = verdicts(biased(), [pair], texts, ("baseline", "injected"), 0)
    table = pd.concat(
        [table, table.assign(replicate=1)]
    )  # a known distribution is no more known for being there twice
    frame = pair_table([pair])
    [judge] = observe(table, pd.Index(["p"]))
    found = Choices.of(judge, Reference.of(frame), covariates(frame, lengths_of(texts)))
    rows = sorted(zip(found.ahead, found.label, found.length, found.artifact, found.carrier, strict=True))
    assert rows == [(-1, -1, -1, -1, 0), (-1, -1, 0, 0, 1), (1, 1, 0, 0, -1), (1, 1, 1, -1, 0)]
    by_order = table[table["arm"] == "injected"].set_index("order")
    for ahead, order in ((1, "ab"), (-1, "ba")):
        row = (found.ahead == ahead) & (found.artifact == 0)
        said = by_order.loc[order].iloc[0]
        assert found.weight[row] == pytest.approx([said["p_first"] + said["p_second"]])
        assert found.first[row] == pytest.approx([said["p_first"] / (said["p_first"] + said["p_second"])])
        assert found.verdicts[row].tolist() == [2]
