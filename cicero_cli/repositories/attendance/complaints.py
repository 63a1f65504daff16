"""Complaints: what people say about the list of a client's posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import class_row, dict_row

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.rows import sure_row
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("complaints")


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One complaint about a client's posts; `username` is the handle that the person told, `filed_by` an account."""

    complaint_id: int
    client_id: str
    user_id: str
    platform: Platform
    username: str | None
    issue: str
    filed_by: str
    filed_at: datetime
    closed_at: datetime | None


class ComplaintRepository:
    """They stay when they are closed, and go with the person."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def add(
        self,
        client_id: str,
        user_id: str,
        platform: Platform,
        *,
        username: str | None,
        issue: str,
        filed_by: str,
        now: datetime,
    ) -> Complaint:
        """Keep it; what is open and says the same is that one."""
        with self._connection.cursor(row_factory=class_row(Complaint)) as cursor:
            return sure_row(
                cursor.execute(
                    _SQL["add_complaint"],
                    {
                        "client_id": client_id,
                        "user_id": user_id,
                        "platform": platform,
                        "username": username,
                        "issue": issue,
                        "filed_by": filed_by,
                        "now": now,
                    },
                ).fetchone()
            )

    def list(self, client_ids: Sequence[str] | None, *, limit: int) -> list[dict[str, Any]]:
        """Those about the posts of these clients, or of all (None), with who complains (`nama`), the newest first; times are the client's."""
        ids = None if client_ids is None else [*client_ids]
        with self._connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(
                _SQL["list_complaints"], {"client_ids": ids, "limit": limit}
            ).fetchall()
        for row in rows:
            zone = ZoneInfo(row.pop("timezone"))
            for name in ("filed_at", "closed_at"):
                row[name] = row[name] and row[name].astimezone(zone)
        return rows
