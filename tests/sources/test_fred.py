"""FRED's public CSV through the real HTTP client, against a server on loopback."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from loopback import Fault, Market, content, cut, silence, status

from oilshock.errors import SourceError
from oilshock.sources.fred import FredSource

CSV = "application/csv"
HEAD = b"observation_date,DCOILBRENTEU\n"


def fetch(symbol: str = "DCOILBRENTEU", *, start: date | None = None) -> Any:
    return FredSource().fetch(symbol, start=start, end=None)


def test_values_and_what_is_known_of_them(market: Market) -> None:
    values = market.fred["DCOILBRENTEU"]
    values[date(2026, 4, 3)] = None
    series = fetch()
    assert {day.date(): price for day, price in series.prices.items()} == {
        day: value for day, value in values.items() if value is not None
    }
    assert [(f.kind, f.dates) for f in series.findings] == [("no_price", ("2026-04-03",))]
    assert (series.close, series.timezone) == ("16:30", "Europe/London")
    assert series.provenance["kind"] == "spot"
    assert series.provenance["as_of"] == datetime.now(UTC).date().isoformat()


def test_one_request_for_what_is_wanted(market: Market) -> None:
    series = fetch(start=date(2026, 10, 1))
    assert series.prices.index[0].date() == date(2026, 10, 1)
    ((path, query, headers),) = market.seen
    assert (path, query) == (
        "/graph/fredgraph.csv",
        {"id": "DCOILBRENTEU", "cosd": "2026-10-01"},
    )
    assert "oilshock/" in headers["User-Agent"]


FAULTS: dict[str, tuple[Fault, str]] = {
    "404": (status(404), "no such series"),
    "429": (status(429), r"too many requests \(HTTP 429\) \(4 tries\)"),
    "429, later": (status(429, Retry_After="Wed, 21 Oct 2099 07:28:00 GMT"), "asks to wait"),
    "500": (status(500), r"error \(HTTP 500\) \(4 tries\)"),
    "silence": (silence(1.0), "no answer within"),
    "cut": (cut, "the connection broke"),
    "html": (content("text/html", b"<html>Not found</html>"), "HTML came, CSV is expected"),
    "html as csv": (content(CSV, b"<!DOCTYPE html>"), "HTML came, CSV is expected"),
    "json": (content("application/json", b"{}"), "application/json came"),
    "empty": (content(CSV, b""), "an empty answer"),
    "other header": (content(CSV, b"a,b\n2024-01-02,1\n"), 'its header is "a,b"'),
    "other series": (content(CSV, b"observation_date,X\n2024-01-02,1\n"), "another form"),
    "more columns": (content(CSV, HEAD.replace(b"\n", b",X\n")), "another form"),
    "cut in a number": (content(CSV, HEAD + b"2024-01-02,80\n2024-01-03,8"), "was cut off"),
    "no rows": (content(CSV, HEAD), "0 prices found"),
    "a text": (content(CSV, HEAD + b"2024-01-02,80\n2024-01-03,x\n"), '"x" is not a number'),
    "a date": (content(CSV, HEAD + b"2024-01-02,80\n2024-31-01,9\n"), "is not a date"),
    "two values": (content(CSV, HEAD + b"2024-01-02,80\n2024-01-02,81\n"), "two prices"),
    "infinite": (content(CSV, HEAD + b"2024-01-02,80\n2024-01-03,inf\n"), "finite"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_an_error_and_never_a_number(market: Market, name: str) -> None:
    fault, words = FAULTS[name]
    market.faults.extend([fault] * 9)
    with pytest.raises(SourceError, match=words) as caught:
        fetch()
    assert caught.value.problems[0].where == 'fred "DCOILBRENTEU"'
    assert caught.value.problems[0].fix


@pytest.mark.parametrize("name", ["429", "500", "silence", "cut"])
def test_a_passing_fault_is_tried_again(market: Market, name: str) -> None:
    market.faults.append(FAULTS[name][0])
    assert len(fetch().prices) == len(market.fred["DCOILBRENTEU"])
    assert len(market.seen) == 2


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OILSHOCK_FRED_URL", "http://no-such-host.invalid")
    with pytest.raises(SourceError, match=r'no connection.*`--offline` uses.*source = "bundled"'):
        fetch()
