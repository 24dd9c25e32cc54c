"""Brings what a chart has drawn, in points of the report, to the size that holds now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection, PathCollection
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from oilshock.charts.size import measures


@contextmanager
def enlarging(ax: Axes) -> Iterator[None]:
    """Enlarge all that is drawn on the Axes inside the block, and nothing drawn before."""
    factor = measures().scale
    before = set(ax.get_children())
    yield
    if factor != 1.0:
        for artist in ax.get_children():
            if artist not in before:
                _enlarge(artist, factor)


def _enlarge(artist: Artist, factor: float) -> None:
    """Multiply every length in points; what is in data coordinates grows with the figure."""
    if isinstance(artist, Text):
        artist.set_fontsize(float(artist.get_fontsize()) * factor)
    elif isinstance(artist, Line2D):
        artist.set_linewidth(artist.get_linewidth() * factor)
        artist.set_markersize(artist.get_markersize() * factor)
        artist.set_markeredgewidth(artist.get_markeredgewidth() * factor)
    elif isinstance(artist, Collection):
        artist.set_linewidth((np.atleast_1d(artist.get_linewidth()) * factor).tolist())
        if isinstance(artist, PathCollection):
            artist.set_sizes([area * factor**2 for area in artist.get_sizes()])
    elif isinstance(artist, Patch):
        artist.set_linewidth(artist.get_linewidth() * factor)
    elif isinstance(artist, Legend):
        # Its text has its size from the start, since the frame is laid out by it.
        for handle in artist.legend_handles:
            if handle is not None:
                _enlarge(handle, factor)
