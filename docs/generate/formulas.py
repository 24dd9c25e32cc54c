"""Formulas in Markdown, written in LaTeX and built as MathML: no script, no font, no network.

Two forms, which GitHub shows too: a fenced block named `math`, and inline code between dollars.
"""

from __future__ import annotations

import logging
import re
from typing import Any
from xml.etree import ElementTree

from latex2mathml.converter import convert
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor

ElementTree.register_namespace("", "http://www.w3.org/1998/Math/MathML")
LOG = logging.getLogger("mkdocs.formulas")
"""A warning is an error of the build."""

SIDE_BY_SIDE = r"\qquad"
"""What stands between the formulas of a block."""

INLINE = r"\$`([^`]+)`\$"
ABOVE_CODE = 200
"""Priority of the inline form; code in backticks has 190 and would take it apart."""


def mathml(latex: str, *, display: str) -> ElementTree.Element:
    """Convert a formula; one that does not become well-formed MathML stops the build."""
    try:
        text = convert(latex.strip(), display=display)
    except Exception as error:  # the converter has no error of its own
        raise ValueError(f"no MathML for {latex!r}: {error}") from error
    try:
        element = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ValueError(f"no MathML for {latex!r}") from error
    # What the converter does not know it keeps as a name with its backslash.
    unknown = [node.text for node in element.iter() if (node.text or "").startswith("\\")]
    if unknown:
        raise ValueError(f"{unknown} is not known in {latex!r}")
    _space(element)
    return element


def _space(element: ElementTree.Element) -> None:
    """Close the gaps that a browser leaves round bars, and after a minus that is a sign."""
    for parent in element.iter():
        before: ElementTree.Element | None = None
        for child in parent:
            if child.text == "|" and "form" not in child.attrib:
                child.attrib |= {"stretchy": "false", "lspace": "0", "rspace": "0"}
            if child.text == "\u2212" and (before is None or before.tag.endswith("}mo")):
                child.set("form", "prefix")
            before = child


class InlineFormula(InlineProcessor):
    """Turn one inline formula into MathML."""

    def handleMatch(  # noqa: N802 - the name that Markdown calls
        self, match: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        """Return the formula, and where it begins and ends."""
        element = mathml(match.group(1), display="inline")
        html = ElementTree.tostring(element, encoding="unicode")
        return self.md.htmlStash.store(html), match.start(0), match.end(0)


class Formulas(Extension):
    """The Markdown extension for the inline form."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name that Markdown calls
        """Register the inline form."""
        md.inlinePatterns.register(InlineFormula(INLINE, md), "inline-formula", ABOVE_CODE)


def fence(source: str, *_: Any, **__: Any) -> str:
    """Build the MathML of a fenced block; formulas side by side wrap, a wide one scrolls."""
    try:
        found = [mathml(part, display="block") for part in source.split(SIDE_BY_SIDE)]
    except ValueError as error:
        # The extension that calls this would swallow the error and show the source instead.
        LOG.warning("%s", error)
        raise
    # A keyboard can scroll only what it can reach.
    parts = [
        f'<div role="group" aria-label="Formula" tabindex="0">{html}</div>'
        for html in (ElementTree.tostring(element, encoding="unicode") for element in found)
    ]
    return f'<div class="formula">{"".join(parts)}</div>'
