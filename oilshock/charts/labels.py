"""Text that fits: widths in points, cutting, wrapping, and labels that never overlap."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import matplotlib.font_manager as fonts
import numpy as np
from matplotlib.axes import Axes
from matplotlib.textpath import TextToPath

from oilshock.charts.size import measures
from oilshock.typing import Float

FONT = "DejaVu Sans"
ELLIPSIS = "…"
MISSING = "□"

_MEASURE = TextToPath()


@lru_cache(maxsize=1)
def _known_characters() -> frozenset[int]:
    return frozenset(fonts.get_font(fonts.findfont(FONT)).get_charmap())


@lru_cache(maxsize=8192)
def text_width(text: str, size: float) -> float:
    """Return the width of one line of text in points, as `clean` writes it."""
    line = clean(text)
    if not line:
        return 0.0
    properties = fonts.FontProperties(family=FONT, size=size)
    width, _, _ = _MEASURE.get_text_width_height_descent(line, properties, ismath=False)
    return float(width)


def clean(text: object) -> str:
    """Put text on one line; a character that the font lacks becomes a box.

    Without this, a title in a script that the font does not hold would end in a warning for
    each character, and a control character in an SVG that no program reads.
    """
    known = _known_characters()
    return "".join(
        character if ord(character) in known else MISSING
        for character in " ".join(str(text).split())
    )


def shorten(text: object, *, size: float, width: float) -> str:
    """Cut text to a width in points; what was cut ends in an ellipsis."""
    line = clean(text)
    if text_width(line, size) <= width:
        return line
    keep, over = 0, len(line)
    while over - keep > 1:
        middle = (keep + over) // 2
        if text_width(line[:middle].rstrip() + ELLIPSIS, size) <= width:
            keep = middle
        else:
            over = middle
    return line[:keep].rstrip() + ELLIPSIS


def wrap(text: object, *, size: float, width: float, most: int | None = None) -> list[str]:
    """Break text at spaces into lines of at most a width in points.

    Of more than `most` lines, the first ones are kept and the last ends in an ellipsis.
    """
    lines: list[str] = []
    for word in clean(text).split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(shorten(word, size=size, width=width))
    if most is None or len(lines) <= most:
        return lines
    last = lines[most - 1]
    while " " in last and text_width(f"{last} {ELLIPSIS}", size) > width:
        last = last.rpartition(" ")[0]
    return [*lines[: most - 1], shorten(f"{last} {ELLIPSIS}", size=size, width=width)]


def wrap_evenly(text: object, *, size: float, width: float, most: int) -> list[str]:
    """Break text as `wrap` does, into lines of about one length: no word stands alone at the end.

    Examples
    --------
    >>> wrap("Israel hits South Pars; Iran answers", size=7, width=110)
    ['Israel hits South Pars; Iran', 'answers']
    >>> wrap_evenly("Israel hits South Pars; Iran answers", size=7, width=110, most=3)
    ['Israel hits South', 'Pars; Iran answers']
    """
    lines = wrap(text, size=size, width=width, most=most)
    if len(lines) == 1 or lines[-1].endswith(ELLIPSIS):
        return lines
    narrow, wide = width / len(lines), width
    while wide - narrow > size / 4:
        middle = (narrow + wide) / 2
        tried = wrap(text, size=size, width=middle)
        # A word wider than the line would be cut: never narrower than the longest one.
        fits = len(tried) == len(lines) and " ".join(tried) == clean(text)
        narrow, wide = (narrow, middle) if fits else (middle, wide)
    return wrap(text, size=size, width=wide, most=most)


def axes_points(ax: Axes) -> tuple[float, float]:
    """Return width and height of the Axes in points of the layout, whatever the resolution."""
    scale = 72 / ax.figure.dpi / measures().scale
    return ax.bbox.width * scale, ax.bbox.height * scale


def spread(
    targets: Sequence[float] | Float, *, gap: float | Float, low: float, high: float
) -> Float:
    """Move positions apart, in their order, as little as possible.

    Parameters
    ----------
    targets : sequence of float
        Where the labels would like to be. Any order; equal ones keep the order given.
    gap : float or ndarray of float
        The least distance between neighbours, or the size of each label: neighbours then keep
        half of both sizes. Made smaller when they do not fit otherwise.
    low, high : float
        Where the first and the last may be at the utmost.

    Returns
    -------
    ndarray of float
        Positions in the order of `targets`.

    Notes
    -----
    With z_i = x_i less the gaps before it, the least-squares problem is an isotonic regression,
    solved by pooling adjacent violators; bounds are then met by clipping z.

    Examples
    --------
    >>> spread([5.0, 5.0, 20.0], gap=4.0, low=0.0, high=30.0).tolist()
    [3.0, 7.0, 20.0]
    """
    wanted = np.asarray(targets, dtype=float)
    if wanted.size == 0:
        return wanted
    order = np.argsort(wanted, kind="stable")
    sizes = np.broadcast_to(np.asarray(gap, dtype=float), wanted.shape)[order]
    steps = np.concatenate([[0.0], np.cumsum((sizes[1:] + sizes[:-1]) / 2)])
    steps *= min(1.0, (high - low) / steps[-1]) if steps[-1] > 0 else 1.0
    level = _isotonic(wanted[order] - steps)
    placed = np.empty_like(wanted)
    placed[order] = np.clip(level, low, max(low, high - steps[-1])) + steps
    return placed


def _isotonic(values: Float) -> Float:
    """Return the closest non-decreasing sequence (least squares)."""
    blocks: list[tuple[float, int]] = []
    for value in values.tolist():
        mean, count = value, 1
        while blocks and blocks[-1][0] > mean:
            before, size = blocks.pop()
            mean, count = (mean * count + before * size) / (count + size), count + size
        blocks.append((mean, count))
    return np.repeat([mean for mean, _ in blocks], [count for _, count in blocks])
