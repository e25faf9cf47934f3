"""What will be bought of each judge and writer, how long will it take, and what will it cost? Counted without asking.

Calls are counted as the runner buys them: each key once, of judges with one identity only once, and none that the
ledger holds. Tokens, dollars and time are estimates; each says what it rests on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any, Literal

from judgeaudit.audit import Audit
from judgeaudit.design import request_of
from judgeaudit.errors import JudgeError
from judgeaudit.judges.api import ApiJudge
from judgeaudit.judges.api_exchange import Price
from judgeaudit.judges.base import Judge, Request, digest, message_json
from judgeaudit.judges.control import ControlJudge
from judgeaudit.judges.local import LocalJudge
from judgeaudit.judges.planted import PlantedJudge
from judgeaudit.judges.pointwise import Dialogue, PointwiseJudge
from judgeaudit.judges.replay import ReplayJudge
from judgeaudit.ledger import Ledger
from judgeaudit.planned_tokens import PromptTokens, by_characters, by_litellm, listed_price, sample
from judgeaudit.records import Outcome, Verdict
from judgeaudit.unbought import Unasked, Unbought, hub_offline, is_unwritten

Role = Literal["judge", "writer", "reader"]
"""Who is asked: a judge, the model that rewrites texts, or the one that compares their meanings."""

Backend = Literal["service", "local", "rule", "recorded", "own"]
"""Where answers come from: a service that asks for money, a model in this process, a rule, a recording, or a judge of
the user's own class, of which nothing is known."""

PriceSource = Literal["configuration", "litellm", "no service"]
TimeSource = Literal["recorded latency", "pilot", "no model"]


@dataclass(frozen=True, slots=True)
class Past:
    """What an earlier audit tells of a judge of the same identity.

    Attributes:
        keys: of its verdicts, which the ledger may hold.
        seconds_a_call: wall time of its run over what was bought in it; None where nothing was.
    """

    keys: frozenset[str]
    seconds_a_call: float | None


@dataclass(frozen=True, slots=True)
class CallPlan:
    """What one judge or writer will be asked. Fields that nobody can know are None, never 0.

    Attributes:
        name, role, backend: who, for what, and where.
        n_trials: trials that need its verdict; of a writer texts, of a reader comparisons.
        n_calls: distinct calls among them.
        n_known: of them in the ledger; None where the model's files are not here, so that its keys are unknown.
        n_shared: of them bought by a judge of the same identity before it.
        n_to_buy: the rest; the most there can be where ``n_known`` is None.
        input: the length of the prompts to be bought.
        output_most: tokens of a reply at most.
        output_mean: tokens of a reply in what was recorded; None where nothing was.
        price, price_source: of a service, and whence; None where unknown.
        usd_most: the cost where every reply is as long as it may be.
        usd_expected: the cost where replies are as long as those recorded.
        concurrency: calls under way at a time, of a service.
        seconds, seconds_source: time for all calls, and what it rests on.
        n_scored: of a judge that rates single responses, the distinct texts it reads.
    """

    name: str
    role: Role
    backend: Backend
    n_trials: int
    n_calls: int
    n_known: int | None
    n_shared: int
    n_to_buy: int
    input: PromptTokens | None = None
    output_most: int | None = None
    output_mean: float | None = None
    price: Price | None = None
    price_source: PriceSource | None = None
    usd_most: float | None = None
    usd_expected: float | None = None
    concurrency: int | None = None
    seconds: float | None = None
    seconds_source: TimeSource | None = None
    n_scored: int | None = None


