"""Event studies of the oil price.

Did this event move it, by how much, for how long, and how sure can we be?

Public names load on first use, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {
    "Config": "config",
    "load_config": "config",
    "load_prices": "prices",
    "check_prices": "prices",
    "fetch_prices": "sources.load",
    "load_events": "events",
    "EventCatalogue": "events",
    "EventStudy": "study",
    "run_study": "study",
    "StudyResult": "results",
    "OilshockError": "errors",
    "ConfigError": "errors",
    "OutputError": "errors",
    "DataError": "errors",
    "PriceError": "errors",
    "EventError": "errors",
    "SourceError": "errors",
    "EstimationError": "errors",
    "chart_style": "charts.style",
}

_MODULES = ("inference",)

__all__ = [
    "Config",
    "ConfigError",
    "DataError",
    "EstimationError",
    "EventCatalogue",
    "EventError",
    "EventStudy",
    "OilshockError",
    "OutputError",
    "PriceError",
    "SourceError",
    "StudyResult",
    "__version__",
    "chart_style",
    "check_prices",
    "fetch_prices",
    "inference",
    "load_config",
    "load_events",
    "load_prices",
    "run_study",
]

if TYPE_CHECKING:
    from oilshock import inference
    from oilshock.charts.style import chart_style
    from oilshock.config import Config, load_config
    from oilshock.errors import (
        ConfigError,
        DataError,
        EstimationError,
        EventError,
        OilshockError,
        OutputError,
        PriceError,
        SourceError,
    )
    from oilshock.events import EventCatalogue, load_events
    from oilshock.prices import check_prices, load_prices
    from oilshock.results import StudyResult
    from oilshock.sources.load import fetch_prices
    from oilshock.study import EventStudy, run_study


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
