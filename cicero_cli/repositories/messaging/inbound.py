"""Rows of `inbound`: what people wrote to the account, as far as it was acted upon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("inbound")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """One message that was handled, and whether it was answered."""

    request: str
    came_at: datetime
    answered: bool


class InboundRepository:
    """Messages of known numbers, each handled once."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def hold(self, sender: str) -> None:
        """No other message of this number is handled until the transaction ends."""
        self._connection.execute(_SQL["hold_sender"], {"sender": sender})

    def is_handled(self, gateway: str, message_id: str) -> bool:
        asked = {"gateway": gateway, "message_id": message_id}
        return self._connection.execute(_SQL["find_inbound"], asked).fetchone() is not None

    def list_of(self, sender: str, *, since: datetime) -> list[Handled]:
        """What this number has written since then, the newest first; five hundred at most."""
        with self._connection.cursor(row_factory=class_row(Handled)) as cursor:
            return cursor.execute(
                _SQL["list_inbound_of_sender"], {"sender": sender, "since": since}
            ).fetchall()

    def add(
        self,
        gateway: str,
        message_id: str,
        *,
        sender: str,
        request: str,
        answered: bool,
        now: datetime,
    ) -> bool:
        """Keep that it was handled; False when it was already."""
        added = self._connection.execute(
            _SQL["add_inbound"],
            {
                "gateway": gateway,
                "message_id": message_id,
                "sender": sender,
                "request": request,
                "answered": answered,
                "now": now,
            },
        )
        return added.rowcount == 1
