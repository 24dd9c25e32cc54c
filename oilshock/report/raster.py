"""SVG charts as PNG files, by the compiler that sets the PDF: the same picture, and fast."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Sequence

import typst

from oilshock.report.fonts import fixed_fonts

DPI = 200
"""Pixels per inch: 200 prints well."""

_AT_ONCE = 16
_METRE_IN = 39.3701
_HEADER_END = 33
"""Signature and IHDR chunk of a PNG file; the resolution follows them."""

PAGES = b"""
#set page(margin: 0pt, width: auto, height: auto)
#for svg in json(bytes(sys.inputs.data)) { page(image(bytes(svg), format: "svg")) }
"""


def svg_data(svgs: Sequence[str]) -> dict[str, str]:
    """Return charts as the pages want them."""
    return {"data": json.dumps(list(svgs))}


def rasterise(svgs: Sequence[str]) -> Iterator[bytes]:
    """Turn SVG charts into PNG files, 200 dpi.

    Parameters
    ----------
    svgs : sequence of str
        SVG documents, text as text in DejaVu Sans.

    Yields
    ------
    bytes
        One PNG file for each, in order. Equal charts give equal bytes.
    """
    for first in range(0, len(svgs), _AT_ONCE):
        pages = typst.compile(
            PAGES,
            format="png",
            ppi=DPI,
            sys_inputs=svg_data(svgs[first : first + _AT_ONCE]),
            font_paths=fixed_fonts(),
        )
        for page in pages if isinstance(pages, list) else [pages]:
            yield _with_resolution(bytes(page or b""))


def _with_resolution(png: bytes) -> bytes:
    """Say in the file how many pixels an inch has, so that it prints at its size."""
    per_metre = round(DPI * _METRE_IN)
    body = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    chunk = struct.pack(">I", 9) + body + struct.pack(">I", zlib.crc32(body))
    return png[:_HEADER_END] + chunk + png[_HEADER_END:]
