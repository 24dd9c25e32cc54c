"""How long moves last on average: local projections of classes of events, and their shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from oilshock.inference.local_projection import (
    LocalProjection,
    count_events,
    pointwise_critical,
    project_events,
    projection_rows,
    sup_t_critical,
)
from oilshock.inference.response import (
    NEVER_LEFT,
    NO_RESPONSE,
    NOT_REACHED,
    PEAK_LATER,
    bootstrap_responses,
    decay_of,
    left_band,
    percentile_interval,
    shape_of,
)
from oilshock.options import ProjectionErrors
from oilshock.typing import Float, Record

FEWEST_EVENTS = 10
"""Fewer sessions with an event than this give no response: its errors would be guesses."""

FEW_EVENTS = 30
"""Fewer events than this are worth a warning: intervals then cover a little less than they say."""

RESPONSE_COLUMNS = (
    "group",
    "horizon",
    "n_events",
    "response",
    "std_error",
    "ci_low",
    "ci_high",
    "band_low",
    "band_high",
)


@dataclass(frozen=True)
class ProjectionChoices:
    """What is asked of the local projections; see `[dynamics]` of the config.

    Parameters
    ----------
    horizon : int, default 60
        Last horizon, in sessions.
    errors : {"hac", "lag-augmented"}, default "hac"
        Standard errors.
    lags : int, default 0
        Lags among the controls.
    base : int, default 0
        The session whose response is the whole of which shares are given back.
    peak_within : int, default 10
        The peak is sought up to this session.
    given_back : tuple of int, default (5, 10, 20)
        Sessions by which the share given back is wanted.
    draws : int, default 1000
        Draws of the bootstrap.
    alpha : float, default 0.05
        Intervals and bands cover 1 - alpha.
    seed : int, default 0
        Seed of the bootstrap and of the sup-t band.
    """

    horizon: int = 60
    errors: ProjectionErrors = "hac"
    lags: int = 0
    base: int = 0
    peak_within: int = 10
    given_back: tuple[int, ...] = (5, 10, 20)
    draws: int = 1000
    alpha: float = 0.05
    seed: int = 0


def event_dummies(
    events: pd.DataFrame, *, columns: Sequence[str], n_sessions: int
) -> dict[str, Float]:
    """Build the event dummy of each class: every value of every column, and `signed`.

    Parameters
    ----------
    events : DataFrame
        With `position`, the session of each event, and the columns asked for.
    columns : sequence of str
        Event columns.
    n_sessions : int
        Number of sessions.

    Returns
    -------
    dict of str to ndarray of shape (n_sessions,)
        1 on sessions with an event of the class, however many it has. With `direction` among the
        columns, `signed` has 1 for events expected to tighten and -1 for those expected to
        ease; where both meet, the one with more events.

    Examples
    --------
    >>> events = pd.DataFrame({"position": [1, 3], "direction": ["+", "-"]})
    >>> event_dummies(events, columns=["direction"], n_sessions=4)["signed"].tolist()
    [0.0, 1.0, 0.0, -1.0]
    """
    inside = events[(events["position"] >= 1) & (events["position"] < n_sessions)]
    dummies: dict[str, Float] = {}
    for column in columns:
        values = inside[column].astype("string").fillna("")
        for value in dict.fromkeys(values):
            if value:
                dummy = np.zeros(n_sessions)
                dummy[inside["position"][values == value]] = 1.0
                dummies[f"{column}={value}"] = dummy
    if "direction" in columns:
        total = np.zeros(n_sessions)
        sign = inside["direction"].map({"+": 1.0, "-": -1.0}).fillna(0.0)
        np.add.at(total, inside["position"].to_numpy(), sign.to_numpy(dtype=np.float64))
        dummies["signed"] = np.sign(total)
    return dummies


def class_dynamics(
    returns: Float, dummies: Mapping[str, Float], *, choices: ProjectionChoices
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Estimate the response of each class, and how it fades.

    Parameters
    ----------
    returns : ndarray of shape (n_sessions,)
        Returns; the first one is missing.
    dummies : mapping of str to ndarray of shape (n_sessions,)
        Event dummies by class.
    choices : ProjectionChoices
        Horizon, errors and so on.

    Returns
    -------
    responses, shapes : DataFrame
        A row for each class and horizon, and one for each class. A class of fewer than 10 sessions
        has a row with the reason in `shapes`, and none in `responses`.
    """
    responses, shapes = [], []
    if len(returns) <= choices.horizon + choices.lags + FEWEST_EVENTS:
        reason = f"{len(returns)} sessions are too few for {choices.horizon} sessions ahead"
        shapes = [
            _empty_shape(group, int((dummy != 0).sum()), reason, choices)
            for group, dummy in dummies.items()
        ]
        dummies = {}
    for group, dummy in dummies.items():
        n_events = count_events(dummy, horizon=choices.horizon)
        if n_events.min() < FEWEST_EVENTS:
            reason = f"needs {FEWEST_EVENTS} sessions with an event, has {int(n_events.min())}"
            shapes.append(_empty_shape(group, int(n_events[0]), reason, choices))
            continue
        rows = projection_rows(returns, dummy, horizon=choices.horizon, lags=choices.lags)
        projection = project_events(rows, errors=choices.errors, n_events=n_events)
        frame = _response_frame(group, projection, choices)
        responses.append(frame)
        drawn = bootstrap_responses(
            rows, block=choices.horizon + 1, draws=choices.draws, seed=choices.seed
        )
        shapes.append(_shape_row(group, frame, drawn, choices))
    empty = pd.DataFrame(columns=list(RESPONSE_COLUMNS))
    return (
        pd.concat(responses, ignore_index=True) if responses else empty,
        pd.DataFrame(shapes, columns=shape_columns(choices.given_back)),
    )


