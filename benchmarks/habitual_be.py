"""How well is habitual *be* told from other *be*, in both directions? Precision and recall on published pairs.

    python benchmarks/habitual_be.py

The pairs are those of Hofmann, Kalluri, Jurafsky and King (2024): ``he be talking`` beside ``he's usually talking``.
Into African American English, the rules of feature 90 are measured; out of it, the two rules of this file, which
have no use but to check the first: a form that could not be read back would not be the one that was meant.
What must stay as it is: the other side of the pairs, standard prose, and near-misses written for this purpose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from judgeaudit.corpora import read_builtin
from judgeaudit.perturb.dialect import DialectShift, Feature, Variety, dialect, rule
from judgeaudit.perturb.dialect.sentence import SENTENCE
from judgeaudit.perturb.dialect.site import Site
from judgeaudit.perturb.dialect.varieties.aae.words import before_participle, no_modal_before

PAIRS = Path(__file__).parents[2] / "shared" / "data" / "dialect" / "habitual_be" / "habitual.txt"

INTO_AAE: tuple[str, ...] = (
    "It is always a pleasure to help.",
    "He is always a gentleman.",
    "She is usually the first to arrive.",
    "They are often the best students.",
    "We are constantly under pressure.",
    "I am always on time for that.",
    "You are usually in charge of it.",
    "He's usually king of the hill.",
    "They're always darlings of the press.",
    "She is always everything to them.",
    "It is usually nothing to worry about.",
    "He is often something of a mystery.",
    "They are usually morning people.",
    "She's always an evening person.",
    "He is always my sibling.",
    "There are usually meetings on Monday.",
    "There is always something to do.",
    "This is usually the beginning.",
    "That is often the feeling of parents.",
    "It's always the spring that I miss.",
    "The ceiling is always white.",
    "His building is usually closed.",
    "The wedding is usually in June.",
    "Her painting is often admired.",
    "Swimming is usually fun.",
    "Reading is always a good idea.",
    "People are usually right about this.",
    "Kids are often tired at night.",
    "Teachers are always a great help.",
    "The rings are usually gold.",
    "He was always talking.",
    "She was usually helping out.",
    "They were constantly complaining.",
    "He will always be working.",
    "She has usually been waiting.",
    "They had often been asking.",
    "He would always be joking.",
    "They must always be learning.",
    "You should always be listening.",
    "He is talking now.",
    "She is going to leave, as always.",
    "They are usually going to be late.",
    "He's always going to be my friend.",
    "I'm working, as usual.",
    "They are working today.",
    "He isn't always talking.",
    "Is he usually working?",
    "Are they always asking?",
    "Always be listening.",
    "Usually nothing happens.",
    "He usually knows it.",
    "They always have time.",
    "I usually need a day.",
    "She often seems tired.",
    "We always want more.",
    "It usually means rain.",
    "You usually can do it.",
    "He always is.",
    "They usually are.",
    "How often she is late depends on her.",
)
"""No sentence here is habitual in the sense of the rules, or of a form that they take."""

OUT_OF_AAE: tuple[str, ...] = (
    "He will be talking.",
    "They might be working late.",
    "She could be sleeping.",
    "Will they be coming?",
    "Could he be lying?",
    "Should we be asking?",
    "Let him be going.",
    "Let them be talking.",
    "I saw it be opening.",
    "They asked that he be sitting there.",
    "We suggest that she be waiting outside.",
    "It is vital that they be listening.",
    "He wants to be singing.",
    "They used to be playing here.",
    "Be talking when they come.",
    "He be king.",
    "They be nothing.",
    "He may well be thinking it.",
    "She'll be leaving.",
    "They'd be running.",
    "Why can't he be helping?",
    "Don't be asking.",
    "If he be willing, we go.",
    "Make them be waiting.",
    "He has been talking.",
)
"""*Be* here is an infinitive, a subjunctive or an order."""

DEMANDS = "let lets make makes made see saw help helps have had that if whether lest though"
CONTRACTED = {
    "i": "I'm",
    "you": "you're",
    "we": "we're",
    "they": "they're",
    "he": "he's",
    "she": "she's",
    "it": "it's",
}


def _finite(site: Site) -> bool:
    """Neither a demand nor a wish nor a question makes the verb of the subject an infinitive or a subjunctive."""
    return site.before not in DEMANDS.split()


def _usually(site: Site) -> str:
    adverb = site[2].strip() or "usually"
    return f"{CONTRACTED[site[1].lower()]} {adverb}"


HABITUAL = Feature(90, "Invariant be as habitual marker", "A")
WHERE = (before_participle, _finite, no_modal_before(2))

READ_BACK = DialectShift(
    Variety(
        "standard",
        "Standard English, from habitual be",
        None,
        rules=(
            rule(
                HABITUAL,
                "usually for be after a pronoun",
                r"(i|you|he|she|it|we|they) ((?:(?:always|usually|often|constantly) )?)be(?= [a-z])",
                _usually,
                where=WHERE,
            ),
            rule(
                HABITUAL,
                "usually for be after a plural noun",
                r"{NNS} be(?= [a-z])",
                "{1} are usually",
                where=WHERE,
            ),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Score:
    """How a shift did: on sentences that have a site (``fired``, ``exact``) and on those that have none (``false``)."""

    with_site: int
    fired: int
    exact: int
    without_site: int
    false: int

    @property
    def recall(self) -> float:
        """Share of the sentences with a site that become exactly the other side of their pair."""
        return self.exact / self.with_site

    @property
    def precision(self) -> float:
        """Share of all sentences reworded, with a site or without, that became exactly the other side of their pair."""
        return self.exact / (self.fired + self.false)


def pairs(path: Path = PAIRS) -> list[tuple[str, str]]:
    """The pairs, African American English first."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(spoken, standard) for spoken, standard in (each.split("\t") for each in lines if each.strip())]


