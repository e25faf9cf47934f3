"""How do token lists become label scores or replies, batch by batch, in this process? The weights' side of a judge.

Batches are bounded by their padded tokens and formed longest first, so that trouble with memory shows at
once; when memory runs out the bound is halved and grows back after quiet batches. Prompts are padded on the
left with explicit position ids, so that the last position answers for every row. Logits are computed for
that position only.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import inspect
import logging
import re
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from judgeaudit.errors import JudgeError

if TYPE_CHECKING:
    import torch

Device = Literal["cpu", "cuda"]
Result = TypeVar("Result")

log = logging.getLogger(__name__)

QUIET_BATCHES = 8
"""Batches without memory trouble before a halved token budget grows by a quarter; a convention."""

SAMPLED_BLOCKS, BLOCK_BYTES = 256, 65536
"""How a folder's weight files are fingerprinted: 256 blocks of 64 KiB spread evenly over each file. Training
changes weights everywhere, so that 16 MiB tell two models apart without reading 140 GB."""

PADDING_TOLERANCE = {"float32": 0.01, "bfloat16": 1.0, "float16": 0.25}
"""Largest believable difference of a next-token log probability between a padded row and the same prompt alone.
In bfloat16 the layout of a batch alone has been seen to move label logits by up to 0.5."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a model comes from, pinned.

    Attributes:
        reference: what transformers loads: a hub id or a folder's path.
        shown: the model's name in reports: the hub id or the folder's name.
        revision: the hub's commit hash, or ``sha256:...`` over a folder's files.
    """

    reference: str
    shown: str
    revision: str

    @property
    def commit(self) -> str | None:
        """The commit to load from the hub; None for a folder."""
        return None if self.revision.startswith("sha256:") else self.revision


@dataclass(frozen=True, slots=True)
class LabelScores:
    """What one forward pass says of the labels at the answer's position.

    ``logits[k]`` are those of label k's tokens; ``log_total`` is the logarithm of the sum of exp(logit) over
    the whole vocabulary; ``top_id`` is the likeliest token of all and ``top_logit`` its logit.
    """

    logits: tuple[tuple[float, ...], ...]
    log_total: float
    top_id: int
    top_logit: float


@dataclass(frozen=True, slots=True)
class Sampling:
    """How replies are written. Temperature 0 takes the likeliest token at every step."""

    max_new_tokens: int
    temperature: float
    top_p: float | None


def find_source(model: str, revision: str | None) -> Source:
    """Pin a hub id or folder to exact content, reading no weights of the hub and samples of a folder's.

    Raises:
        JudgeError: there is no such folder or hub model, the folder is not the revision asked for, or the hub
            cannot be reached and the model is not in the local cache.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise JudgeError(
                f"The folder {folder} holds no config.json; expected a model saved by save_pretrained."
            )
        found = f"sha256:{_fingerprint(folder)}"
        if revision not in (None, found):
            raise JudgeError(
                f"The model folder {folder} is {found}, expected revision {revision}. For a folder, revision is that "
                "hash of its files: correct it, or leave it out to take the folder as it is."
            )
        return Source(str(folder), folder.resolve().name, found)
    if folder.is_absolute() or model.startswith((".", "~")):
        raise JudgeError(f"The model folder {folder} does not exist.")
    from transformers.utils import cached_file

    try:
        path = str(cached_file(model, "config.json", revision=revision))
    except (OSError, ValueError) as error:
        raise JudgeError(not_loaded(model, error)) from error
    commit = re.search(r"snapshots[/\\]([0-9a-f]{40})[/\\]", path)
    if commit is None:
        raise JudgeError(f"The revision of {model} cannot be told from its place in the cache, {path}.")
    return Source(model, model, commit[1])


