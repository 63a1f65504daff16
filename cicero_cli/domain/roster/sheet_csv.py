"""Sheets as CSV: bytes become a table of text with line numbers, and rows become a CSV that spreadsheets leave alone."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cicero_cli.errors import InputError
from cicero_cli.words import reason_of

_SAVE_AS = 'save the sheet as "CSV UTF-8" and import that'
_DELIMITERS = ",;\t"
_FORMULA = frozenset("=+-@\t\r＝＋－＠")  # noqa: RUF001 - Excel takes the full-width forms for formulas too
_UNSEEN = "\u200b\ufeff"
_EXACT_DIGITS = 11  # a spreadsheet shows longer numbers as 6,28E+12, and saves what it shows


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row, and the line of the file that it begins on."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its headings as they are written, and the rows that hold anything."""

    name: str
    header: Sequence[str]
    rows: Sequence[TableRow]


def read_csv(content: bytes, name: str) -> Table:
    """A table from a CSV in UTF-8 with commas, semicolons or tabs; InputError names the file and the line."""
    text = _decode(content, name)
    rows = [row for row in _records(text, name) if any(cell.strip() for cell in row.cells)]
    if not rows:
        raise InputError(
            "{name} is empty",
            hint="the first line holds the headings, such as nrp,nama,insta",
            name=name,
        )
    return Table(name, rows[0].cells, rows[1:])


def write_csv(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    """A CSV of these columns, every cell as it is given."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row[column] for column in columns] for row in rows)
    return out.getvalue()


def _decode(content: bytes, name: str) -> str:
    if content.startswith(b"PK\x03\x04"):
        raise InputError("{name} is a workbook or a zip file, not a CSV", hint=_SAVE_AS, name=name)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content.count(0) * 3 > len(content) > 0:
        raise InputError("{name} line 1 is UTF-16 or no text, not UTF-8", hint=_SAVE_AS, name=name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # the position counts from after the byte order mark, which error.object lacks too
        before = error.object[: error.start]
        line = len(before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))
        context = re.split(rb"[\r\n]", before)[-1][-20:].decode("utf-8", errors="ignore")
        raise InputError(
            "{name} line {line} is not UTF-8: byte 0x{byte:02X} after {context!r}",
            hint=_SAVE_AS,
            name=name,
            line=line,
            byte=error.object[error.start],
            context=context,
        ) from error


def _records(text: str, name: str) -> Iterator[TableRow]:
    declared = re.match(
        r"sep=(.)\r?\n", text, re.IGNORECASE
    )  # what Excel writes above the headings
    delimiter = declared[1] if declared else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if not (declared and line == 1):
                yield TableRow(line, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            "{name} line {line} cannot be read as CSV: {reason}",
            hint='a quote (") is not closed, or stands inside a value and is not doubled',
            name=name,
            line=line,
            reason=reason_of(error),
        ) from error


def _delimiter(text: str) -> str:
    """What splits the headings into the most cells; a comma when nothing does."""

    def cells(delimiter: str) -> int:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            return next((len(row) for row in reader if any(row)), 0)
        except csv.Error:
            return 0

    return max(_DELIMITERS, key=cells)
