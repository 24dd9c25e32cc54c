"""Tests of the mean CAR for many sets of events at once: one row a set, one column an event.

A specification curve with its permutation test asks the same question of hundreds of sets. Missing
CARs are NaN and are left out of their set. `parametric` has the same t test for one set.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from oilshock.inference.parametric import t_p_value, t_statistic
from oilshock.typing import Float, Int


def count_present(car: Float) -> Int:
    """Count the events of each set that have a CAR."""
    return np.asarray((~np.isnan(car)).sum(axis=1))


def mean_present(values: Float) -> Float:
    """Average each row over what is there; NaN where nothing is.

    Examples
    --------
    >>> mean_present(np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan]])).tolist()
    [2.0, nan]
    """
    n = count_present(values)
    total = np.where(np.isnan(values), 0.0, values).sum(axis=1)
    missing = np.full(len(values), np.nan)
    return np.asarray(np.divide(total, n, out=missing, where=n > 0))


def set_t(car: Float, std_error: Float, *, df: int) -> tuple[Float, Float]:
    """Test that the mean CAR of each set is zero, from the events' own estimation windows.

    Parameters
    ----------
    car, std_error : ndarray of shape (n_sets, n_events)
        CARs and their standard errors.
    df : int
        Degrees of freedom of one event's residual variance.

    Returns
    -------
    statistic, p_value : ndarray of shape (n_sets,)
        J1 = sum of CAR over the root of the summed variances, standard normal (MacKinlay 1997,
        equation 20); for a set of one event Student's t with `df`. Two-sided.

    Examples
    --------
    >>> statistic, _ = set_t(np.array([[0.03, 0.01]]), np.array([[0.01, 0.01]]), df=118)
    >>> statistic.round(3).tolist()
    [2.828]
    """
    usable = ~np.isnan(car) & (std_error > 0)
    n = usable.sum(axis=1)
    total = np.where(usable, car, 0.0).sum(axis=1)
    spread = np.sqrt(np.where(usable, std_error**2, 0.0).sum(axis=1))
    statistic = t_statistic(total, spread)
    student = t_p_value(statistic, np.full(len(n), df))
    return statistic, np.where(n == 1, student, 2.0 * special.ndtr(-np.abs(statistic)))


def set_cross_sectional(car: Float) -> tuple[Float, Float]:
    """Test that the mean CAR of each set is zero, from the spread of the CARs over its events.

    Parameters
    ----------
    car : ndarray of shape (n_sets, n_events)
        CARs.

    Returns
    -------
    statistic, p_value : ndarray of shape (n_sets,)
        The one-sample t with n - 1 degrees of freedom (Brown and Warner 1980); NaN for fewer than
        two events.

    Examples
    --------
    >>> set_cross_sectional(np.array([[1.0, 2.0, 3.0]]))[0].round(3).tolist()
    [3.464]
    """
    n, mean = count_present(car), mean_present(car)
    squared = (np.where(np.isnan(car), 0.0, car - mean[:, np.newaxis]) ** 2).sum(axis=1)
    few = n < 2
    freedom = np.where(few, 1, n - 1)
    error = np.sqrt(squared / freedom / np.where(few, 1, n))
    statistic = np.where(few, np.nan, t_statistic(mean, error))
    return statistic, t_p_value(statistic, freedom)


def set_sign(car: Float) -> tuple[Float, Float]:
    """Test that a CAR of each set is as often positive as not.

    Parameters
    ----------
    car : ndarray of shape (n_sets, n_events)
        CARs; zero counts as not positive.

    Returns
    -------
    statistic, p_value : ndarray of shape (n_sets,)
        The statistic z = (k - n/2) / (sqrt(n)/2), and the exact binomial p value, two-sided.

    Examples
    --------
    >>> set_sign(np.array([[1.0, 2.0, 3.0, 4.0]]))[1].tolist()
    [0.125]
    """
    n = count_present(car)
    positive = (np.where(np.isnan(car), 0.0, car) > 0).sum(axis=1)
    some = n > 0
    half = np.sqrt(np.where(some, n, 1)) / 2.0
    smaller = np.minimum(positive, n - positive)
    p_value = np.minimum(2.0 * special.bdtr(smaller.astype(np.float64), n, 0.5), 1.0)
    statistic = (positive - n / 2.0) / half
    return np.where(some, statistic, np.nan), np.where(some, p_value, np.nan)


def set_placebo(scaled: Float, null: Float) -> Float:
    """Rate the mean scaled CAR of each set among that of random sets of placebo sessions.

    Parameters
    ----------
    scaled : ndarray of shape (n_sets, n_events)
        CARs over their expected size.
    null : ndarray of shape (draws,)
        Mean scaled CARs of random sets.

    Returns
    -------
    ndarray of shape (n_sets,)
        Two-sided p values, (1 + number at least as large) / (draws + 1).

    Examples
    --------
    >>> set_placebo(np.array([[3.0, 3.0]]), np.array([0.5, -1.0, 4.0])).tolist()
    [0.5]
    """
    size = np.abs(mean_present(scaled))
    ordered = np.sort(np.abs(null))
    larger = len(ordered) - np.searchsorted(ordered, size, side="left")
    return np.where(np.isnan(size), np.nan, (1.0 + larger) / (len(ordered) + 1.0))
