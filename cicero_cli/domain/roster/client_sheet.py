"""What a sheet of clients would change: a pure comparison with the clients on file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from cicero_cli.domain.roster.blanks import DASHES
from cicero_cli.domain.roster.client_headings import CLIENTS
from cicero_cli.domain.roster.clients import (
    Client,
    from_top,
    is_below_itself,
    normalise_client_id,
)
from cicero_cli.domain.roster.sheet import BadRow
from cicero_cli.domain.roster.sheet_cells import plain_cell
from cicero_cli.domain.roster.sheet_headings import (
    NOTHING_SETTLED,
    Table,
    find_headings,
    require_headings,
    settled_here,
)
from cicero_cli.domain.roster.sheet_presence import find_named
from cicero_cli.domain.roster.sheet_rows import Sheet, TableRow
from cicero_cli.domain.roster.users import normalise_yes_or_no
from cicero_cli.errors import BadValueError, InputError
from cicero_cli.words import Text, reason_of

_YES_OR_NO = frozenset(field.name for field in fields(Client) if field.type == "bool")
_TIMES = frozenset({"fetch_at", "laphar_at", "remind_at", "rekap_at", "tugas_until"})
_REQUIRED = frozenset({"client_id", "nama", "client_type", "timezone", "threshold", "audience"})
_PERCENT = 100

Normalise = Callable[[str, Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientChange:
    """What one row does: a new client (`before` is None) or a known one that differs."""

    line: int
    client: Client
    before: Client | None

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        """Old and new value of every field that differs; of a new client, of every field that is not as by default."""
        blank = Client(client_id=self.client.client_id, nama="")
        pairs = {
            field.name: (
                getattr(self.before or blank, field.name),
                getattr(self.client, field.name),
            )
            for field in fields(Client)
        }
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDiff:
    """New, changed, unchanged and missing clients, and what is wrong, by line. `ignored`: columns that nobody knows.

    `leaving` are the missing who are switched off (`sync`); none is while a bad row may be any client's (`unnamed` are their
    lines). `settled`: what headings of this sheet were said to mean; `above`: the unit above each client, as it shall be.
    """

    new: Sequence[ClientChange]
    changed: Sequence[ClientChange]
    unchanged: int
    missing: Sequence[Client]
    bad: Sequence[BadRow]
    ignored: Sequence[str]
    leaving: Sequence[ClientChange]
    unnamed: Sequence[int]
    settled: Mapping[str, str]
    above: Mapping[str, str | None]

    @property
    def bad_cells(self) -> Sequence[BadRow]:
        """None: a cell of a client that cannot be read makes its row bad."""
        return ()

    @property
    def writes(self) -> list[ClientChange]:
        """Everything that is to be written, the units above before those below."""
        writes = {
            change.client.client_id: change for change in (*self.changed, *self.new, *self.leaving)
        }

        return [writes[client_id] for client_id in from_top(writes, self.above)]

    @property
    def bad_lines(self) -> int:
        """How many rows are bad; one row may be bad in several cells."""
        return len({bad.line for bad in self.bad})


def compare_clients(
    sheet: Sheet,
    known: Sequence[Client],
    normalise: Normalise,
    ignore: Collection[str] = (),
    settled: Mapping[str, str] = NOTHING_SETTLED,
    *,
    required: Collection[str] = (),
    sync: bool = False,
) -> ClientDiff:
    """The diff between a sheet and the clients on file; `normalise` makes a typed value one that is stored, or raises ValueError.

    A cell that is empty, like a column that is not there, leaves its field alone; a dash clears it. `sync`: who is missing is
    switched off, but for a client that the sheet names as the unit above another. InputError when the
    headings do not say which client a row is of, or when one of the `required` headings is not there.
    """
    table = find_headings(sheet, ignore, settled, CLIENTS)
    require_headings(table, required)
    if not table.rows:
        raise InputError("{table} has headings but no rows; nothing was changed", table=table.name)
    before = {client.client_id: client for client in known}
    bad: list[BadRow] = []
    after: dict[str, ClientChange] = {}
    named: Counter[str] = Counter()
    unread: list[TableRow] = []
    for row in table.rows:
        cells = _cells(table, row)
        if not any(cells.values()):
            continue
        try:
            client_id = normalise_client_id(cells.get("client_id", ""))
            _check_shape(table, row)
        except ValueError as error:
            bad.append(_bad(table, row, "client_id", reason_of(error)))
            unread.append(row)
            continue
        named[client_id] += 1
        there = before.get(client_id)
        values, wrong = _read_cells(table, row, cells, normalise)
        if there is None and "nama" not in values and not wrong:
            wrong.append(_bad(table, row, "nama", Text("this client is new and needs a name")))
        if named[client_id] > 1:
            wrong.append(
                _bad(table, row, "client_id", Text("this id stands in another line as well"))
            )
        bad += wrong
        if not wrong:
            blank = there or Client(client_id=client_id, nama="")
            changed = replace(blank, **values)
            after[client_id] = ClientChange(line=row.line, client=changed, before=there)
    bad += _drop_misplaced(table, before, after)
    meant = find_named(unread, (), {client.client_id: _told_by(client) for client in known})
    present = {*named, *_named_above(table)}.union(*meant.values())
    missing = [client for client in known if client.client_id not in present]
    unnamed = [line for line, ids in meant.items() if not ids]
    return ClientDiff(
        new=[change for change in after.values() if change.before is None],
        changed=[c for c in after.values() if c.before is not None and c.before != c.client],
        unchanged=sum(change.before == change.client for change in after.values()),
        missing=missing,
        bad=sorted(bad, key=lambda row: row.line),
        ignored=table.ignored,
        leaving=[
            ClientChange(line=0, client=replace(client, client_status=False), before=client)
            for client in missing
            if sync and client.client_status and not unnamed
        ],
        unnamed=unnamed,
        settled=settled_here(table, settled),
        above=_above(before, after),
    )


def _told_by(client: Client) -> tuple[str | None, ...]:
    """What of a client stands for it in a row whose id cannot be read."""
    return (
        client.client_id,
        client.nama,
        client.client_insta,
        client.client_tiktok,
        client.client_operator,
        client.client_group,
    )


def _named_above(table: Table) -> set[str]:
    """The clients that the sheet names as units above others."""
    index = table.positions.get("under")
    if index is None:
        return set()
    return {plain_cell(row.cells[index]).upper() for row in table.rows if index < len(row.cells)}


def _cells(table: Table, row: TableRow) -> dict[str, str]:
    return {
        field: plain_cell(row.cells[index])
        for field, index in table.positions.items()
        if index < len(row.cells)
    }


def _check_shape(table: Table, row: TableRow) -> None:
    if any(map(plain_cell, row.cells[len(table.header) :])):
        raise BadValueError(
            "it has {cells} cells where the headings are {headings}: a value with a comma needs quotes",
            cells=len(row.cells),
            headings=len(table.header),
        )


def _read_cells(
    table: Table, row: TableRow, cells: Mapping[str, str], normalise: Normalise
) -> tuple[dict[str, Any], list[BadRow]]:
    values: dict[str, Any] = {}
    bad: list[BadRow] = []
    for field, cell in cells.items():
        if field == "client_id" or not cell:
            continue
        try:
            values[field] = normalise(field, _typed(field, cell))
        except ValueError as error:
            bad.append(_bad(table, row, field, reason_of(error)))
    return values, bad


def _typed(field: str, cell: str) -> Any:
    """A cell as the value that an option of `client set` would have."""
    if cell in DASHES:
        if field in _REQUIRED | _YES_OR_NO:
            raise BadValueError("this field cannot be cleared")
        return "default" if field in _TIMES else [] if field == "audience_divisi" else ""
    if field in _YES_OR_NO:
        return normalise_yes_or_no(cell)
    if field == "audience_divisi":
        return re.split(r"[;,\n]", cell.strip("[]").replace('"', ""))
    if field == "threshold":
        return _share(cell)
    return cell


def _share(cell: str) -> float:
    """0.8, 0,8 and 80 % are the same."""
    try:
        number = float(cell.rstrip("% ").replace(",", "."))
    except ValueError:
        raise BadValueError("expected a share above 0 and up to 1, such as 0.5") from None
    return number / _PERCENT if cell.endswith("%") else number


def _drop_misplaced(
    table: Table, before: Mapping[str, Client], after: dict[str, ClientChange]
) -> list[BadRow]:
    """Take out the rows whose place in the tree of units is none; says why."""
    bad: list[BadRow] = []
    rows = {row.line: row for row in table.rows}

    def drop(change: ClientChange, field: str, reason: str) -> None:
        del after[change.client.client_id]
        bad.append(_bad(table, rows[change.line], field, reason))

    for change in [*after.values()]:
        if change.client.audience_divisi and change.client.audience == "own":
            drop(
                change,
                "audience_divisi",
                Text("this is about the units below: audience must be below, or own+below"),
            )
    is_open = True
    while is_open:  # who is dropped may have been the unit above another
        is_open = False
        for change in [*after.values()]:
            above = change.client.under
            if above is not None and above not in after and above not in before:
                drop(change, "under", Text("there is no client {client_id}", client_id=above))
                is_open = True
            elif is_below_itself(change.client.client_id, _above(before, after)):
                drop(change, "under", Text("a unit cannot be below itself"))
                is_open = True
    return bad


def _above(
    before: Mapping[str, Client], after: Mapping[str, ClientChange]
) -> dict[str, str | None]:
    """The unit above each client when the changes are made."""
    known = {client_id: client.under for client_id, client in before.items()}
    return known | {client_id: change.client.under for client_id, change in after.items()}


def _bad(table: Table, row: TableRow, field: str, reason: str) -> BadRow:
    index = table.positions.get(field)
    heading = field if index is None else " ".join(table.header[index].split())
    value = "" if index is None or index >= len(row.cells) else row.cells[index].strip()
    return BadRow(line=row.line, column=heading, value=value, reason=reason)
