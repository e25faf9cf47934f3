"""API judges through litellm against a real HTTP server on loopback: verdicts, retries, failures, keys, bounds."""

from __future__ import annotations

import asyncio
import email.utils
import math
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hydra.utils import instantiate
from omegaconf import OmegaConf

from judgeaudit import catalog
from judgeaudit.errors import ConfigurationError, JudgeError
from judgeaudit.judges.api import READOUT_VERSION, ApiJudge
from judgeaudit.judges.api_errors import MAX_ERROR_CHARS, looks_secret, redacted, retry_after_s
from judgeaudit.judges.api_exchange import quiet_litellm
from judgeaudit.judges.base import Completion, Message, Request, digest
from judgeaudit.prompting import Template
from judgeaudit.records import Outcome, Pair, Turn, Verdict
from tests.openai_server import Answer, Server, failed, said, serving, with_logprobs

KEY = "Zq8-not-a-usual-looking-secret"
LABELS = {"first": "A", "second": "B", "tie": "C"}
USER = "{conversation}\n{first}\n{second}\nA, B or C?"
TEMPLATE = Template(name="t", version=1, system="Judge.", user=USER, labels=LABELS)
REASONING = Template(name="r", version=1, system="Judge.", user=USER, labels=LABELS, reason_first=True)
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module", autouse=True)
def _litellm_is_loaded() -> None:
    """Its first import takes seconds, which would count against the small time limits here."""
    quiet_litellm()
    with serving(lambda number, body: Answer(said("A"))) as server:
        verdicts(judge(server, api_key_env=None))


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUDGE_UNDER_TEST", KEY)


def judge(server: Server | str, **changed: Any) -> ApiJudge:
    fields: dict[str, Any] = {
        "name": "judge",
        "model": "openai/model-1",
        "prompt": TEMPLATE,
        "api_base": server if isinstance(server, str) else server.url,
        "api_key_env": "JUDGE_UNDER_TEST",
        "max_attempts": 3,
        "retry_initial_s": 0.01,
        "retry_max_s": 0.05,
        "timeout_s": 10.0,
    }
    return ApiJudge(**{**fields, **changed})


def composed(name: str, **given: str) -> Any:
    """A judge of the catalogue as a run makes it, with the settings that are given there."""
    prompt = OmegaConf.load(ROOT / "conf" / "prompt" / "safety_pairwise_tie.yaml")
    file = OmegaConf.load(ROOT / "conf" / "judge" / f"{name}.yaml")
    return instantiate(OmegaConf.create({"prompt": prompt, "judge": OmegaConf.merge(file, given)}).judge)


def request(number: int = 0, first: str | None = None) -> Request:
    pair = Pair("p", (Turn("user", "How?"),), "left", "right")
    return Request(pair, first if first is not None else f"left {number}", "right", replicate=0)


def verdicts(judge: ApiJudge, count: int = 1) -> list[Verdict]:
    async def gather() -> dict[int, Verdict]:
        found: dict[int, Verdict] = {}
        async for index, verdict in judge.verdicts([request(number) for number in range(count)]):
            assert index not in found
            found[index] = verdict
        return found

    found = asyncio.run(gather())
    assert sorted(found) == list(range(count))
    return [found[index] for index in range(count)]


def verdict_of(answer: Answer, **changed: Any) -> Verdict:
    with serving(lambda number, body: answer) as server:
        return verdicts(judge(server, **changed))[0]


def first_then(first: Answer, then: Answer) -> Callable[[int, dict[str, Any]], Answer]:
    return lambda number, body: first if number == 0 else then


# --- verdicts


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("A", Outcome.FIRST),
        ("B", Outcome.SECOND),
        ("C", Outcome.TIE),
        ("Hm.", Outcome.UNPARSED),
        ("", Outcome.UNPARSED),
    ],
)
def test_a_reply_becomes_a_verdict_and_is_kept_as_it_came(text: str, outcome: Outcome) -> None:
    verdict = verdict_of(Answer(said(text)))
    assert (verdict.outcome, verdict.raw) == (outcome, text)
    assert (verdict.p_first, verdict.p_second, verdict.p_tie, verdict.error) == (None, None, None, None)
    assert (verdict.model, verdict.prompt_tokens, verdict.completion_tokens) == ("served-model-2", 200, 3)
    assert verdict.latency_s is not None
    assert verdict.latency_s > 0


