"""What a config asks for, read: the price series, the factors, the compared series, the events."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from oilshock.config import Config
from oilshock.config_prices import PricesTable
from oilshock.errors import ConfigError, EventError, Problem, SourceError, nearest_or_all
from oilshock.events import EventCatalogue, load_events
from oilshock.market import Factor
from oilshock.presets import PRESETS
from oilshock.price_columns import Choice
from oilshock.price_ranges import with_ranges
from oilshock.price_series import zone_of
from oilshock.price_settings import named_as, under_table
from oilshock.prices import PriceSeries, read_bundled
from oilshock.quality import Finding
from oilshock.rolls import CONTINUOUS, continuous_finding, suspicious_rolls
from oilshock.sources import Access, Source, read_source
from oilshock.sources.bundled import BundledSource
from oilshock.sources.cached import CachedSource
from oilshock.sources.file import FileSource
from oilshock.sources.load import NETWORK_SOURCES
from oilshock.typing import Progress, silent

_FUTURES = re.compile(r"futures?(?![a-z])|front[ _-]?month|continuous", re.I)


@dataclass(frozen=True, eq=False)
class Inputs:
    """Everything that a study reads."""

    series: PriceSeries
    events: EventCatalogue
    factors: Mapping[str, Factor]
    compared: Mapping[str, PriceSeries]


def read_inputs(
    config: Config, *, base: Path, access: Access | None = None, progress: Progress = silent
) -> Inputs:
    """Read what a config asks for.

    Parameters
    ----------
    config : Config
        The config.
    base : Path
        Folder that relative paths start from: that of the config file.
    access : Access, optional
        Whether the network may be used, how fresh prices must be, where the cache is.
    progress : callable, optional
        Called with (what is done, how many, of how many).

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
    read = partial(read_series, base=base, access=access, progress=progress)
    series = read(config.prices, name="prices")
    factors: dict[str, Factor] = {}
    for name in config.model.factors:
        table = config.series.get(name)
        if table is None:
            factors |= preset_factors(name, access=access, progress=progress)
        else:
            own = read(table, name=f"series.{name}", called=name)
            factors[name] = Factor(series=own, kind=table.returns or config.returns.kind)
    compared = {
        name: read(table, name=f"series.{name}", called=name)
        for name, table in config.series.items()
        if name not in factors
    }
    every = (series, *compared.values())
    return Inputs(
        series=warn_of_rolls(series, others=every),
        events=read_events(config, base=base),
        factors=factors,
        compared={name: warn_of_rolls(one, others=every) for name, one in compared.items()},
    )


def read_series(
    table: PricesTable,
    *,
    name: str,
    base: Path,
    called: str = "",
    access: Access | None = None,
    progress: Progress = silent,
) -> PriceSeries:
    """Read one price series; `name` is its table in messages, `called` the name it takes."""
    source = _source_of(table, called=called, base=base, access=access, progress=progress)
    try:
        with named_as(partial(under_table, name=name)):
            series = source.fetch(table.symbol or "brent-spot", start=table.start, end=table.end)
    except (ConfigError, SourceError) as error:
        raise type(error)(*(_in_table(problem, name) for problem in error.problems)) from error
    if called and table.source in NETWORK_SOURCES:
        series = replace(series, name=called, prices=series.prices.rename(called))
    if table.source == "file" and not table.contracts:
        path = Path(table.symbol)
        file = path if path.is_absolute() else base / path
        choice = Choice(
            zone_of(table.timezone),
            date=table.date_column,
            order=table.date_order,
            decimal=table.decimal,
        )
        series = with_ranges(series, file, shown_as=table.symbol, choice=choice)
    return replace(
        series,
        findings=(*series.findings, *_perhaps_continuous(table)),
        close=table.close or series.close,
        timezone=table.timezone or series.timezone,
        provenance=series.provenance
        | ({"label": table.label} if table.label else {})
        | ({"unit": table.unit} if table.unit else {}),
    )


def _perhaps_continuous(table: PricesTable) -> tuple[Finding, ...]:
    """Ask of a file that calls itself futures whether it jumps from contract to contract."""
    is_said = "continuous" in table.model_fields_set or table.contracts
    calls = table.label or Path(table.symbol).stem
    if table.source != "file" or is_said or not _FUTURES.search(calls):
        return ()
    message = (
        f'"{calls}" says futures. If the file is a continuous future, it jumps at each roll: set '
        "continuous = true, and the report warns of it; else continuous = false."
    )
    return (Finding("perhaps_continuous", 1, message, ()),)


