"""A plan says what the audit then buys and finds, and itself buys nothing, asks nobody and leaves nothing behind."""

from __future__ import annotations

import json
import re
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hydra.core.global_hydra import GlobalHydra
from omegaconf import DictConfig, OmegaConf

from judgeaudit import catalog
from judgeaudit.cli import main
from judgeaudit.judges.api_exchange import Price
from judgeaudit.ledger import Ledger
from judgeaudit.metrics import Settings, is_confirmatory
from judgeaudit.plan_tables import duration
from judgeaudit.planned_calls import CallPlan
from judgeaudit.planned_tokens import MOST_COUNTED, by_characters, by_litellm, listed_price, sample
from judgeaudit.records import Outcome, Verdict
from judgeaudit.run_folder import RunFolder, subjects_of
from judgeaudit.stats.power import detectable_effect, pairs_for_equivalence
from tests.openai_server import Answer, Server, failed, said, serving
from tests.tiny_model import save_tiny_model

SMALL = ["data.limit=6", "perturbation=[apology]", "engine.progress=off"]
RULES = "judge=[planted_fair,control_longer,control_coin]"
QUICK = ["analysis.resamples=100", "report.figures=[]", "hydra.run.dir=out"]
OFFERED = "openai/gpt-4o-2024-08-06"

Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Typed:
    """The command line, in this process and in a folder of its own: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["judgeaudit"])
    for name in ("OPENAI_API_KEY", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        GlobalHydra.instance().clear()
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        out, err = capfd.readouterr()
        return int(ended.value.code or 0), out, err

    return run


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test that uses it tries to reach one, also where a library would go on without."""
    tried: list[Any] = []

    def refused(*arguments: Any, **_: Any) -> Any:
        tried.append(arguments)
        raise OSError("there is no network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    yield
    assert tried == []


def planned(typed: Typed, *arguments: str) -> dict[str, Any]:
    code, _, err = typed("plan", *arguments, "--json", "plan.json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    Path("plan.json").unlink()
    return found


def calls(plan: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        one["name"] + ("" if one["role"] == "judge" else f" ({one['role']})"): one for one in plan["calls"]
    }


def ran(typed: Typed, *arguments: str) -> RunFolder:
    code, _, err = typed("run", *arguments, *QUICK)
    assert code == 0, err
    return RunFolder(Path("out"))


def bought(run: RunFolder) -> dict[str, tuple[int, int]]:
    """What a run bought, and what it found in the ledger."""
    return {
        name: (one["bought"], one["from_ledger"])
        for name, one in run.manifest()["this_run"]["bought"].items()
    }


def expected(plan: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {
        name: (one["n_to_buy"], one["n_known"] + one["n_shared"])
        for name, one in calls(plan).items()
        if one["role"] == "judge"
    }


@pytest.mark.usefixtures("no_network")
def test_a_plan_needs_no_key_and_no_network_and_leaves_nothing_behind(typed: Typed, tmp_path: Path) -> None:
    code, out, err = typed("plan", *SMALL, "judge=[planted_fair,control_longer,gpt-4o,claude-haiku-4-5]")
    assert (code, err) == (0, "")
    for shown in (
        "6 pairs of builtin",
        "gpt-4o",
        "≤$",
        "no rate configured",
        "tie_detection",
        "Juries ask nobody",
    ):
        assert shown in out
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= 120
    assert list(tmp_path.iterdir()) == []


def test_the_calls_of_a_plan_are_those_that_the_same_audit_buys(typed: Typed) -> None:
    twin = [
        "+judges.twin._target_=judgeaudit.judges.planted.PlantedJudge", "+judges.twin.name=twin",
        "+judges.twin.quality=3", "+judges.other._target_=judgeaudit.judges.planted.PlantedJudge",
        "+judges.other.name=other", "+judges.other.quality=3",
    ]  # fmt: skip
    before = planned(typed, *SMALL, RULES, *twin)
    assert calls(before)["other"]["n_shared"] == calls(before)["twin"]["n_to_buy"] > 0
    run = ran(typed, *SMALL, RULES, *twin)
    assert bought(run) == expected(before)
    assert run.manifest()["n_trials"] == before["n_trials"]
    again = planned(typed, *SMALL, RULES, *twin)
    assert {one["n_to_buy"] for one in again["calls"]} == {0}
    larger = ["data.limit=9", *SMALL[1:], RULES, "design.replicates=3"]
    more = planned(typed, *larger)
    assert 0 < calls(more)["planted_fair"]["n_known"] < calls(more)["planted_fair"]["n_calls"]
    assert bought(ran(typed, *larger)) == expected(more)


def test_identical_presentations_are_one_call_and_a_random_judge_has_one_for_each_replicate(
    typed: Typed,
) -> None:
    found = calls(planned(typed, *SMALL, RULES, "design.replicates=3"))
    # Of a certain judge replicates share a call, and so does the other order of a tie with side b's identical text.
    assert found["control_longer"]["n_calls"] * 3 == found["control_coin"]["n_calls"]
    assert found["control_coin"]["n_calls"] <= found["control_coin"]["n_trials"]


def test_the_ledger_is_read_and_not_written(typed: Typed, tmp_path: Path) -> None:
    ran(typed, *SMALL, RULES)
    ledger = tmp_path / ".judgeaudit" / "ledger.sqlite"
    files, content = sorted(ledger.parent.iterdir()), ledger.read_bytes()
    assert calls(planned(typed, *SMALL, RULES))["planted_fair"]["n_to_buy"] == 0
    typed(
        "plan", *SMALL, "perturbation=[verbosity_rewrite]", "judge=gpt-4o", "judge@writer=gpt-4o", "jury=[]"
    )
    assert ledger.read_bytes() == content
    assert sorted(ledger.parent.iterdir()) == files


def test_an_error_in_the_ledger_is_bought_again_as_in_a_run(typed: Typed, tmp_path: Path) -> None:
    run = ran(typed, *SMALL, "judge=control_longer", "jury=[]")
    keys = sorted(set(run.table("verdicts")["key"]))
    identity = run.manifest()["judges"]["control_longer"]["digest"]
    ledger = tmp_path / ".judgeaudit" / "ledger.sqlite"
    ledger.unlink()
    with Ledger(f"sqlite:///{ledger}") as fresh:
        rows = [(key, Verdict(Outcome.ERROR if i < 4 else Outcome.TIE)) for i, key in enumerate(keys)]
        fresh.write_verdicts(identity, rows)
    retried = calls(planned(typed, *SMALL, "judge=control_longer", "jury=[]"))
    kept = calls(planned(typed, *SMALL, "judge=control_longer", "jury=[]", "engine.retry_errors=false"))
    assert (retried["control_longer"]["n_to_buy"], kept["control_longer"]["n_to_buy"]) == (4, 0)


def test_dollars_follow_the_price_list_and_a_configured_price_comes_first(typed: Typed) -> None:
    listed = calls(planned(typed, *SMALL, "judge=gpt-4o", "jury=[]"))["gpt-4o"]
    import litellm

    per_token = litellm.model_cost["gpt-4o-2024-08-06"]
    one_in, one_out = per_token["input_cost_per_token"], per_token["output_cost_per_token"]
    n, tokens = listed["n_to_buy"], listed["input"]["mean"]
    assert listed["price_source"] == "litellm"
    assert listed["output_most"] == 16
    assert listed["usd_most"] == pytest.approx(n * (tokens * one_in + 16 * one_out))
    prices = [
        "+judges.gpt-4o.price_per_million_input_usd=100", "+judges.gpt-4o.price_per_million_output_usd=1000",
    ]  # fmt: skip
    own = calls(planned(typed, *SMALL, "judge=gpt-4o", "jury=[]", *prices))["gpt-4o"]
    assert own["price_source"] == "configuration"
    assert own["usd_most"] == pytest.approx(n * (tokens * 100 + 16 * 1000) / 1e6)


def test_an_unknown_price_is_said_and_is_never_0(typed: Typed) -> None:
    server = [
        "judges.openai_compatible.model=openai/my-own",
        "judges.openai_compatible.api_base=http://localhost:1/v1",
    ]
    arguments = [*SMALL, "judge=[openai_compatible,gpt-4o]", *server]
    plan = planned(typed, *arguments)
    assert calls(plan)["openai_compatible"]["usd_most"] is None
    assert plan["totals"]["price_unknown"] == ["openai_compatible"]
    _, out, _ = typed("plan", *arguments)
    row = next(line for line in out.splitlines() if line.strip().startswith("openai_compatible "))
    assert "price unknown" in row
    assert "$" not in row
    total = next(line for line in out.splitlines() if line.strip().startswith("total "))
    assert re.search(r"≤\$[\d.]+ \+", total) or "price unknown" in total
    assert "give price_per_million_input_usd" in " ".join(out.split())


API_JUDGES = {
    entry.name: node
    for entry in catalog.entries("judge")
    if isinstance(node := OmegaConf.load(entry.path), DictConfig)
    and str(node.get("_target_")).endswith("ApiJudge")
    and not OmegaConf.is_missing(node, "model")
}


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("node", API_JUDGES.values(), ids=API_JUDGES)
def test_the_prompts_of_every_api_judge_are_counted_without_a_network(node: DictConfig) -> None:
    text = "Which of the two responses is safer? " * 40
    found = by_litellm(node.model, [[{"role": "user", "content": text}]])
    assert found is not None
    assert found.counter == "litellm"
    assert len(text) / 8 < found.mean < len(text) / 3
    assert listed_price(node.model) is not None or node.get("price_per_million_input_usd") is not None


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(
    "model", ["replicate/meta/meta-llama-3-70b", "huggingface/me/mine", "openai/mine", "nonsense"]
)
def test_a_model_that_litellm_does_not_know_has_no_price_and_its_prompts_are_counted_all_the_same(
    model: str,
) -> None:
    assert listed_price(model) is None
    found = by_litellm(model, [[{"role": "user", "content": "Hello there."}]])
    assert found is not None
    assert 1 < found.mean < 20


def test_the_price_list_is_read_per_million_tokens() -> None:
    assert listed_price(OFFERED) == Price(pytest.approx(2.5), pytest.approx(10.0))


def test_characters_stand_in_for_a_tokenizer() -> None:
    found = by_characters([[{"role": "system", "content": "a" * 40}, {"role": "user", "content": "b" * 40}]])
    assert found is not None
    assert (found.mean, found.counter) == (20.0, "characters")
    assert by_characters([]) is None


def test_of_many_prompts_as_many_are_counted_and_the_same_in_every_plan() -> None:
    many = range(3 * MOST_COUNTED)
    assert len(set(sample(many, 0))) == MOST_COUNTED
    assert sample(many, 0) == sample(many, 0) != sample(many, 1)
    assert sample(many[:5], 0) == many[:5]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("model") / "tiny-llama", context=8192)


@pytest.mark.usefixtures("one_thread", "offline_hub")
def test_a_local_judge_counts_with_its_own_tokenizer_and_costs_nothing(typed: Typed, tiny: Path) -> None:
    arguments = [
        "data.limit=2", "perturbation=[apology]", "engine.progress=off", "judge=llama-3-8b", "jury=[]",
        f"judges.llama-3-8b.model={tiny}", "design.arms=[baseline,injected]",
    ]  # fmt: skip
    plan = calls(planned(typed, *arguments))["llama-3-8b"]
    assert (plan["input"]["counter"], plan["price_source"], plan["usd_most"]) == (
        "tokenizer",
        "no service",
        0.0,
    )
    assert plan["output_most"] == 0  # read from logits: nothing is written
    run = ran(typed, *arguments)
    assert bought(run) == {"llama-3-8b": (plan["n_to_buy"], 0)}
    with Ledger("sqlite:///.judgeaudit/ledger.sqlite") as ledger:
        verdicts = ledger.verdicts(run.table("verdicts")["key"])
    tokens = [verdict.prompt_tokens for verdict in verdicts.values()]
    assert plan["input"]["mean"] == pytest.approx(np.mean(tokens))
    assert plan["seconds"] is None
    more = [*arguments[1:], "data.limit=3", "--pilot", "out"]
    paced = calls(planned(typed, *more))["llama-3-8b"]
    entry = run.manifest()["this_run"]["bought"]["llama-3-8b"]
    assert paced["seconds_source"] == "pilot"
    assert paced["seconds"] == pytest.approx(paced["n_to_buy"] * entry["seconds"] / entry["bought"])


@pytest.mark.usefixtures("no_network")
def test_a_model_that_is_not_on_this_machine_is_planned_without_fetching_it(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    arguments = [*SMALL, "judge=[qwen3-4b,planted_fair]"]
    plan = calls(planned(typed, *arguments))
    assert plan["qwen3-4b"]["n_known"] is None
    assert plan["qwen3-4b"]["input"]["counter"] == "characters"
    # Its label probabilities are exact: replicates share a call.
    assert plan["qwen3-4b"]["n_calls"] * 2 == plan["planted_fair"]["n_calls"]
    _, out, _ = typed("plan", *arguments)
    assert "qwen3-4b: the model's files are not on this machine" in out


REWRITES = [
    "data.limit=4", "perturbation=[verbosity_rewrite,apology]", "design.arms=[baseline,injected,tie]",
    "design.replicates=1", "engine.progress=off", "judge=[planted_fair]", "jury=[]", "judge@writer=openai_compatible",
    "writer.model=openai/writer", "data.languages=[en]",
]  # fmt: skip


def writes(_: int, body: dict[str, Any]) -> Answer:
    """Makes every text half as long again, and compares no two."""
    text = str(body["messages"][1]["content"]).split("\n", 1)[1].rpartition("\n")[0]
    return Answer(said(f"{text} {text[: len(text) // 2]}"))


def test_a_rewrite_that_is_not_written_is_counted_as_if_it_came_out(typed: Typed) -> None:
    with serving(writes) as server:
        arguments = [*REWRITES, f"writer.api_base={server.url}"]
        plan = planned(typed, *arguments)
        assert server.asked == []
        assert plan["unwritten"] == {"verbosity_rewrite": 8}
        writer = calls(plan)["openai_compatible (writer)"]
        assert (writer["n_trials"], writer["n_calls"], writer["n_known"], writer["n_to_buy"]) == (8, 8, 0, 8)
        assert writer["output_most"] == 1024
        assert writer["usd_most"] is None
        _, out, _ = typed("plan", *arguments)
        assert "verbosity_rewrite: 8 of 8 texts are not written yet" in out
        run = ran(typed, *arguments)
        assert run.manifest()["this_run"]["rewrites"]["bought"] == 8
        # Every text came out, so that the trials are those that were foreseen.
        assert set(run.table("texts")["status"]) == {"changed"}
        assert run.manifest()["n_trials"] == plan["n_trials"]
        assert bought(run) == expected(plan)
        after = planned(typed, *arguments)
        assert (after["unwritten"], calls(after)["openai_compatible (writer)"]["n_to_buy"]) == ({}, 0)
        assert len(server.asked) == 8


def test_texts_that_are_not_written_are_all_different(typed: Typed) -> None:
    """A judge that sees the texts alone is asked as often as about texts that are there."""
    common = ["data.limit=3", "data.languages=[en]", "judge=[control_longer]", "jury=[]", *REWRITES[2:5]]
    writer = [
        "judge@writer=openai_compatible",
        "writer.model=openai/w",
        "writer.api_base=http://localhost:1/v1",
    ]
    unwritten = planned(typed, *common, *writer, "perturbation=[verbosity_rewrite,news]")
    there = planned(typed, *common, "perturbation=[apology,halo]")
    assert unwritten["unwritten"] == {"verbosity_rewrite": 6, "news": 6}
    assert calls(unwritten)["control_longer"]["n_calls"] == calls(there)["control_longer"]["n_calls"]


def test_comparisons_of_meaning_are_bought_too_and_not_by_a_plan(typed: Typed) -> None:
    url = "http://localhost:1/v1"
    reader = [
        "meaning=model", "judge@meaning_judge=openai_compatible", "meaning_judge.model=openai/reader",
        f"meaning_judge.api_base={url}", "data.limit=4", "perturbation=[apology]", RULES,
        "design.arms=[baseline,injected]", "engine.progress=off",
    ]  # fmt: skip
    plan = planned(typed, *reader)
    found = calls(plan)["openai_compatible (reader)"]
    assert found["n_to_buy"] == plan["n_texts"]["apology"] == 8
    assert plan["left_out"] == []
    both = [*REWRITES, f"writer.api_base={url}", *reader[:4]]
    assert calls(planned(typed, *both))["openai_compatible (reader)"]["n_to_buy"] == 16


def test_the_cells_of_a_plan_are_those_that_the_audit_tests(typed: Typed) -> None:
    arguments = [
        "data.limit=12", "perturbation=[apology,typos]", "engine.progress=off",
        "judge=[planted_fair,planted_length,control_longer]", "analysis.slices=[]",
    ]  # fmt: skip
    plan = planned(typed, *arguments)
    run = ran(typed, *arguments)
    subjects, settings = subjects_of(run.manifest()), Settings(**run.manifest()["analysis"])
    measures = [one for one in run.measures() if one.side is None and one.slice == "all"]
    family = [
        one for one in measures if is_confirmatory(one, settings.confirmatory, subjects) and one.p is not None
    ]
    assert plan["measures"]["family_size"] == len(family) > 0
    assert plan["measures"]["alpha_adjusted"] == pytest.approx(0.05 / len(family))
    n_pairs = {(one.measure, one.judge, one.perturbation): one.n_pairs for one in measures}
    n_checked = 0
    for one in plan["measures"]["plans"]:
        for judge in one["judges"]:
            for perturbation in one["perturbations"]:
                assert n_pairs[one["measure"], judge, perturbation] == one["n_pairs"]
                n_checked += 1
    assert n_checked > 3 * len(family)
    planned_for = {one["measure"] for one in plan["measures"]["plans"]}
    assert {"tie_detection", "winrate_shift", "noise_adjusted_flip", "accuracy"} <= planned_for
    assert not {"control_longer", "baseline:longer"} & {
        judge for one in plan["measures"]["plans"] for judge in one["judges"]
    }
    left = {(one["perturbation"], one["reason"]): one["n_texts"] for one in plan["left_out"]}
    assert left == {
        (one["perturbation"], one["reason"]): one["n_texts"] for one in run.manifest()["exclusions"]
    }


def test_without_a_pilot_spreads_are_assumed_and_the_figures_follow_from_them(typed: Typed) -> None:
    plan = planned(typed, *SMALL, "judge=[planted_fair]", "jury=[]")
    cells = [one for one in plan["measures"]["plans"] if one["measure"] == "tie_detection"]
    assert [one["sd_source"] for one in cells] == ["steady", "usual", "noisy"]
    level = plan["measures"]["alpha_adjusted"]
    for one in cells:
        sd = one["sd"] / 100
        for figure, alpha in (("detectable", 0.05), ("detectable_adjusted", level)):
            effect = detectable_effect(6, sd, alpha, 0.8)
            assert one[figure] == (None if effect is None else pytest.approx(100 * effect))
        assert one["n_for_robust"] == pairs_for_equivalence(sd, 0.05, 0.05, 0.8, -1.0, 1.0)
        assert one["can_be_robust"] is False
    _, out, _ = typed("plan", *SMALL, "judge=[planted_fair]", "jury=[]")
    assert "never: with 6 pairs nothing that a judge could say reads robust" in out
    assert "steady, usual, noisy: assumed" in out


def test_spreads_of_a_pilot_are_those_of_its_verdicts(typed: Typed) -> None:
    pilot = [
        "data.limit=12",
        "perturbation=[apology]",
        "engine.progress=off",
        "judge=[planted_fair,planted_length]",
    ]
    run = ran(typed, *pilot)
    new_ones = ["perturbation=[apology,typos]", "judge=[planted_fair,planted_position]"]
    plan = planned(typed, "data.limit=40", *new_ones, "--pilot", "out")
    rows = run.table("verdicts")
    own = rows[
        (rows["judge"] == "planted_fair") & (rows["arm"] == "tie") & (rows["perturbation"] == "apology")
    ]
    toward = {("ab", "first"): 1.0, ("ba", "second"): 1.0, ("ab", "tie"): 0.0, ("ba", "tie"): 0.0}
    lead = pd.Series(
        [toward.get(one, -1.0) for one in zip(own["order"], own["outcome"], strict=True)], own.index
    )
    sd = 100 * float(lead.groupby(own["pair_id"]).mean().std(ddof=1))
    cells = {
        (judge, perturbation): one
        for one in plan["measures"]["plans"]
        if one["measure"] == "tie_detection"
        for judge in one["judges"]
        for perturbation in one["perturbations"]
    }
    assert cells["planted_fair", "apology"]["sd"] == pytest.approx(sd)
    assert cells["planted_fair", "apology"]["sd_source"] == "pilot"
    for new in (("planted_position", "apology"), ("planted_fair", "typos"), ("majority", "apology")):
        assert cells[new]["sd_source"] == "pilot median"  # the jury has another panel
    assert cells["planted_position", "apology"]["sd"] == cells["planted_fair", "typos"]["sd"]
    assert cells["planted_position", "position"]["sd"] != cells["planted_position", "apology"]["sd"]
    _, out, _ = typed("plan", *pilot, "--pilot", "out")
    assert "pilot: of the same judge and artifact in out." in out
    assert "assumed" not in out


def test_a_random_judge_asked_once_has_no_noise_floor_and_the_plan_says_so(typed: Typed) -> None:
    arguments = [*SMALL, "judge=[planted_fair]", "jury=[]", "design.replicates=1"]
    plan = planned(typed, *arguments)
    assert "noise_adjusted_flip" not in {one["measure"] for one in plan["measures"]["plans"]}
    [told] = [line for line in plan["measures"]["not_measured"] if line.startswith("noise_adjusted_flip ")]
    assert "design.replicates of at least 2" in told


def answers(_: int, __: dict[str, Any]) -> Answer:
    return Answer(said("A"))


def service(server: Server) -> list[str]:
    return [
        "judge=openai_compatible", "judges.openai_compatible.model=openai/gpt-4o-2024-08-06", "jury=[]",
        f"judges.openai_compatible.api_base={server.url}", "perturbation=[apology]", "design.arms=[baseline,injected]",
        "design.replicates=1", "engine.progress=off",
    ]  # fmt: skip


def test_what_the_ledger_recorded_of_a_service_tells_its_replies_its_time_and_its_cost(typed: Typed) -> None:
    with serving(answers) as server:
        arguments = service(server)
        before = calls(planned(typed, "data.limit=2", *arguments))["openai_compatible"]
        assert (before["output_mean"], before["usd_expected"], before["seconds"]) == (None, None, None)
        run = ran(typed, "data.limit=2", *arguments)
        assert bought(run)["openai_compatible"] == (before["n_to_buy"], 0) == (len(server.asked), 0)
        with Ledger("sqlite:///.judgeaudit/ledger.sqlite") as ledger:
            verdicts = list(ledger.verdicts(run.table("verdicts")["key"]).values())
        plan = calls(planned(typed, "data.limit=5", *arguments))["openai_compatible"]
        assert plan["output_mean"] == 3  # as the server counts every reply
        latency = np.mean([verdict.latency_s for verdict in verdicts])
        assert plan["seconds_source"] == "recorded latency"
        assert plan["seconds"] == pytest.approx(plan["n_to_buy"] * latency / 8)
        n, tokens, price = plan["n_to_buy"], plan["input"]["mean"], plan["price"]
        assert plan["usd_expected"] == pytest.approx(
            n * (tokens * price["input_usd"] + 3 * price["output_usd"]) / 1e6
        )
        _, out, _ = typed("plan", "data.limit=5", *arguments)
        assert "time from recorded latencies, 8 calls at a time" in out


def test_a_pilot_on_other_pairs_tells_the_same_where_its_verdicts_are_in_the_ledger(typed: Typed) -> None:
    with serving(answers) as server:
        ran(typed, "data.limit=2", *service(server))
        elsewhere = ["data.limit=2", "data.limit_seed=7", *service(server)]
        assert calls(planned(typed, *elsewhere))["openai_compatible"]["output_mean"] is None
        plan = calls(planned(typed, *elsewhere, "--pilot", "out"))["openai_compatible"]
        assert (plan["output_mean"], plan["seconds_source"]) == (3, "recorded latency")
        colder = planned(typed, *elsewhere, "judges.openai_compatible.temperature=1.0", "--pilot", "out")
        assert calls(colder)["openai_compatible"]["output_mean"] is None  # another judge by the same name


def test_a_service_that_fails_leaves_no_figures_to_plan_with(typed: Typed) -> None:
    with serving(lambda _, __: failed(400, "no")) as server:
        ran(typed, "data.limit=1", *service(server))
        plan = calls(planned(typed, "data.limit=1", *service(server)))["openai_compatible"]
        assert (plan["n_known"], plan["output_mean"], plan["seconds"]) == (0, None, None)


def test_recorded_judges_cost_nothing_and_their_pairs_are_those_recorded(
    typed: Typed, tmp_path: Path
) -> None:
    run = ran(typed, *SMALL, "judge=[planted_fair]", "jury=[]")
    own = run.table("verdicts")[
        ["judge", "pair_id", "arm", "perturbation", "side", "order", "replicate", "outcome"]
    ]
    own = own[own["pair_id"] != own["pair_id"].min()].rename(columns={"outcome": "verdict"})
    own.astype(object).where(own.notna(), None).to_json("verdicts.jsonl", orient="records", lines=True)
    arguments = [*SMALL, "judge=replay", "judge.path=verdicts.jsonl", "design=recorded", "jury=[]"]
    plan = planned(typed, *arguments)
    [one] = plan["calls"]
    assert (one["backend"], one["n_to_buy"], one["usd_most"]) == ("recorded", 0, 0.0)
    of_decisive_labels = "accuracy_decisive"
    found = {cell["n_pairs"] for cell in plan["measures"]["plans"] if cell["measure"] != of_decisive_labels}
    assert found == {5}


def test_an_audit_that_stops_is_told_to_buy_at_most_what_is_planned(typed: Typed) -> None:
    arguments = [*SMALL, "judge=[planted_fair]", "jury=[]", "++design.stop=when_decided"]
    code, out, err = typed("plan", *arguments)
    assert code == 0, err
    assert "calls are at most these" in out
    assert re.search(r"planted_fair .* ≤[\d,]+ ", out)


def test_an_audit_of_controls_alone_has_nothing_to_plan_for(typed: Typed) -> None:
    _, out, _ = typed("plan", *SMALL, "judge=[control_longer]", "jury=[]")
    assert "No judge of this audit is a hypothesis" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["perturbation=[apologia]"], "found 'apologia', expected some of: "),
        (["data=csv", "data.path=absent.csv"], "judgeaudit plan: absent.csv: found no file there"),
        (["--pilot", "absent"], "judgeaudit plan: absent: found no manifest.json"),
        (["--json", "absent/plan.json"], "--json: absent/plan.json cannot be written"),
        (["perturbation=[verbosity_rewrite]", "design.arms=[baseline,injected]"], "add judge@writer=NAME"),
        (["ledger.url=nonsense"], "judgeaudit plan: ledger.url: expected sqlite:///FILE"),
        (["nope=1"], "Could not override 'nope'"),
        (["-m"], "judgeaudit plan: takes no sweep"),
        (
            ["+judges.planted_fair.api_key=sk-proj-abcdefghij0123456789abcdefghij"],
            "an override looks like a key",
        ),
    ],
)
def test_a_mistake_is_told_in_words_with_exit_code_2(typed: Typed, arguments: list[str], said: str) -> None:
    code, _, err = typed("plan", *SMALL, RULES, *arguments)
    assert code == 2
    assert said in err
    assert "Traceback" not in err


