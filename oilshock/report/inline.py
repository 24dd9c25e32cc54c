"""Charts inside the page: matplotlib's SVG made small, its ids unique, named for screen readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from xml.etree import ElementTree

from oilshock.typing import Record

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"

_DECIMAL = re.compile(r"-?\d*\.\d+")
_AROUND = re.compile(r"\s*([A-Za-z])\s*")
_NO_TURN = re.compile(r"rotate\(-?0(?:\.0+)? [^)]*\)")
_REFERENCE = re.compile(r"#([\w-]+)")
_POINTER = re.compile(r'(?:xlink:href="|url\()#([\w-]+)')

_NUMERIC = frozenset({"d", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "points"})
_SETTINGS = frozenset(
    {
        "fill",
        "fill-opacity",
        "font-size",
        "font-style",
        "font-weight",
        "opacity",
        "stroke",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-opacity",
        "stroke-width",
        "text-anchor",
    }
)
# What the style sheet of the page says of every chart need not be said again.
_SAID = frozenset(
    {
        ("font-family", "'DejaVu Sans'"),
        ("font-size", "7.5px"),
        ("stroke-linejoin", "round"),
        ("text-anchor", "start"),
    }
)
_DROPPED = frozenset(f"{_SVG}{name}" for name in ("metadata", "style", "title", "desc"))


def inline_svg(svg: str, *, key: str, alt: str, tips: list[Record]) -> str:
    """Write a chart as part of an HTML page.

    Parameters
    ----------
    svg : str
        The chart as matplotlib writes it, text as text.
    key : str
        What the ids of this chart start with; no other chart of the page has it.
    alt : str
        What the chart shows, for a reader who cannot see it.
    tips : list of dict
        What it says where it is pointed at, from `Tip.to_record`; empty for none.

    Returns
    -------
    str
        One `svg` element with the drawing, a second one over it where there are tips.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from oilshock.charts import figure_svg
    >>> drawn = figure_svg(Figure(figsize=(1, 1)))
    >>> inline_svg(drawn, key="f1", alt="Nothing.", tips=[]).partition("</desc>")[0]
    '<svg viewBox="0 0 72 72" role="img" aria-labelledby="f1-alt"><desc id="f1-alt">Nothing.'
    """
    pointed_at = dict.fromkeys(_POINTER.findall(svg))
    used = {name: f"{key}-{place}" for place, name in enumerate(pointed_at)}
    root = ElementTree.fromstring(svg)
    body = "".join(_write_all(root, used))
    box = root.get("viewBox", "")
    drawing = (
        f'<svg viewBox="{box}" role="img" aria-labelledby="{key}-alt">'
        f'<desc id="{key}-alt">{escape(alt)}</desc>{body}</svg>'
    )
    return drawing + (_over(tips, box=box) if tips else "")


def _write_all(parent: ElementTree.Element, used: dict[str, str]) -> Iterator[str]:
    """Write the children of an element; strokes that look alike become one path."""
    run: list[str] = []
    look = ""
    for child in parent:
        if child.tag in _DROPPED:
            continue
        name, attributes = child.tag.removeprefix(_SVG), _attributes(child, used)
        if name == "path" and _is_plain_stroke(attributes):
            path = attributes.pop("d")
            own = _text(attributes)
            if run and own != look:
                yield f'<path d="{"".join(run)}"{look}/>'
                run = []
            run.append(path)
            look = own
            continue
        if run:
            yield f'<path d="{"".join(run)}"{look}/>'
            run = []
        yield _element(child, name, attributes, used)
    if run:
        yield f'<path d="{"".join(run)}"{look}/>'


def _is_plain_stroke(attributes: dict[str, str]) -> bool:
    """Tell whether a path is a stroke of full colour, which covers itself without a trace."""
    return (
        attributes.get("fill") == "none"
        and "id" not in attributes
        and "opacity" not in attributes
        and "stroke-opacity" not in attributes
        and "stroke-dasharray" not in attributes
    )


def _element(
    element: ElementTree.Element, name: str, attributes: dict[str, str], used: dict[str, str]
) -> str:
    inside = "".join(_write_all(element, used))
    text = escape(element.text) if name == "text" and element.text else ""
    if name in ("g", "defs") and not inside:
        return ""
    if name == "g" and not attributes:
        return inside
    opening = f"<{name}{_text(attributes)}"
    return f"{opening}>{text}{inside}</{name}>" if text or inside else f"{opening}/>"


def _attributes(element: ElementTree.Element, used: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in element.attrib.items():
        if name == "id":
            if value in used:
                found["id"] = used[value]
        elif name == "style":
            found.update(_settings(value))
        elif name == "transform":
            value = _DECIMAL.sub(_rounded, _NO_TURN.sub("", value))
            if value:
                found["transform"] = value
        elif name in _NUMERIC:
            found[name] = _AROUND.sub(r"\1", _DECIMAL.sub(_rounded, value)).strip()
        elif name == _HREF:
            found["href"] = _renamed(value, used)
        elif name == "clip-path":
            found[name] = _renamed(value, used)
        else:
            found[name] = value
    return {
        name: _renamed(value, used) if "url(" in value else value for name, value in found.items()
    }


@lru_cache(maxsize=4096)
def _settings(style: str) -> tuple[tuple[str, str], ...]:
    """Turn a style into attributes, which are shorter; what has none stays a style."""
    pairs = [part.partition(":") for part in style.split(";") if part.strip()]
    said = [(name.strip(), value.strip()) for name, _, value in pairs]
    kept = [pair for pair in said if pair not in _SAID]
    attributes = [(name, value.removesuffix("px")) for name, value in kept if name in _SETTINGS]
    rest = ";".join(f"{name}:{value}" for name, value in kept if name not in _SETTINGS)
    return (*attributes, *([("style", rest)] if rest else []))


def _renamed(value: str, used: dict[str, str]) -> str:
    return _REFERENCE.sub(lambda match: f"#{used.get(match[1], match[1])}", value)


def _rounded(match: re.Match[str]) -> str:
    """Round to a hundredth of a point, which no eye and no printer shows."""
    text = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _text(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())


def _over(tips: list[Record], *, box: str) -> str:
    """Write the places that answer the pointer, clear as glass."""
    inside = "".join(_tip(tip) for tip in tips)
    return (
        f'<svg class="tips" viewBox="{box}" role="group" '
        f'aria-label="Figures of the chart, point by point">{inside}</svg>'
    )


def _tip(tip: Record) -> str:
    boxes = "".join(
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"/>'
        for x, y, width, height in tip["boxes"]
    )
    inside = f"<title>{escape(tip['text'])}</title>{boxes}"
    if tip["link"]:
        return f'<a class="tip" href="#{escape(tip["link"])}">{inside}</a>'
    return f'<g class="tip" role="img">{inside}</g>'
