"""`manifest.json`: what one needs to make the same report again."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import PurePath

from oilshock import __version__
from oilshock.config import Config
from oilshock.options import SCHEMA_VERSION
from oilshock.results import StudyResult
from oilshock.storage import GENERATOR
from oilshock.typing import Record

PACKAGES = (
    "numpy",
    "pandas",
    "scipy",
    "arch",
    "statsmodels",
    "ruptures",
    "matplotlib",
    "pydantic",
    "jinja2",
    "typst",
    "tabulate",
    "xlsxwriter",
)
"""Packages whose versions can change a figure or a byte."""

ORIGIN = ("title", "file", "series_id", "as_of", "sha256")
"""Keys of a provenance that are repeated."""


def manifest(result: StudyResult) -> Record:
    """Build the manifest of a run."""
    config = result.estimates.config
    return manifest_of(config=resolved(config, result), inputs=_inputs(result))


def manifest_of(*, config: Record, inputs: list[Record]) -> Record:
    """Build a manifest.

    Parameters
    ----------
    config : dict
        The config of the run, as JSON holds it.
    inputs : list of dict
        From `input_record`.

    Returns
    -------
    dict
        Versions, seed, config and inputs.
    """
    return {
        "generator": GENERATOR,
        "schema_version": SCHEMA_VERSION,
        "oilshock": __version__,
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "seed": config["study"]["seed"],
        "config": config,
        "inputs": inputs,
    }


def resolved(config: Config, result: StudyResult) -> Record:
    """Write a config with all defaults filled in."""
    data = config_record(config)
    series = result.estimates.market.series
    data["prices"] |= {"close": series.close, "timezone": series.timezone}
    data["prices"]["symbol"] = data["prices"]["symbol"] or series.name
    data["windows"]["car"] = [list(window) for window in config.windows.car_windows]
    data["windows"]["min_estimation"] = config.windows.fewest
    data["study"]["title"] = config.title
    return data


def config_record(config: Config) -> Record:
    """Write a config as JSON holds it; of a file given by its absolute path only the name."""
    data = config.model_dump(mode="json")
    for table in (data["prices"], *data["series"].values()):
        table["symbol"] = _without_folder(table["symbol"])
    data["events"]["source"] = _without_folder(data["events"]["source"])
    return data


def _without_folder(path: str) -> str:
    """Return the name of a file given by its absolute path, which is nobody else's business."""
    return PurePath(path).name if PurePath(path).is_absolute() else path


def input_record(name: str, about: Mapping[str, str]) -> Record:
    """Say where an input came from, by its provenance."""
    origin = {key: _without_folder(about[key]) for key in ORIGIN if about.get(key)}
    return {"input": name, **origin}


def _inputs(result: StudyResult) -> list[Record]:
    estimates = result.estimates
    origins: list[tuple[str, Mapping[str, str]]] = [
        ("prices", estimates.market.series.provenance),
        *((f"factor {name}", factor.series.provenance) for name, factor in result.factors.items()),
        *(
            (f"series {name}", other.estimates.market.series.provenance)
            for name, other in result.compared.items()
        ),
        ("events", estimates.events.provenance),
    ]
    return [input_record(name, about) for name, about in origins]
