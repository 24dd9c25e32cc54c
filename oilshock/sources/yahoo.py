"""Yahoo's daily prices through yfinance, one request a symbol, every trap told apart."""

from __future__ import annotations

import json
import logging
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import yfinance
from curl_cffi import requests
from yfinance.exceptions import YFException

from oilshock.errors import PriceError, Problem, SourceError
from oilshock.price_rows import PriceRows
from oilshock.price_series import PROVENANCE, PriceSeries, series_from_rows
from oilshock.quality import Finding, find_in_rows, iso_dates, listed
from oilshock.rolls import CONTINUOUS
from oilshock.sources import web
from oilshock.sources.known import known_series
from oilshock.typing import Bool, Record

URL_VARIABLE = "OILSHOCK_YAHOO_URL"
URL = "https://query2.finance.yahoo.com"
FIRST_DAY = date(1928, 1, 1)
COLUMNS = {"close": "Close", "adjusted": "Adj Close"}
"""The prices that Yahoo gives, and what yfinance calls them."""

_CHART = "/v8/finance/chart/"
# Beside these, an answer of another form makes yfinance stumble in Python's own words.
_STUMBLES = (KeyError, IndexError, TypeError, ValueError, AttributeError)
_CHANGED = (
    "Try again; if it stays so, update yfinance (pip install -U yfinance) or use another source."
)


@dataclass(frozen=True)
class YahooSource:
    """Daily prices of Yahoo by their tickers, such as BZ=F.

    Parameters
    ----------
    column : {"close", "adjusted"}, default "close"
        The close (adjusted for splits alone), or the close adjusted for dividends too.
    now : datetime or None, default None
        The moment that decides which bar is unfinished; None is the clock.
    """

    column: str = "close"
    now: datetime | None = None

    def fetch(self, symbol: str, *, start: date | None, end: date | None) -> PriceSeries:
        """Fetch a series up to the last finished day, with one request.

        Parameters
        ----------
        symbol : str
            The ticker.
        start, end : date or None
            First and last day wanted.

        Returns
        -------
        PriceSeries
            On the exchange's dates; the bar of a day that is not over is left out.

        Raises
        ------
        SourceError
            When Yahoo cannot be reached, knows no such ticker, or answers in another form.
        """
        where = f'yahoo "{symbol}"'
        now = self.now or datetime.now(UTC)
        frame, about = web.retried(
            lambda seconds: _download(symbol, start=start, now=now, seconds=seconds, where=where),
            where=where,
        )
        zone = str(about["exchangeTimezoneName"])
        today = now.astimezone(ZoneInfo(zone)).date()
        rows, left_out = _rows(frame, column=COLUMNS[self.column], today=today, where=where)
        if end is not None:
            rows = _until(rows, end)
        known = known_series("yahoo", symbol)
        facts = _provenance(symbol, about, column=self.column, now=now)
        is_timed = known.close is not None
        close = known.close if is_timed else _close(about, zone=zone, kind=facts["kind"])
        timezone = known.timezone if is_timed else zone if close else None
        try:
            series = series_from_rows(
                rows, name=symbol, close=close, timezone=timezone, provenance=facts
            )
        except PriceError as error:
            raise SourceError(*error.problems) from error
        return PriceSeries(
            symbol, series.prices, close, timezone, (*left_out, *series.findings), facts
        )


class _ChartSession(requests.Session):  # type: ignore[type-arg]
    """A session that sends chart requests alone: the cookie and the crumb are not needed.

    It checks each answer before yfinance sees it, since yfinance turns most failures into an
    empty frame, and tries others again by itself.
    """

    def __init__(self, *, where: str, seconds: float) -> None:
        super().__init__(headers=web.HEADERS, default_headers=False)
        self.where = where
        self.seconds = seconds
        self.about: Record = {}

    def request(self, method: str, url: str, **options: Any) -> requests.Response:  # type: ignore[override]
        """Send a chart request to Yahoo, or answer the others with nothing."""
        _, found, rest = url.partition(_CHART)
        if not found:
            return requests.Response()
        params = {key: value for key, value in options["params"].items() if key != "crumb"}
        target = f"{os.environ.get(URL_VARIABLE, URL)}{_CHART}{rest}"
        send: Callable[..., requests.Response] = super().request

        def once() -> requests.Response:
            limits = web.limits(self.seconds)
            return _readable(send(method, target, params=params, timeout=limits))

        response = web.ask(once, where=self.where)
        self.about = _checked(response, where=self.where)
        return response


