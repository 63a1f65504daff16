"""A sheet of users: which column is which field, and which rows can be read at all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from cicero_cli.domain.roster.sheet_cells import guarded_cell, plain_cell
from cicero_cli.domain.roster.sheet_csv import Table, TableRow
from cicero_cli.domain.roster.users import User, normalise_user_field
from cicero_cli.errors import InputError
from cicero_cli.words import Text, reason_of

# Compared lower-case, with anything but letters and digits as one space.
_HEADINGS: dict[str, tuple[str, ...]] = {
    "user_id": ("user id", "userid", "id user", "id", "nrp", "nip", "nrp nip", "nip nrp"),
    "client_id": ("client id", "client"),
    "nama": ("nama", "name", "nama lengkap"),
    "title": ("title", "pangkat", "pangkat title", "title pangkat", "rank"),
    "divisi": ("divisi", "satfung", "satuan fungsi", "bagian", "divisi satfung", "satfung divisi", "division"),
    "jabatan": ("jabatan", "position"),
    "insta": ("insta", "instagram", "ig", "username ig", "username insta", "username instagram", "akun ig", "akun instagram", "link instagram"),
    "tiktok": ("tiktok", "tik tok", "tt", "username tiktok", "username tt", "akun tiktok", "link tiktok"),
    "whatsapp": ("whatsapp", "wa", "hp", "no wa", "no hp", "nomor wa", "nomor hp", "no whatsapp", "nomor whatsapp", "telepon", "no telepon", "nomor telepon", "phone"),
    "email": ("email", "e mail", "surel"),
    "exception": ("exception", "pengecualian", "dikecualikan"),
    "status": ("status", "aktif", "active"),
    "wa_opt_in": ("wa opt in", "opt in"),
}  # fmt: skip
SHEET_COLUMNS = tuple(field.name for field in fields(User) if field.name != "client_id")
_FIELDS = {heading: field for field, headings in _HEADINGS.items() for heading in headings}


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

    columns: Mapping[str, str]
    ignored: Sequence[str]
    rows: Mapping[str, RosterRow]
    bad: Sequence[BadRow]
    user_ids: frozenset[str]

    def heading(self, field: str) -> str:
        """How the file calls a field; the field's own name when it has no such column."""
        return self.columns.get(field, field)


def read_roster(table: Table) -> Roster:
    """The rows of a sheet by user id; InputError when the headings do not say where the ids are.

    A row is bad here when it has more or fewer cells than the headings, or when its id is none or stands in two rows.
    """
    positions, ignored = _match_columns(table)
    if not table.rows:
        raise InputError("{table} has headings but no rows; nothing was changed", table=table.name)
    columns = {field: table.header[index].strip() for field, index in positions.items()}
    bad: list[BadRow] = []
    unread: set[str] = set()
    found: dict[str, list[RosterRow]] = defaultdict(list)
    for row in table.rows:
        if len(row.cells) != len(table.header):
            bad.append(_misshapen(row, len(table.header)))
            unread.update(plain_cell(cell) for cell in row.cells[positions["user_id"] :][:1])
            continue
        cells = {field: row.cells[index] for field, index in positions.items()}
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
    rows_by_id = {user_id: rows[0] for user_id, rows in found.items() if len(rows) == 1}
    return Roster(
        columns=columns,
        ignored=ignored,
        rows=rows_by_id,
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


def _match_columns(table: Table) -> tuple[dict[str, int], list[str]]:
    positions: dict[str, int] = {}
    ignored = []
    for index, heading in enumerate(table.header):
        words = " ".join(re.sub(r"[\W_]+", " ", plain_cell(heading)).split()).lower()
        field = _FIELDS.get(words)
        if field is None:
            if words:
                ignored.append(heading.strip())
        elif field in positions:
            first = table.header[positions[field]].strip()
            raise InputError(
                "{table}: the columns {first!r} and {heading!r} both mean {column}",
                hint="keep one of them, or give the other a heading of another meaning",
                table=table.name,
                first=first,
                heading=heading.strip(),
                column=field,
            )
        else:
            positions[field] = index
    if "user_id" not in positions:
        headings = ", ".join(repr(heading.strip()) for heading in table.header[:8])
        raise InputError(
            "{table} has no column user_id (or NRP, NIP); its first line is {headings}",
            hint="the first line must hold the headings, such as nrp,nama,pangkat,satfung,insta",
            table=table.name,
            headings=headings,
        )
    return positions, ignored


def _misshapen(row: TableRow, width: int) -> BadRow:
    reason = Text(
        "it has {cells} cells where the headings are {headings}: a cell is missing"
        if len(row.cells) < width
        else "it has {cells} cells where the headings are {headings}: a value with a comma needs quotes",
        cells=len(row.cells),
        headings=width,
    )
    return _bad(row.line, "", ", ".join(row.cells), reason)


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
