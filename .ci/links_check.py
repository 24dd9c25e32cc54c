"""Check the links of a built site: files, anchors, and that nothing is fetched from elsewhere.

mkdocs checks the links that pages are written with. This reads what came out, with the links that
the theme, docstrings and notebooks add.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# A browser fetches these by itself; a link in a text it follows only when it is clicked.
FETCHED = frozenset({"link", "script", "img", "iframe", "source", "video", "audio", "object"})
IMPORT = re.compile(r"""\b(?:import|from)\s*\(?\s*["'](?:https?:)?//""")
NO_FETCH = frozenset({"canonical", "next", "prev", "alternate"})


class Page(HTMLParser):
    """The ids of a page, and the addresses that it names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[tuple[str, str]] = []
        self.imports = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag names."""
        given = {key: value for key, value in attrs if value}
        self.ids.update(given[key] for key in ("id", "name") if key in given)
        if tag == "link" and given.get("rel") in NO_FETCH:
            return
        self.links += [(tag, given[key]) for key in ("href", "src", "data") if key in given]

    def handle_data(self, data: str) -> None:
        """Note a script that fetches another one."""
        self.imports |= self.lasttag == "script" and bool(IMPORT.search(data))


def problems(site: Path) -> Iterator[str]:
    """Yield what is wrong, page by page."""
    pages = {
        path.resolve(): Page(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
    }
    for path, page in pages.items():
        # The page for a missing address is shown under any address: its links start at the root.
        base = site.resolve() if path.name == "404.html" else path.parent
        if page.imports:
            yield f"{path.relative_to(site.resolve())}: a script fetches another from elsewhere"
        for tag, link in page.links:
            why = _wrong(tag, link, path=path, base=base, site=site.resolve(), pages=pages)
            if why:
                yield f"{path.relative_to(site.resolve())}: {link}: {why}"
    for path in sorted(site.rglob("*.css")):
        text = path.read_text(encoding="utf-8")
        if "url(http" in text or "url(//" in text or "@import" in text:
            yield f"{path.relative_to(site)}: fetches from elsewhere"


def _wrong(
    tag: str, link: str, *, path: Path, base: Path, site: Path, pages: dict[Path, Page]
) -> str:
    parts = urlsplit(link)
    if parts.scheme in ("http", "https") or link.startswith("//"):
        return "fetched from elsewhere" if tag in FETCHED else ""
    if parts.scheme:
        return "" if parts.scheme in ("mailto", "data") else "has an unknown scheme"
    target = path
    if parts.path:
        start = site if parts.path.startswith("/") else base
        target = (start / unquote(parts.path).lstrip("/")).resolve()
        target = target / "index.html" if target.is_dir() else target
    if not target.is_relative_to(site):
        return "leaves the site"
    if not target.is_file():
        return "is no file"
    anchor = unquote(parts.fragment)
    if anchor and target in pages and anchor not in pages[target].ids:
        return "has no such place"
    return ""


def main() -> int:
    """Print every problem; the exit code is 1 if there is one."""
    site = Path(sys.argv[1])
    found = list(dict.fromkeys(problems(site)))
    count = len(list(site.rglob("*.html")))
    print(*found, f"{count} pages, {len(found)} broken links.", sep="\n")
    return int(bool(found) or not count)


if __name__ == "__main__":
    sys.exit(main())