def test_the_provider_is_shown_exactly_the_material_of_the_key() -> None:
    with serving(lambda number, body: Answer(said("A"))) as server:
        one = judge(server, temperature=0.7, top_p=0.9, seed=5, extra={"presence_penalty": 0.5})
        verdicts(one)
        (asked,) = server.asked
    assert asked.body["messages"] == one.material(request())
    sent = {
        name: asked.body[name]
        for name in ("model", "temperature", "top_p", "seed", "max_tokens", "presence_penalty")
    }
    assert sent == {
        "model": "model-1", "temperature": 0.7, "top_p": 0.9, "seed": 5, "max_tokens": 16, "presence_penalty": 0.5,
    }  # fmt: skip
    assert asked.headers["Authorization"] == f"Bearer {KEY}"


def test_half_characters_in_a_reply_are_replaced_so_that_it_can_be_stored() -> None:
    verdict = verdict_of(Answer('{"choices": [{"message": {"content": "B \\ud83d and \\ud83d\\ude00"}}]}'))
    assert verdict.raw == "B \ufffd and \U0001f600"


def test_sampling_settings_of_none_are_left_to_the_provider() -> None:
    with serving(lambda number, body: Answer(said("A"))) as server:
        verdicts(judge(server, temperature=None))
        assert not {"temperature", "top_p", "seed", "logprobs"} & set(server.asked[0].body)


def test_a_judge_that_reasons_gets_room_for_it_and_a_cut_off_reasoning_is_no_verdict() -> None:
    with serving(lambda number, body: Answer(said("Response A is safer.", "length"))) as server:
        (verdict,) = verdicts(judge(server, prompt=REASONING))
        assert server.asked[0].body["max_tokens"] == 1024
    assert verdict.outcome is Outcome.UNPARSED
    assert "cut off" in str(verdict.error)
    assert verdict_of(Answer(said("It declines.\nVerdict: B")), prompt=REASONING).outcome is Outcome.SECOND


def test_a_verdict_that_stands_before_the_cut_counts_where_no_reasoning_was_asked_for() -> None:
    assert verdict_of(Answer(said("A\n\nResponse A is safer because it", "length"))).outcome is Outcome.FIRST
    assert verdict_of(Answer(said("A\n\nResponse A declines and", "length"))).outcome is Outcome.UNPARSED
    assert verdict_of(Answer(said("The safer response is", "length"))).outcome is Outcome.UNPARSED


@pytest.mark.parametrize(
    "answer",
    [
        Answer(said("A", "content_filter")),
        Answer(said(None, refusal="I cannot judge this.")),
        Answer(said("I'm sorry, but I can't help with that.")),
        failed(400, "The response was filtered due to the content management policy.", "content_filter"),
        failed(
            400, "Your request was rejected as a result of our safety system.", "content_policy_violation"
        ),
        failed(403, "The input was flagged by moderation."),
    ],
)
def test_a_refusal_by_model_or_filter_is_refused_and_never_scored(answer: Answer) -> None:
    verdict = verdict_of(answer)
    assert verdict.outcome is Outcome.REFUSED
    assert verdict.p_first is None


# --- label probabilities


def weighed(*positions: tuple[str, dict[str, float]], text: str, **changed: Any) -> Verdict:
    logs = [(token, {name: math.log(p) for name, p in likeliest.items()}) for token, likeliest in positions]
    return verdict_of(Answer(with_logprobs(said(text), *logs)), readout="logits", **changed)


def shares(verdict: Verdict) -> list[float | None]:
    return [None if p is None else round(p, 6) for p in (verdict.p_first, verdict.p_second, verdict.p_tie)]


def test_label_probabilities_are_summed_over_the_forms_of_a_label_and_renormalised() -> None:
    position = ("A", {"A": 0.4, " A": 0.1, "B": 0.2, "B\n": 0.1, "The": 0.2})
    verdict = weighed(position, text="A", temperature=1.0)
    assert shares(verdict) == [0.625, 0.375, 0.0]
    assert verdict.outcome is Outcome.FIRST


def test_probabilities_are_those_at_the_judges_own_temperature() -> None:
    position = ("B", {"A": 0.2, "B": 0.6, "C": 0.2})
    assert shares(weighed(position, text="B", temperature=0.0)) == [0.0, 1.0, 0.0]
    assert shares(weighed(position, text="B", temperature=0.5)) == [round(x / 44, 6) for x in (4, 36, 4)]
    assert shares(weighed(position, text="B", temperature=None)) == [0.2, 0.6, 0.2]


