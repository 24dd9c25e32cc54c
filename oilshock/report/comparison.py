"""The section "What moves more?": words and table, from the rows of `comparison.csv`."""

from __future__ import annotations

import math

import pandas as pd

from oilshock.charts import coefficients_figure
from oilshock.comparison import has_directions
from oilshock.estimates import StudyEstimates
from oilshock.narrative import amount
from oilshock.report.artist import Artist, Chart
from oilshock.report.section import Section
from oilshock.report.section_readings import coefficient_readings
from oilshock.report.table import Table
from oilshock.tables import rows_of
from oilshock.typing import Record, Window
from oilshock.words import count, listed, number, p_number, p_text, plain_name, window_text

FEWEST_SHOWN = 12
"""With fewer events that have a direction, the section stands only where the config asks."""

COLUMNS = ("<<", "<Window", "Estimate", "Interval", "t", "p", "Events", "Episodes")


def comparison_section(artist: Artist) -> Section | None:
    """Build the section of a study that asks for it, or has many events with a direction."""
    estimates = artist.estimates
    if not is_shown(estimates):
        return None
    rows = comparison_cells(estimates)
    charts = coefficient_charts(artist)
    if not rows and not charts:
        return None
    return Section(
        anchor="comparison",
        heading="What moves more?",
        paragraphs=tuple(comparison_paragraphs(estimates)),
        charts=charts,
        tables=(Table(COLUMNS, rows, caption="Groups of events compared, by window"),)
        if rows
        else (),
    )


def coefficient_charts(artist: Artist) -> tuple[Chart, ...]:
    """Draw the regressions on attributes of the windows that the report shows."""
    estimates = artist.estimates
    names = estimates.config.comparison.attributes
    frame = estimates.comparison
    charts = []
    for start, end in shown_windows(estimates) if names else ():
        chosen = (frame["kind"] == "regression") & (frame["start"] == start) & (frame["end"] == end)
        rows, text = frame[chosen], window_text(start, end)
        charts.append(
            artist.chart(
                f"attributes_{start}_{end}",
                coefficients_figure(
                    rows,
                    window=text,
                    alpha=artist.alpha,
                    return_unit=artist.return_unit,
                    source=artist.source,
                ),
                caption=f"CAR over {text} regressed on {listed(list(names))}. In brackets: "
                "events. A row without a mark says why.",
                alt=f"Dots with intervals: coefficients of {listed(list(names))} for the CAR over "
                f"{text}, from {_range(estimates, rows['estimate'])}.",
                readings=coefficient_readings(artist, rows, window=(start, end)),
            )
        )
    return tuple(charts)


def _range(estimates: StudyEstimates, values: pd.Series[float]) -> str:
    low, high = (amount(estimates, float(value)) for value in (values.min(), values.max()))
    return f"{low} to {high}"


def is_shown(estimates: StudyEstimates) -> bool:
    """Say whether the report has the section."""
    asked = estimates.config.comparison.attributes or estimates.config.comparison.contrasts
    return bool(asked) or has_directions(estimates.kept_events, at_least=FEWEST_SHOWN)


def shown_windows(estimates: StudyEstimates) -> tuple[Window, ...]:
    """Return the windows that the section shows: the first and the last CAR window."""
    windows = estimates.config.windows.car_windows
    return tuple(dict.fromkeys([windows[0], windows[-1]]))


def comparison_rows(estimates: StudyEstimates) -> list[Record]:
    """Return the rows that the section shows, the coefficients of regressions apart."""
    frame = estimates.comparison
    frame = frame[frame["kind"] != "regression"]
    windows = list(zip(frame["start"], frame["end"], strict=True))
    chosen = [window in shown_windows(estimates) for window in windows]
    ranked = frame[chosen].assign(rank=frame["kind"].map(_ORDER))
    # A pair of groups stands in the order of the config, one window under the other.
    terms = {term: place for place, term in enumerate(dict.fromkeys(ranked["term"]))}
    ranked = ranked.assign(place=ranked["term"].map(terms))
    return rows_of(ranked.sort_values(["rank", "place"], kind="stable"))


_ORDER = {"signed-average": 0, "share-as-expected": 1, "asymmetry": 2, "contrast": 3}


