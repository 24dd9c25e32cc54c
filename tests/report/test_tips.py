"""Where the readings of a chart stand in its drawing."""

from __future__ import annotations

import re

import pytest
from matplotlib.figure import Figure

from oilshock.charts import figure_svg
from oilshock.report.tips import Reading, Span, place


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
