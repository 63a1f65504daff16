"""Rows of `job_slot`: which slots of a job that cron wakes are done, for each client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("job_slots")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSlots:
    """What is known of one job for one client; `times` is None where it was never woken for it."""

    client_id: str
    scheduled_since: datetime
    times: str | None
    since: datetime | None
    done_slot_at: datetime | None


class JobSlotRepository:
    """Since when a job's times hold for each client, and which of its slots was done last."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def list(self, job: str) -> list[JobSlots]:
        """Every active client's."""
        with self._connection.cursor(row_factory=class_row(JobSlots)) as cursor:
            return cursor.execute(_SQL["list_job_slots"], {"job": job}).fetchall()

    def save_times(self, job: str, times: Mapping[str, tuple[str, datetime]]) -> None:
        """The job's times as they are now for each of these clients, and since when they are."""
        self._connection.execute(
            _SQL["save_job_times"],
            {
                "job": job,
                "client_ids": [*times],
                "times": [written for written, _ in times.values()],
                "sinces": [since for _, since in times.values()],
            },
        )

    def mark_done(self, job: str, slots: Mapping[str, datetime]) -> None:
        """These clients' slots, by when they began, are done; nothing is due in them any more."""
        self._connection.execute(
            _SQL["mark_slots_done"],
            {"job": job, "client_ids": [*slots], "slots": [*slots.values()]},
        )