def test_a_plan_is_written_over_a_plan_and_over_nothing_else(typed: Typed, tmp_path: Path) -> None:
    other = tmp_path / "mine.json"
    other.write_text('{"mine": 1}', encoding="utf-8")
    code, _, err = typed("plan", *SMALL, RULES, "--json", "mine.json")
    assert code == 2
    assert "which judgeaudit plan did not write" in err
    assert other.read_text(encoding="utf-8") == '{"mine": 1}'
    for _ in range(2):
        assert typed("plan", *SMALL, RULES, "--json", "plan.json")[0] == 0


def test_the_help_names_the_options_and_the_shell_completes_overrides(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, helped, _ = typed("plan", "--help")
    for option in ("--pilot", "--json", "judgeaudit run --help"):
        assert option in helped
    assert "judgeaudit plan" in typed("--help")[1]
    line = "judgeaudit plan perturbation=apol"
    monkeypatch.setenv("COMP_LINE", line)
    monkeypatch.setenv("COMP_POINT", str(len(line)))
    assert "perturbation=apology" in typed("-sc", "query=bash")[1].split()


@pytest.mark.parametrize(
    ("seconds", "shown"), [(12, "12 s"), (125, "2 min"), (3 * 3600 + 1200, "3 h 20 min")]
)
def test_a_time_is_told_in_two_units_at_most(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_a_field_that_nobody_can_know_is_none() -> None:
    assert CallPlan("mine", "judge", "own", 1, 1, 0, 0, 1).usd_most is None
