"""What a config asks for, read: the price series, the factors, the compared series, the events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from oilshock.config import Config
from oilshock.config_tables import PricesTable
from oilshock.errors import ConfigError, EventError, Problem, SourceError, nearest
from oilshock.events import EventCatalogue, load_events
from oilshock.market import Factor
from oilshock.price_ranges import with_ranges
from oilshock.prices import PriceSeries, clip, read_bundled, read_file

PRESETS = {"dollar": "usd-broad"}
"""Factor presets that the package carries, and the bundled series behind them."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """Everything that a study reads."""

    series: PriceSeries
    events: EventCatalogue
    factors: Mapping[str, Factor]
    compared: Mapping[str, PriceSeries]


def read_inputs(config: Config, *, base: Path) -> Inputs:
    """Read what a config asks for.

    Parameters
    ----------
    config : Config
        The config.
    base : Path
        Folder that relative paths start from: that of the config file.

    Returns
    -------
    Inputs
        Checked series and events.

    Raises
    ------
    DataError
        When a series or the events cannot be used, or no event is left.
    ConfigError
        When an id, a group or an inline event is wrong.
    """
    series = read_series(config.prices, name="prices", base=base)
    factors = {name: _factor(config, name, base) for name in config.model.factors}
    compared = {
        name: read_series(table, name=f"series.{name}", base=base, called=name)
        for name, table in config.series.items()
        if name not in factors
    }
    return Inputs(
        series=series, events=read_events(config, base=base), factors=factors, compared=compared
    )


def read_series(table: PricesTable, *, name: str, base: Path, called: str = "") -> PriceSeries:
    """Read one price series; `name` is its table in messages, `called` the name it takes."""
    if table.source in ("yahoo", "fred"):
        raise SourceError(
            Problem(
                f'{name}.source = "{table.source}"',
                "is not built yet: this version reads bundled series and files.",
                fix='Save the series as CSV and use source = "file", or source = "bundled".',
            )
        )
    if table.source == "bundled":
        series = read_bundled(table.symbol or "brent-spot")
    else:
        path = Path(table.symbol)
        file = path if path.is_absolute() else base / path
        series = read_file(
            file,
            name=called or path.stem,
            shown_as=table.symbol,
            date_column=table.date_column,
            price_column=table.price_column,
            close=table.close,
            timezone=table.timezone,
        )
        series = with_ranges(series, file, shown_as=table.symbol, date_column=table.date_column)
    stated = replace(
        series,
        close=table.close or series.close,
        timezone=table.timezone or series.timezone,
        provenance=series.provenance | ({"label": table.label} if table.label else {}),
    )
    return clip(stated, start=table.start, end=table.end)


def _factor(config: Config, name: str, base: Path) -> Factor:
    table = config.series.get(name)
    if table is not None:
        series = read_series(table, name=f"series.{name}", base=base, called=name)
        return Factor(series=series, kind=table.returns or config.returns.kind)
    if name not in PRESETS:
        raise SourceError(
            Problem(
                f'model.factors: the preset "{name}"',
                "is not built yet.",
                fix='Use "dollar", or give the series in a [series.NAME] table.',
            )
        )
    return Factor(series=read_bundled(PRESETS[name]), kind="log")


def read_events(config: Config, *, base: Path) -> EventCatalogue:
    """Read and filter the events of a config; an empty result is an error."""
    table = config.events
    if table.source == "inline":
        events = load_events(
            [item.model_dump(exclude_none=True) for item in table.items], shown_as="events.items"
        )
    elif table.source == "bundled":
        events = load_events()
    else:
        path = Path(table.source)
        events = load_events(path if path.is_absolute() else base / path, shown_as=table.source)
    try:
        kept = events.filter(
            ids=table.ids or None,
            categories=table.categories or None,
            regions=table.regions or None,
            directions=table.directions or None,
            since=table.since,
            until=table.until,
            min_severity=table.min_severity,
        )
    except ConfigError as error:
        raise ConfigError(
            *(replace(problem, where="events") for problem in error.problems)
        ) from None
    if len(kept) == 0:
        raise EventError(
            Problem(
                f'events.source = "{table.source}"',
                f"no event is left of {len(events)} after the filters.",
                fix="Widen ids, categories, regions, directions, since, until or min_severity.",
            )
        )
    refuse_unknown_groups(kept, config)
    return kept


def refuse_unknown_groups(events: EventCatalogue, config: Config) -> None:
    """Refuse groups, and a column of episodes, that are no column of the events."""
    columns = list(events.to_frame().columns)
    wanted = [("inference.groups", group) for group in config.inference.groups]
    wanted += [("dynamics.groups", group) for group in config.dynamics.groups]
    if config.episodes.column:
        wanted.append(("episodes.column", config.episodes.column))
    problems = [
        Problem(
            key,
            f'"{name}" is no column of the events.',
            fix=nearest(name, columns) or f"Columns: {', '.join(columns)}.",
        )
        for key, name in wanted
        if name not in columns
    ]
    if problems:
        raise ConfigError(*problems)
