"""The fonts of a report: those that its libraries carry, so that it looks the same everywhere."""

from __future__ import annotations

import typst

from oilshock.charts import font_folder


def fixed_fonts() -> typst.Fonts:
    """Return the fonts that typst and matplotlib carry; none of the system."""
    return typst.Fonts(include_system_fonts=False, font_paths=[font_folder()])
