"""Rank tests over the estimation window and the event window: Corrado, Corrado and Zivney."""

from __future__ import annotations

import numpy as np
import pandas as pd

from oilshock.inference.result import FLAT, TestResult, no_result, normal_result
from oilshock.options import Alternative
from oilshock.typing import Float, Int


def row_ranks(values: Float) -> Float:
    """Rank the entries of each row, ties averaged; NaN where an entry is missing.

    Parameters
    ----------
    values : ndarray of shape (n_events, T)
        One row an event: its abnormal returns of the estimation and of the event window.

    Returns
    -------
    ndarray of shape (n_events, T)
        Ranks from 1 to the number of entries that the row has.

    Examples
    --------
    >>> row_ranks(np.array([[0.3, 0.1, 0.3, np.nan]])).tolist()
    [[2.5, 1.0, 2.5, nan]]
    """
    return pd.DataFrame(values).rank(axis=1).to_numpy(dtype=np.float64)


def rank_deviations(values: Float) -> Float:
    """Rank each row and take its mean rank, (T + 1) / 2, off; NaN where an entry is missing.

    Examples
    --------
    >>> rank_deviations(np.array([[0.3, 0.1, 0.2]])).tolist()
    [[1.0, -1.0, 0.0]]
    """
    present = (~np.isnan(values)).sum(axis=1, keepdims=True)
    return np.asarray(row_ranks(values) - (present + 1) / 2)


def standardised_ranks(values: Float) -> Float:
    """Rank each row, divide by 1 + its number of entries, and take one half off.

    Examples
    --------
    >>> standardised_ranks(np.array([[0.3, 0.1, 0.2]])).tolist()
    [[0.25, -0.25, 0.0]]
    """
    present = (~np.isnan(values)).sum(axis=1, keepdims=True)
    return np.asarray(row_ranks(values) / (present + 1) - 0.5)


def over_sigma(values: Float, *, sigma: Float) -> Float:
    """Divide each row by its event's sigma; NaN where sigma is 0."""
    return np.asarray(values / np.where(sigma > 0, sigma, np.nan)[:, np.newaxis])


def restandardise(ar: Float, *, sigma: Float) -> Float:
    """Divide ARs by each event's sigma, then each day by its spread among the events.

    Parameters
    ----------
    ar : ndarray of shape (n_events, L2)
        ARs of the event window; NaN where a day is missing.
    sigma : ndarray of shape (n_events,)
        Standard deviation of each event's residuals.

    Returns
    -------
    ndarray of shape (n_events, L2)
        NaN on a day that fewer than two events have, or on which they do not differ.

    Examples
    --------
    >>> restandardise(np.array([[0.02], [0.04]]), sigma=np.array([0.01, 0.01])).round(3).tolist()
    [[1.414], [2.828]]
    """
    scaled = over_sigma(ar, sigma=sigma)
    present = ~np.isnan(scaled)
    n = present.sum(axis=0)
    filled = np.where(present, scaled, 0.0)
    mean = filled.sum(axis=0) / np.maximum(n, 1)
    squared = (np.where(present, scaled - mean, 0.0) ** 2).sum(axis=0)
    spread = np.sqrt(squared / np.maximum(n - 1, 1))
    usable = (n > 1) & (spread > FLAT * np.abs(filled).max(axis=0, initial=0.0))
    return np.asarray(scaled / np.where(usable, spread, np.nan))


def column_means(values: Float) -> Float:
    """Average each column over the events that have it; NaN where none has."""
    present = ~np.isnan(values)
    n = present.sum(axis=0)
    total = np.where(present, values, 0.0).sum(axis=0)
    return np.asarray(np.divide(total, n, out=np.full(n.shape, np.nan), where=n > 0))


