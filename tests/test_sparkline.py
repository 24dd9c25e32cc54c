"""A path as blocks: sign, order, length and scale."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oilshock.sparkline import BLOCKS, DAY_0, MOST, block_step, sessions_per_block, sparkline

finite = st.floats(-1e6, 1e6, allow_nan=False)
steps = st.floats(1e-9, 1e6)
paths = st.lists(finite, min_size=1, max_size=20)


def level(value: float, step: float) -> int:
    return BLOCKS.index(sparkline([value], before=0, step=step))


@pytest.mark.parametrize(
    ("value", "block"),
    [
        (0.0, "▅"),
        (-0.0, "▅"),
        (0.0099, "▅"),
        (0.01, "▆"),
        (0.029, "▇"),
        (0.03, "█"),
        (9.0, "█"),
        (-0.0001, "▄"),
        (-0.01, "▄"),
        (-0.0101, "▃"),
        (-0.0301, "▁"),
        (-9.0, "▁"),
        (math.nan, " "),
    ],
)
def test_blocks_by_hand(value: float, block: str) -> None:
    assert sparkline([value], before=0, step=0.01) == block


@given(finite, finite, steps)
def test_a_larger_value_never_has_a_lower_block(a: float, b: float, step: float) -> None:
    low, high = sorted([a, b])
    assert level(low, step) <= level(high, step)


@given(finite, steps)
def test_the_lower_half_is_below_zero(value: float, step: float) -> None:
    # A value too small to be told from 0 in steps is none below 0.
    assert (level(value, step) < len(BLOCKS) // 2) == (value / step < 0)


@given(paths, st.data(), steps)
def test_a_block_for_each_session_and_one_line_before_day_0(
    values: list[float], data: st.DataObject, step: float
) -> None:
    before = data.draw(st.integers(0, len(values) - 1))
    line = sparkline(values, before=before, step=step)
    assert line.replace(DAY_0, "") == "".join(
        sparkline([value], before=0, step=step) for value in values
    )
    assert line.find(DAY_0) == (before or -1)


@given(paths, steps, st.integers(-20, 20))
def test_the_unit_does_not_matter(values: list[float], step: float, power: int) -> None:
    # Powers of two are exact, so that no value crosses the edge of a block by rounding.
    scale = 2.0**power
    scaled = [value * scale for value in values]
    assert sparkline(scaled, before=0, step=step * scale) == sparkline(values, before=0, step=step)


@given(finite, st.integers(1, MOST), steps)
def test_equal_values_have_equal_blocks(value: float, n: int, step: float) -> None:
    assert len(set(sparkline([value] * n, before=0, step=step))) == 1


@given(st.integers(0, 300), st.integers(1, 300))
def test_no_line_is_longer_than_most(before: int, after: int) -> None:
    line = sparkline([1.0] * (before + after), before=before, step=1.0)
    assert len(line.replace(DAY_0, "")) <= MOST
    assert (DAY_0 in line) == (before > 0)
    fewer = sessions_per_block(before + after, before=before) - 1
    if fewer:
        assert math.ceil(before / fewer) + math.ceil(after / fewer) > MOST


def test_a_block_of_several_sessions_shows_where_the_sum_stands_at_its_end() -> None:
    values = [0.0] * 31
    values[10] = 1.0  # day 0
    values[12] = 3.0
    values[30] = math.nan
    # 31 sessions: two to a block, so days 0 and +1 are one, +2 and +3 the next.
    line = sparkline(values, before=10, step=1.0)
    assert line == f"{'▅' * 5}{DAY_0}{'▅' * 10} "
    values[11], values[13] = 1.0, 3.0
    assert sparkline(values, before=10, step=1.0) == f"{'▅' * 5}{DAY_0}▆█{'▅' * 8} "


def test_a_part_that_ends_early_shows_its_last_value() -> None:
    values = [0.0] * 20 + [2.0, math.nan]
    assert sparkline(values, before=0, step=1.0)[-1] == "▇"


@pytest.mark.parametrize("values", [[], [math.nan], [0.0, 0.0], [0.0] * 99 + [1.0]])
def test_without_a_spread_there_is_no_step(values: list[float]) -> None:
    assert block_step(values) == 0
    assert sparkline([0.0, 1.0, -1.0], before=0, step=0.0) == "▅█▁"


def test_one_huge_move_does_not_set_the_step() -> None:
    assert block_step([0.04] * 19 + [9.0]) == pytest.approx(0.01)
    assert block_step([0.04] * 18 + [9.0, -9.0]) == pytest.approx(2.3)


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=30))
def test_the_step_is_rounded_up_to_two_digits(values: list[float]) -> None:
    step = block_step(values)
    assert step == pytest.approx(float(f"{step:.1e}"), rel=1e-12)
    quarter = sorted(values)[math.ceil(0.95 * len(values)) - 1] / 4
    assert quarter * (1 - 1e-12) <= step <= quarter * 1.1 * (1 + 1e-12)
