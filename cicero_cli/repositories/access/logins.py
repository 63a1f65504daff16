"""Rows of `login_failures`: what slows guessing."""

from __future__ import annotations

from datetime import datetime

import psycopg

from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("logins")


class LoginRepository:
    """Failed log-ins in a row, per subject (a name or an address)."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def begin(self, subject: str, *, free: int, now: datetime) -> int | None:
        """Count one attempt; None when it may be judged now, else the seconds to wait.

        From the `free`th failure in a row on there is a wait, which doubles from a second to a quarter of an hour.
        """
        self._connection.execute(_SQL["remove_forgotten_failures"], {"now": now})
        found = self._connection.execute(
            _SQL["begin_login"], {"subject": subject, "free": free, "now": now}
        ).fetchone()
        if found is not None:
            return None
        return self.find_wait(subject, now=now) or 1

    def find_wait(self, subject: str, *, now: datetime) -> int | None:
        """The seconds that this subject has to wait; None when its next attempt may be judged. Counts nothing."""
        row = self._connection.execute(
            _SQL["find_login_wait"], {"subject": subject, "now": now}
        ).fetchone()
        return int(row[0]) if row and row[0] > 0 else None

    def forget(self, subject: str) -> None:
        """The secret was right: this one starts at none again."""
        self._connection.execute(_SQL["forget_failures"], {"subject": subject})

    def take_back(self, subject: str, *, now: datetime) -> None:
        """The attempt that was just counted was a good one; the failures before it stay."""
        self._connection.execute(_SQL["return_attempt"], {"subject": subject, "now": now})
