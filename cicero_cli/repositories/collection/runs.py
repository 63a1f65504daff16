"""Rows of `runs`, `upstream_usage` and `account_usage`: what every fetch did and cost, and who caused requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import psycopg
from psycopg.rows import class_row

from cicero_cli.domain.collection.runs import Run
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.rows import sure_row
from cicero_cli.repositories.database.sql_files import load_queries

_RUNS = load_queries("runs")
_USAGE = load_queries("usage")


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The newest run of a client on a platform; None everywhere when there was none."""

    client_id: str
    platform: Platform
    status: str | None
    started_at: datetime | None
    posts: int | None
    new: int | None
    error: str | None
    good_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostUsage:
    """What was asked of one host (days and months in UTC) and what its plan still allows."""

    host: str
    requests_today: int | None
    bytes_today: int | None
    requests_month: int
    bytes_month: int
    quota_remaining: int | None
    quota_limit: int | None
    exhausted_until: datetime | None


class RunRepository:
    """What every fetch did."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def interrupt_abandoned(self, platform: Platform) -> None:
        """Close the runs that a kill left open; only whoever holds the platform's lock may."""
        self._connection.execute(_RUNS["interrupt_abandoned_runs"], {"platform": platform})

    def start(self, client_id: str, platform: Platform, *, now: datetime) -> int:
        """Open a run; gives its id."""
        row = self._connection.execute(
            _RUNS["start_run"], {"client_id": client_id, "platform": platform, "now": now}
        ).fetchone()
        return int(sure_row(row)[0])

    def finish(self, run_id: int, run: Run, *, now: datetime) -> None:
        """Record how a run ended and what it cost."""
        self._connection.execute(_RUNS["finish_run"], {**asdict(run), "run_id": run_id, "now": now})

    def list_last(self, client_ids: Sequence[str] | None = None) -> list[LastRun]:
        """The newest run of these active clients (None: of all) on every platform that they are followed on."""
        ids = None if client_ids is None else [*client_ids]
        with self._connection.cursor(row_factory=class_row(LastRun)) as cursor:
            return cursor.execute(_RUNS["list_last_runs"], {"client_ids": ids}).fetchall()


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
            _USAGE["add_usage"],
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

    def spend(self, username: str, requests: int, *, hour: datetime) -> int:
        """Count requests that a log-in of the dashboards causes; gives how many it has caused in this hour."""
        row = self._connection.execute(
            _USAGE["spend_requests"], {"username": username, "requests": requests, "hour": hour}
        ).fetchone()
        return int(sure_row(row)[0])

    def exhausted_until(self, host: str) -> datetime | None:
        """Until when this host said that its quota is used up; may be past."""
        row = self._connection.execute(_USAGE["find_exhaustion"], {"host": host}).fetchone()
        return row[0] if row else None

    def list(self, *, now: datetime) -> list[HostUsage]:
        """What was asked of every host today and this month."""
        with self._connection.cursor(row_factory=class_row(HostUsage)) as cursor:
            return cursor.execute(_USAGE["list_usage"], {"now": now}).fetchall()
