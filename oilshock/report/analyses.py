"""Analyses that a report tells and no table of the study holds, computed before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from oilshock.estimates import StudyEstimates
from oilshock.power import PowerResult, power_of_study
from oilshock.scan import ScanResult, scan_study

FEWEST = 250
"""Fewer returns than this say nothing about what is unusual."""


@dataclass(frozen=True)
class Analyses:
    """What a report tells beside the tables of a study.

    Parameters
    ----------
    power : PowerResult
        Minimum detectable moves, and the power curves of the first CAR window.
    scan : ScanResult or None
        Unusual moves of the series; none for a short one.
    """

    power: PowerResult
    scan: ScanResult | None


def analyse(estimates: StudyEstimates) -> Analyses:
    """Compute what a report tells beside the tables of a study."""
    first = estimates.config.windows.car_windows[0]
    long_enough = len(estimates.market.returns) - 1 >= FEWEST
    return Analyses(
        power=power_of_study(estimates, curves_of=(first,)),
        scan=scan_study(estimates) if long_enough else None,
    )
