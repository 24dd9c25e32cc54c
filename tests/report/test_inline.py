"""Charts inside the page: smaller, with ids of their own, and the same picture."""

from __future__ import annotations

import re
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.image import imread

from oilshock.charts import figure_svg
from oilshock.report.inline import inline_svg
from oilshock.report.raster import rasterise

NAMESPACES = 'xmlns="http://www.w3.org/2000/svg"'
TIP = {"text": 'Day 0 · "a" <b>', "boxes": [[1.0, 2.0, 3.0, 4.5]], "link": ""}


def figure_with_everything() -> Figure:
    """Lines, markers, a band, dashes, turned text, and strokes of one and of many looks."""
    figure = Figure(figsize=(4, 3))
    ax = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    ax.plot([0, 1, 2], [0.123456789, 1, -1], marker="o", label="line")
    ax.plot([0, 2], [0.5, 0.5], linestyle="--")
    ax.fill_between([0, 1, 2], -1, 1, alpha=0.2)
    ax.add_collection(LineCollection([[(x, 0), (x, 0.4)] for x in np.linspace(0, 2, 9)]))
    ax.vlines([0.5, 0.52], -1, 0, alpha=0.5)
    ax.set_ylabel("a < b & c")
    ax.text(1, 0.2, "url(#nothing)")
    return figure


@pytest.fixture(scope="module")
def drawn() -> str:
    return figure_svg(figure_with_everything(), text="text")


def as_file(markup: str) -> str:
    """Make a file of a chart of a page, as the browser reads it."""
    return re.sub(r"^<svg", f'<svg {NAMESPACES} width="288pt" height="216pt"', markup)


def test_picture_stays_the_same(drawn: str) -> None:
    # The style sheet of the page says these for every chart.
    inline = inline_svg(drawn, key="f1", alt="All of it.", tips=[]).replace(
        "<svg ", '<svg font-size="7.5" font-family="DejaVu Sans" stroke-linejoin="round" ', 1
    )
    before, after = (imread(BytesIO(png)) for png in rasterise([drawn, as_file(inline)]))
    assert before.shape == after.shape
    assert before.std() > 0.1
    assert np.abs(before - after).max() < 0.35  # a hundredth of a point moves an edge a little
    assert np.abs(before - after).mean() < 0.001


def test_file_shrinks(drawn: str) -> None:
    assert len(inline_svg(drawn, key="f1", alt="x", tips=[])) < 0.7 * len(drawn)


def test_ids_of_two_charts_never_meet(drawn: str) -> None:
    pages = [inline_svg(drawn, key=key, alt="x", tips=[]) for key in ("f1", "f11")]
    ids = [set(re.findall(r' id="([^"]*)"', page)) for page in pages]
    assert ids[0]
    assert ids[0].isdisjoint(ids[1])
    for page, own in zip(pages, ids, strict=True):
        pointers = re.findall(r'(?:href="|clip-path="url\()#([\w-]+)', page)
        assert pointers
        assert set(pointers) <= own


def test_text_stays_text_and_is_escaped(drawn: str) -> None:
    page = inline_svg(drawn, key="f1", alt='say "x" & <y>', tips=[TIP])
    assert ">a &lt; b &amp; c</text>" in page
    assert "say &quot;x&quot; &amp; &lt;y&gt;</desc>" in page
    assert "<title>Day 0 · &quot;a&quot; &lt;b&gt;</title>" in page
    for part in page.replace("</svg><svg", "</svg>\n<svg").split("\n"):
        ElementTree.fromstring(part)


def test_opaque_strokes_of_one_look_become_one_path() -> None:
    figure = Figure(figsize=(2, 2))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.axis("off")
    ax.vlines([0.1, 0.5, 0.9], 0, 1, color="red")
    solid = inline_svg(figure_svg(figure, text="text"), key="f", alt="x", tips=[])
    assert len(re.findall(r'<path d="(M[^M"]+){3}"', solid)) == 1
    ax.collections[0].set_alpha(0.5)
    pale = inline_svg(figure_svg(figure, text="text"), key="f", alt="x", tips=[])
    assert pale.count('stroke-opacity="0.5"') == 3


def test_a_tip_with_a_link_is_a_link(drawn: str) -> None:
    plain = inline_svg(drawn, key="f1", alt="x", tips=[TIP])
    linked = inline_svg(drawn, key="f1", alt="x", tips=[{**TIP, "link": "event-3"}])
    box = '<rect x="1" y="2" width="3" height="4.5"/>'
    assert f"</title>{box}</g></svg>" in plain
    assert '<a class="tip" href="#event-3"><title>' in linked
    assert "tips" not in inline_svg(drawn, key="f1", alt="x", tips=[])
