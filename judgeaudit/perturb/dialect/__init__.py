r"""How is a text shifted toward a variety of English? By rules for single grammatical features, where they surely fit.

A rule-based shift changes some grammar of a text and nothing else of its style: it is not a speaker's language.
docs/dialects.md says what may and may not be concluded from it. Features, their numbers and their ratings are
those of eWAVE (Kortmann, Lunkenheimer and Ehret 2020, CC-BY-3.0).

**How to write a variety.** One module ``varieties/NAME.py`` that holds ``VARIETY`` (or a package, where it grows
beyond one file: whatever stands in ``varieties`` is a variety), and one of examples,
``tests/dialect_examples_NAME.py``. A specimen, whole::

    from judgeaudit.perturb.dialect.rules import Feature, Variety, rule
    from judgeaudit.perturb.dialect.conditions import among, next_is_not
    from judgeaudit.perturb.dialect.word_lists import STATIVE_VERBS

    PROGRESSIVE = Feature(88, "wider range of uses of progressive be + V-ing", "A")
    UNMARKED_PLURAL = Feature(57, "plural marking optional after quantifiers", "B")

    VARIETY = Variety(
        "example",                          # the module's name
        "Example English",
        ewave=52,                           # eWAVE's number of the variety
        rules=(
            rule(PROGRESSIVE, "am knowing for I know", r"(i) {VBP}(?= {DT}\b)", "{1} am {2:ing}",
                 where=(among(2, STATIVE_VERBS),)),
            rule(UNMARKED_PLURAL, "no plural after a number", r"(two|three|four|five) {NNS}", "{1} {2:singular}",
                 where=(next_is_not("NN NNS"),)),
        ),
        respellings=(),
        minimum=2,                          # how many features it promises
    )

A rule is, in order: its feature, a name that no other rule of the variety has, a pattern, a replacement.

* **Pattern**: a regular expression for whole words, in lower case; it matches in any case, ``'`` stands for either
  apostrophe, and word edges are added. ``{NNS}`` is one word that is *surely* a plural noun here, and is a group of
  its own: it counts like the others (``({NNS})`` would be two). Between the braces stand Penn tags or classes (``NOUN``
  ``VERB`` ``FINITE`` ``ADJ`` ``ADV``), separated by ``|``. Braces with a number are a regular expression's. Inside a
  lookahead ``{NNS}`` works too; inside a negative one it cannot (use ``next_is_not``). The pattern fits a text in
  one way, and tags are asked for afterwards: write optional words as lists (``(?:also |just )?``), not as
  ``(?:{ADV} )?``.
  Whatever repeats must be bounded (``{1,4}``) or possessive (``*+``).
* **Replacement**: a text in which ``{1}`` stands for a group (empty where it took no part) and ``{2:singular}`` for an
  inflected one: ``base third past participle ing singular plural lower``. Or a function of the ``Site``, which returns
  None where it does not apply. Nor does a rule apply where the tables lack the form. Capitals are carried over from
  the first word of the match: to drop a word, match the one after it as well.
* **starts**: the words, in lower case, with which a match can begin (``he he's she she's``), ``*ed`` for all that end
  so, ``{VBD}`` for all that can bear a tag. It is what makes the rules fast. Left out, it is read off a pattern that
  begins with plain words, an alternation of them, or ``{TAG}``; where that cannot be, building the rule raises.
* **after**: a pattern of what must stand right before the match (80 characters at most are seen).
* **where**: conditions on the ``Site``: those of ``conditions``, or functions ``Site -> bool``. A tag is known
  *surely* or not at all: ``site.surely(2, "NN")`` is False where the neighbours do not decide, and so is
  ``site.surely_not(2, "NN")``.

Rules see the text as it was, never what another rule made of it. Where matches overlap, the rule that comes first in
the variety has the place, chosen by the dice or not: put the special before the general. Only the match itself counts
for that, not what a lookahead or ``after`` saw.
"""

from __future__ import annotations

from judgeaudit.perturb.dialect.rules import Feature, Variety, rule
from judgeaudit.perturb.dialect.shift import DialectShift, dialect, varieties

__all__ = ["DialectShift", "Feature", "Variety", "dialect", "rule", "varieties"]
