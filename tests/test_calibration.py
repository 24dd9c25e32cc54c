"""What the p values are worth: splits, errors, and the sizes and power on the bundled series."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import brent_returns

from oilshock.calibration import (
    POWER_COLUMNS,
    SIZE_COLUMNS,
    Calibration,
    calibrate,
    power_rows,
    size_rows,
)
from oilshock.event_tests import RatedEvents
from oilshock.inference.placebo import critical_size, placebo_law
from oilshock.inference.placebo_scale import expected_size
from oilshock.inference.size import hac_error, quartile, realised_size, rejects_too_often
from oilshock.models import build_design
from oilshock.placebo import PlaceboPool, build_pool
from oilshock.placebo_trial import (
    BURN_IN,
    FOLDS,
    REFIT,
    Trial,
    folds,
    out_of_sample,
    past_splits,
    textbook_p,
    trial,
)
from oilshock.report.calibration import power_table
from oilshock.typing import Bool, Float, Int, Window

WINDOWS: list[Window] = [(0, 0), (-1, 1), (0, 5), (-5, 10)]
LENGTH, GAP = 120, 10
NOBODY = np.array([], dtype=np.intp)


def pool_of(returns: Float) -> PlaceboPool:
    design = build_design("mean", factors=np.empty((len(returns), 0)), names=())
    return build_pool(returns, design, length=LENGTH, gap=GAP, window=(-5, 10), left_out=NOBODY)


def nobody_asks(position: Int) -> RatedEvents:
    """Only tests other than t and placebo look at the sessions as events."""
    raise AssertionError(position)


@lru_cache
def brent_pool() -> PlaceboPool:
    return pool_of(brent_returns())


@lru_cache
def calibration() -> Calibration:
    return calibrate(
        brent_pool(),
        windows=WINDOWS,
        tests=["t", "placebo"],
        ordinary=nobody_asks,
        alpha=0.05,
        past_only=False,
        seed=0,
    )


def size_of(test: str, window: Window) -> dict[str, dict[str, float]]:
    frame = calibration().size
    own = frame.query("test == @test and start == @window[0] and end == @window[1]")
    return own.set_index("sessions").to_dict("index")


# --- splits ---------------------------------------------------------------------------------


@given(st.integers(300, 2000), st.integers(0, 140), st.integers(0, 99))
def test_folds_are_contiguous_disjoint_cover_all_and_keep_the_embargo(
    n: int, embargo: int, seed: int
) -> None:
    position = 130 + np.cumsum(np.random.default_rng(seed).choice([1, 1, 5], n))
    splits = folds(position, embargo=embargo)
    assert len(splits) == FOLDS
    rated = np.array([each for _, each in splits])
    np.testing.assert_array_equal(rated.sum(axis=0), np.ones(n))
    for learn, own in splits:
        rows = np.flatnonzero(own)
        np.testing.assert_array_equal(np.diff(rows), np.ones(len(rows) - 1))
        away = np.abs(position[learn][:, np.newaxis] - position[own]).min(axis=1)
        assert (away > embargo).all()
        # Nobody is left out but for the embargo.
        first, last = position[own][[0, -1]]
        near = (position >= first - embargo) & (position <= last + embargo)
        np.testing.assert_array_equal(learn, ~near)


def test_past_splits_learn_from_windows_that_ended() -> None:
    position = 130 + np.arange(1800) * 2
    splits = past_splits(position, reach=20)
    rated = np.array([each for _, each in splits]).sum(axis=0)
    np.testing.assert_array_equal(rated, np.arange(1800) >= BURN_IN)
    for learn, own in splits:
        # reach = gap + w1: the last window of those that learn ends before the first gap begins.
        assert position[learn].max() + 10 < position[own].min() - 10
        assert own.sum() <= REFIT


def test_with_past_only_later_returns_do_not_matter() -> None:
    returns = brent_returns()[:2200].copy()
    day = 1900
    changed = returns.copy()
    changed[day + 60 :] = np.random.default_rng(0).normal(0.0, 0.1, len(returns) - day - 60)
    found = []
    for each in (returns, changed):
        pool = pool_of(each)
        own = trial(pool, (0, 5))
        p_value = out_of_sample(own, own.car, splits=past_splits(pool.position, reach=pool.reach))
        found.append(p_value[pool.position <= day])
    np.testing.assert_array_equal(found[0], found[1])
    assert np.isfinite(found[0]).sum() > 200


def test_in_folds_a_session_is_rated_by_others_alone() -> None:
    """The p value of one session is its rank among those the fold learns from, one at a time."""
    own = trial(brent_pool(), (0, 0))
    splits = folds(own.position, embargo=140)
    p_value = out_of_sample(own, own.car, splits=splits)
    learn, rated = splits[2]
    rest = {"recent": own.recent[learn], "estimation": own.estimation[learn]}
    law = placebo_law(own.car[learn], position=own.position[learn], **rest)
    for row in np.flatnonzero(rated)[::331]:
        at = {"recent": own.recent[[row]], "estimation": own.estimation[[row]]}
        scaled = abs(own.car[row]) / expected_size(law.scale, **at)[0]
        larger = (np.abs(law.scaled) >= scaled).sum()
        if larger >= 9:
            assert p_value[row] == pytest.approx((1 + larger) / (learn.sum() + 1), rel=1e-12)


# --- errors, quartiles, shares --------------------------------------------------------------


@pytest.mark.parametrize("lag", [0, 5, 140])
def test_the_error_of_a_rate_is_that_of_statsmodels(lag: int) -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(0)
    walk = np.convolve(rng.standard_normal(3020), np.ones(21), mode="valid")
    rejected = (np.abs(walk) > 8.0).astype(np.float64)
    options = {"maxlags": lag, "use_correction": False}
    fit = sm.OLS(rejected, np.ones(len(rejected))).fit(cov_type="HAC", cov_kwds=options)
    assert hac_error(rejected, lag=lag) == pytest.approx(float(fit.bse[0]), rel=1e-9)
    if lag > 20:
        binomial = np.sqrt(rejected.mean() * (1 - rejected.mean()) / len(rejected))
        assert hac_error(rejected, lag=lag) > 2 * binomial


def test_one_session_has_no_error_and_a_long_lag_is_cut() -> None:
    assert np.isnan(hac_error(np.array([1.0]), lag=3))
    few = np.array([1.0, 0.0, 0.0])
    assert hac_error(few, lag=50) == hac_error(few, lag=2)


@given(st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=60))
def test_quartiles_are_those_of_numpy(values: list[float]) -> None:
    array = np.array(values)
    edges = np.quantile(array, [0.25, 0.5, 0.75])
    expected = [1 + sum(value > edge for edge in edges) for value in array]
    assert quartile(array).tolist() == expected


def test_a_share_below_a_level_does_not_count_the_level_itself() -> None:
    assert realised_size(np.array([0.05, 0.01, 0.1, np.nan])) == pytest.approx((2 / 3, 1 / 3, 0.0))
    assert np.isnan(realised_size(np.array([np.nan]))).all()


def test_rows_of_sizes_by_hand() -> None:
    """Eight sessions: EWMA quartiles in pairs, estimation quartiles in pairs from the end.

    Below 10, 5, 1, 0.1 % strictly: of the seven p values 5 (0.10 is not), 4 (0.05 is not), 2 and 1.
    """
    p_value = np.array([0.05, 0.04, 0.10, 0.5, 0.01, 0.001, np.nan, 0.0005])
    rising = np.arange(1.0, 9.0)
    own = Trial(np.arange(8), rising, rising, recent=rising, estimation=rising[::-1], df=9)
    rows = size_rows("placebo", p_value, own, window=(0, 5), lag=2)
    named = {row[3]: row for row in rows}
    assert all(row[:3] == (0, 5, "placebo") for row in rows)
    assert named["all"][4:9] == (7, 5 / 7, 4 / 7, 2 / 7, 1 / 7)
    assert named["ewma quartile 1"][4:9] == (2, 1.0, 0.5, 0.0, 0.0)
    assert named["ewma quartile 3"][4:9] == (2, 1.0, 1.0, 0.5, 0.0)
    assert named["ewma quartile 4"][4:9] == (1, 1.0, 1.0, 1.0, 1.0)
    for q in range(1, 5):
        mirrored = named[f"ewma quartile {5 - q}"]
        assert named[f"estimation quartile {q}"][4:9] == mirrored[4:9]
    below_5 = np.array([0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    assert named["all"][10] == hac_error(below_5, lag=2)


# --- the bundled series ---------------------------------------------------------------------


def test_the_tables_are_complete() -> None:
    found = calibration()
    assert tuple(found.size.columns) == SIZE_COLUMNS
    assert tuple(found.power.columns) == POWER_COLUMNS
    assert len(found.size) == len(WINDOWS) * 2 * 9
    assert len(found.power) == len(WINDOWS) * 2 * 3
    assert found.size.notna().all(axis=None)
    n = found.size.query("sessions == 'all'")["n_sessions"]
    # 9,987 sessions less 131 before the first full window and 10 after the last.
    assert set(n) == {len(brent_returns()) - 131 - 10}


@pytest.mark.parametrize("window", WINDOWS)
def test_out_of_fold_the_placebo_test_keeps_its_word(window: Window) -> None:
    found = size_of("placebo", window)
    assert found["all"]["reject_5"] == pytest.approx(0.05, abs=0.005)
    assert found["all"]["reject_1"] == pytest.approx(0.01, abs=0.003)
    by_ewma = 0.025 if window == (-5, 10) else 0.015
    for q in range(1, 5):
        assert found[f"ewma quartile {q}"]["reject_5"] == pytest.approx(0.05, abs=by_ewma)
        assert found[f"estimation quartile {q}"]["reject_5"] == pytest.approx(0.05, abs=0.025)


def test_the_textbook_t_test_does_not() -> None:
    """The brief of the study measured 6.4, 2.7 and 9.2 %, without the forecast error."""
    found = size_of("t", (0, 0))
    assert found["all"]["reject_5"] == pytest.approx(0.064, abs=0.001)
    assert found["all"]["reject_1"] == pytest.approx(0.027, abs=0.001)
    assert found["ewma quartile 4"]["reject_5"] == pytest.approx(0.092, abs=0.001)


def test_the_textbook_p_values_are_those_of_scipy() -> None:
    from scipy import stats

    own = trial(brent_pool(), (0, 5))
    expected = 2 * stats.t(119).sf(np.abs(own.car / own.std_error))
    np.testing.assert_allclose(textbook_p(own, own.car), expected, rtol=1e-9)


@pytest.mark.parametrize("window", WINDOWS)
def test_it_finds_more_than_the_size_corrected_t_test(window: Window) -> None:
    power = calibration().power.query("start == @window[0] and end == @window[1]")
    cells = power.pivot_table(index="shock_sigma", columns="test", values="power")
    gain = cells["placebo"] - cells["t, size-corrected"]
    assert gain.mean() > 0
    assert gain.min() > -0.01
    assert (np.diff(cells["placebo"]) > 0).all()


@pytest.mark.parametrize("seed", [0, 1])
def test_a_shock_is_so_many_sigmas_of_one_day_added_to_the_car(seed: int) -> None:
    """Half of the shocks are positive: the power is the mean of both signs but for the draw."""
    own = trial(brent_pool(), (0, 5))
    splits = folds(own.position, embargo=140)
    law = partial(out_of_sample, own, splits=splits)
    found = power_rows(own, window=(0, 5), alpha=0.05, calibrated_p=law, seed=seed, lag=140)
    corrected = np.sort(np.abs(own.car / own.std_error))[int(0.95 * len(own.car))]
    for start, end, test, shock, power, _ in found:
        assert (start, end) == (0, 5)
        both = []
        for sign in (-1.0, 1.0):
            car = own.car + sign * float(str(shock)) * np.sqrt(own.estimation)
            by_placebo = out_of_sample(own, car, splits=splits) < 0.05
            by_t = np.abs(car / own.std_error) > corrected
            both.append((by_placebo if test == "placebo" else by_t).mean())
        # Four errors of which sign each of 9,846 sessions drew.
        error = np.sqrt(0.25 * 0.25 / len(own.car))
        assert power == pytest.approx(np.mean(both), abs=4 * error)


def test_a_power_has_an_error_that_counts_overlaps() -> None:
    """A CAR of 16 days shares 15 of them with the next: the binomial error is too small."""
    found = calibration().power
    n = len(brent_pool())
    for row in found.itertuples():
        binomial = np.sqrt(row.power * (1 - row.power) / n)
        assert binomial * 0.8 < row.std_error < binomial * 6
        if (row.start, row.end) == (-5, 10) and row.shock_sigma == 1.0:
            assert row.std_error > 2 * binomial
    table = power_table(found)
    row = found.iloc[0]
    assert f"{100 * row['power']:.1f} ({100 * row['std_error']:.1f})" in table.rows[0]


def covered(own: Trial, splits: list[tuple[Bool, Bool]]) -> Float:
    """Whether the calibrated 95 % interval of each session, of other folds, holds its CAR."""
    inside = np.zeros(len(own.car))
    for learn, rated in splits:
        law = placebo_law(
            own.car[learn],
            position=own.position[learn],
            recent=own.recent[learn],
            estimation=own.estimation[learn],
        )
        critical = critical_size(law, alpha=0.05, position=own.position[rated], reach=0)
        at = {"recent": own.recent[rated], "estimation": own.estimation[rated]}
        inside[rated] = np.abs(own.car[rated]) <= critical * expected_size(law.scale, **at)
    return inside


@pytest.mark.parametrize("window", [*WINDOWS, (0, 10)])
def test_intervals_and_what_if_bands_cover_what_they_say(window: Window) -> None:
    """The band of day j is the interval of [0, j]: (0, 0), (0, 5), (0, 10) are days 0, 5, 10."""
    own = trial(brent_pool(), window)
    inside = covered(own, folds(own.position, embargo=140))
    assert inside.mean() == pytest.approx(0.95, abs=0.015)
    number = quartile(own.recent)
    for q in range(1, 5):
        assert inside[number == q].mean() == pytest.approx(0.95, abs=0.025)


# --- short series ---------------------------------------------------------------------------


def test_too_short_a_series_gives_empty_tables() -> None:
    found = calibrate(
        pool_of(brent_returns()[:300]),
        windows=[(0, 0)],
        tests=["t", "placebo"],
        ordinary=nobody_asks,
        alpha=0.05,
        past_only=False,
        seed=0,
    )
    assert found.size.empty
    assert found.power.empty
    assert tuple(found.size.columns) == SIZE_COLUMNS


@pytest.mark.parametrize(("n", "past_only"), [(420, False), (900, True)])
def test_where_no_session_can_be_rated_the_shares_are_missing(n: int, past_only: bool) -> None:
    """Folds with the embargo taken out, or a past before the burn-in, hold fewer than 200."""
    found = calibrate(
        pool_of(brent_returns()[:n]),
        windows=[(0, 0)],
        tests=["placebo"],
        ordinary=nobody_asks,
        alpha=0.05,
        past_only=past_only,
        seed=0,
    )
    placebo = found.size.query("test == 'placebo'")
    assert (placebo["n_sessions"] == 0).all()
    assert placebo["reject_5"].isna().all()
    assert found.size.query("test == 't'")["reject_5"].notna().all()
    assert found.power["power"].isna().all()


def test_without_the_placebo_test_only_t_is_tried() -> None:
    found = calibrate(
        pool_of(brent_returns()[:1000]),
        windows=[(0, 0)],
        tests=["t", "rank"],
        ordinary=nobody_asks,
        alpha=0.05,
        past_only=False,
        seed=0,
    )
    assert set(found.size["test"]) == {"t"}
    assert found.power.empty
    assert repr(found) == "Calibration(t; [0, 0])"


@pytest.mark.parametrize(
    ("share", "error", "expected"),
    [
        # Score errors 0.0044, 0.033 and 0.022: the last two are 2.4 and 1.9 errors above 5 %.
        (0.07, 0.005, False),
        (0.13, 0.05, True),
        (0.09, 0.029, False),
        (0.08, 0.005, True),
        (0.02, 0.001, False),
        (0.0, 0.0, False),
        (np.nan, np.nan, False),
    ],
)
def test_a_test_rejects_too_often_if_it_matters_and_is_not_chance(
    share: float, error: float, expected: bool
) -> None:
    assert rejects_too_often(np.array([share]), np.array([error]), level=0.05) == [expected]


def test_the_error_is_that_of_the_level_with_the_overlap_that_was_found() -> None:
    """Without overlap the rule is the textbook score test of a proportion."""
    for n in (50, 100, 200, 211, 212, 400, 1_000):
        share = np.array([0.08])
        error = np.sqrt(share * (1 - share) / n)
        score = 0.03 / np.sqrt(0.05 * 0.95 / n)
        assert rejects_too_often(share, error, level=0.05) == [score > 2]
