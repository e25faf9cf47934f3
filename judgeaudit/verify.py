"""Do a run's published numbers follow from its verdicts? Recompute every one and compare."""

from __future__ import annotations

import math
from pathlib import Path

from judgeaudit import metrics
from judgeaudit.metrics import Measure, Settings
from judgeaudit.run_folder import RunFolder

TOLERANCE = 1e-9
"""Sums may be added up in another order by another library version; nothing more may differ."""


def differences(path: Path) -> list[str]:
    """One line for each number in metrics.json that the run's verdicts do not give.

    Raises:
        RunFolderError: ``path`` is no folder of a finished run.
    """
    folder = RunFolder(path)
    settings = Settings(**folder.manifest()["analysis"])
    recomputed = metrics.measure(folder.table("verdicts"), folder.table("pairs"), settings)
    published = {_place(measure): measure for measure in folder.measures()}
    fresh = {_place(measure): measure for measure in recomputed}
    lines = [
        f"{_words(place)}: published, but does not follow from the verdicts"
        for place in published.keys() - fresh
    ]
    lines += [
        f"{_words(place)}: follows from the verdicts, but is not published"
        for place in fresh.keys() - published
    ]
    for place in published.keys() & fresh.keys():
        old, new = published[place].to_dict(), fresh[place].to_dict()
        lines += [
            f"{_words(place)}: {field} is published as {old[field]}, the verdicts give {new[field]}"
            for field in old
            if not _same(old[field], new[field])
        ]
    return sorted(lines)


def _place(measure: Measure) -> tuple[str | None, ...]:
    return (measure.measure, measure.judge, measure.perturbation, measure.side, measure.slice)


def _words(place: tuple[str | None, ...]) -> str:
    return " / ".join(str(part) for part in place if part is not None)


def _same(old: object, new: object) -> bool:
    if isinstance(old, float) and isinstance(new, (int, float)):
        return math.isclose(old, new, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return old == new
