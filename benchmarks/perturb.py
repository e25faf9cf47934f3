"""How fast are the perturbations? Responses per second on one core, by CPU time, beside a naive baseline.

    python benchmarks/perturb.py --responses 10000

The responses are of 200 words each, cut from the English pairs of the built-in corpus put together at random. First
the paper's four artifacts together (apology, authority, halo, verbosity at its default dose), then every perturbation
of the catalogue that needs no model, one by one; a matched placebo beside the first perturbation that names it. The
naive baseline rewords the same responses with the same rules, each by ``re.sub`` over the whole text in turn, which
is how a list of patterns is usually applied; it looks for no protected spans and keeps no capitals, so that the
ratio understates the work done in the time.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from omegaconf import OmegaConf

from judgeaudit import catalog
from judgeaudit.corpora import read_builtin
from judgeaudit.perturb import Perturbation, Status, from_config
from judgeaudit.perturb.edits.ai_vocabulary import AI_VOCABULARY_ENGLISH
from judgeaudit.perturb.edits.formal import FORMAL_ENGLISH
from judgeaudit.perturb.edits.informal import INFORMAL_ENGLISH
from judgeaudit.perturb.edits.wordier import WORDIER_ENGLISH
from judgeaudit.perturb.wording import RuleBook
from judgeaudit.records import SIDES, Pair, Turn

WORDS = 200
PAPERS = ("apology", "authority", "halo", "verbosity")
BOOKS: Mapping[str, RuleBook] = {
    "verbosity (its wordings)": WORDIER_ENGLISH,
    "formal": FORMAL_ENGLISH,
    "informal": INFORMAL_ENGLISH,
    "ai_vocabulary": AI_VOCABULARY_ENGLISH,
}


def pairs_of_200_words(n_responses: int, seed: int) -> list[Pair]:
    """Pairs whose responses are of exactly 200 words, with the paragraphs and lists they had."""
    rng = random.Random(seed)
    english = [pair for pair in read_builtin().pairs if pair.language == "en"]
    responses = [pair.response(side) for pair in english for side in SIDES]

    def response() -> str:
        parts: list[str] = []
        while sum(len(part.split()) for part in parts) < WORDS:
            parts.append(rng.choice(responses))
        text = "\n\n".join(parts)
        *_, last = zip(range(WORDS), re.finditer(r"\S+", text), strict=False)
        return text[: last[1].end()]

    question = (Turn("user", "What would you do?"),)
    return [Pair(f"p{i}", question, response(), response(), language="en") for i in range(n_responses // 2)]


def rule_based(declared: Callable[[str], Any]) -> dict[str, Perturbation]:
    """The catalogue's perturbations that need no model, by name."""
    made = {
        entry.name: from_config(declared(entry.name), seed=0, declared=declared)
        for entry in catalog.entries("perturbation")
    }
    return {name: each for name, each in made.items() if isinstance(each, Perturbation)}


def timed(
    perturbation: Perturbation, pairs: Sequence[Pair], artifacts: Sequence[str | None]
) -> tuple[float, float]:
    """CPU seconds for both sides of every pair, and the share of the responses that were changed."""
    texts = iter(artifacts)
    start = time.process_time()
    results = [perturbation.apply(pair, side, artifact=next(texts)) for pair in pairs for side in SIDES]
    seconds = time.process_time() - start
    return seconds, sum(result.status is Status.CHANGED for result in results) / len(results)


def naive(book: RuleBook, texts: Sequence[str]) -> float:
    """CPU seconds for every rule by ``re.sub`` over every text; one with a context before it, by a function."""

    def in_context(after: re.Pattern[str], new: str) -> Callable[[re.Match[str]], str]:
        def replaced(match: re.Match[str]) -> str:
            fits = after.search(match.string[max(match.start() - 80, 0) : match.start()])
            return match.expand(new) if fits else match.group()

        return replaced

    rules = [
        (rule.pattern, rule.replacement if rule.after is None else in_context(rule.after, rule.replacement))
        for rule in book.rules
    ]
    start = time.process_time()
    for text in texts:
        for pattern, new in rules:
            text = pattern.sub(new, text)
    return time.process_time() - start


def main() -> None:
    """Print the three tables as Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--responses", type=int, default=10_000, help="of the paper's artifacts")
    parser.add_argument("--each", type=int, default=1000, help="responses for every other perturbation")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    files = {entry.name: entry.path for entry in catalog.entries("perturbation")}
    perturbations = rule_based(lambda name: OmegaConf.load(files[name]))
    pairs = pairs_of_200_words(arguments.responses, arguments.seed)
    n = 2 * len(pairs)
    nothing = [None] * n
    print(f"{n} responses of {WORDS} words, seed {arguments.seed}, one core, CPU time\n")
    print("| the paper's artifacts | seconds | responses/s | changed |\n| --- | --- | --- | --- |")
    total = 0.0
    for name in PAPERS:
        seconds, changed = timed(perturbations[name], pairs, nothing)
        total += seconds
        print(f"| {name} | {seconds:.2f} | {n / seconds:,.0f} | {changed:.0%} |", flush=True)
    print(f"| together | {total:.2f} | {n / total:,.0f} | |\n")

    few = pairs[: arguments.each // 2]
    n = 2 * len(few)
    print(
        f"{n} responses each\n\n| perturbation | family | responses/s | changed |\n| --- | --- | --- | --- |"
    )
    for name, perturbation in perturbations.items():
        artifacts: Sequence[str | None] = [None] * n
        if perturbation.declaration.matched:
            beside = next(each for each in perturbations.values() if each.declaration.placebo == name)
            artifacts = [beside.apply(pair, side).text for pair in few for side in SIDES]
        timed(perturbation, few[:10], artifacts[:20])  # compiles what is compiled on first use
        seconds, changed = timed(perturbation, few, artifacts)
        print(
            f"| {name} | {perturbation.declaration.family} | {n / seconds:,.0f} | {changed:.0%} |", flush=True
        )

    texts = [pair.response(side) for pair in few for side in SIDES]
    print("\n| rules | number | responses/s | naive responses/s | ratio |\n| --- | --- | --- | --- | --- |")
    for name, book in BOOKS.items():
        start = time.process_time()
        for text in texts:
            book.reword(text, lambda: True)
        ours, theirs = time.process_time() - start, naive(book, texts)
        print(
            f"| {name} | {len(book.rules)} | {n / ours:,.0f} | {n / theirs:,.0f} | {theirs / ours:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
