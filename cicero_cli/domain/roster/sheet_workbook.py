"""Sheets as workbooks: XLSX, XLS and ODS become rows of text, every number as the workbook holds it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from html import unescape
from typing import Any

from cicero_cli.domain.roster.sheet_extent import measure_ods, measure_xlsx
from cicero_cli.domain.roster.sheet_rows import Sheet, TableRow
from cicero_cli.domain.roster.sheet_tabs import choose_sheet
from cicero_cli.errors import InputError
from cicero_cli.words import template

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MOST_BYTES = 300_000_000  # unpacked
_MOST_PARTS = 5_000
_MOST_ROWS, _MOST_CELLS = 200_000, 5_000_000
_ROUNDED_FROM = 10**15  # a workbook keeps 15 digits
_REFERENCE = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br=["\']([A-Z]{1,3})(\d{1,7})["\']([^>]*)>')
_NUMBER = re.compile(rb"\s*(?:<[^>]*f\b.*?(?:/>|</[^>]*f>)\s*)?<(?:\w+:)?v>(\d{6,})(?:\.0+)?</")
_FAILED = re.compile(
    rb"\s*(?:<[^>]*f\b.*?(?:/>|</[^>]*f>)\s*)?<(?:\w+:)?v>(#[A-Z/0?!]{2,10})</", re.DOTALL
)
_UNSAFE = re.compile(
    r"externalLinks/|vbaProject\.bin$|^(?:Basic/.+/(?!script-l[bc]\.xml)|Scripts/.)", re.IGNORECASE
)
_MACROS_OLE = "_VBA_PROJECT".encode("utf-16-le")
_ENCRYPTED_OLE = "EncryptedPackage".encode("utf-16-le")

_SAVE_PLAIN = template("open it, take the password off, and save it again")
_NOT_SAFE = template("save it again as a plain XLSX (Excel workbook), without macros and links")


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are those of a workbook that can be read, or of one that is refused with its reason."""
    if content.startswith(_OLE):
        return True
    if not content.startswith(_ZIP):
        return False
    names = _names(content)
    return any(name in names for name in ("xl/workbook.xml", "xl/workbook.bin", "content.xml"))


def read_workbook(content: bytes, name: str, *, tab: str | None = None) -> Sheet:
    """The rows of one tab: the one of this name in any case, else the first that has headings, or holds anything.

    InputError for a workbook that is encrypted, has macros or links to other files, unpacks to too much, or has no such tab.
    """
    if tab is None:
        sheet = choose_sheet(
            {other: Sheet(name, rows) for other, rows in _filled_tabs(content, name)}
        )
        if sheet is not None:
            return sheet
    for _, rows in _filled_tabs(content, name, lambda names: _choose_tab(names, tab, name)):
        return Sheet(name, rows)
    raise InputError("{name} is empty", name=name)


def read_tabs(content: bytes, name: str) -> dict[str, Sheet]:
    """Every tab that holds anything and is not hidden, by its name; InputError as above."""
    return {tab: Sheet(f"{name} - {tab}", rows) for tab, rows in _filled_tabs(content, name)}


def _filled_tabs(
    content: bytes, name: str, choose: Callable[[Sequence[str]], Sequence[str]] | None = None
) -> Iterator[tuple[str, list[TableRow]]]:
    """The chosen tabs that hold anything, one after the other as they are asked for; else all that are not hidden."""
    exact = _look_inside(content, name)
    from python_calamine import CalamineError, PasswordError, SheetVisibleEnum, load_workbook

    try:
        book = load_workbook(io.BytesIO(content))
        shown = [
            one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible
        ]
        for tab in choose(book.sheet_names) if choose else shown:
            sheet = book.get_sheet_by_name(tab)
            cells = sheet.to_python(skip_empty_area=False)
            _fill_down(cells, sheet.merged_cell_ranges or ())
            rows = [*_rows(cells, exact.get(tab, {}))]
            if rows:
                yield tab, rows
    except PasswordError as error:
        raise _locked(name) from error
    except CalamineError as error:
        raise InputError(
            "{name} cannot be read as a workbook: {reason}", name=name, reason=str(error)
        ) from error


def _choose_tab(names: Sequence[str], tab: str | None, book: str) -> list[str]:
    if tab is None:  # nothing that is shown holds anything
        return [*names]
    for name in names:
        if name.casefold().strip() == tab.casefold().strip():
            return [name]
    raise InputError(
        "{book} has no tab {tab!r}",
        hint="there are: {names}",
        book=book,
        tab=tab,
        names=", ".join(map(repr, names[:20])),
    )


