"""A model's family, read from its name."""

from __future__ import annotations

import pytest

from judgeaudit.judges.families import family_of


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("gpt-4o-2024-08-06", "GPT"),
        ("azure/my-gpt4o", "GPT"),
        ("openai/gpt-oss-20b", "GPT"),
        ("o3-mini", "GPT"),
        ("anthropic/claude-3-haiku-20240307", "Claude"),
        ("bedrock/us.anthropic.claude-3-5-sonnet-20241022-v2:0", "Claude"),
        ("gemini/gemini-2.5-flash", "Gemini and Gemma"),
        ("google/gemma-3-1b-it", "Gemini and Gemma"),
        ("meta-llama/Meta-Llama-3-8B-Instruct", "Llama"),
        ("meta-llama/Llama-3.2-3B-Instruct", "Llama"),
        ("groq/llama3-70b-8192", "Llama"),
        ("mistralai/Mixtral-8x7B-Instruct-v0.1", "Mistral"),
        ("command-r-plus-08-2024", "Command"),
        ("Qwen/Qwen2.5-0.5B-Instruct", "Qwen"),
        ("Qwen/QwQ-32B", "Qwen"),
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-8B", "DeepSeek"),
        ("HuggingFaceTB/SmolLM3-3B", "SmolLM"),
        ("my-lab/graphite-7b", "graphite-7b"),
        ("yielding-1b", "yielding-1b"),
        ("philosopher", "philosopher"),
    ],
)
def test_a_family_is_read_from_the_name(model: str, family: str) -> None:
    assert family_of(model) == family
