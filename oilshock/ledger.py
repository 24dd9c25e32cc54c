"""The ledger of a study: every event, kept, moved or left out, and why."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from oilshock.alignment import Alignment
from oilshock.tables import COLUMNS, rows_of
from oilshock.typing import Bool, Int, Window
from oilshock.windows import FURTHEST_BACK, EstimationWindows, overlapping

SAME_WORDS = 2 / 3
"""Two titles of one date that share so many of the shorter one's words tell of one event."""

OK = "ok"
LEFT_OUT = "left_out"


@dataclass(frozen=True, eq=False)
class Reasons:
    """Why each event is left out; an empty text keeps it."""

    text: tuple[str, ...]

    @property
    def kept(self) -> Int:
        """Rows of the events that are kept."""
        return np.flatnonzero([not reason for reason in self.text])

    def also(self, others: Sequence[str]) -> Reasons:
        """Add reasons for events that have none yet."""
        return Reasons(tuple(a or b for a, b in zip(self.text, others, strict=True)))


def first_reasons(
    alignment: Alignment, sessions: pd.DatetimeIndex, *, endogenous: Bool, fewest: int, gap: int
) -> Reasons:
    """Leave out events that no estimate can be made for, before any window is laid out.

    Parameters
    ----------
    alignment : Alignment
        Where each event went.
    sessions : DatetimeIndex
        Sessions of the study.
    endogenous : ndarray of shape (n_events,)
        True for events that are defined by a price and are not wanted.
    fewest : int
        Fewest estimation returns an event may have.
    gap : int
        Sessions between the estimation window and day 0.

    Returns
    -------
    Reasons
        One text per event.
    """
    needed = fewest + gap + 1
    reasons = []
    too_early = _before_the_first(alignment, sessions)
    rows = zip(alignment.position.tolist(), endogenous.tolist(), too_early.tolist(), strict=True)
    for position, own, is_early in rows:
        if own:
            reasons.append("endogenous")
        elif position >= len(sessions):
            reasons.append("after the last session")
        elif is_early:
            reasons.append("before the first session")
        elif position < needed:
            reasons.append(f"needs {needed} sessions before it, has {position}")
        else:
            reasons.append("")
    return Reasons(tuple(reasons))


def _before_the_first(alignment: Alignment, sessions: pd.DatetimeIndex) -> Bool:
    """Say which events were before the first session: that session is not their day 0."""
    return np.asarray(alignment.local_date < sessions[0].to_datetime64())


def short_reasons(estimation: EstimationWindows, *, length: int, fewest: int) -> list[str]:
    """Say which estimation windows stay too short once other events are cut out."""
    return [
        ""
        if n >= fewest
        else f"needs {fewest} estimation returns free of other events, "
        f"has {n} within {FURTHEST_BACK * length} sessions"
        for n in estimation.n_obs.tolist()
    ]


def collinear_reasons(collinear: Bool, *, names: Sequence[str]) -> list[str]:
    """Name the regressors that are collinear in an event's estimation window."""
    reasons = []
    for row in collinear:
        own = [name for name, is_collinear in zip(names, row, strict=True) if is_collinear]
        reasons.append(f"collinear in the estimation window: {', '.join(own)}" if own else "")
    return reasons


def build_ledger(
    events: pd.DataFrame,
    sessions: pd.DatetimeIndex,
    *,
    alignment: Alignment,
    reasons: Reasons,
    estimation: EstimationWindows,
    window: Window,
) -> pd.DataFrame:
    """Build `events.csv`.

    Parameters
    ----------
    events : DataFrame
        Events in the order given: id, title, category, date, time.
    sessions : DatetimeIndex
        Sessions of the study.
    alignment : Alignment
        Where each event went.
    reasons : Reasons
        Why events are left out.
    estimation : EstimationWindows
        Estimation windows of the kept events, in order.
    window : tuple of int
        Event window.

    Returns
    -------
    DataFrame
        One row per event; dates are NaT and counts NA where they have no meaning.
    """
    n_sessions = len(sessions)
    too_early = _before_the_first(alignment, sessions)
    frame = pd.DataFrame(
        {
            "event_id": events["id"].to_numpy(dtype=object),
            "title": events["title"].to_numpy(dtype=object),
            "category": events["category"].to_numpy(dtype=object),
            "event_date": pd.DatetimeIndex(events["date"]),
            "event_time": events["time"].to_numpy(dtype=object),
            "session": _session_of(sessions, np.where(too_early, -1, alignment.position)),
            "shift_days": pd.array(alignment.shift_days, dtype="Int64"),
            "shift_reason": np.where(too_early, "", np.array(alignment.shift_reason, dtype=object)),
            "status": [LEFT_OUT if reason else OK for reason in reasons.text],
            "reason": np.array(reasons.text, dtype=object),
        },
    ).reindex(columns=list(COLUMNS["events"]))
    kept = reasons.kept
    position = alignment.position[kept]
    last = np.minimum(position + window[1], n_sessions - 1)
    frame.loc[too_early | (alignment.position >= n_sessions), "shift_days"] = pd.NA
    for column, values in {
        "estimation_start": _session_of(sessions, estimation.first),
        "estimation_end": _session_of(sessions, estimation.last),
        "window_start": _session_of(sessions, position + window[0]),
        "window_end": _session_of(sessions, last),
    }.items():
        frame[column] = pd.Series(values, index=kept).reindex(frame.index)
    frame["n_estimation"] = pd.Series(estimation.n_obs, index=kept, dtype="Int64").reindex(
        frame.index
    )
    frame["overlaps"] = _joined_overlaps(frame["event_id"], kept, position, window)
    short = kept[position + window[1] >= n_sessions]
    ends = n_sessions - 1 - alignment.position[short]
    frame.loc[short, "reason"] = [
        f"window ends at day {end:+d} (last session {sessions[-1]:%Y-%m-%d})" for end in ends
    ]
    return frame


