"""The parts of a joint regression: which sessions belong to one event, and which to several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from oilshock.episodes import holders
from oilshock.models import Design
from oilshock.typing import Bool, Float, Int, Window
from oilshock.windows import EstimationWindows
from oilshock.words import count, listed

NOT_COMPLETE = "the window is not complete"


@dataclass(frozen=True, eq=False)
class JointStudy:
    """What the joint regression takes from a study.

    Parameters
    ----------
    returns : ndarray of shape (n_sessions,)
        Returns of the series.
    design : Design
        Expected-return regressors of every session.
    sessions : DatetimeIndex
        Sessions of the study.
    ids : tuple of str
        Ids of the events.
    position : ndarray of shape (n_events,)
        Session of each event.
    window : tuple of int
        Event window.
    estimation : EstimationWindows
        Estimation window of each event.
    labels : tuple of str
        Episode of each event.
    groups : mapping of str to ndarray of shape (n_events,)
        Classes of events such as `category=conflict`, and their members.
    """

    returns: Float
    design: Design
    sessions: pd.DatetimeIndex
    ids: tuple[str, ...]
    position: Int
    window: Window
    estimation: EstimationWindows
    labels: tuple[str, ...]
    groups: Mapping[str, Bool]

    @cached_property
    def y(self) -> Float:
        """Returns less the offset of the model."""
        return np.asarray(self.returns - self.design.offset)

    @cached_property
    def held(self) -> Bool:
        """Which sessions lie in the event window of each event."""
        return holders(self.position, window=self.window, n_sessions=len(self.returns))

    @cached_property
    def in_estimation(self) -> Bool:
        """Which sessions lie in any estimation window."""
        used = np.zeros(len(self.returns), dtype=np.bool_)
        used[self.estimation.index[self.estimation.mask]] = True
        return used

    def cover(self, window: Window) -> Bool:
        """Say which sessions lie in each event's CAR window; none where it is not complete."""
        cover = holders(self.position, window=window, n_sessions=len(self.returns))
        cover[cover.sum(axis=1) < window[1] - window[0] + 1] = False
        return cover

    def free(self, covered: Bool) -> Int:
        """List the sessions of the regression that have no dummy of their own.

        These are the estimation windows and `covered`, less the other sessions of event windows.
        """
        return np.flatnonzero((self.in_estimation | covered) & (covered | ~self.held.any(axis=0)))

    def names_of(self, rows: Sequence[int]) -> tuple[str, ...]:
        """Return the ids of events in time order."""
        ordered = sorted(rows, key=lambda row: (self.position[row], self.ids[row]))
        return tuple(self.ids[row] for row in ordered)


@dataclass(frozen=True, eq=False)
class Part:
    """One row of the joint table before it is estimated.

    Parameters
    ----------
    name : str
        Id of the event, or name of the episode.
    kind : str
        `event` or `episode`.
    sessions : ndarray
        Sessions that are summed; none where there is no part that could be told apart.
    shared_with : tuple of str
        Ids of the events that share sessions.
    note : str
        What the reader must know of it.
    weights : ndarray of shape (k,)
        Weights of the columns of the regression.
    own : float
        Returns less offset, summed over the sessions that have a dummy of their own.
    own_variance : float
        Variances of their errors, summed.
    """

    name: str
    kind: str
    sessions: Int
    shared_with: tuple[str, ...]
    note: str
    weights: Float
    own: float = 0.0
    own_variance: float = 0.0


def day_parts(study: JointStudy, window: Window, *, variance: Float) -> list[Part]:
    """List the parts of one CAR window where each event day has a dummy.

    Sessions that several events hold make identical columns: their sum goes to the episode,
    once. An event keeps the sessions that no other event's window holds.
    """
    cover, alone = study.cover(window), study.held.sum(axis=0) == 1
    parts = [
        _day_part(
            study,
            study.ids[row],
            "event",
            np.flatnonzero(cover[row] & alone),
            study.names_of(_others(study.held, cover[row], row)),
            _day_note(study, row, cover=cover[row], alone=alone),
            variance,
        )
        for row in range(len(study.ids))
    ]
    for name, sessions in _shared_by_episode(study, cover.any(axis=0) & ~alone).items():
        events = study.names_of(np.flatnonzero(study.held[:, sessions].any(axis=1)).tolist())
        note = f"shared by {listed(list(events))}; one return cannot be split between events"
        parts.append(_day_part(study, name, "episode", sessions, events, note, variance))
    return parts


def _day_part(
    study: JointStudy,
    name: str,
    kind: str,
    sessions: Int,
    shared_with: tuple[str, ...],
    note: str,
    variance: Float,
) -> Part:
    return Part(
        name=name,
        kind=kind,
        sessions=sessions,
        shared_with=shared_with,
        note=note,
        weights=-study.design.x[sessions].sum(axis=0),
        own=float(study.y[sessions].sum()),
        own_variance=float(variance[sessions].sum()),
    )


def _others(held: Bool, own: Bool, row: int) -> list[int]:
    """List the other events that hold a session of `own`."""
    return [other for other in np.flatnonzero((held & own).any(axis=1)).tolist() if other != row]


