"""Files with several futures contracts, joined into one series without jumps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from oilshock.errors import PriceError, Problem
from oilshock.price_columns import Choice
from oilshock.price_files import read_cells
from oilshock.price_rows import PriceRows, parse
from oilshock.price_series import PriceSeries, series_from_rows
from oilshock.rolls import Joined, join_contracts
from oilshock.typing import Bool


def join_long_file(
    data: bytes, *, suffix: str, where: str, choice: Choice, column: str, roll_days: int
) -> tuple[PriceSeries, Joined]:
    """Join the contracts of a file with a row for each date and contract.

    Parameters
    ----------
    data : bytes
        The whole file.
    suffix : str
        The suffix of its name.
    where : str
        Its name in messages.
    choice : Choice
        Date and price column, and how they are written.
    column : str
        The column that names the contract.
    roll_days : int
        Sessions before the last of a contract on which the next one takes over.

    Returns
    -------
    tuple of PriceSeries and Joined
        The joined series, without name, close or provenance, and its rolls.

    Raises
    ------
    PriceError
        When a row cannot be used, or the contracts cannot be joined.
    """
    rows = parse(read_cells(data, suffix=suffix, where=where, choice=choice), zone=choice.zone)
    named = read_cells(data, suffix=suffix, where=where, choice=replace(choice, price=column))
    contract_of = dict(
        zip(named.numbers, (str(name).strip() for name in named.prices), strict=True)
    )
    names = np.array([contract_of.get(number, "") for number in rows.numbers.tolist()])
    priced = ~np.isnan(rows.prices)
    if (priced & (names == "")).any():
        number = int(rows.numbers[np.flatnonzero(priced & (names == ""))[0]])
        fix = "Name the contract of each price."
        raise PriceError(Problem(where, "a price has no contract.", f"row {number}, {column}", fix))
    contracts = {
        str(name): _series(_of(rows, names == name), name=str(name))
        for name in dict.fromkeys(names[priced].tolist())
    }
    return _joined(contracts, rows.where, roll_days=roll_days)


def join_wide_file(
    data: bytes, *, suffix: str, where: str, choice: Choice, columns: Sequence[str], roll_days: int
) -> tuple[PriceSeries, Joined]:
    """Join the contracts of a file with a column for each.

    Parameters
    ----------
    data : bytes
        The whole file.
    suffix : str
        The suffix of its name.
    where : str
        Its name in messages.
    choice : Choice
        Date column, and how dates and prices are written.
    columns : sequence of str
        The columns of the contracts.
    roll_days : int
        Sessions before the last of a contract on which the next one takes over.

    Returns
    -------
    tuple of PriceSeries and Joined
        The joined series, without name, close or provenance, and its rolls.

    Raises
    ------
    PriceError
        When a row cannot be used, or the contracts cannot be joined.
    """
    contracts = {}
    for name in columns:
        own = replace(choice, price=name)
        rows = parse(read_cells(data, suffix=suffix, where=where, choice=own), zone=choice.zone)
        contracts[name] = _series(rows, name=name)
    return _joined(contracts, where, roll_days=roll_days)


def _of(rows: PriceRows, own: Bool) -> PriceRows:
    """Take the rows of one contract, and the problems of all."""
    return replace(rows, numbers=rows.numbers[own], days=rows.days[own], prices=rows.prices[own])


def _series(rows: PriceRows, *, name: str) -> pd.Series:
    return series_from_rows(rows, name=name, close=None, timezone=None, provenance={}).prices


def _joined(
    contracts: dict[str, pd.Series], where: str, *, roll_days: int
) -> tuple[PriceSeries, Joined]:
    if len(contracts) < 2:
        message = f"there is {len(contracts)} contract; joining needs several."
        fix = "Give a file with several contracts, or take the contract's key out."
        raise PriceError(Problem(where, message, "contract", fix))
    joined = join_contracts(contracts, roll_days=roll_days, where=where)
    days = pd.DatetimeIndex(joined.prices.index).to_numpy().astype("datetime64[D]")
    values = joined.prices.to_numpy(dtype=np.float64)
    rows = PriceRows(where, "price", np.arange(1, days.size + 1), days, values, ())
    return series_from_rows(rows, name="", close=None, timezone=None, provenance={}), joined