def add_notes(ledger: pd.DataFrame, notes: Sequence[str], *, rows: Int) -> pd.DataFrame:
    """Add what there is to know about kept events to their reasons.

    Parameters
    ----------
    ledger : DataFrame
        The ledger.
    notes : sequence of str
        One text per row; an empty one adds nothing.
    rows : ndarray of int
        Rows of the ledger.

    Returns
    -------
    DataFrame
        A new ledger.
    """
    reason = ledger["reason"].to_numpy(dtype=object, copy=True)
    for row, note in zip(rows.tolist(), notes, strict=True):
        reason[row] = "; ".join(filter(None, [reason[row], note]))
    return ledger.assign(reason=reason)


def _session_of(sessions: pd.DatetimeIndex, position: Int) -> pd.DatetimeIndex:
    inside = (position >= 0) & (position < len(sessions))
    taken = sessions.to_numpy()[np.where(inside, position, 0)]
    return pd.DatetimeIndex(np.where(inside, taken, np.datetime64("NaT")))


def _joined_overlaps(ids: pd.Series[str], kept: Int, position: Int, window: Window) -> list[str]:
    joined = [""] * len(ids)
    kept_ids = ids.to_numpy()[kept]
    for row, others in zip(kept.tolist(), overlapping(position, window=window), strict=True):
        joined[row] = ";".join(kept_ids[list(others)])
    return joined


def is_same_event(title: str, other: str) -> bool:
    """Say whether two titles of one date tell of the same event: most of their words agree.

    Words of four letters or more count, by their first five letters.

    Examples
    --------
    >>> is_same_event("Iran attacks Israel", "Iran launches first missile attack on Israel")
    True
    >>> is_same_event("OPEC cuts output", "Storm closes the ports of Libya")
    False
    """
    one, two = (
        {word[:5] for word in re.findall(r"\w{4,}", text.casefold())} for text in (title, other)
    )
    shared, shorter = len(one & two), min(len(one), len(two))
    return shared > 0 and shared >= SAME_WORDS * shorter and (shared > 1 or one == two)


def twins_by_title(others: pd.DataFrame, study: pd.DataFrame) -> dict[str, str]:
    """Find events that the study has itself, under another id: same date and title.

    Parameters
    ----------
    others : DataFrame
        Events outside the study with `id`, `date` and `title`.
    study : DataFrame
        Events of the study with the same columns.

    Returns
    -------
    dict of str to str
        The id of each twin, and that of the study's event.
    """
    dated = defaultdict(list)
    for own in rows_of(study):
        dated[own["date"]].append(own)
    return {
        str(other["id"]): str(own["id"])
        for other in rows_of(others)
        for own in dated.get(other["date"], ())
        if is_same_event(str(other["title"]), str(own["title"]))
    }


def twins_by_session(others: pd.DataFrame, study: pd.DataFrame) -> dict[str, str]:
    """Find events that are probably the study's own: one session, and titles or kinds that agree.

    Titles come first. Kinds agree if the first words of the categories do, as in `opec` and
    `opec_decision`. Where several events of a session would do, none is taken.

    Parameters
    ----------
    others : DataFrame
        Events outside the study with `id`, `title`, `category` and `position`.
    study : DataFrame
        Events of the study with the same columns.

    Returns
    -------
    dict of str to str
        As in `twins_by_title`.
    """
    twins = {}
    for own in rows_of(study[study["position"] >= 0]):
        near = rows_of(others[others["position"] == own["position"]])
        titled = [row for row in near if is_same_event(str(row["title"]), str(own["title"]))]
        kind = _kind(own["category"])
        found = titled or [row for row in near if kind and _kind(row["category"]) == kind]
        if len(found) == 1:
            twins[str(found[0]["id"])] = str(own["id"])
    return twins


def _kind(category: str | float | None) -> str:
    """Return the first word of a category; empty where there is none."""
    if not isinstance(category, str):
        return ""
    return re.split(r"[^a-z0-9]+", category.casefold().strip())[0]


def neighbours(
    ids: Sequence[str],
    position: Int,
    *,
    other_ids: Sequence[str],
    other_titles: Sequence[str],
    other_position: Int,
    window: Window,
    sessions: pd.DatetimeIndex,
) -> pd.DataFrame:
    """List the events outside the study whose session lies in an event window of the study.

    They are confounders: the same days hold their effects too.
    """
    day = other_position - position[:, np.newaxis]
    inside = (day >= window[0]) & (day <= window[1]) & (other_position < len(sessions))
    rows, columns = np.nonzero(inside)
    return pd.DataFrame(
        {
            "event_id": np.array(ids, dtype=object)[rows],
            "other_id": np.array(other_ids, dtype=object)[columns],
            "other_title": np.array(other_titles, dtype=object)[columns],
            "session": sessions[other_position[columns]],
            "relative_day": day[rows, columns],
        }
    )
