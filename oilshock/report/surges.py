"""How each surge above a price level built up, and how much of it was given back."""

from __future__ import annotations

from oilshock.report.artist import Artist
from oilshock.report.table import Table
from oilshock.tables import rows_of
from oilshock.words import count, dollars, listed, number, per_cent, share_text


def surge_sentences(artist: Artist) -> list[str]:
    """Count the surges above each level; the table has the rest."""
    surges = artist.estimates.beyond.surges
    if surges.empty:
        return []
    levels = surges["level"].tolist()
    told = [
        f"{count(levels.count(level), 'surge')} above {dollars(level)}"
        for level in dict.fromkeys(levels)
    ]
    return [
        f"Near the events of the study the price made {listed(told)}; a table shows how each built "
        "up, and how much was given back after its peak."
    ]


def surge_table(artist: Artist) -> Table:
    """Build the table of surges above the levels of the study."""
    beyond = artist.estimates.beyond
    days = beyond.choices.given_back
    rows = [
        [
            dollars(float(row["level"])),
            f"{row['first_session']:%Y-%m-%d}",
            f"{row['last_session']:%Y-%m-%d}",
            number(float(row["peak"])),
            f"{row['peak_session']:%Y-%m-%d}",
            per_cent(float(row["climb"])),
            *(share_text(float(row[f"given_back_{n}"])) for n in days),
        ]
        for row in rows_of(beyond.surges)
    ]
    return Table(
        (
            "Level",
            "<<First above",
            "<Last above",
            "Peak",
            "<Peak on",
            "Climb",
            *(f"Back by {n}" for n in days),
        ),
        rows,
        caption="Surges above a price level: the climb, and the share given back after the peak",
        notes=(
            "Climb: log return from 10 sessions before the first close above the level to the "
            "peak. Back by: share of the climb that is gone so many sessions after the peak.",
        ),
    )
