"""Who has done everything for how many days in a row, counted in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import psycopg

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.spans import Span
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("streaks")


class StreakPart(NamedTuple):
    """The full days at the end of a span; `is_whole`: no day of it was missed, so days before it may count too."""

    user_id: str
    days: int
    is_whole: bool


def list_streaks(
    connection: psycopg.Connection,
    client_id: str,
    platforms: Sequence[Platform],
    span: Span,
    *,
    open_day: date,
    user_ids: Sequence[str] | None = None,
) -> list[StreakPart]:
    """Of everybody who was expected in the span, or of these alone; the days' counts must be current."""
    asked = {
        "client_id": client_id,
        "platforms": [platform.value for platform in platforms],
        "first_day": span.first_day,
        "last_day": span.last_day,
        "open_day": open_day,
        "user_ids": None if user_ids is None else list(user_ids),
    }
    return [*map(StreakPart._make, connection.execute(_SQL["list_streaks"], asked))]
