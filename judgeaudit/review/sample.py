"""Which texts do raters see, and in what order? A seeded sample that favours no perturbation and reveals none."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from judgeaudit.judges.base import digest
from judgeaudit.records import Side

SIZE = 50
"""Texts in a sample unless told otherwise: about two hours of a rater's time."""

LEAST_EACH = 3
"""Texts of each perturbation at least, where it has as many: fewer say nothing about it at all."""


@dataclass(frozen=True, slots=True)
class ReviewText:
    """A perturbed text with its original and the prompt that both answer."""

    pair_id: str
    perturbation: str
    side: Side
    prompt: str
    original: str
    perturbed: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as it stands in a sheet: the original as text 1, or as text 2."""

    text: ReviewText
    original_first: bool

    @property
    def item(self) -> str:
        """What names it in the sheet: a digest of both texts, where they come from and their order.

        It tells nothing to whoever does not have all of these, and it needs no seed to be found again.
        """
        one = self.text
        order = "original first" if self.original_first else "perturbed first"
        found = digest([one.pair_id, one.side, one.perturbation, one.original, one.perturbed, order])
        return f"text-{found[:16]}"  # a letter in front, or a spreadsheet takes some digests for numbers

    @property
    def texts(self) -> tuple[str, str]:
        """Text 1 and text 2."""
        one = self.text
        return (one.original, one.perturbed) if self.original_first else (one.perturbed, one.original)


def items(texts: Iterable[ReviewText]) -> dict[str, Shown]:
    """Every item that a sheet about these texts may hold, by name."""
    shown = (Shown(text, original_first) for text in texts for original_first in (True, False))
    return {one.item: one for one in shown}


def sample(texts: Sequence[ReviewText], seed: int, size: int = SIZE) -> list[Shown]:
    """A sample of the texts in the order in which raters see them.

    The perturbations take turns, and each takes a response that no other has taken while there is one: a text
    that comes back beside several others would give itself away as the original.

    Args:
        texts: all there are.
        seed: the same seed and texts give the same sample.
        size: texts in all; more where ``LEAST_EACH`` of every perturbation are more, fewer where there are fewer.
    """
    rng = random.Random(f"review {seed}")
    left: dict[str, list[ReviewText]] = {}
    for text in texts:
        left.setdefault(text.perturbation, []).append(text)
    size = max(size, LEAST_EACH * len(left))
    for name, own in left.items():
        rng.shuffle(own)
        # A pair has two texts, so that among these there is one of a pair that nobody has taken.
        left[name] = own[: 2 * (size + 1)]
    names = list(left)
    rng.shuffle(names)
    chosen: list[Shown] = []
    taken: Counter[tuple[str, Side | None]] = Counter()
    while len(chosen) < size and any(left.values()):
        for name in names:
            if left[name] and len(chosen) < size:
                text = left[name].pop(_least_taken(left[name], taken))
                taken.update([(text.pair_id, text.side), (text.pair_id, None)])
                chosen.append(Shown(text, rng.random() < 0.5))
    rng.shuffle(chosen)
    return chosen


def _least_taken(texts: Sequence[ReviewText], taken: Mapping[tuple[str, Side | None], int]) -> int:
    def uses(place: int) -> tuple[int, int]:
        text = texts[place]
        return taken.get((text.pair_id, text.side), 0), taken.get((text.pair_id, None), 0)

    return min(range(len(texts)), key=uses)
