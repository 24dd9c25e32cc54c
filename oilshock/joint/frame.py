"""The tables of the joint regression and of the episodes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from oilshock.episodes import EventEpisode
from oilshock.inference import t_p_value, t_statistic
from oilshock.joint.classes import class_rows
from oilshock.joint.law import Law
from oilshock.joint.parts import (
    JointStudy,
    Part,
    day_parts,
    window_dummies,
    window_parts,
)
from oilshock.models.class_effect import ROBUST
from oilshock.models.joint import Combinations, JointFit, combine, conditional_variance, fit_joint
from oilshock.options import JointCovariance, JointDummies
from oilshock.tables import OVERLAP_COLUMNS
from oilshock.typing import Float, Record, Window
from oilshock.words import listed

KINDS = ("event", "episode", "class")
NO_LAW = "the placebo law is not at hand"
NO_GARCH = "the GARCH model of the joint residuals does not converge; the estimate is unweighted"
NO_DF = "no degrees of freedom are left"


def joint_frame(
    study: JointStudy,
    *,
    windows: Sequence[Window],
    dummies: JointDummies,
    covariance: JointCovariance,
    law: Law | None = None,
) -> pd.DataFrame:
    """Fit all events in one regression, and say what can be told apart.

    Parameters
    ----------
    study : JointStudy
        Returns, regressors, windows, events.
    windows : sequence of tuple of int
        CAR windows.
    dummies : {"day", "window"}
        One dummy per event day, or one per CAR window, one window at a time.
    covariance : {"classical", "garch", "placebo", "hac", "hc3", "cluster"}
        hac, hc3 and cluster are for classes: a dummy of one event leaves them too few residuals,
        so events and episodes then have classical errors, and the column `covariance` says so.
    law : Law, optional
        Gives standard error and p value where `covariance` is placebo.

    Returns
    -------
    DataFrame
        Events, then episodes, then classes, each with all its windows. What is not identified is
        a row without figures, with the reason.
    """
    variance = _variance(study, covariance)
    of_events: JointCovariance = "classical" if covariance in ROBUST else covariance
    rows: list[Record] = []
    for window in windows:
        if variance is None:
            variance_used, lost = np.ones(len(study.returns)), NO_GARCH
        else:
            variance_used, lost = variance, ""
        fit, parts = _fit(study, window, dummies=dummies, variance=variance_used)
        found = _records(window, parts, fit=fit, covariance=of_events, law=law)
        weights = variance if covariance == "garch" else None
        found += class_rows(study, window, covariance=covariance, variance=weights)
        rows += [_without_errors(row, lost) if lost else row for row in found]
    order = {key: number for number, key in enumerate(dict.fromkeys(_key(row) for row in rows))}
    rows.sort(key=lambda row: (KINDS.index(row["kind"]), order[_key(row)]))
    return _as_frame(rows, study.sessions)


def _key(row: Record) -> tuple[str, str]:
    return row["kind"], row["id"]


def _variance(study: JointStudy, covariance: JointCovariance) -> Float | None:
    """Return the error variance of each session up to a common factor; None if GARCH fails."""
    variance = np.ones(len(study.returns))
    if covariance != "garch":
        return variance
    rows = study.free(np.zeros(len(study.returns), dtype=np.bool_))
    fit = fit_joint(study.y[rows], study.design.x[rows], variance=variance[rows])
    used = np.flatnonzero(study.in_estimation | study.held.any(axis=0))
    span = slice(used[0], used[-1] + 1)
    residuals = study.y[span] - study.design.x[span][:, fit.identification.columns] @ fit.beta
    conditional = conditional_variance(residuals)
    if conditional is None:
        return None
    variance[span] = conditional
    return variance


def _fit(
    study: JointStudy, window: Window, *, dummies: JointDummies, variance: Float
) -> tuple[tuple[JointFit, tuple[str, ...]], list[Part]]:
    """Fit the regression of one CAR window; return it, its columns' names, and its parts."""
    if dummies == "day":
        rows = study.free(np.zeros(len(study.returns), dtype=np.bool_))
        fit = fit_joint(study.y[rows], study.design.x[rows], variance=variance[rows])
        return (fit, study.design.names), day_parts(study, window, variance=variance)
    cover = study.cover(window)
    found = window_dummies(study, cover)
    rows = study.free(np.asarray(cover.any(axis=0)))
    x = np.hstack([study.design.x[rows], found.columns[rows]])
    fit = fit_joint(study.y[rows], x, variance=variance[rows])
    return (fit, (*study.design.names, *found.names)), window_parts(study, window, dummies=found)


