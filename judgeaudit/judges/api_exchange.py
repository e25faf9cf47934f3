"""How is a chat request sent to a provider, and sent again where that helps? Through litellm, many at a time.

Every request ends in one ``Reply``, be it a failure; only a failure that every further request would meet
(no valid key, no such model) ends the whole with a ``JudgeError``, after the requests under way have come back.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from judgeaudit.errors import JudgeError
from judgeaudit.judges.api_errors import Failure, FailureKind, RequestError, advice, failure_of
from judgeaudit.judges.api_logprobs import TokenChoice
from judgeaudit.judges.base import Message

JITTER = random.SystemRandom()
"""Waits are spread with the system's randomness: no seed, and no draw from anybody's seeded generator."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one request. ``failure`` is None where the provider answered; ``latency_s`` is its answer's."""

    text: str = ""
    finish: str | None = None
    refusal: str | None = None
    failure: Failure | None = None
    positions: tuple[TokenChoice, ...] = ()
    model: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost_usd: float | None = None
    latency_s: float | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How hard a provider is pressed: requests at a time, seconds, attempts."""

    max_concurrency: int = 8
    timeout_s: float = 60.0
    max_attempts: int = 6
    retry_initial_s: float = 1.0
    retry_max_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens."""

    input_usd: float
    output_usd: float


class Exchange:
    """A provider's chat endpoint as one judge uses it."""

    def __init__(
        self,
        model: str,
        api_base: str | None,
        api_key_env: str | None,
        pace: Pace,
        price: Price | None,
    ) -> None:
        self.model = model
        self.api_base = api_base
        self.api_key_env = api_key_env
        self.pace = pace
        self.price = price
        self._gates: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
        self._quiet_until = 0.0

    async def replies(
        self, prompts: Sequence[Sequence[Message]], parameters: Mapping[str, Any]
    ) -> AsyncGenerator[tuple[int, Reply], None]:
        """Send every prompt and yield ``(index, reply)`` as replies arrive, each index once.

        Leaving early, or being cancelled, cancels the requests under way and waits for their end.

        Raises:
            JudgeError: no request can succeed; the replies that came before have been yielded.
        """
        if not prompts:
            return
        key = self._key()
        await asyncio.to_thread(quiet_litellm)  # its first import takes seconds, which other judges can use
        waiting = iter(enumerate(prompts))
        done: asyncio.Queue[tuple[int, Reply] | None] = asyncio.Queue()
        fatal: list[Failure] = []
        gate = self._gates.setdefault(
            asyncio.get_running_loop(), asyncio.Semaphore(self.pace.max_concurrency)
        )

        async def work() -> None:
            try:
                for index, messages in waiting:
                    async with gate:
                        if fatal:
                            return
                        reply = await self._ask(messages, parameters, key)
                    if reply.failure is not None and reply.failure.kind.is_fatal:
                        fatal.append(reply.failure)
                        return
                    done.put_nowait((index, reply))
            finally:
                done.put_nowait(None)

        workers = [asyncio.create_task(work()) for _ in range(min(self.pace.max_concurrency, len(prompts)))]
        try:
            running = len(workers)
            while running:
                item = await done.get()
                if item is None:
                    running -= 1
                else:
                    yield item
            for worker in workers:
                worker.result()
            if fatal:
                raise JudgeError(self._explained(fatal[0]))
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def _ask(
        self, messages: Sequence[Message], parameters: Mapping[str, Any], key: str | None
    ) -> Reply:
        """One request, repeated while its failure may pass."""
        if not all(_can_be_sent(message["content"]) for message in messages):
            return Reply(
                failure=Failure(FailureKind.ERROR, "the texts hold half a character (a lone surrogate)")
            )
        attempts = AsyncRetrying(
            stop=stop_after_attempt(self.pace.max_attempts),
            wait=self._wait_s,
            retry=retry_if_exception(_may_pass),
            reraise=True,
        )
        try:
            async for attempt in attempts:
                with attempt:
                    await asyncio.sleep(max(0.0, self._quiet_until - time.monotonic()))
                    reply = await self._attempt(messages, parameters, key)
        except RequestError as stopped:
            failure = stopped.failure
            if failure.kind is FailureKind.RETRY:
                failure = replace(failure, error=f"{failure.error} ({self.pace.max_attempts} attempts)")
            return Reply(failure=failure)
        return reply

    async def _attempt(
        self, messages: Sequence[Message], parameters: Mapping[str, Any], key: str | None
    ) -> Reply:
        litellm = quiet_litellm()
        started = time.monotonic()
        try:
            async with asyncio.timeout(self.pace.timeout_s):
                response = await litellm.acompletion(
                    model=self.model,
                    messages=[dict(message) for message in messages],
                    api_base=self.api_base,
                    api_key=key,
                    timeout=self.pace.timeout_s,
                    num_retries=0,
                    max_retries=0,
                    **parameters,
                )
            reply = _read(response)
        except TimeoutError:
            late = TimeoutError(f"no reply within {self.pace.timeout_s:g} s")
            raise RequestError(failure_of(late)) from None
        except Exception as error:  # noqa: BLE001 - the boundary where any failure of a request becomes data
            raise RequestError(failure_of(error, key)) from None
        return replace(reply, cost_usd=self._cost_usd(response, reply), latency_s=time.monotonic() - started)

    def _wait_s(self, state: RetryCallState) -> float:
        """Seconds until the next attempt: what the provider asks for, else doubling with jitter, both capped.

        A throttled request holds back the judge's other requests for as long: they would be throttled too.
        """
        pace = self.pace
        error = state.outcome.exception() if state.outcome is not None else None
        failure = error.failure if isinstance(error, RequestError) else None
        if failure is not None and failure.retry_after_s is not None:
            wait = min(failure.retry_after_s, pace.retry_max_s)
        else:
            doubled = pace.retry_initial_s * 2.0 ** min(state.attempt_number - 1, 30)
            wait = min(doubled, pace.retry_max_s) * JITTER.uniform(0.5, 1.0)
        if failure is not None and failure.status == 429:
            self._quiet_until = max(self._quiet_until, time.monotonic() + wait)
        return wait

    def _key(self) -> str | None:
        """The key to send; None leaves the look-up to litellm.

        Raises:
            JudgeError: the variable named in the configuration is not set.
        """
        if self.api_key_env is None:
            # litellm would send the provider's own key (OPENAI_API_KEY) to whichever address is configured.
            return None if self.api_base is None else "none"
        key = os.environ.get(self.api_key_env, "").strip()
        if not key:
            raise JudgeError(
                f"The environment variable {self.api_key_env} is not set. Set it to the key for "
                f"{self.api_base or self.model}; for a server that asks for none, set api_key_env: null."
            )
        return key

    def _explained(self, failure: Failure) -> str:
        help_ = advice(failure.kind, self.api_key_env, has_own_address=self.api_base is not None)
        return f"{self.model} cannot be used. {help_} What was reported: {failure.error}"

    def _cost_usd(self, response: Any, reply: Reply) -> float | None:
        """The request's cost by the configured price, else by litellm's list; None where neither knows it."""
        if self.price is not None:
            if reply.prompt_tokens is None or reply.completion_tokens is None:
                return None
            tokens_usd = (
                reply.prompt_tokens * self.price.input_usd + reply.completion_tokens * self.price.output_usd
            )
            return tokens_usd / 1e6
        try:
            return float(quiet_litellm().completion_cost(completion_response=response, model=self.model))
        except Exception:  # noqa: BLE001 - litellm raises bare exceptions for models without a listed price
            return None


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, RequestError) and error.failure.kind is FailureKind.RETRY


