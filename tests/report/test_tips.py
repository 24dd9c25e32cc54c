"""Where the readings of a chart stand in its drawing."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from matplotlib.figure import Figure

from oilshock.charts import figure_svg
from oilshock.report.tips import MOST_COLUMNS, Reading, Span, columns_of, gathered, place


@pytest.fixture
def figure() -> Figure:
    figure = Figure(figsize=(4, 2), dpi=137)
    ax = figure.add_axes((0.25, 0.5, 0.5, 0.25))
    ax.set_xlim(0, 10)
    ax.set_ylim(100, 0)
    return figure


def boxes(figure: Figure, *spans: Span) -> tuple[tuple[float, ...], ...]:
    return place([Reading("x", spans)], figure)[0].boxes


def test_whole_axes_is_where_the_file_draws_it(figure: Figure) -> None:
    ((x, y, width, height),) = boxes(figure, Span(0))
    ticks = [
        (float(a), float(b))
        for a, b in re.findall(r'<use [^>]*x="([\d.]+)" y="([\d.]+)"', figure_svg(figure))
    ]
    assert (x, width) == (72.0, 144.0)
    assert min(a for a, _ in ticks) == pytest.approx(x, abs=0.1)
    assert max(b for _, b in ticks) == pytest.approx(y + height, abs=0.1)


def test_a_square_round_a_point_reaches_as_far_each_way(figure: Figure) -> None:
    from oilshock.report.tips import around

    # The point is the centre of the Axes: 144 and 54 points from the upper left corner.
    (box,) = boxes(figure, around(figure, 0, x=5, y=50, points=7.2))
    assert box == pytest.approx((136.8, 46.8, 14.4, 14.4))


def test_columns_and_rows_run_over_the_whole_other_side(figure: Figure) -> None:
    assert boxes(figure, Span(0, x=(5, 10))) == ((144.0, 36.0, 72.0, 36.0),)
    # The y axis is upside down: its first quarter is on top.
    assert boxes(figure, Span(0, y=(0, 25))) == ((72.0, 36.0, 144.0, 9.0),)


def test_spans_are_cut_at_the_edge_and_dropped_beyond_it(figure: Figure) -> None:
    assert boxes(figure, Span(0, x=(-5, 5))) == ((72.0, 36.0, 72.0, 36.0),)
    assert boxes(figure, Span(0, x=(11, 12)), Span(0, x=(9, 10))) == ((201.6, 36.0, 14.4, 36.0),)


def test_text_and_link_are_kept(figure: Figure) -> None:
    (tip,) = place([Reading("a · b", (Span(0),), "event-1")], figure)
    assert tip.to_record() == {
        "text": "a · b",
        "boxes": [[72.0, 36.0, 144.0, 36.0]],
        "link": "event-1",
    }


def test_columns_meet_and_cover_every_point() -> None:
    x = np.cumsum(np.arange(1.0, 1001.0))
    columns = columns_of(x)
    assert len(columns) <= MOST_COLUMNS
    assert [n for block, _ in columns for n in range(block.start, block.stop)] == list(range(1000))
    for (block, (low, high)), (_, (following, _)) in itertools.pairwise(columns):
        assert high == following
        assert low < x[block].min() <= x[block].max() < high
    assert columns_of(np.array([5.0])) == [(slice(0, 1), (4.5, 5.5))]


def test_marks_are_gathered_no_wider_than_asked_and_never_overlap(figure: Figure) -> None:
    # Ten units are 144 points: a reach of 14.4 points is one unit.
    x = np.array([3.0, 0.5, 0.9, 4.2, np.nan])
    found = gathered(x, figure, points=14.4)
    assert [rows for rows, _ in found] == [[1, 2], [0], [3]]
    sides = [side for _, side in found]
    assert sides == [pytest.approx(side) for side in ((-0.5, 1.9), (2.0, 3.6), (3.6, 5.2))]
    assert gathered(np.array([np.nan]), figure, points=5) == []