def _records(
    window: Window,
    parts: Sequence[Part],
    *,
    fit: tuple[JointFit, tuple[str, ...]],
    covariance: JointCovariance,
    law: Law | None,
) -> list[Record]:
    regression, columns = fit
    sums = combine(
        regression,
        weights=np.array([part.weights for part in parts]),
        own=np.array([part.own for part in parts]),
        own_variance=np.array([part.own_variance for part in parts]),
    )
    statistic = t_statistic(sums.estimate, sums.std_error)
    p_value = t_p_value(statistic, np.asarray(regression.df))
    records = []
    for number, part in enumerate(parts):
        row = _record(part, window, sums, number=number, columns=columns, covariance=covariance)
        if row["identified"] == "yes" and covariance == "placebo":
            row |= _by_law(row, law)
        elif row["identified"] == "yes":
            row |= {"statistic": statistic[number], "p_value": p_value[number]}
            row |= {"df": float(regression.df)}
            if regression.df == 0:
                row = _without_errors(row, NO_DF)
        records.append(row)
    return records


def _record(
    part: Part,
    window: Window,
    sums: Combinations,
    *,
    number: int,
    columns: tuple[str, ...],
    covariance: JointCovariance,
) -> Record:
    confused = [columns[i] for i in np.flatnonzero(sums.confused[number])]
    others = [name for name in confused if name != part.name]
    is_identified = bool(len(part.sessions)) and not confused
    shown = f"cannot be told apart from {listed(others)}" if confused else ""
    return {
        "id": part.name,
        "kind": part.kind,
        "start": window[0],
        "end": window[1],
        "sessions": part.sessions,
        "estimate": sums.estimate[number] if is_identified else np.nan,
        "std_error": sums.std_error[number] if is_identified else np.nan,
        "statistic": np.nan,
        "p_value": np.nan,
        "df": np.nan,
        "covariance": covariance,
        "identified": "yes" if is_identified else "no",
        "shared_with": part.shared_with,
        "reason": "; ".join(text for text in (shown, part.note) if text),
    }


def _by_law(row: Record, law: Law | None) -> Record:
    if law is None:
        return _without_errors(row, NO_LAW)
    figures = law(row["estimate"], sessions=row["sessions"])
    statistic = t_statistic(np.array([row["estimate"]]), np.array([figures.std_error]))
    return {
        "std_error": figures.std_error,
        "statistic": float(statistic[0]),
        "p_value": figures.p_value,
        "reason": "; ".join(text for text in (figures.reason, row["reason"]) if text),
    }


def _without_errors(row: Record, reason: str) -> Record:
    """Keep the estimate, and say why there is no standard error."""
    empty = dict.fromkeys(("std_error", "statistic", "p_value", "df"), np.nan)
    return {**row, **empty, "reason": "; ".join(text for text in (reason, row["reason"]) if text)}


def _as_frame(rows: Sequence[Record], sessions: pd.DatetimeIndex) -> pd.DataFrame:
    columns = OVERLAP_COLUMNS["joint"]
    laid_out = [
        {
            **row,
            "n_sessions": len(row["sessions"]),
            "sessions": _joined(sessions, row["sessions"].tolist()),
            "shared_with": ";".join(row["shared_with"]),
        }
        for row in rows
    ]
    return pd.DataFrame(laid_out, columns=list(columns))


def _joined(sessions: pd.DatetimeIndex, rows: Sequence[int]) -> str:
    return ";".join(f"{sessions[row]:%Y-%m-%d}" for row in rows)


def episodes_frame(
    episodes: Sequence[EventEpisode], *, ids: Sequence[str], sessions: pd.DatetimeIndex
) -> pd.DataFrame:
    """Build `episodes.csv`: the events of each episode, and the sessions that events share.

    Parameters
    ----------
    episodes : sequence of EventEpisode
        The episodes.
    ids : sequence of str
        Ids of the events.
    sessions : DatetimeIndex
        Sessions of the study.

    Returns
    -------
    DataFrame
        `first_session` and `last_session` are those of the event windows.
    """
    rows = [
        {
            "episode": episode.label,
            "events": ";".join(ids[row] for row in episode.members),
            "first_session": sessions[episode.first],
            "last_session": sessions[episode.last],
            "n_events": len(episode.members),
            "shared_sessions": _joined(
                sessions, sorted(day for part in episode.shared for day in part.sessions)
            ),
        }
        for episode in episodes
    ]
    return pd.DataFrame(rows, columns=list(OVERLAP_COLUMNS["episodes"]))
