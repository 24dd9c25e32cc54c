"""JSON documents: plain records, nothing that JSON has no word for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from oilshock.documents import records, to_json


def test_records_are_plain() -> None:
    frame = pd.DataFrame(
        {
            "date": [pd.Timestamp("2024-01-02"), pd.NaT],
            "x": [1.5, np.inf],
            "n": pd.array([1, None], dtype="Int64"),
        }
    )
    assert records(frame) == [
        {"date": "2024-01-02", "x": 1.5, "n": 1},
        {"date": None, "x": None, "n": None},
    ]


def test_a_number_that_json_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        to_json({"x": float("nan")})
