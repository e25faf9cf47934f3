"""Which numbers can be trusted, and how far? Intervals, tests, agreement and equivalence over per-pair values.

Nothing here knows what a judge is: every function takes arrays whose first axis is the pairs, the independent
units of an audit. What a pair's orders, sides and replicates say has been averaged before it gets here.
"""

from judgeaudit.stats.agreement import cohen_kappa, coincidences, gwet_ac1, krippendorff_alpha
from judgeaudit.stats.bootstrap import coefficient_interval, resampling_counts
from judgeaudit.stats.equivalence import Reading, pairs_needed, read
from judgeaudit.stats.intervals import Interval, clopper_pearson, mean_interval, sd_interval
from judgeaudit.stats.tests import McNemar, benjamini_hochberg, holm, mcnemar, sign_flip

__all__ = [
    "Interval",
    "McNemar",
    "Reading",
    "benjamini_hochberg",
    "clopper_pearson",
    "coefficient_interval",
    "cohen_kappa",
    "coincidences",
    "gwet_ac1",
    "holm",
    "krippendorff_alpha",
    "mcnemar",
    "mean_interval",
    "pairs_needed",
    "read",
    "resampling_counts",
    "sd_interval",
    "sign_flip",
]
