"""What is known beforehand of the usual series: what they are called, and when their day ends."""

from __future__ import annotations

from dataclasses import dataclass

from oilshock.rolls import CONTINUOUS


@dataclass(frozen=True)
class KnownSeries:
    """Label, title, unit and close of a series; empty where not known."""

    label: str = ""
    title: str = ""
    kind: str = ""
    unit: str = ""
    close: str | None = None
    timezone: str | None = None
    spot: str = ""


_LONDON = "Europe/London"
_NEW_YORK = "America/New_York"

KNOWN = {
    "yahoo": {
        "BZ=F": KnownSeries(
            "Brent futures",
            "Brent crude futures, front month",
            CONTINUOUS,
            "USD/bbl",
            "19:30",
            _LONDON,
            spot="brent-spot",
        ),
        "CL=F": KnownSeries(
            "WTI futures",
            "WTI crude futures, front month",
            CONTINUOUS,
            "USD/bbl",
            "14:30",
            _NEW_YORK,
        ),
        "HG=F": KnownSeries(
            "Copper futures",
            "Copper futures, front month",
            CONTINUOUS,
            "USD/lb",
            "13:00",
            _NEW_YORK,
        ),
        "DX-Y.NYB": KnownSeries(
            "U.S. dollar index", "ICE U.S. dollar index", "index", "index", "17:00", _NEW_YORK
        ),
        "^GSPC": KnownSeries("S&P 500", "S&P 500 index", "index", "index", "16:00", _NEW_YORK),
        "^VIX": KnownSeries(
            "VIX", "CBOE volatility index", "index", "annual per cent", "16:15", _NEW_YORK
        ),
    },
    "fred": {
        "DCOILBRENTEU": KnownSeries(
            "Brent spot",
            "Europe Brent spot price FOB, daily",
            "spot",
            "USD/bbl",
            "16:30",
            _LONDON,
        ),
        "DCOILWTICO": KnownSeries(
            "WTI spot",
            "Cushing, Oklahoma WTI spot price FOB, daily",
            "spot",
            "USD/bbl",
            "14:30",
            _NEW_YORK,
        ),
        "DTWEXBGS": KnownSeries(
            "Broad U.S. dollar index",
            "Nominal broad U.S. dollar index, daily",
            "index",
            "index, January 2006 = 100",
            "16:00",
            _NEW_YORK,
        ),
        "DGS10": KnownSeries(
            "10-year Treasury yield",
            "Market yield on U.S. Treasury securities at 10-year constant maturity",
            "yield",
            "per cent a year",
            "15:30",
            _NEW_YORK,
        ),
    },
}


def known_series(source: str, symbol: str) -> KnownSeries:
    """Return what is known of a series of Yahoo or FRED.

    Examples
    --------
    >>> known_series("fred", "DCOILBRENTEU").close
    '16:30'
    >>> known_series("yahoo", "SHEL.L").unit
    ''
    """
    return KNOWN[source].get(symbol, KnownSeries())
