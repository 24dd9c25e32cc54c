"""A figure that says in words what it shows, where a notebook has room for that."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

IMAGE_TYPES = ("image/png", "image/svg+xml")


class DescribedFigure(Figure):
    """A figure with an alternative text, made of its titles, axes and labels.

    Notebooks keep the text as ``alt`` in the metadata of the picture, whichever format the
    notebook draws; pages made from it show it for PNG.
    """

    @property
    def alt_text(self) -> str:
        """What the figure shows, for a reader who cannot see it."""
        heads = [text.get_text() for text in self.texts if text.get_label() == "headline"]
        parts = ["Chart", *heads, *(words for ax in self.axes if (words := _words_of(ax)))]
        said = [" ".join(part.split()) for part in parts]
        return " ".join(part if part.endswith("?") else f"{part}." for part in said)

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        """Give the alternative text alone; the notebook draws the picture as it is set to."""
        return {}, {kind: {"alt": self.alt_text} for kind in IMAGE_TYPES}


def _words_of(ax: Any) -> str:
    """Return title, names of the axes and of the lines that end at the right."""
    lines = [text.get_text() for text in ax.texts if text.get_label() == "end label"]
    named = f"lines: {', '.join(lines)}" if lines else ""
    across = f"along: {ax.get_xlabel()}" if ax.get_xlabel() else ""
    parts = (ax.get_title(loc="left"), ax.get_ylabel(), across, named)
    return "; ".join(part for part in parts if part)
