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

LOG = logging.getLogger("mkdocs.formulas")
"""A warning is an error of the build."""

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
    ElementTree.register_namespace("", "http://www.w3.org/1998/Math/MathML")
    return element


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
    """Build the MathML of a fenced block; a wide one scrolls by itself."""
    try:
        formula = ElementTree.tostring(mathml(source, display="block"), encoding="unicode")
    except ValueError as error:
        # The extension that calls this would swallow the error and show the source instead.
        LOG.warning("%s", error)
        raise
    # A keyboard can scroll only what it can reach.
    return f'<div class="formula" role="group" aria-label="Formula" tabindex="0">{formula}</div>'
