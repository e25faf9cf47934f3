"""How strong is each dialect shift? Sites in 100 words, rewordings in 100 words, and the share of responses changed.

    python benchmarks/dialects.py                     prints the table
    python benchmarks/dialects.py docs/dialects.md    puts it between that page's marks

Over the English responses of the built-in corpus and, where they lie beside the checkout, the XSTest completions.
Rewordings are counted at dose 1 with the profile's weights and without respelling, once for each of ten seeds; a
response is changed when at least one of its sites is reworded.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from judgeaudit.corpora import read_builtin, read_jsonl
from judgeaudit.perturb.dialect import DialectShift, dialect, varieties
from judgeaudit.perturb.dialect.page import put_between
from judgeaudit.records import Pair

XSTEST = Path(__file__).parents[2] / "shared" / "data" / "xstest_mistral" / "pairs.jsonl"
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
SEEDS = range(10)


@dataclass(frozen=True, slots=True)
class Strength:
    """How much a shift does to a corpus.

    Attributes:
        sites, reworded: in 100 words; ``reworded`` is a mean over the seeds.
        eligible, changed: share of the responses with a site, and of those with a rewording (mean over the seeds).
    """

    sites: float
    reworded: float
    eligible: float
    changed: float


def corpora() -> dict[str, list[str]]:
    """The responses of each corpus there is, by the corpus's name."""
    found = {"built-in corpus": responses(read_builtin().pairs)}
    if XSTEST.is_file():
        found["XSTest completions"] = responses(read_jsonl(XSTEST).pairs)
    return found


def responses(pairs: Sequence[Pair]) -> list[str]:
    """Both responses of every pair in English."""
    english = (pair for pair in pairs if (pair.language or "en").lower().startswith("en"))
    return [text for pair in english for text in (pair.response_a, pair.response_b)]


def strength(shift: DialectShift, texts: Sequence[str], seeds: Sequence[int] = SEEDS) -> Strength:
    """How much a shift does to some texts."""
    words = sum(len(WORD.findall(text)) for text in texts)
    weights = [
        [shift.weight_of(site.rule.feature.rating) * shift.dose for site in shift.sites(text)]
        for text in texts
    ]
    reworded = changed = 0
    for seed in seeds:
        rng = random.Random(seed)
        for text in weights:
            chosen = sum(rng.random() < weight for weight in text)
            reworded += chosen
            changed += chosen > 0
    return Strength(
        sites=100 * sum(map(len, weights)) / words,
        reworded=100 * reworded / words / len(seeds),
        eligible=sum(map(bool, weights)) / len(texts),
        changed=changed / len(texts) / len(seeds),
    )


def table(shifts: Mapping[str, DialectShift], texts: Mapping[str, Sequence[str]]) -> str:
    """A Markdown table: a row for each shift and corpus."""
    lines = [
        "| shift | texts | sites in 100 words | reworded in 100 words | responses with a site | responses changed |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, shift in shifts.items():
        for corpus, some in texts.items():
            found = strength(shift, some)
            lines.append(
                f"| `{name}` | {corpus} ({len(some)}) | {found.sites:.1f} | {found.reworded:.1f} | "
                f"{100 * found.eligible:.0f} % | {100 * found.changed:.0f} % |"
            )
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> None:
    """Print the table for all varieties, or put it into the page whose path is given."""
    text = table({name: dialect(name) for name in varieties()}, corpora())
    if not arguments:
        print(text)
        return
    page = Path(arguments[0])
    page.write_text(put_between(page.read_text(encoding="utf-8"), "strength", text), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
