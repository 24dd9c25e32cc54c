"""What the placebo test is worth on the bundled series when it learns from the past alone."""

from __future__ import annotations

import numpy as np
import pytest
from strategies import brent_returns

from oilshock.inference.size import hac_error
from oilshock.models import build_design
from oilshock.placebo import build_pool
from oilshock.placebo_trial import BURN_IN, out_of_sample, past_splits, trial
from oilshock.typing import Window

EMBARGO = 120 + 10 + 10


@pytest.mark.parametrize("window", [(0, 0), (-1, 1), (0, 5), (-5, 10)])
def test_it_keeps_its_word_within_a_point_or_two_errors(window: Window) -> None:
    returns = brent_returns()
    design = build_design("mean", factors=np.empty((len(returns), 0)), names=())
    nobody = np.array([], dtype=np.intp)
    pool = build_pool(returns, design, length=120, gap=10, window=(-5, 10), left_out=nobody)
    own = trial(pool, window)
    p_value = out_of_sample(own, own.car, splits=past_splits(pool.position, reach=pool.reach))
    assert np.isnan(p_value).sum() == BURN_IN
    rejected = (p_value[BURN_IN:] < 0.05).astype(np.float64)
    error = hac_error(rejected, lag=EMBARGO)
    assert rejected.mean() == pytest.approx(0.05, abs=max(0.01, 2 * error))
