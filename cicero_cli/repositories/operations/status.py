"""The newest runs, and what every host was asked and has left: what `cicero status` and the page show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.words import read_text

_SQL = load_queries("status")


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The newest run of a client on a platform; None everywhere when there was none."""

    client_id: str
    timezone: str
    fetch_at: str | None
    platform: Platform
    status: str | None
    started_at: datetime | None
    posts: int | None
    new: int | None
    error: str | None
    error_code: str | None
    good_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostUsage:
    """What was asked of one host (days and months in UTC), what its plan still allows, and what was learnt of its comments."""

    host: str
    requests_today: int | None
    bytes_today: int | None
    requests_month: int
    bytes_month: int
    quota_remaining: int | None
    quota_limit: int | None
    exhausted_until: datetime | None
    comment_order: str | None = None
    comments_a_page: int | None = None


class StatusRepository:
    """What ran last, and what is left."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def list_last_runs(self, client_ids: Sequence[str] | None = None) -> list[LastRun]:
        """The newest run of these active clients (None: of all) on every platform that they are followed on."""
        ids = None if client_ids is None else [*client_ids]
        with self._connection.cursor(row_factory=class_row(LastRun)) as cursor:
            rows = cursor.execute(_SQL["list_last_runs"], {"client_ids": ids}).fetchall()
        return [
            replace(row, error=None if row.error is None else read_text(row.error)) for row in rows
        ]

    def list_usage(self, *, now: datetime) -> list[HostUsage]:
        """What was asked of every host today and this month."""
        with self._connection.cursor(row_factory=class_row(HostUsage)) as cursor:
            return cursor.execute(_SQL["list_usage"], {"now": now}).fetchall()
