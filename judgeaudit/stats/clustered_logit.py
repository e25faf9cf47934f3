"""How do several causes move a choice between two, when choices come in clusters? A logit with clustered errors.

The log-odds of a choice are linear in its terms. Coefficients solve the binomial score equations, which are those of
generalized estimating equations with independence as working correlation (Liang and Zeger 1986, Biometrika 73:13):
they describe the average over clusters, and hold whatever the dependence inside a cluster. Their covariance is the
sandwich estimator over clusters with the bias correction of Mancl and DeRouen (2001, Biometrics 57:126), for few
clusters; quantiles are Student's t. An outcome may be a share (a count out of several, or a known probability).

A term that others add up to is left out. Terms that predict some outcomes without exception have no finite estimate
(Albert and Anderson 1984, Biometrika 71:1); they are found by the linear program of Konis (2007), and the
others' estimates are the limits that maximum likelihood has.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array
from scipy.special import expit, log_expit, stdtr, stdtrit

from judgeaudit.stats.thresholds import SMALLEST_P

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

COLLINEAR = 1e-8
"""A term of which others leave less than this share of its sum of squares is their sum but for rounding."""

ROUNDING = 1e-8
"""Coefficients below this are 0 but for rounding. Known probabilities may leave no error to hold them against."""

DOUBTFUL_LOG_ODDS, SLOW = 20.0, 0.1
"""Newton's method squares its gains at the end. Where outcomes are predicted without exception a gain is about
exp(-1) = .37 of the one before for ever: beyond these log-odds, and where it ends like this, it is looked into."""

FEASIBLE = 1e-6
"""By how much a sum of terms (each at most 1) must point to an outcome; the linear program is exact to 1e-7."""

MOST_STEPS, SHORTEST_STEP, CONVERGED = 100, 1e-6, 1e-10
"""Newton's method ends where a step gains less log-likelihood than the last; the next one would gain its square."""

LOST = 1e-14
"""Log-likelihoods that differ by less than this share of theirs differ by rounding alone."""

BLOCK = 4_000_000
"""Numbers that are held at a time while each cluster's part of the information is used (32 MB)."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A linear combination of coefficients: its value, its standard error and the degrees of freedom of its t."""

    value: float
    error: float
    df: int

    def interval(self, level: float) -> tuple[float, float]:
        """The two-sided t interval at confidence ``level``."""
        margin = self.quantile(level) * self.error
        return self.value - margin, self.value + margin

    def quantile(self, level: float) -> float:
        """How many standard errors the interval reaches to each side."""
        return float(stdtrit(self.df, (1 + level) / 2))

    @property
    def p(self) -> float:
        """Of the two-sided test that the value is 0."""
        if abs(self.value) <= ROUNDING or self.error == 0:
            return 1.0 if abs(self.value) <= ROUNDING else SMALLEST_P
        return max(2 * float(stdtr(self.df, -abs(self.value) / self.error)), SMALLEST_P)


