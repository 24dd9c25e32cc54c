"""Numbers looked up in tables and written: roundings, bounds, and cells that are not there."""

from __future__ import annotations

import pandas as pd
import pytest

from oilshock.brief.desk import Desk

FRAME = pd.DataFrame({"id": ["a", "b"], "p": [0.5, float("nan")], "ids": ["x;y;z", ""]})


def desk(p_value: float = 0.5) -> Desk:
    frame = FRAME.assign(p=[p_value, float("nan")])
    return Desk({"t": lambda: frame})


@pytest.mark.parametrize(
    ("value", "text", "rule"),
    [
        (0.1323, "13 %", "per cent"),
        (0.0312, "3.1 %", "per cent"),
        (0.0995, "10 %", "per cent"),
        (0.0002, "fewer than 0.1 %", "below in per cent"),
    ],
)
def test_a_share(value: float, text: str, rule: str) -> None:
    phrase = desk(value).share("t", "id == 'a'", "p")
    assert (phrase.text, phrase.figures[0].rule) == (text, rule)


@pytest.mark.parametrize(("value", "text"), [(1 / 223, "0.45 %"), (1 / 9000, "0.012 %")])
def test_a_bounded_share_is_rounded_up_so_that_it_holds(value: float, text: str) -> None:
    phrase = desk(value).share("t", "id == 'a'", "p", is_bounded=True)
    assert phrase.text == f"fewer than {text}"
    assert 100 * value < float(text.split()[0])


@pytest.mark.parametrize("value", [1 / 223, 1 / 451, 1 / 9000, 0.002, 0.0004])
@pytest.mark.parametrize("is_bounded", [True, False])
def test_a_bound_in_per_cent_is_the_bound_of_p(value: float, is_bounded: bool) -> None:
    """Not 0.3 % beside p < 0.0022."""
    own, row = desk(value), ("t", "id == 'a'", "p")
    share = own.share(*row, is_bounded=is_bounded).text
    p_value = own.p_value(*row, is_bounded=is_bounded).text
    if p_value.startswith("<"):
        assert float(share.split()[2]) / 100 == pytest.approx(float(p_value[2:]), rel=1e-9)
    else:
        assert float(share.split()[0]) / 100 == pytest.approx(float(p_value[2:]), rel=1e-9)


@pytest.mark.parametrize(
    ("value", "is_bounded", "text"),
    [(0.13, False, "= 0.13"), (0.0004, False, "< 0.001"), (1 / 223, True, "< 0.0045")],
)
def test_a_p_value(value: float, is_bounded: bool, text: str) -> None:
    assert desk(value).p_value("t", "id == 'a'", "p", is_bounded=is_bounded).text == text


@pytest.mark.parametrize(
    ("value", "text", "rule"),
    [(0.9999, "above 0.99", "above"), (1e-9, "below 0.01", "below"), (0.25, "0.25", "value")],
)
def test_a_probability(value: float, text: str, rule: str) -> None:
    phrase = desk(value).probability("t", "id == 'a'", "p")
    assert (phrase.text, phrase.figures[0].rule) == (text, rule)


def test_counts_and_items() -> None:
    assert desk().count("t", "").text == "2"
    assert desk().items("t", "id == 'a'", "ids").text == "3"
    assert desk().items("t", "id == 'b'", "ids").text == "0"


def test_an_empty_cell_is_no_number() -> None:
    assert desk().holds("t", "id == 'a'", "p")
    assert not desk().holds("t", "id == 'b'", "p")
    assert not desk().holds("t", "id == 'c'", "p")
    with pytest.raises(LookupError, match="nothing in p"):
        desk().price("t", "id == 'b'", "p")
    with pytest.raises(LookupError, match="0 rows"):
        desk().price("t", "id == 'c'", "p")
