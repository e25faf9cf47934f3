"""Is a perturbation declared rightly, and what is it? Reads one file's content; says of a mistake where and what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb.base import Perturbation, language_tag
from judgeaudit.perturb.declaration import (
    CLAIMS,
    DOSE_MARK,
    FAMILIES,
    PART_SEPARATOR,
    PLACES,
    Declaration,
    Doses,
    Place,
)
from judgeaudit.perturb.expected import check_keys, number, text_of, unexpected, whole
from judgeaudit.perturb.forms import PHRASE_KEYS, phrases_form, replace_form, rewrite_form
from judgeaudit.perturb.function import edit_from_target
from judgeaudit.perturb.rewrite import Rewrite
from judgeaudit.perturb.validity import BOUNDED, Thresholds

FORMS = ("phrases", "phrases_of", "replace", "rewrite", "edit")
REQUIRED = ("name", "version", "description", "family", "source", "place")
OPTIONAL = ("places", "languages", "keeps", "placebo", "dose", "doses", "matched", "validity")
DOSE_KEYS = ("levels", "min", "max", "unit")

Declared = Callable[[str], Mapping[str, Any]]
"""Finds another perturbation's declaration by its name."""


def from_config(
    config: Mapping[str, Any], *, seed: int, declared: Declared | None = None, name: str | None = None
) -> Perturbation | Rewrite:
    """The perturbation that one file declares.

    Args:
        config: the file's content, as a plain mapping or as Hydra gives it.
        seed: of the perturbation's random choices.
        declared: finds the file that ``phrases_of`` names.
        name: what reports are to call it, where an audit has several doses of one file.

    Raises:
        PerturbationError: the declaration is wrong. The message names the perturbation, the key, what was
            found and what was expected.
    """
    config = _plain(config)
    where = f"perturbation {config['name']!r}" if isinstance(config.get("name"), str) else "perturbation"
    check_keys(config, REQUIRED + OPTIONAL + FORMS + PHRASE_KEYS, where)
    for key in REQUIRED:
        if key not in config:
            raise PerturbationError(f"{where}: {key}: not there. Expected all of: {', '.join(REQUIRED)}.")
    forms = [form for form in FORMS if form in config]
    if len(forms) != 1:
        found = " and ".join(forms) if forms else "none"
        raise PerturbationError(f"{where}: found {found}, expected exactly one of: {', '.join(FORMS)}.")
    form = forms[0]
    stray = [key for key in PHRASE_KEYS if key in config and form not in ("phrases", "phrases_of")]
    if stray:
        raise PerturbationError(
            f"{where}: {stray[0]}: found it beside {form}, expected it beside phrases or phrases_of."
        )
    declaration = _declaration(config, name, where)
    match form:
        case "rewrite":
            return rewrite_form(declaration, config["rewrite"], seed, where)
        case "edit":
            return Perturbation(declaration, seed, edit_from_target(config["edit"], where))
        case "replace":
            return Perturbation(declaration, seed, replace_form(config["replace"], where))
        case _:
            bank = config["phrases"] if form == "phrases" else _bank_of(config["phrases_of"], declared, where)
            return phrases_form(declaration, config, bank, seed, where)


def _plain(config: object) -> dict[Any, Any]:
    if not isinstance(config, Mapping | DictConfig):
        raise unexpected("perturbation", "content", config, "a mapping of keys to values")
    try:
        # A plain mapping takes the same way, so that ``${..dose}`` means the same wherever it is read.
        node = config if isinstance(config, DictConfig) else OmegaConf.create(dict(config))
        content = OmegaConf.to_container(node, resolve=True)
    except (OmegaConfBaseException, ValueError) as error:
        raise PerturbationError(f"perturbation: {error}") from error
    return dict(cast("dict[Any, Any]", content))


