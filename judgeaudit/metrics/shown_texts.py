"""How long are the texts that judges saw, and which of them open by refusing? As they are, and with each artifact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from judgeaudit.metrics.verdict_rows import Floats
from judgeaudit.records import SIDES, Arm, Side

Fact = Literal["length", "refuses"]
"""Characters; whether the text opens by refusing, 1 or 0."""


@dataclass(frozen=True, slots=True)
class ShownTexts:
    """One fact of both texts of every pair.

    Attributes:
        plain: (pairs, 2) of responses a and b as they are; NaN where unknown.
        perturbed: (pairs,) of a response with an artifact, by artifact and side; NaN where unknown.
    """

    plain: Floats
    perturbed: Mapping[tuple[str, Side], Floats]

    @classmethod
    def of(cls, pairs: pd.DataFrame, texts: pd.DataFrame | None, fact: Fact) -> ShownTexts:
        """Read it.

        Args:
            pairs: one row a pair, in the order of the verdicts' arrays: pair_id and, where they are known, the fact of
                both responses, as in length_a and length_b.
            texts: one row a perturbed text: pair_id, perturbation, side and the fact (missing where there is no text).
            fact: which one.
        """
        unknown = pd.Series(np.nan, pairs.index)
        of_sides = [pairs.get(f"{fact}_{side}", unknown) for side in SIDES]
        plain = np.stack([column.to_numpy(np.float64, na_value=np.nan) for column in of_sides], axis=1)
        perturbed: dict[tuple[str, Side], Floats] = {}
        if texts is not None:
            row = pd.Index(pairs["pair_id"]).get_indexer(pd.Index(texts["pair_id"]))
            known = texts.assign(row=row)[(row >= 0) & texts[fact].notna().to_numpy()]
            for side in SIDES:
                for name, found in known[known["side"] == side].groupby("perturbation"):
                    values = np.full(len(pairs), np.nan)
                    values[found["row"].to_numpy()] = found[fact].to_numpy(np.float64)
                    perturbed[str(name), side] = values
        return cls(plain, perturbed)

    def knows(self, artifact: str) -> bool:
        """Whether it is known of any text with this artifact."""
        return any((artifact, side) in self.perturbed for side in SIDES)

    def at(self, arm: str, artifact: str | None, side: Side | None) -> tuple[Floats, Floats]:
        """(pairs,) of text a and of text b, as shown at one place; those as they are where ``artifact`` is None."""
        unknown = np.full(len(self.plain), np.nan)
        a, b = (
            self.perturbed.get((artifact, one), unknown)
            if artifact is not None and (arm == Arm.BOTH or one == side)
            else self.plain[:, column]
            for column, one in enumerate(SIDES)
        )
        return a, b
