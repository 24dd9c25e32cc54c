"""Every public figure with data of its own, for the tests that walk all of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pandas as pd
from chart_data import (
    SOURCE,
    aftermath_frame,
    average_frame,
    event_frames,
    forest_frame,
    load_events,
    load_prices,
    moves_frame,
    parts_frame,
    path_frame,
    response_frame,
    strip_frame,
)
from matplotlib.figure import Figure

from oilshock import charts

TITLES = ["$90 & <script> 50%_x $a_b$", "هجوم إيران على إسرائيل", "Long " * 40, "日本 \x07 title"]


@lru_cache(maxsize=1)
def prices() -> pd.Series:
    return load_prices()


@lru_cache(maxsize=1)
def spring() -> pd.DataFrame:
    """Eight events of spring 2024."""
    events = load_events(prices())
    shown = events[(events["date"] >= "2024-03-01") & (events["date"] < "2024-05-01")].head(8)
    return shown.assign(number=range(1, len(shown) + 1)).reset_index(drop=True)


def crowd(n: int) -> pd.DataFrame:
    """Many events in nine months of 2026, several on one session, some with odd titles."""
    events = load_events(prices())
    year = events[events["date"] >= "2026-01-01"]
    many = pd.concat([year] * 2).head(n).sort_values("session", kind="stable")
    titles = [TITLES[row % 4] if row % 7 == 0 else title for row, title in enumerate(many["title"])]
    return many.assign(number=range(1, n + 1), title=titles).reset_index(drop=True)


def crowded_price(n: int) -> Figure:
    return charts.price_figure(
        prices().loc["2025-12-15":"2026-09-15"], crowd(n), levels=[90, 100], source=SOURCE
    )


def one_event() -> Figure:
    frames = event_frames(prices(), int(prices().index.searchsorted(pd.Timestamp("2024-04-15"))))
    return charts.event_figure(
        frames.abnormal, frames.car, frames.what_if, title="4  Iran attacks Israel",
        levels=[90], source=SOURCE,
    )  # fmt: skip


def averages() -> Figure:
    groups = {"signed": spring(), "tightening": spring().head(5), "easing": spring().tail(3)}
    return charts.average_figure(average_frame(prices(), groups), source=SOURCE)


def forest() -> Figure:
    frame = forest_frame(prices(), spring())
    frame.loc[2, "p_value"] = 0.01
    frame.loc[0, ["car", "ci_low", "ci_high", "p_value"]] = np.nan
    return charts.forest_figure(frame, window=" [0, +5]", source=SOURCE)


def coefficients() -> Figure:
    frame = pd.DataFrame(
        {
            "term": ["constant", "category=attack_on_supply", "direction=-", "severity"],
            "estimate": [0.01, -0.02, np.nan, 0.005],
            "ci_low": [0.0, -0.03, np.nan, -0.002],
            "ci_high": [0.02, -0.01, np.nan, 0.012],
            "p_value": [0.03, 0.2, np.nan, 0.001],
            "n_events": [9, 5, 0, 7],
            "reason": ["", "", "2 events, fewer than 5: left out", ""],
        }
    )
    return charts.coefficients_figure(frame, window=" [0, +5]", source=SOURCE)


def responses() -> Figure:
    frame = pd.concat([response_frame().assign(group=name) for name in "abc"])
    titles = ["Tightening (n = 40)", "Easing (n = 40)", "As expected (n = 80)"]
    return charts.dynamics_figure(frame, titles=titles, source=SOURCE)


def strips() -> Figure:
    events = spring().assign(strip="conflict", move=np.linspace(-0.04, 0.05, len(spring())))
    names = {"all": "All sessions", "conflict": "Conflict"}
    return charts.history_figure(strip_frame(prices()), events, names=names, source=SOURCE)


def unusual() -> Figure:
    returns = np.log(prices()).diff().dropna()
    largest = returns.reindex(returns.abs().sort_values(ascending=False).index[:60])
    moves = pd.DataFrame(
        {"session": largest.index, "return": largest.to_numpy(), "explained": [True, False] * 30}
    )
    usual = pd.DataFrame({"session": prices().index[[1, 4000, -1]], "size": [0.012, 0.018, 0.018]})
    return charts.moves_figure(moves, usual=usual, return_name="log return", source=SOURCE)


def power() -> Figure:
    shock = np.linspace(0, 0.15, 9)
    frames = [
        pd.DataFrame({"n_events": n, "shock": shock, "power": 1 - 0.95 * np.exp(-25 * n * shock)})
        for n in (1, 5, 20)
    ]
    return charts.power_figure(pd.concat(frames), source=SOURCE)


def minimum() -> Figure:
    frame = spring()[["number", "title"]].assign(minimum=0.05, minimum_textbook=0.06, car=-0.02)
    frame.loc[1, "car"] = 0.07
    return charts.minimum_figure(frame, window="[0, +5]", source=SOURCE)


def curve() -> Figure:
    n = 60
    frame = pd.DataFrame(
        {
            "effect": np.sin(np.arange(n)) * 0.03,
            "p_value": np.where(np.arange(n) % 3, 0.2, 0.01),
            "gap": np.where(np.arange(n) % 2, 10, 20),
            "model": np.where(np.arange(n) % 5, "mean", "market"),
        }
    )
    dimensions = [("gap", "gap"), ("model", "model")]
    band = (np.linspace(-0.04, 0.02, n), np.linspace(-0.02, 0.04, n))
    return charts.curve_figure(frame, dimensions=dimensions, band=band, own=7, source=SOURCE)


def several_series() -> Figure:
    part = prices().loc["2024-01":"2024-06"]
    frames = [
        pd.DataFrame({"series": name, "session": part.index, "price": by * part.to_numpy()})
        for name, by in {"Brent spot": 1.0, "Brent futures": 0.97, "WTI": 0.9}.items()
    ]
    gap = ("2024-04-15", 90.84, 81.76)
    return charts.series_figure(pd.concat(frames), gap=gap, source=SOURCE)


FIGURES: dict[str, Callable[[], Figure]] = {
    "price_figure": lambda: charts.price_figure(
        prices().loc["2024-01":"2024-06"], spring(), levels=[90], source=SOURCE
    ),
    "event_figure": one_event,
    "forest_figure": forest,
    "average_figure": averages,
    "timeline_figure": lambda: charts.timeline_figure(spring(), source=SOURCE),
    "coefficients_figure": coefficients,
    "dynamics_figure": responses,
    "paths_figure": lambda: charts.paths_figure(path_frame(spring()), source=SOURCE),
    "parts_figure": lambda: charts.parts_figure(
        parts_frame(), headline="What moved the price", source=SOURCE
    ),
    "aftermath_figure": lambda: charts.aftermath_figure(
        aftermath_frame(), moves_frame(), actual={1: 0.02}, source=SOURCE
    ),
    "history_figure": strips,
    "volatility_figure": lambda: charts.volatility_figure(
        spring().assign(ratio=np.linspace(0.3, 6, len(spring())), p_calibrated=[0.01, 0.5] * 4),
        window="[0, +4]",
        source=SOURCE,
    ),
    "moves_figure": unusual,
    "power_figure": power,
    "minimum_figure": minimum,
    "curve_figure": curve,
    "series_figure": several_series,
}
