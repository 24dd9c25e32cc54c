"""The method section: what was done, what it assumes, and what a p value is worth."""

from __future__ import annotations

from oilshock.estimates import StudyEstimates
from oilshock.narrative import series_label
from oilshock.words import MINUS, count, dollars, listed, number, window_text

MODELS = {
    "mean": "the mean return of the estimation window (mean-adjusted model)",
    "market-adjusted": "the return of {factors} on the same session (market-adjusted model)",
    "market": "a regression on the return of {factors} (market model)",
    "factors": "a regression on the returns of {factors} (factor model)",
}
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
    model = MODELS[config.model.kind].format(factors=listed(list(estimates.market.factor_names)))
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
        "from day a to day b; the event window is "
        f"{window_text(*windows.event)}. BHAR compounds returns and expected returns before taking "
        "their difference. AR and CAR are in the unit of the returns; a log return of -2.48 % is a "
        "fall of 2.45 %.".replace("-2", f"{MINUS}2"),
        "Standard errors hold the forecast error and the full covariance of the ARs (Campbell, Lo "
        "and MacKinlay 1997, section 4.4); t has as many degrees of freedom as the estimation "
        "window has returns less parameters. P values are two-sided.",
        _adjusted(estimates),
        "The price without the event starts from the close before day 0 and follows the expected "
        "returns. Its band is the forecast band of the same model: it says how far prices "
        "usually stray in so many sessions, not how well the model is known.",
        "Assumptions: the estimation window is typical of the event window; nothing else moved "
        "the price on these days; volatility did not change. The t test takes ARs as normal with "
        "constant variance, which oil returns are not.",
    ]
    return paragraphs + size_sentences(estimates)


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
    return (
        f"Adjusted p values come from the t test's p values by {ADJUST[inference.adjust]}, over "
        f"the events of {family}."
    )


def size_sentences(estimates: StudyEstimates) -> list[str]:
    """Say how often the t test rejects on ordinary sessions of this series."""
    size = estimates.size
    if size.empty:
        return []
    first = size.iloc[0]
    share = float(first["reject_5"])
    word = (
        "too often"
        if share > 0.055
        else "too seldom"
        if share < 0.045
        else "about as often as it should"
    )
    return [
        f"What a p value is worth here: over all {count(int(first['n_sessions']), 'session')} of "
        f"this series for which the design can be estimated, most of them without any event, the t "
        f"test of {window_text(int(first['start']), int(first['end']))} finds an effect at the 5 % "
        f"level on {number(100 * share, digits=1)} % and at the 1 % level on "
        f"{number(100 * float(first['reject_1']), digits=1)} %. It rejects {word} at 5 %."
    ]


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
    """Say what the series is not."""
    series = estimates.market.series
    label = series_label(estimates)
    if series.provenance.get("kind") == "spot":
        return [
            f"{label} is a spot price. It is not the futures price, which can differ by many "
            "dollars in a crisis."
        ]
    return []
