"""What was left out of the audit, and why? Rows, pairs, texts and verdicts, each counted."""

from __future__ import annotations

from dataclasses import dataclass

from judgeaudit.report import wording
from judgeaudit.report.gaps import Failures
from judgeaudit.report.run import Run

NOT_CHANGED = {
    "unchanged": "the artifact changed nothing",
    "not_applicable": "the artifact does not apply",
    "failed": "the artifact could not be made",
}


@dataclass(frozen=True)
class LeftOut:
    """One line: at which stage, what, why, how many (None where it is not a count), of how many."""

    stage: str
    what: str
    why: str
    n: int | None
    of: int | None = None


def left_out_rows(run: Run) -> list[LeftOut]:
    """Everything that a reader might think is in the figures and is not, in the order of the audit's stages."""
    corpus = run.manifest["corpus"]
    texts = 2 * corpus["n_pairs"]
    rows = [LeftOut("reading", "row skipped", problem, 1) for problem in corpus["skipped"]]
    rows += [LeftOut("reading", "pairs left out", reason, n) for reason, n in corpus["left_out"].items()]
    rows += [
        LeftOut("reading", f"kept, and worth knowing: {one['kind'].replace('_', ' ')}", one["text"], None)
        for one in corpus["notices"]
    ]
    rows += [
        LeftOut(
            "perturbing",
            f"{one['perturbation']}: texts without a trial",
            f"{NOT_CHANGED.get(one['status'], one['status'])}: {one['reason'] or 'no reason given'}",
            one["n_texts"],
            texts,
        )
        for one in run.manifest["exclusions"]
    ]
    rows += _recording_rows(run)
    rows += [
        LeftOut("judging", f"{name}: no jury", "fewer than two judges to sit on it", None)
        for name in run.manifest["juries_not_seated"]
    ]
    rows += [
        LeftOut(
            "judging",
            f"{one.judge}: verdicts {one.outcome.value}",
            f"no verdict in {one.n:,} of {one.of:,}{_for_scores(one)}; never scored",
            one.n,
            one.of,
        )
        for one in run.failures
    ]
    return rows


def _for_scores(one: Failures) -> str:
    """Of a judge of single responses: a response without a score leaves every trial that shows it without a verdict."""
    if one.unscored is None:
        return ""
    return f", for {wording.counted_of(one.unscored.n, one.unscored.of, 'response')} had no score"


def _recording_rows(run: Run) -> list[LeftOut]:
    """What was not bought; of replayed judges what was not recorded, and what was recorded and not used."""
    recording, stopping = run.manifest["recording"], run.manifest["stopping"]
    rows = [
        LeftOut(
            "judging",
            f"{one.judge}: verdicts {'missing' if stopping is None else 'not bought'}",
            f"nobody recorded what the judge said of these trials{_for_scores(one)}; never guessed"
            if stopping is None
            else "the cells that they were for had been decided (design.stop=when_decided)",
            one.n,
            one.of,
        )
        for one in run.missing
        if stopping is None or one.judge in run.manifest["judges"]
    ]
    if recording is None:
        return rows
    rows += [LeftOut("recording", "not recorded", loss, None) for loss in recording["losses"]]
    rows += [LeftOut("recording", "row skipped", problem, 1) for problem in recording["skipped"]]
    rows += [
        LeftOut("recording", f"kept, and worth knowing: {one['kind'].replace('_', ' ')}", one["text"], None)
        for one in recording["notices"]
    ]
    rows += [LeftOut("recording", "recorded and not used", why, n) for why, n in recording["unused"].items()]
    if recording["n_elsewhere"]:
        why = f"on {recording['n_pairs_elsewhere']:,} pairs that are not under audit"
        rows.append(LeftOut("recording", "recorded and not used", why, recording["n_elsewhere"]))
    rows += [
        LeftOut("recording", f"{name}: not replayed", "not among judge.only", None)
        for name in recording["others"]
    ]
    return rows
