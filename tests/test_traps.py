"""Mistakes that event studies are known for; one test each, which falls if we make it."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from strategies import CLOSE, brent, brent_returns, catalogue, dated, fit_brent, prices_on

from oilshock.errors import PriceError
from oilshock.returns import compute_returns
from oilshock.study import EventStudy

SMALL = {"estimation": 12, "gap": 3, "window": (-1, 2)}
PRICES = prices_on(80.0 * np.exp(np.cumsum(np.random.default_rng(10).normal(0, 0.02, 80))))


def small(prices: pd.Series, *dates: str, **options: object) -> pd.DataFrame:
    study = EventStudy(prices, dated(*dates), **{**SMALL, **options})  # type: ignore[arg-type]
    return study.fit().table("abnormal_returns")


def test_event_stays_out_of_its_own_estimation_window() -> None:
    moved = PRICES.copy()
    moved.iloc[39:] *= 3.0  # day -1 of 10 February 2020, session 40
    for column in ("expected_return", "std_error"):
        pd.testing.assert_series_equal(
            small(moved, "2020-02-10")[column], small(PRICES, "2020-02-10")[column]
        )
    study = fit_brent(dated("1990-08-02"), gap=15)
    assert round(study.car(-5, 10)["t_stat"].iloc[0], 2) == 5.03


def test_zero_returns_are_returns_also_at_the_edges_of_the_window() -> None:
    still = PRICES.copy()
    # Estimation window: sessions 25..36. Zero returns on 25, 26 and 36.
    still.iloc[25:27] = still.iloc[24]
    still.iloc[36] = still.iloc[35]
    frame = small(still, "2020-02-10")
    returns = compute_returns(still.to_numpy())[25:37]
    assert (returns == 0).sum() == 3
    assert frame["expected_return"].iloc[0] == pytest.approx(returns.mean(), abs=1e-15)
    assert frame["std_error"].iloc[0] == pytest.approx(returns.std(ddof=1) * np.sqrt(13 / 12))


def test_zero_returns_keep_prices_and_factors_together() -> None:
    factor = prices_on(50.0 * np.exp(np.sin(np.arange(80.0) ** 2))).rename("f")
    still = PRICES.copy()
    still.iloc[25:27] = still.iloc[24]
    options = {**SMALL, "model": "market", "factors": factor}
    study = EventStudy(still, dated("2020-02-10"), **options).fit()  # type: ignore[arg-type]
    y, x = (compute_returns(each.to_numpy())[25:37] for each in (still, factor))
    slope, constant = np.polyfit(x, y, 1)
    np.testing.assert_allclose(study.estimates.abnormal.fit.beta[0], [constant, slope], rtol=1e-9)


def test_events_of_one_series_are_not_pooled_and_a_duplicate_doubles_nothing() -> None:
    once = fit_brent(dated("2019-09-14")).car(-1, 1)["car"].iloc[0]
    same = [*dated("2019-09-14"), {"id": "copy", "date": "2019-09-14", "title": "Copy"}]
    assert (
        fit_brent([*same, *dated("2022-02-24")]).car(-1, 1)["car"].iloc[:2].tolist() == [once] * 2
    )


def test_no_calendar_ends_before_the_data_do() -> None:
    last = f"{brent().prices.index[-1]:%Y-%m-%d}"
    ledger = fit_brent(dated("2023-07-11", "2025-06-13", last)).events
    assert (ledger["status"] == "ok").all()


def test_windows_count_sessions_not_calendar_days() -> None:
    study = fit_brent(dated("1990-08-02"))
    row, sessions = study.events.iloc[0], brent().prices.index
    day0 = sessions.get_loc(row["session"])
    assert row["window_end"] == sessions[day0 + 10]
    assert (row["window_end"] - row["session"]).days > 10
    assert row["n_estimation"] == 120
    returns = brent_returns()
    expected = returns[day0 - 5 : day0 + 11].sum() - 16 * returns[day0 - 130 : day0 - 10].mean()
    assert study.car(-5, 10)["car"].iloc[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("order", "said"), [("reversed", "layout"), ("shuffled", "unsorted")])
def test_unsorted_prices_are_sorted_and_it_is_said(order: str, said: str) -> None:
    mixed = PRICES.iloc[::-1] if order == "reversed" else PRICES.sample(frac=1.0, random_state=1)
    pd.testing.assert_frame_equal(small(mixed, "2020-02-10"), small(PRICES, "2020-02-10"))
    series = EventStudy(mixed, dated("2020-02-10"), **SMALL).fit().estimates.market.series  # type: ignore[arg-type]
    assert [finding.kind for finding in series.findings] == [said]


def test_missing_price_is_no_session_and_no_zero_return() -> None:
    gap = PRICES.copy()
    gap.iloc[40] = np.nan
    day0 = small(gap, "2020-02-11").query("relative_day == 0")
    assert day0["return"].iloc[0] == pytest.approx(np.log(PRICES.iloc[41] / PRICES.iloc[39]))
    pd.testing.assert_frame_equal(small(gap, "2020-02-11"), small(gap.dropna(), "2020-02-11"))


@pytest.mark.parametrize("kind", ["log", "simple"])
@pytest.mark.parametrize("price", [-37.63, 0.0])
def test_negative_price_is_refused_and_not_made_a_return(kind: str, price: float) -> None:
    bad = PRICES.copy()
    bad.iloc[40] = price
    with pytest.raises(PriceError, match="2020-02-10"):
        small(bad, "2020-02-10", returns=kind)
    assert small(bad, "2020-02-10", returns="difference")["return"].notna().all()


def test_window_that_is_cut_off_is_said() -> None:
    study = fit_brent(dated("2026-09-25"))
    assert study.events["reason"].tolist() == ["window ends at day +2 (last session 2026-09-29)"]
    assert np.isnan(study.car(-5, 10)["car"].iloc[0])
    assert len(study.table("abnormal_returns")) == 8


def test_weekend_event_moves_forward_and_is_reported() -> None:
    row = fit_brent(dated("2024-04-13")).events.iloc[0]
    assert f"{row['session']:%A %Y-%m-%d}" == "Monday 2024-04-15"
    assert row[["shift_days", "shift_reason"]].tolist() == [2, "no session"]


def test_each_day_has_its_own_statistic() -> None:
    study = fit_brent(dated("2019-09-14", "2022-02-24"))
    tests = study.table("tests").query("group == 'all' and test == 't' and start == end")
    assert tests["statistic"].nunique() == 16


def test_sigma_divides_by_the_returns_less_the_parameters() -> None:
    study = fit_brent(dated("2019-09-14"), model="market", factors=["dollar"])
    fit = study.estimates.abnormal.fit
    assert fit.df.tolist() == [118]
    assert fit.sigma[0] == pytest.approx(np.sqrt((fit.residuals[0] ** 2).sum() / 118))


def test_car_is_a_sum_and_not_a_mean() -> None:
    study = fit_brent(dated("2019-09-14"))
    ar = study.abnormal_returns.loc["2019-09-14"]
    assert study.car(0, 5)["car"].iloc[0] == pytest.approx(ar.loc[0:5].sum(), rel=1e-12)
    average = study.table("average").query("group == 'all' and relative_day == 10")
    assert average["caar"].iloc[0] == pytest.approx(ar.sum(), rel=1e-12)


def test_cumulation_keeps_the_first_day() -> None:
    study = fit_brent(dated("2019-09-14"))
    ar = study.abnormal_returns.loc["2019-09-14"]
    assert study.estimates.car_path_frame(0)["car"].iloc[0] == ar.loc[-5] != 0
    first = study.table("average").query("group == 'all' and relative_day == -5")
    assert first["caar"].iloc[0] == ar.loc[-5]


@pytest.mark.parametrize(("window", "days"), [((0, 0), 1), ((-5, 10), 16)])
def test_car_variance_holds_the_common_estimation_error(window: tuple[int, int], days: int) -> None:
    study = fit_brent(dated("2019-09-14"))
    sigma = study.estimates.abnormal.fit.sigma[0]
    expected = sigma * np.sqrt(days + days**2 / 120)
    assert study.car(*window)["std_error"].iloc[0] == pytest.approx(expected, rel=1e-12)
    assert days < 16 or expected / (sigma * 4) == pytest.approx(1.0646, abs=1e-4)


def test_degrees_of_freedom_come_from_the_estimation_window() -> None:
    for window in ((-5, 10), (0, 1)):
        study = fit_brent(dated("2019-09-14"), window=window)
        tests = study.table("event_tests")
        assert (tests.loc[tests["test"] == "t", "df"] == 119).all()
        row = study.car(0, 1).iloc[0]
        assert row["p_value"] == pytest.approx(2 * stats.t.sf(abs(row["t_stat"]), 119), rel=1e-9)


def test_a_95_per_cent_band_leaves_two_and_a_half_per_cent_on_each_side() -> None:
    study = fit_brent(dated("2019-09-14"), tests=["t"])
    row = study.car(0, 0).iloc[0]
    half = stats.t.isf(0.025, 119) * row["std_error"]
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((row["car"] - half, row["car"] + half))
    low, high = study.table("whatif").query("relative_day == 0")[["low", "high"]].iloc[0]
    for edge, chance in ((low, 0.975), (high, 0.025)):
        frame = study.what_if("2019-09-14", level=edge).to_frame()
        above = frame.filter(like="p_above").iloc[5, 0]
        assert above == pytest.approx(chance, abs=1e-9)


def test_error_is_that_of_the_estimation_window_not_of_the_event_window() -> None:
    wild = PRICES.copy()
    wild.iloc[40], wild.iloc[41] = 200.0, 20.0
    np.testing.assert_array_equal(
        small(wild, "2020-02-10")["std_error"], small(PRICES, "2020-02-10")["std_error"]
    )


def test_simple_return_divides_by_the_earlier_price() -> None:
    assert compute_returns(np.array([100.0, 110.0]), kind="simple")[1] == pytest.approx(0.1)


def test_factors_are_not_filled_and_a_holiday_costs_one_session_and_no_more() -> None:
    factor = prices_on(50.0 * np.exp(np.cumsum(np.sin(np.arange(80.0))) / 50)).rename("f")
    options = {**SMALL, "model": "market", "factors": factor.drop(factor.index[30])}
    study = EventStudy(PRICES, dated("2020-02-10"), **options).fit()  # type: ignore[arg-type]
    market = study.estimates.market
    assert len(market.sessions) == 79
    at = market.sessions.get_loc(factor.index[31])
    assert market.factors[at, 0] == pytest.approx(np.log(factor.iloc[31] / factor.iloc[29]))
    assert market.returns[at] == pytest.approx(np.log(PRICES.iloc[31] / PRICES.iloc[29]))
    assert np.isfinite(market.returns[1:]).all()
    assert np.isfinite(market.factors[1:]).all()
    assert study.estimates.estimation.n_obs.tolist() == [12]


def test_a_model_that_cannot_be_fitted_is_left_out_and_not_replaced() -> None:
    moves = np.sin(np.arange(80.0) ** 2) / 50
    moves[20:38] = 0.0
    factor = prices_on(50.0 * np.exp(np.cumsum(moves))).rename("f")
    options = {**SMALL, "model": "market", "factors": factor}
    ledger = EventStudy(PRICES, dated("2020-02-10", "2020-03-10"), **options).fit().events  # type: ignore[arg-type]
    assert ledger["status"].tolist() == ["left_out", "ok"]
    assert ledger["reason"].iloc[0] == "collinear in the estimation window: f"


def test_p_values_do_not_change_from_run_to_run() -> None:
    np.random.seed(1)  # noqa: NPY002, RUF100 - the global generator must not matter
    first = fit_brent(catalogue()).table("car")
    np.random.seed(2)  # noqa: NPY002, RUF100
    pd.testing.assert_frame_equal(fit_brent(catalogue()).table("car"), first)


def test_all_p_values_of_one_kind_are_two_sided() -> None:
    study = fit_brent(dated("2019-09-14", "2020-03-09", "2024-04-13"))
    days = study.table("abnormal_returns")
    assert (days["t_stat"] < 0).any()
    assert (days["t_stat"] > 0).any()
    expected = 2 * stats.t.sf(days["t_stat"].abs(), 119)
    np.testing.assert_allclose(days["p_value"], expected, rtol=1e-9)
    cars = study.table("car")
    np.testing.assert_allclose(
        cars["p_value"], 2 * stats.t.sf(cars["t_stat"].abs(), 119), rtol=1e-9
    )
    across = study.table("tests").query("test == 't'")
    np.testing.assert_allclose(
        across["p_value"], 2 * stats.norm.sf(across["statistic"].abs()), rtol=1e-9
    )


def test_inputs_stay_as_they_were() -> None:
    prices, events = PRICES.copy(), pd.DataFrame(dated("2020-02-10"))
    before = events.copy()
    small(prices, "2020-02-10")
    EventStudy(prices, events, **SMALL, **CLOSE).fit()  # type: ignore[arg-type]
    pd.testing.assert_series_equal(prices, PRICES)
    pd.testing.assert_frame_equal(events, before)


def test_two_studies_share_nothing() -> None:
    first = EventStudy(PRICES, dated("2020-02-10"), **SMALL).fit()  # type: ignore[arg-type]
    before = first.table("car")
    EventStudy(PRICES * 2 + 5, dated("2020-02-20"), **SMALL).fit().table("car")  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(first.table("car"), before)


def test_importing_changes_no_warning_filter_and_no_logger() -> None:
    code = (
        "import logging, warnings, numpy, pandas, scipy.special\n"
        "before = list(warnings.filters), logging.getLogger().level\n"
        "import oilshock.study\n"
        "assert (list(warnings.filters), logging.getLogger().level) == before\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
