"""How often was there no verdict? Rates of refused, unparsed and error, over everything that was asked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from judgeaudit.metrics.findings import PairValues
from judgeaudit.metrics.observations import FAILURES, OUTCOMES, JudgeVerdicts


def failure_rates(judge: JudgeVerdicts) -> Iterator[PairValues]:
    """``refused_rate``, ``unparsed_rate`` and ``error_rate`` over all arms (None) and for each perturbation.

    A rate is failures / verdicts asked for; pairs weigh as many verdicts as they were asked.
    """
    names = sorted(name for name in judge.totals if name is not None)
    for perturbation in (None, *names):
        totals = judge.totals[perturbation]
        asked = totals.sum(1)
        for failure in FAILURES:
            with np.errstate(divide="ignore", invalid="ignore"):
                rate = totals[:, OUTCOMES.index(failure)] / asked
            yield PairValues(
                f"{failure}_rate", judge.name, perturbation, None, "proportion", rate, asked,
                weights=asked.astype(np.float64),
            )  # fmt: skip
