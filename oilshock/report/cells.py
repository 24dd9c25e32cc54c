"""Cells that several tables of a report share."""

from __future__ import annotations

import numpy as np

from oilshock.estimates import StudyEstimates
from oilshock.words import number, per_cent


def return_cell(estimates: StudyEstimates, value: float) -> str:
    """Write a return in per cent; a difference as it is, its unit is in the heading."""
    if estimates.config.returns.kind == "difference":
        return number(value, sign="+")
    return per_cent(value)


def plain_cell(estimates: StudyEstimates, value: float) -> str:
    """Write a standard error: as a return, without a sign."""
    if estimates.config.returns.kind == "difference" or np.isnan(value):
        return number(value)
    return f"{number(100 * value)} %"


def interval_cell(estimates: StudyEstimates, low: float, high: float) -> str:
    """Write an interval; a dash where there is none."""
    if np.isnan(low):
        return number(low)
    return f"{return_cell(estimates, low)} to {return_cell(estimates, high)}"


def p_heading(estimates: StudyEstimates) -> str:
    """Name the p value that tables quote."""
    return "p" if estimates.placebos is None else "cal. p"
