"""The table of price levels."""

from __future__ import annotations

import pandas as pd

from oilshock.estimates import StudyEstimates
from oilshock.report.cells import return_cell
from oilshock.report.table import Table
from oilshock.tables import rows_of
from oilshock.words import number, per_cent


def levels_table(estimates: StudyEstimates) -> Table:
    """Build the table of episodes above levels that touch the study's span."""
    frame = estimates.levels
    sessions = estimates.market.sessions
    w0, w1 = estimates.abnormal.window
    first = sessions[max(int(estimates.position.min()) + w0, 0)]
    last = sessions[min(int(estimates.position.max()) + w1, len(sessions) - 1)]
    ends = frame["last_session"].fillna(sessions[-1])
    near = frame[(frame["first_session"] <= last) & (ends >= first)]
    columns = (
        "Level",
        "<First",
        "<Last",
        "Sessions",
        "Peak",
        "<Peak on",
        "Run-up",
        "Abnormal",
        "Events",
    )
    rows = [
        [
            f"{row['level']:g}",
            f"{row['first_session']:%Y-%m-%d}",
            "open" if pd.isna(row["last_session"]) else f"{row['last_session']:%Y-%m-%d}",
            str(row["sessions_above"]),
            number(row["peak"]),
            f"{row['peak_session']:%Y-%m-%d}",
            per_cent(row["run_up_return"]),
            return_cell(estimates, row["abnormal_part"]),
            str(len(row["events"].split(";")) if row["events"] else 0),
        ]
        for row in rows_of(near)
    ]
    return Table(columns, rows, caption="Episodes above a price level during the study")
