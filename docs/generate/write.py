"""Write the pages of docs/reference/ that are made from the code; a test holds them fresh."""

from __future__ import annotations

from pathlib import Path

import cli_reference
import config_reference

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
PAGES = {"cli.md": cli_reference.render, "config.md": config_reference.render}


def main() -> None:
    """Write every page."""
    for name, render in PAGES.items():
        (REFERENCE / name).write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
