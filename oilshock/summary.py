"""The short table of a study, for a terminal and a notebook."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from oilshock.estimates import StudyEstimates
from oilshock.facts import EventFacts
from oilshock.level_words import level_lines
from oilshock.notebook import plain, table_html
from oilshock.options import ReturnKind
from oilshock.quoted_p import p_cell
from oilshock.sparkline import DAY_0, block_step, sessions_per_block, sparkline
from oilshock.summary_layout import LEFT, SPARKLINE, abbreviations, summary_lines
from oilshock.typing import Float
from oilshock.verdicts import EventVerdict, event_verdicts
from oilshock.words import number, p_number, per_cent
from oilshock.wrapping import hanging

if TYPE_CHECKING:
    from rich.text import Text


MOST_ROWS = 60
"""Rows in a notebook."""


@dataclass(frozen=True, eq=False, repr=False)
class Summary:
    """Three sentences, a table and verdicts; prints as text, shows as HTML in a notebook.

    Parameters
    ----------
    title : str
        Title of the study.
    sentences : tuple of str
        The answer.
    frame : DataFrame
        The short table.
    verdicts : tuple of EventVerdict
        One line for each row of the table.
    legend : str
        What the sparklines of the column CAR mean.
    levels : tuple of str
        One sentence for each price level of a study of several events.
    """

    title: str
    sentences: tuple[str, ...]
    frame: pd.DataFrame
    verdicts: tuple[EventVerdict, ...]
    legend: str
    levels: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return "\n".join(line.plain.rstrip() for line in self.lines(width=80))

    def lines(self, *, width: int) -> list[Text]:
        """Lay the summary out for a terminal.

        Parameters
        ----------
        width : int
            Its columns.

        Returns
        -------
        list of rich.text.Text
            The title, the sentences, the table with its verdicts, the legend, and the levels.
        """
        from rich.text import Text

        lines = hanging(self.title, width=width, style="bold")
        for sentence in self.sentences:
            lines += [Text(), *hanging(sentence, width=width)]
        lines += [
            Text(),
            *summary_lines(self.frame, verdicts=self.verdicts, legend=self.legend, width=width),
        ]
        for place, sentence in enumerate(self.levels):
            lines += [*([] if place else [Text()]), *hanging(sentence, width=width, then="  ")]
        return lines

    def without_sparklines(self) -> Summary:
        """Leave the sparklines out, for a terminal that cannot show block characters.

        Returns
        -------
        Summary
            A new one.
        """
        return replace(self, frame=self.frame.drop(columns=SPARKLINE), legend="")

    def _repr_html_(self) -> str:
        notes = [f"{abbreviations(self.frame)} {self.legend}", *self.levels]
        legend = "".join(f"<p><small>{plain(note)}</small></p>" for note in notes if note)
        table = table_html(
            self.frame, heading=self.title, notes=self.sentences, left=self._left, most=MOST_ROWS
        )
        return table + legend

    @property
    def _left(self) -> tuple[str, ...]:
        """The columns of the table that are set to the left."""
        return tuple(name for name in LEFT if name in self.frame)


def summarise(
    estimates: StudyEstimates, facts: Sequence[EventFacts], *, sentences: Sequence[str]
) -> Summary:
    """Summarise a study.

    Parameters
    ----------
    estimates : StudyEstimates
        The numbers.
    facts : sequence of EventFacts
        The kept events.
    sentences : sequence of str
        The answer, from `conclusion.answer`.

    Returns
    -------
    Summary
        With a sparkline of CAR[w0, j] for each event, on one scale.
    """
    kind = estimates.config.returns.kind
    paths, before = estimates.car_path.car, -estimates.abnormal.window[0]
    step = block_step(paths.ravel().tolist())
    frame = summary_frame(facts, kind=kind)
    lines = [sparkline(path, before=before, step=step) for path in paths.tolist()]
    frame.insert(frame.columns.tolist().index("Evidence"), SPARKLINE, lines)
    return Summary(
        title=estimates.config.title,
        sentences=tuple(sentences),
        frame=frame,
        verdicts=event_verdicts(facts, kind=kind),
        legend=_legend(paths, before=before, step=step, kind=kind),
        levels=tuple(level_lines(facts)),
    )


def summary_frame(facts: Sequence[EventFacts], *, kind: ReturnKind) -> pd.DataFrame:
    """Build the short table: one row per kept event, day 0 only, figures as text.

    Parameters
    ----------
    facts : sequence of EventFacts
        The events.
    kind : {"log", "simple", "difference"}
        Kind of the returns.

    Returns
    -------
    DataFrame
        Columns #, Event, Day 0, AR, USD/bbl, p (or cal. p), adj. p, Evidence; AR is left out for
        differences, which are in USD/bbl themselves.
    """
    is_calibrated = any(not math.isnan(event.day0.p_calibrated) for event in facts)
    p_heading = "cal. p" if is_calibrated else "p"
    frame = pd.DataFrame(
        {
            "#": [event.number for event in facts],
            "Event": [event.title for event in facts],
            "Day 0": [f"{event.session:%Y-%m-%d}" for event in facts],
            "AR": [per_cent(event.day0.car) for event in facts],
            "USD/bbl": [number(event.day0.usd, sign="+") for event in facts],
            p_heading: [p_cell(event.day0) for event in facts],
            "adj. p": [p_number(event.day0.p_adjusted) for event in facts],
            "Evidence": [verdict.grade for verdict in event_verdicts(facts, kind=kind)],
        }
    )
    return frame.drop(columns="AR") if kind == "difference" else frame


def _legend(paths: Float, *, before: int, step: float, kind: ReturnKind) -> str:
    """Say what the sparklines mean, in one sentence."""
    n_days = paths.shape[1]
    sessions = sessions_per_block(n_days, before=before)
    each = "a block a session" if sessions == 1 else f"a block for {sessions} sessions"
    where = f", day 0 after the {DAY_0}" if before else " from day 0 on"
    high = f"{step:.3g} USD/bbl" if kind == "difference" else f"{100 * step:.3g} %"
    scale = "" if len(paths) == 1 else ", one scale for all events"
    return f"Column CAR: {each}{where}; ▁▂▃▄ below 0, ▅▆▇█ from 0 up, {high} a block{scale}."
