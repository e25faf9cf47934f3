"""What makes verdicts differ, on small audits whose answer is known or can be worked out from the scores."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from judgeaudit.metrics import Settings
from judgeaudit.metrics.findings import Estimated
from judgeaudit.metrics.observations import JudgeVerdicts, observe
from judgeaudit.metrics.subjects import Subjects, Wording
from judgeaudit.metrics.variance import PANEL, variance_components
from judgeaudit.stats import Facet, generalizability

SETTINGS = Settings(resamples=200)
WORTH = {"a": 1.0, "tie": 0.5, "b": 0.0}
ORDERS = ("ab", "ba")
REPETITIONS = Path(__file__).parents[2] / "shared" / "data" / "position_repetitions" / "verdicts.jsonl"

Said = Callable[[int, int, int], str]
"""What a judge says of a pair in an order and replicate: a, b, tie, or a failure."""


def rows(
    judge: str,
    said: Said,
    pairs: int,
    replicates: int = 1,
    arm: str = "baseline",
    perturbation: str | None = None,
    side: str | None = None,
    orders: Sequence[str] = ORDERS,
) -> Iterator[dict[str, Any]]:
    """Verdict rows of one judge in one arm, written in terms of content."""
    for pair in range(pairs):
        for order in orders:
            for replicate in range(replicates):
                content = said(pair, ORDERS.index(order), replicate)
                shown = {"a": "first", "b": "second"} if order == "ab" else {"a": "second", "b": "first"}
                yield {
                    "judge": judge, "pair_id": f"p{pair:04}", "arm": arm, "perturbation": perturbation, "side": side,
                    "order": order, "replicate": replicate, "outcome": shown.get(content, content),
                    "p_first": np.nan, "p_second": np.nan, "p_tie": np.nan, "exact": False,
                }  # fmt: skip


def observed(*tables: Iterator[dict[str, Any]]) -> list[JudgeVerdicts]:
    table = pd.DataFrame([row for one in tables for row in one])
    return list(observe(table, pd.Index(sorted(set(table["pair_id"])))))


def estimates(
    judges: Sequence[JudgeVerdicts], subjects: Subjects | None = None, settings: Settings = SETTINGS
) -> dict[tuple[str, str, str | None], Estimated]:
    """By measure, judge and slice; no two have the same."""
    found = list(variance_components(judges, subjects or Subjects(), settings))
    by_name = {(one.measure, one.judge, one.within): one for one in found}
    assert len(by_name) == len(found)
    return by_name


def share(found: dict[tuple[str, str, str | None], Estimated], component: str, judge: str = PANEL) -> float:
    estimate = found["variance_share", judge, f"component={component}"].estimate
    assert estimate is not None
    return estimate


def at_random(
    seed: int, pairs: int, replicates: int, words: Sequence[str] = ("a", "b", "tie")
) -> NDArray[np.str_]:
    return np.random.default_rng(seed).choice(np.array(list(words)), size=(pairs, 2, replicates))


def from_table(table: NDArray[np.str_]) -> Said:
    return lambda pair, order, replicate: str(table[pair, order, replicate])


def test_the_panel_is_the_crossed_design_of_its_judges_scores() -> None:
    said = [at_random(seed, 12, 3) for seed in range(3)]
    judges = observed(*(rows(f"j{k}", from_table(table), 12, 3) for k, table in enumerate(said)))
    scores = np.vectorize(WORTH.get)(np.stack(said, axis=1)).astype(
        np.float64
    )  # pairs, judges, orders, replicates
    facets = [Facet("judge", 3), Facet("order", 2, universe=2)]
    components = generalizability.variance_components(
        scores.mean(-1), facets, scores.var(-1, ddof=1), np.full(scores.shape[:-1], 3.0)
    )
    found = estimates(judges)
    for effect, expected in zip(
        generalizability.effects(facets), generalizability.variance_shares(components, facets), strict=True
    ):
        one = found["variance_share", PANEL, f"component={' x '.join(effect)}"]
        assert one.estimate == pytest.approx(expected)
        assert (one.n_pairs, one.n_verdicts, one.unit) == (12, 12 * 3 * 2 * 3, "proportion")
        assert one.interval is None or one.interval.low <= expected <= one.interval.high
    for orders in (1, 2):
        for replicates in (1, 3):
            for panel in (1, 2, 3):
                numbers = {"judge": panel, "order": orders, "replicate": replicates}
                one = found["reliability", PANEL, f"orders={orders},replicates={replicates},judges={panel}"]
                assert one.estimate == pytest.approx(
                    generalizability.reliability(components, facets, numbers)
                )
                assert one.unit == "coefficient"
    assert sum(name == "reliability" and of == PANEL for name, of, _ in found) == 2 * 2 * 3


def test_judges_that_agree_on_everything_make_it_all_the_pairs() -> None:
    def right(pair: int, order: int, replicate: int) -> str:
        return "ab"[pair % 2]

    found = estimates(observed(*(rows(name, right, 40, 2) for name in ("j", "k"))))
    assert share(found, "pair") == pytest.approx(1)
    assert found["reliability", PANEL, "orders=1,replicates=1,judges=1"].estimate == pytest.approx(1)
    needed = found["judges_needed", PANEL, "orders=1,replicates=1"]
    assert (needed.estimate, needed.interval) == (1.0, None)


def test_a_judge_that_takes_the_first_text_is_all_order_and_both_orders_leave_nothing() -> None:
    def first(pair: int, order: int, replicate: int) -> str:
        return "ab"[order]

    found = estimates(observed(rows("j", first, 40, 2)))
    assert share(found, "order", "j") == pytest.approx(1)
    assert found["reliability", "j", "orders=1,replicates=1"].estimate == 0
    assert found["reliability", "j", "orders=2,replicates=1"].estimate is None
    assert all(judge == "j" for _, judge, _ in found)


def test_a_judge_that_throws_a_coin_is_all_replicate() -> None:
    found = estimates(
        observed(*(rows(f"j{k}", from_table(at_random(k, 300, 4, "ab")), 300, 4) for k in range(3)))
    )
    assert share(found, "replicate") > 0.97
    assert share(found, "replicate", "j1") > 0.95
    one_verdict = found["reliability", PANEL, "orders=1,replicates=1,judges=1"].estimate
    assert one_verdict is not None
    assert one_verdict < 0.02


def test_exact_judges_replicates_are_those_of_their_probabilities() -> None:
    chance = np.random.default_rng(3).uniform(0.05, 0.95, (30, 2))
    table = pd.DataFrame(list(rows("j", lambda pair, order, replicate: "a", 30)))
    content = chance.ravel()
    swapped = table["order"] == "ba"
    table["p_first"] = np.where(swapped, 0.9 * (1 - content), 0.9 * content)
    table["p_second"] = np.where(swapped, 0.9 * content, 0.9 * (1 - content))
    table["p_tie"], table["exact"] = 0.1, True
    judges = list(observe(table, pd.Index(sorted(set(table["pair_id"])))))
    mean = 0.9 * chance + 0.05
    spread = 0.9 * chance + 0.025 - mean**2
    facets = [Facet("order", 2, universe=2)]
    components = generalizability.variance_components(mean, facets, spread, np.full_like(mean, np.inf))
    assert components[-1] == pytest.approx(spread.mean())
    found = estimates(judges)
    assert share(found, "replicate", "j") == pytest.approx(
        generalizability.variance_shares(components, facets)[-1]
    )
    assert found["reliability", "j", "orders=2,replicates=3"].estimate == pytest.approx(
        float(generalizability.reliability(components, facets, {"order": 2, "replicate": 3}))
    )


def test_controls_and_juries_take_no_part() -> None:
    said = {name: from_table(at_random(seed, 20, 2)) for seed, name in enumerate(["j", "k", "coin", "jury"])}
    tables = {name: list(rows(name, one, 20, 2)) for name, one in said.items()}
    subjects = Subjects(controls=frozenset(["coin"]), juries=frozenset(["jury"]))
    alone = estimates(observed(iter(tables["j"]), iter(tables["k"])))
    assert estimates(observed(*(iter(one) for one in tables.values())), subjects) == alone
    single = estimates(observed(*(iter(tables[name]) for name in ("j", "coin", "jury"))), subjects)
    assert {judge for _, judge, _ in single} == {"j"}


def test_only_pairs_with_every_verdict_count_and_few_of_them_are_marked() -> None:
    table = at_random(0, 60, 2)
    full = from_table(table)

    def failing(pair: int, order: int, replicate: int) -> str:
        return "error" if pair < 20 and order == 1 and replicate == 0 else full(pair, order, replicate)

    other = from_table(at_random(1, 60, 2))
    found = estimates(observed(rows("j", failing, 60, 2), rows("k", other, 60, 2)))
    one = found["variance_share", PANEL, "component=pair"]
    assert (one.n_pairs, one.n_verdicts) == (40, 40 * 2 * 2 * 2)
    assert one.caution == "2 judges: fewer than 5 hardly tell how far judges differ"
    assert found["variance_share", "k", "component=pair"].n_pairs == 60
    assert found["variance_share", "k", "component=pair"].caution is None
    kept = estimates(observed(*(rows(
        name, lambda pair, order, replicate, said=said: said(pair + 20, order, replicate), 40, 2
    ) for name, said in (("j", full), ("k", other)))))  # fmt: skip
    assert share(found, "pair x judge") == pytest.approx(share(kept, "pair x judge"))

    def mostly_failing(pair: int, order: int, replicate: int) -> str:
        return "refused" if pair < 40 and order == 1 else full(pair, order, replicate)

    few = estimates(observed(rows("j", mostly_failing, 60, 2), rows("k", other, 60, 2)))
    caution = few["variance_share", PANEL, "component=pair"].caution
    assert caution is not None
    assert "fewer than 30 pairs" in caution
    assert "only 20 of 60 pairs have every verdict" in caution


def test_one_replicate_leaves_the_highest_interaction_and_replicates_as_one() -> None:
    said = [at_random(seed, 40, 1) for seed in range(5)]
    found = estimates(observed(*(rows(f"j{k}", from_table(table), 40) for k, table in enumerate(said))))
    assert share(found, "pair x judge x order + replicate") > 0.8
    one = found["variance_share", PANEL, "component=pair"]
    assert one.caution == "without replicates the highest interaction is counted with theirs"
    slices = {within for measure, judge, within in found if judge == PANEL and measure == "reliability"}
    assert slices == {f"orders={orders},replicates=1,judges={n}" for orders in (1, 2) for n in (1, 2, 5)}
    assert not any("replicates=3" in (within or "") for _, _, within in found)
    assert ("variance_share", PANEL, "component=replicate") not in found
    assert ("variance_share", PANEL, "component=pair x judge x order") not in found
    assert share(found, "pair x order + replicate", "j0") > 0.8
    # Counted as replicates, the interaction stays in the error of both orders.
    both = found["reliability", "j0", "orders=2,replicates=1"].estimate
    assert both is not None
    assert both < 0.5


def test_a_second_replicate_of_a_few_trials_is_no_replication() -> None:
    table = at_random(0, 40, 2)

    def mostly_once(pair: int, order: int, replicate: int) -> str:
        return "missing" if replicate == 1 and pair > 3 else str(table[pair, order, replicate])

    found = estimates(observed(rows("j", mostly_once, 40, 2)))
    assert found["variance_share", "j", "component=pair"].n_pairs == 40
    assert ("variance_share", "j", "component=pair x order + replicate") in found


def test_judges_asked_in_one_order_only_have_no_components_and_are_told_so() -> None:
    said = from_table(at_random(0, 40, 2))
    found = estimates(observed(rows("j", said, 40, 2), rows("k", said, 40, 2, orders=("ab",))))
    for judge in (PANEL, "k"):
        one = found["variance_share", judge, "component=pair"]
        assert (one.estimate, one.interval, one.n_pairs) == (None, None, 0)
        assert one.caution is not None
        assert "only 0 of 40 pairs" in one.caution
    assert {judge for measure, judge, _ in found if measure == "reliability"} == {"j"}
    assert found["variance_share", "j", "component=pair"].estimate is not None


def two_models_two_prompts() -> tuple[list[JudgeVerdicts], Subjects]:
    """Prompt q turns every verdict around; the models agree."""
    names = {f"{model}@{prompt}": Wording(model, prompt) for model in ("m", "n") for prompt in ("p", "q")}

    def said(prompt: str) -> Said:
        return lambda pair, order, replicate: "ab"[(pair + (prompt == "q")) % 2]

    tables = [rows(name, said(wording.prompt), 40, 2) for name, wording in names.items()]
    return observed(*tables), Subjects(wordings=names)


def test_prompts_that_all_models_were_asked_by_are_a_facet_of_their_own() -> None:
    judges, subjects = two_models_two_prompts()
    found = estimates(judges, subjects)
    assert share(found, "pair x prompt") == pytest.approx(1)
    assert share(found, "pair x judge") == pytest.approx(0)
    assert found["reliability", PANEL, "orders=2,replicates=1,judges=2,prompts=2"].estimate == 0
    caution = found["variance_share", PANEL, "component=pair"].caution
    assert caution is not None
    assert "2 judges" in caution
    assert "2 prompts" in caution
    assert estimates([judges[k] for k in (2, 1, 3, 0)], subjects) == found


def test_one_model_under_several_prompts_has_no_judges_to_vary() -> None:
    judges, subjects = two_models_two_prompts()
    found = estimates([judge for judge in judges if judge.name.startswith("m@")], subjects)
    assert share(found, "pair x prompt") == pytest.approx(1)
    assert ("variance_share", PANEL, "component=judge") not in found
    assert ("reliability", PANEL, "orders=1,replicates=1,prompts=2") in found
    assert not any(measure == "judges_needed" for measure, _, _ in found)


@pytest.mark.parametrize("kept", [3, 5])
def test_prompts_of_some_models_only_are_judges_of_their_own_and_marked(kept: int) -> None:
    judges, subjects = two_models_two_prompts()
    other = replace(judges[0], name="other")
    found = estimates([*judges, other][:kept], subjects)
    one = found["variance_share", PANEL, "component=pair x judge"]
    assert one.caution is not None
    assert one.caution.startswith("some judges are one model asked by several prompts")
    assert ("3 judges" in one.caution) == (kept == 3)
    assert ("variance_share", PANEL, "component=prompt") not in found


def with_artifacts(sides: str = "ab") -> list[JudgeVerdicts]:
    """``bow`` wins every comparison for its side, ``nod`` changes nothing, ``dot`` is a placebo.

    ``own`` only j saw, and ``one_sided`` is never in side b.
    """

    def plain(pair: int, order: int, replicate: int) -> str:
        return "ab"[pair % 2]

    tables = []
    for judge in ("j", "k"):
        tables.append(rows(judge, plain, 40, 2))
        for side in sides:

            def won(pair: int, order: int, replicate: int, side: str = side) -> str:
                return side

            said = {"bow": won, "nod": plain, "dot": won} | ({"own": won} if judge == "j" else {})
            said |= {"one_sided": won} if side == "a" else {}
            for name, one in said.items():
                arm = "placebo" if name == "dot" else "injected"
                tables.append(rows(judge, one, 40, 2, arm, name, side))
    return observed(*tables)


@pytest.mark.parametrize("sides", ["ab", "b"])
def test_artifacts_that_all_judges_saw_are_a_fixed_facet(sides: str) -> None:
    """Two of three conditions tell even pairs from odd ones, the third gives all to one side."""
    found = estimates(with_artifacts(sides), Subjects(placebos={"bow": "dot"}))
    scores = np.array([[1, 1, 1], [0, 1, 0]] * 20, dtype=np.float64)
    total = float(np.mean((scores - scores.mean()) ** 2))
    pair_means = scores.mean(1)
    expected = {
        # Population variances: the conditions are all there are; pairs are a sample, with 39 degrees of freedom.
        "pair": float(pair_means.var(ddof=1)),
        "artifact": float(scores.mean(0).var())
        - float((scores - pair_means[:, None]).var(axis=0, ddof=1).mean()) / 40,
    }
    pair = found["variance_share", PANEL, "artifacts:component=pair"]
    artifact = found["variance_share", PANEL, "artifacts:component=artifact"]
    assert pair.estimate == pytest.approx(expected["pair"] / total, rel=0.03)
    assert artifact.estimate == pytest.approx(expected["artifact"] / total, abs=0.03)
    names = {
        within.removeprefix("artifacts:component=")
        for _, _, within in found
        if within and within.startswith("art")
    }
    assert {"pair x artifact", "pair x judge x artifact x order", "replicate"} < names
    assert len(names) == 16
    assert found["variance_share", PANEL, "artifacts:component=judge"].estimate == pytest.approx(0)
    # Each judge's baseline is shared by both sides.
    assert pair.n_verdicts == 40 * 2 * 2 * 2 * (1 + 2 * len(sides))
    assert not any(
        measure != "variance_share" for measure, _, within in found if within and within.startswith("art")
    )


def test_where_the_sides_differ_their_components_are_averaged() -> None:
    found = {}
    for sides in ("a", "b", "ab"):
        judges = with_artifacts(sides)
        # On side b alone, k says nothing of bow for the first ten pairs.
        changed = []
        for judge in judges:
            places = {at: cells for at, cells in judge.places.items() if at[1] != "one_sided"}
            place = ("injected", "bow", "b")
            if judge.name == "k" and place in places:
                scored = places[place].scored.copy()
                scored[:11] = 0
                places[place] = replace(places[place], scored=scored)
            changed.append(replace(judge, places=places))
        found[sides] = estimates(changed, Subjects(placebos={"bow": "dot"}))

    def of(sides: str, name: str) -> Estimated:
        return found[sides]["variance_share", PANEL, f"artifacts:component={name}"]

    assert (of("a", "pair").n_pairs, of("b", "pair").n_pairs, of("ab", "pair").n_pairs) == (40, 29, 40)
    shares = [of(sides, "artifact").estimate for sides in ("a", "ab", "b")]
    one, both, other = (estimate or 0.0 for estimate in shares)
    assert min(one, other) < both < max(one, other)


def test_without_an_artifact_that_all_judges_saw_there_is_no_such_study() -> None:
    judges = with_artifacts()
    own = [
        replace(
            judge,
            places={
                place: cells for place, cells in judge.places.items() if place[1] in (None, "own", "dot")
            },
        )
        for judge in judges
    ]
    found = estimates(own, Subjects(placebos={"bow": "dot"}))
    assert not any((within or "").startswith("artifacts:") for _, _, within in found)


def test_estimates_depend_on_nothing_but_verdicts_and_seed() -> None:
    judges = observed(*(rows(f"j{k}", from_table(at_random(k, 30, 2)), 30, 2) for k in range(3)))
    first = estimates(judges)
    assert estimates(judges) == first
    other = estimates(judges, settings=Settings(resamples=200, seed=1))
    key = ("variance_share", PANEL, "component=replicate")
    assert other[key].estimate == first[key].estimate
    assert other[key].interval != first[key].interval
    wider = estimates(judges, settings=Settings(resamples=200, ci_level=0.99))[key].interval
    narrow = first[key].interval
    assert wider is not None
    assert narrow is not None
    assert wider.low < narrow.low < narrow.high < wider.high


def test_a_judge_without_baseline_verdicts_takes_no_part() -> None:
    said = from_table(at_random(0, 20, 2))
    judges = observed(rows("j", said, 20, 2), rows("k", said, 20, 2, "identical", None, "a"))
    assert {judge for _, judge, _ in estimates(judges)} == {"j"}


@pytest.mark.skipif(
    not REPETITIONS.exists(), reason="the recorded verdicts of Shi et al. (2024) are not here"
)
@pytest.mark.parametrize(
    ("bench", "pair", "pair_by_judge", "replicate", "needed"),
    [("MTBench", 0.479, 0.169, 0.226, (6, 3)), ("DevBench", 0.313, 0.179, 0.211, (19, 5))],
)
def test_the_figures_of_the_documentation_on_nine_recorded_judges(
    bench: str, pair: float, pair_by_judge: float, replicate: float, needed: tuple[int, int]
) -> None:
    """Three repetitions in both orders (arXiv 2406.07791): what docs say of them, and intervals around it."""
    table = []
    for line in map(json.loads, REPETITIONS.read_text(encoding="utf-8").splitlines()):
        if line["bench"] == bench:
            item, first, second = line["cmp_index"].split(";")
            name = ";".join([line["task"], item, *sorted([first, second])])
            table.append(
                {
                    "judge": line["judge"], "pair_id": name, "arm": "baseline", "perturbation": None, "side": None,
                    "order": "ab" if first < second else "ba", "replicate": line["sample"],
                    "outcome": {"A": "first", "B": "second", "C": "tie", None: "unparsed"}[line["verdict"]],
                    "p_first": np.nan, "p_second": np.nan, "p_tie": np.nan, "exact": False,
                }
            )  # fmt: skip
    found = estimates(observed(iter(table)))
    shares = [share(found, component) for component in ("pair", "pair x judge", "replicate")]
    assert shares == pytest.approx([pair, pair_by_judge, replicate], abs=5e-4)
    judges = [found["judges_needed", PANEL, f"orders={orders},replicates=1"].estimate for orders in (1, 2)]
    assert judges == list(needed)
    interval = found["variance_share", PANEL, "component=pair"].interval
    assert interval is not None
    assert interval.low < pair < interval.high
