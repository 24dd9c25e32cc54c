"""Figures as bytes: PNG, SVG and PDF, the same bytes each time."""

from __future__ import annotations

from io import BytesIO, StringIO
from typing import Any, Literal

from matplotlib import rc_context
from matplotlib.figure import Figure

from oilshock.charts.described import DescribedFigure
from oilshock.charts.style import settings

DPI = 200


SCREEN_DPI = 96
"""Pixels per inch of a page on a screen; a notebook gets twice as many and stays crisp."""


class ChartFigure(DescribedFigure):
    """A figure that pyplot does not keep and that a notebook shows all the same."""

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]]:
        width, height = (round(SCREEN_DPI * inches) for inches in self.get_size_inches())
        about = {"width": width, "height": height, "alt": self.alt_text}
        return figure_png(self, dpi=2 * SCREEN_DPI), about


def figure_png(figure: Figure, *, dpi: int = DPI) -> bytes:
    r"""Write a figure as PNG.

    Parameters
    ----------
    figure : Figure
        The figure; it is not changed.
    dpi : int, default 200
        Pixels per inch: 200 prints well.

    Returns
    -------
    bytes
        A PNG file. Equal figures give equal bytes.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> figure_png(Figure(figsize=(1, 1)))[:4]
    b'\x89PNG'
    """
    buffer = BytesIO()
    with settings():
        figure.savefig(
            buffer,
            format="png",
            dpi=dpi,
            metadata={"Software": None},
            pil_kwargs={"compress_level": 6},
        )
    return buffer.getvalue()


def figure_svg(figure: Figure, *, text: Literal["paths", "text"] = "paths") -> str:
    """Write a figure as SVG.

    Parameters
    ----------
    figure : Figure
        The figure; it is not changed.
    text : {"paths", "text"}, default "paths"
        Paths look the same everywhere. Text can be searched and copied, but the program that
        shows it must have DejaVu Sans: see `font_folder`.

    Returns
    -------
    str
        An SVG document. Equal figures give equal text.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> figure_svg(Figure(figsize=(1, 1)))[:5]
    '<?xml'
    """
    buffer = StringIO()
    fonttype = "path" if text == "paths" else "none"
    with settings(), rc_context({"svg.fonttype": fonttype}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": "oilshock"})
    return buffer.getvalue()


def figure_pdf(figure: Figure) -> bytes:
    r"""Write a figure as PDF: vectors, with its fonts inside and no time stamp.

    Parameters
    ----------
    figure : Figure
        The figure; it is not changed.

    Returns
    -------
    bytes
        A PDF file of one page. Equal figures give equal bytes.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> figure_pdf(Figure(figsize=(1, 1)))[:5]
    b'%PDF-'
    """
    buffer = BytesIO()
    about: dict[str, Any] = {"Creator": "oilshock", "Producer": None, "CreationDate": None}
    with settings():
        figure.savefig(buffer, format="pdf", metadata=about)
    return buffer.getvalue()
