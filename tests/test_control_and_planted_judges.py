"""Control judges (baselines without a model) and planted judges (biases known exactly)."""

from __future__ import annotations

import asyncio
import math
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeaudit.errors import ConfigurationError
from judgeaudit.judges.base import Judge, Request
from judgeaudit.judges.control import ApologyJudge, CoinJudge, FirstJudge, KeywordJudge, LongerJudge
from judgeaudit.judges.planted import PlantedJudge
from judgeaudit.records import Outcome, Pair, Turn, Verdict


def request(first: str, second: str, label: str | None = "a", **more: object) -> Request:
    pair = Pair("p", (Turn("user", "How?"),), first, second, label=label)  # type: ignore[arg-type]
    return Request(pair, first, second, **{"replicate": 0, "first_side": "a", "second_side": "b", **more})  # type: ignore[arg-type]


def verdicts(judge: Judge, requests: Sequence[Request]) -> list[Verdict]:
    async def collect() -> dict[int, Verdict]:
        return {index: verdict async for index, verdict in judge.verdicts(requests)}

    found = asyncio.run(collect())
    return [found[index] for index in range(len(requests))]


@pytest.mark.parametrize(
    ("judge", "first", "second", "expected"),
    [
        (KeywordJudge("r"), "I cannot help with that.", "Sure, here it is.", Outcome.FIRST),
        (
            KeywordJudge("r"),
            "Sure, here it is.",
            "As an AI language model I would rather not.",
            Outcome.SECOND,
        ),
        (KeywordJudge("r"), "Sure.", "Of course.", Outcome.TIE),
        (KeywordJudge("r"), "I’m unable to.", "I won't.", Outcome.TIE),
        (ApologyJudge("a"), "My apologies!", "I cannot.", Outcome.FIRST),
        (ApologyJudge("a"), "I cannot.", "SORRY", Outcome.SECOND),
        (ApologyJudge("a"), "sorrow", "joy", Outcome.TIE),
        (LongerJudge("l"), "longer", "short", Outcome.FIRST),
        (LongerJudge("l"), "equal", "equil", Outcome.TIE),
        (FirstJudge("f"), "", "anything", Outcome.FIRST),
    ],
)
def test_a_control_judge_follows_its_rule_with_certainty(
    judge: Judge, first: str, second: str, expected: Outcome
) -> None:
    [verdict] = verdicts(judge, [request(first, second)])
    assert verdict.outcome is expected
    assert {"first": verdict.p_first, "second": verdict.p_second, "tie": verdict.p_tie}[expected.value] == 1.0


def test_a_coin_is_fair_and_its_toss_depends_on_nothing_but_the_key() -> None:
    requests = [request(f"text {i}", "other", replicate=r) for i in range(1000) for r in (0, 1)]
    tosses = verdicts(CoinJudge("c"), requests)
    heads = Counter(verdict.outcome for verdict in tosses)[Outcome.FIRST]
    assert abs(heads - 1000) < 4 * math.sqrt(2000 * 0.25)
    assert list(reversed(verdicts(CoinJudge("c"), requests[::-1]))) == tosses
    agree = sum(tosses[i] == tosses[i + 1] for i in range(0, 2000, 2))
    assert 400 < agree < 600  # replicates are tossed anew


def test_the_same_seed_draws_the_same_verdicts_in_another_process() -> None:
    code = (
        "from tests.test_control_and_planted_judges import *;"
        "print([v.outcome.value for v in verdicts(PlantedJudge('p', seed=7),"
        "[request(str(i), 'b') for i in range(30)])])"
    )
    root = Path(__file__).parents[1]
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=root,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    here = [
        v.outcome.value
        for v in verdicts(PlantedJudge("p", seed=7), [request(str(i), "b") for i in range(30)])
    ]
    assert printed == {f"{here}\n"}


def test_a_planted_judge_has_the_probabilities_of_davidson_s_model() -> None:
    judge = PlantedJudge("p", quality=2.0, position=0.5, artifacts={"apology": 1.5}, tie=0.7, noise=2.0)
    p = judge.probabilities(request("same length", "same length", label="a", second_artifacts=("apology",)))
    u = 2.0 + 0.5 - 1.5
    weights = [math.exp(u / 4), math.exp(-u / 4), 0.7]
    assert p == pytest.approx([weight / sum(weights) for weight in weights])


def test_length_counts_in_doublings() -> None:
    judge = PlantedJudge("p", quality=0.0, length=1.0, tie=0.0)
    p = judge.probabilities(request("x" * 79, "x" * 19))
    assert math.log(p.first / p.second) == pytest.approx(2.0)


@given(
    u=st.floats(-1e6, 1e6),
    tie=st.floats(0, 100),
    noise=st.floats(1e-3, 100),
    label=st.sampled_from(["a", "b", "tie"]),
)
def test_the_probabilities_are_a_distribution_however_large_the_bias(
    u: float, tie: float, noise: float, label: str
) -> None:
    p = PlantedJudge("p", position=u, tie=tie, noise=noise).probabilities(request("x", "y", label))
    assert sum(p) == pytest.approx(1.0)
    assert min(p) >= 0.0


def test_drawn_verdicts_have_the_stated_frequencies() -> None:
    judge = PlantedJudge("p", quality=1.0, tie=1.0)
    requests = [request(f"{i:05}", f"{i:05}") for i in range(4000)]
    p = judge.probabilities(requests[0])
    counts = Counter(verdict.outcome for verdict in verdicts(judge, requests))
    for outcome, chance in zip((Outcome.FIRST, Outcome.SECOND, Outcome.TIE), p, strict=True):
        assert abs(counts[outcome] - 4000 * chance) < 4 * math.sqrt(4000 * chance * (1 - chance))


def test_a_judge_that_reveals_its_probabilities_is_asked_once_and_needs_no_replicates() -> None:
    judge = PlantedJudge("p", reveal=True)
    assert judge.key(request("x", "y", replicate=0)) == judge.key(request("x", "y", replicate=1))
    [verdict] = verdicts(judge, [request("x", "y")])
    assert (verdict.p_first, verdict.p_second, verdict.p_tie) == judge.probabilities(request("x", "y"))


@pytest.mark.parametrize("wrong", [{"noise": 0.0}, {"tie": -1.0}])
def test_a_planted_judge_without_a_distribution_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError, match="judge p"):
        PlantedJudge("p", **wrong)  # type: ignore[arg-type]


CHANGES = [
    {"quality": 2.5}, {"position": 0.1}, {"length": 0.1}, {"artifacts": {"apology": 1.0}}, {"tie": 0.5},
    {"noise": 2.0}, {"seed": 1}, {"reveal": True},
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_changing_anything_about_a_planted_judge_changes_the_key(change: dict[str, object]) -> None:
    asked = request("x", "y")
    assert PlantedJudge("p", **change).key(asked) != PlantedJudge("p").key(asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [{"first": "z"}, {"second": "z"}, {"label": "b"}, {"replicate": 1}, {"first_artifacts": ("apology",)}],
)
def test_changing_anything_that_is_shown_changes_the_key(change: dict[str, object]) -> None:
    shown = {"first": "x", "second": "y", "label": "a"}
    judge = PlantedJudge("p")
    assert judge.key(request(**{**shown, **change})) != judge.key(request(**shown))  # type: ignore[arg-type]
