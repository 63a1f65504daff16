"""What users and clients were on which days: `user_history`, `client_history`, handles and leave (docs/adr/0024).

Triggers write what happens today; here is what mends the past.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.leave_days import LeaveChange, LeaveDays
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.repositories.roster.audiences import as_tree

_SQL = load_queries("history")


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDays:
    """What a user was from one day to another; None: from ever, until further notice."""

    from_day: date | None
    last_day: date | None
    client_id: str
    nama: str
    title: str | None
    divisi: str | None
    jabatan: str | None
    insta: str | None
    tiktok: str | None
    exception: bool
    status: bool
    leave: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandleSpan:
    """From when up to when a handle counted for a user at one client; None: from ever, until further notice."""

    client_id: str
    platform: str
    username: str
    owned_from: datetime | None
    owned_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Days on which somebody counts as an exception, the last one included."""

    leave_id: int
    first_day: date
    last_day: date
    reason: str
    note: str | None


class HistoryRepository:
    """The past as it is known now."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def patch_user(
        self,
        user_id: str,
        client_id: str,
        from_day: date,
        until_day: date | None,
        fields: Mapping[str, Any],
    ) -> None:
        """Other values for the days from `from_day` up to, and without, `until_day` (None: today).

        Who is put on the roster before the first known day has today's facts on the days between.
        """
        parameters = {
            "user_id": user_id,
            "client_id": client_id,
            "from_day": from_day,
            "until_day": until_day,
            "patch": Jsonb(dict(fields)),
        }
        for step in ("add_earlier_days", "patch_user", "set_leave_again"):
            self._connection.execute(_SQL[step], parameters)

    def move_user(self, user_id: str, client_id: str, from_day: date) -> None:
        """The user came to the own client on `from_day`, with all that the user was elsewhere on the days since."""
        parameters = {"user_id": user_id, "client_id": client_id, "from_day": from_day}
        for step in ("begin_earlier", "move_days", "end_elsewhere", "set_leave_again"):
            self._connection.execute(_SQL[step], parameters)

    def patch_client(self, client_id: str, from_day: date, fields: Mapping[str, Any]) -> None:
        """Other values for the days from `from_day` up to, and without, today."""
        with as_tree():
            self._connection.execute(
                _SQL["patch_client"],
                {"client_id": client_id, "from_day": from_day, "patch": Jsonb(dict(fields))},
            )

    def redate_posts(self, client_id: str, from_day: date) -> None:
        """The posts since `from_day` get the days that `posts_until` says now."""
        self._connection.execute(
            _SQL["redate_posts"], {"client_id": client_id, "from_day": from_day}
        )

    def take_back_handle(
        self, user_id: str, platform: Platform, wrong: str, right: str | None
    ) -> None:
        """`wrong` never was the user's: it counts no more, and past days show `right`."""
        parameters = {
            "user_id": user_id,
            "platform": platform.value,
            "username": wrong,
            "right": right,
        }
        self._connection.execute(_SQL["take_back_handle"], parameters)
        self._connection.execute(_SQL["replace_handle"], parameters)

    def of_user(self, user_id: str) -> Sequence[UserDays]:
        """The newest days first."""
        with self._connection.cursor(row_factory=class_row(UserDays)) as cursor:
            return cursor.execute(_SQL["list_history"], {"user_id": user_id}).fetchall()

    def client_of_day(self, user_id: str, day: date, as_of: datetime | None) -> str | None:
        """The client on whose roster the user was at the end of that day, by what was known at `as_of`; None for none."""
        row = self._connection.execute(
            _SQL["get_client_of_day"],
            {"user_id": user_id, "day": day, "as_of": as_of or datetime.max.replace(tzinfo=UTC)},
        ).fetchone()
        return None if row is None else str(row[0])

    def handles_of(self, user_id: str) -> Sequence[HandleSpan]:
        """Every handle that counts for the user, or did, by platform and name."""
        with self._connection.cursor(row_factory=class_row(HandleSpan)) as cursor:
            return cursor.execute(_SQL["list_handle_spans"], {"user_id": user_id}).fetchall()

    def leave_of(self, user_id: str) -> Sequence[Leave]:
        """The newest first."""
        with self._connection.cursor(row_factory=class_row(Leave)) as cursor:
            return cursor.execute(_SQL["list_leave"], {"user_id": user_id}).fetchall()

    def add_leave(
        self, user_id: str, first_day: date, last_day: date, reason: str, note: str | None
    ) -> None:
        """Days of leave, the last one included."""
        self._connection.execute(
            _SQL["add_leave"],
            {
                "user_id": user_id,
                "first_day": first_day,
                "last_day": last_day,
                "reason": reason,
                "note": note,
            },
        )

    def leave_of_many(self, user_ids: Collection[str]) -> dict[str, Sequence[LeaveDays]]:
        """What is on file of these, the first of each first; without who has none."""
        found: dict[str, list[LeaveDays]] = defaultdict(list)
        rows = self._connection.execute(_SQL["list_leave_of_many"], {"user_ids": [*user_ids]})
        for user_id, first_day, last_day, reason in rows:
            found[user_id].append(LeaveDays(first_day=first_day, last_day=last_day, reason=reason))
        return {**found}

    def change_leave(self, changes: Mapping[str, LeaveChange]) -> None:
        """Leave of many at once, one change of each user; the note of what is changed stays."""
        old = [change.before for change in changes.values()]
        new = [change.after for change in changes.values()]
        self._connection.execute(
            _SQL["save_leave"],
            {
                "user_ids": [*changes],
                "old_first_days": [one and one.first_day for one in old],
                "old_last_days": [one and one.last_day for one in old],
                "old_reasons": [one and one.reason for one in old],
                "first_days": [one and one.first_day for one in new],
                "last_days": [one and one.last_day for one in new],
                "reasons": [one and one.reason for one in new],
            },
        )

    def end_leave(self, leave_id: int, last_day: date) -> None:
        """The leave's last day is this one."""
        self._connection.execute(_SQL["end_leave"], {"leave_id": leave_id, "last_day": last_day})

    def erase_user(self, user_id: str) -> None:
        """Nothing of a removed user stays on past days."""
        self._connection.execute(_SQL["erase_user"], {"user_id": user_id})
