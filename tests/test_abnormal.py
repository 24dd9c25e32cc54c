"""CAR, its error, averages: by hand, against numpy, and what holds for any returns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from strategies import brent, daily_returns, dated, fit_brent, mean_model, prices_on

from oilshock.abnormal import average, buy_and_hold, cumulate, cumulate_path
from oilshock.inference import t_p_value, t_statistic
from oilshock.results import StudyResult
from oilshock.study import EventStudy
from oilshock.typing import Float

SIZE, LENGTH, GAP, WINDOW = 60, 15, 3, (-2, 4)
POSITIONS = st.lists(st.integers(LENGTH + GAP + 1, SIZE - 5), min_size=1, max_size=8).map(
    lambda rows: np.array(rows, dtype=np.intp)
)


def ar_of(returns: Float, position: np.ndarray) -> Float:
    return mean_model(returns, position, window=WINDOW, length=LENGTH, gap=GAP).ar


def test_by_hand() -> None:
    """Estimation returns 1, 3, 2, 2 per cent; the event window holds 5 and 4 per cent.

    Mean 2; residuals -1, 1, 0, 0: squares 2, over L-1 = 3, so sigma^2 = 2/3.
    AR = 3 and 2, CAR = 5. One day: V = sigma^2 (1 + 1/4) = 5/6. Two days: the matrix is
    sigma^2 [[5/4, 1/4], [1/4, 5/4]], its sum sigma^2 * 3 = 2, so the error is sqrt(2) and
    t = 5 / sqrt(2) = 3.5355. Without the common estimation error: sqrt(4/3), t = 4.3301.
    """
    returns = np.array([np.nan, 0.01, 0.03, 0.02, 0.02, 0.99, 0.05, 0.04])
    abnormal = mean_model(returns, np.array([6]), window=(0, 1), length=4, gap=1)
    np.testing.assert_allclose(abnormal.ar, [[0.03, 0.02]])
    np.testing.assert_allclose(abnormal.std_error, 0.01 * np.sqrt([[5 / 6, 5 / 6]]))
    both = cumulate(abnormal, window=(0, 1))
    assert both.car[0] == pytest.approx(0.05)
    assert both.std_error[0] == pytest.approx(0.01 * np.sqrt(2))
    assert t_statistic(both.car, both.std_error)[0] == pytest.approx(3.535534, abs=1e-6)
    last = cumulate(abnormal, window=(1, 1))
    assert (last.car[0], last.std_error[0]) == pytest.approx((0.02, 0.01 * np.sqrt(5 / 6)))


def test_kuwait_1990_with_and_without_the_forecast_error() -> None:
    study = fit_brent(dated("1990-08-02"), gap=15)
    row = study.car(-5, 10).iloc[0]
    assert round(row["t_stat"], 2) == 5.03
    sigma = study.estimates.abnormal.fit.sigma[0]
    assert round(row["car"] / (sigma * 4), 2) == 5.35
    assert study.events["n_estimation"].tolist() == [120]


def test_buy_and_hold_compounds() -> None:
    """Log returns 0.05 and 0.04 against 0.02 twice: e^0.09 - e^0.04 = 0.053364."""
    returns = np.array([np.nan, 0.01, 0.03, 0.02, 0.02, 0.99, 0.05, 0.04])
    abnormal = mean_model(returns, np.array([6]), window=(0, 1), length=4, gap=1)
    # 1.05 * 1.04 - 1.02^2 = 1.092 - 1.0404.
    for kind, expected in {"log": 0.0533635, "simple": 0.0516}.items():
        bhar = buy_and_hold(abnormal, window=(0, 1), kind=kind)  # type: ignore[arg-type]
        assert bhar[0] == pytest.approx(expected, abs=1e-7)
    assert np.isnan(buy_and_hold(abnormal, window=(0, 1), kind="difference")).all()


@given(daily_returns(SIZE), POSITIONS, st.floats(-0.05, 0.05))
def test_a_drift_added_to_all_returns_leaves_ars_alone(
    returns: Float, position: np.ndarray, drift: float
) -> None:
    np.testing.assert_allclose(
        ar_of(returns + drift, position), ar_of(returns, position), atol=1e-13
    )


@given(daily_returns(SIZE), POSITIONS, st.floats(0.01, 100.0))
def test_scale_scales_ars_and_errors_and_leaves_t_alone(
    returns: Float, position: np.ndarray, scale: float
) -> None:
    plain = mean_model(returns, position, window=WINDOW, length=LENGTH, gap=GAP)
    scaled = mean_model(scale * returns, position, window=WINDOW, length=LENGTH, gap=GAP)
    np.testing.assert_allclose(scaled.ar, scale * plain.ar, rtol=1e-9, atol=1e-12 * scale)
    before, after = (cumulate(each, window=(-1, 3)) for each in (plain, scaled))
    np.testing.assert_allclose(after.std_error, scale * before.std_error, rtol=1e-9)
    np.testing.assert_allclose(
        t_statistic(after.car, after.std_error),
        t_statistic(before.car, before.std_error),
        rtol=1e-9,
        atol=1e-10,
    )


@given(daily_returns(SIZE), POSITIONS, st.integers(-2, 3))
def test_cars_add_up(returns: Float, position: np.ndarray, cut: int) -> None:
    abnormal = mean_model(returns, position, window=WINDOW, length=LENGTH, gap=GAP)
    whole = cumulate(abnormal, window=WINDOW).car
    parts = [cumulate(abnormal, window=window).car for window in ((-2, cut), (cut + 1, 4))]
    np.testing.assert_allclose(parts[0] + parts[1], whole, atol=1e-13)
    np.testing.assert_allclose(whole, abnormal.ar.sum(axis=1), atol=1e-13)
    np.testing.assert_allclose(cumulate_path(abnormal, start=-2).car[:, -1], whole, atol=1e-13)


@given(daily_returns(SIZE), POSITIONS, st.randoms(use_true_random=False))
def test_permuted_and_repeated_events_give_the_same_rows(
    returns: Float, position: np.ndarray, random: object
) -> None:
    order = list(range(len(position)))
    random.shuffle(order)  # type: ignore[attr-defined]
    ar = ar_of(returns, position)
    np.testing.assert_array_equal(ar_of(returns, position[order]), ar[order])
    twice = ar_of(returns, np.concatenate([position, position]))
    np.testing.assert_array_equal(twice, np.concatenate([ar, ar]))


def test_order_and_duplicates_of_events_end_to_end() -> None:
    dates = ["2019-09-14", "2022-02-24", "2024-04-13"]
    plain = fit_brent(dated(*dates)).table("car").set_index("event_id")
    turned = fit_brent(dated(*reversed(dates)))
    assert list(turned.estimates.ids) == dates[::-1]
    columns = ["car", "std_error", "t_stat", "p_value", "ci_low", "ci_high", "usd"]
    for date in dates:
        mirrored = turned.table("car").set_index("event_id")
        pd.testing.assert_frame_equal(mirrored.loc[[date], columns], plain.loc[[date], columns])
    more = fit_brent([*dated(*dates), {"id": "again", "date": dates[0], "title": "Again"}])
    repeated = more.table("car").set_index("event_id")
    for date in dates:
        pd.testing.assert_frame_equal(repeated.loc[[date], columns], plain.loc[[date], columns])
    np.testing.assert_array_equal(
        repeated.loc[["again"], columns].to_numpy(), plain.loc[[dates[0]], columns].to_numpy()
    )


@pytest.mark.parametrize("model", ["mean", "market"])
def test_the_mirror_negates_ars_and_keeps_p_values(model: str) -> None:
    prices = brent().prices
    events = dated("2019-09-14", "2022-02-24", "2024-04-13")
    factors = {"factors": ["dollar"]} if model == "market" else {}
    plain = EventStudy(prices, events, model=model, **factors).fit()  # type: ignore[arg-type]
    mirror = EventStudy(90.0**2 / prices, events, model=model, **factors).fit()  # type: ignore[arg-type]
    np.testing.assert_allclose(mirror.abnormal_returns, -plain.abnormal_returns, atol=1e-13)
    ours, theirs = mirror.table("car"), plain.table("car")
    np.testing.assert_allclose(ours["p_value"], theirs["p_value"], rtol=1e-9)
    np.testing.assert_allclose(ours["p_adjusted"], theirs["p_adjusted"], rtol=1e-9)
    np.testing.assert_allclose(ours["ci_low"], -theirs["ci_high"], atol=1e-12)


@given(daily_returns(SIZE), POSITIONS)
def test_an_incomplete_window_has_no_car_but_keeps_the_days_it_has(
    returns: Float, position: np.ndarray
) -> None:
    cut = int(position.max()) + 2
    whole = mean_model(returns, position, window=WINDOW, length=LENGTH, gap=GAP)
    short = mean_model(returns[:cut], position, window=WINDOW, length=LENGTH, gap=GAP)
    present = position[:, None] + np.arange(-2, 5) < cut
    assert not present.all()
    np.testing.assert_array_equal(short.ar, np.where(present, whole.ar, np.nan))
    np.testing.assert_array_equal(np.isnan(short.std_error), ~present)
    car = cumulate(short, window=WINDOW)
    np.testing.assert_array_equal(np.isnan(car.car), ~present.all(axis=1))


# Averages


@settings(max_examples=50)
@given(
    hnp.arrays(
        np.float64,
        st.tuples(st.integers(1, 8), st.integers(1, 6)),
        elements=st.one_of(st.floats(-0.5, 0.5, width=32), st.just(np.nan)),
    )
)
def test_averages_equal_numpy_over_the_events_that_have_the_day(ar: Float) -> None:
    found = average(ar)
    for day in range(ar.shape[1]):
        here = ar[~np.isnan(ar[:, day]), day]
        sums = ar[:, : day + 1].sum(axis=1)
        sums = sums[~np.isnan(sums)]
        assert found.n_events[day] == len(here)
        for values, mean, error in (
            (here, found.aar[day], found.aar_std_error[day]),
            (sums, found.caar[day], found.caar_std_error[day]),
        ):
            n = len(values)
            expected = values.mean() if n else np.nan
            spread = values.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan
            np.testing.assert_allclose(mean, expected, atol=1e-12)
            np.testing.assert_allclose(error, spread, atol=1e-9)


def test_caar_is_the_mean_of_cars_of_events_with_every_day_so_far() -> None:
    """The second event lacks day 1: CAAR at day 1 is 3, not 1 + mean of what is there."""
    found = average(np.array([[1.0, 2.0], [5.0, np.nan]]))
    assert found.aar.tolist() == [3.0, 2.0]
    assert found.caar.tolist() == [3.0, 3.0]
    assert found.n_events.tolist() == [2, 1]
    assert found.aar_std_error.tolist()[0] == 2.0
    assert np.isnan(found.aar_std_error[1])


def test_one_event_has_an_average_without_error_or_interval() -> None:
    frame = fit_brent(dated("2019-09-14")).table("average")
    assert (frame["n_events"] == 1).all()
    assert frame["caar"].notna().all()
    for column in ("aar_std_error", "caar_std_error", "ci_low", "ci_high"):
        assert frame[column].isna().all()


def groups_study() -> EventStudy:
    kinds = [("2019-09-14", "+", "conflict"), ("2020-03-09", "-", "opec_decision")]
    kinds += [("2022-02-24", "+", "conflict"), ("2024-04-13", "0", "")]
    events = [
        {"id": date, "date": date, "title": date, "direction": sign, "category": category}
        for date, sign, category in kinds
    ]
    return EventStudy(brent().prices, events)


def test_groups_average_their_own_events_only() -> None:
    study = groups_study().fit()
    frame, ar = study.table("average"), study.abnormal_returns
    assert list(dict.fromkeys(frame["group"])) == [
        "all",
        "category=conflict",
        "category=opec_decision",
        "direction=+",
        "direction=-",
        "direction=0",
    ]
    rows = frame[frame["group"] == "direction=+"]
    expected = ar.loc[["2019-09-14", "2022-02-24"]]
    np.testing.assert_allclose(rows["aar"], expected.mean())
    np.testing.assert_allclose(rows["aar_std_error"], expected.std(ddof=1) / np.sqrt(2))
    np.testing.assert_allclose(rows["caar"], expected.cumsum(axis=1).mean())
    assert rows["n_events"].tolist() == [2] * 16


def test_interval_of_the_caar_is_student_with_n_minus_1() -> None:
    frame = groups_study().fit().table("average").query("group == 'all'")
    half = (frame["ci_high"] - frame["ci_low"]) / 2
    # t(3) at 2.5 %: 3.182446 from any printed table.
    np.testing.assert_allclose(half / frame["caar_std_error"], 3.182446, atol=1e-6)


def test_signed_average_turns_the_easing_events_round_and_leaves_the_rest_out() -> None:
    study = groups_study().fit()
    signed, ar = study.estimates.signed_average, study.abnormal_returns
    turned = ar.loc["2019-09-14"] + ar.loc["2022-02-24"] - ar.loc["2020-03-09"]
    np.testing.assert_allclose(signed["aar"], turned / 3)
    assert signed["n_events"].tolist() == [3] * 16


def study_without_variance() -> StudyResult:
    prices = prices_on(50.0 * 2.0 ** np.arange(40))
    return EventStudy(
        prices, dated("2020-02-01"), returns="simple", estimation=10, gap=2, window=(-1, 1)
    ).fit()


def test_an_estimation_window_without_variance_gives_no_t_and_says_why() -> None:
    result = study_without_variance()
    car, tests = result.table("car"), result.table("event_tests")
    assert car["car"].tolist() == [0.0] * len(car)
    assert car[["t_stat", "p_value", "p_adjusted"]].isna().all(axis=None)
    reasons = tests.groupby("test")["reason"].unique()
    assert reasons["t"].tolist() == ["the estimation window has no variance"]
    assert reasons["placebo"].tolist() == ["fewer than 200 ordinary sessions to be rated among"]
    across = result.test("t", 0, 0).iloc[0]
    assert np.isnan(across["statistic"])
    assert (across["n_events"], across["reason"]) == (
        0,
        "no variance in the estimation windows",
    )


def test_a_day_without_variance_has_no_t() -> None:
    frame = study_without_variance().table("abnormal_returns")
    assert frame["t_stat"].isna().all()


def test_p_values_of_the_table_are_those_of_its_t() -> None:
    frame = fit_brent(dated("2024-04-13")).table("abnormal_returns")
    expected = t_p_value(frame["t_stat"].to_numpy(), np.array([119]))
    np.testing.assert_allclose(frame["p_value"], expected)
    np.testing.assert_allclose(frame["t_stat"], frame["abnormal_return"] / frame["std_error"])
    np.testing.assert_allclose(frame["return"] - frame["expected_return"], frame["abnormal_return"])
