"""Which tables and figures does a report have? A recipe, read from a run's configuration, says so.

Recipes are the YAML files of ``reports/``. docs/reports.md describes every field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from judgeaudit.errors import ConfigurationError
from judgeaudit.metrics.record import TESTED, TESTED_WITHOUT_MARGIN

TableKind = Literal[
    "artifacts",
    "judges",
    "cells",
    "juries",
    "planted",
    "validity",
    "review",
    "left_out",
    "tests",
    "cases",
    "reliability",
]
"""``artifacts``: judges by artifacts, a panel for each measure. ``judges``: judges by measures without an
artifact. ``cells``: judge and artifact by measures. ``juries``: each jury beside its members, by artifacts.
``planted``: truth beside estimate. ``validity``: perturbations by checks of their texts. ``review``: perturbations by
what people said of their texts. ``left_out``: what was left out and why. ``tests``: tested cells and their p-values.
``cases``: the range of each figure over what failed verdicts could have said.
``reliability``: numbers of judges by orders and replicates."""

FigureKind = Literal["effects", "flips", "agreement", "doses"]
"""``effects``: one measure with intervals and margin, a facet for each artifact. ``flips``: flip rate beside
noise floor. ``agreement``: a facet for each measure, with the baselines as lines. ``doses``: one
measure over the dose, a facet for each perturbation of which the audit has several."""

FILE_NAME = re.compile(r"[a-z][a-z0-9_]*")
NO_MEASURES = ("planted", "validity", "review", "left_out")

MEASURES = (
    *TESTED, *TESTED_WITHOUT_MARGIN, "decisive_share", "flip", "reversal", "softening", "hardening", "flip_toward",
    "flip_away", "noise_floor", "flip_both", "noise_floor_both", "flip_wording", "noise_floor_wording",
    "self_consistency", "all_identical", "modal_share", "replicate_alpha", "winrate_spread", "position_consistency",
    "order_kappa", "accuracy", "accuracy_decisive", "kappa", "ac1", "alpha", "annotator_winning_rate",
    "annotator_advantage", "refused_rate", "unparsed_rate", "error_rate", "missing_rate",
    "odds_ratio", "preference_steps", "variance_share", "reliability", "judges_needed",
    "ranking_tau", "top_change", "top_noise", "strength_gain",
    "unsafe_rate", "false_negative_rate", "false_positive_rate", "rating_accuracy", "rating_kappa",
)  # fmt: skip
"""Every measure that an audit may make; docs/vocabulary.md describes them."""


@dataclass(frozen=True)
class TableSpec:
    """One table. ``measures`` maps a measure to its heading; ``slice_by`` makes a panel for each value of a column
    (``domain``), or for each role of the response with the artifact (``artifact_on``), in place of one for each
    measure; of the kind ``judges`` it makes a column for each value (``annotator``). An ``optional`` table is left
    out where the run has none of its measures; a ``folded`` one opens on the page when it is asked for."""

    name: str
    title: str
    kind: TableKind
    caption: str
    how_to_read: str
    measures: Mapping[str, str]
    slice_by: str | None = None
    optional: bool = False
    folded: bool = False


@dataclass(frozen=True)
class FigureSpec:
    """One figure. ``measures`` maps a measure to its axis label; ``beside`` names the table it stands with."""

    name: str
    title: str
    kind: FigureKind
    caption: str
    how_to_read: str
    measures: Mapping[str, str]
    beside: str | None = None


@dataclass(frozen=True)
class Recipe:
    """What a report shows: the measures behind the matrix of readings, the tables and the figures, in order."""

    matrix: tuple[str, ...]
    tables: tuple[TableSpec, ...]
    figures: tuple[FigureSpec, ...]


def recipe(node: object, place: str) -> Recipe:
    """Read a recipe.

    Args:
        node: the ``report`` node of a run's configuration as plain data.
        place: where it stands, for messages.

    Raises:
        ConfigurationError: a field is missing, unknown or of the wrong kind.
    """
    fields = _fields(node, place, required=("matrix", "tables", "figures"), optional=("description",))
    tables = tuple(
        _table(item, f"{place}.tables[{index}]")
        for index, item in enumerate(_list(fields["tables"], f"{place}.tables"))
    )
    figures = tuple(
        _figure(item, f"{place}.figures[{index}]")
        for index, item in enumerate(_list(fields["figures"], f"{place}.figures"))
    )
    for kind, names in (
        ("tables", [spec.name for spec in tables]),
        ("figures", [spec.name for spec in figures]),
    ):
        if twice := {name for name in names if names.count(name) > 1}:
            raise ConfigurationError(f"{place}.{kind}: found {sorted(twice)} twice, expected distinct names.")
    for index, figure in enumerate(figures):
        if figure.beside is not None and figure.beside not in [table.name for table in tables]:
            raise ConfigurationError(
                f"{place}.figures[{index}].beside: found {figure.beside!r}, expected the name of a table."
            )
    matrix = tuple(str(name) for name in _list(fields["matrix"], f"{place}.matrix"))
    _known(matrix, TESTED, f"{place}.matrix", "measures that have a reading")
    return Recipe(matrix, tables, figures)


def _table(node: object, place: str) -> TableSpec:
    fields = _fields(
        node,
        place,
        required=("name", "title", "kind", "caption", "how_to_read"),
        optional=("measures", "slice_by", "optional", "folded"),
    )
    kind = _one_of(fields["kind"], get_args(TableKind), f"{place}.kind")
    slice_by = fields.get("slice_by")
    if slice_by is not None and kind not in ("artifacts", "judges"):
        raise ConfigurationError(
            f"{place}.slice_by: belongs to the kinds 'artifacts' and 'judges', found the kind {kind!r}."
        )
    measures = _measures(fields.get("measures"), place, needed=kind not in NO_MEASURES)
    if slice_by is not None and len(measures) != 1:
        raise ConfigurationError(f"{place}.measures: found {list(measures)}, expected one beside slice_by.")
    return TableSpec(
        _file_name(fields["name"], place),
        _text(fields["title"]),
        kind,
        _text(fields["caption"]),
        _text(fields["how_to_read"]),
        measures,
        None if slice_by is None else str(slice_by),
        _yes_or_no(fields.get("optional", False), f"{place}.optional"),
        _yes_or_no(fields.get("folded", False), f"{place}.folded"),
    )


def _figure(node: object, place: str) -> FigureSpec:
    fields = _fields(
        node,
        place,
        required=("name", "title", "kind", "caption", "how_to_read", "measures"),
        optional=("beside",),
    )
    kind = _one_of(fields["kind"], get_args(FigureKind), f"{place}.kind")
    measures = _measures(fields["measures"], place, needed=True)
    expected = {"effects": 1, "flips": 2, "doses": 1}.get(kind)
    if expected is not None and len(measures) != expected:
        raise ConfigurationError(
            f"{place}.measures: found {list(measures)}, expected {expected} for the kind {kind!r}."
        )
    return FigureSpec(
        _file_name(fields["name"], place),
        _text(fields["title"]),
        kind,
        _text(fields["caption"]),
        _text(fields["how_to_read"]),
        measures,
        None if fields.get("beside") is None else str(fields["beside"]),
    )


def _fields(node: object, place: str, *, required: Sequence[str], optional: Sequence[str]) -> dict[str, Any]:
    if not isinstance(node, Mapping):
        raise ConfigurationError(
            f"{place}: found {node!r}, expected a mapping with the fields {', '.join(required)}."
        )
    fields = {str(key): value for key, value in node.items()}
    if missing := [name for name in required if fields.get(name) is None]:
        raise ConfigurationError(
            f"{place}: found no {missing[0]}, expected the fields {', '.join(required)}."
        )
    if unknown := sorted(set(fields) - {*required, *optional}):
        raise ConfigurationError(
            f"{place}.{unknown[0]}: found an unknown field, expected one of "
            f"{', '.join((*required, *optional))}."
        )
    return fields


def _measures(node: object, place: str, *, needed: bool) -> dict[str, str]:
    """``{measure: heading}``; a list gives each measure its own name as heading."""
    if isinstance(node, Mapping) and node:
        measures = {str(name): str(heading) for name, heading in node.items()}
    elif isinstance(node, list) and node:
        measures = {str(name): str(name).replace("_", " ").capitalize() for name in node}
    elif node is None and not needed:
        return {}
    else:
        raise ConfigurationError(
            f"{place}.measures: found {node!r}, expected measures, each with its heading, as in "
            f"{{tie_detection: Tie detection}}."
        )
    _known(tuple(measures), MEASURES, f"{place}.measures", "measures")
    return measures


def _known(names: Sequence[str], known: Sequence[str], place: str, what: str) -> None:
    if unknown := [name for name in names if name not in known]:
        raise ConfigurationError(
            f"{place}: found {unknown[0]!r}, expected {what}: some of {', '.join(known)}."
        )


def _list(node: object, place: str) -> list[Any]:
    if not isinstance(node, list):
        raise ConfigurationError(f"{place}: found {node!r}, expected a list.")
    return node


def _one_of(found: object, known: tuple[Any, ...], place: str) -> Any:
    if found not in known:
        raise ConfigurationError(f"{place}: found {found!r}, expected one of {', '.join(known)}.")
    return found


def _yes_or_no(found: object, place: str) -> bool:
    if not isinstance(found, bool):
        raise ConfigurationError(f"{place}: found {found!r}, expected true or false.")
    return found


def _file_name(found: object, place: str) -> str:
    if not isinstance(found, str) or not FILE_NAME.fullmatch(found):
        raise ConfigurationError(
            f"{place}.name: found {found!r}, expected lower-case letters, digits and _, for it names files."
        )
    return found


def _text(value: object) -> str:
    return " ".join(str(value).split())
