"""Check the docstring of every public name of oilshock against the rules in pyproject.toml.

The public API, `oilshock.__all__` with its methods, has every section. Below it one sentence is
enough; a function that lists its parameters lists all of them, and says what it returns.
Names are imported, not parsed: so the parameters of a dataclass are those of its `__init__`.
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
CHECKS = frozenset(PYPROJECT["tool"]["oilshock"]["docs"]["checks"])
MATPLOTLIB = "matplotlib.artist"
OF_PARAMETERS = frozenset(code for code in CHECKS if code.startswith("PR"))
MISSING_SECTION = frozenset({"PR01", "RT01", "YD01"})


def modules() -> Iterator[ModuleType]:
    """Yield every module whose functions people call; a command's docstring is its help text."""
    for info in pkgutil.walk_packages(oilshock.__path__, "oilshock."):
        if not any(part in ("__main__", "cli") for part in info.name.split(".")):
            yield importlib.import_module(info.name)


def is_member(name: str, member: Any) -> bool:
    """Say whether a class offers this as a method or a property."""
    kinds = (classmethod, staticmethod, property)
    return not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, kinds))


def names(module: ModuleType) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each public name that the module itself defines, with the rules that hold for it."""
    for name, value in sorted(vars(module).items()):
        documented = inspect.isfunction(value) or inspect.isclass(value)
        if name.startswith("_") or not documented or value.__module__ != module.__name__:
            continue
        path, is_api = f"{module.__name__}.{name}", name in oilshock.__all__
        yield path, rules(value, is_api=is_api)
        if inspect.isclass(value):
            for key, member in vars(value).items():
                # matplotlib writes a `set` into every subclass.
                if is_member(key, member) and getattr(member, "__module__", None) != MATPLOTLIB:
                    yield f"{path}.{key}", rules(member, is_api=is_api)


def rules(value: Any, *, is_api: bool) -> frozenset[str]:
    """Choose the rules for one name."""
    # Without an `__init__` of its own: the base class, or the fields of a config table, say it.
    if inspect.isclass(value) and "__init__" not in vars(value):
        return CHECKS - OF_PARAMETERS
    if is_api or "Parameters\n" in (value.__doc__ or ""):
        return CHECKS
    return CHECKS - MISSING_SECTION


def main() -> int:
    """Print every complaint; the exit code is 1 if there is one."""
    checked = [entry for module in modules() for entry in names(module)]
    found = [
        f"{path}: {code} {message}"
        for path, codes in checked
        for code, message in validate(path)["errors"]
        if code in codes
    ]
    print(*found, f"{len(checked)} public names, {len(found)} complaints.", sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
