"""A sheet before anybody knows its headings: rows of text cells, whatever it came from.

`sheet_csv` makes one from a file's bytes; another source need only give the same. `sheet_headings` finds out what the columns are,
`sheet` which row is which user.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row, and the line of the file that it begins on. Cells that are empty at its end may be missing."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet that hold anything, titles and headings among them.

    `other_tabs`: those of its workbook that list somebody too, and are not read.
    """

    name: str
    rows: Sequence[TableRow]
    other_tabs: Sequence[str] = ()