def test_the_likeliest_label_is_the_verdict_even_where_another_was_sampled() -> None:
    verdict = weighed(("A", {"A": 0.3, "B": 0.7}), text="A", temperature=1.0)
    assert (verdict.outcome, verdict.raw) == (Outcome.SECOND, "A")


def test_equally_likely_labels_are_decided_by_the_text_and_never_by_their_order() -> None:
    position = ("B", {"A": 0.4, "B": 0.4, "C": 0.2})
    verdict = weighed(position, text="B")
    assert (verdict.outcome, shares(verdict)) == (Outcome.SECOND, [0.5, 0.5, 0.0])
    assert weighed(("?", {"A": 0.4, "B": 0.4, "?": 0.2}), text="?").outcome is Outcome.UNPARSED


def test_blank_tokens_before_the_label_are_skipped() -> None:
    blank = ("\n", {"\n": 0.9, "A": 0.1})
    assert shares(weighed(blank, ("C", {"C": 0.9, "A": 0.1}), text="\nC", temperature=1.0)) == [0.1, 0.0, 0.9]


@pytest.mark.parametrize(
    ("position", "text", "outcome"),
    [
        (("The", {"The": 0.7, "A": 0.3}), "The answer is B.", Outcome.SECOND),
        (("A", {"A": 0.9, "B": 0.1}), "A good question, but", Outcome.UNPARSED),
        (("A", {"A": 0.9, "B": 0.1}), "A or B", Outcome.UNPARSED),
    ],
)
def test_where_the_first_token_is_no_verdict_the_text_is_parsed_and_no_probability_given(
    position: tuple[str, dict[str, float]], text: str, outcome: Outcome
) -> None:
    verdict = weighed(position, text=text)
    assert (verdict.outcome, shares(verdict), verdict.raw) == (outcome, [None, None, None], text)


def test_a_provider_that_gives_no_probabilities_leaves_the_text() -> None:
    with serving(lambda number, body: Answer(said("B"))) as server:
        (verdict,) = verdicts(judge(server, readout="logits"))
        assert (server.asked[0].body["logprobs"], server.asked[0].body["top_logprobs"]) == (True, 20)
    assert (verdict.outcome, shares(verdict)) == (Outcome.SECOND, [None, None, None])


# --- retries


def test_a_throttled_judge_waits_as_long_as_it_is_told_and_succeeds() -> None:
    with serving(first_then(failed(429, "slow down", retry_after="1"), Answer(said("A")))) as server:
        (verdict,) = verdicts(judge(server, retry_max_s=5.0))
        waited = server.asked[1].at_s - server.asked[0].at_s
    assert verdict.outcome is Outcome.FIRST
    assert 0.99 <= waited < 3.0


def test_a_wait_longer_than_the_cap_is_cut_to_it() -> None:
    with serving(first_then(failed(429, "slow down", retry_after="3600"), Answer(said("A")))) as server:
        (verdict,) = verdicts(judge(server, retry_max_s=0.2))
        waited = server.asked[1].at_s - server.asked[0].at_s
    assert verdict.outcome is Outcome.FIRST
    assert 0.19 <= waited < 2.0


def test_a_throttle_holds_back_the_judges_other_requests_too() -> None:
    answer = first_then(failed(429, "slow down", retry_after="0.6"), Answer(said("A"), delay_s=0.02))
    with serving(answer) as server:
        assert {
            verdict.outcome for verdict in verdicts(judge(server, max_concurrency=2, retry_max_s=5.0), 12)
        } == {Outcome.FIRST}
        since = sorted(asked.at_s - server.asked[0].at_s for asked in server.asked)
    assert len([at_s for at_s in since if 0.2 < at_s < 0.55]) == 0
    assert len([at_s for at_s in since if at_s >= 0.55]) >= 6


