"""A brief says where calibrated p values find effects too often."""

from __future__ import annotations

import pandas as pd
import pytest

import oilshock as osk


def test_a_brief_warns_of_windows_that_find_too_much() -> None:
    events = osk.load_events().filter(ids=["abqaiq-khurais-attack-2019"])
    for oversized, is_warned in ((pd.DataFrame(), False), (pd.DataFrame({"start": [0]}), True)):
        result = osk.EventStudy(osk.load_prices(), events).fit()
        result.estimates.__dict__["oversized"] = oversized
        text = " ".join(str(result.brief()).split())
        assert ("finds effects too often on this series" in text) is is_warned


@pytest.mark.parametrize("is_swapped", [False, True])
def test_a_brief_warns_of_dates_that_look_wrong(*, is_swapped: bool) -> None:
    prices = osk.load_prices()["2018-01-01":"2020-01-01"]
    if is_swapped:
        # With day and month swapped, a Tuesday becomes a Saturday.
        prices = prices.rename({pd.Timestamp("2018-02-06"): pd.Timestamp("2018-06-02")})
    events = osk.load_events().filter(ids=["abqaiq-khurais-attack-2019"])
    text = " ".join(str(osk.EventStudy(prices, events).fit().brief()).split())
    assert ("Some dates of the price file look wrong" in text) is is_swapped
