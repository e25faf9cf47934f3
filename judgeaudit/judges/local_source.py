"""Which model is it exactly, and on what does it run? Settings pinned down before any weights are loaded."""

from __future__ import annotations

import hashlib
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from judgeaudit.errors import JudgeError

Device = Literal["cpu", "cuda"]
DeviceAsked = Literal["auto", "cpu", "cuda"]
Dtype = Literal["float32", "bfloat16", "float16"]
DtypeAsked = Literal["auto", "float32", "bfloat16", "float16"]

SAMPLED_BLOCKS, BLOCK_BYTES = 256, 65536
"""How a folder's weight files are fingerprinted: 256 blocks of 64 KiB spread evenly over each file. Training
changes weights everywhere, so that 16 MiB tell two models apart without reading 140 GB."""


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


def find_source(model: str, revision: str | None) -> Source:
    """Pin a hub id or folder to exact content, reading no weights of the hub and samples of a folder's.

    Raises:
        JudgeError: torch or transformers is not installed, there is no such folder or hub model, the folder
            cannot be read or is not the revision asked for, or the hub cannot be reached and the model is not in
            the local cache.
    """
    missing = [name for name in ("torch", "transformers") if importlib.util.find_spec(name) is None]
    if missing:
        raise JudgeError(
            f"The local model {model} needs {' and '.join(missing)}. "
            "Install with: pip install 'judgeaudit[local]'"
        )
    folder = Path(model).expanduser()
    if folder.is_dir():
        return _folder_source(folder, revision)
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


def resolve_device(device: DeviceAsked) -> Device:
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


def resolve_dtype(dtype: DtypeAsked, device: Device) -> Dtype:
    """The number format: as asked, or float32 on a CPU, bfloat16 on a GPU that computes in it, else float16."""
    if dtype != "auto":
        return dtype
    if device == "cpu":
        return "float32"
    import torch

    return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float16"


def not_loaded(model: str, error: Exception) -> str:
    """What to tell the user when transformers could not load a model or its tokenizer."""
    first_line = next(iter(str(error).strip().splitlines()), type(error).__name__)
    return (
        f"The model {model} cannot be loaded: {first_line} "
        "Check the name and the revision; for a gated model accept its licence on its page and log in with "
        "`hf auth login`; without a network give the path of a folder, or fetch it beforehand with `hf download`."
    )


def _folder_source(folder: Path, revision: str | None) -> Source:
    if not (folder / "config.json").is_file():
        raise JudgeError(
            f"The folder {folder} holds no config.json; expected a model saved by save_pretrained."
        )
    try:
        found = f"sha256:{_fingerprint(folder)}"
    except OSError as error:
        raise JudgeError(
            f"The model folder {folder}: {error.filename} cannot be read: {error.strerror}."
        ) from error
    if revision not in (None, found):
        raise JudgeError(
            f"The model folder {folder} is {found}, expected revision {revision}. For a folder, revision is that "
            "hash of its files: correct it, or leave it out to take the folder as it is."
        )
    return Source(str(folder), folder.resolve().name, found)


def _fingerprint(folder: Path) -> str:
    """SHA-256 over the names and contents of a model folder's files, weights by size and evenly spread blocks."""
    total = hashlib.sha256()
    for path in sorted(_files(folder)):
        size = path.stat().st_size
        total.update(f"{path.relative_to(folder).as_posix()}\x00{size}\x00".encode())
        with path.open("rb") as file:
            if size <= SAMPLED_BLOCKS * BLOCK_BYTES:
                total.update(file.read())
                continue
            for block in range(SAMPLED_BLOCKS):
                file.seek(block * (size - BLOCK_BYTES) // (SAMPLED_BLOCKS - 1))
                total.update(file.read(BLOCK_BYTES))
    return total.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """Every file but what no loader reads: model families keep vocabularies and code under many names."""
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        unread = path.suffix == ".md" or any(part.startswith(".") or part == "__pycache__" for part in parts)
        if not unread and path.is_file():
            yield path
