"""Every number of a brief is a table cell: over all configs, and over studies made at random."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from strategies import CLOSE, brent, prices_on

from oilshock.brief import Brief
from oilshock.config import load_config
from oilshock.options import ReturnKind
from oilshock.output import write_study
from oilshock.results import StudyResult
from oilshock.study import EventStudy, run_study

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.toml"))
NUMBER = re.compile(r"[−+]?\d[\d,]*(?:\.\d+)?")
NO_NUMBERS = (
    r"“[^”]*”",  # titles
    r"\b\d{1,2} (January|February|March|April|May|June|July|August|September|October|November"
    r"|December) \d{4}",
    r"\d\d:\d\d(?: \(UTC[^)]*\))?",  # times of day
    r"\$[\d,.]*\d",  # levels
    r"days 0 to \+\d+|First \d+ sessions:",  # windows
)


def numbers_of(text: str) -> list[str]:
    for pattern in NO_NUMBERS:
        text = re.sub(pattern, "", text)
    return NUMBER.findall(text)


def as_float(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def frame_of(result: StudyResult, name: str) -> pd.DataFrame:
    config, estimates = result.estimates.config, result.estimates
    settings_frame = pd.DataFrame({"inference.alpha": [config.inference.alpha]})
    others = {
        "settings": lambda: settings_frame,
        "history": result.history,
        "confounders": lambda: estimates.neighbours,
        "signed_average": lambda: estimates.signed_average,
        "placebo": lambda: pd.DataFrame(
            {"event_id": estimates.ids, "n_placebos": estimates.placebos.n_placebos()}
        ),
    }
    return others[name]() if name in others else result.table(name)


def expected(row: pd.Series, frame: pd.DataFrame, *, alpha: float) -> float:
    """What the number should be, from the cell alone."""
    found = frame.query(row["row"], engine="python") if row["row"] else frame
    if row["rule"] == "count":
        return len(found)
    if row["rule"] == "by chance":
        return alpha * len(found)
    (cell,) = found[row["column"]]
    if row["rule"] == "items":
        return len(str(cell).split(";"))
    assert row["value"] == float(cell)
    scaled = {"per cent", "size in per cent", "below in per cent", "confidence"}
    value = float(cell) if row["rule"] != "confidence" else 1 - float(cell)
    value = 100 * value if row["rule"] in scaled else value
    return abs(value) if row["rule"].startswith("size") else value


def check(
    brief: Brief,
    frames: dict[str, pd.DataFrame],
    *,
    label: str = "Brent spot",
    alpha: float = 0.05,
) -> None:
    body = " ".join(str(brief).split("\n\n")[1:]).replace(label, "")
    trace = brief.trace
    written = numbers_of(body)
    traced = [NUMBER.search(text)[0] for text in trace["text"]]  # type: ignore[index]
    assert written == traced, set(written) ^ set(traced)
    for _, row in trace.iterrows():
        text = NUMBER.search(row["text"])[0]  # type: ignore[index]
        value = expected(row, frames[row["table"]], alpha=alpha)
        if row["rule"].startswith("below"):
            assert value <= as_float(text)
        elif row["rule"] == "above":
            assert value > as_float(text)
        else:
            digits = len(text.partition(".")[2])
            off = 0.5 * 10.0**-digits
            assert abs(value - as_float(text)) <= off * (1 + 1e-9), row.to_dict()


def study_of(path: Path) -> StudyResult:
    return run_study(load_config(path).model_copy(update={"sweep": None}))


def check_study(result: StudyResult) -> Brief:
    brief = result.brief()
    frames = {name: frame_of(result, name) for name in dict.fromkeys(brief.trace["table"])}
    check(brief, frames, alpha=result.estimates.config.inference.alpha)
    assert len(str(brief)) <= 1500
    assert all(brief.trace["text"].map(lambda text: text in str(brief)))
    return brief


SLOW = {"catalogue"}


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=[pytest.mark.long] if path.stem in SLOW else [])
        for path in CONFIGS
    ],
)
def test_every_number_of_a_config_is_a_cell(path: Path) -> None:
    brief = check_study(study_of(path))
    assert len(brief.trace) > 12


def test_the_cells_are_those_of_the_files(tmp_path: Path) -> None:
    config = load_config(CONFIGS[0])
    quick = config.dynamics.model_copy(update={"draws": 100})
    result = run_study(config.model_copy(update={"dynamics": quick}))
    brief = result.brief()
    write_study(result, tmp_path / "s", formats=(), brief=brief)
    trace = pd.read_csv(tmp_path / "s" / "brief.csv", keep_default_na=False)
    assert len(trace) == len(brief.trace)
    for _, row in trace.iterrows():
        path = tmp_path / "s" / "tables" / f"{row['table']}.csv"
        if row["table"] in ("settings", "confounders", "placebo", "signed_average"):
            continue
        frame = pd.read_csv(path)
        found = frame.query(row["row"], engine="python")
        if row["rule"] == "by chance":
            assert config.inference.alpha * len(found) == float(row["value"])
        elif row["rule"] == "count":
            assert len(found) == float(row["value"])
        elif row["rule"] != "items":
            np.testing.assert_allclose(found[row["column"]], float(row["value"]), rtol=1e-9)
    written = (tmp_path / "s" / "brief.md").read_text(encoding="utf-8")
    assert written == brief.to_markdown() + "\n"


TITLES = st.text(
    st.characters(blacklist_characters="“”", blacklist_categories=("Cs", "Cc", "Zl", "Zp")),
    min_size=1,
    max_size=120,
).filter(lambda title: bool(title.strip()))


@settings(max_examples=12, phases=[Phase.explicit, Phase.generate])
@given(data=st.data(), kind=st.sampled_from(["log", "simple", "difference"]))
def test_every_number_of_a_study_at_random_is_a_cell(data: st.DataObject, kind: ReturnKind) -> None:
    seed = data.draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    n = data.draw(st.sampled_from([260, 500, 900]))
    scale = data.draw(st.sampled_from([0.002, 0.02, 0.05]))
    prices = prices_on(80 * np.exp(np.cumsum(scale * rng.standard_t(4, n))))
    n_events = data.draw(st.sampled_from([1, 2, 5, 14]))
    days = rng.choice(np.arange(140, n), size=n_events, replace=False)
    if data.draw(st.booleans()):
        days[0] = n - 1 - data.draw(st.integers(0, 3))
    events = [
        {
            "id": f"e'{number}",
            "date": f"{prices.index[session]:%Y-%m-%d}",
            "title": data.draw(TITLES),
            "direction": data.draw(st.sampled_from(["", "+", "-", "0"])),
            "severity": data.draw(st.sampled_from([None, 1, 3])),
        }
        for number, session in enumerate(days)
    ]
    window = data.draw(st.sampled_from([(-5, 10), (0, 0), (0, 3), (-1, 1)]))
    w0, w1 = window
    car = data.draw(st.sampled_from([None, [(0, 0)], [(w0, w1)]]))
    result = EventStudy(
        prices,
        events,
        **CLOSE,
        returns=kind,
        window=window,
        car=car,
        tests=data.draw(st.sampled_from([["t"], ["t", "placebo"]])),
        adjust=data.draw(st.sampled_from(["none", "holm", "bh"])),
        levels=data.draw(st.sampled_from([[], [80.0], [75.0, 85.5]])),
        title=data.draw(TITLES),
        draws=100,
    ).fit()
    brief = result.brief()
    frames = {name: frame_of(result, name) for name in dict.fromkeys(brief.trace["table"])}
    check(brief, frames, label="toy")
    assert len(str(brief)) <= 1500


def test_a_brief_without_a_price_is_traced_too() -> None:
    event = [{"id": "x", "date": "2026-10-03", "title": "A 2nd strike", "direction": "+"}]
    result = EventStudy(brent().prices, event, **CLOSE).aftermath()
    brief = result.brief()
    last = pd.DataFrame(
        {"last_price": [result.view.moment.price], "n_events": [result.view.n_events]}
    )
    assert len(str(brief)) <= 1500
    assert brief.trace["table"].isin(["aftermath", "results"]).all()
    check(brief, {"aftermath": result.to_frame(), "results": last})