def test_retry_after_is_read_as_seconds_milliseconds_or_a_date() -> None:
    assert retry_after_s({"retry-after": "7"}) == 7.0
    assert retry_after_s({"retry-after-ms": "1500", "retry-after": "9"}) == 1.5
    soon = retry_after_s({"retry-after": email.utils.formatdate(time.time() + 30, usegmt=True)})
    assert soon is not None
    assert 27 < soon <= 30
    assert retry_after_s({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0
    assert [retry_after_s({"retry-after": odd}) for odd in ("soon", "", "nan", "inf")] == [None] * 4
    assert retry_after_s({}) is None
    assert retry_after_s(None) is None


@pytest.mark.parametrize(
    "trouble",
    [failed(500, "boom"), failed(503, "overloaded"), failed(529, "overloaded"), failed(408, "late"),
     failed(429, "You exceeded your current quota, requests per minute"), Answer("<html>oops</html>"), Answer("{}"),
     Answer({"choices": []}), Answer('{"choices": [{"mess')],
    ids=["500", "503", "529", "408", "429", "html", "empty object", "no choices", "half a body"],
)  # fmt: skip
def test_trouble_that_may_pass_is_tried_again(trouble: Answer) -> None:
    with serving(first_then(trouble, Answer(said("B")))) as server:
        assert verdicts(judge(server))[0].outcome is Outcome.SECOND
        assert len(server.asked) == 2
    with serving(lambda number, body: trouble) as server:
        (verdict,) = verdicts(judge(server))
        assert len(server.asked) == 3
    assert verdict.outcome is Outcome.ERROR
    assert "(3 attempts)" in str(verdict.error)


def test_a_request_without_an_answer_in_time_is_tried_again_and_ends_as_an_error() -> None:
    answer = first_then(Answer(said("A"), delay_s=1.0), Answer(said("B")))
    with serving(answer) as server:
        assert verdicts(judge(server, timeout_s=0.4))[0].outcome is Outcome.SECOND
    with serving(lambda number, body: Answer(said("A"), delay_s=0.8)) as server:
        (verdict,) = verdicts(judge(server, timeout_s=0.2, max_attempts=2))
    assert verdict.outcome is Outcome.ERROR
    assert "0.2 s" in str(verdict.error)


def test_a_refused_connection_is_an_error_verdict() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (verdict,) = verdicts(judge(f"http://127.0.0.1:{port}/v1"))
    assert (verdict.outcome, verdict.raw) == (Outcome.ERROR, None)
    assert verdict.error


def test_a_bad_request_is_an_error_and_not_repeated() -> None:
    with serving(lambda number, body: failed(400, "context length exceeded")) as server:
        (verdict,) = verdicts(judge(server))
        assert len(server.asked) == 1
    assert verdict.outcome is Outcome.ERROR


def test_a_text_that_cannot_be_sent_is_an_error_and_never_sent() -> None:
    async def gather(one: ApiJudge) -> list[Verdict]:
        return [verdict async for _, verdict in one.verdicts([request(first="half \ud83d")])]

    with serving(lambda number, body: Answer(said("A"))) as server:
        (verdict,) = asyncio.run(gather(judge(server)))
        assert server.asked == []
    assert verdict.outcome is Outcome.ERROR


# --- failures that end the judge


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        (failed(401, f"Incorrect API key provided: {KEY}"), "JUDGE_UNDER_TEST"),
        (failed(403, f"Key {KEY} may not use this model"), "JUDGE_UNDER_TEST"),
        (failed(404, "The model does not exist"), "model and api_base"),
        (failed(402, "Payment required"), "credit"),
        (failed(429, "No more", "insufficient_quota"), "credit"),
    ],
    ids=["401", "403", "404", "402", "quota"],
)
def test_what_no_request_can_overcome_ends_the_judge_with_advice(answer: Answer, advice: str) -> None:
    with serving(lambda number, body: answer) as server:
        with pytest.raises(JudgeError, match=advice) as caught:
            verdicts(judge(server, max_concurrency=1), 5)
        assert len(server.asked) == 1
    assert KEY not in str(caught.value)
    assert not str(caught.value).startswith("judge")  # whoever reports it puts the judge's name in front


def test_verdicts_bought_before_the_end_are_still_delivered() -> None:
    def answer(number: int, body: dict[str, Any]) -> Answer:
        return Answer(said("A"), delay_s=0.3 + 0.1 * number) if number < 3 else failed(401, "expired")

    async def gather(one: ApiJudge) -> list[int]:
        bought: list[int] = []
        try:
            async for index, _ in one.verdicts([request(number) for number in range(20)]):
                bought.append(index)
        except JudgeError:
            return bought
        raise AssertionError("a refused key must end the judge")

    with serving(answer) as server:
        assert len(asyncio.run(gather(judge(server, max_concurrency=4)))) == 3
        assert len(server.asked) == 4


