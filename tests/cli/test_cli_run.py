"""`oilshock run`: what it writes, what it says, and odd but right input."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pypdf import PdfReader

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.toml"))
LATIN = "O'Brien pays $5, 100 % of a_b <script>alert(1)</script> & co"
ARABIC = "هجوم"
EMOJI = "Boom \N{COLLISION SYMBOL}"


def refuse_constant(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


def parse(text: str) -> Any:
    return json.loads(text, parse_constant=refuse_constant)


def write_events(path: Path, *rows: tuple[str, ...]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "date", "title"])
        writer.writerows(rows)


def write_study(folder: Path, *, more: str = "") -> Path:
    path = folder / "s.toml"
    path.write_text(f'[study]\nname = "s"\n[events]\nsource = "e.csv"\n{more}')
    return path


def test_text_output(call: Any, attack: Path) -> None:
    done = call("run", attack, "--reports", "none")
    assert (done.code, done.err) == (0, "")
    assert "1 event kept, 0 left out, 1 moved." in done.out
    assert "iran-attacks-israel-apr2024: 2024-04-13 -> 2024-04-15 (no session)" in done.out
    assert "193 events of the source did not pass the filters." in done.out
    table = done.out[done.out.index("#  Event") :].split("1 event kept")[0]
    assert all(len(line) <= 80 for line in table.splitlines())
    written = done.out.split("Written:\n")[1].split()
    assert written == ["outputs/attack/tables", "outputs/attack/results.json"]
    assert all(Path(path).exists() for path in written)


def test_json_output_is_the_document_that_is_written(call: Any, attack: Path) -> None:
    done = call("run", attack, "--reports", "none", "--format", "json", "--quiet")
    assert (done.code, done.err) == (0, "")
    document = parse(done.out)
    files = document.pop("files")
    assert files == ["outputs/attack/tables", "outputs/attack/results.json"]
    assert document == parse(Path("outputs/attack/results.json").read_text(encoding="utf-8"))
    assert document["schema_version"] == 1


def test_quiet_hides_notes_but_no_result(call: Any, attack: Path) -> None:
    loud = call("run", attack, "--reports", "none", "--out", "o")
    quiet = call("run", attack, "--reports", "none", "--out", "o", "--quiet")
    assert (quiet.code, quiet.err) == (0, "")
    results = loud.out.split("\nPrices:")[0].rstrip()
    assert quiet.out.startswith(results)
    assert "o/attack/results.json" in quiet.out


@pytest.mark.parametrize(
    ("reports", "files"), [("none", set()), ("html", {"report.html"}), ("pdf", {"report.pdf"})]
)
def test_reports_are_those_asked_for(
    call: Any, attack: Path, reports: str, files: set[str]
) -> None:
    assert call("run", attack, "--reports", reports).code == 0
    found = {path.name for path in Path("outputs/attack").iterdir()}
    assert found == {"tables", "results.json", "manifest.json"} | files


def test_an_output_of_ours_is_replaced_as_a_whole(call: Any, attack: Path) -> None:
    assert call("run", attack, "--reports", "html").code == 0
    assert call("run", attack, "--reports", "none").code == 0
    assert not Path("outputs/attack/report.html").exists()
    assert [path.name for path in Path("outputs").iterdir()] == ["attack"]


def test_any_title_is_shown_right_everywhere(call: Any, tmp_path: Path) -> None:
    titles = [LATIN, ARABIC, EMOJI]
    days = ["2024-03-05", "2024-04-03", "2024-05-08"]
    write_events(
        tmp_path / "e.csv",
        *(
            (f"event-{i}", day, title)
            for i, (day, title) in enumerate(zip(days, titles, strict=True))
        ),
    )
    done = call("run", write_study(tmp_path))
    assert (done.code, done.err) == (0, "")
    folder = tmp_path / "outputs" / "s"
    assert pd.read_csv(folder / "tables/events.csv")["title"].tolist() == titles
    document = parse((folder / "results.json").read_text(encoding="utf-8"))
    assert [event["title"] for event in document["events"]] == titles
    html = (folder / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in html
    assert ARABIC in html
    assert EMOJI in html
    pages = " ".join(page.extract_text() for page in PdfReader(folder / "report.pdf").pages)
    text = re.sub(r"\s", "", pages.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    assert re.sub(r"\s", "", LATIN) in text
    assert "\N{COLLISION SYMBOL}" in text
    assert ARABIC in text or ARABIC[::-1] in text


def test_what_is_handled_is_said(call: Any, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_bytes(
        b"\xef\xbb\xbfid,date,title\r\na,2024-03-05,First\r\na,2024-03-05,First\r\n"
        b"b,2024-03-05,Second\r\n"
    )
    days = pd.bdate_range("2023-06-01", periods=250)
    rows = [f"{day:%Y-%m-%d},{80 + i * 7919 % 97 / 50}" for i, day in enumerate(days)]
    rows[10], rows[11] = rows[11], rows[10]
    rows[20] = rows[20].split(",")[0] + ","
    rows.append(rows[30])
    text = "\r\n".join(["date,price", *rows, ""])
    (tmp_path / "p.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    config = write_study(tmp_path, more='[prices]\nsource = "file"\nsymbol = "p.csv"\n')
    done = call("run", config, "--reports", "none")
    assert (done.code, done.err) == (0, "")
    said = [line for line in done.out.splitlines() if line.startswith(("Prices:", "Events:"))]
    kinds = {finding["kind"] for finding in price_findings(tmp_path)}
    assert len(kinds) >= 3
    assert sum(line.startswith("Prices:") for line in said) >= 3
    assert "Events: row 3 repeats row 2 (a); one is kept." in said
    events = pd.read_csv(tmp_path / "outputs/s/tables/events.csv")
    assert events["event_id"].tolist() == ["a", "b"]
    assert events["overlaps"].tolist() == ["b", "a"]


def price_findings(tmp_path: Path) -> list[dict[str, Any]]:
    document = parse((tmp_path / "outputs/s/results.json").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = document["diagnostics"]["price_findings"]
    return found


def test_an_id_cannot_leave_the_folder(call: Any, tmp_path: Path) -> None:
    write_events(tmp_path / "e.csv", ("../../evil/x", "2024-03-05", "T"))
    done = call("run", write_study(tmp_path), "--reports", "png")
    assert (done.code, done.err) == (0, "")
    figures = [path.name for path in (tmp_path / "outputs/s/figures").iterdir()]
    assert any("evil" in name for name in figures)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["e.csv", "outputs", "s.toml"]


def test_a_compared_series_has_its_own_tables(call: Any, attack: Path) -> None:
    attack.write_text(attack.read_text() + '[series.dollars]\nsymbol = "usd-broad"\n')
    assert call("run", attack, "--reports", "none").code == 0
    folder = Path("outputs/attack")
    main, other = folder / "tables", folder / "dollars" / "tables"
    assert [p.name for p in sorted(other.iterdir())] == [p.name for p in sorted(main.iterdir())]
    frames = [pd.read_csv(place / "car.csv") for place in (main, other)]
    assert frames[0].columns.tolist() == frames[1].columns.tolist()
    assert not math.isclose(frames[0]["car"][0], frames[1]["car"][0])
    compared = parse((folder / "results.json").read_text(encoding="utf-8"))["compared"]
    assert compared["dollars"]["study"]["series"] != "brent-spot"


def test_a_factor_has_no_tables(call: Any, attack: Path) -> None:
    more = '[series.usd]\nsymbol = "usd-broad"\n[model]\nkind = "market"\nfactors = ["usd"]\n'
    attack.write_text(attack.read_text() + more)
    assert call("run", attack, "--reports", "none").code == 0
    assert not Path("outputs/attack/usd").exists()


def test_csv_and_json_agree_to_the_last_digit(call: Any, attack: Path) -> None:
    assert call("run", attack, "--reports", "none").code == 0
    folder = Path("outputs/attack")
    document = parse((folder / "results.json").read_text(encoding="utf-8"))
    document["diagnostics"] = document["diagnostics"]["events"]
    beyond = document["dynamics"]
    document["dynamics"], document["surges"] = beyond["response"], beyond["surges"]
    document["dynamics_shapes"], document["dynamics_events"] = beyond["shapes"], beyond["events"]
    document["volatility"] = document["volatility"]["events"]
    for path in sorted((folder / "tables").glob("*.csv")):
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
        assert len(rows) == len(document[path.stem])
        for row, record in zip(rows, document[path.stem], strict=True):
            assert list(row) == list(record)
            for name, value in record.items():
                if isinstance(value, float):
                    assert math.isclose(float(row[name]), value, rel_tol=1e-10), name
                else:
                    assert row[name] == ("" if value is None else str(value)), name
    header = (folder / "tables/whatif.csv").read_text().splitlines()[0]
    assert header.endswith(",usd,p_above_90,p_above_92.5")


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_check_accepts_each_config(call: Any, config: Path) -> None:
    done = call("check", config)
    assert (done.code, done.err) == (0, "")
    assert f"{config} is valid." in done.out
    table = done.out.split("sessions.\n")[1].split("\n- ")[0]
    assert all(len(line) <= 80 for line in table.splitlines())


def test_check_as_json_and_its_wide_reasons(call: Any, attack: Path) -> None:
    attack.write_text(attack.read_text() + "[windows]\nevent = [0, 1000]\n")
    document = parse(call("check", attack, "--format", "json").out)
    assert document["n_kept"] == 1
    assert document["events"][0]["session"] == "2024-04-15"
    text = call("check", attack).out
    assert "2024-04-13" in text
    assert "2024-04-15" in text
    assert not Path("outputs").exists()
