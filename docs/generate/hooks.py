"""What the site adds to the build: formulas, messages that wrap, notebooks as plain pages."""

from __future__ import annotations

import logging
import posixpath
import re
from html import escape
from pathlib import Path
from typing import Any

import formulas
from chart_words import with_words
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

LOG = logging.getLogger("mkdocs.notebooks")

SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>", flags=re.DOTALL)
OF_OTHERS = ("cdnjs", "x-mathjax-config", 'src=""')
"""What the scripts have in common that nbconvert adds for formulas and diagrams."""

LINK = re.compile(r'href="(?P<path>[^":#]+\.(?:md|ipynb))(?P<anchor>#[^"]*)?"')


def message(source: str, *_: Any, **__: Any) -> str:
    """Build a block of sentences that the program prints: lines wrap."""
    return f'<div class="highlight message"><pre><code>{escape(source)}</code></pre></div>'


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Teach Markdown both forms of a formula, and the block named `message`."""
    config.markdown_extensions.append(formulas.Formulas())
    fences = config.mdx_configs.setdefault("pymdownx.superfences", {})
    fences["custom_fences"] = [
        {"name": "math", "class": "formula", "format": formulas.fence},
        {"name": "message", "class": "message", "format": message},
    ]
    return config


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Make a notebook a page like the others: no script of others, links, words for charts."""
    if not page.file.src_uri.endswith(".ipynb"):
        return html
    html = SCRIPT.sub(lambda m: "" if any(mark in m[0] for mark in OF_OTHERS) else m[0], html)
    html = with_words(html, Path(page.file.abs_src_path or ""))
    folder = posixpath.dirname(page.file.src_uri)

    def to_page(match: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, match["path"]))
        target = files.get_file_from_path(path)
        if target is None:
            LOG.warning("%s links to %s, which is no page", page.file.src_uri, path)
            return match[0]
        return f'href="{target.url_relative_to(page.file)}{match["anchor"] or ""}"'

    return LINK.sub(to_page, html)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Give the search dialog of the theme a name, for those who hear the page."""
    search = 'data-md-component="search" role="dialog"'
    return output.replace(search, f'{search} aria-label="Search"')
