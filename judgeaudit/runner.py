"""How do trials become verdicts? Each judge is asked what the ledger does not yet know, and nothing twice.

Every distinct key is bought once, however many trials share it. A verdict is committed to the ledger before
progress counts it, so that an interrupted run loses nothing that it paid for and a rerun buys only what is
missing. Judges that call a service run side by side; judges that compute in this process take turns.
"""

from __future__ import annotations

import asyncio
import functools
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from judgeaudit.design import request_of
from judgeaudit.errors import JudgeAuditError, JudgeError
from judgeaudit.judges.base import Completion, Judge, Request
from judgeaudit.ledger import Ledger
from judgeaudit.progress import Progress
from judgeaudit.records import Outcome, Pair, Trial, Verdict

Bought = TypeVar("Bought", Verdict, Completion)

COMMIT_EVERY_N = 20_000
"""Verdicts in one transaction at most; a judge that calls no model reaches it before the second is over."""

COMMIT_EVERY_S = 1.0
"""A verdict waits no longer than this for its commit; an interruption commits what waits."""


@dataclass(frozen=True)
class Engine:
    """How verdicts are bought.

    Attributes:
        retry_errors: whether a rerun asks again where the ledger holds only an ``error``.
        progress: ``auto`` (a live display on a terminal, plain lines elsewhere), ``plain`` or ``off``.
    """

    retry_errors: bool = True
    progress: str = "auto"


@dataclass(frozen=True, slots=True)
class Judged:
    """One judge's verdicts on every trial of an audit.

    Attributes:
        judge: the judge's name.
        keys: the ledger key of each trial; None for one that was not put to the judge.
        verdicts: by key.
        n_bought: distinct verdicts bought in this run.
        n_known: distinct verdicts that the ledger already held.
        cost_usd: the price of what was bought; None where the judge names no price.
        seconds: wall time of the judge's run.
    """

    judge: str
    # Not in repr: asyncio's clean-up formats the results of its tasks, and these are large.
    keys: tuple[str | None, ...] = field(repr=False)
    verdicts: Mapping[str, Verdict] = field(repr=False)
    n_bought: int
    n_known: int
    cost_usd: float | None
    seconds: float


def run(
    judges: Sequence[Judge],
    trials: Sequence[Trial],
    pairs: Mapping[str, Pair],
    ledger: Ledger,
    engine: Engine,
) -> list[Judged]:
    """Put every trial to every judge.

    Returns:
        One ``Judged`` per judge, in the order of ``judges``.

    Raises:
        JudgeError: judges that cannot be used at all; raised after all other judges have finished.
        KeyboardInterrupt: passed on after what was bought has been committed.
    """
    return run_each(judges, [trials] * len(judges), pairs, ledger, engine)


def run_each(
    judges: Sequence[Judge],
    trials: Sequence[Sequence[Trial]],
    pairs: Mapping[str, Pair],
    ledger: Ledger,
    engine: Engine,
) -> list[Judged]:
    """As ``run``, where each judge is asked trials of its own."""
    with Progress(engine.progress) as progress:
        return asyncio.run(_run(judges, trials, pairs, ledger, engine, progress))


async def _run(
    judges: Sequence[Judge],
    trials: Sequence[Sequence[Trial]],
    pairs: Mapping[str, Pair],
    ledger: Ledger,
    engine: Engine,
    progress: Progress,
) -> list[Judged]:
    # Judges that are asked the same trials share their requests.
    requests = {
        id(asked): [request_of(trial, pairs[trial.pair_id]) for trial in asked]
        for asked in {id(asked): asked for asked in trials}.values()
    }
    # One turn for all that compute in this process; and judges with one identity, however named, ask the
    # same, so that the second finds in the ledger what the first has bought.
    turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def one(judge: Judge, asked: Sequence[Trial]) -> Judged:
        async with turns["in_process" if judge.in_process else judge.identity_digest()]:
            return await _run_judge(judge, requests[id(asked)], ledger, engine, progress)

    each = (one(judge, asked) for judge, asked in zip(judges, trials, strict=True))
    results = await asyncio.gather(*each, return_exceptions=True)
    done: list[Judged] = []
    unusable: list[str] = []
    for judge, result in zip(judges, results, strict=True):
        if isinstance(result, JudgeAuditError):
            unusable.append(f"{judge.name}: {result}")
        elif isinstance(result, BaseException):
            raise result
        else:
            done.append(result)
    if unusable:
        kept = "; the verdicts of the others are in the ledger and will not be bought again" if done else ""
        raise JudgeError(
            f"{len(unusable)} of {len(judges)} judges cannot be used{kept}.\n  " + "\n  ".join(unusable)
        )
    return done


