"""What the sheets and columns of the workbook are, in words with units."""

from __future__ import annotations

from collections.abc import Mapping

RETURN = "log or simple returns: fractions, 0.0123 is 1.23 %; differences: USD/bbl"

SHEETS: Mapping[str, str] = {
    "events": "Every event: the session it counts for, kept or left out, and why.",
    "car": "Cumulative abnormal return of each kept event and window.",
    "abnormal_returns": "Return, expected return and abnormal return, day by day.",
    "average": "Averages over the events of each group, day by day.",
    "tests": "Tests across the events of each group, for each day and window.",
    "event_tests": "Tests of each event by itself.",
    "whatif": "The price without each event, with its band.",
    "levels": "Episodes above the levels of the study.",
}

SAME: Mapping[str, str] = {
    "event_id": "id of the event",
    "title": "title of the event",
    "category": "category of the event",
    "event_date": "date as given",
    "event_time": "time as given; empty where none is known",
    "session": "trading day; of an event: day 0, the first that could react",
    "shift_days": "calendar days from the local date to day 0",
    "shift_reason": "why the event was moved; empty if it was not",
    "status": "ok, or left_out",
    "reason": "why it was left out or is not complete; of a test: what it needed or drew on",
    "estimation_start": "first session of the estimation window",
    "estimation_end": "last session of the estimation window",
    "n_estimation": "returns in the estimation window",
    "window_start": "first session of the event window",
    "window_end": "last session of the event window that there is",
    "overlaps": "ids of kept events whose event windows share a session, joined by ;",
    "relative_day": "sessions from day 0",
    "start": "first relative day of the window",
    "end": "last relative day of the window",
    "price": "closing price, USD/bbl",
    "return": f"return of the session ({RETURN})",
    "expected_return": "expected return, in the unit of the returns",
    "abnormal_return": "return less expected return, in the unit of the returns",
    "car": "sum of the abnormal returns of the window, in the unit of the returns",
    "std_error": "standard error, forecast error included, in the unit of the returns",
    "t_stat": "estimate over its standard error",
    "p_value": "two-sided p value; of a test: as it says",
    "p_calibrated": "share of ordinary sessions with as large a move for their volatility",
    "p_adjusted": "p value adjusted for the number of events",
    "ci_low": "lower end of the interval that belongs to p_value, in the unit of the returns",
    "ci_high": "upper end of the interval that belongs to p_value, in the unit of the returns",
    "ci_calibrated_low": "lower end of the calibrated interval, in the unit of the returns",
    "ci_calibrated_high": "upper end of the calibrated interval, in the unit of the returns",
    "usd": "the same in dollars, USD/bbl",
    "group": "all, or column=value",
    "n_events": "events that entered",
    "aar": "average abnormal return, in the unit of the returns",
    "aar_std_error": "its cross-sectional standard error",
    "caar": "average of the CARs from the first day of the event window",
    "caar_std_error": "its cross-sectional standard error",
    "test": "name of the test",
    "statistic": "test statistic",
    "df": "degrees of freedom; empty where the law has none",
    "expected_price": "price expected without the event, USD/bbl",
    "low": "lower end of its band, USD/bbl",
    "high": "upper end of its band, USD/bbl",
    "level": "price level, USD/bbl",
    "first_session": "first session above the level",
    "last_session": "last session above it; empty while it is still above",
    "sessions_above": "sessions in a row strictly above the level",
    "peak": "highest close, USD/bbl",
    "peak_session": "session of the highest close",
    "run_up_return": "log return over the 10 sessions up to the first one, a fraction",
    "abnormal_part": "abnormal part of those sessions, in the unit of the returns",
    "events": "ids of study and catalogue events near the start or inside, joined by ;",
}


def describe(column: str) -> str:
    """Say what a column holds, with its unit.

    Examples
    --------
    >>> describe("price"), describe("p_above_90")
    ('closing price, USD/bbl', 'probability that the price without the event is above 90 USD/bbl')
    """
    level = column.removeprefix("p_above_")
    if level != column:
        return f"probability that the price without the event is above {level} USD/bbl"
    return SAME[column]
