"""Labels at the ends of lines: apart, led to their lines, and with the pattern of their part."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from chart_data import parts_frame
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from oilshock.charts import plot_parts, style
from oilshock.charts.end_labels import EndLabel, Swatch, end_label_room, put_end_labels
from oilshock.charts.parts import MOST_EVENTS


def new_axes() -> Axes:
    ax = Figure(figsize=(7, 3)).add_subplot()
    ax.set_xlim(0, 12)
    ax.set_ylim(0, 100)
    return ax


def led(ax: Axes) -> list[tuple[float, float]]:
    """Return from and to which height each leader goes."""
    return [(a[1], b[1]) for item in ax.collections for a, b in item.get_segments()]


def test_a_label_in_its_place_needs_no_leader() -> None:
    ax = new_axes()
    put_end_labels(ax, 10, [EndLabel(20, "one"), EndLabel(80, "other")])
    assert led(ax) == []
    assert [text.get_position()[1] for text in ax.texts] == pytest.approx([20, 80])


def test_a_moved_label_is_led_to_its_line() -> None:
    ax = new_axes()
    put_end_labels(ax, 10, [EndLabel(50, "one"), EndLabel(50, "two"), EndLabel(50, "three")])
    heights = sorted(text.get_position()[1] for text in ax.texts)
    assert sorted(led(ax)) == [(50, pytest.approx(heights[0])), (50, pytest.approx(heights[2]))]
    assert all(upper - lower > 4 for lower, upper in pairwise(heights))


def test_labels_of_several_lines_keep_apart_and_inside() -> None:
    ax = new_axes()
    put_end_labels(ax, 10, [EndLabel(2, "one\ntwo\nthree"), EndLabel(3, "four\nfive\nsix")])
    boxes = sorted((text.get_window_extent() for text in ax.texts), key=lambda box: box.y0)
    assert boxes[0].y1 <= boxes[1].y0
    assert boxes[0].y0 >= ax.bbox.y0


def test_the_room_is_that_of_the_longest_line_with_its_swatch() -> None:
    lines = [EndLabel(1, "Attack on"), EndLabel(1, "the plants of Abqaiq")]
    plain = max(end_label_room([line]) for line in lines)
    assert end_label_room([EndLabel(1, "Attack on\nthe plants of Abqaiq")]) == pytest.approx(plain)
    ax = new_axes()
    label = EndLabel(50, "Attack", swatch=Swatch("red"))
    put_end_labels(ax, 10, [label])
    (box,) = (item for item in ax.get_children() if item.get_label() == "swatch")
    text = ax.texts[0].get_window_extent()
    assert box.get_window_extent().x1 < text.x0
    start = ax.transData.transform((10, 50))[0]
    assert text.x1 - start <= end_label_room([label]) * ax.figure.dpi / 72
    assert end_label_room([]) == 0


def grey(color: object) -> float:
    """Return how light a colour is in grey print, 0 to 1."""
    return float(np.dot(to_rgb(color), (0.299, 0.587, 0.114)))


def test_every_part_of_a_price_is_told_apart_in_grey_print() -> None:
    frame = parts_frame()
    event = frame[frame["part"] == frame.loc[frame["kind"] == "event", "part"].iloc[0]]
    extra = [event.assign(part=f"Event {n}", usd=event["usd"] + n) for n in range(MOST_EVENTS + 2)]
    missing = {"factors", "episode", "rest"} - set(frame["kind"])
    fixed = [event.assign(part=kind, kind=kind) for kind in sorted(missing)]
    with style():
        ax = plot_parts(pd.concat([frame, *fixed, *extra]), ax=new_axes())
    boxes = [item for item in ax.get_children() if item.get_label() == "swatch"]
    looks = [(box.get_hatch(), grey(box.get_facecolor())) for box in boxes]
    assert len(looks) == 4 + MOST_EVENTS + 1
    hatches = [hatch for hatch, _ in looks if hatch]
    assert len(set(hatches)) == len(hatches) == MOST_EVENTS
    plain = sorted(light for hatch, light in looks if not hatch)
    assert all(lighter - darker > 0.1 for darker, lighter in pairwise(plain))


def test_a_swatch_looks_like_its_bars() -> None:
    ax = plot_parts(parts_frame(), ax=new_axes())
    bars = {(bar.get_hatch(), bar.get_facecolor()) for bars in ax.containers for bar in bars}
    boxes = [item for item in ax.get_children() if item.get_label() == "swatch"]
    assert all(isinstance(box, Rectangle) for box in boxes)
    assert {(box.get_hatch(), box.get_facecolor()) for box in boxes} == bars
