"""The section on power: how large a move must be to be seen."""

from __future__ import annotations

import numpy as np
import pandas as pd

from oilshock.charts import minimum_figure, power_figure
from oilshock.charts.canvas import split_rows
from oilshock.charts.size import measures
from oilshock.estimates import StudyEstimates
from oilshock.narrative import amount, return_noun
from oilshock.power import NEXT, PowerResult
from oilshock.report.artist import Artist, Chart, page_words
from oilshock.report.narrow_rows import minimum_rows
from oilshock.report.section import Section
from oilshock.report.section_readings import minimum_readings, power_readings
from oilshock.report.table import Table
from oilshock.typing import Window
from oilshock.words import count, day, listed, number, out_of, window_text

MISSED = " Where it did not, no effect found does not mean that there was none."


def power_section(artist: Artist, power: PowerResult) -> Section | None:
    """Build the section on power; none where no session of the series can serve."""
    window = artist.estimates.config.windows.car_windows[0]
    if power.curves.empty:
        return None
    return Section(
        anchor="power",
        heading="Could we have seen it?",
        paragraphs=tuple(power_paragraphs(artist.estimates, power, window=window)),
        charts=(*minimum_charts(artist, power, window), power_chart(artist, power, window)),
        tables=(_table(artist.estimates, power),),
        notes=(_note(power),),
    )


def minimum_of(power: PowerResult, window: Window) -> pd.DataFrame:
    """Return the rows of a window, with `minimum`: calibrated, else textbook."""
    frame = power.minimum
    rows = frame[(frame["start"] == window[0]) & (frame["end"] == window[1])]
    best = rows["minimum_calibrated"].fillna(rows["minimum_textbook"])
    return rows.assign(minimum=best).reset_index(drop=True)


def power_paragraphs(estimates: StudyEstimates, power: PowerResult, *, window: Window) -> list[str]:
    """Write what a power analysis says."""
    rows = minimum_of(power, window)
    events, ahead = rows[rows["event_id"] != NEXT], rows[rows["event_id"] == NEXT].iloc[0]
    seen = int((events["car"].abs() >= events["minimum"]).sum())
    share = f"{number(100 * power.target, digits=0)} %"
    low, high = events["minimum"].min(), events["minimum"].max()
    spread = (
        amount(estimates, low, sign=False)
        if np.isclose(low, high)
        else f"{amount(estimates, low, sign=False)} to {amount(estimates, high, sign=False)}"
    )
    price = f"{number(power.last_price)} USD/bbl"
    text = [
        f"A single event must bring an {return_noun(estimates)} over {window_text(*window)} of "
        f"{spread}, depending on the volatility of its moment, to be found with a probability of "
        f"{share}. "
        f"{_how_many(seen, len(events))}." + (MISSED if seen < len(events) else "")
    ]
    if not np.isnan(ahead["minimum"]):
        noun = return_noun(estimates)
        dollars = f", or {number(_best_usd(ahead))} USD/bbl at the last price of {price}"
        if estimates.config.returns.kind == "difference":
            dollars = f" at the last price of {price}"
        text.append(
            f"An event on the session after the last would have to bring an {noun} of "
            f"{amount(estimates, ahead['minimum'], sign=False)}{dollars}."
        )
    return text


def _how_many(seen: int, total: int) -> str:
    if total == 1:
        return "This event did" if seen else "This event did not"
    return f"{out_of(seen, total, 'event')} did"


def _best_usd(row: pd.Series) -> float:
    calibrated = float(row["minimum_calibrated_usd"])
    return float(row["minimum_textbook_usd"]) if np.isnan(calibrated) else calibrated


def curve_of(power: PowerResult, window: Window) -> pd.DataFrame:
    """Return the power curves of a window by the placebo test, else by the t test."""
    frame = power.curves
    rows = frame[(frame["start"] == window[0]) & (frame["end"] == window[1])]
    test = "placebo" if (rows["test"] == "placebo").any() else "t"
    return rows[rows["test"] == test].reset_index(drop=True)


