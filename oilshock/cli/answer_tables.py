"""The short table that scan, sweep and power print below their words."""

from __future__ import annotations

from oilshock.answers import Answer
from oilshock.options import ReturnKind
from oilshock.tables import rows_of
from oilshock.words import number, p_number, per_cent

MOST = 15

Shown = tuple[list[str], list[list[str]], int, tuple[int, ...]]
"""Headings, rows, the column that takes the room left, and the columns set to the right."""


def shown_table(answer: Answer, *, kind: ReturnKind) -> Shown:
    """Choose the table of an answer that says most in a terminal; returns are in per cent."""
    return {"scan": _moves, "power": _minimum, "sweep": _levels}[answer.name](answer, kind)


def _move(value: float, kind: ReturnKind) -> str:
    return number(value, sign="+") if kind == "difference" else per_cent(value)


def _size(value: float, kind: ReturnKind) -> str:
    return _move(value, kind).removeprefix("+")


def _moves(answer: Answer, kind: ReturnKind) -> Shown:
    headings = ["Session", "Return", "Rank", "Scaled", "Rank", "q", "Events nearby"]
    rows = [
        [
            f"{row['session']:%Y-%m-%d}",
            _move(row["return"], kind),
            f"{row['rank_raw']:,}",
            number(row["scaled"], digits=1, sign="+"),
            f"{row['rank_scaled']:,}",
            p_number(row["q_model"]),
            row["titles"] or "none",
        ]
        for row in rows_of(answer.tables["moves"].head(MOST))
    ]
    return headings, rows, 6, (1, 2, 3, 4, 5)


def _minimum(answer: Answer, kind: ReturnKind) -> Shown:
    headings = ["Event", "Window", "Least move", "Textbook", "USD/bbl", "Moved"]
    rows = [
        [
            row["event_id"] or "on the next session",
            f"[{row['start']}, {row['end']}]",
            _size(row["minimum_calibrated"], kind),
            _size(row["minimum_textbook"], kind),
            number(row["minimum_calibrated_usd"]),
            _move(row["car"], kind),
        ]
        for row in rows_of(answer.tables["minimum"])
        if (row["start"], row["end"]) == _first_window(answer)
    ]
    return headings, rows, 0, (2, 3, 4, 5)


def _first_window(answer: Answer) -> tuple[int, int]:
    first = answer.tables["minimum"].iloc[0]
    return int(first["start"]), int(first["end"])


def _levels(answer: Answer, kind: ReturnKind) -> Shown:
    headings = ["Choice", "Level", "Specifications", "Median effect", "Significant"]
    rows = [
        [
            row["dimension"],
            row["level"],
            f"{row['n_specifications']:,}",
            _move(row["median_effect"], kind),
            f"{number(100 * row['share_significant'], digits=0)} %",
        ]
        for row in rows_of(answer.tables["levels"])
    ]
    return headings, rows, 1, (2, 3, 4)
