"""How does a plan stand in a terminal, and in a pipe? Tables for ``judgeaudit plan``, with what each figure rests on.

Estimates begin with ``≈``, bounds with ``≤``; what nobody can know is said in words, and never 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from judgeaudit.metrics import Settings
from judgeaudit.planned_calls import CallPlan
from judgeaudit.planned_measures import MeasurePlan, Measures
from judgeaudit.planned_tokens import MOST_COUNTED
from judgeaudit.planning import AuditPlan
from judgeaudit.side_by_side import visible
from judgeaudit.stats import pairs_for_equivalence
from judgeaudit.stats.thresholds import MOST_PAIRS_NEEDED, PLANNED_SD_SIGNED, POWER

NO_PRICE = "price unknown"
NO_RATE = "no rate configured"

WHAT_FOR = {"judge": "", "writer": " (rewrites)", "reader": " (meaning)"}
COUNTERS = {"tokenizer": "", "litellm": "≈", "characters": "≈"}
COUNTED_BY = {
    "tokenizer": "the model's own tokenizer",
    "litellm": "litellm's counter, with an OpenAI vocabulary whatever the model",
    "characters": "characters / 4, for want of a tokenizer",
}


def tables(plan: AuditPlan) -> Iterator[Table | Text]:
    """Everything that the command prints, in order."""
    yield Text(
        visible(f"{plan.description}: {plan.n_pairs:,} pairs of {plan.corpus}, {plan.n_trials:,} trials")
    )
    yield from _calls(plan)
    yield from _left_out(plan)
    yield from _measures(plan.measures, plan.settings, plan.pilot)


def _table(title: str, names: Sequence[str], figures: Sequence[str]) -> Table:
    """An empty table: columns of names, of which the last is broken where it is long, then columns of figures."""
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in names[:-1]:
        table.add_column(name, no_wrap=True)
    table.add_column(names[-1], overflow="fold")
    for figure in figures:
        table.add_column(figure, justify="right")
    return table


def _calls(plan: AuditPlan) -> Iterator[Table | Text]:
    figures = ("trials", "calls", "in ledger", "to buy", "input tokens", "output tokens", "dollars", "time")
    table = _table("What is bought", ["judge"], figures)
    for one in plan.calls:
        name = Text(visible(one.name + WHAT_FOR[one.role]))
        known = "unknown" if one.n_known is None else f"{one.n_known + one.n_shared:,}"
        bound = "≤" if one.n_known is None or plan.stops else ""
        table.add_row(
            name, f"{one.n_trials:,}", f"{one.n_calls:,}", known, f"{bound}{one.n_to_buy:,}", _input(one), _output(one),
            _dollars(one), _time(one),
        )  # fmt: skip
    totals = plan.totals
    dollars = f"≤{_usd(totals.usd_most)}" if totals.usd_most else "none"
    if totals.price_unknown:
        dollars = f"{dollars} + {NO_PRICE}" if totals.usd_most else NO_PRICE
    table.add_section()
    table.add_row(
        "total", "", "", "", f"{totals.n_to_buy:,}", "", "", dollars,
        NO_RATE if totals.seconds is None else f"≈{duration(totals.seconds)}" if totals.seconds else "—",
    )  # fmt: skip
    yield table
    for line in _about_calls(plan):
        yield Text(visible(line), "dim")


def _input(one: CallPlan) -> str:
    if one.input is None or one.n_to_buy == 0:
        return "—"
    n = one.n_to_buy if one.n_scored is None else one.n_scored
    sampled = one.input.n_counted < n
    mark = "≈" if sampled or COUNTERS[one.input.counter] else ""
    return f"{mark}{round(one.input.mean * n):,}"


def _output(one: CallPlan) -> str:
    if one.output_most is None or one.n_to_buy == 0 or one.n_scored is not None:
        return "—"
    most = f"≤{one.output_most * one.n_to_buy:,}" if one.output_most else "0"
    return most if one.output_mean is None else f"≈{round(one.output_mean * one.n_to_buy):,}, {most}"


def _dollars(one: CallPlan) -> str:
    if one.usd_most is None:
        return NO_PRICE
    if one.price_source == "no service" or one.n_to_buy == 0:
        return "none"
    most = f"≤{_usd(one.usd_most)}"
    return most if one.usd_expected is None else f"≈{_usd(one.usd_expected)}, {most}"


def _usd(amount: float) -> str:
    return f"${amount:,.2f}" if amount >= 0.995 or amount == 0 else f"${amount:.2g}"


def _time(one: CallPlan) -> str:
    if one.seconds_source == "no model":
        return "—"
    return NO_RATE if one.seconds is None else f"≈{duration(one.seconds)}"


def duration(seconds: float) -> str:
    """A time in two units at most: 45 s, 12 min, 3 h 20 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60:,} h {minutes % 60} min"


