"""What a report has on a screen only: tips, narrow charts, and the figures behind charts."""

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
    """Gather tips and narrow forms of charts, by name, and the days of events, by anchor.

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
        `tips`, `narrow` and `days`.
    """
    return {
        "tips": {chart.name: [tip.to_record() for tip in chart.tips] for chart in charts.all()},
        "narrow": {chart.name: chart.narrow.to_record() for chart in charts.all() if chart.narrow},
        "days": {
            event_anchor(event.number): day_table(estimates, event).to_record() for event in facts
        },
    }
