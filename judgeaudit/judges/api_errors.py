"""What does a provider's error mean for a verdict: ask again, a refusal, an error, or the end of this judge?

- *retry*: too many requests (429), a conflict or timeout (408, 409, 425), the provider's own trouble (5xx),
  a connection that failed, a reply that is no reply.
- *refused*: the provider's content filter turned the request away; that is what the judge says of the trial.
- *fatal*: no request of this judge can succeed: no valid key (401, 403), no credit (402, or a 429 that says so),
  no such model (404), a parameter that the provider does not take.
- *error*: everything else; the same request would fail again.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

MAX_ERROR_CHARS = 500
MIN_SECRET_CHARS = 6
"""Shorter values of variables are no keys, and taking them out would garble the text."""

_RETRIED_STATUS = frozenset({408, 409, 425, 429})
_FILTERED = re.compile(
    r"(?i)content[ _-]?(?:policy|filter|management)|responsible_?ai|safety system|safety_violation|moderation|"
    r"flagged|prohibited_content|usage policies"
)
_NO_CREDIT_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_NO_CREDIT = re.compile(r"(?i)credit balance|insufficient[ _](?:balance|funds|credits)")
_NO_KEY = re.compile(r"(?i)missing (?:credentials|[\w ]{1,30}api key)")
_TRACEBACK = "\nTraceback (most recent call last)"
_SECRETS = re.compile(
    # After hf and key a digit (or a provider's star) tells a key from a name such as hf-internal-testing.
    r"(?i)\b(?-i:sk|pk|rk|gsk|xai)[-_][A-Za-z0-9_*.\-]{6,}|"
    r"\b(?-i:hf|key)[-_](?=[A-Za-z_.\-]*[0-9*])[A-Za-z0-9_*.\-]{6,}|\bAIza[\w-]{10,}|\bbearer\s+[^\s\"',}]+|"
    r"\b(?:api[-_ ]?key|x-api-key|authorization|access[-_]token)\b[\"']?\s*[:=]\s*[\"']?(?:bearer\s+)?[^\s\"',}]+"
)
_SECRET_NAME = re.compile(r"(?i)(?:KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS)$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


class FailureKind(StrEnum):
    """What follows from a failure. The last four end the judge: every further request would meet them."""

    RETRY = "retry"
    REFUSED = "refused"
    ERROR = "error"
    NO_KEY = "no_key"
    NO_CREDIT = "no_credit"
    NO_MODEL = "no_model"
    BAD_SETTING = "bad_setting"

    @property
    def is_fatal(self) -> bool:
        """Whether no request of this judge can succeed."""
        return self in (
            FailureKind.NO_KEY,
            FailureKind.NO_CREDIT,
            FailureKind.NO_MODEL,
            FailureKind.BAD_SETTING,
        )


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed request: what follows, why (free of keys, at most 500 characters), and how long to wait at least."""

    kind: FailureKind
    error: str
    status: int | None = None
    retry_after_s: float | None = None


class RequestError(Exception):
    """Carries a failure out of one attempt."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.error)
        self.failure = failure


def failure_of(error: Exception, key: str | None = None) -> Failure:
    """What an exception raised by one request means; ``key`` is the one sent, which the text must not show."""
    status = _status(error)
    text = str(error).partition(_TRACEBACK)[0]
    text = redacted(text if text.startswith("litellm.") else f"{type(error).__name__}: {text}", key)
    kind = _kind(error, status)
    headers = getattr(error, "litellm_response_headers", None)
    return Failure(kind, text, status, retry_after_s(headers) if kind is FailureKind.RETRY else None)


def _kind(error: Exception, status: int | None) -> FailureKind:
    name, text = type(error).__name__, str(error)
    if name == "UnsupportedParamsError" or "LLM Provider NOT provided" in text:
        return FailureKind.BAD_SETTING
    if name == "ContentPolicyViolationError" or (status in (400, 403, 422) and _FILTERED.search(text)):
        return FailureKind.REFUSED
    # That no key was found is reported with a status that differs by provider, 500 among them.
    if status in (401, 403) or (status == 500 and _NO_KEY.search(text)):
        return FailureKind.NO_KEY
    if status == 402 or _no_credit(error, status):
        return FailureKind.NO_CREDIT
    if status == 404:
        return FailureKind.NO_MODEL
    if status is None:
        return FailureKind.RETRY if isinstance(error, TimeoutError | ConnectionError) else FailureKind.ERROR
    return FailureKind.RETRY if status in _RETRIED_STATUS or status >= 500 else FailureKind.ERROR


def _no_credit(error: Exception, status: int | None) -> bool:
    """Whether the account is empty. The word "quota" says nothing: some providers use it for every throttle."""
    body = getattr(error, "body", None)
    code = body.get("code") if isinstance(body, Mapping) else None
    return code in _NO_CREDIT_CODES or (status in (400, 429) and _NO_CREDIT.search(str(error)) is not None)


def _status(error: Exception) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def advice(kind: FailureKind, key_variable: str | None, has_own_address: bool) -> str:
    """What the user can do about a failure that ends the judge."""
    if kind is FailureKind.NO_CREDIT:
        return "The account has no credit left: top it up and run again."
    if kind is FailureKind.NO_MODEL:
        return "Check model and api_base in the judge's file: this name is unknown there, or retired."
    if kind is FailureKind.BAD_SETTING:
        return (
            "Check the judge's file: model needs its provider in front (openai/..., anthropic/...), and a parameter "
            "that the provider does not take is set to null (a readout of logits: to generate)."
        )
    if key_variable is None and has_own_address:
        return "It asks for a key: name the environment variable that holds it in api_key_env."
    where = key_variable or "of its provider (such as OPENAI_API_KEY)"
    return f"Check the key in the environment variable {where}, and that it may use this model."


def retry_after_s(headers: object) -> float | None:
    """Seconds to wait by a reply's ``retry-after-ms`` or ``retry-after`` (seconds or an HTTP date, RFC 9110 10.2.3)."""
    get = getattr(headers, "get", None)
    if get is None:
        return None
    for name, unit_s in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = get(name)
        if value is None:
            continue
        try:
            seconds = float(value) * unit_s
        except ValueError:
            try:
                date = parsedate_to_datetime(str(value))
            except ValueError:
                continue
            aware = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
            seconds = (aware - datetime.now(UTC)).total_seconds()
        if math.isfinite(seconds):
            return max(0.0, seconds)
    return None


def redacted(text: str, key: str | None = None) -> str:
    """A text on one line, without what looks like a key or is one in this environment, cut to 500 characters."""
    own = [key] if key is not None and len(key) >= MIN_SECRET_CHARS else []
    for secret in own + _secrets_in_environment():
        text = text.replace(secret, "[redacted]")
    text = _CONTROL.sub(" ", _SECRETS.sub("[redacted]", text))
    return text if len(text) <= MAX_ERROR_CHARS else text[: MAX_ERROR_CHARS - 1] + "…"


def looks_secret(text: str) -> bool:
    """Whether a text holds something that looks like a key or is one in this environment."""
    return _SECRETS.search(text) is not None or any(secret in text for secret in _secrets_in_environment())


def _secrets_in_environment() -> list[str]:
    """Values of the variables that are named like secrets, longest first."""
    found = {
        value
        for name, value in os.environ.items()
        if _SECRET_NAME.search(name) and len(value) >= MIN_SECRET_CHARS
    }
    return sorted(found, key=len, reverse=True)
