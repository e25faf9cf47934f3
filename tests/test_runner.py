"""The runner: trials to judges to ledger, nothing twice, nothing lost."""

from __future__ import annotations

import asyncio
import io
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path

import pytest

from judgeaudit import runner, writing
from judgeaudit.design import Design, plan
from judgeaudit.errors import JudgeError
from judgeaudit.judges.base import Completion, Json, Judge, Message, Request, Writer
from judgeaudit.judges.control import CoinJudge, LongerJudge
from judgeaudit.ledger import Ledger
from judgeaudit.perturb import Rewrite, Status, from_config
from judgeaudit.progress import Progress
from judgeaudit.records import Outcome, Pair, Trial, Turn, Verdict
from judgeaudit.runner import Engine, Judged

QUIET = Engine(progress="off")
PAIRS = {
    f"p{i}": Pair(f"p{i}", (Turn("user", "How?"),), f"answer {i}", f"a longer answer {i}", label="b")
    for i in range(5)
}


def trials(replicates: int = 1) -> tuple[Trial, ...]:
    design = Design(arms=["baseline", "identical"], replicates=replicates)
    return plan(design, list(PAIRS.values()), [], [], frozenset()).trials


class Recorder(Judge):
    """Says first to everything, and remembers what it was asked; fails where it is told to."""

    def __init__(
        self, name: str = "recorder", fail: frozenset[str] = frozenset(), stop_after: int | None = None
    ):
        self.name = name
        self.fail = fail
        self.stop_after = stop_after
        self.asked: list[Request] = []
        self.closed = False

    def identity(self) -> Mapping[str, Json]:
        return {"name": self.name}

    def material(self, request: Request) -> Json:
        return [request.first, request.second]

    async def verdicts(self, requests: Sequence[Request]) -> AsyncIterator[tuple[int, Verdict]]:
        for index, request in reversed(list(enumerate(requests))):  # verdicts may come in any order
            if self.stop_after is not None and len(self.asked) >= self.stop_after:
                raise JudgeError("the key is not accepted")
            self.asked.append(request)
            failed = request.pair.id in self.fail
            yield (
                index,
                Verdict(Outcome.ERROR, error="timeout")
                if failed
                else Verdict(Outcome.FIRST, raw=request.first),
            )
            await asyncio.sleep(0)

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(f"sqlite:///{tmp_path}/ledger.sqlite")


def run(judges: Sequence[Judge], ledger: Ledger, replicates: int = 1, engine: Engine = QUIET) -> list[Judged]:
    return runner.run(judges, trials(replicates), PAIRS, ledger, engine)


def test_every_trial_gets_the_verdict_on_its_own_texts(ledger: Ledger) -> None:
    judge = Recorder()
    [judged] = run([judge], ledger, replicates=2)
    for trial, key in zip(trials(2), judged.keys, strict=True):
        assert judged.verdicts[key].raw == trial.first
    assert judge.closed


def test_a_rerun_of_the_same_audit_buys_nothing(ledger: Ledger) -> None:
    [first] = run([Recorder()], ledger, replicates=2)
    again = Recorder()
    [second] = run([again], ledger, replicates=2)
    assert again.asked == []
    assert (second.n_bought, second.n_known) == (0, first.n_bought)
    assert second.verdicts == first.verdicts


def test_identical_presentations_of_a_deterministic_judge_are_judged_once(ledger: Ledger) -> None:
    [deterministic, random] = run([LongerJudge("longer"), CoinJudge("coin")], ledger, replicates=3)
    assert deterministic.n_bought == 5 * (2 + 2)
    assert random.n_bought == 5 * (2 + 2) * 3


class Moody(Recorder):
    """Answers every request anew, and never twice alike."""

    def identity(self) -> Mapping[str, Json]:
        return {"name": "moody"}

    async def verdicts(self, requests: Sequence[Request]) -> AsyncIterator[tuple[int, Verdict]]:
        async for index, _ in super().verdicts(requests):
            yield index, Verdict(Outcome.FIRST, raw=f"{self.name} {index} \0 {time.monotonic_ns()}")


