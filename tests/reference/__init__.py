"""Reads `reference_S1.json`; README.md beside it defines every figure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from oilshock.typing import Float

LAST_SESSION = "2026-08-18"
"""The series ended here when the figures were computed."""

RELATIVE = 1e-9
"""Two packages agree to 1e-13; the series is rounded to cents, so 1e-9 is safe everywhere."""


@dataclass(frozen=True, eq=False)
class ReferenceEvent:
    """One event of the reference."""

    date: str
    session: str
    sigma: float
    df: int
    relative_day: tuple[int, ...]
    ar: Float
    ar_estudy2: Float
    t_without_forecast_error: Float


@lru_cache
def _content() -> dict[str, Any]:
    text = (Path(__file__).parent / "reference_S1.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


@lru_cache
def reference_events() -> tuple[ReferenceEvent, ...]:
    """Return all events, in the order of the file."""
    return tuple(
        ReferenceEvent(
            date=date,
            session=event["session"],
            sigma=event["sigma"],
            df=event["df"],
            relative_day=tuple(event["relative_day"]),
            ar=np.array(event["ar"]),
            ar_estudy2=np.array(event["ar_estudy2"]),
            t_without_forecast_error=np.array(event["t_without_forecast_error"]),
        )
        for date, event in _content()["events"].items()
    )


def tests_per_day() -> tuple[str, ...]:
    """Return the names of all tests that have figures for each relative day."""
    return tuple(_content()["tests"]["per_day"])


tests_per_day.__test__ = False  # type: ignore[attr-defined]


def per_day(name: str) -> dict[str, Any]:
    """Return the figures of one test on each relative day."""
    figures: dict[str, Any] = _content()["tests"]["per_day"][name]
    return figures


def per_window() -> dict[tuple[int, int], dict[str, Any]]:
    """Return the figures of each CAR window."""
    windows = _content()["tests"]["per_window"]
    found = {}
    for name, figures in windows.items():
        start, end = name.strip("[]").split(",")
        found[int(start), int(end)] = figures
    return found