def _source_of(
    table: PricesTable, *, called: str, base: Path, access: Access | None, progress: Progress
) -> Source:
    if table.source == "bundled":
        return BundledSource(access or Access())
    if table.source != "file":
        return CachedSource(table.source, access or Access(), table.price_column, progress)
    return FileSource(
        base,
        name=called,
        date_column=table.date_column,
        price_column=table.price_column,
        close=table.close,
        timezone=table.timezone,
        date_order=table.date_order,
        decimal=table.decimal,
        sheet=table.sheet,
        continuous=table.continuous,
        contracts=table.contracts,
        roll_days=table.roll_days,
    )


def warn_of_rolls(series: PriceSeries, *, others: Iterable[PriceSeries] = ()) -> PriceSeries:
    """Add what is to be known of a continuous future: that it is one, and where it may roll.

    Parameters
    ----------
    series : PriceSeries
        Any series; one that is no continuous future comes back as it is.
    others : iterable of PriceSeries, default ()
        The other series of the study, of which one may be spot.

    Returns
    -------
    PriceSeries
        With one or two findings more.
    """
    if series.provenance["kind"] != CONTINUOUS:
        return series
    found = [continuous_finding(series.label)]
    spot = _spot_of(series, others)
    if spot is not None:
        rolls = suspicious_rolls(series.prices, spot.prices)
        found += [rolls] if rolls is not None else []
    return replace(series, findings=(*found, *series.findings))


def _spot_of(series: PriceSeries, others: Iterable[PriceSeries]) -> PriceSeries | None:
    """Find the spot series to hold a future against: Brent's own, else one of the study."""
    symbol = series.provenance["series_id"]
    if symbol == "BZ=F":
        return read_bundled("brent-spot")
    spots = (other for other in others if other.provenance["kind"] == "spot")
    if symbol == "CL=F":
        spots = (other for other in spots if other.provenance["series_id"] == "DCOILWTICO")
    return next(spots, None)


def _in_table(problem: Problem, name: str) -> Problem:
    """Say which table of the config asked for a series."""
    return replace(under_table(problem, name=name), where=f"[{name}], {problem.where}")


def preset_factors(
    name: str, *, access: Access | None = None, progress: Progress = silent
) -> dict[str, Factor]:
    """Read the factors of a preset, by their names.

    Parameters
    ----------
    name : {"dollar", "hamilton", "equity"}
        The preset.
    access : Access, optional
        Whether the network may be used, how fresh prices must be, where the cache is.
    progress : callable, optional
        Called with (what is done, how many, of how many).

    Returns
    -------
    dict of str to Factor
        Each with the kind of its returns.

    Raises
    ------
    SourceError
        When a series is not to be had.
    """
    factors = {}
    for part in PRESETS[name]:
        try:
            series = read_source(part.source, part.symbol, access=access, progress=progress)
        except SourceError as error:
            where = f'model.factors = ["{name}"]'
            raise SourceError(
                *(replace(problem, where=f"{where}, {problem.where}") for problem in error.problems)
            ) from error
        factors[part.name] = Factor(series=series, kind=part.kind)
    return factors


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
    """Refuse groups, attributes and a column of episodes that are no column of the events."""
    columns = list(events.to_frame().columns)
    wanted = [
        *(("inference.groups", group) for group in config.inference.groups),
        *(("comparison.attributes", name) for name in config.comparison.attributes),
        *(
            ("comparison.contrasts", group.partition("=")[0])
            for pair in config.comparison.contrasts
            for group in pair
        ),
        *(("dynamics.groups", group) for group in config.dynamics.groups),
    ]
    if config.episodes.column:
        wanted.append(("episodes.column", config.episodes.column))
    problems = [
        Problem(
            key,
            f'"{name}" is no column of the events.',
            fix=nearest_or_all(name, columns, label="Columns"),
        )
        for key, name in dict.fromkeys(wanted)
        if name not in columns
    ]
    if problems:
        raise ConfigError(*problems)
