"""How does one audit run from configuration to report? This is the one way through, stage by stage.

corpora -> perturb -> design -> judges (through runner, into ledger) -> juries -> metrics -> report
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pandas as pd
from omegaconf import DictConfig, OmegaConf

from judgeaudit import metrics, runner, stopping
from judgeaudit.configured import made
from judgeaudit.corpora import Corpus, corpus_table
from judgeaudit.design import WHEN_DECIDED, Design, Plan, plan
from judgeaudit.errors import ConfigurationError
from judgeaudit.judges.base import Judge
from judgeaudit.judges.planted import PlantedJudge
from judgeaudit.judges.recording import RatingRecording, Replay, VerdictRecording
from judgeaudit.judges.replay import ReplayJudge
from judgeaudit.juries import Jury, deliberate
from judgeaudit.ledger import Ledger
from judgeaudit.manifest import manifest
from judgeaudit.metrics import Settings, Subjects
from judgeaudit.metrics.subjects import Dose, Wording
from judgeaudit.planted_truth import expected_measures
from judgeaudit.recorded_design import Replayed, extent, gaps, shrink, unused
from judgeaudit.records import Arm, Pair
from judgeaudit.report.recipe import recipe
from judgeaudit.run_folder import (
    ballots,
    judge_table,
    jury_table,
    text_facts,
    text_table,
    trial_table,
    write_json,
    write_metrics,
)
from judgeaudit.texts import Prepared, prepare_texts, read_corpus
from judgeaudit.unbought import Unbought
from judgeaudit.wordings import in_every_wording


@dataclass(frozen=True)
class Audit:
    """A configured audit whose trials are planned and for which nothing has been bought but rewrites."""

    description: str
    seed: int
    prepared: Prepared
    design: Design
    plan: Plan
    judges: tuple[Judge, ...]
    juries: tuple[Jury, ...]
    panels: Mapping[str, tuple[str, ...]]
    settings: Settings
    engine: runner.Engine
    recording: Replayed
    wordings: Mapping[str, Wording]


def run_audit(config: DictConfig, folder: Path) -> None:
    """Run the audit that ``config`` describes and leave everything in ``folder`` but the rendered report.

    Raises:
        JudgeAuditError: whatever the user can mend, before anything is bought where that is possible.
    """
    started, clock = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
    _clear(folder)
    with Ledger(str(config.ledger.url)) as ledger:
        audit = prepare(config, ledger)
        pairs = {pair.id: pair for pair in audit.prepared.corpus.pairs}
        stage_of = stopping.stages(pairs, audit.seed) if audit.design.stop == WHEN_DECIDED else None
        judged = _judged(audit, pairs, ledger, stage_of)
        ledger_url = ledger.url
    verdicts = _verdict_table(audit, judged)
    pair_rows = corpus_table(audit.prepared.corpus)
    texts = text_table(audit.prepared.texts)
    measures = metrics.measure(
        verdicts, pair_rows, audit.settings, subjects(audit), stage_of, text_facts(texts)
    )
    truths = [
        truth
        for judge in audit.judges
        if isinstance(judge, PlantedJudge)
        for truth in expected_measures(judge, audit.plan.trials, pairs)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    # Not resolved: what comes from the environment by ${oc.env:...} may be a secret and stays there.
    OmegaConf.save(config, folder / "config.yaml")
    pair_rows.to_parquet(folder / "pairs.parquet", index=False)
    texts.to_parquet(folder / "texts.parquet", index=False)
    verdicts.to_parquet(folder / "verdicts.parquet", index=False)
    write_metrics(folder, measures, truths)
    # The manifest comes last: a folder that has one is whole.
    about = manifest(
        description=audit.description,
        seed=audit.seed,
        prepared=audit.prepared,
        design=audit.design,
        plan=audit.plan,
        judges=audit.judges,
        juries=audit.juries,
        panels=audit.panels,
        settings=audit.settings,
        judged=judged,
        recording=audit.recording,
        wordings=audit.wordings,
        decisions=None if stage_of is None else _decisions(audit, judged, stage_of),
        ledger_url=ledger_url,
        started=started,
        seconds=time.monotonic() - clock,
    )
    write_json(folder / "manifest.json", about)


def prepare(config: DictConfig, ledger: Ledger, unbought: Unbought | None = None) -> Audit:
    """Read the pairs, perturb them, plan the trials and set up judges and juries.

    Args:
        config: the audit's configuration.
        ledger: where what models write for it is kept.
        unbought: what stands in for those models, where nothing is to be bought.
    """
    settings = cast("Settings", made(config.analysis, "analysis"))
    design = cast("Design", made(config.design, "design"))
    engine = cast("runner.Engine", made(config.engine, "engine"))
    judges, wordings = _judges(config)
    juries = _juries(config)
    corpus = read_corpus(config.data)
    replay = _replay(config, corpus)
    judges = (*judges, *(() if replay is None else replay.judges))
    _check_names(judges, corpus)
    _check_stop(design, judges)
    metrics.check(corpus_table(corpus), settings)
    recorded = extent(judges)
    losses: tuple[str, ...] = ()
    if recorded is not None:
        shrunk = shrink(design, recorded)
        design, losses = shrunk.design, shrunk.losses
    panels = _panels(judges, juries, wordings)
    if "report" in config:
        recipe(OmegaConf.to_container(config.report, resolve=True), "report")
    prepared = prepare_texts(config, corpus, design, ledger, engine, recorded, unbought)
    pairs = prepared.corpus.pairs
    if recorded is not None and not prepared.selection.placebos:
        design = replace(design, arms=[arm for arm in design.arms if arm != Arm.PLACEBO])
    names = [change.name for change in prepared.selection.changes]
    planned = plan(design, pairs, prepared.texts, names, prepared.selection.placebos)
    by_id = {pair.id: pair for pair in pairs}
    return Audit(
        description=str(config.get("description") or _described(judges, corpus)),
        seed=int(config.seed),
        prepared=prepared,
        design=design,
        plan=planned,
        judges=judges,
        juries=juries,
        panels=panels,
        settings=settings,
        engine=engine,
        recording=Replayed(
            replay,
            (*losses, *gaps(judges, design), *prepared.losses),
            unused(judges, planned, by_id, design),
        ),
        wordings=wordings,
    )


def _judged(
    audit: Audit, pairs: Mapping[str, Pair], ledger: Ledger, stage_of: Mapping[str, int] | None
) -> list[runner.Judged]:
    """What every judge said: of all trials, or of those that were asked until each cell was decided."""
    if stage_of is None:
        return runner.run(audit.judges, audit.plan.trials, pairs, ledger, audit.engine)
    rule = stopping.Stopping(
        stage_of,
        audit.panels,
        subjects(audit).placebos,
        lambda judged: _decisions(audit, judged, stage_of),
    )
    return stopping.run_in_stages(audit.judges, audit.plan.trials, pairs, ledger, audit.engine, rule)


def _decisions(
    audit: Audit, judged: Sequence[runner.Judged], stage_of: Mapping[str, int]
) -> list[metrics.Decision]:
    """Every confirmatory cell as it stands after what was said so far."""
    pair_rows = corpus_table(audit.prepared.corpus)
    return metrics.decisions(
        _verdict_table(audit, judged), pair_rows, audit.settings, subjects(audit), stage_of
    )


def _verdict_table(audit: Audit, judged: Sequence[runner.Judged]) -> pd.DataFrame:
    trials = trial_table(audit.plan.trials)
    tables = {
        judge.name: judge_table(trials, one, exact=judge.exact_probabilities)
        for judge, one in zip(audit.judges, judged, strict=True)
    }
    jury_tables = []
    for jury in audit.juries:
        panel = audit.panels.get(jury.name)
        if panel is None:
            continue
        said = deliberate(jury, panel, ballots([tables[name] for name in panel]))
        jury_tables.append(jury_table(trials, jury.name, said))
    return pd.concat([*tables.values(), *jury_tables], ignore_index=True)


def subjects(audit: Audit) -> Subjects:
    """The judges and artifacts as measures know them."""
    selection = audit.prepared.selection
    return Subjects(
        placebos={
            change.name: control for change in selection.changes if (control := selection.placebo_of(change))
        },
        cuts={judge.name: judge.cuts for judge in audit.judges if judge.cuts is not None},
        controls=frozenset(judge.name for judge in audit.judges if judge.is_control),
        juries=frozenset(audit.panels),
        doses={
            change.name: Dose(change.declaration.base, change.declaration.dose)
            for change in selection.changes
            if change.declaration.dose is not None
        },
        wordings=audit.wordings,
    )


def _described(judges: Sequence[Judge], corpus: Corpus) -> str:
    """An audit's title where it is given none."""
    names = [judge.name for judge in judges]
    who = " and ".join(names) if len(names) < 3 else f"{len(names)} judges"
    return f"An audit of {who} on {corpus.name}"