def _response_frame(
    group: str, projection: LocalProjection, choices: ProjectionChoices
) -> pd.DataFrame:
    point = pointwise_critical(projection, alpha=choices.alpha) * projection.std_error
    band = sup_t_critical(projection, alpha=choices.alpha, seed=choices.seed) * projection.std_error
    response = projection.response
    return pd.DataFrame(
        {
            "group": group,
            "horizon": np.arange(len(response)),
            "n_events": projection.n_events,
            "response": response,
            "std_error": projection.std_error,
            "ci_low": response - point,
            "ci_high": response + point,
            "band_low": response - band,
            "band_high": response + band,
        },
        columns=list(RESPONSE_COLUMNS),
    )


def shape_columns(given_back: Sequence[int]) -> list[str]:
    """Name the columns of the shapes of classes."""
    names = ["base_response", "half_life", *(f"given_back_{day}" for day in given_back)]
    wide = [column for name in names for column in (name, f"{name}_low", f"{name}_high")]
    return ["group", "n_events", "peak_day", "peak", *wide, "reason"]


def _empty_shape(group: str, n_events: int, reason: str, choices: ProjectionChoices) -> Record:
    row: Record = dict.fromkeys(shape_columns(choices.given_back), np.nan)
    return row | {"group": group, "n_events": n_events, "reason": reason}


def _shape_row(group: str, frame: pd.DataFrame, drawn: Float, choices: ProjectionChoices) -> Record:
    """Describe the response of one class; what its band does not support stays empty."""
    response = frame["response"].to_numpy()
    reason = _undefined_decay(frame, base=choices.base)
    row = _empty_shape(group, int(frame["n_events"].iloc[0]), reason, choices)
    whole = frame.iloc[choices.base]
    row |= {
        "base_response": whole["response"],
        "base_response_low": whole["ci_low"],
        "base_response_high": whole["ci_high"],
    }
    peak = shape_of(response[np.newaxis], peak_within=choices.peak_within, days=())
    row |= {"peak_day": int(peak.peak_day[0]), "peak": float(peak.peak[0])}
    if reason:
        return row
    own = _decay_values(response[np.newaxis], choices)[0]
    low, high = percentile_interval(_decay_values(drawn, choices), alpha=choices.alpha)
    names = ["half_life", *(f"given_back_{day}" for day in choices.given_back)]
    for place, name in enumerate(names):
        columns = (name, f"{name}_low", f"{name}_high")
        # A half-life beyond the horizon is open: it stays empty.
        row |= {
            column: float(value) if np.isfinite(value) else np.nan
            for column, value in zip(columns, (own[place], low[place], high[place]), strict=True)
        }
    if np.isinf(own[0]):
        row["reason"] = f"half-life {NOT_REACHED} by session {choices.horizon}"
    return row


def _decay_values(paths: Float, choices: ProjectionChoices) -> Float:
    """Put half-life and shares given back of each path side by side."""
    decay = decay_of(paths, base=choices.base, days=choices.given_back)
    return np.column_stack([decay.half_life, decay.given_back])


def _undefined_decay(frame: pd.DataFrame, *, base: int) -> str:
    """Say why there is nothing that could fade; empty where there is."""
    outside = (frame["band_low"] > 0) | (frame["band_high"] < 0)
    if not outside.any():
        return NO_RESPONSE
    if not outside.iloc[base]:
        return f"not defined: the response on session {base} is inside its band"
    return ""


def undefined(path: Float, half_width: Float, *, peak_within: int) -> str:
    """Say why a path has no peak worth the name; empty where it has one."""
    outside = np.flatnonzero(left_band(path[: len(half_width)], half_width))
    if np.isnan(half_width).all():
        return "not defined: there is no band"
    if len(outside) == 0:
        return NEVER_LEFT
    if outside[0] > peak_within:
        return f"not defined: CAR was inside the path band up to session {outside[0] - 1}"
    return ""


def shape_reason(half_life: float, peak_day: float, choices: ProjectionChoices) -> str:
    """Say what of a shape is open: half-lives beyond the horizon, shares before the peak."""
    reasons = []
    if np.isinf(half_life):
        reasons.append(f"half-life {NOT_REACHED} by session {choices.horizon}")
    early = [f"{day}" for day in choices.given_back if day < peak_day]
    if early:
        reasons.append(f"no share given back by session {' or '.join(early)}: {PEAK_LATER}")
    return "; ".join(reasons)
