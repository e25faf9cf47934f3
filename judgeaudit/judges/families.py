"""Which models come from the same makers? Judges may favour texts that a model of their own family wrote.

Self-enhancement, or self-preference: Zheng et al. 2023 (arXiv 2306.05685), Panickssery et al. 2024 (arXiv
2404.13076). A family is read from a model's name; a name that tells nothing is a family of its own.
"""

from __future__ import annotations

import re

FAMILIES = (
    ("GPT", r"gpt|chatgpt|davinci|o[1345](?:-\w+)*"),
    ("Claude", r"claude"),
    ("Gemini and Gemma", r"gemini|gemma|palm"),
    ("Llama", r"(?:meta-)?llama"),
    ("Mistral", r"mistral|mixtral|ministral|magistral|codestral|pixtral"),
    ("Command", r"command|c4ai|aya"),
    ("Qwen", r"qwen|qwq"),
    ("DeepSeek", r"deepseek"),
    ("Phi", r"phi"),
    ("Grok", r"grok"),
    ("SmolLM", r"smollm"),
    ("OLMo", r"olmo|tulu"),
    ("Granite", r"granite"),
    ("Nova", r"nova"),
    ("GLM", r"glm|chatglm"),
    ("Kimi", r"kimi"),
    ("Falcon", r"falcon"),
    ("Yi", r"yi"),
)
"""A family's name and how a word of its models' names begins, ignoring case."""

PATTERNS = tuple(
    (name, re.compile(rf"(?<![a-z0-9])(?:{start})(?![a-z])", re.IGNORECASE)) for name, start in FAMILIES
)


def family_of(model: str) -> str:
    """A model's family, from its name as an API or a hub has it (``azure/gpt-4o``, ``meta-llama/Llama-3.2-3B``).

    The last part of a path decides where it tells: ``deepseek-ai/DeepSeek-R1-Distill-Llama-8B`` is DeepSeek's by
    the word that comes first. A name that tells nothing is its own family.
    """
    for part in reversed(model.split("/")):
        found = [
            (match.start(), name) for name, pattern in PATTERNS if (match := pattern.search(part)) is not None
        ]
        if found:
            return min(found)[1]
    return model.rpartition("/")[2].lower()
