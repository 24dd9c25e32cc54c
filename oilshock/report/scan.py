"""The section on unusual moves: those of the series that no event explains."""

from __future__ import annotations

import numpy as np
import pandas as pd

from oilshock.charts import moves_figure, usual_sizes
from oilshock.estimates import StudyEstimates
from oilshock.narrative import amount, confidence
from oilshock.report.artist import Artist, Chart
from oilshock.report.section import CrossReference, Section
from oilshock.report.section_readings import move_readings
from oilshock.report.table import Table, without_empty_columns
from oilshock.scan import ScanResult
from oilshock.tables import rows_of
from oilshock.words import count, day, number, p_number

MOST_ROWS = 12
"""Rows of a table of the section; the command writes all of them."""

OTHER_SCALE = CrossReference(
    "The same day can have another rank in {table}: there moves are ranked among those to the same "
    "side, and scaled by the EWMA volatility.",
    section="history",
)

NEAR = 20
"""Sessions before and after the study's event windows that belong to its own time."""


def scan_section(artist: Artist, scan: ScanResult | None) -> Section | None:
    """Build the section on unusual moves; none for a short series."""
    if scan is None:
        return None
    estimates = artist.estimates
    own = own_moves(estimates, scan)
    return Section(
        anchor="scan",
        heading="Large moves that no event explains",
        paragraphs=tuple(scan_paragraphs(estimates, scan, own=own)),
        charts=(scan_chart(artist, scan),) if len(scan.moves) else (),
        tables=(_unexplained_table(estimates, scan), _break_table(estimates, scan)),
        notes=(_note(estimates, scan),),
        see=(OTHER_SCALE,),
    )


def own_moves(estimates: StudyEstimates, scan: ScanResult) -> pd.DataFrame:
    """Return the unusual sessions inside the time of the study."""
    w0, w1 = estimates.abnormal.window
    sessions = estimates.market.sessions
    first = max(int(estimates.position.min()) + w0 - NEAR, 0)
    last = min(int(estimates.position.max()) + w1 + NEAR, len(sessions) - 1)
    inside = scan.moves["session"].between(sessions[first], sessions[last])
    return scan.moves[inside].reset_index(drop=True)


def scan_paragraphs(estimates: StudyEstimates, scan: ScanResult, *, own: pd.DataFrame) -> list[str]:
    """Write what a scan says."""
    about = scan.coverage
    lists = f"the {scan.top} largest and the {scan.top} largest for their GARCH volatility"
    where = "on the same session" if scan.within == 0 else f"within {_sessions(scan.within)}"
    paragraphs = [
        f"Of {count(scan.n_sessions, 'session')}, {count(about.n_moves, 'move')} stand out: "
        f"{lists}. {about.n_explained} have an event of the catalogue or the study {where} "
        f"({_share(about.recall)}; {_share(about.chance_recall)} of all sessions do). Of "
        f"{count(about.n_events, 'event')}, {about.n_with_move} have such a move {where} "
        f"({_share(about.precision)}; by chance it would be {_share(about.chance_precision)}). "
        "An event nearby is no proof that it moved the price, and none nearby means only that the "
        "list has none. Events that a price itself defines (endogenous) are not counted."
    ]
    if scan.reason:
        paragraphs.append(f"No model of the tail: {scan.reason}. Moves are ranked by size alone.")
    elif scan.n_below_q:
        have, are = ("has", "one is") if scan.n_below_q == 1 else ("have", "so many are")
        paragraphs.append(
            f"{count(scan.n_below_q, 'session')} {have} a q value below {scan.q:g}: {are} larger "
            "than the model of the series allows for."
        )
    else:
        paragraphs.append(
            f"None has a q value below {scan.q:g} (the smallest is {number(scan.smallest_q)}): "
            f"a series with tails as heavy as these (Student t with {number(scan.df, digits=1)} "
            "degrees of freedom) has such days by itself, with or without news."
        )
    if len(own):
        best = own.iloc[0]
        paragraphs.append(
            f"In the time of this study {count(len(own), 'session')} "
            f"{'stands out:' if len(own) == 1 else 'stand out, above all'} "
            f"{day(best['session'])} ({amount(estimates, best['return'])}; rank "
            f"{best['rank_raw']:,} by size, {best['rank_scaled']:,} for its GARCH volatility)."
        )
    else:
        paragraphs.append("No session in the time of this study stands out.")
    return paragraphs


