"""Which three findings of an audit matter most? One sentence each, with its figure and interval.

The rule. Judges are those that are no baseline without a model; where an audit has only such baselines, they
stand in, and are called so.

1. The sensitive effect of an artifact with the largest estimate, tie detection or winrate shift. Where none is
   sensitive: how many cells are robust and how many inconclusive, for the second is not the first.
2. The largest sensitive effect that adds most to the first: of another judge by another cause (another artifact,
   or position), else of another judge, else by another cause, else the other measure. Where there is none: the
   judge that agrees least with itself.
3. The jury beside its best and its worst member on the artifact of the first finding, or on the one where its
   members differ most. Where there is no jury: the judge that agrees best with the labels, beside the rule that
   prefers the longer response.

Who agrees best, or how a jury stands, is said only of estimates from the same pairs, but for a tenth of them.
What is missing is filled, in this order, from self-consistency, agreement, failures, the count of readings and
the audit's scope, so that there are always three different sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from judgeaudit.metrics import Measure
from judgeaudit.metrics.record import ALL, POSITION
from judgeaudit.metrics.yardsticks import LONGER
from judgeaudit.report import wording
from judgeaudit.report.gaps import Gaps
from judgeaudit.stats import Reading

EFFECTS = ("tie_detection", "winrate_shift")
FAILURE_RATES = ("refused_rate", "unparsed_rate", "error_rate")


SHARED_PAIRS = 0.1
"""Estimates are compared where their pairs differ by no more than this share of the larger number. A convention: so few
other pairs move a rate by a tenth at most."""


def findings(
    measures: Sequence[Measure], manifest: Mapping[str, Any], gaps: Gaps | None = None
) -> tuple[str, str, str]:
    """The three sentences, in plain text, for any run that has finished; ``gaps`` are the verdicts it does not have."""
    facts = _Facts.of(measures, manifest, gaps or Gaps())
    ranked = _sensitive(facts)
    chosen: list[str] = []
    chosen += [_effect(ranked[0], facts)] if ranked else _counts(facts)
    second = _second(ranked)
    chosen += [_effect(second, facts)] if second else _least_consistent(facts)
    chosen += [*_jury(facts, ranked[0] if ranked else None), *_agreement(facts)][:1]
    for sentence in _more(facts):
        if len(chosen) < 3 and sentence not in chosen:
            chosen.append(sentence)
    first, second_, third = (wording.clean(sentence) for sentence in chosen[:3])
    return first, second_, third


@dataclass(frozen=True)
class _Facts:
    """The headline estimates (all pairs, both sides) and who is who."""

    by_key: Mapping[tuple[str, str, str | None], Measure]
    judges: tuple[str, ...]
    only_controls: bool
    juries: Mapping[str, Sequence[str]]
    artifacts: frozenset[str]
    labels: str
    has_labels: bool
    manifest: Mapping[str, Any]
    gaps: Gaps

    @classmethod
    def of(cls, measures: Sequence[Measure], manifest: Mapping[str, Any], gaps: Gaps) -> _Facts:
        about = manifest["judges"]
        models = tuple(name for name in about if not about[name]["is_control"])
        sources = manifest["corpus"]["label_sources"]
        changes = manifest["perturbations"]
        return cls(
            by_key={
                (one.measure, one.judge, one.perturbation): one
                for one in measures
                if one.slice == ALL and one.side is None and one.estimate is not None
            },
            judges=models or tuple(about),
            only_controls=not models,
            juries={name: one["members"] for name, one in manifest["juries"].items()},
            artifacts=frozenset(name for name in changes if not changes[name]["is_placebo"]),
            labels=wording.label_words([source for source in sources if source != "none"] or sources),
            has_labels=bool(set(sources) - {"none"}),
            manifest=manifest,
            gaps=gaps,
        )

    def get(self, measure: str, judge: str, perturbation: str | None = None) -> Measure | None:
        return self.by_key.get((measure, judge, perturbation))

    def every(self, measure: str) -> list[Measure]:
        """The judges' estimates of a measure without an artifact."""
        found = (self.get(measure, judge) for judge in self.judges)
        return [one for one in found if one is not None]

    def called(self, judge: str) -> str:
        return f"{judge}, a baseline without a model," if self.only_controls else judge


def _value(measure: Measure) -> float:
    assert measure.estimate is not None  # estimates without a value are not among the facts
    return measure.estimate


def _tested(facts: _Facts) -> list[Measure]:
    """Every effect with a reading: of the audit's judges, of an artifact or of position."""
    causes = {*facts.artifacts, POSITION}
    return [
        one
        for (measure, judge, cause), one in facts.by_key.items()
        if measure in EFFECTS and judge in facts.judges and cause in causes and one.reading is not None
    ]


def _sensitive(facts: _Facts) -> list[Measure]:
    """Sensitive effects by size: artifacts' first of all, so that position only leads where nothing else is."""
    found = [one for one in _tested(facts) if one.reading is Reading.SENSITIVE]
    found.sort(key=lambda one: (-abs(_value(one)), one.measure, one.judge, one.perturbation or ""))
    lead = [one for one in found if one.perturbation != POSITION][:1]
    return lead + [one for one in found if one not in lead]


