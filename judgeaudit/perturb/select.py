"""Which perturbations does an audit use? Those selected, at each dose, their compositions and their placebos."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from omegaconf import DictConfig, OmegaConf

from judgeaudit import catalog
from judgeaudit.errors import PerturbationError
from judgeaudit.perturb.base import Perturbation
from judgeaudit.perturb.combine import Change, Composition, MatchedPlacebo
from judgeaudit.perturb.config import from_config
from judgeaudit.perturb.declaration import DOSE_MARK
from judgeaudit.perturb.rewrite import Rewrite


@dataclass(frozen=True)
class Selection:
    """The changes of an audit: artifacts in the order of their selection, then the placebos.

    Attributes:
        changes: every change that makes texts of its own; a matched placebo stands behind its artifact.
        placebos: the names of those that stand as a neutral control.
    """

    changes: tuple[Change, ...]
    placebos: frozenset[str]

    @property
    def rewrites(self) -> tuple[Rewrite, ...]:
        """Every rewriting by a model, also those that only a composition uses."""
        found = {}
        for change in self.changes:
            for part in change.parts if isinstance(change, Composition) else (change,):
                if isinstance(part, Rewrite):
                    found[part.name] = part
        return tuple(found.values())

    def placebo_of(self, change: Change) -> str | None:
        """The name of a change's neutral control in this audit; None where it has none."""
        if change.name in self.placebos:
            return None
        matched = [
            other.name
            for other in self.changes
            if isinstance(other, MatchedPlacebo) and other.artifact.name == change.name
        ]
        fixed = [change.declaration.placebo] if change.declaration.placebo in self.placebos else []
        return next(iter([*matched, *fixed]), None)


def select(
    nodes: Mapping[str, Any],
    *,
    seed: int,
    compose: Sequence[Sequence[str]] = (),
    factorial: Sequence[Sequence[str]] = (),
    with_placebos: bool,
) -> Selection:
    """Read the selected perturbations and everything that they name.

    Args:
        nodes: the declarations of the selected perturbations by name; a ``dose`` may be a list.
        seed: of all random choices.
        compose: names of perturbations, selected or not, to be put into one text in this order.
        factorial: names of perturbations of which every combination is wanted, from each alone to all of
            them, in this order.
        with_placebos: whether the neutral controls are wanted that they name.

    Raises:
        PerturbationError: a declaration is wrong, or names what is not in the catalogue.
    """
    source = _Source(nodes, seed)
    chosen: dict[str, Change] = {
        change.name: change for name in nodes for change in source.doses_of(str(name))
    }
    for names in [*compose, *(cell for factors in factorial for cell in _cells(factors))]:
        if not names or len(set(names)) < len(names):
            raise PerturbationError(
                f"design: found the combination {list(names)}, expected one or more names, each once."
            )
        parts = tuple(source.part(name) for name in names)
        combined: Change = parts[0] if len(parts) == 1 else Composition(parts)
        chosen.setdefault(combined.name, combined)
    placebos = _placebos(chosen, source) if with_placebos else {}
    named = {change.declaration.placebo for change in chosen.values()}
    kept = []
    for name, change in chosen.items():
        if change.declaration.matched and name not in named:
            raise PerturbationError(
                f"perturbation {name!r} takes place and size from an artifact and cannot stand alone; select a "
                f"perturbation that names it as its placebo."
            )
        if not change.declaration.matched and name not in placebos:
            kept.append(change)
    return Selection((*kept, *placebos.values()), frozenset(placebos))


