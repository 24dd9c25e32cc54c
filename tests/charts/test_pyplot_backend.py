"""A chart without `ax` leaves pyplot as the backend of a notebook has set it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BACKEND = """
import matplotlib
from matplotlib.backends.backend_agg import *
from matplotlib.backends.backend_agg import _Backend, _BackendAgg

matplotlib.interactive(True)  # what a notebook's backend does when pyplot loads it
"""

DRAW = """
import matplotlib
import pandas as pd

import oilshock as osk

events = [{"id": "a", "date": "2024-04-15", "title": "A"}]
result = osk.EventStudy(osk.load_prices(), events, tests=["t"]).fit()
result.plot()
from matplotlib import pyplot as plt

assert matplotlib.is_interactive()  # else a notebook shows the first chart and no other
result.plot_event("a")
assert len(plt.get_fignums()) == 2
"""


def test_the_second_chart_of_a_notebook_shows_too(tmp_path: Path) -> None:
    (tmp_path / "as_in_a_notebook.py").write_text(BACKEND, encoding="utf-8")
    search = [str(tmp_path), str(Path(__file__).resolve().parents[2])]
    environment = {
        **os.environ,
        "MPLBACKEND": "module://as_in_a_notebook",
        "PYTHONPATH": os.pathsep.join(search),
    }
    subprocess.run([sys.executable, "-c", DRAW], env=environment, check=True, timeout=60)
