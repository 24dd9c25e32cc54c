"""Tables and errors as a notebook shows them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from oilshock import EventStudy, OilshockError, StudyResult, load_events, load_prices
from oilshock.errors import EventError, Problem
from oilshock.notebook import table_html

ATTACK = "iran-attacks-israel-apr2024"


def cells(html: str) -> list[str]:
    return re.findall(r"<td[^>]*>(.*?)</td>", html)


def styled(html: str, column: int) -> str:
    """Return the style of the selectors that name a column."""
    rules = re.findall(r"([^{}]*)\{([^{}]*)\}", html.split("</style>")[0])
    return " ".join(rule for names, rule in rules if f"td.col{column}" in names)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([93.124, -100.0, np.nan], ["93.12", "−100.00", "–"]),
        ([1.0, -0.0385812, 0.0], ["1.000", "−0.039", "0.000"]),
        ([0.0245077, -0.13227, -0.0], ["0.0245", "−0.1323", "0.0000"]),
        ([0.5, 4.793e-05, 4.793e-06], ["0.5000", "5e−05", "5e−06"]),
        ([9846, -1, 2], ["9846", "−1", "2"]),
    ],
)
def test_the_numbers_of_a_column_are_written_alike(values: list[float], shown: list[str]) -> None:
    assert cells(table_html(pd.DataFrame({"x": values}))) == shown


def test_dates_are_days_and_a_missing_one_is_a_dash() -> None:
    frame = pd.DataFrame({"day": pd.to_datetime(["2024-04-15", None])})
    assert cells(table_html(frame)) == ["2024-04-15", "–"]


def test_columns_without_a_value_are_dashes() -> None:
    frame = pd.DataFrame(
        {
            "severity": pd.Series([pd.NA, pd.NA], dtype="Int64"),
            "price": [np.nan, np.nan],
            "day": pd.to_datetime([None, None]),
        }
    )
    assert cells(table_html(frame)) == ["–"] * 6


def test_texts_are_escaped_everywhere() -> None:
    frame = pd.DataFrame({"a": ["<b>&"]})
    html = table_html(frame, heading="<i>", notes=["<u>"])
    assert cells(html) == ["&lt;b&gt;&amp;"]
    assert not re.search(r"<[biu]>", html)


def test_dollars_are_no_formula() -> None:
    html = table_html(pd.DataFrame({"a": ["$1"]}), heading="$2", notes=["from $3 to $4"])
    assert re.sub(r"<span>\$</span>", "", html).count("$") == 0
    assert html.count("<span>$</span>") == 4


def test_texts_stand_left_and_numbers_right() -> None:
    html = table_html(pd.DataFrame({"a": ["x"], "b": [1.0]}))
    assert "left" in styled(html, 0)
    assert "left" not in styled(html, 1)
    other = table_html(pd.DataFrame({"a": ["x"], "b": [1.0]}), left=["b"])
    assert "left" not in styled(other, 0)
    assert "left" in styled(other, 1)


def test_short_cells_stay_on_one_line() -> None:
    html = table_html(
        pd.DataFrame({"a": ["2024-04-15"], "b": ["a long title " * 3], "c": [4.7932168713e-05]})
    )
    assert "nowrap" in styled(html, 0)
    assert "nowrap" not in styled(html, 1)
    assert "min-width" in styled(html, 1)
    assert "nowrap" in styled(html, 2)


def test_a_long_table_shows_both_ends_and_says_so() -> None:
    html = table_html(pd.DataFrame({"n": range(100)}), most=5)
    assert cells(html) == ["0", "1", "98", "99"]
    assert "96 rows in between not shown." in html
    assert "not shown" not in table_html(pd.DataFrame({"n": range(4)}), most=4)


def test_an_empty_table_has_its_heading() -> None:
    html = table_html(pd.DataFrame({"a": pd.Series(dtype=float)}))
    assert cells(html) == []
    assert ">a</th>" in html


def test_equal_tables_give_equal_bytes_and_others_another_name() -> None:
    frame = pd.DataFrame({"a": [1.0], "b": ["x"]})
    assert table_html(frame) == table_html(frame.copy())
    names = [re.search(r'id="(T_\w+)"', table_html(each)) for each in (frame, frame[["a"]])]
    assert len({name.group(1) for name in names if name}) == 2


def test_the_frame_is_not_changed() -> None:
    frame = pd.DataFrame({"a": [1.0]}, index=["z"])
    before = frame.copy()
    table_html(frame)
    pd.testing.assert_frame_equal(frame, before)


@pytest.fixture(scope="module")
def result() -> StudyResult:
    return EventStudy(load_prices(), load_events().filter(ids=[ATTACK]), levels=[90.0]).fit()


@pytest.mark.parametrize(
    ("view", "name", "told"),
    [
        (lambda result: result.power(), r"PowerResult\(1 event, target=0\.8\)", ATTACK),
        (
            lambda result: result.calibrate((0, 0)),
            r"Calibration\(t, placebo; \[0, 0\]",
            "placebo",
        ),
        (lambda result: result.scan(), r"ScanResult\(\d+ moves, \d+ without", "2020-04-21"),
        (lambda result: result.what_moved, r"WhatMoved\(1 episode\)", ATTACK),
        (
            lambda result: result.sweep(estimation=[60], windows=[(0, 0)]),
            r"SpecificationCurve\(\d+ specifications?, \d+ placements\)",
            "[0, 0]",
        ),
        (lambda result: result.what_if(ATTACK), r"WhatIfResult\(", "p_above_90"),
        (lambda result: result, r"StudyResult\(brent-spot, 1 of 1 events\)", "−2.45 %"),
    ],
)
def test_a_result_is_one_line_of_text_and_a_table(
    result: StudyResult, view: object, name: str, told: str
) -> None:
    shown = view(result)  # type: ignore[operator]
    assert re.match(name, repr(shown))
    assert "\n" not in repr(shown)
    assert "<table" in shown._repr_html_()
    assert told in shown._repr_html_()


def lines_of(raised: pytest.ExceptionInfo[OilshockError]) -> list[str]:
    return raised.value._render_traceback_()


def test_an_error_shows_the_line_of_the_reader_and_what_is_wrong() -> None:
    with pytest.raises(EventError) as raised:
        load_events("no-such-file.csv")
    first, name, problem = lines_of(raised)
    assert first.endswith(': load_events("no-such-file.csv")')
    assert name == "EventError:"
    assert problem.startswith("  no-such-file.csv: there is no such file.")
    assert "site-packages" not in "".join(lines_of(raised))


def test_an_error_shows_all_its_problems() -> None:
    with pytest.raises(EventError) as raised:
        raise EventError(Problem("a", "x."), Problem("b", "y."))
    assert lines_of(raised)[1:] == ["EventError:", "  a: x.", "  b: y."]


def test_a_long_problem_is_broken_between_words() -> None:
    words = [f"word{n}" for n in range(60)]
    told = EventError(Problem("a", " ".join(words)))._render_traceback_()[1:]
    assert len(told) > 3
    assert max(map(len, told)) <= 88
    assert " ".join(told).split() == ["a:", *words]


def test_an_error_that_was_never_raised_shows_its_problems() -> None:
    assert EventError(Problem("a", "x."))._render_traceback_() == ["EventError:", "  a: x."]
