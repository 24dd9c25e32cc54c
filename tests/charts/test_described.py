"""What a chart says of itself in a notebook, for a reader who cannot see it."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from chart_figures import FIGURES

from oilshock import charts

FRAME = pd.DataFrame({"relative_day": [-1, 0], "car": [0.01, -0.02], "half_width": 0.04})


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_every_figure_says_what_it_shows(name: str) -> None:
    text = FIGURES[name]().alt_text
    assert text.startswith("Chart. ")
    assert len(text) > 30
    assert "\n" not in text
    assert not re.search(r"  |\. \.|; ;|\?\.", text)


def test_it_names_titles_axes_and_lines() -> None:
    text = FIGURES["event_figure"]().alt_text
    assert text.startswith("Chart. 4 Iran attacks Israel. Price, and price expected without")
    assert "lines: without the event, actual, 90 USD/bbl" in text
    assert "AR, per cent; along: sessions from the event (day 0)" in text


def test_it_leaves_out_keys_and_other_words_inside() -> None:
    text = FIGURES["price_figure"]().alt_text
    assert text.count("Chart. ") == 1
    assert "USD/bbl" in text
    assert "Direction expected beforehand" not in text  # the key has no axes
    assert "path band" not in FIGURES["paths_figure"]().alt_text  # no name of a line


def test_a_notebook_keeps_it_with_the_picture() -> None:
    formatters = pytest.importorskip("IPython.core.formatters")
    from matplotlib import pyplot as plt

    ax = charts.plot_car(FRAME)  # a figure of pyplot, which a notebook draws itself
    shown = formatters.DisplayFormatter()
    shown.formatters["image/svg+xml"].for_type(type(ax.figure), charts.figure_svg)
    data, about = shown.format(ax.figure)
    plt.close(ax.figure)
    assert data["image/svg+xml"].startswith("<?xml")
    assert about["image/svg+xml"]["alt"] == about["image/png"]["alt"]
    assert about["image/png"]["alt"].startswith("Chart. CAR from day")


def test_a_figure_of_ours_draws_itself_with_it() -> None:
    formatters = pytest.importorskip("IPython.core.formatters")
    figure = FIGURES["power_figure"]()
    data, about = formatters.DisplayFormatter().format(figure)
    assert data["image/png"][:4] == b"\x89PNG"
    assert about["image/png"]["alt"] == figure.alt_text
    assert about["image/png"]["width"] == 662
