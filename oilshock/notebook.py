"""Tables as a notebook shows them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from oilshock.words import MINUS, count

if TYPE_CHECKING:
    import pandas as pd

EMPTY = "\N{EN DASH}"
SHORT = 20
"""Characters of a cell that stays on one line."""


def table_html(
    frame: pd.DataFrame,
    *,
    heading: str = "",
    notes: Sequence[str] = (),
    left: Sequence[str] | None = None,
    most: int = 20,
) -> str:
    """Write a frame as HTML for a notebook: text to the left, numbers of a column alike.

    Parameters
    ----------
    frame : DataFrame
        The table; its index is not shown.
    heading : str, default ""
        Stands above the table.
    notes : sequence of str, default ()
        Sentences between heading and table.
    left : sequence of str, optional
        Columns set to the left; default: those that hold no numbers.
    most : int, default 20
        Rows shown; of a longer table, half of them from each end.

    Returns
    -------
    str
        The same bytes for the same table.
    """
    shown, n_hidden = _ends(frame, most)
    texts = [name for name in shown if shown[name].dtype.kind not in "fiub"]
    place = "".join(f"td.col{shown.columns.get_loc(name)}," for name in left or texts)
    heads = place.replace("td.", "th.")
    styles: Any = [
        {"selector": "th, td", "props": "text-align: right; vertical-align: top"},
        {"selector": (place + heads).rstrip(","), "props": "text-align: left"},
        *_widths(shown),
    ]
    style = shown.style.hide(axis="index")
    style = style.set_table_styles([each for each in styles if each["selector"]])
    style = style.format({name: _writer(shown[name]) for name in shown}, na_rep=EMPTY)
    body = style.to_html(table_uuid=_name_of(shown), cell_ids=False)
    parts = [f"<h4>{plain(heading)}</h4>"] if heading else []
    parts += [f"<p>{plain(note)}</p>" for note in notes]
    rest = [f"<p>{count(n_hidden, 'row')} in between not shown.</p>"] if n_hidden else []
    return "\n".join([*parts, body.strip(), *rest])


def _ends(frame: pd.DataFrame, most: int) -> tuple[pd.DataFrame, int]:
    """Keep the first and last rows of a long frame, and say how many are hidden."""
    import pandas as pd

    is_long = len(frame) > most
    shown = pd.concat([frame.head(most // 2), frame.tail(most // 2)]) if is_long else frame
    return shown.reset_index(drop=True), len(frame) - len(shown)


def _writer(column: pd.Series[Any]) -> Callable[[Any], str]:
    """Choose how to write the cells of a column."""
    kind = column.dtype.kind
    if kind == "f":
        largest = float(column.abs().max())
        digits = 2 if largest >= 10 else 3 if largest >= 1 else 4
        return lambda value: _number(value, digits=digits)
    if kind in "iu":
        return lambda value: str(value).replace("-", MINUS)
    if kind == "M":
        return lambda value: f"{value:%Y-%m-%d}"
    return plain


def _number(value: float, *, digits: int) -> str:
    """Write a number with so many decimals, or its magnitude where these are all 0."""
    is_lost = value != 0 and round(value, digits) == 0
    text = f"{value:.0e}" if is_lost else f"{value + 0.0:.{digits}f}"
    return text.replace("-", MINUS)


def plain(text: object) -> str:
    """Escape a text; a dollar sign in an element of its own, so that no notebook sees a formula.

    Examples
    --------
    >>> plain("above $90 & more")
    'above <span>$</span>90 &amp; more'
    """
    return escape(str(text)).replace("$", "<span>$</span>")


def _widths(frame: pd.DataFrame) -> list[dict[str, str]]:
    """Keep dates, numbers and words on one line, and give texts some width."""
    is_text = [frame[name].dtype.kind not in "fiubM" for name in frame]
    lengths = [
        max((len(str(value)) for value in frame[name]), default=0) if text else 0
        for name, text in zip(frame, is_text, strict=True)
    ]
    rules = {True: "white-space: nowrap", False: "min-width: 11em"}
    return [
        {"selector": f"th.col{place}, td.col{place}", "props": rules[length <= SHORT]}
        for place, length in enumerate(lengths)
    ]


def _name_of(frame: pd.DataFrame) -> str:
    """Name a table after what it holds, so that styles of two tables on a page stay apart."""
    return hashlib.sha256(frame.to_csv().encode("utf-8")).hexdigest()[:10]
