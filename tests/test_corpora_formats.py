"""Reading pairs from CSV, Parquet, HH-RLHF as published and the Hugging Face Hub, and through configuration."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hydra import compose, initialize_config_dir
from hydra.errors import InstantiationException
from hydra.utils import instantiate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from omegaconf import DictConfig, OmegaConf, open_dict

from judgeaudit import catalog
from judgeaudit.corpora import Corpus, read_csv, read_hh_rlhf, read_hub, read_jsonl, read_parquet
from judgeaudit.corpora.columns import Columns
from judgeaudit.corpora.hub import hub_rows, unpinned
from judgeaudit.errors import CorpusError
from judgeaudit.records import LabelSource, Turn

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
# How long an example takes says nothing here: the machine may be busy.
ANY_SPEED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
HEADER = "prompt,response_a,response_b"


def shared(name: str) -> Path:
    path = SHARED_DATA / name
    if not path.is_file():
        pytest.skip(f"needs {path}, which is not distributed with the project")
    return path


def csv_file(folder: Path, text: str | bytes) -> Path:
    path = folder / "pairs.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_csv_cells_are_text_and_empty_cells_are_absent(tmp_path: Path) -> None:
    text = HEADER + ",id,domain,votes,label,label_source\n1,NA,2.50,007,,a|Tie | a,,\n"
    (pair,) = read_csv(csv_file(tmp_path, text)).pairs
    assert (pair.prompt, pair.response_a, pair.response_b, pair.id) == ("1", "NA", "2.50", "007")
    assert (pair.domain, pair.votes, pair.label) == (None, ("a", "tie", "a"), "a")


def test_an_empty_csv_response_is_an_empty_response(tmp_path: Path) -> None:
    corpus = read_csv(csv_file(tmp_path, f"{HEADER}\nHow?,,x\n"))
    assert corpus.pairs[0].response_a == ""
    assert [notice.kind for notice in corpus.notices] == ["empty_response"]


def test_csv_lines_are_those_on_which_records_start(tmp_path: Path) -> None:
    text = f'{HEADER}\r\n"two\r\nlines",a,b\r\n\r\n,a,b\r\n"three\n\nlines",x,y\r\nshort,a\r\nlong,a,b,c\r\n'
    corpus = read_csv(csv_file(tmp_path, text), on_error="skip")
    assert [pair.id for pair in corpus.pairs] == ["pairs/2", "pairs/6"]
    assert corpus.pairs[0].prompt == "two\r\nlines"
    skipped = [(problem.line, problem.field, problem.found) for problem in corpus.skipped]
    assert skipped == [(5, "prompt", "null"), (9, None, "2 cells"), (10, None, "4 cells")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "prompt,response_a\nx,y\n",
            r"pairs.csv:1: field 'response_b': found the columns 'prompt', 'response_a'",
        ),
        ("", r"pairs.csv:1: field 'prompt': found no header"),
        (HEADER + ",prompt\nx,y,z,w\n", r"field 'prompt': found two columns of this name"),
        (HEADER + '\nx,y,z\nx,"never closed,z\nx,y,z\n', r"pairs.csv:3: found broken quoting"),
        (HEADER + '\nx,"y"z,w\n', r"pairs.csv:2: found broken quoting"),
        (HEADER.encode() + b"\nx,y,z\nx,caf\xe9,z\n", r"pairs.csv:3: found the bytes b'\\xe9"),
        (HEADER + "\n", r"found no rows"),
    ],
)
def test_a_broken_csv_file_is_an_error_even_when_skipping(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    with pytest.raises(CorpusError, match=message):
        read_csv(csv_file(tmp_path, text), on_error="skip")


def test_a_cell_may_be_longer_than_the_csv_modules_limit_which_stays_as_it_was(tmp_path: Path) -> None:
    csv.field_size_limit(150_000)
    corpus = read_csv(csv_file(tmp_path, f"{HEADER}\nHow?,{'x' * 200_000},y\n"))
    assert len(corpus.pairs[0].response_a) == 200_000
    assert csv.field_size_limit(131_072) == 150_000


def test_other_delimiters_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = csv_file(tmp_path, b"\xef\xbb\xbf" + HEADER.replace(",", "\t").encode() + b"\nHow?\ta,a\tb\n")
    assert read_csv(path, delimiter="\t").pairs[0].response_a == "a,a"
    with pytest.raises(CorpusError, match="delimiter: found ''"):
        read_csv(path, delimiter="")


CELLS = st.text('ab,"\n\r\x00é😀', min_size=1, max_size=6)


@ANY_SPEED
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_what_the_csv_module_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], end: str
) -> None:
    rows = [(f"Q{prompt}", a, b) for prompt, a, b in rows]
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([HEADER.split(","), *rows])
    path = tmp_path_factory.mktemp("csv") / "pairs.csv"
    path.write_bytes(buffer.getvalue().encode())
    read = [(pair.prompt, pair.response_a, pair.response_b) for pair in read_csv(path).pairs]
    assert read == rows


def parquet_file(folder: Path, columns: dict[str, Any]) -> Path:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = folder / "pairs.parquet"
    parquet.write_table(pyarrow.table(columns), path)
    return path


def test_parquet_reads_conversations_votes_and_absent_values(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes?"}]
    path = parquet_file(
        tmp_path,
        {
            "id": [3, 4],
            "prompt": [[*turns, {"role": "user", "content": "How?"}], [{"role": "user", "content": "Why?"}]],
            "response_a": ["x", "y"],
            "response_b": ["y", "x"],
            "votes": [["a", "a"], None],
            "domain": [float("nan"), float("nan")],
            "language": [None, None],
        },
    )
    corpus = read_parquet(path)
    first, second = corpus.pairs
    assert (first.id, len(first.turns), first.prompt, first.label) == ("3", 3, "How?", "a")
    assert (second.votes, second.label, second.domain, second.language) == ((), None, None, None)
    assert corpus.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_pandas_table_is_read_back_from_parquet(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame({"prompt": ["p", "q"], "response_a": ["x", "y"], "response_b": ["y", "z"]})
    frame.assign(domain=pd.Categorical(["u", "v"])).to_parquet(tmp_path / "pairs.parquet")
    assert [pair.domain for pair in read_parquet(tmp_path / "pairs.parquet").pairs] == ["u", "v"]


def test_a_parquet_row_without_a_value_is_named(tmp_path: Path) -> None:
    path = parquet_file(tmp_path, {"prompt": ["p", "q"], "response_a": ["x", None], "response_b": ["y", "z"]})
    with pytest.raises(CorpusError, match=r"pairs.parquet:2: field 'response_a': found null"):
        read_parquet(path)


def test_a_parquet_column_of_a_wrong_type_is_one_problem(tmp_path: Path) -> None:
    path = parquet_file(
        tmp_path,
        {"prompt": [1, 2], "response_a": ["x", "y"], "response_b": ["y", "z"], "votes": ["a|b", "a"]},
    )
    with pytest.raises(CorpusError) as caught:
        read_parquet(path, on_error="skip")
    message = str(caught.value)
    assert (
        "field 'prompt': found a column of type int64, expected text, or a list of {role, content}" in message
    )
    assert "field 'votes': found a column of type string, expected a list of text" in message
    assert message.count("convert the column") == 2


@pytest.mark.parametrize("data", [b"", b"PAR1 nonsense PAR1", b"prompt,response_a"])
def test_a_file_that_is_not_parquet_is_explained(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "pairs.parquet").write_bytes(data)
    with pytest.raises(CorpusError, match="no readable Parquet file"):
        read_parquet(tmp_path / "pairs.parquet")


def dialogue(*turns: str) -> str:
    """Alternating turns from the human on; a turn that starts with + is the assistant's again."""
    text, human = "", True
    for turn in turns:
        human = False if turn.startswith("+") else human
        text += f"\n\n{'Human' if human else 'Assistant'}: {turn.removeprefix('+')}"
        human = not human
    return text


