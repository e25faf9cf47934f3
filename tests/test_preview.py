"""What perturbations make of texts is shown side by side, counted and written, and no text commands the terminal."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hydra import compose, initialize
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import DictConfig
from rich.console import Console

from judgeaudit import catalog
from judgeaudit.errors import ConfigurationError, CorpusError, PerturbationError
from judgeaudit.perturb import PerturbedText, Status
from judgeaudit.preview import WRITTEN, Wishes, json_line, preview
from judgeaudit.records import Pair, Turn
from judgeaudit.run_folder import text_table
from judgeaudit.side_by_side import (
    DELETED,
    INSERTED,
    MOST_TOKENS,
    SHOWN_CHARACTERS,
    marked,
    parts,
    side_by_side,
    visible,
)
from judgeaudit.text_summary import Kept, summaries

ESCAPE = re.compile("\x1b\\[[0-9;]*m")
"""The only sequences that may reach a terminal: those that set colours."""


def console(*, terminal: bool = False, width: int = 120) -> Console:
    return Console(
        file=io.StringIO(),
        force_terminal=terminal,
        width=width,
        highlight=False,
        markup=False,
        color_system="truecolor" if terminal else None,
    )


def printed(to: Console) -> str:
    assert isinstance(to.file, io.StringIO)
    return to.file.getvalue()


def styled(original: str, perturbed: str) -> tuple[list[str], list[str]]:
    """What is marked as deleted, and what as inserted."""
    left, right = marked(original, perturbed)
    return (
        [left.plain[span.start : span.end] for span in left.spans if span.style == DELETED],
        [right.plain[span.start : span.end] for span in right.spans if span.style == INSERTED],
    )


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_parts_of_two_texts_give_both_back(one: str, two: str) -> None:
    found = parts(one, two)
    assert "".join(part.left for part in found) == one
    assert "".join(part.right for part in found) == two


@given(st.text(alphabet="ab c.\n", max_size=80))
def test_a_text_beside_itself_has_no_change(text: str) -> None:
    assert all(part.same for part in parts(text, text))
    assert styled(text, text) == ([], [])


def test_a_changed_word_is_deleted_on_the_left_and_inserted_on_the_right() -> None:
    assert styled("Cut the grapes lengthwise.", "Cut the graeps lengthwise.") == (["grapes"], ["graeps"])


def test_what_was_put_in_front_is_inserted_and_nothing_is_deleted() -> None:
    assert styled("Yes, of course.", "I'm sorry.\n\nYes, of course.") == ([], ["I'm sorry.\n\n"])


def test_without_colours_changes_stand_in_marks() -> None:
    left, right = marked("a b c", "a x c", plain=True)
    assert (left.plain, right.plain) == ("a [-b-] c", "a {+x+} c")


def test_invisible_characters_and_look_alikes_are_written_out_where_something_changed() -> None:
    assert styled("small grapes", "sm\u200ball gr\u0430pes")[1] == ["sm⟨U+200B⟩all", "gr\u0430⟨U+0430⟩pes"]


def test_a_word_of_look_alikes_alone_is_seen_through() -> None:
    assert styled("a cop", "a \u0441\u043e\u0440")[1] == ["\u0441⟨U+0441⟩\u043e⟨U+043E⟩\u0440⟨U+0440⟩"]


def test_a_translation_is_not_taken_for_look_alikes() -> None:
    assert styled("The house is old.", "Дом старый.")[1] == ["Дом", "старый"]


def test_accents_do_not_make_a_word_suspicious() -> None:
    assert styled("a cafe", "a café")[1] == ["café"]


def test_added_spaces_and_line_breaks_can_be_seen() -> None:
    assert styled("a b", "a   b")[1] == ["···"]
    assert styled("a b", "a\n\nb")[1] == ["↵\n↵\n"]


def test_what_did_not_change_is_left_as_people_write_it() -> None:
    family = "👨\u200d👩\u200d👧 سلام\u200cها"
    left, right = marked(f"{family} one", f"{family} two")
    assert left.plain == f"{family} one"
    assert right.plain == f"{family} two"


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[2J\x1b]0;owned\x07", "⟨U+001B⟩[2J⟨U+001B⟩]0;owned⟨U+0007⟩"),
        ("\x9b31m", "⟨U+009B⟩31m"),
        ("a\rb\x08\x00\x7f", "a⟨U+000D⟩b⟨U+0008⟩⟨U+0000⟩⟨U+007F⟩"),
        ("\u202eevil\u2066", "⟨U+202E⟩evil⟨U+2066⟩"),
        ("half \ud83d", "half ⟨U+D83D⟩"),
        ("a\u2028b", "a⟨U+2028⟩b"),
    ],
)
def test_characters_that_command_a_terminal_are_written_out(hostile: str, shown: str) -> None:
    assert visible(hostile) == shown


@given(st.text(alphabet=st.characters(codec=None), max_size=40), st.text(max_size=40))
def test_no_text_can_send_the_terminal_anything_but_our_colours(one: str, two: str) -> None:
    to = console(terminal=True)
    to.print(side_by_side(one, one, two))
    rest = ESCAPE.sub("", printed(to))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", rest)


def test_rich_markup_in_a_text_or_an_id_is_text() -> None:
    to = console()
    to.print(side_by_side("[red]id[/red]", "[bold]a[/bold] :smile:", "[bold]a[/bold] [link=x]b[/link]"))
    for written in ("[red]id[/red]", "[bold]a[/bold]", ":smile:", "b[/link]"):
        assert written in printed(to)


def test_the_middle_of_a_long_unchanged_stretch_is_left_out() -> None:
    long = "word " * 1_000
    left, right = marked(f"{long}end", f"{long}End")
    assert "[-" not in left.plain
    assert left.plain.endswith("word end")
    assert right.plain.endswith("word End")
    assert "⟨… 4,520 characters …⟩" in left.plain
    assert len(left.plain) < 600


def test_a_text_with_more_changes_than_anyone_reads_is_cut_and_says_by_how_much() -> None:
    one, two = "a " * 200_000, "b " * 200_000
    left, right = marked(one, two)
    assert len(left.plain) < 2 * SHOWN_CHARACTERS
    assert left.plain.endswith(f"⟨… {400_000 - SHOWN_CHARACTERS:,} more characters⟩")
    assert right.plain.endswith("more characters⟩")


def test_words_beyond_those_compared_are_one_change_and_not_lost() -> None:
    one = "".join(f"a{n} " for n in range(MOST_TOKENS))
    two = "".join(f"b{n} " for n in range(MOST_TOKENS))
    found = parts(one, two)
    assert "".join(part.left for part in found) == one
    assert "".join(part.right for part in found) == two


@pytest.mark.parametrize("text", ["'" + "a" * 1_000_000, "(" * 1_000_000, " " * 1_000_000])
def test_a_megabyte_of_one_character_is_shown_like_any_text(text: str) -> None:
    left, right = marked(text, f"Sorry. {text}")
    assert len(left.plain) + len(right.plain) < 4 * SHOWN_CHARACTERS


PAIR = Pair("p", (Turn("user", "?"),), "one 1", "two", language="PT_br")


def outcome(
    status: Status, reason: str | None = None, text: str | None = None, name: str = "x"
) -> PerturbedText:
    return PerturbedText("p", name, "a", status, text, reason)


def test_a_line_has_both_texts_and_everything_known_of_them() -> None:
    row = json.loads(json_line(outcome(Status.CHANGED, text="ONE 1"), PAIR))
    assert row == {
        "pair_id": "p", "side": "a", "perturbation": "x", "status": "changed", "reason": None, "original": "one 1",
        "text": "ONE 1", "writer": None, "language": "pt-br", "checks": None,
    }  # fmt: skip


def test_a_summary_counts_every_status_and_reason_of_every_perturbation() -> None:
    texts = [
        outcome(Status.CHANGED, text="ONE"),
        outcome(Status.FAILED, "broken"),
        outcome(Status.FAILED, "broken"),
        outcome(Status.INVALID, "a number lost", "ONE"),
        outcome(Status.NOT_APPLICABLE, "no phrase", name="y"),
    ]
    x, y, z = summaries(text_table(texts), ["x", "y", "z"])
    assert {status.value: n for status, n in x.counts.items()} == {
        "changed": 1, "unchanged": 0, "not_applicable": 0, "failed": 2, "invalid": 1,
    }  # fmt: skip
    assert list(x.reasons.items()) == [((Status.FAILED, "broken"), 2), ((Status.INVALID, "a number lost"), 1)]
    assert y.n_texts == 1
    assert z.n_texts == 0
    assert z.medians == {"length_ratio": None, "edit_distance": None, "chrf": None}


def test_medians_and_kept_shares_are_of_the_changed_texts_that_have_any() -> None:
    table = text_table([outcome(Status.CHANGED, text="t")] * 4 + [outcome(Status.INVALID, text="t")])
    table["length_ratio"] = [1.0, 2.0, 3.0, 10.0, 99.0]
    table["numbers_kept"] = [1.0, 0.5, None, 1.0, 0.0]
    [found] = summaries(table, ["x"])
    assert found.medians["length_ratio"] == 2.5
    assert found.kept["numbers"] == Kept(2, 3)
    assert found.kept["code"].share is None
    assert found.similarity is None


def configured(*overrides: str) -> DictConfig:
    catalog.register()
    with initialize(version_base="1.3", config_path=None):
        return compose("config", [*overrides, "data.limit=4"])


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


APOLOGY = "perturbation=[apology]"
WITHOUT_PLACEBO = "design.arms=[baseline,injected]"


def test_texts_are_shown_counted_and_written_without_a_judge_or_a_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    to = console()
    preview(configured(APOLOGY, "judge=[]", WITHOUT_PLACEBO), Wishes(show=2), to)
    shown = printed(to)
    assert shown.count("apology · ") == 2
    assert shown.count("{+") == 2
    rows = rows_of(tmp_path / "perturbed.jsonl")
    assert [(row["perturbation"], row["side"]) for row in rows[:2]] == [("apology", "a"), ("apology", "b")]
    assert len(rows) == 8
    assert all(row["original"] in row["text"] and row["checks"]["text_kept"] for row in rows)
    assert [path.name for path in tmp_path.iterdir()] == ["perturbed.jsonl"]


def test_neutral_controls_are_made_where_the_design_has_their_arm(tmp_path: Path) -> None:
    preview(configured(APOLOGY), Wishes(out=tmp_path / "t.jsonl"), console())
    assert {row["perturbation"] for row in rows_of(tmp_path / "t.jsonl")} == {"apology", "placebo_of_apology"}


def test_what_the_command_wrote_is_written_over_and_nothing_else(tmp_path: Path) -> None:
    config, wishes = configured(APOLOGY, WITHOUT_PLACEBO), Wishes(out=tmp_path / "t.jsonl", show=0)
    preview(config, wishes, console())
    first = wishes.out.read_bytes()
    preview(config, wishes, console())
    assert wishes.out.read_bytes() == first
    for foreign in ("my notes\n", '{"prompt": "?", "a": "x", "b": "y"}\n', "[1]\n", "\x00"):
        wishes.out.write_text(foreign, encoding="utf-8")
        with pytest.raises(ConfigurationError, match="did not write"):
            preview(config, wishes, console())
        assert wishes.out.read_text(encoding="utf-8") == foreign


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"--out: .*absent.* cannot be written"):
        preview(configured(APOLOGY), Wishes(out=tmp_path / "absent" / "t.jsonl", show=0), console())


@pytest.mark.parametrize("wishes", [Wishes(show=-1), Wishes(review_size=0)])
def test_sizes_below_the_least_are_refused(wishes: Wishes) -> None:
    with pytest.raises(ConfigurationError, match="expected at least 0 and at least 1"):
        preview(configured(APOLOGY), wishes, console())


def test_mistakes_of_configuration_are_those_of_an_audit() -> None:
    with pytest.raises(ConfigurationError, match="perturbation: found none"):
        preview(configured("perturbation=[]"), Wishes(), console())
    with pytest.raises(CorpusError, match=r"absent\.csv"):
        preview(configured(APOLOGY, "data=csv", "data.path=absent.csv"), Wishes(), console())
    with pytest.raises(PerturbationError, match="expected more than 0"):
        preview(configured("perturbation=[typos]", "perturbations.typos.dose=0"), Wishes(), console())


def test_half_a_character_is_written_as_json_writes_it() -> None:
    line = json_line(outcome(Status.CHANGED, text="half \ud83d, قليل"), PAIR)
    assert b"\\ud83d" in line
    assert "قليل" in line.decode("utf-8")
    assert json.loads(line)["text"] == "half \ud83d, قليل"


def test_the_fields_that_tell_our_file_are_in_every_line() -> None:
    assert set(WRITTEN) <= set(json.loads(json_line(outcome(Status.FAILED, "r"), PAIR)))
