"""What is there to report of a run? Its estimates by cell, its judges in groups, what failed and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from judgeaudit.errors import RunFolderError
from judgeaudit.metrics import Measure, Subjects, is_confirmatory
from judgeaudit.metrics.record import ALL, POSITION
from judgeaudit.planted_truth import Truth
from judgeaudit.report.gaps import Failures, Gaps, read_gaps
from judgeaudit.report.recipe import Recipe, recipe
from judgeaudit.review import Review, stored
from judgeaudit.run_folder import ADVICE, RunFolder, subjects_of, unreadable
from judgeaudit.text_summary import TextSummary, summaries

JUDGES = "Judges"
JURIES = "Juries"
CONTROLS = "Baselines without a model"
REFERENCES = "References"
TOGETHER = "All judges together"
BESIDE = (REFERENCES, TOGETHER)
"""The groups that are no judges and no juries."""


ALL_JUDGES = "panel:"
"""What names of measures over all judges begin with."""

Key = tuple[str, str, str | None, str]
"""Measure, judge, perturbation, slice: what names one headline estimate."""


@dataclass(frozen=True)
class Group:
    """Judges that stand together, under a title."""

    title: str
    judges: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """One run as the report sees it.

    ``gaps`` are the verdicts that it does not have; ``texts`` has an entry for each perturbation; ``review`` is what
    people said of the texts, None where nobody was asked.
    """

    manifest: Mapping[str, Any]
    recipe: Recipe
    measures: tuple[Measure, ...]
    truths: tuple[Truth, ...]
    gaps: Gaps
    texts: tuple[TextSummary, ...]
    review: Review | None

    @property
    def failures(self) -> tuple[Failures, ...]:
        """An entry for each judge and kind of failure that occurred."""
        return self.gaps.failures

    @property
    def missing(self) -> tuple[Failures, ...]:
        """An entry for each judge of whom not every verdict was recorded."""
        return self.gaps.missing

    @cached_property
    def _by_key(self) -> dict[Key, Measure]:
        return {
            (one.measure, one.judge, one.perturbation, one.slice): one
            for one in self.measures
            if one.side is None
        }

    def cell(self, measure: str, judge: str, perturbation: str | None, slice_: str = ALL) -> Measure | None:
        """The estimate over both sides, or None where none was made."""
        return self._by_key.get((measure, judge, perturbation, slice_))

    @cached_property
    def _subjects(self) -> Subjects:
        return subjects_of(self.manifest)

    def is_confirmatory(self, one: Measure) -> bool:
        """Whether a tested cell is of the family that Holm adjusts."""
        return is_confirmatory(one, self.manifest["analysis"]["confirmatory"], self._subjects)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every measure that the run has an estimate of."""
        return frozenset(one.measure for one in self.measures)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Judges, juries, baselines without a model, references and what is of all judges, in the manifest's order."""
        about: Mapping[str, Any] = self.manifest["judges"]
        known = {*about, *self.panels}
        others = tuple(dict.fromkeys(one.judge for one in self.measures if one.judge not in known))
        groups = (
            Group(JUDGES, tuple(name for name in about if not about[name]["is_control"])),
            Group(JURIES, tuple(self.panels)),
            Group(CONTROLS, tuple(name for name in about if about[name]["is_control"])),
            Group(REFERENCES, tuple(name for name in others if not name.startswith(ALL_JUDGES))),
            Group(TOGETHER, tuple(name for name in others if name.startswith(ALL_JUDGES))),
        )
        return tuple(group for group in groups if group.judges)

    @property
    def panels(self) -> Mapping[str, tuple[str, ...]]:
        """Each jury's members."""
        return {name: tuple(one["members"]) for name, one in self.manifest["juries"].items()}

    @property
    def artifacts(self) -> tuple[str, ...]:
        """The perturbations under audit, without the neutral controls, in the manifest's order."""
        about = self.manifest["perturbations"]
        return tuple(name for name in about if not about[name]["is_placebo"])

    @property
    def placebos(self) -> tuple[str, ...]:
        """The neutral controls."""
        about = self.manifest["perturbations"]
        return tuple(name for name in about if about[name]["is_placebo"])

    def columns(self, measures: Sequence[str]) -> tuple[str, ...]:
        """Artifacts, then ``position`` and the neutral controls where one of the measures has them."""
        has = {one.perturbation for one in self.measures if one.measure in measures}
        controls = self.placebos if has & set(self.placebos) else ()
        return (*self.artifacts, *((POSITION,) if self.has_position(measures) else ()), *controls)

    def has_position(self, measures: Sequence[str]) -> bool:
        """Whether one of the measures has an estimate for the order of presentation."""
        return any(one.perturbation == POSITION and one.measure in measures for one in self.measures)


def read_run(path: Path) -> Run:
    """Read a run's folder.

    Raises:
        RunFolderError: ``path`` is no finished run, or one of its files cannot be read.
        ConfigurationError: its recipe is not one.
    """
    folder = RunFolder(path)
    manifest = folder.manifest()
    return Run(
        manifest,
        _recipe(folder.path),
        folder.measures(),
        folder.truths(),
        read_gaps(folder, manifest),
        summaries(folder.table("texts"), list(manifest["perturbations"])),
        stored(folder),
    )


def _recipe(path: Path) -> Recipe:
    file = path / "config.yaml"
    try:
        config = OmegaConf.load(file)
        report = config.get("report") if isinstance(config, DictConfig) else None
        # Only the recipe: elsewhere a configuration may ask for what only the run's own environment had.
        node = OmegaConf.to_container(report, resolve=True) if OmegaConf.is_config(report) else report
    except FileNotFoundError as error:
        raise RunFolderError(
            f"{path}: found no config.yaml, expected the run's configuration. Run the audit again (what was bought "
            f"is in the ledger)."
        ) from error
    except (OSError, UnicodeDecodeError, OmegaConfBaseException, YAMLError) as error:
        raise RunFolderError(
            f"{file}: found {unreadable(error)}, expected YAML in UTF-8. {ADVICE}"
        ) from error
    if node is None:
        raise RunFolderError(
            f"{file}: found no report, expected the recipe of the report; "
            f"run the audit again with report=safer_or_luckier."
        )
    return recipe(node, f"{file}: report")