def power_chart(artist: Artist, power: PowerResult, window: Window) -> Chart:
    """Draw the power curves of a window."""
    frame = curve_of(power, window)
    figure = power_figure(
        frame,
        target=power.target,
        title=f"How often a move over {window_text(*window)} is found, by number of events",
        return_unit=artist.return_unit,
        source=artist.source,
    )
    curves = [rows for _, rows in frame.groupby("n_events")]
    reached = [_reached(artist, rows, power.target) for rows in curves]
    return artist.chart(
        "power_curves",
        figure,
        caption=f"How often a study finds a move over {window_text(*window)}, by its size and "
        f"the number of events: simulated on {artist.label}, the move added on random sessions "
        f"({frame['test'].iloc[0]} test at {power.alpha:g}).",
        alt="Curves of the share of studies that find a move, as the move grows to "
        f"{amount(artist.estimates, float(frame['shock'].max()), sign=False)}: "
        f"{listed(reached)}.",
        readings=power_readings(artist, frame),
    )


def _reached(artist: Artist, rows: pd.DataFrame, target: float) -> str:
    """Say from which of the moves tried on a curve reaches the power wished for."""
    name = f"with {count(int(rows['n_events'].iloc[0]), 'event')}"
    found = rows.loc[rows["power"] >= target, "shock"]
    if found.empty:
        return f"{name} the curve stays below {number(100 * target, digits=0)} %"
    least = amount(artist.estimates, float(found.min()), sign=False)
    return f"{name} it passes {number(100 * target, digits=0)} % at {least}"


def minimum_charts(artist: Artist, power: PowerResult, window: Window) -> list[Chart]:
    """Draw the events of a study against their minimum detectable moves."""
    rows = minimum_of(power, window)
    rows = rows[rows["event_id"] != NEXT].reset_index(drop=True)
    about = artist.estimates.kept_events[["number", "title"]]
    pages = split_rows(pd.concat([about, rows], axis=1), most=measures().rows)
    return [
        artist.chart(
            "power" if len(pages) == 1 else f"power_{place}",
            minimum_figure(
                page,
                window=window_text(*window),
                target=power.target,
                return_unit=artist.return_unit,
                source=artist.source,
            ),
            caption=f"Each event's least move over {window_text(*window)} that would be found with "
            f"a probability of {number(100 * power.target, digits=0)} % (bar; stroke: by the "
            f"textbook formula), and the move that came (dot){page_words(place, len(pages))}.",
            alt=f"Bars of the least move that would be found for {count(len(page), 'event')} "
            f"({artist.amounts(page['minimum'])}), dots of the CAR that came "
            f"({artist.amounts(page['car'])}).",
            readings=minimum_readings(artist, page, window=window),
            narrow=minimum_rows(artist, page),
        )
        for place, page in enumerate(pages, start=1)
    ]


def _table(estimates: StudyEstimates, power: PowerResult) -> Table:
    """Build the table of the minimum detectable moves: the lead moments, every window."""
    rows = []
    for start, end in estimates.config.windows.car_windows:
        frame = minimum_of(power, (start, end))
        events, ahead = frame[frame["event_id"] != NEXT], frame[frame["event_id"] == NEXT].iloc[0]
        columns = ("minimum_calibrated", "minimum_textbook")
        rows.append(
            [
                window_text(start, end),
                *(amount(estimates, float(events[name].median()), sign=False) for name in columns),
                amount(estimates, float(ahead[columns[0]]), sign=False),
                number(float(ahead["minimum_calibrated_usd"])),
                amount(estimates, float(ahead[columns[1]]), sign=False),
            ]
        )
    last = day(estimates.market.sessions[-1])
    return Table(
        caption=f"The least move that is found, by window: {return_noun(estimates)}s",
        columns=(
            "<<Window",
            "Median event",
            "textbook",
            f"After {last}",
            "USD/bbl",
            "textbook",
        ),
        rows=rows,
    )


def _note(power: PowerResult) -> str:
    return (
        f"At {number(100 * power.target, digits=0)} % power and a level of {power.alpha:g}, "
        "two-sided. Calibrated: by the placebo law of the series, at the volatility of the moment; "
        "textbook: from the standard error of the CAR as if returns were normal. Curves: sessions "
        "drawn at random from the series, a move added, rejections counted (Brown and Warner 1985)."
    )
