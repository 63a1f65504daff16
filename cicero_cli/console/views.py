"""What a person asks of a list: which columns, in which order, which rows; the same for every one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, NamedTuple

from cicero_cli.console.language import shown
from cicero_cli.console.options import View
from cicero_cli.console.tables import Row, cell
from cicero_cli.errors import InputError
from cicero_cli.words import Text


class Seen(NamedTuple):
    """What is left of a list: its rows, the headings by their keys, and what is to be said of it."""

    rows: Sequence[Row]
    columns: Mapping[str, str]
    notes: Sequence[str] = ()


def see(rows: Sequence[Row], columns: Mapping[str, str], view: View) -> Seen:
    """The list as the view wants it; InputError for a column that it has not."""
    keys = list(rows[0]) if rows else []
    headings = dict(columns) or {key: key for key in keys}
    known = [*dict.fromkeys([*headings, *keys])]
    notes: list[str] = []
    if view.search is not None:
        held = _holding(rows, view.search)
        if rows and not held:
            notes.append(Text("no row holds {words!r}", words=view.search))
        rows = held
    for name in reversed(view.sort.split(",") if view.sort else []):
        rows = _sorted(rows, name, known, headings)
    if view.limit is not None and len(rows) > view.limit:
        notes.append(Text("{shown:,} of {count:,} rows", shown=view.limit, count=len(rows)))
        rows = rows[: view.limit]
    if view.columns:
        chosen = [_key(name, known, headings) for name in view.columns.split(",")]
        headings = {key: headings.get(key, key) for key in chosen}
        rows = [{key: row.get(key) for key in chosen} for row in rows]
    return Seen(rows, headings, notes)


def _holding(rows: Sequence[Row], words: str) -> list[Row]:
    wanted = words.casefold()
    return [row for row in rows if any(wanted in cell(each).casefold() for each in row.values())]


def _sorted(
    rows: Sequence[Row], name: str, known: Sequence[str], headings: dict[str, str]
) -> list[Row]:
    """By one column, `-` before its name for the largest first; what is blank stands at the end either way."""
    key = _key(name.strip().removeprefix("-"), known, headings)
    told = [row for row in rows if row.get(key) is not None]
    blank = [row for row in rows if row.get(key) is None]
    return [
        *sorted(told, key=lambda row: _rank(row[key]), reverse=name.strip().startswith("-")),
        *blank,
    ]


def _rank(value: Any) -> tuple[int, Any]:
    match value:
        case bool() | int() | float():
            return 0, value
        case datetime():
            return 1, value.timestamp()
        case date():
            return 1, datetime.combine(value, datetime.min.time()).timestamp()
    return 2, cell(value).casefold()


def _key(name: str, known: Sequence[str], headings: dict[str, str]) -> str:
    """The column that is called so, by its key or its heading."""
    name = name.strip()
    called = {shown(heading).casefold(): key for key, heading in headings.items()}
    called |= {key.casefold(): key for key in known}
    if name.casefold() in called:
        return called[name.casefold()]
    near = get_close_matches(name.casefold(), called, n=1)
    raise InputError(
        "there is no column {name!r}; there are {columns}",
        hint=Text("is it {near}?", near=near[0]) if near else "",
        name=name,
        columns=", ".join(known),
    )
