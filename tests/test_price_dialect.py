"""Dates and numbers of offices: what a column proves, and what it does not."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oilshock.errors import PriceError
from oilshock.price_dialect import looks_like_a_date, plain_dates, plain_numbers


def dates(*texts: str, order: str | None = None) -> list[str]:
    return plain_dates(texts, order=order, where="f.csv", column="date")[0]  # type: ignore[arg-type]


def numbers(*texts: str, decimal: str | None = None, delimiter: str = ";") -> list[str]:
    given = {"decimal": decimal, "delimiter": delimiter, "where": "f.csv", "column": "p"}
    return plain_numbers(texts, **given)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("15/04/2024", "03/04/2024"), ["2024-04-15", "2024-04-03"]),
        (("04/15/2024", "04/03/2024"), ["2024-04-15", "2024-04-03"]),
        (("15.4.2024", "3.4.2024"), ["2024-04-15", "2024-04-03"]),
        (("15-04-2024 00:00", "03-04-2024 00:00:00"), ["2024-04-15", "2024-04-03"]),
        (("15/04/2024 16:30", "03/04/2024 9:30"), ["2024-04-15", "2024-04-03"]),
        (("4/15/2024 12:00:00 AM", "4/3/2024 4:30 pm"), ["2024-04-15", "2024-04-03"]),
        (("15-Apr-2024 16:30", "3 April 2024"), ["2024-04-15", "2024-04-03"]),
        (("15-Apr-2024", "3 April 2024"), ["2024-04-15", "2024-04-03"]),
        (("Apr 15, 2024", "Sept. 3, 2024"), ["2024-04-15", "2024-09-03"]),
        (("2024-04-15", "2024/04/03", "20240404"), ["2024-04-15", "2024/04/03", "20240404"]),
        (("15/04/24", "15-Apr-24"), ["15/04/24", "15-Apr-24"]),
    ],
)
def test_a_column_of_dates(texts: tuple[str, ...], expected: list[str]) -> None:
    assert dates(*texts) == expected


def test_dates_that_prove_nothing_must_be_said() -> None:
    with pytest.raises(PriceError, match=r'"03/04/2024" can be day/month or month/day.*date_order'):
        dates("03/04/2024", "05/06/2024")
    assert dates("03/04/2024", order="dmy") == ["2024-04-03"]
    assert dates("03/04/2024", order="mdy") == ["2024-03-04"]


def test_dates_that_prove_both_orders_are_refused() -> None:
    with pytest.raises(PriceError, match='"15/04/2024" puts the day first, "04/16/2024" the month'):
        dates("15/04/2024", "04/16/2024")


@pytest.mark.parametrize(
    ("texts", "order", "said"),
    [
        (
            ("03/04/2024", "15/04/2024"),
            "mdy",
            'f.csv, date: "15/04/2024" is no month/day date, and date_order = "mdy" is set; '
            'the dates prove "dmy". Take date_order out.',
        ),
        (("04/15/2024",), "dmy", '"04/15/2024" is no day/month date'),
        (("15/04/2024",), "ymd", 'no year-month-day date, and date_order = "ymd" is set; the'),
        (("03/04/2024",), "ymd", 'date_order = "ymd" is set. Take date_order out, and write all'),
        (("15/04/2024", "04/16/2024"), "dmy", "write all dates alike, best as YYYY-MM-DD"),
    ],
)
def test_an_order_said_against_the_dates_is_named(
    texts: tuple[str, ...], order: str, said: str
) -> None:
    with pytest.raises(PriceError) as caught:
        dates(*texts, order=order)
    assert said in str(caught.value)


def test_a_day_that_does_not_exist_stays_as_written() -> None:
    assert dates("15/04/2024", "31/02/2024") == ["2024-04-15", "31/02/2024"]
    assert dates("31 February 2024") == ["31 February 2024"]


@given(st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), min_size=1))
def test_what_is_read_is_right_or_refused(days: list[dt.date]) -> None:
    for form, other in (("%d/%m/%Y", "%m/%d/%Y"), ("%m/%d/%Y", "%d/%m/%Y")):
        texts = [f"{day:{form}}" for day in days]
        try:
            read = dates(*texts)
        except PriceError:
            assert all(day.day <= 12 for day in days), other
        else:
            assert read == [day.isoformat() for day in days]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("83,12", "1.234,5"), ["83.12", "1234.5"]),
        (("83,12", "84"), ["83.12", "84"]),
        (("1,234.56", "83.1"), ["1234.56", "83.1"]),
        (("1,234,567", "999"), ["1234567", "999"]),
        (("1.234", "83,5"), ["1234", "83.5"]),
        (("1 234,56", "1\u202f234,5", "1'234,5"), ["1234.56", "1234.5", "1234.5"]),
        (("83.12", "84.5"), ["83.12", "84.5"]),
        (("-36,98", "+9,12"), ["-36.98", "+9.12"]),
        (("83,12", "n/a", ""), ["83.12", "n/a", ""]),
        (("83.12", "1,2"), ["83.12", "1,2"]),
    ],
)
def test_a_column_of_numbers(texts: tuple[str, ...], expected: list[str]) -> None:
    assert numbers(*texts) == expected


@pytest.mark.parametrize("texts", [("1,234", "2,345"), ("1.234", "2.345")])
def test_numbers_that_prove_nothing_must_be_said(texts: tuple[str, ...]) -> None:
    with pytest.raises(PriceError, match=f'"{texts[0]}" can hold a decimal sign.*Set decimal = '):
        numbers(*texts)
    values = {sign: float(numbers(*texts, decimal=sign)[0]) for sign in (".", ",")}
    assert sorted(values.values()) == [1.234, 1234.0]


def test_a_point_in_a_file_with_commas_is_plain() -> None:
    assert numbers("1.234", delimiter=",") == ["1.234"]
    assert numbers("1.234", delimiter=",", decimal=",") == ["1234"]


@given(st.lists(st.decimals(-10_000, 10_000, places=2), min_size=1))
def test_two_decimals_are_read_right_in_both_worlds(values: list[object]) -> None:
    english = [f"{value:,.2f}" for value in values]
    german = [text.translate(str.maketrans(",.", ".,")) for text in english]
    plain = [f"{value:.2f}" for value in values]
    assert numbers(*english) == plain
    assert numbers(*german) == plain


@pytest.mark.parametrize(
    ("text", "is_date"),
    [
        ("2024-04-15", True),
        ("20240415", True),
        ("15-Apr-2024", True),
        ("Apr 15, 2024", True),
        ("2024-13-99", True),
        ("Source: EIA", False),
        ("Average", False),
        ("Data as of 2024", False),
        ("2024", False),
        ("", False),
    ],
)
def test_what_could_be_meant_as_a_date(text: str, is_date: bool) -> None:
    assert looks_like_a_date(text) is is_date
