"""What the site adds to the build: formulas as MathML, and messages that wrap."""

from __future__ import annotations

from html import escape
from typing import Any

import formulas
from mkdocs.config.defaults import MkDocsConfig


def message(source: str, *_: Any, **__: Any) -> str:
    """Build a block of sentences that the program prints: lines wrap."""
    return f'<div class="highlight message"><pre><code>{escape(source)}</code></pre></div>'


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Teach Markdown both forms of a formula, and the block named `error`."""
    config.markdown_extensions.append(formulas.Formulas())
    fences = config.mdx_configs.setdefault("pymdownx.superfences", {})
    fences["custom_fences"] = [
        {"name": "math", "class": "formula", "format": formulas.fence},
        {"name": "error", "class": "message", "format": message},
    ]
    return config
