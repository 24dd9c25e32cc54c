"""The contract tables: arrays in, frames out, and frames as CSV text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import pandas as pd

from oilshock.abnormal import AbnormalReturns, Average, CarEstimate
from oilshock.inference import TestResult
from oilshock.typing import Float, Int, Record, Window
from oilshock.whatif import WhatIf

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "events": (
        "event_id",
        "title",
        "category",
        "event_date",
        "event_time",
        "session",
        "shift_days",
        "shift_reason",
        "status",
        "reason",
        "estimation_start",
        "estimation_end",
        "n_estimation",
        "window_start",
        "window_end",
        "overlaps",
    ),
    "abnormal_returns": (
        "event_id",
        "relative_day",
        "session",
        "price",
        "return",
        "expected_return",
        "abnormal_return",
        "std_error",
        "t_stat",
        "p_value",
    ),
    "car": (
        "event_id",
        "start",
        "end",
        "car",
        "std_error",
        "t_stat",
        "p_value",
        "p_calibrated",
        "p_adjusted",
        "ci_low",
        "ci_high",
        "ci_calibrated_low",
        "ci_calibrated_high",
        "usd",
    ),
    "average": (
        "group",
        "relative_day",
        "n_events",
        "aar",
        "aar_std_error",
        "caar",
        "caar_std_error",
        "ci_low",
        "ci_high",
    ),
    "tests": ("group", "start", "end", "test", "statistic", "p_value", "n_events", "df"),
    "event_tests": (
        "event_id",
        "start",
        "end",
        "test",
        "statistic",
        "p_value",
        "df",
        "reason",
    ),
    "whatif": (
        "event_id",
        "relative_day",
        "session",
        "price",
        "expected_price",
        "low",
        "high",
        "usd",
    ),
    "levels": (
        "level",
        "first_session",
        "last_session",
        "sessions_above",
        "peak",
        "peak_session",
        "run_up_return",
        "abnormal_part",
        "events",
    ),
}
"""Names and columns of the tables that a run writes; others read them."""

TABLES = tuple(COLUMNS)

OVERLAP_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "joint": (
        "id",
        "kind",
        "start",
        "end",
        "n_sessions",
        "sessions",
        "estimate",
        "std_error",
        "statistic",
        "p_value",
        "df",
        "covariance",
        "identified",
        "shared_with",
        "reason",
    ),
    "episodes": (
        "episode",
        "events",
        "first_session",
        "last_session",
        "n_events",
        "shared_sessions",
    ),
}
"""Tables that a run writes only if its config asks for them."""

OVERLAP_TABLES = tuple(OVERLAP_COLUMNS)


EXTRA_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "comparison": (
        "kind",
        "start",
        "end",
        "term",
        "estimate",
        "std_error",
        "statistic",
        "p_value",
        "ci_low",
        "ci_high",
        "n_events",
        "n_episodes",
        "df",
        "reason",
    ),
    "diagnostics": (
        "event_id",
        "n_estimation",
        "ljung_box_lags",
        "ljung_box",
        "ljung_box_p_value",
        "arch_lm_lags",
        "arch_lm",
        "arch_lm_p_value",
        "skewness",
        "excess_kurtosis",
        "jarque_bera",
        "jarque_bera_p_value",
        "outlier_session",
        "outlier_return",
        "outlier_sigmas",
        "outlier_p_value",
        "car_without_outlier",
        "t_stat_without_outlier",
        "p_value_without_outlier",
        "leverage",
        "largest_estimation_leverage",
        "reason",
    ),
}
"""Tables beyond those that others rely on."""

EXTRA_TABLES = tuple(EXTRA_COLUMNS)


DECOMPOSITION_TABLES = ("decomposition", "counterfactual", "accounted")
"""Tables on the prices of episodes, written if the config asks for them."""


def level_column(level: float) -> str:
    """Name the column of a level: the shortest decimal.

    Examples
    --------
    >>> level_column(90.0), level_column(92.5)
    ('p_above_90', 'p_above_92.5')
    """
    return f"p_above_{float(level)!r}".removesuffix(".0")


def to_csv(frame: pd.DataFrame) -> str:
    """Write a frame as CSV: ISO dates, floats with all their digits, empty where missing."""
    return str(frame.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n"))


def rows_of(frame: pd.DataFrame) -> list[Record]:
    """Return the rows of a frame as dicts.

    Examples
    --------
    >>> rows_of(pd.DataFrame({"x": [1]}))
    [{'x': 1}]
    """
    return cast("list[Record]", frame.to_dict("records"))


def _long(ids: Sequence[str], window: Window) -> dict[str, object]:
    days = np.arange(window[0], window[1] + 1)
    return {
        "event_id": np.repeat(np.array(ids, dtype=object), len(days)),
        "relative_day": np.tile(days, len(ids)),
    }


def _sessions(sessions: pd.DatetimeIndex, *, position: Int, window: Window) -> pd.DatetimeIndex:
    days = np.arange(window[0], window[1] + 1)
    index = (position[:, np.newaxis] + days).ravel()
    inside = (index >= 0) & (index < len(sessions))
    taken = sessions.to_numpy()[np.where(inside, index, 0)]
    return pd.DatetimeIndex(np.where(inside, taken, np.datetime64("NaT")))


def abnormal_returns_table(
    ids: Sequence[str],
    sessions: pd.DatetimeIndex,
    *,
    position: Int,
    price: Float,
    abnormal: AbnormalReturns,
    t_stat: Float,
    p_value: Float,
) -> pd.DataFrame:
    """Build `abnormal_returns.csv`: a row per event and relative day that has a session."""
    columns = {
        **_long(ids, abnormal.window),
        "session": _sessions(sessions, position=position, window=abnormal.window),
        "price": price.ravel(),
        "return": abnormal.returns.ravel(),
        "expected_return": abnormal.expected.ravel(),
        "abnormal_return": abnormal.ar.ravel(),
        "std_error": abnormal.std_error.ravel(),
        "t_stat": t_stat.ravel(),
        "p_value": p_value.ravel(),
    }
    return _present(pd.DataFrame(columns))


def what_if_table(
    ids: Sequence[str],
    sessions: pd.DatetimeIndex,
    *,
    position: Int,
    window: Window,
    path: WhatIf,
    levels: Sequence[float],
) -> pd.DataFrame:
    """Build `whatif.csv`: a row per event and relative day that has a session."""
    columns = {
        **_long(ids, window),
        "session": _sessions(sessions, position=position, window=window),
        "price": path.price.ravel(),
        "expected_price": path.expected_price.ravel(),
        "low": path.low.ravel(),
        "high": path.high.ravel(),
        "usd": path.usd.ravel(),
        **{
            level_column(level): path.p_above[number].ravel() for number, level in enumerate(levels)
        },
    }
    return _present(pd.DataFrame(columns))


def _present(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["session"].notna()].reset_index(drop=True)


def car_table(
    ids: Sequence[str],
    *,
    window: Window,
    estimate: CarEstimate,
    t_stat: Float,
    p_value: Float,
    critical: Float,
    p_calibrated: Float,
    half_calibrated: Float,
    usd: Float,
) -> pd.DataFrame:
    """Build the rows of `car.csv` of one CAR window, one per event."""
    half = critical * estimate.std_error
    frame = pd.DataFrame(
        {
            "event_id": np.array(ids, dtype=object),
            "start": window[0],
            "end": window[1],
            "car": estimate.car,
            "std_error": estimate.std_error,
            "t_stat": t_stat,
            "p_value": p_value,
            "p_calibrated": p_calibrated,
            "p_adjusted": np.full(len(ids), np.nan),
            "ci_low": estimate.car - half,
            "ci_high": estimate.car + half,
            "ci_calibrated_low": estimate.car - half_calibrated,
            "ci_calibrated_high": estimate.car + half_calibrated,
            "usd": usd,
        },
        columns=list(COLUMNS["car"]),
    )
    incomplete = frame["car"].isna()
    frame.loc[incomplete, ["std_error", "ci_low", "ci_high"]] = np.nan
    return frame


def is_calibrated(car: pd.DataFrame) -> bool:
    """Say whether every row of `car.csv` that has a p value has a calibrated one."""
    return bool(car.loc[car["p_value"].notna(), "p_calibrated"].notna().all())


def quoted(car: pd.DataFrame) -> pd.DataFrame:
    """Put calibrated p values and intervals in the place of the t test's where there are any."""
    frame = car.copy()
    frame["p_value"] = car["p_calibrated"].fillna(car["p_value"])
    frame["ci_low"] = car["ci_calibrated_low"].fillna(car["ci_low"])
    frame["ci_high"] = car["ci_calibrated_high"].fillna(car["ci_high"])
    return frame


def average_table(group: str, *, window: Window, values: Average, critical: Float) -> pd.DataFrame:
    """Build the rows of `average.csv` of one group."""
    half = critical * values.caar_std_error
    return pd.DataFrame(
        {
            "group": group,
            "relative_day": np.arange(window[0], window[1] + 1),
            "n_events": values.n_events,
            "aar": values.aar,
            "aar_std_error": values.aar_std_error,
            "caar": values.caar,
            "caar_std_error": values.caar_std_error,
            "ci_low": values.caar - half,
            "ci_high": values.caar + half,
        },
        columns=list(COLUMNS["average"]),
    )


def test_row(group: str, window: Window, result: TestResult) -> dict[str, object]:
    """Build a row of `tests.csv`."""
    return {
        "group": group,
        "start": window[0],
        "end": window[1],
        "test": result.test,
        "statistic": result.statistic,
        "p_value": result.p_value,
        "n_events": result.n_events,
        "df": result.df,
    }


test_row.__test__ = False  # type: ignore[attr-defined]
