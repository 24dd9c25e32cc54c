"""Local projections of the cumulated return on events: how a move builds up and fades.

For each horizon h a regression of its own: y_{t,h} = a_h + b_h D_t + c_h' w_t + u_{t,h}, with
y_{t,h} = r_t + ... + r_{t+h} the return from the close before session t to that of t + h, D_t the
event dummy and w_t lags of returns and of the dummy, if wanted (Jorda 2005, equation 2). b_h is
the response h sessions after the first one that could react.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oilshock.options import ProjectionErrors
from oilshock.typing import Bool, Float, Int, freeze


@dataclass(frozen=True, eq=False)
class ProjectionRows:
    """The regressions of all horizons, with the controls partialled out.

    Parameters
    ----------
    response : ndarray of shape (H + 1,)
        Coefficients b_h.
    shock : ndarray of shape (n, H + 1)
        The dummy less its projection on the controls; 0 where horizon h has no row.
    residual : ndarray of shape (n, H + 1)
        Residuals u_{t,h}; 0 where horizon h has no row.
    n_obs : ndarray of shape (H + 1,)
        Rows of each regression.
    n_parameters : int
        Coefficients of each regression.
    """

    response: Float
    shock: Float
    residual: Float
    n_obs: Int
    n_parameters: int

    def __post_init__(self) -> None:
        freeze(self.response, self.shock, self.residual, self.n_obs)


@dataclass(frozen=True, eq=False)
class LocalProjection:
    """The response to an event at every horizon.

    Parameters
    ----------
    response, std_error : ndarray of shape (H + 1,)
        Cumulated response in the unit of the returns, and its standard error.
    covariance : ndarray of shape (H + 1, H + 1)
        Covariance of the responses over horizons; its diagonal is the square of `std_error`.
    n_events : ndarray of shape (H + 1,)
        Sessions with an event that have each horizon.
    df : int
        Degrees of freedom of intervals: the fewest events of any horizon, less 1.
    """

    response: Float
    std_error: Float
    covariance: Float
    n_events: Int
    df: int

    def __post_init__(self) -> None:
        freeze(self.response, self.std_error, self.covariance, self.n_events)


def projection_rows(returns: Float, shock: Float, *, horizon: int, lags: int = 0) -> ProjectionRows:
    """Regress the cumulated return on the shock at every horizon.

    Parameters
    ----------
    returns : ndarray of shape (n_sessions,)
        Returns; the first one is missing.
    shock : ndarray of shape (n_sessions,)
        The event dummy of every session: 0 or 1, or -1, 0 and 1 for events with a sign.
    horizon : int
        The last horizon H, in sessions.
    lags : int, default 0
        Lags of the return and of the shock among the controls.

    Returns
    -------
    ProjectionRows
        Each horizon uses all sessions that have it.

    Notes
    -----
    By the theorem of Frisch, Waugh and Lovell the coefficient and its sandwich covariance are those
    of the regression on the shock alone, once the controls are partialled out of both sides.

    Examples
    --------
    >>> returns = np.array([np.nan, 0.0, 0.04, -0.01, 0.0, 0.0])
    >>> rows = projection_rows(returns, np.array([0, 0, 1, 0, 0, 0.0]), horizon=1)
    >>> rows.response.round(4).tolist()
    [0.0425, 0.02]
    """
    n = len(returns)
    first = 1 + lags
    running = np.concatenate([[0.0, 0.0], np.cumsum(returns[1:])])
    controls = _controls(returns, shock, lags=lags)
    size = (n - first, horizon + 1)
    response, left_over, residual = np.empty(horizon + 1), np.zeros(size), np.zeros(size)
    n_obs = n - first - np.arange(horizon + 1)
    for h, rows in enumerate(n_obs.tolist()):
        start = np.arange(first, first + rows)
        sides = np.column_stack([shock[start], running[start + h + 1] - running[start]])
        x, y = _partial_out(sides, controls[:rows]).T
        response[h] = x @ y / (x @ x)
        left_over[:rows, h] = x
        residual[:rows, h] = y - response[h] * x
    return ProjectionRows(response, left_over, residual, n_obs, 2 + 2 * lags)


def _controls(returns: Float, shock: Float, *, lags: int) -> Float:
    """Return a constant and the lags, from the first session that has them all."""
    start = np.arange(1 + lags, len(returns))
    columns = [values[start - lag] for lag in range(1, lags + 1) for values in (returns, shock)]
    return np.column_stack([np.ones(len(start)), *columns])


def _partial_out(sides: Float, controls: Float) -> Float:
    if controls.shape[1] == 1:
        return np.asarray(sides - sides.mean(axis=0))
    return np.asarray(sides - controls @ np.linalg.lstsq(controls, sides, rcond=None)[0])


def project_events(
    rows: ProjectionRows, *, errors: ProjectionErrors, n_events: Int
) -> LocalProjection:
    """Give the responses their standard errors and their covariance over horizons.

    Parameters
    ----------
    rows : ProjectionRows
        From `projection_rows`.
    errors : {"hac", "lag-augmented"}
        Bartlett weights over h lags at horizon h, over H lags between horizons (Newey and West
        1987); or none, which is right where lags are among the controls (Montiel Olea and
        Plagborg-Moller 2021).
    n_events : ndarray of shape (H + 1,)
        Sessions with an event that have each horizon.

    Returns
    -------
    LocalProjection
        The null at each horizon: the event changes the expected cumulated return by nothing.

    Notes
    -----
    Returns over h + 1 sessions overlap for h sessions, so that the scores of events at most h
    sessions apart are correlated. The covariance is multiplied by n / (n - k). Sums of scores over
    a moving window of L + 1 rows, squared and added up over all its places, are L + 1 times the
    sum with Bartlett weights, so that no loop over lags is needed.
    """
    horizon = len(rows.response) - 1
    influence = rows.shock * rows.residual / (rows.shock**2).sum(axis=0)
    influence *= np.sqrt(rows.n_obs / (rows.n_obs - rows.n_parameters))
    if errors == "hac":
        own = [_bartlett(influence[:, [h]], lag=h) for h in range(horizon + 1)]
        std_error = np.sqrt(np.array(own).ravel())
        covariance = _bartlett(influence, lag=horizon)
    else:
        covariance = influence.T @ influence
        std_error = np.sqrt(np.diagonal(covariance))
    # Each horizon has its own lag; the correlations come from the common one.
    rescale = std_error / np.sqrt(np.diagonal(covariance))
    covariance = covariance * np.outer(rescale, rescale)
    return LocalProjection(
        rows.response.copy(), std_error, covariance, n_events, int(n_events.min()) - 1
    )


def _bartlett(scores: Float, *, lag: int) -> Float:
    """Sum the products of scores with Bartlett weights up to a lag; shape (k, k)."""
    k = scores.shape[1]
    running = np.concatenate([np.zeros((lag + 1, k)), np.cumsum(scores, axis=0)])
    running = np.concatenate([running, np.repeat(running[-1:], lag, axis=0)])
    moving = running[lag + 1 :] - running[: -(lag + 1)]
    return np.asarray(moving.T @ moving / (lag + 1))


def pointwise_critical(projection: LocalProjection, *, alpha: float) -> float:
    """Return the critical value of intervals that hold at one horizon.

    Of Student's t with one degree of freedom fewer than there are events: the sessions without
    an event, however many, say nothing of how the returns of events vary.
    """
    from scipy.special import stdtrit

    return float(stdtrit(projection.df, 1.0 - alpha / 2.0))


def sup_t_critical(
    projection: LocalProjection, *, alpha: float, draws: int = 10_000, seed: int = 0
) -> float:
    """Compute the critical value of the band that holds at all horizons at once.

    Parameters
    ----------
    projection : LocalProjection
        Responses with their covariance over horizons.
    alpha : float
        The band covers the whole response with probability 1 - alpha.
    draws : int, default 10,000
        Random draws.
    seed : int, default 0
        Seed of the draws.

    Returns
    -------
    float
        Quantile 1 - alpha of max_h |t_h|, at least the pointwise one (Montiel Olea and
        Plagborg-Moller 2019, algorithm 1, with Student's t for the normal law).
    """
    generator = np.random.default_rng(seed)
    scale = np.sqrt(np.diagonal(projection.covariance))
    correlation = projection.covariance / np.outer(scale, scale)
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    normal = generator.standard_normal((draws, len(scale))) @ root.T
    mixing = np.sqrt(generator.chisquare(projection.df, size=draws) / projection.df)
    largest = np.abs(normal).max(axis=1) / mixing
    return max(
        float(np.quantile(largest, 1.0 - alpha)), pointwise_critical(projection, alpha=alpha)
    )


def local_projection(
    returns: Float,
    shock: Float,
    *,
    horizon: int,
    errors: ProjectionErrors = "hac",
    lags: int = 0,
) -> LocalProjection:
    """Estimate the cumulated response of returns to events, horizon by horizon.

    Parameters
    ----------
    returns : ndarray of shape (n_sessions,)
        Returns; the first one is missing.
    shock : ndarray of shape (n_sessions,)
        Event dummies: 0 or 1, or -1, 0 and 1.
    horizon : int
        The last horizon, in sessions; the first is 0, the session of the event.
    errors : {"hac", "lag-augmented"}, default "hac"
        See `project_events`. Events come in clusters, which the HAC errors allow for.
    lags : int, default 0
        Lags among the controls; at least 1 with lag-augmented errors.

    Returns
    -------
    LocalProjection
        Response, standard errors, covariance.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> shock = (np.arange(3000) % 100 == 50).astype(float)
    >>> returns = rng.normal(0, 0.01, 3000) + 0.05 * shock
    >>> local_projection(returns, shock, horizon=2).response.round(2).tolist()
    [0.05, 0.05, 0.05]
    """
    rows = projection_rows(returns, shock, horizon=horizon, lags=lags)
    return project_events(rows, errors=errors, n_events=count_events(shock, horizon=horizon))


def count_events(shock: Float, *, horizon: int) -> Int:
    """Count the sessions with an event that have each horizon; shape (H + 1,)."""
    hit: Bool = shock != 0
    last = len(shock) - np.arange(horizon + 1)
    return np.concatenate([[0], np.cumsum(hit)])[last]
