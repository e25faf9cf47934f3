"""Would the judge say the same again? Agreement among identical repetitions at baseline.

A judge whose label probabilities are exactly known needs no repetition: what its replicates would show is
computed. One that is only sampled needs two replicates, else nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import sqrt

import numpy as np

from judgeaudit.metrics.cases import ByOrder, convex
from judgeaudit.metrics.findings import Estimated, Finding, Floats, PairTables, PairValues, verdicts_used
from judgeaudit.metrics.observations import Cells, JudgeVerdicts
from judgeaudit.metrics.verdict_rows import TIE, A
from judgeaudit.stats import Interval, coincidences, krippendorff_alpha, mean_interval, sd_interval


def self_consistency(judge: JudgeVerdicts, level: float) -> Iterator[Finding]:
    """``self_consistency``, ``all_identical``, ``modal_share``, ``replicate_alpha`` and ``winrate_spread``.

    Args:
        judge: its verdicts.
        level: confidence of the spread's interval.
    """
    baseline = judge.baseline
    if baseline is None:
        return
    by_order: ByOrder
    for measure, by_order in (
        ("self_consistency", Cells.agreement),
        ("all_identical", _all_identical),
        ("modal_share", _modal_share),
    ):
        values = baseline.mean(by_order(baseline))
        used = verdicts_used([values], [[baseline]])
        cases = convex(baseline, by_order)
        yield PairValues(measure, judge.name, None, None, "proportion", values, used, cases=cases)
    yield _replicate_alpha(judge, baseline)
    yield _winrate_spread_exact(judge, baseline, level) if judge.exact else _winrate_spread(judge, level)


def _all_identical(cells: Cells) -> Floats:
    """(pairs, 2): the chance, or the fact, that all replicates agree; NaN with fewer than two."""
    n = cells.scored
    if cells.exact:
        same: Floats = np.power(cells.share, n[..., None]).sum(-1)
    else:
        same = (cells.counts().max(-1) == n).astype(np.float64)
    return np.where(n >= 2, same, np.nan)


def _modal_share(cells: Cells) -> Floats:
    """(pairs, 2): the likeliest verdict's probability where exact, else its share of two or more replicates."""
    share: Floats = cells.share.max(-1)
    return share if cells.exact else np.where(cells.scored >= 2, share, np.nan)


def _replicate_alpha(judge: JudgeVerdicts, baseline: Cells) -> PairTables:
    """Krippendorff's alpha with a pair in one order as the unit and its replicates as the values."""
    if judge.exact:
        # Infinitely many replicates: every ordered pair of values has probability p p'.
        tables = baseline.share[..., :, None] * baseline.share[..., None, :]
    else:
        tables = coincidences(baseline.counts())
        tables[baseline.scored < 2] = np.nan
    known = ~np.isnan(baseline.mean(tables.sum((-1, -2))))
    by_pair = np.where(known[:, None, None], np.nan_to_num(tables).sum(1), np.nan)
    used = np.where(known, baseline.scored.sum(1), 0)
    coefficient = partial(krippendorff_alpha, finite=not judge.exact)
    return PairTables("replicate_alpha", judge.name, None, by_pair, used, coefficient)


def _winrate_spread(judge: JudgeVerdicts, level: float) -> Estimated:
    """The standard deviation over replicates of side a's winrate, over pairs that have all their replicates."""
    assert judge.baseline is not None
    asked = judge.baseline.asked > 0
    complete = asked.any(1) & (~np.isnan(judge.runs) | ~asked).all((0, 2))
    n_runs, n_pairs = len(judge.runs), int(complete.sum())
    n_verdicts = n_runs * int(asked[complete].sum())
    if n_runs < 2 or n_pairs == 0:
        return Estimated("winrate_spread", judge.name, None, "points", None, None, 0, 0)
    scores = np.where(asked, judge.runs, 0.0).sum(-1)[:, complete] / asked.sum(1)[complete]
    spread = 100 * float(scores.mean(1).std(ddof=1))
    interval = sd_interval(spread, n_runs, level)
    return Estimated("winrate_spread", judge.name, None, "points", spread, interval, n_pairs, n_verdicts)


def _winrate_spread_exact(judge: JudgeVerdicts, baseline: Cells, level: float) -> Estimated:
    """The same, from the variances of single verdicts, which are independent between trials."""
    win, tie = baseline.share[..., A], baseline.share[..., TIE:].sum(-1)  # a reply without preference is 1/2
    variance = np.maximum(win + tie / 4 - np.square(win + tie / 2), 0.0)
    orders = (baseline.asked > 0).sum(1)
    by_pair = baseline.mean(variance) / np.maximum(orders, 1)
    values = by_pair[~np.isnan(by_pair)]
    n = values.size
    if n == 0:
        return Estimated("winrate_spread", judge.name, None, "points", None, None, 0, 0)
    found = mean_interval(values, 0.0, 0.25, level)
    interval = None
    if found is not None:
        interval = Interval(100 * sqrt(found.low / n), 100 * sqrt(found.high / n), level, found.method)
    n_verdicts = int(baseline.scored.sum(1)[~np.isnan(by_pair)].sum())
    spread = 100 * sqrt(float(values.mean()) / n)
    return Estimated("winrate_spread", judge.name, None, "points", spread, interval, n, n_verdicts)
