"""Which of two texts does a model in this process prefer? A judge over any causal model that transformers loads.

``readout=logits`` reads the probabilities of the template's labels at the answer's first token: one forward
pass a verdict, no parsing, noise known exactly. The labels' probabilities at temperature T are
``sum over the label's tokens of exp(z / T)``, divided by their sum over the labels; at temperature 0 all of it
is on the label of the likeliest token, shared where several are exactly as likely. The labels' joint share of
the whole vocabulary at temperature 1 is kept in ``raw`` as ``label_mass``: where it is small, the model would
rather have said something else, and ``top`` says what.

``readout=generate`` lets the model write and parses its reply.
"""

from __future__ import annotations

import asyncio
import datetime
import functools
import importlib.util
import json
import math
import threading
import time
from array import array
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from judgeaudit.errors import ConfigurationError, JudgeError
from judgeaudit.judges.base import Completion, Json, Judge, Message, Request, Writer, digest
from judgeaudit.judges.local_model import (
    Device,
    LabelScores,
    LocalModel,
    Sampling,
    Source,
    TokenBudget,
    find_source,
    release_memory,
    resolve_device,
    resolve_dtype,
)
from judgeaudit.judges.local_tokens import ChatTokenizer, LabelTokens, Unrenderable
from judgeaudit.prompting import Template
from judgeaudit.records import Outcome, Verdict

Answer = TypeVar("Answer", Verdict, Completion)

READOUT_VERSION = 1
"""Raised with every change of how logits or replies become verdicts."""

NEW_TOKENS, NEW_TOKENS_REASON_FIRST = 16, 512
"""Tokens a reply may take: a label with a word or two around it, or a paragraph of reasons before it."""

TEMPLATE_DATE = "2025-01-01"
"""Today's date as chat templates are told it; fixed, because verdicts must not change overnight."""


ENCODED_AT_ONCE = 1024
"""Conversations rendered and tokenized in one go: enough for all cores, few enough to hold their Python lists."""