def planned_calls(
    audit: Audit, unbought: Unbought, ledger: Ledger, past: Mapping[str, Past]
) -> list[CallPlan]:
    """What has to be bought: rewrites, comparisons of meaning, then every judge in order.

    Args:
        audit: prepared without buying.
        unbought: what stood in for its writers then.
        ledger: what was ever bought.
        past: what an earlier audit tells of judges, by name; only of those that are the same.
    """
    pairs = {pair.id: pair for pair in audit.prepared.corpus.pairs}
    requests = [request_of(trial, pairs[trial.pair_id]) for trial in audit.plan.trials]
    unwritten = frozenset(text.text for text in audit.prepared.texts if is_unwritten(text) and text.text)
    plans = list(_written(audit, unbought, len(unwritten)))
    taken: set[str] = set()
    for judge in audit.judges:
        if isinstance(judge, ReplayJudge):
            n = sum(judge.recorded(request).outcome is not Outcome.MISSING for request in requests)
            free = CallPlan(judge.name, "judge", "recorded", n, 0, 0, 0, 0, price_source="no service")
            plans.append(
                replace(free, usd_most=0.0, usd_expected=0.0, seconds=0.0, seconds_source="no model")
            )
        else:
            plans.append(_of_judge(judge, requests, unwritten, audit, ledger, past.get(judge.name), taken))
    return plans


def identity_of(judge: Judge) -> str | None:
    """The judge's identity digest; None where its model's files are not on this machine."""
    try:
        with hub_offline():
            return judge.identity_digest()
    except JudgeError:
        return None


def _of_judge(
    judge: Judge,
    requests: Sequence[Request],
    unwritten: frozenset[str],
    audit: Audit,
    ledger: Ledger,
    past: Past | None,
    taken: set[str],
) -> CallPlan:
    """One judge's calls; the keys that it buys join ``taken``."""
    has_keys = identity_of(judge) is not None
    keys = [judge.key(one) if has_keys else _place(judge, one) for one in requests]
    wanted = dict(zip(reversed(keys), reversed(requests), strict=True))
    known = ledger.verdicts(wanted) if has_keys else {}
    recorded = [*known.values(), *(ledger.verdicts(past.keys - known.keys()).values() if past else ())]
    if audit.engine.retry_errors:
        known = {key: verdict for key, verdict in known.items() if verdict.outcome is not Outcome.ERROR}
    missing = [key for key in dict.fromkeys(keys) if key not in known]
    bought = [key for key in missing if key not in taken]
    if has_keys:
        taken.update(bought)
    readable = [
        wanted[key] for key in bought if not unwritten & {wanted[key].first, wanted[key].second}
    ]  # a text that is not written yet is taken to be as long as the others
    plan = CallPlan(
        judge.name, "judge", _backend(judge), len(requests), len(wanted), len(known) if has_keys else None,
        len(missing) - len(bought), len(bought), output_mean=_mean(recorded, "completion_tokens"),
    )  # fmt: skip
    plan = _with_tokens(plan, judge, readable, [wanted[key] for key in bought], audit.seed)
    pace = past.seconds_a_call if past else None
    return _with_time(_with_price(plan, judge), _mean(recorded, "latency_s"), pace)


def _place(judge: Judge, request: Request) -> str:
    """What tells a judge's calls from each other where its identity is unknown: it is the same for all of them."""
    return digest([judge.material(request), request.replicate if judge.stochastic else None])


def _backend(judge: object) -> Backend:
    if isinstance(judge, ApiJudge):
        return "service"
    if isinstance(judge, LocalJudge | PointwiseJudge):
        return "local"
    return "rule" if isinstance(judge, ControlJudge | PlantedJudge) else "own"


def _mean(verdicts: Sequence[Verdict], field: Literal["completion_tokens", "latency_s"]) -> float | None:
    values = [getattr(one, field) for one in verdicts if one.outcome is not Outcome.ERROR]
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _with_tokens(
    plan: CallPlan, judge: Judge, readable: Sequence[Request], bought: Sequence[Request], seed: int
) -> CallPlan:
    counted = sample(readable, seed)
    if isinstance(judge, ApiJudge):
        conversations: list[Any] = [judge.material(request) for request in counted]
        most = judge.identity()["max_tokens"]
        assert isinstance(most, int)
        return replace(plan, input=by_litellm(judge.exchange.model, conversations), output_most=most)
    if isinstance(judge, LocalJudge):
        most = 0 if judge.readout == "logits" else judge.sampling.max_new_tokens
        return replace(plan, input=_by_its_tokenizer(judge, counted), output_most=most)
    if isinstance(judge, PointwiseJudge):
        texts = {Dialogue(one.pair.turns, text): one for one in bought for text in (one.first, one.second)}
        shown = [[*(turn.text for turn in one.turns), one.response] for one in sample(list(texts), seed)]
        return replace(plan, n_scored=len(texts), input=by_characters(shown), output_most=0)
    return plan


