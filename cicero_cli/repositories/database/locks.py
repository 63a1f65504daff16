"""One run of a job at a time, over all processes and machines that share the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from cicero_cli.errors import BusyError
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("locks")


@contextmanager
def job_lock(connection: psycopg.Connection, job: str, part: str = "") -> Iterator[None]:
    """Hold the lock of `job` (such as `fetch insta`), or of a part of it; BusyError (75) at once when another run holds it."""
    parameters = {"job": f"{job} {part}".strip()}
    row = connection.execute(_SQL["try_lock_job"], parameters).fetchone()
    if row is None or not row[0]:
        raise BusyError(
            "another `cicero {job}` is still running, so this one did nothing",
            hint="see: cicero status",
            job=job,
        )
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute(_SQL["unlock_job"], parameters)
