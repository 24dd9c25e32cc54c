"""Alternative texts of the charts of notebooks, for their pages of the site."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

NO_WORDS = 'alt="No description has been provided for this image"'
"""What nbconvert writes beside a vector chart, though the notebook has words for it."""

OWN_CHART = "Chart that the cell above draws."
"""Said of a chart that a reader's own code draws: its cell says what it is."""

VECTORS = "image/svg+xml"


def with_words(html: str, notebook: Path) -> str:
    """Give each vector chart of a page the words that its output in the notebook carries."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    for output in outputs:
        if VECTORS in output.get("data", {}):
            words = output["metadata"].get(VECTORS, {}).get("alt", OWN_CHART)
            html = html.replace(NO_WORDS, f'alt="{escape(words)}"', 1)
    return html
