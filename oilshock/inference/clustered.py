"""Means of events that are not all independent: those of one episode move together."""

from __future__ import annotations

import numpy as np

from oilshock.typing import Float, Int

FEWEST_EPISODES = 2
"""A standard error between episodes needs at least so many."""


def episode_sums(values: Float, episode: Int) -> tuple[Float, Float]:
    """Sum the values of each episode, and count them.

    Parameters
    ----------
    values : ndarray of shape (n_events,)
        A figure of each event; none missing.
    episode : ndarray of shape (n_events,)
        Label of the episode of each event; any whole numbers.

    Returns
    -------
    sums, sizes : ndarray of shape (n_episodes,)
        In the order of the labels.

    Examples
    --------
    >>> sums, sizes = episode_sums(np.array([1.0, 2.0, 4.0]), np.array([7, 7, 3]))
    >>> sums.tolist(), sizes.tolist()
    ([4.0, 3.0], [1.0, 2.0])
    """
    labels, place = np.unique(episode, return_inverse=True)
    sums = np.bincount(place, weights=values, minlength=len(labels))
    sizes = np.bincount(place, minlength=len(labels))
    return sums.astype(np.float64), sizes.astype(np.float64)


def mean_of_episodes(sums: Float, sizes: Float) -> tuple[Float, Float]:
    """Average over events, with the variance between episodes; along the last axis.

    Parameters
    ----------
    sums, sizes : ndarray of shape (..., n_episodes)
        Sum of the values of each episode, and number of its events.

    Returns
    -------
    mean, variance : ndarray of shape (...)
        Mean over all events and the variance of that mean; NaN for fewer than two episodes.

    Notes
    -----
    Var = G/(G-1) * sum over episodes of (S_g - n_g m)^2 / n^2, with G episodes, S_g their sums
    and m the mean: the cluster-robust variance of a regression on a constant (Liang and Zeger
    1986, with the small-sample factor G/(G-1)). With one event in each episode
    it is s^2/n, that of the plain cross-sectional t.

    Examples
    --------
    >>> mean, variance = mean_of_episodes(np.array([1.0, 2.0, 6.0]), np.ones(3))
    >>> float(mean), float(variance)
    (3.0, 2.333...)
    """
    n_episodes = sums.shape[-1]
    n = sizes.sum(axis=-1)
    mean = sums.sum(axis=-1) / n
    if n_episodes < FEWEST_EPISODES:
        return mean, np.full(mean.shape, np.nan)
    spread = sums - mean[..., np.newaxis] * sizes
    variance = n_episodes / (n_episodes - 1) * (spread**2).sum(axis=-1) / n**2
    return mean, variance
