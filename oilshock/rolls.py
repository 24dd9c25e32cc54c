"""Continuous futures: where one contract gives way to the next, and how to join them rightly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from oilshock.errors import PriceError, Problem
from oilshock.quality import Finding, counted, iso_dates, listed

CONTINUOUS = "continuous future"
"""The kind of a series that jumps from one futures contract to the next."""

JOINED = "ratio-adjusted futures"
"""The kind of a series that was joined from several contracts without jumps."""

ROLL_MULTIPLE = 6.0
ROLL_FLOOR = 0.015
ROLL_HISTORY = 60
ROLL_DAYS = 3

_CODES = "FGHJKMNQUVXZ"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMERIC = re.compile(r"(?:^|\D)(\d{4})[-/]?(0[1-9]|1[0-2])(?:\D|$)", re.ASCII)
_NAMED = re.compile(r"([a-z]{3})[a-z]*[ '-]?(\d{4}|\d{2})$", re.I | re.ASCII)
_CODED = re.compile(rf"([{_CODES}])(\d{{4}}|\d{{1,2}})$", re.ASCII)


@dataclass(frozen=True, eq=False)
class Joined:
    """A series joined from contracts.

    Parameters
    ----------
    prices : Series
        The last contract as it is; earlier ones scaled so that no return mixes two contracts.
    rolls : tuple of (str, str, str, float)
        For each roll: its first session, the old contract, the new one, and their ratio.
    """

    prices: pd.Series
    rolls: tuple[tuple[str, str, str, float], ...]

    def finding(self) -> Finding:
        """Word the rolls."""
        words = [f"{day} {old} to {new} (ratio {ratio:.4f})" for day, old, new, ratio in self.rolls]
        said = counted(len(words), one="roll", many="rolls")
        message = (
            f"{said}: {listed(words)}. Returns never mix two contracts; prices before the last "
            "roll are scaled and are no quotes."
        )
        return Finding("roll", len(words), message, tuple(day for day, *_ in self.rolls))


def delivery_month(contract: str, *, first_year: int) -> tuple[int, int] | None:
    """Read year and month of delivery off the name of a contract.

    Parameters
    ----------
    contract : str
        Such as BRNM4, BRNM24, Jun24, Jun 2024 or 2024-06.
    first_year : int
        The first year with a price: a year of one digit is the next from there on.

    Returns
    -------
    tuple of int or None
        Year and month; None when the name has none.

    Examples
    --------
    >>> delivery_month("BRNM4", first_year=2023), delivery_month("Jun24", first_year=2023)
    ((2024, 6), (2024, 6))
    """
    text = contract.strip()
    numeric = _NUMERIC.search(text)
    if numeric:
        return int(numeric[1]), int(numeric[2])
    named = _NAMED.search(text)
    if named and named[1].lower() in _MONTHS:
        return _full_year(named[2], first_year), _MONTHS.index(named[1].lower()) + 1
    coded = _CODED.search(text.upper())
    if coded:
        return _full_year(coded[2], first_year), _CODES.index(coded[1]) + 1
    return None


def _full_year(digits: str, first_year: int) -> int:
    if len(digits) == 4:
        return int(digits)
    base: int = 10 ** len(digits)
    return first_year + (int(digits) - first_year) % base


def join_contracts(
    contracts: Mapping[str, pd.Series], *, roll_days: int, where: str = "contracts"
) -> Joined:
    """Join the prices of several contracts into one series whose returns mix no two of them.

    On the last session held of a contract, the one before the roll, all earlier prices are
    multiplied by the ratio of the new contract's price to the old one's. Log and simple returns are
    then those of the contract held; on the roll day, that of the new contract.

    Parameters
    ----------
    contracts : mapping of str to Series
        Prices of each contract by its name, which tells the month of delivery.
    roll_days : int
        Sessions before the last of a contract on which the next one takes over; 0 holds it to
        its last session.
    where : str, default "contracts"
        The file, for messages.

    Returns
    -------
    Joined
        The series and its rolls.

    Raises
    ------
    PriceError
        When the order of the contracts is not clear, or two that follow share no session to
        take the ratio on, or a price there is not above zero.

    Examples
    --------
    >>> days = pd.to_datetime(["2024-04-01", "2024-04-02", "2024-04-03"])
    >>> old, new = pd.Series([80.0, 81.0], days[:2]), pd.Series([90.0, 90.0, 91.0], days)
    >>> join_contracts({"K24": old, "M24": new}, roll_days=0).prices.round(2).tolist()
    [88.89, 90.0, 91.0]
    """
    ordered = _in_order(contracts, where=where)
    end = max(prices.index[-1] for prices in contracts.values())
    pieces: list[pd.Series] = []
    rolls: list[tuple[str, str, str, float]] = []
    held, after = ordered[0], pd.Timestamp.min
    for following in ordered[1:]:
        prices = contracts[held]
        if prices.index[-1] == end:
            break  # it still trades, so the day of its roll is not known
        last = _last_held(prices, held, after=after, roll_days=roll_days, where=where)
        ratio = _ratio(contracts, held, following, last=last, where=where)
        own = prices[(prices.index > after) & (prices.index <= last)]
        pieces = [piece * ratio for piece in [*pieces, own]]
        later = contracts[following].index[contracts[following].index > last]
        rolls.append((f"{later[0]:%Y-%m-%d}", held, following, ratio))
        held, after = following, last
    final = contracts[held]
    return Joined(pd.concat([*pieces, final[final.index > after]]), tuple(rolls))


def _last_held(
    prices: pd.Series, name: str, *, after: pd.Timestamp, roll_days: int, where: str
) -> pd.Timestamp:
    place = len(prices) - 1 - roll_days
    if place < 0 or prices.index[place] <= after:
        message = f"{name} is past its roll, {roll_days} sessions before its last, when it is due."
        fix = "Give it more sessions, lower roll_days, or take the contract out."
        raise PriceError(Problem(where, message, "contract", fix))
    day: pd.Timestamp = prices.index[place]
    return day


def _in_order(contracts: Mapping[str, pd.Series], *, where: str) -> list[str]:
    first_year = min(int(prices.index[0].year) for prices in contracts.values())
    months = {name: delivery_month(name, first_year=first_year) for name in contracts}
    unclear = [name for name, month in months.items() if month is None]
    if unclear:
        names = listed([f'"{name}"' for name in unclear])
        fix = "Name contracts by their month: BRNM4, Jun24 or 2024-06."
        raise PriceError(Problem(where, f"{names} name no month of delivery.", "contract", fix))
    if len(set(months.values())) < len(months):
        message = "two contracts have the same month of delivery."
        fix = "Keep one product, and one contract for each month."
        raise PriceError(Problem(where, message, "contract", fix))
    return sorted(contracts, key=lambda name: months[name] or (0, 0))


def _ratio(
    contracts: Mapping[str, pd.Series], old: str, new: str, *, last: pd.Timestamp, where: str
) -> float:
    if last not in contracts[new].index:
        message = f"{new} has no price on {last:%Y-%m-%d}, the last session of {old} held."
        fix = "Add that price, or change roll_days."
        raise PriceError(Problem(where, message, "contract", fix))
    if contracts[new].index[-1] == last:
        message = f"{new} ends on {last:%Y-%m-%d}, when it should follow {old}."
        raise PriceError(Problem(where, message, "contract", "Take the contract out."))
    before, after = float(contracts[old][last]), float(contracts[new][last])
    if before <= 0.0 or after <= 0.0:
        message = f"the roll of {last:%Y-%m-%d} has a price of zero or less ({before}, {after})."
        fix = "A ratio needs prices above zero: change roll_days, or study one contract."
        raise PriceError(Problem(where, message, "contract", fix))
    return after / before


def continuous_finding(label: str) -> Finding:
    """Warn that a series is a continuous future."""
    message = (
        f"{label} is a continuous future: about once a month it jumps from one contract to the "
        "next, and that day's return is no gain or loss of anybody."
    )
    return Finding("continuous", 1, message, ())


def suspicious_rolls(futures: pd.Series, spot: pd.Series) -> Finding | None:
    """Find jumps of a continuous future against spot round the end of a month.

    Parameters
    ----------
    futures, spot : Series
        Prices on ascending dates.

    Returns
    -------
    Finding or None
        The sessions; None when there is none.

    Notes
    -----
    A session is suspicious if it lies within 3 weekdays of the end of a month, its log
    return less that of spot exceeds 1.5 % and 6 times the median size of that difference
    over the 60 sessions before, and neither takes half of the difference of the session
    before back nor has half taken back by the next: spot is assessed earlier in the day,
    so a late move shows up twice, with opposite signs.

    Examples
    --------
    >>> days = pd.bdate_range("2024-01-01", periods=90)
    >>> spot = pd.Series(np.exp(0.01 * np.sin(np.arange(90.0) ** 2)), days)
    >>> futures = spot * np.exp(0.001 * np.cos(np.arange(90.0) ** 2))
    >>> futures[days >= "2024-03-29"] *= 1.03
    >>> suspicious_rolls(futures, spot).dates
    ('2024-03-29',)
    """
    both = pd.concat([futures, spot], axis=1, join="inner", keys=["futures", "spot"])
    both = both[(both > 0.0).all(axis=1)]
    gap = pd.Series(np.log(both["futures"] / both["spot"]), both.index).diff()
    usual = gap.abs().rolling(ROLL_HISTORY, min_periods=20).median().shift(1)
    large = (gap.abs() > ROLL_FLOOR) & (gap.abs() > ROLL_MULTIPLE * usual)
    taken_back = [gap + gap.shift(step).fillna(0.0) for step in (-1, 1)]
    stays = (pd.concat(taken_back, axis=1).abs().min(axis=1)) > 0.5 * gap.abs()
    days = pd.DatetimeIndex(both.index)
    found = days[(large & stays).to_numpy() & _near_month_end(days)]
    if not len(found):
        return None
    words = [f"{day:%Y-%m-%d} ({100 * float(gap[day]):+.1f} % against spot)" for day in found]
    said = counted(len(words), one="session looks", many="sessions look")
    message = f"{said} like a roll, not like news: {listed(words)}."
    return Finding("roll_suspect", len(words), message, iso_dates(found))


def _near_month_end(days: pd.DatetimeIndex) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    dates = days.to_numpy().astype("datetime64[D]")
    near = np.zeros(len(dates), dtype=np.bool_)
    for months in (0, 1):
        start = (dates.astype("datetime64[M]") + months).astype("datetime64[D]")
        first = np.busday_offset(start, 0, roll="forward")
        near |= np.abs(np.busday_count(first, dates)) <= ROLL_DAYS
    return near
