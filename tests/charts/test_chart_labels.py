"""Layout of labels: order kept, distances kept, as near as possible; text that fits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oilshock.charts.labels import ELLIPSIS, clean, shorten, spread, text_width, wrap, wrap_evenly

POSITIONS = st.lists(st.floats(0, 400), min_size=1, max_size=40)


@given(POSITIONS, st.floats(1, 20))
def test_spread_keeps_distance_order_and_bounds(targets: list[float], gap: float) -> None:
    placed = spread(targets, gap=gap, low=0, high=400)
    fitting = min(gap, 400 / max(len(targets) - 1, 1))
    order = np.argsort(targets, kind="stable")
    assert (np.diff(placed[order]) >= fitting - 1e-9).all()
    assert placed.min() >= -1e-9
    assert placed.max() <= 400 + 1e-9


@given(POSITIONS)
def test_spread_leaves_what_fits(targets: list[float]) -> None:
    apart = np.unique(np.round(targets)) * 1.0
    np.testing.assert_allclose(spread(apart, gap=1, low=0, high=400), apart, atol=1e-9)


def test_spread_is_least_squares() -> None:
    assert spread([5, 5, 5], gap=4, low=0, high=30).tolist() == [1, 5, 9]
    assert spread([0, 0], gap=4, low=0, high=30).tolist() == [0, 4]
    assert spread([30, 30], gap=4, low=0, high=30).tolist() == [26, 30]
    assert spread([], gap=4, low=0, high=30).size == 0


@given(st.text(max_size=120), st.floats(12, 200))
def test_shorten_fits_and_keeps_the_start(text: str, width: float) -> None:
    cut = shorten(text, size=7, width=width)
    assert text_width(cut, 7) <= width
    if cut != clean(text):
        assert cut.endswith(ELLIPSIS)
        assert clean(text).startswith(cut[:-1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\n b\t c", "a b c"), ("x\x00y", "x□y"), ("日", "□"), ("€ é ب ▲", "€ é ب ▲")],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_wrap_keeps_every_word() -> None:
    text = "Source: U.S. EIA, Europe Brent spot FOB (RBRTE); spot, not futures. " * 3
    lines = wrap(text, size=6, width=200)
    assert " ".join(lines) == text.strip()
    assert max(text_width(line, 6) for line in lines) <= 200
    assert len(lines) > 2


WORDS = st.lists(st.sampled_from(["oil", "Hormuz", "exports", "a", "400"]), min_size=1, max_size=30)


@given(WORDS, st.floats(60, 200))
def test_even_lines_are_as_few_and_never_longer(words: list[str], width: float) -> None:
    text = " ".join(words)
    lines = wrap_evenly(text, size=7, width=width, most=99)
    plain = wrap(text, size=7, width=width)
    assert " ".join(lines) == text
    assert len(lines) == len(plain)
    assert max(text_width(line, 7) for line in lines) <= width
    assert max(text_width(line, 7) for line in lines) <= max(text_width(line, 7) for line in plain)


def test_no_word_stands_alone_on_the_last_line() -> None:
    text = "Israel hits South Pars; Iran answers on Ras Laffan"
    assert wrap(text, size=7, width=170)[-1] == "Laffan"
    assert wrap_evenly(text, size=7, width=170, most=3) == [
        "Israel hits South Pars; Iran",
        "answers on Ras Laffan",
    ]


def test_too_many_lines_end_after_a_word() -> None:
    lines = wrap("one two three four five six seven eight", size=7, width=50, most=2)
    assert len(lines) == 2
    assert lines[-1].split()[-1] == ELLIPSIS
    assert set(" ".join(lines).split()[:-1]) <= {"one", "two", "three", "four", "five", "six"}


def test_labels_that_do_not_fit_move_together_and_stay_inside() -> None:
    placed = spread([20.0] * 10, gap=np.full(10, 9.0), low=0, high=45)
    np.testing.assert_allclose(placed, np.linspace(0, 45, 10))


@given(st.lists(st.tuples(st.floats(0, 400), st.integers(1, 3)), min_size=1, max_size=12))
def test_labels_of_several_lines_keep_half_of_both_heights(labels: list[tuple[float, int]]) -> None:
    targets, lines = (np.array(part, dtype=float) for part in zip(*labels, strict=True))
    placed = spread(targets, gap=9 * lines, low=0, high=400)
    order = np.argsort(targets, kind="stable")
    needed = 9 * (lines[order][1:] + lines[order][:-1]) / 2
    assert (np.diff(placed[order]) >= needed - 1e-9).all()
