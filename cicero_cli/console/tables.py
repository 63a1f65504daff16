"""Tables: drawn by rich on a terminal, plain text in a pipe; and how a value stands in a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from cicero_cli.console.language import shown
from cicero_cli.console.remarks import say
from cicero_cli.console.states import Painted, is_state, on_terminal, style_of
from cicero_cli.domain.periods import format_moment
from cicero_cli.words import Text

Row = Mapping[str, Any]
_GAP = 2  # between two columns
_WORD = 40  # no number and no handle is longer; an address or a key may go on in the next line
_NOISE = 100  # from here on a fraction says nothing


def table_text(rows: Sequence[Row], columns: Mapping[str, str]) -> Painted:
    """Rows under their headings: drawn on a terminal, with the columns that it has room for, else plain text."""
    cells = [[cell(row.get(key), key) for key in columns] for row in rows]
    headings = [*map(shown, columns.values())]
    numeric = {
        index for index, key in enumerate(columns) if all(_is_figure(row.get(key)) for row in rows)
    }
    if not on_terminal():
        return Painted(write_plain(headings, cells, numeric))
    states = {index for index, key in enumerate(columns) if is_state(key)}
    drawn, dropped = draw(headings, cells, numeric, [_styles(row, columns) for row in rows], states)
    if dropped:
        say(
            Text(
                "the terminal is too narrow for {columns}; --json has everything",
                columns=", ".join(dropped),
            )
        )
    return Painted(drawn)


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float | None) and not isinstance(value, bool)


def _styles(row: Row, columns: Mapping[str, str]) -> list[str]:
    """Of each cell; a record's lines name the state that they tell."""
    return [
        style_of(row.get("field", key) if key == "value" else key, row.get(key)) for key in columns
    ]


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
    styles: Sequence[Sequence[str]],
    states: set[int],
) -> tuple[str, list[str]]:
    """As a terminal shows it, and the headings of the columns for which it was too narrow: the last ones, states after all others.

    No number or handle is broken.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    rooms = [
        _Room.of([heading, *(line[index] for line in cells)])
        for index, heading in enumerate(headings)
    ]
    chosen = _choose(rooms, states, console.width)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    widths = _widths([rooms[index] for index in chosen], console.width)
    for index, width in zip(chosen, widths, strict=True):
        justify: Literal["right", "left"] = "right" if index in numeric else "left"
        table.add_column(headings[index], justify=justify, width=width, overflow="fold")
    for line, painted in zip(cells, styles, strict=True):
        table.add_row(*(Text(line[index], painted[index]) for index in chosen))
    with console.capture() as captured:
        console.print(table)
    return captured.get(), [
        heading for index, heading in enumerate(headings) if index not in chosen
    ]


class _Room(NamedTuple):
    """The width that a column must have, and the one that it would like."""

    least: int
    most: int

    @classmethod
    def of(cls, column: Sequence[str]) -> _Room:
        from rich.cells import cell_len

        words = [cell_len(word) for each in column for word in each.split(" ")]
        return cls(min(max(words), _WORD), max(map(cell_len, column)))


def _choose(rooms: Sequence[_Room], states: set[int], width: int) -> list[int]:
    """The columns that there is room for; the first always is."""
    chosen = [*range(len(rooms))]

    def is_too_wide() -> bool:
        taken: int = sum(rooms[index].least + _GAP for index in chosen)
        return taken - _GAP > width

    ranked = sorted(chosen[1:], key=lambda index: (index in states, -index))
    dropped = []
    while is_too_wide() and ranked:
        dropped.append(ranked.pop(0))
        chosen.remove(dropped[-1])
    for index in reversed(dropped):  # a narrow one may fit where a wide one left
        chosen = sorted([*chosen, index])
        if is_too_wide():
            chosen.remove(index)
    return chosen


def _widths(rooms: Sequence[_Room], width: int) -> list[int]:
    """What is left over goes to those first that lack the least."""
    widths = [room.least for room in rooms]
    over = width - sum(widths) - _GAP * (len(rooms) - 1)
    lacks = [room.most - room.least for room in rooms]
    for place, index in enumerate(sorted(range(len(rooms)), key=lacks.__getitem__)):
        more = max(min(lacks[index], over // (len(rooms) - place)), 0)
        widths[index] += more
        over -= more
    return widths


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
