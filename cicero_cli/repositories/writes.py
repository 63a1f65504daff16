"""Rows of `recent_writes`: the same write sent twice within minutes is done once."""

from __future__ import annotations

from datetime import datetime

import psycopg

from cicero_cli.repositories.sql_files import load_queries

_SQL = load_queries("writes")


class WriteRepository:
    """What was written just now, by key and body."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def claim(self, write_key: str, body_hash: str, *, seconds: int, now: datetime) -> bool:
        """False when the last write under this key, less than `seconds` ago, had the same body."""
        claimed = self._connection.execute(
            _SQL["claim_write"],
            {"write_key": write_key, "body_hash": body_hash, "seconds": seconds, "now": now},
        )
        return claimed.rowcount == 1

    def release(self, write_key: str) -> None:
        """The write failed, so it may be sent again."""
        self._connection.execute(_SQL["release_write"], {"write_key": write_key})
