"""What `oilshock doctor` looks at in oilshock and its libraries: one record for each thing.

Libraries are imported where they are looked at: one that is broken is told of, and the rest is
still looked at.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import platform
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path
from typing import Literal

from oilshock import __version__

State = Literal["ok", "note", "wrong"]


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Parameters
    ----------
    group : str
        What it belongs to, such as "Fonts".
    name : str
        What was looked at.
    state : {"ok", "note", "wrong"}
        Whether a run can use it; a note is worth knowing and stops nothing.
    value : str
        What was found.
    fix : str
        What to do about it; empty where all is well.
    """

    group: str
    name: str
    state: State
    value: str
    fix: str = ""


def told(error: Exception) -> str:
    """Write an error on one line."""
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0]}" if text else type(error).__name__


def version_checks() -> Iterator[Check]:
    """Tell the versions of oilshock, of Python and of the system."""
    place = str(Path(__file__).parents[1])
    yield Check("Versions", "oilshock", "ok", f"{__version__} in {place}")
    yield Check("Versions", "Python", "ok", platform.python_version())
    yield Check("Versions", "system", "ok", platform.platform())


def library_checks() -> Iterator[Check]:
    """Hold each runtime dependency against the bounds of the package, and import it."""
    try:
        asked = metadata.requires("oilshock") or []
    except metadata.PackageNotFoundError:
        value = "not known: oilshock runs from a folder and is not installed"
        yield Check("Libraries", "bounds", "note", value, "Install it: pip install .")
        return
    for text in asked:
        if "extra ==" not in text:
            yield _library(text)


def _library(text: str) -> Check:
    """Check one dependency, given as `numpy>=1.26`."""
    requirement = text.partition(";")[0].strip()
    name = re.split(r"[^A-Za-z0-9._-]", requirement)[0]
    again = f'pip install --force-reinstall "{requirement}"'
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Check("Libraries", name, "wrong", "not installed", f'pip install "{requirement}"')
    bounds = requirement.removeprefix(name)
    found = f"{version} (needs {bounds})" if bounds else version
    if bounds and not _is_within(version, bounds):
        return Check("Libraries", name, "wrong", found, f'pip install "{requirement}"')
    problem = _import_problem(name.replace("-", "_"))
    if problem:
        return Check("Libraries", name, "wrong", f"{found}, but it fails: {problem}", again)
    return Check("Libraries", name, "ok", found)


def _is_within(version: str, bounds: str) -> bool:
    try:
        from packaging.specifiers import SpecifierSet
    except ImportError:
        return True  # the line on packaging itself says that it is missing
    return SpecifierSet(bounds).contains(version, prereleases=True)


def _import_problem(module: str) -> str:
    """Import a module; say what goes wrong, or nothing."""
    try:
        with warnings.catch_warnings():
            # What a library says of its own future is no news here.
            warnings.simplefilter("ignore")
            importlib.import_module(module)
    except Exception as error:  # a broken library may raise anything, and that is what we look for
        return told(error)
    return ""


def data_checks() -> Iterator[Check]:
    """Hold each bundled file against its checksum."""
    folder = resources.files("oilshock") / "data"
    described = json.loads((folder / "provenance.json").read_text("utf-8"))
    for name, about in described.items():
        found = hashlib.sha256((folder / about["file"]).read_bytes()).hexdigest()
        as_of = f"as of {about['as_of']}"
        if found == about["sha256"]:
            yield Check("Bundled data", name, "ok", f"{as_of}, checksum right")
        else:
            value = f"{as_of}, but {about['file']} is not the file that was shipped"
            yield Check("Bundled data", name, "wrong", value, "Install oilshock again.")


def font_checks() -> Iterator[Check]:
    """Find the font of the charts, and those of the PDF report."""
    from oilshock.charts.style import font_folder

    path = font_folder() / "DejaVuSans.ttf"
    if path.is_file():
        yield Check("Fonts", "charts", "ok", f"DejaVu Sans in {path.parent}")
    else:
        fix = "pip install --force-reinstall matplotlib"
        yield Check("Fonts", "charts", "wrong", f"no DejaVu Sans in {path.parent}", fix)
    yield _pdf_fonts(font_folder())


def _pdf_fonts(folder: Path) -> Check:
    import typst

    there = typst.Fonts(include_system_fonts=False, font_paths=[folder]).families()
    wanted = pdf_fonts()
    lacking = [name for name in wanted if name not in there]
    if lacking:
        fix = "pip install --force-reinstall typst matplotlib"
        return Check("Fonts", "PDF", "wrong", f"not found: {', '.join(lacking)}", fix)
    return Check("Fonts", "PDF", "ok", f"{', '.join(wanted)} (carried by typst and matplotlib)")


def pdf_fonts() -> list[str]:
    """Read the names of the fonts that the template of the PDF report asks for.

    Examples
    --------
    >>> "DejaVu Sans" in pdf_fonts()
    True
    """
    template = resources.files("oilshock.report") / "templates" / "report.typ"
    asked = re.findall(r"\bfont:\s*(\([^)]*\)|\"[^\"]+\")", template.read_text("utf-8"))
    names = [name for one in asked for name in re.findall(r"\"([^\"]+)\"", one)]
    return list(dict.fromkeys(names))


def zone_checks() -> Iterator[Check]:
    """Ask the time zones for a known offset: London, summer of 2024."""
    from datetime import datetime, timedelta
    from zoneinfo import TZPATH, ZoneInfo

    offset = datetime(2024, 7, 1, 12, tzinfo=ZoneInfo("Europe/London")).utcoffset()
    if offset == timedelta(hours=1):
        has_own = any((Path(place) / "Europe" / "London").is_file() for place in TZPATH)
        yield Check("Time zones", "zones", "ok", "of the system" if has_own else "of tzdata")
    else:
        value = f"London in July is at {offset}, not +1:00"
        yield Check("Time zones", "zones", "wrong", value, "pip install --upgrade tzdata")


def looked(group: str, look: Callable[[], Iterator[Check]]) -> list[Check]:
    """Take a look; what makes it fail is what it tells."""
    checks: list[Check] = []
    try:
        checks.extend(look())
    except Exception as error:  # whatever is broken is to be told, not to end the look
        checks.append(Check(group, "look", "wrong", told(error), "Install oilshock again."))
    return checks