async def _run_judge(
    judge: Judge, requests: Sequence[Request], ledger: Ledger, engine: Engine, progress: Progress
) -> Judged:
    start = time.monotonic()
    if judge.is_recorded:
        return await _replay(judge, requests, progress, start)
    identity = judge.identity_digest()
    ledger.write_identity(identity, judge.identity())
    keys = tuple(judge.key(request) for request in requests)
    wanted = dict(zip(reversed(keys), reversed(requests), strict=True))  # the first trial of each key
    known = ledger.verdicts(wanted)
    if engine.retry_errors:
        known = {key: verdict for key, verdict in known.items() if verdict.outcome is not Outcome.ERROR}
    missing = [key for key in dict.fromkeys(keys) if key not in known]
    try:
        bought = await buy(
            judge.name,
            judge.verdicts([wanted[key] for key in missing]) if missing else None,
            missing,
            len(known),
            functools.partial(ledger.write_verdicts, identity),
            progress,
        )
    finally:
        await judge.close()
    return Judged(
        judge=judge.name,
        keys=keys,
        # As the ledger has them: another run may have bought the same key first, and a rerun will read these.
        verdicts={**known, **ledger.verdicts(missing)},
        n_bought=len(bought),
        n_known=len(known),
        cost_usd=cost_of(bought),
        seconds=time.monotonic() - start,
    )


async def _replay(judge: Judge, requests: Sequence[Request], progress: Progress, start: float) -> Judged:
    """The verdicts of a judge that was recorded: each is its trial's own, and nothing is bought."""
    keys = tuple(judge.key(request) for request in requests)
    progress.start(judge.name, total=len(keys), known=0)
    verdicts = {keys[index]: verdict async for index, verdict in judge.verdicts(requests)}
    progress.advance(judge.name, list(verdicts.values()))
    progress.finish(judge.name)
    return Judged(judge.name, keys, verdicts, 0, 0, None, time.monotonic() - start)


async def buy(
    name: str,
    arriving: AsyncIterator[tuple[int, Bought]] | None,
    keys: Sequence[str],
    n_known: int,
    write: Callable[[Sequence[tuple[str, Bought]]], None],
    progress: Progress,
) -> list[Bought]:
    """Commit what arrives for ``keys``; what has arrived is committed however this ends.

    Raises:
        JudgeError: less arrived than was asked for.
    """
    bought: list[Bought] = []
    waiting: list[tuple[str, Bought]] = []
    committed = time.monotonic()

    def commit() -> None:
        nonlocal committed
        write(waiting)
        items = [item for _, item in waiting]
        bought.extend(items)
        progress.advance(name, items)
        waiting.clear()
        committed = time.monotonic()

    progress.start(name, total=len(keys), known=n_known)
    try:
        if arriving is not None:
            async for index, item in arriving:
                waiting.append((keys[index], item))
                if len(waiting) >= COMMIT_EVERY_N or time.monotonic() - committed > COMMIT_EVERY_S:
                    commit()
                    await asyncio.sleep(0)  # let the other judges on
    finally:
        commit()
        progress.finish(name)
    if len(bought) < len(keys):
        raise JudgeError(
            f"gave {len(bought)} answers to {len(keys)} requests; this is a defect of the judge."
        )
    return bought


def cost_of(bought: Sequence[Verdict | Completion]) -> float | None:
    costs = [item.cost_usd for item in bought if item.cost_usd is not None]
    return sum(costs) if costs else None