def _fill_down(
    cells: list[list[Any]], merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    """What stands in cells of a column that are one holds for each of their rows: a division beside all its people."""
    for (top, left), (bottom, right) in merged:
        if left == right and bottom < len(cells):
            for row in cells[top + 1 : bottom + 1]:
                row[left] = cells[top][left]


def _rows(
    rows: Sequence[Sequence[Any]], exact: Mapping[tuple[int, int], str]
) -> Iterator[TableRow]:
    for index, row in enumerate(rows):
        cells = [exact.get((index, place)) or _text(value) for place, value in enumerate(row)]
        if any(cells):
            while cells and not cells[-1]:
                cells.pop()
            yield TableRow(index + 1, cells)


def _text(value: Any) -> str:
    match value:
        case bool():
            return "ya" if value else "tidak"
        case float() if value.is_integer() and abs(value) < _ROUNDED_FROM:
            return str(int(value))
        case float():
            return f"{value:.15G}"  # as a sheet shows what it has rounded, so that it is refused by name
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time() | timedelta():
            return str(value)
    return " ".join(str(value).split()) if value is not None else ""


def _look_inside(content: bytes, name: str) -> dict[str, dict[tuple[int, int], str]]:
    """Refuse what is not safe to read; of an XLSX also its long numbers by tab, row and column, as they are written."""
    if content.startswith(_OLE):
        if _ENCRYPTED_OLE in content:
            raise _locked(name)
        if _MACROS_OLE in content:
            raise _unsafe(name)
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _check_parts(packed.infolist(), name)
            names = packed.namelist()
            if "xl/workbook.bin" in names:
                raise InputError(
                    "{name} is a binary workbook (XLSB), not an XLSX", hint=_NOT_SAFE, name=name
                )
            if "content.xml" in names:
                _check_ods(packed, name)
                return {}
            return {
                tab: _long_numbers(_unpack(packed, part), name)
                for tab, part in _parts_of_tabs(packed).items()
                if part in names
            }
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
    ) as error:  # RuntimeError: encrypted
        raise InputError(
            "{name} cannot be read as a workbook: {reason}", name=name, reason=str(error)
        ) from error


def _parts_of_tabs(packed: zipfile.ZipFile) -> dict[str, str]:
    """Which part of an XLSX each tab lies in."""
    if "xl/workbook.xml" not in packed.namelist():
        return {}
    targets = {
        _attribute(word, "Id"): _attribute(word, "Target").removeprefix("/xl/")
        for word in _tags(_unpack(packed, "xl/_rels/workbook.xml.rels"), "Relationship")
    }
    return {
        _attribute(word, "name"): f"xl/{targets.get(_attribute(word, 'id'), '')}"
        for word in _tags(_unpack(packed, "xl/workbook.xml"), "sheet")
    }


def _tags(xml: bytes, name: str) -> list[str]:
    return re.findall(rf"<(?:\w+:)?{name}\b[^>]*>", xml.decode(errors="replace"))


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b(?:\w+:)?{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def _check_parts(parts: Sequence[zipfile.ZipInfo], name: str) -> None:
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES:
        raise InputError("{name} unpacks to more than 300 MB; is it the right file?", name=name)
    for part in parts:
        if _UNSAFE.search(part.filename):
            raise _unsafe(name)


def _check_ods(packed: zipfile.ZipFile, name: str) -> None:
    manifest = "META-INF/manifest.xml"
    if manifest in packed.namelist() and b"encryption-data" in _unpack(packed, manifest):
        raise _locked(name)
    try:
        extents = measure_ods(_unpack(packed, "content.xml"))
    except ValueError as error:
        raise InputError(
            "{name} cannot be read as a workbook: {reason}", name=name, reason=str(error)
        ) from error
    for height, width in extents:
        _check_extent(height, width, name)


def _long_numbers(xml: bytes, name: str) -> dict[tuple[int, int], str]:
    """Whole numbers of six digits and more as the file writes them: longer than a float, and never taken for a date.

    What a formula could not give (`#REF!`) stays too, so that it is named and no empty cell.
    """
    numbers: dict[tuple[int, int], str] = {}
    last_row = last_column = 0
    for cell in _REFERENCE.finditer(xml):
        row, column = int(cell[2]) - 1, _column(cell[1])
        last_row, last_column = max(last_row, row), max(last_column, column)
        kind = re.search(rb't="(\w+)"', cell[3])
        if kind and kind[1] not in {b"n", b"e"}:
            continue
        number = (_FAILED if kind and kind[1] == b"e" else _NUMBER).match(xml, cell.end())
        if number:
            numbers[row, column] = number[1].decode()
    height, width = measure_xlsx(xml, _MOST_ROWS)
    _check_extent(max(last_row + 1, height), max(last_column + 1, width), name)
    return numbers


def _check_extent(height: int, width: int, name: str) -> None:
    if height > _MOST_ROWS or height * width > _MOST_CELLS:
        raise _too_large(name)


def _unpack(packed: zipfile.ZipFile, part: str) -> bytes:
    """A part of the size that its head says: without a size, all is unpacked that is there, whatever the head said."""
    with packed.open(part) as unpacking:
        return unpacking.read(packed.getinfo(part).file_size + 1)


def _column(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - ord("A") + 1
    return index - 1


def _too_large(name: str) -> InputError:
    return InputError(
        "{name} has more than {rows:,} rows or {cells:,} cells; is it the right file?",
        name=name,
        rows=_MOST_ROWS,
        cells=_MOST_CELLS,
    )


def _unsafe(name: str) -> InputError:
    return InputError("{name} holds macros or links to other files", hint=_NOT_SAFE, name=name)


def _locked(name: str) -> InputError:
    return InputError("{name} is locked with a password", hint=_SAVE_PLAIN, name=name)


def _names(content: bytes) -> frozenset[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return frozenset(packed.namelist()[:_MOST_PARTS])
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return frozenset()
