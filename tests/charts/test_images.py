"""The main charts as pictures, compared with baselines that a person has looked at.

``make baselines`` draws the baselines anew: look at every one that changed before you commit it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import matplotlib
import pytest
from chart_figures import FIGURES
from matplotlib.testing.compare import compare_images
from matplotlib.testing.exceptions import ImageComparisonFailure

from oilshock import charts

HERE = Path(__file__).parent
BASELINE = HERE / "baseline"
LOCK = HERE.parent.parent / "requirements.lock"

MAIN = (
    "price_figure",
    "event_figure",  # what-if path, AR and CAR
    "forest_figure",
    "average_figure",
    "timeline_figure",
    "dynamics_figure",
    "aftermath_figure",
    "parts_figure",
    "moves_figure",
    "curve_figure",
)

DPI = 80
TOLERANCE = 2.0
"""Root mean square of the differences, of 255. The same code gives 0 on one machine; a bar a little
shorter or a line in another colour gave 3.6 and more. The room between is for processors that round
edges otherwise."""

MAKE = "OILSHOCK_MAKE_BASELINES"


def pinned() -> str:
    """Return the version of matplotlib in the lock."""
    found = re.search(r"^matplotlib==(\S+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return found[1]


needs_pinned = pytest.mark.skipif(
    matplotlib.__version__ != pinned(),
    reason=f"pictures are those of matplotlib {pinned()}; here is {matplotlib.__version__}",
)


@needs_pinned
@pytest.mark.parametrize("name", MAIN)
def test_picture(name: str, tmp_path: Path) -> None:
    baseline, drawn = BASELINE / f"{name}.png", tmp_path / f"{name}.png"
    drawn.write_bytes(charts.figure_png(FIGURES[name](), dpi=DPI))
    if os.environ.get(MAKE):
        baseline.parent.mkdir(exist_ok=True)
        baseline.write_bytes(drawn.read_bytes())
    assert compare(drawn, baseline, tmp_path) <= TOLERANCE


@needs_pinned
def test_a_change_is_seen(tmp_path: Path) -> None:
    figure = FIGURES["aftermath_figure"]()
    diamond = next(line for line in figure.axes[0].lines if line.get_label() == "actual")
    diamond.set_xdata([float(diamond.get_xdata()[0]) + 0.15])
    drawn = tmp_path / "moved.png"
    drawn.write_bytes(charts.figure_png(figure, dpi=DPI))
    assert compare(drawn, BASELINE / "aftermath_figure.png", tmp_path) > TOLERANCE


def compare(drawn: Path, baseline: Path, folder: Path) -> float:
    """Return how far two pictures differ; another size differs without end."""
    expected = folder / "expected.png"  # the comparison writes beside it
    expected.write_bytes(baseline.read_bytes())
    try:
        found = compare_images(str(expected), str(drawn), tol=-1.0, in_decorator=True)
    except ImageComparisonFailure:
        return float("inf")
    return float(found["rms"]) if found else 0.0


def test_baselines_are_small_and_all_are_used() -> None:
    files = sorted(BASELINE.glob("*.png"))
    assert [file.stem for file in files] == sorted(MAIN)
    assert sum(file.stat().st_size for file in files) < 1_000_000
