"""Lines of text for a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

_TIED = re.compile(r"(?<=\d) (?=%)|(?<=\b[pt]) (?=[=<])|(?<=[=<]) ")
"""Blanks at which no line ends: `2.45 %`, `p = 0.13`."""

_GLUE = "\N{WORD JOINER}_"
"""Stands for such a blank while lines are broken; no text has it."""


def hanging(
    text: str, *, width: int, first: str = "", then: str = "", style: str = ""
) -> list[Text]:
    """Wrap a text to the width; `first` stands before its first line, `then` before the others.

    A number is not parted from the sign that belongs to it.
    """
    from rich.console import Console
    from rich.text import Text

    held = _TIED.sub(_GLUE, text)
    room = max(width - max(len(first), len(then)), 20)
    wrapped = Text(held, style=style).wrap(Console(width=room), room)
    return [
        Text(first if place == 0 else then, style=style)
        + Text(line.plain.replace(_GLUE, " ").rstrip(), style=style)
        for place, line in enumerate(wrapped)
    ]
