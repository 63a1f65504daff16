"""Complaints: what people say about the list of a client's posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from cicero_cli.domain.attendance.complaints import (
    Complaint,
    ComplaintStatus,
    Figures,
    Via,
    proof_key,
)
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("complaints")


class ComplaintRepository:
    """They stay when they are closed, and go with the person."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def add(
        self,
        client_id: str,
        user_id: str,
        platform: Platform | None,
        *,
        day: date,
        username: str | None,
        issue: str,
        via: Via,
        figures: Figures,
        filed_by: str,
        now: datetime,
    ) -> Complaint:
        """Keep it; what is not closed yet and says the same of the same day is that one."""
        [kept] = self._complaints(
            "add_complaint",
            {
                "client_id": client_id,
                "user_id": user_id,
                "platform": platform,
                "day": day,
                "username": username,
                "issue": issue,
                "via": via,
                "figures": Jsonb(figures),
                "filed_by": filed_by,
                "now": now,
            },
        )
        return kept

    def list(
        self,
        client_ids: Sequence[str] | None,
        *,
        statuses: Sequence[ComplaintStatus] | None = None,
        limit: int,
    ) -> list[dict[str, Any]]:
        """Those about the posts of these clients, or of all (None), with who complains (`nama`), the newest first; times are the client's."""
        with self._connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(
                _SQL["list_complaints"],
                {
                    "client_ids": None if client_ids is None else [*client_ids],
                    "statuses": None if statuses is None else [*statuses],
                    "limit": limit,
                },
            ).fetchall()
        for row in rows:
            zone = ZoneInfo(row.pop("timezone"))
            for name in ("filed_at", "proved_at", "closed_at"):
                row[name] = row[name] and row[name].astimezone(zone)
        return rows

    def get(self, complaint_id: int) -> Complaint | None:
        """The complaint of this number."""
        return next(iter(self._complaints("get_complaint", {"complaint_id": complaint_id})), None)

    def close(self, complaint_id: int, *, answer: str, by: str, now: datetime) -> Complaint | None:
        """The complaint with its answer; None when it is closed already."""
        parameters = {"complaint_id": complaint_id, "answer": answer, "closed_by": by, "now": now}
        return next(iter(self._complaints("close_complaint", parameters)), None)

    def told_by(self, complaint_id: int) -> int | None:
        """The number of the message that told the person of the proof; None when there is none, or none any more."""
        key = {"dedupe_key": f"{proof_key(complaint_id)}:1"}
        found = self._connection.execute(_SQL["find_message_about_complaint"], key).fetchone()
        return found[0] if found else None

    def prove(self, client_ids: Sequence[str], *, now: datetime) -> Sequence[Complaint]:
        """Mark the open ones about these clients' posts that what was read by now shows to be right; gives those, which no other run gets."""
        parameters = {"client_ids": [*client_ids], "now": now}
        if not self._connection.execute(_SQL["find_open_complaint"], parameters).rowcount:
            return ()
        return self._complaints("prove_complaints", parameters)

    def _complaints(self, query: str, parameters: dict[str, Any]) -> Sequence[Complaint]:
        with self._connection.cursor(row_factory=class_row(Complaint)) as cursor:
            found = cursor.execute(_SQL[query], parameters).fetchall()
        return [
            replace(
                one,
                platform=Platform(one.platform) if one.platform else None,
                via=Via(one.via),
                status=ComplaintStatus(one.status),
            )
            for one in found
        ]
