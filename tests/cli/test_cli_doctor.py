"""`oilshock doctor`: what it looks at, and what it says of each thing that is broken."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from oilshock.cli import health, surroundings
from oilshock.cli.health import Check, pdf_fonts


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("OILSHOCK_CACHE", str(folder))
    return folder


def require(monkeypatch: pytest.MonkeyPatch, *requirements: str) -> None:
    monkeypatch.setattr(health.metadata, "requires", lambda name: list(requirements))


def named(checks: Any, name: str) -> Check:
    return next(check for check in checks if check.name == name)


def test_all_is_well(call: Any, monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    require(monkeypatch, "click>=8.2", "rich>=13.7", 'pytest>=8; extra == "test"')
    done = call("doctor")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("\nAll is well.\n")
    for group in ("Versions", "Libraries", "Bundled data", "Folders", "Fonts", "Time zones"):
        assert f"\n{group}\n" in f"\n{done.out}"
    version = metadata.version("click")
    assert re.search(rf"✓ click +{re.escape(version)} \(needs >=8.2\)\n", done.out)
    assert "✓ pytest" not in done.out
    assert f"{cache}: can be written, not there yet" in done.out
    assert "\x1b" not in done.out
    assert not cache.exists()


def test_as_json(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    require(monkeypatch, "click>=8.2", "nowhere-to-be-found>=1")
    done = call("doctor", "--format", "json")
    document = json.loads(done.out)
    assert (done.code, document["schema_version"], document["is_well"]) == (3, 1, False)
    states = {check["name"]: check["state"] for check in document["checks"]}
    assert (states["click"], states["nowhere-to-be-found"]) == ("ok", "wrong")
    assert set(document["checks"][0]) == {"group", "name", "state", "value", "fix"}


def test_a_library_that_is_not_there_or_too_old_is_told_with_its_install_line(
    call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    require(monkeypatch, "nowhere-to-be-found>=1", "click>=99", "rich>=13.7")
    done = call("doctor")
    assert done.code == 3
    assert "✗ nowhere-to-be-found  not installed" in done.out
    assert "(needs >=99)" in done.out
    assert '✗ click: pip install "click>=99"' in done.out
    assert done.out.endswith("\n2 things are wrong.\n")


@pytest.mark.parametrize("error", [ImportError("no libstdc++"), AttributeError("_ARRAY_API")])
def test_a_library_that_cannot_be_imported_is_told_and_the_rest_is_looked_at(
    call: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    require(monkeypatch, "numpy>=1.26", "rich>=13.7")
    real = health.importlib.import_module

    def importing(name: str) -> Any:
        if name == "numpy":
            raise error
        return real(name)

    monkeypatch.setattr(health.importlib, "import_module", importing)
    done = call("doctor")
    assert done.code == 3
    assert f"but it fails: {type(error).__name__}: {error}" in done.out
    assert '✗ numpy: pip install --force-reinstall "numpy>=1.26"' in done.out
    assert "✓ rich" in done.out
    assert "1 thing is wrong." in done.out


@pytest.mark.parametrize("broken", ["numpy", "rich"])
def test_a_library_that_everything_needs_may_be_broken(tmp_path: Path, broken: str) -> None:
    (tmp_path / f"{broken}.py").write_text('raise ImportError("broken on purpose")\n')
    code = (
        "import oilshock.cli.health as h; from oilshock.cli import main; "
        f"h.metadata.requires = lambda name: ['{broken}', 'click>=8.2']; main(['doctor'])"
    )
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(tmp_path), root]),
            "PYTHONIOENCODING": "utf-8",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (3, "")
    assert re.search(rf"✗ {broken} .*ImportError: broken on purpose", done.stdout)
    assert "✓ click" in done.stdout
    assert "✓ brent-spot" in done.stdout
    assert "Terminal\n" in done.stdout


def test_a_look_that_fails_is_told(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise OSError("fonts are gone")

    require(monkeypatch, "click>=8.2")
    monkeypatch.setattr(health, "font_checks", broken)
    done = call("doctor")
    assert done.code == 3
    assert "✗ look" in done.out
    assert "OSError: fonts are gone" in done.out
    assert "Terminal\n" in done.out


def test_oilshock_that_is_not_installed_is_a_note(
    call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> Any:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(health.metadata, "requires", absent)
    done = call("doctor")
    assert done.code == 0
    assert "! bounds" in done.out
    assert "! bounds: Install it: pip install ." in done.out
    assert done.out.endswith("All is well.\n")


def test_data_that_was_changed_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    good = hashlib.sha256(b"x").hexdigest()
    described = {
        name: {"file": f"{name}.csv", "as_of": "2026-10-03", "sha256": good}
        for name in ("same", "other")
    }
    (data / "provenance.json").write_text(json.dumps(described))
    (data / "same.csv").write_bytes(b"x")
    (data / "other.csv").write_bytes(b"y")
    monkeypatch.setattr(health.resources, "files", lambda package: tmp_path)
    same, other = health.data_checks()
    assert (same.state, other.state) == ("ok", "wrong")
    assert "other.csv is not the file that was shipped" in other.value


def test_a_folder_that_cannot_be_written_is_wrong(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(**options: object) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(surroundings.tempfile, "TemporaryFile", refuse)
    checks = list(surroundings.folder_checks())
    assert [check.state for check in checks] == ["wrong", "wrong"]
    assert "cannot be written (Permission denied)" in checks[0].value
    assert "OILSHOCK_CACHE" in checks[0].fix


def test_what_the_cache_holds_is_counted_and_verified(
    cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import pandas as pd

    from oilshock.price_cache import CacheKey, write_entry

    monkeypatch.chdir(tmp_path)
    days = pd.DatetimeIndex(["2024-04-12", "2024-04-15"])
    for symbol in ("A", "B"):
        (cache / "prices" / "fred").mkdir(parents=True, exist_ok=True)
        key = CacheKey("fred", symbol, "value")
        write_entry(cache, key, pd.Series([1.0, 2.0], index=days), about={})
    checks = list(surroundings.folder_checks())
    assert [check.state for check in checks] == ["ok", "ok", "ok"]
    assert named(checks, "cached").value.startswith("2 series, 0.0 MB")
    next((cache / "prices/fred").glob("A.value.*.parquet")).write_bytes(b"")
    broken = [check for check in surroundings.folder_checks() if check.state == "note"]
    assert len(broken) == 1
    assert "fred:A" in broken[0].value


def test_the_terminal_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    checks = list(surroundings.terminal_checks())
    assert named(checks, "width").value == "80 columns, not a terminal"
    assert named(checks, "colours").value == "off: NO_COLOR is set"
    assert named(checks, "signs").state == "ok"
    monkeypatch.setattr(surroundings, "can_show", lambda text: False)
    signs = named(surroundings.terminal_checks(), "signs")
    assert (signs.state, signs.fix) == ("note", "Set PYTHONUTF8=1.")


def test_the_fonts_of_the_template_are_those_looked_for() -> None:
    template = Path(health.__file__).parents[1] / "report/templates/report.typ"
    asked = re.findall(r"font: \(([^)]*)\)", template.read_text(encoding="utf-8"))
    assert {name.strip(' "') for one in asked for name in one.split(",")} <= set(pdf_fonts())
    assert [check.state for check in health.font_checks()] == ["ok", "ok"]


def test_a_font_that_is_lacking_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "pdf_fonts", lambda: ["DejaVu Sans", "No Such Serif"])
    check = named(health.font_checks(), "PDF")
    assert (check.state, check.value) == ("wrong", "not found: No Such Serif")


def test_time_zones() -> None:
    assert [check.state for check in health.zone_checks()] == ["ok"]


def test_every_runtime_dependency_has_a_module_of_its_name() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    for text in project["project"]["dependencies"]:
        check = health._library(str(Requirement(text)))
        assert check.state == "ok", check


@pytest.mark.parametrize(
    ("name", "command"),
    [("brent.toml", "oilshock check"), ("p.CSV", "oilshock prices check"), ("x", "oilshock check")],
)
def test_a_file_is_sent_to_the_command_that_checks_it(call: Any, name: str, command: str) -> None:
    done = call("doctor", name)
    assert (done.code, done.out) == (2, "")
    assert f"{name}: doctor looks at the installation and takes no file." in done.err
    assert f"Run: {command} {name}" in done.err
