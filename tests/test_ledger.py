"""Nothing vanishes: every event is a row, with its reason; and the shape of every table."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from strategies import brent, catalogue, dated, fit_brent, prices_on

from oilshock.errors import EstimationError
from oilshock.ledger import is_same_event, twins_by_session
from oilshock.results import StudyResult
from oilshock.study import EventStudy

RIYADH = "houthis-fire-riyadh-yanbu-2026"


@lru_cache
def whole() -> StudyResult:
    return fit_brent(catalogue())


def test_the_catalogue_is_kept_but_for_the_endogenous_events() -> None:
    ledger = whole().events
    assert len(ledger) == 194
    assert ledger["event_id"].tolist() == catalogue().to_frame()["id"].tolist()
    assert ledger["status"].value_counts().to_dict() == {"ok": 191, "left_out": 3}
    left_out = ledger[ledger["status"] == "left_out"]
    assert left_out["reason"].tolist() == ["endogenous"] * 3
    endogenous = catalogue().to_frame().query("endogenous")["id"]
    assert set(left_out["event_id"]) == set(endogenous)


def test_what_is_left_out_has_no_windows_but_has_its_session() -> None:
    left_out = whole().events.query("status == 'left_out'")
    windows = ["estimation_start", "estimation_end", "n_estimation", "window_start", "window_end"]
    assert left_out[windows].isna().all(axis=None)
    assert (left_out["overlaps"] == "").all()
    assert left_out["session"].notna().all()


def test_endogenous_events_are_kept_when_asked_for() -> None:
    ledger = fit_brent(catalogue(), include_endogenous=True).events
    assert (ledger["status"] == "ok").all()
    assert len(ledger) == 194


def test_an_event_whose_window_runs_past_the_end_is_kept_and_says_where_it_ends() -> None:
    row = whole().events.set_index("event_id").loc[RIYADH]
    assert row["status"] == "ok"
    assert row["reason"] == "window ends at day +6 (last session 2026-09-29)"
    assert row["window_end"] == pd.Timestamp("2026-09-29")
    sessions = brent().prices.index
    assert sessions.get_loc(row["window_end"]) - sessions.get_loc(row["session"]) == 6


def test_every_other_kept_event_has_no_reason_and_a_whole_window() -> None:
    sessions = brent().prices.index
    kept = whole().events.query("status == 'ok'")
    last = sessions.get_indexer(kept["session"]) + 10
    cut = last >= len(sessions)
    assert (kept.loc[~cut, "reason"] == "").all()
    assert kept.loc[cut, "reason"].str.startswith("window ends at day").all()
    assert (sessions.get_indexer(kept["window_end"]) == np.minimum(last, len(sessions) - 1)).all()
    assert (sessions.get_indexer(kept["window_start"]) == last - 15).all()
    assert (kept["n_estimation"] == 120).all()
    assert (sessions.get_indexer(kept["estimation_start"]) == last - 140).all()
    assert (sessions.get_indexer(kept["estimation_end"]) == last - 21).all()


@pytest.mark.parametrize(
    ("left", "reason"), [(10, ""), (9, "window ends at day +9 (last session 2026-09-29)")]
)
def test_a_window_that_ends_on_the_last_session_is_whole(left: int, reason: str) -> None:
    ledger = fit_brent(dated(f"{brent().prices.index[-1 - left]:%Y-%m-%d}")).events
    assert ledger["reason"].tolist() == [reason]


def test_days_that_are_missing_are_empty_cars_and_absent_daily_rows() -> None:
    car = whole().table("car").query("event_id == @RIYADH").set_index(["start", "end"])
    assert len(car) == 4
    figures = ["car", "std_error", "t_stat", "p_value", "p_adjusted", "ci_low", "ci_high", "usd"]
    assert car.loc[[(-5, 10)], figures].isna().all(axis=None)
    assert car.loc[[(0, 0), (-1, 1), (0, 5)], figures].notna().all(axis=None)
    days = whole().table("abnormal_returns").query("event_id == @RIYADH")
    assert days["relative_day"].tolist() == list(range(-5, 7))
    tests = whole().table("event_tests").query("event_id == @RIYADH and end == 10").iloc[0]
    assert tests["reason"] == "the window is not complete"
    assert np.isnan(tests["statistic"])


def test_averages_use_the_events_of_each_day_and_say_n() -> None:
    average = whole().table("average").query("group == 'all'").set_index("relative_day")
    sessions = brent().prices.index
    position = sessions.get_indexer(whole().events.query("status == 'ok'")["session"])
    for day in range(-5, 11):
        assert average.loc[day, "n_events"] == (position + day < len(sessions)).sum()
    assert average.loc[0, "n_events"] == 191
    assert average.loc[10, "n_events"] < 191
    tests = whole().table("tests").query("group == 'all'").set_index(["start", "end"])
    assert (tests.loc[(0, 0), "n_events"] == 191).all()
    assert (tests.loc[(-5, 10), "n_events"] == average.loc[10, "n_events"]).all()


def test_too_late_and_too_early_events_are_left_out_with_their_reason() -> None:
    ledger = fit_brent(dated("2026-11-01", "2024-04-13", "1987-06-01")).events
    assert ledger["event_id"].tolist() == ["2026-11-01", "2024-04-13", "1987-06-01"]
    assert ledger["status"].tolist() == ["left_out", "ok", "left_out"]
    assert ledger["reason"].tolist() == [
        "after the last session",
        "",
        "needs 131 sessions before it, has 8",
    ]
    assert ledger["session"].isna().tolist() == [True, False, False]
    assert ledger["shift_days"].tolist() == [pd.NA, 2, 0]


@pytest.mark.parametrize("date", ["1980-01-01", "1987-05-17", "1987-05-19"])
def test_an_event_before_the_first_price_has_no_day_0(date: str) -> None:
    # Brent spot begins on Wednesday 20 May 1987.
    ledger = fit_brent(dated(date, "2024-04-15")).events
    row = ledger.iloc[0]
    assert (row["status"], row["reason"]) == ("left_out", "before the first session")
    assert row["shift_reason"] == ""
    assert ledger.loc[0, ["session", "shift_days", "window_start"]].isna().all()


def test_the_first_session_itself_is_a_day_0() -> None:
    row = fit_brent(dated("1987-05-20", "2024-04-15")).events.iloc[0]
    assert row["session"] == brent().prices.index[0]
    assert row["reason"] == "needs 131 sessions before it, has 0"


@pytest.mark.parametrize(("session", "status"), [(130, "left_out"), (131, "ok")])
def test_the_131st_session_is_the_first_that_can_be_estimated(session: int, status: str) -> None:
    date = f"{brent().prices.index[session]:%Y-%m-%d}"
    ledger = fit_brent(dated(date, "2024-04-13")).events
    assert ledger["status"].iloc[0] == status
    if status == "ok":
        assert ledger["estimation_start"].iloc[0] == brent().prices.index[1]


def test_nothing_left_is_an_error_that_lists_every_event() -> None:
    with pytest.raises(EstimationError) as caught:
        fit_brent(dated("2026-11-01", "1987-06-01"))
    text = str(caught.value)
    assert "2026-11-01: left out: after the last session." in text
    assert "1987-06-01: left out: needs 131 sessions before it, has 8." in text
    assert "Prices run from 1987-05-20 to 2026-09-29" in text
    assert caught.value.exit_code == 4


def test_overlaps_name_the_kept_events_only_and_both_ways() -> None:
    sessions = brent().prices.index
    ledger = whole().events.set_index("event_id")
    kept = ledger[ledger["status"] == "ok"]
    position = pd.Series(sessions.get_indexer(kept["session"]), index=kept.index)
    for name, own in position.items():
        near = position[(position - own).abs() <= 15].drop(name)
        assert ledger.loc[name, "overlaps"] == ";".join(near.index)


def test_catalogue_events_in_the_window_that_are_not_in_the_study_are_neighbours() -> None:
    events = catalogue().filter(ids=["iran-attacks-israel-apr2024"])
    estimates = fit_brent(events).estimates
    near = estimates.neighbours.set_index("other_id")
    assert "iran-attacks-israel-apr2024" not in near.index
    sessions = estimates.market.sessions
    expected = estimates.known_positions.drop("iran-attacks-israel-apr2024")
    day = expected - estimates.position[0]
    day = day[(day >= -5) & (day <= 10)]
    assert len(day) > 1
    assert near["relative_day"].to_dict() == day.to_dict()
    for name, row in near.iterrows():
        assert row["session"] == sessions[expected[name]]


@pytest.mark.parametrize(("day", "is_near"), [(-6, False), (-5, True), (10, True), (11, False)])
def test_neighbours_lie_inside_the_event_window(day: int, is_near: bool) -> None:
    sessions = brent().prices.index
    own = sessions[sessions.get_loc("2024-04-15") - day]
    item = {"id": "own", "date": f"{own:%Y-%m-%d}", "title": "Storm closes ports"}
    near = fit_brent([item]).estimates.neighbours.set_index("other_id")["relative_day"]
    assert near.get("iran-attacks-israel-apr2024") == (day if is_near else None)


@pytest.mark.parametrize(
    ("date", "title", "is_neighbour"),
    [
        ("2024-04-13", "Iran attacks Israel", False),
        ("2024-04-13", "Storm closes ports of Libya", True),
        # Another date, but the session is the same.
        ("2024-04-14", "Iran attacks Israel", False),
        ("2024-04-16", "Iran attacks Israel", True),
    ],
)
def test_an_event_of_the_catalogue_is_no_confounder_of_itself(
    date: str, title: str, is_neighbour: bool
) -> None:
    estimates = fit_brent([{"id": "own", "date": date, "title": title}]).estimates
    near = estimates.neighbours["other_id"].tolist()
    assert ("iran-attacks-israel-apr2024" in near) is is_neighbour
    # What else happened in these days is listed all the same.
    assert "us-sanctions-iran-apr2024" in near


@pytest.mark.parametrize(
    ("category", "is_twin"),
    [
        ("opec", True),
        ("opec_decision", True),
        ("OPEC meeting", True),
        ("macro", False),
        ("", False),
    ],
)
def test_an_event_of_one_session_and_kind_is_counted_once(category: str, is_twin: bool) -> None:
    own = {"id": "own", "date": "2023-04-03", "title": "Less oil agreed", "category": category}
    estimates = fit_brent([own], levels=[80.0]).estimates
    other = "opec-plus-surprise-apr2023"
    assert (other in estimates.neighbours["other_id"].tolist()) is not is_twin
    near = [set(row.split(";")) for row in estimates.levels["events"] if "own" in row.split(";")]
    assert near
    assert all((other in ids) is not is_twin for ids in near)
    found = [finding for finding in estimates.events.findings if finding.kind == "twin"]
    assert [finding.ids for finding in found] == ([(other,)] if is_twin else [])
    # What the placebos and the classes rest on stays whole.
    assert other in estimates.known_positions.index


def test_events_of_the_catalogue_itself_have_no_twins() -> None:
    one = catalogue().filter(ids=["isfahan-strike-2024"])
    estimates = fit_brent(one).estimates
    assert estimates.twins == ()
    assert "iran-no-retaliation-apr2024" in estimates.neighbours["other_id"].tolist()


def test_an_event_that_has_its_twin_by_title_takes_no_second_one() -> None:
    two = catalogue().to_frame().set_index("id")
    one, other = "isfahan-strike-2024", "iran-no-retaliation-apr2024"
    own = {
        "id": "own",
        "date": f"{two.loc[one, 'date']:%Y-%m-%d}",
        "title": two.loc[one, "title"],
        "category": two.loc[other, "category"],
    }
    estimates = fit_brent([own]).estimates
    assert estimates.twins == (one,)
    assert other in estimates.neighbours["other_id"].tolist()


def test_of_several_events_of_one_session_and_kind_none_is_taken() -> None:
    others = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "title": ["Talks begin in Vienna", "Strike on a port", "Tariffs announced today"],
            "category": ["attack_one", "attack_two", "policy"],
            "position": [5, 5, 5],
        }
    )
    study = others.iloc[:1].assign(id="own", title="Raid", category="attack")
    assert twins_by_session(others, study) == {}
    assert twins_by_session(others.iloc[1:], study) == {"b": "own"}
    assert twins_by_session(others, study.assign(title="Tariffs are announced")) == {"c": "own"}
    nowhere = others.iloc[1:].assign(position=-1)
    assert twins_by_session(nowhere, study.assign(position=-1)) == {}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("OPEC+ cuts output", "OPEC+ cuts output by 2 mb/d", True),
        ("Hormuz reopens", "HORMUZ REOPENS", True),
        ("OPEC+ cuts output", "OPEC+ delays the meeting", False),
        ("War", "War", False),
        ("Storm", "Storm in the Gulf", False),
    ],
)
def test_titles_of_one_event_share_most_words(one: str, other: str, same: bool) -> None:
    assert is_same_event(one, other) is same
    assert is_same_event(other, one) is same


def test_a_price_gap_is_no_session() -> None:
    values = 80.0 + np.cos(np.arange(60.0))
    values[30] = np.nan
    study = EventStudy(prices_on(values), dated("2020-01-31"), estimation=12, gap=3, window=(-1, 1))
    ledger = study.fit().events
    # Session 30 (31 January) has no price: the event moves to 1 February, and that is said.
    assert f"{ledger['session'].iloc[0]:%Y-%m-%d}" == "2020-02-01"
    assert ledger[["shift_days", "shift_reason"]].iloc[0].tolist() == [1, "no session"]


# The columns of every table, written out as the contract has them.

CONTRACT = {
    "events": "event_id title category event_date event_time session shift_days shift_reason "
    "status reason estimation_start estimation_end n_estimation window_start window_end overlaps",
    "abnormal_returns": "event_id relative_day session price return expected_return "
    "abnormal_return std_error t_stat p_value",
    "car": "event_id start end car std_error t_stat p_value p_calibrated p_adjusted ci_low "
    "ci_high ci_calibrated_low ci_calibrated_high usd",
    "average": "group relative_day n_events aar aar_std_error caar caar_std_error ci_low ci_high",
    "tests": "group start end test statistic p_value n_events df",
    "event_tests": "event_id start end test statistic p_value df reason",
    "whatif": "event_id relative_day session price expected_price low high usd p_above_90",
    "levels": "level first_session last_session sessions_above peak peak_session run_up_return "
    "abnormal_part events",
}


@pytest.mark.parametrize("name", list(CONTRACT))
def test_columns_are_those_of_the_contract(name: str) -> None:
    study = fit_brent(dated("2024-04-13"), levels=[90.0])
    assert list(study.table(name).columns) == CONTRACT[name].split()


def test_columns_that_are_not_computed_are_empty() -> None:
    columns = ["p_calibrated", "ci_calibrated_low", "ci_calibrated_high"]
    car = fit_brent(dated("2024-04-13", "2019-09-14"), tests=["t"]).table("car")
    assert car[columns].isna().all(axis=None)
    calibrated = fit_brent(dated("2024-04-13", "2019-09-14"), tests=["t", "placebo"]).table("car")
    assert calibrated[columns].notna().all(axis=None)


def test_rows_follow_the_order_of_the_events_given() -> None:
    dates = ["2024-04-13", "2019-09-14", "2022-02-24"]
    study = fit_brent(dated(*dates))
    for name in ("events", "abnormal_returns", "car", "event_tests", "whatif"):
        assert study.table(name)["event_id"].unique().tolist() == dates


def test_each_test_is_there_once() -> None:
    study = fit_brent(dated("2024-04-13", "2019-09-14"))
    tests, single = study.table("tests"), study.table("event_tests")
    assert not tests.duplicated(["group", "start", "end", "test"]).any()
    assert not single.duplicated(["event_id", "start", "end", "test"]).any()
    wanted = [(day, day) for day in range(-5, 11)] + [(-1, 1), (0, 5), (-5, 10)]
    for name in ("t", "patell", "bmp", "rank", "generalized-sign"):
        every = tests[(tests["group"] == "all") & (tests["test"] == name)][["start", "end"]]
        assert list(every.itertuples(index=False, name=None)) == wanted
    own = single.query("event_id == '2024-04-13' and test == 't'")[["start", "end"]]
    assert list(own.itertuples(index=False, name=None)) == [(0, 0), (-1, 1), (0, 5), (-5, 10)]


def test_tables_are_fresh_copies() -> None:
    study = fit_brent(dated("2024-04-13"))
    for name in CONTRACT:
        if len(frame := study.table(name)):
            frame.iloc[:, 0] = frame.iloc[0, 0]
            frame["more"] = 1
            assert "more" not in study.table(name)
