"""`EventStudy`: arguments checked by name, input never changed; `run_study` says the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from oilshock import EventStudy, load_events, load_prices, run_study
from oilshock.config import config_from_dict
from oilshock.errors import ConfigError, DataError, EstimationError, PriceError
from oilshock.study import check_study

IDS = ("damascus-consulate-strike-2024", "iran-attacks-israel-apr2024")


@pytest.fixture(scope="module")
def prices() -> pd.Series:
    return load_prices()


@pytest.fixture(scope="module")
def events() -> Any:
    return load_events().filter(ids=IDS)


def series() -> pd.Series:
    return load_prices()


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"window": 5}, "window"),
    ({"window": (1, 2, 3)}, "window"),
    ({"window": (-5.5, 10)}, "window[0]"),
    ({"window": (5, -5)}, "window"),
    ({"car": [5]}, "car[0]"),
    ({"car": [(0, 50)]}, "car[0]"),
    ({"levels": ["a"]}, "levels[0]"),
    ({"levels": 90}, "levels"),
    ({"levels": [-5]}, "levels[0]"),
    ({"estimation": "x"}, "estimation"),
    ({"gap": 2}, "gap"),
    ({"min_estimation": 500}, "min_estimation"),
    ({"model": "foo"}, "model"),
    ({"model": "market"}, "factors"),
    ({"model": "market", "factors": ["dollr"]}, "factors"),
    ({"model": "market", "factors": "dollar"}, "factors"),
    ({"model": "market", "factors": 3}, "factors"),
    ({"model": "market", "factors": {"x": [1, 2]}}, "factors"),
    ({"returns": "pct"}, "returns"),
    ({"alpha": 2}, "alpha"),
    ({"adjust": "x"}, "adjust"),
    ({"groups": "category"}, "groups"),
    ({"groups": ["foo"]}, "groups"),
    ({"close": "16"}, "close"),
    ({"timezone": "X/Y"}, "timezone"),
    ({"title": 3}, "title"),
    ({"exclude_events": 1}, "exclude_events"),
    ({"include_endogenous": "yes"}, "include_endogenous"),
]


@pytest.mark.parametrize(("wrong", "argument"), WRONG, ids=[str(case[0]) for case in WRONG])
def test_a_wrong_argument_is_named(
    prices: pd.Series, events: Any, wrong: dict[str, Any], argument: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        EventStudy(prices, events, **wrong)
    assert {(problem.where, problem.field) for problem in caught.value.problems} == {
        ("EventStudy", argument)
    }


def test_all_wrong_arguments_come_at_once(prices: pd.Series, events: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        EventStudy(prices, events, gap=1, alpha=3.0, levels=[-1])
    assert sorted(problem.field for problem in caught.value.problems) == [
        "alpha",
        "gap",
        "levels[0]",
    ]


def test_an_estimation_window_longer_than_the_data_is_named(prices: pd.Series, events: Any) -> None:
    with pytest.raises(ConfigError, match="EventStudy, estimation: 50000 returns"):
        EventStudy(prices, events, estimation=50_000).fit()


@pytest.mark.parametrize("wrong", [None, [1, 2], "brent", np.ones(3)])
def test_prices_that_are_no_series_are_refused(events: Any, wrong: Any) -> None:
    with pytest.raises(PriceError, match="a pandas Series of prices is expected"):
        EventStudy(wrong, events)


@pytest.mark.parametrize("wrong", [None, 3, [], {"id": "x"}, ["x"], [{"id": "x"}]])
def test_events_that_are_none_are_refused(prices: pd.Series, wrong: Any) -> None:
    with pytest.raises(ConfigError, match="events"):
        EventStudy(prices, wrong)


def test_numbers_of_numpy_are_numbers(prices: pd.Series, events: Any) -> None:
    plain = EventStudy(prices, events, estimation=100, window=(-2, 4), levels=[90.0]).fit()
    given = EventStudy(
        prices,
        events,
        estimation=np.int64(100),  # type: ignore[arg-type]
        window=np.array([-2, 4]),  # type: ignore[arg-type]
        levels=np.array([90.0]),  # type: ignore[arg-type]
    ).fit()
    pd.testing.assert_frame_equal(plain.table("car"), given.table("car"))


def test_the_prices_are_not_changed(events: Any) -> None:
    given = series().iloc[::-1]
    before, attrs = given.copy(), dict(given.attrs)
    EventStudy(given, events, levels=[90.0], title="T").fit()
    pd.testing.assert_series_equal(given, before)
    assert given.name == before.name
    assert given.attrs == attrs


def test_the_factor_is_not_changed(prices: pd.Series, events: Any) -> None:
    factor = load_prices("usd-broad")
    before = factor.copy()
    EventStudy(prices, events, model="market", factors={"usd": factor}).fit()
    pd.testing.assert_series_equal(factor, before)
    assert factor.name == before.name


def test_a_notebook_and_a_config_say_the_same(prices: pd.Series, events: Any) -> None:
    data = {"study": {"name": "s"}, "events": {"ids": list(IDS)}, "levels": {"usd": [90.0]}}
    by_config = run_study(config_from_dict(data, where="test"))
    by_arguments = EventStudy(prices, events, levels=[90.0]).fit()
    for name in ("events", "car", "whatif", "average", "tests", "event_tests"):
        pd.testing.assert_frame_equal(by_config.table(name), by_arguments.table(name))


def test_forms_of_events_say_the_same(prices: pd.Series, events: Any) -> None:
    frame = events.to_frame()
    first = EventStudy(prices, events).fit().table("car")
    for form in (frame, frame.to_dict("records")):
        pd.testing.assert_frame_equal(EventStudy(prices, form).fit().table("car"), first)


def test_a_timed_event_without_a_close_is_refused(prices: pd.Series, events: Any) -> None:
    bare = pd.Series(prices.to_numpy(), index=prices.index, name="mine")
    with pytest.raises(ConfigError, match="the close of the series is not known") as raised:
        EventStudy(bare, events).fit()
    # Arguments, not config keys.
    assert str(raised.value).startswith("mine, close and timezone: 2 events have a time")
    assert "State close and timezone, such as" in str(raised.value)
    stated = EventStudy(bare, events, close="16:30", timezone="Europe/London").fit()
    assert stated.events["session"].dt.strftime("%Y-%m-%d").tolist() == ["2024-04-02", "2024-04-15"]


def test_nothing_to_estimate(prices: pd.Series) -> None:
    late = [{"id": "late", "date": "2027-01-05", "title": "T"}]
    with pytest.raises(EstimationError, match="after the last session"):
        EventStudy(prices, late).fit()


def test_prices_below_zero_need_differences(prices: pd.Series, events: Any) -> None:
    odd = prices.copy()
    odd.iloc[-3] = -3.0
    with pytest.raises(DataError, match="price of zero or less"):
        EventStudy(odd, events).fit()
    assert len(EventStudy(odd, events, returns="difference").fit().car(0, 0)) == 2


def test_repr_is_one_line(prices: pd.Series, events: Any) -> None:
    assert repr(EventStudy(prices, events)) == "EventStudy(brent-spot, 2 events, model='mean')"


def test_run_study_reports_progress(tmp_path: Path) -> None:
    data = {"study": {"name": "s"}, "events": {"ids": list(IDS)}}
    seen: list[tuple[str, int, int]] = []
    config = config_from_dict(data, where="test")
    run_study(config, base=tmp_path, progress=lambda *step: seen.append(step))
    assert [(done, total) for _, done, total in seen] == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_check_study_estimates_nothing_but_says_where_events_go() -> None:
    data = {"study": {"name": "s"}, "events": {"ids": list(IDS)}}
    plan = check_study(config_from_dict(data, where="test"))
    assert plan.ledger()["status"].tolist() == ["ok", "ok"]
