"""Files of prices as a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from oilshock.price_dialect import DateOrder, Decimal
from oilshock.price_series import PriceSeries, clip
from oilshock.prices import read_contracts, read_file
from oilshock.rolls import CONTINUOUS


@dataclass(frozen=True)
class FileSource:
    """CSV, Excel and Parquet files; the symbol is the path.

    Parameters
    ----------
    base : Path
        The folder that relative paths start from.
    name : str, default ""
        Name of the series; empty takes the file's stem.
    date_column, price_column : str or None, default None
        Column names; None finds the column.
    close, timezone : str or None, default None
        When and where the market closes.
    date_order : {"ymd", "dmy", "mdy"} or None, default None
        How dates such as 03/04/2024 are meant; None takes only what the dates prove.
    decimal : {".", ","} or None, default None
        The decimal sign; None takes only what the numbers prove.
    sheet : str or None, default None
        Sheet of an Excel file.
    continuous : bool, default False
        Whether the series is a continuous future, which jumps at each roll.
    contracts : str, sequence of str or None, default None
        The column or columns of several contracts, which are joined.
    roll_days : int, default 5
        Sessions before the last of a contract on which the next one takes over.
    """

    base: Path
    name: str = ""
    date_column: str | None = None
    price_column: str | None = None
    close: str | None = None
    timezone: str | None = None
    date_order: DateOrder | None = None
    decimal: Decimal | None = None
    sheet: str | None = None
    continuous: bool = False
    contracts: str | Sequence[str] | None = None
    roll_days: int = 5

    def fetch(self, symbol: str, *, start: date | None, end: date | None) -> PriceSeries:
        """Read a file.

        Parameters
        ----------
        symbol : str
            Its path.
        start, end : date or None
            First and last day wanted.

        Returns
        -------
        PriceSeries
            The prices, with findings.

        Raises
        ------
        PriceError
            When the file cannot be read, or a row cannot be used.
        """
        path = self.base / symbol
        given = partial(
            read_file if self.contracts is None else read_contracts,
            path,
            name=self.name or path.stem,
            shown_as=symbol,
            date_column=self.date_column,
            price_column=self.price_column,
            close=self.close,
            timezone=self.timezone,
            date_order=self.date_order,
            decimal=self.decimal,
            sheet=self.sheet,
        )
        if self.contracts is not None:
            series = given(contracts=self.contracts, roll_days=self.roll_days)
        else:
            series = given()
            kind = {"kind": CONTINUOUS} if self.continuous else {}
            series = replace(series, provenance=series.provenance | kind)
        return clip(series, start=start, end=end)
