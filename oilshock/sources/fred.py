"""FRED, the data service of the Federal Reserve Bank of St. Louis: public CSV, no key."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from oilshock.errors import PriceError, Problem, SourceError
from oilshock.price_columns import Choice
from oilshock.price_files import read_file_as_rows
from oilshock.price_series import PROVENANCE, PriceSeries, clip, series_from_rows
from oilshock.sources import web
from oilshock.sources.known import known_series

URL_VARIABLE = "OILSHOCK_FRED_URL"
URL = "https://fred.stlouisfed.org"
TYPES = ("text/csv", "application/csv", "application/octet-stream", "text/plain")
DATE_COLUMNS = ("observation_date", "date")


@dataclass(frozen=True)
class FredSource:
    """Daily series of FRED by their ids, such as DCOILBRENTEU."""

    def fetch(self, symbol: str, *, start: date | None, end: date | None) -> PriceSeries:
        """Fetch a series with one request; days without a value are left out and listed.

        Parameters
        ----------
        symbol : str
            The id of the series.
        start, end : date or None
            First and last day wanted.

        Returns
        -------
        PriceSeries
            The values, with publisher and as-of date.

        Raises
        ------
        SourceError
            When FRED gives no such series, or an answer that is not its CSV.
        """
        where = f'fred "{symbol}"'
        params = {"id": symbol}
        if start is not None:
            params["cosd"] = start.isoformat()
        if end is not None:
            params["coed"] = end.isoformat()
        url = f"{os.environ.get(URL_VARIABLE, URL)}/graph/fredgraph.csv"

        def once(seconds: float) -> bytes:
            with web.session() as session:
                response = web.ask(
                    lambda: session.get(url, params=params, timeout=web.limits(seconds)),
                    where=where,
                )
            return web.content_of(response, where=where, kind="CSV", types=TYPES)

        series = _parse(web.retried(once, where=where), symbol=symbol, where=where)
        return clip(series, start=None, end=end)


def _parse(data: bytes, *, symbol: str, where: str) -> PriceSeries:
    known = known_series("fred", symbol)
    header = data.partition(b"\n")[0].decode("utf-8-sig", errors="replace").strip()
    names = [name.strip().strip('"') for name in header.split(",")]
    changed = [len(names) != 2, names[0].lower() not in DATE_COLUMNS, names[-1] != symbol]
    if any(changed) or not data.endswith(b"\n"):
        what = "was cut off" if not any(changed) else f'has another form: its header is "{header}"'
        fix = 'Try again; if it stays so, save the series as CSV and use source = "file".'
        raise SourceError(Problem(where, f"the answer {what}.", fix=fix))
    today = datetime.now(UTC).date().isoformat()
    facts = dict.fromkeys(PROVENANCE, "") | {
        "label": known.label,
        "title": known.title or symbol,
        "kind": known.kind or "series",
        "unit": known.unit,
        "publisher": "Federal Reserve Bank of St. Louis (FRED)",
        "series_id": symbol,
        "as_of": today,
        "note": "Fetched from FRED's public CSV; days without a value make no session.",
    }
    choice = Choice(ZoneInfo(known.timezone or "America/New_York"), date=names[0], price=symbol)
    try:
        rows = read_file_as_rows(data, suffix=".csv", where=where, choice=choice)
        return series_from_rows(
            rows, name=symbol, close=known.close, timezone=known.timezone, provenance=facts
        )
    except PriceError as error:
        raise SourceError(*error.problems) from error
