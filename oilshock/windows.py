"""Estimation and event windows as index arrays, and which event windows overlap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oilshock.typing import Bool, Int, Window

FURTHEST_BACK = 3
"""With events cut out, an estimation window reaches at most this many times its length back."""


@dataclass(frozen=True, eq=False)
class EstimationWindows:
    """The sessions of each event's estimation window.

    Parameters
    ----------
    index : ndarray of shape (n_events, L1)
        Sessions, ascending, filled from the right; where `mask` is False the entry is 0.
    mask : ndarray of shape (n_events, L1)
        True where the entry is part of the window.
    """

    index: Int
    mask: Bool

    @property
    def n_obs(self) -> Int:
        """Number of returns in each window."""
        return np.asarray(self.mask.sum(axis=1))

    @property
    def first(self) -> Int:
        """First session of each window; -1 where it is empty."""
        return np.where(self.mask.any(axis=1), self._edge(self.mask.argmax(axis=1)), -1)

    @property
    def last(self) -> Int:
        """Last session of each window; -1 where it is empty."""
        return np.where(self.mask.any(axis=1), self.index[:, -1], -1)

    def _edge(self, column: Int) -> Int:
        return self.index[np.arange(len(self.index)), column]


def estimation_windows(
    position: Int, *, length: int, gap: int, blocked: Bool | None = None
) -> EstimationWindows:
    """Lay out the estimation window of each event.

    Parameters
    ----------
    position : ndarray of shape (n_events,)
        Session of each event (relative day 0).
    length : int
        L1, the number of returns wanted. Fewer are given where history is short.
    gap : int
        Sessions between the end of the window and day 0.
    blocked : ndarray of shape (n_sessions,), optional
        True for sessions that no window may use. The window then reaches further back, at
        most 3 times its length.

    Returns
    -------
    EstimationWindows
        Session 0 has no return and is never used.

    Examples
    --------
    >>> windows = estimation_windows(np.array([9]), length=3, gap=2)
    >>> windows.index.tolist()
    [[4, 5, 6]]
    """
    reach = length if blocked is None else FURTHEST_BACK * length
    candidates = position[:, np.newaxis] - gap - reach + np.arange(reach)
    usable = candidates >= 1
    if blocked is not None:
        usable &= ~blocked[np.clip(candidates, 0, len(blocked) - 1)]
    from_right = np.cumsum(usable[:, ::-1], axis=1)[:, ::-1]
    rows, columns = np.nonzero(usable & (from_right <= length))
    place = length - from_right[rows, columns]
    index = np.zeros((len(position), length), dtype=np.intp)
    mask = np.zeros(index.shape, dtype=np.bool_)
    index[rows, place] = candidates[rows, columns]
    mask[rows, place] = True
    return EstimationWindows(index=index, mask=mask)


def event_windows(position: Int, *, window: Window, n_sessions: int) -> tuple[Int, Bool]:
    """Lay out the event window of each event.

    Parameters
    ----------
    position : ndarray of shape (n_events,)
        Session of each event (relative day 0).
    window : tuple of int
        First and last relative day.
    n_sessions : int
        Number of sessions of the series.

    Returns
    -------
    index, present : ndarray of shape (n_events, L2)
        Sessions, and whether the series has them; where it has not, the index is 0.

    Examples
    --------
    >>> index, present = event_windows(np.array([8]), window=(-1, 2), n_sessions=10)
    >>> index.tolist(), present.tolist()
    ([[7, 8, 9, 0]], [[True, True, True, False]])
    """
    index = position[:, np.newaxis] + np.arange(window[0], window[1] + 1)
    present = (index >= 1) & (index < n_sessions)
    return np.where(present, index, 0), present


def covered_sessions(position: Int, *, window: Window, n_sessions: int) -> Bool:
    """Mark the sessions that lie in the event window of any of the events."""
    index, present = event_windows(position, window=window, n_sessions=n_sessions)
    covered = np.zeros(n_sessions, dtype=np.bool_)
    covered[index[present]] = True
    return covered


def overlapping(position: Int, *, window: Window) -> tuple[tuple[int, ...], ...]:
    """List, for each event, the others whose event windows share a session with its own.

    Examples
    --------
    >>> overlapping(np.array([5, 7, 40]), window=(-1, 1))
    ((1,), (0,), ())
    """
    length = window[1] - window[0]
    near = np.abs(position[:, np.newaxis] - position) <= length
    np.fill_diagonal(near, val=False)
    return tuple(tuple(np.flatnonzero(row).tolist()) for row in near)
