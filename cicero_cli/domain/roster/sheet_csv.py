"""Sheets as CSV: bytes become rows of text with line numbers, and rows become a CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice

from cicero_cli.domain.roster.sheet_headings import LOOKED_AT, count_known
from cicero_cli.domain.roster.sheet_rows import Sheet, TableRow
from cicero_cli.errors import InputError
from cicero_cli.words import reason_of, template

_SAVE_AS = 'save the sheet as "CSV UTF-8" and import that'
_DELIMITERS = ",;\t|"
_WORKBOOK = template("{name} is a workbook or a zip file, not a CSV")
_PACKED = template("{name} is a compressed file; unpack it first")
_BEGINNINGS = (
    (b"PK\x03\x04", _WORKBOOK),
    (b"\xd0\xcf\x11\xe0", template("{name} is an old workbook (XLS), not a CSV")),
    (b"%PDF", template("{name} is a PDF, not a CSV")),
    *((magic, _PACKED) for magic in (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")),
)  # fmt: skip
_WEB_PAGE = re.compile(
    r"\s*<(?:!doctype|!--|html|head|meta|script|body|table|\?xml)(?!\w)", re.IGNORECASE
)


def read_csv(content: bytes, name: str) -> Sheet:
    """The rows of a CSV in UTF-8 or UTF-16 with commas, semicolons, tabs or bars; InputError names the file and the line."""
    text = _decode(content, name)
    return Sheet(
        name, [row for row in _records(text, name) if any(cell.strip() for cell in row.cells)]
    )


def write_csv(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    """A CSV of these columns, every cell as it is given."""
    return write_rows([columns, *([row[column] for column in columns] for row in rows)])


def write_rows(rows: Sequence[Sequence[str]]) -> str:
    """A CSV of these rows, which may be of different lengths."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _decode(content: bytes, name: str) -> str:
    for magic, refusal in _BEGINNINGS:
        if content.startswith(magic):
            raise InputError(refusal, hint=_SAVE_AS, name=name)
    text = _from_utf16(content, name) if _is_utf16(content) else _from_utf8(content, name)
    if _WEB_PAGE.match(text):
        raise InputError(
            "{name} is a web page, not a sheet",
            hint="a link to a sheet that is not shared gives a page to log in: download the sheet as CSV in a browser",
            name=name,
        )
    return text.lstrip("\ufeff")


def _is_utf16(content: bytes) -> bool:
    """Told by its mark, or by the zero that every second byte of most letters is."""
    return content.startswith((b"\xff\xfe", b"\xfe\xff")) or content.count(0) * 3 > len(content) > 0


def _from_utf16(content: bytes, name: str) -> str:
    encoding = "utf-16"
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16-le" if content[1::2].count(0) > content[::2].count(0) else "utf-16-be"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise InputError("{name} line 1 is UTF-16 or no text, not UTF-8", hint=_SAVE_AS, name=name)
    return text


def _from_utf8(content: bytes, name: str) -> str:
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
    # what Excel writes above the headings
    declared = re.match(r'"?sep=(.)"?[,;\t|]*(?:\r\n?|\n)', text, re.IGNORECASE)
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
    """What gives a row the most headings that are known, then the most cells; a comma when nothing does."""

    def headings_and_cells(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        most = (0, 0)
        with suppress(csv.Error):  # what cannot be read is told by who reads all of it
            for row in islice(filter(any, reader), LOOKED_AT):
                most = max(most, (count_known(row), len(row)))
        return most

    return max(_DELIMITERS, key=headings_and_cells)
