"""How is an English word inflected? By lemminflect's tables; a form that they do not settle is None.

The tables are loaded when the first word is looked up (about 0.3 s), not when judgeaudit is imported.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Protocol, cast

from judgeaudit.perturb.dialect.word_lists import ADJECTIVES_TOO, NOUNS_TOO

READABLE = re.compile(r"[a-z]{1,30}")
"""What is looked up: one word in lower case. Anything else is a name, a number or no English."""

_LOADING = threading.Lock()


class _Tables(Protocol):
    """What is used of lemminflect, which is not typed."""

    def getAllLemmas(self, word: str, upos: str | None = None) -> dict[str, tuple[str, ...]]: ...  # noqa: N802 - theirs
    def getAllInflections(self, lemma: str, upos: str | None = None) -> dict[str, tuple[str, ...]]: ...  # noqa: N802 - theirs


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    with (
        _LOADING
    ):  # lemminflect fills its tables on the first call and is not made for two first calls at once
        import lemminflect

        tables = cast("_Tables", lemminflect)
        tables.getAllLemmas("dogs")
        tables.getAllInflections("dog")
        return tables


@lru_cache(maxsize=50_000)
def readings(word: str) -> frozenset[str]:
    """The Penn tags that an open-class word form in lower case can bear; empty where the tables lack it."""
    tables = _tables()
    tags: set[str] = set()
    for upos, lemmas in tables.getAllLemmas(word).items():
        if upos == "AUX":
            continue
        for lemma in lemmas:
            tags |= _tags_as(word, lemma, upos, _inflections(lemma, upos))
            if upos == "VERB" and word == f"{lemma}s" and (lemma in NOUNS_TOO or "NN" in readings(lemma)):
                tags.add("NNS")
    if word in NOUNS_TOO:
        tags.add("NN")
    if word in ADJECTIVES_TOO:
        tags.add("JJ")
    return frozenset(tags)


TAGS_OF = {
    "NOUN": ("NN", "NNS"),
    "VERB": ("VB", "VBD", "VBG", "VBN", "VBP", "VBZ"),
    "ADJ": ("JJ", "JJR", "JJS"),
    "ADV": ("RB", "RBR", "RBS"),
}


@lru_cache(maxsize=20_000)
def _all_inflections(lemma: str) -> Mapping[str, tuple[str, ...]]:
    """Whatever the tables have of a lemma. They copy all of it for every question, which is what a new word costs."""
    return _tables().getAllInflections(lemma)


def _inflections(lemma: str, upos: str) -> Mapping[str, tuple[str, ...]]:
    """The forms of a lemma as one part of speech, by tag."""
    kept = TAGS_OF.get(upos, ())
    return {tag: forms for tag, forms in _all_inflections(lemma).items() if tag in kept}


def _tags_as(word: str, lemma: str, upos: str, forms: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The tags of a word as a form of one lemma."""
    if not forms:
        return {"ADJ": {"JJ"}, "ADV": {"RB"}}.get(upos, set())
    if upos == "NOUN" and word == lemma and forms.get("NNS", ("",))[0] == word:
        if word.endswith(("ss", "us", "is", "os")):
            return {"NN"}  # happiness, chaos
        return (
            {"NNS"} if word.endswith("s") and not word.endswith("ies") else {"NN", "NNS"}
        )  # scissors; sheep
    tags = {tag for tag, spellings in forms.items() if word in spellings}
    if word == lemma:
        tags.discard("NNS")  # the tables have a second plural "work" beside "works"
    past = forms.get("VBD", ())
    if word in past and past[0] == forms.get("VBN", past)[0]:
        tags.add("VBN")  # the tables leave out a participle that is like the past
    return tags


AMBIGUOUS_VERBS = frozenset({"bore", "crew", "lay", "wound"})
"""Forms of two verbs in common use. Of other such forms the tables name the common verb first: find, then found."""

