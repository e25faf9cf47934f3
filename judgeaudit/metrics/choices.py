"""Between what did a judge choose in each decisive verdict? The rows and terms of a model of its choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from judgeaudit.metrics.observations import Cells, JudgeVerdicts
from judgeaudit.metrics.record import POSITION
from judgeaudit.metrics.reference import Reference
from judgeaudit.metrics.shown_texts import ShownTexts
from judgeaudit.metrics.verdict_rows import TIE, A, B, Floats, Ints, Place
from judgeaudit.records import Arm, Side

Bools = NDArray[np.bool_]

ARMS = (Arm.BASELINE, Arm.INJECTED, Arm.BOTH)
"""The arms that show two different responses. Placebos stand under injected."""

LABEL, LENGTH = "term=label", "term=length"
"""Where estimates of the label and of length stand: the slice's name."""

CARRIES: Mapping[Side | None, float] = {"a": 1.0, "b": -1.0, None: 0.0}
"""Whether text a alone has the artifact of a place, or text b alone."""


@dataclass(frozen=True, slots=True)
class Covariates:
    """What is known of the pairs and of the texts that judges saw.

    Attributes:
        length: the characters of every text.
        domain: (pairs,) codes of ``domains``; -1 where there is none.
        domains: their names.
    """

    length: ShownTexts
    domain: Ints
    domains: tuple[str, ...]

    @classmethod
    def of(cls, pairs: pd.DataFrame, length: ShownTexts) -> Covariates:
        """Read the domains of the pairs, where they are known."""
        domain, domains = pd.factorize(pairs.get("domain", pd.Series(np.nan, pairs.index)), sort=True)
        return cls(length, domain.astype(np.int64), tuple(str(name) for name in domains))

    def longer(self, arm: str, artifact: str | None, side: Side | None) -> Floats:
        """(pairs,): how many doublings text a is longer than text b, as shown at one place; NaN where unknown.

        Where no length with an artifact is known, its texts count as long as they are without it.
        """
        known = artifact if artifact is not None and self.length.knows(artifact) else None
        a, b = self.length.at(arm, known, side)
        doublings: Floats = np.log2((a + 1) / (b + 1))
        return doublings


@dataclass(frozen=True, slots=True)
class Choices:
    """One judge's decisive verdicts on two different responses: a row for each pair, place and order that has any.

    Attributes:
        pair: (rows,).
        first: (rows,) the share of them that prefers the text shown first.
        weight: (rows,) how much of the verdicts is decisive: how many, or for an exact judge p_first + p_second.
        verdicts: (rows,) how many verdicts that is of.
        ahead: (rows,) 1 where response a is shown first, -1 where b is.
        label: (rows,) 1 where the label prefers the text shown first, -1 where the other, 0 for a tie; NaN without one.
        length: (rows,) how many doublings the text shown first is longer; NaN where unknown.
        artifact: (rows,) codes of ``artifacts``; -1 where no text has one.
        carrier: (rows,) 1 where the first text alone has it, -1 where the second alone; else 0.
        artifacts: names, in order.
    """

    pair: Ints
    first: Floats
    weight: Floats
    verdicts: Ints
    ahead: Floats
    label: Floats
    length: Floats
    artifact: Ints
    carrier: Floats
    artifacts: tuple[str, ...]

    @classmethod
    def of(cls, judge: JudgeVerdicts, reference: Reference, covariates: Covariates) -> Choices:
        """Collect them over baseline, injected and both arms."""
        places = [place for place in judge.places if place[0] in ARMS]
        artifacts = tuple(sorted({name for _, name, _ in places if name is not None}))
        label = np.where(reference.label.sum(1) > 0, reference.label[:, A] - reference.label[:, B], np.nan)
        parts = [
            _at_place(place, judge.places[place], label, covariates.longer(*place), artifacts)
            for place in places
        ]
        if not parts:
            none, codes = np.zeros(0), np.zeros(0, dtype=np.int64)
            return cls(codes, none, none, codes, none, none, none, codes, none, artifacts)
        joined: dict[str, Any] = {
            name: np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS
        }
        return replace(parts[0], **joined)

    def where(self, kept: Bools) -> Choices:
        """Some of the rows."""
        rows: dict[str, Any] = {name: getattr(self, name)[kept] for name in _COLUMNS}
        return replace(self, **rows)

    def n_pairs(self, rows: Ints) -> int:
        """How many pairs these rows are of."""
        return int(np.count_nonzero(np.bincount(self.pair[rows])))

    @property
    def n_pairs_in_both_orders(self) -> int:
        """How many pairs have a decisive verdict in either order."""
        return int(np.intersect1d(self.pair[self.ahead > 0], self.pair[self.ahead < 0]).size)

    def n_verdicts(self, rows: Ints) -> int:
        """How many decisive verdicts these rows are of."""
        return int(self.verdicts[rows].sum())


_COLUMNS = tuple(field.name for field in fields(Choices) if field.name != "artifacts")


def _at_place(
    place: Place, cells: Cells, label: Floats, longer: Floats, artifacts: tuple[str, ...]
) -> Choices:
    """The rows of one place; label and longer are (pairs,), of text a."""
    _, artifact, side = place
    share = np.nan_to_num(cells.share[..., :TIE])
    pair, order = np.nonzero(share.sum(-1) > 0)
    ahead = np.where(order == 0, 1.0, -1.0)
    share, scored = share[pair, order], cells.scored[pair, order]
    decisive = share.sum(1)
    counted = decisive * scored
    return Choices(
        pair=pair,
        first=share[np.arange(pair.size), order] / decisive,
        weight=decisive if cells.exact else counted,
        verdicts=scored if cells.exact else np.rint(counted).astype(np.int64),
        ahead=ahead,
        label=ahead * label[pair],
        length=ahead * longer[pair],
        artifact=np.full(pair.size, -1 if artifact is None else artifacts.index(artifact)),
        carrier=ahead * CARRIES[side],
        artifacts=artifacts,
    )


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the model.

    Attributes:
        name: what cautions call it.
        perturbation, within: where its estimates stand.
        tested: whether no effect is a hypothesis. That a judge follows the label is none.
        rows: where it is not 0.
        values: its values there; NaN where unknown.
    """

    name: str
    perturbation: str | None
    within: str | None
    tested: bool
    rows: Ints
    values: Floats

    @property
    def carried(self) -> Ints:
        """The rows where it is known not to be 0."""
        return self.rows[~np.isnan(self.values)]

    def among(self, place: Ints) -> Term:
        """The term in some of the rows.

        Args:
            place: (rows,) each row's new place; -1 where it is left out.
        """
        stays = place[self.rows] >= 0
        return replace(self, rows=place[self.rows[stays]], values=self.values[stays])


def terms_of(choices: Choices) -> Iterator[Term]:
    """Position, the label, length and every artifact, in this order."""
    for name, perturbation, within, values in (
        ("position", POSITION, None, np.ones(choices.pair.size)),
        ("the label", None, LABEL, choices.label),
        ("length", None, LENGTH, choices.length),
    ):
        rows = np.flatnonzero(values)  # NaN among them
        yield Term(name, perturbation, within, within != LABEL, rows, values[rows])
    carried = np.flatnonzero(choices.carrier)
    for code, artifact in enumerate(choices.artifacts):
        rows = carried[choices.artifact[carried] == code]
        yield Term(artifact, artifact, None, True, rows, choices.carrier[rows])
