"""The section that takes the prices of episodes apart, and asks for levels without the events."""

from __future__ import annotations

import math
from collections.abc import Mapping

from oilshock.charts import parts_figure
from oilshock.estimates import StudyEstimates
from oilshock.report.artist import Artist, Chart
from oilshock.report.section import Section
from oilshock.report.section_readings import part_readings
from oilshock.report.table import Table
from oilshock.tables import rows_of
from oilshock.typing import Record
from oilshock.what_moved import RULE_WORDS
from oilshock.words import count, day, dollars, number, per_cent

MOST_CHARTS = 6
"""Episodes that are drawn: those whose events moved the price most."""

KIND_WORDS = {
    "base": "Price before",
    "drift": "Expected drift",
    "factors": "Factors",
    "episode": "Several events",
    "rest": "Sessions without an event",
}


def decomposition_section(artist: Artist) -> Section | None:
    """Build the section of a study that asks for it."""
    estimates = artist.estimates
    if not estimates.config.decomposition.report:
        return None
    return Section(
        anchor="decomposition",
        heading="Would it have been above the level?",
        paragraphs=tuple(decomposition_paragraphs(estimates)),
        charts=_charts(artist),
        tables=tuple(
            table for table in (accounted_table(estimates), parts_table(estimates)) if table.rows
        ),
        notes=(
            "Without: mean number of sessions above the level on paths without the events, and its "
            "interval; accounted: sessions above it less those. The paths are those of ordinary "
            "sessions, scaled to the volatility before the episode, round the expected path. "
            "Parts: dollars by logarithmic-mean weights, which add up in any order. Sessions that "
            "several event windows hold cannot be split between the events.",
        ),
    )


def decomposition_paragraphs(estimates: StudyEstimates) -> list[str]:
    """Say for each episode and level what the events account for."""
    names = episode_words(estimates)
    first = (
        "The price of each episode taken apart: the price before it, the drift that its model "
        "expected, factors, and the abnormal returns by the event in whose window they fell. A "
        "part is no proof that the event moved the price: it holds whatever happened in those "
        "sessions, and most parts are no larger than chance brings. The model is that of the "
        "first event."
    )
    told = [
        f"{names[row['episode']]}, {_level(row)}: {_account(row)}"
        for row in rows_of(estimates.accounted)
        if not math.isnan(row["without"]) and (row["sessions_above"] or row["without"] >= 0.5)
    ]
    return [first, *told]


def _level(row: Record) -> str:
    rule = f" ({RULE_WORDS[row['rule']]})" if row["rule"] else ""
    return f"{dollars(row['level'])}{rule}"


def _account(row: Record) -> str:
    n = count(int(row["sessions_above"]), "session")
    low, high = row["accounted_low"], row["accounted_high"]
    verdict = (
        "some were above it because of the events"
        if low > 0
        else "whether any were above it because of the events cannot be told"
    )
    return (
        f"{n} of {row['sessions']} above; without the events {number(row['without'], digits=1)} "
        f"({row['without_low']:.0f} to {row['without_high']:.0f}). The events account for "
        f"{number(row['accounted'], digits=1)} ({number(low, digits=0)} to "
        f"{number(high, digits=0)}): {verdict}."
    )


def episode_words(estimates: StudyEstimates) -> dict[str, str]:
    """Name each episode by the numbers of its events and its first session."""
    numbers = estimates.kept_events["number"].tolist()
    words = {}
    for record in estimates.episode_records:
        own = sorted(numbers[row] for row in record.members)
        spans = f"{own[0]}" if len(own) == 1 else f"{own[0]} to {own[-1]}"
        if own and own[-1] - own[0] != len(own) - 1:
            spans = ", ".join(str(value) for value in own)
        start = estimates.market.sessions[min(estimates.position[row] for row in record.members)]
        noun = "Event" if len(own) == 1 else "Events"
        words[record.label] = f"{noun} {spans} (from {day(start)})"
    return words


def accounted_table(estimates: StudyEstimates) -> Table:
    """Lay out the sessions above each level, with and without the events."""
    names = episode_words(estimates)
    rows = []
    for row in rows_of(estimates.accounted):
        if math.isnan(row["without"]):
            cells = ["\N{EN DASH}"] * 3
        else:
            cells = [
                str(int(row["sessions_above"])),
                _interval(row, "without"),
                _interval(row, "accounted"),
            ]
        rows.append([names[row["episode"]], _level(row), str(row["sessions"]), *cells])
    head = ("<<Episode", "<Level", "Sessions", "Above", "Without", "Accounted")
    return Table(head, rows, caption="Sessions above a level, with and without the events")


def _interval(row: Record, name: str) -> str:
    middle = number(row[name], digits=1)
    low, high = (number(row[f"{name}_{end}"], digits=0) for end in ("low", "high"))
    return f"{middle} ({low} to {high})"


def parts_table(estimates: StudyEstimates) -> Table:
    """Lay out the parts of each episode on its last session."""
    names, labels = episode_words(estimates), part_words(estimates)
    rows = []
    for label, own in estimates.decomposition.groupby("episode", sort=False):
        last = own[own["session"] == own["session"].iloc[-1]]
        price = float(last["price"].iloc[0])
        for row in rows_of(last):
            rows.append(
                [
                    names[str(label)],
                    _part(row, labels),
                    number(row["usd"], sign="-" if row["kind"] == "base" else "+"),
                    "" if row["kind"] == "base" else per_cent(row["usd"] / price),
                ]
            )
        rows.append([names[str(label)], f"Price on {day(last['session'].iloc[0])}",
                     number(price), ""])  # fmt: skip
    return Table(
        ("<Episode", "<<Part", "USD/bbl", "Of the price"),
        rows,
        caption="The price of the last session of each episode, in parts",
    )


def part_words(estimates: StudyEstimates) -> dict[str, str]:
    """Name the parts that are events, by number and title."""
    return {row["id"]: f"{row['number']} {row['title']}" for row in rows_of(estimates.kept_events)}


def _part(row: Record, labels: Mapping[str, str]) -> str:
    """Name one part: an event by its number and title, the others by their kind."""
    return KIND_WORDS.get(row["kind"]) or labels[row["part"]]


def _charts(artist: Artist) -> tuple[Chart, ...]:
    estimates = artist.estimates
    names, labels = episode_words(estimates), part_words(estimates)
    frame = estimates.decomposition
    events = frame[frame["kind"].isin(["event", "episode", "rest"])]
    size = events.groupby(["episode", "session"])["usd"].sum().abs().groupby("episode").max()
    chosen = set(size.nlargest(MOST_CHARTS).index)
    charts = []
    for place, (label, own) in enumerate(frame.groupby("episode", sort=False), start=1):
        if label not in chosen:
            continue
        own = own.assign(part=[_part(row, labels) for row in rows_of(own)])
        name = names[str(label)]
        start, end = own["session"].iloc[0], own["session"].iloc[-1]
        before = float(own.loc[own["kind"] == "base", "usd"].iloc[0])
        charts.append(
            artist.chart(
                f"parts_{place}",
                parts_figure(
                    own,
                    headline=f"In whose window the price moved, {day(start)} to {day(end)}",
                    title=f"USD/bbl from {dollars(before)}, the price before",
                    source=artist.source,
                ),
                caption=f"{name}: the price taken apart, session by session. Bars add up to the "
                "line.",
                alt=f"Stacked bars of the parts of the price, {name}: from {dollars(before)} "
                f"before to {dollars(float(own['price'].iloc[-1]))} on {day(end)}.",
                readings=part_readings(own),
            )
        )
    return tuple(charts)
