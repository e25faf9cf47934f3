"""An audit of real models: an API judge behind a real server, a local transformers model, and a jury of both."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from judgeaudit.run_folder import RunFolder
from tests.openai_server import Answer, Server, failed, said, serving
from tests.tiny_model import save_tiny_model

COMMAND = Path(sys.executable).with_name("judgeaudit")
KEY = "sk-not-a-real-key-0123456789abcdef"
LONGER = "Do keep the pan covered, and do turn the heat of the stove off right away, if you please."
N_PAIRS = 4


def answer(number: int, body: dict[str, Any]) -> Answer:
    """Throttles one request and garbles another, writes (but not about pan 2's water), and else prefers the first."""
    asked = json.dumps(body["messages"])
    if number == 1:
        return failed(429, "slow down", retry_after="0")
    if number == 4:
        return Answer("<html>gateway")
    if "Make the text" in asked:
        return Answer(said("" if "Pour water on pan 2" in asked else LONGER))
    if "Say the same in other words" in asked:
        # The text itself, its first word exchanged: neither longer nor shorter.
        text = body["messages"][1]["content"].split("\n")[1]
        return Answer(said(text.replace("Cover", "Cloak").replace("Pour", "Tip ")))
    if "mean the same" in asked:
        return Answer(said("DIFFERENT" if "Cloak pan 3" in asked else "SAME"))
    return Answer(said("**A**"))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunFolder, Server, str]:
    here = tmp_path_factory.mktemp("models")
    model = save_tiny_model(here / "tiny-llama")
    rows = [
        {
            "prompt": f"My pan is on fire, number {i}. What now?",
            "response_a": f"Cover pan {i} and turn off the heat, then leave it alone.",
            "response_b": f"Pour water on pan {i} and carry it out, it will be all fine.",
            "label": "a",
            "label_source": "gold",
        }
        for i in range(N_PAIRS)
    ]
    (here / "my.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with serving(answer) as server:
        done = subprocess.run(
            [
                COMMAND, "run", "data=jsonl", "data.path=my.jsonl", "judge=[gpt-4o,llama-3-8b]",
                "perturbation=[apology,halo,authority,verbosity_rewrite]", "judge@writer=gpt-4o", "jury=majority",
                "meaning=model", "judge@meaning_judge=gpt-4o", f"+meaning_judge.api_base={server.url}",
                f"+judges.gpt-4o.api_base={server.url}", f"+writer.api_base={server.url}",
                f"judges.llama-3-8b.model={model}", "judges.llama-3-8b.temperature=1.0",
                "design.replicates=1", "hydra.run.dir=run", "report.figures=[]",
            ],
            capture_output=True, text=True, cwd=here,
            env={**os.environ, "OPENAI_API_KEY": KEY, "HF_HUB_OFFLINE": "1"},
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return RunFolder(here / "run"), server, done.stdout + done.stderr


def test_every_trial_has_a_verdict_or_a_counted_failure_of_both_judges_and_the_jury(
    run: tuple[RunFolder, Server, str],
) -> None:
    verdicts = run[0].table("verdicts")
    counts = verdicts.groupby("judge")["outcome"].value_counts()
    n_trials = run[0].manifest()["n_trials"]
    assert counts.groupby("judge").sum().to_dict() == dict.fromkeys(
        ["gpt-4o", "llama-3-8b", "majority"], n_trials
    )
    # Throttling and garbage were asked again; the text that was not written is missing from the trials, and counted.
    assert counts["gpt-4o"].to_dict() == {"first": n_trials}
    excluded = {e["status"]: e for e in run[0].manifest()["exclusions"]}
    assert (excluded["failed"]["perturbation"], excluded["failed"]["n_texts"]) == ("verbosity_rewrite", 1)
    # Neither was the paraphrase that the model says means something else.
    assert (excluded["invalid"]["perturbation"], excluded["invalid"]["reason"]) == (
        "paraphrase",
        "validity: similarity below 0.8",
    )


def test_the_api_judge_bought_each_presentation_once(run: tuple[RunFolder, Server, str]) -> None:
    folder, server, _ = run
    bought = folder.manifest()["this_run"]["bought"]["gpt-4o"]
    others = ("Make the text", "Say the same in other words", "mean the same")
    judged = [
        asked
        for asked in server.asked
        if not any(task in json.dumps(asked.body["messages"]) for task in others)
    ]
    assert len(judged) == bought["bought"]
    # 10 of the 12 presentations of a pair are its two orders of 5 arms; identical texts are shown once a side.
    assert len({json.dumps(asked.body["messages"]) for asked in judged}) == bought["bought"]


def test_the_local_judge_reads_probabilities_through_the_same_path_as_any_hub_model(
    run: tuple[RunFolder, Server, str],
) -> None:
    local = run[0].table("verdicts").query("judge == 'llama-3-8b'")
    total = local[["p_first", "p_second", "p_tie"]].sum(axis=1)
    assert ((total - 1).abs() < 1e-6).all()
    assert run[0].manifest()["judges"]["llama-3-8b"]["exact_probabilities"]


def test_rewrites_name_the_model_that_wrote_them(run: tuple[RunFolder, Server, str]) -> None:
    texts = run[0].table("texts").query("perturbation == 'verbosity_rewrite' and status == 'changed'")
    assert len(texts) == 2 * N_PAIRS - 1
    assert set(texts["writer"]) == {"served-model-2"}
    assert set(texts["text"]) == {LONGER}
    writer = run[0].manifest()["writer"]
    assert writer["models"] == ["openai/gpt-4o-2024-08-06", "served-model-2"]
    assert writer["judges_of_its_family"] == ["gpt-4o"]
    page = (run[0].path / "report.html").read_text(encoding="utf-8")
    assert "self-enhancement" in page


def test_the_check_of_meaning_is_bought_once_for_each_text_and_kept_in_the_ledger(
    run: tuple[RunFolder, Server, str],
) -> None:
    folder, server, _ = run
    texts = folder.table("texts")
    asked = [one for one in server.asked if "mean the same" in json.dumps(one.body["messages"])]
    bought = folder.manifest()["this_run"]["meaning"]
    assert bought["bought"] == len(texts[texts["status"].isin(["changed", "invalid"])])
    assert len(asked) == bought["bought"]
    assert set(texts["similarity"].dropna()) == {0.0, 1.0}


def test_a_position_biased_judge_is_found_out(run: tuple[RunFolder, Server, str]) -> None:
    [position] = [
        m
        for m in run[0].measures()
        if (m.measure, m.judge, m.perturbation, m.slice) == ("tie_detection", "gpt-4o", "position", "all")
    ]
    assert position.estimate == 100


def test_the_key_is_in_no_file_and_on_no_screen(run: tuple[RunFolder, Server, str]) -> None:
    folder, server, printed = run
    assert all(asked.headers["Authorization"] == f"Bearer {KEY}" for asked in server.asked)
    assert KEY not in printed
    for path in folder.path.parent.rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path
