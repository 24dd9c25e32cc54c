"""The tables together: they agree with each other and with a plain second computation."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from strategies import brent, brent_returns, catalogue, dated, fit_brent

from oilshock.config import config_from_dict
from oilshock.errors import ConfigError
from oilshock.results import StudyResult
from oilshock.study import EventStudy, run_study

DATES = ("2019-09-14", "2022-02-24", "2024-04-13", "2026-09-25")


@lru_cache
def study() -> StudyResult:
    return fit_brent(dated(*DATES), levels=[90.0])


def test_a_plain_second_computation_gives_the_same_cars() -> None:
    sessions, returns = brent().prices.index, brent_returns()
    for row in study().table("car").itertuples():
        day0 = sessions.searchsorted(pd.Timestamp(row.event_id))
        past = returns[day0 - 130 : day0 - 10]
        days = returns[day0 + row.start : day0 + row.end + 1]
        m = row.end - row.start + 1
        if len(days) < m:
            assert np.isnan(row.car)
            continue
        error = past.std(ddof=1) * np.sqrt(m + m**2 / 120)
        assert row.car == pytest.approx(days.sum() - m * past.mean(), rel=1e-10)
        assert row.std_error == pytest.approx(error, rel=1e-10)
        assert row.t_stat == pytest.approx(row.car / error, rel=1e-10)
        assert row.p_value == pytest.approx(2 * stats.t.sf(abs(row.t_stat), 119), rel=1e-9)
        half = stats.t.isf(0.025, 119) * error
        assert (row.ci_low, row.ci_high) == pytest.approx((row.car - half, row.car + half))


def test_cars_sum_the_daily_table_and_day_0_is_the_same_row() -> None:
    days = study().table("abnormal_returns").set_index(["event_id", "relative_day"])
    for row in study().table("car").dropna(subset="car").itertuples():
        own = days.loc[row.event_id].loc[row.start : row.end, "abnormal_return"]
        assert row.car == pytest.approx(own.sum(), rel=1e-12)
        if row.start == row.end:
            day = days.loc[(row.event_id, row.start)]
            assert (row.std_error, row.t_stat, row.p_value) == pytest.approx(
                (day["std_error"], day["t_stat"], day["p_value"])
            )


def test_tests_of_one_event_repeat_the_car_table() -> None:
    car, tests = study().table("car"), study().table("event_tests")
    for column, other in (("statistic", "t_stat"), ("p_value", "p_value"), ("end", "end")):
        np.testing.assert_array_equal(tests[column], car[other])


def test_a_car_asked_for_later_is_that_of_the_table() -> None:
    table = study().table("car").query("start == 0 and end == 5").reset_index(drop=True)
    pd.testing.assert_frame_equal(study().car(0, 5), table)


@pytest.mark.parametrize("window", [(-6, 0), (0, 11), (3, 1)])
def test_a_window_outside_the_event_window_is_refused(window: tuple[int, int]) -> None:
    with pytest.raises(ConfigError):
        study().car(*window)


def test_the_path_of_cars_ends_with_the_data() -> None:
    row = study().estimates.ids.index("2026-09-25")
    frame = study().estimates.car_path_frame(row)
    assert frame["relative_day"].tolist() == list(range(-5, 3))
    assert frame["car"].iloc[-1] == pytest.approx(study().car(-5, 2)["car"].iloc[row])
    own = study().car(-5, 2).iloc[row]
    half = (own["ci_calibrated_high"] - own["ci_calibrated_low"]) / 2
    assert frame["half_width"].iloc[-1] == pytest.approx(half)
    assert (frame["band"] > frame["half_width"]).all()


def test_adjusting_over_the_run_takes_every_window_into_one_family() -> None:
    config = {
        "study": {"name": "x"},
        "events": {"ids": catalogue().to_frame()["id"].iloc[[0, 60]].tolist()},
        "inference": {"adjust_family": "run"},
    }
    frame = run_study(config_from_dict(config, where="test")).table("car")
    assert len(frame) == 8
    p = np.sort(frame["p_calibrated"].to_numpy())
    expected = np.minimum(np.maximum.accumulate((8 - np.arange(8)) * p), 1.0)
    np.testing.assert_allclose(np.sort(frame["p_adjusted"]), np.sort(expected))
    window = config_from_dict({**config, "inference": {}}, where="test")
    own = run_study(window).table("car")["p_adjusted"]
    assert (frame["p_adjusted"] >= own - 1e-15).all()
    assert (frame["p_adjusted"] > own).any()


def test_alpha_moves_intervals_and_nothing_else() -> None:
    wide = fit_brent(dated(*DATES), alpha=0.01, levels=[90.0]).table("car")
    table = study().table("car")
    same = [column for column in table.columns if not column.startswith("ci_")]
    pd.testing.assert_frame_equal(wide[same], table[same])
    narrow = (table["ci_high"] - table["ci_low"]).dropna()
    assert ((wide["ci_high"] - wide["ci_low"]).dropna() > narrow).all()
    narrow = (table["ci_calibrated_high"] - table["ci_calibrated_low"]).dropna()
    assert ((wide["ci_calibrated_high"] - wide["ci_calibrated_low"]).dropna() > narrow).all()


def test_size_leaves_sessions_without_a_whole_window_out() -> None:
    sizes = EventStudy(
        brent().prices, dated("2024-04-13"), estimation=60, gap=5, window=(-2, 20), car=[(0, 20)]
    ).fit()
    # Sessions 66 to N - 21.
    size = sizes.calibrate().size
    every = size[size["sessions"] == "all"]
    assert every["n_sessions"].tolist() == 2 * [len(brent().prices) - 20 - 66]


@pytest.mark.parametrize("model", ["market", "factors", "market-adjusted"])
def test_usd_is_the_last_price_less_the_expected_one_for_every_model(model: str) -> None:
    found = fit_brent(dated("2019-09-14"), model=model, factors=["dollar"])
    days = found.table("abnormal_returns").set_index("relative_day")
    path = found.table("whatif").set_index("relative_day")
    base = path.loc[-1, "price"]
    expected = base * np.exp(days.loc[0:5, "expected_return"].sum())
    assert found.car(0, 5)["usd"].iloc[0] == pytest.approx(days.loc[5, "price"] - expected)
    assert path.loc[5, "expected_price"] == pytest.approx(expected)


def test_p_values_of_the_flagship_event() -> None:
    """The attack of 13 April 2024 was followed by a fall that is well within the usual."""
    event = catalogue().filter(ids=["iran-attacks-israel-apr2024"])
    row = fit_brent(event).car(0, 0).iloc[0]
    assert (round(row["car"], 4), round(row["t_stat"], 2)) == (-0.0245, -1.23)
    assert round(row["p_value"], 2) == 0.22
