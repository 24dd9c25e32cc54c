"""The section that places the events in history."""

from __future__ import annotations

import numpy as np
import pandas as pd

from oilshock.charts.history import history_figure
from oilshock.facts import EventFacts
from oilshock.lead import lead_event
from oilshock.report.artist import Artist, Chart
from oilshock.report.section import CrossReference, Section
from oilshock.report.strip_readings import Measure, history_readings
from oilshock.report.table import Table, largest_rows, without_empty_columns
from oilshock.typing import Float
from oilshock.words import capital, count, day, number, ordinal, per_cent, plain_name, share_text

LARGER = "Larger than"
OTHER_SCALE = CrossReference(
    "The same day can have another rank in {table}: there moves to both sides are ranked together, "
    "and scaled by the volatility of a GARCH(1,1)-t model.",
    section="scan",
)
COLUMNS = (
    "#",
    "<<Event",
    "Move",
    "Rank",
    "USD/bbl",
    "Rank in USD",
    "Scaled (EWMA)",
    "Rank scaled",
    LARGER,
)


def history_section(artist: Artist) -> Section | None:
    """Build the section: rank among all sessions, and among events of the category."""
    history = artist.estimates.beyond.history
    # For prices at or below zero there is no per cent: dollars stand in.
    measure: Measure = (
        "per_cent" if history.loc[history["measure"] == "per_cent", "rank"].any() else "usd"
    )
    placed = history[history["measure"] == measure]
    if placed["rank"].isna().all():
        return None
    facts = tuple(artist.facts)
    lead = lead_event(facts)
    largest = facts[int(placed["move"].abs().to_numpy().argmax())]
    table = _table(artist)
    chosen = (lead,) if largest is lead else (lead, largest)
    return Section(
        anchor="history",
        heading="How big is it in history?",
        paragraphs=tuple(_sentence(artist, event) for event in chosen),
        charts=(_chart(artist, measure),),
        tables=(largest_rows(table, placed["move"].tolist(), by="move", file="history.csv"),),
        notes=(_note(artist, table.columns),),
        see=(OTHER_SCALE,),
    )


def _table(artist: Artist) -> Table:
    """Build the table; without events of a category no share of them is larger."""
    caption = "Day-0 moves and their ranks among all sessions of the series"
    return without_empty_columns(Table(COLUMNS, _rows(artist), caption=caption))


def _rows_of(artist: Artist, event_id: str) -> dict[str, pd.Series]:
    history = artist.estimates.beyond.history
    own = history[history["event_id"] == event_id]
    return {str(row["measure"]): row for _, row in own.iterrows()}


def _sentence(artist: Artist, event: EventFacts) -> str:
    """Write where one event stands."""
    rows = _rows_of(artist, str(event.event["id"]))
    usd, scaled = rows["usd"], rows["scaled"]
    main = usd if pd.isna(rows["per_cent"]["rank"]) else rows["per_cent"]
    opening = f"Event {event.number}, {event.title}, {day(event.session)}: "
    if pd.isna(main["rank"]):
        return f"{opening}{main['reason']}."
    size = "" if main is usd else f"{per_cent(float(main['move']))}, "
    since = artist.estimates.market.sessions[0].year
    text = (
        f"{opening}{size}{number(float(usd['move']), sign='+')} USD/bbl, the "
        f"{_largest(int(main['rank']))} one-day {main['side']} in "
        f"{count(int(main['n_sessions']), 'session')} since {since}"
    )
    if main is not usd:
        text += f" ({ordinal(int(usd['rank']))} in dollars"
        if not pd.isna(scaled["rank"]):
            text += f", {ordinal(int(scaled['rank']))} for the EWMA volatility of the day before"
        text += ")"
    if pd.isna(main["share_smaller"]):
        return f"{text}. It has no rank among events: {main['reason']}."
    category, share = plain_name(str(main["category"])), float(main["share_smaller"])
    n, known = int(main["n_category"]), "with a known event of the category"
    if n == 1:
        whom = "the one other session"
    elif share in (0.0, 1.0):
        whom = f"any of the {n} other sessions"
    else:
        whom = f"{share_text(share)} of the {n} other sessions"
    size = "A larger" if share else "No larger"
    return f"{text}. {size} {main['side']} than on {whom} {known} {category}."


def _largest(rank: int) -> str:
    return "largest" if rank == 1 else f"{ordinal(rank)} largest"


def _rows(artist: Artist) -> list[list[str]]:
    table = []
    for event in artist.facts:
        rows = _rows_of(artist, str(event.event["id"]))
        cells = [str(event.number), event.title]
        for measure, text in (
            ("per_cent", per_cent),
            ("usd", lambda value: number(value, sign="+")),
            ("scaled", lambda value: number(value, sign="+")),
        ):
            row = rows[measure]
            rank = "\N{EN DASH}" if pd.isna(row["rank"]) else f"{int(row['rank']):,}"
            cells += [text(float(row["move"])), rank]
        table.append([*cells, share_text(float(rows["per_cent"]["share_smaller"]))])
    return table


def _note(artist: Artist, columns: tuple[str, ...]) -> str:
    """Explain the columns that there are."""
    n = int(artist.estimates.beyond.history["n_sessions"].max())
    larger = (
        " Larger than: share of the other sessions with a known event of the same category that "
        "moved less to that side, in per cent. The catalogue holds the events that made news, not "
        "all there were."
        if LARGER in columns
        else ""
    )
    return (
        f"Move: close on day 0 over the close before, whatever was expected. Rank: among {n:,} "
        "sessions, from the largest move to the same side; equal moves share the better rank. "
        f"Scaled: log return over the EWMA volatility known the evening before.{larger}"
    )


def _ends(moves: Float, measure: str) -> str:
    known = moves[np.isfinite(moves)]
    if not known.size:
        return "no known move"
    low, high = float(known.min()), float(known.max())
    if measure == "per_cent":
        return f"{per_cent(low)} to {per_cent(high)}"
    return f"{number(low, sign='+')} to {number(high, sign='+')} USD/bbl"


def _chart(artist: Artist, measure: Measure) -> Chart:
    beyond = artist.estimates.beyond
    strips = beyond.strips(measure)
    sizes = strips.groupby("strip", sort=False).size()
    since = artist.estimates.market.sessions[0].year
    names = {
        str(name): f"All {n:,} sessions since {since}"
        if name == "all"
        else f"{capital(plain_name(str(name)))} ({n})"
        for name, n in sizes.items()
    }
    moves = beyond.history.loc[beyond.history["measure"] == measure, "move"].to_numpy()
    about = beyond.events[["number", "category"]].rename(columns={"category": "strip"})
    figure = history_figure(
        strips, about.assign(move=moves), names=names, measure=measure, source=artist.source
    )
    return artist.chart(
        "history",
        figure,
        caption="One-day moves of the study's events among all sessions and among known events of "
        "the same category.",
        alt=f"Strips of dots: {', '.join(names.values())}. The study's events are marked, from "
        f"{_ends(moves, measure)}.",
        readings=history_readings(artist, strips, measure=measure, figure=figure),
    )
