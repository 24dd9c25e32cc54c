"""Exports of agencies, terminals and offices; shapes as they come, own figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from oilshock.errors import PriceError
from oilshock.prices import PriceSeries, read_file

EIA = """Europe Brent Spot Price FOB (Dollars per Barrel)
https://www.eia.gov/dnav/pet/hist/LeafHandler.ashx?n=PET&s=RBRTE&f=D
10:12:44 GMT+0000 (Coordinated Universal Time)
Source: Thomson Reuters
Day,Europe Brent Spot Price FOB  Dollars per Barrel
04/16/2024,90.2
04/15/2024,90.1
04/12/2024,93.5
"""
FRED = "observation_date,DCOILBRENTEU\n2024-04-12,93.5\n2024-04-15,90.1\n2024-04-16,90.2\n"
BLOOMBERG = """Security,CO1 Comdty,
Start Date,12/04/2024,
End Date,16/04/2024,
Period,D,
Currency,USD,
,,
Date,PX_LAST,PX_VOLUME
16/04/2024,90.2,1000
15/04/2024,90.1,1000
13/04/2024,#N/A N/A,#N/A N/A
12/04/2024,93.5,1000
"""
REFINITIV = """"Brent Crude Continuation 1 (LCOc1)"
"Interval","Daily"

"Exchange Date","Close","Net","%Chg","Open","Low","High","Volume"
"16-Apr-2024","90.20","+0.10","+0.11%","90.00","89.00","91.00","1,234,567"
"15-Apr-2024","90.10","-3.40","-3.64%","93.00","89.00","93.60","1,234,567"
"12-Apr-2024","93.50","+1.00","+1.08%","92.00","91.00","94.00","1,234,567"

