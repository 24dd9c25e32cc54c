"""What a report tells beside the tables of a study."""

from __future__ import annotations

import pytest

import oilshock as osk
from oilshock.report.analyses import analyse
from oilshock.results import StudyResult


def with_returns(n: int) -> StudyResult:
    """Study one event of a series with so many returns."""
    prices = osk.load_prices().iloc[-n - 1 :]
    event = {"id": "x", "date": f"{prices.index[-30]:%Y-%m-%d}", "title": "T"}
    return osk.EventStudy(prices, [event], car=[(-1, 1), (0, 0)]).fit()


@pytest.mark.parametrize(("n", "scanned"), [(249, False), (250, True)])
def test_a_series_of_a_year_is_long_enough_for_a_scan(n: int, *, scanned: bool) -> None:
    assert (analyse(with_returns(n).estimates).scan is not None) == scanned


def test_power_curves_are_those_of_the_first_window() -> None:
    curves = analyse(with_returns(400).estimates).power.curves
    assert set(zip(curves["start"], curves["end"], strict=True)) == {(-1, 1)}
