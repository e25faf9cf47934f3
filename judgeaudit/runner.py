"""How do trials become verdicts? Each judge is asked what the ledger does not yet know, and nothing twice.

Every distinct key is bought once, however many trials share it. A verdict is committed to the ledger before
progress counts it, so that an interrupted run loses nothing that it paid for and a rerun buys only what is
missing. Judges that call a service run side by side; judges that compute in this process take turns.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from judgeaudit.design import request_of
from judgeaudit.errors import JudgeAuditError, JudgeError
from judgeaudit.judges.base import Completion, Json, Judge, Message, Request, Writer, digest
from judgeaudit.ledger import Ledger
from judgeaudit.perturb import PerturbedText, Rewrite
from judgeaudit.progress import Progress
from judgeaudit.records import SIDES, Outcome, Pair, Trial, Verdict

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
        keys: the ledger key of each trial.
        verdicts: by key.
        n_bought: distinct verdicts bought in this run.
        n_known: distinct verdicts that the ledger already held.
        cost_usd: the price of what was bought; None where the judge names no price.
        seconds: wall time of the judge's run.
    """

    judge: str
    # Not in repr: asyncio's clean-up formats the results of its tasks, and these are large.
    keys: tuple[str, ...] = field(repr=False)
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
    with Progress(engine.progress) as progress:
        return asyncio.run(_run(judges, trials, pairs, ledger, engine, progress))


async def _run(
    judges: Sequence[Judge],
    trials: Sequence[Trial],
    pairs: Mapping[str, Pair],
    ledger: Ledger,
    engine: Engine,
    progress: Progress,
) -> list[Judged]:
    requests = [request_of(trial, pairs[trial.pair_id]) for trial in trials]
    turn = asyncio.Lock()

    async def one(judge: Judge) -> Judged:
        if not judge.in_process:
            return await _run_judge(judge, requests, ledger, engine, progress)
        async with turn:
            return await _run_judge(judge, requests, ledger, engine, progress)

    results = await asyncio.gather(*(one(judge) for judge in judges), return_exceptions=True)
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
        raise JudgeError(
            f"{len(unusable)} of {len(judges)} judges cannot be used; the verdicts of the others are in the "
            f"ledger and will not be bought again.\n  " + "\n  ".join(unusable)
        )
    return done


async def _run_judge(
    judge: Judge, requests: Sequence[Request], ledger: Ledger, engine: Engine, progress: Progress
) -> Judged:
    start = time.monotonic()
    identity = judge.identity_digest()
    ledger.write_identity(identity, judge.identity())
    keys = tuple(judge.key(request) for request in requests)
    wanted = dict(zip(reversed(keys), reversed(requests), strict=True))  # the first trial of each key
    known = ledger.verdicts(wanted)
    if engine.retry_errors:
        known = {key: verdict for key, verdict in known.items() if verdict.outcome is not Outcome.ERROR}
    missing = [key for key in dict.fromkeys(keys) if key not in known]
    bought: dict[str, Verdict] = {}
    progress.start(judge.name, total=len(missing), known=len(known))
    try:
        await _buy(judge, [wanted[key] for key in missing], missing, identity, ledger, bought, progress)
    finally:
        progress.finish(judge.name)
        await judge.close()
    if len(bought) < len(missing):
        raise JudgeError(
            f"gave {len(bought)} verdicts for {len(missing)} requests; this is a defect of the judge."
        )
    costs = [verdict.cost_usd for verdict in bought.values() if verdict.cost_usd is not None]
    return Judged(
        judge=judge.name,
        keys=keys,
        verdicts={**known, **bought},
        n_bought=len(bought),
        n_known=len(known),
        cost_usd=sum(costs) if costs else None,
        seconds=time.monotonic() - start,
    )


async def _buy(
    judge: Judge,
    requests: Sequence[Request],
    keys: Sequence[str],
    identity: str,
    ledger: Ledger,
    bought: dict[str, Verdict],
    progress: Progress,
) -> None:
    """Ask the judge and commit as verdicts arrive; what has arrived is committed however this ends."""
    waiting: list[tuple[str, Verdict]] = []
    committed = time.monotonic()

    def commit() -> None:
        nonlocal committed
        ledger.write_verdicts(identity, waiting)
        bought.update(waiting)
        progress.advance(judge.name, [verdict for _, verdict in waiting])
        waiting.clear()
        committed = time.monotonic()

    try:
        if requests:
            async for index, verdict in judge.verdicts(requests):
                waiting.append((keys[index], verdict))
                if len(waiting) >= COMMIT_EVERY_N or time.monotonic() - committed > COMMIT_EVERY_S:
                    commit()
                    await asyncio.sleep(0)  # let the other judges on
    finally:
        commit()


def rewrite(
    rewrites: Sequence[Rewrite], pairs: Sequence[Pair], writer: Writer, ledger: Ledger, engine: Engine
) -> list[PerturbedText]:
    """Have a model write what rewriting perturbations ask for, through the ledger like any verdict.

    Returns:
        A perturbed text for each perturbation, pair and side, in that order; a failed rewrite is FAILED, and
        nothing is asked where a rewrite does not apply.
    """
    places = [(change, pair, side) for change in rewrites for pair in pairs for side in SIDES]
    texts = [change.not_applicable(pair, side) for change, pair, side in places]
    asked = [index for index, text in enumerate(texts) if text is None]
    prompts = [change.messages(pair, side) for change, pair, side in (places[index] for index in asked)]
    with Progress(engine.progress) as progress:
        completions = asyncio.run(_write_all(writer, prompts, ledger, progress))
    for index, completion in zip(asked, completions, strict=True):
        change, pair, side = places[index]
        texts[index] = change.accept(pair, side, completion)
    return [text for text in texts if text is not None]


async def _write_all(
    writer: Writer, prompts: Sequence[Sequence[Message]], ledger: Ledger, progress: Progress
) -> list[Completion]:
    identity = digest(writer.writer_identity())
    ledger.write_identity(identity, writer.writer_identity())
    keys = [digest([identity, _as_json(prompt)]) for prompt in prompts]
    known = {key: text for key, text in ledger.completions(keys).items() if text.text is not None}
    wanted = dict(zip(keys, prompts, strict=True))
    missing = [key for key in dict.fromkeys(keys) if key not in known]
    name = f"{writer.name} (rewrites)"
    progress.start(name, total=len(missing), known=len(known))
    try:
        if missing:
            async for index, completion in writer.completions([wanted[key] for key in missing]):
                ledger.write_completions(identity, [(missing[index], completion)])
                known[missing[index]] = completion
                progress.advance(name, [completion])
    finally:
        progress.finish(name)
    return [known[key] for key in keys]


def _as_json(messages: Sequence[Message]) -> Json:
    return [{"role": message["role"], "content": message["content"]} for message in messages]