def _about_calls(plan: AuditPlan) -> Iterator[str]:
    """A line for each thing that the table's figures rest on."""
    yield "≈ an estimate; ≤ at most, where every reply is as long as it may be (max_tokens)."
    if plan.stops:
        yield "design.stop=when_decided: nothing is bought for a cell once it is decided; calls are at most these."
    for one in plan.calls:
        name = one.name + WHAT_FOR[one.role]
        if one.n_known is None:
            yield f"{name}: the model's files are not on this machine, so that nobody knows what the ledger has of it."
        if one.n_shared:
            yield f"{name}: {one.n_shared:,} of its calls are bought by a judge of the same identity before it."
        if one.n_scored is not None and one.n_to_buy:
            yield f"{name}: rates {one.n_scored:,} texts, each once; a call compares two ratings."
        if one.price is not None and one.n_to_buy:
            whence = "its configuration" if one.price_source == "configuration" else "litellm's list"
            yield (
                f"{name}: ${one.price.input_usd:.6g} a million input tokens and ${one.price.output_usd:.6g} a million "
                f"output tokens, by {whence}."
            )
        elif one.usd_most is None:
            why = "a class of your own says none"
            if one.backend == "service":
                why = "litellm's list has none; give price_per_million_input_usd and price_per_million_output_usd"
            yield f"{name}: {NO_PRICE}: {why}."
        yield from _about_time(one, name)
    for counter, by in COUNTED_BY.items():
        if names := [
            one.name for one in plan.calls if one.input and one.n_to_buy and one.input.counter == counter
        ]:
            yield f"Input tokens of {', '.join(dict.fromkeys(names))}: by {by}."
    if any(one.input and one.input.n_counted == MOST_COUNTED for one in plan.calls):
        yield f"Of more than {MOST_COUNTED:,} prompts {MOST_COUNTED:,} are counted, drawn by the audit's seed."
    if plan.juries:
        yield f"Juries ask nobody: {', '.join(plan.juries)}."


def _about_time(one: CallPlan, name: str) -> Iterator[str]:
    if one.seconds_source == "recorded latency":
        yield f"{name}: time from recorded latencies, {one.concurrency} calls at a time."
    elif one.seconds_source == "pilot":
        yield f"{name}: time at the pace of the pilot, on the machine where that ran."
    elif one.seconds is None and one.concurrency is not None:
        yield (
            f"{name}: {NO_RATE}: {one.concurrency} calls at a time, so that 1,000 calls take "
            f"{1000 / one.concurrency:.0f} s for each second that one call takes."
        )
    elif one.seconds is None:
        yield f"{name}: {NO_RATE}: how many calls this machine answers in a second is told by a pilot (--pilot RUN)."


def _left_out(plan: AuditPlan) -> Iterator[Text]:
    if not plan.left_out and not plan.unwritten:
        yield Text("No perturbed text is left out.")
    for one in plan.left_out:
        n_texts = plan.n_texts.get(one.perturbation, one.n_texts)
        why = f"{one.status.value.replace('_', ' ')}: {one.reason}"
        yield Text(visible(f"{one.perturbation}: {one.n_texts:,} of {n_texts:,} texts are left out: {why}"))
    for name, n in plan.unwritten.items():
        yield Text(
            visible(
                f"{name}: {n:,} of {plan.n_texts[name]:,} texts are not written yet; their trials are counted as if "
                f"all came out, and taken to be as long as the others"
            )
        )


def _measures(measures: Measures, settings: Settings, pilot: str | None) -> Iterator[Table | Text]:
    if not measures.plans:
        yield Text("No judge of this audit is a hypothesis: controls alone are tested by nobody.")
        return
    for measure, cells in groupby(measures.plans, key=lambda one: one.measure):
        yield _of_measure(measure, list(cells))
    for line in _about_measures(measures, settings, pilot):
        yield Text(visible(line), "dim")


