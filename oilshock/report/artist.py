"""Draws the charts of a report and keeps count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from oilshock.charts import figure_svg
from oilshock.charts.units import unit_of
from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts
from oilshock.market import Market
from oilshock.narrative import amount, series_label
from oilshock.report.narrow import NarrowChart
from oilshock.report.origin import series_title
from oilshock.report.tips import Reading, Tip, place
from oilshock.typing import Progress, Record


@dataclass(frozen=True)
class Chart:
    """A drawn chart.

    Parameters
    ----------
    name : str
        File name without its ending; says what the chart shows.
    caption : str
        What the reader sees under it.
    alt : str
        What it shows, for a reader who cannot see it.
    svg : str
        The chart as SVG, with its text as text.
    tips : tuple of Tip, default ()
        What it says where it is pointed at.
    narrow : NarrowChart or None, default None
        What stands in its place on a page too narrow for it.
    """

    name: str
    caption: str
    alt: str
    svg: str
    tips: tuple[Tip, ...] = ()
    narrow: NarrowChart | None = None

    def to_record(self) -> Record:
        """Return the chart as plain data."""
        return {"name": self.name, "caption": self.caption, "alt": self.alt, "svg": self.svg}


class Artist:
    """Draws one chart after the other and says how far it is."""

    def __init__(
        self, estimates: StudyEstimates, facts: Sequence[EventFacts], *, progress: Progress
    ) -> None:
        self.estimates = estimates
        self.facts = facts
        self.progress = progress
        self.label = series_label(estimates)
        self.source = source_line(estimates)
        self.return_unit = unit_of(estimates.config.returns.kind)
        self.alpha = estimates.config.inference.alpha
        self.levels = estimates.config.levels.unique
        self.done = 0

    def chart(
        self,
        name: str,
        figure: Figure,
        *,
        caption: str,
        alt: str,
        readings: Sequence[Reading] = (),
        narrow: NarrowChart | None = None,
    ) -> Chart:
        """Save a figure, with what it says where it is pointed at."""
        self.done += 1
        self.progress("drawing charts", self.done, 0)
        return Chart(
            name=name,
            caption=caption,
            alt=alt,
            svg=figure_svg(figure, text="text"),
            tips=place(readings, figure),
            narrow=narrow,
        )

    def amounts(self, values: Iterable[float]) -> str:
        """Write from where to where returns go, for the words of a chart."""
        known = [float(value) for value in values if np.isfinite(value)]
        if not known:
            return "no value known"
        low, high = (amount(self.estimates, end) for end in (min(known), max(known)))
        return low if low == high else f"{low} to {high}"


def page_words(place: int, total: int) -> str:
    """Say which part of several a chart is, with a space before; nothing of one alone.

    Examples
    --------
    >>> page_words(2, 5), page_words(1, 1)
    (' (part 2 of 5)', '')
    """
    return f" (part {place} of {total})" if total > 1 else ""


def source_line(estimates: StudyEstimates) -> str:
    """Write the source of the series as it stands under every chart."""
    return source_of(estimates.market)


def source_of(market: Market) -> str:
    """Write the source of a price series, to its last session."""
    series = market.series
    about = series.provenance
    publisher, title = about.get("publisher", ""), series_title(about, name=series.name)
    last = f"{market.sessions[-1]:%Y-%m-%d}"
    kind = "; spot, not futures" if about.get("kind") == "spot" else ""
    origin = f"{publisher}, {title}" if publisher else title
    return f"Source: {origin}, to {last}{kind}. Chart: oilshock."