def test_a_key_that_is_not_set_is_reported_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JUDGE_UNDER_TEST")
    with serving(lambda number, body: Answer(said("A"))) as server:
        with pytest.raises(JudgeError, match=r"^The environment variable JUDGE_UNDER_TEST is not set"):
            verdicts(judge(server))
        assert server.asked == []


@pytest.mark.parametrize(
    "model", ["openai/gpt-4o-mini", "anthropic/claude-haiku-4-5", "gemini/gemini-2.5-flash"]
)
def test_a_provider_whose_usual_key_is_missing_is_not_asked_again_and_again(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    one = ApiJudge(name="judge", model=model, prompt=TEMPLATE, retry_initial_s=60.0, timeout_s=5.0)
    started = time.monotonic()
    with pytest.raises(JudgeError, match="key"):
        verdicts(one)
    assert time.monotonic() - started < 50.0  # a single wait would take longer


def test_a_parameter_that_the_provider_does_not_take_ends_the_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    one = judge("http://127.0.0.1:9", model="anthropic/claude-haiku-4-5", readout="logits")
    with pytest.raises(JudgeError, match="logprobs"):
        verdicts(one)


# --- keys


@pytest.mark.parametrize("status", [400, 500])
def test_a_key_that_the_provider_echoes_is_not_in_the_verdict(status: int) -> None:
    echoes = f"bad header Authorization: Bearer {KEY} and sk-proj-abcdefghijklmnop and '{KEY}'"
    verdict = verdict_of(failed(status, echoes), max_attempts=1)
    assert verdict.outcome is Outcome.ERROR
    assert KEY not in str(verdict)
    assert "abcdefghijklmnop" not in str(verdict)
    assert "bad header" in str(verdict.error)


def test_the_usual_key_of_a_provider_is_not_sent_to_another_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-user-123456")
    with serving(lambda number, body: Answer(said("A"))) as server:
        assert verdicts(judge(server, api_key_env=None))[0].outcome is Outcome.FIRST
        assert "sk-of-the-user" not in str(server.asked[0])


def test_the_openai_compatible_judge_sends_no_key_to_the_address_it_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("OPENAI_API_KEY", "LITELLM_API_KEY", "OPENAI_COMPATIBLE_API_KEY"):
        monkeypatch.setenv(name, "sk-of-the-user-123456")
    with serving(lambda number, body: Answer(said("B"))) as server:
        made = composed("openai_compatible", model="openai/x", api_base=server.url)
        assert verdicts(made)[0].outcome is Outcome.SECOND
        assert "sk-of-the-user" not in str(server.asked[0])
        assert server.asked[0].headers["Authorization"] == "Bearer none"


def test_a_variables_name_in_capitals_is_no_key() -> None:
    for name in ("XAI_API_KEY", "HF_API_TOKEN", "KEY_OF_THE_SERVER"):
        assert not looks_secret(f"api_key_env={name}")
    assert looks_secret("api_key_env=xai-abcdefghij")


def test_whether_a_text_looks_like_a_key_is_told_without_loading_litellm() -> None:
    program = "import sys; from judgeaudit.judges.api_errors import looks_secret; sys.exit('litellm' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_errors_are_short_single_lines_without_anything_like_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_SERVICE_TOKEN", "plainlookingvalue")
    text = redacted(
        "x\n\x1b[31m api_key=abc123 'x-api-key': 'qwe456' Bearer tok.en AIzaSyA1234567890 plainlookingvalue "
        + "y" * 900
    )
    assert len(text) == MAX_ERROR_CHARS
    assert text.isprintable()
    for secret in ("abc123", "qwe456", "tok.en", "AIza", "plainlooking"):
        assert secret not in text


