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
CASES: list[tuple[str, dict[str, str]]] = [
    (
        "... windows.estimaton: is not",
        {"s.toml": study().replace("estimation = 20", "estimaton = 20")},
    ),
    ("... is not valid TOML", {"s.toml": study().replace('name = "s"', "name = s")}),
    (
        "... windows.event: [5, -5] starts",
        {"s.toml": study().replace("gap = 10", "gap = 10\nevent = [5, -5]")},
    ),
    (
        '... no column is named as a price is (price, close, ...); found "date"',
        {"p.csv": prices().replace("Date,Settlement", "date,volume")},
    ),
    (
        '... row 5, date: "foo" is not',
        {"p.csv": prices(changed={5: "foo,82"}).replace("Date,Settlement", "date,price")},
    ),
    ('... row 2, date: "2019-09-31"', {"e.csv": "id,date,title\na,2019-09-31,T\n"}),
    ('... has no column "date"', {"e.csv": "id,dte,title\na,2021-09-01,T\n"}),
    (
        '... row 2, direction: "up"',
        {"e.csv": "id,date,title,direction\na,2021-09-01,T,up\n"},
    ),
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


# Start of the message, and the command that brings it.
OF_COMMANDS = [
    ("... there is no such file", ["check", "nowhere.toml"]),
    ("... exists and holds no manifest.json", ["run", "s.toml", "--reports", "none"]),
    ("No such command 'evnt'", ["evnt"]),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a study without a mistake, and a folder that stands where its run would go."""
    monkeypatch.chdir(tmp_path)
    for name, text in {"s.toml": study(), "p.csv": prices(), "e.csv": EVENTS}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "outputs" / "s").mkdir(parents=True)
    (tmp_path / "outputs" / "s" / "mine.txt").write_text("", encoding="utf-8")
    return tmp_path


def is_said(start: str, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> bool:
    """Tell whether a command says the message of the page that begins so."""
    (message,) = [one for one in MESSAGES if one.startswith(start)]
    with pytest.raises(SystemExit):
        main(arguments)
    captured = capsys.readouterr()
    # The page sets a message as code, where a backtick cannot stand.
    said = " ".join((captured.out + captured.err).replace("`", "").split())
    wanted = pattern(message).replace("events\\ have", "events?\\ ha(?:ve|s)")
    return re.search(wanted, said) is not None


def test_a_study_without_a_mistake_says_none(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert folder == Path.cwd()
    assert not [start for start, _ in CASES if is_said(start, ["check", "s.toml"], capsys)]


@pytest.mark.parametrize(("start", "files"), CASES)
def test_the_page_quotes_what_check_says(
    folder: Path, capsys: pytest.CaptureFixture[str], start: str, files: dict[str, str]
) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert is_said(start, ["check", "s.toml"], capsys)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("start", "arguments"), OF_COMMANDS)
def test_the_page_quotes_what_a_command_says(
    capsys: pytest.CaptureFixture[str], start: str, arguments: list[str]
) -> None:
    assert is_said(start, arguments, capsys)


def test_every_message_of_the_page_is_tried() -> None:
    starts = tuple(start for start, _ in [*CASES, *OF_COMMANDS])
    assert [message for message in MESSAGES if not message.startswith(starts)] == []