def corrado_rank(
    deviations: Float, *, days: Int, alternative: Alternative = "two-sided"
) -> TestResult:
    """Test by ranks that abnormal returns of the window are like those of other days.

    Parameters
    ----------
    deviations : ndarray of shape (n_events, T)
        From `rank_deviations`, of the residuals of the estimation window and the ARs of the
        whole event window, side by side.
    days : ndarray of shape (m,)
        Columns of the days tested.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        The alternative to the null.

    Returns
    -------
    TestResult
        The test named `rank`.

    Notes
    -----
    With K the ranks and d_t the mean over events of K_t - (T + 1) / 2, z = d_0 / S and
    S^2 = sum(d_t^2) / T over all T days (Corrado 1989), standard normal. For m days
    z = sum(d) / (sqrt(m) S): the mean of d over the window times sqrt(m), over S (Cowan 1992).
    Each day has its own z; one package shows that of the first day for all. The window's days
    enter S, which costs power when most of T is the event window, and a window of many days
    loses power; see `grank_t`.

    Examples
    --------
    >>> values = np.array([[0.1, 0.2, 0.3, 0.9], [0.3, 0.1, 0.2, 0.8]])
    >>> corrado_rank(rank_deviations(values), days=np.array([3])).statistic  # 1.5 / sqrt(3.5 / 4)
    1.603...
    """
    usable = ~np.isnan(deviations[:, days]).any(axis=1)
    return rank_result(
        "rank",
        column_means(deviations[usable]) if usable.any() else np.full(deviations.shape[1], np.nan),
        days=days,
        n_events=int(usable.sum()),
        alternative=alternative,
    )


def corrado_zivney(
    ranks: Float, *, days: Int, alternative: Alternative = "two-sided"
) -> TestResult:
    """Test by ranks as `corrado_rank` does, when rows have gaps or the event moves the variance.

    Parameters
    ----------
    ranks : ndarray of shape (n_events, T)
        From `standardised_ranks`, of the residuals over sigma and the ARs of the event window
        from `restandardise`, side by side.
    days : ndarray of shape (m,)
        Columns of the days tested.
    alternative : {"two-sided", "greater", "less"}, default "two-sided"
        The alternative to the null.

    Returns
    -------
    TestResult
        The test named `corrado-zivney`.

    Notes
    -----
    With U = K / (1 + M) - 1/2, M the number of entries of the row, z_t = sum(U_t) / sqrt(n_t)
    over the n_t events of the day and S^2 = sum(z_t^2) / T: z = z_0 / S, and for m days
    sum(z) / (sqrt(m) S); standard normal (Corrado and Zivney 1992). The days of the event
    window are standardised again by their spread among the events, as in `bmp`, so that a
    variance that rises at the event does not count as a move. Packages that offer this test
    with the division by 1 + M alone give `rank` again when no row has gaps; ranks of plain ARs
    give that form here.

    Examples
    --------
    >>> values = np.array([[0.1, 0.2, 0.3, 0.9], [0.3, 0.1, 0.2, 0.8]])
    >>> corrado_zivney(standardised_ranks(values), days=np.array([3])).statistic
    1.603...
    """
    usable = ~np.isnan(ranks[:, days]).any(axis=1)
    scores = zivney_scores(ranks[usable])
    n = int(usable.sum())
    return rank_result("corrado-zivney", scores, days=days, n_events=n, alternative=alternative)


def zivney_scores(ranks: Float) -> Float:
    """Sum each column over the events that have it, over the root of their number."""
    present = ~np.isnan(ranks)
    n = present.sum(axis=0)
    total = np.where(present, ranks, 0.0).sum(axis=0)
    return np.asarray(np.divide(total, np.sqrt(n), out=np.full(n.shape, np.nan), where=n > 0))


def rank_result(
    test: str, scores: Float, *, days: Int | slice, n_events: int, alternative: Alternative
) -> TestResult:
    """Divide the summed scores of the days by the root of the mean square of all scores.

    Parameters
    ----------
    test : str
        Name of the test.
    scores : ndarray of shape (T,)
        One score a day, over all events; NaN where no event has the day.
    days : ndarray of int or slice
        The days tested.
    n_events : int
        Events used.
    alternative : {"two-sided", "greater", "less"}
        The alternative to the null.

    Returns
    -------
    TestResult
        Standard normal.
    """
    null = "the ranks of the window's abnormal returns are like those of other days"
    tested = scores[days]
    if n_events == 0:
        reason = "no complete event with a variance in its estimation window"
        return no_result(test, null, n_events=0, reason=reason)
    if np.isnan(tested).any():
        reason = "the events do not differ on a day of the window, or there is one only"
        return no_result(test, null, n_events=n_events, reason=reason)
    present = scores[~np.isnan(scores)]
    spread = np.sqrt(present @ present / len(present))
    if spread == 0:
        reason = "no variance in the estimation windows"
        return no_result(test, null, n_events=n_events, reason=reason)
    return normal_result(
        test,
        null,
        statistic=float(tested.sum() / (np.sqrt(len(tested)) * spread)),
        n_events=n_events,
        alternative=alternative,
    )
