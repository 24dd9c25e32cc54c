"""What a study gives: tables, and views on them. Each file adds the views of one topic."""

from oilshock.results.study import StudyResult
from oilshock.results.what_if import WhatIfResult

__all__ = ["StudyResult", "WhatIfResult"]
