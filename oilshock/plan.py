"""The plan of a study, checked step by step before any model is fitted; then its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from oilshock.abnormal import AbnormalReturns, fit_events, garch_abnormal_returns
from oilshock.alignment import Alignment, align_events
from oilshock.config import Config
from oilshock.errors import ConfigError, EstimationError, Problem
from oilshock.estimates import StudyEstimates
from oilshock.event_rows import EventFinding
from oilshock.events import BUNDLED_LABEL, EventCatalogue, load_events
from oilshock.ledger import (
    Reasons,
    add_notes,
    build_ledger,
    collinear_reasons,
    first_reasons,
    neighbours,
    short_reasons,
    twins_by_session,
    twins_by_title,
)
from oilshock.market import Factor, Market, build_market
from oilshock.models import Design, GarchFit, build_design, fit_garch, select
from oilshock.prices import PriceSeries
from oilshock.typing import Bool, Int, Progress, silent
from oilshock.windows import EstimationWindows, covered_sessions, estimation_windows
from oilshock.words import count, listed

GARCH_FIX = (
    'Use a longer windows.estimation or model.span = "expanding", or keep such events with '
    'model.on_failure = "constant-variance".'
)


@dataclass(frozen=True, eq=False)
class Plan:
    """A study checked up to the point where models are fitted."""

    config: Config
    market: Market
    events: EventCatalogue
    alignment: Alignment
    reasons: Reasons
    estimation: EstimationWindows

    def ledger(self) -> pd.DataFrame:
        """Build `events.csv` as far as it is known before any model is fitted."""
        return build_ledger(
            self.events.to_frame(),
            self.market.sessions,
            alignment=self.alignment,
            reasons=self.reasons,
            estimation=self.estimation,
            window=self.config.windows.event,
        )


def plan_study(
    config: Config,
    series: PriceSeries,
    *,
    events: EventCatalogue,
    factors: Mapping[str, Factor],
) -> Plan:
    """Align events, lay out windows, and say which events are left out; estimate nothing.

    Raises
    ------
    DataError
        When prices or factors cannot be used.
    ConfigError
        When the windows do not fit the series, or a timed event meets no market close.
    """
    market = build_market(series, kind=config.returns.kind, factors=factors)
    frame = events.to_frame()
    alignment = align_events(
        frame,
        pd.DatetimeIndex(series.prices.index),
        common=market.sessions,
        close=series.close,
        timezone=series.timezone,
        where=series.name,
    )
    windows = config.windows
    n_sessions = len(market.sessions)
    needed = windows.fewest + windows.gap + 1
    if needed >= n_sessions:
        raise ConfigError(
            Problem(
                "windows.estimation",
                f"{windows.fewest} returns and a gap of {windows.gap} need more than {needed} "
                f"sessions; {series.name} has {n_sessions}.",
                fix="Shorten windows.estimation or windows.gap, or use a longer series.",
            )
        )
    endogenous = frame["endogenous"].to_numpy(dtype=np.bool_)
    reasons = first_reasons(
        alignment,
        market.sessions,
        endogenous=endogenous & (not config.events.include_endogenous),
        fewest=windows.fewest,
        gap=windows.gap,
    )
    estimation = _estimation_windows(config, alignment.position[reasons.kept], n_sessions)
    short = _spread(
        short_reasons(estimation, length=windows.estimation, fewest=windows.fewest), reasons
    )
    longer = reasons.also(short)
    return Plan(
        config=config,
        market=market,
        events=events,
        alignment=alignment,
        reasons=longer,
        estimation=_subset(estimation, np.isin(reasons.kept, longer.kept)),
    )


def _estimation_windows(config: Config, position: Int, n_sessions: int) -> EstimationWindows:
    windows = config.windows
    blocked = (
        covered_sessions(position, window=windows.event, n_sessions=n_sessions)
        if windows.exclude_events
        else None
    )
    return estimation_windows(position, length=windows.estimation, gap=windows.gap, blocked=blocked)


def _spread(texts: Sequence[str], reasons: Reasons) -> list[str]:
    """Give texts of the kept events their places among all events."""
    spread = [""] * len(reasons.text)
    for row, text in zip(reasons.kept.tolist(), texts, strict=True):
        spread[row] = text
    return spread


def _subset(estimation: EstimationWindows, rows: Bool) -> EstimationWindows:
    return replace(estimation, index=estimation.index[rows], mask=estimation.mask[rows])


def estimate(plan: Plan, *, progress: Progress = silent) -> StudyEstimates:
    """Fit the models and take the abnormal returns of a planned study.

    Parameters
    ----------
    plan : Plan
        The plan.
    progress : callable, optional
        Called with (what is done, how many, of how many).

    Returns
    -------
    StudyEstimates
        All numbers.

    Raises
    ------
    EstimationError
        When every event is left out; the message lists each with its reason.
    """
    config, market, alignment = plan.config, plan.market, plan.alignment
    design = build_design(config.model.kind, factors=market.factors, names=market.factor_names)
    _, collinear = fit_events(
        market,
        design,
        estimation=plan.estimation,
        position=alignment.position[plan.reasons.kept],
        window=config.windows.event,
    )
    found = collinear_reasons(collinear, names=design.names)
    reasons = plan.reasons.also(_spread(found, plan.reasons))
    estimation = _subset(plan.estimation, np.isin(plan.reasons.kept, reasons.kept))
    plan = replace(plan, reasons=reasons, estimation=estimation)
    plan, abnormal = _take_abnormal_returns(plan, design, progress)
    reasons, estimation = plan.reasons, plan.estimation
    position = alignment.position[reasons.kept]
    ledger = _with_fallbacks(plan.ledger(), reasons, abnormal)
    known = known_events(plan)
    twins = _twins(plan, known)
    outside = ~known["id"].isin([*ledger["event_id"], *twins]).to_numpy()
    near = neighbours(
        ledger["event_id"].to_numpy(dtype=object)[reasons.kept].tolist(),
        position,
        other_ids=known["id"].to_numpy(dtype=object)[outside].tolist(),
        other_titles=known["title"].to_numpy(dtype=object)[outside].tolist(),
        other_position=known["position"].to_numpy(dtype=np.intp)[outside],
        window=config.windows.event,
        sessions=market.sessions,
    )
    return StudyEstimates(
        config=config,
        market=market,
        events=_with_twins(plan.events, twins),
        alignment=alignment,
        ledger=ledger,
        neighbours=near,
        known=known,
        known_positions=known.set_index("id")["position"],
        kept=reasons.kept,
        abnormal=abnormal,
        estimation=estimation,
        not_placebo=_not_placebo(plan, known, position),
        twins=tuple(twins),
    )


def _twins(plan: Plan, known: pd.DataFrame) -> dict[str, str]:
    """Find the known events that are events of the study under another id, and these."""
    study = plan.events.to_frame().assign(position=plan.alignment.position)
    others = known[~known["id"].isin(study["id"])]
    twins = twins_by_title(others, study)
    if plan.events.provenance.get("label") == BUNDLED_LABEL:
        return twins
    others = others[~others["id"].isin(twins)]
    twins |= twins_by_session(others, study[~study["id"].isin(twins.values())])
    return {other: twins[other] for other in known["id"] if other in twins}


def _with_twins(events: EventCatalogue, twins: Mapping[str, str]) -> EventCatalogue:
    """Say which known events are taken for events of the study."""
    if not twins:
        return events
    named = listed([f"{other} (as {own})" for other, own in twins.items()])
    message = (
        "Taken for events of the study, and not counted beside them: "
        f"{count(len(twins), 'event')} of the bundled catalogue, {named}."
    )
    return events.with_finding(EventFinding("twin", tuple(twins), message))


def _not_placebo(plan: Plan, known: pd.DataFrame, position: Int) -> Int:
    """Return the sessions of the events that `placebo.exclude` keeps placebos away from."""
    exclude = plan.config.placebo.exclude
    if exclude == "study":
        return position
    severe = known["severity"].eq(3).fillna(value=False).to_numpy(dtype=np.bool_)
    chosen = known["position"].to_numpy(dtype=np.intp)[severe]
    return chosen if exclude == "severity3" else chosen[:0]


def _take_abnormal_returns(
    plan: Plan, design: Design, progress: Progress
) -> tuple[Plan, AbnormalReturns]:
    """Take the ARs of the kept events; the plan comes back without events whose model failed."""
    model, window, market = plan.config.model, plan.config.windows.event, plan.market
    _refuse_nothing_left(plan)
    position = plan.alignment.position[plan.reasons.kept]
    if model.kind != "garch":
        return plan, fit_events(
            market, design, estimation=plan.estimation, position=position, window=window
        )[0]
    fit = fit_garch(
        market.returns - design.offset,
        design.x,
        estimation=plan.estimation,
        errors=model.errors,
        span=model.span,
        progress=progress,
    )
    if model.on_failure == "leave-out":
        reasons = plan.reasons.also(_spread(fit.failure, plan.reasons))
        kept = np.isin(plan.reasons.kept, reasons.kept)
        plan = replace(plan, reasons=reasons, estimation=_subset(plan.estimation, kept))
        _refuse_nothing_left(plan)
        fit, position = select(fit, np.flatnonzero(kept)), position[kept]
    return plan, garch_abnormal_returns(
        market.returns, design, fit=fit, position=position, window=window
    )


def _with_fallbacks(
    ledger: pd.DataFrame, reasons: Reasons, abnormal: AbnormalReturns
) -> pd.DataFrame:
    """Name the events that have a constant variance because their GARCH model failed."""
    if not isinstance(abnormal.fit, GarchFit):
        return ledger
    notes = [f"constant variance: {text}" if text else "" for text in abnormal.fit.failure]
    return add_notes(ledger, notes, rows=reasons.kept)


def _refuse_nothing_left(plan: Plan) -> None:
    reasons = plan.reasons
    if len(reasons.kept):
        return
    ids = plan.events.to_frame()["id"]
    span = f"{plan.market.sessions[0]:%Y-%m-%d} to {plan.market.sessions[-1]:%Y-%m-%d}"
    raise EstimationError(
        Problem(
            "events",
            "every event is left out, so nothing could be estimated.",
            fix=GARCH_FIX
            if any(reason.startswith("GARCH") for reason in reasons.text)
            else f"Prices run from {span}: use later prices, or other events.",
        ),
        *(
            Problem(event_id, f"left out: {reason}.")
            for event_id, reason in zip(ids, reasons.text, strict=True)
        ),
    )


def known_events(plan: Plan) -> pd.DataFrame:
    """Study and bundled catalogue events, none endogenous, with their sessions.

    Without a market close, the times of catalogue events are not used.
    """
    series = plan.market.series
    study = plan.events.to_frame()
    catalogue = load_events().to_frame()
    both = pd.concat([study, catalogue[~catalogue["id"].isin(study["id"])]], ignore_index=True)
    both = both[~both["endogenous"].astype(bool)].reset_index(drop=True)
    if series.close is None or series.timezone is None:
        both["time"] = ""
    alignment = align_events(
        both,
        pd.DatetimeIndex(series.prices.index),
        common=plan.market.sessions,
        close=series.close,
        timezone=series.timezone,
    )
    both["position"] = alignment.position
    order = np.argsort(alignment.position, kind="stable")
    return both.iloc[order].reset_index(drop=True)
