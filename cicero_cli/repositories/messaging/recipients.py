"""Rows of `recipient`: who gets a client's reports beside its own columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import psycopg
from psycopg.rows import kwargs_row

from cicero_cli.domain.attendance.scopes import LapharMode
from cicero_cli.domain.messaging.recipients import Recipient, What
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("recipients")


class RecipientRepository:
    """A number or group stands once for each client."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def list(
        self, client_ids: Sequence[str] | None = None, what: What | None = None
    ) -> list[Recipient]:
        """Those of these clients, or all; only who gets this report."""
        asked = {"client_ids": None if client_ids is None else [*client_ids], "what": what}
        with self._connection.cursor(row_factory=kwargs_row(_recipient)) as cursor:
            return cursor.execute(_SQL["list_recipients"], asked).fetchall()

    def list_own_times(self) -> dict[str, dict[str, datetime]]:
        """By times of their own for the laphar: which clients' recipients have them, and since when the first."""
        found: dict[str, dict[str, datetime]] = {}
        for at, client_id, since in self._connection.execute(_SQL["list_own_times"]):
            found.setdefault(at, {})[client_id] = since
        return found

    def add(self, recipient: Recipient) -> bool:
        """False when the client has this number or group already."""
        added = self._connection.execute(_SQL["add_recipient"], _row(recipient))
        return added.fetchone() is not None

    def save(self, recipient: Recipient) -> None:
        self._connection.execute(_SQL["save_recipient"], _row(recipient))

    def remove(self, recipient: Recipient) -> None:
        """With what waits for it in the outbox."""
        self._connection.execute(_SQL["remove_recipient"], _row(recipient))

    def list_divisions(self, client_id: str, day: date) -> Sequence[str | None]:
        """As they are spelled on the roster of the client's audience."""
        asked = {"client_id": client_id, "day": day}
        rows = self._connection.execute(_SQL["list_divisions"], asked)
        return [divisi for (divisi,) in rows]


def _recipient(*, what: Sequence[str], mode: str | None, **row: Any) -> Recipient:
    return Recipient(what=[*map(What, what)], mode=LapharMode(mode) if mode else None, **row)


def _row(recipient: Recipient) -> dict[str, object]:
    return asdict(recipient)
