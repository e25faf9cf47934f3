"""How do several causes move one cluster's choice between two? A logit in which clusters differ by a random slope.

    log-odds of row r in cluster i  =  x_r beta + sigma z_r b_i,    b_i standard normal.

``clustered_logit`` describes the average over clusters; here a coefficient is that within a cluster, and larger: the
average is nearer to 0 by about sqrt(1 + 0.346 sigma^2) (Zeger, Liang and Albert 1988, Biometrics 44:1049). The
likelihood is integrated over b by adaptive Gauss-Hermite quadrature (Pinheiro and Bates 1995, JCGS 4:12) and
maximised by Newton's method, with score and information by Fisher's and Louis's (1982, JRSS B 44:226) identities.
The covariance is the sandwich over clusters, so that standard errors hold also where slopes are not normal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log, pi

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import expit, log_expit, logsumexp

from judgeaudit.stats.clustered_logit import (
    SHORTEST_STEP,
    LogitFit,
    clustered_logit,
    information,
    of_clusters,
    scaled,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NODES = 9
"""Points of the quadrature for each cluster, placed by where its own likelihood is."""

MOST_STEPS = 200
"""Steps of Newton's method, and of its search for the clusters' modes; a fit that takes more is given up."""

QUADRATURE = 1e-3
"""Gains in log-likelihood that are smaller are not looked for: the quadrature is hardly more exact."""

LAST_GAIN = 1e-12
"""A step that gains less log-likelihood a choice is the last."""

NO_SLOPE = 1e-3
"""A spread of log-odds over clusters below this is none: its likelihood is flat around 0."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows by cluster, with the terms that can be estimated; ``members`` is (clusters, rows)."""

    design: csr_array
    share: Floats
    weight: Floats
    slope: Floats
    members: csr_array
    cluster: Ints


@dataclass(frozen=True, slots=True)
class _State:
    """The likelihood at one value of the parameters (terms and sigma), and what Newton's method needs of it.

    Attributes:
        likelihood: its logarithm.
        scores: (clusters, parameters), its gradient by cluster.
        complete: (parameters, parameters), the information were the slopes known.
        missing: the information that is lost by not knowing them.
        modes: (clusters,), the likeliest b of each cluster.
    """

    likelihood: float
    scores: Floats
    complete: Floats
    missing: Floats
    modes: Floats


def mixed_logit(
    design: Floats | csr_array, share: Floats, weight: Floats, cluster: Ints, slope: Floats
) -> LogitFit:
    """Fit log-odds with a random slope by cluster.

    Args:
        design, share, weight, cluster: as ``clustered_logit`` takes them.
        slope: (rows,) z, what the cluster's random slope is multiplied by.

    Returns:
        Coefficients within a cluster. What ``clustered_logit`` cannot estimate has no estimate here either; there
        is none at all where the likelihood has no maximum to be found.

    Raises:
        ValueError: as ``clustered_logit``.
    """
    average = clustered_logit(design, share, weight, cluster)
    columns = np.flatnonzero(np.isfinite(average.coefficients))
    if columns.size == 0:
        return average
    used = np.flatnonzero(average.used)
    used = used[np.argsort(cluster[used], kind="stable")]
    members = of_clusters(cluster[used])
    of_row = np.repeat(np.arange(members.shape[0]), np.diff(members.indptr))
    x = csr_array(design)[used][:, columns]
    rows = _Rows(x, share[used], weight[used], slope[used], members, of_row)
    coefficients = np.full_like(average.coefficients, np.nan)
    covariance = np.full_like(average.covariance, np.nan)
    found = _maximum(rows, np.append(average.coefficients[columns], 1.0))
    if found is not None:
        parameters, state = found
        if parameters[-1] < NO_SLOPE:
            return average
        inverse = np.linalg.inv(state.complete - state.missing)
        sandwich = (
            inverse @ (state.scores.T @ state.scores) @ inverse * len(state.scores) / (len(state.scores) - 1)
        )
        coefficients[columns] = parameters[:-1]
        covariance[np.ix_(columns, columns)] = sandwich[:-1, :-1]
    return replace(average, coefficients=coefficients, covariance=covariance)


