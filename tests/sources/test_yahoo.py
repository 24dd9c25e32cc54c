"""Yahoo through the real yfinance and the real HTTP client, against a server on loopback."""

from __future__ import annotations

import json
import logging
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
import yfinance
from loopback import Chart, Fault, Market, content, cut, silence, status, walk

from oilshock import __version__
from oilshock.errors import SourceError
from oilshock.sources.yahoo import YahooSource

JSON = "application/json;charset=utf-8"
EVENING = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # Friday 22:00 in New York
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def fetch(symbol: str = "BZ=F", *, now: datetime = MONDAY, **given: Any) -> Any:
    span = {"start": given.pop("start", None), "end": given.pop("end", None)}
    return YahooSource(now=now, **given).fetch(symbol, **span)


def prices_of(series: Any) -> dict[date, float]:
    return {day.date(): price for day, price in series.prices.items()}


def test_prices_are_those_of_the_exchange_days(market: Market) -> None:
    series = fetch()
    assert prices_of(series) == market.charts["BZ=F"].closes
    assert (series.close, series.timezone) == ("19:30", "Europe/London")
    assert series.provenance["kind"] == "continuous future"
    assert series.provenance["as_of"] == "2026-11-23"
    assert series.findings == ()


def test_one_request_that_says_who_asks(market: Market) -> None:
    fetch(start=date(2026, 1, 1), end=date(2026, 10, 30))
    ((path, query, headers),) = market.seen
    assert path == "/v8/finance/chart/BZ=F"
    assert "crumb" not in query
    assert headers["User-Agent"] == f"Mozilla/5.0 (compatible; oilshock/{__version__})"
    assert datetime.fromtimestamp(int(query["period1"]), tz=UTC).date() == date(2026, 1, 1)


def test_start_and_end(market: Market) -> None:
    days = list(prices_of(fetch(start=date(2026, 1, 1), end=date(2026, 10, 30))))
    assert (days[0], days[-1]) == (date(2026, 1, 1), date(2026, 10, 30))


@pytest.mark.parametrize("zone", ["Europe/London", "Asia/Tokyo", "America/New_York", "UTC"])
def test_days_are_those_of_the_exchange_whatever_its_zone(market: Market, zone: str) -> None:
    # Midnight of London in summer is the day before in UTC; that of Tokyo always is.
    closes = dict(walk("2026-03-01", "2026-11-20"))
    market.charts["X"] = Chart(closes, zone=zone)
    assert prices_of(fetch("X")) == closes


def test_the_bar_of_a_day_that_is_not_over_is_left_out(market: Market) -> None:
    series = fetch(now=EVENING)
    assert series.prices.index[-1].date() == date(2026, 11, 19)
    (finding,) = series.findings
    assert (finding.kind, finding.dates) == ("unfinished", ("2026-11-20",))
    assert "2026-11-20 was left out" in finding.message


def test_a_live_bar_with_the_stamp_of_the_moment(market: Market) -> None:
    body = market.charts["BZ=F"].to_json(None, None)
    body["chart"]["result"][0]["timestamp"][-1] = int(EVENING.timestamp()) - 60
    market.faults.append(content(JSON, json.dumps(body).encode()))
    assert fetch(now=EVENING).prices.index[-1].date() == date(2026, 11, 19)


def test_holidays_make_no_session_whether_missing_empty_or_repeated(market: Market) -> None:
    chart = market.charts["BZ=F"]
    missing, empty, repeated = date(2026, 1, 1), date(2026, 4, 3), date(2026, 5, 25)
    before = chart.closes[date(2026, 5, 22)]
    del chart.closes[missing]
    chart.closes |= {empty: None, repeated: before}
    chart.flat.add(repeated)
    series = fetch()
    assert not {missing, empty, repeated} & set(prices_of(series))
    said = {finding.kind: finding.dates for finding in series.findings}
    assert said == {"no_price": ("2026-04-03",), "holiday_row": ("2026-05-25",)}


