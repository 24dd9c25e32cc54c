"""Pages that exist in the site alone: the Python API, and files of the root folder.

The plugin gen-files runs this. The pages on the command line and the config are files in
docs/reference/, because GitHub must show them too (`write.py`).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import mkdocs_gen_files

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))

import api_reference  # noqa: E402 - stands beside this script, which is run and not imported


def root_page(name: str) -> str:
    """Take a page of the root folder; the pages that it names become links."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.sub(r"`docs/([\w/-]+\.md)`", r"[`docs/\1`](\1)", text)


PAGES = {
    "reference/api.md": api_reference.api_page(),
    "reference/inference.md": api_reference.inference_page(),
    "contributing.md": root_page("CONTRIBUTING.md"),
    "release-notes.md": root_page("CHANGELOG.md"),
}

for path, content in PAGES.items():
    with mkdocs_gen_files.open(path, "w") as file:
        file.write(content)
