"""The scripts in benchmarks/, which no package holds, as modules: tests run their small forms."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


def benchmark_script(name: str) -> ModuleType:
    """benchmarks/NAME.py as a module; skips the test where an installation comes without the scripts."""
    script = BENCHMARKS / f"{name}.py"
    if not script.is_file():
        pytest.skip(f"benchmarks/{name}.py is not in this installation")
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