def _declaration(config: Mapping[str, Any], name: str | None, where: str) -> Declaration:
    base = text_of(config["name"], where, "name")
    if {PART_SEPARATOR, DOSE_MARK, "/", "\\"} & set(base):
        raise unexpected(where, "name", base, f"a name without {PART_SEPARATOR}, {DOSE_MARK} and slashes")
    family = text_of(config["family"], where, "family")
    if family not in FAMILIES:
        raise unexpected(where, "family", family, f"one of: {', '.join(FAMILIES)}")
    place = _place(config["place"], where, "place")
    places = tuple(_place(value, where, "places") for value in _list(config, "places", where)) or (place,)
    if place not in places:
        raise unexpected(where, "place", place, f"one of its places: {', '.join(places)}")
    keeps = tuple(text_of(claim, where, "keeps") for claim in _list(config, "keeps", where))
    for claim in keeps:
        if claim not in CLAIMS:
            raise unexpected(where, "keeps", claim, f"some of: {', '.join(CLAIMS)}")
    if place == "inline" and ("phrases" in config or "phrases_of" in config):
        # Between two sentences a phrase leaves all of the text, but not in one piece.
        keeps = tuple(claim for claim in keeps if claim != "text")
    matched = config.get("matched", False)
    if not isinstance(matched, bool):
        raise unexpected(where, "matched", matched, "true or false")
    dose, doses = _dose(config, where)
    validity = _validity(config.get("validity"), where)
    try:
        Thresholds.from_declaration(keeps, validity)
    except PerturbationError as error:
        raise PerturbationError(f"{where}: {error}") from error
    return Declaration(
        name=name or base,
        base=base,
        version=whole(config["version"], where, "version"),
        description=text_of(config["description"], where, "description"),
        family=family,
        source=text_of(config["source"], where, "source"),
        place=place,
        places=places,
        languages=_languages(config.get("languages"), where),
        keeps=keeps,
        placebo=None if config.get("placebo") is None else text_of(config["placebo"], where, "placebo"),
        dose=dose,
        doses=doses,
        matched=matched,
        validity=validity,
    )


def _place(value: object, where: str, key: str) -> Place:
    for place in PLACES:
        if value == place:
            return place
    raise unexpected(where, key, value, f"one of: {', '.join(PLACES)}")


def _list(config: Mapping[str, Any], key: str, where: str) -> Sequence[object]:
    value = config.get(key)
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not value:
        raise unexpected(where, key, value, "a list, or nothing")
    return value


def _languages(value: object, where: str) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list | tuple) or not value:
        raise unexpected(where, "languages", value, "a list of language tags such as [en, de], or nothing")
    return tuple(language_tag(text_of(tag, where, "languages")) for tag in value)


def _dose(config: Mapping[str, Any], where: str) -> tuple[float | None, Doses | None]:
    if ("dose" in config) != ("doses" in config):
        there, missing = ("dose", "doses") if "dose" in config else ("doses", "dose")
        raise PerturbationError(f"{where}: {missing}: not there. Expected it beside {there}.")
    if "doses" not in config:
        return None, None
    declared = config["doses"]
    if not isinstance(declared, Mapping) or set(declared) != set(DOSE_KEYS):
        raise unexpected(where, "doses", declared, f"a mapping with {', '.join(DOSE_KEYS)}")
    levels = tuple(number(level, where, "doses.levels") for level in _list(declared, "levels", where))
    doses = Doses(
        levels,
        number(declared["min"], where, "doses.min"),
        number(declared["max"], where, "doses.max"),
        text_of(declared["unit"], where, "doses.unit"),
    )
    if not levels or sorted(set(levels)) != list(levels):
        raise unexpected(where, "doses.levels", list(levels), "rising numbers")
    for level in levels:
        doses.check(level, f"{where}: doses.levels")
    dose = number(config["dose"], where, "dose")
    doses.check(dose, where)
    return dose, doses


def _validity(value: object, where: str) -> dict[str, tuple[float | None, float | None]]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise unexpected(where, "validity", value, f"bounds [least, most] for some of: {', '.join(BOUNDED)}")
    check_keys(value, BOUNDED, f"{where}: validity")
    bounds: dict[str, tuple[float | None, float | None]] = {}
    for key, pair in value.items():
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise unexpected(where, f"validity.{key}", pair, "[least, most], each a number or null")
        low, high = (None if one is None else number(one, where, f"validity.{key}") for one in pair)
        if low is not None and high is not None and low > high:
            raise unexpected(where, f"validity.{key}", list(pair), "the least before the most")
        bounds[key] = (low, high)
    return bounds


def _bank_of(name: object, declared: Declared | None, where: str) -> object:
    other = text_of(name, where, "phrases_of")
    if declared is None:
        raise unexpected(where, "phrases_of", other, "phrases, for no other file can be read here")
    bank = declared(other).get("phrases")
    if bank is None:
        raise unexpected(where, "phrases_of", other, "a perturbation that has phrases of its own")
    return OmegaConf.to_container(bank, resolve=True) if OmegaConf.is_config(bank) else bank
