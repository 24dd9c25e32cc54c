"""`oilshock event`: forms of WHEN, options, errors."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from oilshock import load_prices


@pytest.mark.parametrize(
    ("when", "name", "session", "reason"),
    [
        ("2024-04-13T20:00Z", "event-2024-04-13-2000Z", "2024-04-15", "no session"),
        ("2024-04-13", "event-2024-04-13", "2024-04-15", "no session"),
        ("2024-04-16T00:45Z", "event-2024-04-16-0045Z", "2024-04-16", ""),
        ("2025-06-23 22:00Z", "event-2025-06-23-2200Z", "2025-06-24", "after close"),
        ("2024-04-12 16:30 Europe/London", None, "2024-04-15", "after close;no session"),
        ("2024-04-12T17:29+02:00", None, "2024-04-12", ""),
    ],
)
def test_forms_of_when(call: Any, when: str, name: str | None, session: str, reason: str) -> None:
    done = call("event", when, "--reports", "none", "--format", "json")
    assert (done.code, done.err) == (0, "")
    document = json.loads(done.out)
    (event,) = document["events"]
    assert (event["session"], event["shift_reason"]) == (session, reason)
    assert document["study"]["name"].startswith("event-2")
    if name is not None:
        assert document["study"]["name"] == name
    assert (Path("outputs") / document["study"]["name"] / "manifest.json").exists()


@pytest.mark.parametrize(
    ("args", "part"),
    [
        (["yesterday"], 'WHEN: "yesterday" is not a date. Use YYYY-MM-DD'),
        ([""], 'WHEN: "" is not a date'),
        (["2024-13-01"], '"2024-13-01" is not a date'),
        (["2024-04-13T25:00Z"], '"25:00Z" is not a time of day'),
        (["2024-04-13T20:00 Mars/Phobos"], 'unknown zone, "Mars/Phobos"'),
        (["2024-04-13", "--level", "-5"], "oilshock event, --level: -5.0"),
        (["2024-04-13", "--level", "nan"], "--level: nan"),
        (
            ["2024-04-13", "--window", "5", "-5"],
            "--window: [5, -5] starts after it ends. Give --window -5 5.",
        ),
        (
            ["2024-04-13", "--gap", "2"],
            "--gap: 2 is smaller than the 5 sessions that --window -5 10 holds",
        ),
        (["2024-04-13", "--estimation", "1"], "--estimation: 1 is not"),
        (["2024-04-13", "--name", "../x"], '--name: "../x" is not'),
        (["2024-04-13", "--factor", "foo"], '--factor: "foo" is not a preset. Presets: dollar'),
        (["2024-04-13", "--direction", "up"], "'up' is not one of '+', '-', '0'"),
    ],
)
def test_wrong_use_is_code_2(call: Any, tmp_path: Path, args: list[str], part: str) -> None:
    done = call("event", *args, "--reports", "none")
    assert (done.code, done.out) == (2, "")
    assert part in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("args", "code", "part"),
    [
        (["2024-04-13", "--prices", "no.csv"], 3, "no.csv: there is no such file"),
        (["1987-06-01"], 4, "needs 131 sessions before it, has 8"),
    ],
)
def test_data_that_does_not_reach(call: Any, args: list[str], code: int, part: str) -> None:
    done = call("event", *args, "--reports", "none")
    assert (done.code, done.out) == (code, "")
    assert part in done.err


def test_an_event_after_the_last_session_is_answered_from_history(call: Any) -> None:
    args = ["event", "2026-10-03T10:00Z", "--category", "attack_on_supply", "--direction", "+"]
    done = call(*args, "--title", "A strike", "--reports", "png")
    assert (done.code, done.err) == (0, "")
    text = " ".join(done.out.split())
    time = "10:00 UTC, 11:00 London"
    assert f"A strike (3 October 2026, {time}) comes after the last session, 29 September" in text
    assert "attack on supply, expected to tighten" in text
    assert "Warning: Only 23 other sessions" in text
    folder = Path("outputs/event-2026-10-03-1000Z")
    assert (folder / "figures" / "aftermath.png").read_bytes()[:4] == b"\x89PNG"
    assert (folder / "tables" / "aftermath.csv").exists()
    # Our own folder is replaced.
    assert call(*args, "--reports", "none").code == 0
    assert not (folder / "figures").exists()


def test_the_answer_from_history_as_json(call: Any) -> None:
    done = call("event", "2026-11-20", "--direction", "-", "--format", "json", "--reports", "none")
    assert (done.code, done.err) == (0, "")
    document = json.loads(done.out)
    aftermath = document["aftermath"]
    assert document["status"] == "after the last session"
    assert document["events"][0]["status"] == "left_out"
    assert aftermath["as_of"] == "2026-09-29"
    assert "52 days older" in aftermath["warnings"][-1]
    assert {row["sessions"] for row in aftermath["quantiles"]} == {1, 5, 10}
    sample = [row for row in aftermath["quantiles"] if row["sample"] == "events"]
    moves = [row["move"] for row in aftermath["moves"] if row["sessions"] == 1]
    assert sample[0]["n"] == len([move for move in moves if move is not None])
    assert sample[0]["share_up"] == sum(move > 0 for move in moves) / len(moves)


def test_an_unknown_kind_leaves_ordinary_sessions(call: Any) -> None:
    done = call("event", "2026-10-03", "--category", "nonesuch", "--reports", "none")
    assert done.code == 0
    assert "No event of its kind is known: nonesuch." in " ".join(done.out.split())
    assert "only ordinary sessions speak" in " ".join(done.out.split())


def test_the_options_reach_the_study(call: Any) -> None:
    args = [
        *("event", "2024-04-13", "--title", "A title", "--name", "mine", "--level", "90"),
        *("--level", "92.5", "--direction", "+", "--category", "conflict", "--factor", "dollar"),
        *("--estimation", "60", "--gap", "3", "--window", "-2", "4", "--reports", "none"),
    ]
    assert call(*args).code == 0
    config = json.loads(Path("outputs/mine/manifest.json").read_text())["config"]
    assert config["study"]["title"] == "A title"
    assert config["levels"]["usd"] == [90.0, 92.5]
    model = config["model"]
    assert (model["kind"], model["factors"]) == ("factors", ["dollar"])
    windows = config["windows"]
    assert (windows["estimation"], windows["gap"], windows["event"]) == (60, 3, [-2, 4])


def test_the_examples_of_the_help_run(call: Any) -> None:
    text = call("event", "--help").out
    examples = re.findall(r"^ +oilshock (event .*)$", text, re.MULTILINE)
    assert len(examples) == 3
    for example in examples:
        done = call(*shlex.split(example), "--reports", "none")
        assert (done.code, done.err) == (0, "")


def test_an_own_file_without_a_close_names_the_options(call: Any, tmp_path: Path) -> None:
    load_prices()["2023":].rename_axis("date").rename("price").to_csv(tmp_path / "p.csv")  # type: ignore[misc]
    words = ("event", "2024-04-13T20:00Z", "--prices", "p.csv", "--reports", "none", "-q")
    outcome = call(*words, "--close", "19:30")
    assert (outcome.code, outcome.out) == (2, "")
    said = " ".join(outcome.err.split())
    assert said.startswith("Error: oilshock event, --timezone: 1 event has a time (event), but the")
    assert said.endswith("Give --timezone, such as Europe/London, or drop the time.")
    assert call(*words, "--close", "19:30", "--timezone", "Europe/London").code == 0


OWN = [(day, price) for day, price in load_prices()["2023-01-01":"2024-06-30"].items()]
EUROPEAN = ["--date-column", "Handelstag", "--price-column", "Schlusskurs"]


@pytest.fixture
def european(tmp_path: Path) -> Path:
    """Write the prices as a European terminal does, with columns of its own names."""
    lines = [f"{day:%d.%m.%Y};{price:.2f}".replace(".", ",") for day, price in OWN]
    lines = [line.replace(",", ".", 2) for line in lines]
    path = tmp_path / "eu.csv"
    path.write_text("\n".join(["Handelstag;Schlusskurs", *lines]) + "\n", encoding="utf-8")
    return path


def test_a_price_file_with_names_of_its_own(call: Any, european: Path) -> None:
    args = ["event", "2024-04-13", "--prices", european, "--reports", "none", "--format", "json"]
    done = call(*args, *EUROPEAN, "--date-order", "dmy", "--decimal", ",")
    assert (done.code, done.err) == (0, "")
    (day0,) = [row for row in json.loads(done.out)["abnormal_returns"] if row["relative_day"] == 0]
    assert (day0["session"], day0["price"]) == ("2024-04-15", load_prices()["2024-04-15"])


@pytest.mark.parametrize("command", ["event", "prices check"])
def test_a_column_not_found_names_the_option(call: Any, european: Path, command: str) -> None:
    args = ["event", "2024-04-13", "--prices"] if command == "event" else ["prices", "check"]
    done = call(*args, european)
    assert (done.code, done.out) == (3, "")
    date, price = [line for line in done.err.splitlines() if "eu.csv" in line]
    assert "eu.csv, --date-column: no column is named as a date is" in date
    assert date.endswith('found "Handelstag", "Schlusskurs". Give --date-column NAME.')
    assert price.endswith("Give --price-column NAME.")
    assert "[prices]" not in done.err


def test_an_order_that_the_dates_disprove_names_the_option(call: Any, european: Path) -> None:
    done = call("event", "2024-04-13", "--prices", european, *EUROPEAN, "--date-order", "mdy")
    assert done.code == 3
    assert 'and --date-order "mdy" is given; the dates prove "dmy"' in done.err
    assert "Take --date-order out." in done.err


def test_what_is_said_of_a_file_needs_one(call: Any) -> None:
    done = call("event", "2024-04-13", "--decimal", ",")
    assert done.code == 2
    assert done.err == (
        'Error: oilshock event, --decimal: "," says how a price file is read, and there is none. '
        "Give the file: --prices FILE.\n"
    )


def test_a_source_without_a_symbol(call: Any) -> None:
    done = call("event", "2024-04-13", "--prices", "yahoo:")
    assert done.code == 2
    assert '--prices: "yahoo:" names no series. Name it, as in yahoo:BZ=F' in done.err


def test_a_close_that_is_missing_names_the_options(call: Any, european: Path) -> None:
    done = call("event", "2024-04-13T20:00Z", "--prices", european, *EUROPEAN)
    assert done.code == 2
    assert done.err.startswith("Error: oilshock event, --close and --timezone: 1 event has a time")
