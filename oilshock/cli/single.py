"""The config of a study of one event, from the options of `oilshock event`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from oilshock.config import Config, config_from_dict
from oilshock.errors import ConfigError, Problem

WHEN = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2})(?:[T ](?P<time>\S.*))?", re.ASCII)


def single_event_config(when: str, options: Mapping[str, Any]) -> Config:
    """Build the config of a study of one event.

    Parameters
    ----------
    when : str
        `2024-04-13`, `2024-04-13T20:00Z` or `2024-04-13 20:00 Europe/London`.
    options : mapping
        Options of the command, by name.

    Returns
    -------
    Config
        As if it had been read from a file.

    Raises
    ------
    ConfigError
        When WHEN is no date or an option is wrong.
    """
    match = WHEN.fullmatch(when.strip())
    if match is None:
        raise ConfigError(
            Problem(
                "WHEN",
                f'"{when}" is not a date.',
                fix="Use YYYY-MM-DD, or YYYY-MM-DDTHH:MM with Z, an offset or a zone name.",
            )
        )
    date, time = match["date"], match["time"] or ""
    stamp = f"{date} {time}".strip()
    item = {
        "id": "event",
        "date": date,
        "time": time or None,
        "title": options["title"] or f"Event of {stamp}",
        "category": options["category"],
        "direction": options["direction"] or "",
    }
    slug = re.sub(r"[^0-9A-Za-z]+", "-", stamp.replace(":", "")).strip("-")
    factors = list(options["factors"])
    data: dict[str, Any] = {
        "study": {"name": options["name"] or f"event-{slug}", "title": item["title"]},
        "prices": _prices(options),
        "events": {"source": "inline", "items": [item]},
        "model": {"kind": "factors" if factors else "mean", "factors": factors},
        "windows": {
            "estimation": options["estimation"],
            "gap": options["gap"],
            "event": list(options["window"]),
        },
        "inference": {"groups": ["category", "direction"]},
        "levels": {"usd": list(options["levels"])},
    }
    return config_from_dict(data, where="oilshock event")


def _prices(options: Mapping[str, Any]) -> dict[str, Any]:
    clock = {"close": options["close"], "timezone": options["timezone"]}
    stated = {key: value for key, value in clock.items() if value is not None}
    given = options["price_file"]
    if given:
        source, colon, symbol = str(given).partition(":")
        if colon and source in ("yahoo", "fred"):
            return {"source": source, "symbol": symbol, **stated}
        return {"source": "file", "symbol": given, **stated}
    return stated
