"""The short table that scan, sweep and power print below their words."""

from __future__ import annotations

from oilshock.answers import Answer
from oilshock.tables import rows_of
from oilshock.words import number, p_number

MOST = 15

Shown = tuple[list[str], list[list[str]], int, tuple[int, ...]]
"""Headings, rows, the column that takes the room left, and the columns set to the right."""


def shown_table(answer: Answer) -> Shown:
    """Choose the table of an answer that says most in a terminal."""
    return {"scan": _moves, "power": _minimum, "sweep": _levels}[answer.name](answer)


def _moves(answer: Answer) -> Shown:
    headings = ["Session", "Return", "Rank", "Scaled", "Rank", "q", "Events nearby"]
    rows = [
        [
            f"{row['session']:%Y-%m-%d}",
            number(row["return"], digits=4, sign="+"),
            f"{row['rank_raw']:,}",
            number(row["scaled"], digits=1, sign="+"),
            f"{row['rank_scaled']:,}",
            p_number(row["q_model"]),
            row["titles"] or "none",
        ]
        for row in rows_of(answer.tables["moves"].head(MOST))
    ]
    return headings, rows, 6, (1, 2, 3, 4, 5)


def _minimum(answer: Answer) -> Shown:
    headings = ["Event", "Window", "Least move", "Textbook", "USD/bbl", "Moved"]
    rows = [
        [
            row["event_id"] or "on the next session",
            f"[{row['start']}, {row['end']}]",
            number(row["minimum_calibrated"], digits=4),
            number(row["minimum_textbook"], digits=4),
            number(row["minimum_calibrated_usd"]),
            number(row["car"], digits=4, sign="+"),
        ]
        for row in rows_of(answer.tables["minimum"])
        if (row["start"], row["end"]) == _first_window(answer)
    ]
    return headings, rows, 0, (2, 3, 4, 5)


def _first_window(answer: Answer) -> tuple[int, int]:
    first = answer.tables["minimum"].iloc[0]
    return int(first["start"]), int(first["end"])


def _levels(answer: Answer) -> Shown:
    headings = ["Choice", "Level", "Specifications", "Median effect", "Significant"]
    rows = [
        [
            row["dimension"],
            row["level"],
            f"{row['n_specifications']:,}",
            number(row["median_effect"], digits=4, sign="+"),
            f"{number(100 * row['share_significant'], digits=0)} %",
        ]
        for row in rows_of(answer.tables["levels"])
    ]
    return headings, rows, 1, (2, 3, 4)