def resolve_device(device: Literal["auto", "cpu", "cuda"]) -> Device:
    """The device to use.

    Raises:
        JudgeError: CUDA was asked for and is not there.
    """
    import torch

    if device == "cpu":
        return "cpu"
    if torch.cuda.is_available():
        return "cuda"
    if device == "cuda":
        raise JudgeError(
            "device=cuda was asked for and torch sees no CUDA device. Use device=auto or device=cpu."
        )
    return "cpu"


def resolve_dtype(dtype: Literal["auto", "float32", "bfloat16", "float16"], device: Device) -> str:
    """The number format: as asked, or float32 on a CPU, bfloat16 on a GPU that has it, else float16."""
    if dtype != "auto":
        return dtype
    if device == "cpu":
        return "float32"
    import torch

    return "bfloat16" if torch.cuda.is_bf16_supported() else "float16"


class TokenBudget:
    """The padded tokens that a batch may hold: halved when memory runs out, grown back slowly."""

    def __init__(self, maximum: int) -> None:
        self.maximum = maximum
        self.limit = maximum
        self._quiet = 0

    def shrink(self, padded_tokens: int) -> None:
        """A batch of so many padded tokens did not fit."""
        self.limit = max(1, min(self.limit, padded_tokens) // 2)
        self._quiet = 0

    def fitted(self) -> None:
        """A batch went through."""
        self._quiet += 1
        if self._quiet >= QUIET_BATCHES and self.limit < self.maximum:
            self.limit = min(self.maximum, self.limit + max(1, self.limit // 4))
            self._quiet = 0


def next_batch(
    order: Sequence[int], lengths: Sequence[int], limit: int, extra: int, padding: bool
) -> list[int]:
    """The leading indices of ``order`` (longest first) whose padded tokens, ``extra`` new ones a row included,
    stay within the limit; always at least one. Without padding, only prompts of one length."""
    longest = lengths[order[0]]
    batch = list(order[: max(1, limit // max(1, longest + extra))])
    return batch if padding else [index for index in batch if lengths[index] == longest]


class LocalModel:
    """A causal language model in this process. Use :meth:`load`."""

    def __init__(self, model: Any, *, dtype: str, pad_id: int, eos_ids: Sequence[int]) -> None:
        self.model = model
        self.pad_id = pad_id
        self.eos_ids = tuple(eos_ids)
        self.padding = True
        self._dtype = dtype
        self._padding_checked = False
        self._lock = threading.Lock()
        accepted = inspect.signature(model.forward).parameters
        self._takes_positions = "position_ids" in accepted
        self._keeps_last = {"logits_to_keep": 1} if "logits_to_keep" in accepted else {}

    @classmethod
    def load(
        cls,
        source: Source,
        tokenizer: Any,
        *,
        device: Device,
        dtype: str,
        attn_implementation: str | None,
        trust_remote_code: bool,
    ) -> LocalModel:
        """Load weights onto the device; several GPUs share a model that is too large for one.

        Raises:
            JudgeError: the weights cannot be found, fetched, read or held.
        """
        import torch
        from transformers import AutoModelForCausalLM, GenerationConfig

        placement: dict[str, Any] = {}
        if device == "cuda":
            placement["device_map"] = "auto" if torch.cuda.device_count() > 1 else {"": 0}
        try:
            model = AutoModelForCausalLM.from_pretrained(
                source.reference,
                revision=source.commit,
                dtype=getattr(torch, dtype),
                attn_implementation=attn_implementation,
                trust_remote_code=trust_remote_code,
                **placement,
            )
        except (OSError, ValueError, ImportError, KeyError, RuntimeError) as error:
            raise JudgeError(not_loaded(source.shown, error)) from error
        if {"cpu", "disk"} & {str(place) for place in getattr(model, "hf_device_map", {}).values()}:
            raise JudgeError(
                f"{source.shown} does not fit into the GPUs' memory. Use more GPUs or a smaller model."
            )
        model.eval()
        eos: set[int] = set()
        for found in (model.generation_config.eos_token_id, tokenizer.eos_token_id):
            eos |= set(found) if isinstance(found, list) else {found} - {None}
        pad = tokenizer.pad_token_id
        # The model's own generation settings (penalties, top-k) are no part of the judge's declaration: only
        # what the judge declares decides how its replies are written.
        model.generation_config = GenerationConfig()
        return cls(
            model, dtype=dtype, pad_id=pad if pad is not None else min(eos, default=0), eos_ids=sorted(eos)
        )

    def label_scores(
        self, prompts: Sequence[Sequence[int]], labels: Sequence[Sequence[int]]
    ) -> list[LabelScores]:
        """The labels' logits after each prompt; ``labels[k]`` are the token ids of label k."""
        import torch

        with torch.inference_mode():
            logits = self._next_logits(prompts)
            chosen = logits[:, [token for label in labels for token in label]].tolist()
            log_total = logits.logsumexp(-1).tolist()
            top_logit, top_id = (values.tolist() for values in logits.max(-1))
        scores = []
        for row, values in enumerate(chosen):
            remaining = iter(values)
            by_label = tuple(tuple(next(remaining) for _ in label) for label in labels)
            scores.append(LabelScores(by_label, log_total[row], top_id[row], top_logit[row]))
        return scores

    def generate(
        self, prompts: Sequence[Sequence[int]], sampling: Sampling, seeds: Sequence[int]
    ) -> list[list[int]]:
        """The ids that the model writes after each prompt, up to its end-of-turn token.

        Sampling draws with the Gumbel trick, argmax(log p - log E) with exponential noise E: exactly a draw from
        p. Each row has its own noise, from its own seed, so that a reply does not depend on the rest of its batch.
        """
        import torch
        from transformers import (
            GenerationConfig,
            LogitsProcessorList,
            TemperatureLogitsWarper,
            TopPLogitsWarper,
        )

        processors = LogitsProcessorList()
        if sampling.temperature > 0:
            processors.append(TemperatureLogitsWarper(sampling.temperature))
            if sampling.top_p is not None and sampling.top_p < 1:
                processors.append(TopPLogitsWarper(sampling.top_p))
            processors.append(_gumbel_rows(seeds))
        settings = GenerationConfig(
            do_sample=False,
            max_new_tokens=sampling.max_new_tokens,
            pad_token_id=self.pad_id,
            eos_token_id=list(self.eos_ids) or None,
        )
        with torch.inference_mode():
            ids, mask = self._pad(prompts)
            out = self.model.generate(
                input_ids=ids, attention_mask=mask, generation_config=settings, logits_processor=processors
            )
        replies = []
        for reply in out[:, ids.shape[1] :].tolist():
            end = next((index for index, token in enumerate(reply) if token in self.eos_ids), len(reply))
            replies.append(reply[:end])
        return replies

    async def in_batches(
        self,
        prompts: Sequence[Sequence[int]],
        extra: int,
        budget: TokenBudget,
        work: Callable[[list[int]], list[Result]],
    ) -> AsyncIterator[tuple[list[int], list[Result] | None]]:
        """Run ``work`` on batches of indices into the prompts, longest first, each in a worker thread.

        Yields ``(indices, results)``; results are None for a single prompt that does not fit into memory.
        """
        lengths = [len(prompt) for prompt in prompts]
        order = sorted(range(len(prompts)), key=lambda index: -lengths[index])
        if order and lengths[order[0]] > lengths[order[-1]]:
            await asyncio.to_thread(self._check_padding, [prompts[order[0]], prompts[order[-1]]])
        while order:
            batch = next_batch(order, lengths, budget.limit, extra, self.padding)
            results = await asyncio.to_thread(self._attempt, work, batch)
            if results is not None:
                budget.fitted()
            else:
                budget.shrink(len(batch) * (lengths[batch[0]] + extra))
                log.warning("out of memory: batches now hold at most %d padded tokens", budget.limit)
                if len(batch) > 1:
                    continue
            order = order[len(batch) :]
            yield batch, results

    def _attempt(self, work: Callable[[list[int]], list[Result]], batch: list[int]) -> list[Result] | None:
        """The results, or None where memory ran out."""
        try:
            with self._lock:
                return work(batch)
        except RuntimeError as error:  # torch has no one type for memory on CPUs and GPUs
            if not _is_out_of_memory(error):
                raise
        release_memory()  # after the handler, whose traceback held the tensors of the failed pass
        return None

    def _check_padding(self, prompts: Sequence[Sequence[int]]) -> None:
        """See once, on this model's own prompts, that padding leaves the answer as it is; else stop padding."""
        if self._padding_checked:
            return
        self._padding_checked = True

        def difference(_: list[int]) -> list[float]:
            import torch

            with torch.inference_mode():
                together = self._next_logits(prompts)[1].log_softmax(-1)
                alone = self._next_logits(prompts[1:])[0].log_softmax(-1)
                likely = alone.topk(min(10, alone.shape[0])).indices
                return [(together - alone)[likely].abs().max().item()]

        found = self._attempt(difference, [])
        if found is not None and not found[0] <= PADDING_TOLERANCE[self._dtype]:
            self.padding = False
            log.warning(
                "padding changes this model's log probabilities by %.3g: batching prompts of equal length only",
                found[0],
            )

    def _pad(self, prompts: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        import torch

        width = max(map(len, prompts))
        device = self.model.get_input_embeddings().weight.device
        ids = torch.tensor([[self.pad_id] * (width - len(p)) + list(p) for p in prompts], device=device)
        mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts], device=device)
        return ids, mask

    def _next_logits(self, prompts: Sequence[Sequence[int]]) -> torch.Tensor:
        """Float32 logits of the token after each prompt, shape (prompts, vocabulary)."""
        ids, mask = self._pad(prompts)
        positions = {"position_ids": (mask.cumsum(-1) - 1).clamp(min=0)} if self._takes_positions else {}
        out = self.model(input_ids=ids, attention_mask=mask, use_cache=False, **positions, **self._keeps_last)
        logits: torch.Tensor = out.logits[:, -1].float()
        return logits


def release_memory() -> None:
    """Give memory that no tensor holds back to the device."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def _gumbel_rows(seeds: Sequence[int]) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    import torch

    generators: list[torch.Generator] = []

    def add_noise(_: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        if not generators:
            generators.extend(torch.Generator(device=scores.device).manual_seed(seed) for seed in seeds)
        noise = torch.empty_like(scores, dtype=torch.float32)
        for row, generator in zip(noise, generators, strict=True):
            row.exponential_(generator=generator)
        return scores.float() - noise.log()

    return add_noise


def _is_out_of_memory(error: RuntimeError) -> bool:
    import torch

    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)


def not_loaded(model: str, error: Exception) -> str:
    """What to tell the user when transformers could not load a model or its tokenizer."""
    first_line = next(iter(str(error).strip().splitlines()), type(error).__name__)
    return (
        f"The model {model} cannot be loaded: {first_line} "
        "Check the name and the revision; for a gated model accept its licence on its page and log in with "
        "`hf auth login`; without a network give the path of a folder, or fetch it beforehand with `hf download`."
    )


def _fingerprint(folder: Path) -> str:
    """SHA-256 over the names and contents of a model folder's files, weights by size and evenly spread blocks."""
    total = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix not in {".json", ".jinja", ".model", ".txt", ".py", ".safetensors", ".bin"}:
            continue
        size = path.stat().st_size
        total.update(f"{path.name}\x00{size}\x00".encode())
        with path.open("rb") as file:
            if size <= SAMPLED_BLOCKS * BLOCK_BYTES:
                total.update(file.read())
                continue
            for block in range(SAMPLED_BLOCKS):
                file.seek(block * (size - BLOCK_BYTES) // (SAMPLED_BLOCKS - 1))
                total.update(file.read(BLOCK_BYTES))
    return total.hexdigest()