def score(shift: DialectShift, given: Sequence[tuple[str, str]], without_site: Sequence[str]) -> Score:
    """How a shift did on texts and what should become of them, and on texts that should stay as they are."""
    outcomes = [(text, wanted, reworded(shift, text)) for text, wanted in given]
    return Score(
        len(given),
        sum(new != text for text, _, new in outcomes),
        sum(new == wanted for _, wanted, new in outcomes),
        len(without_site),
        sum(reworded(shift, text) != text for text in without_site),
    )


def reworded(shift: DialectShift, text: str) -> str:
    """The text with every site reworded."""
    pieces, position = [], 0
    for site in shift.sites(text):
        pieces += [text[position : site.start], site.new]
        position = site.end
    return "".join([*pieces, text[position:]])


def prose() -> list[str]:
    """The sentences of the built-in corpus's English responses."""
    texts = (
        response
        for pair in read_builtin().pairs
        if (pair.language or "en").startswith("en")
        for response in (pair.response_a, pair.response_b)
    )
    return [found.group().strip() for text in texts for found in SENTENCE.finditer(text)]


def main() -> None:
    """Print both directions as a Markdown table, and what the rules find in prose that has no pair."""
    given = pairs()
    shift = dialect("aae", features=[90])
    into = score(
        shift, [(standard, spoken) for spoken, standard in given], [*(a for a, _ in given), *INTO_AAE]
    )
    back = score(READ_BACK, given, [*(b for _, b in given), *OUT_OF_AAE])
    print(
        "| direction | pairs | reworded | exactly as the pair | recall | must stay | reworded wrongly | precision |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, each in (("into African American English", into), ("out of it", back)):
        print(
            f"| {name} | {each.with_site} | {each.fired} | {each.exact} | {100 * each.recall:.1f} % | "
            f"{each.without_site} | {each.false} | {100 * each.precision:.1f} % |"
        )
    sentences = prose()
    for name, one in (("into", shift), ("out of", READ_BACK)):
        found = [(text, reworded(one, text)) for text in sentences if one.sites(text)]
        print(f"\n{name}: {len(found)} of {len(sentences)} sentences of the built-in corpus are reworded")
        for text, new in found:
            print(f"  {text}\n    {new}")


if __name__ == "__main__":
    main()