def hh_file(folder: Path, *rows: Any) -> Path:
    path = folder / "test.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def hh_pair(folder: Path, chosen: str, rejected: str) -> tuple[Corpus, str, str]:
    """The corpus of one published line, with its chosen and rejected response."""
    corpus = read_hh_rlhf(hh_file(folder, {"chosen": chosen, "rejected": rejected}))
    (pair,) = corpus.pairs
    assert pair.label in ("a", "b")
    return corpus, *(
        (pair.response_a, pair.response_b) if pair.label == "a" else (pair.response_b, pair.response_a)
    )


def test_a_published_dialogue_becomes_turns_and_one_vote(tmp_path: Path) -> None:
    corpus, chosen, rejected = hh_pair(
        tmp_path, dialogue("Hi", "Yes?", "How?", "So."), dialogue("Hi", "Yes?", "How?", "No.")
    )
    (pair,) = corpus.pairs
    assert pair.turns == (Turn("user", "Hi"), Turn("assistant", "Yes?"), Turn("user", "How?"))
    assert (chosen, rejected) == ("So.", "No.")
    assert (pair.id, pair.language, pair.label_source) == ("hh_rlhf/0", "en", LabelSource.SIDE_BY_SIDE_VOTES)
    assert pair.votes == (pair.label,)
    assert corpus.notices == ()


