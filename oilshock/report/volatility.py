"""The section on volatility: whether prices swung more than usual round the events."""

from __future__ import annotations

import numpy as np
import pandas as pd

from oilshock.charts.volatility import volatility_figure, volatility_limits, volatility_pages
from oilshock.lead import lead_event
from oilshock.quoted_p import rated_number, rated_text
from oilshock.report.artist import Artist, Chart, page_words
from oilshock.report.narrow_rows import volatility_rows
from oilshock.report.section import Section
from oilshock.report.section_readings import volatility_readings
from oilshock.report.table import Table, largest_rows
from oilshock.typing import Window
from oilshock.words import count, number, out_of, window_text


def volatility_section(artist: Artist) -> Section | None:
    """Build the section: realised over forecast volatility, window by window."""
    frame = artist.estimates.beyond.volatility
    windows = list(dict.fromkeys(zip(frame["start"], frame["end"], strict=True)))
    if not windows:
        return None
    window = _main_window(windows)
    measures = list(dict.fromkeys(frame["measure"]))
    return Section(
        anchor="volatility",
        heading="Did prices swing more than usual?",
        paragraphs=tuple(_sentences(artist, frame, window)),
        charts=tuple(_charts(artist, frame, window)),
        tables=tuple(_table(artist, frame[frame["measure"] == name], name) for name in measures),
        notes=(_note(artist),),
    )


def _main_window(windows: list[Window]) -> Window:
    """Choose the window that is drawn: the longest that begins with day 0, else the first."""
    from_zero = [window for window in windows if window[0] == 0]
    return max(from_zero, key=lambda window: window[1], default=windows[0])


def _sentences(artist: Artist, frame: pd.DataFrame, window: Window) -> list[str]:
    own = _of(frame, window)
    lead = lead_event(tuple(artist.facts))
    row = own.iloc[lead.row]
    text = f"Event {lead.number}, {lead.title}: "
    if pd.isna(row["ratio"]):
        first = f"{text}no figure for {window_text(*window)}, {row['reason']}."
    else:
        first = (
            f"{text}over {window_text(*window)} the volatility was "
            f"{_vol(artist, row['realised_vol'])} a session against a forecast of "
            f"{_vol(artist, row['forecast_vol'])}, calibrated p "
            f"{rated_text(float(row['p_calibrated']), is_bounded=bool(row['bounded']))}."
        )
    n = int((own["p_calibrated"] < artist.alpha).sum())
    if len(own) == 1:
        return [first]
    return [
        first,
        f"{out_of(n, len(own), 'event')} had more volatility than forecast over "
        f"{window_text(*window)} with p below {artist.alpha:g}, not adjusted for their number.",
    ]


def _vol(artist: Artist, value: float) -> str:
    if artist.return_unit == "USD/bbl":
        return f"{number(float(value))} USD/bbl"
    return f"{number(100 * float(value))} %"


def _of(frame: pd.DataFrame, window: Window, measure: str = "returns") -> pd.DataFrame:
    chosen = (frame["start"] == window[0]) & (frame["end"] == window[1])
    return frame[chosen & (frame["measure"] == measure)].reset_index(drop=True)


def _factors(ratio: pd.Series[float]) -> str:
    factors = np.sqrt(ratio.dropna().to_numpy())
    if not factors.size:
        return "none of them known"
    return f"from {number(float(factors.min()))} to {number(float(factors.max()))} times"


def _charts(artist: Artist, frame: pd.DataFrame, window: Window) -> list[Chart]:
    own = _of(frame, window)
    about = artist.estimates.beyond.events[["number", "title"]].reset_index(drop=True)
    whole = about.join(own[["ratio", "p_calibrated", "bounded"]])
    pages, limits = volatility_pages(whole), volatility_limits(whole)
    text = window_text(*window)
    return [
        artist.chart(
            "volatility" if len(pages) == 1 else f"volatility_{place}",
            volatility_figure(
                page, window=text, alpha=artist.alpha, limits=limits, source=artist.source
            ),
            caption=f"Realised over forecast volatility over {text}, event by event"
            f"{page_words(place, len(pages))}.",
            alt=f"Dots: realised over forecast volatility of {count(len(page), 'event')}, "
            f"{_factors(page['ratio'])}.",
            readings=volatility_readings(page, window=window),
            narrow=volatility_rows(page, alpha=artist.alpha, limits=limits),
        )
        for place, page in enumerate(pages, start=1)
    ]


def _table(artist: Artist, frame: pd.DataFrame, measure: str) -> Table:
    windows = list(dict.fromkeys(zip(frame["start"], frame["end"], strict=True)))
    kind = "returns" if measure == "returns" else "ranges from high to low"
    columns = ["#", "<<Event"]
    for window in windows:
        columns += [window_text(*window), "p"]
    rows = []
    for event in artist.facts:
        cells = [str(event.number), event.title]
        for window in windows:
            row = _of(frame, window, measure).iloc[event.row]
            p_value = rated_number(float(row["p_calibrated"]), is_bounded=bool(row["bounded"]))
            cells += [number(float(row["ratio"]) ** 0.5), p_value]
        rows.append(cells)
    caption = f"Realised over forecast volatility, by window, from {kind}"
    return largest_rows(
        Table(tuple(columns), rows, caption=caption),
        _of(frame, _main_window(windows), measure)["ratio"].tolist(),
        by="ratio",
        file="volatility.csv",
    )


def _note(artist: Artist) -> str:
    variance = artist.estimates.beyond.variance
    model = (
        "a GARCH(1,1) model with Student's t errors, fitted once to the whole series"
        if variance.model == "garch"
        else "the EWMA variance (decay 0.94)"
    )
    why = f" ({variance.reason})" if variance.reason else ""
    return (
        "Figures are realised over forecast volatility: the root of the sum of squared abnormal "
        f"returns over the sum of the variances forecast by {model}{why} from what was known the "
        "evening before the window. p: share of ordinary sessions of similar volatility with as "
        "large a ratio; Brent has fat tails, and a ratio well above 1 is not rare. A window that "
        "holds other events is theirs as well."
    )