def test_a_day_twice(market: Market) -> None:
    def twice(result: dict[str, Any], *, by: float) -> None:
        quote = result["indicators"]["quote"][0]
        result["timestamp"].insert(9, result["timestamp"][8] + 60)
        for values in (*quote.values(), result["indicators"]["adjclose"][0]["adjclose"]):
            values.insert(9, values[8] + by)

    day = list(market.charts["BZ=F"].closes)[8]
    market.faults.append(edited(market, lambda result: twice(result, by=1.0)))
    with pytest.raises(SourceError, match=f"two closes on {day}"):
        fetch()
    market.faults.append(edited(market, lambda result: twice(result, by=0.0)))
    assert prices_of(fetch()) == market.charts["BZ=F"].closes


def test_an_equal_close_with_trade_is_a_session(market: Market) -> None:
    closes = market.charts["BZ=F"].closes
    closes[date(2026, 5, 25)] = closes[date(2026, 5, 22)]
    assert date(2026, 5, 25) in prices_of(fetch())


def test_a_fixing_without_range_keeps_its_ties(market: Market) -> None:
    closes = dict(walk("2026-01-01", "2026-11-20"))
    closes[date(2026, 5, 25)] = closes[date(2026, 5, 22)]
    market.charts["FIX"] = Chart(closes, flat=set(closes))
    assert prices_of(fetch("FIX")) == closes


def test_close_and_adjusted_close_are_told_apart(market: Market) -> None:
    chart = market.charts["^GSPC"]
    adjusted = {day: round(0.9 * price, 4) for day, price in chart.closes.items() if price}
    chart.adjusted = adjusted
    assert prices_of(fetch("^GSPC")) == chart.closes
    series = fetch("^GSPC", column="adjusted")
    assert prices_of(series) == adjusted
    assert "and dividends" in series.provenance["note"]


def test_prices_below_zero_come_through(market: Market) -> None:
    market.charts["BZ=F"].closes[date(2026, 4, 20)] = -36.98
    assert prices_of(fetch())[date(2026, 4, 20)] == -36.98


def test_the_close_of_a_stock_is_that_of_its_trading_hours(market: Market) -> None:
    about = {
        "instrumentType": "EQUITY",
        "longName": "Shell plc",
        "currency": "GBp",
        "currentTradingPeriod": {
            name: {"timezone": "GMT", "start": 1795680000, "end": 1795710600, "gmtoffset": 0}
            for name in ("pre", "regular", "post")
        },
    }
    market.charts["SHEL.L"] = Chart(
        dict(walk("2026-01-01", "2026-11-20")), "Europe/London", 8, about
    )
    series = fetch("SHEL.L")
    assert (series.close, series.timezone) == ("16:30", "Europe/London")
    assert (series.provenance["label"], series.provenance["unit"]) == ("Shell plc", "GBp")


def test_an_unknown_future_has_no_close(market: Market) -> None:
    market.charts["NG=F"] = Chart(dict(walk("2026-01-01", "2026-11-20")))
    series = fetch("NG=F")
    assert (series.close, series.timezone) == (None, None)
    assert series.provenance["kind"] == "continuous future"


def test_columns_of_two_levels_are_read_too() -> None:
    from oilshock.sources import yahoo

    names = ["Open", "High", "Low", "Close", "Adj Close", "Volume"]
    days = pd.DatetimeIndex(["2026-11-19", "2026-11-20"], tz="America/New_York")
    columns = pd.MultiIndex.from_product([names, ["BZ=F"]], names=["Price", "Ticker"])
    frame = pd.DataFrame([[1.0, 2.0, 0.5, 1.5, 1.5, 9.0]] * 2, days, columns)
    rows, _ = yahoo._rows(frame, column="Close", today=date(2026, 11, 21), where="x")
    assert rows.prices.tolist() == [1.5, 1.5]


def edited(market: Market, edit: Any) -> Fault:
    """The right answer, with a change."""
    body = market.charts["BZ=F"].to_json(None, None)
    edit(body["chart"]["result"][0])
    return content(JSON, json.dumps(body).encode())


def drop(*path: str) -> Any:
    def edit(result: dict[str, Any]) -> None:
        *way, last = path
        for part in way:
            result = result[part] if part != "0" else result[0]  # type: ignore[index]
        del result[last]

    return edit


