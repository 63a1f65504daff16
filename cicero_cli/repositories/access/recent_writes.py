"""Rows of `recent_writes`: the same write sent twice within minutes is done once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import psycopg

from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("recent_writes")


@dataclass(frozen=True, slots=True)
class Write:
    """What is written: where (`write_key`), and what by whom (`body_hash`)."""

    write_key: str
    body_hash: str


class RecentWriteRepository:
    """What was written just now."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def claim(self, write: Write, *, until: datetime, now: datetime) -> bool:
        """Refuse the same until then; False when it is refused already."""
        return self._execute("claim_write", write, until=until, now=now) == 1

    def remember(self, write: Write, *, until: datetime) -> None:
        """It is done: refuse the same until then."""
        self._execute("remember_write", write, until=until)

    def release(self, write: Write) -> None:
        """It failed, so it may be sent again."""
        self._execute("release_write", write)

    def _execute(self, query: str, write: Write, **values: datetime) -> int:
        return self._connection.execute(_SQL[query], {**asdict(write), **values}).rowcount
