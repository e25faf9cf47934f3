"""How does a model behind an API judge? It is shown the prompt as chat messages, and its reply is parsed or weighed.

``readout: generate`` parses the reply's text. ``readout: logits`` reads the probabilities of the label tokens
where the label is first generated, as the provider reports them (at most its 20 likeliest tokens).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Literal

from judgeaudit.errors import ConfigurationError
from judgeaudit.judges.api_errors import FailureKind
from judgeaudit.judges.api_exchange import Exchange, Pace, Price, Reply
from judgeaudit.judges.api_logprobs import MIN_LABEL_MASS, label_probabilities, likeliest
from judgeaudit.judges.api_secrets import refuse_secrets
from judgeaudit.judges.base import Completion, Json, Judge, Message, Request, Writer, message_json
from judgeaudit.prompting import Template
from judgeaudit.records import Outcome, Verdict

READOUT_VERSION = 1
"""Raised whenever the same reply could give another verdict (label probabilities, cut-offs, refusals) or text."""

VERDICT_TOKENS = 16
REASONED_VERDICT_TOKENS = 1024
MAX_TOP_LOGPROBS = 20
_RESERVED = frozenset({
    "model", "messages", "api_base", "base_url", "api_key", "timeout", "num_retries", "max_retries", "temperature",
    "top_p", "max_tokens", "max_completion_tokens", "seed", "logprobs", "top_logprobs", "stream", "n", "mock_response",
})  # fmt: skip


class ApiJudge(Judge, Writer):
    """A chat model behind an API, reached through litellm.

    Args:
        name: what reports call the judge.
        model: litellm's name for the model, such as ``openai/gpt-4o-2024-05-13``.
        prompt: the template that shows a comparison and reads the reply.
        temperature: sampling temperature; None leaves it to the provider, for models that take none.
        top_p: nucleus sampling; None leaves it to the provider.
        max_tokens: the most tokens a verdict may take; by default 16, or 1024 where the judge reasons first.
            Models that think before they answer count those tokens too.
        seed: the provider's sampling seed, where it takes one.
        readout: ``generate`` parses the text, ``logits`` weighs the label tokens.
        top_logprobs: how many likeliest tokens to ask for with ``logits``, 1 to 20.
        api_base: the endpoint, where it is not the provider's own.
        api_key_env: the NAME of the environment variable with the key. None leaves the look-up to litellm, or
            sends no key of the user's where ``api_base`` is set.
        extra: further options of the provider, passed on as they are (``reasoning_effort: low``).
        max_concurrency: requests under way at a time.
        timeout_s: the longest that one attempt may take.
        max_attempts, retry_initial_s, retry_max_s: attempts for one request and the waits between them.
        price_per_million_input_usd, price_per_million_output_usd: a price that litellm's list lacks; both or none.
        writer_max_tokens: the most tokens a rewriting may take.

    Raises:
        ConfigurationError: a setting is out of range, does not fit another, or holds what looks like a key.
    """

    stochastic = True

    def __init__(
        self,
        name: str,
        model: str,
        prompt: Template,
        description: str = "",
        temperature: float | None = 0.0,
        top_p: float | None = None,
        max_tokens: int | None = None,
        seed: int | None = None,
        readout: Literal["generate", "logits"] = "generate",
        top_logprobs: int = MAX_TOP_LOGPROBS,
        api_base: str | None = None,
        api_key_env: str | None = None,
        extra: Mapping[str, Json] | None = None,
        max_concurrency: int = 8,
        timeout_s: float = 60.0,
        max_attempts: int = 6,
        retry_initial_s: float = 1.0,
        retry_max_s: float = 60.0,
        price_per_million_input_usd: float | None = None,
        price_per_million_output_usd: float | None = None,
        writer_max_tokens: int = 1024,
    ) -> None:
        self.name = name
        self.description = description
        self.prompt = prompt
        self.readout = readout
        self.temperature = temperature
        self._model = model
        self._api_base = api_base
        self._extra = _plain(extra or {})
        self._top_logprobs = top_logprobs
        self._sampling = {"temperature": temperature, "top_p": top_p, "seed": seed}
        self._max_tokens = max_tokens or (REASONED_VERDICT_TOKENS if prompt.reason_first else VERDICT_TOKENS)
        self._writer_max_tokens = writer_max_tokens
        prices = (price_per_million_input_usd, price_per_million_output_usd)
        self._check(prices, {"max_concurrency": max_concurrency, "timeout_s": timeout_s,
                             "max_attempts": max_attempts, "writer_max_tokens": writer_max_tokens,
                             "max_tokens": self._max_tokens})  # fmt: skip
        price = Price(prices[0], prices[1]) if prices[0] is not None and prices[1] is not None else None
        refuse_secrets(f"judge {name}", model, api_base, api_key_env, self._extra)
        pace = Pace(max_concurrency, timeout_s, max_attempts, retry_initial_s, retry_max_s)
        self._exchange = Exchange(model, api_base, api_key_env, pace, price)

    def _check(self, prices: Sequence[float | None], positive: Mapping[str, float]) -> None:
        where = f"judge {self.name}"
        if self.readout not in ("generate", "logits"):
            raise ConfigurationError(f"{where}: readout is {self.readout!r}, expected generate or logits.")
        if self.readout == "logits" and self.prompt.reason_first:
            raise ConfigurationError(
                f"{where}: readout logits reads the first token, but the prompt {self.prompt.name} has the judge "
                "reason first. Take readout: generate, or a prompt that asks for the label alone."
            )
        if not 1 <= self._top_logprobs <= MAX_TOP_LOGPROBS:
            raise ConfigurationError(
                f"{where}: top_logprobs is {self._top_logprobs}, expected 1 to {MAX_TOP_LOGPROBS}."
            )
        if self.temperature is not None and not self.temperature >= 0:
            raise ConfigurationError(
                f"{where}: temperature is {self.temperature}, expected 0 or more, or null."
            )
        for field, value in positive.items():
            if not value > 0:
                raise ConfigurationError(f"{where}: {field} is {value}, expected more than 0.")
        if (prices[0] is None) != (prices[1] is None):
            raise ConfigurationError(
                f"{where}: give both price_per_million_input_usd and price_per_million_output_usd, or neither."
            )
        if taken := sorted(_RESERVED & set(self._extra)):
            raise ConfigurationError(f"{where}: extra holds {taken}, which are settings of the judge itself.")

    @property
    def exchange(self) -> Exchange:
        """How the model is reached: its name, the pace, and the configured price."""
        return self._exchange

    def identity(self) -> Mapping[str, Json]:
        return {
            **self._asked(self._max_tokens),
            "readout": self.readout,
            "top_logprobs": self._top_logprobs if self.readout == "logits" else None,
            "min_label_mass": MIN_LABEL_MASS if self.readout == "logits" else None,
            "template": self.prompt.identity(),
        }

    def writer_identity(self) -> Mapping[str, Json]:
        return self._asked(self._writer_max_tokens)

    def _asked(self, max_tokens: int) -> dict[str, Json]:
        """What a verdict and a written text depend on alike."""
        return {
            "backend": "api",
            "readout_version": READOUT_VERSION,
            "model": self._model,
            "api_base": self._api_base,
            "sampling": dict(self._sampling),
            "max_tokens": max_tokens,
            "extra": self._extra,
        }

    def material(self, request: Request) -> Json:
        return message_json(self._messages(request))

    def _messages(self, request: Request) -> tuple[Message, ...]:
        return self.prompt.messages(request.pair.turns, request.first, request.second)

    async def verdicts(self, requests: Sequence[Request]) -> AsyncIterator[tuple[int, Verdict]]:
        parameters = self._parameters(self._max_tokens)
        if self.readout == "logits":
            parameters |= {"logprobs": True, "top_logprobs": self._top_logprobs}
        replies = self._exchange.replies([self._messages(request) for request in requests], parameters)
        async with aclosing(replies):
            async for index, reply in replies:
                yield index, self._verdict(reply)

    async def completions(
        self, prompts: Sequence[Sequence[Message]]
    ) -> AsyncIterator[tuple[int, Completion]]:
        replies = self._exchange.replies(prompts, self._parameters(self._writer_max_tokens))
        async with aclosing(replies):
            async for index, reply in replies:
                yield index, self._completion(reply)

    def _parameters(self, max_tokens: int) -> dict[str, Any]:
        given = {name: value for name, value in self._sampling.items() if value is not None}
        return {**self._extra, **given, "max_tokens": max_tokens}

    def _verdict(self, reply: Reply) -> Verdict:
        """The verdict that a reply gives; a failure stays the failure that it is."""
        raw: str | None = reply.text
        error: str | None = None
        weights: dict[Outcome, float] | None = None
        if reply.failure is not None:
            refused = reply.failure.kind is FailureKind.REFUSED
            outcome, raw, error = Outcome.REFUSED if refused else Outcome.ERROR, None, reply.failure.error
        elif reply.refusal is not None:
            outcome, raw = Outcome.REFUSED, reply.refusal
        elif reply.finish == "content_filter":
            outcome, error = Outcome.REFUSED, "the provider's content filter stopped the reply"
        else:
            outcome = self.prompt.parse(reply.text)
            cut_off = reply.finish == "length"
            if cut_off and self.prompt.reason_first:
                outcome = Outcome.UNPARSED  # what stands before the cut is reasoning, whatever it looks like
            if self.readout == "logits":
                weights = label_probabilities(
                    reply.positions, self.prompt.label_texts(), outcome, self.temperature
                )
            if weights is not None:
                outcome = likeliest(weights, outcome)
            if cut_off and outcome is Outcome.UNPARSED:
                error = f"the reply was cut off after {self._max_tokens} tokens (max_tokens)"
        return Verdict(
            outcome=outcome,
            p_first=None if weights is None else weights[Outcome.FIRST],
            p_second=None if weights is None else weights[Outcome.SECOND],
            p_tie=None if weights is None else weights[Outcome.TIE],
            raw=raw,
            error=error,
            model=reply.model,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            cost_usd=reply.cost_usd,
            latency_s=reply.latency_s,
        )

    def _completion(self, reply: Reply) -> Completion:
        """A written text; a refused, empty or cut-off one is a failure, as half a rewriting is none."""
        error: str | None = None
        if reply.failure is not None:
            error = reply.failure.error
        elif reply.refusal is not None or reply.finish == "content_filter":
            error = "the provider or the model refused to write this"
        elif reply.finish == "length":
            error = f"the text was cut off after {self._writer_max_tokens} tokens (writer_max_tokens)"
        elif not reply.text.strip():
            error = "the model wrote nothing"
        return Completion(
            text=reply.text if error is None else None,
            error=error,
            model=reply.model,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            cost_usd=reply.cost_usd,
            latency_s=reply.latency_s,
        )


def _plain(value: Any) -> Any:
    """A configuration's mapping or list as plain Python."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(inner) for inner in value]
    return value
