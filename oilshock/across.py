"""`tests.csv`: the tests across events of each group, for every relative day and CAR window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from oilshock.errors import check_known
from oilshock.inference import (
    AcrossTest,
    EventSample,
    TestResult,
    across_events,
    select,
)
from oilshock.options import Alternative
from oilshock.tables import COLUMNS, test_row
from oilshock.typing import Bool, Window


def across_windows(event: Window, car: Sequence[Window]) -> tuple[Window, ...]:
    """List every relative day as a window, then every CAR window, each once.

    Examples
    --------
    >>> across_windows((-1, 1), [(0, 0), (0, 1)])
    ((-1, -1), (0, 0), (1, 1), (0, 1))
    """
    days = [(day, day) for day in range(event[0], event[1] + 1)]
    return tuple(dict.fromkeys([*days, *car]))


def across_table(
    sample: EventSample,
    *,
    windows: Sequence[Window],
    groups: Mapping[str, Bool],
    names: Sequence[str],
    tests: Mapping[str, AcrossTest],
    alternative: Alternative,
) -> pd.DataFrame:
    """Build `tests.csv`: a row for each group, window and test, each once.

    Parameters
    ----------
    sample : EventSample
        The kept events.
    windows : sequence of tuple of int
        Relative days and CAR windows.
    groups : mapping of str to ndarray of shape (n_events,)
        Members of each group.
    names : sequence of str
        Tests asked for. Those that test one event only have no rows here.
    tests : mapping of str to callable
        The tests across events that there are, by name.
    alternative : {"two-sided", "greater", "less"}
        The alternative to the null.

    Returns
    -------
    DataFrame
        The columns of `tests.csv`.
    """
    chosen = {name: tests[name] for name in names if name in tests}
    found = across_events(
        sample, windows=windows, groups=groups, tests=chosen, alternative=alternative
    )
    rows = [test_row(each.group, each.window, each.result) for each in found]
    return pd.DataFrame(rows, columns=list(COLUMNS["tests"]))


def across_test(
    sample: EventSample,
    window: Window,
    *,
    name: str,
    tests: Mapping[str, AcrossTest],
    alternative: Alternative,
    among: Bool | None = None,
) -> TestResult:
    """Run one test across the events of a group that have the whole window.

    Parameters
    ----------
    sample : EventSample
        The kept events.
    window : tuple of int
        Closed window of relative days.
    name : str
        Name of the test.
    tests : mapping of str to callable
        The tests across events that there are, by name.
    alternative : {"two-sided", "greater", "less"}
        The alternative to the null.
    among : ndarray of shape (n_events,), optional
        Members of the group; default: all.

    Returns
    -------
    TestResult
        What the test says.

    Raises
    ------
    ConfigError
        When there is no such test across events.
    """
    check_known(name, tests, where="test", otherwise="does not test across events", label="Use")
    return tests[name](select(sample, window, among=among), alternative)