def test_the_chosen_side_follows_the_hash_of_the_id(tmp_path: Path) -> None:
    rows = [{"chosen": dialogue("Q", f"c{i}"), "rejected": dialogue("Q", f"r{i}")} for i in range(40)]
    pairs = read_hh_rlhf(hh_file(tmp_path, *rows)).pairs
    for index, pair in enumerate(pairs):
        even = hashlib.sha256(f"hh_rlhf/{index}".encode()).digest()[0] % 2 == 0
        assert pair.response_a == (f"c{index}" if even else f"r{index}")
    assert {pair.label for pair in pairs} == {"a", "b"}


def test_a_marker_inside_a_line_of_text_starts_no_turn(tmp_path: Path) -> None:
    said = "Write:\nHuman: hello\n Assistant: hi  Human: bye"
    corpus, chosen, _ = hh_pair(tmp_path, dialogue(said, said), dialogue(said, "No."))
    assert corpus.pairs[0].prompt == said
    assert chosen == said


def test_dialogues_that_part_early_keep_what_they_share_and_all_that_follows(tmp_path: Path) -> None:
    corpus, chosen, rejected = hh_pair(
        tmp_path, dialogue("Hi", "Yes?", "How?", "So.", "+And so."), dialogue("Hi", "Yes?", "How?", "No.")
    )
    assert corpus.pairs[0].prompt == "How?"
    assert (chosen, rejected) == ("So.\n\nAssistant: And so.", "No.")
    assert [(notice.kind, notice.pair_ids) for notice in corpus.notices] == [
        ("differing_context", ("hh_rlhf/0",))
    ]


def test_a_dialogue_that_goes_on_after_the_other_ends_keeps_a_response_on_both_sides(tmp_path: Path) -> None:
    _, chosen, rejected = hh_pair(tmp_path, dialogue("Hi", "Yes?"), dialogue("Hi", "Yes?", "+Well?"))
    assert (chosen, rejected) == ("Yes?", "Yes?\n\nAssistant: Well?")
    _, chosen, rejected = hh_pair(tmp_path, dialogue("Hi", "Yes?", "How?", "So."), dialogue("Hi", "Yes?"))
    assert (chosen, rejected) == ("Yes?\n\nHuman: How?\n\nAssistant: So.", "Yes?")


def test_the_shared_conversation_always_ends_with_the_human(tmp_path: Path) -> None:
    corpus, chosen, rejected = hh_pair(
        tmp_path, dialogue("Hi", "Yes?", "How?", "So."), dialogue("Hi", "Yes?", "Why?", "No.")
    )
    assert corpus.pairs[0].turns == (Turn("user", "Hi"),)
    assert chosen == "Yes?\n\nHuman: How?\n\nAssistant: So."
    assert rejected == "Yes?\n\nHuman: Why?\n\nAssistant: No."


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"chosen": dialogue("Q", "A")}, "field 'rejected': found nothing, expected a dialogue"),
        ({"chosen": dialogue("Q", "A"), "rejected": 3}, "field 'rejected': found 3"),
        (
            {"chosen": dialogue("Q", "A"), "rejected": "Q A"},
            "field 'rejected': found text that starts with 'Q A'",
        ),
        (
            {"chosen": dialogue("Q", "A"), "rejected": dialogue("+A", "Q")},
            "field 'rejected': found text that",
        ),
        (
            {"chosen": dialogue("Q"), "rejected": dialogue("Q", "A")},
            "field 'chosen': found a last turn of the human",
        ),
        (
            {"chosen": dialogue("Q", "A"), "rejected": dialogue("P", "A")},
            "dialogues that share no human turn",
        ),
        ({"chosen": dialogue("Q", "\ud800"), "rejected": dialogue("Q", "A")}, "half a character"),
        ({"chosen": dialogue(" ", "A"), "rejected": dialogue(" ", "B")}, "an empty last human turn"),
    ],
)
def test_a_line_that_is_not_as_published_is_named(tmp_path: Path, row: dict[str, Any], message: str) -> None:
    with pytest.raises(CorpusError, match=re.escape(message)) as caught:
        read_hh_rlhf(hh_file(tmp_path, {"chosen": dialogue("Q", "A"), "rejected": dialogue("Q", "B")}, row))
    assert "test.jsonl:2: " in str(caught.value)
    assert "1 problem," in str(caught.value)


