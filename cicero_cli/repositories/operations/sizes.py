"""How large the database is, table by table, and was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import psycopg
from psycopg.rows import class_row

from cicero_cli.repositories.database.rows import sure_row
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("sizes")
_SPAN = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSize:
    """A table with its indexes; `rows` as PostgreSQL estimates them. `…_then`: on the first of the last 30 days that is known."""

    name: str
    rows: int
    bytes: int
    day_then: date | None
    bytes_then: int | None


def read_database_size(connection: psycopg.Connection) -> int:
    """Bytes on disk."""
    return int(sure_row(connection.execute(_SQL["read_database_size"]).fetchone())[0])


def list_table_sizes(connection: psycopg.Connection, *, day: date) -> Sequence[TableSize]:
    """Every table, the largest first."""
    with connection.cursor(row_factory=class_row(TableSize)) as cursor:
        parameters = {"day": day, "since": day - _SPAN}
        return cursor.execute(_SQL["list_table_sizes"], parameters).fetchall()


def save_table_sizes(connection: psycopg.Connection, *, day: date) -> None:
    """Remember how large the tables are on this day."""
    connection.execute(_SQL["save_table_sizes"], {"day": day})
