"""How long are the prompts, and what does a token cost? Estimates made on this machine, asking nobody.

litellm's counter and its price list are files that come with it; it goes to the network for some models' vocabularies,
and is told not to. A price that neither the configuration nor the list has is unknown, and never 0.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from judgeaudit.judges.api_exchange import Price, quiet_litellm
from judgeaudit.judges.base import Json

MOST_COUNTED = 1_000
"""Prompts that are counted; of more, a sample. A prompt takes a millisecond, and the mean of a thousand is within 1 to
2 % where prompts differ by half their length."""

CHARACTERS_A_TOKEN = 4
"""The rule of thumb where no vocabulary is at hand: about 4 characters of English text a token. Other languages and
scripts take more tokens."""

Counter = Literal["tokenizer", "litellm", "characters"]
"""Who counted: the model's own tokenizer; litellm, with an OpenAI vocabulary whatever the model; nobody."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class PromptTokens:
    """The length of prompts.

    Attributes:
        mean: tokens of a prompt.
        n_counted: of how many prompts.
        counter: who counted.
    """

    mean: float
    n_counted: int
    counter: Counter


def sample(items: Sequence[Item], seed: int) -> Sequence[Item]:
    """All of the items, or as many as are counted, chosen by the seed alone."""
    return items if len(items) <= MOST_COUNTED else random.Random(seed).sample(items, MOST_COUNTED)


def by_litellm(model: str, conversations: Sequence[Sequence[Mapping[str, Any]]]) -> PromptTokens | None:
    """The tokens of chat messages, by litellm's counter; by their characters where it cannot; None of no messages."""
    if not conversations:
        return None
    litellm = quiet_litellm()
    before = getattr(litellm, "disable_hf_tokenizer_download", None)
    litellm.disable_hf_tokenizer_download = True
    try:
        counts = [
            litellm.token_counter(model=model, messages=[dict(message) for message in messages])
            for messages in conversations
        ]
    except Exception:  # noqa: BLE001 - litellm raises bare exceptions, and an estimate is no reason to stop
        return by_characters(conversations)
    finally:
        litellm.disable_hf_tokenizer_download = before
    return PromptTokens(sum(counts) / len(counts), len(counts), "litellm")


def by_characters(materials: Iterable[Json]) -> PromptTokens | None:
    """The tokens of whatever is shown, by its characters; None of nothing."""
    lengths = [_characters(material) / CHARACTERS_A_TOKEN for material in materials]
    return PromptTokens(sum(lengths) / len(lengths), len(lengths), "characters") if lengths else None


def _characters(material: Any) -> int:
    """Characters of all texts in a JSON value, without the names of its fields and roles."""
    if isinstance(material, str):
        return len(material)
    if isinstance(material, Mapping):
        return sum(_characters(value) for name, value in material.items() if name != "role")
    if isinstance(material, Sequence):
        return sum(_characters(value) for value in material)
    return 0


def listed_price(model: str) -> Price | None:
    """What litellm's list asks for the model's tokens; None where it does not say.

    The list is looked up as it came with litellm: litellm's own look-up asks some providers' servers.
    """
    litellm = quiet_litellm()
    try:
        name, provider, _, _ = litellm.get_llm_provider(model=model)
    except Exception:  # noqa: BLE001 - litellm raises bare exceptions for models that it does not know
        return None
    entry: Mapping[str, Any] | None = None
    for key in (model, f"{provider}/{name}", name):
        found = litellm.model_cost.get(key)
        if found is not None and str(found.get("litellm_provider", "")).startswith(str(provider)):
            entry = found
            break
    if entry is None:
        return None
    each = (entry.get("input_cost_per_token"), entry.get("output_cost_per_token"))
    if each[0] is None or each[1] is None:
        return None
    return Price(1e6 * float(each[0]), 1e6 * float(each[1]))
