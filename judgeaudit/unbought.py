"""How is an audit prepared without buying anything? Its writers are not asked, and its ledger is only read.

What the ledger already holds is used, so that a plan knows the texts that an audit would find there. A text that a
model has yet to write is unknown: it is taken to come out, and a stand-in shows where it will stand.
"""

from __future__ import annotations

import importlib.util
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from judgeaudit.errors import JudgeError
from judgeaudit.judges.base import Completion, Json, Message, Writer
from judgeaudit.ledger import Ledger
from judgeaudit.perturb import PerturbedText, Status
from judgeaudit.records import Verdict

NOT_BOUGHT = "not written yet: a plan buys nothing"
"""Why a text that a model has yet to write has none."""

IN_MEMORY = "sqlite://"


class LedgerAsItIs(Ledger):
    """The configured ledger, for reading: it is not made where there is none, and what is written is forgotten.

    Args:
        url: as for ``Ledger``.

    Raises:
        LedgerError: there is a ledger, and it cannot be read.
    """

    def __init__(self, url: str) -> None:
        self._there = Ledger(url) if _exists(url) else None
        super().__init__(IN_MEMORY)
        self.url = url

    def verdicts(self, keys: Iterable[str]) -> dict[str, Verdict]:
        return {} if self._there is None else self._there.verdicts(keys)

    def completions(self, keys: Iterable[str]) -> dict[str, Completion]:
        wanted = list(keys)
        there = {} if self._there is None else self._there.completions(wanted)
        return {**there, **super().completions(wanted)}

    def close(self) -> None:
        if self._there is not None:
            self._there.close()
        super().close()


def _exists(url: str) -> bool:
    """Whether there is a ledger; also where the address is none, which opening it will tell."""
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        return True
    return parsed.get_backend_name() != "sqlite" or Path(parsed.database or "").is_file()


class Unasked(Writer):
    """Stands in for a model that writes: it is asked nothing, and what it would have been asked is kept.

    Args:
        writer: the model.
        says: what stands in for every answer; None for none.

    Attributes:
        prompts: what the model would have been asked, each once.
        is_known: whether it is known what the ledger holds of the model: its files may not be here.
    """

    def __init__(self, writer: Writer, says: str | None) -> None:
        self.name = writer.name
        self.writer = writer
        self.says = says
        self.prompts: tuple[Sequence[Message], ...] = ()
        self.is_known = True

    def writer_identity(self) -> Mapping[str, Json]:
        try:
            with hub_offline():
                return self.writer.writer_identity()
        except JudgeError:
            self.is_known = False
            return {"writer": self.name}

    async def completions(
        self, prompts: Sequence[Sequence[Message]]
    ) -> AsyncIterator[tuple[int, Completion]]:
        self.prompts = tuple(prompts)
        for index in range(len(prompts)):
            yield index, Completion(self.says, error=None if self.says else NOT_BOUGHT)


@dataclass
class Unbought:
    """What an audit that is only planned would have had models write and compare; None where nothing.

    Attributes:
        writer: what rewriting perturbations would have had written.
        reader: what the check of meaning would have had compared; every comparison is taken to come out well.
    """

    writer: Unasked | None = None
    reader: Unasked | None = None

    def in_place_of_writer(self, writer: Writer) -> Writer:
        """What is asked instead of a model that rewrites."""
        self.writer = Unasked(writer, None)
        return self.writer

    def in_place_of_reader(self, reader: Writer) -> Writer:
        """What is asked instead of a model that compares meanings."""
        self.reader = Unasked(reader, "SAME")
        return self.reader


def is_unwritten(text: PerturbedText) -> bool:
    """Whether a text is one that a model has yet to write, or follows from one."""
    return text.reason is not None and text.reason.endswith(NOT_BOUGHT)


def supposed(text: PerturbedText) -> PerturbedText:
    """A text as a plan takes it: one that a model has yet to write has a stand-in that no other text equals."""
    if not is_unwritten(text):
        return text
    stand_in = f"[{text.perturbation} of {text.pair_id}, side {text.side}: not written yet]"
    return replace(text, status=Status.CHANGED, text=stand_in, reason=NOT_BOUGHT)


@contextmanager
def hub_offline() -> Iterator[None]:
    """Nothing is asked of the Hugging Face hub: models are those whose files are here."""
    if importlib.util.find_spec("huggingface_hub") is None:
        yield
        return
    from huggingface_hub import constants

    before, constants.HF_HUB_OFFLINE = constants.HF_HUB_OFFLINE, True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before
