"""The page for one's own data, walked through as it stands: its files, its messages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from oilshock.cli import main
from oilshock.prices import load_prices

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "your-own-data.md").read_text("utf-8")
EVENTS, CONFIG = "my-events.csv", "my-study.toml"


def block(language: str, *, holding: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.S | re.M)
    (one,) = [text for text in found if holding in text]
    return one


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the three files of the page, the prices by its own Python block."""
    monkeypatch.chdir(tmp_path)
    exec(block("python", holding="to_csv"), {})
    (tmp_path / EVENTS).write_text(block("csv", holding="abqaiq"), encoding="utf-8")
    (tmp_path / CONFIG).write_text(block("toml", holding="[study]"), encoding="utf-8")
    return tmp_path


def oilshock(*words: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    return int(stopped.value.code or 0)


def lines(text: str) -> list[str]:
    """Return the lines that say something, without the blanks that fill a table's cells."""
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines() if line.strip()]


def test_the_sample_of_prices_is_what_the_block_writes(folder: Path) -> None:
    sample = block("text", holding="date,close")
    assert (folder / "my-prices.csv").read_text(encoding="utf-8").startswith(sample)
    assert load_prices()["2018":"2024"].iloc[0] == 66.65  # type: ignore[misc]


@pytest.mark.usefixtures("folder")
def test_check_says_what_the_page_shows(capsys: pytest.CaptureFixture[str]) -> None:
    assert oilshock("check", CONFIG) == 0
    said = lines(capsys.readouterr().out)
    assert said == lines(block("text", holding="can be estimated"))


def test_run_says_what_the_page_shows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert oilshock("run", CONFIG, "--reports", "none", "--quiet") == 0
    said = lines(capsys.readouterr().out)
    shown = lines(block("text", holding="+11.13 %"))
    start = said.index(shown[0])
    assert said[start : start + len(shown)] == shown
    assert (folder / "outputs" / "my-study" / "tables" / "car.csv").is_file()


Edit = Callable[[str], str]


def change(old: str, new: str) -> Edit:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return edit


@pytest.mark.parametrize(
    ("file", "edit", "holding", "code"),
    [
        (EVENTS, change("2019-09-14", "2019-09-31"), "2019-09-31", 3),
        (CONFIG, change("[levels]", "[windows]\nestimaton = 60\n[levels]"), "estimaton", 2),
        ("my-prices.csv", change("date,close", "date,volume"), '"volume"', 3),
        (CONFIG, lambda text: re.sub(r"(?m)^(close|timezone).*\n", "", text), "not known", 2),
    ],
)
def test_a_planted_mistake_gives_the_message_of_the_page(
    file: str,
    edit: Edit,
    holding: str,
    code: int,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = folder / file
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert oilshock("run", CONFIG) == code
    (message,) = [
        text
        for text in re.findall(r"^```message\n(Error: .*?)^```", PAGE, flags=re.S | re.M)
        if holding in text
    ]
    assert capsys.readouterr().err == message
    assert not (folder / "outputs").exists()


def test_an_early_event_is_left_out_as_the_page_says(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / EVENTS
    path.write_text(path.read_text(encoding="utf-8").replace("2019-09-14", "2018-01-31"))
    assert oilshock("check", CONFIG) == 0
    said = " ".join(capsys.readouterr().out.split())
    for part in re.split(r"\s{2,}", block("text", holding="has 21").strip()):
        assert part.split(", has")[0] in said
    assert "before it, has 21" in said
