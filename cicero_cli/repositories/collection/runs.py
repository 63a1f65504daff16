"""Rows of `runs`: what every fetch did and cost."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import psycopg

from cicero_cli.domain.collection.runs import Run
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.rows import sure_row
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("runs")


class RunRepository:
    """What every fetch did."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def interrupt_abandoned(self, platform: Platform) -> None:
        """Close the runs that a kill left open; only whoever holds the platform's lock may."""
        self._connection.execute(_SQL["interrupt_abandoned_runs"], {"platform": platform})

    def start(self, client_id: str, platform: Platform, *, now: datetime) -> int:
        """Open a run; gives its id."""
        row = self._connection.execute(
            _SQL["start_run"], {"client_id": client_id, "platform": platform, "now": now}
        ).fetchone()
        return int(sure_row(row)[0])

    def finish(self, run_id: int, run: Run, *, now: datetime) -> None:
        """Record how a run ended and what it cost."""
        self._connection.execute(_SQL["finish_run"], {**asdict(run), "run_id": run_id, "now": now})
