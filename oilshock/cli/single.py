"""The config of a study of one event, from the options of `oilshock event`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from oilshock.config import Config, config_from_dict
from oilshock.errors import ConfigError, Problem, nearest_or_all
from oilshock.presets import PRESETS
from oilshock.price_settings import PRICE_SETTINGS

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
    _refuse_unknown(factors)
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


def _refuse_unknown(factors: Sequence[str]) -> None:
    """Refuse what is no preset; series of one's own are for configs."""
    problems = [
        Problem(
            "oilshock event",
            f'"{name}" is not a preset.',
            "model.factors",
            nearest_or_all(name, PRESETS, label="Presets"),
        )
        for name in factors
        if name not in PRESETS
    ]
    if problems:
        raise ConfigError(*problems)


def _prices(options: Mapping[str, Any]) -> dict[str, Any]:
    clock = {"close": options["close"], "timezone": options["timezone"]}
    stated = {key: value for key, value in clock.items() if value is not None}
    given = str(options["price_file"] or "")
    source, colon, symbol = given.partition(":")
    is_fetched = bool(colon) and source in ("yahoo", "fred")
    said = {key: options[key] for key in PRICE_SETTINGS if options[key] is not None}
    _refuse_unread(said, is_file=bool(given) and not is_fetched, source=source)
    if is_fetched and not symbol:
        fix = "Name it, as in yahoo:BZ=F or fred:DCOILWTICO."
        message = f'"{given}" names no series.'
        raise ConfigError(Problem("oilshock event", message, "prices.symbol", fix))
    if is_fetched:
        return {"source": source, "symbol": symbol, **said, **stated}
    if given:
        return {"source": "file", "symbol": given, **said, **stated}
    return stated


def _refuse_unread(said: Mapping[str, Any], *, is_file: bool, source: str) -> None:
    """Refuse what is said of a price file where none is given; Yahoo has a choice of columns."""
    of_yahoo = ("price_column",) if source == "yahoo" else ()
    problems = [
        Problem(
            "oilshock event",
            f'"{value}" says how a price file is read, and there is none.',
            f"prices.{key}",
            "Give the file: --prices FILE.",
        )
        for key, value in said.items()
        if not is_file and key not in of_yahoo
    ]
    if problems:
        raise ConfigError(*problems)
