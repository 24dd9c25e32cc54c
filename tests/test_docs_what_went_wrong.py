"""The page of messages: each of these is what the program says to the mistake."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from oilshock.cli import main

PAGE = Path(__file__).resolve().parents[1] / "docs" / "how-to" / "what-went-wrong.md"
MESSAGES = re.findall(r"^\| `(.+?)` \|", PAGE.read_text("utf-8"), flags=re.M)

STUDY = """
[study]
name = "s"
[prices]
source = "file"
symbol = "p.csv"
{prices}
[windows]
estimation = 20
gap = 10
[events]
source = "e.csv"
[levels]
usd = [90.0]
{levels}
"""
CLOCK = 'close = "19:30"\ntimezone = "Europe/London"'
EVENTS = "id,date,time,title,category\nopec-cut,2021-09-01,12:00Z,Cut,policy\n"
DAYS = [f"{day:%Y-%m-%d}" for day in pd.bdate_range("2021-06-01", periods=90)]


def prices(*, changed: dict[int, str] | None = None) -> str:
    """Write one price a weekday; `changed` has other texts for some rows, header row 1."""
    rows = [f"{day},{80 + number % 11}" for number, day in enumerate(DAYS)]
    for row, text in (changed or {}).items():
        rows[row - 2] = text
    return "\n".join(["Date,Settlement", *rows]) + "\n"


def dates(form: str) -> str:
    return "\n".join(["Date,Settlement", *(f"{pd.Timestamp(d):{form}},80" for d in DAYS)]) + "\n"


def study(*, prices: str = CLOCK, levels: str = "") -> str:
    return STUDY.format(prices=prices, levels=levels)


# Start of the message on the page, and the files that bring it.
CASES = [
    ("... levels.estimation: is not", {"s.toml": study(levels="estimation = 60")}),
    ('... prices.close: "7:30 pm"', {"s.toml": study(prices='close = "7:30 pm"')}),
    ("... prices.close and prices.timezone: 2 events", {"s.toml": study(prices="")}),
    ('... Date: "03/04/2024" can be', {"p.csv": "Date,Settlement\n03/04/2024,80\n"}),
    (
        '... Date: "14/06/2021" is no month/day date',
        {"p.csv": dates("%d/%m/%Y"), "s.toml": study(prices=f'{CLOCK}\ndate_order = "mdy"')},
    ),
    ("... rows 6 and 252, Settlement", {"p.csv": prices(changed={70: "2021-06-08,99"})}),
    (
        "... rows 8 and 70, Settlement: 2021-06-09",
        {"p.csv": prices(changed={71: "2021-06-09,68.73"})},
    ),
    ("... row 500, Settlement: 1 price", {"p.csv": prices(changed={50: "2021-08-06,-3.2"})}),
    ('... date: "03/04/2024" can be', {"e.csv": "id,date,title\na,03/04/2024,T\n"}),
    (
        '... row 2, date: "13/04/2024 20:00"',
        {"e.csv": "id,date,title\na,13/04/2024 20:00,T\n"},
    ),
    (
        '... row 3, id: "abqaiq" is also',
        {"e.csv": "id,date,title\nabqaiq,2019-09-14,T\nabqaiq,2019-09-15,T\n"},
    ),
    ("1 date does not fit", {"p.csv": prices(changed={4: "2021-03-06,82"})}),
    ("1 price on a weekend", {"p.csv": prices(changed={5: "2021-06-05,83"})}),
    ('"Brent futures" says futures', {"s.toml": study(prices=f'{CLOCK}\nlabel = "Brent futures"')}),
    ('The category "opec"', {"e.csv": EVENTS.replace("policy", "opec")}),
]


def pattern(message: str) -> str:
    """Take the figures of a message as any, and "..." as anything."""
    text = re.sub(r"[\d.]*\d", "#", message.replace("...", "@").strip("@ "))
    return re.escape(text).replace("\\#", "[\\d.]*\\d").replace("@", ".*")


@pytest.mark.parametrize(("start", "files"), CASES)
def test_the_page_quotes_what_check_says(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    start: str,
    files: dict[str, str],
) -> None:
    (message,) = [one for one in MESSAGES if one.startswith(start)]
    monkeypatch.chdir(tmp_path)
    for name, text in {"s.toml": study(), "p.csv": prices(), "e.csv": EVENTS, **files}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["check", "s.toml"])
    captured = capsys.readouterr()
    said = " ".join((captured.out + captured.err).split())
    assert re.search(pattern(message).replace("events\\ have", "events?\\ ha(?:ve|s)"), said), said
