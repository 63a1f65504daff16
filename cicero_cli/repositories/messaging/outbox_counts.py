"""How many messages of `outbox` there are of what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import psycopg

from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("outbox")


class OutboxCounts:
    """What is counted over the outbox."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def count_waiting(self, *, sender: str = DEFAULT, now: datetime) -> tuple[int, datetime | None]:
        """How many of the sender's messages are due and not sent, and since when."""
        parameters = {"sender": sender, "now": now}
        row = self._connection.execute(_SQL["count_waiting"], parameters).fetchone()
        return (row[0], row[1]) if row else (0, None)

    def count_by_status(self, *, since: datetime) -> dict[str, int]:
        """Open messages, and those queued since then, by status."""
        return dict(self._connection.execute(_SQL["count_outbox"], {"since": since}).fetchall())

    def count_unsent_laphars(
        self, client_ids: Sequence[str] | None, *, since: datetime
    ) -> list[tuple[str, str, int]]:
        """Client, status and number of reports that are in doubt, or failed or expired since then."""
        parameters = {"client_ids": None if client_ids is None else [*client_ids], "since": since}
        return self._connection.execute(_SQL["count_unsent_laphars"], parameters).fetchall()

    def count_reminders(self, client_id: str, day: date) -> dict[str, int]:
        """How many reminders of a day each user of the client has got or will get, by user id."""
        parameters = {"client_id": client_id, "day": day}
        return dict(self._connection.execute(_SQL["count_reminders"], parameters).fetchall())

    def count_due(self, *, sender: str | None = None, now: datetime) -> int:
        """How many messages could go out now, in all or through one sender."""
        return self._count("count_due", {"sender": sender, "now": now})

    def count_sent(
        self, gateway: str, *, sender: str = DEFAULT, since: datetime, now: datetime
    ) -> int:
        """How many messages this account has sent since then."""
        parameters = {"sender": sender, "gateway": gateway, "since": since, "now": now}
        return self._count("count_sent_since", parameters)

    def _count(self, query: str, parameters: dict[str, Any]) -> int:
        row = self._connection.execute(_SQL[query], parameters).fetchone()
        return int(row[0]) if row else 0
