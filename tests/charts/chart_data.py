"""Real frames for the charts: simple figures from the bundled series and catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

L1, GAP, FIRST, LAST = 120, 10, -5, 10
CRITICAL = 1.98
SOURCE = (
    "Source: U.S. EIA, Europe Brent spot FOB (RBRTE), to 2026-09-29; spot, not futures. oilshock."
)


@dataclass(frozen=True)
class Frames:
    """The frames of one event."""

    abnormal: pd.DataFrame
    car: pd.DataFrame
    what_if: pd.DataFrame


def load_prices() -> pd.Series:
    with files("oilshock").joinpath("data/brent-spot.csv").open() as handle:
        frame = pd.read_csv(handle, parse_dates=["date"], index_col="date")
    return frame["usd_per_bbl"].dropna()


def load_events(prices: pd.Series) -> pd.DataFrame:
    """Return the catalogue with its sessions (by date only) and windows, as in events.csv."""
    with files("oilshock").joinpath("data/events.csv").open() as handle:
        frame = pd.read_csv(handle, dtype=str, keep_default_na=False)
    sessions = prices.index
    tau = sessions.searchsorted(pd.to_datetime(frame["date"]))
    frame = frame.assign(tau=tau)[tau < len(sessions)].reset_index(drop=True)
    endogenous = frame["endogenous"] == "yes"

    def at(offset: int) -> list[str]:
        places = np.clip(frame["tau"] + offset, 0, len(sessions) - 1)
        return sessions[places].strftime("%Y-%m-%d").tolist()

    return frame.assign(
        number=range(1, len(frame) + 1),
        event_id=frame["id"],
        event_date=frame["date"],
        session=at(0),
        status=np.where(endogenous, "left_out", "ok"),
        reason=np.where(endogenous, "endogenous", ""),
        estimation_start=at(-GAP - L1),
        estimation_end=at(-GAP - 1),
        window_start=at(FIRST),
        window_end=at(LAST),
    )


def event_frames(prices: pd.Series, tau: int) -> Frames:
    """Compute the mean model of one event; days after the last session are empty."""
    returns = np.log(prices).diff().to_numpy()
    window = returns[tau - GAP - L1 : tau - GAP]
    mean, sigma = window.mean(), window.std(ddof=1)
    day = np.arange(FIRST, LAST + 1)
    place = tau + day
    inside = place < len(prices)
    safe = np.minimum(place, len(prices) - 1)
    price = np.where(inside, prices.to_numpy()[safe], np.nan)
    ar = np.where(inside, returns[safe] - mean, np.nan)
    session = pd.Series(prices.index[safe].strftime("%Y-%m-%d")).where(inside, "")
    count = day - FIRST + 1.0
    car_error = sigma * np.sqrt(count + count**2 / L1)
    after = np.maximum(day + 1.0, 0)
    base = prices.iloc[tau - 1]
    expected = np.where(day < 0, price, base * np.exp(mean * after))
    expected = np.where(inside, expected, np.nan)
    half = CRITICAL * sigma * np.sqrt(after + after**2 / L1)
    days = pd.DataFrame({"relative_day": day, "session": session})
    return Frames(
        days.assign(abnormal_return=ar, half_width=CRITICAL * sigma * np.sqrt(1 + 1 / L1)),
        days.assign(car=np.cumsum(ar), half_width=CRITICAL * car_error),
        days.assign(
            price=price, expected_price=expected, low=expected * np.exp(-half),
            high=expected * np.exp(half), usd=price - expected,
        ),
    )  # fmt: skip


def forest_frame(prices: pd.Series, events: pd.DataFrame) -> pd.DataFrame:
    """Return CAR[0, 5] of each event; empty where the window is not complete."""
    rows = []
    for tau in events["tau"]:
        frames = event_frames(prices, int(tau))
        ar = frames.abnormal.set_index("relative_day")["abnormal_return"]
        car = ar.loc[0:5].sum(skipna=False)
        error = frames.abnormal["half_width"].iloc[0] / CRITICAL * np.sqrt(6)
        low, high = car - CRITICAL * error, car + CRITICAL * error
        rows.append((car, low, high, 2 * np.exp(-(abs(car / error) ** 2) / 2) / 2))
    figures = pd.DataFrame(rows, columns=["car", "ci_low", "ci_high", "p_value"])
    return events.reset_index(drop=True)[["number", "title", "direction"]].join(figures)


def average_frame(prices: pd.Series, groups: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return average.csv for groups of events."""
    parts = []
    for name, events in groups.items():
        ar = np.array(
            [event_frames(prices, int(tau)).abnormal["abnormal_return"] for tau in events["tau"]]
        )
        car = np.cumsum(ar, axis=1)
        n = np.isfinite(car).sum(axis=0)
        caar, error = np.nanmean(car, axis=0), np.nanstd(car, axis=0, ddof=1) / np.sqrt(n)
        part = pd.DataFrame({"group": name, "relative_day": np.arange(FIRST, LAST + 1)})
        parts.append(
            part.assign(
                n_events=n, aar=np.nanmean(ar, axis=0),
                aar_std_error=np.nanstd(ar, axis=0, ddof=1) / np.sqrt(n), caar=caar,
                caar_std_error=error, ci_low=caar - 2.1 * error, ci_high=caar + 2.1 * error,
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def response_frame() -> pd.DataFrame:
    """Make up the response of one class."""
    horizon = np.arange(61)
    response = 0.03 * np.exp(-horizon / 20)
    half = 0.004 * np.sqrt(horizon + 1)
    return pd.DataFrame(
        {
            "group": "signed",
            "horizon": horizon,
            "n_events": 40,
            "response": response,
            "ci_low": response - half,
            "ci_high": response + half,
            "band_low": response - 1.5 * half,
            "band_high": response + 1.5 * half,
        }
    )


def path_frame(events: pd.DataFrame) -> pd.DataFrame:
    """Make up the CAR paths of some events; the band ends on day 10, one path on day 30."""
    frames = []
    for number, title in zip(events["number"], events["title"], strict=True):
        day = np.arange(31 if number == 1 else 61)
        half = np.where(day <= 10, 0.02 * np.sqrt(day + 1), np.nan)
        car = 0.01 * np.cumsum(np.cos(day + number))
        frames.append(
            pd.DataFrame(
                {"number": number, "title": title, "day": day, "car": car, "half_width": half}
            )
        )
    return pd.concat(frames, ignore_index=True)


def strip_frame(prices: pd.Series) -> pd.DataFrame:
    """Lay the moves of a year out, and some of them as those of a category."""
    moves = prices.pct_change().iloc[-250:]
    every = pd.DataFrame({"strip": "all", "move": moves})
    return pd.concat([every, every.iloc[::20].assign(strip="conflict")], ignore_index=True)


def aftermath_frame() -> pd.DataFrame:
    """Make up quantiles after events and of ordinary sessions; one sample is empty."""
    spread = {"q05": -0.05, "q25": -0.01, "q50": 0.005, "q75": 0.02, "q95": 0.07}
    rows = [
        {"sessions": days, "sample": sample, "n": n, **spread}
        for days in (1, 5)
        for sample, n in (("events_scaled", 12 if days == 1 else 0), ("ordinary", 1900))
    ]
    return pd.DataFrame(rows)


def moves_frame() -> pd.DataFrame:
    """Make up the moves after events."""
    return pd.DataFrame({"sessions": 1, "move_scaled": [0.01, -0.03, np.nan, 0.04]})


def parts_frame() -> pd.DataFrame:
    """Lay out an episode of four sessions: drift, eight events, and sessions of several."""
    sessions = pd.bdate_range("2024-04-15", periods=4)
    names = ["expected drift", *(f"Event {row} " * 5 for row in range(8)), "several"]
    kinds = ["drift", *["event"] * 8, "episode"]
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "session": np.tile(sessions, len(names)),
            "price": 90.0,
            "part": np.repeat(names, 4),
            "kind": np.repeat(kinds, 4),
            "usd": rng.standard_normal(4 * len(names)),
        }
    )


def roles(ax: Axes, role: str) -> list[Text]:
    return [text for text in ax.texts if text.get_label() == role]


def inside(figure: Figure) -> bool:
    box, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    return bool(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height)
