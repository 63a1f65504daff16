"""Tables: drawn by rich on a terminal, plain text in a pipe; and how a value stands in a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cicero_cli.console.language import shown
from cicero_cli.domain.periods import format_moment
from cicero_cli.words import Text

if TYPE_CHECKING:
    from rich.table import Table

Row = Mapping[str, Any]
STATES = frozenset({"status", "state", "verdict"})
"""The columns whose words are coloured on a terminal."""
_ENDLESS = 100_000
_NOISE = 100  # from here on a fraction says nothing
_GOOD = ("done", "sent", "ok", "ready", "applied", "lengkap")
_DOUBTFUL = ("partial", "queued", "sending", "warn", "pending", "kurang", "running")
_BAD = ("failed", "unknown", "expired", "bad", "interrupted", "belum", "tanpa_username")
_COLOURS = {
    **dict.fromkeys(_GOOD, "green"),
    **dict.fromkeys(_DOUBTFUL, "yellow"),
    **dict.fromkeys(_BAD, "red"),
}


def plain_table(rows: Sequence[Row], columns: Mapping[str, str]) -> str:
    """Rows under their headings, for a result that is text with tables in it."""
    cells = [[cell(row.get(key), key) for key in columns] for row in rows]
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


def draw(
    headings: Sequence[str],
    cells: Sequence[Sequence[str]],
    numeric: set[int],
    states: set[int],
) -> list[str]:
    """On a terminal; gives the headings of the last columns, for which it was too narrow. No number or handle is broken."""
    from rich.console import Console

    console = Console()
    room = console.options.update(max_width=_ENDLESS)
    for count in range(len(headings), 0, -1):
        table = _table(headings[:count], cells, numeric, states)
        if table.__rich_measure__(console, room).minimum <= console.width or count == 1:
            console.print(table)
            return [*headings[count:]]
    return []


def _table(
    headings: Sequence[str], cells: Sequence[Sequence[str]], numeric: set[int], states: set[int]
) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, heading in enumerate(headings):
        is_whole = not any(" " in line[index] for line in cells)
        table.add_column(
            heading,
            justify="right" if index in numeric else "left",
            no_wrap=is_whole and len(headings) > 1,
            overflow="fold",
        )
    for line in cells:
        table.add_row(
            *(
                Text(each, style=_COLOURS.get(each, "") if index in states else "")
                for index, each in enumerate(line[: len(headings)])
            )
        )
    return table


def cell(value: Any, key: str = "") -> str:
    """As a table shows it: on one line, and nothing in it that a terminal would obey; an id has no thousands."""
    words = str(value) if type(value) is int and key.endswith("id") else _words(value)
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
            return format_moment(value)
        case int() | float():
            return _figure(value)
        case list() | tuple():
            return " ".join(str(part) for part in value)
    return shown(value) if isinstance(value, Text) else str(value)


def _figure(value: float) -> str:
    """With thousands, and no more digits than mean something."""
    if isinstance(value, int) or abs(value) >= _NOISE:
        return shown("{number:,.0f}", number=value)
    return shown("{number:.3g}", number=value)


def csv_cell(value: Any) -> str:
    """As for a person, but nothing is rounded or left out; a text that a spreadsheet would run stands behind an apostrophe."""
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat()
        case int():
            return str(value)
        case float():
            return f"{value:.15g}"
    from cicero_cli.domain.roster.sheet_cells import without_formula

    return without_formula(_words(value))
