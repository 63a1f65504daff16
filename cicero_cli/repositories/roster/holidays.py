"""Rows of `holiday`, and the days off that they and the clients' own rules make."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import psycopg

from cicero_cli.domain.roster.days_off import DayOff, Holiday, name_day_off
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("holidays")


class HolidayRepository:
    """Rows are ended, never removed: reports as of an earlier moment stand."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def list(self, client_id: str | None = None, *, first_day: date | None = None) -> list[Holiday]:
        """Those that hold, by day; with a client those that are of all or its own."""
        asked = {"client_id": client_id, "first_day": first_day}
        return [
            Holiday._make(row) for row in self._connection.execute(_SQL["list_holidays"], asked)
        ]

    def add(self, holiday: Holiday) -> bool:
        """False when the day is a holiday of the same already."""
        return bool(self._connection.execute(_SQL["add_holiday"], holiday._asdict()).rowcount)

    def end(self, day: date, client_id: str | None) -> bool:
        """False when there is no such holiday."""
        asked = {"day": day, "client_id": client_id}
        return bool(self._connection.execute(_SQL["end_holiday"], asked).rowcount)

    def days_off(
        self, client_id: str, first_day: date, last_day: date, as_of: datetime | None = None
    ) -> Sequence[DayOff]:
        """The client's days off from the first to the last day, in order; `as_of` what was known then."""
        asked = {
            "client_id": client_id,
            "first_day": first_day,
            "last_day": last_day,
            "as_of": as_of or datetime.max.replace(tzinfo=UTC),
        }
        rows = self._connection.execute(_SQL["list_days_off"], asked)
        return [name_day_off(day, holiday) for day, holiday in rows]

    def day_off(self, client_id: str, day: date, as_of: datetime | None = None) -> str | None:
        """Why this day is off; None when it is not."""
        return next((one.name for one in self.days_off(client_id, day, day, as_of)), None)
