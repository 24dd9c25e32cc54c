"""Surges above a level."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from oilshock.beyond.surges import surges_frame


def surges(prices: list[float], *, near: tuple[int, int] = (0, 999)) -> pd.DataFrame:
    values = np.array(prices)
    sessions = pd.bdate_range("2024-01-01", periods=len(values))
    return surges_frame(values, sessions, levels=[90.0], near=near, given_back=(1, 3))


def test_a_surge_on_paper() -> None:
    # Base 80 on session 2, ten before the first close above; peak 100 on session 13; one session
    # later 95, three later 85.
    prices = [70.0, 75.0, 80.0, *[85.0] * 9, 92.0, 100.0, 95.0, 91.0, 85.0]
    (row,) = surges(prices).to_dict("records")
    climb = np.log(100 / 80)
    assert row["climb"] == pytest.approx(climb)
    assert (row["sessions_above"], row["peak"]) == (4, 100.0)
    assert row["given_back_1"] == pytest.approx(np.log(100 / 95) / climb)
    assert row["given_back_3"] == pytest.approx(np.log(100 / 85) / climb)


def test_a_dip_below_the_level_does_not_end_a_surge() -> None:
    prices = [80.0] * 12 + [91.0, 89.0, 93.0, 80.0, 80.0, 80.0] + [80.0] * 20 + [95.0, 80.0]
    frame = surges(prices)
    assert frame["sessions_above"].tolist() == [2, 1]
    assert frame["peak"].tolist() == [93.0, 95.0]
    assert len(surges(prices, near=(20, 999))) == 1


def test_what_is_not_known_stays_empty() -> None:
    (row,) = surges([91.0, 92.0]).to_dict("records")
    assert np.isnan([row["climb"], row["given_back_1"]]).all()
