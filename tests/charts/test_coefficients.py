"""The chart of coefficients: every row, in order, with its figures or its reason."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from oilshock.charts import coefficients_figure, plot_coefficients
from oilshock.charts.coefficients import term_words
from oilshock.charts.style import ABNORMAL


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "term": ["constant", "direction=+", "direction=-", "severity"],
            "estimate": [0.01, np.nan, -0.08, 0.002],
            "ci_low": [-0.01, np.nan, -0.1, np.nan],
            "ci_high": [0.03, np.nan, -0.06, np.nan],
            "p_value": [0.3, np.nan, 0.0001, np.nan],
            "n_events": [20, 12, 8, 20],
            "reason": ["", "base level", "", "one event alone decides"],
        }
    )


def labelled(ax: Axes, role: str) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_label() == role]


def test_rows_keep_their_order(frame: pd.DataFrame) -> None:
    ax = plot_coefficients(frame, ax=Figure(figsize=(7, 3)).add_subplot())
    assert labelled(ax, "row title") == [
        "constant: the base levels (20)",
        "direction: + (tightening) (12)",
        "direction: − (easing) (8)",
        "severity, per unit (20)",
    ]
    assert labelled(ax, "figures") == ["+1.00 (p = 0.30)", "", "−8.00 (p < 0.001)", "+0.20"]
    assert labelled(ax, "reason") == ["base level"]


def test_marks_stand_at_the_estimates(frame: pd.DataFrame) -> None:
    ax = plot_coefficients(frame, alpha=0.1, ax=Figure(figsize=(7, 3)).add_subplot())
    marks = [mark for mark in ax.collections if isinstance(mark, PathCollection)]
    points = np.vstack([mark.get_offsets().filled(np.nan) for mark in marks])
    drawn = points[np.isfinite(points).all(axis=1)].tolist()
    assert sorted(drawn) == [[-8.0, 2.0], [0.2, 3.0], [1.0, 0.0]]
    assert "90 % intervals" in ax.get_title(loc="left")


def test_a_filled_mark_has_a_p_value_below_alpha(frame: pd.DataFrame) -> None:
    ax = plot_coefficients(frame, ax=Figure(figsize=(7, 3)).add_subplot())
    marks = [mark for mark in ax.collections if isinstance(mark, PathCollection)]
    faces = {
        tuple(point): to_hex(mark.get_facecolors()[0])
        for mark in marks
        for point in mark.get_offsets().filled(np.nan).tolist()
    }
    assert (faces[-8.0, 2.0], faces[1.0, 0.0], faces[0.2, 3.0]) == (ABNORMAL, "#ffffff", "#ffffff")


def test_dollars_are_drawn_as_they_are(frame: pd.DataFrame) -> None:
    ax = plot_coefficients(frame, return_unit="USD/bbl", ax=Figure(figsize=(7, 3)).add_subplot())
    assert ax.get_xlabel() == "coefficient, USD/bbl"
    assert labelled(ax, "figures")[2] == "−0.08 (p < 0.001)"


def test_figure_has_a_source(frame: pd.DataFrame) -> None:
    figure = coefficients_figure(frame, window="[0, 0]", source="Source: test.")
    assert [text.get_text() for text in figure.texts] == ["Source: test."]
    assert figure.axes[0].get_title(loc="left").startswith("CAR[0, 0] by attribute")


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("region=Middle East", "region: Middle East"),
        ("category=opec_decision", "category: OPEC decision"),
        ("direction=0", "direction: 0 (none)"),
        ("kind=a=b", "kind: a=b"),
    ],
)
def test_terms_read_well(term: str, words: str) -> None:
    assert term_words(term) == words
