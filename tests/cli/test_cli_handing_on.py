"""`--brief` and `--tables`: what to send, and tables for papers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest


def day_0(folder: Path, table: str, rows: str) -> pd.Series:
    """Return the only such row of a table that a run wrote."""
    frame = pd.read_csv(folder / "tables" / f"{table}.csv").query(rows)
    (place,) = frame.index
    return frame.loc[place]


def test_the_brief_takes_the_place_of_the_table(call: Any, attack: Path) -> None:
    done = call("run", attack, "--reports", "none", "--brief")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "attack"
    assert lines[2].startswith("Brent spot fell 2.45 % on Monday 15 April 2024")
    assert lines[-1].startswith("Source: oilshock event study")
    assert len(done.out) <= 1501
    assert "Evidence" not in done.out
    assert "Written: outputs/attack/brief.md, outputs/attack/brief.csv" in done.err
    assert all(Path("outputs", "attack", name).exists() for name in ("brief.md", "brief.csv"))
    folder = Path("outputs/attack")
    assert (folder / "brief.csv").exists()
    p = day_0(folder, "car", "start == 0 and end == 0")["p_calibrated"]
    assert f"**How sure:** {100 * p:.0f} %" in (folder / "brief.md").read_text("utf-8")


def test_the_brief_can_be_markdown(call: Any, attack: Path) -> None:
    done = call("run", attack, "--reports", "none", "--quiet", "--brief=markdown")
    assert (done.code, done.err) == (0, "")
    assert done.out == Path("outputs/attack/brief.md").read_text("utf-8")


def test_an_option_after_the_bare_brief_is_an_option(call: Any, attack: Path) -> None:
    done = call("run", attack, "--brief", "--reports", "none")
    assert done.code == 0
    assert done.out.startswith("attack\n")


def test_json_holds_the_brief_and_its_trace(call: Any, attack: Path) -> None:
    done = call("run", attack, "--reports", "none", "--brief", "--format", "json")
    assert (done.code, done.err) == (0, "")
    document = json.loads(done.out)
    brief = document["brief"]
    assert set(brief) == {"text", "markdown", "trace"}
    move = brief["trace"][0]
    assert (move["text"], move["table"], move["column"]) == ("2.45 %", "history", "move")
    cells = [row["move"] for row in document["history"] if row["measure"] == "per_cent"]
    assert cells == [move["value"]]
    assert "brief" not in json.loads(
        call("run", attack, "--reports", "none", "--format", "json").out
    )


def test_one_event_has_a_brief_too(call: Any) -> None:
    done = call("event", "2024-04-13T20:00Z", "--level", "90", "--reports", "none", "--brief")
    assert done.code == 0
    chance = day_0(Path("outputs/event-2024-04-13-2000Z"), "whatif", "relative_day == 0")
    said = f"Without the event: Probability of a close above $90: {chance['p_above_90']:.2f}"
    assert said in done.out


def test_an_event_without_a_price_has_a_brief_too(call: Any) -> None:
    when = ["2026-10-03", "--category", "attack_on_supply", "--direction", "+"]
    done = call("event", *when, "--reports", "none", "--brief", "--tables", "latex")
    assert done.code == 0
    assert "there is no price for it yet" in done.out
    assert "First 5 sessions: The median move" in done.out
    assert "No tables for papers: the event has no price yet." in done.err
    folder = Path("outputs/event-2026-10-03")
    assert (folder / "brief.md").exists()
    told = call("event", *when, "--reports", "none", "--brief", "--format", "json")
    assert json.loads(told.out)["brief"]["trace"][0]["table"] == "results"


def test_tables_are_written_as_asked(call: Any, attack: Path) -> None:
    done = call("run", attack, "--reports", "none", "--tables", "latex,excel")
    assert (done.code, done.err) == (0, "")
    assert "outputs/attack/papers" in done.out
    assert "outputs/attack/tables.xlsx" in done.out
    assert sorted(path.suffix for path in Path("outputs/attack/papers").iterdir())[0] == ".tex"
    assert not list(Path("outputs/attack/papers").glob("*.md"))


def test_the_config_says_which_tables_unless_the_option_does(call: Any, attack: Path) -> None:
    attack.write_text(attack.read_text() + '[report]\nformats = []\ntables = ["markdown"]\n')
    assert call("run", attack).code == 0
    assert Path("outputs/attack/papers/car.md").exists()
    assert call("run", attack, "--tables", "none").code == 0
    assert not Path("outputs/attack/papers").exists()


@pytest.mark.parametrize(
    ("args", "part"),
    [
        (["--tables", "word"], '"word" is not one of latex, markdown, excel, none.'),
        (["--brief=html"], "'html' is not one of 'text', 'markdown'"),
    ],
)
def test_wrong_names_are_refused(call: Any, attack: Path, args: list[str], part: str) -> None:
    done = call("run", attack, *args)
    assert (done.code, done.out) == (2, "")
    assert part in done.err
