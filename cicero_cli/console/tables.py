"""Tables: drawn by rich on a terminal, plain text in a pipe; and how a value stands in a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cicero_cli.console.language import shown
from cicero_cli.words import Text

Row = Mapping[str, Any]


def plain_table(rows: Sequence[Row], columns: Mapping[str, str]) -> str:
    """Rows under their headings, for a result that is text with tables in it."""
    cells = [[cell(row.get(key)) for key in columns] for row in rows]
    return write_plain(list(map(shown, columns.values())), cells, set())


def write_plain(headings: Sequence[str], cells: Sequence[Sequence[str]], numeric: set[int]) -> str:
    from tabulate import tabulate

    alignment = ["right" if index in numeric else "left" for index in range(len(headings))]
    table = tabulate(
        cells,
        headings,
        tablefmt="plain",
        colalign=alignment if cells else None,
        disable_numparse=True,
    )
    return "".join(line.rstrip() + "\n" for line in table.splitlines())


def draw(headings: Sequence[str], cells: Sequence[Sequence[str]], numeric: set[int]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, heading in enumerate(headings):
        table.add_column(heading, justify="right" if index in numeric else "left", overflow="fold")
    for line in cells:
        table.add_row(*(Text(cell) for cell in line))
    Console().print(table)


def cell(value: Any) -> str:
    """As a table shows it: on one line, and nothing in it that a terminal would obey."""
    words = _words(value)
    if words.isprintable():
        return words
    spaced = " ".join(words.split())
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in spaced)


def _words(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return shown("yes") if value else shown("no")
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case float():
            return f"{value:g}"
        case list() | tuple():
            return " ".join(str(part) for part in value)
    return shown(value) if isinstance(value, Text) else str(value)


def csv_cell(value: Any) -> str:
    """As for a person, but nothing is rounded or left out; a text that a spreadsheet would run stands behind an apostrophe."""
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat()
        case int() | float():
            return _words(value)
    from cicero_cli.domain.roster.sheet_cells import without_formula

    return without_formula(_words(value))
