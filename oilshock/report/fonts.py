"""The fonts of a report: those that its libraries carry, so that it looks the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import typst
from matplotlib.ft2font import FT2Font

from oilshock.charts import font_folder

WIDEST = "DejaVuSans.ttf"
"""The font with the most characters of those that are carried."""

NO_GLYPH = (
    "The fonts of this file have no letters for some scripts: each such letter is a box that names "
    "its script. The text behind it is right: copy it, or read the HTML report."
)


def fixed_fonts() -> typst.Fonts:
    """Return the fonts that typst and matplotlib carry; none of the system."""
    return typst.Fonts(include_system_fonts=False, font_paths=[font_folder()])


@cache
def _known() -> frozenset[int]:
    return frozenset(FT2Font(str(Path(font_folder()) / WIDEST)).get_charmap())


def glyph_notes(texts: Iterable[str]) -> list[str]:
    """Say so where the fonts lack letters of a text, as they do those of Chinese or Korean.

    Examples
    --------
    >>> glyph_notes(["Iran \N{EN DASH} \N{ARABIC LETTER BEH}"])
    []
    """
    lacks = any(ord(letter) not in _known() for text in texts for letter in text)
    return [NO_GLYPH] if lacks else []
