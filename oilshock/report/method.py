"""The method section: what was done, what it assumes, and what a p value is worth."""

from __future__ import annotations

from oilshock.estimates import StudyEstimates
from oilshock.narrative import series_label
from oilshock.report.calibration import placebo_notes, placebo_sentences, size_notes, size_sentences
from oilshock.words import MINUS, count, dollars, listed, window_text

MODELS = {
    "mean": "the mean return of the estimation window (mean-adjusted model)",
    "market-adjusted": "the return of {factors} on the same session (market-adjusted model)",
    "market": "a regression on the return of {factors} (market model)",
    "factors": "a regression on the returns of {factors} (factor model)",
    "garch": "{mean} with GARCH(1,1) errors",
}
GARCH_ERRORS = {"t": "Student's t with unit variance", "normal": "the normal law"}
RETURNS = {
    "log": "log returns",
    "simple": "simple returns",
    "difference": "price differences in USD/bbl",
}
ADJUST = {
    "holm": "Holm's step-down rule, which holds the chance of any false finding",
    "bh": "Benjamini and Hochberg's rule, which holds the share of false findings",
}


def method_paragraphs(estimates: StudyEstimates) -> list[str]:
    """Write how the numbers were made, from the config of the study."""
    config = estimates.config
    windows = config.windows
    factors = listed(list(estimates.market.factor_names))
    mean = f"a regression on the returns of {factors}" if factors else "a constant mean"
    model = MODELS[config.model.kind].format(factors=factors, mean=mean)
    paragraphs = [
        f"Returns are {RETURNS[config.returns.kind]} from session to session; a session is a day "
        f"with a price. An event with a time counts for the session of its local date if it came "
        f"before the close{_close(estimates)}, else for the next; an event without a time counts "
        "for its date. A date without a session moves to the next one.",
        f"The expected return is {model}, fitted on {windows.estimation} returns, with "
        f"a gap of {count(windows.gap, 'session')} before day 0"
        + (
            ", with the event windows of the other events cut out. "
            if windows.exclude_events
            else ". "
        )
        + "The abnormal return (AR) is the return less the expected return; CAR[a, b] is its sum "
        "from day a to day b, the cumulative abnormal return; the event window is "
        f"{window_text(*windows.event)}. BHAR, the buy-and-hold abnormal return, compounds "
        "returns and expected returns before taking their difference. AR and CAR are in the unit "
        "of the returns; a log return of -2.48 % is a fall of 2.45 %.".replace("-2", f"{MINUS}2"),
        "Standard errors hold the forecast error and the full covariance of the ARs (Campbell, Lo "
        f"and MacKinlay 1997, section 4.4); {_law(estimates)}. P values are two-sided.",
        _adjusted(estimates),
        "The price without the event starts from the close before day 0 and follows the expected "
        "returns. Its band is the forecast band of the same model: it says how far prices "
        "usually move in so many sessions, not how well the model is known.",
        "Assumptions: the estimation window is typical of the event window; nothing else moved "
        "the price on these days; "
        + (
            "volatility follows the GARCH model."
            if config.model.kind == "garch"
            else "volatility did not change. The t test takes ARs as normal with "
            "constant variance, which oil returns are not."
        ),
        _diagnostics(estimates),
    ]
    return [*paragraphs, *placebo_sentences(estimates), *size_sentences(estimates)]


def _law(estimates: StudyEstimates) -> str:
    """Say which law gives the p values of single events."""
    model = estimates.config.model
    if model.kind != "garch":
        return (
            "t has as many degrees of freedom as the estimation window has returns less parameters"
        )
    sample = "all history before its end" if model.span == "expanding" else "the estimation window"
    return (
        f"the variance is that of a GARCH(1,1) model fitted on {sample}, forecast from the last "
        f"session before the event window; the law is {GARCH_ERRORS[model.errors]}, for sums of "
        "several days as an approximation"
    )


def _diagnostics(estimates: StudyEstimates) -> str:
    alpha = estimates.config.inference.alpha
    return (
        "An event's page says which of these fail in its estimation window, each at "
        f"p < {alpha:g}: ARCH-LM (Engle 1982) asks whether volatility comes in clusters, "
        "Jarque-Bera whether residuals are normal, Ljung-Box whether they are autocorrelated, "
        "a Bonferroni test whether the largest belongs with the others; day 0 is then also rated "
        "without that session. With clusters or fat tails the p value of the t test is rough."
    )


def _close(estimates: StudyEstimates) -> str:
    series = estimates.market.series
    if series.close and series.timezone:
        return f" ({series.close}, {series.timezone})"
    return ""


def _adjusted(estimates: StudyEstimates) -> str:
    inference = estimates.config.inference
    if inference.adjust == "none":
        return "P values are not adjusted for the number of events."
    family = "one CAR window" if inference.adjust_family == "window" else "the whole run"
    if inference.adjust == "romano-wolf":
        return (
            "Adjusted p values come from Romano and Wolf's step-down rule over the events of "
            f"{family}: the largest statistic is held against the largest of "
            f"{count(inference.draws, 'joint placebo draw')}, which move events whose windows "
            "overlap together."
        )
    kind = "calibrated p values" if estimates.adjusts_calibrated else "t test's p values"
    return (
        f"Adjusted p values come from the {kind} by {ADJUST[inference.adjust]}, over the events "
        f"of {family}."
    )


def levels_note(estimates: StudyEstimates) -> str:
    """Explain the table of levels."""
    levels = listed([dollars(level) for level in estimates.config.levels.unique])
    return (
        f"Sessions in a row strictly above {levels}. Run-up: log return over the 10 sessions up to "
        "the first one; abnormal part: the CAR of the same 10 sessions. Events: number of "
        "study and catalogue events from 9 sessions before the first to the last session; their "
        "ids are in levels.csv. Level and peak in USD/bbl. The abnormal part exceeds the run-up "
        "where returns had been negative on average before."
    )


def cautions(estimates: StudyEstimates) -> list[str]:
    """Say what the series is not, and what its p values lack."""
    series = estimates.market.series
    label = series_label(estimates)
    notes = placebo_notes(estimates) + size_notes(estimates)
    if series.provenance.get("kind") == "spot":
        notes.append(
            f"{label} is a spot price. It is not the futures price, which can differ by many "
            "dollars in a crisis."
        )
    return notes
