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

from judgeaudit.corpora import Corpus
from judgeaudit.design import Design, Plan
from judgeaudit.judges.base import Judge, digest
from judgeaudit.juries import Jury
from judgeaudit.metrics import Settings
from judgeaudit.perturb import Perturbation, Rewrite
from judgeaudit.runner import Judged, Rewritten

PACKAGES = (
    "judgeaudit", "litellm", "torch", "transformers", "pandas", "pyarrow", "numpy", "scipy", "statsmodels",
    "hydra-core", "SQLAlchemy", "matplotlib",
)  # fmt: skip


def manifest(
    *,
    description: str,
    seed: int,
    corpus: Corpus,
    perturbations: Sequence[Perturbation | Rewrite],
    placebos: frozenset[str],
    design: Design,
    plan: Plan,
    judges: Sequence[Judge],
    juries: Sequence[Jury],
    panels: Mapping[str, Sequence[str]],
    rewritten: Rewritten | None,
    settings: Settings,
    judged: Sequence[Judged],
    ledger_url: str,
    started: str,
    seconds: float,
) -> dict[str, Any]:
    """The manifest as JSON-ready data; ``started`` is an ISO time, ``seconds`` the wall time of the run."""
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
            change.name: {
                "description": change.description,
                "family": change.family,
                "source": change.source,
                "is_placebo": change.name in placebos,
                "placebo": change.placebo,
                "identity": change.identity(),
                "digest": digest(change.identity()),
            }
            for change in perturbations
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
                "n_keys": len(set(one.keys)),
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
        "writer": None if rewritten is None else {"name": rewritten.writer, "identity": rewritten.identity},
        "this_run": {
            "started": started,
            "seconds": round(seconds, 3),
            "hardware": _hardware(),
            "ledger": ledger_url,
            "bought": {one.judge: _purchase(one) for one in judged},
            "rewrites": None if rewritten is None else _purchase(rewritten),
        },
    }


def _purchase(one: Judged | Rewritten) -> dict[str, Any]:
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
