"""How are numbers, names and readings written so that nobody misreads them?

One decimal for points and percent, two for coefficients, a sign wherever 0 is the ideal, a true minus. A value
that does not exist is a dash, never 0, NaN or None.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence

from judgeaudit.metrics import Measure
from judgeaudit.perturb.combine import PLACEBO_OF
from judgeaudit.records import LabelSource
from judgeaudit.stats import Reading

ABSENT = "—"
MINUS = "−"

MARKS = {Reading.SENSITIVE: "●", Reading.ROBUST: "≈", Reading.INCONCLUSIVE: "○"}
"""Marks that differ in shape, so that no reading is told by colour alone."""

UNIT_WORDS = {
    "points": "points",
    "proportion": "%",
    "coefficient": "coefficient",
    "ratio": "ratio",
    "count": "number",
}

LABEL_WORDS = {
    LabelSource.SIDE_BY_SIDE_VOTES: "human labels (side-by-side votes)",
    LabelSource.DERIVED_FROM_RATINGS: "human labels (derived from ratings)",
    LabelSource.GOLD: "gold labels",
    LabelSource.CONSTRUCTED: "constructed labels",
    LabelSource.NONE: "no labels",
}

LONGEST_NAME = 30
"""Characters of a name in a figure: beyond this its middle is cut, for heads and tails tell models apart."""

MOST_LISTED = 5
"""Names that a sentence lists: beyond this nobody reads them."""

BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """A text without what would break a page: control characters, text-direction overrides, lone surrogates.

    Line breaks and tabs become spaces, the others the replacement character, so that they stay visible.
    """
    return "".join(_printable(character) for character in text)


def _printable(character: str) -> str:
    if character in "\n\r\t":
        return " "
    hidden = character in BIDI_CONTROLS or unicodedata.category(character) in ("Cc", "Cs")
    return "\ufffd" if hidden or character in "\ufffe\uffff" else character


def number(value: float, unit: str, *, signed: bool = False) -> str:
    """A value of a ``Measure`` in its unit, without the unit's name; proportions are written in percent."""
    scaled, digits = (
        (100 * value, 1) if unit == "proportion" else (value, {"points": 1, "count": 0}.get(unit, 2))
    )
    text = f"{abs(scaled):.{digits}f}"
    if float(text) == 0:
        return text
    return (MINUS if scaled < 0 else "+" if signed else "") + text


def estimate(measure: Measure) -> str:
    """The estimate alone, or a dash. Signed where the measure is read against a margin around 0."""
    if measure.estimate is None or math.isnan(measure.estimate):
        return ABSENT
    return number(measure.estimate, measure.unit, signed=measure.margin is not None)


def interval(measure: Measure) -> str | None:
    """``[low, high]``, or None where there is no interval."""
    if measure.ci_low is None or measure.ci_high is None:
        return None
    signed = measure.margin is not None
    low, high = (number(end, measure.unit, signed=signed) for end in (measure.ci_low, measure.ci_high))
    return f"[{low}, {high}]"


def caution(text: str) -> str:
    """A caution as many cells share it: without the counts, which stand in the tables' CSV."""
    return re.sub(r"all [\d,]+ pairs", "all pairs", re.sub(r" \(about [^)]*\)", "", text))


def p_value(p: float | None) -> str:
    """``.032``, ``< .001``; a dash where nothing was tested."""
    if p is None:
        return ABSENT
    return "< .001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def cases(measure: Measure) -> str | None:
    """``[low, high]`` over all that failed verdicts could have said; None where none failed."""
    if measure.case_low is None or measure.case_high is None:
        return None
    signed = measure.margin is not None
    low, high = (number(end, measure.unit, signed=signed) for end in (measure.case_low, measure.case_high))
    return f"[{low}, {high}]"


def in_words(measure: Measure) -> str:
    """What stands in brackets behind a figure in a sentence: ``95 % interval 58.0 to 66.0, 162 pairs``."""
    parts = []
    if measure.ci_low is not None and measure.ci_high is not None and measure.ci_level is not None:
        low, high = (number(end, measure.unit, signed=False) for end in (measure.ci_low, measure.ci_high))
        parts.append(f"{percent(measure.ci_level)} interval {low} to {high}")
    parts.append(counted(measure.n_pairs, "pair"))
    return ", ".join(parts)


def percent(share: float) -> str:
    """A declared share such as a level: ``95 %``, ``99.5 %``."""
    return f"{100 * share:.4g} %"


def plain_number(value: float) -> str:
    """A declared number such as a margin: ``5``, ``2.5``."""
    return f"{value:.6g}"


def counted(n: int, noun: str) -> str:
    """``1 pair``, ``2,303 pairs``."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def counted_of(n: int, of: int, noun: str) -> str:
    """``1 of 1 pair``, ``12 of 2,303 pairs``."""
    return f"{n:,} of {counted(of, noun)}"


def listed(words: list[str] | tuple[str, ...]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def some(words: Sequence[str]) -> str:
    """The first of many words, and how many more there are: ``a, b, c, d, e and 4 more``."""
    more = [f"{len(words) - MOST_LISTED:,} more"] if len(words) > MOST_LISTED else []
    return listed([*words[:MOST_LISTED], *more])


def short_names(names: tuple[str, ...], longest: int = LONGEST_NAME) -> dict[str, str]:
    """Names for a figure: cut in the middle where too long, and still distinct."""
    short: dict[str, str] = {}
    for name in names:
        cut = whole = clean(name)
        if len(whole) > longest:
            tail = longest // 2
            cut = f"{whole[: longest - tail - 1]}…{whole[-tail:]}"
        same = sum(other == cut or other.startswith(f"{cut} (") for other in short.values())
        short[name] = f"{cut} ({same + 1})" if same else cut
    return short


def label_words(sources: list[str]) -> str:
    """Where labels come from, in words: ``constructed labels``; never human unless people gave them."""
    return listed([LABEL_WORDS[LabelSource(source)] for source in sources] or [LABEL_WORDS[LabelSource.NONE]])


def control_name(name: str) -> str:
    """What a neutral control is called where it is told to be one; a matched one by its artifact (``of apology``)."""
    return f"of {name.removeprefix(PLACEBO_OF)}" if name.startswith(PLACEBO_OF) else name
