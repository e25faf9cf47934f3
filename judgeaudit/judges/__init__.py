"""Judges: models, and rules that stand in for models, that say which of two texts is better."""

from judgeaudit.judges.base import Completion, Judge, Message, Request, Writer

__all__ = ["Completion", "Judge", "Message", "Request", "Writer"]
