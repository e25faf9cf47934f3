"""What should a reader know before believing the figures? Sentences, where an audit gives cause for them."""

from __future__ import annotations

from judgeaudit.perturb import Status
from judgeaudit.report import wording
from judgeaudit.report.run import Run


def cautions(run: Run) -> tuple[str, ...]:
    """Each caution in a sentence; most audits have none."""
    return (
        *_recorded(run),
        *_stopped(run),
        *_repeated_texts(run),
        *_self_enhancement(run),
        *_invalid_kept(run),
    )


def _recorded(run: Run) -> tuple[str, ...]:
    recording = run.manifest["recording"]
    if recording is None:
        return ()
    judges = wording.some(recording["judges"])
    told = f"The verdicts of {judges} were recorded in {recording['source']}, not asked for."
    if recording["losses"]:
        losses = recording["losses"][: wording.MOST_LISTED]
        more = len(recording["losses"]) - len(losses)
        losses = [*losses, f"and {more:,} more"] if more else losses
        told += f" What could not be measured for not being recorded: {'; '.join(losses)}."
    most = sorted(run.missing, key=lambda one: -one.n / one.of)
    missing = wording.some([f"{one.judge} ({one.n:,} of {one.of:,})" for one in most])
    return (f"{told} Missing verdicts: {missing}." if missing else told,)


def _stopped(run: Run) -> tuple[str, ...]:
    stopping = run.manifest["stopping"]
    if stopping is None:
        return ()
    cells = stopping["cells"]
    n_stages = len(stopping["stage_ends"])
    early = sum(one["stage"] is not None and one["stage"] < n_stages for one in cells)
    if not early and not run.missing:
        return ()
    bought = [one for one in run.missing if one.judge in run.manifest["judges"]]
    kept = wording.some([f"{one.judge} ({one.n:,} of {one.of:,})" for one in bought])
    return (
        f"Verdicts were bought in stages, and none for a confirmatory cell once its reading was decided "
        f"(design.stop=when_decided): {early:,} of {wording.counted(len(cells), 'cell')} were, before the last pair. "
        f"Their intervals and p-values hold at whatever number of pairs one stops; their estimates are on average a "
        f"little larger than the effects. The intervals of all other figures do not know that the number of pairs "
        f"depended on the verdicts. Not bought: {kept or 'nothing, for other cells needed the verdicts'}.",
    )


def _repeated_texts(run: Run) -> tuple[str, ...]:
    notices = run.manifest["corpus"]["notices"]
    told = [one["text"] for one in notices if one["kind"] in ("repeated_responses", "repeated_prompts")]
    return tuple(f"{text}: what reads sensitive or robust is less sure than it looks." for text in told)


def _self_enhancement(run: Run) -> tuple[str, ...]:
    writer = run.manifest["writer"]
    if writer is None or not writer["judges_of_its_family"]:
        return ()
    about = run.manifest["perturbations"]
    written = wording.listed([name for name in about if about[name]["by_model"]])
    judges = wording.listed(list(writer["judges_of_its_family"]))
    return (
        f"The texts of {written} were written by {wording.listed(list(writer['models']))}. Of the same model family: "
        f"{judges}. A judge may favour what its own family wrote (self-enhancement); hold its figures for these "
        f"texts against judges of other families.",
    )


def _invalid_kept(run: Run) -> tuple[str, ...]:
    kept = {
        # A changed text has a reason only where a threshold is broken.
        one.perturbation: sum(n for (status, _), n in one.reasons.items() if status is Status.CHANGED)
        for one in run.texts
    }
    counts = wording.listed([f"{name} ({n:,})" for name, n in kept.items() if n])
    if not counts:
        return ()
    return (
        f"Texts that break what their perturbation claims to keep, or another of its thresholds, were judged all the "
        f"same, as the configuration says (texts.invalid=keep): {counts}.",
    )
