"""How directions and groups are drawn: by shape and dash first, so that grey print tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oilshock.charts.style import ABNORMAL, GREY, INK, PLUM


@dataclass(frozen=True)
class DirectionMark:
    """How a direction is drawn: its shape is the same in every chart.

    The colour is that of badges and strokes; marks of abnormal returns are in the accent.
    """

    word: str
    symbol: str
    marker: str
    color: str


@dataclass(frozen=True)
class GroupMark:
    """How a group of events is drawn: by colour, dash and marker."""

    color: str
    dash: str
    marker: str


DIRECTION_MARKS: dict[str, DirectionMark] = {
    "+": DirectionMark("tightening", "▲", "^", INK),
    "-": DirectionMark("easing", "▼", "v", INK),
    "0": DirectionMark("no direction", "●", "o", GREY),
}

GROUP_MARKS: tuple[GroupMark, ...] = (
    GroupMark(ABNORMAL, "-", "o"),
    GroupMark(INK, "--", "^"),
    GroupMark(GREY, "-.", "v"),
    GroupMark(PLUM, ":", "s"),
)

SERIES_MARKS: tuple[GroupMark, ...] = (
    GroupMark(INK, "-", "o"),
    GroupMark(GREY, "--", "^"),
    GroupMark(PLUM, "-.", "v"),
    GroupMark(INK, ":", "s"),
)

_DIRECTION_GROUPS = {"direction=+": 1, "tightening": 1, "direction=-": 2, "easing": 2}


def group_marks(names: Sequence[str]) -> list[GroupMark]:
    """Return a mark for each of up to four groups.

    Groups of a direction have its shape; the others take what is left, in their order.
    """
    fixed = {
        name: GROUP_MARKS[_DIRECTION_GROUPS[name]] for name in names if name in _DIRECTION_GROUPS
    }
    free = iter([mark for mark in GROUP_MARKS if mark not in fixed.values()])
    return [fixed.get(name) or next(free) for name in names]


def direction_mark(value: object) -> DirectionMark:
    """Return the mark of a direction; anything but ``+`` and ``-`` has no direction."""
    return DIRECTION_MARKS.get(str(value).strip(), DIRECTION_MARKS["0"])