def _sessions(n: int) -> str:
    return "one session" if n == 1 else f"{n} sessions"


def _share(value: float) -> str:
    return "–" if np.isnan(value) else f"{number(100 * value, digits=0)} %"


def scan_chart(artist: Artist, scan: ScanResult) -> Chart:
    """Draw the unusual sessions."""
    market = artist.estimates.market
    usual = usual_sizes(market.returns, market.sessions, breaks=scan.breaks)
    missing = len(scan.unexplained)
    title = (
        f"The {count(len(scan.moves), 'most unusual day')} of {artist.label}: "
        f"{missing} without an event nearby"
    )
    figure = moves_figure(
        scan.moves,
        usual=usual,
        title=title,
        return_name="log return" if artist.estimates.config.returns.kind == "log" else "return",
        return_unit=artist.return_unit,
        source=artist.source,
    )
    return artist.chart(
        "scan",
        figure,
        caption="Unusual sessions; hollow: no event of the catalogue or the study nearby. The grey "
        "band steps at the structural breaks in the size of returns.",
        alt=f"Stems over time: {count(len(scan.moves), 'unusual session')}, of which {missing} "
        f"have no event nearby. Returns range from {artist.amounts(scan.moves['return'])}.",
        readings=move_readings(artist, scan.moves, figure=figure),
    )


def _unexplained_table(estimates: StudyEstimates, scan: ScanResult) -> Table:
    """Lay out the moves that rank highest by size or scaled, in the order of their size."""
    shown = scan.unexplained.head(MOST_ROWS).sort_values("rank_raw", kind="stable")
    rows = [
        [
            day(row["session"]),
            amount(estimates, row["return"]),
            f"{number(row['usd'], sign='+')}",
            f"{row['rank_raw']:,}",
            number(row["scaled"], digits=1, sign="+"),
            f"{row['rank_scaled']:,}",
            p_number(row["q_model"]),
        ]
        for row in rows_of(shown)
    ]
    columns = (
        "<<Session",
        "Log return" if estimates.config.returns.kind == "log" else "Return",
        "USD/bbl",
        "Rank",
        "Scaled (GARCH)",
        "Rank scaled",
        "q (model)",
    )
    n = len(scan.unexplained)
    which = f"The {MOST_ROWS} of {n} that rank highest" if n > MOST_ROWS else "Those that rank high"
    return Table(
        columns,
        rows,
        caption="The largest moves without an event nearby, in the order of their size",
        notes=(f"{which} by size, or by size for the volatility of their moment.",),
    )


def _break_table(estimates: StudyEstimates, scan: ScanResult) -> Table:
    names = {"mean": "mean return", "size": "size of returns"}
    rows = [
        [
            day(row["session"]),
            f"{day(row['low_session'])} to {day(row['high_session'])}",
            names[row["kind"]],
            amount(estimates, row["before"], sign=row["kind"] == "mean"),
            amount(estimates, row["after"], sign=row["kind"] == "mean"),
            row["titles"].split("; ")[0],
        ]
        for row in rows_of(scan.breaks)
    ]
    columns = ("<Structural break", "<Interval", "<In", "Before", "After", "<<Event nearby")
    caption = "Structural breaks of the returns, then of their size"
    return without_empty_columns(Table(columns, rows, caption=caption))


def _note(estimates: StudyEstimates, scan: ScanResult) -> str:
    level = confidence(estimates)
    return (
        "Ranks count moves to both sides. Scaled: the return over its GARCH(1,1)-t standard "
        "deviation known the day before. The q "
        "value is model-based: Benjamini and Hochberg over the tail of a Student t law fitted with "
        "the largest 2 % censored; it is as good as that law. Breaks: least-squares segmentation "
        "of the returns, and of their absolute values for their size (volatility), with the "
        f"interval of Bai (1997) at {level}. “oilshock scan” lists all moves, and the "
        f"{count(len(scan.quiet), 'event')} without one."
    )
