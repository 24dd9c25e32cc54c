"""How often the intervals and bands of local projections hold what they should.

Simulated series with a known response, as long as the Brent series, are projected on their events:
the share of series whose interval holds the true response is measured at sessions 5, 20 and 60,
and that of the sup-t band at all sessions at once. Run with

    python docs/studies/dynamics.py [SERIES]

1,000 series a case take a few minutes on one core.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
from scipy.signal import lfilter

from oilshock.config import config_from_dict
from oilshock.inference.local_projection import (
    count_events,
    pointwise_critical,
    project_events,
    projection_rows,
    sup_t_critical,
)
from oilshock.options import ProjectionErrors
from oilshock.study import run_study
from oilshock.typing import Float, Int

N_SESSIONS = 9900
HORIZON = 60
SHOWN = (0, 5, 20, 60)
SIGMA = 0.02
TRUE_RESPONSE = 0.03 * np.exp(-np.arange(400) / 15.0)
"""A move of 3 % on day 0, of which a fifteenth of what is left is given back each session."""

Noise = Callable[[np.random.Generator, int], Float]


def normal(rng: np.random.Generator, n: int) -> Float:
    """Draw independent normal returns."""
    return rng.normal(0.0, SIGMA, n)


def garch_t(rng: np.random.Generator, n: int) -> Float:
    """Draw returns with clustered volatility and fat tails: GARCH(1,1), Student's t with 5 df."""
    shocks = rng.standard_t(5, n) / np.sqrt(5.0 / 3.0)
    alpha, beta = 0.08, 0.90
    variance, returns = SIGMA**2, np.empty(n)
    for t, shock in enumerate(shocks):
        returns[t] = np.sqrt(variance) * shock
        variance = SIGMA**2 * (1.0 - alpha - beta) + alpha * returns[t] ** 2 + beta * variance
    return returns


def scattered(rng: np.random.Generator, n_events: int) -> Int:
    """Put events on sessions at random."""
    return rng.choice(np.arange(1, N_SESSIONS), size=n_events, replace=False)


def coverage(
    n_series: int,
    *,
    noise: Noise,
    positions: Callable[[np.random.Generator], Int],
    errors: ProjectionErrors = "hac",
    response: Float = TRUE_RESPONSE,
) -> tuple[Float, float]:
    """Measure the coverage of intervals at each session, and that of the band.

    Parameters
    ----------
    n_series : int
        Number of simulated series.
    noise : callable
        Draws the returns without events.
    positions : callable
        Draws the sessions of the events.
    errors : {"hac", "lag-augmented"}, default "hac"
        Standard errors, with one lag if lag-augmented.
    response : ndarray
        True cumulated response, session by session.

    Returns
    -------
    pointwise : ndarray of shape (61,)
        Share of series whose 95 % interval holds the truth.
    joint : float
        Share of series whose 95 % band holds all of it.
    """
    steps = np.diff(response, prepend=0.0)
    inside, whole = np.zeros(HORIZON + 1), 0
    for series in range(n_series):
        rng = np.random.default_rng([series, 20050301])
        dummy = np.zeros(N_SESSIONS)
        dummy[positions(rng)] = 1.0
        returns = noise(rng, N_SESSIONS) + lfilter(steps, [1.0], dummy)
        returns[0] = np.nan
        lags = int(errors == "lag-augmented")
        rows = projection_rows(returns, dummy, horizon=HORIZON, lags=lags)
        projection = project_events(
            rows, errors=errors, n_events=count_events(dummy, horizon=HORIZON)
        )
        t = np.abs(projection.response - response[: HORIZON + 1]) / projection.std_error
        inside += t < pointwise_critical(projection, alpha=0.05)
        whole += t.max() < sup_t_critical(projection, alpha=0.05, draws=2000, seed=series)
    return inside / n_series, whole / n_series


def main(n_series: int) -> None:
    """Print a line for each case."""
    study = run_study(config_from_dict({"study": {"name": "s"}}, where="study")).estimates
    tighten = study.known.loc[study.known["direction"] == "+", "position"].unique()
    clustered = tighten[tighten < N_SESSIONS]
    cases = {
        "190 events, normal": (normal, lambda rng: scattered(rng, 190), "hac", TRUE_RESPONSE),
        "190 events, GARCH-t": (garch_t, lambda rng: scattered(rng, 190), "hac", TRUE_RESPONSE),
        "190 events, normal, lag-augmented": (
            normal,
            lambda rng: scattered(rng, 190),
            "lag-augmented",
            TRUE_RESPONSE,
        ),
        "30 events, normal": (normal, lambda rng: scattered(rng, 30), "hac", TRUE_RESPONSE),
        "30 events, GARCH-t": (garch_t, lambda rng: scattered(rng, 30), "hac", TRUE_RESPONSE),
        f"{len(clustered)} catalogue sessions (+), no response": (
            normal,
            lambda _: clustered,
            "hac",
            np.zeros(400),
        ),
        f"{len(clustered)} catalogue sessions (+), no response, lag-augmented": (
            normal,
            lambda _: clustered,
            "lag-augmented",
            np.zeros(400),
        ),
    }
    heads = "".join(f"{f'session {h}':>12}" for h in SHOWN)
    print(f"{f'{n_series:,} series, 95 % nominal':62}{heads}{'band':>8}")
    for name, (noise, positions, errors, response) in cases.items():
        pointwise, joint = coverage(
            n_series, noise=noise, positions=positions, errors=errors, response=response
        )
        shares = "".join(f"{100 * pointwise[h]:12.1f}" for h in SHOWN)
        print(f"{name:62}{shares}{100 * joint:8.1f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
