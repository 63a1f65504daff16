"""What a period's recap is made of: everybody's days of one client's posts, summed in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import psycopg

from cicero_cli.domain.attendance.day_grids import DayGrid, take_grid
from cicero_cli.domain.attendance.period_recap import Stretch
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.spans import Span
from cicero_cli.repositories.database.rows import sure_row
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("period_recap")


class PeriodRecapRepository:
    """Sums of one platform; the days' counts must be current (`EngagementRepository.recount`)."""

    def __init__(self, connection: psycopg.Connection, platform: Platform) -> None:
        self._connection = connection
        self._platform = platform

    def list_stretches(
        self, client_id: str, span: Span, *, user_id: str | None = None
    ) -> list[Stretch]:
        """By user, each user's in order of time; `user_id`: of this one alone."""
        asked = {**self._asked(client_id, span), "user_id": user_id}
        rows = self._connection.execute(_SQL["list_stretches"], asked)
        return [*map(Stretch._make, rows)]

    def read_grid(self, client_id: str, span: Span) -> DayGrid:
        """The same days one by one."""
        asked = self._asked(client_id, span)
        posts: dict[date, int] = dict(
            self._connection.execute(_SQL["list_posts_by_day"], asked).fetchall()
        )
        return take_grid(span, posts, self._connection.execute(_SQL["list_days"], asked))

    def count_posts(self, client_id: str, span: Span) -> int:
        """Posts that count."""
        row = self._connection.execute(_SQL["count_posts"], self._asked(client_id, span)).fetchone()
        return int(sure_row(row)[0])

    def list_days_without_data(self, client_id: str, span: Span) -> list[date]:
        """Days that were never fetched, oldest first."""
        rows = self._connection.execute(
            _SQL["list_days_without_data"], self._asked(client_id, span)
        )
        return [day for (day,) in rows]

    def _asked(self, client_id: str, span: Span) -> dict[str, object]:
        return {
            "client_id": client_id,
            "platform": self._platform,
            "first_day": span.first_day,
            "last_day": span.last_day,
        }


def last_done(
    connection: psycopg.Connection,
    client_id: str,
    platforms: Sequence[Platform],
    user_ids: Sequence[str],
) -> dict[str, date]:
    """The last day on which each of these did a post of the client's; without who never did."""
    asked = {
        "client_id": client_id,
        "platforms": [platform.value for platform in platforms],
        "user_ids": list(user_ids),
    }
    return dict(connection.execute(_SQL["list_last_done"], asked).fetchall())
