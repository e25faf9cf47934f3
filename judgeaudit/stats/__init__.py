"""Which numbers can be trusted, and how far? Intervals, tests, agreement and equivalence over per-pair values.

Nothing here knows what a judge is: every function takes arrays whose first axis is the pairs, the independent
units of an audit. What a pair's orders, sides and replicates say has been averaged before it gets here.
"""

from judgeaudit.stats.agreement import cohen_kappa, coincidences, gwet_ac1, krippendorff_alpha
from judgeaudit.stats.annotator_test import Advantages, AnnotatorTest, advantages, annotator_test
from judgeaudit.stats.bootstrap import coefficient_interval, resampling_counts
from judgeaudit.stats.clustered_logit import Estimate, LogitFit, clustered_logit
from judgeaudit.stats.confidence_sequence import (
    SEQUENCE_METHOD,
    anytime_equivalence_p,
    anytime_p,
    confidence_sequence,
)
from judgeaudit.stats.davidson import Strengths, fit_davidson, kendall_tau
from judgeaudit.stats.equivalence import (
    Reading,
    equivalence_interval,
    fewest_pairs_for_robust,
    pairs_needed,
    read,
)
from judgeaudit.stats.generalizability import (
    Facet,
    levels_needed,
    reliability,
    variance_components,
    variance_shares,
)
from judgeaudit.stats.intervals import Interval, mean_interval, sd_interval
from judgeaudit.stats.mixed_logit import mixed_logit
from judgeaudit.stats.power import (
    chance_of_robust,
    detectable_effect,
    half_width,
    pairs_for_effect,
    pairs_for_equivalence,
)
from judgeaudit.stats.tests import benjamini_hochberg, holm, sign_flip, smallest_p

__all__ = [
    "SEQUENCE_METHOD",
    "Advantages",
    "AnnotatorTest",
    "Estimate",
    "Facet",
    "Interval",
    "LogitFit",
    "Reading",
    "Strengths",
    "advantages",
    "annotator_test",
    "anytime_equivalence_p",
    "anytime_p",
    "benjamini_hochberg",
    "chance_of_robust",
    "clustered_logit",
    "coefficient_interval",
    "cohen_kappa",
    "coincidences",
    "confidence_sequence",
    "detectable_effect",
    "equivalence_interval",
    "fewest_pairs_for_robust",
    "fit_davidson",
    "gwet_ac1",
    "half_width",
    "holm",
    "kendall_tau",
    "krippendorff_alpha",
    "levels_needed",
    "mean_interval",
    "mixed_logit",
    "pairs_for_effect",
    "pairs_for_equivalence",
    "pairs_needed",
    "read",
    "reliability",
    "resampling_counts",
    "sd_interval",
    "sign_flip",
    "smallest_p",
    "variance_components",
    "variance_shares",
]
