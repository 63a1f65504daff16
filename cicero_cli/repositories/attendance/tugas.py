"""Which task list whoever gets them was told last, by the data that is kept with its message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
import psycopg

from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.attendance.tugas import NOTHING_TOLD, ToldTasks, read_told
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("tugas")


@dataclass(frozen=True)
class ToldDay:
    """A client's day and who is told of it."""

    client_id: str
    day: date
    recipient: str


class TaskRepository:
    """The task lists of one scope."""

    def __init__(self, connection: psycopg.Connection, scope: Scope) -> None:
        self._connection = connection
        self._scope = scope

    def last_told(self, to: ToldDay) -> ToldTasks:
        """NOTHING_TOLD where there was none that day."""
        row = self._connection.execute(
            _SQL["find_last_list"],
            {
                "client_id": to.client_id,
                "day": to.day,
                "recipient": to.recipient,
                "scope": self._scope,
            },
        ).fetchone()
        if row is None:
            return NOTHING_TOLD
        slot, data = row
        return read_told(int(slot), msgspec.json.decode(data))

    def with_news(self, days: Sequence[ToldDay]) -> dict[ToldDay, datetime | None]:
        """Those whose posts are not the ones that were told last; since when the oldest untold one is known, if there is one."""
        found = self._connection.execute(
            _SQL["list_days_with_news"],
            {
                "client_ids": [one.client_id for one in days],
                "days": [one.day for one in days],
                "recipients": [one.recipient for one in days],
                "scope": self._scope,
                "platforms": list(self._scope.platforms),
            },
        )
        return {ToldDay(*day): untold_since for *day, untold_since in found}
