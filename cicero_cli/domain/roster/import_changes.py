"""What an import changed of whom, as it is kept, and what became of these users since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from cicero_cli.domain.roster.leave_days import LeaveChange, as_json, from_json
from cicero_cli.domain.roster.undone_fields import Days
from cicero_cli.domain.roster.users import User
from cicero_cli.words import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportChange:
    """The fields of one user that an import changed. `before` is None for a new user, whose `after` has every field; both have every
    field of one who came from another client. `after` also has `leave`, before and after, when the import changed that.

    `gone_on`: when the user was removed or transferred since.
    """

    user_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]
    gone_on: date | None = None

    @property
    def former(self) -> str | None:
        """The client that the user came from by the import."""
        return None if self.before is None else self.before.get("client_id")

    @property
    def leave(self) -> LeaveChange | None:
        """What the import changed of the user's leave."""
        if "leave" not in self.after:
            return None
        before, after = self.after["leave"]
        return LeaveChange(before=from_json(before), after=from_json(after))


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysSince(Days):
    """What a user was to the client from one day of the time since the import on, leave included."""

    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is not taken back, and why. `key`: the id of the user or client; `field` is empty for the whole of it."""

    key: str
    nama: str
    field: str
    reason: str


def change_of(before: User | None, after: User, leave: LeaveChange | None = None) -> ImportChange:
    """What an import keeps of one user: the fields that differ, or all of one who is new or comes from another client; and leave."""
    names = [field.name for field in fields(User) if field.name not in {"user_id", "client_id"}]
    if before is not None and before.client_id != after.client_id:
        differing = ["client_id", *names]
    else:
        differing = [
            name
            for name in names
            if before is None or getattr(before, name) != getattr(after, name)
        ]
    changed_leave = {"leave": [as_json(leave.before), as_json(leave.after)]} if leave else {}
    return ImportChange(
        user_id=after.user_id,
        before=None if before is None else {name: getattr(before, name) for name in differing},
        after={name: getattr(after, name) for name in differing} | changed_leave,
    )


def kept_field(user: User, field: str) -> Kept:
    """That a field is not taken back because somebody has changed it since."""
    reason = Text("was changed since, and stays")
    return Kept(key=user.user_id, nama=user.nama, field=field, reason=reason)
