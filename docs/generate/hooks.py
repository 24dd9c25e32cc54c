"""What the site adds to the build: formulas as MathML."""

from __future__ import annotations

import formulas
from mkdocs.config.defaults import MkDocsConfig


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Teach Markdown both forms of a formula."""
    config.markdown_extensions.append(formulas.Formulas())
    fences = config.mdx_configs.setdefault("pymdownx.superfences", {})
    fences["custom_fences"] = [{"name": "math", "class": "formula", "format": formulas.fence}]
    return config
