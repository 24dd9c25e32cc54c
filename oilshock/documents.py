"""What a study, a plan, a brief or one table of numbers is as JSON."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd

from oilshock.brief import Brief
from oilshock.options import SCHEMA_VERSION
from oilshock.plan import Plan
from oilshock.quality import finding_record
from oilshock.report.calibration import placebo_notes
from oilshock.report.gaps import gaps
from oilshock.results import StudyResult
from oilshock.tables import TABLES
from oilshock.typing import Record


def to_json(document: Any) -> str:
    """Write a document as JSON: full precision, no NaN, characters as they are.

    Examples
    --------
    >>> json.loads(to_json({"title": "a"}))
    {'title': 'a'}
    """
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def records(frame: pd.DataFrame) -> list[Record]:
    """Turn a frame into records: missing values are None, dates ISO texts.

    Examples
    --------
    >>> records(pd.DataFrame({"x": [1.5, float("nan")]}))
    [{'x': 1.5}, {'x': None}]
    """
    columns = {name: [_plain(value) for value in frame[name]] for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def brief_document(brief: Brief) -> Record:
    """Build the block of a brief for JSON: text, Markdown, and where each number comes from."""
    return {
        "text": str(brief),
        "markdown": brief.to_markdown(),
        "trace": records(brief.trace),
    }


def plan_document(plan: Plan) -> Record:
    """Build what `oilshock check` prints: where every event goes, and every finding."""
    ledger = plan.ledger()
    messages = [finding.message for finding in plan.market.series.findings]
    messages += [finding.message for finding in plan.events.findings]
    return {
        "schema_version": SCHEMA_VERSION,
        "study": plan.config.study.name,
        "series": plan.market.series.name,
        "sessions": len(plan.market.sessions),
        "n_kept": len(plan.reasons.kept),
        "n_rejected": plan.events.n_rejected,
        "events": records(ledger),
        "findings": messages,
    }


def calibration_document(result: StudyResult) -> Record:
    """Build what `oilshock calibrate` prints as JSON."""
    calibration = result.estimates.calibration
    return {
        "schema_version": SCHEMA_VERSION,
        "study": result.estimates.config.study.name,
        "series": result.estimates.market.series.name,
        "realised_size": records(calibration.size),
        "power": records(calibration.power),
    }


def dynamics_document(result: StudyResult) -> Record:
    """Build what `oilshock dynamics` prints as JSON."""
    return {
        "schema_version": SCHEMA_VERSION,
        "study": result.estimates.config.study.name,
        "series": result.estimates.market.series.name,
        "dynamics": beyond_document(result)["dynamics"],
    }


def beyond_document(result: StudyResult) -> Record:
    """Build the blocks on persistence, rank in history and volatility."""
    beyond = result.estimates.beyond
    variance = beyond.variance
    return {
        "dynamics": {
            "response": records(beyond.dynamics),
            "shapes": records(beyond.dynamics_shapes),
            "events": records(beyond.dynamics_events),
            "surges": records(beyond.surges),
        },
        "history": records(beyond.history),
        "volatility": {
            "model": variance.model,
            "reason": variance.reason,
            "events": records(beyond.volatility),
        },
    }


def to_document(result: StudyResult) -> Record:
    """Build `results.json`: every table, and what the tables do not hold."""
    estimates = result.estimates
    config = estimates.config
    series = estimates.market.series
    lost = estimates.market.lost_sessions
    inner = lost[(lost >= estimates.market.sessions[0]) & (lost <= estimates.market.sessions[-1])]
    return {
        "schema_version": SCHEMA_VERSION,
        "study": {"name": config.study.name, "title": config.title, "series": series.name},
        **{name: records(result.table(name)) for name in (*TABLES, *estimates.asked_tables)},
        "signed_average": records(estimates.signed_average),
        "comparison": records(result.table("comparison")),
        "bhar": [
            {"event_id": event_id, "start": start, "end": end, "bhar": _plain(value)}
            for start, end in config.windows.car_windows
            for event_id, value in zip(estimates.ids, estimates.bhar_of((start, end)), strict=True)
        ],
        "placebo": _placebo(result),
        "confounders": records(estimates.neighbours),
        "diagnostics": {
            "sessions": len(estimates.market.sessions),
            "first_session": _plain(estimates.market.sessions[0]),
            "last_session": _plain(estimates.market.sessions[-1]),
            "sessions_without_a_factor": len(lost),
            "sessions_without_a_factor_inside": [f"{date:%Y-%m-%d}" for date in inner],
            "events_rejected_by_filters": estimates.events.n_rejected,
            "price_findings": [finding_record(finding) for finding in series.findings],
            "event_findings": [
                {"kind": finding.kind, "ids": list(finding.ids), "message": finding.message}
                for finding in estimates.events.findings
            ],
            "placebo_notes": placebo_notes(estimates),
            "realised_size": records(estimates.calibration.size),
            "guarded_windows": records(estimates.guarded),
            "oversized_windows": records(estimates.oversized),
            "power": records(estimates.calibration.power),
            "models": _models(result),
            **_garch(result),
            "events": records(result.diagnostics),
        },
        **_bootstrap(result),
        "series_gaps": [
            {**vars(gap), "session": _plain(gap.session)}
            for gap in gaps(estimates, result.compared_estimates)
        ],
        **beyond_document(result),
        "compared": {name: to_document(other) for name, other in result.compared.items()},
    }


def _placebo(result: StudyResult) -> list[Record]:
    """Say how each calibrated p value came about."""
    estimates = result.estimates
    rows: list[Record] = []
    for start, end in estimates.config.windows.car_windows:
        rating = estimates.rating_of((start, end))
        if rating is None:
            continue
        columns = zip(
            estimates.ids,
            rating.scaled,
            rating.p_value,
            rating.n_placebos,
            rating.extrapolated,
            rating.bounded,
            strict=True,
        )
        rows += [
            {
                "event_id": event_id,
                "start": start,
                "end": end,
                "scaled_car": _plain(scaled),
                "p_value": _plain(p_value),
                "n_placebos": int(n),
                "extrapolated": bool(extrapolated),
                "bounded": bool(bounded),
            }
            for event_id, scaled, p_value, n, extrapolated, bounded in columns
        ]
    return rows


def _models(result: StudyResult) -> list[Record]:
    """Describe the fitted model of each event."""
    estimates = result.estimates
    fit = estimates.abnormal.fit
    return [
        {
            "event_id": event_id,
            "coefficients": {
                name: _plain(value)
                for name, value in zip(estimates.regressors, fit.beta[row], strict=True)
            },
            "sigma": _plain(fit.sigma[row]),
            "df": int(fit.df[row]),
        }
        for row, event_id in enumerate(estimates.ids)
    ]


def _garch(result: StudyResult) -> Record:
    """Describe the GARCH model of each event, where the study or a test uses one."""
    estimates = result.estimates
    if not ("garch" in estimates.config.inference.tests or estimates.config.model.kind == "garch"):
        return {}
    fit = estimates.rated.garch
    columns = {
        "omega": fit.omega,
        "alpha": fit.alpha,
        "beta": fit.garch_beta,
        "nu": fit.nu,
        "persistence": fit.persistence,
        "convergence_flag": fit.flag,
        "n_obs": fit.n_obs,
    }
    return {
        "garch": [
            {
                "event_id": event_id,
                "mean": {
                    name: None if fit.failed[row] else _plain(value)
                    for name, value in zip(estimates.regressors, fit.beta[row], strict=True)
                },
                **{name: _plain(values[row]) for name, values in columns.items()},
                "failure": fit.failure[row],
                "warnings": list(fit.notes[row]),
            }
            for row, event_id in enumerate(estimates.ids)
        ]
    }


def _bootstrap(result: StudyResult) -> Record:
    config = result.estimates.config
    if not config.inference.bootstrap:
        return {}
    frames = [result.bootstrap_interval(*window) for window in config.windows.car_windows]
    return {"bootstrap_intervals": records(pd.concat(frames, ignore_index=True))}