def test_judges_with_one_identity_buy_once_and_a_rerun_reads_the_same_verdicts(ledger: Ledger) -> None:
    first = run([Moody("one"), Moody("two")], ledger)
    assert sorted(judged.n_bought for judged in first) == [0, 20]
    again = run([Moody("one"), Moody("two")], ledger)
    assert [judged.verdicts for judged in again] == [judged.verdicts for judged in first]


def test_a_verdict_that_another_run_bought_first_is_the_one_reported(ledger: Ledger) -> None:
    class Overtaken(Moody):
        async def verdicts(self, requests: Sequence[Request]) -> AsyncIterator[tuple[int, Verdict]]:
            rows = [(self.key(request), Verdict(Outcome.SECOND)) for request in requests]
            ledger.write_verdicts(self.identity_digest(), rows)
            async for item in super().verdicts(requests):
                yield item

    [judged] = run([Overtaken()], ledger)
    assert {verdict.outcome for verdict in judged.verdicts.values()} == {Outcome.SECOND}


def test_a_rerun_asks_again_only_where_the_ledger_holds_an_error(ledger: Ledger) -> None:
    [first] = run([Recorder(fail=frozenset({"p3"}))], ledger)
    assert sum(verdict.outcome is Outcome.ERROR for verdict in first.verdicts.values()) == 4
    again = Recorder()
    [second] = run([again], ledger)
    assert {request.pair.id for request in again.asked} == {"p3"}
    assert all(verdict.outcome is Outcome.FIRST for verdict in second.verdicts.values())
    kept = Recorder()
    run([Recorder("other", fail=frozenset({"p3"}))], ledger)
    kept.name = "other"
    run([kept], ledger, engine=Engine(retry_errors=False, progress="off"))
    assert kept.asked == []


def test_a_judge_that_cannot_be_used_loses_neither_its_own_verdicts_nor_the_others(ledger: Ledger) -> None:
    broken = Recorder("broken", stop_after=7)
    with pytest.raises(JudgeError, match=r"1 of 2 judges.*\n.*broken: the key is not accepted"):
        run([broken, Recorder("good")], ledger)
    again, good = Recorder("broken"), Recorder("good")
    run([again, good], ledger)
    assert len(again.asked) == 20 - 7
    assert good.asked == []


def test_a_judge_that_leaves_a_request_out_is_a_defect_and_said_so(ledger: Ledger) -> None:
    class Forgetful(Recorder):
        async def verdicts(self, requests: Sequence[Request]) -> AsyncIterator[tuple[int, Verdict]]:
            async for index, verdict in super().verdicts(requests):
                if index != 0:
                    yield index, verdict

    with pytest.raises(JudgeError, match="19 answers to 20 requests"):
        run([Forgetful()], ledger)


INTERRUPTED = """
import asyncio, sys
from tests.test_runner import *
class Slow(Recorder):
    async def verdicts(self, requests):
        async for item in super().verdicts(requests):
            yield item
            print("judged", flush=True)
            await asyncio.sleep(0.3)
run([Slow("slow")], Ledger(sys.argv[1]))
"""


def test_an_interrupted_run_keeps_what_it_bought_and_goes_on_from_there(
    tmp_path: Path, heeding_ctrl_c: Callable[[], object]
) -> None:
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    root = Path(__file__).parents[1]
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=root,
        preexec_fn=heeding_ctrl_c,
    ) as process:
        assert process.stdout is not None
        for _ in range(3):
            assert process.stdout.readline() == "judged\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert "KeyboardInterrupt" in errors
    with Ledger(url) as ledger:
        again = Recorder("slow")
        run([again], ledger)
    assert 0 < len(again.asked) <= 20 - 3


