"""A brief says where calibrated p values find effects too often."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import oilshock as osk
from oilshock.calibration import GUARDED_COLUMNS

NONE, SOME = pd.DataFrame(), pd.DataFrame({"start": [0], "end": [5], "share": [0.1]})


@pytest.mark.parametrize(
    ("guarded", "oversized", "words"),
    [
        (NONE, NONE, ""),
        (SOME, NONE, "no calibrated p value is smaller than the t test's"),
        (SOME, SOME, "read it as larger than it looks"),
    ],
)
def test_a_brief_warns_of_windows_that_find_too_much(
    guarded: pd.DataFrame, oversized: pd.DataFrame, words: str
) -> None:
    events = osk.load_events().filter(ids=["abqaiq-khurais-attack-2019"])
    result = osk.EventStudy(osk.load_prices(), events).fit()
    found = result.estimates.calibration
    result.estimates.__dict__.update(
        calibration=replace(found, guarded=guarded.reindex(columns=list(GUARDED_COLUMNS))),
        oversized=oversized,
    )
    text = " ".join(str(result.brief()).split())
    assert ("too often on this series" in text) is bool(words)
    assert words in text


@pytest.mark.parametrize("is_swapped", [False, True])
def test_a_brief_warns_of_dates_that_look_wrong(*, is_swapped: bool) -> None:
    prices = osk.load_prices()["2018-01-01":"2020-01-01"]
    if is_swapped:
        # With day and month swapped, a Tuesday becomes a Saturday.
        prices = prices.rename({pd.Timestamp("2018-02-06"): pd.Timestamp("2018-06-02")})
    events = osk.load_events().filter(ids=["abqaiq-khurais-attack-2019"])
    text = " ".join(str(osk.EventStudy(prices, events).fit().brief()).split())
    assert ("Some dates of the price file look wrong" in text) is is_swapped
