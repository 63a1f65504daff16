"""How large the database is, how fast it grows, and how long the disk lasts."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cicero_cli.domain.periods import HOME_ZONE, local_day
from cicero_cli.repositories.database.store import Connection
from cicero_cli.repositories.operations.sizes import (
    TableSize,
    list_table_sizes,
    read_database_size,
)


@dataclass(frozen=True)
class Sizes:
    """What `cicero db status` says of a database that is current."""

    total: int
    tables: Sequence[TableSize]
    free: int | None  # on the disk of the embedded database; nobody knows that of another server
    day: date

    @property
    def since(self) -> date | None:
        """The day from which the growth is reckoned."""
        return min((table.day_then for table in self.tables if table.day_then), default=None)

    @property
    def bytes_per_day(self) -> float | None:
        """None where no earlier size is known; a table that was not there then grew from nothing."""
        if self.since is None:
            return None
        grown = sum(table.bytes - (table.bytes_then or 0) for table in self.tables)
        return grown / (self.day - self.since).days

    def document(self) -> dict[str, Any]:
        """`{bytes, bytes_per_day, since, bytes_free, tables: [{name, rows, bytes, bytes_per_day}]}`."""
        return {
            "bytes": self.total,
            "bytes_per_day": self.bytes_per_day,
            "since": self.since,
            "bytes_free": self.free,
            "tables": [
                {
                    "name": table.name,
                    "rows": table.rows,
                    "bytes": table.bytes,
                    "bytes_per_day": _per_day(table, self.day),
                }
                for table in self.tables
            ],
        }


def read_sizes(connection: Connection, data_dir: Path | None, *, now: datetime) -> Sizes:
    """As they are; `data_dir`: where the embedded database keeps its data."""
    day = local_day(now, HOME_ZONE)
    free = None
    if data_dir is not None:
        with suppress(OSError):
            free = shutil.disk_usage(data_dir).free
    return Sizes(read_database_size(connection), list_table_sizes(connection, day=day), free, day)


def _per_day(table: TableSize, day: date) -> float | None:
    if table.day_then is None or table.bytes_then is None:
        return None
    return (table.bytes - table.bytes_then) / (day - table.day_then).days
