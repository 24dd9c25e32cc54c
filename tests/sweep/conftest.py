"""A sweep that several tests read: models, windows and tests on the bundled series."""

from __future__ import annotations

import pytest
from sweep_runs import SWEEP, config_of, run

from oilshock.inference.curve import SpecificationCurve


@pytest.fixture(scope="session")
def curve() -> SpecificationCurve:
    return run(config_of(SWEEP))
