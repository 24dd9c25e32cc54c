"""Importing costs next to nothing, and hands out what it says."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import oilshock

HEAVY = {
    "arch",
    "curl_cffi",
    "dask",
    "filelock",
    "jinja2",
    "matplotlib",
    "numpy",
    "openpyxl",
    "pandas",
    "platformdirs",
    "pyarrow",
    "pydantic",
    "rich",
    "scipy",
    "stamina",
    "statsmodels",
    "typst",
    "yfinance",
}
LOADED = "import json, sys; print(json.dumps(sorted({m.partition('.')[0] for m in sys.modules})))"
HELP = """
import contextlib, io, runpy, sys
sys.argv = ["oilshock", *{arguments}]
with contextlib.redirect_stdout(io.StringIO()) as shown:
    try:
        runpy.run_module("oilshock", run_name="__main__")
    except SystemExit as stop:
        assert stop.code in (0, None), stop.code
assert {words!r} in shown.getvalue(), shown.getvalue()
"""


def loaded_after(code: str) -> set[str]:
    """Top-level modules that a fresh interpreter holds after running `code`."""
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\n{LOADED}"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stdout))


def test_the_probe_sees_a_heavy_import() -> None:
    assert "numpy" in loaded_after("import numpy")


def test_import_is_light() -> None:
    assert not HEAVY & loaded_after("import oilshock")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--help"], "Usage:"), (["run", "--help"], "Usage:"), (["--version"], oilshock.__version__)],
    ids=["help", "run-help", "version"],
)
def test_command_line_help_is_light(arguments: list[str], words: str) -> None:
    assert not HEAVY & loaded_after(HELP.format(arguments=arguments, words=words))


NETWORK = {"curl_cffi", "yfinance", "stamina", "openpyxl", "filelock"}
BUNDLED_STUDY = """
from oilshock.config import config_from_dict
from oilshock.study import run_study
data = {"study": {"name": "s"}, "events": {"ids": ["iran-attacks-israel-apr2024"]}}
run_study(config_from_dict(data | {"inference": {"tests": ["t"]}}, where="s"))
"""


def test_a_study_without_network_loads_no_network_library() -> None:
    assert not NETWORK & loaded_after(BUNDLED_STUDY)


def test_all_has_no_duplicates_and_no_private_name() -> None:
    names = [name for name in oilshock.__all__ if name != "__version__"]
    assert len(set(names)) == len(names)
    assert not [name for name in names if name.startswith("_")]


@pytest.mark.parametrize("name", oilshock.__all__)
def test_every_public_name_can_be_got(name: str) -> None:
    value = getattr(oilshock, name)
    if name == "inference":
        assert value.__name__ == "oilshock.inference"
    elif name != "__version__":
        assert value.__name__ == name
        assert value.__module__.partition(".")[0] == "oilshock"


def test_dir_lists_exactly_what_is_public() -> None:
    assert dir(oilshock) == sorted(oilshock.__all__)


def test_names_for_type_checkers_are_the_public_ones() -> None:
    tree = ast.parse(Path(oilshock.__file__).read_text(encoding="utf-8"))
    (block,) = [
        node
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    typed = {alias.name for node in block.body for alias in node.names}  # type: ignore[attr-defined]
    assert typed | {"__version__"} == set(oilshock.__all__)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'lode_prices'"):
        _ = oilshock.lode_prices