def _by_its_tokenizer(judge: LocalJudge, requests: Sequence[Request]) -> PromptTokens | None:
    try:
        with hub_offline():
            lengths = [length for length in judge.prompt_tokens(requests) if length is not None]
    except JudgeError:
        return by_characters([judge.material(request) for request in requests])
    return PromptTokens(fmean(lengths), len(lengths), "tokenizer") if lengths else None


def _with_price(plan: CallPlan, asked: object) -> CallPlan:
    """The plan with what its calls cost: of a service by the configured price or litellm's list."""
    if plan.n_to_buy == 0 or plan.backend in ("local", "rule"):
        return replace(
            plan,
            usd_most=0.0,
            usd_expected=0.0,
            price_source="no service" if plan.backend != "service" else None,
        )
    if not isinstance(asked, ApiJudge):
        return plan
    exchange = asked.exchange
    price = exchange.price or listed_price(exchange.model)
    plan = replace(plan, concurrency=exchange.pace.max_concurrency, price=price)
    if price is None or plan.input is None or plan.output_most is None:
        return plan

    def usd(output: float) -> float:
        assert plan.input is not None
        return plan.n_to_buy * (plan.input.mean * price.input_usd + output * price.output_usd) / 1e6

    return replace(
        plan,
        price_source="configuration" if exchange.price else "litellm",
        usd_most=usd(plan.output_most),
        usd_expected=None if plan.output_mean is None else usd(plan.output_mean),
    )


def _with_time(plan: CallPlan, latency_s: float | None, pace_s: float | None) -> CallPlan:
    """The plan with its time: of a service from recorded latencies, else at the pace of an earlier audit."""
    if plan.n_to_buy == 0 or plan.backend == "rule":
        return replace(plan, seconds=0.0, seconds_source="no model")
    if latency_s is not None and plan.concurrency is not None:
        seconds = plan.n_to_buy * latency_s / min(plan.concurrency, plan.n_to_buy)
        return replace(plan, seconds=seconds, seconds_source="recorded latency")
    if pace_s is not None:
        return replace(plan, seconds=plan.n_to_buy * pace_s, seconds_source="pilot")
    return plan


def _written(audit: Audit, unbought: Unbought, n_unwritten: int) -> list[CallPlan]:
    """What the models that rewrite and compare will be asked."""
    plans = []
    rewritten, compared = audit.prepared.rewritten, audit.prepared.compared
    if unbought.writer is not None and rewritten is not None:
        n_texts = len(rewritten.texts)
        plans.append(_of_writer(unbought.writer, "writer", n_texts, rewritten.n_known, 0, audit.seed))
    if unbought.reader is not None and compared is not None:
        n_texts = len(compared.similarities) + n_unwritten
        plans.append(
            _of_writer(unbought.reader, "reader", n_texts, compared.n_known, n_unwritten, audit.seed)
        )
    return plans


def _of_writer(
    asked: Unasked, role: Role, n_texts: int, n_known: int, n_unwritten: int, seed: int
) -> CallPlan:
    """A writer's calls; of ``n_unwritten`` more it is known only that they will be made."""
    writer, n_to_buy = asked.writer, len(asked.prompts) + n_unwritten
    known = n_known if asked.is_known else None
    plan = CallPlan(asked.name, role, _backend(writer), n_texts, n_to_buy + n_known, known, 0, n_to_buy)
    counted = sample(asked.prompts, seed)
    if isinstance(writer, ApiJudge):
        most = writer.writer_identity()["max_tokens"]
        assert isinstance(most, int)
        conversations: list[Any] = [message_json(messages) for messages in counted]
        plan = replace(plan, input=by_litellm(writer.exchange.model, conversations), output_most=most)
    else:
        plan = replace(plan, input=by_characters([message_json(messages) for messages in counted]))
        if isinstance(writer, LocalJudge):
            plan = replace(plan, output_most=writer.writing.max_new_tokens)
    return _with_time(_with_price(plan, writer), None, None)
