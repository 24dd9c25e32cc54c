"""A path of CARs as one short line of block characters.

The four lower blocks stand for values below 0, the four upper ones for 0 and above, so that the
sign can be read off without an axis.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import count

# Packages that draw such lines have one scale from the least to the greatest value; none is well
# kept, and none keeps 0 at its place or several lines on one scale.

BLOCKS = "▁▂▃▄▅▆▇█"
DAY_0 = "│"
"""Stands before the block of day 0."""

MOST = 20
"""Blocks in a line; a longer window has several sessions to a block."""

_COVERED = 0.95


def sparkline(values: Sequence[float], *, before: int, step: float) -> str:
    """Draw values as blocks, one or several sessions to a block.

    Parameters
    ----------
    values : sequence of float
        A value for each session, from the first of the window on; NaN draws a blank.
    before : int
        Number of values before day 0.
    step : float
        How much one block is higher than the next, in the unit of the values; the lowest and
        the highest block stand for all that is beyond.

    Returns
    -------
    str
        The blocks, with a thin line before day 0 if the window begins earlier.

    Examples
    --------
    >>> sparkline([0.0, -0.015, 0.03, float("nan")], before=2, step=0.01)
    '▅▃│█ '
    """
    sessions = sessions_per_block(len(values), before=before)
    # Day 0 begins a block: the blocks before it are counted back from it.
    first = [values[max(end - sessions, 0) : end] for end in range(before, 0, -sessions)][::-1]
    later = [values[at : at + sessions] for at in range(before, len(values), sessions)]
    blocks = ["".join(_block(_last(part), step=step) for part in parts) for parts in (first, later)]
    return DAY_0.join(filter(None, blocks))


def sessions_per_block(n_values: int, *, before: int) -> int:
    """Return the fewest sessions to a block that leave at most `MOST` blocks.

    Examples
    --------
    >>> sessions_per_block(16, before=5), sessions_per_block(91, before=30)
    (1, 5)
    """
    after = n_values - before
    return next(n for n in count(1) if math.ceil(before / n) + math.ceil(after / n) <= MOST)


def _last(values: Sequence[float]) -> float:
    """Return the last value that is there: where the sum stands at the end of a block."""
    return next((value for value in reversed(values) if not math.isnan(value)), math.nan)


def _block(value: float, *, step: float) -> str:
    if math.isnan(value):
        return " "
    half = len(BLOCKS) // 2
    return BLOCKS[math.floor(min(max(_in_steps(value, step), -half), half - 1)) + half]


def _in_steps(value: float, step: float) -> float:
    if step:
        return value / step
    # Without a step, all but 0 is beyond the scale.
    return math.copysign(math.inf, value) if value else 0.0


def block_step(values: Sequence[float]) -> float:
    """Choose how much one block is higher than the next, for all lines that are to compare.

    The highest and the lowest block begin at three quarters of the size that 95 % of the values
    do not pass, so that one huge move does not flatten all others. Rounded up to two digits, so
    that a legend can name it.

    Parameters
    ----------
    values : sequence of float
        The values of all lines; NaN counts for nothing.

    Returns
    -------
    float
        The step, in the unit of the values; 0 where nearly every value is 0 or missing.

    Examples
    --------
    >>> block_step([0.011, -0.04])
    0.01
    """
    sizes = sorted(abs(value) for value in values if not math.isnan(value))
    covered = sizes[math.ceil(_COVERED * len(sizes)) - 1] if sizes else 0.0
    step = covered / (len(BLOCKS) // 2)
    if step == 0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(step)) - 1)
    return math.ceil(step / unit) * unit