def test_judges_that_call_a_service_run_side_by_side_and_those_in_this_process_take_turns(
    ledger: Ledger,
) -> None:
    spans: list[tuple[float, float]] = []

    class Timed(Recorder):
        async def verdicts(self, requests: Sequence[Request]) -> AsyncIterator[tuple[int, Verdict]]:
            start = time.monotonic()
            await asyncio.sleep(0.1)
            async for item in super().verdicts(requests):
                yield item
            spans.append((start, time.monotonic()))

    def overlap(judges: Sequence[Timed]) -> bool:
        spans.clear()
        run(judges, ledger)
        (_, end), (start, _) = sorted(spans)
        return start < end

    services = [Timed("service 1"), Timed("service 2")]
    locals_ = [Timed("local 1"), Timed("local 2")]
    for judge in locals_:
        judge.in_process = True
    assert overlap(services)
    assert not overlap(locals_)


class Author(Writer):
    """Writes every text twice over; fails on the pairs it is told to."""

    def __init__(self, fail: str | None = None) -> None:
        self.name = "author"
        self.fail = fail
        self.n_asked = 0
        self.closed = False

    async def close(self) -> None:
        self.closed = True

    def writer_identity(self) -> Mapping[str, Json]:
        return {"name": self.name}

    async def completions(
        self, prompts: Sequence[Sequence[Message]]
    ) -> AsyncIterator[tuple[int, Completion]]:
        for index, prompt in enumerate(prompts):
            self.n_asked += 1
            text = prompt[-1]["content"]
            if self.fail is not None and self.fail in text:
                yield index, Completion(None, error="timeout")
            else:
                yield index, Completion("A wholly rewritten answer, longer.", model="author-1")


def rewriting() -> Rewrite:
    declared = {
        "name": "longer", "version": 1, "description": "d", "family": "style", "source": "test",
        "place": "rewrite",
        "rewrite": {"instruction": "Make it longer.", "min_length_ratio": 0.1, "max_length_ratio": 100.0},
    }  # fmt: skip
    change = from_config(declared, seed=0)
    assert isinstance(change, Rewrite)
    return change


def test_rewrites_are_bought_once_through_the_ledger_and_failures_are_counted(ledger: Ledger) -> None:
    pairs = list(PAIRS.values())
    texts = writing.rewrite([rewriting()], pairs, Author(fail="a longer answer 3"), ledger, QUIET).texts
    assert [(t.pair_id, t.side) for t in texts if t.status is Status.FAILED] == [("p3", "b")]
    assert {t.writer for t in texts if t.status is Status.CHANGED} == {"author-1"}
    kept = Author()
    writing.rewrite([rewriting()], pairs, kept, ledger, Engine(retry_errors=False, progress="off"))
    assert kept.n_asked == 0
    again = Author()
    written = writing.rewrite([rewriting()], pairs, again, ledger, QUIET)
    assert (again.n_asked, written.n_bought, written.n_known) == (1, 1, 9)  # only the failed one
    assert again.closed


def test_nothing_is_paid_for_a_text_that_a_rewrite_does_not_apply_to(ledger: Ledger) -> None:
    empty = Pair("empty", (Turn("user", "How?"),), "", "An answer of some words.", label="b")
    author = Author()
    texts = writing.rewrite([rewriting()], [empty], author, ledger, QUIET).texts
    assert author.n_asked == 1
    assert [(text.side, text.status) for text in texts] == [
        ("a", Status.NOT_APPLICABLE),
        ("b", Status.CHANGED),
    ]


def test_without_a_terminal_progress_is_plain_lines_with_the_counts() -> None:
    stream = io.StringIO()
    with Progress("auto", stream) as progress:
        progress.start("gpt", total=3, known=2)
        progress.advance("gpt", [Verdict(Outcome.FIRST, cost_usd=0.5), Verdict(Outcome.ERROR)])
        progress.finish("gpt")
    line = stream.getvalue()
    assert line.startswith("gpt: 2/3 judged, 1 failed, ")
    assert "$0.5000" in line
    assert "2 from the ledger" in line
    assert "\x1b" not in line
