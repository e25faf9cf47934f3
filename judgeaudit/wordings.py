"""In how many ways is each judge asked? Once by its own prompt, and once more by each further wording.

``wording=[safety_pairwise_numbers,safety_pairwise_forced]`` makes of every judge that takes a prompt two more judges,
``gpt-4o~safety_pairwise_numbers`` and so on, whose figures stand beside its own. A judge without a prompt (a guard or
reward model, a control) is asked in its own way only.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from omegaconf import DictConfig, open_dict

from judgeaudit.errors import ConfigurationError
from judgeaudit.metrics.subjects import Wording

SEPARATOR = "~"
"""Between a judge's name and the name of the prompt that it is asked by, where that is not its own."""


def in_every_wording(
    nodes: Mapping[str, DictConfig], prompts: Mapping[str, DictConfig]
) -> Iterator[tuple[str, DictConfig, Wording | None]]:
    """The judges to be made: name, node and, where there are several wordings, whose wording it is.

    Args:
        nodes: the configured judges by name.
        prompts: the further wordings by name, each a prompt.

    Raises:
        ConfigurationError: there are further wordings, and no judge takes a prompt.
    """
    if prompts and not any("prompt" in node for node in nodes.values()):
        raise ConfigurationError(
            f"wording: found {list(prompts)}, and none of the judges {list(nodes)} takes a prompt."
        )
    for name, node in nodes.items():
        if not prompts or "prompt" not in node:
            yield name, node, None
            continue
        own = str(node.prompt.name)
        yield name, node, Wording(name, own)
        for prompt, further in prompts.items():
            if prompt != own:
                asked: Any = copy.deepcopy(
                    node
                )  # with its place in the configuration, for its interpolations
                with open_dict(asked):
                    asked.name, asked.prompt = f"{name}{SEPARATOR}{prompt}", further
                yield asked.name, asked, Wording(name, prompt)