@dataclass(frozen=True, slots=True)
class LogitFit:
    """Coefficients of a logit and what is known of their uncertainty.

    Attributes:
        coefficients: (terms,) log-odds for each unit of a term; NaN where there is no estimate.
        covariance: (terms, terms), NaN likewise.
        clusters: (terms,) in how many clusters a term is not 0, among the rows that are used.
        aliases: the terms left out for being a sum of earlier ones, each with those of which it is.
        separated: (terms,) whether a term has no finite estimate, or none once the decided rows are set aside.
        toward: (terms,) 1 or -1 where a term alone decides all its rows: the sign of its infinite coefficient; else 0.
        used: (rows,) the rows that the estimates rest on: of positive weight, and not decided by separated terms.
    """

    coefficients: Floats
    covariance: Floats
    clusters: Ints
    aliases: dict[int, tuple[int, ...]]
    separated: Bools
    toward: Floats
    used: Bools

    def estimate(self, contrast: Floats) -> Estimate | None:
        """A linear combination of the coefficients; None where one of them has no estimate or no standard error.

        Its degrees of freedom are one less than the clusters that carry the rarest of its terms.

        Args:
            contrast: (terms,) the weights.
        """
        used = np.flatnonzero(contrast)
        value = float(contrast[used] @ self.coefficients[used])
        variance = float(contrast[used] @ self.covariance[np.ix_(used, used)] @ contrast[used])
        df = int(self.clusters[used].min()) - 1
        if not np.isfinite(value) or not variance >= 0 or df < 1:
            return None
        return Estimate(value, sqrt(variance), df)

    def ratio(self, numerator: int, denominator: int, level: float) -> tuple[float, float, float] | None:
        """One coefficient divided by another, and the ends of Fieller's (1954, JRSS B 16:175) interval.

        None where the denominator's own interval holds 0: no finite interval of the ratio then has its level.
        """
        unit = np.eye(len(self.coefficients))
        above, below = self.estimate(unit[numerator]), self.estimate(unit[denominator])
        if above is None or below is None:
            return None
        t = below.quantile(level) if below.df < above.df else above.quantile(level)
        shared = float(self.covariance[numerator, denominator])
        # The ratios r for which (above - r * below)^2 is at most t^2 times its variance: a quadratic in r.
        a = below.value**2 - t**2 * below.error**2
        b = above.value * below.value - t**2 * shared
        c = above.value**2 - t**2 * above.error**2
        if a <= 0:
            return None
        half = sqrt(max(b**2 - a * c, 0.0))
        return above.value / below.value, (b - half) / a, (b + half) / a


def clustered_logit(design: Floats | csr_array, share: Floats, weight: Floats, cluster: Ints) -> LogitFit:
    """Fit log-odds that are linear in the terms to outcomes that are dependent within clusters.

    Args:
        design: (rows, terms), better sparse where most terms are 0 in a row. Of collinear terms the later are left out.
        share: (rows,) the share of the outcome in a row, from 0 to 1.
        weight: (rows,) how many choices a row stands for, at least 0; fractions are welcome.
        cluster: (rows,) each row's cluster, any integers.

    Raises:
        ValueError: the arrays do not fit together, or an entry is not finite or outside its range.
    """
    design = csr_array(design)
    _check(design, share, weight, cluster)
    kept = np.flatnonzero(weight > 0)
    rows = kept[np.argsort(cluster[kept], kind="stable")]
    x, y, w = design[rows], share[rows], weight[rows]
    terms = x.shape[1]
    aliases = _aliases(x, w)
    columns = np.array([j for j in range(terms) if j not in aliases], dtype=np.int64)
    separated, toward = np.zeros(terms, dtype=bool), np.zeros(terms)
    found = _maximum(x[:, columns], y, w, doubt=True)
    if found is None:
        signs, decided = _decided(x[:, columns], y)
        if decided.any():
            toward[columns] = signs
            rows = rows[~decided]
            x, y, w = design[rows], share[rows], weight[rows]
            again = _aliases(x[:, columns], w)
            separated[columns[sorted(set(again).union(*again.values()))]] = True
            # The rows that are left know the lost terms at most as sums of one another: those that add nothing go.
            columns = np.delete(columns, list(again))
        found = _maximum(x[:, columns], y, w, doubt=False)
    coefficients, covariance = np.full(terms, np.nan), np.full((terms, terms), np.nan)
    if found is not None and columns.size:
        coefficients[columns] = found
        covariance[np.ix_(columns, columns)] = _sandwich(x[:, columns], y, w, cluster[rows], found)
    coefficients[separated] = np.nan
    clusters = (of_clusters(cluster[rows]) @ abs(x)).astype(bool).toarray().sum(0)
    used = np.zeros(len(weight), dtype=bool)
    used[rows] = True
    return LogitFit(coefficients, covariance, clusters, aliases, separated, toward, used)


