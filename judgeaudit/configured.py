"""How does a node of the configuration become an object? By Hydra, with a mistake told as the user's own."""

from __future__ import annotations

from typing import Any

from hydra.errors import InstantiationException
from hydra.utils import instantiate
from omegaconf.errors import OmegaConfBaseException

from judgeaudit.errors import ConfigurationError, JudgeAuditError


def made(node: Any, place: str) -> Any:
    """Instantiate one configuration node.

    Args:
        node: the node, with its ``_target_``.
        place: what an error calls it.

    Raises:
        JudgeAuditError: the user's configuration is at fault.
    """
    try:
        return instantiate(node, _convert_="all")
    except InstantiationException as error:
        if isinstance(error.__cause__, JudgeAuditError):
            raise error.__cause__ from error
        raise ConfigurationError(f"{place}: {error.__cause__ or error}") from error
    except OmegaConfBaseException as error:
        raise ConfigurationError(f"{place}: {error}") from error
