"""How are texts under audit shown to a judge so that none can pass for the prompt around it? Inside tagged fences.

Every fence of one prompt carries the same tag, which occurs in none of the texts shown: no text can
close its own fence or open another. The tag is derived from the conversation alone, not from the two
responses: all arms and orders of a pair then show the same tag, so that a tag is never a difference
between the presentations whose verdicts an audit compares, and a local judge can share the work of
their common beginning.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from judgeaudit.records import Turn

TAG_CHARS = 8
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
                        "\u3164\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]")  # fmt: skip


def fence_tag(turns: Sequence[Turn], first: str, second: str) -> str:
    """The tag of a prompt's fences: hexadecimal, the same for the same texts, found in none of them.

    A tag also counts as found where it is written in other letter cases, compatibility forms (full-width
    letters) or with invisible characters in between. The search ends: a finite text holds finitely many tags.
    """
    seed = "\x00".join(f"{turn.role}\x01{turn.text}" for turn in turns).encode("utf-8", "surrogatepass")
    shown = [_plain(text) for text in (*(turn.text for turn in turns), first, second)]
    attempt = 0
    while True:
        tag = hashlib.sha256(b"%d:%s" % (attempt, seed)).hexdigest()[:TAG_CHARS]
        if not any(tag in text for text in shown):
            return tag
        attempt += 1


def fenced(kind: str, text: str, tag: str) -> str:
    """A text, unaltered, between ``<kind-tag>`` and ``</kind-tag>`` on lines of their own."""
    return f"<{kind}-{tag}>\n{text}\n</{kind}-{tag}>"


def fenced_conversation(turns: Sequence[Turn], tag: str) -> str:
    """A conversation as one fence that holds a fence for each turn, named after who speaks."""
    return fenced("conversation", "\n".join(fenced(turn.role, turn.text, tag) for turn in turns), tag)


def _plain(text: str) -> str:
    if text.isascii():
        return text.casefold()
    # Marks that combine are left out as well: normalising sorts a run of them in time that grows with its square.
    bare = "".join(character for character in text if not unicodedata.combining(character))
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", bare)).casefold()
