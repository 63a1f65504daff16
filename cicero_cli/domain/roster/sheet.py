"""A sheet of users: which column is which field, and which rows can be read at all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields

from cicero_cli.domain.roster.sheet_cells import guarded_cell, plain_cell
from cicero_cli.domain.roster.sheet_headings import NOTHING_SETTLED, Table, find_headings
from cicero_cli.domain.roster.sheet_rows import Sheet, TableRow
from cicero_cli.domain.roster.users import User, normalise_user_field
from cicero_cli.errors import InputError
from cicero_cli.words import Text, reason_of

SHEET_COLUMNS = tuple(field.name for field in fields(User) if field.name != "client_id")
_DEGREE = re.compile(  # behind a name and a comma; III.a is none, but a civil servant's rank
    r"(?:S|M|A\.?M|Sp|Ph)\.[a-z.]{1,8}|S\.?H|S\.?E|M\.?M|M\.?H|S\.?I\.?K", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """Why a row cannot be imported: the cell as the file has it, under the heading as the file has it."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class RosterRow:
    """The cells of one user that say something, by field; not yet normalised."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A sheet whose columns are known. `user_ids` are all that it names, in good rows and bad ones."""

    table: Table
    columns: Mapping[str, str]
    rows: Mapping[str, RosterRow]
    bad: Sequence[BadRow]
    user_ids: frozenset[str]

    def heading(self, field: str) -> str:
        """How the file calls a field; the field's own name when it has no such column."""
        return self.columns.get(field, field)


def read_roster(
    sheet: Sheet, ignore: Collection[str] = (), settled: Mapping[str, str] = NOTHING_SETTLED
) -> Roster:
    """The rows of a sheet by user id; InputError when the headings do not say where the ids are.

    A row is bad here when it has more cells that say something than there are headings, when a comma of its name shifts it,
    or when its id is none or stands in two rows. Columns of the headings `ignore` are not read;
    `settled` has the fields of headings that nobody could know.
    """
    table = find_headings(sheet, ignore, settled)
    if not table.rows:
        raise InputError("{table} has headings but no rows; nothing was changed", table=table.name)
    columns = {
        field: " ".join(table.header[index].split()) for field, index in table.positions.items()
    }
    bad: list[BadRow] = []
    unread: set[str] = set()
    found: dict[str, list[RosterRow]] = defaultdict(list)
    for row in table.rows:
        if reason := _misshapen(row, table):
            bad.append(_bad(row.line, "", ", ".join(row.cells), reason))
            unread.update(plain_cell(cell) for cell in row.cells[table.positions["user_id"] :][:1])
            continue
        cells = {
            field: row.cells[index] if index < len(row.cells) else ""
            for field, index in table.positions.items()
        }
        if not any(plain_cell(cell) for cell in cells.values()):
            continue  # it has a running number or a remark, and nobody
        written = plain_cell(cells["user_id"])
        try:
            user_id = str(normalise_user_field("user_id", written))
        except ValueError as error:
            reason = (
                reason_of(error)
                if written
                else Text("it is empty; every row needs an NRP, NIP or id")
            )
            bad.append(_bad(row.line, columns["user_id"], cells["user_id"], reason))
            continue
        found[user_id].append(RosterRow(row.line, {f: c for f, c in cells.items() if c.strip()}))
    for rows in found.values():
        bad.extend(_duplicates(rows, columns["user_id"]))
    return Roster(
        table=table,
        columns=columns,
        rows={user_id: rows[0] for user_id, rows in found.items() if len(rows) == 1},
        bad=bad,
        user_ids=frozenset(unread.union(found)),
    )


def sheet_row(user: User) -> dict[str, str]:
    """One user as cells of a sheet, which `read_roster` reads back unchanged."""
    cells = {column: getattr(user, column) for column in SHEET_COLUMNS}
    if user.whatsapp:
        cells["whatsapp"] = f"+{user.whatsapp}"  # or 8190… would be read as an Indonesian 08190…
    return {column: guarded_cell(_cell(column, value)) for column, value in cells.items()}


def _cell(column: str, value: object) -> str:
    if column == "status":
        return "aktif" if value else "nonaktif"
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return "" if value is None else str(value)


def _misshapen(row: TableRow, table: Table) -> str:
    """Why the cells of a row do not stand under their headings; "" when they do, or when only empty cells are missing or too many."""
    width = len(table.header)
    behind_name = table.positions.get("nama", width) + 1
    cell = plain_cell(row.cells[behind_name]) if behind_name < min(width, len(row.cells)) else ""
    is_shifted = behind_name in table.positions.values() and _DEGREE.fullmatch(cell) is not None
    if len(row.cells) > width and (is_shifted or any(map(plain_cell, row.cells[width:]))):
        return Text(
            "it has {cells} cells where the headings are {headings}: a value with a comma needs quotes",
            cells=len(row.cells),
            headings=width,
        )
    if is_shifted:
        return Text("{cell} belongs to the name: a value with a comma needs quotes", cell=cell)
    return ""


def _duplicates(rows: Sequence[RosterRow], heading: str) -> list[BadRow]:
    if len(rows) == 1:
        return []
    lines = [row.line for row in rows]
    reasons = [
        Text(
            "this id stands in line {line} as well",
            line=next(line for line in lines if line != row.line),
        )
        for row in rows
    ]
    return [
        _bad(row.line, heading, row.cells["user_id"], reason)
        for row, reason in zip(rows, reasons, strict=True)
    ]


def _bad(line: int, column: str, value: str, reason: str) -> BadRow:
    return BadRow(line=line, column=column, value=value.strip(), reason=reason)
