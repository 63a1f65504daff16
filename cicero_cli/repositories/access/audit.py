"""Rows of `audit_log`, which is only ever added to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from cicero_cli.domain.access.actors import Actor
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("audit")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what, to whom, when and from where."""

    at: datetime
    actor: str
    action: str
    subject: str | None
    client_id: str | None
    address: str | None
    details: dict[str, Any]


class AuditRepository:
    """Log-ins and changes, newest first."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def add(
        self,
        action: str,
        by: Actor,
        *,
        subject: str | None = None,
        client_id: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Add a line; never a secret, a phone number or a message in `details`."""
        self._connection.execute(
            _SQL["add_audit"],
            {
                "at": by.at,
                "actor": by.name,
                "action": action,
                "subject": subject,
                "client_id": client_id,
                "address": by.address,
                "details": Jsonb(dict(details or {})),
            },
        )

    def list(self, *, name: str | None = None, limit: int) -> list[AuditEntry]:
        """The newest lines, of one actor or subject or of all."""
        with self._connection.cursor(row_factory=class_row(AuditEntry)) as cursor:
            return cursor.execute(_SQL["list_audit"], {"name": name, "limit": limit}).fetchall()
