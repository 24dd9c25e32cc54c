"""The grid of a sweep: what the config asks for, as parts that can be computed anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from oilshock.alignment import align_events
from oilshock.config import Config
from oilshock.config_checks import SweepModel, SweepTable
from oilshock.errors import ConfigError, EstimationError, Problem, nearest
from oilshock.events import EventCatalogue
from oilshock.inference.stepdown import joint_draws
from oilshock.inputs import preset_factors
from oilshock.market import Factor, Market, build_market
from oilshock.models import build_design
from oilshock.options import ReturnKind
from oilshock.presets import PRESETS
from oilshock.prices import PriceSeries
from oilshock.sweep.choices import MAIN, filled, own_model, series_kinds
from oilshock.sweep.part import Part
from oilshock.typing import Float, Int, Record, Window


@dataclass(frozen=True, eq=False)
class Grid:
    """The parts of a sweep, and how the choices of each are written in the table.

    Parameters
    ----------
    parts : tuple of Part
        What is to be computed.
    labels : tuple of dict
        For each part: model, estimation, gap, returns and series.
    own : dict
        The same of the study itself, with its first CAR window.
    """

    parts: tuple[Part, ...]
    labels: tuple[Record, ...]
    own: Record


def build_grid(
    config: Config,
    *,
    series: Mapping[str, PriceSeries],
    factors: Mapping[str, Factor],
    events: EventCatalogue,
) -> Grid:
    """Lay out every combination of the choices in `[sweep]`.

    Parameters
    ----------
    config : Config
        With a `[sweep]` table.
    series : mapping of str to PriceSeries
        The series of the study as `prices`, and every further series by its name.
    factors : mapping of str to Factor
        Factors at hand, by name; presets need not be there.
    events : EventCatalogue
        The events of the study.

    Returns
    -------
    Grid
        Parts in the order model, estimation, gap, returns, series.

    Raises
    ------
    ConfigError
        When an event is unknown, no event has a direction, or a window does not fit a gap.
    EstimationError
        When no event can be placed on the series.
    """
    table = filled(config)
    frame, weight = _chosen(config, table, events)
    markets = {
        (model.label, kind, name): _market(config, model, kind, name, series, factors)
        for model in table.models or ()
        for name, kind in series_kinds(config, table)
    }
    positions = {key: _positions(market, series[key[2]], frame) for key, market in markets.items()}
    placed = _placements(config, table, series[MAIN], frame, markets)
    parts, labels = [], []
    for model, length, gap in product(table.models or (), table.estimation or (), table.gap or ()):
        for name, kind in series_kinds(config, table):
            key = (model.label, kind, name)
            market = markets[key]
            design = build_design(model.kind, factors=market.factors, names=market.factor_names)
            parts.append(
                Part(
                    returns=market.returns,
                    offset=design.offset,
                    x=design.x,
                    position=positions[key],
                    placed=_on(market, placed),
                    weight=weight,
                    length=length,
                    gap=gap,
                    windows=table.windows or (),
                    tests=table.tests,
                    seed=config.study.seed,
                )
            )
            labels.append(_label(model.label, length, gap, kind, name))
    return Grid(tuple(parts), tuple(labels), _own(config))


def _own(config: Config) -> Record:
    """Label the study's own choices, with its first CAR window."""
    windows = config.windows
    label = _label(
        own_model(config).label, windows.estimation, windows.gap, config.returns.kind, MAIN
    )
    return {**label, "window": windows.car_windows[0]}


def _label(model: str, length: int, gap: int, kind: str, name: str) -> Record:
    return {"model": model, "estimation": length, "gap": gap, "returns": kind, "series": name}


def _chosen(
    config: Config, table: SweepTable, events: EventCatalogue
) -> tuple[pd.DataFrame, Float]:
    """Choose the events of a sweep, and what their CARs are multiplied by."""
    frame = events.to_frame()
    unknown = [name for name in table.events if name not in set(frame["id"])]
    if unknown:
        raise ConfigError(
            *(
                Problem(
                    "sweep.events",
                    f'"{name}" is no event of the study.',
                    fix=nearest(name, frame["id"]) or "Use ids of the study's events.",
                )
                for name in unknown
            )
        )
    if table.events:
        frame = frame[frame["id"].isin(table.events)]
    if not config.events.include_endogenous:
        frame = frame[~frame["endogenous"].astype(bool)]
    if table.effect == "average":
        return frame.reset_index(drop=True), np.ones(len(frame))
    signs = frame["direction"].map({"+": 1.0, "-": -1.0})
    frame = frame[signs.notna()].reset_index(drop=True)
    if frame.empty:
        fix = 'Set effect = "average" in [sweep].'
        message = "no event of the sweep has a direction, so none has an expected sign."
        raise ConfigError(Problem("sweep.effect", message, fix=fix))
    return frame, np.asarray(signs.dropna(), dtype=np.float64)


