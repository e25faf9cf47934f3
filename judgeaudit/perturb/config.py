"""Is a perturbation declared rightly, and what is it? Reads one file's content; says of a mistake where and what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb.affix import ANY_LANGUAGE, DEFAULT_SEPARATOR, Affix
from judgeaudit.perturb.base import Edit, Perturbation, language_tag, primary_language
from judgeaudit.perturb.function import edit_from_target
from judgeaudit.perturb.replace import Replace
from judgeaudit.perturb.rewrite import Rewrite

FORMS = ("prefix", "suffix", "replace", "rewrite", "edit")
REQUIRED = ("name", "version", "description", "family", "source")
OPTIONAL = ("placebo", "languages", "separator")
REWRITE_KEYS = ("instruction", "min_length_ratio", "max_length_ratio")


def from_config(config: Mapping[str, Any], *, seed: int) -> Perturbation | Rewrite:
    """The perturbation that one file declares.

    Args:
        config: the file's content, as a plain mapping or as Hydra gives it.
        seed: of the perturbation's random choices.

    Raises:
        PerturbationError: the declaration is wrong. The message names the perturbation, the key, what was
            found and what was expected.
    """
    config = _plain(config)
    where = f"perturbation {config['name']!r}" if isinstance(config.get("name"), str) else "perturbation"
    _check_keys(config, REQUIRED + OPTIONAL + FORMS, where)
    for key in REQUIRED:
        if key not in config:
            raise PerturbationError(f"{where}: {key}: not there. Expected all of: {', '.join(REQUIRED)}.")
    forms = [form for form in FORMS if form in config]
    if len(forms) != 1:
        found = " and ".join(forms) if forms else "none"
        raise PerturbationError(f"{where}: found {found}, expected exactly one of: {', '.join(FORMS)}.")
    form = forms[0]
    if "separator" in config and form not in ("prefix", "suffix"):
        raise PerturbationError(
            f"{where}: separator: found it beside {form}, expected it beside prefix or suffix."
        )
    version = config["version"]
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise _unexpected(where, "version", version, "a whole number from 1 up")
    name, description, family, source = (
        _text(config[key], where, key) for key in ("name", "description", "family", "source")
    )
    placebo = None if config.get("placebo") is None else _text(config["placebo"], where, "placebo")
    languages = _languages(config.get("languages"), where)
    if form == "rewrite":
        instruction, low, high = _rewrite(config["rewrite"], where)
        return Rewrite(
            name, version, description, family, source, placebo, languages, seed, instruction, low, high
        )
    edit: Edit
    if form == "edit":
        edit = edit_from_target(config["edit"], where)
    elif form == "replace":
        edit = _replace(config["replace"], where)
    else:
        place: Literal["prefix", "suffix"] = "prefix" if form == "prefix" else "suffix"
        edit = _affix(config, place, languages, where)
    return Perturbation(name, version, description, family, source, placebo, languages, seed, edit)


def _plain(config: object) -> dict[Any, Any]:
    try:
        content = OmegaConf.to_container(config, resolve=True) if isinstance(config, DictConfig) else config
    except OmegaConfBaseException as error:
        raise PerturbationError(f"perturbation: {error}") from error
    if not isinstance(content, Mapping):
        raise PerturbationError(
            f"perturbation: found {_shown(content)}, expected a mapping of keys to values."
        )
    return dict(content)


def _check_keys(config: Mapping[Any, Any], known: tuple[str, ...], where: str) -> None:
    for key in config:
        if key not in known:
            raise PerturbationError(f"{where}: {key!r}: unknown key. Expected one of: {', '.join(known)}.")


def _languages(value: object, where: str) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list | tuple) or not value:
        raise _unexpected(where, "languages", value, "a list of language tags such as [en, de], or nothing")
    return tuple(language_tag(_text(tag, where, "languages")) for tag in value)


def _affix(
    config: Mapping[str, Any],
    form: Literal["prefix", "suffix"],
    languages: tuple[str, ...] | None,
    where: str,
) -> Affix:
    separator = config.get("separator", DEFAULT_SEPARATOR)
    if not isinstance(separator, str):
        raise _unexpected(where, "separator", separator, "a text")
    declared = config[form]
    if not isinstance(declared, Mapping):
        return Affix(form, {ANY_LANGUAGE: _phrases(declared, where, form)}, separator)
    if not declared:
        raise _unexpected(where, form, declared, "a phrase, or phrases by language")
    phrases: dict[str, tuple[str, ...]] = {}
    for tag, texts in declared.items():
        # YAML reads an unquoted `no` (Norwegian) as false.
        if not isinstance(tag, str) or not tag.strip():
            raise _unexpected(where, form, tag, "a language tag as text (in YAML, write 'no' in quotes)")
        phrases[language_tag(tag)] = _phrases(texts, where, f"{form}.{tag}")
    for tag in languages or ():
        if not {tag, primary_language(tag), ANY_LANGUAGE} & phrases.keys():
            raise PerturbationError(
                f"{where}: languages: found {tag!r}, which has no phrase under {form}. "
                f"Expected some of: {', '.join(phrases)}."
            )
    return Affix(form, phrases, separator)


def _phrases(value: object, where: str, key: str) -> tuple[str, ...]:
    texts = value if isinstance(value, list | tuple) else [value]
    if not texts:
        raise _unexpected(where, key, value, "a phrase or a list of phrases")
    return tuple(_text(text, where, key) for text in texts)


def _replace(value: object, where: str) -> Replace:
    if not isinstance(value, list | tuple) or not value:
        raise _unexpected(where, "replace", value, "a list of {pattern, with}")
    replacements: list[tuple[re.Pattern[str], str]] = []
    for index, item in enumerate(value):
        key = f"replace[{index}]"
        if not isinstance(item, Mapping) or set(item) != {"pattern", "with"}:
            raise _unexpected(where, key, item, "the two keys pattern and with")
        source, replacement = item["pattern"], item["with"]
        if not isinstance(source, str) or not source:
            raise _unexpected(where, f"{key}.pattern", source, "a regular expression")
        if not isinstance(replacement, str):
            raise _unexpected(where, f"{key}.with", replacement, "a text")
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


def _rewrite(value: object, where: str) -> tuple[str, float, float]:
    if not isinstance(value, Mapping):
        raise _unexpected(where, "rewrite", value, f"a mapping with {', '.join(REWRITE_KEYS)}")
    _check_keys(value, REWRITE_KEYS, f"{where}: rewrite")
    for key in REWRITE_KEYS:
        if key not in value:
            raise PerturbationError(f"{where}: rewrite.{key}: not there. Expected {', '.join(REWRITE_KEYS)}.")
    instruction = _text(value["instruction"], where, "rewrite.instruction")
    low, high = (_ratio(value[key], where, f"rewrite.{key}") for key in REWRITE_KEYS[1:])
    if low >= high:
        raise _unexpected(where, "rewrite.max_length_ratio", high, f"more than min_length_ratio ({low:g})")
    return instruction, low, high


def _ratio(value: object, where: str, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1000:
        raise _unexpected(where, key, value, "a number above 0 and below 1000")
    return float(value)


def _text(value: object, where: str, key: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _unexpected(where, key, value, "a text that is not empty")
    return value


def _unexpected(where: str, key: str, found: object, expected: str) -> PerturbationError:
    return PerturbationError(f"{where}: {key}: found {_shown(found)}, expected {expected}.")


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."
