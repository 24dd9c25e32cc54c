"""Text files of prices: separators, lines above the header, lines below the data."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from oilshock.errors import PriceError, Problem
from oilshock.price_columns import Choice, choose, find_header
from oilshock.price_dialect import looks_like_a_date
from oilshock.price_rows import Cells
from oilshock.quality import Finding, counted, listed

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}

Numbered = list[tuple[int, list[str]]]


def csv_cells(data: bytes, *, where: str, choice: Choice) -> Cells:
    """Read the dates and prices of a text file.

    Parameters
    ----------
    data : bytes
        The whole file: UTF-8 or UTF-16, with or without a byte order mark.
    where : str
        Its name in messages.
    choice : Choice
        What the user said of it.

    Returns
    -------
    Cells
        As they stand in the file, with notes on what was found round them.

    Raises
    ------
    PriceError
        When it is no text, is empty, or lacks a column.
    """
    text = decoded(data, where=where)
    columns = _even_columns(text)
    if columns and find_header([[column[0] for column in columns]], choice=choice) == 0:
        date, price = choose([column[0] for column in columns], where=where, choice=choice)
        dates, prices = ([text.strip() for text in columns[i]] for i in (date, price))
        numbers: Sequence[int] = range(2, len(dates) + 1)
        if dates[-1] and looks_like_a_date(dates[-1]):
            return Cells(
                where,
                dates[0],
                prices[0],
                numbers,
                dates[1:],
                prices[1:],
                order=choice.order,
                decimal=choice.decimal,
            )
    delimiter, records = _split(text, where=where, choice=choice)
    cells = table_cells(records, where=where, choice=choice, delimiter=delimiter)
    if delimiter == ",":
        return cells
    note = Finding("layout", 1, f"The file is separated by {DELIMITERS[delimiter]}.", ())
    return Cells(**{**vars(cells), "notes": (note, *cells.notes)})


def csv_header(data: bytes, *, where: str, choice: Choice) -> list[str]:
    """Read the names of the columns of a text file.

    Parameters
    ----------
    data : bytes
        The whole file.
    where : str
        Its name in messages.
    choice : Choice
        What the user said of it.

    Returns
    -------
    list of str
        Those of the first row where no header shows.

    Raises
    ------
    PriceError
        When it is no text, or is empty.
    """
    _, records = _split(decoded(data, where=where), where=where, choice=choice)
    top = find_header([row for _, row in records], choice=choice) or 0
    return [cell.strip() for cell in records[top][1]]


def table_cells(records: Numbered, *, where: str, choice: Choice, delimiter: str = ",") -> Cells:
    """Find the header, the dates and the prices in a table of texts.

    Parameters
    ----------
    records : list of (int, list of str)
        Row number and cells of each row that is not empty.
    where : str
        The file, for messages.
    choice : Choice
        What the user said of it.
    delimiter : str, default ","
        What separates its columns.

    Returns
    -------
    Cells
        Without the lines above the header and below the data, which notes tell of.

    Raises
    ------
    PriceError
        When a column is missing.
    """
    top = find_header([row for _, row in records], choice=choice) or 0
    header, rows = records[top][1], records[top + 1 :]
    date, price = choose(header, where=where, choice=choice)
    rows, footer = _without_footer(rows, date=date, price=price)
    wide = {
        number: _too_wide(where, number=number, found=len(row), width=len(header))
        for number, row in rows
        if any(cell.strip() for cell in row[len(header) :])
    }
    # Their cells may stand under wrong columns.
    rows = [(number, row) for number, row in rows if number not in wide]
    notes = [
        Finding("layout", len(lines), f"{said} {place} left out: {listed(lines, most=3)}.", ())
        for lines, place in (
            ([_line(row) for _, row in records[:top]], "above the header"),
            (footer, "below the data"),
        )
        if lines
        for said in [counted(len(lines), one="line", many="lines")]
    ]
    return Cells(
        where,
        header[date].strip(),
        header[price].strip(),
        [number for number, _ in rows],
        [row[date].strip() if len(row) > date else "" for _, row in rows],
        [row[price].strip() if len(row) > price else "" for _, row in rows],
        order=choice.order,
        decimal=choice.decimal,
        delimiter=delimiter,
        notes=tuple(notes),
        problems=tuple(wide.items()),
    )


def _line(row: Sequence[str]) -> str:
    text = " ".join(cell.strip() for cell in row if cell.strip())
    return f'"{text[:60]}..."' if len(text) > 60 else f'"{text}"'


def _without_footer(rows: Numbered, *, date: int, price: int) -> tuple[Numbered, list[str]]:
    """Take off the last rows that hold neither a date nor a price."""
    end = len(rows)
    while end:
        row = rows[end - 1][1]
        day = row[date].strip() if len(row) > date else ""
        value = row[price].strip() if len(row) > price else ""
        first = day or next((cell.strip() for cell in row if cell.strip()), "")
        is_price = any(sign.isdigit() for sign in value) and not any(map(str.isalpha, value))
        if looks_like_a_date(first) or is_price:
            break
        end -= 1
    footer = [_line(row) for _, row in rows[end:] if any(cell.strip() for cell in row)]
    return rows[:end] if footer else rows, footer


def _split(text: str, *, where: str, choice: Choice) -> tuple[str, Numbered]:
    """Split by the separator under which a header shows; commas where none does."""
    first: tuple[str, Numbered] | None = None
    wrong: PriceError | None = None
    for delimiter in DELIMITERS:
        if delimiter != "," and delimiter not in text:
            continue
        try:
            records = _records(text, delimiter=delimiter, where=where)
        except PriceError as error:
            wrong = wrong or error
            continue
        if find_header([row for _, row in records], choice=choice) is not None:
            return delimiter, records
        first = first or (delimiter, records)
        if len(records[0][1]) > len(first[1][0][1]):
            first = (delimiter, records)
    if wrong is not None:
        raise wrong
    assert first is not None
    return first


def _records(text: str, *, delimiter: str, where: str) -> Numbered:
    """Return the file line and fields of each record that is not empty."""
    reader = csv.reader(io.StringIO(text), strict=True, delimiter=delimiter)
    try:
        records = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise PriceError.of(
            where,
            f"this is not CSV: {error}.",
            field=f"row {open_quote(text) or reader.line_num}",
            fix="Close every quotation mark.",
        ) from error
    while records and not any(cell.strip() for cell in records[0][1]):
        records.pop(0)
    if not records:
        fix = "Give a file with a date and a price column."
        raise PriceError.of(where, "the file is empty.", fix=fix)
    return records


def open_quote(text: str) -> int:
    """Return the first line, from 1, that opens a quotation mark and leaves it open; else 0."""
    lines = enumerate(text.split("\n"), 1)
    return next((number for number, line in lines if line.count('"') % 2), 0)


def _even_columns(text: str) -> list[list[str]]:
    """Split a file without quotation marks whose lines have the same number of commas.

    Most price files are such, and this takes a fifth of the time of reading records.
    """
    lines = text.rstrip("\n").split("\n")
    commas = lines[0].count(",")
    is_blank = not lines[0].strip(", \t")
    if is_blank or not commas or '"' in text:
        return []
    if any(line.count(",") != commas for line in lines):
        return []
    cells = ",".join(lines).split(",")
    return [cells[i :: commas + 1] for i in range(commas + 1)]


def decoded(data: bytes, *, where: str) -> str:
    """Return the text of a file in UTF-8 or UTF-16, its line ends made alike."""
    is_wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_text(where) from error
    if "\0" in text:
        raise _not_text(where)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _not_text(where: str) -> PriceError:
    fix = "Save it as CSV in UTF-8 (in Excel: CSV UTF-8)."
    return PriceError(Problem(where, "the file is binary or not text in UTF-8.", fix=fix))


def _too_wide(where: str, *, number: int, found: int, width: int) -> Problem:
    return Problem(
        where,
        f"the row has {found} fields, the header has {width}.",
        f"row {number}",
        "Put numbers with commas in quotation marks, or separate the columns by semicolons.",
    )
