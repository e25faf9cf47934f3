"""How much of a judge's choices goes to the label, to the place shown first, to length, and to each artifact?

One model of all decisive verdicts of a judge: the log-odds that the text shown first is preferred, ties apart, are

    u = position + label * (1 where the label prefers it, -1 where the other, 0 where neither)
        + length * log2((its characters + 1) / (the other's + 1))
        + the coefficient of the artifact that it carries - that of the one that the other carries.

Under Davidson's (1970) model of ties, p_first : p_second : p_tie = exp(u / 2) : exp(-u / 2) : v, this holds exactly,
whatever v. All terms but position change their sign when the texts change places. A domain of its own could therefore
only be position in that domain; what it may change is what the label is worth, so that a second fit has a label
coefficient for each domain. An artifact's coefficient divided by the label's says how many label steps it is worth.

Tie and identical arms are left out. They show one response twice: there nothing that the label leaves unsaid about
the responses blurs the choice, and the same artifact has larger odds. Taken together with them an artifact would
seem to be worth more label steps than it is (docs/models.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log
from typing import Literal

import numpy as np
from scipy.sparse import coo_array

from judgeaudit.metrics.choices import LABEL, LENGTH, Bools, Choices, Covariates, Term, terms_of
from judgeaudit.metrics.findings import Estimated, Ints
from judgeaudit.metrics.observations import JudgeVerdicts
from judgeaudit.metrics.record import POSITION
from judgeaudit.metrics.reference import Reference
from judgeaudit.stats import Estimate, Interval, LogitFit, clustered_logit, mixed_logit
from judgeaudit.stats.thresholds import ATTRIBUTION_PAIRS, EXACT_CHOICES, LARGEST_ODDS_RATIO

Model = Literal["gee", "mixed"]

METHODS: Mapping[Model, str] = {
    "gee": "t over pairs, sandwich of Mancl and DeRouen",
    "mixed": "t over pairs, sandwich of a mixed logit",
}
FIELLER = "Fieller, "
FEW = f"fewer than {ATTRIBUTION_PAIRS} pairs"
MOST_NAMED = 5
"""Terms that a caution names."""
LABEL_IN_DOMAIN, LABEL_AGAINST_OTHERS = "label_in_domain=", "label_against_others="
"""Slices of what the label is worth in one domain, and of that divided by what it is worth in the others."""

OTHER = "other"
"""Domains with few labelled pairs are taken together under this name, and so are pairs without a domain."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model.

    Attributes:
        judge: whose choices.
        choices: the rows.
        terms: of these rows.
        fit: the coefficients, in the terms' order.
        method: how intervals were made; ``level``: theirs.
    """

    judge: str
    choices: Choices
    terms: Sequence[Term]
    fit: LogitFit
    method: str
    level: float

    @property
    def label(self) -> int | None:
        """The label's place among the terms."""
        return next((place for place, term in enumerate(self.terms) if term.within == LABEL), None)

    def estimate(self, place: int) -> Estimate | None:
        """One term's coefficient; None where too few pairs carry it, or it has no estimate."""
        if self.fit.clusters[place] < ATTRIBUTION_PAIRS:
            return None
        return self.fit.estimate(np.eye(len(self.terms))[place])


def attribution(
    judge: JudgeVerdicts, reference: Reference, covariates: Covariates, model: Model, level: float
) -> Iterator[Estimated]:
    """``odds_ratio`` of every term, of the label also by domain, and ``preference_steps`` of all but the label.

    An artifact stands under its name (a composition and a dose are artifacts of their own), the text shown first under
    ``position``, the others in the slices ``term=label``, ``term=length`` (for each doubling), ``label_in_domain=X``
    and ``label_against_others=X``. Nothing where the judge decided nothing, and nothing of
    position where hardly a pair was decided in both orders. What cannot be
    estimated has no estimate, and its caution says why.

    Args:
        judge: its verdicts.
        reference: whose ``label`` is meant. Pairs without one are left out where others have one.
        covariates: lengths and domains.
        model: ``gee`` for the average over pairs, ``mixed`` for within a pair.
        level: of the intervals.
    """
    choices = Choices.of(judge, reference, covariates)
    # Of pairs seen in one order alone, a leaning to the first text would be one to side a.
    in_both = choices.n_pairs_in_both_orders
    for one in _of_choices(judge, choices, covariates, model, level):
        enough = in_both >= ATTRIBUTION_PAIRS or (in_both > 0 and one.estimate is None)
        if enough or one.perturbation != POSITION:
            yield one


