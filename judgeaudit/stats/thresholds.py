"""Which numbers decide a reading, and why these? Every constant of the analysis, each a convention with its reason."""

from __future__ import annotations

from collections.abc import Mapping

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
"""Two imagined pairs, one at each extreme, join the data of every interval: what two more pairs could have said at
worst. Bonett and Price (2012) for differences of paired proportions and Agresti and Coull (1998) for a proportion do
the same; docs/statistics.md shows the coverage with and without."""

HARDLY_ANY_DIFFER = 4.5
"""Where fewer pairs than this differ (an effective number, which need not be whole; counts of 4 and 5 fall on either
side) the pairs do not show how far pairs can differ, and pseudo-pairs stand at the ends of the scale. In simulations
pseudo-pairs at the farthest values seen cover .85 to .95 with 2 to 4 pairs that differ, and .12 at worst."""

FEW_DIFFER = 9.5
"""Where fewer pairs than this differ an interval carries a caution. With 10 and more nominal 95 % intervals covered
between .935 and .965 in all but a few of the simulated cells of docs/statistics.md; with 5 to 9 in part of them."""

FEW_RESAMPLED = 60
"""The resampled interval of a coefficient carries a caution with fewer pairs than this. In the worst of the simulated
populations of docs/statistics.md nominal 95 % intervals of kappa and alpha covered .89 to .94 with 30 pairs, .92 to .94
with 50, and .934 and more with 60."""

SMALL_SLICE = 30
"""A slice of fewer pairs is marked. A convention: 59 pairs without an effect are the least that can be called robust at
the default margin, and half as many say little more than that the effect is not the largest there is."""

MOST_PAIRS_NEEDED = 1_000_000
"""Beyond this many pairs a cell counts as undecidable (the effect sits on the margin) and no number is named."""

SMALLEST_P = 1e-12
"""P-values are computed to an absolute error of about 1e-14; smaller ones are reported as this."""

SAME = 1e-12
"""Values in units of the whole scale that differ by less than this differ by rounding alone."""

PRIOR_WINS = 0.5
"""How often each system of a ranking beats an imagined opponent of mean strength, and how often it loses to it. Half
a win and half a loss is what R's PlackettLuce adds by default: enough to keep a system that wins everything finite,
and worth no more than one comparison."""

ANNOTATOR_EPSILON = 0.2
"""By how much worse than an annotator a judge may be and still win against one, for what it costs less. The advice of
Calderon, Reichart and Dror (2025) for experts; theirs for skilled annotators is 0.15, for crowd workers 0.1, and less
where annotators agree little. The most lenient of the three: declare your own before the run."""

ANNOTATOR_FDR = 0.05
"""Expected share of falsely won annotators among the won ones (Benjamini and Yekutieli). Theirs too."""

MIN_ITEMS_PER_ANNOTATOR = 30
"""With fewer items than this an annotator is not tested: too few for a t test, as Calderon et al. have it."""

MIN_ANNOTATORS = 3
"""Of two annotators each is the other's only measure, and no consensus exists that a judge could represent better."""

PASSING_WINNING_RATE = 0.5
"""A judge that wins against at least this share of the annotators passes. The rule of Calderon et al."""

BET_FRACTIONS = tuple(part / 10 for part in range(1, 11))
"""The bets behind a confidence sequence, as fractions of the largest: ten, evenly spaced, as in the default of the
authors' own code, and with the largest among them, without which pairs that all show nothing would need 91 instead of
83 to be called robust."""

SAME_STRENGTH = 1e-8
"""Systems whose log strengths differ by less than this are level; the fits are good to about 1e-10."""

RANKING_RESAMPLES = 500
"""Most bootstrap resamples of a ranking, each of which is fitted anew for every system: the Monte Carlo error of a
chance is then at most 2.2 percentage points, that of a 2.5 % quantile's level 0.7."""

