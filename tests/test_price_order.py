"""Rows whose date stands out: swapped day and month, and weekends."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from oilshock.errors import PriceError
from oilshock.price_order import rows_out_of_order, weekday
from oilshock.prices import clip, read_file
from oilshock.quality import Finding

DAYS = pd.bdate_range("2021-06-01", periods=90)


def found(folder: Path, days: list[str]) -> dict[str, Finding]:
    path = folder / "p.csv"
    rows = [f"{day},{80 + number % 11}" for number, day in enumerate(days)]
    path.write_text("\n".join(["date,price", *rows]) + "\n", encoding="utf-8")
    findings = read_file(path, name="p", shown_as="p.csv").findings
    return {finding.kind: finding for finding in findings}


def iso(*, changed: dict[int, str] | None = None) -> list[str]:
    days = [f"{day:%Y-%m-%d}" for day in DAYS]
    for place, day in (changed or {}).items():
        days[place] = day
    return days


@pytest.mark.parametrize("descending", [False, True])
def test_a_row_with_day_and_month_swapped_is_named(tmp_path: Path, *, descending: bool) -> None:
    days = iso(changed={2: "2021-03-06"})
    row = 4
    if descending:
        days, row = days[::-1], 90 - 2 + 1
    said = found(tmp_path, days)["misplaced"]
    assert said.dates == ("2021-03-06",)
    assert said.message == (
        f"1 date does not fit the rows around: row {row} has 2021-03-06, a Saturday, between "
        "2021-06-02 and 2021-06-04; perhaps day and month are swapped (2021-06-03 fits). "
        "Put the dates right in the file, or take the rows out."
    )


def test_a_date_far_ahead_is_the_odd_one_not_all_after_it(tmp_path: Path) -> None:
    said = found(tmp_path, iso(changed={24: "2021-12-25"}))
    assert said["misplaced"].count == 1
    assert "row 26 has 2021-12-25, a Saturday" in said["misplaced"].message
    assert "swapped" not in said["misplaced"].message, "there is no month 25"
    assert "weekend" not in said, "the row is named once"


def test_rows_a_few_days_out_of_order_are_only_sorted(tmp_path: Path) -> None:
    days = iso()
    days[10], days[12] = days[12], days[10]
    said = found(tmp_path, days)
    assert set(said) == {"unsorted"}
    assert said["unsorted"].count == 2


@pytest.mark.parametrize("descending", [False, True])
def test_only_the_row_that_is_out_of_place_is_named(tmp_path: Path, *, descending: bool) -> None:
    days = iso(changed={10: "2021-09-25"})
    days = days[::-1] if descending else days
    assert found(tmp_path, days)["unsorted"].dates == ("2021-09-25",)


def test_newest_first_is_an_order_too(tmp_path: Path) -> None:
    said = found(tmp_path, iso()[::-1])
    assert [finding.message for finding in said.values()] == [
        "The rows run from the newest date to the oldest; the series was sorted."
    ]


def plain_out_of_order(days: list[int]) -> int:
    """Count the fewest rows to take out, the slow way: the longest run that ends at each row."""
    longest: list[int] = []
    for place, day in enumerate(days):
        before = [longest[i] for i in range(place) if days[i] <= day]
        longest.append(1 + max(before, default=0))
    return len(days) - max(longest)


@pytest.mark.parametrize("seed", range(20))
def test_the_rows_named_are_the_fewest(seed: int) -> None:
    days = np.random.default_rng(seed).integers(0, 25, 30)
    out = rows_out_of_order(days.astype("datetime64[D]"))
    assert out.size == plain_out_of_order(days.tolist())
    assert (np.diff(np.delete(days, out)) >= 0).all()


def test_a_file_without_an_order_names_no_row(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    assert "misplaced" not in found(tmp_path, list(rng.permutation(iso())))


def test_a_file_of_blocks_out_of_order_names_no_row(tmp_path: Path) -> None:
    days = iso()
    assert "misplaced" not in found(tmp_path, [*days[60:], *days[30:60], *days[:30]])


def test_a_weekend_in_a_series_of_weekdays(tmp_path: Path) -> None:
    days = iso(changed={3: "2021-06-05"})
    said = found(tmp_path, days)["weekend"]
    assert said.message == (
        "1 price on a weekend in a series of weekdays: row 5 has 2021-06-05, a Saturday, perhaps "
        "with day and month swapped (2021-05-06 has no price). Put the dates right in the file, "
        "or take the rows out."
    )
    late = found(tmp_path, iso(changed={13: "2021-06-19"}))["weekend"]
    assert "row 15 has 2021-06-19, a Saturday. Put" in late.message, "there is no month 19"


def test_a_day_that_has_a_price_was_not_swapped_into_a_weekend(tmp_path: Path) -> None:
    # 2021-08-07 is a Saturday; 2021-07-08 stands in the file too.
    days = [*iso(), "2021-10-05"]
    days.insert(days.index("2021-08-06") + 1, "2021-08-07")
    assert "swapped" not in found(tmp_path, days)["weekend"].message
    days.remove("2021-07-08")
    assert "swapped (2021-07-08 has no price)" in found(tmp_path, days)["weekend"].message


def test_a_series_of_every_day_has_weekends(tmp_path: Path) -> None:
    days = [f"{day:%Y-%m-%d}" for day in pd.date_range("2021-06-01", periods=60)]
    assert "weekend" not in found(tmp_path, days)


def test_two_prices_of_a_day_name_the_row_that_is_swapped(tmp_path: Path) -> None:
    # 2021-07-06 stands in row 27 too, and 2021-06-07 is where it belongs by its place.
    with pytest.raises(PriceError) as caught:
        found(tmp_path, iso(changed={4: "2021-07-06"}))
    assert str(caught.value) == (
        "p.csv, rows 6 and 27, price: 2021-07-06 has two prices, 84 and 83. Perhaps day and "
        "month are swapped in row 6, which stands between 2021-06-04 and 2021-06-08: as "
        "2021-06-07 it would fit. Else keep the right row."
    )


def test_a_span_without_the_row_does_not_name_it(tmp_path: Path) -> None:
    found(tmp_path, iso(changed={2: "2021-03-06"}))
    series = read_file(tmp_path / "p.csv", name="p")
    later = clip(series, start=DAYS[0].date(), end=None)
    assert "misplaced" not in [finding.kind for finding in later.findings]
    whole = clip(series, start=pd.Timestamp(2021, 1, 1).date(), end=None)
    assert "misplaced" in [finding.kind for finding in whole.findings]


def test_the_weekday_is_that_of_the_calendar() -> None:
    days = pd.date_range("1969-12-28", "2024-12-31", freq="97D")
    assert [weekday(np.datetime64(day, "D")) for day in days] == list(days.day_name())


def test_a_row_that_repeats_another_far_off_is_no_wrong_date(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    rows = [f"{day},{80 + number % 11}" for number, day in enumerate(iso())]
    path.write_text("\n".join(["date,price", *rows, rows[5]]) + "\n", encoding="utf-8")
    kinds = [finding.kind for finding in read_file(path, name="p").findings]
    assert kinds == ["unsorted", "duplicate_row"]