def _of_choices(
    judge: JudgeVerdicts, choices: Choices, covariates: Covariates, model: Model, level: float
) -> Iterator[Estimated]:
    kept: list[Term] = []
    used = np.ones(choices.pair.size, dtype=bool)
    for term in terms_of(choices):
        carried = term.carried[used[term.carried]]
        if choices.n_pairs(carried) >= ATTRIBUTION_PAIRS:
            kept.append(term)
            used[term.rows[np.isnan(term.values)]] = False
            continue
        if term.perturbation in choices.artifacts:
            used[term.rows] = False
        if carried.size:
            yield _odds_ratio(judge.name, term, choices, carried, None, FEW)
    if not kept:
        return
    fitted = _fit(judge, choices, kept, used, model, level)
    with_words = {name for name in choices.artifacts if not covariates.length.knows(name)}
    if all(term.within != LENGTH for term in kept):
        with_words = set(choices.artifacts)
    yield from _odds_ratios(fitted, with_words)
    if fitted.label is not None:
        yield from _preference_steps(fitted, with_words)
        if fitted.estimate(fitted.label) is not None:
            yield from _label_by_domain(judge, fitted, covariates, model)


def _fit(
    judge: JudgeVerdicts, choices: Choices, terms: Sequence[Term], used: Bools, model: Model, level: float
) -> Fitted:
    """The model of the rows that are used."""
    place = np.where(used, np.cumsum(used) - 1, -1)
    choices = choices.where(used)
    # Of collinear terms the last is left out: length, rather than the artifact that goes with it.
    terms = [term.among(place) for term in sorted(terms, key=lambda term: term.within == LENGTH)]
    columns = np.repeat(np.arange(len(terms)), [term.rows.size for term in terms])
    rows, values = (np.concatenate([getattr(term, name) for term in terms]) for name in ("rows", "values"))
    design = coo_array((values, (rows, columns)), shape=(choices.pair.size, len(terms))).tocsr()
    if model == "mixed":
        weight = choices.weight * EXACT_CHOICES if judge.exact else choices.weight
        fit = mixed_logit(design, choices.first, weight, choices.pair, choices.ahead)
    else:
        fit = clustered_logit(design, choices.first, choices.weight, choices.pair)
    return Fitted(judge.name, choices, terms, fit, METHODS[model], level)


def _odds_ratios(fitted: Fitted, with_words: Collection[str]) -> Iterator[Estimated]:
    for place, term in enumerate(fitted.terms):
        found = fitted.estimate(place)
        told = [_why_not(fitted, place)] if found is None else _cautions(fitted, place, with_words)
        yield _odds_ratio(fitted.judge, term, fitted.choices, term.carried, found, *told, fitted=fitted)


def _odds_ratio(
    judge: str,
    term: Term,
    choices: Choices,
    rows: Ints,
    found: Estimate | None,
    *cautions: str,
    fitted: Fitted | None = None,
) -> Estimated:
    """The record of one term or contrast; without an estimate also where the odds are beyond all that is printed."""
    estimate, interval, most = None, None, log(LARGEST_ODDS_RATIO)
    if found is not None and abs(found.value) > most:
        found, cautions = None, (f"odds beyond {LARGEST_ODDS_RATIO:,.0f} to 1",)
    if found is not None and fitted is not None:
        estimate = exp(found.value)
        ends = found.interval(fitted.level)
        low, high = (exp(min(max(end, -most), most)) for end in ends)
        interval = Interval(low, high, fitted.level, fitted.method)
        if max(map(abs, ends)) > most:
            cautions = (*cautions, f"the interval is cut off at odds of {LARGEST_ODDS_RATIO:,.0f} to 1")
    return Estimated(
        "odds_ratio", judge, term.perturbation, "ratio", estimate, interval, choices.n_pairs(rows),
        choices.n_verdicts(rows), p=found.p if found is not None and term.tested else None,
        within=term.within, caution="; ".join(cautions) or None,
    )  # fmt: skip


def _preference_steps(fitted: Fitted, with_words: Collection[str]) -> Iterator[Estimated]:
    """Each coefficient divided by the label's, where that is clearly above 0."""
    label = fitted.label
    assert label is not None
    of_label = fitted.estimate(label)
    for place, term in enumerate(fitted.terms):
        if place == label:
            continue
        estimate, interval = None, None
        told = [_why_not(fitted, place)]
        if fitted.estimate(place) is not None:
            ratio = fitted.fit.ratio(place, label, fitted.level)
            told = [
                _why_not(fitted, label)
                if of_label is None
                else "the label's odds ratio is not clearly above 1"
            ]
            if ratio is not None and of_label is not None and of_label.value > 0:
                estimate, low, high = ratio
                interval = Interval(low, high, fitted.level, FIELLER + fitted.method)
                told = _cautions(fitted, place, with_words)
        yield Estimated(
            "preference_steps", fitted.judge, term.perturbation, "coefficient", estimate, interval,
            fitted.choices.n_pairs(term.carried), fitted.choices.n_verdicts(term.carried),
            within=term.within, caution="; ".join(told) or None,
        )  # fmt: skip


