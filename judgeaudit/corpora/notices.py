"""What about these pairs is worth knowing, though it keeps none of them out?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches

from judgeaudit.corpora.columns import SCHEMA
from judgeaudit.corpora.corpus import Notice, NoticeKind, shown
from judgeaudit.corpora.rows import ReadRow
from judgeaudit.records import NOT_RECORDED, Pair, Preference

MIRRORED: dict[Preference | None, Preference | None] = {"a": "b", "b": "a", "tie": "tie", None: None}

REMARKS: dict[NoticeKind, str] = {
    "no_majority": "no preference has more than half of the votes: these pairs have votes and no label",
    "label_disagrees_with_votes": "the label is not the majority of the votes: the label was kept",
    "differing_context": "the two dialogues part before their last turn: the turns they share are the "
    "conversation and all that follows is the response",
}


def notices_of(pairs: Sequence[Pair], read: Sequence[ReadRow]) -> tuple[Notice, ...]:
    """Everything worth knowing about the pairs kept, and the columns nothing was read from.

    Each kind is one notice that names all its pairs; only duplicates have one notice for each group. A response that
    stands in several pairs only because they are duplicates is told with them alone.
    """
    kept = {pair.id for pair in pairs}
    found = _unknown_fields(read)
    for kind, meaning in REMARKS.items():
        ids = [row.pair.id for row in read if row.pair and kind in row.remarks and row.pair.id in kept]
        found += _one(kind, list(dict.fromkeys(ids)), meaning)
    found += _matching(
        "empty_response",
        pairs,
        lambda pair: not (pair.response_a.strip() and pair.response_b.strip()),
        "a response is empty: it is shown to judges as it is",
    )
    found += _matching(
        "identical_responses",
        pairs,
        lambda pair: pair.response_a == pair.response_b,
        "the two responses are the same text",
    )
    return (*found, *_repeated_responses(pairs), *_repeated_prompts(pairs), *_duplicates(pairs))


def _one(kind: NoticeKind, ids: Sequence[str], meaning: str) -> list[Notice]:
    count = "1 pair" if len(ids) == 1 else f"{len(ids)} pairs"
    return [Notice(kind, tuple(ids), f"{count}: {meaning}")] if ids else []


def _matching(
    kind: NoticeKind, pairs: Sequence[Pair], holds: Callable[[Pair], bool], meaning: str
) -> list[Notice]:
    return _one(kind, [pair.id for pair in pairs if holds(pair)], meaning)


def _unknown_fields(read: Sequence[ReadRow]) -> list[Notice]:
    """Columns from which no field is read: a misspelt column must not vanish without a word."""
    rows_with: dict[str, int] = {}
    for row in read:
        for column in row.unknown:
            rows_with[column] = rows_with.get(column, 0) + 1
    if not rows_with:
        return []
    described = []
    for column, rows in rows_with.items():
        near = get_close_matches(column.lower(), SCHEMA, n=1, cutoff=0.75)
        question = f", meant {near[0]}?" if near else ""
        described.append(f"{shown(column)} ({rows} row{'s' if rows > 1 else ''}{question})")
    return [Notice("unknown_fields", (), f"columns that were not read: {', '.join(described)}")]


def _duplicates(pairs: Sequence[Pair]) -> list[Notice]:
    """Groups of pairs that are the same conversation and responses, on whichever sides."""
    found = []
    for group in _same_texts(pairs):
        if len(group) == 1:
            continue
        swapped = [pair.response_a != group[0].response_a for pair in group]
        labels = {
            MIRRORED[pair.label] if turned else pair.label
            for pair, turned in zip(group, swapped, strict=True)
        }
        text = f"{len(group)} pairs have the same prompt and responses"
        if any(swapped):
            text += ", on swapped sides"
        if len(labels) > 1:
            text += ", and different labels"
        found.append(Notice("duplicate_pair", tuple(pair.id for pair in group), text))
    return found


def _same_texts(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """The pairs by their conversation and responses, on whichever sides."""
    groups: dict[object, list[Pair]] = {}
    for pair in pairs:
        texts = tuple(sorted((pair.response_a, pair.response_b)))
        groups.setdefault((pair.turns, texts), []).append(pair)
    return list(groups.values())


def _repeated_responses(pairs: Sequence[Pair]) -> list[Notice]:
    """Responses to one conversation that stand in several pairs, duplicates of a pair being one."""
    holders: dict[object, list[list[Pair]]] = {}
    for group in _same_texts(pairs):
        # Pairs whose texts nobody kept are not known to share any.
        for text in {group[0].response_a, group[0].response_b} - {NOT_RECORDED}:
            holders.setdefault((group[0].turns, text), []).append(group)
    repeated = [groups for groups in holders.values() if len(groups) > 1]
    if not repeated:
        return []
    sharing = {pair.id for groups in repeated for group in groups for pair in group}
    stand = "stands" if len(repeated) == 1 else "stand"
    text = (
        f"{len(repeated):,} of {len(holders):,} responses {stand} in several pairs; pairs are then not independent and "
        f"the intervals are narrower than they should be"
    )
    return [Notice("repeated_responses", tuple(pair.id for pair in pairs if pair.id in sharing), text)]


def _repeated_prompts(pairs: Sequence[Pair]) -> list[Notice]:
    """Conversations that several pairs answer, none of whose responses stands in another pair."""
    holders: dict[object, list[list[Pair]]] = {}
    for group in _same_texts(pairs):
        if NOT_RECORDED not in {turn.text for turn in group[0].turns}:
            holders.setdefault(group[0].turns, []).append(group)
    repeated = [groups for groups in holders.values() if len(groups) > 1]
    told = {id_ for notice in _repeated_responses(pairs) for id_ in notice.pair_ids}
    sharing = {pair.id for groups in repeated for group in groups for pair in group} - told
    if not sharing:
        return []
    text = (
        f"{len(sharing):,} of {len(pairs):,} pairs share their prompt with others; where a judge treats such pairs "
        f"alike they are not independent and the intervals are narrower than they should be"
    )
    return [Notice("repeated_prompts", tuple(pair.id for pair in pairs if pair.id in sharing), text)]
