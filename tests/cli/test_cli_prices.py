"""`oilshock prices`: show, update, check, clear, and a study on what they fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from loopback import Chart, Market, serving, status, walk

from oilshock.prices import read_bundled

# Long past, so that no clock takes the last bar for one of today.
LAST = "2025-06-30"


@pytest.fixture
def market(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Market]:
    data = Market()
    data.charts["BZ=F"] = Chart(dict(walk("2022-01-03", LAST)))
    data.charts["HG=F"] = Chart(dict(walk("2022-01-03", LAST, seed=2)))
    for seed, name in enumerate(("DTWEXBGS", "DGS10", "DCOILWTICO"), start=3):
        data.fred[name] = dict(walk("2022-01-03", "2026-11-20", seed=seed))
    held = read_bundled().prices["2026-06-01":]
    spot = {day.date(): price for day, price in held.items()}
    data.fred["DCOILBRENTEU"] = {**spot, date(2026, 9, 30): 101.5}
    dollar = read_bundled("usd-broad").prices["2026-06-01":]
    data.fred["DTWEXBGS"] |= {day.date(): price for day, price in dollar.items()}
    monkeypatch.setenv("OILSHOCK_CACHE", str(tmp_path / "cache"))
    with serving(data):
        monkeypatch.setenv("OILSHOCK_YAHOO_URL", data.url)
        monkeypatch.setenv("OILSHOCK_FRED_URL", data.url)
        yield data


STUDY = """
[study]
name = "s"
[prices]
source = "yahoo"
symbol = "BZ=F"
[events]
ids = ["iran-attacks-israel-apr2024"]
[inference]
tests = ["t"]
[report]
formats = []
"""


def test_update_show_check_clear(call: Any, market: Market) -> None:
    done = call("prices", "update", "yahoo:bz=f", "fred:DCOILWTICO")
    assert (done.code, done.err) == (0, "")
    assert "yahoo:BZ=F: 911 sessions, 2022-01-03 to 2025-06-30, as of" in done.out
    shown = json.loads(call("prices", "show", "--format", "json").out)["series"]
    names = [series["symbol"] for series in shown]
    assert names == ["brent-spot", "usd-broad", "fred:DCOILWTICO", "yahoo:BZ=F"]
    assert shown[-1]["kind"] == "continuous future"
    assert shown[-1]["fetched_at"].startswith("20")
    one = call("prices", "show", "yahoo:BZ=F")
    assert "Brent crude futures" in one.out
    assert "WTI" not in one.out
    checked = call("prices", "check", "yahoo:BZ=F").out
    assert "yahoo:BZ=F is valid: 911 sessions" in checked
    assert "- Brent futures is a continuous future" in checked
    assert call("prices", "clear", "yahoo:BZ=F").out == "Cleared yahoo:BZ=F (close).\n"
    assert call("prices", "check", "yahoo:BZ=F").code == 3
    assert call("prices", "clear", "--all").out == "Cleared fred:DCOILWTICO (value).\n"
    assert call("prices", "clear", "--all").out == "Nothing was cached.\n"


def test_update_without_a_name_extends_the_bundled_series(call: Any, market: Market) -> None:
    done = call("prices", "update")
    assert (done.code, done.err) == (0, "")
    assert "brent-spot: 9,988 sessions, 1987-05-20 to 2026-09-30, as of" in done.out
    assert "extended by 1 later price from FRED" in done.out
    assert "usd-broad:" in done.out
    shown = call("prices", "show", "brent-spot")
    assert "2026-09-30" in shown.out
    assert "was extended by" in " ".join(shown.out.split())
    assert "was extended by" in call("prices", "check").out


def test_update_says_what_was_revised(call: Any, market: Market) -> None:
    call("prices", "update", "fred:DCOILWTICO")
    market.fred["DCOILWTICO"][date(2026, 11, 10)] = 1.0
    document = json.loads(call("prices", "update", "fred:DCOILWTICO", "--format", "json").out)
    (series,) = document["series"]
    assert series["notes"][0].startswith("1 price was revised by the source")


def test_update_with_an_age_asks_only_when_older(call: Any, market: Market) -> None:
    for _ in range(2):
        assert call("prices", "update", "fred:DCOILWTICO", "--max-age", "1h").code == 0
    assert len(market.seen) == 1


def test_update_of_a_config_fetches_all_its_series(
    call: Any, market: Market, tmp_path: Path
) -> None:
    extra = '[series.wti]\nsource = "fred"\nsymbol = "DCOILWTICO"\n'
    model = '[model]\nkind = "factors"\nfactors = ["hamilton"]\n'
    (tmp_path / "s.toml").write_text(STUDY + extra + model)
    done = call("prices", "update", str(tmp_path / "s.toml"))
    assert done.code == 0
    names = [line.partition(":")[0] for line in done.out.splitlines() if not line.startswith("-")]
    assert names == ["yahoo", "fred", "yahoo", "fred", "fred"]
    seen = len(market.seen)
    ran = call("run", "s.toml", "--offline", "--quiet")
    assert (ran.code, ran.err) == (0, "")
    assert len(market.seen) == seen


def test_a_study_on_yahoo(call: Any, market: Market, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(STUDY)
    done = call("run", "s.toml")
    assert (done.code, done.err) == (0, "")
    rows = Path("outputs/s/tables/abnormal_returns.csv").read_text().splitlines()
    day0 = next(row.split(",") for row in rows if row.split(",")[1] == "0")
    assert float(day0[3]) == market.charts["BZ=F"].closes[date.fromisoformat(day0[2])]
    (source, *_) = json.loads(Path("outputs/s/manifest.json").read_text())["inputs"]
    assert (source["series_id"], len(source["sha256"])) == ("BZ=F", 64)
    first = Path("outputs/s/results.json").read_bytes()
    offline = call("run", "s.toml", "--offline")
    assert offline.code == 0
    assert re.match(r"\[prices\] comes from the cache, as of 20\d\d-\d\d-\d\d; ", offline.err)
    assert Path("outputs/s/results.json").read_bytes() == first
    assert len(market.seen) == 1


def test_a_study_with_the_factors_of_hamilton(call: Any, market: Market, tmp_path: Path) -> None:
    model = '[model]\nkind = "factors"\nfactors = ["hamilton"]\n'
    (tmp_path / "s.toml").write_text(STUDY + model)
    assert call("run", "s.toml").code == 0
    (fitted,) = json.loads(Path("outputs/s/results.json").read_text())["diagnostics"]["models"]
    names = {"copper", "broad-dollar", "treasury-10y"}
    assert names < set(fitted["coefficients"])
    assert len(market.seen) == 4


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["update", "BZ=F"], 2, "Write yahoo:BZ=F, fred:BZ=F"),
        (["update", "yaho:BZ=F"], 2, 'Did you mean "yahoo"?'),
        (["update", "fred:"], 2, "does not say where"),
        (["update", "yahoo:NOPE"], 3, "No data found"),
        (["update", "no.toml"], 2, "there is no such file"),
        (["show", "yahoo:BZ=F"], 2, "oilshock prices update yahoo:BZ=F"),
        (["clear"], 2, "nothing is named"),
        (["clear", "yahoo:BZ=F", "--all"], 2, "not both"),
        (["update", "--max-age", "soon"], 2, '"soon" is no age'),
    ],
)
def test_what_is_wrong_is_said(
    call: Any, market: Market, args: list[str], code: int, words: str
) -> None:
    done = call("prices", *args)
    assert (done.code, done.out) == (code, "")
    assert words in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("fault", [status(403), status(404)], ids=["403", "404"])
def test_a_fault_in_a_run_is_code_3(call: Any, market: Market, tmp_path: Path, fault: Any) -> None:
    (tmp_path / "s.toml").write_text(STUDY)
    market.faults.extend([fault] * 9)
    done = call("run", "s.toml")
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith('Error: s.toml, [prices], yahoo "BZ=F": ')
    assert not Path("outputs").exists()


def test_a_broken_entry_is_shown_as_broken(call: Any, market: Market, tmp_path: Path) -> None:
    call("prices", "update", "fred:DCOILWTICO")
    (parquet,) = (tmp_path / "cache").rglob("*.parquet")
    parquet.write_bytes(b"x")
    assert "its checksum differs; the next update fetches it" in " ".join(
        call("prices", "show", "fred:DCOILWTICO").out.split()
    )
    done = call("prices", "update", "fred:DCOILWTICO")
    said = "was broken (its checksum differs); it was set aside in the"
    assert said in " ".join(done.out.split())
    assert call("prices", "check", "fred:DCOILWTICO").code == 0


def test_one_event_on_a_series_of_yahoo(call: Any, market: Market) -> None:
    done = call("event", "2024-04-13T20:00Z", "--prices", "yahoo:BZ=F", "--reports", "none")
    assert (done.code, done.err) == (0, "")
    assert "Brent futures" in done.out
    assert market.paths == ["/v8/finance/chart/BZ=F"]
    again = call(
        *("event", "2024-04-13T20:00Z", "--prices", "yahoo:BZ=F", "--reports", "none"),
        *("--max-age", "0m", "--name", "again"),
    )
    assert again.code == 0
    assert len(market.seen) == 2


def test_check_takes_what_a_file_does_not_prove(call: Any, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("date;price\n03/04/2024;1.234\n04/05/2024;1.235\n")
    outcome = call("prices", "check", "p.csv")
    assert outcome.code == 3
    assert "Give --date-order" in outcome.err
    done = call("prices", "check", "p.csv", "--date-order", "mdy", "--decimal", ".")
    assert (done.code, done.err) == (0, "")
    assert "2 sessions, 2024-03-04 to 2024-04-05" in done.out
    assert "dates as month/day/year" in done.out


def test_bundled_series_are_checked_by_name(call: Any, market: Market) -> None:
    assert "usd-broad is valid: 5,188 sessions" in call("prices", "check", "usd-broad").out


def test_clear_on_a_folder_that_cannot_be_written(
    call: Any, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    from oilshock.cli import series

    call("prices", "update", "fred:DCOILWTICO")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(series, "clear_entry", refuse)
    done = call("prices", "clear", "--all")
    assert done.code == 2
    assert "cannot be cleared: Permission denied" in done.err


def test_the_terminal_says_what_may_mislead(call: Any, market: Market, tmp_path: Path) -> None:
    spot = '[series.spot]\nsource = "fred"\nsymbol = "DCOILWTICO"\n'
    (tmp_path / "s.toml").write_text(STUDY + spot)
    done = call("run", "s.toml")
    assert done.code == 0
    assert "Prices: Brent futures is a continuous future" in done.out
    assert "Brent futures and WTI spot lay furthest apart on" in done.out


def test_one_series_that_fails_keeps_no_other_back(call: Any, market: Market) -> None:
    done = call("prices", "update", "yahoo:NOPE", "fred:DCOILWTICO")
    assert done.code == 3
    assert done.out.startswith("fred:DCOILWTICO: ")
    assert done.err.startswith('Error: yahoo "NOPE": Yahoo says: No data found')
    done = call("prices", "update", "yahoo:NOPE", "fred:DCOILWTICO", "--format", "json")
    assert done.code == 3
    assert [series["name"] for series in json.loads(done.out)["series"]] == ["fred:DCOILWTICO"]


def test_check_of_prices_below_zero_is_as_strict_as_a_run(call: Any, tmp_path: Path) -> None:
    (tmp_path / "wti.csv").write_text("date,price\n2020-04-17,18.27\n2020-04-20,-37.63\n")
    refused = call("prices", "check", "wti.csv")
    assert (refused.code, refused.out) == (3, "")
    said = " ".join(refused.err.split())
    assert "wti.csv, row 3, price: 1 price of zero or less" in said
    assert "-37.63 on 2020-04-20. Correct the row; if the price is real, set" in said
    assert said.endswith("To check it for those: --returns difference.")
    valid = call("prices", "check", "wti.csv", "--returns", "difference")
    assert valid.code == 0
    assert 'of zero or less: valid with returns.kind = "difference" only.' in valid.out
    document = json.loads(
        call("prices", "check", "wti.csv", "--returns", "difference", "--format", "json").out
    )
    assert document["findings"][0]["dates"] == ["2020-04-20"]


def test_an_event_offline_asks_nothing(call: Any, market: Market) -> None:
    done = call("event", "2024-04-13", "--prices", "yahoo:BZ=F", "--offline", "--reports", "none")
    assert done.code == 3
    assert market.paths == []