def _of_measure(measure: str, cells: Sequence[MeasurePlan]) -> Table:
    """One measure: a row for each group of its cells and each spread; tests and readings only where it has them."""
    tested, confirmatory = cells[0].margin is not None, any(one.is_confirmatory for one in cells)
    figures = ["pairs", "sd", "of", "±"]
    figures += ["finds"] if tested else []
    figures += ["Holm"] if confirmatory else []
    figures += ["n sensitive", "n robust", "P(robust)"] if tested else []
    unit = f"a {cells[0].unit}" if cells[0].unit == "proportion" else cells[0].unit
    table = _table(f"{measure}, {unit}", ["judge", "artifact"], figures)
    last: tuple[str, str] | None = None
    for one in cells:
        digits = 1 if one.unit == "points" else 3
        judges = one.judges[0] if len(one.judges) == 1 else f"{len(one.judges)} judges"
        artifacts = ", ".join("none" if name is None else name for name in one.perturbations)
        whose = visible(judges), visible(artifacts)
        row = [f"{one.n_pairs:,}", f"{one.sd:.{digits}f}", one.sd_source, _figure(one.half_width, digits)]
        row += [_figure(one.detectable, digits)] if tested else []
        row += [_figure(one.detectable_adjusted, digits)] if confirmatory else []
        row += [_pairs(one.n_for_sensitive), _pairs(one.n_for_robust), _chance(one)] if tested else []
        table.add_row(*(("", "") if whose == last else map(Text, whose)), *row)
        last = whose
    return table


def _figure(value: float | None, digits: int) -> str:
    return "nothing" if value is None else f"≈{value:.{digits}f}"


def _pairs(n: int | None) -> str:
    return f"> {MOST_PAIRS_NEEDED:,}" if n is None else f"≈{n:,}"


def _chance(one: MeasurePlan) -> str:
    return f"≈{one.chance_of_robust:.0%}" if one.can_be_robust else "never"


def _about_measures(measures: Measures, settings: Settings, pilot: str | None) -> Iterator[str]:
    chance, margin = f"with {POWER:.0%} probability", settings.margin_points
    yield (
        f"sd: standard deviation of the pairs' values, and of which judges. ±: half the {settings.ci_level:.0%} "
        f"interval. finds: the smallest effect that the two-sided test finds {chance} at {settings.alpha:g}."
    )
    if measures.alpha_adjusted is not None:
        yield (
            f"Holm: the same at {measures.alpha_adjusted:.2g}, the smallest level in the confirmatory family of "
            f"{measures.family_size} cells ({', '.join(settings.confirmatory)}). Every other "
            f"family has {settings.alpha:g} over the number of families; Benjamini and Hochberg leave a cell of it "
            f"between that and that over the number of its cells."
        )
    yield (
        f"n sensitive: pairs with which an effect of {2 * margin:g} points, twice the margin, reads sensitive {chance}."
    )
    yield (
        f"n robust: pairs with which no effect at all reads robust {chance}. P(robust): the chance of that with the "
        f"pairs that there are."
    )
    unanimous = pairs_for_equivalence(0.0, margin / 100, settings.alpha, POWER, -1.0, 1.0)
    if unanimous is not None:
        yield f"A judge that shows nothing on any pair reads robust with {unanimous:,} pairs and more."
    never = [one for one in measures.plans if one.margin is not None and not one.can_be_robust]
    if never:
        few = ", ".join(f"{n:,}" for n in sorted({one.n_pairs for one in never}))
        yield f"never: with {few} pairs nothing that a judge could say reads robust; add pairs, or widen the margin."
    yield (
        "Kappa, AC1 and alpha, odds ratios, rankings and variance components are not planned: their intervals hang on "
        "more than one spread."
    )
    sources = {one.sd_source for one in measures.plans}
    if sources & PLANNED_SD_SIGNED.keys():
        yield (
            "steady, usual, noisy: assumed, from recorded verdicts of other audits (judgeaudit/stats/thresholds.py); a "
            "pilot run tells of these judges and artifacts (--pilot RUN)."
        )
    if "pilot" in sources:
        yield f"pilot: of the same judge and artifact in {pilot}."
    if "pilot median" in sources:
        yield f"pilot median: {pilot} has not this judge with this artifact; the median of its cells of the measure."
    yield from measures.not_measured