def _judges(config: DictConfig) -> tuple[tuple[Judge, ...], dict[str, Wording]]:
    """The judges that can be asked, and whose wording each is; replayed ones are read from their recording."""
    nodes = config.get("judges") or {}
    if not nodes and config.get("judge") is None:
        raise ConfigurationError("judge: found none, expected one or more, as in judge=[gpt-4o,llama-3-8b].")
    asked = list(in_every_wording(nodes, config.get("wordings") or {}))
    judges = tuple(cast("Judge", made(node, f"judges.{name}")) for name, node, _ in asked)
    for (name, _, _), judge in zip(asked, judges, strict=True):
        if not isinstance(judge, Judge):
            raise ConfigurationError(
                f"judges.{name}: found no judge, expected '_target_:' to name one, such as "
                f"judgeaudit.judges.api.ApiJudge."
            )
        if judge.name != name:
            raise ConfigurationError(
                f"judges.{name}: found the name {judge.name!r}, expected {name!r}, the name in the file's "
                f"'# @package judges.{name}' line."
            )
    return judges, {name: wording for name, _, wording in asked if wording is not None}


def _replay(config: DictConfig, corpus: Corpus) -> Replay | None:
    """What ``judge=replay`` or ``judge=replay_ratings`` replays."""
    node = config.get("judge")
    if node is None:
        return None
    arguments = {str(key): node[key] for key in node if key not in ("description", "name")}
    source = made(OmegaConf.create(arguments), "judge")
    if not isinstance(source, VerdictRecording | RatingRecording):
        raise ConfigurationError(
            "judge: found no recording, expected judge=replay or judge=replay_ratings; every other judge's file "
            "begins with '# @package judges.NAME'."
        )
    return source.replay(corpus)