def comparison_paragraphs(estimates: StudyEstimates) -> list[str]:
    """Write what the section says: the finding of the first window, then how to read it."""
    start, end = shown_windows(estimates)[0]
    rows = [row for row in comparison_rows(estimates) if (row["start"], row["end"]) == (start, end)]
    found = [text for row in rows if (text := _sentence(estimates, row))]
    draws = estimates.config.inference.draws
    reading = [
        "An episode is a set of events whose CAR windows share sessions. Its events are never "
        "independent: they stay together in every permutation, and standard errors are those "
        "between episodes. An episode that holds both groups tells nothing about their difference "
        "and is left out.",
        f"The p value of a difference is its rank among {draws:,} random splits of the episodes, "
        "or among all of them where they are no more; those of the average and of the share "
        "are one-sided. None is adjusted for the number of comparisons.",
    ]
    if estimates.config.comparison.attributes:
        reading.append(_regression_words(estimates))
    paragraphs = [" ".join(found), " ".join(reading)]
    return [paragraph for paragraph in paragraphs if paragraph]


def _regression_words(estimates: StudyEstimates) -> str:
    weighted = estimates.config.comparison.weights == "inverse-variance"
    how = "weighted by the inverse of its variance" if weighted else "each event with equal weight"
    return (
        f"The charts show a regression of the CAR on attributes of the events, {how}, with HC3 "
        "errors: a coefficient is the difference to the base level, other attributes being equal."
    )


def _sentence(estimates: StudyEstimates, row: Record) -> str | None:
    if math.isnan(row["p_value"]):
        return None
    window = window_text(row["start"], row["end"])
    size = amount(estimates, row["estimate"])
    p = f"p {p_text(row['p_value'])}"
    if row["term"] == "placebo":
        return f"Held against random sets of ordinary sessions: one-sided {p}."
    if row["kind"] == "signed-average":
        return (
            f"In the direction expected beforehand, the mean CAR {window} of "
            f"{count(row['n_events'], 'event')} is {size} (t = {number(row['statistic'])}, "
            f"one-sided {p}{'; ' + row['reason'] if row['reason'] else ''})."
        )
    if row["kind"] == "share-as-expected":
        return (
            f"{row['statistic']:.0f} of {row['n_events']} moved as expected "
            f"({100 * row['estimate']:.0f} %, {p})."
        )
    judged = "" if row["p_value"] < estimates.config.inference.alpha else ", no clear difference"
    if row["kind"] == "asymmetry":
        word = "more" if row["estimate"] > 0 else "less"
        less = amount(estimates, abs(row["estimate"]), sign=False)
        return f"Tightening moved the price by {less} {word} than easing ({p}){judged}."
    first, second = map(plain_name, row["term"].split(" vs "))
    return f"The mean CAR of {first} less that of {second} is {size} ({p}){judged}."


def comparison_cells(estimates: StudyEstimates) -> list[list[str]]:
    """Write the rows of the section's table, to the headings `COLUMNS`."""
    return [_cells(estimates, row) for row in comparison_rows(estimates)]


def _cells(estimates: StudyEstimates, row: Record) -> list[str]:
    is_share = row["kind"] == "share-as-expected"

    def value(figure: float) -> str:
        if math.isnan(figure):
            return "\N{EN DASH}"
        return f"{100 * figure:.0f} %" if is_share else amount(estimates, figure)

    low, high = row["ci_low"], row["ci_high"]
    why = row["reason"].partition("; ")[0]
    reason = f" ({why})" if math.isnan(row["p_value"]) and why else ""
    return [
        f"{_label(row)}{reason}",
        window_text(row["start"], row["end"]),
        value(row["estimate"]),
        value(low) if math.isnan(low) else f"{value(low)} to {value(high)}",
        "" if is_share else number(row["statistic"]),
        p_number(row["p_value"]),
        str(row["n_events"]),
        str(row["n_episodes"]),
    ]


def _label(row: Record) -> str:
    if row["kind"] == "contrast":
        first, second = map(plain_name, row["term"].split(" vs "))
        return f"{first} less {second}"
    if row["term"] == "placebo":
        return "The same, against random sets of ordinary sessions"
    return {
        "signed-average": "Mean CAR in the direction expected",
        "share-as-expected": "Share that moved as expected",
        "asymmetry": "Tightening less easing, in absolute size",
    }[row["kind"]]
