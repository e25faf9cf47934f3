"""What does a local model see of a request, and which of its tokens are the verdict? The tokenizer's side of a judge.

Messages are rendered with the model's own chat template and tokenized without added special tokens (chat
templates write their own, so that no second beginning-of-sequence token appears). Two things are ours:

- Control tokens (``<|eot_id|>`` and the like) inside the texts under audit reach the model as plain text:
  otherwise a response could end its own turn and speak as the user or as the judge.
- A label's tokens are found on the ids of the whole text, prompt and label together, never on the label alone:
  whether a model answers with ``A`` or with `` A`` depends on what stands before it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from judgeaudit.errors import JudgeError
from judgeaudit.judges.base import Json, Message, digest
from judgeaudit.judges.local_model import Source, not_loaded
from judgeaudit.records import Outcome

_PROBE = "probe-of-the-chat-template"


@dataclass(frozen=True, slots=True)
class LabelTokens:
    """The tokens read as a verdict.

    Attributes:
        ids: for each outcome the ids that begin its label; their probabilities add up to the label's.
        cut: how many ids to take off the end of a prompt before the answer. It is 1 where an answer prefix ends
            in a space that belongs to the label's own token, and 0 almost everywhere else.
    """

    ids: Mapping[Outcome, tuple[int, ...]]
    cut: int


@dataclass(frozen=True, slots=True)
class Unrenderable:
    """A conversation that cannot be put to the model, and why."""

    reason: str


class ChatTokenizer:
    """A tokenizer with its chat template.

    Args:
        tokenizer: a transformers tokenizer.
        context_length: the tokens that the model was made for; None where unknown.
        chat_template: a Jinja template, or the path of a ``.jinja`` file; None for the model's own.
        options: variables that the template reads, such as ``{"enable_thinking": False}``.
        date: what the template is told today's date is. Templates that write the date into the prompt would
            otherwise give other verdicts tomorrow.
        shown: the model's name in messages to the user.

    Raises:
        JudgeError: there is no chat template, or it does not render.
    """

    def __init__(
        self,
        tokenizer: Any,
        *,
        context_length: int | None,
        chat_template: str | None,
        options: Mapping[str, Json],
        date: datetime.date,
        shown: str,
    ) -> None:
        from jinja2 import TemplateError

        self.tokenizer = tokenizer
        self.context_length = context_length
        self.shown = shown
        self._options = dict(options)
        self.template = _with_fixed_date(_template_text(tokenizer, chat_template, shown), date)
        added: Mapping[int, Any] = tokenizer.added_tokens_decoder
        self._control = {
            str(token.content): token_id
            for token_id, token in added.items()
            if token.content
            and (token.special or (token.content in self.template and not token.content.isspace()))
        }
        longest_first = sorted(self._control, key=len, reverse=True)
        self._control_pattern = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")
        self.takes_system = True
        try:
            user = Message(role="user", content="?")
            self.takes_system = self._renders_system(user)
            self._render([user])
        except TemplateError as error:
            raise JudgeError(
                f"The chat template of {shown} does not render a user message: {error}. "
                "Give another with chat_template=."
            ) from error

    @classmethod
    def load(
        cls,
        source: Source,
        *,
        trust_remote_code: bool,
        chat_template: str | None,
        options: Mapping[str, Json],
        date: datetime.date,
    ) -> ChatTokenizer:
        """Load a model's tokenizer and configuration, not its weights.

        Raises:
            JudgeError: they cannot be found, fetched or read, or there is no chat template.
        """
        from transformers import AutoConfig, AutoTokenizer

        where = {"revision": source.commit, "trust_remote_code": trust_remote_code}
        try:
            config = AutoConfig.from_pretrained(source.reference, **where).get_text_config()
            tokenizer = AutoTokenizer.from_pretrained(source.reference, **where)
        except (OSError, ValueError, ImportError, KeyError) as error:
            raise JudgeError(not_loaded(source.shown, error)) from error
        return cls(
            tokenizer,
            context_length=getattr(config, "max_position_embeddings", None),
            chat_template=chat_template,
            options=options,
            date=date,
            shown=source.shown,
        )

    def decode(self, ids: Sequence[int]) -> str:
        """The text of ids that the model wrote, without control tokens."""
        text: str = self.tokenizer.decode(list(ids), skip_special_tokens=True)
        return text

    def digest(self) -> str:
        """A SHA-256 of everything that turns messages into text: template, its variables, the date."""
        return digest([self.template, self._options])

    def encode(
        self, conversations: Sequence[Sequence[Message]], answer_prefix: str = "", cut: int = 0
    ) -> list[list[int] | Unrenderable]:
        """Token ids of each conversation up to where the model answers, ``cut`` ids taken off the end."""
        from jinja2 import TemplateError

        results: list[list[int] | Unrenderable] = []
        texts: list[str] = []
        hostile: dict[int, list[tuple[str, bool]]] = {}
        places: list[int] = []
        for messages in conversations:
            try:
                text, controls = self._render_safely(messages)
                text.encode("utf-8")
            except TemplateError as error:
                results.append(Unrenderable(f"the chat template refused the messages: {error}"))
                continue
            except UnicodeEncodeError:
                results.append(Unrenderable("the text holds a lone surrogate, which is not valid Unicode"))
                continue
            if controls:
                hostile[len(texts)] = controls
            places.append(len(results))
            texts.append(text + answer_prefix)
            results.append([])
        for index, ids in enumerate(self._ids(texts)):
            if index in hostile:
                results[places[index]] = self._as_plain_text(ids, hostile[index], cut)
            else:
                results[places[index]] = ids[: len(ids) - cut]
        return results

    def label_tokens(self, labels: Mapping[Outcome, str], answer_prefix: str) -> LabelTokens:
        """The ids with which the model begins each label after the generation prompt and the answer prefix.

        For a label ``A`` both ``A`` and `` A`` count, where they are tokens that no other label shares.

        Raises:
            JudgeError: two labels begin with the same token, so that their probabilities cannot be told apart.
        """
        context = self._render([Message(role="user", content="?")]) + answer_prefix
        texts = [context, *(context + space + label for label in labels.values() for space in ("", " "))]
        base, *spelled = self._ids(texts)
        plain = spelled[0::2]
        starts = {_common_length(base, ids) for ids in plain}
        if len(starts) > 1:
            raise JudgeError(
                self._unreadable(labels, answer_prefix, "they join the text before them differently")
            )
        start = starts.pop()
        owners: dict[int, set[Outcome]] = {}
        found: dict[Outcome, list[int]] = {outcome: [] for outcome in labels}
        for position, ids in enumerate(spelled):
            outcome = list(labels)[position // 2]
            if ids[:start] != base[:start] or len(ids) == start or ids[start] == self.tokenizer.unk_token_id:
                continue
            owners.setdefault(ids[start], set()).add(outcome)
            if ids[start] not in found[outcome]:
                found[outcome].append(ids[start])
        own = {outcome: tuple(i for i in ids if len(owners[i]) == 1) for outcome, ids in found.items()}
        for outcome, ids in zip(labels, plain, strict=True):
            if len(ids) == start or ids[start] not in own[outcome]:
                first = "" if len(ids) == start else self.tokenizer.decode([ids[start]])
                reason = (
                    f"{labels[outcome]!r} begins with the token {first!r}, which does not stand for it alone"
                )
                raise JudgeError(self._unreadable(labels, answer_prefix, reason))
        return LabelTokens(own, len(base) - start)

    def _unreadable(self, labels: Mapping[Outcome, str], answer_prefix: str, reason: str) -> str:
        return (
            f"The labels {', '.join(map(repr, labels.values()))} cannot be read from the logits of {self.shown} "
            f"after the answer prefix {answer_prefix!r}: {reason}. Choose labels that begin with different tokens "
            "(A, B, C), put what the labels share into answer_prefix=, or use readout=generate."
        )

    def _renders_system(self, user: Message) -> bool:
        from jinja2 import TemplateError

        try:
            return _PROBE in self._apply([Message(role="system", content=_PROBE), user])
        except TemplateError:
            return False

    def _render(self, messages: Sequence[Message]) -> str:
        return self._apply(list(messages) if self.takes_system else merge_system(messages))

    def _apply(self, messages: list[Message]) -> str:
        text: str = self.tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=True, chat_template=self.template, **self._options
        )
        return text

    def _render_safely(self, messages: Sequence[Message]) -> tuple[str, list[tuple[str, bool]]]:
        """The rendered text and, where a message holds control tokens, every control token in it in order, each
        with whether it came from a message."""
        everything = "".join(message["content"] for message in messages)
        if not self._control_pattern.search(everything):
            return self._render(messages), []
        mark = _unused_character(everything)
        marked = [
            Message(
                role=message["role"],
                content=self._control_pattern.sub(lambda found: mark + found[0], message["content"]),
            )
            for message in messages
        ]
        text = self._render(marked)
        controls = [
            (found[0], text[max(0, found.start() - 1) : found.start()] == mark)
            for found in self._control_pattern.finditer(text)
        ]
        return text.replace(mark, ""), controls

    def _as_plain_text(
        self, ids: list[int], controls: Sequence[tuple[str, bool]], cut: int
    ) -> list[int] | Unrenderable:
        """The ids with each control token that came from a message spelled out as ordinary tokens."""
        control_ids = set(self._control.values())
        if [self._control[text] for text, _ in controls] != [i for i in ids if i in control_ids]:
            return Unrenderable(
                "the text holds control tokens of the model that cannot be told from the prompt's"
            )
        remaining = iter(controls)
        out: list[int] = []
        for token_id in ids:
            if token_id not in control_ids:
                out.append(token_id)
                continue
            text, from_message = next(remaining)
            spelled = (
                [i for part in self._ids([text[:1], text[1:]]) for i in part] if from_message else [token_id]
            )
            if from_message and control_ids & set(spelled):
                return Unrenderable(
                    f"the text holds {text!r}, which the tokenizer cannot write as plain text"
                )
            out += spelled
        return out[: len(out) - cut]

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        if not texts:
            return []
        ids: list[list[int]] = self.tokenizer(
            list(texts), add_special_tokens=False, return_attention_mask=False, verbose=False
        )["input_ids"]
        return ids


def merge_system(messages: Sequence[Message]) -> list[Message]:
    """The messages with system text put in front of the first user message, for models without a system role."""
    system = [message["content"] for message in messages if message["role"] == "system"]
    rest = [message for message in messages if message["role"] != "system"]
    if not system or not rest:
        return rest
    head = Message(role=rest[0]["role"], content="\n\n".join([*system, rest[0]["content"]]))
    return [head, *rest[1:]]


def _template_text(tokenizer: Any, given: str | None, shown: str) -> str:
    if given is not None and given.endswith(".jinja"):
        try:
            return Path(given).read_text(encoding="utf-8")
        except OSError as error:
            raise JudgeError(f"chat_template: {given} cannot be read: {error.strerror}.") from error
    try:
        text: str = tokenizer.get_chat_template(given)
    except ValueError as error:
        raise JudgeError(
            f"{shown} has no chat template, so it is unknown how messages are shown to it (a base model has none). "
            "Use the model's instruct version, or give chat_template= a Jinja template or the path of a .jinja file."
        ) from error
    return text


def _with_fixed_date(template: str, date: datetime.date) -> str:
    """The template with its clock, ``strftime_now``, replaced by one that stands at midnight of a date."""
    if "strftime_now" not in template:
        return template
    replaced = "".join(
        f"|replace('%{letter}', '{date.strftime('%' + letter)}')" for letter in "aAbBdHIjmMpSwyYzZ"
    )
    return f"{{%- macro strftime_now(format) -%}}{{{{ format{replaced} }}}}{{%- endmacro +%}}{template}"


def _common_length(left: Sequence[int], right: Sequence[int]) -> int:
    for index, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return index
    return min(len(left), len(right))


def _unused_character(text: str) -> str:
    """A private-use character that the text does not hold: a marker that no text can forge."""
    return next(chr(code) for code in range(0xF0000, 0xFFFFE) if chr(code) not in text)