CHANGED = {
    "no stamps": drop("timestamp"),
    "no closes": drop("indicators", "quote", "0", "close"),
    "no zone": drop("meta", "exchangeTimezoneName"),
    "no indicators": drop("indicators"),
    "a zone of nowhere": lambda r: r["meta"].update(exchangeTimezoneName="Mars/Olympus"),
    "monthly bars": lambda r: r["meta"].update(dataGranularity="1mo"),
    "uneven": lambda r: r["indicators"]["quote"][0]["close"].pop(),
    "texts for prices": lambda r: r["indicators"]["quote"][0].update(
        close=["x"] * len(r["timestamp"])
    ),
    "texts for stamps": lambda r: r.update(timestamp=["x"] * len(r["timestamp"])),
    "no volume": drop("indicators", "quote", "0", "volume"),
    "no instrument": drop("meta", "instrumentType"),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_schema_is_an_error(market: Market, name: str) -> None:
    market.faults.append(edited(market, CHANGED[name]))
    with pytest.raises(SourceError, match='yahoo "BZ=F": ') as caught:
        fetch()
    assert caught.value.problems[0].fix
    assert len(market.seen) == 1


FAULTS: dict[str, tuple[Fault, str]] = {
    "404": (status(404), "no such series"),
    "403": (status(403), r"refused \(HTTP 403\)"),
    "429": (status(429), r"too many requests \(HTTP 429\) \(4 tries\)"),
    "429, later": (status(429, Retry_After="3600"), "asks to wait 3600 s"),
    "500": (status(500), r"error \(HTTP 500\) \(4 tries\)"),
    "503": (status(503), "HTTP 503"),
    "silence": (silence(1.0), "no answer within"),
    "cut": (cut, "the connection broke"),
    "html": (content("text/html", b"<html>Will be right back</html>"), "HTML came, JSON is"),
    "html as json": (content(JSON, b"<html>oops</html>"), "HTML came"),
    "wrong type": (content("text/csv", b'{"chart":{}}'), "text/csv came, JSON is expected"),
    "no type": (content("", b"{}"), "no content type came"),
    "empty": (content(JSON, b""), "an empty answer"),
    "empty json": (content(JSON, b"{}"), "another form"),
    "a list": (content(JSON, b"[]"), "another form"),
    "null": (content(JSON, b"null"), "another form"),
    "half json": (content(JSON, b'{"chart":{"result":[{"me'), "another form"),
    "no result": (content(JSON, b'{"chart":{"result":[],"error":null}}'), "another form"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_an_error_and_never_a_number(market: Market, name: str) -> None:
    fault, words = FAULTS[name]
    market.faults.extend([fault] * 9)
    with pytest.raises(SourceError, match=words) as caught:
        fetch()
    (problem,) = caught.value.problems
    assert problem.where == 'yahoo "BZ=F"'
    assert problem.fix
    assert not isinstance(caught.value.__context__, AttributeError)


@pytest.mark.parametrize("name", ["429", "500", "503", "silence", "cut"])
def test_a_passing_fault_is_tried_again(market: Market, name: str) -> None:
    market.faults.append(FAULTS[name][0])
    assert prices_of(fetch()) == market.charts["BZ=F"].closes
    assert len(market.seen) == 2


def test_the_wait_that_a_server_asks_for_is_kept(market: Market) -> None:
    market.faults.append(status(429, Retry_After="1"))
    start = datetime.now(UTC)
    fetch()
    assert datetime.now(UTC) - start >= timedelta(seconds=1)


def test_an_unknown_ticker_is_told_from_no_network(market: Market) -> None:
    with pytest.raises(SourceError, match="Yahoo says: No data found, symbol may be delisted"):
        fetch("NOPE")
    assert len(market.seen) == 1


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OILSHOCK_YAHOO_URL", "http://127.0.0.1:9")
    with pytest.raises(SourceError, match=r'no connection.*`--offline` uses.*source = "bundled"'):
        fetch()


def test_yfinance_is_left_as_it_was(
    market: Market, capfd: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    market.faults.append(status(500))
    before = yfinance.config.debug.hide_exceptions
    fetch()
    assert yfinance.config.debug.hide_exceptions is before
    assert capfd.readouterr() == ("", "")
    assert not recwarn.list
    assert logging.getLogger().level == logging.WARNING
