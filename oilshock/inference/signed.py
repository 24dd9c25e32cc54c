"""Did events move the price the way that was expected of them: average and share."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

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
    n_events, n_episodes : int
        Events, and their separate episodes.
    estimate : float
        The mean, or the share.
    std_error, statistic, p_value, df : float
        NaN where the law has none.
    ci_low, ci_high : float
        Two-sided interval at 1 - alpha.
    reason : str
        Empty, or why there are no figures.
    """

    n_events: int
    n_episodes: int
    estimate: float = math.nan
    std_error: float = math.nan
    statistic: float = math.nan
    p_value: float = math.nan
    df: float = math.nan
    ci_low: float = math.nan
    ci_high: float = math.nan
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
    nothing = SignedResult(n_events=n_events, n_episodes=n_episodes)
    if n_events == 0:
        return replace(nothing, reason="no event with a direction")
    if n_episodes < FEWEST_EPISODES:
        reason = f"needs {FEWEST_EPISODES} separate episodes, has {n_episodes}"
        return replace(nothing, estimate=float(signed.mean()), reason=reason)
    mean, variance = (float(part) for part in mean_of_episodes(sums, sizes))
    std_error, df = math.sqrt(variance), n_episodes - 1
    if std_error == 0:
        return replace(nothing, estimate=mean, std_error=0.0, reason="no variance")
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

    Null: the CARs of each episode could as well all have had the opposite sign.

    Parameters
    ----------
    signed : ndarray of shape (n_events,)
        CAR times the direction expected; none missing. Exactly 0 is not as expected.
    episode : ndarray of shape (n_events,)
        Label of the episode of each event.
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
    The p value is exact: each episode changes sign with probability one half, all its events at
    once. Where each event is its own episode this is the binomial (sign) test, without events
    whose CAR is 0. The interval is that of Clopper and Pearson (1934); where episodes hold
    several events, for the number of independent events that the variance between episodes
    amounts to (Korn and Graubard 1998, section 2), never more than there are.

    Examples
    --------
    >>> found = share_as_expected(np.array([0.01, 0.02, -0.01, 0.03]), episode=np.arange(4))
    >>> found.estimate, found.p_value
    (0.75, 0.3125)
    """
    if len(signed) == 0:
        return SignedResult(n_events=0, n_episodes=0, reason="no event with a direction")
    up, sizes = episode_sums((signed > 0).astype(np.float64), episode)
    down, _ = episode_sums((signed < 0).astype(np.float64), episode)
    low, high = _share_interval(up, sizes, alpha=alpha)
    return SignedResult(
        estimate=float(up.sum() / sizes.sum()),
        statistic=float(up.sum()),
        p_value=_sign_p_value(up, down, alternative=alternative),
        ci_low=low,
        ci_high=high,
        n_events=len(signed),
        n_episodes=len(sizes),
        reason="no interval: all events are one episode" if math.isnan(low) else "",
    )


def _sign_p_value(up: Float, down: Float, *, alternative: Alternative) -> float:
    """Return the tail of the law of the count when each episode may swap its signs."""
    law = np.ones(1)
    for one, other in zip(up.astype(int).tolist(), down.astype(int).tolist(), strict=True):
        step = np.zeros(max(one, other) + 1)
        step[one] += 0.5
        step[other] += 0.5
        law = np.convolve(law, step)
    at = int(up.sum())
    above, below = float(law[at:].sum()), float(law[: at + 1].sum())
    tails = {"greater": above, "less": below, "two-sided": 2.0 * min(above, below)}
    return min(tails[alternative], 1.0)


def _share_interval(up: Float, sizes: Float, *, alpha: float) -> tuple[float, float]:
    n = sizes.sum()
    share, variance = (float(part) for part in mean_of_episodes(up, sizes))
    if math.isnan(variance):
        return math.nan, math.nan
    # Without variance, as with a share of 0 or 1, each episode counts once.
    independent = share * (1.0 - share) / (n - 1.0)
    n_alone = float(len(sizes)) if variance == 0 else min(n, n * independent / variance)
    hits = share * n_alone
    low = special.betaincinv(hits, n_alone - hits + 1.0, alpha / 2.0) if hits > 0 else 0.0
    high = (
        special.betaincinv(hits + 1.0, n_alone - hits, 1.0 - alpha / 2.0) if hits < n_alone else 1.0
    )
    return float(low), float(high)
