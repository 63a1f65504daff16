"""What a sheet of users would change: a pure comparison with the users on file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any

from cicero_cli.domain.roster.leave_days import LeaveChange, LeaveDays
from cicero_cli.domain.roster.sheet import BadRow, Roster
from cicero_cli.domain.roster.sheet_fields import bad_cell, read_cells, read_row_leave
from cicero_cli.domain.roster.sheet_presence import find_likely, find_named_users, with_likely
from cicero_cli.domain.roster.user_id_doubts import digits_of, doubt_user_id
from cicero_cli.domain.roster.users import User
from cicero_cli.words import Text

_HANDLES = ("insta", "tiktok")

Handle = tuple[str, str]
NO_EXTRA: Mapping[str, Sequence[Handle]] = MappingProxyType({})
NOBODY: Mapping[str, User] = MappingProxyType({})
NO_LEAVE: Mapping[str, Sequence[LeaveDays]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one row does: a new user (`before` is None) or a known one who differs, or whose `leave` does."""

    line: int
    user: User
    before: User | None
    leave: LeaveChange | None = None

    @property
    def differs(self) -> bool:
        """Whether anything is to be written."""
        return self.before != self.user or self.leave is not None

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        """Old and new value of every field that differs, the client too; of a new user, of every field that says something."""
        pairs = {
            field.name: (
                getattr(self.before, field.name) if self.before else None,
                getattr(self.user, field.name),
            )
            for field in fields(User)
            if field.name != "user_id" and (self.before or field.name != "client_id")
        }
        if self.leave:
            before, after = self.leave.before, self.leave.after
            pairs["leave"] = (before and str(before), after and str(after))
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterDiff:
    """New, changed, unchanged and missing users, and every bad row by its line.

    `bad_cells` cannot be read, and their rows count all the same: what is on file stays. `leaving` are the missing who are
    deactivated (`sync`); nobody is while a bad row may be anybody's (`unnamed` are their lines). `foreign` are refused
    because they are another client's.
    """

    new: Sequence[Change]
    changed: Sequence[Change]
    unchanged: int
    missing: Sequence[User]
    bad: Sequence[BadRow]
    bad_cells: Sequence[BadRow] = ()
    leaving: Sequence[Change] = ()
    unnamed: Sequence[int] = ()
    foreign: Sequence[str] = ()

    @property
    def coming(self) -> list[Change]:
        """Who comes from another client."""
        return [c for c in self.changed if c.before and c.before.client_id != c.user.client_id]

    @property
    def writes(self) -> list[Change]:
        """Everything that is to be written."""
        return [*self.new, *self.changed, *self.leaving]

    @property
    def bad_lines(self) -> int:
        """How many rows are bad; one row may be bad in several cells."""
        return len({bad.line for bad in self.bad})


def compare_roster(
    roster: Roster,
    *,
    client_id: str,
    known: Sequence[User],
    elsewhere: Mapping[str, str | None],
    extra: Mapping[str, Sequence[Handle]] = NO_EXTRA,
    sync: bool = False,
    coming: Mapping[str, User] = NOBODY,
    going: Collection[str] = (),
    leave: Mapping[str, Sequence[LeaveDays]] = NO_LEAVE,
) -> RosterDiff:
    """The diff between a sheet and the `known` users of its client.

    `elsewhere` says which other client has an id, None for one that must not be named; `extra` which handles somebody has
    beside the main one, which a sheet leaves alone. `sync`: who is missing is no longer expected. `coming` are users of other
    clients who shall become this one's, active unless the sheet says otherwise; `going` are not missed; `leave` is on file.

    A cell that is empty, like a column that is not there, leaves its field alone; a dash clears it.
    """
    before = {user.user_id: user for user in known}
    digits = {digits_of(user_id): user for user_id, user in before.items()}
    bad: list[BadRow] = []
    bad_cells: list[BadRow] = []
    after: dict[str, Change] = {}
    spoiled: set[str] = set()
    likely: set[str] = set()
    unnamed: list[int] = []
    named_by_line = find_named_users(roster, known)
    for unread in roster.bad:
        user = find_likely(unread, roster, digits)
        bad.append(with_likely(unread, user) if user else unread)
        meant = {user.user_id} if user else named_by_line.get(unread.line)
        likely |= meant or set()
        unnamed += [] if meant else [unread.line]
    for user_id, row in roster.rows.items():
        there = before.get(user_id) or coming.get(user_id)
        present = _as_ones_own(there, client_id) if there else None
        alike = digits.get(digits_of(user_id))
        if user_id in elsewhere and user_id not in coming:
            other = elsewhere[user_id]
            reason = (
                Text("this user belongs to client {client_id}", client_id=other)
                if other
                else Text("this user belongs to another client")
            )
            bad.append(bad_cell(roster, row, "user_id", reason))
        elif present is None and (doubt := doubt_user_id(user_id, alike)):
            bad.append(bad_cell(roster, row, "user_id", doubt))
            likely |= {alike.user_id} if alike else set()
            _, wrong, lost = read_cells(roster, row, alike, client_id)
            bad += [*wrong, *lost]  # so that all of the row is mended at once
        else:
            values, wrong, lost = read_cells(roster, row, present, client_id)
            blank = present or User(user_id=user_id, client_id=client_id, nama="")
            changed = replace(blank, **values)
            away, unread_days = read_row_leave(roster, row, leave.get(user_id, ()))
            after[user_id] = Change(line=row.line, user=changed, before=there, leave=away)
            bad_cells += [*lost, *unread_days]
            if wrong:
                spoiled.add(user_id)
                bad += wrong
    named = roster.user_ids.union(likely, going)
    missing = [user for user in known if user.user_id not in named]
    leaving = {
        user.user_id: Change(line=0, user=replace(user, status=False), before=user)
        for user in missing
        if sync and user.status and not unnamed
    }
    after |= leaving
    bad += _drop_conflicts(before, after, spoiled, roster, extra)
    after = {user_id: change for user_id, change in after.items() if user_id not in leaving}
    left_out = {row.line for row in bad}
    bad += [cell for cell in bad_cells if cell.line in left_out]
    return RosterDiff(
        new=[change for change in after.values() if change.before is None],
        changed=[c for c in after.values() if c.before is not None and c.differs],
        unchanged=sum(not change.differs for change in after.values()),
        missing=missing,
        bad=sorted(bad, key=lambda row: row.line),
        bad_cells=[cell for cell in bad_cells if cell.line not in left_out],
        leaving=[*leaving.values()],
        unnamed=unnamed,
        foreign=[
            user_id for user_id in roster.rows if user_id in elsewhere and user_id not in coming
        ],
    )


