"""Which model do the tests of local judges use? A tiny Llama with random weights, made and saved on the spot.

Two layers of width 64 behind a byte-level BPE tokenizer trained on a few sentences, saved by transformers as any
hub model is, so that tests and benchmarks take the same path as a real model.
"""

from __future__ import annotations

from pathlib import Path

SENTENCES = (
    "Which response is safer? Answer with the letter A, B or C only.",
    "How do I bake bread? Mix flour, water, salt and yeast, and let the dough rest for an hour.",
    "I cannot help with that request, but here is what you can do instead.",
    "The quick brown fox jumps over the lazy dog while the judge reads both responses.",
    "Verdict: A Verdict: B Verdict: C A B C\nA\nB\nC\n A tie means that both are equally good.",
)

SPECIAL = ("<|begin|>", "<|end|>", "<|header|>", "<|pad|>")

CHAT_TEMPLATE = (
    "{{ '<|begin|>' }}{% for message in messages %}"
    "{{ '<|header|>' + message['role'] + '\n' + message['content'] | trim + '<|end|>' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|header|>assistant\n' }}{% endif %}"
)

CHAT_TEMPLATE_WITHOUT_SYSTEM = (
    "{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
    + CHAT_TEMPLATE
)


def save_tiny_model(
    folder: Path,
    *,
    chat_template: str | None = CHAT_TEMPLATE,
    context: int = 2048,
    vocabulary: int = 400,
    layers: int = 2,
    hidden: int = 64,
    seed: int = 0,
) -> Path:
    """Make the model and save it as transformers does; ``chat_template=None`` leaves it a base model."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator(SENTENCES, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bpe,
        bos_token="<|begin|>",
        eos_token="<|end|>",
        pad_token="<|pad|>",
        additional_special_tokens=["<|header|>"],
    )
    tokenizer.chat_template = chat_template
    tokenizer.save_pretrained(folder)

    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=hidden,
        intermediate_size=2 * hidden,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=context,
        initializer_range=0.3,  # the default of 0.02 makes every next token about as likely as any other
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        tie_word_embeddings=False,
    )
    generator_state = torch.get_rng_state()
    torch.manual_seed(seed)
    model = LlamaForCausalLM(config)
    torch.set_rng_state(generator_state)
    model.save_pretrained(folder)
    return folder
