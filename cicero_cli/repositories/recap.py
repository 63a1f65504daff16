"""Recaps and figures of the dashboards, whose JSON PostgreSQL makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.client_spans import Choice, ClientSpan, arrays
from cicero_cli.repositories.rows import sure_row
from cicero_cli.repositories.sql_files import load_queries

_SQL = load_queries("recap")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    """`rows` is a JSON array; everybody is counted in exactly one of the last five."""

    rows: str
    posts: int
    users: int
    sudah: int
    kurang: int
    belum: int
    no_username: int
    no_posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Posts of the spans, and active users of their clients."""

    insta_posts: int
    tiktok_posts: int
    users: int


class RecapRepository:
    """What was done in spans of days, for one client or several at once."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def choices(self, client_ids: Sequence[str] | None, *, regional_id: str | None) -> list[Choice]:
        """The active ones of these clients or of all (None), of one region or any, by id."""
        with self._connection.cursor(row_factory=class_row(Choice)) as cursor:
            return cursor.execute(
                _SQL["list_choices"],
                {
                    "client_ids": None if client_ids is None else [*client_ids],
                    "regional_id": regional_id,
                },
            ).fetchall()

    def stale_clients(self, platform: Platform, spans: Sequence[ClientSpan]) -> list[str]:
        """Those whose counts of these days have to be made anew before a recap."""
        rows = self._connection.execute(
            _SQL["find_stale_clients"], {**arrays(spans), "platform": platform}
        )
        return [client_id for (client_id,) in rows]

    def recap(self, platform: Platform, spans: Sequence[ClientSpan]) -> Recap:
        """Every active user of these clients; `stale_clients` are counted anew before."""
        with self._connection.cursor(row_factory=class_row(Recap)) as cursor:
            return sure_row(cursor.execute(_SQL[f"recap_{platform}"], arrays(spans)).fetchone())

    def stats(self, spans: Sequence[ClientSpan]) -> Stats:
        """How many posts and users these clients have."""
        with self._connection.cursor(row_factory=class_row(Stats)) as cursor:
            return sure_row(cursor.execute(_SQL["count_stats"], arrays(spans)).fetchone())

    def count_clients(self, client_ids: Sequence[str] | None) -> int:
        """How many of these clients, or of all (None), are active."""
        row = self._connection.execute(
            _SQL["count_active_clients"],
            {"client_ids": None if client_ids is None else [*client_ids]},
        ).fetchone()
        return int(row[0]) if row else 0