def _second(ranked: Sequence[Measure]) -> Measure | None:
    if len(ranked) < 2:
        return None
    first = ranked[0]

    def repeats(one: Measure) -> int:
        """0 where it adds most to the first finding; the same judge weighs more than the same cause."""
        return 2 * (one.judge == first.judge) + (one.perturbation == first.perturbation)

    return min(ranked[1:], key=repeats)


def _effect(one: Measure, facts: _Facts) -> str:
    judge, size = facts.called(one.judge), wording.number(abs(_value(one)), one.unit)
    toward = _value(one) > 0
    bracket = f"({wording.in_words(one if toward else _mirrored(one))})"
    if one.measure == "tie_detection" and one.perturbation == POSITION:
        place = "first" if toward else "second"
        return f"Shown the same text twice, {judge} prefers the one shown {place} by a net {size} points {bracket}."
    if one.measure == "tie_detection":
        verb, copy = ("favours", "the copy") if toward else ("punishes", "the original")
        return (
            f"{judge} {verb} the artifact {one.perturbation}: shown a response beside its own copy with it, "
            f"it prefers {copy} by a net {size} points {bracket}."
        )
    if one.perturbation == POSITION:
        direction = "higher" if toward else "lower"
        return (
            f"With {judge} the winrate of a response is {size} points {direction} when it is shown first than "
            f"when it is shown second {bracket}."
        )
    verb = "raises" if toward else "lowers"
    return (
        f"The artifact {one.perturbation} {verb} the winrate of the response that carries it by {size} points "
        f"with {judge.rstrip(',')} {bracket}."
    )


def _mirrored(one: Measure) -> Measure:
    """The same effect counted in the other direction, for a sentence that says which direction it is."""
    low, high = one.ci_low, one.ci_high
    return replace(
        one, ci_low=None if high is None else 0.0 - high, ci_high=None if low is None else 0.0 - low
    )


def _counts(facts: _Facts) -> list[str]:
    """What the cells say taken together."""
    tested = _tested(facts)
    if not tested:
        return []
    n = {reading: sum(one.reading is reading for one in tested) for reading in Reading}
    margin = wording.plain_number(facts.manifest["analysis"]["margin_points"])
    cells = wording.counted(len(tested), "tested cell")
    if n[Reading.SENSITIVE]:
        return [
            f"Readings of {cells}: {n[Reading.SENSITIVE]:,} sensitive, {n[Reading.ROBUST]:,} robust and "
            f"{n[Reading.INCONCLUSIVE]:,} inconclusive at a margin of {margin} points."
        ]
    if not n[Reading.INCONCLUSIVE]:
        n_all = f"{len(tested):,} of {len(tested):,}"
        return [f"Every tested cell ({n_all}) is robust: shown to lie within the margin of {margin} points."]
    return [
        f"No effect beyond the margin of {margin} points was established: of {cells}, {n[Reading.ROBUST]:,} "
        f"robust and {n[Reading.INCONCLUSIVE]:,} inconclusive, which is no evidence of robustness."
    ]


def _least_consistent(facts: _Facts) -> list[str]:
    found = [one for one in facts.every("self_consistency") if _value(one) < 1]
    if not found:
        return []
    one = min(found, key=lambda one: (_value(one), one.judge))
    share = wording.number(_value(one), "proportion")
    return [
        f"Asked the same question twice, {facts.called(one.judge)} gives the same verdict in {share} % of "
        f"cases ({wording.in_words(one)})."
    ]


def _jury(facts: _Facts, lead: Measure | None) -> list[str]:
    """The first jury with two members that can be told apart, on the lead's artifact where it can be."""
    for jury, members in facts.juries.items():
        options: list[tuple[float, str, Measure, list[Measure]]] = []
        for cause in sorted(facts.artifacts):
            own = facts.get("tie_detection", jury, cause)
            of_members = [
                one for name in members if (one := facts.get("tie_detection", name, cause)) is not None
            ]
            if own is None or len(of_members) < 2 or not _comparable([own, *of_members], facts):
                continue
            sizes = [abs(_value(one)) for one in of_members]
            is_lead = lead is not None and lead.perturbation == cause
            spread = float("inf") if is_lead else max(sizes) - min(sizes)
            options.append((spread, cause, own, of_members))
        if options:
            _, cause, own, of_members = max(options, key=lambda option: option[0])
            return [_jury_sentence(jury, cause, own, of_members)]
    return []


