"""What will an audit take, and what will it be able to say, before anything is bought?

The audit is prepared as ``judgeaudit run`` prepares it: same pairs, texts, trials, judges and juries. Nothing is asked,
and the ledger is read and never written.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from omegaconf import DictConfig

from judgeaudit.audit import Audit, prepare
from judgeaudit.design import WHEN_DECIDED, Exclusion
from judgeaudit.errors import ConfigurationError, JudgeAuditError, RunFolderError
from judgeaudit.metrics import Settings
from judgeaudit.planned_calls import CallPlan, Past, identity_of, planned_calls
from judgeaudit.planned_measures import Measures, Spreads, planned_measures
from judgeaudit.run_folder import RunFolder, write_json
from judgeaudit.unbought import LedgerAsItIs, Unbought, is_unwritten


@dataclass(frozen=True, slots=True)
class Totals:
    """All judges and writers together.

    Attributes:
        n_to_buy: calls.
        usd_most: what those whose price is known cost at most; a lower bound where some price is unknown.
        price_unknown: whose is not.
        seconds: wall time, services side by side and models in this process in turn; None where some time is unknown.
        time_unknown: whose is.
    """

    n_to_buy: int
    usd_most: float
    price_unknown: tuple[str, ...]
    seconds: float | None
    time_unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditPlan:
    """What an audit takes.

    Attributes:
        description: the audit's.
        corpus: the name of the pairs.
        n_pairs, n_trials: how many there are.
        calls: by judge and writer, in the order in which they are asked.
        totals: of them all.
        juries: those that sit; they cost nothing.
        left_out: perturbed texts that no trial uses, by perturbation and reason.
        n_texts: perturbed texts by perturbation, those left out among them.
        unwritten: texts that a model has yet to write, by perturbation; their trials are counted as if all came out.
        stops: whether the audit stops buying when a cell is decided, so that calls are the most there can be.
        settings: how it will be analysed.
        measures: what it will be able to say.
        pilot: the folder whose spreads were taken; None where they are assumed.
    """

    description: str
    corpus: str
    n_pairs: int
    n_trials: int
    calls: tuple[CallPlan, ...]
    totals: Totals
    juries: tuple[str, ...]
    left_out: tuple[Exclusion, ...]
    n_texts: Mapping[str, int]
    unwritten: Mapping[str, int]
    stops: bool
    settings: Settings
    measures: Measures
    pilot: str | None


def planned(config: DictConfig, pilot: Path | None) -> AuditPlan:
    """Plan the audit that ``config`` describes.

    Args:
        config: as ``judgeaudit run`` takes it.
        pilot: a finished run's folder, from whose verdicts spreads and paces are taken; None for assumptions.

    Raises:
        JudgeAuditError: whatever the user can mend; what would stop the audit stops its plan.
    """
    earlier = None if pilot is None else RunFolder(pilot)
    spreads = None if earlier is None else _spreads(earlier)
    unbought = Unbought()
    with LedgerAsItIs(str(config.ledger.url)) as ledger:
        audit = prepare(config, ledger, unbought)
        same = frozenset() if earlier is None else _same(audit, earlier.manifest())
        past = {} if earlier is None else _past(audit, earlier, same)
        calls = tuple(planned_calls(audit, unbought, ledger, past))
    texts = audit.prepared.texts
    return AuditPlan(
        description=audit.description,
        corpus=audit.prepared.corpus.name,
        n_pairs=len(audit.prepared.corpus.pairs),
        n_trials=len(audit.plan.trials),
        calls=calls,
        totals=_totals(calls),
        juries=tuple(audit.panels),
        left_out=audit.plan.exclusions,
        n_texts=dict(Counter(text.perturbation for text in texts)),
        unwritten=dict(Counter(text.perturbation for text in texts if is_unwritten(text))),
        stops=audit.design.stop == WHEN_DECIDED,
        settings=audit.settings,
        measures=planned_measures(audit, None if spreads is None else spreads.known_of(same)),
        pilot=None if pilot is None else str(pilot),
    )


def write(plan: AuditPlan, path: Path) -> None:
    """Write a plan as JSON, over an earlier plan but over nothing else.

    Raises:
        ConfigurationError: another file is in the way, or it cannot be written.
    """
    if path.exists() and not _is_plan(path):
        raise ConfigurationError(
            f"--json: found {path}, which judgeaudit plan did not write; name another file."
        )
    try:
        write_json(path, asdict(plan))
    except OSError as error:
        raise ConfigurationError(f"--json: {path} cannot be written: {error.strerror}.") from error


def _is_plan(path: Path) -> bool:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and {"calls", "totals", "measures"} <= found.keys()


def _spreads(folder: RunFolder) -> Spreads:
    try:
        return Spreads.of_pilot(folder)
    except (ValueError, JudgeAuditError) as error:
        if isinstance(error, RunFolderError):
            raise
        raise RunFolderError(
            f"{folder.path}: its tables and manifest.json do not fit together: {error}"
        ) from error


def _same(audit: Audit, manifest: Mapping[str, Any]) -> frozenset[str]:
    """The judges and juries of the audit that are the same in a finished run.

    A judge whose model is not on this machine is taken to be the one of its name.
    """
    entries = manifest["judges"]
    same = {
        judge.name
        for judge in audit.judges
        if judge.name in entries and identity_of(judge) in (None, entries[judge.name]["digest"])
    }
    for jury in audit.juries:
        panel, entry = audit.panels.get(jury.name), manifest["juries"].get(jury.name)
        if panel is None or entry is None or not same >= set(panel) == set(entry["members"]):
            continue
        if (jury.rule, jury.ties, jury.failures) == (entry["rule"], entry["ties"], entry["failures"]):
            same.add(jury.name)
    return frozenset(same)


def _past(audit: Audit, folder: RunFolder, same: frozenset[str]) -> dict[str, Past]:
    """What a finished run tells of the calls of those judges that are the same in it."""
    manifest, verdicts = folder.manifest(), folder.table("verdicts", ["judge", "key"])
    past = {}
    for judge in audit.judges:
        if judge.is_recorded or judge.name not in same:
            continue
        own = verdicts.loc[verdicts["judge"] == judge.name, "key"].dropna()
        bought = manifest["this_run"]["bought"].get(judge.name) or {}
        pace = bought["seconds"] / bought["bought"] if bought.get("bought") else None
        past[judge.name] = Past(frozenset(own), pace)
    return past


def _totals(calls: tuple[CallPlan, ...]) -> Totals:
    untimed = tuple(one.name for one in calls if one.seconds is None)
    side_by_side = [one.seconds for one in calls if one.seconds is not None and one.backend == "service"]
    in_turn = [one.seconds for one in calls if one.seconds is not None and one.backend != "service"]
    return Totals(
        n_to_buy=sum(one.n_to_buy for one in calls),
        usd_most=sum(one.usd_most for one in calls if one.usd_most is not None),
        price_unknown=tuple(one.name for one in calls if one.usd_most is None),
        seconds=None if untimed else max([*side_by_side, sum(in_turn)], default=0.0),
        time_unknown=untimed,
    )