def of_clusters(cluster: Ints) -> csr_array:
    """(clusters, rows): 1 where a row is of the cluster. The rows of a cluster follow one another."""
    starts = np.flatnonzero(np.diff(cluster, prepend=cluster[:1] - 1))
    ends = np.append(starts, cluster.size)
    return csr_array(
        (np.ones(cluster.size), np.arange(cluster.size), ends), shape=(len(starts), cluster.size)
    )


def scaled(x: csr_array, factor: Floats) -> csr_array:
    """The rows of x, each times its factor."""
    return csr_array((x.data * np.repeat(factor, np.diff(x.indptr)), x.indices, x.indptr), shape=x.shape)


def information(x: csr_array, weight: Floats) -> Floats:
    """(terms, terms): the sum over rows of weight times the products of their terms."""
    total: Floats = (x.T @ scaled(x, weight)).toarray()
    return total


def _check(design: csr_array, share: Floats, weight: Floats, cluster: Ints) -> None:
    if not share.shape == weight.shape == cluster.shape == design.shape[:1]:
        raise ValueError(
            f"found shapes {design.shape}, {share.shape}, {weight.shape}, {cluster.shape}, expected an entry a row"
        )
    if (
        not np.isfinite(design.data).all()
        or not ((share >= 0) & (share <= 1)).all()
        or not (weight >= 0).all()
    ):
        raise ValueError("expected finite terms, shares from 0 to 1 and weights of at least 0")


def _aliases(x: csr_array, w: Floats) -> dict[int, tuple[int, ...]]:
    """The terms that are sums of earlier ones, each with those that it is of."""
    gram = information(x, w)
    size = np.sqrt(np.diag(gram))
    size = np.where(size > 0, size, 1.0)
    gram = gram / size / size[:, None]
    kept: list[int] = []
    aliases: dict[int, tuple[int, ...]] = {}
    for j in range(len(gram)):
        parts = np.linalg.solve(gram[np.ix_(kept, kept)], gram[kept, j])
        if gram[j, j] - parts @ gram[kept, j] > COLLINEAR:
            kept.append(j)
        else:
            aliases[j] = tuple(k for k, part in zip(kept, parts, strict=True) if abs(part) > sqrt(COLLINEAR))
    return aliases


def _maximum(x: csr_array, y: Floats, w: Floats, *, doubt: bool) -> Floats | None:
    """(terms,): where the likelihood is largest, by Newton's method; None where it comes to no end.

    Args:
        doubt: whether also where it may come to none, since outcomes may be predicted without exception.
    """
    beta, log_odds = np.zeros(x.shape[1]), np.zeros(len(y))
    likelihood, gain = _log_likelihood(log_odds, y, w), np.inf
    for _ in range(MOST_STEPS):
        fitted = expit(log_odds)
        score = x.T @ (w * (y - fitted))
        try:
            step = np.linalg.solve(information(x, w * fitted * (1 - fitted)), score)
        except np.linalg.LinAlgError:
            return None
        along, size = x @ step, 1.0
        # The likelihood is concave: a shorter step in the same direction does not overshoot.
        # Of very many choices the last gains are smaller than what rounding loses: such a step is taken in full.
        least = likelihood - LOST * abs(likelihood)
        while (reached := _log_likelihood(log_odds + size * along, y, w)) < least and size > SHORTEST_STEP:
            size /= 2
        beta, log_odds, likelihood = beta + size * step, log_odds + size * along, reached
        before, gain = gain, float(score @ step)
        at_end = gain <= CONVERGED
        far = at_end or np.abs(log_odds).max(initial=0.0) > DOUBTFUL_LOG_ODDS
        if doubt and far and gain > SLOW * before:
            return None
        if at_end:
            return beta
    return None


def _log_likelihood(log_odds: Floats, y: Floats, w: Floats) -> float:
    return float(w @ (y * log_odds + log_expit(-log_odds)))