def _check_names(judges: Sequence[Judge], corpus: Corpus) -> None:
    """See that judges have names of their own, and texts to judge."""
    names = [judge.name for judge in judges]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ConfigurationError(f"judge: found {twice} twice, recorded and to be asked; rename one of them.")
    asked = [judge.name for judge in judges if not isinstance(judge, ReplayJudge)]
    if asked and not corpus.has_texts:
        raise ConfigurationError(
            f"judge: found {asked}, which need texts, and the data has none; expected recorded judges alone."
        )


def _check_stop(design: Design, judges: Sequence[Judge]) -> None:
    """See that what is to be stopped is bought."""
    recorded = [judge.name for judge in judges if judge.is_recorded]
    if design.stop is not None and recorded:
        raise ConfigurationError(
            f"design.stop: found {design.stop!r} with the recorded judges {recorded}, of which nothing is bought that "
            f"could be stopped, expected design.stop=null."
        )


def _juries(config: DictConfig) -> tuple[Jury, ...]:
    nodes = config.get("juries") or {}
    juries = tuple(cast("Jury", made(node, f"juries.{name}")) for name, node in nodes.items())
    for name, jury in zip(nodes, juries, strict=True):
        if not isinstance(jury, Jury) or jury.name != name:
            raise ConfigurationError(
                f"juries.{name}: expected a jury whose name is {name!r}, the name in the file's "
                f"'# @package juries.{name}' line, and '_target_: judgeaudit.juries.Jury'."
            )
    return juries


def _panels(
    judges: Sequence[Judge], juries: Sequence[Jury], wordings: Mapping[str, Wording]
) -> dict[str, tuple[str, ...]]:
    """The panel of each jury that sits; a judge asked once more by another prompt is no further juror by itself."""
    names = [judge.name for judge in judges]
    others = {name for name, wording in wordings.items() if wording.judge != name}
    controls = frozenset(judge.name for judge in judges if judge.is_control or judge.name in others)
    if clash := {jury.name for jury in juries} & set(names):
        raise ConfigurationError(f"juries and judges share the names {sorted(clash)}; rename the juries.")
    panels = {jury.name: jury.panel(names, controls) for jury in juries}
    return {name: panel for name, panel in panels.items() if panel is not None}


def _clear(folder: Path) -> None:
    """Take away what an earlier run left here, so that a folder never holds parts of two."""
    for name in ("manifest.json", "metrics.json", "report.html", "review.json"):
        (folder / name).unlink(missing_ok=True)
    for name in ("tables", "figures"):
        shutil.rmtree(folder / name, ignore_errors=True)
