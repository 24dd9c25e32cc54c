"""Classes of events against statsmodels, and the size of each covariance under the null."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from strategies import catalogue, fit_brent

from oilshock.inference import t_p_value
from oilshock.joint import JointStudy, class_rows
from oilshock.models import Design
from oilshock.models.class_effect import ClassEffects, bandwidth, class_effect
from oilshock.models.joint import combine, conditional_variance, fit_joint
from oilshock.typing import Bool, Float, Int
from oilshock.windows import estimation_windows

ROBUST = ("hac", "hc3", "cluster")
N_SERIES = 400
FIVE = 0.05
NOISE = 3.5 * np.sqrt(FIVE * (1 - FIVE) / N_SERIES)
"""Three and a half Monte Carlo errors of a share of 5 % in 400 series: 3.8 points."""


def spread_out(n_episodes: int, *, days: int, n_sessions: int) -> tuple[Bool, Int]:
    """Windows of one class, `n_episodes` of them, far apart; and the episode of each row."""
    dummies = np.zeros((n_sessions, 1), dtype=np.bool_)
    episode = np.full(n_sessions, -1)
    for number, start in enumerate(np.linspace(10, n_sessions - 20, n_episodes).astype(int)):
        dummies[start : start + days] = True
        episode[start : start + days] = number
    return dummies, episode


def fit_class(
    y: Float, dummies: Bool, episode: Int, covariance: Any, **options: Any
) -> ClassEffects:
    n = len(np.unique(episode[episode >= 0]))
    defaults = {"days": 6, "sessions": np.arange(len(y)), "n_episodes": np.array([n])}
    return class_effect(
        y,
        np.ones((len(y), 1)),
        dummies=dummies,
        episode=episode,
        covariance=covariance,
        **{**defaults, **options},
    )


def size_of_class(covariance: Any, *, days: int, n_episodes: int = 25) -> float:
    rng = np.random.default_rng(20)
    dummies, episode = spread_out(n_episodes, days=days, n_sessions=500)
    found = [
        fit_class(rng.normal(size=500), dummies, episode, covariance, days=days)
        for _ in range(N_SERIES)
    ]
    t = np.array([one.effect[0] / one.std_error[0] for one in found])
    return float((t_p_value(t, found[0].df) < FIVE).mean())


@pytest.mark.parametrize(
    ("covariance", "days"),
    [("classical", 6), ("hac", 6), ("hc3", 6), ("cluster", 6), ("hac", 1), ("hc3", 1)],
)
def test_a_class_of_25_episodes_keeps_its_size(covariance: str, days: int) -> None:
    assert size_of_class(covariance, days=days) == pytest.approx(FIVE, abs=NOISE)


def sizes_of_one_event(days: int) -> dict[str, float]:
    """Shares of p < 5 % of one dummy over `days` sessions on iid series, errors by statsmodels."""
    rng = np.random.default_rng(21)
    dummy = np.zeros(136)
    dummy[125 : 125 + days] = 1.0
    x = np.column_stack([np.ones(136), dummy])
    p_values: dict[str, list[float]] = {"classical": [], "HAC": [], "HC3": []}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for _ in range(N_SERIES):
            fit = sm.OLS(rng.normal(size=136), x).fit()
            p_values["classical"].append(fit.pvalues[1])
            hac = fit.get_robustcov_results("HAC", maxlags=bandwidth(136), use_t=True)
            p_values["HAC"].append(hac.pvalues[1])
            p_values["HC3"].append(fit.get_robustcov_results("HC3", use_t=True).pvalues[1])
    # HC3 divides 0 by 0 where one session is fitted exactly: no figure is no better than p = 0.
    return {name: 1.0 - float((np.array(p) >= FIVE).mean()) for name, p in p_values.items()}


def test_robust_errors_of_one_event_reject_far_too_often() -> None:
    """Why they are refused below 20 episodes, and not offered for a single event at all."""
    one, six = sizes_of_one_event(1), sizes_of_one_event(6)
    assert one["HAC"] > 0.7
    assert one["HC3"] > 0.3
    assert six["HAC"] > 0.2
    assert six["HC3"] > FIVE
    for sizes in (one, six):
        assert sizes["classical"] == pytest.approx(FIVE, abs=NOISE)


def size_of_our_event(days: int, *, is_window: bool) -> float:
    """Share of p < 5 % of one event in our joint regression on iid series."""
    rng = np.random.default_rng(22)
    p_values = []
    for _ in range(N_SERIES):
        y = rng.normal(size=120 + days)
        dummy = np.zeros((120 + days, 1))
        dummy[120:] = 1.0
        if is_window:
            x = np.hstack([np.ones_like(dummy), dummy])
            fit = fit_joint(y, x, variance=np.ones(len(y)))
            weights, own = np.array([[0.0, days]]), np.array([0.0])
        else:
            fit = fit_joint(y[:120], np.ones((120, 1)), variance=np.ones(120))
            weights, own = np.array([[-float(days)]]), y[120:].sum(keepdims=True)
        extra = np.array([0.0 if is_window else float(days)])
        found = combine(fit, weights=weights, own=own, own_variance=extra)
        p_values.append(t_p_value(found.estimate / found.std_error, np.array(fit.df))[0])
    return float((np.array(p_values) < FIVE).mean())


@pytest.mark.parametrize("days", [1, 6])
@pytest.mark.parametrize("is_window", [False, True])
def test_classical_errors_of_one_event_keep_their_size(days: int, is_window: bool) -> None:
    assert size_of_our_event(days, is_window=is_window) == pytest.approx(FIVE, abs=NOISE)


def garch_series(n: int) -> Float:
    """Returns of a GARCH(1,1) with t(6) errors, persistence 0.97."""
    rng = np.random.default_rng(23)
    shocks = rng.standard_t(6, size=n) / np.sqrt(6 / 4)
    returns, h = np.empty(n), 1.0
    for t in range(n):
        returns[t] = np.sqrt(h) * shocks[t]
        h = 0.03 + 0.09 * returns[t] ** 2 + 0.88 * h
    return returns


def test_garch_errors_keep_their_size_in_calm_and_storm() -> None:
    """One dummy for each session in turn: the classical error is wrong by turns, GARCH is not."""
    returns = garch_series(6_000)
    variance = conditional_variance(returns)
    assert variance is not None
    storm = variance > np.quantile(variance, 0.75)
    ones = np.ones(len(returns))
    shares = {}
    for name, h in (("classical", ones), ("garch", variance)):
        fit = fit_joint(returns, ones[:, None], variance=h)
        found = combine(fit, weights=-ones[:, None], own=returns, own_variance=h)
        p_value = t_p_value(found.estimate / found.std_error, np.array(fit.df))
        shares[name] = (p_value[storm] < FIVE).mean()
    assert shares["classical"] > 0.08
    assert shares["garch"] == pytest.approx(FIVE, abs=0.015)


# Figures


def overlapping_classes() -> tuple[Float, Float, Bool, Int, Int]:
    """Three classes on 700 sessions with a gap; the first two share sessions."""
    rng = np.random.default_rng(25)
    n = 700
    factor = rng.normal(size=n)
    dummies = np.zeros((n, 3), dtype=np.bool_)
    episode = np.full(n, -1)
    for number in range(30):
        start = 10 + 20 * number
        episode[start : start + 6] = number
        dummies[start : start + 4, number % 2] = True
        dummies[start + 2 : start + 6, 0] = True
    dummies[640:642, 2] = True
    episode[640:642] = 30
    y = 0.5 * factor + 0.3 * dummies[:, 0] + rng.normal(size=n) * (1 + dummies[:, 0])
    sessions = np.arange(n) + 50 * (np.arange(n) > 333)
    return y, factor, dummies, episode, sessions


@pytest.mark.parametrize("covariance", ["classical", *ROBUST])
def test_effects_equal_statsmodels(covariance: Any) -> None:
    y, factor, dummies, episode, sessions = overlapping_classes()
    x = np.column_stack([np.ones(len(y)), factor])
    found = class_effect(
        y,
        x,
        dummies=dummies,
        days=4,
        sessions=sessions,
        episode=episode,
        n_episodes=np.array([30, 20, 1]),
        covariance=covariance,
    )
    design = np.hstack([x, dummies.astype(float)])
    if covariance == "classical":
        fit = sm.OLS(y, design).fit()
    elif covariance == "hc3":
        fit = sm.OLS(y, design).fit(cov_type="HC3")
    elif covariance == "cluster":
        groups = np.where(episode < 0, 1000 + np.arange(len(y)), episode)
        fit = sm.OLS(y, design).fit(cov_type="cluster", cov_kwds={"groups": groups})
    else:
        # No lag across the break: a row of zeros for each lag does the same in plain HAC, but for
        # its correction n / (n - k).
        lags = int(4 * (700 / 100) ** (2 / 9))
        cut = 334
        pad = np.zeros((lags, design.shape[1]))
        padded = np.vstack([design[:cut], pad, design[cut:]])
        y_padded = np.concatenate([y[:cut], np.zeros(lags), y[cut:]])
        fit = sm.OLS(y_padded, padded).fit(
            cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": False}
        )
    bse = fit.bse[2:] * (np.sqrt(700 / 695) if covariance == "hac" else 1.0)
    np.testing.assert_allclose(found.effect, 4 * fit.params[2:], rtol=1e-9)
    robust = covariance in ROBUST
    np.testing.assert_allclose(found.std_error[:2], 4 * bse[:2], rtol=1e-9)
    assert found.df[:2].tolist() == ([29.0, 19.0] if robust else [695.0] * 2)
    assert np.isnan(found.df[2]) == robust
    assert np.isnan(found.std_error[2]) == robust
    assert found.reason[:2] == ("", "")
    assert found.reason[2] == ("needs 20 separate episodes, has 1" if robust else "")


@pytest.mark.parametrize("covariance", ROBUST)
def test_20_episodes_are_enough_and_19_are_not(covariance: str) -> None:
    rng = np.random.default_rng(26)
    for n, is_refused in ((19, True), (20, False)):
        dummies, episode = spread_out(n, days=6, n_sessions=500)
        found = fit_class(rng.normal(size=500), dummies, episode, covariance)
        assert np.isnan(found.std_error[0]) == is_refused
        assert found.reason[0] == ("needs 20 separate episodes, has 19" if is_refused else "")
        assert np.isfinite(found.effect[0])


def test_a_class_of_one_session_does_not_spoil_the_others() -> None:
    """Its row is fitted exactly: HC3 would divide 0 by 0 and lose every class."""
    rng = np.random.default_rng(27)
    y = rng.normal(size=500)
    dummies, episode = spread_out(25, days=6, n_sessions=500)
    alone = fit_class(y[:-1], dummies[:-1], episode[:-1], "hc3")
    single = np.zeros((500, 1), dtype=np.bool_)
    single[-1] = True
    both = fit_class(y, np.hstack([dummies, single]), episode, "hc3", n_episodes=np.array([25, 1]))
    assert both.std_error[0] == pytest.approx(alone.std_error[0], rel=1e-9)
    assert both.reason == ("", "needs 20 separate episodes, has 1")
    # Nor is a class believed to have 20 episodes that hangs on one session.
    bare = fit_class(y, np.hstack([dummies, single]), episode, "hc3", n_episodes=np.array([25, 20]))
    assert np.isnan(bare.std_error[1])
    assert bare.reason[1] == "no residual is left under its dummy"


def test_classes_on_the_same_sessions_are_not_told_apart() -> None:
    rng = np.random.default_rng(28)
    dummies, episode = spread_out(25, days=6, n_sessions=500)
    twice = np.hstack([dummies, dummies])
    found = fit_class(rng.normal(size=500), twice, episode, "hac", n_episodes=np.array([25, 25]))
    assert np.isnan(found.effect).all()
    assert found.confused.tolist() == [[False, True, True]] * 2


def test_classes_of_the_catalogue() -> None:
    """The whole catalogue has classes of more and of fewer than 20 episodes."""
    frame = fit_brent(catalogue()).joint(covariance="hc3")
    classes = frame[(frame["kind"] == "class") & (frame["start"] == 0) & (frame["end"] == 0)]
    refused = classes["reason"].str.contains("needs 20 separate episodes")
    assert refused.any()
    assert not refused.all()
    assert classes.loc[refused, "std_error"].isna().all()
    assert classes.loc[~refused, "std_error"].notna().all()
    assert (classes.loc[~refused, "df"] >= 19).all()
    assert "all" not in set(classes["id"])


def toy_of(position: list[int], *, n_sessions: int = 700) -> JointStudy:
    """Events of one class, each named an episode of its own, window [0, 3]."""
    at = np.array(position)
    ids = tuple(f"e{row:02d}" for row in range(len(at)))
    returns = np.random.default_rng(29).normal(size=n_sessions)
    return JointStudy(
        returns=returns,
        design=Design(np.zeros(n_sessions), np.ones((n_sessions, 1)), ("constant",)),
        sessions=pd.date_range("2020-01-01", periods=n_sessions),
        ids=ids,
        position=at,
        window=(0, 3),
        estimation=estimation_windows(at, length=20, gap=2),
        labels=ids,
        groups={"kind=x": np.ones(len(at), dtype=np.bool_)},
    )


def test_episodes_that_share_sessions_are_not_separate() -> None:
    """Named apart or not: 21 windows of four sessions, two of which touch, are 20 episodes."""
    apart = [50 + 30 * n for n in range(20)]
    for position, n in (([*apart, 53], 20), ([*apart[:19], 53, 56], 19)):
        row = class_rows(toy_of(position), (0, 3), covariance="hac", variance=None)[0]
        np.testing.assert_equal(row["df"], n - 1 if n == 20 else np.nan)
        assert row["reason"] == ("" if n == 20 else "needs 20 separate episodes, has 19")


def test_events_without_a_whole_window_are_no_episodes() -> None:
    position = [50 + 30 * n for n in range(19)] + [698]
    whole = class_rows(toy_of(position), (0, 1), covariance="hac", variance=None)[0]
    cut = class_rows(toy_of(position), (0, 3), covariance="hac", variance=None)[0]
    assert whole["reason"] == ""
    assert cut["reason"] == "needs 20 separate episodes, has 19"
    none = class_rows(toy_of([698]), (0, 3), covariance="classical", variance=None)[0]
    assert (none["identified"], none["reason"]) == ("no", "no complete event")


def test_classes_that_hold_the_same_events_are_rows_without_figures() -> None:
    study = toy_of([50 + 30 * n for n in range(20)])
    every = np.ones(20, dtype=np.bool_)
    twice = JointStudy(**{**study.__dict__, "groups": {"kind=x": every, "kind=y": every}})
    rows = class_rows(twice, (0, 1), covariance="classical", variance=None)
    assert [row["reason"] for row in rows] == [
        "cannot be told apart from kind=y",
        "cannot be told apart from kind=x",
    ]
    assert np.isnan([row["estimate"] for row in rows]).all()
