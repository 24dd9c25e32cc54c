"""The notes under a table for a paper: data, model, windows, inference."""

from __future__ import annotations

from oilshock.estimates import StudyEstimates
from oilshock.narrative import series_label
from oilshock.report.calibration import guarded_notes
from oilshock.words import count, day, listed

RETURNS = {
    "log": "log returns in per cent",
    "simple": "simple returns in per cent",
    "difference": "price differences in USD/bbl",
}
ADJUST = {
    "holm": "Holm",
    "bh": "Benjamini and Hochberg",
    "romano-wolf": "Romano and Wolf, with joint placebo draws",
}


def data_note(estimates: StudyEstimates) -> str:
    """Name the series, its span and its origin."""
    market = estimates.market
    about = market.series.provenance
    origin = ", ".join(about[key] for key in ("publisher", "series_id") if about.get(key))
    as_of = f", as of {about['as_of']}" if about.get("as_of") else ""
    source = f" ({origin}{as_of})" if origin else ""
    return (
        f"{series_label(estimates)}{source}, {day(market.sessions[0])} to "
        f"{day(market.sessions[-1])}. "
    )


def model_note(estimates: StudyEstimates) -> str:
    """Say how abnormal returns were made."""
    returns = RETURNS[estimates.config.returns.kind]
    return (
        f"AR: abnormal return, {returns} less the expected return: {_expected(estimates)}. "
        f"{DAY_0} CAR: cumulative abnormal return, the sum of the ARs of a window of sessions "
        "relative to day 0. "
    )


def expected_note(estimates: StudyEstimates) -> str:
    """Say what the price without an event follows, for a table without abnormal returns."""
    return f"Expected return: {_expected(estimates)}. {DAY_0} "


DAY_0 = "Day 0: the first session that could react."


def _expected(estimates: StudyEstimates) -> str:
    config, windows = estimates.config, estimates.config.windows
    factors = listed(list(estimates.market.factor_names))
    model = {
        "mean": "the mean return",
        "market-adjusted": f"the return of {factors} on the same session",
        "market": f"a regression on {factors}",
        "factors": f"a regression on {factors}",
        "garch": f"a GARCH(1,1) model with {f'a regression on {factors}' if factors else 'a mean'}",
    }[config.model.kind]
    cut = ", the event windows of the other events cut out" if windows.exclude_events else ""
    return f"{model} of {windows.estimation} sessions that end {windows.gap + 1} before day 0{cut}"


def error_note(estimates: StudyEstimates) -> str:
    """Say what stands in brackets."""
    law = ", from the GARCH variance" if estimates.config.model.kind == "garch" else ""
    return f"Standard errors in brackets count the forecast error{law}. "


def p_note(estimates: StudyEstimates) -> str:
    """Say what each p value is."""
    words = "p: two-sided t test. "
    if estimates.placebos is not None:
        n = count(int(estimates.placebos.n_placebos().max()), "ordinary session")
        words += (
            f"cal. p: calibrated, the share of up to {n} of the series with as large a move for "
            "their volatility. "
        )
        guarded = guarded_notes(estimates, estimates.config.windows.car_windows)
        words += "".join(f"{note} " for note in guarded)
    inference = estimates.config.inference
    if inference.adjust == "none":
        return words
    family = "each window" if inference.adjust_family == "window" else "all windows"
    of = "cal. p" if estimates.adjusts_calibrated else "p"
    made = "" if inference.adjust == "romano-wolf" else f" of {of}"
    return f"{words}adj. p: {ADJUST[inference.adjust]}{made} over the events of {family}. "


def starred_p(estimates: StudyEstimates) -> str:
    """Name the p value that stars of one event go by."""
    return "p" if estimates.placebos is None else "cal. p"