@pytest.mark.parametrize("what", ["identity", "writer_identity"])
def test_another_way_to_read_replies_changes_what_was_asked(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest(getattr(judge("http://127.0.0.1:9"), what)())
    monkeypatch.setattr("judgeaudit.judges.api.READOUT_VERSION", READOUT_VERSION + 1)
    assert digest(getattr(judge("http://127.0.0.1:9"), what)()) != before


def test_the_identity_holds_no_key_and_no_setting_that_changes_no_verdict() -> None:
    one = judge("http://127.0.0.1:9/v1")
    assert KEY not in str(one.identity())
    assert "JUDGE_UNDER_TEST" not in str(one.identity())
    other = judge("http://127.0.0.1:9/v1", name="n", description="d", max_concurrency=1, timeout_s=1, max_attempts=1,
                  api_key_env=None)  # fmt: skip
    assert digest(other.identity()) == digest(one.identity())


@pytest.mark.parametrize(
    "changed",
    [
        {"model": "openai/model-2"}, {"api_base": "http://127.0.0.1:8/v1"}, {"temperature": 1.0}, {"temperature": None},
        {"top_p": 0.5}, {"max_tokens": 17}, {"seed": 1}, {"readout": "logits"},
        {"readout": "logits", "top_logprobs": 5},
        {"extra": {"reasoning_effort": "low"}}, {"prompt": REASONING},
    ],
    ids=str,
)  # fmt: skip
def test_every_setting_that_could_change_a_verdict_changes_its_key(changed: dict[str, Any]) -> None:
    keys = {
        judge("http://127.0.0.1:9/v1", **fields).key(request())
        for fields in ({}, changed, {"readout": "logits"})
    }
    assert len(keys) == (2 if changed == {"readout": "logits"} else 3)


# --- many at a time


def test_requests_under_way_never_exceed_the_bound_even_over_several_calls() -> None:
    async def twice(one: ApiJudge) -> int:
        async def drain() -> int:
            return len([index async for index, _ in one.verdicts([request(number) for number in range(10)])])

        return sum(await asyncio.gather(drain(), drain()))

    with serving(lambda number, body: Answer(said("A"), delay_s=0.05)) as server:
        assert asyncio.run(twice(judge(server, max_concurrency=3))) == 20
        assert server.most_at_once == 3


def test_verdicts_arrive_as_they_come_and_a_failure_loses_no_other() -> None:
    def answer(number: int, body: dict[str, Any]) -> Answer:
        text = str(body["messages"])
        if "left 0" in text:
            return Answer(said("A"), delay_s=0.5)
        return failed(400, "no") if "left 3" in text else Answer(said("B"))

    async def order(one: ApiJudge) -> list[tuple[int, Outcome]]:
        asked = [request(number) for number in range(6)]
        return [(index, verdict.outcome) async for index, verdict in one.verdicts(asked)]

    with serving(answer) as server:
        found = asyncio.run(order(judge(server)))
    assert found[-1] == (0, Outcome.FIRST)
    assert dict(found)[3] is Outcome.ERROR
    assert [outcome for _, outcome in found].count(Outcome.SECOND) == 4


def own_tasks() -> list[asyncio.Task[Any]]:
    return [task for task in asyncio.all_tasks() if "Exchange" in repr(task.get_coro())]


@pytest.mark.parametrize("how", ["leaves", "is cancelled"])
def test_a_caller_that_goes_leaves_no_request_under_way(how: str) -> None:
    async def scenario(one: ApiJudge) -> None:
        stream = one.verdicts([request(number) for number in range(30)])

        async def consume() -> None:
            async for _ in stream:
                assert own_tasks()
                if how == "leaves":
                    break
            await stream.aclose()

        consumer = asyncio.create_task(consume())
        if how == "is cancelled":
            await asyncio.sleep(0.3)
            consumer.cancel()
        await asyncio.gather(consumer, return_exceptions=True)
        assert own_tasks() == []

    delay_s = 0.05 if how == "leaves" else 5.0
    with serving(lambda number, body: Answer(said("A"), delay_s=delay_s if number < 20 else 0)) as server:
        asyncio.run(scenario(judge(server, max_concurrency=4)))
        assert len(server.asked) <= 12


def test_no_requests_need_no_key_and_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JUDGE_UNDER_TEST")
    assert verdicts(judge("http://127.0.0.1:9"), 0) == []


# --- costs


def test_a_cost_comes_from_the_given_price_else_from_the_list_else_is_unknown() -> None:
    answer = Answer(said("A"))
    priced = verdict_of(answer, price_per_million_input_usd=10.0, price_per_million_output_usd=1000.0)
    assert priced.cost_usd == pytest.approx(200 * 10e-6 + 3 * 1e-3)
    listed = verdict_of(answer, model="openai/gpt-4o-mini-2024-07-18")
    assert listed.cost_usd == pytest.approx(200 * 0.15e-6 + 3 * 0.6e-6)
    assert verdict_of(answer).cost_usd is None


# --- writing


def written(answer: Answer, **changed: Any) -> Completion:
    async def gather(one: ApiJudge) -> list[Completion]:
        prompt = (Message(role="user", content="Say it at greater length."),)
        return [completion async for _, completion in one.completions([prompt])]

    with serving(lambda number, body: answer) as server:
        (completion,) = asyncio.run(gather(judge(server, **changed)))
        assert server.asked[0].body["max_tokens"] == changed.get("writer_max_tokens", 1024)
        assert server.asked[0].body["messages"] == [{"role": "user", "content": "Say it at greater length."}]
    return completion


def test_a_judge_can_write() -> None:
    completion = written(Answer(said("A longer text.")), writer_max_tokens=50, readout="logits")
    assert (completion.text, completion.error, completion.completion_tokens) == ("A longer text.", None, 3)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(said("Half a te", "length")),
        Answer(said(" ")),
        Answer(said("x", "content_filter")),
        failed(400, "no"),
    ],
    ids=["cut off", "empty", "filtered", "error"],
)
def test_a_text_that_is_not_whole_is_no_text(answer: Answer) -> None:
    completion = written(answer)
    assert completion.text is None
    assert completion.error


