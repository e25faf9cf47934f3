"""How far is the audit? Per judge: done, failed, rate, cost and time left; live on a terminal, else plain lines."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from judgeaudit.errors import ConfigurationError
from judgeaudit.judges.base import Completion
from judgeaudit.records import Verdict

if TYPE_CHECKING:
    from rich.progress import Progress as LiveProgress
    from rich.progress import TaskID

PLAIN_EVERY_S = 10.0
"""Without a terminal, a judge's progress is printed at most this often."""


@dataclass
class _Count:
    total: int
    known: int
    done: int = 0
    failed: int = 0
    cost_usd: float = 0.0
    started: float = field(default_factory=time.monotonic)
    printed: float = field(default_factory=time.monotonic)
    task: TaskID | None = None

    def rate(self) -> float:
        return self.done / max(time.monotonic() - self.started, 1e-9)

    def words(self) -> str:
        parts = [f"{self.done}/{self.total} judged", f"{self.failed} failed", f"{self.rate():.0f}/s"]
        if self.total == 0:
            parts = ["nothing to buy"]
        if self.cost_usd:
            parts.append(f"${self.cost_usd:.4f}")
        if 0 < self.done < self.total:
            parts.append(f"{(self.total - self.done) / self.rate():.0f} s left")
        if self.known:
            parts.append(f"{self.known} from the ledger")
        return ", ".join(parts)


class Progress:
    """A display of several judges' progress; use as a context manager.

    Args:
        style: ``auto``, ``plain`` or ``off``.
        stream: where to print; standard error by default, so that standard output stays for results.
    """

    def __init__(self, style: str = "auto", stream: TextIO | None = None) -> None:
        if style not in ("auto", "plain", "off"):
            raise ConfigurationError(f"engine.progress: found {style!r}, expected auto, plain or off.")
        self._stream = stream if stream is not None else sys.stderr
        self._style = style
        self._live: LiveProgress | None = None
        self._counts: dict[str, _Count] = {}

    def __enter__(self) -> Progress:
        if self._style == "auto" and self._stream.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, SpinnerColumn, TextColumn
            from rich.progress import Progress as LiveProgress

            self._live = LiveProgress(
                SpinnerColumn(),
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=24),
                TextColumn("{task.fields[words]}", markup=False),
                console=Console(file=self._stream),
            )
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def start(self, name: str, *, total: int, known: int) -> None:
        """A judge begins: ``total`` verdicts to buy, ``known`` already in the ledger."""
        count = self._counts[name] = _Count(total, known)
        if self._live is not None:
            count.task = self._live.add_task(name, total=max(total, 1), words=count.words())

    def advance(self, name: str, items: Sequence[Verdict | Completion]) -> None:
        """Verdicts (or rewrites) of a judge were committed."""
        count = self._counts[name]
        count.done += len(items)
        for item in items:
            failed = item.outcome.is_failure if isinstance(item, Verdict) else item.text is None
            count.failed += failed
            count.cost_usd += item.cost_usd or 0.0
        if self._live is not None and count.task is not None:
            self._live.update(count.task, completed=count.done, words=count.words())
        elif time.monotonic() - count.printed > PLAIN_EVERY_S and count.done < count.total:
            count.printed = time.monotonic()
            self._print(name, count.words())

    def finish(self, name: str) -> None:
        """A judge has ended, by finishing or by interruption."""
        count = self._counts[name]
        if self._live is not None and count.task is not None:
            done = count.total if count.done == count.total else count.done
            self._live.update(count.task, completed=max(done, int(count.total == 0)), words=count.words())
        else:
            self._print(name, count.words())

    def _print(self, name: str, words: str) -> None:
        if self._style != "off":
            print(f"{name}: {words}", file=self._stream, flush=True)
