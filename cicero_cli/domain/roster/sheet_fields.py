"""What the cells of one row of a sheet of users say, and which of them cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cicero_cli.domain.roster.blanks import DASHES
from cicero_cli.domain.roster.leave_days import (
    LEAVE_FIELDS,
    LeaveChange,
    LeaveDays,
    plan_leave,
    read_leave,
)
from cicero_cli.domain.roster.sheet import BadRow, Roster, RosterRow
from cicero_cli.domain.roster.sheet_cells import plain_cell
from cicero_cli.domain.roster.users import User, normalise_user_field
from cicero_cli.words import Text, reason_of

_REQUIRED = frozenset({"user_id", "client_id", "nama", "status", "wa_opt_in"})
_OWN_COST = frozenset({"insta", "tiktok", "whatsapp"})  # whose bad cell costs no more than the cell


def read_cells(
    roster: Roster, row: RosterRow, present: User | None, client_id: str
) -> tuple[dict[str, Any], list[BadRow], list[BadRow]]:
    """The values of a row; what makes it bad as a whole; which cells cannot be read."""
    values: dict[str, Any] = {}
    bad: list[BadRow] = []
    unread: list[BadRow] = []
    for field, written in row.cells.items():
        cell = plain_cell(written)
        if field == "user_id" or field in LEAVE_FIELDS or not cell:
            continue
        if present and cell == getattr(present, field):
            continue
        try:
            value = None if cell in DASHES else normalise_user_field(field, cell)
        except ValueError as error:
            wrong = unread if field in _OWN_COST else bad
            wrong.append(bad_cell(roster, row, field, reason_of(error)))
            continue
        if field == "client_id":
            if value != client_id:
                reason = Text("this import is for client {client_id}", client_id=client_id)
                bad.append(bad_cell(roster, row, field, reason))
        elif value is None and cell in DASHES and field in _REQUIRED:
            bad.append(bad_cell(roster, row, field, Text("this field cannot be cleared")))
        elif value is not None or cell in DASHES:
            values[field] = False if value is None and field == "exception" else value
    is_named = "nama" in values or any(cell.column == roster.heading("nama") for cell in bad)
    if present is None and not is_named:
        bad.append(bad_cell(roster, row, "nama", Text("this user is new and needs a name")))
    if present and not present.wa_opt_in:
        values.pop("wa_opt_in", None)  # who refused is not asked again because a sheet says so
    return values, bad, unread


def read_row_leave(
    roster: Roster, row: RosterRow, on_file: Sequence[LeaveDays]
) -> tuple[LeaveChange | None, list[BadRow]]:
    """What a row changes of its person's leave, and which of its cells cannot be read."""
    wanted, wrong = read_leave(row.cells)
    if wanted is None:
        return None, [bad_cell(roster, row, field, reason) for field, reason in wrong.items()]
    try:
        return plan_leave(wanted, on_file), []
    except ValueError as error:
        return None, [bad_cell(roster, row, "mulai", reason_of(error))]


def bad_cell(roster: Roster, row: RosterRow, field: str, reason: str) -> BadRow:
    """What is wrong with the cell of this field, under the heading as the file has it."""
    value = row.cells.get(field, "").strip()
    return BadRow(line=row.line, column=roster.heading(field), value=value, reason=reason)
