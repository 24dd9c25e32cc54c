"""Event files: what is read, what is refused, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oilshock.errors import EventError, OilshockError, Problem
from oilshock.event_files import read_csv_rows
from oilshock.event_rows import bare_time_finding, check_rows
from oilshock.events import EventCatalogue, load_events

HEADER = "id,date,time,title,direction,endogenous,severity"


def load(folder: Path, text: str | bytes) -> EventCatalogue:
    path = folder / "my.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_events(path, shown_as="my.csv")


def messages(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(EventError) as caught:
        load(folder, text)
    assert caught.value.exit_code == 3
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,2024-13-01,,T,,,", 'my.csv, row 2, date: "2024-13-01" is not a date. Use YYYY-MM-DD'),
        ("a,2023-02-29,,T,,,", 'row 2, date: "2023-02-29" is not a date.'),
        ("a,31/02/2024,,T,,,", 'row 2, date: "31/02/2024" is not a date.'),
        ("a,13/04/24,,T,,,", 'row 2, date: "13/04/24" is not a date.'),
        ("a,13/04/2024 20:00,,T,,,", 'row 2, date: "13/04/2024 20:00" is more than a date. Give'),
        ("a,13 April 2024 20:00,,T,,,", '"13 April 2024 20:00" is more than a date. Give'),
        ("a,20240413,,T,,,", 'row 2, date: "20240413" is not a date.'),
        ("a,2024-W15-6,,T,,,", 'row 2, date: "2024-W15-6" is not a date.'),
        ("a,,,T,,,", "row 2, date: is missing."),
        ("a,2024-04-13T20:00Z,,T,,,", 'row 2, date: "2024-04-13T20:00Z" is more than a date. Give'),
        ("a,2024-04-13 00:00:00,,T,,,", "is more than a date."),
        ("a,1066-10-14,,T,,,", 'row 2, date: "1066-10-14" is out of range. Use a year from 1700'),
        ("a,9999-12-31,,T,,,", 'row 2, date: "9999-12-31" is out of range.'),
        (",2024-04-13,,T,,,", "row 2, id: is missing."),
        ("a;b,2024-04-13,,T,,,", 'row 2, id: "a;b" holds a semicolon or a line break.'),
        ('"a\nb",2024-04-13,,T,,,', "row 2, id:"),
        ("a,2024-04-13,, ,,,", "row 2, title: is missing."),
        ("a,soon,20:00Z,T,,,", 'row 2, date: "soon" is not a date.'),
        ("a,2024-04-13,8pm,T,,,", 'row 2, time: "8pm" is not a time. Use HH:MM with Z'),
        ("a,2024-04-13,20:00 Europe/Londn,T,,,", 'Did you mean "Europe/London"?'),
        ("a,2024-03-31,01:30 Europe/London,T,,,", "row 2, time: "),
        ("a,2024-04-13,,T,up,,", 'row 2, direction: "up" is not one of +, -, 0.'),
        ("a,2024-04-13,,T,+1,,", 'row 2, direction: "+1" is not one of +, -, 0.'),
        ("a,2024-04-13,,T,,maybe,", 'row 2, endogenous: "maybe" is neither yes nor no.'),
        ("a,2024-04-13,,T,,1,", 'row 2, endogenous: "1" is neither yes nor no.'),
        ("a,2024-04-13,,T,,,4", 'row 2, severity: "4" is not 1, 2 or 3.'),
        ("a,2024-04-13,,T,,,2.5", 'row 2, severity: "2.5" is not 1, 2 or 3.'),
        ("a,2024-04-13,,T,,,,x", "row 2: has 8 cells; row 1 names 7 columns. Put quotes"),
    ],
)
def test_a_bad_cell_is_named_with_row_value_and_fix(tmp_path: Path, row: str, message: str) -> None:
    (found,) = messages(tmp_path, f"{HEADER}\n{row}\n")
    assert message in found


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "my.csv: is empty. Give a CSV file with the columns id, date, title"),
        (b"\n \n,,\n", "my.csv: is empty."),
        (b"\xef\xbb\xbf", "my.csv: is empty."),
        (b"id,date,title\n", "my.csv: has a header but no event."),
        (b"id,date,title\n\n,,\n", "my.csv: has a header but no event."),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "my.csv: is a binary file, or not text in UTF-8."),
        (b"PK\x03\x04\x00\x00", "my.csv: is a binary file, or not text in UTF-8."),
        (
            "id,date,title\na,2024-04-13,Tür\n".encode("latin-1"),
            "my.csv: is a binary file, or not text in UTF-8.",
        ),
        (b"id,date,title\na,2024-01-02,T\nb,03/04/2024,U\n", "my.csv, row 3, date: "),
        (b"id,date,title\na,13/04/2024,T\nb,04/13/2024,U\n", "my.csv, rows 2 and 3, date: "),
        (b"id,date\na,2024-04-13\n", 'has no column "title"; columns found: "id", "date". Name'),
        (b"id,datum,titel\na,b,c\n", 'has no column "date", "title"; columns found: "id", "datum"'),
        (b"id,date,titel\na,b,c\n", 'Did you mean "titel"?'),
        (b"id date title\na 2024-04-13 T\n", "Separate the columns by commas, semicolons, tabs"),
        (b'id,date,title\na,2024-04-13,"T\nb,2024-04-14,T\n', "my.csv, line 2: is not valid CSV"),
        (b"id;dte;title\na;2024-04-13;T\n", 'no column "date"; columns found: "id", "dte"'),
        (
            b"id;date;title\na;2024-04-13;T;x\n",
            'Put quotes round a text that holds a semicolon: "a;',
        ),
        (b"id,date,title\na,03/04/2024,T\n", '"03/04/2024" can be day/month or month/day'),
        (b"id,date,title\na,03/04/2024,T\n", "Write the dates as YYYY-MM-DD, such as 2024-04-13."),
        (
            b"id,date,title\na,13/04/2024,T\nb,04/13/2024,U\n",
            '"13/04/2024" puts the day first, "04/13/2024" the month.',
        ),
        (b"id,date,title,Title\na,2024-04-13,T,T\n", 'names "title" more than once. Keep one'),
        (b'id,date,title\na,2024-04-13,"T\n', "is not valid CSV"),
        (b'id,date,title\na,2024-04-13,"T"s\n', "is not valid CSV"),
    ],
)
def test_a_bad_file_is_one_readable_problem(tmp_path: Path, content: bytes, message: str) -> None:
    (found,) = messages(tmp_path, content)
    assert message in found


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(EventError, match=r"gone\.csv: there is no such file\. Check the path"):
        load_events(tmp_path / "gone.csv")
    with pytest.raises(EventError, match=r"cannot be read: .*Give a readable CSV file"):
        load_events(tmp_path)
    with pytest.raises(EventError, match='Did you mean "bundled"'):
        load_events("bundeld")


def test_all_bad_rows_come_in_one_error_and_a_long_list_is_cut(tmp_path: Path) -> None:
    rows = [f"e{i},2024-13-01,,T,,,9" for i in range(4)]
    assert len(messages(tmp_path, "\n".join([HEADER, *rows]))) == 8
    rows = [f"e{i},2024-13-01,,T,,," for i in range(15)]
    found = messages(tmp_path, "\n".join([HEADER, *rows]))
    assert len(found) == 11
    assert found[9].startswith("my.csv, row 11, date")
    assert found[10] == "my.csv: ... and 5 more."


def test_rows_are_numbered_as_in_a_spreadsheet(tmp_path: Path) -> None:
    text = "\n".join([HEADER, 'a,2024-04-13,,"two\nlines",,,', "", "b,soon,,T,,,"])
    assert 'row 4, date: "soon"' in messages(tmp_path, text)[0]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_byte_order_mark_and_any_line_ends_are_fine(
    tmp_path: Path, mark: bytes, end: bytes
) -> None:
    rows = [b"id,date,title", b"a,2024-04-13,One", b"b,2024-04-14,Two"]
    frame = load(tmp_path, mark + end.join(rows) + end).to_frame()
    assert frame[["id", "title"]].to_numpy().tolist() == [["a", "One"], ["b", "Two"]]


@pytest.mark.parametrize(
    ("slip", "meant"), [("directon", "direction"), ("Regoin", "region"), ("catagory", "category")]
)
def test_a_misspelt_column_is_refused_not_taken_for_a_further_one(
    tmp_path: Path, slip: str, meant: str
) -> None:
    (told,) = messages(tmp_path, f"id,date,title,{slip}\na,2024-04-13,Attack,1\n")
    assert f'column "{slip}"' in told
    assert f'Name it "{meant}"' in told


@pytest.mark.parametrize("name", ["sector", "note", "severity_score", "source_url", "actor"])
def test_a_further_column_of_another_name_is_kept(tmp_path: Path, name: str) -> None:
    events = load(tmp_path, f"id,date,title,{name}\na,2024-04-13,Attack,x\n")
    assert events.to_frame()[name].tolist() == ["x"]


def test_a_further_column_may_be_like_a_known_one_that_is_there(tmp_path: Path) -> None:
    events = load(tmp_path, "id,date,title,region,regions\na,2024-04-13,Attack,Gulf,all\n")
    assert events.to_frame()["regions"].tolist() == ["all"]


def test_headers_are_found_whatever_case_and_blanks(tmp_path: Path) -> None:
    frame = load(tmp_path, " ID , Date,TITLE,Desk\na, 2024-04-13 , T ,Crude\n").to_frame()
    assert frame.loc[0, ["id", "title", "Desk"]].tolist() == ["a", "T", "Crude"]


def test_short_rows_and_empty_columns_without_a_name_are_fine(tmp_path: Path) -> None:
    frame = load(tmp_path, "id,date,title,region,,\na,2024-04-13,T,,,\nb,2024-04-14,U\n").to_frame()
    assert frame["region"].tolist() == ["", ""]
    assert "" not in frame.columns
    for text, column in (
        ("id,date,title,\na,2024-04-13,T,lost\n", 4),
        (",id,date,title\n0,a,2024-04-13,T\n", 1),
    ):
        assert messages(tmp_path, text) == [
            f"my.csv, column {column}: has cells but no name. Name it, or remove it."
        ]


TITLES = [
    'Iran\'s "strike", $90 & 5%',
    "a_b^c {x} \\n #1",
    "<script>alert(1)</script>",
    "إيران تهاجم",
]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_comes_through_unchanged(tmp_path: Path, title: str) -> None:
    quoted = title.replace('"', '""')
    read = load(tmp_path, f'id,date,title\na,2024-04-13,"{quoted}"\n')
    given = load_events([{"id": "a", "date": "2024-04-13", "title": title}])
    assert [events.to_frame()["title"][0] for events in (read, given)] == [title, title]


def test_the_same_event_twice_is_kept_once_and_named(tmp_path: Path) -> None:
    # The second row says the same in another way.
    text = (
        f"{HEADER}\na,2024-04-13,20:00Z,T,+,no,\nb,2024-04-14,,U,,,\na,2024-04-13,20:00:00Z,T,+,,\n"
    )
    catalogue = load(tmp_path, text)
    assert catalogue.to_frame()["id"].tolist() == ["a", "b"]
    (finding,) = catalogue.findings
    assert (finding.kind, finding.ids) == ("duplicate", ("a",))
    assert finding.message == "row 4 repeats row 2 (a); one is kept."


def test_the_same_id_with_other_content_names_both_rows_and_the_fields(tmp_path: Path) -> None:
    text = f"{HEADER}\na,2024-04-13,,T,+,,\nb,2024-04-14,,U,,,\na,2024-04-15,,T,-,,\n"
    (found,) = messages(tmp_path, text)
    assert found.startswith('my.csv, row 4, id: "a" is also row 2, with another date, direction.')


def test_conflicts_are_told_beside_bad_cells(tmp_path: Path) -> None:
    text = f"{HEADER}\na,2024-04-13,,T,,,\na,2024-04-15,,T,,,\nc,x,,T,,,\n"
    assert len(messages(tmp_path, text)) == 2


def test_the_same_day_and_title_under_other_ids_are_kept_and_flagged(tmp_path: Path) -> None:
    rows = ["a,2024-04-13,T", "b,2024-04-13,T", "c,2024-04-14,T", "d,2024-04-13,U"]
    catalogue = load(tmp_path, "\n".join(["id,date,title", *rows]))
    assert len(catalogue) == 4
    (finding,) = catalogue.findings
    assert (finding.kind, finding.ids) == ("same_day_title", ("a", "b"))
    assert finding.message == "a, b have the same date and title; all are kept."


def test_a_bare_time_is_utc_and_said(tmp_path: Path) -> None:
    rows = ["a,2024-04-13,14:30,T,,,", "b,2024-04-14,14:30Z,T,,,", "c,2024-04-15,08:00,T,,,"]
    catalogue = load(tmp_path, "\n".join([HEADER, *rows]))
    assert catalogue.to_frame()["time"].tolist() == ["14:30Z", "14:30Z", "08:00Z"]
    (finding,) = catalogue.findings
    assert (finding.kind, finding.ids) == ("bare_time", ("a", "c"))
    assert finding.message == "2 events have a time without a zone, taken as UTC: a, c."
    assert bare_time_finding(["a"]).message.startswith("1 event has a time without a zone")


def test_time_utc_is_utc_and_nothing_is_assumed(tmp_path: Path) -> None:
    header = "id,date,title,time,time_utc"
    catalogue = load(tmp_path, f"{header}\na,2024-04-13,T,,20:00\nb,2024-04-13,U,09:00+02:00,\n")
    assert catalogue.to_frame()["time"].tolist() == ["20:00Z", "09:00+02:00"]
    assert "time_utc" not in catalogue.to_frame().columns
    assert catalogue.findings == ()
    (both,) = messages(tmp_path, f"{header}\na,2024-04-13,T,20:00Z,20:00\n")
    assert 'row 2, time: "20:00Z" stands beside time_utc "20:00". Keep one' in both
    (other,) = messages(tmp_path, f"{header}\na,2024-04-13,T,,20:00+02:00\n")
    assert '"20:00+02:00" in time_utc is not in UTC' in other


def test_values_are_typed(tmp_path: Path) -> None:
    rows = [
        "a,2024-04-13,,T,+,yes,3",
        "b,2024-04-13,,U,0,FALSE,2.0",
        "c,2024-04-13,,V,-,True,",
        "d,2024-04-13,,W,,,",
    ]
    frame = load(tmp_path, "\n".join([HEADER, *rows])).to_frame()
    assert frame["direction"].tolist() == ["+", "0", "-", ""]
    assert frame["endogenous"].tolist() == [True, False, True, False]
    assert frame["severity"].tolist()[:2] == [3, 2]
    assert frame["severity"].isna().tolist() == [False, False, True, True]


def problems_of(load: Callable[[], object]) -> tuple[Problem, ...]:
    """Return the problems of our error; any other error passes through."""
    try:
        load()
    except OilshockError as error:
        return error.problems
    return ()


@given(st.binary(max_size=200))
def test_any_bytes_load_or_end_in_one_of_our_errors(data: bytes) -> None:
    found = problems_of(
        lambda: check_rows(read_csv_rows(data, where="x")[0], where="x", error=EventError)
    )
    assert {problem.where for problem in found} == {"x"}


@given(st.lists(st.text(max_size=12), min_size=3, max_size=3))
def test_any_cells_load_or_end_in_one_of_our_errors(cells: list[str]) -> None:
    given_item = dict(zip(("id", "title", "time"), cells, strict=True), date="2024-04-13")
    found = problems_of(lambda: load_events([given_item]))
    assert {problem.field for problem in found} <= {"item 1, id", "item 1, title", "item 1, time"}
    if not found:
        assert load_events([given_item]).to_frame()["title"][0] == cells[1].strip()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id;date;title\na;2024-04-13;A, b\n", "columns separated by semicolons"),
        ('"id";"date";"title"\n"a";"2024-04-13";"A, b"\n', "columns separated by semicolons"),
        ("id\tdate\ttitle\na\t2024-04-13\tA, b\n", "columns separated by tabs"),
        ('id,date,title\na,13/04/2024,"A, b"\n', "dates as day/month/year"),
        ('id,date,title\na,4/13/2024,"A, b"\n', "dates as month/day/year"),
        ('id,date,title\na,13 April 2024,"A, b"\n', "dates with the name of the month"),
        (
            "id;date;title\na;13.04.2024;A, b\n",
            "columns separated by semicolons and dates as day/month/year",
        ),
    ],
)
def test_files_of_offices_are_read_and_said(tmp_path: Path, text: str, said: str) -> None:
    events = load(tmp_path, text)
    (event,) = events.to_frame().to_dict("records")
    assert (event["id"], event["title"]) == ("a", "A, b")
    assert event["date"] == pd.Timestamp(2024, 4, 13)
    assert [one.message for one in events.findings] == [f"The events were read with {said}."]
    assert events.filter(ids=["a"]).findings == events.findings


def test_the_whole_column_settles_the_order(tmp_path: Path) -> None:
    events = load(tmp_path, "id,date,title\na,03/04/2024,T\nb,13/04/2024,U\nc,2024-05-01,V\n")
    days = events.to_frame()["date"].dt.strftime("%Y-%m-%d").tolist()
    assert days == ["2024-04-03", "2024-04-13", "2024-05-01"]


def test_a_plain_file_has_nothing_to_say(tmp_path: Path) -> None:
    assert load(tmp_path, 'id,date,title\na,2024-04-13,"T; u"\n').findings == ()


def test_what_excel_saves_as_unicode_text_is_read(tmp_path: Path) -> None:
    path = tmp_path / "my.txt"
    path.write_bytes("id\tdate\ttitle\r\na\t2024-04-13\tTür\r\n".encode("utf-16"))
    assert load_events(path).to_frame()["title"].tolist() == ["Tür"]


def test_a_missing_file_has_its_nearest_name_and_its_place(tmp_path: Path) -> None:
    (tmp_path / "my-events.csv").write_text("id,date,title\n", encoding="utf-8")
    with pytest.raises(EventError) as caught:
        load_events(tmp_path / "my-event.csv", shown_as="my-event.csv")
    assert str(caught.value) == (
        f"my-event.csv: there is no such file at {tmp_path / 'my-event.csv'}. "
        'Did you mean "my-events.csv"?'
    )
