"""The charts of a report, drawn once as SVG, each with caption and alt text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from oilshock.charts import (
    average_figure,
    event_figure,
    forest_figure,
    forest_pages,
    price_figure,
    series_figure,
    timeline_figure,
    timeline_pages,
)
from oilshock.charts.forest import forest_limits
from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts
from oilshock.narrative import amount
from oilshock.report.analyses import Analyses
from oilshock.report.artist import Artist, Chart, page_words
from oilshock.report.calibration import size_caption
from oilshock.report.gaps import gaps, series_frame
from oilshock.report.narrow_rows import forest_rows
from oilshock.report.readings import (
    average_readings,
    event_readings,
    forest_readings,
    price_readings,
    series_readings,
    timeline_readings,
)
from oilshock.report.section import Section
from oilshock.report.sections import build_sections
from oilshock.typing import Progress, Window
from oilshock.words import count, day, dollars, listed, number, window_text

CONTEXT_BEFORE = 60
"""Sessions of the price chart before the first event window."""

CONTEXT_AFTER = 20
"""Sessions of the price chart after the last event window."""


FEWEST_AVERAGED = 3
"""Fewer events than this have no band to speak of: with two, it would hide all other lines."""


@dataclass(frozen=True)
class Charts:
    """All charts of a report."""

    price: Chart
    forests: tuple[Chart, ...]
    averages: tuple[Chart, ...]
    timelines: tuple[Chart, ...]
    sections: tuple[Section, ...]
    events: tuple[Chart, ...]
    series: tuple[Chart, ...] = ()

    def all(self) -> tuple[Chart, ...]:
        """Return every chart, in the order of the report."""
        further = (chart for section in self.sections for chart in section.charts)
        overview = (*self.forests, *self.averages, *self.timelines, *self.series)
        return (self.price, *overview, *further, *self.events)


def draw_charts(
    estimates: StudyEstimates,
    facts: Sequence[EventFacts],
    *,
    analyses: Analyses,
    progress: Progress,
    compared: Mapping[str, StudyEstimates] | None = None,
) -> Charts:
    """Draw all charts of a report.

    Parameters
    ----------
    estimates : StudyEstimates
        The numbers.
    facts : sequence of EventFacts
        The kept events.
    analyses : Analyses
        From `analyse`.
    progress : callable
        Called after each chart.
    compared : mapping of str to StudyEstimates, optional
        The same study on other series.

    Returns
    -------
    Charts
        In the order of the report.
    """
    artist = Artist(estimates, facts, progress=progress)
    return Charts(
        price=_price(artist),
        forests=_forests(artist) if len(facts) > 1 else (),
        averages=_averages(artist),
        timelines=_timelines(artist),
        sections=build_sections(artist, analyses),
        series=_series(artist, compared or {}),
        events=tuple(_event(artist, event) for event in facts),
    )


def _series(artist: Artist, compared: Mapping[str, StudyEstimates]) -> tuple[Chart, ...]:
    found = gaps(artist.estimates, compared)
    if not found:
        return ()
    largest = max(found, key=lambda gap: abs(gap.size))
    frame = series_frame(artist.estimates, compared)
    figure = series_figure(
        frame,
        gap=(f"{largest.session:%Y-%m-%d}", largest.first_price, largest.second_price),
        unit=largest.unit,
        source="Sources: as listed under Data. Chart: oilshock.",
    )
    words = largest.sentence()
    return (
        artist.chart(
            "series",
            figure,
            caption=f"The series of one unit. {words}",
            alt=words,
            readings=series_readings(frame, unit=largest.unit),
        ),
    )


def _price(artist: Artist) -> Chart:
    estimates = artist.estimates
    w0, w1 = estimates.abnormal.window
    first = max(int(estimates.position.min()) + w0 - CONTEXT_BEFORE, 0)
    last = int(estimates.position.max()) + w1 + CONTEXT_AFTER
    market = estimates.market
    prices = pd.Series(market.prices, index=market.sessions).iloc[first : last + 1]
    events = estimates.kept_events[["number", "title", "direction"]].assign(
        session=market.sessions[estimates.position]
    )
    figure = price_figure(prices, events, levels=artist.levels, source=artist.source)
    span = f"{day(prices.index[0])} to {day(prices.index[-1])}"
    levels = (
        f" Levels: {listed([dollars(level) for level in artist.levels])}." if artist.levels else ""
    )
    return artist.chart(
        "price",
        figure,
        caption=f"{artist.label}, {span}, with {count(len(events), 'event')}, dated by day 0."
        f"{levels}",
        alt=(
            f"Line chart of {artist.label} from {span}, between {number(float(prices.min()))} and "
            f"{number(float(prices.max()))} USD/bbl, with {count(len(events), 'event')} marked."
            f"{levels}"
        ),
        readings=price_readings(estimates, artist.facts, prices=prices, figure=figure),
    )


def _forests(artist: Artist) -> tuple[Chart, ...]:
    windows = artist.estimates.config.windows.car_windows
    chosen = tuple(dict.fromkeys([windows[0], windows[-1]]))
    return tuple(chart for window in chosen for chart in _forest_pages(artist, window))


def _forest_pages(artist: Artist, window: Window) -> list[Chart]:
    frame = artist.estimates.forest_frame(window)
    pages = forest_pages(frame)
    limits = forest_limits(frame, return_unit=artist.return_unit)
    text = window_text(*window)
    file = f"car_{window[0]}_{window[1]}"
    column, name = artist.estimates.forest_p
    return [
        artist.chart(
            file if len(pages) == 1 else f"{file}_{place}",
            forest_figure(
                page,
                window=text,
                alpha=artist.alpha,
                p=artist.estimates.forest_p,
                limits=limits,
                return_unit=artist.return_unit,
                source=artist.source,
            ),
            caption=f"CAR over {text} of each event, sorted{page_words(place, len(pages))}."
            f"{_filled(artist.estimates)}{size_caption(artist.estimates, window)}",
            alt=f"Dots with intervals: CAR over {text} of {count(len(page), 'event')}, from "
            f"{artist.amounts(page['car'])}; "
            f"{count(int((page[column] < artist.alpha).sum()), 'event')} with {name} below "
            f"{artist.alpha:g}.",
            readings=forest_readings(artist.estimates, artist.facts, page=page, window=window),
            narrow=forest_rows(artist, page, limits=limits),
        )
        for place, page in enumerate(pages, start=1)
    ]


def _filled(estimates: StudyEstimates) -> str:
    """Say which p value fills a mark of a forest, with a space before."""
    level = f"{estimates.config.inference.alpha:g}"
    rated = "" if estimates.placebos is None else "calibrated "
    if not estimates.is_adjusted:
        return f" A filled mark has a {rated}p below {level}."
    return (
        f" A filled mark has an adjusted p below {level}; each interval is that of the "
        f"{rated}p of its event alone."
    )


def _averages(artist: Artist) -> tuple[Chart, ...]:
    estimates = artist.estimates
    groups = estimates.average[estimates.average["group"].isin(["direction=+", "direction=-"])]
    frame = pd.concat([groups, estimates.signed_average], ignore_index=True)
    sizes = frame.groupby("group")["n_events"].transform("max")
    frame = frame[sizes >= FEWEST_AVERAGED]
    if frame.empty:
        return ()
    names = [_group_words(group) for group in frame["group"].unique()]
    few = sizes[sizes > 0] < FEWEST_AVERAGED
    dropped = f" A group of fewer than {FEWEST_AVERAGED} events is not drawn." if few.any() else ""
    return (
        artist.chart(
            "average",
            average_figure(
                frame.assign(group=frame["group"].map(GROUP_LABELS)),
                alpha=artist.alpha,
                return_unit=artist.return_unit,
                source=artist.source,
            ),
            caption=f"Average abnormal returns: {listed(names)}. "
            f"Bands are cross-sectional.{dropped}",
            alt=f"Lines of cumulated average abnormal returns with bands. On the last day: "
            f"{_last_averages(artist, frame)}.",
            readings=average_readings(estimates, frame, names=GROUP_LABELS),
        ),
    )


def _last_averages(artist: Artist, frame: pd.DataFrame) -> str:
    last = frame.groupby("group", sort=False)["caar"].last()
    return listed(
        [f"{GROUP_LABELS[str(name)]} {artist.amounts([value])}" for name, value in last.items()]
    )


GROUP_LABELS = {
    "direction=+": "tightening",
    "direction=-": "easing",
    "signed": "signed",
}


def _group_words(group: str) -> str:
    return {
        "direction=+": "events expected to tighten",
        "direction=-": "events expected to ease",
        "signed": "all of them in the direction expected",
    }[group]


def _timelines(artist: Artist) -> tuple[Chart, ...]:
    ledger = artist.estimates.ledger
    frame = ledger.assign(number=range(1, len(ledger) + 1))
    pages = timeline_pages(frame)
    return tuple(
        artist.chart(
            "timeline" if len(pages) == 1 else f"timeline_{place}",
            timeline_figure(page, study=frame, source=artist.source),
            caption="Estimation windows, event windows and the sessions that they share"
            f"{page_words(place, len(pages))}.",
            alt=f"Bars: the estimation and event windows of {count(len(page), 'event')}, of which "
            f"{int((page['status'] != 'ok').sum())} left out and {_moved(page)} moved to a later "
            "session.",
            readings=timeline_readings(page),
        )
        for place, page in enumerate(pages, start=1)
    )


def _moved(page: pd.DataFrame) -> int:
    kept = page[page["status"] == "ok"]
    return int((kept["event_date"].astype(str) != kept["session"].astype(str)).sum())


def _event(artist: Artist, facts: EventFacts) -> Chart:
    estimates = artist.estimates
    event_id = str(facts.event["id"])
    title = f"{facts.number}  {facts.title}"
    figure = event_figure(
        estimates.abnormal_frame(facts.row),
        estimates.car_path_frame(facts.row),
        _rows_of(estimates.whatif, event_id),
        title=title,
        levels=artist.levels,
        confidence=1.0 - artist.alpha,
        return_unit=artist.return_unit,
        source=artist.source,
    )
    return artist.chart(
        f"event_{facts.number:03d}_{_slug(event_id)}",
        figure,
        caption=f"Event {facts.number}: actual price and price expected without the event; "
        "abnormal returns; CAR.",
        alt=(
            f"Three charts of {facts.title}. Price on day 0 {number(facts.price)} USD/bbl; "
            f"abnormal return {amount(estimates, facts.day0.car)}; on the last day the price is "
            f"{number(facts.end['price'])} against {number(facts.end['expected_price'])} expected."
        ),
        readings=event_readings(estimates, facts),
    )


def _rows_of(frame: pd.DataFrame, event_id: str) -> pd.DataFrame:
    return frame[frame["event_id"] == event_id]


def _slug(event_id: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", event_id)[:80]
