"""The tables of a config that name a price series: `[prices]` and `[series.NAME]`."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from oilshock.config_errors import cross_problems
from oilshock.config_tables import NO_NUL, ConfigTable, Day, Findings, StrictInt
from oilshock.options import ReturnKind, Source

FILE_KEYS = (
    "date_order",
    "decimal",
    "sheet",
    "continuous",
    "contract_column",
    "contract_columns",
)
"""Keys of a price table that only a file needs."""


_CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"
_MEANT = re.compile(r"\s*(\d{1,2})(?:[:.h](\d\d))?(?::\d\d)?\s*([ap])?\.?m?\.?\s*", re.I | re.ASCII)


class PricesTable(ConfigTable):
    """`[prices]`: the series whose moves are studied."""

    source: Source = Field("bundled", description="Where the series comes from.", examples=["file"])
    symbol: str = Field(
        "",
        pattern=NO_NUL,
        description="bundled: brent-spot or usd-broad; file: a path relative to the config file; "
        "yahoo and fred: the ticker or series id. Default for bundled: brent-spot.",
        examples=["brent-spot"],
    )
    start: Day | None = Field(None, description="First day used.", examples=["2022-01-01"])
    end: Day | None = Field(None, description="Last day used.", examples=["2024-12-31"])
    close: str | None = Field(
        None,
        pattern=_CLOCK,
        description="Time at which a session's price is fixed, HH:MM local time; "
        "default by source. A file must state it when an event has a time.",
        examples=["16:30"],
    )
    timezone: str | None = Field(
        None, description="Zone of the close; default by source.", examples=["Europe/London"]
    )
    label: str = Field(
        "", description="What the report calls the series.", examples=["Brent futures"]
    )
    date_column: str | None = Field(
        None, description="file: the column of dates; default: found by name.", examples=["date"]
    )
    price_column: str | None = Field(
        None,
        description="file: the column of prices; default: found by name. "
        "yahoo: Close (default) or Adj Close.",
        examples=["price"],
    )
    date_order: Literal["ymd", "dmy", "mdy"] | None = Field(
        None,
        description="file: how dates such as 03/04/2024 are meant; default: what the dates prove.",
        examples=["dmy"],
    )
    decimal: Literal[".", ","] | None = Field(
        None,
        description="file: the decimal sign; default: what the numbers prove.",
        examples=[","],
    )
    sheet: str | None = Field(
        None,
        description="file: sheet of an Excel file; default: the one with dates and prices.",
        examples=["Daily"],
    )
    unit: str = Field(
        "",
        description="Unit of the prices; default by source. Series of one unit are compared in it.",
        examples=["USD/bbl"],
    )
    continuous: bool = Field(
        default=False,
        strict=True,
        description="file: the series is a continuous future, which jumps at each roll.",
        examples=[True],
    )
    contract_column: str | None = Field(
        None,
        description="file: the column that names the futures contract of each row; the contracts "
        "are joined without jumps.",
        examples=["contract"],
    )
    contract_columns: Annotated[tuple[str, ...], Field(min_length=2)] | None = Field(
        None,
        description="file: the columns of several futures contracts, which are joined.",
        examples=[["May24", "Jun24"]],
    )
    roll_days: Annotated[StrictInt, Field(ge=0, le=60)] = Field(
        5,
        description="file of contracts: sessions before the last of a contract on which the next "
        "one takes over.",
        examples=[5],
    )

    @field_validator("close", mode="before")
    @classmethod
    def _a_clock(cls, value: Any) -> Any:
        if value is None or (isinstance(value, str) and re.match(_CLOCK, value)):
            return value
        meant = _clock_meant(str(value)) or "16:30"
        raise PydanticCustomError("clock", "is not HH:MM", {"meant": meant})

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        if value is not None:
            try:
                ZoneInfo(value)
            except (ZoneInfoNotFoundError, ValueError, OSError) as error:
                raise PydanticCustomError("zone", "is not a known time zone") from error
        return value

    @model_validator(mode="after")
    def _check(self) -> PricesTable:
        problems: Findings = []
        if self.source != "bundled" and not self.symbol:
            problems.append(
                ("symbol", "", f'is needed with source = "{self.source}"', "Give a path or a name.")
            )
        if self.start and self.end and self.start > self.end:
            problems.append(("start", self.start, f"is after end = {self.end}", "Swap the two."))
        if self.contract_column and self.contract_columns:
            problems.append(
                ("contract_columns", "", "excludes contract_column", "Take one of the two out.")
            )
        for key in FILE_KEYS:
            given = getattr(self, key)
            if given and self.source != "file":
                problems.append((key, given, f'is for source = "file", not "{self.source}"', ""))
        return cross_problems(self, problems)

    @property
    def contracts(self) -> str | tuple[str, ...] | None:
        """The column or columns of futures contracts, if the file holds several."""
        return self.contract_column or self.contract_columns


def _clock_meant(text: str) -> str:
    """Read a time of day such as "7:30 pm" as HH:MM; empty where it is none."""
    found = _MEANT.fullmatch(text)
    if found is None:
        return ""
    hour, half = int(found[1]), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return ""
    hour = hour % 12 + 12 * (half == "p") if half else hour
    clock = f"{hour:02d}:{found[2] or '00'}"
    return clock if re.match(_CLOCK, clock) else ""


class SeriesTable(PricesTable):
    """`[series.NAME]`: a factor, if named in `model.factors`, else a compared series."""

    returns: ReturnKind | None = Field(
        None, description="Kind of returns; default: that of [returns].", examples=["log"]
    )
