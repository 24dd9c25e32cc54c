"""Messages on a price file name what the one who asked can set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oilshock import load_prices
from oilshock.config import config_from_dict
from oilshock.errors import PriceError, Problem
from oilshock.inputs import read_series
from oilshock.price_settings import as_argument, as_option, key_to_set

UNCLEAR = "date,price\n01/02/2024,80\n02/02/2024,81\n"


@pytest.fixture
def unclear(tmp_path: Path) -> Path:
    path = tmp_path / "p.csv"
    path.write_text(UNCLEAR, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("what", "option", "argument"),
    [
        ("price_column", "--price-column NAME", 'price_column="NAME"'),
        (
            "date_column and price_column",
            "--date-column NAME and --price-column NAME",
            'date_column="NAME" and price_column="NAME"',
        ),
        ('date_order = "dmy" or "mdy"', '--date-order "dmy" or "mdy"', 'date_order="dmy" or "mdy"'),
        ('decimal = "." or ","', '--decimal "." or ","', 'decimal="." or ","'),
    ],
)
def test_the_same_fix_in_each_tongue(what: str, option: str, argument: str) -> None:
    problem = Problem("p.csv", "none.", "price", f"Did you mean x? {key_to_set(what)}")
    assert as_option(problem).fix == f"Did you mean x? Give {option}."
    assert as_argument(problem).fix == f"Did you mean x? Give {argument}."


def test_python_is_told_its_argument_and_can_give_it(unclear: Path) -> None:
    with pytest.raises(PriceError, match=r'Give date_order="dmy" or "mdy"\.'):
        load_prices(unclear)
    days = load_prices(unclear, date_order="dmy").index
    assert [f"{day:%Y-%m-%d}" for day in days] == ["2024-02-01", "2024-02-02"]


@pytest.mark.parametrize("name", ["prices", "series.wti"])
def test_a_config_is_told_its_table(unclear: Path, name: str) -> None:
    file: dict[str, Any] = {"source": "file", "symbol": unclear.name}
    data = {"study": {"name": "s"}, "prices": file}
    table = config_from_dict(data, where="s.toml").prices
    with pytest.raises(PriceError) as caught:
        read_series(table, name=name, base=unclear.parent)
    assert caught.value.problems[0].fix == f'Set date_order = "dmy" or "mdy" under [{name}].'
