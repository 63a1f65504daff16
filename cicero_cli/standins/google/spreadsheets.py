"""The spreadsheets that the stand-in holds, and how Google gives them out."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote


class Access(StrEnum):
    """Who may read a sheet."""

    PUBLIC = "public"  # anybody with the link
    SHARED = "shared"  # the service account
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Shown:
    """A number whose format shows something else, such as 8,50101E+07."""

    value: float
    text: str


Cell = str | int | float | bool | Shown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One tab and its rows from the first on."""

    title: str = "Sheet1"
    gid: int = 0
    rows: Sequence[Sequence[Cell]] = ()
    hidden: bool = False

    def values(self) -> list[list[Any]]:
        """As UNFORMATTED_VALUE: ragged, without empty cells and rows at the end."""
        rows = [[_plain(cell) for cell in row] for row in self.rows]
        for row in rows:
            while row and row[-1] == "":
                row.pop()
        while rows and not rows[-1]:
            rows.pop()
        return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreadsheet:
    """One spreadsheet. `published_key`: that of its published copy; `is_office`: an Excel file that was never converted."""

    key: str
    title: str = "Personel"
    tabs: Sequence[Tab] = (Tab(),)
    access: Access = Access.PUBLIC
    published_key: str = ""
    is_office: bool = False

    def find(self, gid: str) -> Tab | None:
        """The tab of this gid; the first without one."""
        return next((tab for tab in self.tabs if not gid or str(tab.gid) == gid), None)

    def about(self) -> dict[str, Any]:
        """What the API tells of it."""
        tabs = [
            {
                "sheetId": tab.gid,
                "title": tab.title,
                "index": index,
                "sheetType": "GRID",
                "gridProperties": {"rowCount": max(1000, len(tab.rows)), "columnCount": 26},
                **({"hidden": True} if tab.hidden else {}),
            }
            for index, tab in enumerate(self.tabs)
        ]
        return {
            "properties": {"title": self.title, "locale": "in_ID", "timeZone": "Asia/Jakarta"},
            "sheets": [{"properties": tab} for tab in tabs],
        }


def as_csv(tab: Tab) -> bytes:
    """Cells as they are shown, CRLF between lines and none at the end."""
    out = io.StringIO()
    width = max(map(len, tab.rows), default=0)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([[*map(_shown, row), *[""] * (width - len(row))] for row in tab.rows])
    return out.getvalue().removesuffix("\r\n").encode()


def as_workbook(sheet: Spreadsheet) -> bytes:
    """All tabs as XLSX."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        for tab in sheet.tabs:
            page = book.add_worksheet(tab.title)
            for line, row in enumerate(tab.rows):
                for column, cell in enumerate(row):
                    page.write(line, column, _plain(cell))
            if tab.hidden:
                page.hide()
    return out.getvalue()


def disposition(name: str) -> str:
    """The header that names the file."""
    plain = name.encode("ascii", "ignore").decode().replace('"', "")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


def _plain(cell: Cell) -> Any:
    value = cell.value if isinstance(cell, Shown) else cell
    return "" if value is None else value


def _shown(cell: Cell) -> str:
    if isinstance(cell, Shown):
        return cell.text
    return str(cell).upper() if isinstance(cell, bool) else str(_plain(cell))
