"""The price of an episode as a stack of parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator

from oilshock.charts.canvas import (
    name_axes,
    require_columns,
    reserve,
    set_value_axis,
    span_of,
    zero_line,
)
from oilshock.charts.dates import day_month
from oilshock.charts.end_labels import EndLabel, Swatch, end_label_room, put_end_labels
from oilshock.charts.frame import framed
from oilshock.charts.labels import axes_points, wrap_evenly
from oilshock.charts.size import fitted
from oilshock.charts.style import (
    ABNORMAL,
    EXPECTED,
    GREY,
    INK,
    MID,
    PALE,
    SMALL_PT,
    axes_for,
    dress,
)
from oilshock.typing import Float

MOST_EVENTS = 5
"""Events with a pattern of their own: those that moved the price most; the others are one part."""

OTHERS = "other events"

# What was to be expected is blue, what events did is orange, the rest is grey. A pattern of its
# own tells each event from the next in grey print too; the plain areas differ in how dark they are.
_EVENT_COLOR = "#f7c99b"
_EVENT_HATCHES = ("////", "....", "\\\\\\\\", "xxxx", "----")
_PLAIN = {
    "drift": Swatch(EXPECTED),
    "factors": Swatch("#b3d1e8"),
    "episode": Swatch(ABNORMAL),
    "rest": Swatch(PALE, edge=GREY),
    "others": Swatch(MID),
}


def plot_parts(frame: pd.DataFrame, *, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw what moved the price of an episode, session by session, as a stack.

    Answers how much of a price change each event had, and what was expected anyway. Parts that
    raise the price stand on zero, parts that lower it hang from it; the line is their sum.

    Parameters
    ----------
    frame : DataFrame
        One episode: columns ``session``, ``price``, ``part`` (its label), ``kind`` (drift,
        factors, event, episode or rest) and ``usd``, in the order of the parts.
    title : str
        Title of the chart.
    ax : Axes, optional
        Where to draw; a new figure when none is given.

    Returns
    -------
    Axes
        The Axes drawn on; its y axis is in USD/bbl from the price before the episode.

    Raises
    ------
    DataError
        When a column is missing or there is no row.

    Examples
    --------
    >>> frame = pd.DataFrame({
    ...     "session": pd.to_datetime(["2024-04-15", "2024-04-16"] * 2), "price": [90.8, 90.5] * 2,
    ...     "part": ["drift"] * 2 + ["Attack"] * 2, "kind": ["drift"] * 2 + ["event"] * 2,
    ...     "usd": [0.1, 0.2, -2.4, -2.8],
    ... })
    >>> ax = plot_parts(frame, ax=Figure().add_subplot())
    >>> ax.lines[0].get_ydata().round(1).tolist()
    [-2.3, -2.6]
    """
    require_columns(frame, ("session", "price", "part", "kind", "usd"), chart="plot_parts")
    names, kinds, usd = _stack(frame)
    sessions = pd.DatetimeIndex(frame["session"].drop_duplicates())
    looks = _looks(kinds)
    with axes_for(ax, height=3.4) as target:
        dress(target, title=title or "What moved the price, USD/bbl")
        total, x = usd.sum(axis=0), np.arange(len(sessions))
        top, bottom = np.maximum(usd, 0).cumsum(axis=0), np.minimum(usd, 0).cumsum(axis=0)
        limits = span_of(top, bottom, [0])
        width = axes_points(target)[0]
        room: dict[str, Any] = {"size": SMALL_PT, "width": 0.24 * width, "most": 3}
        texts = ["\n".join(wrap_evenly(name, **room)) for name in names]
        labels = [
            EndLabel(_middle(row, top, bottom, usd), text, swatch=look)
            for row, (text, look) in enumerate(zip(texts, looks, strict=True))
        ]
        reserve(target, -0.6, len(x) - 0.4, right=end_label_room(labels, size=SMALL_PT))
        set_value_axis(target, *limits)
        for row, look in enumerate(looks):
            start = np.where(usd[row] >= 0, top[row] - usd[row], bottom[row] - usd[row])
            target.bar(
                x,
                usd[row],
                bottom=start,
                width=0.85,
                color=look.color,
                edgecolor=look.edge,
                hatch=look.hatch or None,
                linewidth=0.5,
                zorder=2.1 if look.hatch else 2,  # its dark edge over the white ones
            )
        target.plot(x, total, color=INK, linewidth=1.3, marker="o", markersize=2, zorder=4)
        zero_line(target, zorder=3)
        _date_ticks(target, sessions)
        put_end_labels(target, len(x) - 0.4, labels, size=SMALL_PT)
        name_axes(target, y="USD/bbl from the price before")
    return target


def _stack(frame: pd.DataFrame) -> tuple[list[str], list[str], Float]:
    """Return labels, kinds and dollars of the parts; the smallest events are one part."""
    shown = frame[frame["kind"] != "base"]
    n = shown["session"].nunique()
    order = list(dict.fromkeys(zip(shown["part"], shown["kind"], strict=True)))
    usd = shown["usd"].to_numpy(dtype=np.float64).reshape(len(order), n)
    events = [row for row, (_, kind) in enumerate(order) if kind == "event"]
    events.sort(key=lambda row: -np.abs(usd[row]).max())
    small = set(events[MOST_EVENTS:])
    keep = [row for row in range(len(order)) if row not in small]
    names, kinds = [order[row][0] for row in keep], [order[row][1] for row in keep]
    values = [usd[row] for row in keep]
    if small:
        names.append(OTHERS)
        kinds.append("others")
        values.append(usd[sorted(small)].sum(axis=0))
    return names, kinds, np.array(values)


def _looks(kinds: list[str]) -> list[Swatch]:
    free = iter([Swatch(_EVENT_COLOR, hatch, INK) for hatch in _EVENT_HATCHES])
    return [_PLAIN[kind] if kind in _PLAIN else next(free) for kind in kinds]


def _middle(row: int, top: Float, bottom: Float, usd: Float) -> float:
    """Return the middle of a part on the last session."""
    end = top if usd[row, -1] >= 0 else bottom
    return float(end[row, -1] - usd[row, -1] / 2)


def _date_ticks(ax: Axes, sessions: pd.DatetimeIndex) -> None:
    """Write dates under about six of the sessions, the first with its year."""
    step = max(1, round(len(sessions) / 6))
    places = list(range(0, len(sessions), step))
    words = [day_month(sessions[place], year=place == 0) for place in places]
    ax.xaxis.set_major_locator(FixedLocator([float(place) for place in places]))
    ax.xaxis.set_major_formatter(FixedFormatter(words))


def parts_figure(
    frame: pd.DataFrame, *, title: str = "", headline: str = "", source: str = ""
) -> Figure:
    """Compose the stack of one episode and the source line.

    Parameters
    ----------
    frame, title : DataFrame, str
        As in `plot_parts`.
    headline : str
        What the figure shows.
    source : str
        The source line at the bottom.

    Returns
    -------
    Figure
        6.9 by 4.3 inches.
    """
    key = (
        "Bars add up to the line: the price less that of the session before the first event. "
        "Several events: sessions in more than one window."
    )
    with framed(fitted(4.3), source=source, headline=headline, key=key) as around:
        plot_parts(frame, title=title, ax=around.panel(bottom=0.25))
    return around.figure
