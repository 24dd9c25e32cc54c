"""The section on overlapping events: who shares which sessions, and what can be told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from oilshock.estimates import StudyEstimates
from oilshock.models.class_effect import FEWEST_EPISODES, ROBUST
from oilshock.quoted_p import rated_number
from oilshock.report.artist import Artist
from oilshock.report.section import Section
from oilshock.report.table import Table
from oilshock.tables import rows_of
from oilshock.words import count, day, number, per_cent, window_text

SHARED_COLUMNS = ("<<Events", "<<Shared sessions", "Sessions")
PART_COLUMNS = (
    "<<Event, episode or class",
    "<Window",
    "Sessions",
    "CAR",
    "s.e.",
    "t",
    "p",
    "<<Shares sessions with",
)

MOST_UNASKED = 40
"""A study that does not ask for the section has it up to so many rows of shared sessions."""

COVARIANCES = {
    "classical": "Standard errors are classical: those of a forecast error, with one variance for "
    "all sessions.",
    "garch": "Standard errors follow a GARCH(1,1) variance of each session, known the session "
    "before.",
    "placebo": "Standard errors and p values of events and episodes come from the placebo law.",
    "hac": "Classes have HAC errors (Newey and West 1987; Bartlett weights, lag floor(4 "
    "(T/100)^(2/9)), no lag across a break of sessions).",
    "hc3": "Classes have HC3 errors (MacKinnon and White 1985).",
    "cluster": "Classes have errors clustered by episode.",
}


def overlap_section(artist: Artist) -> Section | None:
    """Build the section of a study whose events share sessions, or that asks for it."""
    estimates = artist.estimates
    shared = shared_rows(estimates)
    is_short = bool(shared) and len(shared) <= MOST_UNASKED
    if not estimates.overlap_tables and not is_short:
        return None
    tables = (
        Table(SHARED_COLUMNS, shared, caption="Sessions that several event windows share"),
        Table(
            PART_COLUMNS,
            part_rows(estimates),
            caption="What the joint regression tells apart, by event, episode and class",
        ),
    )
    return Section(
        anchor="overlap",
        heading="Overlapping events",
        paragraphs=tuple(overlap_paragraphs(estimates)),
        tables=tuple(table for table in tables if table.rows),
        part="analysis" if estimates.overlap_tables else "appendix",
    )


def overlap_paragraphs(estimates: StudyEstimates) -> list[str]:
    """Write what is shared and how the joint regression tells events apart."""
    records = estimates.episode_records
    n_shared = len({s for record in records for part in record.shared for s in part.sessions})
    n_own = sum(len(record.members) == 1 for record in records)
    alone = f", {n_own} of them with one event" if n_own else ""
    paragraphs = [
        f"{count(len(estimates.ids), 'event')} in {count(len(records), 'episode')}{alone}. "
        f"{count(n_shared, 'session')} lie in the event windows of two or more events; a session "
        "has one return, which cannot be split between them. Events are named by their numbers."
    ]
    if estimates.config.model.joint:
        paragraphs += [_regression(estimates), _covariance(estimates), _classes(estimates)]
        paragraphs += [_not_identified(estimates), _refused(estimates)]
    return [paragraph for paragraph in paragraphs if paragraph]


def _regression(estimates: StudyEstimates) -> str:
    used = estimates.estimation
    first = estimates.market.sessions[int(used.first.min())]
    last = estimates.market.sessions[int(used.last.max())]
    text = (
        "One regression holds the estimation and event windows of all events: returns on the "
        "expected-return regressors and event dummies. Mean and variance are common to all its "
        f"estimation windows, {day(first)} to {day(last)}."
    )
    if estimates.config.model.joint_dummies == "day":
        return (
            f"{text} Each session of an event window has its own dummy. An event keeps the "
            "sessions that no other event's window holds; the sum over the others belongs to the "
            "episode and enters once."
        )
    return (
        f"{text} Each CAR window has one dummy, one window at a time. Windows that overlap in part "
        "are told apart only by assuming that an event's effect is the same on each day of its "
        "window; events with the same window are one episode."
    )


def _covariance(estimates: StudyEstimates) -> str:
    covariance = estimates.config.model.joint_covariance
    if covariance not in ROBUST:
        return COVARIANCES[covariance]
    return (
        f"{COVARIANCES[covariance]} They need {FEWEST_EPISODES} separate episodes. A dummy of one "
        "event leaves such errors few residuals or none, so events and episodes have classical "
        "ones, those of a forecast error."
    )


def _classes(estimates: StudyEstimates) -> str:
    if not (estimates.joint["kind"] == "class").any():
        return ""
    return (
        "A class has one dummy for all its events, and all classes of one column are in one "
        "regression: where their windows overlap, they are told apart only by assuming the same "
        "effect on each day and event of a class."
    )


def _not_identified(estimates: StudyEstimates) -> str:
    """List the events of which nothing can be told apart, window by window."""
    joint = estimates.joint
    lost = joint[(joint["identified"] == "no") & (joint["kind"] == "event")]
    if lost.empty:
        return ""
    numbers = _numbers(estimates)
    parts = []
    for start, end in dict.fromkeys(zip(lost["start"], lost["end"], strict=True)):
        ids = lost.loc[(lost["start"] == start) & (lost["end"] == end), "id"]
        parts.append(f"{window_text(start, end)}: {_listed(ids, numbers)}")
    return f"Nothing of their own can be told of these events: {'; '.join(parts)}."


def _refused(estimates: StudyEstimates) -> str:
    """Say which identified parts have no standard error, and why."""
    joint = estimates.joint
    bare = joint[(joint["identified"] == "yes") & joint["std_error"].isna()]
    reasons = dict.fromkeys(f"{row['id']}: {row['reason'].split(';')[0]}" for row in rows_of(bare))
    return f"No standard error for {'; '.join(reasons)}." if reasons else ""


def _numbers(estimates: StudyEstimates) -> dict[str, str]:
    """Return the number of each event in the report."""
    numbers = estimates.kept_events["number"].astype(str)
    return dict(zip(estimates.ids, numbers, strict=True))


def _listed(ids: Sequence[str], numbers: Mapping[str, str]) -> str:
    """Write events by their numbers, ascending, then classes as they are."""
    known = sorted((numbers[name] for name in ids if name in numbers), key=int)
    return ", ".join([*known, *(name for name in ids if name not in numbers)])


def shared_rows(estimates: StudyEstimates) -> list[list[str]]:
    """Say which sessions are shared by which events, one row for each set of events."""
    numbers = _numbers(estimates)
    parts = dict.fromkeys(part for record in estimates.episode_records for part in record.shared)
    return [
        [
            _listed([estimates.ids[row] for row in part.events], numbers),
            _spans(estimates.market.sessions, part.sessions),
            str(len(part.sessions)),
        ]
        for part in parts
    ]


def _spans(sessions: pd.DatetimeIndex, rows: Sequence[int]) -> str:
    """Write sessions as spans of sessions in a row."""
    starts = [row for row in rows if row - 1 not in rows]
    ends = [row for row in rows if row + 1 not in rows]
    return ", ".join(
        f"{sessions[start]:%Y-%m-%d}" + ("" if start == end else f" to {sessions[end]:%Y-%m-%d}")
        for start, end in zip(starts, ends, strict=True)
    )


def part_rows(estimates: StudyEstimates) -> list[list[str]]:
    """Lay the joint regression out: what of each event, episode and class is identified."""
    if not estimates.config.model.joint:
        return []
    numbers = _numbers(estimates)
    titles = dict(zip(estimates.ids, estimates.kept_events["title"], strict=True))
    is_difference = estimates.config.returns.kind == "difference"
    joint = estimates.joint
    return [
        [
            f"{numbers[row['id']]} {titles[row['id']]}"
            if row["kind"] == "event"
            else f"{row['kind'].capitalize()} {row['id']}",
            window_text(row["start"], row["end"]),
            str(row["n_sessions"]),
            number(row["estimate"], sign="+") if is_difference else per_cent(row["estimate"]),
            number(row["std_error"])
            if is_difference
            else per_cent(row["std_error"]).removeprefix("+"),
            number(row["statistic"]),
            rated_number(row["p_value"], is_bounded="bounded" in row["reason"].split("; ")),
            _listed([*filter(None, row["shared_with"].split(";"))], numbers),
        ]
        for row in rows_of(joint[joint["identified"] == "yes"])
    ]
