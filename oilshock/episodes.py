"""Episodes: events that belong together, and the sessions that several events share.

Two events whose event windows share a session cannot both be read off that session's one
return. An episode is the smallest set of events that keeps such events together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from oilshock.typing import Bool, Int, Window
from oilshock.windows import event_windows


@dataclass(frozen=True)
class SharedSessions:
    """Sessions that lie in the event windows of the same two or more events.

    Parameters
    ----------
    events : tuple of int
        Rows of these events, by session.
    sessions : tuple of int
        The sessions, ascending.
    """

    events: tuple[int, ...]
    sessions: tuple[int, ...]


@dataclass(frozen=True)
class EventEpisode:
    """Events that belong together.

    Parameters
    ----------
    label : str
        Its name; no other episode has it.
    members : tuple of int
        Rows of its events, by session.
    first, last : int
        First and last session of their event windows.
    shared : tuple of SharedSessions
        Sessions of their windows that several events share, be they of this episode or not.
    """

    label: str
    members: tuple[int, ...]
    first: int
    last: int
    shared: tuple[SharedSessions, ...]


def link_within(position: Int, *, sessions: int) -> Int:
    """Group the events that a chain of short steps connects.

    Parameters
    ----------
    position : ndarray of shape (n_events,)
        Session of each event (relative day 0).
    sessions : int
        Longest step from one event of a chain to the next, in sessions.

    Returns
    -------
    ndarray of shape (n_events,)
        Group of each event, numbered from 0 in time order.

    Notes
    -----
    Connected components: with steps of at most 2, events on sessions 5, 7 and 9 are one group,
    though the first and the last lie 4 apart.

    Examples
    --------
    >>> link_within(np.array([9, 5, 7, 20]), sessions=2).tolist()
    [0, 0, 0, 1]
    """
    order = np.argsort(position, kind="stable")
    group = np.zeros(len(position), dtype=np.intp)
    group[order[1:]] = np.cumsum(np.diff(position[order]) > sessions)
    return group


def link_overlapping(position: Int, *, window: Window) -> Int:
    """Group the events whose event windows share a session, by chains.

    Examples
    --------
    >>> link_overlapping(np.array([5, 7, 40]), window=(-1, 1)).tolist()
    [0, 0, 1]
    """
    return link_within(position, sessions=window[1] - window[0])


def link_values(values: Sequence[str]) -> Int:
    """Group the events that have the same text; one without a text stands alone.

    Examples
    --------
    >>> link_values(["war", "", "war", ""]).tolist()
    [0, 1, 0, 2]
    """
    keys = [value or row for row, value in enumerate(values)]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return np.array([numbers[key] for key in keys], dtype=np.intp)


def merge_groups(one: Int, other: Int) -> Int:
    """Build the smallest groups that keep together what either grouping keeps together.

    Examples
    --------
    >>> merge_groups(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2])).tolist()
    [0, 0, 0, 1]
    """
    merged = one.copy()
    for group in np.unique(other):
        touched = np.isin(merged, merged[other == group])
        merged[touched] = merged[touched].min()
    return np.unique(merged, return_inverse=True)[1].astype(np.intp)


def name_groups(
    group: Int, *, ids: Sequence[str], position: Int, values: Sequence[str] = ()
) -> tuple[str, ...]:
    """Name the episode of each event.

    Parameters
    ----------
    group : ndarray of shape (n_events,)
        Episode of each event, by number.
    ids : sequence of str
        Ids of the events.
    position : ndarray of shape (n_events,)
        Session of each event.
    values : sequence of str, optional
        Given names, one per event, the same within an episode; empty where there is none.

    Returns
    -------
    tuple of str
        The given name, else the id of the first event, and how many more there are. No two
        episodes have the same name, and the order of the events does not matter.

    Examples
    --------
    >>> name_groups(np.array([0, 0, 1]), ids=["b", "a", "c"], position=np.array([4, 3, 9]))
    ('a +1 more', 'a +1 more', 'c')
    """
    names: dict[int, str] = {}
    for rows in _rows_of(group, ids=ids, position=position):
        given = values[rows[0]] if values else ""
        more = f" +{len(rows) - 1} more" if len(rows) > 1 else ""
        stem = name = given or f"{ids[rows[0]]}{more}"
        number = 1
        while name in names.values():
            number += 1
            name = f"{stem} ({number})"
        names[int(group[rows[0]])] = name
    return tuple(names[number] for number in group.tolist())


def _rows_of(group: Int, *, ids: Sequence[str], position: Int) -> list[list[int]]:
    """Return the rows of each group by session, then id; the groups in the same order."""
    rows: dict[int, list[int]] = {}
    for row in sorted(range(len(group)), key=lambda row: (position[row], ids[row])):
        rows.setdefault(int(group[row]), []).append(row)
    return list(rows.values())


def holders(position: Int, *, window: Window, n_sessions: int) -> Bool:
    """Say which sessions lie in the event window of each event, shape (n_events, n_sessions).

    Examples
    --------
    >>> holders(np.array([2, 3]), window=(0, 1), n_sessions=5).astype(int).tolist()
    [[0, 0, 1, 1, 0], [0, 0, 0, 1, 1]]
    """
    index, present = event_windows(position, window=window, n_sessions=n_sessions)
    held = np.zeros((len(position), n_sessions), dtype=np.bool_)
    rows = np.broadcast_to(np.arange(len(position))[:, np.newaxis], index.shape)
    held[rows[present], index[present]] = True
    return held


def share_sessions(held: Bool, *, order: Sequence[int]) -> tuple[SharedSessions, ...]:
    """List the sessions that two or more events hold, by the events that hold them.

    Parameters
    ----------
    held : ndarray of shape (n_events, n_sessions)
        Which sessions each event holds.
    order : sequence of int
        Rows of the events in the order in which they are named.

    Returns
    -------
    tuple of SharedSessions
        One for each set of events, in the order of their first session.

    Examples
    --------
    >>> share_sessions(holders(np.array([2, 3]), window=(0, 1), n_sessions=5), order=[0, 1])
    (SharedSessions(events=(0, 1), sessions=(3,)),)
    """
    found: dict[tuple[int, ...], list[int]] = {}
    for session in np.flatnonzero(held.sum(axis=0) > 1).tolist():
        events = tuple(row for row in order if held[row, session])
        found.setdefault(events, []).append(session)
    return tuple(SharedSessions(events, tuple(sessions)) for events, sessions in found.items())


def find_episodes(
    ids: Sequence[str],
    position: Int,
    *,
    window: Window,
    n_sessions: int,
    within: int | None = None,
    values: Sequence[str] = (),
) -> tuple[EventEpisode, ...]:
    """Put events that belong together into episodes.

    Parameters
    ----------
    ids : sequence of str
        Ids of the events.
    position : ndarray of shape (n_events,)
        Session of each event.
    window : tuple of int
        Event window.
    n_sessions : int
        Number of sessions of the series.
    within : int, optional
        Events at most so many sessions apart are one episode, by chains.
    values : sequence of str, optional
        Given episode of each event; one without stands alone. Goes before `within`.

    Returns
    -------
    tuple of EventEpisode
        In time order. Without `within` and `values`, events whose event windows share a session
        are one episode.

    Examples
    --------
    >>> found = find_episodes(("x", "y"), np.array([2, 3]), window=(0, 1), n_sessions=5)
    >>> [(episode.label, episode.first, episode.last) for episode in found]
    [('x +1 more', 2, 4)]
    """
    if values:
        group = link_values(values)
    elif within is not None:
        group = link_within(position, sessions=within)
    else:
        group = link_overlapping(position, window=window)
    labels = name_groups(group, ids=ids, position=position, values=values)
    held = holders(position, window=window, n_sessions=n_sessions)
    order = sorted(range(len(ids)), key=lambda row: (position[row], ids[row]))
    shared = share_sessions(held, order=order)
    return tuple(
        _episode(labels[rows[0]], rows, held=held, shared=shared)
        for rows in _rows_of(group, ids=ids, position=position)
    )


def _episode(
    label: str, rows: list[int], *, held: Bool, shared: Sequence[SharedSessions]
) -> EventEpisode:
    sessions = np.flatnonzero(held[rows].any(axis=0))
    return EventEpisode(
        label=label,
        members=tuple(rows),
        first=int(sessions[0]),
        last=int(sessions[-1]),
        shared=tuple(part for part in shared if set(part.events) & set(rows)),
    )


def labels_of(episodes: Sequence[EventEpisode]) -> tuple[str, ...]:
    """Return the name of the episode of each event, in the order of the events.

    Examples
    --------
    >>> found = find_episodes(("x", "y"), np.array([9, 3]), window=(0, 1), n_sessions=12)
    >>> labels_of(found)
    ('x', 'y')
    """
    names = {row: episode.label for episode in episodes for row in episode.members}
    return tuple(names[row] for row in sorted(names))