INFLECTED = {
    ("broadcast", "VBD"): "broadcast", ("fit", "VBN"): "fit", ("forecast", "VBD"): "forecast", ("light", "VBN"): "lit",
    ("quit", "VBN"): "quit", ("smell", "VBN"): "smelled", ("spell", "VBN"): "spelled", ("spoil", "VBN"): "spoiled",
    ("wake", "VBN"): "woken", ("weave", "VBD"): "wove", ("weave", "VBN"): "woven",
}  # fmt: skip
"""Forms in use where the tables begin with another."""

SINGULAR_OF = {
    "children": "child", "people": None, "men": "man", "women": "woman", "lives": "life", "leaves": "leaf",
    "data": None, "media": None, "species": None, "series": None, "means": None, "news": None, "glasses": None,
    "clothes": None, "police": None, "thanks": None, "axes": None, "bases": None, "goods": None, "proceedings": None,
    "contents": None, "troops": None, "statistics": None, "grounds": None, "funds": None, "provisions": None,
    "physics": None, "taxes": "tax",
    "cookies": "cookie",
}  # fmt: skip
"""Plurals whose singular is not to be read off the tables, or that have none in use."""

A_BEFORE = re.compile(r"(?:uni(?!n|m)|use|usu|eu|one(?!rous)|once|ubiq|ut[ei]|ur(?:i|a)n)", re.IGNORECASE)
AN_BEFORE = re.compile(r"(?:[aeiou]|hour|honest|honou?r|heir)", re.IGNORECASE)


def base_form(verb: str) -> str | None:
    """``walked``, ``walks``, ``walking``: ``walk``."""
    return _verb_lemma(verb.lower())


def third_person(verb: str) -> str | None:
    """``walk``, in any form: ``walks``."""
    return _of_verb(verb, "VBZ")


def past(verb: str) -> str | None:
    """``walk``, in any form: ``walked``. None for ``be``, which has two."""
    return None if _verb_lemma(verb.lower()) == "be" else _of_verb(verb, "VBD")


def participle(verb: str) -> str | None:
    """``take``, in any form: ``taken``."""
    return _of_verb(verb, "VBN") or past(verb)


def ing(verb: str) -> str | None:
    """``take``, in any form: ``taking``."""
    return _of_verb(verb, "VBG")


@lru_cache(maxsize=20_000)
def singular(noun: str) -> str | None:
    """``houses``: ``house``. None where there is no other form, or no one singular."""
    word = noun.lower()
    if word in SINGULAR_OF:
        return SINGULAR_OF[word]
    lemmas = _tables().getAllLemmas(word, "NOUN").get("NOUN", ()) if READABLE.fullmatch(word) else ()
    others = [lemma for lemma in lemmas if lemma != word]
    return others[0] if len(others) == 1 else None


@lru_cache(maxsize=20_000)
def plural(noun: str) -> str | None:
    """``house``: ``houses``. None where the word is not a singular noun of the tables or has no other form."""
    word = noun.lower()
    if not READABLE.fullmatch(word):
        return None
    forms = _inflections(word, "NOUN")
    return next((form for form in forms.get("NNS", ()) if form != word), None)


def article(word: str) -> str:
    """``a`` or ``an``, as the word begins."""
    return "an" if AN_BEFORE.match(word) and not A_BEFORE.match(word) else "a"


@lru_cache(maxsize=20_000)
def _verb_lemma(word: str) -> str | None:
    if word in AMBIGUOUS_VERBS or not READABLE.fullmatch(word):
        return None
    lemmas = _tables().getAllLemmas(word, "VERB").get("VERB", ())
    return next(iter(lemmas), None)


@lru_cache(maxsize=20_000)
def _of_verb(word: str, tag: str) -> str | None:
    lemma = _verb_lemma(word.lower())
    if lemma is None:
        return None
    spellings = _inflections(lemma, "VERB").get(tag, ())
    return INFLECTED.get((lemma, tag)) or next(iter(spellings), None)


FORMS: Mapping[str, Callable[[str], str | None]] = {
    "base": base_form,
    "third": third_person,
    "past": past,
    "participle": participle,
    "ing": ing,
    "singular": singular,
    "plural": plural,
    "lower": str.lower,
}
"""What a replacement can make of a group's word."""
