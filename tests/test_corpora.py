"""Reading pairs: what is accepted, what is refused and how it is said, and what is noticed."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judgeaudit.corpora import Corpus, corpus_table, read_builtin, read_jsonl
from judgeaudit.corpora.columns import SCHEMA, Columns
from judgeaudit.corpora.rows import majority, read_row
from judgeaudit.errors import CorpusError
from judgeaudit.records import LabelSource, Turn

# How long an example takes says nothing here: the machine may be busy.
ANY_SPEED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TABLE_COLUMNS = [
    *(
        "pair_id",
        "prompt",
        "n_turns",
        "response_a",
        "response_b",
        "domain",
        "language",
        "system_a",
        "system_b",
    ),
    *(
        "label",
        "label_source",
        "votes",
        "length_a",
        "length_b",
        "refuses_a",
        "refuses_b",
        "ratings_a",
        "ratings_b",
    ),
]
GOOD: dict[str, Any] = {"prompt": "How?", "response_a": "Like this.", "response_b": "Like that."}


def write(folder: Path, *rows: Any, name: str = "pairs.jsonl") -> Path:
    """A JSON Lines file; a row that is bytes is written as it is, any other as JSON."""
    lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    path = folder / name
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def problem_with(folder: Path, row: Any) -> str:
    """What the error says about a file in which this row is line 2."""
    with pytest.raises(CorpusError) as caught:
        read_jsonl(write(folder, GOOD, row))
    return str(caught.value)


def kinds(corpus: Corpus) -> list[str]:
    return [notice.kind for notice in corpus.notices]


def test_a_full_row_becomes_a_pair_with_every_field(tmp_path: Path) -> None:
    row = GOOD | {
        "id": "p1",
        "domain": "self-harm",
        "language": "en-NG",
        "system_a": "x",
        "system_b": "y",
        "votes": ["A", "tie", "a"],
        "label": "A",
        "label_source": "side_by_side_votes",
    }
    (pair,) = read_jsonl(write(tmp_path, row)).pairs
    assert (pair.id, pair.domain, pair.language, pair.system_a, pair.system_b) == (
        "p1",
        "self-harm",
        "en-NG",
        "x",
        "y",
    )
    assert (pair.votes, pair.label, pair.label_source) == (
        ("a", "tie", "a"),
        "a",
        LabelSource.SIDE_BY_SIDE_VOTES,
    )
    assert (pair.turns, pair.response("b")) == ((Turn("user", "How?"),), "Like that.")


def test_a_conversation_keeps_its_turns(tmp_path: Path) -> None:
    turns = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": ""},
        {"role": "user", "content": "How?"},
    ]
    (pair,) = read_jsonl(write(tmp_path, GOOD | {"prompt": turns})).pairs
    assert [turn.role for turn in pair.turns] == ["system", "user", "assistant", "user"]
    assert pair.prompt == "How?"


def test_a_pair_without_an_id_is_named_after_the_corpus_and_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD, b"", GOOD | {"prompt": "Why?"}, name="mine.v2.jsonl")
    corpus = read_jsonl(path)
    assert (corpus.name, [pair.id for pair in corpus.pairs]) == ("mine.v2", ["mine.v2/1", "mine.v2/3"])
    assert [pair.id for pair in read_jsonl(path, name="other").pairs] == ["other/1", "other/3"]


@pytest.mark.parametrize(
    ("change", "field", "found"),
    [
        ({"prompt": None}, "prompt", "null"),
        ({"prompt": 7}, "prompt", "7"),
        ({"prompt": " \n"}, "prompt", "an empty prompt"),
        ({"prompt": []}, "prompt", "no turns"),
        ({"prompt": ["Hi"]}, "prompt", "turn 1: 'Hi'"),
        ({"prompt": [{"role": "human", "content": "Hi"}]}, "prompt", "turn 1: role 'human'"),
        ({"prompt": [{"role": "user"}]}, "prompt", "turn 1: content None"),
        ({"prompt": [{"role": "assistant", "content": "Hi"}]}, "prompt", "a last turn of assistant"),
        ({"prompt": [{"role": "user", "content": ""}]}, "prompt", "an empty prompt"),
        ({"response_a": None}, "response_a", "null"),
        ({"response_a": float("nan")}, "response_a", "null"),
        ({"response_b": 3.5}, "response_b", "3.5"),
        ({"response_b": ["x"]}, "response_b", "['x']"),
        ({"response_b": "cut \ud83d"}, "response_b", "half a character"),
        ({"id": "\udc00"}, "id", "half a character"),
        ({"id": ""}, "id", "''"),
        ({"id": True}, "id", "True"),
        ({"domain": 4}, "domain", "4"),
        ({"votes": "a"}, "votes", "'a'"),
        ({"votes": ["a", "c"]}, "votes", "'c'"),
        ({"votes": ["a", None]}, "votes", "None"),
        ({"votes": ["a"], "label_source": "none"}, "label_source", "none beside votes"),
        ({"label": "c", "label_source": "gold"}, "label", "'c'"),
        ({"label": 1, "label_source": "gold"}, "label", "1"),
        ({"label": "a"}, "label_source", "nothing beside a label"),
        ({"label": "a", "label_source": "none"}, "label_source", "none beside a label"),
        ({"label": "a", "label_source": "human"}, "label_source", "'human'"),
        ({"label_source": "gold"}, "label_source", "gold without a label"),
    ],
)
def test_a_bad_value_is_named_by_file_line_and_field(
    tmp_path: Path, change: dict[str, Any], field: str, found: str
) -> None:
    message = problem_with(tmp_path, GOOD | change)
    assert f"pairs.jsonl:2: field '{field}': found {found}" in message
    assert message.count("pairs.jsonl:2:") == 1, "one mistake, one problem"
    assert "expected" in message
    message.encode("utf-8")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b"{", "bad JSON at column 2"),
        (b"[1, 2]", "[1, 2]"),
        (b'"text"', "'text'"),
        (b'{"prompt": "caf\xe9"}', r"the bytes b'\xe9" + '"}' + "' at byte 16"),
        (b'{"prompt": "x", "prompt": "y"}', "the key twice"),
        (b"[" * 100_000, "JSON that cannot be read"),
        (b'{"prompt": ' + b"9" * 5_000 + b"}", "JSON that cannot be read"),
    ],
)
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: bytes, found: str) -> None:
    message = problem_with(tmp_path, line)
    assert "pairs.jsonl:2: " in message
    assert found in message


def test_a_long_value_is_shown_shortened_and_escaped(tmp_path: Path) -> None:
    message = problem_with(tmp_path, GOOD | {"label": "\x1b[31m" + "x" * 10_000, "label_source": "gold"})
    assert r"'\x1b[31mxxx" in message
    assert "\x1b" not in message
    assert len(message) < 500


def test_a_misspelt_required_field_is_suggested(tmp_path: Path) -> None:
    row = {"prompt": "How?", "respons_a": "Like this.", "response_b": "Like that."}
    assert "is it the column 'respons_a'?" in problem_with(tmp_path, row)


def test_all_problems_of_a_file_come_in_one_error_and_nothing_is_read(tmp_path: Path) -> None:
    bad = {"prompt": 1, "response_a": 2}
    with pytest.raises(CorpusError) as caught:
        read_jsonl(write(tmp_path, GOOD, *[bad] * 10))
    message = str(caught.value)
    assert "30 problems, no pair was read" in message
    assert message.count("pairs.jsonl:") == 1 + 20
    assert "... and 10 more" in message
    assert "on_error=skip" in message


def test_skipped_rows_are_listed_and_the_rest_is_read(tmp_path: Path) -> None:
    corpus = read_jsonl(write(tmp_path, b"{", GOOD, {"prompt": 1, "response_a": "x"}), on_error="skip")
    assert [pair.id for pair in corpus.pairs] == ["pairs/2"]
    assert [(problem.line, problem.field) for problem in corpus.skipped] == [
        (1, None),
        (3, "prompt"),
        (3, "response_b"),
    ]


def test_a_file_without_any_good_row_is_an_error_even_when_skipping(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="1 problem, no pair was read"):
        read_jsonl(write(tmp_path, b"{"), on_error="skip")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_an_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pairs.jsonl").write_bytes(content)
    with pytest.raises(CorpusError, match="found no rows"):
        read_jsonl(tmp_path / "pairs.jsonl")


def test_an_id_used_twice_names_both_lines(tmp_path: Path) -> None:
    message = problem_with(tmp_path, GOOD | {"id": "pairs/1"})
    assert "pairs.jsonl:2: field 'id': found 'pairs/1', already used at " in message
    assert "pairs.jsonl:1," in message


def test_whole_numbers_are_ids(tmp_path: Path) -> None:
    assert [pair.id for pair in read_jsonl(write(tmp_path, GOOD | {"id": 12})).pairs] == ["12"]


@pytest.mark.parametrize(
    ("votes", "label"),
    [
        (["a", "b", "b"], "b"),
        (["tie", "tie", "a"], "tie"),
        (["a", "b", "tie"], None),
        (["a", "b"], None),
        (["a", "a", "b", "tie"], None),
    ],
)
def test_votes_make_a_label_only_by_more_than_half(
    tmp_path: Path, votes: list[str], label: str | None
) -> None:
    corpus = read_jsonl(write(tmp_path, GOOD | {"votes": votes}))
    (pair,) = corpus.pairs
    assert pair.votes == tuple(votes)
    assert pair.label == label
    expected = LabelSource.NONE if label is None else LabelSource.SIDE_BY_SIDE_VOTES
    assert pair.label_source == expected
    assert kinds(corpus) == (["no_majority"] if label is None else [])


def test_a_stated_source_of_votes_is_kept(tmp_path: Path) -> None:
    row = GOOD | {"votes": ["a"], "label_source": "derived_from_ratings"}
    assert read_jsonl(write(tmp_path, row)).pairs[0].label_source is LabelSource.DERIVED_FROM_RATINGS


def test_a_label_against_its_votes_is_kept_and_noticed(tmp_path: Path) -> None:
    row = GOOD | {"votes": ["a", "a"], "label": "b", "label_source": "gold"}
    corpus = read_jsonl(write(tmp_path, row))
    assert corpus.pairs[0].label == "b"
    assert [(notice.kind, notice.pair_ids) for notice in corpus.notices] == [
        ("label_disagrees_with_votes", ("pairs/1",))
    ]


@ANY_SPEED
@given(st.lists(st.sampled_from(["a", "b", "tie"])))
def test_a_majority_does_not_depend_on_the_order_of_votes(votes: list[Any]) -> None:
    assert majority(votes) == majority(votes[::-1]) == majority(sorted(votes))


def test_a_misspelt_optional_column_does_not_vanish_silently(tmp_path: Path) -> None:
    corpus = read_jsonl(write(tmp_path, GOOD | {"lable": "a"}, GOOD | {"prompt": "Why?"}))
    (notice,) = corpus.notices
    assert notice.kind == "unknown_fields"
    assert "'lable' (1 row, meant label?)" in notice.text


def test_unknown_fields_of_a_turn_are_noticed(tmp_path: Path) -> None:
    turn = {"role": "user", "content": "Hi", "name": "Jo"}
    (notice,) = read_jsonl(write(tmp_path, GOOD | {"prompt": [turn]})).notices
    assert "'prompt[].name'" in notice.text


def test_empty_identical_and_repeated_pairs_are_kept_and_noticed(tmp_path: Path) -> None:
    rows = [
        GOOD | {"id": "first", "label": "a", "label_source": "gold"},
        GOOD | {"id": "empty", "response_a": ""},
        GOOD | {"id": "same", "response_a": "x", "response_b": "x"},
        GOOD | {"id": "other prompt", "prompt": "Why?"},
        GOOD
        | {
            "id": "turned",
            "response_a": GOOD["response_b"],
            "response_b": GOOD["response_a"],
            "label": "a",
            "label_source": "gold",
        },
    ]
    corpus = read_jsonl(write(tmp_path, *rows))
    assert len(corpus.pairs) == 5
    assert {notice.kind: notice.pair_ids for notice in corpus.notices} == {
        "empty_response": ("empty",),
        "identical_responses": ("same",),
        "repeated_responses": ("first", "empty", "turned"),
        "repeated_prompts": ("same",),
        "duplicate_pair": ("first", "turned"),
    }
    assert (
        corpus.notices[-1].text
        == "2 pairs have the same prompt and responses, on swapped sides, and different labels"
    )


def test_a_swapped_duplicate_with_the_swapped_label_is_no_disagreement(tmp_path: Path) -> None:
    swapped = {"response_a": GOOD["response_b"], "response_b": GOOD["response_a"]}
    gold = {"label_source": "gold"}
    corpus = read_jsonl(write(tmp_path, GOOD | gold | {"label": "a"}, GOOD | gold | swapped | {"label": "b"}))
    assert corpus.notices[0].text == "2 pairs have the same prompt and responses, on swapped sides"


def test_notices_speak_only_of_pairs_that_were_kept(tmp_path: Path) -> None:
    rows = [GOOD | {"domain": "x"}, GOOD | {"domain": "y", "response_a": "", "votes": ["a", "b"]}]
    assert read_jsonl(write(tmp_path, *rows), domains=["x"]).notices == ()


def test_fields_and_fallbacks_read_a_foreign_file(tmp_path: Path) -> None:
    rows = [
        {"q": "How?", "response_a": "x", "response_b": "y", "winner": "B"},
        {"q": "Why?", "response_a": "x", "response_b": "y", "winner": None, "language": "de"},
    ]
    corpus = read_jsonl(
        write(tmp_path, *rows),
        fields={"prompt": "q", "label": "winner", "id": None},
        when_absent={"label_source": "gold", "language": "en", "domain": None},
    )
    first, second = corpus.pairs
    assert (first.prompt, first.label, first.label_source, first.language) == (
        "How?",
        "b",
        LabelSource.GOLD,
        "en",
    )
    assert (second.label, second.label_source, second.language) == (None, LabelSource.NONE, "de")
    assert corpus.notices == ()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"fields": {"label": "winer"}},
            r"names the column 'winer', which no row has.*Did you mean 'winner'",
        ),
        ({"fields": {"lable": "winner"}}, r"fields: found 'lable', expected one of"),
        ({"fields": {"label": 3}}, r"fields.label: found 3, expected text"),
        ({"when_absent": {"label": "a"}}, r"when_absent: found 'label'"),
        ({"when_absent": {"label_source": "human"}}, r"when_absent.label_source: found 'human'"),
        ({"when_absent": {"label_source": "none"}}, r"when_absent.label_source: found 'none'"),
        ({"on_error": "ignore"}, r"on_error: found 'ignore', expected raise or skip"),
        ({"limit": 0}, r"limit: found 0"),
        ({"limit": True}, r"limit: found True"),
        ({"limits": 3}, r"found the option 'limits'"),
        ({"domains": ["x"]}, r"domains asks for 'x', which no pair has; found: y"),
        ({"languages": "fr"}, r"languages asks for 'fr', which no pair has; found: de"),
    ],
)
def test_a_wrong_setting_is_explained(tmp_path: Path, settings: dict[str, Any], message: str) -> None:
    path = write(tmp_path, GOOD | {"winner": "a", "domain": "y", "language": "de"})
    with pytest.raises(CorpusError, match=message):
        read_jsonl(path, **settings)


def test_what_filters_and_limit_leave_out_is_counted(tmp_path: Path) -> None:
    rows = [
        GOOD | {"id": f"{domain}{language}{index}", "domain": domain, "language": language}
        for domain in ("x", "y")
        for language in ("en", "DE")
        for index in range(4)
    ]
    path = write(tmp_path, *rows, GOOD)
    corpus = read_jsonl(path, domains="x", languages=["de"], limit=3)
    assert corpus.left_out == {"domain": 9, "language": 4, "limit": 1}
    assert len(corpus.pairs) == 3
    assert {(pair.domain, pair.language) for pair in corpus.pairs} == {("x", "DE")}
    assert read_jsonl(path).left_out == {}


def test_filters_that_no_pair_passes_together_are_an_error(tmp_path: Path) -> None:
    rows = [GOOD | {"domain": "x", "language": "en"}, GOOD | {"domain": "y", "language": "de"}]
    with pytest.raises(CorpusError, match="both"):
        read_jsonl(write(tmp_path, *rows), domains="x", languages="de")


def test_a_smaller_limit_keeps_a_subset_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, *[GOOD | {"prompt": f"{index}"} for index in range(50)])
    everything = [pair.id for pair in read_jsonl(path).pairs]
    ten, twenty = ([pair.id for pair in read_jsonl(path, limit=n).pairs] for n in (10, 20))
    assert len(ten) == 10
    assert set(ten) < set(twenty)
    assert twenty == [pair_id for pair_id in everything if pair_id in twenty]
    assert ten != [pair.id for pair in read_jsonl(path, limit=10, limit_seed=1).pairs]
    assert read_jsonl(path, limit=99).left_out == {"limit": 0}


def test_plain_gzipped_and_marked_files_give_the_same_pairs(tmp_path: Path) -> None:
    plain = write(tmp_path, GOOD)
    data = plain.read_bytes()
    packed, marked, windows = tmp_path / "pairs.jsonl.gz", tmp_path / "m.jsonl", tmp_path / "w.jsonl"
    packed.write_bytes(gzip.compress(data))
    marked.write_bytes(b"\xef\xbb\xbf" + data)
    windows.write_bytes(data.replace(b"\n", b"\r\n"))
    expected = read_jsonl(plain, name="n").pairs
    for path in (packed, marked, windows):
        corpus = read_jsonl(path, name="n")
        assert corpus.pairs == expected
        assert corpus.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert corpus.source == str(path)
    assert read_jsonl(packed).name == "pairs"


def test_line_separators_inside_a_text_end_no_line(tmp_path: Path) -> None:
    row = json.dumps(GOOD | {"response_a": "one\u2028two\x85three"}, ensure_ascii=False).encode()
    corpus = read_jsonl(write(tmp_path, row, GOOD | {"prompt": "Why?"}))
    assert [pair.id for pair in corpus.pairs] == ["pairs/1", "pairs/2"]
    assert corpus.pairs[0].response_a == "one\u2028two\x85three"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (gzip.compress(b"{}" * 1000, mtime=0)[:-12], "broken or cut-off gzip"),
        (b"\x1f\x8bnonsense", "broken or cut-off gzip"),
        ("{}".encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_that_is_no_text_is_explained(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "pairs.jsonl.gz"
    path.write_bytes(data)
    with pytest.raises(CorpusError, match=message):
        read_jsonl(path)


def test_a_file_that_is_not_there_names_what_is_near(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, GOOD, name="pairs.jsonl")
    write(tmp_path, GOOD, name="notes.txt")
    with pytest.raises(CorpusError) as caught:
        read_jsonl(tmp_path / "pair.jsonl")
    assert str(caught.value).endswith("in that folder there are: pairs.jsonl.")
    with pytest.raises(CorpusError, match="found a folder, expected a file"):
        read_jsonl(tmp_path)
    with pytest.raises(CorpusError, match=r"nowhere does not exist either"):
        read_jsonl(tmp_path / "nowhere" / "pairs.jsonl")
    with pytest.raises(CorpusError, match="path: found nothing"):
        read_jsonl("")
    monkeypatch.chdir(tmp_path)
    assert read_jsonl("pairs.jsonl").source == "pairs.jsonl"


TEXTS = st.text("a \n\x00\u2028é😀", max_size=3)
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["a", "tie", "gold"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(TEXTS, inner, max_size=3)
        | st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant"]), "content": inner})
    ),
    max_leaves=6,
)
SURROGATES = st.sampled_from(["\ud800", "a\udfffb", "\ude00\ud83d"])


@ANY_SPEED
@given(st.dictionaries(st.sampled_from([*SCHEMA, "extra", "\ud800"]), JSON_VALUES | SURROGATES))
def test_any_row_is_a_sound_pair_or_a_printable_problem(row: dict[str, Any]) -> None:
    read = read_row(row, file="f", line=1, default_id="f/1", columns=Columns())
    for problem in read.problems:
        str(problem).encode("utf-8")
    assert (read.pair is None) == bool(read.problems)
    if read.pair is not None:
        repr(read.pair).encode("utf-8")
        assert read.pair.turns[-1].role == "user"
        assert (read.pair.label is None) == (read.pair.label_source is LabelSource.NONE)


def test_the_built_in_pairs_are_read_and_their_labels_are_called_constructed() -> None:
    corpus = read_builtin()
    assert corpus.skipped == ()
    assert {pair.label_source for pair in corpus.pairs} <= {LabelSource.CONSTRUCTED, LabelSource.NONE}
    assert not {"unknown_fields", "duplicate_pair", "empty_response"} & set(kinds(corpus))
    assert read_builtin(limit=3, languages="en").left_out["limit"] > 0


def test_a_folder_is_read_in_order_of_file_names_and_its_digest_covers_all_files(tmp_path: Path) -> None:
    write(tmp_path, GOOD | {"construction": "by hand"}, name="b.jsonl")
    write(tmp_path, GOOD | {"prompt": "Why?"}, name="a.jsonl")
    corpus = read_builtin(tmp_path, name="n")
    assert [pair.id for pair in corpus.pairs] == ["n/a/1", "n/b/1"]
    assert corpus.notices == ()
    joined = (tmp_path / "a.jsonl").read_bytes() + (tmp_path / "b.jsonl").read_bytes()
    assert corpus.sha256 == hashlib.sha256(joined).hexdigest()
    with pytest.raises(CorpusError, match=r"found no \.jsonl file"):
        read_builtin(tmp_path / "nowhere")


def test_the_table_of_a_corpus_survives_parquet(tmp_path: Path) -> None:
    import pandas as pd

    turns = [{"role": role, "content": role} for role in ("user", "assistant", "user")]
    rows = [
        GOOD | {"prompt": turns, "response_a": "\U0001f600", "response_b": ""},
        GOOD
        | {"votes": ["a", "b", "a"], "domain": "x", "response_b": "I'm sorry, but I can't help with that."},
    ]
    table = corpus_table(read_jsonl(write(tmp_path, *rows)))
    assert list(table.columns) == TABLE_COLUMNS
    assert table[["prompt", "n_turns", "length_a", "length_b", "label_source"]].values.tolist() == [
        ["user", 3, 1, 0, "none"],
        ["How?", 1, 10, 38, "side_by_side_votes"],
    ]
    assert table[["refuses_a", "refuses_b"]].values.tolist() == [[False, False], [False, True]]
    table.to_parquet(tmp_path / "pairs.parquet")
    back = pd.read_parquet(tmp_path / "pairs.parquet")
    assert [list(votes) for votes in back["votes"]] == [[], ["a", "b", "a"]]
    pd.testing.assert_frame_equal(back.drop(columns="votes"), table.drop(columns="votes"))