def test_the_published_test_split_is_read_whole_and_shows_its_known_facts() -> None:
    path = shared("hh_rlhf_harmless/harmless-base_test.jsonl.gz")
    corpus = read_hh_rlhf(path)
    assert len(corpus.pairs) == 2312
    counts = {notice.kind: len(notice.pair_ids) for notice in corpus.notices}
    assert (counts["differing_context"], counts["empty_response"]) == (5, 4)
    longer, unequal, apology_preferred, one_apologises = 0, 0, 0, 0
    for pair in corpus.pairs:
        assert pair.label in ("a", "b")
        chosen, rejected = pair.response(pair.label), pair.response("b" if pair.label == "a" else "a")
        unequal += len(chosen) != len(rejected)
        longer += len(chosen) > len(rejected)
        apologises = [
            bool(re.search(r"\b(sorry|apolog)", text, re.IGNORECASE)) for text in (chosen, rejected)
        ]
        one_apologises += apologises[0] != apologises[1]
        apology_preferred += apologises[0] and not apologises[1]
    assert (len(corpus.pairs) - unequal, one_apologises) == (11, 249)
    assert round(100 * longer / unequal, 1) == 44.5
    assert round(100 * apology_preferred / one_apologises, 1) == 71.5
    a_share = sum(pair.label == "a" for pair in corpus.pairs) / len(corpus.pairs)
    assert 0.45 < a_share < 0.55


def test_a_file_of_derived_preferences_is_read_with_its_own_column_names() -> None:
    corpus = read_jsonl(
        shared("xstest_mistral/pairs.jsonl"),
        fields={"label": "human_preference", "system_a": "model_a", "system_b": "model_b"},
        when_absent={"label_source": "derived_from_ratings", "language": "en"},
    )
    labels = [pair.label for pair in corpus.pairs]
    assert [labels.count(label) for label in ("a", "b", "tie")] == [93, 95, 262]
    assert {pair.label_source for pair in corpus.pairs} == {LabelSource.DERIVED_FROM_RATINGS}


def test_hub_rows_go_through_the_same_check() -> None:
    columns = Columns({"prompt": "question", "label": "winner"}, {"label_source": "gold"})
    rows = [
        {"question": "How?", "response_a": "x", "response_b": "y", "winner": "B"},
        {"question": "How?", "response_a": "x", "response_b": None, "winner": "model_a"},
    ]
    good, bad = hub_rows(rows, "owner/set[test]", "owner/set", columns)
    assert good.pair is not None
    assert (good.pair.id, good.pair.label, good.pair.label_source) == ("owner/set/1", "b", LabelSource.GOLD)
    assert [str(problem).partition(", expected")[0] for problem in bad.problems] == [
        "owner/set[test]:2: field 'response_b': found null",
        "owner/set[test]:2: field 'winner': found 'model_a'",
    ]


def test_only_a_full_commit_is_a_pinned_revision() -> None:
    assert unpinned("owner/set", "0123456789abcdef0123456789abcdef01234567") == ()
    for revision in (None, "main", "0123456"):
        (notice,) = unpinned("owner/set", revision)
        assert notice.kind == "unpinned_revision"


def test_without_the_datasets_library_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)  # as if it were not installed
    with pytest.raises(CorpusError, match=re.escape("pip install 'judgeaudit[hub]'")):
        read_hub("owner/set", "test")


