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
import functools
import math
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Literal, get_args

from judgeaudit.errors import ConfigurationError
from judgeaudit.judges.base import Completion, Json, Judge, Message, Request, Writer, digest, message_json
from judgeaudit.judges.local_chat import Unrenderable, template_day
from judgeaudit.judges.local_model import LocalModel, Sampling
from judgeaudit.judges.local_on_demand import OnDemandModel
from judgeaudit.judges.local_readout import read_scores
from judgeaudit.judges.local_source import DeviceAsked, DtypeAsked
from judgeaudit.judges.local_tokens import LabelTokens
from judgeaudit.prompting import Template
from judgeaudit.records import Outcome, Turn, Verdict

READOUT_VERSION = 1
"""Raised with every change of how logits or replies become verdicts, or of how replies are written."""

NEW_TOKENS, NEW_TOKENS_REASON_FIRST = 16, 512
"""Tokens a reply may take: a label with a word or two around it, or a paragraph of reasons before it."""

TEMPLATE_DATE = "2025-01-01"
"""Today's date as chat templates are told it; fixed, because verdicts must not change overnight."""


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
        device: DeviceAsked = "auto",
        dtype: DtypeAsked = "auto",
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
        self.seed = seed
        self.answer_prefix = answer_prefix
        self.stochastic = readout == "generate" and temperature > 0
        self.exact_probabilities = readout == "logits"
        if max_new_tokens is None:
            max_new_tokens = NEW_TOKENS_REASON_FIRST if prompt.reason_first else NEW_TOKENS
        # 1 and 1.0 are one temperature: they must have one key, and transformers takes nothing but a float.
        self.sampling = Sampling(max_new_tokens, float(temperature), top_p)
        self.writing = Sampling(writer_max_new_tokens, float(writer_temperature), top_p)
        self._refuse(
            {
                "readout": readout not in ("logits", "generate"),
                "temperature": not 0 <= temperature < math.inf,
                "max_new_tokens": max_new_tokens < 1,
                "writer_temperature": not 0 <= writer_temperature < math.inf,
                "writer_max_new_tokens": writer_max_new_tokens < 1,
                "top_p": top_p is not None and not 0 < top_p <= 1,
                "device": device not in get_args(DeviceAsked),
                "dtype": dtype not in get_args(DtypeAsked),
                "max_batch_tokens": max_batch_tokens < 1,
                "max_length": max_length is not None and max_length < 1,
            }
        )
        date = template_day(name, template_date)
        self._model = OnDemandModel(
            model,
            revision=revision,
            device=device,
            dtype=dtype,
            max_batch_tokens=max_batch_tokens,
            attn_implementation=attn_implementation,
            trust_remote_code=trust_remote_code,
            chat_template=chat_template,
            chat_template_options=chat_template_options or {},
            template_date=date,
            max_length=max_length,
        )

    def _refuse(self, wrong: Mapping[str, bool]) -> None:
        if bad := [field for field, is_wrong in wrong.items() if is_wrong]:
            raise ConfigurationError(
                f"judge {self.name}: {', '.join(bad)} out of range. Expected readout logits or generate, "
                "temperatures >= 0, all of max_ at least 1, 0 < top_p <= 1, device auto, cpu or cuda, dtype auto, "
                "float32, bfloat16 or float16."
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
        own: dict[str, Json] = {"prompt": self.prompt.identity(), "readout": self.readout}
        if self.readout == "logits":
            own |= {"temperature": self.sampling.temperature, "answer_prefix": self.answer_prefix}
        else:
            own |= self._written(self.sampling)
        return {**self._model.identity(), "readout_version": READOUT_VERSION, **own}

    def writer_identity(self) -> Mapping[str, Json]:
        """As :meth:`identity`, for texts that the model writes as a rewriter."""
        return {
            **self._model.identity(),
            "readout_version": READOUT_VERSION,
            **self._written(self.writing),
        }

    def _written(self, sampling: Sampling) -> dict[str, Json]:
        draw = {"top_p": sampling.top_p, "seed": self.seed} if sampling.temperature > 0 else {}
        return {"temperature": sampling.temperature, "max_new_tokens": sampling.max_new_tokens, **draw}

    def material(self, request: Request) -> Json:
        return message_json(self._messages(request))

    def _messages(self, request: Request) -> tuple[Message, ...]:
        return self.prompt.messages(request.pair.turns, request.first, request.second)

    def prompt_tokens(self, requests: Sequence[Request]) -> list[int | None]:
        """How many tokens the prompt of each request has; None for one that cannot be put to the model.

        Reads the tokenizer, never the hub's weights.

        Raises:
            JudgeError: the tokenizer cannot be found, or the labels cannot be told apart by their tokens.
        """
        cut = self._labels.cut if self.readout == "logits" else 0
        messages = [self._messages(request) for request in requests]
        prompts = self._model.chat.encode(messages, self.answer_prefix, cut)
        return [None if isinstance(one, Unrenderable) else len(one) for one in prompts]

    async def verdicts(self, requests: Sequence[Request]) -> AsyncIterator[tuple[int, Verdict]]:
        """Judge the requests batch by batch, longest prompt first; the event loop stays free in between.

        Raises:
            JudgeError: the model cannot be loaded, or the labels cannot be told apart by their tokens.
        """

        def from_logits(model: LocalModel, prompts: list[Sequence[int]], indices: list[int]) -> list[Verdict]:
            found = model.label_scores(prompts, list(labels.ids.values()))
            texts, temperature = self.prompt.label_texts(), self.sampling.temperature
            return [
                read_scores(scores, texts, temperature, settle=seed(index), top=chat.decode([scores.top_id]))
                for scores, index in zip(found, indices, strict=True)
            ]

        def from_replies(
            model: LocalModel, prompts: list[Sequence[int]], indices: list[int]
        ) -> list[Verdict]:
            replies = model.generate(prompts, self.sampling, [seed(index) for index in indices])
            texts = [chat.decode(reply) for reply in replies]
            return [
                Verdict(self.prompt.parse(text), raw=text, completion_tokens=len(reply))
                for text, reply in zip(texts, replies, strict=True)
            ]

        def seed(index: int) -> int:
            return int(self.key(requests[index])[:16], 16)

        def messages(index: int) -> Sequence[Message]:
            return self._messages(requests[index])

        def failed(reason: str) -> Verdict:
            return Verdict(Outcome.ERROR, error=reason)

        chat = await asyncio.to_thread(lambda: self._model.chat)
        if self.readout == "logits":
            labels = await asyncio.to_thread(lambda: self._labels)
            answers = self._model.answers(
                len(requests), messages, from_logits, failed, prefix=self.answer_prefix, cut=labels.cut
            )
        else:
            answers = self._model.answers(
                len(requests), messages, from_replies, failed, extra=self.sampling.max_new_tokens
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
            digests = [digest([identity, message_json(prompts[index])]) for index in indices]
            replies = model.generate(shown, self.writing, [int(found[:16], 16) for found in digests])
            decode = self._model.chat.decode
            return [Completion(decode(reply), completion_tokens=len(reply)) for reply in replies]

        def failed(reason: str) -> Completion:
            return Completion(None, error=reason)

        answers = self._model.answers(
            len(prompts), prompts.__getitem__, write, failed, extra=self.writing.max_new_tokens
        )
        async for index, completion in answers:
            yield index, completion

    async def close(self) -> None:
        """Free the model; the next request loads it again."""
        await self._model.close()

    @functools.cached_property
    def _labels(self) -> LabelTokens[Outcome]:
        shown = self.prompt.messages((Turn("user", "?"),), "?", "?")
        return self._model.chat.label_tokens(shown, self.prompt.label_texts(), self.answer_prefix)
