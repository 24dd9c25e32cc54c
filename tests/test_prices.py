"""The price series the rest of the product takes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oilshock.errors import ConfigError, PriceError
from oilshock.prices import (
    check_prices,
    clip,
    from_series,
    load_prices,
    read_bundled,
    read_file,
    refuse_non_positive,
)

DATES = st.dates(date(1900, 1, 1), date(2100, 1, 1))
PRICES = st.floats(-1e6, 1e6, allow_nan=False)
ROWS = st.dictionaries(DATES, PRICES, min_size=2, max_size=30).map(lambda d: list(d.items()))
shared_folder = settings(
    max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def as_series(rows: Sequence[tuple[date, float | None]], *, name: str = "x") -> pd.Series:
    index = pd.DatetimeIndex([day for day, _ in rows])
    return pd.Series([np.nan if p is None else p for _, p in rows], index=index, name=name)


@given(rows=ROWS)
@shared_folder
def test_what_is_written_is_read_back(rows: list[tuple[date, float]], tmp_path: Path) -> None:
    expected = from_series(as_series(rows)).prices
    path = tmp_path / "p.csv"
    expected.to_frame("price").to_csv(path)
    pd.testing.assert_series_equal(read_file(path, name="x").prices, expected)
    path = tmp_path / "p.parquet"
    expected.to_frame("price").to_parquet(path)
    pd.testing.assert_series_equal(read_file(path, name="x").prices, expected)


@given(rows=ROWS, data=st.data())
@shared_folder
def test_the_order_of_rows_does_not_matter(
    rows: list[tuple[date, float]], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(rows))
    one, other = from_series(as_series(rows)), from_series(as_series(shuffled))
    pd.testing.assert_series_equal(one.prices, other.prices)
    assert one.prices.index.is_monotonic_increasing


@given(rows=ROWS, blank=st.lists(DATES, max_size=10))
@shared_folder
def test_rows_without_a_price_change_nothing(
    rows: list[tuple[date, float]], blank: list[date]
) -> None:
    plain = from_series(as_series(rows))
    more = from_series(as_series([*[(day, None) for day in blank], *rows]))
    pd.testing.assert_series_equal(plain.prices, more.prices)
    counts = [found.count for found in more.findings if found.kind == "no_price"]
    assert counts == ([len(blank)] if blank else [])


@given(rows=ROWS)
@shared_folder
def test_the_series_given_stays_as_it_is(rows: list[tuple[date, float]]) -> None:
    given_series = as_series(rows[::-1])
    given_series.attrs = {"close": "16:30"}
    before = given_series.copy(deep=True)
    taken = from_series(given_series)
    taken.prices.iloc[0] = -1.0
    pd.testing.assert_series_equal(given_series, before)
    assert given_series.attrs == {"close": "16:30"}
    assert given_series.index.name is None


def test_the_bundled_series() -> None:
    series = read_bundled()
    prices = series.prices
    assert (len(prices), prices.name, prices.index.name) == (9987, "brent-spot", "date")
    assert prices.index.dtype == np.dtype("datetime64[ns]")
    assert prices.dtype == np.float64
    assert (series.close, series.timezone) == ("16:30", "Europe/London")
    assert prices["2024-04-12"] == 93.12
    assert len(read_bundled("usd-broad").prices) > 5000


@pytest.mark.parametrize("symbol", ["brent-spot", "usd-broad"])
def test_the_bundled_bytes_are_those_of_the_provenance(symbol: str) -> None:
    path = Path(__file__).parents[1] / "oilshock" / "data"
    series = read_bundled(symbol)
    assert series.provenance["sha256"] in (path / "provenance.json").read_text(encoding="utf-8")
    assert set(series.provenance) == {
        *("label", "title", "kind", "unit", "publisher", "series_id"),
        *("licence", "as_of", "sha256", "file", "note"),
    }


def test_an_unknown_symbol_has_a_near_match() -> None:
    with pytest.raises(ConfigError, match='Did you mean "brent-spot"'):
        load_prices("brent-spt")
    with pytest.raises(ConfigError, match="not a bundled series"):
        read_bundled("events")


def test_the_provenance_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = b"date,price\n2024-01-02,80\n2024-01-03,81\n"
    Path("p.csv").write_bytes(data)
    facts = read_file("p.csv", name="x").provenance
    assert (facts["file"], facts["title"], facts["kind"]) == ("p.csv", "p.csv", "file")
    assert facts["sha256"] == hashlib.sha256(data).hexdigest()


def test_unsorted_and_repeated_rows_are_put_right_and_said() -> None:
    rows = [(date(2024, 1, day), 78.0 + day) for day in (5, 2, 2, 3, 4)]
    series = from_series(as_series(rows))
    assert series.prices.tolist() == [80.0, 81.0, 82.0, 83.0]
    found = {finding.kind: finding for finding in series.findings}
    assert set(found) == {"unsorted", "duplicate_row"}
    assert found["unsorted"].message == (
        "1 row stood out of order; the series was sorted: 2024-01-05."
    )
    assert found["duplicate_row"].dates == ("2024-01-02",)


def test_two_prices_for_a_date_are_refused() -> None:
    rows = [(date(2024, 1, 2), 80.0), (date(2024, 1, 3), 81.0), (date(2024, 1, 2), 82.0)]
    with pytest.raises(PriceError, match="rows 1 and 3, price: 2024-01-02 has two prices, 80 and"):
        from_series(as_series(rows))


@pytest.mark.parametrize(
    ("prices", "words"),
    [
        (pd.DataFrame({"Close": [1.0]}), "DataFrame came"),
        (pd.Series([1.0, 2.0]), "the index holds int64"),
        (pd.Series([1.0, np.inf], index=pd.DatetimeIndex(["2024-01-02", "2024-01-03"])), "finite"),
        (pd.Series([1.0], index=pd.DatetimeIndex(["2024-01-02"])), "1 price found"),
        (
            pd.Series([1.0, 2.0], index=pd.date_range("2024-07-01", periods=2, tz="Asia/Tokyo")),
            "2024-06-30 in UTC",
        ),
    ],
)
def test_what_is_no_price_series(prices: pd.Series, words: str) -> None:
    with pytest.raises(PriceError, match=words):
        from_series(prices)


def test_stamps_with_a_time_count_for_their_written_date() -> None:
    index = pd.DatetimeIndex(["1968-01-02 23:59", "1968-01-03 00:01"])
    days = from_series(pd.Series([1.0, 2.0], index=index)).prices.index
    assert days.tolist() == [pd.Timestamp("1968-01-02"), pd.Timestamp("1968-01-03")]


def test_clip_keeps_both_ends_and_finds_anew() -> None:
    whole = read_bundled()
    part = clip(whole, start=date(2018, 12, 21), end=date(2019, 1, 4))
    assert part.prices.index[0] == pd.Timestamp("2018-12-21")
    assert part.prices.index[-1] == pd.Timestamp("2019-01-04")
    assert [finding.kind for finding in part.findings] == ["gap"]
    assert clip(whole, start=None, end=None) is whole
    assert len(whole.prices) == 9987


def test_clip_leaves_row_findings_of_other_dates_out() -> None:
    rows = [(date(2024, 1, day), None if day in (3, 8) else 80.0 + day) for day in range(2, 10)]
    part = clip(from_series(as_series(rows)), start=date(2024, 1, 4), end=None)
    assert [finding.dates for finding in part.findings] == [("2024-01-08",)]


def test_clip_to_nothing_names_what_there_is() -> None:
    with pytest.raises(PriceError, match="1987-05-20 to 2026-09-29"):
        clip(read_bundled(), start=date(2030, 1, 1), end=None)


def test_prices_of_zero_or_less_need_differences() -> None:
    rows = [(date(2020, 4, 17), 18.27), (date(2020, 4, 20), -37.63), (date(2020, 4, 21), 0.0)]
    series = from_series(as_series(rows))
    refuse_non_positive(series, kind="difference")
    refuse_non_positive(read_bundled(), kind="log")
    words = r'-37\.63 on 2020-04-20, 0 on 2020-04-21.*returns\.kind = "difference"'
    with pytest.raises(PriceError, match=words):
        refuse_non_positive(series, kind="simple")


def test_load_prices_says_when_the_market_closes(tmp_path: Path) -> None:
    assert load_prices().attrs == {
        "close": "16:30",
        "timezone": "Europe/London",
        "label": "Brent spot",
        "kind": "spot",
    }
    assert load_prices(close="19:30").attrs["close"] == "19:30"
    assert load_prices(label="Dated Brent").attrs["label"] == "Dated Brent"
    path = tmp_path / "mine.csv"
    path.write_text("date,price\n2024-01-02,80\n2024-01-03,81\n", encoding="utf-8")
    prices = load_prices(str(path))
    assert (prices.name, prices.attrs) == ("mine", {})
    named = load_prices(path, label="My Brent")
    assert named.attrs == {"label": "My Brent"}
    assert from_series(named).provenance["label"] == "My Brent"
    assert from_series(load_prices()).close == "16:30"
    assert check_prices(load_prices()) == read_bundled().findings
    with pytest.raises(ConfigError, match="are for files"):
        load_prices("brent-spot", price_column="price")
