"""How is a comparison put to a judge, and how is its reply read? By a template: texts, labels and the parser.

``user`` holds the placeholders ``{conversation}``, ``{first}`` and ``{second}``, each once. They are
replaced in one pass, so that braces inside the texts come through as they are; each text is fenced
(``prompting.fencing``). A template asks for the response to be *preferred*: the label of the first
text means that the first text is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from judgeaudit.errors import ConfigurationError
from judgeaudit.judges.base import Json, Message
from judgeaudit.prompting.fencing import fence_tag, fenced, fenced_conversation
from judgeaudit.prompting.labels import Labels, read_labels
from judgeaudit.prompting.parser import PARSER_VERSION, parse_reply
from judgeaudit.records import Outcome, Turn

PLACEHOLDERS = ("conversation", "first", "second")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A judge's prompt, made by Hydra from ``conf/prompt/<name>.yaml``.

    Attributes:
        name: the file's name; reports use it.
        version: raised with every change of a text, so that reports can tell the wordings apart.
        system: the system message, or None for models that take none.
        user: the user message with its placeholders.
        labels: what the judge may answer; a mapping with first, second and tie (tie null in a forced choice).
        reason_first: the judge reasons before its verdict, so that the label is not its first token.
        description: one line for listings; no part of the identity.

    Raises:
        ConfigurationError: a placeholder is missing, doubled or unknown, or the labels cannot be used.
    """

    name: str
    version: int
    system: str | None
    user: str
    labels: Labels | Mapping[str, object]
    reason_first: bool = False
    description: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", read_labels(self.labels))
        found = _PLACEHOLDER.findall(self.user)
        if sorted(found) != sorted(PLACEHOLDERS):
            raise ConfigurationError(
                f"prompt {self.name}: user holds the placeholders {found}; expected each of "
                f"{', '.join('{' + name + '}' for name in PLACEHOLDERS)} once and no other word in braces."
            )
        if self.system is not None and (inside := _PLACEHOLDER.findall(self.system)):
            raise ConfigurationError(
                f"prompt {self.name}: system holds the placeholders {inside}; expected none. Texts under audit "
                "belong into the user message."
            )

    def messages(self, turns: tuple[Turn, ...], first: str, second: str) -> tuple[Message, ...]:
        """The chat messages that show a conversation and two responses in the order given.

        The same texts always give the same messages.
        """
        tag = fence_tag(turns, first, second)
        shown = {
            "conversation": fenced_conversation(turns, tag),
            "first": fenced("response", first, tag),
            "second": fenced("response", second, tag),
        }
        user = Message(role="user", content=_PLACEHOLDER.sub(lambda match: shown[match[1]], self.user))
        if self.system is None:
            return (user,)
        return (Message(role="system", content=self.system), user)

    def parse(self, reply: str) -> Outcome:
        """What a reply says: FIRST, SECOND, TIE, REFUSED or UNPARSED (``prompting.parser`` has the grammar)."""
        return parse_reply(reply, self.offered())

    def label_texts(self) -> Mapping[Outcome, str]:
        """The label of each outcome that the judge may choose; no TIE where the choice is forced."""
        return self.offered().by_outcome()

    def offered(self) -> Labels:
        """The labels, in their checked form."""
        return read_labels(self.labels)

    def identity(self) -> Mapping[str, Json]:
        """Everything of the template that could change a verdict: name, version, texts, labels, parser version."""
        labels = self.offered()
        return {
            "name": self.name,
            "version": self.version,
            "system": self.system,
            "user": self.user,
            "labels": {"first": labels.first, "second": labels.second, "tie": labels.tie},
            "reason_first": self.reason_first,
            "parser_version": PARSER_VERSION,
        }