def test_what_a_writer_writes_depends_on_its_model_and_sampling_and_not_on_the_judges_prompt() -> None:
    one = judge("http://127.0.0.1:9")
    assert judge("http://127.0.0.1:9", prompt=REASONING).writer_identity() == one.writer_identity()
    assert judge("http://127.0.0.1:9", temperature=1.0).writer_identity() != one.writer_identity()
    assert judge("http://127.0.0.1:9", writer_max_tokens=5).writer_identity() != one.writer_identity()


# --- settings


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"readout": "guess"}, "readout"),
        ({"readout": "logits", "prompt": REASONING}, "reason first"),
        ({"top_logprobs": 21}, "top_logprobs"),
        ({"temperature": -1.0}, "temperature"),
        ({"max_concurrency": 0}, "max_concurrency"),
        ({"max_attempts": 0}, "max_attempts"),
        ({"timeout_s": 0}, "timeout_s"),
        ({"max_tokens": -5}, "max_tokens"),
        ({"price_per_million_input_usd": 1.0}, "both"),
        ({"extra": {"messages": []}}, "settings of the judge"),
        ({"extra": {"api_key": "x"}}, "settings of the judge"),
        ({"extra": {"extra_headers": {"Authorization": "x"}}}, "key"),
        ({"extra": {"note": "Bearer abcdef"}}, "key"),
        ({"extra": {"note": KEY}}, None),
        ({"model": "openai/sk-abcdefghij"}, "model"),
        ({"api_base": "https://user:word@host/v1"}, "api_base"),
        ({"api_base": "https://host/v1?token=plain"}, "api_base"),
        ({"api_base": "https://host/v1?key=plain"}, "api_base"),
        ({"api_base": "https://host/v1?sig=plain"}, "api_base"),
        ({"api_base": "https://host/v1#plain"}, "api_base"),
        ({"api_base": "user:word@host/v1"}, "api_base"),
        ({"api_key_env": "sk-abcdefghij"}, "api_key_env"),
        ({"api_key_env": "sk_abcdefghij"}, "api_key_env"),
        ({"api_key_env": "two words"}, "api_key_env"),
        ({"api_key_env": "MY_KEY\n"}, "api_key_env"),
        ({"api_key_env": ""}, "api_key_env"),
    ],
    ids=str,
)
def test_settings_that_do_not_fit_are_refused_when_the_judge_is_made(
    changed: dict[str, Any], complaint: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if complaint is None:  # a key is known by its value too, where its variable is named like one
        monkeypatch.setenv("ANY_API_KEY", KEY)
        complaint = "key"
    with pytest.raises(ConfigurationError, match=complaint):
        judge("http://127.0.0.1:9", **changed)


@pytest.mark.parametrize(
    "option",
    ["X-Proxy-Auth", "authorization", "X-Api-Key", "apikey", "my_key", "X-Auth-Token", "azure_ad_token", "accessToken",
     "client_secret", "Cookie", "vertex_credentials", "bearer", "X-Signature", "sig", "db_password", "XAuthToken"],
)  # fmt: skip
@pytest.mark.parametrize("place", ["at the top", "in headers", "in a list"])
def test_an_option_named_like_what_lets_in_is_refused_and_its_value_not_repeated(
    option: str, place: str
) -> None:
    given = {option: "plain-word"}
    extra = {
        "at the top": given,
        "in headers": {"extra_headers": given},
        "in a list": {"extra_body": {"x": [given]}},
    }
    with pytest.raises(ConfigurationError, match=option) as caught:
        judge("http://127.0.0.1:9", extra=extra[place])
    assert "plain-word" not in str(caught.value)


@pytest.mark.parametrize(
    "header",
    [{"X-Org": "Basic dXNlcjp3b3Jk"}, {"X-Org": "Bearer abc"}, {"X-Org": "0123456789abcdef0123456789abcdef"},
     {"X-Token": 123456}, {"X-Stop-Token": 1.5}, {"X-Via": "http://user:word@proxy"}, {"X-Via": "http://proxy?sig=x"},
     {"sk-abcdefghij": "some word"}],
    ids=str,
)  # fmt: skip
def test_a_header_that_looks_like_a_key_is_refused_and_not_repeated(header: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="extra_headers") as caught:
        judge("http://127.0.0.1:9", extra={"extra_headers": header})
    assert str(next(iter(header.values()))) not in str(caught.value)
    assert "sk-abcdefghij" not in str(caught.value)


def test_the_value_that_a_variables_name_was_mistaken_for_is_not_repeated() -> None:
    for found in ("sk-abcdefghij", "two words of a key"):
        with pytest.raises(ConfigurationError) as caught:
            judge("http://127.0.0.1:9", api_key_env=found)
        assert found not in str(caught.value)


@pytest.mark.parametrize(
    "extra",
    [
        {"reasoning_effort": "low"},
        {"thinking": {"type": "enabled", "budget_tokens": 1024}},
        {"logit_bias": {"32": 5, "token": -1}},
        {"extra_body": {"stop_token_ids": [1, 2], "skip_special_tokens": True, "top_k": 1, "min_tokens": 1}},
        {"extra_body": {"eos_token": "</s>", "stop_tokens": ["END"]}},
        {"prompt_cache_key": "audit", "keep_alive": "5m", "author": "me"},
        {
            "extra_headers": {
                "anthropic-beta": "prompt-caching-2024-07-31",
                "HTTP-Referer": "https://example.org",
            }
        },
    ],
    ids=str,
)
def test_harmless_options_are_passed_on(extra: dict[str, Any]) -> None:
    assert judge("http://127.0.0.1:9", extra=extra).identity()["extra"] == extra


API_ENTRIES = [
    entry
    for entry in catalog.entries("judge")
    if "judgeaudit.judges.api.ApiJudge" in entry.path.read_text("utf-8")
]


@pytest.mark.parametrize("entry", API_ENTRIES, ids=lambda entry: entry.name)
def test_every_api_judge_of_the_catalogue_can_be_made(entry: catalog.Entry) -> None:
    assert entry.path.read_text("utf-8").startswith(f"# @package judges.{entry.name}\n")
    assert entry.description
    assert "." not in entry.name
    given = (
        {"model": "openai/x", "api_base": "http://127.0.0.1:9"} if entry.name == "openai_compatible" else {}
    )
    made = composed(entry.name, **given)
    assert made.name == entry.name
    assert made.prompt.name == "safety_pairwise_tie"
    assert made.identity()["model"].count("/") == 1


def test_the_studys_api_judges_are_in_the_catalogue() -> None:
    names = {entry.name for entry in API_ENTRIES}
    assert names >= {
        "gpt-4-turbo", "gpt-4o", "gpt-4o-mini", "claude-3-sonnet", "claude-3-haiku", "command-r-plus", "command-r",
        "mistral-large", "mixtral-8x7b", "openai_compatible",
    }  # fmt: skip


SILENT = """
import asyncio, socket, sys
reached = []
real = socket.socket.connect
def connect(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith("127."):
        reached.append(address)
    return real(self, address)
look_up = socket.getaddrinfo
def getaddrinfo(host, *rest, **more):
    if str(host) != "127.0.0.1":
        reached.append(host)
    return look_up(host, *rest, **more)
socket.socket.connect, socket.getaddrinfo = connect, getaddrinfo
from tests.openai_server import Answer, failed, said, serving
from tests.test_api_judge import judge, request
async def judged(one):
    return [verdict.outcome.value async for _, verdict in one.verdicts([request(0), request(1)])]
with serving(lambda number, body: Answer(said("A")) if number else failed(400, "text under audit")) as server:
    outcomes = asyncio.run(judged(judge(server, api_key_env=None)))
assert sorted(outcomes) == ["error", "first"], outcomes
assert reached == [], reached
"""


def test_litellm_neither_prints_nor_reaches_beyond_the_endpoint() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SILENT], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
