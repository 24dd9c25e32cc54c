"""A brief says where calibrated p values find effects too often."""

from __future__ import annotations

import pandas as pd

import oilshock as osk


def test_a_brief_warns_of_windows_that_find_too_much() -> None:
    events = osk.load_events().filter(ids=["abqaiq-khurais-attack-2019"])
    for oversized, is_warned in ((pd.DataFrame(), False), (pd.DataFrame({"start": [0]}), True)):
        result = osk.EventStudy(osk.load_prices(), events).fit()
        result.estimates.__dict__["oversized"] = oversized
        text = " ".join(str(result.brief()).split())
        assert ("finds effects too often on this series" in text) is is_warned