def test_a_local_dataset_folder_is_read_through_the_datasets_library(tmp_path: Path) -> None:
    row = {"prompt": "How?", "response_a": "x", "response_b": "y", "votes": ["a"]}
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "test.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    corpus = read_hub(str(tmp_path / "set"), "test", name="n")
    assert [(pair.id, pair.label) for pair in corpus.pairs] == [("n/1", "a")]
    assert corpus.sha256 is None
    with pytest.raises(CorpusError, match="could not be loaded"):
        read_hub(str(tmp_path / "nowhere"), "test")


def data_config(name: str, *overrides: str) -> DictConfig:
    """The configuration of a data source as a run sees it, less the description."""
    with initialize_config_dir(str(catalog.root() / "conf"), version_base="1.3"):
        config: DictConfig = compose(f"data/{name}", overrides=list(overrides)).data
    with open_dict(config):
        assert config.pop("description")
    return config


@pytest.mark.parametrize("name", ["csv", "jsonl", "parquet", "hh_rlhf"])
def test_every_data_configuration_reads_a_file_named_on_the_command_line(tmp_path: Path, name: str) -> None:
    row = {"prompt": "How?", "response_a": "x", "response_b": "y"}
    paths = {
        "csv": lambda: csv_file(tmp_path, f"{HEADER}\nHow?,x,y\n"),
        "jsonl": lambda: hh_file(tmp_path, row),
        "parquet": lambda: parquet_file(tmp_path, {key: [value] for key, value in row.items()}),
        "hh_rlhf": lambda: hh_file(
            tmp_path, {"chosen": dialogue("How?", "x"), "rejected": dialogue("How?", "y")}
        ),
    }
    corpus = instantiate(data_config(name, f"data.path={paths[name]()}", "data.name=n", "data.limit=1"))
    assert isinstance(corpus, Corpus)
    assert (corpus.name, corpus.pairs[0].prompt, corpus.left_out) == ("n", "How?", {"limit": 0})


def test_columns_and_filters_are_set_on_the_command_line(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "prompt,response_a,response_b,winner,domain\nHow?,x,y,B,u\nWhy?,x,y,A,v\n")
    corpus = instantiate(
        data_config(
            "csv",
            f"data.path={path}",
            "data.fields.label=winner",
            "data.when_absent.label_source=gold",
            "data.domains=[u]",
        )
    )
    assert [(pair.label, pair.label_source) for pair in corpus.pairs] == [("b", LabelSource.GOLD)]
    assert corpus.left_out == {"domain": 1}


def test_the_default_data_configuration_reads_the_built_in_pairs() -> None:
    corpus = instantiate(data_config("builtin", "data.limit=5"))
    assert (corpus.name, len(corpus.pairs)) == ("builtin", 5)


def test_the_hub_configuration_asks_for_repo_and_split() -> None:
    config = data_config("hub")
    assert OmegaConf.missing_keys(config) == {"data.repo", "data.split"}


def test_a_mistake_in_the_file_is_the_cause_of_hydras_error(tmp_path: Path) -> None:
    with pytest.raises(InstantiationException) as caught:
        instantiate(data_config("jsonl", f"data.path={tmp_path / 'none.jsonl'}"))
    assert isinstance(caught.value.__cause__, CorpusError)


def test_the_examples_of_the_documentation_are_pairs(tmp_path: Path) -> None:
    page = Path(__file__).resolve().parents[1] / "docs" / "data.md"
    blocks = dict(re.findall(r"```(json|csv)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL))
    (tmp_path / "pairs.jsonl").write_text(blocks["json"], encoding="utf-8")
    from_json = read_jsonl(tmp_path / "pairs.jsonl")
    assert [(pair.label, pair.label_source) for pair in from_json.pairs] == [
        ("b", LabelSource.SIDE_BY_SIDE_VOTES),
        ("a", LabelSource.GOLD),
    ]
    assert [len(pair.turns) for pair in from_json.pairs] == [1, 3]
    from_csv = read_csv(csv_file(tmp_path, blocks["csv"]))
    assert from_csv.pairs[0].label == "b"
    assert from_json.notices == from_csv.notices == ()


def test_importing_the_readers_loads_no_table_library() -> None:
    code = (
        "import sys, judgeaudit.corpora; "
        "print([m for m in ('pandas', 'pyarrow', 'datasets', 'hydra') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_gzipped_csv_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv.gz"
    path.write_bytes(gzip.compress(f"{HEADER}\nHow?,x,y\n".encode()))
    assert read_csv(path).pairs[0].id == "pairs/2"
