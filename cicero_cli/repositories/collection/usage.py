"""Rows of `upstream_usage` and `account_usage`: what the upstream was asked, and who caused it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from psycopg.rows import class_row

from cicero_cli.domain.collection.usage import Meter
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.rows import sure_row
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("usage")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCost:
    """What a client's fetches on one platform have asked for."""

    client_id: str
    platform: Platform
    requests_today: int
    bytes_today: int
    requests_month: int
    bytes_month: int


class UsageRepository:
    """What the upstream was asked."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def add(
        self, host: str, meter: Meter, *, exhausted_until: datetime | None, now: datetime
    ) -> None:
        """Add a run's cost to its host and day; `exhausted_until` says that the quota is used up until then."""
        quota = meter.quota
        resets_at = (
            None if quota.reset_seconds is None else now + timedelta(seconds=quota.reset_seconds)
        )
        self._connection.execute(
            _SQL["add_usage"],
            {
                "host": host,
                "now": now,
                "requests": meter.requests,
                "bytes": meter.bytes,
                "quota_limit": quota.limit,
                "quota_remaining": quota.remaining,
                "quota_resets_at": resets_at,
                "exhausted_until": exhausted_until,
            },
        )

    def list_costs(self, *, today: datetime, month: datetime) -> list[ClientCost]:
        """What each client's fetches have cost since these moments."""
        with self._connection.cursor(row_factory=class_row(ClientCost)) as cursor:
            return cursor.execute(_SQL["list_costs"], {"today": today, "month": month}).fetchall()

    def spend(self, username: str, requests: int, *, hour: datetime) -> int:
        """Count requests that a log-in of the dashboards causes; gives how many it has caused in this hour."""
        row = self._connection.execute(
            _SQL["spend_requests"], {"username": username, "requests": requests, "hour": hour}
        ).fetchone()
        return int(sure_row(row)[0])

    def exhausted_until(self, host: str) -> datetime | None:
        """Until when this host said that its quota is used up; may be past."""
        row = self._connection.execute(_SQL["find_exhaustion"], {"host": host}).fetchone()
        return row[0] if row else None
