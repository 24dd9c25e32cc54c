"""The cells of tables for papers are those of the CSV tables, rounded."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from strategies import dated, fit_brent

from oilshock.errors import ConfigError
from oilshock.papers import PAPER_TABLES
from oilshock.results import StudyResult
from oilshock.words import number, p_number, window_text

WINDOWS = [(0, 0), (-1, 1), (0, 5), (-5, 10)]
HEADINGS = ["AR", *(window_text(*window) for window in WINDOWS[1:])]


def as_float(cell: str) -> float:
    digits = cell.strip("()[]<*").replace("−", "-").replace(",", "")
    return math.nan if digits in ("", "–") else float(digits)


def test_estimates_are_those_of_car_csv_and_brackets_hold_standard_errors(
    april: StudyResult,
) -> None:
    frame, car = april.paper_table("car").frame, april.table("car")
    for place, event_id in enumerate(april.estimates.ids):
        above, below = frame.iloc[2 * place], frame.iloc[2 * place + 1]
        for window, heading in zip(WINDOWS, HEADINGS, strict=True):
            row = car[(car["event_id"] == event_id) & (car["start"] == window[0])]
            row = row[row["end"] == window[1]].iloc[0]
            assert as_float(above[heading]) == pytest.approx(100 * row["car"], abs=0.005001)
            assert re.fullmatch(r"\(\d+\.\d\d\)", below[heading])
            assert as_float(below[heading]) == pytest.approx(100 * row["std_error"], abs=0.005001)
            if window == (0, 0):
                cells = [above["p"], above["cal. p"], above["adj. p"]]
                columns = ["p_value", "p_calibrated", "p_adjusted"]
                assert cells == [p_number(row[column]) for column in columns]


def test_every_window_has_its_p_values(april: StudyResult) -> None:
    frame, car = april.paper_table("p_values").frame, april.table("car")
    assert len(frame) == len(car)
    starts = [title for facts in april.facts for title in (facts.title, "", "", "")]
    assert frame["Event"].tolist() == starts
    np.testing.assert_allclose(frame["CAR"].map(as_float), 100 * car["car"], atol=0.005001)
    np.testing.assert_allclose(frame["(s.e.)"].map(as_float), 100 * car["std_error"], atol=0.00501)
    np.testing.assert_allclose(frame["t"].map(as_float), car["t_stat"], atol=0.005001)
    np.testing.assert_allclose(frame["USD/bbl"].map(as_float), car["usd"], atol=0.005001)
    assert frame["cal. p"].tolist() == [p_number(p) for p in car["p_calibrated"]]
    assert frame["adj. p"].tolist() == [p_number(p) for p in car["p_adjusted"]]


def test_averages_are_means_of_the_cars_of_their_events(april: StudyResult) -> None:
    frame, car = april.paper_table("average").frame, april.table("car")
    (place,) = frame.index[frame["Group"] == "All events"]
    for (start, end), heading in zip(WINDOWS, ["AAR", *HEADINGS[1:]], strict=True):
        own = 100 * car[(car["start"] == start) & (car["end"] == end)]["car"]
        mean, error = own.mean(), own.std(ddof=1) / math.sqrt(len(own))
        assert as_float(frame.loc[place, heading]) == pytest.approx(mean, abs=0.005001)
        assert as_float(frame.loc[place + 1, heading]) == pytest.approx(error, abs=0.005001)
    assert frame["Group"].iloc[0] == "Expected to tighten (+)"
    assert frame.loc[place, "n"] == str(len(april.estimates.ids))


def test_the_signed_average_turns_each_event(april: StudyResult) -> None:
    frame = april.paper_table("average").frame
    day0 = april.estimates.signed_average.query("relative_day == 0").iloc[0]
    (place,) = frame.index[frame["Group"] == "All, in the direction expected"]
    assert as_float(frame.loc[place, "AAR"]) == pytest.approx(100 * day0["aar"], abs=0.005001)
    error = as_float(frame.loc[place + 1, "AAR"])
    assert error == pytest.approx(100 * day0["aar_std_error"], abs=0.005001)


def test_windows_that_share_sessions_are_counted(april: StudyResult) -> None:
    shared = sum(april.events["overlaps"] != "")
    said = f"{shared} of {len(april.estimates.ids)} event windows share sessions with another."
    assert said in april.paper_table("average").notes
    apart = fit_brent(dated("2019-09-16", "2022-02-24"), tests=["t"])
    assert "share sessions" not in apart.paper_table("average").notes


def test_tests_have_statistic_and_p_value(april: StudyResult) -> None:
    frame, tests = april.paper_table("tests").frame, april.table("tests")
    (first,) = frame.index[frame["Group"] == "All events"]
    names = tests.loc[tests["group"] == "all", "test"].unique()
    for place, test in enumerate(names):
        for start, end in WINDOWS:
            own = tests[(tests["group"] == "all") & (tests["test"] == test)]
            own = own[(own["start"] == start) & (own["end"] == end)]
            (row,) = own.to_dict("records")
            statistic = frame.loc[first + 2 * place, window_text(start, end)]
            p_value = frame.loc[first + 2 * place + 1, window_text(start, end)]
            assert statistic == number(row["statistic"])
            assert p_value == f"[{p_number(row['p_value'])}]"


def test_prices_without_each_event(april: StudyResult) -> None:
    frame, path = april.paper_table("whatif").frame, april.table("whatif")
    own = path[path["relative_day"].isin([0, 10])]
    columns = {
        "Price": "price",
        "Without": "expected_price",
        "Low": "low",
        "High": "high",
        "Gap": "usd",
    }
    for heading, column in columns.items():
        np.testing.assert_allclose(frame[heading].map(as_float), own[column], atol=0.005001)
    written = dict(zip(own["p_above_90"], frame["> $90"], strict=True))
    assert all((text == "<0.01") == (p < 0.005) for p, text in written.items())
    assert all((text == ">0.99") == (p > 0.995) for p, text in written.items())
    plain = {p: as_float(text) for p, text in written.items() if text[0] not in "<>"}
    np.testing.assert_allclose(list(plain.values()), list(plain), atol=0.005001)


def test_notes_of_prices_define_no_abnormal_return(april: StudyResult) -> None:
    notes = april.paper_table("whatif").notes
    assert "abnormal" not in notes
    assert "CAR" not in notes
    assert "Expected return: the mean return of 120 sessions" in notes


def test_levels_list_every_episode(april: StudyResult) -> None:
    frame, levels = april.paper_table("levels").frame, april.table("levels")
    assert frame["First"].tolist() == [f"{day:%Y-%m-%d}" for day in levels["first_session"]]
    np.testing.assert_allclose(
        frame["Run-up"].map(as_float), 100 * levels["run_up_return"], atol=0.005001
    )
    assert frame["Last"].iloc[-1] == "open"


def test_the_ledger_names_what_was_left_out_and_moved(april: StudyResult) -> None:
    frame, ledger = april.paper_table("events").frame, april.events
    told = ledger[(ledger["shift_reason"] != "") | (ledger["reason"] != "")]
    assert frame["Event"].tolist() == told["title"].tolist()
    early = frame.set_index("Event").loc["Too early"]
    assert early["Status"] == "left out"
    assert early["Reason"] == "needs 131 sessions before it, has 8"


@pytest.mark.parametrize("name", PAPER_TABLES)
def test_notes_say_how_the_figures_were_made(april: StudyResult, name: str) -> None:
    notes = april.paper_table(name).notes
    assert "brent-spot" in notes
    assert "29 September 2026" in notes
    if name != "events":
        assert "the mean return of 120 sessions that end 11 before day 0" in notes
    if name in ("car", "p_values"):
        assert "Standard errors in brackets" in notes
        assert "adj. p: Holm of cal. p over the events of each window" in notes


@pytest.mark.parametrize("name", ["car", "p_values", "tests"])
def test_there_are_no_stars_unless_asked(april: StudyResult, name: str) -> None:
    table = april.paper_table(name)
    assert not table.frame.map(lambda cell: "*" in cell).any(axis=None)
    assert "*" not in table.notes


def test_stars_stand_where_p_is_below_each_level(april: StudyResult) -> None:
    levels = (0.3, 0.8, 0.5)
    table, car = april.paper_table("p_values", stars=levels), april.table("car")
    stars = table.frame["CAR"].str.count(r"\*").tolist()
    assert stars == [sum(p < level for level in levels) for p in car["p_calibrated"]]
    assert 0 < sum(stars) < 3 * len(car)
    assert "* cal. p < 0.8, ** cal. p < 0.5, *** cal. p < 0.3" in table.notes
    tests = april.paper_table("tests", stars=levels)
    assert "* p < 0.8, ** p < 0.5, *** p < 0.3" in tests.notes


def test_stars_of_a_study_without_placebos_go_by_the_t_test() -> None:
    result = fit_brent(dated("2019-09-16"), tests=["t"], adjust="none")
    table = result.paper_table("car", stars=(0.01,))
    assert result.car(0, 0)["p_value"].iloc[0] < 0.01
    assert table.frame["AR"].iloc[0].endswith("*")
    assert not {"cal. p", "adj. p"} & set(table.frame.columns)
    assert "* p < 0.01" in table.notes


def test_differences_are_in_dollars() -> None:
    result = fit_brent(dated("2024-04-15"), returns="difference")
    table = result.paper_table("car")
    ar = result.car(0, 0)["car"].iloc[0]
    assert as_float(table.frame["AR"].iloc[0]) == pytest.approx(ar, abs=0.005001)
    assert "AR and CAR in USD/bbl" in table.notes


def test_a_window_past_the_last_session_is_a_dash(nasty: StudyResult) -> None:
    table = nasty.paper_table("car")
    assert table.frame.iloc[2]["[0, +5]"] == "–"
    assert table.frame.iloc[3]["[0, +5]"] == ""
    assert "–: the window runs past the last session" in table.notes


def test_n_is_a_column_only_where_it_varies(april: StudyResult) -> None:
    table = april.paper_table("car")
    assert "N" not in table.frame.columns
    assert "N = 120 returns." in table.notes


def test_a_table_without_rows_is_there_and_empty(nasty: StudyResult) -> None:
    table = nasty.paper_table("levels")
    assert table.frame.empty
    assert r"\bottomrule" in table.to_latex()


def test_wrong_names_and_levels_are_refused(april: StudyResult) -> None:
    with pytest.raises(ConfigError, match='"cars" is not a table for papers'):
        april.paper_table("cars")
    with pytest.raises(ConfigError, match="stars: 5 is not between 0 and 1"):
        april.paper_table("car", stars=(5,))


def test_repr_is_one_line(april: StudyResult) -> None:
    assert repr(april.paper_table("car")) == f"PaperTable(car, {len(april.estimates.ids)} rows)"