def _jury_sentence(jury: str, cause: str, own: Measure, members: Sequence[Measure]) -> str:
    ordered = sorted(members, key=lambda one: (abs(_value(one)), one.judge))
    best, worst = ordered[0], ordered[-1]

    def points(one: Measure) -> str:
        return wording.number(_value(one), one.unit, signed=True)

    if abs(_value(own)) <= abs(_value(best)):
        verdict = "no further from 0 than its best member"
    elif abs(_value(own)) >= abs(_value(worst)):
        verdict = "no better than its worst member"
    else:
        verdict = "between its best member and its worst"
    told = ", ".join(f"{one.judge} {points(one)}{_on_other_pairs(one, own)}" for one in (best, worst))
    return (
        f"On {cause} the jury {jury} stands {verdict}: tie detection {points(own)} "
        f"({wording.in_words(own)}), {told}."
    )


def _on_other_pairs(one: Measure, than: Measure) -> str:
    """The number of pairs of an estimate beside another, where the two differ in it."""
    return "" if one.n_pairs == than.n_pairs else f" ({wording.counted(one.n_pairs, 'pair')})"


def _comparable(estimates: Sequence[Measure], facts: _Facts) -> bool:
    """Whether estimates come from the same pairs, but for a few, as far as is known."""
    sizes = [one.n_pairs for one in estimates]
    recorded = [found.pairs for one in estimates if (found := facts.gaps.recorded.get(one.judge)) is not None]
    shared = min([*sizes, *([len(frozenset.intersection(*recorded))] if recorded else [])])
    return max(sizes) - shared <= SHARED_PAIRS * max(sizes)


def _agreement(facts: _Facts) -> list[str]:
    found = facts.every("accuracy")
    if not found or not facts.has_labels or not _comparable(found, facts):
        return []
    best = max(found, key=lambda one: (_value(one), one.judge))
    share = wording.number(_value(best), "proportion")
    longer = facts.get("accuracy", LONGER)
    beside = ""
    if longer is not None:
        rule = wording.number(_value(longer), "proportion")
        beside = f"; always preferring the longer response agrees in {rule} %{_on_other_pairs(longer, best)}"
    lead = (
        f"{facts.called(best.judge)} agrees"
        if len(found) == 1
        else f"Of the judges {facts.called(best.judge)} agrees best"
    )
    sizes = sorted({one.n_pairs for one in found})
    if len(sizes) > 1:
        beside = f", each judge on {sizes[0]:,} to {wording.counted(sizes[-1], 'pair')}{beside}"
    return [f"{lead} with the {facts.labels}, in {share} % of pairs ({wording.in_words(best)}){beside}."]


def _failed(facts: _Facts) -> list[str]:
    """Who gave no verdict most often, and what nobody recorded, which is no failure."""
    stopped = facts.manifest["stopping"] is not None
    # What was not bought because its cell had been decided is missing from nothing.
    absent = [one for one in facts.gaps.missing if one.judge in facts.judges and not stopped]
    counts = wording.some(
        [f"{one.n:,} of {one.of:,} of {one.judge}" for one in sorted(absent, key=lambda one: -one.n / one.of)]
    )
    missing = f"missing are {counts}, which are neither verdicts nor failures."
    rates = {
        judge: sum(_value(one) for rate in FAILURE_RATES if (one := facts.get(rate, judge)) is not None)
        for judge in facts.judges
        if any(facts.get(rate, judge) is not None for rate in FAILURE_RATES)
    }
    if not rates:
        return [f"Not one verdict was recorded: {missing}"] if absent else []
    worst = max(rates, key=lambda judge: (rates[judge], judge))
    if rates[worst] == 0 and absent:
        return [f"Nothing was refused, unparsed or in error, but not every verdict was recorded: {missing}"]
    if rates[worst] == 0:
        trials = "every trial that was put to it" if stopped else "every trial"
        return [f"Every judge gave a verdict in {trials}: nothing was refused, unparsed or in error."]
    share = wording.number(rates[worst], "proportion")
    asked = "its recorded trials" if any(one.judge == worst for one in absent) else "its trials"
    unscored = facts.gaps.unscored.get(worst)
    if unscored is not None:
        # One response without a score leaves every trial that shows it without a verdict.
        asked += f", for {wording.counted_of(unscored.n, unscored.of, 'response')} had no score"
    return [
        f"{facts.called(worst)} gave no verdict in {share} % of {asked}; these are counted and never scored."
        + (f" Not every verdict was recorded: {missing}" if absent else "")
    ]


def _more(facts: _Facts) -> Iterator[str]:
    yield from _least_consistent(facts)
    yield from _agreement(facts)
    yield from _counts(facts)
    yield from _failed(facts)
    corpus = facts.manifest["corpus"]
    yield (
        f"The audit covers {wording.counted(corpus['n_pairs'], 'pair')} of {corpus['name']} with "
        f"{facts.labels}, and {wording.counted(len(facts.manifest['judges']), 'judge')}."
    )
    trials = wording.counted(facts.manifest["n_trials"], "trial")
    not_put = facts.manifest["recording"] is not None or facts.manifest["stopping"] is not None
    yield f"It has {trials} for every judge." if not_put else f"It puts {trials} to every judge."
    yield "Nothing more can be said: the trials of this audit support no further estimate."
