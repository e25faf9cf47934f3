"""Where are the judges, perturbations, juries, prompts and recipes? In four folders that users read and edit.

``conf/``, ``perturbations/``, ``juries/`` and ``reports/`` stand at the top of a checkout and travel inside
the wheel. To Hydra they are one source of configuration, in which the last three are the groups
``perturbation``, ``jury`` and ``report``. A user's own folder, put in front with ``--config-dir`` or
``hydra.searchpath``, uses those group names: ``my/perturbation/mine.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.hydra_config import HydraConfig
from hydra.core.object_type import ObjectType
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.plugins import Plugins
from hydra.plugins.config_source import ConfigLoadError, ConfigResult, ConfigSource
from hydra.plugins.search_path_plugin import SearchPathPlugin
from omegaconf import DictConfig, OmegaConf

from judgeaudit.errors import ConfigurationError

FOLDER_OF_GROUP = {"perturbation": "perturbations", "jury": "juries", "report": "reports"}
"""Groups whose folder stands beside ``conf/``; every other group is a folder inside it."""

LISTED_GROUPS = ("judge", "perturbation", "jury", "prompt", "data", "report", "experiment")


def root() -> Path:
    """The folder that holds the four catalogue folders: inside an installed wheel, else the checkout.

    Raises:
        ConfigurationError: neither is there, which means that the installation is broken.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "_catalog", package.parent):
        if (candidate / "conf" / "config.yaml").is_file():
            return candidate
    raise ConfigurationError(
        f"judgeaudit's catalogue is missing: expected conf/config.yaml in {package / '_catalog'} (a wheel) "
        f"or {package.parent} (a checkout). Reinstall judgeaudit."
    )


class CatalogSource(ConfigSource):
    """Shows the catalogue's four folders to Hydra as one tree of config groups."""

    @staticmethod
    def scheme() -> str:
        return "judgeaudit"

    def _file(self, config_path: str) -> Path:
        group, _, rest = config_path.partition("/")
        if group in FOLDER_OF_GROUP:
            return Path(self.path, FOLDER_OF_GROUP[group], rest)
        return Path(self.path, "conf", config_path)

    def load_config(self, config_path: str) -> ConfigResult:
        file = self._file(self._normalize_file_name(config_path))
        if not file.is_file():
            raise ConfigLoadError(f"Config not found : {file}")
        text = file.read_text(encoding="utf-8")
        return ConfigResult(
            provider=self.provider,
            path=self.full_path(),
            config=OmegaConf.create(text),
            header=self._get_header_dict(text),
        )

    def available(self) -> bool:
        return self._file("config.yaml").is_file()

    def is_group(self, config_path: str) -> bool:
        return self._file(config_path).is_dir()

    def is_config(self, config_path: str) -> bool:
        return self._file(self._normalize_file_name(config_path)).is_file()

    def list(self, config_path: str, results_filter: ObjectType | None) -> list[str]:
        found: list[str] = []
        names = sorted(entry.name for entry in self._file(config_path).iterdir())
        if config_path == "":
            names += FOLDER_OF_GROUP
        for name in names:
            inner = f"{config_path}/{name}" if config_path else name
            self._list_add_result(found, inner, name, results_filter)
        return sorted(set(found))


class CatalogSearchPath(SearchPathPlugin):
    """Puts the catalogue on Hydra's search path."""

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        search_path.append(provider="judgeaudit", path=f"{CatalogSource.scheme()}://{root()}")


def register() -> None:
    """Make the catalogue known to Hydra in this process. Call it before composing a configuration."""
    plugins = Plugins.instance()
    plugins.register(CatalogSource)
    plugins.register(CatalogSearchPath)


RECORDINGS = "judgeaudit.judges.recording."
"""Where the targets of recorded judges begin."""

ONE_OF = ("replay", "replay_ratings")
"""Recordings, of which an audit has one: both stand in the same place."""

NODE_OF_GROUP = {"judge": "judges", "perturbation": "perturbations", "jury": "juries", "wording": "wordings"}
"""Groups of which several files may be selected, and the node below which each file puts itself."""


def check_selection(overrides: Sequence[str], config: DictConfig) -> None:
    """See that every file selected on the command line arrived under its own name.

    Raises:
        ConfigurationError: a file lacks its ``# @package`` line, or has another file's.
    """
    parsed = OverridesParser.create().parse_overrides(list(overrides))
    last = {override.key_or_group: override for override in parsed if override.package is None}
    for group, node in NODE_OF_GROUP.items():
        chosen = last[group].value() if group in last else None
        for name in chosen if isinstance(chosen, list) else [chosen] if chosen else []:
            if group == "judge" and _is_recording(config.get("judge"), str(name)):
                continue
            if group == "judge" and str(name) in ONE_OF:
                raise ConfigurationError(
                    f"judge={name}: an audit has one recording, found both {' and '.join(ONE_OF)}; audit them apart."
                )
            if str(name) not in (config.get(node) or {}):
                raise ConfigurationError(
                    f"{group}={name}: its file put nothing under {node}.{name}. "
                    f"Its first line must read '# @package {node}.{name}'."
                )


def _is_recording(node: DictConfig | None, name: str) -> bool:
    """Whether the node is that of recorded judges, which stand under the group's own name: one file, many judges."""
    return node is not None and node.get("name") == name and str(node.get("_target_")).startswith(RECORDINGS)


def find(group: str, name: str) -> Path | None:
    """One entry's file: in a user's own folder where the running audit has one, else in the catalogue."""
    folders = [root() / FOLDER_OF_GROUP.get(group, f"conf/{group}")]
    if HydraConfig.initialized():
        sources = HydraConfig.get().runtime.config_sources
        folders[:0] = [Path(source.path, group) for source in sources if source.schema == "file"]
    return next((path for folder in folders if (path := folder / f"{name}.yaml").is_file()), None)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the catalogue."""

    group: str
    name: str
    description: str
    path: Path


def entries(group: str) -> Iterator[Entry]:
    """The entries of one config group, in order of their names."""
    folder = root() / FOLDER_OF_GROUP.get(group, f"conf/{group}")
    for path in sorted(folder.glob("*.yaml")):
        config = OmegaConf.load(path)
        description = OmegaConf.to_container(config, resolve=False)
        text = description.get("description") if isinstance(description, dict) else None
        yield Entry(group, path.stem, " ".join(str(text or "").split()), path)
