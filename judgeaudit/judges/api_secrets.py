"""Would a judge's settings carry a key into an identity, a manifest or a ledger? Then they are refused.

Everything in these settings is written down with the verdicts. Keys therefore stay in environment variables, and
the settings hold no more than a variable's name. Options are known by their names, at any depth; texts by their look.
No message here repeats what was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from judgeaudit.errors import ConfigurationError
from judgeaudit.judges.api_errors import looks_secret
from judgeaudit.judges.base import Json

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SECRET_NAME = re.compile(
    r"auth(?!or(?!i[sz]))|secret|passw|passphrase|cookie|credential|bearer|signature|apikey|accesskey|privatekey"
)
_SECRET_WORD = re.compile(r"\w*keys?|pwd|sig|jwt")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_OF_THE_MODEL = frozenset({"stop", "bos", "eos", "pad"})
"""Before "token" these words speak of the model's vocabulary: their value may be a text."""

_HARMLESS = frozenset({"promptcachekey"})
_SCHEME = re.compile(r"(?i)\s*(?:basic|bearer|digest|token|apikey|negotiate)\s+\S")
_OPAQUE = re.compile(r"(?=[A-Za-z+/=]*\d)(?=[\d+/=]*[A-Za-z])[A-Za-z0-9+/=]{20,}")


def refuse_secrets(
    where: str, model: str, api_base: str | None, api_key_env: str | None, extra: Mapping[str, Json]
) -> None:
    """Check a judge's settings; ``where`` opens the messages.

    Raises:
        ConfigurationError: ``api_key_env`` is no name of a variable, ``api_base`` is no plain address, or
            ``model`` or an option in ``extra`` holds what looks like a key.
    """
    if api_key_env is not None and (_VARIABLE.fullmatch(api_key_env) is None or looks_secret(api_key_env)):
        raise ConfigurationError(
            f"{where}: api_key_env is not the name of an environment variable (letters, digits and _, such as "
            "OPENAI_API_KEY). Set the variable to the key, and put the variable's name here."
        )
    if api_base is not None and not _is_plain_address(api_base):
        raise ConfigurationError(
            f"{where}: api_base is not a plain address such as http://localhost:8000/v1, without user, password, "
            "query (?...), fragment (#...) or key. Name the environment variable of a key in api_key_env instead."
        )
    if looks_secret(model):
        raise ConfigurationError(f"{where}: model holds what looks like a key; expected a model's name.")
    for path in _secret_options(extra, ()):
        raise ConfigurationError(
            f"{where}: extra holds what looks like a key or another secret, at {'.'.join(path)}. All of extra is "
            "written down with the verdicts. Keys belong into environment variables; name the variable in api_key_env."
        )


def _is_plain_address(address: str) -> bool:
    """Whether an address has none of the parts where keys stand: user and password, query, fragment."""
    return not any(char in address for char in "@?#") and not looks_secret(address)


def _secret_options(value: Json, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The paths of the options that hold, or by their name would hold, a secret."""
    in_headers = any("header" in name.casefold() for name in path)
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if looks_secret(name):
                yield (*path, "(a name that looks like a key)")
            elif _names_secret(name, inner, in_headers):
                yield (*path, name)
            else:
                yield from _secret_options(inner, (*path, name))
    elif isinstance(value, str):
        is_locked = "://" in value and not _is_plain_address(value)
        if looks_secret(value) or is_locked or (in_headers and _is_opaque(value)):
            yield path
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _secret_options(inner, path)


def _names_secret(name: str, value: Json, in_headers: bool) -> bool:
    """Whether an option is named like something that lets in.

    "Token" is a word for two things: what lets in is a header or a text; counts and numbers of tokens are neither.
    """
    words = [word.casefold() for word in _WORDS.findall(name)]
    squashed = "".join(words)
    if squashed in _HARMLESS:
        return False
    if _SECRET_NAME.search(squashed) or any(_SECRET_WORD.fullmatch(word) for word in words):
        return True
    is_token = any(word.endswith(("token", "tokens")) for word in words)
    return is_token and (in_headers or (_holds_text(value) and not _OF_THE_MODEL & set(words)))


def _holds_text(value: Json) -> bool:
    if isinstance(value, str):
        return True
    if isinstance(value, Mapping):
        return any(_holds_text(inner) for inner in value.values())
    return isinstance(value, Sequence) and any(_holds_text(inner) for inner in value)


def _is_opaque(header: str) -> bool:
    """Whether a header's value looks like a credential: a scheme and its value, or a long mix of letters and digits."""
    return _SCHEME.match(header) is not None or _OPAQUE.search(header) is not None