MOST_RANKED = 40
"""With more systems than this a ranking is fitted and not resampled: what resamples cost grows with the fourth power of
the number of systems."""

MOST_SYSTEMS_SHOWN = 20
"""With more systems than this none gets a slice of its own."""

RELIABILITY_WANTED = 0.8
"""The reliability that a panel of judges is to reach. A convention: Nunnally (1978, Psychometric Theory) asks for .8 in
research, where means over many pairs are compared, and for .9 and more where a decision hangs on a single score."""

MOST_JUDGES = 1_000
"""No larger panel is named: what a thousand judges do not make reliable, more of the like will not."""

FEW_LEVELS = 5
"""Fewer judges or prompts than this are marked. Even with 5, four degrees of freedom, the 95 % interval of the variance
between them (chi-square, normal effects) reaches from 0.36 to 8.3 times the estimate; with 2 from 0.2 to 1,018."""

FEW_PAIRS = 30
"""Components from fewer pairs are marked: in simulations the coverage of their nominal 95 % intervals falls to .87 with
20 pairs; with 30 it is about .90 and more."""

FIRST_STAGE_PAIRS = 20
"""Pairs in the first stage of an audit that stops. With fewer only a judge that is swayed in nearly every pair could be
decided; each look costs no certainty, only the wait for a stage to end."""

STAGE_GROWTH = 1.5
"""By how much the pairs grow from stage to stage: at most a third of a cell's verdicts come after it could have been
decided, and 500 pairs are nine stages. A stage waits for its slowest verdict and loads a local model anew."""

FEW_PAIRS_A_SYSTEM = 20
"""A ranking in which a system has fewer pairs than this is marked. In simulated rankings of five systems the 95 %
interval of a system's gain held .85 to .91 of the time with 8 pairs a system, .90 to .93 with 16 and .93 to .95
with 40."""

PLANNED_SD_SIGNED: Mapping[str, float] = {"steady": 0.26, "usual": 0.37, "noisy": 0.46}
"""Standard deviations of pairs' values between -1 and 1 that a plan assumes where no earlier audit says better:
tenth, median and ninetieth of a hundred judges, as it were. They are those quantiles of the winrate shift by
position, both orders and two of three repetitions, over nine judges on MT-Bench and on DevBench (verdicts recorded
by Shi et al. 2024, arXiv 2406.07791); of the noise-adjusted flip between orders they are .26, .35 and .46. No
recorded verdicts on artifacts are at hand. Order moves judges more than most artifacts do: of an artifact that
moves nothing the winrate shift has the judge's noise alone, a median of .07 with both sides and two replicates. An
earlier audit (--pilot) says more than this."""

PLANNED_SD_SHARE: Mapping[str, float] = {"steady": 0.29, "usual": 0.37, "noisy": 0.42}
"""The same for values between 0 and 1: those quantiles of the accuracy, mean over both orders, over 65 combinations
of judge and prompt on two adversarial sets of LLMBar (93 pairs, verdicts recorded by Zeng et al. 2024, arXiv
2310.07641)."""

ATTRIBUTION_PAIRS = 10
"""Fewer pairs that carry a term say too little of how pairs differ: no odds ratio. In simulations intervals hold their
level down to about 6 pairs that carry an artifact; with fewer than 10 many such samples have no finite estimate."""

LARGEST_ODDS_RATIO = 1e6
"""Odds beyond a million to one are not printed: no audit has the verdicts to tell them from certainty."""

EXACT_CHOICES = 1_000
"""A mixed logit takes each known distribution for this many choices. Its random slopes would otherwise be blurred by
draws that were never made; coefficients come within 0.1 % of those of infinitely many."""

EARLY_SHARE = 0.5
"""How much of each error rate an audit that stops spends on stopping early; the rest is for one ordinary look after the
last pair. A convention. With everything spent early, 2 % instead of 21 % of the fair judges that move one pair in ten
would be called robust on 200 pairs; what is kept for the end costs a tenth to a fifth more pairs until an early end."""
