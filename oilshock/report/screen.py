"""What a report has on a screen only: tips on its charts, and the figures behind them."""

from __future__ import annotations

from collections.abc import Sequence

from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts
from oilshock.report.figures import Charts
from oilshock.report.numbering import event_anchor
from oilshock.report.readings import day_table
from oilshock.typing import Record

SCREEN = "screen"
"""The part of the context that a printed format leaves out."""


def screen_context(
    estimates: StudyEstimates, facts: Sequence[EventFacts], *, charts: Charts
) -> Record:
    """Gather the tips of each chart, by its name, and the days of each event, by its anchor.

    Parameters
    ----------
    estimates : StudyEstimates
        The numbers.
    facts : sequence of EventFacts
        The kept events.
    charts : Charts
        The drawn charts.

    Returns
    -------
    dict
        `tips` and `days`.
    """
    return {
        "tips": {chart.name: [tip.to_record() for tip in chart.tips] for chart in charts.all()},
        "days": {
            event_anchor(event.number): day_table(estimates, event).to_record() for event in facts
        },
    }
