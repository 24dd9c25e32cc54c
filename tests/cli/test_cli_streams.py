"""What a run prints on streams of different kinds: encodings, terminals, NO_COLOR."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from oilshock.cli import PLAIN, main
from oilshock.cli.doctor import print_checks
from oilshock.cli.health import Check


class Stream(io.TextIOWrapper):
    """A stdout that keeps its bytes, and may say that it is a terminal."""

    def __init__(self, encoding: str, *, is_terminal: bool) -> None:
        self.kept = io.BytesIO()
        self.is_terminal = is_terminal
        super().__init__(self.kept, encoding=encoding, newline="\n")

    def isatty(self) -> bool:
        return self.is_terminal

    def text(self) -> str:
        self.flush()
        return self.kept.getvalue().decode(self.encoding)


def shown(
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    encoding: str = "utf-8",
    is_terminal: bool = False,
) -> str:
    stream = Stream(encoding, is_terminal=is_terminal)
    monkeypatch.chdir(config.parent)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        with pytest.raises(SystemExit) as stopped:
            main(["run", str(config), "--reports", "none", "--quiet"])
    assert stopped.value.code == 0
    return stream.text()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_without_block_characters_there_are_plain_signs_and_no_sparklines(
    attack: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    text = shown(attack, monkeypatch, encoding=encoding)
    assert "?" not in text
    assert "-2.45 %" in text
    assert "CAR inside one-day band." in " ".join(text.split())
    assert "CAR: a block" not in " ".join(text.split())
    assert "CAR: cumulative abnormal return." in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 80


def test_utf_8_has_them(attack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(attack, monkeypatch)
    assert "\N{MINUS SIGN}2.45 %" in text
    assert set("│▄▅") <= set(text)
    assert "Column CAR: a block a session" in " ".join(text.split())
    assert "\x1b" not in text
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_no_color_keeps_a_terminal_without_colours(
    attack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("NO_COLOR", "1")
    text = shown(attack, monkeypatch, is_terminal=True)
    # Bold and dim are no colours; 3x and 38;x are.
    assert "\x1b[1m#  Event" in text
    assert "\x1b[3" not in text
    assert "adj. p" in text


@pytest.mark.parametrize(("no_color", "sign"), [("", "\x1b[32m✓\x1b[0m"), ("1", "✓")])
def test_doctor_has_colours_in_a_terminal_unless_told_not_to(
    monkeypatch: pytest.MonkeyPatch, no_color: str, sign: str
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    stream = Stream("utf-8", is_terminal=True)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        print_checks([Check("Fonts", "charts", "ok", "DejaVu Sans")])
    assert f"  {sign} charts  DejaVu Sans\n" in stream.text()


@pytest.mark.parametrize("sign", sorted(PLAIN))
def test_plain_signs_keep_tables_in_line(sign: str) -> None:
    assert PLAIN[sign].isascii()
    assert len(PLAIN[sign]) == 1