class LocalJudge(Judge, Writer):
    """A judge, and a writer, over a causal language model from the Hugging Face hub or a folder.

    Args:
        name: what reports call the judge.
        model: hub id, or the path of a folder written by ``save_pretrained``.
        prompt: the judge's prompt template.
        description: one line about the judge.
        revision: branch, tag or commit on the hub, None for the newest; for a folder the ``sha256:...`` that it must
            have. The commit or hash found is part of the identity.
        readout: ``logits`` or ``generate``.
        temperature: of the label probabilities (logits) or of sampling (generate).
        max_new_tokens: longest reply; None for 16, or 512 where the template asks for reasons first.
        top_p: smallest probability mass that sampling draws from; None for all of it.
        seed: with the request and the replicate it decides what sampling draws.
        device: ``auto`` takes a CUDA device where there is one.
        dtype: ``auto`` is float32 on a CPU and bfloat16 (else float16) on a GPU.
        max_batch_tokens: most padded tokens in one batch; halved when memory runs out, then grown back.
        attn_implementation: as transformers takes it; None for its default.
        trust_remote_code: run the Python code that the model's repository brings.
        chat_template: a Jinja template, or the path of a ``.jinja`` file, instead of the model's own.
        chat_template_options: variables the chat template reads, such as ``enable_thinking: false``.
        template_date: today's date (YYYY-MM-DD) as the chat template is told it.
        max_length: longest prompt and reply in tokens; None for the model's context. A longer prompt is an error
            verdict and never cut.
        answer_prefix: text put at the start of the model's turn, as ``"Verdict: "``.
        writer_max_new_tokens: longest text the model writes as a rewriter.
        writer_temperature: of that writing.

    Raises:
        ConfigurationError: a setting is out of its range, or the readout does not fit the template.
    """

    in_process = True

    def __init__(
        self,
        *,
        name: str,
        model: str,
        prompt: Template,
        description: str = "",
        revision: str | None = None,
        readout: Literal["logits", "generate"] = "logits",
        temperature: float = 1.0,
        max_new_tokens: int | None = None,
        top_p: float | None = None,
        seed: int = 0,
        device: Literal["auto", "cpu", "cuda"] = "auto",
        dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto",
        max_batch_tokens: int = 16384,
        attn_implementation: str | None = None,
        trust_remote_code: bool = False,
        chat_template: str | None = None,
        chat_template_options: Mapping[str, Json] | None = None,
        template_date: str = TEMPLATE_DATE,
        max_length: int | None = None,
        answer_prefix: str = "",
        writer_max_new_tokens: int = 512,
        writer_temperature: float = 0.0,
    ) -> None:
        self.name = name
        self.description = description
        self.prompt = prompt
        self.readout = readout
        new_tokens = NEW_TOKENS_REASON_FIRST if prompt.reason_first else NEW_TOKENS
        self.sampling = Sampling(new_tokens if max_new_tokens is None else max_new_tokens, temperature, top_p)
        self.writing = Sampling(writer_max_new_tokens, writer_temperature, top_p)
        self.seed = seed
        self.max_length = max_length
        self.answer_prefix = answer_prefix
        self._model_name, self._revision = model, revision
        self._device_asked, self._dtype_asked = device, dtype
        self._attn_implementation, self._trust_remote_code = attn_implementation, trust_remote_code
        self._chat_template, self._template_options = chat_template, dict(chat_template_options or {})
        self._budget = TokenBudget(max_batch_tokens)
        self._loading = threading.Lock()
        self._check(template_date)
        self._date = datetime.date.fromisoformat(template_date)
        self.stochastic = readout == "generate" and temperature > 0
        self.exact_probabilities = readout == "logits"

    def _check(self, template_date: str) -> None:
        try:
            datetime.date.fromisoformat(template_date)
            dated = True
        except ValueError:
            dated = False
        sampled = (self.sampling, self.writing)
        top_p = self.sampling.top_p
        wrong = {
            "readout": self.readout not in ("logits", "generate"),
            "temperature": any(not 0 <= s.temperature < math.inf for s in sampled),
            "max_new_tokens": any(s.max_new_tokens < 1 for s in sampled),
            "top_p": top_p is not None and not 0 < top_p <= 1,
            "device": self._device_asked not in ("auto", "cpu", "cuda"),
            "dtype": self._dtype_asked not in ("auto", "float32", "bfloat16", "float16"),
            "max_batch_tokens": self._budget.maximum < 1,
            "max_length": self.max_length is not None and self.max_length < 1,
            "template_date": not dated,
        }
        if bad := [field for field, is_wrong in wrong.items() if is_wrong]:
            raise ConfigurationError(
                f"judge {self.name}: {', '.join(bad)} out of range. Expected readout logits or generate, "
                "temperature >= 0, max_new_tokens, max_batch_tokens and max_length >= 1, 0 < top_p <= 1, device auto, "
                "cpu or cuda, dtype auto, float32, bfloat16 or float16, template_date YYYY-MM-DD."
            )
        if self.readout == "logits" and self.prompt.reason_first:
            raise ConfigurationError(
                f"judge {self.name}: the prompt {self.prompt.name} asks for reasons before the verdict, so that its "
                "label is not the first token. Use readout=generate or a prompt that asks for the verdict alone."
            )
        if self.readout == "generate" and self.answer_prefix:
            raise ConfigurationError(
                f"judge {self.name}: answer_prefix is for readout=logits; leave it empty."
            )

    def identity(self) -> Mapping[str, Json]:
        """What decides a verdict besides the messages. Reads the tokenizer, never the hub's weights.

        Left out on purpose: the bound on batches, which in float32 changes nothing (in bfloat16 it moves logits
        by rounding), and the versions of torch and transformers, which a run's manifest holds.
        """
        shared = self._model_identity()
        own: dict[str, Json] = {
            "prompt": self.prompt.identity(),
            "readout": self.readout,
            "readout_version": READOUT_VERSION,
            "temperature": self.sampling.temperature,
        }
        if self.readout == "logits":
            own["answer_prefix"] = self.answer_prefix
        else:
            own |= {"max_new_tokens": self.sampling.max_new_tokens, **self._draw(self.sampling)}
        return {**shared, **own}

    def writer_identity(self) -> Mapping[str, Json]:
        """As :meth:`identity`, for texts that the model writes as a rewriter."""
        written = {"temperature": self.writing.temperature, "max_new_tokens": self.writing.max_new_tokens}
        return {**self._model_identity(), **written, **self._draw(self.writing)}

    def _draw(self, sampling: Sampling) -> dict[str, Json]:
        return {"top_p": sampling.top_p, "seed": self.seed} if sampling.temperature > 0 else {}

    def _model_identity(self) -> dict[str, Json]:
        device = self._device
        return {
            "backend": "local",
            "model": self._source.shown,
            "revision": self._source.revision,
            "device": device,
            "dtype": resolve_dtype(self._dtype_asked, device),
            "attn_implementation": self._attn_implementation,
            "trust_remote_code": self._trust_remote_code,
            "chat_template": self._chat.digest(),
            "max_length": self.max_length,
        }

    def material(self, request: Request) -> Json:
        return plain_messages(self._messages(request))

    def _messages(self, request: Request) -> tuple[Message, ...]:
        return self.prompt.messages(request.pair.turns, request.first, request.second)

    async def verdicts(self, requests: Sequence[Request]) -> AsyncIterator[tuple[int, Verdict]]:
        """Judge the requests batch by batch, longest prompt first; the event loop stays free in between.

        Raises:
            JudgeError: the model cannot be loaded, or the labels cannot be told apart by their tokens.
        """
        logits = self.readout == "logits"

        def judge(model: LocalModel, prompts: list[Sequence[int]], indices: list[int]) -> list[Verdict]:
            keys = [self.key(requests[index]) for index in indices]
            if logits:
                scores = model.label_scores(prompts, list(self._labels.ids.values()))
                return [self._from_scores(*found) for found in zip(scores, keys, strict=True)]
            seeds = [int(key[:16], 16) for key in keys]
            return [self._from_reply(reply) for reply in model.generate(prompts, self.sampling, seeds)]

        answers = self._answers(
            [self._messages(request) for request in requests],
            judge,
            lambda reason: Verdict(Outcome.ERROR, error=reason),
            extra=0 if logits else self.sampling.max_new_tokens,
            labelled=logits,
        )
        async for index, verdict in answers:
            yield index, verdict

    async def completions(
        self, prompts: Sequence[Sequence[Message]]
    ) -> AsyncIterator[tuple[int, Completion]]:
        """Write an answer to each prompt, batch by batch.

        Raises:
            JudgeError: the model cannot be loaded.
        """

        def write(model: LocalModel, shown: list[Sequence[int]], indices: list[int]) -> list[Completion]:
            identity = self.writer_identity()
            digests = [digest([identity, plain_messages(prompts[index])]) for index in indices]
            seeds = [int(found[:16], 16) for found in digests]
            replies = model.generate(shown, self.writing, seeds)
            return [Completion(self._chat.decode(reply), completion_tokens=len(reply)) for reply in replies]

        answers = self._answers(
            prompts,
            write,
            lambda reason: Completion(None, error=reason),
            extra=self.writing.max_new_tokens,
            labelled=False,
        )
        async for index, completion in answers:
            yield index, completion

    async def close(self) -> None:
        """Free the model; the next request loads it again."""
        if "_model" in self.__dict__:
            del self._model
            release_memory()

    async def _answers(
        self,
        conversations: Sequence[Sequence[Message]],
        work: Callable[[LocalModel, list[Sequence[int]], list[int]], list[Answer]],
        failed: Callable[[str], Answer],
        *,
        extra: int,
        labelled: bool,
    ) -> AsyncIterator[tuple[int, Answer]]:
        """Put every conversation through ``work``, in batches and in a worker thread."""
        if not conversations:
            return
        encoded = await asyncio.to_thread(self._encode, conversations, extra, labelled)
        places = [index for index, found in enumerate(encoded) if not isinstance(found, str)]
        prompts = [found for found in encoded if not isinstance(found, str)]
        for index, found in enumerate(encoded):
            if isinstance(found, str):
                yield index, replace(failed(found), model=self._source.shown)
        if not prompts:
            return
        model = await asyncio.to_thread(self._load)

        def one_batch(batch: list[int]) -> list[Answer]:
            started = time.perf_counter()
            answers = work(model, [prompts[i] for i in batch], [places[i] for i in batch])
            seconds = time.perf_counter() - started
            return [replace(answer, latency_s=seconds) for answer in answers]

        async for batch, results in model.in_batches(prompts, extra, self._budget, one_batch):
            answers = [failed("out of memory: the prompt does not fit")] if results is None else results
            for i, answer in zip(batch, answers, strict=True):
                yield places[i], replace(answer, model=self._source.shown, prompt_tokens=len(prompts[i]))

    def _encode(
        self, conversations: Sequence[Sequence[Message]], extra: int, labelled: bool
    ) -> list[Sequence[int] | str]:
        """Each conversation's token ids, or why it has none."""
        prefix, cut = (self.answer_prefix, self._labels.cut) if labelled else ("", 0)
        limits = [limit for limit in (self.max_length, self._chat.context_length) if limit is not None]
        encoded: list[Sequence[int] | str] = []
        for start in range(0, len(conversations), ENCODED_AT_ONCE):
            for ids in self._chat.encode(conversations[start : start + ENCODED_AT_ONCE], prefix, cut):
                if isinstance(ids, Unrenderable):
                    encoded.append(ids.reason)
                elif limits and len(ids) + extra > min(limits):
                    needed = f"{len(ids)} tokens" + (f" and {extra} for the reply" if extra else "")
                    encoded.append(
                        f"the prompt takes {needed}; the model is given at most {min(limits)}. It was not cut."
                    )
                else:
                    encoded.append(array("i", ids))
        return encoded

    def _from_scores(self, scores: LabelScores, key: str) -> Verdict:
        outcomes = list(self._labels.ids)
        texts = self.prompt.label_texts()
        if not all(math.isfinite(logit) for label in scores.logits for logit in label):
            return Verdict(
                Outcome.ERROR, error="the model's logits are not finite; use dtype bfloat16 or float32"
            )
        shares = label_shares(scores.logits, self.sampling.temperature)
        likeliest = [outcome for outcome, p in zip(outcomes, shares, strict=True) if p == max(shares)]
        by_outcome = dict(zip(outcomes, shares, strict=True))
        joint = [log_sum_exp(label) for label in scores.logits]
        raw = {
            "label_mass": round(math.exp(log_sum_exp(joint) - scores.log_total), 6),
            "logits": {
                texts[outcome]: round(value, 5) for outcome, value in zip(outcomes, joint, strict=True)
            },
            "top": self._chat.decode([scores.top_id]),
            "top_p": round(math.exp(scores.top_logit - scores.log_total), 6),
        }
        return Verdict(
            # Exactly equal labels (common in bfloat16) are settled by the key's hash: by no label's place in a list.
            likeliest[int(key[:16], 16) % len(likeliest)],
            p_first=by_outcome[Outcome.FIRST],
            p_second=by_outcome[Outcome.SECOND],
            p_tie=by_outcome.get(Outcome.TIE, 0.0),
            raw=json.dumps(raw, ensure_ascii=False, separators=(",", ":")),
            completion_tokens=0,
        )

    def _from_reply(self, reply: Sequence[int]) -> Verdict:
        text = self._chat.decode(reply)
        return Verdict(self.prompt.parse(text), raw=text, completion_tokens=len(reply))

    def _load(self) -> LocalModel:
        with self._loading:
            return self._model

    @functools.cached_property
    def _source(self) -> Source:
        missing = [name for name in ("torch", "transformers") if importlib.util.find_spec(name) is None]
        if missing:
            raise JudgeError(
                f"judge {self.name}: a local model needs {' and '.join(missing)}. "
                "Install with: pip install 'judgeaudit[local]'"
            )
        return find_source(self._model_name, self._revision)

    @functools.cached_property
    def _device(self) -> Device:
        return resolve_device(self._device_asked)

    @functools.cached_property
    def _chat(self) -> ChatTokenizer:
        return ChatTokenizer.load(
            self._source,
            trust_remote_code=self._trust_remote_code,
            chat_template=self._chat_template,
            options=self._template_options,
            date=self._date,
        )

    @functools.cached_property
    def _labels(self) -> LabelTokens:
        return self._chat.label_tokens(self.prompt.label_texts(), self.answer_prefix)

    @functools.cached_property
    def _model(self) -> LocalModel:
        return LocalModel.load(
            self._source,
            self._chat.tokenizer,
            device=self._device,
            dtype=resolve_dtype(self._dtype_asked, self._device),
            attn_implementation=self._attn_implementation,
            trust_remote_code=self._trust_remote_code,
        )


def plain_messages(messages: Sequence[Message]) -> list[Json]:
    """Messages as plain JSON."""
    return [{"role": message["role"], "content": message["content"]} for message in messages]


def label_shares(logits: Sequence[Sequence[float]], temperature: float) -> list[float]:
    """Each label's share of the probability of all labels' tokens; ``logits[k]`` are those of label k's tokens.

    At temperature 0 the label of the likeliest token has all of it, shared equally where several are as likely.
    """
    if temperature == 0:
        best = max(max(label) for label in logits)
        winners = [max(label) == best for label in logits]
        return [won / sum(winners) for won in winners]
    joint = [log_sum_exp([logit / temperature for logit in label]) for label in logits]
    total = log_sum_exp(joint)
    return [math.exp(value - total) for value in joint]


def log_sum_exp(values: Sequence[float]) -> float:
    """log of the sum of exp(value), without overflow."""
    largest = max(values)
    return largest + math.log(math.fsum(math.exp(value - largest) for value in values))