def _maximum(rows: _Rows, start: Floats) -> tuple[Floats, _State] | None:
    """Newton's method, kept uphill; where the likelihood is not concave, the step that known slopes would take."""
    parameters = start
    state = _state(rows, parameters, np.zeros(rows.members.shape[0]))
    for _ in range(MOST_STEPS):
        score = state.scores.sum(0)
        try:
            np.linalg.cholesky(state.complete - state.missing)
            step = np.linalg.solve(state.complete - state.missing, score)
        except np.linalg.LinAlgError:
            step = np.linalg.solve(state.complete, score)
        gain = float(score @ step)
        if gain <= LAST_GAIN * rows.weight.sum():
            return parameters, state
        size = 1.0
        while True:
            tried = parameters + size * step
            tried[-1] = abs(tried[-1])  # the likelihood of -sigma is that of sigma
            reached = _state(rows, tried, state.modes)
            # What is left to gain may be less than the quadrature's own error.
            if reached.likelihood >= state.likelihood or gain < QUADRATURE or size < SHORTEST_STEP:
                break
            size /= 2
        parameters, state = tried, reached
        if parameters[-1] < NO_SLOPE:
            return parameters, state
    return None


def _state(rows: _Rows, parameters: Floats, modes: Floats) -> _State:
    x, z, w, sigma = rows.design, rows.slope, rows.weight, float(parameters[-1])
    fixed = x @ parameters[:-1]
    modes, spread = _modes(rows, fixed, sigma, modes)
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    b = modes[:, None] + spread[:, None] * nodes
    log_odds = fixed[:, None] + sigma * z[:, None] * b[rows.cluster]
    of_rows = w[:, None] * (rows.share[:, None] * log_odds + log_expit(-log_odds))
    density = rows.members @ of_rows - np.square(b) / 2 - log(2 * pi) / 2
    density += np.log(weights) + np.square(nodes) / 2 + np.log(spread)[:, None]
    likelihood = logsumexp(density, axis=1)
    posterior = np.exp(density - likelihood[:, None])

    fitted = expit(log_odds)
    residual = w[:, None] * (rows.share[:, None] - fitted)
    by_node = [(rows.members @ scaled(x, residual[:, k])).toarray() for k in range(NODES)]
    for_sigma = (rows.members @ (z[:, None] * residual)) * b
    scores = np.concatenate([np.stack(by_node, axis=1), for_sigma[:, :, None]], axis=2)
    mean = (posterior[:, :, None] * scores).sum(1)
    apart = (np.sqrt(posterior)[:, :, None] * (scores - mean[:, None])).reshape(-1, scores.shape[2])

    known = posterior[rows.cluster] * w[:, None] * fitted * (1 - fitted)
    slopes = z[:, None] * b[rows.cluster]
    complete = np.zeros((len(parameters),) * 2)
    complete[:-1, :-1] = information(x, known.sum(1))
    complete[-1, :-1] = complete[:-1, -1] = x.T @ (known * slopes).sum(1)
    complete[-1, -1] = (known * np.square(slopes)).sum()
    return _State(float(likelihood.sum()), mean, complete, apart.T @ apart, modes)


def _modes(rows: _Rows, fixed: Floats, sigma: float, modes: Floats) -> tuple[Floats, Floats]:
    """(clusters,): where each cluster's likelihood times the normal density is largest, and its spread there."""
    pull = sigma * rows.slope
    for _ in range(MOST_STEPS):
        fitted = expit(fixed + pull * modes[rows.cluster])
        gradient = rows.members @ (rows.weight * (rows.share - fitted) * pull) - modes
        curvature = 1 + rows.members @ (rows.weight * fitted * (1 - fitted) * np.square(pull))
        step = np.clip(gradient / curvature, -1.0, 1.0)
        modes = modes + step
        if np.abs(step).max() < 1e-8:
            break
    return modes, 1 / np.sqrt(curvature)
