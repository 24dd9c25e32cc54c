"""Warn of dates that are likely wrong, whatever else a command prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from oilshock.quality import DOUBTED_DATES

if TYPE_CHECKING:
    from oilshock.price_series import PriceSeries
    from oilshock.results import StudyResult


def warn_of_dates(result: StudyResult) -> None:
    """Warn on stderr of dates of the main, factor and compared series that are likely wrong."""
    estimates = [result.estimates, *result.compared_estimates.values()]
    series = [one.market.series for one in estimates]
    warn_of_dates_in([*series, *(factor.series for factor in result.factors.values())])


def warn_of_dates_in(every: Iterable[PriceSeries]) -> None:
    """Warn on stderr of dates of the series given that are likely wrong."""
    for series in every:
        called = series.provenance.get("file") or series.name
        for finding in series.findings:
            if finding.kind in DOUBTED_DATES:
                click.echo(f"Warning: {called}: {finding.message}", err=True)
