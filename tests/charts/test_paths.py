"""The paths of single events: which of them are named, and what their band is."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from chart_data import SOURCE, path_frame, roles
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from oilshock import charts


def path_axes(numbers: list[int], *, lead: int | None = None) -> Axes:
    frame = path_frame(pd.DataFrame({"number": numbers, "title": "A"}))
    return charts.plot_paths(frame, lead=lead, ax=Figure(figsize=(7, 3.5)).add_subplot())


def named(ax: Axes) -> set[str]:
    return {text.get_text() for text in roles(ax, "end label")}


@pytest.mark.parametrize("lead", [1, 2])
def test_only_a_path_that_reaches_the_end_is_named_there(lead: int) -> None:
    """Path 1 stops on day 30 of 60, whether it leads or not."""
    assert named(path_axes([1, 2, 3], lead=lead)) == {"2", "3"}


def test_of_many_paths_the_leading_one_alone_is_named() -> None:
    assert named(path_axes(list(range(2, 15)))) == {str(number) for number in range(2, 15)}
    assert named(path_axes(list(range(2, 16)))) == {"2"}


def test_the_band_has_an_edge_on_either_side() -> None:
    edges = [each.get_ydata() for each in path_axes([2, 3]).lines if each.is_dashed()]
    half = 2 * np.sqrt(np.arange(11) + 1)
    assert [float(np.nanmax(edge)) for edge in edges] == pytest.approx([-2.0, half[-1]])
    np.testing.assert_allclose(np.asarray(edges[1])[:11], half)


def test_the_key_says_how_far_the_band_reaches() -> None:
    frame = path_frame(pd.DataFrame({"number": [2, 3], "title": "A"}))
    figure = charts.paths_figure(frame, alpha=0.1, source=SOURCE)
    (key,) = [text.get_text() for text in figure.texts if text.get_label() == "key"]
    assert "90 % of ordinary paths stay inside to session 10." in key.replace("\n", " ")
    bare = charts.paths_figure(frame.assign(half_width=np.nan), source=SOURCE)
    assert "band" not in " ".join(text.get_text() for text in bare.texts)


def test_the_grey_area_of_paths_is_named_off_every_path() -> None:
    frame = path_frame(pd.DataFrame({"number": [2, 3, 4], "title": "A"}))
    ax = charts.plot_paths(frame, ax=Figure(figsize=(7, 3.5)).add_subplot())
    (label,) = roles(ax, "band")
    assert label.get_text() == "path band (95 %)"
    box = label.get_window_extent().transformed(ax.transData.inverted())
    near = frame[frame["day"].between(box.x0, box.x1)]
    assert (np.sign(100 * near["car"] - box.y0) == np.sign(100 * near["car"] - box.y1)).all()
    assert box.x0 > 10  # beside the band, which ends on day 10
    assert min(abs(box.y0), abs(box.y1)) > math.sqrt(11)  # and near its edge, 2 sqrt(11) per cent


def test_paths_without_a_band_name_none() -> None:
    frame = path_frame(pd.DataFrame({"number": [2, 3], "title": "A"})).assign(half_width=np.nan)
    assert roles(charts.plot_paths(frame, ax=Figure().add_subplot()), "band") == []


def test_the_name_of_the_band_leaves_a_path_beside_it_free() -> None:
    """A path along the edge of the band, where its name would stand first, moves the name."""
    frame = path_frame(pd.DataFrame({"number": [2, 3], "title": "A"}))
    edge = 0.02 * math.sqrt(11)
    after = (frame["number"] == 3) & (frame["day"] > 10)
    first = path_label_height(frame.assign(car=0.0))
    frame.loc[after, "car"] = first / 100
    assert first < 100 * edge
    assert abs(path_label_height(frame.assign(car=frame["car"].where(after, 0.0))) - first) > 0.3


def path_label_height(frame: pd.DataFrame) -> float:
    ax = charts.plot_paths(frame, ax=Figure(figsize=(7, 3.5)).add_subplot())
    (label,) = roles(ax, "band")
    return float(label.get_position()[1])
