"""The joint regression against statsmodels with every dummy written out, and by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from joint_studies import fit_toy, hand_study, toy, written_out
from strategies import CLOSE, brent, catalogue, fit_brent

from oilshock import StudyResult
from oilshock.joint import JointStudy
from oilshock.joint.frame import NO_DF
from oilshock.study import EventStudy
from oilshock.typing import Float, Window
from oilshock.windows import estimation_windows

FIGURES = ["estimate", "std_error", "statistic", "p_value", "df"]
RELATIVE = 1e-9
FLOOR = 1e-13
CAR_WINDOWS = ((0, 0), (-1, 1), (0, 5), (-5, 10))


def test_two_events_that_share_one_session_by_hand() -> None:
    found = fit_toy(hand_study(), (0, 1))
    assert found.index.tolist() == ["a", "b", "a +1 more"]
    # a owns session 6: 5 - 2. b owns session 8: -1 - 2. Both hold session 7: 10 - 2.
    assert found["estimate"].tolist() == pytest.approx([3.0, -3.0, 8.0])
    # Each is one session: 4/3 (1 + 1/4) = 5/3.
    assert found["std_error"].tolist() == pytest.approx([np.sqrt(5 / 3)] * 3)
    assert found["statistic"]["a +1 more"] == pytest.approx(8 / np.sqrt(5 / 3))
    assert found["df"].tolist() == [3.0] * 3
    assert found["sessions"].tolist() == ["2020-01-07", "2020-01-09", "2020-01-08"]
    assert found["n_sessions"].tolist() == [1, 1, 1]
    assert found["kind"].tolist() == ["event", "event", "episode"]
    assert found["shared_with"].tolist() == ["b", "a", "a;b"]
    assert found["identified"].tolist() == ["yes"] * 3
    assert found["reason"]["a"] == "1 of 2 sessions; the others are shared with b"


def test_day_0_that_another_window_holds_is_not_told_apart() -> None:
    found = fit_toy(hand_study(), (0, 0))
    assert found["identified"].tolist() == ["yes", "no", "yes"]
    assert found.loc["b", FIGURES].isna().all()
    assert found["reason"]["b"] == "its only session is shared with a"
    assert found["estimate"]["a +1 more"] == pytest.approx(8.0)


def test_overlapping_window_dummies_by_hand() -> None:
    """Constant c, daily effects a and b; rows 1-4, then 6: c+a, 7: c+a+b, 8: c+b.

    The normal equations for a and b say that the residuals of 6 and 8 are minus that of 7, e. The
    one for c says 8 - 4c = e. Adding up: (5-c-a) - (10-c-a-b) + (-1-c-b) = -6 - c = -3e. So
    c = 18/13, e = 32/13, a = 5 - c + e = 79/13 and b = -1 - c + e = 1/13.
    """
    found = fit_toy(hand_study(), (0, 1), dummies="window")
    assert found.index.tolist() == ["a", "b"]
    assert found["estimate"].tolist() == pytest.approx([2 * 79 / 13, 2 * 1 / 13])
    assert found["df"].tolist() == [4.0, 4.0]
    assert found["reason"]["a"] == "told apart from b only by assuming a constant daily effect"
    assert found["shared_with"].tolist() == ["b", "a"]


def test_window_dummies_say_whose_event_window_reaches_in() -> None:
    found = fit_toy(hand_study(), (0, 0), dummies="window")
    assert found["estimate"].tolist() == pytest.approx([3.0, 8.0])
    assert found["reason"]["b"] == "assumes no effect here of a, whose event windows reach in"
    assert found["reason"]["a"] == ""


@pytest.mark.parametrize("options", [{}, {"model": "factors", "factors": ["dollar"]}])
def test_one_event_alone_is_the_separate_model(options: dict[str, Any]) -> None:
    result = fit_brent(catalogue().filter(ids=["iran-attacks-israel-apr2024"]), **options)
    joint = result.joint()
    joint = joint[joint["kind"] == "event"]
    car = result.table("car")
    for ours, theirs in (("estimate", "car"), ("std_error", "std_error"), ("p_value", "p_value")):
        np.testing.assert_allclose(joint[ours], car[theirs], rtol=RELATIVE)
    assert (joint["df"] == 120 - len(result.estimates.regressors)).all()
    window = result.joint("window").iloc[0]
    assert window["std_error"] == pytest.approx(car["std_error"].iloc[0], rel=RELATIVE)


def test_market_adjusted_has_no_parameter() -> None:
    events = catalogue().filter(ids=["iran-attacks-israel-apr2024"])
    result = fit_brent(events, model="market-adjusted", factors=["dollar"])
    joint = result.joint()
    car = result.table("car")
    own = joint[joint["kind"] == "event"]
    np.testing.assert_allclose(own["estimate"], car["car"], rtol=RELATIVE)
    np.testing.assert_allclose(own["std_error"], car["std_error"], rtol=RELATIVE)


@pytest.mark.parametrize("name", ["april", "with_dollar"])
def test_day_dummies_equal_statsmodels_with_all_columns(
    name: str, request: pytest.FixtureRequest
) -> None:
    result = request.getfixturevalue(name)
    y, x, _, dummied = written_out(result)
    assert np.linalg.matrix_rank(x) == x.shape[1]
    fit = sm.OLS(y, x).fit()
    sessions = result.estimates.market.sessions
    frame = result.joint()
    frame = frame[(frame["kind"] != "class") & (frame["identified"] == "yes")]
    assert set(frame["kind"]) == {"event", "episode"}
    for row in frame.to_dict("records"):
        days = sessions.get_indexer(pd.DatetimeIndex(row["sessions"].split(";")))
        weights = np.zeros(x.shape[1])
        weights[x.shape[1] - len(dummied) + np.searchsorted(dummied, days)] = 1.0
        test = fit.t_test(weights)
        assert row["n_sessions"] == len(days)
        assert row["estimate"] == pytest.approx(float(test.effect[0]), rel=1e-8, abs=FLOOR)
        assert row["std_error"] == pytest.approx(float(test.sd[0, 0]), rel=1e-8)
        assert row["p_value"] == pytest.approx(float(test.pvalue), rel=1e-7)
        assert row["df"] == fit.df_resid


@pytest.mark.parametrize("window", [(0, 0), (-1, 1), (0, 5)])
def test_window_dummies_equal_statsmodels(april: StudyResult, window: Window) -> None:
    a, b = window
    position = april.estimates.position
    distinct = list(dict.fromkeys(position.tolist()))
    assert len(distinct) == len(position) - 1  # two events share day 0
    covered = {s for p in distinct for s in range(p + a, p + b + 1)}
    y, x, rows, _ = written_out(april, covered)
    dummies = np.column_stack([(rows >= p + a) & (rows <= p + b) for p in distinct])
    fit = sm.OLS(y, np.hstack([x, dummies.astype(float)])).fit()
    days = b - a + 1
    frame = april.joint("window")
    frame = frame[(frame["start"] == a) & (frame["end"] == b)].set_index("id")
    ids = april.estimates.ids
    for number, p in enumerate(distinct):
        names = [ids[row] for row in np.flatnonzero(position == p)]
        row = frame.loc[names[0] if len(names) == 1 else f"{min(names)} +1 more"]
        at = x.shape[1] + number
        assert row["estimate"] == pytest.approx(days * fit.params[at], rel=1e-8)
        assert row["std_error"] == pytest.approx(days * fit.bse[at], rel=1e-8)
        assert row["df"] == fit.df_resid
    twins = frame.loc[["isfahan-strike-2024", "iran-no-retaliation-apr2024"]]
    assert twins["estimate"].isna().all()
    assert (twins["identified"] == "no").all()


def test_every_session_is_counted_once(april: StudyResult) -> None:
    frame = april.joint()
    frame = frame[frame["kind"] != "class"]
    for (a, b), rows in frame.groupby(["start", "end"]):
        days = [day for cell in rows["sessions"] if cell for day in cell.split(";")]
        position = april.estimates.position
        sessions = {s for p in position for s in range(p + a, p + b + 1)}
        assert len(days) == len(set(days)) == len(sessions)


@pytest.mark.parametrize("dummies", ["day", "window"])
def test_a_duplicate_never_doubles_a_car(dummies: Any) -> None:
    once = {"id": "once", "date": "2019-09-16", "title": "Abqaiq"}
    far = {"id": "far", "date": "2020-03-09", "title": "Far"}
    alone = EventStudy(brent().prices, [once, far], **CLOSE).fit().joint(dummies)
    both = EventStudy(brent().prices, [once, {**once, "id": "twice"}, far], **CLOSE).fit()
    found = both.joint(dummies)
    assert (found.loc[found["id"].isin(["once", "twice"]), "identified"] == "no").all()
    episode = found[found["kind"] == "episode"]
    assert set(episode["id"]) == {"once +1 more"}
    for wanted, name in ((episode, "once"), (found[found["id"] == "far"], "far")):
        reference = alone[alone["id"] == name]
        np.testing.assert_allclose(
            wanted[FIGURES].to_numpy(), reference[FIGURES].to_numpy(), rtol=RELATIVE
        )


@pytest.mark.parametrize("dummies", ["day", "window"])
def test_the_order_of_the_events_does_not_matter(dummies: Any) -> None:
    records = catalogue().filter(since="2024-04-01", until="2024-05-30").to_frame()
    records = records[["id", "date", "title", "category"]]
    there = EventStudy(brent().prices, records, groups=["category"], **CLOSE).fit().joint(dummies)
    back = EventStudy(brent().prices, records[::-1], groups=["category"], **CLOSE).fit()
    again = back.joint(dummies).set_index(["id", "start", "end"])
    again = again.loc[list(zip(there["id"], there["start"], there["end"], strict=True))]
    pd.testing.assert_frame_equal(
        again[[*FIGURES, "sessions", "identified"]].reset_index(),
        there[["id", "start", "end", *FIGURES, "sessions", "identified"]],
        rtol=1e-8,
    )


@pytest.mark.parametrize("dummies", ["day", "window"])
@pytest.mark.parametrize("covariance", ["classical", "garch"])
def test_estimates_scale_with_the_returns(dummies: Any, covariance: Any) -> None:
    rng = np.random.default_rng(5)
    returns = rng.standard_t(6, size=400)
    position = [200, 204, 300]
    one, ten = (
        fit_toy(
            toy(scale * returns, position, window=(-2, 5), length=60, gap=3),
            (0, 3),
            dummies=dummies,
            covariance=covariance,
        )
        for scale in (1.0, 10.0)
    )
    for column in ("estimate", "std_error"):
        np.testing.assert_allclose(10 * one[column], ten[column], rtol=1e-4)
    np.testing.assert_allclose(one["p_value"], ten["p_value"], rtol=1e-3)


def test_a_factor_that_moves_in_event_windows_alone_is_named() -> None:
    rng = np.random.default_rng(6)
    factor = np.zeros(200)
    factor[150] = 1.0
    x = np.column_stack([np.ones(200), factor])
    study = toy(
        rng.normal(size=200),
        [150, 190],
        window=(0, 0),
        length=60,
        gap=3,
        x=x,
        names=("constant", "dollar"),
    )
    for dummies in ("day", "window"):
        found = fit_toy(study, (0, 0), dummies=dummies)
        assert found["identified"].tolist() == ["no", "yes"]
        assert found.loc["a", FIGURES].isna().all()
        assert found["reason"]["a"] == "cannot be told apart from dollar"


def test_two_factors_that_say_the_same_cost_nothing() -> None:
    """Each alone is not identified; the abnormal return is."""
    rng = np.random.default_rng(7)
    factor = rng.normal(size=200)
    returns = factor + rng.normal(size=200)

    def fitted(*factors: Float) -> pd.DataFrame:
        x = np.column_stack([np.ones(200), *factors])
        names = ("constant", "one", "two")[: x.shape[1]]
        study = toy(returns, [150], window=(0, 2), length=60, gap=3, x=x, names=names)
        return fit_toy(study, (0, 2))

    left, right = fitted(factor, 2 * factor), fitted(factor)
    np.testing.assert_allclose(left[FIGURES], right[FIGURES], rtol=RELATIVE)


def test_without_a_session_free_of_events_nothing_is_told() -> None:
    # b's only three estimation sessions are a's event window, and a's are b's.
    rng = np.random.default_rng(8)
    study = toy(rng.normal(size=60), [40, 44], window=(0, 3), length=4, gap=0)
    estimation = estimation_windows(np.array([44, 44]), length=4, gap=0)
    study = JointStudy(**{**study.__dict__, "estimation": estimation})
    found = fit_toy(study, (0, 3))
    assert found["reason"].tolist() == ["cannot be told apart from constant"] * 2
    assert found[FIGURES].isna().all(axis=None)


def test_no_degrees_of_freedom_is_said() -> None:
    study = toy(np.arange(20.0), [10], window=(0, 0), length=1, gap=0)
    found = fit_toy(study, (0, 0)).iloc[0]
    assert found["estimate"] == pytest.approx(1.0)
    assert found["reason"] == NO_DF
    assert np.isnan([found["std_error"], found["p_value"], found["df"]]).all()


@pytest.mark.parametrize("dummies", ["day", "window"])
def test_a_window_that_is_not_complete_is_a_row_with_its_reason(dummies: Any) -> None:
    rng = np.random.default_rng(9)
    study = toy(rng.normal(size=100), [80, 98], window=(0, 3), length=40, gap=2)
    found = fit_toy(study, (0, 3), dummies=dummies)
    assert found["identified"].tolist() == ["yes", "no"]
    assert found["reason"]["b"] == "the window is not complete"
    # Its days are dummied all the same: the estimate of a does not see them.
    assert fit_toy(study, (0, 1), dummies=dummies)["identified"].tolist() == ["yes", "yes"]


def test_sessions_shared_by_two_episodes_are_named_after_both() -> None:
    rng = np.random.default_rng(10)
    study = toy(rng.normal(size=100), [80, 81], window=(0, 1), length=40, gap=2, within=0)
    found = fit_toy(study, (0, 1))
    assert found.index.tolist() == ["a", "b", "a & b"]
    assert found["shared_with"]["a & b"] == "a;b"


def test_the_config_writes_the_tables(april: StudyResult) -> None:
    assert april.estimates.overlap_tables == ()
    assert april.table("joint").equals(april.joint())
    assert april.table("episodes").equals(april.episodes)
