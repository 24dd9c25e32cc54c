"""CSV and Parquet as people write them, and what is refused with which words."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from oilshock.errors import ConfigError, PriceError
from oilshock.prices import PriceSeries, read_file

GOOD = "date,price\n2024-01-02,80\n2024-01-03,81.5\n"


def csv(folder: Path, text: str | bytes, *, name: str = "p.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def parquet(folder: Path, frame: pd.DataFrame) -> Path:
    path = folder / "p.parquet"
    frame.to_parquet(path)
    return path


def read(path: Path, **given: str) -> PriceSeries:
    return read_file(path, name="x", shown_as=path.name, **given)


def days_of(series: PriceSeries) -> list[str]:
    return [f"{day:%Y-%m-%d}" for day in series.prices.index]


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        "\n" + GOOD + "\n\n,\n",
        ",\n" + GOOD,
        " Trade Date , PX_LAST\n2024-01-02, 80 \n2024-01-03,81.5\n",
        'DATE,DCOILBRENTEU\n"2024-01-02","80"\n2024-01-03,81.5\n',
        "day,open,Settlement Price\n2024/01/02,1,80\n2024/01/03,1,8.15e1\n",
        "observation_date,value\n20240102,80,\n20240103,81.5\n",
        "timestamp,close\n2024-01-02T16:30,80\n2024-01-03 16:30:00.123456789,81.5\n",
        "time,close\n2024-01-02T00:00:00Z,80\n2024-01-03 16:30:00-05:00,81.5\n",
        "time,close\n20240102T000000Z,80\n2024-01-03 00:00 +0000,81.5\n",
    ],
)
def test_what_people_write_is_read(tmp_path: Path, text: str) -> None:
    series = read(csv(tmp_path, text))
    assert days_of(series) == ["2024-01-02", "2024-01-03"]
    assert series.prices.tolist() == [80.0, 81.5]
    assert series.findings == ()


def test_columns_may_be_given(tmp_path: Path) -> None:
    path = csv(tmp_path, "when,a,b\n2024-01-02,1,80\n2024-01-03,2,81\n")
    assert read(path, date_column="when", price_column="B").prices.tolist() == [80.0, 81.0]


def test_the_name_of_the_file_in_messages_does_not_decide_its_format(tmp_path: Path) -> None:
    series = read_file(csv(tmp_path, GOOD, name="P.TXT"), name="x", shown_as="prices.symbol")
    assert len(series.prices) == 2


@pytest.mark.parametrize("blank", ["", ".", "NA", "n/a", "NaN", "null", "None", "#N/A", " "])
def test_a_row_without_a_price_is_no_session(tmp_path: Path, blank: str) -> None:
    series = read(csv(tmp_path, f"{GOOD}2024-01-04,{blank}\n2024-01-05,82\n"))
    assert days_of(series) == ["2024-01-02", "2024-01-03", "2024-01-05"]
    (finding,) = series.findings
    assert (finding.kind, finding.count, finding.dates) == ("no_price", 1, ("2024-01-04",))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", ["the file is empty"]),
        (b"date,price\n", ["0 prices found, at least 2"]),
        ("date,price\n2024-01-02,\n", ["0 prices found"]),
        ("date,price\n2024-01-02,80\n", ["1 price found"]),
        (GOOD.encode("utf-16-le"), ["not text in UTF-8"]),
        (b"a\0b,c\n", ["binary"]),
        ("a,b\n1,2\n", ["date_column", "price_column", "[prices]", '"a", "b"']),
        ("date,price,close\n2024-01-02,1,2\n", ['"price", "close" could each be', "price_column"]),
        ("date;price\n2024-01-02;80,1\n", ["1 price found"]),
        ("date,price\n2024-01-02,1,234.5\n", ["row 2", "3 fields", "2"]),
        ('date,price\n2024-01-02,"80\n', ["not CSV", "quotation mark"]),
        (GOOD + "2024-13-01,82\n", ["row 4, date", '"2024-13-01" is not a date', "YYYY-MM-DD"]),
        (GOOD + "2023-02-29T10:00,82\n", ["row 4", '"2023-02-29T10:00" is not a date']),
        (GOOD + "04.01.2024,82\n", ["date", '"04.01.2024"', "date_order"]),
        (GOOD + "today,82\n", ['"today" is not a date']),
        (GOOD + "2024/01-04,82\n", ['"2024/01-04" is not a date']),
        (GOOD + "2024-01-04T25:00,82\n", ["is not a date"]),
        (GOOD + "0999-01-04,82\n", ["outside 1678 to 2261"]),
        (GOOD + ",82\n", ["row 4", "the date is empty"]),
        (GOOD + "2024-01-04,n.a.x\n", ["row 4, price", '"n.a.x" is not a number']),
        (GOOD + "2024-01-04,1_000\n", ['"1_000" is not a number']),
        (GOOD + '2024-01-04,"1,00"\n', ['"1,00" is not a number']),
        (GOOD + "2024-01-04,inf\n", ["row 4, price", "finite"]),
        (GOOD + "2024-01-04,1e999\n", ["finite"]),
        (GOOD + "2024-01-03,82\n", ["rows 3 and 4", "2024-01-03", "81.5 and 82"]),
        (
            GOOD + "2024-07-01T00:00:00+01:00,82\n",
            ["row 4", "2024-07-01 as written", "2024-06-30 in UTC", "dates without a time"],
        ),
        (GOOD + "2024-07-01T23:30:00Z,82\n", ["2024-07-02 in Europe/London"]),
    ],
)
def test_what_is_refused_is_named(tmp_path: Path, text: str | bytes, words: list[str]) -> None:
    with pytest.raises(PriceError) as raised:
        read(csv(tmp_path, text))
    for word in ["p.csv", *words]:
        assert word in str(raised.value)


def test_every_stamp_of_a_file_with_offsets_must_be_clear(tmp_path: Path) -> None:
    path = csv(tmp_path, "date,price\n2024-07-01T22:00:00Z,80\n2024-07-02T22:00:00Z,81\n")
    assert days_of(read(path)) == ["2024-07-01", "2024-07-02"]
    with pytest.raises(PriceError, match="2024-07-02 in Asia/Tokyo") as raised:
        read(path, timezone="Asia/Tokyo")
    assert len(raised.value.problems) == 2


def test_all_bad_rows_come_at_once_in_their_order(tmp_path: Path) -> None:
    bad = "".join(f"2024-01-{day:02},oops\n" for day in range(4, 10))
    with pytest.raises(PriceError) as raised:
        read(csv(tmp_path, GOOD + "bad,82\n" + bad + "2024-01-03,90\n"))
    problems = raised.value.problems
    fields = [problem.field for problem in problems[:3]]
    assert fields == ["rows 3 and 11, price", "row 4, date", "row 5, price"]
    assert len(problems) == 5
    assert str(problems[-1]).endswith("... and 3 more")


def test_a_row_too_wide_stands_in_line_with_the_others(tmp_path: Path) -> None:
    with pytest.raises(PriceError) as raised:
        read(csv(tmp_path, GOOD + "2024-01-04,oops\n2024-01-05,84,1\n2024-01-08,x\n"))
    fields = [problem.field for problem in raised.value.problems]
    assert fields == ["row 4, price", "row 5", "row 6, price"]


def test_a_given_column_that_is_not_there_has_a_near_match(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match=r'no column "prise".*Did you mean "price"'):
        read(csv(tmp_path, GOOD), price_column="prise")


def test_one_column_cannot_be_both(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match="both the dates and the prices"):
        read(csv(tmp_path, GOOD), price_column="date")


def test_a_zone_or_a_close_that_is_none(tmp_path: Path) -> None:
    path = csv(tmp_path, GOOD)
    with pytest.raises(ConfigError, match='"Europe/Lodnon" is not a time zone'):
        read(path, timezone="Europe/Lodnon")
    with pytest.raises(ConfigError, match='"24:30" is not a time of day'):
        read(path, close="24:30")


DAYS = pd.DatetimeIndex(["2024-01-02", "2024-01-03"])


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"Date": DAYS, "Close": [80.0, 81.5]}),
        pd.DataFrame({"close": [80.0, 81.5]}, index=DAYS),
        pd.DataFrame({"close": [80.0, 81.5]}, index=DAYS.rename("Date")),
        pd.DataFrame({"date": DAYS.date, "close": ["80", "81.5"]}),
        pd.DataFrame({"date": [20240102, 20240103], "close": [Decimal("80"), Decimal("81.5")]}),
        pd.DataFrame({"date": DAYS.tz_localize("UTC"), "close": [80.0, 81.5]}),
        pd.DataFrame({"date": DAYS, "close": pd.array([80.0, 81.5], dtype="Float64")}),
    ],
)
def test_parquet_is_read_like_csv(tmp_path: Path, frame: pd.DataFrame) -> None:
    series = read(parquet(tmp_path, frame))
    assert days_of(series) == ["2024-01-02", "2024-01-03"]
    assert series.prices.tolist() == [80.0, 81.5]


def test_parquet_stamps_must_be_clear(tmp_path: Path) -> None:
    frame = pd.DataFrame({"date": DAYS.tz_localize("Asia/Tokyo"), "close": [80.0, 81.5]})
    with pytest.raises(PriceError, match=r"row 1, date: .*2024-01-01 in UTC"):
        read(parquet(tmp_path, frame))


def test_true_and_false_are_no_prices(tmp_path: Path) -> None:
    frame = pd.DataFrame({"date": DAYS, "close": [True, False]})
    with pytest.raises(PriceError, match='"True" is not a number'):
        read(parquet(tmp_path, frame))


def test_a_file_that_is_not_parquet(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match=r"p\.pq: this is not Parquet"):
        read(csv(tmp_path, GOOD, name="p.pq"))


def test_parquet_without_its_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = csv(tmp_path, GOOD, name="p.pq")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(PriceError, match="pip install pyarrow"):
        read(path)


def test_paths_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PriceError, match="there is no such file"):
        read(tmp_path / "none.csv")
    with pytest.raises(PriceError, match="this is a folder"):
        read(tmp_path)
    with pytest.raises(PriceError, match=r'ends in "\.ods"; files that end in \.csv'):
        read(tmp_path / "p.ods")

    def deny(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", deny)
    with pytest.raises(PriceError, match="Permission denied"):
        read(tmp_path / "p.csv")