def _cells(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every combination of the factors that holds at least one of them, the smaller first."""
    for size in range(1, len(names) + 1):
        yield from combinations(names, size)


def _placebos(chosen: Mapping[str, Change], source: _Source) -> dict[str, Change]:
    placebos: dict[str, Change] = {}
    for change in chosen.values():
        named = change.declaration.placebo
        if named is None:
            continue
        control = chosen.get(named) or source.placebo(change.name, named)
        if control.declaration.family != "control" or named == change.name:
            raise PerturbationError(
                f"perturbation {change.name!r}: placebo: found {named!r} of the family "
                f"{control.declaration.family}, expected a perturbation of the family control."
            )
        if not control.declaration.matched:
            placebos[named] = control
        elif isinstance(control, Perturbation) and isinstance(change, Perturbation):
            matched = MatchedPlacebo(control, change)
            placebos[matched.name] = matched
        else:
            raise PerturbationError(
                f"perturbation {change.name!r}: placebo: found {named!r}, which takes its size from an edit; "
                f"expected a rewriting by a model, such as paraphrase."
            )
    return placebos


@dataclass(frozen=True)
class _Source:
    """Declarations by name: the audit's own first, else the catalogue's."""

    nodes: Mapping[str, Any]
    seed: int

    def doses_of(self, name: str) -> Iterator[Perturbation | Rewrite]:
        """The perturbation, or one for each of its doses where it lists several."""
        node = self._node(name)
        doses = OmegaConf.select(node, "dose")
        if not OmegaConf.is_list(doses):
            yield self._read(name, node, None)
            return
        listed = list(doses)
        if not listed or len(set(listed)) < len(listed):
            raise PerturbationError(
                f"perturbation {name!r}: dose: found {listed}, expected a dose, or several, each once."
            )
        made = [self._at(name, node, dose) for dose in listed]
        if len({change.name for change in made}) < len(made):
            raise PerturbationError(
                f"perturbation {name!r}: dose: found {listed}, expected doses that differ in six digits."
            )
        yield from made

    def part(self, name: str) -> Perturbation | Rewrite:
        """A part of a composition: a perturbation, or ``name@dose``."""
        base, mark, dose = name.partition(DOSE_MARK)
        node = self._node(base)
        if node.get("matched") is True:
            raise PerturbationError(
                f"design: found {base!r} in a combination, which takes place and size from an artifact; expected "
                f"perturbations that can stand alone."
            )
        if mark:
            try:
                return self._at(base, node, float(dose))
            except ValueError as error:
                raise PerturbationError(
                    f"design: found {name!r}, expected a number behind {DOSE_MARK}."
                ) from error
        found = list(self.doses_of(base))
        if len(found) != 1:
            raise PerturbationError(
                f"design: found {name!r} in a combination, which has several doses; expected one of them, "
                f"such as {found[0].name}."
            )
        return found[0]

    def placebo(self, of: str, name: str) -> Perturbation | Rewrite:
        """The control that a perturbation names."""
        if name not in self.nodes and catalog.find("perturbation", name) is None:
            raise PerturbationError(
                f"perturbation {of} names the placebo {name!r}, which is not in the catalogue; "
                f"select it too (perturbation=[{of},{name}]) or leave placebo out of design.arms."
            )
        return self._read(name, self._node(name), None)

    def _at(self, name: str, node: DictConfig, dose: float) -> Perturbation | Rewrite:
        changed = node.copy()
        changed.dose = dose
        shown = f"{dose:g}" if isinstance(dose, int | float) else str(dose)
        return self._read(name, changed, f"{name}{DOSE_MARK}{shown}")

    def _read(self, name: str, node: Any, called: str | None) -> Perturbation | Rewrite:
        change = from_config(node, seed=self.seed, declared=self._node, name=called)
        if change.declaration.base != name:
            raise PerturbationError(
                f"perturbations.{name}: found the name {change.declaration.base!r}, expected {name!r}, "
                f"the name in the file's '# @package perturbations.{name}' line."
            )
        return change

    def _node(self, name: str) -> DictConfig:
        if name in self.nodes:
            node = self.nodes[name]
        elif (path := catalog.find("perturbation", name)) is not None:
            node = OmegaConf.load(path)
        else:
            known = ", ".join(entry.name for entry in catalog.entries("perturbation"))
            raise PerturbationError(f"found the perturbation {name!r}, expected one of: {known}.")
        if not isinstance(node, DictConfig):
            node = OmegaConf.create(dict(node))
        return node
