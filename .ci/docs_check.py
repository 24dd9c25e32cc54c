"""Check the docstring of every public name of oilshock against the rules in pyproject.toml.

The names are imported, not parsed: so the parameters of a dataclass are those of its `__init__`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from numpydoc.validate import validate

import oilshock

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CHECKS = set(PYPROJECT["tool"]["oilshock"]["docs"]["checks"])


def modules() -> Iterator[ModuleType]:
    """Yield every module whose functions people call; a command's docstring is its help text."""
    for info in pkgutil.walk_packages(oilshock.__path__, "oilshock."):
        if not any(part in ("__main__", "cli") for part in info.name.split(".")):
            yield importlib.import_module(info.name)


def is_public(name: str, value: Any, module: ModuleType) -> bool:
    """Say whether `module` itself defines this function or class for others."""
    callable_here = inspect.isfunction(value) or inspect.isclass(value)
    return callable_here and not name.startswith("_") and value.__module__ == module.__name__


def names(module: ModuleType) -> Iterator[tuple[str, bool]]:
    """Yield each public name with whether its parameters are documented elsewhere."""
    for name, value in sorted(vars(module).items()):
        if not is_public(name, value, module):
            continue
        path = f"{module.__name__}.{name}"
        # The fields of a config table carry their own description, which the JSON Schema shows.
        yield path, hasattr(value, "model_fields")
        if inspect.isclass(value):
            own = (key for key, member in vars(value).items() if is_member(key, member))
            yield from ((f"{path}.{key}", False) for key in own)


def is_member(name: str, member: Any) -> bool:
    """Say whether a class offers this as a method or a property."""
    kinds = (classmethod, staticmethod, property)
    return not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, kinds))


def complaints(path: str, *, has_described_fields: bool) -> Iterator[str]:
    """Yield what is wrong with one docstring, by the chosen rules."""
    for code, message in validate(path)["errors"]:
        if code in CHECKS and not (has_described_fields and code.startswith("PR")):
            yield f"{path}: {code} {message}"


def main() -> int:
    """Print every complaint; the exit code is 1 if there is one."""
    checked = [(path, fields) for module in modules() for path, fields in names(module)]
    found = [
        line for path, fields in checked for line in complaints(path, has_described_fields=fields)
    ]
    print(*found, f"{len(checked)} public names, {len(found)} complaints.", sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
