"""Which features does each variety have, for a reader? The tables of docs/dialects.md, from the rules themselves.

python -m judgeaudit.perturb.dialect.page                     prints them
python -m judgeaudit.perturb.dialect.page docs/dialects.md    puts them between that page's marks
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from judgeaudit.perturb.dialect.rules import DialectRule, Feature, Variety
from judgeaudit.perturb.dialect.shift import dialect, varieties

MARK = "features"
"""Between ``<!-- features -->`` and ``<!-- /features -->`` the page holds what ``feature_tables`` writes."""


def feature_tables() -> str:
    """A Markdown table of every variety's features, by eWAVE number: rating, name, and its rules."""
    return "\n\n".join(_table(dialect(name).variety) for name in varieties())


def put_between(page: str, mark: str, text: str) -> str:
    """A Markdown page with a text in the place of what stands between a mark's two comments.

    Raises:
        ValueError: the page does not have both comments, in order.
    """
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    before, found, rest = page.partition(begin)
    _, ended, after = rest.partition(end)
    if not (found and ended):
        raise ValueError(f"found no {begin} with a {end} behind it, expected both")
    return f"{before}{begin}\n\n{text}\n\n{end}{after}"


def _table(variety: Variety) -> str:
    number = "own number" if variety.ewave is None else "eWAVE"
    about = "eWAVE does not describe it" if variety.ewave is None else f"eWAVE variety {variety.ewave}"
    counts = f"{len(variety.features)} features, {len(variety.rules)} rules"
    lines = [
        f"### {variety.title}",
        "",
        f"`{variety.name}`: {about}; {counts}.",
        "",
        f"| {number} | rating | feature | rules |",
        "| --- | --- | --- | --- |",
        *(_row(feature, _names(variety.rules, feature)) for feature in variety.features),
    ]
    if variety.respellings:
        names = ", ".join(_cell(each.name) for each in variety.respellings)
        lines += ["", f"Respellings, off by default: {names}."]
    return "\n".join(lines)


def _names(rules: Iterable[DialectRule], feature: Feature) -> list[str]:
    return [each.name for each in rules if each.feature == feature]


def _row(feature: Feature, names: Sequence[str]) -> str:
    return f"| {feature.number} | {feature.rating} | {_cell(feature.name)} | {_cell('; '.join(names))} |"


def _cell(text: str) -> str:
    """A text that no Markdown reads as a mark."""
    for mark in "\\|*_<>":
        text = text.replace(mark, f"\\{mark}")
    return text


def main(arguments: Sequence[str]) -> None:
    """Print the tables, or put them into the page whose path is given."""
    if not arguments:
        print(feature_tables())
        return
    page = Path(arguments[0])
    text = page.read_text(encoding="utf-8")
    page.write_text(put_between(text, MARK, feature_tables()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
