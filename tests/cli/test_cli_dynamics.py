"""`oilshock dynamics`: text, JSON, chart, errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def test_text_and_chart(call: Any, attack: Path) -> None:
    done = call("dynamics", attack, "--chart", "d.png")
    assert (done.code, done.err) == (0, "")
    text = " ".join(done.out.split())
    assert "Events expected to tighten" in text
    assert "Half-life not defined: CAR never left the path band." in text
    assert "the price made 1 surge above $90" in text
    assert "$90 2024-04-03" in text
    assert Path("d.png").read_bytes()[:4] == b"\x89PNG"
    assert max(len(line) for line in done.out.splitlines()) <= 80


def test_json(call: Any, attack: Path) -> None:
    done = call("dynamics", attack, "--format", "json")
    document = json.loads(done.out)
    dynamics = document["dynamics"]
    assert set(dynamics) == {"response", "shapes", "events", "surges"}
    assert {row["group"] for row in dynamics["response"]} == {
        "direction=+",
        "direction=-",
        "signed",
    }
    assert len([row for row in dynamics["response"] if row["group"] == "signed"]) == 61
    assert dynamics["events"][0]["reason"] == "not defined: CAR never left the path band"


def test_the_choices_of_the_config_count(call: Any, attack: Path) -> None:
    text = attack.read_text()
    attack.write_text(
        f"{text}[dynamics]\nhorizon = 30\ngroups = ['category']\npeak_within = 3\n"
        "given_back = [4]\nreversal = 5\nerrors = 'lag-augmented'\nlags = 2\ndraws = 100\n"
    )
    dynamics = json.loads(call("dynamics", attack, "--format", "json").out)["dynamics"]
    assert max(row["horizon"] for row in dynamics["response"]) == 30
    assert all(row["group"].startswith("category=") for row in dynamics["response"])
    assert "given_back_4" in dynamics["events"][0]


def test_wrong_choices_are_code_2(call: Any, attack: Path) -> None:
    text = attack.read_text()
    for table, part in (
        ("horizon = 5", "dynamics.horizon: 5"),
        ("errors = 'lag-augmented'", "dynamics.lags: 0"),
        ("base = 5", "dynamics.given_back"),
        ("errors = 'hc9'", '"hc9"'),
        ("groups = ['nonesuch']", '"nonesuch" is no column'),
    ):
        attack.write_text(f"{text}[dynamics]\n{table}\n")
        done = call("dynamics", attack)
        assert (done.code, done.out) == (2, "")
        assert part in done.err
