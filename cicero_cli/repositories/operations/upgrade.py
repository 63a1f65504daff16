"""What the move to the roster of the day changed about past days (docs/adr/0024)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import psycopg
from psycopg.rows import class_row

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("upgrade")


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedFigures:
    """A day's figures before and now, and the ids of those who make the difference."""

    day: date
    users_before: int
    users_now: int
    sudah_before: int
    sudah_now: int
    come: Sequence[str]
    gone: Sequence[str]
    counted_otherwise: Sequence[str]


class UpgradeRepository:
    """Figures by the rules of before, from the people and handles of today, beside those of now."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def moved_figures(self, client_id: str, platform: Platform) -> Sequence[MovedFigures]:
        """The past days that differ, the oldest first; `EngagementRepository.recount` comes first."""
        with self._connection.cursor(row_factory=class_row(MovedFigures)) as cursor:
            return cursor.execute(
                _SQL["list_moved_figures"],
                {"client_id": client_id, "platform": platform.value},
            ).fetchall()
