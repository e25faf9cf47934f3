"""How does a text look that says the same in other dress? Bold, headings, list items, emoji, exclamation marks, case.

Where an edit takes a share of places, each place is drawn on its own and with the same number of random numbers
whether or not it is edited, so that with the same seed a lower share edits a subset of the places of a higher one.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Literal

from judgeaudit.errors import PerturbationError
from judgeaudit.perturb.base import TextContext, primary_language
from judgeaudit.perturb.edits.sites import check_share, pick, words
from judgeaudit.perturb.sentences import MASK, Sentence, sentences
from judgeaudit.perturb.spans import open_stretches

LETTER = re.compile(r"[^\W\d_]")

KEY_WORD = rf"[^\W_][^\s*_#|{MASK}.,;:!?…，；：、。！？]*+"
KEY = re.compile(
    rf"{KEY_WORD}(?: {KEY_WORD}){{0,4}}+(?=[,;:，；：、])|{KEY_WORD}(?: {KEY_WORD}){{1,2}}+(?= )"
)
"""What of a line is set in bold: up to five words before its first comma or colon, else its first two or three."""

MOST_KEY_CHARS = 60

LONG_PARAGRAPH_CHARS = 200
"""A shorter paragraph gets no heading of its own."""

HEADINGS: Mapping[str, tuple[str, str, str]] = {
    "en": ("Overview", "Details", "More on this"),
    "de": ("Überblick", "Einzelheiten", "Weiteres"),
    "fr": ("Aperçu", "Détails", "Autres points"),
    "es": ("Resumen", "Detalles", "Otros puntos"),
    "it": ("Panoramica", "Dettagli", "Altri punti"),
    "pt": ("Visão geral", "Detalhes", "Outros pontos"),
    "nl": ("Overzicht", "Details", "Meer hierover"),
    "zh": ("概述", "详情", "更多内容"),
}
"""Titles that fit over any paragraph: the first, the second, and every further one."""

NEUTRAL_EMOJI = ("🙂", "✨", "👉", "📌", "💬", "📝", "🔹", "⭐")
"""They neither approve, warn nor refuse."""

TOPICAL_EMOJI: Mapping[str, str] = {
    "book": "📚", "books": "📚", "read": "📖", "reading": "📖", "write": "✍️", "writing": "✍️",
    "school": "🏫", "teacher": "🧑‍🏫", "doctor": "🩺", "nurse": "🩺", "hospital": "🏥", "medicine": "💊",
    "phone": "📱", "call": "📞", "email": "📧", "letter": "✉️", "message": "💬", "talk": "💬",
    "computer": "💻", "website": "🌐", "internet": "🌐", "photo": "📷", "video": "🎬", "film": "🎬",
    "movie": "🎬", "music": "🎵", "song": "🎵", "food": "🍽️", "cook": "🍳", "kitchen": "🍳",
    "bread": "🍞", "fruit": "🍎", "water": "💧", "drink": "🥤", "coffee": "☕", "tea": "🍵", "home": "🏠",
    "house": "🏠", "garden": "🌱", "plant": "🌱", "plants": "🌱", "tree": "🌳", "dog": "🐶", "cat": "🐱",
    "car": "🚗", "bus": "🚌", "train": "🚆", "plane": "✈️", "travel": "🧳", "map": "🗺️", "city": "🏙️",
    "street": "🏙️", "money": "💰", "bank": "🏦", "pay": "💳", "price": "🏷️", "buy": "🛒", "shop": "🛒",
    "store": "🛒", "work": "💼", "job": "💼", "boss": "💼", "time": "⏰", "hour": "⏰", "hours": "⏰",
    "day": "📅", "week": "📅", "year": "📅", "sleep": "😴", "night": "🌙", "morning": "🌅", "sun": "☀️",
    "rain": "🌧️", "weather": "⛅", "idea": "💡", "think": "💭", "question": "❓", "law": "⚖️",
    "court": "⚖️", "key": "🔑", "lock": "🔒", "password": "🔒", "friend": "🤝", "friends": "🤝",
    "family": "👪", "children": "🧒", "child": "🧒", "sport": "🏃", "run": "🏃", "walk": "🚶",
}  # fmt: skip
"""By English word; a sentence with none of them takes a neutral one."""

ENGLISH_WORD = re.compile(r"[a-z]++")

BLOCK_END = re.compile(r"[ \t]{0,3}(?:\r?\n[ \t]{0,3}\r?\n|\s*+\Z)")

FULL_WIDTH_END = re.compile(r"[。！？](?![。！？」』）”’])")
"""The end of a sentence in Chinese and Japanese, which ``sentences`` does not look for."""

ABBREVIATED = re.compile(
    r"(?<![^\W_])(?:etc|Inc|Ltd|Co|Corp|Jr|Sr|vs|approx|al|ca|bzw|usw|[^\W\d_](?:\.[^\W\d_]){0,6})\.\Z"
)
"""Where the full stop belongs to the last word."""
LONGEST_ABBREVIATED_CHARS = 20

WITH_APOSTROPHES = re.compile(r"[^\W\d_]++(?:['’][^\W\d_]++)*+")

Case = Literal["upper", "lower", "title"]

CASES: Mapping[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "title": lambda word: word[:1].title() + word[1:],
}

CASE_NOT_BY_UNICODE: Mapping[str, frozenset[str]] = {
    "upper": frozenset({"tr", "az", "lt", "el", "ga", "ka"}),
    "lower": frozenset({"tr", "az", "lt", "ga"}),
    "title": frozenset({"tr", "az", "lt", "nl", "ga", "ka"}),
}
"""Languages whose own rules differ from Unicode's plain mappings, which ``str`` has: the dotted and dotless i,
Greek accents, Dutch IJ, Irish prefixes, Georgian capitals."""

DOTTED = frozenset("İı")


def markdown(text: str, context: TextContext, rng: random.Random, *, share: float = 1.0) -> str:
    """The text with key words in bold at the start of a ``share`` (0 to 1) of its paragraphs and list items, and with
    a heading over a share of its long paragraphs.

    Headings are titles that fit over any paragraph; languages without any in ``HEADINGS`` get bold alone.

    Raises:
        PerturbationError: the share is not above 0 and at most 1.
    """
    check_share(share)
    titles = HEADINGS.get(primary_language(context.language))
    changes: list[tuple[int, int, str]] = []
    headed = 0
    for paragraph in paragraphs(text):
        first = paragraph[0]
        drawn = rng.random()
        is_item = _mark_before(text, first)
        if titles and not is_item and paragraph[-1].end - first.start >= LONG_PARAGRAPH_CHARS:
            # Titles go by the paragraph, not by what was drawn, so that a heading is the same at every share.
            title = titles[min(headed, len(titles) - 1)]
            headed += 1
            if drawn < share and _begins_block(text, first):
                changes.append((first.start, first.start, f"## {title}\n\n"))
        key = KEY.match(first.wording)
        if key and drawn < share and len(key.group()) <= MOST_KEY_CHARS:
            end = first.start + key.end()
            changes.append((first.start, end, f"**{text[first.start : end]}**"))
    return _changed(text, changes)


def bullets(text: str, context: TextContext, rng: random.Random, *, share: float = 1.0) -> str:  # noqa: ARG001 - an Edit's form
    """The text with a ``share`` (0 to 1) of its paragraphs of two sentences or more as lists, one item a sentence.

    What is a list, a heading, a table or holds code in lines of its own stays, and so does a paragraph that
    introduces a list. No word changes.

    Raises:
        PerturbationError: the share is not above 0 and at most 1.
    """
    check_share(share)
    changes: list[tuple[int, int, str]] = []
    for paragraph in paragraphs(text):
        if len(paragraph) < 2 or not _stands_alone(text, paragraph):
            continue
        if rng.random() < share:
            changes.append((paragraph[0].start, paragraph[0].start, "- "))
            for before, after in pairwise(paragraph):
                changes.append((before.end, after.start, "\n- "))
    return _changed(text, changes)


def emoji(
    text: str,
    context: TextContext,
    rng: random.Random,
    *,
    share: float = 0.5,
    choice: Literal["neutral", "topical"] = "neutral",
) -> str:
    """The text with an emoji after a ``share`` (0 to 1) of its sentences.

    ``topical`` takes one for a word of the sentence where there is one (English), else a neutral one; none of
    the neutral ones approves, warns or refuses.

    Raises:
        PerturbationError: the share is not above 0 and at most 1, or the choice is neither.
    """
    check_share(share)
    if choice not in ("neutral", "topical"):
        raise PerturbationError(f"choice: found {choice!r}, expected neutral or topical.")
    topical = choice == "topical" and primary_language(context.language) == "en"
    changes: list[tuple[int, int, str]] = []
    for start, end in _ended_sentences(text):
        drawn, symbol = rng.random(), pick(NEUTRAL_EMOJI, rng.random())
        if topical:
            spoken = ENGLISH_WORD.findall(text[start:end].lower())
            symbol = next((TOPICAL_EMOJI[word] for word in spoken if word in TOPICAL_EMOJI), symbol)
        if drawn < share:
            changes.append((end, end, f" {symbol}" if text[end - 1] not in "。！？" else symbol))
    return _changed(text, changes)


def exclamation(text: str, context: TextContext, rng: random.Random, *, share: float = 0.5) -> str:  # noqa: ARG001 - an Edit's form
    """The text with an exclamation mark for a ``share`` (0 to 1) of the full stops that end its sentences.

    Abbreviations, numbers, list marks and ellipses keep theirs, and so does what stands in quotation marks.

    Raises:
        PerturbationError: the share is not above 0 and at most 1.
    """
    check_share(share)
    stretches = tuple(open_stretches(text))
    starts = [start for start, _ in stretches]
    changes: list[tuple[int, int, str]] = []
    for start, end in _ended_sentences(text):
        stop = max(text.rfind(".", start, end), text.rfind("。", start, end))
        if stop < start or any(mark in text[stop + 1 : end] for mark in "!?…！？"):
            continue
        within = bisect_right(starts, stop) - 1
        before = text[stop - 1 : stop]
        if within < 0 or stop >= stretches[within][1] or before in (".", "…") or before.isdigit():
            continue
        if ABBREVIATED.search(text[max(start, stop + 1 - LONGEST_ABBREVIATED_CHARS) : stop + 1]):
            continue
        if rng.random() < share:
            changes.append((stop, stop + 1, "!" if text[stop] == "." else "！"))
    return _changed(text, changes)


def casing(
    text: str, context: TextContext, rng: random.Random, *, mode: Case, share: float = 1.0
) -> str | None:
    """The text with a ``share`` (0 to 1) of the words that are not yet so in capitals, small letters, or capitalised.

    By Unicode's plain case mappings, which are those of most languages; None in a language with its own rules.

    Args:
        mode: ``upper``, ``lower``, or ``title`` for a capital first letter.

    Raises:
        PerturbationError: the share is not above 0 and at most 1, or there is no such mode.
    """
    check_share(share)
    if mode not in CASES:
        raise PerturbationError(f"mode: found {mode!r}, expected one of: {', '.join(CASES)}.")
    if primary_language(context.language) in CASE_NOT_BY_UNICODE[mode]:
        return None
    recase = CASES[mode]
    changes: list[tuple[int, int, str]] = []
    for word in words(text, WITH_APOSTROPHES):
        new = recase(word.group())
        if new == word.group() or not DOTTED.isdisjoint(word.group()):
            continue
        if rng.random() < share:
            changes.append((word.start(), word.end(), new))
    return _changed(text, changes)


def paragraphs(text: str) -> Iterator[list[Sentence]]:
    """The sentences of each paragraph and list item of prose, in order; of code, headings and tables, none."""
    group: list[Sentence] = []
    for sentence in sentences(text):
        if group:
            gap = text[group[-1].end : sentence.start]
            if gap.strip() or gap.count("\n") > 1:
                yield from _prose(group)
                group = []
        group.append(sentence)
    yield from _prose(group)


def _prose(group: list[Sentence]) -> Iterator[list[Sentence]]:
    if group and all(LETTER.search(sentence.wording) for sentence in group):
        yield group


def _mark_before(text: str, sentence: Sentence) -> bool:
    """Whether the mark of a list stands before a sentence."""
    line = text.rfind("\n", 0, sentence.start) + 1
    return bool(text[line : sentence.start].strip())


def _begins_block(text: str, sentence: Sentence) -> bool:
    """Whether nothing or a blank line stands before a sentence, and no indentation."""
    return sentence.start == 0 or text.endswith(("\n\n", "\n\r\n"), 0, sentence.start)


def _stands_alone(text: str, paragraph: list[Sentence]) -> bool:
    """Whether a paragraph is no list item, begins and ends at a blank line, and introduces nothing."""
    last = paragraph[-1]
    return (
        _begins_block(text, paragraph[0])
        and BLOCK_END.match(text, last.end) is not None
        and not last.wording.endswith(":")
    )


def _ended_sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence of prose that ends with a mark, in order."""
    found = [
        (sentence.start, sentence.end)
        for sentence in sentences(text)
        if sentence.mark and LETTER.search(sentence.wording)
    ]
    if not any(mark in text for mark in "。！？"):
        return found
    ends = [(end, start) for start, end in found]
    previous = 0
    for start, end in open_stretches(text):
        for mark in FULL_WIDTH_END.finditer(text, start, end):
            ends.append((mark.end(), previous))
            previous = mark.end()
    return [(start, end) for end, start in sorted(set(ends))]


def _changed(text: str, changes: list[tuple[int, int, str]]) -> str:
    """The text with what stands between start and end replaced, for each change in order."""
    parts: list[str] = []
    position = 0
    for start, end, new in changes:
        parts += (text[position:start], new)
        position = end
    parts.append(text[position:])
    return "".join(parts)
