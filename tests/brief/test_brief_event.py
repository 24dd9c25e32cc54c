"""What a brief says of day 0 where it is no window of the study."""

from __future__ import annotations

import oilshock as osk


def test_day_0_that_is_no_window_of_the_study_has_a_verdict_without_a_cell() -> None:
    dates = {"kuwait": "1990-08-02", "abqaiq": "2019-09-16"}
    events = [{"id": name, "date": date, "title": name} for name, date in dates.items()]
    result = osk.EventStudy(osk.load_prices(), events, window=(0, 5), car=[(1, 5)]).fit()
    brief = result.brief()
    text = " ".join(str(brief).split())
    assert "evidence of an abnormal move, which survives the adjustment for 2 events." in text
    traced = brief.trace[brief.trace["column"] == "p_adjusted"]
    assert not traced["row"].str.contains("start == 0").any()
