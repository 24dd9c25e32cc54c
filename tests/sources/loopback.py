"""A server on loopback that answers as Yahoo's chart API and FRED's CSV do, with own figures.

Faults are queued: each request takes the next one, until none is left.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

Fault = Callable[["Handler"], None]


def walk(first: str, last: str, *, seed: int = 1, start: float = 80.0) -> dict[date, float]:
    """Prices of all weekdays from `first` to `last`, made up: the same for the same seed."""
    days = pd.bdate_range(first, last)
    steps = np.random.default_rng(seed).normal(scale=0.02, size=len(days))
    prices = np.round(start * np.exp(np.cumsum(steps)), 2)
    return {day.date(): float(price) for day, price in zip(days, prices, strict=True)}


@dataclass
class Chart:
    """What the chart API knows of one ticker."""

    closes: dict[date, float | None]
    zone: str = "America/New_York"
    hour: int = 0
    meta: dict[str, Any] = field(default_factory=dict)
    adjusted: dict[date, float] | None = None
    flat: set[date] = field(default_factory=set)

    def to_json(self, first: date | None, last: date | None) -> dict[str, Any]:
        """Build an answer as the API gives it."""
        days = [
            day
            for day in self.closes
            if (first is None or day >= first) and (last is None or day <= last)
        ]
        stamps = [
            int(datetime(d.year, d.month, d.day, self.hour, tzinfo=ZoneInfo(self.zone)).timestamp())
            for d in days
        ]
        closes = [self.closes[day] for day in days]
        adjusted = [(self.adjusted or self.closes)[day] for day in days]

        def off(by: float) -> list[float | None]:
            pairs = zip(days, closes, strict=True)
            return [c if c is None or d in self.flat else round(c + by, 4) for d, c in pairs]

        volume = [None if c is None else 0 if d in self.flat else 1000 for d, c in
                  zip(days, closes, strict=True)]  # fmt: skip
        meta = {
            "currency": "USD",
            "symbol": "TEST",
            "exchangeName": "NYM",
            "fullExchangeName": "NY Mercantile",
            "instrumentType": "FUTURE",
            "firstTradeDate": stamps[0] if stamps else None,
            "regularMarketTime": stamps[-1] if stamps else None,
            "hasPrePostMarketData": False,
            "gmtoffset": -18000,
            "timezone": "EST",
            "exchangeTimezoneName": self.zone,
            "regularMarketPrice": closes[-1] if closes else None,
            "shortName": "Test series",
            "priceHint": 2,
            "currentTradingPeriod": {
                name: {"timezone": "EST", "start": 1700577000, "end": 1700600400, "gmtoffset": 0}
                for name in ("pre", "regular", "post")
            },
            "dataGranularity": "1d",
            "range": "",
            "validRanges": ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"],
        } | self.meta  # fmt: skip
        quote = {
            "open": off(0.1),
            "high": off(0.5),
            "low": off(-0.5),
            "close": closes,
            "volume": volume,
        }
        result = {
            "meta": meta,
            "timestamp": stamps,
            "indicators": {"quote": [quote], "adjclose": [{"adjclose": adjusted}]},
        }
        return {"chart": {"result": [result], "error": None}}


class Market:
    """The data and the script of the server."""

    def __init__(self) -> None:
        self.charts: dict[str, Chart] = {}
        self.fred: dict[str, dict[date, float | None]] = {}
        self.faults: deque[Fault] = deque()
        self.seen: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.url = ""

    @property
    def paths(self) -> list[str]:
        """Paths of the requests so far."""
        return [path for path, _, _ in self.seen]


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    market: Market

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer from the script, else from the data."""
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.market.seen.append((path, query, dict(self.headers)))
        if self.market.faults:
            self.market.faults.popleft()(self)
        elif path.startswith("/v8/finance/chart/"):
            self._chart(path.rpartition("/")[2], query)
        elif path == "/graph/fredgraph.csv":
            self._fred(query)
        else:
            self.give(404, "text/html", b"<html>no such page</html>")

    def give(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        """Send a whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _chart(self, symbol: str, query: dict[str, str]) -> None:
        chart = self.market.charts.get(symbol)
        if chart is None:
            error = {"code": "Not Found", "description": "No data found, symbol may be delisted"}
            body = {"chart": {"result": None, "error": error}}
            self.give(404, "application/json;charset=utf-8", json.dumps(body).encode())
            return
        first, last = (
            (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(query[key]))).date()
            for key in ("period1", "period2")
        )
        body = json.dumps(chart.to_json(first, last)).encode()
        self.give(200, "application/json;charset=utf-8", body)

    def _fred(self, query: dict[str, str]) -> None:
        values = self.market.fred.get(query["id"])
        if values is None:
            self.give(404, "text/html; charset=utf-8", b"<!DOCTYPE html><html>Not found</html>")
            return
        first = query.get("cosd", "0")
        rows = [
            f"{day},{'' if value is None else value}\n"
            for day, value in values.items()
            if day.isoformat() >= first
        ]
        body = f"observation_date,{query['id']}\n{''.join(rows)}".encode()
        self.give(200, "application/csv", body)


def status(code: int, **headers: str) -> Fault:
    """Answer with a status and a page of HTML."""
    return lambda handler: handler.give(code, "text/html", b"<html>error</html>", **headers)


def content(kind: str, body: bytes) -> Fault:
    """Answer 200 with this body."""
    return lambda handler: handler.give(200, kind, body)


def silence(seconds: float) -> Fault:
    """Answer nothing for a while, then close."""

    def fault(handler: Handler) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return fault


def cut(handler: Handler) -> None:
    """Promise a long body, send its start, and reset the connection."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b'{"chart":{"result":[{"meta":{"cur')
    handler.wfile.flush()
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.close_connection = True


@contextmanager
def serving(market: Market) -> Iterator[Market]:
    """Run the server on a free port of loopback."""
    handler = type("OwnHandler", (Handler,), {"market": market})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    market.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield market
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
