"""What a report costs: a ratio to drawing its bare figures with matplotlib, in the same run.

Two yardsticks. The plain one, which is promised: the figures built and saved as PNG files, as one
has them from matplotlib. The strict one, which is watched: the figures built and saved once as SVG,
which is all that a report needs to draw; PDF and PNG are then made by the compiler.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path

import oilshock.charts
from oilshock import load_config, run_study
from oilshock.charts import figure_png, figure_svg
from oilshock.documents import to_document
from oilshock.report import (
    Analyses,
    across,
    aftermath,
    analyse,
    build_context,
    chart_files,
    comparison,
    decomposition,
    draw_charts,
    dynamics,
    figures,
    history,
    html_from,
    pdf_from,
    power,
    scan,
    sweep,
    volatility,
)
from oilshock.results import StudyResult
from oilshock.typing import silent

CONFIG = Path(__file__).parent.parent / "configs/april-2024.toml"
BUILDERS = (across, aftermath, comparison, decomposition, dynamics, figures, history, power, scan,
            sweep, volatility)  # fmt: skip
FORK = multiprocessing.get_context("fork")
ROUNDS, LIMIT, STRICT_LIMIT = 3, 1.5, 2.5


def report(result: StudyResult, analyses: Analyses) -> None:
    """Draw and render everything that a run writes for people: PNG, HTML, PDF."""
    charts = draw_charts(result.estimates, result.facts, analyses=analyses, progress=silent)
    for _ in chart_files(charts.all(), kind="png", timestamp=0):
        pass
    context = build_context(result.estimates, result.facts, charts=charts, factors=result.factors)
    html_from(context)
    pdf_from(context, timestamp=0)


def recorded(result: StudyResult, analyses: Analyses) -> list[Callable[[], object]]:
    """Return what draws each figure of the report, with its data, and nothing else."""
    calls: list[Callable[[], object]] = []

    def recorder(draw: Callable[..., object]) -> Callable[..., object]:
        def record(*args: object, **options: object) -> object:
            calls.append(lambda: draw(*args, **options))
            return draw(*args, **options)

        return record

    names = [name for name in oilshock.charts.__all__ if name.endswith("_figure")]
    kept = [(m, name, getattr(m, name)) for m in BUILDERS for name in names if hasattr(m, name)]
    for module, name, draw in kept:
        setattr(module, name, recorder(draw))
    try:
        charts = draw_charts(result.estimates, result.facts, analyses=analyses, progress=silent)
    finally:
        for module, name, draw in kept:
            setattr(module, name, draw)
    assert len(calls) == len(charts.all())
    return calls


def seconds(work: Callable[[], object]) -> float:
    """Time work in a child of its own: the compiler remembers what it has set, a run does not."""
    ours, theirs = FORK.Pipe(duplex=False)

    def timed() -> None:
        start = time.process_time()
        work()
        theirs.send(time.process_time() - start)

    child = FORK.Process(target=timed)
    child.start()
    child.join()
    return float(ours.recv())


def bench_report() -> None:
    result = run_study(load_config(CONFIG))
    to_document(result)  # the numbers are there before a report is drawn
    analyses = analyse(result.estimates)
    calls = recorded(result, analyses)
    ours, plain, strict = [], [], []
    for _ in range(ROUNDS):  # in turns, so that a busy moment hits all alike
        ours.append(seconds(lambda: report(result, analyses)))
        plain.append(seconds(lambda: [figure_png(draw()) for draw in calls]))
        strict.append(seconds(lambda: [figure_svg(draw(), text="text") for draw in calls]))
    ratio, harsh = min(ours) / min(plain), min(ours) / min(strict)
    print(
        f"\nPDF, HTML and {len(calls)} PNG: {min(ours):.2f} s; its bare figures\n"
        f"  as PNG: {min(plain):.2f} s, {ratio:.2f} times, limit {LIMIT}\n"
        f"  as SVG: {min(strict):.2f} s, {harsh:.2f} times, limit {STRICT_LIMIT}"
    )
    assert ratio <= LIMIT
    assert harsh <= STRICT_LIMIT