"Copyright LSEG, all rights reserved"
"""
ICE = """TRADE DATE\tHUB\tPRODUCT\tSETTLEMENT PRICE\tNET CHANGE
4/12/2024\tBrent\tBrent Crude Futures\t93.5000\t1
4/15/2024\tBrent\tBrent Crude Futures\t90.1000\t-3.4
4/16/2024\tBrent\tBrent Crude Futures\t90.2000\t0.1
Disclaimer: for information only
"""
OFFICE = (
    "\ufeffDatum;Close;Volumen\r\n12.04.2024;93,5;1.000\r\n15.04.2024;90,1;\r\n16.04.2024;90,2;\r\n"
)
WIDE = "date,BRENT,WTI,DUBAI\n2024-04-12,93.5,1,2\n2024-04-15,90.1,1,2\n2024-04-16,90.2,1,2\n"


def read(folder: Path, text: str, **given: str) -> PriceSeries:
    path = folder / "p.csv"
    path.write_bytes(text.encode())
    return read_file(path, name="x", shown_as="p.csv", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", [EIA, FRED, BLOOMBERG, REFINITIV, ICE, OFFICE], ids=lambda text: text[:9].strip()
)
def test_exports_are_read(tmp_path: Path, text: str) -> None:
    series = read(tmp_path, text)
    days = [f"{day:%m-%d}" for day in series.prices.index]
    assert dict(zip(days, series.prices, strict=True)) == {
        "04-12": 93.5,
        "04-15": 90.1,
        "04-16": 90.2,
    }


def test_what_was_left_out_is_said(tmp_path: Path) -> None:
    said = " ".join(finding.message for finding in read(tmp_path, REFINITIV).findings)
    assert '2 lines above the header left out: "Brent Crude Continuation 1 (LCOc1)"' in said
    assert '1 line below the data left out: "Copyright LSEG, all rights reserved"' in said
    assert "dates with the name of the month" in said
    said = " ".join(finding.message for finding in read(tmp_path, OFFICE).findings)
    assert "separated by semicolons" in said
    assert "dates as day/month/year and decimal commas" in said
    assert read(tmp_path, FRED).findings == ()


def test_a_wide_file_asks_which_series(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match=r'found "date", "BRENT", "WTI", "DUBAI".*price_column'):
        read(tmp_path, WIDE)
    assert read(tmp_path, WIDE, price_column="brent").prices.tolist() == [93.5, 90.1, 90.2]
    with pytest.raises(PriceError, match=r'no column "BRNT".*Did you mean "BRENT"'):
        read(tmp_path, WIDE, price_column="BRNT")


def test_the_same_header_twice(tmp_path: Path) -> None:
    text = "date,Close,Close\n2024-04-12,93.5,1\n2024-04-15,90.1,2\n"
    with pytest.raises(PriceError, match=r'"Close", "Close" could each.*a name of its own'):
        read(tmp_path, text)


def test_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "p.txt"
    path.write_bytes(ICE.encode("utf-16"))
    assert read_file(path, name="x").prices.tolist() == [93.5, 90.1, 90.2]


@pytest.mark.parametrize(
    "last", ["Average,91.27", "2024-04-17x,90", "2024-04-17,abc", "17.04.,90.3"]
)
def test_a_last_line_that_could_be_data_is_not_dropped(tmp_path: Path, last: str) -> None:
    with pytest.raises(PriceError, match="row 5"):
        read(tmp_path, FRED + last + "\n")


def test_a_line_between_the_data_is_not_dropped(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match='row 5, observation_date: "Source: EIA" is not a date'):
        read(tmp_path, FRED + "Source: EIA,x\n2024-04-17,90\n")


@pytest.mark.parametrize(
    "last", ["Note: one, two, three, all of it left out\n\n", "Source: EIA, retrieved in 2024\n"]
)
def test_a_footer_with_commas(tmp_path: Path, last: str) -> None:
    assert len(read(tmp_path, FRED + last).prices) == 3


def test_an_order_said_against_the_dates_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match='"16/04/2024" is no month/day date'):
        read(tmp_path, BLOOMBERG, date_order="mdy")


def test_what_is_said_of_a_plain_comma_file_counts(tmp_path: Path) -> None:
    ambiguous = "date,price\n03/04/2024,80\n04/04/2024,81\n"
    days = read(tmp_path, ambiguous, date_order="dmy").prices.index
    assert [f"{day:%Y-%m-%d}" for day in days] == ["2024-04-03", "2024-04-04"]
    other = read(tmp_path, ambiguous, date_order="mdy").prices.index
    assert [f"{day:%Y-%m-%d}" for day in other] == ["2024-03-04", "2024-04-04"]
    points = read(tmp_path, "date,price\n2024-04-03,1.234\n2024-04-04,1.235\n", decimal=",")
    assert points.prices.tolist() == [1234.0, 1235.0]


def refused(folder: Path, text: str) -> str:
    path = folder / "p.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PriceError) as caught:
        read_file(path, name="p", shown_as="p.csv")
    return str(caught.value)


def test_a_date_that_settles_nothing_is_named_with_its_row(tmp_path: Path) -> None:
    said = refused(tmp_path, "date,price\n2024-01-02,80\n03/04/2024,81\n")
    assert said.startswith('p.csv, row 3, date: "03/04/2024" can be day/month')


def test_the_rarer_decimal_sign_is_at_fault(tmp_path: Path) -> None:
    rows = ["03.01.2024;80,5", "14.01.2024;1,234.50", "15.01.2024;81,5"]
    said = refused(tmp_path, "\n".join(["date;price", *rows]) + "\n")
    assert said.startswith('p.csv, row 3, price: "1,234.50" is not a number.')


def test_the_row_of_an_open_quotation_mark_is_named(tmp_path: Path) -> None:
    said = refused(tmp_path, 'date,price\n2024-01-02,80\n2024-01-03,"81\n2024-01-04,82\n')
    assert said.startswith("p.csv, row 3: this is not CSV")


@pytest.mark.parametrize("sign", [" ", ":"])
def test_a_file_of_one_column_asks_for_separators(tmp_path: Path, sign: str) -> None:
    said = refused(tmp_path, f"date{sign}price\n2024-01-02{sign}80\n")
    assert said == (
        f'p.csv, header: there is one column, "date{sign}price"; dates and prices are expected. '
        "Separate the columns by commas, semicolons, tabs or bars."
    )


@pytest.mark.parametrize("cell", ["n.a.", "\N{EN DASH}", "\N{EM DASH}"])
def test_more_ways_to_write_no_price(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "p.csv"
    path.write_text(
        f"date,price\n2024-01-02,80\n2024-01-03,{cell}\n2024-01-04,82\n", encoding="utf-8"
    )
    assert read_file(path, name="p").prices.tolist() == [80.0, 82.0]


def test_a_missing_file_has_its_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "brent.csv").write_text("date,price\n", encoding="utf-8")
    with pytest.raises(
        PriceError, match=r'no such file at .*brnt\.csv\. Did you mean "brent\.csv"'
    ):
        read_file(tmp_path / "brnt.csv", name="p", shown_as="brnt.csv")
