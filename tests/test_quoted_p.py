"""A calibrated p value that is only known to be below a bound: one way of writing everywhere."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from report_pages import page_of

from oilshock import EventStudy, StudyResult, load_prices
from oilshock.quoted_p import p_cell, p_signed
from oilshock.words import bound_number, bound_share


@pytest.fixture(scope="module")
def shocked() -> StudyResult:
    """A move far beyond the few hundred ordinary sessions that it is rated among."""
    prices = load_prices().loc["2021-06-01":"2024-03-01"].copy()
    prices.loc["2023-11-07":] *= 1.6
    events = [
        {"id": "a", "date": "2023-11-07", "title": "A shock"},
        {"id": "b", "date": "2023-12-19", "title": "No shock"},
    ]
    return EventStudy(prices, events).fit()


def bound_of(result: StudyResult) -> str:
    """The bound by hand: one over the placebos plus one, up to two digits, never too small."""
    test = result.table("event_tests").query(
        "event_id == 'a' and start == 0 and end == 0 and test == 'placebo'"
    )
    assert test["reason"].item() == "bounded"
    p_value = Decimal(repr(test["p_value"].item()))
    digits = Decimal("0.0001")
    return f"{(p_value / digits).to_integral_value('ROUND_CEILING') * digits.normalize():f}".rstrip(
        "0"
    )


def test_terminal_page_and_brief_write_the_same_bound(shocked: StudyResult) -> None:
    bound = bound_of(shocked)
    assert float(bound) >= shocked.facts[0].day0.p_calibrated
    assert shocked.summary().frame.loc[0, "cal. p"] == f"<{bound}"
    assert f"calibrated p < {bound})" in " ".join(str(shocked.summary()).split())
    brief = str(shocked.brief())
    assert f"calibrated p < {bound})" in brief
    share = float(re.findall(r"Fewer than ([\d.]+) %", brief)[0])
    assert share / 100 == pytest.approx(float(bound))
    page = page_of(shocked)
    assert f">&lt;{bound}<" in page
    assert f"calibrated p &lt;{bound}" in page
    assert not re.search(r"calibrated p 0\.00\d", page)


def test_a_p_value_that_is_no_bound_is_written_as_before(shocked: StudyResult) -> None:
    day0 = shocked.facts[1].day0
    assert not day0.is_bounded
    assert p_cell(day0) == f"{day0.p_quoted:.2f}"
    assert p_signed(day0) == f"= {day0.p_quoted:.2f}"


@pytest.mark.parametrize("n", [200, 223, 333, 450, 499, 999, 9805])
def test_a_bound_is_never_rounded_down(n: int) -> None:
    p_value = 1 / (n + 1)
    assert p_value <= float(bound_number(p_value)[1:]) < 1.1 * p_value
    assert float(bound_share(p_value).split()[0]) / 100 == pytest.approx(
        float(bound_number(p_value)[1:])
    )