def _readable(response: requests.Response) -> requests.Response:
    """Let an error that Yahoo explains in JSON through, whatever its status."""
    if response.status_code in (400, 404, 422):
        try:
            explained = response.json()["chart"]["error"]["description"]
        except _STUMBLES:
            return response
        if isinstance(explained, str):
            response.status_code = 200
            response.headers["Content-Type"] = "application/json"
    return response


def _checked(response: requests.Response, *, where: str) -> Record:
    """Return what an answer says of its series; refuse one of another form."""
    body = web.content_of(response, where=where, kind="JSON", types=("application/json",))
    try:
        chart = json.loads(body)["chart"]
        if chart["error"]:
            said = str(chart["error"]["description"]).rstrip(".")
            fix = "Check the ticker at finance.yahoo.com."
            raise SourceError(Problem(where, f"Yahoo says: {said}.", fix=fix))
        (result,) = chart["result"]
        about: Record = result["meta"]
        ZoneInfo(about["exchangeTimezoneName"])
        n_stamps = len(result["timestamp"])
        quote = result["indicators"]["quote"][0]
        lengths = {name: len(quote[name]) for name in ("open", "high", "low", "close")}
    except (*_STUMBLES, OSError) as error:
        message = f"the answer has another form than expected ({type(error).__name__}: {error})."
        raise SourceError(Problem(where, message, fix=_CHANGED)) from error
    if about.get("dataGranularity") != "1d" or set(lengths.values()) != {n_stamps}:
        message = (
            f"the answer is not daily or not even: bars of {about.get('dataGranularity')}, "
            f"{n_stamps} stamps, {lengths['close']} prices."
        )
        raise SourceError(Problem(where, message, fix=_CHANGED))
    _refuse_two_prices(result, zone=about["exchangeTimezoneName"], where=where)
    return about


def _refuse_two_prices(result: Record, *, zone: str, where: str) -> None:
    """Refuse a day with two closes, of which yfinance would keep one; the last may be live."""
    closes: dict[date, float] = {}
    pairs = zip(result["timestamp"], result["indicators"]["quote"][0]["close"], strict=True)
    for stamp, close in list(pairs)[:-1]:
        if close is None:
            continue
        try:
            day = datetime.fromtimestamp(stamp, tz=ZoneInfo(zone)).date()
        except (TypeError, ValueError, OverflowError, OSError) as error:
            message = f"the answer has a stamp that is no time ({stamp!r})."
            raise SourceError(Problem(where, message, fix=_CHANGED)) from error
        if closes.setdefault(day, close) != close:
            message = f"the answer has two closes on {day}, {closes[day]} and {close}."
            raise SourceError(Problem(where, message, fix=_CHANGED))


def _download(
    symbol: str, *, start: date | None, now: datetime, seconds: float, where: str
) -> tuple[pd.DataFrame, Record]:
    """Ask yfinance for daily bars as they are, holidays and unfinished day included."""
    for name in ("yfinance", "peewee"):
        logging.getLogger(name).addHandler(logging.NullHandler())
    session = _ChartSession(where=where, seconds=seconds)
    # An end in the future: yfinance keeps answers on a past range in memory.
    end = max(now, datetime.now(UTC)).date() + timedelta(days=2)
    try:
        with session, _errors_raised():
            ticker = yfinance.Ticker(symbol, session=session)
            # The zone only reads `start`; asking for it would be a second request.
            ticker._tz = "UTC"
            # Charts need neither cookie nor crumb; looking for them would open a database.
            ticker._data._cookie, ticker._data._crumb = True, ""
            frame = ticker.history(
                start=start or FIRST_DAY, end=end, auto_adjust=False, actions=False, keepna=True
            )
    except YFException as error:
        said = str(error).rstrip(".")
        raise SourceError(Problem(where, f"{said}.", fix="Check the ticker.")) from error
    except _STUMBLES as error:
        message = f"yfinance cannot read the answer ({type(error).__name__}: {error})."
        raise SourceError(Problem(where, message, fix=_CHANGED)) from error
    if frame.empty:
        message = "yfinance gave an empty frame and no reason."
        raise SourceError(Problem(where, message, fix=_CHANGED))
    return frame, session.about


