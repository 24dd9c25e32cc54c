"""One section of a report alone, for the commands that print it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts
from oilshock.report.artist import Artist
from oilshock.report.dynamics import dynamics_section
from oilshock.report.raster import rasterise
from oilshock.report.section import Section
from oilshock.typing import silent


@dataclass(frozen=True)
class SectionReport:
    """A section and its first chart.

    Parameters
    ----------
    section : Section
        Words, charts and tables.
    """

    section: Section

    @property
    def png(self) -> bytes:
        """The first chart as a PNG file."""
        return next(iter(rasterise([self.section.charts[0].svg])))


def dynamics_report(estimates: StudyEstimates, facts: Sequence[EventFacts]) -> SectionReport:
    """Build the section on persistence alone."""
    return SectionReport(dynamics_section(Artist(estimates, facts, progress=silent)))
