"""Cicero_V2's own database, read only, in one snapshot, and never whole in memory.

Its tables have had other columns every few months, so rows come as JSON: a column that is not there is absent. The
statements are made here and stand in no file: a table's name cannot be a parameter, and these tables are not ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

import psycopg
from psycopg import sql

from cicero_cli.repositories.database.refusals import (
    refused_address,
    refused_connection,
    translated_errors,
)

_ROWS_AT_ONCE = 20  # a row of likes may hold a megabyte of objects
Json = dict[str, Any]


class V2Source:
    """What stands in Cicero_V2's tables."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def timezone(self) -> str:
        """The zone that the database itself writes times in."""
        return str(self._one("SHOW TimeZone"))

    def has(self, table: str) -> bool:
        """Whether there is such a table."""
        return self._one("SELECT to_regclass(quote_ident(%s))", table) is not None

    def count(self, table: str) -> int:
        """How many rows a table has, 0 when there is none."""
        if not self.has(table):
            return 0
        statement = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        return int(cast("int", self._one(statement)))

    def rows(self, table: str) -> Iterator[Json]:
        """Every row of a table, nothing when there is none."""
        if self.has(table):
            statement = sql.SQL("SELECT row_to_json(t) FROM {} AS t").format(sql.Identifier(table))
            yield from (row for (row,) in self._stream(statement))

    def posts(self, table: str, key: str, readings: str) -> Iterator[tuple[Json, Json]]:
        """Every post with the row of its likes or comments, which may be empty."""
        if not self.has(table):
            return
        names = {
            "posts": sql.Identifier(table),
            "readings": sql.Identifier(readings),
            "key": sql.Identifier(key),
        }
        statement = "SELECT row_to_json(p), row_to_json(r) FROM {posts} AS p LEFT JOIN {readings} AS r USING ({key})"
        if not self.has(readings):
            statement = "SELECT row_to_json(p), NULL FROM {posts} AS p"
        for post, reading in self._stream(sql.SQL(statement).format(**names)):
            yield post, reading or {}

    def latest_reading(self, table: str) -> datetime | None:
        """When a table of likes or comments was written last, as it stands there; None when it does not say."""
        known = "SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = 'updated_at'"
        if not self._one(known, table):
            return None
        statement = sql.SQL("SELECT max(updated_at) FROM {}").format(sql.Identifier(table))
        return cast("datetime | None", self._one(statement))

    def _stream(self, statement: sql.Composed) -> Iterator[tuple[Any, ...]]:
        with self._connection.cursor(name="v2") as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            yield from cursor.execute(statement)

    def _one(self, statement: Any, *values: object) -> object:
        row = self._connection.execute(statement, values or None).fetchone()
        return None if row is None else row[0]


@contextmanager
def open_v2(address: str) -> Iterator[V2Source]:
    """Connect to Cicero_V2's database, where nothing can be written."""
    with translated_errors():
        try:
            connection = psycopg.connect(address, connect_timeout=10)
        except psycopg.ProgrammingError as error:
            raise refused_address(error, hint="check --from") from None
        except psycopg.OperationalError as error:
            reason = str(error).strip().splitlines()[0]
            raise refused_connection(reason, hint="check --from") from error
        with connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            yield V2Source(connection)
