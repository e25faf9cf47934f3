"""What does any edit at all do to a verdict? Matched placebos: neutral edits of the place and size of an artifact.

A matched placebo is given the text with the artifact that it stands beside (``TextContext.artifact``), sees
where and how much that text differs from the original, and makes as large a change there that says nothing.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from typing import Any, Literal, NamedTuple

from rapidfuzz.distance import Levenshtein

from judgeaudit.errors import PerturbationError
from judgeaudit.judges.base import Json
from judgeaudit.perturb.base import TextContext, language_tag, primary_language
from judgeaudit.perturb.edits.alternations import ALTERNATIONS
from judgeaudit.perturb.edits.insertions import common_start, insertions
from judgeaudit.perturb.edits.typography import Spot, sites
from judgeaudit.perturb.phrases import joined

Side = Literal["before", "after"]
SIDES: tuple[Side, ...] = ("before", "after")

MOST_SENTENCES = 10
"""A list of sentences is no longer than this, for every combination of them is weighed: 1023."""

CLOSE_CHARS = 4
CLOSE_SHARE = 0.04
"""Lengths no further apart than the larger of the two count as the same: there one may choose."""

LINE_BREAKS = re.compile(r"(\n\s*+)")

OPENING = re.compile(r"(?:[.!?:*•)-] {1,2}|[\n\"“(*])\Z")
"""What a word with a capital stands behind where it is no name."""

LONGEST_GRAM = 3
MOST_RECOGNISED_CHARS = 400
"""A language is recognised by its runs of one to three characters, in no more of a text than this."""

WINDOW = 2048
"""How many words or characters are compared at once; what they cost grows with its square."""


class Combination(NamedTuple):
    """Some sentences of a list, in its order. ``members`` has a bit for each."""

    length: int
    members: int
    text: str


@dataclass(frozen=True)
class NeutralSentences:
    """Puts neutral sentences where the artifact put its own, about as long together as those.

    A list's sentences are combined, each at most once as far as they suffice, and of the combinations of about
    the same length one with few sentences is drawn. Each paragraph of the artifact has its counterpart, and
    the blanks between paragraphs and text are the artifact's. Text without a sentence in its language, or
    with an artifact that is no insertion, is not applicable.

    Attributes:
        phrases: by language tag the sentences that can stand ``before`` a text, and those that can stand
            ``after`` or in it.
        bank: in their stead the perturbation whose sentences to use.
        language: ``own`` for the text's language; ``mismatched`` for the other one whose sentences and samples
            share the most runs of one to three characters with the artifact's.
        samples: perturbations whose phrases also show how their languages are written.

    Raises:
        PerturbationError: there are no sentences, or they are not declared like this.
    """

    phrases: Mapping[str, Mapping[Side, Sequence[str]]] | None = None
    bank: str | None = None
    language: Literal["own", "mismatched"] = "own"
    samples: Sequence[str] = ()
    sentences: dict[str, dict[Side, tuple[str, ...]]] = field(init=False, repr=False)
    written: dict[str, tuple[str, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if (self.phrases is None) == (self.bank is None):
            raise PerturbationError("edit: expected exactly one of: phrases, bank.")
        if self.language not in ("own", "mismatched"):
            raise PerturbationError(f"edit.language: found {self.language!r}, expected own or mismatched.")
        declared = self.phrases if self.bank is None else _declared_in(self.bank, "edit.phrases")
        sentences = _checked(declared)
        shown = sentences if self.language == "mismatched" else {}
        written = {tag: [text for side in SIDES for text in lists[side]] for tag, lists in shown.items()}
        for name in self.samples:
            for tag, texts in _declared_in(name, "phrases").items():
                written.get(language_tag(tag), []).extend([texts] if isinstance(texts, str) else texts)
        object.__setattr__(self, "sentences", sentences)
        object.__setattr__(self, "written", {tag: tuple(texts) for tag, texts in written.items()})

    def __call__(self, text: str, context: TextContext, rng: random.Random) -> str | None:
        found = insertions(text, _artifact(context))
        if not found:
            return None
        sentences = self._sentences(context.language, " ".join(one.inserted for one in found))
        if sentences is None:
            return None
        parts: list[str] = []
        position = 0
        for one in found:
            side: Side = "before" if one.before else "after"
            parts += (text[position : one.offset], *_counterpart(one.inserted, sentences[side], rng))
            position = one.offset
        return "".join((*parts, text[position:]))

    def identity(self) -> Mapping[str, Json]:
        """The sentences themselves, wherever they are declared, and their choice."""
        listed: dict[str, Json] = {
            tag: {side: list(texts) for side, texts in lists.items()} for tag, lists in self.sentences.items()
        }
        written: dict[str, Json] = {tag: list(texts) for tag, texts in self.written.items()}
        return {"sentences": listed, "language": self.language, "written": written}

    def _sentences(self, tag: str, inserted: str) -> dict[Side, tuple[str, ...]] | None:
        if self.language == "own":
            return self.sentences.get(tag) or self.sentences.get(primary_language(tag))
        # In the order of their tags, so that of equal ones the first has it.
        others = [one for one in sorted(self.sentences) if primary_language(one) != primary_language(tag)]
        if not others:
            return None
        seen = _grams((inserted[:MOST_RECOGNISED_CHARS],))
        return self.sentences[max(others, key=lambda one: len(seen & _grams(self.written[one])))]


def neutral_wording(text: str, context: TextContext, rng: random.Random) -> str | None:
    """An English text with as many places reworded as the artifact has stretches of other words.

    The other wording has the same meaning and register and about the same length. Where there are fewer
    places for it, all of them are reworded; with the same random numbers fewer places are some of more.
    """
    wanted = changed_stretches(text.split(), _artifact(context).split())
    if primary_language(context.language) != "en":
        return None
    places = [(site,) for site in ALTERNATIONS.sites(text) if not _in_a_name(text, site[0])]
    return _with_some(text, places, wanted, rng)


def neutral_typography(text: str, context: TextContext, rng: random.Random) -> str | None:
    """A text with as many places set otherwise as the artifact has stretches of other characters.

    Straight and curly marks, dots and ellipses, hyphens and dashes, single and double spaces and a blank at
    a line's end take each other's place; where there are fewer places for it, all of them change.
    """
    wanted = changed_stretches(text, _artifact(context))
    return _with_some(text, sites(text, primary_language(context.language)), wanted, rng)


def changed_stretches(text: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """In how many places two sequences of words or characters differ, at their least edit distance.

    Neighbouring changes are one place. Sequences longer than a window are compared window by window.
    """
    start = common_start(text, other)
    text, other = text[start:], other[start:]
    end = common_start(text[::-1], other[::-1])
    numbers: dict[Hashable, int] = {}
    first, second = (
        [numbers.setdefault(item, len(numbers)) for item in items[: len(items) - end]]
        for items in (text, other)
    )
    count = 0
    here = there = 0
    while here < len(first) or there < len(second):
        blocks = list(Levenshtein.opcodes(first[here : here + WINDOW], second[there : there + WINDOW]))
        last = len(first) <= here + WINDOW and len(second) <= there + WINDOW
        # The next window begins behind a part that both have; where that is too short a step, behind this one.
        ends = [block for block in blocks if block.tag == "equal" and block.src_end >= WINDOW // 2]
        if ends and not last:
            blocks = blocks[: blocks.index(ends[-1]) + 1]
        here += ends[-1].src_end if ends and not last else WINDOW
        there += ends[-1].dest_end if ends and not last else WINDOW
        same = True
        for block in blocks:
            count += same and block.tag != "equal"
            same = block.tag == "equal"
    return count


def _artifact(context: TextContext) -> str:
    if context.artifact is None:
        raise ValueError("a matched placebo takes its place and size from an artifact, and here is none")
    return context.artifact


def _in_a_name(text: str, start: int) -> bool:
    """Whether the word that starts there has a capital that no sentence, item or quotation gives it."""
    return text[start].isupper() and OPENING.search(text[max(start - 3, 0) : start]) is None and start > 0


def _with_some(text: str, places: Sequence[tuple[Spot, ...]], wanted: int, rng: random.Random) -> str:
    """The text with as many of the places changed as wanted. With the same numbers fewer are some of more."""
    everywhere = range(len(places))
    drawn = frozenset(rng.sample(everywhere, len(places))[:wanted] if wanted < len(places) else everywhere)
    parts: list[str] = []
    position = 0
    for number, spots in enumerate(places):
        for start, end, replacement in spots if number in drawn else ():
            parts += (text[position:start], replacement)
            position = end
    return "".join((*parts, text[position:]))


def _counterpart(inserted: str, sentences: tuple[str, ...], rng: random.Random) -> Iterator[str]:
    """What stands for the inserted text: its blanks at the ends, and for each paragraph sentences as long."""
    core = inserted.strip()
    lead, _, trail = inserted.partition(core)
    yield lead
    used = 0
    for part in LINE_BREAKS.split(core):
        if part.isspace() or not part:
            yield part
            continue
        found, used = _as_long_as(len(part), sentences, used, rng)
        yield found
    yield trail


def _as_long_as(length: int, sentences: tuple[str, ...], used: int, rng: random.Random) -> tuple[str, int]:
    """Sentences of about this length, as few and as fresh as there are, and those used by now."""
    combined = _combinations(sentences)
    everything = combined[-1]
    # A text longer than all sentences together has them several times over.
    rounds, rest = divmod(length, everything.length + 1)
    gap = min(abs(one.length - rest) for one in combined)
    if rounds and gap >= rest:
        return joined([everything.text] * rounds), used
    close = max(gap, CLOSE_CHARS, int(CLOSE_SHARE * rest))
    start = bisect_left(combined, rest - close, key=lambda one: one.length)
    end = bisect_right(combined, rest + close, key=lambda one: one.length)

    def rank(one: Combination) -> tuple[int, int]:
        return (one.members & used).bit_count(), one.members.bit_count()

    least = min(rank(one) for one in combined[start:end])
    chosen = rng.choice([one for one in combined[start:end] if rank(one) == least])
    return joined([everything.text] * rounds + [chosen.text]), used | chosen.members


@lru_cache(maxsize=256)
def _combinations(sentences: tuple[str, ...]) -> tuple[Combination, ...]:
    """Every combination of one or more of the sentences, by length."""
    places = range(len(sentences))
    found = [
        Combination(len(text), sum(1 << place for place in chosen), text)
        for size in range(1, len(sentences) + 1)
        for chosen in combinations(places, size)
        for text in [joined([sentences[place] for place in chosen])]
    ]
    return tuple(sorted(found))


@lru_cache(maxsize=256)
def _grams(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(
        text[place : place + size]
        for text in texts
        for size in range(1, LONGEST_GRAM + 1)
        for place in range(len(text) - size + 1)
    )


def _declared_in(name: str, key: str) -> Mapping[Any, Any]:
    """What a perturbation of judgeaudit's own catalogue declares by language under a key.

    Not of a user's folder: a file of the same name there may be of another form.
    """
    from omegaconf import DictConfig, OmegaConf

    from judgeaudit import catalog  # deferred, with Hydra, which is slow to import

    path = catalog.root() / catalog.FOLDER_OF_GROUP["perturbation"] / f"{name}.yaml"
    declared = OmegaConf.select(OmegaConf.load(path), key) if path.is_file() else None
    content = OmegaConf.to_container(declared) if isinstance(declared, DictConfig) else None
    if not isinstance(content, dict):
        raise PerturbationError(f"edit: found {name!r}, expected a perturbation that has {key} by language.")
    return content


def _checked(declared: object) -> dict[str, dict[Side, tuple[str, ...]]]:
    if not isinstance(declared, Mapping) or not declared:
        raise PerturbationError(f"edit.phrases: found {declared!r}, expected lists by language.")
    checked: dict[str, dict[Side, tuple[str, ...]]] = {}
    for tag, lists in declared.items():
        if not isinstance(tag, str) or not isinstance(lists, Mapping) or set(lists) != set(SIDES):
            raise PerturbationError(f"edit.phrases.{tag}: expected the two lists: {', '.join(SIDES)}.")
        for side, texts in lists.items():
            if (
                not isinstance(texts, list | tuple)
                or not 0 < len(texts) <= MOST_SENTENCES
                or not all(isinstance(text, str) and text.strip() for text in texts)
            ):
                raise PerturbationError(
                    f"edit.phrases.{tag}.{side}: expected a list of 1 to {MOST_SENTENCES} sentences."
                )
        checked[language_tag(tag)] = {side: tuple(lists[side]) for side in SIDES}
    return checked
