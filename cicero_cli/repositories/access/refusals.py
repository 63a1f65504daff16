"""Rows of `refusals`: how often somebody was turned away."""

from __future__ import annotations

from datetime import datetime

import psycopg

from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("refusals")


class RefusalRepository:
    """Counts per hour and kind: a few rows, however many are turned away."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def count(self, kind: str, *, now: datetime) -> int:
        """One more; gives how many of this kind there were in this hour."""
        row = self._connection.execute(_SQL["count_refusal"], {"kind": kind, "now": now}).fetchone()
        refused = int(row[0]) if row else 1
        if refused == 1:
            self._connection.execute(_SQL["remove_old_refusals"], {"now": now})
        return refused

    def sum(self, *, since: datetime) -> dict[str, int]:
        """How many of each kind since the beginning of that hour."""
        return dict(self._connection.execute(_SQL["sum_refusals"], {"since": since}).fetchall())