def _why_not(fitted: Fitted, place: int) -> str:
    """Why a term has no estimate."""
    fit, names = fitted.fit, [term.name for term in fitted.terms]
    if place in fit.aliases:
        return (
            f"on these pairs it cannot be told from {_listed(names[other] for other in fit.aliases[place])}"
        )
    if fit.toward[place]:
        return f"every verdict that {names[place]} can decide goes {'with' if fit.toward[place] > 0 else 'against'} it"
    if fit.separated[place]:
        deciding = np.flatnonzero(fit.toward if fit.toward.any() else fit.separated)
        return (
            f"too many verdicts follow without exception from {_listed(names[other] for other in deciding)}"
        )
    if fit.clusters[place] < ATTRIBUTION_PAIRS:
        return FEW
    return "the model has no solution"


def _listed(names: Iterable[str]) -> str:
    """Some names, and how many more there are."""
    listed = list(names)
    more = len(listed) - MOST_NAMED
    return ", ".join([*listed[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])])


def _cautions(fitted: Fitted, place: int, with_words: Collection[str]) -> list[str]:
    """What else than its term an estimate holds."""
    term = fitted.terms[place]
    told = [
        f"holds {fitted.terms[left_out].name} too, which cannot be told from it"
        for left_out, others in fitted.fit.aliases.items()
        if place in others
    ]
    if term.perturbation in with_words:
        told.append("holds the words that it adds too, since the lengths with it are unknown")
    return told


def _label_by_domain(
    judge: JudgeVerdicts, fitted: Fitted, covariates: Covariates, model: Model
) -> Iterator[Estimated]:
    """What the label is worth in each domain, and how many times as much as in the others; nothing with one domain."""
    choices, label = fitted.choices, fitted.terms[fitted.label or 0]
    names = (*covariates.domains, OTHER)
    other = len(names) - 1
    group = np.where(covariates.domain < 0, other, covariates.domain)
    group[group == names.index(OTHER)] = other
    labelled = np.unique(choices.pair[label.carried])
    few = np.bincount(group[labelled], minlength=len(names)) < ATTRIBUTION_PAIRS
    group[few[group]] = other
    # Even together they may be too few: then they are left out.
    known = np.bincount(group[labelled], minlength=len(names)) >= ATTRIBUTION_PAIRS
    groups = np.flatnonzero(known)
    if groups.size < 2:
        return
    by_group = []
    for code in groups.tolist():
        of_group = group[choices.pair[label.rows]] == code
        by_group.append(
            Term(
                f"the label in {names[code]}", None, f"{LABEL_IN_DOMAIN}{names[code]}", False,
                label.rows[of_group], label.values[of_group],
            )
        )  # fmt: skip
    # Position stands first, as everywhere.
    position, *rest = (term for term in fitted.terms if term is not label)
    used = known[group[choices.pair]]
    fitted = _fit(judge, choices, [position, *by_group, *rest], used, model, fitted.level)
    choices, by_group = fitted.choices, list(fitted.terms[1 : 1 + groups.size])
    estimated = [place for place in range(1, 1 + groups.size) if fitted.estimate(place) is not None]
    for place, term in enumerate(by_group, start=1):
        found = fitted.estimate(place)
        told = [] if found is not None else [_why_not(fitted, place)]
        yield _odds_ratio(fitted.judge, term, choices, term.carried, found, *told, fitted=fitted)
        others = [other for other in estimated if other != place]
        if found is None or not others:
            continue
        contrast = np.zeros(len(fitted.terms))
        contrast[place] = 1.0
        pairs = fitted.fit.clusters[others]
        contrast[others] = -pairs / pairs.sum()
        against = replace(term, within=f"{LABEL_AGAINST_OTHERS}{names[int(groups[place - 1])]}", tested=True)
        rows = np.concatenate([fitted.terms[one].carried for one in (place, *others)])
        yield _odds_ratio(fitted.judge, against, choices, rows, fitted.fit.estimate(contrast), fitted=fitted)
