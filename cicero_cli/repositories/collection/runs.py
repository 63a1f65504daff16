"""Rows of `runs` and `job_run`: what every fetch did and cost, and what the other jobs did."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from cicero_cli.domain.collection.runs import JobRun, Run, RunStatus
from cicero_cli.domain.periods import HOME_ZONE, in_zone
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.rows import sure_row
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.words import Text, read_text, text_record

_SQL = load_queries("runs")


class RunRepository:
    """What every fetch did, and every other job."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def interrupt_abandoned(self, platform: Platform) -> None:
        """Close the runs that a kill left open; only whoever holds the platform's lock may."""
        error = Jsonb(text_record(Text("was killed before it finished")))
        parameters = {"platform": platform, "error": error}
        self._connection.execute(_SQL["interrupt_abandoned_runs"], parameters)

    def start(self, client_id: str, platform: Platform, *, now: datetime) -> int:
        """Open a run; gives its id."""
        row = self._connection.execute(
            _SQL["start_run"], {"client_id": client_id, "platform": platform, "now": now}
        ).fetchone()
        return int(sure_row(row)[0])

    def finish(self, run_id: int, run: Run, *, now: datetime) -> None:
        """Record how a run ended and what it cost."""
        error = None if run.error is None else Jsonb(text_record(run.error))
        parameters = {**asdict(run), "error": error, "run_id": run_id, "now": now}
        self._connection.execute(_SQL["finish_run"], parameters)

    def longest(self, platform: Platform) -> timedelta:
        """How long the longest of every client's last runs took; nothing before the first."""
        row = self._connection.execute(_SQL["find_longest_run"], {"platform": platform}).fetchone()
        return timedelta(seconds=sure_row(row)[0] or 0)

    def add_job(self, done: JobRun) -> None:
        """Keep what another job did; a failure that repeats itself only once an hour."""
        error = None if done.error is None else Jsonb(text_record(done.error))
        self._connection.execute(_SQL["add_job_run"], {**asdict(done), "error": error})

    def list_newest(
        self,
        *,
        client_id: str | None,
        status: RunStatus | None,
        since: datetime,
        limit: int,
    ) -> list[dict[str, Any]]:
        """The newest runs that began since then, newest first."""
        parameters = {"client_id": client_id, "status": status, "since": since, "limit": limit}
        with self._connection.cursor(row_factory=dict_row) as cursor:
            # planned for its values: without them PostgreSQL would read every run
            rows = cursor.execute(_SQL["list_runs"], parameters, prepare=False).fetchall()
        return [_read(row) for row in rows]

    def get(self, run_id: int) -> dict[str, Any] | None:
        """One run; None when there is none of this number."""
        with self._connection.cursor(row_factory=dict_row) as cursor:
            row = cursor.execute(_SQL["get_run"], {"run_id": run_id}).fetchone()
        return _read(row) if row else None


def _read(row: dict[str, Any]) -> dict[str, Any]:
    """Times by the client's own clock."""
    zone = ZoneInfo(row.pop("timezone") or HOME_ZONE.key)
    times = {name: in_zone(row[name], zone) for name in ("started_at", "finished_at")}
    return row | times | {"error": None if row["error"] is None else read_text(row["error"])}
