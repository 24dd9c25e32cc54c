"""WTI on 20 April 2020 closed below zero: differences work end to end, log returns refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from oilshock.config import config_from_dict
from oilshock.errors import PriceError
from oilshock.output import write_study
from oilshock.results import StudyResult
from oilshock.study import run_study

DAYS = pd.bdate_range("2019-06-03", "2020-07-31")
BEFORE, LOW, AFTER = 18.27, -36.98, 9.12


def wti() -> pd.Series:
    """Made-up prices round three real ones."""
    rng = np.random.default_rng(3)
    prices = pd.Series(np.round(45 + np.cumsum(rng.normal(scale=0.4, size=len(DAYS))), 2), DAYS)
    prices["2020-04-17"], prices["2020-04-20"], prices["2020-04-21"] = BEFORE, LOW, AFTER
    return prices


def run(folder: Path, **more: Any) -> StudyResult:
    wti().rename("price").to_csv(folder / "wti.csv", index_label="date")
    data: dict[str, Any] = {
        "study": {"name": "wti"},
        "prices": {"source": "file", "symbol": "wti.csv", "label": "WTI spot"},
        "events": {
            "source": "inline",
            "items": [{"id": "storage-full", "date": "2020-04-20", "title": "Storage is full"}],
        },
        "levels": {"usd": [10.0]},
        "inference": {"tests": ["t"]},
    }
    return run_study(config_from_dict(data | more, where="s.toml"), base=folder)


def test_differences_are_in_dollars_end_to_end(tmp_path: Path) -> None:
    result = run(tmp_path, returns={"kind": "difference"})
    daily = result.table("abnormal_returns").set_index("relative_day")
    assert daily.loc[0, "price"] == LOW
    assert daily.loc[0, "return"] == pytest.approx(LOW - BEFORE)
    assert daily.loc[1, "return"] == pytest.approx(AFTER - LOW)
    tau = int(DAYS.searchsorted(pd.Timestamp("2020-04-20")))
    # The return of session t is difference t - 1; the estimation window is t = tau-130..tau-11.
    mean = np.diff(wti().to_numpy())[tau - 131 : tau - 11].mean()
    car = result.car(0, 1).iloc[0]
    assert car["car"] == pytest.approx(AFTER - BEFORE - 2 * mean)
    assert car["usd"] == pytest.approx(car["car"])
    files = write_study(result, tmp_path / "out" / "wti", formats=("pdf", "html", "png"))
    assert all(path.exists() for path in files)
    assert "-36.98" in (tmp_path / "out/wti/report.html").read_text().replace("\N{MINUS SIGN}", "-")


@pytest.mark.parametrize("kind", ["log", "simple"])
def test_other_returns_refuse_with_the_date(tmp_path: Path, kind: str) -> None:
    words = rf"1 price of zero or less.*no {kind} return: -36.98 on 2020-04-20.*\"difference\""
    with pytest.raises(PriceError, match=words):
        run(tmp_path, returns={"kind": kind})


def test_a_compared_series_may_differ_in_its_returns(tmp_path: Path) -> None:
    wti_table = {"source": "file", "symbol": "wti.csv", "returns": "difference", "unit": "USD/bbl"}
    result = run(tmp_path, prices={"symbol": "brent-spot"}, series={"wti": wti_table})
    assert result.compared["wti"].car(0, 0)["car"].iloc[0] < -50
    assert abs(result.car(0, 0)["car"].iloc[0]) < 1