def _market(
    config: Config,
    model: SweepModel,
    kind: ReturnKind,
    name: str,
    series: Mapping[str, PriceSeries],
    factors: Mapping[str, Factor],
) -> Market:
    used: dict[str, Factor] = {}
    for factor in model.factors:
        used |= _factors_named(config, factor, kind=kind, series=series, factors=factors)
    return build_market(series[name], kind=kind, factors=used)


def _factors_named(
    config: Config,
    name: str,
    *,
    kind: ReturnKind,
    series: Mapping[str, PriceSeries],
    factors: Mapping[str, Factor],
) -> dict[str, Factor]:
    """Find the factors of a name; `[series.NAME]` without its own kind follows the sweep."""
    table = config.series.get(name)
    if table is not None:
        prices = factors[name].series if name in factors else series[name]
        return {name: Factor(series=prices, kind=table.returns or kind)}
    if name in PRESETS:
        at_hand = {part.name: factors[part.name] for part in PRESETS[name] if part.name in factors}
        return at_hand if len(at_hand) == len(PRESETS[name]) else preset_factors(name)
    if name in factors:
        return {name: factors[name]}
    fix = f"Presets: {', '.join(PRESETS)}."
    raise ConfigError(Problem("sweep.models", f'"{name}" is not at hand.', fix=fix))


def _positions(market: Market, series: PriceSeries, frame: pd.DataFrame) -> Int:
    """Return the session of each event; -1 after the last one."""
    alignment = align_events(
        frame,
        pd.DatetimeIndex(series.prices.index),
        common=market.sessions,
        close=series.close,
        timezone=series.timezone,
        where=series.name,
    )
    inside = alignment.position < len(market.sessions)
    return np.where(inside, alignment.position, -1).astype(np.intp)


def _placements(
    config: Config,
    table: SweepTable,
    main: PriceSeries,
    frame: pd.DataFrame,
    markets: Mapping[tuple[str, ReturnKind, str], Market],
) -> np.ndarray[tuple[int, int], np.dtype[np.datetime64]]:
    """Draw random dates for all events at once, such that every specification can use them.

    Events whose windows overlap are moved together, so that the offsets between them stay.
    """
    sessions = pd.DatetimeIndex(main.prices.index)
    needed = max(table.estimation or ()) + max(table.gap or ()) + 1
    last_day = max(0, *(b for _, b in table.windows or ()))
    first_day = min(0, *(a for a, _ in table.windows or ()))
    eligible = np.ones(len(sessions), dtype=np.bool_)
    for market in markets.values():
        usable = market.sessions[needed : len(market.sessions) - last_day]
        eligible &= sessions.isin(usable)
    position = align_events(
        frame,
        sessions,
        close=main.close,
        timezone=main.timezone,
        where=main.name,
    ).position
    known = np.flatnonzero(position < len(sessions))
    dates = np.full((table.permutations, len(frame)), np.datetime64("NaT", "ns"))
    if table.permutations == 0:
        return dates
    places = np.flatnonzero(eligible)
    if len(known) == 0 or len(places) == 0:
        message = "no session can be used by every specification."
        fix = "Shorten the longest estimation window, or set permutations = 0."
        raise EstimationError(Problem("sweep", message, fix=fix))
    chosen = joint_draws(
        places,
        position[known],
        reach=last_day - first_day,
        draws=table.permutations,
        rng=np.random.default_rng(config.study.seed),
    )
    stamps = sessions.to_numpy(dtype="datetime64[ns]")
    dates[:, known] = stamps[places[chosen]]
    return dates


def _on(market: Market, dates: np.ndarray[tuple[int, int], np.dtype[np.datetime64]]) -> Int:
    """Find the first session of a market on or after each date; -1 where there is none."""
    stamps = market.sessions.to_numpy(dtype="datetime64[ns]")
    known = ~np.isnat(dates)
    place = np.searchsorted(stamps, np.where(known, dates, stamps[0]))
    return np.where(known & (place < len(stamps)), place, -1).astype(np.intp)


def window_label(window: Window) -> str:
    """Write a CAR window as a level of the grid.

    Examples
    --------
    >>> window_label((-1, 1))
    '[-1, 1]'
    """
    return f"[{window[0]}, {window[1]}]"