def _day_note(study: JointStudy, row: int, *, cover: Bool, alone: Bool) -> str:
    n, n_own = int(cover.sum()), int((cover & alone).sum())
    if n == 0:
        return NOT_COMPLETE
    if n_own == n:
        return ""
    others = listed(list(study.names_of(_others(study.held, cover, row))))
    if n_own == 0:
        which = "its only session is" if n == 1 else f"all {n} sessions are"
        return f"{which} shared with {others}"
    return f"{n_own} of {count(n, 'session')}; the others are shared with {others}"


def _shared_by_episode(study: JointStudy, shared: Bool) -> dict[str, Int]:
    """Group shared sessions by the episode, or the episodes, whose events hold them."""
    order = sorted(range(len(study.ids)), key=lambda row: (study.position[row], study.ids[row]))
    found: dict[str, list[int]] = {}
    for session in np.flatnonzero(shared).tolist():
        labels = dict.fromkeys(study.labels[row] for row in order if study.held[row, session])
        found.setdefault(" & ".join(labels), []).append(session)
    return {name: np.array(sessions, dtype=np.intp) for name, sessions in found.items()}


@dataclass(frozen=True, eq=False)
class WindowDummies:
    """One dummy for each distinct CAR window.

    Parameters
    ----------
    columns : ndarray of shape (n_sessions, n_columns)
        1 in the CAR window of the events of a column.
    names : tuple of str
        Ids of the event, or name of the events whose CAR windows are the same.
    events : tuple of tuple of int
        Rows of the events of each column.
    """

    columns: Float
    names: tuple[str, ...]
    events: tuple[tuple[int, ...], ...]


def window_dummies(study: JointStudy, cover: Bool) -> WindowDummies:
    """Make a dummy for each distinct CAR window: identical columns are one column."""
    complete = [row for row in range(len(study.ids)) if cover[row].any()]
    same: dict[int, list[int]] = {}
    for row in complete:
        same.setdefault(int(study.position[row]), []).append(row)
    events = tuple(tuple(rows) for rows in same.values())
    columns = (
        np.stack([cover[rows[0]] for rows in events], axis=1)
        if events
        else np.empty((len(study.returns), 0))
    )
    return WindowDummies(
        columns=columns.astype(np.float64),
        names=tuple(_column_name(study, rows) for rows in events),
        events=events,
    )


def _column_name(study: JointStudy, rows: tuple[int, ...]) -> str:
    if len(rows) == 1:
        return study.ids[rows[0]]
    labels = {study.labels[row] for row in rows}
    members = [row for row, label in enumerate(study.labels) if label in labels]
    if len(labels) == 1 and len(members) == len(rows):
        return study.labels[rows[0]]
    return f"{study.names_of(rows)[0]} +{len(rows) - 1} more"


def window_parts(study: JointStudy, window: Window, *, dummies: WindowDummies) -> list[Part]:
    """List the parts of one CAR window that has one dummy.

    Events whose CAR windows are the same make identical columns: they are one part, the episode's.
    """
    days, n_fixed = window[1] - window[0] + 1, study.design.x.shape[1]
    k = n_fixed + len(dummies.events)
    at = {row: number for number, rows in enumerate(dummies.events) for row in rows}
    nothing = np.zeros(0, dtype=np.intp)
    parts = []
    for row, name in enumerate(study.ids):
        if row not in at:
            parts.append(Part(name, "event", nothing, (), NOT_COMPLETE, np.zeros(k)))
        elif len(dummies.events[at[row]]) == 1:
            parts.append(_window_part(study, at[row], dummies, days=days, k=k))
        else:
            others = study.names_of([other for other in dummies.events[at[row]] if other != row])
            note = f"the same window as {listed(list(others))}"
            parts.append(Part(name, "event", nothing, others, note, np.zeros(k)))
    parts += [
        _window_part(study, number, dummies, days=days, k=k)
        for number, rows in enumerate(dummies.events)
        if len(rows) > 1
    ]
    return parts


def _window_part(
    study: JointStudy, number: int, dummies: WindowDummies, *, days: int, k: int
) -> Part:
    own, rows = dummies.columns[:, number] > 0, dummies.events[number]
    near = np.flatnonzero((dummies.columns[own] > 0).any(axis=0)).tolist()
    sharing = [row for other in near if other != number for row in dummies.events[other]]
    beside = [
        row
        for row in np.flatnonzero(study.held[:, own].any(axis=1)).tolist()
        if row not in rows and row not in sharing
    ]
    notes = []
    if len(rows) > 1:
        notes.append(f"the same window for {listed(list(study.names_of(rows)))}")
    if sharing:
        names = listed(list(study.names_of(sharing)))
        notes.append(f"told apart from {names} only by assuming a constant daily effect")
    if beside:
        names = listed(list(study.names_of(beside)))
        notes.append(f"assumes no effect here of {names}, whose event windows reach in")
    weights = np.zeros(k)
    weights[study.design.x.shape[1] + number] = days
    return Part(
        name=dummies.names[number],
        kind="event" if len(rows) == 1 else "episode",
        sessions=np.flatnonzero(own),
        shared_with=study.names_of([*(rows if len(rows) > 1 else ()), *sharing, *beside]),
        note="; ".join(notes),
        weights=weights,
    )
