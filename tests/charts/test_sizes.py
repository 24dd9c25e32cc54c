"""The three sizes: text large enough, nothing cut, nothing on top of another, all as before."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import get_args

import matplotlib
import numpy as np
import pandas as pd
import pytest
from chart_figures import FIGURES, TITLES, crowded_price
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

import oilshock
from oilshock import charts
from oilshock.charts.forest import forest_pages
from oilshock.charts.size import SIZES, measures
from oilshock.charts.style import settings
from oilshock.errors import DataError
from oilshock.options import ChartSize
from oilshock.words import MINUS

SIZE_NAMES = get_args(ChartSize)
WIDEST = {"report": 6.9, "slide": 13.335, "web": 6.89}
SMALLEST_PT = {"report": 4.5, "slide": 8.5, "web": 5.8}
"""Numbers in badges and titles of crowded rows shrink to these; all else is larger."""
BODY_PT = {"report": 7.5, "slide": 14.0, "web": 9.5}

FIGURE_NAMES = [name for name in charts.__all__ if name.endswith("_figure")]


def texts_of(figure: Figure) -> list[Text]:
    """Return every text that is drawn."""
    found = list(figure.texts)
    for ax in figure.axes:
        legend = ax.get_legend()
        found += [*ax.texts, ax._left_title, *(legend.get_texts() if legend else [])]
        for axis in (ax.xaxis, ax.yaxis) if ax.axison else ():
            if axis.get_visible():
                found += [axis.label, *axis.get_ticklabels()]
    return [text for text in found if text.get_text().strip() and text.get_visible()]


def boxes(figure: Figure) -> tuple[list[Text], np.ndarray]:
    """Return every text and its box (x0, y0, x1, y1), a hair smaller: letters may touch."""
    with settings():
        renderer = FigureCanvasAgg(figure).get_renderer()
        figure.draw(renderer)
        texts = texts_of(figure)
        found = [text.get_window_extent(renderer).padded(-0.4).extents for text in texts]
    return texts, np.array(found)


def faults(figure: Figure) -> list[str]:
    """Name the texts that leave the figure, and the pairs that lie on each other."""
    texts, box = boxes(figure)
    cut = (box[:, :2] < 0).any(axis=1) | (box[:, 2:] > figure.bbox.size).any(axis=1)
    found = [f"cut: {texts[row].get_text()}" for row in np.flatnonzero(cut)]
    low, high = box[:, np.newaxis, :2], box[np.newaxis, :, 2:]
    over = ((low < high) & (low.transpose(1, 0, 2) < high.transpose(1, 0, 2))).all(axis=2)
    pairs = [(texts[a], texts[b]) for a, b in np.argwhere(np.triu(over, 1)).tolist()]
    return found + [f"{a.get_text()} on {b.get_text()}" for a, b in pairs if not beside(a, b)]


def beside(one: Text, other: Text) -> bool:
    """Tell whether a tick label of one line stands beside the first of two lines.

    The box of two lines is as wide as the second one, a date, below the numbers.
    """
    first, second = (text.get_text().lstrip(MINUS).partition("\n") for text in (one, other))
    return first[1] != second[1] and first[0].isdigit() and second[0].isdigit()


def test_every_figure_is_tried() -> None:
    assert sorted(FIGURES) == sorted(FIGURE_NAMES)


@pytest.mark.parametrize("size", SIZE_NAMES)
@pytest.mark.parametrize("name", FIGURE_NAMES)
def test_figures_in_every_size(name: str, size: ChartSize) -> None:
    with charts.style(size):
        figure = FIGURES[name]()
        assert figure.get_figwidth() == pytest.approx(WIDEST[size], abs=0.01)
        assert figure.get_figheight() <= SIZES[size].tallest * SIZES[size].scale + 0.01
        assert faults(figure) == []
        sizes = [text.get_fontsize() for text in texts_of(figure)]
        assert min(sizes) >= SMALLEST_PT[size]
        assert max(sizes) >= BODY_PT[size]


@pytest.mark.parametrize("size", SIZE_NAMES)
def test_sixty_events_in_nine_months(size: ChartSize) -> None:
    with charts.style(size):
        figure = crowded_price(60)
        ax, key = figure.axes
        badges = next(item for item in ax.collections if item.get_label() == "badge")
        centres = ax.transData.transform(badges.get_offsets())
        diameter = badges.get_sizes()[0] ** 0.5 * figure.dpi / 72
        gaps = [np.hypot(*(a - b)) for a, b in combinations(centres, 2)]
        assert len(centres) >= 58  # some of the sessions lie after the last price drawn
        assert min(gaps) >= diameter
        assert centres.min() - diameter / 2 >= 0
        assert (centres.max(axis=0) + diameter / 2 <= figure.bbox.size).all()
        assert len([text for text in key.texts if text.get_label() == "key title"]) == 60
        assert faults(figure) == []


def test_faults_are_found() -> None:
    figure = FIGURES["power_figure"]()
    figure.text(0.5, 0.01, "on the source line, and far out " * 9)
    assert [fault.partition(" ")[0] for fault in faults(figure)] == ["cut:", "Source:"]


def test_the_title_of_the_car_says_what_is_dashed_where_there_is_little_room() -> None:
    frame = pd.DataFrame(
        {"relative_day": [-1, 0], "car": [0.01, -0.02], "half_width": 0.04, "band": 0.06}
    )
    wide, narrow = (
        charts.plot_car(frame, ax=Figure(figsize=(width, 3)).add_subplot()).get_title("left")
        for width in (6.0, 3.3)
    )
    assert wide == f"CAR from day {MINUS}1 (95 %; dashed: whole path)"
    assert narrow == "CAR (95 %; dashed: whole path)"


def test_a_long_title_is_cut_and_a_foreign_one_is_drawn() -> None:
    figure = crowded_price(60)
    words = [text.get_text() for text in figure.axes[1].texts]
    assert any(text.startswith("Long Long") and text.endswith("…") for text in words)
    assert TITLES[1] in words


@pytest.mark.parametrize("size", SIZE_NAMES)
def test_a_size_makes_text_lines_and_marks_larger_alike(size: ChartSize) -> None:
    with charts.style(size):
        larger = FIGURES["paths_figure"]()
    scale = SIZES[size].scale

    def look(ax: Axes) -> dict[str, float]:
        lead = next(line for line in ax.lines if line.get_label() == "lead")
        return {
            "line": lead.get_linewidth(),
            "name": ax.xaxis.label.get_fontsize(),
            "title": ax.title.get_fontsize() if ax.get_title() else 1.0,
            "tick": ax.xaxis.get_ticklabels()[0].get_fontsize(),
            "spine": ax.spines["left"].get_linewidth(),
            "label": ax.texts[0].get_fontsize(),
        }

    report = look(FIGURES["paths_figure"]().axes[0])
    scaled = {name: value * (1.0 if name == "title" else scale) for name, value in report.items()}
    assert look(larger.axes[0]) == pytest.approx(scaled)


def test_only_what_the_chart_draws_is_enlarged() -> None:
    ax = Figure(figsize=(13.3, 7)).add_subplot()
    (own,) = ax.plot([0, 1], [0, 1], linewidth=3.0)
    with charts.style("slide"):
        charts.plot_car(frame_of_two_days(), ax=ax)
    assert own.get_linewidth() == 3.0
    drawn = next(line for line in ax.lines if line.get_label() == "CAR")
    assert drawn.get_linewidth() == pytest.approx(1.2 * 1.905)


def frame_of_two_days() -> pd.DataFrame:
    return pd.DataFrame({"relative_day": [-1, 0], "car": [0.01, -0.02], "half_width": 0.04})


def test_sizes_nest_and_end() -> None:
    before = dict(matplotlib.rcParams)
    with oilshock.chart_style("slide"):
        assert measures() is SIZES["slide"]
        with charts.style("web"):
            assert measures() is SIZES["web"]
        FIGURES["power_figure"]()
        assert measures() is SIZES["slide"]
        assert matplotlib.rcParams["font.size"] == pytest.approx(7.5 * 1.905)
    assert measures() is SIZES["report"]
    assert dict(matplotlib.rcParams) == before


def test_the_size_ends_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), charts.style("slide"):
        1 / 0  # noqa: B018
    assert measures() is SIZES["report"]


def test_an_unknown_size_is_refused() -> None:
    with (
        pytest.raises(DataError, match=r'"poster" is not a size of charts. Use: report, slide'),
        charts.style("poster"),  # type: ignore[arg-type]
    ):
        pass


def test_a_slide_holds_fewer_rows() -> None:
    frame = pd.DataFrame({"car": np.arange(40.0)})
    assert [len(page) for page in forest_pages(frame)] == [40]
    with charts.style("slide"):
        lengths = [len(page) for page in forest_pages(frame)]
    assert sum(lengths) == 40
    assert max(lengths) <= 15
    assert all(abs(a - b) <= 1 for a, b in pairwise(lengths))
