"""What exactly was run, on what, with which versions? The manifest answers, and holds no secret.

Everything in it that differs between two runs of the same audit (times, what was bought rather than found in
the ledger) stands under ``this_run``; the rest is the same, byte for byte.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from judgeaudit.design import Design, Plan
from judgeaudit.judges.base import Judge, digest
from judgeaudit.judges.families import family_of
from judgeaudit.juries import Jury
from judgeaudit.metrics import Decision, Settings
from judgeaudit.metrics.subjects import Wording
from judgeaudit.perturb import Change, Composition, PerturbedText, Rewrite, Selection
from judgeaudit.recorded_design import Replayed
from judgeaudit.runner import Judged
from judgeaudit.stopping import decision_entry, stage_ends
from judgeaudit.texts import Prepared
from judgeaudit.writing import Compared, Rewritten

PACKAGES = (
    "judgeaudit", "litellm", "torch", "transformers", "pandas", "pyarrow", "numpy", "scipy", "statsmodels",
    "hydra-core", "SQLAlchemy", "matplotlib",
    "lemminflect", "rapidfuzz", "sentence-transformers",
)  # fmt: skip


def manifest(
    *,
    description: str,
    seed: int,
    prepared: Prepared,
    design: Design,
    plan: Plan,
    judges: Sequence[Judge],
    juries: Sequence[Jury],
    panels: Mapping[str, Sequence[str]],
    settings: Settings,
    judged: Sequence[Judged],
    recording: Replayed,
    wordings: Mapping[str, Wording],
    decisions: Sequence[Decision] | None,
    ledger_url: str,
    started: str,
    seconds: float,
) -> dict[str, Any]:
    """The manifest as JSON-ready data; ``started`` is an ISO time, ``seconds`` the wall time of the run."""
    corpus, rewritten, meaning = prepared.corpus, prepared.rewritten, prepared.meaning
    labels = sorted({pair.label_source.value for pair in corpus.pairs})
    return {
        "description": description,
        "seed": seed,
        "versions": _versions(),
        "corpus": {
            "name": corpus.name,
            "source": corpus.source,
            "sha256": corpus.sha256,
            "revision": corpus.revision,
            "n_pairs": len(corpus.pairs),
            "pairs_digest": digest([asdict(pair) for pair in corpus.pairs]),
            "label_sources": labels,
            "skipped": [str(problem) for problem in corpus.skipped],
            "notices": [{"kind": notice.kind, "text": notice.text} for notice in corpus.notices],
            "left_out": dict(corpus.left_out),
        },
        "perturbations": {
            change.name: _perturbation(change, prepared.selection) for change in prepared.selection.changes
        },
        "exclusions": [asdict(exclusion) for exclusion in plan.exclusions],
        "design": asdict(design),
        "n_trials": len(plan.trials),
        "analysis": asdict(settings),
        "judges": {
            judge.name: {
                "description": judge.description,
                "is_control": judge.is_control,
                "exact_probabilities": judge.exact_probabilities,
                "identity": judge.identity(),
                "digest": judge.identity_digest(),
                "is_pointwise": judge.is_pointwise,
                "cuts": None if judge.cuts is None else list(judge.cuts),
                "n_keys": len(set(one.keys) - {None}),
                "wording": wordings[judge.name]._asdict() if judge.name in wordings else None,
            }
            for judge, one in zip(judges, judged, strict=True)
        },
        "juries": {
            jury.name: {
                "description": jury.description,
                "rule": jury.rule,
                "members": list(panels[jury.name]),
                "weights": dict(jury.weights),
                "ties": jury.ties,
                "failures": jury.failures,
            }
            for jury in juries
            if jury.name in panels
        },
        "juries_not_seated": [jury.name for jury in juries if jury.name not in panels],
        "recording": _recording(recording),
        "stopping": None if decisions is None else _stopping(len(corpus.pairs), decisions),
        "writer": None if rewritten is None else _writer(rewritten, prepared.texts, judges),
        "meaning": None
        if meaning is None
        else {
            "name": meaning.name,
            "identity": meaning.identity(),
            "reader": None if prepared.compared is None else prepared.compared.reader,
        },
        "this_run": {
            "started": started,
            "seconds": round(seconds, 3),
            "hardware": _hardware(),
            "ledger": ledger_url,
            "bought": {one.judge: _purchase(one) for one in judged},
            "rewrites": None if rewritten is None else _purchase(rewritten),
            "meaning": None if prepared.compared is None else _purchase(prepared.compared),
        },
    }


def _stopping(n_pairs: int, decisions: Sequence[Decision]) -> dict[str, Any]:
    """The stages by how many pairs there are up to the end of each, and when each confirmatory cell was decided."""
    return {
        "stage_ends": stage_ends(n_pairs),
        "cells": [decision_entry(one) for one in decisions],
    }


def _recording(recording: Replayed) -> dict[str, Any] | None:
    """What was replayed, and what of it was not used."""
    replay = recording.replay
    if replay is None:
        return None
    return {
        "source": replay.recordings.source,
        "sha256": replay.recordings.sha256,
        "judges": [judge.name for judge in replay.judges],
        "others": list(replay.others),
        "skipped": [str(problem) for problem in replay.recordings.skipped],
        "notices": [{"kind": notice.kind, "text": notice.text} for notice in replay.recordings.notices],
        "n_elsewhere": replay.n_elsewhere,
        "n_pairs_elsewhere": replay.n_pairs_elsewhere,
        "losses": list(recording.losses),
        "unused": dict(recording.unused),
    }


def _writer(rewritten: Rewritten, texts: Sequence[PerturbedText], judges: Sequence[Judge]) -> dict[str, Any]:
    """The model that rewrote texts, and the judges that may favour them for being of its family."""
    configured = str(rewritten.identity.get("model") or rewritten.writer)
    models = sorted({text.writer for text in texts if text.writer is not None} | {configured})
    families = {family_of(model) for model in models}
    return {
        "name": rewritten.writer,
        "identity": rewritten.identity,
        "models": models,
        "judges_of_its_family": [
            judge.name for judge in judges if family_of(str(judge.identity().get("model", ""))) in families
        ],
    }


def _perturbation(change: Change, selection: Selection) -> dict[str, Any]:
    declared = change.declaration
    return {
        "description": declared.description,
        "family": declared.family,
        "source": declared.source,
        "place": declared.place,
        "base": declared.base,
        "dose": declared.dose,
        "dose_unit": None if declared.doses is None else declared.doses.unit,
        "keeps": list(declared.keeps),
        "thresholds": {key: list(bounds) for key, bounds in declared.validity.items()},
        "is_placebo": change.name in selection.placebos,
        "placebo": selection.placebo_of(change),
        "by_model": isinstance(change, Rewrite)
        or (isinstance(change, Composition) and isinstance(change.parts[0], Rewrite)),
        "identity": change.identity(),
        "digest": digest(change.identity()),
    }


def _purchase(one: Judged | Rewritten | Compared) -> dict[str, Any]:
    return {
        "bought": one.n_bought,
        "from_ledger": one.n_known,
        "cost_usd": one.cost_usd,
        "seconds": round(one.seconds, 3),
    }


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _hardware() -> dict[str, Any]:
    return {"machine": platform.machine(), "system": platform.system(), "cpus": os.cpu_count()}
