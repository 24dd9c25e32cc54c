"""The section on other choices: the specification curve of the study."""

from __future__ import annotations

import numpy as np
import pandas as pd

from oilshock.charts import curve_figure
from oilshock.charts.curve import MOST_DRAWN
from oilshock.estimates import StudyEstimates
from oilshock.inference.curve import (
    CurveSummary,
    SpecificationCurve,
    by_level,
    drivers,
    summarise_curve,
)
from oilshock.narrative import amount
from oilshock.report.artist import Artist, Chart
from oilshock.report.section import Section
from oilshock.report.section_readings import curve_readings
from oilshock.report.table import Table
from oilshock.tables import rows_of
from oilshock.typing import Float
from oilshock.words import count, number, p_number, p_text, window_words

NAMES = {
    "model": "model",
    "estimation": "estimation window",
    "gap": "gap",
    "window": "event window",
    "returns": "returns",
    "series": "series",
    "test": "test",
}

BAND = (5.0, 95.0)
"""Percentiles of the placements between which the grey band lies."""

DRIVES = 0.5
"""A choice that accounts for so much of the variance drives the result."""


def sweep_section(artist: Artist) -> Section | None:
    """Build the section on other choices; none where the config has no `[sweep]`."""
    curve = artist.estimates.curve
    if curve is None:
        return None
    summary = summarise_curve(curve)
    return Section(
        anchor="sweep",
        heading="Does the answer survive other choices?",
        paragraphs=tuple(sweep_paragraphs(artist.estimates, curve, summary)),
        charts=(sweep_chart(artist, curve, summary),) if summary.n_computed else (),
        tables=(_test_table(artist.estimates, summary), _level_table(artist.estimates, curve)),
        notes=(_note(),),
    )


def sweep_paragraphs(
    estimates: StudyEstimates, curve: SpecificationCurve, summary: CurveSummary
) -> list[str]:
    """Write what a specification curve says."""
    if summary.n_computed == 0:
        return ["No specification could be computed: see the reasons in “oilshock sweep”."]
    what = {
        "signed": "the mean CAR in the direction expected beforehand",
        "average": "the mean CAR",
    }[curve.effect]
    n_events = int(curve.frame["n_events"].max())
    if n_events == 1:
        what = what.replace("the mean CAR", "the CAR")
    low, high = (amount(estimates, v) for v in (summary.low_effect, summary.high_effect))
    text = [
        f"{count(summary.n_computed, 'specification')} give {what} of "
        f"{count(n_events, 'event')}: from {low} to {high}, median "
        f"{amount(estimates, summary.median_effect)}. "
        f"{_share(summary.share_of_sign)} have the sign of the median; "
        f"{_share(summary.share_significant)} have it and are significant at {curve.alpha:g}."
    ]
    if summary.n_computed < summary.n_specifications:
        missing = summary.n_specifications - summary.n_computed
        text[0] += f" {count(missing, 'specification')} could not be computed."
    tested = [test for test in summary.tests if test.n_placements]
    if tested:
        median, share = tested[0], tested[1]
        verdict = (
            "the curve as a whole is not what chance gives"
            if min(median.p_value, share.p_value) < curve.alpha
            else "chance alone gives such a curve often enough"
        )
        text.append(
            f"With the events placed on random sessions {median.n_placements:,} times, a median so "
            f"far from zero comes with p {p_text(median.p_value)}, and so many significant "
            f"specifications with p {p_text(share.p_value)}: {verdict}."
        )
    return [*text, driver_sentence(estimates, curve)]


