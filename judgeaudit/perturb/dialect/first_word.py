"""With which words can a rule's match begin, and behind which marks? Read off its patterns, for an index of rules."""

from __future__ import annotations

import re

from judgeaudit.perturb.dialect.word_classes import tags_named

TAGGED_WORD = re.compile(r"\{([A-Z$]+(?:\|[A-Z$]+)*)\}")
PLAIN_START = re.compile(
    r"\(?(?:\?:)?(?P<words>[a-z']+(?: [a-z']+)*(?:\|[a-z']+(?: [a-z']+)*)*)(?P<rest>.*)", re.DOTALL
)
MARKS_AT_END = re.compile(r"[ ,]*\Z")
ESCAPE_OR_CLASS = re.compile(r"\\.|\[\^?\]?[^\]]*\]")
GROUP = re.compile(r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")


def first_words(
    name: str, pattern: str | None, starts: str | None
) -> tuple[frozenset[str], tuple[str, ...], frozenset[str]]:
    """The words, endings and tags of what can begin a match: as ``starts`` has them, else read off the pattern.

    Raises:
        ValueError: ``starts`` is None and the pattern's beginning is not plain.
    """
    if starts is None and pattern is not None:
        tag = TAGGED_WORD.match(pattern)
        plain = PLAIN_START.match(pattern)
        if tag is not None:
            starts = f"{tag[0]}"
        elif plain is not None and _ends_word(pattern, plain):
            starts = " ".join(each.split()[0] for each in plain["words"].split("|"))
        else:
            raise ValueError(f"rule {name!r}: say in `starts` with which words a match can begin")
    words: set[str] = set()
    suffixes: list[str] = []
    tags: set[str] = set()
    for each in (starts or "").split():
        tag = TAGGED_WORD.fullmatch(each)
        if tag is not None:
            tags |= tags_named(tag[1].replace("|", " "))
        elif each.startswith("*"):
            suffixes.append(each[1:])
        else:
            words.add(each)
    return frozenset(words), tuple(suffixes), frozenset(tags)


def _ends_word(pattern: str, plain: re.Match[str]) -> bool:
    """Whether what follows the plain words that begin a pattern leaves its first words whole."""
    rest = plain["rest"]
    opened = pattern.startswith("(")
    if opened and not pattern.startswith("(?:") and pattern.startswith("(?"):
        return False
    if opened:
        return rest.startswith(")") and (len(rest) == 1 or rest[1] == " " or rest.startswith(")(?="))
    if "|" in plain["words"]:
        return rest == "" or rest.startswith("(?= ")
    return rest == "" or rest.startswith((" ", "(?=")) or " " in plain["words"]


def marks_at_end(after: str | None) -> str:
    """The blanks and commas that end a pattern, whatever came before; none where alternatives could end otherwise."""
    found = MARKS_AT_END.search(after or "")
    at_top_level = GROUP.sub("", ESCAPE_OR_CLASS.sub("", after or ""))
    return "" if found is None or "|" in at_top_level else found.group()
