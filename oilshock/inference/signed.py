"""Did events move the price the way that was expected of them?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from oilshock.inference.clustered import FEWEST_EPISODES, episode_sums, mean_of_episodes
from oilshock.inference.parametric import t_critical
from oilshock.inference.result import student_p_value
from oilshock.options import Alternative
from oilshock.typing import Float, Int


@dataclass(frozen=True)
class SignedResult:
    """An average, or a share, over events with directions, and its test.

    Parameters
    ----------
    estimate : float
        The mean, or the share.
    std_error, statistic, p_value, df : float
        NaN where the law has none.
    ci_low, ci_high : float
        Two-sided interval at 1 - alpha.
    n_events, n_episodes : int
        Events, and their separate episodes.
    reason : str
        Empty, or why there are no figures.
    """

    estimate: float
    std_error: float
    statistic: float
    p_value: float
    df: float
    ci_low: float
    ci_high: float
    n_events: int
    n_episodes: int
    reason: str = ""


def signed_average(
    signed: Float,
    *,
    episode: Int,
    alternative: Alternative = "greater",
    alpha: float = 0.05,
) -> SignedResult:
    """Average CARs taken in the direction expected beforehand, and test the mean.

    Null: the mean of CAR times direction is not above zero.

    Parameters
    ----------
    signed : ndarray of shape (n_events,)
        CAR times the direction expected, +1 or -1; none missing.
    episode : ndarray of shape (n_events,)
        Label of the episode of each event.
    alternative : {"greater", "two-sided", "less"}, default "greater"
        One-sided by default, because the sign was given before the price moved.
    alpha : float, default 0.05
        Level of the two-sided interval.

    Returns
    -------
    SignedResult
        NaN figures with a reason for fewer than two episodes.

    Notes
    -----
    The cross-sectional t with episodes as clusters, see `mean_of_episodes`, and as many
    degrees of freedom as episodes less one. Where each event is its own episode this is the
    plain cross-sectional t.

    Examples
    --------
    >>> found = signed_average(np.array([0.01, 0.02, 0.03]), episode=np.arange(3))
    >>> round(found.estimate, 3), round(found.statistic, 3), found.df
    (0.02, 3.464, 2)
    """
    sums, sizes = episode_sums(signed, episode)
    n_events, n_episodes = len(signed), len(sums)
    if n_episodes < FEWEST_EPISODES:
        reason = f"needs {FEWEST_EPISODES} separate episodes, has {n_episodes}"
        mean = float(signed.mean()) if n_events else math.nan
        return SignedResult(mean, *[math.nan] * 6, n_events, n_episodes, reason)
    mean, variance = (float(part) for part in mean_of_episodes(sums, sizes))
    std_error, df = math.sqrt(variance), n_episodes - 1
    if std_error == 0:
        missing = [math.nan] * 5
        return SignedResult(mean, 0.0, *missing, n_events, n_episodes, "no variance")
    statistic = mean / std_error
    half = float(t_critical(alpha, np.asarray(df))) * std_error
    return SignedResult(
        estimate=mean,
        std_error=std_error,
        statistic=statistic,
        p_value=student_p_value(statistic, df=df, alternative=alternative),
        df=df,
        ci_low=mean - half,
        ci_high=mean + half,
        n_events=n_events,
        n_episodes=n_episodes,
    )


def share_as_expected(
    signed: Float,
    *,
    episode: Int,
    alternative: Alternative = "greater",
    alpha: float = 0.05,
) -> SignedResult:
    """Count the events that moved the price in the direction expected of them.

    Null: an event moves the price as expected with probability one half.

    Parameters
    ----------
    signed : ndarray of shape (n_events,)
        CAR times the direction expected; none missing. Exactly 0 is not as expected.
    episode : ndarray of shape (n_events,)
        Label of the episode of each event; counted, but events are taken as independent.
    alternative : {"greater", "two-sided", "less"}, default "greater"
        One-sided by default, as in `signed_average`.
    alpha : float, default 0.05
        Level of the two-sided interval.

    Returns
    -------
    SignedResult
        `estimate` is the share, `statistic` the number of events as expected.

    Notes
    -----
    Binomial test and Clopper-Pearson (1934) interval, both exact.

    Examples
    --------
    >>> found = share_as_expected(np.array([0.01, 0.02, -0.01, 0.03]), episode=np.arange(4))
    >>> found.estimate, found.p_value
    (0.75, 0.3125)
    """
    n_events, n_episodes = len(signed), len(np.unique(episode))
    if n_events == 0:
        return SignedResult(*[math.nan] * 7, 0, 0, "no event with a direction")
    from scipy.stats import binomtest

    hits = int((signed > 0).sum())
    test = binomtest(hits, n_events, 0.5, alternative=alternative)
    interval = binomtest(hits, n_events, 0.5).proportion_ci(1.0 - alpha, method="exact")
    return SignedResult(
        estimate=hits / n_events,
        std_error=math.nan,
        statistic=float(hits),
        p_value=float(test.pvalue),
        df=math.nan,
        ci_low=float(interval.low),
        ci_high=float(interval.high),
        n_events=n_events,
        n_episodes=n_episodes,
    )
