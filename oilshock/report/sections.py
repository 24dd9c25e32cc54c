"""Sections of a report that some studies have: each builder gives one, or none."""

from __future__ import annotations

from collections.abc import Callable

from oilshock.report.across import across_section
from oilshock.report.aftermath import aftermath_section
from oilshock.report.analyses import Analyses
from oilshock.report.artist import Artist
from oilshock.report.comparison import comparison_section
from oilshock.report.decomposition import decomposition_section
from oilshock.report.dynamics import dynamics_section
from oilshock.report.history import history_section
from oilshock.report.overlap import overlap_section
from oilshock.report.power import power_section
from oilshock.report.scan import scan_section
from oilshock.report.section import Section
from oilshock.report.sweep import sweep_section
from oilshock.report.volatility import volatility_section

BUILDERS: tuple[Callable[[Artist], Section | None], ...] = (
    history_section,
    across_section,
    comparison_section,
    overlap_section,
    decomposition_section,
    dynamics_section,
    aftermath_section,
    volatility_section,
    sweep_section,
)
"""What builds the sections of the tables of a study, in the order of the report."""


def build_sections(artist: Artist, analyses: Analyses) -> tuple[Section, ...]:
    """Build every section that has something to say of a study."""
    found = (
        *(build(artist) for build in BUILDERS),
        power_section(artist, analyses.power),
        scan_section(artist, analyses.scan),
    )
    return tuple(section for section in found if section is not None)