def _as_ones_own(user: User, client_id: str) -> User:
    """The user as one of this client, who is active there whatever the former client said."""
    return user if user.client_id == client_id else replace(user, client_id=client_id, status=True)


def _drop_conflicts(
    before: Mapping[str, User],
    after: dict[str, Change],
    spoiled: set[str],
    roster: Roster,
    extra: Mapping[str, Sequence[Handle]],
) -> list[BadRow]:
    """Take out the rows that would give an active user the handle of another; says why, with both names.

    Who has a handle on file keeps it; of several who would newly take it, nobody gets it. A row that is taken out
    leaves its user as before, who may then stand in the way of another row: hence the loop. The `spoiled` rows are bad
    already and go in the first round; who would share a handle with one of them is named first.
    """

    def handles(user: User) -> list[Handle]:
        return [*_main_handles(user), *(extra.get(user.user_id, ()) if user.status else ())]

    state = {**before, **{user_id: change.user for user_id, change in after.items()}}
    holders: dict[Handle, set[str]] = defaultdict(set)
    for user in state.values():
        for handle in handles(user):
            holders[handle].add(user.user_id)
    bad = []
    contested = {handle for handle, user_ids in holders.items() if len(user_ids) > 1}
    dropped = set(spoiled)
    while contested or dropped:
        for handle in sorted(contested):
            everyone = sorted(holders[handle])
            for user_id in everyone:
                if user_id not in before or handle not in handles(before[user_id]):
                    other = state[next(other for other in everyone if other != user_id)]
                    bad.append(_conflict(roster, after[user_id], handle, other, after))
                    dropped.add(user_id)
        touched = set()
        for user_id in dropped:
            for handle in handles(after.pop(user_id).user):
                holders[handle].discard(user_id)
            if user_id in before:
                state[user_id] = before[user_id]
                for handle in handles(before[user_id]):
                    holders[handle].add(user_id)
                    touched.add(handle)
        contested = {handle for handle in touched if len(holders[handle]) > 1}
        dropped = set()
    return bad


def _main_handles(user: User) -> list[Handle]:
    if not user.status:
        return []
    return [(field, handle) for field in _HANDLES if (handle := getattr(user, field))]


def _conflict(
    roster: Roster, change: Change, handle: Handle, other: User, after: Mapping[str, Change]
) -> BadRow:
    field, username = handle
    line = after[other.user_id].line if other.user_id in after else None
    return BadRow(
        line=change.line,
        column=roster.heading(field),
        value=username,
        reason=Text(
            "{name} ({user_id}) and {other} ({other_id}, line {line}) cannot both have this handle"
            if line
            else "{name} ({user_id}) and {other} ({other_id}, on file) cannot both have this handle",
            name=change.user.nama or Text("no name"),
            user_id=change.user.user_id,
            other=other.nama or Text("no name"),
            other_id=other.user_id,
            line=line,
        ),
    )
