"""The colours: text that can be read, accents that nobody mixes up, also in grey."""

from __future__ import annotations

import numpy as np
import pytest

from oilshock.charts import style
from oilshock.charts.marks import DIRECTION_MARKS, GROUP_MARKS, SERIES_MARKS
from oilshock.charts.style import ABNORMAL, EXPECTED, GREY, INK, PLUM

TEXT = (INK, GREY, ABNORMAL, EXPECTED, PLUM)
AA = 4.5
"""Least contrast of text (WCAG 2.2, success criterion 1.4.3)."""

TOLD_APART = 20.0
"""Distance in CIELAB; about 2 is just seen side by side, 20 is another colour at a glance."""

# Linear RGB as those see it who lack one kind of cone (Machado, Oliveira and Fernandes 2009,
# severity 1, table 1).
DEFICIENCIES = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(color: str) -> np.ndarray:
    values = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def luminance(rgb: np.ndarray) -> float:
    return float(rgb @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    dark, light = sorted(luminance(linear(color)) for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """Return CIELAB (D65) of linear RGB."""
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    ratio = (to_xyz @ np.clip(rgb, 0, 1)) / (to_xyz @ np.ones(3))
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def test_the_formula_of_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("color", TEXT)
def test_text_can_be_read_on_white(color: str) -> None:
    assert contrast(color, "#ffffff") >= AA


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("other", [EXPECTED, GREY, INK, PLUM])
def test_the_accent_is_told_apart(deficiency: str, other: str) -> None:
    seen = [np.array(DEFICIENCIES[deficiency]) @ linear(color) for color in (ABNORMAL, other)]
    assert np.linalg.norm(lab(seen[0]) - lab(seen[1])) > TOLD_APART


def test_the_accents_differ_in_grey() -> None:
    assert contrast(ABNORMAL, EXPECTED) > 1.5


def test_marks_are_told_apart_without_colour() -> None:
    assert len({(mark.dash, mark.marker) for mark in GROUP_MARKS}) == len(GROUP_MARKS)
    assert len({mark.dash for mark in SERIES_MARKS}) == len(SERIES_MARKS)
    assert len({mark.marker for mark in DIRECTION_MARKS.values()}) == len(DIRECTION_MARKS)


def test_names_of_lines_are_in_colours_of_text() -> None:
    assert {mark.color for mark in (*GROUP_MARKS, *SERIES_MARKS)} <= set(TEXT)
    assert {mark.color for mark in DIRECTION_MARKS.values()} <= set(TEXT)


def test_every_text_of_every_figure_has_a_colour_of_text() -> None:
    from chart_figures import FIGURES
    from matplotlib.colors import to_hex

    for name, make in FIGURES.items():
        with style():
            figure = make()
        texts = [*figure.texts, *(text for ax in figure.axes for text in ax.texts)]
        words = [text for text in texts if text.get_label() not in ("swatch", "badge number")]
        assert {to_hex(text.get_color()) for text in words} <= set(TEXT), name
