"""How many rows and columns the tabs of a workbook take up, before a library makes room for them all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])([^>]*)")
_NUMBER = re.compile(rb"""\br=["'](\d{1,9})["']""")
_CELL = re.compile(rb"""<(?:\w+:)?c(?=[\s/>])""")
_REPEATED = "table:number-{}-repeated"


def measure_xlsx(xml: bytes, most_rows: int) -> tuple[int, int]:
    """The rows of a tab, and the cells of its widest row: by their count, whether they say where they stand or not.

    Nothing is counted any more behind `most_rows`.
    """
    height = width = 0
    row = _ROW.search(xml)
    while row and height <= most_rows:
        following = _ROW.search(xml, row.end())
        number = _NUMBER.search(row[1])
        height = max(height + 1, int(number[1]) if number else 0)
        cells = _CELL.finditer(xml, row.end(), following.start() if following else len(xml))
        width = max(width, sum(1 for _ in cells))
        row = following
    return height, width


def measure_ods(xml: bytes) -> list[tuple[int, int]]:
    """The rows and columns of each tab as far as cells hold something; ValueError for what is no ODS, or declares entities."""
    counter = _Counter()
    parser = expat.ParserCreate()
    parser.StartElementHandler = counter.begin
    parser.EndElementHandler = counter.end
    parser.EntityDeclHandler = counter.refuse
    try:
        parser.Parse(xml, True)  # noqa: FBT003 - expat takes no names
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    return counter.extents


class _Counter:
    """Where the last cell of each tab stands that holds something."""

    def __init__(self) -> None:
        self.extents: list[tuple[int, int]] = []
        self._row = self._column = self._height = self._width = self._filled = 0

    def begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        match tag:
            case "table:table":
                self._row = self._height = self._width = 0
            case "table:table-row":
                self._column = self._filled = 0
                self._row += _times(attributes, "rows")
            case "table:table-cell" | "table:covered-table-cell":
                self._column += _times(attributes, "columns")
                if "office:value-type" in attributes or "table:formula" in attributes:
                    self._filled = self._column
            case "text:p":
                self._filled = self._column

    def end(self, tag: str) -> None:
        if tag == "table:table-row" and self._filled:
            self._height, self._width = self._row, max(self._width, self._filled)
        elif tag == "table:table":
            self.extents.append((self._height, self._width))

    def refuse(self, *_: object) -> None:
        raise ValueError("it declares entities")


def _times(attributes: Mapping[str, str], what: str) -> int:
    written = attributes.get(_REPEATED.format(what), "1")
    return int(written) if written.isdecimal() else 1