def _decided(x: csr_array, y: Floats) -> tuple[Floats, Bools]:
    """Which terms decide all their rows alone, by sign, and which rows the terms predict without exception.

    Rows that no term decides alone may be decided by a sum of terms. Maximises the sum over rows of how far a sum of
    terms points to the row's own outcome, while it points away from none, nor either way in a row with both outcomes
    (Konis 2007, Linear programming algorithms for detecting separated data in binary logistic regression models). Rows
    that are found are set aside until there are no more.
    """
    from scipy.optimize import linprog

    size = abs(x).max(axis=0).toarray().ravel()
    x = x.multiply(1 / np.where(size > 0, size, 1.0)).tocsr()
    one = np.flatnonzero((y == 0) | (y == 1))
    both = np.flatnonzero((y > 0) & (y < 1))
    pointing = scaled(x[one], np.where(y[one] == 1, 1.0, -1.0))
    signs, decided = np.zeros(x.shape[1]), np.zeros(len(y), dtype=bool)
    split = abs(x[both]).sum(0) > 0
    while one.size:
        least, most = (end.toarray().ravel() for end in (pointing.min(axis=0), pointing.max(axis=0)))
        alone = np.where((least >= 0) & ~split, most > 0, -1.0 * ((most <= 0) & (least < 0) & ~split))
        strict = abs(pointing) @ np.abs(alone) > 0
        if not strict.any():
            break
        signs += alone
        decided[one[strict]] = True
        one, pointing = one[~strict], pointing[~strict]
    free = eye_array(x.shape[1], format="csr")
    if both.size:
        values, vectors = np.linalg.eigh(information(x[both], np.ones(both.size)))
        free = csr_array(vectors[:, values <= COLLINEAR * both.size])
    pointing = pointing @ free
    while pointing.shape[0] and pointing.shape[1]:
        none = np.zeros(pointing.shape[0])
        best = linprog(-pointing.sum(0), -pointing, none, bounds=(-1, 1))  # type: ignore[call-overload]
        strict = best.success & (pointing @ best.x > FEASIBLE)
        if not strict.any():
            break
        decided[one[strict]] = True
        one, pointing = one[~strict], pointing[~strict]
    return signs, decided


def _sandwich(x: csr_array, y: Floats, w: Floats, cluster: Ints, beta: Floats) -> Floats:
    """(terms, terms): the covariance of Mancl and DeRouen (2001); NaN where one cluster alone decides a term.

    They divide a cluster's residuals by I - H, with H the cluster's block of the hat matrix. With T the information,
    and A and s the cluster's parts of it and of the score, its part of the covariance is then d d' with
    d = (T - A)^-1 s (by the push-through identity): how far the coefficients move, to first order, without it.
    """
    terms = len(beta)
    fitted = expit(x @ beta)
    curvature = w * fitted * (1 - fitted)
    members = of_clusters(cluster)
    scores = (members @ scaled(x, w * (y - fitted))).toarray()
    whole = information(x, curvature)
    size = max(1, BLOCK // terms**2)
    covariance = np.zeros((terms, terms))
    for first in range(0, len(scores), size):
        last = min(first + size, len(scores))
        rows = slice(members.indptr[first], members.indptr[last])
        # Each cluster has columns of its own, so that the products of its terms fall into a block of their own.
        part, of_row = x[rows], np.repeat(np.arange(last - first), np.diff(members.indptr[first : last + 1]))
        column = part.indices + terms * np.repeat(of_row, np.diff(part.indptr))
        apart = csr_array((part.data, column, part.indptr), shape=(part.shape[0], terms * (last - first)))
        products = (apart.T @ scaled(apart, curvature[rows])).tocoo()
        own = np.zeros((last - first, terms, terms))
        own[products.row // terms, products.row % terms, products.col % terms] = products.data
        try:
            moved = np.linalg.solve(whole - own, scores[first:last, :, None])[:, :, 0]
        except np.linalg.LinAlgError:
            return np.full((terms, terms), np.nan)
        covariance += moved.T @ moved
    return covariance