def _can_be_sent(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _read(response: Any) -> Reply:
    """The parts of a litellm response that matter here.

    Raises:
        ConnectionError: the response is not in the form of one, as from a failing proxy.
    """
    choices = getattr(response, "choices", None)
    if not choices or getattr(choices[0], "message", None) is None:
        raise ConnectionError("the provider's reply holds no choices")
    choice, usage = choices[0], getattr(response, "usage", None)
    message = choice.message
    fields = getattr(message, "provider_specific_fields", None) or {}
    return Reply(
        text=_whole(message.content) if isinstance(message.content, str) else "",
        finish=getattr(choice, "finish_reason", None),
        refusal=getattr(message, "refusal", None) or fields.get("refusal"),
        positions=tuple(_positions(choice)),
        model=getattr(response, "model", None),
        prompt_tokens=getattr(usage, "prompt_tokens", None),
        completion_tokens=getattr(usage, "completion_tokens", None),
    )


def _whole(text: str) -> str:
    """A text with lone surrogates, which no file can hold, replaced by U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _positions(choice: Any) -> list[TokenChoice]:
    content = getattr(getattr(choice, "logprobs", None), "content", None) or []
    return [
        TokenChoice(
            token=str(position.token),
            alternatives=tuple(
                (str(other.token), float(other.logprob)) for other in position.top_logprobs or []
            ),
        )
        for position in content
    ]


def quiet_litellm() -> Any:
    """litellm, imported on first use so that it neither goes to the network by itself nor prints."""
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    asked_for_logs = "LITELLM_LOG" in os.environ
    os.environ.setdefault("LITELLM_LOG", "ERROR")
    import litellm

    if not litellm.suppress_debug_info:
        litellm.suppress_debug_info = True
        litellm.telemetry = False
        litellm.disable_aiohttp_transport = True
        if not asked_for_logs:
            # Failures are verdicts here; litellm's own log of them would show texts under audit.
            for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
                logging.getLogger(name).setLevel(logging.CRITICAL)
    return litellm
