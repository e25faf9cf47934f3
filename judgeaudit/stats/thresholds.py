"""Which numbers decide a reading, and why these? Every constant of the analysis, each a convention with its reason."""

from __future__ import annotations

MARGIN_POINTS = 5.0
"""An effect within this many points is called robust, beyond it sensitive. A convention: a judge that moves a
winrate by 5 points can change which of two close systems is ahead; declare your own before the run."""

ALPHA = 0.05
"""Error rate of the two-sided tests (after adjustment) and of each of the two one-sided equivalence tests.
The usual convention; it makes the equivalence interval a 90 % interval."""

CI_LEVEL = 0.95
"""Level of the intervals that are printed. The usual convention."""

RESAMPLES = 2000
"""Bootstrap resamples: the Monte Carlo error of a 2.5 % quantile's level is then 0.35 percentage points."""

POWER = 0.80
"""Probability with which the number of pairs that is named would decide an inconclusive cell. Cohen's convention."""

MIN_PAIRS = 2
"""Fewer pairs than this carry no information about how pairs differ, so there is no interval."""

PSEUDO_PAIRS = 2
"""One imagined pair at each end of the scale joins the data of every interval: what two more pairs could have
said at worst. Bonett and Price (2012) for differences of paired proportions and Agresti and Coull (1998) for a
proportion do the same; docs/statistics.md shows the coverage with and without."""

MOST_PAIRS_NEEDED = 1_000_000
"""Beyond this many pairs a cell counts as undecidable (the effect sits on the margin) and no number is named."""

SMALLEST_P = 1e-12
"""P-values are computed to an absolute error of about 1e-14; smaller ones are reported as this."""

SAME = 1e-12
"""Values in units of the whole scale that differ by less than this differ by rounding alone."""
