"""Fixtures of tests that run real models or real processes."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator

import pytest


@pytest.fixture
def offline_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks the hub for anything."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """A tiny model gains nothing from threads, and loses much where other processes hold the cores."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def heeding_ctrl_c() -> Callable[[], object]:
    """What a child process does first, so that it stops on SIGINT: shells start background jobs to ignore it."""
    return lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
