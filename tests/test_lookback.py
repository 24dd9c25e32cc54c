"""An event that has no price yet, from a notebook."""

from __future__ import annotations

import matplotlib
import pytest
from matplotlib.figure import Figure

import oilshock as osk
from oilshock.errors import ConfigError

LATE = {"id": "x", "date": "2026-10-01", "title": "Late", "category": "sanctions", "direction": "+"}


def test_a_study_answers_for_an_event_to_come() -> None:
    result = osk.EventStudy(osk.load_prices(), [LATE]).aftermath()
    frame = result.to_frame()
    known = osk.load_events().to_frame()
    kind = known[(known["category"] == "sanctions") & (known["direction"] == "+")]
    # Sessions, not events: two events of one session count once.
    assert 0 < result.view.n_events <= len(kind)
    assert frame["sessions"].unique().tolist() == [1, 5, 10]
    frame.loc[:, "n"] = -1
    assert (result.to_frame()["n"] > 0).all()
    assert "comes after the last session, 29 September 2026" in result.answer[0]
    assert repr(result).startswith("AftermathResult(sanctions, expected to tighten")
    ax = Figure().add_subplot()
    assert result.plot(ax=ax) is ax
    assert "<table" in result._repr_html_()
    assert len(result.moves()) == 3 * result.view.n_events
    assert matplotlib.get_backend().lower() == "agg"


def test_without_an_event_to_come_there_is_nothing_to_answer() -> None:
    events = [{"id": "x", "date": "2024-04-13", "title": "Known"}]
    with pytest.raises(ConfigError, match="no event comes after the last session, 2026-09-29"):
        osk.EventStudy(osk.load_prices(), events).aftermath()


def test_views_of_a_study() -> None:
    events = osk.load_events().filter(ids=["iran-attacks-israel-apr2024"])
    result = osk.EventStudy(osk.load_prices(), events).fit()
    assert set(result.dynamics()["group"]) == {"direction=+", "direction=-", "signed"}
    assert result.dynamics_events()["event_id"].tolist() == ["iran-attacks-israel-apr2024"]
    assert result.dynamics_shapes()["group"].tolist()[-1] == "signed"
    assert len(result.history()) == 3
    assert result.volatility()["start"].tolist() == [-5, 0, 0, 1]
    assert len(result.aftermath("iran-attacks-israel-apr2024")) == 9
    ax = Figure().add_subplot()
    assert result.plot_dynamics("direction=+", ax=ax) is ax
    assert result.plot_path("iran-attacks-israel-apr2024", ax=Figure().add_subplot()) is not ax
    with pytest.raises(ConfigError, match="Did you mean"):
        result.plot_dynamics("direction=*")
