"""What does a perturbation do? Each form of declaration read: phrases, patterns, a model's task, an edit in Python."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, cast

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb.base import Perturbation, language_tag, primary_language
from judgeaudit.perturb.declaration import Declaration
from judgeaudit.perturb.expected import check_keys, number, text_of, unexpected
from judgeaudit.perturb.phrases import ANY_LANGUAGE, DEFAULT_SEPARATOR, Phrases
from judgeaudit.perturb.replace import Replace
from judgeaudit.perturb.rewrite import Rewrite

PHRASE_KEYS = ("separator", "draw", "language")
"""Keys that go with phrases only."""

DRAWS = ("first", "random")
LANGUAGES_OF_PHRASE = ("own", "mismatched")

REWRITE_KEYS = ("instruction", "min_length_ratio", "max_length_ratio")
REWRITE_OPTIONAL = ("length_ratios_times_dose", "parameters")
MOST_TIMES_LONGER = 1000


def phrases_form(
    declaration: Declaration, config: Mapping[str, Any], bank: object, seed: int, where: str
) -> Perturbation:
    """A perturbation that puts phrases into a text; its dose is how many."""
    if declaration.place == "as_artifact":
        raise unexpected(where, "place", declaration.place, "a place for the phrases")
    separator = config.get("separator", DEFAULT_SEPARATOR)
    if not isinstance(separator, str):
        raise unexpected(where, "separator", separator, "a text")
    draw, language = config.get("draw", DRAWS[1]), config.get("language", LANGUAGES_OF_PHRASE[0])
    if draw not in DRAWS:
        raise unexpected(where, "draw", draw, " or ".join(DRAWS))
    if language not in LANGUAGES_OF_PHRASE:
        raise unexpected(where, "language", language, " or ".join(LANGUAGES_OF_PHRASE))
    phrases = _bank(bank, where)
    for tag in declaration.languages or ():
        if not {tag, primary_language(tag), ANY_LANGUAGE} & phrases.keys():
            raise PerturbationError(
                f"{where}: languages: found {tag!r}, which has no phrase. Expected some of: {', '.join(phrases)}."
            )
    dose = 1.0 if declaration.dose is None else declaration.dose
    if dose != int(dose):
        raise unexpected(where, "dose", dose, "a whole number of phrases")
    if declaration.doses is not None:
        fewest = min(phrases, key=lambda tag: len(phrases[tag]))
        if declaration.doses.maximum > len(phrases[fewest]):
            raise unexpected(
                where, "doses.max", declaration.doses.maximum,
                f"at most {len(phrases[fewest])}, the number of phrasings in {fewest}",
            )  # fmt: skip
    edit = Phrases(
        declaration.place,
        phrases,
        int(dose),
        separator,
        cast('Literal["first", "random"]', draw),
        cast('Literal["own", "mismatched"]', language),
    )
    return Perturbation(declaration, seed, edit)


def _bank(declared: object, where: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(declared, Mapping):
        return {ANY_LANGUAGE: _phrasings(declared, where, "phrases")}
    if not declared:
        raise unexpected(where, "phrases", declared, "a phrase, or phrases by language")
    phrases: dict[str, tuple[str, ...]] = {}
    for tag, texts in declared.items():
        # YAML reads an unquoted `no` (Norwegian) as false.
        if not isinstance(tag, str) or not tag.strip():
            raise unexpected(where, "phrases", tag, "a language tag as text (in YAML, write 'no' in quotes)")
        phrases[language_tag(tag)] = _phrasings(texts, where, f"phrases.{tag}")
    return phrases


def _phrasings(value: object, where: str, key: str) -> tuple[str, ...]:
    texts = value if isinstance(value, list | tuple) else [value]
    if not texts:
        raise unexpected(where, key, value, "a phrase or a list of phrases")
    return tuple(text_of(text, where, key) for text in texts)


def replace_form(value: object, where: str) -> Replace:
    """An edit by regular expressions."""
    if not isinstance(value, list | tuple) or not value:
        raise unexpected(where, "replace", value, "a list of {pattern, with}")
    replacements: list[tuple[re.Pattern[str], str]] = []
    for index, item in enumerate(value):
        key = f"replace[{index}]"
        if not isinstance(item, Mapping) or set(item) != {"pattern", "with"}:
            raise unexpected(where, key, item, "the two keys pattern and with")
        source, replacement = item["pattern"], item["with"]
        if not isinstance(source, str) or not source:
            raise unexpected(where, f"{key}.pattern", source, "a regular expression")
        if not isinstance(replacement, str):
            raise unexpected(where, f"{key}.with", replacement, "a text")
        try:
            pattern = re.compile(source)
        except (re.error, RecursionError, OverflowError) as error:
            raise PerturbationError(
                f"{where}: {key}.pattern: found {source!r}, expected a regular expression ({error})."
            ) from error
        try:
            pattern.sub(replacement, "")  # compiles the template even where nothing matches
        except (re.error, IndexError) as error:
            raise PerturbationError(
                f"{where}: {key}.with: found {replacement!r}, expected a text whose groups the pattern has ({error})."
            ) from error
        replacements.append((pattern, replacement))
    return Replace(tuple(replacements))


def rewrite_form(declaration: Declaration, value: object, seed: int, where: str) -> Rewrite:
    """A task for a model. ``{dose}`` and the named parameters are filled into the instruction."""
    if not isinstance(value, Mapping):
        raise unexpected(where, "rewrite", value, f"a mapping with {', '.join(REWRITE_KEYS)}")
    check_keys(value, REWRITE_KEYS + REWRITE_OPTIONAL, f"{where}: rewrite")
    for key in REWRITE_KEYS:
        if key not in value:
            raise PerturbationError(f"{where}: rewrite.{key}: not there. Expected {', '.join(REWRITE_KEYS)}.")
    if declaration.place != "rewrite" or declaration.matched:
        raise unexpected(
            where, "place", declaration.place, "rewrite, unmatched: a model writes the whole text"
        )
    by_dose = value.get("length_ratios_times_dose", False)
    if not isinstance(by_dose, bool) or (by_dose and declaration.dose is None):
        raise unexpected(where, "rewrite.length_ratios_times_dose", by_dose, "true beside a dose, or false")
    factor = declaration.dose if by_dose and declaration.dose is not None else 1.0
    low, high = (factor * _ratio(value[key], where, f"rewrite.{key}") for key in REWRITE_KEYS[1:])
    if low >= high:
        raise unexpected(where, "rewrite.max_length_ratio", high, f"more than min_length_ratio ({low:g})")
    return Rewrite(declaration, seed, _instruction(declaration, value, where), low, high)


def _instruction(declaration: Declaration, value: Mapping[str, Any], where: str) -> str:
    instruction = text_of(value["instruction"], where, "rewrite.instruction")
    parameters = value.get("parameters", {})
    if not isinstance(parameters, Mapping):
        raise unexpected(where, "rewrite.parameters", parameters, "a mapping of names to texts")
    known = {str(key): str(one) for key, one in parameters.items()}
    if declaration.dose is not None:
        known["dose"] = f"{declaration.dose:g}"
    try:
        return instruction.format_map(known)
    except (KeyError, IndexError, ValueError) as error:
        raise unexpected(
            where, "rewrite.instruction", instruction,
            f"no other braces than {', '.join(f'{{{key}}}' for key in known) or 'none'} ({error})",
        ) from error  # fmt: skip


def _ratio(value: object, where: str, key: str) -> float:
    ratio = number(value, where, key)
    if not 0 < ratio < MOST_TIMES_LONGER:
        raise unexpected(where, key, value, f"a number above 0 and below {MOST_TIMES_LONGER}")
    return ratio
