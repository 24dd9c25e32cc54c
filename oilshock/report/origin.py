"""What a series is called where its source is named."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def series_title(about: Mapping[str, str], *, name: str = "") -> str:
    """Name a series by its title; one that is known by its file alone by its label too.

    Parameters
    ----------
    about : mapping of str to str
        Provenance of the series.
    name : str, default ""
        Its short name, where it has no title.

    Returns
    -------
    str
        The title; the label with the file in brackets where the title is a file.

    Examples
    --------
    >>> series_title({"title": "p.csv", "file": "p.csv", "label": "Brent front month"})
    'Brent front month (file p.csv)'
    >>> series_title({"title": "Europe Brent spot price FOB, daily", "label": "Brent spot"})
    'Europe Brent spot price FOB, daily'
    """
    title, label = about.get("title", ""), about.get("label", "")
    if label and title and title == Path(about.get("file", "")).name and label != title:
        return f"{label} (file {title})"
    return title or name