@contextmanager
def _errors_raised() -> Iterator[None]:
    """Let yfinance raise what goes wrong while the body runs, and keep its warnings to itself."""
    before = yfinance.config.debug.hide_exceptions
    yfinance.config.debug.hide_exceptions = False
    try:
        with warnings.catch_warnings():
            # They tell yfinance's authors of changes in pandas.
            warnings.simplefilter("ignore")
            yield
    finally:
        yfinance.config.debug.hide_exceptions = before


def _rows(
    frame: pd.DataFrame, *, column: str, today: date, where: str
) -> tuple[PriceRows, tuple[Finding, ...]]:
    """Take the exchange's dates and one price; leave out what is no finished session."""
    if isinstance(frame.columns, pd.MultiIndex):
        frame = frame.droplevel(1, axis="columns")
    missing = [name for name in ("Open", "High", "Low", "Close", column) if name not in frame]
    if missing:
        message = f"there is no column {listed(missing)}; there are {listed(list(frame.columns))}."
        raise SourceError(Problem(where, message, fix=_CHANGED))
    stamps = pd.DatetimeIndex(frame.index)
    days = stamps.tz_localize(None).to_numpy().astype("datetime64[D]")
    values = frame[column].to_numpy(dtype=np.float64)
    is_open = days >= np.datetime64(today, "D")
    is_flat = _holidays(frame) & ~is_open
    keep = ~is_open & ~is_flat
    findings = find_in_rows(holiday_row=iso_dates(days[is_flat]))
    if is_open.any():
        dates = iso_dates(days[is_open])
        message = f"The bar of {listed(dates)} was left out: that day is not over at the exchange."
        findings = (*findings, Finding("unfinished", len(dates), message, dates))
    numbers = np.flatnonzero(keep) + 1
    rows = PriceRows(where, column, numbers, days[keep], values[keep], ())
    return rows, findings


def _holidays(frame: pd.DataFrame) -> Bool:
    """Find bars that repeat the close before, without range and without volume.

    A series whose bars never have a range (a fixing, a fund) is left alone.
    """
    prices = frame[["Open", "High", "Low", "Close"]].to_numpy(dtype=np.float64)
    flat = (prices == prices[:, :1]).all(axis=1)
    if flat.mean() > 0.1:
        return np.zeros(len(frame), dtype=np.bool_)
    idle = np.ones(len(frame), dtype=np.bool_)
    if "Volume" in frame:
        idle = np.nan_to_num(frame["Volume"].to_numpy(dtype=np.float64)) == 0.0
    same = np.zeros(len(frame), dtype=np.bool_)
    same[1:] = prices[1:, 3] == prices[:-1, 3]
    return np.asarray(flat & idle & same)


def _until(rows: PriceRows, end: date) -> PriceRows:
    keep = rows.days <= np.datetime64(end, "D")
    return PriceRows(
        rows.where, rows.field, rows.numbers[keep], rows.days[keep], rows.prices[keep], ()
    )


def _provenance(
    symbol: str, about: Mapping[str, Any], *, column: str, now: datetime
) -> dict[str, str]:
    known = known_series("yahoo", symbol)
    is_future = symbol.endswith("=F") or about.get("instrumentType") == "FUTURE"
    words = {
        "close": "Close of the day, adjusted for splits, not for dividends.",
        "adjusted": "Close of the day, adjusted for splits and dividends.",
    }
    name = str(about.get("longName") or about.get("shortName") or symbol)
    return dict.fromkeys(PROVENANCE, "") | {
        "label": known.label or name,
        "title": known.title or name,
        "kind": known.kind or (CONTINUOUS if is_future else str(about.get("instrumentType", ""))),
        "unit": known.unit or str(about.get("currency") or ""),
        "publisher": f"Yahoo Finance ({about.get('fullExchangeName') or 'exchange not named'})",
        "series_id": symbol,
        "licence": "Yahoo's terms: personal use, no redistribution",
        "as_of": now.astimezone(UTC).date().isoformat(),
        "note": words[column],
    }


def _close(about: Mapping[str, Any], *, zone: str, kind: str) -> str | None:
    """Read the close off the trading hours; a future has none there but the end of its day."""
    if kind == CONTINUOUS:
        return None
    try:
        stamp = about["currentTradingPeriod"]["regular"]["end"]
        return f"{datetime.fromtimestamp(int(stamp), tz=ZoneInfo(zone)):%H:%M}"
    except (KeyError, TypeError, ValueError, OSError):
        return None
