"""What surrounds the code says the same as the code: data, versions, dependencies, README."""

from __future__ import annotations

import ast
import doctest
import hashlib
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import oilshock
from oilshock.beyond.view import TABLES as FURTHER_TABLES
from oilshock.tables import DECOMPOSITION_TABLES, EXTRA_TABLES, OVERLAP_TABLES, TABLES

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(oilshock.__file__).parent / "data"
PROVENANCE = json.loads((DATA / "provenance.json").read_text(encoding="utf-8"))
PYPROJECT_TEXT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads(PYPROJECT_TEXT)
RUNTIME = [Requirement(line) for line in PYPROJECT["project"]["dependencies"]]
LOCKS = ["requirements.lock", "requirements-dev.lock"]
EXTRAS_OF_LOCK = {"requirements.lock": [], "requirements-dev.lock": ["test", "dev"]}
# Used without an import: pandas goes through three of them, zoneinfo through the fourth. Each with
# the words of the code that need it.
NEVER_IMPORTED = {
    "pyarrow": "read_parquet(",
    "tabulate": ".to_markdown(",
    "tzdata": "ZoneInfo(",
    "xlsxwriter": 'engine="xlsxwriter"',
}
PART_OF = {"curl_cffi": "curl-cffi", "pydantic_core": "pydantic", "mpl_toolkits": "matplotlib"}


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, Version]:
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text_of(lock), flags=re.MULTILINE)
    assert len({name for name, _ in found}) == len(found), "a package is pinned twice"
    return {canonicalize_name(name): Version(version) for name, version in found}


@pytest.mark.parametrize("name", sorted(PROVENANCE))
def test_data_file_is_the_one_of_its_provenance(name: str) -> None:
    entry = PROVENANCE[name]
    assert hashlib.sha256((DATA / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert all(entry[key] for key in ("title", "publisher", "series_id", "licence", "as_of"))


def test_every_data_file_has_a_provenance() -> None:
    files = {path.name for path in DATA.glob("*.csv")}
    assert files == {entry["file"] for entry in PROVENANCE.values()}


def test_package_is_marked_as_typed() -> None:
    assert (Path(oilshock.__file__).parent / "py.typed").is_file()


def test_version_is_the_same_everywhere() -> None:
    cited = re.search(r"^version: (\S+)$", text_of("CITATION.cff"), flags=re.MULTILINE)
    logged = re.search(r"^## \[(\d\S*)\] - \d{4}-\d\d-\d\d$", text_of("CHANGELOG.md"), flags=re.M)
    assert cited is not None
    assert logged is not None
    assert cited[1] == logged[1] == oilshock.__version__


def test_date_of_release_is_the_same_everywhere() -> None:
    (released,) = re.findall(r"^date-released: (\S+)$", text_of("CITATION.cff"), flags=re.M)
    assert f"## [{oilshock.__version__}] - {released}" in text_of("CHANGELOG.md")


def test_every_runtime_dependency_says_why_and_from_which_version() -> None:
    block = re.search(r"^dependencies = \[\n(.*?)^\]", PYPROJECT_TEXT, flags=re.S | re.M)
    assert block is not None
    lines = [line.strip() for line in block[1].splitlines()]
    reasons, requirements = lines[::2], lines[1::2]
    assert len(requirements) == len(RUNTIME)
    assert all(re.fullmatch(r"# [A-Z].{10,}\.", reason) for reason in reasons)
    assert all(re.fullmatch(r'"[a-z0-9-]+>=[\d.]+",', line) for line in requirements)


def test_runtime_dependencies_are_what_the_code_imports() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in DATA.parent.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    roots = {module.partition(".")[0] for module in modules}
    foreign = roots - set(sys.stdlib_module_names) - {"oilshock"}
    named = {PART_OF.get(root, root) for root in foreign} | set(NEVER_IMPORTED)
    extra = {
        Requirement(line).name for line in PYPROJECT["project"]["optional-dependencies"]["dask"]
    }
    assert named - extra == {requirement.name for requirement in RUNTIME}


@pytest.mark.parametrize("name", NEVER_IMPORTED)
def test_what_is_never_imported_is_used(name: str) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in DATA.parent.rglob("*.py"))
    assert NEVER_IMPORTED[name] in code


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_place(lock: str) -> None:
    assert not re.search(r"://|^\s*-(?!-hash)|(^|\s)\.{0,2}/|@ ", text_of(lock), flags=re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", text_of(lock).strip())
    bare = [entry for entry in entries if entry[0] != "#" and "--hash=sha256:" not in entry]
    assert not bare


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_what_pyproject_asks_for(lock: str) -> None:
    extras: dict[str, list[str]] = PYPROJECT["project"]["optional-dependencies"]
    wanted = RUNTIME + [Requirement(r) for name in EXTRAS_OF_LOCK[lock] for r in extras[name]]
    locked = pins(lock)
    wrong = [
        str(requirement)
        for requirement in wanted
        if not requirement.specifier.contains(locked.get(canonicalize_name(requirement.name), "0"))
    ]
    assert not wrong, f"{lock} is out of date: run `make lock`."


def test_both_locks_agree() -> None:
    everything = pins("requirements-dev.lock").items()
    assert pins("requirements.lock").items() <= everything


def test_every_make_target_for_people_has_its_help() -> None:
    makefile = text_of("Makefile")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)
    helped = re.findall(r"^([a-z-]+):[^#\n]* ## \S", makefile, flags=re.MULTILINE)
    assert sorted(phony.split()) == sorted(helped)


def test_outputs_readme_lists_every_table_of_the_contract() -> None:
    rows = re.findall(r"^\| (`tables/.*?) \|", text_of("outputs/README.md"), flags=re.MULTILINE)
    listed = re.findall(r"`(?:tables/)?(\w+)\.csv`", " ".join(rows))
    tables = (*TABLES, *EXTRA_TABLES, *FURTHER_TABLES, *OVERLAP_TABLES, *DECOMPOSITION_TABLES)
    assert sorted(listed) == sorted(tables)


def test_readme_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Cut out of its fence first: doctest would take the closing fence for output.
    blocks = re.findall(r"^```(?:python|pycon)\n(.*?)^```", text_of("README.md"), flags=re.S | re.M)
    session = "\n".join(block for block in blocks if ">>>" in block)
    assert session, "README.md has no Python example with >>> prompts."
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    test = doctest.DocTestParser().get_doctest(session, names, "README.md", "README.md", 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    said: list[str] = []
    runner.run(test, out=said.append)
    assert not runner.failures, "".join(said)