def driver_sentence(estimates: StudyEstimates, curve: SpecificationCurve) -> str:
    """Say in words which choice drives the result."""
    table = drivers(curve)
    if table.empty:
        return "The grid has one specification: no choice was varied."
    first = table.iloc[0]
    share = float(first["share_of_effect"])
    levels = by_level(curve)
    own = levels[levels["dimension"] == first["dimension"]]
    low, high = own.loc[own["median_effect"].idxmin()], own.loc[own["median_effect"].idxmax()]
    span = (
        f"(median {amount(estimates, low['median_effect'])} at {window_words(low['level'])}, "
        f"{amount(estimates, high['median_effect'])} at {window_words(high['level'])})"
    )
    name = NAMES[str(first["dimension"])]
    if share >= DRIVES:
        text = f"The {name} drives the size of the effect: {_share(share)} of its variance {span}."
    elif share > 0:
        text = (
            f"No single choice drives the size of the effect; the {name} matters most, with "
            f"{_share(share)} of its variance {span}."
        )
    else:
        text = "No choice changes the size of the effect."
    surest = table.sort_values("share_of_z", ascending=False, kind="stable").iloc[0]
    if surest["share_of_z"] > 0:
        text += (
            f" For significance it is the {NAMES[str(surest['dimension'])]} that matters most "
            f"({_share(float(surest['share_of_z']))} of the variance of z)."
        )
    return text


def _share(value: float) -> str:
    return f"{number(100 * value, digits=0)} %"


def placed_band(curve: SpecificationCurve) -> tuple[Float, Float] | None:
    """Return the limits between which the sorted curve lies for events placed at random."""
    complete = ~np.isnan(curve.placed_effect).all(axis=0)
    if len(curve.placed_effect) == 0 or not complete.any():
        return None
    ordered = np.sort(curve.placed_effect[:, complete], axis=1)
    low, high = np.nanpercentile(ordered, BAND, axis=0)
    return low, high


def sweep_chart(artist: Artist, curve: SpecificationCurve, summary: CurveSummary) -> Chart:
    """Draw the specification curve with its choices."""
    shown = count(summary.n_computed, "specification")
    thinned = f" ({MOST_DRAWN} drawn)" if summary.n_computed > MOST_DRAWN else ""
    figure = curve_figure(
        curve.frame,
        dimensions=tuple(NAMES.items()),
        band=placed_band(curve),
        own=curve.own,
        alpha=curve.alpha,
        title=f"{artist.estimates.config.title}: the effect under {shown}{thinned}",
        return_unit=artist.return_unit,
        source=artist.source,
    )
    return artist.chart(
        "sweep",
        figure,
        caption="Specification curve: every dot is one combination of the choices marked below it.",
        alt=f"Sorted effects of {shown}, from {artist.amounts(curve.frame['effect'])}, with median "
        f"{artist.amounts([float(curve.frame['effect'].median())])}, and the choices of each.",
        readings=curve_readings(artist, curve.frame, names=NAMES, own=curve.own),
    )


def _test_table(estimates: StudyEstimates, summary: CurveSummary) -> Table:
    rows = []
    for test in summary.tests:
        if test.statistic == "median effect":
            cells = [amount(estimates, test.value), amount(estimates, test.expected, sign=False)]
        elif test.statistic == "share significant":
            cells = [_share(test.value), _share(test.expected) if test.n_placements else "–"]
        else:
            cells = [number(test.value), number(test.expected)]
        rows.append([test.statistic, *cells, p_number(test.p_value)])
    columns = ("<<Statistic", "Found", "By chance (median, absolute)", "p")
    return Table(columns, rows, caption="The curve as a whole against events placed at random")


def _level_table(estimates: StudyEstimates, curve: SpecificationCurve) -> Table:
    table: pd.DataFrame = by_level(curve)
    rows = [
        [
            NAMES[row["dimension"]],
            window_words(row["level"]),
            f"{row['n_specifications']:,}",
            amount(estimates, row["median_effect"]),
            _share(row["share_significant"]),
        ]
        for row in rows_of(table)
    ]
    columns = ("<Choice", "<<Level", "Specifications", "Median effect", "Significant")
    return Table(columns, rows, caption="The effect by choice")


def _note() -> str:
    return (
        "Simonsohn, Simmons and Nelson (2020). Placed events keep the offsets between those whose "
        "windows overlap, and go through every specification. Specifications are not independent "
        "evidence: they share the same events and prices, so their p values must not be counted "
        "together; the p values of the whole curve may."
    )
