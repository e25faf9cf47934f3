"""How does one audit run from configuration to report? This is the one way through, stage by stage.

corpora -> perturb -> design -> judges (through runner, into ledger) -> juries -> metrics -> report
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pandas as pd
from hydra.errors import InstantiationException
from hydra.utils import instantiate
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from judgeaudit import catalog, metrics, perturb, runner
from judgeaudit.corpora import Corpus, corpus_table
from judgeaudit.design import Design, Plan, plan
from judgeaudit.errors import ConfigurationError, JudgeAuditError
from judgeaudit.judges.base import Judge, Writer
from judgeaudit.judges.planted import PlantedJudge
from judgeaudit.juries import Jury, deliberate
from judgeaudit.ledger import Ledger
from judgeaudit.manifest import manifest
from judgeaudit.metrics import Settings
from judgeaudit.perturb import Perturbation, Rewrite
from judgeaudit.planted_truth import expected_measures
from judgeaudit.records import Arm
from judgeaudit.report.recipe import recipe
from judgeaudit.run_folder import (
    ballots,
    judge_table,
    jury_table,
    text_table,
    trial_table,
    write_json,
    write_metrics,
)


@dataclass(frozen=True)
class Audit:
    """A configured audit whose trials are planned and for which nothing has been bought but rewrites."""

    description: str
    seed: int
    corpus: Corpus
    perturbations: tuple[Perturbation | Rewrite, ...]
    placebos: frozenset[str]
    texts: tuple[perturb.PerturbedText, ...]
    design: Design
    plan: Plan
    judges: tuple[Judge, ...]
    juries: tuple[Jury, ...]
    panels: Mapping[str, tuple[str, ...]]
    rewritten: runner.Rewritten | None
    settings: Settings
    engine: runner.Engine


def run_audit(config: DictConfig, folder: Path) -> None:
    """Run the audit that ``config`` describes and leave everything in ``folder`` but the rendered report.

    Raises:
        JudgeAuditError: whatever the user can mend, before anything is bought where that is possible.
    """
    started, clock = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
    _clear(folder)
    with Ledger(str(config.ledger.url)) as ledger:
        audit = prepare(config, ledger)
        pairs = {pair.id: pair for pair in audit.corpus.pairs}
        judged = runner.run(audit.judges, audit.plan.trials, pairs, ledger, audit.engine)
        ledger_url = ledger.url
    verdicts = _verdict_table(audit, judged)
    pair_rows = corpus_table(audit.corpus)
    measures = metrics.measure(verdicts, pair_rows, audit.settings)
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
    text_table(audit.texts).to_parquet(folder / "texts.parquet", index=False)
    verdicts.to_parquet(folder / "verdicts.parquet", index=False)
    write_metrics(folder, measures, truths)
    # The manifest comes last: a folder that has one is whole.
    about = manifest(
        description=audit.description,
        seed=audit.seed,
        corpus=audit.corpus,
        perturbations=audit.perturbations,
        placebos=audit.placebos,
        design=audit.design,
        plan=audit.plan,
        judges=audit.judges,
        juries=audit.juries,
        panels=audit.panels,
        rewritten=audit.rewritten,
        settings=audit.settings,
        judged=judged,
        ledger_url=ledger_url,
        started=started,
        seconds=time.monotonic() - clock,
    )
    write_json(folder / "manifest.json", about)


def prepare(config: DictConfig, ledger: Ledger) -> Audit:
    """Read the pairs, perturb them, plan the trials and set up judges and juries."""
    settings = cast("Settings", _made(config.analysis, "analysis"))
    design = cast("Design", _made(config.design, "design"))
    engine = cast("runner.Engine", _made(config.engine, "engine"))
    judges = _judges(config)
    juries = _juries(config)
    panels = _panels(judges, juries)
    if "report" in config:
        recipe(OmegaConf.to_container(config.report, resolve=True), "report")
    perturbations, placebos = _perturbations(config, design)
    corpus = _corpus(config.data)
    if unknown := set(settings.slices) - set(corpus_table(corpus).columns):
        raise ConfigurationError(f"analysis.slices: found {sorted(unknown)}, expected columns of the pairs.")
    plain = [change for change in perturbations if isinstance(change, Perturbation)]
    rewrites = [change for change in perturbations if isinstance(change, Rewrite)]
    texts = perturb.perturb_all(plain, corpus.pairs)
    rewritten = None
    if rewrites:
        writer = _writer(config, [change.name for change in rewrites])
        rewritten = runner.rewrite(rewrites, corpus.pairs, writer, ledger, engine)
        texts = [*texts, *rewritten.texts]
    planned = plan(design, corpus.pairs, texts, [change.name for change in perturbations], placebos)
    return Audit(
        description=str(config.get("description") or "An audit of LLM judges"),
        seed=int(config.seed),
        corpus=corpus,
        perturbations=perturbations,
        placebos=placebos,
        texts=tuple(texts),
        design=design,
        plan=planned,
        judges=judges,
        juries=juries,
        panels=panels,
        rewritten=rewritten,
        settings=settings,
        engine=engine,
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


def _corpus(node: DictConfig) -> Corpus:
    arguments = {str(key): node[key] for key in node if key != "description"}
    return cast("Corpus", _made(OmegaConf.create(arguments), "data"))


def _judges(config: DictConfig) -> tuple[Judge, ...]:
    nodes = config.get("judges") or {}
    if not nodes:
        raise ConfigurationError("judge: found none, expected one or more, as in judge=[gpt-4o,llama-3-8b].")
    judges = tuple(cast("Judge", _made(node, f"judges.{name}")) for name, node in nodes.items())
    for name, judge in zip(nodes, judges, strict=True):
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
    return judges


def _juries(config: DictConfig) -> tuple[Jury, ...]:
    nodes = config.get("juries") or {}
    juries = tuple(cast("Jury", _made(node, f"juries.{name}")) for name, node in nodes.items())
    for name, jury in zip(nodes, juries, strict=True):
        if not isinstance(jury, Jury) or jury.name != name:
            raise ConfigurationError(
                f"juries.{name}: expected a jury whose name is {name!r}, the name in the file's "
                f"'# @package juries.{name}' line, and '_target_: judgeaudit.juries.Jury'."
            )
    return juries


def _panels(judges: Sequence[Judge], juries: Sequence[Jury]) -> dict[str, tuple[str, ...]]:
    """The panel of each jury that sits."""
    names = [judge.name for judge in judges]
    controls = frozenset(judge.name for judge in judges if judge.is_control)
    if clash := {jury.name for jury in juries} & set(names):
        raise ConfigurationError(f"juries and judges share the names {sorted(clash)}; rename the juries.")
    panels = {jury.name: jury.panel(names, controls) for jury in juries}
    return {name: panel for name, panel in panels.items() if panel is not None}


def _writer(config: DictConfig, names: Sequence[str]) -> Writer:
    node = config.get("writer")
    if node is None:
        raise ConfigurationError(
            f"perturbations {list(names)} are written by a model, and none is named: "
            f"add judge@writer=NAME with any model judge, as in judge@writer=gpt-4o."
        )
    writer = _made(node, "writer")
    if not isinstance(writer, Writer):
        raise ConfigurationError(
            f"writer: found {writer!r}, expected a model judge (API or local), which can write."
        )
    return writer


def _perturbations(
    config: DictConfig, design: Design
) -> tuple[tuple[Perturbation | Rewrite, ...], frozenset[str]]:
    """The selected perturbations, then the placebos they name (read from the catalogue where not selected)."""
    seed = int(config.seed)
    nodes = dict((config.get("perturbations") or {}).items())
    chosen = {str(name): _perturbation(str(name), node, seed) for name, node in nodes.items()}
    placebos: dict[str, Perturbation | Rewrite] = {}
    if Arm.PLACEBO in design.arms:
        for change in list(chosen.values()):
            if change.placebo is not None and change.placebo not in placebos:
                found = chosen.get(change.placebo)
                placebos[change.placebo] = found or _from_catalogue(change.name, change.placebo, seed)
    kept = [change for name, change in chosen.items() if name not in placebos]
    return (*kept, *placebos.values()), frozenset(placebos)


def _perturbation(name: str, node: Any, seed: int) -> Perturbation | Rewrite:
    change = perturb.from_config(
        cast("dict[str, Any]", OmegaConf.to_container(node, resolve=True)), seed=seed
    )
    if change.name != name:
        raise ConfigurationError(
            f"perturbations.{name}: found the name {change.name!r}, expected {name!r}, "
            f"the name in the file's '# @package perturbations.{name}' line."
        )
    return change


def _from_catalogue(of: str, name: str, seed: int) -> Perturbation | Rewrite:
    path = catalog.find("perturbation", name)
    if path is None:
        raise ConfigurationError(
            f"perturbation {of} names the placebo {name!r}, which is not in the catalogue; "
            f"select it too (perturbation=[{of},{name}]) or leave placebo out of design.arms."
        )
    return _perturbation(name, OmegaConf.load(path), seed)


def _made(node: Any, place: str) -> Any:
    """Instantiate one configuration node; what goes wrong is told as the user's configuration error."""
    try:
        return instantiate(node, _convert_="all")
    except InstantiationException as error:
        if isinstance(error.__cause__, JudgeAuditError):
            raise error.__cause__ from error
        raise ConfigurationError(f"{place}: {error.__cause__ or error}") from error
    except OmegaConfBaseException as error:
        raise ConfigurationError(f"{place}: {error}") from error


def _clear(folder: Path) -> None:
    """Take away what an earlier run left here, so that a folder never holds parts of two."""
    for name in ("manifest.json", "metrics.json", "report.html"):
        (folder / name).unlink(missing_ok=True)
    for name in ("tables", "figures"):
        shutil.rmtree(folder / name, ignore_errors=True)
