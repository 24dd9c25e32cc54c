"""The key to the marks of a chart, in a line or two above its data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from oilshock.charts.labels import FONT, axes_points, text_width
from oilshock.charts.size import enlarged
from oilshock.charts.style import SMALL_PT

LINE_PT = 14.0
"""Height of a line of the key."""

_HANDLE_EM, _GAP_EM, _BETWEEN_EM = 1.5, 0.4, 1.1


def dot(
    label: str,
    *,
    face: str,
    edge: str = "",
    marker: str = "o",
    size: float = 4.5,
) -> Line2D:
    """Return a mark for a key; without an edge of its own it has the colour of its face."""
    return Line2D(
        [],
        [],
        linestyle="none",
        marker=marker,
        markersize=size,
        markerfacecolor=face,
        markeredgecolor=edge or face,
        markeredgewidth=0.9,
        label=label,
    )


def key_columns(ax: Axes, labels: Sequence[str]) -> int:
    """Return in how many columns the key fits the width: as few lines as can be."""
    width = axes_points(ax)[0]
    each = SMALL_PT * (_HANDLE_EM + _GAP_EM)
    for lines in range(1, len(labels) + 1):
        columns = math.ceil(len(labels) / lines)
        # The legend fills column by column, and a column is as wide as its widest label.
        groups = [labels[start : start + lines] for start in range(0, len(labels), lines)]
        widest = sum(max(text_width(label, SMALL_PT) for label in group) for group in groups)
        if widest + columns * each + (columns - 1) * SMALL_PT * _BETWEEN_EM <= width:
            return columns
    return 1


def key_height(ax: Axes, labels: Sequence[str]) -> float:
    """Return the points that the key needs above the data."""
    return LINE_PT * math.ceil(len(labels) / key_columns(ax, labels)) if labels else 0.0


def put_key(ax: Axes, handles: Sequence[Any]) -> None:
    """Write the key at the top right of the Axes, in as few lines as fit."""
    columns = key_columns(ax, [str(handle.get_label()) for handle in handles])
    ax.legend(
        handles=list(handles),
        loc="upper right",
        ncols=columns,
        frameon=False,
        borderpad=0,
        borderaxespad=0,
        handlelength=_HANDLE_EM,
        handletextpad=_GAP_EM,
        columnspacing=_BETWEEN_EM,
        labelspacing=0.45,
        prop={"family": FONT, "size": enlarged(SMALL_PT)},
    )
